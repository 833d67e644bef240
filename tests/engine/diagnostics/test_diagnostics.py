"""Diagnosis of a station: for every cause exactly its check fails, and none after the cause is removed."""

from __future__ import annotations

import inspect
import socket
import time
from pathlib import Path

import pytest

from cmi_gui.engine.clock import Clock, VirtualClock
from cmi_gui.engine.diagnostics import (
    bus_chain,
    bus_module_chains,
    contact_chain,
    meter_chains,
    meter_checks,
    situation,
)
from cmi_gui.engine.diagnostics.bus_observation import ROWS_AT_ONCE
from cmi_gui.engine.diagnostics.checks import (
    Check,
    CheckId,
    CheckState,
    FaultNames,
    Finding,
    Seconds,
    Symptom,
    SymptomId,
)
from cmi_gui.engine.diagnostics.diagnosis import Diagnosis, causes
from cmi_gui.engine.link.echo_link import EchoLink
from cmi_gui.engine.link.memory import MemoryLink, memory_pair
from cmi_gui.engine.link.url import LinkSpec
from cmi_gui.engine.link_protocol import Link, LinkError
from cmi_gui.engine.machine import Line, LineEvent, LinkState, SendOutcome
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.slave_address import mask_bytes
from cmi_gui.engine.station import meter_wire
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.traffic.store import Direction, RowKind, Side
from tests.engine.station.test_commands_end_to_end import profile_with
from tests.helpers.module_bench import ModuleBench, Wire, bench_on_a_wire, text_command
from tests.helpers.waiting import WAIT_SECONDS

CHAINS = (bus_chain, bus_module_chains, contact_chain, meter_chains, meter_checks, situation)
NO_METER, BUTTON, RATE, DELAY, MASTER = SymptomId
WRONG_P1, RIGHT_P1 = text_command("p1", "wrong"), text_command("p1", "00000000")
RATE_3 = bytes.fromhex("01 FF 13 03")


class DiagnosisBench(ModuleBench):
    """A settled station with a diagnosis that observed its start."""

    def __init__(self, **config: object) -> None:
        super().__init__(settled=False, **config)
        self.diagnosis = Diagnosis(self.station)
        self.clock.advance(20)

    def look(self) -> dict[SymptomId, Symptom]:
        return {symptom.id: symptom for symptom in self.diagnosis.look()}

    def check(self, symptom: SymptomId, check: CheckId) -> Check:
        return next(found for found in self.look()[symptom].checks if found.id is check)

    def wrong(self) -> set[CheckId]:
        """Return all checks that fail, except for the missing link of the M-Bus side, which these tests do not need."""
        return {
            check.id
            for symptom in self.look().values()
            for check in symptom.checks
            if check.state is CheckState.WRONG and check.finding is not Finding.NO_LINK
        }

    def press(self, wait: float = 25.0) -> None:
        self.station.press_button()
        self.clock.advance(wait)


@pytest.fixture
def bench() -> DiagnosisBench:
    return DiagnosisBench()


def test_the_symptoms_are_in_order(bench: DiagnosisBench) -> None:
    assert list(bench.look()) == [NO_METER, BUTTON, RATE, DELAY, MASTER]
    assert bench.wrong() == set()
    assert causes(bench.diagnosis.look()) == set()


def test_all_checks_pass_on_a_station_that_has_done_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, wire = bench_on_a_wire(monkeypatch)
    diagnosis = Diagnosis(bench.station)
    bench.set_inputs(a=True, b=False)
    bench.clock.advance(20)
    bench.station.press_button()
    bench.clock.advance(70)
    assert wire.ping(2400)
    for symptom in diagnosis.look():
        # The wire takes the place of a serial port, which cannot measure the voltage of the bus.
        open_ones = [check.finding for check in symptom.checks if check.state is not CheckState.OK]
        assert open_ones == ([Finding.POWER_ASSUMED] if symptom.id is SymptomId.MASTER else []), symptom


# Prerequisites of everything that is done with the meter


@pytest.mark.parametrize(("volts", "finding"), [(0, Finding.BUS_DEAD), (20.9, Finding.BUS_LOW)])
def test_no_bus_voltage(bench: DiagnosisBench, volts: float, finding: Finding) -> None:
    bench.station.set_bus_voltage(volts)
    assert bench.wrong() == {CheckId.POWER, CheckId.VOLTAGE}
    assert causes(bench.diagnosis.look()) == {CheckId.POWER}
    for symptom in (BUTTON, RATE, MASTER):
        first = bench.look()[symptom].first_wrong
        assert first is not None
        assert first.finding is finding
    bench.station.set_bus_voltage(24)
    bench.clock.advance(20)
    assert bench.wrong() == set()


