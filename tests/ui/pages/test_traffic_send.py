"""Sending one telegram from the page Traffic: its check, its fields, the answer, and the questions on a real bus."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.mbus.frame import Frame, FrameKind
from cmi_gui.engine.traffic.store import Direction, RowKind, Side
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.traffic.page import TrafficPage
from cmi_gui.ui.pages.traffic.send_panel import SendPanel
from cmi_gui.ui.prefs import Language
from tests.helpers.module_bench import text_command
from tests.helpers.station_bench import read_primary
from tests.ui.conftest import RealModule

NKE = "10 40 00 40 16"
REQ = "10 7B 00 7B 16"
OPEN = Frame.long(0x73, 253, 0x51, bytes.fromhex("01 FD 1F 00")).to_bytes()
ADDRESS = Frame.long(0x73, 253, 0x51, bytes.fromhex("01 7A 07")).to_bytes()
P1 = Frame.long(0x73, 0, 0x51, text_command("p1", "geheim12")).to_bytes()

unix = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")


@pytest.fixture
def page(in_contact: MainWindow) -> TrafficPage:
    in_contact.go("pageTraffic")
    page = in_contact.findChild(TrafficPage)
    assert page is not None
    page.send.set_open(True)
    return page


@pytest.fixture
def panel(page: TrafficPage) -> SendPanel:
    return page.send


def send(panel: SendPanel, clock: VirtualClock, text: str | bytes) -> str:
    """Send a telegram and return the words of the answer."""
    panel.hex.setText(text if isinstance(text, str) else text.hex(" "))
    panel.send.click()
    assert clock.run_until(clock.now() + 60, lambda: panel._sending.result is not None)
    return panel.answer.text()


def sent_rows(page: TrafficPage) -> list[bytes]:
    store = page.station.traffic
    rows = [store.row(index) for index in range(len(store))]
    return [row.data for row in rows if row.side is Side.MBUS and row.direction is Direction.RECEIVED]


def question(window: MainWindow) -> QMessageBox:
    (box,) = [box for box in window.findChildren(QMessageBox, "sendQuestion") if box.isVisible()]
    return box


def press(qtbot: QtBot, box: QMessageBox, words: str) -> None:
    buttons: list[QPushButton] = box.findChildren(QPushButton)
    qtbot.mouseClick(next(each for each in buttons if each.text().replace("&", "") == words), Qt.MouseButton.LeftButton)


# To the built-in module


def test_the_answer_is_shown_in_its_place_and_in_the_table(
    page: TrafficPage, panel: SendPanel, clock: VirtualClock
) -> None:
    words = send(panel, clock, NKE)
    assert words.startswith("Answer after 0.")
    assert words.endswith("s: acknowledge")
    assert panel.answer_bytes.text() == "E5"
    assert "RSP_UD 12345678 ELV" in send(panel, clock, REQ)
    assert sent_rows(page) == [bytes.fromhex(NKE), bytes.fromhex(REQ)]


def test_silence_says_how_long_it_waited(panel: SendPanel, clock: VirtualClock) -> None:
    begun = clock.now()
    words = send(panel, clock, "10 40 09 49 16")
    # The wire in memory takes no time for the telegram.
    assert words == f"No answer within {clock.now() - begun:.3f} s"
    assert panel.answer_bytes.text() == ""


def test_a_broadcast_to_255_waits_for_nothing(panel: SendPanel, clock: VirtualClock) -> None:
    assert send(panel, clock, "10 40 FF 3F 16") == "Sent; a broadcast to address 255 has no answer"


def test_the_check_follows_the_text_and_decides_about_the_button(panel: SendPanel, qtbot: QtBot) -> None:
    assert not panel.send.isEnabled()
    qtbot.keyClicks(panel.hex, "1040004016")
    assert panel.check.text() == "SND_NKE to 0"
    assert panel.send.isEnabled()
    qtbot.keyClicks(panel.hex, "1")
    assert panel.check.text() == "an odd number of hex digits (11): one is missing or too many"
    assert not panel.send.isEnabled()
    panel.hex.setText("68 ** ** 16")
    assert "never sent" in panel.check.text()
    assert not panel.send.isEnabled()


def test_a_pasted_dump_of_several_lines_is_read(panel: SendPanel) -> None:
    QGuiApplication.clipboard().setText("0000: 68 07 07 68 73 FD 51 01\n0008: FD 1F 00 DE 16")
    panel.hex.paste()
    assert panel._typed.data == OPEN
    assert panel.check.text() == "SND_UD FCB=1 to 253: remote control"


def test_enter_sends_and_a_second_press_does_not(
    page: TrafficPage, panel: SendPanel, clock: VirtualClock, qtbot: QtBot
) -> None:
    panel.hex.setText(NKE)
    qtbot.keyClick(panel.hex, Qt.Key.Key_Return)
    qtbot.keyClick(panel.hex, Qt.Key.Key_Return)
    assert panel.answer.text() == "Waiting for the answer…"
    assert clock.run_until(clock.now() + 10, lambda: not panel._sending.waiting)
    assert sent_rows(page) == [bytes.fromhex(NKE)]


def test_waiting_can_be_cancelled(panel: SendPanel, clock: VirtualClock) -> None:
    panel.hex.setText("10 40 09 49 16")
    panel.send.click()
    assert panel.send.text() == "Cancel"
    panel.send.click()
    assert panel.answer.text() == "Cancelled"
    assert panel.send.text() == "Send"
    assert send(panel, clock, NKE).endswith("acknowledge")


def test_it_waits_for_the_work_in_progress(
    in_contact: MainWindow, page: TrafficPage, panel: SendPanel, clock: VirtualClock
) -> None:
    ends: list[object] = []
    session = in_contact.targets.current.session
    session.run(read_primary(0), ends.append, ends.append)
    panel.hex.setText("10 40 00 40 16")
    panel.send.click()
    assert clock.run_until(clock.now() + 60, lambda: bool(ends))
    assert panel._sending.waiting
    assert isinstance(ends[0], list)
    assert clock.run_until(clock.now() + 60, lambda: not panel._sending.waiting)
    assert sent_rows(page)[-1] == bytes.fromhex(NKE)


def test_up_and_down_browse_what_was_sent(panel: SendPanel, clock: VirtualClock, qtbot: QtBot) -> None:
    send(panel, clock, NKE)
    send(panel, clock, REQ)
    panel.hex.setText("E5")
    shown = []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down):
        qtbot.keyClick(panel.hex, key)
        shown.append(panel.hex.text())
    assert shown == [REQ, NKE, NKE, REQ, "E5"]


def test_a_password_is_sent_but_never_shown_again(
    page: TrafficPage, panel: SendPanel, clock: VirtualClock, in_contact: MainWindow
) -> None:
    assert send(panel, clock, P1).endswith("acknowledge")
    assert in_contact.sending.sent == []
    rows = [page.station.traffic.row(index) for index in range(len(page.station.traffic))]
    assert not any(b"geheim12"[::-1] in row.data for row in rows)
    page.model.catch_up()
    panel.hex.clear()
    secret = next(row for row in rows if row.masked)
    panel.show_row(secret)
    assert "**" in panel.hex.text()
    assert not panel.send.isEnabled()


def test_a_row_is_prepared_to_be_sent_again(page: TrafficPage, panel: SendPanel, clock: VirtualClock) -> None:
    send(panel, clock, NKE)
    page.model.catch_up()
    panel.hex.clear()
    panel.set_open(False)
    row = next(row for row in range(page.model.rowCount()) if page.model.row(row).data == bytes.fromhex(NKE))
    page.table.selectRow(row)
    menu = page.rows.menu()
    next(action for action in menu.actions() if action.text() == "Prepare to send again").trigger()
    assert panel.opened
    assert panel.hex.text() == NKE


def test_text_and_history_survive_a_change_of_language_and_are_not_stored(
    in_contact: MainWindow, panel: SendPanel, clock: VirtualClock
) -> None:
    send(panel, clock, NKE)
    panel.hex.setText(REQ)
    in_contact.set_language(Language.ENGLISH)
    page = in_contact.findChild(TrafficPage)
    assert page is not None
    assert page.send.opened
    assert page.send.hex.text() == REQ
    assert page.send.answer.text().endswith("acknowledge")
    assert "hex" not in str(page.state())
    assert REQ not in str(page.state())


# The fields


def test_the_fields_make_the_telegram(panel: SendPanel, qtbot: QtBot) -> None:
    builder = panel.builder
    builder.kind.choose(FrameKind.LONG)
    builder.function.setCurrentIndex(builder.function.findText("SND_UD"))
    builder.function.activated.emit(builder.function.currentIndex())
    builder.fcb.click()
    builder.address.clear()
    qtbot.keyClicks(builder.address, "253")
    qtbot.keyClicks(builder.data, "01FD1F00")
    assert panel._typed.data == OPEN
    builder.wrong.click()
    assert panel._typed.data[:-2] == OPEN[:-2]
    assert not panel._typed.sound
    builder.wrong.click()
    builder.kind.choose(FrameKind.SHORT)
    assert panel.hex.text() == "10 73 FD 70 16"
    assert not builder.data.isEnabled()


@pytest.mark.parametrize("text", [NKE, REQ, OPEN.hex(), ADDRESS.hex(), "10 40 00 41 16", "68 03 03 68 53 05 BB 13 16"])
def test_the_fields_show_a_telegram_and_make_it_again(panel: SendPanel, text: str) -> None:
    panel.hex.setText(text)
    builder = panel.builder
    data = bytes.fromhex(text)
    if not builder.wrong.isChecked():
        assert builder._telegram() == data
    else:
        assert builder._telegram() != Frame.short(0x40, 0).to_bytes()


def test_invalid_fields_change_nothing(panel: SendPanel, qtbot: QtBot) -> None:
    panel.hex.setText(OPEN.hex())
    panel.builder.data.setFocus()
    qtbot.keyClicks(panel.builder.data, "x")
    qtbot.keyClicks(panel.builder.address, "9")
    assert panel._typed.data == OPEN


# To something real


def test_a_real_bus_is_asked_about_what_changes_something(
    in_contact: MainWindow, real_module: RealModule, page: TrafficPage, clock: VirtualClock, qtbot: QtBot
) -> None:
    panel = page.send
    for telegram, sentence, button in (
        (OPEN, "Opening the disconnector cuts off the power", "Open the disconnector"),
        (ADDRESS, "This changes Primary address to 7.", "Send the telegram"),
        (bytes.fromhex("10 40 FE 3E 16"), "It reaches every slave on the bus", "Send the telegram"),
    ):
        before = len(sent_rows(page))
        panel.hex.setText(telegram.hex())
        panel.send.click()
        box = question(in_contact)
        assert sentence in box.text()
        assert "Bus tcp://192.0.2.1:10001" in box.text()
        press(qtbot, box, "Cancel")
        assert not panel._sending.waiting
        panel.send.click()
        press(qtbot, question(in_contact), button)
        assert panel._sending.waiting
        assert clock.run_until(clock.now() + 60, lambda: not panel._sending.waiting)
        assert len(sent_rows(page)) == before + 1


def test_requests_to_one_slave_of_a_real_bus_are_sent_at_once(
    real_module: RealModule, page: TrafficPage, clock: VirtualClock
) -> None:
    assert send(page.send, clock, NKE).endswith("acknowledge")
    assert "RSP_UD 87654321 ELV" in send(page.send, clock, REQ)
    assert "REAL BUS" in page.send.heading.remark


def test_the_simulation_is_not_asked(page: TrafficPage, clock: VirtualClock) -> None:
    assert send(page.send, clock, ADDRESS.replace(b"\xfd", b"\x00")) is not None
    assert not page.findChildren(QMessageBox, "sendQuestion")


def test_a_failed_link_is_reported(real_module: RealModule, page: TrafficPage, in_contact: MainWindow) -> None:
    page.send.hex.setText("10 40 09 49 16")
    page.send.send.click()
    real_module.target.session.close()
    assert page.send.answer.text().startswith("Not sent: ")


def test_a_damaged_row_can_be_prepared(page: TrafficPage) -> None:
    page.station.traffic.append(
        1.0, Side.MBUS, Direction.RECEIVED, RowKind.BAD_CHECKSUM, None, "x", b"\x10\x40\x00\x41\x16"
    )
    page.model.catch_up()
    page.send.show_row(page.model.row(page.model.rowCount() - 1))
    assert page.send.check.text().endswith("otherwise SND_NKE to 0")
    assert page.send.send.isEnabled()


@unix
def test_the_built_in_module_on_a_real_meter_is_asked_too_and_gets_no_replay(
    make_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    window = make_window(meter=f"pty:{tmp_path / 'meter'}")
    window.show()
    window.go("pageTraffic")
    page = window.findChild(TrafficPage)
    assert page is not None
    page.send.hex.setText(OPEN.hex())
    page.send.send.click()
    box = question(window)
    assert "Opening the disconnector cuts off the power" in box.text()
    assert "Built-in module 12345678" in box.text()
    press(qtbot, box, "Cancel")
    assert not window.sending.waiting
    assert window.sending.why_no_replay() == "A replay is not sent to a module that controls a real meter"
    assert not page.replay.start.isEnabled()
    window.close()
