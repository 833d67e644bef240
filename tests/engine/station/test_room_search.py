"""Our own search finds every module of a room, on a wire that takes its time and on one without speed."""

from __future__ import annotations

import os
from dataclasses import replace
from random import Random

import msgspec
import pytest

from cmi_gui.engine.bus.response_time import ResponseTime
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.settings import ModuleSettings
from cmi_gui.engine.configurator.discover import Scan, ScanPlan
from cmi_gui.engine.configurator.session import MasterSession
from cmi_gui.engine.configurator.slaves import SlaveList
from cmi_gui.engine.link.memory import MemoryLink
from cmi_gui.engine.link_protocol import Cap
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.exchange import Procedure
from cmi_gui.engine.mbus.scan import FoundSlave, scan_primary
from cmi_gui.engine.mbus.search import ANY, SecondarySearch, search_secondary
from cmi_gui.engine.mbus.search_record import SearchOptions
from cmi_gui.engine.mbus.search_state import SearchState
from cmi_gui.engine.mbus.slave_address import full_selection
from cmi_gui.engine.room.made_room import make_room
from cmi_gui.engine.station.metering_point import PointConfig
from tests.helpers.rooms import addresses_of, found_numbers, random_modules, running_room

MANY = int(os.environ.get("ROOM_MODULES", "60"))

pytestmark = pytest.mark.no_cover


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


@pytest.mark.parametrize(
    ("seed", "begin"), [(21, "501000"), (52, "501000"), (79, "501000"), (10, ""), (21, ""), (34, ""), (35, "")]
)
def test_modules_whose_answers_read_as_little_are_found(seed: int, begin: str) -> None:
    # In these rooms overlaid telegrams are a long space, E5 read as noise, or two telegrams as one good one.
    points = random_modules(20, seed, begin)
    found, _ = run(points, search_secondary(ANY, lambda progress: None), None)
    assert len(found) == 20
    assert found_numbers(found) == addresses_of(points)


@pytest.mark.parametrize("seed", [47, 49, 51])
def test_modules_that_answer_anywhere_in_the_window_are_found(seed: int) -> None:
    points = tuple(replace(point, response=ResponseTime(high=330)) for point in random_modules(20, seed, "501000"))
    found, _ = run(points, search_secondary(ANY, lambda progress: None), None)
    assert len(found) == 20
    assert found_numbers(found) == addresses_of(points)


