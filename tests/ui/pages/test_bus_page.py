"""The page Site, operated as by a user: in virtual time, and over TCP in real time."""

from __future__ import annotations

import csv
import io
import re
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLineEdit, QPushButton, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.configurator import masters
from cmi_gui.engine.link.url import LinkSpec
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.mbus.frame import Frame, parse_frame
from cmi_gui.engine.mbus.slave_address import SlaveAddress
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.traffic.store import Direction, Side
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.bus.page import BusPage, SiteView
from cmi_gui.ui.pages.bus.steps import VisitStep
from cmi_gui.ui.pages.bus.table_models import MARK_ROLE, BusColumn, ValueColumn
from cmi_gui.ui.pages.configuration.page import ConfigurationPage
from cmi_gui.ui.prefs import DecimalSign, Language
from cmi_gui.ui.targets import BUILT_IN, ModuleTarget
from cmi_gui.ui.text.mark import Mark
from cmi_gui.ui.widgets.plain.buttons import Button, ButtonKind
from tests.helpers.buses import ScriptedBus, SharedWire
from tests.helpers.mbus_telegrams import METERS, WORKED_RESPONSES
from tests.helpers.station_bench import readings_of
from tests.ui.conftest import RealModule

SCAN_SECONDS = 3000.0


def show(window: MainWindow) -> BusPage:
    window.go("pageBus")
    page = window.stack.currentWidget()
    assert isinstance(page, BusPage)
    page.show_view(SiteView.BUS)
    return page


@pytest.fixture
def page(in_contact: MainWindow) -> BusPage:
    """The page with the list of what is on the bus, and a scan of primary addresses chosen."""
    page = show(in_contact)
    page.scan.restore({"primary": True, "secondary": False})
    return page


@pytest.fixture
def clash(page: BusPage, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Station]]:
    """Two more modules on one wire, both at address 0, behind any LINK."""
    stations = [Station(StationConfig(mbus=(), serial=serial), clock) for serial in ("11111111", "87654321")]
    for station in stations:
        station.start()
    clock.advance(20)
    wire = SharedWire(clock, [station.connect_master() for station in stations])
    monkeypatch.setattr(masters, "make_link", lambda *_: wire)
    choose_tcp(page, "192.0.2.1:10001")
    yield stations
    for station in stations:
        station.stop()


@pytest.fixture
def scripted(page: BusPage, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch) -> ScriptedBus:
    """Two slaves of another manufacturer."""
    water, electricity = WORKED_RESPONSES["DOC48 water meter"], METERS["electricity, floats"]
    wire = ScriptedBus(clock, {2: water, 1: electricity})
    monkeypatch.setattr(masters, "make_link", lambda *_: wire)
    choose_tcp(page, "192.0.2.2:10001")
    return wire


def choose_tcp(page: BusPage, where: str) -> None:
    port = page.port.port
    port.setCurrentIndex(port.findText("TCP gateway"))
    port.activated.emit(port.currentIndex())
    page.port.address.setText(where)


def retype(qtbot: QtBot, field: QLineEdit, text: str) -> None:
    field.selectAll()
    qtbot.keyClicks(field, text)


def click(qtbot: QtBot, button: QWidget) -> None:
    assert button.isEnabled(), button.toolTip()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def scan(page: BusPage, clock: VirtualClock, qtbot: QtBot) -> None:
    click(qtbot, page.scan.button)
    assert clock.run_until(clock.now() + SCAN_SECONDS, lambda: not page.bus.scanning)


def settle(page: BusPage, clock: VirtualClock) -> None:
    assert clock.run_until(clock.now() + 60, lambda: not page.bus.work)


def rows(page: BusPage) -> list[list[str]]:
    page.refresh()
    model = page.model
    return [[model.index(row, column).data() for column in range(len(BusColumn))] for row in range(model.rowCount())]


def values(page: BusPage) -> list[list[str]]:
    page.refresh()
    model = page.slave.values
    return [[model.index(row, column).data() for column in range(len(ValueColumn))] for row in range(model.rowCount())]


def last_message(page: BusPage) -> str:
    return page.context.messages.last(1)[0].text


# The built-in module, in virtual time


@pytest.mark.pages("pageBus")
@pytest.mark.parametrize("name", ["pageBus", "busScanButton", "busTable", "busConnect", "busRead", "busIdentify"])
def test_names(in_contact: MainWindow, name: str) -> None:
    assert len(in_contact.findChildren(QWidget, name)) == 1


def test_one_primary_button_and_a_name_for_every_control(page: BusPage) -> None:
    primary = [
        button for button in page.findChildren(Button) if button._kind is ButtonKind.PRIMARY and button.isVisible()
    ]
    assert [button.objectName() for button in primary] == ["busScanButton"]
    controls = [*page.findChildren(QPushButton), *page.findChildren(QLineEdit)]
    assert all(control.accessibleName() for control in controls)
    assert all(control.sizeHint().height() >= 32 for control in controls)
    disabled = [control for control in page.findChildren(Button) if not control.isEnabled() and control.isVisible()]
    assert disabled
    assert all(control.toolTip() for control in disabled)


