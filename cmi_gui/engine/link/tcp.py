"""TCP links: a server that masters connect to, and a client for serial-to-TCP gateways.

Both carry bare bytes. TCP has no line speed. If the LINK names one (`?baud=`), the other side is assumed to use it, and
a machine at another speed neither receives nor reaches it.
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
from cmi_gui.engine.iec62056.opening import judge_sign_on
from cmi_gui.engine.link.kind import ANSWERS, BAUD, ECHO, FRAMING, PACED, LinkKind, Role, network_location
from cmi_gui.engine.link.port import CHUNK, POLL_SECONDS, Port, PortItem, SelectingPort
from cmi_gui.engine.link.tcp_server import MAX_CONNECTIONS, Judge, ServerPort, prepare
from cmi_gui.engine.link.threaded import BACK_OFF_SECONDS, ThreadedLink
from cmi_gui.engine.link_protocol import Cap, Link, LinkError
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.opening import judge_opening
from cmi_gui.engine.messages import Message

if TYPE_CHECKING:
    from cmi_gui.engine.link.url import LinkSpec

LOOPBACK: Final = "127.0.0.1"
CONNECT_SECONDS: Final = 5.0
PORT_TRIES: Final = 100


def tcp_url(host: str, port: int, options: str = "") -> str:
    """Return the LINK of an address."""
    return f"tcp:{network_location(host, port)}{options}"


class _TcpLink(ThreadedLink):
    """One side of a TCP connection. `baud`: the speed of the other side in bit/s, if it has one."""

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
    """A server; up to `MAX_CONNECTIONS` masters share it like a bus (`ServerPort`).

    `LineEvent.PEER` precedes a byte from another connection than the one before. The link stays open while masters
    come and go. `judge`: as for `ServerPort`.
    """

    judge: Judge | None = None

    def open_port(self, line: Line, stopping: threading.Event) -> Port:
        """Bind and listen. Raises LinkError; see `ThreadedLink`."""
        listener = _listen(self._host, self._port)
        host, port = listener.getsockname()[:2]
        return ServerPort(listener, tcp_url(host, port, self._options), self._baud, self.judge)


class TcpClientLink(_TcpLink):
    """A client, which connects again when the connection is lost."""

    usual_back_off = BACK_OFF_SECONDS

    def open_port(self, line: Line, stopping: threading.Event) -> Port:
        """Connect. Raises LinkError; see `ThreadedLink`."""
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
            # On Windows SO_REUSEADDR would let two programs share the port.
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


def first_free_port(host: str, first: int) -> int:
    """Return the first port from `first` on that is free now.

    Raises LinkError: `port_in_use` if none of `PORT_TRIES` ports is free, or the first other error.
    """
    for port in range(first, min(first + PORT_TRIES, 65536)):
        try:
            _listen(host, port).close()
        except LinkError as error:
            if error.code != "port_in_use":
                raise
        else:
            return port
    raise LinkError("port_in_use", Message("No free port was found from {0} upwards on {1}.", (first, host)))


def _cannot_listen(host: str, port: int, error: OSError) -> LinkError:
    where = tcp_url(host, port)
    # Windows reports an address held exclusively by another program as EACCES (10013).
    if error.errno == errno.EADDRINUSE or (sys.platform == "win32" and error.errno == errno.EACCES):
        message = Message(
            "Port {0} on {1} is already in use; close the program that uses it, or use another port, for example {2}.",
            (port, host, tcp_url(host, port + 1 if port < 65535 else 10001)),
        )
        return LinkError("port_in_use", message)
    if error.errno == errno.EACCES:
        message = Message("You are not allowed to listen on {0}; use a port above 1023.", (where,))
        return LinkError("not_allowed", message)
    if error.errno == errno.EADDRNOTAVAIL:
        message = Message("{0} is not an address of this computer; use 127.0.0.1 or 0.0.0.0.", (host,))
        return LinkError("no_address", message)
    return LinkError("io", Message("Cannot listen on {0}: {1}.", (where, error.strerror or str(error))))


def _connect(host: str, port: int, stopping: threading.Event) -> socket.socket:
    """Connect to the first address of the host that accepts; raises the LinkError of the last one."""
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
            prepare(connection)
            return connection
        connection.close()
        failure = cannot_connect(tcp_url(host, port), code)
    raise failure


def _wait_connected(connection: socket.socket, code: int, stopping: threading.Event) -> int:
    """Return 0 once connected, or the error number; ETIMEDOUT after `CONNECT_SECONDS` or when `stopping` is set."""
    give_up = time.perf_counter() + CONNECT_SECONDS
    with selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_WRITE)
        while code in (errno.EINPROGRESS, errno.EWOULDBLOCK):  # EWOULDBLOCK on Windows
            if stopping.is_set() or time.perf_counter() > give_up:
                return errno.ETIMEDOUT
            if selector.select(POLL_SECONDS / 2):
                code = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    return code


def no_host(host: str) -> LinkError:
    """Return the error for a host name that cannot be resolved."""
    return LinkError("no_host", Message("The host {0} was not found; check the name, or give its IP address.", (host,)))


def connection_lost(url: str) -> LinkError:
    """Return the error (`gone`) for a connection that was closed or lost."""
    return LinkError("gone", Message("The connection to {0} was lost.", (url,)))


def cannot_connect(where: str, code: int) -> LinkError:
    """Return the error for a connection to `where` that failed; `code` is the system's error number."""
    if code == errno.ECONNREFUSED:
        message = Message("{0} refused the connection; start the other side or check the port.", (where,))
        return LinkError("refused", message)
    if code == errno.ETIMEDOUT:
        message = Message("{0} does not answer; check the address, the cable and the firewall.", (where,))
        return LinkError("no_answer", message)
    if code in (errno.EHOSTUNREACH, errno.ENETUNREACH):
        return LinkError("unreachable", Message("{0} cannot be reached; check the network.", (where,)))
    return LinkError("io", Message("Cannot connect to {0}: {1}.", (where, os.strerror(code))))


