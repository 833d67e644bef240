"""Text pasted from a spreadsheet into the list of a site."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Final

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.files.sheet import csv_lines
from cmi_gui.engine.messages import InvalidValue, Listing, Message
from cmi_gui.engine.site.cells import IDENTITY, Change, RowAdded, cell_change, set_cell, setting_names
from cmi_gui.engine.site.model import MAX_ROWS, Site, SiteModule
from cmi_gui.engine.site.plan_columns import NUMBERS, known_numbers, restored_number

_SHOWN_ERRORS: Final = 10


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
    for more lines. `selected`: the number of selected rows; a block whose lines fit into them a whole number of times
    is repeated. Raises InvalidValue, which names every cell that is wrong.
    """
    lines = _block(text)
    if selected > len(lines) > 0 and selected % len(lines) == 0:
        lines *= selected // len(lines)
    width = len(lines[0]) if lines else 0
    if width > len(names):
        message = Message("the text has {0} columns, but the list has only {1} from this cell on", (width, len(names)))
        raise InvalidValue(message)
    editable = {*IDENTITY, *setting_names(table)}
    for name in names[:width]:
        if name not in editable:
            raise InvalidValue(Message("the column {0} cannot be edited", (name,)))
    added = [SiteModule() for _ in lines[len(rows) :]]
    if len(site.modules) + len(added) > MAX_ROWS:
        raise InvalidValue(Message("a site has at most {0} rows", (MAX_ROWS,)))
    numbers = {name: known_numbers(site, name) for name in NUMBERS}
    changes: list[Change] = []
    errors: list[Message] = []
    for number, (module, cells) in enumerate(zip([*rows, *added], lines, strict=False), 1):
        for name, cell in zip(names, cells, strict=False):
            try:
                new = restored_number(cell, name, numbers[name])[0] if name in NUMBERS else cell
                if number > len(rows):
                    set_cell(module, name, new, table)
                    continue
                change = cell_change(module, name, new, table)
            except InvalidValue as error:
                errors.append(Listing(": ", (Message("line {0}", (number,)), name, error.message)))
            else:
                changes += [change] if change is not None else []
    if errors:
        more = len(errors) - _SHOWN_ERRORS
        rest = [Message("and {0} more", (more,))] if more > 0 else []
        raise InvalidValue(Listing("\n", (*errors[:_SHOWN_ERRORS], *rest)))
    return [*changes, *(RowAdded(module, MAX_ROWS) for module in added)]


def _block(text: str) -> list[list[str]]:
    """Return the cells of a text, line by line, all lines of the same length; an empty cell is a text too."""
    lines = [cells for _, cells in islice(csv_lines(text, "\t"), MAX_ROWS + 1)]
    width = max(map(len, lines), default=0)
    return [[*cells, *[""] * (width - len(cells))] for cells in lines]
