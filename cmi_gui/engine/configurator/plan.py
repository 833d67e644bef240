"""What a write will send, and in which order: everything else first, then what moves the module."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import CommandRow
from cmi_gui.engine.configurator.writing import Writing, prepare
from cmi_gui.engine.mbus.slave_address import SlaveAddress

_LAST = {"identification": 1, "address": 2, "speed": 3}
"""Who is written late, as each of these changes how the module is reached; the speed last of all, because a module that
is not spoken to at a new speed within 5 minutes goes back to its old one."""


def in_order(rows: Iterable[CommandRow]) -> list[CommandRow]:
    """Rows in the order they are to be written."""
    return sorted(rows, key=lambda row: _LAST.get(row.read or "", 0))


def plan(table: CommandTable, changes: Mapping[str, str], at: SlaveAddress) -> list[Writing]:
    """Changes by row id as they will be sent if the module takes each. Raises CommandInvalid, KeyError."""
    found = []
    for row in in_order(table.profile.row(name) for name in changes):
        writing = prepare(table, row, changes[row.id], at)
        at = writing.then
        found.append(writing)
    return found
