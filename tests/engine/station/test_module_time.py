"""The time of modules and meters: made faster and set, while the links keep real time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from cmi_gui.engine.cmi1020.disconnector import PROCESS_TIME
from cmi_gui.engine.cmi1020.indicators import Condition, Indicators, Lamps
from cmi_gui.engine.events import (
    ActionFinished,
    ActionStarted,
    DisconnectorChanged,
    InputsChanged,
    ModuleChanged,
    Notice,
    ReadoutDone,
    ReadoutFailed,
    ReadoutStarted,
    Stamped,
    TrafficAdded,
)
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.messages import InvalidValue
from cmi_gui.engine.station.metering_point import PointConfig
from cmi_gui.engine.station.module_time import MOST_DAYS, TimeRefused, parse_time
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.station.wiring import Wiring
from cmi_gui.engine.traffic.store import Side
from tests.helpers.module_bench import ModuleBench, bench_on_a_wire, text_command
from tests.helpers.station_bench import NOON

DAY = 86_400.0


def energy(station: Station, point: int = 0) -> dict[str, tuple[int, ...]]:
    """Return the exact registers of a meter now."""
    meter = station.points[point].meter
    assert meter is not None
    meter.advance(station.module_clock.now())
    return meter.registers.exact()


def history(bench: ModuleBench) -> list[Stamped]:
    return bench.stamped(ReadoutStarted, ReadoutDone, ReadoutFailed, InputsChanged, ActionStarted, ActionFinished)


# Faster


def happens(bench: ModuleBench, factor: float) -> list[tuple[float, object]]:
    """Operate a module; return its events with the time of the module since the start."""
    clock = bench.clock
    start = clock.now()
    bench.station.set_rate_input("A", 230)
    clock.advance(20 / factor)
    bench.station.press_button()
    clock.advance(100 / factor)
    bench.meter.faults.silent = True
    clock.advance(100 / factor)
    bench.meter.faults.silent = False
    clock.advance(300 / factor)
    return [((stamped.at - start) * factor, stamped.event) for stamped in history(bench)]


def test_at_every_factor_the_module_does_the_same() -> None:
    once = happens(ModuleBench(), 1)
    assert {type(event) for _, event in once} == {
        *(ReadoutStarted, ReadoutDone, ReadoutFailed, InputsChanged, ActionStarted, ActionFinished)
    }
    for factor in (0.1, 1, 60, 1000):
        bench = ModuleBench()
        bench.station.set_time_factor(factor)
        again = happens(bench, factor)
        assert [type(event) for _, event in again] == [type(event) for _, event in once]
        assert [at for at, _ in again] == pytest.approx([at for at, _ in once], abs=1e-3)
        lines = [event.lines for _, event in again if isinstance(event, ReadoutDone)]
        assert lines == [event.lines for _, event in once if isinstance(event, ReadoutDone)], "every digit of energy"


def test_times_of_the_module_at_x60() -> None:
    bench = ModuleBench()
    bench.station.set_time_factor(60)
    bench.clock.advance(3)
    started = [stamped.at for stamped in bench.stamped(ReadoutStarted)]
    assert [late - early for early, late in pairwise(started)] == pytest.approx([1.0, 1.0])

    begin = bench.clock.now()
    bench.station.set_rate_input("A", 230)
    state = bench.station.module_state()
    assert (state.unsteady_since, state.steady_at) == (begin, pytest.approx(begin + 5 / 60))
    bench.clock.advance(1)
    assert [stamped.at for stamped in bench.stamped(InputsChanged)] == pytest.approx([begin + 5 / 60])

    begin = bench.clock.now()
    assert bench.station.press_button() is None
    state = bench.station.module_state()
    assert (state.switching_since, state.switching_until) == (begin, pytest.approx(begin + PROCESS_TIME / 60))
    bench.clock.advance(1)
    moving, opened = bench.stamped(DisconnectorChanged)
    assert moving.at == begin
    assert begin + 10 / 60 < opened.at < begin + 20 / 60, "the readout after ten seconds shows it"
    assert bench.station.module_state().disconnector == "open"


def test_a_lock_out_at_x60() -> None:
    bench = ModuleBench()
    bench.send("01 FD 67 01")
    bench.meter.faults.refuse_passwords = True
    bench.station.set_time_factor(60)
    bench.station.press_button()
    assert bench.clock.run_until(bench.clock.now() + 5, lambda: bool(bench.station.module_state().locked_until))
    state, now = bench.station.module_state(), bench.clock.now()
    assert state.locked_for(now) == pytest.approx(bench.station.meter_profile.lockout / 60)
    assert not bench.station.module.control.actions.locked(bench.station.module_clock.now() + 61)


def test_lamps_stay_real() -> None:
    bench = ModuleBench(settled=False)
    bench.station.set_time_factor(60)
    bench.clock.advance(10)
    since = bench.station.module_state().green_since
    bench.clock.advance(10.2 - (bench.clock.now() - since))
    state = bench.station.module_state()
    assert state.condition == "normal"
    lamps = Indicators(Condition(state.condition), state.condition_since, state.green_since)
    lit = [lamps.lamps(since + 10.2 + after) for after in (0, 0.05, 0.15, 5.05, 5.15)]
    assert lit == [Lamps(red=False, green=on) for on in (True, True, False, False, True)]


def test_states_rows_and_events_have_times_of_the_station() -> None:
    bench = ModuleBench()
    bench.station.set_time_factor(60)
    begin = bench.clock.now()
    bench.clock.advance(30)
    rows = bench.station.traffic
    times = [rows.row(index).at for index in range(len(rows)) if rows.row(index).side is Side.METER]
    assert times == sorted(times)
    assert begin + 29 < times[-1] <= bench.clock.now()
    stamped = bench.stamped(ReadoutDone, ModuleChanged, TrafficAdded)
    assert all(begin <= each.at <= bench.clock.now() for each in stamped)
    state = bench.station.module_state()
    assert state.next_readout_at is not None
    assert bench.clock.now() - 1 < state.read_at < bench.clock.now() < state.next_readout_at < bench.clock.now() + 1


def test_a_change_of_the_factor_moves_what_is_awaited() -> None:
    bench = ModuleBench()
    bench.subscription.drain()
    bench.station.set_readout_interval(900)
    bench.station.set_time_factor(100)
    state = bench.states()[-1]
    assert state.next_readout_at is not None
    assert state.next_readout_at < bench.clock.now() + 9
    bench.station.set_time_factor(1)
    state = bench.states()[-1]
    assert state.next_readout_at is not None
    assert state.next_readout_at > bench.clock.now() + 800


# The bus stays real


@pytest.mark.parametrize("factor", [1, 60, 1000])
def test_answers_stay_in_their_window(monkeypatch: pytest.MonkeyPatch, factor: float) -> None:
    bench, wire = bench_on_a_wire(monkeypatch)
    bench.station.set_readout_interval(900)
    bench.station.set_time_factor(factor)
    bench.clock.advance(1)
    for _ in range(20):
        wire.arrivals.clear()
        begin = bench.clock.now()
        answer = wire.ask(Frame.short(0x5B, 0).to_bytes(), baud=2400, wait=4)
        assert answer[:1] == b"\x68"
        assert wire.arrivals[0] == pytest.approx(begin + 5 * 11 / 2400 + 22 / 2400, abs=1e-6)
        assert wire.arrivals[-1] - wire.arrivals[0] == pytest.approx((len(answer) - 1) * 11 / 2400, abs=1e-6)


def asked(bench: ModuleBench, frame: Frame) -> bytes:
    """Return the answer to a frame on the master's wire, which has no speed."""
    sent: list[bytes] = []
    bench.driver.tap = lambda direction, data, at: sent.append(data) if direction == "rx" else None
    bench.driver.link.send(99, frame.to_bytes(), bench.clock.now(), bench.clock.now() + 1)
    bench.clock.advance(0.5)
    return b"".join(sent)


