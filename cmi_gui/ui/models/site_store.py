"""The file of the open site: locked, written in the background after each change, and recovered after a crash."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.files.atomic_file import remove_leftovers, set_aside
from cmi_gui.engine.messages import reason_of
from cmi_gui.engine.site.model import Site
from cmi_gui.engine.site.site_file import SUFFIX, SiteError, read_site, write_site
from cmi_gui.engine.site.site_lock import SiteLock, lock_site
from cmi_gui.ui.background import Background
from cmi_gui.ui.text.messages import reason_text, text_of
from cmi_gui.ui.text.words import Level

_log = logging.getLogger(__name__)

_AUTOSAVE_MS = 500
"""Time in ms after the last change, until the file is written."""
_RETRY_MS = 10_000
"""Time in ms after which a file that could not be written is tried again."""
_UNNAMED = f"unnamed{SUFFIX}"


class _Loaded(NamedTuple):
    site: Site
    lock: SiteLock
    recovered: bool
    """True if it has changes that could not be written to its file."""


class SiteStore(QObject):
    """The file of the open site. `path`: None if the site is kept in memory only. `problem`: why it cannot be written.

    `folder`: the state folder, or None. It has the unnamed site, and the changes that could not be written to a file,
    such as one on a memory stick that was removed; they are taken when the site is opened again.
    Signals: `changed()`, path or problem changed; `written()`, all changes are in the file; `reported(Level, str)`,
    with a sentence.
    """

    changed = Signal()
    written = Signal()
    reported = Signal(object, str)

    def __init__(
        self, table: CommandTable, folder: Path | None, background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._table = table
        self._folder = None if folder is None else folder / "sites"
        self._background = background
        self._site: Site | None = None
        self._lock: SiteLock | None = None
        self._revision = self._written = 0
        self.path: Path | None = None
        self.problem = ""
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._write)

    @property
    def unnamed_path(self) -> Path | None:
        """The file of the site that has no file of the user's, or None without a state folder."""
        return None if self._folder is None else self._folder / _UNNAMED

    @property
    def unnamed(self) -> bool:
        """True if the open site has no file of the user's."""
        return self.path is None or self.path == self.unnamed_path

    @property
    def unsaved(self) -> bool:
        """True while the last changes are not in the file."""
        return self.path is not None and self._revision != self._written

    def open(self, path: Path, done: Callable[[Site], object], failed: Callable[[str], object]) -> None:
        """Open another file; `done` gets the site, `failed` a sentence. The open site stays open until then.

        A missing file is made, with an empty site.
        """
        self._write()

        def loaded(result: _Loaded) -> None:
            self._use(path, result.site, result.lock)
            if result.recovered:
                words = self.tr("Changes that could not be written to {0} earlier were recovered")
                self.reported.emit(Level.WARNING, words.format(path))
                self.touch()
            done(result.site)

        self._background.run(
            lambda: _load(path, self._table, self._recovery(path)),
            loaded,
            lambda error: failed(text_of(reason_of(error))),
        )

    def save_as(self, path: Path, site: Site, done: Callable[[], object]) -> None:
        """Keep the site in another file from now on; `done` is called when the file is written."""
        if path == self.path:
            self.touch()
            return
        content = msgspec.msgpack.encode(site)

        def work() -> SiteLock:
            lock = lock_site(path)
            try:
                _write(path, content, self._table)
            except BaseException:
                lock.release()
                raise
            return lock

        def saved(lock: SiteLock) -> None:
            self._use(path, site, lock)
            done()

        def failed(error: Exception) -> None:
            reason = text_of(reason_of(error)) if isinstance(error, SiteError) else reason_text(error)
            words = self.tr("The site could not be saved to {0} ({1}); choose another folder")
            self.reported.emit(Level.ERROR, words.format(path, reason))

        self._background.run(work, saved, failed)

    def keep_in_memory(self, site: Site) -> None:
        """Use a site without a file."""
        self._use(None, site, None)

    def _use(self, path: Path | None, site: Site, lock: SiteLock | None) -> None:
        # What changed while the other file was being read.
        self._write()
        if self._lock is not None:
            self._release_later(self._lock)
        self.path, self._site, self._lock, self.problem = path, site, lock, ""
        self._revision = self._written = 0
        self.changed.emit()

    def _release_later(self, lock: SiteLock) -> None:
        """Release a lock after the jobs that write to its file."""
        self._background.run(lock.release, lambda _: None, lambda error: _log.warning("%s", error))

    # Writing

    def touch(self) -> None:
        """Write the file soon, because the site has changed."""
        if self.path is not None:
            self._revision += 1
            self._timer.start(_AUTOSAVE_MS)

    def _write(self) -> None:
        self._timer.stop()
        path, site, revision = self.path, self._site, self._revision
        if path is None or site is None or not self.unsaved:
            return
        recovery = self._recovery(path)
        # A copy, because the site changes while the file is being written.
        content = msgspec.msgpack.encode(site)

        def over(problem: str) -> None:
            if path != self.path:
                return
            if problem and not self.problem:
                words = self.tr(
                    "{0} could not be written ({1}). The changes are kept in this program's own folder and written"
                    " when the file can be written again."
                )
                self.reported.emit(Level.ERROR, words.format(path, problem))
            if problem:
                self._timer.start(_RETRY_MS)
            else:
                self._written = max(self._written, revision)
            if problem != self.problem:
                self.problem = problem
                self.changed.emit()
            if not self.unsaved:
                self.written.emit()

        def failed(error: Exception) -> None:
            over(reason_text(error))

        self._background.run(lambda: _write_or_keep(path, recovery, content, self._table), over, failed)

    def _recovery(self, path: Path) -> Path | None:
        """Return the file for changes that cannot be written to `path`."""
        if self._folder is None or path == self.unnamed_path:
            return None
        name = hashlib.sha256(str(path.absolute()).encode()).hexdigest()[:16]
        return self._folder / f"unwritten-{name}{SUFFIX}"

    def close(self) -> None:
        """Write what is not in the file yet and release it, on this thread after `Background.close`."""
        self._timer.stop()
        if self.unsaved and self.path is not None and self._site is not None:
            try:
                content = msgspec.msgpack.encode(self._site)
                problem = _write_or_keep(self.path, self._recovery(self.path), content, self._table)
                if problem:
                    _log.info("%s is not written, but its changes are kept: %s", self.path, problem)
            except (OSError, ValueError) as error:
                _log.warning("%s is not written: %s", self.path, error)
            self._written = self._revision
        if self._lock is not None:
            self._lock.release()
            self._lock = None


