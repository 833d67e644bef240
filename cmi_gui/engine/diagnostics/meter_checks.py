"""Checks that the button's chain and the rate inputs' chain share: from the bus voltage to the meter's answer."""

from __future__ import annotations

from cmi_gui.engine.cmi1020.meter_actions import ActionKind, ActionOutcome, Password
from cmi_gui.engine.cmi1020.module import BUS_MIN_VOLTS
from cmi_gui.engine.cmi1020.reader import FAILURES_TO_LOSE_CONTACT
from cmi_gui.engine.diagnostics.checks import Check, CheckId, Finding, Lead, LinkName, Seconds, Volts
from cmi_gui.engine.diagnostics.situation import Situation, blocked, fine, not_applicable, unknown, wrong
from cmi_gui.engine.iec62056.events import FailureCause
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.station.link_status import LinkStatus

BUS_SLIDER = Lead("pageModule", "bus")
_FAILURES = {
    FailureCause.SILENCE.value: Finding.SILENT,
    FailureCause.GARBAGE.value: Finding.DAMAGED,
    FailureCause.BAD_BCC.value: Finding.DAMAGED,
    FailureCause.NOT_ACCEPTED.value: Finding.NOT_ACCEPTED,
    FailureCause.NAK.value: Finding.REFUSES,
    FailureCause.ERROR_MESSAGE.value: Finding.REFUSES,
    FailureCause.BREAK.value: Finding.REFUSES,
    FailureCause.UNSUPPORTED.value: Finding.NO_MODE_C,
}


def power(now: Situation) -> Check:
    """Check whether the bus feeds the module."""
    volts = now.module.bus_voltage
    if now.module.powered and now.bus_is_real:
        return fine(CheckId.POWER, Finding.POWER_ASSUMED)
    if now.module.powered:
        return fine(CheckId.POWER, Finding.POWERED, Volts(volts))
    if volts == 0:
        return wrong(CheckId.POWER, BUS_SLIDER, Finding.BUS_DEAD)
    return wrong(CheckId.POWER, BUS_SLIDER, Finding.BUS_LOW, Volts(volts), Volts(BUS_MIN_VOLTS))


def link(check: CheckId, status: LinkStatus, *, running: bool) -> Check:
    """Check whether a link is open."""
    # What waits goes by what it waits for: an adapter may come back as another device.
    known = status.url if status.state is LinkState.OPEN else status.link
    name, lead = LinkName(status.side, known), Lead("pageConnections", status.side)
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
    """Check whether the link to the meter is open."""
    return link(CheckId.METER_LINK, now.meter_link, running=now.running)


def reading(now: Situation) -> Check:
    """Check whether the module may talk to the meter at all: a pause leaves it to an optical head."""
    if now.module.reading_paused:
        return wrong(CheckId.READING, Lead("pageModule", "reading"), Finding.READING_PAUSED, by_choice=True)
    return fine(CheckId.READING, Finding.READING_ON, Seconds(now.module.interval))


def contact(now: Situation) -> Check:
    """Check whether the meter answers the module."""
    module, failures = now.module, now.module.failures
    if not now.can_talk:
        return blocked(CheckId.CONTACT)
    if module.contact:
        if failures:
            return unknown(CheckId.CONTACT, Finding.SOME_FAILED, failures, FAILURES_TO_LOSE_CONTACT)
        age = now.ago(now.recent.read_at if now.recent.read_at is not None else now.now)
        return fine(CheckId.CONTACT, Finding.CONTACT, Seconds(age), len(module.lines))
    failed = now.recent.failed
    if not failures or failed is None:
        return unknown(CheckId.CONTACT, Finding.FIRST_READOUT)
    here = Lead("pageConnections", "meter") if now.meter_is_real else Lead("pageDiagnostics", "faults")
    return wrong(CheckId.CONTACT, here, _FAILURES.get(failed.text, Finding.SILENT), failures)


