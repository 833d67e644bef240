"""Editing of a site: what is known and what is wanted in each cell of its list, and changes that can be undone.

Typing, pasting, a plan and "Give addresses" make changes, which `apply` carries out and turns into those that undo
them. None of them writes to a module.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import CommandRow, ValueType
from cmi_gui.engine.configurator.values import check_text, settings
from cmi_gui.engine.link.kind import shown
from cmi_gui.engine.messages import InvalidValue, Message, marked
from cmi_gui.engine.site.model import MAX_ROWS, Site, SiteModule
from cmi_gui.engine.site.site_file import checked_number

IDENTITY: Final = ("place", "serial", "meter", "variant", "note")
"""The columns that say what a row is; the others are settings by their ids."""
TOO_MANY_ROWS: Final = Message("a site has at most {0} rows", (MAX_ROWS,))
_MAX_LINE: Final = 200
_MAX_NOTE: Final = 4000
ALL: Final = "all"
"""The word for an empty selection list, because an empty cell means that nothing is wanted."""
_NUMBERS: Final = {"serial": Message("a serial number"), "meter": Message("a meter number")}


@dataclass(frozen=True, slots=True)
class Difference:
    """A change of one cell: of the text of an identity column, or of the value wanted of a setting.

    `before`, `after`: None if no value is wanted. `secret`: of a password, only that it is to be written is kept, as an
    empty text.
    """

    module: SiteModule
    name: str
    before: str | None
    after: str | None
    secret: bool = False


@dataclass(frozen=True, slots=True)
class RowAdded:
    """A row that is added before the one that has `index`."""

    module: SiteModule
    index: int


@dataclass(frozen=True, slots=True)
class RowRemoved:
    """A row that is removed."""

    module: SiteModule


Change = Difference | RowAdded | RowRemoved


def setting_names(table: CommandTable) -> list[str]:
    """Return the ids of the settings that can be columns: all except passwords, in the profile's order."""
    return [row.id for row in settings(table) if not row.secret]


def is_text(module: SiteModule, name: str) -> str:
    """Return what a row has in a column: its text, or the known value of the setting; empty if it is not known."""
    if name == "meter":
        return module.meter or module.meter_read
    if name in IDENTITY:
        return str(getattr(module, name))
    value = module.value(name)
    return "" if value is None else value or ALL


def wanted_text(module: SiteModule, name: str) -> str | None:
    """Return the value that is wanted of a setting; None if none is. That of a password is empty."""
    if name in module.wanted_secrets:
        return ""
    return module.wanted.get(name)


def cell_text(module: SiteModule, name: str) -> str:
    """Return the text to be copied or filled down: what is wanted, or else what is."""
    if name in module.wanted_secrets:
        return ""
    wanted = wanted_text(module, name)
    return is_text(module, name) if wanted is None else wanted or ALL


def cell_change(module: SiteModule, name: str, text: str, table: CommandTable) -> Difference | None:
    """Return the change that a typed or pasted text makes; None if it changes nothing.

    For a setting, an empty text or the known value means that nothing is wanted. Raises InvalidValue, for passwords
    too, which are entered when they are written, and KeyError for an unknown setting.
    """
    if name in IDENTITY:
        after: str | None = _identity_text(module, name, text)
        before: str | None = getattr(module, name)
    else:
        before = wanted_text(module, name)
        after = _setting_text(table.profile.row(name), text, table)
        if after is not None and after == module.value(name):
            after = None
    return None if before == after else Difference(module, name, before, after)


def secret_change(module: SiteModule, name: str, wanted: bool) -> Difference | None:
    """Return the change that has a password written or no longer written; None if it changes nothing."""
    before, after = wanted_text(module, name), "" if wanted else None
    return None if before == after else Difference(module, name, before, after, secret=True)


def set_cell(module: SiteModule, name: str, text: str, table: CommandTable) -> None:
    """Set a cell from a typed or pasted text; errors as in `cell_change`."""
    change = cell_change(module, name, text, table)
    if change is not None:
        _set(change)


def apply(site: Site, changes: Iterable[Change]) -> list[Change]:
    """Carry out changes in their order; return those that undo them, to be carried out by this function too."""
    undo: list[Change] = []
    for change in changes:
        match change:
            case Difference(module, name, secret=secret):
                before = getattr(module, name) if name in IDENTITY else wanted_text(module, name)
                undo.append(Difference(module, name, change.after, before, secret))
                _set(change)
            case RowAdded(module, index):
                undo.append(RowRemoved(module))
                site.modules.insert(index, module)
            case RowRemoved(module):
                # Rows are compared by identity, so that `index` finds this one and no other.
                if module in site.modules:
                    undo.append(RowAdded(module, site.modules.index(module)))
                    site.modules.remove(module)
    return undo[::-1]


