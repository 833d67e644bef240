"""The M-Bus side of the module: every link that leads there, each with its own slave machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.cmi1020.module import Cmi1020
from cmi_gui.engine.driver import Driver
from cmi_gui.engine.link.url import LinkSpec, make_link, parse_link
from cmi_gui.engine.link_protocol import Cap, Link
from cmi_gui.engine.machine import Effects, LineEvent
from cmi_gui.engine.mbus.slave import Slave
from cmi_gui.engine.station.idle import idle_extra
from cmi_gui.engine.station.link_set import LinkSet, OnLinkChanged, WiredLink
from cmi_gui.engine.station.link_status import LinkStatus, counting_tap
from cmi_gui.engine.station.notice import EmitNotice
from cmi_gui.engine.station.slave_reporter import SlaveReporter
from cmi_gui.engine.station.wiring import Wiring
from cmi_gui.engine.traffic.recorder import LinkTiming, MbusRecorder


@dataclass(slots=True, eq=False)
class SlaveLink(WiredLink):
    """One link of the M-Bus side with its slave machine."""

    slave: Slave

    def open(self) -> None:
        """Open the link, at the present speed of the slave."""
        self.driver.open()
        self.run(self.slave.opened)

    def run(self, step: Callable[[], Effects]) -> None:
        """Run a step of the slave and update the speed in `status`."""
        self.driver.run(step)
        self.follow()

    def follow(self) -> None:
        """Update `status` from the slave's speed."""
        if Cap.BAUD in self.driver.link.caps:
            self.status.line = self.slave.line
        self.status.speed_found = self.slave.speed_found


class MbusSide(LinkSet[str, SlaveLink]):
    """The links of the module's M-Bus side.

    `make_recorder` makes the recorder of a link's traffic; `on_changed` is called for each change of a link's state,
    `on_event` after each event of a link, `emit_notice` for notices.

    A link whose LINK names a speed has its own speed, and one with `baud=auto` searches for it: the module's setting
    does not change the speed of such a link, only a command received on it does, until it is wired or connected again.

    The wires of this program's own masters are kept apart from the links of the wiring: they have no status and are
    never rewired.
    """

    def __init__(
        self,
        module: Cmi1020,
        clock: Clock,
        make_recorder: Callable[[LinkStatus], MbusRecorder],
        on_changed: OnLinkChanged,
        on_event: Callable[[], None],
        emit_notice: EmitNotice,
    ) -> None:
        super().__init__(on_changed)
        self._module = module
        self._clock = clock
        self._make_recorder = make_recorder
        self._on_event = on_event
        self._emit_notice = emit_notice
        self._masters: list[SlaveLink] = []

    def attach(self, link: Link) -> None:
        """Connect a master of this program to the module over `link`."""
        wired = self._make_wired(link, LinkStatus("mbus", link.url, link.url), None)
        self._masters.append(wired)
        self._settle(wired)

    @property
    def _all(self) -> list[SlaveLink]:
        return [*self.links, *self._masters]

    def _wanted_of(self, wiring: Wiring) -> list[str]:
        return [str(parse_link(link)) for link in wiring.mbus]

    def _new_status(self, wanted: str) -> LinkStatus:
        return LinkStatus("mbus", wanted, wanted)

    def _make(self, wanted: str, status: LinkStatus) -> SlaveLink:
        spec = parse_link(wanted)
        return self._make_wired(make_link(spec, self._clock, "serve", self._module.line), status, spec)

    def _make_wired(self, link: Link, status: LinkStatus, spec: LinkSpec | None) -> SlaveLink:
        """Make a link of this set; without a `spec` it is a wire inside this program.

        The states and notices of such a wire are not reported.
        """
        slave = Slave(
            self._module,
            has_speed=Cap.BAUD in link.caps,
            idle_extra=idle_extra(link),
            form=spec.line(self._module.line) if spec else None,
            own_baud=spec.baud if spec else None,
            finds_speed=spec is not None and spec.finds_speed,
        )
        emit_notice = self._emit_notice if spec else None
        recorder = self._make_recorder(status)
        recorder.timing = lambda: LinkTiming.of(link, slave.line)
        reporter = SlaveReporter(slave, link, status, recorder, self._clock, emit_notice)

        def on_event(event: object) -> None:
            reporter.take(event)
            wired.follow()
            self._on_event()

        driver = Driver(
            slave,
            link,
            self._clock,
            on_event,
            on_state=partial(self._on_changed, status, link) if spec else None,
            tap=counting_tap(status, link, reporter.tap),
        )
        wired = SlaveLink(driver, status, slave)
        wired.follow()
        return wired

    # Events on the bus

    def power_off(self) -> None:
        """Reset every slave after the loss of bus voltage, including a new speed not yet used."""
        for link in self._all:
            link.run(link.slave.power_off)

    def follow_speed(self) -> None:
        """Have every slave follow a change of the module's speed."""
        for link in self._all:
            link.run(link.slave.follow_speed)

    def send_break(self) -> None:
        """Send a break on the bus, as a master may do: every answer that is being sent ends at once."""
        now = self._clock.now()
        for link in self._all:
            link.driver.line_event(LineEvent.BREAK, now)
