"""After an interrupted batch: what its journal says about the rows of the site, and what only the user can say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.configurator.values import settings
from cmi_gui.engine.configurator.write_run import WriteOutcome
from cmi_gui.engine.site.journal import AsFound, BatchBegun, Ended, Intent, JournalEntry, ReadBack
from cmi_gui.engine.site.model import Site, SiteModule, SiteWrite
from cmi_gui.engine.site.taking import keep_as_found, take_settings
from cmi_gui.engine.site.writes import begin_write, end_write, find_write, is_open_question, take_identification


def resume(site: Site, entries: Sequence[JournalEntry], table: CommandTable) -> list[SiteModule]:
    """Bring the rows of a site up to date with the journal of an interrupted batch; return the rows of that batch.

    A module to which something may have been sent without an outcome becomes unsure, with every place where it may be.
    Entries that the rows already have change nothing; those of rows that were removed are left out.
    """
    rows: dict[int, SiteModule] = {}
    begun: tuple[SiteModule, SiteWrite] | None = None
    for entry in entries:
        match entry:
            case BatchBegun():
                rows |= {id(module): module for name in entry.rows if (module := name.find(site)) is not None}
            case Intent():
                begun = _begin(site, entry, table)
            case Ended() if begun is not None:
                if begun[1].outcome is WriteOutcome.UNSURE and entry.outcome is not WriteOutcome.UNSURE:
                    end_write(*begun, entry.outcome, entry.message, table)
                begun = None
            case AsFound():
                found_in = entry.row.find(site)
                if found_in is not None and (found_in.as_found is None or found_in.as_found.at < _whole(entry.at)):
                    keep_as_found(site, found_in, entry.snapshot)
            case ReadBack():
                _take_read(site, entry, table)
    return [*rows.values()]


def open_questions(site: Site, table: CommandTable) -> list[tuple[SiteModule, SiteWrite]]:
    """Return the writes that may have been sent and cannot be read back: only the user can `decide` them."""
    return [(module, write) for module in site for write in module.written if is_open_question(write, table)]


def _begin(site: Site, entry: Intent, table: CommandTable) -> tuple[SiteModule, SiteWrite] | None:
    module = entry.row.find(site)
    row = next((row for row in table.profile.command if row.id == entry.name), None)
    if module is None or row is None:
        return None
    write = find_write(module, entry.name, entry.at)
    if write is None:
        # No password is taken from a file.
        text, before = (None, None) if row.secret else (entry.text, entry.before)
        write = SiteWrite(name=entry.name, text=text, before=before, outcome=WriteOutcome.UNSURE, at=entry.at)
        begin_write(module, write, entry.possible)
    return module, write


def _take_read(site: Site, entry: ReadBack, table: CommandTable) -> None:
    module, at = entry.row.find(site), _whole(entry.at)
    # The row may be newer than the entry: what was read before a write does not decide it.
    if module is None or any(write.outcome is WriteOutcome.UNSURE and write.at >= at for write in module.written):
        return
    ids = {row.id for row in settings(table) if not row.secret}
    newer = {
        name: text
        for name, text in entry.settings.items()
        if name in ids and (name not in module.known or module.known[name].at <= at)
    }
    if newer:
        module.possible = []
        take_settings(module, newer, table, at)
        take_identification(module, newer, table)


def _whole(at: datetime) -> datetime:
    """Return a time as a site file has it, in full seconds."""
    return at.replace(microsecond=0)
