"""What a real meter's display is drawn from: its last readout, because the display itself cannot be seen from here."""

from __future__ import annotations

from cmi_gui.engine.cmi1020.disconnector import CLOSED, MOVING
from cmi_gui.engine.cmi1020.module import Cmi1020
from cmi_gui.engine.meter_profile.display_text import VALUE_WIDTH, DisplayState, as_shown

_TOTAL = "1.8.0"
"""The one value that every meter of the family has (facts/e350.md section 2)."""


def readout_display(module: Cmi1020) -> DisplayState:
    """Total energy, active rate and disconnector as they were read; dark without contact."""
    if not module.contact:
        return DisplayState()
    reading = module.readings.get(_TOTAL)
    value, unit = ("", "") if reading is None else (reading.value, reading.unit)
    moving = module.disconnector is None or module.disconnector == MOVING
    return DisplayState(
        on=True,
        index=_TOTAL if reading is not None else "",
        value=as_shown(_fitting(value)),
        unit=unit,
        rates=frozenset() if module.meter_rate is None else frozenset({module.meter_rate}),
        disconnector_closed=None if moving else module.disconnector == CLOSED,
    )


def _fitting(number: str) -> str:
    """As many decimals as the field has room for; its digits before the point are never cut."""
    whole, point, decimals = number.partition(".")
    decimals = decimals[: max(0, VALUE_WIDTH - len(whole))]
    return f"{whole}{point}{decimals}" if decimals else whole
