"""A visit in the window, on a practice bus in virtual time: from an empty site to the report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.room.made_room import make_room
from cmi_gui.engine.room.room_file import Room, write_room
from cmi_gui.engine.site.model import RowState, SiteModule
from cmi_gui.engine.station.station import Station
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.models.visit import WritePhase
from cmi_gui.ui.pages.bus.page import BusPage, View
from cmi_gui.ui.pages.bus.steps import Step
from cmi_gui.ui.pages.bus.write_view import WriteView
from tests.helpers.pages import go_to
from tests.helpers.station_bench import NOON

MODULES = 4
LONG = 4000.0


@pytest.fixture
def page(window: MainWindow, clock: VirtualClock, tmp_path: Path) -> BusPage:
    """The page Site after a search of a practice bus with a few modules, all at address 0."""
    points = tuple(
        replace(point, paced=False, readout_interval=86_400.0, start_time=NOON, has_disconnector=True)
        for point in make_room(MODULES).points
    )
    path = tmp_path / "room.toml"
    write_room(path, Room(1, points))
    page = go_to(window, BusPage)
    page.port.restore({"kind": "practice", "device": ""})
    assert window.practice.open(path)
    page.port.connect_chosen()
    clock.advance(60)
    page.scan.primary.setChecked(False)
    page.scan.secondary.setChecked(True)
    page.scan.button.click()
    assert clock.run_until(clock.now() + LONG, lambda: not page.bus.scanning)
    assert len(window.site.site.modules) == MODULES
    return page


def want_addresses(page: BusPage) -> list[SiteModule]:
    """Want places and addresses of all modules, as typed into the list."""
    modules = page.site.site.modules
    for number, module in enumerate(modules, 11):
        page.site.set_cells(
            [
                (module, "place", f"flat {number}"),
                (module, "primary_address", str(number)),
                (module, "rate_map", "1 1 1 1"),
            ],
            "typed",
        )
    return modules


def room_of(window: MainWindow) -> Station:
    room = window.practice.room
    assert room is not None
    return room


def test_a_visit(window: MainWindow, page: BusPage, clock: VirtualClock, tmp_path: Path) -> None:
    modules = want_addresses(page)
    page.show_step(Step.WRITE)
    view = page.views[View.WRITE]
    assert isinstance(view, WriteView)
    assert view.count.text() == "8 differences in 4 modules"
    assert view.go.text() == "Write 8 changes"
    view.go.click()
    assert window.visit.phase is WritePhase.FIRST
    assert clock.run_until(clock.now() + LONG, lambda: window.visit.phase is WritePhase.ASKING)
    assert window.visit.batch is not None
    assert [point.module.settings.primary_address for point in room_of(window).points].count(0) == MODULES - 1
    assert view.run_view.go_on.text() == "Go on with 3 modules"
    view.run_view.go_on.click()
    assert clock.run_until(clock.now() + LONG, lambda: window.visit.phase is WritePhase.ENDED)
    assert view.run_view.title.text() == "Done: 4 modules"
    addresses = {point.config.serial: point.module.settings.primary_address for point in room_of(window).points}
    assert addresses == {module.serial: number for number, module in enumerate(modules, 11)}
    assert all(module.state is RowState.FOUND and not module.changes for module in modules)
