"""Readings as rows of a CSV file (`csv_file`).

Numbers are written as the meter sends them, with a decimal point. Times are local: ISO 8601 with the offset from UTC.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from cmi_gui.engine.files.csv_file import csv_file
from cmi_gui.engine.history.values import Quality, Sample
from cmi_gui.engine.iec62056.reading import Reading
from cmi_gui.engine.obis import meaning

HEADER = ("time", "code", "meaning", "value", "unit", "quality")
_QUALITY = {Quality.MEASURED: "measured", Quality.LAST_KNOWN: "last known"}
CHUNK = 20_000
"""The number of samples of a series fetched at a time."""


@dataclass(frozen=True, slots=True)
class Row:
    """One value: `time` in ms since the epoch, `text` without its unit."""

    time: int
    code: str
    text: str
    unit: str
    quality: Quality = Quality.MEASURED


def csv_lines(rows: Iterable[Row], zone: tzinfo | None = None) -> Iterator[bytes]:
    """Yield the file in pieces: the header, then a line per row. `zone`: the time zone; None means the system's."""
    return csv_file(_lines(rows, zone))


def _lines(rows: Iterable[Row], zone: tzinfo | None) -> Iterator[Sequence[str]]:
    yield HEADER
    for row in rows:
        name = str(meaning(row.code) or "")
        yield _local(row.time, zone), row.code, name, row.text, row.unit, _QUALITY[row.quality]


def _local(time: int, zone: tzinfo | None) -> str:
    moment = datetime.fromtimestamp(time // 1000, UTC).replace(microsecond=time % 1000 * 1000)
    return moment.astimezone(zone).isoformat(timespec="milliseconds")


def reading_rows(reading: Reading, time: int, quality: Quality = Quality.MEASURED) -> Iterator[Row]:
    """Yield the rows of one reading: its value, then one per further data set, such as the time of a maximum."""
    yield Row(time, reading.code, reading.value, reading.unit, quality)
    for text in reading.further:
        yield Row(time, reading.code, text, "", quality)


def rows_of(fetch: Callable[[int, int], Sequence[Sample]], begin: int, end: int, chunk: int = CHUNK) -> Iterator[Row]:
    """Yield the rows of one series from `begin` to `end` - 1, ms.

    `fetch(start, limit)` returns at most `limit` samples from `start` on, oldest first; `limit` is `chunk`.
    """
    while begin < end:
        samples = fetch(begin, chunk)
        for sample in samples:
            if sample.time >= end:
                return
            yield Row(sample.time, sample.series.code, sample.text, sample.series.unit, sample.quality)
        if len(samples) < chunk:
            return
        begin = samples[-1].time + 1


def merged(parts: Iterable[Iterator[Row]]) -> Iterator[Row]:
    """Yield the rows of several series by time; rows of the same time in the order of the series."""
    return heapq.merge(*parts, key=lambda row: row.time)
