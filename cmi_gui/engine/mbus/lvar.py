"""Variable length data (data field D): the length byte also gives the coding [DOC48 §6.4.3, EN2018]."""

from __future__ import annotations

from cmi_gui.engine.mbus.datatypes import (
    Missing,
    NotDecimal,
    decode_bcd,
    decode_int,
    decode_text,
    encode_text,
)
from cmi_gui.engine.messages import InvalidValue, Message

MAX_TEXT = 0xBF
"""Maximum number of characters that a record can hold."""
_BCD = 0xC0
_NEGATIVE_BCD = 0xD0
_BINARY = 0xE0
_LONG_BINARY = {0xF0: 16, 0xF1: 20, 0xF2: 24, 0xF3: 28, 0xF4: 32, 0xF5: 48, 0xF6: 64}


def _size(code: int) -> int | None:
    if code <= MAX_TEXT:
        return code
    if code < 0xF0:
        count = code & 0x0F
        return count if code >= _BINARY or count <= 9 else None
    return _LONG_BINARY.get(code)


_SIZES = tuple(_size(code) for code in range(256))


def lvar_size(code: int) -> int | None:
    """Return the number of bytes after the length byte `code`; None for a reserved one."""
    return _SIZES[code]


def decode_lvar(raw: bytes) -> int | str | NotDecimal | Missing:
    """Decode a length byte (not a reserved one) and its data."""
    code = raw[0]
    if code <= MAX_TEXT:
        return decode_text(raw[1:])
    if code >= _BINARY:
        return decode_int(raw[1:])
    value = decode_bcd(raw[1:])
    if isinstance(value, Missing):
        return value
    positive = code < _NEGATIVE_BCD
    if isinstance(value, str) or value < 0:
        # The sign is in the length byte, so an F digit has no meaning here.
        return NotDecimal(f"{'' if positive else '-'}{raw[:0:-1].hex().upper()}")
    return value if positive else -value


class TextTooLong(InvalidValue):
    """A text that no record can hold."""


def check_length(text: str) -> None:
    """Raise TextTooLong for more than 191 characters."""
    if len(text) > MAX_TEXT:
        raise TextTooLong(Message("a record holds at most {0} characters of text, not {1}", (MAX_TEXT, len(text))))


def encode_lvar_text(text: str) -> bytes:
    """Encode at most 191 characters of ISO 8859-1. Raises TextTooLong, ValueError for other characters."""
    check_length(text)
    return bytes((len(text),)) + encode_text(text)
