"""Readings as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.history.reading_table import (
    Row,
    merged,
    note_rows,
    power_rows,
    reading_rows,
    reading_table,
    rows_of,
)
from cmi_gui.engine.history.values import Note, Quality, Sample, Series
from cmi_gui.engine.iec62056.reading import read_lines
from cmi_gui.engine.messages import Message

SUMMER = timezone(timedelta(hours=2))
T0 = 1_790_000_000_123


def test_the_columns_and_the_cells() -> None:
    rows = [Row(T0, "1.8.0", Decimal("61561.289"), "kWh"), Row(T0 + 877, "9.9", "a", "", Quality.LAST_KNOWN)]
    table = reading_table(rows, zone=SUMMER)
    assert [column.title for column in table.columns] == ["time", "code", "meaning", "value", "unit", "quality"]
    when = datetime(2026, 9, 21, 16, 13, 20, 123_000, SUMMER)
    assert list(table.rows) == [
        (when, "1.8.0", "Active energy +A total", Decimal("61561.289"), "kWh", "measured"),
        (when + timedelta(milliseconds=877), "9.9", "", "a", "", "last known"),
    ]


def test_titles_meanings_and_qualities_are_translated() -> None:
    def words(message: Message) -> str:
        return str(message).upper()

    table = reading_table([Row(T0, "32.7", Decimal(241), "V")], words, SUMMER)
    assert (table.name, table.columns[0].title, table.columns[0].offset) == ("READINGS", "TIME", "HOURS FROM UTC")
    assert [row[2:] for row in table.rows] == [("VOLTAGE L1", Decimal(241), "V", "MEASURED")]


@given(st.lists(st.integers(0, 50_000), unique=True), st.integers(0, 50_000), st.integers(0, 50_000), st.integers(1, 7))
def test_rows_are_fetched_in_pieces_without_loss(times: list[int], begin: int, end: int, chunk: int) -> None:
    series = Series("m", "32.7", "V")
    samples = [Sample(series, time, str(time)) for time in sorted(times)]

    def fetch(start: int, limit: int) -> Sequence[Sample]:
        return [sample for sample in samples if sample.time >= start][: min(limit, chunk)]

    rows = list(rows_of(fetch, begin, end, chunk))
    assert [row.time for row in rows] == [time for time in sorted(times) if begin <= time < end]


def test_every_data_set_of_a_line_is_exported() -> None:
    lines = ["1.6.1(000.01*kW)(17-11-02 08:30)", "6.8(0070641*kWh)6.26(01065.0*m3)", "1.6.1(000.02*kW)"]
    rows = [row for reading in read_lines(lines) for row in reading_rows(reading, 0)]
    assert [(row.code, row.value, row.unit) for row in rows] == [
        ("1.6.1", Decimal("0.01"), "kW"),
        ("1.6.1", "17-11-02 08:30", ""),
        ("6.8", Decimal(70641), "kWh"),
        ("6.26", Decimal("1065.0"), "m3"),
        ("1.6.1 (2)", Decimal("0.02"), "kW"),
    ]


def test_several_series_are_merged_by_time_then_in_their_order() -> None:
    one = iter([Row(1, "a", "", ""), Row(3, "a", "", "")])
    two = iter([Row(1, "b", "", ""), Row(2, "b", "", "")])
    assert [(row.time, row.code) for row in merged([one, two])] == [(1, "a"), (1, "b"), (2, "b"), (3, "a")]


def energy(*readings: tuple[int, str], unit: str = "kWh", quality: Quality = Quality.MEASURED) -> list[Row]:
    return [Row(1000 * second, "1.8.0", Decimal(value), unit, quality) for second, value in readings]


def test_power_is_the_growth_between_two_readings() -> None:
    rows = list(power_rows(energy((0, "10.000"), (60, "10.050"), (150, "10.050")), []))
    assert rows == [
        Row(60_000, "P(1.8.0)", Decimal("3000.0"), "W", Quality.DERIVED),
        Row(150_000, "P(1.8.0)", Decimal("0.0"), "W", Quality.DERIVED),
    ]
    table = reading_table(rows[:1], zone=SUMMER)
    assert [row[1:] for row in table.rows] == [
        ("P(1.8.0)", "Power from Active energy +A total", Decimal("3000.0"), "W", "derived")
    ]


def test_there_is_no_power_across_a_gap_or_where_a_register_decreases() -> None:
    def times(rows: list[Row], *gaps: int) -> list[int]:
        return [row.time for row in power_rows(rows, gaps)]

    readings = energy((0, "5"), (60, "6"), (120, "7"), (180, "1"), (240, "2"))
    assert times(readings) == [60_000, 120_000, 240_000]
    assert times(readings, 60_000) == [60_000, 240_000]
    assert times(readings, 60_001) == [60_000, 240_000]
    assert times(readings, 119_999, 239_999) == [60_000]
    assert times(readings, 240_000) == [60_000, 120_000, 240_000]
    assert times(energy((0, "1"), (60, "2"), unit="V")) == []
    last_known = energy((30, "5.5"), quality=Quality.LAST_KNOWN)
    assert times([readings[0], *last_known, readings[1]]) == [60_000]


def test_a_note_has_a_row_of_its_own_and_a_column() -> None:
    rows = merged([iter(energy((1, "5"))), note_rows([Note(0, "m", "oven\non"), Note(1000, "m", "=off")])])
    table = reading_table(rows, zone=SUMMER, notes=True)
    assert [column.title for column in table.columns][-2:] == ["quality", "note"]
    assert [row[1:] for row in table.rows] == [
        (None, None, None, None, None, "oven\non"),
        ("1.8.0", "Active energy +A total", Decimal(5), "kWh", "measured", None),
        (None, None, None, None, None, "=off"),
    ]
