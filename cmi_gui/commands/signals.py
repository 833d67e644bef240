"""The handling of Ctrl-C and SIGTERM while a command runs."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Coroutine


def run_until_signal(coroutine: Coroutine[None, None, None]) -> None:
    """Run a coroutine that ends with the callback of `on_stop_signal`."""
    # Windows has no signal handlers in the loop; asyncio.run has then stopped everything in order.
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(coroutine)


def on_stop_signal(callback: Callable[[], object]) -> None:
    """Call back on SIGINT and SIGTERM; no effect on Windows."""
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, callback)
