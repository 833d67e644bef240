"""The times of answers on the page Traffic: column, detail, filter, exports, and the histogram with its figures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.configurator.masters import master_on
from cmi_gui.engine.traffic.capture import capture_text
from cmi_gui.engine.traffic.filter import FilterError, FilterFault, parse_filter
from cmi_gui.engine.traffic.store import Direction, RowKind, Side, TrafficStore
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.traffic import answers
from cmi_gui.ui.pages.traffic.answer_view import AnswerView
from cmi_gui.ui.pages.traffic.answers import AnswerTimes
from cmi_gui.ui.pages.traffic.bars import View
from cmi_gui.ui.pages.traffic.export import as_json, traffic_table
from cmi_gui.ui.pages.traffic.line import TrafficColumn
from cmi_gui.ui.pages.traffic.model import TrafficModel
from cmi_gui.ui.pages.traffic.page import TrafficPage
from tests.helpers.station_bench import read_primary
from tests.ui.pages.test_traffic_page import make_model, shown

WINDOW_MS = (11 / 2400 * 1000, 330 / 2400 * 1000 + 50)


def ask(store: TrafficStore, at: float, address: int, wait: float | None, *, baud: int | None = 2400) -> float:
    """Store a request and, unless `wait` is None, an answer that begins after `wait` seconds; return when it ended."""
    data = bytes((0x10, 0x40, address, 0x40 + address, 0x16))
    store.append(at, Side.MBUS, Direction.RECEIVED, RowKind.TELEGRAM, address, "bus", data, baud=baud, took=0.01)
    if wait is None:
        return at + 1
    end = at + wait + 0.125
    store.append(end, Side.MBUS, Direction.SENT, RowKind.TELEGRAM, None, "bus", b"\xe5", baud=baud, took=0.125)
    return end


def make_store(*waits: tuple[int, float | None], baud: int | None = 2400) -> TrafficStore:
    store, at = TrafficStore(), 1.0
    for address, wait in waits:
        at = ask(store, at, address, wait, baud=baud) + 1
    return store


def watched(model: TrafficModel, qtbot: QtBot) -> AnswerTimes:
    times = AnswerTimes(model)
    times.set_watched(True)
    qtbot.waitUntil(lambda: times.share is None)
    return times


@pytest.fixture
def page(in_contact: MainWindow) -> TrafficPage:
    in_contact.go("pageTraffic")
    result = in_contact.stack.currentWidget()
    assert isinstance(result, TrafficPage)
    return result


def test_the_answer_of_the_module_has_its_time_in_the_table_and_below_it(
    page: TrafficPage, clock: VirtualClock
) -> None:
    session = master_on(page.station)
    done: list[object] = []
    session.run(read_primary(0), done.append, done.append)
    assert clock.run_until(clock.now() + 60, lambda: bool(done))
    session.close()
    page.window().bridge.drain()
    page.filter.setText("type:RSP_UD")
    assert page.model.index(0, TrafficColumn.ANSWER).data() == "4.6 ms, 11 bit"
    page.table.selectRow(0)
    assert "answer after 4.6 ms, 11 bit at 2400 bit/s" in page.detail._summary.text()
    page.filter.setText("type:REQ_UD2")
    assert page.model.index(0, TrafficColumn.ANSWER).data() == ""


def test_the_column_goes_where_there_is_no_room_for_it(page: TrafficPage) -> None:
    for width, hidden in ((1366, False), (960, True)):
        page.window().resize(width, 768)
        assert page.table.isColumnHidden(TrafficColumn.ANSWER) is hidden


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("answer:>50ms", [3, 5]),
        ("answer:>0.05s", [3, 5]),
        ("answer:<11bit", []),
        ("answer:<12bit,>330bit", [1, 5]),
        ("answer:>330bit addr:none", [5]),
        ("-answer:>50ms type:ACK", [1]),
        ("answer:>0ms -type:ACK", []),
    ],
)
def test_answers_are_filtered_by_their_time(text: str, expected: list[int]) -> None:
    model = make_model(make_store((1, 11 / 2400 + 1e-4), (2, 0.0625), (3, 0.5), (3, None), (4, None)), now=1000)
    model.settle()
    model.set_filter(parse_filter(text))
    assert [line >> 1 for line in shown(model)] == expected


def test_rows_without_a_known_speed_have_no_answer_time() -> None:
    model = make_model(make_store((1, 0.25), baud=None))
    assert model.index(1, TrafficColumn.ANSWER).data() == ""
    model.set_filter(parse_filter("answer:>0bit"))
    assert shown(model) == []


@pytest.mark.parametrize("value", ["50ms", ">50", ">ms", ">5min", "=5ms", ">-5ms", "<<5bit"])
def test_other_times_of_answers_are_refused(value: str) -> None:
    with pytest.raises(FilterError) as error:
        parse_filter(f"answer:{value}")
    assert (error.value.fault, error.value.given) == (FilterFault.BAD_ANSWER, value)


def test_exports_have_the_answer_s_time() -> None:
    model = make_model(make_store((1, 0.0625)))
    rows = [model.row(0), model.row(1)]
    table = traffic_table(rows, model.source.local, {})
    places = [column.title for column in table.columns].index("answer after ms")
    assert [[str(cell) for cell in row[places : places + 2]] for row in table.rows] == [
        ["None", "None"],
        ["62.5", "150.0"],
    ]
    first, second = json.loads(as_json(rows, model.source.local, {}))
    assert "answer_after" not in first
    assert second["answer_after"] == {"ms": 62.5, "bit": 150.0}


def test_a_saved_capture_keeps_the_times(page: TrafficPage, qtbot: QtBot, tmp_path: Path) -> None:
    ask(page.station.traffic, page.station.clock.now(), 1, 0.0625)
    page.activate()
    rows = [page.model.row(row) for row in range(page.model.rowCount())]
    path = tmp_path / "capture.txt"
    local = page.model.source.local
    path.write_text(capture_text(rows, lambda at: local(at).timestamp(), local(rows[0].at)), encoding="utf-8")
    page.files.open(path)
    qtbot.waitUntil(lambda: not page.model.source.live)
    last = page.model.rowCount() - 1
    assert page.model.index(last, TrafficColumn.ANSWER).data() == "62.5 ms, 150 bit"


def test_the_figures_are_those_of_the_lines_shown(qtbot: QtBot) -> None:
    waits: list[tuple[int, float | None]] = [(1, 0.002), (1, 0.0625), (1, 0.125), (2, 0.25), (2, None), (2, 0.0625)]
    model = make_model(make_store(*waits), now=1000)
    model.settle()
    times = watched(model, qtbot)
    found = times.statistics()
    assert len(found.seconds) == 5
    assert found.marks == pytest.approx((0.0625, 0.25, 0.25))
    assert found.bits == pytest.approx((150, 600, 600))
    assert (found.baud, found.early, found.late) == (2400, 1, 1)
    # The last request repeats the one without an answer.
    assert (found.retries, found.silences) == (1, 1)
    assert times.addresses == [1, 2]
    one = times.statistics(1)
    assert (len(one.seconds), one.early, one.late, one.retries, one.silences) == (3, 1, 0, 0, 0)
    model.set_filter(parse_filter("answer:>100ms"))
    qtbot.waitUntil(lambda: len(times.statistics().seconds) == 2)
    model.set_filter(parse_filter("no-such-thing"))
    qtbot.waitUntil(lambda: not times.addresses)
    assert times.statistics().baud is None


def test_new_lines_and_dropped_ones_change_the_figures(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "_EVERY_MS", 0)
    store = make_store(*((1, 0.0625),) * 20)
    model = make_model(store)
    times = watched(model, qtbot)
    ask(store, 200.0, 7, 0.25)
    model.catch_up()
    qtbot.waitUntil(lambda: times.addresses == [1, 7])
    store.max_bytes = store.size // 2
    model.catch_up()
    qtbot.waitUntil(lambda: len(times.statistics().seconds) == sum(1 for line in shown(model) if line & 2))


WAITS = st.lists(
    st.tuples(st.integers(1, 4), st.one_of(st.none(), st.integers(1, 500).map(lambda ms: ms / 1000))), max_size=40
)


@given(WAITS, st.integers(1, 9))
def test_it_makes_no_difference_in_how_many_slices_lines_are_taken(
    waits: list[tuple[int, float | None]], lines: int
) -> None:
    model = make_model(make_store(*waits), now=1e6)
    model.settle()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answers, "_LINES", lines)
        times = AnswerTimes(model)
        while times.share is not None:
            times.take()
    found = times.statistics()
    expected = [wait for _, wait in waits if wait is not None]
    assert sorted(found.seconds.tolist()) == pytest.approx(sorted(expected))
    assert found.silences == len(waits) - len(expected)
    for address in times.addresses:
        own = [wait for asked, wait in waits if asked == address and wait is not None]
        assert sorted(times.statistics(address).seconds.tolist()) == pytest.approx(sorted(own))


def test_the_view_shows_histogram_and_figures(page: TrafficPage, qtbot: QtBot) -> None:
    at = page.station.clock.now()
    for address, wait in ((1, 11 / 2400), (1, 0.0625), (2, 0.5)):
        at = ask(page.station.traffic, at, address, wait) + 1
    page.activate()
    page.top.view.choose(View.ANSWERS)
    view = page.answers
    qtbot.waitUntil(lambda: view.figures.text().startswith("answers: 3"))
    assert not page.detail.isVisible()
    assert "median 62.5 ms, 150 bit" in view.figures.text()
    assert view.outside.text().endswith("too early: 0  ·  too late: 1")
    assert view.histogram.counts.sum() == 3
    first, last = (view.histogram._x(ms / 1000) for ms in WINDOW_MS)
    assert view.histogram.words_at(first + 1).endswith("answers: 1")
    assert view.histogram.words_at(last).endswith("answers: 0")
    assert view.histogram.words_at(-1) == ""
    view.module.setCurrentIndex(view.module.findData(2))
    view.module.activated.emit(2)
    assert view.figures.text().startswith("answers: 1")
    page.top.view.choose(View.ALL)
    assert page.detail.isVisible()


@pytest.mark.parametrize("waits", [[], [(1, 0.0)], [(1, 0.0), (1, 5000.0)]])
def test_a_histogram_without_answers_and_with_extreme_ones_can_be_painted(
    waits: list[tuple[int, float | None]], qtbot: QtBot
) -> None:
    view = AnswerView(make_model(make_store(*waits)))
    qtbot.addWidget(view)
    view.show()
    qtbot.waitUntil(lambda: view.times.share is None)
    view.grab()
    qtbot.waitUntil(lambda: view.histogram.counts.sum() == len(waits))
