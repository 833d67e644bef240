from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.driver import Driver
from cmi_gui.engine.e350.meter import SWITCH_SECONDS, E350Meter, MeterRefusal
from cmi_gui.engine.e350.readout import data_set
from cmi_gui.engine.e350.registers import CHANNELS
from cmi_gui.engine.e350.status import StatusBit, StatusWord, rate_field
from cmi_gui.engine.e350.variants import VARIANTS, Variant, variant
from cmi_gui.engine.iec62056.dataset import parse_line
from cmi_gui.engine.iec62056.events import (
    START_LINE,
    CommandAnswered,
    CommandConfirmed,
    CommandRefused,
    Failed,
    FailureCause,
    Limits,
    PasswordRefused,
    ReadoutReceived,
)
from cmi_gui.engine.iec62056.exchange import plain_login
from cmi_gui.engine.iec62056.message import MODE_C_BAUD, Command, DataMessage, Handshake
from cmi_gui.engine.iec62056.reading_device import ReadingDevice
from cmi_gui.engine.link.memory import memory_pair
from cmi_gui.engine.machine import Line, SendOutcome, Write
from cmi_gui.engine.meter_profile.commands import CommandPattern
from cmi_gui.engine.meter_profile.profile import load_meter_profile
from tests.helpers.energy import units
from tests.helpers.meter_telegrams import LISTS, M26_LINES

NOON = datetime(2026, 6, 21, 12)
EVENING = datetime(2026, 1, 21, 19)
P1 = frozenset({"P1"})


def meter(name: Variant | str = "M29", start: datetime = EVENING, **more: object) -> E350Meter:
    return E350Meter(name, start=start, now=0.0, **more)  # type: ignore[arg-type]


def lines(e350: E350Meter, now: float = 0.0) -> dict[str, str]:
    return {line.partition("(")[0]: line.partition("(")[2][:-1] for line in e350.readout("0", now) or ()}


# Lists


@pytest.mark.parametrize(("name", "sample"), [("M23", "M23"), ("M26", "M26"), ("M26", "M26 second"), ("M27", "M27")])
def test_the_lists_have_the_shape_of_real_telegrams(name: str, sample: str) -> None:
    def shape(text: str) -> str:
        return re.sub(r"[0-9A-F]", "9", text.partition("(")[2]).replace(" ", "")

    real = LISTS[sample]
    simulated_lines = meter(name, serial="00000000", customer="").readout("0", 0.0)
    assert simulated_lines is not None
    assert [line.partition("(")[0] for line in simulated_lines] == [line.partition("(")[0] for line in real]
    for simulated, recorded in zip(simulated_lines, real, strict=True):
        if not simulated.startswith("0.0("):
            assert shape(simulated) == shape(recorded)
            assert len(simulated) == len(recorded)


def test_the_registers_of_the_m26_telegram_are_reproduced_exactly() -> None:
    readings = {
        line.partition("(")[0]: int(re.sub(r"[^0-9]", "", line.partition("(")[2]))
        for line in M26_LINES
        if ".8." in line.partition("(")[0] and not line.startswith("82")
    }
    e350 = meter("M26", NOON, serial="00000000", readings=readings)
    e350.power_failures = 8
    e350._status.energy_registered()
    e350._status.latch(StatusBit.REVERSE)
    live = ("32.7", "52.7", "72.7", "31.7", "51.7", "71.7")
    simulated_lines = [line for line in e350.readout("0", 0.0) or () if not line.startswith(live)]
    assert simulated_lines == [line for line in M26_LINES if not line.startswith(live)]


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_sends_its_whole_list_in_valid_lines(name: str) -> None:
    e350 = meter(name)
    found = e350.readout("0", 100.0)
    assert found is not None
    assert [line.partition("(")[0] for line in found] == list(variant(name).readout)
    for line in found:
        assert [str(item) for item in parse_line(line)] == [line]
    assert e350.readout("6", 100.0) is None


def test_the_full_list_holds_the_54_registers_of_the_manual() -> None:
    codes = variant("full").readout
    assert len(codes) == len(set(codes)) == 79
    assert sum(".8." in code and not code.startswith(("82", "15")) for code in codes) == 54


