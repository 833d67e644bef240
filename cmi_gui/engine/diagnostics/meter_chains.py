"""The chains of the manual's first three symptoms: push button, rate inputs, delay of the disconnector."""

from __future__ import annotations

from cmi_gui.engine.cmi1020.disconnector import SwitchSource
from cmi_gui.engine.cmi1020.inputs import ACTIVE_FROM, STEADY_TIME
from cmi_gui.engine.cmi1020.meter_actions import ActionKind, ActionOutcome
from cmi_gui.engine.cmi1020.rates import RateError
from cmi_gui.engine.diagnostics.checks import Check, CheckId, Finding, Lead, Seconds, Symptom, SymptomId, Volts
from cmi_gui.engine.diagnostics.meter_checks import (
    answer,
    contact,
    lock,
    meter_link,
    meter_type,
    password,
    power,
    reading,
    usage,
)
from cmi_gui.engine.diagnostics.situation import Situation, blocked, fine, unknown, wrong

LATELY = 60.0
"""Seconds for which a temporary condition counts as the cause after it has ended."""
NORMAL_SWITCHING = 20.0
"""The longest normal switching in seconds: the process of 10 s, one readout before it and one after it. Assumption."""


def button(now: Situation) -> Symptom:
    """Return the symptom that pressing the push button does not toggle the disconnector."""
    command = _command(now, ActionKind.DISCONNECTOR)
    checks = (*_prerequisites(now), _state(now), _control(now), *command, _switched(now))
    return Symptom(SymptomId.BUTTON, checks)


def rate(now: Situation) -> Symptom:
    """Return the symptom that a rate input does not change the meter's rate."""
    inputs = _inputs(now), _steady(now), _enable(now), _map(now)
    checks = (*_prerequisites(now), *inputs, *_command(now, ActionKind.RATE), _rate_set(now))
    return Symptom(SymptomId.RATE, checks)


def delay(now: Situation) -> Symptom:
    """Return the symptom that there is a delay when the disconnector is toggled."""
    return Symptom(SymptomId.DELAY, (_process(now), _faster(now), reading(now), lock(now), _duration(now)))


def _prerequisites(now: Situation) -> tuple[Check, ...]:
    """Return the checks that the manual presupposes: the module has power and reads its meter."""
    return power(now), meter_link(now), reading(now), contact(now)


def _command(now: Situation, kind: ActionKind) -> tuple[Check, ...]:
    """Return the checks that must pass for the meter to carry out a command."""
    return password(now, kind), usage(now, kind), meter_type(now, kind), lock(now), answer(now, kind)


# The push button


def _state(now: Situation) -> Check:
    """Check that the meter reports the disconnector's state; without it the direction of a toggle is unknown."""
    if not now.can_talk or not now.module.contact:
        return blocked(CheckId.STATE)
    state = now.module.disconnector
    if state == "unknown":
        return wrong(CheckId.STATE, Lead("pageReadings"), Finding.STATE_NOT_REPORTED)
    findings = {"moving": Finding.STATE_MOVING, "closed": Finding.STATE_CLOSED}
    return fine(CheckId.STATE, findings.get(state, Finding.STATE_OPEN))


def _control(now: Situation) -> Check:
    allowed = now.module.disconnector_control
    if allowed & SwitchSource.BUTTON.value:
        return fine(CheckId.CONTROL, Finding.CONTROL_ALLOWS)
    tried, changed = now.recent.not_allowed_at, now.recent.settings_at.get("disconnector_control", -1.0)
    finding = Finding.CONTROL_BUS_ONLY if allowed & SwitchSource.BUS.value else Finding.CONTROL_OFF
    lead = Lead("pageConfiguration", "disconnector_control")
    return wrong(CheckId.CONTROL, lead, finding, by_choice=tried is None or tried < changed)


def _switched(now: Situation) -> Check:
    """Check that the meter reports the requested state in the end."""
    last = now.recent.switching
    if now.module.switching_until is not None:
        return _switching(CheckId.SWITCHED, now, now.module.switching_until)
    ended = now.action_end(ActionKind.DISCONNECTOR)
    if ended is not None and ended.outcome is ActionOutcome.DONE and now.module.disconnector_refused:
        return wrong(CheckId.SWITCHED, Lead("pageTraffic"), Finding.NOT_SWITCHED, now.since(ended.at))
    if last is None:
        return unknown(CheckId.SWITCHED, Finding.UNTRIED)
    return fine(CheckId.SWITCHED, Finding.SWITCHED, Seconds(last.took), now.since(last.at))


