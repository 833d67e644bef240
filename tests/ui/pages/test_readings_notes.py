"""Notes on the plots: by menu, key and button; the list; pictures and exports; restarts and other modules."""

from __future__ import annotations

import csv
import time
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QMessageBox, QPushButton, QToolTip
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from cmi_gui.engine.history.service import HistoryError
from cmi_gui.engine.history.values import MAX_NOTE_CHARACTERS, Note
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.readings.notes import time_of, time_text
from cmi_gui.ui.pages.readings.page import ReadingsPage
from cmi_gui.ui.prefs import LANGUAGES, Language, TableFormat
from cmi_gui.ui.widgets.plot.note_marks import NoteMarks
from cmi_gui.ui.widgets.plot.picture import png_image, svg_bytes
from tests.helpers.fit import misfits
from tests.ui.conftest import RealModule
from tests.ui.pages.test_readings_history import Run, advance, export, run, settled

__all__ = ["run"]


@pytest.fixture
def page(run: Run, qtbot: QtBot) -> ReadingsPage:
    """The page after ten minutes of readings, with the voltage and the energy plotted."""
    window, page, clock = run(time.time() - 7200)
    page.model.set_plotted("1.8.0", True)
    advance(window, clock, 10)
    qtbot.waitUntil(lambda: settled(page) and len(page.plot._plots) == 2)
    return page


def click(page: ReadingsPage, name: str, qtbot: QtBot) -> None:
    button = page.findChild(QAbstractButton, name)
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def write(page: ReadingsPage, text: str, qtbot: QtBot) -> None:
    """Enter a text in the open fields and save it."""
    section, before = page.pane.note_section, len(page.pane.notes.notes)
    section.text.setPlainText(text)
    click(page, "noteSave", qtbot)
    assert not section.editor.isVisible()
    qtbot.waitUntil(lambda: len(page.pane.notes.notes) == before + 1)


def add(page: ReadingsPage, back: float, text: str, qtbot: QtBot) -> Note:
    """Add a note some seconds back."""
    at = page.history.now() - back
    page.pane.note_section.add_at(at)
    write(page, text, qtbot)
    return next(note for note in page.pane.notes.notes if note.time == round(at * 1000))


def place_of(page: ReadingsPage, number: int) -> QPoint:
    """Return a place of the viewport on the line of a note, in the lower half of the first plot."""
    marks: NoteMarks = next(page.plot.note_marks())
    x = next(x for mark, x, _ in marks.places() if mark.number == number)
    return page.plot.mapFromScene(marks.mapToScene(QPointF(x, marks.boundingRect().height() * 0.8)))


# Writing


def test_a_note_is_added_at_the_line_with_a_key(page: ReadingsPage, qtbot: QtBot) -> None:
    page.plot.setFocus()
    qtbot.keyClick(page.plot, Qt.Key.Key_End)
    at = page.plot.cursor_time
    assert at is not None
    qtbot.keyClick(page.plot, Qt.Key.Key_N)
    section = page.pane.note_section
    assert section.opened
    assert section.time.text() == time_text(round(at * 1000))
    assert section.text.hasFocus() or not page.isActiveWindow()
    section.text.setPlainText("Pump starts")
    qtbot.keyClick(section.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(page.pane.notes.notes) == 1)
    assert page.pane.notes.notes == [Note(round(at * 1000), page.history.key_of(page._target), "Pump starts")]
    assert [mark.text for mark in page.plot.notes_in_view()] == ["Pump starts"]
    qtbot.keyClick(page.plot, Qt.Key.Key_N)
    assert section.text.toPlainText() == "Pump starts"
    qtbot.keyClick(section.text, Qt.Key.Key_Escape)
    assert not section.editor.isVisible()


@pytest.mark.qt_log_ignore("grabbing the keyboard")
def test_the_right_button_opens_a_menu_unless_it_is_dragged(page: ReadingsPage, qtbot: QtBot) -> None:
    viewport, right = page.plot.viewport(), Qt.MouseButton.RightButton
    menu = page.pane.note_section._menu
    place = QPoint(viewport.width() // 2, 60)
    qtbot.mousePress(viewport, right, pos=place)
    qtbot.mouseRelease(viewport, right, pos=place + QPoint(QApplication.startDragDistance() + 5, 0))
    assert not menu.isVisible()
    qtbot.mousePress(viewport, right, pos=place)
    qtbot.mouseRelease(viewport, right, pos=place)
    assert menu.isVisible()
    at = page.plot.cursor_time or page.plot.time_at(place.x())
    assert at is not None
    words = f"Add note at {datetime.fromtimestamp(round(at * 1000) / 1000):%H:%M:%S}..."
    assert [action.text() for action in menu.actions()] == [words]
    menu.actions()[0].trigger()
    menu.close()
    write(page, "Here", qtbot)
    page.plot.set_cursor(None)
    QApplication.sendEvent(
        page.plot, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, place, page.plot.mapToGlobal(place))
    )
    assert menu.isVisible()
    menu.close()


