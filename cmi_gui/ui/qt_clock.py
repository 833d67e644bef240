"""The engine's clock on Qt's own event loop: works under `exec`, under qasync and in a plain pytest-qt test."""

from __future__ import annotations

import contextlib
import heapq
import itertools
import math
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

__all__ = ["QtClock"]

_LONGEST_MS = 3_600_000
"""A QTimer counts milliseconds in 32 bits; a longer wait is armed again every hour."""


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

    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heap: list[tuple[float, int, _Call]] = []
        self._order = itertools.count()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._fire)
        self._posted.connect(self._run, Qt.ConnectionType.QueuedConnection)

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
        # After the application's end the C++ half is gone: whoever wanted to hear is gone too.
        with contextlib.suppress(RuntimeError):
            self._posted.emit(call)

    @Slot(object)
    def _run(self, call: Callable[[], object]) -> None:
        call()

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
        try:
            # What these calls ask for waits for the next round, so that the window can paint in between.
            while self._heap and self._heap[0][0] <= now and self._heap[0][1] < fresh:
                entry = heapq.heappop(self._heap)[2]
                call, entry.call = entry.call, None
                if call is not None:
                    call()
        finally:
            self._arm()
