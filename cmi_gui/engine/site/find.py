"""Found modules and the rows of a site: each module found gets its row, and rows that a search missed become lost."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from cmi_gui.engine.cmi1020.obis_labels import restore_lines
from cmi_gui.engine.cmi1020.readout import meter_number
from cmi_gui.engine.configurator.discover import ScanPlan
from cmi_gui.engine.configurator.slaves import ListedSlave, SlaveIdentity, identity_of
from cmi_gui.engine.iec62056.reading import read_lines
from cmi_gui.engine.mbus.datatypes import encode_manufacturer
from cmi_gui.engine.mbus.exchange import AnswerKind, Procedure, SetSpeed
from cmi_gui.engine.mbus.procedures import request_data, selecting
from cmi_gui.engine.mbus.scan import SCAN_RETRIES
from cmi_gui.engine.mbus.search import ANY
from cmi_gui.engine.mbus.selection import FABRICATION, ID_SIZE, Identity, matches
from cmi_gui.engine.mbus.slave_address import SlaveAddress, decoded, mask_bytes
from cmi_gui.engine.messages import Message
from cmi_gui.engine.site.model import Found, HowKnown, Known, Site, SiteModule

_DIGITS = 8

OTHER_BUS = Message(
    "this is not this site's bus: none of its modules answers; check the port, or open the site of this bus"
)


def take_found(site: Site, slave: ListedSlave, now: datetime, *, has_speed: bool = True) -> SiteModule | None:
    """Update the row of a slave that was found or read, or add a row, and return it.

    None for an entry without an identity, such as a collision: it is no module's row. The row is the one with this
    module, by fabrication number, else by identification; else the only one without a module that expects its serial
    number, else its meter. `has_speed`: the link has a speed, so that the module's is known.
    """
    identity = slave.identity
    if identity is None:
        return None
    meter = _meter_in(slave)
    module = _row_of(site, identity, meter)
    if module is None:
        module = SiteModule()
        site.modules.append(module)
    module.found = Found(
        id=identity.id,
        manufacturer=identity.manufacturer,
        version=identity.version,
        device_type=identity.device_type,
        fabrication=identity.fabrication,
        alone=slave.alone,
        at=now,
    )
    module.lost = False
    module.serial = module.serial or _serial(identity)
    module.meter_read = meter or module.meter_read
    read = {
        "primary_address": "" if slave.address is None else str(slave.address),
        "secondary_address": _number(identity.id),
        "baud": str(slave.baud) if has_speed else "",
    }
    module.known |= {name: Known(text=text, how=HowKnown.READ, at=now) for name, text in read.items() if text}
    return module


def end_search(site: Site, plan: ScanPlan, slaves: Iterable[ListedSlave], begun: datetime) -> list[SiteModule]:
    """Mark the rows as lost that a complete search should have found; return them.

    `slaves`: the entries of the search, which began at `begun`. A row is not lost if its module may be part of a
    collision, or has another speed than those of `plan`; and none is if the site has several ports, since the module
    may be on another bus. Before the search, `any_answers` tells whether this is the site's bus at all.
    """
    if len(site.ports) > 1:
        return []
    collisions = [slave for slave in slaves if slave.collision]
    lost = [
        module
        for module in site
        if module.found is not None
        and module.found.at < begun
        and (module.baud is None or module.baud in plan.bauds)
        and _is_searched_for(module, module.found, plan)
        and not any(_may_be_in(module, module.found, slave) for slave in collisions)
    ]
    for module in lost:
        module.lost = True
    return lost


def expected_of(site: Site) -> tuple[int | None, frozenset[str]]:
    """Return what a search of the site's bus expects: a number of modules, and serial numbers; None for no rows.

    The number counts every row; the serial numbers are those of all rows, or none if that of a row is not known.
    """
    serials = frozenset(module.serial for module in site if module.serial)
    rows = len(site.modules)
    return rows or None, serials if len(serials) == rows else frozenset()


def any_answers(site: Site) -> Procedure[bool]:
    """Ask the known modules one after the other; return whether one of them answers, or none is known.

    If none does, this is the bus of another site (`OTHER_BUS`), and nothing may be written.
    """
    known = [module for module in site if module.found is not None]
    for module in known:
        if module.found is not None and (yield from _answers(module.found.identity, module.baud)):
            return True
    return not known


def _answers(identity: SlaveIdentity, baud: int | None) -> Procedure[bool]:
    selection = _selection_of(identity)
    if selection is None:
        return False
    yield SetSpeed(baud)
    selected = yield selecting(selection, retries=SCAN_RETRIES, long_wait=False)
    if not selected.answered:
        return False
    answer = yield request_data(SlaveAddress(selection=selection), retries=SCAN_RETRIES, long_wait=False)
    found = identity_of(decoded(answer.frame)) if answer.kind is AnswerKind.RESPONSE else None
    return found is not None and identity.is_same(found)


def _selection_of(identity: SlaveIdentity) -> bytes | None:
    """Return the selection field of a module: by fabrication number, which never changes, else by identification."""
    try:
        if identity.fabrication:
            return ANY + FABRICATION + bytes.fromhex(identity.fabrication)[::-1]
        return mask_bytes(identity.id)
    except ValueError:
        return None


# Matching


def _row_of(site: Site, identity: SlaveIdentity, meter: str) -> SiteModule | None:
    serial = _serial(identity)
    taken = [module for module in site if module.found is not None]
    for module in taken:
        if module.found is not None and module.found.identity.is_same(identity):
            return module
    for module in taken:
        # One of the two answers had no fabrication number, because the module sends other records now.
        if module.found is not None and _is_similar(module.found.identity, identity):
            return module
    free = [module for module in site if module.found is None]
    expecting = [module for module in free if serial and module.serial == serial]
    if not expecting:
        expecting = [module for module in free if meter and module.meter == meter and not module.serial]
    # A number that was entered twice does not tell which place this is.
    return expecting[0] if len(expecting) == 1 else None


def _is_similar(known: SlaveIdentity, found: SlaveIdentity) -> bool:
    one_is_missing = not (known.fabrication and found.fabrication)
    ours = (known.id, known.manufacturer, known.version, known.device_type)
    return one_is_missing and ours == (found.id, found.manufacturer, found.version, found.device_type)


def _serial(identity: SlaveIdentity) -> str:
    """Return the number to compare with a label: the fabrication number, else the identification; empty: none."""
    return _number(identity.fabrication or identity.id)


def _number(text: str) -> str:
    return text if len(text) == _DIGITS and text.isascii() and text.isdigit() else ""


def _meter_in(slave: ListedSlave) -> str:
    """Return the number that the module reports for its meter; empty if its telegrams do not have it."""
    lines = slave.lines or restore_lines(slave.telegrams)
    return _number(meter_number(read_lines(lines)) or "")


# Searches


def _is_searched_for(module: SiteModule, found: Found, plan: ScanPlan) -> bool:
    if plan.addresses is not None and module.address is not None and module.address in plan.addresses and found.alone:
        return True
    header = _header(found)
    return plan.mask is not None and header is not None and matches(plan.mask, Identity(header), ())


def _may_be_in(module: SiteModule, found: Found, collision: ListedSlave) -> bool:
    """Return whether a module may be one of those that answer at once at an address or a mask."""
    if collision.selection is None:
        return module.address is None or module.address == collision.address
    header = _header(found)
    return header is None or matches(collision.selection[: len(header)], Identity(header), ())


def _header(found: Found) -> bytes | None:
    """Return the eight bytes of the header of a module; None if they are not all known."""
    if found.manufacturer is None or found.version is None or found.device_type is None:
        return None
    try:
        maker = encode_manufacturer(found.manufacturer).to_bytes(2, "little")
        return mask_bytes(found.id)[:ID_SIZE] + maker + bytes((found.version, found.device_type))
    except ValueError:
        return None
