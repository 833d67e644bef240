"""The M-Bus side of the modules: every link that leads there, each with a bus of its own slave machines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from random import Random

from cmi_gui.engine.bus.bus import Bus
from cmi_gui.engine.bus.node import Node
from cmi_gui.engine.clock import Clock
from cmi_gui.engine.driver import Driver
from cmi_gui.engine.events import FaultHappened
from cmi_gui.engine.link.peer_speed import peer_baud
from cmi_gui.engine.link.url import LinkSpec, make_link, parse_link
from cmi_gui.engine.link_protocol import Cap, Link
from cmi_gui.engine.machine import Effects, Line, LineEvent
from cmi_gui.engine.mbus.line_speed import LineSpeed
from cmi_gui.engine.mbus.slave import Slave
from cmi_gui.engine.mbus.speed_finder import SpeedFinder
from cmi_gui.engine.station.idle import idle_extra
from cmi_gui.engine.station.link_set import LinkSet, OnLinkChanged, WiredLink
from cmi_gui.engine.station.link_status import LinkStatus, counting_tap
from cmi_gui.engine.station.metering_point import MeteringPoint
from cmi_gui.engine.station.notice import EmitNotice
from cmi_gui.engine.station.slave_reporter import SlaveReporter
from cmi_gui.engine.station.wiring import BUS_LINE, Wiring
from cmi_gui.engine.traffic.recorder import LinkTiming, MbusRecorder


@dataclass(slots=True, eq=False)
class SlaveLink(WiredLink):
    """One link of the M-Bus side with the bus on it, on which are the modules of `points`."""

    bus: Bus
    points: Sequence[MeteringPoint]

    def open(self) -> None:
        """Open the link, at the present speed of the bus."""
        self.driver.open()
        self.run(self.bus.opened)

    def run(self, step: Callable[[], Effects]) -> None:
        """Run a step of the bus and update the speed in `status`."""
        self.driver.run(step)
        self.follow()

    def follow(self) -> None:
        """Update `status` from the speed of the bus."""
        if Cap.BAUD in self.driver.link.caps:
            self.status.line = self.bus.line
        self.status.speed_found = self.bus.speed_found


class MbusSide(LinkSet[str, SlaveLink]):
    """The links of the M-Bus side of `points`: behind each are all of their modules, on one wire.

    `serve` leads the links of the wiring to other modules; a wire in this program leads to those it was attached to.

    `make_recorder` makes the recorder of a link's traffic; `on_changed` is called for each change of a link's state,
    `emit_notice` for notices, `on_fault` for faults on the wire, with the modules on it.

    A link whose LINK names a speed has its own speed, and one with `baud=auto` searches for it: the module's setting
    does not change the speed of such a link, only a command received on it does, until it is wired or connected again.

    The wires of this program's own masters are kept apart from the links of the wiring: they have no status and are
    never rewired.
    """

    def __init__(
        self,
        points: Sequence[MeteringPoint],
        clock: Clock,
        make_recorder: Callable[[LinkStatus], MbusRecorder],
        on_changed: OnLinkChanged,
        emit_notice: EmitNotice,
        on_fault: Callable[[FaultHappened, Sequence[MeteringPoint]], None],
    ) -> None:
        super().__init__(on_changed)
        self._points = points
        self._clock = clock
        self._make_recorder = make_recorder
        self._emit_notice = emit_notice
        self._on_fault = on_fault
        self._masters: list[SlaveLink] = []

    @property
    def served(self) -> Sequence[MeteringPoint]:
        """The metering points to which the links of the wiring lead."""
        return self._points

    def serve(self, points: Sequence[MeteringPoint]) -> None:
        """Lead the links of the wiring to the modules of `points`: each link is closed and opened again."""
        if points is self._points:
            return
        self._points = points
        for link in self.links:
            self._replace(link, self._make(self._wanted[link], link.status))

    def attach(self, link: Link, points: Sequence[MeteringPoint]) -> None:
        """Connect a master of this program to the modules of `points` over `link`."""
        wired = self._make_wired(link, LinkStatus("mbus", link.url, link.url), None, points)
        self._masters.append(wired)
        self._settle(wired)

    def detach(self, points: Sequence[MeteringPoint]) -> None:
        """Close the wires from this program's masters to the modules of `points`."""
        for link in [link for link in self._masters if link.points is points]:
            link.close()
            self._masters.remove(link)

    @property
    def sending(self) -> bool:
        """True while an answer is being sent, and so not recorded yet."""
        return any(link.driver.sending for link in self._all)

    @property
    def _all(self) -> list[SlaveLink]:
        return [*self.links, *self._masters]

    def _wanted_of(self, wiring: Wiring) -> list[str]:
        return [str(parse_link(link)) for link in wiring.mbus]

    def _new_status(self, wanted: str) -> LinkStatus:
        return LinkStatus("mbus", wanted, wanted)

    def _make(self, wanted: str, status: LinkStatus) -> SlaveLink:
        spec = parse_link(wanted)
        speeds = spec.kind.option("baud")
        if len(self._points) > 1 and speeds is not None and "any" in speeds.flags and "baud" not in spec.options:
            # The modules may have different speeds, and this link can tell that of the master.
            spec = replace(spec, any_speed=True)
        link = make_link(spec, self._clock, "serve", _line(self._points))
        return self._make_wired(link, status, spec, self._points)

    def _make_wired(
        self, link: Link, status: LinkStatus, spec: LinkSpec | None, points: Sequence[MeteringPoint]
    ) -> SlaveLink:
        """Make a link of this set; without a `spec` it is a wire inside this program.

        The states and notices of such a wire are not reported.
        """
        bus = _make_bus(link, spec, points)
        emit_notice = self._emit_notice if spec else None
        recorder = self._make_recorder(status)
        recorder.timing = lambda: LinkTiming.of(link, _line_in_use(bus, link))
        reporter = SlaveReporter(bus, link, status, recorder, self._clock, emit_notice)

        def on_event(event: object) -> None:
            reporter.take(event)
            if isinstance(event, FaultHappened):
                self._on_fault(event, points)
            wired.follow()

        driver = Driver(
            bus,
            link,
            self._clock,
            on_event,
            on_state=partial(self._on_changed, status, link) if spec else None,
            tap=counting_tap(status, link, reporter.tap),
        )
        wired = SlaveLink(driver, status, bus, points)
        wired.follow()
        return wired

    # Events on the bus

    def power_off(self, point: MeteringPoint) -> None:
        """Reset the slaves of a module after the loss of bus voltage, including a new speed not yet used."""
        self._run(lambda bus, node, at: bus.power_off(node, at), point)

    def follow_speed(self, point: MeteringPoint) -> None:
        """Have the slaves of a module follow a change of its speed."""
        self._run(lambda bus, node, at: bus.follow_speed(node, at), point)

    def _run(self, step: Callable[[Bus, Node, float], Effects], point: MeteringPoint) -> None:
        now = self._clock.now()
        for link in self._all:
            if point in link.points:
                node = link.bus.nodes[link.points.index(point)]
                link.run(partial(step, link.bus, node, now))

    def send_break(self, points: Sequence[MeteringPoint]) -> None:
        """Send a break on the bus of `points`, as a master may do: every answer that is being sent ends at once."""
        now = self._clock.now()
        for link in self._all:
            if link.points is points:
                link.driver.line_event(LineEvent.BREAK, now)


