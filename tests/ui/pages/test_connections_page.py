"""The page Wiring, operated as by a user: on the real engine, with real ports on loopback and pseudo-terminals."""

from __future__ import annotations

import contextlib
import os
import re
import select
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from serial.tools.list_ports_common import ListPortInfo

from cmi_gui.app import _with_folder, build
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.files.state_folder import open_state_folder
from cmi_gui.engine.link import kind as link_kind
from cmi_gui.engine.link.url import LinkSpec, parse_link
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.engine.station.wiring import Listening, load_wiring
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.connections.bus import BusCard
from cmi_gui.ui.pages.connections.card import LinkCard
from cmi_gui.ui.pages.connections.meter import MeterCard
from cmi_gui.ui.pages.connections.page import ConnectionsPage
from cmi_gui.ui.prefs import Language
from cmi_gui.ui.text.mark import Mark
from cmi_gui.ui.text.status import listening
from cmi_gui.ui.widgets.link.draft import LinkDraft, draft_of, problem_of
from cmi_gui.ui.widgets.plain.buttons import Button
from tests.helpers.mbus_telegrams import WORKED_RESPONSES
from tests.helpers.scripted_meter import scripted_meter
from tests.helpers.tcp import free_ports
from tests.helpers.waiting import WAIT_SECONDS

if sys.platform != "win32":
    import tty

posix = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
TIMEOUT = round(1000 * WAIT_SECONDS)


def page_of(window: MainWindow) -> ConnectionsPage:
    window.go("pageConnections", "")
    page = window.stack.currentWidget()
    assert isinstance(page, ConnectionsPage)
    return page


def click(card: QWidget, name: str) -> None:
    button = card.findChild(QAbstractButton, name)
    assert button is not None
    assert button.isVisible(), f"{name} is not to be seen"
    assert button.isEnabled(), button.toolTip()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def choose_kind(card: LinkCard, kind: str) -> None:
    card.form.kind.choose(kind)


def type_into(card: QWidget, name: str, text: str) -> None:
    field = card.findChild(QLineEdit, name)
    assert field is not None
    assert field.isVisible()
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text) if text else QTest.keyClick(field, Qt.Key.Key_Delete)


def result(card: QWidget) -> str:
    label = card.findChild(QLabel, "trialResult")
    assert label is not None
    return label.text() if label.isVisible() else ""


def links(window: MainWindow) -> list[LinkStatus]:
    return [link for link in window.station.link_status if link.side == "mbus"]


def all_open(window: MainWindow, count: int = 1) -> Callable[[], bool]:
    return lambda: [link.state for link in links(window)] == [LinkState.OPEN] * count


@pytest.fixture
def live(make_window: Callable[..., MainWindow], qtbot: QtBot) -> MainWindow:
    """A window that shows the page Wiring and serves on its own port."""
    window = make_window(paced=False, readout_interval=3600.0)
    window.show()
    page_of(window)
    qtbot.waitUntil(lambda: listening(window.station) is not None, timeout=TIMEOUT)
    window.bridge.drain()
    return window


# The M-Bus side


@pytest.mark.real_time(0.05, alone=False)
def test_masters_reach_the_module_on_a_newly_typed_port(live: MainWindow, qtbot: QtBot) -> None:
    page, old, port = page_of(live), links(live)[0].url, free_ports(1)[0]
    assert page.bus.apply.isEnabled() is False
    assert page.bus.apply.toolTip() == "There are no changes"
    type_into(page.bus, "linkPort", str(port))
    click(page.bus, "wireApply")
    qtbot.waitUntil(lambda: links(live)[0].url == f"tcp://127.0.0.1:{port}", timeout=TIMEOUT)
    qtbot.waitUntil(all_open(live), timeout=TIMEOUT)
    with socket.create_connection(("127.0.0.1", port), timeout=5) as master:
        master.sendall(bytes.fromhex("1040004016"))
        master.setblocking(False)
        received: list[bytes] = []

        def answered() -> bool:
            with contextlib.suppress(BlockingIOError):
                received.append(master.recv(10))
            return bool(received)

        qtbot.waitUntil(answered, timeout=TIMEOUT)
        assert received == [b"\xe5"]
        # The bytes are counted by direction.
        qtbot.waitUntil(lambda: "5 bytes in, 1 bytes out" in page.bus.view.bytes.text(), timeout=TIMEOUT)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", parse_link(old).port), timeout=5)
    live.bridge.drain()
    assert live.header.bus.detail.text() == f"tcp://127.0.0.1:{port}"
    page.bus.command.button.click()
    assert QGuiApplication.clipboard().text() == f"cmi-gui read --link tcp://127.0.0.1:{port} --address 0"
    page.bus.view.url.button.click()
    assert QGuiApplication.clipboard().text() == f"tcp://127.0.0.1:{port}"


def test_a_port_in_use_is_reported_at_its_field_and_the_old_link_stays(live: MainWindow, qtbot: QtBot) -> None:
    page, before = page_of(live), live.station.config
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        type_into(page.bus, "linkPort", str(port))
        click(page.bus, "wireApply")
        qtbot.waitUntil(lambda: bool(page.bus.form.problem), timeout=TIMEOUT)
    assert page.bus.form.problem.startswith(f"Port {port} on 127.0.0.1 is already in use")
    line = page.findChild(QLabel, "linkProblem_port")
    assert line.isVisible()
    assert live.station.config is before
    assert all_open(live)()
    assert not page.bus.anyway.isVisible(), "a port that another program has does not become free by waiting"
    # The port is free now, so a second try succeeds.
    click(page.bus, "wireApply")
    qtbot.waitUntil(lambda: links(live)[0].url.endswith(f":{port}"), timeout=TIMEOUT)