def test_too_much_bus_voltage_fails_only_the_voltage_check(bench: DiagnosisBench) -> None:
    bench.station.set_bus_voltage(45)
    assert bench.wrong() == {CheckId.VOLTAGE}
    assert bench.check(MASTER, CheckId.VOLTAGE).finding is Finding.BUS_HIGH


@pytest.mark.parametrize(
    ("fault", "finding"),
    [("silent", Finding.SILENT), ("bad_bcc", Finding.DAMAGED), ("garbled", Finding.DAMAGED)],
)
def test_a_meter_that_cannot_be_read(bench: DiagnosisBench, fault: str, finding: Finding) -> None:
    setattr(bench.meter.faults, fault, True)
    bench.station.read_now()
    bench.clock.advance(6)
    assert bench.wrong() == set(), "one failure is no loss of contact"
    assert bench.check(BUTTON, CheckId.CONTACT).state is CheckState.UNKNOWN
    bench.clock.advance(60)
    step = CheckId.ANSWERS if finding is Finding.SILENT else CheckId.INTACT
    assert bench.wrong() == {CheckId.CONTACT, CheckId.FAULTS, step}
    assert causes(bench.diagnosis.look()) == {CheckId.CONTACT}, "it is one cause"
    assert bench.check(NO_METER, CheckId.FAULTS).facts == (FaultNames((fault,)),)
    found = bench.check(BUTTON, CheckId.CONTACT)
    assert found.finding is finding is bench.check(NO_METER, step).finding
    assert found == bench.check(RATE, CheckId.CONTACT)
    setattr(bench.meter.faults, fault, False)
    bench.clock.advance(15)
    assert bench.wrong() == set()


def test_before_the_first_readout_nothing_fails() -> None:
    bench = ModuleBench(settled=False)
    diagnosis = Diagnosis(bench.station)
    assert causes(diagnosis.look()) == set()
    assert diagnosis.look()[1].checks[3].finding is Finding.FIRST_READOUT


def test_the_meters_link_is_down(tmp_path: Path, clock: VirtualClock) -> None:
    station = Station(StationConfig(mbus=(), meter=f"serial:{tmp_path / 'none'}"), clock)
    diagnosis = Diagnosis(station)
    station.start()
    try:
        first = None
        give_up = time.perf_counter() + WAIT_SECONDS
        while first is None and time.perf_counter() < give_up:
            clock.advance(0.1)
            time.sleep(0.01)
            first = diagnosis.look()[1].first_wrong
        assert first is not None
        assert first.id is CheckId.METER_LINK
        assert causes(diagnosis.look()) == {CheckId.METER_LINK}
        assert first.lead is not None
        assert (first.lead.page, first.lead.part) == ("pageConnections", "meter")
    finally:
        station.stop()
        diagnosis.close()


def test_reading_is_paused(bench: DiagnosisBench) -> None:
    bench.station.pause_reading(True)
    assert bench.wrong() == {CheckId.READING}
    assert bench.check(BUTTON, CheckId.READING).by_choice
    assert causes(bench.diagnosis.look()) == set()
    bench.station.pause_reading(False)
    assert bench.wrong() == set()


# The push button


@pytest.mark.parametrize(("control", "finding"), [(0, Finding.CONTROL_OFF), (1, Finding.CONTROL_BUS_ONLY)])
def test_control_disabled(bench: DiagnosisBench, control: int, finding: Finding) -> None:
    bench.send(bytes.fromhex("01 7C 03 6C 74 63") + bytes((control,)))
    assert bench.wrong() == {CheckId.CONTROL}
    assert causes(bench.diagnosis.look()) == set(), "the setting was chosen"
    bench.station.press_button()
    assert causes(bench.diagnosis.look()) == {CheckId.CONTROL}, "but pressing the button shows that it is not wanted"
    found = bench.check(BUTTON, CheckId.CONTROL)
    assert found.finding is finding
    assert found.lead is not None
    assert found.lead.part == "disconnector_control"
    bench.send("01 7C 03 6C 74 63 03")
    bench.press()
    assert bench.wrong() == set()


