"""Meters that are not where the list has them: what the modules report, compared with the list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from cmi_gui.engine.site.cells import Difference
from cmi_gui.engine.site.model import Site, SiteModule

_OF_THE_PLACE: Final = ("place", "meter", "variant", "note")


def other_meters(site: Site) -> list[SiteModule]:
    """Return the rows whose module reports another meter than the one in the list."""
    return [module for module in site if module.meter and module.meter_read and module.meter != module.meter_read]


def circles(site: Site) -> list[list[SiteModule]]:
    """Return the rows among which meters were exchanged: each module reports the meter of the next row.

    The module of the last row reports that of the first, or has not been read, or is not there. A meter that two rows
    have, or that two modules report, is left out, because it is not known whose it is.
    """
    listed: dict[str, list[SiteModule]] = {}
    for row in site:
        listed.setdefault(row.meter, []).append(row)
    target: dict[int, SiteModule] = {}
    reported: Counter[str] = Counter(module.meter_read for module in site)
    for module in other_meters(site):
        rows = listed.get(module.meter_read, [])
        if len(rows) == 1 and reported[module.meter_read] == 1:
            target[id(module)] = rows[0]
    aims = {id(row) for row in target.values()}
    found: list[list[SiteModule]] = []
    taken: set[int] = set()
    # The beginnings of open chains first, because what remains are circles.
    for row in sorted(site, key=lambda row: id(row) in aims):
        chain: list[SiteModule] = []
        at: SiteModule | None = row
        while at is not None and id(at) not in taken:
            taken.add(id(at))
            chain.append(at)
            at = target.get(id(at))
        # The last module of an open chain has another meter than those of the chain, unless it was not read.
        if len(chain) > 1 and (at is chain[0] or not chain[-1].meter_read):
            found.append(chain)
    return found


def exchange_rows(circle: Sequence[SiteModule]) -> list[Difference]:
    """Return the changes that put each module of a circle where its meter is in the list.

    Place, meter, variant and note move, and so do the wanted values and the primary address, which belong to the place.
    """
    changes: list[Difference] = []
    for index, module in enumerate(circle):
        other = circle[(index + 1) % len(circle)]
        for name in _OF_THE_PLACE:
            before, after = getattr(module, name), getattr(other, name)
            changes += [Difference(module, name, before, after)] if before != after else []
        wanted = dict(other.wanted)
        address = other.value("primary_address")
        if address is not None and other.known.keys() & module.known.keys() >= {"primary_address"}:
            wanted.setdefault("primary_address", address)
        for name in {**module.wanted, **wanted}:
            text = wanted.get(name)
            text = None if text == module.value(name) else text
            before = module.wanted.get(name)
            changes += [Difference(module, name, before, text)] if before != text else []
    return changes


def take_meters(modules: Sequence[SiteModule]) -> list[Difference]:
    """Return the changes that put the meters into the list as the modules report them."""
    return [
        Difference(module, "meter", module.meter, module.meter_read)
        for module in modules
        if module.meter_read and module.meter != module.meter_read
    ]
