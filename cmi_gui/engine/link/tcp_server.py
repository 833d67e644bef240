"""The port of a TCP server: the connections of up to eight masters, which share it like a bus."""

# ruff: noqa: D102 - `Port` has these docstrings.
from __future__ import annotations

import selectors
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from cmi_gui.engine.link.pace import Pace
from cmi_gui.engine.link.port import POLL_SECONDS, STALL_SECONDS, PortItem, SelectingPort
from cmi_gui.engine.link_protocol import LinkNotice
from cmi_gui.engine.machine import LineEvent
from cmi_gui.engine.messages import Message

MAX_CONNECTIONS: Final = 8
TURN_BYTES: Final = 320
"""The maximum number of bytes read from one connection before the next one is read; the longest telegram has 261."""
MAX_PEERS: Final = 256
"""The number of last changes of sender to which an answer can still be assigned; it leaves within one or two."""
MAX_HELD: Final = 1024
"""The maximum number of bytes held of a connection until it is known whether a master has opened it; older ones are
dropped."""

Judge = Callable[[bytes], Message | bool]
"""A function that judges the first bytes of a connection: True, it is accepted; False, more bytes are needed; a
message: it is refused, and this is what the bytes are instead."""


def prepare(connection: socket.socket) -> None:
    """Set up a socket: non-blocking, small telegrams leave at once, a vanished peer is detected by keep-alive."""
    connection.setblocking(False)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)


@dataclass(slots=True, eq=False)
class _Connection:
    """One connection of the server.

    `active_at`: the time when it last sent bytes, or was accepted. `held`: its first bytes until the judge accepts it,
    then None. `paused`: it is not read for now, because it sent too much. `unsent`: the rest of an answer, of which it
    has taken nothing since `unsent_since`.
    """

    socket: socket.socket
    host: str
    active_at: float
    held: bytes | None
    pace: Pace = field(default_factory=Pace)
    paused: bool = False
    unsent: bytes = b""
    unsent_since: float = 0.0


