"""A site: the modules on the bus of one building, with what is known of each, what is wanted, and what was written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

import msgspec

from cmi_gui.engine.cmi1020.settings import BAUD_RATES
from cmi_gui.engine.configurator.slaves import SlaveIdentity
from cmi_gui.engine.configurator.write_run import WriteOutcome
from cmi_gui.engine.mbus.frame import ADDRESS_PRIMARY_MAX
from cmi_gui.engine.site.causes import Cause

_MAX_DIGITS: Final = 9
MAX_ROWS: Final = 1000
"""Largest number of rows; a bus has at most 250 modules, and a site may have several ports."""

Line = Annotated[str, msgspec.Meta(max_length=200, pattern=r"\A[^\x00-\x1f\x7f]*\Z")]
"""A text of one line."""
Lines = Annotated[str, msgspec.Meta(max_length=4000, pattern=r"\A[^\x00-\x09\x0b-\x1f\x7f]*\Z")]
"""A text that may have several lines."""
Value = Annotated[str, msgspec.Meta(max_length=400, pattern=r"\A[^\x00-\x1f\x7f]*\Z")]
"""The value of a setting or of a reading, as text."""
Name = Annotated[str, msgspec.Meta(pattern=r"\A[a-z][a-z0-9_]{0,39}\Z")]
"""The id of a setting in the profile."""
Time = Annotated[datetime, msgspec.Meta(tz=True)]
"""A point in time, with its offset from UTC."""
Number = Annotated[str, msgspec.Meta(pattern=r"\A(?:[0-9]{8})?\Z")]
"""A number of eight digits; empty if it is not known."""


class _Part(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The base of the parts that change: their fields are the keys of the file."""


class _Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The base of the parts that do not change."""


class HowKnown(StrEnum):
    """How a value is known."""

    READ = "read"
    """The module reported it."""
    SENT = "sent"
    """The module accepted it and has not reported it since."""


class Known(_Fact, frozen=True, kw_only=True):
    """A known value of a setting. `text` is None for a password: only that it was set is known."""

    text: Value | None = None
    how: HowKnown
    at: Time


class SiteWrite(_Fact, frozen=True, kw_only=True):
    """A setting or action that was written. `before`: the value known before. `text`: as in `Known`.

    `outcome` "unsure": it may have been sent, and neither the module nor the user has said what came of it.
    """

    name: Name
    text: Value | None = None
    before: Value | None = None
    outcome: WriteOutcome
    at: Time
    message: Cause = ""


class SiteReading(_Fact, frozen=True, kw_only=True):
    """A value of the meter. `value`: as the meter spells it, so with all its digits. `at`: when it was read."""

    code: Line
    value: Value
    unit: Line = ""
    at: Time


class Snapshot(_Fact, frozen=True, kw_only=True):
    """A module at one time: its settings by id, and the readings of its meter. `meter`: the number of the meter."""

    at: Time
    meter: Number = ""
    settings: dict[Name, Value] = msgspec.field(default_factory=dict)
    readings: tuple[SiteReading, ...] = ()


class Found(_Fact, frozen=True, kw_only=True):
    """A module as the last search or reading found it; the fields are those of `SlaveIdentity`. `at`: when it was seen.

    `alone`: no other module answered at its primary address.
    """

    id: Line
    manufacturer: Line | None = None
    version: Annotated[int, msgspec.Meta(ge=0, le=255)] | None = None
    device_type: Annotated[int, msgspec.Meta(ge=0, le=255)] | None = None
    fabrication: Line = ""
    alone: bool = False
    at: Time

    @property
    def identity(self) -> SlaveIdentity:
        """The identity, to be compared with that of an answer."""
        return SlaveIdentity(self.id, self.manufacturer, self.version, self.device_type, self.fabrication)


class Whereabouts(_Fact, frozen=True, kw_only=True):
    """An address and speed (bit/s) at which a module may be."""

    address: Annotated[int, msgspec.Meta(ge=0, le=250)] | None = None
    selection: Annotated[str, msgspec.Meta(pattern=r"\A(?:[0-9A-F]{2}){0,32}\Z")] = ""
    """The selection field in hex; empty if it is not selected."""
    baud: int | None = None


def _number(text: str | None) -> int | None:
    """Return a known value as a number; None for what a damaged file may hold in its place."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS else None