def test_a_scan_of_all_addresses_finds_the_module_once(page: BusPage, clock: VirtualClock, qtbot: QtBot) -> None:
    assert page.port.words.text() == "Not connected"
    click(qtbot, page.scan.button)
    assert page.scan.button.text() == "Cancel the scan"
    assert page.port.words.text() == "Connected to the built-in module"
    assert clock.run_until(clock.now() + 60, lambda: page.bus.scan is not None and page.bus.scan.where == "20")
    lines = page.scan.words.text().splitlines()
    assert lines[0] == "Address 20 at 2400 bit/s"
    assert lines[1].startswith("1 module, about 2 min ")
    assert rows(page) == [["0", "12345678", "ELV", "Electricity, version 01", "OK", "—"]]
    assert clock.run_until(clock.now() + SCAN_SECONDS, lambda: not page.bus.scanning)
    assert len(rows(page)) == 1
    assert page.scan.words.text() == "Scan complete: 1 module"
    assert last_message(page) == "Scan complete: 1 module"
    assert page.scan.button.text() == "Scan the bus"


def test_a_cancelled_scan_keeps_the_modules_found(page: BusPage, clock: VirtualClock, qtbot: QtBot) -> None:
    click(qtbot, page.scan.button)
    assert clock.run_until(clock.now() + 60, lambda: page.bus.scan is not None and page.bus.scan.where == "9")
    click(qtbot, page.scan.button)
    assert not page.bus.scanning
    assert page.scan.words.text() == "Scan cancelled: 1 module so far"
    assert len(rows(page)) == 1
    before = clock.now()
    click(qtbot, page.slave.read)
    settle(page, clock)
    assert clock.now() - before < 20, "the bus is free at once"
    assert page.bus.chosen is not None
    assert page.bus.chosen.read_at is not None


@pytest.mark.parametrize(("mask", "found"), [("1234FFFF", 1), ("FFFFFFFF", 1), ("99FFFFFF", 0), ("12345678", 1)])
def test_a_search_by_mask(page: BusPage, clock: VirtualClock, qtbot: QtBot, mask: str, found: int) -> None:
    click(qtbot, page.scan.primary)
    click(qtbot, page.scan.secondary)
    retype(qtbot, page.scan.mask_field, mask)
    scan(page, clock, qtbot)
    assert len(rows(page)) == found
    if not found:
        assert page.scan.words.text() == "Scan complete: nothing found"
        assert page.table._empty.startswith("No answer. ")


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("range", "0-251", "Primary addresses are 0 to 250"),
        ("range", "7-3", "the lower one first"),
        ("range", "all", "is not a range of primary addresses"),
        ("mask", "1234567", "a mask has 8 hexadecimal digits"),
        ("mask", "1234567G", "F for any"),
        ("mask", "1234567X", "a mask has 8 hexadecimal digits"),
    ],
)
def test_an_invalid_field_shows_its_problem(page: BusPage, qtbot: QtBot, field: str, text: str, words: str) -> None:
    click(qtbot, page.scan.secondary)
    form = page.scan
    typed, error = form.range if field == "range" else form.mask_field, form.error
    assert page.scan.button.isEnabled()
    retype(qtbot, typed, text)
    assert words in error.text()
    assert not page.scan.button.isEnabled()
    assert words in page.scan.button.toolTip()
    typed.setText("5" if field == "range" else "FFFFFFFF")
    assert error.text() == ""
    assert page.scan.button.isEnabled()


def test_a_scan_without_addresses_is_refused(page: BusPage, qtbot: QtBot) -> None:
    click(qtbot, page.scan.primary)
    assert not page.scan.button.isEnabled()
    assert "Switch on" in page.scan.button.toolTip()
    click(qtbot, page.scan.primary)
    click(qtbot, page.scan.bauds[2400])
    assert page.scan.button.toolTip() == "Choose a speed, or both"


def test_the_faster_speed_is_searched_first(page: BusPage, qtbot: QtBot) -> None:
    click(qtbot, page.scan.bauds[300])
    assert page.scan.plan().bauds == (2400, 300)


def test_in_a_small_window_only_page_and_table_scroll(
    page: BusPage, in_contact: MainWindow, clock: VirtualClock, qtbot: QtBot
) -> None:
    retype(qtbot, page.scan.range, "0")
    scan(page, clock, qtbot)
    page.show_step(VisitStep.ASSIGN)
    page.show_view(SiteView.BUS)
    in_contact.resize(960, 540)
    for _ in range(5):
        QApplication.processEvents()
    assert page.slave.partly.isVisible()
    assert page.slave.partly.height() >= page.slave.partly.heightForWidth(page.slave.partly.width())
    assert page.slave._inside.verticalScrollBar().maximum() == 0