def test_firmware_before_m23_answers_only_without_address() -> None:
    old, new = meter("M22", serial="33456789"), meter("M23", serial="33456789")
    assert [e350.answers("") for e350 in (old, new)] == [True, True]
    assert [e350.answers("33456789") for e350 in (old, new)] == [False, True]
    assert [e350.answers("1") for e350 in (old, new)] == [False, False]


@pytest.mark.parametrize("speed", "012345")
def test_a_new_speed_holds_from_the_next_sign_on(speed: str) -> None:
    e350 = meter()
    device = e350.machine

    def receive(data: bytes, at: float) -> tuple[bytes, Line]:
        effects = device.receive(data, at)
        (write,) = (effect for effect in effects if isinstance(effect, Write))
        line = device.line
        device.done(write.token, SendOutcome.SENT, at + 1.0)
        return write.data, line

    assert receive(b"/?!\r\n", 1.0)[0][4:5] == b"4"
    e350.offer_speed(speed)
    # The option select of the session under way repeats the speed that the meter has offered there.
    assert receive(b"\x06040\r\n", 2.5)[1].baud == 4800
    assert receive(b"/?!\r\n", 5.0)[0][4:5] == speed.encode()
    assert receive(b"\x060" + speed.encode() + b"0\r\n", 6.5)[1].baud == MODE_C_BAUD[speed]


def test_wrong_speeds_and_errors_are_refused() -> None:
    e350 = meter()
    for speed in ("6", "", "01", "x"):
        with pytest.raises(ValueError, match="0 to 5"):
            e350.offer_speed(speed)
    for error in (-1, 256):
        with pytest.raises(ValueError, match="00 to FF"):
            e350.set_error(error)


def test_an_unknown_variant_is_named() -> None:
    with pytest.raises(ValueError, match=", ".join(VARIANTS)):
        variant("M99")


# Energy


@pytest.mark.parametrize("start", [NOON, EVENING])
def test_energy_is_power_times_time(start: datetime) -> None:
    e350 = meter(start=start)
    before = e350.instant(0.0)
    e350.advance(5.0)  # one step of the ripple
    signed = units(e350.registers, 1) - units(e350.registers, 2)
    assert signed == before.active * 5000
    assert (before.active < 0) is (start is NOON)
    assert bool(e350.status(5.0) & StatusBit.REVERSE) is (start is NOON)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0.0, 4000.0), max_size=12), st.integers(0, 50))
def test_the_energy_does_not_depend_on_the_steps_of_time(cuts: list[float], seed: int) -> None:
    once, often = meter(seed=seed, start=NOON), meter(seed=seed, start=NOON)
    end = 4000.0
    once.advance(end)
    for cut in sorted(cuts):
        often.advance(cut)
    often.advance(end)
    for channel in CHANNELS:
        assert units(once.registers, channel) == units(often.registers, channel)
    assert once.status(end) == often.status(end)


def test_a_year_runs_in_seconds_and_the_rates_sum_exactly() -> None:
    e350 = meter("full")
    began = time.perf_counter()
    for day in range(365):
        e350.set_rate(1 + day % 6, day * 86_400.0)
    e350.advance(365 * 86_400.0)
    assert time.perf_counter() - began < 30
    for channel in CHANNELS[:-1]:
        assert units(e350.registers, channel) == sum(units(e350.registers, channel, rate) for rate in range(1, 7))
    assert all(units(e350.registers, 1, rate) > 0 for rate in range(1, 7))
    assert 1_000_000 < e350.registers.wh("1.8.0") < 20_000_000


def test_energy_goes_to_the_active_rate() -> None:
    e350 = meter()
    e350.set_rate(3, 0.0)
    e350.advance(3600.0)
    assert units(e350.registers, 1, 3) == units(e350.registers, 1) > 0
    e350.set_rate(6, 3600.0)
    e350.advance(7200.0)
    assert units(e350.registers, 1, 3) + units(e350.registers, 1, 6) == units(e350.registers, 1)


def test_time_does_not_go_back() -> None:
    e350 = meter()
    e350.advance(100.0)
    before = units(e350.registers, 1)
    e350.advance(50.0)
    e350.advance(100.0)
    assert units(e350.registers, 1) == before


# Rate, disconnector, phases, power


