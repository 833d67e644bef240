"""The type of a telegram, from its first bytes: quick to find and small to store for a million rows."""

from __future__ import annotations

from enum import IntEnum

from cmi_gui.engine.mbus.ci import CI_APPLICATION_ERROR, CI_SHORT_HEADER, CI_VARIABLE, CI_VARIABLE_MODE_2
from cmi_gui.engine.mbus.frame import FCB, FCV, RSP_UD, SND_NKE


class TelegramType(IntEnum):
    """The type of a good telegram, by its first bytes; `OTHER` for anything damaged or unknown."""

    OTHER = 0
    ACK = 1
    """The single character E5."""
    SND_NKE = 2
    SND_UD = 3
    REQ_UD1 = 4
    REQ_UD2 = 5
    RSP_UD = 6
    REQUEST = 7
    """The sign-on `/?...!`; this and the following are messages of IEC 62056-21."""
    IDENTIFICATION = 8
    OPTION_SELECT = 9
    COMMAND = 10
    DATA = 11
    POSITIVE = 12
    """The character ACK."""
    NEGATIVE = 13
    """The character NAK."""


HAS_ERROR = 0x80
"""Added to the type of a whole telegram that reports an error."""
_MBUS_TYPES = {
    SND_NKE: TelegramType.SND_NKE,
    0x43: TelegramType.SND_UD,
    0x4A: TelegramType.REQ_UD1,
    0x4B: TelegramType.REQ_UD2,
    RSP_UD: TelegramType.RSP_UD,
}
_METER_TYPES = {0x01: TelegramType.COMMAND, 0x02: TelegramType.DATA, 0x15: TelegramType.NEGATIVE}
_STATUS_AT = {CI_VARIABLE: 16, CI_VARIABLE_MODE_2: 16, CI_SHORT_HEADER: 8}
"""Index of the status byte by CI: after identification, manufacturer, version, device type and access number, or after
the access number alone."""
_SHORT = 0x10
"""The start byte of a short frame."""
_APPLICATION_ERROR = 2
"""Status bits 1 and 0 [DOC48 §6.6]."""


def control_of(data: bytes) -> int:
    """Return the C field of a telegram, which must have five bytes or more."""
    return data[1] if data[0] == _SHORT else data[4]


def address_of(data: bytes) -> int | None:
    """Return the A field of a telegram; None if it is too short to have one, like the acknowledgement E5."""
    at = 2 if data and data[0] == _SHORT else 5
    return data[at] if len(data) > max(at, 4) else None


def mbus_type(data: bytes) -> int:
    """Return the `TelegramType` of a whole M-Bus telegram, with `HAS_ERROR` for CI 70 or status "application error"."""
    size = len(data)
    if size < 5:
        return TelegramType.ACK if data == b"\xe5" else TelegramType.OTHER
    c = control_of(data)
    # The frame count bits vary; SND_NKE has none.
    found = _MBUS_TYPES.get(c if c == SND_NKE else c & ~(FCB | FCV), TelegramType.OTHER)
    if found is not TelegramType.RSP_UD or size < 9:
        return found
    at = _STATUS_AT.get(data[6])
    failed = data[6] == CI_APPLICATION_ERROR or (
        at is not None and at < size - 2 and data[at] & 3 == _APPLICATION_ERROR
    )
    return found | HAS_ERROR if failed else found


def meter_type(data: bytes) -> int:
    """Return the `TelegramType` of a whole IEC 62056-21 message, with `HAS_ERROR` for NAK and error messages."""
    first = data[:1]
    if first == b"/":
        return TelegramType.REQUEST if data[1:2] == b"?" else TelegramType.IDENTIFICATION
    if first == b"\x06":
        return TelegramType.OPTION_SELECT if len(data) > 1 else TelegramType.POSITIVE
    found = _METER_TYPES.get(data[0], TelegramType.OTHER) if data else TelegramType.OTHER
    # An error message is a single value that begins with ER (IEC 62056-21 6.3.7).
    failed = found is TelegramType.NEGATIVE or (found is TelegramType.DATA and data[1:4] == b"(ER")
    return found | HAS_ERROR if failed else found
