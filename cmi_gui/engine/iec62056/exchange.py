"""One exchange of a reading device: what it is for, how far it is, and the stages and inputs of its state machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from cmi_gui.engine.iec62056.events import FailureCause
from cmi_gui.engine.iec62056.message import Command
from cmi_gui.engine.machine import Line
from cmi_gui.engine.messages import Message

Login = Callable[[str], Command]
"""Makes the password message from the operand the device sent in P0 (empty if it sent none)."""


def plain_login(password: str, kind: str = "1") -> Login:
    """A login that shows `password` in clear as P1 (or P2), whatever the operand."""
    return lambda operand: Command("P", kind, f"({password})", secret=True)


class Stage(Enum):
    """What the reading device waits for."""

    IDLE = "idle"
    PAUSE = "pause"
    """A quiet line, before it signs on."""
    IDENTIFICATION = "identification"
    READOUT = "readout"
    OPERAND = "operand"
    """P0 of a device that enters programming mode."""
    PASSWORD = "password"  # noqa: S105 - no password, the name of a stage
    """The answer to the password."""
    READY = "ready"
    """A command to send."""
    REPLY = "reply"
    ENDING = "ending"
    """The end of its own last words, and the line back at 300 7E1."""


DEAF: Final = frozenset({Stage.IDLE, Stage.PAUSE, Stage.ENDING})
"""Stages in which nothing that comes is an answer."""
SIGNED_ON: Final = frozenset({Stage.OPERAND, Stage.PASSWORD, Stage.READY, Stage.REPLY})
"""Stages of programming mode, as far as we know."""


class Input(Enum):
    """What makes the reading device go from one stage to another."""

    START = "an exchange is started"
    QUIET = "the line is quiet"
    UNQUIET = "the line does not get quiet"
    IDENTIFICATION = "identification"
    LINE = "data line"
    DATA = "data message"
    OPERAND = "P0"
    ACK = "ACK"
    NAK = "NAK"
    BREAK = "B0 or B1"
    NOISE = "noise"
    DAMAGED = "damaged message"
    TIMEOUT = "time-out"
    COMMAND = "a command is given"
    SIGN_OFF = "sign off"
    ABORT = "abort"
    NOT_SENT = "a message is not sent"
    LAST_SENT = "the last message has left"
    LOST = "the link is lost"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an answer cannot be used, or that there is none."""

    cause: FailureCause
    detail: Message


@dataclass(slots=True)
class MeterExchange:
    """The exchange under way.

    `mode`: Y of the option select, `1` is programming mode. `login`: only there, and only if one is to be shown.
    `attempt`, `wakes` and `repeats` count as `Limits` does. `blocks`: the command that is being sent, `block` its part.
    """

    address: str
    mode: str
    login: Login | None
    attempt: int = 1
    wakes: int = 0
    repeats: int = 0
    operand: str = ""
    blocks: tuple[Command, ...] = ()
    block: int = 0
    answer: str = ""
    last_event: object | None = None
    """The event that ends it once the last message has left; None while it is to sign on again."""

    @property
    def programming(self) -> bool:
        """Whether it enters programming mode."""
        return self.mode == "1"


@dataclass(slots=True)
class Wire:
    """The line, and the tokens of the actions that are waited for."""

    start: Line
    line: Line
    token: int = 0
    sending: int | None = None
    ending: int | None = None
