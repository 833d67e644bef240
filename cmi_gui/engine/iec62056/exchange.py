"""One exchange of a reading device: its purpose and progress, and the stages and inputs of its state machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from cmi_gui.engine.iec62056.events import FailureCause
from cmi_gui.engine.iec62056.message import Command
from cmi_gui.engine.messages import Message, marked

Login = Callable[[str], Command]
"""A function that makes the password message from the operand of the device's P0 (empty if it has none)."""


def plain_login(password: str, kind: str = "1") -> Login:
    """Return a login that sends `password` in clear as P1 (`kind` 2: P2) and ignores the operand."""
    return lambda operand: Command("P", kind, f"({password})", secret=True)


class Stage(Enum):
    """The stage of an exchange, named by what the reading device waits for."""

    IDLE = "idle"
    PAUSE = "pause"
    """A quiet line before the sign-on."""
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
    """The end of its own last message and the return to 300 7E1."""


EXPECTS_NOTHING: Final = frozenset({Stage.IDLE, Stage.PAUSE, Stage.ENDING})
"""Stages in which no answer is expected."""
QUESTIONS: Final = marked(
    {
        Stage.IDENTIFICATION: "the request",
        Stage.READOUT: "the option select",
        Stage.OPERAND: "the option select",
        Stage.PASSWORD: "the password",
        Stage.REPLY: "the command",
    }
)
"""The message to which each stage expects an answer, in words for the user."""
SIGNED_ON: Final = frozenset({Stage.OPERAND, Stage.PASSWORD, Stage.READY, Stage.REPLY})
"""Stages in which the device is assumed to be in programming mode."""


class Input(Enum):
    """An input of the state machine, which may change its stage."""

    START = "an exchange is started"
    QUIET = "the line is quiet"
    NOT_QUIET = "the line does not become quiet"
    IDENTIFICATION = "identification"
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
    """The reason why an answer is missing or unusable."""

    cause: FailureCause
    detail: Message


@dataclass(slots=True)
class MeterExchange:
    """The exchange in progress.

    `mode`: Y of the option select, `1` for programming mode. `login`: only in programming mode; None for no password.
    `attempt`, `wakes` and `repeats` count as `Limits` does. `blocks`: the parts of the outstanding command, `block` the
    index of the present one.
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
    """The event to emit once the last message has been sent; None if a new sign-on follows."""

    @property
    def programming(self) -> bool:
        """True if the exchange enters programming mode."""
        return self.mode == "1"
