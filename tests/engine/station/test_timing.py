"""Times of the module in virtual time: just before nothing happens, at the moment itself it does."""

from __future__ import annotations

from itertools import pairwise

import pytest

from cmi_gui.engine.cmi1020.indicators import Condition, Lamps
from cmi_gui.engine.e350 import meter as meter_module
from cmi_gui.engine.events import (
    ActionFinished,
    ActionStarted,
    ContactChanged,
    InputsChanged,
    ReadoutDone,
    ReadoutFailed,
    ReadoutStarted,
)
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.traffic.store import Direction, Side
from tests.helpers.module_bench import ModuleBench, bench_on_a_wire, text_command


@pytest.fixture
def bench() -> ModuleBench:
    return ModuleBench()


def at(bench: ModuleBench, kind: type) -> list[float]:
    """When events of a kind happened since the last look."""
    return [stamped.at for stamped in bench.stamped(kind)]


# Rate inputs


def test_a_combination_of_4_999_seconds_does_not_change_the_rate(bench: ModuleBench) -> None:
    bench.set_inputs(a=True, b=False)
    bench.clock.advance(4.999)
    bench.set_inputs(a=False, b=False)
    bench.clock.advance(100)
    assert bench.events(InputsChanged, ActionStarted) == []
    assert bench.meter_rate() == 1


def test_after_five_seconds_it_does(bench: ModuleBench) -> None:
    start = bench.clock.now()
    bench.set_inputs(a=True, b=False)
    bench.clock.advance(4.999)
    assert bench.station.module.control.actions.running is None
    bench.clock.advance(0.001)
    module_data = bench.stamped(InputsChanged, ActionStarted)
    assert [type(stamped.event) for stamped in module_data] == [InputsChanged, ActionStarted]
    assert [stamped.at for stamped in module_data] == pytest.approx([start + 5.0] * 2, abs=1e-6)
    bench.clock.advance(10)
    assert bench.meter_rate() == 2


def test_every_change_restarts_the_five_seconds(bench: ModuleBench) -> None:
    for turn in range(40):
        bench.set_inputs(a=turn % 2 == 0, b=turn % 3 == 0)
        bench.clock.advance(4.9)
    assert bench.events(InputsChanged, ActionStarted) == []
    bench.set_inputs(a=True, b=True)
    bench.clock.advance(4.999)
    assert bench.events(InputsChanged) == []
    bench.clock.advance(0.001)
    assert len(bench.events(InputsChanged)) == 1


def test_the_first_combination_after_power_up_needs_five_seconds_too() -> None:
    bench = ModuleBench(settled=False)
    bench.set_inputs(a=False, b=True)
    bench.clock.advance(4.999)
    assert bench.events(ActionStarted, InputsChanged) == []
    bench.clock.advance(20)
    assert bench.meter_rate() == 3


# The disconnector's ten seconds


def test_a_second_press_at_9_9_seconds_is_ignored(bench: ModuleBench) -> None:
    start = bench.clock.now()
    bench.station.press_button()
    assert at(bench, ActionStarted) == [start]
    bench.clock.advance(9.9)
    bench.notices()
    bench.station.press_button()
    assert bench.notices() == ["disconnector_busy"]
    bench.clock.advance(30)
    assert bench.module_data().disconnector == 0
    assert bench.outcomes() == [], "the first had ended before; there was no second"


def test_at_ten_seconds_a_readout_is_forced(bench: ModuleBench) -> None:
    start = bench.clock.now()
    bench.station.press_button()
    bench.clock.advance(9.999)
    assert at(bench, ReadoutStarted) == []
    assert bench.station.module.control.disconnector == 2
    bench.clock.advance(0.001)
    assert at(bench, ReadoutStarted) == pytest.approx([start + 10.0], abs=1e-6)
    bench.clock.advance(10)
    assert bench.station.module.control.disconnector == 0
    bench.station.press_button()
    bench.clock.advance(20)
    assert bench.station.module.control.disconnector == 1


def test_a_readout_from_before_the_end_does_not_count(bench: ModuleBench, monkeypatch: pytest.MonkeyPatch) -> None:
    """At 300 bit/s a readout takes 25 s; one that began while the disconnector moved has the old state."""
    bench.meter.offer_speed("0")
    monkeypatch.setattr(meter_module, "SWITCH_SECONDS", 6.0)
    bench.station.press_button()
    bench.clock.advance(3)
    bench.station.read_now()
    bench.clock.advance(30)
    (first, *_) = bench.events(ReadoutDone)
    assert isinstance(first, ReadoutDone)
    word = next(line for line in first.lines if line.startswith("C.5.0"))
    assert int(word[6:10], 16) & 1 << 10, "closed still"
    assert bench.station.module.control.disconnector == 2
    bench.clock.advance(40)
    assert bench.station.module.control.disconnector == 0
    assert bench.module_data().status == 0


