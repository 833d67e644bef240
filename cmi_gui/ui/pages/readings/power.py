"""The curve of the power derived from a register, and its statistics; `engine.history.power` has its codes."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from cmi_gui.engine.history.values import Statistics
from cmi_gui.ui.widgets.plot.series import Samples


def power(times: Samples, energy: Samples, factor: float) -> tuple[Samples, Samples]:
    """Return the mean power between each two readings, as steps: one sample at either end of each interval.

    `times`: seconds. `factor`: from the unit of energy to watt-hours. It is NaN between a reading and a gap, and where
    the register decreased, because it overflowed, was reset, or belongs to another meter.
    """
    if len(times) < 2:
        return np.empty(0), np.empty(0)
    seconds, growth = np.diff(times), np.diff(energy)
    known = (seconds > 0) & (growth >= 0)
    values = np.full(len(growth), np.nan)
    np.divide(growth * (3600 * factor), seconds, out=values, where=known)
    return np.repeat(times, 2)[1:-1], np.repeat(values, 2)


def power_statistics(times: Samples, values: Samples, begin: float, end: float) -> Statistics | None:
    """Return the statistics of a derived curve in a time range, or None without values; the mean is over time."""
    starts, ends, steps = times[::2], times[1::2], values[::2]
    seconds = np.minimum(ends, end) - np.maximum(starts, begin)
    inside = (seconds > 0) & ~np.isnan(steps)
    if not inside.any():
        return None
    steps, seconds = steps[inside], seconds[inside]
    mean = float((steps * seconds).sum() / seconds.sum())
    low, high, first, last = (Decimal(float(value)) for value in (steps.min(), steps.max(), steps[0], steps[-1]))
    return Statistics(len(steps), low, high, mean, first, last)
