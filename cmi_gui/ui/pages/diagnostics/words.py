"""The window's words for diagnosis: symptoms, checks, findings, remedies and leads. Pure functions."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cmi_gui.engine.diagnostics.checks import (
    Check,
    CheckId,
    CheckState,
    Fact,
    Finding,
    Lead,
    LinkName,
    Seconds,
    Symptom,
    SymptomId,
    Volts,
)
from cmi_gui.engine.messages import Message
from cmi_gui.ui.text.mark import Mark
from cmi_gui.ui.text.messages import text_of
from cmi_gui.ui.text.words import duration_text, link_text, seconds_text, volts_text

translate = QCoreApplication.translate

STATE_MARKS = {
    CheckState.OK: Mark.GOOD,
    CheckState.WRONG: Mark.TROUBLE,
    CheckState.UNKNOWN: Mark.OFF,
    CheckState.NOT_APPLICABLE: Mark.OFF,
}


def question(symptom: SymptomId) -> str:
    """Return a symptom in the words of a complaint."""
    return {
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


def state_word(state: CheckState) -> str:
    """Return a state as a word, for users who cannot rely on shape or colour."""
    return {
        CheckState.OK: translate("Diagnosis", "ok"),
        CheckState.WRONG: translate("Diagnosis", "wrong"),
        CheckState.UNKNOWN: translate("Diagnosis", "unknown"),
        CheckState.NOT_APPLICABLE: translate("Diagnosis", "not applicable"),
    }[state]


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


_PASSES = (Finding.LOCKED, Finding.NOT_YET_STEADY, Finding.SWITCHING, Finding.NOTHING_RECEIVED)
"""Findings of passing conditions: not wrong, but the check's statement is not true at the moment."""


def holds(check: Check) -> bool:
    """Return whether the check's statement may be shown as true: it is, or it is unknown."""
    return check.state is not CheckState.WRONG and not (check.finding in _PASSES and check.id is not CheckId.SWITCHED)


def evidence(check: Check) -> str:
    """Return the evidence for the finding, with its figures."""
    if check.finding is Finding.CONTACT and isinstance(check.facts[0], Seconds) and check.facts[0].value < 1:
        return translate("Diagnosis", "{0} lines read just now").format(check.facts[1])
    if check.finding in (Finding.USAGE_FITS, Finding.USAGE_WRONG, Finding.USAGE_CHANGED) and check.facts == ("none",):
        return {
            Finding.USAGE_FITS: translate(
                "Diagnosis", "The meter requires no password for this command, and none is sent"
            ),
            Finding.USAGE_WRONG: translate("Diagnosis", "No password is sent, but the meter requires one"),
        }.get(check.finding, translate("Diagnosis", "No password is sent from now on; not tried yet"))
    return _evidence()[check.finding].format(*map(_fact, check.facts))


def _fact(fact: Fact) -> str:
    match fact:
        case Volts(value):
            return volts_text(value)
        case Seconds(value):
            return seconds_text(value) if 0 < value < 10 and not float(value).is_integer() else duration_text(value)
        case LinkName(side, url):
            return link_text(side, url)
        case Message():
            return text_of(fact).rstrip(".")
    return str(fact)


