"""The SQLite file of readings; `history.values` says what is in it.

One thread uses a file: `history.service` gives it one.
"""

from __future__ import annotations

import contextlib
import math
import os
import sqlite3
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from cmi_gui.engine.history.values import (
    DAY_MS,
    DEFAULT_DAYS,
    Curve,
    GapCause,
    HistoryInfo,
    Quality,
    Sample,
    Series,
    Statistics,
)
from cmi_gui.engine.iec62056.reading import Reading

_LAST_MS = 2**62
_BUSY_MS = 5000
"""How long to wait for another program that has an open file locked."""


class NewerHistory(Exception):
    """A newer program has written this file; it must be left alone."""


class ForeignDatabase(Exception):
    """Another program has written this file; it must be left alone."""


# Each step brings a file from the version of its place (0: empty) to the next.
_MIGRATIONS = (
    """
    CREATE TABLE series (
        id INTEGER PRIMARY KEY, module TEXT NOT NULL, code TEXT NOT NULL, unit TEXT NOT NULL,
        UNIQUE (module, code, unit));
    CREATE TABLE samples (
        series INTEGER NOT NULL REFERENCES series (id), time INTEGER NOT NULL, value TEXT NOT NULL,
        quality INTEGER NOT NULL, PRIMARY KEY (series, time)) WITHOUT ROWID;
    CREATE TABLE gaps (
        module TEXT NOT NULL, time INTEGER NOT NULL, cause INTEGER NOT NULL, PRIMARY KEY (module, time)) WITHOUT ROWID;
    CREATE TABLE settings (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    CREATE VIEW measured AS SELECT series, time, value, CAST(value AS REAL) AS number FROM samples WHERE quality = 0;
    """,
)

_TABLES = {"series", "samples", "gaps", "settings"}
"""The tables of every version."""

_IN_RANGE = "FROM measured WHERE series = ? AND time >= ? AND time < ?"


