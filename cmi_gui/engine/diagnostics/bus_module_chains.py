"""The chains of a module on a real bus: as far as the bus shows, the rest as unknown."""

from __future__ import annotations

from collections.abc import Callable

from cmi_gui.engine.cmi1020.disconnector import SwitchSource
from cmi_gui.engine.cmi1020.meter_actions import ActionKind, Password, password_for
from cmi_gui.engine.cmi1020.telegrams import StatusByte
from cmi_gui.engine.diagnostics.bus_module import BusModule, LastReading
from cmi_gui.engine.diagnostics.checks import Check, CheckId, CheckState, Finding, Lead, Symptom, SymptomId
from cmi_gui.engine.diagnostics.situation import blocked, fine, unknown, wrong
from cmi_gui.engine.machine import LinkState

READ = Lead("pageDiagnostics", "read")
"""The lead to reading the module: nothing is sent before the user follows it."""
_BUS = Lead("pageBus")
_ERROR_BITS = 0b11
"""The bits of the status byte that are 10 after a refused command (EN 13757-3)."""
_MOVING = 2
_FromReading = Callable[[BusModule, LastReading], Check]


def look_at(now: BusModule) -> tuple[Symptom, ...]:
    """Return the symptoms in the order of `SymptomId`, each with its chain."""
    return _no_meter(now), _button(now), _rate(now), _delay(now), _master(now)


def _no_meter(now: BusModule) -> Symptom:
    contact = _contact(now)
    causes = (CheckId.SEAT, CheckId.LOCK, CheckId.ALONE, CheckId.UNDERSTOOD)
    if contact.state is CheckState.OK:
        rest = [Check(check, CheckState.NOT_APPLICABLE, Finding.METER_IS_READ) for check in causes]
    else:
        rest = [_unseen(check) for check in causes]
    return Symptom(SymptomId.NO_METER, (*_reached(now), contact, *rest, _number(now)))


def _button(now: BusModule) -> Symptom:
    before = *_reached(now), _contact(now), _state(now), _control(now)
    return Symptom(SymptomId.BUTTON, (*before, *_command(now, ActionKind.DISCONNECTOR), _switched(now)))


def _rate(now: BusModule) -> Symptom:
    before = *_reached(now), _contact(now), _inputs(now), _enable(now), _map(now)
    return Symptom(SymptomId.RATE, (*before, *_command(now, ActionKind.RATE), _rate_set(now)))


def _delay(now: BusModule) -> Symptom:
    rest = _unseen(CheckId.FASTER), _unseen(CheckId.LOCK), _unseen(CheckId.DURATION)
    return Symptom(SymptomId.DELAY, (*_reached(now), _process(now), *rest))


def _master(now: BusModule) -> Symptom:
    voltage = unknown(CheckId.VOLTAGE, Finding.POWER_ASSUMED)
    return Symptom(SymptomId.MASTER, (voltage, *_reached(now), _unique(now), _speed(now), _taken(now)))


def _reached(now: BusModule) -> tuple[Check, ...]:
    """Return the checks that everything read over the bus presupposes."""
    return _link(now), _reply(now)


def _command(now: BusModule, kind: ActionKind) -> tuple[Check, ...]:
    """Return the checks that must pass for the meter to carry out a command: only the usage setting can be read."""
    usage = now.number("usage")
    if usage is None:
        password, used = _unseen(CheckId.PASSWORD), _setting_unread(now, CheckId.USAGE)
    else:
        which = password_for(kind, usage)
        password = _unseen(CheckId.PASSWORD)
        if which is Password.NONE:
            password = Check(CheckId.PASSWORD, CheckState.NOT_APPLICABLE, Finding.PASSWORD_UNUSED)
        lead = Lead("pageConfiguration", "usage")
        used = unknown(CheckId.USAGE, Finding.USAGE_SET, which.value, lead=lead)
    return password, used, _unseen(CheckId.METER_TYPE), _unseen(CheckId.LOCK)


# The bus


def _link(now: BusModule) -> Check:
    """Check that the master's link to the bus is open."""
    match now.state:
        case LinkState.OPEN:
            return fine(CheckId.BUS_LINK, Finding.LINK_OPEN, now.where)
        case LinkState.OPENING:
            return unknown(CheckId.BUS_LINK, Finding.LINK_OPENING, now.where)
        case LinkState.CLOSED:
            return wrong(CheckId.BUS_LINK, READ, Finding.BUS_CLOSED, now.where, by_choice=True)
    return wrong(CheckId.BUS_LINK, _BUS, Finding.LINK_BROKEN, now.where, now.cause or now.where)


