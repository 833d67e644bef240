"""The links of a station to the outside: opened, closed and rewired together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.events import FaultHappened
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.link_set import LinkSet
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.engine.station.listening import ListeningSide, emit_listener_event
from cmi_gui.engine.station.mbus_side import MbusSide
from cmi_gui.engine.station.meter_port import MeterPort
from cmi_gui.engine.station.metering_point import MeteringPoint
from cmi_gui.engine.station.station_events import StationEvents
from cmi_gui.engine.station.wiring import Wiring

Prepared = Mapping[LinkSet[Any, Any], Mapping[Any, Any]]
"""The links for a wiring, by their set."""


class StationLinks:
    """The M-Bus side, the wire to the meter of the first of `points`, the meter's own port, and the listeners.

    `port_point`: the point whose meter has a port of its own. `on_fault`: called with each fault on the wire, and the
    points that the links serve. `hosts_bus`: the M-Bus side of a hosting station, which opens and rewires it; None
    makes one. The meters of further points stay simulated. Raises LinkError for a LINK that cannot be used.
    """

    def __init__(
        self,
        config: StationConfig,
        points: Sequence[MeteringPoint],
        port_point: MeteringPoint,
        clock: Clock,
        events: StationEvents,
        on_fault: Callable[[FaultHappened, Sequence[MeteringPoint]], None],
        hosts_bus: MbusSide | None,
    ) -> None:
        self.bus = hosts_bus or MbusSide(
            points, clock, events.mbus_recorder, events.change_link, events.emit_notice, on_fault
        )
        self.listening = ListeningSide(
            clock,
            events.traffic,
            events.emit_row,
            events.mask,
            events.change_link,
            partial(emit_listener_event, emit_notice=events.emit_notice),
        )
        self.wire = points[0].wire
        self.port = MeterPort(port_point, events.meter_recorder, events.change_link, events.emit_notice)
        events.watch(lambda _: self.port.time_changed())
        # The meter's sets come last, because making a link of the simulated meter replaces its wire at once.
        own = () if hosts_bus else (self.bus,)
        self._sets: tuple[LinkSet[Any, Any], ...] = (*own, self.listening, self.wire, self.port)
        self._all: tuple[LinkSet[Any, Any], ...] = (*(point.wire for point in points[1:]), *reversed(self._sets))
        for point in points[1:]:
            point.wire.wire(point.config.wiring)
        for links in self._sets:
            links.wire(config.wiring)

    @property
    def status(self) -> list[LinkStatus]:
        """The status of the links to the outside: M-Bus side, meter, the meter's port, then listeners (`listens`)."""
        return [*self.bus.status, *self.wire.status, *self.port.status, *self.listening.status]

    def status_of(self, point: MeteringPoint) -> list[LinkStatus]:
        """Return the status of the links of one module: to masters, to its meter, and the meter's own port."""
        port = self.port.status if point is self.port.point else []
        return [*self.bus.status, *point.wire.status, *port]

    def open(self) -> None:
        """Open every link."""
        for links in self._all:
            links.open()

    def close(self) -> None:
        """Close every link."""
        for links in self._all:
            links.close()

    # Wiring

    def prepare(self, wiring: Wiring) -> Prepared:
        """Return the links for a wiring; then call `take`. Raises LinkError for a LINK that cannot be used."""
        return {links: links.prepare(wiring) for links in self._sets}

    def take(self, prepared: Prepared) -> bool:
        """Use prepared links from now on; return whether another meter is wired."""
        meter = self.wire.links
        # All sets drop before any takes, because a port or an address may move from one set to another.
        for links in prepared:
            links.drop(prepared[links])
        for links in prepared:
            links.take(prepared[links])
        return self.wire.links != meter

    def set_of(self, status: LinkStatus) -> LinkSet[Any, Any]:
        """Return the set that a link belongs to. Raises ValueError for one that is no longer wired."""
        for links in self._sets:
            if links.owns(status):
                return links
        raise ValueError(f"{status.url} is no longer wired")
