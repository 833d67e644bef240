"""Texts about slaves on a bus: their state, what is wrong and what to do about it. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence

from cmi_gui.engine.configurator.identify import LabelCheck
from cmi_gui.engine.configurator.slaves import ListedSlave, SlaveIdentity
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.exchange import ProcedureFailed
from cmi_gui.engine.mbus.record import Record
from cmi_gui.engine.mbus.selection import FABRICATION
from cmi_gui.engine.mbus.slave_address import selection_text
from cmi_gui.engine.mbus.telegram import Header, TelegramKind
from cmi_gui.engine.mbus.wording import device_type_message, error_message, telegram_message
from cmi_gui.engine.messages import reason_of
from cmi_gui.ui.models.bus import MAKER, BusMaster, JobKind
from cmi_gui.ui.text.mark import Mark, Status
from cmi_gui.ui.text.messages import text_of, translate
from cmi_gui.ui.text.words import sentence

NONE = "—"
"""The text for a value that is not known."""


def serial_text(slave: ListedSlave) -> str:
    """Return the number on the label if the slave sends it, else its identification; a dash if it sends neither."""
    return NONE if slave.identity is None else slave.identity.fabrication or slave.identity.id


def module_name(identity: SlaveIdentity | None) -> str:
    """Return the name of a module on a bus by its number, as in `serial_text`: a number alone may be a meter's too."""
    number = NONE if identity is None else identity.fabrication or identity.id
    return translate("BusPage", "Module {0}").format(number)


def practice_place() -> str:
    """Return where a module on the practice bus is reached."""
    return translate("BusPage", "practice bus")


def secondary_text(slave: ListedSlave) -> str:
    """Return the secondary address, or the selection that reaches the slave; a dash if neither is known."""
    if slave.identity is not None:
        return slave.identity.id
    return NONE if slave.selection is None else selection_text(slave.selection)


def device_type_text(device_type: int | None, version: int | None) -> str:
    """Return the standard's name of a device type, the hexadecimal code for a reserved one, a dash for None.

    `version` is None for the fixed structure only, which uses a different table of media.
    """
    if device_type is None:
        return NONE
    known = device_type_message(device_type, fixed=version is None)
    return f"{device_type:02X}" if known.template == "reserved" else text_of(known)


def type_text(device_type: int | None, version: int | None) -> str:
    """Return the name of the device type with the version."""
    name = sentence(device_type_text(device_type, version))
    return name if version is None else translate("BusWords", "{0}, version {1:02X}").format(name, version)


def found_text(slaves: Sequence[ListedSlave]) -> str:
    """Return how many modules and how many collisions there are, in words."""
    clashes = sum(slave.collision for slave in slaves)
    count = len(slaves) - clashes
    modules = translate("BusWords", "1 module") if count == 1 else translate("BusWords", "{0} modules").format(count)
    match clashes:
        case 0:
            return modules if count else translate("BusWords", "nothing found")
        case 1:
            return translate("BusWords", "{0}, 1 collision").format(modules)
    return translate("BusWords", "{0}, {1} collisions").format(modules, clashes)


def header_status_text(header: Header) -> str:
    """Return the status byte in words; empty for 00. Bits 4 to 7 have meanings of their own in Elvaco modules only."""
    status, own = header.status, header.manufacturer == MAKER
    words = []
    match header.state:
        case 1:
            words.append(translate("BusWords", "busy"))
        case 2:
            words.append(translate("BusWords", "last command refused"))
        case 3:
            words.append(translate("BusWords", "alarm or abnormal condition"))
    names = {
        2: translate("BusWords", "power low"),
        3: translate("BusWords", "permanent error"),
        4: translate("BusWords", "no contact with the meter") if own else translate("BusWords", "temporary error"),
    }
    if own:
        names |= {
            5: translate("BusWords", "rate error"),
            6: translate("BusWords", "no meter number"),
            7: translate("BusWords", "disconnector operation refused"),
        }
    for bit in range(2, 8):
        if status >> bit & 1:
            words.append(names.get(bit) or translate("BusWords", "manufacturer-specific bit {0}").format(bit))
    return sentence(", ".join(words))


