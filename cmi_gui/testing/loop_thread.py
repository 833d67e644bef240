"""An event loop in a thread of its own, for calls from other threads."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

Result = TypeVar("Result")


class LoopThread:
    """A running event loop. `run` calls something in it and returns the result; errors are raised in the caller."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=name, daemon=True)
        self._thread.start()

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The event loop, for what is called in it."""
        return self._loop

    def run(self, call: Callable[[], Result]) -> Result:
        """Call a function in the loop and wait for its result. Raises RuntimeError in the loop's own thread."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("the loop's own thread cannot wait for it")
        result: Future[Result] = Future()

        def work() -> None:
            try:
                result.set_result(call())
            except BaseException as error:
                result.set_exception(error)

        self._loop.call_soon_threadsafe(work)
        return result.result()

    def wait_for(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run a coroutine in the loop and wait for its result."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def close(self) -> None:
        """Stop the loop and wait for the end of its thread; harmless a second time."""
        if self._loop.is_closed():
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()
