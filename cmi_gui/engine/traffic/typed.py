"""A telegram that a user types or pastes in order to send it: its bytes, what it is, and why it cannot be sent."""

from __future__ import annotations

from dataclasses import dataclass

from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import MAX_FRAME, parse_frame
from cmi_gui.engine.mbus.raw import repaired
from cmi_gui.engine.mbus.wording import error_message
from cmi_gui.engine.messages import Argument, Message
from cmi_gui.engine.traffic.pasted import PastedText
from cmi_gui.engine.traffic.pasted_line import NotHex, PastedLine
from cmi_gui.engine.traffic.summaries import telegram_words


@dataclass(frozen=True, slots=True)
class TypedTelegram:
    """The reading of a text. `words`: what the telegram is, without values, and what is wrong with it.

    `data`: the bytes to send; empty for a text that cannot be sent. `sound`: a slave can understand it.
    """

    data: bytes
    words: Argument
    sound: bool = False


def read_typed(text: str) -> TypedTelegram:
    """Return the telegram of a text in any notation that `PastedText` reads, on one line or on several."""
    try:
        lines = _pasted(text)
    except NotHex as error:
        return TypedTelegram(b"", error.message)
    data = b"".join(line.data for line in lines)
    if not data:
        return TypedTelegram(b"", "")
    if any(line.masked for line in lines):
        return TypedTelegram(b"", Message("masked bytes (**) hide a secret and are never sent"))
    if len(lines) > 1:
        return TypedTelegram(b"", Message("{0} telegrams: only one can be sent at a time", (len(lines),)))
    if len(data) > MAX_FRAME:
        return TypedTelegram(b"", Message("{0} bytes: a telegram has at most {1}", (len(data), MAX_FRAME)))
    return _judged(data)


def _pasted(text: str) -> list[PastedLine]:
    pasted = PastedText()
    found: list[PastedLine] = []
    for line in text.splitlines():
        if line.strip():
            found += pasted.take(line)
    return found + pasted.flush()


def _judged(data: bytes) -> TypedTelegram:
    try:
        parse_frame(data)
    except MBusError as error:
        frame = repaired(data)
        if frame is None:
            return TypedTelegram(data, Message("not a telegram: {0}", (error_message(error),)))
        words = Message("{0}; otherwise {1}", (error_message(error), telegram_words(frame.to_bytes())))
        return TypedTelegram(data, words)
    return TypedTelegram(data, telegram_words(data), sound=True)
