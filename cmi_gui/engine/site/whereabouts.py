"""How the module of a row is reached: its address, every place where it may be, and the search of these places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.obis_labels import is_own, restore_lines
from cmi_gui.engine.cmi1020.profile import CommandRow
from cmi_gui.engine.cmi1020.settings import BAUD_RATES
from cmi_gui.engine.cmi1020.telegrams import StatusByte, bcd_number
from cmi_gui.engine.configurator.reading import everything_selected, read_stored
from cmi_gui.engine.configurator.slaves import SlaveIdentity, identity_of
from cmi_gui.engine.configurator.writing import prepare
from cmi_gui.engine.iec62056.reading import read_lines
from cmi_gui.engine.mbus.datatypes import encode_manufacturer
from cmi_gui.engine.mbus.exchange import Procedure, ProcedureFailed
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.procedures import SlaveReading, no_data, read_first, read_slave
from cmi_gui.engine.mbus.scan import FoundSlave
from cmi_gui.engine.mbus.search import ANY
from cmi_gui.engine.mbus.selection import FABRICATION, ID_SIZE, MASK_SIZE
from cmi_gui.engine.mbus.slave_address import SlaveAddress, decoded, fabrication_in, mask_bytes
from cmi_gui.engine.mbus.telegram import Telegram
from cmi_gui.engine.messages import Message
from cmi_gui.engine.site.model import SiteModule, Whereabouts
from cmi_gui.engine.site.names import name_of
from cmi_gui.engine.site.taking import take_first, take_settings

_ANY_ID = b"\xff" * ID_SIZE
SILENT: Final = frozenset(("no_answer", "not_found"))
"""Codes of a `ProcedureFailed` for a module that did not answer at all."""
TRANSIENT: Final = frozenset(("no_answer", "garbled", "collision", "foreign", "incomplete", "no_data"))
"""Codes of failures after which a module that has answered is tried once more, since it may have been disturbed."""
_NOT_IT: Final = SILENT | {"another"}
"""The codes of errors that mean that a module is not at a place."""


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
            if module.found is None:
                # As delivered, its secondary address is the number on its label.
                yield SlaveAddress(selection=mask_bytes(module.serial), baud=baud)
    # A slave without a fabrication number may have another secondary address now.
    if at is not None and (at.selection is None or len(at.selection) <= MASK_SIZE):
        for place in noted or [Whereabouts(address=module.address, baud=baud) for baud in BAUD_RATES]:
            if place.address is not None:
                yield SlaveAddress(place.address, baud=None if own_baud is None else place.baud)


def read_at(at: SlaveAddress, *, whole: bool) -> Procedure[SlaveReading]:
    """Read the first telegram at an address, or the `whole` series, of which telegrams may be missing.

    If an interrupted reading has left the module with a selection for readout, everything is selected again. Raises
    ProcedureFailed as `read_slave` does.
    """
    reading = yield from _read(at, whole=whole)
    if _has_selection(at, reading.frames):
        yield everything_selected(at)
        reading = yield from _read(at, whole=whole)
    return reading


def _read(at: SlaveAddress, *, whole: bool) -> Procedure[SlaveReading]:
    if whole:
        return (yield from read_slave(at))
    frame = yield from read_first(at)
    if frame is None:
        raise no_data(at)
    return SlaveReading((frame,))


def _has_selection(at: SlaveAddress, frames: Sequence[Frame]) -> bool:
    """Return whether a module that was selected by its number sends neither that nor, of a CMi1020, any value."""
    first = decoded(frames[0])
    if at.selection is None or len(at.selection) <= MASK_SIZE or first is None or first.header is None:
        return False
    if not fabrication_in(first):
        return True
    if not is_own(first.header) or lacks_meter(first):
        return False
    telegrams = [telegram for frame in frames if (telegram := decoded(frame)) is not None]
    return all(reading.number is None for reading in read_lines(restore_lines(telegrams)))


def lacks_meter(first: Telegram) -> bool:
    """Return whether a CMi1020 reports no contact with its meter; other makers use the bit for other things."""
    return first.header is not None and is_own(first.header) and bool(first.header.status & StatusByte.NO_METER)


def check_module(module: SiteModule, frame: Frame) -> None:
    """Raise ProcedureFailed `no_identity` or `another` unless a first telegram is from the module of the row."""
    identity = identity_of(decoded(frame))
    if identity is None:
        raise ProcedureFailed("no_identity", Message("{0} sends no identification", (name_of(module),)))
    if not is_expected(module, identity):
        message = Message("another slave answers in place of {0}: {1}", (name_of(module), identity.name))
        raise ProcedureFailed("another", message)


def read_module(module: SiteModule, at: SlaveAddress, *, whole: bool = False) -> Procedure[tuple[Frame, ...]]:
    """Read as `read_at`, and check that the answer is whole and from the module of the row.

    Raises ProcedureFailed `incomplete`, and as `read_at` and `check_module` do.
    """
    reading = yield from read_at(at, whole=whole)
    if not reading.complete:
        raise ProcedureFailed("incomplete", reading.warnings[-1])
    check_module(module, reading.frames[0])
    return reading.frames


def find_by_label(serial: str, own_baud: int | None) -> Procedure[FoundSlave | None]:
    """Look for the module with a serial number at each speed; None: it does not answer.

    It is selected by its fabrication number, which never changes, and by the secondary address that it is delivered
    with. Raises ProcedureFailed, such as `collision`, if something answers that may be the module.
    """
    row = SiteModule(serial=serial)
    trouble: ProcedureFailed | None = None
    for at in places(row, own_baud):
        try:
            (frame,) = yield from read_module(row, at)
        except ProcedureFailed as error:
            trouble = trouble or (None if error.code in _NOT_IT else error)
        else:
            return FoundSlave(at, frame, decoded(frame))
    if trouble is not None:
        raise trouble
    return None


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
