"""Files dragged over the window and dropped on it, from any page and over any field."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.models.practice import PRACTICE_LINK
from cmi_gui.ui.pages.traffic.page import TrafficPage
from cmi_gui.ui.text.words import Level

CAPTURE = "10 7B 00 7B 16\nE5\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "dropped.txt"
    path.write_text(CAPTURE)
    return path


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drag(window: MainWindow, data: QMimeData, at: QPoint) -> bool:
    """Drag data over a point of the window as the desktop does; return whether the window takes it."""
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(at, Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(window.windowHandle(), enter)
    move = QDragMoveEvent(at, Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(window.windowHandle(), move)
    return move.isAccepted()


def drop(window: MainWindow, data: QMimeData, at: QPoint) -> None:
    event = QDropEvent(
        QPointF(at), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(window.windowHandle(), event)
    assert event.isAccepted()


def traffic(window: MainWindow) -> TrafficPage:
    page = window.findChild(TrafficPage)
    assert page is not None
    return page


def messages(window: MainWindow) -> list[tuple[Level, str]]:
    return [(message.level, message.text) for message in window.messages.last(10)]


@pytest.mark.parametrize("name", ["pageModule", "pageConfiguration", "pageTraffic"])
def test_a_file_is_opened_from_any_page(window: MainWindow, qtbot: QtBot, path: Path, name: str) -> None:
    window.go(name)
    at = QPoint(600, 400)
    assert drag(window, files(path), at)
    assert window.drop_area.isVisible()
    assert window.drop_area.size() == window.size()
    drop(window, files(path), at)
    assert not window.drop_area.isVisible()
    page = traffic(window)
    qtbot.waitUntil(lambda: page.model.source.name == "dropped.txt")
    assert window.stack.currentWidget() is page
    assert page.model.rowCount() == 2


def test_a_field_under_the_pointer_does_not_take_the_name(window: MainWindow, qtbot: QtBot, path: Path) -> None:
    window.go("pageTraffic")
    page = traffic(window)
    at = page.filter.mapTo(window, page.filter.rect().center())
    assert drag(window, files(path), at)
    drop(window, files(path), at)
    qtbot.waitUntil(lambda: page.model.source.name == "dropped.txt")
    assert page.filter.text() == ""


def test_of_several_files_the_first_is_opened(window: MainWindow, qtbot: QtBot, path: Path) -> None:
    other = path.with_name("other.txt")
    other.write_text(CAPTURE)
    drag(window, files(path, other, other), QPoint(9, 9))
    drop(window, files(path, other, other), QPoint(9, 9))
    page = traffic(window)
    qtbot.waitUntil(lambda: page.model.source.name == "dropped.txt")
    words = "Only dropped.txt is opened, because one file is opened at a time; other files dropped: 2"
    assert (Level.INFO, words) in messages(window)


def test_the_page_site_opens_sites_and_takes_plans(window: MainWindow, qtbot: QtBot, path: Path) -> None:
    at = QPoint(600, 400)
    plan = path.with_name("plan.csv")
    plan.write_text("place,meter\n13,33456790\n")
    window.go("pageBus")
    assert drag(window, files(plan), at)
    drop(window, files(plan), at)
    qtbot.waitUntil(lambda: [module.meter for module in window.site.site] == ["33456790"])
    assert window.stack.name_of(window.stack.currentIndex()) == "pageBus"
    kept = path.with_name("eken.site.toml")
    window.site.save_as(kept)
    qtbot.waitUntil(lambda: window.site.path == kept)
    window.site.open_unnamed()
    qtbot.waitUntil(lambda: not len(window.site.site.modules))
    # Its name says what it is, on every page.
    window.go("pageReadings")
    drop(window, files(kept), at)
    qtbot.waitUntil(lambda: window.site.path == kept and not window.site.loading)
    assert window.stack.name_of(window.stack.currentIndex()) == "pageBus"
    # What is neither is a capture.
    capture = path.with_name("capture.log")
    capture.write_text(CAPTURE)
    drop(window, files(capture), at)
    qtbot.waitUntil(lambda: traffic(window).model.source.name == "capture.log")
    window.practice.make_modules(1, 1)
    window.bus.connect_to(PRACTICE_LINK)
    drop(window, files(kept), at)
    assert messages(window)[0][1].startswith("eken.site.toml was not opened: disconnect the practice bus first")


def test_other_things_are_refused(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    at = QPoint(600, 400)
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/capture.txt")])
    assert drag(window, data, at)
    drop(window, data, at)
    assert messages(window)[0] == (
        Level.WARNING,
        "Only files on this computer can be opened; save it as a file first",
    )
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\0\0\0")
    for refused, words in ((tmp_path, "cannot be opened"), (picture, "it is not a text file")):
        drop(window, files(refused), at)
        qtbot.waitUntil(lambda words=words: words in messages(window)[0][1])
    assert traffic(window).model.source.live


def test_text_is_dragged_as_usual(window: MainWindow) -> None:
    data = QMimeData()
    data.setText("side:mbus")
    drag(window, data, QPoint(600, 400))
    assert not window.drop_area.isVisible()


def test_the_hint_goes_when_the_files_leave(window: MainWindow, path: Path) -> None:
    drag(window, files(path), QPoint(9, 9))
    assert window.drop_area.isVisible()
    QApplication.sendEvent(window.windowHandle(), QDragLeaveEvent())
    assert not window.drop_area.isVisible()