@pytest.mark.parametrize(("wait", "same"), [(4.4, True), (5.1, False)])
def test_a_repeated_fcb_within_five_real_seconds(wait: float, same: bool) -> None:
    bench = ModuleBench()
    bench.station.set_time_factor(60)
    asked(bench, Frame.short(0x40, 0))
    first = asked(bench, Frame.short(0x7B, 0))
    bench.clock.advance(wait - 0.5)
    assert (asked(bench, Frame.short(0x7B, 0)) == first) is same


@pytest.mark.parametrize(("wait", "times"), [(9.9, 1), (10.1, 2)])
def test_a_repeated_command_within_ten_real_seconds(wait: float, times: int) -> None:
    bench = ModuleBench()
    bench.station.set_time_factor(60)
    frame = Frame.long(0x73, 0, 0x51, text_command("display", "HELLO"))
    assert asked(bench, frame) == b"\xe5"
    bench.clock.advance(wait - 0.5)
    assert asked(bench, frame) == b"\xe5"
    bench.clock.advance(5)
    assert len(bench.events(ActionFinished)) == times


@pytest.mark.parametrize(("wait", "goes_on"), [(59.0, True), (61.0, False)])
def test_a_series_lives_sixty_real_seconds(wait: float, goes_on: bool) -> None:
    bench = ModuleBench()
    bench.station.set_time_factor(60)
    asked(bench, Frame.short(0x40, 0))
    first, second = asked(bench, Frame.short(0x7B, 0)), asked(bench, Frame.short(0x5B, 0))
    assert len(first) != len(second)
    asked(bench, Frame.short(0x40, 0))
    asked(bench, Frame.short(0x7B, 0))
    bench.clock.advance(wait - 0.5)
    assert (len(asked(bench, Frame.short(0x5B, 0))) == len(second)) is goes_on


