"""Control lines of a served station from a socket on the loopback interface."""

from __future__ import annotations

import asyncio
import contextlib
import re
import selectors
import socket
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from cmi_gui.commands.control import CHUNK, Answerer, LineSplitter
from cmi_gui.commands.control_token import gives_token
from cmi_gui.engine.link.tcp import TCP, tcp_url
from cmi_gui.engine.link.url import parse_link
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.mbus.render import json_text
from cmi_gui.engine.messages import Message
from cmi_gui.engine.room.event_json import event_json
from cmi_gui.engine.room.line import LineResult
from cmi_gui.engine.room.operator import is_control_line

MAX_CONNECTIONS: Final = 8
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_PAUSE: Final = 0.05
"""Seconds until the next attempt if a connection cannot be accepted, for example because no descriptors are left."""
_NO_TEXT: Final = re.compile(rb"[\0-\x08\x0e-\x1f\x7f]")
_TYPED: Final = re.compile(rb"[a-z][ -~]*\r?")
"""A line that may be a control line with a typing error; any other line belongs to another protocol."""

Report = Callable[[str, Message], None]
"""A callback that prints a report: a stable code, and a sentence."""


_NO_TOKEN: Final = Message("this connection must begin with `token` and the control token; it was closed")


@dataclass(slots=True)
class _Client:
    """A connection. `received_at`: when data was last received; `trusted`: it may send control lines.

    `closed`: ends with the connection.
    """

    writer: asyncio.StreamWriter
    received_at: float
    trusted: bool
    closed: asyncio.Task[None]
    wants_events: bool = False
    events: asyncio.Task[None] | None = None

    def request_events(self) -> None:
        """Have events sent from the next answer on."""
        self.wants_events = True


