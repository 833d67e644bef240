"""The conversion of a record's data bytes to its value, by DIB and VIB."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from cmi_gui.engine.mbus.datatypes import (
    EXACT,
    Missing,
    NotDecimal,
    Value,
    decode_bcd,
    decode_date,
    decode_datetime,
    decode_datetime_seconds,
    decode_identification,
    decode_int,
    decode_manufacturer,
    decode_real,
    decode_time,
    decode_unsigned,
)
from cmi_gui.engine.mbus.dib import DataField, DataInformation
from cmi_gui.engine.mbus.lvar import MAX_TEXT, decode_lvar
from cmi_gui.engine.mbus.vib import ValueInformation
from cmi_gui.engine.mbus.vif_tables import Coding, RecordError

Converter = Callable[[bytes], Value | Missing]
_Decoder = Callable[[bytes], int | Decimal | str]

_UNSIGNED = frozenset((Coding.UNSIGNED, Coding.IDENTIFICATION))
_DATE_DECODERS: dict[DataField, Converter] = {
    DataField.INT16: decode_date,
    DataField.INT24: decode_time,
    DataField.INT32: decode_datetime,
    DataField.INT48: decode_datetime_seconds,
}


def converter(information: DataInformation, value: ValueInformation) -> Converter:
    """Return the function that converts data bytes (mode 1, length byte included) to the value. It never raises."""
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
    """Return the converter of a value that is not a number; None if the data field is read as a number."""
    match coding:
        case Coding.TIME_POINT if field is DataField.VARIABLE:
            return _variable_time
        case Coding.TIME_POINT if field in _DATE_DECODERS:
            return _DATE_DECODERS[field]
        case Coding.OPAQUE:
            return _variable_hex if field is DataField.VARIABLE else _hex
        case Coding.MANUFACTURER if field is DataField.INT16:
            return decode_manufacturer
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


def _secondary_address(raw: bytes) -> str:
    """Decode all eight bytes of a header: identification, manufacturer, version, device type [DOC48 §6.4.2]."""
    return f"{decode_identification(raw)} {decode_manufacturer(raw[4:6])} {raw[6]:02X} {raw[7]:02X}"


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
