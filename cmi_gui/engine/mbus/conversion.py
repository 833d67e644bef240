"""The conversion of a record's data bytes to its value and back, by DIB and VIB."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal

from cmi_gui.engine.mbus.datatypes import (
    EXACT,
    DateType,
    Missing,
    NotDecimal,
    Periodic,
    Value,
    decode_bcd,
    decode_date,
    decode_datetime,
    decode_datetime_seconds,
    decode_int,
    decode_manufacturer,
    decode_real,
    decode_time,
    decode_unsigned,
    encode_bcd,
    encode_date,
    encode_datetime,
    encode_datetime_seconds,
    encode_int,
    encode_manufacturer,
    encode_real,
    encode_time,
    encode_unsigned,
)
from cmi_gui.engine.mbus.dib import DataField, DataInformation
from cmi_gui.engine.mbus.lvar import MAX_TEXT, decode_lvar, encode_lvar, lvar_size
from cmi_gui.engine.mbus.vib import ValueInformation
from cmi_gui.engine.mbus.vif_tables import Coding, RecordError

Converter = Callable[[bytes], Value | Missing]
_Decoder = Callable[[bytes], int | Decimal | str]

_UNSIGNED = frozenset((Coding.UNSIGNED, Coding.IDENTIFICATION))
_DATE_TYPES = {
    DataField.INT16: DateType.G,
    DataField.INT24: DateType.J,
    DataField.INT32: DateType.F,
    DataField.INT48: DateType.I,
}
_DATE_DECODERS: dict[DateType, Converter] = {
    DateType.F: decode_datetime,
    DateType.G: decode_date,
    DateType.I: decode_datetime_seconds,
    DateType.J: decode_time,
}


def converter(information: DataInformation, value: ValueInformation) -> Converter:
    """Return the function from data bytes (mode 1, a length byte included) to the value. It never raises."""
    field = information.field
    if value.error is not None and value.error is not RecordError.NONE:
        return lambda raw: Missing.RECORD_ERROR
    match field:
        case DataField.NONE:
            return lambda raw: Missing.NO_DATA
        case DataField.SELECTION | DataField.SPECIAL:
            return lambda raw: Missing.SELECTION
    return _special(field, value.coding) or _scaled(_number(field, value.coding), value)


def _special(field: DataField, coding: Coding) -> Converter | None:
    """Return the converter of what is no number; None where the data field is read as a number all the same."""
    match coding:
        case Coding.TIME_POINT if field is DataField.VARIABLE:
            return _variable_time
        case Coding.TIME_POINT if field in _DATE_TYPES:
            return _DATE_DECODERS[_DATE_TYPES[field]]
        case Coding.OPAQUE:
            return _variable_hex if field is DataField.VARIABLE else _hex
        case Coding.MANUFACTURER if field is DataField.INT16:
            return _manufacturer
        case Coding.IDENTIFICATION if field is DataField.INT64:
            return _secondary_address
    return None


def _hex(raw: bytes) -> str:
    return raw.hex().upper()


def _variable_hex(raw: bytes) -> str:
    return raw[1:].hex().upper()


def _variable_time(raw: bytes) -> Value | Missing:
    """Decode text as text, numbers (type M) as hex."""
    return decode_lvar(raw) if raw[0] <= MAX_TEXT else _variable_hex(raw)


def _manufacturer(raw: bytes) -> str:
    return decode_manufacturer(int.from_bytes(raw, "little"))


def _secondary_address(raw: bytes) -> str:
    """Decode all eight bytes of a header: identification, manufacturer, version, device type [DOC48 §6.4.2]."""
    return f"{raw[3::-1].hex().upper()} {_manufacturer(raw[4:6])} {raw[6]:02X} {raw[7]:02X}"


def _number(field: DataField, coding: Coding) -> _Decoder:
    if field is DataField.VARIABLE:
        return decode_lvar
    if field is DataField.REAL32:
        return decode_real
    if coding in _UNSIGNED:
        return _unsigned_bcd if field.is_bcd else decode_unsigned
    return decode_bcd if field.is_bcd else decode_int


def _unsigned_bcd(raw: bytes) -> int | NotDecimal | Missing:
    """Decode BCD without sign, such as identification numbers; a leading F is a wildcard or a mistake there."""
    value = decode_bcd(raw)
    return NotDecimal(raw[::-1].hex().upper()) if isinstance(value, int) and value < 0 else value


def _scaled(decode: _Decoder, value: ValueInformation) -> Converter:
    """Return the converter with the VIB's factor and offset. Text, digits and `Missing`, all str, pass unchanged."""
    if value.offset or value.exponent < 0 or decode is decode_real:
        return _scaled_decimal(decode, EXACT.scaleb(Decimal(value.factor), value.exponent), value.offset)
    scale = value.factor * 10**value.exponent
    return decode if scale == 1 else _scaled_int(decode, scale)


def _scaled_int(decode: _Decoder, scale: int) -> Converter:
    def convert(raw: bytes) -> Value | Missing:
        number = decode(raw)
        return number if isinstance(number, str) else number * scale

    return convert


