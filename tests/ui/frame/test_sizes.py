"""Text size and density, and what a page does with a narrow and with a wide window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QTableView
from pytestqt.qtbot import QtBot

from cmi_gui.app import build
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.traffic.store import RowKind
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.bus.page import BusPage
from cmi_gui.ui.pages.bus.steps import VisitStep
from cmi_gui.ui.pages.diagnostics.check_list import CheckRow, SymptomCard
from cmi_gui.ui.pages.traffic.hex_view import HexView
from cmi_gui.ui.prefs import Prefs
from cmi_gui.ui.theme import SPACE, TEXT_SIZES, Density
from cmi_gui.ui.widgets.plain.buttons import Button

pytestmark = pytest.mark.pages


def settle() -> None:
    for _ in range(5):
        QApplication.processEvents()


def row_height(window: MainWindow) -> int:
    table = window.findChild(QTableView, "readingsTable")
    assert table is not None
    return table.verticalHeader().defaultSectionSize()


def test_text_size_and_density_apply_at_once_and_after_a_restart(tmp_path: Path, qtbot: QtBot) -> None:
    window = build(StationConfig(mbus=(), state_dir=tmp_path), clock=VirtualClock())
    window.show()
    usual, text = row_height(window), QFontMetrics(QApplication.font()).height()
    window.go("pageReadings")
    window.open_settings()
    assert window._settings is not None
    window._settings.text_size.choose(150)
    assert QFontMetrics(QApplication.font()).height() > 1.4 * text
    assert row_height(window) > usual
    assert window.stack.currentWidget().objectName() == "pageReadings"
    # The change has made the settings window again.
    assert window._settings.isVisible()
    large = row_height(window)
    window._settings.density.choose(Density.COMPACT)
    assert row_height(window) == large - 6
    window.close()
    window.deleteLater()

    stored = Prefs(tmp_path).stored
    assert (stored.text_size, stored.density) == (150, Density.COMPACT)
    again = build(StationConfig(mbus=(), state_dir=tmp_path), clock=VirtualClock())
    assert row_height(again) == large - 6
    assert again.prefs.stored == stored
    again.open_settings()
    assert again._settings is not None
    assert again._settings.text_size.value() == 150
    assert again._settings.density.value() is Density.COMPACT
    again.close()
    again.deleteLater()


@pytest.mark.parametrize("text_size", TEXT_SIZES)
def test_compact_controls_are_still_high_enough_to_click(in_contact: MainWindow, text_size: int) -> None:
    in_contact.set_sizes(text_size, Density.COMPACT)  # type: ignore[arg-type]
    buttons = in_contact.findChildren(Button)
    assert len(buttons) > 50
    assert min(button.sizeHint().height() for button in buttons) >= 28


def test_a_page_without_enough_room_scrolls_to_the_part_that_is_shown(in_contact: MainWindow) -> None:
    window = in_contact
    window.set_sizes(150, Density.COMFORTABLE)
    window.resize(960, 540)
    window.go("pageModule")
    settle()
    bar = window.room.verticalScrollBar()
    assert bar.maximum() > 0
    assert window.room.horizontalScrollBar().maximum() == 0
    assert bar.value() == 0
    window.go("pageModule", "reading")
    assert bar.value() > 0
    window.go("pageTraffic")
    settle()
    assert bar.value() == 0


def test_the_lines_of_the_hex_view_follow_its_width(in_contact: MainWindow) -> None:
    window = in_contact
    window.go("pageTraffic")
    view = window.findChild(HexView, "trafficHex")
    assert view is not None
    row = next(
        row for row in map(window.station.traffic.row, range(len(window.station.traffic))) if len(row.data) > 200
    )
    assert row.kind is RowKind.TELEGRAM
    view.show_row(row)
    view._place_cursor(77)
    seen = []
    for width in (960, 1920, 2560):
        window.resize(width, 800)
        settle()
        count = view._width
        seen.append(count)
        first = view.document().firstBlock().text()
        assert first.split("  ")[0] == "0000"
        assert view.blockCount() == -(-len(row.data) // count)
        assert view.horizontalScrollBar().maximum() == 0
        assert view._offset(view.textCursor()) == 77
    assert seen == [16, 24, 32]


def test_the_checks_are_beside_the_symptoms_on_a_wide_page(in_contact: MainWindow) -> None:
    window = in_contact
    window.go("pageDiagnostics")
    window.resize(1280, 800)
    settle()
    card = next(card for card in window.findChildren(SymptomCard) if card.opened)
    assert card.isAncestorOf(card.rows[0])
    window.resize(1920, 1000)
    settle()
    assert not card.isAncestorOf(card.rows[0])
    assert all(row.isVisible() for row in card.rows)
    assert (
        card.rows[0].mapTo(window, card.rows[0].rect().topLeft()).x() > card.mapTo(window, card.rect().topRight()).x()
    )
    other = next(each for each in window.findChildren(SymptomCard) if not each.opened)
    other.heading.click()
    settle()
    assert [row for row in window.findChildren(CheckRow) if row.isVisible()] == other.rows
    window.resize(1280, 800)
    settle()
    assert other.isAncestorOf(other.rows[0])


def test_the_chosen_module_is_beside_the_list_on_a_wide_page(in_contact: MainWindow) -> None:
    window = in_contact
    window.go("pageBus")
    for width, orientation in ((1280, Qt.Orientation.Vertical), (1920, Qt.Orientation.Horizontal)):
        window.resize(width, 900)
        settle()
        assert window.stack.currentWidget()._right.orientation() is orientation  # type: ignore[attr-defined]
    assert SPACE.target == 32


def test_the_recording_gives_way_in_the_header_before_bus_and_meter(in_contact: MainWindow) -> None:
    window = in_contact
    window.set_sizes(125, Density.COMFORTABLE)
    header = window.header
    shown: list[tuple[bool, bool]] = []
    for width in range(1600, 959, -20):
        window.resize(width, 700)
        settle()
        words = header.recording.title.width() > 0, header.bus.title.width() > 0
        if words not in shown:
            shown.append(words)
    assert shown[:2] == [(True, True), (False, True)]
    window.resize(1600, 700)
    settle()
    assert header.recording.title.width() > 0


@pytest.mark.parametrize("step", [VisitStep.ASSIGN, VisitStep.READ])
def test_port_and_scan_do_not_take_half_of_a_page_that_was_narrow(in_contact: MainWindow, step: VisitStep) -> None:
    window = in_contact
    window.go("pageBus")
    page = window.stack.currentWidget()
    assert isinstance(page, BusPage)
    window.resize(1366, 768)
    page.show_step(VisitStep.CONNECT)
    settle()
    width = page.port.width()
    window.resize(960, 600)
    window.set_sizes(150, Density.COMFORTABLE)
    page = window.stack.currentWidget()
    assert isinstance(page, BusPage)
    page.show_step(step)
    settle()
    window.set_sizes(100, Density.COMFORTABLE)
    window.resize(1366, 768)
    page = window.stack.currentWidget()
    assert isinstance(page, BusPage)
    settle()
    page.show_step(VisitStep.CONNECT)
    settle()
    assert page.port.width() <= width + 20
