"""The times of the answers among the lines of the table: collected in slices, with statistics for one module or all."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from cmi_gui.engine.mbus.times import RESPONSE_MAX_BITS, RESPONSE_MAX_EXTRA, RESPONSE_MIN_BITS
from cmi_gui.engine.traffic.exchanges import RETRY
from cmi_gui.engine.traffic.store import Side
from cmi_gui.ui.pages.traffic.model import TrafficModel
from cmi_gui.ui.pages.traffic.search import answer_times
from cmi_gui.ui.pages.traffic.source import SLICE_SECONDS

Floats = NDArray[np.float32]
_LINES = 1 << 15
"""Lines between two looks at the clock, which take some milliseconds."""
_EXCHANGE_ROWS = 0xFFFF
"""The most rows between the beginning of an exchange and one of its rows."""
_EVERY_MS = 1000
"""The pause between two looks for new lines while the times are shown."""
_TOLERANCE_BITS = 0.5
"""Times are stored as numbers that are not exact; an answer after 11 bit times is not too early."""


@dataclass(frozen=True, slots=True)
class AnswerStatistics:
    """Statistics of answers, with their times in `seconds`.

    `marks`, `bits`: median, 95 % and maximum in seconds and in bit times. `baud`: the most frequent speed, or None.
    `early`, `late`: the number of answers before and after the window of EN 13757-2 at their own speed. `retries`,
    `silences`: the numbers of retries and of requests without an answer.
    """

    seconds: Floats
    marks: tuple[float, float, float]
    bits: tuple[float, float, float]
    baud: int | None
    early: int
    late: int
    retries: int
    silences: int


def window(baud: float) -> tuple[float, float]:
    """Return the first and the last time in seconds at which an answer may begin (EN 13757-2)."""
    return RESPONSE_MIN_BITS / baud, RESPONSE_MAX_BITS / baud + RESPONSE_MAX_EXTRA


class AnswerTimes(QObject):
    """The times of the answers on the M-Bus among the lines of a model, while it is `watched`.

    A module is given by its primary address: that of the answer, or of its request if the answer has none.
    Signals: `changed()`, after lines were taken.
    """

    changed = Signal()

    def __init__(self, model: TrafficModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.take)
        self._watched = False
        self._connect(model)

    def set_model(self, model: TrafficModel) -> None:
        """Collect the times of another model."""
        self._model.disconnect(self)
        self._connect(model)

    def _connect(self, model: TrafficModel) -> None:
        self._model = model
        model.rowsInserted.connect(self._inserted)
        model.rowsRemoved.connect(self._restart)
        model.modelReset.connect(self._restart)
        self._restart()

    def set_watched(self, watched: bool) -> None:
        """Start or stop following the model."""
        self._watched = watched
        self._wake(0)

    @property
    def share(self) -> float | None:
        """The share of the lines taken so far, None if all are."""
        lines = self._model.rowCount()
        return self._taken / lines if self._taken < lines else None

    @property
    def addresses(self) -> list[int]:
        """The addresses of the modules that answered, were asked again, or did not answer."""
        return np.flatnonzero(self._counts).tolist()

    def statistics(self, address: int | None = None) -> AnswerStatistics:
        """Return the statistics of one module, or of all."""
        seconds, bauds = np.concatenate(self._seconds), np.concatenate(self._bauds)
        if address is not None:
            chosen = np.concatenate(self._addresses) == address
            seconds, bauds = seconds[chosen], bauds[chosen]
        bits = seconds * bauds
        early = int(np.count_nonzero(bits < RESPONSE_MIN_BITS - _TOLERANCE_BITS))
        late = int(np.count_nonzero(bits - RESPONSE_MAX_EXTRA * bauds > RESPONSE_MAX_BITS + _TOLERANCE_BITS))
        speeds = self._model.source.store.bauds
        numbers = [int(np.count_nonzero(bauds == baud)) for baud in speeds]
        retries, silences = (
            int(counts.sum() if address is None else counts[address]) for counts in (self._retries, self._silences)
        )
        return AnswerStatistics(
            seconds,
            _marks(seconds),
            _marks(bits),
            speeds[numbers.index(max(numbers))] if len(seconds) else None,
            early,
            late,
            retries,
            silences,
        )

    # Collecting

    def _restart(self) -> None:
        self._taken = 0
        self._seconds: list[Floats] = [np.zeros(0, np.float32)]
        self._bauds: list[Floats] = [np.zeros(0, np.float32)]
        self._addresses: list[NDArray[np.uint16]] = [np.zeros(0, np.uint16)]
        self._counts, self._retries, self._silences = (np.zeros(1 << 16, np.int64) for _ in range(3))
        self._wake(0)

    def _inserted(self, _parent: object, first: int, _last: int) -> None:
        if first < self._taken:
            self._restart()
        else:
            self._wake(_EVERY_MS)

    def _wake(self, milliseconds: int) -> None:
        if not self._watched:
            self._timer.stop()
        elif not self._timer.isActive() or not milliseconds:
            self._timer.start(milliseconds)

    def take(self) -> None:
        """Take lines for 8 ms; the rest follows from the event loop."""
        stop_at = time.perf_counter() + SLICE_SECONDS
        while self._taken < self._model.rowCount():
            lines = np.frombuffer(self._model.lines(self._taken, self._taken + _LINES), np.int64)
            self._taken += len(lines)
            self._take_lines(lines)
            if time.perf_counter() > stop_at:
                self._wake(0)
                break
        self.changed.emit()

    def _take_lines(self, lines: NDArray[np.int64]) -> None:
        source, store = self._model.source, self._model.source.store
        # The store may have dropped rows of lines that the model still shows.
        lines = lines[lines >= 2 * store.first]
        if not len(lines):
            return
        first, stop = int(lines[0] >> 1), int(lines[-1] >> 1) + 1
        before = max(store.first, first - _EXCHANGE_ROWS)
        facts = np.frombuffer(store.columns(before, stop).facts, np.uint32)
        is_bus = facts >> 16 & 1 == Side.MBUS
        rows = lines >> 1
        rows, is_silence = rows[is_bus[rows - before]], (lines & 1 == 1)[is_bus[rows - before]]
        backs = np.frombuffer(source.exchanges.backs(first, stop), np.uint16)[rows - first]
        own, asked = (facts[places - before] & 0xFFFF for places in (rows, rows - backs))
        addresses = np.where(own == 0xFFFF, asked, own)
        marks = np.frombuffer(source.exchanges.marks(first, stop), np.uint8)[rows - first]
        is_retry = (marks & RETRY > 0) & ~is_silence
        seconds, bauds = (times[rows - first] for times in answer_times(source, first, stop))
        is_answer = np.isfinite(seconds) & np.isfinite(bauds) & ~is_silence
        for counts, chosen in (
            (self._retries, is_retry),
            (self._silences, is_silence),
            (self._counts, is_retry | is_silence | is_answer),
        ):
            counts += np.bincount(addresses[chosen], minlength=1 << 16)
        self._seconds.append(seconds[is_answer])
        self._bauds.append(bauds[is_answer])
        self._addresses.append(addresses[is_answer].astype(np.uint16))


def _marks(numbers: Floats) -> tuple[float, float, float]:
    """Return median, 95 % and maximum of numbers; NaN if there are none."""
    if not len(numbers):
        return np.nan, np.nan, np.nan
    places = [round(share * (len(numbers) - 1)) for share in (0.5, 0.95)]
    ordered = np.partition(numbers, places)
    return float(ordered[places[0]]), float(ordered[places[1]]), float(numbers.max())
