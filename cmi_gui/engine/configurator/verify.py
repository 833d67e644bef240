"""Verification, before a write, of the one module that will accept it."""

from __future__ import annotations

from dataclasses import replace

from cmi_gui.engine.configurator.slaves import SlaveIdentity, identity_of
from cmi_gui.engine.mbus.exchange import Procedure, ProcedureFailed
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.procedures import read_first
from cmi_gui.engine.mbus.slave_address import HEADER_SIZE, SlaveAddress, decoded, full_selection
from cmi_gui.engine.messages import Message


def verify(at: SlaveAddress, expected: SlaveIdentity | None = None) -> Procedure[SlaveAddress]:
    """Read the identity at `at`, select that module alone, read the identity again, and return the selecting address.

    Two modules may share an address, and two simultaneous E5 look like one. Only an identity that is read without
    damage, under the selection used for the command, shows that a single module will accept it. The module is selected
    by its whole secondary address with the fabrication number, which no other module has; a slave without a fabrication
    number keeps its primary address, or its full secondary address if `at` has a selection.

    Raises ProcedureFailed `another` if the slave is not the expected one or another one answers to the selection,
    `no_identity` if it has no identity, `not_selected`, and as `read_first` does; then no command was sent.
    """
    try:
        return (yield from _verify(at, expected))
    except ProcedureFailed as error:
        raise ProcedureFailed(error.code, Message("{0}; nothing was sent", (error.message,))) from None


def _verify(at: SlaveAddress, expected: SlaveIdentity | None) -> Procedure[SlaveAddress]:
    first = yield from _identified(at, expected)
    selection = full_selection(first)
    has_number = selection is not None and len(selection) > HEADER_SIZE
    if selection is None or at.selection == selection or not (has_number or at.selection):
        return at
    alone = replace(at, primary=None, selection=selection)
    try:
        again = yield from _identified(alone, expected)
    except ProcedureFailed as error:
        if error.code != "not_found":
            raise
        message = Message("{0} does not answer to its secondary address", (at.name,))
        raise ProcedureFailed("not_selected", message) from None
    if full_selection(again) != selection:
        raise ProcedureFailed("another", Message("another slave answers to the secondary address of {0}", (at.name,)))
    return alone


def without_identity(at: SlaveAddress) -> Message:
    """Return the message about a slave whose answer has no identity."""
    return Message("{0} answers, but without an identification number", (at.name,))


def _identified(at: SlaveAddress, expected: SlaveIdentity | None) -> Procedure[Frame]:
    """Read the first telegram of a slave. Raises ProcedureFailed `no_identity`, `another`, and as `read_first` does."""
    frame = yield from read_first(at)
    found = identity_of(decoded(frame))
    if frame is None or found is None:
        raise ProcedureFailed("no_identity", without_identity(at))
    if expected is not None and not found.is_same(expected):
        template = Message("{0} is now another slave, {1} instead of {2}", (at.name, found.name, expected.name))
        raise ProcedureFailed("another", template)
    return frame
