"""A model of the M-Bus wire at the level of bits, made from the standard and not from the engine's code.

[DOC48 §4.1] A mark is the quiet state and a slave sends a space by drawing more current, so the wire is at a space
while any slave sends one. [DOC48 §5.1] A character is a start bit (space), eight data bits with the lowest first, a
bit of even parity and a stop bit (mark). A receiver begins a character at the edge from mark to space, checks the start
bit in its middle, and takes each further bit in its middle. Once it has taken the stop bit it looks for the next edge;
a stop bit that is a space is a framing error, or a break if nothing but spaces were taken.

Times are whole numbers of ticks, sixteen for a bit of the receiver.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

TICKS = 16

Fault = Literal["parity", "framing", "break"]


@dataclass(frozen=True)
class Sent:
    """Bytes that one slave begins to send at tick `begin`, with `bit` ticks for each of its bits.

    `hold`: the ticks for which it then holds the wire at a space, as for a break.
    """

    begin: int
    data: bytes
    bit: int = TICKS
    hold: int = 0


@dataclass(frozen=True)
class Read:
    """A character of the receiver. `at`: the tick of its start edge."""

    at: int
    byte: int
    fault: Fault | None = None


def marks_and_spaces(byte: int) -> list[int]:
    """Return the eleven bits of a character in the order in which they are sent; 0 is a space."""
    data = [byte // 2**weight % 2 for weight in range(8)]
    return [0, *data, sum(data) % 2, 1]


class Wire:
    """The wire while all of `sent` are on it, as the ticks at which it changes between mark and space."""

    def __init__(self, sent: Iterable[Sent]) -> None:
        # By how many slaves more, or less, the wire is drawn to a space from a tick on.
        drawing: dict[int, int] = {}

        def draw(start: int, end: int) -> None:
            drawing[start] = drawing.get(start, 0) + 1
            drawing[end] = drawing.get(end, 0) - 1

        for each in sent:
            start = each.begin
            for byte in each.data:
                for bit in marks_and_spaces(byte):
                    if bit == 0:
                        draw(start, start + each.bit)
                    start += each.bit
            draw(start, start + each.hold)
        # The ticks of the edges, the first of which leads from mark to space, the next to mark, and so on.
        self.edges: list[int] = []
        slaves_at_space = 0
        for tick in sorted(drawing):
            before = slaves_at_space
            slaves_at_space += drawing[tick]
            if (before > 0) != (slaves_at_space > 0):
                self.edges.append(tick)

    def level(self, tick: int) -> int:
        """Return 1 for a mark, 0 for a space."""
        return 1 - bisect_right(self.edges, tick) % 2

    def next_space(self, tick: int) -> int | None:
        """Return the first edge from mark to space after `tick`, or None."""
        index = bisect_right(self.edges, tick)
        index += index % 2
        return self.edges[index] if index < len(self.edges) else None


def read_wire(sent: Iterable[Sent]) -> list[Read]:
    """Return the characters that the receiver takes from the wire."""
    wire = Wire(sent)
    read: list[Read] = []
    start = wire.next_space(-(10**9))
    while start is not None:
        if wire.level(start + TICKS // 2):
            # Too short for a start bit.
            start = wire.next_space(start + TICKS // 2)
            continue
        taken = [wire.level(start + TICKS // 2 + TICKS * number) for number in range(11)]
        data, parity, stop = taken[1:9], taken[9], taken[10]
        fault: Fault | None = None
        if not any(taken):
            fault = "break"
        elif stop == 0:
            fault = "framing"
        elif (sum(data) + parity) % 2:
            fault = "parity"
        read.append(Read(start, sum(bit * 2**weight for weight, bit in enumerate(data)), fault))
        start = wire.next_space(start + TICKS // 2 + TICKS * 10)
    return read
