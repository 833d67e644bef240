"""Diagnosis of a module on a real bus: what its answers show, and everything else as unknown with a way to find out."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace

import pytest

from cmi_gui.engine.configurator.reading import read_stored
from cmi_gui.engine.configurator.slaves import ListedSlave, SlaveList
from cmi_gui.engine.diagnostics import bus_module_chains
from cmi_gui.engine.diagnostics.bus_module import BusModule, LastReading
from cmi_gui.engine.diagnostics.bus_module_chains import READ, look_at
from cmi_gui.engine.diagnostics.checks import Check, CheckId, CheckState, Finding, Seconds, SymptomId
from cmi_gui.engine.diagnostics.diagnosis import causes
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.mbus.procedures import read_slave
from cmi_gui.engine.mbus.slave_address import SlaveAddress
from cmi_gui.engine.messages import Message
from tests.helpers.module_bench import ModuleBench, text_command

NO_METER, BUTTON, RATE, DELAY, MASTER = SymptomId
AT = SlaveAddress(0)
UNREAD = BusModule(
    where="COM3",
    state=LinkState.OPEN,
    cause=None,
    address=AT,
    baud=2400,
    silent=False,
    shared=None,
    time=0.0,
)


def read(bench: ModuleBench, *, stored: bool = True) -> BusModule:
    """Read a module as the window does, and return what is known of it."""
    slave = ListedSlave(2400, 0, 0, alone=True)
    SlaveList().take_reading(slave, bench.run(read_slave(AT)), bench.clock.now())
    settings = bench.run(read_stored(AT, bench.station.commands)) if stored else {}
    return replace(UNREAD, reading=LastReading.of(slave), settings=settings, time=bench.clock.now())


def found(now: BusModule, symptom: SymptomId, check: CheckId) -> Check:
    chain = next(each for each in look_at(now) if each.id is symptom)
    return next(each for each in chain.checks if each.id is check)


def wrong(now: BusModule) -> set[Finding]:
    checks = [check for symptom in look_at(now) for check in symptom.checks]
    return {check.finding for check in checks if check.state is CheckState.WRONG}


def test_a_module_that_does_its_work() -> None:
    now = read(ModuleBench())
    assert [symptom.id for symptom in look_at(now)] == list(SymptomId)
    assert wrong(now) == set()
    assert found(now, NO_METER, CheckId.CONTACT).finding is Finding.CONTACT
    assert found(now, NO_METER, CheckId.SEAT).state is CheckState.NOT_APPLICABLE
    assert found(now, BUTTON, CheckId.STATE).finding is Finding.STATE_CLOSED
    assert found(now, BUTTON, CheckId.CONTROL).finding is Finding.CONTROL_ALLOWS
    assert found(now, RATE, CheckId.MAP).facts == (0, 0, 1)
    assert found(now, RATE, CheckId.RATE_SET).finding is Finding.RATE_SET
    assert found(now, MASTER, CheckId.REPLY).facts[1] == "0"


def test_before_it_is_read_nothing_is_said_and_reading_is_offered() -> None:
    assert wrong(UNREAD) == set()
    assert causes(look_at(UNREAD)) == set()
    for symptom in look_at(UNREAD):
        reply = next(check for check in symptom.checks if check.id is CheckId.REPLY)
        assert (reply.finding, reply.lead) == (Finding.NOT_READ, READ)
        assert {check.lead for check in symptom.checks if check is not reply} <= {None}, "it is offered once"
    assert found(UNREAD, BUTTON, CheckId.CONTROL).finding is Finding.AFTER_READING
    without_settings = read(ModuleBench(), stored=False)
    assert found(without_settings, BUTTON, CheckId.CONTROL).finding is Finding.SETTING_UNREAD


def test_what_the_bus_cannot_show_is_unknown() -> None:
    now = read(ModuleBench())
    for check in (CheckId.PASSWORD, CheckId.METER_TYPE, CheckId.LOCK):
        for symptom in (BUTTON, RATE):
            assert found(now, symptom, check).finding is Finding.UNSEEN
    assert found(now, MASTER, CheckId.VOLTAGE).finding is Finding.POWER_ASSUMED
    assert found(now, RATE, CheckId.INPUTS).state is CheckState.UNKNOWN


# Causes that its answers show


def silence(bench: ModuleBench) -> None:
    bench.meter.faults.silent = True
    bench.clock.advance(120)


def no_number(bench: ModuleBench) -> None:
    bench.meter.faults.no_meter_number = True
    bench.clock.advance(120)


def button_off(bench: ModuleBench) -> None:
    bench.send("01 7C 03 6C 74 63 01")


def inputs_off(bench: ModuleBench) -> None:
    bench.send("01 7C 03 6E 65 72 00")


def rate_error(bench: ModuleBench) -> None:
    inputs_off(bench)
    bench.set_inputs(a=True, b=False)
    bench.clock.advance(10)


def no_rate(bench: ModuleBench) -> None:
    bench.send("04 7C 03 70 61 6D 00 02 03 04")


def refused(bench: ModuleBench) -> None:
    bench.send(text_command("p1", "wrong"))
    bench.station.press_button()
    bench.clock.advance(90)


@pytest.mark.parametrize(
    ("cause", "findings"),
    [
        (silence, {Finding.STATUS_NO_METER}),
        (no_number, {Finding.NO_NUMBER}),
        (button_off, {Finding.CONTROL_BUS_ONLY}),
        (inputs_off, {Finding.NOT_ENABLED}),
        (rate_error, {Finding.NOT_ENABLED, Finding.STATUS_RATE_ERROR}),
        (no_rate, {Finding.NO_CHANGE}),
        (refused, {Finding.STATUS_REFUSED}),
    ],
)
def test_each_cause_is_found(cause: Callable[[ModuleBench], None], findings: set[Finding]) -> None:
    bench = ModuleBench()
    cause(bench)
    assert wrong(read(bench)) == findings


def test_without_contact_the_causes_are_listed_as_unknown() -> None:
    bench = ModuleBench()
    silence(bench)
    now = read(bench)
    assert [check.finding for check in look_at(now)[0].checks[3:]] == [Finding.UNSEEN] * 4 + [Finding.BLOCKED]
    assert found(now, BUTTON, CheckId.STATE).finding is Finding.BLOCKED
    assert causes(look_at(now)) == {CheckId.CONTACT}


def test_a_refused_command_shows_in_the_next_answer_only() -> None:
    bench = ModuleBench()
    bench.send("01 FF 13 09")
    assert wrong(read(bench, stored=False)) == {Finding.STATUS_APPLICATION_ERROR}
    assert wrong(read(bench, stored=False)) == set()


def test_a_disconnector_that_moves() -> None:
    bench = ModuleBench()
    bench.station.press_button()
    now = read(bench, stored=False)
    assert found(now, DELAY, CheckId.PROCESS).finding is Finding.WAS_MOVING
    assert found(now, BUTTON, CheckId.STATE).finding is Finding.STATE_MOVING
    bench.clock.advance(20)
    assert found(read(bench, stored=False), DELAY, CheckId.PROCESS).finding is Finding.WAS_STILL


def test_another_rate_than_that_of_the_inputs() -> None:
    bench = ModuleBench()
    bench.send("01 FF 13 03")
    bench.clock.advance(20)
    assert found(read(bench), RATE, CheckId.RATE_SET).facts == (1, 3)
    inputs_off(bench)
    assert found(read(bench), RATE, CheckId.RATE_SET).finding is Finding.RATE_IS


@pytest.mark.parametrize(
    ("usage", "shown", "password"), [("15", "P1", Finding.UNSEEN), ("00", "none", Finding.PASSWORD_UNUSED)]
)
def test_the_usage_setting_is_shown(usage: str, shown: str, password: Finding) -> None:
    bench = ModuleBench()
    bench.send("01 7C 03 65 73 75" + usage)
    now = read(bench)
    assert found(now, RATE, CheckId.USAGE).facts == (shown,)
    assert found(now, RATE, CheckId.PASSWORD).finding is password


# The bus


@pytest.mark.parametrize(
    ("changes", "findings", "counted"),
    [
        ({"silent": True}, {Finding.MODULE_SILENT}, {CheckId.REPLY}),
        ({"failure": Message("damaged")}, {Finding.READ_FAILED}, {CheckId.REPLY}),
        ({"state": LinkState.CLOSED}, {Finding.BUS_CLOSED}, set()),
        ({"state": LinkState.WAITING, "cause": Message("gone")}, {Finding.LINK_BROKEN}, {CheckId.BUS_LINK}),
        ({"shared": 5}, {Finding.ADDRESS_SHARED}, {CheckId.UNIQUE}),
    ],
)
def test_the_way_to_the_module(changes: dict[str, object], findings: set[Finding], counted: set[CheckId]) -> None:
    now = replace(read(ModuleBench()), **changes)
    assert wrong(now) == findings
    assert causes(look_at(now)) == counted


def test_after_silence_the_last_reading_no_longer_counts() -> None:
    bench = ModuleBench()
    silence(bench)
    now = replace(read(bench), silent=True)
    assert found(now, NO_METER, CheckId.CONTACT).finding is Finding.BLOCKED
    assert found(now, MASTER, CheckId.SPEED).finding is Finding.ASKED_AT
    assert found(now, BUTTON, CheckId.CONTROL).finding is Finding.CONTROL_ALLOWS, "a setting stays known"


def test_ages_count_from_the_reading() -> None:
    now = read(ModuleBench())
    assert found(replace(now, time=now.time + 90), MASTER, CheckId.REPLY).facts[0] == Seconds(pytest.approx(90, abs=5))


def test_a_link_without_a_speed_has_no_check_of_it() -> None:
    now = replace(read(ModuleBench()), baud=None)
    assert found(now, MASTER, CheckId.SPEED).state is CheckState.NOT_APPLICABLE


def test_only_reading_and_pages_are_led_to() -> None:
    assert 'Lead("pageModule"' not in inspect.getsource(bus_module_chains), "that page shows the built-in module"
