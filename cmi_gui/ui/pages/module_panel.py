"""Beside the device: what the module is doing, what the meter says, how to connect, and the meter's faults."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.status import activity, listening
from cmi_gui.ui.theme import SPACE, em, font, tabular
from cmi_gui.ui.widgets.buttons import Button, Kind, Switch
from cmi_gui.ui.widgets.copy_line import CopyLine
from cmi_gui.ui.widgets.layout import DimLabel, Section
from cmi_gui.ui.widgets.marks import ElidedLabel, StateMark
from cmi_gui.ui.widgets.message_list import MessageList
from cmi_gui.ui.widgets.progress import ProgressLine
from cmi_gui.ui.widgets.scroll_bar import slim_scroll_bars
from cmi_gui.ui.words import condition_text

__all__ = ["ModulePanel"]

_FAULTS: dict[str, bool | float] = {"silent": True, "delay": 2.5, "bad_bcc": True, "garbled": True}
"""What a switch sets in the simulated meter's faults; the delay, in seconds, is longer than any answer may take."""
_EVENTS = 5


class ModulePanel(QScrollArea):
    """Sections of words; scrolls where the window is too low for all of them."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._station = context.station
        self._messages = context.messages
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        slim_scroll_bars(self)
        self.setMinimumWidth(em(self, 50))
        self.setMaximumWidth(em(self, 72))
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, SPACE.s, 0)
        column.setSpacing(SPACE.l)
        column.addWidget(self._make_now())
        column.addWidget(self._make_meter())
        column.addWidget(self._make_connect())
        column.addWidget(self._make_events())
        self._fault_switches: dict[str, Switch] = {}
        if self._station.meter is not None:
            column.addWidget(self._make_faults())
        column.addStretch(1)
        self.setWidget(inside)
        context.messages.changed.connect(self._show_events)
        self._show_events()

    def sizeHint(self) -> QSize:
        """A third of a window of ordinary size."""
        return QSize(em(self, 56), 600)

    # Sections

    def _make_now(self) -> QWidget:
        section = Section(self.tr("Now"), self)
        self._mark = StateMark(parent=section)
        self._sentence = QLabel(section)
        self._sentence.setFont(tabular(font(1.15, strong=True)))
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        line = QHBoxLayout()
        line.setSpacing(SPACE.s)
        line.addWidget(self._mark)
        line.addWidget(self._sentence, 1)
        self._next = ElidedLabel(parent=section, dim=True)
        self._next.setFont(tabular(font()))
        self._progress = ProgressLine(section)
        self._lamps = ElidedLabel(parent=section, dim=True)
        self.read_now = Button(self.tr("Read the meter now"), section, kind=Kind.PRIMARY, icon="refresh")
        self.read_now.setObjectName("readNow")
        self.read_now.clicked.connect(lambda: self._station.read_now())
        self.pause = Switch(self.tr("Pause reading"), section)
        self.pause.setObjectName("pauseReading")
        self.pause.setToolTip(self.tr("Leaves the meter to a technician's optical head"))
        self.pause.clicked.connect(lambda on: self._station.pause_reading(on))
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE.l)
        buttons.addWidget(self.read_now)
        buttons.addWidget(self.pause)
        buttons.addStretch()
        section.body.addLayout(line)
        section.body.addWidget(self._next)
        section.body.addWidget(self._lamps)
        section.body.addWidget(self._progress)
        section.body.addSpacing(SPACE.xs)
        section.body.addLayout(buttons)
        return section

    def _make_meter(self) -> QWidget:
        section = Section(self.tr("Meter"), self)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE.l)
        grid.setVerticalSpacing(SPACE.xs)
        grid.setColumnStretch(1, 1)
        self._facts: dict[str, ElidedLabel] = {}
        for row, (key, words) in enumerate(
            (
                ("rate", self.tr("Active rate")),
                ("inputs", self.tr("Rate inputs")),
                ("disconnector", self.tr("Disconnector")),
            )
        ):
            value = ElidedLabel("—", section)
            value.setFont(tabular(font()))
            self._facts[key] = value
            grid.addWidget(DimLabel(words), row, 0)
            grid.addWidget(value, row, 1)
        section.body.addLayout(grid)
        return section

    def _make_connect(self) -> QWidget:
        section = Section(self.tr("Connect an M-Bus master"), self)
        self._address = CopyLine(self.tr("Address to connect to"), section)
        self._command = CopyLine(self.tr("Command that reads the module"), section)
        section.body.addWidget(self._address)
        section.body.addWidget(self._command)
        return section

    def _make_events(self) -> QWidget:
        section = Section(self.tr("Last events"), self)
        self._events = MessageList(_EVENTS, self._station.anchor.local, section)
        section.body.addWidget(self._events)
        return section

    def _make_faults(self) -> QWidget:
        section = Section(self.tr("Faults of the simulated meter"), self)
        words = {
            "silent": self.tr("Silent"),
            "delay": self.tr("Slow"),
            "bad_bcc": self.tr("Bad BCC"),
            "garbled": self.tr("Garbled"),
        }
        tips = {
            "silent": self.tr("The meter answers nothing"),
            "delay": self.tr("The meter answers later than the standard allows"),
            "bad_bcc": self.tr("The block check of every readout is wrong"),
            "garbled": self.tr("Characters arrive damaged"),
        }
        grid = QGridLayout()
        grid.setSpacing(SPACE.xs)
        for number, name in enumerate(_FAULTS):
            switch = Switch(words[name], section)
            switch.setObjectName(f"fault_{name}")
            switch.setToolTip(tips[name])
            switch.clicked.connect(lambda on, name=name: self._set_fault(name, on))
            self._fault_switches[name] = switch
            grid.addWidget(switch, number // 2, number % 2)
        section.body.addLayout(grid)
        return section

    # What the user does

    def _set_fault(self, name: str, on: bool) -> None:
        meter = self._station.meter
        if meter is not None:
            setattr(meter.faults, name, _FAULTS[name] if on else type(_FAULTS[name])())

    # What there is to see

    def refresh(self) -> None:
        """Say everything anew; labels that stay the same do not repaint."""
        module, now = self._station.module, self._station.clock.now()
        status = activity(self._station, now)
        self._mark.set_mark(status.mark)
        self._sentence.setText(status.title)
        self._next.setText(status.detail)
        self._lamps.setText(self.tr("LEDs: {0}").format(condition_text(module.condition)[1].lower()))
        progress = module.readout_line
        self._progress.set_share(None if progress is None else progress[0] / (progress[1] or 2 * progress[0] + 10))
        reason = "" if module.powered else self.tr("The module has no power")
        reason = reason or (self.tr("A readout is running") if progress is not None else "")
        reason = reason or (self.tr("Reading is paused") if module.reading_paused else "")
        self.read_now.setEnabled(not reason)
        self.read_now.setToolTip(reason or self.tr("Read without waiting for the interval"))
        self.pause.setChecked(module.reading_paused)
        self._show_meter()
        where = listening(self._station)
        self._address.set_text(where.url if where else "", self.tr("No link is open yet"))
        self._command.set_text(
            f"cmi-gui read --link {where.url} --address {module.primary_address}" if where else "", "—"
        )
        for name, switch in self._fault_switches.items():
            if self._station.meter is not None:
                switch.setChecked(bool(getattr(self._station.meter.faults, name)))

    def _show_meter(self) -> None:
        module = self._station.module
        rate, state = module.meter_rate, module.disconnector
        self._facts["rate"].setText("—" if rate is None else str(rate))
        words = {True: self.tr("active"), False: self.tr("low")}
        active = module.input_active
        self._facts["inputs"].setText(f"B {words[active['B']]}, A {words[active['A']]}")
        self._facts["disconnector"].setText(
            self.tr("unknown") if state is None else self.tr("closed") if state else self.tr("open")
        )

    def _show_events(self) -> None:
        self._events.show_messages(self._messages.last(_EVENTS))
