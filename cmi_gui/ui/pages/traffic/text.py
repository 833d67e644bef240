"""The texts for a row of traffic: its type, its direction, and its bytes in hex."""

from __future__ import annotations

from enum import Enum
from functools import cache

from cmi_gui.engine.station.station_events import PRACTICE
from cmi_gui.engine.traffic.masking import Ranges, hex_text, is_masked
from cmi_gui.engine.traffic.store import Direction, RowKind, Side, TrafficRow
from cmi_gui.engine.traffic.telegram_type import TelegramType
from cmi_gui.ui.text.i18n import number_text
from cmi_gui.ui.text.messages import translate

_PRACTICE_LINK = f"sim:{PRACTICE}"


class _Place(Enum):
    """Where a row was recorded."""

    WIRE = "wire"
    LISTENER = "listener"
    PRACTICE = "practice"


def _place(row: TrafficRow) -> _Place:
    if row.from_listener:
        return _Place.LISTENER
    return _Place.PRACTICE if row.link == _PRACTICE_LINK else _Place.WIRE


def type_text(row: TrafficRow) -> str:
    """Return the type of a row: `REQ_UD2`, `ack`, `identification`, `bad checksum`, ..."""
    if row.kind is not RowKind.TELEGRAM:
        return _kind_names()[row.kind]
    known = _type_names().get(row.type)
    if known is not None:
        return known
    if row.side is Side.MBUS and len(row.data) >= 5:
        return f"C {row.data[1] if row.data[0] == 0x10 else row.data[4]:02X}"
    return translate("TrafficText", "bytes")


def direction_text(row: TrafficRow) -> str:
    """Return sender and receiver, that the program only listened, or the practice bus; empty for a `BAD_LINE`."""
    return "" if row.kind is RowKind.BAD_LINE else _directions()[row.side, row.direction, _place(row)]


def longest_direction() -> str:
    """Return the longest text of `direction_text`, to size a column."""
    return max(_directions().values(), key=len)


def answer_text(row: TrafficRow) -> str:
    """Return how long after the end of the request an answer began: `23.4 ms, 56 bit`; empty if that is not known."""
    if row.answer is None or row.answer_bits is None:
        return ""
    return translate("TrafficText", "{0} ms, {1} bit").format(number_text(row.answer * 1000, 1), round(row.answer_bits))


def retranslate() -> None:
    """Switch to the current language; the texts are cached because a table may have a million rows."""
    _directions.cache_clear()
    _kind_names.cache_clear()
    _type_names.cache_clear()


@cache
def _directions() -> dict[tuple[Side, Direction, _Place], str]:
    return {
        (Side.MBUS, Direction.RECEIVED, _Place.WIRE): translate("TrafficText", "master → module"),
        (Side.MBUS, Direction.SENT, _Place.WIRE): translate("TrafficText", "module → master"),
        (Side.METER, Direction.RECEIVED, _Place.WIRE): translate("TrafficText", "meter → module"),
        (Side.METER, Direction.SENT, _Place.WIRE): translate("TrafficText", "module → meter"),
        (Side.MBUS, Direction.RECEIVED, _Place.LISTENER): translate("TrafficText", "listening: from master"),
        (Side.MBUS, Direction.SENT, _Place.LISTENER): translate("TrafficText", "listening: from slave"),
        (Side.METER, Direction.RECEIVED, _Place.LISTENER): translate("TrafficText", "listening: from meter"),
        (Side.METER, Direction.SENT, _Place.LISTENER): translate("TrafficText", "listening: from reader"),
        (Side.MBUS, Direction.RECEIVED, _Place.PRACTICE): translate("TrafficText", "practice: from master"),
        (Side.MBUS, Direction.SENT, _Place.PRACTICE): translate("TrafficText", "practice: to master"),
    }


@cache
def _kind_names() -> dict[RowKind, str]:
    return {
        RowKind.NOISE: translate("TrafficText", "noise"),
        RowKind.BAD_CHECKSUM: translate("TrafficText", "bad checksum"),
        RowKind.BAD_LENGTH: translate("TrafficText", "bad length"),
        RowKind.BAD_FRAME: translate("TrafficText", "bad frame"),
        RowKind.TRUNCATED: translate("TrafficText", "truncated"),
        RowKind.BREAK: translate("TrafficText", "break"),
        RowKind.LINE_ERROR: translate("TrafficText", "line error"),
        RowKind.EXPIRED: translate("TrafficText", "too late"),
        RowKind.BAD_LINE: translate("TrafficText", "bad line"),
        RowKind.FAULT: translate("TrafficText", "fault"),
        RowKind.OVERLAPPED: translate("TrafficText", "overlapped"),
    }


@cache
def _type_names() -> dict[TelegramType, str]:
    """Return the name of each type; names from the standards are not translated."""
    return {
        TelegramType.ACK: translate("TrafficText", "ack"),
        **{
            code: code.name
            for code in (
                TelegramType.SND_NKE,
                TelegramType.SND_UD,
                TelegramType.REQ_UD1,
                TelegramType.REQ_UD2,
                TelegramType.RSP_UD,
            )
        },
        TelegramType.REQUEST: translate("TrafficText", "request"),
        TelegramType.IDENTIFICATION: translate("TrafficText", "identification"),
        TelegramType.OPTION_SELECT: translate("TrafficText", "option select"),
        TelegramType.COMMAND: translate("TrafficText", "command"),
        TelegramType.DATA: translate("TrafficText", "data"),
        TelegramType.POSITIVE: "ACK",
        TelegramType.NEGATIVE: "NAK",
    }


def hex_lines(data: bytes, masked: Ranges = (), width: int = 16) -> list[tuple[str, str, str]]:
    """Return lines of (offset, bytes in hex, printable text), `width` bytes each, with a wider gap in the middle."""
    lines = []
    half = width // 2
    octets = hex_text(data, masked).split(" ") if data else []
    for start in range(0, len(data), width):
        end = min(start + width, len(data))
        left, right = " ".join(octets[start : start + half][: end - start]), " ".join(octets[start + half : end])
        text = "".join(_character(data[at], secret=is_masked(masked, at)) for at in range(start, end))
        lines.append((f"{start:04x}", f"{left:<{half * 3 - 1}}  {right:<{half * 3 - 1}}", text))
    return lines


def _character(byte: int, *, secret: bool) -> str:
    if secret:
        return "*"
    return chr(byte) if 0x20 <= byte < 0x7F else "·"