def _switching(check: CheckId, now: Situation, until: float) -> Check:
    return unknown(check, Finding.SWITCHING, Seconds(max(0.0, until - now.time)))


# The rate inputs


def _inputs(now: Situation) -> Check:
    """Check that each input is clearly low or clearly active."""
    volts_b, volts_a = now.module.volts_b, now.module.volts_a
    for name, volts in (("B", volts_b), ("A", volts_a)):
        if 0 < volts < ACTIVE_FROM:
            lead = Lead("pageModule", "inputs")
            return wrong(CheckId.INPUTS, lead, Finding.INPUT_WEAK, name, Volts(volts), Volts(ACTIVE_FROM))
    return fine(CheckId.INPUTS, Finding.INPUTS, Volts(volts_b), Volts(volts_a))


def _steady(now: Situation) -> Check:
    """Check that the combination has been steady for the 5 seconds after which it counts."""
    level, begun, steady_at = now.module.level, now.module.unsteady_since, now.module.steady_at
    if not now.module.powered:
        return blocked(CheckId.STEADY)
    if begun is not None and steady_at is not None:
        unchanged_for = STEADY_TIME * max(0.0, (now.time - begun) / (steady_at - begun))
        return unknown(CheckId.STEADY, Finding.NOT_YET_STEADY, Seconds(unchanged_for), Seconds(STEADY_TIME))
    since = now.time if now.recent.inputs_at is None else now.recent.inputs_at - STEADY_TIME
    return fine(CheckId.STEADY, Finding.STEADY, level >> 1, level & 1, now.since(since))


def _enable(now: Situation) -> Check:
    if now.module.rate_enable:
        return fine(CheckId.ENABLE, Finding.ENABLED)
    chosen = now.module.rate_error != RateError.NOT_ENABLED
    return wrong(CheckId.ENABLE, Lead("pageConfiguration", "rate_enable"), Finding.NOT_ENABLED, by_choice=chosen)


def _map(now: Situation) -> Check:
    level = now.module.level
    wanted = now.module.rate_map[level]
    if wanted == 0:
        lead = Lead("pageConfiguration", "rate_map")
        return wrong(CheckId.MAP, lead, Finding.NO_CHANGE, level >> 1, level & 1, by_choice=True)
    return fine(CheckId.MAP, Finding.MAPPED, level >> 1, level & 1, wanted)


def _rate_set(now: Situation) -> Check:
    """Check that the meter has the rate that was requested last."""
    wanted, meter = now.module.rate_wanted, now.module.rate
    if not now.can_talk or not now.module.contact:
        return blocked(CheckId.RATE_SET)
    if wanted is None:
        return unknown(CheckId.RATE_SET, Finding.NO_RATE_WANTED)
    if wanted == meter:
        return fine(CheckId.RATE_SET, Finding.RATE_SET, wanted)
    if now.module.rate_pending or meter is None:
        return unknown(CheckId.RATE_SET, Finding.RATE_ON_ITS_WAY, wanted)
    return wrong(CheckId.RATE_SET, Lead("pageTraffic"), Finding.RATE_OTHER, wanted, meter)


# The delay


def _process(now: Situation) -> Check:
    if now.module.switching_until is not None:
        return _switching(CheckId.PROCESS, now, now.module.switching_until)
    return fine(CheckId.PROCESS, Finding.IDLE)


def _faster(now: Situation) -> Check:
    """Check that no request was repeated inside the 10 seconds, which has no effect."""
    soon = now.recent.too_soon
    if soon is not None and now.ago(soon[0]) <= LATELY:
        facts = Seconds(soon[1]), now.since(soon[0])
        return wrong(CheckId.FASTER, Lead("pageModule", "button"), Finding.TOO_SOON, *facts, by_choice=True)
    return fine(CheckId.FASTER, Finding.NOT_TOO_SOON)


def _duration(now: Situation) -> Check:
    last = now.recent.switching
    if last is None:
        return unknown(CheckId.DURATION, Finding.UNTRIED)
    if last.took > NORMAL_SWITCHING:
        return wrong(CheckId.DURATION, Lead("pageTraffic"), Finding.TOOK_LONG, Seconds(last.took))
    return fine(CheckId.DURATION, Finding.TOOK_NORMAL, Seconds(last.took))
