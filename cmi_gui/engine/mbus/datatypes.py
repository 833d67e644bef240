"""Data types A to J and text: bytes to values [DOC48 annex A, DRAFT3].

Bytes are in mode 1 order, least significant first. Decoders take as many bytes as their type has and then never raise:
bytes that mean "no value", or that are not a value of the type, give a `Missing`. BCD and text are also encoded. Types
K, L and M are known by name only (no public source has their layout); their bytes are passed on as hex.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Context, Decimal
from enum import StrEnum
from typing import TypeVar

from cmi_gui.engine.messages import marked

_Time = TypeVar("_Time", date, datetime)

EXACT = Context(prec=400)
"""A context with enough digits for every value of this module times every scale of a VIF, so nothing is rounded."""


class Missing(StrEnum):
    """The reason why a record has no value."""

    NO_DATA = marked("no data")
    """Data field 0, or variable length 0."""
    SELECTION = marked("selection for readout")
    NOT_SET = marked("not set")
    """A time whose bits are all ones or all zeros."""
    INVALID = marked("marked or recognised as invalid")
    """Type B with only the top bit set, or a time with its invalid bit set or not in the calendar."""
    NOT_DECIMAL = marked("not decimal digits")
    """Type A with digits A to E, or an F not in front; the record's value is a `NotDecimal`, the digits."""
    NOT_AVAILABLE = marked("not a number")
    """Type H: NaN or infinity."""
    RECORD_ERROR = marked("record error")
    """The slave reports an error in place of the record's value."""


class NotDecimal(str):
    """The digits of a type A value that is not a decimal number, such as `8234A876`, which may be an error code."""

    __slots__ = ()


class DateType(StrEnum):
    """The data types of dates and times."""

    F = "F"
    """Date and time to the minute, 4 bytes."""
    G = "G"
    """Date, 2 bytes."""
    I = "I"  # noqa: E741 - the letter of the standard
    """Date and time to the second, 6 bytes."""
    J = "J"
    """Time of day, 3 bytes."""


@dataclass(frozen=True, slots=True)
class Periodic:
    """A recurring time: None means "every" (or "not specified" in type I).

    Only the fields of its type count: G has no time, J no date, F no seconds.
    """

    type: DateType
    year: int | None = None
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None

    def __str__(self) -> str:
        """Return ISO 8601-2 with X for fields not given: `XXXX-12-31T00:00`."""
        day = "-".join((_digits(self.year, 4), _digits(self.month, 2), _digits(self.day, 2)))
        clock = [_digits(self.hour, 2), _digits(self.minute, 2)]
        if self.type is DateType.G:
            return day
        if self.type is not DateType.F:
            clock.append(_digits(self.second, 2))
        return ":".join(clock) if self.type is DateType.J else f"{day}T{':'.join(clock)}"


def _digits(value: int | None, width: int) -> str:
    return "X" * width if value is None else f"{value:0{width}d}"


Value = int | Decimal | str | date | datetime | time | Periodic
"""The type of a record's value. Numbers are exact; `datetime` and `time` are the meter's local time, without a zone."""


def decode_bcd(raw: bytes) -> int | NotDecimal | Missing:
    """Decode type A of any length; an F in the top digit is a minus sign."""
    if not raw:
        return Missing.NO_DATA
    digits = raw[::-1].hex()
    try:
        return int(digits)
    except ValueError:
        # int() rejects hex letters, and hex() gives nothing else that int() could misread.
        if digits[0] == "f" and digits[1:].isdecimal():
            return -int(digits[1:])
        return NotDecimal(digits.upper())


def encode_bcd(value: int, size: int) -> bytes:
    """Encode type A in `size` bytes. Raises ValueError if the digits do not fit."""
    digits = f"{abs(value):0{2 * size - (value < 0)}d}"
    if value < 0:
        digits = "f" + digits
    if len(digits) > 2 * size:
        raise ValueError(f"{value} has more than the {2 * size} digits of the data field")
    return bytes.fromhex(digits)[::-1]


def decode_int(raw: bytes) -> int | Missing:
    """Decode type B of any length, two's complement; a value with only the top bit set is invalid."""
    if not raw:
        return Missing.NO_DATA
    value = int.from_bytes(raw, "little", signed=True)
    return Missing.INVALID if value == -(1 << (8 * len(raw) - 1)) else value


def decode_unsigned(raw: bytes) -> int | Missing:
    """Decode types C and D of any length."""
    return int.from_bytes(raw, "little") if raw else Missing.NO_DATA


def decode_real(raw: bytes) -> Decimal | Missing:
    """Decode type H, IEEE 754 single precision in 4 bytes, to the exact decimal number of the bits."""
    value = Decimal(struct.unpack("<f", raw)[0])
    if not value:
        return Decimal(0)  # There is no "-0 W".
    return value if value.is_finite() else Missing.NOT_AVAILABLE


def decode_text(raw: bytes) -> str:
    """Decode ISO 8859-1, the last character first."""
    return raw[::-1].decode("latin-1")


def encode_text(text: str) -> bytes:
    """Encode ISO 8859-1, the last character first. Raises ValueError for other characters."""
    try:
        return text.encode("latin-1")[::-1]
    except UnicodeEncodeError as error:
        raise ValueError(f"{text[error.start]!r} is not in ISO 8859-1") from error


def decode_manufacturer(raw: bytes) -> str:
    """Decode the two bytes of a manufacturer to three letters [DOC48 §6.3.1]; invalid bytes give other characters."""
    code = int.from_bytes(raw, "little")
    return "".join(chr(64 + (code >> shift & 0x1F)) for shift in (10, 5, 0))


