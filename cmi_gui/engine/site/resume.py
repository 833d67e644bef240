"""After an interrupted batch: what its journal says about the rows of the site, and what only the user can say."""

from __future__ import annotations

from collections.abc import Sequence

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.site.journal import JournalEntry
from cmi_gui.engine.site.model import Site, SiteModule, SiteWrite


def resume(site: Site, entries: Sequence[JournalEntry], table: CommandTable) -> list[SiteModule]:
    """Bring the rows of a site up to date with the journal of an interrupted batch; return the rows of that batch.

    A module to which something may have been sent without an outcome becomes unsure, with every place where it may be.
    Entries that the rows already have change nothing.
    """
    raise NotImplementedError


def open_questions(site: Site, table: CommandTable) -> list[tuple[SiteModule, SiteWrite]]:
    """Return the writes that may have been sent and cannot be read back: only the user can say whether they were."""
    raise NotImplementedError


def decide(module: SiteModule, write: SiteWrite, *, carried_out: bool) -> None:
    """Store the user's answer to an open question. A password that was not carried out stays wanted."""
    raise NotImplementedError