def _reply(now: BusModule) -> Check:
    """Check that the module answered the last request."""
    if now.state is not LinkState.OPEN:
        return blocked(CheckId.REPLY)
    if now.silent:
        return wrong(CheckId.REPLY, READ, Finding.MODULE_SILENT, now.address.where)
    if now.failure is not None:
        return wrong(CheckId.REPLY, READ, Finding.READ_FAILED, now.failure)
    if now.reading is None:
        return unknown(CheckId.REPLY, Finding.NOT_READ, lead=READ)
    return fine(CheckId.REPLY, Finding.ADDRESSED, now.since(now.reading.at), now.address.where)


def _unique(now: BusModule) -> Check:
    """Check that no other slave on the list has its primary address."""
    if now.shared is not None:
        return wrong(CheckId.UNIQUE, _BUS, Finding.ADDRESS_SHARED, now.shared)
    return fine(CheckId.UNIQUE, Finding.NOT_SHARED)


def _speed(now: BusModule) -> Check:
    """Check that the module answers at the speed at which it is asked."""
    if now.baud is None:
        return Check(CheckId.SPEED, CheckState.NOT_APPLICABLE, Finding.NO_SPEED)
    if now.silent or now.failure is not None:
        return unknown(CheckId.SPEED, Finding.ASKED_AT, now.baud, lead=_BUS)
    if now.reading is None:
        return _no_reading(now, CheckId.SPEED)
    return fine(CheckId.SPEED, Finding.SPEED_FITS, now.baud)


# What the last reading says


def _last(now: BusModule) -> LastReading | None:
    """Return the last reading; None while the module cannot be reached, because it may not apply any more."""
    return None if now.silent or now.failure is not None else now.reading


def _no_reading(now: BusModule, check: CheckId) -> Check:
    if now.reading is None and not now.silent and now.failure is None:
        return unknown(check, Finding.AFTER_READING)
    return blocked(check)


def _from_reading(check: CheckId) -> Callable[[_FromReading], Callable[[BusModule], Check]]:
    """Decorate the function of a check that needs the last reading."""

    def decorate(judge: _FromReading) -> Callable[[BusModule], Check]:
        def judged(now: BusModule) -> Check:
            last = _last(now)
            return _no_reading(now, check) if last is None else judge(now, last)

        return judged

    return decorate


@_from_reading(CheckId.COMMAND)
def _taken(now: BusModule, last: LastReading) -> Check:
    """Check that the module has not refused the command before its last answer."""
    if last.status & _ERROR_BITS == StatusByte.APPLICATION_ERROR:
        return wrong(CheckId.COMMAND, Lead("pageTraffic"), Finding.STATUS_APPLICATION_ERROR, now.since(last.at))
    return fine(CheckId.COMMAND, Finding.STATUS_GOOD, now.since(last.at))


@_from_reading(CheckId.CONTACT)
def _contact(now: BusModule, last: LastReading) -> Check:
    """Check the status bit of a lost contact with the meter."""
    if last.status & StatusByte.NO_METER:
        return wrong(CheckId.CONTACT, READ, Finding.STATUS_NO_METER, now.since(last.at))
    return fine(CheckId.CONTACT, Finding.CONTACT, now.since(last.at), last.lines)


@_from_reading(CheckId.NUMBER)
def _number(now: BusModule, last: LastReading) -> Check:
    if last.status & StatusByte.NO_METER:
        return blocked(CheckId.NUMBER)
    if last.status & StatusByte.NO_METER_NUMBER:
        return wrong(CheckId.NUMBER, Lead("pageReadings"), Finding.NO_NUMBER)
    return fine(CheckId.NUMBER, Finding.NUMBER_READ, last.meter_number or "—")


@_from_reading(CheckId.STATE)
def _state(now: BusModule, last: LastReading) -> Check:
    if last.status & StatusByte.NO_METER:
        return blocked(CheckId.STATE)
    match last.disconnector:
        case 0:
            return fine(CheckId.STATE, Finding.STATE_OPEN)
        case 1:
            return fine(CheckId.STATE, Finding.STATE_CLOSED)
        case 2:
            return fine(CheckId.STATE, Finding.STATE_MOVING)
    return wrong(CheckId.STATE, Lead("pageReadings"), Finding.STATE_NOT_REPORTED)