def test_a_meter_that_moves_too_late_is_reported_as_refused(
    bench: ModuleBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meter_module, "SWITCH_SECONDS", 30.0)
    bench.station.press_button()
    bench.clock.advance(20)
    assert bench.module_data().disconnector == 1
    assert bench.module_data().status == 0x80
    bench.clock.advance(60)
    assert bench.module_data().disconnector == 0, "what the meter reports"


# LEDs

EDGES_AFTER_MS = (0, 99, 100, 499, 500, 999, 1000, 5099, 5100, 5199, 5200, 10_199, 10_200, 10_299, 10_300)


def expected_lamps(condition: Condition, since_ms: int, green_ms: int) -> Lamps:
    """The table of the manual, repeated here."""
    green = green_ms % 5100 < 100
    match condition:
        case Condition.NO_METER:
            return Lamps(since_ms % 5100 < 100, False)
        case Condition.NO_METER_NUMBER:
            return Lamps(True, green)
        case Condition.RATE_ERROR:
            return Lamps(since_ms % 1000 < 500, green)
        case Condition.NORMAL:
            return Lamps(False, green)
        case Condition.NO_BUS:
            return Lamps(False, False)


def enter(bench: ModuleBench, condition: Condition) -> None:
    match condition:
        case Condition.NO_METER:
            bench.meter.faults.silent = True
        case Condition.NO_METER_NUMBER:
            bench.meter.faults.no_meter_number = True
        case Condition.RATE_ERROR:
            bench.send("01 7C 03 6E 65 72 00")
            bench.set_inputs(a=True, b=True)
        case Condition.NO_BUS:
            bench.station.set_bus_voltage(0)
        case Condition.NORMAL:
            pass


@pytest.mark.parametrize("condition", list(Condition))
def test_lamps_to_the_millisecond(condition: Condition) -> None:
    bench = ModuleBench(settled=False)
    bench.clock.advance(20)
    (normal, *_) = [state.condition_since for state in bench.states() if state.condition == "normal"]
    enter(bench, condition)
    bench.clock.advance(100)
    (since, *_) = [state.condition_since for state in bench.states() if state.condition == condition.value]
    module = bench.station.module
    assert module.indicators.condition is condition
    for after in EDGES_AFTER_MS:
        when = since + after / 1000
        green_ms = round((when - normal) * 1000)
        if abs((green_ms % 5100) - 100) <= 1 or green_ms % 5100 in (0, 5099):
            continue  # the green lamp changes within this millisecond
        assert module.indicators.lamps(when) == expected_lamps(condition, after, green_ms), after


def test_the_lamps_at_the_edges_of_the_green_flash(bench: ModuleBench) -> None:
    bench = ModuleBench(settled=False)
    bench.clock.advance(20)
    (since,) = {state.condition_since for state in bench.states() if state.condition == "normal"}
    lamps = bench.station.module.indicators.lamps
    lit = [after for after in range(20_500) if lamps(since + after / 1000).green]
    assert lit == [
        *range(100),
        *range(5100, 5200),
        *range(10_200, 10_300),
        *range(15_300, 15_400),
        *range(20_400, 20_500),
    ]


def test_next_lamp_change_walks_the_edges(bench: ModuleBench) -> None:
    module = bench.station.module
    when = bench.clock.now()
    edges = []
    for _ in range(6):
        following = module.indicators.next_change(when)
        assert following is not None
        when = following
        edges.append(round(when, 3))
    gaps = {round(b - a, 3) for a, b in pairwise(edges)}
    assert gaps == {0.1, 5.0}


# The lock-out after a wrong password


def test_the_lock_out_of_60_seconds(bench: ModuleBench) -> None:
    bench.send(text_command("p1", "wrong"))
    bench.send("01 FF 13 04")
    bench.clock.advance(10)
    (finished,) = bench.stamped(ActionFinished)
    assert isinstance(finished.event, ActionFinished)
    assert finished.event.outcome == "denied"
    denied = finished.at
    bench.station.read_now()
    bench.station.press_button()
    bench.send(text_command("display", "HELLO"))
    bench.clock.run_until(denied + 59.999)
    traffic = bench.station.traffic
    rows = [traffic.row(index) for index in range(len(traffic))]
    assert [row for row in rows if row.side is Side.METER and row.at > denied] == [], "no byte in either direction"
    assert bench.events(ReadoutStarted, ReadoutFailed, ContactChanged, ActionStarted) == []
    assert bench.station.module.contact
    assert bench.station.module.indicators.condition is Condition.RATE_ERROR
    bench.clock.run_until(denied + 61)
    ((at, event),) = [(stamped.at, stamped.event) for stamped in bench.stamped(ActionStarted, ReadoutStarted)]
    assert (type(event), at) == (ActionStarted, pytest.approx(denied + 60, abs=1e-6))


