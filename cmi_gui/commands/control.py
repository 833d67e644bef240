"""Control lines of a served station, each answered with one line; this module reads them from standard input."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.mbus.render import Json, json_text
from cmi_gui.engine.room.line import MAX_LINE, LineResult, Pending, Services, has_command
from cmi_gui.engine.room.operator import Operator
from cmi_gui.engine.station.metering_point import MeteringPoint
from cmi_gui.engine.station.station import Station

CHUNK = 4096


class Answerer:
    """An executor of control lines on a station; the answers are objects with `json`, else `ok` or `error: ...`.

    `diagnose`: returns the diagnosis of a module, for the line of that name.
    """

    def __init__(
        self, station: Station, *, json: bool, diagnose: Callable[[MeteringPoint], Json] | None = None
    ) -> None:
        self.station = station
        self._diagnose = diagnose
        self._json = json

    def answer(
        self, line: bytes, on_answer: Callable[[str | None], object], stream: Callable[[], object] | None = None
    ) -> Pending | None:
        """Carry out one line; call `on_answer` with the answer without a line feed, once, at once or later.

        The answer is None for a line without a command. A line that waits is returned. `stream`: begins to send events
        to the sender of the line.
        """
        text = line.decode("utf-8", "backslashreplace")
        if not has_command(text):
            on_answer(None)
            return None
        operator = Operator(self.station, Services(self._diagnose, stream))
        return operator.start(text, lambda result: on_answer(self.shown(result)))

    def shown(self, result: LineResult) -> str:
        """Return a result as an answer."""
        if result.ok:
            return json_text({"ok": True, **result.values}) if self._json else _in_words(result.values)
        message = " ".join(str(result.message).split())
        failure: dict[str, Json] = {"ok": False, "error": result.code, "message": message}
        return json_text(failure) if self._json else f"error: {message}"


def _in_words(values: dict[str, Json]) -> str:
    """Return `ok`, or one line of name=value; the lines and quantities of `help` joined by semicolons."""
    match values:
        case {"lines": list(lines), "quantities": list(quantities)}:
            return "; ".join(map(str, (*lines, *quantities)))
        case {}:
            return " ".join(f"{name}={json_text(value)}" for name, value in values.items()) or "ok"


class LineSplitter:
    """A splitter of bytes into lines. Of a line that is too long, only enough is stored to recognise that."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Process bytes; return the lines that are complete now, without their line feeds."""
        *lines, rest = (self._rest + data).split(b"\n")
        self._rest = rest[: MAX_LINE + 1]
        return lines

    @property
    def too_long(self) -> bool:
        """True if the unfinished line is already longer than a control line may be."""
        return len(self._rest) > MAX_LINE

    def end(self) -> list[bytes]:
        """Return the last line, which may lack its line feed."""
        rest, self._rest = self._rest, b""
        return [rest] if rest else []


def read_standard_input(clock: Clock, answerer: Answerer, on_answer: Callable[[str], object]) -> None:
    """Start a thread that carries out lines from standard input until its end, and passes the answers to `on_answer`.

    `on_answer` is called in that thread, so that no more lines are read while the answers are not read. The thread is a
    daemon and reads the descriptor itself, because nothing can wake a blocked read of a terminal or pipe, and the lock
    of a buffered reader would be held at the end of the interpreter.
    """
    if sys.stdin is None or sys.stdin.closed:
        return
    try:
        descriptor = sys.stdin.fileno()
    except (OSError, ValueError):
        return
    if hasattr(signal, "SIGTTIN"):
        # In the background of a shell, reading the terminal would stop the program; with this it fails instead.
        signal.signal(signal.SIGTTIN, signal.SIG_IGN)

    def answered(line: bytes) -> str | None:
        """Carry out one line on the loop, which runs other work meanwhile; return the answer."""
        answers: SimpleQueue[str | None] = SimpleQueue()
        clock.post(lambda: answerer.answer(line, answers.put))
        return answers.get()

    def read() -> None:
        splitter = LineSplitter()
        data = b"more"
        while data:
            try:
                data = os.read(descriptor, CHUNK)
            except OSError:
                data = b""
            for line in splitter.feed(data) if data else splitter.end():
                answer = answered(line)
                if answer is not None:
                    on_answer(answer)

    threading.Thread(target=read, name="control lines", daemon=True).start()