def test_enter_and_double_click_read_every_line_the_meter_sent(
    page: BusPage, clock: VirtualClock, qtbot: QtBot
) -> None:
    retype(qtbot, page.scan.range, "0")
    scan(page, clock, qtbot)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert rows(page)[0][BusColumn.STATUS] == "Reading..."
    assert page.model.index(0, BusColumn.STATUS).data(MARK_ROLE) is Mark.BUSY
    assert page.slave.read.text() == "Stop reading"
    settle(page, clock)
    slave = page.bus.chosen
    assert slave is not None
    module = page.station.module
    assert slave.lines == [f"{code}({reading.text})" for code, reading in readings_of(module).items()]
    shown = {row[ValueColumn.CODE]: row for row in values(page) if row[ValueColumn.CODE]}
    assert list(shown) == list(readings_of(module))
    assert shown["1.8.1"][ValueColumn.MEANING] == "Active energy +A rate 1"
    assert shown["1.8.1"][ValueColumn.UNIT] == "kWh"
    own = [row[ValueColumn.MEANING : ValueColumn.UNIT] for row in values(page) if not row[ValueColumn.CODE]]
    assert own[0] == ["Serial number on the label", "12345678"]
    assert ["Disconnector", "closed"] in own
    assert last_message(page) == f"Module 12345678 read: {len(slave.answers)} telegrams"

    first = slave.read_at
    clock.advance(5)
    place = page.table.visualRect(page.model.index(0, BusColumn.SERIAL)).center()
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    settle(page, clock)
    assert slave.read_at is not None
    assert first is not None
    assert slave.read_at > first + 4


def test_tab_goes_from_the_port_over_the_scan_and_the_list_to_the_module(
    page: BusPage, clock: VirtualClock, qtbot: QtBot
) -> None:
    retype(qtbot, page.scan.range, "0")
    scan(page, clock, qtbot)
    page.refresh()
    seen: list[str] = []
    page.port.connect_button.setFocus()
    for _ in range(14):
        focused = page.window().focusWidget()
        assert focused is not None
        seen.append(focused.objectName())
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    wanted = ["busConnect", "busRange", "busScanButton", "busTable", "busRead", "busConfigure", "busLabel"]
    assert [name for name in seen if name in wanted] == wanted


def test_reading_can_be_stopped(page: BusPage, clock: VirtualClock, qtbot: QtBot) -> None:
    retype(qtbot, page.scan.range, "0")
    scan(page, clock, qtbot)
    click(qtbot, page.slave.read)
    click(qtbot, page.slave.read)
    assert page.bus.work == {}
    assert rows(page)[0][BusColumn.STATUS] == "OK"
    assert page.slave.read.text() == "Read"


def test_identify_compares_with_the_label(page: BusPage, clock: VirtualClock, qtbot: QtBot) -> None:
    retype(qtbot, page.scan.range, "0")
    scan(page, clock, qtbot)
    assert page.slave.title.text() == "Module 12345678"
    qtbot.keyClicks(page.slave.label, "1234567")
    assert page.slave.label_error.text() == "", "a number is not marked as wrong while it is typed"
    assert not page.slave.identify.isEnabled()
    qtbot.keyClicks(page.slave.label, "8")
    qtbot.keyClick(page.slave.label, Qt.Key.Key_Return)
    settle(page, clock)
    page.refresh()
    assert page.slave.verdict.text().startswith("This is the module with label 12345678; it can also be reached")
    assert "33456789" in page.slave.verdict.text()
    retype(qtbot, page.slave.label, "12345679")
    click(qtbot, page.slave.identify)
    settle(page, clock)
    page.refresh()
    words = page.slave.verdict.text()
    assert words.startswith("This is another module: the number on its label is 12345678.")
    assert "No module with label 12345679 answers on this bus" in words
    qtbot.keyClicks(page.slave.label, "x")
    assert "8 digits" in page.slave.label_error.text()


def test_a_module_that_no_longer_answers_shows_a_remedy(page: BusPage, clock: VirtualClock, qtbot: QtBot) -> None:
    retype(qtbot, page.scan.range, "0")
    scan(page, clock, qtbot)
    page.station.set_bus_voltage(0.0)
    click(qtbot, page.slave.read)
    settle(page, clock)
    assert rows(page)[0][BusColumn.STATUS] == "No answer"
    assert page.slave.advice.text().startswith("No answer. Check the bus voltage")
    scan(page, clock, qtbot)
    assert len(rows(page)) == 1, "the modules found stay"


def test_configure_leads_to_the_built_in_module(page: BusPage, clock: VirtualClock, qtbot: QtBot) -> None:
    retype(qtbot, page.scan.range, "0")
    scan(page, clock, qtbot)
    click(qtbot, page.slave.configure_button)
    window = page.window()
    assert isinstance(window, MainWindow)
    assert window.stack.currentWidget().objectName() == "pageConfiguration"
    assert [target.key for target in window.targets.all] == [BUILT_IN]
    assert not page.slave.readings_button.isEnabled(), "nothing is read yet"


@pytest.mark.pages("pageConfiguration")
def test_configure_shows_the_top_of_the_form(page: BusPage, clock: VirtualClock, qtbot: QtBot) -> None:
    retype(qtbot, page.scan.range, "0")
    scan(page, clock, qtbot)
    form = page.window().findChild(ConfigurationPage)
    page.context.go("pageConfiguration", "")
    bar = form._area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    page.context.go("pageBus", "")
    click(qtbot, page.slave.configure_button)
    assert form.isVisible()
    assert bar.value() == 0
    assert form._group_buttons.checkedId() == 0


# Several modules on one wire


