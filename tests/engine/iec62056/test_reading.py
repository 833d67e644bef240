from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.iec62056.reading import Reading, read_line, read_lines


@pytest.mark.parametrize(
    ("line", "readings"),
    [
        ("1.8.0(061561.289*kWh)", [Reading("1.8.0", "061561.289", Decimal("61561.289"), "kWh")]),
        ("C.7.0(0008)", [Reading("C.7.0", "0008", Decimal(8))]),
        ("C.5.0(0401)", [Reading("C.5.0", "0401")]),
        ("0.9.1(102030)", [Reading("0.9.1", "102030")]),
        ("0.9.2(20201031)", [Reading("0.9.2", "20201031")]),
        ("0.0.0(12345678)", [Reading("0.0.0", "12345678")]),
        ("F.F.0(00000000)", [Reading("F.F.0", "00000000")]),
        ("C.1(11223344)", [Reading("C.1", "11223344")]),
        ("C.5(01)", [Reading("C.5", "01")]),
        ("1-0:0.9.1*255(102030)", [Reading("1-0:0.9.1*255", "102030")]),
        ("0-0:96.1.0*255(4530303030)", [Reading("0-0:96.1.0*255", "4530303030")]),
        ("0-0:1.0.0(171105201324)", [Reading("0-0:1.0.0", "171105201324")]),
        ("0.1.2*01(1711020830)", [Reading("0.1.2*01", "1711020830")]),
        ("0.1.0(17)", [Reading("0.1.0", "17", Decimal(17))]),
        ("C.8.0(00123456*min)", [Reading("C.8.0", "00123456", Decimal(123456), "min")]),
        ("C.10(1)", [Reading("C.10", "1", Decimal(1))]),
        ("1-0:1.8.0*255(061561.289*kWh)", [Reading("1-0:1.8.0*255", "061561.289", Decimal("61561.289"), "kWh")]),
        ("0.0(    12 )", [Reading("0.0", "    12 ")]),
        (
            "1.6.1(000.01*kW)(17-11-02 08:30)",
            [Reading("1.6.1", "000.01", Decimal("0.01"), "kW", ("17-11-02 08:30",))],
        ),
        (
            "6.8(0070641*kWh)6.26(01065.0*m3)",
            [
                Reading("6.8", "0070641", Decimal(70641), "kWh"),
                Reading("6.26", "01065.0", Decimal("1065.0"), "m3"),
            ],
        ),
        ("P.01(1*kW)(2*kW)(-)", [Reading("P.01", "1", Decimal(1), "kW", ("2*kW", "-"))]),
        ("6.33(1.2*m3/h)", [Reading("6.33", "1.2", Decimal("1.2"), "m3/h")]),
        ("1.8.0(----*kWh)", [Reading("1.8.0", "----*kWh")]),
        ("0.0(a(b)c)", [Reading("0.0", "a(b)c")]),
        ("(1)", []),
        ("1.8.0", []),
        ("no line", []),
    ],
)
def test_readings_of_a_line(line: str, readings: list[Reading]) -> None:
    assert list(read_line(line)) == readings


@pytest.mark.parametrize(
    ("code", "measured"),
    [
        *((code, False) for code in ("0.9.1", "0.9.2", "0.9.5", "0.0.0", "0.0", "0.0.9", "F.F.0", "F.F", "F")),
        *((code, False) for code in ("C.1", "C.1.6", "C.5", "C.5.0", "C.90.1", "0.2.1", "97.97", "0-0:96.1.0*255")),
        *((code, False) for code in ("C.2.1", "C.2.2", "C.2.9", "96.5.0", "0-0:96.5.1*255")),
        *((code, False) for code in ("1-0:0.9.2*255", "1-0:F.F*255", "1-1:C.5.0")),
        *((code, True) for code in ("1.8.0", "1-0:1.8.0*255", "C.7.0", "C.8.0", "0.1.0", "0.3.0", "82.8.1", "14.7")),
        *((code, True) for code in ("C.2.0", "96.50.1", "10.8.0", "1-0:1.6.1*01", "C.10", "0.90", "x")),
    ],
)
def test_codes_of_measured_values(code: str, measured: bool) -> None:
    (reading,) = read_line(f"{code}(1)")
    assert (reading.number is not None) is measured


def test_a_repeated_code_hides_nothing() -> None:
    readings = list(read_lines(["1.6.1(1*kW)", "1.6.1(2*kW)1.6.1(3*kW)", "1.6.2(4*kW)"]))
    assert [(reading.code, reading.value) for reading in readings] == [
        ("1.6.1", "1"),
        ("1.6.1 (2)", "2"),
        ("1.6.1 (3)", "3"),
        ("1.6.2", "4"),
    ]


@given(st.text(st.sampled_from("1.8(*)/!k "), max_size=20))
def test_no_line_is_refused_and_text_is_verbatim(line: str) -> None:
    readings = read_line(line)
    if len(readings) == 1:
        assert f"{readings[0].code}({readings[0].text})" == line
