"""Data types: worked bytes, and round trips."""

from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.mbus.datatypes import (
    DateType,
    Missing,
    NotDecimal,
    Periodic,
    decode_bcd,
    decode_date,
    decode_datetime,
    decode_datetime_seconds,
    decode_int,
    decode_manufacturer,
    decode_real,
    decode_text,
    decode_time,
    decode_unsigned,
    encode_bcd,
    encode_manufacturer,
    encode_text,
    is_summer_time,
)
from cmi_gui.engine.mbus.lvar import (
    decode_lvar,
    encode_lvar_text,
    lvar_size,
)
from tests.engine.mbus.record_encoder import (
    encode_date,
    encode_datetime,
    encode_datetime_seconds,
    encode_int,
    encode_lvar,
    encode_lvar_bcd,
    encode_lvar_binary,
    encode_real,
    encode_time,
    encode_unsigned,
)


def h(text: str) -> bytes:
    return bytes.fromhex(text)


def code_bytes(code: int) -> bytes:
    return code.to_bytes(2, "little")


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("78 56 34 12", 12345678),
        ("23 F1", -123),
        ("01 F0", -1),
        ("00 F0", 0),
        ("FF FF", NotDecimal("FFFF")),
        ("1A 00", NotDecimal("001A")),
        ("F1 00", NotDecimal("00F1")),
        ("00 E1", NotDecimal("E100")),
        ("", Missing.NO_DATA),
    ],
)
def test_bcd(raw: str, value: int | NotDecimal | Missing) -> None:
    assert decode_bcd(h(raw)) == value
    assert type(decode_bcd(h(raw))) is type(value)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("FF", -1),
        ("7F", 127),
        ("81", -127),
        ("80", Missing.INVALID),
        ("00 80", Missing.INVALID),
        ("00 00 00 80", Missing.INVALID),
        ("", Missing.NO_DATA),
    ],
)
def test_signed(raw: str, value: int | Missing) -> None:
    assert decode_int(h(raw)) == value


def test_unsigned_has_no_invalid_value() -> None:
    assert [decode_unsigned(h(raw)) for raw in ("80", "FF FF", "")] == [128, 65535, Missing.NO_DATA]


@pytest.mark.parametrize("raw", ["00 00 C0 7F", "00 00 80 7F", "00 00 80 FF", "01 00 80 7F"])
def test_real_without_a_number(raw: str) -> None:
    assert decode_real(h(raw)) is Missing.NOT_AVAILABLE