@pytest.mark.parametrize(("wait", "kept"), [(298.0, True), (301.0, False)])
def test_an_unconfirmed_speed_lasts_five_real_minutes(monkeypatch: pytest.MonkeyPatch, wait: float, kept: bool) -> None:
    bench, wire = bench_on_a_wire(monkeypatch)
    bench.station.set_time_factor(60)
    assert wire.ask(Frame.long(0x73, 0, 0xB8, b"").to_bytes(), baud=2400, wait=1) == b"\xe5"
    bench.clock.advance(wait - 1)
    assert wire.ping(300) is kept
    assert wire.ping(2400) is not kept


def test_a_command_of_a_master_begins_now() -> None:
    bench = ModuleBench()
    bench.station.set_time_factor(1000)
    bench.clock.advance(1)
    begin = bench.clock.now()
    assert bench.send("01 FD 1F 00")
    bench.clock.advance(0.1)
    moving, opened = bench.stamped(DisconnectorChanged)
    assert moving.at == pytest.approx(begin, abs=1e-3)
    assert moving.at + 0.01 < opened.at < moving.at + 0.02


# Set


@pytest.mark.parametrize("seconds", [1, 45, 3600.5, 10 * DAY, 100 * DAY])
def test_a_leap_counts_the_same_energy_as_the_time_itself(seconds: float) -> None:
    passed, leapt = (ModuleBench(readout_interval=DAY) for _ in range(2))
    for bench in (passed, leapt):
        bench.meter.set_solar_peak(6000, bench.clock.now())
    passed.clock.advance(min(seconds, 2 * DAY))
    passed.meter.advance(passed.clock.now() + seconds - min(seconds, 2 * DAY))
    wall = leapt.station.time.wall
    leapt.station.set_time(wall + timedelta(seconds=seconds))
    leapt.clock.advance(0)
    assert leapt.station.time.wall == wall + timedelta(seconds=seconds)
    assert energy(leapt.station) == passed.meter.registers.exact()