def join_rows(keep: SiteModule, other: SiteModule) -> list[Change]:
    """Return the changes that join a row without a module to the row of its module: two rows that are one.

    `keep` gets the place, the meter, the note and the wanted values of `other`, which is removed.
    """
    changes: list[Change] = []
    for name in IDENTITY:
        before, after = getattr(keep, name), getattr(other, name)
        if after and before != after and not (name == "serial" and before):
            changes.append(Difference(keep, name, before, after))
    for name, text in other.wanted.items():
        wanted = None if keep.value(name) == text else text
        if keep.wanted.get(name) != wanted:
            changes.append(Difference(keep, name, keep.wanted.get(name), wanted))
    for name in other.wanted_secrets:
        change = secret_change(keep, name, True)
        changes += [change] if change is not None else []
    return [*changes, RowRemoved(other)]


def rows_to_join(site: Site) -> list[tuple[SiteModule, SiteModule]]:
    """Return the pairs that `join_rows` can join without a question: a module, and the row that waits for it.

    The module reports the meter of a row that has no module, and no other module or row has that meter; its own row
    has neither a place nor another meter.
    """
    rows: dict[str, list[SiteModule]] = {}
    for module in site:
        for meter in {module.meter, module.meter_read} - {""}:
            rows.setdefault(meter, []).append(module)
    pairs = []
    for module in site:
        meter = module.meter_read
        others = [row for row in rows.get(meter, ()) if row is not module]
        if module.place or module.meter not in ("", meter) or len(others) != 1:
            continue
        (row,) = others
        if row.found is None and not row.meter_read and row.serial in ("", module.serial):
            pairs.append((module, row))
    return pairs


def fill_down(modules: Sequence[SiteModule], names: Iterable[str], table: CommandTable) -> list[Change]:
    """Return the changes that give the other rows the texts of the first one. Raises InvalidValue.

    A serial or meter number belongs to one row only and cannot be filled down.
    """
    changes: list[Change] = []
    for name in names:
        if name in _NUMBERS:
            raise InvalidValue(Message("{0} belongs to one row only and cannot be filled down", (_NUMBERS[name],)))
        for module in modules[1:]:
            change = cell_change(module, name, cell_text(modules[0], name), table)
            changes += [change] if change is not None else []
    return changes


def _set(change: Difference) -> None:
    module, name, after = change.module, change.name, change.after
    if name in IDENTITY:
        setattr(module, name, after)
    elif change.secret:
        module.wanted_secrets = [each for each in module.wanted_secrets if each != name]
        module.wanted_secrets += [name] if after is not None else []
    elif after is None:
        module.wanted.pop(name, None)
    else:
        module.wanted[name] = after


def _identity_text(module: SiteModule, name: str, text: str) -> str:
    if name in _NUMBERS:
        digits = checked_number(text, _NUMBERS[name])
        if name == "serial" and module.found is not None and module.serial and digits != module.serial:
            template = marked("module {0} was found in this row, so its serial number cannot be changed")
            raise InvalidValue(Message(template, (module.serial,)))
        return digits
    lines = [" ".join(line.split()) for line in text.splitlines()]
    longest = _MAX_LINE
    if name == "note":
        text, longest = "\n".join(lines).strip(), _MAX_NOTE
    else:
        text = " ".join(filter(None, lines))
    if len(text) > longest:
        raise InvalidValue(Message("a text in the column {0} has at most {1} characters", (name, longest)))
    if any(char != "\n" and (char < " " or char == "\x7f") for char in text):
        raise InvalidValue(Message("the text {0} contains control characters", (shown(text),)))
    return text


@lru_cache(maxsize=1_000)
def _setting_text(row: CommandRow, text: str, table: CommandTable) -> str | None:
    """Return a value in its one spelling; None for an empty text. The meaning of a value stands for it too."""
    text = text.strip()
    if row.secret:
        # The message must not show the text.
        raise InvalidValue(Message("{0}: passwords are not entered in the list, but when they are written", (row.id,)))
    if not text:
        return None
    if row.value is ValueType.CODES and text.casefold() == ALL:
        text = ""
    for choice in row.choices:
        if text.casefold() == choice.text.casefold():
            text = choice.value
    if row.value is ValueType.MAP and text.isascii() and text.isdigit() and len(text) == 4:
        text = " ".join(text)
    return check_text(table, row, text)
