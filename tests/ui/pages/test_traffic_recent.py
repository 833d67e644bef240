"""The recent files of the page Traffic."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QMessageBox
from pytestqt.qtbot import QtBot

from cmi_gui.engine.traffic.store import Direction
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.models.recent import MOST, RecentFiles, menu_text
from cmi_gui.ui.pages.traffic.page import TrafficPage
from cmi_gui.ui.prefs import Language
from tests.ui.pages.test_traffic_files import accept
from tests.ui.pages.test_traffic_page import REQ
from tests.ui.pages.test_traffic_tools import add

# The platform of the tests cannot grab the keyboard for a popup.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard", extend=True)


@pytest.fixture
def page(in_contact: MainWindow) -> TrafficPage:
    in_contact.go("pageTraffic")
    result = in_contact.findChild(TrafficPage)
    assert result is not None
    return result


def open_file(page: TrafficPage, qtbot: QtBot, path: Path) -> None:
    path.write_text("10 7B 00 7B 16\n")
    page.files.open(path)
    qtbot.waitUntil(lambda: page.model.source.name == path.name)


def menu(page: TrafficPage) -> list[str]:
    found = page.files.open_menu(page.top.open)
    texts = [action.text() for action in found.actions() if not action.isSeparator()]
    found.deleteLater()
    return texts


def test_opened_saved_and_recorded_files_are_in_the_menu(page: TrafficPage, qtbot: QtBot, tmp_path: Path) -> None:
    assert page.files.recent.paths == ()
    open_file(page, qtbot, tmp_path / "a&b.txt")
    page.close_capture()
    add(page, 1.0, Direction.RECEIVED, REQ)
    page.model.catch_up()
    page.top._menu.actions()[0].trigger()
    accept(qtbot, page, tmp_path / "saved.txt")
    qtbot.waitUntil(lambda: not page.context.background.busy)
    page.context.recording.start(tmp_path / "recorded.txt")
    qtbot.waitUntil(lambda: page.context.recording.active)
    # The gathering of a recording does not move it up again.
    open_file(page, qtbot, tmp_path / "a&b.txt")
    page.context.recording.changed.emit()
    page.context.recording.stop()
    assert [path.name for path in page.files.recent.paths] == ["a&b.txt", "recorded.txt", "saved.txt"]
    first, *files, last = menu(page)
    parted = [text.partition("  ·  ") for text in files]
    assert (first, last) == ("Open a file...", "Clear this list")
    assert [name for name, _, _ in parted] == ["a&&b.txt", "recorded.txt", "saved.txt"]
    # The end of a long folder is left out.
    assert all(str(tmp_path).startswith(folder.removesuffix("…")) for _, _, folder in parted)


def test_without_recent_files_the_button_asks_for_a_file(page: TrafficPage, qtbot: QtBot, tmp_path: Path) -> None:
    page.top.open.click()
    accept(qtbot, page, tmp_path / "missing.txt")
    qtbot.waitUntil(lambda: not page.context.background.busy)
    # It was never opened, so there is nothing to remove.
    assert page.window().findChild(QMessageBox, "goneQuestion") is None
    assert "missing.txt cannot be opened" in page.context.messages.last(1)[0].text


def test_a_recent_file_is_opened_from_the_menu_of_the_button(page: TrafficPage, qtbot: QtBot, tmp_path: Path) -> None:
    open_file(page, qtbot, tmp_path / "rows.txt")
    page.close_capture()
    page.top.open.click()
    assert not page.findChildren(QFileDialog)
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QMenu)
    popup.actions()[2].trigger()
    popup.close()
    qtbot.waitUntil(lambda: page.model.source.name == "rows.txt")


def test_a_missing_file_is_removed_on_request(page: TrafficPage, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "rows.txt"
    open_file(page, qtbot, path)
    page.close_capture()
    path.unlink()
    page.files.open(path)
    qtbot.waitUntil(lambda: page.findChild(QMessageBox, "goneQuestion") is not None)
    box = page.findChild(QMessageBox, "goneQuestion")
    assert box is not None
    assert box.text().startswith(f"rows.txt is no longer in {tmp_path}.")
    assert page.files.recent.paths == (path,)
    box.buttons()[0].click()
    assert page.files.recent.paths == ()


def test_the_list_can_be_cleared(page: TrafficPage, qtbot: QtBot, tmp_path: Path) -> None:
    open_file(page, qtbot, tmp_path / "rows.txt")
    page.files.open_menu(page.top.open).actions()[-1].trigger()
    assert page.files.recent.paths == ()


def test_the_list_survives_a_change_of_language(page: TrafficPage, qtbot: QtBot, tmp_path: Path) -> None:
    open_file(page, qtbot, tmp_path / "rows.txt")
    window = page.window()
    assert isinstance(window, MainWindow)
    window.set_language(Language.SWEDISH)
    window.set_language(Language.ENGLISH)
    again = next(page for page in window.pages if isinstance(page, TrafficPage))
    assert again.files.recent.paths == (tmp_path / "rows.txt",)


def test_the_list_is_short_and_has_each_file_once(tmp_path: Path) -> None:
    recent = RecentFiles()
    for number in range(MOST + 5):
        recent.add(tmp_path / f"{number}.txt")
    recent.add(tmp_path / "12.txt")
    names = [path.stem for path in recent.paths]
    assert len(names) == MOST
    assert names[:4] == ["12", "14", "13", "11"]


def test_only_paths_are_restored(tmp_path: Path) -> None:
    recent = RecentFiles()
    good = str(tmp_path / "good.txt")
    for kept in (None, 5, "text", {"a": 1}):
        recent.restore(kept)
        assert recent.paths == ()
    recent.restore([good, 5, None, "relative.txt", good, str(tmp_path / "a\0b"), "/" + "x" * 5000, []])
    assert recent.paths == (Path(good),)
    again = RecentFiles()
    again.restore(recent.state())
    assert again.paths == recent.paths


def test_a_name_is_text_in_a_menu() -> None:
    assert menu_text(Path("/tmp/a&b\n\u202ec.txt")) == f"a&&b\ufffd\ufffdc.txt  ·  {Path('/tmp')}"
