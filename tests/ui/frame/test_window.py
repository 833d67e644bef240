"""The frame: names, pages, header, strip, closing."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QApplication, QTableView, QWidget
from pytestqt.qtbot import QtBot

from cmi_gui.app import build
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.machine import LinkState
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.text.mark import Mark
from cmi_gui.ui.text.status import listening
from cmi_gui.ui.text.words import Level

pytestmark = pytest.mark.pages

NAMES = [
    "ledRed", "ledGreen", "breakerButton", "rateInputA", "rateInputB", "busVoltage", "meterDisplay",
    "readingsTable", "obisPlot", "trafficTable", "trafficDetail", "trafficHex", "trafficFilter",
    "connectionsMbus", "connectionsMeter", "pageModule", "pageReadings", "pageTraffic", "pageConnections", "navigation",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_object_name_is_a_widget(window: MainWindow, name: str) -> None:
    assert len(window.findChildren(QWidget, name)) == 1


def test_build_needs_no_running_loop_and_opens_nothing(qtbot: QtBot) -> None:
    window = build()
    assert not window.station.running
    assert all(link.state is LinkState.CLOSED for link in window.station.link_status)
    window.close()
    assert not window.station.running
    window.deleteLater()


FIRST_FIELDS = {
    "pageBus": "Master port", "pageConfiguration": "Primary address", "pageReadings": "Search the readings",
    "pageDiagnostics": "The red LED flashes", "pageTraffic": "Filter the traffic",
    "pageModule": "Rate input B, volts AC", "pageConnections": "Module behind the links",
}  # fmt: skip
"""The pages in the order of the navigation, and the accessible names with which their first fields begin."""


@pytest.mark.parametrize("place", range(7))
def test_keys_go_to_a_page_and_its_first_field(in_contact: MainWindow, qtbot: QtBot, place: int) -> None:
    key, page = place + 1, list(FIRST_FIELDS)[place]
    in_contact.navigation.choose(1 if place == 0 else 0)
    in_contact.activateWindow()
    qtbot.waitUntil(in_contact.isActiveWindow)
    qtbot.keyClick(in_contact, getattr(Qt.Key, f"Key_{key}"), Qt.KeyboardModifier.ControlModifier)
    assert in_contact.stack.currentWidget().objectName() == page
    focus = QApplication.focusWidget()
    assert in_contact.stack.currentWidget().isAncestorOf(focus)
    assert focus.accessibleName().startswith(FIRST_FIELDS[page])


def test_the_header_shows_module_bus_and_meter(window: MainWindow, clock: VirtualClock) -> None:
    header = window.header
    header.refresh()
    assert header.target.chip.title.text() == "Built-in module 12345678"
    assert header.badge.isVisible()
    assert header.bus.title.text() == "Bus 24 V, 2400 bit/s"
    assert header.meter.status is not None
    assert header.meter.status.mark is Mark.BUSY
    clock.run_until(30, lambda: window.station.module.contact)
    window.bridge.drain()
    assert header.meter.status.mark is Mark.GOOD
    assert "M29" in header.meter.title.text()
    window.station.set_bus_voltage(12.0)
    window.bridge.drain()
    assert header.bus.title.text() == "Bus 12 V, below 21 V"
    assert header.bus.status is not None
    assert header.bus.status.mark is Mark.TROUBLE
    window.station.set_bus_voltage(45.0)
    window.bridge.drain()
    assert header.bus.title.text() == "Bus 45 V, above 42 V"


@pytest.mark.qt_log_ignore("grabbing the keyboard")
def test_the_strip_shows_the_last_message_and_its_history(in_contact: MainWindow) -> None:
    assert in_contact.strip.text == "Contact with the meter established"
    texts = [message.text for message in in_contact.messages.last(10)]
    assert "Bus voltage 24 V" in texts
    in_contact.strip.history.click()
    assert in_contact.strip.popup.list.count() == len(texts)
    in_contact.strip.popup.close()


def test_a_dragged_slider_leaves_one_message(in_contact: MainWindow) -> None:
    before = len(in_contact.messages.last(500))
    for volts in range(25, 40):
        in_contact.station.set_bus_voltage(float(volts))
    in_contact.bridge.drain()
    assert len(in_contact.messages.last(500)) == before + 1
    assert in_contact.strip.text == "Bus voltage 39 V"


def test_an_uncaught_error_is_shown(in_contact: MainWindow) -> None:
    in_contact.report(ZeroDivisionError("by nought"))
    assert in_contact.strip.text == "Something went wrong: ZeroDivisionError: by nought"


def test_the_address_to_connect_to_can_be_copied(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = make_window()
    window.show()
    qtbot.waitUntil(lambda: listening(window.station) is not None)
    window.header.refresh()
    window.header.copy.click()
    link = listening(window.station)
    assert link is not None
    assert QGuiApplication.clipboard().text() == link.url
    assert window.header.bus.detail.text() == link.url


def test_a_port_in_use_is_reported_with_a_remedy(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        window = make_window(mbus=(f"tcp://127.0.0.1:{port}",))
        window.show()
        message_text = (
            f"Port {port} on 127.0.0.1 is already in use; close the program that uses it, or use another port"
        )

        def reported() -> bool:
            return any(message.text.startswith(message_text) for message in window.messages.last(9))

        qtbot.waitUntil(reported)
        error = next(message for message in window.messages.last(9) if message.text.startswith(message_text))
        assert error.level is Level.ERROR
        window.header.refresh()
        assert window.header.bus.status is not None
        assert window.header.bus.status.mark is Mark.TROUBLE
        assert window.header.bus.detail.text().startswith(message_text)
        assert not window.header.copy.isEnabled()
        page = window.stack.page(window.stack.index_of("pageModule"))
        page.refresh()
        assert page.panel._address._quote.text().startswith(message_text.replace("-", "\N{NON-BREAKING HYPHEN}"))
        # The module works anyway.
        qtbot.waitUntil(lambda: window.station.module.contact)
        with qtbot.waitSignal(window.closed):
            window.close()
        assert not window.station.running


def test_every_focusable_widget_has_a_name(in_contact: MainWindow) -> None:
    nameless = [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in in_contact.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
    ]
    assert nameless == []


def test_tab_reaches_every_control_of_the_module_page(in_contact: MainWindow, qtbot: QtBot) -> None:
    in_contact.activateWindow()
    qtbot.waitUntil(in_contact.isActiveWindow)
    reached = set()
    for _ in range(60):
        qtbot.keyClick(in_contact.focusWidget() or in_contact, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        if focus is not None:
            reached.add(focus.objectName())
    assert {
        "breakerButton",
        "meterScroll",
        "rateInputA",
        "rateInputB",
        "busVoltage",
        "readNow",
        "pauseReading",
    } <= reached


@pytest.mark.parametrize("moment", ["built", "starting", "reading", "connected", "flood"])
def test_closing_in_every_state_stops_everything(
    make_window: Callable[..., MainWindow], qtbot: QtBot, moment: str
) -> None:
    window = make_window()
    if moment != "built":
        window.show()
        window.start()
    if moment == "reading":
        qtbot.waitUntil(lambda: window.station.module.state().readout_line is not None)
    client = None
    if moment in ("connected", "flood"):
        qtbot.waitUntil(lambda: listening(window.station) is not None)
        link = listening(window.station)
        assert link is not None
        host, _, port = link.url.removeprefix("tcp://").partition(":")
        client = socket.create_connection((host, int(port)))
        client.sendall(bytes.fromhex("1040004016") * (500 if moment == "flood" else 1))
        qtbot.waitUntil(lambda: len(window.station.traffic) > 2)
    with qtbot.waitSignal(window.closed):
        window.close()
    assert not window.station.running
    if client is not None:
        client.close()


def test_closing_twice_is_harmless(in_contact: MainWindow) -> None:
    in_contact.close()
    in_contact.close()
    in_contact.start()
    assert not in_contact.station.running


def test_the_window_is_restored_after_a_restart(make_window: Callable[..., MainWindow], tmp_path: object) -> None:
    first = make_window(mbus=(), state_dir=tmp_path)
    first.show()
    first.go("pageTraffic")
    table = first.findChild(QTableView, "trafficTable")
    table.setColumnWidth(3, 333)
    first.close()
    second = make_window(mbus=(), state_dir=tmp_path)
    assert second.stack.currentWidget().objectName() == "pageTraffic"
    assert second.findChild(QTableView, "trafficTable").columnWidth(3) == 333


@pytest.mark.parametrize(
    "text",
    ['{"page": []', '{"shown_page": ' + "9" * 5000 + "}", '{"pages": {"a": {"b": ' + "[" * 100_000, " " * 1_000_001],
)
def test_a_damaged_window_file_is_harmless(make_window: Callable[..., MainWindow], tmp_path: Path, text: str) -> None:
    (tmp_path / "window.json").write_text(text)
    window = make_window(mbus=(), state_dir=tmp_path)
    assert window.stack.currentWidget().objectName() == "pageModule"
    assert window.prefs.notice is not None


AT_ONCE = """
install = signal.signal

