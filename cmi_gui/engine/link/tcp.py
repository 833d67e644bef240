"""TCP links: a server that masters connect to, and a client for serial-to-TCP gateways.

Both carry bare bytes. TCP has no line speed; where the LINK names one (`?baud=`), the world beyond the socket is taken
to speak at it, and a machine that changes its own speed hears and reaches nobody until it comes back.
"""

from __future__ import annotations

import errno
import os
import selectors
import socket
import sys
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.link.kind import ANSWERS, BAUD, ECHO, FRAMING, PACED, LinkKind, Role, address_place
from cmi_gui.engine.link.port import CHUNK, POLL_SECONDS, Heard, Port, SelectingPort
from cmi_gui.engine.link.threaded import BACK_OFF_SECONDS, ThreadedLink
from cmi_gui.engine.link_protocol import Cap, Link, LinkError
from cmi_gui.engine.machine import Line, LineEvent
from cmi_gui.engine.messages import Message

if TYPE_CHECKING:
    from cmi_gui.engine.link.url import LinkSpec

LOOPBACK: Final = "127.0.0.1"
MAX_CONNECTIONS: Final = 8
CONNECT_SECONDS: Final = 5.0
PEERS_REMEMBERED: Final = 256
"""Turns of speaking for which an answer still finds its way; an answer leaves within one or two."""


def tcp_url(host: str, port: int, options: str = "") -> str:
    """The LINK of an address."""
    return f"tcp:{address_place(host, port)}{options}"


class _TcpLink(ThreadedLink):
    """One side of a TCP connection. `baud`: the speed of the world beyond the socket, where it has one."""

    usual_back_off: tuple[float, ...] = ()

    def __init__(
        self,
        clock: Clock,
        host: str,
        port: int,
        line: Line,
        *,
        baud: int | None = None,
        paced: bool = False,
        back_off: tuple[float, ...] | None = None,
        software_framing: bool = False,
    ) -> None:
        self._host = host or LOOPBACK
        self._port = port
        self._baud = baud
        self._options = _options(baud, paced)
        super().__init__(
            clock,
            tcp_url(self._host, port, self._options),
            line,
            caps=frozenset() if baud is None else frozenset({Cap.BAUD}),
            paced=paced,
            back_off=self.usual_back_off if back_off is None else back_off,
            software_framing=software_framing,
        )


class TcpServerLink(_TcpLink):
    """Listens; up to `MAX_CONNECTIONS` masters share it like a bus.

    An answer goes to the connection whose request it answers, and nowhere if that one is gone. A byte from another
    connection than the last speaker is announced by `LineEvent.PEER`. The link stays open while masters come and go.
    """

    def open_port(self, line: Line, stopping: threading.Event) -> Port:
        """Bind and listen; see `ThreadedLink`."""
        return _ServerPort(_listen(self._host, self._port), self._options, self._baud)


class TcpClientLink(_TcpLink):
    """Connects, and connects again when the other side goes away."""

    usual_back_off = BACK_OFF_SECONDS

    def open_port(self, line: Line, stopping: threading.Event) -> Port:
        """Connect; see `ThreadedLink`."""
        return _ClientPort(_connect(self._host, self._port, stopping), self.url, self._baud)


def _options(baud: int | None, paced: bool) -> str:
    options = [f"baud={baud}"] if baud is not None else []
    if paced:
        options.append("paced=1")
    return "?" + "&".join(options) if options else ""


_Address = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]


