"""OBIS lines to records and back."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cmi_gui.engine.cmi1020.readout_mapping import load_mapping, mark_stale
from cmi_gui.engine.mbus.lvar import TextTooLong

MAPPING = load_mapping()


def split(record: bytes) -> tuple[bytes, bytes, bytes]:
    """Return data information, value information (with the plain text after 7C) and data of a record."""
    at = 1
    while record[at - 1] & 0x80:
        at += 1
    dib, vib_start = record[:at], at
    if record[at] == 0x7C:
        at += 2 + record[at + 1]
    else:
        first = record[at]
        if first in (0xFB, 0xFD):
            at += 1
        while record[at] & 0x80:
            at += 1
        at += 1
    return dib, record[vib_start:at], record[at:]


# The table's examples


@pytest.mark.parametrize(
    ("line", "record"),
    [
        ("C.5.0(0401)", "0D 7C 05 30 2E 35 2E 43 04 31 30 34 30"),
        ("C.7.0(0008)", "0A 7C 05 30 2E 37 2E 43 08 00"),
        ("1.8.0(061561.289*kWh)", "04 03 C9 59 AB 03"),
        ("31.7(000.35*A)", "03 FD DA FC 01 23 00 00"),
        ("16.7(001.66*kW)", "03 AC FC 0C A6 00 00"),
        ("16.7(-001.66*kW)", "03 AC FC 0C 5A FF FF"),
        ("1.8.0(000065.3*kWh)", "04 05 8D 02 00 00"),
        ("1.8.0(000065*kWh)", "03 06 41 00 00"),
        ("1.8.1(042951.721*kWh)", "84 10 03 29 64 8F 02"),
        ("1.8.4(000000.001*kWh)", "84 80 10 03 01 00 00 00"),
        ("1.8.6(000000.001*kWh)", "84 A0 10 03 01 00 00 00"),
        ("2.8.2(000010.188*kWh)", "84 20 83 3C CC 27 00 00"),
        ("15.8.0(061571.780*kWh)", "04 83 FC 10 C4 82 AB 03"),
        ("3.8.0(000000.000*kvarh)", "04 FB 82 73 00 00 00 00"),
        ("3.8.0(000000*kvarh)", "03 FB 02 00 00 00"),
        ("4.8.0(000000.00*kvarh)", "04 FB 82 F4 3C 00 00 00 00"),
        ("8.8.1(000123.456*kvarh)", "84 10 FB 82 F3 FC 0B 40 E2 01 00"),
        ("9.8.0(000001.000*kVAh)", "04 FB 84 73 E8 03 00 00"),
        ("10.8.3(000001.000*kVAh)", "84 30 FB 84 F3 3C E8 03 00 00"),
        ("32.7(241*V)", "02 FD C9 FC 01 F1 00"),
        ("72.7(241.5*V)", "02 FD C8 FC 03 6F 09"),
        ("53.7(000.98)", "03 FD BA F4 FC 02 62 00 00"),
        ("13.7(000.980)", "03 FD BA 73 D4 03 00"),
        ("14.7(050.01*Hz)", "03 FB 2D 89 13 00"),
        ("14.7(050.0*Hz)", "02 FB 2E F4 01"),
        ("56.7(-001.00*kW)", "03 AC FC 8C FC 02 9C FF FF"),
        ("2.7(000.500*kW)", "03 AB 3C F4 01 00"),
        ("82.8.1(0012)", "0A 7C 06 31 2E 38 2E 32 38 12 00"),
        ("C.1.0(74892473)", "0C 79 73 24 89 74"),
        ("0.0(          000000)", "0D FD 11 10 30 30 30 30 30 30 20 20 20 20 20 20 20 20 20 20"),
        ("0.2.0(M26)", "0D FD 0E 03 36 32 4D"),
        ("C.1.1(        )", "0D 7C 05 31 2E 31 2E 43 08 20 20 20 20 20 20 20 20"),
        ("F.F(00)", "0D 7C 03 46 2E 46 02 30 30"),
        ("0.9.1(12:34:56)", "0D 7C 05 31 2E 39 2E 30 08 36 35 3A 34 33 3A 32 31"),
        # not in the format of the table: verbatim
        ("32.7.0(241*V)", "0D 7C 06 30 2E 37 2E 32 33 05 56 2A 31 34 32"),
        ("C.7.0(8)", "0D 7C 05 30 2E 37 2E 43 01 38"),
        ("16.7(-000.00*kW)", "0D 7C 04 37 2E 36 31 0A 57 6B 2A 30 30 2E 30 30 30 2D"),
        ("1.8.0()", "0D 7C 05 30 2E 38 2E 31 00"),
        (
            "1.6.0(1.2*kW)(2101010000)",
            "0D 7C 05 30 2E 36 2E 31 12 30 30 30 30 31 30 31 30 31 32 28 29 57 6B 2A 32 2E 31",
        ),
        ("C.1.0(1234567A)", "0D 7C 05 30 2E 31 2E 43 08 41 37 36 35 34 33 32 31"),
    ],
)
def test_exact_bytes(line: str, record: str) -> None:
    assert MAPPING.encode(line) == bytes.fromhex(record)
    assert MAPPING.restore(*split(bytes.fromhex(record))) == line


def test_every_code_of_the_table_has_its_own_records() -> None:
    assert "1.8.6" in MAPPING.codes()
    # Building the mapping raises if two formats share a header, so there is a header for each format.
    assert len(MAPPING._codes) == sum(map(len, MAPPING._formats.values()))


codes = st.one_of(
    st.sampled_from(sorted(MAPPING.codes())),
    st.text("0123456789.CFL*", min_size=0, max_size=16),
)
numbers = st.builds(
    lambda sign, integer, decimals, unit: f"{sign}{integer}{decimals}{unit}",
    st.sampled_from(["", "-", "+"]),
    st.text("0123456789", min_size=0, max_size=7),
    st.one_of(st.just(""), st.text("0123456789", max_size=4).map(lambda digits: "." + digits)),
    st.sampled_from(["", "*kWh", "*kvarh", "*kVAh", "*kW", "*V", "*A", "*Hz", "*", "*kwh"]),
)
values = st.one_of(numbers, st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=60))


@settings(max_examples=400)
@given(codes, values)
@example("16.7", "-000.00*kW")
@example("1.8.0", "999999.999*kWh")
@example("C.7.0", " 123")
@example("0.0", " " * 16)
@example("", "")
@example("!", "abc")
@example("1.8.0!", "abc")
@example("1/8", "abc")
@example("A" * 16, "abc")
@example("A" * 17, "abc")
def test_every_line_is_restored_exactly(code: str, value: str) -> None:
    line = f"{code}({value})"
    assert MAPPING.restore(*split(MAPPING.encode(line))) == line


@given(st.text(st.characters(min_codepoint=0, max_codepoint=0x7E), max_size=78))
def test_text_that_is_not_a_line_is_restored(text: str) -> None:
    assert MAPPING.restore(*split(MAPPING.encode(text))) == text


@given(st.sampled_from(sorted(MAPPING.codes())), st.integers(0, 10**9 - 1), st.integers(0, 3))
def test_layout_depends_on_digits_never_on_the_value(code: str, number: int, decimals: int) -> None:
    unit = {"1": "*kWh", "2": "*kWh"}.get(code.split(".")[0], "")
    digits = f"{number % 10 ** (6 + decimals):0{6 + decimals}d}"
    text = digits[:6] + ("." + digits[6:] if decimals else "") + unit
    zero = "".join("0" if char.isdigit() else char for char in text)
    head = split(MAPPING.encode(f"{code}({text})"))[:2]
    assert head == split(MAPPING.encode(f"{code}({zero})"))[:2]


def test_lines_of_stale_records_are_restored() -> None:
    for line in ("1.8.4(000001.000*kWh)", "C.5.0(0401)", "C.7.0(0008)"):
        dib, vib, data = split(mark_stale(MAPPING.encode(line)))
        assert dib[0] & 0x30 == 0x30
        assert MAPPING.restore(dib, vib, data) == line
        assert MAPPING.code_of(dib, vib) == line.partition("(")[0]


def test_other_records_are_not_lines() -> None:
    assert MAPPING.restore(b"\x01", b"\xfd\x1b", b"\x00") is None
    assert MAPPING.restore(b"\x0d", b"\x7c\x03abc", b"\xc1\x12") is None
    assert MAPPING.code_of(b"\x04", b"\x13") is None


def test_a_line_too_long_for_a_record_is_refused() -> None:
    with pytest.raises(TextTooLong, match="191 characters of text, not 200"):
        MAPPING.encode(f"0.0({'x' * 200})")
