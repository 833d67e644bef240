"""The open site as a file: kept by itself, locked, recovered; in virtual time of the engine."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from cmi_gui.app import build
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.configurator import masters
from cmi_gui.engine.room.made_room import make_room
from cmi_gui.engine.site.model import RowState, SiteModule
from cmi_gui.engine.site.schedule import Schedule
from cmi_gui.engine.site.search_file import search_file
from cmi_gui.engine.site.site_file import SUFFIX, SiteError, read_site
from cmi_gui.engine.site.site_lock import lock_site
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.station import Station
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.models.site import SiteModel
from cmi_gui.ui.models.site_store import SiteStore
from cmi_gui.ui.pages.bus.page import BusPage
from cmi_gui.ui.pages.bus.site_menu import SiteDetails
from tests.helpers.pages import go_to
from tests.helpers.private import is_private
from tests.helpers.station_bench import NOON

Start = Callable[..., MainWindow]
MODULES = 6
LONG = 4000.0


@pytest.fixture
def start(qtbot: QtBot, clock: VirtualClock, tmp_path: Path) -> Iterator[Start]:
    """Start the program with the same state folder, again and again; `end` of the one before comes first."""
    windows: list[MainWindow] = []

    def begin(file: Path | None = None) -> MainWindow:
        window = build(StationConfig(mbus=(), state_dir=tmp_path / "state"), clock=clock)
        window.first_file = file
        windows.append(window)
        window.start()
        settle(qtbot, window)
        return window

    yield begin
    for window in windows:
        end(window)


def end(window: MainWindow) -> None:
    if not window._shut_down:
        window.shutdown()
        window.deleteLater()


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until nothing is read or written any more."""
    qtbot.waitUntil(lambda: not (window.site.loading or window.site.store.unsaved or window.background.busy))


def places(window: MainWindow) -> list[str]:
    return [module.place for module in window.site.site]


def add(model: SiteModel, *places: str) -> None:
    model.add_rows([SiteModule(place=place) for place in places], "Rows")


def messages(window: MainWindow) -> str:
    return "\n".join(entry.text for entry in window.messages.last(5))