def test_real_is_exact() -> None:
    assert decode_real(struct.pack("<f", 0.1)) == Decimal("0.100000001490116119384765625")
    smallest = decode_real(h("01 00 00 00"))
    assert isinstance(smallest, Decimal)
    assert smallest.as_integer_ratio() == (1, 2**149)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("5F 1C", date(2010, 12, 31)),
        ("01 A1", date(2080, 1, 1)),
        ("21 A1", date(1981, 1, 1)),
        ("FF FF", Missing.NOT_SET),
        ("00 00", Missing.NOT_SET),
        ("81 C1", Missing.INVALID),  # year 100
        ("1E 02", Missing.INVALID),  # 30 February
        ("01 0D", Missing.INVALID),  # month 13
        ("01 00", Missing.INVALID),  # month 0
        ("FF FC", Periodic(DateType.G, None, 12, 31)),
        ("E1 FF", Periodic(DateType.G, None, None, 1)),
        ("E0 FF", Periodic(DateType.G)),
    ],
)
def test_date(raw: str, value: object) -> None:
    assert decode_date(h(raw)) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("1D 0D 98 11", datetime(2012, 1, 24, 13, 29)),
        ("1D 2D 98 11", datetime(2012, 1, 24, 13, 29)),  # with its century
        ("1D 4D 98 11", datetime(2112, 1, 24, 13, 29)),
        ("1D 0D 78 C1", datetime(1999, 1, 24, 13, 29)),
        ("1D 8D 98 11", datetime(2012, 1, 24, 13, 29)),  # summer time
        ("9D 0D 98 11", Missing.INVALID),  # its own invalid bit
        ("3C 0D 98 11", Missing.INVALID),  # minute 60
        ("1D 18 98 11", Missing.INVALID),  # hour 24
        ("1D 0D 9E 12", Missing.INVALID),  # 30 February
        ("FF FF FF FF", Missing.NOT_SET),
        ("00 00 00 00", Missing.NOT_SET),
        ("00 06 E0 FF", Periodic(DateType.F, hour=6, minute=0)),
        ("3F 0D 98 11", Periodic(DateType.F, 2012, 1, 24, 13)),
    ],
)
def test_datetime(raw: str, value: object) -> None:
    assert decode_datetime(h(raw)) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("85 1D 4D 98 11 04", datetime(2012, 1, 24, 13, 29, 5)),
        ("05 1D 0D 98 11 00", datetime(2012, 1, 24, 13, 29, 5)),
        ("05 9D 0D 98 11 00", Missing.INVALID),
        ("3C 1D 0D 98 11 00", Missing.INVALID),
        ("05 1D 0D 9E 12 00", Missing.INVALID),
        ("FF FF FF FF FF FF", Missing.NOT_SET),
        ("00 00 00 00 00 00", Missing.NOT_SET),
        ("05 1D 0D E0 F0 00", Periodic(DateType.I, hour=13, minute=29, second=5)),
        ("3F 1D 0D 98 11 00", Periodic(DateType.I, 2012, 1, 24, 13, 29)),
    ],
)
def test_datetime_with_seconds(raw: str, value: object) -> None:
    assert decode_datetime_seconds(h(raw)) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("05 1D 0D", time(13, 29, 5)),
        ("00 00 00", time(0, 0, 0)),
        ("FF FF FF", Missing.NOT_SET),
        ("3C 00 00", Missing.INVALID),
        ("00 3C 00", Missing.INVALID),
        ("00 00 18", Missing.INVALID),
        ("3F 3F 06", Periodic(DateType.J, hour=6)),
        ("3C 3F 06", Missing.INVALID),
        ("3F 3C 06", Missing.INVALID),
        ("3F 3F 18", Missing.INVALID),
        ("00 3C 1F", Missing.INVALID),
    ],
)
def test_time(raw: str, value: object) -> None:
    assert decode_time(h(raw)) == value


def test_summer_time_bits() -> None:
    when = datetime(2026, 7, 1, 12, 30, 15)
    for encode in (encode_datetime, encode_datetime_seconds):
        assert is_summer_time(encode(when, summer_time=True))
        assert not is_summer_time(encode(when))
        assert encode(when) != encode(when, summer_time=True)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Periodic(DateType.G, None, 12, 31), "XXXX-12-31"),
        (Periodic(DateType.F, hour=6, minute=0), "XXXX-XX-XXT06:00"),
        (Periodic(DateType.I, 2026, hour=6), "2026-XX-XXT06:XX:XX"),
        (Periodic(DateType.J, minute=5), "XX:05:XX"),
    ],
)
def test_periodic_times_in_words(value: Periodic, text: str) -> None:
    assert str(value) == text


@pytest.mark.parametrize(
    ("letters", "code"), [("ELV", 0x1596), ("LGZ", 0x30FA), ("LGB", 0x30E2), ("ABB", 0x0442), ("PAD", 0x4024)]
)
def test_manufacturers(letters: str, code: int) -> None:
    assert decode_manufacturer(code_bytes(code)) == letters
    assert encode_manufacturer(letters) == code


@pytest.mark.parametrize("letters", ["", "EL", "ELVA", "El1", "ÄBC"])
def test_no_manufacturer(letters: str) -> None:
    with pytest.raises(ValueError, match="three letters"):
        encode_manufacturer(letters)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("04 31 30 34 30", "0401"),
        ("00", ""),
        ("01 E5", "å"),
        ("C2 34 12", 1234),
        ("D2 34 12", -1234),
        ("C2 34 F2", NotDecimal("F234")),
        ("D2 3A 12", NotDecimal("-123A")),
        ("C0", Missing.NO_DATA),
        ("E0", Missing.NO_DATA),
        ("E1 FF", -1),
        ("E4 EB 32 A4 F8", -123456789),
        ("F0 01" + "00" * 15, 1),
        ("F6 FF" + "00" * 63, 255),
    ],
)
def test_variable_length(raw: str, value: object) -> None:
    assert lvar_size(h(raw)[0]) == len(h(raw)) - 1
    assert decode_lvar(h(raw)) == value


