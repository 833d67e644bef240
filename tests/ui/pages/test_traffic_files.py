"""The files of the page Traffic: saving and opening captures, recording."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.secrets import Secret
from cmi_gui.engine.traffic.capture import capture_text
from cmi_gui.engine.traffic.store import Direction
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.traffic.bars import View
from cmi_gui.ui.pages.traffic.latest import LatestColumn
from cmi_gui.ui.pages.traffic.line import LineState, TrafficColumn
from cmi_gui.ui.pages.traffic.page import TrafficPage
from cmi_gui.ui.prefs import Language
from cmi_gui.ui.text.words import Level
from tests.engine.traffic.test_pcapng import header_of, read
from tests.helpers.pages import go_to
from tests.helpers.tapped_wire import read_capture
from tests.ui.pages.test_traffic_page import REQ, column
from tests.ui.pages.test_traffic_tools import add, add_requests

# The platform of the tests cannot grab the keyboard for a popup.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard", extend=True)

RX, TX = Direction.RECEIVED, Direction.SENT


@pytest.fixture
def page(in_contact: MainWindow) -> TrafficPage:
    return go_to(in_contact, TrafficPage)


def accept(qtbot: QtBot, page: TrafficPage, path: Path) -> None:
    """Choose a file in the open file dialog."""
    qtbot.waitUntil(lambda: bool(page.findChildren(QFileDialog)))
    dialog = page.findChildren(QFileDialog)[-1]
    dialog.fileSelected.emit(str(path))
    dialog.close()


def test_saved_rows_can_be_opened_during_live_traffic(
    page: TrafficPage, clock: VirtualClock, qtbot: QtBot, tmp_path: Path
) -> None:
    add_requests(page, clock)
    before = page.model.rowCount()
    path = tmp_path / "rows.txt"
    page.filter.setText("side:mbus")
    page.top._menu.actions()[0].trigger()
    accept(qtbot, page, path)
    qtbot.waitUntil(lambda: path.exists() and not page.context.background.busy)
    page.files.open_menu(page.top.open).actions()[0].trigger()
    accept(qtbot, page, path)
    qtbot.waitUntil(lambda: page.model.source.name == "rows.txt")
    assert page.opened_bar.isVisible()
    assert page.opened_bar.words == "Capture rows.txt  ·  5 telegrams"
    assert page.model.rowCount() == 7
    assert not page.pause.isEnabled()
    assert page.pause.toolTip() == "Not available for an opened file; close the file first"
    page.table.selectRow(1)
    assert page.tree.topLevelItemCount() > 5
    page.filter.setText("silence")
    assert page.model.rowCount() == 2
    add(page, clock.now(), RX, REQ)
    clock.advance(70)
    page.window().bridge.drain()
    assert page.model.rowCount() == 2
    page.opened_bar._button.click()
    assert not page.opened_bar.isVisible()
    page.filter.setText("")
    assert page.model.source.live
    assert page.model.rowCount() >= before + 4
    assert page.pause.isEnabled()


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_rows_are_saved_as_a_table(
    page: TrafficPage, clock: VirtualClock, qtbot: QtBot, tmp_path: Path, suffix: str
) -> None:
    page.filter.setText("side:mbus")
    add_requests(page, clock)
    shown = [page.model.row(row) for row in range(page.model.rowCount()) if not page.model.line(row) & 1]
    path = tmp_path / f"rows.{suffix}"
    page.top._menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: bool(page.findChildren(QFileDialog)))
    name = page.findChildren(QFileDialog)[-1].findChild(QLineEdit, "fileNameEdit")
    assert re.fullmatch(r"traffic-\d{8}-\d{6}\.txt", name.text())
    accept(qtbot, page, path)
    qtbot.waitUntil(lambda: path.exists() and not page.context.background.busy)
    if suffix == "xlsx":
        titles, *rows = openpyxl.load_workbook(path).active.values
        rows = [("" if cell is None else cell for cell in row) for row in rows]
    else:
        titles, *rows = csv.reader(io.StringIO(path.read_text("utf-8-sig")))
    assert list(titles[:3]) == ["time", "hours from UTC", "side"]
    found = [
        (side, int(address), octets.removeprefix('="').removesuffix('"'))
        for _, _, side, _, _, _, address, *_, octets, _, _ in rows
    ]
    assert found == [("mbus", row.address, row.data.hex(" ").upper()) for row in shown]


def test_rows_are_saved_for_wireshark(page: TrafficPage, clock: VirtualClock, qtbot: QtBot, tmp_path: Path) -> None:
    page.filter.setText("side:mbus")
    add_requests(page, clock)
    shown = [page.model.row(row) for row in range(page.model.rowCount()) if not page.model.line(row) & 1]
    page.context.station.traffic.bookmarks[shown[1].index] = "Late answer"
    path = tmp_path / "rows.pcapng"
    page.top._menu.actions()[0].trigger()
    accept(qtbot, page, path)
    qtbot.waitUntil(lambda: path.exists() and not page.context.background.busy)
    packets = read(path.read_bytes())
    assert [header_of(packet.data)[1] for packet in packets] == [row.data for row in shown]
    assert [packet.options.get(1) for packet in packets].count(b"Late answer") == 1
    local = page.model.source.local
    assert packets[0].time == round(local(shown[0].at).timestamp() * 1e6) * 1000
    assert path not in page.files.recent.paths


def test_an_opened_capture_outlives_a_change_of_language(
    page: TrafficPage, clock: VirtualClock, qtbot: QtBot, tmp_path: Path
) -> None:
    window = page.window()
    add_requests(page, clock)
    path = tmp_path / "rows.txt"
    page.filter.setText("side:mbus")
    page.top._menu.actions()[0].trigger()
    accept(qtbot, page, path)
    qtbot.waitUntil(lambda: path.exists() and not page.context.background.busy)
    page.files.open(path)
    qtbot.waitUntil(lambda: page.model.source.name == "rows.txt")
    rows = page.model.rowCount()
    window.set_language(Language.SWEDISH)
    window.set_language(Language.ENGLISH)
    again = go_to(window, TrafficPage)
    qtbot.waitUntil(again.opened_bar.isVisible)
    assert again.opened_bar.words == "Capture rows.txt  ·  5 telegrams"
    assert again.model.rowCount() == rows
    again.opened_bar._button.click()
    assert again.model.source.live
    window.set_language(Language.SWEDISH)
    window.set_language(Language.ENGLISH)
    closed = go_to(window, TrafficPage)
    assert closed.model.source.live, "a closed capture stays closed"


def test_a_change_of_language_while_files_are_read_and_written(
    page: TrafficPage, clock: VirtualClock, qtbot: QtBot, tmp_path: Path
) -> None:
    window = page.window()
    add_requests(page, clock)
    path = tmp_path / "rows.txt"
    page.top._menu.actions()[0].trigger()
    accept(qtbot, page, path)
    page.files.open(tmp_path / "none.txt")
    context = page.context
    window.set_language(Language.SWEDISH)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not isValid(page)
    qtbot.waitUntil(lambda: not context.background.busy)
    assert read_capture(path, window.station.mask).bad_lines == 0
    assert any("rows.txt" in message.text for message in context.messages.last(10))


def test_files_that_are_not_captures_are_refused_with_a_reason(page: TrafficPage, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "program.bin"
    path.write_bytes(b"\0\1\2")
    messages = page.context.messages
    page.files.open(path)
    qtbot.waitUntil(lambda: "program.bin cannot be opened: it is not a text file" in messages.last(1)[0].text)
    page.files.open(tmp_path / "gone.txt")
    qtbot.waitUntil(lambda: "gone.txt cannot be opened" in messages.last(1)[0].text)
    assert page.model.source.live
    assert not page.opened_bar.isVisible()


# Recording


def test_recording_masks_passwords_unless_asked(
    page: TrafficPage, clock: VirtualClock, qtbot: QtBot, tmp_path: Path
) -> None:
    station, recording = page.station, page.context.recording
    station.secrets.set("p1", Secret("87654321"))
    button = page.files._button
    for number, entry in enumerate(("Record with masked passwords...", "Record with passwords in clear text...")):
        path = tmp_path / f"{number}.txt"
        next(item for item in page.files.menu.actions() if item.text() == entry).trigger()
        if number:
            qtbot.waitUntil(lambda: bool(page.findChildren(QMessageBox)))
            box = page.findChildren(QMessageBox)[-1]
            next(choice for choice in box.buttons() if choice.text() == "Record passwords in clear text").click()
        accept(qtbot, page, path)
        qtbot.waitUntil(lambda: recording.active)
        assert button.text() == "Stop recording"
        # A wrong key locks the meter for a minute.
        clock.advance(120)
        station.press_button()
        clock.advance(25)
        page.window().bridge.drain()
        qtbot.waitUntil(lambda: recording.rows > 4)
        button.click()
        assert not recording.active
        assert button.text() == "Record"
        qtbot.waitUntil(lambda: not page.context.background.busy)
        text = path.read_text(encoding="utf-8")
        assert ("01 50 31 02 **" in text) is (number == 0)
        assert ("38 37 36 35 34 33 32 31" in text) is (number == 1)
        assert text.splitlines()[2] == ("# secrets: masked", "# secrets: in clear")[number]
        assert text.count("\n") == 4 + recording.rows
        assert station.traffic.on_masked is None
    for row in range(page.model.rowCount()):
        assert b"8765" not in page.model.row(row).data


def test_a_recording_survives_clear_and_a_change_of_language(
    page: TrafficPage, clock: VirtualClock, qtbot: QtBot, tmp_path: Path
) -> None:
    window, recording = page.window(), page.context.recording
    path = tmp_path / "long.txt"
    recording.start(path)
    qtbot.waitUntil(lambda: recording.active)
    clock.advance(65)
    before = len(page.station.traffic)
    page.top.clear.click()
    window.set_language(Language.SWEDISH)
    clock.advance(65)
    window.set_language(Language.ENGLISH)
    qtbot.waitUntil(lambda: recording.rows == 8)
    assert len(page.station.traffic) == before + 4
    recording.stop()
    qtbot.waitUntil(lambda: not window.background.busy)
    assert path.read_text(encoding="utf-8").count(" meter ") == 8 + 0


def test_a_recording_that_cannot_start_or_continue_is_reported(page: TrafficPage, qtbot: QtBot, tmp_path: Path) -> None:
    recording = page.context.recording
    with qtbot.waitSignal(recording.reported) as failure:
        recording.start(tmp_path / "no" / "such" / "folder.txt")
    assert failure.args[0] is Level.ERROR
    assert "Cannot record to" in failure.args[1]
    assert not recording.active
    recording.start(tmp_path / "full.txt")
    qtbot.waitUntil(lambda: recording.active)

    def full(_: str) -> int:
        raise OSError(28, "No space left on device")

    recording._writer._file.write = full
    add(page, 1.0, RX, REQ)
    with qtbot.waitSignal(recording.reported) as failure:
        recording.gather()
    assert "No space left on device" in failure.args[1]
    assert not recording.active
    qtbot.waitUntil(lambda: not page.context.background.busy)


def test_start_and_end_of_a_recording_are_messages(page: TrafficPage, qtbot: QtBot, tmp_path: Path) -> None:
    recording, messages = page.context.recording, page.context.messages
    for number in range(3):
        recording.start(tmp_path / f"{number}.txt")
        qtbot.waitUntil(lambda: recording.active)
        assert messages.shown().text == f"Recording to {number}.txt"
        for _ in range(number):
            add(page, 1.0, RX, REQ)
        recording.stop()
        qtbot.waitUntil(lambda: not page.context.background.busy)
        assert messages.shown().text == f"Recording to {number}.txt ended; rows written: {number}"
        assert messages.shown().level is Level.GOOD


def test_closing_the_window_finishes_the_file(
    window: MainWindow, clock: VirtualClock, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "end.txt"
    window.recording.start(path)
    qtbot.waitUntil(lambda: window.recording.active)
    assert clock.run_until(clock.now() + 30, lambda: window.station.module.contact)
    window.close()
    assert path.read_text(encoding="utf-8").count(" meter ") >= 4


def test_a_capture_of_a_saved_text_has_the_same_rows(page: TrafficPage, qtbot: QtBot, tmp_path: Path) -> None:
    rows = [page.model.row(row) for row in range(page.model.rowCount())]
    path = tmp_path / "x.txt"
    path.write_text(capture_text(rows, page.station.anchor.wall, page.station.anchor.local(0.0)), encoding="utf-8")
    page.files.open(path)
    qtbot.waitUntil(lambda: not page.model.source.live)
    assert column(page.model, TrafficColumn.SUMMARY) == [page._live.summary(row) for row in range(len(rows))]
    page.close_capture()


def test_bad_lines_of_a_log_are_errors_without_a_side(page: TrafficPage, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_text("TX 10 40 05 45 16\nhello\nRX E5\n", encoding="utf-8")
    page.files.open(path)
    qtbot.waitUntil(lambda: not page.model.source.live)
    assert page.opened_bar.words == "Capture log.txt  ·  2 telegrams  ·  unreadable lines: 1"
    assert page.bar.words == "2 telegrams  ·  1 errors"
    assert list(page.model.painted_line(1).texts)[TrafficColumn.SIDE :] == [
        "",
        "",
        "",
        "bad line",
        "5",
        "",
        "",
        "line 2: no telegram in hex",
    ]
    assert page.model.state(1) is LineState.ERROR
    page.filter.setText("type:bad_line")
    assert page.model.rowCount() == 1
    page.top.view.choose(View.LATEST)
    qtbot.waitUntil(lambda: page.latest.rowCount() > 0)
    assert [page.latest.index(0, place).data() for place in (LatestColumn.SIDE, LatestColumn.TYPE)] == ["", "bad line"]