def test_wrong_p1(bench: DiagnosisBench) -> None:
    bench.send(WRONG_P1)
    bench.press(8)
    assert bench.wrong() == {CheckId.PASSWORD}
    found = bench.check(BUTTON, CheckId.PASSWORD)
    assert found.facts[0] == "P1"
    assert isinstance(found.facts[1], Seconds)
    assert bench.check(RATE, CheckId.PASSWORD).state is CheckState.WRONG, "the same password would be sent for a rate"
    assert bench.check(BUTTON, CheckId.LOCK).finding is Finding.LOCKED
    bench.send(RIGHT_P1)
    assert bench.check(BUTTON, CheckId.PASSWORD).finding is Finding.PASSWORD_CHANGED
    bench.clock.advance(60)
    bench.press()
    assert bench.wrong() == set()
    assert bench.look()[BUTTON].state is CheckState.OK


def test_wrong_p2(tmp_path: Path) -> None:
    bench = DiagnosisBench(meter_profile=profile_with(tmp_path, disconnector='"P2"', p2='"right"'))
    bench.send(bytes.fromhex("01 7C 03 65 73 75 09") + text_command("p2", "wrong"))
    bench.press(8)
    assert bench.wrong() == {CheckId.PASSWORD}
    assert bench.check(BUTTON, CheckId.PASSWORD).facts[0] == "P2"
    bench.clock.advance(70)
    bench.send(text_command("p2", "right"))
    bench.press()
    assert bench.wrong() == set()


@pytest.mark.parametrize(("usage", "shown"), [(0b01_00_01, "none"), (0b01_10_01, "P2")])
def test_wrong_usage(bench: DiagnosisBench, usage: int, shown: str) -> None:
    bench.send(bytes.fromhex("01 7C 03 65 73 75") + bytes((usage,)))
    bench.press(8)
    assert bench.wrong() == {CheckId.USAGE}
    assert bench.check(BUTTON, CheckId.USAGE).facts == (shown,)
    bench.send("01 7C 03 65 73 75 15")
    assert bench.check(BUTTON, CheckId.USAGE).finding is Finding.USAGE_CHANGED
    bench.press()
    assert bench.wrong() == set()


def test_no_disconnector() -> None:
    bench = DiagnosisBench(has_disconnector=False)
    bench.press(30)
    assert bench.wrong() == {CheckId.METER_TYPE}
    assert bench.check(BUTTON, CheckId.METER_TYPE).finding is Finding.NO_DISCONNECTOR
    bench.send("00 FD 97 07")
    assert bench.wrong() == set(), "the flag was cleared; the next press will show"


def test_a_meter_that_never_answers_programming(bench: DiagnosisBench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench.meter, "operand", lambda now: None)
    bench.send(RATE_3)
    bench.clock.advance(120)
    assert bench.wrong() == {CheckId.ANSWER}


def test_a_command_while_the_meter_does_not_answer_is_no_cause(bench: DiagnosisBench) -> None:
    bench.meter.faults.silent = True
    bench.press(60)
    bench.meter.faults.silent = False
    bench.clock.advance(30)
    assert bench.station.module.contact
    assert bench.check(BUTTON, CheckId.ANSWER).finding is Finding.WAS_SILENT
    assert bench.wrong() == set()


def test_the_meter_confirms_and_does_not_switch(bench: DiagnosisBench) -> None:
    bench.station.press_button()
    bench.clock.advance(5)
    # It is closed again before the module reads its state.
    bench.meter.switch_disconnector(True, bench.clock.now())
    bench.clock.advance(30)
    assert bench.wrong() == {CheckId.SWITCHED}


# The rate inputs


def test_rate_inputs_disabled(bench: DiagnosisBench) -> None:
    bench.send("01 7C 03 6E 65 72 00")
    assert bench.wrong() == {CheckId.ENABLE}
    assert causes(bench.diagnosis.look()) == set()
    bench.set_inputs(a=True, b=False)
    bench.clock.advance(6)
    assert causes(bench.diagnosis.look()) == {CheckId.ENABLE}
    bench.send("01 7C 03 6E 65 72 01")
    bench.clock.advance(10)
    assert bench.wrong() == set()
    assert bench.check(RATE, CheckId.RATE_SET).facts == (2,)


