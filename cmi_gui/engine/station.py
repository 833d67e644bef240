"""A module, its meter and their links put together: started, stopped, watched and commanded in one place.

A station does nothing before `start`, and needs only a `Clock`: over an event loop it serves real links, over a
`VirtualClock` it runs days in seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from cmi_gui.engine.clock import Alarm, Clock
from cmi_gui.engine.cmi1020.inputs import InputName
from cmi_gui.engine.cmi1020.module import Cmi1020
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.cmi1020.secrets import SecretStore
from cmi_gui.engine.cmi1020.settings import SettingsStore
from cmi_gui.engine.driver import Driver
from cmi_gui.engine.e350.meter import E350Meter
from cmi_gui.engine.e350.profile import load_meter_profile
from cmi_gui.engine.events import Anchor, Hub, LinkChanged, Notice, SettingChanged, Subscription, TrafficAdded
from cmi_gui.engine.link.base import Cap, Link, LinkError
from cmi_gui.engine.link.memory import memory_pair
from cmi_gui.engine.link.tcp import first_free_port
from cmi_gui.engine.link.url import Role, make_link, parse_link
from cmi_gui.engine.machine import Line, LineEvent, LinkState
from cmi_gui.engine.masking import MbusMask
from cmi_gui.engine.mbus.slave import AnswerExpired, Received, Slave
from cmi_gui.engine.meter_side import START_LINE, MeterSide
from cmi_gui.engine.recorder import MasterRecorder, MbusRecorder, MeterRecorder
from cmi_gui.engine.summaries import summarise
from cmi_gui.engine.traffic import TrafficStore

__all__ = ["LinkStatus", "Station", "StationConfig", "default_mbus_link"]

DEFAULT_MBUS = "tcp://127.0.0.1:10001"
NOMINAL_BUS_VOLTS = 24.0
"""What a simulated bus gives at the start."""
IDLE = 0.050
"""Seconds beyond 33 bit times that a telegram may pause: USB adapters deliver bytes late."""
LUMPY_IDLE = 0.200
"""... and on links without a speed, where a network delivers it in lumps."""


USED_METER = {"1.8.1": 42_951_721, "1.8.2": 18_609_568, "2.8.1": 302, "2.8.2": 10_188}
"""Wh that the simulated meter has counted before it starts: those of a real one (`facts/e350.md`, M26)."""


@dataclass(frozen=True, slots=True)
class StationConfig:
    """What a station is made of.

    `mbus`: LINKs the slave listens on. `meter`: `sim:` or the LINK of a real meter. `variant`: which simulated E350.
    `serial`: eight digits. `state_dir`: where settings are kept; None keeps nothing. `readout_interval` in seconds.
    `seed`: of the simulated load. `paced`: characters on the simulated meter's wire take their time.
    `start_time`: local wall time at which the simulated meter starts; None is now. `has_disconnector`: of the simulated
    meter; None is as its variant has it. `module_profile`, `meter_profile`: files in place of the user's own or the
    built-in ones. `traffic_bytes`: how much traffic is kept; None keeps all. `use_keyring`: passwords go to the
    system's keyring, where there is one.
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


@dataclass(slots=True)
class LinkStatus:
    """A link as a person wants to see it; `url` is what it really is once open."""

    side: Literal["mbus", "meter"]
    url: str
    state: LinkState = LinkState.CLOSED
    code: str | None = None
    message: str | None = None
    bytes_in: int = 0
    bytes_out: int = 0


@dataclass(slots=True)
class _BusPort:
    """One listening link with its slave machine."""

    slave: Slave
    driver: Driver
    status: LinkStatus
    internal: bool = False


