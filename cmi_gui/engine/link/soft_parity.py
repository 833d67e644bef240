"""Seven data bits and parity inside the eight data bits of a port that supports only these.

7E1 and 8N1 take the same ten bit times, start and stop bit included: the parity bit of the one is the eighth data bit
of the other. So a port or gateway that supports only 8N1 carries 7E1 if the parity is computed here.
"""

# ruff: noqa: D102 - `Port` has these docstrings.
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from cmi_gui.engine.link.port import WIRE_MAX_PENDING, Port, PortItem
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.machine import Line, LineEvent
from cmi_gui.engine.messages import Message, marked

_SEVEN: Final = 0x7F
_EVEN: Final = bytes(value | (value.bit_count() & 1) << 7 for value in range(128)) * 2
_TABLES: Final = {
    "E": _EVEN,
    "O": bytes(value ^ 0x80 for value in _EVEN),
    # Without parity the eighth bit is the first stop bit, which is a one.
    "N": bytes(value | 0x80 for value in range(128)) * 2,
}
_GOOD: Final = {parity: frozenset(table) for parity, table in _TABLES.items()}


def carrier(line: Line) -> Line:
    """Return the settings with eight bits that carry `line`, which has seven; for 8N1 these are the same.

    Raises LinkError (`bad_line`) for a line that does not fit: 7N1, which has one bit less, 8 bits with parity, and
    5 or 6 bits.
    """
    if line.bits == 8 and line.parity == "N":
        return line
    if line.bits != 7 or (line.parity == "N" and line.stop == 1):
        template = marked("framing=software puts 7 data bits and parity into 8 bits; {0} cannot be sent that way.")
        raise LinkError("bad_line", Message(template, (str(line),)))
    return replace(line, bits=8, parity="N", stop=1 if line.parity == "N" else line.stop)


def with_parity(data: bytes, line: Line) -> bytes:
    """Return the eight-bit characters for `data` on a line of seven bits; bit 7 of `data` is ignored."""
    return data.translate(_TABLES[line.parity])


def without_parity(data: bytes, line: Line) -> list[PortItem]:
    """Return `data` without its parity bits, with `LineEvent.PARITY` in place of each character with a wrong one."""
    received: list[PortItem] = []
    for good, run in groupby(data, _GOOD[line.parity].__contains__):
        values = bytes(run)
        received += [bytes(value & _SEVEN for value in values)] if good else [LineEvent.PARITY] * len(values)
    return received


class SoftParityPort(Port):
    """A port that carries seven bits and parity over `inner`, which is open at `carrier(line)`. 8N1 passes unchanged.

    Raises what `inner` raises; `set_line` also what `carrier` raises.
    """

    max_pending = WIRE_MAX_PENDING

    def __init__(self, inner: Port, line: Line) -> None:
        self._inner = inner
        self._line = line
        self.timed, self.start_lag = inner.timed, inner.start_lag
        self.reported_events = inner.reported_events | frozenset({LineEvent.PARITY})

    @property
    def url(self) -> str:
        return self._inner.url

    def read(self) -> Sequence[PortItem]:
        received = self._inner.read()
        if self._line.bits == 8:
            return received
        result: list[PortItem] = []
        for item in received:
            result += without_parity(item, self._line) if isinstance(item, bytes) else [item]
        return result

    def write(self, data: bytes) -> int:
        return self._inner.write(data if self._line.bits == 8 else with_parity(data, self._line))

    def set_line(self, line: Line) -> None:
        self._inner.set_line(carrier(line))
        self._line = line

    def wake(self) -> None:
        self._inner.wake()

    def close(self) -> None:
        self._inner.close()

    def peer_baud(self) -> int | None:
        return self._inner.peer_baud()

    def select_peer(self, peer: int) -> None:
        self._inner.select_peer(peer)

    def set_break(self, on: bool) -> None:
        self._inner.set_break(on)

    def drain(self) -> None:
        self._inner.drain()

    def discard_output(self) -> None:
        self._inner.discard_output()

    def clear_stall(self) -> None:
        self._inner.clear_stall()