def test_the_table_has_no_rate_for_the_inputs(bench: DiagnosisBench) -> None:
    bench.send("04 7C 03 70 61 6D 01 00 03 04")
    assert bench.wrong() == set()
    bench.set_inputs(a=True, b=False)
    bench.clock.advance(6)
    assert bench.wrong() == {CheckId.MAP}
    assert bench.check(RATE, CheckId.MAP).facts == (0, 1)


def test_an_input_that_is_neither_low_nor_active(bench: DiagnosisBench) -> None:
    bench.station.set_rate_input("A", 12)
    assert bench.wrong() == {CheckId.INPUTS}
    bench.station.set_rate_input("A", 230)
    assert bench.wrong() == set()
    assert bench.check(RATE, CheckId.STEADY).finding is Finding.NOT_YET_STEADY
    bench.clock.advance(17)
    steady = bench.check(RATE, CheckId.STEADY)
    assert steady.facts[:2] == (0, 1)
    assert steady.facts[2] == Seconds(pytest.approx(17))


def test_a_rate_that_the_meter_does_not_have() -> None:
    bench = DiagnosisBench(variant="M27")
    bench.send("04 7C 03 70 61 6D 01 05 03 04")
    bench.set_inputs(a=True, b=False)
    bench.clock.advance(10)
    assert bench.wrong() == {CheckId.METER_TYPE}
    assert bench.check(RATE, CheckId.METER_TYPE).facts[0] == "5"
    bench.send("04 7C 03 70 61 6D 01 02 03 04")
    bench.clock.advance(10)
    assert bench.wrong() == set()


def test_rate_with_a_wrong_password_and_with_a_wrong_usage(bench: DiagnosisBench) -> None:
    bench.send("01 7C 03 65 73 75 14")
    bench.send(RATE_3)
    bench.clock.advance(10)
    assert bench.wrong() == {CheckId.USAGE}
    bench.send(WRONG_P1 + bytes.fromhex("01 7C 03 65 73 75 15"))
    bench.clock.advance(10)
    assert bench.wrong() == {CheckId.PASSWORD}
    bench.send(RIGHT_P1)
    bench.clock.advance(80)
    assert bench.wrong() == set()
    assert bench.check(RATE, CheckId.RATE_SET).facts == (3,)


# The delay


def test_faster_than_ten_seconds(bench: DiagnosisBench) -> None:
    bench.press(3)
    assert bench.check(DELAY, CheckId.PROCESS).finding is Finding.SWITCHING
    bench.station.press_button()
    assert bench.wrong() == {CheckId.FASTER}
    assert bench.check(DELAY, CheckId.FASTER).facts[0] == Seconds(pytest.approx(3))
    bench.clock.advance(20)
    assert bench.check(DELAY, CheckId.DURATION).finding is Finding.TOOK_NORMAL
    bench.clock.advance(45)
    assert bench.wrong() == set(), "a temporary cause counts for a minute"


def test_faster_by_the_bus(bench: DiagnosisBench) -> None:
    bench.press(3)
    bench.send("01 FD 1F 01")
    assert bench.wrong() == {CheckId.FASTER, CheckId.COMMAND}


def test_a_refused_display_text_names_the_characters(bench: DiagnosisBench) -> None:
    bench.send(text_command("display", "MARKERA"))
    refused = bench.check(MASTER, CheckId.COMMAND)
    assert refused.finding is Finding.COMMAND_REFUSED
    assert "seven segments cannot show 'M', 'K';" in str(refused.facts[1])
    assert bench.wrong() == {CheckId.COMMAND}


# The red LED flashes


class MeterEnd:
    """The far end of a link to a meter: sends `answer` 0.3 s after each message, `chatter` all the time, echoes."""

    def __init__(self, clock: VirtualClock, link: MemoryLink, answer: bytes, chatter: bytes, echo: bool) -> None:
        self._clock = clock
        self._link = link
        self._answer = answer
        self._chatter = chatter
        self._echo = echo
        link.open(self)
        self._talk()

    def _talk(self) -> None:
        if self._chatter:
            self._send(self._chatter)
            self._clock.call_at(self._clock.now() + 0.2, self._talk)

    def _send(self, data: bytes) -> None:
        self._link.send(1, data, self._clock.now(), self._clock.now() + 10)

    def received(self, data: bytes, last_byte_at: float) -> None:
        if self._echo:
            self._send(data)
        if self._answer == E350 and data.startswith(b"\x06"):
            self._clock.call_at(self._clock.now() + 0.3, lambda: self._send(NOISE))
        elif self._answer and data.endswith(b"\n"):
            self._clock.call_at(self._clock.now() + 0.3, lambda: self._send(self._answer))

    def line_event(self, kind: LineEvent, at: float) -> None:
        pass

    def done(self, token: int, outcome: SendOutcome, at: float) -> None:
        pass

    def state(self, state: LinkState, cause: LinkError | None) -> None:
        pass


