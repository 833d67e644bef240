"""The table of slaves found on a bus, and the table of one slave's values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import IntEnum

from PySide6.QtCore import QModelIndex, QObject, Qt

from cmi_gui.engine.cmi1020.obis_labels import is_own, label, restore_line
from cmi_gui.engine.configurator.slaves import ListedSlave
from cmi_gui.engine.files.table import Cell, Column, TableData
from cmi_gui.engine.iec62056.reading import Reading, read_line
from cmi_gui.engine.mbus.dib import ValueFunction
from cmi_gui.engine.mbus.record import Record
from cmi_gui.engine.mbus.telegram import Header, Telegram
from cmi_gui.engine.mbus.wording import record_message, unit_message, value_message
from cmi_gui.ui.models.bus import BusMaster
from cmi_gui.ui.models.columns import ColumnsModel, Index
from cmi_gui.ui.pages.bus.words import (
    NONE,
    device_type_text,
    own_record,
    secondary_text,
    serial_text,
    slave_status,
    type_text,
)
from cmi_gui.ui.text.mark import Status
from cmi_gui.ui.text.messages import meaning_text, text_of
from cmi_gui.ui.text.tooltip import tooltip
from cmi_gui.ui.text.words import age_text

MARK_ROLE = Qt.ItemDataRole.UserRole
"""The role for the `Mark` in front of a cell's words, or None."""
STALE_ROLE = Qt.ItemDataRole.UserRole + 1
"""The role that is True for a value which its slave marks as the last one before an error."""


class BusColumn(IntEnum):
    """The columns of the list from left to right."""

    ADDRESS = 0
    SERIAL = 1
    MAKER = 2
    TYPE = 3
    STATUS = 4
    READ = 5


@dataclass(frozen=True, slots=True)
class _Row:
    slave: ListedSlave
    status: Status
    texts: list[str]
    """The texts of the columns."""


