"""The latest telegram of every kind: one line per side, direction, address and type, changed bytes marked."""

from __future__ import annotations

import time
from bisect import bisect_right
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QModelIndex, QObject, Qt, QTimer, Signal

from cmi_gui.engine.traffic.filter import TrafficFilter
from cmi_gui.engine.traffic.masking import hex_text
from cmi_gui.engine.traffic.store import LISTENER_PREFIX, NO_ADDRESS, RowKind, Side, TrafficRow
from cmi_gui.engine.traffic.telegram_type import HAS_ERROR
from cmi_gui.ui.models.columns import ColumnsModel, Index
from cmi_gui.ui.pages.traffic.line import DIM_ROLE, ERROR_ROLE
from cmi_gui.ui.pages.traffic.search import TrafficSearch
from cmi_gui.ui.pages.traffic.source import SLICE_SECONDS, TrafficSource
from cmi_gui.ui.pages.traffic.text import direction_text, type_text
from cmi_gui.ui.text.i18n import number_text, with_decimal_sign

CHANGED_ROLE = Qt.ItemDataRole.UserRole + 4
"""The role for the changed bytes: (first, one past the last) character in the cell's text for each."""
_ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleDescriptionRole, ERROR_ROLE, CHANGED_ROLE)
_SHOWN_BYTES = 64
"""The maximum number of bytes shown in a line; a telegram of 261 would be wider than any screen."""
_NO_LINK = 0x003FFFFF
"""The bits of a row's facts that distinguish lines: all but the link."""
_FROM_LISTENER = 1 << 22
"""The bit that replaces the link: set for rows from a listener, where another slave may have the module's address."""


class LatestColumn(IntEnum):
    """The columns from left to right."""

    SIDE = 0
    DIRECTION = 1
    ADDRESS = 2
    TYPE = 3
    COUNT = 4
    LAST = 5
    INTERVAL = 6
    BYTES = 7


@dataclass(slots=True)
class _Line:
    """A kind of telegram: the count, index and time of the last one, and of the one before."""

    count: int
    index: int
    at: float
    before: int = -1
    before_at: float | None = None
    changed: tuple[int, ...] = ()
    """The offsets of bytes that differ from the telegram before, or that it did not have."""


