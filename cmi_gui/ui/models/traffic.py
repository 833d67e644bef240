"""The table of traffic: rows of the engine's store, filtered by an own list of indices, text made when looked at."""

from __future__ import annotations

import time
from array import array
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from cmi_gui.engine.masking import hex_text
from cmi_gui.engine.traffic import Direction, Kind, Side, TrafficRow, TrafficStore
from cmi_gui.ui.models.traffic_text import type_text

__all__ = ["DIM_ROLE", "ERROR_ROLE", "Column", "TrafficFilter", "TrafficModel"]

Index = QModelIndex | QPersistentModelIndex

ERROR_ROLE = Qt.ItemDataRole.UserRole
"""True for a row that is no good telegram."""
DIM_ROLE = Qt.ItemDataRole.UserRole + 1
"""True for a cell that stands back."""

_SLICE = 0.008
"""Seconds of scanning between two looks at the event loop."""
_SUMMARIES = 2048


class Column(IntEnum):
    """The columns from left to right."""

    TIME = 0
    DELTA = 1
    SIDE = 2
    DIRECTION = 3
    ADDRESS = 4
    TYPE = 5
    LENGTH = 6
    SUMMARY = 7


@dataclass(frozen=True, slots=True)
class TrafficFilter:
    """What a row must be: every word of `text` in its summary, type or bytes (hex); its side; an error."""

    text: str = ""
    side: Side | None = None
    errors: bool = False

    @property
    def empty(self) -> bool:
        """Whether every row passes."""
        return not self.text.strip() and self.side is None and not self.errors

    def passes(self, store: TrafficStore, index: int, summary: Callable[[int], str]) -> bool:
        """Whether a row passes; the dear question, for its words, comes last."""
        side, _, kind = store.facts(index)
        if self.side is not None and side is not self.side:
            return False
        if self.errors and kind is Kind.TELEGRAM:
            return False
        words = self.text.casefold().split()
        if not words:
            return True
        row = store.row(index)
        octets = hex_text(row.data, row.masked)
        text = f"{summary(index)} {type_text(row)} {octets.replace(' ', '')} {octets}".casefold()
        return all(word in text for word in words)


class TrafficModel(QAbstractTableModel):
    """Rows of `store` that pass the filter, in the order of the store.

    The store grows behind the model's back; `catch_up` takes in what is new, in slices of 8 ms.
    Signals: `counted()`, after rows came, went, or were looked at by a filter.
    """

    counted = Signal()

    def __init__(
        self,
        store: TrafficStore,
        summary: Callable[[int], str],
        local: Callable[[float], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._make_summary = summary
        self._local = local
        self._summaries: OrderedDict[int, str] = OrderedDict()
        self._filter = TrafficFilter()
        self._visible = array("Q")
        self._scanned = 0
        self._errors = 0
        self._paused = False
        self._more = QTimer(self)
        self._more.setSingleShot(True)
        self._more.setInterval(0)
        self._more.timeout.connect(self.catch_up)
        self._headers = [
            self.tr("Time"),
            self.tr("Delta"),
            self.tr("Side"),
            self.tr("Direction"),
            self.tr("Address"),
            self.tr("Type"),
            self.tr("Bytes"),
            self.tr("Summary"),
        ]
        self._directions = {
            (Side.MBUS, Direction.RECEIVED): self.tr("master → module"),
            (Side.MBUS, Direction.SENT): self.tr("module → master"),
            (Side.METER, Direction.RECEIVED): self.tr("meter → module"),
            (Side.METER, Direction.SENT): self.tr("module → meter"),
        }
        self._sides = {Side.MBUS: self.tr("M-Bus"), Side.METER: self.tr("Meter")}

    # What the page asks and does

    @property
    def waiting(self) -> int:
        """Rows of the store that have not been looked at: while paused, those that came since."""
        return len(self._store) - self._scanned

    @property
    def errors(self) -> int:
        """Rows looked at that are no good telegrams."""
        return self._errors

    @property
    def paused(self) -> bool:
        """Whether new rows are kept back."""
        return self._paused

    def set_paused(self, paused: bool) -> None:
        """Keep new rows back, or show them."""
        self._paused = paused
        if not paused:
            self.catch_up()
        self.counted.emit()

    def set_filter(self, wanted: TrafficFilter) -> None:
        """Show other rows."""
        if wanted != self._filter:
            self._filter = wanted
            self._restart()

    def clear(self) -> None:
        """Forget all rows, the store's too."""
        self._store.clear()
        self._summaries.clear()
        self._restart()

    def _restart(self) -> None:
        self.beginResetModel()
        self._visible = array("Q")
        self._scanned, self._errors = self._store.first, 0
        self.endResetModel()
        self.catch_up()
        self.counted.emit()

    def catch_up(self) -> None:
        """Take in what the store has more than the model, as one batch; what does not fit a slice follows soon."""
        if not self.waiting:
            return
        if self._paused:
            self.counted.emit()
            return
        end, fresh = len(self._store), array("Q")
        stop_at = time.monotonic() + _SLICE
        index = self._scanned
        while index < end:
            _, _, kind = self._store.facts(index)
            self._errors += kind is not Kind.TELEGRAM
            if self._filter.empty or self._filter.passes(self._store, index, self.summary):
                fresh.append(index)
            index += 1
            if not index & 63 and time.monotonic() > stop_at:
                break
        self._scanned = index
        if fresh:
            first = len(self._visible)
            self.beginInsertRows(QModelIndex(), first, first + len(fresh) - 1)
            self._visible.extend(fresh)
            self.endInsertRows()
        if index < end:
            self._more.start()
        self.counted.emit()

    def row(self, row: int) -> TrafficRow:
        """The traffic in a visible row."""
        return self._store.row(self._visible[row])

    def summary(self, index: int) -> str:
        """The decoded line of a row of the store; the last few are remembered."""
        text = self._summaries.get(index)
        if text is None:
            text = self._summaries[index] = self._make_summary(index)
            if len(self._summaries) > _SUMMARIES:
                self._summaries.popitem(last=False)
        return text

    # QAbstractTableModel

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Rows that pass the filter."""
        return 0 if parent.isValid() else len(self._visible)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """See `Column`."""
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Column titles, aligned as their data."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._headers[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Text and alignment; `ERROR_ROLE` and `DIM_ROLE` for the delegate."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(index.row(), index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        if role == ERROR_ROLE:
            return self._store.facts(self._visible[index.row()])[2] is not Kind.TELEGRAM
        if role == DIM_ROLE:
            return index.column() in (Column.DELTA, Column.LENGTH, Column.ADDRESS)
        return None

    def _text(self, position: int, column: int) -> str | None:
        row = self._store.row(self._visible[position])
        match column:
            case Column.TIME:
                return self._local(row.at).strftime("%H:%M:%S.%f")[:-3]
            case Column.DELTA:
                if not position:
                    return ""
                return f"{row.at - self._store.row(self._visible[position - 1]).at:.3f}"
            case Column.SIDE:
                return self._sides[row.side]
            case Column.DIRECTION:
                return self._directions[row.side, row.direction]
            case Column.ADDRESS:
                return "" if row.address is None else str(row.address)
            case Column.TYPE:
                return type_text(row)
            case Column.LENGTH:
                return str(len(row.data))
            case Column.SUMMARY:
                return self.summary(row.index)
        return None


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def _alignment(column: int) -> Qt.AlignmentFlag:
    return _RIGHT if column in (Column.DELTA, Column.ADDRESS, Column.LENGTH) else _LEFT