def slave_status(bus: BusMaster, slave: ListedSlave) -> Status:
    """Return the state of a slave: what is being done with it, a problem, or whether the last scan found it."""
    if (work := bus.work.get(slave)) is not None:
        words = {
            JobKind.READING: translate("BusWords", "Reading..."),
            JobKind.IDENTIFYING: translate("BusWords", "Identifying..."),
        }
        return Status(Mark.BUSY, words[work.doing])
    if slave.collision:
        return Status(Mark.TROUBLE, translate("BusWords", "Collision"))
    if slave.failure is not None:
        return Status(Mark.TROUBLE, _short(slave.failure))
    if not slave.answered:
        return Status(Mark.UNKNOWN, translate("BusWords", "Answers without data"))
    if slave.first is None:
        return Status(Mark.TROUBLE, translate("BusWords", "Cannot be decoded"))
    if bus.line is not None and slave.seen_in < bus.line.slaves.scans:
        return Status(Mark.UNKNOWN, translate("BusWords", "Not found in the last scan"))
    header = slave.header
    problem = "" if header is None else header_status_text(header)
    return Status(Mark.TROUBLE, problem) if problem else Status(Mark.GOOD, translate("BusWords", "OK"))


def _short(error: Exception) -> str:
    code = error.code if isinstance(error, ProcedureFailed) else ""
    return {
        "no_answer": translate("BusWords", "No answer"),
        "garbled": translate("BusWords", "Damaged answers"),
        "no_data": translate("BusWords", "Answers without data"),
        "not_found": translate("BusWords", "No answer"),
        "collision": translate("BusWords", "Collision"),
        "foreign": translate("BusWords", "No answer"),
    }.get(code, translate("BusWords", "Failed"))


def failure_text(error: Exception) -> str:
    """Return why something on the bus failed, and what to do about it."""
    code = error.code if isinstance(error, ProcedureFailed) else ""
    words = {
        "no_answer": translate(
            "BusWords",
            "No answer. Check the bus voltage, the wires and the speed, or scan again: the address may have changed.",
        ),
        "garbled": translate(
            "BusWords",
            "Only damaged answers were received: more than one module answers, or there is interference on"
            " the line. Search by secondary address to tell the modules apart.",
        ),
        "no_data": translate("BusWords", "The module answers, but reports that it has no data."),
        "not_found": translate(
            "BusWords",
            "There is no answer to the secondary address any more. Scan again: the address may have changed.",
        ),
        "collision": translate(
            "BusWords", "More than one module answers to this secondary address; the numbers on their labels differ."
        ),
        "disturbed": translate(
            "BusWords",
            "Every address gives an unreadable answer. Check the speed, the wires and the power supply of the master.",
        ),
    }
    # The message of a link error already names the port and what to do.
    return words.get(code) or sentence(reason_of(error))


def advice(slave: ListedSlave, *, reachable: bool) -> str:
    """Return what is wrong with a slave and what to do about it; empty if nothing is wrong."""
    if slave.collision and slave.selection is not None:
        return translate(
            "BusWords",
            "More than one slave answers to this secondary address, and they cannot be told apart. Disconnect"
            " all but one and give that one its own address.",
        )
    if slave.collision:
        return translate(
            "BusWords",
            "More than one slave answers at address {0}, or there is interference on the line. Search by"
            " secondary address to tell them apart, then use Configure to give each its own address.",
        ).format(slave.address)
    if slave.failure is not None:
        return failure_text(slave.failure)
    if slave.first is None:
        return (
            translate(
                "BusWords",
                "The module sent a telegram that cannot be decoded. Read the module again, or see the bytes on"
                " the page Traffic.",
            )
            if slave.answered
            else translate(
                "BusWords", "The module acknowledged, but sent no data. Read it again, or see the page Traffic."
            )
        )
    if not reachable:
        return translate(
            "BusWords",
            "It shares its primary address with another slave, and its answer contains no secondary address:"
            " it cannot be addressed alone.",
        )
    return ""


