"""Identification of a module: select it, read it, and compare it with the serial number on its label."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cmi_gui.engine.cmi1020.obis_labels import restore_lines
from cmi_gui.engine.cmi1020.readout import meter_number
from cmi_gui.engine.configurator.slaves import SlaveIdentity, identity_of
from cmi_gui.engine.iec62056.reading import read_lines
from cmi_gui.engine.mbus.exchange import Procedure, ProcedureFailed
from cmi_gui.engine.mbus.procedures import no_data, read_first
from cmi_gui.engine.mbus.search import ANY
from cmi_gui.engine.mbus.selection import FABRICATION
from cmi_gui.engine.mbus.slave_address import SlaveAddress, decoded, mask_bytes
from cmi_gui.engine.messages import InvalidValue, Message

LABEL_DIGITS = 8


def parse_label(text: str) -> str:
    """Return the serial number on a label, eight digits, without blanks. Raises InvalidValue with the reason."""
    digits = text.replace(" ", "")
    if len(digits) != LABEL_DIGITS or not (digits.isascii() and digits.isdigit()):
        message = Message("the serial number on the label has {0} digits, not {1}", (LABEL_DIGITS, repr(text)))
        raise InvalidValue(message)
    return digits


@dataclass(frozen=True, slots=True)
class LabelCheck:
    """A comparison of a module with a label. `label`: the serial number on the label, or None.

    `found`: the slave's identity, None if its answer has none. `address`: the primary address in its answer.
    `by_selection`: selecting its secondary address reaches the same slave. `meter_number`: C.1.0 (or C.1) of its meter,
    if the first telegram has it. `elsewhere`: if this slave has another number, the slave on this bus that has the
    label's; None if no slave answers to it.
    """

    label: str | None
    found: SlaveIdentity | None
    address: int
    by_selection: bool
    meter_number: str | None = None
    elsewhere: SlaveIdentity | None = None

    @property
    def serial(self) -> str:
        """The number to compare with a label: the fabrication number, else the identification; empty if unknown."""
        return "" if self.found is None else self.found.fabrication or self.found.id

    @property
    def same(self) -> bool | None:
        """True if the module has the label's number; None if there is nothing to compare."""
        return self.serial == self.label if self.label and self.serial else None


def identify(at: SlaveAddress, selection: bytes | None, label: str | None) -> Procedure[LabelCheck]:
    """Read the slave at `at`, select it by `selection`, and compare it with `label` (eight digits).

    Raises ProcedureFailed `no_data`, and as `read_first` does for the slave at `at`.
    """
    frame = yield from read_first(at)
    if frame is None:
        raise no_data(at)
    telegram = decoded(frame)
    found = identity_of(telegram)
    meter = None if telegram is None else meter_number(read_lines(restore_lines([telegram])))
    by_selection = at.selection is not None
    if selection is not None and not by_selection:
        again = yield from _identity_at(selection, at.baud)
        by_selection = again is not None and again == found
    result = LabelCheck(label, found, frame.a, by_selection, meter)
    if label is None or result.same:
        return result
    # A module is delivered with the label's number as its secondary address; the fabrication number never changes.
    elsewhere = yield from _identity_at(mask_bytes(label), at.baud)
    if elsewhere is None or label not in (elsewhere.fabrication, elsewhere.id):
        elsewhere = yield from _identity_at(ANY + FABRICATION + bytes.fromhex(label)[::-1], at.baud)
    return replace(result, elsewhere=elsewhere)


def _identity_at(selection: bytes, baud: int | None) -> Procedure[SlaveIdentity | None]:
    """Return the identity of the only slave that a selection reaches; None if there is none or it has no identity."""
    try:
        return identity_of(decoded((yield from read_first(SlaveAddress(selection=selection, baud=baud)))))
    except ProcedureFailed:
        return None
