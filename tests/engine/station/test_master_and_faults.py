"""Our own master with modules whose answers have faults: no result is wrong, and it completes where it can."""

from __future__ import annotations

from typing import Any

import pytest

from cmi_gui.engine.bus.faults import FAULTS, parse_fault
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.obis_labels import restore_lines
from cmi_gui.engine.cmi1020.settings import ModuleSettings
from cmi_gui.engine.configurator.session import MasterSession
from cmi_gui.engine.configurator.write_run import RowResult, WriteOutcome, WriteRun
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.allowance import AT_START, Allowance
from cmi_gui.engine.mbus.exchange import Procedure, ProcedureFailed
from cmi_gui.engine.mbus.frame import Frame, Function, parse_frame
from cmi_gui.engine.mbus.procedures import SlaveReading, read_slave, select
from cmi_gui.engine.mbus.scan import FoundSlave, scan_primary
from cmi_gui.engine.mbus.search import search_secondary
from cmi_gui.engine.mbus.slave_address import SlaveAddress, full_selection
from cmi_gui.engine.mbus.telegram import decode_telegram
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.metering_point import PointConfig
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.traffic.store import Direction
from tests.helpers.station_bench import NOON
from tests.helpers.tapped_wire import rows_of

LINE = Line(2400)
SERIALS = ("50100001", "50100002", "50100003")
VALUES = {"late": "300", "jitter": "600", "cut": "3", "flip": "2", "application-error": "3"}
HOW = ("once", "every 3", "30 %")
TEXTS = [" ".join(word for word in (kind, VALUES.get(kind), how) if word) for kind in FAULTS for how in HOW]
FIRST = SlaveAddress(selection=bytes.fromhex(SERIALS[0])[::-1] + b"\xff" * 4)

pytestmark = pytest.mark.no_cover


class Bench:
    """A room whose modules have the addresses 1, 2, ..., and a session of a master; module 50100001 has a fault.

    `lines`: the readout as it is read without a fault. `completes`: a patient master can do everything all the same,
    since the fault never hits two answers in a row.
    """

    def __init__(self, count: int, line: Line | None, text: str) -> None:
        self.clock = VirtualClock(1000.0)
        points = tuple(
            PointConfig(
                serial,
                settings=ModuleSettings(primary_address=number),
                start_time=NOON,
                readout_interval=3600.0,
                paced=False,
            )
            for number, serial in enumerate(SERIALS[:count], 1)
        )
        self.station = Station(StationConfig((), modules=points), self.clock)
        self.station.start()
        self.clock.advance(60)
        allowance = Allowance(AT_START[line is None])
        self.session = MasterSession(self.station.connect_master(line), LINE, self.clock, allowance=allowance)
        self.lines = lines_of(self.run(read_slave(FIRST)).frames)
        self.station.point.faults.add(parse_fault(text))
        self.kind = text.split()[0]
        self.completes = not text.endswith("%")
        self.rows = len(self.station.traffic)

    def run(self, procedure: Procedure[Any]) -> Any:
        """Return the result of a procedure, or the ProcedureFailed that it raises."""
        ends: list[Any] = []
        self.session.run(procedure, ends.append, ends.append)
        assert self.clock.run_until(self.clock.now() + 5000, lambda: bool(ends)), "the procedure never ends"
        assert not isinstance(ends[0], Exception) or isinstance(ends[0], ProcedureFailed)
        return ends[0]

    @property
    def commands(self) -> set[bytes]:
        """The commands that the modules received, without those that select one of them."""
        rows = rows_of(self.station.traffic, self.rows)
        frames = [parse_frame(row.data) for row in rows if row.direction is Direction.RECEIVED]
        return {each.data for each in frames if each.function is Function.SND_UD and each.ci == 0x51}


def lines_of(frames: tuple[Frame, ...]) -> list[str]:
    return restore_lines(decode_telegram(frame) for frame in frames)


@pytest.fixture(params=[(1, None), (3, LINE)], ids=["alone, network", "of three"])
def room(request: pytest.FixtureRequest) -> tuple[int, Line | None]:
    room: tuple[int, Line | None] = request.param
    return room


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("at", [FIRST, SlaveAddress(1)], ids=["secondary", "primary"])
def test_read(room: tuple[int, Line | None], text: str, at: SlaveAddress) -> None:
    bench = Bench(*room, text)
    end = bench.run(read_slave(at))
    if isinstance(end, ProcedureFailed):
        assert end.code != "no_data"
        assert not bench.completes
        return
    assert isinstance(end, SlaveReading)
    if end.complete:
        assert lines_of(end.frames) == bench.lines
    else:
        assert end.warnings
        # An application error other than "busy" is the slave's own answer.
        assert not bench.completes or bench.kind == "application-error"


@pytest.mark.parametrize("text", TEXTS)
def test_select(room: tuple[int, Line | None], text: str) -> None:
    bench = Bench(*room, text)
    end = bench.run(select(FIRST.selection or b""))
    if end is None:
        assert bench.station._links.bus._masters[0].bus.nodes[0].slave.selected is not None
    else:
        assert not bench.completes


def check_found(bench: Bench, found: list[FoundSlave]) -> None:
    """Check that each slave found exists, unless it is called a collision or is the one that fakes its identity."""
    known = {bytes.fromhex(serial)[::-1] for serial in SERIALS}
    for each in found:
        selection = each.frame and full_selection(each.frame)
        if selection and not each.collision:
            assert selection[:4] in known or bench.kind == "foreign"
    others = {bytes.fromhex(point.name)[::-1] for point in bench.station.points[1:]}
    seen = [selection[:4] for each in found if each.frame and (selection := full_selection(each.frame))]
    assert others <= set(seen)
    assert len(set(seen)) == len(seen) or bench.kind == "foreign"
    if bench.completes:
        assert len(found) == len(bench.station.points)


@pytest.mark.parametrize("text", TEXTS)
def test_scan_primary(room: tuple[int, Line | None], text: str) -> None:
    bench = Bench(*room, text)
    end = bench.run(scan_primary(range(6), lambda _: None))
    check_found(bench, end)
    assert {found.at.primary for found in end} <= {1, 2, 3}


@pytest.mark.parametrize("text", TEXTS)
def test_search_secondary(room: tuple[int, Line | None], text: str) -> None:
    bench = Bench(*room, text)
    mask = bytes.fromhex("5010000F")[::-1] + b"\xff" * 4
    check_found(bench, bench.run(search_secondary(mask, lambda _: None)))


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("at", [FIRST, SlaveAddress(1)], ids=["secondary", "primary"])
def test_write(room: tuple[int, Line | None], text: str, at: SlaveAddress) -> None:
    bench = Bench(*room, text)
    module = bench.station.module
    results: list[RowResult] = []
    run = WriteRun(
        module.commands, {"tag": "7"}, at, bench.session.baud, on_begun=lambda *_: None, on_ended=results.append
    )
    end = bench.run(run.procedure())
    if isinstance(end, ProcedureFailed):
        run.stop(end)
    (result,) = results
    written = module.settings.value("tag") == 7
    assert result.outcome is not WriteOutcome.REFUSED
    if result.outcome is WriteOutcome.TAKEN:
        assert written
    if result.outcome is WriteOutcome.NOT_SENT:
        assert not written
        assert not bench.commands
    assert not any(point.module.settings.value("tag") == 7 for point in bench.station.points[1:])
    assert result.outcome is WriteOutcome.TAKEN or not bench.completes or bench.kind == "application-error"
