"""Clocks: the event loop's, and a virtual one that runs years in seconds."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import sys
import time
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

ROUND_SECONDS: Final = 0.04
"""How long posted calls run at a stretch; the last one may take longer."""

CATCH_UP_SECONDS: Final = 0.01
"""How long posted calls run between two other pieces of work."""

_SHORTEST_SECONDS: Final = 0.001
"""The shortest delay that qasync does not round to nothing."""

_EXACT_SECONDS: Final = 0.02
"""Up to this delay Qt's timers keep to the millisecond."""

_LONGEST_SECONDS: Final = 3600.0
"""A timer of Qt counts milliseconds in 32 bits."""


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


class _Call:
    __slots__ = ("call",)

    def __init__(self, call: Callable[[], object]) -> None:
        self.call: Callable[[], object] | None = call

    def cancel(self) -> None:
        self.call = None


class _Calls:
    """Calls at given times, the earliest first; calls at the same time run in the order in which they were added."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, _Call]] = []
        self._order = itertools.count()

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, when: float, call: Callable[[], object]) -> _Call:
        entry = _Call(call)
        heapq.heappush(self._heap, (when, next(self._order), entry))
        return entry

    def due(self) -> float | None:
        """Return the time of the next call, or None."""
        while self._heap and self._heap[0][2].call is None:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def run_next(self) -> None:
        """Run the next call; its time must have come."""
        _, _, entry = heapq.heappop(self._heap)
        call, entry.call = entry.call, None
        if call is not None:
            call()


class LoopClock:
    """The clock of an asyncio loop, qasync's included.

    Posted calls run in rounds. After `ROUND_SECONDS` of work on them without a timer in between, the rest waits for the
    loop's next turn, so that a window on the same thread is painted and takes the user's input. All timed calls share a
    few timers of the loop: in qasync each one is a timer of Qt, which lives on until its time even when it has been
    cancelled.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._posted: deque[Callable[[], object]] = deque()
        self._awake = False
        self._running = False
        self._worked = 0.0
        self._calls = _Calls()
        self._alarms: list[float] = []  # the latest first

    def now(self) -> float:
        """`time.monotonic`, the clock that the links' threads read too."""
        return time.monotonic()

    def call_at(self, when: float, call: Callable[[], object]) -> Timer:
        """See `Clock`."""
        entry = self._calls.add(when, call)
        self._set_alarm()
        return entry

    def post(self, call: Callable[[], object]) -> None:
        """See `Clock`."""
        self._posted.append(call)
        if not self._awake:
            self._wake()

    def _wake(self) -> None:
        self._awake = True
        try:
            self._loop.call_soon_threadsafe(self._run_posted)
        except RuntimeError:
            # After the loop's end nothing is run any more.
            if not self._loop.is_closed():
                raise

    def _run_posted(self) -> None:
        begun = time.monotonic()
        try:
            self._work_on_posted(len(self._posted), ROUND_SECONDS - self._worked)
        finally:
            self._worked += time.monotonic() - begun
            if self._worked > ROUND_SECONDS:
                self._worked = 0.0
                self._loop.call_soon(self._run_posted)
            else:
                self._awake = False
                # What was posted meanwhile, also by a thread that found the clock awake a moment ago.
                if self._posted:
                    self._wake()

    def _work_on_posted(self, most: int, seconds: float) -> None:
        until = time.monotonic() + seconds
        self._running = True
        try:
            for _ in range(most):
                self._posted.popleft()()
                if not self._posted or time.monotonic() > until:
                    break
        finally:
            self._running = False

    def catch_up(self) -> None:
        """Run what has been posted, for `CATCH_UP_SECONDS` at most, unless a call of this clock is running.

        For a window on the same thread that is about to do something long, such as painting; not in the midst of it,
        since the calls may change the window.
        """
        if self._posted and not self._running:
            self._work_on_posted(sys.maxsize, CATCH_UP_SECONDS)

    def _set_alarm(self) -> None:
        due = self._calls.due()
        if due is None or (self._alarms and self._alarms[-1] <= due):
            return
        now = time.monotonic()
        delay = max(0.0, due - now)
        if delay > _EXACT_SECONDS:
            # Woken early, it looks again: a coarse timer of Qt comes up to 5 % early or late.
            delay = min(0.94 * delay, _LONGEST_SECONDS)
        elif delay:
            # What qasync rounds to nothing would spin until its time has come.
            delay = max(delay, _SHORTEST_SECONDS)
        alarm = now + delay
        self._alarms.append(alarm)
        self._loop.call_later(delay, self._ring, alarm)

    def _ring(self, alarm: float) -> None:
        self._alarms.remove(alarm)
        # The loop serves its timers, so it has had its turn.
        self._worked = 0.0
        now = time.monotonic()
        self._running = True
        try:
            # No more than there are: a call that asks for the next one at once does not keep the loop.
            for _ in range(len(self._calls)):
                due = self._calls.due()
                if due is None or due > now:
                    break
                self._calls.run_next()
        finally:
            self._running = False
            self._set_alarm()


class VirtualClock:
    """A clock that moves only when it is advanced."""

    def __init__(self, start: float = 0.0) -> None:
        self._now = start
        self._calls = _Calls()

    def now(self) -> float:
        """Seconds since the start, plus `start`."""
        return self._now

    def call_at(self, when: float, call: Callable[[], object]) -> Timer:
        """See `Clock`."""
        return self._calls.add(max(when, self._now), call)

    def post(self, call: Callable[[], object]) -> None:
        """See `Clock`; only from the thread that advances this clock."""
        self.call_at(self._now, call)

    def next_due(self) -> float | None:
        """The time of the next call, or None."""
        return self._calls.due()

    def advance(self, seconds: float) -> None:
        """Go on by `seconds`, running every call that falls due, in order."""
        self.run_until(self._now + seconds)

    def run_until(self, when: float, stop: Callable[[], bool] | None = None) -> bool:
        """Go on to `when`, or only until `stop()` is true; tells whether `stop` ended it."""
        while not (stop and stop()):
            due = self._calls.due()
            if due is None or due > when:
                self._now = max(self._now, when)
                return bool(stop and stop())
            self._now = max(self._now, due)
            self._calls.run_next()
        return True