def test_sizes_of_every_length_byte() -> None:
    known = {code: code for code in range(0xC0)}
    known |= {0xC0 + n: n for n in range(10)} | {0xD0 + n: n for n in range(10)} | {0xE0 + n: n for n in range(16)}
    known |= {0xF0: 16, 0xF1: 20, 0xF2: 24, 0xF3: 28, 0xF4: 32, 0xF5: 48, 0xF6: 64}
    assert [lvar_size(code) for code in range(256)] == [known.get(code) for code in range(256)]


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: encode_bcd(10000, 2),
        lambda: encode_bcd(-1000, 2),
        lambda: encode_int(128, 1),
        lambda: encode_int(-128, 1),  # would mean invalid
        lambda: encode_unsigned(256, 1),
        lambda: encode_unsigned(-1, 1),
        lambda: encode_real(Decimal("1e40")),
        lambda: encode_text("€"),
        lambda: encode_lvar_text("x" * 192),
        lambda: encode_lvar_bcd(1, 10),
        lambda: encode_lvar_bcd(100, 1),
        lambda: encode_lvar_binary(1, 17),
        lambda: encode_lvar_binary(1, 0),
        lambda: encode_lvar(1),
        lambda: encode_lvar(1, 0x04),
        lambda: encode_lvar(1, 0xCA),
        lambda: encode_date(date(2081, 1, 1)),
        lambda: encode_date(date(1980, 1, 1)),
        lambda: encode_datetime(datetime(1980, 1, 1)),
        lambda: encode_datetime(datetime(2300, 1, 1)),
        lambda: encode_datetime_seconds(datetime(2081, 1, 1)),
    ],
)
def test_values_that_do_not_fit_are_refused(attempt: object) -> None:
    with pytest.raises(ValueError):
        attempt()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (lambda: encode_bcd(10000, 2), "10000 has more than the 4 digits of the data field"),
        (lambda: encode_bcd(-1000, 2), "-1000 has more than the 4 digits of the data field"),
        (lambda: encode_int(128, 1), "128 does not fit 1 bytes with sign"),
        (lambda: encode_int(-32768, 2), "-32768 does not fit 2 bytes with sign"),
        (lambda: encode_unsigned(65536, 2), "65536 does not fit 2 bytes without sign"),
        (lambda: encode_unsigned(-1, 4), "-1 does not fit 4 bytes without sign"),
        (lambda: encode_real(Decimal("1e40")), "1E+40 is no single precision number"),
        (lambda: encode_text("2 €"), "'€' is not in ISO 8859-1"),
        (lambda: encode_manufacturer("elv"), "a manufacturer is three letters A to Z, not 'elv'"),
        (lambda: encode_manufacturer("ELVA"), "a manufacturer is three letters A to Z, not 'ELVA'"),
        (lambda: encode_date(date(2081, 1, 1)), "the year 2081 is outside 1981 to 2080"),
        (lambda: encode_date(date(1980, 1, 1)), "the year 1980 is outside 1981 to 2080"),
        (lambda: encode_datetime(datetime(1980, 1, 1)), "the year 1980 is outside 1981 to 2299"),
        (lambda: encode_datetime(datetime(2300, 1, 1)), "the year 2300 is outside 1981 to 2299"),
        (lambda: encode_datetime_seconds(datetime(2081, 1, 1)), "the year 2081 is outside 1981 to 2080"),
    ],
)
def test_the_error_names_the_value_that_does_not_fit(attempt: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError) as caught:
        attempt()
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("value", "size", "raw"),
    [
        (9999, 2, "99 99"),
        (-999, 2, "99 F9"),
        (-1, 1, "F1"),
        (0, 1, "00"),
        (7, 3, "07 00 00"),
    ],
)
def test_bcd_bytes(value: int, size: int, raw: str) -> None:
    assert encode_bcd(value, size) == h(raw)


