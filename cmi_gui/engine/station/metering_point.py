"""A metering point: a module and its meter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from msgspec import structs

from cmi_gui.engine.bus.faults import FaultRule, Faults
from cmi_gui.engine.bus.response_time import ResponseTime
from cmi_gui.engine.clock import Alarm
from cmi_gui.engine.cmi1020.inputs import InputName
from cmi_gui.engine.cmi1020.module import Cmi1020
from cmi_gui.engine.cmi1020.profile import ModuleProfile
from cmi_gui.engine.cmi1020.secrets import SecretStore
from cmi_gui.engine.cmi1020.settings import ModuleSettings, SettingsStore
from cmi_gui.engine.e350.meter import E350Meter
from cmi_gui.engine.e350.state import MeterState
from cmi_gui.engine.events import Event, Notice
from cmi_gui.engine.meter_profile.profile import MeterProfile
from cmi_gui.engine.module_state import STATE_TIMES, ModuleState
from cmi_gui.engine.station.link_set import OnLinkChanged
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.engine.station.meter_wire import MeterWire
from cmi_gui.engine.station.module_clock import ModuleClock
from cmi_gui.engine.station.notice import EmitNotice
from cmi_gui.engine.station.outcomes import Outcomes
from cmi_gui.engine.station.simulated_meter import NUMBER, SimulatedMeter
from cmi_gui.engine.station.wiring import Wiring
from cmi_gui.engine.traffic.recorder import MeterRecorder


@dataclass(frozen=True, slots=True)
class PointConfig:
    """The configuration of a metering point.

    `serial`: the module's serial number, eight digits. `name`: for events and control lines; by default the serial
    number. `seed`: of the simulated load, the response times and the faults. `response`: the response times of the
    module. `settings`: those of the module at the start, if none were saved. `registers`, `load`, `meter_number`: as
    for `SimulatedMeter`. `powered`: it has bus voltage from the start. `faults`: of its answers. The others are as in
    `StationConfig`.
    """

    serial: str
    name: str = ""
    variant: str = "M29"
    seed: int = 1
    has_disconnector: bool | None = None
    response: ResponseTime = field(default_factory=ResponseTime)
    settings: ModuleSettings = field(default_factory=ModuleSettings)
    readout_interval: float = 60.0
    paced: bool = True
    start_time: datetime | None = None
    state_dir: Path | None = None
    use_keyring: bool = False
    fresh_meter: bool = False
    registers: Mapping[str, int] | None = None
    load: str = "household"
    meter_number: str = NUMBER
    powered: bool = True
    faults: tuple[FaultRule, ...] = ()

    @property
    def wiring(self) -> Wiring:
        """The wiring of the simulated meter."""
        return Wiring((), variant=self.variant, has_disconnector=self.has_disconnector)


@dataclass(frozen=True, slots=True)
class Profiles:
    """What all metering points of a station share: the profiles of module and meter."""

    module: ModuleProfile
    meter: MeterProfile


class MeteringPoint:
    """A module, its meter and the wire between them, with what a person can do to them.

    `clock`: of module and meter; events and states have the times of its base clock. `make_recorder`: makes the
    recorder of the wire's traffic. `on_wire_changed`: called for each change of the wire's state. `emit`,
    `emit_notice`: called with events and notices. `on_step`: called after each step in which the module may have
    changed. Raises ValueError for a wrong serial number or interval.
    """

    def __init__(
        self,
        config: PointConfig,
        clock: ModuleClock,
        profiles: Profiles,
        make_recorder: Callable[[LinkStatus], MeterRecorder],
        on_wire_changed: OnLinkChanged,
        emit: Callable[[MeteringPoint, Event, float], None],
        emit_notice: EmitNotice,
        on_step: Callable[[MeteringPoint], None],
    ) -> None:
        self.config = config
        self.name = config.name or config.serial
        self.clock = clock
        self.running = False
        self.faults = Faults(Random(f"{config.seed} {config.serial} faults"))  # noqa: S311 - repeatable, not secret
        """The faults of the module's answers, on all links."""
        for rule in config.faults:
            self.faults.add(rule)
        self.outcomes = Outcomes()
        """What the last press of the button and the last command came to."""
        self.requests = 0
        """The number of requests of masters to the module, on all links."""
        self._emit = emit
        self._on_step = on_step
        self._alarm = Alarm(clock, self._tick)
        self.secrets = SecretStore(config.state_dir, config.serial, use_keyring=config.use_keyring)
        self.wire = MeterWire(
            clock,
            profiles.meter,
            make_recorder,
            on_wire_changed,
            partial(
                SimulatedMeter,
                clock,
                profiles.meter,
                seed=config.seed,
                start=config.start_time,
                paced=config.paced,
                folder=config.state_dir,
                fresh=config.fresh_meter,
                emit_notice=emit_notice,
                number=config.meter_number,
                load=config.load,
                registers=config.registers,
            ),
        )
        self.module = Cmi1020(
            config.serial,
            SettingsStore(config.state_dir, config.settings),
            self.secrets,
            self.wire.side,
            self._take_event,
            interval=config.readout_interval,
            profile=profiles.module,
        )
        self.wire.side.attach(self.module, self.after_step, emit_notice)

    @property
    def meter(self) -> E350Meter | None:
        """The simulated meter; None if a real one is wired."""
        return self.wire.meter

    def meter_state(self) -> MeterState | None:
        """Return the visible state of the simulated meter now; None if a real one is wired."""
        meter = self.wire.meter
        return None if meter is None else meter.state(self.clock.now())

    def module_state(self) -> ModuleState:
        """Return the state of the module now, with times of the station's clock."""
        state, base_time = self.module.state(), self.clock.base_time
        if self.clock.is_base:
            return state
        times = {name: base_time(at) for name in STATE_TIMES if (at := getattr(state, name)) is not None}
        return structs.replace(state, **times)

    def note_request(self) -> None:
        """Count a request of a master to the module."""
        self.requests += 1

    def _take_event(self, event: Event, at: float) -> None:
        self.outcomes.take(event)
        self._emit(self, event, self.clock.base_time(at))

    def after_step(self) -> None:
        """Set the alarm for the module's next deadline, and report that the module may have changed."""
        self._alarm.set(self.module.deadline if self.running else None)
        self._on_step(self)

    def stop(self) -> None:
        """Stop the module's timer; its links are closed separately."""
        self.running = False
        self._alarm.set(None)

    def _tick(self) -> None:
        if self.running:
            self._do(self.module.tick)

    def _do(self, step: Callable[..., Any], *args: object) -> Any:
        """Carry out a step of the module at the present time; return its result."""
        result = step(*args, self.clock.now())
        self.after_step()
        return result

    # Operation

    def set_bus_voltage(self, volts: float) -> None:
        """Set the voltage at the module's bus terminals to `volts` V DC. Raises ValueError beyond 50 V."""
        self._do(self.module.set_bus_voltage, volts)

    def set_rate_input(self, name: InputName, volts: float) -> None:
        """Apply `volts` V AC to rate input A or B. Raises ValueError outside 0 to 230 V."""
        self._do(self.module.set_rate_input, name, volts)

    def press_button(self) -> Notice | None:
        """Press the module's push button, which toggles the disconnector; return the notice of a refusal, or None."""
        refusal = self.module.press_button(self.clock.now())
        self.outcomes.pressed(refusal)
        self.after_step()
        return refusal

    def read_now(self) -> None:
        """Read the meter as soon as possible."""
        self._do(self.module.read_now)

    def postpone_reading(self, seconds: float) -> None:
        """Make the next readout later; no effect when none is planned."""
        self.module.schedule.postpone(seconds)
        self.after_step()

    def pause_reading(self, paused: bool) -> None:
        """Pause the readouts, to leave the meter to another reader, or resume them."""
        self._do(self.module.pause_reading, paused)

    def set_readout_interval(self, seconds: float) -> None:
        """Set the seconds from one readout to the next, 1 to 86 400. Raises ValueError outside this range."""
        self._do(self.module.schedule.set_interval, seconds)

    def meter_changed(self) -> None:
        """Restart the module's exchange with its meter, because another meter is wired."""
        self._do(self.module.meter_changed)

    def power_meter(self, on: bool) -> None:
        """Switch the simulated meter's supply on or off. Raises ValueError if a real meter is wired."""
        self.wire.set_power(on)
