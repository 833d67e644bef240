"""The application's only event loop: asyncio on Qt, shared by the window and the engine; garbage is collected on it."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import gc
from collections.abc import Callable, Iterator
from contextvars import Context

import qasync
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

_COLLECTING_MS = 200
"""Milliseconds between the moments at which garbage may be collected."""


class _Posted(QObject):
    """A queue of calls from other threads to this one."""

    came = Signal(object)

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._loop = loop
        self.came.connect(self._run, Qt.ConnectionType.QueuedConnection)

    @Slot(object)
    def _run(self, handle: asyncio.Handle) -> None:
        if not (handle.cancelled() or self._loop.is_closed()):
            handle._run()


class EventLoop(qasync.QEventLoop):  # type: ignore[misc]  # qasync has no types
    """A qasync loop in which calls from other threads do not wait for a timer.

    qasync gives each such call a Qt timer, which runs after the timers already due: while painting is slow, a whole
    frame later.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._from_threads = _Posted(self)

    def call_soon_threadsafe(
        self, callback: Callable[..., object], *args: object, context: Context | None = None
    ) -> asyncio.Handle:
        """Run `callback` on the thread of the loop. Raises RuntimeError once the loop is closed."""
        if self.is_closed():
            raise RuntimeError("Event loop is closed")
        handle = asyncio.Handle(callback, args, self, context)
        self._from_threads.came.emit(handle)
        return handle


_loop: EventLoop | None = None


def event_loop() -> EventLoop:
    """Return the application's event loop. Raises RuntimeError without a QApplication.

    It is made at the first call and closed when the program exits. Posted calls and timers run whenever Qt processes
    events, even while the loop itself is not running.
    """
    global _loop
    if _loop is None or _loop.is_closed():
        app = QApplication.instance()
        if not isinstance(app, QApplication):
            raise RuntimeError("the event loop needs a QApplication")
        _loop = EventLoop(app)
        # Also keeps a closed loop: garbage can be collected on another thread, where its timers cannot be destroyed.
        atexit.register(_loop.close)
    return _loop


@contextlib.contextmanager
def garbage_collected_here(parent: QObject) -> Iterator[None]:
    """Collect Python's garbage only on this thread, while its Qt loop runs and this context is open.

    Python collects on the thread that happens to allocate. A Qt object that is part of a reference cycle would be
    destroyed on the thread of a link while Qt still uses it, and the process would crash. Python's thresholds still
    decide what is due. `parent`: owns the timer.
    """
    timer = QTimer(parent)
    timer.timeout.connect(collect_what_is_due)
    timer.start(_COLLECTING_MS)
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        timer.stop()


def collect_what_is_due() -> None:
    """Collect the oldest generation that is due by Python's thresholds, on this thread.

    Collection is never enabled for that, because another thread could run meanwhile and collect. One generation a call
    makes full collections rare: the thresholds allow one in about a hundred calls.
    """
    counts, thresholds = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if counts[generation] > thresholds[generation]:
            gc.collect(generation)
            return
