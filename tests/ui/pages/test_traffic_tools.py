"""The tools of the page Traffic: filter, exchanges, telegram detail, times, copying, latest telegrams."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.traffic.filter import FilterError, FilterFault, Key, parse_filter
from cmi_gui.engine.traffic.store import ROW_COST, Direction, RowKind, Side, TrafficStore
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.traffic.bars import View
from cmi_gui.ui.pages.traffic.filter_field import filter_error_text
from cmi_gui.ui.pages.traffic.latest import CHANGED_ROLE, LatestColumn, LatestModel
from cmi_gui.ui.pages.traffic.line import STATE_ROLE, LineState, TimeMode, TrafficColumn
from cmi_gui.ui.pages.traffic.page import TrafficPage
from cmi_gui.ui.pages.traffic.search import occurring
from cmi_gui.ui.prefs import Language
from cmi_gui.ui.theme import SPACE
from tests.helpers.pages import go_to
from tests.ui.pages.test_traffic_page import NKE, REQ, column, make_model, make_store, shown

# The platform of the tests cannot grab the keyboard for a popup.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard", extend=True)

RX, TX = Direction.RECEIVED, Direction.SENT


@pytest.fixture
def page(in_contact: MainWindow) -> TrafficPage:
    return go_to(in_contact, TrafficPage)


def answer(number: int) -> bytes:
    data = bytes.fromhex("78563412961501020F000000") + b"\x04\x03" + number.to_bytes(4, "little")
    return Frame.long(8, 5, 0x72, data).to_bytes()


def add(page: TrafficPage, at: float, direction: Direction, data: bytes, address: int | None = 5) -> None:
    page.station.traffic.append(at, Side.MBUS, direction, RowKind.TELEGRAM, address, "tcp", data)


def add_requests(page: TrafficPage, clock: VirtualClock) -> None:
    """Add an answered request, an unanswered one with its retry, and a last request."""
    now = clock.now()
    add(page, now, RX, REQ)
    add(page, now + 0.1, TX, answer(1))
    add(page, now + 1, RX, NKE)
    add(page, now + 2, RX, NKE)
    add(page, now + 3, RX, REQ)
    page.model.catch_up()


# Filter


def test_filter_buttons_and_text_agree(page: TrafficPage, qtbot: QtBot) -> None:
    everything = page.model.rowCount()
    qtbot.keyClicks(page.filter, "side:mbus")
    assert page.model.rowCount() == 0
    assert page.bar.side.value() is Side.MBUS
    page.bar.side.choose(Side.METER)
    assert page.filter.text() == "side:meter"
    assert page.model.rowCount() == everything
    page.bar.errors.click()
    assert page.filter.text() == "side:meter error"
    assert page.model.rowCount() == 0
    page.filter.setText("side:mbus,meter")
    assert page.bar.side.value() is None
    assert not page.bar.errors.isChecked()
    page.filter.setText("is:error")
    assert page.bar.errors.isChecked()
    page.bar.side.choose(None)
    assert page.filter.text() == "is:error"


def test_an_invalid_filter_changes_nothing_and_is_explained(page: TrafficPage, qtbot: QtBot) -> None:
    page.filter.setText("type:identification")
    assert page.model.rowCount() == 1
    page.filter.setText("type:identification adr:5")
    assert page.model.rowCount() == 1
    assert page.bar.words == "Unknown key “adr”; to search for a word with a colon, put it in quotes"
    # A button changes the filter in force.
    page.bar.side.choose(Side.METER)
    assert page.filter.text() == "type:identification side:meter"
    assert "telegrams" in page.bar.words


@pytest.mark.parametrize("fault", FilterFault)
def test_every_filter_error_has_a_text(qtbot: QtBot, fault: FilterFault) -> None:
    text = filter_error_text(FilterError(fault, 3, "given"))
    assert "{" not in text
    assert "given" in text or "4" in text


def test_completion_offers_occurring_values(page: TrafficPage, clock: VirtualClock, qtbot: QtBot) -> None:
    add_requests(page, clock)
    qtbot.keyClicks(page.filter, "ty")
    assert page.filter.offers == ["type:"]
    popup = page.filter._completer.popup()
    qtbot.waitUntil(popup.isVisible)
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert page.filter.text() == "type:"
    assert {"RSP_UD", "REQ_UD2", "SND_NKE", "identification", "silence"} <= set(page.filter.offers)
    assert "SND_UD" not in page.filter.offers
    qtbot.keyClicks(page.filter, "RS")
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert page.filter.text() == "type:RSP_UD "
    assert column(page.model, TrafficColumn.TYPE) == ["RSP_UD"]
    assert occurring(page.model.source)[Key.ADDR] == ["5", "none"]


def test_tab_takes_the_first_choice(page: TrafficPage, clock: VirtualClock, qtbot: QtBot) -> None:
    add_requests(page, clock)
    page.filter.setFocus()
    qtbot.keyClicks(page.filter, "type:rs")
    popup = page.filter._completer.popup()
    qtbot.waitUntil(popup.isVisible)
    qtbot.keyClick(popup, Qt.Key.Key_Tab)
    assert page.filter.text() == "type:RSP_UD "
    assert page.filter.hasFocus()
    assert not popup.isVisible()


def test_a_partially_typed_key_hides_nothing(page: TrafficPage, qtbot: QtBot) -> None:
    everything = page.model.rowCount()
    qtbot.keyClicks(page.filter, "dir:rx si")
    assert page.model.rowCount() < everything
    received = column(page.model, TrafficColumn.DIRECTION)
    qtbot.keyClicks(page.filter, "de:me")
    assert "is not a side" in page.bar.words
    assert page.filter.valid_text == "dir:rx"
    assert set(column(page.model, TrafficColumn.DIRECTION)) == {"meter → module"}
    assert len(received) <= page.model.rowCount()
    qtbot.keyClicks(page.filter, "ter")
    assert page.filter.valid_text == "dir:rx side:meter"


def test_f1_shows_the_filter_help_with_usable_examples(page: TrafficPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.filter, Qt.Key.Key_F1)
    assert page.bar._help.isVisible()
    for example, _ in page.bar._help._language():
        parse_filter(example)
    page.bar._help.chosen.emit("side:mbus")
    page.bar._help.close()
    assert page.filter.text() == "side:mbus"
    page.bar.help.click()
    assert page.bar._help.isVisible()
    page.bar._help.close()


def test_the_selection_survives_a_change_of_filter(page: TrafficPage) -> None:
    page.table.selectRow(2)
    line = page.model.line(2)
    page.filter.setText("dir:tx")
    assert page.model.line(page.table.currentIndex().row()) == line
    assert page.tree.topLevelItemCount() > 0
    page.filter.setText('"option select"')
    assert page.model.line(page.table.currentIndex().row()) == line


# Exchanges


def test_silences_and_retries_are_separate_lines(page: TrafficPage, clock: VirtualClock) -> None:
    page.filter.setText("side:mbus")
    add_requests(page, clock)
    assert column(page.model, TrafficColumn.TYPE) == [
        "REQ_UD2", "RSP_UD", "SND_NKE", "no answer", "SND_NKE", "no answer", "REQ_UD2"
    ]  # fmt: skip
    states = [page.model.index(row, 0).data(STATE_ROLE) for row in range(7)]
    assert states == [
        LineState.GOOD, LineState.GOOD, LineState.GOOD, LineState.SILENCE, LineState.RETRY, LineState.SILENCE,
        LineState.GOOD,
    ]  # fmt: skip
    assert column(page.model, TrafficColumn.SUMMARY)[3:5] == ["No answer within 1.000 s", "Retry: SND_NKE to 0"]
    assert column(page.model, TrafficColumn.DELTA)[3] == "1.000"
    assert "2 errors" in page.bar.words
    page.filter.setText("retry")
    assert page.model.rowCount() == 1
    page.filter.setText("silence addr:5")
    assert column(page.model, TrafficColumn.TYPE) == ["no answer", "no answer"]
    # The last request counts as unanswered after a while.
    clock.advance(20)
    page.refresh()
    assert page.model.rowCount() == 3


def test_request_and_answer_are_highlighted_together(page: TrafficPage, clock: VirtualClock, qtbot: QtBot) -> None:
    page.filter.setText("side:mbus")
    add_requests(page, clock)
    table = page.table

    def hovers() -> bool:
        # Moved again each time, because on a busy machine a layout may come between.
        place = table.visualRect(page.model.index(1, 3)).center()
        qtbot.mouseMove(table.viewport(), place + QPoint(0, 1))
        qtbot.mouseMove(table.viewport(), place)
        return table.lines.hovered is not None

    qtbot.waitUntil(hovers)
    assert table.lines.hovered == page.model.line(0) >> 1
    table.selectRow(3)
    assert table.lines.current == page.model.line(2) >> 1


# The telegram


def test_a_field_highlights_its_bytes_and_a_byte_its_field(
    page: TrafficPage, clock: VirtualClock, qtbot: QtBot
) -> None:
    page.filter.setText("side:mbus")
    add_requests(page, clock)
    page.table.selectRow(1)
    tree, octets = page.tree, page.hex
    record = next(field for field in tree.fields if "energy" in field.name)
    assert record.meaning == "1 Wh"
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=tree.visualItemRect(tree.topLevelItem(5)).center())
    assert octets.chosen == (record.start, record.end) == (19, 25)
    # By keyboard: into the record, to its data.
    tree.setFocus()
    qtbot.keyClick(tree, Qt.Key.Key_Right)
    for _ in range(3):
        qtbot.keyClick(tree, Qt.Key.Key_Down)
    assert tree.current is not None
    assert tree.current.name == "Data"
    assert octets.chosen == (21, 25)
    # From the bytes to the field.
    octets.setFocus()
    qtbot.keyClick(octets, Qt.Key.Key_Home)
    assert tree.current is not None
    assert tree.current.name == "Start"
    for _ in range(4):
        qtbot.keyClick(octets, Qt.Key.Key_Right)
    assert tree.current.name == "C field"
    assert octets.chosen == (4, 5)
    qtbot.keyClick(octets, Qt.Key.Key_Down)
    assert tree.current.name == "VIF 03"
    assert octets.textCursor().positionInBlock() == 6 + 4 * 3
    qtbot.keyClick(octets, Qt.Key.Key_End)
    assert tree.current.name == "Stop"


def test_a_click_in_the_hex_view_selects_the_byte(page: TrafficPage, clock: VirtualClock, qtbot: QtBot) -> None:
    page.filter.setText("side:mbus")
    add_requests(page, clock)
    page.table.selectRow(1)
    octets = page.hex
    for offset in (0, 7, 8, 15, 16, 20, len(answer(1)) - 1):
        octets._place_cursor(offset)
        place = octets.cursorRect().center() + QPoint(2, 0)
        octets._place_cursor(3)
        qtbot.mouseClick(octets.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert octets.chosen is not None
        assert octets.chosen[0] <= offset < octets.chosen[1]
        field = page.tree.current
        assert field is not None
        assert (field.start, field.end) == octets.chosen
        qtbot.mouseMove(octets.viewport(), place + QPoint(0, 1))
        qtbot.mouseMove(octets.viewport(), place)
        qtbot.waitUntil(lambda: octets.lit is not None)
        assert octets.lit == octets.chosen


# Time


def test_time_can_count_from_the_first_or_a_selected_line(page: TrafficPage, clock: VirtualClock) -> None:
    first = page.model.row(0).at
    page.bar.time.setCurrentIndex(1)
    page.bar.time.activated.emit(1)
    assert column(page.model, TrafficColumn.TIME)[:1] == ["0.000"]
    assert column(page.model, TrafficColumn.TIME)[2] == f"{page.model.row(2).at - first:.3f}"
    page.table.selectRow(2)
    page.rows.marked.emit()
    assert column(page.model, TrafficColumn.TIME)[2] == "0.000"
    assert column(page.model, TrafficColumn.TIME)[0].startswith("-")
    assert page.bar.time.currentData() is TimeMode.MARK


# Copy and save


def select(page: TrafficPage, first: int, last: int) -> None:
    page.table.selectRow(first)
    model = page.table.selectionModel()
    for row in range(first, last + 1):
        model.select(page.model.index(row, 0), model.SelectionFlag.Select | model.SelectionFlag.Rows)


def action(page: TrafficPage, text: str) -> Callable[[], None]:
    menu = page.rows.menu()
    found = [entry for entry in menu.actions() if entry.text() == text]
    assert found, [entry.text() for entry in menu.actions()]
    return found[0].trigger


def test_rows_are_copied_as_text_hex_and_json(page: TrafficPage, clock: VirtualClock, qtbot: QtBot) -> None:
    page.filter.setText("side:mbus")
    add_requests(page, clock)
    clipboard = QGuiApplication.clipboard()
    select(page, 0, 3)
    page.model.source.store.bookmarks[page.model.line(0) >> 1] = "late\nagain"
    clipboard.clear()
    qtbot.keyClick(page.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(clipboard.text()))
    lines = clipboard.text().splitlines()
    assert len(lines) == 3
    time, side, direction, kind, _link, *rest = lines[0].split("\t")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.,]\d{3}", time)
    assert (side, direction, kind) == ("mbus", "rx", "telegram")
    assert rest == ["5", "", "", "REQ_UD2 FCB=1 to 0", "10 7B 00 7B 16", "yes", "late / again"]
    assert lines[1].endswith("\t\t")
    clipboard.clear()
    action(page, "Copy as hex")()
    qtbot.waitUntil(lambda: bool(clipboard.text()))
    assert clipboard.text().splitlines()[1] == answer(1).hex(" ").upper()
    clipboard.clear()
    action(page, "Copy as JSON")()
    qtbot.waitUntil(lambda: bool(clipboard.text()))
    objects = json.loads(clipboard.text())
    assert objects[0]["bytes"] == "10 7B 00 7B 16"
    assert [found["note"] for found in objects] == ["late\nagain", None, None]
    assert objects[1]["telegram"]["records"][0]["value"] == 1


def test_a_selected_line_can_be_used_as_a_filter(page: TrafficPage, clock: VirtualClock) -> None:
    add_requests(page, clock)
    page.filter.setText("side:mbus")
    page.table.selectRow(1)
    action(page, "Only address 5")()
    assert page.filter.text() == "side:mbus addr:5"
    action(page, "Without type RSP_UD")()
    assert page.filter.text() == "side:mbus addr:5 -type:RSP_UD"
    page.table.selectRow(2)
    action(page, "Only type silence")()
    assert page.filter.text() == "side:mbus addr:5 -type:RSP_UD type:silence"


def test_the_link_has_a_column_and_can_be_a_filter(page: TrafficPage, clock: VirtualClock) -> None:
    page.window().resize(1920, 1080)
    page.top.clear.click()
    assert len(page.station.traffic.links) == 1
    assert page.table.isColumnHidden(TrafficColumn.LINK), "there is only one link"
    page.station.traffic.append(clock.now(), Side.MBUS, RX, RowKind.TELEGRAM, 5, "serial:COM3", answer(2))
    page.model.catch_up()
    assert not page.table.isColumnHidden(TrafficColumn.LINK)
    assert page.model.index(0, TrafficColumn.LINK).data() == "serial:COM3"
    add(page, clock.now(), TX, answer(1))
    page.table.selectRow(0)
    action(page, "Only this link")()
    assert page.filter.text() == 'link:"serial:COM3"'
    assert page.model.rowCount() == 1
    page.window().resize(1280, 800)
    assert page.table.isColumnHidden(TrafficColumn.LINK), "there is no room"


def test_rows_of_a_listener_are_not_attributed_to_the_module(page: TrafficPage, clock: VirtualClock) -> None:
    add(page, clock.now(), TX, answer(1))
    for side, direction in ((Side.MBUS, RX), (Side.MBUS, TX), (Side.METER, RX), (Side.METER, TX)):
        page.station.traffic.append(clock.now(), side, direction, RowKind.TELEGRAM, 5, "listen:serial:COM3", answer(2))
    page.filter.setText("addr:5")
    page.model.catch_up()
    directions = [page.model.index(row, TrafficColumn.DIRECTION).data() for row in range(page.model.rowCount())]
    assert directions[-5:] == [
        "module → master",
        "listening: from master",
        "listening: from slave",
        "listening: from meter",
        "listening: from reader",
    ]
    page.top.view.choose(View.LATEST)
    page.latest.catch_up()
    latest = [page.latest.index(row, LatestColumn.DIRECTION).data() for row in range(page.latest.rowCount())]
    assert latest.count("module → master") == 1
    assert latest.count("listening: from slave") == 1, "another slave may have the module's address"
    page.filter.setText("link:listen")
    page.latest.catch_up()
    assert page.latest.rowCount() == 4


def test_columns_fit_the_words_of_another_language(page: TrafficPage) -> None:
    window = page.window()
    page.table.setColumnWidth(TrafficColumn.TIME, 300)
    english = page.table.columnWidth(TrafficColumn.SIDE)
    window.set_language(Language.SWEDISH)
    # Columns for which there is no room are hidden until the new page is laid out.
    QApplication.processEvents()
    swedish = go_to(window, TrafficPage)
    needed = swedish.table.fontMetrics().horizontalAdvance("Mätare") + 2 * SPACE.s
    assert swedish.table.columnWidth(TrafficColumn.SIDE) >= needed > english - 2 * SPACE.s
    assert swedish.table.columnWidth(TrafficColumn.TIME) == 300, "a column widened by the user stays so"


# Latest


def test_the_latest_telegram_of_every_kind(page: TrafficPage, clock: VirtualClock, qtbot: QtBot) -> None:
    page.top.view.choose(View.LATEST)
    now = clock.now()
    for number in range(3):
        add(page, now + number, RX, REQ)
        add(page, now + number + 0.1, TX, answer(number))
    page._catch_up()
    model = page.latest
    rows = {
        (model.index(row, LatestColumn.TYPE).data(), model.index(row, LatestColumn.DIRECTION).data()): row
        for row in range(model.rowCount())
    }
    row = rows["RSP_UD", "module → master"]
    assert model.index(row, LatestColumn.COUNT).data() == "3"
    assert model.index(row, LatestColumn.INTERVAL).data() == "1.000"
    size = len(answer(0))
    changed = [first // 3 for first, _ in model.index(row, LatestColumn.BYTES).data(CHANGED_ROLE)]
    assert changed == [21, size - 2]
    page.latest_table.selectRow(row)
    assert any("2 Wh" in field.meaning for field in page.tree.fields)
    page.pause.click()
    add(page, now + 9, TX, answer(9))
    page._catch_up()
    assert model.index(row, LatestColumn.COUNT).data() == "3"
    page.pause.click()
    assert model.index(row, LatestColumn.COUNT).data() == "4"
    page.filter.setText("dir:tx addr:5")
    assert [page.latest.index(row, LatestColumn.TYPE).data() for row in range(page.latest.rowCount())] == ["RSP_UD"]


def test_the_latest_model_passes_the_model_tester(qtmodeltester: ModelTester, qtbot: QtBot) -> None:
    store = make_store()
    lines = make_model(store)
    model = LatestModel(lines.source)
    qtmodeltester.check(model)
    model.catch_up()
    assert model.rowCount() == 4
    store.append(9.0, Side.MBUS, RX, RowKind.TELEGRAM, 0, "tcp", NKE)
    store.append(9.5, Side.MBUS, RX, RowKind.TELEGRAM, 3, "tcp", REQ)
    lines.catch_up()
    model.catch_up()
    assert model.rowCount() == 5
    qtmodeltester.check(model)


# Dropped rows


def test_dropped_rows_are_removed_from_the_table(qtmodeltester: ModelTester, qtbot: QtBot) -> None:
    store = TrafficStore(30 * (5 + ROW_COST))
    model = make_model(store)
    qtmodeltester.check(model)
    for number in range(120):
        store.append(float(number), Side.MBUS, RX, RowKind.TELEGRAM, number % 7, "tcp", NKE if number % 3 else REQ)
        if not number % 11:
            model.catch_up()
    # Before the model has caught up, dropped rows have no data and cause no crash.
    assert model.index(0, TrafficColumn.SUMMARY).data() is None or model.line(0) >> 1 >= store.first
    qtbot.waitUntil(lambda: model.catch_up() is None and not model.waiting)
    rows = [line >> 1 for line in shown(model) if not line & 1]
    assert rows == list(range(store.first, len(store)))
    assert model.total == len(rows) <= 30
    model.set_filter(parse_filter("addr:3"))
    assert {row % 7 for row in (line >> 1 for line in shown(model))} == {3}
    qtmodeltester.check(model)


def test_the_selection_stays_on_its_line_when_rows_are_dropped(page: TrafficPage, clock: VirtualClock) -> None:
    store = page.station.traffic
    for number in range(200):
        add(page, clock.now() + number, TX, b"\xe5", None)
    page.model.catch_up()
    at = page.model.rowCount() - 5
    page.table.selectRow(at)
    line = page.model.line(at)
    store.max_bytes = store.size // 2
    page.model.catch_up()
    assert store.first > 0
    assert page.model.line(page.table.currentIndex().row()) == line
    assert "older telegrams removed" in page.bar.words


def test_a_click_on_a_line_just_dropped(page: TrafficPage, clock: VirtualClock) -> None:
    store = page.station.traffic
    add_requests(page, clock)
    page.table.selectRow(1)
    store.max_bytes = 2 * (ROW_COST + 30)
    # A click between two batches, before the table has caught up.
    page.table.selectRow(0)
    assert page.tree.topLevelItemCount() == 0
    page._mark_time()
    assert "Count time from here" not in [entry.text() for entry in page.rows.menu().actions()]
    page.model.catch_up()
    assert page.model.rowCount() > 0


def test_the_choices_survive_a_change_of_language(in_contact: MainWindow) -> None:
    page = go_to(in_contact, TrafficPage)
    page.filter.setText("side:meter -type:data")
    page.top._limits[64 << 20].trigger()
    in_contact.set_language(Language.SWEDISH)
    again = next(shown for shown in in_contact.pages if shown.objectName() == "pageTraffic")
    assert again is not page
    assert again.filter.text() == "side:meter -type:data"
    assert again.model.rowCount() == 3
    assert again.station.traffic.max_bytes == 64 << 20
