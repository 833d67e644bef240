"""A plan: a list of modules in a CSV or Excel file, with what they are to have.

A line of a plan is found in the site by serial number, by meter number, or by place. Its empty cells change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import ValueType
from cmi_gui.engine.files.sheet import SheetRow, read_sheets, separated
from cmi_gui.engine.files.table import Cell, Column, TableData
from cmi_gui.engine.files.toml_file import FileError
from cmi_gui.engine.link.kind import shown
from cmi_gui.engine.messages import InvalidValue, Listing, Message, marked
from cmi_gui.engine.site.cells import (
    Change,
    Difference,
    RowAdded,
    RowRemoved,
    cell_change,
    cell_text,
    join_rows,
    set_cell,
    setting_names,
)
from cmi_gui.engine.site.model import MAX_ROWS, Site, SiteModule
from cmi_gui.engine.site.plan_columns import KEYS, NUMBERS, Titles, known_numbers, restored_number

_FIRST_LINES: Final = 30
"""How many lines are searched for the titles of the columns."""
_SHOWN_ERRORS: Final = 20
_DIFFERENT: Final = ("primary_address", "secondary_address")
"""Settings of which no two modules may be given the same value."""
_NO_TITLES: Final = marked("has no line of titles with serial, meter or place; the titles are {0}")


class PlanError(FileError):
    """A plan that cannot be used; the text names the file, and the line of each problem. `errors`: all of them."""

    def __init__(self, file: str, errors: Sequence[Message]) -> None:
        listed = errors[:_SHOWN_ERRORS]
        more = len(errors) - len(listed)
        super().__init__(file, Listing("\n", (*listed, Message("and {0} more", (more,))) if more else (*listed,)))
        self.errors = tuple(errors)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a plan changes in a site; nothing is changed yet. `changes`: carried out by `apply`.

    `matched`, `added`: the rows of the site that are in the plan, and those to be added. `left_out`: the rows of the
    site that are not in the plan. `columns`: the names of its columns. `ignored`: the titles of columns that are not
    used. `remarks`: what was restored, such as zeros that Excel removed.
    """

    changes: tuple[Change, ...]
    matched: tuple[SiteModule, ...]
    added: tuple[SiteModule, ...]
    left_out: tuple[SiteModule, ...]
    columns: tuple[str, ...]
    ignored: tuple[str, ...]
    remarks: tuple[Message, ...] = ()

    @property
    def differences(self) -> list[Difference]:
        """The changes of cells of the matched rows."""
        return [change for change in self.changes if isinstance(change, Difference)]


def read_plan(path: Path, site: Site, table: CommandTable) -> Plan:
    """Return the plan in a CSV or Excel file, compared with a site. Raises PlanError."""
    try:
        sheets = read_sheets(path)
    except OSError as error:
        raise PlanError(path.name, [Message("cannot be read: {0}", (error.strerror or str(error),))]) from None
    except InvalidValue as error:
        raise PlanError(path.name, [error.message]) from None
    plan = _plan(path.name, sheets, site, table)
    if plan is None:
        raise PlanError(path.name, [Message(_NO_TITLES, (", ".join((*KEYS, "note", *setting_names(table))),))])
    return plan


def plan_in_text(text: str, name: str, site: Site, table: CommandTable) -> Plan | None:
    """Return the plan in a text copied from a spreadsheet, if its first line has titles; else None.

    `name`: of the text in errors. Raises PlanError.
    """
    try:
        rows = separated(text, "\t")
    except InvalidValue as error:
        raise PlanError(name, [error.message]) from None
    titles = Titles(table)
    header, *lines = rows[0] or [SheetRow(1, ())]
    known = _known(header, titles)
    # Text of a cell may be the same as a title, but hardly that of two.
    is_plan = lines and (known >= 2 or (known and all(titles.is_known(str(cell)) for cell in header.cells)))
    return _plan(name, rows, site, table) if is_plan else None


