"""A listener on a bus: both directions on one wire, told apart, and never a word of its own.

What it hears is what a tap behind a level converter or a sniffer gives: the requests of a master and the answers of all
slaves, one after the other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cmi_gui.engine.machine import Effects, Line, LineEvent, Outcome, SetLine

from .ci import BAUD_RATES
from .frame import (
    ADDRESS_BROADCAST,
    PRM,
    FrameDecoder,
    FrameEvent,
    FrameKind,
    Function,
    GoodFrame,
    function_of,
)
from .slave import IDLE_BITS, RESPONSE_MAX_BITS, RESPONSE_MAX_EXTRA, LineDisturbed

__all__ = ["FOLLOWED_SPEEDS", "BusListener", "Overheard", "SpeedFollowed", "Unreadable"]

FOLLOWED_SPEEDS = frozenset((300, 2400))
"""bit/s: commands to change to these are followed, the two that the CMi1020 has. A slave may acknowledge others too
without changing (facts/cmi1020.md)."""
LOST_AFTER = 2
"""Damaged pieces in a row, at a speed that was followed, after which the one before is tried."""
UNREADABLE_AFTER = 4
"""Damaged pieces in a row after which the speed is called wrong."""


@dataclass(frozen=True, slots=True)
class Overheard:
    """Something went over the wire; `at`: its last stop bit, in seconds.

    `from_master`: who said it; of damaged bytes it is who should have been speaking. `midway`: it is damaged and was
    under way when listening began, so nobody knows what went before.
    """

    event: FrameEvent | LineDisturbed
    from_master: bool
    at: float
    midway: bool = False


@dataclass(frozen=True, slots=True)
class SpeedFollowed:
    """The listener goes on at another speed, because a command said so or what came at the last one was damaged."""

    line: Line
    at: float


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Nothing that was heard for a while at this speed was a telegram; told once until one is."""

    line: Line
    at: float


class BusListener:
    """The machine. Its only action is `SetLine`; events: `Overheard`, `SpeedFollowed`, `Unreadable`.

    `line`: the speed of the bus. `has_speed`: the link has one too; then a change of speed to 300 or 2400 bit/s that a
    master commands is followed once the slave has acknowledged it, and given up again where that leads to damage (the
    other slaves stay at the old speed). `idle_extra`: seconds beyond 33 bit times that a telegram may pause.
    """

    def __init__(self, line: Line, *, has_speed: bool, idle_extra: float = 0.050) -> None:
        self.line = line
        self._start_line = line
        self._has_speed = has_speed
        self._idle_extra = idle_extra
        self._decoder = FrameDecoder()
        self._idle_at: float | None = None
        self._heard_at = 0.0
        self._token = 0
        self._midway = True
        self._answer_until = -math.inf
        self._ordered: Line | None = None
        self._other: Line | None = None
        self._damaged = 0
        self._unreadable = 0
        self._disturbed_until = -math.inf

    @property
    def deadline(self) -> float | None:
        """See `Machine`."""
        return self._idle_at

    def opened(self) -> Effects:
        """The link has opened (again): whatever was known of the wire is forgotten."""
        self._decoder.reset()
        self._idle_at = None
        self._midway = True
        self._answer_until = self._disturbed_until = -math.inf
        self._damaged = self._unreadable = 0
        self._ordered = self._other = None
        return self._set_line(self._start_line) if self.line != self._start_line else ()

    def lost(self) -> Effects:
        """The link is gone: what had begun to come in will not end."""
        return self._idle()

    def receive(self, data: bytes, at: float) -> Effects:
        """See `Machine`."""
        effects = self._judge_all(self._decoder.feed(data), at)
        self._heard_at = at
        # Silence is waited for even where nothing is held back: it ends the turn of whoever spoke.
        self._idle_at = at + self._idle_time
        return effects

    def line_event(self, kind: LineEvent, at: float) -> Effects:
        """What had begun to come in is damaged; characters that the line could not read are told once for each run."""
        effects = self._judge_all(self._decoder.idle(), self._heard_at)
        if kind is not LineEvent.PEER:
            if at > self._disturbed_until:
                effects += self._judge_damage(LineDisturbed(kind), at)
            self._disturbed_until = self._idle_at = at + self._idle_time
        return effects

    def done(self, token: int, outcome: Outcome, at: float) -> Effects:
        """See `Machine`."""
        return ()

    def tick(self, now: float) -> Effects:
        """See `Machine`."""
        return self._idle() if self._idle_at is not None and now >= self._idle_at else ()

    # Inside

    @property
    def _idle_time(self) -> float:
        return IDLE_BITS * self.line.bit_time + self._idle_extra

    def _idle(self) -> Effects:
        self._idle_at = None
        effects = self._judge_all(self._decoder.idle(), self._heard_at)
        self._midway = False
        return effects

    def _judge_all(self, events: Sequence[FrameEvent], at: float) -> list[object]:
        effects: list[object] = []
        for event in events:
            effects += self._judge(event, at) if isinstance(event, GoodFrame) else self._judge_damage(event, at)
        return effects

    def _judge(self, event: GoodFrame, at: float) -> list[object]:
        frame = event.frame
        self._damaged = self._unreadable = 0
        self._midway = False
        effects: list[object] = [Overheard(event, frame.from_master, at)]
        ordered, self._ordered = self._ordered, None
        if not frame.from_master:
            self._answer_until = -math.inf
            if ordered is not None and frame.kind is FrameKind.ACK:
                effects += self._follow(ordered, at)
            return effects
        broadcast = frame.a == ADDRESS_BROADCAST
        # The last byte of an answer may come a whole telegram after its first.
        window = RESPONSE_MAX_BITS * self.line.bit_time + RESPONSE_MAX_EXTRA + self._idle_extra
        self._answer_until = -math.inf if broadcast else at + window
        if frame.function is Function.SND_UD and BAUD_RATES.get(frame.ci) in FOLLOWED_SPEEDS and self._has_speed:
            line = Line(BAUD_RATES[frame.ci])
            if broadcast:
                effects += self._follow(line, at)
            else:
                self._ordered = line
        return effects

    def _judge_damage(self, event: FrameEvent | LineDisturbed, at: float) -> list[object]:
        effects: list[object] = [Overheard(event, self._speaker(event, at), at, self._midway)]
        self._ordered = None
        self._damaged += 1
        self._unreadable += 1
        if self._unreadable == UNREADABLE_AFTER:
            effects.append(Unreadable(self.line, at))
        if self._other is not None and self._damaged == LOST_AFTER:
            effects += self._follow(self._other, at)
        return effects

    def _speaker(self, event: FrameEvent | LineDisturbed, at: float) -> bool:
        """Whether damaged bytes are a master's: by their C field where it can be made out, else by whose turn it is."""
        raw = event.raw
        c = raw[1] if raw[:1] == b"\x10" and len(raw) == 5 else raw[4] if raw[:1] == b"\x68" and len(raw) > 4 else None
        if c is not None and function_of(c) is not None:
            return bool(c & PRM)
        return at - len(raw) * self.line.char_time > self._answer_until

    def _follow(self, line: Line, at: float) -> list[object]:
        if line == self.line:
            return []
        self._other = self.line
        self._damaged = 0
        return [*self._set_line(line), SpeedFollowed(line, at)]

    def _set_line(self, line: Line) -> list[object]:
        self.line = line
        self._token += 1
        return [SetLine(self._token, line)]
