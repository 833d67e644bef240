"""The evidence for the findings of a diagnosis, in words. Pure functions."""

from __future__ import annotations

from cmi_gui.engine.diagnostics.checks import Check, Fact, FaultNames, Finding, LinkName, Seconds, Volts
from cmi_gui.engine.messages import Message
from cmi_gui.ui.pages.fault_section import fault_text
from cmi_gui.ui.text.messages import text_of, translate
from cmi_gui.ui.text.words import duration_text, link_text, seconds_text, volts_text


def evidence(check: Check) -> str:
    """Return the evidence for the finding, with its figures."""
    if check.finding is Finding.CONTACT and isinstance(check.facts[0], Seconds) and check.facts[0].value < 1:
        return translate("Diagnosis", "{0} lines read just now").format(check.facts[1])
    if check.finding is Finding.USAGE_SET and check.facts == ("none",):
        return translate("Diagnosis", "No password is sent for this command")
    if check.finding in (Finding.USAGE_FITS, Finding.USAGE_WRONG, Finding.USAGE_CHANGED) and check.facts == ("none",):
        return {
            Finding.USAGE_FITS: translate(
                "Diagnosis", "The meter requires no password for this command, and none is sent"
            ),
            Finding.USAGE_WRONG: translate("Diagnosis", "No password is sent, but the meter requires one"),
        }.get(check.finding, translate("Diagnosis", "No password is sent from now on; not tried yet"))
    return {**_evidence(), **_evidence_of_contact(), **_evidence_over_bus()}[check.finding].format(
        *map(_fact, check.facts)
    )


def _fact(fact: Fact) -> str:
    match fact:
        case Volts(value):
            return volts_text(value)
        case Seconds(value):
            return seconds_text(value) if 0 < value < 10 and not float(value).is_integer() else duration_text(value)
        case LinkName(side, url):
            return link_text(side, url)
        case FaultNames(names):
            return ", ".join(map(fault_text, names))
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
        Finding.REFUSES: translate("Diagnosis", "The meter refuses the readout; failed readouts in a row: {0}"),
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


def _evidence_of_contact() -> dict[Finding, str]:
    return {
        Finding.ECHO_ONLY: translate(
            "Diagnosis", "Only an echo of the sent data is received; failed readouts in a row: {0}"
        ),
        Finding.OTHER_READER: translate(
            "Diagnosis", "Data is received all the time, so no request can be sent; failed readouts in a row: {0}"
        ),
        Finding.BROKEN_OFF: translate("Diagnosis", "The meter ended the session; failed readouts in a row: {0}"),
        Finding.NO_FAULT: translate("Diagnosis", "No such fault is on"),
        Finding.FAULT_ON: translate("Diagnosis", "Switched on: {0}"),
        Finding.REAL_METER: translate("Diagnosis", "A real meter is wired"),
        Finding.LINE_SETTINGS: translate("Diagnosis", "The sign-on is sent at {0}"),
        Finding.LINE_OTHER: translate("Diagnosis", "The sign-on is sent at {0}; IEC 62056-21 requires {1}"),
        Finding.SPEED_GIVEN_UP: translate(
            "Diagnosis", "Nothing could be read at {0} bit/s {1} ago, so the module reads at 300 bit/s"
        ),
        Finding.BYTES_RECEIVED: translate("Diagnosis", "The last readout received data"),
        Finding.UNDAMAGED: translate("Diagnosis", "No damage in the last readout"),
        Finding.NO_OTHER_READER: translate("Diagnosis", "No sign of another device"),
        Finding.IDENTIFIED: translate("Diagnosis", "The meter is {0}"),
        Finding.NUMBER_READ: translate("Diagnosis", "Meter {0}"),
        Finding.NO_NUMBER: translate("Diagnosis", "C.1.0 is missing from the readout; the red LED is steady"),
    }


def _evidence_over_bus() -> dict[Finding, str]:
    return {
        Finding.UNSEEN: translate("Diagnosis", "Not visible over the bus"),
        Finding.NOT_READ: translate("Diagnosis", "The module has not been read yet"),
        Finding.AFTER_READING: translate("Diagnosis", "Unknown until the module has been read"),
        Finding.SETTING_UNREAD: translate("Diagnosis", "The setting has not been read yet"),
        Finding.BUS_CLOSED: translate("Diagnosis", "{0} is not connected"),
        Finding.MODULE_SILENT: translate("Diagnosis", "No answer to the last request to address {0}"),
        Finding.READ_FAILED: "{0}",
        Finding.ADDRESS_SHARED: translate("Diagnosis", "Another slave in the list also has address {0}"),
        Finding.NOT_SHARED: translate("Diagnosis", "No other slave in the list has its address"),
        Finding.ASKED_AT: translate("Diagnosis", "Requests are sent at {0} bit/s"),
        Finding.NO_SPEED: translate("Diagnosis", "The link has no speed"),
        Finding.STATUS_GOOD: translate("Diagnosis", "The answer {0} ago reported no refused command"),
        Finding.STATUS_APPLICATION_ERROR: translate(
            "Diagnosis", "The answer {0} ago reported that the command before it was refused (application error)"
        ),
        Finding.STATUS_NO_METER: translate("Diagnosis", "The answer {0} ago reported no contact with the meter"),
        Finding.STATUS_RATE_ERROR: translate(
            "Diagnosis", "The answer {0} ago reported a rate error; the red LED blinks every second"
        ),
        Finding.STATUS_REFUSED: translate("Diagnosis", "The answer {0} ago reported that switching failed"),
        Finding.METER_IS_READ: translate("Diagnosis", "The module has contact with its meter"),
        Finding.NO_REFUSAL: translate("Diagnosis", "The answer {0} ago reported no failed switching"),
        Finding.WAS_MOVING: translate("Diagnosis", "The disconnector was being switched {0} ago"),
        Finding.WAS_STILL: translate("Diagnosis", "The disconnector was not moving {0} ago"),
        Finding.INPUT_LEVELS: translate("Diagnosis", "B = {0}, A = {1}, {2} ago; the voltages are not visible"),
        Finding.USAGE_SET: translate("Diagnosis", "{0} is sent for this command"),
        Finding.RATE_IS: translate("Diagnosis", "The meter has rate {0}"),
        Finding.RATE_DIFFERS: translate("Diagnosis", "The inputs select rate {0}, but the meter has rate {1}"),
    }
