"""The address at which a module of a site is reached alone."""

from __future__ import annotations

from cmi_gui.engine.configurator.slaves import SlaveIdentity
from cmi_gui.engine.mbus.datatypes import encode_manufacturer
from cmi_gui.engine.mbus.search import ANY
from cmi_gui.engine.mbus.selection import FABRICATION
from cmi_gui.engine.mbus.slave_address import SlaveAddress, mask_bytes
from cmi_gui.engine.messages import Message
from cmi_gui.engine.site.model import SiteModule


def address_of(module: SiteModule) -> SlaveAddress | None:
    """Return where a module is reached, at its own speed; None if nothing that is known reaches it alone.

    That is its secondary address, with the fabrication number where it is known, as the last search or reading found
    it. A module that was never found is looked for by the serial number on its label, which is its fabrication number.
    A slave without a whole secondary address is reached by its primary address, if it answered alone there.
    """
    found = module.found
    if found is None:
        return SlaveAddress(selection=_by_number(module.serial), baud=module.baud) if module.serial else None
    selection = selection_of(found.identity)
    if selection is not None:
        return SlaveAddress(selection=selection, baud=module.baud)
    if found.alone and module.address is not None:
        return SlaveAddress(module.address, baud=module.baud)
    return None


def selection_of(identity: SlaveIdentity) -> bytes | None:
    """Return the selection field of a whole secondary address; None if a part of it is not known."""
    if identity.manufacturer is None or identity.version is None or identity.device_type is None:
        return None
    try:
        maker = encode_manufacturer(identity.manufacturer).to_bytes(2, "little")
        header = mask_bytes(identity.id)[:4] + maker + bytes((identity.version, identity.device_type))
    except ValueError:
        # Damaged or foreign headers may have other characters.
        return None
    return header + FABRICATION + bytes.fromhex(identity.fabrication)[::-1] if identity.fabrication else header


def _by_number(serial: str) -> bytes:
    return ANY + FABRICATION + bytes.fromhex(serial)[::-1]


def name_of(module: SiteModule) -> Message:
    """Return the name of a row in a sentence: its module, else its meter, else its place."""
    if module.serial:
        return Message("module {0}", (module.serial,))
    if module.found is not None:
        return Message("module {0}", (module.found.fabrication or module.found.id,))
    if module.meter:
        return Message("meter {0}", (module.meter,))
    return Message("place {0}", (module.place,)) if module.place else Message("a row without numbers")
