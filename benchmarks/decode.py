"""Decoding telegrams to typed records with every value converted, against pyMeterBus in the same run.

Both get the same bytes, copied anew for every call, and turn every record into what it means and its value. Rounds of
the two alternate, so that a busy machine slows both, and the best round of each counts.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from time import perf_counter

import meterbus

from cmi_gui.engine.mbus.telegram import decode_telegram
from tests.engine.mbus.telegrams import METERS, WORKED_RESPONSES

ROUNDS = 7
OURS_PER_ROUND = 60
THEIRS_PER_ROUND = 6

_TELEGRAMS = [bytearray(raw) for raw in (METERS | WORKED_RESPONSES).values()]


def _ours() -> int:
    count = 0
    for raw in _TELEGRAMS:
        for record in decode_telegram(bytes(raw)).records:
            # All that the other side computes: value, unit, kind, storage, function, tariff, subunit.
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
    """The ratio, then both speeds."""
    _ours()
    _theirs()
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(_seconds_per_record(_ours, OURS_PER_ROUND))
        theirs.append(_seconds_per_record(_theirs, THEIRS_PER_ROUND))
    mine, other = min(ours), min(theirs)
    return [
        f"decode: {other / mine:.1f}x pyMeterBus",
        f"decode: {1 / mine:,.0f} records/s ({len(_TELEGRAMS)} telegrams, every value converted),"
        f" pyMeterBus {1 / other:,.0f} records/s",
    ]
