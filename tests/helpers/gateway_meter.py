"""A meter behind a gateway on TCP, on the loop of the test."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from tests.helpers.scripted_meter import IDENTIFICATION, LINES, block


class GatewayMeter:
    """Answers each whole line that it hears; `to_wire` makes of an answer what the gateway passes on.

    `ahead`: what comes before the identification. `heard`: each line as it came from the program.
    """

    def __init__(self, to_wire: Callable[[bytes], bytes], ahead: bytes) -> None:
        self._to_wire = to_wire
        self._ahead = ahead
        self.heard: list[bytes] = []
        self.link = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while line := await reader.readuntil(b"\n"):
                self.heard.append(line)
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
