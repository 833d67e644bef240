"""The open site as a file: kept by itself, locked, recovered; in virtual time of the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from cmi_gui.app import build
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.site.model import SiteModule
from cmi_gui.engine.site.site_file import SUFFIX, SiteError, read_site
from cmi_gui.engine.site.site_lock import lock_site
from cmi_gui.engine.station.station import StationConfig
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.models.site import SiteModel
from cmi_gui.ui.models.site_store import SiteStore
from cmi_gui.ui.pages.bus.page import BusPage
from cmi_gui.ui.pages.bus.site_menu import SiteDetails

Start = Callable[[], MainWindow]


@pytest.fixture
def start(qtbot: QtBot, clock: VirtualClock, tmp_path: Path) -> Iterator[Start]:
    """Start the program with the same state folder, again and again; `end` of the one before comes first."""
    windows: list[MainWindow] = []

    def begin() -> MainWindow:
        window = build(StationConfig(mbus=(), state_dir=tmp_path / "state"), clock=clock)
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
    assert path.stat().st_mode & 0o777 == 0o600
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
    assert "2 added" in messages(window)
    window.site.undo.undo()
    assert places(window) == []


def test_a_store_without_a_folder_keeps_nothing(qtbot: QtBot, window: MainWindow) -> None:
    assert window.site.path is None
    add(window.site, "11")
    assert not window.site.store.unsaved
    assert isinstance(window.site.store, SiteStore)
