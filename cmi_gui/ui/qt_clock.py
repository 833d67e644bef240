"""The engine's clock on Qt's own event loop: works under `exec`, under qasync and in a plain pytest-qt test."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

__all__ = ["QtClock"]

_LONGEST_MS = 3_600_000
"""A QTimer counts milliseconds in 32 bits; a longer wait is armed again every hour."""


class QtClock(QObject):
    """Implements `cmi_gui.engine.clock.Clock`; made, and its calls run, on the window's thread."""

    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._posted.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def now(self) -> float:
        """`time.monotonic`, the clock that the links' threads read too."""
        return time.monotonic()

    def call_at(self, when: float, call: Callable[[], object]) -> _QtTimer:
        """See `Clock`; woken early, it arms itself again."""
        return _QtTimer(self, when, call)

    def post(self, call: Callable[[], object]) -> None:
        """See `Clock`."""
        # After the application's end the C++ half is gone: whoever wanted to hear is gone too.
        with contextlib.suppress(RuntimeError):
            self._posted.emit(call)

    @Slot(object)
    def _run(self, call: Callable[[], object]) -> None:
        call()


class _QtTimer:
    __slots__ = ("_call", "_timer", "_when")

    def __init__(self, clock: QtClock, when: float, call: Callable[[], object]) -> None:
        self._when = when
        self._call = call
        self._timer: QTimer | None = QTimer(clock)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._fire)
        self._arm()

    def _arm(self) -> None:
        if self._timer is not None:
            wait = max(0.0, self._when - time.monotonic()) * 1000.0
            self._timer.start(_LONGEST_MS if wait > _LONGEST_MS else math.ceil(wait))

    def _fire(self) -> None:
        if time.monotonic() < self._when:
            self._arm()
            return
        self.cancel()
        self._call()

    def cancel(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None:
            with contextlib.suppress(RuntimeError):
                timer.stop()
                timer.deleteLater()
