"""Telegrams as JSON and as text for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from decimal import Decimal

import msgspec

from .ci import APPLICATION_ERRORS, APPLICATION_RESETS, DEVICE_TYPES, STATUS_BITS, STATUS_STATES
from .datatypes import Periodic, Value
from .dib import DataField, ValueFunction
from .errors import MBusError
from .frame import ADDRESS_BROADCAST, ADDRESS_SELECTED, ADDRESS_TEST, Frame, FrameKind
from .record import Record
from .telegram import Alarm, ApplicationError, Header, Reset, Selection, SetBaud, Telegram, TelegramKind
from .vif_tables import RecordError

__all__ = [
    "Json",
    "Label",
    "describe",
    "error_to_json",
    "error_to_json_dict",
    "status_words",
    "summary",
    "to_json",
    "to_json_dict",
    "to_text",
    "value_text",
]

Json = None | bool | int | Decimal | str | list["Json"] | dict[str, "Json"]
"""What JSON can say, with numbers exact."""
Label = Callable[[Header | None, Record], str | None]
"""Gives a record its OBIS code, or None."""

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_WIDEST_INT = 1 << 63
_NAMED_ADDRESSES = {ADDRESS_SELECTED: "selected", ADDRESS_TEST: "test", ADDRESS_BROADCAST: "broadcast"}


def _hex(raw: bytes) -> str:
    return raw.hex().upper()


# JSON.


def to_json(telegram: Telegram, label: Label | None = None) -> str:
    """One JSON object, on one line; numbers are written exactly, with all their decimals."""
    return _ENCODER.encode(to_json_dict(telegram, label)).decode()


def error_to_json(error: MBusError) -> str:
    """What cannot be decoded, as one JSON object on one line."""
    return _ENCODER.encode(error_to_json_dict(error)).decode()


def error_to_json_dict(error: MBusError) -> dict[str, Json]:
    """Code, message and offset (None: no single byte is to blame)."""
    return {"error": error.code.value, "message": error.message, "offset": error.offset}


def to_json_dict(telegram: Telegram, label: Label | None = None) -> dict[str, Json]:
    """The object of `decode --json`: JSON types only, numbers as int or Decimal, bytes as hex.

    Always: frame, kind, c, a, ci (null where the frame has none), header, records, more_follows, manufacturer_data.
    Only where there is one: selection, application_error, alarm, reset, baud_rate, encrypted.
    """
    frame = telegram.frame
    addressed, coded = frame.kind is not FrameKind.ACK, frame.kind in (FrameKind.CONTROL, FrameKind.LONG)
    result: dict[str, Json] = {
        "frame": frame.kind.value,
        "kind": telegram.kind.value,
        "c": frame.c if addressed else None,
        "a": frame.a if addressed else None,
        "ci": frame.ci if coded else None,
        "header": None if telegram.header is None else _header_json(telegram.header),
        "records": [_record_json(telegram.header, record, label) for record in telegram.records],
        "more_follows": telegram.more_follows,
        "manufacturer_data": _hex(telegram.manufacturer_data),
    }
    match telegram.content:
        case Selection() as selection:
            result["selection"] = {
                "id": selection.id,
                "manufacturer": selection.manufacturer,
                "version": selection.version,
                "device_type": selection.device_type,
            }
        case ApplicationError(code):
            result["application_error"] = {"code": code, "message": APPLICATION_ERRORS.get(code, "reserved")}
        case Alarm(status):
            result["alarm"] = status
        case Reset(subcode):
            result["reset"] = {"subcode": subcode}
        case SetBaud(baud):
            result["baud_rate"] = baud
    if telegram.encrypted:
        result["encrypted"] = _hex(telegram.encrypted)
    return result


def _header_json(header: Header) -> dict[str, Json]:
    return {
        "id": header.id,
        "manufacturer": header.manufacturer,
        "version": header.version,
        "device_type": header.device_type,
        "access_number": header.access_number,
        "status": header.status,
        "signature": header.signature,
    }


def _record_json(header: Header | None, record: Record, label: Label | None) -> dict[str, Json]:
    result: dict[str, Json] = {
        "function": record.function.value,
        "storage": record.storage,
        "tariff": record.tariff,
        "subunit": record.subunit,
        "quantity": record.quantity,
        "unit": record.unit,
        "qualifiers": [*record.qualifiers, *_tasks(record)],
        "vif_text": record.vif_text,
        "obis": label(header, record) if label else None,
        "value": _value_json(record),
        "dib": _hex(record.dib),
        "vib": _hex(record.vib),
        "raw": _hex(record.raw),
    }
    if record.missing is not None:
        result["missing"] = record.missing.value
    return result


def _tasks(record: Record) -> Iterator[str]:
    if record.action is not None:
        yield f"action: {record.action}"
    if record.error is not None and record.error is not RecordError.NONE:
        yield f"record error: {record.error.text}"


def _value_json(record: Record) -> Json:
    value = record.value
    if isinstance(value, int) and not -_WIDEST_INT <= value < _WIDEST_INT:
        return Decimal(value)  # The encoder writes whole numbers of any size only as decimals.
    if value is None or isinstance(value, int | Decimal | str):
        return value
    return _iso(value, has_seconds=record.has_seconds)


def _iso(value: date | datetime | time | Periodic, *, has_seconds: bool) -> str:
    if isinstance(value, datetime) and not has_seconds:
        return value.isoformat(timespec="minutes")
    return str(value) if isinstance(value, Periodic) else value.isoformat()


# Text.


def value_text(record: Record) -> str:
    """The value with its unit, or the reason why there is none in brackets."""
    if record.value is None:
        return f"({record.missing})"
    text = _plain(record.value, record)
    return f"{text} {record.unit}" if record.unit and isinstance(record.value, int | Decimal) else text


def _plain(value: Value, record: Record) -> str:
    if isinstance(value, Decimal):
        # The exact expansion of a single precision number has up to a hundred digits, of which seven mean something.
        return f"{float(value):.7g}" if record.field is DataField.REAL32 else f"{value:f}"
    if isinstance(value, str):
        return repr(value) if value != value.strip() or not value.isprintable() else value
    return str(value) if isinstance(value, int) else _iso(value, has_seconds=record.has_seconds)


def describe(record: Record) -> str:
    """What the record is about, without its value: `energy, tariff 2, maximum, phase L1`."""
    parts = [record.quantity if record.vif_text is None else f"{record.quantity} {record.vif_text!r}"]
    for word, number in (("storage", record.storage), ("tariff", record.tariff), ("subunit", record.subunit)):
        if number:
            parts.append(f"{word} {number}")
    if record.function is ValueFunction.ERROR:
        parts.append("during error")
    elif record.function is not ValueFunction.INSTANTANEOUS:
        parts.append(record.function.value)
    return ", ".join((*parts, *record.qualifiers, *_tasks(record)))


def status_words(status: int) -> list[str]:
    """The words for a status field, none for 00; bits 5 to 7 are the maker's and shown as such."""
    words = [STATUS_STATES[status & 3]] if status & 3 else []
    words += [word for bit, word in STATUS_BITS.items() if status >> bit & 1]
    words += [f"manufacturer bit {bit}" for bit in (5, 6, 7) if status >> bit & 1]
    return words


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _whom(frame: Frame) -> str:
    """`SND_UD FCB=1 to 5`; the count bit only where it is valid."""
    function = frame.function or f"C={frame.c:02X}"
    count = f" FCB={int(frame.fcb)}" if frame.from_master and frame.fcv else ""
    return f"{function}{count} {'to' if frame.from_master else 'from'} {frame.a}"


