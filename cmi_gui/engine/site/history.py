"""Readings of the modules of a site in the history: a key for each module and world, whatever port it is on."""

from __future__ import annotations

from cmi_gui.engine.history.service import History, milliseconds
from cmi_gui.engine.history.values import GapCause, Quality, history_key
from cmi_gui.engine.site.model import Site, SiteModule
from cmi_gui.engine.site.read_many import ReadResult


def site_key(module: SiteModule, world: str) -> str | None:
    """Return the key of a module's readings; None if it was never found. `world`: as in `history_key`."""
    return None if module.found is None else history_key(module.found.identity.key, world)


def site_keys(site: Site, world: str) -> set[str]:
    """Return the keys of all modules of a site, for `History.forget`."""
    return {key for module in site if (key := site_key(module, world)) is not None}


def quality_of(result: ReadResult) -> Quality:
    """Return the quality of the readings of a result."""
    return Quality.LAST_KNOWN if result.last_known else Quality.MEASURED


def record(history: History, result: ReadResult, world: str = "") -> None:
    """Add the readings of a module to the history, or a gap if there are none."""
    key, at = site_key(result.module, world), milliseconds(result.at.timestamp())
    if key is None:
        return
    if result.readings:
        history.record(key, at, result.readings, quality_of(result))
    else:
        history.gap(key, at, GapCause.NO_ANSWER)