def _load(path: Path, table: CommandTable, recovery: Path | None) -> _Loaded:
    """Lock and read a site; what could not be written to it earlier takes precedence."""
    lock = lock_site(path)
    try:
        remove_leftovers(path)
        if recovery is not None and recovery.exists():
            with suppress(SiteError):
                return _Loaded(read_site(recovery, table), lock, recovered=True)
        site = read_site(path, table) if path.exists() else Site()
    except BaseException:
        lock.release()
        raise
    return _Loaded(site, lock, recovered=False)


def _write(path: Path, content: bytes, table: CommandTable) -> None:
    write_site(path, msgspec.msgpack.decode(content, type=Site), table)


def _write_or_keep(path: Path, recovery: Path | None, content: bytes, table: CommandTable) -> str:
    """Write a site to its file or, if that fails, to another one; return why it failed, or nothing."""
    try:
        _write(path, content, table)
    except OSError as error:
        if recovery is None:
            raise
        _write(recovery, content, table)
        return reason_text(error)
    if recovery is not None:
        recovery.unlink(missing_ok=True)
    return ""


def set_damaged_aside(path: Path) -> Path | None:
    """Rename a file that cannot be used, so that it is not lost; return its new path, or None if that fails."""
    with suppress(OSError):
        return set_aside(path)
    return None
