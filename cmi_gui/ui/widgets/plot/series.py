"""Ring buffers of samples for plots: one per OBIS code, filled by readouts whether or not a plot is visible."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from cmi_gui.engine.iec62056.reading import Reading

CAPACITY = 1 << 17
"""Samples kept per code: ninety days at one a minute."""

Samples = NDArray[np.float64]


_REGISTERS = ("Wh", "varh", "VAh")


def is_register(unit: str) -> bool:
    """Return whether a unit is one of energy, which a meter counts up, so that its growth is what matters."""
    return unit.endswith(_REGISTERS)


class Ring:
    """A ring buffer of times and values, oldest first; beyond `capacity` the oldest are dropped.

    Every sample is written twice, `size` apart, so that the last `size` are always one contiguous view and nothing is
    copied for a plot. It starts small and doubles: most codes never fill it. Raises ValueError for a capacity below 1.
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
        reused = old.shape[1]
        self._data[:, :reused] = self._data[:, self._size : self._size + reused] = old

    def view(self) -> tuple[Samples, Samples]:
        """Return times and values as views, which the next `append` may change."""
        if self._count <= self._size:
            return self._data[0, : self._count], self._data[1, : self._count]
        start = self._count % self._size
        return self._data[0, start : start + self._size], self._data[1, start : start + self._size]


class SeriesStore:
    """The latest numeric readings of one module, by code; times are seconds of wall time.

    A gap (`end`) ends every curve until its next sample; of each code the last `capacity` samples are kept.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._rings: dict[str, Ring] = {}
        self._units: dict[str, str] = {}
        self._decimals: dict[str, int] = {}
        self.revision = 0
        """A counter of changes; a plot compares it before it fetches samples."""

    def add(self, time: float, readings: Iterable[Reading]) -> None:
        """Add the numbers of one readout."""
        for reading in readings:
            if reading.number is not None:
                self._ring(reading.code, reading.unit, time).append(time, float(reading.number))
                self._decimals[reading.code] = max(0, -int(reading.number.as_tuple().exponent))
        self.revision += 1

    def _ring(self, code: str, unit: str, time: float) -> Ring:
        """Return the ring of a code; a new one if the unit has changed, as with another meter."""
        ring = self._rings.get(code)
        ring = Ring(self._capacity) if ring is None or self._units[code] != unit else self._before(ring, time)
        self._rings[code], self._units[code] = ring, unit
        return ring

    def _before(self, ring: Ring, time: float) -> Ring:
        """Return the ring without samples from `time` on, which it has if the clock was set back."""
        times, values = ring.view()
        if not len(ring) or times[-1] <= time:
            return ring
        reused = int(times.searchsorted(time))
        return self._filled((times[:reused], values[:reused]))

    def _filled(self, *parts: tuple[Samples, Samples]) -> Ring:
        ring = Ring(self._capacity)
        for part in parts:
            for time, value in zip(*part, strict=True):
                ring.append(time, value)
        return ring

    def end(self, time: float) -> None:
        """End every curve with a gap, unless it has one already."""
        for code in self._rings:
            ring = self._rings[code] = self._before(self._rings[code], time)
            if len(ring) and not np.isnan(ring.view()[1][-1]):
                ring.append(time, np.nan)
        self.revision += 1

    def seed(self, code: str, unit: str, times: Samples, values: Samples) -> None:
        """Put older samples before the existing ones of a code; samples that are not older are ignored."""
        ring = self._rings.get(code)
        if ring is not None and self._units[code] != unit:
            return
        now = (np.empty(0), np.empty(0)) if ring is None else ring.view()
        older = times.searchsorted(now[0][0]) if len(now[0]) else len(times)
        self._rings[code] = self._filled((times[:older], values[:older]), now)
        self._units[code] = unit
        self.revision += 1

    def clear(self) -> None:
        """Forget all samples. Units are kept, so that a curve stays in its plot until the next sample."""
        self._rings.clear()
        self.revision += 1

    def ring(self, code: str) -> Ring | None:
        """Return the samples of a code, or None before its first number."""
        return self._rings.get(code)

    def unit(self, code: str) -> str:
        """Return the unit of a code, empty for a bare number."""
        return self._units.get(code, "")

    def decimals(self, code: str) -> int:
        """Return the number of decimals that the meter gave last."""
        return self._decimals.get(code, 0)