def _evidence() -> dict[Finding, str]:
    return {
        Finding.BLOCKED: translate("Diagnosis", "Unknown until the problem above is fixed"),
        Finding.UNTRIED: translate("Diagnosis", "Not tried since the program started"),
        Finding.POWERED: translate("Diagnosis", "{0} on the bus"),
        Finding.POWER_ASSUMED: translate("Diagnosis", "A real bus; the program cannot measure its voltage"),
        Finding.BUS_DEAD: translate("Diagnosis", "No voltage on the bus; both LEDs are off"),
        Finding.BUS_LOW: translate("Diagnosis", "{0} on the bus; the module needs {1}"),
        Finding.LINK_OPEN: translate("Diagnosis", "{0} is open"),
        Finding.LINK_OPENING: translate("Diagnosis", "{0} is being opened"),
        Finding.LINK_CLOSED: translate("Diagnosis", "{0} is closed"),
        Finding.LINK_BROKEN: "{1}",
        Finding.READING_ON: translate("Diagnosis", "The module reads the meter every {0}"),
        Finding.READING_PAUSED: translate(
            "Diagnosis", "The meter is free for an optical head; commands wait until reading resumes"
        ),
        Finding.CONTACT: translate("Diagnosis", "{1} lines read {0} ago"),
        Finding.FIRST_READOUT: translate("Diagnosis", "The first readout is not complete yet"),
        Finding.SOME_FAILED: translate("Diagnosis", "Failed readouts in a row: {0}; contact counts as lost after {1}"),
        Finding.SILENT: translate("Diagnosis", "No answer; failed readouts in a row: {0}"),
        Finding.DAMAGED: translate("Diagnosis", "The data from the meter is damaged; failed readouts in a row: {0}"),
        Finding.NOT_ACCEPTED: translate(
            "Diagnosis", "The data from the meter is undamaged, but not accepted; failed readouts in a row: {0}"
        ),
        Finding.REFUSES: translate(
            "Diagnosis", "The meter refuses or aborts the readout; failed readouts in a row: {0}"
        ),
        Finding.NO_MODE_C: translate(
            "Diagnosis", "The device that answers does not offer mode C of IEC 62056-21; failed readouts in a row: {0}"
        ),
        Finding.STATE_OPEN: translate("Diagnosis", "It is open"),
        Finding.STATE_CLOSED: translate("Diagnosis", "It is closed"),
        Finding.STATE_MOVING: translate("Diagnosis", "It is being switched"),
        Finding.STATE_NOT_REPORTED: translate("Diagnosis", "C.5.0 is missing from the readout or too short"),
        Finding.CONTROL_ALLOWS: translate("Diagnosis", "The setting includes the push button"),
        Finding.CONTROL_OFF: translate("Diagnosis", "The setting is off: neither the button nor the bus can switch"),
        Finding.CONTROL_BUS_ONLY: translate("Diagnosis", "The setting is bus only"),
        Finding.INPUTS: translate("Diagnosis", "B = {0}, A = {1}"),
        Finding.INPUT_WEAK: translate("Diagnosis", "Input {0} has {1} AC; it is active from {2}"),
        Finding.STEADY: translate("Diagnosis", "B = {0}, A = {1} for {2}"),
        Finding.NOT_YET_STEADY: translate("Diagnosis", "Stable for {0} of {1}"),
        Finding.ENABLED: translate("Diagnosis", "The inputs select the rate"),
        Finding.NOT_ENABLED: translate("Diagnosis", "The setting is off: a change at the inputs causes a rate error"),
        Finding.MAPPED: translate("Diagnosis", "B = {0}, A = {1} selects rate {2}"),
        Finding.NO_CHANGE: translate("Diagnosis", "B = {0}, A = {1} means no change"),
        Finding.PASSWORD_TAKEN: translate("Diagnosis", "The meter accepted {0} {1} ago"),
        Finding.PASSWORD_REFUSED: translate("Diagnosis", "The meter refused {0} {1} ago"),
        Finding.PASSWORD_CHANGED: translate("Diagnosis", "{0} has changed since it was last sent"),
        Finding.PASSWORD_UNTRIED: translate("Diagnosis", "{0} has not been sent since the program started"),
        Finding.PASSWORD_UNUSED: translate("Diagnosis", "No password is sent for this command"),
        Finding.NOT_LOCKED: translate("Diagnosis", "The meter accepts commands"),
        Finding.LOCKED: translate("Diagnosis", "After a wrong password, the meter refuses everything for another {0}"),
        Finding.USAGE_FITS: translate("Diagnosis", "{0} is sent, as the meter requires"),
        Finding.USAGE_WRONG: translate(
            "Diagnosis", "{0} is sent, but the meter requires another password for this command"
        ),
        Finding.USAGE_CHANGED: translate("Diagnosis", "{0} is sent from now on; not tried yet"),
        Finding.TYPE_FITS: translate("Diagnosis", "{0} has carried out the command"),
        Finding.NO_DISCONNECTOR: translate("Diagnosis", "{0} refused the command; it seems to have no disconnector"),
        Finding.NO_SUCH_RATE: translate("Diagnosis", "{1} refused rate {0}"),
        Finding.NOT_UNDERSTOOD: translate("Diagnosis", "{0} does not understand the command (NAK)"),
        Finding.ANSWERED: translate("Diagnosis", "The meter answered {0} ago"),
        Finding.NOT_ANSWERED: translate("Diagnosis", "The meter can be read, but did not answer a command {0} ago"),
        Finding.WAS_SILENT: translate("Diagnosis", "The meter did not answer the last command; try again"),
        Finding.SWITCHED: translate("Diagnosis", "{1} ago; it took {0}"),
        Finding.SWITCHING: translate("Diagnosis", "Switching takes about 10 s; {0} left"),
        Finding.NOT_SWITCHED: translate(
            "Diagnosis", "The meter accepted the command {0} ago, but reports the old state"
        ),
        Finding.RATE_SET: translate("Diagnosis", "Rate {0}"),
        Finding.RATE_OTHER: translate("Diagnosis", "Rate {0} was requested, but the meter reports rate {1}"),
        Finding.RATE_ON_ITS_WAY: translate("Diagnosis", "Rate {0} is being set"),
        Finding.NO_RATE_WANTED: translate("Diagnosis", "No rate has been requested"),
        Finding.IDLE: translate("Diagnosis", "A press takes effect at once; switching takes about 10 s"),
        Finding.TOO_SOON: translate("Diagnosis", "{1} ago, {0} after switching began; it had no effect"),
        Finding.NOT_TOO_SOON: translate("Diagnosis", "Not in the last minute"),
        Finding.TOOK_NORMAL: translate("Diagnosis", "{0} from the press to the meter's report"),
        Finding.TOOK_LONG: translate("Diagnosis", "{0} from the press to the meter's report"),
        Finding.BUS_HIGH: translate("Diagnosis", "{0} on the bus; the maximum for the module is {1}"),
        Finding.NO_LINK: translate("Diagnosis", "No link for a master is wired"),
        Finding.RECEIVED: translate("Diagnosis", "Last received {0} ago"),
        Finding.NOTHING_RECEIVED: translate("Diagnosis", "Nothing received since the program started"),
        Finding.SPEED_FITS: translate("Diagnosis", "Its telegrams can be read at {0} bit/s"),
        Finding.SPEED_WRONG: translate(
            "Diagnosis", "{0} unreadable fragments, the last {1} ago; the module uses {2} bit/s"
        ),
        Finding.ADDRESSED: translate("Diagnosis", "Address {1}, {0} ago"),
        Finding.ADDRESS_OTHER: translate("Diagnosis", "{0} ago, the master used address {1}; the module has {2}"),
        Finding.SELECTED_OTHER: translate("Diagnosis", "{0} ago, the master selected {1}; the module is {2}"),
        Finding.UNIQUE: translate("Diagnosis", "No sign of a second answer"),
        Finding.REPEATED: translate(
            "Diagnosis", "The same request came {0} times although it was answered; the last {1} ago"
        ),
        Finding.OTHER_ANSWERS: translate("Diagnosis", "Another slave answered with address {0}, {1} ago"),
        Finding.IN_TIME: translate("Diagnosis", "No answer was withheld in the last minute"),
        Finding.ONE_LATE: translate("Diagnosis", "One answer was withheld {0} ago; later answers were sent in time"),
        Finding.SOME_LATE: translate(
            "Diagnosis", "None in the last minute; since the links were wired, {0} withheld, {1} sent"
        ),
        Finding.TOO_LATE: translate("Diagnosis", "Withheld {0} ago: the window of EN 13757-2 had passed"),
        Finding.COMMANDS_TAKEN: translate("Diagnosis", "No command was refused in the last minute"),
        Finding.COMMAND_REFUSED: translate("Diagnosis", "{0} ago: {1}"),
    }


