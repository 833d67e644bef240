"""The window's words for symptoms and checks of a diagnosis. Pure functions."""

from __future__ import annotations

from cmi_gui.engine.diagnostics.checks import Check, CheckId, CheckState, Finding, Symptom, SymptomId
from cmi_gui.ui.text.mark import Mark
from cmi_gui.ui.text.messages import translate

_STATE_MARKS = {
    CheckState.OK: Mark.GOOD,
    CheckState.WRONG: Mark.TROUBLE,
    CheckState.UNKNOWN: Mark.UNKNOWN,
    CheckState.NOT_APPLICABLE: Mark.NOTHING,
}


def check_mark(check: Check) -> Mark:
    """Return the shape of a check; what the user chose is no trouble."""
    return Mark.OFF if check.by_choice else _STATE_MARKS[check.state]


def symptom_mark(symptom: Symptom) -> Mark:
    """Return the shape of a symptom, by the same rule."""
    chosen = symptom.state is CheckState.WRONG and not symptom.trouble
    return Mark.OFF if chosen else _STATE_MARKS[symptom.state]


def question(symptom: SymptomId) -> str:
    """Return a symptom in the words of a complaint."""
    return {
        SymptomId.NO_METER: translate("Diagnosis", "The red LED flashes briefly every 5 s: no contact with the meter"),
        SymptomId.BUTTON: translate("Diagnosis", "The push button does not toggle the disconnector"),
        SymptomId.RATE: translate("Diagnosis", "A rate input does not change the meter's rate"),
        SymptomId.DELAY: translate("Diagnosis", "The disconnector toggles with a delay"),
        SymptomId.MASTER: translate("Diagnosis", "The module does not respond to an M-Bus master"),
    }[symptom]


def verdict(symptom: Symptom) -> str:
    """Return the result of a symptom's checks in a few words."""
    wrong = symptom.first_wrong
    if wrong is not None:
        return title(symptom.id, wrong.id, failed=True)
    if symptom.state is CheckState.UNKNOWN:
        return translate("Diagnosis", "No problem found so far; some checks have no result yet")
    return translate("Diagnosis", "No problem found")


def state_word(check: Check) -> str:
    """Return the state of a check as a word, for users who cannot rely on shape or colour."""
    if check.by_choice:
        return translate("Diagnosis", "remark")
    return {
        CheckState.OK: translate("Diagnosis", "ok"),
        CheckState.WRONG: translate("Diagnosis", "wrong"),
        CheckState.UNKNOWN: translate("Diagnosis", "unknown"),
        CheckState.NOT_APPLICABLE: translate("Diagnosis", "not applicable"),
    }[check.state]


