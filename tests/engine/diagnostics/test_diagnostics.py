"""Diagnosis on the real engine: every cause provoked, exactly its check fails; mended, none does."""

from __future__ import annotations

import inspect
import socket
import time
from pathlib import Path

import pytest

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.diagnostics import bus_chain, meter_chains, meter_checks, situation
from cmi_gui.engine.diagnostics.bus_observation import ROWS_AT_ONCE
from cmi_gui.engine.diagnostics.checks import Check, CheckId, CheckState, Finding, Seconds, Symptom, SymptomId
from cmi_gui.engine.diagnostics.diagnosis import Diagnosis, causes
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.slave_address import mask_bytes
from cmi_gui.engine.station.station import Station, StationConfig
from cmi_gui.engine.traffic.store import Direction, RowKind, Side
from tests.engine.station.test_commands_end_to_end import profile_with
from tests.helpers.module_bench import ModuleBench, Wire, bench_on_a_wire, text_command
from tests.helpers.waiting import WAIT_SECONDS

BUTTON, RATE, DELAY, MASTER = SymptomId
WRONG_P1, RIGHT_P1 = text_command("p1", "wrong"), text_command("p1", "00000000")
RATE_3 = bytes.fromhex("01 FF 13 03")


class Patient(ModuleBench):
    """A settled station under observation since before it started."""

    def __init__(self, **config: object) -> None:
        super().__init__(settled=False, **config)
        self.diagnosis = Diagnosis(self.station)
        self.clock.advance(20)

    def look(self) -> dict[SymptomId, Symptom]:
        return {symptom.id: symptom for symptom in self.diagnosis.look()}

    def check(self, symptom: SymptomId, check: CheckId) -> Check:
        return next(found for found in self.look()[symptom].checks if found.id is check)

    def wrong(self) -> set[CheckId]:
        """All checks that fail, but that no link is wired, as none is here."""
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
def patient() -> Patient:
    return Patient()


def test_the_symptoms_are_the_manuals_in_its_order(patient: Patient) -> None:
    assert list(patient.look()) == [BUTTON, RATE, DELAY, MASTER]
    assert patient.wrong() == set()
    assert causes(patient.diagnosis.look()) == set()


