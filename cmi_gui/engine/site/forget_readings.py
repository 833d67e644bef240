"""Removal of a site's readings from this computer, as when a report was handed over and consumption is private."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass

import msgspec

from cmi_gui.engine.history.service import History
from cmi_gui.engine.history.values import HistoryInfo
from cmi_gui.engine.site.history import site_keys
from cmi_gui.engine.site.model import Site, Snapshot


@dataclass(frozen=True, slots=True)
class ForgottenReadings:
    """What was removed: `values` in the site itself; `modules`, the modules whose history is removed by `history`."""

    values: int
    modules: int
    history: Future[HistoryInfo]


def forget_readings(site: Site, history: History, world: str = "") -> ForgottenReadings:
    """Remove all readings of a site, also those as found and of the last visit, and its modules' history.

    The site must then be saved, and steps that could bring readings back must not be undone. Reports and tables that
    were saved are files of the user and stay. `world`: as in `history_key`.
    """
    values = 0
    for module in site:
        values += len(module.readings)
        module.readings = {}
        for name in ("as_found", "last_visit"):
            snapshot: Snapshot | None = getattr(module, name)
            if snapshot is not None and snapshot.readings:
                values += len(snapshot.readings)
                setattr(module, name, msgspec.structs.replace(snapshot, readings=()))
    keys = site_keys(site, world)
    return ForgottenReadings(values, len(keys), history.forget(keys))
