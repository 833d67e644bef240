"""The engine's clock on Qt's own event loop: works under `exec`, under qasync and in a plain pytest-qt test."""

from __future__ import annotations

import contextlib
import heapq
import itertools
import math
import sys
import time
from collections import deque
from collections.abc import Callable
from weakref import WeakSet

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from cmi_gui.engine.clock import Clock

_LONGEST_MS = 3_600_000
"""A QTimer counts milliseconds in 32 bits; a longer wait is armed again every hour."""


_clocks: WeakSet[QtClock] = WeakSet()


def let_slaves_answer() -> None:
    """Have the engine take what masters have sent, now: for the midst of work that takes long.

    A master waits 187.5 ms for an answer, and one frame of a large window on a slow computer takes a good part of
    that. To be called on the window's thread, before a painter is begun. It touches nothing of the window (see
    `Clock.urgent`), and costs nothing when nothing has come.
    """
    for clock in _clocks:
        clock.run_urgent()


class _Call:
    """A call that was asked for."""

    __slots__ = ("call",)

    def __init__(self, call: Callable[[], object]) -> None:
        self.call: Callable[[], object] | None = call

    def cancel(self) -> None:
        """Call it off; harmless when it has run."""
        self.call = None


class QtClock(QObject):
    """Implements `cmi_gui.engine.clock.Clock`; made, and its calls run, on the window's thread.

    One QTimer serves all calls, set for the earliest: a QTimer each would have to be kept alive by hand (PySide holds
    a bound method's object weakly) and deleted later, thousands of times an hour.
    """

    _posted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heap: list[tuple[float, int, _Call]] = []
        self._order = itertools.count()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._fire)
        self._waiting: deque[Callable[[], object]] = deque()
        self._first = _UrgentClock(self)
        self._running = False
        self._posted.connect(self._catch_up, Qt.ConnectionType.QueuedConnection)
        _clocks.add(self)

    def now(self) -> float:
        """`time.monotonic`, the clock that the links' threads read too."""
        return time.monotonic()

    def call_at(self, when: float, call: Callable[[], object]) -> _Call:
        """See `Clock`; woken early, it arms itself again."""
        entry = _Call(call)
        heapq.heappush(self._heap, (when, next(self._order), entry))
        if self._heap[0][2] is entry:
            self._arm()
        return entry

    def post(self, call: Callable[[], object]) -> None:
        """See `Clock`."""
        self._waiting.append(call)
        self.wake()

    def urgent(self) -> Clock:
        """See `Clock`; what is posted there runs in `let_slaves_answer` too."""
        return self._first

    def wake(self) -> None:
        """Have what waits run soon; from any thread."""
        # After the application's end the C++ half is gone: whoever wanted to hear is gone too.
        with contextlib.suppress(RuntimeError):
            self._posted.emit()

    def run_urgent(self) -> None:
        """Run what was posted as urgent, unless a call of this clock is being run: none ever runs inside another."""
        if not self._first.waiting or self._running:
            return
        try:
            self._run(self._first.waiting)
        except Exception:
            # Not into a paint event, which Qt does not survive.
            sys.excepthook(*sys.exc_info())

    @Slot()
    def _catch_up(self) -> None:
        try:
            self._run(self._first.waiting)
        finally:
            self._run(self._waiting)

    def _run(self, waiting: deque[Callable[[], object]]) -> None:
        self._running = True
        try:
            # What these post waits for the next round, so that the window can paint in between.
            for _ in range(len(waiting)):
                waiting.popleft()()
        finally:
            self._running = False
            if waiting:
                self.wake()

    def _arm(self) -> None:
        heap = self._heap
        while heap and heap[0][2].call is None:
            heapq.heappop(heap)
        if not heap:
            self._timer.stop()
            return
        wait = max(0.0, heap[0][0] - time.monotonic()) * 1000.0
        self._timer.start(_LONGEST_MS if wait > _LONGEST_MS else math.ceil(wait))

    @Slot()
    def _fire(self) -> None:
        now, fresh = time.monotonic(), next(self._order)
        self._running = True
        try:
            # What these calls ask for waits for the next round, so that the window can paint in between.
            while self._heap and self._heap[0][0] <= now and self._heap[0][1] < fresh:
                entry = heapq.heappop(self._heap)[2]
                call, entry.call = entry.call, None
                if call is not None:
                    call()
        finally:
            self._running = False
            self._arm()


class _UrgentClock:
    """`QtClock.urgent`: the same clock with a queue of its own."""

    def __init__(self, clock: QtClock) -> None:
        self.waiting: deque[Callable[[], object]] = deque()
        self._clock = clock

    def now(self) -> float:
        """See `Clock`."""
        return self._clock.now()

    def call_at(self, when: float, call: Callable[[], object]) -> _Call:
        """See `Clock`."""
        return self._clock.call_at(when, call)

    def post(self, call: Callable[[], object]) -> None:
        """See `Clock`."""
        self.waiting.append(call)
        self._clock.wake()

    def urgent(self) -> Clock:
        """See `Clock`."""
        return self
