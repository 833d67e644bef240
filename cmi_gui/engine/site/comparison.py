"""The last visit to a site: the beginning of a new visit, and what is different now."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final

from cmi_gui.engine.site.model import HowKnown, Site, SiteModule, SiteReading, Snapshot

_ENERGY: Final = re.compile(r"(?:1-\d{1,2}:)?\d{1,2}\.8\.\d{1,2}(?:\*255)?")
"""The codes of registers of energy, which only count upwards; stored values are none of them."""


class NumberKind(StrEnum):
    """What a number of eight digits is."""

    SERIAL = "serial"
    METER = "meter"


def number_kind(site: Site, digits: str) -> NumberKind | None:
    """Return whether eight digits are the serial number of a module of a site or the number of a meter.

    None: neither or both, so that the user must be asked.
    """
    is_serial = bool(digits) and any(digits in _serials(module) for module in site)
    is_meter = bool(site.with_meter(digits))
    if is_serial is is_meter:
        return None
    return NumberKind.SERIAL if is_serial else NumberKind.METER


def _serials(module: SiteModule) -> set[str]:
    found = module.found
    return {module.serial} | (set() if found is None else {found.id, found.fabrication})


def begin_visit(site: Site, now: datetime) -> None:
    """Begin a new visit at `now`: what is known of each module becomes its last visit.

    A module of which nothing became known since then keeps its last visit. The readings of an earlier visit stay in it
    where there are no newer ones; each has its own time.
    """
    for module in site:
        times = [known.at for known in module.known.values()] + [reading.at for reading in module.readings.values()]
        before = module.last_visit
        if times and (before is None or max(times) > before.at):
            readings = {reading.code: reading for reading in before.readings} if before is not None else {}
            meter = module.meter_read or (before.meter if before is not None else "")
            if before is not None and before.meter != meter:
                readings = {}
            module.last_visit = Snapshot(
                at=max(times),
                meter=meter,
                settings={name: known.text for name, known in module.known.items() if known.text is not None},
                readings=tuple({**readings, **module.readings}.values()),
            )
        module.readings, module.as_found = {}, None
    site.visit = now


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A setting that has another value than at the end of the last visit, and that was not written since."""

    name: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class RegisterChange:
    """A register of energy of both visits. `backwards`: it has less now."""

    code: str
    before: SiteReading
    now: SiteReading
    backwards: bool


@dataclass(frozen=True, slots=True)
class VisitComparison:
    """A module compared with the last visit. `meter`: the number of another meter that it had then, or empty."""

    settings: tuple[SettingChange, ...] = ()
    registers: tuple[RegisterChange, ...] = ()
    meter: str = ""

    @property
    def backwards(self) -> list[RegisterChange]:
        """The registers that have less energy now."""
        return [register for register in self.registers if register.backwards]


def compare(module: SiteModule) -> VisitComparison | None:
    """Return a module compared with the last visit; None if there was none.

    Registers of energy are compared if both visits have them in the same unit and of the same meter.
    """
    before = module.last_visit
    if before is None:
        return None
    written = {write.name for write in module.written if write.at > before.at}
    settings = tuple(
        SettingChange(name, text, known.text)
        for name, text in before.settings.items()
        if (known := module.known.get(name)) is not None
        and known.how is HowKnown.READ
        and known.text not in (None, text)
        and name not in written
    )
    if before.meter and module.meter_read and before.meter != module.meter_read:
        return VisitComparison(settings, meter=before.meter)
    registers = [
        _register(reading, module.readings[reading.code])
        for reading in before.readings
        if reading.code in module.readings
    ]
    return VisitComparison(settings, tuple(register for register in registers if register is not None))


def _register(before: SiteReading, now: SiteReading) -> RegisterChange | None:
    if not _ENERGY.fullmatch(before.code) or before.unit != now.unit:
        return None
    try:
        return RegisterChange(before.code, before, now, Decimal(now.value) < Decimal(before.value))
    except InvalidOperation:
        return None