@pytest.mark.parametrize(("name", "most"), [("M26", 4), ("M29", 6)])
def test_a_rate_that_the_meter_does_not_have_is_refused(name: str, most: int) -> None:
    e350 = meter(name)
    e350.set_rate(most, 0.0)
    for rate in (0, most + 1):
        with pytest.raises(MeterRefusal):
            e350.set_rate(rate, 0.0)
    assert e350.rate == most
    assert e350.status(0.0) & 0xE0 == rate_field(most)


def test_the_disconnector_takes_its_time_and_stops_the_load() -> None:
    e350 = meter()
    e350.switch_disconnector(False, 10.0)
    assert e350.status(10.0 + SWITCH_SECONDS - 0.001) & StatusBit.DISCONNECTOR_CLOSED
    assert not e350.status(10.0 + SWITCH_SECONDS) & StatusBit.DISCONNECTOR_CLOSED
    before = units(e350.registers, 15)
    e350.advance(5000.0)
    assert units(e350.registers, 15) == before
    instant = e350.instant(5000.0)
    assert instant.active == 0
    assert all(phase.voltage > 2000 and phase.current == 0 for phase in instant.phases)
    e350.switch_disconnector(True, 5000.0)
    e350.advance(5010.0)
    assert units(e350.registers, 15) > before


def test_the_disconnector_moves_on_time_even_if_time_advances_late() -> None:
    early, late = meter(), meter()
    for e350 in (early, late):
        e350.switch_disconnector(False, 10.0)
    early.advance(10.0 + SWITCH_SECONDS)
    late.advance(9999.0)
    assert units(early.registers, 1) == units(late.registers, 1)


def test_a_meter_without_disconnector_refuses() -> None:
    for e350 in (meter("M26"), meter(replace(variant("M29"), has_disconnector=False))):
        for closed in (False, True):
            with pytest.raises(MeterRefusal):
                e350.switch_disconnector(closed, 0.0)
        with pytest.raises(MeterRefusal):
            e350.tamper_disconnector()
        assert e350.status(0.0) & StatusBit.DISCONNECTOR_CLOSED
        assert e350.display(0.0).disconnector_closed is None


def test_a_power_failure_is_counted_and_nothing_flows() -> None:
    e350 = meter()
    e350.hold_magnet()
    e350.advance(100.0)
    before = units(e350.registers, 1)
    e350.power_fail(100.0)
    assert e350.power_fail(101.0) == ()
    assert not e350.display(101.0).on
    e350.power_restore(1000.0)
    assert units(e350.registers, 1) == before
    assert lines(e350, 1000.0)["C.7.0"] == "0001"
    assert not e350.status(1000.0) & StatusBit.DC_FIELD
    e350.power_failures = 10_000
    assert lines(e350, 1000.0)["C.7.0"] == "0000"


def test_a_phase_without_voltage() -> None:
    e350 = meter()
    e350.fail_phase(2, True, 0.0)
    sent = lines(e350, 0.0)
    assert (sent["52.7"], sent["51.7"]) == ("000*V", "000.00*A")
    assert int(sent["C.5.0"], 16) & 0x1C == StatusBit.L2_FAIL
    before = e350.instant(0.0).active
    e350.advance(5.0)
    assert units(e350.registers, 1) == before * 5000
    e350.fail_phase(2, False, 5.0)
    assert lines(e350, 5.0)["52.7"] != "000*V"
    with pytest.raises(ValueError):
        meter("M55").fail_phase(2, True, 0.0)


# C.5.0


@pytest.mark.parametrize(
    ("value", "rate", "latched", "live"),
    [
        (0x0400, 1, StatusBit(0), StatusBit.DISCONNECTOR_CLOSED),
        (0x0401, 1, StatusBit.REVERSE, StatusBit.DISCONNECTOR_CLOSED),
        (0x0420, 2, StatusBit(0), StatusBit.DISCONNECTOR_CLOSED),
        (0x1420, 2, StatusBit(0), StatusBit.DISCONNECTOR_CLOSED | StatusBit.COVER_OFF),
        (0x0242, 3, StatusBit.CREEP | StatusBit.COVER_TAMPER, StatusBit(0)),
    ],
)
def test_documented_status_words(value: int, rate: int, latched: StatusBit, live: StatusBit) -> None:
    word = StatusWord()
    word.energy_registered()
    word.latch(latched)
    assert word.value(rate, live) == value


