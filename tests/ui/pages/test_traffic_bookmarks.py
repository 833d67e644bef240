"""Bookmarks on the page Traffic: set, noted, visited, filtered, and kept in captures and recordings."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.traffic import bookmarks as engine
from cmi_gui.engine.traffic.store import Direction
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.traffic import bookmarks
from cmi_gui.ui.pages.traffic.bars import View
from cmi_gui.ui.pages.traffic.bookmarks import BookmarkList, neighbour
from cmi_gui.ui.pages.traffic.line import TrafficColumn
from cmi_gui.ui.pages.traffic.page import TrafficPage
from cmi_gui.ui.prefs import Language
from tests.helpers.tapped_wire import read_capture
from tests.ui.pages.test_traffic_files import accept
from tests.ui.pages.test_traffic_page import NKE, REQ
from tests.ui.pages.test_traffic_tools import add, add_requests

# The platform of the tests cannot grab the keyboard for a popup.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard", extend=True)

RX = Direction.RECEIVED
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def page(in_contact: MainWindow, clock: VirtualClock) -> TrafficPage:
    """The page with an answered request, an unanswered one with its retry, and a last request."""
    in_contact.go("pageTraffic")
    result = in_contact.findChild(TrafficPage)
    assert result is not None
    result.follow.setChecked(False)
    add_requests(result, clock)
    return result


def index_at(page: TrafficPage, row: int) -> int:
    return page.model.line(row) >> 1


def summaries(page: TrafficPage) -> list[str]:
    return [
        str(page.model.index(row, TrafficColumn.SUMMARY).data())
        for row in range(page.model.rowCount())
        if not page.model.line(row) & 1
    ]


def mark(page: TrafficPage, row: int, note: str = "") -> int:
    """Bookmark a line with a note by the card; return the index of its row."""
    page.table.selectRow(row)
    page.bookmarks.write_note()
    page.bookmarks.card.field.setPlainText(note)
    page.bookmarks.card._save()
    return index_at(page, row)


def notes(page: TrafficPage) -> dict[int, str]:
    return page.model.source.store.bookmarks


def read(page: TrafficPage, path: Path) -> dict[int, str]:
    return read_capture(path, page.station.mask).store.bookmarks


def wait(page: TrafficPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not page.context.background.busy)


# Setting


def test_a_key_a_button_and_the_menu_set_and_remove_a_bookmark(page: TrafficPage, qtbot: QtBot) -> None:
    assert not page.bar.bookmark.isEnabled()
    page.table.selectRow(2)
    assert page.bar.bookmark.isEnabled()
    assert not page.bar.bookmark.isChecked()
    qtbot.keyClick(page.table, Qt.Key.Key_B, CONTROL)
    assert notes(page) == {index_at(page, 2): ""}
    assert page.bar.bookmark.isChecked()
    assert page.model.painted_line(2).bookmarked
    assert not page.model.painted_line(1).bookmarked
    page.bar.bookmark.click()
    assert notes(page) == {}
    assert not page.bar.bookmark.isChecked()
    menu = page.rows.menu()
    next(action for action in menu.actions() if action.text() == "Bookmark").trigger()
    assert notes(page) == {index_at(page, 2): ""}
    menu = page.rows.menu()
    next(action for action in menu.actions() if action.text() == "Remove the bookmark").trigger()
    assert notes(page) == {}


def test_a_note_is_written_on_a_card(page: TrafficPage, qtbot: QtBot) -> None:
    page.table.selectRow(2)
    qtbot.keyClick(page.table, Qt.Key.Key_B, CONTROL | SHIFT)
    card = page.bookmarks.card
    assert card.isVisible()
    assert not card.remove.isVisible()
    qtbot.keyClicks(card.field, "Late answer")
    qtbot.keyClick(card.field, Qt.Key.Key_Return)
    qtbot.keyClicks(card.field, "<b>ask</b>")
    qtbot.keyClick(card.field, Qt.Key.Key_Return, CONTROL)
    assert not card.isVisible()
    assert notes(page) == {index_at(page, 2): "Late answer\n<b>ask</b>"}
    index = page.model.index(2, TrafficColumn.SUMMARY)
    assert str(index.data()).startswith("Late answer  ·  ")
    assert "&lt;b&gt;" in index.data(Qt.ItemDataRole.ToolTipRole)
    # The card of an existing bookmark has its note, and removes it.
    page.bookmarks.write_note()
    assert card.field.toPlainText() == "Late answer\n<b>ask</b>"
    card.remove.click()
    assert notes(page) == {}


def test_escape_discards_a_note_and_a_click_beside_the_card_saves_it(page: TrafficPage, qtbot: QtBot) -> None:
    page.table.selectRow(2)
    page.bookmarks.write_note()
    qtbot.keyClicks(page.bookmarks.card.field, "discarded")
    qtbot.keyClick(page.bookmarks.card.field, Qt.Key.Key_Escape)
    assert not page.bookmarks.card.isVisible()
    assert notes(page) == {}
    page.bookmarks.write_note()
    page.bookmarks.card.close()
    assert notes(page) == {}
    page.bookmarks.write_note()
    qtbot.keyClicks(page.bookmarks.card.field, "kept")
    page.bookmarks.card.close()
    assert notes(page) == {index_at(page, 2): "kept"}


def test_a_pasted_note_is_cut(page: TrafficPage) -> None:
    page.table.selectRow(2)
    page.bookmarks.write_note()
    page.bookmarks.card.field.setPlainText("x" * 5000)
    assert len(page.bookmarks.card.field.toPlainText()) == engine.MAX_NOTE
    page.bookmarks.card._end()


def test_the_bookmark_of_a_silence_is_that_of_its_request(page: TrafficPage) -> None:
    silence = next(row for row in range(page.model.rowCount()) if page.model.line(row) & 1)
    page.table.selectRow(silence)
    page.bookmarks.toggle()
    assert notes(page) == {index_at(page, silence): ""}
    assert page.model.painted_line(silence - 1).bookmarked
    assert not page.model.painted_line(silence).bookmarked


def test_the_number_of_bookmarks_is_limited(page: TrafficPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bookmarks, "MAX_BOOKMARKS", 1)
    mark(page, 0, "first")
    mark(page, 1, "second")
    mark(page, 0, "changed")
    assert list(notes(page).values()) == ["changed"]
    assert "There are 1 bookmarks" in page.context.messages.last(1)[0].text


def test_bookmarks_go_with_their_rows(page: TrafficPage) -> None:
    mark(page, 1, "x")
    page.top.view.choose(View.BOOKMARKS)
    assert page.bookmarks.list.rowCount() == 1
    page._clear()
    page._catch_up()
    assert notes(page) == {}
    assert page.bookmarks.list.rowCount() == 0


# Visiting


def test_neighbours_go_round() -> None:
    assert neighbour([], 3, forward=True) is None
    assert [neighbour([2, 5, 9], at, forward=True) for at in (-1, 2, 3, 9)] == [2, 5, 5, 2]
    assert [neighbour([2, 5, 9], at, forward=False) for at in (-1, 2, 3, 9)] == [9, 9, 2, 5]


def test_f2_goes_from_bookmark_to_bookmark(page: TrafficPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.table, Qt.Key.Key_F2)
    assert page.context.messages.last(1)[0].text == "There are no bookmarks; Ctrl+B sets one"
    last = page.model.rowCount() - 1
    for row in (1, last):
        mark(page, row)
    page.table.selectRow(2)
    qtbot.keyClick(page.table, Qt.Key.Key_F2)
    assert page.table.currentIndex().row() == last
    qtbot.keyClick(page.table, Qt.Key.Key_F2)
    assert page.table.currentIndex().row() == 1
    qtbot.keyClick(page.table, Qt.Key.Key_F2, SHIFT)
    assert page.table.currentIndex().row() == last
    page.filter.setText("-bookmark")
    qtbot.keyClick(page.table, Qt.Key.Key_F2)
    assert "The filter hides all bookmarks" in page.context.messages.last(1)[0].text


def test_the_list_shows_changes_and_goes_to_bookmarks(page: TrafficPage, qtbot: QtBot) -> None:
    first, last = mark(page, 1, "one\ntwo"), mark(page, page.model.rowCount() - 1)
    page.top.view.choose(View.BOOKMARKS)
    table, marks = page.bookmarks.table, page.bookmarks.list
    ModelTester(None).check(marks)
    assert table.isVisible()
    assert [marks.index(row, BookmarkList.NOTE).data() for row in range(2)] == ["one  /  two", ""]
    assert [marks.index_of(row) for row in range(2)] == [first, last]
    table.selectRow(1)
    assert page.tree.topLevelItemCount() > 0
    assert page.bar.bookmark.isChecked()
    page.bookmarks.write_note()
    page.bookmarks.card.field.setPlainText("last")
    page.bookmarks.card._save()
    assert marks.index(1, BookmarkList.NOTE).data() == "last"
    assert table.currentIndex().row() == 1
    # The filter hides the row until the bookmark is chosen.
    page.filter.setText("side:meter")
    table.selectRow(1)
    table.activated.emit(table.currentIndex())
    assert page.views.currentIndex() == View.ALL
    assert page.filter.text() == ""
    assert index_at(page, page.table.currentIndex().row()) == last
    page.top.view.choose(View.BOOKMARKS)
    table.selectRow(0)
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert notes(page) == {last: "last"}
    assert marks.rowCount() == 1


def test_the_latest_telegram_of_a_kind_can_be_bookmarked(page: TrafficPage) -> None:
    page.top.view.choose(View.LATEST)
    page.latest_table.selectRow(0)
    row = page.latest.row(0)
    assert row is not None
    page.bookmarks.toggle()
    assert notes(page) == {row.index: ""}
    page.filter.setText("bookmark")
    assert page.latest.rowCount() == 1
    page.latest_table.selectRow(0)
    page.bookmarks.toggle()
    assert page.latest.rowCount() == 0


# Filters


def test_bookmarks_and_notes_are_filter_terms(page: TrafficPage) -> None:
    everything = page.model.rowCount()
    mark(page, 1, "Late, answer")
    mark(page, 3)
    page.filter.setText("bookmark")
    assert page.model.rowCount() == 2
    page.filter.setText("note:LATE")
    assert page.model.rowCount() == 1
    page.filter.setText('note:"late, answer"')
    assert page.model.rowCount() == 1
    page.filter.setText("-is:bookmark")
    assert page.model.rowCount() == everything - 2
    page.filter.setText("note:missing")
    assert page.model.rowCount() == 0
    page.filter.setText("bookmark")
    page.table.selectRow(1)
    current = index_at(page, 1)
    page.bookmarks._marks.set(page.model.source, current, "still current")
    assert index_at(page, page.table.currentIndex().row()) == current
    page.bookmarks.toggle()
    assert page.model.rowCount() == 1


# Files


def test_saved_rows_keep_their_bookmarks_and_new_ones_are_added_to_the_file(
    page: TrafficPage, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "rows.txt"
    page.filter.setText("side:mbus")
    mark(page, 1, "Grüße\n\u00e4nd this")
    page.top._menu.actions()[0].trigger()
    accept(qtbot, page, path)
    wait(page, qtbot)
    page.files.open(path)
    qtbot.waitUntil(lambda: page.model.source.name == "rows.txt")
    assert notes(page) == {1: "Grüße\nänd this"}
    page.table.selectRow(0)
    page.bookmarks.toggle()
    page.bookmarks._marks.set(page.model.source, 1, "changed")
    page.bookmarks._marks.set(page.model.source, 2, "removed again")
    page.bookmarks._marks.remove(page.model.source, 2)
    wait(page, qtbot)
    assert read(page, path) == {0: "", 1: "changed"}
    assert page.station.traffic.bookmarks != notes(page)


def test_a_log_of_another_tool_is_not_changed(page: TrafficPage, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_text("10 7B 00 7B 16\n10 5B 00 5B 16\n")
    before = path.read_bytes()
    page.files.open(path)
    qtbot.waitUntil(lambda: page.model.source.name == "log.txt")
    mark(page, 0, "mine")
    wait(page, qtbot)
    said = "log.txt is the log of another tool and is not changed; save its rows as a capture to keep bookmarks"
    assert page.context.messages.last(1)[0].text == said
    assert notes(page) == {0: "mine"}
    assert path.read_bytes() == before


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="a user without permissions is needed")
def test_a_file_without_permission_is_reported(page: TrafficPage, qtbot: QtBot, tmp_path: Path) -> None:
    saved_without_permission(page, qtbot, tmp_path, lambda path: path.chmod(0o400))


def test_a_file_that_is_gone_or_another_is_reported(page: TrafficPage, qtbot: QtBot, tmp_path: Path) -> None:
    saved_without_permission(page, qtbot, tmp_path, Path.unlink)
    saved_without_permission(page, qtbot, tmp_path, lambda path: path.write_text("another file"))


def saved_without_permission(page: TrafficPage, qtbot: QtBot, folder: Path, spoil: object) -> None:
    path = folder / "rows.txt"
    page.close_capture()
    page.files.save([page.model.row(0)], page.model.source)
    accept(qtbot, page, path)
    wait(page, qtbot)
    page.files.open(path)
    qtbot.waitUntil(lambda: page.model.source.name == "rows.txt")
    spoil(path)  # type: ignore[operator]
    content = path.read_bytes() if path.exists() else None
    mark(page, 0, "not stored")
    wait(page, qtbot)
    assert "The bookmark is not stored in rows.txt" in page.context.messages.last(1)[0].text
    assert (path.read_bytes() if path.exists() else None) == content
    assert notes(page) == {0: "not stored"}


def test_a_running_recording_gets_the_bookmarks_of_its_rows(
    page: TrafficPage, clock: VirtualClock, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "recording.txt"
    recording = page.context.recording
    before = mark(page, 1, "before the recording")
    recording.start(path)
    qtbot.waitUntil(lambda: recording.active)
    store = page.station.traffic
    first = len(store)
    for _ in range(3):
        add(page, clock.now(), RX, REQ)
    page.model.catch_up()
    # Not written yet: it comes with its row.
    page.bookmarks._marks.set(page.model.source, first + 1, "with its row")
    recording.gather()
    page.bookmarks._marks.set(page.model.source, first, "later")
    page.bookmarks._marks.set(page.model.source, before, "changed")
    add(page, clock.now(), RX, NKE)
    recording.gather()
    page.bookmarks._marks.set(page.model.source, first + 3, "")
    page.bookmarks._marks.remove(page.model.source, first)
    wait(page, qtbot)
    # It can be opened while it runs, and a bookmark set there goes to the same file.
    page.files.open(path)
    qtbot.waitUntil(lambda: page.model.source.name == "recording.txt")
    assert notes(page) == {1: "with its row", 3: ""}
    page.bookmarks._marks.set(page.model.source, 2, "in the opened file")
    add(page, clock.now(), RX, NKE)
    recording.stop()
    wait(page, qtbot)
    capture = read_capture(path, page.station.mask)
    assert (len(capture.store), capture.bad_lines, capture.bad_bookmarks) == (5, 0, 0)
    assert capture.store.bookmarks == {1: "with its row", 2: "in the opened file", 3: ""}


def test_unreadable_bookmarks_are_counted_in_the_bar(page: TrafficPage, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "rows.txt"
    page.files.save([page.model.row(0)], page.model.source)
    accept(qtbot, page, path)
    wait(page, qtbot)
    with path.open("a") as file:
        file.write('# bookmark 99 2026-11-21T08:15:03.402118Z "x"\n')
    page.files.open(path)
    qtbot.waitUntil(lambda: page.model.source.name == "rows.txt")
    assert page.opened_bar.words == "Capture rows.txt  ·  1 telegrams  ·  unreadable bookmarks: 1"


def test_bookmarks_survive_a_change_of_language(page: TrafficPage, qtbot: QtBot) -> None:
    mark(page, 1, "x")
    window = page.window()
    assert isinstance(window, MainWindow)
    window.set_language(Language.SWEDISH)
    window.set_language(Language.ENGLISH)
    window.go("pageTraffic")
    again = window.stack.currentWidget()
    assert isinstance(again, TrafficPage)
    again.top.view.choose(View.BOOKMARKS)
    QApplication.processEvents()
    assert again.bookmarks.list.rowCount() == 1
