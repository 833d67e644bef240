"""The curves of one module for a plot: recent samples from the ring, older ones from the history."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Signal

from cmi_gui.engine.history.power import power_unit, register_code
from cmi_gui.engine.history.service import milliseconds
from cmi_gui.engine.history.values import Curve, Series
from cmi_gui.ui.models.readings_history import ReadingsHistory
from cmi_gui.ui.pages.readings.power import power
from cmi_gui.ui.widgets.plot.series import Samples, SeriesStore

BUCKETS = 4096
"""The number of buckets in a fetched range, twice the visible one; enough for a plot 2000 pixels wide."""


@dataclass(slots=True)
class _Piece:
    """A part of a curve as fetched from the history; all times are wall seconds."""

    begin: float
    end: float
    times: Samples
    values: Samples
    first: float | None
    complete: bool

    def serves(self, begin: float, end: float) -> bool:
        """Return whether the piece covers a visible range in enough detail."""
        covered = self.begin <= begin and end <= self.end
        return covered and (self.complete or self.end - self.begin <= 4 * (end - begin))


class Curves(QObject):
    """The curves of a module, with missing parts fetched from the history in the background. Times are wall seconds.

    Signals: `arrived()`, more samples are available, or the curves have changed.
    """

    arrived = Signal()

    def __init__(self, history: ReadingsHistory, key: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history = history
        self._pieces: dict[Series, _Piece] = {}
        self._requested: dict[Series, tuple[float, float]] = {}
        self._arrivals = 0
        self.key = key
        history.replaced.connect(self.forget)

    @property
    def store(self) -> SeriesStore:
        """The recent samples."""
        return self._history.series(self.key)

    @property
    def pending(self) -> bool:
        """True while samples are being fetched."""
        return bool(self._requested)

    @property
    def revision(self) -> tuple[str, int, int]:
        """A value that differs after every change."""
        return self.key, self.store.revision, self._arrivals

    def show(self, key: str) -> None:
        """Switch to the curves of another module."""
        if key != self.key:
            self.key = key
            self.forget()

    def forget(self) -> None:
        """Discard everything fetched, because the history was replaced or the module is another one."""
        self._pieces.clear()
        self._requested.clear()
        self._arrivals += 1
        self.arrived.emit()

    def series(self, code: str) -> Series:
        """Return the stored series of a code, with its present unit; of a derived curve that of its register."""
        code = register_code(code) or code
        return Series(self.key, code, self.store.unit(code))

    def unit(self, code: str) -> str:
        """Return the present unit of a curve, empty for a bare number."""
        unit = self.series(code).unit
        return unit if register_code(code) is None else power_unit(unit)[0]

    def first(self, code: str) -> float | None:
        """Return the time of the oldest sample known so far, or None."""
        ring = self.store.ring(register_code(code) or code)
        piece = self._pieces.get(self.series(code))
        known = [] if ring is None or not len(ring) else [float(ring.view()[0][0])]
        if piece is not None and piece.first is not None:
            known.append(piece.first)
        return min(known, default=None)

    def curve(self, code: str) -> tuple[Samples, Samples]:
        """Return copies of all times and values available, NaN in gaps; power is derived from its register."""
        register = register_code(code)
        if register is not None:
            return power(*self.curve(register), power_unit(self.unit(register))[1])
        times, values = self._fresh(code)
        piece = self._pieces.get(self.series(code))
        if piece is None:
            return times.copy(), values.copy()
        older = int(piece.times.searchsorted(times[0])) if len(times) else len(piece.times)
        return np.concatenate((piece.times[:older], times)), np.concatenate((piece.values[:older], values))

    def _fresh(self, code: str) -> tuple[Samples, Samples]:
        ring = self.store.ring(code)
        return (np.empty(0), np.empty(0)) if ring is None else ring.view()

    def fetch_missing(self, code: str, begin: float, end: float) -> None:
        """Fetch from the history what is missing in a visible range, or not detailed enough."""
        times, _ = self._fresh(register_code(code) or code)
        fresh = float(times[0]) if len(times) else np.inf
        series = self.series(code)
        piece = self._pieces.get(series)
        if piece is not None:
            older = piece.first is None or piece.first < fresh
            if begin >= min(end, fresh) or not older or piece.serves(begin, min(end, fresh)):
                return
        self._fetch(series, begin, end)

    def _fetch(self, series: Series, begin: float, end: float) -> None:
        """Fetch the range and half as much on either side, one request per series at a time."""
        if series in self._requested:
            return
        margin = (end - begin) / 2
        begin, end = begin - margin, end + margin
        self._requested[series] = begin, end

        def take(curve: Curve) -> None:
            if self._requested.get(series) != (begin, end):
                return
            del self._requested[series]
            first = None if curve.first is None else curve.first / 1000
            times, values = np.array(curve.times) / 1000, np.array(curve.values)
            self._pieces[series] = _Piece(begin, end, times, values, first, curve.complete)
            self._arrivals += 1
            self.arrived.emit()

        self._history.ask(
            self,
            self._history.history.curve(series, milliseconds(begin), milliseconds(end), BUCKETS),
            take,
            lambda _error: self._requested.pop(series, None),
        )


def value_at(times: Samples, values: Samples, time: float, tolerance: float) -> tuple[float, float] | None:
    """Return time and value of the sample nearest to an instant; None in a gap and outside the curve.

    A sample within `tolerance`, in seconds, counts even in a gap or outside the curve.
    """
    behind = int(times.searchsorted(time))
    sides = [index for index in (behind - 1, behind) if 0 <= index < len(times)]
    samples = [index for index in sides if not np.isnan(values[index])]
    if not samples:
        return None
    nearest = min(samples, key=lambda index: abs(times[index] - time))
    # The sample before a gap holds up to the instant of the gap; after it the curve has no value.
    on_curve = len(sides) == 2 and not np.isnan(values[sides[0]])
    if not on_curve and abs(times[nearest] - time) > tolerance:
        return None
    return float(times[nearest]), float(values[nearest])
