"""A table model that shows a `TableData` of the engine as it is saved: text is text, numbers keep all their digits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal

from PySide6.QtCore import QObject, Qt

from cmi_gui.engine.files.table import Cell, TableData, plain
from cmi_gui.ui.models.columns import ColumnsModel, Index
from cmi_gui.ui.pages.bus.words import NONE
from cmi_gui.ui.text.i18n import with_decimal_sign
from cmi_gui.ui.text.mark import Mark
from cmi_gui.ui.text.tooltip import tooltip

MARK_ROLE = Qt.ItemDataRole.UserRole
"""The role for the `Mark` in front of the words of the column `marked`."""


def cell_text(cell: Cell) -> str:
    """Return a cell in words: a number in the user's spelling, a time as local time to the second, a dash for None."""
    if cell is None:
        return NONE
    if isinstance(cell, datetime):
        return cell.astimezone().strftime("%Y-%m-%d %H:%M:%S") if cell.tzinfo else f"{cell:%Y-%m-%d %H:%M:%S}"
    return with_decimal_sign(plain(cell)) if isinstance(cell, int | Decimal) else cell


class DataModel(ColumnsModel):
    """Rows and columns of a `TableData`; both may change. `mark_of` gives the mark of a row for the column `marked`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[Cell, ...]] = []
        """The cells of each row."""
        self._marked = -1
        self._mark_of: Callable[[int], Mark | None] = lambda _row: None
        self._right: frozenset[int] = frozenset()

    def mark(self, column: int, mark_of: Callable[[int], Mark | None]) -> None:
        """Show a mark before the words of a column, by row."""
        self._marked, self._mark_of = column, mark_of

    def show_table(self, table: TableData) -> None:
        """Show another table; rows that did not change are not repainted."""
        headers = [column.title for column in table.columns]
        cells, before = [tuple(row) for row in table.rows], self._rows
        is_other = headers != list(self.headers) or len(cells) != len(before)
        changed = set(range(len(headers)))
        if not is_other:
            # Most cells are the same objects as before.
            changed = {
                column
                for row, old in zip(cells, before, strict=True)
                for column, cell in enumerate(row)
                if cell is not old[column]
            }
        numeric = {column for column in changed if _is_numeric(row[column] for row in cells)}
        right = self._right - changed | numeric
        if is_other or right != self._right:
            self.beginResetModel()
            self.headers, self._rows, self._right = headers, cells, right
            self.endResetModel()
            return
        self._rows = cells
        for number, (row, old) in enumerate(zip(cells, before, strict=True)):
            # Equal numbers may be spelled differently.
            if any(
                cell_text(row[column]) != cell_text(old[column]) for column in changed if row[column] is not old[column]
            ):
                self.dataChanged.emit(self.index(number, 0), self.index(number, len(headers) - 1))

    def alignment(self, column: int) -> Qt.AlignmentFlag:
        """Return the alignment: numbers to the right."""
        side = Qt.AlignmentFlag.AlignRight if column in self._right else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    # ColumnsModel

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return text, alignment, tooltip and mark."""
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(self._rows[index.row()][index.column()])
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(cell_text(self._rows[index.row()][index.column()]))
        if role == MARK_ROLE and index.column() == self._marked:
            return self._mark_of(index.row())
        return super().data(index, role)


def _is_numeric(cells: Iterable[Cell]) -> bool:
    known = {type(cell) for cell in cells if cell is not None and cell != ""}
    return bool(known) and known <= {int, Decimal}
