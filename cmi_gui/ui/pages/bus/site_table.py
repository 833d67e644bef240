"""The table of a site: a row for each place, and in each cell what is and what is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal

from cmi_gui.engine.configurator.slaves import SlaveIdentity
from cmi_gui.engine.files.table import plain
from cmi_gui.engine.messages import InvalidValue
from cmi_gui.engine.site.addresses import natural_key
from cmi_gui.engine.site.causes import message_of
from cmi_gui.engine.site.cells import IDENTITY, cell_change, cell_text, is_text, setting_names, wanted_text
from cmi_gui.engine.site.comparison import compare
from cmi_gui.engine.site.model import RowState, SiteModule
from cmi_gui.engine.site.values_table import cell_of
from cmi_gui.ui.models.bus import BusMaster
from cmi_gui.ui.models.columns import ColumnsModel, Index
from cmi_gui.ui.models.site import SiteModel
from cmi_gui.ui.pages.bus.visit_words import compact_value
from cmi_gui.ui.pages.bus.words import NONE, slave_status
from cmi_gui.ui.text.i18n import with_decimal_sign
from cmi_gui.ui.text.mark import Mark, Status, mark_word
from cmi_gui.ui.text.messages import profile_text, text_of
from cmi_gui.ui.text.tooltip import tooltip
from cmi_gui.ui.text.words import sentence

MARK_ROLE: Final = Qt.ItemDataRole.UserRole
"""The role for the `Mark` of a state, or None."""
IS_ROLE: Final = Qt.ItemDataRole.UserRole + 1
"""The role for the text of what is."""
WANTED_ROLE: Final = Qt.ItemDataRole.UserRole + 2
"""The role for the text of what is wanted instead, or None."""
ODD_ROLE: Final = Qt.ItemDataRole.UserRole + 3
"""The role that is True for a number that the module contradicts."""

ENERGY, STATE, SEEN = "energy", "state", "seen"
"""The columns that cannot be edited; all others are named as in `engine.site.cells`."""
USUAL: Final = ("place", "meter", "serial", "primary_address", "baud", "rate_map", ENERGY, STATE, SEEN)
"""The columns that are shown until others are chosen."""
_NUMBERS: Final = ("meter", "serial", "primary_address", "baud", ENERGY, SEEN)
_CODES: Final = ("1.8.0", "1.8.1")
"""The register shown as energy: the first one that a module has, unless another is chosen."""


class SiteTableModel(ColumnsModel):
    """The rows of the open site that contain the searched text, sorted as the user chose.

    `columns`: the names of all columns, of which the view shows some.
    Signals: `refused(str)`, why a cell cannot be set.
    """

    refused = Signal(str)

    def __init__(self, model: SiteModel, bus: BusMaster, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._bus = bus
        settings = [name for name in setting_names(model.table) if name not in USUAL]
        self.columns: list[str] = [*USUAL, *settings, "variant", "note"]
        self._rows: list[SiteModule] = []
        self._row_of: dict[int, int] = {}
        self._states: dict[int, Status] = {}
        """The states that the bus tells, by the `id` of the row's object."""
        self._sought = ""
        self._order: tuple[str, Qt.SortOrder] | None = None
        self.energy_code = ""
        """The code of the register shown as energy; empty for the usual one."""
        self.numbers = frozenset(self.columns.index(name) for name in _NUMBERS)
        self.headers = [self._title(name) for name in self.columns]
        model.rows_changed.connect(self.arrange)
        model.modules_changed.connect(self._cells_changed)
        self.arrange()

    def _title(self, name: str) -> str:
        own = {
            "place": self.tr("Flat"),
            "meter": self.tr("Meter"),
            "serial": self.tr("Module"),
            "primary_address": self.tr("Address"),
            "baud": self.tr("Speed"),
            "rate_map": self.tr("Rate map"),
            "variant": self.tr("Variant"),
            "note": self.tr("Note"),
            ENERGY: self.tr("Energy"),
            STATE: self.tr("State"),
            SEEN: self.tr("Seen"),
        }
        return own.get(name) or profile_text(self._model.table.profile.row(name).title)

    # Rows

    @property
    def modules(self) -> Sequence[SiteModule]:
        """The rows in the order shown."""
        return self._rows

    def module(self, row: int) -> SiteModule:
        """Return a row."""
        return self._rows[row]

    def row_of(self, module: SiteModule | None) -> int | None:
        """Return where a row is shown, or None."""
        return self._row_of.get(id(module))

    def seek(self, text: str) -> None:
        """Show only the rows that contain a text."""
        self._sought = text.casefold().strip()
        self.arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; in the order of the site with column -1."""
        self._order = (self.columns[column], order) if 0 <= column < len(self.columns) else None
        self.arrange()

    def arrange(self) -> None:
        """Show the present rows; edits do not move a row until the next call."""
        sought = self._sought
        rows = [module for module in self._model.site if not sought or sought in self._haystack(module)]
        if self._order is not None:
            name, order = self._order
            rows.sort(key=lambda module: natural_key(self._words(module, name)))
            if order is Qt.SortOrder.DescendingOrder:
                rows.reverse()
        if rows == self._rows:
            self.refresh()
            return
        if rows[: len(self._rows)] == self._rows:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(rows) - 1)
            self._take(rows)
            self.endInsertRows()
            return
        self.layoutAboutToBeChanged.emit()
        kept = [(index, self._rows[index.row()]) for index in self.persistentIndexList()]
        self._take(rows)
        for index, module in kept:
            row = self.row_of(module)
            self.changePersistentIndex(index, QModelIndex() if row is None else self.index(row, index.column()))
        self.layoutChanged.emit()

    def _take(self, rows: list[SiteModule]) -> None:
        self._rows = rows
        self._row_of = {id(module): row for row, module in enumerate(rows)}
        self._states = self._bus_states()

    def _haystack(self, module: SiteModule) -> str:
        shown = (
            cell_text(module, "place"),
            module.serial,
            module.meter,
            module.meter_read,
            module.note,
            module.variant,
        )
        return "\n".join((*shown, self._status(module).title)).casefold()

    def refresh(self) -> None:
        """Show what the bus tells now."""
        states = self._bus_states()
        if states != self._states:
            self._states = states
            column = self.columns.index(STATE)
            self.columns_changed(column, column)

    def _bus_states(self) -> dict[int, Status]:
        """Return the states of modules that work is done on, or that report something."""
        line = self._bus.line
        if line is None or not (self._rows and len(line.slaves)):
            return {}
        by_identity = {_key(each.found.identity): each for each in self._rows if each.found is not None}
        states = {}
        for slave in line.slaves:
            module = None if slave.identity is None else by_identity.get(_key(slave.identity))
            status = slave_status(self._bus, slave)
            told = slave in self._bus.work or (slave.header is not None and slave.header.status)
            if module is not None and told and slave.seen_in >= line.slaves.scans:
                states[id(module)] = status
        return states

    def _cells_changed(self, modules: tuple[SiteModule, ...]) -> None:
        rows = sorted(row for row in map(self.row_of, modules) if row is not None)
        if rows:
            # One signal: a view only repaints what it shows of a range.
            self.dataChanged.emit(self.index(rows[0], 0), self.index(rows[-1], len(self.columns) - 1))

    # Cells

    def name(self, column: int) -> str:
        """Return the name of a column."""
        return self.columns[column]

    def editable(self, column: int) -> bool:
        """Return whether cells of a column can be set."""
        return self.columns[column] not in (ENERGY, STATE, SEEN)

    def why_not(self, index: Index, text: str) -> str:
        """Return why a cell cannot have a text; empty if it can."""
        try:
            cell_change(self._rows[index.row()], self.columns[index.column()], text, self._model.table)
        except InvalidValue as error:
            return sentence(error.message)
        return ""

    def _status(self, module: SiteModule) -> Status:
        match module.state:
            case RowState.WAITING:
                return Status(Mark.OFF, self.tr("waiting"), self.tr("No module was found for this row yet"))
            case RowState.LOST:
                return Status(Mark.TROUBLE, self.tr("lost"), self.tr("The last search did not find it"))
            case RowState.UNSURE:
                return Status(
                    Mark.TROUBLE, self.tr("unsure"), self.tr("A change may have been sent, and its end is not known")
                )
            case RowState.FAILED:
                failure = text_of(message_of(module.failure))
                return Status(Mark.TROUBLE, self.tr("failed: {0}").format(failure), failure)
        return self._states.get(id(module)) or Status(Mark.GOOD, self.tr("found"))

    def energy(self, row: int) -> Decimal | str:
        """Return the register shown as energy, as a number if it is one."""
        return self._energy(self._rows[row])

    def _energy(self, module: SiteModule) -> Decimal | str:
        codes = (self.energy_code,) if self.energy_code else _CODES
        reading = next((module.readings[code] for code in codes if code in module.readings), None)
        return "" if reading is None else cell_of(reading)

    def _seen(self, module: SiteModule) -> str:
        if module.found is None:
            return ""
        seen, today = module.found.at.astimezone(), self._model.now().astimezone().date()
        return f"{seen:%H:%M}" if seen.date() == today else f"{seen:%Y-%m-%d}"

    def _wanted(self, module: SiteModule, name: str) -> str | None:
        if name in IDENTITY or name not in module.changes:
            return None
        return compact_value(name, wanted_text(module, name) or "")

    def _is(self, module: SiteModule, name: str) -> str:
        match name:
            case "energy":
                energy = self._energy(module)
                return energy if isinstance(energy, str) else with_decimal_sign(plain(energy))
            case "state":
                return sentence(self._status(module).title)
            case "seen":
                return self._seen(module)
        return compact_value(name, is_text(module, name))

    def _words(self, module: SiteModule, name: str) -> str:
        known, wanted = self._is(module, name), self._wanted(module, name)
        if wanted is None:
            return known
        return f"{known} > {wanted}" if known else wanted

    def _is_odd(self, module: SiteModule, name: str) -> bool:
        return name == "meter" and bool(module.meter_read and module.meter and module.meter_read != module.meter)

    # ColumnsModel

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return whether a cell can be edited."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.isValid() and self.editable(index.column()) else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return text, alignment, tooltip, mark, what is and what is wanted."""
        module, name = self._rows[index.row()], self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._words(module, name) or (NONE if name not in IDENTITY else "")
            case Qt.ItemDataRole.EditRole:
                return cell_text(module, name) if self.editable(index.column()) else self._is(module, name)
        if role == IS_ROLE:
            return self._is(module, name)
        if role == WANTED_ROLE:
            return self._wanted(module, name)
        if role == MARK_ROLE:
            return self._status(module).mark if name == STATE else None
        if role == ODD_ROLE:
            return self._is_odd(module, name)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(self._tip(module, name))
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return self._spoken(module, name)
        return super().data(index, role)

    def _tip(self, module: SiteModule, name: str) -> str:
        if name == STATE:
            status = self._status(module)
            # What differs from the last visit belongs to the state of a module too.
            return "\n".join((status.detail or status.title, *self._since_last_visit(module)))
        if self._is_odd(module, name):
            return self.tr("The list has meter {0}, but the module reads meter {1}").format(
                module.meter, module.meter_read
            )
        wanted = self._wanted(module, name)
        if wanted is not None:
            known = self._is(module, name) or self.tr("not known")
            return self.tr("The module has: {0}\nWanted: {1}").format(known, wanted)
        return module.note if name == "note" else self._is(module, name)

    def _since_last_visit(self, module: SiteModule) -> list[str]:
        """Return what differs from the last visit, in words."""
        comparison = compare(module)
        if comparison is None:
            return []
        words = self.tr("{0} was {1} at the last visit")
        changes = [(self._title(change.name), change.before) for change in comparison.settings]
        if comparison.meter:
            changes.append((self.tr("Meter"), comparison.meter))
        return [words.format(title, before) for title, before in changes]

    def _spoken(self, module: SiteModule, name: str) -> str | None:
        if name == STATE:
            return mark_word(self._status(module).mark)
        wanted = self._wanted(module, name)
        return None if wanted is None else self.tr("{0} is wanted").format(wanted)

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Set a cell as typed, as one step that can be undone."""
        if role != Qt.ItemDataRole.EditRole or not self.editable(index.column()):
            return False
        module, name = self._rows[index.row()], self.columns[index.column()]
        try:
            self._model.set_cells([(module, name, str(value))], self.headers[index.column()])
        except InvalidValue as error:
            self.refused.emit(sentence(error.message))
            return False
        return True


def _key(identity: SlaveIdentity) -> tuple[object, ...]:
    """Return what stays the same of an identity, as in `SlaveIdentity.is_same`."""
    if identity.fabrication:
        return identity.manufacturer, identity.fabrication
    return identity.id, identity.manufacturer, identity.version, identity.device_type
