"""The panel for one slave of a bus: its identity, state and values, and the actions on it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QLabel, QWidget

from cmi_gui.engine.configurator.identify import LABEL_DIGITS, parse_label
from cmi_gui.engine.configurator.slaves import ListedSlave
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.messages import reason_of
from cmi_gui.ui.models.bus import BusMaster, JobKind
from cmi_gui.ui.models.tables import Tables
from cmi_gui.ui.pages.bus.table_models import STALE_ROLE, ValueColumn, ValuesModel, values_of
from cmi_gui.ui.pages.bus.words import (
    NONE,
    advice,
    answer_problems,
    device_type_text,
    secondary_text,
    serial_text,
    slave_status,
    verdict,
)
from cmi_gui.ui.text.words import age_text, sentence
from cmi_gui.ui.theme import SPACE, em, font, tabular
from cmi_gui.ui.widgets.plain.buttons import Button
from cmi_gui.ui.widgets.plain.fields import TextField, set_wrong
from cmi_gui.ui.widgets.plain.layout import DimLabel, Hairline, Label, Stretch, Surface, WarningLine, column_of, row_of
from cmi_gui.ui.widgets.plain.marks import ElidedLabel, StateMark
from cmi_gui.ui.widgets.plain.scroll_bar import ScrollColumn
from cmi_gui.ui.widgets.plain.table import CellDelegate, DecimalDelegate, Table, WholeRows

_VALUES = 52
"""The least width of the values beside the identity, in average characters."""
_STACKED_ROWS = 8
"""The rows of the values when they are below the identity."""


class SlavePanel(Surface):
    """A panel for the slave chosen in the list.

    Signals: `configure(object)`, `readings(object)`: the user asks for that page for the `ListedSlave`.
    """

    configure = Signal(object)
    readings = Signal(object)

    def __init__(self, bus: BusMaster, tables: Tables, parent: QWidget | None = None) -> None:
        super().__init__("base", parent)
        self._bus = bus
        self._tables = tables
        self._shown: tuple[ListedSlave | None, float | None] = (None, None)
        self.title = Label("", self, look=tabular(font(1.35, strong=True)))
        self._mark = StateMark(parent=self)
        self.status = ElidedLabel(parent=self)
        self.facts: dict[str, QLabel] = {}
        self.advice = WarningLine(self)
        self.problems = WarningLine(self)
        self.partly = DimLabel(
            self.tr("Only the first telegram, received during the scan. Use Read to get all telegrams."),
            self,
            wrap=True,
        )

        self.read = Button(self.tr("Stop reading"), self, icon="refresh", object_name="busRead", on_click=self._read)
        self.read.setMinimumWidth(self.read.sizeHint().width())
        self.configure_button = Button(self.tr("Configure"), self, object_name="busConfigure")
        self.configure_button.clicked.connect(lambda: self.configure.emit(self._bus.chosen))
        self.readings_button = Button(self.tr("Show readings"), self, object_name="busReadings")
        self.readings_button.clicked.connect(lambda: self.readings.emit(self._bus.chosen))

        self.label = TextField(self, object_name="busLabel", name=self.tr("Serial number on the label"))
        self.label.setPlaceholderText(self.tr("Serial number on the label"))
        self.label.textChanged.connect(self.refresh)
        self.identify = Button(self.tr("Identify"), self, object_name="busIdentify", on_click=self._identify)
        # click() does nothing while the button is disabled.
        self.label.returnPressed.connect(self.identify.click)
        self.label_error = WarningLine(self, trouble=True)
        self._verdict_mark = StateMark(parent=self)
        self.verdict = Label("", self, object_name="busVerdict", wrap=True)

        self.values = ValuesModel(self)
        self.table = Table(self.tr("Values of the chosen module"), ValueColumn.MEANING, self, object_name="busValues")
        self.table.setModel(self.values)
        self.table.setItemDelegate(CellDelegate(self.table, dim_role=STALE_ROLE))
        self.table.setItemDelegateForColumn(ValueColumn.VALUE, DecimalDelegate(self.table, dim_role=STALE_ROLE))
        self.table.setItemDelegateForColumn(ValueColumn.UNIT, CellDelegate(self.table, always_dim=True))
        self.table.set_optional(ValueColumn.CODE)
        self.table.set_widths(
            {ValueColumn.CODE: "15.8.0", ValueColumn.VALUE: "000000000000.000", ValueColumn.UNIT: "kvarh"}
        )
        copy = QShortcut(QKeySequence.StandardKey.Copy, self.table, self._copy)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        self._lay_out()
        self.refresh()

    def _lay_out(self) -> None:
        head = row_of(self.title, Stretch(1))
        state = row_of(self._mark, (self.status, 1))

        facts = QGridLayout()
        facts.setHorizontalSpacing(SPACE.s)
        facts.setVerticalSpacing(SPACE.xs)
        for index, (key, name) in enumerate(
            (
                ("secondary", self.tr("Secondary address")),
                ("address", self.tr("Primary address")),
                ("maker", self.tr("Maker")),
                ("type", self.tr("Type")),
                ("version", self.tr("Version")),
                ("speed", self.tr("Speed")),
                ("access", self.tr("Access number")),
                ("read", self.tr("Last read")),
            )
        ):
            row, column = divmod(index, 2)
            value = ElidedLabel(parent=self, look=tabular(font()))
            value.setMinimumWidth(value.fontMetrics().horizontalAdvance("0000 bit/s") + SPACE.xs)
            self.facts[key] = value
            facts.addWidget(DimLabel(name), row, 2 * column)
            facts.addWidget(value, row, 2 * column + 1)
        facts.setColumnStretch(1, 1)
        facts.setColumnStretch(3, 1)

        buttons = row_of(self.read, self.configure_button, self.readings_button, Stretch())
        label = row_of((self.label, 1), self.identify)
        verdict_row = row_of((self._verdict_mark, 0, Qt.AlignmentFlag.AlignTop), (self.verdict, 1))

        # What comes and goes is below the controls, which must not move.
        remarks = (self.label_error, verdict_row, self.advice, self.partly)
        identity = column_of(head, state, facts, buttons, label, *remarks, Stretch())
        self._identity = identity
        self._rows = WholeRows(self.table)
        data = column_of((self._rows, 1), self.problems)
        inside = QWidget(self)
        self._line = Hairline(self, vertical=True)
        self._sides = row_of((identity, 4), self._line, (data, 5), within=inside, margins=0, spacing=SPACE.l)
        # Scrolls while both parts stand one above the other.
        self._inside = ScrollColumn(self)
        self._inside.setWidget(inside)
        inside.setAutoFillBackground(False)
        self._inside.viewport().setAutoFillBackground(False)
        bar = self._inside.verticalScrollBar().sizeHint().width()
        self._inside.setMinimumWidth(identity.minimumSize().width() + bar)
        self._hint = DimLabel(self.tr("Choose a module in the list to read, identify or configure it"), wrap=True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column_of((self._inside, 1), (self._hint, 1), within=self, margins=(SPACE.m, SPACE.m, SPACE.m, SPACE.s))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the values below the identity where there is no room beside it."""
        room = self.contentsRect().width() - 2 * SPACE.m
        stacked = room < self._identity.minimumSize().width() + 2 * SPACE.l + em(self, _VALUES)
        self._sides.setDirection(QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight)
        self._line.setHidden(stacked)
        rows = _STACKED_ROWS * self.table.verticalHeader().defaultSectionSize()
        self._rows.setMinimumHeight(rows if stacked else 0)
        super().resizeEvent(event)

    # Display

    def refresh(self) -> None:
        """Show the current state of the chosen slave."""
        slave = self._bus.chosen
        self._inside.setVisible(slave is not None)
        self._hint.setVisible(slave is None)
        if slave is None:
            self._shown = (None, None)
            return
        if self._shown[0] is not slave:
            # The label entered belongs to one module, so another module starts with its own.
            known = self._bus.identified.get(slave)
            self.label.setText("" if known is None or known.label is None else known.label)
        work = self._bus.work.get(slave)
        status = slave_status(self._bus, slave)
        self._mark.set_mark(status.mark)
        words = status.title
        if work is not None and work.doing is JobKind.READING and work.telegrams:
            words = self.tr("Reading, {0} telegrams so far").format(work.telegrams)
        self.status.setText(words)
        if slave.identity is None:
            name = self.tr("Address {0}").format(slave.address)
        else:
            words = self.tr("Module {0}") if self._bus.is_module(slave) else self.tr("Slave {0}")
            name = words.format(serial_text(slave))
        self.title.setText(name)
        self._show_facts(slave)
        self.advice.show_text(advice(slave, reachable=self._bus.reach(slave) is not None))
        self.problems.show_text("\n".join(answer_problems(slave)))
        self._show_actions(slave)
        shown = (slave, slave.read_at)
        if shown != self._shown:
            self._shown = shown
            self.values.show_values(values_of(slave))
        self.partly.setVisible(not slave.answers and bool(self.values.rowCount()))
        self.table.set_empty_text(self._empty_text(slave))

    def _empty_text(self, slave: ListedSlave) -> str:
        if slave.collision:
            return self.tr("Nothing can be read because of the collision")
        return self.tr("The module sent no values") if slave.answers else self.tr("Read the module to see its values")

    def _show_facts(self, slave: ListedSlave) -> None:
        identity, header = slave.identity, slave.header
        read = self.tr("never")
        if slave.read_at is not None:
            age = age_text(self._bus.now() - slave.read_at)
            read = self.tr("just now") if age == age_text(0) else self.tr("{0} ago").format(age)
        for key, text in {
            "secondary": secondary_text(slave),
            "address": NONE if slave.address is None else str(slave.address),
            "maker": (identity.manufacturer if identity is not None else None) or NONE,
            "type": NONE if identity is None else sentence(device_type_text(identity.device_type, identity.version)),
            "version": NONE if identity is None or identity.version is None else f"{identity.version:02X}",
            "speed": self.tr("{0} bit/s").format(slave.baud),
            "access": NONE if header is None else str(header.access_number),
            "read": read,
        }.items():
            self.facts[key].setText(text)

    def _show_actions(self, slave: ListedSlave) -> None:
        work = self._bus.work.get(slave)
        reading = work is not None and work.doing is JobKind.READING
        why_not = self._why_not(slave)
        self.read.set_words(self.tr("Stop reading") if reading else self.tr("Read"))
        self.read.allow("" if reading else why_not, self.tr("Read all its telegrams (Enter in the list)"))
        foreign = "" if self._bus.is_module(slave) else self.tr("Only modules of Elvaco (ELV) can be configured here")
        line = self._bus.line
        # A scan occupies the bus of a real module; the built-in module is configured on a separate wire.
        scan = self._bus.scanning and line is not None and not line.built_in
        hindrance = self.tr("A scan is running; cancel it first") if scan else self._unreachable(slave)
        self.configure_button.allow(hindrance or foreign, self.tr("Open its settings"))
        no_lines = (
            "" if slave.lines else self.tr("Read the module first; then you can show and plot the values of its meter")
        )
        if foreign:
            no_lines = self.tr(
                "Only a CMi1020 sends the data lines of its meter; the values of this slave are in the table"
            )
        self.readings_button.allow(
            self._unreachable(slave) or no_lines, self.tr("Show the values of its meter on the page Readings")
        )

        text = self.label.text().replace(" ", "")
        wrong = ""
        if text:
            try:
                parse_label(text)
            except ValueError as error:
                wrong = sentence(reason_of(error))
        # A number that is still too short is not marked as wrong while the user types.
        typing = text.isdigit() and len(text) < LABEL_DIGITS
        self.label_error.show_text("" if typing else wrong)
        set_wrong(self.label, "" if typing else wrong)
        tip = self.tr(
            "Select and read the module and compare it with the label; without a number, only show its own number"
        )
        self.identify.allow(why_not or wrong, tip)
        known = self._bus.identified.get(slave)
        visible = known is not None and work is None
        self._verdict_mark.setVisible(visible)
        self.verdict.setVisible(visible)
        if known is not None:
            result = verdict(known)
            self._verdict_mark.set_mark(result.mark)
            self.verdict.setText(result.title)

    def _unreachable(self, slave: ListedSlave) -> str:
        if self._bus.reach(slave) is None:
            return self.tr("No known address reaches this module alone")
        return ""

    def _why_not(self, slave: ListedSlave) -> str:
        """Return why no request can be sent to the slave now; empty if one can."""
        if self._bus.state is LinkState.CLOSED:
            return self.tr("Connect the master port first")
        if self._bus.scanning:
            return self.tr("A scan is running; cancel it first")
        if slave in self._bus.work:
            return self.tr("A request to this module is already running")
        return self._unreachable(slave)

    # User actions

    def _read(self) -> None:
        slave = self._bus.chosen
        if slave is None:
            return
        if slave in self._bus.work:
            self._bus.stop_work(slave)
        else:
            self._bus.read(slave)

    def _identify(self) -> None:
        slave, text = self._bus.chosen, self.label.text().strip()
        if slave is not None:
            self._bus.identify(slave, parse_label(text) if text else None)

    def can_read(self) -> bool:
        """Return whether the chosen slave can be read now."""
        return self._bus.chosen is not None and not self._why_not(self._bus.chosen)

    def _copy(self) -> None:
        """Copy the values to the clipboard, one per line, columns separated by tabs."""
        QGuiApplication.clipboard().setText(self._tables.text(self.values.table()))
