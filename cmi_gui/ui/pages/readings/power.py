"""Power derived from energy: the growth of a register between two readings, divided by the time between them.

A derived curve has a code of its own, `P(1.8.0)` for the register 1.8.0.
"""

from __future__ import annotations

import re
from decimal import Decimal

import numpy as np

from cmi_gui.engine.history.values import Statistics
from cmi_gui.ui.widgets.plot.series import Samples

_DERIVED = re.compile(r"P\((.+)\)")
_UNIT = re.compile(r"([kMG]?)(W|var|VA)h")
_FACTORS = {"": 1.0, "k": 1e3, "M": 1e6, "G": 1e9}


def power_code(code: str) -> str:
    """Return the code of the curve derived from a register."""
    return f"P({code})"


def register_code(code: str) -> str | None:
    """Return the register that a derived curve belongs to; None for any other code."""
    match = _DERIVED.fullmatch(code)
    return match[1] if match else None


def power_unit(unit: str) -> tuple[str, float]:
    """Return the unit of power for one of energy, with the factor to it: `kWh` gives `W`, 1000; `("", 0)` if none."""
    match = _UNIT.fullmatch(unit)
    return (match[2], _FACTORS[match[1]]) if match else ("", 0.0)


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
