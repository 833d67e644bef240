"""A site of modules with disconnectors in a room in virtual time, with a master at 2400 bit/s on the wire to them."""

from __future__ import annotations

from dataclasses import replace

from cmi_gui.engine.bus.faults import parse_fault
from cmi_gui.engine.cmi1020.settings import ModuleSettings
from cmi_gui.engine.site.model import SiteModule
from cmi_gui.engine.station.metering_point import MeteringPoint
from tests.helpers.site_bench import SiteBench, points_of_a_room, site_of


class ReadingBench(SiteBench):
    """A room of `count` modules with the same `settings`, and a site with a row for each.

    `found`: the rows know their modules as a search found them; else only the serial numbers on the labels.
    """

    def __init__(self, count: int, *, found: bool = True, **settings: int) -> None:
        points = [
            replace(point, has_disconnector=True, settings=ModuleSettings(**settings))
            for point in points_of_a_room(count)
        ]
        super().__init__(points)
        # By then the rate inputs have selected their rate, and it is seven minutes past.
        self.clock.advance(432)
        self.site = site_of(points)
        for row in self.site:
            row.found = row.found if found else None

    def row(self, number: int) -> SiteModule:
        """Return a row, counted from 0."""
        return self.site.modules[number]

    def point(self, number: int) -> MeteringPoint:
        """Return the module and meter of a row."""
        return self.room.points[number]

    def fault(self, number: int, text: str) -> None:
        """Add a fault to the answers of a module."""
        self.point(number).faults.add(parse_fault(text))
