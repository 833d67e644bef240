"""Our own search finds every module of a room, on a wire that takes its time and on one without speed."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.configurator.session import MasterSession
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.exchange import Procedure
from cmi_gui.engine.mbus.scan import FoundSlave, scan_primary
from cmi_gui.engine.mbus.search import ANY, search_secondary
from cmi_gui.engine.room.made_room import make_room
from cmi_gui.engine.station.metering_point import PointConfig
from tests.helpers.rooms import addresses_of, found_numbers, random_modules, running_room

MANY = int(os.environ.get("ROOM_MODULES", "60"))


def run(
    points: tuple[PointConfig, ...], procedure: Procedure[list[FoundSlave]], line: Line | None
) -> tuple[list[FoundSlave], float]:
    """Return what a procedure of a master found in a room, and the seconds that it took."""
    clock = VirtualClock(1000.0)
    session = MasterSession(running_room(points, clock).connect_master(line), Line(2400), clock)
    ends: list[list[FoundSlave] | Exception] = []
    session.run(procedure, ends.append, ends.append)
    begin = clock.now()
    assert clock.run_until(begin + 100_000, lambda: bool(ends))
    assert not isinstance(ends[0], Exception), ends[0]
    return ends[0], clock.now() - begin


@pytest.mark.parametrize("line", [None, Line(2400)], ids=["no speed", "2400 bit/s"])
@pytest.mark.parametrize(("count", "seed"), [(2, 1), (2, 2), (20, 1), (20, 2), (20, 3)])
def test_every_module_is_found(count: int, seed: int, line: Line | None) -> None:
    points = random_modules(count, seed)
    found, _ = run(points, search_secondary(ANY, lambda progress: None), line)
    assert not any(slave.collision for slave in found)
    assert found_numbers(found) == addresses_of(points)


def test_many_modules_are_found() -> None:
    points = random_modules(MANY, 1)
    found, _ = run(points, search_secondary(ANY, lambda progress: None), None)
    assert len(found) == MANY
    assert found_numbers(found) == addresses_of(points)


@pytest.mark.parametrize("line", [None, Line(2400)], ids=["no speed", "2400 bit/s"])
def test_a_scan_of_a_room_as_delivered_reports_one_collision(line: Line | None) -> None:
    points = tuple(replace(point, readout_interval=86_400.0, paced=False) for point in make_room(250, 1).points)
    (found,) = run(points, scan_primary(range(3), lambda progress: None), line)[0]
    assert (found.at.a, found.collision, found.telegram) == (0, True, None)


@pytest.mark.parametrize("line", [None, Line(2400)], ids=["no speed", "2400 bit/s"])
def test_a_scan_of_the_address_of_many_reports_the_collision(line: Line | None) -> None:
    points = random_modules(20, 1)
    shared = [point.settings.primary_address for point in points]
    found, _ = run(points, scan_primary(range(9), lambda progress: None), line)
    assert {slave.at.a: slave.collision for slave in found} == {
        address: shared.count(address) > 1 for address in sorted(set(shared))
    }
