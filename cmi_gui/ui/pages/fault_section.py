"""What can go wrong with the simulated meter, as switches: the same that control lines can do from a script."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from cmi_gui.engine.e350.meter import E350Meter
from cmi_gui.engine.station.station import Station
from cmi_gui.ui.theme import SPACE
from cmi_gui.ui.widgets.plain.buttons import Button, Switch
from cmi_gui.ui.widgets.plain.disclosure import Disclosure
from cmi_gui.ui.widgets.plain.layout import DimLabel

translate = QCoreApplication.translate

_SLOW_SECONDS = 2.5
"""On top of each reaction time: more than the 1.5 s that a reading device waits (`iec62056.events.Limits`)."""


@dataclass(frozen=True, slots=True)
class _Fault:
    """A switch: its words, how the meter is asked whether it is on, and how it is set."""

    name: str
    text: str
    tip: str
    is_on: Callable[[E350Meter], bool]
    set_on: Callable[[Station, E350Meter, bool], None]


def _set_delay(meter: E350Meter, on: bool) -> None:
    meter.faults.delay = _SLOW_SECONDS if on else 0.0


def _set_cover(meter: E350Meter, off: bool) -> None:
    if off:
        meter.remove_cover()
    else:
        meter.replace_cover()


def _attribute(name: str, text: str, tip: str) -> _Fault:
    """A switch of `MeterFaults`."""
    return _Fault(
        name,
        text,
        tip,
        lambda meter: bool(getattr(meter.faults, name)),
        lambda _, meter, on: setattr(meter.faults, name, on),
    )


def _faults() -> tuple[_Fault, ...]:
    return (
        _attribute(
            "silent",
            translate("FaultSection", "Silent"),
            translate("FaultSection", "The meter answers nothing: contact is lost after three readouts"),
        ),
        _Fault(
            "delay",
            translate("FaultSection", "Slow"),
            translate(
                "FaultSection", "The meter answers {0} s later than it should, which is longer than the standard allows"
            ).format(_SLOW_SECONDS),
            lambda meter: meter.faults.delay > 0,
            lambda _, meter, on: _set_delay(meter, on),
        ),
        _attribute(
            "bad_bcc",
            translate("FaultSection", "Bad BCC"),
            translate("FaultSection", "The block check character of every readout is wrong"),
        ),
        _attribute(
            "garbled",
            translate("FaultSection", "Garbled"),
            translate("FaultSection", "Characters arrive damaged"),
        ),
        _attribute(
            "refuse_passwords",
            translate("FaultSection", "Wrong password"),
            translate(
                "FaultSection",
                "The meter takes every password for a wrong one, and then refuses everything for a while",
            ),
        ),
        _attribute(
            "no_meter_number",
            translate("FaultSection", "No meter number"),
            translate("FaultSection", "C.1.0 is missing in the readout: the red LED is steady"),
        ),
        _Fault(
            "power",
            translate("FaultSection", "Power failure"),
            translate("FaultSection", "The meter's supply is gone while this is on; C.7.0 counts it"),
            lambda meter: not meter.powered,
            lambda station, _, on: station.power_meter(not on),
        ),
        _Fault(
            "cover",
            translate("FaultSection", "Terminal cover off"),
            translate(
                "FaultSection", "Somebody has taken the terminal cover off: an alarm in C.5.0, counted in 82.8.1"
            ),
            lambda meter: meter.cover_off,
            lambda _, meter, on: _set_cover(meter, on),
        ),
    )


class FaultSection(Disclosure):
    """Folded until somebody wants it; its title tells how many are on. `prefix` begins the switches' object names."""

    def __init__(
        self, station: Station, meter: E350Meter, parent: QWidget | None = None, *, prefix: str = "fault"
    ) -> None:
        super().__init__(translate("FaultSection", "Faults of the simulated meter"), parent)
        self._station = station
        self._meter = meter
        self.switches: dict[str, Switch] = {}
        """By name; each is also found as `fault_<name>`."""
        self._prefix = prefix
        self._faults = {fault.name: fault for fault in _faults()}
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE.s)
        grid.setVerticalSpacing(0)
        for number, fault in enumerate(self._faults.values()):
            switch = Switch(fault.text, self)
            switch.setObjectName(f"{prefix}_{fault.name}")
            switch.setToolTip(fault.tip)
            switch.clicked.connect(lambda on, fault=fault: fault.set_on(station, meter, on))
            self.switches[fault.name] = switch
            grid.addWidget(switch, number // 2, number % 2)
        self.body.addLayout(grid)
        self.body.addLayout(self._phase_row())
        self.refresh()

    def _phase_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE.xs)
        row.addWidget(DimLabel(translate("FaultSection", "No voltage on"), self))
        self.phases: dict[int, Button] = {}
        for phase in range(1, self._meter.variant.phases + 1):
            button = Button(
                f"L{phase}",
                self,
                name=translate("FaultSection", "No voltage on phase L{0}").format(phase),
            )
            button.setObjectName(f"{self._prefix}_phase{phase}")
            button.setCheckable(True)
            button.clicked.connect(lambda on, phase=phase: self._fail_phase(phase, on))
            self.phases[phase] = button
            row.addWidget(button)
        row.addStretch(1)
        self.magnet = Button(translate("FaultSection", "Hold a magnet"), self)
        self.magnet.setObjectName(f"{self._prefix}_magnet")
        self.magnet.setToolTip(
            translate(
                "FaultSection", "A strong magnet, held to the meter for a moment: an alarm in C.5.0, counted in 82.8.2"
            )
        )
        self.magnet.clicked.connect(lambda: self._meter.hold_magnet())
        row.addWidget(self.magnet)
        return row

    @property
    def meter(self) -> E350Meter:
        """The one whose faults these are."""
        return self._meter

    def _fail_phase(self, phase: int, failed: bool) -> None:
        self._meter.fail_phase(phase, failed, self._station.clock.now())

    def refresh(self) -> None:
        """The switches follow the meter: a script may have set it too."""
        meter, active = self._meter, 0
        for name, switch in self.switches.items():
            on = self._faults[name].is_on(meter)
            switch.setChecked(on)
            active += on
        for phase, button in self.phases.items():
            button.setChecked(phase in meter.failed_phases)
        active += len(meter.failed_phases)
        self.set_remark(translate("FaultSection", "{0} on").format(active) if active else "")
