"""The table of the values of all modules: numbers as numbers, units, states; as CSV and for Excel."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from cmi_gui.engine.files.table_text import RFC_4180, csv_file
from cmi_gui.engine.files.table_xlsx import xlsx_file
from cmi_gui.engine.site.model import Found, SiteModule, SiteReading
from cmi_gui.engine.site.values_table import available_codes, cell_of, energy_codes, values_table

AT = datetime(2026, 11, 30, 9, 12, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Stockholm")


def reading(code: str, value: str, unit: str = "", at: datetime = AT) -> SiteReading:
    return SiteReading(code=code, value=value, unit=unit, at=at)


def row(place: str, *readings: SiteReading, **more: str) -> SiteModule:
    found = Found(id="50100007", manufacturer="ELV", version=1, device_type=2, at=AT)
    return SiteModule(place=place, found=found, readings={each.code: each for each in readings}, **more)


ROWS = [
    row("flat 11", reading("1.8.0", "061561.289", "kWh"), reading("C.1.0", "33456788"), meter_read="33456788"),
    row("=1+1", reading("1.8.0", "000000.100", "kWh"), reading("2.8.0", "5", "kWh"), serial="50100008"),
    row("flat 13", reading("1.8.0", "7", "MWh"), meter="33456790", failure="meter silent"),
    SiteModule(place="flat 14", meter="33456791"),
]


def test_codes_are_in_the_order_of_the_meters() -> None:
    assert available_codes(ROWS) == ["1.8.0", "C.1.0", "2.8.0"]
    assert energy_codes(ROWS) == ["1.8.0", "2.8.0"]
    units = {"1.8.0": "kWh", "3.8.1": "kvarh", "82.8.1": "", "32.7": "V", "1.6.1": "kW", "1-0:2.8.0*255": "Wh"}
    kept = energy_codes([row("x", *(reading(code, "1", unit) for code, unit in units.items()))])
    assert kept == ["1-0:2.8.0*255", "1.8.0", "3.8.1"]
    codes = ["1.8.1", "1.8.0", "15.8.0", "2.8.0"]
    kept = energy_codes([row("x", *(reading(code, "1", "kWh") for code in codes))])
    assert kept == ["1.8.0", "1.8.1", "2.8.0", "15.8.0"]


def test_the_table() -> None:
    table = values_table(ROWS, ["1.8.0", "2.8.0", "C.1.0"], zone=ZONE)
    assert [column.title for column in table.columns] == [
        *("place", "meter", "module", "state", "read at"),
        *("1.8.0", "unit of 1.8.0", "2.8.0 kWh", "C.1.0"),
    ]
    local = AT.astimezone(ZONE)
    assert list(table.rows) == [
        ["flat 11", "33456788", "50100007", "found", local, Decimal("61561.289"), "kWh", None, "33456788"],
        ["=1+1", "", "50100008", "found", local, Decimal("0.100"), "kWh", Decimal(5), None],
        ["flat 13", "33456790", "50100007", "meter silent", local, Decimal(7), "MWh", None, None],
        ["flat 14", "33456791", "", "not found yet", None, None, None, None, None],
    ]


@pytest.mark.parametrize(
    ("code", "value", "unit", "cell"),
    [
        ("1.8.0", "061561.289", "kWh", Decimal("61561.289")),
        ("16.7", "-000.51", "kW", Decimal("-0.51")),
        ("1.6.1 (2)", "000.01", "kW", Decimal("0.01")),
        ("1.6.1", "000.01*kW)(17-11-02 08:30", "", "000.01*kW)(17-11-02 08:30"),
        ("0.9.1", "101500", "", "101500"),
        ("C.1.0", "33456788", "", "33456788"),
        ("F.F", "00", "", "00"),
        ("1.8.0", ")(", "", ")("),
        ("1.8.0", "", "kWh", ""),
        ("", "1", "", "1"),
    ],
)
def test_only_measurements_are_numbers(code: str, value: str, unit: str, cell: Decimal | str) -> None:
    assert cell_of(reading(code, value, unit)) == cell


def test_as_csv_and_for_excel() -> None:
    data = b"".join(csv_file(values_table(ROWS, ["1.8.0"], zone=ZONE), RFC_4180))
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert lines[1][5:] == ["61561.289", "kWh"]
    assert lines[2][0] == "'=1+1"
    assert lines[1][4] == "2026-11-30T10:12:00.000+01:00"
    book = load_workbook(io.BytesIO(b"".join(xlsx_file(values_table(ROWS, ["1.8.0"], zone=ZONE)))))
    cells = list(book.active.iter_rows(min_row=2, values_only=True))
    assert cells[0][0] == "flat 11"
    assert cells[0][6:] == (61561.289, "kWh")
    assert cells[1][0] == "=1+1"
    assert book.active["A3"].data_type == "s"
