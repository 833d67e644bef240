"""The plot: curves, the line for values, zoom, statistics; with mouse and keyboard."""

from __future__ import annotations

import statistics as plain
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication, QTableView
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.history.power import power_unit
from cmi_gui.engine.history.values import Statistics
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.readings.curves import value_at
from cmi_gui.ui.pages.readings.obis_plot import ObisPlot
from cmi_gui.ui.pages.readings.page import ReadingsPage
from cmi_gui.ui.pages.readings.power import power, power_statistics
from cmi_gui.ui.pages.readings.statistics import StatisticsColumn, StatisticsModel, curve_names
from cmi_gui.ui.theme import DARK, LIGHT, Colours, make_palette
from cmi_gui.ui.widgets.plot.plot_stack import PlotStack
from cmi_gui.ui.widgets.plot.sparkline import shortened


@pytest.fixture
def page(in_contact: MainWindow, clock: VirtualClock) -> ReadingsPage:
    """The page after an hour of readings, with the voltage of L1 and the energy plotted."""
    in_contact.go("pageReadings")
    page = in_contact.stack.currentWidget()
    assert isinstance(page, ReadingsPage)
    for code in page.model.plotted:
        page.model.set_plotted(code, False)
    for code in ("32.7", "1.8.0"):
        page.model.set_plotted(code, True)
    for _ in range(60):
        clock.advance(60)
        in_contact.bridge.drain()
    page.pane.span.choose(3600.0)
    page.plot.pull()
    return page


def samples(page: ReadingsPage, code: str) -> list[tuple[float, float]]:
    ring = page.pane.curves.store.ring(code)
    assert ring is not None
    return list(zip(*(part.tolist() for part in ring.view()), strict=True))


def viewport_x(plot: ObisPlot, time: float) -> int:
    vb = next(iter(plot._plots.values())).vb
    return plot.mapFromScene(vb.mapViewToScene(QPointF(time, 0))).x()


def cell(page: ReadingsPage, row: int, column: StatisticsColumn) -> str:
    return str(page.pane.statistics.index(row, column).data())


# The line


def test_the_line_follows_the_pointer_and_shows_each_value(page: ReadingsPage, qtbot: QtBot) -> None:
    volts, energy = samples(page, "32.7")[-10], samples(page, "1.8.0")[-10]
    at = QPoint(viewport_x(page.plot, volts[0]) + 2, 60)
    qtbot.mouseMove(page.plot.viewport(), at - QPoint(30, 0))
    qtbot.mouseMove(page.plot.viewport(), at)
    assert page.plot.cursor_time == volts[0]
    assert cell(page, 0, StatisticsColumn.VALUE) == f"{volts[1]:.0f}"
    assert cell(page, 1, StatisticsColumn.VALUE) == f"{energy[1]:.3f}"
    assert f"Active energy +A total, kWh: {energy[1]:.3f}" in page.plot.accessibleDescription()
    header = page.pane.statistics.headerData(StatisticsColumn.VALUE, Qt.Orientation.Horizontal)
    assert header == page.station.anchor.local(volts[0] - page.station.anchor.wall(0)).strftime("%H:%M:%S")


def test_the_line_of_the_pointer_goes_with_it(page: ReadingsPage, qtbot: QtBot) -> None:
    plot = page.plot
    time, _ = samples(page, "32.7")[-10]
    at = QPoint(viewport_x(plot, time), 60)
    # A click gives the plot the focus.
    qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(plot.viewport(), at - QPoint(30, 0))
    qtbot.mouseMove(plot.viewport(), at)
    assert plot.hasFocus()
    assert plot.cursor_time == time
    QApplication.sendEvent(plot, QEvent(QEvent.Type.Leave))
    assert plot.cursor_time is None
    assert page.pane.statistics.headerData(StatisticsColumn.VALUE, Qt.Orientation.Horizontal) == "Last"
    assert plot.accessibleDescription() == ""

    qtbot.keyClick(plot, Qt.Key.Key_End)
    QApplication.sendEvent(plot, QEvent(QEvent.Type.Leave))
    assert plot.cursor_time is not None

    qtbot.mouseMove(plot.viewport(), at - QPoint(30, 0))
    qtbot.mouseMove(plot.viewport(), at)
    window = page.window()
    assert isinstance(window, MainWindow)
    window.go("pageModule")
    assert plot.cursor_time is None


