"""Conditions on modules, checked and waited for in virtual time, on a station with several modules."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.diagnostics.diagnoses import Diagnoses
from cmi_gui.engine.mbus.render import json_text
from cmi_gui.engine.room.line import LineResult, Services
from cmi_gui.engine.room.operator import Operator
from cmi_gui.engine.room.quantities import QUANTITIES, Kind
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.metering_point import PointConfig
from cmi_gui.engine.station.station import Station
from tests.helpers.lines import control, result_of, started
from tests.helpers.station_bench import NOON, Bench


class Flats:
    """Three modules on one bus: flat-1 is the built-in one."""

    def __init__(self) -> None:
        self.clock = VirtualClock(1000.0)
        points = tuple(PointConfig(f"5010000{n}", f"flat-{n}", start_time=NOON) for n in (1, 2, 3))
        self.station = Station(StationConfig(mbus=(), modules=points), self.clock)
        self.station.start()

    def run(self, line: str, seconds: float = 100_000) -> LineResult:
        """Run a line to its end."""
        results = started(self.station, line)
        assert self.clock.run_until(self.clock.now() + seconds, lambda: bool(results))
        (result,) = results
        return result

    def ok(self, *lines: str) -> None:
        for line in lines:
            result = self.run(line)
            assert result.ok, (line, str(result.message))

    def unmet(self, line: str) -> str:
        result = self.run(line)
        assert (result.ok, result.code) == (False, "not_met"), line
        return str(result.message)

    def wrong(self, line: str) -> str:
        result = result_of(self.station, line)
        assert (result.ok, result.code) == (False, "bad_line"), line
        return str(result.message)


@pytest.fixture
def flats() -> Iterator[Flats]:
    room = Flats()
    room.ok("wait all contact 60")
    yield room
    room.station.stop()


# Targets


def test_a_line_concerns_the_module_that_it_names(flats: Flats) -> None:
    flats.ok("press flat-2", "wait flat-2 disconnector open", "expect disconnector closed")
    flats.ok("press 50100003", "wait 50100003 disconnector is open", "expect flat-1 disconnector closed")
    flats.ok("rate-input flat-3 A 230", "wait flat-3 input-a", "expect flat-2 input-a no", "expect input-a no")
    flats.ok("meter all silent on", "meter flat-1 silent off")
    assert [point.meter is not None and point.meter.faults.silent for point in flats.station.points] == [0, 1, 1]
    flats.ok("power flat-2 off", "expect flat-2 powered no", "expect flat-3 powered", "power flat-2 on")
    flats.ok("expect all powered", "bus-voltage 0", "expect all powered no")


def test_what_one_module_refuses_does_not_keep_the_others_from_it(flats: Flats) -> None:
    flats.ok("power flat-2 off")
    result = flats.run("press all")
    assert (result.ok, result.code) == (False, "button_unpowered")
    assert str(result.message).startswith("module flat-2: ")
    flats.ok("expect flat-1 disconnector moving", "expect flat-3 disconnector moving", "expect flat-2 press refused")


def test_unknown_modules_and_wrong_forms_name_the_right_ones(flats: Flats) -> None:
    assert "'flat-9' is not a module; the modules are flat-1, flat-2, flat-3" in flats.wrong("press flat-9")
    assert "'flat-9' is not a module" in flats.wrong("expect flat-9 contact")
    assert "'flat-9' is not a module" in flats.wrong("inject flat-9 late 300")
    assert "'lat' is not a fault" in flats.wrong("inject flat-1 lat 300")
    assert "the form is press [TARGET]" in flats.wrong("press flat-1 flat-2")
    assert "not a quantity; they are powered, contact" in flats.wrong("expect flat-1 colour blue")
    assert "not a quantity" in flats.wrong("wait")


def test_status_of_one_and_of_all(flats: Flats) -> None:
    assert control(flats.station, "status")["serial"] == "50100001"
    assert control(flats.station, "status flat-2")["serial"] == "50100002"
    modules = control(flats.station, "status all")["modules"]
    assert isinstance(modules, dict)
    assert {name: status["serial"][-1] for name, status in modules.items()} == {f"flat-{n}": str(n) for n in (1, 2, 3)}
    json.loads(json_text(modules))


# Waiting


def test_a_wait_ends_at_the_step_that_meets_it_and_not_before(flats: Flats) -> None:
    flats.ok("press flat-2")
    results = started(flats.station, "wait flat-2 disconnector open 60")
    module = flats.station.points[1].module
    assert not results
    assert flats.clock.run_until(flats.clock.now() + 60, lambda: module.state().disconnector == "open")
    flats.clock.advance(0)
    assert results == [LineResult(ok=True)]


def test_a_wait_that_is_not_met_ends_after_its_seconds(flats: Flats) -> None:
    begun = flats.clock.now()
    message = flats.unmet("wait all disconnector open")
    assert flats.clock.now() == begun + 20
    assert message == "not met within 20 s: module flat-1: disconnector is closed, expected: disconnector is open"
    flats.unmet("wait rate 3 0.5")
    assert flats.clock.now() == begun + 20.5


def test_a_wait_for_all_needs_all(flats: Flats) -> None:
    flats.ok("press flat-1", "press flat-2", "wait flat-2 disconnector open")
    flats.unmet("wait all disconnector open")
    flats.ok("press flat-3", "wait all disconnector open")


def test_a_cancelled_wait_has_no_result_and_leaves_nothing_behind(flats: Flats) -> None:
    results: list[LineResult] = []
    watchers = [*flats.station._events.watchers]
    waiting = Operator(flats.station).start("wait contact no 60", results.append)
    assert waiting is not None
    waiting.cancel()
    waiting.cancel()
    flats.ok("bus-voltage 0")
    flats.clock.advance(100)
    assert not results
    assert flats.station._events.watchers == watchers


def test_a_line_started_at_the_end_of_a_wait_may_operate_the_module(flats: Flats) -> None:
    results: list[LineResult] = []
    operator = Operator(flats.station)
    operator.start("press")
    operator.start("wait disconnector open", lambda _: operator.start("press", results.append))
    flats.clock.advance(30)
    assert results == [LineResult(ok=True)]
    flats.ok("wait disconnector closed")


# Quantities


def test_lamps_outcomes_flags_and_display() -> None:
    bench = Bench(variant="M29")
    control(bench.station, "expect red 100/5000")
    control(bench.station, "expect green off")
    status = control(bench.station, "status")
    assert status["lamps"] == {"red": {"pattern": "100/5000", "on": True}, "green": {"pattern": "off", "on": False}}
    assert (status["status_byte"], status["status"]) == ("10", ["no-meter"])
    assert "no-meter" in str(status["flags"])
    assert (status["last_press"], status["last_command"]) == (None, None)
    result_of(bench.station, "press")
    refused = control(bench.station, "status")["last_press"]
    assert isinstance(refused, dict)
    assert (refused["what"], refused["result"]) == ("press", "refused")
    assert "has not reported yet" in refused["reason"]
    bench.clock.advance(30)
    control(bench.station, "expect green 100/5000")
    control(bench.station, "expect status none")
    bench.station.module.control.show_text("HELLO 12")
    bench.station.read_now()
    bench.clock.advance(30)
    control(bench.station, 'expect display is "HELLO 12"')
    control(bench.station, "press")
    control(bench.station, "expect press accepted")
    bench.clock.advance(30)
    control(bench.station, "expect press done")
    control(bench.station, "expect command done")
    done = control(bench.station, "status")["last_command"]
    assert done == {"what": "disconnector open", "result": "done", "reason": None}
    control(bench.station, "meter no-number on")
    control(bench.station, "read-now")
    bench.clock.advance(20)
    control(bench.station, "expect red on")
    control(bench.station, "expect status no-meter-number")
    control(bench.station, "expect flag no-meter-number")
    control(bench.station, "expect meter-number none")


def test_a_refusal_of_the_meter_is_the_outcome_of_the_press() -> None:
    bench = Bench(variant="M29")
    bench.clock.advance(30)
    control(bench.station, "meter wrong-password on")
    module = bench.station.module
    module._memory.settings = module.settings.with_value("usage", 0b01_01_01)
    control(bench.station, "press")
    bench.clock.advance(60)
    status = control(bench.station, "status")
    reason = "the meter refuses the password and everything else for 60 s"
    assert status["last_press"] == {"what": "press", "result": "denied", "reason": reason}
    assert status["last_command"] == {"what": "disconnector open", "result": "denied", "reason": reason}
    control(bench.station, "expect status disconnector-refused")


def test_a_meter_that_does_not_do_what_it_confirmed_fails_the_press() -> None:
    bench = Bench(variant="M29")
    bench.clock.advance(30)
    control(bench.station, "press")
    bench.clock.advance(5)
    assert bench.station.meter is not None
    control(bench.station, "expect command done")
    bench.station.meter.switch_disconnector(True, bench.clock.now())
    bench.clock.advance(60)
    outcome = control(bench.station, "status")["last_press"]
    assert isinstance(outcome, dict)
    assert outcome["result"] == "failed"
    assert "still reports that its disconnector is closed" in outcome["reason"]


def test_a_refused_command_of_a_master_is_an_outcome() -> None:
    bench = Bench(variant="M29")
    bench.clock.advance(30)
    bench.send("01 FF 13 09")
    outcome = control(bench.station, "status")["last_command"]
    assert isinstance(outcome, dict)
    assert (outcome["what"], outcome["result"]) == ("command", "refused")
    assert "must be 1 to 6, not 9" in outcome["reason"]


def test_requests_are_counted_and_readings_compared() -> None:
    bench = Bench()
    bench.clock.advance(30)
    control(bench.station, "expect requests 0")
    bench.read()
    bench.read()
    control(bench.station, "expect requests >= 2")
    assert result_of(bench.station, "expect requests < 2").code == "not_met"
    value = bench.reading("1.8.0").partition("*")[0]
    for line in (f"expect 1.8.0 {value}", f"expect 1.8.0 = {float(value)}", "expect 1.8.0 > 0", "expect F.F 00"):
        control(bench.station, line)
    for line in (f"expect 1.8.0 > {value}", "expect 1.8.0 none", "expect 99.9.9 > 0"):
        assert result_of(bench.station, line).code == "not_met", line
    control(bench.station, "expect 99.9.9 is none")
    control(bench.station, "expect baud >= 2400")


@pytest.mark.parametrize("name", QUANTITIES)
def test_every_quantity_is_read_and_names_its_values(name: str) -> None:
    bench = Bench()
    quantity = QUANTITIES[name]
    for seconds in (0, 30):
        bench.clock.advance(seconds)
        value = quantity.read(bench.station.point)
        if quantity.kind is Kind.FLAGS:
            value = value.split(",")[0]
        control(bench.station, f'expect {name} is "{value}"')
    if quantity.kind is not Kind.TEXT:
        wrong = result_of(bench.station, f"expect {name} is frob")
        assert wrong.code == "bad_line"
        assert f"'frob' is not a value of {name}: {quantity.form}" in str(wrong.message)
    if quantity.kind is not Kind.NUMBER:
        assert "cannot be compared" in str(result_of(bench.station, f"expect {name} > 3").message)


@pytest.mark.parametrize("seconds", ["-1", "86401", "nan", "inf", "soon"])
def test_the_seconds_of_a_wait_are_limited(seconds: str) -> None:
    assert result_of(Bench().station, f"wait contact yes {seconds}").code == "bad_line"


# Faults


def test_faults_are_injected_and_cleared(flats: Flats) -> None:
    flats.ok("inject flat-2 late 300 every 10", "inject flat-2 no-answer once", "inject all busy 5 %")
    assert control(flats.station, "status flat-2")["faults"] == ["late 300 every 10", "no-answer once", "busy 5 %"]
    flats.ok("clear flat-2")
    assert control(flats.station, "status flat-2")["faults"] == []
    assert control(flats.station, "status")["faults"] == ["busy 5 %"]


# Diagnosis


def test_the_diagnoses_of_several_modules(flats: Flats) -> None:
    diagnoses = Diagnoses(flats.station)
    operator = Operator(flats.station, Services(diagnose=diagnoses.look))
    results: list[LineResult] = []
    flats.run("press flat-2")
    assert flats.run("press flat-2").code == "disconnector_busy"
    flats.ok("meter flat-3 silent on", "read-now flat-3", "wait flat-3 failed-readouts 1")
    operator.start("diagnose all", results.append)
    assert not results
    flats.clock.advance(0)
    (result,) = results
    modules = result.values["modules"]
    assert isinstance(modules, dict)
    assert list(modules) == ["flat-1", "flat-2", "flat-3"]
    findings = {
        name: {check["finding"] for symptom in one["symptoms"] for check in symptom["checks"]}
        for name, one in modules.items()
    }
    assert {name for name, found in findings.items() if "too_soon" in found} == {"flat-2"}
    assert {name for name, found in findings.items() if "fault_on" in found} == {"flat-3"}
    operator.start("diagnose", results.append)
    flats.clock.advance(0)
    assert results[1].values["module"] == "flat-1"
    diagnoses.close()
    assert result_of(flats.station, "diagnose").code == "refused"
