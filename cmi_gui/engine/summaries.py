"""One line of words for a row of traffic, made when somebody looks at it."""

from __future__ import annotations

from cmi_gui.engine.iec62056.errors import Iec62056Error
from cmi_gui.engine.iec62056.message import (
    Command,
    DataMessage,
    Handshake,
    Identification,
    Message,
    OptionSelect,
    Request,
    parse_message,
)
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.render import summary
from cmi_gui.engine.mbus.telegram import decode_telegram
from cmi_gui.engine.traffic import Kind, Side, TrafficRow

__all__ = ["summarise"]

_DEFECTS = {
    Kind.NOISE: "noise",
    Kind.BAD_CHECKSUM: "wrong checksum",
    Kind.BAD_LENGTH: "wrong length",
    Kind.BAD_FRAME: "no valid frame",
    Kind.TRUNCATED: "broke off",
    Kind.BREAK: "break",
    Kind.LINE_ERROR: "line error",
    Kind.BAD_LINE: "cannot be read",
}


def summarise(row: TrafficRow) -> str:
    """What a row says, in one line; never a password."""
    if row.words is not None:
        return row.words
    if row.kind in _DEFECTS:
        count = len(row.data)
        if not count:
            return _DEFECTS[row.kind]
        return f"{_DEFECTS[row.kind]}: {count} {'byte' if count == 1 else 'bytes'}"
    words = _mbus(row.data) if row.side is Side.MBUS else _meter(row)
    return f"not sent, too late: {words}" if row.kind is Kind.EXPIRED else words


def _mbus(data: bytes) -> str:
    try:
        return summary(decode_telegram(data))
    except MBusError as error:
        return f"cannot be decoded: {error}"


def _meter(row: TrafficRow) -> str:
    try:
        return _message(parse_message(row.data))
    except Iec62056Error as error:
        return f"cannot be decoded: {error}"


def _message(message: Message) -> str:
    match message:
        case Request(address=address):
            return f"sign-on, address {address}" if address else "sign-on"
        case Identification():
            speed = f", offers {message.baud} bit/s" if message.baud else ""
            return f"identification {message.manufacturer} {message.model}{speed}"
        case OptionSelect(mode=mode):
            what = {"0": "readout", "1": "programming"}.get(mode, f"mode {mode}")
            return f"option select: {what}" + (f" at {message.baud} bit/s" if message.baud else "")
        case Handshake():
            return message.name
        case DataMessage():
            if message.error_text:
                return f"error message {message.error_text}"
            lines = message.text.removesuffix("!\r\n").count("\n")
            return f"readout, {lines} lines" if lines > 1 else f"data {message.text.strip()}"
        case Command():
            return f"command {message.name}" + (f" {message.dataset}" if _may_be_shown(message) else "")


def _may_be_shown(command: Command) -> bool:
    return command.letter != "P" and not command.secret and bool(command.dataset)
