"""Signals of several slaves on one wire, overlaid bit by bit and read by the master's receiver.

On an M-Bus a slave sends a space by drawing more current, so where the bits of two slaves differ the space wins. The
master's receiver does not know the senders: it takes the first space after a mark for a start bit, unless it has ended
by the middle of the bit, and samples each further bit in its middle. Times are rounded to a sixteenth of a bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from cmi_gui.engine.machine import Line, LineEvent

TICKS = 16
"""Ticks per bit of the receiver."""
_BITS = 11
"""Bits of a character at 8E1: start bit, eight data bits, even parity, stop bit."""


@dataclass(frozen=True, slots=True)
class Signal:
    """Bytes on the wire at 8E1. `begin`: the time of the first start bit, in seconds.

    `space`: the seconds after the bytes for which the wire is held in the space state.
    """

    begin: float
    data: bytes
    line: Line
    space: float = 0.0

    @property
    def end(self) -> float:
        """The time of the last stop bit, or of the end of the space."""
        return self.begin + len(self.data) * self.line.char_time + self.space


@dataclass(frozen=True, slots=True)
class Character:
    """A character as the receiver reads it. `at`: the time of its start bit, in seconds.

    `error`: None if it was read without error; `PARITY`, or `FRAMING` if its stop bit is a space; `BREAK` if all of
    its bits are spaces.
    """

    at: float
    byte: int
    error: LineEvent | None = None


@cache
def _pattern(ticks: int) -> tuple[str, ...]:
    """Return the ticks of each byte as a character on the line, in order of time: `1` is a space."""
    patterns = []
    for byte in range(256):
        data = [not byte >> bit & 1 for bit in range(8)]
        parity = byte.bit_count() % 2 == 0
        bits = [True, *data, parity, False]
        patterns.append("".join(("1" if bit else "0") * ticks for bit in bits))
    return tuple(patterns)


def overlay(signals: Sequence[Signal], line: Line) -> list[Character]:
    """Return what a receiver at the speed of `line` reads while all of `signals` are on the wire."""
    origin = min(signal.begin for signal in signals)
    tick_time = line.bit_time / TICKS
    spaces: list[tuple[int, str]] = []
    for signal in signals:
        pattern = _pattern(max(1, round(TICKS * line.baud / signal.line.baud)))
        text = "".join(pattern[byte] for byte in signal.data) + "1" * round(signal.space / tick_time)
        spaces.append((round((signal.begin - origin) / tick_time), text))
    # The receiver may be inside a character when the last signal ends.
    total = max(begin + len(text) for begin, text in spaces) + _BITS * TICKS
    wire = 0
    for begin, text in spaces:
        wire |= int(text or "0", 2) << (total - begin - len(text))
    return [Character(origin + tick * tick_time, byte, error) for tick, byte, error in _characters(f"{wire:0{total}b}")]


def _characters(wire: str) -> Iterator[tuple[int, int, LineEvent | None]]:
    """Yield tick, byte and error of each character that a receiver reads from the ticks of a wire (`1` is a space)."""
    tick = wire.find("1")
    while tick >= 0:
        middles = wire[tick + TICKS // 2 : tick + _BITS * TICKS : TICKS].ljust(_BITS, "0")
        if middles[0] == "0":
            # Too short for a start bit: a space of a faster slave.
            tick = wire.find("1", tick + TICKS // 2)
            continue
        byte = sum(1 << bit for bit in range(8) if middles[1 + bit] == "0")
        parity_is_wrong = (middles[9] == "1") is not (byte.bit_count() % 2 == 0)
        next_tick = tick + (_BITS - 1) * TICKS + TICKS // 2
        error = LineEvent.PARITY if parity_is_wrong else None
        if middles[10] == "1":
            error = LineEvent.FRAMING if "0" in middles else LineEvent.BREAK
            next_tick = wire.find("0", next_tick)
            if next_tick < 0:
                next_tick = len(wire)
        yield tick, byte, error
        tick = wire.find("1", next_tick)
