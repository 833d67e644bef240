"""Selection of the data lines that are sent: the module's selection list and the standard's selection for readout.

The list (setting `selection_list`) names OBIS codes and is stored. The standard's selection (data field 8 in a SND_UD,
EN 13757-3, [DOC48 §6.4.3]) names value information and is volatile: a selection of everything, an application reset or
a power loss ends it. Settings of the module are sent only if it names them, or if the profile always sends them
(`sent`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cmi_gui.engine.mbus.dib import DataField, ValueFunction
from cmi_gui.engine.mbus.record import RecordHeader, decode_records, parse_header
from cmi_gui.engine.mbus.selection import SelectionRecord

_ANY_VIF = b"\x7e"
_GLOBAL_READOUT = 0x7F


@dataclass(frozen=True, slots=True)
class VifSelection:
    """One record of a selection; None means any."""

    vib: bytes | None
    function: ValueFunction | None
    storage: int | None
    tariff: int | None
    subunit: int | None

    def matches(self, header: RecordHeader) -> bool:
        """Return whether a record of the module is selected."""
        data = header.data
        return (
            self.vib in (None, header.vib)
            and self.function in (None, data.function)
            and self.storage in (None, data.storage)
            and self.tariff in (None, data.tariff)
            and self.subunit in (None, data.subunit)
        )


_ALL_STORAGE, _ALL_TARIFFS, _ALL_SUBUNITS = 0x1F, 0x3, 0x1
"""All bits of a DIF with one DIFE set: any number [DOC48 §6.4.3]."""


def is_selection(data: bytes) -> bool:
    """Return whether the records after CI 51 are a selection for readout, which the first one shows."""
    return bool(data) and (data[0] & 0x0F == DataField.SELECTION or data[0] == _GLOBAL_READOUT)


def is_named(record: SelectionRecord, selections: Iterable[VifSelection]) -> bool:
    """Return whether a selection names this record; a selection of any value information does not."""
    named = [selection for selection in selections if selection.vib is not None]
    if not named:
        return False
    header = parse_header(record.dib + record.vib, from_master=False)
    return any(selection.matches(header) for selection in named)


def read_selection(data: bytes) -> tuple[VifSelection, ...]:
    """Return the records of a selection; none if it selects everything.

    Raises MBusError for bytes that cannot be decoded, ValueError for other records.
    """
    selections = []
    everything = False
    for record in decode_records(data, from_master=True).records:
        if record.dib[0] == _GLOBAL_READOUT:
            everything = True
            continue
        if record.field is not DataField.SELECTION:
            raise ValueError("a selection for readout cannot be combined with other records")
        information = record.header.data
        extended = len(record.dib) > 1
        selections.append(
            VifSelection(
                None if record.vib == _ANY_VIF else record.vib,
                information.function,
                None if extended and information.storage == _ALL_STORAGE else information.storage,
                None if extended and information.tariff == _ALL_TARIFFS else information.tariff,
                None if extended and information.subunit == _ALL_SUBUNITS else information.subunit,
            )
        )
    return () if everything else tuple(selections)
