"""Hex dumps: rows of an offset, bytes, and perhaps the same bytes as readable text.

xxd, hexdump, od, tcpdump and Wireshark write such rows. What is an offset is known by its value: it counts the bytes of
the rows before it, in hex or (od) in octal.
"""

from __future__ import annotations

import re

MAX_SIZE = 64 << 10
"""Bytes after which a dump is cut, so that a long one does not fill the memory."""

_ROW = re.compile(r"\s*(?:0x)?([0-9A-Fa-f]{4,16})(?:(:?)(\s+)(\S.*))?", re.DOTALL)
_GROUP = re.compile(r"([0-9A-Fa-f]{2,16})(\s*)")
_READABLE = re.compile(r"(?<!\s)\s{2,}+(?:\|.*\||>.*<)")
"""The column of `hexdump -C` and `od -t x1z`."""


class HexDump:
    """Puts the rows of a dump together."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._start = 0
        self._row = b""
        self._repeats = False
        """A row `*` stands for rows like the one before."""

    @property
    def size(self) -> int:
        """Bytes so far."""
        return len(self._data)

    @property
    def is_full(self) -> bool:
        """Whether `end` should be called now."""
        return len(self._data) >= MAX_SIZE

    def end(self) -> bytes:
        """Return the bytes collected so far and clear them."""
        data = bytes(self._data)
        self._start = self._start + len(data) if self.is_full else 0
        self._data.clear()
        self._repeats = False
        return data

    def take(self, text: str) -> bool:
        """Take a line if it is a row of the dump, or its first one; returns whether it is."""
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
            # The last row is the size alone; hexdump and od fill up the last word.
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
        """An offset from the beginning of what is kept, in hex, or in octal where that fits."""
        here = self._start + len(self._data)
        if len(digits) == 7 and not set(digits) - set("01234567"):
            octal = int(digits, 8)
            if here - 1 <= octal <= here + (MAX_SIZE if self._repeats else 0):
                return octal - self._start
        return int(digits, 16) - self._start


def _bytes_of(body: str, *, swapped: bool) -> bytes | None:
    """The bytes of a row without its offset; None for other text. `swapped`: words of four digits, low byte first."""
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
    """Whether a text is bytes as a readable column shows them: what is not printable as a point."""
    shown = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in data)
    return bool(text) and shown.strip() == text.strip()