def test_return_in_a_field_connects(live: MainWindow, qtbot: QtBot) -> None:
    page, port = page_of(live), free_ports(1)[0]
    type_into(page.bus, "linkPort", str(port))
    qtbot.keyClick(page.bus.form.port, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: links(live)[0].url == f"tcp://127.0.0.1:{port}", timeout=TIMEOUT)
    qtbot.waitUntil(all_open(live), timeout=TIMEOUT)


@pytest.mark.parametrize(
    ("kind", "field", "text", "words"),
    [
        ("tcp", "linkPort", "70000", "The port must be a number from 0 to 65535"),
        ("tcp", "linkPort", "", "The port must be a number from 0 to 65535"),
        ("tcp", "linkHost", "no host", "This is not a valid host name or address"),
        ("serial", "linkDevice", "", "Choose a port from the list, or type its name"),
    ],
)
def test_an_invalid_field_shows_its_problem(live: MainWindow, kind: str, field: str, text: str, words: str) -> None:
    page = page_of(live)
    choose_kind(page.bus, kind)
    type_into(page.bus, field, text)
    click(page.bus, "wireApply")
    assert page.bus.form.problem == words
    assert page.bus.findChild(QLineEdit, field).hasFocus()
    assert page.bus.findChild(QLineEdit, field).property("cmiWrong")
    type_into(page.bus, field, "1")
    assert page.bus.form.problem == "", "typing clears the problem"
    click(page.bus, "wireDiscard")
    assert page.bus.form.link() == links(live)[0].link
    assert not page.bus.discard.isVisible()


def test_a_port_that_other_computers_reach_has_a_warning(live: MainWindow) -> None:
    page = page_of(live)
    assert not page.bus.form.warning.isVisible()
    for host, warned in (("0.0.0.0", True), ("127.0.0.2", False), ("box.example", True), ("::1", False)):
        type_into(page.bus, "linkHost", host)
        assert page.bus.form.warning.isVisible() is warned, host
    choose_kind(page.meter, "tcp")
    type_into(page.meter, "linkHost", "192.0.2.7")
    assert not page.meter.form.warning.isVisible(), "connecting exposes nothing"


def test_links_are_added_and_removed_and_the_others_stay_open(live: MainWindow, qtbot: QtBot) -> None:
    page, first, port = page_of(live), links(live)[0], free_ports(1)[0]
    click(page.bus, "linkAdd")
    assert page.bus.apply.text() == "Add the link"
    assert page.bus.form.host.text() == "127.0.0.1"
    type_into(page.bus, "linkPort", str(port))
    click(page.bus, "wireApply")
    qtbot.waitUntil(all_open(live, 2), timeout=TIMEOUT)
    assert links(live)[0] is first
    page.refresh()
    rows = page.bus.findChildren(QAbstractButton, "linkRow")
    assert [row.text() for row in rows] == [first.url, f"tcp://127.0.0.1:{port}"]
    assert [row.isChecked() for row in rows] == [False, True]
    QTest.mouseClick(rows[0], Qt.MouseButton.LeftButton)
    assert page.bus.status is first
    assert page.bus.form.port.text() == first.link.rpartition(":")[2]
    click(page.bus, "linkRemove")
    assert [link.url for link in links(live)] == [f"tcp://127.0.0.1:{port}"]
    assert all_open(live)()
    click(page.bus, "linkRemove")
    assert live.station.config.mbus == ()
    assert page.diagram.accessibleName().startswith("This program, Simulated bus. No external link.")
    assert not page.bus.view.isVisible()
    choose_kind(page.bus, "tcp")
    type_into(page.bus, "linkHost", "127.0.0.1")
    type_into(page.bus, "linkPort", str(port))
    click(page.bus, "wireApply")
    qtbot.waitUntil(all_open(live), timeout=TIMEOUT)


def test_without_bus_voltage_the_drawing_shows_that_no_answers_come(live: MainWindow) -> None:
    page = page_of(live)
    assert "Masters can connect" in page.diagram.accessibleName()
    live.station.set_bus_voltage(0)
    page.refresh()
    assert "Open, but the module has no power" in page.diagram.accessibleName()
    assert "Not read: the module has no power" in page.diagram.accessibleName()


def test_the_same_port_twice_is_refused_at_the_field(live: MainWindow, qtbot: QtBot) -> None:
    page, port = page_of(live), free_ports(1)[0]
    type_into(page.bus, "linkPort", str(port))
    click(page.bus, "wireApply")
    qtbot.waitUntil(lambda: links(live)[0].url.endswith(f":{port}"), timeout=TIMEOUT)
    click(page.bus, "linkAdd")
    type_into(page.bus, "linkPort", str(port))
    click(page.bus, "wireApply")
    assert "use the same port" in page.bus.form.problem
    assert len(links(live)) == 1


def test_a_link_is_disconnected_for_another_program_and_reconnected(live: MainWindow, qtbot: QtBot) -> None:
    page, port = page_of(live), parse_link(links(live)[0].url).port
    click(page.bus, "linkDisconnect")
    assert page.bus.view.title.text() == "Disconnected"
    assert page.bus.view.mark.mark is Mark.OFF
    with socket.create_server(("127.0.0.1", port)):
        pass
    assert page.bus.view.reconnect.text() == "Connect"
    click(page.bus, "linkReconnect")
    qtbot.waitUntil(all_open(live), timeout=TIMEOUT)
    page.refresh()
    assert page.bus.view.title.text() == "Open"
    assert not page.bus.view.reconnect.isVisible()