@pytest.mark.parametrize(
    ("value", "size", "raw"), [(127, 1, "7F"), (-127, 1, "81"), (32767, 2, "FF 7F"), (-32767, 2, "01 80")]
)
def test_signed_bytes(value: int, size: int, raw: str) -> None:
    assert encode_int(value, size) == h(raw)


@pytest.mark.parametrize(("value", "size", "raw"), [(0, 1, "00"), (255, 1, "FF"), (65535, 2, "FF FF")])
def test_unsigned_bytes(value: int, size: int, raw: str) -> None:
    assert encode_unsigned(value, size) == h(raw)


def test_manufacturers_from_a_to_z() -> None:
    assert (encode_manufacturer("AAA"), encode_manufacturer("ZZZ")) == (0x0421, 0x6B5A)
    assert (decode_manufacturer(code_bytes(0x0421)), decode_manufacturer(code_bytes(0x6B5A))) == ("AAA", "ZZZ")
    assert decode_manufacturer(code_bytes(0)) == "@@@"
    assert decode_manufacturer(code_bytes(0xFFFF)) == "___"


# Bytes of dates and times, and their limits [DOC48 annex A].


@pytest.mark.parametrize(
    ("value", "raw"),
    [
        (date(2010, 12, 31), "5F 1C"),
        (date(1981, 1, 1), "21 A1"),
        (date(2080, 12, 31), "1F AC"),
        (date(2000, 2, 29), "1D 02"),
        (date(1999, 9, 9), "69 C9"),
        (date(2007, 1, 1), "E1 01"),
        (date(2008, 1, 1), "01 11"),
        (Periodic(DateType.G, 2026, None, 1), "41 3F"),
        (Periodic(DateType.G, None, 12, 31), "FF FC"),
    ],
)
def test_dates_byte_for_byte(value: date | Periodic, raw: str) -> None:
    assert encode_date(value) == h(raw)
    assert decode_date(h(raw)) == value


@pytest.mark.parametrize(
    ("value", "raw"),
    [
        (datetime(2012, 1, 24, 13, 29), "1D 0D 98 11"),
        (datetime(1981, 1, 1), "00 00 21 A1"),
        (datetime(2080, 12, 31, 23, 59), "3B 17 1F AC"),
        (datetime(2081, 1, 1), "00 20 21 A1"),
        (datetime(2099, 1, 1), "00 20 61 C1"),
        (datetime(2100, 1, 1), "00 40 01 01"),
        (datetime(2199, 1, 1), "00 40 61 C1"),
        (datetime(2200, 1, 1), "00 60 01 01"),
        (datetime(2299, 12, 31, 23, 59), "3B 77 7F CC"),
        (Periodic(DateType.F, None, 12, 31, 6, 0), "00 06 FF FC"),
        (Periodic(DateType.F, 2012, 1, 24, None, 29), "1D 1F 98 11"),
        (Periodic(DateType.F, 2012, 1, 24, 13, None), "3F 0D 98 11"),
        (Periodic(DateType.F, 2012, 1, None, 13, 29), "1D 0D 80 11"),
        (Periodic(DateType.F, 2012, None, 24, 13, 29), "1D 0D 98 1F"),
    ],
)
def test_datetimes_byte_for_byte(value: datetime | Periodic, raw: str) -> None:
    assert encode_datetime(value) == h(raw)
    summer = encode_datetime(value, summer_time=True)
    assert summer == bytes((h(raw)[0], h(raw)[1] | 0x80)) + h(raw)[2:]
    assert decode_datetime(h(raw)) == value