def test_a_collision_is_a_row_and_a_search_solves_it(
    page: BusPage, clash: list[Station], clock: VirtualClock, qtbot: QtBot
) -> None:
    retype(qtbot, page.scan.range, "0-2")
    scan(page, clock, qtbot)
    assert [row[BusColumn.STATUS] for row in rows(page)] == ["Collision"]
    assert page.model.index(0, BusColumn.STATUS).data(MARK_ROLE) is Mark.TROUBLE
    assert page.slave.advice.text().startswith("More than one slave answers at address 0")
    assert not page.slave.read.isEnabled()
    assert page.slave.read.toolTip() == "No known address reaches this module alone"
    assert last_message(page) == "Scan complete: 0 modules, 1 collision"

    click(qtbot, page.scan.secondary)
    scan(page, clock, qtbot)
    assert [row[BusColumn.SERIAL] for row in rows(page)] == ["—", "11111111", "87654321"]
    assert page.scan.words.text() == "Scan complete: 2 modules, 1 collision"
    click(qtbot, page.read_all)
    settle(page, clock)
    for slave, station in zip(page.model.slaves[1:], clash, strict=True):
        assert slave.lines == [f"{code}({reading.text})" for code, reading in readings_of(station.module).items()]


def test_configure_switches_the_target_and_readings_get_its_lines(
    page: BusPage, clash: list[Station], clock: VirtualClock, qtbot: QtBot
) -> None:
    click(qtbot, page.scan.primary)
    click(qtbot, page.scan.secondary)
    scan(page, clock, qtbot)
    window = page.window()
    assert isinstance(window, MainWindow)
    read: list[ModuleTarget] = []
    window.targets.read.connect(read.append)
    page.table.selectRow(1)
    click(qtbot, page.slave.configure_button)
    target = window.targets.current
    assert target.name == "Module 87654321"
    assert target.where == "tcp://192.0.2.1:10001"
    assert window.stack.currentWidget().objectName() == "pageConfiguration"
    reached = target.reach()
    assert reached.baud == 2400
    assert reached.selection is not None
    assert reached.selection[3::-1].hex() == "87654321"

    page = show(window)
    click(qtbot, page.slave.read)
    settle(page, clock)
    assert read[-1] is target
    assert target.lines == page.bus.chosen.lines  # type: ignore[union-attr]
    assert target.lines
    assert target.read_at == clock.now()
    page.refresh()
    click(qtbot, page.slave.readings_button)
    assert window.stack.currentWidget().objectName() == "pageReadings"
    assert len(window.targets.all) == 2, "the same module is listed once"


def test_stale_values_of_a_module_without_its_meter_are_marked(
    page: BusPage, clash: list[Station], clock: VirtualClock, qtbot: QtBot
) -> None:
    click(qtbot, page.scan.primary)
    click(qtbot, page.scan.secondary)
    scan(page, clock, qtbot)
    page.table.selectRow(1)
    click(qtbot, page.slave.configure_button)
    target = page.context.targets.current
    page = show(page.window())  # type: ignore[arg-type]
    click(qtbot, page.slave.read)
    settle(page, clock)
    assert target.contact
    far = clash[1]
    assert far.meter is not None
    far.meter.faults.silent = True
    assert clock.run_until(clock.now() + 300, lambda: not far.module.contact)
    click(qtbot, page.slave.read)
    settle(page, clock)
    assert target.lines
    assert not target.contact


def test_a_module_is_read_at_its_newly_configured_address(
    page: BusPage, clash: list[Station], clock: VirtualClock, qtbot: QtBot
) -> None:
    click(qtbot, page.scan.primary)
    click(qtbot, page.scan.secondary)
    scan(page, clock, qtbot)
    click(qtbot, page.slave.configure_button)
    window = page.window()
    assert isinstance(window, MainWindow)
    target, session = window.targets.current, window.targets.current.session
    # As the page Configuration does it: write the new address, then reach the target there.
    from cmi_gui.engine.configurator.writing import Written, prepare, write

    table = window.station.module.commands
    ends: list[object] = []
    one = prepare(table, table.profile.row("primary_address"), "9", target.reach())
    session.run(write(one, session.baud), ends.append, ends.append)
    assert clock.run_until(clock.now() + 20, lambda: bool(ends))
    assert isinstance(ends[0], Written)
    target.reach = lambda: SlaveAddress(9)
    page = show(window)
    assert sorted(row[BusColumn.ADDRESS] for row in rows(page)) == ["0", "9"]
    click(qtbot, page.slave.read)
    settle(page, clock)
    assert page.bus.chosen is not None
    assert page.bus.chosen.failure is None
    assert page.bus.chosen.lines


def test_the_traffic_of_the_bus_is_in_the_store(
    page: BusPage, scripted: ScriptedBus, clock: VirtualClock, qtbot: QtBot
) -> None:
    retype(qtbot, page.scan.range, "0-2")
    scan(page, clock, qtbot)
    store = page.station.traffic
    recorded = [row for row in (store.row(n) for n in range(store.first, len(store))) if row.link == scripted.url]
    assert {row.side for row in recorded} == {Side.MBUS}
    requests = [row.address for row in recorded if row.direction is Direction.RECEIVED]
    assert requests == scripted.requests, "each try is a row, those without an answer too"
    assert requests.count(0) == 2
    answers = [row.data for row in recorded if row.direction is Direction.SENT]
    assert answers == [b"\xe5", scripted.slaves[1], b"\xe5", scripted.slaves[2]]


