"""Tables as Excel files (.xlsx).

Numbers are numbers with as many decimals shown as they have, times are dates with a time of day, and text is text in a
cell of the type text: never a formula, a number or a date, also after it has been edited.

openpyxl takes a quarter of a second to import and is therefore imported when a file is written.
"""

from __future__ import annotations

import itertools
import re
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from cmi_gui.engine.files.table import Cell, Column, TableData, for_spreadsheet, is_too_long, plain

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell as OpenpyxlCell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

MAX_ROWS = 1_048_576
"""The rows of a sheet, the titles included; a longer table continues on another sheet."""
_CHUNK = 1 << 20
_TEXT, _SECONDS, _MILLISECONDS = "@", "yyyy-mm-dd hh:mm:ss", "yyyy-mm-dd hh:mm:ss.000"
_NOT_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_A_NAME = re.compile(r"[\\*?:/\[\]']")
_LONGEST_NAME = 31
_LONGEST_TEXT = 32_767


def xlsx_file(tables: TableData | Sequence[TableData], max_rows: int = MAX_ROWS) -> Iterator[bytes]:
    """Yield the file in pieces, and an empty piece for each row before them; each table has its own sheet.

    Characters that a file cannot have, such as the control characters of damaged data, become U+FFFD.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    book.properties.creator = "cmi_gui"
    for table in [tables] if isinstance(tables, TableData) else tables:
        yield from _add_table(book, for_spreadsheet(table), max_rows)
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(_CHUNK):
            yield piece


def _add_table(book: Workbook, table: TableData, max_rows: int) -> Iterator[bytes]:
    """Add the sheets of a table."""
    rows = iter(table.rows)
    while True:
        sheet = _Sheet(book.create_sheet(_sheet_name(table.name, book.sheetnames)), table.columns)
        try:
            for row in itertools.islice(rows, max_rows - 1):
                sheet.add(row)
                yield b""
        finally:
            sheet.close()
        first = next(rows, None)
        if first is None:
            break
        rows = itertools.chain([first], rows)


class _Sheet:
    """A sheet, whose rows go to a temporary file at once; its titles stay in view.

    A styled cell takes longer to make than to write, so that there is only one for each column and format.
    """

    def __init__(self, sheet: WriteOnlyWorksheet, columns: Sequence[Column]) -> None:
        from openpyxl.styles import Font
        from openpyxl.utils import get_column_letter

        self._sheet = sheet
        self._columns = columns
        self._cells: dict[tuple[int, str], OpenpyxlCell] = {}
        sheet.freeze_panes = "A2"
        widths = sheet.column_dimensions  # type: ignore[attr-defined] # missing in the stubs
        for index, column in enumerate(columns):
            widths[get_column_letter(index + 1)].width = column.width
        bold = Font(name="Calibri", size=11, bold=True)
        titles = [self._text_cell(index, column.title) for index, column in enumerate(columns)]
        for cell in titles:
            cell.font = bold
        sheet.append(titles)
        self._cells.clear()

    def add(self, row: Sequence[Cell]) -> None:
        """Write a row."""
        cells = enumerate(zip(self._columns, row, strict=True))
        self._sheet.append([self._cell(index, column, cell) for index, (column, cell) in cells])

    def close(self) -> None:
        """End the sheet."""
        self._sheet.close()

    def _cell(self, index: int, column: Column, cell: Cell) -> OpenpyxlCell | None:
        if cell is None:
            return None
        if isinstance(cell, str):
            return self._text_cell(index, cell)
        if isinstance(cell, datetime):
            return self._styled(index, _MILLISECONDS if column.milliseconds else _SECONDS, cell)
        if is_too_long(cell):
            return self._text_cell(index, plain(cell))
        return self._styled(index, _number_format(cell), cell)

    def _text_cell(self, index: int, text: str) -> OpenpyxlCell:
        cell = self._styled(index, _TEXT, _clean(text))
        # The type that the text seems to have is set with the value: formula or error.
        cell.data_type = "s"
        return cell

    def _styled(self, index: int, number_format: str, value: str | int | Decimal | datetime) -> OpenpyxlCell:
        key = index, number_format
        if key not in self._cells:
            from openpyxl.cell import WriteOnlyCell

            self._cells[key] = WriteOnlyCell(self._sheet)
            self._cells[key].number_format = number_format
        self._cells[key].value = value
        return self._cells[key]


def _number_format(number: int | Decimal) -> str:
    """Return the format that shows all decimals of a number: `0`, `0.000`."""
    decimals = len(plain(number).partition(".")[2])
    return f"0.{'0' * decimals}" if decimals else "0"


def _clean(text: str) -> str:
    if len(text) > _LONGEST_TEXT:
        text = f"{text[: _LONGEST_TEXT - 1]}…"
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))


def _sheet_name(name: str, taken: Sequence[str]) -> str:
    """Return a valid name for a sheet that is not taken; for Excel, `a` and `A` are the same."""
    name = _NOT_IN_A_NAME.sub(" ", name)
    names = {each.casefold() for each in taken}
    for number in itertools.count(1):
        suffix = f" ({number})" if number > 1 else ""
        valid = name[: _LONGEST_NAME - len(suffix)] + suffix
        if valid.casefold() not in names:
            break
    return valid
