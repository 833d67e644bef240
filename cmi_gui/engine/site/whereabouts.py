"""How the module of a row is reached: its address, every place where it may be, and the search of these places."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.obis_labels import is_own, restore_lines
from cmi_gui.engine.cmi1020.profile import CommandRow
from cmi_gui.engine.cmi1020.settings import BAUD_RATES
from cmi_gui.engine.cmi1020.telegrams import bcd_number
from cmi_gui.engine.configurator.reading import everything_selected, read_stored
from cmi_gui.engine.configurator.slaves import SlaveIdentity, identity_of
from cmi_gui.engine.configurator.verify import without_identity
from cmi_gui.engine.configurator.writing import prepare
from cmi_gui.engine.iec62056.reading import read_lines
from cmi_gui.engine.mbus.datatypes import encode_manufacturer
from cmi_gui.engine.mbus.exchange import Procedure, ProcedureFailed
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.procedures import no_data, read_first, read_slave
from cmi_gui.engine.mbus.search import ANY
from cmi_gui.engine.mbus.selection import FABRICATION, ID_SIZE, MASK_SIZE
from cmi_gui.engine.mbus.slave_address import SlaveAddress, decoded
from cmi_gui.engine.messages import Argument, Message
from cmi_gui.engine.site.model import SiteModule, Whereabouts
from cmi_gui.engine.site.taking import take_first, take_settings

_ANY_ID = b"\xff" * ID_SIZE


def name_of(module: SiteModule) -> Argument:
    """Return the name of a row within a sentence: its module, meter or place."""
    serial = module.serial or ("" if module.found is None else module.found.fabrication or module.found.id)
    if serial:
        return Message("module {0}", (serial,))
    if module.meter:
        return Message("the module at meter {0}", (module.meter,))
    return module.place or Message("a row without module")


def selection_of(module: SiteModule) -> bytes | None:
    """Return the selection field that only this module matches; None if too little is known of it."""
    found = module.found
    if found is not None and found.version is not None and found.device_type is not None:
        try:
            maker = encode_manufacturer(found.manufacturer or "").to_bytes(2, "little")
            header = bytes.fromhex(found.id)[::-1] + maker + bytes((found.version, found.device_type))
            if len(header) == MASK_SIZE:
                return header + (FABRICATION + bcd_number(found.fabrication) if found.fabrication else b"")
        except ValueError:
            # Not the identity of a module that can be selected; its primary address may still be known.
            return None
    # A module that was never found: it is delivered with the serial number on its label.
    return ANY + FABRICATION + bcd_number(module.serial) if found is None and module.serial else None


def address_of(module: SiteModule, own_baud: int | None) -> SlaveAddress | None:
    """Return the address that reaches this module alone, at its known speed; None if nothing is known to reach it.

    That is its secondary address with its fabrication number, else with what is known of it, else the serial number of
    the row, else the primary address. `own_baud`: the speed of the master; None on a link that has none.
    """
    baud = None if own_baud is None else module.baud
    selection = selection_of(module)
    if selection is not None:
        return SlaveAddress(selection=selection, baud=baud)
    if module.found is None or module.address is None:
        return None
    return SlaveAddress(module.address, baud=baud)


def is_expected(module: SiteModule, identity: SlaveIdentity) -> bool:
    """Return whether an identity is that of the row's module."""
    if module.found is not None:
        return identity.is_same(module.found.identity)
    return bool(module.serial) and module.serial == (identity.fabrication or identity.id)


def possible_after(
    module: SiteModule, table: CommandTable, row: CommandRow, text: str, own_baud: int | None
) -> tuple[Whereabouts, ...]:
    """Return every place where a module may be once a command may have been sent to it. Raises CommandInvalid."""
    baud = module.baud or own_baud
    before = SlaveAddress(0 if module.address is None else module.address, baud=baud)
    writing = prepare(table, row, text, before)
    then = writing.then
    selection = selection_of(module) or b""
    if len(selection) > MASK_SIZE:
        # The fabrication number never changes.
        selections = [_ANY_ID + selection[ID_SIZE:]]
    else:
        selections = [selection]
        if selection and writing.new_id:
            selections.append(writing.new_id + selection[ID_SIZE:])
    addresses = [module.address] if then.primary == before.primary else [module.address, then.primary]
    return tuple(
        Whereabouts(address=address, selection=field.hex().upper(), baud=speed)
        for speed in dict.fromkeys((then.baud, baud))
        for field in selections
        for address in dict.fromkeys(addresses)
    )


