"""Texts of one line for rows of traffic, made when a row is shown."""

from __future__ import annotations

from cmi_gui.engine.iec62056.errors import Iec62056Error
from cmi_gui.engine.iec62056.message import (
    Command,
    DataMessage,
    Handshake,
    Identification,
    MeterMessage,
    OptionSelect,
    Request,
    parse_message,
)
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.telegram import decode_telegram
from cmi_gui.engine.mbus.wording import byte_count, error_message, telegram_message
from cmi_gui.engine.messages import Argument, Listing, Message
from cmi_gui.engine.traffic.store import Direction, RowKind, Side, TrafficRow

_DEFECTS = {
    RowKind.NOISE: Message("noise"),
    RowKind.BAD_CHECKSUM: Message("wrong checksum"),
    RowKind.BAD_LENGTH: Message("wrong length"),
    RowKind.BAD_FRAME: Message("no valid frame"),
    RowKind.TRUNCATED: Message("incomplete"),
    RowKind.BREAK: Message("break"),
    RowKind.LINE_ERROR: Message("line error"),
    RowKind.BAD_LINE: Message("cannot be read"),
    RowKind.FAULT: Message("fault"),
    RowKind.OVERLAPPED: Message("overlapped answers"),
}
SESSION_MODES = {"0": Message("readout"), "1": Message("programming")}
"""Kinds of session by the character Y of an option select."""
SENDERS = {
    (Side.MBUS, Direction.RECEIVED): "master",
    (Side.MBUS, Direction.SENT): "slave",
    (Side.METER, Direction.RECEIVED): "meter",
    (Side.METER, Direction.SENT): "reader",
}


def summarise(row: TrafficRow) -> str:
    """Return the content of a row in English, in one line, without passwords."""
    return str(summary_message(row))


def masked_summary(row: TrafficRow) -> Message:
    """Return the words to store with a row whose secrets will be masked; `row` still contains them."""
    return Message("{0}; secrets masked", (summary_message(row),))


def summary_message(row: TrafficRow) -> Argument:
    """Return the content of a row: its `words`, or if it has none, its decoded bytes."""
    if row.words is not None:
        return row.words
    defect = _DEFECTS.get(row.kind)
    if defect is not None:
        return Listing(": ", (defect, byte_count(len(row.data)))) if row.data else defect
    words = _decoded(row)
    return Message("not sent, too late: {0}", (words,)) if row.kind is RowKind.EXPIRED else words


def telegram_words(data: bytes) -> Argument:
    """Return what an M-Bus telegram is, without values, or why it cannot be decoded."""
    try:
        return telegram_message(decode_telegram(data))
    except MBusError as error:
        return _undecodable(error_message(error))


def _undecodable(reason: Message) -> Message:
    return Message("cannot be decoded: {0}", (reason,))


def _decoded(row: TrafficRow) -> Argument:
    if row.side is Side.MBUS:
        return telegram_words(row.data)
    try:
        return _message(parse_message(row.data))
    except Iec62056Error as error:
        return _undecodable(error.message)


def _message(message: MeterMessage) -> Argument:
    match message:
        case Request(address=address):
            return Message("sign-on, address {0}", (address,)) if address else Message("sign-on")
        case Identification():
            device = (message.manufacturer, message.model)
            if not message.baud:
                return Message("identification {0} {1}", device)
            return Message("identification {0} {1}, offers {2} bit/s", (*device, message.baud))
        case OptionSelect():
            mode = SESSION_MODES.get(message.mode) or Message("mode {0}", (message.mode,))
            if not message.baud:
                return Message("option select: {0}", (mode,))
            return Message("option select: {0} at {1} bit/s", (mode, message.baud))
        case Handshake():
            return message.name
        case DataMessage():
            return _data_message(message)
        case Command():
            hidden = message.letter == "P" or message.secret or not message.dataset
            return Message("command {0}", (message.name if hidden else f"{message.name} {message.dataset}",))


def _data_message(message: DataMessage) -> Message:
    if message.error_text:
        return Message("error message {0}", (message.error_text,))
    lines = message.text.removesuffix("!\r\n").count("\n")
    return Message("readout, {0} lines", (lines,)) if lines > 1 else Message("data {0}", (message.text.strip(),))