def test_a_healthy_station_that_has_done_everything_has_no_open_question(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, wire = bench_on_a_wire(monkeypatch)
    diagnosis = Diagnosis(bench.station)
    bench.set_inputs(a=True, b=False)
    bench.clock.advance(20)
    bench.station.press_button()
    bench.clock.advance(70)
    assert wire.ping(2400)
    for symptom in diagnosis.look():
        # The wire stands for a serial port, which cannot measure the bus.
        open_ones = [check.finding for check in symptom.checks if check.state is not CheckState.OK]
        assert open_ones == ([Finding.POWER_ASSUMED] if symptom.id is SymptomId.MASTER else []), symptom


# What stands in the way of all that is done with the meter


@pytest.mark.parametrize(("volts", "finding"), [(0, Finding.BUS_DEAD), (20.9, Finding.BUS_LOW)])
def test_no_bus_voltage(patient: Patient, volts: float, finding: Finding) -> None:
    patient.station.set_bus_voltage(volts)
    assert patient.wrong() == {CheckId.POWER, CheckId.VOLTAGE}
    assert causes(patient.diagnosis.look()) == {CheckId.POWER}
    for symptom in (BUTTON, RATE, MASTER):
        first = patient.look()[symptom].first_wrong
        assert first is not None
        assert first.finding is finding
    patient.station.set_bus_voltage(24)
    patient.clock.advance(20)
    assert patient.wrong() == set()


def test_too_much_bus_voltage_is_a_matter_of_the_bus_alone(patient: Patient) -> None:
    patient.station.set_bus_voltage(45)
    assert patient.wrong() == {CheckId.VOLTAGE}
    assert patient.check(MASTER, CheckId.VOLTAGE).finding is Finding.BUS_HIGH


@pytest.mark.parametrize(
    ("fault", "finding"),
    [("silent", Finding.SILENT), ("bad_bcc", Finding.DAMAGED), ("garbled", Finding.DAMAGED)],
)
def test_a_meter_that_cannot_be_read(patient: Patient, fault: str, finding: Finding) -> None:
    setattr(patient.meter.faults, fault, True)
    patient.station.read_now()
    patient.clock.advance(6)
    assert patient.wrong() == set(), "one failure is no loss of contact"
    assert patient.check(BUTTON, CheckId.CONTACT).state is CheckState.UNKNOWN
    patient.clock.advance(60)
    assert patient.wrong() == {CheckId.CONTACT}
    found = patient.check(BUTTON, CheckId.CONTACT)
    assert found.finding is finding
    assert found == patient.check(RATE, CheckId.CONTACT)
    setattr(patient.meter.faults, fault, False)
    patient.clock.advance(15)
    assert patient.wrong() == set()


def test_the_first_readout_is_no_trouble() -> None:
    bench = ModuleBench(settled=False)
    diagnosis = Diagnosis(bench.station)
    assert causes(diagnosis.look()) == set()
    assert diagnosis.look()[0].checks[3].finding is Finding.FIRST_READOUT


def test_the_meters_link_is_down(tmp_path: Path, clock: VirtualClock) -> None:
    station = Station(StationConfig(mbus=(), meter=f"serial:{tmp_path / 'none'}"), clock)
    diagnosis = Diagnosis(station)
    station.start()
    try:
        first = None
        give_up = time.monotonic() + WAIT_SECONDS
        while first is None and time.monotonic() < give_up:
            clock.advance(0.1)
            time.sleep(0.01)
            first = diagnosis.look()[0].first_wrong
        assert first is not None
        assert first.id is CheckId.METER_LINK
        assert causes(diagnosis.look()) == {CheckId.METER_LINK}
        assert first.lead is not None
        assert (first.lead.page, first.lead.part) == ("pageConnections", "meter")
    finally:
        station.stop()
        diagnosis.close()


def test_reading_is_paused(patient: Patient) -> None:
    patient.station.pause_reading(True)
    assert patient.wrong() == {CheckId.READING}
    assert patient.check(BUTTON, CheckId.READING).by_choice
    assert causes(patient.diagnosis.look()) == set()
    patient.station.pause_reading(False)
    assert patient.wrong() == set()


# The push button


@pytest.mark.parametrize(("control", "finding"), [(0, Finding.CONTROL_OFF), (1, Finding.CONTROL_BUS_ONLY)])
def test_control_disabled(patient: Patient, control: int, finding: Finding) -> None:
    patient.send(bytes.fromhex("01 7C 03 6C 74 63") + bytes((control,)))
    assert patient.wrong() == {CheckId.CONTROL}
    assert causes(patient.diagnosis.look()) == set(), "somebody has set it so"
    patient.station.press_button()
    assert causes(patient.diagnosis.look()) == {CheckId.CONTROL}, "but somebody else expects otherwise"
    found = patient.check(BUTTON, CheckId.CONTROL)
    assert found.finding is finding
    assert found.lead is not None
    assert found.lead.part == "disconnector_control"
    patient.send("01 7C 03 6C 74 63 03")
    patient.press()
    assert patient.wrong() == set()


def test_wrong_p1(patient: Patient) -> None:
    patient.send(WRONG_P1)
    patient.press(8)
    assert patient.wrong() == {CheckId.PASSWORD}
    found = patient.check(BUTTON, CheckId.PASSWORD)
    assert found.facts[0] == "P1"
    assert isinstance(found.facts[1], Seconds)
    assert patient.check(RATE, CheckId.PASSWORD).state is CheckState.WRONG, "the same key would be shown for a rate"
    assert patient.check(BUTTON, CheckId.LOCK).finding is Finding.LOCKED
    patient.send(RIGHT_P1)
    assert patient.check(BUTTON, CheckId.PASSWORD).finding is Finding.PASSWORD_CHANGED
    patient.clock.advance(60)
    patient.press()
    assert patient.wrong() == set()
    assert patient.look()[BUTTON].state is CheckState.OK


def test_wrong_p2(tmp_path: Path) -> None:
    patient = Patient(meter_profile=profile_with(tmp_path, disconnector='"P2"', p2='"right"'))
    patient.send(bytes.fromhex("01 7C 03 65 73 75 09") + text_command("p2", "wrong"))
    patient.press(8)
    assert patient.wrong() == {CheckId.PASSWORD}
    assert patient.check(BUTTON, CheckId.PASSWORD).facts[0] == "P2"
    patient.clock.advance(70)
    patient.send(text_command("p2", "right"))
    patient.press()
    assert patient.wrong() == set()


@pytest.mark.parametrize(("usage", "shown"), [(0b01_00_01, "none"), (0b01_10_01, "P2")])
def test_wrong_usage(patient: Patient, usage: int, shown: str) -> None:
    patient.send(bytes.fromhex("01 7C 03 65 73 75") + bytes((usage,)))
    patient.press(8)
    assert patient.wrong() == {CheckId.USAGE}
    assert patient.check(BUTTON, CheckId.USAGE).facts == (shown,)
    patient.send("01 7C 03 65 73 75 15")
    assert patient.check(BUTTON, CheckId.USAGE).finding is Finding.USAGE_CHANGED
    patient.press()
    assert patient.wrong() == set()


def test_no_disconnector() -> None:
    patient = Patient(has_disconnector=False)
    patient.press(30)
    assert patient.wrong() == {CheckId.METER_TYPE}
    assert patient.check(BUTTON, CheckId.METER_TYPE).finding is Finding.NO_DISCONNECTOR
    patient.send("00 FD 97 07")
    assert patient.wrong() == set(), "the flag was cleared; the next press will tell"


def test_a_meter_that_never_answers_programming(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patient.meter, "operand", lambda now: None)
    patient.send(RATE_3)
    patient.clock.advance(120)
    assert patient.wrong() == {CheckId.ANSWER}


def test_a_command_into_silence_is_no_fault_of_the_programming_mode(patient: Patient) -> None:
    patient.meter.faults.silent = True
    patient.press(60)
    patient.meter.faults.silent = False
    patient.clock.advance(30)
    assert patient.station.module.contact
    assert patient.check(BUTTON, CheckId.ANSWER).finding is Finding.WAS_SILENT
    assert patient.wrong() == set()


def test_the_meter_confirms_and_does_not_switch(patient: Patient) -> None:
    patient.station.press_button()
    patient.clock.advance(5)
    # Somebody closes it again before the module reads it.
    patient.meter.close_disconnector(patient.clock.now())
    patient.clock.advance(30)
    assert patient.wrong() == {CheckId.SWITCHED}


# The rate inputs


def test_rate_inputs_disabled(patient: Patient) -> None:
    patient.send("01 7C 03 6E 65 72 00")
    assert patient.wrong() == {CheckId.ENABLE}
    assert causes(patient.diagnosis.look()) == set()
    patient.set_inputs(a=True, b=False)
    patient.clock.advance(6)
    assert causes(patient.diagnosis.look()) == {CheckId.ENABLE}
    patient.send("01 7C 03 6E 65 72 01")
    patient.clock.advance(10)
    assert patient.wrong() == set()
    assert patient.check(RATE, CheckId.RATE_SET).facts == (2,)


def test_the_table_has_no_rate_for_the_inputs(patient: Patient) -> None:
    patient.send("04 7C 03 70 61 6D 01 00 03 04")
    assert patient.wrong() == set()
    patient.set_inputs(a=True, b=False)
    patient.clock.advance(6)
    assert patient.wrong() == {CheckId.MAP}
    assert patient.check(RATE, CheckId.MAP).facts == (0, 1)


def test_an_input_that_is_neither_low_nor_active(patient: Patient) -> None:
    patient.station.set_rate_input("A", 12)
    assert patient.wrong() == {CheckId.INPUTS}
    patient.station.set_rate_input("A", 230)
    assert patient.wrong() == set()
    assert patient.check(RATE, CheckId.STEADY).finding is Finding.NOT_YET_STEADY
    patient.clock.advance(17)
    steady = patient.check(RATE, CheckId.STEADY)
    assert steady.facts[:2] == (0, 1)
    assert steady.facts[2] == Seconds(pytest.approx(17))


def test_a_rate_the_meter_has_not() -> None:
    patient = Patient(variant="M27")
    patient.send("04 7C 03 70 61 6D 01 05 03 04")
    patient.set_inputs(a=True, b=False)
    patient.clock.advance(10)
    assert patient.wrong() == {CheckId.METER_TYPE}
    assert patient.check(RATE, CheckId.METER_TYPE).facts[0] == "5"
    patient.send("04 7C 03 70 61 6D 01 02 03 04")
    patient.clock.advance(10)
    assert patient.wrong() == set()


def test_rate_with_a_wrong_key_and_with_a_wrong_usage(patient: Patient) -> None:
    patient.send("01 7C 03 65 73 75 14")
    patient.send(RATE_3)
    patient.clock.advance(10)
    assert patient.wrong() == {CheckId.USAGE}
    patient.send(WRONG_P1 + bytes.fromhex("01 7C 03 65 73 75 15"))
    patient.clock.advance(10)
    assert patient.wrong() == {CheckId.PASSWORD}
    patient.send(RIGHT_P1)
    patient.clock.advance(80)
    assert patient.wrong() == set()
    assert patient.check(RATE, CheckId.RATE_SET).facts == (3,)


# The delay


def test_faster_than_ten_seconds(patient: Patient) -> None:
    patient.press(3)
    assert patient.check(DELAY, CheckId.PROCESS).finding is Finding.SWITCHING
    patient.station.press_button()
    assert patient.wrong() == {CheckId.FASTER}
    assert patient.check(DELAY, CheckId.FASTER).facts[0] == Seconds(pytest.approx(3))
    patient.clock.advance(20)
    assert patient.check(DELAY, CheckId.DURATION).finding is Finding.TOOK_NORMAL
    patient.clock.advance(45)
    assert patient.wrong() == set(), "what passes by itself is told for a minute"


def test_faster_by_the_bus(patient: Patient) -> None:
    patient.press(3)
    patient.send("01 FD 1F 01")
    assert patient.wrong() == {CheckId.FASTER, CheckId.COMMAND}


# The bus


@pytest.fixture
def wired(monkeypatch: pytest.MonkeyPatch) -> tuple[ModuleBench, Wire, Diagnosis]:
    bench, wire = bench_on_a_wire(monkeypatch)
    return bench, wire, Diagnosis(bench.station)


def bus_wrong(diagnosis: Diagnosis) -> list[Check]:
    return [check for check in diagnosis.look()[3].checks if check.state is CheckState.WRONG]


def test_nothing_heard_yet(wired: tuple[ModuleBench, Wire, Diagnosis]) -> None:
    _, _, diagnosis = wired
    assert bus_wrong(diagnosis) == []
    assert [check.finding for check in diagnosis.look()[3].checks if check.state is CheckState.UNKNOWN] == [
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
    """The master cannot read two answers at the same moment, and asks again although it was answered."""
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


def test_a_master_that_never_toggles_is_no_clash(wired: tuple[ModuleBench, Wire, Diagnosis]) -> None:
    _, wire, diagnosis = wired
    for _ in range(12):
        assert wire.ask(Frame.short(0x7B, 0).to_bytes(), baud=2400, wait=1.5)
    assert bus_wrong(diagnosis) == []


def test_an_answer_of_another_slave_with_our_address(wired: tuple[ModuleBench, Wire, Diagnosis]) -> None:
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
    # The master has asked again: once in a while is no trouble.
    answered()
    assert bus_wrong(diagnosis) == []
    late()
    late()
    answered()
    assert [check.finding for check in bus_wrong(diagnosis)] == [Finding.TOO_LATE]
    bench.clock.advance(61)
    assert bus_wrong(diagnosis) == []


def test_the_listening_port_is_taken(clock: VirtualClock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        station = Station(StationConfig(mbus=(url,)), clock)
        diagnosis = Diagnosis(station)
        station.start()
        try:
            give_up = time.monotonic() + WAIT_SECONDS
            while not bus_wrong(diagnosis) and time.monotonic() < give_up:
                clock.advance(0.1)
                time.sleep(0.01)
            (found,) = bus_wrong(diagnosis)
            assert found.id is CheckId.BUS_LINK
            assert found.lead is not None
            assert found.lead.part == "mbus"
        finally:
            station.stop()


def test_traffic_of_masters_inside_the_program_proves_nothing(patient: Patient) -> None:
    patient.read()
    assert patient.check(MASTER, CheckId.HEARD).state is CheckState.UNKNOWN


# How it works


def test_a_look_is_cheap_under_any_load() -> None:
    patient = Patient()
    telegram = Frame.short(0x7B, 5).to_bytes()
    for _ in range(100_000):
        patient.station.traffic.append(1.0, Side.MBUS, Direction.RECEIVED, RowKind.TELEGRAM, 5, "x", telegram)
    seen: list[str] = []
    real = patient.station.traffic.row
    patient.station.traffic.row = lambda index: (seen.append("row"), real(index))[1]  # type: ignore[method-assign]
    patient.diagnosis.look()
    assert len(seen) <= ROWS_AT_ONCE
    patient.diagnosis.look()
    assert len(seen) <= ROWS_AT_ONCE, "old rows are not looked at again"


def test_cleared_traffic_is_no_trouble(wired: tuple[ModuleBench, Wire, Diagnosis]) -> None:
    bench, wire, diagnosis = wired
    assert wire.ping(2400)
    diagnosis.look()
    bench.station.traffic.clear()
    assert not wire.ping(2400, address=9)
    diagnosis.look()
    assert diagnosis.look()[3].checks[3].finding is Finding.ADDRESSED


def test_no_finding_goes_unused() -> None:
    """Each is reached by the code of the chains; its words are the window's business."""
    code = "".join(map(inspect.getsource, (bus_chain, meter_chains, meter_checks, situation)))
    assert [finding.name for finding in Finding if f"Finding.{finding.name}" not in code] == []
