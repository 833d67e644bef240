"""A report as plain data: sections with paragraphs and a table, from which every format is made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum, auto
from typing import Final

from cmi_gui.engine.mbus.render import Json
from cmi_gui.engine.report.texts import ReportLanguage

SOFT_HYPHEN: Final = "\N{SOFT HYPHEN}"
"""Where a long title may be divided on paper."""


class HandField(Enum):
    """A cell that is filled in by hand on paper."""

    TICK = auto()
    """A box to tick."""
    LINE = auto()
    """A line to write on."""


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """A value that differs: as found before the first write of the visit, and as left."""

    found: str
    left: str


ReportCell = str | int | Decimal | ChangedValue | HandField | datetime | None


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """A column of a report's table.

    `share`: its part of the width that the texts do not need. `number`: aligned to the right. `compared`: its cells are
    as found and as left, which are two columns in a spreadsheet. `only_sheet`: left out on paper. `offset`: the offset
    from UTC of all its times, which then stands in the heading; else each has its own.
    """

    title: str
    share: int
    number: bool = False
    compared: bool = False
    only_sheet: bool = False
    offset: str = ""

    @property
    def heading(self) -> str:
        """The title, with the offset of the times."""
        return f"{self.title} (UTC{self.offset})" if self.offset else self.title

    def text(self, cell: ReportCell) -> str:
        """Return a cell as text; a compared value as `0 → 11`, and nothing for a field to fill in."""
        match cell:
            case None | HandField():
                return ""
            case ChangedValue(found, left):
                return f"{found} → {left}"
            case datetime():
                text = time_text(cell)
                return text.removesuffix(f" {self.offset}") if self.offset else text
            case Decimal():
                return f"{cell:f}"
        return str(cell)


def time_column(title: str, share: int, times: Iterable[datetime]) -> ReportColumn:
    """Return a column for these times."""
    offsets = {time.isoformat()[-6:] for time in times}
    return ReportColumn(title, share, offset=offsets.pop() if len(offsets) == 1 else "")


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A part of a report: paragraphs, then a table.

    `key`: names it in every language. `new_page`: it begins on a new page. `tall`: its rows have room for handwriting.
    `facts`: the first column names what the second has, without titles.
    """

    key: str
    title: str
    paragraphs: tuple[str, ...] = ()
    columns: tuple[ReportColumn, ...] = ()
    rows: tuple[tuple[ReportCell, ...], ...] = ()
    new_page: bool = False
    tall: bool = False
    facts: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A report. `title`: on the cover. `site`: the name in the head of each page. `made`: when, with its offset.

    `practice`: the text in the head of each page of a practice site, else empty. `page`: the text "Page {0} of {1}".
    `as_found`, `as_left`: the words for the two columns of a compared value. `offset`: the title of a column with
    offsets from UTC. `modules`, `open_points`: how many it has. `data`: the document for JSON, whose keys are the same
    in every language.
    """

    language: ReportLanguage
    title: str
    site: str
    made: datetime
    made_text: str
    practice: str
    page: str
    as_found: str
    as_left: str
    offset: str
    sections: tuple[ReportSection, ...]
    modules: int
    open_points: int
    data: dict[str, Json]


def time_text(time: datetime) -> str:
    """Return an aware time in minutes with its offset from UTC: `2026-11-30 09:12 +01:00`."""
    stamp = time.isoformat(" ", "minutes")
    return f"{stamp[:16]} {stamp[16:]}"
