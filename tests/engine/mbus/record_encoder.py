"""An encoder of records, with which the tests check that decoding loses nothing.

The program itself needs no encoder of whole records. These raise ValueError for values that the type cannot hold.
"""

from __future__ import annotations

import struct
from datetime import date, datetime, time
from decimal import Decimal

from cmi_gui.engine.mbus.conversion import _UNSIGNED
from cmi_gui.engine.mbus.datatypes import (
    _EVERY_DAY,
    _EVERY_HOUR,
    _EVERY_MINUTE,
    _EVERY_MONTH,
    _EVERY_YEAR,
    _SUMMER,
    EXACT,
    DateType,
    Periodic,
    Value,
    encode_bcd,
    encode_manufacturer,
)
from cmi_gui.engine.mbus.dib import DataField, DataInformation
from cmi_gui.engine.mbus.lvar import _BCD, _BINARY, _LONG_BINARY, _NEGATIVE_BCD, MAX_TEXT, encode_lvar_text, lvar_size
from cmi_gui.engine.mbus.record import parse_header
from cmi_gui.engine.mbus.vib import ValueInformation
from cmi_gui.engine.mbus.vif_tables import Coding

_DATE_TYPES = {
    DataField.INT16: DateType.G,
    DataField.INT24: DateType.J,
    DataField.INT32: DateType.F,
    DataField.INT48: DateType.I,
}


def encode_int(value: int, size: int) -> bytes:
    """Encode type B in `size` bytes. Raises ValueError out of range, also for the most negative number (invalid)."""
    limit = 1 << (8 * size - 1)
    if not -limit < value < limit:
        raise ValueError(f"{value} does not fit {size} bytes with sign")
    return value.to_bytes(size, "little", signed=True)


def encode_unsigned(value: int, size: int) -> bytes:
    """Encode types C and D in `size` bytes. Raises ValueError out of range."""
    if not 0 <= value < 1 << (8 * size):
        raise ValueError(f"{value} does not fit {size} bytes without sign")
    return value.to_bytes(size, "little")


def encode_real(value: Decimal) -> bytes:
    """Encode type H, rounded to the nearest. Raises ValueError when too large."""
    try:
        return struct.pack("<f", value)
    except (OverflowError, struct.error) as error:
        raise ValueError(f"{value} is no single precision number") from error


def _or_every(value: int | None, every: int) -> int:
    return every if value is None else value


def encode_date(value: date | Periodic) -> bytes:
    """Encode type G. Raises ValueError for years outside 1981 to 2080."""
    return _encode_day(value, _short_year(value.year))


def _short_year(year: int | None) -> int:
    if year is None:
        return _EVERY_YEAR
    if not 1981 <= year <= 2080:
        raise ValueError(f"the year {year} is outside 1981 to 2080")
    return year % 100


def _encode_day(value: date | Periodic, short: int) -> bytes:
    day, month = _or_every(value.day, _EVERY_DAY), _or_every(value.month, _EVERY_MONTH)
    return bytes((day | (short & 0x07) << 5, month | (short & 0x78) << 1))


def encode_datetime(value: datetime | Periodic, *, summer_time: bool = False) -> bytes:
    """Encode type F; seconds are left out. Raises ValueError for years outside 1981 to 2299.

    2000 to 2080 are written without a century, which readers older than the century bits understand too.
    """
    year = value.year
    hundreds = 0 if year is None or 1981 <= year <= 2080 else (year - 1900) // 100
    if year is None:
        short = _EVERY_YEAR
    elif 1981 <= year <= 2299:
        short = year % 100
    else:
        raise ValueError(f"the year {year} is outside 1981 to 2299")
    hour, minute = _or_every(value.hour, _EVERY_HOUR), _or_every(value.minute, _EVERY_MINUTE)
    return bytes((minute, hour | hundreds << 5 | (_SUMMER if summer_time else 0))) + _encode_day(value, short)