class _ClientPort(SelectingPort):
    def __init__(self, connection: socket.socket, url: str, baud: int | None) -> None:
        super().__init__(url, baud)
        self._connection = connection
        self._selector.register(connection, selectors.EVENT_READ)

    def read(self) -> Sequence[PortItem]:
        ready = self._select(POLL_SECONDS)
        if all(key.fileobj is not self._connection for key, _ in ready):
            return ()
        try:
            data = self._connection.recv(CHUNK)
        except (BlockingIOError, InterruptedError):
            return ()
        except OSError as error:
            raise connection_lost(self.url) from error
        if not data:
            raise connection_lost(self.url)
        return (data,)

    def write(self, data: bytes) -> int:
        try:
            return self._connection.send(data)
        except (BlockingIOError, InterruptedError):
            return self._try_later()
        except OSError as error:
            raise connection_lost(self.url) from error

    def close(self) -> None:
        self._connection.close()
        super().close()


_JUDGES: Final[dict[Role, Judge]] = {"serve": judge_opening, "meter": judge_sign_on}
"""The test of the first bytes of a connection, by the role in which it is accepted."""


def _make(spec: LinkSpec, clock: Clock, role: Role, line: Line) -> Link:
    if role == "connect" and spec.port == 0:
        raise TCP.error(str(spec), Message("port 0 cannot be connected to; give the port of the other side"))
    link_class = TcpClientLink if role == "connect" else TcpServerLink
    software = spec.framing == "software"
    link = link_class(clock, spec.host, spec.port, line, baud=spec.baud, paced=spec.paced, software_framing=software)
    if isinstance(link, TcpServerLink):
        link.judge = _JUDGES.get(role)
    return link


TCP: Final = LinkKind(
    "tcp",
    "tcp://HOST:PORT, for example tcp://127.0.0.1:10001",
    (BAUD, PACED, ECHO, FRAMING, *ANSWERS),
    LinkKind.address,
    _make,
    network_location,
    network=True,
    # The bytes of a wire come from an existing server, such as a gateway.
    listen_role="connect",
    reopens=frozenset({"connect"}),
)
