"""One end of a null-modem cable: a pseudo-terminal, the speed that is set at it, and the characters on their way."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import select
import termios
import time
import tty
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.helpers.uart import Receiver, levels

UPDATE_SECONDS: Final = 0.005
"""Seconds between checks whether an end is open; the kernel does not report it."""
LATE_SECONDS: Final = 0.003
"""Seconds by which the cable may take over a character after it was written. A change of speed within this time
before the end of the last character counts as one after it."""
USB_LUMP_SECONDS: Final = 0.016
"""The default latency timer of common USB adapters, in seconds."""

Tamper = Callable[[int, int], int | None]
"""A function that changes a character on its way, or returns None to lose it; called with its number and itself."""

_OSPEED: Final = 5
_BAUD_OF_CODE: Final = {
    getattr(termios, name): int(name[1:]) for name in dir(termios) if re.fullmatch(r"B[1-9][0-9]*", name)
}


def silence(_number: int, _character: int) -> None:
    """Tamper: nothing arrives."""


def cut_after(count: int) -> Tamper:
    """Tamper: only `count` characters arrive."""
    return lambda number, character: character if number < count else None


def garble(*numbers: int, mask: int = 0x01) -> Tamper:
    """Tamper: bits of these characters are inverted."""
    return lambda number, character: character ^ mask if number in numbers else character


@dataclass(frozen=True, slots=True)
class Char:
    """One character on the line. Times in seconds by `time.perf_counter`.

    `sender`: "a", "b", or "noise". `handed`: when its sender had written it. `start`, `end`: beginning of its start bit
    and end of its last stop bit. `baud`: its speed. `received`: what the receiver read, not yet collected in lumps.
    """

    sender: str
    byte: int
    handed: float
    start: float
    end: float
    baud: int
    received: bytes


@dataclass(slots=True)
class _OnTheLine:
    byte: int
    handed: float
    start: float
    end: float
    baud: int
    receiver_baud: int
    """The speed of the receiver at the start bit."""


class End:
    """One end of a cable. Its attributes may be changed at any time.

    `echo`: this end receives what it sends, as through a level converter. `lumps`: what arrives is delivered in lumps,
    this many seconds after the first character of each, as by a USB adapter. `tamper`: see `Tamper`; for characters
    sent from this end.

    `speeds`: when the cable first saw which speed set here, at most `UPDATE_SECONDS` late. `sent`: how many characters
    from here were on the line.
    """

    def __init__(self, name: str, path: Path, char_bits: int) -> None:
        self.name = name
        self.path = path
        self.echo = False
        self.lumps = 0.0
        self._char_bits = char_bits
        self._tamper: Tamper | None = None
        self._tampered = 0
        self.master: int | None = None
        self.speeds: list[tuple[float, int]] = []
        self.sent = 0
        self._poll = select.poll()
        self._in_use = False
        self.queue: deque[tuple[int, float]] = deque()
        self.on_the_line: _OnTheLine | None = None
        self.line_free = 0.0
        self._lump = bytearray()
        self._lump_due = 0.0
        self._receiver: Receiver | None = None
        self._receiver_baud = 0
        self._receiver_time = 0.0

    @property
    def tamper(self) -> Tamper | None:
        """The change to the characters that this end sends; None for no change."""
        return self._tamper

    @tamper.setter
    def tamper(self, tamper: Tamper | None) -> None:
        self._tampered = 0
        self._tamper = tamper

    @property
    def plugged(self) -> bool:
        """True if there is a port at `path`."""
        return self.master is not None

    @property
    def in_use(self) -> bool:
        """True if a program had the end open at the last check."""
        return self._in_use

    @property
    def baud(self) -> int:
        """The speed that is set, in bit/s; 38400 on a new port, 0 if there is no port."""
        if self.master is None:
            return 0
        return _BAUD_OF_CODE.get(termios.tcgetattr(self.master)[_OSPEED], 0)

    def baud_at(self, time: float) -> int:
        """Return the speed that was set at a time, in bit/s."""
        return next((baud for since, baud in reversed(self.speeds) if since <= time), 0) if self.plugged else 0

    # Used by the relay

    def plug_in(self) -> None:
        self.master, slave = os.openpty()
        tty.setraw(slave)
        slave_path = os.ttyname(slave)
        os.close(slave)
        os.set_blocking(self.master, False)
        self._poll = select.poll()
        self._poll.register(self.master, 0)
        self._in_use = False
        self.speeds.append((time.perf_counter(), self.baud))
        self.path.symlink_to(slave_path)

    def unplug(self) -> None:
        if self.master is None:
            return
        self.path.unlink()
        self._poll.unregister(self.master)
        os.close(self.master)
        self.master = None
        self._in_use = False
        self.queue.clear()
        self.on_the_line = self._receiver = None
        self.line_free = 0.0
        self._lump.clear()

    def update(self, now: float) -> None:
        """Check whether the end is open, and at which speed."""
        self._in_use = self.master is not None and not self._poll.poll(0)
        baud = self.baud
        if self.master is not None and baud != self.speeds[-1][1]:
            self.speeds.append((now, baud))

    def take_in(self, now: float) -> None:
        """Read what the program has written since the last call."""
        if self.master is None:
            return
        while True:
            try:
                data = os.read(self.master, 4096)
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno != errno.EIO:
                    raise
                return
            if not data:
                return
            self.queue.extend((byte, now) for byte in data)

    def begin(self, other: End) -> None:
        """Put the next character on the line if the one before has ended."""
        if self.on_the_line is None and self.queue:
            byte, handed = self.queue.popleft()
            baud = self.baud or 1
            start = max(handed, self.line_free)
            self.on_the_line = _OnTheLine(byte, handed, start, start + self._char_bits / baud, baud, other.baud)
            self.line_free = self.on_the_line.end

    def finish(self, other: End, now: float) -> Char | None:
        """Deliver the character on the line to `other` and return it, or None if its last stop bit has not ended."""
        there = self.on_the_line
        if there is None or there.end > now:
            return None
        self.on_the_line = None
        byte: int | None = there.byte
        if self._tamper is not None:
            byte = self._tamper(self._tampered, there.byte)
            self._tampered += 1
        if self.echo:
            self.give(bytes((there.byte,)), there.end)
        changed_early = self.queue or self.baud_at(there.end - LATE_SECONDS) != there.baud
        received = b"" if byte is None else other.receive(byte, there, self.baud if changed_early else there.baud)
        other.give(received, there.end)
        return Char(self.name, there.byte, there.handed, there.start, there.end, there.baud, received)

    def receive(self, byte: int, there: _OnTheLine, sender_baud: int) -> bytes:
        own = self.baud_at(there.end)
        if there.baud == there.receiver_baud == own == sender_baud:
            self._receiver = None
            return bytes((byte,))
        if not own:
            return b""
        if self._receiver is None or self._receiver_baud != own:
            self._receiver = Receiver(own, self._char_bits - 3)
            self._receiver_baud, self._receiver_time = own, there.start
        received = self._receiver.feed(1, max(0.0, there.start - self._receiver_time))
        bits = list(levels(byte, self._char_bits - 3))
        for level in bits:
            received += self._receiver.feed(level, (there.end - there.start) / len(bits))
        self._receiver_time = there.end
        return received

    def give(self, data: bytes, at: float) -> None:
        if data:
            if not self._lump:
                self._lump_due = at + self.lumps
            self._lump += data

    @property
    def lump_due(self) -> float | None:
        return self._lump_due if self._lump else None

    def hand_over(self, now: float) -> None:
        """Deliver what has arrived to the program when it is due."""
        if not self._lump or now < self._lump_due:
            return
        data = bytes(self._lump)
        self._lump.clear()
        self.update(now)
        if self.master is not None and self._in_use:
            # If the program does not read and the system's buffer is full, the data is lost, as with a UART.
            with contextlib.suppress(BlockingIOError):
                os.write(self.master, data)
