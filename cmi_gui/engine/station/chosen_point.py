"""The metering point of a station that the window shows, and its operations."""

from __future__ import annotations

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.inputs import InputName
from cmi_gui.engine.cmi1020.module import Cmi1020
from cmi_gui.engine.cmi1020.secrets import SecretStore
from cmi_gui.engine.cmi1020.settings import ModuleSettings
from cmi_gui.engine.e350.meter import E350Meter
from cmi_gui.engine.e350.state import MeterState
from cmi_gui.engine.events import Notice
from cmi_gui.engine.module_state import ModuleState
from cmi_gui.engine.station.metering_point import MeteringPoint


class ChosenPoint:
    """What belongs to one metering point of a station, `point`: its module and meter, and what a person does there."""

    point: MeteringPoint

    @property
    def module(self) -> Cmi1020:
        """The module of `point`."""
        return self.point.module

    @property
    def secrets(self) -> SecretStore:
        """The passwords of the module."""
        return self.point.secrets

    @property
    def commands(self) -> CommandTable:
        """The module's commands, by their bytes."""
        return self.module.commands

    @property
    def meter(self) -> E350Meter | None:
        """The simulated meter; None if a real one is wired."""
        return self.point.meter

    @property
    def meter_is_real(self) -> bool:
        """True if a real meter is wired."""
        return self.meter is None

    def meter_state(self) -> MeterState | None:
        """Return the visible state of the simulated meter now; None if a real one is wired.

        No event carries it: it changes every second, and only a view that is on screen needs it.
        """
        return self.point.meter_state()

    @property
    def settings(self) -> ModuleSettings:
        """The module's stored settings, without its passwords."""
        return self.module.settings

    def module_state(self) -> ModuleState:
        """Return the state of the module now; `ModuleChanged` events carry each later one."""
        return self.point.module_state()

    def set_rate_input(self, name: InputName, volts: float) -> None:
        """Apply `volts` V AC to rate input A or B. Raises ValueError outside 0 to 230 V."""
        self.point.set_rate_input(name, volts)

    def press_button(self) -> Notice | None:
        """Press the module's push button, which toggles the disconnector; return the notice of a refusal, or None."""
        return self.point.press_button()

    def read_now(self) -> None:
        """Read the meter as soon as possible."""
        self.point.read_now()

    def pause_reading(self, paused: bool) -> None:
        """Pause the readouts, to leave the meter to another reader, or resume them."""
        self.point.pause_reading(paused)

    def power_meter(self, on: bool) -> None:
        """Switch the simulated meter's supply on or off. Raises ValueError if a real meter is wired."""
        self.point.power_meter(on)

    def set_readout_interval(self, seconds: float) -> None:
        """Set the seconds from one readout to the next, 1 to 86 400. Raises ValueError outside this range."""
        self.point.set_readout_interval(seconds)