def _line(points: Sequence[MeteringPoint]) -> Line:
    """Return the line settings of a link whose LINK names none: the module's, with several those of the standard."""
    return points[0].module.line if len(points) == 1 else BUS_LINE


def _line_in_use(bus: Bus, link: Link) -> Line:
    """Return the line settings of what is received and answered: at the master's speed, where the link can tell it."""
    return replace(bus.line, baud=peer_baud(link) or bus.line.baud)


def _make_bus(link: Link, spec: LinkSpec | None, points: Sequence[MeteringPoint]) -> Bus:
    """Make a bus with a slave for each module; the link's own speed is that of the one slave, or of the bus."""
    has_speed, extra = Cap.BAUD in link.caps, idle_extra(link)
    form = spec.line(_line(points)) if spec else None
    own = spec.baud if spec else None
    finds_speed = spec is not None and spec.finds_speed
    alone = len(points) == 1
    nodes = [
        Node(
            point.name,
            Slave(
                point.module,
                has_speed=has_speed,
                idle_extra=extra,
                form=form,
                own_baud=own if alone else None,
                finds_speed=finds_speed and alone,
                on_request=point.note_request,
                application_time=point.clock.at,
            ),
            point.config.response,
            Random(f"{point.config.seed} {point.config.serial}"),  # noqa: S311 - repeatable, not secret
            point.faults,
            point.after_step,
        )
        for point in points
    ]
    speed = None
    if not alone and (has_speed or own is not None):
        form = form or _line(points)
        finder = SpeedFinder(form.baud, extra) if finds_speed else None
        speed = LineSpeed(lambda: _line(points), form=form, own=own, finder=finder)
    return Bus(
        nodes,
        speed=speed,
        peer_baud=partial(peer_baud, link),
        timed=lambda: Cap.TIMED in link.caps,
        idle_extra=extra,
        sends_errors=Cap.ERRORS_TX in link.caps,
        sends_breaks=Cap.BREAK_TX in link.caps,
    )