def encode_datetime_seconds(value: datetime | Periodic, *, summer_time: bool = False) -> bytes:
    """Encode type I, week day, week number and leap year included. Raises ValueError for years outside 1981 to 2080."""
    short = _short_year(value.year)
    weekday = week = 0
    leap = False
    if isinstance(value, datetime):
        _, week, weekday = value.isocalendar()
        leap = value.year % 4 == 0
    second = _or_every(value.second, _EVERY_MINUTE) | (0x40 if summer_time else 0) | (0x80 if leap else 0)
    day = bytearray(_encode_day(value, short))
    if value.month is None:
        day[1] &= 0xF0
    hour = _or_every(value.hour, _EVERY_HOUR) | weekday << 5
    return bytes((second, _or_every(value.minute, _EVERY_MINUTE), hour, *day, week))


def encode_time(value: time | Periodic) -> bytes:
    """Encode type J."""
    return bytes(
        (
            _or_every(value.second, _EVERY_MINUTE),
            _or_every(value.minute, _EVERY_MINUTE),
            _or_every(value.hour, _EVERY_HOUR),
        )
    )


def encode_lvar_bcd(value: int, size: int) -> bytes:
    """Encode as BCD with sign in `size` bytes. Raises ValueError outside 1 to 9, or when the digits do not fit."""
    if not 1 <= size <= 9:
        raise ValueError(f"BCD of variable length has 1 to 9 bytes, not {size}")
    return bytes(((_NEGATIVE_BCD if value < 0 else _BCD) + size,)) + encode_bcd(abs(value), size)


def encode_lvar_binary(value: int, size: int) -> bytes:
    """Encode as two's complement in `size` bytes: 1 to 16, 20, 24, 28, 32, 48 or 64.

    Raises ValueError for other sizes, or when the value does not fit.
    """
    code = _BINARY + size if 1 <= size <= 15 else next((key for key, long in _LONG_BINARY.items() if long == size), 0)
    if not code:
        raise ValueError(f"no binary number of variable length has {size} bytes")
    return bytes((code,)) + encode_int(value, size)


def encode_lvar(value: int | str, code: int | None = None) -> bytes:
    """Encode a text, or a number in the form of a length byte `code` of C1 to F6. Raises ValueError."""
    if isinstance(value, str):
        return encode_lvar_text(value)
    size = None if code is None or code <= MAX_TEXT else lvar_size(code)
    if code is None or not size:
        raise ValueError("a number of variable length needs a length byte that gives its form")
    return encode_lvar_binary(value, size) if code >= _BINARY else encode_lvar_bcd(value, size)


def encode_value(
    information: DataInformation,
    meaning: ValueInformation,
    value: Value | None,
    *,
    lvar: int | None = None,
    summer_time: bool = False,
) -> bytes:
    """Return the data bytes for a value, in mode 1; called by `encode_record`. Raises ValueError as it does."""
    field, coding = information.field, meaning.coding
    size = field.size
    if size == 0 or value is None:
        if size != 0 or value is not None:
            raise ValueError(f"data field {field:X} and value {value!r} do not go together")
        return b""
    if coding is Coding.OPAQUE or (coding is Coding.TIME_POINT and size is None and lvar is not None):
        return _encode_hex(value, size, lvar)
    if coding is Coding.TIME_POINT and field in _DATE_TYPES:
        return _encode_date(_DATE_TYPES[field], value, summer_time=summer_time)
    if isinstance(value, str):
        if size is None:
            return encode_lvar(value)
        return _encode_name(field, coding, value)
    if not isinstance(value, int | Decimal):
        raise ValueError(f"{meaning.quantity} in data field {field:X} is a number, not {value!r}")
    if size is None:
        return encode_lvar(_unscaled(value, meaning), lvar)
    if field is DataField.REAL32:
        return encode_real(_divided(value, meaning))
    number = _unscaled(value, meaning)
    if coding in _UNSIGNED:
        if number < 0:
            raise ValueError(f"{meaning.quantity} cannot be negative: {number}")
        return (encode_bcd if field.is_bcd else encode_unsigned)(number, size)
    return (encode_bcd if field.is_bcd else encode_int)(number, size)


