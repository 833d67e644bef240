"""The fields of an M-Bus telegram: frame, header, records, checksum."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cmi_gui.engine.cmi1020.obis_labels import label
from cmi_gui.engine.mbus.ci import CI_SHORT_HEADER
from cmi_gui.engine.mbus.datatypes import decode_text
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import DFC, FCB, FCV, PRM, checksum, function_of
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
    decode_telegram,
)
from cmi_gui.engine.mbus.wording import (
    application_error_message,
    device_type_message,
    field_part,
    numbering_messages,
    qualifier_messages,
    record_message,
    reset_message,
    status_messages,
    unit_message,
    value_message,
)
from cmi_gui.engine.messages import Listing, Message
from cmi_gui.ui.pages.traffic.field import ByteField, check_field, error_field
from cmi_gui.ui.text.messages import text_of, translate

_DATA_AT = 7


def mbus_fields(data: bytes) -> tuple[ByteField, ...]:
    """Return the fields of a telegram; for a damaged one the error first, then the fields that can be recognised."""
    try:
        telegram = decode_telegram(data)
    except MBusError as error:
        return (error_field(error, len(data)), *frame_fields(data))
    return frame_fields(data, lambda: _application(telegram))


def frame_fields(data: bytes, inside: Callable[[], Iterator[ByteField]] | None = None) -> tuple[ByteField, ...]:
    """Return the fields of the frame, by its start byte; `inside` yields those after the CI field.

    Without `inside` the data is one field. A frame with wrong lengths is one field of bytes.
    """
    size = len(data)
    if data == b"\xe5":
        return (ByteField(translate("Fields", "Single character"), 0, 1, translate("Fields", "acknowledge")),)
    if data[:1] == b"\x10" and size == 5:
        return (
            ByteField(translate("Fields", "Start"), 0, 1, translate("Fields", "short frame")),
            _control(data, 1),
            _address(data, 2),
            *_end(data, 1),
        )
    if size < 9 or data[0] != 0x68 or data[3] != 0x68 or data[1] != data[2] or data[1] != size - 6:
        return (ByteField(translate("Fields", "Bytes"), 0, size),) if size else ()
    head = (
        ByteField(
            translate("Fields", "Start and length"),
            0,
            4,
            translate("Fields", "long frame, length {0}").format(data[1]),
            (
                ByteField(translate("Fields", "Start"), 0, 1),
                ByteField(translate("Fields", "Length"), 1, 2, str(data[1])),
                ByteField(translate("Fields", "Length, repeated"), 2, 3, str(data[2])),
                ByteField(translate("Fields", "Start, repeated"), 3, 4),
            ),
        ),
        _control(data, 4),
        _address(data, 5),
        ByteField(translate("Fields", "CI field"), 6, 7, f"{data[6]:02X}"),
    )
    body: tuple[ByteField, ...] = ()
    if inside is not None:
        body = tuple(inside())
    elif size > 9:
        body = (ByteField(translate("Fields", "Data"), _DATA_AT, size - 2),)
    return (*head, *body, *_end(data, 4))


def _control(data: bytes, at: int) -> ByteField:
    c = data[at]
    function = function_of(c)
    parts = [function.value if function is not None else translate("Fields", "unknown function")]
    if c & PRM:
        parts.append(translate("Fields", "from the master"))
        if c & FCV:
            parts.append(f"FCB {int(bool(c & FCB))}")
    else:
        parts.append(translate("Fields", "from the slave"))
        if c & FCB:
            parts.append("ACD")
        if c & DFC:
            parts.append("DFC")
    return ByteField(translate("Fields", "C field"), at, at + 1, ", ".join(parts))


def _address(data: bytes, at: int) -> ByteField:
    a = data[at]
    names = {
        253: translate("Fields", "253, the selected slave"),
        254: translate("Fields", "254, all slaves, all answer"),
        255: translate("Fields", "255, all slaves, none answers"),
    }
    return ByteField(translate("Fields", "A field"), at, at + 1, names.get(a, str(a)))


def _end(data: bytes, first: int) -> tuple[ByteField, ByteField]:
    size = len(data)
    return (
        check_field(translate("Fields", "Checksum"), size - 2, data[-2], checksum(data[first : size - 2])),
        ByteField(translate("Fields", "Stop"), size - 1, size, trouble=data[-1] != 0x16),
    )


# Behind the CI field


def _application(telegram: Telegram) -> Iterator[ByteField]:
    end, at = len(telegram.raw) - 2, _DATA_AT
    if telegram.header is not None:
        header = _header(telegram)
        yield header
        at = header.end
        if telegram.encrypted:
            begin, at = at, at + len(telegram.encrypted)
            yield ByteField(translate("Fields", "Encrypted data"), begin, at)
    elif telegram.content is not None:
        yield from _content(telegram, end)
        at = min(_DATA_AT + 8, end) if isinstance(telegram.content, Selection) else end
    for record in telegram.records:
        if telegram.kind is TelegramKind.FIXED_DATA:
            yield ByteField(
                text_of(record_message(record)),
                record.offset,
                record.offset + record.size,
                text_of(value_message(record)),
            )
        else:
            yield _record(telegram.header, record)
        at = record.offset + record.size
    if telegram.manufacturer_at is not None:
        more = telegram.more_follows
        words = translate("Fields", "more follows in the next telegram") if more else ""
        start = telegram.manufacturer_at
        yield ByteField(
            f"DIF {telegram.raw[start - 1]:02X}", start - 1, start, words or translate("Fields", "manufacturer's data")
        )
        if start < end:
            yield ByteField(translate("Fields", "Manufacturer's data"), start, end)
        return
    if telegram.rest_at is not None and telegram.fault is not None:
        yield ByteField(
            translate("Fields", "Not decoded"), telegram.rest_at, end, text_of(telegram.fault.message), trouble=True
        )
    elif telegram.kind is TelegramKind.OTHER and at < end:
        yield ByteField(translate("Fields", "Data"), at, end)


def _header(telegram: Telegram) -> ByteField:
    header, raw = telegram.header, telegram.raw
    assert header is not None
    if telegram.kind is TelegramKind.FIXED_DATA:
        parts: tuple[ByteField, ...] = (
            _identification(header),
            _access(header, 11),
            _status(header, 12),
            ByteField(
                translate("Fields", "Medium and units"),
                13,
                15,
                f"{int.from_bytes(raw[13:15], 'little'):04X}, {_device_type(header)}",
            ),
        )
        end = 15
    elif telegram.frame.ci == CI_SHORT_HEADER:
        parts, end = (_access(header, 7), _status(header, 8), _signature(header, 9)), 11
    else:
        medium = f"{header.device_type:02X}, {_device_type(header)}"
        parts = (
            _identification(header),
            ByteField(translate("Fields", "Manufacturer"), 11, 13, header.manufacturer or ""),
            ByteField(translate("Fields", "Version"), 13, 14, f"{header.version:02X}"),
            ByteField(translate("Fields", "Device type"), 14, 15, medium),
            _access(header, 15),
            _status(header, 16),
            _signature(header, 17),
        )
        end = 19
    identity = " ".join(part for part in (header.id, header.manufacturer) if part)
    return ByteField(translate("Fields", "Header"), _DATA_AT, end, identity, parts)


def _identification(header: Header) -> ByteField:
    return ByteField(translate("Fields", "Identification"), 7, 11, header.id or "")


def _device_type(header: Header) -> str:
    return text_of(device_type_message(header.device_type or 0, fixed=header.is_fixed))


def _access(header: Header, at: int) -> ByteField:
    return ByteField(translate("Fields", "Access number"), at, at + 1, str(header.access_number))


def _status(header: Header, at: int) -> ByteField:
    words = text_of(Listing(", ", tuple(status_messages(header)))) or translate("Fields", "no error")
    return ByteField(translate("Fields", "Status"), at, at + 1, f"{header.status:02X}, {words}")


def _signature(header: Header, at: int) -> ByteField:
    return ByteField(translate("Fields", "Signature"), at, at + 2, f"{header.signature:04X}")


def _content(telegram: Telegram, end: int) -> Iterator[ByteField]:
    match telegram.content:
        case Selection() as selection:
            yield from _selection(selection, end)
        case ApplicationError(code) if end > _DATA_AT:
            meaning = f"{code}, {text_of(application_error_message(code))}"
            yield ByteField(translate("Fields", "Application error"), _DATA_AT, end, meaning, trouble=True)
        case AlarmStatus(status):
            yield ByteField(translate("Fields", "Alarm"), _DATA_AT, end, f"{status:02X}")
        case Reset(int() as subcode):
            meaning = f"{subcode:02X}, {text_of(reset_message(subcode))}"
            yield ByteField(translate("Fields", "Application reset"), _DATA_AT, end, meaning)
        case SetBaud() if end > _DATA_AT:
            yield ByteField(translate("Fields", "Data"), _DATA_AT, end)


def _selection(selection: Selection, end: int) -> Iterator[ByteField]:
    any_one = translate("Fields", "any")
    version, device = selection.version, selection.device_type
    parts = (
        (translate("Fields", "Identification"), 4, selection.id),
        (translate("Fields", "Manufacturer"), 2, selection.manufacturer or any_one),
        (translate("Fields", "Version"), 1, any_one if version is None else f"{version:02X}"),
        (translate("Fields", "Device type"), 1, any_one if device is None else f"{device:02X}"),
    )
    at, children = _DATA_AT, []
    for name, size, meaning in parts:
        if at < end:
            children.append(ByteField(name, at, min(at + size, end), meaning))
        at += size
    yield ByteField(translate("Fields", "Selection"), _DATA_AT, min(at, end), selection.id, tuple(children))


def _record(header: Header | None, record: Record) -> ByteField:
    code = label(header, record)
    name = f"{code}  {text_of(record_message(record))}" if code else text_of(record_message(record))
    data_at = record.offset + len(record.dib) + len(record.vib)
    children = [*_dib(record), *_vib(record)]
    if record.raw:
        children.append(
            ByteField(translate("Fields", "Data"), data_at, data_at + len(record.raw), text_of(value_message(record)))
        )
    return ByteField(name, record.offset, data_at + len(record.raw), text_of(value_message(record)), tuple(children))


def _dib(record: Record) -> Iterator[ByteField]:
    at = record.offset
    meaning = Listing(", ", (field_part(record.field), Message(record.function.value)))
    yield ByteField(f"DIF {record.dib[0]:02X}", at, at + 1, text_of(meaning))
    words = text_of(Listing(", ", numbering_messages(record)))
    for place, byte in enumerate(record.dib[1:], at + 1):
        last = place == at + len(record.dib) - 1
        yield ByteField(f"DIFE {byte:02X}", place, place + 1, words if last else "")


def _vib(record: Record) -> Iterator[ByteField]:
    vib, at = record.vib, record.offset + len(record.dib)
    if not vib:
        return
    quantity = text_of(Message(record.quantity))
    unit = f"{quantity}, {_scale(record)}" if record.unit else quantity
    text = record.vif_text
    text_at, text_end = (len(vib), len(vib)) if text is None else _text_range(vib, text)
    yield ByteField(f"VIF {vib[0]:02X}", at, at + 1, unit if text is None else translate("Fields", "plain text"))
    # VIFEs modify the VIF together, so the last one shows their common meaning.
    vifes = [place for place in range(1, len(vib)) if not text_at <= place < text_end]
    words = text_of(Listing(", ", qualifier_messages(record)))
    for place in range(1, len(vib)):
        if place == text_at:
            yield ByteField(translate("Fields", "Text"), at + text_at, at + text_end, repr(text))
        elif place in vifes:
            yield ByteField(f"VIFE {vib[place]:02X}", at + place, at + place + 1, words if place == vifes[-1] else "")


def _text_range(vib: bytes, text: str) -> tuple[int, int]:
    """Return the place of length byte and text: after the VIFEs by the standard, before them with some makers."""
    size = len(text) + 1
    for start in range(len(vib) - size, 0, -1):
        if vib[start] == len(text) and decode_text(vib[start + 1 : start + size]) == text:
            return start, start + size
    return len(vib), len(vib)


def _scale(record: Record) -> str:
    unit = text_of(unit_message(record.unit))
    return unit if not record.exponent else f"10^{record.exponent} {unit}"
