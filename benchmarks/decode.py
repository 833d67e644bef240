"""Decoding telegrams to typed records with every value converted, against pyMeterBus in the same run.

Both get the same bytes, copied for every call, and decode meaning and value of every record. Rounds of the two
alternate, so that a busy machine slows both, and the best round of each counts.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import datetime
from time import perf_counter

import meterbus

from cmi_gui.engine.cmi1020.readout_mapping import load_mapping
from cmi_gui.engine.cmi1020.telegrams import header, own_records, pack
from cmi_gui.engine.e350.meter import E350Meter
from cmi_gui.engine.mbus import record as record_module
from cmi_gui.engine.mbus.frame import RSP_UD, Frame
from cmi_gui.engine.mbus.telegram import decode_telegram
from tests.helpers.mbus_telegrams import METERS, WORKED_RESPONSES

ROUNDS = 7
OURS_PER_ROUND = 60
THEIRS_PER_ROUND = 6


def _module_telegrams() -> list[bytes]:
    """Return the module's own telegrams for the longest list of the simulated meter: 79 lines, four telegrams."""
    meter = E350Meter("full", start=datetime(2026, 6, 1, 12), now=0.0)
    mapping = load_mapping()
    lines = meter.readout("0", 60.0) or []
    own = own_records("12345678", 0, 1, 0)
    head = header("12345678", 1, 0, 0)
    return [
        Frame.long(RSP_UD, 0, 0x72, head + part).to_bytes()
        for part in pack(own, [mapping.encode(line) for line in lines])
    ]


_TELEGRAMS = [bytearray(raw) for raw in (*(METERS | WORKED_RESPONSES).values(), *_module_telegrams())]


def _cold() -> int:
    """Do the same as `_ours`, but for records whose header has never been seen before."""
    for headers in record_module._HEADERS:
        headers.clear()
    return _ours()


def _ours() -> int:
    count = 0
    for raw in _TELEGRAMS:
        for record in decode_telegram(bytes(raw)).records:
            # Everything that pyMeterBus computes: value, unit, kind, storage, function, tariff, subunit.
            _ = (record.value, record.unit, record.quantity, record.storage, record.function)
            _ = (record.tariff, record.subunit, record.qualifiers)
            count += 1
    return count


def _theirs() -> int:
    count = 0
    for raw in _TELEGRAMS:
        for record in meterbus.load(bytes(raw)).records:
            _ = record.interpreted
            count += 1
    return count


def _seconds_per_record(work: Callable[[], int], repetitions: int) -> float:
    gc.collect()
    gc.disable()
    try:
        start = perf_counter()
        records = sum(work() for _ in range(repetitions))
        return (perf_counter() - start) / records
    finally:
        gc.enable()


def run() -> list[str]:
    """Return lines to print: the ratio, then both speeds."""
    _ours()
    _theirs()
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(_seconds_per_record(_ours, OURS_PER_ROUND))
        theirs.append(_seconds_per_record(_theirs, THEIRS_PER_ROUND))
    mine, other = min(ours), min(theirs)
    cold = min(_seconds_per_record(_cold, 1) for _ in range(ROUNDS))
    return [
        f"decode: {other / mine:.1f}x pyMeterBus",
        f"decode: {1 / mine:,.0f} records/s ({len(_TELEGRAMS)} telegrams, every value converted),"
        f" pyMeterBus {1 / other:,.0f} records/s",
        f"decode: {other / cold:.1f}x pyMeterBus with nothing memoised yet ({1 / cold:,.0f} records/s)",
    ]
