"""The visible state of the simulated meter."""

from __future__ import annotations

import msgspec

from cmi_gui.engine.meter_profile.display_text import DisplayState


class MeterState(msgspec.Struct, frozen=True, kw_only=True):
    """A snapshot of the simulated meter, made by `E350Meter.state`."""

    phases: int
    display: DisplayState
    failed_phases: frozenset[int]
    faults: frozenset[str]
    """Names of the present faults: those of `MeterFaults`, `power` (supply off) and `cover` (cover off)."""
