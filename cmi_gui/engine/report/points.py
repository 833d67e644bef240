"""The open points of a site: what the visit left undone or in doubt, each in a sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from cmi_gui.engine.configurator.write_run import WriteOutcome
from cmi_gui.engine.report.facts import SiteFacts
from cmi_gui.engine.site.model import RowState, SiteModule, SiteWrite, Whereabouts


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """An open point. `kind`: the same in every language."""

    kind: str
    modules: tuple[SiteModule, ...]
    text: str


def open_points(facts: SiteFacts) -> list[OpenPoint]:
    """Return the open points: of several modules first, then of each module in the order of the site."""
    return [*_shared(facts), *(point for module in facts.modules for point in _of(facts, module))]


def _shared(facts: SiteFacts) -> Iterator[OpenPoint]:
    """Yield what concerns several modules of the site."""
    shown = set(map(id, facts.modules))
    addresses: dict[int, list[SiteModule]] = defaultdict(list)
    serials: dict[str, list[SiteModule]] = defaultdict(list)
    for module in facts.site.modules:
        address = facts.number(module, "primary_address")
        if module.found is not None and not module.lost and address is not None:
            addresses[address].append(module)
        if module.serial:
            serials[module.serial].append(module)
    groups: list[tuple[str, str | int, list[SiteModule]]] = [
        *(("same_address", address, group) for address, group in sorted(addresses.items())),
        *(("same_serial", serial, group) for serial, group in serials.items()),
    ]
    for kind, value, group in groups:
        if len(group) > 1 and any(id(module) in shown for module in group):
            # A report on one flat does not name others.
            named = facts.words("n_modules", len(group)) if facts.one_place else facts.names(group)
            yield OpenPoint(kind, tuple(group), facts.words(f"point_{kind}", value, named))


def _of(facts: SiteFacts, module: SiteModule) -> Iterator[OpenPoint]:
    words, name = facts.words, facts.name(module)

    def point(kind: str, *more: str) -> OpenPoint:
        return OpenPoint(kind, (module,), words(f"point_{kind}", name, *more))

    match module.state:
        case RowState.WAITING:
            yield point("waiting")
        case RowState.LOST:
            yield point("lost")
        case RowState.FAILED:
            yield point("failed", module.failure)
        case RowState.UNSURE:
            yield point("unsure", "; ".join(_where(facts, place) for place in module.possible))
    if module.meter and module.meter_read and module.meter != module.meter_read:
        yield point("other_meter", module.meter, module.meter_read)
    for written in _unconfirmed(module).values():
        row = facts.rows.get(written.name)
        outcome = words(f"outcome_{written.outcome.name.lower()}")
        yield point("not_written", facts.title(row) if row is not None else written.name, outcome)
    wanted = [facts.rows[each] for each in (*module.changes, *module.wanted_secrets) if each in facts.rows]
    if wanted:
        texts = [facts.title(row) if row.secret else f"{facts.title(row)} {module.wanted[row.id]}" for row in wanted]
        yield point("wanted", ", ".join(texts))


def _unconfirmed(module: SiteModule) -> dict[str, SiteWrite]:
    """Return the last write of each setting that the module did not accept, unless it has the wanted value."""
    last = {written.name: written for written in module.written}
    return {
        name: written
        for name, written in last.items()
        if written.outcome is not WriteOutcome.TAKEN
        and not (written.text is not None and written.text == module.value(name))
    }


def _where(facts: SiteFacts, place: Whereabouts) -> str:
    words = facts.words
    parts = [
        "" if place.address is None else words("address_n", place.address),
        words("selection_n", place.selection) if place.selection else "",
        "" if place.baud is None else words("speed_n", place.baud),
    ]
    return ", ".join(filter(None, parts))