class LatestModel(ColumnsModel):
    """A table with one line per kind of telegram, in the order of side, direction, address and type.

    It follows its source only when `catch_up` is called, and only as far as the source's exchanges are worked out.
    Signals: `counted()`, after new rows were counted.
    """

    counted = Signal()
    numbers = frozenset((LatestColumn.ADDRESS, LatestColumn.COUNT, LatestColumn.LAST, LatestColumn.INTERVAL))

    def __init__(self, source: TrafficSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._store = source.store
        self._lines: dict[int, _Line] = {}
        self._order: list[int] = []
        self._scanned = self._store.first
        self._search = TrafficSearch(TrafficFilter(), source)
        self._paused = False
        self._more = QTimer(self, singleShot=True, interval=0)
        self._more.timeout.connect(self.catch_up)
        self.headers = [
            self.tr("Side"),
            self.tr("Direction"),
            self.tr("Address"),
            self.tr("Type"),
            self.tr("Count"),
            self.tr("Last"),
            self.tr("Interval"),
            self.tr("Bytes, changes marked"),
        ]
        self._sides = {Side.MBUS: self.tr("M-Bus"), Side.METER: self.tr("Meter")}

    def set_paused(self, paused: bool) -> None:
        """Stop following the source, or go on with the next `catch_up`."""
        self._paused = paused

    def set_filter(self, wanted: TrafficFilter) -> None:
        """Count only the telegrams that pass a filter, with the next `catch_up`; a silence is not a telegram."""
        self._search = TrafficSearch(wanted, self._source)
        self.restart()

    def restart(self) -> None:
        """Count again from the oldest row of the store, with the next `catch_up`."""
        self.beginResetModel()
        self._lines.clear()
        self._order.clear()
        self._scanned = self._store.first
        self.endResetModel()

    def row(self, row: int) -> TrafficRow | None:
        """Return the last telegram of a line, or None if the store has dropped it."""
        index = self._lines[self._order[row]].index
        return self._store.row(index) if index >= self._store.first else None

    def catch_up(self) -> None:
        """Count the rows added since, in slices of 8 ms."""
        self._scanned = max(self._scanned, self._store.first)
        # A filter may ask for retries, which are known only for rows that the exchanges have worked out.
        end = self._source.exchanges.stop
        if self._paused or self._scanned >= end:
            return
        stop_at = time.perf_counter() + SLICE_SECONDS
        touched: set[int] = set()
        while self._scanned < end:
            touched |= self._take(min(self._scanned + 200, end))
            if time.perf_counter() > stop_at:
                self._more.start()
                break
        self._show(touched)
        self.counted.emit()

    def _take(self, stop: int) -> set[int]:
        """Count rows up to `stop` - 1 and return the keys of their lines."""
        columns = self._store.columns(self._scanned, stop)
        facts = memoryview(columns.facts).cast("I")
        touched: set[int] = set()
        listened_links = {place for place, name in enumerate(self._store.links) if name.startswith(LISTENER_PREFIX)}
        for line_id in self._search.lines(columns.first, columns.stop).tolist():
            if line_id & 1:
                continue
            index = line_id >> 1
            place = index - columns.first
            lines = facts[place] & _NO_LINK | (_FROM_LISTENER if facts[place] >> 22 in listened_links else 0)
            key = lines << 8 | columns.types[place] & ~HAS_ERROR
            line = self._lines.get(key)
            if line is None:
                self._lines[key] = _Line(1, index, self._store.at(index))
            else:
                line.count += 1
                line.before_at, line.at = line.at, self._store.at(index)
                line.before, line.index = line.index, index
            touched.add(key)
        for key in touched:
            line = self._lines[key]
            if line.before >= self._store.first:
                line.changed = _differences(self._store.data(line.before), self._store.data(line.index))
        self._scanned = columns.stop
        return touched

    def _show(self, touched: set[int]) -> None:
        fresh = touched.difference(self._order)
        for key in fresh:
            at = bisect_right(self._order, _sorting(key), key=_sorting)
            self.beginInsertRows(QModelIndex(), at, at)
            self._order.insert(at, key)
            self.endInsertRows()
        for at, key in enumerate(self._order):
            if key in touched and key not in fresh:
                self.dataChanged.emit(self.index(at, LatestColumn.COUNT), self.index(at, LatestColumn.BYTES))

    # ColumnsModel

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of lines."""
        return 0 if parent.isValid() else len(self._order)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return text, alignment, dim and error cells, and the changed bytes."""
        column = index.column()
        if role == DIM_ROLE:
            return column in (LatestColumn.ADDRESS, LatestColumn.INTERVAL)
        if role not in _ROLES:
            return super().data(index, role)
        line = self._lines[self._order[index.row()]]
        row = self.row(index.row())
        if row is None:
            return None
        if role == ERROR_ROLE:
            return row.bad
        if role == CHANGED_ROLE:
            return [(3 * at, 3 * at + 2) for at in line.changed if at < _SHOWN_BYTES]
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return self._spoken(line, row, column)
        return self._text(line, row, column)

    def _spoken(self, line: _Line, row: TrafficRow, column: int) -> str | None:
        """Return in words what a cell shows by its colours."""
        if column == LatestColumn.TYPE and row.bad:
            return self.tr("error")
        changed = [str(at) for at in line.changed if at < _SHOWN_BYTES]
        return (
            self.tr("changed bytes: {0}").format(", ".join(changed))
            if column == LatestColumn.BYTES and changed
            else None
        )

    def _text(self, line: _Line, row: TrafficRow, column: int) -> str | None:
        match column:
            case LatestColumn.SIDE:
                return "" if row.kind is RowKind.BAD_LINE else self._sides[row.side]
            case LatestColumn.DIRECTION:
                return direction_text(row)
            case LatestColumn.ADDRESS:
                return "" if row.address is None else str(row.address)
            case LatestColumn.TYPE:
                return type_text(row)
            case LatestColumn.COUNT:
                return str(line.count)
            case LatestColumn.LAST:
                return with_decimal_sign(self._source.local(row.at).strftime("%H:%M:%S.%f")[:-3])
            case LatestColumn.INTERVAL:
                return "" if line.before_at is None else number_text(line.at - line.before_at, 3)
            case LatestColumn.BYTES:
                shown = hex_text(row.data, row.masked)[: 3 * _SHOWN_BYTES - 1]
                return shown if len(row.data) <= _SHOWN_BYTES else f"{shown} …"
        return None


def _differences(before: bytes, now: bytes) -> tuple[int, ...]:
    common = min(len(before), len(now))
    return (*(at for at in range(common) if before[at] != now[at]), *range(common, len(now)))


def _sorting(key: int) -> tuple[int, ...]:
    """Return a sort key: rows of listeners last, then side, direction, address (none first), and the rest."""
    facts = key >> 8
    address = facts & 0xFFFF
    place = -1 if address == NO_ADDRESS else address
    return facts & _FROM_LISTENER, facts >> 16 & 1, facts >> 17 & 1, place, key & 0xFF, facts >> 18
