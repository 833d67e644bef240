"""What is read of a module goes into its row: identity, address, speed, settings, meter, registers of energy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cmi_gui.engine.cmi1020.commands import CommandInvalid, CommandTable
from cmi_gui.engine.cmi1020.obis_labels import restore_lines
from cmi_gui.engine.cmi1020.readout import meter_number
from cmi_gui.engine.cmi1020.telegrams import StatusByte, has_digits
from cmi_gui.engine.configurator.reading import identity_in, settings_in
from cmi_gui.engine.configurator.slaves import SlaveIdentity, identity_of
from cmi_gui.engine.configurator.values import check_text
from cmi_gui.engine.configurator.write_run import WriteOutcome
from cmi_gui.engine.e350.status import StatusBit
from cmi_gui.engine.iec62056.reading import read_lines
from cmi_gui.engine.mbus.frame import ADDRESS_PRIMARY_MAX, Frame
from cmi_gui.engine.mbus.slave_address import SlaveAddress, decoded
from cmi_gui.engine.site.model import Found, HowKnown, Known, Site, SiteModule, SiteReading, Snapshot
from cmi_gui.engine.site.writes import settle

_FLAGS: Final = (b"\x04", b"\xfd\x17")
"""DIB and VIB of the record with the error flags."""


@dataclass(frozen=True, slots=True)
class Complaints:
    """What a module reports about its meter: `password`: a wrong one was received; `rate`: a rate was not set."""

    password: bool = False
    rate: bool = False


def complaints_in(frame: Frame) -> Complaints:
    """Return what a module reports in its first telegram."""
    telegram = decoded(frame)
    if telegram is None or telegram.header is None:
        return Complaints()
    flags = next((record.raw for record in telegram.records if (record.dib, record.vib) == _FLAGS), b"")
    password = bool(int.from_bytes(flags, "little") & StatusBit.WRONG_PASSWORD)
    return Complaints(password, bool((telegram.header.status or 0) & StatusByte.RATE_ERROR))


def take_identity(module: SiteModule, identity: SlaveIdentity, at: datetime, *, alone: bool) -> None:
    """Take the identity with which a module has answered. `alone`: as in `Found`."""
    module.found = Found(
        id=identity.id,
        manufacturer=identity.manufacturer,
        version=identity.version,
        device_type=identity.device_type,
        fabrication=identity.fabrication,
        alone=alone,
        at=at,
    )
    module.lost = False
    module.serial = module.serial or serial_in(identity)


def serial_in(identity: SlaveIdentity) -> str:
    """Return the number to compare with a label: the fabrication number, else the identification; empty: none."""
    number = identity.fabrication or identity.id
    return number if has_digits(number, 8) else ""


def take_first(module: SiteModule, frame: Frame, baud: int | None, table: CommandTable, at: datetime) -> None:
    """Take identity, address, speed (`baud`) and meter number from the first telegram of the row's module.

    Raises ProcedureFailed `no_header`.
    """
    telegram = decoded(frame)
    identity = identity_of(telegram)
    reported = identity_in(frame, SlaveAddress(frame.a))
    if identity is not None:
        was_alone = module.found is not None and module.found.alone
        take_identity(module, identity, at, alone=was_alone and module.address == reported.address)
    module.lost = False
    settings = settings_in(table.profile, reported, baud)
    if frame.a > ADDRESS_PRIMARY_MAX:
        # Some slaves answer with the address of the request, such as 253.
        settings = {name: text for name, text in settings.items() if table.profile.row(name).read != "address"}
    take_settings(module, settings, table, at)
    if telegram is not None:
        number = meter_number(read_lines(restore_lines([telegram])))
        if number and has_digits(number, 8):
            module.meter_read = number


def take_settings(module: SiteModule, settings: Mapping[str, str], table: CommandTable, at: datetime) -> None:
    """Take settings that the module reported. A wanted value that it has is done; an unsure write is decided."""
    for name, text in settings.items():
        # A module may have a value that cannot be written, such as hexadecimal digits in its number.
        with suppress(CommandInvalid):
            text = check_text(table, table.profile.row(name), text)
        module.known[name] = Known(text=text, how=HowKnown.READ, at=at)
        if module.wanted.get(name) == text:
            del module.wanted[name]
        for write in module.written:
            if write.name == name and write.outcome is WriteOutcome.UNSURE:
                settle(module, write, taken=write.text == text)


def keep_as_found(site: Site, module: SiteModule, snapshot: Snapshot) -> None:
    """Keep a module as found. Without a visit the first such module begins one."""
    module.as_found = snapshot
    if site.visit is None:
        first = min(each.as_found.at for each in site if each.as_found is not None)
        # The times of writes are in full seconds.
        site.visit = first.replace(microsecond=0)


def snapshot_of(module: SiteModule, frames: Iterable[Frame], at: datetime) -> Snapshot:
    """Return a module as it is now: its known settings, and the registers of energy in its telegrams."""
    telegrams = [telegram for frame in frames if (telegram := decoded(frame)) is not None]
    return Snapshot(
        at=at,
        meter=module.meter_read,
        settings={name: known.text for name, known in module.known.items() if known.text is not None},
        readings=tuple(energy_readings(restore_lines(telegrams), at)),
    )


def energy_readings(lines: Iterable[str], at: datetime) -> Iterable[SiteReading]:
    """Yield the registers of energy in a meter's data lines, as the meter spells them."""
    for reading in read_lines(lines):
        if reading.number is not None and reading.unit.lower().endswith(("wh", "varh", "vah")):
            yield SiteReading(code=reading.code, value=reading.value, unit=reading.unit, at=at)
