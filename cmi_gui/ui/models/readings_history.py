"""The recorded readings of all modules: recent samples in rings in memory, all samples in the history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from typing import TypeVar

import numpy as np
from PySide6.QtCore import QObject, Signal

from cmi_gui.engine.events import ContactChanged, PowerChanged, ReadoutDone, Stamped
from cmi_gui.engine.history.service import History, HistoryError, milliseconds
from cmi_gui.engine.history.values import Curve, GapCause, HistoryInfo, Quality, Series
from cmi_gui.engine.iec62056.reading import Reading, read_lines
from cmi_gui.engine.site.forget_readings import forget_readings
from cmi_gui.engine.site.history import quality_of, site_key, site_keys
from cmi_gui.engine.site.model import Site
from cmi_gui.engine.site.read_many import ReadResult
from cmi_gui.engine.station.station import Station
from cmi_gui.ui.background import Results
from cmi_gui.ui.models.practice import PRACTICE_LINK, REHEARSAL
from cmi_gui.ui.targets import ModuleTarget, Targets
from cmi_gui.ui.widgets.plot.series import SeriesStore

SEEDED = 240
"""Number of samples of each code that a ring gets from the history: enough for a sparkline at once."""

Result = TypeVar("Result")


class ReadingsHistory(QObject):
    """The readings of all modules, by key (`key_of`): the target's, or the built-in module's.

    Signals: `grown(str)`, the key of a module with new data; `replaced()`, samples were deleted;
    `troubled(object)`, a `HistoryTrouble`.
    """

    grown = Signal(str)
    replaced = Signal()
    troubled = Signal(object)

    def __init__(self, station: Station, targets: Targets, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._station = station
        self._results = Results(self)
        # `troubled` is emitted in the history's thread; the event queue delivers it in this one's.
        self.history = History(station.config.state_dir, self.troubled.emit)
        self.started = 0.0
        """The wall time of `start` in seconds."""
        self._built_in = self._built_in_key()
        self._series = {self._built_in: SeriesStore()}
        self._read_at: dict[str, float] = {}
        targets.read.connect(self._target_read)

    # Keys

    def _built_in_key(self) -> str:
        """Return the built-in module's key; a simulated meter has its own, so as not to continue a real one's curve."""
        serial = self._station.config.serial
        return serial if self._station.meter_is_real else f"{serial}-simulated"

    def key_of(self, target: ModuleTarget) -> str:
        """Return the key under which the readings of a target are kept."""
        return self._built_in if target.built_in else target.history_key or target.key

    def series(self, key: str) -> SeriesStore:
        """Return the recent samples of a module."""
        store = self._series.get(key)
        if store is None:
            store = self._series[key] = SeriesStore()
            self._seed(key)
        return store

    def present_gap(self, key: str) -> GapCause | None:
        """Return why a module has no readings at present; None if it has, or if it is not the built-in module."""
        module = self._station.module_state()
        if key != self._built_in or module.contact:
            return None
        return GapCause.NO_CONTACT if module.powered else GapCause.NO_POWER

    def now(self) -> float:
        """Return the wall time in seconds, in whole milliseconds like the samples, so that none is in the future."""
        return milliseconds(self._station.anchor.wall(self._station.clock.now())) / 1000

    # Recording

    def start(self) -> None:
        """Load the built-in module's latest samples from the history."""
        self.started = self.now()
        self._seed(self._built_in)

    def take(self, events: Sequence[Stamped]) -> None:
        """Record the readouts and gaps in a batch of events, and a gap if the computer slept before it."""
        asleep = self._station.anchor.follow(events[0].at) if events else None
        if asleep is not None:
            self._gap_at(asleep, GapCause.NOT_RUNNING)
        for stamped in events:
            match stamped.event:
                case ReadoutDone(lines=lines):
                    self._follow_meter()
                    at = self._station.anchor.wall(stamped.at)
                    self._record(self._built_in, at, read_lines(lines), Quality.MEASURED)
                case ContactChanged(contact=False):
                    self._gap(stamped.at, GapCause.NO_CONTACT)
                case PowerChanged(powered=False):
                    self._gap(stamped.at, GapCause.NO_POWER)

    def _follow_meter(self) -> None:
        """Change the built-in module's key if another meter has been connected since."""
        key = self._built_in_key()
        if key != self._built_in:
            store = self._series.pop(self._built_in)
            self._gap(self._station.clock.now(), GapCause.NO_CONTACT)
            store.clear()
            self._built_in = key
            self._series[key] = store
            self._seed(key)

    def _target_read(self, target: ModuleTarget) -> None:
        # The same readout may be emitted again, for example when the module is added to the list.
        key = self.key_of(target)
        if not target.lines or target.read_at is None or target.read_at == self._read_at.get(key):
            return
        at = self._read_at[key] = target.read_at
        quality = Quality.MEASURED if target.contact else Quality.LAST_KNOWN
        self._record(key, self._station.anchor.wall(at), read_lines(target.lines), quality)

    def take_result(self, result: ReadResult, world: str, at: float) -> None:
        """Record the reading of a module of a site, or a gap; `world`: as in `history_key`.

        `at`: its time on the engine's clock; a target that has the same reading then does not record it again.
        """
        key = site_key(result.module, world)
        if key is None:
            return
        if result.readings:
            self._read_at[key] = at
            self._record(key, result.at.timestamp(), result.readings, quality_of(result))
        else:
            self._gap_at(result.at.timestamp(), GapCause.NO_ANSWER, key)

    def _record(self, key: str, time: float, read: Iterable[Reading], quality: Quality) -> None:
        readings = list(read)
        # The ring rounds times as the history does, so that a sample loaded from there is not duplicated.
        at = milliseconds(time)
        store = self.series(key)
        if quality is Quality.MEASURED:
            store.add(at / 1000, readings)
        else:
            store.end(at / 1000)
        if not _is_of_rehearsal(key):
            self.history.record(key, at, readings, quality)
        self.grown.emit(key)

    def _gap(self, at: float, cause: GapCause) -> None:
        self._gap_at(self._station.anchor.wall(at), cause)

    def _gap_at(self, time: float, cause: GapCause, key: str | None = None) -> None:
        """Add a gap of a module, by default the built-in one."""
        key, at = key or self._built_in, milliseconds(time)
        self.series(key).end(at / 1000)
        if not _is_of_rehearsal(key):
            self.history.gap(key, at, cause)
        self.grown.emit(key)

    def forget_site(
        self, site: Site, world: str, done: Callable[[], object], failed: Callable[[HistoryError], object]
    ) -> None:
        """Delete the readings of a site, in its rows too; call `done` or `failed`, whatever page is shown then.

        `world`: as in `history_key`.
        """
        forgotten = forget_readings(site, self.history, world)
        for key in site_keys(site, world) & self._series.keys():
            self._series[key].clear()
        self.replaced.emit()
        self.ask(self, forgotten.history, lambda _: done(), failed)

    def clear(self) -> Future[HistoryInfo]:
        """Delete all readings of all modules."""
        future = self.history.clear()
        for store in self._series.values():
            store.clear()
        self.replaced.emit()
        return future

    def set_days(self, days: int) -> Future[HistoryInfo]:
        """Set for how many days samples are kept; see `History.set_days`."""
        future = self.history.set_days(days, milliseconds(self.now()))
        self.replaced.emit()
        return future

    def _seed(self, key: str) -> None:
        store = self._series[key]

        def take(curves: dict[Series, Curve]) -> None:
            if self._series.get(key) is not store:
                return
            for series, curve in curves.items():
                store.seed(series.code, series.unit, np.array(curve.times) / 1000, np.array(curve.values))
            self.grown.emit(key)

        self.ask(self, self.history.latest(key, SEEDED), take)

    # Queries

    def ask(
        self,
        owner: QObject,
        future: Future[Result],
        done: Callable[[Result], object],
        failed: Callable[[HistoryError], object] | None = None,
    ) -> None:
        """Call `done` here with the future's result, or `failed`; neither after `close` or when `owner` is deleted."""

        def on_error(error: Exception) -> None:
            if not isinstance(error, HistoryError):
                raise error
            if failed is not None:
                failed(error)

        self._results.deliver(future, done, on_error, owner)

    def close(self) -> None:
        """Write pending samples and end the thread. Idempotent."""
        self._results.close()
        self.history.close(milliseconds(self.now()))


def _is_of_rehearsal(key: str) -> bool:
    """Return whether a key is of a module of a rehearsal, of which nothing is kept."""
    return key.startswith(PRACTICE_LINK + REHEARSAL)
