"""Telegrams as JSON and as readable text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal

import msgspec

from cmi_gui.engine.mbus.datatypes import NotDecimal
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import ADDRESS_BROADCAST, ADDRESS_SELECTED, ADDRESS_TEST, FrameKind
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
from cmi_gui.engine.mbus.wording import (
    application_error_message,
    device_type_message,
    error_message,
    iso_text,
    record_message,
    status_messages,
    task_messages,
    telegram_message,
    value_message,
)
from cmi_gui.engine.messages import printable

Json = None | bool | int | float | Decimal | str | Sequence["Json"] | Mapping[str, "Json"]
"""The values of a JSON document, with exact numbers. A `Message` must be converted with `str()`."""
Label = Callable[[Header | None, Record], str | None]
"""A function that returns the OBIS code of a record, or None."""

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_WIDEST_INT = 1 << 63
_UNPRINTABLE = re.compile(r"[^ -~]")
NAMED_ADDRESSES = {ADDRESS_SELECTED: "selected", ADDRESS_TEST: "test", ADDRESS_BROADCAST: "broadcast"}


def _hex(raw: bytes) -> str:
    return raw.hex().upper()


# JSON.


def json_text(document: Json) -> str:
    """Return a document on one line of printable characters; numbers are written exactly, with all their decimals."""
    text = _ENCODER.encode(document).decode()
    # JSON does not escape 7F to 9F, some of which control a terminal, nor marks that change the text direction.
    return text if text.isprintable() else _UNPRINTABLE.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    char = found[0]
    return char if char.isprintable() else json.dumps(char)[1:-1]


def error_to_json_dict(error: MBusError) -> dict[str, Json]:
    """Return code, message and offset (None: no single byte is to blame)."""
    return {"error": error.code.value, "message": str(error.message), "offset": error.offset}


def to_json_dict(telegram: Telegram, label: Label | None = None) -> dict[str, Json]:
    """Return the object of `decode --json`: JSON types only, numbers as int or Decimal, bytes as hex.

    Always: frame, kind, c, a, ci (null if the frame has none), header, records, more_follows, manufacturer_data. Only
    if present: selection, application_error, alarm, reset, baud_rate, encrypted, security_mode; for a telegram decoded
    only in part, rest (hex) with the error, message and offset of `error_to_json_dict`.
    """
    frame = telegram.frame
    addressed, coded = frame.kind is not FrameKind.ACK, frame.kind in (FrameKind.CONTROL, FrameKind.LONG)
    result: dict[str, Json] = {
        "frame": frame.kind.value,
        "kind": telegram.kind.value,
        "c": frame.c if addressed else None,
        "a": frame.a if addressed else None,
        "ci": frame.ci if coded else None,
        "header": None if telegram.header is None else asdict(telegram.header),
        "records": [_record_json(telegram.header, record, label) for record in telegram.records],
        "more_follows": telegram.more_follows,
        "manufacturer_data": _hex(telegram.manufacturer_data),
    }
    match telegram.content:
        case Selection() as selection:
            shown = ("id", "manufacturer", "version", "device_type")
            result["selection"] = {name: getattr(selection, name) for name in shown}
        case ApplicationError(code):
            result["application_error"] = {"code": code, "message": str(application_error_message(code))}
        case AlarmStatus(status):
            result["alarm"] = status
        case Reset(subcode):
            result["reset"] = {"subcode": subcode}
        case SetBaud(baud):
            result["baud_rate"] = baud
    if telegram.encrypted:
        result["encrypted"] = _hex(telegram.encrypted)
        result["security_mode"] = telegram.header.security_mode if telegram.header else 0
    if telegram.fault is not None:
        result |= {"rest": _hex(telegram.rest), **error_to_json_dict(telegram.fault)}
    return result


def _record_json(header: Header | None, record: Record, label: Label | None) -> dict[str, Json]:
    result: dict[str, Json] = {
        "function": record.function.value,
        "storage": record.storage,
        "tariff": record.tariff,
        "subunit": record.subunit,
        "quantity": record.quantity,
        "unit": record.unit,
        "qualifiers": [*record.qualifiers, *map(str, task_messages(record))],
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


def _value_json(record: Record) -> Json:
    value = record.value
    if isinstance(value, int) and not -_WIDEST_INT <= value < _WIDEST_INT:
        return Decimal(value)  # The encoder takes larger whole numbers only as Decimal.
    if isinstance(value, NotDecimal):
        return str(value)  # The encoder takes no subclass of str.
    if value is None or isinstance(value, int | Decimal | str):
        return value
    return iso_text(value, has_seconds=record.has_seconds)


# Text.


def summary(telegram: Telegram) -> str:
    """Return one line without values of records, because some are secret."""
    return str(telegram_message(telegram))


def to_text(telegram: Telegram, label: Label | None = None) -> str:
    """Return several lines: summary, frame, header, and one line per record; no line feed at the end."""
    return "\n".join(_lines(telegram, label))


def _lines(telegram: Telegram, label: Label | None) -> Iterator[str]:
    yield summary(telegram)
    frame, header, fault = telegram.frame, telegram.header, telegram.fault
    if frame.kind is FrameKind.ACK:
        return
    name = NAMED_ADDRESSES.get(frame.a)
    address = f"{frame.a} ({name})" if name else str(frame.a)
    ci = "" if frame.kind is FrameKind.SHORT else f", CI {frame.ci:02X}"
    yield f"  {frame.kind} frame, C {frame.c:02X}, address {address}{ci}"
    if header is not None:
        yield from _header_lines(header)
    if telegram.encrypted:
        yield f"  encrypted: {telegram.encrypted.hex(' ').upper()}"
    for number, record in enumerate(telegram.records, 1):
        obis = label(header, record) if label else None
        code = f"{printable(obis):<10} " if obis else ""
        yield f"  {number:>3}  {code}{record_message(record)}: {value_message(record)}"
    if telegram.manufacturer_data:
        yield f"  manufacturer's data: {telegram.manufacturer_data.hex(' ').upper()}"
    if fault is not None:
        yield f"  rest, not decoded: {telegram.rest.hex(' ').upper()}; {error_message(fault)}"
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
        name = device_type_message(header.device_type, fixed=header.is_fixed)
        parts.append(f"device type {header.device_type:02X} ({name})")
    if parts:
        yield f"  {', '.join(parts)}"
    words = ", ".join(map(str, status_messages(header))) or "no error"
    signature = "" if header.signature is None else f", signature {header.signature:04X}"
    yield f"  access number {header.access_number}, status {header.status:02X} ({words}){signature}"
