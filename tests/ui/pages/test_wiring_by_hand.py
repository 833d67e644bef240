"""The page Wiring by keyboard, and with adapters that are plugged in and out: focus, layout and messages."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from serial.tools.list_ports_common import ListPortInfo

from cmi_gui.engine.diagnostics.checks import Check, CheckId, Finding, Lead, LinkName, SymptomId
from cmi_gui.engine.diagnostics.meter_checks import link as link_check
from cmi_gui.engine.files.toml_file import FileError
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.messages import Message, quoted
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.engine.station.wiring import Listening
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.connections.card import LinkCard
from cmi_gui.ui.pages.connections.page import ConnectionsPage
from cmi_gui.ui.pages.module.page import ModulePage
from cmi_gui.ui.pages.traffic.page import TrafficPage
from cmi_gui.ui.prefs import Language
from cmi_gui.ui.text.activity import activity
from cmi_gui.ui.text.link_words import shown_link
from cmi_gui.ui.text.mark import Mark
from cmi_gui.ui.text.status import bus_status, meter_status
from cmi_gui.ui.text.words import sentence
from tests.helpers.waiting import WAIT_SECONDS

if sys.platform != "win32":
    import tty

posix = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
TIMEOUT = round(1000 * WAIT_SECONDS)
NOWHERE = "serial:/dev/cmi-no-such-port"


@pytest.fixture
def adapter(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A pseudo-terminal that the system lists as an adapter with the USB serial number A50285BI."""
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    port = ListPortInfo(os.ttyname(theirs))
    port.serial_number, port.vid, port.pid = "A50285BI", 0x0403, 0x6001
    monkeypatch.setattr("serial.tools.list_ports.comports", lambda: [port])
    yield port.device
    os.close(ours)
    os.close(theirs)


def shown(window: MainWindow, qtbot: QtBot) -> ConnectionsPage:
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=TIMEOUT)
    window.go("pageConnections", "")
    page = window.stack.currentWidget()
    assert isinstance(page, ConnectionsPage)
    return page


def press(widget: QWidget, key: Qt.Key = Qt.Key.Key_Space) -> None:
    widget.setFocus()
    QTest.keyClick(widget, key)


def wire_serial(card: LinkCard, device: str, qtbot: QtBot) -> None:
    card.form.kind.choose("serial")
    qtbot.waitUntil(lambda: card.form.ports.count() > 0, timeout=TIMEOUT)
    card.form.device.setFocus()
    card.form.device.selectAll()
    QTest.keyClicks(card.form.device, device)
    press(card.apply)


