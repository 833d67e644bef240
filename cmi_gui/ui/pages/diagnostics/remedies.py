"""The remedies for the findings of a diagnosis, and the buttons that lead to them, in words. Pure functions."""

from __future__ import annotations

from cmi_gui.engine.diagnostics.checks import Check, CheckId, CheckState, Finding, Lead
from cmi_gui.ui.text.messages import translate


def remedy(check: Check) -> str:
    """Return what to do about a check; empty if nothing."""
    if check.state not in (CheckState.WRONG, CheckState.UNKNOWN):
        return ""
    real_meter = check.lead is not None and check.lead.page == "pageConnections"
    if check.finding is Finding.SILENT and real_meter:
        return translate(
            "Diagnosis",
            "Check that the meter has power, that the optical head sits straight on it, and that the head has"
            " power: some heads require RTS or DTR to be always on.",
        )
    if check.finding is Finding.DAMAGED and real_meter:
        return translate(
            "Diagnosis",
            "Align the optical head and shade it from bright light. A meter uses 7E1: for a gateway at 8N1, add"
            " framing=software to the LINK.",
        )
    if check.finding is Finding.UNSEEN:
        return _way_to_find_out(check.id)
    remedies = {
        **_remedies_of_contact(),
        **_remedies_over_bus(),
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
            "Diagnosis", "Connect the master to the address on the page Built-in module, and read the module with it."
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


def _remedies_of_contact() -> dict[Finding, str]:
    end_other = translate(
        "Diagnosis", "Remove any other optical head, and end any other program that communicates with this meter."
    )
    return {
        Finding.ECHO_ONLY: translate(
            "Diagnosis",
            "The cable works up to the head. Check that the meter has power, and that the head sits straight on it"
            " and is not rotated.",
        ),
        Finding.OTHER_READER: end_other,
        Finding.BROKEN_OFF: end_other,
        Finding.FAULT_ON: translate("Diagnosis", "Switch the fault off."),
        Finding.LINE_OTHER: translate(
            "Diagnosis", "Remove speed and character format from the LINK, unless the adapter requires them."
        ),
        Finding.SPEED_GIVEN_UP: translate(
            "Diagnosis", "Align the head. If the adapter cannot change its speed, add max_baud=300 to the LINK."
        ),
        Finding.NO_NUMBER: translate("Diagnosis", "Have C.1.0 added to the meter's readout list."),
    }


def _remedies_over_bus() -> dict[Finding, str]:
    read = translate("Diagnosis", "Read the module: its telegrams first, then its settings.")
    return {
        Finding.NOT_READ: read,
        Finding.SETTING_UNREAD: read,
        Finding.BUS_CLOSED: translate("Diagnosis", "Read the module; this opens the link."),
        Finding.MODULE_SILENT: translate(
            "Diagnosis",
            "Check that the bus has voltage at the module, and read it again. If its address or its speed may have"
            " changed, search the bus.",
        ),
        Finding.READ_FAILED: translate(
            "Diagnosis",
            "Read it again. If it fails again, look for two slaves with the same address or for interference.",
        ),
        Finding.ADDRESS_SHARED: translate("Diagnosis", "Give each slave on the bus its own address."),
        Finding.ASKED_AT: translate("Diagnosis", "Search the bus at 300 and at 2400 bit/s."),
        Finding.STATUS_APPLICATION_ERROR: translate(
            "Diagnosis", "Check the value of the command, and whether the settings allow it; then send it again."
        ),
        Finding.STATUS_NO_METER: translate(
            "Diagnosis", "At the module: check whether the red LED flashes every 5 s. Then read the module again."
        ),
        Finding.STATUS_RATE_ERROR: translate(
            "Diagnosis",
            "Check that the inputs are enabled, that the meter has the rate, and which password it requires.",
        ),
        Finding.STATUS_REFUSED: translate(
            "Diagnosis",
            "Check the password and which password is sent, press the button again, and read the module after 20 s.",
        ),
        Finding.NO_REFUSAL: translate(
            "Diagnosis", "Press the button, and read the module after 20 s: the reported state must have changed."
        ),
        Finding.WAS_MOVING: translate("Diagnosis", "Read the module again after 10 s."),
        Finding.INPUT_LEVELS: translate(
            "Diagnosis", "Measure the voltage at both inputs: an input is active from 24 V AC, and low without voltage."
        ),
        Finding.USAGE_SET: translate(
            "Diagnosis", "Ask the owner of the meter which password the meter requires for this command."
        ),
        Finding.RATE_IS: translate("Diagnosis", "Compare it with the rate that was last requested."),
        Finding.RATE_DIFFERS: translate(
            "Diagnosis",
            "A rate that was set over the bus remains until the inputs change: change an input, and read the module"
            " after 20 s.",
        ),
    }


def _way_to_find_out(check: CheckId) -> str:
    """Return how to find out what is not visible over the bus; empty for a check that is always visible."""
    levels = translate("Diagnosis", "The module does not report its inputs: measure the voltage at both inputs.")
    return {
        CheckId.SEAT: translate("Diagnosis", "At the meter: check the display, and press the module into its slot."),
        CheckId.LOCK: translate(
            "Diagnosis",
            "After a wrong password, a meter refuses everything for a while: wait some minutes, and try again.",
        ),
        CheckId.ALONE: translate("Diagnosis", "At the meter: remove any optical head."),
        CheckId.UNDERSTOOD: translate("Diagnosis", "At the meter: check on the type plate that it is an E350."),
        CheckId.PASSWORD: translate("Diagnosis", "A password cannot be read: write it again, and try the command."),
        CheckId.METER_TYPE: translate(
            "Diagnosis", "At the meter: check on the type plate that this type supports the command."
        ),
        CheckId.FASTER: translate("Diagnosis", "Press once, and wait 10 s before the next press."),
        CheckId.DURATION: translate(
            "Diagnosis", "Measure the time from the press until the disconnector moves: 10 s are normal."
        ),
        CheckId.INPUTS: levels,
        CheckId.MAP: levels,
    }.get(check, "")


def lead_text(lead: Lead) -> str:
    """Return the words of the button that follows a lead. Raises KeyError for a page that no lead goes to."""
    if lead.page == "pageModule" and lead.part == "reading":
        return translate("Diagnosis", "Show the pause switch")
    if lead.page == "pageDiagnostics" and lead.part == "read":
        return translate("Diagnosis", "Read the module")
    return {
        "pageDiagnostics": translate("Diagnosis", "Show the faults"),
        "pageModule": translate("Diagnosis", "Show on the module"),
        "pageConfiguration": translate("Diagnosis", "Open the setting"),
        "pageConnections": translate("Diagnosis", "Open the wiring"),
        "pageReadings": translate("Diagnosis", "Show the readings"),
        "pageTraffic": translate("Diagnosis", "Show the traffic"),
        "pageBus": translate("Diagnosis", "Find all slaves"),
    }[lead.page]