class RowState(StrEnum):
    """What is known about the module of a row."""

    WAITING = "waiting"
    """It was never found."""
    FOUND = "found"
    LOST = "lost"
    """A search or a request that should have found it did not."""
    UNSURE = "unsure"
    """A write may have been sent to it, and what came of it is not known."""
    FAILED = "failed"
    """The last write or reading of it failed; `failure` says why."""


class SiteModule(_Part, eq=False, kw_only=True):
    """A row of a site: a place with its meter and its module, of which some may not be known yet.

    `place`: the flat or room, no name of a person. `serial`, `meter`: the serial number on the module's label and the
    number on the meter, as found or entered. `found`: the module as it was last found. `known`, `wanted`: the settings
    by their ids in the profile: what the module has, and what is to be written. `wanted_secrets`: passwords to be
    written, which are entered when they are. `readings`: those of the present visit, by code. `as_found`: the module
    before the first write of the present visit; `last_visit`: at the end of the visit before. `possible`: every place
    where the module may be, if `unsure`.
    """

    place: Line = ""
    serial: Number = ""
    meter: Number = ""
    variant: Line = ""
    note: Lines = ""
    found: Found | None = None
    lost: bool = False
    failure: Cause = ""
    meter_read: Number = ""
    """The number that the module reports for its meter; another one than `meter` if meters were swapped."""
    known: dict[Name, Known] = msgspec.field(default_factory=dict)
    wanted: dict[Name, Value] = msgspec.field(default_factory=dict)
    wanted_secrets: list[Name] = msgspec.field(default_factory=list)
    written: list[SiteWrite] = msgspec.field(default_factory=list)
    readings: dict[Line, SiteReading] = msgspec.field(default_factory=dict)
    as_found: Snapshot | None = None
    last_visit: Snapshot | None = None
    possible: list[Whereabouts] = msgspec.field(default_factory=list)

    @property
    def state(self) -> RowState:
        """What is known about the module."""
        if self.possible:
            return RowState.UNSURE
        if self.failure:
            return RowState.FAILED
        if self.lost:
            return RowState.LOST
        return RowState.WAITING if self.found is None else RowState.FOUND

    @property
    def number(self) -> str:
        """The number that names the module: its serial number, or else its identification; empty if none is known."""
        return self.serial or ("" if self.found is None else self.found.fabrication or self.found.id)

    @property
    def changes(self) -> dict[str, str]:
        """The settings to be written, by id: those wanted that the module is not known to have."""
        return {name: text for name, text in self.wanted.items() if self.value(name) != text}

    def value(self, name: str) -> str | None:
        """Return the known value of a setting; None if it is not known, and for a password."""
        return self.known[name].text if name in self.known else None

    @property
    def address(self) -> int | None:
        """The primary address that the module is known to have, 0 to 250, or None."""
        address = _number(self.value("primary_address"))
        return None if address is None or address > ADDRESS_PRIMARY_MAX else address

    @property
    def baud(self) -> int | None:
        """The speed in bit/s that the module is known to have, or None, also for one that no module has."""
        baud = _number(self.value("baud"))
        return baud if baud in BAUD_RATES else None


class Site(_Part, eq=False, kw_only=True):
    """A site. `who`: who works there. `ports`: the LINKs of its buses, the one used last first.

    `visit`: when the present visit began; None before the first. `profile`: the name of the module's profile.
    """

    name: Line = ""
    customer: Line = ""
    who: Line = ""
    note: Lines = ""
    ports: list[Line] = msgspec.field(default_factory=list)
    profile: Line = ""
    visit: Time | None = None
    modules: Annotated[list[SiteModule], msgspec.Meta(max_length=MAX_ROWS)] = msgspec.field(
        default_factory=list, name="module"
    )

    @property
    def practice(self) -> bool:
        """Whether this is a copy for the practice bus (`rehearsal.PracticeSite`), which is never written to a file."""
        return False

    def __iter__(self) -> Iterator[SiteModule]:
        """Iterate over the rows in their order."""
        return iter(self.modules)

    def with_serial(self, serial: str) -> list[SiteModule]:
        """Return the rows with this serial number of the module; several only if it was entered twice."""
        return [module for module in self.modules if serial and module.serial == serial]

    def with_meter(self, meter: str) -> list[SiteModule]:
        """Return the rows with this number of the meter, as entered or as the module reports it."""
        return [module for module in self.modules if meter and meter in (module.meter, module.meter_read)]
