"""The list of messages that the strip opens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.frame.message_history import MessageHistory
from cmi_gui.ui.text.words import Level
from cmi_gui.ui.theme import DARK, LIGHT, Colours
from cmi_gui.ui.widgets.plain.message_list import paint_level

# The platform of the tests cannot grab the keyboard for a popup.
pytestmark = pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)

LONG = "The settings could not be written: " + "the module did not answer, " * 20
UNBROKEN = "/" + "folder" * 120


@pytest.fixture
def history(in_contact: MainWindow) -> Iterator[MessageHistory]:
    """The open list, with messages of each level above those of the first readout."""
    messages = in_contact.messages
    messages.add_message(1.0, Level.GOOD, "Table saved to a.csv")
    messages.add_message(2.0, Level.ERROR, LONG)
    messages.add_message(3.0, Level.WARNING, UNBROKEN)
    in_contact.station.set_bus_voltage(30.0)
    in_contact.bridge.drain()
    in_contact.strip.history.click()
    yield in_contact.strip.popup
    in_contact.strip.popup.close()


def texts(history: MessageHistory) -> list[str]:
    return [history.list.item(row).text()[9:] for row in range(history.list.count())]


def choose(history: MessageHistory, title: str) -> None:
    next(button for button in history.filter.findChildren(QPushButton) if button.text() == title).click()


def test_opening_it_reads_the_result(history: MessageHistory, in_contact: MainWindow) -> None:
    assert not in_contact.messages.unread
    assert in_contact.strip.text == "Bus voltage 30 V"


def test_the_filter_leaves_results_or_trouble(history: MessageHistory) -> None:
    everything = texts(history)
    assert everything[:4] == ["Bus voltage 30 V", UNBROKEN, LONG, "Table saved to a.csv"]
    choose(history, "Results")
    assert texts(history) == [UNBROKEN, LONG, "Table saved to a.csv"]
    choose(history, "Trouble")
    assert texts(history) == [UNBROKEN, LONG]
    history.search.setText("DID NOT")
    assert texts(history) == [LONG]
    history.search.setText("nothing has these words")
    assert texts(history) == []
    assert not history.copy.isEnabled()
    choose(history, "All")
    history.search.clear()
    assert texts(history) == everything


def test_a_long_message_wraps(history: MessageHistory) -> None:
    view = history.list
    assert not view.horizontalScrollBar().isVisible()
    assert view.horizontalScrollBar().maximum() == 0
    line = view.visualItemRect(view.item(0)).height()
    for row in (1, 2):
        rect = view.visualItemRect(view.item(row))
        assert rect.height() > 2 * line
        assert rect.right() < view.viewport().width()
    wide = view.visualItemRect(view.item(2)).height()
    history.resize(history.width() // 2, history.height())
    assert view.visualItemRect(view.item(2)).height() > wide
    assert view.horizontalScrollBar().maximum() == 0


def test_chosen_messages_are_copied_as_text(history: MessageHistory, in_contact: MainWindow, qtbot: QtBot) -> None:
    local = in_contact.station.anchor.local
    history.list.item(3).setSelected(True)
    history.list.item(2).setSelected(True)
    qtbot.keyClick(history.list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == (
        f"{local(2.0):%Y-%m-%d %H:%M:%S}\tError\t{LONG}\n{local(1.0):%Y-%m-%d %H:%M:%S}\tGood\tTable saved to a.csv\n"
    )
    assert in_contact.strip.text == "Messages copied to the clipboard"
    history.list.clearSelection()
    history.copy.click()
    assert QGuiApplication.clipboard().text().count("\n") == history.list.count()


def test_a_screen_reader_gets_the_level(history: MessageHistory) -> None:
    spoken = history.list.item(3).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Good: ")
    assert spoken.endswith("Table saved to a.csv")


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_each_level_has_its_own_shape_and_colour(scheme: Colours, qtbot: QtBot) -> None:
    shapes, inks = set(), set()
    for level in Level:
        image = QImage(24, 24, QImage.Format.Format_ARGB32)
        image.fill(QColor(0, 0, 0, 0))
        painter = QPainter(image)
        paint_level(painter, level, QRectF(2, 2, 20, 20), scheme)
        painter.end()
        pixels = [image.pixelColor(x, y) for y in range(24) for x in range(24)]
        shapes.add(tuple(pixel.alpha() > 0 for pixel in pixels))
        inks.add(image.pixelColor(12, 12).name())
    assert len(shapes) == len(inks) == len(Level)