class ServerPort(SelectingPort):
    """A port that accepts connections on `listener`.

    An answer goes to the connection whose request it answers, and is dropped if that one is closed or does not read.
    A connection beyond `MAX_CONNECTIONS` replaces the one that was silent longest.

    With `judge`, connections are not trusted: the bytes of a connection are delivered only after `judge` has accepted
    its beginning, a refused one is closed, and each is read no faster than its share of what a bus can carry.
    """

    def __init__(self, listener: socket.socket, url: str, baud: int | None, judge: Judge | None = None) -> None:
        super().__init__(url, baud)
        self._listener = listener
        self._judge = judge
        self._selector.register(listener, selectors.EVENT_READ)
        self._connections: dict[socket.socket, _Connection] = {}
        self._last_sender: _Connection | None = None
        # The open connections by their number as a sender.
        self._peers: dict[int, _Connection] = {}
        self._number = -1
        self._target: _Connection | None = None
        # The writer thread must not send on a socket while the reader thread closes it.
        self._lock = threading.Lock()

    # The reader thread

    def read(self) -> Sequence[PortItem]:
        received: list[PortItem] = []
        for key, _ in self._select(self._resume()):
            if key.fileobj is self._listener:
                received += self._accept()
            elif isinstance(key.fileobj, socket.socket) and (connection := self._connections.get(key.fileobj)):
                received += self._receive(connection)
        self._send_unsent()
        return received

    def _resume(self) -> float:
        """Resume connections whose pause is over; return the seconds until the next one's ends, at most a poll's."""
        now, wait = time.perf_counter(), POLL_SECONDS
        for connection in self._connections.values():
            if connection.paused and connection.pace.free_at <= now:
                connection.paused = False
                self._selector.register(connection.socket, selectors.EVENT_READ)
            elif connection.paused:
                wait = min(wait, connection.pace.free_at - now)
        return wait

    def _accept(self) -> list[PortItem]:
        try:
            accepted, address = self._listener.accept()
        except (BlockingIOError, InterruptedError, ConnectionError):
            return []  # the master has closed the connection already
        except OSError:
            # No descriptors are left: the listener stays ready, so without a wait this would spin.
            self._woken.wait(POLL_SECONDS)
            return []
        notices: list[PortItem] = []
        if len(self._connections) >= MAX_CONNECTIONS:
            silent = min(self._connections.values(), key=lambda connection: connection.active_at)
            self._drop(silent)
            message = Message(
                "{0}: {1} connections are open, so the one from {2}, which had been silent longest, was closed for a"
                " new one from {3}",
                (self.url, MAX_CONNECTIONS, silent.host, address[0]),
            )
            notices.append(LinkNotice("connection_gave_way", message))
        prepare(accepted)
        held = None if self._judge is None else b""
        self._connections[accepted] = _Connection(accepted, str(address[0]), time.perf_counter(), held)
        self._selector.register(accepted, selectors.EVENT_READ)
        return notices

    def _receive(self, connection: _Connection) -> list[PortItem]:
        try:
            data = connection.socket.recv(TURN_BYTES)
        except (BlockingIOError, InterruptedError):
            return []
        except OSError:
            data = b""
        if not data:
            self._drop(connection)
            return []
        connection.active_at = now = time.perf_counter()
        if self._judge is not None:
            connection.pace.count(len(data), now, len(self._connections))
            if connection.pace.free_at > now:
                connection.paused = True
                self._selector.unregister(connection.socket)
            if connection.held is not None:
                data = connection.held + data
                verdict = self._judge(data)
                if isinstance(verdict, Message):
                    return [self._refuse(connection, verdict)]
                connection.held = None if verdict else data[-MAX_HELD:]
                if not verdict:
                    return []
        if connection is self._last_sender:
            return [data]
        self._last_sender = connection
        with self._lock:
            self._number += 1
            self._peers[self._number] = connection
            self._peers.pop(self._number - MAX_PEERS, None)
        return [LineEvent.PEER, data] if self._number else [data]

    def _refuse(self, connection: _Connection, begins_with: Message) -> LinkNotice:
        self._drop(connection)
        message = Message(
            "{0}: a connection from {1} was closed, because it began with {2} and not with a telegram",
            (self.url, connection.host, begins_with),
        )
        return LinkNotice("connection_refused", message)

    def _drop(self, connection: _Connection) -> None:
        if not connection.paused:
            self._selector.unregister(connection.socket)
        del self._connections[connection.socket]
        if self._last_sender is connection:
            self._last_sender = None
        with self._lock:
            if self._target is connection:
                self._target = None
            self._peers = {number: peer for number, peer in self._peers.items() if peer is not connection}
            connection.socket.close()

    def _send_unsent(self) -> None:
        """Send what connections have not taken yet; close those that took nothing for `STALL_SECONDS`."""
        for connection in [each for each in self._connections.values() if each.unsent]:
            with self._lock:
                self._send(connection)
            if connection.unsent and time.perf_counter() - connection.unsent_since > STALL_SECONDS:
                self._drop(connection)

    # The writer thread

    def select_peer(self, peer: int) -> None:
        with self._lock:
            self._target = self._peers.get(peer)

    def write(self, data: bytes) -> int:
        """Take all bytes, so that a master that does not read delays no other; what it does not take is lost to it."""
        with self._lock:
            connection = self._target
            if connection is not None:
                self._send(connection)
                if not connection.unsent:
                    connection.unsent, connection.unsent_since = data, time.perf_counter()
                    self._send(connection, begins=True)
        return len(data)

    def _send(self, connection: _Connection, *, begins: bool = False) -> None:
        """Send what is unsent; the lock is held. An answer that `begins` and finds no room at all is dropped."""
        if not connection.unsent:
            return
        try:
            sent = connection.socket.send(connection.unsent)
        except (BlockingIOError, InterruptedError):
            sent = len(connection.unsent) if begins else 0
        except OSError:
            sent = len(connection.unsent)  # it is closed; the reader thread will detect that too
        if sent:
            connection.unsent, connection.unsent_since = connection.unsent[sent:], time.perf_counter()

    def close(self) -> None:
        for connection in self._connections:
            connection.close()
        self._listener.close()
        super().close()
