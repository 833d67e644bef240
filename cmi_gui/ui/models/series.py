"""Rings of samples that plots pull from: one per OBIS code, filled by readouts whether or not a plot is on screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from cmi_gui.engine.events import ContactChanged, PowerChanged, ReadoutDone, StationEvent
from cmi_gui.engine.obis import parse_line

__all__ = ["CAPACITY", "Ring", "SeriesStore"]

CAPACITY = 1 << 17
"""Samples kept of one code: ninety days at one a minute."""

Samples = NDArray[np.float64]


class Ring:
    """Times and values, oldest first; beyond `capacity` the oldest go.

    Every sample is written twice, `size` apart, so that the last `size` are one contiguous view at any time and
    nothing is copied for a plot. Starts small and doubles: most codes never fill it.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        if capacity < 1:
            raise ValueError(f"a ring holds at least one sample, not {capacity}")
        self._capacity = capacity
        self._size = min(256, capacity)
        self._data = np.empty((2, 2 * self._size))
        self._count = 0

    def __len__(self) -> int:
        return min(self._count, self._size)

    def append(self, time: float, value: float) -> None:
        """Add a sample; NaN makes a gap in the curve."""
        if self._count == self._size < self._capacity:
            self._grow()
        at = self._count % self._size
        self._data[:, at] = self._data[:, at + self._size] = time, value
        self._count += 1

    def _grow(self) -> None:
        old = self._data[:, : self._size].copy()
        self._size = min(2 * self._size, self._capacity)
        self._data = np.empty((2, 2 * self._size))
        kept = old.shape[1]
        self._data[:, :kept] = self._data[:, self._size : self._size + kept] = old

    def view(self) -> tuple[Samples, Samples]:
        """Times and values: views that the next `append` may change."""
        if self._count <= self._size:
            return self._data[0, : self._count], self._data[1, : self._count]
        start = self._count % self._size
        return self._data[0, start : start + self._size], self._data[1, start : start + self._size]


class SeriesStore:
    """All numeric readings by code. Times are wall seconds, as `wall` makes them of the engine's.

    A lost contact or power ends every curve with a gap.
    """

    def __init__(self, wall: Callable[[float], float]) -> None:
        self._wall = wall
        self._rings: dict[str, Ring] = {}
        self._units: dict[str, str] = {}
        self.revision = 0
        """Counts up with every change; a plot compares it before it pulls."""

    def take(self, events: Sequence[StationEvent]) -> None:
        """Take the samples out of a batch of events."""
        for event in events:
            if isinstance(event, ReadoutDone):
                self._readout(event)
            elif (isinstance(event, ContactChanged) and not event.contact) or (
                isinstance(event, PowerChanged) and not event.powered
            ):
                self._gap(event.at)

    def _readout(self, event: ReadoutDone) -> None:
        time = self._wall(event.at)
        for line in event.lines:
            reading = parse_line(line)
            if reading is None or reading.number is None:
                continue
            ring = self._rings.setdefault(reading.code, Ring())
            self._units[reading.code] = reading.unit
            ring.append(time, float(reading.number))
        self.revision += 1

    def _gap(self, at: float) -> None:
        time = self._wall(at)
        for ring in self._rings.values():
            if len(ring) and not np.isnan(ring.view()[1][-1]):
                ring.append(time, float("nan"))
        self.revision += 1

    def ring(self, code: str) -> Ring | None:
        """The samples of a code, or None before its first number."""
        return self._rings.get(code)

    def unit(self, code: str) -> str:
        """The unit of a code, empty for a bare number."""
        return self._units.get(code, "")
