"""The fixed data structure of old slaves, CI 73 [DOC48 §6.2]: 16 bytes with two counters."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from cmi_gui.engine.mbus.record import Record, RecordHeader, fixed_header, make_record
from cmi_gui.engine.mbus.vib import ValueInformation
from cmi_gui.engine.mbus.vif_tables import RESERVED, Coding
from cmi_gui.engine.messages import marked

FIXED_SIZE = 16
FIXED_HEADER = 8
"""Bytes before the counters."""
_COUNTERS = (8, 12)
_COUNTER_SIZE = 4
_UNITS = (6, 7)
_STATUS = 5
_BINARY = 0x01
_STORED = 0x02

# First code, last code, quantity, unit, exponent of the first code; exponents count up.
_FAMILIES = (
    (0x02, 0x0A, "energy", "Wh", 0),
    (0x0B, 0x13, "energy", "J", 3),
    (0x14, 0x1C, "power", "W", 0),
    (0x1D, 0x25, "power", "J/h", 3),
    (0x26, 0x2E, "volume", "m3", -6),
    (0x2F, 0x37, "volume flow", "m3/h", -6),
    (0x38, 0x38, marked("temperature"), "degC", -3),
    (0x39, 0x39, "units for heat cost allocation", "", 0),
    (0x3F, 0x3F, "dimensionless", "", 0),
)
_CLOCKS = marked({0x00: "time, hours minutes seconds", 0x01: "date, day month year"})
_SAME_BUT_HISTORIC = 0x3E


def fixed_medium(data: bytes) -> int:
    """Return the medium, a code of `ci.FIXED_MEDIA`: the two top bits of each unit byte, the second byte's first."""
    return (data[7] >> 6) << 2 | data[6] >> 6


def fixed_records(data: bytes, offset: int) -> tuple[Record, Record]:
    """Return the two counters of the 16 bytes as records without DIB and VIB; `offset` is added to their offsets."""
    bcd, stored = not data[_STATUS] & _BINARY, bool(data[_STATUS] & _STORED)
    codes = [data[at] & 0x3F for at in _UNITS]
    first = _header(codes[0], bcd, stored, False)
    historic = codes[1] == _SAME_BUT_HISTORIC
    second = _header(codes[0] if historic else codes[1], bcd, stored, historic)
    return _record(first, data, _COUNTERS[0], offset), _record(second, data, _COUNTERS[1], offset)


def _record(header: RecordHeader, data: bytes, at: int, offset: int) -> Record:
    raw = data[at : at + _COUNTER_SIZE]
    return make_record(header, raw, offset + at, header.convert(raw))


@lru_cache(maxsize=512)
def _header(code: int, bcd: bool, stored: bool, historic: bool) -> RecordHeader:
    quantity, unit, exponent, coding = RESERVED, "", 0, Coding.SIGNED
    if code in _CLOCKS:
        quantity, coding = _CLOCKS[code], Coding.OPAQUE
    for first, last, name, base, lowest in _FAMILIES:
        if first <= code <= last:
            quantity, unit, exponent = name, base, lowest + code - first
    qualifiers = (marked("stored at fixed date"),) * stored + (marked("historic"),) * historic
    value = ValueInformation(quantity, unit, exponent, 1, Decimal(0), coding, qualifiers)
    return fixed_header(value, bcd=bcd, storage=int(stored or historic))