@pytest.mark.parametrize(
    ("value", "raw"),
    [
        (datetime(2012, 1, 24, 13, 29, 5), "85 1D 4D 98 11 04"),  # leap year, Tuesday of week 4
        (datetime(2013, 1, 6, 23, 59, 59), "3B 3B F7 A6 11 01"),  # Sunday of week 1
        (datetime(2026, 12, 28, 0, 0, 0), "00 00 20 5C 3C 35"),  # Monday of week 53
        (Periodic(DateType.I, 2012, 1, 24, 13, 29, None), "3F 1D 0D 98 11 00"),
        (Periodic(DateType.I, None, None, None, 13, 29, 5), "05 1D 0D E0 F0 00"),
        (Periodic(DateType.I, 2012, None, 24, 13, 29, 5), "05 1D 0D 98 10 00"),
        (Periodic(DateType.I, 2012, 1, 24, None, 29, 5), "05 1D 1F 98 11 00"),
        (Periodic(DateType.I, 2012, 1, 24, 13, None, 5), "05 3F 0D 98 11 00"),
    ],
)
def test_datetimes_with_seconds_byte_for_byte(value: datetime | Periodic, raw: str) -> None:
    assert encode_datetime_seconds(value) == h(raw)
    assert encode_datetime_seconds(value, summer_time=True) == bytes((h(raw)[0] | 0x40,)) + h(raw)[1:]
    assert decode_datetime_seconds(h(raw)) == value


@pytest.mark.parametrize(
    ("value", "raw"),
    [
        (time(13, 29, 5), "05 1D 0D"),
        (time(23, 59, 59), "3B 3B 17"),
        (Periodic(DateType.J, hour=6), "3F 3F 06"),
        (Periodic(DateType.J, minute=6), "3F 06 1F"),
        (Periodic(DateType.J, second=6), "06 3F 1F"),
    ],
)
def test_times_byte_for_byte(value: time | Periodic, raw: str) -> None:
    assert encode_time(value) == h(raw)
    assert decode_time(h(raw)) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("61 C1", date(1999, 1, 1)),  # year 99
        ("1F AC", date(2080, 12, 31)),
        ("1F 0C", date(2000, 12, 31)),
        ("01 01", date(2000, 1, 1)),
        ("C1 F1", Missing.INVALID),  # year 126
        ("E1 F1", Periodic(DateType.G, None, 1, 1)),  # year 127: every
        ("01 0E", Missing.INVALID),  # month 14
        ("01 0F", Periodic(DateType.G, 2000, None, 1)),
        ("00 01", Periodic(DateType.G, 2000, 1, None)),
        ("00 FF", Missing.INVALID),  # year 120
    ],
)
def test_edges_of_dates(raw: str, value: object) -> None:
    assert decode_date(h(raw)) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("3B 17 98 11", datetime(2012, 1, 24, 23, 59)),
        ("3E 17 98 11", Missing.INVALID),  # minute 62
        ("3B 1E 98 11", Missing.INVALID),  # hour 30
        ("3B 1F 98 11", Periodic(DateType.F, 2012, 1, 24, None, 59)),
        ("7B 17 98 11", datetime(2012, 1, 24, 23, 59)),  # a reserved bit
        ("00 60 01 01", datetime(2200, 1, 1)),
        ("00 00 01 01", datetime(2000, 1, 1)),
        ("00 20 61 C1", datetime(2099, 1, 1)),
        ("00 00 81 C1", Missing.INVALID),
        ("00 00 01 0D", Missing.INVALID),
        ("01 00 00 00", Missing.INVALID),  # month 0
        # Also of a recurring time.
        ("3C 06 E0 FF", Missing.INVALID),
        ("00 18 E0 FF", Missing.INVALID),
        ("3F 18 98 11", Missing.INVALID),
        ("3C 1F 98 11", Missing.INVALID),
        ("80 06 E0 FF", Missing.INVALID),
        ("00 06 E0 FD", Missing.INVALID),
    ],
)
def test_edges_of_datetimes(raw: str, value: object) -> None:
    assert decode_datetime(h(raw)) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("3B 3B 17 98 11 00", datetime(2012, 1, 24, 23, 59, 59)),
        ("7B 3B 17 98 11 00", datetime(2012, 1, 24, 23, 59, 59)),
        ("3B 7B 17 98 11 00", datetime(2012, 1, 24, 23, 59, 59)),  # the sign of summer time
        ("3B BB 17 98 11 00", Missing.INVALID),
        ("3E 3B 17 98 11 00", Missing.INVALID),
        ("3B 3C 17 98 11 00", Missing.INVALID),
        ("3B 3B 18 98 11 00", Missing.INVALID),
        ("3B 3B F7 98 11 3F", datetime(2012, 1, 24, 23, 59, 59)),
        ("3B 3B 17 81 C1 00", Missing.INVALID),  # year 100
        ("3B 3B 17 81 1D 00", Missing.INVALID),  # month 13
        ("3B 3B 17 98 1F 00", Periodic(DateType.I, 2012, None, 24, 23, 59, 59)),
        ("3B 3B 17 98 F1 00", Missing.INVALID),  # year 124
        # Also of a recurring time.
        ("05 3C 0D E0 F0 00", Missing.INVALID),
        ("3C 1D 0D E0 F0 00", Missing.INVALID),
        ("05 1D 18 E0 F0 00", Missing.INVALID),
        ("3F 3C 0D E0 F0 00", Missing.INVALID),
        ("05 1D 0D 98 FD 00", Missing.INVALID),
        ("00 00 00 00 00 01", Periodic(DateType.I, 2000, None, None, 0, 0, 0)),
    ],
)
def test_edges_of_datetimes_with_seconds(raw: str, value: object) -> None:
    assert decode_datetime_seconds(h(raw)) == value


