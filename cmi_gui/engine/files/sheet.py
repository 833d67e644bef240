"""Reading of lists from CSV and Excel files (.xlsx) of others, as the texts that their cells show.

Nothing in such a file is carried out: of a formula the result that the spreadsheet has stored is taken. A spreadsheet
may also have changed what was typed; a cell that cannot be trusted for this is a message with the reason.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cmi_gui.engine.files.user_file import read_user_file
from cmi_gui.engine.messages import InvalidValue, Message, quoted

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as OpenpyxlCell
    from openpyxl.cell.cell import MergedCell
    from openpyxl.workbook import Workbook

MAX_FILE: Final = 10_000_000
"""Largest size of a file in bytes."""
MAX_UNPACKED: Final = 100_000_000
"""Largest size of the parts of an Excel file in bytes."""
MAX_LINES: Final = 5_000
MAX_CELLS: Final = 200
"""Largest number of cells in a line."""
SEPARATORS: Final = ";,\t"
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_NAMED: Final = re.compile(r"sep=([;,|])", re.IGNORECASE)
_GUARDED: Final = re.compile(r'="(.*)"', re.DOTALL)
_QUOTED: Final = re.compile(r"'[=+\-@\t\r\n]")
_ZEROS: Final = re.compile(r"0+")

SheetCell = str | Message


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A line of a sheet that is not empty. `line`: its number from 1.

    `error`: why this line, the last one, has no cells; only in a CSV file, or if another separator is the right one.
    """

    line: int
    cells: tuple[SheetCell, ...]
    error: Message | None = None


def read_sheets(path: Path) -> list[list[SheetRow]]:
    """Return the visible sheets of an Excel file, or the lines of a CSV file separated in each possible way.

    Raises OSError and InvalidValue.
    """
    data = read_user_file(path, MAX_FILE)
    if data.startswith(_OLE):
        raise InvalidValue(
            Message("is an old Excel file or is protected by a password; save it as .xlsx or CSV without a password")
        )
    return _xlsx_sheets(data) if data.startswith(_ZIP) else separated(_text(data))


def separated(text: str, separators: str = SEPARATORS) -> list[list[SheetRow]]:
    """Return the lines of a text, separated by each of the separators. Raises InvalidValue."""
    first, _, rest = text.partition("\n")
    # Excel's own way to name the separator.
    named = _NAMED.fullmatch(first.strip())
    if named is not None:
        text, separators = "\n" + rest, named[1]
    return [_rows(csv_lines(text, separator, strict=True)) for separator in separators]


class _NotSeparated(InvalidValue):
    """A line that cannot be separated into cells."""

    def __init__(self, line: int, message: Message) -> None:
        super().__init__(message)
        self.line = line


def csv_lines(text: str, separator: str, *, strict: bool = False) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines of a text, each with its number from 1. `strict`: quotes that are not closed are an error.

    Raises InvalidValue.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)
    line = 1
    try:
        for cells in reader:
            yield line, [_unguarded(cell) for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise _NotSeparated(line, Message("the quotes are not closed or not in pairs ({0})", (str(error),))) from None


def _unguarded(cell: str) -> str:
    """Return the text of a cell without the signs that keep a spreadsheet from converting it."""
    guarded = _GUARDED.fullmatch(cell)
    if guarded is not None:
        return guarded[1].replace('""', '"')
    return cell[1:] if _QUOTED.match(cell) else cell


def _text(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif data[1:2] == b"\0":
        encodings = ["utf-16-le"]
    elif data[:1] == b"\0":
        encodings = ["utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidValue(Message("is neither an Excel file (.xlsx) nor a text; save it as .xlsx or as CSV with UTF-8"))


def _rows(lines: Iterable[tuple[int, Sequence[SheetCell]]]) -> list[SheetRow]:
    rows: list[SheetRow] = []
    try:
        for line, given in lines:
            cells = [*given]
            while cells and cells[-1] == "":
                cells.pop()
            if not any(isinstance(cell, Message) or cell.strip() for cell in cells):
                continue
            if len(rows) == MAX_LINES:
                raise InvalidValue(Message("has more than {0} lines", (MAX_LINES,)))
            if len(cells) > MAX_CELLS:
                raise InvalidValue(Message("line {0}: has more than {1} cells", (line, MAX_CELLS)))
            rows.append(SheetRow(line, tuple(cells)))
    except _NotSeparated as error:
        rows.append(SheetRow(error.line, (), error.message))
    return rows


def _xlsx_sheets(data: bytes) -> list[list[SheetRow]]:
    # openpyxl takes a quarter of a second to import.
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                raise InvalidValue(Message("is too big when it is unpacked"))
        with warnings.catch_warnings():
            # They are about what is not read, such as styles.
            warnings.simplefilter("ignore")
            books = [load_workbook(io.BytesIO(data), read_only=True, data_only=shown) for shown in (True, False)]
            return [_rows(lines) for lines in _book_lines(*books)]
    except InvalidValue:
        raise
    except Exception as error:  # openpyxl raises errors of many kinds for a damaged file
        raise InvalidValue(
            Message("is not a valid Excel file ({0}); save it again as .xlsx, or as CSV", (type(error).__name__,))
        ) from None


def _book_lines(shown: Workbook, formulas: Workbook) -> Iterator[Iterator[tuple[int, Sequence[SheetCell]]]]:
    for sheet, written in zip(shown.worksheets, formulas.worksheets, strict=True):
        if sheet.sheet_state != "visible":
            continue
        for each in (sheet, written):
            # The file may name a smaller range than it has.
            each.reset_dimensions()
        rows = zip(sheet.iter_rows(), written.iter_rows(), strict=True)
        yield ((line, [*map(_cell, *pair)]) for line, pair in enumerate(rows, 1))


def _cell(shown: OpenpyxlCell | MergedCell, written: OpenpyxlCell | MergedCell) -> SheetCell:
    value: object = shown.value
    match value:
        case None if written.data_type == "f":
            return Message("is a formula without a stored result; paste the values instead of the formulas")
        case None:
            return ""
        case str() if shown.data_type == "e":
            return Message("is an error of the spreadsheet, {0}", (value,))
        case str():
            return value
        case bool():
            return str(value).upper()
        case int() | float():
            return _number(value, shown.number_format or "")
        case date() | time() | timedelta():
            return Message("is a date; give the column the format Text and enter it again")
    return quoted(str(value))


def _number(value: float, number_format: str) -> str:
    if value != value or value in (float("inf"), float("-inf")) or value != int(value):
        return str(value)
    digits = str(int(value))
    zeros = number_format.replace("\\", "").replace(" ", "")
    return digits.zfill(len(zeros)) if _ZEROS.fullmatch(zeros) else digits
