"""Readings as a table, for exports."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from decimal import Decimal

from cmi_gui.engine.files.table import Cell, Column, TableData
from cmi_gui.engine.history.values import Quality, Sample
from cmi_gui.engine.iec62056.reading import Reading
from cmi_gui.engine.messages import Message, marked
from cmi_gui.engine.obis import meaning

_QUALITY = marked({Quality.MEASURED: "measured", Quality.LAST_KNOWN: "last known"})
CHUNK = 20_000
"""The number of samples of a series fetched at a time."""


@dataclass(frozen=True, slots=True)
class Row:
    """One value: `time` in ms since the epoch, `value` without its unit."""

    time: int
    code: str
    value: Decimal | str
    unit: str
    quality: Quality = Quality.MEASURED


def reading_table(rows: Iterable[Row], words: Callable[[Message], str] = str, zone: tzinfo | None = None) -> TableData:
    """Return a table with a row for each value and its local time.

    `words`: translates titles, meanings and qualities. `zone`: the time zone; None is the system's.
    """
    columns = (
        Column(words(Message("time")), 20, offset=words(Message("hours from UTC"))),
        Column(words(Message("code")), 10),
        Column(words(Message("meaning")), 36),
        Column(words(Message("value")), 14),
        Column(words(Message("unit")), 8),
        Column(words(Message("quality")), 12),
    )
    return TableData(words(Message("Readings")), columns, _cells(rows, words, zone))


def _cells(rows: Iterable[Row], words: Callable[[Message], str], zone: tzinfo | None) -> Iterator[Sequence[Cell]]:
    qualities = {quality: words(Message(text)) for quality, text in _QUALITY.items()}
    meanings: dict[str, str] = {}
    for row in rows:
        if row.code not in meanings:
            known = meaning(row.code)
            meanings[row.code] = words(known) if known is not None else ""
        yield _local(row.time, zone), row.code, meanings[row.code], row.value, row.unit, qualities[row.quality]


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


def merged(parts: Iterable[Iterator[Row]]) -> Iterator[Row]:
    """Yield the rows of several series by time; rows of the same time in the order of the series."""
    return heapq.merge(*parts, key=lambda row: row.time)