def test_arrow_keys_step_through_the_samples(page: ReadingsPage, qtbot: QtBot) -> None:
    page.plot.setFocus()
    inside = [time for time, _ in samples(page, "32.7") if time >= page.plot.shown_range[0]]
    qtbot.keyClick(page.plot, Qt.Key.Key_End)
    assert page.plot.cursor_time == inside[-1]
    qtbot.keyClick(page.plot, Qt.Key.Key_Left)
    qtbot.keyClick(page.plot, Qt.Key.Key_Left)
    assert page.plot.cursor_time == inside[-3]
    qtbot.keyClick(page.plot, Qt.Key.Key_Right)
    assert page.plot.cursor_time == inside[-2]
    qtbot.keyClick(page.plot, Qt.Key.Key_Home)
    assert page.plot.cursor_time == inside[0]
    qtbot.keyClick(page.plot, Qt.Key.Key_Escape)
    assert page.plot.cursor_time is None
    assert page.pane.statistics.headerData(StatisticsColumn.VALUE, Qt.Orientation.Horizontal) == "Last"


def test_arrow_keys_move_the_view(page: ReadingsPage, qtbot: QtBot) -> None:
    page.plot.setFocus()
    qtbot.keyClick(page.plot, Qt.Key.Key_Home)
    begin, _ = page.plot.shown_range
    page.plot.show_range(begin + 600, begin + 1200)
    qtbot.keyClick(page.plot, Qt.Key.Key_Home)
    before = page.plot.cursor_time
    qtbot.keyClick(page.plot, Qt.Key.Key_Left)
    time = page.plot.cursor_time
    assert before is not None
    assert time is not None
    assert time == pytest.approx(before - 60, abs=5)
    begin, end = page.plot.shown_range
    assert begin < time < end


def silence_meter(page: ReadingsPage, clock: VirtualClock) -> float:
    """Silence the meter for 20 minutes; return the wall time at which contact was lost."""
    station = page.station
    assert station.meter is not None
    station.meter.faults.silent = True
    assert clock.run_until(clock.now() + 300, lambda: not station.module.contact)
    lost = station.anchor.wall(clock.now())
    clock.advance(1200)
    station.meter.faults.silent = False
    assert clock.run_until(clock.now() + 300, lambda: station.module.contact)
    window = page.window()
    assert isinstance(window, MainWindow)
    window.bridge.drain()
    return lost


def test_in_a_gap_there_is_no_value(page: ReadingsPage, clock: VirtualClock) -> None:
    lost = silence_meter(page, clock)
    page.plot.pull()
    page.plot.set_cursor(lost + 600)
    assert page.plot.cursor_time == lost + 600
    assert page.plot.value("32.7") is None
    assert cell(page, 0, StatisticsColumn.VALUE) == "—"


@st.composite
def curves(draw: st.DrawFn) -> tuple[list[float], list[float]]:
    times = sorted(draw(st.lists(st.integers(0, 1000), unique=True, max_size=20)))
    values = draw(
        st.lists(st.one_of(st.just(float("nan")), st.floats(-5, 5)), min_size=len(times), max_size=len(times))
    )
    return [float(time) for time in times], values


@given(curves(), st.floats(-50, 1050), st.floats(0, 30))
def test_a_value_is_that_of_the_nearest_sample(
    curve: tuple[list[float], list[float]], time: float, tolerance: float
) -> None:
    times, values = curve
    found = value_at(np.array(times), np.array(values), time, tolerance)
    before = [place for place, at in enumerate(times) if at < time]
    on_curve = bool(before) and before[-1] + 1 < len(times) and values[before[-1]] == values[before[-1]]
    if found is None:
        near = [at for at, value in zip(times, values, strict=True) if value == value and abs(at - time) <= tolerance]
        beside = {times[place] for place in (len(before) - 1, len(before)) if 0 <= place < len(times)}
        assert not on_curve
        assert not set(near) & beside
    else:
        assert found in list(zip(times, values, strict=True))
        assert on_curve or abs(found[0] - time) <= tolerance


