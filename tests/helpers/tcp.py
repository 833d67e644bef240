"""Free TCP ports, and TCP clients of a served module: masters and floods."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import threading
from collections.abc import Callable, Iterator
from itertools import count
from typing import Final

from cmi_gui.engine.mbus.frame import Frame
from tests.helpers.cli_process import TIMEOUT, Served

_FIRST, _LAST = 20_000, 32_000
# Each process begins at another number, so that parallel tests get different ports.
_numbers: Final = count(os.getpid() * 101)


def free_ports(number: int) -> list[int]:
    """Return free ports, each of them only once. They are below 32768, where the system chooses no ports by itself."""
    found: list[int] = []
    while len(found) < number:
        port = _FIRST + next(_numbers) % (_LAST - _FIRST)
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        found.append(port)
    return found


REQUEST = Frame.short(0x7B, 0).to_bytes()

FLOODS = {
    "requests": (REQUEST * 200, True),
    "requests, answers unread": (REQUEST * 200, False),
    "another address": (Frame.short(0x5B, 7).to_bytes() * 200, True),
    "garbage": (REQUEST + bytes.fromhex("680A106810") * 200, True),
}
"""The bytes that are sent repeatedly, and whether the answers are read."""


def connected(served: Served, port: str = "mbus") -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(str(served.ready[port]).rpartition(":")[2])), TIMEOUT)


def answers(connection: socket.socket, tries: int = 3) -> bool:
    """Return whether the slave answers a request on a connection in one of `tries` attempts.

    On a busy machine the slave withholds an answer that would be late, so a test asks as a master does: EN 13757-2
    allows a request and two repetitions.
    """
    connection.settimeout(2.0)
    for _ in range(tries):
        connection.sendall(REQUEST)
        with contextlib.suppress(TimeoutError):
            got = connection.recv(300)
            while len(got) < 4 or len(got) < got[1] + 6:
                got += connection.recv(300)
            return got[0] == 0x68
    return False


@contextlib.contextmanager
def flood(connect: Callable[[], socket.socket], lump: bytes, *, reads: bool = True) -> Iterator[None]:
    """Run a client that sends `lump` repeatedly as fast as possible, until the end or until it is disconnected."""
    ending = threading.Event()

    def run() -> None:
        with connect() as connection, contextlib.suppress(OSError):
            connection.setblocking(False)
            rest = b""
            while not ending.is_set():
                rest = rest or lump
                select.select([connection] if reads else [], [connection], [], 0.05)
                with contextlib.suppress(BlockingIOError):
                    rest = rest[connection.send(rest) :]
                with contextlib.suppress(BlockingIOError):
                    if reads and not connection.recv(65_536):
                        return

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join(TIMEOUT)
