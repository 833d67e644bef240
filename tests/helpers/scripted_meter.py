"""Meters with one fixed readout, independent of the program: on a pseudo-terminal, and behind a TCP gateway."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from functools import reduce
from operator import xor

IDENTIFICATION = "/LGZ4ZMF100AC.M26"
LINES = (
    "F.F(00)",
    "C.1.0(11223344)",
    "1.8.1(000123.456*kWh)",
    "1.8.0(000123.456*kWh)",
    "C.7.0(0003)",
    "C.5.0(0400)",
)
ANSWER_SECONDS = 0.05
"""Seconds between request and answer, so that the other side has finished writing."""


def block(lines: tuple[str, ...]) -> bytes:
    """Return a data message: STX, the lines, ETX and the block check character (IEC 62056-21 6.4.2)."""
    body = "".join(f"{line}\r\n" for line in lines).encode("ascii") + b"!\r\n\x03"
    return b"\x02" + body + bytes((reduce(xor, body),))


class ScriptedMeter(threading.Thread):
    """A meter that answers sign-ons and option selects until `stop`. `sign_ons`: number of sign-ons."""

    def __init__(self, path: str) -> None:
        super().__init__(name="scripted meter")
        self._path = path
        self._ending = threading.Event()
        self.sign_ons = 0

    def run(self) -> None:
        port = os.open(self._path, os.O_RDWR | os.O_NOCTTY)
        try:
            received = b""
            while not self._ending.is_set():
                ready, _, _ = select.select([port], [], [], 0.05)
                if not ready:
                    continue
                try:
                    received += os.read(port, 100)
                except OSError:
                    return  # the other side was closed
                if received.endswith(b"/?!\r\n"):
                    self.sign_ons += 1
                    received = b""
                    self._send(port, f"{IDENTIFICATION}\r\n".encode("ascii"))
                elif received.startswith(b"\x06") and received.endswith(b"\r\n"):
                    received = b""
                    self._send(port, block(LINES))
        finally:
            os.close(port)

    def _send(self, port: int, data: bytes) -> None:
        time.sleep(ANSWER_SECONDS)
        os.write(port, data)

    def stop(self) -> None:
        self._ending.set()
        self.join()


@contextlib.contextmanager
def scripted_meter(path: str) -> Iterator[ScriptedMeter]:
    meter = ScriptedMeter(path)
    meter.start()
    try:
        yield meter
    finally:
        meter.stop()


class GatewayMeter:
    """A meter that answers each complete line. `to_wire`: converts an answer to what the gateway passes on.

    `ahead`: bytes before the identification. `received`: the lines received from the program.
    """

    def __init__(self, to_wire: Callable[[bytes], bytes], ahead: bytes) -> None:
        self._to_wire = to_wire
        self._ahead = ahead
        self.received: list[bytes] = []
        self.link = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while line := await reader.readuntil(b"\n"):
                self.received.append(line)
                plain = bytes(value & 0x7F for value in line)
                if plain == b"/?!\r\n":
                    writer.write(self._ahead + self._to_wire(f"{IDENTIFICATION}\r\n".encode("ascii")))
                elif plain.startswith(b"\x06"):
                    writer.write(self._to_wire(block(LINES)))
        writer.close()


@contextlib.asynccontextmanager
async def gateway_meter(
    to_wire: Callable[[bytes], bytes] = lambda data: data, ahead: bytes = b""
) -> AsyncIterator[GatewayMeter]:
    meter = GatewayMeter(to_wire, ahead)
    server = await asyncio.start_server(meter.serve, "127.0.0.1", 0)
    meter.link = f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield meter
    finally:
        server.close()
        await server.wait_closed()
