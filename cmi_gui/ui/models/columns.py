"""Table models with fixed columns: column titles, and numbers and their titles aligned to the right."""

from __future__ import annotations

from collections.abc import Sequence, Sized

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class ColumnsModel(QAbstractTableModel):
    """A base for table models; a subclass defines `numbers`, sets `headers`, and provides rows and data."""

    numbers: frozenset[int] = frozenset()
    """The columns whose cells are aligned to the right."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.headers: Sequence[str] = ()
        """The title of each column, in the current language."""
        self._rows: Sized = ()
        """What the rows show; a subclass that holds it elsewhere overrides `rowCount`."""

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of titles."""
        return 0 if parent.isValid() else len(self.headers)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the title of a column, or its alignment, which is that of its data."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.headers[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.alignment(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the alignment of a cell; a subclass returns its text, and what else it has."""
        return self.alignment(index.column()) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def columns_changed(self, first: int, last: int) -> None:
        """Report that the data of columns `first` to `last` has changed in all rows."""
        rows = self.rowCount()
        if rows:
            self.dataChanged.emit(self.index(0, first), self.index(rows - 1, last))

    def alignment(self, column: int) -> Qt.AlignmentFlag:
        """Return the alignment of a column's cells and title."""
        return _RIGHT if column in self.numbers else _LEFT