def test_a_site_without_a_name_is_kept_and_gets_a_file(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    window = start()
    assert window.site.store.unnamed
    add(window.site, "11")
    settle(qtbot, window)
    end(window)
    window = start()
    assert places(window) == ["11"]
    path = tmp_path / f"Brf Eken{SUFFIX}"
    window.site.save_as(path)
    settle(qtbot, window)
    assert window.site.site.name == "Brf Eken"
    assert str(path) in messages(window)
    add(window.site, "12")
    settle(qtbot, window)
    assert [module.place for module in read_site(path, window.site.table)] == ["11", "12"]
    assert is_private(path)
    end(window)
    window = start()
    assert (window.site.path, places(window)) == (path, ["11", "12"])
    window.site.open_unnamed()
    settle(qtbot, window)
    assert places(window) == [], "what was saved under a name is not kept twice"
    assert window.site.recent.paths == (path,)


def test_a_change_at_the_last_moment_is_in_the_file(start: Start, tmp_path: Path) -> None:
    window = start()
    add(window.site, "11")
    end(window)
    assert places(start()) == ["11"]


@pytest.fixture
def bus(clock: VirtualClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Station]:
    """A real bus with a few modules."""
    points = make_room(MODULES).points
    modules = tuple(replace(point, paced=False, readout_interval=86_400.0, start_time=NOON) for point in points)
    station = Station(StationConfig(mbus=(), modules=modules), clock)
    station.start()
    clock.advance(30)
    monkeypatch.setattr(masters, "make_link", lambda *_: station.connect_master())
    yield station
    station.stop()


def scan_page(window: MainWindow) -> BusPage:
    """The page Site with the port of the real bus chosen."""
    window.show()
    page = go_to(window, BusPage)
    page.port.restore({"kind": "tcp", "device": "", "tcp": "192.0.2.1:10001"})
    page.scan.restore({"primary": False, "secondary": True})
    return page


def search_half(window: MainWindow, clock: VirtualClock, qtbot: QtBot) -> int:
    """Begin a search and return the number of modules in the site's file when it has found half of them."""
    page = scan_page(window)
    assert page.scan.button.text() == "Scan the bus"
    page.scan.button.click()
    assert clock.run_until(clock.now() + LONG, lambda: len(window.site.site.modules) == MODULES // 2)
    settle(qtbot, window)
    return len(window.site.site.modules)


@pytest.mark.parametrize("end_of_program", ["cancelled", "closed", "killed"])
def test_an_interrupted_search_goes_on_after_a_restart(
    start: Start, bus: Station, clock: VirtualClock, qtbot: QtBot, tmp_path: Path, end_of_program: str
) -> None:
    window = start()
    half = search_half(window, clock, qtbot)
    state, killed = tmp_path / "state", tmp_path / "killed"
    shutil.copytree(state, killed)
    assert clock.run_until(clock.now() + LONG, lambda: len(window.site.site.modules) == half + 1)
    if end_of_program == "cancelled":
        window.bus.cancel_scan()
        settle(qtbot, window)
    end(window)
    if end_of_program == "killed":
        # As it was on the disk in the middle of the search.
        shutil.rmtree(state)
        killed.rename(state)
    else:
        half += 1
    window = start()
    assert len(window.site.site.modules) == half
    page = scan_page(window)
    assert page.scan.button.text() == "Continue the scan"
    page.scan.button.click()
    assert clock.run_until(clock.now() + LONG, lambda: window.bus.scan is not None and not window.bus.scanning)
    scan, path = window.bus.scan, window.site.path
    assert scan is not None
    assert path is not None
    assert scan.complete
    assert len(scan.entries) == MODULES - half
    assert [module.state for module in window.site.site] == [RowState.FOUND] * MODULES
    settle(qtbot, window)
    assert not search_file(path).exists()
    end(window)
    window = start()
    assert scan_page(window).scan.button.text() == "Scan the bus"


@pytest.mark.parametrize("stopped", [False, True])
def test_a_cyclic_reading_that_the_end_of_the_program_stopped_is_told(
    start: Start, bus: Station, clock: VirtualClock, qtbot: QtBot, stopped: bool
) -> None:
    window = start()
    search_half(window, clock, qtbot)
    window.bus.cancel_scan()
    window.site_readings.start_cycle(Schedule(timedelta(minutes=15)))
    window.bus.disconnect_link()
    if stopped:
        window.site_readings.stop_cycle()
    end(window)
    words = "The cyclic reading every 15 min stopped when the program ended"
    window = start()
    assert (words in messages(window)) is not stopped
    end(window)
    window = start()
    assert words not in messages(window), "it is said once"


def test_a_cyclic_reading_ends_with_its_site(
    start: Start, bus: Station, clock: VirtualClock, qtbot: QtBot, tmp_path: Path
) -> None:
    window = start()
    search_half(window, clock, qtbot)
    window.bus.cancel_scan()
    window.site_readings.start_cycle(Schedule(timedelta(minutes=15)))
    window.site.new(tmp_path / f"other{SUFFIX}")
    settle(qtbot, window)
    assert window.site_readings.cyclic is None
    assert "The cyclic reading was stopped, because another site is open" in messages(window)


def test_an_interrupted_search_of_another_bus_or_mask_does_not_go_on(
    start: Start, bus: Station, clock: VirtualClock, qtbot: QtBot
) -> None:
    window = start()
    search_half(window, clock, qtbot)
    end(window)
    window = start()
    page = scan_page(window)
    assert page.scan.button.text() == "Continue the scan"
    page.scan.mask_field.setText("5010FFFF")
    assert page.scan.button.text() == "Scan the bus"
    page.scan.mask_field.setText("FFFFFFFF")
    page.port.restore({"kind": "tcp", "device": "", "tcp": "192.0.2.2:10001"})
    page.scan.button.click()
    assert window.bus.scan is not None
    assert not window.bus.scan.continues


def test_only_one_program_works_on_a_site(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    window, path = start(), tmp_path / f"a{SUFFIX}"
    window.site.new(path)
    settle(qtbot, window)
    with pytest.raises(SiteError, match="is in use by another program; close the site there first"):
        lock_site(path)
    window.site.open_unnamed()
    settle(qtbot, window)
    add(window.site, "unnamed")
    with lock_site(path):
        window.site.open(path)
        settle(qtbot, window)
        assert "is in use by another program" in messages(window)
        assert places(window) == ["unnamed"]
    window.site.open(path)
    settle(qtbot, window)
    assert window.site.path == path
    assert places(window) == []


def test_what_could_not_be_written_is_recovered(
    start: Start, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, path = start(), tmp_path / "stick" / f"a{SUFFIX}"
    window.site.new(path)
    settle(qtbot, window)
    folder = path.parent
    away = tmp_path / "away"
    folder.rename(away)
    # A file in the place of the folder: nothing can be written there, not even by root.
    folder.touch()
    add(window.site, "11")
    qtbot.waitUntil(lambda: bool(window.site.store.problem))
    assert "could not be written" in messages(window)
    end(window)
    folder.unlink()
    away.rename(folder)
    window = start()
    assert places(window) == ["11"]
    assert "were recovered" in messages(window)
    settle(qtbot, window)
    assert [module.place for module in read_site(path, window.site.table)] == ["11"]
    assert [each.name for each in (tmp_path / "state" / "sites").glob("unwritten*")] == []


def test_damaged_and_missing_files_are_reported(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    window, path = start(), tmp_path / f"a{SUFFIX}"
    path.write_text("format = 1\nname = 3\n")
    window.site.open(path)
    settle(qtbot, window)
    assert "line 2" in messages(window)
    assert window.site.store.unnamed
    unnamed = window.site.store.unnamed_path
    assert unnamed is not None
    end(window)
    unnamed.write_text("nonsense")
    window = start()
    assert "It is kept as" in messages(window)
    add(window.site, "11")
    settle(qtbot, window)
    end(window)
    assert places(start()) == ["11"]


def test_the_last_site_is_opened_in_place_of_a_damaged_one(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    window, path, damaged = start(), tmp_path / f"a{SUFFIX}", tmp_path / f"b{SUFFIX}"
    damaged.write_text("nonsense")
    window.site.new(path)
    settle(qtbot, window)
    end(window)
    window = start(damaged)
    assert "The site cannot be opened" in messages(window)
    assert window.site.path == path
    end(window)
    path.write_text("nonsense")
    window = start(damaged)
    assert window.site.store.unnamed
    end(window)
    assert "cannot be opened" not in messages(start()), "a last site that is damaged is not opened again"


def test_a_site_that_is_gone_is_named(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    window, path = start(), tmp_path / f"a{SUFFIX}"
    window.site.new(path)
    settle(qtbot, window)
    end(window)
    path.unlink()
    window = start()
    assert f"{path} is no longer there" in messages(window)
    assert window.site.store.unnamed


def test_a_simulated_site_enters_no_file(start: Start, qtbot: QtBot) -> None:
    window = start()
    add(window.site, "11")
    window.bus.connect_to("sim:")
    assert window.site.practice
    assert places(window) == []
    add(window.site, "simulated")
    with pytest.raises(RuntimeError):
        window.site.save_as(Path("x"))
    end(window)
    assert places(start()) == ["11"]


def test_menu_details_and_plan(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    window = start()
    window.go("pageBus")
    page = window.stack.currentWidget()
    assert isinstance(page, BusPage)
    menu: QMenu = page.menu.menu_of_site()
    words = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert words[:3] == ["New site...", "Open a site...", "Save under another name..."]
    page.menu.edit_details()
    (details,) = page.menu.findChildren(SiteDetails)
    details.fields["name"].setText("Brf Eken ")
    details.note.setPlainText("key at\nthe office\x07")
    details._take()
    assert (window.site.site.name, window.site.site.note) == ("Brf Eken", "key at\nthe office")
    assert page.menu.text() == "Brf Eken"
    plan = tmp_path / "plan.csv"
    plan.write_text("meter;place;primary_address\n33456788;11;1\n33456789;12;2\n")
    page.menu.take_plan(plan)
    settle(qtbot, window)
    assert places(window) == ["11", "12"]
    assert [module.changes for module in window.site.site] == [{"primary_address": "1"}, {"primary_address": "2"}]
    assert "rows added 2" in messages(window)
    window.site.undo.undo()
    assert places(window) == []


def test_a_store_without_a_folder_keeps_nothing(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    assert window.site.path is None
    add(window.site, "11")
    assert not window.site.store.unsaved
    assert isinstance(window.site.store, SiteStore)
    (tmp_path / f"a{SUFFIX}").write_text("nonsense")
    window.site.open(tmp_path / f"a{SUFFIX}")
    settle(qtbot, window)
    assert places(window) == ["11"], "a site that cannot be opened replaces nothing"
