"""Removal of the readings of a site."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.history.service import History
from cmi_gui.engine.iec62056.reading import Reading
from cmi_gui.engine.site.forget_readings import forget_readings
from cmi_gui.engine.site.history import site_key
from cmi_gui.engine.site.model import Snapshot
from cmi_gui.engine.site.site_file import site_text
from tests.helpers.report_sites import VISIT, visited_site


def test_readings_go_from_the_site_and_from_the_history_and_those_of_others_stay(tmp_path: Path) -> None:
    site = visited_site(2)
    first = site.modules[0]
    before = tuple(first.readings.values())
    assert first.as_found is not None
    first.as_found = msgspec.structs.replace(first.as_found, readings=before[:1])
    first.last_visit = Snapshot(at=VISIT, readings=before[:2])
    history = History(tmp_path, lambda trouble: None)
    key = site_key(first, "")
    assert key is not None
    for module in (key, "somebody else's"):
        history.record(module, 1, [Reading("1.8.0", "1.5", Decimal("1.5"), "kWh")])
    removed = forget_readings(site, history)
    assert (removed.values, removed.modules) == (5 + 5 + 1 + 2, 2)
    removed.history.result()
    assert not history.latest(key, 9).result()
    assert history.latest("somebody else's", 9).result()
    history.close(2)
    assert "kWh" not in site_text(site, CommandTable(load_module_profile()))
    # What else is known of the modules stays.
    assert first.as_found is not None
    assert first.as_found.settings["primary_address"] == "0"
