"""The practice bus in the window: a room made on the page Site, and its modules worked on as on a real bus."""

from __future__ import annotations

from pathlib import Path

import pytest

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.configurator.slaves import ListedSlave
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.station.station import Station
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.bus.page import BusPage
from cmi_gui.ui.text.world import World, world, world_words
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


def test_a_scan_finds_every_module_of_a_made_room(page: BusPage, clock: VirtualClock) -> None:
    connect(page, clock)
    assert page.port.words.text() == "Connected to the practice bus"
    scan(page, clock)
    serials = {point.config.serial for point in room_of(page).points}
    assert len(serials) == 20
    assert {slave.identity.fabrication for slave in page.bus.slaves if slave.identity} == serials
