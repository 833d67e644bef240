"""How control lines reach a served station: standard input, and a socket on loopback. Each gets one line of answer."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable
from functools import partial

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.link.tcp import TCP
from cmi_gui.engine.link.url import parse_link
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.mbus.render import Json, json_text
from cmi_gui.engine.messages import Message
from cmi_gui.engine.station.control_lines import MAX_LINE, ControlError, control
from cmi_gui.engine.station.station import Station

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_CHUNK = 4096


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
            failure: dict[str, Json] = {"ok": False, "error": "bad_line", "message": message}
            return json_text(failure) if self._json else f"error: {message}"
        if told is None:
            return None
        return json_text({"ok": True, **told}) if self._json else _in_words(told)


def _in_words(told: dict[str, Json]) -> str:
    """`ok`, or one line of name=value; the lines of `help` with semicolons between."""
    match told:
        case {"lines": list(lines)}:
            return "; ".join(str(line) for line in lines)
        case {}:
            return " ".join(f"{name}={json_text(value)}" for name, value in told.items()) or "ok"


class _Splitter:
    """Cuts bytes into lines. Of a line too long to be one, only as much is kept as shows that it is."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        *lines, rest = (self._rest + data).split(b"\n")
        self._rest = rest[: MAX_LINE + 1]
        return lines

    def end(self) -> list[bytes]:
        """The last line may lack its end."""
        rest, self._rest = self._rest, b""
        return [rest] if rest else []


def read_standard_input(clock: Clock, answerer: Answerer, tell: Callable[[str], object]) -> None:
    """Begin to carry out what comes on standard input and to `tell` the answers; its end just ends that.

    The thread is a daemon and reads the descriptor itself: nothing can wake a blocked read of a terminal or pipe, and
    a buffered reader's lock would be held at the interpreter's end.
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

    def carry_out(lines: list[bytes], done: threading.Event) -> None:
        for line in lines:
            answer = answerer.answer(line)
            if answer is not None:
                tell(answer)
        done.set()

    def read() -> None:
        splitter = _Splitter()
        data = b"more"
        while data:
            try:
                data = os.read(descriptor, _CHUNK)
            except OSError:
                data = b""
            lines = splitter.feed(data) if data else splitter.end()
            # One portion at a time, or a large file would pile up in the loop.
            done = threading.Event()
            clock.post(partial(carry_out, lines, done))
            done.wait()

    threading.Thread(target=read, name="control lines", daemon=True).start()


@contextlib.asynccontextmanager
async def control_socket(link: str, answerer: Answerer) -> AsyncIterator[str]:
    """Serve control lines on `tcp://127.0.0.1:PORT` (0: any free one) and yield the address really in use.

    Raises LinkError for what is no address of this machine's own loopback: whoever reaches the socket operates the
    module, and the meter wired to it.
    """
    spec = parse_link(link)
    if spec.kind is not TCP or (spec.host or _LOOPBACK[0]) not in _LOOPBACK:
        message = Message("control lines are taken on loopback only, tcp://127.0.0.1:PORT, not {0}", (link,))
        raise LinkError("bad_link", message)
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        splitter = _Splitter()
        try:
            while data := await reader.read(_CHUNK):
                for line in splitter.feed(data):
                    # A page in a browser can post to loopback; what follows its header is not meant for us.
                    if b"HTTP/" in line:
                        return
                    answer = answerer.answer(line)
                    if answer is not None:
                        writer.write(answer.encode() + b"\n")
                await writer.drain()
        except OSError:
            return
        finally:
            writer.close()

    try:
        server = await asyncio.start_server(serve, spec.host or _LOOPBACK[0], spec.port)
    except OSError as error:
        message = Message("no control lines on {0}: {1}", (link, error.strerror or str(error)))
        raise LinkError("port_in_use", message) from None
    host, port = server.sockets[0].getsockname()[:2]
    try:
        yield f"tcp://[{host}]:{port}" if ":" in host else f"tcp://{host}:{port}"
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