class HistoryFile:
    """An open history; `path` None is one in memory.

    Every method raises sqlite3.Error when the file is damaged, full or cannot be reached; making one also raises
    OSError, NewerHistory and ForeignDatabase. `lock_timeout`: seconds to wait for another program that has it locked.
    """

    def __init__(self, path: Path | None, lock_timeout: float = 5.0) -> None:
        self._path = path
        if path is not None:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Consumption is private: the file is created here, not by SQLite with the umask.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NONBLOCK", 0), 0o600))
        place = ":memory:" if path is None else path
        self._db = sqlite3.connect(place, lock_timeout, isolation_level=None, check_same_thread=False)
        try:
            self._ids: dict[Series, int] = {}
            # Modules whose last entry is a sample: only they can have a gap.
            self._giving: set[str] = set()
            self._migrate()
            self._end_last_run()
            self._db.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        except BaseException:
            self._db.close()
            raise

    def _migrate(self) -> None:
        version = self._one("PRAGMA user_version")
        # Other programs number their versions too.
        names = {name for (name,) in self._db.execute("SELECT name FROM sqlite_master")}
        if self._one("PRAGMA application_id") or (not names >= _TABLES if version else names):
            raise ForeignDatabase("it is a database of another program")
        if version > len(_MIGRATIONS):
            raise NewerHistory(f"it has version {version}, this program knows {len(_MIGRATIONS)}")
        # The first must come before any table. With WAL a kill of the program loses nothing, and no write waits long.
        self._db.execute("PRAGMA auto_vacuum = INCREMENTAL")
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        for number in range(version, len(_MIGRATIONS)):
            with self._transaction():
                for statement in filter(str.strip, _MIGRATIONS[number].split(";")):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version = {number + 1}")
        for id_, module, code, unit in self._db.execute("SELECT id, module, code, unit FROM series"):
            self._ids[Series(module, code, unit)] = id_

    def _end_last_run(self) -> None:
        """Add a gap after the samples of the previous run, if that run could not do so."""
        newest: dict[str, int] = {}
        for series, id_ in self._ids.items():
            last = self._one("SELECT MAX(time) FROM samples WHERE series = ?", id_)
            if last is not None:
                newest[series.module] = max(last, newest.get(series.module, last))
        with self._transaction():
            for module, last in newest.items():
                gap = self._one("SELECT MAX(time) FROM gaps WHERE module = ?", module)
                if gap is None or gap <= last:
                    self._insert_gap(module, last + 1, GapCause.NOT_RUNNING)

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            # A full disk has already rolled it back.
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _one(self, query: str, *values: object) -> Any:
        """The first value of the one row that a query gives."""
        return self._db.execute(query, values).fetchone()[0]

    # Writing

    def record(self, module: str, time: int, readings: Iterable[Reading], quality: Quality = Quality.MEASURED) -> None:
        """Add the numbers among the readings; texts have no curve and are passed over."""
        with self._transaction():
            rows = []
            for reading in readings:
                if reading.number is None:
                    continue
                id_ = self._id(Series(module, reading.code, reading.unit))
                rows.append((id_, time, reading.value, int(quality)))
            self._db.executemany("INSERT OR REPLACE INTO samples VALUES (?, ?, ?, ?)", rows)
        if quality is Quality.MEASURED:
            self._giving.add(module)
        else:
            self.gap(module, time, GapCause.NO_CONTACT)

    def take_over(self, other: HistoryFile) -> None:
        """Add all that another history holds."""
        samples = other._db.execute(
            "SELECT module, code, unit, time, value, quality FROM samples JOIN series ON series.id = samples.series"
        )
        with self._transaction():
            for module, code, unit, *values in samples:
                id_ = self._id(Series(module, code, unit))
                self._db.execute("INSERT OR REPLACE INTO samples VALUES (?, ?, ?, ?)", (id_, *values))
            self._db.executemany(
                "INSERT OR REPLACE INTO gaps VALUES (?, ?, ?)", other._db.execute("SELECT * FROM gaps")
            )
            self._db.executemany(
                "INSERT OR REPLACE INTO settings VALUES (?, ?)", other._db.execute("SELECT * FROM settings")
            )
        self._giving |= other._giving

    def _id(self, series: Series) -> int:
        id_ = self._ids.get(series)
        if id_ is None:
            self._db.execute(
                "INSERT OR IGNORE INTO series (module, code, unit) VALUES (?, ?, ?)",
                (series.module, series.code, series.unit),
            )
            query = "SELECT id FROM series WHERE module = ? AND code = ? AND unit = ?"
            id_ = self._ids[series] = int(self._one(query, series.module, series.code, series.unit))
        return id_

    def gap(self, module: str, time: int, cause: GapCause) -> None:
        """From `time` on the module gives nothing; no news if it gave nothing before either."""
        if module in self._giving:
            with self._transaction():
                self._insert_gap(module, time, cause)
            self._giving.discard(module)

    def _insert_gap(self, module: str, time: int, cause: GapCause) -> None:
        self._db.execute("INSERT OR REPLACE INTO gaps VALUES (?, ?, ?)", (module, time, int(cause)))

    def end_run(self, time: int) -> None:
        """The program ends: a gap behind every module that still gives."""
        for module in tuple(self._giving):
            self.gap(module, time, GapCause.NOT_RUNNING)

    def prune(self, now: int) -> None:
        """Delete samples and gaps older than the days kept, and free their space."""
        oldest = now - self.days * DAY_MS
        with self._transaction():
            for id_ in self._ids.values():
                self._db.execute("DELETE FROM samples WHERE series = ? AND time < ?", (id_, oldest))
            self._db.execute("DELETE FROM gaps WHERE time < ?", (oldest,))
        self._db.execute("PRAGMA incremental_vacuum").fetchall()

    def clear(self) -> None:
        """Delete all samples and gaps; the days kept stay as they are."""
        with self._transaction():
            for table in ("samples", "gaps", "series"):
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
        self._ids.clear()
        self._giving.clear()
        self._db.execute("VACUUM")
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    @property
    def days(self) -> int:
        """How many days samples are kept."""
        return int(self._one("SELECT MAX(value) FROM settings WHERE name = 'days'") or DEFAULT_DAYS)

    @days.setter
    def days(self, days: int) -> None:
        self._db.execute("INSERT OR REPLACE INTO settings VALUES ('days', ?)", (days,))

    def close(self) -> None:
        """Write everything into the one file."""
        self._db.close()

    # Reading

    def info(self) -> HistoryInfo:
        """See `HistoryInfo`."""
        firsts = [first for id_ in self._ids.values() if (first := self._first(id_)) is not None]
        if self._path is None:
            pages, size = (self._one(f"PRAGMA {name}") for name in ("page_count", "page_size"))
            total = pages * size
        else:
            total = 0
            for suffix in ("", "-wal"):
                with contextlib.suppress(FileNotFoundError):
                    total += os.stat(f"{self._path}{suffix}").st_size
        return HistoryInfo(self._path, total, self.days, min(firsts, default=None))

    def _first(self, id_: int) -> int | None:
        first: int | None = self._one("SELECT MIN(time) FROM samples WHERE series = ?", id_)
        return first

    def curve(self, series: Series, begin: int, end: int, buckets: int) -> Curve:
        """The measured samples from `begin` up to `end`, and the one before and behind, so that lines leave the view.

        With more than two a bucket, of each of the `buckets` of equal width only the least and the greatest: a curve
        drawn no wider than `buckets` pixels looks the same, and every point of it is still a sample of the meter.
        """
        id_ = self._ids.get(series)
        if id_ is None:
            return Curve([], [], None, True)
        begin, end = self._around(id_, begin, end)
        count = self._one(f"SELECT COUNT(*) {_IN_RANGE}", id_, begin, end)
        whole = count <= 2 * buckets
        points: dict[int, float] = {}
        if whole:
            points.update(self._db.execute(f"SELECT time, number {_IN_RANGE} ORDER BY time", (id_, begin, end)))
        else:
            width = max(1, -(-(end - begin) // buckets))
            for extreme in ("MIN", "MAX"):
                # Beside a lone MIN or MAX, SQLite gives the other columns of the row that holds it.
                query = f"SELECT time, {extreme}(number) {_IN_RANGE} GROUP BY (time - ?) / ?"
                points.update(self._db.execute(query, (id_, begin, end, begin, width)))
        return self._with_gaps(series, points, begin, end, whole)

    def _with_gaps(self, series: Series, points: dict[int, float], begin: int, end: int, whole: bool) -> Curve:
        gaps = self._db.execute(
            "SELECT time FROM gaps WHERE module = ? AND time >= ? AND time <= ?", (series.module, begin, end)
        )
        # A gap comes after a sample of the same instant.
        entries = [(time, 0, value) for time, value in points.items()] + [(time, 1, math.nan) for (time,) in gaps]
        entries.sort(key=lambda entry: entry[:2])
        times, values = [entry[0] for entry in entries], [entry[2] for entry in entries]
        return Curve(times, values, self._first(self._ids[series]), whole)

    def _around(self, id_: int, begin: int, end: int) -> tuple[int, int]:
        """The range stretched to the sample before it and the one behind it."""
        before = self._one("SELECT MAX(time) FROM measured WHERE series = ? AND time < ?", id_, begin)
        behind = self._one("SELECT MIN(time) FROM measured WHERE series = ? AND time >= ?", id_, end)
        return (begin if before is None else before), (end if behind is None else behind + 1)

    def statistics(self, series: Series, begin: int, end: int) -> Statistics | None:
        """Of the measured samples from `begin` up to `end`; None if there are none."""
        id_ = self._ids.get(series)
        if id_ is None:
            return None
        key = (id_, begin, end)
        count, mean = self._db.execute(f"SELECT COUNT(*), AVG(number) {_IN_RANGE}", key).fetchone()
        if not count:
            return None
        least, most = (
            Decimal(self._one(f"SELECT value, {extreme}(number) {_IN_RANGE}", *key)) for extreme in ("MIN", "MAX")
        )
        first, last = (
            Decimal(self._one(f"SELECT value {_IN_RANGE} ORDER BY time {way} LIMIT 1", *key)) for way in ("ASC", "DESC")
        )
        return Statistics(count, least, most, mean, first, last)

    def samples(self, series: Series, begin: int, end: int, limit: int) -> list[Sample]:
        """At most `limit` samples of any quality from `begin` up to `end`, oldest first."""
        id_ = self._ids.get(series)
        if id_ is None:
            return []
        rows = self._db.execute(
            "SELECT time, value, quality FROM samples"
            " WHERE series = ? AND time >= ? AND time < ? ORDER BY time LIMIT ?",
            (id_, begin, end, limit),
        )
        return [Sample(series, time, text, Quality(quality)) for time, text, quality in rows]

    def latest(self, module: str, count: int) -> dict[Series, Curve]:
        """The last `count` measured samples of every series of a module, with the gaps between and behind them."""
        curves = {}
        for series, id_ in self._ids.items():
            if series.module != module:
                continue
            query = "SELECT time, number FROM measured WHERE series = ? ORDER BY time DESC LIMIT ?"
            points = dict(self._db.execute(query, (id_, count)))
            if points:
                curves[series] = self._with_gaps(series, points, min(points), _LAST_MS, len(points) < count)
        return curves