def test_summer_time_is_one_bit_of_each_type() -> None:
    assert [is_summer_time(h(raw)) for raw in ("00 80 00 00", "FF 7F FF FF")] == [True, False]
    assert [is_summer_time(h(raw)) for raw in ("40 00 00 00 00 00", "BF FF FF FF FF FF")] == [True, False]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Periodic(DateType.G, 981, 2, 3), "0981-02-03"),
        (Periodic(DateType.F, 2026, 2, 3, 4, 5, 6), "2026-02-03T04:05"),
        (Periodic(DateType.I, 2026, 2, 3, 4, 5, 6), "2026-02-03T04:05:06"),
        (Periodic(DateType.J, 2026, 2, 3, 4, 5, 6), "04:05:06"),
        (Periodic(DateType.I), "XXXX-XX-XXTXX:XX:XX"),
    ],
)
def test_each_type_shows_its_own_fields(value: Periodic, text: str) -> None:
    assert str(value) == text


# Round trips.

sizes = st.integers(1, 8)
latin = st.text(st.characters(max_codepoint=255), max_size=191)
near_dates = st.dates(date(1981, 1, 1), date(2080, 12, 31))
minutes = st.datetimes(datetime(1981, 1, 1), datetime(2299, 12, 31)).map(lambda t: t.replace(second=0, microsecond=0))
seconds = st.datetimes(datetime(1981, 1, 1), datetime(2080, 12, 31)).map(lambda t: t.replace(microsecond=0))
maybe = st.none()
years = st.one_of(maybe, st.integers(1981, 2080))
months, days = st.one_of(maybe, st.integers(1, 12)), st.one_of(maybe, st.integers(1, 31))
hours, sixties = st.one_of(maybe, st.integers(0, 23)), st.one_of(maybe, st.integers(0, 59))


@given(sizes, st.data())
def test_bcd_round_trip(size: int, data: st.DataObject) -> None:
    value = data.draw(st.integers(1 - 10 ** (2 * size - 1), 10 ** (2 * size) - 1))
    raw = encode_bcd(value, size)
    assert len(raw) == size
    assert decode_bcd(raw) == value


@given(sizes, st.data())
def test_signed_round_trip(size: int, data: st.DataObject) -> None:
    limit = 1 << (8 * size - 1)
    value = data.draw(st.integers(1 - limit, limit - 1))
    assert decode_int(encode_int(value, size)) == value


