"""What is wrong in a site, each problem with its cure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.messages import InvalidValue, Listing, Message, listed, marked, quoted
from cmi_gui.engine.site.addresses import NAME as ADDRESS
from cmi_gui.engine.site.addresses import give_addresses, wanted_address
from cmi_gui.engine.site.cells import Change, cell_change, cell_text, join_rows, rows_to_join
from cmi_gui.engine.site.comparison import compare
from cmi_gui.engine.site.model import RowState, Site, SiteModule
from cmi_gui.engine.site.names import row_name
from cmi_gui.engine.site.swapped_meters import circles, exchange_rows, other_meters, take_meters

_NAMES: Final = 5
"""How many rows a sentence names."""


class ProblemKind(StrEnum):
    """The kind of a problem."""

    OTHER_MASTER = "other master"
    UNSURE = "unsure"
    LOST = "lost"
    EQUAL_ADDRESSES = "equal addresses"
    MIXED_SPEEDS = "mixed speeds"
    SWAPPED_METERS = "swapped meters"
    OTHER_METER = "other meter"
    """The meter of a module is not the one in the list, nor that of another row."""
    TWO_ROWS = "two rows"
    """A module and a waiting row have the same meter."""
    SAME_SERIAL = "same serial"
    SAME_METER = "same meter"
    SAME_PLACE = "same place"
    SAME_WANTED_ADDRESS = "same wanted address"
    TAKEN_ADDRESS = "taken address"
    """A wanted address is that of something on the bus that is not in the list."""
    SAME_SECONDARY = "same secondary address"
    UNKNOWN = "unknown"
    """A module was found that has no place in the list."""
    NOT_FOUND = "not found"
    BACKWARDS = "backwards"
    """A register of energy has less than at the last visit."""
    CHANGED = "changed"
    """Settings are not those of the end of the last visit."""


class CureKind(StrEnum):
    """What can be done about a problem. With changes, they are what does it; without, the user is led there."""

    GIVE_ADDRESSES = "give addresses"
    SET_SPEED = "set speed"
    EXCHANGE_ROWS = "exchange rows"
    TAKE_METERS = "take meters"
    JOIN_ROWS = "join rows"
    RESTORE = "restore"
    WRITE = "write"
    LOOK_FOR = "look for"
    FIND = "find"
    ASSIGN = "assign"
    """Places are entered or pasted, or come from a plan."""
    EDIT = "edit"
    """The user corrects the cells."""
    DISCONNECT = "disconnect"
    """The other master is disconnected from the bus."""


@dataclass(frozen=True, slots=True)
class Cure:
    """A cure. `changes`: carried out by `apply`, so that they are one step that can be undone."""

    kind: CureKind
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of some rows. `cure`: the best one, or None. `or_else`: another one, such as for swapped meters."""

    kind: ProblemKind
    modules: tuple[SiteModule, ...]
    message: Message
    cure: Cure | None = None
    or_else: Cure | None = None


def problems(
    site: Site, table: CommandTable, *, other_master: bool = False, taken: Collection[int] = ()
) -> list[Problem]:
    """Return the problems of a site, the most urgent first.

    `other_master`: telegrams of another master were heard. `taken`: addresses at which slaves answer that are not rows.
    """
    found: list[Problem] = []
    if other_master:
        message = Message(
            "Another master is talking on this bus. Answers may be lost, and settings may go to a wrong module:"
            " disconnect it while you work."
        )
        found.append(Problem(ProblemKind.OTHER_MASTER, (), message, Cure(CureKind.DISCONNECT)))
    return [
        *found,
        *_missing(site),
        *_equal_addresses(site, taken),
        *_wanted_addresses(site, taken),
        *_speeds(site, table),
        *_meters(site),
        *_twice(site),
        *_secondary_addresses(site),
        *_unknown(site),
        *_last_visit(site, table),
    ]


def _missing(site: Site) -> Iterator[Problem]:
    """Yield the modules that are not where they should be."""
    unsure = marked("A write may have been sent, and what came of it is not known: {0}")
    for state, kind, template in (
        (RowState.UNSURE, ProblemKind.UNSURE, unsure),
        (RowState.LOST, ProblemKind.LOST, marked("Not found again: {0}")),
    ):
        modules = [module for module in site if module.state is state]
        if modules:
            yield Problem(kind, tuple(modules), Message(template, (_names(modules),)), Cure(CureKind.LOOK_FOR))
    waiting = [module for module in site if module.state is RowState.WAITING]
    if 0 < len(waiting) < len(site.modules):
        cure = Cure(CureKind.LOOK_FOR if all(module.serial or module.meter for module in waiting) else CureKind.FIND)
        message = Message("Not found yet: {0}", (_names(waiting),))
        yield Problem(ProblemKind.NOT_FOUND, tuple(waiting), message, cure)