def summary(telegram: Telegram) -> str:
    """One line, without any value of a record: some are secret."""
    frame = telegram.frame
    match telegram.kind:
        case TelegramKind.ACK:
            return "acknowledge"
        case TelegramKind.REQUEST:
            return _whom(frame)
        case TelegramKind.DATA | TelegramKind.FIXED_DATA:
            return _data_summary(telegram)
        case TelegramKind.SEND:
            records = "; ".join(describe(record) for record in telegram.records[:3]) or "nothing"
            rest = len(telegram.records) - 3
            return f"{_whom(frame)}: {records}" + (f" and {rest} more" if rest > 0 else "")
    return _content_summary(telegram)


def _data_summary(telegram: Telegram) -> str:
    header = telegram.header
    who = f"from {telegram.frame.a}" if header is None or header.id is None else header.id
    if header is not None and header.manufacturer:
        who += f" {header.manufacturer}"
    parts = [f"{telegram.frame.function or f'C={telegram.frame.c:02X}'} {who}"]
    if telegram.encrypted and header is not None:
        parts.append(f"{_count(len(telegram.encrypted), 'byte')} encrypted in mode {header.security_mode}")
    else:
        noun = "counter" if telegram.kind is TelegramKind.FIXED_DATA else "record"
        parts.append(_count(len(telegram.records), noun))
    if telegram.manufacturer_data:
        parts.append(f"{_count(len(telegram.manufacturer_data), 'byte')} of the manufacturer's")
    if telegram.more_follows:
        parts.append("more follows")
    if header is not None:
        parts += status_words(header.status)
    return ", ".join(parts)


