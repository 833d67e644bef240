"""A test of a connection's first bytes: those of a master, or of something else."""

from __future__ import annotations

import re
from typing import Final

from cmi_gui.engine.mbus.frame import PRM, checksum
from cmi_gui.engine.messages import Message

WAKE_UP: Final = bytes((0x00, 0x55, *range(0x80, 0x100)))
"""Bytes that may precede a master's first telegram: wake-up bytes (55, which is the letter U), idle lines and breaks
(FF, 00), and bytes from 80 on, which a receiver makes of noise. No TLS record and hardly any text begins with them."""

_TEXT: Final = re.compile(rb"[\t\r\n -~]")
_HTTP: Final = re.compile(rb"[!-~]+ (?:[/*]|[a-z]+:)")
"""The method of a request, which may be any token (RFC 9110 9.1), and its target."""
_TLS: Final = 0x16
"""Type of the record that opens a connection (RFC 8446 5.1)."""


def judge_opening(data: bytes) -> Message | bool:
    """Judge the first bytes of a connection: True for a master's, False if more are needed, else their description.

    They are a master's if a telegram follows any `WAKE_UP` bytes. These are skipped because a master behind a converter
    may send them before its first telegram; they decide nothing, since the telegram is judged in any case. It must have
    the right form: `68 L L 68` with the stop byte at the place that L gives, because these four bytes are letters too
    (`hhhh`); or `10 C A` with the C of a master and the checksum or the stop byte in its place, so that one damaged
    byte at the end is tolerated.
    """
    begins = data.lstrip(WAKE_UP)
    if not begins:
        return False
    if _HTTP.match(data):
        return _name(data)
    match begins[0]:
        case 0x68:
            good, whole = _long_begins(begins), len(begins) >= 4 and len(begins) >= begins[1] + 6
        case 0x10:
            good, whole = _short_begins(begins), len(begins) >= 5
        case _:
            good = whole = False
    return whole if good else _name(data)


def _long_begins(data: bytes) -> bool:
    """Return whether the bytes are a long frame or may begin one: `68 L L 68`, C, A, CI, data, checksum, `16`."""
    if len(data) > 1 and data[1] < 3:
        return False
    if len(data) > 2 and data[2] != data[1]:
        return False
    if len(data) > 3 and data[3] != 0x68:
        return False
    return len(data) < 4 or len(data) < data[1] + 6 or data[data[1] + 5] == 0x16


def _short_begins(data: bytes) -> bool:
    """Return whether the bytes are, or may become, `10 C A checksum 16` from a master with at most one fault."""
    if len(data) > 1 and data[1] & 0xC0 != PRM:
        return False
    return len(data) < 5 or data[3] == checksum(data[1:3]) or data[4] == 0x16


def _name(data: bytes) -> Message:
    """Return a description of bytes that are not from a master: what they most likely are."""
    if data[0] == _TLS:
        return Message("a TLS handshake")
    if _HTTP.match(data):
        return Message("an HTTP request")
    return Message("text") if _TEXT.match(data) else Message("bytes of another protocol")