def _encode_hex(value: Value, size: int | None, lvar: int | None) -> bytes:
    if not isinstance(value, str):
        raise ValueError(f"bytes as hex are required, not {value!r}")
    raw = bytes.fromhex(value)
    code = len(raw) if lvar is None else lvar
    expected = size if size is not None else lvar_size(code) if code <= 0xFF else None
    if len(raw) != expected:
        raise ValueError(f"{len(raw)} bytes as hex do not fit the data field")
    return raw if size is not None else bytes((code,)) + raw


def _encode_name(field: DataField, coding: Coding, value: str) -> bytes:
    if coding is Coding.MANUFACTURER and field is DataField.INT16:
        return encode_unsigned(encode_manufacturer(value), 2)
    if coding is Coding.IDENTIFICATION and field is DataField.INT64:
        parts = value.split()
        if [len(part) for part in parts] == [8, 3, 2, 2]:
            letters = encode_unsigned(encode_manufacturer(parts[1]), 2)
            return bytes.fromhex(parts[0])[::-1] + letters + bytes.fromhex(parts[2] + parts[3])
    raise ValueError(f"{value!r} does not fit data field {field:X}")


def _encode_date(kind: DateType, value: Value, *, summer_time: bool) -> bytes:
    if isinstance(value, Periodic) and value.type is not kind:
        raise ValueError(f"a time of type {kind} is required, not {value!r}")
    match kind:
        case DateType.F if isinstance(value, datetime | Periodic):
            return encode_datetime(value, summer_time=summer_time)
        case DateType.I if isinstance(value, datetime | Periodic):
            return encode_datetime_seconds(value, summer_time=summer_time)
        case DateType.G if isinstance(value, date | Periodic) and not isinstance(value, datetime):
            return encode_date(value)
        case DateType.J if isinstance(value, time | Periodic):
            return encode_time(value)
    raise ValueError(f"a time of type {kind} is required, not {value!r}")


_MAX_MAGNITUDE = 200
"""Greatest power of ten of a number; it keeps 1E+999999 from becoming a million digits."""


def _divided(value: int | Decimal, meaning: ValueInformation) -> Decimal:
    """Return the raw number, which need not be whole. Raises ValueError beyond `_MAX_MAGNITUDE`."""
    number = EXACT.subtract(Decimal(value), meaning.offset)
    if not number.is_finite() or abs(number.adjusted()) > _MAX_MAGNITUDE:
        raise ValueError(f"no record holds the number {value}")
    return EXACT.divide(number.scaleb(-meaning.exponent, EXACT), meaning.factor)


def _unscaled(value: int | Decimal, meaning: ValueInformation) -> int:
    number = _divided(value, meaning)
    if number != number.to_integral_value():
        raise ValueError(f"{value} {meaning.unit} is no multiple of {meaning.factor}E{meaning.exponent}")
    return int(number)


def encode_record(
    dib: bytes, vib: bytes, value: Value | None = None, *, lvar: int | None = None, summer_time: bool = False
) -> bytes:
    """Return a record that decodes to `value`, which is in the unit of the VIB; None for data fields without data.

    Numbers are int or Decimal and must be whole multiples of the VIB's step (real: they are rounded). A number of
    variable length needs `lvar`, the length byte that gives its form (C1 to F6). `summer_time` sets the summer time bit
    of a date and time.

    Raises ValueError for a value that the record cannot hold, MBusError for an invalid DIB or VIB.
    """
    header = parse_header(dib + vib, from_master=True)
    if header.dib != dib:
        raise ValueError(f"{dib.hex(' ').upper()} is not one chain of DIF and DIFEs")
    return dib + vib + encode_value(header.data, header.value, value, lvar=lvar, summer_time=summer_time)