# Slaves of other manufacturers, damaged telegrams, a lost link


def test_a_slave_of_another_manufacturer_is_shown_and_read(
    page: BusPage, scripted: ScriptedBus, clock: VirtualClock, qtbot: QtBot
) -> None:
    retype(qtbot, page.scan.range, "1-2")
    scan(page, clock, qtbot)
    assert [row[BusColumn.TYPE] for row in rows(page)] == ["Electricity, version 05", "Water, version 01"]
    page.table.selectRow(1)
    assert page.slave.partly.isVisible()
    click(qtbot, page.slave.read)
    settle(page, clock)
    assert not page.slave.partly.isVisible()
    assert values(page)[0][ValueColumn.MEANING :] == ["Volume", "12.565", "m3"]
    assert not page.slave.configure_button.isEnabled()
    assert page.slave.title.text().startswith("Slave "), "it is no module, and a number is never bare"
    assert "Elvaco" in page.slave.configure_button.toolTip()
    assert "Only a CMi1020" in page.slave.readings_button.toolTip()
    page.table.selectRow(0)
    click(qtbot, page.slave.read)
    settle(page, clock)
    page.refresh()
    assert page.slave.problems.text() == "Telegram 1 also contains 3 manufacturer-specific bytes"


def test_a_telegram_that_cannot_be_decoded_is_reported(
    page: BusPage, scripted: ScriptedBus, clock: VirtualClock, qtbot: QtBot
) -> None:
    # The header ends after its fourth byte.
    scripted.slaves = {3: bytes.fromhex("68 07 07 68 08 03 72 78 56 34 12 91 16")}
    retype(qtbot, page.scan.range, "3")
    scan(page, clock, qtbot)
    assert rows(page)[0][BusColumn.STATUS] == "Cannot be decoded"
    click(qtbot, page.slave.read)
    settle(page, clock)
    page.refresh()
    assert page.slave.problems.text().startswith("Telegram 1 cannot be decoded: ")
    assert page.slave.title.text() == "Address 3"


def test_a_link_that_is_lost_is_opened_again_on_demand(
    page: BusPage, scripted: ScriptedBus, clock: VirtualClock, qtbot: QtBot
) -> None:
    click(qtbot, page.scan.button)
    assert clock.run_until(clock.now() + 60, lambda: page.bus.scan is not None and page.bus.scan.where == "5")
    scripted.lose("/dev/ttyUSB0 was unplugged; plug it in again.")
    assert not page.bus.scanning
    assert page.port.words.text() == "/dev/ttyUSB0 was unplugged; plug it in again. Trying again automatically."
    assert page.scan.words.text() == ("Scan failed: 2 modules so far.\n/dev/ttyUSB0 was unplugged; plug it in again.")
    assert len(rows(page)) == 2
    click(qtbot, page.slave.read)
    settle(page, clock)
    assert scripted.opened == 2
    assert page.bus.state is LinkState.OPEN
    assert page.port.words.text() == f"Connected to {scripted.url}"
    assert page.bus.chosen is not None
    assert page.bus.chosen.failure is None


def test_a_bus_keeps_its_list_while_another_is_shown(
    page: BusPage, scripted: ScriptedBus, clock: VirtualClock, qtbot: QtBot
) -> None:
    retype(qtbot, page.scan.range, "0-2")
    scan(page, clock, qtbot)
    assert len(rows(page)) == 2
    assert not page.port.port.isEnabled()
    assert page.port.port.toolTip()
    click(qtbot, page.port.connect_button)
    assert page.port.words.text() == "Not connected"
    assert len(rows(page)) == 2
    assert page.slave.read.toolTip() == "Connect the master port first"
    page.port.port.setCurrentIndex(0)
    page.port.port.activated.emit(0)
    click(qtbot, page.port.connect_button)
    assert rows(page) == []
    click(qtbot, page.port.connect_button)
    choose_tcp(page, "192.0.2.2:10001")
    click(qtbot, page.port.connect_button)
    assert len(rows(page)) == 2
    click(qtbot, page.clear)
    assert rows(page) == []


# The list as a file, the page and the window


def test_the_list_is_copied_and_saved(
    page: BusPage, scripted: ScriptedBus, clock: VirtualClock, qtbot: QtBot, tmp_path: Path
) -> None:
    retype(qtbot, page.scan.range, "2")
    scan(page, clock, qtbot)
    click(qtbot, page.slave.read)
    settle(page, clock)
    click(qtbot, page.copy)
    titles, row = csv.reader(io.StringIO(QGuiApplication.clipboard().text()), delimiter="\t")
    read_at = page.station.anchor.local(page.bus.chosen.read_at).replace(tzinfo=None)  # type: ignore[union-attr, arg-type]
    assert dict(zip(titles, row, strict=True)) == {
        "Primary address": "2",
        "Serial number": "12345678",
        "Secondary address": "12345678",
        "Maker": "PAD",
        "Version": "01",
        "Type": "water",
        "Speed, bit/s": "2400",
        "State": "OK",
        "Read at": read_at.isoformat(" ", "seconds"),
        "Telegrams": "1",
    }
    click(qtbot, page.save)
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    name = dialog.findChild(QLineEdit, "fileNameEdit")
    assert name is not None
    assert re.fullmatch(r"modules-\d{8}-\d{6}\.xlsx", name.text())
    path = tmp_path / "found.xlsx"
    dialog.fileSelected.emit(str(path))
    dialog.close()
    qtbot.waitUntil(lambda: not page.context.background.busy)
    again, cells = openpyxl.load_workbook(path).active.values
    assert list(again) == titles
    assert cells[:7] == (2, "12345678", "12345678", "PAD", "01", "water", 2400)
    assert abs(cells[8] - read_at) < timedelta(milliseconds=1)
    assert str(path) in last_message(page)


