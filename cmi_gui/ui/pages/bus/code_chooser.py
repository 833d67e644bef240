"""The choice of the OBIS codes that are columns of the table of values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal

from cmi_gui.ui.models.columns import ColumnsModel, Index
from cmi_gui.ui.text.messages import meaning_text
from cmi_gui.ui.text.tooltip import tooltip

CODE: Final = 1
MEANING: Final = 2


class CodesModel(ColumnsModel):
    """The codes that modules have sent, each with a box to tick. Signals: `chosen()`, another choice."""

    chosen = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.headers = [self.tr("Shown"), self.tr("OBIS code"), self.tr("Meaning")]
        self._rows: list[str] = []
        """The codes, one per row."""
        self._ticked: set[str] = set()

    @property
    def ticked(self) -> list[str]:
        """The ticked codes in the order of the meters."""
        return [code for code in self._rows if code in self._ticked]

    def show_codes(self, codes: Sequence[str], ticked: Sequence[str]) -> None:
        """Show other codes."""
        if list(codes) != self._rows or set(ticked) != self._ticked:
            self.beginResetModel()
            self._rows, self._ticked = list(codes), set(ticked)
            self.endResetModel()

    # ColumnsModel

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return that the first column can be ticked."""
        usual = super().flags(index)
        return usual | Qt.ItemFlag.ItemIsUserCheckable if index.column() == 0 else usual

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return text, box, alignment and tooltip."""
        code = self._rows[index.row()]
        text = ("", code, meaning_text(code))[index.column()]
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == 0:
            return Qt.CheckState.Checked if code in self._ticked else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return code
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(text)
        return super().data(index, role)

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Tick a code, or remove its tick."""
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        code = self._rows[index.row()]
        if Qt.CheckState(value) is Qt.CheckState.Checked:
            self._ticked.add(code)
        else:
            self._ticked.discard(code)
        self.dataChanged.emit(index, index)
        self.chosen.emit()
        return True
