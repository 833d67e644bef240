"""The model of the table of readings: one row per OBIS code, in the order of the meter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum

from PySide6.QtCore import QObject, Qt, Signal

from cmi_gui.engine.iec62056.reading import Reading
from cmi_gui.ui.models.columns import ColumnsModel, Index
from cmi_gui.ui.text.messages import meaning_text
from cmi_gui.ui.text.tooltip import tooltip
from cmi_gui.ui.text.words import age_text

STALE_ROLE = Qt.ItemDataRole.UserRole
"""The role that is True for a value from before contact was lost."""

POSITION_ROLE = Qt.ItemDataRole.UserRole + 1
"""The role for the place of a code among the curves, from 0; None if it is not plotted."""


class ReadingColumn(IntEnum):
    """The columns from left to right."""

    PLOT = 0
    CODE = 1
    MEANING = 2
    TREND = 3
    VALUE = 4
    UNIT = 5
    AGE = 6


class ReadingsModel(ColumnsModel):
    """A table of `Reading`, whose first column has check boxes to plot numeric values.

    Signals: `plotted_changed()`, after the choice of plotted codes has changed.
    """

    numbers = frozenset({ReadingColumn.VALUE, ReadingColumn.AGE})

    plotted_changed = Signal()

    def __init__(self, now: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._rows: list[Reading] = []
        self._age = ""
        self.at = 0.0
        """The time of the readout, in seconds of the engine's clock."""
        self.valid = False
        """True if the meter was in contact at the last update."""
        self._plotted: list[str] = []
        self.headers = [
            self.tr("Plot"),
            self.tr("Code"),
            self.tr("Meaning"),
            self.tr("Trend"),
            self.tr("Value"),
            self.tr("Unit"),
            self.tr("Age"),
        ]

    @property
    def plotted(self) -> list[str]:
        """The chosen codes, in the order of their choice."""
        return list(self._plotted)

    @property
    def curves(self) -> list[str]:
        """The chosen codes for which the meter sends numbers; before its first readout all chosen codes."""
        numeric = {row.code for row in self._rows if row.number is not None}
        return [code for code in self._plotted if code in numeric] if self._rows else self.plotted

    def take(self, readings: Mapping[str, Reading], at: float, *, valid: bool) -> None:
        """Show a readout; while its codes are the same, only changed cells are repainted."""
        rows, was_valid = list(readings.values()), self.valid
        self.at, self.valid = at, valid
        if [r.code for r in rows] != [r.code for r in self._rows]:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
        else:
            before, self._rows = self._rows, rows
            for row, (old, new) in enumerate(zip(before, rows, strict=True)):
                if (old.text, was_valid) != (new.text, valid):
                    self.dataChanged.emit(self.index(row, ReadingColumn.VALUE), self.index(row, ReadingColumn.UNIT))
            self.refresh_trends()
        self.refresh_ages()

    def refresh_ages(self) -> None:
        """Update the age of the values; call it once a second while the table is visible."""
        age = age_text(self._now() - self.at)
        if self._rows and age != self._age:
            self._age = age
            self.columns_changed(ReadingColumn.AGE, ReadingColumn.AGE)

    def refresh_trends(self) -> None:
        """Repaint the trends after new samples."""
        self.columns_changed(ReadingColumn.TREND, ReadingColumn.TREND)

    def reading(self, row: int) -> Reading:
        """Return the reading in a row."""
        return self._rows[row]

    def set_plotted(self, code: str, plotted: bool) -> None:
        """Add a code to the plot, or remove it."""
        if plotted == (code in self._plotted):
            return
        if plotted:
            self._plotted.append(code)
        else:
            self._plotted.remove(code)
        self.columns_changed(ReadingColumn.PLOT, ReadingColumn.CODE)
        self.plotted_changed.emit()

    # ColumnsModel

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return the flags of a cell; the first cell of a numeric row can be checked."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        if index.column() == ReadingColumn.PLOT and self._rows[index.row()].number is not None:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return text, tooltip if a column may cut it off, alignment, check box, and the roles above."""
        row, column = index.row(), index.column()
        reading = self._rows[row]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column, reading)
        if role == Qt.ItemDataRole.CheckStateRole and column == ReadingColumn.PLOT and reading.number is not None:
            return Qt.CheckState.Checked if reading.code in self._plotted else Qt.CheckState.Unchecked
        if role == POSITION_ROLE:
            curves = self.curves
            return curves.index(reading.code) if reading.code in curves else None
        if role == STALE_ROLE:
            return not self.valid
        if role == Qt.ItemDataRole.AccessibleDescriptionRole and column == ReadingColumn.VALUE and not self.valid:
            return self.tr("not up to date")
        if role == Qt.ItemDataRole.ToolTipRole and column == ReadingColumn.VALUE:
            return tooltip(", ".join((reading.value, *reading.further)).strip() or "—")
        if role == Qt.ItemDataRole.ToolTipRole and column == ReadingColumn.MEANING:
            return tooltip(self._text(row, column, reading) or "")
        spoken = column in (ReadingColumn.PLOT, ReadingColumn.TREND) and reading.number is not None
        if role == Qt.ItemDataRole.AccessibleTextRole and spoken:
            return (self.tr("Plot {0}") if column == ReadingColumn.PLOT else self.tr("Trend of {0}")).format(
                reading.code
            )
        return super().data(index, role)

    def _text(self, row: int, column: int, reading: Reading) -> str | None:
        if column == ReadingColumn.CODE:
            return reading.code
        if column == ReadingColumn.TREND:
            return reading.code if reading.number is not None else None
        if column == ReadingColumn.MEANING:
            return meaning_text(reading.code) or "—"
        if column == ReadingColumn.VALUE:
            return reading.value if reading.value.strip() else "—"
        if column == ReadingColumn.UNIT:
            return reading.unit
        if column == ReadingColumn.AGE:
            return self._age
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Set the check box of a row."""
        if role != Qt.ItemDataRole.CheckStateRole or index.column() != ReadingColumn.PLOT:
            return False
        reading = self._rows[index.row()]
        if reading.number is None:
            return False
        self.set_plotted(reading.code, Qt.CheckState(value) is Qt.CheckState.Checked)
        return True
