"""The keyboard: Tab reaches everything and comes round on every page, and Escape leaves what was opened."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QButtonGroup, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.makers import page_entries
from cmi_gui.ui.targets import BUILT_IN
from cmi_gui.ui.widgets.plain.disclosure import Disclosure
from tests.helpers.keyboard import controls, walk
from tests.ui.conftest import RealModule

PAGES = ["pageBus", "pageConfiguration", "pageReadings", "pageDiagnostics", "pageTraffic", "pageModule", "pageConnections"]


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
    window.stack.page(window.stack.currentIndex()).enter()


@pytest.mark.parametrize("real", [False, True], ids=["built in", "real module"])
@pytest.mark.parametrize("page", PAGES)
def test_tab_comes_round_and_reaches_every_control(
    active: MainWindow, real_module: RealModule, qtbot: QtBot, page: str, real: bool
) -> None:
    active.targets.choose(real_module.target.key if real else BUILT_IN)
    open_page(active, page)
    forth = walk(qtbot, active)
    missed = controls(active) - set(forth)
    assert missed == set()
    back = walk(qtbot, active, back=True)
    print(len(forth))
    assert back == [forth[0], *reversed(forth[1:])]
