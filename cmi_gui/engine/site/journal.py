"""The journal of the writes to a site: what is about to be sent is on the disk before its first byte leaves.

The journal is a file of JSON lines beside the site's file, readable by its owner only. After the program was ended in
the middle of a write, it shows what may have been sent (`resume.py`). A password never gets into it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final

import msgspec

from cmi_gui.engine.configurator.write_run import WriteOutcome
from cmi_gui.engine.files.atomic_file import check_private
from cmi_gui.engine.files.toml_file import FileError
from cmi_gui.engine.files.user_file import read_user_file
from cmi_gui.engine.messages import Argument, Message, marked
from cmi_gui.engine.site.causes import Cause, cause_of
from cmi_gui.engine.site.model import Line, Name, Site, SiteModule, Snapshot, Time, Value, Whereabouts

MAX_JOURNAL: Final = 16_000_000
"""Largest size of a journal in bytes; a visit to 250 modules has about 1,000,000."""
_SUFFIX: Final = ".journal"


class RowName(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A row of a site in the journal: its index, and its serial number and place, by which it is found again.

    The number of a slave of another maker may be more or other than eight digits.
    """

    index: int
    serial: Line = ""
    place: Line = ""

    @classmethod
    def of(cls, site: Site, module: SiteModule) -> RowName:
        """Return the name of a row of `site`, also of one that was removed meanwhile."""
        rows = site.modules
        index = rows.index(module) if module in rows else len(rows)
        return cls(index, number_of(module), module.place)

    def find(self, site: Site) -> SiteModule | None:
        """Return the row; None if the site no longer has it."""
        rows = site.modules
        if self.index < len(rows) and self._fits(rows[self.index]):
            return rows[self.index]
        fitting = [module for module in rows if self._fits(module)]
        return fitting[0] if len(fitting) == 1 else None

    def _fits(self, module: SiteModule) -> bool:
        if self.serial:
            return self.serial == number_of(module)
        # A row with neither has only its index.
        return self.place == module.place and bool(self.place or not number_of(module))


def number_of(module: SiteModule) -> str:
    """Return the serial number of a module: the one of the row, else the fabrication number; empty if unknown."""
    return module.serial or ("" if module.found is None else module.found.fabrication)


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="entry"):
    at: Time


class BatchBegun(_Entry, frozen=True, tag="begun", kw_only=True):
    """The begin of a batch over `rows`."""

    rows: tuple[RowName, ...]


class AsFound(_Entry, frozen=True, tag="as found", kw_only=True):
    """A module before the first write of the visit."""

    row: RowName
    snapshot: Snapshot


class Intent(_Entry, frozen=True, tag="intent", kw_only=True):
    """A setting or action that is about to be sent; `text` as in `SiteWrite`.

    `possible`: every place where the module may be afterwards.
    """

    row: RowName
    name: Name
    text: Value | None = None
    before: Value | None = None
    possible: tuple[Whereabouts, ...] = ()


class Ended(_Entry, frozen=True, tag="ended", kw_only=True):
    """The outcome of the last `Intent` before it."""

    outcome: WriteOutcome
    message: Cause = ""


class ReadBack(_Entry, frozen=True, tag="read", kw_only=True):
    """Settings that a module reported."""

    row: RowName
    settings: dict[Name, Value]


JournalEntry = BatchBegun | AsFound | Intent | Ended | ReadBack
_DECODER: Final = msgspec.json.Decoder(JournalEntry)


class JournalError(FileError):
    """A journal that cannot be read or written."""


class Journal:
    """The journal of one site, opened for writing. Use it in a `with` block, or `close` it.

    `path`: its file; None keeps nothing, as for a practice room. `entries`: those of an interrupted batch. Raises
    JournalError if the file cannot be used.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.entries: tuple[JournalEntry, ...] = ()
        self._site: Site | None = None
        self._handle: int | None = None
        if path is None:
            return
        try:
            self.entries, size = read_journal(path)
            flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
            self._handle = os.open(path, flags, 0o600)
            check_private(self._handle, path)
            # A line that was cut when the program ended was never acted on.
            os.ftruncate(self._handle, size)
            os.lseek(self._handle, 0, os.SEEK_END)
        except OSError as error:
            self.close()
            raise _unusable(path, error) from None

    @classmethod
    def beside(cls, site_path: Path) -> Journal:
        """Open the journal of the site in the file `site_path`."""
        return cls(journal_path(site_path))

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def add(self, entry: JournalEntry, *, sync: bool = False) -> None:
        """Append an entry; with `sync` it is on the disk afterwards. Raises JournalError if that is not possible."""
        if self._handle is None or self.path is None:
            return
        try:
            data = msgspec.json.encode(entry) + b"\n"
            while data:
                data = data[os.write(self._handle, data) :]
            if sync:
                os.fsync(self._handle)
        except OSError as error:
            raise _unusable(self.path, error) from None

    def intend(
        self,
        row: RowName,
        name: str,
        text: str | None,
        at: datetime,
        *,
        before: str | None = None,
        possible: tuple[Whereabouts, ...] = (),
    ) -> None:
        """Note a write before its first byte; `text` must be None for a password. Raises JournalError."""
        self.add(Intent(at=at, row=row, name=name, text=text, before=before, possible=possible), sync=True)

    def end(self, outcome: WriteOutcome, message: Argument, at: datetime) -> None:
        """Note the outcome of the last intent. Raises JournalError."""
        self.add(Ended(at=at, outcome=outcome, message=cause_of(message)))

    def clear(self) -> None:
        """Forget all entries, once the site is saved with everything in them. Raises JournalError."""
        self.entries = ()
        if self._handle is not None and self.path is not None:
            try:
                os.ftruncate(self._handle, 0)
                os.lseek(self._handle, 0, os.SEEK_SET)
                os.fsync(self._handle)
            except OSError as error:
                raise _unusable(self.path, error) from None

    def close(self) -> None:
        """Close the file; an empty one is removed."""
        if self._handle is None or self.path is None:
            return
        is_empty = os.fstat(self._handle).st_size == 0
        os.close(self._handle)
        self._handle = None
        if is_empty:
            self.path.unlink(missing_ok=True)


def journal_path(site_path: Path) -> Path:
    """Return the path of the journal of the site in `site_path`."""
    return site_path.with_name(site_path.name + _SUFFIX)


def is_unfinished(site_path: Path) -> bool:
    """Return whether a batch on the site in this file was interrupted, so that its journal has entries."""
    try:
        return journal_path(site_path).stat().st_size > 0
    except OSError:
        return False


def read_journal(path: Path) -> tuple[tuple[JournalEntry, ...], int]:
    """Return the entries of a journal and the size of its whole lines; of a missing file none. Raises OSError.

    A cut last line is left out. Raises JournalError for a line that is not of a journal.
    """
    try:
        data = read_user_file(path, MAX_JOURNAL)
    except FileNotFoundError:
        return (), 0
    whole = data[: data.rfind(b"\n") + 1]
    return tuple(_decoded(whole, path)), len(whole)


def _decoded(data: bytes, path: Path) -> Iterator[JournalEntry]:
    for number, line in enumerate(data.split(b"\n")[:-1], 1):
        try:
            yield _DECODER.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            template = marked("line {0} is not of a journal of writes; rename the file, and read the modules again")
            raise JournalError(path.name, Message(template, (number,))) from None


def _unusable(path: Path, error: OSError) -> JournalError:
    return JournalError(path.name, Message("it cannot be used: {0}", (error.strerror or str(error),)))
