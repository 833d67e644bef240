"""What a line of the table of traffic shows: its columns, the roles of its cells, what it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum

from PySide6.QtCore import Qt

ERROR_ROLE = Qt.ItemDataRole.UserRole
"""True for a line that is no good telegram, or says that something went wrong."""
DIM_ROLE = Qt.ItemDataRole.UserRole + 1
"""True for a cell that stands back."""
STATE_ROLE = Qt.ItemDataRole.UserRole + 2
"""The line's `LineState`."""
START_ROLE = Qt.ItemDataRole.UserRole + 3
"""The index of the row with which the line's exchange began: lines that have it in common belong together."""


class TrafficColumn(IntEnum):
    """The columns from left to right."""

    TIME = 0
    DELTA = 1
    SIDE = 2
    DIRECTION = 3
    ADDRESS = 4
    TYPE = 5
    LENGTH = 6
    SUMMARY = 7


class TimeMode(Enum):
    """What the first column counts."""

    CLOCK = "clock"
    """Local time of day."""
    FIRST = "first"
    """Seconds since the oldest row there is."""
    MARK = "mark"
    """Seconds since the row that the user marked."""


class LineState(Enum):
    """What a line is, for whoever paints it."""

    GOOD = "good"
    RETRY = "retry"
    ERROR = "error"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Look:
    """All that a painter needs of a line: its texts by column, what it is, and the row its exchange began with."""

    texts: tuple[str, ...]
    state: LineState
    start: int
