"""The tour: its targets, mouse and keyboard, every size, and no blocking."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.frame.tour import Tour, start_tour, stops
from cmi_gui.ui.prefs import Language
from cmi_gui.ui.theme import DARK, LIGHT, Scheme, apply_theme


def rect_of(window: MainWindow, name: str) -> QRect:
    widget = window.findChild(QWidget, name)
    assert widget is not None
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def click(qtbot: QtBot, tour: Tour, name: str) -> None:
    button = tour.findChild(QPushButton, name)
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def tour_ended(window: MainWindow) -> bool:
    return all(not tour.isVisible() for tour in window.findChildren(Tour))


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080), (1024, 700)])
def test_every_stop_shows_its_page_and_points_at_its_widgets(
    in_contact: MainWindow, qtbot: QtBot, size: tuple[int, int]
) -> None:
    in_contact.resize(*size)
    tour = start_tour(in_contact)
    assert 5 <= len(stops(in_contact.station)) <= 6
    for place, stop in enumerate(stops(in_contact.station)):
        assert tour.index == place
        assert in_contact.stack.currentWidget().objectName() == stop.page
        QApplication.processEvents()
        tour._follow()
        for name in stop.widgets:
            assert tour.hole.contains(rect_of(in_contact, name) & tour.rect()), name
        callout = tour.callout
        assert tour.rect().contains(callout.geometry())
        assert callout.title.text() == stop.title
        assert callout.text.text() == stop.text
        if size[0] >= 1280:
            assert not callout.geometry().intersects(tour.hole)
        for label in (callout.title, callout.text):
            assert label.height() >= label.heightForWidth(label.width())
        click(qtbot, tour, "tourNext")
    assert tour_ended(in_contact)
    assert in_contact.stack.currentWidget().objectName() == "pageModule"


def test_back_and_skip(in_contact: MainWindow, qtbot: QtBot) -> None:
    tour = start_tour(in_contact)
    assert not tour.callout.back.isEnabled()
    assert tour.callout.back.toolTip()
    click(qtbot, tour, "tourNext")
    click(qtbot, tour, "tourBack")
    assert tour.index == 0
    with qtbot.waitSignal(tour.ended) as ended:
        click(qtbot, tour, "tourSkip")
    assert ended.args == [False]
    assert tour_ended(in_contact)


def test_by_keyboard_alone(in_contact: MainWindow, qtbot: QtBot) -> None:
    in_contact.activateWindow()
    qtbot.waitUntil(in_contact.isActiveWindow)
    tour = start_tour(in_contact)
    for key, place in ((Qt.Key.Key_Right, 1), (Qt.Key.Key_Left, 0), (Qt.Key.Key_Space, 1), (Qt.Key.Key_Return, 2)):
        qtbot.keyClick(in_contact.focusWidget(), key)
        assert tour.index == place
    seen = set()
    for _ in range(6):
        qtbot.keyClick(in_contact.focusWidget(), Qt.Key.Key_Tab)
        seen.add(in_contact.focusWidget().objectName())
    assert seen == {"tourSkip", "tourBack", "tourNext"}, "Tab does not leave the tour"
    with qtbot.waitSignal(tour.ended) as ended:
        qtbot.keyClick(in_contact.focusWidget(), Qt.Key.Key_Escape)
    assert ended.args == [False]


def test_a_completed_tour_reports_it(in_contact: MainWindow, qtbot: QtBot) -> None:
    tour = start_tour(in_contact)
    with qtbot.waitSignal(tour.ended) as ended:
        for _ in stops(in_contact.station):
            tour.step(1)
    assert ended.args == [True]


def test_the_tour_follows_the_size_of_the_window(in_contact: MainWindow, qtbot: QtBot) -> None:
    tour = start_tour(in_contact)
    tour.step(1)
    in_contact.resize(1700, 1000)
    qtbot.waitUntil(lambda: tour.hole.contains(rect_of(in_contact, "breakerButton")))
    assert tour.geometry() == in_contact.rect()
    assert tour.rect().contains(tour.callout.geometry())


def test_hidden_widgets_are_not_pointed_at(in_contact: MainWindow, qtbot: QtBot) -> None:
    tour = start_tour(in_contact)
    in_contact.go("pageReadings", "")
    qtbot.waitUntil(lambda: tour.hole.isEmpty())
    assert tour.rect().contains(tour.callout.geometry())


def test_the_engine_keeps_running_and_clicks_are_blocked(
    in_contact: MainWindow, clock: VirtualClock, qtbot: QtBot
) -> None:
    tour = start_tour(in_contact)
    tour.step(1)
    qtbot.mouseClick(tour, Qt.MouseButton.LeftButton, pos=tour.hole.center())
    assert in_contact.station.module.control.disconnector == 1
    assert not in_contact.station.module.control.process.moving
    in_contact.station.press_button()
    clock.advance(20)
    assert in_contact.station.module.control.disconnector == 0


def test_there_is_one_tour_at_a_time(in_contact: MainWindow) -> None:
    tour = start_tour(in_contact)
    tour.step(1)
    assert start_tour(in_contact) is tour
    assert tour.index == 1
    tour.end(seen=False)
    tour.end(seen=False)
    assert start_tour(in_contact) is not tour


def test_a_change_of_language_ends_the_tour(in_contact: MainWindow) -> None:
    start_tour(in_contact)
    in_contact.set_language(Language.SWEDISH)
    QApplication.processEvents()
    assert tour_ended(in_contact)


def test_closing_the_window_during_the_tour(in_contact: MainWindow) -> None:
    start_tour(in_contact)
    in_contact.close()


def test_the_shade_and_the_callout_follow_the_theme(in_contact: MainWindow, qapp: QApplication) -> None:
    tour = start_tour(in_contact)
    for scheme, expected in ((Scheme.DARK, DARK), (Scheme.LIGHT, LIGHT)):
        apply_theme(qapp, scheme)
        qapp.processEvents()
        image = tour.callout.grab().toImage()
        assert image.pixelColor(image.width() // 2, 6) == expected.base
        lit = in_contact.grab().toImage()
        corner = lit.pixelColor(4, in_contact.height() - 4)
        assert corner.lightness() < expected.window.lightness(), "darker outside the hole"
