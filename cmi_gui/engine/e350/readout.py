"""The data lines of the OBIS codes, in the formats of real telegrams [E350-READOUTS].

Assumptions, because no telegram shows them: power factors and frequency have 3.2 digits, and a negative power has a
minus sign before its digits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from cmi_gui.engine.e350.load import Instant, PhaseInstant
from cmi_gui.engine.iec62056.dataset import DataSet

if TYPE_CHECKING:
    from cmi_gui.engine.e350.meter import E350Meter


@dataclass(frozen=True, slots=True)
class MeterView:
    """A meter with its measurements and status word (C.5.0) at one moment."""

    meter: E350Meter
    instant: Instant
    status: int


_ENERGY_UNIT: Final = {"1": "kWh", "2": "kWh", "9": "kVAh", "10": "kVAh", "15": "kWh"}
_PHASE_OF: Final = {"3": 0, "5": 1, "7": 2}


def _fixed(value: int, integer: int, decimals: int) -> str:
    """Return `value`, in units of the last decimal, as digits with leading zeros, rolling over like a register."""
    scale = 10**decimals
    sign = "-" if value < 0 else ""
    whole, fraction = divmod(abs(value) % (10**integer * scale), scale)
    return f"{sign}{whole:0{integer}}.{fraction:0{decimals}}" if decimals else f"{sign}{whole:0{integer}}"


def _counter(value: int) -> str:
    """Return a counter of four digits, which rolls over after 9999."""
    return _fixed(value, 4, 0)


def _rounded(value: int, unit: int) -> int:
    """Return `value` / `unit` rounded, half away from zero."""
    quotient = (2 * abs(value) + unit) // (2 * unit)
    return -quotient if value < 0 else quotient


def _power(code: str, milliwatts: int) -> DataSet:
    return DataSet(code, _fixed(_rounded(milliwatts, 10_000), 3, 2), "kW")


def _customer(view: MeterView) -> str:
    customer = view.meter.customer
    return customer.ljust(16) if view.meter.variant.customer_left else customer.rjust(16)


_PLAIN: Final[Mapping[str, Callable[[MeterView], str]]] = {
    "F.F": lambda view: f"{view.meter.error:02X}",
    "0.0": _customer,
    "C.1.0": lambda view: view.meter.serial,
    "C.1.1": lambda _: " " * 8,
    "0.2.0": lambda view: view.meter.variant.firmware,
    "C.5.0": lambda view: f"{view.status:04X}",
    "C.7.0": lambda view: _counter(view.meter.power_failures),
    "82.8.1": lambda view: _counter(view.meter.cover_removals),
    "82.8.2": lambda view: _counter(view.meter.dc_fields),
    "13.7": lambda view: _fixed(view.instant.power_factor, 3, 2),
}


_PHASE_ITEMS: Final[Mapping[str, Callable[[str, PhaseInstant], DataSet]]] = {
    "1": lambda code, phase: DataSet(code, _fixed(phase.current, 3, 2), "A"),
    "2": lambda code, phase: DataSet(code, _fixed(_rounded(phase.voltage, 10), 3, 0), "V"),
    "3": lambda code, phase: DataSet(code, _fixed(phase.power_factor, 3, 2)),
    "6": lambda code, phase: _power(code, phase.active),
}
"""The items of one phase, by the second digit of their codes, such as 1 in 31.7."""


def data_set(code: str, view: MeterView) -> DataSet | None:
    """Return the data set of `code`, or None if the meter has no such item."""
    plain = _PLAIN.get(code)
    if plain is not None:
        return DataSet(code, plain(view))
    if code == "16.7":
        return _power(code, view.instant.active)
    if code == "14.7":
        return DataSet(code, _fixed(view.instant.frequency, 3, 2), "Hz")
    if len(code) == 4 and code.endswith(".7"):
        return _phase_item(code, view)
    try:
        wh = view.meter.registers.wh(code)
    except ValueError:
        return None
    return _energy(code, wh)


@lru_cache(maxsize=1024)  # most registers are the same from one readout to the next
def _energy(code: str, wh: int) -> DataSet:
    return DataSet(code, _fixed(wh, 6, 3), _ENERGY_UNIT.get(code.partition(".")[0], "kvarh"))


def _phase_item(code: str, view: MeterView) -> DataSet | None:
    number, make = _PHASE_OF.get(code[0]), _PHASE_ITEMS.get(code[1])
    if number is None or make is None or number >= len(view.instant.phases):
        return None
    return make(code, view.instant.phases[number])
