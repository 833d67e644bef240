"""One complete readout of the meter: its data lines, the values taken from them, and their records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cmi_gui.engine.cmi1020.control import MeterReport
from cmi_gui.engine.cmi1020.readout_mapping import ReadoutMapping
from cmi_gui.engine.cmi1020.readout_selection import VifSelection
from cmi_gui.engine.iec62056.reading import Reading, read_line, read_lines
from cmi_gui.engine.mbus.lvar import TextTooLong
from cmi_gui.engine.mbus.record import decode_records
from cmi_gui.engine.messages import Message

_METER_NUMBER_CODES = ("C.1.0", "C.1")
_STATUS_CODE = "C.5.0"
# Only the long form of 16 bits has the rate and the disconnector.
_STATUS_WORD = re.compile("[0-9A-Fa-f]{4}")
_DISCONNECTOR_BIT = 1 << 10
_POWER_FAILURES = "C.7.0"


@dataclass(frozen=True, slots=True)
class Readout:
    """A readout: `lines` verbatim, in meter order, and a record for each (empty if no record can hold the line).

    `meter_number`: C.1.0 (or C.1) without blanks, None if it is missing. `status`: C.5.0 as a number, None if it is
    missing or does not have four hex digits. `at` in seconds. `problems`: messages about lines left out.
    """

    at: float = 0.0
    lines: tuple[str, ...] = ()
    records: tuple[bytes, ...] = ()
    readings: tuple[Reading, ...] = ()
    meter_number: str | None = None
    status: int | None = None
    problems: tuple[Message, ...] = ()

    def report(self) -> MeterReport:
        """Return the values of what the module controls (E350 manual: bits of C.5.0, and C.7.0)."""
        word = self.status
        counter = next((reading.number for reading in self.readings if reading.code == _POWER_FAILURES), None)
        return MeterReport(
            disconnector=None if word is None else int(bool(word & _DISCONNECTOR_BIT)),
            rate=None if word is None else (word >> 5 & 7) + 1,
            power_failures=None if counter is None else int(counter),
        )

    def selected(self, codes: Sequence[str], selections: Sequence[VifSelection]) -> list[bytes]:
        """Return the records of the lines in both selections; an empty selection includes all lines."""
        return [
            record
            for line, record in zip(self.lines, self.records, strict=True)
            if record and (not codes or _has_code(line, codes)) and _passes(record, selections)
        ]


def _has_code(line: str, codes: Sequence[str]) -> bool:
    return any(reading.code in codes for reading in read_line(line))


def _passes(record: bytes, selections: Sequence[VifSelection]) -> bool:
    if not selections:
        return True
    (decoded,) = decode_records(record).records
    return any(selection.matches(decoded.header) for selection in selections)


def meter_number(readings: Iterable[Reading]) -> str | None:
    """Return the value of C.1.0, or else C.1, without blanks; None if neither is among the readings."""
    values = {reading.code: reading.value for reading in readings}
    return next((values[code].strip() for code in _METER_NUMBER_CODES if code in values), None)


def take_readout(lines: Sequence[str], mapping: ReadoutMapping, at: float) -> Readout:
    """Return the readout of data `lines`, read at `at` seconds; `mapping` makes the records."""
    readings = tuple(read_lines(lines))
    values = {reading.code: reading.value for reading in readings}
    number = meter_number(readings)
    word = values.get(_STATUS_CODE, "")
    records, problems = [], []
    for line in lines:
        try:
            records.append(mapping.encode(line))
        except TextTooLong as error:
            records.append(b"")
            problems.append(Message("the meter's line {0}... is left out: {1}", (repr(line[:24]), error.message)))
    return Readout(
        at,
        tuple(lines),
        tuple(records),
        readings,
        number or None,
        int(word, 16) if _STATUS_WORD.fullmatch(word) else None,
        tuple(problems),
    )
