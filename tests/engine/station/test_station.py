"""Module, meter and bus together, in virtual time."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.indicators import Condition, Lamps
from cmi_gui.engine.driver import Driver
from cmi_gui.engine.e350.registers import CHANNELS, EnergyRegisters
from cmi_gui.engine.events import (
    ContactChanged,
    Dropped,
    InputsChanged,
    ModuleChanged,
    Notice,
    ReadoutDone,
    ReadoutFailed,
    ReadoutStarted,
)
from cmi_gui.engine.iec62056.events import Failed, FailureCause, Limits
from cmi_gui.engine.iec62056.reading_device import ReadingDevice
from cmi_gui.engine.link.memory import memory_pair
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.mbus.exchange import Exchange, Expect, Procedure, ProcedureFailed
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.scan import scan_primary
from cmi_gui.engine.mbus.slave_address import mask_bytes
from cmi_gui.engine.mbus.telegram import decode_telegram
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.simulated_meter import USED_METER
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.traffic.store import Direction, RowKind, Side
from cmi_gui.engine.traffic.summaries import summarise
from tests.helpers.station_bench import Bench, read_primary, read_secondary


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_the_first_readout_begins_at_power_up_and_repeats_every_minute(bench: Bench) -> None:
    bench.clock.advance(125)
    reported = bench.stamped(ReadoutStarted, ReadoutDone, ContactChanged)
    started = [stamped.at for stamped in reported if isinstance(stamped.event, ReadoutStarted)]
    assert started == [1000.0, 1060.0, 1120.0]
    assert [stamped.event for stamped in reported if isinstance(stamped.event, ContactChanged)] == [
        ContactChanged(True)
    ]


def test_progress_is_reported_while_lines_come_in() -> None:
    bench = Bench(variant="M26")
    bench.clock.advance(70)
    progress = [state.readout_line for state in bench.states()]
    lines = [line for line, _ in groupby(progress) if line is not None and line[0]]
    first, second = ([count for count, expected in lines if expected == known] for known in (None, 22))
    assert first == second == sorted({*first})
    assert len(first) > 2
    assert first[-1] <= 22


def test_before_the_first_readout_the_module_answers_without_a_meter(bench: Bench) -> None:
    (frame,) = bench.run(read_primary(0))
    telegram = decode_telegram(frame)
    assert telegram.header is not None
    assert telegram.header.status == 0x10
    assert len(telegram.records) == 5
    assert bench.station.module.indicators.condition is Condition.NO_METER


@pytest.mark.parametrize("variant", ["M23", "M26", "M27", "M29", "full"])
def test_all_lines_of_every_variant_are_sent_exactly_over_the_bus(variant: str) -> None:
    bench = Bench(variant=variant)
    bench.clock.advance(10)
    lines = bench.lines(bench.run(read_primary(0)))
    assert tuple(lines) == bench.station.module.lines
    assert bench.lines(bench.run(read_secondary(mask_bytes("12345678")))) == lines


def test_the_meter_number_selects_in_full_but_never_by_wildcard(bench: Bench) -> None:
    bench.clock.advance(10)
    number = bench.station.module.meter_number
    assert number is not None
    (frame, *_) = bench.run(read_secondary(mask_bytes(number)))
    header = decode_telegram(frame).header
    assert header is not None
    assert header.id == number
    with pytest.raises(ProcedureFailed, match="no slave answers"):
        bench.run(read_secondary(mask_bytes("F" + number[1:])))


def test_a_master_that_never_toggles_gets_fresh_data_every_time() -> None:
    bench = Bench(variant="full", readout_interval=60.0, paced=False)
    bench.clock.advance(10)

    def request() -> Procedure:
        answer = yield Exchange(Frame.short(0x5B, 0), Expect.RESPONSE)
        return answer.frame

    totals = []
    for _ in range(6):
        frame = bench.run(request())
        totals.append(next(line for line in bench.lines([frame]) if line.startswith("15.8.0")))
        bench.clock.advance(600)
    assert totals == sorted(set(totals)), "every reading is later than the one before"


def test_a_snapshot_does_not_change_while_it_is_read() -> None:
    bench = Bench(variant="full", readout_interval=5.0)
    bench.clock.advance(20)
    seen: list[str] = []

    def slowly() -> Procedure:
        for turn in range(4):
            answer = yield Exchange(Frame.short(0x7B ^ (0x20 * (turn % 2)), 0), Expect.RESPONSE)
            assert answer.frame is not None
            seen.extend(bench.lines([answer.frame]))
            bench.clock.call_at(bench.clock.now(), lambda: None)
            yield Exchange(Frame.short(0x40, 77), Expect.ACK, retries=20)  # another device, for six seconds

    expected = bench.station.module.lines
    bench.run(slowly())
    assert tuple(seen) == expected
    assert bench.station.module.lines != expected


def test_contact_is_lost_after_three_failures_and_found_again(bench: Bench) -> None:
    bench.clock.advance(30)
    meter = bench.station.meter
    assert meter is not None
    bench.events()
    before = bench.station.module.lines
    meter.faults.silent = True
    bench.clock.advance(70)
    failures = bench.events(ReadoutFailed, ContactChanged, ModuleChanged)
    assert [event.attempt for event in failures if isinstance(event, ReadoutFailed)][:3] == [1, 2, 3]
    assert [event.contact for event in failures if isinstance(event, ContactChanged)] == [False]
    assert [event.state.condition for event in failures if isinstance(event, ModuleChanged)][-1] == "no_meter"
    (frame, *_) = frames = bench.run(read_primary(0))
    header = decode_telegram(frame).header
    assert header is not None
    assert header.status == 0x10
    assert tuple(bench.lines(frames)) == before
    functions = {record.function.value for record in decode_telegram(frame).records[5:]}
    assert functions == {"error"}
    assert bench.station.module.indicators.lamps(bench.clock.now()).green is False
    meter.faults.silent = False
    bench.clock.advance(20)
    assert bench.station.module.contact
    assert bench.station.module.indicators.condition is Condition.NORMAL


@pytest.mark.parametrize(
    ("fault", "cause"), [("silent", "silence"), ("bad_bcc", "bad_bcc"), ("garbled", "garbage"), ("delay", "silence")]
)
def test_each_fault_of_the_meter_has_its_own_cause(bench: Bench, fault: str, cause: str) -> None:
    meter = bench.station.meter
    assert meter is not None
    setattr(meter.faults, fault, 3.0 if fault == "delay" else True)
    bench.clock.advance(10)
    (first, *_) = bench.events(ReadoutFailed)
    assert isinstance(first, ReadoutFailed)
    assert first.cause == cause
    assert first.message


def test_a_readout_without_the_meter_number(bench: Bench) -> None:
    meter = bench.station.meter
    assert meter is not None
    meter.faults.no_meter_number = True
    bench.clock.advance(10)
    assert bench.station.module.indicators.condition is Condition.NO_METER_NUMBER
    (frame, *_) = bench.run(read_primary(0))
    header = decode_telegram(frame).header
    assert header is not None
    assert header.status == 0x40


def test_below_21_volts_the_module_is_dark_and_silent(bench: Bench) -> None:
    bench.clock.advance(10)
    bench.station.set_bus_voltage(20.9)
    assert bench.station.module.indicators.lamps(bench.clock.now()) == Lamps(False, False)
    with pytest.raises(ProcedureFailed, match="no answer"):
        bench.run(read_primary(0))
    bench.station.set_bus_voltage(21.0)
    assert bench.station.module.indicators.condition is Condition.NO_METER
    bench.clock.advance(10)
    assert bench.station.module.indicators.condition is Condition.NORMAL


def test_power_lost_in_the_middle_of_a_readout(bench: Bench) -> None:
    bench.clock.advance(1.0)
    assert bench.station.module.state().readout_line is not None
    bench.station.set_bus_voltage(0)
    bench.clock.advance(1.0)
    bench.station.set_bus_voltage(24)
    bench.clock.advance(20)
    assert bench.station.module.contact


def test_above_42_volts_it_works_and_warns(bench: Bench) -> None:
    bench.station.set_bus_voltage(45)
    (notice,) = bench.events(Notice)
    assert isinstance(notice, Notice)
    assert (notice.level, notice.code) == ("warning", "bus_voltage_high")
    assert bench.station.module.powered


@pytest.mark.parametrize("volts", [-24.0, -30.0, -20.9, -45.0, -0.0])
def test_the_bus_has_no_polarity(bench: Bench, volts: float) -> None:
    bench.clock.advance(10)
    bench.station.set_bus_voltage(volts)
    reversed_bus = bench.station.module_state()
    bench.station.set_bus_voltage(-volts)
    assert bench.station.module_state() == reversed_bus
    assert bench.station.module.bus_voltage == abs(volts)
    assert bench.station.module.powered is (abs(volts) >= 21)


@pytest.mark.parametrize("volts", [50.1, -50.1, float("nan"), float("inf"), -float("inf")])
def test_a_voltage_that_no_bus_gives_is_refused(bench: Bench, volts: float) -> None:
    with pytest.raises(ValueError, match=r"^the simulated bus gives 0 to 50 V DC, not "):
        bench.station.set_bus_voltage(volts)
    assert bench.station.module.bus_voltage == 24


def test_the_registers_of_a_used_meter_fit_each_other() -> None:
    registers = EnergyRegisters()
    registers.preset(USED_METER)
    for rate in range(7):
        wh = {channel: registers.wh(f"{channel}.8.{rate}") for channel in CHANNELS}
        assert (wh[3], wh[4]) == (wh[5] + wh[6], wh[7] + wh[8])
        # Of energies that were counted together, the apparent one is at least their geometric sum.
        assert wh[9] ** 2 >= wh[1] ** 2 + abs(wh[5] - wh[8]) ** 2
        assert wh[10] ** 2 >= wh[2] ** 2 + abs(wh[6] - wh[7]) ** 2
        assert all(wh[channel] > 0 for channel in CHANNELS[:-1]) is (rate in (0, 1, 2))
    assert registers.wh("1.8.0") == 61_561_289
    assert 0.1 < registers.wh("3.8.0") / registers.wh("1.8.0") < 0.35


def test_a_pause_frees_the_meter_and_is_no_failure(bench: Bench) -> None:
    bench.clock.advance(1.0)
    bench.station.pause_reading(True)
    bench.clock.advance(500)
    assert bench.events(ReadoutFailed, ReadoutDone) == []
    bench.station.pause_reading(False)
    bench.clock.advance(10)
    assert len(bench.events(ReadoutDone)) == 1


def test_inputs_show_in_the_telegram_after_five_seconds(bench: Bench) -> None:
    bench.clock.advance(10)
    bench.station.set_rate_input("B", 230)
    bench.clock.advance(4.999)
    assert [stamped for stamped in bench.stamped(InputsChanged) if stamped.at > 1009] == []
    bench.clock.advance(0.001)
    (event,) = bench.events(InputsChanged)
    assert isinstance(event, InputsChanged)
    assert (event.a, event.b) == (False, True)
    (frame, *_) = bench.run(read_primary(0))
    assert decode_telegram(frame).records[2].value == 2


def test_factory_reset_and_speed_are_stored_in_the_state_folder(tmp_path: Path) -> None:
    bench = Bench(state_dir=tmp_path)

    def command(ci: int, data: bytes = b"") -> Procedure:
        yield Exchange(Frame.long(0x73, 0, ci, data), Expect.ACK)
        yield Exchange(Frame.short(0x40, 0), Expect.ACK)

    bench.run(command(0xB8))
    assert bench.station.module.baud == 300
    bench.station.stop()
    again = Bench(state_dir=tmp_path)
    assert again.station.module.baud == 300
    again.run(command(0x50, b"\xb0"))
    assert again.station.module.baud == 2400
    again.station.stop()


def test_scan_finds_the_module_once(bench: Bench) -> None:
    bench.clock.advance(10)
    found = bench.run(scan_primary(range(251), lambda progress: None))
    assert [(slave.at.primary, slave.collision) for slave in found] == [(0, False)]


def test_traffic_of_both_sides_is_recorded(bench: Bench) -> None:
    bench.clock.advance(10)
    bench.run(read_primary(0))
    traffic = bench.station.traffic
    rows = [traffic.row(index) for index in range(len(traffic))]
    meter = [row for row in rows if row.side is Side.METER]
    assert [row.direction for row in meter] == [Direction.SENT, Direction.RECEIVED] * 2
    assert meter[0].data == b"/?!\r\n"
    assert meter[3].data.startswith(b"\x02F.F(00)\r\n")
    bus = [row for row in rows if row.side is Side.MBUS]
    assert bus[0].data == Frame.short(0x40, 0).to_bytes()
    assert [row.kind for row in bus] == [RowKind.TELEGRAM] * len(bus)
    assert all(summarise(row) for row in rows)


def test_a_day_of_readings_in_virtual_time() -> None:
    bench = Bench(paced=False)
    bench.clock.advance(86_400)
    done = bench.events(ReadoutDone, Dropped)
    assert sum(isinstance(event, ReadoutDone) for event in done) >= 100
    assert isinstance(done[0], Dropped), "a subscription that is not drained is bounded and counts its losses"
    assert bench.station.module.contact


@pytest.mark.parametrize(
    ("config", "says"),
    [({"mbus": ("tcp:/x",)}, "two slashes"), ({"meter": "nowhere"}, "is not a LINK"), ({"mbus": ("sim:",)}, "sim:")],
)
def test_wrong_links_are_refused_by_name(config: dict[str, Any], says: str) -> None:
    with pytest.raises(LinkError, match=says):
        Station(StationConfig(**{"mbus": (), **config}), VirtualClock())


@pytest.mark.parametrize(
    ("config", "says"),
    [({"variant": "M99"}, "M99"), ({"serial": "1"}, "8 decimal"), ({"readout_interval": 0.0}, "1 to 86400")],
)
def test_wrong_values_are_refused(config: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Station(StationConfig(**{"mbus": (), **config}), VirtualClock())


def test_starting_and_stopping_again_and_again(bench: Bench) -> None:
    bench.station.stop()
    bench.station.stop()
    bench.station.start()
    bench.station.start()
    bench.clock.advance(20)
    assert bench.station.module.contact


@pytest.mark.parametrize("chatter", [b"\x00", b"U", b"1.8.0(1)\r\n", b"\x02"])
@pytest.mark.parametrize("identified", [False, True])
def test_a_meter_that_never_stops_talking_is_a_failure(chatter: bytes, identified: bool) -> None:
    clock = VirtualClock()
    near, _ = memory_pair(clock)
    device = ReadingDevice(limits=Limits(attempts=1))
    ends: list[object] = []
    driver = Driver(device, near, clock, lambda event: ends.append(event) if isinstance(event, Failed) else None)
    driver.open()
    driver.run(lambda: device.start_readout(clock.now()))
    clock.advance(0.3)
    if identified:
        near._deliver(b"/LGZ4ZMF100AC.M26\r\n", clock.now())
        clock.advance(0.3)
    while not ends:
        near._deliver(chatter, clock.now())
        clock.advance(0.5)
        assert clock.now() < 300
    (failed,) = ends
    assert isinstance(failed, Failed)
    assert failed.cause is FailureCause.GARBAGE


# The state of the module


def test_the_state_of_the_module_is_sent_when_it_changed_and_only_then(bench: Bench) -> None:
    bench.clock.advance(20)
    assert bench.states()[-1] == bench.station.module_state()
    bench.clock.advance(20)
    bench.station.set_rate_input("A", 0)
    assert bench.states() == []
    bench.station.set_rate_input("A", 230)
    (state,) = bench.states()
    assert (state.level, state.stable, state.steady_at) == (1, 0, bench.clock.now() + 5)
    bench.clock.advance(5)
    state = bench.states()[0]
    assert (state.stable, state.steady_at, state.action) == (1, None, ("rate", "2"))


def test_a_new_subscription_gets_the_state_after_the_next_step(bench: Bench) -> None:
    bench.clock.advance(20)
    late = bench.station.subscribe()
    bench.station.set_rate_input("A", 0)
    assert [stamped.event for stamped in late.drain()] == [ModuleChanged(bench.station.module_state())]


def test_a_simulation_that_nothing_watches_makes_no_states(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = VirtualClock()
    station = Station(StationConfig(mbus=()), clock)
    monkeypatch.setattr(station.module, "state", lambda: pytest.fail("nothing asked for it"))
    station.start()
    clock.advance(120)
    assert station.module.contact
    station.stop()