def test_after_a_leap_the_meter_is_read_and_the_clock_goes_on() -> None:
    bench = ModuleBench(readout_interval=900.0)
    before = bench.station.module.lines
    begin = bench.clock.now()
    bench.station.set_time(datetime(2026, 12, 24, 18))
    bench.clock.advance(10)
    done = bench.stamped(ReadoutDone)
    assert len(done) == 1
    assert begin < done[0].at < begin + 10
    assert bench.station.module.lines != before
    assert bench.station.time.wall == datetime(2026, 12, 24, 18, 0, 10)
    bench.clock.advance(910)
    assert len(bench.events(ReadoutDone)) == 1, "the interval begins with that readout"


@pytest.mark.parametrize("into", [0.2, 1.0, 2.0])
def test_a_leap_lets_a_session_end(into: float) -> None:
    bench = ModuleBench()
    bench.station.read_now()
    assert bench.clock.run_until(bench.clock.now() + 1, lambda: bool(bench.events(ReadoutStarted)))
    bench.clock.advance(into)
    assert bench.station.module_state().readout_line is not None
    bench.station.set_time(NOON + timedelta(days=90))
    bench.clock.advance(20)
    assert len(bench.events(ReadoutDone)) == 2
    assert bench.events(ReadoutFailed) == []


@pytest.mark.parametrize("into", [0.0, 1.0, 5.0, 9.9, 10.5])
def test_a_leap_during_switching_of_the_disconnector(into: float) -> None:
    bench = ModuleBench()
    bench.station.press_button()
    bench.clock.advance(into)
    before = energy(bench.station)
    bench.station.set_time(NOON + timedelta(days=90))
    bench.clock.advance(5)
    assert bench.station.module_state().disconnector == "open"
    assert bench.events(ReadoutFailed) == []
    grown = energy(bench.station)["1"][0] - before["1"][0]
    assert grown < 20 * 3000 * 1_000_000, "nothing is counted after the meter has switched"


def test_set_back_only_the_wall_time_changes() -> None:
    bench = ModuleBench()
    before, next_at = energy(bench.station), bench.station.module_state().next_readout_at
    bench.station.set_time(datetime(2026, 1, 1))
    assert bench.station.time.wall == datetime(2026, 1, 1)
    assert energy(bench.station) == before
    assert bench.station.module_state().next_readout_at == next_at
    bench.clock.advance(3600)
    winter = energy(bench.station)
    bench.station.set_time(datetime(2026, 1, 1))
    bench.clock.advance(3600)
    again = energy(bench.station)
    hours = [late["1"][0] - early["1"][0] for early, late in ((before, winter), (winter, again))]
    assert hours[0] == hours[1], "the same hour of the same day"


def test_a_leap_while_time_is_fast() -> None:
    bench = ModuleBench()
    bench.station.set_time_factor(60)
    bench.clock.advance(1)
    bench.station.set_time(datetime(2026, 7, 1))
    bench.clock.advance(60)
    time = bench.station.time
    assert (time.factor, time.behind) == (60, 0)
    assert abs(time.wall - datetime(2026, 7, 1, 1)) < timedelta(milliseconds=1)


