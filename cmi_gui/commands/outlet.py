"""A standard stream of a program that runs for months: whether anybody reads it must not matter to the program."""

from __future__ import annotations

import errno
import os
import queue
import select
import threading
from typing import Final, TextIO

from cmi_gui.engine.messages import printable

MOST_WAITING: Final = 1000
"""Lines that wait to be written; with so many, what need not be written is dropped."""
FLUSH_SECONDS: Final = 0.5
"""How long the end of the program waits for a reader that is behind."""


class Outlet:
    """Writes lines to a stream in a thread of its own.

    Where the stream takes no more (a pipe without a reader, a full disk, a closed terminal) the lines are lost.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lines: queue.Queue[str] = queue.Queue(MOST_WAITING)
        self._written = threading.Condition()
        self._left = 0
        self._error: OSError | None = None
        # A daemon thread that bypasses the stream's buffer: blocked on a full pipe, it would never release its lock.
        threading.Thread(target=self._write_all, name=f"{stream.name} outlet", daemon=True).start()

    def put(self, line: str, *, wait: bool = False) -> None:
        """Have a line written, as `emit` would; while too many wait, it is dropped, or waited for. From any thread."""
        with self._written:
            self._left += 1
        try:
            self._lines.put(printable(line), block=wait)
        except queue.Full:
            with self._written:
                self._left -= 1

    def settle(self, seconds: float = FLUSH_SECONDS) -> OSError | None:
        """Wait for what has been put to be written; return the last error, if that was one."""
        with self._written:
            self._written.wait_for(lambda: not self._left, seconds)
            return self._error

    def _write_all(self) -> None:
        gone = False
        while True:
            line = self._lines.get()
            try:
                if not gone:
                    self._write(line)
                    self._error = None
            except OSError as error:
                self._error = error
                gone = error.errno == errno.EPIPE
            with self._written:
                self._left -= 1
                self._written.notify_all()

    def _write(self, line: str) -> None:
        data = f"{line}{os.linesep}".encode(self._stream.encoding, "backslashreplace")
        raw = getattr(self._stream.buffer, "raw", self._stream.buffer)
        while data:
            taken = raw.write(data)
            if taken is None:
                # Another program has made the stream one that does not block.
                select.select([], [raw], [])
            else:
                data = data[taken:]
