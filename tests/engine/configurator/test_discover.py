"""Scans on virtual time: one module, several on one wire, speeds, cancelling, estimate of the time left."""

from __future__ import annotations

from collections.abc import Generator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.configurator.discover import Scan, ScanPlan, parse_range
from cmi_gui.engine.configurator.session import Cancelled, MasterSession
from cmi_gui.engine.configurator.slaves import ListedSlave, SlaveList
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.search import ANY
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.station import Station
from tests.helpers.buses import SharedWire
from tests.helpers.station_bench import read_primary

ALL = range(251)


class Rig:
    """Stations on one bus with a master, and the results of its scans."""

    def __init__(self, *serials: str, line: Line | None = None) -> None:
        self.clock = VirtualClock(1000.0)
        self.stations = [
            Station(StationConfig(mbus=(), serial=serial, seed=seed), self.clock) for seed, serial in enumerate(serials)
        ]
        ends = [station.connect_master(line) for station in self.stations]
        link = ends[0] if len(ends) == 1 else SharedWire(self.clock, ends)
        self.session = MasterSession(link, line or Line(2400), self.clock)
        self.slaves = SlaveList()
        self.found: list[ListedSlave] = []
        self.steps = 0
        self.ends: list[Exception | None] = []
        for station in self.stations:
            station.start()
        self.clock.advance(20)

    def scan(self, addresses: range | None, mask: bytes | None = None, bauds: Sequence[int] = (2400,)) -> Scan:
        scan = Scan(
            ScanPlan(addresses, mask, tuple(bauds)),
            self.slaves,
            self.clock,
            found=self.found.append,
            progress=self._progress,
        )
        self.job = self.session.run(scan.procedure(), self.ends.append, self.ends.append)
        return scan

    def cancel(self) -> None:
        self.session.cancel(self.job)

    def _progress(self) -> None:
        self.steps += 1

    def finish(self, limit: float = 20_000) -> None:
        assert self.clock.run_until(self.clock.now() + limit, lambda: bool(self.ends))

    def close(self) -> None:
        self.session.close()
        for station in self.stations:
            station.stop()


@pytest.fixture
def rig() -> Generator[Rig]:
    rig = Rig("12345678")
    yield rig
    rig.close()


def test_all_primary_addresses_find_the_module_once(rig: Rig) -> None:
    scan = rig.scan(ALL)
    rig.finish()
    assert rig.ends == [None]
    assert rig.steps == len(ALL)
    assert [(slave.address, slave.alone, slave.collision) for slave in rig.slaves] == [(0, True, False)]
    assert scan.entries == list(rig.slaves)
    assert scan.done == 1.0


def test_address_and_search_find_one_entry(rig: Rig) -> None:
    scan = rig.scan(range(3), ANY)
    assert len(scan.steps) == 2
    rig.finish()
    assert [slave.identity.id for slave in rig.slaves if slave.identity is not None] == ["12345678"]
    assert next(iter(rig.slaves)).selection is not None


def test_a_mask_leaves_out_slaves_that_do_not_fit(rig: Rig) -> None:
    rig.scan(None, bytes.fromhex("FFFFFF99 FFFFFFFF"))
    rig.finish()
    assert len(rig.slaves) == 0


def test_a_cancelled_scan_keeps_the_slaves_found_and_the_session_stays_usable(rig: Rig) -> None:
    scan = rig.scan(ALL)
    assert rig.clock.run_until(rig.clock.now() + 60, lambda: scan.where == "10")
    rig.cancel()
    assert isinstance(rig.ends[0], Cancelled)
    assert len(rig.slaves) == 1
    assert not rig.session.busy
    rig.cancel()
    assert len(rig.ends) == 1
    rig.ends.clear()
    rig.scan(range(2))
    rig.finish()
    assert rig.ends == [None]
    assert len(rig.slaves) == 1


def test_a_lost_link_ends_the_scan_and_keeps_the_slaves_found(rig: Rig) -> None:
    scan = rig.scan(ALL)
    assert rig.clock.run_until(rig.clock.now() + 60, lambda: scan.where == "3")
    rig.session.close()
    assert isinstance(rig.ends[0], LinkError)
    assert len(rig.slaves) == 1


def test_the_estimate_of_the_time_left_is_right(rig: Rig) -> None:
    scan = rig.scan(ALL)
    assert scan.seconds_left is None
    assert rig.clock.run_until(rig.clock.now() + 200, lambda: scan.where == "100")
    estimate, asked_at = scan.seconds_left, rig.clock.now()
    assert estimate is not None
    rig.finish()
    # At the end the scan waits 3 s for late answers to the last addresses.
    assert estimate < rig.clock.now() - asked_at < 1.02 * estimate + 3.2


def test_a_slave_is_found_at_its_own_speed_only() -> None:
    rig = Rig("12345678", line=Line(2400))
    rig.scan(range(2), bauds=(300,))
    rig.finish()
    assert len(rig.slaves) == 0
    rig.ends.clear()
    rig.scan(range(2), bauds=(300, 2400))
    rig.finish()
    assert [slave.baud for slave in rig.slaves] == [2400]
    rig.close()


def test_a_cancelled_scan_does_not_change_the_speed_of_later_jobs() -> None:
    rig = Rig("12345678", line=Line(2400))
    scan = rig.scan(ALL, bauds=(300,))
    assert rig.clock.run_until(rig.clock.now() + 60, lambda: scan.where == "2")
    rig.cancel()
    results: list[object] = []
    rig.session.run(read_primary(0), results.append, results.append)
    assert rig.clock.run_until(rig.clock.now() + 60, lambda: bool(results))
    assert isinstance(results[0], list), results[0]
    rig.session.close()
    results.clear()
    rig.session.run(read_primary(0), results.append, results.append)
    assert rig.clock.run_until(rig.clock.now() + 60, lambda: bool(results))
    assert isinstance(results[0], list), "also after the link was opened again"
    rig.close()


def test_two_slaves_at_one_address_are_a_collision_that_a_search_solves() -> None:
    rig = Rig("12345678", "87654321")
    rig.scan(range(2), ANY)
    rig.finish()
    assert rig.ends == [None]
    clash, *modules = rig.slaves
    assert clash.collision
    assert clash.identity is None
    assert rig.slaves.address_of(clash) is None
    assert [slave.identity.id for slave in modules if slave.identity is not None] == ["12345678", "87654321"]
    assert all(rig.slaves.address_of(slave) is not None for slave in modules)
    rig.close()


def test_a_plan_needs_speeds_and_addresses_or_a_mask() -> None:
    for addresses, mask, bauds in ((None, None, (2400,)), (range(0), None, (2400,)), (range(1), None, ())):
        with pytest.raises(ValueError, match="a scan needs"):
            ScanPlan(addresses, mask, bauds)


@given(st.integers(0, 250), st.integers(0, 250))
def test_every_range_can_be_written(low: int, high: int) -> None:
    if low <= high:
        assert parse_range(f"{low}-{high}") == range(low, high + 1)
        assert parse_range(f" {low} - {high} ") == range(low, high + 1)
    else:
        with pytest.raises(ValueError, match="the lower one first"):
            parse_range(f"{low}-{high}")


@given(st.text(max_size=12))
def test_any_other_text_is_refused_with_a_message(text: str) -> None:
    try:
        addresses = parse_range(text)
    except ValueError as error:
        assert "primary addresses" in str(error)  # noqa: PT017 - most texts are wrong, some are right
    else:
        assert addresses
        assert 0 <= addresses[0] <= addresses[-1] <= 250
