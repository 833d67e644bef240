"""The telegrams of a write and their order: rows that change how the module is reached come last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import CommandRow
from cmi_gui.engine.configurator.writing import Writing, prepare
from cmi_gui.engine.mbus.slave_address import SlaveAddress

_LAST = {"identification": 1, "address": 2, "speed": 3}
"""Rows written late, because they change how the module is reached. The speed comes last: a module that is not
addressed at its new speed within 5 minutes returns to the old one."""


def in_order(rows: Iterable[CommandRow]) -> list[CommandRow]:
    """Return rows in the order in which they must be written."""
    return sorted(rows, key=lambda row: _LAST.get(row.read or "", 0))


def plan(table: CommandTable, changes: Mapping[str, str], at: SlaveAddress) -> list[Writing]:
    """Return the writings for changes (texts by row id) if each is accepted. Raises CommandInvalid, KeyError."""
    writings = []
    for row in in_order(table.profile.row(name) for name in changes):
        writing = prepare(table, row, changes[row.id], at)
        at = writing.then
        writings.append(writing)
    return writings
