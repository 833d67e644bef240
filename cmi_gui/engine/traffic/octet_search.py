"""Searches for words and patterns in the bytes of many rows at once.

`octets` are the bytes of some rows one after the other, `ends` the index after the last byte of each. A search for a
word or pattern in all of them takes as long as some ten calls for single rows.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import chain
from typing import TypeVar

from cmi_gui.engine.traffic.filter import HexPattern

_FOLDED = bytes(
    ord(folded) if len(folded := chr(byte).casefold()) == 1 and ord(folded) <= 0xFF else byte for byte in range(256)
)
"""Each byte, read as a character of ISO 8859-1, in lower case; as it is where that is not one of its characters."""
_MICRO, _MU = "\N{MICRO SIGN}", "\N{GREEK SMALL LETTER MU}"
"""The only one of these characters whose lower case is another character outside ISO 8859-1."""
_DIGITS = frozenset("0123456789abcdef")
Text = TypeVar("Text", str, bytes)


def characters(data: bytes) -> str:
    """Return bytes as the characters that are searched."""
    return data.translate(_FOLDED).decode("latin-1").replace(_MICRO, _MU)


def mark_word(found: bytearray, octets: bytes, ends: Sequence[int], word: str) -> None:
    """Set the item of `found` to 1 for each row with a word (in lower case) in one of three forms of its bytes.

    These are hex digits, hex digits with blanks between the bytes, and `characters`.
    """
    if _DIGITS.issuperset(word):
        mark(found, octets.hex(), word, [2 * end for end in ends])
    elif _DIGITS.issuperset(word.replace(" ", "")):
        mark(found, octets.hex(" "), word, [3 * end for end in ends], 1)
    try:
        needle = word.replace(_MU, _MICRO).encode("latin-1")
    except UnicodeEncodeError:
        return
    mark(found, octets.translate(_FOLDED), needle, ends)


def mark(found: bytearray, text: Text, needle: Text, ends: Sequence[int], gap: int = 0) -> None:
    """Set the item of `found` to 1 for each part of a text that has the whole `needle`.

    `ends`: the index after each part, of which the last `gap` characters only separate it from the next.
    """
    find = text.find
    if 2 * text.count(needle) > len(ends):
        # A look at each part takes less time than one at each place.
        for part, (begin, end) in enumerate(zip(chain((0,), ends), ends, strict=False)):
            if find(needle, begin, max(begin, end - gap)) >= 0:
                found[part] = 1
        return
    size = len(needle)
    part = 0
    at = find(needle)
    while at >= 0:
        part = bisect_right(ends, at, part)
        if part == len(ends):
            return
        if at + size <= ends[part] - gap:
            found[part] = 1
            at = find(needle, ends[part])
        else:
            # It goes on in the next part.
            at = find(needle, at + 1)


def mark_pattern(found: bytearray, octets: bytes, ends: Sequence[int], pattern: HexPattern) -> None:
    """Set the item of `found` to 1 for each row that a pattern matches."""
    if not pattern.pieces:
        found[:] = b"\1" * len(found)
        return
    text = octets.decode("latin-1")
    first, *others = pattern.pieces
    match = first.search(text)
    while match is not None:
        row = bisect_right(ends, match.start())
        if match.end() > ends[row]:
            match = first.search(text, match.start() + 1)
            continue
        if not others or pattern.matches(text[match.start() : ends[row]]):
            found[row] = 1
        match = first.search(text, ends[row])
