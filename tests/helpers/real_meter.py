"""A meter on a serial port that plays a real telegram character by character and minds every byte it hears.

It knows mode C of IEC 62056-21 as far as a readout goes, and nothing of this program.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

import serial

from tests.helpers.cable import Cable
from tests.helpers.real_telegrams import Telegram

BAUD: Final = {"0": 300, "1": 600, "2": 1200, "3": 2400, "4": 4800, "5": 9600}
REQUEST: Final = b"/?!\r\n"
REACTION: Final = 0.25
"""Seconds from a request to its answer; the standard has 200 to 1500 ms."""
REACTION_MIN, REACTION_MAX = 0.2, 1.5
OPTION_WAIT: Final = 2.2
"""How long a meter waits for the option select."""
_POLL: Final = 0.02


class RealMeter(threading.Thread):
    """On end `b` of a cable of which the program has end `a`. `stop` ends it.

    `sign_ons`, `readouts`: how many were begun and sent whole. `complaints`: bytes, speeds and times that the standard
    does not allow.
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
                if self._hear(REQUEST, None):
                    self._answer()

    def _answer(self) -> None:
        self.sign_ons += 1
        self._wait(REACTION)
        self._say(f"{self.telegram.identification}\r\n".encode())
        said = self._last_end("b")
        # Only when both name the same Z is the speed changed (6.3.3): so this reader has to.
        if not self._hear(f"\x060{self.telegram.z}0\r\n".encode(), OPTION_WAIT):
            return
        self._mind_reaction(self._first_start("a", said) - said)
        self._wait(REACTION)
        self._port.baudrate = BAUD[self.telegram.z]
        if self._cable.a.plugged and self._cable.a.baud != self._port.baudrate:
            self.complaints.append(f"the reader is at {self._cable.a.baud} bit/s when the readout begins")
        self._say(self.telegram.message())
        self.readouts += 1

    def _hear(self, wanted: bytes, within: float | None) -> bool:
        """Wait for these bytes, for so many seconds until the first; any others are complained of."""
        heard = b""
        give_up = None if within is None else time.monotonic() + within
        while not self._stopping.is_set():
            byte = self._port.read(1)
            if byte:
                heard += byte
                give_up = time.monotonic() + REACTION_MAX
                if heard == wanted:
                    return True
                if not wanted.startswith(heard):
                    self.complaints.append(f"{heard!r} came for {wanted!r}")
                    heard = b""
            elif give_up is not None and time.monotonic() > give_up:
                if heard:
                    self.complaints.append(f"only {heard!r} came for {wanted!r}")
                if within is not None:
                    return False
                heard, give_up = b"", None
        return False

    def _mind_reaction(self, seconds: float) -> None:
        if not REACTION_MIN <= seconds <= REACTION_MAX:
            self.complaints.append(f"the reader answered after {1000 * seconds:.0f} ms")

    def _say(self, data: bytes) -> None:
        """Send, and return when the last stop bit has left: draining a pseudo-terminal waits for nothing."""
        wanted = self._cable.b.sent + len(data)
        self._port.write(data)
        self._until(lambda: self._cable.b.sent >= wanted)

    def _wait(self, seconds: float) -> None:
        self._stopping.wait(seconds)

    def _until(self, condition: Callable[[], bool]) -> None:
        while not condition() and not self._stopping.is_set():
            time.sleep(0.002)

    def _last_end(self, sender: str) -> float:
        return next(char.end for char in reversed(self._cable.chars) if char.sender == sender)

    def _first_start(self, sender: str, since: float) -> float:
        return next(char.start for char in self._cable.chars if char.sender == sender and char.start >= since)
