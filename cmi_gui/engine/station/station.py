"""The station: a module, its meter and their links, started, stopped, observed and operated in one place.

A station does nothing before `start`, and needs only a `Clock`: with that of an event loop it serves real links, with
a `VirtualClock` it runs days in seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.inputs import InputName
from cmi_gui.engine.cmi1020.module import Cmi1020
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.cmi1020.secrets import SecretStore
from cmi_gui.engine.cmi1020.settings import ModuleSettings
from cmi_gui.engine.e350.meter import E350Meter
from cmi_gui.engine.e350.state import MeterState
from cmi_gui.engine.events import (
    Anchor,
    Event,
    FaultHappened,
    Hub,
    LinkChanged,
    ModuleChanged,
    Notice,
    SettingChanged,
    Subscription,
    TrafficAdded,
)
from cmi_gui.engine.link.memory import memory_pair
from cmi_gui.engine.link.tcp import first_free_port
from cmi_gui.engine.link.url import LinkSpec, make_link, parse_link
from cmi_gui.engine.link_protocol import Link, LinkError
from cmi_gui.engine.machine import Line, LinkState
from cmi_gui.engine.messages import Message
from cmi_gui.engine.meter_profile.profile import load_meter_profile
from cmi_gui.engine.module_state import ModuleState
from cmi_gui.engine.station.link_set import LinkSet
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.engine.station.link_trial import LISTEN_SECONDS, OpenTrial, SignOnTrial, Trial, TrialResult
from cmi_gui.engine.station.listening import ListenerLink, ListeningSide, emit_listener_event
from cmi_gui.engine.station.mbus_side import MbusSide
from cmi_gui.engine.station.meter_port import MeterPort
from cmi_gui.engine.station.meter_side import timing_on
from cmi_gui.engine.station.metering_point import MeteringPoint, PointConfig, Profiles
from cmi_gui.engine.station.module_clock import ModuleClock
from cmi_gui.engine.station.module_time import ModuleTime, TimeState
from cmi_gui.engine.station.wiring import Listening, Use, Wiring, check_wiring
from cmi_gui.engine.traffic.masking import MbusMask
from cmi_gui.engine.traffic.recorder import MasterRecorder, MbusRecorder, MeterRecorder
from cmi_gui.engine.traffic.store import TrafficStore

DEFAULT_MBUS = "tcp://127.0.0.1:10001"
PRACTICE = "practice"
"""The name of the wires of a hosted station, and the beginning of its modules' sources in events."""
MOST_NAMES = 8
"""The most names of modules in a message."""
Watcher = Callable[[MeteringPoint], object]
NOMINAL_BUS_VOLTS = 24.0
"""The voltage of a simulated bus at the start, V DC."""
FIRST_READOUTS_APART = 0.05
"""Seconds from the first readout of one module to that of the next, so that a large room does not read all at once."""