def _scaled_decimal(decode: _Decoder, scale: Decimal, offset: Decimal) -> Converter:
    multiply, add = EXACT.multiply, EXACT.add

    def convert(raw: bytes) -> Value | Missing:
        number = decode(raw)
        return number if isinstance(number, str) else multiply(number, scale)

    def convert_and_add(raw: bytes) -> Value | Missing:
        number = decode(raw)
        return number if isinstance(number, str) else add(multiply(number, scale), offset)

    return convert_and_add if offset else convert


def encode_value(
    information: DataInformation,
    value: ValueInformation,
    what: Value | None,
    *,
    lvar: int | None = None,
    summer_time: bool = False,
) -> bytes:
    """Return the data bytes for a value, in mode 1; called by `record.encode_record`. Raises ValueError as it does."""
    field, coding = information.field, value.coding
    size = field.size
    if size == 0 or what is None:
        if size != 0 or what is not None:
            raise ValueError(f"data field {field:X} and value {what!r} do not go together")
        return b""
    if coding is Coding.OPAQUE or (coding is Coding.TIME_POINT and size is None and lvar is not None):
        return _encode_hex(what, size, lvar)
    if coding is Coding.TIME_POINT and field in _DATE_TYPES:
        return _encode_date(_DATE_TYPES[field], what, summer_time=summer_time)
    if isinstance(what, str):
        if size is None:
            return encode_lvar(what)
        return _encode_name(field, coding, what)
    if not isinstance(what, int | Decimal):
        raise ValueError(f"{value.quantity} in data field {field:X} is a number, not {what!r}")
    if size is None:
        return encode_lvar(_unscaled(what, value), lvar)
    if field is DataField.REAL32:
        return encode_real(_divided(what, value))
    number = _unscaled(what, value)
    if coding in _UNSIGNED:
        if number < 0:
            raise ValueError(f"{value.quantity} cannot be negative: {number}")
        return (encode_bcd if field.is_bcd else encode_unsigned)(number, size)
    return (encode_bcd if field.is_bcd else encode_int)(number, size)


def _encode_hex(what: Value, size: int | None, lvar: int | None) -> bytes:
    if not isinstance(what, str):
        raise ValueError(f"bytes as hex are wanted, not {what!r}")
    raw = bytes.fromhex(what)
    code = len(raw) if lvar is None else lvar
    wanted = size if size is not None else lvar_size(code) if code <= 0xFF else None
    if len(raw) != wanted:
        raise ValueError(f"{len(raw)} bytes as hex do not fit the data field")
    return raw if size is not None else bytes((code,)) + raw


def _encode_name(field: DataField, coding: Coding, what: str) -> bytes:
    if coding is Coding.MANUFACTURER and field is DataField.INT16:
        return encode_unsigned(encode_manufacturer(what), 2)
    if coding is Coding.IDENTIFICATION and field is DataField.INT64:
        parts = what.split()
        if [len(part) for part in parts] == [8, 3, 2, 2]:
            letters = encode_unsigned(encode_manufacturer(parts[1]), 2)
            return bytes.fromhex(parts[0])[::-1] + letters + bytes.fromhex(parts[2] + parts[3])
    raise ValueError(f"{what!r} does not fit data field {field:X}")


def _encode_date(kind: DateType, what: Value, *, summer_time: bool) -> bytes:
    if isinstance(what, Periodic) and what.type is not kind:
        raise ValueError(f"a time of type {kind} is wanted, not {what!r}")
    match kind:
        case DateType.F if isinstance(what, datetime | Periodic):
            return encode_datetime(what, summer_time=summer_time)
        case DateType.I if isinstance(what, datetime | Periodic):
            return encode_datetime_seconds(what, summer_time=summer_time)
        case DateType.G if isinstance(what, date | Periodic) and not isinstance(what, datetime):
            return encode_date(what)
        case DateType.J if isinstance(what, time | Periodic):
            return encode_time(what)
    raise ValueError(f"a time of type {kind} is wanted, not {what!r}")


_MAX_MAGNITUDE = 200
"""Greatest power of ten of a number; it keeps 1E+999999 from becoming a million digits."""


def _divided(what: int | Decimal, value: ValueInformation) -> Decimal:
    """Return the raw number, which need not be whole. Raises ValueError beyond `_MAX_MAGNITUDE`."""
    number = EXACT.subtract(Decimal(what), value.offset)
    if not number.is_finite() or abs(number.adjusted()) > _MAX_MAGNITUDE:
        raise ValueError(f"no record holds the number {what}")
    return EXACT.divide(number.scaleb(-value.exponent, EXACT), value.factor)


def _unscaled(what: int | Decimal, value: ValueInformation) -> int:
    number = _divided(what, value)
    if number != number.to_integral_value():
        raise ValueError(f"{what} {value.unit} is no multiple of {value.factor}E{value.exponent}")
    return int(number)
