"""Telegrams and records as messages; only `value_message` contains a record's value, because some are secret."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal

from cmi_gui.engine.mbus.ci import (
    APPLICATION_ERRORS,
    APPLICATION_RESETS,
    DEVICE_TYPES,
    FIXED_MEDIA,
    FIXED_STATUS_BITS,
    STATUS_BITS,
    STATUS_STATES,
)
from cmi_gui.engine.mbus.datatypes import NotDecimal, Periodic, Value
from cmi_gui.engine.mbus.dib import DataField, ValueFunction
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.record import Record
from cmi_gui.engine.mbus.telegram import (
    AlarmStatus,
    ApplicationError,
    Header,
    Reset,
    Selection,
    SetBaud,
    Telegram,
    TelegramKind,
)
from cmi_gui.engine.mbus.vib import MANUFACTURER_VIFES, RESERVED_VIFE
from cmi_gui.engine.mbus.vif_tables import RESERVED, UNIT_WORDS, RecordError
from cmi_gui.engine.messages import Argument, Listing, Message, marked

_LISTED = 3
"""Maximum number of records of a command that a summary names; the others are counted."""
_NUMBERS = marked(("storage {0}", "tariff {0}", "subunit {0}"))
_UNSIZED = {
    DataField.NONE: Message("no data"),
    DataField.SELECTION: Message("selection"),
    DataField.VARIABLE: Message("variable"),
    DataField.SPECIAL: Message("special"),
}
"""Data fields named by words; the others are named by length and coding, such as `int32`."""


def error_message(error: MBusError) -> Message:
    """Return why a telegram cannot be decoded, in the words of `str(error)`."""
    if error.offset is None:
        return error.message
    return Message("{0} (at byte {1})", (error.message, error.offset))


def byte_count(number: int) -> Message:
    """Return a number of bytes in words: `1 byte`, `12 bytes`."""
    return Message("1 byte") if number == 1 else Message("{0} bytes", (number,))


# Records


def record_message(record: Record) -> Listing:
    """Return the description of a record without its value: `energy, tariff 2, maximum, phase L1`."""
    text = record.vif_text
    name = Message(record.quantity) if text is None else Message("plain text {0}", (repr(text),))
    parts = [name, *numbering_messages(record)]
    if record.function is ValueFunction.ERROR:
        parts.append(Message("during error"))
    elif record.function is not ValueFunction.INSTANTANEOUS:
        parts.append(Message(record.function.value))
    return Listing(", ", (*parts, *qualifier_messages(record), *task_messages(record)))


def numbering_messages(record: Record) -> tuple[Message, ...]:
    """Return storage, tariff and subunit, each only if it is not 0."""
    numbers = (record.storage, record.tariff, record.subunit)
    return tuple(Message(template, (number,)) for template, number in zip(_NUMBERS, numbers, strict=True) if number)


def qualifier_messages(record: Record) -> tuple[Message, ...]:
    """Return the words that narrow the quantity down."""
    return tuple(map(_qualifier, record.qualifiers))


def _qualifier(text: str) -> Message:
    for template in (RESERVED_VIFE, MANUFACTURER_VIFES):
        head = template.removesuffix("{0}")
        if text.startswith(head):
            return Message(template, (text.removeprefix(head),))
    return Message(text)


def task_messages(record: Record) -> Iterator[Message]:
    """Yield the action that a master requests on the record, or the error that a slave reports in its place."""
    if record.action is not None:
        yield Message("action: {0}", (Message(record.action.value),))
    if record.error is not None and record.error is not RecordError.NONE:
        yield Message("record error: {0}", (Message(record.error.text),))


def value_message(record: Record) -> Argument:
    """Return the value with its unit, or in brackets the reason why there is none."""
    value = record.value
    if value is None:
        return Message("({0})", ("" if record.missing is None else Message(record.missing.value),))
    text = _plain(value, record)
    if isinstance(value, NotDecimal):
        return Message("{0}, not decimal", (text,))
    if not text:
        return Message("(empty)")
    if not record.unit or not isinstance(value, int | Decimal):
        return text
    return Listing(" ", (text, unit_message(record.unit)))


def _plain(value: Value, record: Record) -> str:
    if isinstance(value, Decimal):
        # The exact decimal of a single precision number has up to a hundred digits, of which seven are significant.
        return f"{float(value):.7g}" if record.field is DataField.REAL32 else f"{value:f}"
    if isinstance(value, str):
        return repr(value) if value != value.strip() or not value.isprintable() else value
    return str(value) if isinstance(value, int) else iso_text(value, has_seconds=record.has_seconds)


def iso_text(value: date | datetime | time | Periodic, *, has_seconds: bool) -> str:
    """Return a time in ISO 8601, to the minute if `has_seconds` is False."""
    if isinstance(value, datetime) and not has_seconds:
        return value.isoformat(timespec="minutes")
    return str(value) if isinstance(value, Periodic) else value.isoformat()


def unit_message(unit: str) -> Listing:
    """Return a unit, its words translatable, such as the month and the pulse of `Wh/month` and `m3/pulse`."""
    return Listing("/", tuple(Message(factor) if factor in UNIT_WORDS else factor for factor in unit.split("/")))


def field_part(field: DataField) -> Argument:
    """Return length and coding of the data: `int32`, `bcd8`, `variable`."""
    return _UNSIZED.get(field, field.name.lower())


# Codes of the application layer


def device_type_message(code: int, *, fixed: bool) -> Message:
    """Return a device type in words; `fixed`: `code` is a medium of the fixed structure."""
    return Message((FIXED_MEDIA if fixed else DEVICE_TYPES).get(code, RESERVED))


def status_messages(header: Header) -> list[Message]:
    """Return the meaning of a status field, nothing for 00; bits 5 to 7 are shown as the manufacturer's."""
    if not header.is_fixed:
        return _fault_messages(header)
    counters = [Message(word) for bit, word in FIXED_STATUS_BITS.items() if header.status >> bit & 1]
    return counters + _fault_messages(header)


