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
from cmi_gui.engine.mbus.phrase import Listing, Part, Phrase, Sentence
from cmi_gui.engine.mbus.telegram import decode_telegram
from cmi_gui.engine.mbus.wording import byte_count, error_phrase, telegram_phrase
from cmi_gui.engine.traffic.store import Kind, Side, TrafficRow

_DEFECTS = {
    Kind.NOISE: Phrase("noise"),
    Kind.BAD_CHECKSUM: Phrase("wrong checksum"),
    Kind.BAD_LENGTH: Phrase("wrong length"),
    Kind.BAD_FRAME: Phrase("no valid frame"),
    Kind.TRUNCATED: Phrase("broke off"),
    Kind.BREAK: Phrase("break"),
    Kind.LINE_ERROR: Phrase("line error"),
    Kind.BAD_LINE: Phrase("cannot be read"),
}


def summarise(row: TrafficRow) -> str:
    """What a row says in English, in one line; never a password."""
    return row.words if row.words is not None else str(summary_phrase(row))


def masked_summary(row: TrafficRow) -> str:
    """The words to store with a row whose secrets are masked; `row` still has them."""
    return str(Phrase("{0}; secrets masked", (summarise(row),)))


def summary_phrase(row: TrafficRow) -> Part:
    """What the bytes of a row say; of one that has `words`, those say it."""
    defect = _DEFECTS.get(row.kind)
    if defect is not None:
        return Listing(": ", (defect, byte_count(len(row.data)))) if row.data else defect
    words = _mbus(row.data) if row.side is Side.MBUS else _meter(row.data)
    return Phrase("not sent, too late: {0}", (words,)) if row.kind is Kind.EXPIRED else words


def _mbus(data: bytes) -> Part:
    try:
        return telegram_phrase(decode_telegram(data))
    except MBusError as error:
        return Phrase("cannot be decoded: {0}", (error_phrase(error),))


def _meter(data: bytes) -> Part:
    try:
        return _message(parse_message(data))
    except Iec62056Error as error:
        return Phrase("cannot be decoded: {0}", (Sentence(error.message),))


def _message(message: Message) -> Part:
    match message:
        case Request(address=address):
            return Phrase("sign-on, address {0}", (address,)) if address else Phrase("sign-on")
        case Identification():
            who = (message.manufacturer, message.model)
            if not message.baud:
                return Phrase("identification {0} {1}", who)
            return Phrase("identification {0} {1}, offers {2} bit/s", (*who, message.baud))
        case OptionSelect():
            what = _mode(message.mode)
            if not message.baud:
                return Phrase("option select: {0}", (what,))
            return Phrase("option select: {0} at {1} bit/s", (what, message.baud))
        case Handshake():
            return message.name
        case DataMessage():
            return _told(message)
        case Command():
            shown = f" {message.dataset}" if _may_be_shown(message) else ""
            return Phrase("command {0}", (f"{message.name}{shown}",))


def _mode(mode: str) -> Phrase:
    match mode:
        case "0":
            return Phrase("readout")
        case "1":
            return Phrase("programming")
    return Phrase("mode {0}", (mode,))


def _told(message: DataMessage) -> Phrase:
    if message.error_text:
        return Phrase("error message {0}", (message.error_text,))
    lines = message.text.removesuffix("!\r\n").count("\n")
    return Phrase("readout, {0} lines", (lines,)) if lines > 1 else Phrase("data {0}", (message.text.strip(),))


def _may_be_shown(command: Command) -> bool:
    return command.letter != "P" and not command.secret and bool(command.dataset)