@pytest.mark.parametrize("learns", [False, True], ids=["standard times", "learned times"])
@pytest.mark.parametrize("seed", [19, 21, 51])
def test_every_module_is_found_by_a_port_that_reports_no_line_errors(
    seed: int, learns: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As every port on Windows: a damaged character arrives as the bits that were read.
    monkeypatch.setattr(MemoryLink, "caps", frozenset((Cap.BAUD, Cap.PARITY, Cap.TIMED)))
    points = random_modules(20, seed, "501000")
    found, _ = run(points, search_secondary(ANY, lambda progress: None, SearchOptions(has_speed=learns)), Line(2400))
    assert len(found) == 20
    assert found_numbers(found) == addresses_of(points)


def test_silent_masks_are_not_tried_again_where_two_modules_explain_two_acknowledgements() -> None:
    points = random_modules(20, 2, "501000")
    masks: list[bytes | None] = []
    found, _ = run(points, search_secondary(ANY, lambda progress: masks.append(progress.at.selection)), None)
    assert found_numbers(found) == addresses_of(points)
    assert len(masks) - len(set(masks)) < 20, masks


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


QUICK = SearchOptions(has_speed=True)


def serials_of(found: list[FoundSlave]) -> list[str]:
    fields = [full_selection(slave.frame) for slave in found if slave.frame is not None]
    return sorted(field[:-5:-1].hex() for field in fields if field is not None)


@pytest.mark.parametrize("breaks_off", [False, True])
@pytest.mark.parametrize("seed", [1, 2])
def test_learned_times_and_broken_off_answers_find_every_module_once(seed: int, breaks_off: bool) -> None:
    points = random_modules(30, seed)
    options = replace(QUICK, breaks_off=breaks_off)
    found, seconds = run(points, search_secondary(ANY, lambda progress: None, options), Line(2400))
    assert found_numbers(found) == addresses_of(points)
    assert len(found) == 30
    assert all(slave.broken_off is breaks_off for slave in found)
    _, as_before = run(points, search_secondary(ANY, lambda progress: None), Line(2400))
    assert seconds < 0.7 * as_before


def test_a_module_that_takes_longest_is_not_missed_among_quick_ones() -> None:
    points = list(random_modules(30, 3))
    points[17] = replace(points[17], response=ResponseTime(325, 330))
    found, _ = run(tuple(points), search_secondary(ANY, lambda progress: None, QUICK), Line(2400))
    assert found_numbers(found) == addresses_of(tuple(points))


def test_an_interrupted_search_goes_on_where_it_was() -> None:
    points = random_modules(12, 4)
    clock = VirtualClock(1000.0)
    session = MasterSession(running_room(points, clock).connect_master(Line(2400)), Line(2400), clock)
    random, state, serials, runs, requests = Random(5), None, list[str](), 0, 0

    def count(done: object) -> None:
        nonlocal requests
        requests += 1

    session.on_exchange = count
    ends: list[object] = []
    while runs < 60:
        options = replace(QUICK, state=state)
        search = SecondarySearch(ANY, lambda progress: None, options)
        ends.clear()
        job = session.run(search.procedure(), ends.append, ends.append)
        ended = clock.run_until(clock.now() + random.uniform(1.5, 10.0), lambda: bool(ends))
        serials += serials_of(list(search.record.found.values()))
        state = msgspec.json.decode(msgspec.json.encode(search.state), type=SearchState)
        if ended:
            break
        session.cancel(job)
        runs += 1
    assert 3 < runs < 60
    assert search.complete
    assert sorted(serials) == sorted(point.serial for point in points), "all found, none twice"
    alone = 0

    def count_alone(done: object) -> None:
        nonlocal alone
        alone += 1

    session.on_exchange = count_alone
    ends.clear()
    session.run(search_secondary(ANY, lambda progress: None, QUICK), ends.append, ends.append)
    assert clock.run_until(clock.now() + 10_000, lambda: bool(ends))
    # After each interruption the mask under way is tried again, and all modules are selected a few times.
    assert requests < alone + 12 * runs


def test_a_search_stops_when_the_expected_modules_are_found() -> None:
    points = random_modules(20, 6)
    search = SecondarySearch(ANY, lambda progress: None, replace(QUICK, expected=7))
    found, _ = run(points, search.procedure(), Line(2400))
    assert (len(found), search.complete) == (7, False)
    wanted = frozenset((points[3].serial, points[4].serial))
    search = SecondarySearch(ANY, lambda progress: None, replace(QUICK, serials=wanted))
    found, _ = run(points, search.procedure(), Line(2400))
    assert wanted <= set(serials_of(found))
    assert not search.complete
    rest = SecondarySearch(ANY, lambda progress: None, replace(QUICK, state=search.state))
    others, _ = run(points, rest.procedure(), Line(2400))
    assert sorted(serials_of(found) + serials_of(others)) == sorted(point.serial for point in points)
    assert rest.complete


def test_a_state_of_another_mask_is_refused() -> None:
    state = SecondarySearch(ANY, lambda progress: None).state
    with pytest.raises(ValueError, match="another mask"):
        SecondarySearch(bytes(8), lambda progress: None, SearchOptions(state=state))


class CreepingClock(VirtualClock):
    """A clock that goes on a little whenever it is read, as that of a computer does."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__()
        self._clock = clock
        self._reads = 0

    def now(self) -> float:
        self._reads += 1
        return self._clock.now() + 1e-5 * self._reads


def test_masks_reported_without_a_request_do_not_shorten_the_time_left() -> None:
    (point,) = random_modules(1, 7)
    clock = VirtualClock(1000.0)
    twin = replace(point, settings=ModuleSettings(primary_address=77))
    session = MasterSession(running_room((point, twin), clock).connect_master(Line(2400)), Line(2400), clock)
    estimates: list[float | None] = []
    scan = Scan(
        ScanPlan(None, ANY, (2400,), QUICK),
        SlaveList(),
        CreepingClock(clock),
        found=lambda slave: None,
        progress=lambda: estimates.append(scan.seconds_left),
    )
    ends: list[object] = []
    session.run(scan.procedure(), ends.append, ends.append)
    assert clock.run_until(clock.now() + 10_000, lambda: bool(ends))
    assert len(estimates) > 100
    assert min(left for left in estimates if left) > 0.1


@pytest.mark.parametrize("expected", [None, 20])
def test_the_time_left_is_honest(expected: int | None) -> None:
    points = random_modules(20, 7)
    clock = VirtualClock(1000.0)
    session = MasterSession(running_room(points, clock).connect_master(Line(2400)), Line(2400), clock)
    estimates: list[tuple[float, float]] = []

    def note() -> None:
        if scan.seconds_left is not None and len(scan.entries) > 4:
            estimates.append((clock.now(), scan.seconds_left))

    plan = ScanPlan(None, ANY, (2400,), replace(QUICK, expected=expected))
    scan = Scan(plan, SlaveList(), CreepingClock(clock), found=lambda slave: None, progress=note)
    ends: list[object] = []
    session.run(scan.procedure(), ends.append, ends.append)
    assert clock.run_until(clock.now() + 10_000, lambda: bool(ends))
    assert estimates
    assert scan.takes_longer is (expected is None)
    for at, seconds in estimates:
        left = clock.now() - at
        if expected is None:
            assert seconds <= left + 1.0, "it takes at least that long"
        else:
            assert left / 3 - 10 < seconds < 3 * left + 10