def test_a_failed_link_shows_its_cause_and_can_be_opened(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        window = make_window(mbus=(f"tcp://127.0.0.1:{port}",))
        window.show()
        page = page_of(window)
        qtbot.waitUntil(lambda: links(window)[0].state is LinkState.FAILED, timeout=TIMEOUT)
        window.bridge.drain()
        assert page.bus.view.title.text() == "Cannot be opened"
        assert page.bus.view.mark.mark is Mark.TROUBLE
        assert f"Port {port}" in page.bus.view.detail.text()
        assert "Cannot be opened" in page.diagram.accessibleName()
        badge = next(b for b in window.navigation.findChildren(QAbstractButton) if b.text() == "Wiring")
        assert badge.accessibleName() == "Wiring: !"
    click(page.bus, "linkReconnect")
    qtbot.waitUntil(all_open(window), timeout=TIMEOUT)
    window.bridge.drain()
    assert badge.accessibleName() == "Wiring"


def test_a_free_port_is_tested_without_being_wired(live: MainWindow, qtbot: QtBot) -> None:
    page, before, port = page_of(live), live.station.config, free_ports(1)[0]
    type_into(page.bus, "linkPort", str(port))
    click(page.bus, "wireTest")
    qtbot.waitUntil(lambda: result(page.bus).startswith("The link is available"), timeout=TIMEOUT)
    assert f"tcp://127.0.0.1:{port}" in result(page.bus)
    assert live.station.config is before
    with socket.create_server(("127.0.0.1", port)):
        click(page.bus, "wireTest")
        qtbot.waitUntil(lambda: "in use" in page.bus.form.problem, timeout=TIMEOUT)
    choose_kind(page.bus, "sim")
    assert not page.bus.test.isEnabled()
    assert page.bus.test.toolTip() == "There is no link to test"


@pytest.fixture
def cable() -> Iterator[tuple[int, str]]:
    """A pseudo-terminal in place of a cable: our end, and the name of the other."""
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    yield ours, os.ttyname(theirs)
    os.close(ours)
    os.close(theirs)


@posix
def test_a_serial_port_is_listened_to_before_it_is_wired(
    live: MainWindow, qtbot: QtBot, cable: tuple[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cmi_gui.engine.station.link_trial.LISTEN_SECONDS", 0.6)
    ours, name = cable
    page = page_of(live)
    choose_kind(page.bus, "serial")
    type_into(page.bus, "linkDevice", name)
    click(page.bus, "wireTest")
    assert result(page.bus) == f"Testing serial:{name} ..."
    assert not page.bus.apply.isEnabled()

    def spoken() -> bool:
        # Opening a serial port discards what was received before.
        os.write(ours, bytes.fromhex("105B005B16"))
        return not result(page.bus).startswith("Testing")

    qtbot.waitUntil(spoken, timeout=TIMEOUT)
    assert re.fullmatch(r"The link can be opened: M-Bus telegrams received: [1-9][0-9]*\.", result(page.bus))
    click(page.bus, "wireTest")
    qtbot.waitUntil(lambda: "The master may not be active yet" in result(page.bus), timeout=TIMEOUT)
    click(page.bus, "wireApply")
    qtbot.waitUntil(lambda: links(live)[0].url == f"serial:{name}" and all_open(live)(), timeout=TIMEOUT)
    live.bridge.drain()
    page.refresh()
    assert "M-Bus master, Serial port" in page.diagram.accessibleName()
    assert not page.bus.command.isVisible(), "the name of the port at the other end of the cable is unknown"


def test_a_missing_port_can_be_wired_anyway(live: MainWindow, qtbot: QtBot) -> None:
    page = page_of(live)
    choose_kind(page.bus, "serial")
    type_into(page.bus, "linkDevice", "/dev/ttyNOBODY7")
    click(page.bus, "wireApply")
    qtbot.waitUntil(lambda: bool(page.bus.form.problem), timeout=TIMEOUT)
    assert page.bus.form.problem.startswith("There is no serial port /dev/ttyNOBODY7")
    assert all_open(live)()
    click(page.bus, "wireAnyway")
    qtbot.waitUntil(lambda: links(live)[0].state is LinkState.WAITING, timeout=TIMEOUT)
    live.bridge.drain()
    assert page.bus.view.title.text() == "Not found, waiting for it"
    assert page.bus.view.reconnect.text() == "Reconnect now"


def listed_port(
    device: str, description: str = "n/a", serial_number: str | None = None, vid: int | None = None
) -> ListPortInfo:
    port = ListPortInfo(device)
    port.description, port.serial_number, port.vid = description, serial_number, vid
    return port


def test_serial_ports_are_found_while_the_page_is_shown_and_chosen_by_a_click(
    live: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[ListPortInfo] = []
    looks: list[None] = []

    def comports() -> list[ListPortInfo]:
        looks.append(None)
        return found

    monkeypatch.setattr("serial.tools.list_ports.comports", comports)
    page = page_of(live)
    choose_kind(page.bus, "serial")
    qtbot.waitUntil(lambda: bool(looks), timeout=TIMEOUT)
    assert page.bus.form.ports.count() == 0
    found += [
        listed_port("COM10"),
        listed_port("COM9"),
        listed_port("COM31", "USB Serial Port", "A50285BI", 0x403),
    ]
    qtbot.waitUntil(lambda: page.bus.form.ports.count() == 3, timeout=TIMEOUT)
    texts = [page.bus.form.ports.item(row).text() for row in range(3)]
    assert texts == ["COM31   USB Serial Port \N{MIDDLE DOT} A50285BI", "COM9", "COM10"]
    place = page.bus.form.ports.visualItemRect(page.bus.form.ports.item(0)).center()
    QTest.mouseClick(page.bus.form.ports.viewport(), Qt.MouseButton.LeftButton, pos=place)
    adapter = page.bus.form.adapter
    assert page.bus.form.device.text() == "usb=A50285BI"
    assert page.bus.form.link() == "serial:usb=A50285BI", "it is found again under another name"
    assert adapter.lasting.isChecked()
    assert adapter.about.text() == "Currently COM31"
    QTest.mouseClick(adapter.lasting, Qt.MouseButton.LeftButton)
    assert page.bus.form.link() == "serial:COM31"
    assert page.bus.form.ports.chosen() == "COM31", "either name selects that line"
    assert not adapter.about.isVisible()
    QTest.mouseClick(adapter.lasting, Qt.MouseButton.LeftButton)
    type_into(page.bus, "linkDevice", "COM9")
    assert not adapter.isVisible(), "a port without a number has no other name"
    type_into(page.bus, "linkDevice", "usb=GONE")
    assert adapter.about.text() == "No adapter with this number is plugged in. The link opens when it is plugged in."
    assert not adapter.lasting.isVisible()
    assert page.bus.form.ports.chosen() == ""
    live.go("pageModule", "")
    qtbot.waitUntil(lambda: not live.background.busy, timeout=TIMEOUT)
    count = len(looks)
    qtbot.wait(2500)
    assert len(looks) == count, "a hidden page lists no ports"


def choose_in(card: LinkCard, name: str, text: str) -> None:
    """Choose a value as a user does, with the options unfolded."""
    card.form.more.set_open(True)
    choice = card.form.more.findChild(QComboBox, name)
    assert choice.isVisible(), f"{name} is not to be seen"
    choice.setCurrentIndex(choice.findText(text))
    assert choice.currentText() == text
    choice.activated.emit(choice.currentIndex())


def test_options_of_a_serial_port_are_shown_in_the_folded_heading(in_contact: MainWindow) -> None:
    page = page_of(in_contact)
    choose_kind(page.bus, "serial")
    type_into(page.bus, "linkDevice", "COM3")
    assert not page.bus.form.more.opened, "default options stay folded"
    assert page.bus.form.more.heading.remark == ""
    choose_in(page.bus, "linkBaud", "Automatic (for a test bench)")
    choose_in(page.bus, "linkRts", "Always off")
    choose_in(page.bus, "linkDtr", "Always on")
    choose_in(page.bus, "linkEcho", "Not removed")
    assert page.bus.form.link() == "serial:COM3?baud=auto&rts=off&dtr=on&echo=off"
    assert page.bus.form.more.heading.remark == "automatic speed, RTS off, DTR on, echo not removed"
    # Options that another kind of link lacks are dropped; an option can mean something else there.
    choose_kind(page.bus, "tcp")
    type_into(page.bus, "linkHost", "127.0.0.1")
    type_into(page.bus, "linkPort", "10001")
    assert page.bus.form.link() == "tcp://127.0.0.1:10001?echo=off"
    choose_in(page.bus, "linkEcho", "Detected and removed automatically")
    assert page.bus.form.link() == "tcp://127.0.0.1:10001?echo=auto"
    choose_kind(page.meter, "serial")
    type_into(page.meter, "linkDevice", "socket://192.0.2.7:4000")
    baud = page.meter.form.more.findChild(QComboBox, "linkBaud")
    assert baud.findText("Automatic (for a test bench)") == -1, "a meter is signed on to at 300 bit/s"
    choose_in(page.meter, "linkFraming", "By the program, always")
    assert page.meter.form.link() == "serial:socket://192.0.2.7:4000?framing=software"
    choose_in(page.meter, "linkTimeout", "2 s")
    choose_in(page.meter, "linkMaxBaud", "2400 bit/s")
    assert page.meter.form.link() == "serial:socket://192.0.2.7:4000?framing=software&timeout=2&max_baud=2400"
    assert page.meter.form.more.heading.remark == "at most 2400 bit/s, waits 2 s longer, 7 bits by the program"
    assert not page.bus.form.more.findChild(QComboBox, "linkTimeout").isVisible(), "a slave does not wait for answers"


@pytest.mark.parametrize(
    "link",
    [
        "serial:usb=A50285BI/1?baud=300&parity=N&bits=8&stop=1&rts=on&dtr=off&echo=auto&framing=port",
        "serial:rfc2217://192.0.2.7:4000?baud=auto&echo=off",
        "tcp://[::1]:10001?baud=1200&echo=on&framing=software&paced=1",
        pytest.param("pty:/tmp/x?baud=auto&echo=auto&paced=1", marks=posix),
        "tcp://192.0.2.7:4000?timeout=0.125&max_baud=600",
        "serial:COM3?timeout=0&max_baud=19200",
    ],
)
def test_a_form_returns_every_option_of_a_link(in_contact: MainWindow, link: str) -> None:
    page = page_of(in_contact)
    for card in (page.bus, page.meter):
        card.form.show_link(link)
        assert card.form.link() == link


def test_options_behind_a_typed_name_are_taken_as_chosen(in_contact: MainWindow) -> None:
    page = page_of(in_contact)
    choose_kind(page.bus, "serial")
    choose_in(page.bus, "linkBaud", "300 bit/s")
    type_into(page.bus, "linkDevice", "COM3?rts=off&baud=2400")
    assert page.bus.form.link() == "serial:COM3?baud=2400&rts=off"


def test_a_trial_ends_when_the_page_is_left(live: MainWindow, qtbot: QtBot) -> None:
    page, before = page_of(live), live.station.config
    type_into(page.bus, "linkPort", str(free_ports(1)[0]))
    click(page.bus, "wireApply")
    live.go("pageModule", "")
    assert page.bus._trial is None
    qtbot.wait(200)
    assert live.station.config is before
    page_of(live)
    assert page.bus.apply.isEnabled(), "the entry is still there"


def test_the_same_port_can_be_opened_to_other_computers(live: MainWindow, qtbot: QtBot) -> None:
    """The present link uses the port of the new one, so the new link is not tried first."""
    page, port = page_of(live), parse_link(links(live)[0].url).port
    type_into(page.bus, "linkPort", str(port))
    click(page.bus, "wireApply")
    qtbot.waitUntil(lambda: links(live)[0].link.endswith(f":{port}") and all_open(live)(), timeout=TIMEOUT)
    type_into(page.bus, "linkHost", "0.0.0.0")
    click(page.bus, "wireApply")
    qtbot.waitUntil(lambda: links(live)[0].url == f"tcp://0.0.0.0:{port}" and all_open(live)(), timeout=TIMEOUT)


def test_windows_has_no_pseudo_terminals_and_says_so_at_once(
    in_contact: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_kind, "sys", SimpleNamespace(platform="win32"))
    page = page_of(in_contact)

    def offered() -> list[str]:
        return [button.text() for button in page.bus.form.kind.findChildren(Button) if not button.isHidden()]

    page.bus.form.show_link("tcp://127.0.0.1:10001")
    assert offered() == ["Simulated", "Serial port", "TCP"]
    # The wiring of a portable program that was made on Linux.
    page.bus.form.show_link("pty:")
    assert offered() == ["Simulated", "Serial port", "TCP", "Pseudo-terminal"]
    choose_kind(page.bus, "pty")
    assert "Windows has no pseudo-terminals. Use TCP" in page.bus.form.problem
    click(page.bus, "wireApply")
    assert in_contact.station.config.mbus == ()
    choose_kind(page.bus, "tcp")
    assert page.bus.form.problem == ""
    assert offered() == ["Simulated", "Serial port", "TCP"]


# The meter side


@posix
def test_a_real_meter_on_a_pseudo_terminal_and_back(live: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    page, station, path = page_of(live), live.station, str(tmp_path / "meter")
    qtbot.waitUntil(lambda: station.module.contact, timeout=TIMEOUT)
    choose_kind(page.meter, "pty")
    type_into(page.meter, "linkPath", path)
    click(page.meter, "wireApply")
    qtbot.waitUntil(lambda: os.path.lexists(path) and station.meter is None, timeout=TIMEOUT)
    live.bridge.drain()
    page.refresh()
    assert "Meter, Real meter" in page.diagram.accessibleName()
    qtbot.waitUntil(lambda: page.meter.view.title.text() == "Open", timeout=TIMEOUT)
    with scripted_meter(path) as meter:
        qtbot.waitUntil(lambda: station.module.contact, timeout=TIMEOUT)
        assert station.module.meter_number == "11223344"
        count = meter.sign_ons
        click(page.meter, "wireTest")
        assert result(page.meter) == "Reading the meter"
        qtbot.waitUntil(lambda: result(page.meter).startswith("The meter answers"), timeout=TIMEOUT)
        assert meter.sign_ons == count + 1
        assert "LGZ4ZMF100AC.M26, 6 lines in" in result(page.meter)
        choose_kind(page.meter, "sim")
        click(page.meter, "wireApply")
        assert station.meter is not None
        assert not os.path.lexists(path)
    qtbot.waitUntil(lambda: station.module.contact, timeout=TIMEOUT)
    live.bridge.drain()
    page.refresh()
    assert "E350 M29, Simulated meter. The meter answers" in page.diagram.accessibleName()


@posix
def test_a_meter_is_identified_before_it_is_wired(live: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    page, before, path = page_of(live), live.station.config, str(tmp_path / "meter")
    choose_kind(page.meter, "pty")
    type_into(page.meter, "linkPath", path)
    click(page.meter, "wireTest")
    qtbot.waitUntil(lambda: os.path.lexists(path), timeout=TIMEOUT)
    with scripted_meter(path):
        qtbot.waitUntil(lambda: result(page.meter).startswith("A meter answers"), timeout=TIMEOUT)
    assert result(page.meter) == "A meter answers: LGZ4ZMF100AC.M26"
    assert live.station.config is before
    assert live.station.meter is not None


@posix
def test_a_meter_is_identified_at_the_speed_of_the_form(live: MainWindow, qtbot: QtBot, cable: tuple[int, str]) -> None:
    import termios

    ours, name = cable
    page = page_of(live)
    choose_kind(page.meter, "serial")
    type_into(page.meter, "linkDevice", f"{name}?baud=1200")
    click(page.meter, "wireTest")
    qtbot.waitUntil(lambda: bool(select.select([ours], [], [], 0)[0]), timeout=TIMEOUT)
    assert termios.tcgetattr(ours)[5] == termios.B1200
    os.write(ours, b"/LGZ4CMi1020\r\n")
    qtbot.waitUntil(lambda: result(page.meter).startswith("A meter answers"), timeout=TIMEOUT)


def test_the_name_of_a_host_is_not_translated(live: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    find = socket.getaddrinfo

    def find_others(host: str, *args: object, **kwargs: object) -> object:
        if host == "bus":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return find(host, *args, **kwargs)  # type: ignore[arg-type]  # with the arguments of the call

    monkeypatch.setattr(socket, "getaddrinfo", find_others)
    live.set_language(Language.SWEDISH)
    page = page_of(live)
    choose_kind(page.meter, "tcp")
    qtbot.waitUntil(page.meter.form.host.isVisible)
    type_into(page.meter, "linkHost", "bus")
    type_into(page.meter, "linkPort", "10001")
    assert page.meter.form.link() == "tcp://bus:10001"
    click(page.meter, "wireApply")
    words = "Värden bus hittades inte; kontrollera namnet eller ange dess IP-adress."
    qtbot.waitUntil(lambda: page.meter.form.problem == words, timeout=TIMEOUT)


def test_a_missing_gateway_is_reported_and_can_be_wired_anyway(live: MainWindow, qtbot: QtBot) -> None:
    page, port = page_of(live), free_ports(1)[0]
    choose_kind(page.meter, "tcp")
    click(page.meter, "wireApply")
    assert page.meter.form.problem == "Type the name or address of the gateway"
    type_into(page.meter, "linkHost", "127.0.0.1")
    type_into(page.meter, "linkPort", str(port))
    click(page.meter, "wireApply")
    qtbot.waitUntil(lambda: page.meter.form.problem.endswith("check the port."), timeout=TIMEOUT)
    assert live.station.meter is not None
    click(page.meter, "wireAnyway")
    status = next(link for link in live.station.link_status if link.side == "meter")
    qtbot.waitUntil(lambda: status.state is LinkState.WAITING, timeout=TIMEOUT)
    live.bridge.drain()
    page.refresh()
    assert page.meter.view.detail.text().endswith("check the port.")
    with socket.create_server(("127.0.0.1", port)):
        click(page.meter, "linkReconnect")
        qtbot.waitUntil(lambda: status.state is LinkState.OPEN, timeout=TIMEOUT)
        live.bridge.drain()
        click(page.meter, "linkDisconnect")
        assert page.meter.view.title.text() == "Disconnected"


def test_another_variant_replaces_the_simulated_meter(in_contact: MainWindow, clock: VirtualClock) -> None:
    page, station = page_of(in_contact), in_contact.station
    card = page.meter
    assert card.disconnector.isChecked()
    assert not card.apply.isEnabled()
    card.variant.setCurrentIndex(card.variant.findData("M26"))
    card.variant.activated.emit(card.variant.currentIndex())
    assert not card.disconnector.isChecked(), "the default of that variant"
    assert card.apply.isEnabled()
    click(card, "wireApply")
    assert station.config.variant == "M26"
    assert station.config.has_disconnector is None
    assert not card.apply.isEnabled()
    clock.advance(15)
    in_contact.bridge.drain()
    page.refresh()
    assert "E350 M26, Simulated meter. The meter answers" in page.diagram.accessibleName()
    QTest.mouseClick(card.disconnector, Qt.MouseButton.LeftButton)
    click(card, "wireApply")
    assert station.config.has_disconnector is True
    # The fault switches on the page Built-in module belong to the new meter.
    in_contact.go("pageModule", "")
    module_page = in_contact.stack.currentWidget()
    module_page.panel.faults.set_open(True)
    module_page.panel.faults.switches["silent"].click()
    assert station.meter is not None
    assert station.meter.faults.silent


def test_testing_the_simulated_meter_reads_it(in_contact: MainWindow, clock: VirtualClock) -> None:
    page = page_of(in_contact)
    click(page.meter, "wireTest")
    assert result(page.meter) == "Reading the meter"
    clock.advance(5)
    in_contact.bridge.drain()
    assert result(page.meter).startswith("The meter answers: LGZ4ZMF100AC.M29, 30 lines in ")
    assert in_contact.station.meter is not None
    in_contact.station.meter.faults.silent = True
    click(page.meter, "wireTest")
    clock.advance(8)  # the sign-on is sent twice, because the first may only wake a meter
    in_contact.bridge.drain()
    assert result(page.meter).startswith("No readout: The meter does not answer")
    in_contact.station.set_bus_voltage(0)
    click(page.meter, "wireTest")
    assert result(page.meter) == "Not read: the module has no power"


# Listening only


def received(page: ConnectionsPage) -> str:
    page.refresh()
    return page.listen.received.text()


@posix
def test_telegrams_of_a_listener_are_shown_and_recorded(live: MainWindow, qtbot: QtBot, cable: tuple[int, str]) -> None:
    ours, name = cable
    page = page_of(live)
    card = page.listen
    assert not card.form.isVisible(), "without a listener the card is a line with a button"
    click(card, "listenAdd")
    assert QApplication.focusWidget() is card.form.device or not live.isActiveWindow()
    qtbot.waitUntil(lambda: card.apply.visibleRegion().boundingRect().height() == card.apply.height(), timeout=TIMEOUT)
    type_into(card, "linkDevice", name)
    click(card, "wireApply")
    qtbot.waitUntil(lambda: [link.listens for link in live.station.link_status][-1], timeout=TIMEOUT)
    status = live.station.link_status[-1]
    qtbot.waitUntil(lambda: status.state is LinkState.OPEN, timeout=TIMEOUT)
    assert live.station.config.listen == (Listening(f"serial:{name}", "mbus"),)
    assert received(page) == "No slave has answered yet"
    assert card.view.title.text() == "Listening"
    # A master sends a request to address 5, and the slave there answers.
    os.write(ours, bytes.fromhex("105B056016"))
    qtbot.wait(50)
    os.write(ours, WORKED_RESPONSES["DOC48 water meter"])
    qtbot.waitUntil(lambda: "answers: 1" in received(page), timeout=TIMEOUT)
    assert card.view.bytes.text().endswith("bytes received")
    assert "2400 bit/s" in card.view.facts.text()
    rows = [live.station.traffic.row(index) for index in range(len(live.station.traffic))]
    assert len([row for row in rows if row.from_listener]) == 2
    assert listening(live.station) is not status, "no master reaches the module there"
    assert "Masters can connect" in page.diagram.accessibleName()
    os.set_blocking(ours, False)
    with pytest.raises(BlockingIOError):
        os.read(ours, 1)
    click(card, "listenRemove")
    assert live.station.config.listen == ()
    assert not card.form.isVisible()


@posix
def test_listening_on_a_meter_is_chosen_and_follows_its_speed(
    live: MainWindow, qtbot: QtBot, cable: tuple[int, str]
) -> None:
    page, (_, name) = page_of(live), cable
    card = page.listen
    click(card, "listenAdd")
    type_into(card, "linkDevice", name)
    card.protocol.choose("meter")
    card.form.more.set_open(True)
    assert not card.form.more.findChild(QComboBox, "linkBaud").isVisible(), "the meter and its reader agree on it"
    click(card, "wireApply")
    qtbot.waitUntil(lambda: live.station.link_status[-1].listens, timeout=TIMEOUT)
    status = live.station.link_status[-1]
    qtbot.waitUntil(lambda: status.state is LinkState.OPEN, timeout=TIMEOUT)
    assert status.side == "meter"
    assert next(link for link in live.station.link_status if link.side == "meter").link == "sim:"
    assert received(page) == "No complete readout yet"
    # The choice of the protocol is a change like any other.
    card.protocol.choose("mbus")
    assert card.apply.isEnabled()
    click(card, "wireDiscard")
    assert card.side == "meter"


def test_a_listener_being_added_survives_a_change_of_language(in_contact: MainWindow, qtbot: QtBot) -> None:
    page = page_of(in_contact)
    click(page.listen, "listenAdd")
    type_into(page.listen, "linkDevice", "COM9")
    page.listen.protocol.choose("meter")
    in_contact.set_language(Language.SWEDISH)
    in_contact.set_language(Language.ENGLISH)
    page = page_of(in_contact)
    qtbot.waitUntil(page.listen.form.isVisible)
    assert page.listen.form.link() == "serial:COM9"
    assert page.listen.side == "meter"
    click(page.listen, "wireDiscard")
    assert page.state() == {}


def test_a_port_that_is_listened_to_is_not_wired_twice(in_contact: MainWindow) -> None:
    page = page_of(in_contact)
    click(page.listen, "listenAdd")
    in_contact.station.rewire(page.listen.wiring("serial:/dev/ttyNOBODY7"))
    page.listen.reset()
    choose_kind(page.meter, "serial")
    type_into(page.meter, "linkDevice", "/dev/ttyNOBODY7")
    click(page.meter, "wireApply")
    assert "use the same port" in page.meter.form.problem


# The page as a whole


def test_messages_lead_to_this_page(in_contact: MainWindow) -> None:
    in_contact.go("pageConnections", "meter")
    page = in_contact.stack.currentWidget()
    assert isinstance(page, ConnectionsPage)
    assert page.meter.isAncestorOf(QApplication.focusWidget()) or page.meter.form.kind.focusProxy() is not None


def test_entries_survive_a_change_of_language(in_contact: MainWindow) -> None:
    page = page_of(in_contact)
    choose_kind(page.bus, "tcp")
    type_into(page.bus, "linkHost", "127.0.0.1")
    type_into(page.bus, "linkPort", "12345")
    choose_kind(page.meter, "serial")
    type_into(page.meter, "linkDevice", "COM7")
    in_contact.set_language(Language.SWEDISH)
    in_contact.set_language(Language.ENGLISH)
    page = page_of(in_contact)
    page.refresh()
    assert page.bus.form.link() == "tcp://127.0.0.1:12345"
    assert page.meter.form.link() == "serial:COM7"
    page.bus.reset()
    page.meter.reset()
    assert page.state() == {}
    page.restore({"mbus": "nonsense", "meter": 7})
    assert page.state() == {}


def test_the_primary_button_is_that_of_the_edited_card(in_contact: MainWindow) -> None:
    page = page_of(in_contact)

    def primary() -> list[QWidget]:
        return [button for button in (page.bus.apply, page.meter.apply) if button._kind.value == "primary"]

    assert primary() == []
    choose_kind(page.bus, "pty")
    assert primary() == [page.bus.apply]
    choose_kind(page.meter, "pty")
    assert primary() == [page.meter.apply]
    choose_kind(page.meter, "sim")
    assert primary() == [page.bus.apply]


def test_the_keyboard_goes_through_a_card_from_top_to_bottom(in_contact: MainWindow, qtbot: QtBot) -> None:
    page = page_of(in_contact)
    in_contact.activateWindow()
    qtbot.waitUntil(in_contact.isActiveWindow)
    page.meter.view.disconnect_link.setFocus()
    seen: list[int] = []
    while page.meter.isAncestorOf(QApplication.focusWidget()) and len(seen) < 30:
        seen.append(QApplication.focusWidget().mapTo(page.meter, QPoint(0, 0)).y())
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    # All enabled controls: disconnect, copy, kind, variant, disconnector, test.
    assert len(seen) == 6
    assert seen == sorted(seen)


def test_ports_that_are_found_after_a_change_of_language_are_ignored(
    live: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = threading.Event()
    monkeypatch.setattr("serial.tools.list_ports.comports", lambda: found.wait(10) and [])
    page = page_of(live)
    choose_kind(page.bus, "serial")
    qtbot.waitUntil(lambda: page._listing_ports, timeout=TIMEOUT)
    live.set_language(Language.SWEDISH)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    found.set()
    qtbot.waitUntil(lambda: not live.background.busy, timeout=TIMEOUT)


def test_cards_have_their_names(in_contact: MainWindow) -> None:
    page = page_of(in_contact)
    assert isinstance(page.findChild(QWidget, "connectionsMbus"), BusCard)
    assert isinstance(page.findChild(QWidget, "connectionsMeter"), MeterCard)


# Stored for the next start


@pytest.fixture
def home_window(tmp_path: Path, qtbot: QtBot) -> Iterator[Callable[[], tuple[MainWindow, str | None]]]:
    """Return a function that starts windows as the program does without arguments, one after the other."""
    with contextlib.ExitStack() as ends:

        def start() -> tuple[MainWindow, str | None]:
            folder = open_state_folder(tmp_path)
            ends.callback(folder.close)
            config, problem = _with_folder(None, folder)
            window = build(config)
            ends.callback(window.deleteLater)
            ends.callback(window.close)
            window.show()
            qtbot.waitUntil(lambda: window.station.running, timeout=TIMEOUT)
            window.closed.connect(folder.close)
            return window, problem

        yield start


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the tests away from the user's keyring."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


def test_the_wiring_is_stored_for_the_next_start(
    home_window: Callable[[], tuple[MainWindow, str | None]], qtbot: QtBot, tmp_path: Path
) -> None:
    window, _ = home_window()
    page, default = page_of(window), window.station.config.mbus
    page.meter.variant.setCurrentIndex(page.meter.variant.findData("M27"))
    page.meter.variant.activated.emit(0)
    click(page.meter, "wireApply")
    qtbot.waitUntil(lambda: not window.background.busy, timeout=TIMEOUT)
    assert load_wiring(tmp_path)[0].mbus is None, "the default was not chosen by the user"
    port = free_ports(1)[0]
    type_into(page.bus, "linkPort", str(port))
    click(page.bus, "wireApply")
    qtbot.waitUntil(lambda: window.station.config.mbus != default, timeout=TIMEOUT)
    qtbot.waitUntil(lambda: not window.background.busy, timeout=TIMEOUT)
    window.close()
    window, problem = home_window()
    assert problem is None
    assert window.station.config.variant == "M27"
    assert window.station.config.mbus == (f"tcp://127.0.0.1:{port}",)
    qtbot.waitUntil(all_open(window), timeout=TIMEOUT)
    window.close()
    (tmp_path / "wiring.toml").write_text("mbus = 7\n")
    window, problem = home_window()
    assert problem is not None
    assert "wiring-damaged-" in str(problem)
    assert window.station.config.variant == "M29"


def test_on_a_full_disk_the_wiring_holds_and_the_failure_is_reported(
    home_window: Callable[[], tuple[MainWindow, str | None]], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("cmi_gui.engine.station.wiring.write_atomically", full)
    window, _ = home_window()
    page = page_of(window)
    click(page.bus, "linkRemove")
    assert window.station.config.mbus == ()
    # Other messages may follow it, because the meter is read in the meantime.
    words = "could not be saved for the next start"
    qtbot.waitUntil(lambda: any(words in entry.text for entry in window.messages.last(50)), timeout=TIMEOUT)


def test_links_that_were_named_at_the_start_are_not_stored(live: MainWindow, qtbot: QtBot) -> None:
    assert not live.station.config.stores_wiring


# Drafts

HOSTS = st.sampled_from(["", "127.0.0.1", "::1", "box.example", "10.0.0.300", "a b", "[x]", "x/y", "å"])
DRAFTS = st.builds(
    LinkDraft,
    scheme=st.sampled_from(["sim", "tcp", "serial", "pty"]),
    host=HOSTS | st.text(max_size=10),
    port=st.integers(-5, 70_000).map(str) | st.text(max_size=6),
    path=st.text(max_size=12),
    options=st.builds(
        LinkSpec,
        scheme=st.just("pty"),
        baud=st.none() | st.integers(1, 115_200),
        paced=st.booleans(),
        echo=st.none() | st.sampled_from(["auto", "on", "off"]),
    ),
)


@given(draft=DRAFTS, role=st.sampled_from(["listen", "connect"]))
def test_whatever_is_typed_is_a_link_or_a_problem_in_words(draft: LinkDraft, role: str) -> None:
    problem = problem_of(draft, role)  # type: ignore[arg-type]
    if problem is not None:
        assert problem.words
        return
    link = draft.link()
    spec = parse_link(link)
    assert spec.scheme == draft.scheme
    assert draft_of(spec).link() == link