def test_values_are_copied_with_the_decimal_sign_of_the_settings(
    page: BusPage, scripted: ScriptedBus, clock: VirtualClock, qtbot: QtBot
) -> None:
    retype(qtbot, page.scan.range, "2")
    scan(page, clock, qtbot)
    click(qtbot, page.slave.read)
    settle(page, clock)
    shown = [
        [str(page.slave.values.index(row, column).data()) for column in ValueColumn]
        for row in range(page.slave.values.rowCount())
    ]
    assert any("." in value for _, _, value, _ in shown)
    window = page.window()
    assert isinstance(window, MainWindow)
    window.prefs.stored.decimal_sign = DecimalSign.COMMA
    page.slave._copy()
    copied = list(csv.reader(io.StringIO(QGuiApplication.clipboard().text()), delimiter="\t"))
    assert len(copied) == len(shown)
    for (*_, value, unit), (*_, pasted, pasted_unit) in zip(shown, copied, strict=True):
        assert pasted in (value, value.replace(".", ","))
        assert pasted_unit == unit
        assert "." not in pasted or not unit


def test_a_file_that_cannot_be_written_is_reported(
    page: BusPage, scripted: ScriptedBus, clock: VirtualClock, qtbot: QtBot, tmp_path: Path
) -> None:
    retype(qtbot, page.scan.range, "2")
    scan(page, clock, qtbot)
    click(qtbot, page.save)
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    (tmp_path / "file").touch()
    dialog.fileSelected.emit(str(tmp_path / "file" / "found.csv"))
    dialog.close()
    qtbot.waitUntil(lambda: not page.context.background.busy)
    # The module may report something else in the meantime.
    assert any("found.csv could not be written (" in entry.text for entry in page.context.messages.last(3))


def test_a_change_of_language_loses_nothing(page: BusPage, clock: VirtualClock, qtbot: QtBot) -> None:
    window = page.window()
    assert isinstance(window, MainWindow)
    retype(qtbot, page.scan.range, "0-40")
    click(qtbot, page.scan.button)
    assert clock.run_until(clock.now() + 60, lambda: page.bus.scan is not None and page.bus.scan.where == "9")
    window.set_language(Language.SWEDISH)
    fresh = show(window)
    assert fresh is not page
    assert fresh.scan.range.text() == "0-40"
    assert fresh.bus.scanning
    assert len(rows(fresh)) == 1
    assert clock.run_until(clock.now() + SCAN_SECONDS, lambda: not fresh.bus.scanning)
    assert fresh.bus.scan_error is None
    assert fresh.table.selectionModel().hasSelection()


def test_a_hidden_page_is_refreshed_when_it_is_shown(page: BusPage, clock: VirtualClock, qtbot: QtBot) -> None:
    window = page.window()
    assert isinstance(window, MainWindow)
    retype(qtbot, page.scan.range, "0-3")
    click(qtbot, page.scan.button)
    window.go("pageModule")
    assert clock.run_until(clock.now() + SCAN_SECONDS, lambda: not page.bus.scanning)
    assert page.model.rowCount() == 0
    show(window)
    assert page.model.rowCount() == 1


@pytest.mark.parametrize("which", ["list", "values"])
def test_models_pass_the_model_tester_of_qt(
    page: BusPage, clash: list[Station], clock: VirtualClock, qtbot: QtBot, qtmodeltester: ModelTester, which: str
) -> None:
    qtmodeltester.check(page.model if which == "list" else page.slave.values, force_py=True)
    retype(qtbot, page.scan.range, "0-1")
    click(qtbot, page.scan.secondary)
    scan(page, clock, qtbot)
    assert page.model.rowCount() == 3
    page.table.selectRow(1)
    click(qtbot, page.slave.read)
    settle(page, clock)
    page.refresh()
    assert page.slave.values.rowCount() > 20


def test_a_serial_port_that_was_chosen_is_found_again(page: BusPage) -> None:
    from cmi_gui.engine.link.serial_ports import SerialPortInfo

    page.port.restore({"kind": "serial", "device": "COM7", "tcp": "10.0.0.1:1", "link": ""})
    assert page.port.port.currentText() == "Built-in module"
    page.port._listed([SerialPortInfo("COM3"), SerialPortInfo("COM7", "USB Serial", "A5")])
    assert page.port.port.currentText() == "COM7"
    assert page.port.about.text() == "USB Serial · A5"
    assert page.port.link == "serial:COM7"
    assert page.port.state() == {"kind": "serial", "device": "COM7", "tcp": "10.0.0.1:1", "link": ""}


