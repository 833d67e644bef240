"""The requests to stop: Ctrl-C and SIGTERM; on Windows Ctrl-Break and a closed console."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import Callable, Coroutine


def run_until_signal(coroutine: Coroutine[None, None, None]) -> None:
    """Run a coroutine that ends with the callback of `on_stop_signal`."""
    # A second Ctrl-C may come while everything is being stopped.
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(coroutine)


def on_stop_signal(callback: Callable[[], object]) -> None:
    """Call back on SIGINT and SIGTERM, on the running loop."""
    loop = asyncio.get_running_loop()

    def on_signal(*_: object) -> None:
        # The handler stays after the loop has ended.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(callback)

    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, callback)
        except NotImplementedError:  # on Windows; the loop wakes up for a signal all the same
            signal.signal(number, on_signal)


def stop_with_console() -> None:
    """Treat Ctrl-Break and a closed console on Windows like Ctrl-C; call it once.

    Windows does not report the end of the session or of the system to a process that has loaded user32 or gdi32, which
    ctypes does (Microsoft, `SetConsoleCtrlHandler`).
    """
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.SetConsoleCtrlHandler(_console_handler(), True)


if sys.platform == "win32":
    from functools import cache

    @cache  # Windows calls it, so it must not be collected
    def _console_handler() -> object:
        import ctypes
        from ctypes import wintypes

        def on_event(event: int) -> bool:
            if event == signal.CTRL_C_EVENT:
                return False
            signal.raise_signal(signal.SIGINT)
            if event != signal.CTRL_BREAK_EVENT:
                # It runs in a thread of its own. When it returns, and at the latest after some seconds, Windows ends
                # the process.
                time.sleep(60)
            return True

        return ctypes.WINFUNCTYPE(wintypes.BOOL, wintypes.DWORD)(on_event)
