"""Limits of the readout mapping: lines outside the table, records that are not lines, and faulty tables."""

from __future__ import annotations

from typing import get_type_hints

import msgspec
import pytest

from cmi_gui.engine.cmi1020.readout_mapping import ReadoutMapping, load_mapping, mark_stale
from cmi_gui.engine.mbus.lvar import TextTooLong

MAPPING = load_mapping()


def h(text: str) -> bytes:
    return bytes.fromhex(text)


TARIFFS = {0: "04", 1: "84 10", 2: "84 20", 3: "84 30", 4: "84 80 10", 5: "84 90 10", 6: "84 A0 10"}
ENERGY = {
    # code: VIB with 3, 2 and 1 decimals (9, 8, 7 digits), and with 0 (6 digits).
    "1.8": ("03", "04", "05", "06"),
    "2.8": ("83 3C", "84 3C", "85 3C", "86 3C"),
    "3.8": ("FB 82 73", "FB 82 74", "FB 82 75", "FB 02"),
    "4.8": ("FB 82 F3 3C", "FB 82 F4 3C", "FB 82 F5 3C", "FB 82 3C"),
    "5.8": ("FB 82 F3 FC 08", "FB 82 F4 FC 08", "FB 82 F5 FC 08", "FB 82 FC 08"),
    "6.8": ("FB 82 F3 FC 09", "FB 82 F4 FC 09", "FB 82 F5 FC 09", "FB 82 FC 09"),
    "7.8": ("FB 82 F3 FC 0A", "FB 82 F4 FC 0A", "FB 82 F5 FC 0A", "FB 82 FC 0A"),
    "8.8": ("FB 82 F3 FC 0B", "FB 82 F4 FC 0B", "FB 82 F5 FC 0B", "FB 82 FC 0B"),
    "9.8": ("FB 84 73", "FB 84 74", "FB 84 75", "FB 04"),
    "10.8": ("FB 84 F3 3C", "FB 84 F4 3C", "FB 84 F5 3C", "FB 84 3C"),
}
UNITS = {"1": "kWh", "2": "kWh", "9": "kVAh", "10": "kVAh"}


@pytest.mark.parametrize("tariff", TARIFFS)
@pytest.mark.parametrize("group", ENERGY)
def test_every_energy_register_with_every_number_of_decimals(group: str, tariff: int) -> None:
    unit = UNITS.get(group.partition(".")[0], "kvarh")
    for decimals, vib in zip((3, 2, 1, 0), ENERGY[group], strict=True):
        figure = "012345" + ("." + "678"[:decimals] if decimals else "")
        line = f"{group}.{tariff}({figure}*{unit})"
        dib = h(TARIFFS[tariff])
        if decimals == 0:
            dib = bytes((dib[0] & 0xF0 | 0x03,)) + dib[1:]
        data = int(figure.replace(".", "")).to_bytes(3 if decimals == 0 else 4, "little")
        assert MAPPING.encode(line) == dib + h(vib) + data
        assert MAPPING.restore(dib, h(vib), data) == line
        assert MAPPING.code_of(dib, h(vib)) == f"{group}.{tariff}"


def test_a_tariff_beyond_six_is_plain_text() -> None:
    assert MAPPING.encode("1.8.7(000001.000*kWh)")[:2] == h("0D 7C")


@pytest.mark.parametrize(
    ("dib", "vib", "data"),
    [
        ("04", "03", "01 00 00"),  # not the size of the format
        ("04", "03", "01 00 00 00 00"),
        ("04", "03", "00 CA 9A 3B"),  # ten digits
        ("04", "03", "FF FF FF FF"),  # a sign in an unsigned format
        ("03", "AC FC 0C", "40 42 0F"),  # seven digits
        ("0C", "79", "73 24 89"),
        ("0C", "79", "73 24 89 7A"),
        ("0A", "7C 05 30 2E 37 2E 43", "0A 00"),
        ("0D", "FD 11", ""),
        ("0D", "FD 11", "C1 12"),
        ("0D", "FD 11", "02 41"),
        ("0D", "FD 11", "02 41 42 43"),
        ("0D", "7C 03 46 2E 46", ""),
        ("0D", "7C 03 46 2E 46", "C0"),
        ("0D", "7C 03 46 2E 46", "01"),
        ("0D", "7C 04 46 2E 46", "01 30"),  # a length that does not fit the code
        ("0D", "7C 02 46 2E 46", "01 30"),
        ("0D", "7C", "01 30"),
        ("0D", "FC 03 46 2E 46", "01 30"),
        ("0D", "7C 11" + " 31" * 17, "01 30"),
        ("0C", "7C 03 46 2E 46", "01 30"),
        ("01", "FD 1B", "00"),
        ("84 B0 10", "03", "01 00 00 00"),
    ],
)
def test_records_that_are_not_lines(dib: str, vib: str, data: str) -> None:
    assert MAPPING.restore(h(dib), h(vib), h(data)) is None


