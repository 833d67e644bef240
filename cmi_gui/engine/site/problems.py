"""What is wrong in a site, each problem with its cure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.messages import Message
from cmi_gui.engine.site.cells import Change
from cmi_gui.engine.site.model import Site, SiteModule


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
    raise NotImplementedError