def password(now: Situation, kind: ActionKind) -> Check:
    """Check whether the meter takes the password that the module shows for an action."""
    which = now.password(kind)
    if which is Password.NONE:
        return not_applicable(CheckId.PASSWORD, Finding.PASSWORD_UNUSED)
    lead = Lead("pageConfiguration", which.value.lower())
    password_replies = now.recent.password_replies.get(which)
    if password_replies is None:
        return unknown(CheckId.PASSWORD, Finding.PASSWORD_UNTRIED, which.value)
    if now.recent.settings_at.get(which.value.lower(), -1.0) > password_replies.at:
        return unknown(CheckId.PASSWORD, Finding.PASSWORD_CHANGED, which.value)
    ago = Seconds(now.ago(password_replies.at))
    if password_replies.refused:
        return wrong(CheckId.PASSWORD, lead, Finding.PASSWORD_REFUSED, which.value, ago)
    return fine(CheckId.PASSWORD, Finding.PASSWORD_TAKEN, which.value, ago)


def lock(now: Situation) -> Check:
    """Check whether the meter accepts commands, or is locked after a wrong password."""
    left = now.module.locked_for(now.now)
    if left:
        return unknown(CheckId.LOCK, Finding.LOCKED, Seconds(left))
    return fine(CheckId.LOCK, Finding.NOT_LOCKED)


def usage(now: Situation, kind: ActionKind) -> Check:
    """Check whether the password that is shown for an action is the one that the meter wants for it."""
    which, ended = now.password(kind), now.action_end(kind)
    lead = Lead("pageConfiguration", "usage")
    if ended is None or ended.key_refused or ended.outcome is ActionOutcome.NO_ANSWER:
        return unknown(CheckId.USAGE, Finding.UNTRIED)
    if ended.password is not which:
        return unknown(CheckId.USAGE, Finding.USAGE_CHANGED, which.value)
    if ended.outcome is ActionOutcome.DENIED:
        return wrong(CheckId.USAGE, lead, Finding.USAGE_WRONG, which.value)
    return fine(CheckId.USAGE, Finding.USAGE_FITS, which.value)


def meter_type(now: Situation, kind: ActionKind) -> Check:
    """Check whether the meter supports it: it has the disconnector or the rate."""
    ended, meter = now.action_end(kind), now.module.meter_type
    outcome = None if ended is None else ended.outcome
    cleared = now.module.rate_error is None if kind is ActionKind.RATE else not now.module.disconnector_refused
    if outcome in (ActionOutcome.REFUSED, ActionOutcome.NOT_UNDERSTOOD) and cleared:
        # Cleared, or another mapping table asks for something else: the next try will show.
        return unknown(CheckId.METER_TYPE, Finding.UNTRIED)
    lead = Lead("pageConnections", "meter")
    match outcome:
        case ActionOutcome.DONE:
            return fine(CheckId.METER_TYPE, Finding.TYPE_FITS, meter)
        case ActionOutcome.REFUSED if kind is ActionKind.RATE and ended is not None:
            return wrong(
                CheckId.METER_TYPE, Lead("pageConfiguration", "rate_map"), Finding.NO_SUCH_RATE, ended.value, meter
            )
        case ActionOutcome.REFUSED:
            return wrong(CheckId.METER_TYPE, lead, Finding.NO_DISCONNECTOR, meter)
        case ActionOutcome.NOT_UNDERSTOOD:
            return wrong(CheckId.METER_TYPE, lead, Finding.NOT_UNDERSTOOD, meter)
    return unknown(CheckId.METER_TYPE, Finding.UNTRIED)


def answer(now: Situation, kind: ActionKind) -> Check:
    """Check whether the meter answers commands, not readouts alone."""
    ended = now.action_end(kind)
    if not now.can_talk or not now.module.contact:
        return blocked(CheckId.ANSWER)
    if ended is None:
        return unknown(CheckId.ANSWER, Finding.UNTRIED)
    if ended.outcome is not ActionOutcome.NO_ANSWER:
        return fine(CheckId.ANSWER, Finding.ANSWERED, Seconds(now.ago(ended.at)))
    if not now.recent.read_after_silence:
        # The meter did not answer at all then, or the next readout will show.
        return unknown(CheckId.ANSWER, Finding.WAS_SILENT)
    return wrong(CheckId.ANSWER, Lead("pageTraffic"), Finding.NOT_ANSWERED, Seconds(now.ago(ended.at)))
