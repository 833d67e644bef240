"""Hex dumps: rows of an offset, bytes, and often the same bytes as readable text.

xxd, hexdump, od, tcpdump and Wireshark write such rows. An offset is recognised by its value, the number of bytes in
the rows before it, in hex or (od) in octal.
"""

from __future__ import annotations

import re

MAX_SIZE = 64 << 10
"""Bytes after which a dump is divided, to limit the memory for a long one."""

_ROW = re.compile(r"\s*(?:0x)?([0-9A-Fa-f]{4,16})(?:(:?)(\s+)(\S.*))?", re.DOTALL)
_GROUP = re.compile(r"([0-9A-Fa-f]{2,16})(\s*)")
_READABLE = re.compile(r"(?<!\s)\s{2,}+(?:\|.*\||>.*<)")
"""The column of `hexdump -C` and `od -t x1z`."""


class HexDump:
    """The rows of a dump, put together."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._start = 0
        self._row = b""
        self._repeats = False
        """True after a row `*`, which stands for repetitions of the row before it."""

    @property
    def size(self) -> int:
        """The number of bytes collected so far."""
        return len(self._data)

    @property
    def is_full(self) -> bool:
        """True if `end` should be called now."""
        return len(self._data) >= MAX_SIZE

    def end(self) -> bytes:
        """Return the bytes collected so far and clear them."""
        data = bytes(self._data)
        self._start = self._start + len(data) if self.is_full else 0
        self._data.clear()
        self._repeats = False
        return data

    def take(self, text: str) -> bool:
        """Add a line if it is a row of the dump, or the first one; return whether it is."""
        if text.strip() == "*" and self._data:
            self._repeats = True
            return True
        found = _ROW.fullmatch(text.rstrip())
        if found is None:
            return False
        digits, colon, gap, body = found.groups()
        offset = self._offset(digits)
        missing = offset - len(self._data)
        if body is None:
            # The last row is the size alone; hexdump and od complete the last word with a zero.
            if not self._data or missing not in (0, -1):
                return False
            del self._data[offset:]
            return True
        if not self._data:
            if offset or not (colon or len(digits) > 5 or len(gap) > 1):
                return False
        elif missing and not (self._repeats and 0 < missing <= MAX_SIZE):
            return False
        row = _bytes_of(body, swapped=not colon and len(digits) == 7)
        if row is None:
            return False
        if missing:
            self._data += (self._row * (missing // len(self._row) + 1))[:missing]
        self._repeats, self._row = False, row
        self._data += row
        return True

    def _offset(self, digits: str) -> int:
        """Return an offset relative to the collected bytes; it is read as octal if that fits, else as hex."""
        here = self._start + len(self._data)
        if len(digits) == 7 and not set(digits) - set("01234567"):
            octal = int(digits, 8)
            if here - 1 <= octal <= here + (MAX_SIZE if self._repeats else 0):
                return octal - self._start
        return int(digits, 16) - self._start


def _bytes_of(body: str, *, swapped: bool) -> bytes | None:
    """Return the bytes of a row without its offset; None for other text.

    `swapped`: words of four digits have their low byte first.
    """
    body = _READABLE.sub("", body)
    data = bytearray()
    words = True
    at = 0
    while found := _GROUP.match(body, at):
        digits, gap = found.groups()
        if len(digits) % 2:
            break
        words = words and len(digits) == 4
        data += bytes.fromhex(digits)
        at = found.end()
        if len(gap) > 1 and _is_readable_column(body[at:], data):
            at = len(body)
            break
    if at < len(body) or not data:
        return None
    if swapped and words:
        data[0::2], data[1::2] = data[1::2], data[0::2]
    return bytes(data)


def _is_readable_column(text: str, data: bytes | bytearray) -> bool:
    """Return whether a text is the readable column for bytes, with a full stop for each that is not printable."""
    shown = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in data)
    return bool(text) and shown.strip() == text.strip()
