"""Every control line on a station in virtual time, and every wrong one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cmi_gui.commands.control import Answerer
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.room.line import MAX_LINE
from cmi_gui.engine.room.made_room import make_room
from cmi_gui.engine.room.operator import LINES, is_control_line
from cmi_gui.engine.room.status import status_of
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.station import Station
from tests.helpers.lines import control, result_of, started
from tests.helpers.station_bench import NOON, Bench

VALID_LINES = [verb.form.replace(" [TARGET]", "") for verb in LINES]
"""Each form without a target."""


@pytest.fixture
def bench() -> Bench:
    return Bench()


def wait(bench: Bench, what: Callable[[], bool], seconds: float = 120) -> None:
    assert bench.clock.run_until(bench.clock.now() + seconds, what)


def test_inputs_button_and_voltage(bench: Bench) -> None:
    station, module = bench.station, bench.station.module
    wait(bench, lambda: module.contact)
    assert control(station, "rate-input a 24") == {}
    assert control(station, "rate-input B 230") == {}
    assert module.inputs.volts == {"A": 24.0, "B": 230.0}
    wait(bench, lambda: module.state().rate == 4)
    assert control(station, "button") == {}
    wait(bench, lambda: status_of(station, station.point)["disconnector"] == "open")
    assert control(station, "bus-voltage 20.9") == {}
    assert status_of(station, station.point)["powered"] is False


def test_readouts_can_be_requested_paused_and_spaced(bench: Bench) -> None:
    station, module = bench.station, bench.station.module
    wait(bench, lambda: module.contact and module.state().readout_line is None)
    control(station, "read-now")
    wait(bench, lambda: module.state().readout_line is not None, 2)
    control(station, "pause on")
    assert module.state().reading_paused
    control(station, "pause off")
    control(station, "interval 10")
    wait(bench, lambda: module.state().readout_line is not None, 10)


def test_faults_of_the_meter(bench: Bench) -> None:
    station, meter = bench.station, bench.station.meter
    assert meter is not None
    for line, fault in [
        ("silent", "silent"),
        ("bad-bcc", "bad_bcc"),
        ("garbled", "garbled"),
        ("wrong-password", "refuse_passwords"),
        ("no-number", "no_meter_number"),
    ]:
        control(station, f"meter {line} on")
        assert getattr(meter.faults, fault) is True
        control(station, f"meter {line} off")
        assert getattr(meter.faults, fault) is False
    control(station, "meter slow 2.5")
    assert meter.faults.delay == 2.5
    control(station, "meter phase 2 off")
    assert meter.failed_phases == {2}
    control(station, "meter phase 2 on")
    assert meter.failed_phases == frozenset()
    control(station, "meter cover off")
    assert meter.cover_removals == 1
    control(station, "meter magnet")
    assert meter.dc_fields == 1
    before = meter.display(bench.clock.now())
    control(station, "meter scroll")
    assert meter.display(bench.clock.now()) != before
    control(station, "meter power off")
    assert not meter.powered
    control(station, "meter power on")
    assert (meter.powered, meter.power_failures) == (True, 1)


def test_every_listed_line_works_unchanged(bench: Bench) -> None:
    wait(bench, lambda: bench.station.module.contact)
    assert all(verb.effect for verb in LINES)
    for line in VALID_LINES:
        assert all(result.code != "bad_line" for result in started(bench.station, line))
    help_lines = control(bench.station, "help")
    assert help_lines["lines"] == [f"{verb.form}: {verb.effect}" for verb in LINES]
    assert help_lines["quantities"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("buttons", "'buttons' is not a control line; `help` lists them"),
        ("button twice", "the form is button [TARGET]"),
        ("rate-input A", "the form is rate-input [TARGET] A 230"),
        ("rate-input A 231", "0 to 230 V"),
        ("rate-input A nan", "0 to 230 V"),
        ("rate-input A -1", "0 to 230 V"),
        ("bus-voltage inf", "0 to 50 V"),
        ("bus-voltage 50.1", "0 to 50 V"),
        ("interval 0", "1 to 86400 seconds"),
        ("interval nan", "1 to 86400 seconds"),
        ("interval ١٢", "١٢ is not a number"),
        ("interval 1_0", "1_0 is not a number"),
        ("pause", "the form is pause [TARGET] on"),
        ("pause maybe", "expected on or off, not maybe"),
        ("meter", "the form is meter [TARGET] silent on or "),
        ("meter silent", "the form is meter [TARGET] silent on"),
        ("meter slow 61", "0 to 60 seconds, not 61"),
        ("meter slow nan", "0 to 60 seconds, not nan"),
        ("meter phase 2.5 off", "the phases are 1, 2 and 3, not 2.5"),
        ("meter phase 0 off", "the phases are 1, 2 and 3, not 0"),
        ("x" * (MAX_LINE + 1), "at most 200 characters, not 201"),
    ],
)
def test_wrong_lines_are_answered_with_the_right_form(bench: Bench, line: str, expected: str) -> None:
    before = status_of(bench.station, bench.station.point)
    result = result_of(bench.station, line)
    assert (result.ok, result.code) == (False, "bad_line")
    assert expected in str(result.message)
    assert status_of(bench.station, bench.station.point) == before


def test_nothing_is_done_for_empty_lines_and_comments(bench: Bench) -> None:
    for line in ("", "   ", "\t\r\n", "# button", "#button"):
        assert control(bench.station, line) == {}


def test_a_phase_that_the_meter_has_not_and_a_meter_that_is_real() -> None:
    single = Bench(variant="M55")
    assert "the meter has no phase 2" in str(result_of(single.station, "meter phase 2 off").message)
    real = Station(StationConfig(mbus=(), meter="tcp://127.0.0.1:1", start_time=NOON), VirtualClock())
    assert "a real meter is wired" in str(result_of(real, "meter silent on").message)
    assert status_of(real, real.point)["meter"] == "real"


_WORDS = sorted({word for line in VALID_LINES for word in line.split()} | {"all", "12345678", "is", ">=", '"', "x"})


@given(st.text(max_size=MAX_LINE + 5) | st.lists(st.sampled_from(_WORDS), max_size=6).map(" ".join))
@example("rate-input \N{ARABIC-INDIC DIGIT FIVE} \N{ARABIC-INDIC DIGIT FIVE}")
@example("meter phase ² off")
@example("bus-voltage 1e999")
@example("expect baud > 1e999999999")
@example("expect baud > sNaN")
@example('expect display "')
@example("time x1e999")
@example("wait contact yes 1e999")
def test_no_line_raises_anything_else(line: str) -> None:
    station = Station(StationConfig(mbus=(), start_time=NOON), VirtualClock())
    assert len(started(station, line)) <= 1


@given(st.binary(max_size=300).filter(lambda data: b"\n" not in data))
def test_any_bytes_are_answered_in_one_line(line: bytes) -> None:
    station = Station(StationConfig(mbus=(), start_time=NOON), VirtualClock())
    for json in (True, False):
        answers: list[str | None] = []
        Answerer(station, json=json).answer(line, answers.append)
        (answer,) = answers
        assert answer is None or len(answer.splitlines()) == 1


def test_solar_cells_export_and_registers_roll_over() -> None:
    bench = Bench(variant="M26", readout_interval=10.0)
    station, meter = bench.station, bench.station.meter
    assert meter is not None
    control(station, "meter solar 0")
    bench.clock.advance(60)
    exported = meter.registers.wh("2.8.0")
    bench.clock.advance(600)
    assert meter.registers.wh("2.8.0") == exported
    control(station, "meter solar 100000")
    bench.clock.advance(600)
    assert meter.registers.wh("2.8.0") > exported
    control(station, "meter solar 0")
    control(station, "meter register 1.8.1 999999999")
    bench.clock.advance(3600)
    assert meter.registers.wh("1.8.1") < 1_000_000
    for line in ("meter solar inf", "meter solar 100001", "meter register 1.8.1 -1", "meter register F.F 1"):
        assert not result_of(station, line).ok


def test_tamper_error_and_speed_of_the_meter(bench: Bench) -> None:
    station, meter = bench.station, bench.station.meter
    assert meter is not None
    wait(bench, lambda: station.module.contact)
    control(station, "meter error a2")
    control(station, "meter tamper disconnector")
    control(station, "meter speed 0")
    assert meter.identification.speed == "0"
    control(station, "interval 10")
    bench.clock.advance(60)
    assert bench.reading("F.F") == "A2"
    assert int(bench.reading("C.5.0"), 16) >> 11 & 1
    assert station.module.contact
    for line in (
        "meter error 2",
        "meter error 0x",
        "meter error 100",
        "meter speed 6",
        "meter speed",
        "meter tamper x",
    ):
        assert not result_of(station, line).ok
    without = result_of(Bench(variant="M26").station, "meter tamper disconnector")
    assert "no disconnector" in str(without.message)


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        *((line, True) for line in VALID_LINES),
        ("", True),
        ("   ", True),
        ("# POST / HTTP/1.1", True),
        ("meter frob", True),
        ("status HTTP/1.1", True),
        ("GET / HTTP/1.1", False),
        ("STATUS", False),
        ("frob", False),
        ("statusx", False),
        ("button " + "x" * MAX_LINE, False),
        ("\\x16\\x03\\x01", False),
    ],
)
def test_recognition_of_control_lines(line: str, is_one: bool) -> None:
    assert is_control_line(line) is is_one


def test_a_refusal_is_an_answer_with_a_code(bench: Bench) -> None:
    station = bench.station
    early = result_of(station, "button")
    assert (early.ok, early.code) == (False, "disconnector_unknown")
    assert "has not reported yet" in str(early.message)
    wait(bench, lambda: station.module.contact)
    assert control(station, "button") == {}
    busy = result_of(station, "press")
    assert busy.code == "disconnector_busy"
    answers: list[str | None] = []
    Answerer(station, json=False).answer(b"button", answers.append)
    assert answers == [f"error: {busy.message}"]
    assert control(station, "pause on") == {}
    assert result_of(station, "read-now").code == "paused"
    assert control(station, "bus-voltage 0") == {}
    assert result_of(station, "read-now").code == "unpowered"
    assert result_of(station, "button").code == "button_unpowered"
    assert control(station, "meter power off") == {}
    assert result_of(station, "meter scroll").code == "meter_unpowered"
    assert result_of(Bench(variant="M26").station, "meter tamper disconnector").code == "refused"


class Listener:
    """A master that only records what it receives."""

    def __init__(self) -> None:
        self.data = b""

    def received(self, data: bytes, last_byte_at: float) -> None:
        self.data += data

    def line_event(self, kind: object, at: float) -> None: ...

    def done(self, token: int, outcome: object, at: float) -> None: ...

    def state(self, state: object, cause: object) -> None: ...


def test_a_break_on_the_bus_ends_an_answer_in_the_middle(bench: Bench) -> None:
    wait(bench, lambda: bench.station.module.contact)
    link, master = bench.station.connect_master(Line(2400)), Listener()
    link.open(master)
    request = Frame.short(0x7B, 0).to_bytes()
    link.send(1, request, 0.0, 1e9)
    wait(bench, lambda: len(master.data) >= 20, 2)
    assert control(bench.station, "bus-break") == {}
    count = len(master.data)
    bench.clock.advance(2)
    assert len(master.data) == count < 200
    master.data = b""
    link.send(2, request, 0.0, 1e9)
    bench.clock.advance(3)
    assert master.data.endswith(b"\x16"), "the next request is answered completely"
    assert len(master.data) == master.data[1] + 6


def test_modules_that_are_switched_on_together_read_their_meters_one_after_the_other() -> None:
    clock = VirtualClock(1000.0)
    station = Station(StationConfig(mbus=(), modules=make_room(20, 1, readout_interval=900.0).points), clock)
    station.start()
    clock.advance(60)
    assert all(point.module.contact for point in station.points)
    control(station, "power all off")
    control(station, "power all on")
    due = [point.module.schedule.next_at for point in station.points]
    assert due == pytest.approx([clock.now() + 0.05 * index for index in range(20)])
    clock.advance(60)
    assert all(point.module.contact for point in station.points)
