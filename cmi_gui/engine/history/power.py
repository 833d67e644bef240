"""Power derived from energy: the growth of a register between two readings, divided by the time between them.

A derived series has a code of its own, `P(1.8.0)` for the register 1.8.0.
"""

from __future__ import annotations

import re

from cmi_gui.engine.messages import Argument, Message
from cmi_gui.engine.obis import meaning

_DERIVED = re.compile(r"P\((.+)\)")
_UNIT = re.compile(r"([kMG]?)(W|var|VA)h")
_FACTORS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9}


def power_code(code: str) -> str:
    """Return the code of the series derived from a register."""
    return f"P({code})"


def register_code(code: str) -> str | None:
    """Return the register that a derived series belongs to; None for any other code."""
    match = _DERIVED.fullmatch(code)
    return match[1] if match else None


def power_unit(unit: str) -> tuple[str, int]:
    """Return the unit of power for one of energy, with the factor to it: `kWh` gives `W`, 1000; `("", 0)` if none."""
    match = _UNIT.fullmatch(unit)
    return (match[2], _FACTORS[match[1]]) if match else ("", 0)


def power_name(register: Argument) -> Message:
    """Return the name of the power derived from a register, given by its name."""
    return Message("Power from {0}", (register,))


def power_meaning(code: str) -> Message | None:
    """Return the meaning of the code of a derived series; None for any other code."""
    register = register_code(code)
    return None if register is None else power_name(meaning(register) or register)
