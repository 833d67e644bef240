"""Readings as CSV: the exact bytes."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from datetime import timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.files.atomic_file import write_atomically
from cmi_gui.engine.files.csv_file import csv_text
from cmi_gui.engine.history.csv import HEADER, Row, csv_lines, merged, reading_rows, rows_of
from cmi_gui.engine.history.values import Quality, Sample, Series
from cmi_gui.engine.iec62056.reading import read_lines

SUMMER = timezone(timedelta(hours=2))
T0 = 1_790_000_000_123


def test_the_exact_bytes() -> None:
    rows = [
        Row(T0, "1.8.0", "061561.289", "kWh"),
        Row(T0 + 877, "32.7", "241", "V", Quality.LAST_KNOWN),
        Row(T0 + 60_000, "0.0", 'a "b", c', ""),
    ]
    assert b"".join(csv_lines(rows, SUMMER)) == (
        b"\xef\xbb\xbftime,code,meaning,value,unit,quality\r\n"
        b"2026-09-21T16:13:20.123+02:00,1.8.0,Active energy +A total,061561.289,kWh,measured\r\n"
        b"2026-09-21T16:13:21.000+02:00,32.7,Voltage L1,241,V,last known\r\n"
        b'2026-09-21T16:14:20.123+02:00,0.0,Customer identification,"a ""b"", c",,measured\r\n'
    )


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=8)), max_size=8))
def test_any_text_is_restored(cells: list[tuple[str, str]]) -> None:
    rows = [Row(T0, "0.0", text.replace("\x00", ""), unit.replace("\x00", "")) for text, unit in cells]
    content = b"".join(csv_lines(rows, SUMMER)).decode("utf-8-sig")
    head, *back = csv.reader(io.StringIO(content, newline=""))
    assert tuple(head) == HEADER
    assert len(back) == len(rows)
    for cells_back, row in zip(back, rows, strict=True):
        for cell, text in zip(cells_back[3:5], (row.text, row.unit), strict=True):
            # An apostrophe keeps a spreadsheet from running what begins like a formula.
            assert cell == text or (cell == f"'{text}" and text[0] in "=+-@\t\r\n")


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=HYPERLINK(A1)", "'=HYPERLINK(A1)"),
        ("+1-1", "'+1-1"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("-1.8.0", "'-1.8.0"),
        ("-12.5", "-12.5"),
        ("+7", "+7"),
        ("-1.5E-3", "-1.5E-3"),
        ("-0,5", "-0,5"),
        ("1-2", "1-2"),
        ("", ""),
    ],
)
def test_text_is_no_formula_and_numbers_stay(cell: str, written: str) -> None:
    (line,) = csv_text([(cell, -5)])
    assert next(csv.reader(io.StringIO(line, newline=""))) == [written, "-5"]


@given(st.lists(st.integers(0, 50_000), unique=True), st.integers(0, 50_000), st.integers(0, 50_000), st.integers(1, 7))
def test_rows_are_fetched_in_pieces_without_loss(times: list[int], begin: int, end: int, chunk: int) -> None:
    series = Series("m", "32.7", "V")
    samples = [Sample(series, time, str(time)) for time in sorted(times)]

    def fetch(start: int, limit: int) -> Sequence[Sample]:
        return [sample for sample in samples if sample.time >= start][: min(limit, chunk)]

    rows = list(rows_of(fetch, begin, end, chunk))
    assert [row.time for row in rows] == [time for time in sorted(times) if begin <= time < end]


def test_nothing_of_a_data_line_is_left_out() -> None:
    lines = ["1.6.1(000.01*kW)(17-11-02 08:30)", "6.8(0070641*kWh)6.26(01065.0*m3)", "1.6.1(000.02*kW)"]
    rows = [row for reading in read_lines(lines) for row in reading_rows(reading, 0)]
    assert [(row.code, row.text, row.unit) for row in rows] == [
        ("1.6.1", "000.01", "kW"),
        ("1.6.1", "17-11-02 08:30", ""),
        ("6.8", "0070641", "kWh"),
        ("6.26", "01065.0", "m3"),
        ("1.6.1 (2)", "000.02", "kW"),
    ]


def test_several_series_are_merged_by_time_then_in_their_order() -> None:
    one = iter([Row(1, "a", "", ""), Row(3, "a", "", "")])
    two = iter([Row(1, "b", "", ""), Row(2, "b", "", "")])
    assert [(row.time, row.code) for row in merged([one, two])] == [(1, "a"), (1, "b"), (2, "b"), (3, "a")]


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_an_export_can_lie_where_nothing_is_kept_from_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a USB stick, whose file system shows every file as everybody's."""
    real = os.fstat

    def everybodys(descriptor: int) -> os.stat_result:
        found = list(real(descriptor))
        found[0] |= 0o777
        return os.stat_result(found)

    monkeypatch.setattr("cmi_gui.engine.files.atomic_file.os.fstat", everybodys)
    rows = [Row(T0 + n, "32.7", str(n), "V") for n in range(3)]
    path = tmp_path / "stick" / "readings.csv"
    with pytest.raises(PermissionError):
        write_atomically(path, csv_lines(rows, SUMMER))
    assert list(path.parent.iterdir()) == []
    write_atomically(path, csv_lines(rows, SUMMER), private=False)
    assert path.read_bytes() == b"".join(csv_lines(rows, SUMMER))
    assert [entry.name for entry in path.parent.iterdir()] == ["readings.csv"]
