"""The writes of a visit: a batch with its progress and its end, and what an earlier one left open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from cmi_gui.engine.cmi1020.secrets import Secret, SecretStore
from cmi_gui.engine.configurator.session import Cancelled, Job, MasterSession
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.mbus.exchange import Procedure
from cmi_gui.engine.messages import Argument, reason_of
from cmi_gui.engine.site.batch import Batch, BatchProgress, BatchResult
from cmi_gui.engine.site.journal import Journal, JournalError, is_unfinished
from cmi_gui.engine.site.model import SiteModule, SiteWrite
from cmi_gui.engine.site.passwords import known_passwords, password_store, wanted_passwords
from cmi_gui.engine.site.resume import open_questions, resume
from cmi_gui.engine.site.whereabouts import look_for
from cmi_gui.engine.site.writes import decide
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.ui.models.bus import BusMaster
from cmi_gui.ui.models.site import SiteModel
from cmi_gui.ui.text.messages import profile_text

Result = TypeVar("Result")


class WritePhase(Enum):
    """How far a batch is."""

    IDLE = "idle"
    """None was begun, or its result was put away."""
    FIRST = "first"
    """The first module is written, alone."""
    ASKING = "asking"
    """The first module is done, and the user decides about the rest."""
    REST = "rest"
    """The other modules are written."""
    ENDED = "ended"
    """All modules have a result."""


class Visit(QObject):
    """The writes to the modules of the open site. It lives as long as the window, independently of the pages.

    `phase`: how far the batch is. `batch`: the running or last one, or None. `progress`: its last progress. `problem`:
    why it could not be begun, or why the link failed; None if neither. `interrupted`: the rows of a batch that the
    program's end interrupted, until it is resumed or put away. `looking`: the modules that are being looked for.
    Signals: `changed()`: any of them changed. `ended()`: a batch has ended.
    """

    changed = Signal()
    ended = Signal()

    def __init__(self, config: StationConfig, site: SiteModel, bus: BusMaster, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._config = config
        self._passwords: dict[Path | None, SecretStore] = {}
        self._site = site
        self._bus = bus
        self.phase = WritePhase.IDLE
        self.batch: Batch | None = None
        self.progress: BatchProgress | None = None
        self.problem: Argument | None = None
        self.interrupted: list[SiteModule] = []
        self.looking: list[SiteModule] = []
        self._journal: Journal | None = None
        self._job: Job | None = None
        self._touched: dict[int, SiteModule] = {}
        self._first_seconds = 0.0
        self._begun = 0.0
        self._to_clear = False
        self._other_work: list[Callable[[], bool]] = []
        site.opened.connect(self._site_opened)
        site.store.changed.connect(self._clear_when_saved)
        site.store.written.connect(self._clear_when_saved)

    # What can be done

    @property
    def busy(self) -> bool:
        """True while something is done with modules of the site."""
        return self._job is not None or bool(self.looking) or any(work() for work in self._other_work)

    def add_work(self, running: Callable[[], bool]) -> None:
        """Add other work on the bus, which a batch waits for; `running` returns whether it is under way."""
        self._other_work.append(running)

    @property
    def why_not(self) -> str:
        """The reason in words why nothing can be written now; empty if it can."""
        if self._bus.state is LinkState.CLOSED or self._bus.line is None:
            return self.tr("Connect the master port first")
        if self._bus.line.built_in:
            return self.tr("This is the simulated bus of the built-in module; connect a port or the practice bus")
        if self._site.loading:
            return self.tr("The site is being opened")
        if self._bus.busy or self.busy:
            return self.tr("Another operation is running on the bus")
        return ""

    def to_write(self, only: Iterable[SiteModule] | None = None) -> list[SiteModule]:
        """Return the modules with differences, of all rows or only of some."""
        rows = self._site.site.modules if only is None else only
        return [module for module in rows if module.changes or module.wanted_secrets]

    @property
    def session(self) -> MasterSession:
        """The master on the connected bus."""
        assert self._bus.line is not None
        return self._bus.line.session

    # Passwords

    @property
    def passwords(self) -> SecretStore:
        """The passwords of the open site; those of a rehearsal are in memory only."""
        path = self._site.path
        store = self._passwords.get(path)
        if store is None:
            try:
                store = password_store(self._config.state_dir, path, use_keyring=self._config.use_keyring)
            except OSError:
                store = password_store(None, None, use_keyring=False)
            self._passwords[path] = store
        return store

    def missing_password(self, modules: Iterable[SiteModule]) -> str:
        """Return the title of the first password that is to be written and not known; empty if there is none."""
        names = wanted_passwords(modules)
        known = known_passwords(self.passwords, names)
        rows = self._site.table.profile
        return next((profile_text(rows.row(name).title) for name in names if name not in known), "")

    # The batch

    def start(self, modules: Sequence[SiteModule], secrets: Mapping[str, Secret]) -> None:
        """Write the first of `modules` alone; then the user decides. Raises RuntimeError if nothing can be written."""
        if self.why_not or not modules:
            raise RuntimeError("nothing can be written now")
        self.batch = self.progress = self.problem = None
        site, now = self._site, self._site.now
        try:
            journal = self.open_journal()
        except JournalError as error:
            self.problem = reason_of(error)
            self.changed.emit()
            return
        self.interrupted = []
        self.batch = Batch(
            site.site,
            modules,
            site.table,
            journal,
            now,
            own_baud=self.session.baud,
            secrets=secrets,
            on_change=self._row_changed,
            on_progress=self._on_progress,
        )
        self._run(self.batch.procedure(1), WritePhase.FIRST)

    def go_on(self) -> None:
        """Write the other modules, after the first one. Raises RuntimeError if that is not possible now."""
        if self.phase is not WritePhase.ASKING or self.batch is None or self.why_not:
            raise RuntimeError("no batch waits for a decision, or nothing can be written now")
        self._run(self.batch.procedure(), WritePhase.REST)

    def stop(self) -> None:
        """Stop the batch at once, or after its first module; what was sent without an answer becomes unsure."""
        if self._job is not None:
            self.session.cancel(self._job)
        elif self.phase is WritePhase.ASKING:
            self._finish()

    def put_away(self) -> None:
        """Put the result of the last batch away, and the offer to resume one."""
        if self._job is None:
            self.phase, self.batch, self.progress, self.problem = WritePhase.IDLE, None, None, None
            self.interrupted = []
            self.changed.emit()

    def _run(self, procedure: Procedure[BatchResult], phase: WritePhase) -> None:
        self.phase = phase
        self._begun = self._seconds()
        job = self.session.run(procedure, lambda _: self._over(None), self._over)
        # It may have failed at once.
        self._job = None if job.finished else job
        self.changed.emit()

    def _over(self, error: Exception | None) -> None:
        self._job = None
        assert self.batch is not None
        if error is not None and not isinstance(error, Cancelled):
            self.problem = reason_of(error)
        if self.phase is WritePhase.FIRST:
            self._first_seconds = self._seconds() - self._begun
        asks = self.phase is WritePhase.FIRST and error is None and self.batch.waiting and self.batch.stopped is None
        if asks:
            self.phase = WritePhase.ASKING
            self._tell_rows()
            self.changed.emit()
        else:
            self._finish()

    def _finish(self) -> None:
        self.phase, self.progress = WritePhase.ENDED, None
        self._tell_rows()
        self._site.touch()
        self.end_work()
        self.changed.emit()
        self.ended.emit()

    # The journal

    def open_journal(self) -> Journal:
        """Return the journal for writes to the site, until `end_work`. Raises JournalError: then nothing is sent."""
        if self._journal is None:
            path = self._site.path
            self._journal = Journal(None) if path is None else Journal.beside(path)
        self._to_clear = False
        return self._journal

    def end_work(self) -> None:
        """Clear the journal once the site is saved, unless a batch that is in it waits for a decision."""
        if self.phase is not WritePhase.ASKING:
            self._to_clear = True
            self._clear_when_saved()

    def _clear_when_saved(self) -> None:
        """Clear the journal once the site's file has everything that is in it."""
        if self._to_clear and not self._site.store.unsaved and not self._site.store.problem:
            try:
                if self._journal is not None:
                    self._journal.clear()
            except JournalError as error:
                self.problem = reason_of(error)
            self._release_journal()

    def close(self) -> None:
        """Close the journal; called when the window closes, after the site was written."""
        self._clear_when_saved()
        self._release_journal()

    def _release_journal(self) -> None:
        """Close the journal; what is still in it is looked at when its site is opened again."""
        self._to_clear = False
        if self._journal is not None:
            self._journal.close()
            self._journal = None

    def _row_changed(self, module: SiteModule) -> None:
        self._touched[id(module)] = module
        self._site.touch(module)

    def _tell_rows(self) -> None:
        touched, self._touched = self._touched, {}
        if touched:
            self._site.touch(*touched.values())

    def _on_progress(self, progress: BatchProgress) -> None:
        self.progress = progress
        self.changed.emit()

    @property
    def seconds_left(self) -> float | None:
        """An estimate of the time that the batch still takes, by the modules done so far; None before the first."""
        if self.batch is None or self._first_seconds <= 0 or self.phase not in (WritePhase.ASKING, WritePhase.REST):
            return None
        done = len(self.batch.results) - 1
        waiting = len(self.batch.waiting) + (self.phase is WritePhase.REST)
        if self.phase is WritePhase.ASKING or done < 1:
            return self._first_seconds * waiting
        spent = self._seconds() - self._begun
        # The module in progress is counted by what it has taken so far.
        return max(0.0, (self._first_seconds + spent) / (1 + done) * waiting)

    def _seconds(self) -> float:
        return self._bus.now()

    # After an interruption

    def _site_opened(self) -> None:
        if self._job is not None:
            return
        self.phase, self.batch, self.progress, self.problem = WritePhase.IDLE, None, None, None
        self.interrupted = []
        self._release_journal()
        path = self._site.path
        if path is not None and is_unfinished(path):
            self._resume(path)
        self.changed.emit()

    def _resume(self, path: Path) -> None:
        try:
            self._journal = Journal.beside(path)
        except JournalError as error:
            self.problem = reason_of(error)
            return
        self.interrupted = resume(self._site.site, self._journal.entries, self._site.table)
        self._to_clear = True
        self._site.touch(*self.interrupted)

    # Unsure modules

    def questions(self) -> list[tuple[SiteModule, SiteWrite]]:
        """Return the writes that may have been sent, of which only the user can say whether they were carried out."""
        return open_questions(self._site.site, self._site.table)

    def answer(self, module: SiteModule, write: SiteWrite, *, carried_out: bool) -> None:
        """Store the user's answer to one of the `questions`."""
        decide(module, write, self._site.table, carried_out=carried_out)
        self._site.touch(module)
        self.changed.emit()

    def look_for(self, module: SiteModule, done: Callable[[bool], object]) -> None:
        """Look for an unsure or lost module at every place where it may be. Raises RuntimeError if busy."""
        if self.why_not:
            raise RuntimeError("nothing can be looked for now")

        def over(found: bool) -> None:
            self.looking.remove(module)
            self._site.touch(module)
            self.changed.emit()
            done(found)

        def failed(error: Exception) -> None:
            if isinstance(error, LinkError):
                self.problem = reason_of(error)
            over(False)

        self.looking.append(module)
        procedure = look_for(module, self._site.table, self.session.baud, self._site.now)
        self.session.run(procedure, over, failed)
        self.changed.emit()