def test_a_leap_during_another_does_not_exceed_the_limit() -> None:
    points = tuple(PointConfig(f"5010000{index}", seed=index, start_time=NOON, paced=False) for index in range(2))
    bench = ModuleBench(modules=points, variant="M29")
    bench.station.set_time(bench.station.time.wall + timedelta(days=MOST_DAYS // 2 - 1))
    with pytest.raises(InvalidValue, match=r"at most 1826 days, not 182[67]"):
        bench.station.set_time(bench.station.time.wall + timedelta(days=MOST_DAYS // 2 + 1))


def test_all_points_have_one_time() -> None:
    points = tuple(PointConfig(f"5010000{index}", seed=index, start_time=NOON) for index in range(3))
    bench, same = (ModuleBench(modules=points, variant="M29") for _ in range(2))
    bench.station.set_time(bench.station.time.wall + timedelta(days=30))
    bench.clock.advance(60)
    same.clock.advance(60)
    for index, point in enumerate(same.station.points):
        assert point.meter is not None
        point.meter.advance(same.clock.now() + 30 * DAY)
        assert energy(bench.station, index) == point.meter.registers.exact()
    assert all(point.module.contact for point in bench.station.points)


def test_what_was_counted_is_kept(tmp_path: Path) -> None:
    bench = ModuleBench(state_dir=tmp_path)
    bench.station.set_time(NOON + timedelta(days=365))
    bench.clock.advance(1)
    counted = energy(bench.station)
    bench.station.stop()
    again = ModuleBench(settled=False, state_dir=tmp_path)
    assert again.meter.registers.exact() == counted
    again.station.stop()


def test_another_variant_has_the_same_time() -> None:
    bench = ModuleBench()
    bench.station.set_time(datetime(2026, 3, 1))
    bench.station.set_time(datetime(2027, 3, 1))
    bench.clock.advance(1)
    wall = bench.station.time.wall
    bench.station.rewire(Wiring((), variant="M26"))
    assert bench.station.time.wall == wall
    assert bench.meter._start_wall + bench.meter._elapsed == (wall - datetime(1970, 1, 1)) // timedelta(milliseconds=1)


# A real meter


CHANGES: dict[str, Callable[[Station], object]] = {
    "set": lambda station: station.set_time(datetime(2027, 1, 1)),
    "set back": lambda station: station.set_time(datetime(2020, 1, 1)),
    "faster": lambda station: station.set_time_factor(60),
}


@pytest.mark.parametrize("change", CHANGES)
def test_with_a_real_meter_time_is_not_changed(change: str) -> None:
    bench = ModuleBench(meter="tcp://127.0.0.1:1", settled=False)
    with pytest.raises(TimeRefused, match="cannot be changed while a real meter is wired"):
        CHANGES[change](bench.station)
    assert bench.station.module_clock.is_base
    bench.station.stop()


def test_a_real_meter_ends_the_factor(meter_link: str) -> None:
    bench = ModuleBench()
    bench.station.set_time_factor(60)
    bench.station.set_time(NOON + timedelta(days=1))
    bench.station.rewire(Wiring((), meter=meter_link))
    assert bench.notices() == ["time_real"]
    time = bench.station.time
    assert (time.factor, time.behind) == (1, 0)
    begin, own = bench.clock.now(), bench.station.module_clock.now()
    bench.clock.advance(100)
    assert bench.station.module_clock.now() == pytest.approx(own + 100)
    bench.station.rewire(Wiring(()))
    bench.clock.advance(30)
    assert bench.station.module.contact
    bench.station.stop()
    assert begin < bench.station.module_state().read_at < bench.clock.now()


@pytest.fixture
def meter_link() -> str:
    return "tcp://127.0.0.1:1"


# Texts and limits


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-06-21T12:00", datetime(2026, 6, 21, 12)),
        ("2026-06-21T12:00:30", datetime(2026, 6, 21, 12, 0, 30)),
        ("x60", 60.0),
        ("x0.5", 0.5),
    ],
)
def test_a_text_is_a_time_or_a_factor(text: str, expected: Any) -> None:
    assert parse_time(text) == expected


@pytest.mark.parametrize("text", ["", "x", "60", "xx", "noon", "2026-13-01T00:00", "2026-06-21T12:00+02:00", "12:00"])
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="such as 2026-06-21T12:00"):
        parse_time(text)


@pytest.mark.parametrize("factor", [0.0, -1.0, 0.09, 1001.0, float("nan"), float("inf")])
def test_a_factor_is_limited(factor: float) -> None:
    bench = ModuleBench(settled=False)
    with pytest.raises(InvalidValue, match=r"0\.1 to 1000 times as fast"):
        bench.station.set_time_factor(factor)
    assert bench.station.module_clock.is_base


@pytest.mark.parametrize("wall", [datetime(1999, 12, 31), datetime(2100, 1, 1), datetime(2037, 1, 1)])
def test_a_wall_time_is_limited(wall: datetime) -> None:
    bench = ModuleBench(settled=False)
    with pytest.raises(InvalidValue):
        bench.station.set_time(wall)
    assert bench.station.module_clock.is_base
    assert bench.events(Notice) == []
