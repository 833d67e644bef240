"""The keyboard: Tab reaches everything and comes round on every page, and Escape leaves what was opened."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog
from pytestqt.qtbot import QtBot

from cmi_gui.engine.traffic.store import Side
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.frame.tour import Tour
from cmi_gui.ui.pages.makers import page_entries
from cmi_gui.ui.pages.traffic.page import TrafficPage
from cmi_gui.ui.targets import BUILT_IN, ModuleTarget
from cmi_gui.ui.widgets.plain.disclosure import Disclosure
from cmi_gui.ui.widgets.plain.scroll_bar import ScrollColumn
from tests.helpers.keyboard import controls, place, walk
from tests.ui.conftest import RealModule

pytestmark = pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)

PAGES = [
    "pageBus",
    "pageConfiguration",
    "pageReadings",
    "pageDiagnostics",
    "pageTraffic",
    "pageModule",
    "pageConnections",
]


def test_all_pages_are_walked() -> None:
    assert [entry.name for entry in page_entries()] == PAGES


@pytest.fixture
def active(in_contact: MainWindow, qtbot: QtBot) -> MainWindow:
    """The window with the keyboard."""
    in_contact.activateWindow()
    qtbot.waitUntil(in_contact.isActiveWindow)
    return in_contact


def open_page(window: MainWindow, page: str) -> None:
    window.go(page)
    for part in window.stack.currentWidget().findChildren(Disclosure):
        part.set_open(True)
    QApplication.processEvents()
    current = window.stack.page(window.stack.currentIndex())
    if isinstance(current, TrafficPage):
        # The buttons for a telegram are enabled while one is selected.
        current.table.selectRow(0)
    current.enter()


@pytest.mark.parametrize("real", [False, True], ids=["built in", "real module"])
@pytest.mark.parametrize("page", PAGES)
def test_tab_comes_round_and_reaches_every_control(
    active: MainWindow, real_module: RealModule, qtbot: QtBot, page: str, real: bool
) -> None:
    active.targets.choose(real_module.target.key if real else BUILT_IN)
    open_page(active, page)
    forth = [place(stop) for stop in walk(qtbot, active)]
    missed = [control for control in controls(active) if place(control) not in forth]
    assert missed == []
    back = [place(stop) for stop in walk(qtbot, active, back=True)]
    assert back == [forth[0], *reversed(forth[1:])]


@pytest.mark.parametrize("page", ["pageBus", "pageModule", "pageConnections"])
def test_tab_reaches_every_control_of_the_practice_bus(
    active: MainWindow, practice_module: ModuleTarget, qtbot: QtBot, page: str
) -> None:
    open_page(active, page)
    forth = [place(stop) for stop in walk(qtbot, active)]
    assert [control for control in controls(active) if place(control) not in forth] == []
    back = [place(stop) for stop in walk(qtbot, active, back=True)]
    assert back == [forth[0], *reversed(forth[1:])]


def test_tab_stops_at_the_entry_of_the_page_and_arrows_reach_the_others(active: MainWindow, qtbot: QtBot) -> None:
    active.go("pageTraffic")
    active.stack.page(active.stack.currentIndex()).enter()
    entries = active.navigation.findChildren(QAbstractButton)
    stops = [stop for stop in walk(qtbot, active) if stop in entries and stop.isCheckable()]
    assert [stop.accessibleName() for stop in stops] == ["Traffic"]
    stops[0].setFocus(Qt.FocusReason.TabFocusReason)
    shown = []
    for key in [Qt.Key.Key_Up] * len(PAGES) + [Qt.Key.Key_Down] * len(PAGES):
        qtbot.keyClick(QApplication.focusWidget(), key)
        shown.append(active.stack.currentWidget().objectName())
    assert set(shown) == set(PAGES)


def test_tab_stops_at_the_chosen_button_of_a_group(active: MainWindow, qtbot: QtBot) -> None:
    active.go("pageTraffic")
    bar = active.stack.currentWidget().bar
    bar.filter.setFocus(Qt.FocusReason.TabFocusReason)
    for side, name in ((Side.METER, "Side: Meter"), (Side.MBUS, "Side: M-Bus"), (None, "Side: Both sides")):
        bar.side.show_value(side)
        for back in (True, False):
            stops = [stop.accessibleName() for stop in walk(qtbot, active, back=back) if bar.side.isAncestorOf(stop)]
            assert stops == [name]


def test_a_tab_from_elsewhere_scrolls_to_the_focus(active: MainWindow, qtbot: QtBot) -> None:
    active.resize(960, 600)
    open_page(active, "pageConfiguration")
    page = active.stack.currentWidget()
    bar = page.findChild(ScrollColumn).verticalScrollBar()
    assert bar.maximum() > 0
    before = page.group_choice if page.group_choice.isVisible() else page.technical
    before.setFocus(Qt.FocusReason.TabFocusReason)
    bar.setValue(bar.maximum())
    stops = walk(qtbot, active)
    assert any(page.findChild(ScrollColumn).isAncestorOf(stop) for stop in stops)


def test_escape_clears_the_filter_and_does_not_trap_the_focus(active: MainWindow, qtbot: QtBot) -> None:
    active.go("pageTraffic")
    field = active.stack.currentWidget().bar.filter
    field.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClicks(field, "si")
    qtbot.keyClick(field, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    popup = field._popup
    qtbot.waitUntil(popup.isVisible)
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    assert not popup.isVisible()
    assert field.text() == "si"
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is not field


def test_escape_closes_what_was_opened_and_the_focus_returns(active: MainWindow, qtbot: QtBot) -> None:
    active.go("pageTraffic")
    page = active.stack.currentWidget()
    for opener in (active.strip.history, page.bar.help, page.top.more, active.header.target):
        opener.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.keyClick(opener, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
        popup = QApplication.activePopupWidget()
        QTest.keyClick(popup.focusWidget() or popup, Qt.Key.Key_Escape)
        assert not popup.isVisible(), popup
        assert active.focusWidget() is opener


def test_tab_comes_round_in_settings_and_guide_and_escape_closes_them(active: MainWindow, qtbot: QtBot) -> None:
    for opened in (active.open_settings, active.open_help):
        opened()
        shown = next(dialog for dialog in active.findChildren(QDialog) if dialog.isVisible())
        shown.activateWindow()
        qtbot.waitUntil(shown.isActiveWindow)
        qtbot.waitUntil(lambda shown=shown: shown.focusWidget() is not None)
        stops = walk(qtbot, shown)
        assert {place(control) for control in controls(shown)} <= {place(stop) for stop in stops}
        qtbot.keyClick(shown.focusWidget(), Qt.Key.Key_Escape)
        assert not shown.isVisible()
        active.activateWindow()
        qtbot.waitUntil(active.isActiveWindow)


def test_tab_stays_in_the_tour_and_escape_ends_it(active: MainWindow, qtbot: QtBot) -> None:
    active.show_around()
    tour = active.findChild(Tour)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert tour.index == 1
    for back in (False, True):
        assert {stop.objectName() for stop in walk(qtbot, active, back=back)} == {"tourSkip", "tourBack", "tourNext"}
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not tour.isVisible()