class _Server:
    """A server of control lines that carries out one line per turn of the loop.

    A page in a browser can post to loopback, so a connection is closed at the first line that is not a control line.
    With a `token`, a connection that does not begin with it is closed, and one that does may send wrong lines.
    """

    def __init__(self, answerer: Answerer, report: Report, token: bytes | None) -> None:
        self._answerer = answerer
        self._report = report
        self._token = token
        self._turn = asyncio.Lock()
        self._clients: dict[asyncio.Task[None], _Client] = {}

    def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a new connection; if there are too many, close the one that was idle longest."""
        connected = [client for client in self._clients.values() if not client.writer.is_closing()]
        if len(connected) >= MAX_CONNECTIONS:
            # A connection without the token must not displace one that has given it.
            idle = min(connected, key=lambda client: (client.trusted, client.received_at))
            idle.writer.transport.abort()
            message = Message(
                "control lines: {0} connections are open; the one that was idle longest was closed",
                (MAX_CONNECTIONS,),
            )
            self._report("control_gave_way", message)
        loop = asyncio.get_running_loop()
        client = _Client(writer, time.perf_counter(), self._token is None, loop.create_task(_closed(writer)))
        # Not asyncio's own task, because asyncio logs a traceback if that is cancelled.
        task = loop.create_task(self._serve(reader, client))
        self._clients[task] = client
        task.add_done_callback(self._clients.__delitem__)

    async def _serve(self, reader: asyncio.StreamReader, client: _Client) -> None:
        try:
            with contextlib.suppress(OSError):
                refusal = await self._answer_all(reader, client)
                if refusal is not None:
                    self._report("control_refused", refusal)
                elif client.events is not None:
                    # The client may have closed only its own direction.
                    await asyncio.wait((client.events, client.closed), return_when=asyncio.FIRST_COMPLETED)
        finally:
            if client.events is not None:
                client.events.cancel()
            client.writer.close()
            await client.closed

    async def _answer_all(self, reader: asyncio.StreamReader, client: _Client) -> Message | None:
        """Answer lines until the end of the connection, or the reason to close it; return that reason or None."""
        something_else = Message("control lines: a connection was closed because it sent something else")
        splitter = LineSplitter()
        while data := await reader.read(CHUNK):
            client.received_at = time.perf_counter()
            if _NO_TEXT.search(data):
                return something_else
            for line in splitter.feed(data):
                if not client.trusted and not self._give_trust(line, client):
                    return Message("control lines: a connection was closed because it did not give the token")
                if not await self._answer(line, client):
                    return something_else
            if splitter.too_long:
                return something_else
        return None

    def _give_trust(self, line: bytes, client: _Client) -> bool:
        """Trust a connection whose first line is the token; any other is answered with the reason."""
        client.trusted = self._token is not None and gives_token(line, self._token)
        if not client.trusted:
            answer = self._answerer.shown(LineResult(ok=False, code="control_token", message=_NO_TOKEN))
            client.writer.write(answer.encode() + b"\n")
        return client.trusted

    async def _answer(self, line: bytes, client: _Client) -> bool:
        """Carry out a line in its turn. Return False if the connection is to be closed; a mistyped line is answered."""
        good = self._token is not None or is_control_line(line.decode("utf-8", "backslashreplace"))
        if not good and not _TYPED.fullmatch(line):
            return False
        answered: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        async with self._turn:
            pending = self._answerer.answer(line, partial(_set_result, answered), client.request_events)
            # Let the loop run between lines, even if many are waiting.
            await asyncio.sleep(0)
        if pending is not None:
            await asyncio.wait((answered, client.closed), return_when=asyncio.FIRST_COMPLETED)
            if not answered.done():
                pending.cancel()
                raise ConnectionAbortedError
        answer = await answered
        if answer is not None:
            client.writer.write(answer.encode() + b"\n")
            await client.writer.drain()
        if client.wants_events and client.events is None:
            client.events = asyncio.get_running_loop().create_task(self._send_events(client.writer))
        return good

    async def _send_events(self, writer: asyncio.StreamWriter) -> None:
        """Send the events of the station until the connection is closed; if it is slow, some are dropped."""
        station, news = self._answerer.station, asyncio.Event()
        subscription = station.subscribe(wake=news.set)
        try:
            with contextlib.suppress(OSError):
                while not writer.is_closing():
                    await news.wait()
                    news.clear()
                    for stamped in subscription.drain():
                        writer.write(json_text(event_json(stamped, station.anchor)).encode() + b"\n")
                        await writer.drain()
        finally:
            subscription.close()

    async def close(self) -> None:
        """Close all connections and wait until they have ended."""
        for client in self._clients.values():
            client.writer.transport.abort()
        await asyncio.gather(*self._clients, return_exceptions=True)


def _set_result(answered: asyncio.Future[str | None], answer: str | None) -> None:
    # A connection that was closed no longer takes the answer.
    if not answered.done():
        answered.set_result(answer)


async def _accept(listener: socket.socket, woken: socket.socket, server: _Server) -> None:
    """Accept connections until `woken` can be read.

    asyncio's own server closes its listener on Windows if a client resets a connection that was not accepted yet
    (python/cpython#93821), so a thread waits for connections.
    """
    loop = asyncio.get_running_loop()
    with selectors.DefaultSelector() as selector:
        for each in (listener, woken):
            selector.register(each, selectors.EVENT_READ)
        while woken not in [key.fileobj for key, _ in await loop.run_in_executor(None, selector.select)]:
            try:
                accepted, _ = listener.accept()
                server.connected(*await asyncio.open_connection(sock=accepted))
            except OSError:
                await asyncio.sleep(_PAUSE)


async def _closed(writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        await writer.wait_closed()


@contextlib.asynccontextmanager
async def control_socket(
    link: str, answerer: Answerer, report: Report, token: bytes | None = None
) -> AsyncIterator[str]:
    """Serve control lines on `tcp://127.0.0.1:PORT` (port 0: any free one) and yield the address in use.

    With a `token` each connection must begin with it.

    Raises LinkError for an address that is not on the loopback interface: any client of the socket can operate the
    module and the meter wired to it.
    """
    spec = parse_link(link)
    if spec.kind is not TCP or (spec.host or _LOOPBACK[0]) not in _LOOPBACK:
        message = Message("control lines are accepted on loopback only (tcp://127.0.0.1:PORT), not on {0}", (link,))
        raise LinkError("bad_link", message)
    control_server = _Server(answerer, report, token)
    family, host = (socket.AF_INET6, spec.host) if ":" in spec.host else (socket.AF_INET, _LOOPBACK[0])
    try:
        listener = socket.create_server((host, spec.port), family=family)
    except OSError as error:
        message = Message("cannot accept control lines on {0}: {1}", (link, error.strerror or str(error)))
        raise LinkError("port_in_use", message) from None
    listener.setblocking(False)
    woken, waker = socket.socketpair()
    with listener, woken, waker:
        accepting = asyncio.create_task(_accept(listener, woken, control_server))
        try:
            yield tcp_url(*listener.getsockname()[:2])
        finally:
            waker.send(b"\0")
            try:
                await accepting
            finally:
                await control_server.close()