def install_and_raise(number, handler):
    before = install(number, handler)
    if number == signal.SIGTERM and before is signal.SIG_DFL:
        signal.raise_signal(number)
    return before

signal.signal = install_and_raise
"""
LATER = """
def end():
    while signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        time.sleep(0.01)
    signal.raise_signal(signal.SIGTERM)

threading.Thread(target=end, daemon=True).start()
"""


@pytest.mark.parametrize("when", [AT_ONCE, LATER], ids=["at once", "later"])
def test_sigterm_ends_the_program_with_0_and_no_output(when: str) -> None:
    script = f"""
import signal, threading, time
from cmi_gui.app import run
from cmi_gui.engine.station.config import StationConfig
{when}
raise SystemExit(run(StationConfig(mbus=("tcp://127.0.0.1:0",))))
"""
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, timeout=60, env=os.environ
    )
    errors = [line for line in ended.stderr.splitlines() if "propagateSizeHints" not in line]
    assert (ended.returncode, ended.stdout, errors) == (0, "", [])


def test_a_result_stays_in_the_strip_until_it_is_dismissed(in_contact: MainWindow, clock: VirtualClock) -> None:
    strip = in_contact.strip
    assert not strip.dismiss.isVisible()
    place = strip.history.geometry()
    in_contact.messages.add_message(clock.now(), Level.GOOD, "Table saved to a.csv")

    def meter_was_read() -> bool:
        in_contact.bridge.drain()
        return in_contact.messages.last(1)[0].text.startswith("Meter read: ")

    assert clock.run_until(clock.now() + 300, meter_was_read)
    assert strip.text == "Table saved to a.csv"
    assert strip.history.geometry() == place
    strip.dismiss.click()
    assert strip.text.startswith("Meter read: ")
    assert not strip.dismiss.isVisible()
