"""The interface of protocol machines.

A machine does no I/O and reads no clock. It takes bytes and times and returns a list of *effects*, in order: actions
(`Write`, `SetLine`, `SendBreak`, `SendError`, `Abort`, `Delivered`), which a `Driver` passes to a link, and events (any
other object), which it passes to a callback. All times are seconds of one monotonic clock.
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

    `baud` in bit/s, `bits` 5 to 8 data bits, `parity` N, E or O, `stop` 1 or 2 stop bits. Raises ValueError if `baud`
    is not positive.
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


def is_due(at: float | None, now: float) -> bool:
    """Return whether the time `at` has come; false for None.

    A nanosecond early counts too, so that rounding of binary fractions does not miss a deadline.
    """
    return at is not None and now >= at - 1e-9


class SendOutcome(Enum):
    """The outcome of an action."""

    SENT = "sent"
    EXPIRED = "expired"
    """`not_after` had passed before the first character could leave; nothing was sent."""
    ABORTED = "aborted"


class LineEvent(Enum):
    """An event on a line other than received bytes."""

    BREAK = "break"
    FRAMING = "framing"
    PARITY = "parity"
    OVERRUN = "overrun"
    PEER = "peer"
    """The sender has changed (TCP: a byte came from another connection than the one before)."""


class LinkState(Enum):
    """The state of a link."""

    CLOSED = "closed"
    OPENING = "opening"
    OPEN = "open"
    WAITING = "waiting"
    """The link failed and will be retried automatically."""
    FAILED = "failed"
    """The link failed and is not retried; the cause includes the remedy."""


@dataclass(frozen=True, slots=True)
class Write:
    """Send `data` with its first start bit between `not_before` and `not_after`; `done` returns `token`."""

    token: int
    data: bytes
    not_before: float = -math.inf
    not_after: float = math.inf


@dataclass(frozen=True, slots=True)
class SetLine:
    """Change speed and format after everything written before has been sent."""

    token: int
    line: Line


@dataclass(frozen=True, slots=True)
class SendBreak:
    """Hold the line in the space state for `seconds`."""

    token: int
    seconds: float


@dataclass(frozen=True, slots=True)
class SendError:
    """Send a character that the other end receives as the line error `kind`; some links cannot, and send nothing.

    `not_before`: the time at which it may begin, in seconds.
    """

    token: int
    kind: LineEvent
    not_before: float = -math.inf


@dataclass(frozen=True, slots=True)
class Abort:
    """Drop what is queued and stop inside a telegram."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """Every write that was handed over completely has been received: its time on the wire need not be waited for.

    It does not apply to a write that is still being handed over or is queued.
    """


Effects = Sequence[object]
"""Actions and events in the order in which they happened."""


class Machine(Protocol):
    """A protocol machine, run by a `Driver` on a link."""

    @property
    def deadline(self) -> float | None:
        """The time of the next call of `tick`, or None if none is needed."""

    def receive(self, data: bytes, at: float) -> Effects:
        """Process received bytes; `at` is the time of the last stop bit."""

    def line_event(self, kind: LineEvent, at: float) -> Effects:
        """Process a line event, such as a break or a framing error."""

    def done(self, token: int, outcome: SendOutcome, at: float) -> Effects:
        """Process the end of an action; for a write, `at` is the time of its last stop bit."""

    def tick(self, now: float) -> Effects:
        """Do what is due at `now`; calling it too early is harmless."""


class Listener(Machine, Protocol):
    """A machine that decodes the traffic of others and never sends; its only action is `SetLine`."""

    line: Line
    """The speed and format at which it listens at present."""

    def opened(self) -> Effects:
        """Restart because the link has opened (again); all knowledge of the traffic is discarded."""

    def lost(self) -> Effects:
        """Treat an unfinished message as damaged, because the link is lost."""


@dataclass(frozen=True, slots=True)
class SpeedFollowed:
    """Event of a listener: it has changed its speed to follow the traffic.

    `found`: during a search for the speed, whether this is the right one or only the next to be tried; else None.
    """

    line: Line
    at: float
    found: bool | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Event of a listener: nothing could be decoded for a while; emitted only once until something is decoded."""

    line: Line
    at: float
