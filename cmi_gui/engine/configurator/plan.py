"""What a write will send, and in which order: everything else first, then what moves the module."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import CommandRow
from cmi_gui.engine.configurator.writing import Target, Writing, prepare, read_status, send
from cmi_gui.engine.mbus.ci import CI_VARIABLE
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.master import Answer, AnswerKind, Expect, Procedure
from cmi_gui.engine.mbus.procedures import mask_bytes

_LAST = {"identification": 1, "address": 2, "speed": 3}
"""Who is written late, as each of these changes how the module is reached; the speed last of all, because a module that
is not spoken to at a new speed within 5 minutes goes back to its old one."""
_RSP_UD = 0x08
_FINE = Answer(AnswerKind.RESPONSE, Frame.long(_RSP_UD, 0, CI_VARIABLE, bytes(12)))
_ACK = Answer(AnswerKind.ACK, Frame.ack())


def in_order(rows: Iterable[CommandRow]) -> list[CommandRow]:
    """Rows in the order they are to be written."""
    return sorted(rows, key=lambda row: _LAST.get(row.read or "", 0))


def prepared(table: CommandTable, row: CommandRow, text: str, target: Target) -> Writing:
    """Like `prepare`; a target that selects by identification number follows a new one. Raises CommandInvalid."""
    writing = prepare(table, row, text, target)
    if row.read == "identification" and target.mask is not None:
        return replace(writing, then=Target(mask=mask_bytes(text)[:4] + target.mask[4:]))
    return writing


def plan(table: CommandTable, changes: Mapping[str, str], target: Target) -> list[Writing]:
    """Changes by row id as they will be sent if the module takes each. Raises CommandInvalid, KeyError."""
    found = []
    for row in in_order(table.profile.row(name) for name in changes):
        writing = prepared(table, row, changes[row.id], target)
        target = writing.then
        found.append(writing)
    return found


def telegrams(writing: Writing) -> list[Frame]:
    """Every telegram of the master for one row when all goes well, in order; may hold a password."""
    return [*_sent(send(writing)), *_sent(read_status(writing))]


def _sent(procedure: Procedure) -> list[Frame]:
    frames = []
    try:
        exchange = next(procedure)
        while True:
            frames.append(exchange.frame)
            exchange = procedure.send(_FINE if exchange.expect is Expect.RESPONSE else _ACK)
    except StopIteration:
        return frames
