"""The SQLite file of readings; `history.values` describes its content.

A file must be used by one thread only; `history.service` has a thread for it.
"""

from __future__ import annotations

import contextlib
import math
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from cmi_gui.engine.files.state_folder import is_on_network_drive
from cmi_gui.engine.history.values import (
    DAY_MS,
    DEFAULT_DAYS,
    MAX_NOTE_CHARACTERS,
    MAX_NOTES,
    Absence,
    Curve,
    GapCause,
    HistoryInfo,
    Note,
    Quality,
    Sample,
    Series,
    Statistics,
)
from cmi_gui.engine.iec62056.reading import Reading

_LAST_MS = 2**62
_BUSY_MS = 5000
"""The time in ms to wait for another program that has locked a file that is open here."""


class NewerHistory(Exception):
    """A file of a newer version of this program, which must not be changed."""


class ForeignDatabase(Exception):
    """A file of another program, which must not be changed."""


# The step at index n changes a file of version n (0: empty) to version n + 1.
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
    f"""
    CREATE TABLE notes (
        module TEXT NOT NULL, time INTEGER NOT NULL,
        text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND {MAX_NOTE_CHARACTERS}),
        PRIMARY KEY (module, time)) WITHOUT ROWID;
    """,
    # Since version 3 the keys of modules on real buses have no LINK: `_remove_links_from_keys`.
    "",
)
_KEYS_WITHOUT_LINK = 3
_KEY_WITH_LINK = re.compile(r"(?!practice:).+ (?P<module>[A-Z]{3} [0-9A-F]{8})", re.ASCII)

_TABLES = {"series", "samples", "gaps", "settings"}
"""The tables that every version has."""

_IN_RANGE = "FROM measured WHERE series = ? AND time >= ? AND time < ?"


