"""LEDs, rate inputs, readout schedule, telegram packing: pure parts of the module."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.cmi1020.indicators import Condition, Indicators, Lamps, condition_of
from cmi_gui.engine.cmi1020.inputs import Combination, RateInputs
from cmi_gui.engine.cmi1020.reader import ReadoutSchedule
from cmi_gui.engine.cmi1020.telegrams import MAX_RECORDS, bcd_number, own_records, pack

# LEDs


@pytest.mark.parametrize(
    ("condition", "after_ms", "lamps"),
    [
        (Condition.NO_BUS, 0, Lamps(False, False)),
        (Condition.NO_METER, 0, Lamps(True, False)),
        (Condition.NO_METER, 99, Lamps(True, False)),
        (Condition.NO_METER, 100, Lamps(False, False)),
        (Condition.NO_METER, 5099, Lamps(False, False)),
        (Condition.NO_METER, 5100, Lamps(True, False)),
        (Condition.NO_METER, 15300, Lamps(True, False)),
        (Condition.NORMAL, 0, Lamps(False, True)),
        (Condition.NORMAL, 99, Lamps(False, True)),
        (Condition.NORMAL, 100, Lamps(False, False)),
        (Condition.NORMAL, 5100 * 1000, Lamps(False, True)),
        (Condition.NO_METER_NUMBER, 0, Lamps(True, True)),
        (Condition.NO_METER_NUMBER, 2500, Lamps(True, False)),
        (Condition.RATE_ERROR, 0, Lamps(True, True)),
        (Condition.RATE_ERROR, 499, Lamps(True, False)),
        (Condition.RATE_ERROR, 500, Lamps(False, False)),
        (Condition.RATE_ERROR, 1000, Lamps(True, False)),
        (Condition.RATE_ERROR, 5100, Lamps(True, True)),
    ],
)
@pytest.mark.parametrize("start", [0.0, 1234.567, 1e6 + 0.1])
def test_led_patterns_to_the_millisecond(condition: Condition, after_ms: int, lamps: Lamps, start: float) -> None:
    assert Indicators(condition, start, start).lamps(start + after_ms / 1000) == lamps


def test_the_first_row_that_holds() -> None:
    def of(powered: bool, contact: bool, number: bool, rate: bool) -> Condition:
        return condition_of(powered=powered, contact=contact, meter_number=number, rate_error=rate)

    assert of(False, True, True, False) is Condition.NO_BUS
    assert of(True, False, False, True) is Condition.NO_METER
    assert of(True, True, False, True) is Condition.NO_METER_NUMBER
    assert of(True, True, True, True) is Condition.RATE_ERROR
    assert of(True, True, True, False) is Condition.NORMAL


def test_green_continues_its_phase_and_red_restarts() -> None:
    normal = Indicators(Condition.NORMAL, 10.0, 10.0)
    error = normal.enter(Condition.RATE_ERROR, 12.0)
    assert error.lamps(12.0) == Lamps(True, False)
    assert error.lamps(15.1) == Lamps(True, True)  # 5.1 s after green began, 3.1 s after red
    assert error.lamps(17.6) == Lamps(False, False)
    lost = error.enter(Condition.NO_METER, 20.0)
    back = lost.enter(Condition.NORMAL, 31.0)
    assert back.lamps(31.05) == Lamps(False, True)
    assert back.enter(Condition.NORMAL, 40.0) is back


@given(st.sampled_from(list(Condition)), st.floats(0, 1e5), st.floats(0, 100))
def test_next_change_is_the_next_change(condition: Condition, start: float, after: float) -> None:
    leds = Indicators(condition, start, start)
    now = start + after
    change = leds.next_change(now)
    if change is None:
        assert leds.lamps(now) == leds.lamps(now + 3.3)
        return
    assert change > now
    assert leds.lamps(now) == leds.lamps(now + (change - now) / 2) or change - now < 2e-6


@pytest.mark.parametrize(
    ("condition", "edges_ms"),
    [
        (Condition.NO_BUS, []),
        (Condition.NO_METER, [100, 5100, 5200, 10_200]),
        (Condition.NO_METER_NUMBER, [100, 5100, 5200, 10_200]),
        (Condition.NORMAL, [100, 5100, 5200, 10_200]),
        (Condition.RATE_ERROR, [100, 500, 1000, 1500, 2000, 2500, 3000, 3500, 4000, 4500, 5000, 5100, 5200, 5500]),
    ],
)
@pytest.mark.parametrize("start", [0.0, 1000.0])
def test_when_a_led_changes_next(condition: Condition, edges_ms: list[int], start: float) -> None:
    leds = Indicators(condition, start, start)
    at: float | None = start
    for edge in edges_ms:
        assert at is not None
        at = leds.next_change(at)
        assert at == pytest.approx(start + edge / 1000, abs=1e-9)
    if not edges_ms:
        assert leds.next_change(start) is None


def test_a_change_of_condition_continues_the_green_phase() -> None:
    normal = Indicators(Condition.NORMAL, 10.0, 10.0)
    assert normal.enter(Condition.RATE_ERROR, 12.0) == Indicators(Condition.RATE_ERROR, 12.0, 10.0)
    assert normal.enter(Condition.NO_METER_NUMBER, 12.0) == Indicators(Condition.NO_METER_NUMBER, 12.0, 10.0)
    assert normal.enter(Condition.NO_METER, 12.0) == Indicators(Condition.NO_METER, 12.0, 12.0)
    assert Indicators(Condition.NO_METER, 10.0, 10.0).enter(Condition.NORMAL, 12.0) == Indicators(
        Condition.NORMAL, 12.0, 12.0
    )


def test_next_change_takes_the_earlier_of_both_leds() -> None:
    error = Indicators(Condition.RATE_ERROR, since=0.3, green_since=0.0)
    assert error.next_change(0.3) == pytest.approx(0.8)
    assert error.next_change(4.9) == pytest.approx(5.1)


# Rate inputs


def test_inputs_are_active_from_24_volts() -> None:
    inputs = RateInputs()
    inputs.set_volts("A", 23.9, 0.0)
    assert inputs.level == Combination(False, False)
    inputs.set_volts("A", 24.0, 0.0)
    inputs.set_volts("B", 230.0, 0.0)
    assert inputs.level.index == 3


@pytest.mark.parametrize("volts", [-0.1, 230.1, float("nan")])
def test_inputs_refuse_impossible_voltages(volts: float) -> None:
    with pytest.raises(ValueError, match="0 to 230 V AC"):
        RateInputs().set_volts("A", volts, 0.0)


def test_a_combination_counts_after_five_seconds_of_rest() -> None:
    inputs = RateInputs()
    inputs.power_on(0.0)
    assert inputs.tick(4.999) is None
    assert inputs.tick(5.0) == Combination()
    inputs.set_volts("A", 230, 10.0)
    assert inputs.tick(14.999) is None
    inputs.set_volts("B", 230, 14.999)  # any change restarts the time
    assert inputs.tick(15.0) is None
    assert inputs.deadline == pytest.approx(19.999)
    assert inputs.tick(19.999) == Combination(True, True)
    inputs.set_volts("A", 0, 30.0)
    inputs.set_volts("A", 230, 31.0)  # the stable combination again: nothing to wait for
    assert inputs.deadline is None


# Readout schedule


def test_schedule_reads_at_once_then_every_interval() -> None:
    schedule = ReadoutSchedule(60)
    schedule.power_on(0.0)
    assert schedule.tick(0.0)
    assert not schedule.tick(1.0)
    schedule.succeeded(2.0)
    assert schedule.contact
    assert schedule.next_at == 60.0


def test_contact_is_lost_with_the_third_failure() -> None:
    schedule = ReadoutSchedule(60)
    schedule.power_on(0.0)
    schedule.tick(0.0)
    schedule.succeeded(1.0)
    for attempt, contact in ((1, True), (2, True), (3, False)):
        assert schedule.next_at is not None
        assert schedule.tick(schedule.next_at)
        schedule.failed(100.0 * attempt)
        assert schedule.contact is contact
        assert schedule.next_at == 100.0 * attempt + 5.0


def test_a_pause_is_no_loss_of_contact() -> None:
    schedule = ReadoutSchedule(60)
    schedule.power_on(0.0)
    schedule.tick(0.0)
    schedule.succeeded(1.0)
    schedule.pause(True, 2.0)
    assert schedule.next_at is None
    assert schedule.contact
    schedule.read_now(3.0)
    assert schedule.next_at is None
    schedule.pause(False, 4.0)
    assert schedule.next_at == 4.0


@pytest.mark.parametrize("interval", [0, 0.9, 86_401, float("nan")])
def test_schedule_refuses_impossible_intervals(interval: float) -> None:
    with pytest.raises(ValueError, match="1 to 86400 seconds"):
        ReadoutSchedule(interval)


# Telegrams

OWN = own_records("12345678", 2, 1, 0x0401)


def test_own_records() -> None:
    assert pack(OWN, []) == [
        bytes.fromhex("0C7878563412 0DFD0F05302E302E31 01FD1B02 01FD1A01 04FD1701040000"),
    ]
    unknown = own_records("12345678", 0, None, 0)
    assert bytes.fromhex("31FD1A00") in pack(unknown, [])[0]


@given(st.lists(st.integers(3, 211).map(lambda size: bytes((size,)) * size), max_size=40))
def test_packing_never_splits_or_reorders_records(records: list[bytes]) -> None:
    parts = pack(OWN, records)
    own = b"".join(record.dib + record.vib + record.data for record in OWN)
    assert all(len(part) <= MAX_RECORDS for part in parts)
    assert all(part.endswith(b"\x1f") for part in parts[:-1])
    joined = b"".join(part[:-1] for part in parts[:-1]) + parts[-1]
    assert joined == own + b"".join(records)
    starts = {len(own) + sum(map(len, records[:index])) for index in range(len(records) + 1)}
    position = 0
    for part in parts[:-1]:
        position += len(part) - 1
        assert position in starts


def test_the_last_record_may_fill_the_byte_reserved_for_1f() -> None:
    own = sum(len(record.dib + record.vib + record.data) for record in OWN)
    assert len(pack(OWN, [b"x" * (MAX_RECORDS - own)])) == 1
    assert len(pack(OWN, [b"x" * (MAX_RECORDS - own), b"y"])) == 2


@pytest.mark.parametrize("digits", ["1234567", "123456789", "1234567A", "", "１２３４５６７８"])
def test_serial_numbers_have_eight_decimal_digits(digits: str) -> None:
    with pytest.raises(ValueError, match="8 decimal digits"):
        bcd_number(digits)
