"""CSV files as every table of this program is written: RFC 4180 (commas, CRLF, quotes where needed) in UTF-8.

A byte-order mark stands before the first line. Excel takes a file without one for text in the system's code page and
spoils every letter that is not ASCII; LibreOffice passes over it, and Python reads it with `utf-8-sig`.

A spreadsheet takes text that begins with `=`, `+`, `-` or `@` for a formula and runs it. An apostrophe in front makes
it text again; numbers, with a sign or without, stay as they are.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

Cell = str | int

_FORMULA = re.compile(r"[=+\-@\t\r\n]")
"""The first character of what a spreadsheet may take for a formula."""
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[Ee][+-]?\d+)?", re.ASCII)


def csv_text(lines: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """One text a line, with its CRLF; the first line is that of the titles."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    for cells in lines:
        writer.writerow([_neutral(cell) for cell in cells])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def csv_file(lines: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The file in pieces, for `write_atomically`."""
    yield codecs.BOM_UTF8
    for line in csv_text(lines):
        yield line.encode("utf-8")


def _neutral(cell: Cell) -> Cell:
    if isinstance(cell, int) or not _FORMULA.match(cell) or _NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}"
