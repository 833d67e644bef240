"""What can be seen of the simulated meter at one moment."""

from __future__ import annotations

import msgspec

from cmi_gui.engine.meter_profile.display_text import DisplayState


class MeterState(msgspec.Struct, frozen=True, kw_only=True):
    """A snapshot of the simulated meter, made by `E350Meter.state`."""

    phases: int
    display: DisplayState
    failed_phases: frozenset[int]
    faults: frozenset[str]
    """What is wrong with it now: the switches of `MeterFaults` that are on, by name, `power` and `cover`."""
