"""Clocks: the event loop's, and a virtual one that runs years in seconds."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """A call that was asked for and can be called off."""

    def cancel(self) -> None:
        """Call it off; harmless when it has run."""


class Clock(Protocol):
    """Monotonic seconds, calls at a time, and calls from other threads."""

    def now(self) -> float:
        """Monotonic seconds."""

    def call_at(self, when: float, call: Callable[[], object]) -> Timer:
        """Call `call` at `when` or a little later; never inside this call, even when `when` has passed."""

    def post(self, call: Callable[[], object]) -> None:
        """Have `call` run on the engine's thread soon; may be called from any thread, and after the end of the loop."""

    def urgent(self) -> Clock:
        """This clock for links on which a slave must answer in time: what is posted there may overtake the rest.

        Where a window shares the engine's thread, it may run in the midst of a frame: it must not reach the window
        but through the stream of events.
        """


class Alarm:
    """One call at a time that may be moved: what has a deadline sets it after each step."""

    def __init__(self, clock: Clock, call: Callable[[], object]) -> None:
        self._clock = clock
        self._call = call
        self._timer: Timer | None = None
        self._at: float | None = None

    def set(self, when: float | None) -> None:
        """Have the call come at `when`, in place of any time set before; None calls it off."""
        if when == self._at:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._at = when
        self._timer = None if when is None else self._clock.call_at(when, self._ring)

    def _ring(self) -> None:
        self._timer = self._at = None
        self._call()


class LoopClock:
    """The clock of an asyncio loop (qasync's included).

    qasync fires timers early as well as late, so a call that comes early is armed again until its time has come.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def now(self) -> float:
        """`time.monotonic`, the clock that the links' threads read too."""
        return time.monotonic()

    def call_at(self, when: float, call: Callable[[], object]) -> Timer:
        """See `Clock`; woken early, it arms itself again."""
        return _LoopTimer(self._loop, when, call)

    def post(self, call: Callable[[], object]) -> None:
        """See `Clock`."""
        try:
            self._loop.call_soon_threadsafe(call)
        except RuntimeError:
            # The loop has been closed: whoever wanted to hear is gone too.
            if not self._loop.is_closed():
                raise

    def urgent(self) -> Clock:
        """See `Clock`; here nothing needs to be overtaken."""
        return self


class _LoopTimer:
    def __init__(self, loop: asyncio.AbstractEventLoop, when: float, call: Callable[[], object]) -> None:
        self._loop = loop
        self._when = when
        self._call = call
        self._handle = self._arm()

    def _arm(self) -> asyncio.TimerHandle:
        # A delay below a millisecond becomes a 0 ms timer under qasync and would spin.
        delay = max(0.0, self._when - time.monotonic())
        return self._loop.call_later(max(delay, 0.001) if delay else 0.0, self._fire)

    def _fire(self) -> None:
        if time.monotonic() < self._when:
            self._handle = self._arm()
        else:
            self._call()

    def cancel(self) -> None:
        self._handle.cancel()


class _VirtualTimer:
    __slots__ = ("call", "when")

    def __init__(self, when: float, call: Callable[[], object]) -> None:
        self.when = when
        self.call: Callable[[], object] | None = call

    def cancel(self) -> None:
        self.call = None


class VirtualClock:
    """A clock that stands still until it is told to go on."""

    def __init__(self, start: float = 0.0) -> None:
        self._now = start
        self._heap: list[tuple[float, int, _VirtualTimer]] = []
        self._order = itertools.count()

    def now(self) -> float:
        """Seconds since the start, plus `start`."""
        return self._now

    def call_at(self, when: float, call: Callable[[], object]) -> _VirtualTimer:
        """See `Clock`."""
        timer = _VirtualTimer(when, call)
        heapq.heappush(self._heap, (max(when, self._now), next(self._order), timer))
        return timer

    def post(self, call: Callable[[], object]) -> None:
        """See `Clock`; only from the thread that advances this clock."""
        self.call_at(self._now, call)

    def urgent(self) -> Clock:
        """See `Clock`; here nothing takes time."""
        return self

    def next_due(self) -> float | None:
        """The time of the next call, or None."""
        while self._heap and self._heap[0][2].call is None:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def advance(self, seconds: float) -> None:
        """Go on by `seconds`, running every call that falls due, in order."""
        self.run_until(self._now + seconds)

    def run_until(self, when: float, stop: Callable[[], bool] | None = None) -> bool:
        """Go on to `when`, or only until `stop()` is true; tells whether `stop` ended it."""
        while not (stop and stop()):
            due = self.next_due()
            if due is None or due > when:
                self._now = max(self._now, when)
                return bool(stop and stop())
            _, _, timer = heapq.heappop(self._heap)
            self._now = max(self._now, due)
            call, timer.call = timer.call, None
            if call is not None:
                call()
        return True