@pytest.mark.qt_log_ignore("grabbing the keyboard")
def test_a_note_is_changed_and_deleted_where_it_is(page: ReadingsPage, qtbot: QtBot) -> None:
    add(page, 400, "first", qtbot)
    note = add(page, 200, "secnd", qtbot)
    qtbot.waitUntil(lambda: len(page.plot.notes_in_view()) == 2)
    section = page.pane.note_section
    section._open_menu(place_of(page, 2), 0.0)
    assert [action.text() for action in section._menu.actions()] == ["Change note 2...", "Delete note 2..."]
    section._menu.actions()[0].trigger()
    section._menu.close()
    section.text.setPlainText("second")
    click(page, "noteSave", qtbot)
    qtbot.waitUntil(lambda: [n.text for n in page.pane.notes.notes] == ["first", "second"])
    assert page.pane.notes.notes[1].time == note.time
    section.table.selectRow(0)
    click(page, "noteDelete", qtbot)
    box = section.findChild(QMessageBox)
    assert box is not None
    assert "first" in box.text()
    chosen = next(b for b in box.findChildren(QPushButton) if b.text().replace("&", "") == "Delete note")
    qtbot.mouseClick(chosen, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: [n.text for n in page.pane.notes.notes] == ["second"])


def test_what_is_not_allowed_is_said_at_the_fields(page: ReadingsPage, qtbot: QtBot) -> None:
    note = add(page, 300, "here", qtbot)
    section = page.pane.note_section
    click(page, "noteAdd", qtbot)

    def refused(moment: str, text: str) -> str:
        page.findChild(QLineEdit, "noteTime").setText(moment)
        section.text.setPlainText(text)
        click(page, "noteSave", qtbot)
        assert section.editor.isVisible()
        return section._wrong.text()

    assert refused("yesterday", "x").startswith("“yesterday” is not a valid time")
    assert refused("0001-01-01 00:00 ", "") != ""
    assert refused("2026-05-17 10:31", " ") == "A note needs a text"
    assert refused("2026-05-17 10:31:02", "x" * 600).startswith(f"A note has at most {MAX_NOTE_CHARACTERS} characters")
    section.edit(note)
    page.findChild(QLineEdit, "noteTime").setText("2026-05-17 10:31")
    click(page, "noteSave", qtbot)
    qtbot.waitUntil(lambda: page.pane.notes.notes[0].time == time_of("2026-05-17 10:31:00"))
    click(page, "noteAdd", qtbot)
    assert refused("2026-05-17 10:31", "again").startswith("There is a note at this time already")


def test_a_failure_is_reported(page: ReadingsPage, qtbot: QtBot) -> None:
    page.pane.notes.failed.emit(str(HistoryError("database or disk is full")))
    text = page.context.messages.last(1)[0].text
    assert "database or disk is full" in text
    assert "check the free space" in text


# Display


def test_only_notes_in_view_are_painted_in_every_plot(page: ReadingsPage, qtbot: QtBot) -> None:
    for back in (400, 200, 199):
        add(page, back, f"{back} s back", qtbot)
    now = page.history.now()
    page.plot.show_range(now - 300, now - 100)
    every = list(page.plot.note_marks())
    assert len(every) == 2
    for marks in every:
        placed = list(marks.places())
        assert [mark.number for mark, _, _ in placed] == [2, 3]
        flags = [flag for _, _, flag in placed if flag is not None]
        assert len(flags) == 2
        assert not flags[0].intersects(flags[1])
    assert page.pane.note_lines() == [
        f"{number}  {time_text(page.pane.notes.notes[number - 1].time)}  {text}"
        for number, text in ((2, "200 s back"), (3, "199 s back"))
    ]
    page.plot.show_range(now - 50, now)
    assert page.plot.notes_in_view() == []


def test_the_text_is_shown_at_the_pointer_as_it_is(page: ReadingsPage, qtbot: QtBot) -> None:
    add(page, 300, "<b>fuse</b>", qtbot)
    qtbot.waitUntil(lambda: len(page.plot.notes_in_view()) == 1)
    place = place_of(page, 1)
    viewport = page.plot.viewport()
    QApplication.sendEvent(viewport, QHelpEvent(QEvent.Type.ToolTip, place, viewport.mapToGlobal(place)))
    assert QToolTip.text() == "<p>&lt;b&gt;fuse&lt;/b&gt;</p>"
    away = place + QPoint(60, 0)
    QApplication.sendEvent(viewport, QHelpEvent(QEvent.Type.ToolTip, away, viewport.mapToGlobal(away)))
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_a_row_of_the_list_brings_its_note_into_view(page: ReadingsPage, qtbot: QtBot) -> None:
    note = add(page, 3000, "long ago\nsecond line", qtbot)
    table = page.pane.note_section.table
    model = page.pane.notes
    assert [model.index(0, column).data() for column in range(3)] == [
        "1", time_text(note.time), "long ago / second line"
    ]  # fmt: skip
    table.activated.emit(model.index(0, 0))
    begin, end = page.plot.shown_range
    assert begin < note.time / 1000 < end
    ModelTester(qtbot._request.config).check(model)


