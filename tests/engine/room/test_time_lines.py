"""The lines of time, on a station in virtual time."""

from __future__ import annotations

from datetime import datetime

import pytest

from cmi_gui.engine.messages import Message
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.station import Station
from tests.helpers.lines import control, result_of
from tests.helpers.module_bench import ModuleBench


@pytest.fixture
def bench() -> ModuleBench:
    return ModuleBench(readout_interval=900.0)


def test_time_is_shown_set_and_made_faster(bench: ModuleBench) -> None:
    station = bench.station
    assert control(station, "time") == {"time": "2026-06-01T12:00:20", "factor": 1.0, "behind": 0.0}
    assert control(station, "time x60") == {"time": "2026-06-01T12:00:20", "factor": 60.0, "behind": 0.0}
    bench.clock.advance(1)
    assert control(station, "time")["time"] == "2026-06-01T12:01:20"
    given = control(station, "time 2026-06-21T12:00")
    assert given["behind"] == (datetime(2026, 6, 21, 12) - datetime(2026, 6, 1, 12, 1, 50)).total_seconds()
    bench.clock.advance(1)
    expected = {"time": "2026-06-21T12:01:00", "factor": 60.0, "behind": 0.0}
    assert control(station, "time") == expected
    status = control(station, "status")
    assert {name: status[name] for name in expected} == expected
    assert control(station, "time X1")["factor"] == 1.0


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("time noon", "a time is a local date and time such as 2026-06-21T12:00, or a factor such as x60, not noon"),
        ("time x0", "time can pass 0.1 to 1000 times as fast, not 0"),
        ("time x1001", "time can pass 0.1 to 1000 times as fast, not 1001"),
        ("time 2101-01-01T00:00", "the year must be 2000 to 2099, not 2101"),
        ("time 2036-06-21T12:00", "time can be set ahead by at most 3653 days, not 3672"),
    ],
)
def test_a_wrong_time_is_refused_with_its_limits(bench: ModuleBench, line: str, message: str) -> None:
    result = result_of(bench.station, line)
    assert (result.ok, result.code, str(result.message)) == (False, "bad_line", message)
    assert bench.station.module_clock.is_base


@pytest.mark.parametrize("line", ["time x60", "time 2026-06-21T12:00", "time 2020-01-01T00:00"])
def test_with_a_real_meter_the_lines_of_time_are_refused(line: str) -> None:
    bench = ModuleBench(meter="tcp://127.0.0.1:1", settled=False)
    result = result_of(bench.station, line)
    expected = Message("the time cannot be changed while a real meter is wired; wire the simulated meter first")
    assert (result.ok, result.code, result.message) == (False, "real_meter", expected)
    assert control(bench.station, "time")["factor"] == 1.0
    bench.station.stop()


def test_a_line_for_a_meter_uses_its_own_time(bench: ModuleBench) -> None:
    """What is done to a meter after a leap is done at the time of the meter."""
    control(bench.station, "time 2026-12-21T12:00")
    bench.clock.advance(5)
    control(bench.station, "meter register 1.8.1 5000")
    bench.clock.advance(0.5)
    assert bench.meter.registers.wh("1.8.1") == 5000
    control(bench.station, "time x1000")
    bench.clock.advance(60)
    assert bench.meter.registers.wh("1.8.1") > 5000


def test_a_station_that_has_not_started_has_a_time() -> None:
    bench = ModuleBench(settled=False)
    station = Station(StationConfig(mbus=(), start_time=datetime(2026, 1, 1)), bench.clock)
    assert control(station, "time 2026-02-01T00:00")["time"] == "2026-01-01T00:00:30"
    bench.clock.advance(1)
    assert control(station, "time") == {"time": "2026-02-01T00:00:01", "factor": 1.0, "behind": 0.0}
