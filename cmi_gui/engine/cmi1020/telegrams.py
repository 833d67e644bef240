"""The module's telegrams: header, own records and the meter's lines, cut to size."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntFlag

from cmi_gui.engine.mbus.datatypes import encode_bcd, encode_manufacturer
from cmi_gui.engine.mbus.lvar import encode_lvar_text
from cmi_gui.engine.mbus.selection import SelectionRecord

MAKER = "ELV"
"""The maker's three letters."""
MANUFACTURER = encode_manufacturer(MAKER)
DEVICE_TYPE = 0x02
"""Electricity. Assumption: the module has the device type of its meter."""
MAX_RECORDS = 234
"""The space for records in a telegram of 255 bytes; start, length, C, A, CI, header, checksum and stop take 21."""
_MORE_FOLLOWS = b"\x1f"
SOFTWARE_VERSION = "1.0.0"
"""The value of record `0D FD 0F`. Assumption: the real module's version text is not known."""


class StatusByte(IntFlag):
    """The status byte of the header: the low bits as in EN 13757-3, the others as assumed for the module."""

    APPLICATION_ERROR = 0x02
    NO_METER = 0x10
    RATE_ERROR = 0x20
    NO_METER_NUMBER = 0x40
    DISCONNECTOR_REFUSED = 0x80


OWN_FLAGS_SHIFT = 12
"""The module's own flags, high half of record `04 FD 17`: those of the status byte, shifted left by this number of
bits. Assumption."""
SETTINGS_LOST = 0x0010_0000
"""One more own flag: the memory was damaged and the module started from factory values."""
METER_ALARMS = 0b1000_1011_0001_1101
"""Bits of C.5.0 that are alarms: 0, 2-4, 8, 9, 11, 15 (E350 manual)."""


def has_digits(text: str, count: int) -> bool:
    """Return whether a text consists of exactly `count` decimal digits (0 to 9)."""
    return len(text) == count and text.isascii() and text.isdigit()


def bcd_number(digits: str) -> bytes:
    """Return eight decimal digits as four bytes of BCD, LSB first. Raises ValueError for anything else."""
    if not has_digits(digits, 8):
        raise ValueError(f"a serial or identification number has 8 decimal digits, not {digits!r}")
    return encode_bcd(int(digits), 4)


def header(identification: str, version: int, access_number: int, status: int) -> bytes:
    """Return the 12 bytes after CI 72; `identification` has eight digits, the signature is 0000."""
    return (
        bcd_number(identification)
        + MANUFACTURER.to_bytes(2, "little")
        + bytes((version, DEVICE_TYPE, access_number, status, 0, 0))
    )


def own_records(
    serial: str, inputs: int, disconnector: int | None, flags: int, last_disconnector: int = 0
) -> Sequence[SelectionRecord]:
    """Return the module's own records, in the order in which they begin telegram 1; a selection may name them.

    `serial`: eight digits. `inputs`: 0 to 3, (B, A) = 00 to 11. `disconnector`: 0 open, 1 closed, 2 moving, None
    unknown; then `last_disconnector` is sent. `flags`: 32 bits.
    """
    shown = last_disconnector if disconnector is None else disconnector
    return (
        SelectionRecord(b"\x0c", b"\x78", bcd_number(serial)),
        SelectionRecord(b"\x0d", b"\xfd\x0f", encode_lvar_text(SOFTWARE_VERSION)),
        SelectionRecord(b"\x01", b"\xfd\x1b", bytes((inputs,))),
        SelectionRecord(b"\x31" if disconnector is None else b"\x01", b"\xfd\x1a", bytes((shown,))),
        SelectionRecord(b"\x04", b"\xfd\x17", flags.to_bytes(4, "little")),
    )


def pack(first: Iterable[SelectionRecord], records: Iterable[bytes]) -> Sequence[bytes]:
    """Cut records into telegrams of at most `MAX_RECORDS` bytes; all but the last end with 1F.

    `first` (the module's own records) opens the first telegram. A record is never cut in two.
    """
    telegrams: list[bytearray] = [bytearray(b"".join(own.to_bytes() for own in first))]
    for record in records:
        # One byte stays free for 1F, as it is not known yet whether more records follow.
        if len(telegrams[-1]) + len(record) > MAX_RECORDS - 1:
            telegrams.append(bytearray())
        telegrams[-1] += record
    if len(telegrams) > 1 and len(telegrams[-2]) + len(telegrams[-1]) <= MAX_RECORDS:
        # The last record fits after all if no 1F is needed after it.
        last = telegrams.pop()
        telegrams[-1] += last
    return [bytes(part) + _MORE_FOLLOWS for part in telegrams[:-1]] + [bytes(telegrams[-1])]
