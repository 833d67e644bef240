"""The list of a site on the page Site, operated as by a user on the practice bus, in virtual time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QSplitter, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from cmi_gui.engine.bus.faults import parse_fault
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.settings import ModuleSettings
from cmi_gui.engine.configurator.discover import ScanPlan
from cmi_gui.engine.mbus.search import ANY
from cmi_gui.engine.room.made_room import make_room
from cmi_gui.engine.room.room_file import Room, write_room
from cmi_gui.engine.site.comparison import begin_visit
from cmi_gui.engine.site.model import Known, RowState, SiteModule, SiteReading
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.models.practice import PRACTICE_LINK
from cmi_gui.ui.pages.bus.page import BusPage, SiteView
from cmi_gui.ui.pages.bus.site_table import IS_ROLE, WANTED_ROLE
from cmi_gui.ui.pages.bus.steps import VisitStep
from cmi_gui.ui.prefs import Language
from cmi_gui.ui.text.i18n import install_language
from cmi_gui.ui.text.mark import Mark
from cmi_gui.ui.theme import Density

MODULES = 4


@pytest.fixture
def page(in_contact: MainWindow) -> BusPage:
    """The page, with an empty site of the practice bus, whose modules are not searched for yet."""
    in_contact.go("pageBus")
    page = in_contact.stack.currentWidget()
    assert isinstance(page, BusPage)
    page.port.restore({"kind": "practice", "device": ""})
    in_contact.practice.make_modules(MODULES, 1)
    page.port.connect_chosen()
    return page


@pytest.fixture
def found(page: BusPage, clock: VirtualClock) -> BusPage:
    """The page after a search."""
    search(page, clock)
    page.show_step(VisitStep.ASSIGN)
    return page


def search(page: BusPage, clock: VirtualClock) -> None:
    page.bus.start_scan(ScanPlan(None, ANY, (2400,)))
    assert clock.run_until(clock.now() + 3000, lambda: not page.bus.scanning)
    assert page.bus.scan_error is None


def rows(page: BusPage) -> list[SiteModule]:
    return page.site.site.modules


def texts(page: BusPage, name: str) -> list[str]:
    model = page.panel.rows
    return [model.index(row, model.columns.index(name)).data() for row in range(model.rowCount())]


def go_to(page: BusPage, row: int, name: str) -> None:
    page.panel.list.setFocus()
    page.panel.list.setCurrentIndex(page.panel.rows.index(row, page.panel.rows.columns.index(name)))


def select(page: BusPage, first: tuple[int, str], last: tuple[int, str]) -> None:
    model, view = page.panel.rows, page.panel.list
    go_to(page, *first)
    block = QItemSelection(
        model.index(first[0], model.columns.index(first[1])), model.index(last[0], model.columns.index(last[1]))
    )
    view.selectionModel().select(block, QItemSelectionModel.SelectionFlag.ClearAndSelect)


def type_in(qtbot: QtBot, page: BusPage, text: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
    """Type into the current cell, beginning an edit with the first key."""
    view = page.panel.list
    qtbot.keyClick(view, Qt.Key.Key_F2)
    field = editor(page)
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, key)


def editor(page: BusPage) -> QLineEdit:
    """Return the field of the cell that is being edited; Qt deletes that of the cell before later."""
    return page.panel.list.viewport().findChildren(QLineEdit)[-1]


def press(qtbot: QtBot, widget: QWidget, key: Qt.Key) -> None:
    qtbot.keyClick(widget, key, Qt.KeyboardModifier.ControlModifier)


# What a search finds


def test_modules_found_get_rows_and_the_steps_say_how_many(page: BusPage, clock: VirtualClock) -> None:
    page.site.add_rows([SiteModule(meter="33456790", place="13")], "Rows")
    search(page, clock)
    page.refresh()
    assert len(rows(page)) == MODULES + 1
    assert texts(page, "state") == ["Waiting", *["Found"] * MODULES]
    assert texts(page, "primary_address") == ["—", *["0"] * MODULES]
    assert [module.state for module in rows(page)] == [RowState.WAITING, *[RowState.FOUND] * MODULES]
    states = {step: button.status for step, button in page.steps.buttons.items()}
    assert states[VisitStep.CONNECT].mark is Mark.GOOD
    assert states[VisitStep.FIND].title == f"{MODULES} of {MODULES + 1}"
    assert states[VisitStep.ASSIGN].title == f"0 of {MODULES}"
    assert states[VisitStep.WRITE].title == "nothing to write"
    assert page.site.practice
    assert page.site.path is None


def test_a_search_that_misses_a_module_marks_its_row_as_lost(found: BusPage, clock: VirtualClock) -> None:
    room = found.context.practice.room
    assert room is not None
    lost = rows(found)[0]
    point = next(point for point in room.points if point.config.serial == lost.serial)
    point.set_bus_voltage(0.0)
    search(found, clock)
    assert [module.state for module in rows(found)] == [RowState.LOST, *[RowState.FOUND] * (MODULES - 1)]
    point.set_bus_voltage(24.0)
    clock.advance(30)
    search(found, clock)
    assert lost.state is RowState.FOUND
    assert len(rows(found)) == MODULES


def test_the_chosen_row_and_the_chosen_module_are_one(found: BusPage) -> None:
    go_to(found, 2, "place")
    assert found.bus.chosen is not None
    assert found.bus.chosen.identity is not None
    assert found.bus.chosen.identity.fabrication == rows(found)[2].serial
    found.show_view(SiteView.BUS)
    found.table.selectRow(1)
    assert found.site.chosen is found.site.on_bus.row_of(found.model.slave(1))
    found.show_view(SiteView.MODULES)
    assert found.panel.list.currentIndex().row() == rows(found).index(found.site.chosen)
    found.site.add_rows([SiteModule(meter="33456790")], "Rows")
    go_to(found, MODULES, "place")
    assert found.bus.chosen is None, "a row without a module shows no other module's details"


# Editing


def test_a_page_that_a_change_of_language_replaced_no_longer_follows_the_choice(
    found: BusPage, qapp: QApplication
) -> None:
    window, module = found.window(), rows(found)[0]
    assert isinstance(window, MainWindow)
    old = found.panel.list
    window.set_language(Language.SWEDISH)
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not isValid(old)
    # A slot of the old page would raise RuntimeError, which fails the test.
    window.site.choose(module)


def test_typing_sets_what_is_wanted_and_enter_goes_to_the_next_row(found: BusPage, qtbot: QtBot) -> None:
    go_to(found, 0, "primary_address")
    type_in(qtbot, found, "11")
    assert found.panel.list.currentIndex().row() == 1
    type_in(qtbot, found, "12")
    assert texts(found, "primary_address")[:3] == ["0 > 11", "0 > 12", "0"]
    index = found.panel.rows.index(0, found.panel.rows.columns.index("primary_address"))
    assert (index.data(IS_ROLE), index.data(WANTED_ROLE)) == ("0", "11")
    assert rows(found)[0].changes == {"primary_address": "11"}
    assert found.panel.write_all.text() == "Write 2 changes"
    assert found.steps.buttons[VisitStep.WRITE].status.title == "2 to write"
    go_to(found, 0, "primary_address")
    type_in(qtbot, found, "0")
    assert rows(found)[0].changes == {}


def test_a_wrong_value_keeps_its_field_with_the_reason(found: BusPage, qtbot: QtBot) -> None:
    go_to(found, 0, "primary_address")
    type_in(qtbot, found, "251")
    field = editor(found)
    assert "250" in found.panel.words.text()
    assert rows(found)[0].changes == {}
    field.selectAll()
    qtbot.keyClicks(field, "25")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert rows(found)[0].changes == {"primary_address": "25"}


def test_fill_down_clear_and_undo(found: BusPage, qtbot: QtBot) -> None:
    view = found.panel.list
    go_to(found, 0, "rate_map")
    type_in(qtbot, found, "1111")
    select(found, (0, "rate_map"), (MODULES - 1, "rate_map"))
    press(qtbot, view, Qt.Key.Key_D)
    assert texts(found, "rate_map") == ["1111"] * MODULES
    found.panel.undo.click()
    assert texts(found, "rate_map") == ["1111", *["—"] * (MODULES - 1)]
    press(qtbot, view, Qt.Key.Key_Y)
    assert texts(found, "rate_map") == ["1111"] * MODULES
    select(found, (1, "rate_map"), (2, "rate_map"))
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert texts(found, "rate_map") == ["1111", "—", "—", "1111"]
    press(qtbot, view, Qt.Key.Key_Z)
    assert texts(found, "rate_map") == ["1111"] * MODULES
    go_to(found, 1, "serial")
    press(qtbot, view, Qt.Key.Key_D)
    assert "filled down" in found.panel.words.text()


def test_ctrl_enter_fills_all_rows_below_or_the_selected_ones(found: BusPage, qtbot: QtBot) -> None:
    go_to(found, 1, "rate_map")
    qtbot.keyClick(found.panel.list, Qt.Key.Key_F2)
    found.refresh()
    assert found.panel.words.text() == "Enter: next row. Ctrl+Enter: all rows below too."
    field = editor(found)
    field.selectAll()
    qtbot.keyClicks(field, "2211")
    press(qtbot, field, Qt.Key.Key_Return)
    assert [module.wanted.get("rate_map") for module in rows(found)] == [None, *["2 2 1 1"] * (MODULES - 1)]
    select(found, (0, "place"), (1, "place"))
    qtbot.keyClick(found.panel.list, Qt.Key.Key_F2)
    qtbot.keyClicks(editor(found), "cellar")
    press(qtbot, editor(found), Qt.Key.Key_Return)
    assert [module.place for module in rows(found)][:3] == ["cellar", "cellar", ""]
    # A number belongs to one row only.
    go_to(found, 0, "serial")
    press(qtbot, found.panel.list, Qt.Key.Key_Return)
    assert len({module.serial for module in rows(found)}) == MODULES


def test_a_list_with_flats_and_numbers_is_taken_by_a_button(
    found: BusPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "flats.csv"
    lines = [f"{module.serial};{number}" for number, module in enumerate(rows(found), 11)]
    path.write_text("\n".join(("Serienummer;Lägenhet", *lines)), "utf-8")
    monkeypatch.setattr("cmi_gui.ui.pages.bus.site_menu.ask_open_file", lambda *args: args[-1](path))
    found.panel.take.click()
    qtbot.waitUntil(lambda: [module.place for module in rows(found)] == ["11", "12", "13", "14"])


def test_one_cell_takes_the_text_of_the_cell_above(found: BusPage, qtbot: QtBot) -> None:
    go_to(found, 0, "place")
    type_in(qtbot, found, "flat 11")
    press(qtbot, found.panel.list, Qt.Key.Key_D)
    assert texts(found, "place")[:3] == ["flat 11", "flat 11", ""]


def test_a_block_is_pasted_from_a_spreadsheet_and_copied_back(page: BusPage, qtbot: QtBot) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("11\t33456788\r\n12\t33456789\r\n")
    page.panel.list.setFocus()
    press(qtbot, page.panel.list, Qt.Key.Key_V)
    assert [(module.place, module.meter) for module in rows(page)] == [("11", "33456788"), ("12", "33456789")]
    assert {module.state for module in rows(page)} == {RowState.WAITING}
    select(page, (0, "place"), (1, "meter"))
    press(qtbot, page.panel.list, Qt.Key.Key_C)
    assert clipboard.text().splitlines() == ["11\t33456788", "12\t33456789"]
    press(qtbot, page.panel.list, Qt.Key.Key_Z)
    assert rows(page) == []
    clipboard.setText("flat\tmeter\tserial\taddress\tspeed\trate\tenergy")
    press(qtbot, page.panel.list, Qt.Key.Key_V)
    assert "7" in page.panel.words.text()
    assert rows(page) == []


def test_a_whole_visit_of_names_and_addresses_by_keyboard(found: BusPage, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("\n".join(str(11 + n) for n in range(MODULES)))
    go_to(found, 0, "place")
    press(qtbot, found.panel.list, Qt.Key.Key_V)
    assert texts(found, "place") == ["11", "12", "13", "14"]
    QGuiApplication.clipboard().setText("7")
    select(found, (0, "primary_address"), (MODULES - 1, "primary_address"))
    press(qtbot, found.panel.list, Qt.Key.Key_V)
    assert texts(found, "primary_address") == ["0 > 7"] * MODULES


# Finding rows


def test_search_and_sort(found: BusPage, qtbot: QtBot) -> None:
    for row, place in zip(rows(found), ("flat 11", "flat 2", "flat 1", ""), strict=True):
        found.site.set_cells([(row, "place", place)], "Flat")
    press(qtbot, found.panel.list, Qt.Key.Key_F)
    assert found.panel.search.hasFocus()
    qtbot.keyClicks(found.panel.search, "flat 1")
    assert texts(found, "place") == ["flat 11", "flat 1"]
    found.panel.search.clear()
    found.panel.list.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert texts(found, "place") == ["flat 1", "flat 2", "flat 11", ""]
    go_to(found, 0, "place")
    chosen = found.site.chosen
    found.panel.list.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert texts(found, "place") == ["", "flat 11", "flat 2", "flat 1"]
    assert found.panel.rows.module(found.panel.list.currentIndex().row()) is chosen
    found.panel.list.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    assert texts(found, "place") == ["flat 11", "flat 2", "flat 1", ""]


def test_rows_are_added_and_removed(found: BusPage, qtbot: QtBot) -> None:
    found.panel.add.click()
    field = editor(found)
    qtbot.keyClicks(field, "cellar")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert texts(found, "place")[-1] == "cellar"
    select(found, (0, "place"), (1, "place"))
    gone = found.panel.list.selected_modules()
    found.panel.list.remove_rows()
    assert len(rows(found)) == MODULES - 1
    found.panel.undo.click()
    assert rows(found)[:2] == gone


def test_columns_are_chosen_and_remembered(found: BusPage) -> None:
    menu = found.panel.list.columns_menu()
    action = next(action for action in menu.actions() if action.text() == "Note")
    action.trigger()
    assert "note" in found.panel.list.shown_columns()
    saved = found.state()
    found.panel.list.show_columns(["place"])
    assert found.panel.list.shown_columns() == ["place", "state"]
    found.restore(saved)
    assert "note" in found.panel.list.shown_columns()
    assert found.step is VisitStep.ASSIGN


@pytest.mark.parametrize("order", [Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder])
def test_the_model_passes_the_model_tester_of_qt(
    page: BusPage, clock: VirtualClock, qtmodeltester: ModelTester, order: Qt.SortOrder
) -> None:
    qtmodeltester.check(page.panel.rows, force_py=True)
    search(page, clock)
    page.panel.rows.sort(2, order)
    page.panel.search.setText("5")
    page.site.remove_rows(rows(page)[:2], "Remove")
    page.site.undo.undo()
    page.panel.search.clear()
    assert page.panel.rows.rowCount() == MODULES


# Labels


def enter_label(qtbot: QtBot, page: BusPage, number: str) -> None:
    """Scan a label, as a barcode reader types it."""
    page.panel.label.number.setFocus()
    qtbot.keyClicks(page.panel.label.number, number)
    qtbot.keyClick(page.panel.label.number, Qt.Key.Key_Return)


def test_the_loop_in_the_stairwell(found: BusPage, qtbot: QtBot) -> None:
    label = found.panel.label
    for place, module in zip(("11", "12"), rows(found), strict=False):
        enter_label(qtbot, found, module.serial)
        assert label.words.text().startswith(f"Module {module.serial}")
        assert label.place.hasFocus()
        qtbot.keyClicks(label.place, place)
        qtbot.keyClick(label.place, Qt.Key.Key_Return)
        assert label.number.hasFocus()
        assert label.number.text() == ""
    assert texts(found, "place") == ["11", "12", "", ""]
    found.panel.undo.click()
    assert texts(found, "place") == ["11", "", "", ""]


def test_it_is_asked_whose_number_it_is_where_it_is_not_clear(page: BusPage, qtbot: QtBot) -> None:
    page.show_step(VisitStep.ASSIGN)
    label = page.panel.label
    enter_label(qtbot, page, "12345678")
    assert label.words.text() == "12345678: is this the number of a module or of a meter?"
    qtbot.mouseClick(label.meter, Qt.MouseButton.LeftButton)
    assert label.words.text() == "Meter 12345678, new"
    qtbot.keyClicks(label.place, "3")
    qtbot.keyClick(label.place, Qt.Key.Key_Return)
    assert [(row.meter, row.serial, row.place) for row in rows(page)] == [("12345678", "", "3")]
    enter_label(qtbot, page, "1234")
    assert "8 digits" in label.words.text()
    assert label.number.hasFocus()


def test_a_module_with_a_scanned_label_is_looked_for_by_selection(
    page: BusPage, clock: VirtualClock, qtbot: QtBot
) -> None:
    room = page.context.practice.room
    assert room is not None
    serial = room.points[0].config.serial
    page.show_step(VisitStep.ASSIGN)
    assert clock.run_until(clock.now() + 5, lambda: page.steps._connection().mark is Mark.GOOD)
    enter_label(qtbot, page, serial)
    qtbot.mouseClick(page.panel.label.serial, Qt.MouseButton.LeftButton)
    assert page.panel.label.words.text() == f"Module {serial}: being looked for"
    qtbot.keyClicks(page.panel.label.place, "11")
    qtbot.keyClick(page.panel.label.place, Qt.Key.Key_Return)
    assert clock.run_until(clock.now() + 60, lambda: not page.bus.busy)
    assert [(row.serial, row.place, row.state) for row in rows(page)] == [(serial, "11", RowState.FOUND)]
    assert page.panel.label.words.text() == f"Module {serial}: found on the bus"
    assert page.site.on_bus.slave_of(rows(page)[0]) is not None


def test_a_module_with_another_address_and_speed_than_delivered_is_found_by_its_label(
    page: BusPage, clock: VirtualClock, qtbot: QtBot, tmp_path: Path
) -> None:
    points = make_room(2).points
    moved = replace(points[1], settings=ModuleSettings(secondary_address="77770001", baud=300))
    path = tmp_path / "room.toml"
    write_room(path, Room(1, (points[0], moved)))
    assert page.context.practice.open(path)
    page.port.connect_chosen()
    room = page.context.practice.room
    assert room is not None
    asleep, changed = room.points
    asleep.faults.add(parse_fault("no-answer"))
    page.show_step(VisitStep.ASSIGN)
    assert clock.run_until(clock.now() + 5, lambda: page.steps._connection().mark is Mark.GOOD)
    label = page.panel.label
    # The second label is scanned while the first module is still being looked for.
    for point, place in ((asleep, "12"), (changed, "13")):
        enter_label(qtbot, page, point.config.serial)
        qtbot.mouseClick(label.serial, Qt.MouseButton.LeftButton)
        assert label.words.text() == f"Module {point.config.serial}: being looked for"
        qtbot.keyClicks(label.place, place)
        qtbot.keyClick(label.place, Qt.Key.Key_Return)
    answers = []
    for _ in range(2):
        sought = page.bus.sought
        said: list[object] = []
        sought.connect(lambda *result, said=said: said.append(result))
        assert clock.run_until(clock.now() + 120, lambda said=said: bool(said))
        answers.append(label.words.text())
    assert answers == [
        f"Module {asleep.config.serial} does not answer",
        f"Module {changed.config.serial}: found on the bus",
    ]
    assert [(row.place, row.state) for row in rows(page)] == [("12", RowState.WAITING), ("13", RowState.FOUND)]
    assert [rows(page)[1].value(name) for name in ("baud", "secondary_address")] == ["300", "77770001"]


def test_what_came_of_a_label_is_said_while_the_next_one_is_entered(
    page: BusPage, clock: VirtualClock, qtbot: QtBot
) -> None:
    page.show_step(VisitStep.ASSIGN)
    assert clock.run_until(clock.now() + 5, lambda: page.steps._connection().mark is Mark.GOOD)
    label = page.panel.label
    enter_label(qtbot, page, "50109999")
    qtbot.mouseClick(label.serial, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(label.place, "12")
    qtbot.keyClick(label.place, Qt.Key.Key_Return)
    qtbot.keyClicks(label.number, "5010")
    assert clock.run_until(clock.now() + 120, lambda: not page.bus.busy)
    window = page.window()
    assert isinstance(window, MainWindow)
    assert window.messages.last(1)[0].text == "Module 50109999 does not answer"
    assert label.words.text() == ""
    page.bus.find_by_label("50109999")
    page.bus.disconnect_link()
    assert not page.bus.busy


# Speed


def test_a_thousand_rows_are_shown_edited_and_searched(page: BusPage, qtbot: QtBot) -> None:
    site = page.site
    site.add_rows([SiteModule(place=str(n), meter=f"{33000000 + n}") for n in range(1000)], "Rows")
    page.show_step(VisitStep.ASSIGN)
    assert page.panel.rows.rowCount() == 1000
    assert not site.add_rows([SiteModule()], "Row")
    page.panel.list.add_row()
    assert "as many rows" in page.panel.words.text()
    page.panel.search.setText("33000999")
    assert texts(page, "place") == ["999"]


def test_the_header_names_site_and_flat(found: BusPage, clock: VirtualClock, qtbot: QtBot) -> None:
    found.site.site.name = "Brf Eken"
    module = rows(found)[0]
    found.site.set_cells([(module, "place", "12")], "Flat")
    go_to(found, 0, "place")
    found.show_view(SiteView.BUS)
    qtbot.mouseClick(found.slave.configure_button, Qt.MouseButton.LeftButton)
    window = found.window()
    assert isinstance(window, MainWindow)
    assert window.header.target.chip.status.title.startswith(f"Brf Eken > Module {module.serial}, flat 12")


def test_another_bus_has_another_site(found: BusPage) -> None:
    practice = rows(found)
    found.bus.connect_to("tcp://192.0.2.1:10001")
    assert found.site.site.modules == []
    assert not found.site.practice
    found.bus.connect_to(PRACTICE_LINK)
    assert rows(found) is practice


# Searches


def test_an_interrupted_search_goes_on_and_finds_all(page: BusPage, clock: VirtualClock, qtbot: QtBot) -> None:
    qtbot.mouseClick(page.scan.button, Qt.MouseButton.LeftButton)
    assert clock.run_until(clock.now() + 3000, lambda: len(rows(page)) == MODULES - 1)
    qtbot.mouseClick(page.scan.button, Qt.MouseButton.LeftButton)
    assert not page.bus.scanning
    page.refresh()
    assert page.scan.button.text() == "Continue the scan"
    assert page.scan.again.isVisible()
    qtbot.mouseClick(page.scan.button, Qt.MouseButton.LeftButton)
    scan = page.bus.scan
    assert scan is not None
    assert clock.run_until(clock.now() + 60, lambda: bool(scan.where))
    assert "F" not in scan.where, "the masks that were tried are not tried again"
    assert clock.run_until(clock.now() + 3000, lambda: not page.bus.scanning)
    assert page.bus.scan_error is None
    assert len(scan.entries) == len(rows(page)) == MODULES
    assert {module.state for module in rows(page)} == {RowState.FOUND}
    page.refresh()
    assert page.scan.button.text() == "Scan the bus"


def test_a_scan_of_addresses_goes_on_where_it_was_interrupted(page: BusPage, clock: VirtualClock) -> None:
    plan = ScanPlan(range(20), None, (2400,))
    page.bus.start_scan(plan)
    assert clock.run_until(clock.now() + 60, lambda: page.bus.scan is not None and page.bus.scan.where == "9")
    page.bus.cancel_scan()
    assert page.bus.rest is not None
    assert page.bus.rest.address == 10
    page.bus.start_scan(plan, rest=page.bus.rest)
    assert page.bus.scan is not None
    assert clock.run_until(clock.now() + 60, lambda: not page.bus.scanning)
    assert page.bus.scan.steps[0].addresses == range(10, 20)


def test_a_search_stops_when_all_modules_of_the_list_are_found(found: BusPage, clock: VirtualClock) -> None:
    assert found.site.expected == frozenset(), "a list that a search has made may not be complete"
    found.site.set_cells([(module, "place", str(n)) for n, module in enumerate(rows(found))], "Flats")
    assert len(found.site.expected) == MODULES
    found.bus.start_scan(ScanPlan(None, ANY, (2400,)), serials=found.site.expected)
    assert clock.run_until(clock.now() + 3000, lambda: not found.bus.scanning)
    assert found.bus.scan is not None
    assert found.bus.scan.has_enough
    found.refresh()
    assert found.scan.words.text().startswith("Scan ended: all modules of the list were found.")
    found.site.add_rows([SiteModule(meter="33456790")], "Row")
    assert found.site.expected == frozenset(), "a row without a module may belong to any module"


# Problems


def problem(page: BusPage, qtbot: QtBot) -> str:
    page.refresh()
    qtbot.waitUntil(lambda: not (page.panel._soon.isActive() or page.context.background.busy))
    return page.panel.problems.words.text()


def test_equal_addresses_are_pointed_out_with_their_cure(found: BusPage, qtbot: QtBot) -> None:
    for place, module in enumerate(rows(found), 11):
        found.site.set_cells([(module, "place", str(place))], "Flat")
    assert problem(found, qtbot) == f"{MODULES} modules share address 0."
    line = found.panel.problems
    assert line.cure.text() == "Give addresses by flat"
    qtbot.mouseClick(line.rows, Qt.MouseButton.LeftButton)
    assert found.panel.list.selected_modules() == rows(found)
    qtbot.mouseClick(line.cure, Qt.MouseButton.LeftButton)
    assert texts(found, "primary_address") == ["0 > 11", "0 > 12", "0 > 13", "0 > 14"]
    problem(found, qtbot)
    assert line.cure.text() == "Review"
    qtbot.mouseClick(line.cure, Qt.MouseButton.LeftButton)
    assert found.view is SiteView.WRITE
    found.site.undo.undo()
    found.show_step(VisitStep.ASSIGN)
    assert texts(found, "primary_address") == ["0"] * MODULES


def test_what_a_search_has_not_found_yet_is_no_problem_until_its_end(
    page: BusPage, clock: VirtualClock, qtbot: QtBot
) -> None:
    page.site.add_rows([SiteModule(meter="33456790", place="13")], "Rows")
    page.bus.start_scan(ScanPlan(None, ANY, (2400,)))
    assert clock.run_until(clock.now() + 3000, lambda: len(rows(page)) == MODULES + 1)
    for place, module in enumerate(rows(page)[1:], 21):
        cells = {"place": str(place), "primary_address": str(place)}
        page.site.set_cells([(module, name, text) for name, text in cells.items()], "Flat")
    shown = {problem(page, qtbot)}
    for _ in page.panel.problems.problems:
        page.panel.problems.next.click()
        shown.add(page.panel.problems.words.text())
    assert page.bus.scanning
    assert not any(words.startswith("Not found yet") for words in shown)
    assert clock.run_until(clock.now() + 3000, lambda: not page.bus.scanning)
    assert any(str(each.message).startswith("Not found yet: ") for each in page.panel.problems.problems)


def test_the_energy_has_the_decimal_sign_of_the_language(found: BusPage, qtbot: QtBot, qapp: QApplication) -> None:
    module = rows(found)[0]
    for value, english, swedish in (("012345.670", "12345.670", "12345,670"), ("000000.000", "0.000", "0,000")):
        module.readings = {"1.8.0": SiteReading(code="1.8.0", value=value, unit="kWh", at=found.site.now())}
        assert texts(found, "energy")[0] == english
        install_language(qapp, Language.SWEDISH)
        assert texts(found, "energy")[0] == swedish
        install_language(qapp, Language.ENGLISH)
        select(found, (0, "energy"), (0, "energy"))
        press(qtbot, found.panel.list, Qt.Key.Key_C)
        # As the user's spreadsheet reads it, whatever the language.
        sign = found.context.tables.csv_form.decimal
        assert QGuiApplication.clipboard().text() == english.replace(".", sign)


def test_a_cure_leads_to_the_cells_to_be_corrected(found: BusPage, qtbot: QtBot) -> None:
    problem(found, qtbot)
    line = found.panel.problems
    assert line.next.isVisible()
    qtbot.mouseClick(line.next, Qt.MouseButton.LeftButton)
    assert line.cure.text() == "Enter the flats"
    qtbot.mouseClick(line.cure, Qt.MouseButton.LeftButton)
    assert found.panel.list.hasFocus()
    assert found.panel.rows.name(found.panel.list.currentIndex().column()) == "place"


def test_the_state_tells_what_differs_from_the_last_visit(found: BusPage) -> None:
    module = rows(found)[0]
    begin_visit(found.site.site, found.site.now())
    assert module.last_visit is not None
    column = found.panel.rows.columns.index("state")
    before = found.panel.rows.index(0, column).data(Qt.ItemDataRole.ToolTipRole)
    known = module.known["primary_address"]
    module.known["primary_address"] = Known(text="9", how=known.how, at=found.site.now())
    found.site.touch(module)
    tip = found.panel.rows.index(0, column).data(Qt.ItemDataRole.ToolTipRole)
    assert "Address was 0 at the last visit" in tip
    assert "last visit" not in before


def test_port_and_scan_stay_narrow_when_the_language_changes(page: BusPage, qtbot: QtBot) -> None:
    window = page.window()
    assert isinstance(window, MainWindow)
    page.port.restore({"kind": "practice", "device": ""})
    for width in (1366, 1280):
        window.resize(width, 800)
        QApplication.processEvents()
    window.set_language(Language.SWEDISH)
    rebuilt = window.stack.currentWidget()
    assert isinstance(rebuilt, BusPage)
    splitter = rebuilt.findChild(QSplitter, "busSplitter")
    assert isinstance(splitter, QSplitter)
    qtbot.waitUntil(lambda: sum(splitter.sizes()) > 1000)
    for _ in range(5):
        QApplication.processEvents()
    assert splitter.sizes()[0] <= splitter.widget(0).minimumSizeHint().width() + 1


def test_in_a_low_window_only_tables_scroll(found: BusPage, qtbot: QtBot) -> None:
    found.window().resize(1366, 740)
    for view in SiteView:
        found.show_view(view)
        qtbot.waitUntil(lambda: found.width() > 1100)
        for _ in range(5):
            QApplication.processEvents()
        assert found.height() == found.parentWidget().height(), view


@pytest.mark.parametrize("chosen", [[1, 3], []])
def test_the_selection_survives_another_density(found: BusPage, in_contact: MainWindow, chosen: list[int]) -> None:
    """What commands and writes are limited to stays visible."""
    modules = [rows(found)[row] for row in chosen]
    go_to(found, 2, "place")
    found.panel.list.clearSelection()
    if modules:
        found.panel.list.select_modules(modules, "primary_address")
    in_contact.set_sizes(100, Density.COMPACT)
    in_contact.go("pageBus")
    page = in_contact.stack.currentWidget()
    assert isinstance(page, BusPage)
    assert page is not found
    assert page.site.selected == page.panel.list.selected_modules() == modules
    assert page.panel.list.currentIndex().row() == page.panel.rows.row_of(page.site.chosen)
