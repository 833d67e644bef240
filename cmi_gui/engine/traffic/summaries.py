"""One line of words for a row of traffic, made when it is shown."""

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
from cmi_gui.engine.traffic.store import RowKind, Side, TrafficRow

_DEFECTS = {
    RowKind.NOISE: Message("noise"),
    RowKind.BAD_CHECKSUM: Message("wrong checksum"),
    RowKind.BAD_LENGTH: Message("wrong length"),
    RowKind.BAD_FRAME: Message("no valid frame"),
    RowKind.TRUNCATED: Message("broke off"),
    RowKind.BREAK: Message("break"),
    RowKind.LINE_ERROR: Message("line error"),
    RowKind.BAD_LINE: Message("cannot be read"),
}


def summarise(row: TrafficRow) -> str:
    """Return the content of a row in English, in one line; never a password."""
    return str(summary_message(row))


def masked_summary(row: TrafficRow) -> Message:
    """Return the words to store with a row whose secrets are masked; `row` still has them."""
    return Message("{0}; secrets masked", (summary_message(row),))


def summary_message(row: TrafficRow) -> Argument:
    """Return the content of a row: its `words` where it has them, else its decoded bytes."""
    if row.words is not None:
        return row.words
    defect = _DEFECTS.get(row.kind)
    if defect is not None:
        return Listing(": ", (defect, byte_count(len(row.data)))) if row.data else defect
    words = _decoded(row)
    return Message("not sent, too late: {0}", (words,)) if row.kind is RowKind.EXPIRED else words


def _decoded(row: TrafficRow) -> Argument:
    try:
        if row.side is Side.MBUS:
            return telegram_message(decode_telegram(row.data))
        return _message(parse_message(row.data))
    except MBusError as error:
        reason = error_message(error)
    except Iec62056Error as error:
        reason = error.message
    return Message("cannot be decoded: {0}", (reason,))


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
            mode = _mode(message.mode)
            if not message.baud:
                return Message("option select: {0}", (mode,))
            return Message("option select: {0} at {1} bit/s", (mode, message.baud))
        case Handshake():
            return message.name
        case DataMessage():
            return _data_message(message)
        case Command():
            shown = f" {message.dataset}" if _may_be_shown(message) else ""
            return Message("command {0}", (f"{message.name}{shown}",))


def _mode(mode: str) -> Message:
    match mode:
        case "0":
            return Message("readout")
        case "1":
            return Message("programming")
    return Message("mode {0}", (mode,))


def _data_message(message: DataMessage) -> Message:
    if message.error_text:
        return Message("error message {0}", (message.error_text,))
    lines = message.text.removesuffix("!\r\n").count("\n")
    return Message("readout, {0} lines", (lines,)) if lines > 1 else Message("data {0}", (message.text.strip(),))


def _may_be_shown(command: Command) -> bool:
    return command.letter != "P" and not command.secret and bool(command.dataset)