# The range


def wheel(plot: ObisPlot, x: int, notches: int) -> None:
    at = QPointF(x, 60)
    event = QWheelEvent(
        at,
        plot.viewport().mapToGlobal(at),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(plot.viewport(), event)


def test_the_wheel_zooms_around_the_pointer_and_the_button_resets(page: ReadingsPage, qtbot: QtBot) -> None:
    plot = page.plot
    assert not page.pane.reset.isEnabled()
    begin, end = plot.shown_range
    middle = (begin + end) / 2
    wheel(plot, viewport_x(plot, middle), 3)
    zoomed = plot.shown_range
    assert begin < zoomed[0] < middle < zoomed[1] < end
    for linked in plot._plots.values():
        assert linked.vb.viewRange()[0] == pytest.approx(zoomed)
    assert page.pane.reset.isEnabled()
    qtbot.mouseClick(page.pane.reset, Qt.MouseButton.LeftButton)
    assert plot.shown_range == pytest.approx((begin, end), abs=1)
    assert not page.pane.reset.isEnabled()


def test_a_view_set_by_hand_does_not_follow_the_clock(page: ReadingsPage, clock: VirtualClock, qtbot: QtBot) -> None:
    plot = page.plot
    qtbot.keyClick(plot, Qt.Key.Key_Plus)
    before = plot.shown_range
    for _ in range(5):
        clock.advance(60)
        page.window().bridge.drain()  # type: ignore[attr-defined]
        plot.pull()
    assert plot.shown_range == before
    assert next(iter(plot._plots.values())).vb.viewRange()[0] == pytest.approx(before)
    qtbot.mouseDClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, 60))
    assert plot.shown_range[1] == page.history.now()


def test_the_y_range_fits_the_visible_samples(page: ReadingsPage) -> None:
    plot = page.plot
    begin, end = plot.shown_range
    for edges in ((begin, end), (begin + 600, begin + 900)):
        plot.show_range(*edges)
        low, high = plot._plots["V"].vb.viewRange()[1]
        seen = [value for time, value in samples(page, "32.7") if edges[0] <= time <= edges[1]]
        assert low < min(seen) <= max(seen) < high
        assert high - low < 3 * max(max(seen) - min(seen), 0.02 * max(seen)) + 1


def test_a_hidden_plot_does_nothing(page: ReadingsPage, clock: VirtualClock) -> None:
    window = page.window()
    assert isinstance(window, MainWindow)
    window.go("pageModule")
    drawn = page.plot._drawn
    clock.advance(300)
    window.bridge.drain()
    assert not page.plot._timer.isActive()
    assert page.plot._drawn == drawn


def test_a_chosen_time_is_shown_exactly(page: ReadingsPage, clock: VirtualClock) -> None:
    """Also when it is longer than the time of all readings so far."""
    for seconds in (600.0, 3600.0, 86_400.0):
        page.pane.span.choose(seconds)
        page.plot.pull()
        now = page.history.now()
        assert page.plot.shown_range == (now - seconds, now)
        for linked in page.plot._plots.values():
            assert linked.vb.viewRange()[0] == pytest.approx((now - seconds, now))


# Statistics


