"""Control lines of a served station: each gets one line of answer. Here those that come on standard input."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.mbus.render import Json, json_text
from cmi_gui.engine.station.control_lines import MAX_LINE, ControlError, control
from cmi_gui.engine.station.station import Station

CHUNK = 4096


class Answerer:
    """Carries out control lines on a station and words the answer: with `json` an object, else `ok` or `error: ...`."""

    def __init__(self, station: Station, *, json: bool) -> None:
        self._station = station
        self._json = json

    def answer(self, line: bytes) -> str | None:
        """The answer to one line, without a line feed; None where the line asks for nothing."""
        try:
            told = control(self._station, line.decode("utf-8", "backslashreplace"))
        except ControlError as error:
            message = " ".join(str(error).split())
            failure: dict[str, Json] = {"ok": False, "error": error.code, "message": message}
            return json_text(failure) if self._json else f"error: {message}"
        if told is None:
            return None
        return json_text({"ok": True, **told}) if self._json else _in_words(told)


def _in_words(told: dict[str, Json]) -> str:
    """`ok`, or one line of name=value; the lines of `help` with semicolons between; a refusal as an error."""
    match told:
        case {"ok": False, "message": message}:
            return f"error: {message}"
        case {"lines": list(lines)}:
            return "; ".join(str(line) for line in lines)
        case {}:
            return " ".join(f"{name}={json_text(value)}" for name, value in told.items()) or "ok"


class LineSplitter:
    """Cuts bytes into lines. Of a line too long to be one, only as much is kept as shows that it is."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Take bytes; return the lines that are whole now, without their line feeds."""
        *lines, rest = (self._rest + data).split(b"\n")
        self._rest = rest[: MAX_LINE + 1]
        return lines

    @property
    def too_long(self) -> bool:
        """Whether what has come of the next line is no line any more."""
        return len(self._rest) > MAX_LINE

    def end(self) -> list[bytes]:
        """The last line may lack its end."""
        rest, self._rest = self._rest, b""
        return [rest] if rest else []


def read_standard_input(clock: Clock, answerer: Answerer, tell: Callable[[str], object]) -> None:
    """Begin to carry out what comes on standard input and to `tell` the answers; its end just ends that.

    `tell` is called in the thread that reads, so that who does not read the answers is not read either. The thread is a
    daemon and reads the descriptor itself: nothing can wake a blocked read of a terminal or pipe, and a buffered
    reader's lock would be held at the interpreter's end.
    """
    if sys.stdin is None or sys.stdin.closed:
        return
    try:
        descriptor = sys.stdin.fileno()
    except (OSError, ValueError):
        return
    if hasattr(signal, "SIGTTIN"):
        # In a shell's background a read of the terminal would stop the whole program; so it fails instead.
        signal.signal(signal.SIGTTIN, signal.SIG_IGN)

    def answered(line: bytes) -> str | None:
        """Have a line carried out by the loop, which has its turn after each, and wait for the answer."""
        answers: list[str | None] = []
        done = threading.Event()

        def carry_out() -> None:
            try:
                answers.append(answerer.answer(line))
            finally:
                done.set()

        clock.post(carry_out)
        done.wait()
        return answers[0] if answers else None

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
                    tell(answer)

    threading.Thread(target=read, name="control lines", daemon=True).start()
