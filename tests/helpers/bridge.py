"""The program as a process of its own between two cables: a master on the bus, a meter that plays real telegrams."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import serial

from tests.helpers.cable import Cable
from tests.helpers.cable_end import Char
from tests.helpers.cli_process import Served
from tests.helpers.meter_telegrams import Telegram
from tests.helpers.waiting import until

BAUD: Final = {"0": 300, "1": 600, "2": 1200, "3": 2400, "4": 4800, "5": 9600}
REQUEST: Final = b"/?!\r\n"
REACTION: Final = 0.25
"""Seconds from a request to its answer; the standard allows 200 to 1500 ms."""
REACTION_MIN, REACTION_MAX = 0.2, 1.5
OPTION_WAIT: Final = 2.2
"""Seconds that a meter waits for the option select."""
_POLL: Final = 0.02


class RealMeter(threading.Thread):
    """A meter on end `b` of a cable; the program has end `a`.

    `sign_ons`: number of sessions begun. `readouts`: number of readouts sent completely. `complaints`: violations of
    the standard in bytes, speeds or times.
    """

    def __init__(self, cable: Cable, telegram: Telegram) -> None:
        super().__init__(name="real meter")
        self.telegram = telegram
        self.sign_ons = 0
        self.readouts = 0
        self.complaints: list[str] = []
        self._cable = cable
        self._stopping = threading.Event()
        self._port = serial.Serial(str(cable.b.path), 300, timeout=_POLL)

    def __enter__(self) -> RealMeter:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self.join()

    def run(self) -> None:
        with self._port:
            while not self._stopping.is_set():
                self._port.baudrate = 300
                if self._receive(REQUEST, None):
                    self._answer()

    def _answer(self) -> None:
        self.sign_ons += 1
        self._wait(REACTION)
        self._send(f"{self.telegram.identification}\r\n".encode())
        sent_at = self._last_end("b")
        # The speed changes only if both sides name the same Z (6.3.3), so the reader must.
        if not self._receive(f"\x060{self.telegram.z}0\r\n".encode(), OPTION_WAIT):
            return
        self._check_reaction(self._first_start("a", sent_at) - sent_at)
        self._wait(REACTION)
        self._port.baudrate = BAUD[self.telegram.z]
        if self._cable.a.plugged and self._cable.a.baud != self._port.baudrate:
            self.complaints.append(f"the reader is at {self._cable.a.baud} bit/s when the readout begins")
        self._send(self.telegram.message())
        self.readouts += 1

    def _receive(self, expected_bytes: bytes, within: float | None) -> bool:
        """Wait for these bytes, at most `within` seconds for the first; record a complaint about any others."""
        received = b""
        give_up = None if within is None else time.perf_counter() + within
        while not self._stopping.is_set():
            byte = self._port.read(1)
            if byte:
                received += byte
                give_up = time.perf_counter() + REACTION_MAX
                if received == expected_bytes:
                    return True
                if not expected_bytes.startswith(received):
                    self.complaints.append(f"{received!r} came for {expected_bytes!r}")
                    received = b""
            elif give_up is not None and time.perf_counter() > give_up:
                if received:
                    self.complaints.append(f"only {received!r} came for {expected_bytes!r}")
                if within is not None:
                    return False
                received, give_up = b"", None
        return False

    def _check_reaction(self, seconds: float) -> None:
        if not REACTION_MIN <= seconds <= REACTION_MAX:
            self.complaints.append(f"the reader answered after {1000 * seconds:.0f} ms")

    def _send(self, data: bytes) -> None:
        """Send, and return after the last stop bit; draining a pseudo-terminal does not wait."""
        sent_after = self._cable.b.sent + len(data)
        self._port.write(data)
        self._until(lambda: self._cable.b.sent >= sent_after)

    def _wait(self, seconds: float) -> None:
        self._stopping.wait(seconds)

    def _until(self, condition: Callable[[], bool]) -> None:
        while not condition() and not self._stopping.is_set():
            time.sleep(0.002)

    def _last_end(self, sender: str) -> float:
        return next(char.end for char in reversed(self._cable.chars) if char.sender == sender)

    def _first_start(self, sender: str, since: float) -> float:
        return next(char.start for char in self._cable.chars if char.sender == sender and char.start >= since)


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
    """Return the RSP_UD of the module at address 0 with these records."""
    body = bytes.fromhex("08 00 72 78 56 34 12 96 15 01 02") + bytes((access_number, status, 0, 0)) + records
    body += b"\x1f" if more else b""
    return bytes((0x68, len(body), len(body), 0x68)) + body + bytes((sum(body) & 0xFF, 0x16))


@dataclass(frozen=True, slots=True)
class Exchange:
    """An exchange. `delay`: seconds from the last stop bit of the request to the first start bit of the answer."""

    answer: bytes
    delay: float
    chars: tuple[Char, ...]


class Master:
    """A master on end `b` of the bus that sends and receives plain bytes."""

    def __init__(self, cable: Cable, baud: int = 2400) -> None:
        self._cable = cable
        # Without parity, which a pseudo-terminal does not support.
        self.port = serial.Serial(str(cable.b.path), baud, timeout=0.02)

    def __enter__(self) -> Master:
        return self

    def __exit__(self, *_: object) -> None:
        self.port.close()

    def ask(self, request: bytes, expected: int, *, within: float = 3.0) -> Exchange:
        """Send, and read `expected` bytes, or fewer if none is received for `within` seconds."""
        self.port.reset_input_buffer()
        first = len(self._cable.chars)
        sent_after = self._cable.b.sent + len(request)
        self.port.write(request)
        until(lambda: self._cable.b.sent >= sent_after)
        give_up = time.perf_counter() + within
        answer = b""
        while len(answer) < expected and time.perf_counter() < give_up:
            more = self.port.read(expected - len(answer))
            if more:
                give_up = time.perf_counter() + within
            answer += more
        chars = self._cable.chars[first:]
        requested = [char for char in chars if char.sender == "b"]
        answered = tuple(char for char in chars if char.sender == "a")
        return Exchange(answer, answered[0].start - requested[-1].end if answered else -1.0, answered)


@dataclass(frozen=True, slots=True)
class Bridge:
    """The program, the two cables and the meter. The program has end `a` of both cables."""

    served: Served
    bus: Cable
    line: Cable
    meter: RealMeter

    def read(self) -> None:
        """Request a readout, and wait until the module has all of it."""
        before = self.meter.readouts
        self.served.send_line("read-now")
        until(lambda: self.meter.readouts > before)
        self.wait_for_contact()

    def wait_for_contact(self) -> None:
        """Wait until the module has all lines of a readout."""
        self.served.until(lambda status: bool(status["contact"]) and status["lines"] == len(self.meter.telegram.lines))


@contextmanager
def bridge(folder: Path, telegram: Telegram, *, mbus: str = "", meter: str = "") -> Iterator[Bridge]:
    """Yield the running program after its first readout; it reads again on request only. `mbus`, `meter`: options."""
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
