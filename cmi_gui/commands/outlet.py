"""A standard stream that never blocks the program, which may run for months without a reader."""

from __future__ import annotations

import os
import queue
import select
import threading
from typing import Final, TextIO

from cmi_gui.commands.output import is_reader_gone
from cmi_gui.engine.messages import printable

MOST_WAITING: Final = 1000
"""Maximum number of waiting lines; further lines are dropped unless the caller waits."""
FLUSH_SECONDS: Final = 0.5
"""Seconds that the end of the program waits for a slow reader."""


class Outlet:
    """A writer of lines to a stream, in a thread of its own.

    If the stream accepts no more (a pipe without a reader, a full disk, a closed terminal), the lines are lost.
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
        """Queue a line; may be called from any thread. If the queue is full, drop the line or, with `wait`, wait."""
        with self._written:
            self._left += 1
        try:
            self._lines.put(printable(line), block=wait)
        except queue.Full:
            with self._written:
                self._left -= 1

    def settle(self, seconds: float = FLUSH_SECONDS) -> OSError | None:
        """Wait until all lines are written; return the error of the last line, or None."""
        with self._written:
            self._written.wait_for(lambda: not self._left, seconds)
            return self._error

    def _write_all(self) -> None:
        closed = False
        while True:
            line = self._lines.get()
            try:
                if not closed:
                    self._write(line)
                    self._error = None
            except OSError as error:
                self._error = error
                closed = is_reader_gone(error)
            with self._written:
                self._left -= 1
                self._written.notify_all()

    def _write(self, line: str) -> None:
        data = f"{line}{os.linesep}".encode(self._stream.encoding, "backslashreplace")
        raw = getattr(self._stream.buffer, "raw", self._stream.buffer)
        while data:
            taken = raw.write(data)
            if taken is None:
                # Another program that shares the stream has made it non-blocking.
                select.select([], [raw], [])
            else:
                data = data[taken:]
