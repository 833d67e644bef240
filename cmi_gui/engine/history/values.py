"""The data of the history of readings: series, samples, gaps, and the results of queries.

Times are milliseconds since the epoch, UTC. A sample is one number of one code in one readout; its decimal text is kept
verbatim, so no digit is lost. A gap is an instant after which a module gave nothing until its next sample.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from pathlib import Path

DEFAULT_DAYS = 400
"""Days that samples are kept by default: a year, and a month in which to look it up."""
DAY_MS = 86_400_000


class Quality(IntEnum):
    """The quality of a sample."""

    MEASURED = 0
    """The meter gave it in this readout."""
    LAST_KNOWN = 1
    """The module had no contact with its meter and gave its last known value (function field 3); no curve shows it."""


class GapCause(IntEnum):
    """Why there is nothing after a gap's instant."""

    NO_CONTACT = 0
    """The meter did not answer."""
    NO_POWER = 1
    """The bus gave the module no power."""
    NOT_RUNNING = 2
    """This program was not running."""


@dataclass(frozen=True, slots=True)
class Series:
    """The subject of a curve: `module` (its serial number or key), OBIS code, unit (empty for a bare number)."""

    module: str
    code: str
    unit: str


@dataclass(frozen=True, slots=True)
class Sample:
    """One number at `time` (ms), `text` as the meter spelled it, without its unit."""

    series: Series
    time: int
    text: str
    quality: Quality = Quality.MEASURED


@dataclass(frozen=True, slots=True)
class Curve:
    """Samples to draw, oldest first: `times` in ms, `values` beside them, NaN at the instant of a gap.

    `first`: the series' oldest sample of all, ms, or None if it has none. `whole`: nothing was left out between.
    """

    times: list[int]
    values: list[float]
    first: int | None
    whole: bool


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of the measured samples in a range. All but `mean` are numbers that the meter gave, exactly; times in ms.

    `mean` is that of the samples, each counting the same.
    """

    count: int
    minimum: Decimal
    maximum: Decimal
    mean: float
    first: Decimal
    last: Decimal

    @property
    def difference(self) -> Decimal:
        """Last less first: what a register counted in the range."""
        return self.last - self.first


@dataclass(frozen=True, slots=True)
class HistoryInfo:
    """`path`: None while in memory. `size` in bytes. `days`: how long samples are kept. `oldest`: ms, or None."""

    path: Path | None
    size: int
    days: int
    oldest: int | None