class BusTableModel(ColumnsModel):
    """A table with one row per slave, sorted by address.

    Call `refresh` when a slave has changed, or regularly, because the ages of the readings grow.
    """

    numbers = frozenset({BusColumn.ADDRESS, BusColumn.READ})

    def __init__(self, bus: BusMaster, now: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = bus
        self._now = now
        self._rows: list[_Row] = []
        self.headers = [
            self.tr("Address"),
            self.tr("Serial number"),
            self.tr("Maker"),
            self.tr("Type"),
            self.tr("State"),
            self.tr("Read"),
        ]

    @property
    def slaves(self) -> list[ListedSlave]:
        """The slaves in the order of the rows."""
        return [row.slave for row in self._rows]

    def refresh(self) -> None:
        """Insert the rows of new slaves and repaint the rows that changed."""
        rows = [self._row(slave) for slave in self._bus.slaves]
        before = set(self.slaves)
        if [row.slave for row in rows if row.slave in before] != self.slaves:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
            return
        for index, row in enumerate(rows):
            if row.slave not in before:
                self.beginInsertRows(QModelIndex(), index, index)
                self._rows.insert(index, row)
                self.endInsertRows()
            elif row != self._rows[index]:
                self._rows[index] = row
                self.dataChanged.emit(self.index(index, 0), self.index(index, len(BusColumn) - 1))

    def slave(self, row: int) -> ListedSlave:
        """Return the slave in a row."""
        return self._rows[row].slave

    def row_of(self, slave: ListedSlave) -> int | None:
        """Return the row of a slave, or None if it has none."""
        return next((index for index, row in enumerate(self._rows) if row.slave is slave), None)

    def _row(self, slave: ListedSlave) -> _Row:
        identity, status = slave.identity, slave_status(self._bus, slave)
        texts = [
            NONE if slave.address is None else str(slave.address),
            serial_text(slave),
            (identity.manufacturer if identity is not None else None) or NONE,
            NONE if identity is None else type_text(identity.device_type, identity.version),
            status.title,
            NONE if slave.read_at is None else age_text(self._now() - slave.read_at),
        ]
        return _Row(slave, status, texts)

    def report(self, wall: Callable[[float], datetime]) -> TableData:
        """Return the list with all that is known of each slave; `wall` converts the engine's seconds to local time."""
        columns = (
            Column(self.tr("Primary address"), 15),
            Column(self.tr("Serial number"), 15),
            Column(self.tr("Secondary address"), 20),
            Column(self.tr("Maker"), 8),
            Column(self.tr("Version"), 8),
            Column(self.tr("Type"), 20),
            Column(self.tr("Speed, bit/s"), 12),
            Column(self.tr("State"), 24),
            Column(self.tr("Read at"), 20),
            Column(self.tr("Telegrams"), 10),
        )
        return TableData(self.tr("Modules"), columns, [_report_row(row, wall) for row in self._rows])

    # ColumnsModel

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return text, alignment, tooltip, and the mark of the state."""
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return row.texts[column]
        if role == MARK_ROLE and column == BusColumn.STATUS:
            return row.status.mark
        if role == Qt.ItemDataRole.ToolTipRole and column in (BusColumn.TYPE, BusColumn.STATUS):
            return tooltip(row.texts[column])
        return super().data(index, role)


def _report_row(row: _Row, wall: Callable[[float], datetime]) -> tuple[Cell, ...]:
    slave, identity = row.slave, row.slave.identity
    return (
        slave.address,
        _blank(serial_text(slave)),
        _blank(secondary_text(slave)),
        "" if identity is None else identity.manufacturer or "",
        "" if identity is None or identity.version is None else f"{identity.version:02X}",
        "" if identity is None else _blank(device_type_text(identity.device_type, identity.version)),
        slave.baud,
        row.status.title,
        None if slave.read_at is None else wall(slave.read_at),
        len(slave.answers),
    )


def _blank(text: str) -> str:
    return "" if text == NONE else text


@dataclass(frozen=True, slots=True)
class Value:
    """One value as displayed.

    `stale`: the slave marks it as the last one before an error. `further`: see `Reading`. `number`: the value, if it is
    a number.
    """

    code: str
    meaning: str
    value: str
    unit: str
    stale: bool
    further: tuple[str, ...] = ()
    number: Decimal | None = None

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """The texts of the columns, in the order of `ValueColumn`."""
        return self.code, self.meaning, self.value, self.unit


def values_of(slave: ListedSlave) -> list[Value]:
    """Return all values of the last reading, or of the scan's telegram before the first, in the order sent.

    Values that a CMi1020 carries for its meter are written as the meter writes them, all others as M-Bus does.
    """
    return [each for telegram in slave.telegrams for record in telegram.records for each in _values(telegram, record)]


def _values(telegram: Telegram, record: Record) -> list[Value]:
    stale = record.function is ValueFunction.ERROR
    readings = read_line(restore_line(telegram.header, record) or "")
    return [_reading(each, stale=stale) for each in readings] or [_value(telegram.header, record, stale=stale)]


def _reading(reading: Reading, *, stale: bool) -> Value:
    value = reading.value if reading.value.strip() else NONE
    return Value(
        reading.code, meaning_text(reading.code) or NONE, value, reading.unit, stale, reading.further, reading.number
    )


def _value(header: Header | None, record: Record, *, stale: bool) -> Value:
    if header is not None and is_own(header):
        own = own_record(record)
        if own is not None:
            return Value("", own[0], NONE if stale else own[1], "", stale)
    text, unit = text_of(value_message(record)), text_of(unit_message(record.unit))
    if not text.endswith(f" {unit}"):
        unit = ""
    if unit:
        text = text.removesuffix(f" {unit}")
    what = text_of(record_message(record))
    # The text, because a single precision number has fewer digits than its exact decimal.
    number = Decimal(text) if isinstance(record.value, Decimal) else None
    return Value(label(header, record) or "", what[:1].upper() + what[1:], text, unit, stale, number=number)


class ValueColumn(IntEnum):
    """The columns of a slave's values from left to right."""

    CODE = 0
    MEANING = 1
    VALUE = 2
    UNIT = 3


class ValuesModel(ColumnsModel):
    """A table with one row per value of a slave."""

    numbers = frozenset({ValueColumn.VALUE})

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Value] = []
        """The value of each row."""
        self.headers = [self.tr("Code"), self.tr("Meaning"), self.tr("Value"), self.tr("Unit")]

    def show_values(self, values: list[Value]) -> None:
        """Replace the values; equal values cause no reset."""
        if values != self._rows:
            self.beginResetModel()
            self._rows = values
            self.endResetModel()

    def table(self) -> TableData:
        """Return the values as shown, with numbers as numbers."""
        rows = [
            (each.code, each.meaning, each.value if each.number is None else each.number, each.unit)
            for each in self._rows
        ]
        return TableData(self.tr("Values"), [Column(title) for title in self.headers], rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return text, alignment, tooltip, `STALE_ROLE`, and its words."""
        value, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.ToolTipRole and column == ValueColumn.VALUE:
            return tooltip(", ".join((value.value, *value.further)))
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(value.cells[column])
        if role == Qt.ItemDataRole.DisplayRole:
            return value.cells[column]
        if role == STALE_ROLE:
            return value.stale
        if role == Qt.ItemDataRole.AccessibleDescriptionRole and value.stale and column == ValueColumn.VALUE:
            return self.tr("last value before an error")
        return super().data(index, role)