def _equal_addresses(site: Site, taken: Collection[int]) -> Iterator[Problem]:
    """Yield the addresses at which several modules answer."""
    for address, modules in _groups(site, lambda module: module.address):
        if len(modules) == 1:
            continue
        staying = [module for module in modules if wanted_address(module) == address]
        message = Message("{0} modules share address {1}.", (len(modules), address))
        if len(staying) <= 1:
            cure: Cure | None = Cure(CureKind.WRITE)
        else:
            # A module with an address may keep it; the address of delivery is given to none.
            moving = [module for module in staying if address == 0 or module is not staying[0]]
            cure = _addresses(site, moving, taken)
        yield Problem(ProblemKind.EQUAL_ADDRESSES, tuple(modules), message, cure)


def _wanted_addresses(site: Site, taken: Collection[int]) -> Iterator[Problem]:
    """Yield the wanted addresses that are wanted twice, that a module keeps, or that something else has."""
    for address, modules in _groups(site, wanted_address):
        wanting = [module for module in modules if ADDRESS in module.changes]
        if wanting and len(modules) > 1:
            facts = (len(modules), address, _names(modules))
            message = Message("After writing, {0} modules would share address {1}: {2}", facts)
            moving = wanting if len(wanting) < len(modules) else wanting[1:]
            cure = _addresses(site, moving, taken)
            yield Problem(ProblemKind.SAME_WANTED_ADDRESS, tuple(modules), message, cure)
        if wanting and address in taken:
            template = marked("Address {0} is wanted, but something that is not in the list answers there.")
            cure = _addresses(site, wanting, taken)
            yield Problem(ProblemKind.TAKEN_ADDRESS, tuple(wanting), Message(template, (address,)), cure)


def _addresses(site: Site, modules: Sequence[SiteModule], taken: Collection[int]) -> Cure:
    try:
        return Cure(CureKind.GIVE_ADDRESSES, tuple(give_addresses(site, modules, keep=False, taken=taken)))
    except InvalidValue:
        return Cure(CureKind.EDIT)


def _speeds(site: Site, table: CommandTable) -> Iterator[Problem]:
    """Yield the modules that are not at the speed of most; of two as frequent, the faster one is taken."""
    speeds = dict(_groups(site, lambda module: module.baud))
    if len(speeds) < 2:
        return
    usual = max(speeds, key=lambda baud: (len(speeds[baud]), baud))
    others = [module for module in site if module.baud not in (None, usual)]
    counts = Listing(", ", tuple(Message("{0} at {1} bit/s", (len(speeds[baud]), baud)) for baud in sorted(speeds)))
    message = Message("The modules have different speeds: {0}. A master hears only those at its own.", (counts,))
    if len({module.wanted.get("baud") or str(module.baud) for module in site if module.baud is not None}) == 1:
        cure = Cure(CureKind.WRITE)
    else:
        known = [(module, "baud", str(usual)) for module in site if module.baud is not None]
        cure = Cure(CureKind.SET_SPEED, _changes(known, table))
    yield Problem(ProblemKind.MIXED_SPEEDS, tuple(others), message, cure)


def _twice(site: Site) -> Iterator[Problem]:
    """Yield the serial numbers, meter numbers and places that several rows have."""
    for kind, template, key in (
        (ProblemKind.SAME_SERIAL, marked("{0} rows have module {1}."), lambda module: module.serial or None),
        (ProblemKind.SAME_METER, marked("{0} rows have meter {1}."), lambda module: module.meter or None),
        (ProblemKind.SAME_PLACE, marked("{0} rows have the place {1}."), lambda module: module.place or None),
    ):
        for text, modules in _groups(site, key):
            if len(modules) > 1:
                message = Message(template, (len(modules), text))
                yield Problem(kind, tuple(modules), message, Cure(CureKind.EDIT))