def test_a_new_meter_has_the_creep_flag_until_energy_flows() -> None:
    e350 = meter()
    assert lines(e350)["C.5.0"] == "0402"
    assert lines(e350, 1.0)["C.5.0"] == "0400"


def test_what_clears_the_latched_bits() -> None:
    word = StatusWord()
    word.energy_registered()
    tamper = StatusBit.DC_FIELD | StatusBit.COVER_TAMPER | StatusBit.DISCONNECTOR_TAMPER
    word.latch(StatusBit.REVERSE | StatusBit.WRONG_PASSWORD | tamper)
    word.readout_sent()
    assert word.value(1, StatusBit(0)) == tamper
    word.clear_tamper()
    assert word.value(1, StatusBit(0)) == 0


def test_tampering() -> None:
    e350 = meter()
    e350.advance(1.0)
    e350.remove_cover()
    e350.remove_cover()
    e350.hold_magnet()
    e350.tamper_disconnector()
    sent = lines(e350, 1.0)
    assert (sent["82.8.1"], sent["82.8.2"], sent["C.5.0"]) == ("0001", "0001", "1F00")
    e350.replace_cover()
    assert lines(e350, 1.0)["C.5.0"] == "0F00"
    assert e350.execute(Command("W", "2", "C150()"), P1, 1.0) is Handshake.ACK
    assert lines(e350, 1.0)["C.5.0"] == "0400"


# Commands


def test_patterns_build_what_they_match() -> None:
    pattern = CommandPattern.parse("W2 F010({})")
    assert pattern.build("3") == Command("W", "2", "F010(3)")
    assert pattern.match(pattern.build("3")) == "3"
    assert pattern.match(Command("W", "1", "F010(3)")) is None
    assert pattern.match(Command("W", "2", "F011(3)")) is None
    assert pattern.match(Command("W", "2", "F010(")) is None
    assert pattern.match(Command("W", "2")) is None
    fixed = CommandPattern.parse("E2 0002()")
    assert (fixed.match(fixed.build()), fixed.match(Command("E", "2", "0003()"))) == ("", None)
    assert str(pattern) == "W2 F010({})"
    for wrong in ("", "W2", "W F010()", "w2 F010()", "W2 F({}{})"):
        with pytest.raises(ValueError):
            CommandPattern.parse(wrong)


@pytest.mark.parametrize(
    ("command", "access", "answer"),
    [
        ("W2 F010(3)", P1, Handshake.ACK),
        ("W2 F010(7)", P1, DataMessage("(ER02)")),
        ("W2 F010(x)", P1, DataMessage("(ER02)")),
        ("W2 F010(3)", frozenset(), DataMessage("(ER03)")),
        ("W2 F020(0)", P1, Handshake.ACK),
        ("W2 F020(1)", frozenset(), DataMessage("(ER03)")),
        ("W1 F030(HELLO)", P1, Handshake.ACK),
        ("W1 F030(MAX)", P1, DataMessage("(ER02)")),
        ("W1 F030(123456789)", P1, DataMessage("(ER02)")),
        ("W1 F030(HELLO)", frozenset(), DataMessage("(ER03)")),
        ("W2 F099()", P1, DataMessage("(ER01)")),
        ("R1 C.1.0()", frozenset(), DataMessage("C.1.0(33456789)")),
        ("R1 9.9.9()", frozenset(), DataMessage("(ER01)")),
        ("R2 C150()", frozenset(), DataMessage("C150(00)")),
        ("E2 0002()", P1, DataMessage("(ER01)")),
    ],
)
def test_commands(command: str, access: frozenset[str], answer: object) -> None:
    name, _, dataset = command.partition(" ")
    assert meter().execute(Command(name[0], name[1], dataset), access, 0.0) == answer


def test_passwords_are_not_shown() -> None:
    commands = load_meter_profile().commands()
    secret = msgspec.structs.replace(commands.passwords, p1="geheim12", p2="geheim12")
    assert "geheim12" not in repr(replace(commands, passwords=secret))


# Display


def test_the_display_scrolls_automatically_and_by_the_button() -> None:
    e350 = meter("M26")
    codes = variant("M26").readout
    assert [e350.display(6.0 * n).index for n in range(len(codes) + 1)] == [*codes, "F.F"]
    e350.press_button(1000.0)
    first = e350.display(1000.0).index
    e350.press_button(1001.0)
    second = e350.display(1001.0).index
    assert codes.index(second) == (codes.index(first) + 1) % len(codes)
    assert e350.display(1006.9).index == second
    assert e350.display(1007.0).index != second


