"""What a row of traffic is, in a word, and how its bytes are written."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QCoreApplication

from cmi_gui.engine.cmi1020.obis_labels import label
from cmi_gui.engine.masking import Ranges, hex_text, is_masked
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import function_of
from cmi_gui.engine.mbus.render import to_text
from cmi_gui.engine.mbus.telegram import decode_telegram
from cmi_gui.engine.traffic import Kind, Side, TrafficRow

__all__ = ["control_names", "detail_text", "hex_lines", "type_text"]

translate = QCoreApplication.translate


_CONTROLS = {
    0x00: "NUL", 0x01: "SOH", 0x02: "STX", 0x03: "ETX", 0x04: "EOT", 0x06: "ACK", 0x0A: "LF", 0x0D: "CR", 0x15: "NAK",
}  # fmt: skip


def type_text(row: TrafficRow) -> str:
    """`REQ_UD2`, `ack`, `identification`, `bad checksum`, ..."""
    if row.kind is not Kind.TELEGRAM:
        return _kind_names()[row.kind]
    return _mbus_type(row.data) if row.side is Side.MBUS else _iec_type(row.data)


@cache
def _kind_names() -> dict[Kind, str]:
    """In the language that was chosen before the first window; a table of a million rows must not ask it again."""
    return {
        Kind.NOISE: translate("TrafficText", "noise"),
        Kind.BAD_CHECKSUM: translate("TrafficText", "bad checksum"),
        Kind.BAD_LENGTH: translate("TrafficText", "bad length"),
        Kind.BAD_FRAME: translate("TrafficText", "bad frame"),
        Kind.TRUNCATED: translate("TrafficText", "broken off"),
        Kind.BREAK: translate("TrafficText", "break"),
        Kind.LINE_ERROR: translate("TrafficText", "line error"),
        Kind.EXPIRED: translate("TrafficText", "too late"),
        Kind.BAD_LINE: translate("TrafficText", "bad line"),
    }


@cache
def _iec_names() -> dict[str, str]:
    """By how a message begins; the longer beginning counts."""
    return {
        "/?": translate("TrafficText", "request"),
        "/": translate("TrafficText", "identification"),
        "\x01": translate("TrafficText", "command"),
        "\x02": translate("TrafficText", "data"),
        "\x06": "ACK",
        "\x15": "NAK",
    }


def _mbus_type(data: bytes) -> str:
    if len(data) == 1:
        return translate("TrafficText", "ack")
    c = data[1] if data[0] == 0x10 else data[4]
    function = function_of(c)
    return f"C {c:02X}" if function is None else function.value


def _iec_type(data: bytes) -> str:
    text, names = data[:2].decode("latin-1"), _iec_names()
    if text[:1] == "\x06" and len(data) > 1:
        return translate("TrafficText", "option select")
    return names.get(text) or names.get(text[:1]) or translate("TrafficText", "bytes")


def control_names(data: bytes) -> str:
    """Seven-bit text with its control characters named in angle brackets; every line ends where the wire's does.

    The character after ETX or EOT is the block check and is written as a number, whatever letter it looks like.
    """
    parts: list[str] = []
    check_next = False
    for byte in data:
        if check_next:
            parts.append(f"<BCC {byte:02X}>")
            check_next = False
        elif byte in _CONTROLS:
            parts.append(f"<{_CONTROLS[byte]}>" + ("\n" if byte == 0x0A else ""))
            check_next = byte in (0x03, 0x04)
        else:
            parts.append(chr(byte) if 0x20 <= byte < 0x7F else f"<{byte:02X}>")
    return "".join(parts)


def detail_text(row: TrafficRow, summary: str) -> str:
    """All that a row says, in lines; the one-line summary where nothing more can be made out."""
    if row.masked:
        # Decoded it would be wrong, and shown in full it would be no secret.
        return f"{summary}\n{hex_text(row.data, row.masked)}"
    if row.side is Side.METER:
        return control_names(row.data)
    try:
        return to_text(decode_telegram(row.data), label)
    except MBusError as error:
        return f"{summary}\n{error.message}" if summary else error.message


def hex_lines(data: bytes, masked: Ranges = (), width: int = 16) -> list[tuple[str, str, str]]:
    """Lines of (offset, bytes in hex, printable text), `width` bytes each, with a wider gap in the middle."""
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
