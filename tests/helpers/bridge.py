"""The program as it is shipped, a process of its own, between a bus cable and a meter cable."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import serial

from tests.helpers.cable import Cable, Char
from tests.helpers.cli_process import Served
from tests.helpers.real_meter import RealMeter
from tests.helpers.real_telegrams import Telegram
from tests.helpers.waiting import until

BUS_BITS: Final = 11
METER_BITS: Final = 10

NKE: Final = bytes.fromhex("10 40 00 40 16")
ASK: Final = (bytes.fromhex("10 7B 00 7B 16"), bytes.fromhex("10 5B 00 5B 16"))
"""REQ_UD2 with the frame count bit set, and clear."""
ACK: Final = b"\xe5"

OWN_RECORDS: Final = bytes.fromhex(
    "0C 78 78 56 34 12"  # the number on the label
    "0D FD 0F 05 30 2E 30 2E 31"  # version 1.0.0
    "01 FD 1B 00"  # both inputs low
    "01 FD 1A 01"  # C.5.0 bit 10: the disconnector is closed
)


def telegram(records: bytes, access_number: int, *, status: int = 0, more: bool = False) -> bytes:
    """The RSP_UD of the module at address 0 with these records."""
    body = bytes.fromhex("08 00 72 78 56 34 12 96 15 01 02") + bytes((access_number, status, 0, 0)) + records
    body += b"\x1f" if more else b""
    return bytes((0x68, len(body), len(body), 0x68)) + body + bytes((sum(body) & 0xFF, 0x16))


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and what came of it: `delay` from its last stop bit to the answer's first start bit, in seconds."""

    answer: bytes
    delay: float
    chars: tuple[Char, ...]


class Master:
    """A master on end `b` of the bus; it knows nothing but bytes."""

    def __init__(self, cable: Cable, baud: int = 2400) -> None:
        self._cable = cable
        # Without parity: a pseudo-terminal keeps none, and asking for it twice fails.
        self.port = serial.Serial(str(cable.b.path), baud, timeout=0.02)

    def __enter__(self) -> Master:
        return self

    def __exit__(self, *_: object) -> None:
        self.port.close()

    def ask(self, request: bytes, expected: int, *, within: float = 3.0) -> Exchange:
        """Send, and read `expected` bytes; less if no more come for `within` seconds behind the request."""
        self.port.reset_input_buffer()
        first = len(self._cable.chars)
        wanted = self._cable.b.sent + len(request)
        self.port.write(request)
        until(lambda: self._cable.b.sent >= wanted)
        give_up = time.monotonic() + within
        answer = b""
        while len(answer) < expected and time.monotonic() < give_up:
            more = self.port.read(expected - len(answer))
            if more:
                give_up = time.monotonic() + within
            answer += more
        chars = self._cable.chars[first:]
        asked = [char for char in chars if char.sender == "b"]
        answered = tuple(char for char in chars if char.sender == "a")
        return Exchange(answer, answered[0].start - asked[-1].end if answered else -1.0, answered)


@dataclass(frozen=True, slots=True)
class Bridge:
    """All of it. On both cables the program has end `a`."""

    served: Served
    bus: Cable
    line: Cable
    meter: RealMeter

    def read(self) -> None:
        """Wait for the next readout, or the one after if that fails, to be all through the module."""
        before = self.meter.readouts
        self.served.say("read-now")
        until(lambda: self.meter.readouts > before)
        self.wait_for_contact()

    def wait_for_contact(self) -> None:
        """Until the module has all lines of a readout."""
        self.served.until(lambda status: bool(status["contact"]) and status["lines"] == len(self.meter.telegram.lines))


@contextmanager
def bridge(folder: Path, telegram: Telegram, *, mbus: str = "", meter: str = "") -> Iterator[Bridge]:
    """Running, the first readout done; it reads again only when told. `mbus`, `meter`: options of the two LINKs."""
    with (
        Cable(folder, char_bits=BUS_BITS, name="bus") as bus,
        Cable(folder, char_bits=METER_BITS, name="meter") as line,
        RealMeter(line, telegram) as peer,
        Served(
            *("--meter", f"serial:{line.a.path}{meter}"),
            *("--state", str(folder / "state"), "--interval", "3600"),
            mbus=f"serial:{bus.a.path}{mbus}",
        ) as served,
    ):
        made = Bridge(served, bus, line, peer)
        made.wait_for_contact()
        yield made