def test_the_badge_of_a_page_survives_a_change_of_language(
    make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = make_window(mbus=(NOWHERE,), readout_interval=3600.0)
    window.show()
    qtbot.waitUntil(lambda: window.station.link_status[0].state is LinkState.WAITING, timeout=TIMEOUT)
    window.bridge.drain()
    place = window.stack.index_of("pageConnections")
    assert window.navigation.badges()[place] == "!"
    window.set_language(Language.SWEDISH)
    assert window.navigation.badges()[place] == "!"


# The focus


@posix
def test_after_connecting_by_keyboard_another_space_does_not_disconnect(
    make_window: Callable[..., MainWindow], qtbot: QtBot, adapter: str
) -> None:
    window = make_window(readout_interval=3600.0)
    page = shown(window, qtbot)
    wire_serial(page.bus, adapter, qtbot)
    assert page.bus.test.text() == "Stop"
    assert page.bus.test.hasFocus(), "the test can be stopped now"
    qtbot.waitUntil(lambda: page.bus.wired == f"serial:{adapter}" and not page.bus.dirty, timeout=TIMEOUT)
    assert page.bus.test.hasFocus()
    assert page.bus.test.text() == "Test"


@posix
def test_a_test_is_stopped_where_it_was_started(
    make_window: Callable[..., MainWindow], qtbot: QtBot, adapter: str
) -> None:
    page = shown(make_window(readout_interval=3600.0), qtbot)
    page.bus.form.kind.choose("serial")
    page.bus.form.show_link(f"serial:{adapter}")
    page.bus.refresh()
    press(page.bus.test)
    assert page.bus._trial is not None
    assert page.bus.findChild(QLabel, "trialResult").isVisible()
    press(QApplication.focusWidget())
    assert page.bus._trial is None
    assert not page.bus.findChild(QLabel, "trialResult").isVisible()
    assert page.bus.test.hasFocus()
    assert page.bus.apply.isEnabled(), "the choice stays"


def test_discarding_leaves_the_focus_in_the_card(in_contact: MainWindow, qtbot: QtBot) -> None:
    page = shown(in_contact, qtbot)
    page.meter.form.kind.choose("pty")
    press(page.meter.discard)
    chosen = page.meter.form.kind.focusProxy()
    assert chosen.hasFocus()
    assert chosen.isChecked()
    QTest.keyClick(chosen, Qt.Key.Key_Space)
    assert not page.meter.dirty


def test_disconnected_by_keyboard_a_link_is_connected_by_the_next_key(in_contact: MainWindow, qtbot: QtBot) -> None:
    page = shown(in_contact, qtbot)
    press(page.meter.view.disconnect_link)
    assert page.meter.status.state is LinkState.CLOSED
    assert page.meter.view.reconnect.hasFocus()


# Ports


@posix
@pytest.mark.parametrize("first", ["device", "usb"])
def test_one_port_under_two_names_is_not_wired_twice(
    make_window: Callable[..., MainWindow], qtbot: QtBot, adapter: str, first: str
) -> None:
    names = {"device": adapter, "usb": "usb=A50285BI"}
    second = names["usb" if first == "device" else "device"]
    window = make_window(mbus=(f"serial:{names[first]}",), readout_interval=3600.0)
    page = shown(window, qtbot)
    qtbot.waitUntil(lambda: window.station.link_status[0].state is LinkState.OPEN, timeout=TIMEOUT)
    wire_serial(page.meter, second, qtbot)
    assert window.station.config.meter == "sim:", "the link to the meter that answers stays"
    words = page.meter.findChild(QLabel, "linkProblem_device").text()
    assert words.startswith(f"serial:{second} and serial:{names[first]} use the same port")


@posix
def test_the_same_port_under_its_other_name_is_wired_anew(
    make_window: Callable[..., MainWindow], qtbot: QtBot, adapter: str
) -> None:
    window = make_window(mbus=(f"serial:{adapter}",), readout_interval=3600.0)
    page = shown(window, qtbot)
    qtbot.waitUntil(lambda: window.station.link_status[0].state is LinkState.OPEN, timeout=TIMEOUT)
    wire_serial(page.bus, "usb=A50285BI", qtbot)
    assert window.station.config.mbus == ("serial:usb=A50285BI",)


@posix
def test_the_first_arrow_chooses_the_only_port_and_an_unplugged_one_moves_nothing(
    in_contact: MainWindow, qtbot: QtBot, adapter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = shown(in_contact, qtbot)
    page.bus.form.kind.choose("serial")
    page.refresh()
    ports = page.bus.form.ports
    qtbot.waitUntil(lambda: ports.count() == 1, timeout=TIMEOUT)
    press(ports, Qt.Key.Key_Down)
    assert page.bus.form.device.text() == "usb=A50285BI"
    more = [ListPortInfo("/dev/ttyUSB8"), ListPortInfo("/dev/ttyUSB9")]
    monkeypatch.setattr("serial.tools.list_ports.comports", lambda: more)
    page.activate()
    page.refresh()
    qtbot.waitUntil(lambda: ports.count() == 2, timeout=TIMEOUT)
    height = ports.height()
    monkeypatch.setattr("serial.tools.list_ports.comports", list)
    page.activate()
    page.refresh()
    qtbot.waitUntil(lambda: ports.count() == 0, timeout=TIMEOUT)
    assert ports.height() == height


# Messages


def test_a_waiting_link_is_known_by_what_it_waits_for() -> None:
    link = LinkStatus("meter", "serial:usb=0001", "serial:/dev/ttyUSB1", LinkState.OPEN)
    assert shown_link(link) == "serial:/dev/ttyUSB1"
    link.state = LinkState.WAITING
    assert shown_link(link) == "serial:usb=0001"


def test_a_sentence_leaves_a_link_as_it_is_typed() -> None:
    assert sentence("serial:COM3: the received data is not M-Bus").startswith("serial:COM3")
    assert sentence("serial numbers differ") == "Serial numbers differ"


def test_a_sentence_leaves_the_name_of_a_file_as_it_is() -> None:
    empty = Message("it has no lines")
    assert sentence(FileError("plan.csv", empty).message) == "plan.csv: it has no lines"
    nested = Message("{0}; nothing was sent", (Message("{0} is gone", ("flat 7",)),))
    assert sentence(nested) == "flat 7 is gone; nothing was sent"
    assert sentence(Message("{0}; nothing was sent", (empty,))) == "It has no lines; nothing was sent"
    assert sentence(quoted("wrong")) == "Wrong"


def test_diagnostics_name_the_adapter_that_is_waited_for() -> None:
    status = LinkStatus("meter", "serial:usb=0001", "serial:/dev/ttyUSB1", LinkState.WAITING, "no_port", "It is away.")
    assert link_check(CheckId.METER_LINK, status, running=True).facts[0] == LinkName("meter", "serial:usb=0001")


@posix
def test_unreadable_telegrams_are_shown_with_the_speed_of_the_port(
    make_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "bus"
    window = make_window(mbus=(f"pty:{path}?baud=300",), readout_interval=3600.0)
    window.start()
    qtbot.waitUntil(lambda: window.station.link_status[0].state is LinkState.OPEN, timeout=TIMEOUT)
    master = os.open(path, os.O_RDWR | os.O_NOCTTY)

    def speed_check() -> Check:
        symptoms = window.diagnosis.look()
        checks = next(symptom.checks for symptom in symptoms if symptom.id is SymptomId.MASTER)
        return next(check for check in checks if check.id is CheckId.SPEED)

    def received() -> bool:
        os.write(master, bytes.fromhex("8c00f3"))
        window.bridge.drain()
        return speed_check().finding is Finding.SPEED_WRONG

    qtbot.waitUntil(received, timeout=TIMEOUT)
    os.close(master)
    assert window.station.module.baud == 2400
    assert speed_check().facts[2] == 300
    assert speed_check().lead == Lead("pageConnections", "mbus"), "the setting is not the cause"


def test_a_silent_real_bus_has_no_speed_and_a_lost_meter_no_contact(
    make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = make_window(mbus=(NOWHERE,), meter=NOWHERE.replace("such", "meter"), readout_interval=3600.0)
    station = window.station
    window.start()
    qtbot.waitUntil(lambda: all(link.state is LinkState.WAITING for link in station.link_status), timeout=TIMEOUT)
    bus = bus_status(station, station.module_state())
    assert (bus.mark, bus.title) == (Mark.TROUBLE, "Bus: link down")
    assert "There is no serial port" in bus.detail
    doing = activity(station, station.module_state(), station.clock.now())
    assert (doing.mark, doing.title) == (Mark.TROUBLE, "The link to the meter is down")
    assert "There is no serial port" in doing.detail
    for link in station.link_status:
        station.disconnect(link)
    bus = bus_status(station, station.module_state())
    assert (bus.mark, bus.title, bus.detail) == (Mark.OFF, "Bus: not connected", "No link is open")


def test_a_disconnected_meter_is_not_shown_as_in_contact(in_contact: MainWindow) -> None:
    station = in_contact.station
    station.disconnect(next(link for link in station.link_status if link.side == "meter"))
    assert station.module.contact, "the module itself knows only after three readouts"
    now = station.clock.now()
    assert meter_status(station, station.module_state(), now).title == "Meter: not connected"
    assert activity(station, station.module_state(), now).title == "The link to the meter is disconnected"
    page = in_contact.stack.page(in_contact.stack.index_of("pageModule"))
    assert isinstance(page, ModulePage)
    page.refresh()
    assert not page.panel.read_now.isEnabled()
    assert page.panel.read_now.toolTip() == "The link to the meter is not open"


@posix
def test_a_station_that_only_listens_shows_where(
    make_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "tap"
    window = make_window(mbus=(), listen=(Listening(f"pty:{path}"),), readout_interval=3600.0)
    window.show()
    window.go("pageTraffic", "")
    page = window.stack.currentWidget()
    assert isinstance(page, TrafficPage)
    listener = window.station.link_status[-1]
    qtbot.waitUntil(lambda: listener.state is LinkState.OPEN, timeout=TIMEOUT)
    window.station.traffic.clear()
    page.refresh()
    assert page.views.table.accessibleDescription() == f"Nothing has been received yet on {listener.url}"


def test_a_long_state_does_not_push_the_columns_apart(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = make_window(mbus=(), listen=(Listening(NOWHERE),), readout_interval=3600.0)
    page = shown(window, qtbot)
    qtbot.waitUntil(lambda: page.listen.view.title.text().startswith("Not found"), timeout=TIMEOUT)
    page.listen.view.title.setText("Not allowed, trying again, and again, and again, and again")
    QApplication.processEvents()
    listen, meter = (card.form.mapTo(page._scroll.widget(), QPoint(0, 0)).x() for card in (page.listen, page.meter))
    assert abs(listen - meter) <= 2, "they are aligned"
