"""The settings in a report: as found and as left, those that all modules share, and those that differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from cmi_gui.engine.cmi1020.profile import CommandRow
from cmi_gui.engine.report.document import ChangedValue, ReportCell, ReportColumn, ReportSection
from cmi_gui.engine.report.facts import NOT_READ_BACK, SiteFacts
from cmi_gui.engine.report.modules import place_cells, place_columns
from cmi_gui.engine.site.model import SiteModule

_SETTINGS_IN_A_TABLE: Final = 4
"""More columns would be too narrow on A4."""


def changes_sections(facts: SiteFacts) -> Iterator[ReportSection]:
    """Yield the settings that were changed in the visit, of all modules, as found and as left."""
    words = facts.words
    changed = [row for row in facts.rows.values() if any(facts.is_changed(module, row) for module in facts.modules)]
    if not changed:
        yield ReportSection("changes", words("changes"), (words("no_changes"),))
        return
    for rows in _tables(changed):
        columns = (*place_columns(facts), *(ReportColumn(facts.title(row), 20, compared=True) for row in rows))
        lines = tuple(
            (*place_cells(module), *(_compared(facts, module, row) for row in rows)) for module in facts.modules
        )
        first = rows[0] is changed[0]
        title = words("changes") if first else words("continued", words("changes"))
        yield ReportSection("changes", title, (words("changes_text"),) if first else (), columns, lines)


def settings_sections(facts: SiteFacts) -> Iterator[ReportSection]:
    """Yield the settings that all modules have alike as a list, and the others as a table."""
    words = facts.words
    modules = [module for module in facts.modules if module.known]
    rows = [row for row in facts.rows.values() if any(row.id in module.known for module in modules)]
    if not rows:
        yield ReportSection("settings", words("settings"), (words("no_settings"),))
        return
    values = {row.id: [facts.left(module, row) for module in modules] for row in rows}
    alike = [row for row in rows if len(set(values[row.id])) == 1]
    differing = [row for row in rows if row not in alike]
    notes = [words("settings_text")]
    if any(value.endswith(NOT_READ_BACK) for each in values.values() for value in each):
        notes.append(words("not_read_back"))
    if alike:
        title = words("settings") if len(modules) == 1 else words("settings_alike", len(modules))
        pairs = tuple((facts.title(row), values[row.id][0]) for row in alike)
        titles = ReportColumn(words("setting"), 40), ReportColumn(words("value"), 60)
        yield ReportSection("settings", title, tuple(notes), titles, pairs)
    for part in _tables(differing):
        first = part[0] is differing[0]
        title = words("settings_differ") if first else words("continued", words("settings_differ"))
        columns = (*place_columns(facts), *(ReportColumn(facts.title(row), 20) for row in part))
        lines = tuple((*place_cells(module), *(facts.left(module, row) for row in part)) for module in facts.modules)
        yield ReportSection("settings", title, () if alike or not first else tuple(notes), columns, lines)


def _tables(rows: Sequence[CommandRow]) -> Iterator[Sequence[CommandRow]]:
    for start in range(0, len(rows), _SETTINGS_IN_A_TABLE):
        yield rows[start : start + _SETTINGS_IN_A_TABLE]


def _compared(facts: SiteFacts, module: SiteModule, row: CommandRow) -> ReportCell:
    left = facts.left(module, row)
    return ChangedValue(facts.as_found(module, row), left) if facts.is_changed(module, row) else left
