"""The fields of an IEC 62056-21 message: control characters, lines, data sets, block check."""

from __future__ import annotations

from collections.abc import Iterator

from cmi_gui.engine.iec62056.dataset import MAX_VALUE_PROGRAMMING, parse_line
from cmi_gui.engine.iec62056.errors import Iec62056Error
from cmi_gui.engine.iec62056.message import ACK, EOT, ETX, NAK, SOH, STX, bcc, parse_message
from cmi_gui.ui.pages.traffic.field import ByteField, check_field, error_field
from cmi_gui.ui.text.messages import text_of, translate

_CRLF = b"\r\n"


def meter_fields(data: bytes) -> tuple[ByteField, ...]:
    """Return the fields of a message; for a damaged one the error first, then the fields that can be recognised."""
    trouble: tuple[ByteField, ...] = ()
    try:
        parse_message(data)
    except Iec62056Error as error:
        trouble = (error_field(error, len(data)),)
    match data[:1]:
        case b"/":
            return (*trouble, *_sign_on(data))
        case b"\x06" | b"\x15" if len(data) == 1:
            return (ByteField("ACK" if data[0] == ACK else "NAK", 0, 1, _handshake(data[0])),)
        case b"\x06":
            return (*trouble, *_option_select(data))
        case b"\x01" | b"\x02":
            return (*trouble, *block_fields(data))
    return (*trouble, ByteField(translate("Fields", "Bytes"), 0, len(data))) if data else trouble


def _handshake(byte: int) -> str:
    return translate("Fields", "repetition requested") if byte == NAK else translate("Fields", "acknowledged")


def _line_end(data: bytes) -> tuple[ByteField, ...]:
    return (ByteField("CR LF", len(data) - 2, len(data)),) if data.endswith(_CRLF) else ()


def _text(data: bytes, start: int, end: int) -> str:
    return data[start:end].decode("latin-1")


def _run(name: str, data: bytes, start: int, end: int) -> tuple[ByteField, ...]:
    return (ByteField(name, start, end, _text(data, start, end)),) if start < end else ()


def _sign_on(data: bytes) -> tuple[ByteField, ...]:
    end = len(data) - 2 if data.endswith(_CRLF) else len(data)
    if data[1:2] == b"?":
        stop = end - 1 if data[end - 1 : end] == b"!" else end
        close = (ByteField(translate("Fields", "End"), stop, end, "!"),) if stop < end else ()
        start = ByteField(translate("Fields", "Start of a request"), 0, 2, "/?")
        return (start, *_run(translate("Fields", "Device address"), data, 2, stop), *close, *_line_end(data))
    return (
        ByteField(translate("Fields", "Start"), 0, 1, "/"),
        *_run(translate("Fields", "Manufacturer"), data, 1, min(4, end)),
        *_run(translate("Fields", "Speed offered"), data, 4, min(5, end)),
        *_run(translate("Fields", "Identification"), data, 5, end),
        *_line_end(data),
    )


def _option_select(data: bytes) -> tuple[ByteField, ...]:
    end = len(data) - 2 if data.endswith(_CRLF) else len(data)
    names = (translate("Fields", "Protocol"), translate("Fields", "Speed"), translate("Fields", "Mode"))
    parts = (part for at, name in enumerate(names, 1) for part in _run(name, data, at, min(at + 1, end)))
    return (ByteField("ACK", 0, 1), *parts, *_run(translate("Fields", "Bytes"), data, 4, end), *_line_end(data))


def block_fields(data: bytes) -> tuple[ByteField, ...]:
    """Return the fields of a message that begins with SOH or STX, complete or truncated."""
    size = len(data)
    closed = size >= 3 and data[-2] in (ETX, EOT)
    end = size - 2 if closed else size
    head, at = _head(data, end)
    parts = [*head, *_lines(data, at, end)]
    if closed:
        parts.append(ByteField("ETX" if data[-2] == ETX else "EOT", size - 2, size - 1))
        parts.append(check_field("BCC", size - 1, data[-1], bcc(data[1:-1])))
    return tuple(parts)


def _head(data: bytes, end: int) -> tuple[list[ByteField], int]:
    """Return the fields before the data sets, and the offset of the data sets."""
    if data[0] == STX:
        return [ByteField("STX", 0, 1)], 1
    assert data[0] == SOH
    head = [ByteField("SOH", 0, 1)]
    at = min(3, end)
    head += _run(translate("Fields", "Command"), data, 1, at)
    if data[at : at + 1] == bytes((STX,)) and at < end:
        head.append(ByteField("STX", at, at + 1))
        at += 1
    return head, at


def _lines(data: bytes, start: int, end: int) -> Iterator[ByteField]:
    at = start
    while at < end:
        found = data.find(b"\n", at, end)
        behind = end if found < 0 else found + 1
        stop = behind - (2 if data[at:behind].endswith(_CRLF) else 1 if found >= 0 else 0)
        if stop - at > 1 and data[stop - 1 : stop] == b"!":
            # Some meters send the end mark directly after the last line.
            yield _line(data, at, stop - 1, stop - 1)
            at = stop - 1
        yield _line(data, at, stop, behind)
        at = behind


def _line(data: bytes, start: int, stop: int, behind: int) -> ByteField:
    """Return the field of one line; its CR LF begins at `stop`, the next line at `behind`."""
    text = _text(data, start, stop)
    close = (ByteField(repr(_text(data, stop, behind))[1:-1], stop, behind),) if stop < behind else ()
    if text == "!":
        mark = ByteField("!", start, stop)
        return ByteField(translate("Fields", "End of the data"), start, behind, "", (mark, *close))
    try:
        sets = parse_line(text, max_value=MAX_VALUE_PROGRAMMING)
    except Iec62056Error as error:
        return ByteField(text, start, behind, text_of(error.message), close)
    parts: list[ByteField] = []
    at = start
    for item in sets:
        parts += _run(translate("Fields", "Identifier"), data, at, at + len(item.id))
        at += len(item.id) + 1
        parts += _run(translate("Fields", "Value"), data, at, at + len(item.value))
        at += len(item.value)
        if item.unit is not None:
            parts += _run(translate("Fields", "Unit"), data, at + 1, at + 1 + len(item.unit))
            at += 1 + len(item.unit)
        at += 1
    first = sets[0]
    values = ", ".join(item.value if item.unit is None else f"{item.value} {item.unit}" for item in sets)
    return ByteField(first.id or text, start, behind, values, (*parts, *close))
