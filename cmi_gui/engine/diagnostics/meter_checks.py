"""Checks that several chains share: from the bus voltage to the meter's answer to a command."""

from __future__ import annotations

from cmi_gui.engine.cmi1020.meter_actions import ActionKind, ActionOutcome, Password
from cmi_gui.engine.cmi1020.module import BUS_MIN_VOLTS
from cmi_gui.engine.cmi1020.reader import FAILURES_TO_LOSE_CONTACT
from cmi_gui.engine.diagnostics.checks import Check, CheckId, CheckState, Finding, Lead, LinkName, Seconds, Volts
from cmi_gui.engine.diagnostics.situation import Situation, blocked, fine, unknown, wrong
from cmi_gui.engine.iec62056.events import FailureCause
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.station.link_status import LinkStatus

BUS_SLIDER = Lead("pageModule", "bus")
_FAILURES = {
    FailureCause.SILENCE.value: Finding.SILENT,
    FailureCause.GARBAGE.value: Finding.DAMAGED,
    FailureCause.BUSY.value: Finding.OTHER_READER,
    FailureCause.BAD_BCC.value: Finding.DAMAGED,
    FailureCause.NOT_ACCEPTED.value: Finding.NOT_ACCEPTED,
    FailureCause.NAK.value: Finding.REFUSES,
    FailureCause.ERROR_MESSAGE.value: Finding.REFUSES,
    FailureCause.BREAK.value: Finding.BROKEN_OFF,
    FailureCause.UNSUPPORTED.value: Finding.NO_MODE_C,
}


def power(now: Situation) -> Check:
    """Check that the bus powers the module."""
    volts = now.module.bus_voltage
    if now.module.powered:
        if now.bus_is_real:
            return fine(CheckId.POWER, Finding.POWER_ASSUMED)
        return fine(CheckId.POWER, Finding.POWERED, Volts(volts))
    if volts == 0:
        return wrong(CheckId.POWER, BUS_SLIDER, Finding.BUS_DEAD)
    return wrong(CheckId.POWER, BUS_SLIDER, Finding.BUS_LOW, Volts(volts), Volts(BUS_MIN_VOLTS))


def link(check: CheckId, status: LinkStatus, *, running: bool) -> Check:
    """Check that a link is open."""
    # While a link waits, its adapter may come back as another device, so only the LINK is certain.
    url = status.url if status.state is LinkState.OPEN else status.link
    name, lead = LinkName(status.side, url), Lead("pageConnections", status.side)
    match status.state:
        case LinkState.OPEN:
            return fine(check, Finding.LINK_OPEN, name)
        case LinkState.OPENING:
            return unknown(check, Finding.LINK_OPENING, name, lead=lead)
        case LinkState.WAITING | LinkState.FAILED:
            return wrong(check, lead, Finding.LINK_BROKEN, name, status.message or "")
        case _ if running:
            return wrong(check, lead, Finding.LINK_CLOSED, name)
    return unknown(check, Finding.LINK_CLOSED, name, lead=lead)


def meter_link(now: Situation) -> Check:
    """Check that the link to the meter is open."""
    return link(CheckId.METER_LINK, now.meter_link, running=now.running)


def reading(now: Situation) -> Check:
    """Check that reading is not paused; a pause leaves the meter to an optical head."""
    if now.module.reading_paused:
        return wrong(CheckId.READING, Lead("pageModule", "reading"), Finding.READING_PAUSED, by_choice=True)
    return fine(CheckId.READING, Finding.READING_ON, Seconds(now.module.interval))


def contact(now: Situation) -> Check:
    """Check that the meter answers the module."""
    module, failures = now.module, now.module.failures
    if not now.can_talk:
        return blocked(CheckId.CONTACT)
    if module.contact:
        if failures:
            return unknown(CheckId.CONTACT, Finding.SOME_FAILED, failures, FAILURES_TO_LOSE_CONTACT)
        read_at = now.time if now.recent.read_at is None else now.recent.read_at
        return fine(CheckId.CONTACT, Finding.CONTACT, now.since(read_at), len(module.lines))
    finding = failure(now)
    if finding is None:
        return unknown(CheckId.CONTACT, Finding.FIRST_READOUT)
    return wrong(CheckId.CONTACT, meter_lead(now), finding, failures)


def failure(now: Situation) -> Finding | None:
    """Return why the last readout failed; None if none has failed since the last success."""
    cause = now.recent.failure_cause
    if not now.module.failures or cause is None:
        return None
    finding = _FAILURES.get(cause, Finding.SILENT)
    return Finding.ECHO_ONLY if finding is Finding.SILENT and now.meter_link.echo else finding


