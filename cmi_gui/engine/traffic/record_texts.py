"""The texts of telegrams with records, found by the bytes on which they depend instead of by decoding."""

from __future__ import annotations

from cmi_gui.engine.mbus.ci import CI_SEND, CI_VARIABLE
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import checksum
from cmi_gui.engine.mbus.telegram import TelegramKind, decode_telegram

_HEADS = {CI_VARIABLE: 15, CI_SEND: 7}
"""The bytes of a long frame with which its masks are kept, by CI: up to the device type, where access number and status
follow, or up to the CI itself."""
_ACCESS_NUMBER = 15
_FORMS = 4
"""The most forms of telegrams with the same head; those of a slave with several telegrams differ."""
_KEPT = 8192


def has_records(data: bytes) -> bool:
    """Return whether a telegram may be one whose text `RecordTexts` learns: an answer, or records of a master."""
    return len(data) > 8 and data[6] in _HEADS


class RecordTexts:
    """The texts of the answers and commands on a bus. Most of a kind differ only in values and access number.

    These do not change the text, so a telegram has the same text as one before it with the same other bytes and a right
    checksum. Only telegrams with `has_records` may be asked for.
    """

    def __init__(self) -> None:
        self._masks: dict[bytes, list[int]] = {}
        """The bytes that count, as ones in a number, by the head of the telegrams."""
        self._texts: dict[int, str] = {}
        """By the bytes that count, all other bits 0."""

    def get(self, data: bytes) -> str | None:
        """Return the text of a telegram; None if it is not known."""
        masks = self._masks.get(data[: _HEADS[data[6]]])
        if masks is None or len(data) != data[1] + 6 or checksum(data[4:-2]) != data[-2]:
            return None
        number = int.from_bytes(data, "little")
        for mask in masks:
            text = self._texts.get(number & mask)
            if text is not None:
                return text
        return None

    def learn(self, data: bytes, text: str) -> str:
        """Keep the text of a telegram if it is one in clear, and return it."""
        mask = _mask(data)
        if mask is None:
            return text
        if len(self._texts) >= _KEPT:
            self._masks.clear()
            self._texts.clear()
        masks = self._masks.setdefault(data[: _HEADS[data[6]]], [])
        if mask not in masks:
            if len(masks) == _FORMS:
                masks.clear()
            masks.append(mask)
        self._texts[int.from_bytes(data, "little") & mask] = text
        return text


def _mask(data: bytes) -> int | None:
    """Return ones for the bits on which a telegram's text depends; None unless it is one in clear, without faults.

    The text has no values, and where the records are in clear no value changes how the bytes after it are read.
    """
    try:
        telegram = decode_telegram(data)
    except MBusError:
        return None
    header = telegram.header
    if telegram.fault or (header is not None and header.security_mode):
        return None
    mask = bytearray(b"\xff" * len(data))
    mask[-2] = 0
    if telegram.kind is TelegramKind.DATA and header is not None:
        mask[_ACCESS_NUMBER] = 0
    elif telegram.kind is not TelegramKind.SEND:
        return None
    for record in telegram.records:
        begin, end = record.offset + record.size - len(record.raw), record.offset + record.size
        # The first byte of a variable length is this length.
        begin += record.header.size is None
        mask[begin:end] = bytes(end - begin)
    if telegram.manufacturer_at is not None:
        mask[telegram.manufacturer_at : -2] = bytes(len(telegram.manufacturer_data))
    return int.from_bytes(mask, "little")
