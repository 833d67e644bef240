"""Control lines of a served station from a socket on the loopback interface."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final

from cmi_gui.commands.control import CHUNK, Answerer, LineSplitter
from cmi_gui.engine.link.tcp import TCP, tcp_url
from cmi_gui.engine.link.url import parse_link
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.messages import Message
from cmi_gui.engine.room.operator import is_control_line

MAX_CONNECTIONS: Final = 8
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_NO_TEXT: Final = re.compile(rb"[\0-\x08\x0e-\x1f\x7f]")
_TYPED: Final = re.compile(rb"[a-z][ -~]*\r?")
"""A line that may be a control line with a typing error; any other line belongs to another protocol."""

Report = Callable[[str, Message], None]
"""A callback that prints a report: a stable code, and a sentence."""


@dataclass(slots=True)
class _Client:
    """A connection, and the time at which data was last received from it."""

    writer: asyncio.StreamWriter
    received_at: float


class _Server:
    """A server of control lines that carries out one line per turn of the loop.

    A page in a browser can post to loopback, so a connection is closed at the first line that is not a control line.
    """

    def __init__(self, answerer: Answerer, report: Report) -> None:
        self._answerer = answerer
        self._report = report
        self._turn = asyncio.Lock()
        self._clients: dict[asyncio.Task[None], _Client] = {}

    def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a new connection; if there are too many, close the one that was idle longest."""
        connected = [client for client in self._clients.values() if not client.writer.is_closing()]
        if len(connected) >= MAX_CONNECTIONS:
            min(connected, key=lambda client: client.received_at).writer.transport.abort()
            message = Message(
                "control lines: {0} connections are open; the one that was idle longest was closed",
                (MAX_CONNECTIONS,),
            )
            self._report("control_gave_way", message)
        client = _Client(writer, time.monotonic())
        # Not asyncio's own task, because asyncio logs a traceback if that is cancelled.
        task = asyncio.get_running_loop().create_task(self._serve(reader, client))
        self._clients[task] = client
        task.add_done_callback(self._clients.__delitem__)

    async def _serve(self, reader: asyncio.StreamReader, client: _Client) -> None:
        writer = client.writer
        with contextlib.suppress(OSError):
            if not await self._answer_all(reader, client):
                self._report(
                    "control_refused",
                    Message("control lines: a connection was closed because it sent something else"),
                )
            writer.close()
            await writer.wait_closed()

    async def _answer_all(self, reader: asyncio.StreamReader, client: _Client) -> bool:
        """Answer lines until the end of the connection. Return False at the first line that is not a control line."""
        splitter = LineSplitter()
        while data := await reader.read(CHUNK):
            client.received_at = time.monotonic()
            if _NO_TEXT.search(data):
                return False
            for line in splitter.feed(data):
                if not await self._answer(line, client.writer):
                    return False
            if splitter.too_long:
                return False
        return True

    async def _answer(self, line: bytes, writer: asyncio.StreamWriter) -> bool:
        """Carry out a line in its turn. Return False if it is not a control line; a mistyped one is answered."""
        good = is_control_line(line.decode("utf-8", "backslashreplace"))
        answered: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        async with self._turn:
            if good or _TYPED.fullmatch(line):
                self._answerer.answer(line, answered.set_result)
            else:
                answered.set_result(None)
            # Let the loop run between lines, even if many are waiting.
            await asyncio.sleep(0)
        answer = await answered
        if answer is not None:
            writer.write(answer.encode() + b"\n")
            await writer.drain()
        return good

    async def close(self) -> None:
        """Close all connections and wait until they have ended."""
        for client in self._clients.values():
            client.writer.transport.abort()
        await asyncio.gather(*self._clients, return_exceptions=True)


@contextlib.asynccontextmanager
async def control_socket(link: str, answerer: Answerer, report: Report) -> AsyncIterator[str]:
    """Serve control lines on `tcp://127.0.0.1:PORT` (port 0: any free one) and yield the address in use.

    Raises LinkError for an address that is not on the loopback interface: any client of the socket can operate the
    module and the meter wired to it.
    """
    spec = parse_link(link)
    if spec.kind is not TCP or (spec.host or _LOOPBACK[0]) not in _LOOPBACK:
        message = Message("control lines are accepted on loopback only (tcp://127.0.0.1:PORT), not on {0}", (link,))
        raise LinkError("bad_link", message)
    control_server = _Server(answerer, report)
    try:
        server = await asyncio.start_server(control_server.connected, spec.host or _LOOPBACK[0], spec.port)
    except OSError as error:
        message = Message("cannot accept control lines on {0}: {1}", (link, error.strerror or str(error)))
        raise LinkError("port_in_use", message) from None
    try:
        yield tcp_url(*server.sockets[0].getsockname()[:2])
    finally:
        server.close()
        await control_server.close()