def test_an_adapter_is_found_again_by_its_usb_number_and_keeps_its_options(page: BusPage) -> None:
    from cmi_gui.engine.link.serial_ports import SerialPortInfo

    panel = page.port
    panel._listed([SerialPortInfo("COM3"), SerialPortInfo("COM7", "USB Serial", "A5", "A5")])
    panel.port.setCurrentIndex(panel.port.findText("COM7"))
    panel.port.activated.emit(panel.port.currentIndex())
    assert panel.link == "serial:usb=A5"
    assert panel.adapter.lasting.isVisible()
    panel.options.set_open(True)
    rts = panel.options.findChild(QComboBox, "linkRts")
    rts.setCurrentIndex(rts.findText("Always off"))
    rts.activated.emit(rts.currentIndex())
    assert panel.link == "serial:usb=A5?rts=off"
    kept = panel.state()
    panel.adapter.lasting.click()
    assert panel.link == "serial:COM7?rts=off"
    # The same adapter in another socket has another name.
    panel.port.setCurrentIndex(0)
    panel.port.activated.emit(0)
    assert not panel.adapter.isVisible()
    assert not panel.options.isVisible()
    panel._listed([SerialPortInfo("COM12", "USB Serial", "A5", "A5")])
    panel.restore(kept)
    assert panel.port.currentText() == "COM12"
    assert panel.link == "serial:usb=A5?rts=off"


def test_how_long_answers_may_take_can_be_set_for_a_gateway(page: BusPage) -> None:
    panel = page.port
    panel.restore({"kind": "tcp", "device": "", "tcp": "10.0.0.1:1"})
    assert panel.link == "tcp://10.0.0.1:1"
    panel.options.set_open(True)
    timeout = panel.options.findChild(QComboBox, "linkTimeout")
    assert timeout.isVisible()
    assert timeout.currentText() == "Learned from the answers"
    timeout.setCurrentIndex(timeout.findText("2 s"))
    timeout.activated.emit(timeout.currentIndex())
    assert panel.link == "tcp://10.0.0.1:1?timeout=2"
    kept = panel.state()
    panel.options.show_options(LinkSpec("tcp"))
    assert panel.link == "tcp://10.0.0.1:1"
    panel.restore(kept)
    assert panel.link == "tcp://10.0.0.1:1?timeout=2"


# Real time, over TCP


@pytest.fixture
def real(make_window: Callable[..., MainWindow], qtbot: QtBot) -> Iterator[tuple[BusPage, Station]]:
    """A window, and another station that acts as a real module on a TCP port."""
    window = make_window(mbus=())
    window.show()
    other = Station(StationConfig(mbus=("tcp://127.0.0.1:0",), serial="87654321", paced=False), window.station.clock)
    other.start()
    qtbot.waitUntil(lambda: other.module.contact and other.link_status[0].state is LinkState.OPEN)
    yield show(window), other
    other.stop()


@pytest.mark.real_time(0.05, alone=False)
def test_a_real_module_over_tcp(real: tuple[BusPage, Station], qtbot: QtBot) -> None:
    page, other = real
    choose_tcp(page, other.link_status[0].url.removeprefix("tcp://"))
    click(qtbot, page.port.connect_button)
    qtbot.waitUntil(lambda: page.bus.state is LinkState.OPEN)
    retype(qtbot, page.scan.range, "0")
    click(qtbot, page.scan.button)
    qtbot.waitUntil(lambda: not page.bus.scanning)
    assert [row[BusColumn.SERIAL] for row in rows(page)] == ["87654321"]
    click(qtbot, page.slave.read)
    qtbot.waitUntil(lambda: not page.bus.work)
    assert page.bus.chosen is not None
    assert page.bus.chosen.lines == [f"{code}({reading.text})" for code, reading in readings_of(other.module).items()]
    other.stop()
    qtbot.waitUntil(lambda: page.bus.state is LinkState.WAITING)
    assert "Trying again automatically" in page.port.words.text()
    assert len(rows(page)) == 1
    click(qtbot, page.port.connect_button)
    assert page.bus.state is LinkState.CLOSED


def test_closing_the_window_ends_a_scan(real: tuple[BusPage, Station], qtbot: QtBot) -> None:
    page, other = real
    choose_tcp(page, other.link_status[0].url.removeprefix("tcp://"))
    click(qtbot, page.scan.button)
    qtbot.waitUntil(lambda: bool(rows(page)))
    page.window().close()
    assert not page.bus.scanning
    assert page.bus.state is LinkState.CLOSED
    page.bus.close()


def test_a_refused_connection_is_reported(real: tuple[BusPage, Station], qtbot: QtBot) -> None:
    page, _ = real
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    choose_tcp(page, f"127.0.0.1:{port}")
    click(qtbot, page.port.connect_button)
    qtbot.waitUntil(lambda: page.bus.problem is not None)
    assert page.bus.state is LinkState.CLOSED
    page.refresh()
    assert f"127.0.0.1:{port}" in page.port.words.text()
    assert page.port.connect_button.text() == "Connect"