@pytest.mark.parametrize(
    ("dib", "vib", "code"),
    [
        ("04", "03", "1.8.0"),
        ("34", "03", "1.8.0"),
        ("84 A0 10", "03", "1.8.6"),
        ("0D", "7C 03 46 2E 46", "F.F"),
        ("3D", "7C 03 46 2E 46", "F.F"),
        ("0D", "7C 10" + " 31" * 16, "1" * 16),
        ("0D", "7C 00", ""),
        ("0D", "7C 01 21", None),  # "!": a whole line
        ("0D", "7C 11" + " 31" * 17, None),
        ("0D", "7C", None),
        ("0C", "7C 03 46 2E 46", None),
        ("4D", "7C 03 46 2E 46", None),  # storage 1
        ("04", "13", None),
    ],
)
def test_codes_of_records(dib: str, vib: str, code: str | None) -> None:
    assert MAPPING.code_of(h(dib), h(vib)) == code


@pytest.mark.parametrize("function", [0x10, 0x20, 0x30])
def test_the_function_field_does_not_matter(function: int) -> None:
    assert MAPPING.restore(bytes((0x04 | function,)), h("03"), h("01 00 00 00")) == "1.8.0(000000.001*kWh)"
    assert MAPPING.restore(bytes((0x84 | function, 0x10)), h("03"), h("01 00 00 00")) == "1.8.1(000000.001*kWh)"
    assert MAPPING.restore(bytes((0x0D | function,)), h("7C 03 46 2E 46"), h("02 30 30")) == "F.F(00)"


def test_a_stale_record_differs_in_its_function_field_only() -> None:
    assert mark_stale(h("04 03 01 00 00 00")) == h("34 03 01 00 00 00")
    assert mark_stale(h("84 10 03 01 00 00 00")) == h("B4 10 03 01 00 00 00")
    assert mark_stale(h("0D FD 11 00")) == h("3D FD 11 00")


@pytest.mark.parametrize(
    ("line", "table"),
    [
        ("1.8.0(999999.999*kWh)", True),
        ("1.8.0(1000000.999*kWh)", False),
        ("1.8.0(-00001.000*kWh)", False),
        ("1.8.0(+00001.000*kWh)", False),
        ("1.8.0(000001.000)", False),
        ("1.8.0(000001.000*kwh)", False),
        ("1.8.0(000001.0000*kWh)", False),
        ("1.8.0(00001.000*kWh)", False),
        ("1.8.0(000001,000*kWh)", False),
        ("1.8.0(00_001.000*kWh)", False),
        ("1.8.0(0000x1.000*kWh)", False),
        ("1.8.0(*kWh)", False),
        ("16.7(-999.99*kW)", True),
        ("16.7(-1000.00*kW)", False),
        ("1.7(-001.00*kW)", False),
        ("C.1.0(74892473)", True),
        ("C.1.0(7489247)", False),
        ("C.1.0(748924733)", False),
        ("C.1.0(7489247x)", False),
        ("C.1.0(1234567²)", False),
        ("C.7.0(0012)", True),
        ("C.7.0(012)", False),
        ("C.7.0(00120)", False),
        ("C.7.0(-012)", False),
        ("0.0(" + "x" * 191 + ")", True),
    ],
)
def test_lines_encoded_by_the_table(line: str, table: bool) -> None:
    assert (MAPPING.encode(line)[:2] != h("0D 7C")) is table


@pytest.mark.parametrize(
    ("line", "size"), [("0.0(" + "x" * 192 + ")", 192), ("9.9(" + "x" * 192 + ")", 192), ("x" * 192, 192)]
)
def test_a_text_beyond_191_characters_is_refused_with_its_size(line: str, size: int) -> None:
    with pytest.raises(TextTooLong) as caught:
        MAPPING.encode(line)
    assert str(caught.value) == f"a record holds at most 191 characters of text, not {size}"


def test_191_characters_are_encoded() -> None:
    line = "9.9(" + "x" * 191 + ")"
    record = MAPPING.encode(line)
    assert record[:6] == h("0D 7C 03 39 2E 39")
    assert record[6:] == b"\xbf" + b"x" * 191
    assert MAPPING.encode("x" * 191)[:3] == h("0D 7C 01")


