"""Records what every module gives, in rings for what is fresh and in the history for all of it, and gives it back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from typing import TypeVar

import numpy as np
import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

from cmi_gui.engine.events import ContactChanged, PowerChanged, ReadoutDone, Stamped
from cmi_gui.engine.history.service import History, HistoryError, milliseconds
from cmi_gui.engine.history.values import Curve, GapCause, HistoryInfo, Quality, Series
from cmi_gui.engine.iec62056.reading import read_lines
from cmi_gui.engine.station.station import Station
from cmi_gui.ui.targets import ModuleTarget, Targets
from cmi_gui.ui.widgets.plot.series import SeriesStore

SEEDED = 240
"""Samples of every code that a ring gets from the history: enough for a sparkline at once."""

Result = TypeVar("Result")


class ReadingsHistory(QObject):
    """The readings of all modules, by key: a target's own, or that of the built-in module (`key_of`).

    Signals: `grown(str)`, the key of the module that gave something; `replaced()`, samples were deleted;
    `troubled(object)`, a `HistoryTrouble`.
    """

    grown = Signal(str)
    replaced = Signal()
    troubled = Signal(object)
    _over = Signal(object)

    def __init__(self, station: Station, targets: Targets, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._station = station
        self._closed = False
        # Both are emitted in the history's thread, and so arrive in this object's by the event queue.
        self.history = History(station.config.state_dir, self.troubled.emit)
        # Queued: an answer that is there already must not overtake one that is on its way.
        self._over.connect(self._hand_back, Qt.ConnectionType.QueuedConnection)
        self._built_in = self._built_in_key()
        self._series = {self._built_in: SeriesStore()}
        self._read_at: dict[str, float] = {}
        targets.read.connect(self._target_read)

    # Whose

    def _built_in_key(self) -> str:
        """What the simulated meter counts must never continue the curve of a real one."""
        serial = self._station.config.serial
        return serial if self._station.meter_is_real else f"{serial}-simulated"

    def key_of(self, target: ModuleTarget) -> str:
        """Under what the readings of a target are kept."""
        return self._built_in if target.built_in else target.key

    def series(self, key: str) -> SeriesStore:
        """The fresh samples of a module."""
        store = self._series.get(key)
        if store is None:
            store = self._series[key] = SeriesStore()
            self._seed(key)
        return store

    def now(self) -> float:
        """Wall seconds of now, by the engine's clock, in whole milliseconds as samples are: none lies ahead."""
        return milliseconds(self._station.anchor.wall(self._station.clock.now())) / 1000

    # Recording

    def start(self) -> None:
        """Open the history and take what the built-in module gave last."""
        self._seed(self._built_in)

    def take(self, events: Sequence[Stamped]) -> None:
        """Take the readouts and losses out of a batch of events; before it the computer may have slept."""
        asleep = self._station.anchor.follow(events[0].at) if events else None
        if asleep is not None:
            self._gap_at(asleep, GapCause.NOT_RUNNING)
        for stamped in events:
            match stamped.event:
                case ReadoutDone(lines=lines):
                    self._follow_meter()
                    at = self._station.anchor.wall(stamped.at)
                    self._record(self._built_in, at, lines, Quality.MEASURED)
                case ContactChanged(contact=False):
                    self._gap(stamped.at, GapCause.NO_CONTACT)
                case PowerChanged(powered=False):
                    self._gap(stamped.at, GapCause.NO_POWER)

    def _follow_meter(self) -> None:
        """Another meter may have been wired to the module meanwhile."""
        key = self._built_in_key()
        if key != self._built_in:
            store = self._series.pop(self._built_in)
            self._gap(self._station.clock.now(), GapCause.NO_CONTACT)
            store.clear()
            self._built_in = key
            self._series[key] = store
            self._seed(key)

    def _target_read(self, target: ModuleTarget) -> None:
        # The same readout may be announced again, as when the module is put on the list.
        if not target.lines or target.read_at is None or target.read_at == self._read_at.get(target.key):
            return
        at = self._read_at[target.key] = target.read_at
        quality = Quality.MEASURED if target.contact else Quality.LAST_KNOWN
        self._record(target.key, self._station.anchor.wall(at), target.lines, quality)

    def _record(self, key: str, time: float, lines: Iterable[str], quality: Quality) -> None:
        readings = list(read_lines(lines))
        # The ring counts as the history does: the same sample, come back from there, must not stand beside itself.
        at = milliseconds(time)
        store = self.series(key)
        if quality is Quality.MEASURED:
            store.add(at / 1000, readings)
        else:
            store.end(at / 1000)
        self.history.record(key, at, readings, quality)
        self.grown.emit(key)

    def _gap(self, at: float, cause: GapCause) -> None:
        self._gap_at(self._station.anchor.wall(at), cause)

    def _gap_at(self, time: float, cause: GapCause) -> None:
        at = milliseconds(time)
        self.series(self._built_in).end(at / 1000)
        self.history.gap(self._built_in, at, cause)
        self.grown.emit(self._built_in)

    def clear(self) -> Future[HistoryInfo]:
        """Delete all that was ever read, of all modules."""
        future = self.history.clear()
        for store in self._series.values():
            store.clear()
        self.replaced.emit()
        return future

    def set_days(self, days: int) -> Future[HistoryInfo]:
        """Keep samples for so many days from now on; see `History.set_days`."""
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

    # Asking

    def ask(
        self,
        owner: QObject,
        future: Future[Result],
        done: Callable[[Result], object],
        failed: Callable[[HistoryError], object] | None = None,
    ) -> None:
        """Call `done` here with the future's result, or `failed`; neither after `close` or when `owner` is gone."""
        future.add_done_callback(lambda ended: self._over.emit((owner, ended, done, failed)))

    def _hand_back(self, ended: tuple[QObject, Future[object], Callable[..., object], Callable[..., object]]) -> None:
        owner, future, done, failed = ended
        if self._closed or future.cancelled() or not shiboken6.isValid(owner):
            return
        error = future.exception()
        if error is None:
            done(future.result())
        elif not isinstance(error, HistoryError):
            raise error
        elif failed is not None:
            failed(error)

    def close(self) -> None:
        """Write what is left and end the thread. Idempotent."""
        self._closed = True
        self.history.close(milliseconds(self.now()))