def _meters(site: Site) -> Iterator[Problem]:
    """Yield the meters that are not where the list has them."""
    for module, row in rows_to_join(site):
        template = marked("Meter {0} is in two rows: {1} reports it, and {2} waits for its module.")
        message = Message(template, (module.meter_read, row_name(module), row.place or row_name(row)))
        cure = Cure(CureKind.JOIN_ROWS, tuple(join_rows(module, row)))
        yield Problem(ProblemKind.TWO_ROWS, (module, row), message, cure)
    exchanged: set[int] = set()
    for circle in circles(site):
        exchanged |= {id(module) for module in circle}
        reports = [_other_meter(module) for module in circle if module.meter_read]
        message = Message("Meters were exchanged: {0}", (listed(reports, "; ", _NAMES),))
        exchange = Cure(CureKind.EXCHANGE_ROWS, tuple(exchange_rows(circle)))
        take = Cure(CureKind.TAKE_METERS, tuple(take_meters(circle)))
        # Without the reports of all of them, only the list can tell which meter the last one has.
        whole = all(module.meter_read for module in circle)
        yield Problem(ProblemKind.SWAPPED_METERS, tuple(circle), message, exchange, take if whole else None)
    for module in other_meters(site):
        if id(module) not in exchanged:
            cure = Cure(CureKind.TAKE_METERS, tuple(take_meters([module])))
            yield Problem(ProblemKind.OTHER_METER, (module,), _other_meter(module), cure)


def _other_meter(module: SiteModule) -> Message:
    return Message("{0} reports meter {1}, not {2}", (row_name(module), module.meter_read, module.meter))


def _secondary_addresses(site: Site) -> Iterator[Problem]:
    """Yield the secondary addresses that several modules would have."""
    for number, modules in _groups(site, lambda module: cell_text(module, "secondary_address") or None):
        if len(modules) > 1 and any("secondary_address" in module.changes for module in modules):
            facts = (len(modules), number, _names(modules))
            message = Message("After writing, {0} modules would have the secondary address {1}: {2}", facts)
            yield Problem(ProblemKind.SAME_SECONDARY, tuple(modules), message, Cure(CureKind.EDIT))


def _unknown(site: Site) -> Iterator[Problem]:
    """Yield the found modules that have no place."""
    joined = {id(module) for module, _ in rows_to_join(site)}
    modules = [module for module in site if module.found is not None and not module.place and id(module) not in joined]
    if modules:
        message = Message("Found, but the place is not known: {0}", (_names(modules),))
        yield Problem(ProblemKind.UNKNOWN, tuple(modules), message, Cure(CureKind.ASSIGN))


def _last_visit(site: Site, table: CommandTable) -> Iterator[Problem]:
    """Yield what is different from the last visit."""
    titles = {row.id: row.name for row in table.profile.command}
    for module in site:
        comparison = compare(module)
        if comparison is None:
            continue
        for register in comparison.backwards:
            values = (row_name(module), register.code, register.now.value, register.before.value)
            message = Message("{0}: register {1} has {2}, less than at the last visit ({3}).", values)
            yield Problem(ProblemKind.BACKWARDS, (module,), message)
        if comparison.settings:
            changed = [titles.get(change.name, quoted(change.name)) for change in comparison.settings]
            facts = (row_name(module), listed(changed, ", ", _NAMES))
            message = Message("{0}: {1} changed since the last visit.", facts)
            changes = _changes(((module, change.name, change.before) for change in comparison.settings), table)
            yield Problem(ProblemKind.CHANGED, (module,), message, Cure(CureKind.RESTORE, changes) if changes else None)


def _changes(cells: Iterable[tuple[SiteModule, str, str]], table: CommandTable) -> tuple[Change, ...]:
    """Return the changes that set cells, without those that need none or have a value that cannot be written."""
    changes: list[Change] = []
    for module, name, text in cells:
        with suppress(InvalidValue):
            change = cell_change(module, name, text, table)
            changes += [] if change is None else [change]
    return tuple(changes)


_Key = TypeVar("_Key", int, str)


def _groups(site: Site, key: Callable[[SiteModule], _Key | None]) -> list[tuple[_Key, list[SiteModule]]]:
    """Return the rows by a value, in the order of the values, without those that have none."""
    groups: dict[_Key, list[SiteModule]] = {}
    for module in site:
        value = key(module)
        if value is not None:
            groups.setdefault(value, []).append(module)
    return sorted(groups.items())


def _names(modules: Sequence[SiteModule]) -> Message:
    return listed([row_name(module) for module in modules[:_NAMES]], ", ", _NAMES, len(modules))
