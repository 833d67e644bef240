"""The page Readings: table, search, plot; in virtual time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QComboBox, QTableView
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.readout import take_readout
from cmi_gui.engine.cmi1020.readout_mapping import load_mapping
from cmi_gui.engine.iec62056.reading import Reading, read_lines
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.readings.model import POSITION_ROLE, STALE_ROLE, ReadingColumn, ReadingsModel
from cmi_gui.ui.pages.readings.page import ReadingsPage
from cmi_gui.ui.prefs import Language
from cmi_gui.ui.theme import SPACE
from cmi_gui.ui.widgets.plot.series import Ring, SeriesStore
from cmi_gui.ui.widgets.plot.sparkline import sparkline
from tests.helpers.station_bench import readings_of


@pytest.fixture
def page(in_contact: MainWindow) -> ReadingsPage:
    in_contact.go("pageReadings")
    result = in_contact.stack.currentWidget()
    assert isinstance(result, ReadingsPage)
    return result


def rows(model: object) -> list[str]:
    return [
        model.index(row, ReadingColumn.CODE).data()  # type: ignore[attr-defined]
        for row in range(model.rowCount())  # type: ignore[attr-defined]
    ]


def test_every_obis_field_is_a_row_in_meter_order(page: ReadingsPage) -> None:
    assert rows(page.model) == list(readings_of(page.station.module))
    row = rows(page.model).index("32.7")
    reading = readings_of(page.station.module)["32.7"]
    assert page.model.index(row, ReadingColumn.VALUE).data() == reading.text.partition("*")[0]
    assert page.model.index(row, ReadingColumn.UNIT).data() == "V"
    assert page.model.index(row, ReadingColumn.MEANING).data() == "Voltage L1"


def test_ages_advance_and_only_their_cells_change(page: ReadingsPage, clock: VirtualClock) -> None:
    changed: list[tuple[int, int]] = []
    page.model.dataChanged.connect(lambda first, last: changed.append((first.column(), last.column())))
    clock.advance(12)
    page.refresh()
    assert {page.model.index(row, ReadingColumn.AGE).data() for row in range(page.model.rowCount())} == {"12 s"}
    assert changed == [(ReadingColumn.AGE, ReadingColumn.AGE)]


def test_search_finds_by_code_and_meaning(page: ReadingsPage, qtbot: QtBot) -> None:
    table = page.findChild(QTableView, "readingsTable")
    qtbot.keyClicks(page.search, "voltage")
    assert rows(table.model()) == ["32.7", "52.7", "72.7"]
    page.search.setText("nothing like it")
    assert rows(table.model()) == []
    assert table._empty == "No value matches the search"


def test_a_tick_plots_a_value_and_it_gets_points(page: ReadingsPage, clock: VirtualClock, qtbot: QtBot) -> None:
    model, plot = page.model, page.plot
    row = rows(model).index("52.7")
    assert model.setData(
        model.index(row, ReadingColumn.PLOT), Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole
    )
    assert plot.codes[-1] == "52.7"
    readouts = 1
    for _ in range(3):
        clock.advance(60)
        readouts += 1
    page.window().bridge.drain()
    plot.pull()
    assert plot.points("52.7") == readouts


def test_a_click_anywhere_in_the_cell_ticks(page: ReadingsPage, qtbot: QtBot) -> None:
    table = page.findChild(QTableView, "readingsTable")
    row = rows(table.model()).index("72.7")
    table.scrollTo(table.model().index(row, ReadingColumn.PLOT))
    cell = table.visualRect(table.model().index(row, ReadingColumn.PLOT))
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=cell.center())
    assert "72.7" in page.model.plotted
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=cell.center())
    assert "72.7" not in page.model.plotted


def test_text_cannot_be_plotted(page: ReadingsPage) -> None:
    index = page.model.index(rows(page.model).index("F.F"), ReadingColumn.PLOT)
    assert not index.flags() & Qt.ItemFlag.ItemIsUserCheckable
    assert not page.model.setData(index, Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)


def test_any_number_of_values_can_be_plotted(page: ReadingsPage, qtbot: QtBot) -> None:
    codes = [code for code, reading in readings_of(page.station.module).items() if reading.number is not None]
    assert len(codes) > 12
    for code in codes:
        page.model.set_plotted(code, True)
    page.plot.pull()
    qtbot.waitUntil(lambda: set(page.plot.drawn) == set(codes))
    styles = [page.plot._curves[code].opts["pen"] for code in page.plot.codes]
    assert len({(pen.color().rgb(), pen.style()) for pen in styles[:18]}) == min(len(styles), 18)


def test_a_plotted_code_that_the_meter_does_not_send_has_no_curve(page: ReadingsPage) -> None:
    (first,) = page.model.plotted
    page.model.set_plotted("14.7.99", True)
    page.model.set_plotted("72.7", True)
    assert page.plot.codes == (first, "72.7")
    row = rows(page.model).index("72.7")
    assert page.model.index(row, ReadingColumn.PLOT).data(POSITION_ROLE) == 1
    assert page.state()["plotted"] == [first, "14.7.99", "72.7"]


def test_lost_contact_makes_values_stale_and_a_gap(page: ReadingsPage, clock: VirtualClock) -> None:
    station = page.station
    assert station.meter is not None
    station.meter.faults.silent = True
    assert clock.run_until(clock.now() + 300, lambda: not station.module.contact)
    page.window().bridge.drain()
    assert page.model.index(0, ReadingColumn.VALUE).data(STALE_ROLE)
    ring = page.pane.curves.store.ring("32.7")
    assert ring is not None
    values = ring.view()[1]
    assert np.isnan(values[-1])
    assert not np.isnan(values[-2])


def test_the_interval_is_set(page: ReadingsPage, clock: VirtualClock) -> None:
    interval = page.findChild(QComboBox, "readoutInterval")
    interval.setCurrentIndex(interval.findData(5))
    interval.activated.emit(interval.currentIndex())
    assert page.station.module.schedule.interval == 5.0


def test_the_model_passes_the_model_tester(
    in_contact: MainWindow, clock: VirtualClock, qtmodeltester: ModelTester, qtbot: QtBot
) -> None:
    model = ReadingsModel(clock.now)
    qtmodeltester.check(model)
    model.take(readings_of(in_contact.station.module), clock.now(), valid=True)
    qtmodeltester.check(model)
    clock.advance(90)
    model.take(readings_of(in_contact.station.module), clock.now(), valid=True)
    model.take({}, 0.0, valid=False)
    qtmodeltester.check(model)
    assert model.rowCount(QModelIndex()) == 0


def test_several_data_sets_in_a_line_and_a_repeated_code(clock: VirtualClock) -> None:
    readout = take_readout(
        ["1.6.1(000.01*kW)(17-11-02 08:30)", "6.8(0070641*kWh)6.26(01065.0*m3)", "1.6.1(000.02*kW)"],
        load_mapping(),
        0.0,
    )
    model = ReadingsModel(clock.now)
    model.take({reading.code: reading for reading in readout.readings}, readout.at, valid=True)
    columns = (ReadingColumn.CODE, ReadingColumn.VALUE, ReadingColumn.UNIT)
    assert [tuple(model.index(row, column).data() for column in columns) for row in range(model.rowCount())] == [
        ("1.6.1", "000.01", "kW"),
        ("6.8", "0070641", "kWh"),
        ("6.26", "01065.0", "m3"),
        ("1.6.1 (2)", "000.02", "kW"),
    ]
    tip = model.index(0, ReadingColumn.VALUE).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "000.01, 17-11-02 08:30"
    assert readout.records == tuple(map(load_mapping().encode, readout.lines)), "one record per line, as before"
    assert readout.selected(["6.26"], ()) == [readout.records[1]]


# Rings


@given(st.lists(st.tuples(st.floats(0, 1e9), st.floats(-1e6, 1e6)), max_size=700), st.integers(1, 600))
def test_a_ring_holds_the_last_samples_in_order(samples: list[tuple[float, float]], capacity: int) -> None:
    ring = Ring(capacity)
    for time, value in samples:
        ring.append(time, value)
    times, values = ring.view()
    assert list(zip(times.tolist(), values.tolist(), strict=True)) == samples[-capacity:]
    assert len(ring) == min(len(samples), capacity)


def test_a_ring_needs_room() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Ring(0)


def lines(*texts: str) -> list[Reading]:
    return list(read_lines(texts))


def test_series_take_numbers_only_and_one_gap_per_loss() -> None:
    series = SeriesStore()
    series.add(1001.0, lines("32.7(241*V)", "0.2.0(M26)", "C.7.0(0008)", "1.8.0(061561.289*kWh)"))
    series.end(1002.0)
    series.end(1003.0)
    ring = series.ring("32.7")
    assert ring is not None
    assert ring.view()[0].tolist() == [1001.0, 1002.0]
    assert series.unit("32.7") == "V"
    assert series.unit("C.7.0") == ""
    assert (series.decimals("1.8.0"), series.decimals("32.7")) == (3, 0)
    assert series.ring("0.2.0") is None


def test_seeded_samples_precede_existing_ones() -> None:
    series = SeriesStore()
    series.add(100.0, lines("32.7(241*V)"))
    series.seed("32.7", "V", np.array([80.0, 90.0, 100.0]), np.array([1.0, 2.0, 3.0]))
    ring = series.ring("32.7")
    assert ring is not None
    assert ring.view()[0].tolist() == [80.0, 90.0, 100.0]
    assert ring.view()[1].tolist() == [1.0, 2.0, 241.0]
    series.seed("32.7", "mV", np.array([70.0]), np.array([0.0]))
    assert ring.view()[0].tolist()[0] == 80.0


def test_another_unit_begins_another_series() -> None:
    series = SeriesStore()
    series.add(1.0, lines("1.7(2.5*kW)"))
    series.add(2.0, lines("1.7(2500*W)"))
    ring = series.ring("1.7")
    assert ring is not None
    assert ring.view()[1].tolist() == [2500.0]


# Trends


def test_a_trend_fills_its_cell_and_is_split_by_gaps() -> None:
    ring = Ring()
    for time, value in enumerate([1.0, 3.0, 2.0, float("nan"), 2.0, 1.0]):
        ring.append(float(time**3), value)
    first, second = sparkline(ring, 50.0, 10.0)
    assert [(p.x(), p.y()) for p in first] == [(0.0, 10.0), (10.0, 0.0), (20.0, 5.0)]
    assert [(p.x(), p.y()) for p in second] == [(40.0, 5.0), (50.0, 10.0)]


def test_trends_of_one_sample_and_of_constant_values() -> None:
    ring = Ring()
    ring.append(0.0, 7.0)
    assert sparkline(ring, 50.0, 10.0) == []
    ring.append(1.0, 7.0)
    assert [p.y() for p in sparkline(ring, 50.0, 10.0)[0]] == [5.0, 5.0]


# User actions


def test_selected_rows_are_copied_for_a_spreadsheet(page: ReadingsPage, qtbot: QtBot) -> None:
    page.search.setText("voltage")
    page.table.setFocus()
    page.table.selectAll()
    qtbot.keyClick(page.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    readings = readings_of(page.station.module)
    assert QGuiApplication.clipboard().text().split("\n") == [
        f"{code}\tVoltage L{phase}\t{readings[code].text.partition('*')[0]}\tV"
        for phase, code in enumerate(("32.7", "52.7", "72.7"), 1)
    ]


def test_plotted_codes_survive_a_change_of_language(page: ReadingsPage) -> None:
    page.model.set_plotted("1.8.0", True)
    page.pane.span.choose(86_400.0)
    page.history_section.set_open(True)
    stored_state = page.state()
    window = page.window()
    assert isinstance(window, MainWindow)
    window.set_language(Language.ENGLISH)
    again = next(shown for shown in window.pages if isinstance(shown, ReadingsPage))
    assert again is not page
    assert again.state() == stored_state
    assert again.model.plotted[-1] == "1.8.0"


@pytest.mark.parametrize(
    "stored_state", [{"plotted": 5, "span": "x", "history": 1}, {"plotted": [None, 3]}, {"span": []}]
)
def test_an_invalid_state_is_ignored(page: ReadingsPage, stored_state: dict[str, object]) -> None:
    before = page.state()
    page.restore(stored_state)
    assert page.state() == before


def test_the_names_of_rates_fit_at_the_smallest_size(page: ReadingsPage) -> None:
    """Cut off before the number, "Active energy +A rate 1" and "rate 2" could not be distinguished."""
    page.window().resize(1280, 800)
    room = page.table.columnWidth(ReadingColumn.MEANING) - 2 * SPACE.s
    metrics = QFontMetrics(page.table.font())
    texts = [page.model.index(row, ReadingColumn.MEANING).data() for row in range(page.model.rowCount())]
    assert len(texts) > 20
    assert [text for text in texts if metrics.elidedText(text, Qt.TextElideMode.ElideRight, room) != text] == []
