"""The station: a module, its meter and their links, started, stopped, observed and operated in one place.

A station does nothing before `start`, and needs only a `Clock`: with that of an event loop it serves real links, with
a `VirtualClock` it runs days in seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.events import Anchor, Event, FaultHappened, SettingChanged, Subscription
from cmi_gui.engine.link.memory import memory_pair
from cmi_gui.engine.link.url import LinkSpec, parse_link
from cmi_gui.engine.link_protocol import Link, LinkError
from cmi_gui.engine.machine import Line, LinkState
from cmi_gui.engine.messages import Message
from cmi_gui.engine.meter_profile.profile import load_meter_profile
from cmi_gui.engine.station.chosen_point import ChosenPoint
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.engine.station.link_trial import Trial, TrialResult, make_trial
from cmi_gui.engine.station.listening import ListenerLink
from cmi_gui.engine.station.metering_point import MeteringPoint, Profiles
from cmi_gui.engine.station.module_clock import ModuleClock
from cmi_gui.engine.station.module_time import ModuleTime, TimeState
from cmi_gui.engine.station.station_events import PRACTICE, StationEvents, Watcher
from cmi_gui.engine.station.station_links import StationLinks
from cmi_gui.engine.station.wiring import Use, Wiring, check_wiring
from cmi_gui.engine.traffic.masking import MbusMask
from cmi_gui.engine.traffic.recorder import MasterRecorder
from cmi_gui.engine.traffic.store import TrafficStore

MOST_NAMES = 8
"""The most names of modules in a message."""
NOMINAL_BUS_VOLTS = 24.0
"""The voltage of a simulated bus at the start, V DC."""
FIRST_READOUTS_APART = 0.05
"""Seconds from the first readout of one module to that of the next, so that a large room does not read all at once."""


class Station(ChosenPoint):
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
        profiles = Profiles(load_module_profile(config.module_profile), load_meter_profile(config.meter_profile))
        self.meter_profile = profiles.meter
        self.mask = MbusMask(profiles.module)
        """The mask of what is secret in M-Bus telegrams, by the profile."""
        self._events = StationEvents(
            clock, self.traffic, self.mask, several=len(config.points) > 1, hosted=host is not None
        )
        self._time = ModuleTime(clock)
        self.points = tuple(
            MeteringPoint(
                point,
                self._time.clock,
                profiles,
                self._events.meter_recorder,
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
        """The metering point that the window shows."""
        self._links: StationLinks = StationLinks(
            config,
            self.points,
            self._port_point(config.meter_port_of),
            clock,
            self._events,
            self._fault_happened,
            None if host is None else host._links.bus,
        )

    def _port_point(self, name: str) -> MeteringPoint:
        """Return the point whose meter has a port of its own. Raises ValueError unless `name` means exactly one."""
        found = self.find(name)
        if len(found) != 1:
            names = ", ".join(point.name for point in self.points[:MOST_NAMES])
            more = "" if len(self.points) <= MOST_NAMES else f" and {len(self.points) - MOST_NAMES} more"
            raise ValueError(f"no single module is called {name}; the modules are {names}{more}")
        return found[0]

    @property
    def bus_is_real(self) -> bool:
        """True if a serial port of a real bus is wired; its voltage cannot be measured, so it is assumed to be on."""
        links = self.config.mbus if self._links.bus.served is self.points else ()
        return any(parse_link(link).kind.real_wire for link in links)

    # Start and stop

    def start(self) -> None:
        """Open the links and put voltage on the bus; harmless when the station is running."""
        if self.running:
            return
        self.running = True
        self._links.open()
        for point in self.points:
            point.running = True
        self.set_bus_voltage(NOMINAL_BUS_VOLTS, [point for point in self.points if point.config.powered])
        for point in self.points:
            if point.secrets.problem is not None:
                self.emit_notice("error", "passwords_damaged", point.secrets.problem)

    def emit_notice(self, level: Literal["info", "warning", "error"], code: str, message: Message) -> None:
        """Emit a notice of one sentence."""
        self._events.emit_notice(level, code, message)

    def stop(self) -> None:
        """Close every link; harmless when the station is stopped."""
        if not self.running:
            return
        self.running = False
        for point in self.points:
            point.stop()
        self._links.close()
        if self._host is not None:
            self._host.serve(None)
            self._links.bus.detach(self.points)

    def subscribe(self, wake: Callable[[], object] | None = None) -> Subscription:
        """Return a subscription to all events; see `Hub.subscribe`. The module's state follows after its next step."""
        self._events.send_state_again()
        return self._events.hub.subscribe(wake=wake)

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher` after each step of a module, in that step; return a function that ends this."""
        return self._events.watch(watcher)

    @property
    def link_status(self) -> list[LinkStatus]:
        """The status of the links to the outside: M-Bus side, meter, the meter's port, then listeners (`listens`)."""
        return self._links.status

    def links_of(self, point: MeteringPoint) -> list[LinkStatus]:
        """Return the status of the links of one module: to masters, to its meter, and the meter's own port."""
        return self._links.status_of(point)

    @property
    def listening(self) -> list[ListenerLink]:
        """The wires on which the station only listens, with the slaves and the readout received there."""
        return self._links.listening.links

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
                self._links.bus.power_off(point)
            elif point.module.powered and not was_powered:
                point.postpone_reading(started * FIRST_READOUTS_APART)
                started += 1

    def break_bus(self) -> None:
        """Send a break on the bus, as a master may do: every answer that is being sent ends at once."""
        self._links.bus.send_break(self.points)

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

    def connect_master(self, line: Line | None = None) -> Link:
        """Connect a master in this program to the module by a wire in memory; return the master's end, still closed.

        The module answers there as on any link, with a separate selection and separate frame count bits. With a `line`
        the wire has a speed: characters take their time, and those sent at another speed are not understood.
        """
        several = len(self.points) > 1
        near, far = memory_pair(
            self.clock, line, paced=line is not None, any_speed=several, names=(self.wire_name, "master")
        )
        self._links.bus.attach(near, self.points)
        return far

    @property
    def sending(self) -> bool:
        """True while an answer to a master is being sent, and so not in `traffic` yet."""
        return self._links.bus.sending

    @property
    def wire_name(self) -> str:
        """The name of the wires from masters in this program, in the links of the traffic."""
        return "module" if self._host is None else PRACTICE

    def serve(self, other: Station | None) -> None:
        """Lead the links to the outside to the modules of a station that this one hosts, or to its own again (None).

        The links are closed and opened again.
        """
        self._links.bus.serve(self.points if other is None else other.points)
        if self.running and self.bus_is_real and not self.module.powered:
            self.set_bus_voltage(NOMINAL_BUS_VOLTS)
        self._after_step(self.point)

    def serves(self, other: Station | None = None) -> bool:
        """Return whether the links to the outside lead to the modules of `other`, or to the own ones (None)."""
        return self._links.bus.served is (self.points if other is None else other.points)

    def record_master(self, link: Callable[[], str]) -> MasterRecorder:
        """Return a recorder for a master of this program on a separate bus, which `link` names in the rows."""
        return self._events.master_recorder(link)

    # Wiring

    def try_link(
        self, spec: LinkSpec, use: Use, on_result: Callable[[TrialResult], None], *, opens_only: bool = False
    ) -> Trial:
        """Return a trial of a link for a use, to be started by the caller; unless cancelled it calls `on_result` once.

        A meter is asked to identify itself; any other link is opened, and the trial listens there where others may
        already be sending. `opens_only`: the link is only opened. Raises LinkError for a LINK that cannot be used.
        """
        line = self.module.line if use is Use.SERVE else use.line
        return make_trial(spec, use, line, self.clock, on_result, opens_only=opens_only)

    def rewire(self, wiring: Wiring) -> None:
        """Change the wiring while the station runs, whole or not at all; unchanged links are not disturbed.

        All new links are made before an old one is closed. They open soon after, and `link_status` shows the result:
        when a new link cannot be opened, the old one does not come back. With another meter the module is as after
        power-up, with the last readings stale; the simulated meter keeps counting while it is not wired. A real meter
        ends a time factor. Masters inside this program keep their wires. Raises LinkError for a LINK that cannot be
        used, ValueError for an unknown variant; then nothing has changed.
        """
        check_wiring(wiring)
        prepared = self._links.prepare(wiring)
        self.config = self.config.wired(wiring)
        if not parse_link(wiring.meter).kind.simulated and self._time.make_real():
            message = Message("a real meter is wired, so time passes at its real speed again")
            self.emit_notice("info", "time_real", message)
        if self._links.take(prepared):
            self.point.meter_changed()
        if self.running and self.bus_is_real and not self.module.powered:
            self.set_bus_voltage(NOMINAL_BUS_VOLTS)
        self._after_step(self.point)

    def disconnect(self, status: LinkStatus) -> None:
        """Close one link of `link_status` until `reconnect`, to leave its port to another program.

        Raises ValueError for a link that is no longer wired.
        """
        self._links.set_of(status).disconnect(status)

    def reconnect(self, status: LinkStatus) -> None:
        """Open one link of `link_status` again at once; a meter is then read. Raises ValueError if it is not wired."""
        links = self._links.set_of(status)
        links.reconnect(status)
        if links is self._links.wire:
            self.read_now()

    # Inside

    def _emit_from_module(self, point: MeteringPoint, event: Event, at: float) -> None:
        self._events.emit_from_module(point.name, event, at)
        if isinstance(event, SettingChanged) and event.name == "baud":
            self._links.bus.follow_speed(point)

    def _fault_happened(self, fault: FaultHappened, points: Sequence[MeteringPoint]) -> None:
        self._events.emit_fault(fault, own=points is self.points)

    def _wire_changed(self, status: LinkStatus, link: Link, state: LinkState, cause: LinkError | None) -> None:
        """Process the new state of the wire to a meter; only that of `point` is reported."""
        if status in self.point.wire.status:
            self._events.change_link(status, link, state, cause)

    def _after_step(self, point: MeteringPoint) -> None:
        self._events.after_step(point, self.point)