def title(symptom: SymptomId, check: CheckId, *, failed: bool = False) -> str:
    """Return the statement of a check that should be true; `failed`: the one that is true instead."""
    has_rate = (
        translate("Diagnosis", "The meter type has the rate"),
        translate("Diagnosis", "The meter does not have the rate"),
    )
    has_disconnector = (
        translate("Diagnosis", "The meter type has a disconnector"),
        translate("Diagnosis", "The meter has no disconnector"),
    )
    good, bad = {
        CheckId.METER_TYPE: has_rate if symptom is SymptomId.RATE else has_disconnector,
        CheckId.POWER: (
            translate("Diagnosis", "The bus powers the module"),
            translate("Diagnosis", "The bus does not power the module"),
        ),
        CheckId.METER_LINK: (
            translate("Diagnosis", "The link to the meter is open"),
            translate("Diagnosis", "The link to the meter is not open"),
        ),
        CheckId.READING: (
            translate("Diagnosis", "Reading is not paused"),
            translate("Diagnosis", "Reading is paused"),
        ),
        CheckId.CONTACT: (
            translate("Diagnosis", "The meter answers"),
            translate("Diagnosis", "The meter does not answer correctly"),
        ),
        CheckId.FAULTS: (
            translate("Diagnosis", "The simulated meter has no fault that prevents reading"),
            translate("Diagnosis", "The simulated meter has a fault that prevents reading"),
        ),
        CheckId.LINE: (
            translate("Diagnosis", "Speed and character format suit the meter"),
            translate("Diagnosis", "Speed or character format may not suit the meter"),
        ),
        CheckId.ANSWERS: (
            translate("Diagnosis", "Data is received from the meter"),
            translate("Diagnosis", "No data is received from the meter"),
        ),
        CheckId.INTACT: (
            translate("Diagnosis", "The data from the meter is undamaged"),
            translate("Diagnosis", "The data from the meter is damaged"),
        ),
        CheckId.ALONE: (
            translate("Diagnosis", "No other device communicates with the meter"),
            translate("Diagnosis", "Another device seems to communicate with the meter"),
        ),
        CheckId.UNDERSTOOD: (
            translate("Diagnosis", "The module understands the meter"),
            translate("Diagnosis", "The module does not understand the meter"),
        ),
        CheckId.NUMBER: (
            translate("Diagnosis", "The readout has the meter's number"),
            translate("Diagnosis", "The readout does not have the meter's number"),
        ),
        CheckId.STATE: (
            translate("Diagnosis", "The meter reports the disconnector's state"),
            translate("Diagnosis", "The meter does not report the disconnector's state"),
        ),
        CheckId.CONTROL: (
            translate("Diagnosis", "Disconnector control allows the button"),
            translate("Diagnosis", "Disconnector control does not allow the button"),
        ),
        CheckId.INPUTS: (
            translate("Diagnosis", "Each input is either low or active"),
            translate("Diagnosis", "An input is neither low nor active"),
        ),
        CheckId.STEADY: (
            translate("Diagnosis", "The inputs have been stable for 5 s"),
            translate("Diagnosis", "The inputs have not been stable for 5 s"),
        ),
        CheckId.ENABLE: (
            translate("Diagnosis", "The rate inputs are enabled"),
            translate("Diagnosis", "The rate inputs are not enabled"),
        ),
        CheckId.MAP: (
            translate("Diagnosis", "The rate mapping table has a rate for the inputs"),
            translate("Diagnosis", "The rate mapping table has no rate for the inputs"),
        ),
        CheckId.PASSWORD: (
            translate("Diagnosis", "The meter accepts the password"),
            translate("Diagnosis", "The meter refuses the password"),
        ),
        CheckId.USAGE: (
            translate("Diagnosis", "The right password is sent for this command"),
            translate("Diagnosis", "The meter requires another password for this command"),
        ),
        CheckId.LOCK: (
            translate("Diagnosis", "The meter is not locked"),
            translate("Diagnosis", "The meter is locked"),
        ),
        CheckId.ANSWER: (
            translate("Diagnosis", "The meter answers commands"),
            translate("Diagnosis", "The meter does not answer commands"),
        ),
        CheckId.SWITCHED: (
            translate("Diagnosis", "The disconnector has moved"),
            translate("Diagnosis", "The disconnector has not moved"),
        ),
        CheckId.RATE_SET: (
            translate("Diagnosis", "The meter has the requested rate"),
            translate("Diagnosis", "The meter has another rate than requested"),
        ),
        CheckId.PROCESS: (
            translate("Diagnosis", "No switching is in progress"),
            translate("Diagnosis", "Switching is in progress"),
        ),
        CheckId.FASTER: (
            translate("Diagnosis", "There was no second request within the 10 s"),
            translate("Diagnosis", "There was a second request within the 10 s"),
        ),
        CheckId.DURATION: (
            translate("Diagnosis", "The last switching took the normal time"),
            translate("Diagnosis", "The last switching took longer than normal"),
        ),
        CheckId.VOLTAGE: (
            translate("Diagnosis", "The bus has 21 to 42 V DC"),
            translate("Diagnosis", "The bus does not have 21 to 42 V DC"),
        ),
        CheckId.BUS_LINK: (
            translate("Diagnosis", "The module can be reached"),
            translate("Diagnosis", "The module cannot be reached"),
        ),
        CheckId.SEAT: (
            translate("Diagnosis", "The meter has power, and the module is firmly in its slot"),
            translate("Diagnosis", "The meter has no power, or the module is loose"),
        ),
        CheckId.REPLY: (
            translate("Diagnosis", "The module answers"),
            translate("Diagnosis", "The module does not answer"),
        ),
        CheckId.RECEIVED: (
            translate("Diagnosis", "Data is received from a master"),
            translate("Diagnosis", "No data is received from a master"),
        ),
        CheckId.ADDRESS: (
            translate("Diagnosis", "The master uses the address of this module"),
            translate("Diagnosis", "The master uses another address"),
        ),
        CheckId.UNIQUE: (
            translate("Diagnosis", "No other slave has the same address"),
            translate("Diagnosis", "Another slave seems to have the same address"),
        ),
        CheckId.SPEED: (
            translate("Diagnosis", "The master uses the module's speed"),
            translate("Diagnosis", "The master seems to use another speed"),
        ),
        CheckId.IN_TIME: (
            translate("Diagnosis", "Answers are sent in time"),
            translate("Diagnosis", "An answer was too late to be sent"),
        ),
        CheckId.COMMAND: (
            translate("Diagnosis", "The module accepts the master's commands"),
            translate("Diagnosis", "The module refused a master's command"),
        ),
    }[check]
    return bad if failed else good


_PASSES = (
    Finding.LOCKED,
    Finding.NOT_YET_STEADY,
    Finding.SWITCHING,
    Finding.NOTHING_RECEIVED,
    Finding.FAULT_ON,
    Finding.SPEED_GIVEN_UP,
    Finding.WAS_MOVING,
    Finding.RATE_DIFFERS,
)
"""Findings of passing conditions: not wrong, but the check's statement is not true at the moment."""


def holds(check: Check) -> bool:
    """Return whether the check's statement may be shown as true: it is, or it is unknown."""
    return check.state is not CheckState.WRONG and not (check.finding in _PASSES and check.id is not CheckId.SWITCHED)
