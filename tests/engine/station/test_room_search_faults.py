"""Our own search in a room where the answers of one module have faults: the others are found all the same."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from cmi_gui.engine.bus.faults import parse_fault
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.configurator.session import MasterSession
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.exchange import Procedure
from cmi_gui.engine.mbus.scan import FoundSlave, ScanProgress
from cmi_gui.engine.mbus.search import ANY, SecondarySearch
from cmi_gui.engine.mbus.search_record import SearchOptions
from cmi_gui.engine.mbus.search_state import SearchState
from cmi_gui.engine.station.metering_point import PointConfig
from tests.helpers.rooms import addresses_of, found_numbers, random_modules, running_room

pytestmark = pytest.mark.no_cover
LINE = Line(2400)
SPOILED = 2
"""The place of the module with a fault; the first two have the same identification number."""


def room(seed: int, fault: str) -> tuple[PointConfig, ...]:
    points = random_modules(5, seed, "5010")
    spoiled = replace(points[SPOILED], faults=(parse_fault(fault),))
    return (*points[:SPOILED], spoiled, *points[SPOILED + 1 :])


class Bench:
    """A session of a master on the wire of a room."""

    def __init__(self, points: tuple[PointConfig, ...], line: Line | None = LINE) -> None:
        self.clock = VirtualClock(1000.0)
        self.session = MasterSession(running_room(points, self.clock).connect_master(line), LINE, self.clock)

    def run(self, procedure: Procedure[list[FoundSlave]]) -> list[FoundSlave]:
        ends: list[list[FoundSlave] | Exception] = []
        self.session.run(procedure, ends.append, ends.append)
        assert self.clock.run_until(self.clock.now() + 10_000, lambda: bool(ends))
        assert not isinstance(ends[0], Exception), ends[0]
        return ends[0]


@pytest.mark.parametrize(
    ("fault", "seed"),
    [
        *(("doubled", seed) for seed in (3, 6, 9, 12)),
        *(("late 2000", seed) for seed in (3, 9)),
        ("jitter 1500", 12),
    ],
)
def test_a_good_telegram_after_damaged_ones_hides_no_other_module(fault: str, seed: int) -> None:
    points = room(seed, fault)
    found = Bench(points).run(SecondarySearch(ANY, lambda progress: None).procedure())
    others = points[:SPOILED] + points[SPOILED + 1 :]
    assert addresses_of(others) <= found_numbers([slave for slave in found if slave.telegram is not None])


@pytest.mark.parametrize("line", [None, LINE], ids=["no speed", "2400 bit/s"])
@pytest.mark.parametrize("fault", ["bad-checksum", "flip 2"])
def test_a_module_with_damaged_telegrams_is_named_by_their_beginning(fault: str, line: Line | None) -> None:
    points = room(3, fault)
    steps: list[ScanProgress] = []
    found = Bench(points, line).run(SecondarySearch(ANY, steps.append).procedure())
    assert found_numbers([slave for slave in found if slave.frame is not None]) == addresses_of(
        points[:SPOILED] + points[SPOILED + 1 :]
    )
    (damaged,) = (slave for slave in found if slave.frame is None)
    number = points[SPOILED].serial
    assert (damaged.at.where, damaged.collision) == (f"{number} 9615 01 02, fabrication number {number}", False)
    assert len(steps) < 200, "manufacturer, version and device type are not tried byte by byte"


def test_a_search_interrupted_at_any_mask_tries_the_named_one() -> None:
    bench = Bench(room(3, "bad-checksum"))
    state: SearchState | None = None
    found: dict[bytes | None, FoundSlave] = {}
    complete = False
    while not complete:
        search = SecondarySearch(ANY, lambda progress: None, SearchOptions(state=state))
        ends: list[object] = []
        job = bench.session.run(search.procedure(), ends.append, ends.append)
        bench.clock.run_until(bench.clock.now() + 12.0, lambda ends=ends: bool(ends))  # type: ignore[misc]
        complete = search.complete
        found |= {slave.at.selection: slave for slave in search.record.slaves}
        state = msgspec.json.decode(msgspec.json.encode(search.state), type=SearchState)
        if not ends:
            bench.session.cancel(job)
    assert len(found) == 5
    assert [slave.collision for slave in found.values()] == [False] * 5
