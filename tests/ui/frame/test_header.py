"""The header for the chosen module: simulated or real, bus, meter, and availability."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.messages import Message
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.prefs import Language
from cmi_gui.ui.targets import BUILT_IN
from cmi_gui.ui.text.mark import Mark
from cmi_gui.ui.text.world import World, port_name
from cmi_gui.ui.widgets.plain.marks import Chip
from tests.ui.conftest import RealModule, scan

if sys.platform != "win32":
    import tty

NAME = "Module 87654321, meter 33456789"
"""The name of the target in `real_module`; its meter is known since the scan."""


def shown(chip: Chip) -> tuple[Mark, str, str]:
    assert chip.status is not None
    return chip.status.mark, chip.title.text(), chip.detail.text()


def read(window: MainWindow, real: RealModule, clock: VirtualClock) -> None:
    window.bus.read(real.slave)
    assert clock.run_until(clock.now() + 120, lambda: not window.bus.work)


def test_the_header_shows_the_world_before_the_target(in_contact: MainWindow) -> None:
    header = in_contact.header
    assert header.badge.isVisible()
    assert header.badge.geometry().right() < header.target.x() < header.bus.x()
    assert header.line.world is World.SIMULATED
    assert header.line.width() == header.width()
    number = in_contact.station.module_state().meter_number
    assert header.target.chip.title.text() == f"Built-in module 12345678, meter {number}"
    assert in_contact.windowTitle() == f"SIMULATED: Built-in module 12345678, meter {number} - cmi_gui"


def test_the_header_shows_bus_and_meter_of_a_real_module(
    in_contact: MainWindow, real_module: RealModule, clock: VirtualClock
) -> None:
    header = in_contact.header
    assert header.badge.isHidden()
    assert header.real_badge.isVisible()
    assert header.real_badge.text() == "REAL BUS 192.0.2.1:10001"
    assert header.line.world is World.REAL_BUS
    assert shown(header.target.chip) == (Mark.GOOD, NAME, "tcp://192.0.2.1:10001")
    assert shown(header.bus) == (Mark.GOOD, "Real bus", "tcp://192.0.2.1:10001")
    assert shown(header.meter) == (Mark.UNKNOWN, "Meter: not read", "Read it on the page Site")
    assert not header.copy.isVisible(), "masters connect to the built-in module only"
    assert in_contact.windowTitle() == f"REAL BUS 192.0.2.1:10001: {NAME} - cmi_gui"

    read(in_contact, real_module, clock)
    number = real_module.station.module_state().meter_number
    assert shown(header.meter) == (Mark.GOOD, f"Meter {number}", "Read just now")
    # Changes of the built-in module do not concern this one.
    in_contact.station.set_bus_voltage(0.0)
    clock.advance(90)
    in_contact.bridge.drain()
    header.refresh()
    assert shown(header.bus)[:2] == (Mark.GOOD, "Real bus")
    assert shown(header.meter) == (Mark.GOOD, f"Meter {number}", "Read 1 min ago")

    in_contact.targets.choose(BUILT_IN)
    assert header.badge.isVisible()
    assert header.badge.text() == "SIMULATED"
    assert not header.real_badge.isVisible()
    assert header.copy.isVisible()
    assert header.bus.title.text() == "Bus: no voltage"
    assert in_contact.windowTitle() == "SIMULATED: Built-in module 12345678 - cmi_gui"


def test_a_real_module_without_contact_with_its_meter(
    in_contact: MainWindow, real_module: RealModule, clock: VirtualClock
) -> None:
    meter = real_module.station.meter
    assert meter is not None
    meter.faults.silent = True
    assert clock.run_until(clock.now() + 300, lambda: not real_module.station.module.contact)
    read(in_contact, real_module, clock)
    assert shown(in_contact.header.meter)[:2] == (Mark.TROUBLE, "Meter: no contact")


@pytest.mark.parametrize(("page", "what"), [("pageModule", ": simulated"), ("pageConnections", "")])
def test_pages_of_the_built_in_module_note_that_another_is_chosen(
    in_contact: MainWindow, real_module: RealModule, page: str, what: str
) -> None:
    in_contact.go(page)
    note = in_contact.stack.currentWidget().findChild(QLabel, "builtInNote")
    assert note.isVisible()
    assert note.text() == f"This page shows the built-in module{what}, not Module 87654321"
    in_contact.targets.choose(BUILT_IN)
    assert not note.isVisible()


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
def test_with_a_real_meter_the_built_in_module_is_not_called_simulated(
    make_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    window = make_window(mbus=(), meter=f"pty:{tmp_path / 'meter'}")
    window.show()
    window.header.refresh()
    assert window.header.badge.isHidden()
    assert window.header.real_badge.text() == "REAL METER meter"
    assert window.header.line.world is World.REAL_METER
    assert "switches a real disconnector" in window.header.real_badge.toolTip()


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
def test_a_simulated_meter_on_a_real_bus_is_called_simulated(
    make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    port = os.ttyname(theirs)
    window = make_window(mbus=(f"serial:{port}",))
    window.show()
    qtbot.waitUntil(lambda: window.station.link_status[0].state is LinkState.OPEN)
    window.header.refresh()
    assert window.header.badge.isVisible()
    assert window.header.real_badge.isHidden()
    # Nothing beside SIMULATED calls anything real: what is connected to the port is not known.
    assert shown(window.header.bus)[1] == f"Serves {port.rpartition('/')[2]}, 2400 bit/s"
    window.go("pageConnections")
    assert "Real" not in window.stack.currentWidget().diagram.accessibleName()
    window.close()
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("serial:COM4?baud=300", "COM4"), ("serial:/dev/ttyUSB0", "ttyUSB0"),
        ("tcp://192.0.2.1:10001", "192.0.2.1:10001"),
        ("serial:/dev/serial/by-id/usb-FTDI_FT232R_A50285BI-if00-port0", "usb-FTDI_…f00-port0"), ("a room", "a room"),
    ],
)  # fmt: skip
def test_the_short_name_of_a_port(link: str, name: str) -> None:
    assert port_name(link) == name


# Only the user chooses the target


def test_a_scan_and_a_read_of_all_leave_the_target(
    in_contact: MainWindow, real_module: RealModule, clock: VirtualClock
) -> None:
    targets = in_contact.targets
    for key in (BUILT_IN, real_module.target.key):
        targets.choose(key)
        chosen = targets.current
        scan(in_contact.bus, clock)
        in_contact.go("pageBus")
        in_contact.findChild(QAbstractButton, "busReadAll").click()
        assert in_contact.bus.work
        assert clock.run_until(clock.now() + 120, lambda: not in_contact.bus.work)
        assert targets.current is chosen
        assert chosen.key == key


@pytest.mark.qt_log_ignore("grabbing the keyboard")
def test_keys_open_the_choice_of_the_target(in_contact: MainWindow, real_module: RealModule, qtbot: QtBot) -> None:
    in_contact.go("pageTraffic")
    in_contact.activateWindow()
    qtbot.waitUntil(in_contact.isActiveWindow)
    field = in_contact.findChild(QLineEdit, "trafficFilter")
    field.setText("type=RSP")
    field.setFocus()
    field.setCursorPosition(4)
    qtbot.keyClick(field, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == "type=RSP", "the keys do not delete to the end of the line"
    menu = in_contact.header.target._menu
    assert menu.isVisible()
    assert [action.text() for action in menu.actions()][1] == f"{NAME}  (tcp://192.0.2.1:10001)"
    assert menu.activeAction().text().startswith("Module 87654321")
    qtbot.keyClick(menu, Qt.Key.Key_Up)
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert in_contact.targets.current.built_in


# A module that disappears stays chosen


def test_a_disconnected_bus(in_contact: MainWindow, real_module: RealModule, clock: VirtualClock) -> None:
    header, target = in_contact.header, real_module.target
    read(in_contact, real_module, clock)
    in_contact.bus.disconnect_link()
    assert in_contact.targets.current is target
    assert shown(header.target.chip) == (Mark.UNKNOWN, NAME, "Not available: its bus is disconnected")
    assert shown(header.bus) == (Mark.OFF, "Bus: not connected", "tcp://192.0.2.1:10001")
    assert shown(header.meter)[0] is Mark.UNKNOWN, "its last known state was good"
    assert header.badge.isHidden()
    assert header.target.accessibleName() == f"Target: {NAME}. Not available: its bus is disconnected"
    in_contact.bus.connect_to("tcp://192.0.2.1:10001")
    clock.advance(1)
    assert shown(header.target.chip) == (Mark.GOOD, NAME, "tcp://192.0.2.1:10001")


def test_another_bus(
    in_contact: MainWindow, real_module: RealModule, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_contact.bus.connect_to("sim:")
    clock.advance(1)
    assert in_contact.targets.current is real_module.target
    assert shown(in_contact.header.target.chip)[2] == "Not available: its bus is disconnected"


def test_a_cleared_list(in_contact: MainWindow, real_module: RealModule, clock: VirtualClock) -> None:
    header = in_contact.header
    in_contact.bus.clear()
    assert in_contact.targets.current is real_module.target
    assert shown(header.target.chip) == (Mark.UNKNOWN, NAME, "Not available: it is no longer in the list")
    scan(in_contact.bus, clock)
    assert in_contact.targets.current is real_module.target
    assert shown(header.target.chip)[0] is Mark.GOOD


def test_a_scan_that_does_not_find_the_module(
    in_contact: MainWindow, real_module: RealModule, clock: VirtualClock
) -> None:
    header = in_contact.header
    real_module.station.set_bus_voltage(0.0)
    scan(in_contact.bus, clock, range(5, 7))
    assert shown(header.target.chip)[0] is Mark.GOOD, "the scan did not cover its address"
    scan(in_contact.bus, clock)
    assert in_contact.targets.current is real_module.target
    assert shown(header.target.chip) == (
        Mark.TROUBLE,
        NAME,
        "Not available: no answer to the last request",
    )
    real_module.station.set_bus_voltage(24.0)
    scan(in_contact.bus, clock)
    assert shown(header.target.chip)[0] is Mark.GOOD


@pytest.mark.parametrize("how", ["read", "compare", "write"])
def test_a_module_that_stops_answering(
    in_contact: MainWindow, real_module: RealModule, clock: VirtualClock, how: str
) -> None:
    model = in_contact.configuration

    def ask() -> None:
        if how == "read":
            in_contact.bus.read(real_module.slave)
        elif how == "compare":
            model.compare()
        else:
            model.edit("tag", "7")
            model.write()
        assert clock.run_until(clock.now() + 120, lambda: not in_contact.bus.work and not model.busy)

    real_module.station.set_bus_voltage(0.0)
    ask()
    assert in_contact.targets.current is real_module.target
    assert shown(in_contact.header.target.chip)[2] == "Not available: no answer to the last request"
    real_module.station.set_bus_voltage(24.0)
    ask()
    assert shown(in_contact.header.target.chip)[0] is Mark.GOOD


def test_an_unplugged_adapter(in_contact: MainWindow, real_module: RealModule) -> None:
    session = real_module.target.session
    error = LinkError("lost", Message("{0} was unplugged; plug it in again.", ("COM3",)))
    session._driver.state(LinkState.WAITING, error)
    assert in_contact.targets.current is real_module.target
    assert shown(in_contact.header.target.chip) == (
        Mark.TROUBLE,
        NAME,
        "COM3 was unplugged; plug it in again.",
    )
    assert shown(in_contact.header.bus)[:2] == (Mark.TROUBLE, "Bus: link down")


def test_a_removed_module_stays_listed_until_another_is_chosen(in_contact: MainWindow, real_module: RealModule) -> None:
    targets, target = in_contact.targets, real_module.target
    in_contact.configuration.edit("tag", "7")
    targets.remove(target.key)
    assert targets.current is target
    assert target in targets.all
    assert shown(in_contact.header.target.chip)[2] == "Not available: it is no longer in the list"
    assert in_contact.configuration.form.changed == ["tag"], "entered values are not lost"
    targets.choose(BUILT_IN)
    assert target not in targets.all
    assert in_contact.configuration.total() == 0
    with pytest.raises(KeyError):
        targets.choose(target.key)


def test_the_menu_of_targets_marks_absent_modules(in_contact: MainWindow, real_module: RealModule) -> None:
    in_contact.bus.disconnect_link()
    real_module.target.where = "tcp://192.0.2.1:10001?baud=2400&timeout=2"
    choice = in_contact.header.target
    choice._fill()
    assert choice._menu.actions()[1].text() == (
        f"{NAME}  (tcp://192.0.2.1:10001?baud=2400&&timeout=2, not available)"
    ), "an ampersand is not a mnemonic"


@pytest.mark.parametrize("language", [Language.ENGLISH, Language.SWEDISH])
def test_no_title_is_shortened_at_1366_by_125_percent(in_contact: MainWindow, language: Language) -> None:
    in_contact.set_language(language)
    in_contact.resize(1093, 614)
    for _ in range(3):
        QApplication.processEvents()
    header = in_contact.header
    header.refresh()
    QApplication.processEvents()
    for chip in (header.target.chip, header.bus, header.meter, header.recording):
        assert chip.title.width() >= chip.title.sizeHint().width(), chip.title.text()