def _fault_messages(header: Header) -> list[Message]:
    """Return the faults in a status field, without the fixed structure's two lowest bits, which are about counters."""
    status, state = header.status, header.state
    words = [Message(STATUS_STATES[state])] if state else []
    words += [Message(word) for bit, word in STATUS_BITS.items() if status >> bit & 1]
    words += [Message("manufacturer bit {0}", (bit,)) for bit in (5, 6, 7) if status >> bit & 1]
    return words


def application_error_message(code: int) -> Message:
    """Return the meaning of the code of CI 70."""
    return Message(APPLICATION_ERRORS.get(code, RESERVED))


def reset_message(subcode: int) -> Message:
    """Return the meaning of the sub-code of CI 50."""
    return Message(APPLICATION_RESETS.get(subcode >> 4, RESERVED))


# Telegrams


def telegram_message(telegram: Telegram) -> Argument:
    """Return a telegram in one line, without values."""
    words = _decoded_message(telegram)
    return words if telegram.fault is None else Listing(", ", (words, rest_message(telegram.rest, telegram.fault)))


def rest_message(rest: bytes, fault: MBusError) -> Message:
    """Return how much of a telegram could not be decoded, and why."""
    return Message("{0} not decoded: {1}", (byte_count(len(rest)), error_message(fault)))


def _decoded_message(telegram: Telegram) -> Argument:
    frame = telegram.frame
    match telegram.kind:
        case TelegramKind.ACK:
            return Message("acknowledge")
        case TelegramKind.REQUEST:
            return _function_and_address(frame)
        case TelegramKind.DATA | TelegramKind.FIXED_DATA:
            return _data(telegram)
        case TelegramKind.SEND:
            return Listing(": ", (_function_and_address(frame), _record_names(telegram.records)))
    return _content(telegram)


def _function(frame: Frame) -> str:
    return frame.function or f"C={frame.c:02X}"


def _function_and_address(frame: Frame) -> Message:
    """Return function and address: `SND_UD FCB=1 to 5`; the count bit only if it is valid."""
    count = f" FCB={int(frame.fcb)}" if frame.from_master and frame.fcv else ""
    function = f"{_function(frame)}{count}"
    return Message("{0} to {1}", (function, frame.a)) if frame.from_master else _sent_by(function, frame.a)


def _sent_by(function: str, slave: Argument) -> Message:
    return Message("{0} from {1}", (function, slave))


def _record_names(records: tuple[Record, ...]) -> Argument:
    if not records:
        return Message("no records")
    named = Listing("; ", tuple(record_message(record) for record in records[:_LISTED]))
    rest = len(records) - _LISTED
    return Message("{0} and {1} more", (named, rest)) if rest > 0 else named


def _data(telegram: Telegram) -> Listing:
    header, function = telegram.header, _function(telegram.frame)
    maker = f" {header.manufacturer}" if header is not None and header.manufacturer else ""
    parts: list[Argument] = []
    if header is None or header.id is None:
        parts.append(_sent_by(function, f"{telegram.frame.a}{maker}"))
    else:
        parts.append(f"{function} {header.id}{maker}")
    if telegram.encrypted and header is not None:
        size = byte_count(len(telegram.encrypted))
        parts.append(Message("{0} encrypted in mode {1}", (size, header.security_mode)))
    if telegram.records or not telegram.encrypted:
        parts.append(_record_count(len(telegram.records), fixed=telegram.kind is TelegramKind.FIXED_DATA))
    if telegram.manufacturer_data:
        parts.append(Message("{0} of manufacturer data", (byte_count(len(telegram.manufacturer_data)),)))
    if telegram.more_follows:
        parts.append(Message("more follows"))
    if header is not None:
        parts += _fault_messages(header)
    return Listing(", ", tuple(parts))


def _record_count(number: int, *, fixed: bool) -> Message:
    if fixed:
        return Message("{0} counters", (number,))
    return Message("1 record") if number == 1 else Message("{0} records", (number,))


def _content(telegram: Telegram) -> Argument:
    frame = telegram.frame
    match telegram.content:
        case Selection() as selection:
            return _selection(selection, telegram.records)
        case ApplicationError(code):
            what = Message("application error {0}, {1}", (code, application_error_message(code)))
        case AlarmStatus(status):
            what = Message("alarm {0}", (f"{status:02X}",))
        case Reset(None):
            what = Message("application reset")
        case Reset(int() as subcode):
            what = Message("application reset {0}, {1}", (f"{subcode:02X}", reset_message(subcode)))
        case SetBaud(baud):
            what = Message("set {0} bit/s", (baud,))
        case _:
            what = Message("CI {0}, {1}", (f"{frame.ci:02X}", byte_count(len(frame.data))))
    return Listing(": ", (_function_and_address(frame), what))


def _selection(selection: Selection, records: tuple[Record, ...]) -> Listing:
    parts: list[Argument] = [Message("select {0}", (selection.id,))]
    if selection.manufacturer is not None:
        parts.append(selection.manufacturer)
    if selection.version is not None:
        parts.append(Message("version {0}", (f"{selection.version:02X}",)))
    if selection.device_type is not None:
        parts.append(Message("type {0}", (f"{selection.device_type:02X}",)))
    return Listing(", ", (Listing(" ", tuple(parts)), *(Message(record.quantity) for record in records)))
