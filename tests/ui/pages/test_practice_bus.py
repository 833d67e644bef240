"""The practice bus in the window: a room made on the page Site, and its modules worked on as on a real bus."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.configurator.slaves import ListedSlave
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.traffic.store import Direction, RowKind
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.bus.page import BusPage
from cmi_gui.ui.pages.connections.page import ConnectionsPage
from cmi_gui.ui.pages.module.page import ModulePage
from cmi_gui.ui.pages.traffic.text import direction_text
from cmi_gui.ui.prefs import Language
from cmi_gui.ui.targets import AbsenceReason, ModuleTarget
from cmi_gui.ui.text.questions import module_and_meter
from cmi_gui.ui.text.world import World, world
from tests.helpers.pages import go_to

SCAN_SECONDS = 3000.0


@pytest.fixture
def page(window: MainWindow) -> BusPage:
    """The page Site with a made room of 20 modules, connected."""
    page = go_to(window, BusPage)
    page.port.port.setCurrentIndex(page.port.port.findText("Practice bus (simulated)"))
    page.port.port.activated.emit(page.port.port.currentIndex())
    page.port.room.modules.setText("20")
    page.port.room.seed.setText("7")
    page.port.room.make.click()
    return page


def connect(page: BusPage, clock: VirtualClock) -> None:
    page.port.connect_button.click()
    clock.advance(1)
    assert page.bus.state is LinkState.OPEN


def scan(page: BusPage, clock: VirtualClock) -> None:
    """Search by secondary address, because all modules of a made room have address 0."""
    page.scan.primary.setChecked(False)
    page.scan.secondary.setChecked(True)
    page.scan.button.click()
    assert clock.run_until(clock.now() + SCAN_SECONDS, lambda: not page.bus.scanning)
    assert page.bus.scan_error is None


def room_of(page: BusPage) -> Station:
    room = page.bus.practice.room
    assert room is not None
    return room


def found(page: BusPage, serial: str) -> ListedSlave:
    return next(slave for slave in page.bus.slaves if slave.identity and slave.identity.fabrication == serial)


def choose(page: BusPage, slave: ListedSlave) -> None:
    page.bus.choose(slave)
    page.slave.configure_button.click()


def write_address(window: MainWindow, clock: VirtualClock, address: str) -> None:
    """Write the primary address of the chosen module on the page Configuration."""
    assert clock.run_until(clock.now() + 60, lambda: not window.configuration.busy)
    window.configuration.edit("primary_address", address)
    window.configuration.write()
    assert clock.run_until(clock.now() + 60, lambda: not window.configuration.busy)


def test_a_scan_finds_every_module_of_a_made_room(page: BusPage, clock: VirtualClock) -> None:
    connect(page, clock)
    assert page.port.words.text() == "Connected to the practice bus"
    scan(page, clock)
    serials = {point.config.serial for point in room_of(page).points}
    assert len(serials) == 20
    assert {slave.identity.fabrication for slave in page.bus.slaves if slave.identity} == serials


def test_the_badge_of_the_page_names_the_practice_bus_not_a_real_one(page: BusPage, clock: VirtualClock) -> None:
    assert not page.world_badge.isVisible()
    connect(page, clock)
    assert page.world_badge.isVisible()
    assert page.world_badge.text() == "PRACTICE BUS"
    assert "real" not in page.world_badge.toolTip()


def test_connect_says_which_room_it_makes(window: MainWindow) -> None:
    room = go_to(window, BusPage).port.room
    assert room.words.text() == "Connect makes 20 modules, seed 1"


def test_a_module_is_worked_on_as_on_a_real_bus(window: MainWindow, page: BusPage, clock: VirtualClock) -> None:
    connect(page, clock)
    scan(page, clock)
    point = room_of(page).points[3]
    choose(page, found(page, point.config.serial))
    target = window.targets.current
    assert target.practice
    assert window.practice.point_of(target) is point
    # The world is said in words everywhere, and is not real.
    assert world(window.station, target) is World.PRACTICE
    assert not World.PRACTICE.real
    assert window.windowTitle().startswith("PRACTICE BUS: ")
    assert window.header.badge.text() == "PRACTICE BUS"
    assert window.header.badge.isVisible()
    assert not window.header.real_badge.isVisible()
    # Its readings are stored apart from those of a real module with the same numbers.
    assert target.key.startswith("practice:seed 7 ELV ")
    # Its address is written by the master's code.
    write_address(window, clock, "17")
    assert point.module.settings.primary_address == 17
    assert window.station.settings.primary_address == 0
    assert [other.module.settings.primary_address for other in room_of(page).points].count(17) == 1


def test_the_page_built_in_module_shows_the_chosen_module(
    window: MainWindow, page: BusPage, clock: VirtualClock
) -> None:
    connect(page, clock)
    scan(page, clock)
    point = next(each for each in room_of(page).points if each.config.variant == "M29")
    assert clock.run_until(clock.now() + 200, lambda: point.module.contact)
    choose(page, found(page, point.config.serial))
    module = go_to(window, ModulePage)
    assert module.shown.point is point
    assert module.panel.chooser.count() == 21
    assert point.config.serial in module.panel.chooser.currentText()
    assert f"module {point.config.serial} of the practice bus" in module.panel._note.text()
    # Button, inputs and bus voltage are those of this module alone.
    before = window.station.module_state()
    module.face.button.click()
    module.face.rate_a_switch.click()
    assert clock.run_until(clock.now() + 60, lambda: point.module_state().disconnector == "open")
    assert point.module_state().volts_a == 230
    module.face.bus_switch.click()
    assert not point.module.powered
    assert all(other.module.powered for other in room_of(page).points if other is not point)
    assert window.station.module_state().powered
    assert window.station.module_state().volts_a == before.volts_a
    # The meter's faults are those of its meter.
    module.panel.faults.switches["silent"].click()
    meter, own = point.meter_state(), window.station.meter_state()
    assert meter is not None
    assert "silent" in meter.faults
    assert own is not None
    assert not own.faults
    # The built-in module is chosen in the list; the target stays.
    module.panel.chooser.setCurrentIndex(0)
    module.panel.chooser.activated.emit(0)
    assert module.shown.built_in
    assert window.targets.current.practice
    assert "simulated, not" in module.panel._note.text()
    page.bus.read(found(page, point.config.serial))
    assert clock.run_until(clock.now() + 60, lambda: not page.bus.busy)
    assert module.shown.built_in


def test_the_question_before_the_disconnector_moves_says_simulated(
    window: MainWindow, practice_module: ModuleTarget
) -> None:
    practice_module.meter = "33456789"
    names = module_and_meter(practice_module, window.module.state, meter_is_real=False)
    assert names == ("Module, practice bus", "33456789, simulated")
    assert world(window.station, practice_module) is World.PRACTICE


def test_the_place_of_a_module_changes_its_language_with_the_window(
    window: MainWindow, practice_module: ModuleTarget
) -> None:
    assert practice_module.where == "practice bus"
    window.set_language(Language.SWEDISH)
    assert practice_module.where == "övningsbuss"
    window.set_language(Language.ENGLISH)
    assert practice_module.where == "practice bus"


def test_a_fault_on_the_wire_and_the_retry_after_it_are_in_the_traffic(
    window: MainWindow, page: BusPage, clock: VirtualClock
) -> None:
    connect(page, clock)
    scan(page, clock)
    point = room_of(page).points[0]
    slave = found(page, point.config.serial)
    choose(page, slave)
    clock.advance(60)
    module = go_to(window, ModulePage)
    faults = module.panel.wire_faults
    faults.set_open(True)
    faults.kind.setCurrentText("late")
    assert not faults.add.isEnabled()
    faults.value.setText("99999")
    assert "10000" in faults.error.text()
    assert not faults.add.isEnabled()
    faults.kind.setCurrentText("bad-checksum")
    faults.often.setCurrentIndex(faults.often.findText("once"))
    faults.add.click()
    assert faults.rules.text() == "bad-checksum once"
    assert [len(each.faults.rules) for each in room_of(page).points] == [1] + 19 * [0]
    first = len(window.station.traffic)
    page.bus.read(slave)
    assert clock.run_until(clock.now() + 60, lambda: not page.bus.busy)
    assert slave.failure is None
    rows = [window.station.traffic.row(index) for index in range(first, len(window.station.traffic))]
    rows = [row for row in rows if row.link == "sim:practice"]
    kinds = [row.kind for row in rows]
    assert RowKind.FAULT in kinds
    assert RowKind.BAD_CHECKSUM in kinds
    retried = rows[kinds.index(RowKind.BAD_CHECKSUM) + 1]
    assert retried.direction is Direction.RECEIVED
    assert retried.kind is RowKind.TELEGRAM
    assert direction_text(retried) == "practice: from master"
    window.bridge.drain()
    module.refresh()
    assert faults.happened.text().startswith("bad-checksum once: happened 1×, last at ")
    assert faults.rules.text() == "No faults: each answer is sent as it is"
    faults.everyone.setChecked(True)
    faults.kind.setCurrentText("no-answer")
    faults.often.setCurrentIndex(0)
    faults.add.click()
    assert all(each.faults.rules for each in room_of(page).points)
    assert not window.station.point.faults.rules
    faults.clear.click()
    assert not any(each.faults.rules for each in room_of(page).points)


def test_another_room_replaces_the_modules_of_the_first(page: BusPage, window: MainWindow, clock: VirtualClock) -> None:
    connect(page, clock)
    scan(page, clock)
    choose(page, page.bus.slaves[0])
    first = room_of(page)
    page.port.room.modules.setText("3")
    page.port.room.make.click()
    assert not first.running
    assert len(room_of(page).points) == 3
    assert page.bus.slaves == []
    assert page.bus.state is LinkState.CLOSED
    assert window.targets.current.absence is AbsenceReason.UNLISTED
    assert window.shown.built_in
    connect(page, clock)
    scan(page, clock)
    assert len(page.bus.slaves) == 3


def test_a_room_is_saved_opened_and_remembered(
    page: BusPage, window: MainWindow, clock: VirtualClock, tmp_path: Path
) -> None:
    connect(page, clock)
    scan(page, clock)
    choose(page, page.bus.slaves[0])
    write_address(window, clock, "9")
    serials = [point.config.serial for point in room_of(page).points]
    path = tmp_path / "house.toml"
    page.port.room.save_path(path)
    assert "house.toml" in page.port.room.words.text()
    page.port.room.modules.setText("2")
    page.port.room.make.click()
    assert "house.toml" not in page.port.room.words.text()
    page.port.room.open_path(path)
    assert [point.config.serial for point in room_of(page).points] == serials
    assert [point.module.settings.primary_address for point in room_of(page).points].count(9) == 1
    assert "house.toml" in page.port.room.words.text()
    assert window.prefs.stored.practice.file == str(path)
    # A file that cannot be used is refused with the reason, and the room stays.
    path.write_text("format = 1\n[[module]]\nserial = 7\n")
    page.port.room.open_path(path)
    assert "line 3" in page.port.room.error.text()
    assert len(room_of(page).points) == 20


def test_the_first_readouts_of_a_large_room_are_spread(page: BusPage, clock: VirtualClock) -> None:
    page.port.room.modules.setText("250")
    page.port.room.make.click()
    modules = [point.module for point in room_of(page).points]
    most = 0
    for _second in range(30):
        clock.advance(1)
        most = max(most, sum(module.schedule.running for module in modules))
    assert all(module.contact for module in modules)
    assert 0 < most < 100


def test_a_wrong_number_of_modules_is_refused(page: BusPage) -> None:
    page.port.room.modules.setText("251")
    assert not page.port.room.make.isEnabled()
    assert "1 to 250" in page.port.room.error.text()


def test_masters_outside_reach_the_practice_bus_on_request(
    page: BusPage, window: MainWindow, clock: VirtualClock
) -> None:
    wiring = go_to(window, ConnectionsPage)
    wiring.bus.serves.setCurrentIndex(1)
    wiring.bus.serves.activated.emit(1)
    assert window.practice.serves
    assert window.station.serves(room_of(page))
    assert "Practice bus" in wiring.diagram.accessibleName()
    window.header.refresh()
    assert window.header.bus.status.title == "Masters: practice bus"
    wiring.bus.serves.setCurrentIndex(0)
    wiring.bus.serves.activated.emit(0)
    assert window.station.serves()
    assert "Practice bus" not in wiring.diagram.accessibleName()


def test_time_is_made_faster_and_set(page: BusPage, window: MainWindow, clock: VirtualClock) -> None:
    module = go_to(window, ModulePage)
    section = module.panel.time
    section.set_open(True)
    section.factor.setCurrentIndex(section.factor.findText("×60"))
    section.factor.activated.emit(section.factor.currentIndex())
    window.header.refresh()
    assert window.station.time.factor == 60
    assert window.header.time.text() == "×60"
    assert window.header.time.isVisible()
    assert room_of(page).time.factor == 1
    section.wall.setText("soon")
    section.set.click()
    assert "2026-06-21T12:00" in section.error.text()
    section.factor.setCurrentIndex(0)
    section.factor.activated.emit(0)
    section.wall.setText(f"{window.station.time.wall + timedelta(days=2):%Y-%m-%dT%H:%M}")
    section.set.click()
    clock.advance(5)
    assert not section.error.text()
    assert section.wall.text()[:10] == f"{window.station.time.wall:%Y-%m-%d}"


def test_time_cannot_be_changed_with_a_real_meter(window: MainWindow) -> None:
    window.station.rewire(replace(window.station.config.wiring, meter="tcp://127.0.0.1:1"))
    module = go_to(window, ModulePage)
    module.refresh()
    assert not module.panel.time.factor.isEnabled()
    assert not module.panel.time.set.isEnabled()
    assert "real meter" in module.panel.time.error.text()
