"""The master on a bus whose answers are lost, late, doubled, cut, damaged and mixed up: no result is wrong.

`LOSSY_EXAMPLES=20000` tries that many examples of each kind of procedure, and different ones each time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.configurator.session import MasterSession
from cmi_gui.engine.configurator.write_run import RowResult, WriteOutcome, WriteRun
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.allowance import AT_START, Allowance
from cmi_gui.engine.mbus.exchange import Procedure, ProcedureFailed
from cmi_gui.engine.mbus.frame import parse_frame
from cmi_gui.engine.mbus.procedures import SlaveReading, read_slave, select
from cmi_gui.engine.mbus.scan import FoundSlave, scan_primary
from cmi_gui.engine.mbus.search import search_secondary
from cmi_gui.engine.mbus.search_record import SearchOptions
from cmi_gui.engine.mbus.slave_address import SlaveAddress, full_selection
from tests.helpers.buses import BusSlave
from tests.helpers.lossy_bus import NO_FAULT, Fault, Harm, LossyBus

EXAMPLES = int(os.environ.get("LOSSY_EXAMPLES", "0"))
lossy = settings(
    max_examples=EXAMPLES or 80,
    derandomize=not EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)

pytestmark = pytest.mark.no_cover

TABLE = CommandTable(load_module_profile())
MAKER = bytes.fromhex("96150102")
ELSEWHERE = BusSlave(77, bytes.fromhex("66778899") + MAKER).telegram(0, 0x11)
WORTH = 0.95
"""The least share of completed runs among those that a master with long waits can complete."""

_HARMS = (Harm.NONE,) * 5 + (Harm.LOST, Harm.CUT, Harm.DAMAGED)
_AFTER = (None, None, None, None, None, 0.001, 0.03, 0.1, 0.4, 1.0, 1.7, 3.0)


class Drawn:
    """A bus and its faults, made from bytes, because drawing each thing by itself takes ten times as long.

    Zeros, and missing bytes, are the simplest choice: one slave, no fault.
    """

    def __init__(self, data: bytes) -> None:
        self._rest = iter(data)
        self.network = self.flag()
        self.by_selection = [self.flag(), self.flag()]
        self.bus = self._slaves(1 + self.below(4))
        self.lost = frozenset(self.below(30) for _ in range(self.below(8) - 3))
        self.choices = [self.below(256) for _ in range(4)]
        self.one_by_one = self.below(4) == 3
        self.faults = list(self._faults())
        if self.one_by_one:
            # Each answer may follow the one before by 3 s, if none is lost.
            self.faults = [Fault(share=fault.share, late=fault.late) for fault in self.faults]
            self.lost = frozenset()

    def below(self, count: int) -> int:
        return next(self._rest, 0) % count

    def flag(self) -> bool:
        return bool(self.below(2))

    def _slaves(self, count: int) -> list[BusSlave]:
        """Slaves whose identification numbers differ in the last digit, or only in the fabrication number."""
        bus: list[BusSlave] = []
        for number in range(count):
            digit = (0x70, 0x71, 0x76, 0x79, 0x7A)[self.below(5)]
            twins = [slave for slave in bus if slave.header[0] == digit]
            fabrication = bytes((0x10 + number, 0x32, 0x54, 0x76)) if twins or self.flag() else b""
            if not all(slave.fabrication for slave in twins):
                digit = 0x71 + number
            address = 1 + number + (3 if self.flag() and number == count - 1 else 0)
            bus.append(BusSlave(address, bytes((digit, 0x56, 0x34, 0x12)) + MAKER, fabrication, 1 + self.below(4)))
        return bus

    def _faults(self) -> Iterator[Fault]:
        for first in self._rest:
            if first < 128:
                yield NO_FAULT
                continue
            late, copied, foreign = self.below(256), self.below(256), self.below(256)
            yield Fault(
                _HARMS[first % len(_HARMS)],
                share=(0.2, 0.0, 0.6, 0.95)[first // len(_HARMS) % 4],
                late=max(0, late - 128) * 3.0 / 127,
                copy_after=_AFTER[copied % len(_AFTER)],
                foreign_after=_AFTER[foreign % len(_AFTER)],
                spot=self.below(256),
            )


class Runs:
    """Counts of the runs, and of those that a master with long waits can complete."""

    def __init__(self) -> None:
        self.all = self.completable = self.exact = self.missed = 0

    def note(self, completable: bool, exact: bool) -> None:
        self.all += 1
        self.completable += completable
        self.exact += exact
        self.missed += completable and not exact

    def check(self, name: str) -> None:
        share = 1 - self.missed / max(1, self.completable)
        print(f"{name}: {self.all} runs, {self.completable} could be completed, {share:.1%} of them were")
        assert self.completable >= self.all / 10
        assert share >= WORTH


class Bench:
    """A session of a master on a lossy bus."""

    def __init__(self, drawn: Drawn) -> None:
        self.clock = VirtualClock(100.0)
        self.bus = LossyBus(
            self.clock,
            drawn.bus,
            drawn.faults,
            lost=drawn.lost,
            foreign=ELSEWHERE,
            has_speed=not drawn.network,
            one_by_one=drawn.one_by_one,
        )
        self.session = MasterSession(self.bus, Line(2400), self.clock, allowance=Allowance(AT_START[drawn.network]))

    def run(self, procedure: Procedure[Any]) -> Any:
        """Return the result of a procedure, or the ProcedureFailed that it raises."""
        ends: list[Any] = []
        self.session.run(procedure, ends.append, ends.append)
        assert self.clock.run_until(self.clock.now() + 20_000, lambda: bool(ends)), "the procedure never ends"
        assert not isinstance(ends[0], Exception) or isinstance(ends[0], ProcedureFailed)
        return ends[0]


def at(slave: BusSlave, by_selection: bool) -> SlaveAddress:
    return SlaveAddress(selection=selection(slave)) if by_selection else SlaveAddress(slave.address)


def selection(slave: BusSlave) -> bytes:
    field = full_selection(parse_frame(slave.telegram(0, 0)))
    assert field is not None
    return field


def check_reading(end: Any, slave: BusSlave, primary: bool) -> bool:
    """Return whether a reading is complete; assert that it contains nothing wrong."""
    if isinstance(end, ProcedureFailed):
        assert end.code != "no_data"
        return False
    assert isinstance(end, SlaveReading)
    if primary and end.warnings and end.frames[0].to_bytes() == ELSEWHERE:
        return False
    numbers = [slave.section_of(frame) for frame in end.frames]
    assert numbers == list(range(len(numbers)))
    assert not end.complete or len(numbers) == slave.sections
    assert end.complete or end.warnings
    return end.complete


def explore(name: str, body: Callable[[Drawn], tuple[Bench, bool]]) -> None:
    """Run `body`, which returns the bench and whether all is exact, for many buses."""
    runs = Runs()

    def one(data: bytes) -> None:
        bench, exact = body(Drawn(data))
        runs.note(bench.bus.completable, exact)

    lossy(given(st.binary(min_size=50, max_size=160))(one))()
    runs.check(name)


def test_read() -> None:
    def body(drawn: Drawn) -> tuple[Bench, bool]:
        bench = Bench(drawn)
        exact = True
        for slave, by_selection in zip(drawn.bus, drawn.by_selection, strict=False):
            end = bench.run(read_slave(at(slave, by_selection)))
            exact &= check_reading(end, slave, not by_selection)
        return bench, exact

    explore("read", body)


def test_select() -> None:
    def body(drawn: Drawn) -> tuple[Bench, bool]:
        bench = Bench(drawn)
        exact = True
        for slave in drawn.bus[:3]:
            end = bench.run(select(selection(slave)))
            exact &= not isinstance(end, ProcedureFailed)
            if not isinstance(end, ProcedureFailed):
                assert slave.selected
                assert not any(other.selected for other in drawn.bus if other is not slave)
        return bench, exact

    explore("select", body)


def check_found(end: Any, bench: Bench, expected: dict[Any, BusSlave], key: Callable[[FoundSlave], Any]) -> bool:
    if isinstance(end, ProcedureFailed):
        return False
    found: list[FoundSlave] = end
    for each in found:
        slave = expected.get(key(each))
        if each.frame is not None and slave is not None and each.frame.to_bytes() != ELSEWHERE:
            assert slave.section_of(each.frame) == 0
        if slave is None or each.frame is None or each.frame.to_bytes() == ELSEWHERE or each.collision:
            # Two E5 may be two slaves, and damaged bytes may be an overlay.
            assert bench.bus.harmed or bench.bus.acks_doubled, each
    missing = expected.keys() - {key(each) for each in found}
    assert not missing or bench.bus.harmed, missing
    clear = {key(each) for each in found if each.frame is not None and not each.collision}
    return clear == expected.keys() and len(found) == len(expected)


def test_scan_primary() -> None:
    def body(drawn: Drawn) -> tuple[Bench, bool]:
        bench = Bench(drawn)
        end = bench.run(scan_primary(range(9), lambda _: None))
        expected = {slave.address: slave for slave in drawn.bus}
        return bench, check_found(end, bench, expected, lambda found: found.at.primary)

    explore("scan --primary", body)


@pytest.mark.parametrize("learns", [False, True], ids=["standard times", "learned times"])
def test_search_secondary(learns: bool) -> None:
    def body(drawn: Drawn) -> tuple[Bench, bool]:
        bench = Bench(drawn)
        mask = bytes((0x7F, 0x56, 0x34, 0x12)) + b"\xff" * 4
        options = SearchOptions(has_speed=learns and not drawn.network)
        end = bench.run(search_secondary(mask, lambda _: None, options))
        expected = {selection(slave): slave for slave in drawn.bus}
        return bench, check_found(end, bench, expected, lambda found: found.frame and full_selection(found.frame))

    explore("search --secondary", body)


ROWS = ("tag", "usage", "disconnector_control")


def test_write() -> None:
    def body(drawn: Drawn) -> tuple[Bench, bool]:
        slave = drawn.bus[0]
        slave.ignores_commands = drawn.choices[0] > 220
        changes = {
            row: str(1 + choice % 2) for row, choice in zip(ROWS, drawn.choices[1:], strict=True) if choice < 200
        }
        bench = Bench(drawn)
        results: list[RowResult] = []
        run = WriteRun(
            TABLE,
            changes,
            at(slave, drawn.by_selection[0]),
            bench.session.baud,
            on_begun=lambda *_: None,
            on_ended=results.append,
        )
        bench.run(run.procedure())
        assert [result.row for result in results] == list(changes)
        for result in results:
            row = TABLE.profile.row(result.row)
            times = slave.executed.count(TABLE.encode(row.id, TABLE.parse(row, changes[row.id])))
            assert times <= 1
            assert result.outcome is not WriteOutcome.REFUSED
            if result.outcome in (WriteOutcome.TAKEN, WriteOutcome.UNSURE):
                assert times == 1
            if result.outcome is WriteOutcome.NOT_SENT:
                assert times == 0
        assert not any(other.executed for other in drawn.bus[1:])
        return bench, slave.ignores_commands or all(result.outcome is WriteOutcome.TAKEN for result in results)

    explore("write", body)