class Station:
    """Raises LinkError for a LINK that cannot be, ValueError for a wrong serial, variant, interval or profile."""

    def __init__(self, config: StationConfig, clock: Clock) -> None:
        self.config = config
        self.clock = clock
        self.anchor = Anchor(clock)
        self.traffic = TrafficStore(config.traffic_bytes)
        self.running = False
        self._hub = Hub(clock)
        self._alarm = Alarm(clock, self._tick)
        self.meter: E350Meter | None = None
        """The simulated meter; None where a real one is wired."""
        self._meter_driver: Driver | None = None
        self._meter_status = LinkStatus("meter", config.meter)
        self.meter_profile = load_meter_profile(config.meter_profile)
        self.secrets = SecretStore(config.state_dir, config.serial, use_keyring=config.use_keyring)
        profile = load_module_profile(config.module_profile)
        self._mask = MbusMask(profile)
        self._meter_side = self._make_meter_side()
        self.module = Cmi1020(
            config.serial,
            SettingsStore(config.state_dir),
            self.secrets,
            self._meter_side,
            self._emit_from_module,
            interval=config.readout_interval,
            profile=profile,
        )
        self._meter_side.attach(self.module, self._rearm)
        self._ports = [self._make_port(url) for url in config.mbus]

    # Making

    def _make_meter_side(self) -> MeterSide:
        config = self.config
        spec = parse_link(config.meter)
        link: Link
        if spec.scheme == "sim":
            link, far = memory_pair(self.clock, START_LINE, paced=config.paced, names=("", "meter"))
            start = config.start_time or datetime.now().astimezone()
            self.meter = E350Meter(
                config.variant,
                seed=config.seed,
                start=start,
                now=self.clock.now(),
                readings=USED_METER,
                has_disconnector=config.has_disconnector,
                commands=self.meter_profile.commands(),
                rules=self.meter_profile.rules(),
            )
            self._meter_driver = Driver(self.meter.machine, far, self.clock, lambda event: None)
        else:
            # A new pseudo-terminal is made by us and opened by whoever plays the meter.
            role: Role = "listen" if spec.scheme == "pty" else "connect"
            link = make_link(spec, self.clock, role, START_LINE)
        status = self._meter_status
        recorder = MeterRecorder(self.traffic, lambda: status.url, self._row_added)

        def tap(direction: Literal["rx", "tx"], data: bytes, at: float) -> None:
            _count(status, direction, data)
            recorder.tap(direction, data, at)

        return MeterSide(
            link,
            self.clock,
            self.meter_profile,
            lambda state, cause: self._link_changed(status, link, state, cause),
            tap,
        )

    def _make_port(self, url: str) -> _BusPort:
        link = make_link(parse_link(url), self.clock, "listen", self.module.line)
        return self._attach(link, LinkStatus("mbus", url))

    def _attach(self, link: Link, status: LinkStatus) -> _BusPort:
        has_speed = Cap.BAUD in link.caps
        slave = Slave(self.module, has_speed=has_speed, idle_extra=IDLE if has_speed else LUMPY_IDLE)
        recorder = MbusRecorder(self.traffic, lambda: status.url, self._row_added, self._mask)

        def tap(direction: Literal["rx", "tx"], data: bytes, at: float) -> None:
            _count(status, direction, data)
            recorder.tap(direction, data, at)

        def hear(event: object) -> None:
            match event:
                case Received():
                    recorder.received(event)
                case AnswerExpired():
                    recorder.expired(event)
            self._rearm()

        driver = Driver(
            slave,
            link,
            self.clock,
            hear,
            on_state=lambda state, cause: self._link_changed(status, link, state, cause),
            tap=tap,
        )
        return _BusPort(slave, driver, status)

    # Life

    def start(self) -> None:
        """Open the links, put voltage on the bus."""
        if self.running:
            return
        self.running = True
        if self._meter_driver is not None:
            self._meter_driver.open()
        self._meter_side.open()
        for port in self._ports:
            port.driver.open()
        self.set_bus_voltage(NOMINAL_BUS_VOLTS)
        if self.secrets.problem is not None:
            self.tell("error", "passwords_damaged", self.secrets.problem)

    def tell(self, level: Literal["info", "warning", "error"], code: str, message: str) -> None:
        """Put a notice of one sentence into the stream of events."""
        self._hub.emit(Notice, "station", level=level, code=code, message=message)

    def stop(self) -> None:
        """Close every link; leaves no thread behind. Idempotent."""
        if not self.running:
            return
        self.running = False
        self._alarm.set(None)
        for port in self._ports:
            port.driver.close()
        self._meter_side.close()
        if self._meter_driver is not None:
            self._meter_driver.close()

    def subscribe(self, limit: int = 10_000, wake: Callable[[], object] | None = None) -> Subscription:
        """A subscription to all events; see `Hub.subscribe`."""
        return self._hub.subscribe(limit, wake)

    @property
    def link_status(self) -> list[LinkStatus]:
        """The links to the world outside, the bus's first."""
        return [*(port.status for port in self._ports if not port.internal), self._meter_status]

    def summary(self, index: int) -> str:
        """A row of traffic in one line of words."""
        return summarise(self.traffic.row(index))

    # What a person does

    def set_bus_voltage(self, volts: float) -> None:
        """See `Cmi1020.set_bus_voltage`."""
        was_powered = self.module.powered
        self.module.set_bus_voltage(volts, self.clock.now())
        if was_powered and not self.module.powered:
            for port in self._ports:
                port.driver.run(port.slave.power_off)
                # A new speed that nobody used yet is volatile; its link has to go back too.
                port.driver.run(port.slave.follow_speed)
        self._rearm()

    def set_rate_input(self, name: InputName, volts: float) -> None:
        """See `Cmi1020.set_rate_input`."""
        self.module.set_rate_input(name, volts, self.clock.now())
        self._rearm()

    def break_bus(self) -> None:
        """A break on the bus, as a master may send one: every answer that is being sent ends at once."""
        for port in self._ports:
            port.driver.line_event(LineEvent.BREAK, self.clock.now())

    def press_button(self) -> None:
        """Press the module's push button."""
        self.module.press_button(self.clock.now())
        self._rearm()

    def read_now(self) -> None:
        """Read the meter as soon as possible."""
        self.module.read_now(self.clock.now())
        self._rearm()

    def pause_reading(self, paused: bool) -> None:
        """Leave the meter to somebody else, or read on."""
        self.module.pause_reading(paused, self.clock.now())
        self._rearm()

    def power_meter(self, on: bool) -> None:
        """Take the simulated meter's supply away, or give it back. Raises ValueError where a real meter is wired."""
        meter, driver = self.meter, self._meter_driver
        if meter is None or driver is None:
            raise ValueError("a real meter is wired; only the simulated one can be switched off here")
        now = self.clock.now()
        driver.run(lambda: meter.power_restore(now) if on else meter.power_fail(now))

    def set_readout_interval(self, seconds: float) -> None:
        """Seconds from one readout to the next, 1 to 86 400. Raises ValueError."""
        self.module.schedule.set_interval(seconds, self.clock.now())
        self._rearm()

    def connect_master(self, line: Line | None = None) -> Link:
        """A wire in memory from a master in this program to the module; returns the master's end, still closed.

        The module answers there like anywhere, with a selection and frame count bits of its own. With a `line` the wire
        has a speed: characters take their time, and who speaks at another speed is not understood.
        """
        near, far = memory_pair(self.clock, line, paced=line is not None, names=("module", "master"))
        port = self._attach(near, LinkStatus("mbus", near.url))
        port.internal = True
        self._ports.append(port)
        if self.running:
            port.driver.open()
        return far

    def record_master(self, link: Callable[[], str]) -> MasterRecorder:
        """A recorder for a master of this program on a bus of its own; `link` names that bus in the rows."""
        return MasterRecorder(self.traffic, link, self._row_added, self._mask)

    # Inside

    def _emit_from_module(self, kind: type, at: float, **fields: object) -> None:
        self._hub.emit(kind, "module", at, **fields)
        if kind is SettingChanged and fields.get("name") == "baud":
            for port in self._ports:
                port.driver.run(port.slave.follow_speed)

    def _row_added(self, index: int, at: float) -> None:
        self._hub.emit(TrafficAdded, "station", at, index=index)

    def _link_changed(self, status: LinkStatus, link: Link, state: LinkState, cause: LinkError | None) -> None:
        status.state = state
        status.code = cause.code if cause else None
        status.message = cause.message if cause else None
        if state is LinkState.OPEN:
            status.url = link.url
        self._hub.emit(
            LinkChanged,
            status.url,
            side=status.side,
            url=status.url,
            state=state.value,
            code=status.code,
            message=status.message,
        )

    def _rearm(self) -> None:
        self._alarm.set(self.module.deadline if self.running else None)

    def _tick(self) -> None:
        if self.running:
            self.module.tick(self.clock.now())
            self._rearm()


def default_mbus_link() -> str:
    """`tcp://127.0.0.1:10001`, or the next port that is free."""
    spec = parse_link(DEFAULT_MBUS)
    return f"tcp://{spec.host}:{first_free_port(spec.host, spec.port)}"


def _count(status: LinkStatus, direction: Literal["rx", "tx"], data: bytes) -> None:
    if direction == "rx":
        status.bytes_in += len(data)
    else:
        status.bytes_out += len(data)
