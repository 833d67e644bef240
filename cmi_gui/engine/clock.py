"""Clocks: one on an asyncio event loop, a virtual one for tests and simulations, and local time."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import sys
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Final, Protocol

ROUND_SECONDS: Final = 0.04
"""Longest round of posted calls in seconds; the last call of a round may exceed it."""

CATCH_UP_SECONDS: Final = 0.01
"""Longest run of posted calls in `LoopClock.catch_up`, in seconds."""

_SHORTEST_SECONDS: Final = 0.001
"""The shortest delay that qasync does not round down to zero, in seconds."""

_EXACT_SECONDS: Final = 0.02
"""The longest delay for which Qt's timers are exact to the millisecond, in seconds."""

_LONGEST_SECONDS: Final = 3600.0
"""The longest delay given to a timer, in seconds: Qt counts milliseconds in 32 bits."""


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def local_time(seconds: float) -> datetime:
    """Return seconds since 1970 (UTC) as local time with its UTC offset. Raises OverflowError outside years 1 to 9999.

    Windows knows the offset only from 1970 to 3000; outside, that of standard time is used.
    """
    moment = _EPOCH + timedelta(seconds=seconds)
    try:
        return moment.astimezone()
    except (OSError, ValueError):
        return moment.astimezone(_standard_time())


def seconds_of(moment: datetime) -> float:
    """Return a time, local if it has no UTC offset, in seconds since 1970 (UTC); for the offset see `local_time`."""
    try:
        return moment.timestamp()
    except OSError:
        # On Windows also the first day of 1970, the date of a logger whose clock was never set.
        return moment.replace(tzinfo=_standard_time()).timestamp()


def _standard_time() -> timezone:
    return timezone(timedelta(seconds=-time.timezone))


class Timer(Protocol):
    """A scheduled call that can be cancelled."""

    def cancel(self) -> None:
        """Cancel the call; harmless if it has already run."""


class Clock(Protocol):
    """A source of monotonic time that also schedules calls and accepts calls from other threads."""

    def now(self) -> float:
        """Return the monotonic time in seconds."""

    def call_at(self, when: float, call: Callable[[], object]) -> Timer:
        """Schedule `call` for `when` or a little later; never run it in this method, even if `when` has passed."""

    def post(self, call: Callable[[], object]) -> None:
        """Run `call` soon on the engine's thread; allowed from any thread, and after the loop has ended."""


class Alarm:
    """A single scheduled call whose time can be changed; its owner sets it to its deadline after each step."""

    def __init__(self, clock: Clock, call: Callable[[], object]) -> None:
        self._clock = clock
        self._call = call
        self._timer: Timer | None = None
        self._at: float | None = None

    def set(self, when: float | None) -> None:
        """Schedule the call for `when`, replacing any earlier time; None cancels it."""
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