def test_a_missing_port_is_reported(real: tuple[BusPage, Station], qtbot: QtBot) -> None:
    page, _ = real
    port = page.port.port
    port.setCurrentIndex(port.findText("Another LINK"))
    port.activated.emit(port.currentIndex())
    assert not page.port.connect_button.isEnabled()
    qtbot.keyClicks(page.port.address, "serial:/dev/not-there")
    click(qtbot, page.scan.button)
    qtbot.waitUntil(lambda: not page.bus.scanning)
    page.refresh()
    assert "There is no serial port /dev/not-there" in page.port.words.text()
    assert "There is no serial port /dev/not-there" in page.scan.words.text()


def same_identity(page: BusPage, clock: VirtualClock, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> ScriptedBus:
    """Two slaves, at 1 and 2, with the same identity, as two copies of this program have."""
    scan(page, clock, qtbot)
    assert page.bus.chosen is not None
    assert page.bus.chosen.first is not None
    frame = page.bus.chosen.first.frame
    click(qtbot, page.port.connect_button)
    wire = ScriptedBus(clock, {a: Frame.long(frame.c, a, frame.ci, frame.data).to_bytes() for a in (1, 2)})
    monkeypatch.setattr(masters, "make_link", lambda *_: wire)
    choose_tcp(page, "192.0.2.3:10001")
    retype(qtbot, page.scan.range, "1-2")
    scan(page, clock, qtbot)
    return wire


def test_slaves_with_the_same_identity_are_two_targets(
    page: BusPage, clock: VirtualClock, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    same_identity(page, clock, qtbot, monkeypatch)
    targets = page.context.targets
    reached = []
    for row in (0, 1):
        page = show(page.window())  # type: ignore[arg-type]
        page.table.selectRow(row)
        click(qtbot, page.slave.configure_button)
        reached.append(targets.current.reach())
    assert reached == [SlaveAddress(1, baud=2400), SlaveAddress(2, baud=2400)], "a write must not go to the other one"
    assert len({target.key for target in targets.all}) == 3
    page = show(page.window())  # type: ignore[arg-type]
    assert [row[BusColumn.ADDRESS] for row in rows(page)] == ["1", "2"]


def test_after_clearing_the_list_a_scan_finds_its_targets_again(
    page: BusPage, clock: VirtualClock, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = same_identity(page, clock, qtbot, monkeypatch)
    del wire.slaves[1]
    click(qtbot, page.clear)
    scan(page, clock, qtbot)
    click(qtbot, page.slave.configure_button)
    target = page.context.targets.current
    page = show(page.window())  # type: ignore[arg-type]
    # Another master gives it address 1.
    frame = parse_frame(wire.slaves.pop(2))
    wire.slaves[1] = Frame.long(frame.c, 1, frame.ci, frame.data).to_bytes()
    click(qtbot, page.clear)
    scan(page, clock, qtbot)
    click(qtbot, page.slave.configure_button)
    assert page.context.targets.current is target
    assert target.reach() == SlaveAddress(1, baud=2400)


def test_a_module_moved_by_another_master_is_reached_where_a_scan_finds_it(
    page: BusPage, clash: list[Station], clock: VirtualClock, qtbot: QtBot
) -> None:
    click(qtbot, page.scan.primary)
    click(qtbot, page.scan.secondary)
    scan(page, clock, qtbot)
    page.table.selectRow(1)
    click(qtbot, page.slave.configure_button)
    window = page.window()
    assert isinstance(window, MainWindow)
    target, model = window.targets.current, window.configuration
    for name, text, reached in (
        ("primary_address", "9", None),
        ("secondary_address", "22222222", "22222222"),
    ):
        assert clock.run_until(clock.now() + 60, lambda: not model.busy)
        model.edit(name, text)
        model.write()
        assert clock.run_until(clock.now() + 60, lambda: not model.busy)
        assert not model.form.changed, model.form.results
        if reached is not None:
            mask = target.reach().selection
            assert mask is not None
            assert mask[3::-1].hex() == reached
    page = show(window)
    click(qtbot, page.slave.read)
    settle(page, clock)
    assert page.bus.chosen is not None
    assert page.bus.module_of(page.bus.chosen) is target, "under its new number it is still the same"
    click(qtbot, page.slave.configure_button)
    assert len(window.targets.all) == 2
    page = show(window)
    click(qtbot, page.scan.primary)
    click(qtbot, page.scan.secondary)
    retype(qtbot, page.scan.range, "0-9")
    scan(page, clock, qtbot)
    assert target.reach() == SlaveAddress(9, baud=2400)
    assert sorted(row[BusColumn.ADDRESS] for row in rows(page)) == ["0", "9"]


def test_a_real_bus_is_named_on_the_page_whichever_module_is_chosen(
    in_contact: MainWindow, real_module: RealModule
) -> None:
    in_contact.targets.choose("built-in")
    in_contact.go("pageBus")
    page = next(each for each in in_contact.pages if isinstance(each, BusPage))
    assert in_contact.header.badge.isVisible()
    assert page.world_badge.isVisible()
    assert page.world_badge.text() == "REAL BUS 192.0.2.1:10001"
    in_contact.bus.connect_to("sim:")
    page.refresh()
    assert not page.world_badge.isVisible()
