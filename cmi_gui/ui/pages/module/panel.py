"""The panel beside the device: activity of the module, data of the meter, how to connect, events and faults."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.machine import LinkState
from cmi_gui.ui.pages.built_in_note import BuiltInNote
from cmi_gui.ui.pages.fault_section import FaultSection
from cmi_gui.ui.pages.module.chooser import ModuleChooser
from cmi_gui.ui.pages.module.time_section import TimeSection
from cmi_gui.ui.pages.module.wire_faults import WireFaults
from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.pages.read_command import read_command
from cmi_gui.ui.text.activity import (
    activity,
    disconnector_text,
    display_text,
    inputs_text,
    rate_text,
    steady_process,
    switching_process,
)
from cmi_gui.ui.text.status import link_trouble, listening, meter_link
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.text.words import condition_text
from cmi_gui.ui.theme import SPACE, em, font, tabular
from cmi_gui.ui.widgets.plain.buttons import PrimaryButton, Switch
from cmi_gui.ui.widgets.plain.copy_line import CopyLine
from cmi_gui.ui.widgets.plain.disclosure import Disclosure
from cmi_gui.ui.widgets.plain.layout import DimLabel, Gap, Section, Stretch, add_parts, column_of, grid_of, row_of
from cmi_gui.ui.widgets.plain.marks import ElidedLabel, StateMark
from cmi_gui.ui.widgets.plain.message_list import MessageList
from cmi_gui.ui.widgets.plain.progress import ProgressLine
from cmi_gui.ui.widgets.plain.scroll_bar import ScrollColumn

_EVENTS = 5
_MOST_WIDTH = 4000


class ModulePanel(ScrollColumn):
    """The sections of the panel; it scrolls if the window is too low for all of them."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._station = context.station
        self._shown = context.shown
        self._practice = context.practice
        self._messages = context.messages
        self.setMinimumWidth(em(self, 58))
        self.stack(False)
        self._inside = inside = QWidget(self)
        self._note = BuiltInNote(
            context.targets, inside, simulated=lambda: not self._station.meter_is_real, shown=context.shown
        )
        self.chooser = ModuleChooser(context.shown, context.practice, inside)
        column = column_of(
            self.chooser,
            self._note,
            self._make_now(),
            self._make_meter(),
            self._make_connect(),
            self._make_events(),
            within=inside,
            margins=(0, 0, SPACE.s, 0),
            spacing=SPACE.m,
        )
        self.faults = FaultSection(self._station, self)
        self.wire_faults = WireFaults(context, self)
        self.time = TimeSection(context.shown, self)
        column.addLayout(column_of(self.faults, self.faults.note, self.wire_faults, self.time, spacing=0))
        for section in (self.faults, self.wire_faults, self.time):
            section.toggled.connect(self._make_room)
        column.addStretch(1)
        self.setWidget(inside)
        context.messages.changed.connect(self._show_events)
        self._show_events()

    def stack(self, stacked: bool) -> None:
        """Take the whole width and height below the device, or a third of the page beside it."""
        self.setMaximumWidth(_MOST_WIDTH if stacked else em(self, 72))
        self.unroll(stacked)

    def sizeHint(self) -> QSize:
        """Return a third of a window of ordinary size."""
        return QSize(em(self, 60), 600)

    # Sections

    def _make_now(self) -> QWidget:
        section = Section(self.tr("Now"), self)
        self._mark = StateMark(parent=section)
        self._sentence = ElidedLabel(parent=section, look=tabular(font(1.15, strong=True)))
        line = row_of(self._mark, (self._sentence, 1))
        self._next = ElidedLabel(parent=section, dim=True, look=tabular(font()))
        self._progress = ProgressLine(self.tr("Progress of the readout"), section)
        self._lamps = ElidedLabel(parent=section, dim=True)
        self.read_now = PrimaryButton(self.tr("Read the meter now"), section, icon="refresh", object_name="readNow")
        self.read_now.clicked.connect(lambda: self._shown.point.read_now())
        self.pause = Switch(self.tr("Pause reading"), section, object_name="pauseReading")
        set_tooltip(self.pause, self.tr("Frees the meter for a technician's optical head"))
        self.pause.clicked.connect(lambda on: self._shown.point.pause_reading(on))
        buttons = row_of(self.read_now, self.pause, Stretch(), spacing=SPACE.l)
        add_parts(section.body, line, self._next, self._lamps, self._progress, Gap(SPACE.xs), buttons)
        return section

    def _make_meter(self) -> QWidget:
        section = Section(self.tr("Meter"), self)
        grid = grid_of(across=SPACE.l, down=1, stretched=(1,))
        self._facts: dict[str, ElidedLabel] = {}
        self._bars: dict[str, ProgressLine] = {}
        for row, (key, words) in enumerate(
            (
                ("rate", self.tr("Active rate")),
                ("inputs", self.tr("Rate inputs")),
                ("disconnector", self.tr("Disconnector")),
                ("text", self.tr("Display text")),
            )
        ):
            value = ElidedLabel("—", section, look=tabular(font()))
            self._facts[key] = value
            grid.addWidget(DimLabel(words), 2 * row, 0)
            grid.addWidget(value, 2 * row, 1)
            # Every line has room for a bar, so that all distances are equal.
            grid.setRowMinimumHeight(2 * row + 1, 4)
            if key in ("inputs", "disconnector"):
                self._bars[key] = ProgressLine(words, section)
                grid.addWidget(self._bars[key], 2 * row + 1, 1)
        section.body.addLayout(grid)
        return section

    def _make_connect(self) -> QWidget:
        section = self._connect = Disclosure(self.tr("Connect an M-Bus master"), self, opened=True)
        self._address = CopyLine(self.tr("Address to connect to"), section)
        self._command = CopyLine(self.tr("Command that reads the module"), section)
        add_parts(section.body, self._address, self._command)
        return section

    def _make_events(self) -> QWidget:
        # Those of the built-in module: a module of the practice bus does not show them.
        section = self._last_events = Section(self.tr("Last events"), self)
        self._events = MessageList(_EVENTS, self._station.anchor.local, section)
        section.body.addWidget(self._events)
        return section

    # Display

    def refresh(self) -> None:
        """Update all texts; unchanged labels do not repaint."""
        station, point = self._shown.station, self._shown.point
        module, now = self._shown.state, station.clock.now()
        status = activity(station, module, now, point)
        self.chooser.refresh()
        self._note.refresh()
        self._mark.set_mark(status.mark)
        self._sentence.setText(status.title)
        self._next.setText(status.detail)
        self._lamps.setText(self.tr("LEDs: {0}").format(condition_text(module.condition)[1].lower()))
        progress = module.readout_line
        self._progress.set_share(None if progress is None else progress[0] / (progress[1] or 2 * progress[0] + 10))
        unreachable = station.running and meter_link(station, point).state is not LinkState.OPEN
        reasons = (
            (not module.powered, self.tr("The module has no power")),
            (progress is not None, self.tr("A readout is running")),
            (
                module.locked_for(now) > 0,
                self.tr("The meter received a wrong password and refuses everything for a while"),
            ),
            (module.reading_paused, self.tr("Reading is paused")),
            (unreachable, self.tr("The link to the meter is not open")),
        )
        reason = next((words for applies, words in reasons if applies), "")
        self.read_now.allow(reason, self.tr("Read without waiting for the interval"))
        self.pause.setChecked(module.reading_paused)
        served = self._practice.serves is not self._shown.built_in
        where = listening(self._station) if served else None
        otherwise = link_trouble(self._station) or self.tr("No link is open")
        if not served:
            otherwise = (
                self.tr("Masters reach the practice bus (page Wiring)")
                if self._shown.built_in
                else self.tr("Masters reach the built-in module (page Wiring)")
            )
        self._address.set_text(where.url if where else "", otherwise)
        command = read_command(where.url, module.primary_address) if where else ""
        by_cable = self.tr("The master is at the other end of this port's cable")
        self._command.set_text(command, by_cable if where else "—")
        self._last_events.setVisible(self._shown.built_in)
        self.faults.show_point(station, point)
        self.faults.refresh()
        self.wire_faults.refresh()
        self.time.refresh()

    def show_processes(self, now: float) -> None:
        """Show the meter's data and the progress of slow operations; `now` in seconds of the engine's clock."""
        module = self._shown.state
        for key, text in (
            ("rate", rate_text(module)),
            ("inputs", inputs_text(module, now)),
            ("disconnector", disconnector_text(module, now)),
            ("text", display_text(module)),
        ):
            self._facts[key].setText(text)
        steady = steady_process(module, now)
        self._bars["inputs"].set_share(steady.share if steady else None)
        self._bars["disconnector"].set_share(switching_process(module, now).share)

    def show_connect(self) -> None:
        """Open the section on how a master connects, and focus the copy button."""
        self._connect.set_open(True)
        self._address.button.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.ensureWidgetVisible(self._connect)

    def _make_room(self, opened: bool) -> None:
        """Close the connection section, needed only once, if the opened faults do not fit."""
        if opened and self._inside.sizeHint().height() > self.viewport().height():
            self._connect.set_open(False)

    def _show_events(self) -> None:
        self._events.show_messages(self._messages.last_events(_EVENTS))
