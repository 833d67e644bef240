"""Settings, restored state, welcome bar, messages with a link to a page, closing."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QMessageBox, QTableView
from pytestqt.qtbot import QtBot

from cmi_gui.app import build
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.ui.frame.help import HelpWindow
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.frame.tour import Tour
from cmi_gui.ui.pages.makers import FIRST_PAGE, page_entries
from cmi_gui.ui.prefs import Language, Prefs
from cmi_gui.ui.text.status import listening
from cmi_gui.ui.text.words import Level
from cmi_gui.ui.theme import DARK, LIGHT, Scheme, colours
from cmi_gui.ui.widgets.plain.buttons import Button


def opened(folder: Path, qtbot: QtBot) -> MainWindow:
    window = build(StationConfig(mbus=(), state_dir=folder), clock=VirtualClock())
    window.show()
    return window


def closed(window: MainWindow) -> None:
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.mark.pages
def test_the_settings_shortcut_and_an_immediate_change_of_theme(in_contact: MainWindow, qtbot: QtBot) -> None:
    in_contact.activateWindow()
    qtbot.waitUntil(in_contact.isActiveWindow)
    qtbot.keyClick(in_contact, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    settings = in_contact._settings
    assert settings is not None
    assert settings.isVisible()
    for scheme, expected in ((Scheme.DARK, DARK), (Scheme.LIGHT, LIGHT)):
        settings.theme.choose(scheme)
        assert in_contact.prefs.stored.theme is scheme
        qtbot.waitUntil(lambda expected=expected: colours(in_contact.palette()) is expected)
        assert colours(settings.palette()) is expected
        assert all(colours(page.palette()) is expected for page in in_contact.pages)
    settings.close()


def test_the_state_of_the_window_is_restored(tmp_path: Path, qtbot: QtBot) -> None:
    first = opened(tmp_path, qtbot)
    table = first.findChild(QTableView, "trafficTable")
    table.horizontalHeader().resizeSection(1, 123)
    first.set_theme(Scheme.DARK)
    first.findChild(Button, "welcomeClose").click()
    first.go("pageTraffic")
    first.resize(first.minimumSizeHint().width(), 700)
    closed(first)
    second = opened(tmp_path, qtbot)
    assert second.stack.currentWidget().objectName() == "pageTraffic"
    assert second.findChild(QTableView, "trafficTable").horizontalHeader().sectionSize(1) == 123
    assert second.height() == 700
    assert colours(second.palette()) is DARK
    assert not second.welcome.isVisible()
    closed(second)


@pytest.mark.parametrize("damage", [b"", b"{", b'{"shown_page": 7}', b'{"theme": "pink"}', b"\xff\xfe"])
def test_a_damaged_window_file_is_set_aside_and_reported(tmp_path: Path, qtbot: QtBot, damage: bytes) -> None:
    (tmp_path / "window.json").write_bytes(damage)
    window = opened(tmp_path, qtbot)
    (aside,) = tmp_path.glob("window-damaged-*.json")
    assert aside.read_bytes() == damage
    assert str(aside) in window.strip.text
    closed(window)
    assert json.loads((tmp_path / "window.json").read_text())["shown_page"] == FIRST_PAGE


@pytest.mark.parametrize(
    "strange",
    [
        {"page": 3}, {"page": "x"}, {"shown_page": "pageNone"}, {"geometry": "%%%"},
        {"tables": {"trafficTable": "AAAA", "nobody": "?"}},
        {"splitters": {"x": "&"}}, {"pages": {"pageTraffic": {"filter": 7}, "pageNone": {}}}, {"unknown": 1},
    ],
)  # fmt: skip
def test_invalid_values_are_ignored(tmp_path: Path, qtbot: QtBot, strange: dict[str, object]) -> None:
    (tmp_path / "window.json").write_text(json.dumps(strange))
    window = opened(tmp_path, qtbot)
    assert window.stack.currentWidget().objectName() == FIRST_PAGE
    columns = window.findChild(QTableView, "trafficTable").horizontalHeader()
    assert all(
        columns.sectionSize(place) > 10 for place in range(columns.count()) if not columns.isSectionHidden(place)
    )
    closed(window)


def test_the_prefs_file_is_private_and_complete(tmp_path: Path) -> None:
    prefs = Prefs(tmp_path)
    prefs.stored.language = Language.SWEDISH
    prefs.save()
    assert Prefs(tmp_path).stored == prefs.stored
    assert [path.name for path in tmp_path.iterdir()] == ["window.json"]


def test_the_buttons_of_the_welcome_bar_open_their_pages(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = make_window()
    window.show()
    qtbot.waitUntil(lambda: listening(window.station) is not None)
    assert window.welcome.isVisible()
    window.go("pageTraffic")
    window.findChild(Button, "doorMaster").click()
    assert not window.welcome.isVisible()
    assert not window.prefs.stored.welcomed
    assert window.stack.currentWidget().objectName() == "pageModule"
    assert window.focusWidget().accessibleName().startswith("Copy: ")
    window.findChild(Button, "doorReal").click()
    assert window.stack.currentWidget().objectName() == "pageBus"
    window.findChild(Button, "welcomeClose").click()
    assert not window.welcome.isVisible()
    assert window.prefs.stored.welcomed


def test_a_warning_links_to_its_page(in_contact: MainWindow, clock: VirtualClock) -> None:
    assert not in_contact.strip.show_details.isVisible()
    meter = in_contact.station.meter
    assert meter is not None
    meter.faults.silent = True
    assert clock.run_until(clock.now() + 300, lambda: not in_contact.station.module.contact)
    in_contact.bridge.drain()
    assert in_contact.strip.show_details.isVisible()
    in_contact.strip.show_details.click()
    assert in_contact.stack.currentWidget().objectName() == "pageDiagnostics"


def test_a_message_without_a_page_has_no_button(in_contact: MainWindow) -> None:
    in_contact.messages.add_message(1.0, Level.ERROR, "No way")
    assert not in_contact.strip.show_details.isVisible()


def profile(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text)
    return path


def test_a_profile_is_checked_before_it_is_accepted(in_contact: MainWindow, tmp_path: Path) -> None:
    in_contact.open_settings()
    settings = in_contact._settings
    assert settings is not None
    row = settings.module_profile
    row.check(profile(tmp_path, "nonsense = 1\n"))
    assert "own.toml" in row.problem.text()
    assert row.problem.isVisible()
    assert in_contact.prefs.stored.module_profile == ""
    from importlib import resources

    good = profile(tmp_path, resources.files("cmi_gui.resources").joinpath("profiles/cmi1020.toml").read_text())
    row.check(good)
    assert row.problem.text() == ""
    assert in_contact.prefs.stored.module_profile == str(good)
    settings.close()


def test_the_window_starts_with_a_damaged_profile(tmp_path: Path, qtbot: QtBot) -> None:
    prefs = Prefs(tmp_path)
    prefs.stored.module_profile = str(profile(tmp_path, "[[command]]\nid = 7\n"))
    prefs.save()
    window = opened(tmp_path, qtbot)
    assert "own.toml" in window.strip.text
    assert "not used" in window.strip.text
    closed(window)


def test_the_welcome_bar_starts_the_tour(window: MainWindow) -> None:
    window.findChild(Button, "doorTwin").click()
    tour = window.findChild(Tour)
    assert tour.isVisible()
    qt_key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(QApplication.focusWidget() or tour, qt_key)
    assert window.findChild(Tour) is None or not window.findChild(Tour).isVisible()


def test_f1_opens_the_guide_at_the_shown_page(in_contact: MainWindow, qtbot: QtBot) -> None:
    in_contact.activateWindow()
    qtbot.waitUntil(in_contact.isActiveWindow)
    titles = []
    for page in ("pageTraffic", "pageConfiguration"):
        in_contact.go(page)
        in_contact.activateWindow()
        qtbot.waitUntil(in_contact.isActiveWindow)
        qtbot.keyClick(in_contact, Qt.Key.Key_F1)
        guide = next(guide for guide in in_contact.findChildren(HelpWindow) if guide.isVisible())
        qtbot.waitUntil(lambda guide=guide: guide.contents.currentItem() is not None)
        titles.append(guide.contents.currentItem().text().strip())
        guide.close()
    assert titles == ["Traffic", "Configuration"]


def test_pages_may_be_made_after_the_first_paint(qtbot: QtBot, tmp_path: Path) -> None:
    prefs = Prefs(tmp_path)
    prefs.stored.shown_page = "pageTraffic"
    prefs.stored.tables["trafficTable"] = ""
    prefs.save()
    window = build(StationConfig(mbus=(), state_dir=tmp_path), clock=VirtualClock(), lazily=True)
    assert [page.objectName() for page in window.pages] == ["pageTraffic"]
    with qtbot.waitSignal(window.stack.complete):
        window.show()
        window.go("pageDiagnostics")
        assert [page.objectName() for page in window.pages] == ["pageDiagnostics", "pageTraffic"]
        assert window.pages[0].isVisible()
    assert len(window.pages) == window.stack.count() == len(page_entries())
    assert window.stack.currentWidget().objectName() == "pageDiagnostics"
    # Excluded from Python's garbage collection only as long as the window exists.
    assert gc.get_freeze_count() > 10_000
    closed(window)
    assert gc.get_freeze_count() == 0


def test_closing_before_all_pages_are_made(qtbot: QtBot, tmp_path: Path) -> None:
    window = build(StationConfig(mbus=(), state_dir=tmp_path), clock=VirtualClock(), lazily=True)
    window.show()
    qtbot.waitUntil(lambda: len(window.pages) > 1)
    made = len(window.pages)
    closed(window)
    QApplication.processEvents()
    assert made < 7
    assert Prefs(tmp_path).stored.shown_page == FIRST_PAGE


class CrossClicked(QCloseEvent):
    """A close event as from a window manager, which the platform of the tests lacks."""

    def spontaneous(self) -> bool:
        return True


def click_cross(window: MainWindow) -> bool:
    event = CrossClicked()
    window.closeEvent(event)
    return event.isAccepted()


def test_closing_with_unwritten_changes_needs_confirmation(in_contact: MainWindow, qtbot: QtBot) -> None:
    in_contact.configuration.edit("tag", "7")
    assert not click_cross(in_contact)
    assert not click_cross(in_contact)
    questions = in_contact.findChildren(QMessageBox, "closeQuestion")
    assert len(questions) == 1, "one question, however often it is clicked"
    assert "Configuration: 1. They are lost" in questions[0].text()
    qtbot.mouseClick(questions[0].button(QMessageBox.StandardButton.Cancel), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: in_contact.findChild(QMessageBox, "closeQuestion") is None)
    assert in_contact.isVisible()
    assert in_contact.station.running

    assert not click_cross(in_contact)
    question = in_contact.findChild(QMessageBox, "closeQuestion")
    without = next(button for button in question.buttons() if button.text() == "Close the window without writing")
    qtbot.mouseClick(without, Qt.MouseButton.LeftButton)
    assert not in_contact.isVisible()
    assert not in_contact.station.running


def test_without_changes_the_window_closes_at_once(in_contact: MainWindow) -> None:
    assert click_cross(in_contact)
    assert not in_contact.station.running
