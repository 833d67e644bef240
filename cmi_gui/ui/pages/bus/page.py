"""The page Site: a master on a bus, the list of what it finds, and the chosen module."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.configurator.discover import Scan, ScanPlan
from cmi_gui.engine.configurator.session import Cancelled
from cmi_gui.engine.configurator.slaves import ListedSlave
from cmi_gui.engine.files.table import TableData
from cmi_gui.engine.machine import LinkState
from cmi_gui.ui.models.bus import JobKind
from cmi_gui.ui.pages.bus.port import PortPanel
from cmi_gui.ui.pages.bus.scan import ScanPanel
from cmi_gui.ui.pages.bus.slave import SlavePanel
from cmi_gui.ui.pages.bus.table_models import MARK_ROLE, BusColumn, BusTableModel
from cmi_gui.ui.pages.bus.words import failure_text, found_text, module_name, serial_text, type_text
from cmi_gui.ui.pages.page import Context, Page
from cmi_gui.ui.text.i18n import number_text
from cmi_gui.ui.text.messages import text_of
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.text.words import Level
from cmi_gui.ui.text.world import World, practice_bus_name, real_bus_name
from cmi_gui.ui.theme import SPACE, em, font
from cmi_gui.ui.widgets.plain.buttons import Button, ButtonKind
from cmi_gui.ui.widgets.plain.fields import Splitter
from cmi_gui.ui.widgets.plain.layout import Label, Stretch, Surface, column_of, row_of
from cmi_gui.ui.widgets.plain.marks import ElidedLabel
from cmi_gui.ui.widgets.plain.scroll_bar import ScrollColumn
from cmi_gui.ui.widgets.plain.state_cell import StateDelegate
from cmi_gui.ui.widgets.plain.table import CellDelegate, Table, WholeRows
from cmi_gui.ui.widgets.plain.world import WorldBadge

_BESIDE_FROM = 105
"""The width of the page, in average characters, from which the list is beside port and scan."""
_ALL_BESIDE_FROM = 235
"""The width from which the chosen module is beside the list too."""
_LONG_NAME = 0x08
"""The device type with the longest usual name, a heat cost allocator; it sets the width of the column."""


class BusPage(Page):
    """The page Site: port and scan on the left, the list on the right, the chosen module below the list."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.bus = context.bus
        self.model = BusTableModel(self.bus, self.station.clock.now, self)
        self.port = PortPanel(self.bus, context.background, self)
        self.scan = ScanPanel(self.bus, self)
        self.table = Table(self.tr("Modules found"), BusColumn.STATUS, self, object_name="busTable")
        self.table.setModel(self.model)
        self.table.setItemDelegateForColumn(BusColumn.STATUS, StateDelegate(self.table, MARK_ROLE))
        self.table.setItemDelegateForColumn(BusColumn.READ, CellDelegate(self.table, always_dim=True))
        self.table.set_optional(BusColumn.READ, BusColumn.MAKER, BusColumn.TYPE)
        self.table.set_widths(
            {
                BusColumn.ADDRESS: "250",
                BusColumn.SERIAL: "12345678",
                BusColumn.MAKER: "WWW",
                BusColumn.TYPE: type_text(_LONG_NAME, 1),
                BusColumn.READ: "59 min",
            }
        )
        self.table.selectionModel().currentRowChanged.connect(self._row_chosen)
        # A double click, or Enter.
        self.table.activated.connect(self._read_row)
        # Created after the table, because the Tab key follows the order of creation.
        self.slave = SlavePanel(self.bus, self.context.tables, self)
        self.read_all = Button(self.tr("Read all"), self, icon="refresh", kind=ButtonKind.QUIET)
        self.read_all.setObjectName("busReadAll")
        self.read_all.clicked.connect(self._read_all)
        self.copy = Button(self.tr("Copy list"), self, icon="copy", kind=ButtonKind.QUIET, object_name="busCopy")
        self.copy.clicked.connect(self._copy)
        self.save = Button(self.tr("Save list..."), self, icon="export", kind=ButtonKind.QUIET, object_name="busSave")
        self.save.clicked.connect(self._save)
        self.clear = Button(self.tr("Clear list"), self, icon="clear", kind=ButtonKind.QUIET, object_name="busClear")
        self.clear.clicked.connect(self.bus.clear)
        self.shortened = (self.read_all, self.copy, self.save, self.clear)
        self._lay_out()
        self._listen()

    def _lay_out(self) -> None:
        title = Label(self.tr("Site"), self, look=font(1.35, strong=True))
        self._count = ElidedLabel(parent=self, dim=True)
        self.world_badge = WorldBadge(self, "busWorld")
        top = row_of(
            title,
            (self.world_badge, 0, Qt.AlignmentFlag.AlignVCenter),
            (self._count, 1),
            self.read_all,
            self.copy,
            self.save,
            self.clear,
            spacing=SPACE.m,
        )

        inside = Surface("base", self)
        column_of(self.port, self.scan, Stretch(), within=inside, margins=SPACE.m, spacing=SPACE.l)
        # Scrolls, because with the port's options unfolded it is higher than a small window.
        left = ScrollColumn(self)
        left.setWidget(inside)
        left.setMinimumWidth(em(self, 42))
        left.verticalScrollBar().rangeChanged.connect(self._reveal_progress)
        upper = Surface("base", self)
        column_of(WholeRows(self.table, upper), within=upper, margins=(SPACE.m, SPACE.s))
        self._left, self._upper = left, upper
        self._right = right = Splitter(Qt.Orientation.Vertical, self, object_name="busListSplitter")
        right.fill((upper, 2, 240), (self.slave, 3, 400))
        self._split = split = Splitter(Qt.Orientation.Horizontal, self, object_name="busSplitter")
        split.fill((left, 0, 270), (right, 1, 900))
        column_of(top, (split, 1), within=self, margins=(SPACE.l, SPACE.m, SPACE.l, SPACE.l), spacing=SPACE.m)

    def _listen(self) -> None:
        for signal in (self.bus.state_changed, self.bus.list_changed, self.bus.slave_changed, self.bus.chosen_changed):
            signal.connect(self._state_changed)
        self.bus.scan_ended.connect(self._scan_ended)
        self.bus.work_ended.connect(self._work_ended)
        self.bus.slow.connect(self._answers_are_slow)
        self.port.changed.connect(self._port_changed)
        self.port.room.saved.connect(lambda words: self.context.add_message(Level.GOOD, words))
        self.scan.scan_requested.connect(self._scan)
        self.slave.configure.connect(partial(self._show_target, "pageConfiguration"))
        self.slave.readings.connect(partial(self._show_target, "pageReadings"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the list below port and scan on a narrow page, and the chosen module beside the list on a wide one."""
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        narrow = self.width() < em(self, _BESIDE_FROM)
        self._split.setOrientation(down if narrow else across)
        self._left.unroll(narrow)
        lines = self.fontMetrics().lineSpacing()
        self._upper.setMinimumHeight(8 * lines if narrow else 0)
        self.slave.setMinimumHeight(16 * lines if narrow else 0)
        self._right.setOrientation(across if self.width() >= em(self, _ALL_BESIDE_FROM) else down)
        super().resizeEvent(event)

    # Page

    def activate(self) -> None:
        """List the serial ports."""
        self.port.list_ports()

    def refresh(self) -> None:
        """Show the current state in all parts of the page."""
        self.port.refresh()
        self._port_changed()
        self.model.refresh()
        self._show_chosen()
        self.slave.refresh()
        self._show_list()

    def state(self) -> dict[str, object]:
        """Return the settings of the port and the scan."""
        return {"port": self.port.state(), "scan": self.scan.state()}

    def restore(self, saved: Mapping[str, object]) -> None:
        """Restore the settings of the port and the scan."""
        for panel, name in ((self.port, "port"), (self.scan, "scan")):
            part = saved.get(name)
            if isinstance(part, dict):
                panel.restore(part)

    def reveal(self, part: str) -> None:
        """Set the focus: `port` on the choice of the port, `scan` on the button that starts a scan."""
        if part == "port":
            self.port.port.setFocus()
        elif part == "scan":
            self.scan.button.setFocus()

    def _state_changed(self) -> None:
        # A hidden page is refreshed when it is shown.
        if self.isVisible():
            self.refresh()

    def _reveal_progress(self) -> None:
        """Keep the progress of a scan visible on a low screen, when it makes the column higher."""
        if self.bus.scanning:
            self._left.ensureWidgetVisible(self.scan.words, 0, SPACE.m)

    def _port_changed(self) -> None:
        self.scan.hindrance = self.port.wrong if self.bus.state is LinkState.CLOSED else ""
        self.scan.refresh()

    def _show_list(self) -> None:
        self._show_world()
        count = self.model.rowCount()
        self._count.setText(found_text(self.model.slaves) if count else "")
        nothing = self.tr("The list is empty")
        busy = self.tr("Another operation is running on the bus")
        closed = self.bus.state is LinkState.CLOSED
        why_not = nothing if not count else self.tr("Connect the master port first") if closed else ""
        self.read_all.allow(why_not or (busy if self.bus.busy else ""), self.tr("Read every module in the list"))
        self.copy.allow("" if count else nothing, self.tr("Copy the list for a spreadsheet"))
        self.save.allow("" if count else nothing, self.tr("Save the list as an Excel or CSV file"))
        self.clear.allow(
            nothing if not count else busy if self.bus.busy else "", self.tr("Remove all modules from the list")
        )
        self.table.set_empty_text(self._empty_text())

    def _show_world(self) -> None:
        """Show which bus the list is of, while the header may show the world of another module."""
        line = self.bus.line
        self.world_badge.setVisible(line is not None and not line.built_in)
        if line is None or line.built_in:
            return
        if line.practice:
            self.world_badge.show_world(World.PRACTICE, practice_bus_name())
            about = self.tr("This page works on the practice bus, whichever module is chosen in the header")
        else:
            self.world_badge.show_world(World.REAL_BUS, real_bus_name(line.link))
            about = self.tr("This page works on a real bus, whichever module is chosen in the header")
        set_tooltip(self.world_badge, about)

    def _empty_text(self) -> str:
        if self.bus.scanning:
            return self.tr("Modules appear here as they answer")
        if self.bus.scan is not None and self.bus.scan_error is None:
            return self.tr("No answer. Check the bus voltage, the wires, the speed and the range of addresses.")
        return self.tr("Scan the bus to find the modules on it. You can try it with the practice bus.")

    def _show_chosen(self) -> None:
        chosen = self.bus.chosen
        row = None if chosen is None else self.model.row_of(chosen)
        if row is None:
            self.table.clearSelection()
        elif self.table.currentIndex().row() != row or not self.table.selectionModel().hasSelection():
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.table.selectionModel().setCurrentIndex(self.model.index(row, 0), flags)

    # User actions

    def _row_chosen(self, current: QModelIndex) -> None:
        if current.isValid():
            self.bus.choose(self.model.slave(current.row()))

    def _read_row(self, index: QModelIndex) -> None:
        self.bus.choose(self.model.slave(index.row()))
        if self.slave.can_read():
            self.slave.read.click()

    def _read_all(self) -> None:
        for slave in self.model.slaves:
            if self.bus.reach(slave) is not None:
                self.bus.read(slave)

    def _scan(self, plan: ScanPlan) -> None:
        self.port.connect_chosen()
        if self.bus.state is not LinkState.CLOSED:
            self.bus.start_scan(plan)

    def _show_target(self, page: str, slave: ListedSlave) -> None:
        """Make the slave the target and show it on another page, from its top."""
        line = self.bus.line
        assert line is not None
        where = self.tr("practice bus") if line.practice else line.link
        target = self.bus.target_of(slave, module_name(slave.identity), where)
        self.context.targets.choose(target.key)
        self.context.go(page, "top")

    def _report(self) -> TableData:
        return self.model.report(self.station.anchor.local)

    def _copy(self) -> None:
        text = self.context.tables.text(self._report(), titles=True)
        self.context.copy(text, self.tr("List copied to the clipboard"))

    def _save(self) -> None:
        self.context.tables.ask(
            self, self.tr("Save the list"), self.context.file_stem("modules"), lambda _: self._report()
        )

    # Reports of the bus

    def _scan_ended(self, scan: Scan) -> None:
        error = self.bus.scan_error
        if error is None:
            self.context.add_message(Level.GOOD, self.tr("Scan complete: {0}").format(found_text(scan.entries)))
        elif not isinstance(error, Cancelled):
            self.context.add_message(Level.ERROR, failure_text(error))
        self._state_changed()

    def _answers_are_slow(self, seconds: float) -> None:
        words = self.tr("Answers on this link are slow; they may now arrive up to {0} s after the standard's window")
        self.context.add_message(Level.INFO, words.format(number_text(seconds, 1)))

    def _work_ended(self, slave: ListedSlave, doing: JobKind, error: Exception | None) -> None:
        name = serial_text(slave)
        if error is None and doing is JobKind.READING:
            words = self.tr("Module {0} read: {1} telegrams").format(name, len(slave.answers))
            odd = "; ".join(text_of(warning) for warning in slave.warnings)
            self.context.add_message(Level.WARNING if odd else Level.GOOD, f"{words}; {odd}" if odd else words)
        elif error is not None and not isinstance(error, Cancelled):
            self.context.add_message(Level.ERROR, self.tr("Module {0}: {1}").format(name, failure_text(error)))
        self._state_changed()
