"""The seam between protocol machines and the world.

A machine does no I/O and reads no clock. Bytes and times go in; what comes out is a list of *effects*, in order:
actions (the classes of this module), which a `Driver` hands to a link, and events (any other object), which it hands
to whoever listens. All times are seconds of one monotonic clock.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Line:
    """Speed and character format of an asynchronous line.

    `baud` in bit/s, `bits` 5 to 8 data bits, `parity` N, E or O, `stop` 1 or 2 stop bits.
    """

    baud: int
    bits: int = 8
    parity: Literal["N", "E", "O"] = "E"
    stop: int = 1

    def __post_init__(self) -> None:
        if self.baud <= 0:
            raise ValueError(f"a line speed is positive, not {self.baud} bit/s")

    @property
    def bit_time(self) -> float:
        """Seconds for one bit."""
        return 1.0 / self.baud

    @property
    def char_bits(self) -> int:
        """Bit times for one character, start bit, parity and stop bits included (8E1: 11, 7E1: 10)."""
        return 1 + self.bits + (self.parity != "N") + self.stop

    @property
    def char_time(self) -> float:
        """Seconds for one character."""
        return self.char_bits / self.baud

    def __str__(self) -> str:
        return f"{self.baud} {self.bits}{self.parity}{self.stop}"


class SendOutcome(Enum):
    """How an action ended."""

    SENT = "sent"
    EXPIRED = "expired"
    """`not_after` had passed before the first character could leave; nothing was sent."""
    ABORTED = "aborted"


class LineEvent(Enum):
    """What a link noticed beside bytes."""

    BREAK = "break"
    FRAMING = "framing"
    PARITY = "parity"
    OVERRUN = "overrun"
    PEER = "peer"
    """Another peer speaks from now on (TCP: a byte came from another connection than the last one)."""


class LinkState(Enum):
    """The life of a link."""

    CLOSED = "closed"
    OPENING = "opening"
    OPEN = "open"
    WAITING = "waiting"
    """It failed and will try again by itself."""
    FAILED = "failed"
    """It failed and will not try again; the cause says what to do."""


@dataclass(frozen=True, slots=True)
class Write:
    """Send `data`, first start bit not before and not after these times; `token` comes back in `done`."""

    token: int
    data: bytes
    not_before: float = -math.inf
    not_after: float = math.inf


@dataclass(frozen=True, slots=True)
class SetLine:
    """Change speed and format, after all that was written before has left."""

    token: int
    line: Line


@dataclass(frozen=True, slots=True)
class SendBreak:
    """Hold the line in the space state for `seconds`."""

    token: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Abort:
    """Drop what is queued and stop inside a telegram."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What was handed over whole has been heard by the other side: the wire need not be waited for any more.

    It says nothing of what is still being handed over or waits in the queue.
    """


Effects = Sequence[object]
"""Actions and events in the order in which they happened."""


class Machine(Protocol):
    """A protocol machine: what a `Driver` runs on a link."""

    @property
    def deadline(self) -> float | None:
        """When `tick` wants to be called next, or None."""

    def receive(self, data: bytes, at: float) -> Effects:
        """Take bytes; `at` is the time of the last stop bit."""

    def line_event(self, kind: LineEvent, at: float) -> Effects:
        """Take a break, a framing error, ..."""

    def done(self, token: int, outcome: SendOutcome, at: float) -> Effects:
        """An action ended; for a write, `at` is its last stop bit."""

    def tick(self, now: float) -> Effects:
        """Do what is due at `now`; calling it too early is harmless."""


class Listener(Machine, Protocol):
    """A machine whose only action is `SetLine`: others speak, and it makes sense of what it hears."""

    line: Line
    """The speed and format at which it listens now."""

    def opened(self) -> Effects:
        """The link has opened (again): whatever was known of the wire is forgotten."""

    def lost(self) -> Effects:
        """The link is gone: what had begun to come in will not end."""


@dataclass(frozen=True, slots=True)
class SpeedFollowed:
    """Event of a listener: it goes on at another speed, as those who speak do.

    `found`: where the speed is searched for, whether this is the one, or only the next to be tried; else None.
    """

    line: Line
    at: float
    found: bool | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Event of a listener: nothing that it heard for a while made sense; told once until something does."""

    line: Line
    at: float
