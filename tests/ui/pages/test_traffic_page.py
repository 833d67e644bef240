"""The page Traffic: rows of the real engine, filter, follow, pause, details."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QTableView, QTreeWidget, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from cmi_gui.engine.bus.faults import parse_fault
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.secrets import Secret
from cmi_gui.engine.machine import Line
from cmi_gui.engine.traffic.filter import parse_filter
from cmi_gui.engine.traffic.store import Direction, RowKind, Side, TrafficRow, TrafficStore
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.traffic.detail import TelegramDetail
from cmi_gui.ui.pages.traffic.hex_view import HexView
from cmi_gui.ui.pages.traffic.line import ERROR_ROLE, TrafficColumn
from cmi_gui.ui.pages.traffic.model import TrafficModel
from cmi_gui.ui.pages.traffic.page import TrafficPage
from cmi_gui.ui.pages.traffic.source import TrafficSource
from cmi_gui.ui.pages.traffic.text import hex_lines, type_text
from cmi_gui.ui.text.status import listening
from cmi_gui.ui.theme import DARK, make_palette
from tests.helpers.pages import go_to
from tests.helpers.wire_peer import WirePeer

NKE = bytes.fromhex("1040004016")
REQ = bytes.fromhex("107B007B16")


def make_store() -> TrafficStore:
    store = TrafficStore()
    store.append(1.0, Side.MBUS, Direction.RECEIVED, RowKind.TELEGRAM, 0, "tcp", NKE)
    store.append(1.1, Side.MBUS, Direction.SENT, RowKind.TELEGRAM, None, "tcp", b"\xe5")
    store.append(2.0, Side.METER, Direction.SENT, RowKind.TELEGRAM, None, "sim:", b"/?!\r\n")
    store.append(3.5, Side.MBUS, Direction.RECEIVED, RowKind.BAD_CHECKSUM, None, "tcp", bytes.fromhex("1040004116"))
    return store


def make_model(store: TrafficStore, now: float = 10.0) -> TrafficModel:
    model = TrafficModel(TrafficSource(store, lambda at: datetime.fromtimestamp(at, UTC), lambda: now))
    model.catch_up()
    return model


def shown(model: TrafficModel) -> list[int]:
    """Return the ids of the visible lines: 2 * index, plus 1 for the silence after it."""
    return [model.line(row) for row in range(model.rowCount())]


def tree_text(page: TrafficPage) -> str:
    """Return all texts of the tree."""
    items = page.tree.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive)
    return "\n".join(f"{item.text(0)}: {item.text(1)}" for item in items)


def column(model: TrafficModel, which: TrafficColumn) -> list[str]:
    return [model.index(row, which).data() for row in range(model.rowCount())]


@pytest.fixture
def page(in_contact: MainWindow) -> TrafficPage:
    return go_to(in_contact, TrafficPage)


def test_a_telegram_of_a_real_master_appears(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = make_window()
    window.resize(1280, 800)
    window.show()
    window.go("pageTraffic")
    qtbot.waitUntil(lambda: listening(window.station) is not None)
    link = listening(window.station)
    assert link is not None
    host, _, port = link.url.removeprefix("tcp://").partition(":")
    model = window.findChild(QTableView, "trafficTable").model()
    answers = bytearray()
    with socket.create_connection((host, int(port))) as master:
        master.setblocking(False)
        master.sendall(NKE)

        def answered() -> bool:
            try:
                answers.extend(master.recv(100))
            except BlockingIOError:
                return False
            return bool(answers)

        qtbot.waitUntil(answered)
    assert answers == b"\xe5"
    qtbot.waitUntil(lambda: {"SND_NKE", "ack"} <= set(column(model, TrafficColumn.TYPE)))
    at = column(model, TrafficColumn.TYPE).index("SND_NKE")
    assert model.index(at, TrafficColumn.DIRECTION).data() == "master → module"
    assert model.index(at, TrafficColumn.ADDRESS).data() == "0"
    assert model.index(at + 1, TrafficColumn.DIRECTION).data() == "module → master"


def test_telegrams_of_the_meter_side_appear(page: TrafficPage) -> None:
    assert column(page.model, TrafficColumn.TYPE)[:4] == ["request", "identification", "option select", "data"]
    assert set(column(page.model, TrafficColumn.SIDE)) == {"Meter"}


def test_a_selected_row_is_decoded_and_shown_in_hex(page: TrafficPage) -> None:
    page.table.selectRow(1)
    tree, octets = page.findChild(QTreeWidget, "trafficDetail"), page.findChild(QPlainTextEdit, "trafficHex")
    names = [tree.topLevelItem(row).text(0) for row in range(tree.topLevelItemCount())]
    assert names == ["Start", "Manufacturer", "Speed offered", "Identification", "CR LF"]
    assert octets.toPlainText().splitlines()[0] == (
        "0000  2F 4C 47 5A 34 5A 4D 46  31 30 30 41 43 2E 4D 32  /LGZ4ZMF100AC.M2"
    )
    page.filter.setText("no-such-thing")
    assert octets.toPlainText() == ""
    assert tree.topLevelItemCount() == 0


def test_a_whole_line_of_a_long_telegram_fits_beside_the_scroll_bar(qtbot: QtBot) -> None:
    view = HexView("bytes")
    qtbot.addWidget(view)
    view.resize(view.line_width(16), 80)
    view.show()
    view.show_row(TrafficRow(0, 0.0, Side.MBUS, Direction.SENT, RowKind.TELEGRAM, 1, "tcp", bytes(200)))
    qtbot.waitUntil(lambda: view.verticalScrollBar().maximum() > 0)
    assert view.horizontalScrollBar().maximum() == 0


def test_pause_holds_new_rows_and_counts_them(page: TrafficPage, clock: VirtualClock) -> None:
    before = page.model.rowCount()
    page.pause.click()
    clock.advance(70)
    page.window().bridge.drain()
    assert page.model.rowCount() == before
    assert page.model.waiting == 4
    assert "4 new since the pause" in page.bar.words
    page.pause.click()
    assert page.model.rowCount() == before + 4


def test_follow_keeps_the_end_in_view_unless_scrolled_up(page: TrafficPage, clock: VirtualClock) -> None:
    bar = page.table.verticalScrollBar()
    clock.advance(60 * 30)
    page.window().bridge.drain()
    assert bar.maximum() > 0
    assert bar.value() == bar.maximum()
    bar.setValue(0)
    clock.advance(120)
    page.window().bridge.drain()
    assert bar.value() == 0
    page.follow.click()
    page.follow.click()
    assert bar.value() == bar.maximum()


def test_follow_continues_when_the_table_gets_lower(page: TrafficPage, clock: VirtualClock, qtbot: QtBot) -> None:
    bar, height = page.table.verticalScrollBar(), page.table.viewport().height()
    clock.advance(60 * 30)
    page.window().bridge.drain()
    assert bar.value() == bar.maximum() > 0
    page.send.set_open(True)
    qtbot.waitUntil(lambda: page.table.viewport().height() < height)
    assert bar.value() == bar.maximum()
    clock.advance(120)
    page.window().bridge.drain()
    assert bar.value() == bar.maximum()
    # Where the user reads, the lines stay in place.
    bar.setValue(0)
    page.send.set_open(False)
    qtbot.waitUntil(lambda: page.table.viewport().height() >= height)
    assert bar.value() == 0


def test_follow_continues_when_the_filter_is_cleared(page: TrafficPage, clock: VirtualClock) -> None:
    bar = page.table.verticalScrollBar()
    clock.advance(60 * 30)
    page.window().bridge.drain()
    page.filter.setText("side:mbus")
    assert page.model.rowCount() == 0
    page.filter.clear()
    assert bar.maximum() > 0
    assert bar.value() == bar.maximum()
    page.table.selectRow(2)
    page.filter.setText("side:meter")
    # A selected line stays in view.
    assert bar.value() < bar.maximum()


def test_clear_removes_all_rows_and_new_ones_appear(page: TrafficPage, clock: VirtualClock) -> None:
    page.table.selectRow(0)
    page.top.clear.click()
    assert page.model.rowCount() == 0
    assert page.tree.topLevelItemCount() == 0
    clock.advance(70)
    page.window().bridge.drain()
    assert page.model.rowCount() == 4


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        ("", [0, 2, 4, 6]),
        ("side:meter", [4]),
        ("-side:meter", [0, 2, 6]),
        ("error", [6]),
        ("snd_nke", [0]),
        ('"10 40"', [0, 6]),
        ("1040", [0, 6]),
        ("1040 zzz", []),
        ("acknowledge e5", [2]),
        ("checksum side:mbus error", [6]),
        ("dir:tx", [2, 4]),
        ("addr:0", [0]),
        ("addr:none", [2, 4, 6]),
        ("addr:0,none -type:ACK", [0, 4, 6]),
        ("type:snd* type:request", [0, 4]),
        ("type:bad_checksum", [6]),
        ("-type:bad_checksum", [0, 2, 4]),
        ("link:TCP", [0, 2, 6]),
        ('hex:"10 .. 00"', [0, 6]),
        ('-hex:"10 * 16"', [2, 4]),
        ('text:"/?!"', [4]),
        ("-acknowledge", [0, 4, 6]),
        ("since:8.5s", [4, 6]),
        ("until:8.5s", [0, 2]),
        ("since:0:00:02", [4, 6]),
        ("is:masked", []),
        ("retry", []),
    ],
)
def test_filters(qtbot: QtBot, wanted: str, left: list[int]) -> None:
    model = make_model(make_store())
    model.set_filter(parse_filter(wanted))
    assert shown(model) == left
    # Later rows pass the same filter.
    store = TrafficStore()
    model = make_model(store)
    model.set_filter(parse_filter(wanted))
    for index in range(4):
        row = make_store().row(index)
        store.append(row.at, row.side, row.direction, row.kind, row.address, row.link, row.data)
        model.catch_up()
    assert shown(model) == left


def test_a_slow_filter_runs_in_slices(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    store = TrafficStore()
    for number in range(5000):
        store.append(float(number), Side.MBUS, Direction.RECEIVED, RowKind.TELEGRAM, 0, "tcp", NKE)
    model = make_model(store)
    qtbot.waitUntil(lambda: not model.waiting)
    monkeypatch.setattr("cmi_gui.ui.pages.traffic.model.SLICE_SECONDS", 0.0)
    monkeypatch.setattr("cmi_gui.ui.pages.traffic.model._SEARCHED", 20)
    model.set_filter(parse_filter("snd_nke"))
    assert 0 < model.rowCount() < 100
    assert 0 < model.progress < 0.1
    # A master without answers repeats its request: every request, and the silence after all but the last.
    qtbot.waitUntil(lambda: model.progress is None)
    assert [line for line in shown(model) if not line & 1] == list(range(0, 10_000, 2))
    assert model.waiting == 0


def test_the_model_passes_the_model_tester(qtmodeltester: ModelTester, qtbot: QtBot) -> None:
    store = make_store()
    model = make_model(store)
    qtmodeltester.check(model)
    store.append(4.0, Side.MBUS, Direction.SENT, RowKind.EXPIRED, 0, "tcp", b"\xe5")
    model.catch_up()
    assert model.rowCount() == 5
    model.set_filter(parse_filter("error"))
    assert model.rowCount() == 2
    qtmodeltester.check(model)
    model.clear()
    qtmodeltester.check(model)
    assert len(store) == store.first == 5


def test_cells(qtbot: QtBot) -> None:
    model = make_model(make_store())
    assert column(model, TrafficColumn.TIME)[3] == "00:00:03.500"
    assert column(model, TrafficColumn.DELTA) == ["", "0.100", "0.900", "1.500"]
    assert column(model, TrafficColumn.LENGTH) == ["5", "1", "5", "5"]
    assert column(model, TrafficColumn.SUMMARY)[2] == "sign-on"
    assert [model.index(row, 0).data(ERROR_ROLE) for row in range(4)] == [False, False, False, True]
    assert model.index(0, TrafficColumn.LENGTH).data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight


def test_rows_of_different_links_have_no_negative_delta(qtbot: QtBot) -> None:
    store = TrafficStore()
    for at, link in ((1.0, "tcp"), (0.981, "sim"), (0.5, "sim"), (2.0, "sim")):
        store.append(at, Side.MBUS, Direction.SENT, RowKind.TELEGRAM, 0, link, b"\xe5")
    # Within one link a clock that was set back is shown.
    assert column(make_model(store), TrafficColumn.DELTA) == ["", "0.000", "-0.481", "1.500"]


@pytest.mark.parametrize(
    ("side", "data", "word"),
    [
        (Side.MBUS, NKE, "SND_NKE"),
        (Side.MBUS, REQ, "REQ_UD2"),
        (Side.MBUS, b"\xe5", "ack"),
        (Side.MBUS, bytes.fromhex("6803036853 00B80B16"), "SND_UD"),
        (Side.METER, b"/?!\r\n", "request"),
        (Side.METER, b"\x06040\r\n", "option select"),
        (Side.METER, b"\x06", "ACK"),
        (Side.METER, b"\x15", "NAK"),
    ],
)
def test_types(side: Side, data: bytes, word: str) -> None:
    store = TrafficStore()
    store.append(0.0, side, Direction.RECEIVED, RowKind.TELEGRAM, None, "x", data)
    assert type_text(store.row(0)) == word


def test_hex_lines() -> None:
    lines = hex_lines(bytes(range(0x30, 0x42)))
    assert lines[0] == ("0000", "30 31 32 33 34 35 36 37  38 39 3A 3B 3C 3D 3E 3F", "0123456789:;<=>?")
    assert lines[1][0] == "0010"
    assert lines[1][1].rstrip() == "40 41"


@pytest.mark.parametrize("height", [700, 801, 813, 1080])
def test_rows_are_never_cut_while_following(page: TrafficPage, clock: VirtualClock, qtbot: QtBot, height: int) -> None:
    table = page.table
    page.window().resize(1280, height)
    clock.advance(60 * 30)
    page.window().bridge.drain()
    qtbot.waitUntil(lambda: page.window().height() == height)
    assert table.verticalScrollBar().maximum() > 0
    page.follow.click()
    page.follow.click()
    assert table.rowViewportPosition(table.rowAt(0)) == 0
    last = page.model.rowCount() - 1
    assert table.rowViewportPosition(last) + table.rowHeight(last) == table.viewport().height()
    assert 0 <= table.parentWidget().height() - table.height() < table.rowHeight(0)


def test_passwords_are_not_shown(page: TrafficPage, clock: VirtualClock) -> None:
    station = page.station
    station.secrets.set("p1", Secret("87654321"))
    station.press_button()
    clock.advance(8)
    page.window().bridge.drain()
    masked = [row for row in range(page.model.rowCount()) if page.model.row(row).masked]
    assert len(masked) == 1
    page.table.selectRow(masked[0])
    octets = page.hex.toPlainText()
    words = tree_text(page)
    assert "**" in words
    assert octets.startswith("0000  01 50 31 02 ** ** ** **  ** ** **")
    assert "*" * 8 in octets.split("  ")[-1]
    cells = [str(page.model.index(masked[0], which).data()) for which in TrafficColumn]
    for text in (words, octets, *cells):
        assert "87654321" not in text
        assert "38 37 36 35" not in text
    # A filter cannot be used to guess it either.
    for guess in ("87654321", "3837363534333231", '"38 37"', 'hex:"38 37"', 'hex:"31 02 28"', 'hex:"02 00"'):
        page.filter.setText(f"{guess} masked")
        assert page.model.rowCount() == 0
    page.filter.setText('masked hex:"01 50 31 02"')
    assert page.model.rowCount() == 1


def test_masked_bytes_stay_stars_in_any_theme(qtbot: QtBot) -> None:
    store = TrafficStore()
    data = bytes.fromhex("68 09 09 68 73 FD 51 0D FD 70 04 00 00 00 00 00 16")
    store.append(
        0.0, Side.MBUS, Direction.RECEIVED, RowKind.TELEGRAM, 253, "tcp", data, ((11, 16),), "SND_UD to 253, a password"
    )
    view = HexView("hex")
    qtbot.addWidget(view)
    view.show_row(store.row(0))
    shown = view.toPlainText()
    first, second = shown.splitlines()
    assert first.startswith("0000  68 09 09 68 73 FD 51 0D  FD 70 04 ** ** ** ** **  h··hs")
    assert first.endswith("*****")
    assert second.startswith("0010  16")
    view.setPalette(make_palette(DARK))
    assert view.toPlainText() == shown


def test_a_fault_on_the_wire_is_shown_and_found(in_contact: MainWindow, clock: VirtualClock) -> None:
    page = go_to(in_contact, TrafficPage)
    in_contact.station.point.faults.add(parse_fault("cut 1"))
    WirePeer(clock, in_contact.station.connect_master(), Line(2400)).ask(NKE)
    in_contact.bridge.drain()
    page.filter.setText("type:fault")
    assert column(page.model, TrafficColumn.TYPE) == ["fault"]
    assert column(page.model, TrafficColumn.SUMMARY) == ["cut 1 (module 12345678)"]
    page.table.selectRow(0)
    assert tree_text(page) == ""
    page.filter.setText("cut")
    assert len(shown(page.model)) == 1


@pytest.mark.parametrize("kind", [kind for kind in RowKind if kind is not RowKind.TELEGRAM])
def test_every_kind_of_damage_has_a_name(kind: RowKind) -> None:
    store = TrafficStore()
    store.append(0.0, Side.MBUS, Direction.RECEIVED, kind, None, "x", b"")
    assert type_text(store.row(0))


def test_the_detail_names_the_module_of_a_room(qtbot: QtBot) -> None:
    detail = TelegramDetail()
    qtbot.addWidget(detail)
    row = TrafficRow(0, 0.0, Side.MBUS, Direction.SENT, RowKind.TELEGRAM, None, "sim:", b"\xe5", module="flat-1")
    detail.show_row(row, "E5")
    assert "module flat-1" in detail.findChild(QWidget, "trafficDetailRemark").text()
    detail.show_row(replace(row, module=""), "E5")
    assert "flat-1" not in detail.findChild(QWidget, "trafficDetailRemark").text()


def test_the_detail_shows_all_of_a_telegram_in_a_narrow_window(qtbot: QtBot) -> None:
    detail = TelegramDetail()
    qtbot.addWidget(detail)
    detail.resize(900, 150)
    detail.show()
    data = bytes.fromhex("2F4C475A345A4D463130304143 2E4D32390D0A")
    store = TrafficStore()
    store.append(0.0, Side.METER, Direction.RECEIVED, RowKind.TELEGRAM, None, "x", data)
    detail.show_row(store.row(0), "words " * 18)
    detail.resize(620, 150)
    QApplication.processEvents()
    bar = detail.tree.horizontalScrollBar()
    assert bar.minimum() == bar.maximum()
    remark = detail.findChild(QLabel, "trafficDetailRemark")
    assert remark.height() >= remark.heightForWidth(remark.width()) > 1.5 * remark.fontMetrics().height()
