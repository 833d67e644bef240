"""The history of readings, in a separate thread: writing never blocks, reading returns a future.

It is one SQLite file, `history.sqlite` in the state folder, or in memory. An error is reported once, on that thread,
and the program continues without the file; a damaged file is renamed and replaced by a new one.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TypeVar

from cmi_gui.engine.files.atomic_file import set_aside
from cmi_gui.engine.history.database import ForeignDatabase, HistoryFile, NewerHistory
from cmi_gui.engine.history.values import (
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

FILE_NAME = "history.sqlite"
MAX_DAYS = 36_500
_PRUNE_EVERY_MS = 6 * 3_600_000
LOCK_TIMEOUT = 5.0
"""The time in seconds to wait at the start for another program that has locked the file."""

Result = TypeVar("Result")


class Trouble(Enum):
    """An error of the file."""

    DAMAGED = "damaged"
    """It was damaged and renamed to `path`; a new one has been created."""
    NEWER = "newer"
    """It is of a newer program; it is not changed, and readings are stored until the program ends."""
    FOREIGN = "foreign"
    """It is of another program; it is not changed, and readings are stored until the program ends."""
    LOCKED = "locked"
    """Another program has locked it; readings are stored in memory, and moved into it once it is free."""
    NOT_USABLE = "not_usable"
    """It cannot be opened; readings are stored until the program ends."""
    NOT_WRITTEN = "not_written"
    """Readings could not be added to it; reported once until this works again."""


@dataclass(frozen=True, slots=True)
class HistoryTrouble:
    """An error of the file at `path`. `detail`: the text of the operating system or of SQLite."""

    trouble: Trouble
    path: Path | None
    detail: str


class HistoryError(Exception):
    """A failed operation of the history; the message has the cause."""


def milliseconds(seconds: float) -> int:
    """Return seconds since the epoch as the milliseconds that the history uses."""
    return round(seconds * 1000)


class History:
    """The stored readings: in a file in `folder` or, if that is None, in memory until `close`.

    The thread starts with the first job, which also opens the file; `on_trouble` is called in it. Times are ms since
    the epoch, UTC. Futures raise HistoryError; after `close` they are cancelled.
    """

    def __init__(self, folder: Path | None, on_trouble: Callable[[HistoryTrouble], object]) -> None:
        self._path = None if folder is None else folder / FILE_NAME
        self._on_trouble = on_trouble
        self._thread = ThreadPoolExecutor(1, "history")
        self._closed = False
        self._file: HistoryFile | None = None
        self._failing = False
        self._substitute: HistoryFile | None = None
        self._pruned_at: int | None = None

    # Writing

    def record(self, module: str, time: int, readings: Iterable[Reading], quality: Quality = Quality.MEASURED) -> None:
        """Add the readings that are numbers; every six hours also delete those that are too old."""
        stored = tuple(readings)

        def work(file: HistoryFile) -> None:
            file.record(module, time, stored, quality)
            if self._pruned_at is None or time - self._pruned_at >= _PRUNE_EVERY_MS:
                self._pruned_at = time
                file.prune(time)

        self._write(work)

    def gap(self, module: str, time: int, cause: GapCause) -> None:
        """Add a gap from `time` on; see `HistoryFile.gap`."""
        self._write(lambda file: file.gap(module, time, cause))

    def put_note(self, note: Note, replaced: int | None = None) -> Future[list[Note]]:
        """Add or replace a note (`HistoryFile.put_note`) and return the notes that its module then has."""

        def work(file: HistoryFile) -> list[Note]:
            file.put_note(note, replaced)
            return file.notes(note.module)

        return self._submit(work)

    def delete_note(self, module: str, time: int) -> Future[list[Note]]:
        """Delete a note and return the notes that its module then has."""

        def work(file: HistoryFile) -> list[Note]:
            file.delete_note(module, time)
            return file.notes(module)

        return self._submit(work)

    def set_days(self, days: int, now: int) -> Future[HistoryInfo]:
        """Keep samples and notes for this number of days, 1 to `MAX_DAYS`, and delete older ones. Raises ValueError."""
        if not 1 <= days <= MAX_DAYS:
            raise ValueError(f"the history is stored for 1 to {MAX_DAYS} days, not {days}")

        def work(file: HistoryFile) -> HistoryInfo:
            file.days = days
            file.prune(now)
            return file.info()

        return self._submit(work)

    def forget(self, modules: Iterable[str]) -> Future[HistoryInfo]:
        """Delete everything of some modules, given by their keys."""
        keys = tuple(modules)

        def work(file: HistoryFile) -> HistoryInfo:
            file.forget(keys)
            return file.info()

        return self._submit(work)

    def clear(self) -> Future[HistoryInfo]:
        """Delete all samples, gaps and notes."""

        def work(file: HistoryFile) -> HistoryInfo:
            file.clear()
            return file.info()

        return self._submit(work)

    def close(self, now: int) -> None:
        """Finish writing, add a gap, and end the thread. Idempotent."""
        if self._closed:
            return
        self._closed = True
        self._thread.submit(self._end, now)
        self._thread.shutdown(wait=True)

    def _end(self, now: int) -> None:
        if self._substitute is not None:
            with contextlib.suppress(sqlite3.Error):
                self._open()
        file, self._file = self._file, None
        if file is not None:
            # If the gap cannot be added now, it is added at the next start.
            with contextlib.suppress(sqlite3.Error):
                file.end_run(now)
            file.close()

    # Reading

    def curve(self, series: Series, begin: int, end: int, buckets: int) -> Future[Curve]:
        """See `HistoryFile.curve`."""
        return self._submit(lambda file: file.curve(series, begin, end, buckets))

    def statistics(self, wanted: Iterable[Series], begin: int, end: int) -> Future[dict[Series, Statistics]]:
        """See `HistoryFile.statistics`; series without samples in the range are left out."""
        stored = tuple(wanted)
        return self._submit(
            lambda file: {series: found for series in stored if (found := file.statistics(series, begin, end))}
        )

    def absence(self, wanted: Iterable[Series], end: int) -> Future[Absence]:
        """See `HistoryFile.absence`."""
        stored = tuple(wanted)
        return self._submit(lambda file: file.absence(stored, end))

    def gaps(self, module: str, begin: int, end: int) -> Future[list[int]]:
        """See `HistoryFile.gaps`."""
        return self._submit(lambda file: file.gaps(module, begin, end))

    def notes(self, module: str) -> Future[list[Note]]:
        """See `HistoryFile.notes`."""
        return self._submit(lambda file: file.notes(module))

    def samples(self, series: Series, begin: int, end: int, limit: int) -> Future[list[Sample]]:
        """See `HistoryFile.samples`."""
        return self._submit(lambda file: file.samples(series, begin, end, limit))

    def latest(self, module: str, count: int) -> Future[dict[Series, Curve]]:
        """See `HistoryFile.latest`."""
        return self._submit(lambda file: file.latest(module, count))

    def info(self) -> Future[HistoryInfo]:
        """See `HistoryFile.info`."""
        return self._submit(lambda file: file.info())

    # The thread

    def _submit(self, work: Callable[[HistoryFile], Result]) -> Future[Result]:
        if self._closed:
            future: Future[Result] = Future()
            future.cancel()
            return future
        return self._thread.submit(self._run, work)

    def _write(self, work: Callable[[HistoryFile], None]) -> None:
        if not self._closed:
            self._thread.submit(self._run_write, work)

    def _run_write(self, work: Callable[[HistoryFile], None]) -> None:
        try:
            self._run(work)
        except HistoryError as error:
            if not self._failing:
                self._failing = True
                self._on_trouble(HistoryTrouble(Trouble.NOT_WRITTEN, self._path, str(error)))
        else:
            self._failing = False

    def _run(self, work: Callable[[HistoryFile], Result]) -> Result:
        try:
            try:
                return work(self._opened())
            except sqlite3.DatabaseError as error:
                if not _is_damage(error):
                    raise
                self._replace_damaged(error)
                return work(self._opened())
        except sqlite3.Error as error:
            raise HistoryError(str(error)) from error

    def _opened(self) -> HistoryFile:
        if self._file is None or self._substitute is not None:
            self._open()
        assert self._file is not None
        return self._file

    def _open(self) -> None:
        """Open the file. While it is locked, a database in memory takes its place and is moved into it later."""
        substitute = self._substitute
        try:
            # Only the first attempt waits for the lock.
            file = HistoryFile(self._path, LOCK_TIMEOUT if substitute is None else 0.0)
            if substitute is not None:
                try:
                    file.import_from(substitute)
                except BaseException:
                    file.close()
                    raise
        except NewerHistory as error:
            self._use_memory(Trouble.NEWER, error)
        except ForeignDatabase as error:
            self._use_memory(Trouble.FOREIGN, error)
        except (OSError, sqlite3.OperationalError) as error:
            if _is_damage(error):
                raise
            if not _is_locked(error):
                self._use_memory(Trouble.NOT_USABLE, error)
            elif substitute is None:
                self._on_trouble(HistoryTrouble(Trouble.LOCKED, self._path, str(error)))
                self._file = self._substitute = HistoryFile(None)
        else:
            self._file, self._substitute = file, None
            if substitute is not None:
                substitute.close()

    def _use_memory(self, trouble: Trouble, error: Exception) -> None:
        self._on_trouble(HistoryTrouble(trouble, self._path, str(error)))
        self._path = None
        self._file, self._substitute = self._substitute or HistoryFile(None), None

    def _replace_damaged(self, error: sqlite3.DatabaseError) -> None:
        """Rename the damaged file, with the log that SQLite needs to read it."""
        file, self._file = self._file, None
        if file is not None and file is not self._substitute:
            file.close()
        if self._path is None:
            return
        try:
            aside = set_aside(self._path)
            for suffix in ("-wal", "-shm"):
                beside = self._path.with_name(self._path.name + suffix)
                if beside.exists():
                    beside.replace(aside.with_name(aside.name + suffix))
        except OSError as problem:
            self._use_memory(Trouble.NOT_USABLE, problem)
        else:
            self._on_trouble(HistoryTrouble(Trouble.DAMAGED, aside, str(error)))


def _kind_of(error: Exception) -> int:
    # The low byte of the code is the kind of the error, the rest its detail.
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)) & 0xFF


def _is_locked(error: Exception) -> bool:
    return _kind_of(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _is_damage(error: Exception) -> bool:
    if _kind_of(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return True
    # A missing table or column is damage too, because no version of this program has written such a file.
    return isinstance(error, sqlite3.OperationalError) and str(error).startswith("no such")
