"""Work on several modules of the open site that is not a batch of writes: readings and commands, one job at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.cmi1020.profile import CommandRow
from cmi_gui.engine.configurator.session import Cancelled, Job
from cmi_gui.engine.configurator.write_run import WriteOutcome
from cmi_gui.engine.messages import Argument, InvalidValue, listed, reason_of
from cmi_gui.engine.site.actions import ActMany
from cmi_gui.engine.site.cyclic import CyclicReading, ModuleAlarm
from cmi_gui.engine.site.journal import JournalError
from cmi_gui.engine.site.model import SiteModule
from cmi_gui.engine.site.names import name_of
from cmi_gui.engine.site.quality import BusQuality
from cmi_gui.engine.site.read_many import ReadMany, ReadResult
from cmi_gui.engine.site.schedule import Schedule
from cmi_gui.ui.models.bus import BusMaster
from cmi_gui.ui.models.site import SiteModel
from cmi_gui.ui.models.visit import Visit
from cmi_gui.ui.prefs import CyclicPrefs, Prefs
from cmi_gui.ui.text.messages import text_of
from cmi_gui.ui.text.words import Level, sentence

_MOST_NAMED = 5


class SiteReadings(QObject):
    """The readings of the modules of the open site: once, or again and again. It lives as long as the window.

    `run`: the reading under way, or None. `cyclic`: the cyclic reading, or None. `quality`: how well the modules have
    answered. `missing`: the modules that a cyclic reading misses, with the alarm of each. `problem`: why the last
    reading could not be done, or None.
    Signals: `changed()`: any of them changed. `read(object)`: a `ReadResult`. `reported(Level, str)`: with a sentence.
    """

    changed = Signal()
    read = Signal(object)
    reported = Signal(object, str)

    def __init__(self, site: SiteModel, visit: Visit, bus: BusMaster, clock: Clock, prefs: Prefs) -> None:
        super().__init__(visit)
        self._site = site
        self._visit = visit
        self._bus = bus
        self._clock = clock
        self._prefs = prefs
        self._once: ReadMany | None = None
        self._job: Job | None = None
        self.cyclic: CyclicReading | None = None
        self.quality = BusQuality()
        self.missing: dict[SiteModule, ModuleAlarm] = {}
        self.problem: Argument | None = None
        site.opened.connect(self._forget)
        visit.add_work(lambda: self._once is not None)

    @property
    def run(self) -> ReadMany | None:
        """The reading under way, single or cyclic, or None."""
        return self._once or (None if self.cyclic is None else self.cyclic.run)

    def read_once(self, modules: Sequence[SiteModule]) -> None:
        """Read modules one after another. Raises RuntimeError if nothing can be done on the bus now."""
        if self._visit.why_not or not modules:
            raise RuntimeError("nothing can be read now")
        self.problem = None
        session = self._visit.session
        run = self._once = ReadMany(
            modules,
            self._site.table,
            self._site.now,
            own_baud=session.baud,
            quality=self.quality,
            on_read=self._take,
            on_progress=self.changed.emit,
        )
        job = session.run(run.procedure(), lambda _: self._over(None), self._over)
        self._job = None if job.finished else job
        self.changed.emit()

    def stop(self) -> None:
        """Stop the reading at once; what was read is kept."""
        if self._job is not None:
            self._visit.session.cancel(self._job)

    def _over(self, error: Exception | None) -> None:
        run, self._once, self._job = self._once, None, None
        if error is not None and not isinstance(error, Cancelled):
            self.problem = reason_of(error)
        assert run is not None
        self._site.touch(*(result.module for result in run.results))
        self._tell_end(run, error)
        self.changed.emit()

    def _tell_end(self, run: ReadMany, error: Exception | None) -> None:
        missed = [name_of(result.module) for result in run.results if result.failure is not None]
        ended = self.tr("The reading has ended. Modules read: {0} of {1}")
        words = self.tr("The reading was stopped. Modules read: {0} of {1}") if error is not None else ended
        words = words.format(len(run.results) - len(missed), run.total)
        if missed:
            words = self.tr("{0}. Incomplete or not read: {1}").format(
                words, text_of(listed(missed, ", ", _MOST_NAMED))
            )
        self.reported.emit(Level.WARNING if missed or error is not None else Level.GOOD, words)

    def _take(self, result: ReadResult) -> None:
        self._site.touch(result.module)
        self.read.emit(result)

    # Again and again

    def start_cycle(self, schedule: Schedule) -> None:
        """Read all modules that were found in each slot of a schedule. Raises RuntimeError as `read_once`."""
        if self._visit.why_not:
            raise RuntimeError("nothing can be read now")
        self.stop_cycle()
        self.problem = None
        self.cyclic = CyclicReading(
            lambda: [module for module in self._site.site if module.found is not None],
            self._site.table,
            schedule,
            self._visit.session,
            self._clock,
            self._site.now,
            quality=self.quality,
            on_read=self._take_slot,
            on_alarm=self._take_alarm,
            on_trouble=lambda message: self.reported.emit(Level.WARNING, sentence(message)),
            on_round=self.changed.emit,
            on_progress=self.changed.emit,
        )
        self.cyclic.start()
        if self._site.path is not None:
            self._remember(CyclicPrefs(str(self._site.path), round(schedule.every.total_seconds() / 60)))
        self.changed.emit()

    def stop_cycle(self) -> None:
        """End the cyclic reading; what was read is kept."""
        if self.cyclic is not None:
            cyclic, self.cyclic = self.cyclic, None
            cyclic.stop()
            self._remember(CyclicPrefs())
            self.missing.clear()
            self.changed.emit()

    def _take_slot(self, _slot: datetime, result: ReadResult) -> None:
        self._take(result)

    def _take_alarm(self, alarm: ModuleAlarm) -> None:
        if alarm.back:
            self.missing.pop(alarm.module, None)
        else:
            self.missing[alarm.module] = alarm
        self.reported.emit(Level.GOOD if alarm.back else Level.WARNING, sentence(alarm.message))
        self.changed.emit()

    def _remember(self, cyclic: CyclicPrefs) -> None:
        """Store at once which cyclic reading is under way, since the program may end at any time."""
        if self._prefs.stored.cyclic != cyclic:
            self._prefs.stored.cyclic = cyclic
            self._prefs.save()

    def _tell_stopped(self) -> None:
        """Say that the end of the program has ended the cyclic reading of this site; it opens no port by itself."""
        cyclic, path = self._prefs.stored.cyclic, self._site.path
        if path is not None and cyclic.site == str(path):
            words = self.tr(
                "The cyclic reading every {0} min stopped when the program ended: connect the master port and start it"
                " again"
            )
            self.reported.emit(Level.WARNING, words.format(cyclic.minutes))
            self._remember(CyclicPrefs())

    def _forget(self) -> None:
        self.stop()
        if self.cyclic is not None:
            self.reported.emit(Level.WARNING, self.tr("The cyclic reading was stopped, because another site is open"))
            self.stop_cycle()
        else:
            self._tell_stopped()
        self.quality = BusQuality()
        self.problem = None
        self.changed.emit()


class SiteCommands(QObject):
    """The commands to modules of the open site. It lives as long as the window.

    `run`: the last command with its results, or None. `row`: what it is. `running`: whether it is under way.
    `problem`: why it could not be sent to all, or None. Signals: `changed()`: any of them changed.
    """

    changed = Signal()

    def __init__(self, site: SiteModel, visit: Visit) -> None:
        super().__init__(visit)
        self._site = site
        self._visit = visit
        self._job: Job | None = None
        self.row: CommandRow | None = None
        self.run: ActMany | None = None
        self.running = False
        self.problem: Argument | None = None
        site.opened.connect(self._forget)
        visit.add_work(lambda: self.running)

    def send(self, texts: Mapping[SiteModule, str], row: CommandRow, *, digits: str = "") -> None:
        """Send a command with a value for each module; what is about to be sent is on the disk before.

        Raises RuntimeError if busy, InvalidValue as `ActMany`.
        """
        if self._visit.why_not:
            raise RuntimeError("nothing can be sent now")
        session = self._visit.session
        try:
            journal = self._visit.open_journal()
        except JournalError as error:
            self.problem = reason_of(error)
            self.changed.emit()
            return
        try:
            run = ActMany(
                texts,
                row,
                self._site.table,
                self._site.now,
                own_baud=session.baud,
                digits=digits,
                site=self._site.site,
                journal=journal,
                on_change=self._site.touch,
                on_progress=self.changed.emit,
            )
        except InvalidValue:
            self._visit.end_work()
            raise
        self.run, self.row, self.running, self.problem = run, row, True, None
        job = session.run(run.procedure(), lambda _: self._over(None), self._over)
        self._job = None if job.finished else job
        self.changed.emit()

    def stop(self) -> None:
        """Stop before the next module; a command that was sent without an answer stays unsure in its row."""
        if self._job is not None:
            self._visit.session.cancel(self._job)

    def _over(self, error: Exception | None) -> None:
        self.running, self._job = False, None
        if error is not None and not isinstance(error, Cancelled):
            self.problem = reason_of(error)
        assert self.run is not None
        self._site.touch(*(result.module for result in self.run.results))
        self._visit.end_work()
        self.changed.emit()

    def _forget(self) -> None:
        self.stop()
        self.run, self.row, self.problem = None, None, None
        self.changed.emit()

    @property
    def good(self) -> int:
        """The number of modules that accepted the last command."""
        return 0 if self.run is None else sum(each.outcome is WriteOutcome.TAKEN for each in self.run.results)