def encode_manufacturer(letters: str) -> int:
    """Return the code of three letters A to Z. Raises ValueError for anything else."""
    if len(letters) != 3 or not all("A" <= letter <= "Z" for letter in letters):
        raise ValueError(f"a manufacturer is three letters A to Z, not {letters!r}")
    first, second, third = (ord(letter) - 64 for letter in letters)
    return first << 10 | second << 5 | third


def decode_identification(raw: bytes) -> str:
    """Decode the first four bytes, an identification number, to 8 digits (hex digits if they are not BCD)."""
    return raw[3::-1].hex().upper()


# Dates and times. The codes for "every" are those of DRAFT3; in type I zeros mean "not specified" instead.
_EVERY_MINUTE = 63
_EVERY_HOUR = 31
_EVERY_DAY = 0
_EVERY_MONTH = 15
_EVERY_YEAR = 127
_SUMMER = 0x80
_LATEST_SHORT_YEAR = 80


def _none_if_every(value: int, every: int) -> int | None:
    return None if value == every else value


def _year(short: int, hundreds: int = 0) -> int | None:
    """Return the year of seven bits; without a century 0 to 80 means 2000 to 2080 [DRAFT3]."""
    if short == _EVERY_YEAR:
        return None
    if hundreds == 0 and short <= _LATEST_SHORT_YEAR:
        return 2000 + short
    return 1900 + 100 * hundreds + short


def _day_fields(low: int, high: int, hundreds: int = 0) -> tuple[int | None, int | None, int | None] | None:
    """Return year, month and day of the two bytes of type G; None if they are not a date."""
    short = low >> 5 | (high & 0xF0) >> 1
    month = _none_if_every(high & 0x0F, _EVERY_MONTH)
    if (99 < short != _EVERY_YEAR) or (month is not None and not 1 <= month <= 12):
        return None
    return _year(short, hundreds), month, _none_if_every(low & 0x1F, _EVERY_DAY)


def _in_range(value: int | None, limit: int) -> bool:
    return value is None or value <= limit


def _in_calendar(
    make: Callable[..., _Time], kind: DateType, fields: tuple[int | None, ...]
) -> _Time | Periodic | Missing:
    """Make a date or time of `fields`, year first; a `Periodic` if one is None, INVALID if `make` rejects them."""
    if None in fields:
        return Periodic(kind, *fields)
    try:
        return make(*fields)
    except ValueError:
        return Missing.INVALID


def decode_date(raw: bytes) -> date | Periodic | Missing:
    """Decode type G, 2 bytes."""
    low, high = raw
    if raw in (b"\xff\xff", b"\0\0"):
        return Missing.NOT_SET
    fields = _day_fields(low, high)
    return Missing.INVALID if fields is None else _in_calendar(date, DateType.G, fields)


def is_summer_time(raw: bytes) -> bool:
    """Return the summer time bit of type F (4 bytes) or type I (6 bytes)."""
    return bool(raw[1] & _SUMMER) if len(raw) == 4 else bool(raw[0] & 0x40)


def decode_datetime(raw: bytes) -> datetime | Periodic | Missing:
    """Decode type F, 4 bytes, without its summer time bit (`is_summer_time`)."""
    first, second, low, high = raw
    if raw in (b"\xff\xff\xff\xff", b"\0\0\0\0"):
        return Missing.NOT_SET
    fields = _day_fields(low, high, second >> 5 & 3)
    minute, hour = _none_if_every(first & 0x3F, _EVERY_MINUTE), _none_if_every(second & 0x1F, _EVERY_HOUR)
    if first & 0x80 or fields is None or not _in_range(minute, 59) or not _in_range(hour, 23):
        return Missing.INVALID
    return _in_calendar(datetime, DateType.F, (*fields, hour, minute))


def decode_datetime_seconds(raw: bytes) -> datetime | Periodic | Missing:
    """Decode type I, 6 bytes. Week day, week number and leap year follow from the date and are not checked."""
    first, second_byte, third, low, high, _ = raw
    if raw in (b"\xff\xff\xff\xff\xff\xff", b"\0\0\0\0\0\0"):
        return Missing.NOT_SET
    # A month of 0 means "not specified" here.
    fields = _day_fields(low, high if high & 0x0F else high | _EVERY_MONTH)
    second, minute = _none_if_every(first & 0x3F, _EVERY_MINUTE), _none_if_every(second_byte & 0x3F, _EVERY_MINUTE)
    hour = _none_if_every(third & 0x1F, _EVERY_HOUR)
    in_range = _in_range(second, 59) and _in_range(minute, 59) and _in_range(hour, 23)
    if second_byte & 0x80 or fields is None or not in_range:
        return Missing.INVALID
    return _in_calendar(datetime, DateType.I, (*fields, hour, minute, second))


def decode_time(raw: bytes) -> time | Periodic | Missing:
    """Decode type J, 3 bytes."""
    if raw == b"\xff\xff\xff":
        return Missing.NOT_SET
    second, minute = _none_if_every(raw[0], _EVERY_MINUTE), _none_if_every(raw[1], _EVERY_MINUTE)
    hour = _none_if_every(raw[2], _EVERY_HOUR)
    if not (_in_range(second, 59) and _in_range(minute, 59) and _in_range(hour, 23)):
        return Missing.INVALID
    if hour is None or minute is None or second is None:
        return Periodic(DateType.J, hour=hour, minute=minute, second=second)
    return time(hour, minute, second)
