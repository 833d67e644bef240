"""The edits of the cells that are selected in the list of a site: copied, pasted, filled down and cleared."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QTableView

from cmi_gui.engine.files.table import Column, TableData
from cmi_gui.engine.messages import InvalidValue
from cmi_gui.engine.site.cells import cell_text, wanted_text
from cmi_gui.engine.site.pasting import paste
from cmi_gui.ui.models.site import SiteModel
from cmi_gui.ui.models.tables import Tables
from cmi_gui.ui.pages.bus.site_table import ENERGY, SEEN, STATE, SiteTableModel
from cmi_gui.ui.text.words import sentence

_LONGEST_PASTE = 2_000_000
"""Most characters of a pasted text; 1,000 rows of a plan have about 100,000."""


class SiteEdits(QObject):
    """The edits of cells in a view of the list. Signal `said(str)`: a sentence about an edit that was refused."""

    said = Signal(str)

    def __init__(self, site: SiteModel, rows: SiteTableModel, tables: Tables, view: QTableView) -> None:
        super().__init__(view)
        self._site = site
        self._rows = rows
        self._tables = tables
        self._view = view

    def _cells(self) -> list[QModelIndex]:
        """Return the selected cells that are shown, by row and then as the columns stand."""
        header = self._view.horizontalHeader()
        cells = [index for index in self._view.selectedIndexes() if not self._view.isColumnHidden(index.column())]
        return sorted(cells, key=lambda index: (index.row(), header.visualIndex(index.column())))

    def copy(self) -> None:
        """Copy the block around the selected cells; cells of it that are not selected are empty."""
        cells = self._cells()
        if not cells:
            return
        header = self._view.horizontalHeader()
        columns = sorted({index.column() for index in cells}, key=header.visualIndex)
        taken = {(index.row(), index.column()) for index in cells}
        rows = [
            [self._copied(row, column) if (row, column) in taken else "" for column in columns]
            for row in sorted({index.row() for index in cells})
        ]
        titles = [Column(self._rows.headers[column]) for column in columns]
        QGuiApplication.clipboard().setText(self._tables.text(TableData(self.tr("Modules"), titles, rows)))

    def _copied(self, row: int, column: int) -> Decimal | str:
        if self._rows.name(column) == ENERGY:
            return self._rows.energy(row)
        return str(self._rows.index(row, column).data(Qt.ItemDataRole.EditRole) or "")

    def paste(self) -> None:
        """Set cells from the current one on as copied from a spreadsheet; missing rows are added."""
        text = QGuiApplication.clipboard().text()
        if not text.strip():
            return
        if len(text) > _LONGEST_PASTE:
            self.said.emit(self.tr("The copied text is too long for a list of modules"))
            return
        cells = self._cells()
        first = cells[0] if cells else self._view.currentIndex()
        row = max(first.row(), 0)
        header = self._view.horizontalHeader()
        start = header.visualIndex(first.column()) if first.isValid() else 0
        visual = [header.logicalIndex(place) for place in range(start, header.count())]
        names = [self._rows.name(column) for column in visual if not self._view.isColumnHidden(column)]
        if names and names[0] in (ENERGY, STATE, SEEN):
            self.said.emit(self.tr("Values cannot be pasted here; begin in a column that can be edited"))
            return
        wrong = (ENERGY, STATE, SEEN)
        names = names[: next((place for place, name in enumerate(names) if name in wrong), len(names))]
        selected = len({index.row() for index in cells})
        site, rows = self._site, self._rows.modules[row:]

        def edit() -> None:
            changes = paste(site.site, text, rows, names, site.table, selected=max(selected, 1))
            site.edit(changes, self.tr("Paste"))

        self._try(edit)

    def fill_down(self) -> None:
        """Give the selected cells of each column the text of the uppermost; one cell takes that of the cell above."""
        cells = self._cells()
        rows = sorted({index.row() for index in cells})
        names = [self._rows.name(column) for column in dict.fromkeys(index.column() for index in cells)]
        if len(rows) == 1 and rows[0] > 0:
            rows = [rows[0] - 1, rows[0]]
        self._fill(rows, names)

    def fill_all(self) -> None:
        """Give the text of the current cell to the other selected cells of its column, or to all rows below it."""
        current = self._view.currentIndex()
        if not current.isValid():
            return
        row, column = current.row(), current.column()
        others = sorted({index.row() for index in self._cells() if index.column() == column} - {row})
        self._fill([row, *(others or range(row + 1, self._rows.rowCount()))], [self._rows.name(column)])
        self._view.setFocus()

    def _fill(self, rows: list[int], names: list[str]) -> None:
        if any(name in (ENERGY, STATE, SEEN) for name in names):
            self.said.emit(self.tr("The columns Energy, State and Seen cannot be edited"))
        elif len(rows) > 1:
            modules = [self._rows.module(row) for row in rows]
            self._try(lambda: self._site.fill_down(modules, names, self.tr("Fill down")))

    def clear(self) -> None:
        """Clear what is wanted in the selected cells, and the text of those that say what a row is."""
        cells = [index for index in self._cells() if self._rows.editable(index.column())]
        named = [(self._rows.module(index.row()), self._rows.name(index.column()), "") for index in cells]
        named = [each for each in named if wanted_text(*each[:2]) is not None or cell_text(*each[:2])]
        self._try(lambda: self._site.set_cells(named, self.tr("Clear")))

    def _try(self, edit: Callable[[], object]) -> None:
        try:
            edit()
        except InvalidValue as error:
            self.said.emit(sentence(error.message))
