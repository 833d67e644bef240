"""Serial ports made of pseudo-terminals: an adapter that can be unplugged, and a port server (RFC 2217)."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import termios
import threading
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import serial
from serial.rfc2217 import PortManager

from cmi_gui.engine.clock import LoopClock
from cmi_gui.engine.link.serial import SerialLink
from cmi_gui.engine.machine import Line
from tests.helpers.link_recorder import Recorder

LINE = Line(2400)


class Adapter:
    """An adapter made of a pseudo-terminal at `path`, which can be unplugged and plugged in again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._made_at = 0
        self.plug_in()

    def plug_in(self) -> None:
        # A new node must have another time stamp, as it has if a person plugs the adapter in.
        while (made := os.openpty()) and os.fstat(made[1]).st_ctime_ns == self._made_at:
            for descriptor in made:
                os.close(descriptor)
            time.sleep(0.001)
        self.master, slave = made
        self._made_at = os.fstat(slave).st_ctime_ns
        tty.setraw(slave)
        self.path.symlink_to(os.ttyname(slave))
        os.close(slave)

    def unplug(self) -> None:
        self.path.unlink()
        os.close(self.master)

    def speed(self) -> int:
        return int(termios.tcgetattr(self.master)[5])

    async def read(self, size: int = 4096) -> bytes:
        return await asyncio.to_thread(os.read, self.master, size)


@contextmanager
def opened(device: Path | str, line: Line = LINE, **options: object) -> Iterator[tuple[SerialLink, Recorder]]:
    make: Callable[..., SerialLink] = SerialLink
    link = make(LoopClock(asyncio.get_running_loop()), str(device), line, **{"back_off": (0.01,), **options})
    sink = Recorder()
    link.open(sink)
    try:
        yield link, sink
    finally:
        link.close()


POLL_SECONDS = 0.02


class PtySerial(serial.Serial):
    """A pseudo-terminal as a port with control lines and parity, which are stored but have no effect."""

    def _reconfigure_port(self, force_update: bool = False) -> None:
        requested = self._parity, self._bytesize
        self._parity, self._bytesize = "N", 8
        try:
            super()._reconfigure_port(force_update)
        finally:
            self._parity, self._bytesize = requested

    def _update_rts_state(self) -> None: ...

    def _update_dtr_state(self) -> None: ...

    cts = dsr = ri = cd = property(lambda self: False)


class PortServer:
    """An RFC 2217 server. `master`: the far end of the served port. `port`: the port with the settings of the client.

    While `ignoring` is set, data from the client is ignored; `ignored` is set when such data was received.
    """

    def __init__(self) -> None:
        self.master, slave = os.openpty()
        tty.setraw(slave)
        self.port = PtySerial(os.ttyname(slave), timeout=POLL_SECONDS)
        os.close(slave)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._connection: socket.socket | None = None
        self._stopping = threading.Event()
        self.ignoring, self.ignored = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._serve, name="port server")

    @property
    def url(self) -> str:
        return f"rfc2217://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> PortServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self.hang_up()
        self._thread.join()
        self._listener.close()
        self.port.close()
        os.close(self.master)

    def hang_up(self) -> None:
        """Close the present connection."""
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.shutdown(socket.SHUT_RDWR)

    def _serve(self) -> None:
        while not self._stopping.is_set():
            try:
                self._connection, _ = self._listener.accept()
            except OSError:
                return
            with self._connection:
                self._talk(self._connection)
            self._connection = None

    def _talk(self, connection: socket.socket) -> None:
        lock = threading.Lock()

        class Writer:
            def write(self, data: bytes) -> None:
                with lock, contextlib.suppress(OSError):
                    connection.sendall(data)

        writer, over = Writer(), threading.Event()
        manager = PortManager(self.port, writer)

        def pass_on() -> None:
            while not over.is_set():
                if data := self.port.read(self.port.in_waiting or 1):
                    writer.write(b"".join(manager.escape(data)))

        reader = threading.Thread(target=pass_on, name="port server reader")
        reader.start()
        with contextlib.suppress(OSError):
            while data := connection.recv(1024):
                if self.ignoring.is_set():
                    self.ignored.set()
                    continue
                self.port.write(b"".join(manager.filter(data)))
        over.set()
        reader.join()
