"""The table below the plot: the value of each curve at the line, and its statistics in the visible range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import IntEnum

from PySide6.QtCore import QObject, Qt

from cmi_gui.engine.history.power import power_name, register_code
from cmi_gui.engine.history.values import Statistics
from cmi_gui.ui.models.columns import ColumnsModel, Index
from cmi_gui.ui.text.i18n import number_text
from cmi_gui.ui.text.messages import meaning_text, text_of
from cmi_gui.ui.text.tooltip import tooltip
from cmi_gui.ui.widgets.plot.series import is_register

POSITION_ROLE = Qt.ItemDataRole.UserRole + 1
"""The role for the place of a curve, from 0."""


def curve_names(curves: Sequence[tuple[str, str]]) -> list[str]:
    """Return the quantity and unit of each curve, given as code and unit: `Voltage L1, V`.

    The code stands for a quantity that is not known, and after one that several curves have.
    """
    meanings = [meaning_text(code) for code, _ in curves]

    def name(code: str) -> str:
        register = register_code(code)
        if register is not None:
            return text_of(power_name(name(register)))
        meaning = meaning_text(code)
        return f"{meaning} ({code})" if meaning and meanings.count(meaning) > 1 else meaning or code

    return [f"{name(code)}, {unit}" if unit else name(code) for code, unit in curves]


class StatisticsColumn(IntEnum):
    """The columns from left to right."""

    CURVE = 0
    VALUE = 1
    """The value at the line, or without a line the last one of the range."""
    MINIMUM = 2
    MEAN = 3
    MAXIMUM = 4
    DIFFERENCE = 5


class StatisticsModel(ColumnsModel):
    """A table with one row per curve, in the order of the curves."""

    numbers = frozenset(StatisticsColumn) - {StatisticsColumn.CURVE}

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[str, str, int]] = []
        """Code, unit and decimal places of the curve of each row."""
        self.names: list[str] = []
        """The quantity and unit of each curve."""
        self._found: dict[str, Statistics] = {}
        self._at: dict[str, float | None] = {}
        self._cursor_time = ""
        self.headers = [
            self.tr("Curve"),
            self.tr("Last"),
            self.tr("Min"),
            self.tr("Mean"),
            self.tr("Max"),
            self.tr("Change"),
        ]

    def set_curves(self, curves: Sequence[tuple[str, str, int]]) -> None:
        """Set code, unit and number of decimals of each curve; statistics of curves that stay are kept."""
        if list(curves) != self._rows:
            self.beginResetModel()
            self._rows = list(curves)
            self.names = curve_names([(code, unit) for code, unit, _ in curves])
            codes = {code for code, _, _ in curves}
            self._found = {code: found for code, found in self._found.items() if code in codes}
            self._at.clear()
            self.endResetModel()

    def set_statistics(self, found: Mapping[str, Statistics]) -> None:
        """Set the statistics by code; missing codes have no samples in the range."""
        self._found = dict(found)
        self.columns_changed(StatisticsColumn.VALUE, StatisticsColumn.DIFFERENCE)

    def set_cursor(self, words: str, values: Mapping[str, float | None]) -> None:
        """Set the value of each curve at the line; `words` is the time of the line, empty without a line."""
        self._cursor_time = words
        self._at = dict(values)
        self.columns_changed(StatisticsColumn.VALUE, StatisticsColumn.VALUE)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, StatisticsColumn.VALUE, StatisticsColumn.VALUE)

    # ColumnsModel

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a title; that of the value column is the time of the line if there is one."""
        if (section, role) == (StatisticsColumn.VALUE, Qt.ItemDataRole.DisplayRole) and self._cursor_time:
            return self._cursor_time
        return super().headerData(section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return text, alignment, the curve's place, and its meaning as tooltip."""
        code, unit, decimals = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            if index.column() == StatisticsColumn.CURVE:
                return self.names[index.row()]
            return self._text(index.column(), code, unit, decimals)
        if role == POSITION_ROLE:
            return index.row()
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == StatisticsColumn.CURVE:
            return tooltip(f"{code}  {self.names[index.row()]}")
        return super().data(index, role)

    def _text(self, column: int, code: str, unit: str, decimals: int) -> str:
        if column == StatisticsColumn.DIFFERENCE and not is_register(unit):
            return ""
        value: Decimal | float | None
        found = self._found.get(code)
        if column == StatisticsColumn.VALUE and self._cursor_time:
            value = self._at.get(code)
        elif found is None:
            value = None
        else:
            values = (found.last, found.minimum, found.mean, found.maximum, found.difference)
            value = values[column - StatisticsColumn.VALUE]
        return "—" if value is None else number_text(value, decimals)