class Calls:
    """Calls at given times, the earliest first; calls at the same time run in the order in which they were added."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, _Call]] = []
        self._order = itertools.count()

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, when: float, call: Callable[[], object]) -> _Call:
        """Add a call; return its timer."""
        entry = _Call(call)
        heapq.heappush(self._heap, (when, next(self._order), entry))
        return entry

    def due(self) -> float | None:
        """Return the time of the next call, or None if there is none."""
        while self._heap and self._heap[0][2].call is None:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def run_next(self) -> None:
        """Remove the next call and run it; its time must have come."""
        _, _, entry = heapq.heappop(self._heap)
        call, entry.call = entry.call, None
        if call is not None:
            call()


class LoopClock:
    """The clock of an asyncio loop, qasync's included.

    Posted calls run in rounds. After `ROUND_SECONDS` of work on them without a timer in between, the rest is left to
    the loop's next turn, so that a window on the same thread can repaint and handle input. All timed calls share a few
    timers of the loop: in qasync each is a Qt timer, which exists until its time even when it has been cancelled.
    Posted calls come before timed ones that are due too, because what a link received must be answered in time.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._posted: deque[Callable[[], object]] = deque()
        self._awake = False
        self._running = False
        self._worked = 0.0
        self._calls = Calls()
        self._alarms: list[float] = []  # the latest first

    def now(self) -> float:
        """Return `time.perf_counter()`, which the threads of the links use too.

        On Windows `time.monotonic()` moves in steps of 15.6 ms (Python 3.11 and 3.12), three times the shortest reply.
        """
        return time.perf_counter()

    def call_at(self, when: float, call: Callable[[], object]) -> Timer:
        """Schedule `call` for `when` or a little later; never run it in this method."""
        entry = self._calls.add(when, call)
        self._set_alarm()
        return entry

    def post(self, call: Callable[[], object]) -> None:
        """Run `call` soon on the loop's thread; allowed from any thread."""
        self._posted.append(call)
        if not self._awake:
            self._wake()

    def _wake(self) -> None:
        self._awake = True
        try:
            self._loop.call_soon_threadsafe(self._run_posted)
        except RuntimeError:
            # A call posted after the loop has ended is dropped.
            if not self._loop.is_closed():
                raise

    def _run_posted(self) -> None:
        begun = time.perf_counter()
        try:
            self._work_on_posted(len(self._posted), ROUND_SECONDS - self._worked)
        finally:
            self._worked += time.perf_counter() - begun
            if self._worked > ROUND_SECONDS:
                self._worked = 0.0
                self._loop.call_soon(self._run_posted)
            else:
                self._awake = False
                # Calls may have been posted while the clock was marked awake, in which case no wake-up was scheduled.
                if self._posted:
                    self._wake()

    def _work_on_posted(self, most: int, seconds: float) -> None:
        until = time.perf_counter() + seconds
        running, self._running = self._running, True
        try:
            for _ in range(most):
                self._posted.popleft()()
                if not self._posted or time.perf_counter() > until:
                    break
        finally:
            self._running = running

    def catch_up(self) -> None:
        """Run what has been posted, for `CATCH_UP_SECONDS` at most, unless a call of this clock is running.

        A window on the same thread calls it before something long, such as painting; not during it, because the calls
        may change the window.
        """
        if self._posted and not self._running:
            self._work_on_posted(sys.maxsize, CATCH_UP_SECONDS)

    def _set_alarm(self) -> None:
        due = self._calls.due()
        if due is None or (self._alarms and self._alarms[-1] <= due):
            return
        now = time.perf_counter()
        delay = max(0.0, due - now)
        if delay > _EXACT_SECONDS:
            # Wake up early and set the timer again: a coarse Qt timer is up to 5 % early or late.
            delay = min(0.94 * delay, _LONGEST_SECONDS)
        elif delay:
            # A delay that qasync rounds to zero would make the loop spin until the time is reached.
            delay = max(delay, _SHORTEST_SECONDS)
        alarm = now + delay
        self._alarms.append(alarm)
        self._loop.call_later(delay, self._ring, alarm)

    def _ring(self, alarm: float) -> None:
        self._alarms.remove(alarm)
        # A timer was called, so the loop has had its turn.
        self._worked = 0.0
        now = time.perf_counter()
        self._running = True
        try:
            # Limited to the calls present now, so that a call which schedules another at once cannot block the loop.
            for _ in range(len(self._calls)):
                due = self._calls.due()
                if due is None or due > now or time.perf_counter() > now + ROUND_SECONDS:
                    break
                self._calls.run_next()
                if self._posted:
                    self._work_on_posted(len(self._posted), CATCH_UP_SECONDS)
        finally:
            self._running = False
            self._set_alarm()


class VirtualClock:
    """A clock that moves only when it is advanced, so that years can pass in seconds."""

    def __init__(self, start: float = 0.0) -> None:
        self._now = start
        self._calls = Calls()

    def now(self) -> float:
        """Return `start` plus the seconds advanced so far."""
        return self._now

    def call_at(self, when: float, call: Callable[[], object]) -> Timer:
        """Schedule `call` for `when` or a little later; never run it in this method."""
        return self._calls.add(max(when, self._now), call)

    def post(self, call: Callable[[], object]) -> None:
        """Run `call` at the present time; allowed only on the thread that advances this clock."""
        self.call_at(self._now, call)

    def advance(self, seconds: float) -> None:
        """Advance by `seconds`, running every call that falls due, in order."""
        self.run_until(self._now + seconds)

    def run_until(self, when: float, stop: Callable[[], bool] | None = None) -> bool:
        """Advance to `when`, or until `stop()` is true; return whether `stop()` is true at the end."""
        while not (stop and stop()):
            due = self._calls.due()
            if due is None or due > when:
                self._now = max(self._now, when)
                return bool(stop and stop())
            self._now = max(self._now, due)
            self._calls.run_next()
        return True
