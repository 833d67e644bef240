"""Rehearsal of a visit: a copy of a site, and a room with its modules for the practice bus."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final

import msgspec

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import CommandRow
from cmi_gui.engine.cmi1020.readout_mapping import load_mapping
from cmi_gui.engine.cmi1020.settings import ModuleSettings
from cmi_gui.engine.cmi1020.telegrams import DEVICE_TYPE, MAKER
from cmi_gui.engine.e350.variants import VARIANTS
from cmi_gui.engine.messages import InvalidValue, Listing, Message, marked
from cmi_gui.engine.room.made_room import make_room
from cmi_gui.engine.room.room_file import MAX_MODULES, MAX_SEED, Room, module_seed, registers_of
from cmi_gui.engine.site.model import Site, SiteModule
from cmi_gui.engine.site.names import row_name
from cmi_gui.engine.station.metering_point import PointConfig

_USUAL_VARIANT: Final = "M29"
_WH: Final = {"Wh": 1, "kWh": 1000, "varh": 1, "kvarh": 1000, "VAh": 1, "kVAh": 1000}
_MAX_WH: Final = 10**9
"""A register of the meter has six digits of kWh and three decimals."""


class PracticeSite(Site, eq=False, kw_only=True):
    """A copy of a site for the practice bus. It is never written to a file, and nothing of it enters the site."""

    @property
    def practice(self) -> bool:
        """True."""
        return True


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A copy of a site, the room with its modules, and what is not as on the real bus."""

    site: PracticeSite
    room: Room
    remarks: tuple[Message, ...] = ()


def rehearse(site: Site, table: CommandTable, *, seed: int = 1) -> Rehearsal:
    """Return a rehearsal of a site. Raises InvalidValue if it has no rows, or more than a bus has modules.

    A row without a module gets one with a serial number made from `seed`, which the copy does not know: it has to be
    found, as on the real bus. A lost module has no bus voltage.
    """
    if not 1 <= len(site.modules) <= MAX_MODULES:
        template = marked("a rehearsal needs a site with 1 to {0} rows; this one has {1}")
        raise InvalidValue(Message(template, (MAX_MODULES, len(site.modules))))
    copy = msgspec.convert(msgspec.to_builtins(site, builtin_types=(datetime,)), PracticeSite)
    copy.ports = []
    remarks = []
    foreign = [module for module in copy if _is_foreign(module)]
    if foreign:
        template = marked("Modules of other makers are not on the practice bus: {0}")
        remarks.append(Message(template, (Listing(", ", tuple(map(row_name, foreign))),)))
    serials = {number for module in site for number in (module.serial, module.value("secondary_address")) if number}
    meters = {number for module in site for number in (module.meter, module.meter_read) if number}
    made = _made(seed, serials, meters)
    rows = {row.id: row for row in table.profile.command}
    points: list[PointConfig] = []
    for module in copy:
        if module in foreign:
            continue
        base = next(made)
        serial = module.serial or base.serial
        same = sum(point.serial == serial for point in points)
        point = replace(
            base,
            serial=serial,
            name=f"{serial}-{same + 1}" if same else "",
            seed=module_seed(seed + same, serial),
            settings=_settings(module, rows, table),
            meter_number=module.meter_read or module.meter or base.meter_number,
            powered=not module.lost,
        )
        registers = _registers(module)
        if registers or module.variant in VARIANTS:
            point = replace(point, variant=_variant(module), registers=registers or None)
        points.append(point)
        if module.found is not None:
            # The simulated module reports its own version and type.
            module.found = msgspec.structs.replace(
                module.found,
                id=point.settings.secondary_address or serial,
                manufacturer=MAKER,
                version=load_mapping().version,
                device_type=DEVICE_TYPE,
                fabrication=serial,
            )
    if not points:
        raise InvalidValue(Message("the practice bus has only CMi1020 modules, and this site has none"))
    return Rehearsal(copy, Room(seed, tuple(points)), tuple(remarks))


def _is_foreign(module: SiteModule) -> bool:
    found = module.found
    return found is not None and found.manufacturer not in (None, MAKER)


def _made(seed: int, serials: set[str], meters: set[str]) -> Iterator[PointConfig]:
    """Yield made-up modules with meters whose numbers the site does not have."""
    for number in itertools.count():
        for point in make_room(MAX_MODULES, (seed + number) % MAX_SEED).points:
            if point.serial not in serials and point.meter_number not in meters:
                serials.add(point.serial)
                meters.add(point.meter_number)
                yield point


def _settings(module: SiteModule, rows: Mapping[str, CommandRow], table: CommandTable) -> ModuleSettings:
    """Return the known settings; those that are not known, or that the practice module cannot have, as delivered."""
    settings = ModuleSettings()
    for name, known in module.known.items():
        row = rows.get(name)
        if row is None or row.secret or known.text is None:
            continue
        try:
            value: int | str | tuple[int, ...] | None
            value = int(known.text) if row.frame == "control" else table.parse(row, known.text)
            settings = settings.with_value(name if row.frame == "control" else row.setting, value)
        except ValueError:
            continue
    return settings


def _variant(module: SiteModule) -> str:
    """Return the known variant of the meter, or one that has the registers that were read."""
    if module.variant in VARIANTS:
        return module.variant
    codes = {code for code in module.readings if code in registers_of("full")}
    candidates = (_USUAL_VARIANT, *VARIANTS)
    return next((each for each in candidates if codes <= {*registers_of(each)}), _USUAL_VARIANT)


def _registers(module: SiteModule) -> dict[str, int]:
    """Return the energy last read, in Wh, as far as the simulated meter has such registers."""
    readings = {each.code: each for each in module.last_visit.readings} if module.last_visit is not None else {}
    registers = {}
    for code, reading in {**readings, **module.readings}.items():
        if code not in registers_of(_variant(module)) or reading.unit not in _WH:
            continue
        try:
            wh = Decimal(reading.value) * _WH[reading.unit]
        except InvalidOperation:
            continue
        if wh == wh.to_integral_value() and 0 <= wh < _MAX_WH:
            registers[code] = int(wh)
    return registers