def test_statistics_cover_the_shown_range(page: ReadingsPage, qtbot: QtBot) -> None:
    begin, end = page.plot.shown_range
    page.plot.show_range(begin + 500, end - 500)
    volts, energy = (
        [value for time, value in samples(page, code) if begin + 500 <= time <= end - 500] for code in ("32.7", "1.8.0")
    )
    assert 30 < len(volts) < 60
    expected = [f"{min(volts):.0f}", f"{plain.fmean(volts):.0f}", f"{max(volts):.0f}", ""]
    columns = [StatisticsColumn.MINIMUM, StatisticsColumn.MEAN, StatisticsColumn.MAXIMUM, StatisticsColumn.DIFFERENCE]
    qtbot.waitUntil(lambda: [cell(page, 0, column) for column in columns] == expected)
    difference = Decimal(f"{energy[-1]:.3f}") - Decimal(f"{energy[0]:.3f}")
    qtbot.waitUntil(lambda: cell(page, 1, StatisticsColumn.DIFFERENCE) == f"{difference:.3f}")
    assert cell(page, 1, StatisticsColumn.VALUE) == f"{energy[-1]:.3f}"


def test_the_statistics_pass_the_model_tester(qtmodeltester: ModelTester, qtbot: QtBot) -> None:
    model = StatisticsModel()
    qtmodeltester.check(model)
    model.set_curves([("32.7", "V", 0), ("1.8.0", "kWh", 3)])
    qtmodeltester.check(model)
    one = Decimal(1)
    model.set_statistics({"1.8.0": Statistics(2, one, one + 1, 1.5, one, one + 1)})
    model.set_cursor("12:00:00", {"32.7": 230.0, "1.8.0": None})
    qtmodeltester.check(model)
    texts = [[model.index(row, column).data() for column in range(model.columnCount())] for row in range(2)]
    assert texts == [
        ["Voltage L1, V", "230", "—", "—", "—", ""],
        ["Active energy +A total, kWh", "—", "1.000", "1.500", "2.000", "1.000"],
    ]
    model.set_curves([("1.8.0", "kWh", 3)])
    qtmodeltester.check(model)
    assert model.index(0, StatisticsColumn.VALUE).data() == "—"


def test_a_curve_is_named_by_quantity_and_unit() -> None:
    assert curve_names([("32.7", "V"), ("13.7", ""), ("96.1.1", "")]) == [
        "Voltage L1, V",
        "Power factor, sum",
        "96.1.1",
    ]
    assert curve_names([("1.8.0", "kWh"), ("1-0:1.8.0*255", "Wh")]) == [
        "Active energy +A total (1.8.0), kWh",
        "Active energy +A total (1-0:1.8.0*255), Wh",
    ]


