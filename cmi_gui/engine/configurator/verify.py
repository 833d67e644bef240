"""Verification, before a write, of the one module that will accept it."""

from __future__ import annotations

from dataclasses import replace

from cmi_gui.engine.configurator.slaves import SlaveIdentity, identity_of
from cmi_gui.engine.mbus.exchange import Procedure, ProcedureFailed
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.procedures import ask_for_data, data_in, reach
from cmi_gui.engine.mbus.slave_address import HEADER_SIZE, SlaveAddress, decoded, full_selection
from cmi_gui.engine.messages import Message


def verify(at: SlaveAddress, expected: SlaveIdentity | None = None) -> Procedure[SlaveAddress]:
    """Read the identity at `at`, select that module alone, read the identity again, and return the selecting address.

    Two modules may share an address, and two simultaneous E5 look like one: only an identity read undamaged, in the
    selection in which the command follows, shows that a single module will accept it. The module is selected by its
    whole secondary address with the fabrication number, which no other module has; a slave without a fabrication number
    keeps its primary address, or its full secondary address where `at` has a selection.

    Raises ProcedureFailed `another` where the slave is not the expected one or another one answers to the selection,
    `no_identity` where it has no identity, `not_selected`, and as `read_first` does; nothing was sent then.
    """
    try:
        return (yield from _verify(at, expected))
    except ProcedureFailed as error:
        raise ProcedureFailed(error.code, Message("{0}; nothing was sent", (error.message,))) from None


def _verify(at: SlaveAddress, expected: SlaveIdentity | None) -> Procedure[SlaveAddress]:
    yield from reach(at)
    first = yield from _identified(at, expected)
    selection = full_selection(first)
    has_number = selection is not None and len(selection) > HEADER_SIZE
    if selection is None or at.selection == selection or not (has_number or at.selection):
        return at
    alone = replace(at, primary=None, selection=selection)
    try:
        yield from reach(alone)
    except ProcedureFailed as error:
        if error.code != "not_found":
            raise
        message = Message("{0} does not answer to its secondary address", (at.name,))
        raise ProcedureFailed("not_selected", message) from None
    again = yield from _identified(alone, expected)
    if full_selection(again) != selection:
        raise ProcedureFailed("another", Message("another slave answers to the secondary address of {0}", (at.name,)))
    return alone


def without_identity(at: SlaveAddress) -> Message:
    """Return the message about a slave whose telegram has no identity."""
    return Message("{0} answers, but does not tell who it is", (at.name,))


def _identified(at: SlaveAddress, expected: SlaveIdentity | None) -> Procedure[Frame]:
    """Return the first telegram of a slave. Raises ProcedureFailed `no_identity`, `another`, and as `data_in` does."""
    frame = data_in((yield from ask_for_data(at)), at)
    telegram = decoded(frame)
    found = None if telegram is None else identity_of(telegram)
    if frame is None or found is None:
        raise ProcedureFailed("no_identity", without_identity(at))
    if expected is not None and not found.is_same(expected):
        template = Message("{0} is now another slave, {1} instead of {2}", (at.name, found.name, expected.name))
        raise ProcedureFailed("another", template)
    return frame
