"""Tables as CSV files and as text for the clipboard.

A CSV file is UTF-8 and begins with a byte-order mark. Without one Excel assumes the system's code page and shows
letters that are not ASCII wrongly; LibreOffice ignores it, and Python reads it with `utf-8-sig`.

A spreadsheet treats text that begins with `=`, `+`, `-` or `@` as a formula and runs it. An apostrophe in front makes
it text again; numbers, with or without a sign, are not changed. A spreadsheet also takes the text `1.8.0` for a date
(in German) and drops the zeros in front of `00123456`. A CSV file for Excel has such a text as `="1.8.0"`, whose value
is the text in every language.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from cmi_gui.engine.files.table import Cell, Column, TableData, for_spreadsheet, is_too_long, plain

_FORMULA = re.compile(r"[=+\-@\t\r\n]")
"""The first character of text that a spreadsheet may treat as a formula."""
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[Ee][+-]?\d+)?", re.ASCII)
_CONVERTED = re.compile(r"(?=[.,+\- ]*\d)[\d.,:/+\-Ee% ]{1,200}", re.ASCII)
"""Text that a spreadsheet may take for a number, a date or a time. Excel allows 255 characters in `="..."`."""


@dataclass(frozen=True, slots=True)
class CsvForm:
    """The separator and the decimal sign of a CSV file.

    `excel`: the file is for a spreadsheet, with local times (`for_spreadsheet`); else for other programs, with times in
    ISO 8601 with their offset from UTC.
    """

    separator: str
    decimal: str
    excel: bool = True


RFC_4180 = CsvForm(",", ".", excel=False)


def csv_file(table: TableData, form: CsvForm) -> Iterator[bytes]:
    """Yield the file in pieces: the titles, then the rows, each with its CRLF."""
    yield codecs.BOM_UTF8
    for line in _lines(for_spreadsheet(table) if form.excel else table, form, guarded=form.excel):
        yield line.encode(errors="replace")


def clipboard_text(table: TableData, decimal: str, *, titles: bool = False) -> str:
    """Return the rows as lines of cells with tabs between them, the form in which a spreadsheet pastes text."""
    lines = _lines(table, CsvForm("\t", decimal), line_end="\n")
    title_line = next(lines)
    return (title_line * titles + "".join(lines)).removesuffix("\n")


def _lines(table: TableData, form: CsvForm, *, line_end: str = "\r\n", guarded: bool = False) -> Iterator[str]:
    """Yield the titles and the rows. `guarded`: write text that a spreadsheet may convert as `="..."`."""
    buffer = io.StringIO(newline="")
    # Written with CR LF, because then the writer also quotes cells with either of these.
    writer = csv.writer(buffer, delimiter=form.separator, lineterminator="\r\n")

    def line(cells: Sequence[str]) -> str:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow(cells)
        return buffer.getvalue().removesuffix("\r\n") + line_end

    yield line([_text(column.title, guarded=False) for column in table.columns])
    for row in table.rows:
        yield line([_cell(cell, column, form, guarded) for cell, column in zip(row, table.columns, strict=True)])


def _cell(cell: Cell, column: Column, form: CsvForm, guarded: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _text(cell, guarded=guarded)
    if isinstance(cell, datetime):
        return _time(cell, column, form)
    digits = plain(cell).replace(".", form.decimal)
    return _text(digits, guarded=True) if guarded and is_too_long(cell) else digits


def _text(text: str, *, guarded: bool) -> str:
    if guarded and _CONVERTED.fullmatch(text):
        return f'="{text}"'
    return text if not _FORMULA.match(text) or _NUMBER.fullmatch(text) else f"'{text}"


def _time(time: datetime, column: Column, form: CsvForm) -> str:
    if not form.excel:
        return time.isoformat(timespec="milliseconds")
    timespec = "milliseconds" if column.milliseconds else "seconds"
    return time.replace(tzinfo=None).isoformat(" ", timespec).replace(".", form.decimal)
