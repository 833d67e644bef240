"""The data of the history of readings: series, samples, gaps, notes, and the results of queries.

Times are milliseconds since the epoch, UTC. A sample is one number of one code in one readout; its decimal text is
stored unchanged, so no digit is lost. A gap is a time after which there is no sample of a module until its next one.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from pathlib import Path

from cmi_gui.engine.messages import InvalidValue, Message, marked, printable

DEFAULT_DAYS = 400
"""The default number of days for which samples are stored: a year, and a month more to examine it."""
DAY_MS = 86_400_000
MAX_NOTES = 500
"""The number of notes of a module that are shown; with more, the newest."""
MAX_NOTE_LINES, MAX_NOTE_CHARACTERS = 5, 500


class Quality(IntEnum):
    """The quality of a sample."""

    MEASURED = 0
    """The meter sent it in this readout."""
    LAST_KNOWN = 1
    """The module had no contact with its meter and sent its last known value (function field 3); no curve shows it."""
    DERIVED = 2
    """This program computed it from two samples; it is exported but never stored."""


class GapCause(IntEnum):
    """The cause of a gap."""

    NO_CONTACT = 0
    """The meter did not answer."""
    NO_POWER = 1
    """The module had no power from the bus."""
    NOT_RUNNING = 2
    """This program was not running."""
    NO_ANSWER = 3
    """The module did not answer, or its answer could not be read."""


def history_key(module: str, world: str) -> str:
    """Return the key of a module on a bus: one for each module and world, whatever port the bus is connected to.

    `module`: a lasting name of the module, `SlaveIdentity.key`. `world`: the name of the practice bus, empty for real
    modules.
    """
    return f"{world} {module}" if world else module


@dataclass(frozen=True, slots=True)
class Series:
    """The subject of a curve: `module` (its serial number or key), OBIS code, unit (empty for a bare number)."""

    module: str
    code: str
    unit: str


@dataclass(frozen=True, slots=True)
class Sample:
    """One number at `time` (ms); `text` as the meter sent it, without its unit."""

    series: Series
    time: int
    text: str
    quality: Quality = Quality.MEASURED


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """A text of the user at a `time` (ms) of a module, of which there is one at each time; see `note_text`."""

    time: int
    module: str
    text: str


def note_text(text: str) -> str:
    """Return the text of a note as it is stored: printable, without empty lines around it.

    Raises InvalidValue if it is empty or exceeds `MAX_NOTE_LINES` or `MAX_NOTE_CHARACTERS`.
    """
    lines = [printable(line.replace("\t", " ").rstrip()) for line in text.strip().splitlines()]
    stored = "\n".join(lines)
    if not stored:
        raise InvalidValue(Message("a note needs a text"))
    if len(lines) > MAX_NOTE_LINES:
        raise InvalidValue(Message("a note has at most {0} lines, this one has {1}", (MAX_NOTE_LINES, len(lines))))
    if len(stored) > MAX_NOTE_CHARACTERS:
        template = marked("a note has at most {0} characters, this one has {1}")
        raise InvalidValue(Message(template, (MAX_NOTE_CHARACTERS, len(stored))))
    return stored


@dataclass(frozen=True, slots=True)
class Curve:
    """The samples of a curve, oldest first: `times` in ms, and their `values`, NaN at the time of a gap.

    `first`: the time of the oldest sample of the series, ms, or None. `complete`: no sample is omitted.
    """

    times: list[int]
    values: list[float]
    first: int | None
    complete: bool


@dataclass(frozen=True, slots=True)
class Statistics:
    """Statistics of the measured samples in a range. All but `mean` are exact numbers of the meter.

    `mean`: the mean of the samples, all with the same weight.
    """

    count: int
    minimum: Decimal
    maximum: Decimal
    mean: float
    first: Decimal
    last: Decimal

    @property
    def difference(self) -> Decimal:
        """The last sample minus the first: the count of a register in the range."""
        return self.last - self.first


@dataclass(frozen=True, slots=True)
class Absence:
    """The reason why a range has no measured samples; times in ms.

    `cause`: the cause of the gap that lasts into the range, or None if there is none. `first`: the time of the oldest
    measured sample, or None. `last`: the time of the last one before the end of the range, or None.
    """

    cause: GapCause | None
    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class HistoryInfo:
    """The state of the history.

    `path`: None while it is in memory. `size`: in bytes. `days`: the number of days for which samples are stored.
    `oldest`: the time of the oldest sample or note, ms, or None.
    """

    path: Path | None
    size: int
    days: int
    oldest: int | None