def test_what_the_display_shows() -> None:
    e350 = meter("M29", readings={"1.8.1": 42_951_721})
    shown = {state.index: state for state in (e350.display(6.0 * n) for n in range(len(e350.variant.readout)))}
    assert (shown["1.8.1"].value[:5], shown["1.8.1"].unit) == ("04295", "kWh")
    assert shown["C.1.0"].value == "33456789"
    assert shown["0.2.0"].value == "_29"
    assert shown["C.5.0"].value == "0400"
    assert all(len(state.value.replace(".", "")) <= 8 for state in shown.values())
    assert all(len(state.index.replace(".", "")) <= 5 for state in shown.values())
    e350.set_rate(4, 500.0)
    assert e350.display(500.0).rates == frozenset({4})
    e350.switch_disconnector(False, 500.0)
    assert (e350.display(501.0).disconnector_closed, e350.display(502.0).disconnector_closed) == (True, False)


def test_a_text_stays_until_it_is_erased() -> None:
    e350 = meter()
    e350.show_text("HELLO")
    state = e350.display(9999.0)
    assert (state.value, state.message, state.index) == ("HELLO", True, "")
    e350.press_button(10_000.0)
    assert not e350.display(10_019.9).message
    assert e350.display(10_020.0).message
    with pytest.raises(MeterRefusal, match="seven segments"):
        e350.show_text("WXM")
    assert e350.display(10_020.0).value == "HELLO"
    e350.show_text("")
    assert not e350.display(10_021.0).message


# On the wire


class Bench:
    def __init__(self, name: str = "M26", **more: object) -> None:
        self.clock = VirtualClock()
        self.meter = meter(name, **more)
        self.reader = ReadingDevice(limits=Limits(attempts=1))
        near, far = memory_pair(self.clock, START_LINE)
        self.events: list[object] = []
        self.driver = Driver(self.reader, near, self.clock, self.events.append)
        self.meter_driver = Driver(self.meter.machine, far, self.clock, lambda event: None)
        self.driver.open()
        self.meter_driver.open()

    def read(self) -> object:
        self.driver.run(lambda: self.reader.start_readout(self.clock.now()))
        return self.finish()

    def finish(self) -> object:
        assert self.clock.run_until(self.clock.now() + 100, lambda: not self.reader.busy)
        return self.events[-1]

    def sign_on(self, password: str = "00000000") -> None:
        login = plain_login(password)
        self.driver.run(lambda: self.reader.start_programming(self.clock.now(), login=login))
        self.clock.run_until(self.clock.now() + 100, lambda: self.reader.ready or not self.reader.busy)

    def command(self, command: Command) -> object:
        self.driver.run(lambda: self.reader.send_command(self.clock.now(), command))
        self.clock.run_until(self.clock.now() + 100, lambda: self.reader.ready or not self.reader.busy)
        return self.events[-1]


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_is_read(name: str) -> None:
    bench = Bench(name)
    done = bench.read()
    assert isinstance(done, ReadoutReceived)
    assert [line.partition("(")[0] for line in done.lines] == list(variant(name).readout)
    assert str(done.identification) == f"LGZ4{variant(name).ident}"


def test_the_reverse_flag_is_sent_once() -> None:
    bench = Bench("M29", start=NOON)
    sent = [next(line for line in bench.read().lines if line.startswith("C.5.0"))]  # type: ignore[attr-defined]
    bench.meter.switch_disconnector(False, bench.clock.now())
    bench.clock.advance(10)
    bench.read()
    sent.append(next(line for line in bench.read().lines if line.startswith("C.5.0")))  # type: ignore[attr-defined]
    assert sent == ["C.5.0(0401)", "C.5.0(0000)"]