def test_pictures_have_the_notes_and_their_texts(page: ReadingsPage, qtbot: QtBot) -> None:
    def picture(lines: list[str]) -> QImage:
        page.plot.grab()
        return png_image(page.plot, "title", page.pane.statistics.names, lines)

    page.pane.note_section.set_open(True)
    qtbot.waitUntil(lambda: page.pane.note_section.table.isVisible())
    settled(page)
    without = picture([])
    add(page, 300, "Oven on <now>", qtbot)
    qtbot.waitUntil(lambda: len(page.plot.notes_in_view()) == 1)
    lines = page.pane.note_lines()
    marked = picture([])
    assert marked != without
    assert picture(lines).height() > without.height()
    assert b"Oven on &lt;now&gt;" in svg_bytes(page.plot, "title", page.pane.statistics.names, lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fields_fit_on_small_screens(in_contact: MainWindow, language: Language) -> None:
    in_contact.resize(960, 600)
    in_contact.set_language(language)
    in_contact.go("pageReadings")
    page = in_contact.stack.currentWidget()
    assert isinstance(page, ReadingsPage)
    page.pane.note_section.add_at(page.history.now())
    page.pane.note_section.text.setPlainText("x" * 600)
    page.findChild(QAbstractButton, "noteSave").click()
    for _ in range(3):
        QApplication.processEvents()
    assert misfits(in_contact) == []


# Export, restart, modules


@pytest.mark.qt_log_ignore("grabbing the keyboard")
def test_notes_and_power_are_exported_with_the_range(page: ReadingsPage, tmp_path: Path, qtbot: QtBot) -> None:
    add(page, 5000, "before", qtbot)
    note = add(page, 150, "=HYPERLINK(1)\nsecond", qtbot)
    page.pane.power.setChecked(True)
    qtbot.waitUntil(lambda: "P(1.8.0)" in page.plot.drawn)
    now = page.history.now()
    page.plot.show_range(now - 290, now)
    page.context.tables._prefs.stored.table_format = TableFormat.CSV_RFC_4180
    path = tmp_path / "curves.csv"
    export(page, 1, path, qtbot)
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = list(csv.reader(file))
    assert head == ["time", "code", "meaning", "value", "unit", "quality", "note"]
    when = datetime.fromtimestamp(note.time / 1000).astimezone().isoformat(timespec="milliseconds")
    assert [row for row in rows if row[6]] == [[when, "", "", "", "", "", "'=HYPERLINK(1)\nsecond"]]
    energy = [row for row in rows if row[1] == "1.8.0"]
    power = [row for row in rows if row[1] == "P(1.8.0)"]
    assert len(power) == len(energy) - 1 > 2
    assert {tuple(row[2:3] + row[4:6]) for row in power} == {("Power from Active energy +A total", "W", "derived")}
    growth = float(energy[1][3]) - float(energy[0][3])
    assert float(power[0][3]) == pytest.approx(growth * 60_000, abs=0.06)
    assert power[0][0] == energy[1][0]


def test_notes_are_there_after_a_restart(run: Run, qtbot: QtBot) -> None:
    begin = time.time() - 7200
    window, page, _ = run(begin)
    note = add(page, 5, "before the restart", qtbot)
    page.pane.note_section.set_open(True)
    window.close()
    window, page, _ = run(begin + 600)
    qtbot.waitUntil(lambda: page.pane.notes.notes == [note])
    page.history.clear()
    qtbot.waitUntil(lambda: page.pane.notes.notes == [])


def test_a_real_module_has_its_own_notes(in_contact: MainWindow, real_module: RealModule, qtbot: QtBot) -> None:
    window = in_contact
    window.go("pageReadings")
    page = window.stack.currentWidget()
    assert isinstance(page, ReadingsPage)
    page.pane.notes.put(1_790_000_000_000, "on the real one")
    qtbot.waitUntil(lambda: [note.text for note in page.pane.notes.notes] == ["on the real one"])
    real = page.pane.notes.key
    assert real == "ELV 87654321"
    page.pane.note_section.add_at(page.history.now())
    window.targets.choose(window.targets.all[0].key)
    assert not page.pane.note_section.editor.isVisible()
    assert page.pane.notes.notes == []
    assert page.pane.notes.key != real
    window.targets.choose(real_module.target.key)
    qtbot.waitUntil(lambda: len(page.pane.notes.notes) == 1)
