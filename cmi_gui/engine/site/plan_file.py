"""A plan: a list of modules in a CSV or Excel file, with what they are to have; and text pasted from a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.files.table import TableData
from cmi_gui.engine.files.toml_file import FileError
from cmi_gui.engine.messages import Message
from cmi_gui.engine.site.cells import Change
from cmi_gui.engine.site.model import Site, SiteModule


class PlanError(FileError):
    """A plan that cannot be used; the text names the file, and the line of each problem."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a plan changes in a site; nothing is changed yet. `changes`: carried out by `apply`.

    `matched`, `added`: the rows of the site that are in the plan, and those to be added. `left_out`: the rows of the
    site that are not in the plan. `columns`: the names of its columns. `ignored`: the titles of columns that are not
    used. `remarks`: what was restored, such as zeros that Excel removed.
    """

    changes: tuple[Change, ...]
    matched: tuple[SiteModule, ...]
    added: tuple[SiteModule, ...]
    left_out: tuple[SiteModule, ...]
    columns: tuple[str, ...]
    ignored: tuple[str, ...]
    remarks: tuple[Message, ...] = ()


def read_plan(path: Path, site: Site, table: CommandTable) -> Plan:
    """Return the plan in a CSV or Excel file, compared with a site. Raises PlanError."""
    raise NotImplementedError


def plan_table(site: Site, table: CommandTable) -> TableData:
    """Return a site as a plan, to be written as a file, completed there and read again."""
    raise NotImplementedError


def paste(
    site: Site,
    text: str,
    rows: Sequence[SiteModule],
    names: Sequence[str],
    table: CommandTable,
    *,
    selected: int = 1,
) -> list[Change]:
    """Return the changes that a block of text from a spreadsheet makes.

    `rows`, `names`: the rows and the columns of the list as they are shown, from the current cell on; rows are added
    for more lines. `selected`: the number of selected rows; a block of fewer lines is repeated to fill them. Raises
    InvalidValue, which names every cell that is wrong.
    """
    raise NotImplementedError