def test_after_the_lock_out_reading_continues_without_the_wrong_password(bench: ModuleBench) -> None:
    bench.send(text_command("p1", "wrong"))
    bench.send("01 FF 13 04")
    bench.clock.advance(1000)
    traffic = bench.station.traffic
    rows = [traffic.row(index) for index in range(len(traffic))]
    sent = [row.data for row in rows if row.side is Side.METER and row.direction is Direction.SENT]
    assert sum(data.startswith(b"\x01P") for data in sent) == 1
    events = bench.events(ReadoutDone, ReadoutFailed, ContactChanged, ActionStarted)
    assert sum(isinstance(event, ReadoutDone) for event in events) >= 15
    assert sum(isinstance(event, ActionStarted) for event in events) == 1
    assert not [event for event in events if isinstance(event, ReadoutFailed | ContactChanged)]


def test_a_power_cut_clears_the_lock_out(bench: ModuleBench) -> None:
    bench.send(text_command("p1", "wrong"))
    bench.send("01 FF 13 04")
    bench.clock.advance(10)
    bench.station.set_bus_voltage(0)
    bench.clock.advance(1)
    bench.station.set_bus_voltage(24)
    bench.clock.advance(10)
    assert not bench.station.module.contact, "the meter is deaf still, and the module has forgotten why"
    bench.clock.advance(80)
    assert bench.station.module.contact
    assert bench.module_data().status == 0


# Readouts


def test_a_readout_every_60_seconds_from_start_to_start(bench: ModuleBench) -> None:
    bench.clock.advance(300)
    started = at(bench, ReadoutStarted)
    assert started == pytest.approx([1060.0, 1120.0, 1180.0, 1240.0, 1300.0], abs=1e-6)


def test_a_failed_readout_is_retried_after_five_seconds_and_contact_is_lost_after_three(bench: ModuleBench) -> None:
    bench.meter.faults.silent = True
    bench.clock.advance(100)
    events = bench.stamped(ReadoutStarted, ReadoutFailed, ContactChanged)
    failed = [stamped.at for stamped in events if isinstance(stamped.event, ReadoutFailed)]
    started = [stamped.at for stamped in events if isinstance(stamped.event, ReadoutStarted)]
    lost = [stamped.at for stamped in events if isinstance(stamped.event, ContactChanged)]
    assert started[1:4] == pytest.approx([when + 5.0 for when in failed[:3]], abs=1e-6)
    assert lost == [failed[2]]


def test_a_success_after_two_failures_restarts_the_count(bench: ModuleBench) -> None:
    for _ in range(5):
        bench.meter.faults.silent = True
        assert bench.clock.run_until(bench.clock.now() + 90, lambda: bench.station.module.schedule.failures == 2)
        bench.meter.faults.silent = False
        bench.clock.advance(20)
    assert bench.events(ContactChanged) == []
    assert bench.station.module.contact


# The bus


def test_the_answer_begins_after_eleven_bit_times(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, wire = bench_on_a_wire(monkeypatch)
    begin = bench.clock.now()
    assert wire.ping(2400)
    request_ends = begin + 5 * 11 / 2400
    assert wire.arrivals == pytest.approx([request_ends + (11 + 11) / 2400], abs=1e-6)


def test_an_unused_speed_falls_back_after_300_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, wire = bench_on_a_wire(monkeypatch)
    begin = bench.clock.now()
    assert wire.ask(Frame.long(0x73, 0, 0xB8, b"").to_bytes(), baud=2400) == b"\xe5"
    changed = begin + 9 * 11 / 2400
    bench.clock.run_until(changed + 299.5)
    assert wire.ask(Frame.short(0x40, 0).to_bytes(), baud=2400, wait=0.4) == b"", "still at 300 bit/s"
    bench.clock.run_until(changed + 300.1)
    assert wire.ping(2400)
    assert not wire.ping(300)
    assert bench.station.module.baud == 2400


def test_a_speed_used_in_time_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, wire = bench_on_a_wire(monkeypatch)
    wire.ask(Frame.long(0x73, 0, 0xB8, b"").to_bytes(), baud=2400)
    bench.clock.advance(290)
    assert not wire.ping(300, address=7), "a telegram to another slave proves nothing"
    assert wire.ping(300)
    bench.clock.advance(1000)
    assert wire.ping(300)
    assert bench.station.module.baud == 300


def test_without_power_an_unused_speed_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, wire = bench_on_a_wire(monkeypatch)
    wire.ask(Frame.long(0x73, 0, 0xB8, b"").to_bytes(), baud=2400)
    bench.restart_module()
    assert wire.ping(2400)
    assert not wire.ping(300)


def test_a_used_speed_survives_without_power(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, wire = bench_on_a_wire(monkeypatch)
    wire.ask(Frame.long(0x73, 0, 0xB8, b"").to_bytes(), baud=2400)
    assert wire.ping(300)
    bench.restart_module()
    assert wire.ping(300)
    assert not wire.ping(2400)
