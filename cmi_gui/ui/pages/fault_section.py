"""Switches for the faults of the simulated meter, the same that control lines can set from a script."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from cmi_gui.engine.room.operator import Operator
from cmi_gui.engine.station.metering_point import MeteringPoint
from cmi_gui.engine.station.station import Station
from cmi_gui.ui.text.i18n import number_text
from cmi_gui.ui.text.messages import translate
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import SPACE
from cmi_gui.ui.widgets.plain.buttons import Button, Switch
from cmi_gui.ui.widgets.plain.disclosure import Disclosure
from cmi_gui.ui.widgets.plain.layout import DimLabel, add_parts, grid_of, row_of

_SLOW_SECONDS = 2.5
"""Seconds added to each reaction time, more than the 1.5 s a reading device waits (`iec62056.events.Limits`)."""


_LINES = {
    "silent": ("meter silent on", "meter silent off"),
    "delay": (f"meter slow {_SLOW_SECONDS}", "meter slow 0"),
    "bad_bcc": ("meter bad-bcc on", "meter bad-bcc off"),
    "garbled": ("meter garbled on", "meter garbled off"),
    "refuse_passwords": ("meter wrong-password on", "meter wrong-password off"),
    "no_meter_number": ("meter no-number on", "meter no-number off"),
    "power": ("meter power off", "meter power on"),
    "cover": ("meter cover off", "meter cover on"),
}
"""The control lines that start and end a fault, by its name in `MeterState.faults`."""


def _words() -> dict[str, tuple[str, str]]:
    """Return the text and the tooltip of each switch, by the name of its fault."""
    return {
        "silent": (
            translate("FaultSection", "Silent"),
            translate("FaultSection", "The meter does not answer; contact is lost after three readouts"),
        ),
        "delay": (
            translate("FaultSection", "Slow"),
            translate("FaultSection", "The meter answers {0} s late, which is longer than the standard allows").format(
                number_text(_SLOW_SECONDS, 1)
            ),
        ),
        "bad_bcc": (
            translate("FaultSection", "Bad BCC"),
            translate("FaultSection", "The block check character of every readout is wrong"),
        ),
        "garbled": (
            translate("FaultSection", "Garbled"),
            translate("FaultSection", "Characters arrive damaged"),
        ),
        "refuse_passwords": (
            translate("FaultSection", "Wrong password"),
            translate(
                "FaultSection",
                "The meter treats every password as wrong, and then refuses everything for a while",
            ),
        ),
        "no_meter_number": (
            translate("FaultSection", "No meter number"),
            translate("FaultSection", "C.1.0 is missing from the readout; the red LED is steady"),
        ),
        "power": (
            translate("FaultSection", "Power failure"),
            translate("FaultSection", "The meter has no supply while this is on; C.7.0 counts the failures"),
        ),
        "cover": (
            translate("FaultSection", "Terminal cover off"),
            translate("FaultSection", "The terminal cover is removed: an alarm in C.5.0, counted in 82.8.1"),
        ),
    }


def fault_text(name: str) -> str:
    """Return a fault in words, by its name in `MeterState.faults`."""
    return _words()[name][0]


class FaultSection(Disclosure):
    """A section, folded at first, whose title shows how many faults are on; hidden if a real meter is wired.

    `prefix` is the first part of the switches' object names. `show_point` shows the meter of another module.
    `note`: the text to show in its place with a real meter.
    """

    def __init__(self, station: Station, parent: QWidget, *, prefix: str = "fault") -> None:
        super().__init__(translate("FaultSection", "Faults of the simulated meter"), parent)
        self._station = station
        self._point = station.point
        self.switches: dict[str, Switch] = {}
        """The switches by the name of their fault; each has the object name `<prefix>_<name>`."""
        self._prefix = prefix
        grid = grid_of(across=SPACE.s, down=0)
        for number, (name, (text, tip)) in enumerate(_words().items()):
            switch = Switch(text, self, object_name=f"{prefix}_{name}", tip=tip)
            switch.clicked.connect(lambda on, lines=_LINES[name]: self._operate(lines[not on]))
            self.switches[name] = switch
            grid.addWidget(switch, number // 2, number % 2)
        add_parts(self.body, grid, self._phase_row())
        self.note = DimLabel(
            translate("FaultSection", "A real meter is wired. Faults can only be switched on in the simulated meter."),
            parent,
            object_name="noFaults",
            wrap=True,
        )
        self.refresh()

    def _phase_row(self) -> QHBoxLayout:
        row = row_of(DimLabel(translate("FaultSection", "No voltage on"), self), spacing=SPACE.xs)
        self.phases: dict[int, Button] = {}
        for phase in (1, 2, 3):
            button = Button(f"L{phase}", self, name=translate("FaultSection", "No voltage on phase L{0}").format(phase))
            button.setObjectName(f"{self._prefix}_phase{phase}")
            button.setCheckable(True)
            button.clicked.connect(lambda on, phase=phase: self._fail_phase(phase, on))
            self.phases[phase] = button
            row.addWidget(button)
        row.addStretch(1)
        self.magnet = Button(translate("FaultSection", "Apply magnet"), self, object_name=f"{self._prefix}_magnet")
        set_tooltip(
            self.magnet,
            translate(
                "FaultSection", "Hold a strong magnet to the meter for a moment: an alarm in C.5.0, counted in 82.8.2"
            ),
        )
        self.magnet.clicked.connect(lambda: self._operate("meter magnet"))
        row.addWidget(self.magnet)
        return row

    def _fail_phase(self, phase: int, failed: bool) -> None:
        self._operate(f"meter phase {phase} {'off' if failed else 'on'}")

    def show_point(self, station: Station, point: MeteringPoint) -> None:
        """Show and change the faults of the meter of another module."""
        self._station, self._point = station, point

    def _operate(self, line: str) -> None:
        """Carry out a control line of the form `meter ...` for the meter of the shown module."""
        Operator(self._station).start(line.replace("meter", f"meter {self._point.name}", 1))

    def refresh(self) -> None:
        """Set the switches from the meter's state, which a script may have changed."""
        meter = self._point.meter_state()
        self.setVisible(meter is not None)
        self.note.setVisible(meter is None)
        if meter is None:
            return
        for name, switch in self.switches.items():
            switch.setChecked(name in meter.faults)
        for phase, button in self.phases.items():
            button.setVisible(phase <= meter.phases)
            button.setChecked(phase in meter.failed_phases)
        active = len(meter.faults) + len(meter.failed_phases)
        self.set_remark(translate("FaultSection", "{0} on").format(active) if active else "")
