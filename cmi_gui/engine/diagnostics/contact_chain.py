"""The chain of the symptom that the red LED flashes: the module has no contact with its meter."""

from __future__ import annotations

from cmi_gui.engine.cmi1020.reader import FAILURES_TO_LOSE_CONTACT
from cmi_gui.engine.diagnostics.checks import Check, CheckId, CheckState, FaultNames, Finding, Lead, Symptom, SymptomId
from cmi_gui.engine.diagnostics.meter_checks import failure, lock, meter_lead, meter_link, power, reading
from cmi_gui.engine.diagnostics.situation import Situation, blocked, fine, unknown, wrong
from cmi_gui.engine.iec62056.events import START_LINE
from cmi_gui.engine.link.url import parse_link

SPEED_GIVEN_UP_FOR = 3600.0
"""Seconds for which the module reads at 300 bit/s after it gave up another speed (`Limits.slow_exchanges`)."""
_STOP_READING = ("silent", "delay", "bad_bcc", "garbled", "power")
"""The faults of the simulated meter that prevent a readout."""
_ANSWER_CHECKS = (CheckId.ANSWERS, CheckId.INTACT, CheckId.ALONE, CheckId.UNDERSTOOD)
"""The checks of the meter's answer, each of which presupposes those before it."""
CONTACT_CHECKS = (CheckId.LINE, *_ANSWER_CHECKS)
"""The checks of which one fails while there is no contact, besides `CheckId.CONTACT` in other chains."""
_FAILING = {
    Finding.SILENT: CheckId.ANSWERS,
    Finding.ECHO_ONLY: CheckId.ANSWERS,
    Finding.DAMAGED: CheckId.INTACT,
    Finding.OTHER_READER: CheckId.ALONE,
    Finding.BROKEN_OFF: CheckId.ALONE,
}
"""The check that fails by each finding about a failed readout; `UNDERSTOOD` by all others."""
_PASSED = {
    CheckId.ANSWERS: Finding.BYTES_RECEIVED,
    CheckId.INTACT: Finding.UNDAMAGED,
    CheckId.ALONE: Finding.NO_OTHER_READER,
}


def no_meter(now: Situation) -> Symptom:
    """Return the symptom of a flashing red LED: no contact with the meter."""
    before = power(now), meter_link(now), reading(now), lock(now), _faults(now), _line(now)
    return Symptom(SymptomId.NO_METER, (*before, *_answer(now), _number(now)))


def _faults(now: Situation) -> Check:
    """Check that no fault of the simulated meter prevents a readout."""
    if now.faults is None:
        return Check(CheckId.FAULTS, CheckState.NOT_APPLICABLE, Finding.REAL_METER)
    names = tuple(name for name in _STOP_READING if name in now.faults)
    if not names:
        return fine(CheckId.FAULTS, Finding.NO_FAULT)
    lead = Lead("pageDiagnostics", "faults")
    if now.module.contact or not now.module.failures:
        return unknown(CheckId.FAULTS, Finding.FAULT_ON, FaultNames(names), lead=lead)
    return wrong(CheckId.FAULTS, lead, Finding.FAULT_ON, FaultNames(names), by_choice=True)


def _line(now: Situation) -> Check:
    """Check the line settings of the sign-on, and that a higher speed can be read."""
    line, lead = parse_link(now.meter_link.link).line(START_LINE), Lead("pageConnections", "meter")
    if not now.can_talk:
        return blocked(CheckId.LINE)
    lost = not now.module.contact and now.module.failures > 0
    if line != START_LINE and lost:
        return wrong(CheckId.LINE, lead, Finding.LINE_OTHER, str(line), str(START_LINE))
    given_up = now.recent.speed_given_up
    if given_up is not None and now.ago(given_up.at) <= SPEED_GIVEN_UP_FOR:
        facts = given_up.baud, now.since(given_up.at)
        if lost:
            return wrong(CheckId.LINE, lead, Finding.SPEED_GIVEN_UP, *facts)
        return unknown(CheckId.LINE, Finding.SPEED_GIVEN_UP, *facts, lead=lead)
    return fine(CheckId.LINE, Finding.LINE_SETTINGS, str(line))


def _answer(now: Situation) -> list[Check]:
    """Check how far the last readout got: characters received, undamaged, no other reader, accepted."""
    if not now.can_talk:
        return [blocked(check) for check in _ANSWER_CHECKS]
    finding, failures = failure(now), now.module.failures
    if finding is None:
        if not now.module.contact:
            return [unknown(check, Finding.FIRST_READOUT) for check in _ANSWER_CHECKS]
        return [*_passed(_ANSWER_CHECKS[:-1]), fine(CheckId.UNDERSTOOD, Finding.IDENTIFIED, now.module.meter_type)]
    failing = _FAILING.get(finding, CheckId.UNDERSTOOD)
    place = _ANSWER_CHECKS.index(failing)
    if now.module.contact:
        failed = unknown(failing, Finding.SOME_FAILED, failures, FAILURES_TO_LOSE_CONTACT)
    else:
        failed = wrong(failing, meter_lead(now), finding, failures)
    return [*_passed(_ANSWER_CHECKS[:place]), failed, *(blocked(check) for check in _ANSWER_CHECKS[place + 1 :])]


def _passed(checks: tuple[CheckId, ...]) -> list[Check]:
    return [fine(check, _PASSED[check]) for check in checks]


def _number(now: Situation) -> Check:
    """Check that the readout has the meter's number; without it the red LED is lit all the time."""
    if not now.can_talk or not now.module.contact:
        return blocked(CheckId.NUMBER)
    if now.module.meter_number is None:
        return wrong(CheckId.NUMBER, Lead("pageReadings"), Finding.NO_NUMBER)
    return fine(CheckId.NUMBER, Finding.NUMBER_READ, now.module.meter_number)