@given(st.binary(min_size=1, max_size=8))
def test_integer_bytes_round_trip(raw: bytes) -> None:
    unsigned, signed = decode_unsigned(raw), decode_int(raw)
    assert isinstance(unsigned, int)
    assert encode_unsigned(unsigned, len(raw)) == raw
    if isinstance(signed, int):
        assert encode_int(signed, len(raw)) == raw
    else:
        assert raw == bytes(len(raw) - 1) + b"\x80"


@given(st.binary(min_size=4, max_size=4))
def test_real_bytes_round_trip(raw: bytes) -> None:
    value = decode_real(raw)
    if isinstance(value, Missing):
        assert raw[3] & 0x7F == 0x7F
        assert raw[2] & 0x80
    else:
        assert encode_real(value) in (raw, struct.pack("<f", 0.0) if value == 0 else raw)


@given(latin)
def test_text_round_trip(text: str) -> None:
    assert decode_text(encode_text(text)) == text
    assert decode_lvar(encode_lvar_text(text)) == text


@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_variable_numbers_round_trip(value: int) -> None:
    assert decode_lvar(encode_lvar_bcd(value, 9)) == value
    for size in (8, 15, 16, 20, 24, 28, 32, 48, 64):
        raw = encode_lvar_binary(value, size)
        assert decode_lvar(raw) == value
        assert encode_lvar(value, raw[0]) == raw


@given(near_dates)
def test_dates_round_trip(value: date) -> None:
    assert decode_date(encode_date(value)) == value


@given(minutes, st.booleans())
def test_datetimes_round_trip(value: datetime, summer_time: bool) -> None:
    raw = encode_datetime(value, summer_time=summer_time)
    assert decode_datetime(raw) == value
    assert is_summer_time(raw) == summer_time


@given(seconds, st.booleans())
def test_datetimes_with_seconds_round_trip(value: datetime, summer_time: bool) -> None:
    raw = encode_datetime_seconds(value, summer_time=summer_time)
    assert decode_datetime_seconds(raw) == value
    assert is_summer_time(raw) == summer_time
    assert raw[2] >> 5 == value.isoweekday()
    assert raw[5] == value.isocalendar().week


@given(st.times().map(lambda t: t.replace(microsecond=0)))
def test_times_round_trip(value: time) -> None:
    assert decode_time(encode_time(value)) == value


@given(years, months, days, hours, sixties, sixties)
def test_periodic_times_round_trip(
    year: int | None, month: int | None, day: int | None, hour: int | None, minute: int | None, second: int | None
) -> None:
    full = (year, month, day, hour, minute, second)
    if None in full[:3] and full[:3] != (None, None, 31):  # every 31st is FF FF, which means "not set"
        value = Periodic(DateType.G, year, month, day)
        assert decode_date(encode_date(value)) == value
    if None in full[:5]:
        value = Periodic(DateType.F, year, month, day, hour, minute)
        assert decode_datetime(encode_datetime(value)) == value
    if None in full:
        value = Periodic(DateType.I, year, month, day, hour, minute, second)
        assert decode_datetime_seconds(encode_datetime_seconds(value)) == value
    if None in full[3:]:
        value = Periodic(DateType.J, hour=hour, minute=minute, second=second)
        assert decode_time(encode_time(value)) == value


@given(st.binary(min_size=2, max_size=2), st.binary(min_size=4, max_size=4))
def test_canonical_date_bytes_round_trip(two: bytes, four: bytes) -> None:
    day, moment = decode_date(two), decode_datetime(four)
    if not isinstance(day, Missing):
        assert encode_date(day) == two
    if not isinstance(moment, Missing) and not four[1] & 0x60 and not four[0] & 0x40:
        assert encode_datetime(moment, summer_time=is_summer_time(four)) == four


@given(st.binary(min_size=6, max_size=6))
def test_decoders_accept_any_bytes(raw: bytes) -> None:
    for decode, size in ((decode_datetime_seconds, 6), (decode_datetime, 4), (decode_time, 3), (decode_date, 2)):
        assert decode(raw[:size]) is not None  # type: ignore[operator]