def _content_summary(telegram: Telegram) -> str:
    frame = telegram.frame
    match telegram.content:
        case Selection() as selection:
            return _selection_summary(selection, telegram.records)
        case ApplicationError(code):
            what = f"application error {code}, {APPLICATION_ERRORS.get(code, 'reserved')}"
        case Alarm(status):
            what = f"alarm {status:02X}"
        case Reset(None):
            what = "application reset"
        case Reset(int() as subcode):
            what = f"application reset {subcode:02X}, {APPLICATION_RESETS.get(subcode >> 4, 'reserved')}"
        case SetBaud(baud):
            what = f"set {baud} bit/s"
        case _:
            what = f"CI {frame.ci:02X}, {_count(len(frame.data), 'byte')}"
    return f"{_whom(frame)}: {what}"


def _selection_summary(selection: Selection, records: tuple[Record, ...]) -> str:
    parts = [f"select {selection.id}"]
    if selection.manufacturer is not None:
        parts.append(selection.manufacturer)
    if selection.version is not None:
        parts.append(f"version {selection.version:02X}")
    if selection.device_type is not None:
        parts.append(f"type {selection.device_type:02X}")
    return ", ".join((" ".join(parts), *(record.quantity for record in records)))


def to_text(telegram: Telegram, label: Label | None = None) -> str:
    """Several lines: the summary, the frame, the header, one line a record. Not ended by a line feed."""
    return "\n".join(_lines(telegram, label))


def _lines(telegram: Telegram, label: Label | None) -> Iterator[str]:
    yield summary(telegram)
    frame, header = telegram.frame, telegram.header
    if frame.kind is FrameKind.ACK:
        return
    name = _NAMED_ADDRESSES.get(frame.a)
    address = f"{frame.a} ({name})" if name else str(frame.a)
    ci = "" if frame.kind is FrameKind.SHORT else f", CI {frame.ci:02X}"
    yield f"  {frame.kind} frame, C {frame.c:02X}, address {address}{ci}"
    if header is not None:
        yield from _header_lines(header)
    for number, record in enumerate(telegram.records, 1):
        obis = label(header, record) if label else None
        code = f"{obis:<10} " if obis else ""
        yield f"  {number:>3}  {code}{describe(record)}: {value_text(record)}"
    if telegram.manufacturer_data:
        yield f"  manufacturer's data: {telegram.manufacturer_data.hex(' ').upper()}"
    if telegram.encrypted:
        yield f"  encrypted: {telegram.encrypted.hex(' ').upper()}"
    if telegram.kind is TelegramKind.OTHER and frame.data:
        yield f"  data: {frame.data.hex(' ').upper()}"


def _header_lines(header: Header) -> Iterator[str]:
    parts = []
    if header.id is not None:
        parts.append(f"identification {header.id}")
    if header.manufacturer is not None:
        parts.append(f"manufacturer {header.manufacturer}")
    if header.version is not None:
        parts.append(f"version {header.version:02X}")
    if header.device_type is not None:
        name = DEVICE_TYPES.get(header.device_type, "reserved")
        parts.append(f"device type {header.device_type:02X} ({name})")
    if parts:
        yield f"  {', '.join(parts)}"
    words = ", ".join(status_words(header.status)) or "no error"
    signature = "" if header.signature is None else f", signature {header.signature:04X}"
    yield f"  access number {header.access_number}, status {header.status:02X} ({words}){signature}"
