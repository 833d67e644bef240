"""The clock of modules and meters, which can go faster than the clock of the links, and ahead of it."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Final

from cmi_gui.engine.clock import Alarm, Calls, Clock, Timer

SLICE_SECONDS: Final = 0.02
"""Longest run of calls at a time in seconds; the last call may exceed it."""
PAUSE_SECONDS: Final = 0.005
"""Seconds left to everything else after each run, while the calls are behind."""
LONGEST_LAG: Final = 2.0
"""Seconds on the base clock by which a call may be late; a longer lag is not made up for."""
LEAP_AFTER: Final = 30.0
"""Seconds after the start of a leap in which every call runs at its own time, so that a session under way can end."""
_EARLY: Final = 1e-6
"""Seconds by which a timer may ring early because of rounding."""

_DONE: Final = object()

_Waiting = dict["_Entry", float]


class _Entry:
    """A call that waits in the base clock; `waiting` has the time of each one."""

    __slots__ = ("call", "timer", "waiting")

    def __init__(self, call: Callable[[], object], waiting: _Waiting) -> None:
        self.call = call
        self.waiting = waiting
        self.timer: Timer

    def run(self) -> None:
        self.waiting.pop(self, None)
        self.call()

    def cancel(self) -> None:
        self.waiting.pop(self, None)
        self.timer.cancel()


class ModuleClock:
    """The clock of the modules and meters of one station.

    Until `leap` or `set_factor` is called for the first time it is `base`, the clock of the links. Then it follows the
    target, a time that passes `factor` times as fast: each call runs at its own time, however late the timer rings,
    so that no session times out because a computer is slow. Its time may be behind the target; nothing is skipped.
    When it is late by more than `LONGEST_LAG`, the target is moved to it, so that times on the base clock stay right.

    `count_to`: returns the steps by which everything that changes with time alone, such as energy, gets to a time that
    is leapt to.
    """

    def __init__(self, base: Clock, count_to: Callable[[float], Iterator[object]]) -> None:
        self.base = base
        self.is_base = True
        """True until the first change: both clocks show the same."""
        self.factor = 1.0
        """The seconds of this clock in a second of the base clock."""
        self._count_to = count_to
        self._waiting: _Waiting = {}
        self._calls = Calls()
        self._alarm = Alarm(base, self._ring)
        self._now = 0.0
        self._running = False
        self._lost = 0.0
        # The spans of constant factor: their starts on this clock and on the base clock. In the first both are equal.
        self._starts = [-math.inf]
        self._base_starts = [-math.inf]
        self._factors = [1.0]
        # The time of a leap that is under way, the last time before it, and the steps that remain.
        self._leap_to: float | None = None
        self._leap_from = 0.0
        self._steps: Iterator[object] | None = None

    # Clock

    def now(self) -> float:
        """Return the time in seconds; within a call it is the time for which the call was scheduled."""
        if self.is_base:
            return self.base.now()
        if not self._running:
            # A call that is due has not run yet, so its time has not passed yet.
            due = self._calls.due()
            limit = self.target if self._leap_to is None else min(self.target, self._leap_from)
            self._now = max(self._now, limit if due is None else min(limit, due))
        return self._now

    def call_at(self, when: float, call: Callable[[], object]) -> Timer:
        """Schedule `call` for `when` or a little later; never run it in this method, even if `when` has passed."""
        if not self.is_base:
            timer = self._calls.add(max(when, self._now), call)
            self._set_alarm()
            return timer
        entry = _Entry(call, self._waiting)
        entry.timer = self.base.call_at(when, entry.run)
        self._waiting[entry] = when
        return entry

    def post(self, call: Callable[[], object]) -> None:
        """Run `call` soon on the engine's thread; allowed from any thread, and after the loop has ended."""
        self.base.post(call)

    # The two clocks

    @property
    def target(self) -> float:
        """The time that this clock would show if the computer took no time."""
        if self.is_base:
            return self.base.now()
        return self._starts[-1] + (self.base.now() - self._base_starts[-1]) * self.factor

    @property
    def behind(self) -> float:
        """The seconds from the present time to the one due by the factor, since the last change."""
        return self.target - self.now() + self._lost

    def at(self, base_time: float) -> float:
        """Return the time of this clock for a call from a link at `base_time`, a moment ago."""
        return base_time if self.is_base else self.now()

    def base_time(self, at: float) -> float:
        """Return when the base clock showed, or will show at the present factor, what this one shows at `at`."""
        span = bisect_right(self._starts, at) - 1
        if span > 0:
            at = self._base_starts[span] + (at - self._starts[span]) / self._factors[span]
        return min(at, self._base_starts[span + 1]) if span + 1 < len(self._base_starts) else at

    # Changes

    def set_factor(self, factor: float) -> None:
        """Change the factor, a positive number, from now on; a time behind the target is not made up for."""
        self._lost = 0.0
        self._begin_span(self.now() if self._leap_to is None else self._leap_to, factor)

    def leap(self, seconds: float) -> None:
        """Set the target ahead by `seconds`.

        After `LEAP_AFTER` no call runs until energy has been counted up to there; those due in between run then, and
        time passes on.
        """
        start, to = self.now(), self.target + seconds
        self._lost = 0.0
        self._begin_span(to, self.factor)
        if self._leap_to is None:
            self._leap_from = min(start + LEAP_AFTER, to)
        self._leap_to, self._steps = to, None
        self._set_alarm()

    def finish_leap(self) -> None:
        """Complete a leap at once, however long it takes."""
        while self._leap_to is not None:
            self._leap_on(self._leap_to)

    def _begin_span(self, start: float, factor: float) -> None:
        now = self.base.now()
        if self.is_base:
            self.is_base = False
            self._now = now
            waiting, self._waiting = self._waiting, {}
            for entry, when in waiting.items():
                entry.timer.cancel()
                entry.timer = self._calls.add(max(when, now), entry.run)
        self.factor = factor
        self._starts.append(start)
        self._base_starts.append(now)
        self._factors.append(factor)
        self._set_alarm()

    # Running

    def _set_alarm(self, earliest: float = -math.inf) -> None:
        """Set the alarm for the next thing to do, at `earliest` on the base clock."""
        if self._running:
            return
        due = self._calls.due()
        if self._leap_to is not None:
            self._alarm.set(max(self.base.now(), earliest))
        elif due is None:
            self._alarm.set(None)
        else:
            self._alarm.set(max(self._base_starts[-1] + (due - self._starts[-1]) / self.factor, earliest))

    def _ring(self) -> None:
        end, limit = self.base.now() + SLICE_SECONDS, self.target + self.factor * _EARLY
        earliest = -math.inf
        self._running = True
        try:
            while self._step(limit):
                if self.base.now() > end:
                    earliest = self.base.now() + PAUSE_SECONDS
                    break
        finally:
            self._running = False
            self._drop_lag()
            self._set_alarm(earliest)

    def _drop_lag(self) -> None:
        """Move the target to the present time if that is too late."""
        now = self.now()
        lag = self.target - now
        if self._leap_to is None and lag > LONGEST_LAG * self.factor:
            self._lost += lag
            self._begin_span(now, self.factor)

    def _step(self, limit: float) -> bool:
        """Run the next call that is due by `limit`, or a step of a leap; return whether there was one."""
        due = self._calls.due()
        if due is not None and due <= (limit if self._leap_to is None else self._leap_from):
            self._now = max(self._now, due)
            self._calls.run_next()
            return True
        if self._leap_to is None:
            return False
        self._leap_on(self._leap_to)
        return True

    def _leap_on(self, to: float) -> None:
        """Do a step of a leap to `to`."""
        if self._steps is None:
            self._now = max(self._now, self._leap_from)
            self._steps = self._count_to(to)
        if next(self._steps, _DONE) is _DONE:
            self._now = max(self._now, to)
            self._leap_to = self._steps = None
            self._begin_span(to, self.factor)