def _resolve(host: str, port: int, flags: int) -> list[tuple[int, _Address]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    except (socket.gaierror, UnicodeError) as error:
        raise no_host(host) from error
    return [(family, address) for family, _, _, _, address in found]


def _listen(host: str, port: int) -> socket.socket:
    family, address = _resolve(host, port, socket.AI_PASSIVE)[0]
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            # SO_REUSEADDR would let two programs share the port there.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(MAX_CONNECTIONS)
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        raise _cannot_listen(host, port, error) from error
    return listener


def first_free_port(host: str, first: int, tries: int = 100) -> int:
    """The first port from `first` on where one can listen now. Raises LinkError where none of `tries` is free."""
    for port in range(first, min(first + tries, 65536)):
        try:
            _listen(host, port).close()
        except LinkError as error:
            if error.code != "port_in_use" or port + 1 == first + tries:
                raise
        else:
            return port
    raise LinkError("port_in_use", Message("No port from {0} on is free on {1}.", (first, host)))


def _cannot_listen(host: str, port: int, error: OSError) -> LinkError:
    where = tcp_url(host, port)
    # Windows reports an address held exclusively by another program as EACCES (10013).
    if error.errno == errno.EADDRINUSE or (sys.platform == "win32" and error.errno == errno.EACCES):
        message = Message(
            "Port {0} on {1} is in use by another program; close that one or listen on another port, for example {2}.",
            (port, host, tcp_url(host, port + 1 if port < 65535 else 10001)),
        )
        return LinkError("port_in_use", message)
    if error.errno == errno.EACCES:
        return LinkError("not_allowed", Message("This user may not listen on {0}; take a port above 1023.", (where,)))
    if error.errno == errno.EADDRNOTAVAIL:
        message = Message("{0} is no address of this computer; 127.0.0.1 and 0.0.0.0 always are.", (host,))
        return LinkError("no_address", message)
    return LinkError("io", Message("Cannot listen on {0}: {1}.", (where, error.strerror or str(error))))


def _connect(host: str, port: int, stopping: threading.Event) -> socket.socket:
    """Try each address of the host in turn; raises the LinkError of the last one."""
    failure = no_host(host)
    for family, address in _resolve(host, port, 0):
        connection = socket.socket(family, socket.SOCK_STREAM)
        connection.setblocking(False)
        try:
            code = _wait_connected(connection, connection.connect_ex(address), stopping)
        except BaseException:
            connection.close()
            raise
        if code == 0:
            _prepare(connection)
            return connection
        connection.close()
        failure = cannot_connect(tcp_url(host, port), code)
    raise failure


def _wait_connected(connection: socket.socket, code: int, stopping: threading.Event) -> int:
    """Returns 0 once connected, or the error number."""
    give_up = time.monotonic() + CONNECT_SECONDS
    with selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_WRITE)
        while code in (errno.EINPROGRESS, errno.EWOULDBLOCK):  # the second one is Windows' word for it
            if stopping.is_set() or time.monotonic() > give_up:
                return errno.ETIMEDOUT
            if selector.select(POLL_SECONDS / 2):
                code = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    return code


def no_host(host: str) -> LinkError:
    """A name that leads nowhere."""
    return LinkError("no_host", Message("There is no host {0}; check the name or give its address.", (host,)))


def gone(url: str) -> LinkError:
    """The other side has closed the connection."""
    return LinkError("gone", Message("{0} has closed the connection.", (url,)))


def cannot_connect(where: str, code: int) -> LinkError:
    """Why a connection to `where` did not come about; `code` is the system's error number."""
    if code == errno.ECONNREFUSED:
        return LinkError("refused", Message("Nobody listens on {0}; start the other side or check the port.", (where,)))
    if code == errno.ETIMEDOUT:
        message = Message("{0} does not answer; check the address, the cable and the firewall.", (where,))
        return LinkError("no_answer", message)
    if code in (errno.EHOSTUNREACH, errno.ENETUNREACH):
        return LinkError("unreachable", Message("There is no way to {0}; check the network.", (where,)))
    return LinkError("io", Message("Cannot connect to {0}: {1}.", (where, os.strerror(code))))


def _prepare(connection: socket.socket) -> None:
    """Small telegrams leave at once, and a peer that has vanished is found out in the end."""
    connection.setblocking(False)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)


class _TcpPort(SelectingPort):
    """What server and client share."""

    def __init__(self, url: str, baud: int | None) -> None:
        super().__init__(url)
        self._baud = baud

    def peer_baud(self) -> int | None:
        return self._baud