def plan_table(site: Site, table: CommandTable) -> TableData:
    """Return a site as a plan, to be written as a file, completed there and read again."""
    names = (*KEYS, "note", *setting_names(table))
    types = {row.id: row.value for row in table.profile.command}

    def cell(module: SiteModule, name: str) -> Cell:
        text = cell_text(module, name)
        return int(text) if types.get(name) is ValueType.INTEGER and text else text or None

    columns = [Column(name, max(12, len(name) + 2)) for name in names]
    return TableData("plan", columns, [[cell(module, name) for name in names] for module in site])


def _plan(name: str, sheets: Iterable[list[SheetRow]], site: Site, table: CommandTable) -> Plan | None:
    """Return the plan of the sheet with the most known titles; None if there is none."""
    titles = Titles(table)

    def header(rows: list[SheetRow]) -> tuple[int, int]:
        """Return the number of known titles in the line of titles, and its index from the end."""
        counts = [(_known(row, titles), -index) for index, row in enumerate(rows[:_FIRST_LINES])]
        return max(counts, default=(0, 0))

    sheet = max(sheets, key=header, default=[])
    count, index = header(sheet)
    return _Reader(name, sheet[-index], sheet[1 - index :], titles, site, table).plan() if count else None


def _known(row: SheetRow, titles: Titles) -> int:
    """Return the number of known titles in a line; 0 if no row of a site can be found by them."""
    names = [titles.name(cell) for cell in row.cells if isinstance(cell, str)]
    return len(names) - names.count(None) if any(key in names for key in KEYS) else 0


