"""Controls stay in place when an error, an answer or a result appears."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.bus.page import BusPage, SiteView
from cmi_gui.ui.pages.configuration.page import ConfigurationPage
from cmi_gui.ui.pages.connections.page import ConnectionsPage
from cmi_gui.ui.text.mark import Mark
from cmi_gui.ui.text.status import Status
from cmi_gui.ui.widgets.link.draft import LinkProblem, Part
from cmi_gui.ui.widgets.plain.buttons import Button
from tests.ui.conftest import RealModule


def places(top: QWidget, *ignored: QWidget) -> dict[int, QPoint]:
    """Return the places of the visible widgets in `top` that take the keyboard focus."""

    def present() -> dict[int, QPoint]:
        QApplication.processEvents()
        return {
            id(widget): widget.mapTo(top, QPoint(0, 0))
            for widget in top.findChildren(QWidget)
            if widget.isVisibleTo(top) and widget.focusPolicy().value and widget not in ignored
        }

    # A page may arrange its parts once more after the first layout.
    found = [present() for _ in range(3)]
    while found[-1] != found[-3]:
        found.append(present())
    return found[-1]


def moved(before: dict[int, QPoint], after: dict[int, QPoint]) -> int:
    """Return how many of the widgets that are visible both times have another place."""
    assert len(before) > 3
    return sum(after[widget] != place for widget, place in before.items() if widget in after)


@pytest.fixture
def bus_page(in_contact: MainWindow, real_module: RealModule) -> BusPage:
    in_contact.go("pageBus")
    page = in_contact.findChild(BusPage)
    assert page is not None
    page.show_view(SiteView.BUS)
    page.scan.restore({"primary": True})
    return page


def test_an_invalid_range_moves_nothing(bus_page: BusPage) -> None:
    before = places(bus_page)
    bus_page.scan.range.setText("all")
    assert bus_page.scan.error.text()
    assert moved(before, places(bus_page)) == 0


def test_a_wrong_address_of_a_gateway_moves_nothing(in_contact: MainWindow) -> None:
    in_contact.go("pageBus")
    page = in_contact.findChild(BusPage)
    assert page is not None
    page.port.port.setCurrentIndex(page.port.port.findText("TCP gateway"))
    page.port._chosen()
    before = places(page)
    page.port.address.setText("192.0.2.1:port")
    assert page.port.error.text()
    assert moved(before, places(page)) == 0


def test_an_answer_to_identify_moves_nothing(bus_page: BusPage, real_module: RealModule, clock: VirtualClock) -> None:
    slave = bus_page.slave
    before = places(slave, slave.table)
    slave.label.setText("1234567X")
    assert slave.label_error.isVisible()
    assert moved(before, places(slave, slave.table)) == 0
    slave.label.setText("87654321")
    slave.identify.click()
    assert clock.run_until(clock.now() + 60, slave.verdict.isVisible)
    assert slave.verdict.text()
    assert moved(before, places(slave, slave.table)) == 0


def test_reading_a_module_moves_nothing(bus_page: BusPage, real_module: RealModule, clock: VirtualClock) -> None:
    slave = bus_page.slave
    assert slave.partly.isVisible()
    before = places(slave)
    slave.read.click()
    assert clock.run_until(clock.now() + 60, lambda: not slave.partly.isVisible())
    assert moved(before, places(slave)) == 0


def test_errors_and_results_of_settings_move_nothing(in_contact: MainWindow, clock: VirtualClock) -> None:
    in_contact.go("pageConfiguration")
    page = in_contact.findChild(ConfigurationPage)
    assert page is not None
    assert clock.run_until(clock.now() + 60, lambda: not page.model.busy)
    form = page._form
    before = places(form)
    page.model.form.set("primary_address", "251")
    page.model.changed.emit()
    assert page.rows["primary_address"]._remark.trouble.text()
    assert moved(before, places(form)) == 0
    page.model.form.set("primary_address", "7")
    page.model.changed.emit()
    assert page.write.isEnabled()
    page.write.click()
    assert clock.run_until(clock.now() + 60, lambda: not page.model.busy)
    assert page.rows["primary_address"]._remark.calm.text().startswith("Acknowledged")
    assert moved(before, places(form)) == 0


def test_the_remark_on_the_rates_moves_nothing(in_contact: MainWindow, clock: VirtualClock) -> None:
    in_contact.go("pageConfiguration")
    page = in_contact.findChild(ConfigurationPage)
    assert page is not None
    editor = page.rows["rate_map"].editor.findChild(QWidget, "rateMapTable")
    editor.show_rates((1, 2, 3, 4))
    before = places(page._form)
    editor.show_rates((1, 1, 3, 3))
    assert editor.remark
    assert moved(before, places(page._form)) == 0


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        ("Serial port", [Part.DEVICE]),
        ("TCP", [Part.HOST, Part.PORT]),
        pytest.param(
            "Pseudo-terminal",
            [Part.PATH],
            marks=pytest.mark.skipif(sys.platform == "win32", reason="not offered on Windows"),
        ),
    ],
)
def test_problems_and_results_of_a_link_move_nothing(in_contact: MainWindow, kind: str, parts: list[Part]) -> None:
    # High enough that no scroll bar comes, which would take some pixels of the width.
    in_contact.resize(1280, 900)
    in_contact.go("pageConnections")
    page = in_contact.findChild(ConnectionsPage)
    assert page is not None
    card = page.meter
    next(button for button in card.form.kind.findChildren(QPushButton) if button.text() == kind).click()
    before = places(card)
    for part in parts:
        card.form.show_problem(LinkProblem(part, "This cannot be used"))
        assert moved(before, places(card)) == 0
    card.form.show_problem(None)
    card._show_result(Status(Mark.TROUBLE, "No answer", "check the head"))
    assert moved(before, places(card)) == 0


def test_a_profile_that_cannot_be_used_moves_nothing(in_contact: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    in_contact.open_settings()
    settings = in_contact._settings
    assert settings is not None
    before, size = places(settings), settings.size()
    path = tmp_path / "own.toml"
    path.write_text("nonsense = 1\n")
    settings.module_profile.check(path)
    assert settings.module_profile.problem.text()
    assert moved(before, places(settings)) == 0
    assert settings.size() == size
    settings.close()


def test_a_message_moves_nothing_in_the_strip(in_contact: MainWindow) -> None:
    strip = in_contact.strip
    before = strip.history.geometry()
    in_contact.station.emit_notice("error", "answer_late", "an answer was late")
    in_contact.bridge.drain()
    QApplication.processEvents()
    assert strip.findChild(Button, "messageShow").isVisible()
    assert strip.history.geometry() == before