def remedy(check: Check) -> str:
    """Return what to do about a check; empty if nothing."""
    if check.state not in (CheckState.WRONG, CheckState.UNKNOWN):
        return ""
    if check.finding is Finding.SILENT and check.lead is not None and check.lead.page == "pageConnections":
        return translate(
            "Diagnosis",
            "Check that the meter has power, that the optical head sits straight on it, and that the head has"
            " power: some heads require RTS or DTR to be always on.",
        )
    remedies = {
        Finding.POWER_ASSUMED: translate(
            "Diagnosis", "Measure the voltage where the transceiver is connected to the bus: it must be 21 to 42 V DC."
        ),
        Finding.BUS_DEAD: translate(
            "Diagnosis", "Connect the M-Bus master, and measure the voltage at the terminals: it must be 21 to 42 V DC."
        ),
        Finding.BUS_LOW: translate(
            "Diagnosis", "Measure the voltage at the terminals: a long cable or too many slaves lower it."
        ),
        Finding.BUS_HIGH: translate(
            "Diagnosis", "Measure the voltage at the terminals, and have the power supply of the master checked."
        ),
        Finding.LINK_CLOSED: translate("Diagnosis", "Connect it on the page Wiring."),
        Finding.LINK_BROKEN: translate("Diagnosis", "Fix the problem that the link reports, or wire another link."),
        Finding.NO_LINK: translate("Diagnosis", "Wire a port, a TCP address or a pseudo-terminal on the page Wiring."),
        Finding.READING_PAUSED: translate("Diagnosis", "Switch the pause off when the optical head has been removed."),
        Finding.SILENT: translate(
            "Diagnosis", "Check that the meter has power and that the module sits firmly in its slot."
        ),
        Finding.DAMAGED: translate(
            "Diagnosis", "Look for interference on the line, or for another device that communicates with the meter."
        ),
        Finding.NOT_ACCEPTED: translate(
            "Diagnosis", "See on the page Traffic what the meter sends, and compare it with the meter's manual."
        ),
        Finding.REFUSES: translate("Diagnosis", "Wait a minute, and see on the page Traffic what the meter answers."),
        Finding.NO_MODE_C: translate("Diagnosis", "Verify that the meter is an E350."),
        Finding.STATE_NOT_REPORTED: translate("Diagnosis", "Have C.5.0 added to the meter's readout list."),
        Finding.CONTROL_OFF: translate("Diagnosis", "Set disconnector control to push button, or to both."),
        Finding.CONTROL_BUS_ONLY: translate("Diagnosis", "Set disconnector control to push button, or to both."),
        Finding.INPUT_WEAK: translate("Diagnosis", "Apply at least 24 V AC to the input, or remove the voltage."),
        Finding.NOT_ENABLED: translate("Diagnosis", "Enable the rate inputs."),
        Finding.NO_CHANGE: translate("Diagnosis", "Choose a rate for this combination in the rate mapping table."),
        Finding.PASSWORD_REFUSED: translate(
            "Diagnosis", "Enter the password of the meter, wait until the meter is unlocked, and try again."
        ),
        Finding.USAGE_WRONG: translate(
            "Diagnosis", "Choose which password, P1 or P2, is sent for this command, and try again."
        ),
        Finding.NO_DISCONNECTOR: translate("Diagnosis", "Verify the meter type: it must be one with a disconnector."),
        Finding.NO_SUCH_RATE: translate(
            "Diagnosis", "Choose a rate that the meter has, or verify the meter type: it must be configured for rates."
        ),
        Finding.NOT_UNDERSTOOD: translate("Diagnosis", "Verify the meter type, and the meter profile in the settings."),
        Finding.NOT_ANSWERED: translate(
            "Diagnosis",
            "See on the page Traffic where the session ends: the programming mode of the meter may be disabled.",
        ),
        Finding.NOT_SWITCHED: translate(
            "Diagnosis",
            "Press again. If the state does not change, the disconnector itself or another controller may be"
            " the cause.",
        ),
        Finding.RATE_OTHER: translate(
            "Diagnosis", "The rate may have been set by another device: change an input, or set the rate again."
        ),
        Finding.TOO_SOON: translate("Diagnosis", "Wait about 10 s between two presses; switching cannot be faster."),
        Finding.TOOK_LONG: translate(
            "Diagnosis", "The meter was busy or did not answer at once; see on the page Traffic what took the time."
        ),
        Finding.NOTHING_RECEIVED: translate(
            "Diagnosis", "Connect the master to the address on the page Module, and read the module with it."
        ),
        Finding.SPEED_WRONG: translate("Diagnosis", "Set master and module to the same speed, 300 or 2400 bit/s."),
        Finding.ADDRESS_OTHER: translate("Diagnosis", "Set master and module to the same primary address."),
        Finding.SELECTED_OTHER: translate(
            "Diagnosis", "In the master, select the number on the label, or the number that was set."
        ),
        Finding.REPEATED: translate(
            "Diagnosis",
            "Two slaves may answer at the same time: find all slaves on the bus and give each its own address.",
        ),
        Finding.OTHER_ANSWERS: translate("Diagnosis", "Give each slave on the bus its own address."),
        Finding.TOO_LATE: translate(
            "Diagnosis",
            "The computer or the link was too slow; most masters repeat the request. Close programs that keep"
            " the computer busy, switch off power saving and USB suspend, and plug the adapter directly into"
            " the computer.",
        ),
        Finding.COMMAND_REFUSED: translate("Diagnosis", "Fix the cause given above, and send the command again."),
    }
    return remedies.get(check.finding, "")


def lead_text(lead: Lead) -> str:
    """Return the words of the button that follows a lead. Raises KeyError for a page that no lead goes to."""
    if lead.page == "pageModule" and lead.part == "reading":
        return translate("Diagnosis", "Show the pause switch")
    return {
        "pageDiagnostics": translate("Diagnosis", "Show the faults"),
        "pageModule": translate("Diagnosis", "Show on the module"),
        "pageConfiguration": translate("Diagnosis", "Open the setting"),
        "pageConnections": translate("Diagnosis", "Open the wiring"),
        "pageReadings": translate("Diagnosis", "Show the readings"),
        "pageTraffic": translate("Diagnosis", "Show the traffic"),
        "pageBus": translate("Diagnosis", "Find all slaves"),
    }[lead.page]
