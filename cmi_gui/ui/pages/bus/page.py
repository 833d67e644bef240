"""The page Site: the steps of a visit, the list of the site, what is on the bus, and the chosen module."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from cmi_gui.engine.configurator.discover import Scan, ScanPlan
from cmi_gui.engine.configurator.session import Cancelled
from cmi_gui.engine.configurator.slaves import ListedSlave
from cmi_gui.engine.files.table import TableData
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.site.model import SiteModule
from cmi_gui.engine.site.problems import CureKind
from cmi_gui.engine.site.site_file import SUFFIX
from cmi_gui.ui.models.bus import JobKind
from cmi_gui.ui.pages.bus.commands_view import CommandsView
from cmi_gui.ui.pages.bus.port import PortPanel
from cmi_gui.ui.pages.bus.readings_view import SiteReadingsView
from cmi_gui.ui.pages.bus.rehearse import RehearseBar
from cmi_gui.ui.pages.bus.report_view import ReportView
from cmi_gui.ui.pages.bus.scan import ScanPanel
from cmi_gui.ui.pages.bus.site_menu import SiteMenu
from cmi_gui.ui.pages.bus.site_panel import SitePanel
from cmi_gui.ui.pages.bus.slave import SlavePanel
from cmi_gui.ui.pages.bus.steps import StepBar, VisitStep
from cmi_gui.ui.pages.bus.table_models import MARK_ROLE, BusColumn, BusTableModel
from cmi_gui.ui.pages.bus.words import failure_text, found_text, module_name, practice_place, serial_text, type_text
from cmi_gui.ui.pages.bus.write_view import WriteView
from cmi_gui.ui.pages.page import Context, Page
from cmi_gui.ui.text.i18n import number_text
from cmi_gui.ui.text.messages import text_of
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.text.words import Level, sentence
from cmi_gui.ui.text.world import World, practice_bus_name, real_bus_name
from cmi_gui.ui.theme import SPACE, em
from cmi_gui.ui.widgets.plain.buttons import QuietButton, Segments
from cmi_gui.ui.widgets.plain.fields import Splitter
from cmi_gui.ui.widgets.plain.layout import Stretch, Surface, ViewStack, column_of, row_of, wrapping
from cmi_gui.ui.widgets.plain.marks import ElidedLabel
from cmi_gui.ui.widgets.plain.scroll_bar import ScrollColumn, reveal
from cmi_gui.ui.widgets.plain.state_cell import StateDelegate
from cmi_gui.ui.widgets.plain.table import CellDelegate, Table, WholeRows
from cmi_gui.ui.widgets.plain.world import WorldBadge

_BESIDE_FROM = 105
"""The width of the page, in average characters, from which the list is beside port and scan."""
_ALL_BESIDE_FROM = 235
"""The width from which the chosen module is beside the list too."""
_LONG_NAME = 0x08
"""The device type with the longest usual name, a heat cost allocator; it sets the width of the column."""


class SiteView(Enum):
    """What the page shows below the steps."""

    MODULES = "modules"
    BUS = "bus"
    WRITE = "write"
    COMMANDS = "commands"
    READINGS = "readings"
    REPORT = "report"


_OF_STEP = {VisitStep.WRITE: SiteView.WRITE, VisitStep.READ: SiteView.READINGS, VisitStep.REPORT: SiteView.REPORT}
"""The views of steps; those of the others are the two lists."""
_AT_BUS = (VisitStep.CONNECT, VisitStep.FIND)
"""The steps in which port and scan are shown."""
_LISTS = (SiteView.MODULES, SiteView.BUS)


class BusPage(Page):
    """The page Site: the steps of a visit, and below them what the present one needs.

    For the first two steps, port and scan are on the left. The list of the site, or that of everything that a scan
    found on the bus, is on the right, and the chosen module below it.
    """

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.bus = context.bus
        self.site = context.site
        self.step = VisitStep.CONNECT
        self._turned = False
        """True if the panes have turned and their sizes are to be set, now or when port and scan are shown."""
        self._details = dict.fromkeys(VisitStep, False)
        """Whether the chosen module is shown below the list, by step."""
        self.menu = SiteMenu(context, self)
        self.segments: Segments[SiteView] = Segments(
            (
                (self.tr("Modules"), SiteView.MODULES),
                (self.tr("On the bus"), SiteView.BUS),
                (self.tr("Commands"), SiteView.COMMANDS),
                (self.tr("Readings"), SiteView.READINGS),
                (self.tr("Report"), SiteView.REPORT),
            ),
            self.tr("View"),
            self,
            object_name="siteViews",
        )
        self.steps = StepBar(context.site, self.bus, context.visit, self)
        self.rehearse = RehearseBar(context, self)
        self.model = BusTableModel(self.bus, self.station.clock.now, self)
        self.port = PortPanel(self.bus, context.background, self)
        self.scan = ScanPanel(self.bus, self.site.search, self)
        self.panel = SitePanel(context, self)
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
        self.read_all = QuietButton(self.tr("Read all"), self, icon="refresh", object_name="busReadAll")
        self.read_all.clicked.connect(self._read_all)
        self.copy = QuietButton(self.tr("Copy list"), self, icon="copy", object_name="busCopy", on_click=self._copy)
        self.save = QuietButton(self.tr("Save list..."), self, icon="export", object_name="busSave")
        self.save.clicked.connect(self._save)
        self.clear = QuietButton(self.tr("Clear list"), self, icon="clear", object_name="busClear")
        self.clear.clicked.connect(self.bus.clear)
        self.shortened = (self.read_all, self.copy, self.save, self.clear)
        self._lay_out()
        self._listen()

    def _lay_out(self) -> None:
        self.world_badge = WorldBadge(self, "busWorld")
        site = row_of(
            self.menu, (self.world_badge, 0, Qt.AlignmentFlag.AlignVCenter), self.rehearse.button, Stretch(1),
            spacing=SPACE.m,
        )  # fmt: skip
        top = wrapping(site, row_of(self.segments), self)
        inside = Surface("base", self)
        column_of(self.port, self.scan, Stretch(), within=inside, margins=SPACE.m, spacing=SPACE.l)
        # Scrolls, because with the port's options unfolded it is higher than a small window.
        left = ScrollColumn(self)
        left.setWidget(inside)
        left.keep_width(em(self, 42))
        left.verticalScrollBar().rangeChanged.connect(self._reveal_progress)
        self._count = ElidedLabel(parent=self, dim=True)
        on_bus = Surface("base", self)
        actions = row_of((self._count, 1), self.read_all, self.copy, self.save, self.clear, spacing=SPACE.s)
        column_of(actions, (WholeRows(self.table, on_bus), 1), within=on_bus, margins=(SPACE.m, SPACE.s))
        self._left, self._on_bus = left, on_bus
        self._upper = upper = QStackedWidget(self)
        upper.addWidget(self.panel)
        upper.addWidget(on_bus)
        self._right = right = Splitter(Qt.Orientation.Vertical, self, object_name="busListSplitter")
        right.fill((upper, 2, 300), (self.slave, 3, 340))
        self._split = split = Splitter(Qt.Orientation.Horizontal, self, object_name="busSplitter")
        split.fill((left, 0, 270), (right, 1, 900))
        write, readings = WriteView(self.context, self), SiteReadingsView(self.context, self)
        write.all_written.connect(self._go_to_reading)
        write.all_written.connect(readings.read_all)
        split.turn_below(em(self, _BESIDE_FROM))
        self.views: dict[SiteView, WriteView | CommandsView | SiteReadingsView | ReportView] = {
            SiteView.WRITE: write,
            SiteView.COMMANDS: CommandsView(self.context, self),
            SiteView.READINGS: readings,
            SiteView.REPORT: ReportView(self.context, self),
        }
        self._stack = ViewStack(self)
        self._stack.addWidget(split)
        for view in self.views.values():
            self._stack.addWidget(view)
        column_of(
            top,
            self.steps,
            self.rehearse,
            (self._stack, 1),
            within=self,
            margins=(SPACE.l, SPACE.s, SPACE.l, SPACE.m),
            spacing=SPACE.s,
        )
        self._show_parts()

    def _listen(self) -> None:
        self.segments.chosen.connect(self.show_view)
        self.steps.chosen.connect(self._step_chosen)
        self.panel.review.connect(lambda: self.show_step(VisitStep.WRITE))
        self.panel.write.connect(self._write)
        self.panel.take.clicked.connect(self.menu.ask_plan)
        self.panel.led.connect(self._lead)
        self.panel.details.connect(self._show_details)
        for changed in (self.site.rows_changed, self.site.modules_changed, self.site.opened):
            changed.connect(self._site_changed)
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
        self._arrange()
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        """Arrange the list again when it needs another width."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
        return super().event(event)

    def _arrange(self) -> None:
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        narrow = self._split.narrow_in(self.width() - 2 * SPACE.l)
        self._left.unroll(narrow)
        if self._split.orientation() is not (down if narrow else across):
            self._split.setOrientation(down if narrow else across)
            self._turned = True
        if self._turned and (self._left.isHidden() or self._split.width() > self.width() // 2):
            # Side by side, port and scan are as narrow as they can be; hidden ones get this again when they are shown.
            self._split.setSizes([1, self.width()])
            self._turned = self._left.isHidden()
        lines = self.fontMetrics().lineSpacing()
        least = max(12 * lines, self._upper.minimumSizeHint().height())
        self._upper.setMinimumHeight(least if narrow else 0)
        # Its usual content fits, without a scroll bar inside that of the page.
        self.slave.setMinimumHeight(19 * lines)
        self._right.setOrientation(across if self.width() >= em(self, _ALL_BESIDE_FROM) else down)

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
        self.steps.refresh()
        self.panel.refresh()
        self.rehearse.refresh()
        view = self.views.get(self.view)
        if view is not None:
            view.refresh()

    # Views and steps

    @property
    def view(self) -> SiteView:
        """What is shown below the steps."""
        for view, widget in self.views.items():
            if self._stack.currentWidget() is widget:
                return view
        return SiteView.MODULES if self._upper.currentWidget() is self.panel else SiteView.BUS

    def show_view(self, view: SiteView) -> None:
        """Show a view; the step that it belongs to becomes the present one."""
        steps = {of: step for step, of in _OF_STEP.items()}
        if view in steps:
            self.step = steps[view]
        elif self.step in _OF_STEP:
            self.step = VisitStep.ASSIGN
        self._show(view)

    def _step_chosen(self, step: VisitStep) -> None:
        """Go to a step; Find begins the first search of a bus at once."""
        self.show_step(step)
        if step is VisitStep.FIND and self.bus.scan is None and self.scan.button.isEnabled():
            self.scan.button.click()

    def _write(self) -> None:
        self.show_step(VisitStep.WRITE)
        write = self.views[SiteView.WRITE]
        assert isinstance(write, WriteView)
        write.write()

    def show_step(self, step: VisitStep) -> None:
        """Go to a step of the visit."""
        self.step = step
        self._show(_OF_STEP.get(step, self.view if self.view in _LISTS else SiteView.MODULES))
        if step is VisitStep.CONNECT:
            reveal(self.port.port, SPACE.xl)
        elif step is VisitStep.FIND:
            reveal(self.scan.button, SPACE.m)
            self.scan.button.setFocus()
        elif step is VisitStep.ASSIGN:
            self.panel.label.number.setFocus()

    def _show(self, view: SiteView) -> None:
        self._stack.setCurrentWidget(self.views.get(view, self._split))
        if view in _LISTS:
            self._upper.setCurrentWidget(self.panel if view is SiteView.MODULES else self._on_bus)
        self._show_parts()
        self.refresh()

    def _show_parts(self) -> None:
        """Show port, scan and the chosen module where the step needs them."""
        self._left.setVisible(self.step in _AT_BUS)
        # What everything on the bus is listed for are the details.
        shown = self._details[self.step] or self.view is SiteView.BUS
        self.slave.setVisible(shown)
        self._arrange()
        self.panel.info.setChecked(shown)
        self.steps.show_step(self.step)
        self.segments.show_value(self.view)

    def _show_details(self, on: bool) -> None:
        if self.view is SiteView.MODULES:
            self._details[self.step] = on
            self.slave.setVisible(on)

    def _site_changed(self) -> None:
        if self.isVisible():
            self.steps.refresh()

    def _lead(self, kind: CureKind, modules: list[SiteModule]) -> None:
        """Lead the user to the cure of a problem."""
        match kind:
            case CureKind.WRITE | CureKind.LOOK_FOR:
                self.show_step(VisitStep.WRITE)
            case CureKind.FIND:
                self.show_step(VisitStep.FIND)
            case CureKind.DISCONNECT:
                self.show_step(VisitStep.CONNECT)
            case _:
                self.show_step(VisitStep.ASSIGN)
                self.panel.lead(kind, modules)

    def _go_to_reading(self) -> None:
        if self.view is SiteView.WRITE:
            self.show_step(VisitStep.READ)

    def state(self) -> dict[str, object]:
        """Return the settings of port, scan and list, and what is shown."""
        parts = {"port": self.port.state(), "scan": self.scan.state(), "list": self.panel.state()}
        return {**parts, "step": self.step.value, "view": self.view.value}

    def restore(self, saved: Mapping[str, object]) -> None:
        """Restore the settings of port, scan and list, and what was shown."""
        for panel, name in ((self.port, "port"), (self.scan, "scan"), (self.panel, "list")):
            part = saved.get(name)
            if isinstance(part, dict):
                panel.restore(part)
        self.step = next((step for step in VisitStep if step.value == saved.get("step")), self.step)
        self._show(next((view for view in SiteView if view.value == saved.get("view")), self.view))

    def reveal(self, part: str) -> None:
        """Set the focus: `port` on the choice of the port, `scan` on the button that starts a scan."""
        if part in ("port", "scan"):
            self.show_step(VisitStep.CONNECT if part == "port" else VisitStep.FIND)
        if part == "port":
            self.port.port.setFocus()
        elif part == "scan":
            self.scan.button.setFocus()

    def open_file(self, path: Path) -> None:
        """Open a site, or a room as the practice bus, or take a list or plan; a bus in use is not replaced."""
        name = path.name.lower()
        if not name.endswith(".toml") or name.endswith(SUFFIX):
            self.show_step(VisitStep.ASSIGN)
            self.show_view(SiteView.MODULES)
            self.menu.open_file(path)
        elif self.bus.state is not LinkState.CLOSED:
            words = self.tr("{0} was not opened: the master port is in use; disconnect first")
            self.context.add_message(Level.WARNING, words.format(path.name))
        else:
            self.show_step(VisitStep.CONNECT)
            self.port.open_room(path)

    def _state_changed(self) -> None:
        # A hidden page is refreshed when it is shown.
        if self.isVisible():
            self.refresh()

    def _reveal_progress(self) -> None:
        """Keep the progress of a scan visible on a low screen, when it makes the column higher."""
        if self.bus.scanning:
            reveal(self.scan.words, SPACE.m)

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

    def _scan(self, plan: ScanPlan, goes_on: bool) -> None:
        self.port.connect_chosen()
        if self.bus.state is not LinkState.CLOSED:
            # Only now is it known which bus this is.
            rest = self.site.search.rest_of(plan) if goes_on else None
            until_found = self.scan.until_found.isChecked()
            self.bus.start_scan(plan, serials=self.site.expected if until_found else frozenset(), rest=rest)

    def _show_target(self, page: str, slave: ListedSlave) -> None:
        """Make the slave the target and show it on another page, from its top."""
        line = self.bus.line
        assert line is not None
        where = practice_place() if line.practice else line.link
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
            if scan.warning is not None and not scan.has_enough:
                self.context.add_message(Level.WARNING, sentence(scan.warning))
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
