"""Cyclic reading of many modules at times aligned to the clock, for days and across interruptions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cmi_gui.engine.clock import Alarm, Clock
from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.configurator.session import Cancelled, Job, MasterSession
from cmi_gui.engine.messages import Message, marked, reason_of
from cmi_gui.engine.site.model import SiteModule
from cmi_gui.engine.site.names import name_of
from cmi_gui.engine.site.quality import BusQuality
from cmi_gui.engine.site.read_many import ReadMany, ReadResult
from cmi_gui.engine.site.schedule import Schedule

_LONGEST_WAIT: Final = 60.0
"""Seconds after which the time is looked at again, because the clock of the computer can be set."""


@dataclass(frozen=True, slots=True)
class ModuleAlarm:
    """A module is missing, or back. `message`: one sentence; `back`: it was read again after it had been missing."""

    module: SiteModule
    at: datetime
    message: Message
    back: bool = False


class CyclicReading:
    """Readings of `modules()` in each slot of a schedule, until `stop`.

    `done(slot, module)`: returns whether the readings of a module in a slot are stored already, so that a reading
    that was interrupted goes on where it was and nothing is stored twice. The present slot is read at once for modules
    that have no readings in it. By default the site itself answers, because its readings have their times.

    `session`, `clock`, `now`: the master, its clock, and the time, aware. `quality`, `on_progress`: as in `ReadMany`.
    Callbacks: `on_read(slot, result)`; `on_alarm(ModuleAlarm)`, once for each module that is missing and once when it
    is back; `on_trouble(Message)`, once while the link does not work or rounds take too long; `on_round()`, after each
    round. Attribute `run`: the reading under way, or None.
    """

    def __init__(
        self,
        modules: Callable[[], Iterable[SiteModule]],
        table: CommandTable,
        schedule: Schedule,
        session: MasterSession,
        clock: Clock,
        now: Callable[[], datetime],
        *,
        done: Callable[[datetime, SiteModule], bool] | None = None,
        quality: BusQuality | None = None,
        on_read: Callable[[datetime, ReadResult], object],
        on_alarm: Callable[[ModuleAlarm], object] = lambda alarm: None,
        on_trouble: Callable[[Message], object] = lambda message: None,
        on_round: Callable[[], object] = lambda: None,
        on_progress: Callable[[], object] = lambda: None,
    ) -> None:
        self.schedule = schedule
        self.quality = quality or BusQuality()
        self.run: ReadMany | None = None
        self.running = False
        self._modules = modules
        self._table = table
        self._session = session
        self._clock = clock
        self._now = now
        self._done = done or has_readings
        self._on_read = on_read
        self._on_alarm = on_alarm
        self._on_trouble = on_trouble
        self._on_round = on_round
        self._on_progress = on_progress
        self._alarm = Alarm(clock, self._go)
        self._job: Job | None = None
        self._slot: datetime | None = None
        self._tried: set[int] = set()
        """The modules tried in this slot, by `id`."""
        self._missing: set[int] = set()
        self._trouble = ""

    @property
    def next_at(self) -> datetime:
        """When the next round begins, unless one is under way."""
        return self.schedule.next(self._now())

    @property
    def missing(self) -> list[SiteModule]:
        """The modules whose last reading failed."""
        return [module for module in self._modules() if id(module) in self._missing]

    def start(self) -> None:
        """Begin with the present slot."""
        if not self.running:
            self.running = True
            self._go()

    def stop(self) -> None:
        """End it at once; what was read is kept."""
        self.running = False
        self._alarm.set(None)
        if self._job is not None:
            self._session.cancel(self._job)

    def _go(self) -> None:
        slot = self.schedule.slot(self._now())
        if slot != self._slot:
            self._slot, self._tried = slot, set()
        due = [module for module in self._modules() if id(module) not in self._tried and not self._done(slot, module)]
        if not due:
            self._wait()
            return
        self.run = ReadMany(
            due,
            self._table,
            self._now,
            own_baud=self._session.baud,
            quality=self.quality,
            on_read=lambda result: self._take(slot, result),
            on_progress=self._on_progress,
        )
        self._job = self._session.run(self.run.procedure(), lambda _: self._end(), self._fail)

    def _take(self, slot: datetime, result: ReadResult) -> None:
        self._tried.add(id(result.module))
        self._on_read(slot, result)
        module, missing = result.module, id(result.module) in self._missing
        if result.failure is not None and not missing:
            self._missing.add(id(module))
            self._on_alarm(ModuleAlarm(module, result.at, result.failure))
        elif result.failure is None and missing:
            self._missing.remove(id(module))
            self._on_alarm(ModuleAlarm(module, result.at, Message("{0} is back", (name_of(module),)), back=True))

    def _end(self) -> None:
        self._job = self.run = None
        self._on_round()
        if not self.running:
            return
        assert self._slot is not None
        if self.schedule.next(self._slot) < self.schedule.slot(self._now()):
            self._report(Message("a round takes longer than the interval, so some times are left out"))
        else:
            self._trouble = ""
        self._wait()

    def _fail(self, error: Exception) -> None:
        self._job = self.run = None
        if isinstance(error, Cancelled) or not self.running:
            return
        self._report(Message(marked("the modules cannot be read: {0}; it is tried again"), (reason_of(error),)))
        self._wait(again=True)

    def _report(self, message: Message) -> None:
        if str(message) != self._trouble:
            self._trouble = str(message)
            self._on_trouble(message)

    def _wait(self, *, again: bool = False) -> None:
        now = self._now()
        # After a failure the present slot is tried again.
        left = _LONGEST_WAIT if again else (self.schedule.next(now) - now).total_seconds()
        self._alarm.set(self._clock.now() + min(left, _LONGEST_WAIT))


def has_readings(slot: datetime, module: SiteModule) -> bool:
    """Return whether a row has readings of a slot."""
    return any(reading.at >= slot for reading in module.readings.values())
