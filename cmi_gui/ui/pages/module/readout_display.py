"""The drawn display of a real meter, made from its last readout because the program cannot see the display itself."""

from __future__ import annotations

from cmi_gui.engine.iec62056.reading import read_lines
from cmi_gui.engine.meter_profile.display_text import VALUE_WIDTH, DisplayState, as_shown
from cmi_gui.engine.module_state import ModuleState

_TOTAL = "1.8.0"
"""The code of total energy, the only value that every meter of the family has [E350-READOUTS]."""


def readout_display(module: ModuleState) -> DisplayState:
    """Return total energy, active rate and disconnector of the last readout; a dark display without contact."""
    if not module.contact:
        return DisplayState()
    reading = next((reading for reading in read_lines(module.lines) if reading.code == _TOTAL), None)
    value, unit = ("", "") if reading is None else (reading.value, reading.unit)
    return DisplayState(
        on=True,
        index=_TOTAL if reading is not None else "",
        value=as_shown(_fitting(value)),
        unit=unit,
        rates=frozenset() if module.rate is None else frozenset({module.rate}),
        disconnector_closed={"closed": True, "open": False}.get(module.disconnector),
    )


def _fitting(number: str) -> str:
    """Return the number with as many decimals as fit; the digits before the point are never cut."""
    integer, point, decimals = number.partition(".")
    decimals = decimals[: max(0, VALUE_WIDTH - len(integer))]
    return f"{integer}{point}{decimals}" if decimals else integer