def meter_lead(now: Situation) -> Lead:
    """Return the lead to the place where the connection with the meter can be corrected."""
    return Lead("pageConnections", "meter") if now.meter_is_real else Lead("pageDiagnostics", "faults")


def password(now: Situation, kind: ActionKind) -> Check:
    """Check that the meter accepts the password that the module sends for an action."""
    which = now.password(kind)
    if which is Password.NONE:
        return Check(CheckId.PASSWORD, CheckState.NOT_APPLICABLE, Finding.PASSWORD_UNUSED)
    setting = which.value.lower()
    reply = now.recent.password_replies.get(which)
    if reply is None:
        return unknown(CheckId.PASSWORD, Finding.PASSWORD_UNTRIED, which.value)
    if now.recent.settings_at.get(setting, -1.0) > reply.at:
        return unknown(CheckId.PASSWORD, Finding.PASSWORD_CHANGED, which.value)
    facts = which.value, now.since(reply.at)
    if reply.refused:
        return wrong(CheckId.PASSWORD, Lead("pageConfiguration", setting), Finding.PASSWORD_REFUSED, *facts)
    return fine(CheckId.PASSWORD, Finding.PASSWORD_TAKEN, *facts)


def lock(now: Situation) -> Check:
    """Check that the meter is not locked after a wrong password."""
    left = now.module.locked_for(now.time)
    if left:
        return unknown(CheckId.LOCK, Finding.LOCKED, Seconds(left))
    return fine(CheckId.LOCK, Finding.NOT_LOCKED)


def usage(now: Situation, kind: ActionKind) -> Check:
    """Check that the password sent for an action is the one that the meter requires for it."""
    which, ended = now.password(kind), now.action_end(kind)
    if ended is None or ended.key_refused or ended.outcome is ActionOutcome.NO_ANSWER:
        return unknown(CheckId.USAGE, Finding.UNTRIED)
    if ended.password is not which:
        return unknown(CheckId.USAGE, Finding.USAGE_CHANGED, which.value)
    if ended.outcome is ActionOutcome.DENIED:
        return wrong(CheckId.USAGE, Lead("pageConfiguration", "usage"), Finding.USAGE_WRONG, which.value)
    return fine(CheckId.USAGE, Finding.USAGE_FITS, which.value)


def meter_type(now: Situation, kind: ActionKind) -> Check:
    """Check that the meter supports an action: that it has a disconnector, or the rate."""
    ended, meter = now.action_end(kind), now.module.meter_type
    outcome = None if ended is None else ended.outcome
    cleared = now.module.rate_error is None if kind is ActionKind.RATE else not now.module.disconnector_refused
    if outcome in (ActionOutcome.REFUSED, ActionOutcome.NOT_UNDERSTOOD) and cleared:
        # The error was cleared, or another mapping table requests another rate: the next try will show.
        return unknown(CheckId.METER_TYPE, Finding.UNTRIED)
    lead = Lead("pageConnections", "meter")
    match outcome:
        case ActionOutcome.DONE:
            return fine(CheckId.METER_TYPE, Finding.TYPE_FITS, meter)
        case ActionOutcome.REFUSED if kind is ActionKind.RATE and ended is not None:
            lead = Lead("pageConfiguration", "rate_map")
            return wrong(CheckId.METER_TYPE, lead, Finding.NO_SUCH_RATE, ended.value, meter)
        case ActionOutcome.REFUSED:
            return wrong(CheckId.METER_TYPE, lead, Finding.NO_DISCONNECTOR, meter)
        case ActionOutcome.NOT_UNDERSTOOD:
            return wrong(CheckId.METER_TYPE, lead, Finding.NOT_UNDERSTOOD, meter)
    return unknown(CheckId.METER_TYPE, Finding.UNTRIED)


def answer(now: Situation, kind: ActionKind) -> Check:
    """Check that the meter answers commands, and not only readouts."""
    ended = now.action_end(kind)
    if not now.can_talk or not now.module.contact:
        return blocked(CheckId.ANSWER)
    if ended is None:
        return unknown(CheckId.ANSWER, Finding.UNTRIED)
    if ended.outcome is not ActionOutcome.NO_ANSWER:
        return fine(CheckId.ANSWER, Finding.ANSWERED, now.since(ended.at))
    if not now.recent.read_after_silence:
        # The meter answered nothing at that time, or the next readout will show whether it does.
        return unknown(CheckId.ANSWER, Finding.WAS_SILENT)
    return wrong(CheckId.ANSWER, Lead("pageTraffic"), Finding.NOT_ANSWERED, now.since(ended.at))