class _Reader:
    """A comparison of the lines of a plan with a site, which collects all errors."""

    def __init__(
        self, name: str, header: SheetRow, rows: list[SheetRow], titles: Titles, site: Site, table: CommandTable
    ) -> None:
        self._name, self._rows, self._site, self._table = name, rows, site, table
        self._errors: list[Message] = []
        self._remarks: list[Message] = []
        self._changes: list[Change] = []
        self._lines: dict[tuple[str, str], int] = {}
        """The line of each number, and of each value that no two modules may have."""
        self._found: dict[int, int] = {}
        """The line of each row of the site, by the row's `id`."""
        self._matched: list[SiteModule] = []
        self._added: list[SiteModule] = []
        self._ignored: list[str] = []
        self._columns = self._columns_of(header, titles)
        self._numbers = {each: known_numbers(site, each) for each in NUMBERS}

    def plan(self) -> Plan:
        """Return the plan. Raises PlanError."""
        for row in self._rows if not self._errors else ():
            self._take(row)
        if len(self._site.modules) + len(self._added) > MAX_ROWS:
            self._errors.append(Message("a site has at most {0} rows", (MAX_ROWS,)))
        if self._errors:
            raise PlanError(self._name, self._errors)
        joined = [change.module for change in self._changes if isinstance(change, RowRemoved)]
        left_out = [module for module in self._site if module not in self._matched and module not in joined]
        added = [RowAdded(module, MAX_ROWS) for module in self._added]
        return Plan(
            (*self._changes, *added),
            tuple(self._matched),
            tuple(self._added),
            tuple(left_out),
            tuple(self._columns.values()),
            tuple(self._ignored),
            tuple(self._remarks),
        )

    def _columns_of(self, header: SheetRow, titles: Titles) -> dict[int, str]:
        columns: dict[int, str] = {}
        for index, cell in enumerate(header.cells):
            title = cell.strip() if isinstance(cell, str) else ""
            if not title:
                continue
            name = titles.name(title)
            if titles.is_secret(title):
                template = marked(
                    "the column {0} is for a password; remove it: passwords are not read from files, they are asked for"
                    " when they are written"
                )
                self._error(header.line, Message(template, (shown(title),)))
            elif name is None:
                self._ignored.append(shown(title))
            elif name in columns.values():
                self._error(header.line, Message("there are two columns for {0}", (name,)))
            else:
                columns[index] = name
        return columns

    def _take(self, row: SheetRow) -> None:
        """Compare a line with the site."""
        if row.error is not None:
            self._error(row.line, row.error)
        texts = self._texts(row)
        if texts is None or not texts:
            return
        try:
            module = self._module(row.line, texts)
        except InvalidValue as error:
            self._error(row.line, error.message)
            return
        for name, text in texts.items():
            try:
                change = cell_change(module, name, text, self._table)
            except InvalidValue as error:
                self._error(row.line, Listing(": ", (name, error.message)))
                continue
            if change is None:
                continue
            if name in _DIFFERENT and change.after is not None:
                self._once(row.line, name, change.after)
            if module in self._added:
                set_cell(module, name, text, self._table)
            else:
                self._changes.append(change)

    def _texts(self, row: SheetRow) -> dict[str, str] | None:
        """Return the texts of a line by column, without the empty ones; None if some cannot be used."""
        texts, before = {}, len(self._errors)
        for index, name in self._columns.items():
            cell = row.cells[index] if index < len(row.cells) else ""
            try:
                if isinstance(cell, Message):
                    raise InvalidValue(cell)
                text = cell.strip()
                if name in NUMBERS and text:
                    text, remark = restored_number(text, name, self._numbers[name])
                    if remark is not None:
                        self._remarks.append(Listing(": ", (Message("line {0}", (row.line,)), name, remark)))
            except InvalidValue as error:
                self._error(row.line, Listing(": ", (name, error.message)))
                continue
            if text:
                texts[name] = text
                if name in ("serial", "meter"):
                    self._once(row.line, name, text)
        return texts if len(self._errors) == before else None

    def _module(self, line: int, texts: Mapping[str, str]) -> SiteModule:
        """Return the row of a line: one of the site, or a new one. Raises InvalidValue."""
        serial, meter, place = (texts.get(name, "") for name in KEYS)
        if not (serial or meter or place):
            raise InvalidValue(Message("has neither a serial number nor a meter number nor a place"))
        by_serial = self._one(self._site.with_serial(serial), Message("module {0}", (serial,)))
        by_meter = self._one(_meter_rows(self._site, meter), Message("meter {0}", (meter,)))
        module = by_serial or by_meter
        if by_serial is not None and by_meter is not None and by_serial is not by_meter:
            self._join(by_serial, by_meter, texts)
        if module is None and not serial and not meter:
            module = self._one([each for each in self._site if each.place == place], Message("place {0}", (place,)))
        if module is None:
            module = SiteModule()
            self._added.append(module)
            return module
        before = self._found.setdefault(id(module), line)
        if before != line:
            raise InvalidValue(Message("it is the same row of the site as line {0}", (before,)))
        self._matched.append(module)
        return module

    def _join(self, module: SiteModule, waiting: SiteModule, texts: Mapping[str, str]) -> None:
        """Join a row that waits for the module; two modules stay two, and their meters are exchanged or wrong."""
        if waiting.found is None and not waiting.serial:
            changes = join_rows(module, waiting)
            # What the line itself says comes after this.
            self._changes += [each for each in changes if not (isinstance(each, Difference) and each.name in texts)]

    def _one(self, rows: list[SiteModule], what: Message) -> SiteModule | None:
        if len(rows) > 1:
            raise InvalidValue(Message("{0} is in {1} rows of the site; correct them first", (what, len(rows))))
        return rows[0] if rows else None

    def _once(self, line: int, name: str, text: str) -> None:
        before = self._lines.setdefault((name, text), line)
        if before != line:
            self._error(line, Message("{0} {1} is in line {2} already", (name, text, before)))

    def _error(self, line: int, error: Message) -> None:
        self._errors.append(Listing(": ", (Message("line {0}", (line,)), error)))


def _meter_rows(site: Site, meter: str) -> list[SiteModule]:
    """Return the rows of a meter: those that have it in the list, else those whose module reports it."""
    listed = [module for module in site if meter and module.meter == meter]
    return listed or site.with_meter(meter)
