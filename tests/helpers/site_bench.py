"""A site of the modules of a room in virtual time, with a master on the paced wire to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from cmi_gui.engine.bus.faults import parse_fault
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.cmi1020.settings import ModuleSettings
from cmi_gui.engine.configurator.session import MasterSession
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.exchange import Procedure
from cmi_gui.engine.room.made_room import make_room
from cmi_gui.engine.site.model import Found, Site, SiteModule
from cmi_gui.engine.station.metering_point import MeteringPoint
from tests.helpers.rooms import running_room
from tests.helpers.station_bench import NOON

Result = TypeVar("Result")

TABLE = CommandTable(load_module_profile())
BEGIN = datetime(2026, 11, 30, 9, 7, 12, tzinfo=UTC)


class SiteBench:
    """A room of `count` modules, a site with a row for each, and a master at 2400 bit/s.

    `found`: the rows know their modules as a search found them; else only the serial numbers on the labels.
    """

    def __init__(self, count: int, *, found: bool = True, **settings: int) -> None:
        room = make_room(count, readout_interval=86_400.0)
        points = tuple(
            replace(point, paced=False, start_time=NOON, settings=ModuleSettings(**settings)) for point in room.points
        )
        self.clock = VirtualClock(1000.0)
        self.room = running_room(points, self.clock)
        self.session = MasterSession(self.room.connect_master(Line(2400)), Line(2400), self.clock)
        self._begun = self.clock.now()
        self.site = Site(modules=[SiteModule(place=f"flat {n}", serial=p.serial) for n, p in enumerate(points, 11)])
        for row in self.site if found else ():
            row.found = Found(
                id=row.serial, manufacturer="ELV", version=1, device_type=2, fabrication=row.serial, at=BEGIN
            )

    def now(self) -> datetime:
        """Return the time of the bench."""
        return BEGIN + timedelta(seconds=self.clock.now() - self._begun)

    def row(self, number: int) -> SiteModule:
        """Return a row, counted from 0."""
        return self.site.modules[number]

    def point(self, number: int) -> MeteringPoint:
        """Return the module and meter of a row."""
        return self.room.points[number]

    def fault(self, number: int, text: str) -> None:
        """Add a fault to the answers of a module."""
        self.point(number).faults.add(parse_fault(text))

    def run(self, procedure: Procedure[Result]) -> Result:
        """Run a procedure of the master and return its result."""
        ends: list[Result | Exception] = []
        self.session.run(procedure, ends.append, ends.append)
        assert self.clock.run_until(self.clock.now() + 100_000, lambda: bool(ends))
        (end,) = ends
        if isinstance(end, Exception):
            raise end
        return end
