"""Work that is too slow for the window's thread: it is done in one other thread, and its result is passed back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

Result = TypeVar("Result")

_BETWEEN_PAUSES, _PAUSE = 0.001, 0.0001
"""Seconds of long work, and of the pause after it."""


class Results(QObject):
    """The results of futures, delivered in this thread in the order in which they arrive."""

    _over = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._closed = False
        self._pending = 0
        # Emitted in another thread, or here if the future is ready: queued, so that results keep their order.
        self._over.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def pending(self) -> bool:
        """True while a result has not been delivered yet."""
        return self._pending > 0

    def deliver(
        self,
        future: Future[Result],
        done: Callable[[Result], object],
        failed: Callable[[Exception], object],
        owner: QObject | None = None,
    ) -> None:
        """Call `done` or `failed` here; neither after `close`, or if Qt has deleted the `owner`."""
        self._pending += 1
        future.add_done_callback(lambda ended: self._over.emit((ended, done, failed, owner)))

    def close(self) -> None:
        """Deliver no more results."""
        self._closed = True

    def _deliver(
        self, ended: tuple[Future[object], Callable[..., object], Callable[..., object], QObject | None]
    ) -> None:
        future, done, failed, owner = ended
        self._pending -= 1
        if self._closed or future.cancelled() or (owner is not None and not isValid(owner)):
            return
        error = future.exception()
        if error is None:
            done(future.result())
        elif isinstance(error, Exception):
            failed(error)
        else:
            raise error


class Background(QObject):
    """A single worker thread, started by the first job; jobs run in the order they are given.

    A job must touch neither widgets nor models: it takes values and returns a value.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool: ThreadPoolExecutor | None = None
        self._closed = False
        self._results = Results(self)

    @property
    def busy(self) -> bool:
        """True while a job is running or waiting, or its result has not been delivered yet."""
        return self._results.pending

    def run(
        self,
        work: Callable[[], Result],
        done: Callable[[Result], object],
        failed: Callable[[Exception], object],
        *,
        owner: QObject | None = None,
    ) -> None:
        """Do `work` in the worker thread, then call `done` or `failed` in this one; neither after `close`.

        Neither is called if Qt has deleted the `owner` meanwhile, as it does with every page when the language changes.
        The result is lost then, so a caller that always needs it names no owner and touches no widget.
        """
        if self._closed:
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1, "background")
        self._results.deliver(self._pool.submit(work), done, failed, owner)

    def close(self) -> None:
        """Wait for the running job, drop the waiting ones, and make no more calls."""
        self._closed = True
        self._results.close()
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)


def advance(steps: Iterator[None], seconds: float) -> bool:
    """Take steps of long work for some time, in the worker thread; return whether they have ended."""
    until, pause_at = time.perf_counter() + seconds, 0.0
    for _ in steps:
        now = time.perf_counter()
        if now > until:
            return False
        if now > pause_at:
            # The window's thread needs the interpreter often; otherwise it waits 5 ms for it each time.
            time.sleep(_PAUSE)
            pause_at = time.perf_counter() + _BETWEEN_PAUSES
    return True