@dataclass(frozen=True, slots=True)
class StationConfig:
    """The configuration of a station.

    `mbus`: LINKs on which masters reach the module. `meter`: `sim:` or the LINK of a real meter. `variant`: the variant
    of the simulated E350. `serial`: eight digits. `state_dir`: where settings and the simulated meter's memory are
    saved; None saves nothing. `readout_interval`: in seconds, 1 to 86 400. `seed`: of the simulated load. `paced`:
    characters on the simulated meter's wire take their time. `start_time`: local wall time at which the simulated meter
    starts; None means now. `has_disconnector`: of the simulated meter; None means as in its variant. `module_profile`,
    `meter_profile`: files in place of the user's own or the built-in ones. `traffic_bytes`: traffic to store; None
    means all. `use_keyring`: passwords go to the system's keyring, if there is one. `stores_wiring`: new wiring is
    saved in the state folder for the next start, because this start was given no links. `listen`: wires on which the
    station only listens. `fresh_meter`: the simulated meter ignores what it had counted before. `modules`: several
    modules on one bus, in place of the one that the other attributes describe. `meter_port`: the LINK on which reading
    devices reach the simulated meter of the module `meter_port_of`, by default the first; empty: none.
    """

    mbus: tuple[str, ...] = (DEFAULT_MBUS,)
    meter: str = "sim:"
    variant: str = "M29"
    serial: str = "12345678"
    state_dir: Path | None = None
    readout_interval: float = 60.0
    seed: int = 1
    paced: bool = True
    start_time: datetime | None = None
    has_disconnector: bool | None = None
    module_profile: Path | None = None
    meter_profile: Path | None = None
    use_keyring: bool = False
    traffic_bytes: int | None = None
    stores_wiring: bool = False
    listen: tuple[Listening, ...] = ()
    fresh_meter: bool = False
    modules: tuple[PointConfig, ...] = ()
    meter_port: str = ""
    meter_port_of: str = ""

    @property
    def points(self) -> tuple[PointConfig, ...]:
        """The configurations of the metering points, at least one."""
        single = {field.name: getattr(self, field.name) for field in fields(PointConfig) if hasattr(self, field.name)}
        return self.modules or (PointConfig(**single),)

    @property
    def wiring(self) -> Wiring:
        """The wiring that is part of this configuration."""
        return Wiring(**{field.name: getattr(self, field.name) for field in fields(Wiring)})

    def wired(self, wiring: Wiring) -> StationConfig:
        """Return this configuration with another wiring."""
        return replace(self, **{field.name: getattr(wiring, field.name) for field in fields(Wiring)})


