"""One exchange of a reading device: what it is for, and the stages it goes through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from cmi_gui.engine.iec62056.message import Command

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
    PASSWORD = "password"  # noqa: S105
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


@dataclass(frozen=True, slots=True)
class Exchange:
    """`mode`: Y of the option select, `1` is programming mode. `login`: only there, and only if one is to be shown."""

    address: str
    mode: str
    login: Login | None

    @property
    def programming(self) -> bool:
        """Whether it enters programming mode."""
        return self.mode == "1"
