"""The history of readings, in a separate thread: writing never blocks, reading returns a future.

One SQLite file, `history.sqlite` in the state folder, or one in memory. An error is reported once, in the
thread, and the program goes on without: a damaged file is kept aside and a new one begun.
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
from cmi_gui.engine.history.values import Curve, GapCause, HistoryInfo, Quality, Sample, Series, Statistics
from cmi_gui.engine.iec62056.reading import Reading

FILE_NAME = "history.sqlite"
MOST_DAYS = 36_500
_PRUNE_EVERY_MS = 6 * 3_600_000
LOCK_TIMEOUT = 5.0
"""Seconds to wait for another program that has the file locked at the start."""

Result = TypeVar("Result")


class Trouble(Enum):
    """The errors of the file."""

    DAMAGED = "damaged"
    """It was damaged and is at `path` now; a new one has been begun."""
    NEWER = "newer"
    """A newer program has written it; it is left alone, and what is read now is kept until the program ends."""
    FOREIGN = "foreign"
    """Another program has written it; it is left alone, and what is read now is kept until the program ends."""
    LOCKED = "locked"
    """Another program has it locked; what is read now is kept, and put into it once it is free."""
    NOT_USABLE = "not_usable"
    """It cannot be opened; what is read now is kept until the program ends."""
    NOT_WRITTEN = "not_written"
    """Readings could not be added to it; reported once until they can."""


@dataclass(frozen=True, slots=True)
class HistoryTrouble:
    """`path`: the file it is about. `detail`: the operating system's or SQLite's own words."""

    trouble: Trouble
    path: Path | None
    detail: str


class HistoryError(Exception):
    """The history could not do what was asked; the message says why."""


def milliseconds(seconds: float) -> int:
    """Wall seconds as the history counts them."""
    return round(seconds * 1000)


class History:
    """Keeps and gives readings. `folder` None keeps them until `close`. `tell` is called in the thread.

    The thread starts with the first job, which also opens the file. Times are ms since the epoch, UTC. Futures raise
    HistoryError; after `close` they are cancelled.
    """

    def __init__(self, folder: Path | None, tell: Callable[[HistoryTrouble], object]) -> None:
        self._path = None if folder is None else folder / FILE_NAME
        self._tell = tell
        self._thread = ThreadPoolExecutor(1, "history")
        self._closed = False
        self._file: HistoryFile | None = None
        self._failing = False
        self._stand_in: HistoryFile | None = None
        self._pruned: int | None = None

    # Writing

    def record(self, module: str, time: int, readings: Iterable[Reading], quality: Quality = Quality.MEASURED) -> None:
        """Add the numbers among the readings; now and then also delete what is too old."""
        kept = tuple(readings)

        def work(file: HistoryFile) -> None:
            file.record(module, time, kept, quality)
            if self._pruned is None or time - self._pruned >= _PRUNE_EVERY_MS:
                self._pruned = time
                file.prune(time)

        self._write(work)

    def gap(self, module: str, time: int, cause: GapCause) -> None:
        """From `time` on the module gives nothing."""
        self._write(lambda file: file.gap(module, time, cause))

    def set_days(self, days: int, now: int) -> Future[HistoryInfo]:
        """Keep samples for so many days, 1 to `MOST_DAYS`, and delete older ones. Raises ValueError."""
        if not 1 <= days <= MOST_DAYS:
            raise ValueError(f"the history is kept for 1 to {MOST_DAYS} days, not {days}")

        def work(file: HistoryFile) -> HistoryInfo:
            file.days = days
            file.prune(now)
            return file.info()

        return self._ask(work)

    def clear(self) -> Future[HistoryInfo]:
        """Delete everything."""

        def work(file: HistoryFile) -> HistoryInfo:
            file.clear()
            return file.info()

        return self._ask(work)

    def close(self, now: int) -> None:
        """Finish what is being written, put a gap behind it, end the thread. Idempotent."""
        if self._closed:
            return
        self._closed = True
        self._thread.submit(self._end, now)
        self._thread.shutdown(wait=True)

    def _end(self, now: int) -> None:
        if self._stand_in is not None:
            with contextlib.suppress(sqlite3.Error):
                self._open()
        file, self._file = self._file, None
        if file is not None:
            # A file that cannot take the gap gets it at the next start.
            with contextlib.suppress(sqlite3.Error):
                file.end_run(now)
            file.close()

    # Reading

    def curve(self, series: Series, begin: int, end: int, buckets: int) -> Future[Curve]:
        """See `HistoryFile.curve`."""
        return self._ask(lambda file: file.curve(series, begin, end, buckets))

    def statistics(self, wanted: Iterable[Series], begin: int, end: int) -> Future[dict[Series, Statistics]]:
        """See `HistoryFile.statistics`; series without samples in the range are left out."""
        kept = tuple(wanted)
        return self._ask(
            lambda file: {series: found for series in kept if (found := file.statistics(series, begin, end))}
        )

    def samples(self, series: Series, begin: int, end: int, limit: int) -> Future[list[Sample]]:
        """See `HistoryFile.samples`."""
        return self._ask(lambda file: file.samples(series, begin, end, limit))

    def latest(self, module: str, count: int) -> Future[dict[Series, Curve]]:
        """See `HistoryFile.latest`."""
        return self._ask(lambda file: file.latest(module, count))

    def info(self) -> Future[HistoryInfo]:
        """See `HistoryInfo`."""
        return self._ask(lambda file: file.info())

    # The thread

    def _ask(self, work: Callable[[HistoryFile], Result]) -> Future[Result]:
        if self._closed:
            future: Future[Result] = Future()
            future.cancel()
            return future
        return self._thread.submit(self._do, work)

    def _write(self, work: Callable[[HistoryFile], None]) -> None:
        if not self._closed:
            self._thread.submit(self._do_write, work)

    def _do_write(self, work: Callable[[HistoryFile], None]) -> None:
        try:
            self._do(work)
        except HistoryError as error:
            if not self._failing:
                self._failing = True
                self._tell(HistoryTrouble(Trouble.NOT_WRITTEN, self._path, str(error)))
        else:
            self._failing = False

    def _do(self, work: Callable[[HistoryFile], Result]) -> Result:
        try:
            try:
                return work(self._opened())
            except sqlite3.DatabaseError as error:
                if not _is_damage(error):
                    raise
                self._begin_anew(error)
                return work(self._opened())
        except sqlite3.Error as error:
            raise HistoryError(str(error)) from error

    def _opened(self) -> HistoryFile:
        if self._file is None or self._stand_in is not None:
            self._open()
        assert self._file is not None
        return self._file

    def _open(self) -> None:
        """Open the file. While it is locked one in memory stands in for it, whose content it is given later."""
        stand_in = self._stand_in
        try:
            # After the first wait it only tries, without waiting.
            file = HistoryFile(self._path, LOCK_TIMEOUT if stand_in is None else 0.0)
            if stand_in is not None:
                with contextlib.ExitStack() as failing:
                    failing.callback(file.close)
                    file.take_over(stand_in)
                    failing.pop_all()
        except NewerHistory as error:
            self._go_without(Trouble.NEWER, error)
        except ForeignDatabase as error:
            self._go_without(Trouble.FOREIGN, error)
        except (OSError, sqlite3.OperationalError) as error:
            if isinstance(error, sqlite3.DatabaseError) and _is_damage(error):
                raise
            if not _is_locked(error):
                self._go_without(Trouble.NOT_USABLE, error)
            elif stand_in is None:
                self._tell(HistoryTrouble(Trouble.LOCKED, self._path, str(error)))
                self._file = self._stand_in = HistoryFile(None)
        else:
            self._file, self._stand_in = file, None
            if stand_in is not None:
                stand_in.close()

    def _go_without(self, trouble: Trouble, error: Exception) -> None:
        self._tell(HistoryTrouble(trouble, self._path, str(error)))
        self._path = None
        self._file, self._stand_in = self._stand_in or HistoryFile(None), None

    def _begin_anew(self, error: sqlite3.DatabaseError) -> None:
        """Keep the damaged file aside, with the log beside it that SQLite would need to look into it."""
        file, self._file = self._file, None
        if file is not None and file is not self._stand_in:
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
            self._go_without(Trouble.NOT_USABLE, problem)
        else:
            self._tell(HistoryTrouble(Trouble.DAMAGED, aside, str(error)))


def _is_locked(error: Exception) -> bool:
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    # The low byte is the error's kind, the rest its detail. Tables that are not there are damage too: no version of
    # this program has written such a file.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
    return code in _DAMAGE or (isinstance(error, sqlite3.OperationalError) and str(error).startswith("no such"))
