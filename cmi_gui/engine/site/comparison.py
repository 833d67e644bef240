"""The last visit to a site: what was different then, and the beginning of a new visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cmi_gui.engine.messages import Message
from cmi_gui.engine.site.model import Site, SiteModule, SiteReading


class NumberKind(StrEnum):
    """What a number of eight digits is."""

    SERIAL = "serial"
    METER = "meter"


def number_kind(site: Site, digits: str) -> NumberKind | None:
    """Return whether eight digits are the serial number of a module of a site or the number of a meter.

    None: neither or both, so that the user must be asked.
    """
    raise NotImplementedError


def begin_visit(site: Site, now: datetime) -> None:
    """Begin a new visit: what is known of each module becomes its last visit. A second call at once changes nothing."""
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A setting that has another value than at the end of the last visit, and that was not written in this one."""

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
class Comparison:
    """A module compared with the last visit. `meter`: the number of another meter that it had then, or empty."""

    settings: tuple[SettingChange, ...] = ()
    registers: tuple[RegisterChange, ...] = ()
    meter: str = ""

    @property
    def backwards(self) -> list[RegisterChange]:
        """The registers that have less energy now."""
        return [register for register in self.registers if register.backwards]


def compare(module: SiteModule) -> Comparison | None:
    """Return a module compared with the last visit; None if there was none."""
    raise NotImplementedError


def comparison_lines(module: SiteModule) -> list[Message]:
    """Return the differences from the last visit that need attention, as sentences."""
    raise NotImplementedError