@pytest.mark.parametrize(
    "line", ["(1)", "1)2(1)", "1/2(1)", "1!2(1)", "A" * 17 + "(1)", "\x1f(1)", "\x7f(1)", "1(1", "1(1)2"]
)
def test_a_line_without_a_code_is_sent_as_a_whole_line(line: str) -> None:
    record = MAPPING.encode(line)
    assert record == h("0D 7C 01 21") + bytes((len(line),)) + line[::-1].encode()
    assert MAPPING.restore(h("0D"), h("7C 01 21"), record[4:]) == line


def test_a_code_ends_at_the_first_bracket() -> None:
    assert MAPPING.encode("1(2(3)") == h("0D 7C 01 31 03 33 28 32")


@pytest.mark.parametrize("code", [" ", '"', "'", "*", "-", ".", "0", "~", "A" * 16, "1-0:1.8.0*255"])
def test_codes_in_escape_records(code: str) -> None:
    record = MAPPING.encode(f"{code}(1)")
    assert record == b"\x0d\x7c" + bytes((len(code),)) + code[::-1].encode() + b"\x011"
    assert MAPPING.code_of(record[:1], record[1:-2]) == code


@pytest.mark.parametrize(
    ("digits", "record"),
    [
        (2, "09 7C 03 39 2E 39 12"),
        (4, "0A 7C 03 39 2E 39 34 12"),
        (6, "0B 7C 03 39 2E 39 56 34 12"),
        (8, "0C 7C 03 39 2E 39 78 56 34 12"),
        (12, "0E 7C 03 39 2E 39 12 90 78 56 34 12"),
    ],
)
def test_counters_of_every_width(digits: int, record: str) -> None:
    kind = get_type_hints(ReadoutMapping.__init__)["table"]
    table = {"mapping_version": 1, "basis": "a test", "counter": [{"codes": ["9.9"], "digits": digits}]}
    mapping = ReadoutMapping(msgspec.convert(table, kind))
    line = f"9.9({'123456789012'[:digits]})"
    assert mapping.encode(line) == h(record)
    assert mapping.restore(h(record)[:1], h(record)[1:6], h(record)[6:]) == line
    assert mapping.encode(f"9.9({'1' * (digits + 1)})")[:2] == h("0D 7C")


@pytest.mark.parametrize(
    ("integer", "decimals", "field", "size"),
    [
        (1, 0, "02", 2),
        (2, 0, "02", 2),
        (3, 0, "02", 2),
        (2, 2, "02", 2),
        (5, 0, "03", 3),
        (3, 3, "03", 3),
        (7, 0, "04", 4),
        (8, 0, "04", 4),
        (6, 3, "04", 4),
    ],
)
def test_numbers_of_every_width(integer: int, decimals: int, field: str, size: int) -> None:
    kind = get_type_hints(ReadoutMapping.__init__)["table"]
    row = {"codes": ["9.9"], "integer": integer, "vib": {str(decimals): "2C"}, "signed": True}
    mapping = ReadoutMapping(msgspec.convert({"mapping_version": 1, "basis": "a test", "number": [row]}, kind))
    digits = "9" * integer + ("." + "9" * decimals if decimals else "")
    for line, value in (
        (f"9.9({digits})", 10 ** (integer + decimals) - 1),
        (f"9.9(-{digits})", 1 - 10 ** (integer + decimals)),
    ):
        record = h(field) + h("2C") + value.to_bytes(size, "little", signed=True)
        assert mapping.encode(line) == record
        assert mapping.restore(record[:1], record[1:2], record[2:]) == line
        assert mapping.restore(record[:1], record[1:2], record[2:] + b"\0") is None


def test_two_formats_with_one_header_are_refused() -> None:
    table = {
        "mapping_version": 1,
        "basis": "a test",
        "number": [
            {"codes": ["1.1"], "integer": 3, "vib": {"2": "2C"}},
            {"codes": ["2.2"], "integer": 3, "vib": {"2": "2C"}},
        ],
    }
    kind = get_type_hints(ReadoutMapping.__init__)["table"]
    with pytest.raises(ValueError) as caught:
        ReadoutMapping(msgspec.convert(table, kind))
    assert str(caught.value) == "readout table: 1.1 and 2.2 share 03 2C"


def test_the_codes_of_the_table_are_sorted_and_unique() -> None:
    codes = list(MAPPING.codes())
    assert codes == sorted(set(codes))
    assert {"1.8.0", "1.8.6", "C.7.0", "C.1.0", "0.0", "0.2.0", "16.7", "33.7"} <= set(codes)
    assert "1.8.7" not in codes
