"""Found modules and the rows of a site."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.configurator.discover import Scan, ScanPlan
from cmi_gui.engine.configurator.session import MasterSession
from cmi_gui.engine.configurator.slaves import ListedSlave, SlaveList
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.exchange import ProcedureFailed
from cmi_gui.engine.mbus.scan import FoundSlave
from cmi_gui.engine.mbus.search import ANY, SecondarySearch
from cmi_gui.engine.mbus.search_record import SearchOptions
from cmi_gui.engine.room.made_room import make_room
from cmi_gui.engine.site.find import any_answers, end_search, expected_of, take_found
from cmi_gui.engine.site.model import HowKnown, RowState, Site, SiteModule
from cmi_gui.engine.site.search_file import OpenSearch, read_search, search_file, write_search
from cmi_gui.engine.site.whereabouts import find_by_label
from cmi_gui.engine.station.metering_point import PointConfig
from tests.helpers.private import is_private
from tests.helpers.rooms import running_room

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
PLAN = ScanPlan(None, ANY, (2400,), SearchOptions(has_speed=True))
POINTS = tuple(replace(point, paced=False) for point in make_room(4, readout_interval=86_400.0).points)


def session_on(points: tuple[PointConfig, ...]) -> tuple[MasterSession, VirtualClock]:
    clock = VirtualClock(1000.0)
    return MasterSession(running_room(points, clock).connect_master(Line(2400)), Line(2400), clock), clock


def searched(points: tuple[PointConfig, ...]) -> list[ListedSlave]:
    """Return the entries of a search of a bus with these modules."""
    session, clock = session_on(points)
    scan = Scan(PLAN, SlaveList(), clock, found=lambda slave: None, progress=lambda: None)
    ends: list[object] = []
    session.run(scan.procedure(), ends.append, ends.append)
    assert clock.run_until(clock.now() + 5000, lambda: bool(ends))
    assert ends == [None]
    return scan.entries


@pytest.fixture(scope="module")
def slaves() -> list[ListedSlave]:
    return searched(POINTS)


def answers(site: Site, points: tuple[PointConfig, ...]) -> bool:
    session, clock = session_on(points)
    ends: list[bool | Exception] = []
    session.run(any_answers(site), ends.append, ends.append)
    assert clock.run_until(clock.now() + 600, lambda: bool(ends))
    assert isinstance(ends[0], bool)
    return ends[0]


def test_each_module_found_gets_a_row_and_keeps_it(slaves: list[ListedSlave]) -> None:
    site = Site()
    rows = [take_found(site, slave, NOON) for slave in slaves]
    assert [row.serial for row in rows if row] == [point.serial for point in POINTS]
    assert [row.meter_read for row in rows if row] == [point.meter_number for point in POINTS]
    later = NOON + timedelta(days=1)
    assert [take_found(site, slave, later) for slave in slaves] == rows
    assert len(site.modules) == len(POINTS)
    row = site.modules[0]
    assert row.found is not None
    assert (row.state, row.found.at, row.address, row.baud) == (RowState.FOUND, later, 0, 2400)
    known = row.known["secondary_address"]
    assert (known.text, known.how, known.at) == (POINTS[0].serial, HowKnown.READ, later)


def test_the_speed_is_unknown_on_a_link_without_one(slaves: list[ListedSlave]) -> None:
    row = take_found(Site(), slaves[0], NOON, has_speed=False)
    assert row is not None
    assert row.baud is None


def test_a_row_that_expects_the_serial_or_the_meter_is_filled(slaves: list[ListedSlave]) -> None:
    by_serial = SiteModule(place="11", serial=POINTS[0].serial, meter="99999999")
    by_meter = SiteModule(place="12", meter=POINTS[1].meter_number or "")
    other = SiteModule(place="13", serial="11111111", meter=POINTS[2].meter_number or "")
    twice = [SiteModule(place=place, serial=POINTS[3].serial) for place in ("14", "15")]
    site = Site(modules=[by_serial, by_meter, other, *twice])
    rows = [take_found(site, slave, NOON) for slave in slaves]
    assert rows[:2] == [by_serial, by_meter]
    assert by_serial.meter == "99999999", "what was entered stays, so that swapped meters are seen"
    assert by_meter.serial == POINTS[1].serial
    assert other.state is RowState.WAITING, "it expects another module"
    assert rows[2] is site.modules[5]
    assert rows[3] is site.modules[6], "a serial number that was entered twice does not tell the place"
    assert take_found(site, slaves[3], NOON) is rows[3]


def test_a_module_keeps_its_row_when_its_secondary_address_changes(slaves: list[ListedSlave]) -> None:
    site = Site()
    row = take_found(site, slaves[0], NOON)
    assert slaves[0].identity is not None
    moved = ListedSlave(2400, 7, 1, identity=replace(slaves[0].identity, id="00000042"))
    assert take_found(site, moved, NOON) is row
    assert row is not None
    assert (row.address, row.value("secondary_address"), row.serial) == (7, "00000042", POINTS[0].serial)
    assert row.meter_read == POINTS[0].meter_number, "this answer does not tell the meter"


def test_an_entry_without_an_identity_gets_no_row() -> None:
    site = Site()
    assert take_found(site, ListedSlave(2400, 0, 1, collision=True), NOON) is None
    assert not site.modules


def test_rows_that_a_search_missed_become_lost_and_nothing_else(slaves: list[ListedSlave]) -> None:
    site = Site(modules=[SiteModule(place="waiting")])
    for slave in slaves:
        take_found(site, slave, NOON)
    begun = NOON + timedelta(hours=1)
    left = searched(POINTS[1:])
    for slave in left:
        take_found(site, slave, begun)
    slow = replace(PLAN, bauds=(300,))
    assert end_search(site, slow, left, begun) == []
    assert end_search(Site(ports=["a", "b"], modules=site.modules), PLAN, left, begun) == []
    collision = ListedSlave(2400, None, 1, selection=ANY, collision=True)
    assert end_search(site, PLAN, [*left, collision], begun) == [], "it may be one of those that collide"
    assert [row.serial for row in end_search(site, PLAN, left, begun)] == [POINTS[0].serial]
    assert [row.state.value for row in site] == ["waiting", "lost", "found", "found", "found"]
    take_found(site, slaves[0], begun)
    assert site.modules[1].state is RowState.FOUND


def test_whether_this_is_the_bus_of_the_site(slaves: list[ListedSlave]) -> None:
    site = Site()
    assert answers(site, POINTS[:2]), "nothing is known, so nothing is wrong"
    for slave in slaves[:2]:
        take_found(site, slave, NOON)
    assert answers(site, POINTS[1:])
    assert not answers(site, POINTS[2:])


def test_what_a_search_expects() -> None:
    assert expected_of(Site()) == (None, frozenset())
    rows = [SiteModule(serial="50000001"), SiteModule(serial="50000002")]
    assert expected_of(Site(modules=rows)) == (2, frozenset(("50000001", "50000002")))
    assert expected_of(Site(modules=[*rows, SiteModule(meter="33000001")])) == (3, frozenset())


def test_a_label_of_two_modules_is_not_one_that_does_not_answer() -> None:
    session, clock = session_on((POINTS[0], replace(POINTS[0], name="twin", seed=9), POINTS[1]))

    def sought(serial: str) -> object:
        ends: list[object] = []
        session.run(find_by_label(serial, 2400), ends.append, ends.append)
        assert clock.run_until(clock.now() + 120, lambda: bool(ends))
        return ends[0]

    twins = sought(POINTS[0].serial)
    assert isinstance(twins, ProcedureFailed)
    assert twins.code in ("collision", "garbled")
    found = sought(POINTS[1].serial)
    assert isinstance(found, FoundSlave)
    assert found.at.baud == 2400
    assert sought("50109999") is None


def test_the_state_of_a_search_is_kept_beside_the_site(tmp_path: Path) -> None:
    site = tmp_path / "eken.site.toml"
    assert read_search(site) is None
    search = OpenSearch(NOON, 2400, SecondarySearch(ANY, lambda progress: None).state)
    write_search(site, search)
    assert is_private(search_file(site))
    assert read_search(site) == search
    for damaged in (b"", b"{", b"[]", b"\xff", msgspec.json.encode(search).replace(b'"ff', b'"xx')):
        search_file(site).write_bytes(damaged)
        assert read_search(site) is None
    write_search(site, None)
    assert not search_file(site).exists()
