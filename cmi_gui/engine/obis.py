"""The meaning of the OBIS codes of the E350 (`facts/e350.md` section 2)."""

from __future__ import annotations

_FIXED = {
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
_ENERGY = {
    "1": "Active energy +A",
    "2": "Active energy -A",
    "3": "Reactive energy +R",
    "4": "Reactive energy -R",
    "5": "Reactive energy Q1",
    "6": "Reactive energy Q2",
    "7": "Reactive energy Q3",
    "8": "Reactive energy Q4",
    "9": "Apparent energy +S",
    "10": "Apparent energy -S",
}
_PHASE = {"1": "Current", "2": "Voltage", "3": "Power factor", "6": "Active power"}


def meaning(code: str) -> str:
    """Return what a code means, in English; an empty text for a code that the E350 is not known to use.

    The place of a code that comes several times in a readout, as in `1.6.1 (2)`, makes no difference.
    """
    code = code.partition(" (")[0]
    if code in _FIXED:
        return _FIXED[code]
    parts = code.split(".")
    if len(parts) == 3 and parts[1] == "8" and parts[0] in _ENERGY and parts[2] in "0123456" and parts[2]:
        rate = "total" if parts[2] == "0" else f"rate {parts[2]}"
        return f"{_ENERGY[parts[0]]} {rate}"
    if parts[-1] == "0" and len(parts) == 3 and f"{parts[0]}.{parts[1]}" in _FIXED:
        return _FIXED[f"{parts[0]}.{parts[1]}"]
    if len(parts) >= 2 and parts[1] == "7" and len(parts[0]) == 2 and parts[0][0] in "357" and parts[0][1] in _PHASE:
        return f"{_PHASE[parts[0][1]]} L{ {'3': 1, '5': 2, '7': 3}[parts[0][0]] }"
    return ""
