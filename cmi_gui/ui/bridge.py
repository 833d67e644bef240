"""From the engine to the window: one timer drains the engine's events and hands them out in batches."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from cmi_gui.engine.events import Subscription
from cmi_gui.engine.station import Station

__all__ = ["BATCH_MS", "Bridge", "Tasks"]

_log = logging.getLogger(__name__)

BATCH_MS = 40
"""Events gather this long before the window looks at them."""


class Bridge(QObject):
    """Hands out the station's events in batches; idle, it costs nothing.

    Signals: `events(object)`, a list of `StationEvent`, oldest first.
    """

    events = Signal(object)

    def __init__(self, station: Station, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(BATCH_MS)
        self._timer.timeout.connect(self.drain)
        self._subscription: Subscription | None = station.subscribe(wake=self._wake)

    def _wake(self) -> None:
        # Started once for a batch, never started again by later events: a flood must not put it off.
        if not self._timer.isActive():
            self._timer.start()

    def drain(self) -> None:
        """Hand out what has come so far, now."""
        self._timer.stop()
        if self._subscription is not None:
            batch = self._subscription.drain()
            if batch:
                self.events.emit(batch)

    def close(self) -> None:
        """Hear nothing more."""
        self._timer.stop()
        subscription, self._subscription = self._subscription, None
        if subscription is not None:
            subscription.close()


class Tasks:
    """Coroutines that the window starts: each named, held, and its failure told to `failed`."""

    def __init__(self, failed: Callable[[BaseException], object]) -> None:
        self._failed = failed
        self._running: set[asyncio.Task[Any]] = set()

    def spawn(self, coroutine: Coroutine[Any, Any, object], name: str) -> asyncio.Task[Any]:
        """Run a coroutine on the running loop. Raises RuntimeError where none runs."""
        task = asyncio.get_running_loop().create_task(coroutine, name=name)
        self._running.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("task %s failed", task.get_name(), exc_info=error)
            self._failed(error)

    async def cancel_all(self) -> None:
        """Call off what still runs and wait for its end."""
        for task in tuple(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
