"""The CSV format of all tables of this program: RFC 4180 (commas, CRLF, quotes where needed) in UTF-8.

The file begins with a byte-order mark. Without one, Excel assumes the system's code page and misreads letters outside
ASCII; LibreOffice ignores it, and Python reads it with `utf-8-sig`.

A spreadsheet treats text that begins with `=`, `+`, `-` or `@` as a formula and runs it. An apostrophe in front makes
it text again; numbers, with or without a sign, are not changed.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

Cell = str | int

_FORMULA = re.compile(r"[=+\-@\t\r\n]")
"""The first character of text that a spreadsheet may treat as a formula."""
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[Ee][+-]?\d+)?", re.ASCII)


def csv_text(lines: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield each line as a text with its CRLF; the first of `lines` has the titles."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    for cells in lines:
        writer.writerow([_neutral(cell) for cell in cells])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def csv_file(lines: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Yield the file in pieces, for `write_atomically`."""
    yield codecs.BOM_UTF8
    for line in csv_text(lines):
        yield line.encode("utf-8")


def _neutral(cell: Cell) -> Cell:
    if isinstance(cell, int) or not _FORMULA.match(cell) or _NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}"