class Station:
    """A running or stopped station. `config` is its present configuration: it follows `rewire`.

    `host`: a station with the same clock whose M-Bus side and traffic this one shares. The modules of both are on
    different wires, and the traffic of this one's meters is not stored.

    Raises LinkError for a LINK that cannot be used, ValueError for a wrong serial, variant, interval, profile or name.
    """

    def __init__(self, config: StationConfig, clock: Clock, host: Station | None = None) -> None:
        if config.modules:
            # The wiring has the meter of the first module.
            first = config.modules[0]
            config = replace(config, variant=first.variant, has_disconnector=first.has_disconnector)
        self.config = config
        self.clock = clock
        self.anchor = Anchor(clock)
        self.traffic: TrafficStore = TrafficStore(config.traffic_bytes) if host is None else host.traffic
        self._host = host
        self.running = False
        self._hub = Hub(clock)
        self._sent: ModuleState | None = None
        self._watchers: list[Watcher] = []
        profiles = Profiles(load_module_profile(config.module_profile), load_meter_profile(config.meter_profile))
        self.meter_profile = profiles.meter
        self.mask = MbusMask(profiles.module)
        """The mask of what is secret in M-Bus telegrams, by the profile."""
        self._time = ModuleTime(clock)
        self.points = tuple(
            MeteringPoint(
                point,
                self._time.clock,
                profiles,
                self._meter_recorder,
                self._wire_changed,
                self._emit_from_module,
                self.emit_notice,
                self._after_step,
            )
            for point in config.points
        )
        """The metering points on the bus, at least one."""
        self._time.points = self.points
        self.point = self.points[0]
        """The metering point that the attributes and operations of this object belong to."""
        self._bus: MbusSide = (
            MbusSide(
                self.points,
                clock,
                lambda status: MbusRecorder(self.traffic, lambda: status.url, self._row_added, self.mask),
                self._link_changed,
                self.emit_notice,
                self._fault_happened,
            )
            if host is None
            else host._bus
        )
        self._listening = ListeningSide(
            clock,
            self.traffic,
            self._row_added,
            self.mask,
            self._link_changed,
            partial(emit_listener_event, emit_notice=self.emit_notice),
        )
        self._wire = self.point.wire
        self._port = MeterPort(
            self._port_point(config.meter_port_of), self._meter_recorder, self._link_changed, self.emit_notice
        )
        own = () if host is not None else (self._bus,)
        self._sets: tuple[LinkSet[Any, Any], ...] = (*own, self._listening, self._wire, self._port)
        """The links that `rewire` changes: the meters of further points stay simulated."""
        for point in self.points[1:]:
            point.wire.wire(point.config.wiring)
        for links in self._sets:
            links.wire(config.wiring)

    def _port_point(self, name: str) -> MeteringPoint:
        """Return the point whose meter has a port of its own. Raises ValueError unless `name` means exactly one."""
        found = self.find(name)
        if len(found) != 1:
            names = ", ".join(point.name for point in self.points[:MOST_NAMES])
            more = "" if len(self.points) <= MOST_NAMES else f" and {len(self.points) - MOST_NAMES} more"
            raise ValueError(f"no single module is called {name}; the modules are {names}{more}")
        return found[0]

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

    @property
    def bus_is_real(self) -> bool:
        """True if a serial port of a real bus is wired; its voltage cannot be measured, so it is assumed to be on."""
        links = self.config.mbus if self._bus.served is self.points else ()
        return any(parse_link(link).kind.real_wire for link in links)

    # Start and stop

    def start(self) -> None:
        """Open the links and put voltage on the bus; harmless when the station is running."""
        if self.running:
            return
        self.running = True
        for links in self._all_links:
            links.open()
        for point in self.points:
            point.running = True
        self.set_bus_voltage(NOMINAL_BUS_VOLTS, [point for point in self.points if point.config.powered])
        for point in self.points:
            if point.secrets.problem is not None:
                self.emit_notice("error", "passwords_damaged", point.secrets.problem)

    @property
    def _all_links(self) -> tuple[LinkSet[Any, Any], ...]:
        return (*(point.wire for point in self.points[1:]), *reversed(self._sets))

    def emit_notice(self, level: Literal["info", "warning", "error"], code: str, message: Message) -> None:
        """Emit a notice of one sentence."""
        self._hub.emit(Notice(level=level, code=code, message=message), "station")

    def stop(self) -> None:
        """Close every link; harmless when the station is stopped."""
        if not self.running:
            return
        self.running = False
        for point in self.points:
            point.stop()
        for links in self._all_links:
            links.close()
        if self._host is not None:
            self._host.serve(None)
            self._bus.detach(self.points)

    def subscribe(self, wake: Callable[[], object] | None = None) -> Subscription:
        """Return a subscription to all events; see `Hub.subscribe`. The module's state follows after its next step."""
        self._sent = None
        return self._hub.subscribe(wake=wake)

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher` after each step of a module, in that step; return a function that ends this."""
        self._watchers.append(watcher)
        return partial(self._watchers.remove, watcher)

    @property
    def link_status(self) -> list[LinkStatus]:
        """The status of the links to the outside: M-Bus side, meter, the meter's port, then listeners (`listens`)."""
        return [*self._bus.status, *self._wire.status, *self._port.status, *self._listening.status]

    def links_of(self, point: MeteringPoint) -> list[LinkStatus]:
        """Return the status of the links of one module: to masters, to its meter, and the meter's own port."""
        port = self._port.status if point is self._port.point else []
        return [*self._bus.status, *point.wire.status, *port]

    @property
    def listening(self) -> list[ListenerLink]:
        """The wires on which the station only listens, with the slaves and the readout received there."""
        return self._listening.links

    def module_state(self) -> ModuleState:
        """Return the state of the module now; `ModuleChanged` events carry each later one."""
        return self.point.module_state()

    # Operation

    def find(self, target: str) -> tuple[MeteringPoint, ...]:
        """Return the metering points that a serial number, a name or `all` names; `point` if it is empty."""
        if not target:
            return (self.point,)
        if target == "all":
            return self.points
        return tuple(point for point in self.points if target in (point.name, point.config.serial))

    def set_bus_voltage(self, volts: float, points: Sequence[MeteringPoint] | None = None) -> None:
        """Set the bus voltage to `volts` V DC, at the terminals of `points` or of all modules; the sign is ignored.

        Modules that start by it read their meters one after the other, `FIRST_READOUTS_APART`. Raises ValueError beyond
        50 V.
        """
        started = 0
        for point in self.points if points is None else points:
            was_powered = point.module.powered
            point.set_bus_voltage(volts)
            if was_powered and not point.module.powered:
                self._bus.power_off(point)
            elif point.module.powered and not was_powered:
                point.postpone_reading(started * FIRST_READOUTS_APART)
                started += 1

    def set_rate_input(self, name: InputName, volts: float) -> None:
        """Apply `volts` V AC to rate input A or B. Raises ValueError outside 0 to 230 V."""
        self.point.set_rate_input(name, volts)

    def break_bus(self) -> None:
        """Send a break on the bus, as a master may do: every answer that is being sent ends at once."""
        self._bus.send_break(self.points)

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

    @property
    def module_clock(self) -> ModuleClock:
        """The clock of modules and meters, which differs from `clock` once their time was changed."""
        return self._time.clock

    @property
    def time(self) -> TimeState:
        """The time of modules and meters."""
        return self._time.state()

    def set_time(self, wall: datetime) -> None:
        """Set the local wall time of modules and meters; see `ModuleTime.set_wall`, also for its errors."""
        self._time.set_wall(wall)

    def set_time_factor(self, factor: float) -> None:
        """Let the time of modules and meters pass `factor` times as fast; see `ModuleTime.set_factor`."""
        self._time.set_factor(factor)

    def set_readout_interval(self, seconds: float) -> None:
        """Set the seconds from one readout to the next, 1 to 86 400. Raises ValueError outside this range."""
        self.point.set_readout_interval(seconds)

    def connect_master(self, line: Line | None = None) -> Link:
        """Connect a master in this program to the module by a wire in memory; return the master's end, still closed.

        The module answers there as on any link, with a separate selection and separate frame count bits. With a `line`
        the wire has a speed: characters take their time, and those sent at another speed are not understood.
        """
        several = len(self.points) > 1
        near, far = memory_pair(
            self.clock, line, paced=line is not None, any_speed=several, names=(self.wire_name, "master")
        )
        self._bus.attach(near, self.points)
        return far

    @property
    def sending(self) -> bool:
        """True while an answer to a master is being sent, and so not in `traffic` yet."""
        return self._bus.sending

    @property
    def wire_name(self) -> str:
        """The name of the wires from masters in this program, in the links of the traffic."""
        return "module" if self._host is None else PRACTICE

    def serve(self, other: Station | None) -> None:
        """Lead the links to the outside to the modules of a station that this one hosts, or to its own again (None).

        The links are closed and opened again.
        """
        self._bus.serve(self.points if other is None else other.points)
        if self.running and self.bus_is_real and not self.module.powered:
            self.set_bus_voltage(NOMINAL_BUS_VOLTS)
        self._after_step(self.point)

    def serves(self, other: Station | None = None) -> bool:
        """Return whether the links to the outside lead to the modules of `other`, or to the own ones (None)."""
        return self._bus.served is (self.points if other is None else other.points)

    def record_master(self, link: Callable[[], str]) -> MasterRecorder:
        """Return a recorder for a master of this program on a separate bus, which `link` names in the rows."""
        return MasterRecorder(self.traffic, link, self._row_added, self.mask)

    # Wiring

    def try_link(
        self, spec: LinkSpec, use: Use, on_result: Callable[[TrialResult], None], *, opens_only: bool = False
    ) -> Trial:
        """Return a trial of a link for a use, to be started by the caller; unless cancelled it calls `on_result` once.

        A meter is asked to identify itself; any other link is opened, and the trial listens there where others may
        already be sending. `opens_only`: the link is only opened. Raises LinkError for a LINK that cannot be used.
        """
        use.check_options(spec)
        line = self.module.line if use is Use.SERVE else use.line
        link = make_link(spec, self.clock, use.role(spec), line)
        if use is Use.METER and not opens_only:
            return SignOnTrial(link, self.clock, on_result, spec.line(line), timing_on(spec))
        silent = opens_only or (use is Use.SERVE and not spec.kind.real_wire)
        return OpenTrial(link, self.clock, on_result, listen=0.0 if silent else LISTEN_SECONDS)

    def rewire(self, wiring: Wiring) -> None:
        """Change the wiring while the station runs, whole or not at all; unchanged links are not disturbed.

        All new links are made before an old one is closed. They open soon after, and `link_status` shows the result:
        when a new link cannot be opened, the old one does not come back. With another meter the module is as after
        power-up, with the last readings stale; the simulated meter keeps counting while it is not wired. A real meter
        ends a time factor. Masters inside this program keep their wires. Raises LinkError for a LINK that cannot be
        used, ValueError for an unknown variant; then nothing has changed.
        """
        check_wiring(wiring)
        # The meter's sets come last, because making a link of the simulated meter replaces its wire at once.
        prepared = {links: links.prepare(wiring) for links in self._sets}
        self.config = self.config.wired(wiring)
        if not parse_link(wiring.meter).kind.simulated and self._time.make_real():
            message = Message("a real meter is wired, so time passes at its real speed again")
            self.emit_notice("info", "time_real", message)
        meter = self._wire.links
        # All sets drop before any takes, because a port or an address may move from one set to another.
        for links in prepared:
            links.drop(prepared[links])
        for links in prepared:
            links.take(prepared[links])
        if self._wire.links != meter:
            self.point.meter_changed()
        if self.running and self.bus_is_real and not self.module.powered:
            self.set_bus_voltage(NOMINAL_BUS_VOLTS)
        self._after_step(self.point)

    def disconnect(self, status: LinkStatus) -> None:
        """Close one link of `link_status` until `reconnect`, to leave its port to another program.

        Raises ValueError for a link that is no longer wired.
        """
        self._set_of(status).disconnect(status)

    def reconnect(self, status: LinkStatus) -> None:
        """Open one link of `link_status` again at once; a meter is then read. Raises ValueError if it is not wired."""
        links = self._set_of(status)
        links.reconnect(status)
        if links is self._wire:
            self.read_now()

    def _set_of(self, status: LinkStatus) -> LinkSet[Any, Any]:
        for links in self._sets:
            if links.owns(status):
                return links
        raise ValueError(f"{status.url} is no longer wired")

    # Inside

    def _emit_from_module(self, point: MeteringPoint, event: Event, at: float) -> None:
        self._hub.emit(event, self._source(point.name), at)
        if isinstance(event, SettingChanged) and event.name == "baud":
            self._bus.follow_speed(point)

    def _fault_happened(self, fault: FaultHappened, points: Sequence[MeteringPoint]) -> None:
        source = self._source(fault.module) if points is self.points else f"{PRACTICE}:{fault.module}"
        self._hub.emit(fault, source, fault.at)

    def _meter_recorder(self, status: LinkStatus) -> MeterRecorder:
        if self._host is None:
            return MeterRecorder(self.traffic, lambda: status.url, self._row_added)
        return MeterRecorder(TrafficStore(0), lambda: status.url, lambda index, at: None)

    def _source(self, name: str) -> str:
        return name if len(self.points) > 1 else "module"

    def _row_added(self, index: int, at: float) -> None:
        self._hub.emit(TrafficAdded(index), "station", at)

    def _wire_changed(self, status: LinkStatus, link: Link, state: LinkState, cause: LinkError | None) -> None:
        """Process the new state of the wire to a meter; only that of `point` is reported."""
        if status in self.point.wire.status:
            self._link_changed(status, link, state, cause)

    def _link_changed(self, status: LinkStatus, link: Link, state: LinkState, cause: LinkError | None) -> None:
        status.state = state
        status.code = cause.code if cause else None
        status.message = cause.message if cause else None
        if state is LinkState.OPEN:
            status.url = link.url
        self._hub.emit(
            LinkChanged(status.side, status.url, state.value, status.code, status.message, listens=status.listens),
            status.url,
        )

    def _after_step(self, point: MeteringPoint) -> None:
        """Call the watchers, and emit the state of the module of `point` if that has changed."""
        for watcher in tuple(self._watchers):
            watcher(point)
        self._port.time_changed()
        # Without a subscriber no snapshots are made, as they cost time.
        if point is self.point and self._hub.subscriptions:
            state = point.module_state()
            if state != self._sent:
                self._sent = state
                self._hub.emit(ModuleChanged(state), "module")


def default_mbus_link() -> str:
    """Return `tcp://127.0.0.1:10001`, or the LINK of the next free port. Raises LinkError if none is free."""
    spec = parse_link(DEFAULT_MBUS)
    return f"tcp://{spec.host}:{first_free_port(spec.host, spec.port)}"
