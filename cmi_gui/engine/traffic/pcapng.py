"""Traffic as pcapng, the file format of Wireshark; `docs/wireshark.md` describes the header before each telegram.

A file has one section, one interface for each link, and one packet for each row. The link type is USER0, for which
nothing is defined, so the dissector of `traffic/dissector.py` has to be installed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from cmi_gui import __version__
from cmi_gui.engine.traffic.capture import Wall
from cmi_gui.engine.traffic.masking import Ranges, apply_mask
from cmi_gui.engine.traffic.store import Direction, RowKind, TrafficRow

LINK_TYPE: Final = 147
"""USER0, the first of the link types for private use."""
HEADER_MAGIC: Final = b"CM"
HEADER_VERSION: Final = 1
UNKNOWN_TIME: Final = 0xFFFF_FFFF
"""Microseconds of a telegram whose duration is not known, and of those that take longer than an hour."""
MAX_PACKET: Final = 262_144
"""Bytes of a packet, the most that Wireshark reads; the rest of a longer message is cut off."""

_MAX_TEXT = 1000
"""Bytes of a link or a remark."""
_MAX_RANGES = 1000
_MAX_COMMENT = 8000
_SECTION, _INTERFACE, _PACKET = 0x0A0D0D0A, 1, 6
_END, _COMMENT = 0, 1
_APPLICATION, _NAME, _DESCRIPTION, _RESOLUTION = 4, 2, 3, 9
_FLAGS = 2
_INBOUND, _OUTBOUND, _CRC_ERROR = 1, 2, 1 << 24
_LAST_TIME = (1 << 64) - 1


def _option(code: int, value: bytes) -> bytes:
    return struct.pack("<HH", code, len(value)) + value + bytes(-len(value) % 4)


def _block(kind: int, body: bytes, *options: bytes) -> bytes:
    content = body + bytes(-len(body) % 4) + b"".join((*options, _option(_END, b"")))
    size = struct.pack("<I", len(content) + 12)
    return struct.pack("<I", kind) + size + content + size


def _text(text: str, limit: int) -> bytes:
    """Return a text in UTF-8, cut between two characters if it is too long."""
    return text.encode("utf-8", "replace")[:limit].decode("utf-8", "ignore").encode()


def packet_header(row: TrafficRow, masked: Ranges) -> bytes:
    """Return the header that a packet has before the bytes of the row. All numbers are big-endian."""
    link, remark = _text(row.link, _MAX_TEXT), _text("" if row.words is None else str(row.words), _MAX_TEXT)
    took = UNKNOWN_TIME if row.took is None else min(max(round(row.took * 1e6), 0), UNKNOWN_TIME)
    ranges = b"".join(struct.pack(">II", first, stop) for first, stop in masked)
    tail = struct.pack(">H", len(link)) + link
    tail += struct.pack(">H", len(masked)) + ranges
    tail += struct.pack(">H", len(remark)) + remark
    size = len(HEADER_MAGIC) + 14 + len(tail)
    facts = struct.pack(">BBBBHII", HEADER_VERSION, row.side, row.direction, row.kind, size, row.baud or 0, took)
    return HEADER_MAGIC + facts + tail


def _few(masked: Ranges) -> Ranges:
    """Return ranges of which the last one covers those that are too many, because only an attacker sends so many."""
    return (
        masked
        if len(masked) <= _MAX_RANGES
        else (*masked[: _MAX_RANGES - 1], (masked[_MAX_RANGES - 1][0], masked[-1][1]))
    )


class PcapngBlocks:
    """The blocks of one pcapng section; their order is `section`, then `row` for each row.

    Masked bytes are zero, and marked in the header. `wall` gives the seconds since the epoch of a row's time.
    """

    def __init__(self, wall: Wall) -> None:
        self._wall = wall
        self._interfaces: dict[str, int] = {}

    def section(self) -> bytes:
        """Return the block at the beginning."""
        body = struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)
        program = _option(_APPLICATION, f"cmi_gui {__version__}".encode())
        return _block(_SECTION, body, _option(_COMMENT, b"Passwords are masked."), program)

    def interface(self, link: str) -> bytes:
        """Return the block that names a link; empty if it has been named before."""
        if link in self._interfaces:
            return b""
        self._interfaces[link] = len(self._interfaces)
        name = _option(_NAME, _text(link, _MAX_TEXT) or b"-")
        about = _option(_DESCRIPTION, b"M-Bus or IEC 62056-21, recorded by cmi_gui")
        # The time stamps count nanoseconds.
        return _block(
            _INTERFACE, struct.pack("<HHI", LINK_TYPE, 0, MAX_PACKET), name, about, _option(_RESOLUTION, b"\x09")
        )

    def row(self, row: TrafficRow, note: str | None = None) -> bytes:
        """Return a row as a packet, with the block of its interface before the first; `note`: of its bookmark."""
        masked = _few(row.masked)
        data = packet_header(row, masked) + apply_mask(row.data, masked)
        cut = data[:MAX_PACKET]
        # Microseconds, as in a capture: the clock of no link is more exact.
        time = min(max(round(self._wall(row.at) * 1e6) * 1000, 0), _LAST_TIME)
        interface = self.interface(row.link)
        body = struct.pack("<IIIII", self._interfaces[row.link], time >> 32, time & 0xFFFF_FFFF, len(cut), len(data))
        flags = _INBOUND if row.direction is Direction.RECEIVED else _OUTBOUND
        flags |= _CRC_ERROR if row.kind is RowKind.BAD_CHECKSUM else 0
        options = [_option(_FLAGS, struct.pack("<I", flags))]
        if note is not None:
            options.append(_option(_COMMENT, _text(note, _MAX_COMMENT) or b"bookmark"))
        return interface + _block(_PACKET, body + cut, *options)


def pcapng_file(rows: Iterable[TrafficRow], wall: Wall, notes: Mapping[int, str] | None = None) -> Iterator[bytes]:
    """Yield the pieces of a whole file. `notes`: those of bookmarked rows, by index; they become packet comments."""
    blocks = PcapngBlocks(wall)
    yield blocks.section()
    for row in rows:
        yield blocks.row(row, None if notes is None else notes.get(row.index))
