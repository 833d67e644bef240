"""The meaning of the OBIS codes of the E350 [E350 p45, E350-READOUTS].

Codes may be reduced (`1.8.0`) or complete (`1-0:1.8.0*255`; IEC 62056-61).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cmi_gui.engine.messages import Message, marked

_FIXED = marked(
    {
        "F.F": "Error code",
        "0.0": "Customer identification",
        "C.1.0": "Meter identification",
        "C.1.1": "Manufacturer identification",
        "15.8.0": "Active energy |+A|+|-A| total",
        "16.7": "Active power, sum",
        "C.7.0": "Power failures",
        "82.8.1": "Terminal cover removals",
        "82.8.2": "Strong magnetic field detections",
        "0.2.0": "Firmware version",
        "C.5.0": "Status word",
        "0.9.1": "Local time",
        "0.9.2": "Local date",
        "13.7": "Power factor, sum",
        "14.7": "Frequency",
        "1.7": "Active power +A",
        "2.7": "Active power -A",
    }
)
_ACTIVE = marked(("Active energy {0} total", "Active energy {0} rate {1}"))
_REACTIVE = marked(("Reactive energy {0} total", "Reactive energy {0} rate {1}"))
_APPARENT = marked(("Apparent energy {0} total", "Apparent energy {0} rate {1}"))
_ENERGY = {
    "1": (_ACTIVE, "+A"),
    "2": (_ACTIVE, "-A"),
    "3": (_REACTIVE, "+R"),
    "4": (_REACTIVE, "-R"),
    "5": (_REACTIVE, "Q1"),
    "6": (_REACTIVE, "Q2"),
    "7": (_REACTIVE, "Q3"),
    "8": (_REACTIVE, "Q4"),
    "9": (_APPARENT, "+S"),
    "10": (_APPARENT, "-S"),
}
_CURRENT_VALUE: Final = "255"
"""Group F of a present value, as opposed to a stored one."""
_MEDIA: Final = frozenset({"", "0", "1"})
"""Groups A of an electricity meter: left out, abstract objects (0), electricity (1)."""
_CODE: Final = re.compile(r"(?:(\d{1,3})-\d{1,3}:)?([0-9A-Z]+\.[0-9A-Z]+(?:\.[0-9A-Z]+)?)(?:[*.&](\d{1,3}))?")
"""The groups of a code: A; C to E together; F. A and F may be left out."""
_PHASE = marked({"1": "Current L{0}", "2": "Voltage L{0}", "3": "Power factor L{0}", "6": "Active power L{0}"})


def meaning(code: str) -> Message | None:
    """Return the meaning of a code; None for a code that the E350 is not known to use.

    The place of a code that occurs several times in a readout, as in `1.6.1 (2)`, is ignored.
    """
    code = code.partition(" (")[0]
    match = _CODE.fullmatch(code)
    medium, reduced, stored = match.groups("") if match else ("", code, "")
    found = _meaning(reduced) if medium in _MEDIA else None
    if found is None or stored in ("", _CURRENT_VALUE):
        return found
    return Message("{0}, stored value {1}", (found, stored))


def known_codes() -> Iterator[str]:
    """Yield the reduced codes that have a meaning, in each of their spellings."""
    energies = [f"{quantity}.8.{rate}" for quantity in _ENERGY for rate in range(7)]
    phases = [f"{phase}{quantity}.7" for phase in "357" for quantity in _PHASE]
    for code in dict.fromkeys((*_FIXED, *energies, *phases)):
        yield from (spelled for spelled in (code, f"{code}.0", code.removesuffix(".0")) if _meaning(spelled))


def _meaning(code: str) -> Message | None:
    for spelled in (code, code.removesuffix(".0"), f"{code}.0"):
        if spelled in _FIXED:
            return Message(_FIXED[spelled])
    parts = code.split(".")
    if len(parts) == 3 and parts[1] == "8" and parts[0] in _ENERGY and parts[2] in "0123456" and parts[2]:
        (total, rate), quantity = _ENERGY[parts[0]]
        return Message(total, (quantity,)) if parts[2] == "0" else Message(rate, (quantity, parts[2]))
    if len(parts) >= 2 and parts[1] == "7" and len(parts[0]) == 2 and parts[0][0] in "357" and parts[0][1] in _PHASE:
        return Message(_PHASE[parts[0][1]], ("__357".index(parts[0][0]) - 1,))
    return None