def bench_of_a_real_meter(
    monkeypatch: pytest.MonkeyPatch, answer: bytes, chatter: bytes = b"", *, echo: bool = False, options: str = ""
) -> DiagnosisBench:
    """Return a bench whose meter has the LINK of a serial port; its wire is in memory."""
    ends: list[MemoryLink] = []

    def make(spec: LinkSpec, clock: Clock, role: str, line: Line) -> Link:
        near, far = memory_pair(clock)
        ends.append(far)
        return EchoLink(near, clock, always=False, line=None) if echo else near

    monkeypatch.setattr(meter_wire, "make_link", make)
    bench = DiagnosisBench(meter=f"serial:/in/memory{options}")
    MeterEnd(bench.clock, ends[-1], answer, chatter, echo)
    return bench


E350 = b"/LGZ4ZMF100AC.M29\r\n"
NOISE = b"\x7f\x11\x18\x05" * 20


@pytest.mark.parametrize(
    ("answer", "chatter", "echo", "check", "finding"),
    [
        (b"", b"", False, CheckId.ANSWERS, Finding.SILENT),
        (b"", b"", True, CheckId.ANSWERS, Finding.ECHO_ONLY),
        (b"/LGZ4ZM", b"", False, CheckId.INTACT, Finding.DAMAGED),
        (b"", b"x", False, CheckId.ALONE, Finding.OTHER_READER),
        (E350 + b"\x01B0\x03\x71", b"", False, CheckId.ALONE, Finding.BROKEN_OFF),
        (b"/ABCAX\r\n", b"", False, CheckId.UNDERSTOOD, Finding.NO_MODE_C),
        (b"\x15", b"", False, CheckId.UNDERSTOOD, Finding.REFUSES),
        (b"/lgz4ZMF\r\n", b"", False, CheckId.UNDERSTOOD, Finding.NOT_ACCEPTED),
    ],
)
def test_how_far_a_real_meters_answer_comes(
    answer: bytes, chatter: bytes, echo: bool, check: CheckId, finding: Finding, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = bench_of_a_real_meter(monkeypatch, answer, chatter, echo=echo)
    bench.clock.advance(180)
    chain = bench.look()[NO_METER].checks
    assert chain[4].state is CheckState.NOT_APPLICABLE, "a real meter has no switches for faults"
    (failed,) = [found for found in chain if found.state is CheckState.WRONG]
    assert (failed.id, failed.finding) == (check, finding)
    place = chain.index(failed)
    assert {found.state for found in chain[5:place]} <= {CheckState.OK}
    assert {found.finding for found in chain[place + 1 :]} <= {Finding.BLOCKED}
    assert causes(bench.diagnosis.look()) == {CheckId.CONTACT}


def test_a_link_with_other_line_settings_than_the_sign_on(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = bench_of_a_real_meter(monkeypatch, b"", options="?baud=2400")
    bench.clock.advance(180)
    first = bench.look()[NO_METER].first_wrong
    assert first is not None
    assert (first.finding, first.facts) == (Finding.LINE_OTHER, ("2400 7E1", "300 7E1"))
    assert causes(bench.diagnosis.look()) == {CheckId.CONTACT}


def test_a_speed_at_which_nothing_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = bench_of_a_real_meter(monkeypatch, E350)
    bench.clock.advance(180)
    first = bench.look()[NO_METER].first_wrong
    assert first is not None
    assert (first.finding, first.facts[0]) == (Finding.SPEED_GIVEN_UP, 4800)
    assert bench.check(NO_METER, CheckId.INTACT).finding is Finding.DAMAGED


def test_a_readout_without_the_meters_number(bench: DiagnosisBench) -> None:
    assert bench.check(NO_METER, CheckId.NUMBER).finding is Finding.NUMBER_READ
    bench.meter.faults.no_meter_number = True
    bench.clock.advance(60)
    assert bench.wrong() == {CheckId.NUMBER}
    assert bench.look()[NO_METER].state is CheckState.WRONG
    bench.meter.faults.no_meter_number = False
    bench.clock.advance(60)
    assert bench.wrong() == set()


def test_a_meter_without_power(bench: DiagnosisBench) -> None:
    bench.station.power_meter(False)
    assert bench.check(NO_METER, CheckId.FAULTS).state is CheckState.UNKNOWN, "the contact is not lost yet"
    bench.clock.advance(120)
    first = bench.look()[NO_METER].first_wrong
    assert first is not None
    assert first.facts == (FaultNames(("power",)),)
    assert bench.station.module_state().condition == "no_meter"


# The bus


@pytest.fixture
def wired(monkeypatch: pytest.MonkeyPatch) -> tuple[ModuleBench, Wire, Diagnosis]:
    bench, wire = bench_on_a_wire(monkeypatch)
    return bench, wire, Diagnosis(bench.station)


def bus_wrong(diagnosis: Diagnosis) -> list[Check]:
    return [check for check in diagnosis.look()[4].checks if check.state is CheckState.WRONG]


def test_nothing_received_yet(wired: tuple[ModuleBench, Wire, Diagnosis]) -> None:
    _, _, diagnosis = wired
    assert bus_wrong(diagnosis) == []
    assert [check.finding for check in diagnosis.look()[4].checks if check.state is CheckState.UNKNOWN] == [
        Finding.POWER_ASSUMED, Finding.NOTHING_RECEIVED, Finding.UNTRIED, Finding.UNTRIED, Finding.UNTRIED,
    ]  # fmt: skip


@pytest.mark.parametrize("baud", [300, 600, 9600])
def test_wrong_speed(wired: tuple[ModuleBench, Wire, Diagnosis], baud: int) -> None:
    _, wire, diagnosis = wired
    for _ in range(2):
        assert not wire.ping(baud)
    (found,) = bus_wrong(diagnosis)
    assert found.id is CheckId.SPEED
    assert found.facts[2] == 2400
    assert wire.ping(2400)
    assert bus_wrong(diagnosis) == []


def test_another_primary_address(wired: tuple[ModuleBench, Wire, Diagnosis]) -> None:
    bench, wire, diagnosis = wired
    assert not wire.ping(2400, address=5)
    bench.clock.advance(1)
    (found,) = bus_wrong(diagnosis)
    assert found.finding is Finding.ADDRESS_OTHER
    assert found.facts == (Seconds(pytest.approx(4, abs=0.1)), 5, 0)
    assert wire.ping(2400)
    assert not wire.ping(2400, address=7)
    assert bus_wrong(diagnosis) == [], "a master that calls this module too may call others"


def test_another_secondary_address(wired: tuple[ModuleBench, Wire, Diagnosis]) -> None:
    _, wire, diagnosis = wired
    select = Frame.long(0x53, 0xFD, 0x52, mask_bytes("87654321")).to_bytes()
    assert wire.ask(select, baud=2400) == b""
    (found,) = bus_wrong(diagnosis)
    assert found.finding is Finding.SELECTED_OTHER
    assert found.facts[1:] == ("87654321", "12345678")
    assert wire.ask(Frame.long(0x53, 0xFD, 0x52, mask_bytes("1234FFFF")).to_bytes(), baud=2400) == b"\xe5"
    assert bus_wrong(diagnosis) == []


def test_two_slaves_answer_at_once(wired: tuple[ModuleBench, Wire, Diagnosis]) -> None:
    """The master cannot read two simultaneous answers, and so repeats its request although it was answered."""
    _, wire, diagnosis = wired
    request = Frame.short(0x7B, 0).to_bytes()
    assert wire.ping(2400)
    for times in range(3):
        assert bus_wrong(diagnosis) == [], times
        assert wire.ask(request, baud=2400, wait=1.5)
    (found,) = bus_wrong(diagnosis)
    assert found.finding is Finding.REPEATED
    assert found.facts[0] == 3
    # With unique addresses, each request is made once.
    assert wire.ask(Frame.short(0x5B, 0).to_bytes(), baud=2400, wait=1.5)
    assert wire.ask(request, baud=2400, wait=1.5)
    assert bus_wrong(diagnosis) == []


def test_a_master_that_never_toggles_fcb_is_no_clash(wired: tuple[ModuleBench, Wire, Diagnosis]) -> None:
    _, wire, diagnosis = wired
    for _ in range(12):
        assert wire.ask(Frame.short(0x7B, 0).to_bytes(), baud=2400, wait=1.5)
    assert bus_wrong(diagnosis) == []


def test_an_answer_of_another_slave_with_the_module_s_address(wired: tuple[ModuleBench, Wire, Diagnosis]) -> None:
    _, wire, diagnosis = wired
    wire.ask(Frame.long(0x08, 0, 0x72, bytes(12)).to_bytes(), baud=2400)
    (found,) = bus_wrong(diagnosis)
    assert found.finding is Finding.OTHER_ANSWERS


def test_a_refused_command(wired: tuple[ModuleBench, Wire, Diagnosis]) -> None:
    bench, wire, diagnosis = wired
    assert wire.ask(Frame.long(0x73, 0, 0x51, bytes.fromhex("01 FF 13 09")).to_bytes(), baud=2400) == b"\xe5"
    (found,) = bus_wrong(diagnosis)
    assert found.id is CheckId.COMMAND
    bench.clock.advance(61)
    assert bus_wrong(diagnosis) == []


def test_answers_too_late(wired: tuple[ModuleBench, Wire, Diagnosis]) -> None:
    bench, wire, diagnosis = wired
    store, now = bench.station.traffic, bench.clock.now

    def late() -> None:
        wire_name = store.row(len(store) - 1).link
        store.append(now(), Side.MBUS, Direction.SENT, RowKind.EXPIRED, 0, wire_name, b"\xe5")
        bench.clock.advance(1)

    def answered() -> None:
        assert wire.ask(Frame.short(0x40, 0).to_bytes(), baud=2400) == b"\xe5"

    answered()
    late()
    assert [check.finding for check in bus_wrong(diagnosis)] == [Finding.TOO_LATE]
    # The master has repeated its request, and a single late answer does not matter.
    answered()
    assert bus_wrong(diagnosis) == []
    late()
    late()
    answered()
    assert [check.finding for check in bus_wrong(diagnosis)] == [Finding.TOO_LATE]
    bench.clock.advance(61)
    assert bus_wrong(diagnosis) == []


def test_the_tcp_port_is_in_use(clock: VirtualClock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        station = Station(StationConfig(mbus=(url,)), clock)
        diagnosis = Diagnosis(station)
        station.start()
        try:
            give_up = time.perf_counter() + WAIT_SECONDS
            while not bus_wrong(diagnosis) and time.perf_counter() < give_up:
                clock.advance(0.1)
                time.sleep(0.01)
            (found,) = bus_wrong(diagnosis)
            assert found.id is CheckId.BUS_LINK
            assert found.lead is not None
            assert found.lead.part == "mbus"
        finally:
            station.stop()


def test_traffic_of_masters_inside_the_program_does_not_count(bench: DiagnosisBench) -> None:
    bench.read()
    assert bench.check(MASTER, CheckId.RECEIVED).state is CheckState.UNKNOWN


# Implementation


def test_a_diagnosis_is_cheap_under_any_load() -> None:
    bench = DiagnosisBench()
    telegram = Frame.short(0x7B, 5).to_bytes()
    for _ in range(100_000):
        bench.station.traffic.append(1.0, Side.MBUS, Direction.RECEIVED, RowKind.TELEGRAM, 5, "x", telegram)
    seen: list[str] = []
    read_row = bench.station.traffic.row
    bench.station.traffic.row = lambda index: (seen.append("row"), read_row(index))[1]  # type: ignore[method-assign]
    bench.diagnosis.look()
    assert len(seen) <= ROWS_AT_ONCE
    bench.diagnosis.look()
    assert len(seen) <= ROWS_AT_ONCE, "old rows are not read again"


def test_the_diagnosis_works_after_the_traffic_was_cleared(wired: tuple[ModuleBench, Wire, Diagnosis]) -> None:
    bench, wire, diagnosis = wired
    assert wire.ping(2400)
    diagnosis.look()
    bench.station.traffic.clear()
    assert not wire.ping(2400, address=9)
    diagnosis.look()
    assert diagnosis.look()[4].checks[3].finding is Finding.ADDRESSED


def test_every_finding_is_used() -> None:
    """The code of the chains uses each of them; the texts are those of the window."""
    code = "".join(map(inspect.getsource, CHAINS))
    assert [finding.name for finding in Finding if f"Finding.{finding.name}" not in code] == []
