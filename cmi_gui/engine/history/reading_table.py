"""Readings as a table, for exports."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from itertools import pairwise

from cmi_gui.engine.files.table import Cell, Column, TableData
from cmi_gui.engine.history.power import power_code, power_meaning, power_unit
from cmi_gui.engine.history.values import Note, Quality, Sample
from cmi_gui.engine.iec62056.reading import Reading
from cmi_gui.engine.messages import Message, marked
from cmi_gui.engine.obis import meaning

_QUALITY = marked({Quality.MEASURED: "measured", Quality.LAST_KNOWN: "last known", Quality.DERIVED: "derived"})
_TENTH = Decimal("0.1")
CHUNK = 20_000
"""The number of samples of a series fetched at a time."""


@dataclass(frozen=True, slots=True)
class Row:
    """One value: `time` in ms since the epoch, `value` without its unit; or a `note`, without code and value."""

    time: int
    code: str
    value: Decimal | str
    unit: str
    quality: Quality = Quality.MEASURED
    note: str = ""


def reading_table(
    rows: Iterable[Row], words: Callable[[Message], str] = str, zone: tzinfo | None = None, *, notes: bool = False
) -> TableData:
    """Return a table with a row for each value and its local time.

    `words`: translates titles, meanings and qualities. `zone`: the time zone; None is the system's. `notes`: there is a
    column for the texts of notes, each of which has a row of its own.
    """
    columns = [
        Column(words(Message("time")), 20, offset=words(Message("hours from UTC"))),
        Column(words(Message("code")), 10),
        Column(words(Message("meaning")), 36),
        Column(words(Message("value")), 14),
        Column(words(Message("unit")), 8),
        Column(words(Message("quality")), 12),
    ]
    if notes:
        columns.append(Column(words(Message("note")), 60))
    return TableData(words(Message("Readings")), columns, _cells(rows, words, zone, notes))


def _cells(
    rows: Iterable[Row], words: Callable[[Message], str], zone: tzinfo | None, notes: bool
) -> Iterator[Sequence[Cell]]:
    qualities = {quality: words(Message(text)) for quality, text in _QUALITY.items()}
    meanings: dict[str, str] = {}
    for row in rows:
        time = _local(row.time, zone)
        if row.note:
            yield time, *[None] * 5, row.note
            continue
        if row.code not in meanings:
            known = power_meaning(row.code) or meaning(row.code)
            meanings[row.code] = words(known) if known is not None else ""
        cells = time, row.code, meanings[row.code], row.value, row.unit, qualities[row.quality]
        yield (*cells, None) if notes else cells


def _local(time: int, zone: tzinfo | None) -> datetime:
    moment = datetime.fromtimestamp(time // 1000, UTC).replace(microsecond=time % 1000 * 1000)
    return moment.astimezone(zone)


def reading_rows(reading: Reading, time: int, quality: Quality = Quality.MEASURED) -> Iterator[Row]:
    """Yield the rows of one reading: its value, then one per further data set, such as the time of a maximum."""
    value = reading.value if reading.number is None else reading.number
    yield Row(time, reading.code, value, reading.unit, quality)
    for text in reading.further:
        yield Row(time, reading.code, text, "", quality)


def rows_of(fetch: Callable[[int, int], Sequence[Sample]], begin: int, end: int, chunk: int = CHUNK) -> Iterator[Row]:
    """Yield the rows of one series from `begin` up to but without `end`, ms.

    `fetch(start, limit)` returns at most `limit` samples from `start` on, oldest first; `limit` is `chunk`.
    """
    while begin < end:
        samples = fetch(begin, chunk)
        for sample in samples:
            if sample.time >= end:
                return
            yield Row(sample.time, sample.series.code, Decimal(sample.text), sample.series.unit, sample.quality)
        if len(samples) < chunk:
            return
        begin = samples[-1].time + 1


def power_rows(register: Iterable[Row], gaps: Sequence[int]) -> Iterator[Row]:
    """Yield the mean power between each two measured readings of a register, at the time of the later one.

    `gaps`: times in ms, ascending. There is no power across a gap, or where the register decreased, because it
    overflowed, was reset, or belongs to another meter. Values are rounded to a tenth of the unit.
    """
    measured = (row for row in register if row.quality is Quality.MEASURED)
    for before, after in pairwise(measured):
        at = bisect_left(gaps, before.time)
        unit, factor = power_unit(after.unit)
        if not (isinstance(before.value, Decimal) and isinstance(after.value, Decimal)) or not unit:
            continue
        growth, passed = after.value - before.value, after.time - before.time
        if growth >= 0 and passed > 0 and not (at < len(gaps) and gaps[at] < after.time):
            value = (growth * factor * 3_600_000 / passed).quantize(_TENTH)
            yield Row(after.time, power_code(after.code), value, unit, Quality.DERIVED)


def note_rows(notes: Iterable[Note]) -> Iterator[Row]:
    """Yield the row of each note."""
    for note in notes:
        yield Row(note.time, "", "", "", note=note.text)


def merged(parts: Iterable[Iterator[Row]]) -> Iterator[Row]:
    """Yield the rows of several series by time; rows of the same time in the order of the series."""
    return heapq.merge(*parts, key=lambda row: row.time)