@_from_reading(CheckId.SWITCHED)
def _switched(now: BusModule, last: LastReading) -> Check:
    """Check the status bit of a refused switching. It is the same after a success as when none was ever tried."""
    if last.status & StatusByte.DISCONNECTOR_REFUSED:
        return wrong(CheckId.SWITCHED, Lead("pageTraffic"), Finding.STATUS_REFUSED, now.since(last.at))
    return unknown(CheckId.SWITCHED, Finding.NO_REFUSAL, now.since(last.at), lead=READ)


@_from_reading(CheckId.PROCESS)
def _process(now: BusModule, last: LastReading) -> Check:
    if last.disconnector == _MOVING:
        return unknown(CheckId.PROCESS, Finding.WAS_MOVING, now.since(last.at), lead=READ)
    return fine(CheckId.PROCESS, Finding.WAS_STILL, now.since(last.at))


@_from_reading(CheckId.INPUTS)
def _inputs(now: BusModule, last: LastReading) -> Check:
    """Report the levels; a voltage between low and active cannot be seen over the bus."""
    if last.inputs is None:
        return _unseen(CheckId.INPUTS)
    return unknown(CheckId.INPUTS, Finding.INPUT_LEVELS, last.inputs >> 1, last.inputs & 1, now.since(last.at))


@_from_reading(CheckId.RATE_SET)
def _rate_set(now: BusModule, last: LastReading) -> Check:
    """Check the status bit of a rate error, and that the meter has the rate of the inputs."""
    if last.status & StatusByte.RATE_ERROR:
        return wrong(CheckId.RATE_SET, Lead("pageTraffic"), Finding.STATUS_RATE_ERROR, now.since(last.at))
    rate = last.report.rate
    if last.status & StatusByte.NO_METER or rate is None:
        return blocked(CheckId.RATE_SET)
    wanted = _mapped(now, last) if now.number("rate_enable") else None
    if wanted is None:
        return unknown(CheckId.RATE_SET, Finding.RATE_IS, rate)
    if wanted == rate:
        return fine(CheckId.RATE_SET, Finding.RATE_SET, rate)
    return unknown(CheckId.RATE_SET, Finding.RATE_DIFFERS, wanted, rate, lead=READ)


# What its settings say


def _control(now: BusModule) -> Check:
    allowed = now.number("disconnector_control")
    if allowed is None:
        return _setting_unread(now, CheckId.CONTROL)
    if allowed & SwitchSource.BUTTON.value:
        return fine(CheckId.CONTROL, Finding.CONTROL_ALLOWS)
    finding = Finding.CONTROL_BUS_ONLY if allowed & SwitchSource.BUS.value else Finding.CONTROL_OFF
    return wrong(CheckId.CONTROL, Lead("pageConfiguration", "disconnector_control"), finding, by_choice=True)


def _enable(now: BusModule) -> Check:
    enabled = now.number("rate_enable")
    if enabled is None:
        return _setting_unread(now, CheckId.ENABLE)
    if enabled:
        return fine(CheckId.ENABLE, Finding.ENABLED)
    return wrong(CheckId.ENABLE, Lead("pageConfiguration", "rate_enable"), Finding.NOT_ENABLED, by_choice=True)


def _map(now: BusModule) -> Check:
    if not _table(now):
        return _setting_unread(now, CheckId.MAP)
    last = _last(now)
    if last is None:
        return _no_reading(now, CheckId.MAP)
    if last.inputs is None:
        return _unseen(CheckId.MAP)
    levels, rate = (last.inputs >> 1, last.inputs & 1), _mapped(now, last)
    if rate is None:
        lead = Lead("pageConfiguration", "rate_map")
        return wrong(CheckId.MAP, lead, Finding.NO_CHANGE, *levels, by_choice=True)
    return fine(CheckId.MAP, Finding.MAPPED, *levels, rate)


def _table(now: BusModule) -> list[int]:
    """Return the rate mapping table, (B, A) = 00 to 11; empty while it is not known."""
    rates = now.settings.get("rate_map", "").split()
    return [int(rate) for rate in rates] if len(rates) == 4 and all(rate.isdigit() for rate in rates) else []


def _mapped(now: BusModule, last: LastReading) -> int | None:
    """Return the rate that the inputs request by the table; None if there is none, or if either is not known."""
    table = _table(now)
    return (table[last.inputs & 3] or None) if table and last.inputs is not None else None


def _setting_unread(now: BusModule, check: CheckId) -> Check:
    if now.reading is None:
        return unknown(check, Finding.AFTER_READING)
    return unknown(check, Finding.SETTING_UNREAD, lead=READ)


def _unseen(check: CheckId) -> Check:
    """Return a check that cannot be made over the bus."""
    return unknown(check, Finding.UNSEEN)
