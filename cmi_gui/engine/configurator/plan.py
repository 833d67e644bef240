"""What a write will send, and in which order: everything else first, then what moves the module."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import CommandRow
from cmi_gui.engine.configurator.writing import Writing, prepare, write
from cmi_gui.engine.mbus.ci import CI_VARIABLE
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.master import Answer, AnswerKind, Exchange, Expect
from cmi_gui.engine.mbus.procedures import SlaveAddress, mask_bytes

_LAST = {"identification": 1, "address": 2, "speed": 3}
"""Who is written late, as each of these changes how the module is reached; the speed last of all, because a module that
is not spoken to at a new speed within 5 minutes goes back to its old one."""
_RSP_UD = 0x08
_FINE = Answer(AnswerKind.RESPONSE, Frame.long(_RSP_UD, 0, CI_VARIABLE, bytes(12)))
_ACK = Answer(AnswerKind.ACK, Frame.ack())


def in_order(rows: Iterable[CommandRow]) -> list[CommandRow]:
    """Rows in the order they are to be written."""
    return sorted(rows, key=lambda row: _LAST.get(row.read or "", 0))


def prepared(table: CommandTable, row: CommandRow, text: str, at: SlaveAddress) -> Writing:
    """Like `prepare`; an address that selects by identification number follows a new one. Raises CommandInvalid."""
    writing = prepare(table, row, text, at)
    if row.read == "identification" and at.selection is not None:
        return replace(writing, then=replace(at, selection=mask_bytes(text)[:4] + at.selection[4:]))
    return writing


def plan(table: CommandTable, changes: Mapping[str, str], at: SlaveAddress) -> list[Writing]:
    """Changes by row id as they will be sent if the module takes each. Raises CommandInvalid, KeyError."""
    found = []
    for row in in_order(table.profile.row(name) for name in changes):
        writing = prepared(table, row, changes[row.id], at)
        at = writing.then
        found.append(writing)
    return found


def telegrams(writing: Writing) -> list[Frame]:
    """Every telegram of the master for one row when all goes well, in order; may hold a password."""
    frames = []
    procedure = write(writing, None)
    try:
        step = next(procedure)
        while True:
            if isinstance(step, Exchange):
                frames.append(step.frame)
            wants_data = isinstance(step, Exchange) and step.expect is Expect.RESPONSE
            step = procedure.send(_FINE if wants_data else _ACK)
    except StopIteration:
        return frames