def places(module: SiteModule, own_baud: int | None) -> list[SlaveAddress]:
    """Return every place to look for a module: those noted, else its known one and the same at the other speeds."""
    found = dict.fromkeys(_places(module, own_baud))
    return [*found]


def _places(module: SiteModule, own_baud: int | None) -> Iterator[SlaveAddress]:
    at = address_of(module, own_baud)
    noted = module.possible
    if noted:
        for place in noted:
            baud = None if own_baud is None else place.baud
            if place.selection:
                yield SlaveAddress(selection=bytes.fromhex(place.selection), baud=baud)
            elif at is not None:
                yield replace(at, baud=baud)
    elif at is not None:
        known = module.baud or own_baud
        for baud in (known, *BAUD_RATES) if own_baud is not None else (None,):
            yield replace(at, baud=baud)
            if at.selection is not None and len(at.selection) > MASK_SIZE:
                yield replace(at, selection=_ANY_ID + at.selection[ID_SIZE:], baud=baud)
    # A slave without a fabrication number may have another secondary address now.
    if at is not None and (at.selection is None or len(at.selection) <= MASK_SIZE):
        for place in noted or [Whereabouts(address=module.address, baud=baud) for baud in BAUD_RATES]:
            if place.address is not None:
                yield SlaveAddress(place.address, baud=None if own_baud is None else place.baud)


def read_module(module: SiteModule, at: SlaveAddress, *, whole: bool = False) -> Procedure[tuple[Frame, ...]]:
    """Read the first telegram of a module, or the `whole` series, and check that it is from the module of the row.

    If an interrupted reading has left it with a selection for readout, everything is selected again. Raises
    ProcedureFailed `another`, `no_identity`, `incomplete`, and as `read_slave` does.
    """
    frames = yield from _frames(at, whole=whole)
    identity = identity_of(decoded(frames[0]))
    by_number = at.selection is not None and len(at.selection) > MASK_SIZE
    if by_number and identity is not None and (not identity.fabrication or _has_no_values(frames)):
        yield everything_selected(at)
        frames = yield from _frames(at, whole=whole)
        identity = identity_of(decoded(frames[0]))
    if identity is None:
        raise ProcedureFailed("no_identity", without_identity(at))
    if not is_expected(module, identity):
        message = Message("another slave answers in place of {0}: {1}", (name_of(module), identity.name))
        raise ProcedureFailed("another", message)
    return frames


def _has_no_values(frames: tuple[Frame, ...]) -> bool:
    """Return whether a CMi1020 sends no value of its meter, as after a selection of its settings."""
    telegram = decoded(frames[0])
    if telegram is None or telegram.header is None or not is_own(telegram.header):
        return False
    return all(reading.number is None for reading in read_lines(restore_lines([telegram])))


def _frames(at: SlaveAddress, *, whole: bool) -> Procedure[tuple[Frame, ...]]:
    if not whole:
        frame = yield from read_first(at)
        if frame is None:
            raise no_data(at)
        return (frame,)
    reading = yield from read_slave(at)
    if not reading.complete:
        raise ProcedureFailed("incomplete", reading.warnings[-1])
    return reading.frames


def look_for(
    module: SiteModule, table: CommandTable, own_baud: int | None, now: Callable[[], datetime]
) -> Procedure[bool]:
    """Try every place where an unsure or lost module may be; return whether it was found.

    If it is, its row is no longer unsure or lost, has the address and speed at which it was found, and the writes that
    may have been sent and can be read back are decided. Never raises ProcedureFailed.
    """
    for at in places(module, own_baud):
        try:
            (frame,) = yield from read_module(module, at)
            take_first(module, frame, at.baud or own_baud, table, now())
            alone = address_of(module, own_baud)
            assert alone is not None
            settings = yield from read_stored(alone, table)
        except ProcedureFailed:
            continue
        take_settings(module, settings, table, now())
        module.possible.clear()
        return True
    return False