def test_a_session_sets_the_rate_and_the_disconnector() -> None:
    bench = Bench("M29")
    bench.sign_on()
    known = bench.meter.commands
    assert isinstance(bench.command(known.set_rate.build("5")), CommandConfirmed)
    assert isinstance(bench.command(known.open_disconnector.build()), CommandConfirmed)
    assert isinstance(bench.command(known.show_text.build("OPEN")), CommandConfirmed)
    refused = bench.command(known.set_rate.build("7"))
    assert isinstance(refused, CommandRefused)
    assert refused.text == known.errors.refused
    read = bench.command(Command("R", "1", "C.1.0()"))
    assert isinstance(read, CommandAnswered)
    assert read.text == "C.1.0(33456789)"
    bench.driver.run(lambda: bench.reader.sign_off(bench.clock.now()))
    bench.finish()
    bench.clock.advance(SWITCH_SECONDS)
    bench.meter.advance(bench.clock.now())
    assert (bench.meter.rate, bench.meter.closed) == (5, False)
    done = bench.read()
    assert isinstance(done, ReadoutReceived)
    assert done.lines[-1] == "C.5.0(0080)"


def test_wrong_passwords() -> None:
    bench = Bench("full")
    bench.sign_on("12345678")
    assert any(isinstance(event, PasswordRefused) for event in bench.events)
    bench.clock.advance(60)
    assert bench.meter.status(bench.clock.now()) & StatusBit.WRONG_PASSWORD
    bench.meter.faults.refuse_passwords = True
    bench.events.clear()
    bench.sign_on()
    assert any(isinstance(event, PasswordRefused) for event in bench.events)
    bench.clock.advance(60)
    assert isinstance(bench.read(), ReadoutReceived)
    assert not bench.meter.status(bench.clock.now()) & StatusBit.WRONG_PASSWORD


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ({"silent": True}, FailureCause.SILENCE),
        ({"delay": 3.0}, FailureCause.SILENCE),
        ({"bad_bcc": True}, FailureCause.BAD_BCC),
        ({"garbled": True}, FailureCause.GARBAGE),
    ],
)
def test_faults(fault: dict[str, float], cause: FailureCause) -> None:
    bench = Bench()
    for name, value in fault.items():
        setattr(bench.meter.faults, name, value)
    failed = bench.read()
    assert isinstance(failed, Failed)
    assert failed.cause is cause


def test_a_list_without_a_meter_number() -> None:
    bench = Bench()
    bench.meter.faults.no_meter_number = True
    done = bench.read()
    assert isinstance(done, ReadoutReceived)
    assert len(done.lines) == len(M26_LINES) - 1
    assert not any(line.startswith("C.1.0") for line in done.lines)


def test_power_failure_inside_a_readout() -> None:
    bench = Bench()
    bench.driver.run(lambda: bench.reader.start_readout(bench.clock.now()))
    bench.clock.advance(0.1)
    bench.meter_driver.run(lambda: bench.meter.power_fail(bench.clock.now()))
    failed = bench.finish()
    assert isinstance(failed, Failed)
    assert failed.cause is FailureCause.SILENCE
    bench.meter_driver.run(lambda: bench.meter.power_restore(bench.clock.now()))
    bench.clock.advance(5)
    done = bench.read()
    assert isinstance(done, ReadoutReceived)
    assert "C.7.0(0001)" in done.lines


def test_items_that_the_meter_does_not_have() -> None:
    e350 = meter("M55")
    view = e350._view(0.0)
    for code in ("52.7", "99.7", "34.7", "1.8.9", "C.9.9", ""):
        assert data_set(code, view) is None


def test_days_at_once_equal_days_in_steps() -> None:
    for seed in range(3):
        once, often = (meter(seed=seed, start=NOON) for _ in range(2))
        for e350 in (once, often):
            e350.set_solar_peak(4000, 0.0)
            e350.fail_phase(2, failed=bool(seed), now=1.5)
        for at in range(100, 5 * 86_400, 217):
            often.advance(at)
        for e350 in (once, often):
            e350.advance(5 * 86_400.0)
        assert once.registers.exact() == often.registers.exact()
        assert once.memory() == often.memory()
        assert units(once.registers, 2) > 0


def test_a_wall_time_that_is_set_back_leaves_the_energy() -> None:
    e350 = meter(start=NOON)
    first = units(e350.registers, 1)
    e350.advance(3600.0)
    second = units(e350.registers, 1)
    e350.set_back(3600.0, 3600.0)
    assert units(e350.registers, 1) == second
    e350.advance(7200.0)
    assert units(e350.registers, 1) - second == second - first, "the same hour again"