class _ServerPort(_TcpPort):
    def __init__(self, listener: socket.socket, options: str, baud: int | None) -> None:
        host, port = listener.getsockname()[:2]
        super().__init__(tcp_url(host, port, options), baud)
        self._listener = listener
        self._selector.register(listener, selectors.EVENT_READ)
        self._connections: set[socket.socket] = set()
        self._speaker: socket.socket | None = None
        # Speakers by their number; None stands for one that is gone.
        self._peers: dict[int, socket.socket | None] = {}
        self._number = -1
        self._target: socket.socket | None = None
        # The writer thread sends on a socket that the reader thread may want to close.
        self._lock = threading.Lock()

    def read(self) -> Sequence[Heard]:
        heard: list[Heard] = []
        for key, _ in self._selector.select(POLL_SECONDS):
            if key.fileobj is self._listener:
                self._accept()
            elif key.fileobj in self._connections:
                heard += self._receive(key.fileobj)
        return heard

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except (BlockingIOError, InterruptedError, ConnectionError):
            return  # the master has changed its mind
        except OSError:
            # No descriptors left: the listener stays ready, so wait instead of asking again at once.
            self._woken.wait(POLL_SECONDS)
            return
        if len(self._connections) >= MAX_CONNECTIONS:
            connection.close()
            return
        _prepare(connection)
        self._connections.add(connection)
        self._selector.register(connection, selectors.EVENT_READ)

    def _receive(self, connection: socket.socket) -> list[Heard]:
        try:
            data = connection.recv(CHUNK)
        except (BlockingIOError, InterruptedError):
            return []
        except OSError:
            data = b""
        if not data:
            self._drop(connection)
            return []
        if connection is self._speaker:
            return [data]
        self._speaker = connection
        with self._lock:
            self._number += 1
            self._peers[self._number] = connection
            self._peers.pop(self._number - PEERS_REMEMBERED, None)
        return [LineEvent.PEER, data] if self._number else [data]

    def _drop(self, connection: socket.socket) -> None:
        self._selector.unregister(connection)
        self._connections.discard(connection)
        if self._speaker is connection:
            self._speaker = None
        with self._lock:
            self._forget(connection)
            connection.close()

    def _forget(self, connection: socket.socket | None) -> None:
        """Nothing more is for this connection; the lock is held."""
        if self._target is connection:
            self._target = None
        self._peers = {number: None if known is connection else known for number, known in self._peers.items()}

    def turn_to(self, peer: int) -> None:
        with self._lock:
            self._target = self._peers.get(peer)

    def write(self, data: bytes) -> int:
        with self._lock:
            if self._target is None:
                return len(data)  # as on a bus with nobody listening
            try:
                return self._target.send(data)
            except (BlockingIOError, InterruptedError):
                pass  # wait without the lock: the reader thread may want to close a connection
            except OSError:
                return len(data)  # it is gone; the reader thread will find out too
        return self._try_later()

    def stalled(self) -> None:
        """The master does not read: it alone is in the way, so it alone is cut off."""
        with self._lock:
            if self._target is not None:
                self._target.shutdown(socket.SHUT_RDWR)
                self._forget(self._target)

    def close(self) -> None:
        for connection in self._connections:
            connection.close()
        self._listener.close()
        super().close()


class _ClientPort(_TcpPort):
    def __init__(self, connection: socket.socket, url: str, baud: int | None) -> None:
        super().__init__(url, baud)
        self._connection = connection
        self._selector.register(connection, selectors.EVENT_READ)

    def read(self) -> Sequence[Heard]:
        for key, _ in self._selector.select(POLL_SECONDS):
            if key.fileobj is self._connection:
                return self._receive()
        return ()

    def _receive(self) -> Sequence[Heard]:
        try:
            data = self._connection.recv(CHUNK)
        except (BlockingIOError, InterruptedError):
            return ()
        except OSError as error:
            raise gone(self.url) from error
        if not data:
            raise gone(self.url)
        return (data,)

    def write(self, data: bytes) -> int:
        try:
            return self._connection.send(data)
        except (BlockingIOError, InterruptedError):
            return self._try_later()
        except OSError as error:
            raise gone(self.url) from error

    def close(self) -> None:
        self._connection.close()
        super().close()


def _make(spec: LinkSpec, clock: Clock, role: Role, line: Line) -> Link:
    if role == "connect" and spec.port == 0:
        raise TCP.wrong(str(spec), Message("port 0 is only for listening"))
    made = TcpServerLink if role == "listen" else TcpClientLink
    software = spec.framing == "software"
    return made(clock, spec.host, spec.port, line, baud=spec.baud, paced=spec.paced, software_framing=software)


TCP: Final = LinkKind(
    "tcp",
    "tcp://HOST:PORT, for example tcp://127.0.0.1:10001",
    (BAUD, PACED, ECHO, FRAMING, *ANSWERS),
    LinkKind.address,
    _make,
    address_place,
    network=True,
    # The bytes of a wire come from a port that is there already.
    listen_role="connect",
    heals=frozenset({"connect"}),
)