def answer_problems(slave: ListedSlave) -> list[str]:
    """Return what is unusual about the telegrams of the last reading, one sentence each."""
    problems = [sentence(warning) for warning in slave.warnings]
    for number, answer in enumerate(slave.answers, 1):
        if not isinstance(answer, MBusError) and answer.fault is not None:
            words = translate("BusWords", "Telegram {0} can only be decoded in part; {1} bytes remain: {2}")
            problems.append(words.format(number, len(answer.rest), text_of(error_message(answer.fault))))
        if isinstance(answer, MBusError):
            words = translate("BusWords", "Telegram {0} cannot be decoded: {1}")
            problems.append(words.format(number, text_of(error_message(answer))))
        elif answer.kind is TelegramKind.APPLICATION_ERROR:
            words = translate("BusWords", "Telegram {0} is an error message: {1}")
            problems.append(words.format(number, text_of(telegram_message(answer))))
        elif answer.encrypted and answer.header is not None:
            words = (
                translate("BusWords", "Telegram {0} is partly encrypted (mode {1}); the unencrypted part is shown")
                if answer.records
                else translate("BusWords", "Telegram {0} is encrypted (mode {1}); its values cannot be shown")
            )
            problems.append(words.format(number, answer.header.security_mode))
        elif answer.manufacturer_data:
            words = translate("BusWords", "Telegram {0} also contains {1} manufacturer-specific bytes")
            problems.append(words.format(number, len(answer.manufacturer_data)))
    return problems


def own_record(record: Record) -> tuple[str, str] | None:
    """Return name and value of a record about the CMi1020 itself; None for all others (spec section 2, Data)."""
    value = record.value
    if record.dib + record.vib == FABRICATION:
        return translate("BusWords", "Serial number on the label"), record.raw[::-1].hex().upper()
    if not isinstance(value, int):
        is_version = record.vib == b"\xfd\x0f"
        return (translate("BusWords", "Version of the module"), str(value)) if is_version else None
    match record.vib:
        case b"\xfd\x1b":
            return translate("BusWords", "Rate inputs"), f"B {value >> 1 & 1}, A {value & 1}"
        case b"\xfd\x1a":
            states = {
                0: translate("BusWords", "open"),
                1: translate("BusWords", "closed"),
                2: translate("BusWords", "moving"),
            }
            return translate("BusWords", "Disconnector"), states.get(value, str(value))
        case b"\xfd\x17":
            return translate("BusWords", "Error flags"), f"{value:08X}"
    return None


def verdict(result: LabelCheck) -> Status:
    """Return in words whether the slave is the module with the label and, if not, where that module is."""
    if result.found is None:
        return Status(Mark.TROUBLE, translate("BusWords", "The module answers, but does not identify itself."))
    meter = (
        translate("BusWords", "It reads meter {0}.").format(result.meter_number)
        if result.meter_number
        else translate("BusWords", "It does not report the number of its meter.")
    )
    if result.label is None:
        words = translate("BusWords", "According to the module, the number on its label is {0}.")
        return Status(Mark.GOOD, f"{words.format(result.serial)} {meter}")
    if result.same:
        words = (
            translate("BusWords", "This is the module with label {0}; it can also be reached by its secondary address.")
            if result.by_selection
            else translate("BusWords", "This is the module with label {0}.")
        )
        return Status(Mark.GOOD, f"{words.format(result.label)} {meter}")
    words = translate("BusWords", "This is another module: the number on its label is {0}.").format(result.serial)
    where = (
        translate("BusWords", "No module with label {0} answers on this bus.").format(result.label)
        if result.elsewhere is None
        else translate("BusWords", "The module with label {0} is on this bus; its secondary address is {1}.").format(
            result.label, result.elsewhere.id
        )
    )
    return Status(Mark.TROUBLE, f"{words} {where}")
