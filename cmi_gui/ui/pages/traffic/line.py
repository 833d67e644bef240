"""The lines of the table of traffic: their columns, the roles of their cells, and their states."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum

from PySide6.QtCore import Qt

ERROR_ROLE = Qt.ItemDataRole.UserRole
"""The role that is True for a damaged telegram, an error report or a request without an answer."""
DIM_ROLE = Qt.ItemDataRole.UserRole + 1
"""The role that is True for a cell painted in a weaker colour."""
STATE_ROLE = Qt.ItemDataRole.UserRole + 2
"""The role for the line's `LineState`."""
START_ROLE = Qt.ItemDataRole.UserRole + 3
"""The role for the index of the first row of the line's exchange, which all lines of the exchange share."""


class TrafficColumn(IntEnum):
    """The columns from left to right."""

    TIME = 0
    DELTA = 1
    SIDE = 2
    DIRECTION = 3
    ADDRESS = 4
    TYPE = 5
    LENGTH = 6
    ANSWER = 7
    LINK = 8
    SUMMARY = 9


class TimeMode(Enum):
    """The time shown in the first column."""

    CLOCK = "clock"
    """Local time of day."""
    FIRST = "first"
    """Seconds since the oldest row of the store."""
    MARK = "mark"
    """Seconds since the row that the user marked."""


class LineState(Enum):
    """The kind of a line, which decides how it is painted."""

    GOOD = "good"
    RETRY = "retry"
    ERROR = "error"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class PaintedLine:
    """The data needed to paint a line.

    `texts`: by column; `start`: the first row of its exchange.
    """

    texts: tuple[str, ...]
    state: LineState
    start: int
    bookmarked: bool
