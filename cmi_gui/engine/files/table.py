"""Tables of exports and of the clipboard; `table_text` writes them as CSV or text, `table_xlsx` for Excel.

The type of a cell says what it is: `str` is text, `int` and `Decimal` are numbers with just the decimals to show, an
aware `datetime` is a time, None is an empty cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

Cell = str | int | Decimal | datetime | None

MAX_DIGITS = 15
"""The digits of a number that a spreadsheet keeps; a longer number is text there."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    `width`: in characters, in Excel. `milliseconds`: whether its times are shown in milliseconds, else in seconds.
    `offset`: if not empty, its times stand in two columns of a spreadsheet, because cells for local times have no
    offset from UTC; this is the title of the second column, which has the offset in hours.
    """

    title: str
    width: int = 12
    milliseconds: bool = False
    offset: str = ""


@dataclass(frozen=True, slots=True)
class TableData:
    """Columns and rows; `rows` may be an iterator, for a table that is written once. `name`: of the sheet in Excel."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


def for_spreadsheet(table: TableData) -> TableData:
    """Return the table with local times that have no offset, its offsets in columns of their own."""
    columns: list[Column] = []
    for column in table.columns:
        columns.append(column)
        if column.offset:
            columns.append(Column(column.offset, 16))
    return TableData(table.name, columns, _local_rows(table))


def _local_rows(table: TableData) -> Iterator[Sequence[Cell]]:
    for row in table.rows:
        cells: list[Cell] = []
        for column, cell in zip(table.columns, row, strict=True):
            cells.append(cell.replace(tzinfo=None) if isinstance(cell, datetime) else cell)
            if column.offset:
                cells.append(_hours_from_utc(cell) if isinstance(cell, datetime) else None)
        yield cells


def _hours_from_utc(time: datetime) -> Decimal | None:
    offset = time.utcoffset()
    return None if offset is None else Decimal(int(offset.total_seconds())) / 3600


def is_too_long(number: int | Decimal) -> bool:
    """Return whether a spreadsheet would lose digits of a number."""
    return len(Decimal(number).as_tuple().digits) > MAX_DIGITS


def plain(number: int | Decimal) -> str:
    """Return all digits of a number, never an exponent."""
    return f"{number:f}" if isinstance(number, Decimal) else str(number)
