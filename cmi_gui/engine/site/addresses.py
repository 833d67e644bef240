"""Primary addresses for the modules of a site, and an order of writing them in which none is lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from cmi_gui.engine.mbus.frame import ADDRESS_PRIMARY_MAX
from cmi_gui.engine.messages import InvalidValue, Message, marked
from cmi_gui.engine.site.cells import Difference
from cmi_gui.engine.site.model import Site, SiteModule

NAME: Final = "primary_address"
_DIGITS: Final = re.compile(r"([0-9]+)")


def natural_key(text: str) -> tuple[tuple[int, str], ...]:
    """Return a key that sorts texts by the numbers in them: "flat 2" before "flat 11"; without a text last."""
    if not text:
        return ((2, ""),)
    parts = _DIGITS.split(text.casefold())
    return tuple((0, part.lstrip("0").rjust(24, "0")) if index % 2 else (1, part) for index, part in enumerate(parts))


def wanted_address(module: SiteModule) -> int | None:
    """Return the primary address that a module is to have after writing: the wanted one, else the known one."""
    text = module.wanted.get(NAME)
    return module.address if text is None else int(text)


def addresses_of(module: SiteModule) -> set[int]:
    """Return every primary address at which a module may be now."""
    possible = {each.address for each in module.possible} | {module.address}
    return {address for address in possible if address is not None}


def give_addresses(
    site: Site,
    modules: Iterable[SiteModule],
    *,
    first: int = 1,
    last: int = ADDRESS_PRIMARY_MAX,
    by_number: bool = True,
    keep: bool = True,
    taken: Collection[int] = (),
) -> list[Difference]:
    """Return the changes that give modules addresses from `first` to `last`, in the natural order of their places.

    `by_number`: if the numbers in the places are different and all within the range, as those of flats, they are the
    addresses; a place without a number, or whose number another has, gets the next free address. `keep`: a module whose
    known address is within the range and is that of no other row keeps it, also if it is not that of its place.
    `taken`: addresses of others on the bus, which are not given. Addresses of other rows, known or wanted, are not
    given either. Raises InvalidValue if there are not enough.
    """
    rows = sorted(modules, key=lambda module: natural_key(module.place))
    chosen = {id(module) for module in rows}
    occupied = {*taken, *(address for module in site if id(module) not in chosen for address in _claimed(module))}
    counts = Counter(address for module in site for address in addresses_of(module))
    given: dict[int, SiteModule] = {}
    waiting = []
    for module in rows:
        address = module.address
        right = address is not None and first <= address <= last and address not in occupied and counts[address] == 1
        if keep and right and address is not None:
            given[address] = module
        else:
            waiting.append(module)
    numbers = {id(module): number for module in waiting if (number := _number(module.place)) is not None}
    fit = all(first <= number <= last for number in numbers.values())
    if by_number and fit and len({*numbers.values()}) == len(numbers):
        free_numbers = {*numbers.values()} - occupied - {*given}
        given |= {numbers[id(module)]: module for module in waiting if numbers.get(id(module)) in free_numbers}
        waiting = [module for module in waiting if numbers.get(id(module)) not in free_numbers]
    free = [address for address in range(first, last + 1) if address not in occupied and address not in given]
    if len(free) < len(waiting):
        template = marked("{0} modules need an address, but only {1} addresses from {2} to {3} are free")
        raise InvalidValue(Message(template, (len(waiting), len(free), first, last)))
    given |= dict(zip(free, waiting, strict=False))
    return [change for address, module in sorted(given.items()) for change in _change(module, address)]


@dataclass(frozen=True, slots=True)
class AddressWrite:
    """A write of a primary address. `temporary`: a free one, because the module's new one is still another's."""

    module: SiteModule
    address: int
    temporary: bool = False


def occupant(site: Site, module: SiteModule, address: int) -> SiteModule | None:
    """Return another row whose module may be at an address now, so that the address must not be written; or None."""
    return next((other for other in site if other is not module and address in addresses_of(other)), None)


def address_order(
    site: Site, modules: Iterable[SiteModule], taken: Collection[int] = ()
) -> tuple[list[AddressWrite], list[SiteModule]]:
    """Return the writes of the wanted addresses of modules, and the modules whose address cannot be written.

    At no time two modules have one address: a module moves when its new address is free, and where modules exchange
    addresses, one of them goes to a free address first. An address cannot be written if a module that does not move, or
    `taken`, has it, or if two modules want it. `occupant` tells before each write whether an earlier one has failed.
    """
    moving = [module for module in modules if NAME in module.changes]
    now = {id(module): addresses_of(module) for module in site}
    wanted = {id(module): int(module.wanted[NAME]) for module in moving}
    held = Counter(address for places in now.values() for address in places)
    spare = [
        address for address in range(ADDRESS_PRIMARY_MAX, 0, -1) if address not in {*held, *taken, *wanted.values()}
    ]
    steps: list[AddressWrite] = []
    counts = Counter(wanted.values())
    blocked = [module for module in moving if counts[wanted[id(module)]] > 1]
    moving = [module for module in moving if counts[wanted[id(module)]] == 1]

    def is_free(module: SiteModule) -> bool:
        address = wanted[id(module)]
        return address not in taken and held[address] == (address in now[id(module)])

    def move(module: SiteModule, address: int, *, temporary: bool = False) -> None:
        steps.append(AddressWrite(module, address, temporary))
        held.subtract(now[id(module)])
        held[address] += 1
        now[id(module)] = {address}

    while moving:
        ready = next(filter(is_free, moving), None)
        if ready is not None:
            move(ready, wanted[id(ready)])
            moving.remove(ready)
            continue
        in_circle = next(
            (module for module in moving if spare and _waits_for_itself(module, moving, now, wanted)), None
        )
        if in_circle is None:
            break
        move(in_circle, spare.pop(), temporary=True)
    return steps, blocked + moving


def _waits_for_itself(
    module: SiteModule, moving: list[SiteModule], now: dict[int, set[int]], wanted: dict[int, int]
) -> bool:
    """Return whether a chain of modules, each at the address that the one before wants, leads back to a module."""
    seen: set[int] = set()
    at = module
    while id(at) not in seen:
        seen.add(id(at))
        holders = [other for other in moving if other is not at and wanted[id(at)] in now[id(other)]]
        if len(holders) != 1:
            return False
        at = holders[0]
    return at is module


def _claimed(module: SiteModule) -> set[int]:
    wanted = wanted_address(module)
    return addresses_of(module) | (set() if wanted is None else {wanted})


def _number(place: str) -> int | None:
    """Return the last number in a place, such as 12 in "flat 12"; None without one."""
    numbers = re.findall(r"[0-9]{1,9}", place)
    return int(numbers[-1]) if numbers else None


def _change(module: SiteModule, address: int) -> list[Difference]:
    before, after = module.wanted.get(NAME), None if address == module.address else str(address)
    return [] if before == after else [Difference(module, NAME, before, after)]