class HistoryFile:
    """An open history; with `path` None it is in memory. Times are ms since the epoch, UTC.

    Every method raises sqlite3.Error if the file is damaged, full or cannot be accessed; the constructor also raises
    OSError, NewerHistory and ForeignDatabase. `lock_timeout`: seconds to wait for another program that has locked it.
    """

    def __init__(self, path: Path | None, lock_timeout: float = 5.0) -> None:
        self._path = path
        if path is not None:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Consumption is private, so the file is created here, not by SQLite with the permissions of the umask.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NONBLOCK", 0), 0o600))
        database = ":memory:" if path is None else path
        self._db = sqlite3.connect(database, timeout=lock_timeout, isolation_level=None, check_same_thread=False)
        try:
            self._ids: dict[Series, int] = {}
            # The modules whose last entry is a sample: only they can get a gap.
            self._active: set[str] = set()
            if path is not None and is_on_network_drive(path):
                # WAL needs memory shared through a file, which a network drive cannot do; with this it needs none.
                self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._migrate()
            self._end_last_run()
            self._db.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        except BaseException:
            self._db.close()
            raise

    def _migrate(self) -> None:
        version = self._value("PRAGMA user_version")
        # Other programs use `user_version` too.
        names = {name for (name,) in self._db.execute("SELECT name FROM sqlite_master")}
        if self._value("PRAGMA application_id") or (not names >= _TABLES if version else names):
            raise ForeignDatabase("it is a database of another program")
        if version > len(_MIGRATIONS):
            raise NewerHistory(f"it has version {version}; this program supports up to {len(_MIGRATIONS)}")
        # `auto_vacuum` must be set before any table exists.
        self._db.execute("PRAGMA auto_vacuum = INCREMENTAL")
        # With WAL a killed program loses nothing, and no write takes long.
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        for number in range(version, len(_MIGRATIONS)):
            with self._transaction():
                for statement in filter(str.strip, _MIGRATIONS[number].split(";")):
                    self._db.execute(statement)
                if number + 1 == _KEYS_WITHOUT_LINK:
                    self._remove_links_from_keys()
                self._db.execute(f"PRAGMA user_version = {number + 1}")
        for id_, module, code, unit in self._db.execute("SELECT id, module, code, unit FROM series"):
            self._ids[Series(module, code, unit)] = id_

    def _remove_links_from_keys(self) -> None:
        """Give modules on real buses keys that do not depend on the port; readings under several keys become one."""
        keys = self._db.execute(
            "SELECT module FROM series UNION SELECT module FROM gaps UNION SELECT module FROM notes"
        )
        for (key,) in keys.fetchall():
            match = _KEY_WITH_LINK.fullmatch(key)
            if match is None:
                continue
            names = (match["module"], key)
            for table in ("series", "gaps", "notes"):
                self._db.execute(f"UPDATE OR IGNORE {table} SET module = ? WHERE module = ?", names)  # noqa: S608
            # What is left has the same code and unit, or the same time, under another port.
            for before, after in self._db.execute(
                "SELECT old.id, new.id FROM series AS old JOIN series AS new USING (code, unit)"
                " WHERE new.module = ? AND old.module = ?",
                names,
            ).fetchall():
                self._db.execute("UPDATE OR IGNORE samples SET series = ? WHERE series = ?", (after, before))
                self._db.execute("DELETE FROM samples WHERE series = ?", (before,))
            for table in ("series", "gaps", "notes"):
                self._db.execute(f"DELETE FROM {table} WHERE module = ?", (key,))  # noqa: S608 - constant names

    def _end_last_run(self) -> None:
        """Add a gap after the samples of the previous run, if that run did not."""
        newest: dict[str, int] = {}
        for series, id_ in self._ids.items():
            last = self._value("SELECT MAX(time) FROM samples WHERE series = ?", id_)
            if last is not None:
                newest[series.module] = max(last, newest.get(series.module, last))
        with self._transaction():
            for module, last in newest.items():
                gap = self._value("SELECT MAX(time) FROM gaps WHERE module = ?", module)
                if gap is None or gap <= last:
                    self._insert_gap(module, last + 1, GapCause.NOT_RUNNING)

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            # SQLite has already rolled it back if the disk is full.
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _value(self, query: str, *values: object) -> Any:
        """Return the first value of the only row of a query."""
        return self._db.execute(query, values).fetchone()[0]

    # Writing

    def record(self, module: str, time: int, readings: Iterable[Reading], quality: Quality = Quality.MEASURED) -> None:
        """Add the readings that are numbers; texts have no curve and are ignored."""
        with self._transaction():
            rows = [
                (self._id(Series(module, reading.code, reading.unit)), time, reading.value, int(quality))
                for reading in readings
                if reading.number is not None
            ]
            self._db.executemany("INSERT OR REPLACE INTO samples VALUES (?, ?, ?, ?)", rows)
        if quality is Quality.MEASURED:
            self._active.add(module)
        else:
            self.gap(module, time, GapCause.NO_CONTACT)

    def import_from(self, other: HistoryFile) -> None:
        """Add the content of another history."""
        samples = other._db.execute(
            "SELECT module, code, unit, time, value, quality FROM samples JOIN series ON series.id = samples.series"
        )
        with self._transaction():
            for module, code, unit, *values in samples:
                id_ = self._id(Series(module, code, unit))
                self._db.execute("INSERT OR REPLACE INTO samples VALUES (?, ?, ?, ?)", (id_, *values))
            for table, marks in (("gaps", "?, ?, ?"), ("notes", "?, ?, ?"), ("settings", "?, ?")):
                rows = other._db.execute(f"SELECT * FROM {table}")  # noqa: S608 - constant names
                self._db.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", rows)  # noqa: S608
        self._active |= other._active

    def _id(self, series: Series) -> int:
        id_ = self._ids.get(series)
        if id_ is None:
            self._db.execute(
                "INSERT OR IGNORE INTO series (module, code, unit) VALUES (?, ?, ?)",
                (series.module, series.code, series.unit),
            )
            query = "SELECT id FROM series WHERE module = ? AND code = ? AND unit = ?"
            id_ = self._ids[series] = int(self._value(query, series.module, series.code, series.unit))
        return id_

    def gap(self, module: str, time: int, cause: GapCause) -> None:
        """Add a gap from `time` on, unless the module's last entry is a gap already."""
        if module in self._active:
            with self._transaction():
                self._insert_gap(module, time, cause)
            self._active.discard(module)

    def _insert_gap(self, module: str, time: int, cause: GapCause) -> None:
        self._db.execute("INSERT OR REPLACE INTO gaps VALUES (?, ?, ?)", (module, time, int(cause)))

    def end_run(self, time: int) -> None:
        """Add a gap for every module that has none, because the program ends."""
        for module in tuple(self._active):
            self.gap(module, time, GapCause.NOT_RUNNING)

    def put_note(self, note: Note, replaced: int | None = None) -> None:
        """Add a note, in place of the module's note at the time `replaced` and of one at the same time, if any."""
        with self._transaction():
            if replaced is not None:
                self.delete_note(note.module, replaced)
            self._db.execute("INSERT OR REPLACE INTO notes VALUES (?, ?, ?)", (note.module, note.time, note.text))

    def delete_note(self, module: str, time: int) -> None:
        """Delete a note, if there is one."""
        self._db.execute("DELETE FROM notes WHERE module = ? AND time = ?", (module, time))

    def prune(self, now: int) -> None:
        """Delete samples, gaps and notes that are more than `days` old, and free their space."""
        oldest = now - self.days * DAY_MS
        with self._transaction():
            for id_ in self._ids.values():
                self._db.execute("DELETE FROM samples WHERE series = ? AND time < ?", (id_, oldest))
            for table in ("gaps", "notes"):
                self._db.execute(f"DELETE FROM {table} WHERE time < ?", (oldest,))  # noqa: S608 - constant names
        self._db.execute("PRAGMA incremental_vacuum").fetchall()

    def forget(self, modules: Iterable[str]) -> None:
        """Delete everything of some modules, given by their keys."""
        with self._transaction():
            for module in set(modules):
                for series in [series for series in self._ids if series.module == module]:
                    id_ = self._ids.pop(series)
                    self._db.execute("DELETE FROM samples WHERE series = ?", (id_,))
                    self._db.execute("DELETE FROM series WHERE id = ?", (id_,))
                for table in ("gaps", "notes"):
                    self._db.execute(f"DELETE FROM {table} WHERE module = ?", (module,))  # noqa: S608 - constant names
                self._active.discard(module)
        self._db.execute("PRAGMA incremental_vacuum").fetchall()

    def clear(self) -> None:
        """Delete all samples, gaps and notes; `days` does not change."""
        with self._transaction():
            for table in ("samples", "gaps", "notes", "series"):
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - constant names
        self._ids.clear()
        self._active.clear()
        self._db.execute("VACUUM")
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    @property
    def days(self) -> int:
        """The number of days for which samples are stored."""
        return int(self._value("SELECT MAX(value) FROM settings WHERE name = 'days'") or DEFAULT_DAYS)

    @days.setter
    def days(self, days: int) -> None:
        self._db.execute("INSERT OR REPLACE INTO settings VALUES ('days', ?)", (days,))

    def close(self) -> None:
        """Close the file; SQLite then moves its log into it."""
        self._db.close()

    # Reading

    def info(self) -> HistoryInfo:
        """Return path, size and age of the history."""
        times = [self._value("SELECT MIN(time) FROM notes"), *map(self._first, self._ids.values())]
        if self._path is None:
            pages, size = (self._value(f"PRAGMA {name}") for name in ("page_count", "page_size"))
            total = pages * size
        else:
            total = 0
            for suffix in ("", "-wal"):
                with contextlib.suppress(FileNotFoundError):
                    total += os.stat(f"{self._path}{suffix}").st_size
        return HistoryInfo(
            self._path, total, self.days, min((time for time in times if time is not None), default=None)
        )

    def _first(self, id_: int) -> int | None:
        first: int | None = self._value("SELECT MIN(time) FROM samples WHERE series = ?", id_)
        return first

    def curve(self, series: Series, begin: int, end: int, buckets: int) -> Curve:
        """Return the measured samples from `begin` up to `end`, and one on either side, so that lines reach the edges.

        If there are more than two per bucket, only the least and the greatest of each of the `buckets` of equal width
        are returned: a curve drawn no wider than `buckets` pixels looks the same, and each point is a sample.
        """
        id_ = self._ids.get(series)
        if id_ is None:
            return Curve([], [], None, True)
        begin, end = self._widened(id_, begin, end)
        count = self._value(f"SELECT COUNT(*) {_IN_RANGE}", id_, begin, end)
        complete = count <= 2 * buckets
        points: dict[int, float] = {}
        if complete:
            points.update(self._db.execute(f"SELECT time, number {_IN_RANGE} ORDER BY time", (id_, begin, end)))
        else:
            width = max(1, -(-(end - begin) // buckets))
            for extreme in ("MIN", "MAX"):
                # With a single MIN or MAX, SQLite takes the other columns from the row with this value.
                query = f"SELECT time, {extreme}(number) {_IN_RANGE} GROUP BY (time - ?) / ?"
                points.update(self._db.execute(query, (id_, begin, end, begin, width)))
        return self._with_gaps(series, points, begin, end, complete)

    def _with_gaps(self, series: Series, points: dict[int, float], begin: int, end: int, complete: bool) -> Curve:
        gaps = self._db.execute(
            "SELECT time FROM gaps WHERE module = ? AND time >= ? AND time <= ?", (series.module, begin, end)
        )
        # A gap comes after a sample of the same time.
        entries = [(time, 0, value) for time, value in points.items()] + [(time, 1, math.nan) for (time,) in gaps]
        entries.sort(key=lambda entry: entry[:2])
        times, values = [entry[0] for entry in entries], [entry[2] for entry in entries]
        return Curve(times, values, self._first(self._ids[series]), complete)

    def _widened(self, id_: int, begin: int, end: int) -> tuple[int, int]:
        """Return the range extended to the sample before it and the one after it."""
        before = self._value("SELECT MAX(time) FROM measured WHERE series = ? AND time < ?", id_, begin)
        behind = self._value("SELECT MIN(time) FROM measured WHERE series = ? AND time >= ?", id_, end)
        return (begin if before is None else before), (end if behind is None else behind + 1)

    def statistics(self, series: Series, begin: int, end: int) -> Statistics | None:
        """Return the statistics of the measured samples from `begin` up to `end`, or None if there are none."""
        id_ = self._ids.get(series)
        if id_ is None:
            return None
        key = (id_, begin, end)
        count, mean = self._db.execute(f"SELECT COUNT(*), AVG(number) {_IN_RANGE}", key).fetchone()
        if not count:
            return None
        least, most = (
            Decimal(self._value(f"SELECT value, {extreme}(number) {_IN_RANGE}", *key)) for extreme in ("MIN", "MAX")
        )
        first, last = (
            Decimal(self._value(f"SELECT value {_IN_RANGE} ORDER BY time {order} LIMIT 1", *key))
            for order in ("ASC", "DESC")
        )
        return Statistics(count, least, most, mean, first, last)

    def absence(self, wanted: Iterable[Series], end: int) -> Absence:
        """Return why series of one module have no measured samples in a range up to `end`."""
        firsts: set[int | None] = set()
        lasts: set[int | None] = set()
        gaps: dict[int, int] = {}
        for series in wanted:
            query = "SELECT time, cause FROM gaps WHERE module = ? AND time <= ? ORDER BY time DESC LIMIT 1"
            gaps.update(self._db.execute(query, (series.module, end)))
            id_ = self._ids.get(series)
            if id_ is not None:
                firsts.add(self._value("SELECT MIN(time) FROM measured WHERE series = ?", id_))
                lasts.add(self._value("SELECT MAX(time) FROM measured WHERE series = ? AND time < ?", id_, end))
        first = min((time for time in firsts if time is not None), default=None)
        last = max((time for time in lasts if time is not None), default=None)
        gap = max(gaps, default=None)
        cause = GapCause(gaps[gap]) if gap is not None and (last is None or gap >= last) else None
        return Absence(cause, first, last)

    def gaps(self, module: str, begin: int, end: int) -> list[int]:
        """Return the times of a module's gaps from `begin` up to `end`."""
        query = "SELECT time FROM gaps WHERE module = ? AND time >= ? AND time < ? ORDER BY time"
        return [time for (time,) in self._db.execute(query, (module, begin, end))]

    def notes(self, module: str) -> list[Note]:
        """Return a module's notes, oldest first; of more than `MAX_NOTES` the newest."""
        query = "SELECT time, module, text FROM notes WHERE module = ? ORDER BY time DESC LIMIT ?"
        return [Note(*row) for row in self._db.execute(query, (module, MAX_NOTES))][::-1]

    def samples(self, series: Series, begin: int, end: int, limit: int) -> list[Sample]:
        """Return at most `limit` samples of any quality from `begin` up to `end`, oldest first."""
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
        """Return the last `count` measured samples of every series of a module, with the gaps after them."""
        curves = {}
        for series, id_ in self._ids.items():
            if series.module != module:
                continue
            query = "SELECT time, number FROM measured WHERE series = ? ORDER BY time DESC LIMIT ?"
            points = dict(self._db.execute(query, (id_, count)))
            if points:
                curves[series] = self._with_gaps(series, points, min(points), _LAST_MS, len(points) < count)
        return curves
