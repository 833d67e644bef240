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
        return translate("Diagnosis", "Nothing wrong so far; not everything can be told yet")
    return translate("Diagnosis", "Nothing wrong")


def state_word(state: CheckState) -> str:
    """Return a state as a word, for users who cannot rely on shape or colour."""
    return {
        CheckState.OK: translate("Diagnosis", "ok"),
        CheckState.WRONG: translate("Diagnosis", "wrong"),
        CheckState.UNKNOWN: translate("Diagnosis", "not known"),
        CheckState.NOT_APPLICABLE: translate("Diagnosis", "not needed"),
    }[state]


def title(symptom: SymptomId, check: CheckId, *, failed: bool = False) -> str:
    """Return the statement of a check that should be true; `failed`: the one that is true instead."""
    if check is CheckId.METER_TYPE:
        return _type_title(symptom, failed=failed)
    good, bad = {
        CheckId.POWER: (
            translate("Diagnosis", "The bus feeds the module"),
            translate("Diagnosis", "The bus does not feed the module"),
        ),
        CheckId.METER_LINK: (
            translate("Diagnosis", "The link to the meter is open"),
            translate("Diagnosis", "The link to the meter is not open"),
        ),
        CheckId.READING: (
            translate("Diagnosis", "The module may talk to the meter"),
            translate("Diagnosis", "Reading is paused"),
        ),
        CheckId.CONTACT: (
            translate("Diagnosis", "The meter answers"),
            translate("Diagnosis", "The meter does not answer as it should"),
        ),
        CheckId.STATE: (
            translate("Diagnosis", "The meter tells the disconnector's state"),
            translate("Diagnosis", "The meter does not tell the disconnector's state"),
        ),
        CheckId.CONTROL: (
            translate("Diagnosis", "Disconnector control allows the button"),
            translate("Diagnosis", "Disconnector control does not allow the button"),
        ),
        CheckId.INPUTS: (
            translate("Diagnosis", "The inputs are clearly low or active"),
            translate("Diagnosis", "An input is neither low nor active"),
        ),
        CheckId.STEADY: (
            translate("Diagnosis", "The inputs have stood still for 5 s"),
            translate("Diagnosis", "The inputs have not stood still for 5 s"),
        ),
        CheckId.ENABLE: (
            translate("Diagnosis", "The rate inputs are enabled"),
            translate("Diagnosis", "The rate inputs are not enabled"),
        ),
        CheckId.MAP: (
            translate("Diagnosis", "The mapping table has a rate for them"),
            translate("Diagnosis", "The mapping table has no rate for them"),
        ),
        CheckId.PASSWORD: (
            translate("Diagnosis", "The meter takes the password"),
            translate("Diagnosis", "The meter refuses the password"),
        ),
        CheckId.USAGE: (
            translate("Diagnosis", "It is the password meant for this"),
            translate("Diagnosis", "The meter wants another password for this"),
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
            translate("Diagnosis", "The meter has the rate that is wanted"),
            translate("Diagnosis", "The meter has another rate than wanted"),
        ),
        CheckId.PROCESS: (
            translate("Diagnosis", "No switching is under way"),
            translate("Diagnosis", "A switching is under way"),
        ),
        CheckId.FASTER: (
            translate("Diagnosis", "Nobody asked again within the 10 s"),
            translate("Diagnosis", "Somebody asked again within the 10 s"),
        ),
        CheckId.DURATION: (
            translate("Diagnosis", "The last switching took its normal time"),
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
        CheckId.HEARD: (
            translate("Diagnosis", "A master can be heard"),
            translate("Diagnosis", "No master can be heard"),
        ),
        CheckId.ADDRESS: (
            translate("Diagnosis", "The master calls this module"),
            translate("Diagnosis", "The master calls another address"),
        ),
        CheckId.UNIQUE: (
            translate("Diagnosis", "No other slave has its address"),
            translate("Diagnosis", "Another slave seems to have its address"),
        ),
        CheckId.SPEED: (
            translate("Diagnosis", "The master speaks at the module's speed"),
            translate("Diagnosis", "The master seems to speak at another speed"),
        ),
        CheckId.IN_TIME: (
            translate("Diagnosis", "Answers leave in time"),
            translate("Diagnosis", "An answer was too late to be sent"),
        ),
        CheckId.COMMAND: (
            translate("Diagnosis", "The module takes the master's commands"),
            translate("Diagnosis", "The module refused a master's command"),
        ),
    }[check]
    return bad if failed else good


_PASSES = (Finding.LOCKED, Finding.NOT_YET_STEADY, Finding.SWITCHING, Finding.NOTHING_RECEIVED)
"""Findings of passing conditions: not wrong, but the check's statement is not true at the moment."""


def holds(check: Check) -> bool:
    """Return whether the check's statement may be shown as true: it is, or it is unknown."""
    return check.state is not CheckState.WRONG and not (check.finding in _PASSES and check.id is not CheckId.SWITCHED)


def _type_title(symptom: SymptomId, *, failed: bool) -> str:
    if symptom is SymptomId.RATE:
        return (
            translate("Diagnosis", "The meter does not have the rate")
            if failed
            else translate("Diagnosis", "The meter type has the rate")
        )
    return (
        translate("Diagnosis", "The meter has no disconnector")
        if failed
        else translate("Diagnosis", "The meter type has a disconnector")
    )


def evidence(check: Check) -> str:
    """Return the evidence for the finding, with its figures."""
    if check.finding is Finding.CONTACT and isinstance(check.facts[0], Seconds) and check.facts[0].value < 1:
        return translate("Diagnosis", "{0} lines read just now").format(check.facts[1])
    if check.finding in (Finding.USAGE_FITS, Finding.USAGE_WRONG, Finding.USAGE_CHANGED) and check.facts == ("none",):
        return {
            Finding.USAGE_FITS: translate("Diagnosis", "The meter wants no password for it, and none is shown"),
            Finding.USAGE_WRONG: translate("Diagnosis", "No password is shown, but the meter wants one"),
        }.get(check.finding, translate("Diagnosis", "From now on no password is shown; not tried yet"))
    template = {**_evidence_of_meter(), **_evidence_of_bus()}[check.finding]
    return template.format(*map(_fact, check.facts))


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


def _evidence_of_meter() -> dict[Finding, str]:
    return {
        Finding.BLOCKED: translate("Diagnosis", "Cannot be told before what is wrong above is mended"),
        Finding.UNTRIED: translate("Diagnosis", "Not tried since the start"),
        Finding.POWERED: translate("Diagnosis", "{0} on the bus"),
        Finding.POWER_ASSUMED: translate("Diagnosis", "A real bus: its voltage cannot be measured from here"),
        Finding.BUS_DEAD: translate("Diagnosis", "No voltage on the bus: both LEDs are dark"),
        Finding.BUS_LOW: translate("Diagnosis", "{0} on the bus, the module needs {1}"),
        Finding.LINK_OPEN: translate("Diagnosis", "{0} is open"),
        Finding.LINK_OPENING: translate("Diagnosis", "{0} is being opened"),
        Finding.LINK_CLOSED: translate("Diagnosis", "{0} is closed"),
        Finding.LINK_BROKEN: "{1}",
        Finding.READING_ON: translate("Diagnosis", "It reads the meter every {0}"),
        Finding.READING_PAUSED: translate("Diagnosis", "The meter is left to an optical head; commands wait in vain"),
        Finding.CONTACT: translate("Diagnosis", "{1} lines read {0} ago"),
        Finding.FIRST_READOUT: translate("Diagnosis", "The first readout has not ended yet"),
        Finding.SOME_FAILED: translate("Diagnosis", "The last readout failed ({0}); contact counts as lost after {1}"),
        Finding.SILENT: translate("Diagnosis", "Silence: {0} readouts in a row without an answer"),
        Finding.DAMAGED: translate("Diagnosis", "What comes from the meter is damaged: {0} readouts in a row"),
        Finding.NOT_ACCEPTED: translate(
            "Diagnosis", "What comes from the meter is undamaged, but not accepted: {0} readouts in a row"
        ),
        Finding.REFUSES: translate("Diagnosis", "The meter refuses to be read or breaks off: {0} readouts in a row"),
        Finding.NO_MODE_C: translate("Diagnosis", "What answers does not offer mode C of IEC 62056-21 ({0} tries)"),
        Finding.STATE_OPEN: translate("Diagnosis", "It is open"),
        Finding.STATE_CLOSED: translate("Diagnosis", "It is closed"),
        Finding.STATE_MOVING: translate("Diagnosis", "It is being switched"),
        Finding.STATE_NOT_REPORTED: translate("Diagnosis", "C.5.0 is missing in the readout or too short"),
        Finding.CONTROL_ALLOWS: translate("Diagnosis", "The setting includes the push button"),
        Finding.CONTROL_OFF: translate("Diagnosis", "The setting is off: neither button nor bus may switch"),
        Finding.CONTROL_BUS_ONLY: translate("Diagnosis", "The setting is bus only"),
        Finding.INPUTS: translate("Diagnosis", "B = {0}, A = {1}"),
        Finding.INPUT_WEAK: translate("Diagnosis", "Input {0} has {1} AC; it is active from {2}"),
        Finding.STEADY: translate("Diagnosis", "B = {0}, A = {1} since {2}"),
        Finding.NOT_YET_STEADY: translate("Diagnosis", "They have stood for {0} of {1}"),
        Finding.ENABLED: translate("Diagnosis", "They choose the rate"),
        Finding.NOT_ENABLED: translate("Diagnosis", "The setting is off: a change at the inputs is a rate error"),
        Finding.MAPPED: translate("Diagnosis", "B = {0}, A = {1} asks for rate {2}"),
        Finding.NO_CHANGE: translate("Diagnosis", "B = {0}, A = {1} stands for no change"),
        Finding.PASSWORD_TAKEN: translate("Diagnosis", "It took {0} {1} ago"),
        Finding.PASSWORD_REFUSED: translate("Diagnosis", "It refused {0} {1} ago"),
        Finding.PASSWORD_CHANGED: translate("Diagnosis", "{0} was changed since it was shown last"),
        Finding.PASSWORD_UNTRIED: translate("Diagnosis", "{0} has not been shown since the start"),
        Finding.PASSWORD_UNUSED: translate("Diagnosis", "None is shown for this"),
        Finding.NOT_LOCKED: translate("Diagnosis", "It listens to commands"),
        Finding.LOCKED: translate("Diagnosis", "After a wrong password it refuses everything for {0} more"),
        Finding.USAGE_FITS: translate("Diagnosis", "{0} is shown, and is what it wants"),
        Finding.USAGE_WRONG: translate("Diagnosis", "{0} is shown, but the meter wants another for this command"),
        Finding.USAGE_CHANGED: translate("Diagnosis", "From now on {0} is shown; not tried yet"),
        Finding.TYPE_FITS: translate("Diagnosis", "{0} has done it"),
        Finding.NO_DISCONNECTOR: translate("Diagnosis", "{0} refused: it seems to have none"),
        Finding.NO_SUCH_RATE: translate("Diagnosis", "{1} refused rate {0}"),
        Finding.NOT_UNDERSTOOD: translate("Diagnosis", "{0} does not understand the command (NAK)"),
        Finding.ANSWERED: translate("Diagnosis", "It answered {0} ago"),
        Finding.NOT_ANSWERED: translate("Diagnosis", "It can be read, but gave a command no answer {0} ago"),
        Finding.WAS_SILENT: translate("Diagnosis", "The last command met a silent meter; try again"),
        Finding.SWITCHED: translate("Diagnosis", "{1} ago, in {0}"),
        Finding.SWITCHING: translate("Diagnosis", "The process takes about 10 s; {0} to go"),
        Finding.NOT_SWITCHED: translate("Diagnosis", "The meter took the command {0} ago, but reports the old state"),
        Finding.RATE_SET: translate("Diagnosis", "Rate {0}"),
        Finding.RATE_OTHER: translate("Diagnosis", "Wanted was rate {0}, the meter reports rate {1}"),
        Finding.RATE_ON_ITS_WAY: translate("Diagnosis", "Rate {0} is on its way"),
        Finding.NO_RATE_WANTED: translate("Diagnosis", "No rate has been asked for"),
        Finding.IDLE: translate("Diagnosis", "A press is acted upon at once, and takes about 10 s"),
        Finding.TOO_SOON: translate("Diagnosis", "{1} ago, {0} after the start; that does nothing"),
        Finding.NOT_TOO_SOON: translate("Diagnosis", "Not within the last minute"),
        Finding.TOOK_NORMAL: translate("Diagnosis", "{0} from the press to the meter's report"),
        Finding.TOOK_LONG: translate("Diagnosis", "{0} from the press to the meter's report"),
    }


def _evidence_of_bus() -> dict[Finding, str]:
    return {
        Finding.BUS_HIGH: translate("Diagnosis", "{0} on the bus; the module is made for {1} at most"),
        Finding.NO_LINK: translate("Diagnosis", "No link for a master is wired"),
        Finding.HEARD: translate("Diagnosis", "The last sign {0} ago"),
        Finding.NOTHING_RECEIVED: translate("Diagnosis", "Not a byte since the start"),
        Finding.SPEED_FITS: translate("Diagnosis", "Its telegrams can be read at {0} bit/s"),
        Finding.SPEED_WRONG: translate(
            "Diagnosis", "{0} unreadable pieces, the last {1} ago; the module listens at {2} bit/s"
        ),
        Finding.ADDRESSED: translate("Diagnosis", "Address {1}, {0} ago"),
        Finding.ADDRESS_OTHER: translate("Diagnosis", "{0} ago it called address {1}; the module has {2}"),
        Finding.SELECTED_OTHER: translate("Diagnosis", "{0} ago it selected {1}; the module is {2}"),
        Finding.UNIQUE: translate("Diagnosis", "No sign of a second answer"),
        Finding.REPEATED: translate("Diagnosis", "The same request came {0} times although it was answered, {1} ago"),
        Finding.OTHER_ANSWERS: translate("Diagnosis", "Another slave answered as address {0}, {1} ago"),
        Finding.IN_TIME: translate("Diagnosis", "None was held back within the last minute"),
        Finding.ONE_LATE: translate("Diagnosis", "One was held back {0} ago; those since left in time"),
        Finding.SOME_LATE: translate(
            "Diagnosis", "None within the last minute; since the links were wired {0} held back, {1} sent"
        ),
        Finding.TOO_LATE: translate("Diagnosis", "Held back {0} ago: the window of EN 13757-2 had passed"),
        Finding.COMMANDS_TAKEN: translate("Diagnosis", "None was refused within the last minute"),
        Finding.COMMAND_REFUSED: translate("Diagnosis", "{0} ago: {1}"),
    }


def remedy(check: Check) -> str:
    """Return what to do about a check; empty if nothing."""
    if check.state not in (CheckState.WRONG, CheckState.UNKNOWN):
        return ""
    if check.finding is Finding.SILENT and check.lead is not None and check.lead.page == "pageConnections":
        return translate(
            "Diagnosis",
            "See that the meter has power, that the optical head sits straight on it, and that it is fed: some heads"
            " want RTS or DTR held on.",
        )
    remedies = {
        Finding.POWER_ASSUMED: translate("Diagnosis", "Measure 21 to 42 V DC where the transceiver meets the bus."),
        Finding.BUS_DEAD: translate(
            "Diagnosis", "Connect the M-Bus master and measure 21 to 42 V DC at the terminals."
        ),
        Finding.BUS_LOW: translate(
            "Diagnosis", "Measure at the terminals: a long cable or too many slaves pull the voltage down."
        ),
        Finding.BUS_HIGH: translate("Diagnosis", "Measure at the terminals and have the master's supply looked at."),
        Finding.LINK_CLOSED: translate("Diagnosis", "Connect it on the page Wiring."),
        Finding.LINK_BROKEN: translate("Diagnosis", "Mend what the link complains of, or wire another one."),
        Finding.NO_LINK: translate("Diagnosis", "Wire a port, a TCP address or a pseudo-terminal on the page Wiring."),
        Finding.READING_PAUSED: translate("Diagnosis", "Switch the pause off when the optical head is gone."),
        Finding.SILENT: translate(
            "Diagnosis", "See that the meter has power and that the module sits firmly in its slot."
        ),
        Finding.DAMAGED: translate("Diagnosis", "Look for a disturbed line, or another device talking to the meter."),
        Finding.NOT_ACCEPTED: translate(
            "Diagnosis", "See on the page Traffic what the meter sends, and compare it with its manual."
        ),
        Finding.REFUSES: translate("Diagnosis", "See on the page Traffic what the meter answers, and wait a minute."),
        Finding.NO_MODE_C: translate("Diagnosis", "Verify that the meter is an E350."),
        Finding.STATE_NOT_REPORTED: translate("Diagnosis", "Have C.5.0 put into the meter's readout list."),
        Finding.CONTROL_OFF: translate("Diagnosis", "Set disconnector control to push button, or to both."),
        Finding.CONTROL_BUS_ONLY: translate("Diagnosis", "Set disconnector control to push button, or to both."),
        Finding.INPUT_WEAK: translate("Diagnosis", "Feed the input with at least 24 V AC, or take the voltage away."),
        Finding.NOT_ENABLED: translate("Diagnosis", "Enable the rate inputs."),
        Finding.NO_CHANGE: translate("Diagnosis", "Give this combination a rate in the mapping table."),
        Finding.PASSWORD_REFUSED: translate(
            "Diagnosis", "Set the password that the meter has, wait until it is unlocked, and try again."
        ),
        Finding.USAGE_WRONG: translate("Diagnosis", "Set which of P1 and P2 is shown for this, and try again."),
        Finding.NO_DISCONNECTOR: translate("Diagnosis", "Verify the meter type: it must be one with a disconnector."),
        Finding.NO_SUCH_RATE: translate(
            "Diagnosis", "Choose a rate that the meter has, or verify the meter type: it must be configured for rates."
        ),
        Finding.NOT_UNDERSTOOD: translate("Diagnosis", "Verify the meter type, and the meter profile in the settings."),
        Finding.NOT_ANSWERED: translate(
            "Diagnosis", "See on the page Traffic where the session breaks off: its programming mode may be closed."
        ),
        Finding.NOT_SWITCHED: translate(
            "Diagnosis", "Press again; if it stays so, the disconnector itself or another controller stands in the way."
        ),
        Finding.RATE_OTHER: translate(
            "Diagnosis", "Somebody else has set the rate: change an input, or set the rate once more."
        ),
        Finding.TOO_SOON: translate("Diagnosis", "Wait about 10 s between two presses; the process cannot be faster."),
        Finding.TOOK_LONG: translate(
            "Diagnosis", "The meter was busy or did not answer at once; see on the page Traffic what took the time."
        ),
        Finding.NOTHING_RECEIVED: translate(
            "Diagnosis", "Point the master to the address on the page Module, and let it read."
        ),
        Finding.SPEED_WRONG: translate("Diagnosis", "Give master and module the same speed, 300 or 2400 bit/s."),
        Finding.ADDRESS_OTHER: translate("Diagnosis", "Give master and module the same primary address."),
        Finding.SELECTED_OTHER: translate(
            "Diagnosis", "Let the master select the number on the label, or the one that was set."
        ),
        Finding.REPEATED: translate(
            "Diagnosis", "Two slaves may answer at once: find all on the bus and give each an address of its own."
        ),
        Finding.OTHER_ANSWERS: translate("Diagnosis", "Give each slave on the bus an address of its own."),
        Finding.TOO_LATE: translate(
            "Diagnosis",
            "The computer or the link was too slow; the master will ask again. Close programs that keep the computer"
            " busy, switch off power saving and USB sleep, plug the adapter in directly.",
        ),
        Finding.COMMAND_REFUSED: translate("Diagnosis", "Mend what the sentence says and send the command again."),
    }
    return remedies.get(check.finding, "")


def lead_text(lead: Lead) -> str:
    """Return the words of the button that follows a lead. Raises KeyError for a page that no lead goes to."""
    if lead.page == "pageDiagnostics":
        return translate("Diagnosis", "Show the faults")
    if lead.page == "pageModule" and lead.part == "reading":
        return translate("Diagnosis", "Show the pause")
    return {
        "pageModule": translate("Diagnosis", "Show it on the module"),
        "pageConfiguration": translate("Diagnosis", "Open the setting"),
        "pageConnections": translate("Diagnosis", "Open the wiring"),
        "pageReadings": translate("Diagnosis", "Show the readings"),
        "pageTraffic": translate("Diagnosis", "Show the traffic"),
        "pageBus": translate("Diagnosis", "Find all slaves"),
    }[lead.page]