def test_a_long_name_is_shortened_before_its_unit() -> None:
    image = QImage(300, 30, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        name = "Active energy +A total, kWh"
        room = painter.fontMetrics().horizontalAdvance(name)
        assert shortened(name, painter.fontMetrics(), room) == name
        short = shortened(name, painter.fontMetrics(), room - 40)
        assert short.startswith("Active")
        assert short.endswith("…, kWh")
        assert painter.fontMetrics().horizontalAdvance(short) <= room - 40


def test_many_plots_are_made_a_few_at_a_time(page: ReadingsPage, qtbot: QtBot) -> None:
    for code in page.model.plotted:
        page.model.set_plotted(code, False)
    page.plot.pull()
    wanted = ("31.7", "1.8.0", "8.8.0", "33.7", "32.7")
    for code in wanted:
        page.model.set_plotted(code, True)
    page.plot.pull()
    # The first was made when the plot was shown, and one more at once.
    assert page.plot.drawn == wanted[:2]
    qtbot.waitUntil(lambda: page.plot.drawn == wanted)
    assert list(page.plot._plots) == ["A", "kWh", "kvarh", "", "V"]
    assert all(page.plot.points(code) > 50 for code in wanted)


def test_a_sample_between_two_gaps_is_visible(qtbot: QtBot) -> None:
    """With so many samples none has a dot, and a line needs two samples."""
    stack = PlotStack(lambda _code: "V", "plot")
    qtbot.addWidget(stack)
    stack.resize(600, 300)
    stack.show()
    stack.arrange(["32.7"])
    times = np.arange(3000.0)
    values = np.where(times < 1500, 0.0, np.nan)
    stack.draw("32.7", times, values)
    stack.show_times(0, 3000, 0)

    def inked() -> int:
        image, ink = stack.grab().toImage(), stack.colour(0).rgb()
        return sum(image.pixel(x, y) == ink for x in range(400, 600) for y in range(image.height()))

    assert inked() == 0
    values[2250] = 0.0
    stack.draw("32.7", times, values)
    assert inked() >= 4


def luminance(colour: QColor) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_the_grid_is_visible(scheme: Colours, qtbot: QtBot) -> None:
    stack = PlotStack(lambda _code: "V", "plot")
    stack.setPalette(make_palette(scheme))
    qtbot.addWidget(stack)
    stack.resize(600, 300)
    stack.show()
    stack.arrange(["32.7"])
    stack.draw("32.7", np.array([0.0, 3000.0]), np.array([230.0, 231.0]))
    stack.show_times(0, 3000, 0)
    stack.tint_if_wanted()
    image = stack.grab().toImage()
    base = image.pixelColor(595, 40)
    row = [image.pixelColor(x, 60) for x in range(100, 590)]
    lines = [pixel for pixel in row if pixel != base]
    assert 3 <= len(lines) <= 12
    for pixel in lines:
        low, high = sorted((luminance(pixel), luminance(base)))
        assert 1.4 <= (high + 0.05) / (low + 0.05) <= 2.5


def test_ten_minutes_have_a_label_every_two_minutes(qtbot: QtBot) -> None:
    stack = PlotStack(lambda _code: "V", "plot")
    qtbot.addWidget(stack)
    stack.resize(400, 200)
    stack.show()
    stack.arrange(["32.7"])
    begin = 1_800_000_000.0 - 5  # 5 s before a whole minute that two divides
    stack.draw("32.7", np.array([begin, begin + 600]), np.array([220.0, 230.0]))
    stack.show_times(begin, begin + 600, 0)
    stack.grab()
    (plot,) = stack._plots.values()
    for side, shown in (("bottom", [125.0, 245.0, 365.0, 485.0]), ("left", None)):
        axis = plot.getAxis(side)
        least, most = axis.range
        size = plot.vb.width() if side == "bottom" else plot.vb.height()
        ticks = [value for _, values in axis.tickValues(least, most, size) for value in values]
        if shown is not None:
            assert [tick - begin for tick in ticks] == shown
        # Each grid line has a label.
        image = QImage(400, 200, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        _, _, labels = axis.generateDrawSpecs(painter)
        painter.end()
        assert len(labels) == len(ticks) > 1


@pytest.mark.pages("pageReadings")
def test_the_column_change_is_shown_for_registers(in_contact: MainWindow) -> None:
    page = in_contact.findChild(ReadingsPage)
    in_contact.go("pageReadings")
    table = in_contact.findChild(QTableView, "statisticsTable")
    for code in list(page.model.plotted):
        page.model.set_plotted(code, False)
    page.model.set_plotted("32.7", True)
    assert table.isColumnHidden(StatisticsColumn.DIFFERENCE)
    page.model.set_plotted("1.8.0", True)
    assert not table.isColumnHidden(StatisticsColumn.DIFFERENCE)


def test_the_extremes_give_way_to_the_names_of_the_curves(page: ReadingsPage) -> None:
    pane, column = page.pane, page.pane.table.columnWidth(StatisticsColumn.VALUE)
    for columns, hidden in ((8, False), (6, True), (8, False)):
        pane.resize(columns * column, pane.height())
        assert pane.table.isColumnHidden(StatisticsColumn.MINIMUM) is hidden
        assert pane.table.isColumnHidden(StatisticsColumn.MAXIMUM) is hidden
        assert not pane.table.isColumnHidden(StatisticsColumn.MEAN)


# Power


def test_power_is_derived_from_energy(page: ReadingsPage, qtbot: QtBot) -> None:
    assert page.pane.power.isVisible()
    qtbot.mouseClick(page.pane.power, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.plot.drawn == ("32.7", "1.8.0", "P(1.8.0)"))
    assert list(page.plot._plots) == ["V", "kWh", "W"]
    assert page.pane.statistics.names[2] == "Power from Active energy +A total, W"
    (before, early), (at, late) = samples(page, "1.8.0")[-11:-9]
    page.plot.set_cursor(at)
    assert page.plot.value("P(1.8.0)") == pytest.approx((late - early) * 3_600_000 / (at - before))
    page.plot.set_cursor(None)
    begin, end = page.plot.shown_range
    inside = [(time, value) for time, value in samples(page, "1.8.0") if begin <= time <= end]
    mean = (inside[-1][1] - inside[0][1]) * 3_600_000 / (inside[-1][0] - inside[0][0])
    qtbot.waitUntil(lambda: cell(page, 2, StatisticsColumn.MEAN) != "—")
    assert float(cell(page, 2, StatisticsColumn.MEAN)) == pytest.approx(mean, rel=0.05)
    assert page.state()["power"] is True
    page.model.set_plotted("1.8.0", False)
    assert page.plot.codes == ("32.7",)
    assert not page.pane.power.isVisible()


def test_no_power_while_the_meter_was_silent(page: ReadingsPage, clock: VirtualClock, qtbot: QtBot) -> None:
    qtbot.mouseClick(page.pane.power, Qt.MouseButton.LeftButton)
    lost = silence_meter(page, clock)
    qtbot.waitUntil(lambda: "P(1.8.0)" in page.plot.drawn)
    page.plot.pull()
    page.plot.set_cursor(lost + 600)
    assert page.plot.value("P(1.8.0)") is None


@st.composite
def registers(draw: st.DrawFn) -> tuple[list[float], list[float]]:
    """Times and states of a register that also loses contact, overflows and is reset."""
    times = sorted(draw(st.lists(st.integers(0, 100_000), unique=True, max_size=20)))
    states = st.one_of(st.just(float("nan")), st.integers(0, 1000).map(float))
    values = draw(st.lists(states, min_size=len(times), max_size=len(times)))
    return [float(time) for time in times], values


@given(registers())
def test_power_times_time_is_the_growth_of_energy(register: tuple[list[float], list[float]]) -> None:
    times, energy = register
    steps_at, steps = power(np.array(times), np.array(energy), 1000.0)
    assert len(steps_at) == len(steps) == 2 * max(0, len(times) - 1)
    for place, (begin, end) in enumerate(pairwise(zip(times, energy, strict=True))):
        assert steps_at[2 * place : 2 * place + 2].tolist() == [begin[0], end[0]]
        first, second = steps[2 * place : 2 * place + 2].tolist()
        if end[1] >= begin[1]:
            assert first == second
            assert first * (end[0] - begin[0]) == pytest.approx((end[1] - begin[1]) * 3_600_000)
        else:
            # A gap, or a register that decreased: no power is known.
            assert np.isnan([first, second]).all()


@given(registers(), st.integers(-10, 100_000), st.integers(1, 100_000))
def test_statistics_of_power_are_weighted_by_time(
    register: tuple[list[float], list[float]], begin: int, length: int
) -> None:
    times, energy = register
    end = begin + length
    found = power_statistics(*power(np.array(times), np.array(energy), 1.0), begin, end)
    parts = [
        ((after - before) * 3600 / (late - early), min(late, end) - max(early, begin))
        for (early, before), (late, after) in pairwise(zip(times, energy, strict=True))
        if after >= before and min(late, end) > max(early, begin)
    ]
    if found is None:
        assert not parts
    else:
        assert found.count == len(parts)
        assert float(found.maximum) == pytest.approx(max(value for value, _ in parts))
        assert float(found.minimum) == pytest.approx(min(value for value, _ in parts))
        mean = sum(value * seconds for value, seconds in parts) / sum(seconds for _, seconds in parts)
        assert found.mean == pytest.approx(mean)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [("kWh", ("W", 1e3)), ("Wh", ("W", 1.0)), ("Mvarh", ("var", 1e6)), ("kVAh", ("VA", 1e3)), ("V", ("", 0.0))],
)
def test_units_of_power(unit: str, expected: tuple[str, float]) -> None:
    assert power_unit(unit) == expected
