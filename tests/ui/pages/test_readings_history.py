"""The page Readings and its history: restarts, other modules, export, deletion."""

from __future__ import annotations

import re
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from cmi_gui.app import build
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.configurator.session import MasterSession
from cmi_gui.engine.events import Anchor, ReadoutDone, Stamped
from cmi_gui.engine.history.database import HistoryFile
from cmi_gui.engine.history.service import FILE_NAME, milliseconds
from cmi_gui.engine.history.values import DAY_MS, Absence, Curve, GapCause, Quality, Series
from cmi_gui.engine.iec62056.reading import Reading, read_lines
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.slave_address import SlaveAddress
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.wiring import Wiring
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.readings.absence import absence_text
from cmi_gui.ui.pages.readings.model import STALE_ROLE, ReadingColumn
from cmi_gui.ui.pages.readings.page import ReadingsPage
from cmi_gui.ui.pages.readings.statistics import StatisticsColumn
from cmi_gui.ui.prefs import TableFormat
from cmi_gui.ui.targets import ModuleTarget
from cmi_gui.ui.widgets.plot.series import SeriesStore
from tests.helpers.station_bench import readings_of

KEY = "12345678-simulated"
VOLTAGE = Series(KEY, "32.7", "V")


def readings(*lines: str) -> list[Reading]:
    return list(read_lines(lines))


Run = Callable[..., tuple[MainWindow, ReadingsPage, VirtualClock]]


@pytest.fixture
def run(qtbot: QtBot, tmp_path: Path) -> Iterator[Run]:
    """A maker of runs of the program on one folder, each with its own clock; `wall`: the start time."""
    made: list[MainWindow] = []

    def start(wall: float, folder: Path = tmp_path) -> tuple[MainWindow, ReadingsPage, VirtualClock]:
        clock = VirtualClock()
        window = build(StationConfig(mbus=(), state_dir=folder, paced=False), clock=clock)
        window.station.anchor = Anchor(clock, lambda: wall)
        made.append(window)
        window.resize(1280, 800)
        window.show()
        window.start()
        assert clock.run_until(clock.now() + 30, lambda: window.station.module.contact)
        window.bridge.drain()
        window.go("pageReadings")
        page = window.stack.currentWidget()
        assert isinstance(page, ReadingsPage)
        page.model.set_plotted("32.7", True)
        return window, page, clock

    yield start
    for window in made:
        window.close()
        window.deleteLater()


def advance(window: MainWindow, clock: VirtualClock, minutes: int) -> None:
    for _ in range(minutes):
        clock.advance(60)
        window.bridge.drain()


def settled(page: ReadingsPage) -> bool:
    """Return whether the plot has received all that it requested."""
    page.plot.pull()
    return not page.pane.curves._requested


def ring_values(page: ReadingsPage, code: str) -> list[float]:
    ring = page.pane.curves.store.ring(code)
    return [] if ring is None else ring.view()[1].tolist()


# Restarts


def test_a_curve_continues_after_a_restart_with_a_gap(run: Run, qtbot: QtBot) -> None:
    begin = time.time() - 7200
    window, page, clock = run(begin)
    advance(window, clock, 20)
    before = ring_values(page, "32.7")
    assert len(before) >= 20
    window.close()

    window, page, clock = run(begin + 3600)
    # Trends are available at once ...
    qtbot.waitUntil(lambda: len(ring_values(page, "32.7")) > 1)
    values = ring_values(page, "32.7")
    assert values[:-2] == before
    assert np.isnan(values[-2])
    # ... and so is the whole curve.
    page.pane.span.choose(None)
    qtbot.waitUntil(lambda: settled(page))
    assert page.plot.shown_range[0] == pytest.approx(begin, abs=30)
    assert page.plot.points("32.7") == len(before) + 1
    drawn = page.plot.data["32.7"][1]
    assert np.isnan(drawn).sum() == 1


def test_a_long_history_is_thinned_until_zoomed(run: Run, tmp_path: Path, qtbot: QtBot) -> None:
    minutes = 30_000
    now = int(time.time()) // 60 * 60
    file = HistoryFile(tmp_path / FILE_NAME)
    file._db.execute("BEGIN")
    id_ = file._id(VOLTAGE)
    begin = now - minutes * 60
    rows = ((id_, (begin + minute * 60) * 1000, str(200 + minute % 61), 0) for minute in range(minutes))
    file._db.executemany("INSERT INTO samples VALUES (?, ?, ?, ?)", rows)
    file._db.execute("COMMIT")
    file.close()

    _, page, _ = run(float(now + 600))
    page.pane.span.choose(None)
    qtbot.waitUntil(lambda: settled(page) and page.plot.points("32.7") > 4000)
    assert page.plot.points("32.7") < 10_000
    assert page.plot.shown_range[0] == begin
    middle = float(begin + 15_000 * 60)
    page.plot.show_range(middle - 1800, middle + 1800)
    qtbot.waitUntil(lambda: settled(page))
    times, values = page.plot.data["32.7"]
    inside = (times >= middle - 1800) & (times <= middle + 1800)
    assert times[inside].tolist() == [middle + minute * 60 for minute in range(-30, 31)]
    assert values[inside].tolist() == [float(200 + (15_000 + minute) % 61) for minute in range(-30, 31)]
    columns = (StatisticsColumn.MINIMUM, StatisticsColumn.MEAN, StatisticsColumn.MAXIMUM)
    expected = [f"{value:.0f}" for value in (values[inside].min(), values[inside].mean(), values[inside].max())]
    qtbot.waitUntil(lambda: [page.pane.statistics.index(0, column).data() for column in columns] == expected)


def test_a_damaged_history_is_set_aside_and_reported(run: Run, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"no database at all" * 500)
    window, page, clock = run(time.time())
    qtbot.waitUntil(lambda: any("was damaged" in message.text for message in window.messages.last(20)))
    (text,) = [message.text for message in window.messages.last(20) if "was damaged" in message.text]
    aside = next(path for path in tmp_path.iterdir() if "damaged" in path.name and path.suffix == ".sqlite")
    assert str(aside) in text
    advance(window, clock, 3)
    assert len(page.history.history.samples(VOLTAGE, 0, 2**60, 99).result(5)) == 4


def test_a_real_meter_does_not_continue_the_curve_of_the_simulated_one(run: Run) -> None:
    window, page, clock = run(time.time())
    advance(window, clock, 3)
    window.station.rewire(Wiring(mbus=(), meter="tcp://127.0.0.1:9"))
    done = Stamped(1, clock.now(), "module", ReadoutDone(("32.7(199*V)",), "", 1.0))
    window.history.take([done])
    assert page._key == "12345678"
    assert ring_values(page, "32.7") == [199.0]
    stored = window.history.history
    assert [s.text for s in stored.samples(Series("12345678", "32.7", "V"), 0, 2**60, 9).result(5)] == ["199"]
    curve = stored.curve(VOLTAGE, 0, milliseconds(page.history.now()) + 1, 99).result(5)
    assert len(curve.values) == 5
    assert np.isnan(curve.values[-1])


# Empty ranges


def test_an_empty_range_says_why(run: Run, qtbot: QtBot) -> None:
    begin = time.time() - 7200
    window, page, clock = run(begin)
    advance(window, clock, 5)
    window.close()

    window, page, clock = run(begin + 3600)
    advance(window, clock, 5)

    def remark(first: float, last: float) -> str:
        page.plot.show_range(first, last)
        qtbot.waitUntil(lambda: settled(page) and not page.history._results.pending)
        return page.plot.remark

    qtbot.waitUntil(lambda: settled(page) and page.pane.curves.first("32.7") == pytest.approx(begin, abs=30))
    assert remark(begin, begin + 3600) == ""
    asleep = "No readings in this time: the program was not running, or the computer was asleep"
    assert remark(begin + 900, begin + 1800) == asleep
    assert page.plot.accessibleDescription() == asleep
    assert remark(begin - 900, begin - 60).startswith("The stored readings begin at ")
    assert remark(page.history.now() + 60, page.history.now() + 900) == "This time is in the future"
    station = window.station
    assert station.meter is not None
    station.meter.faults.silent = True
    assert clock.run_until(clock.now() + 300, lambda: not station.module.contact)
    advance(window, clock, 20)
    now = page.history.now()
    assert remark(now - 600, now) == "No readings in this time: the module had no contact with the meter"
    page.history.clear().result()
    assert remark(now - 600, now) == "No readings are stored yet"


def test_a_start_without_contact_is_no_time_without_the_program(run: Run) -> None:
    """The last gap in the history is that of the run before, until the first reading of this one."""
    window, page, clock = run(time.time())
    station = window.station
    assert station.meter is not None
    station.meter.faults.silent = True
    assert clock.run_until(clock.now() + 300, lambda: not station.module.contact)
    now = page.history.now()
    before = Absence(GapCause.NOT_RUNNING, 1, 1)
    words = absence_text(before, now - 600, now, page.history, KEY)
    assert words == "No readings in this time: the module had no contact with the meter"
    station.set_bus_voltage(0)
    words = absence_text(before, now - 600, now, page.history, KEY)
    assert words == "No readings in this time: the module had no power from the bus"
    # A module that is read by hand has no gap between two readings.
    words = absence_text(Absence(None, 1, 1), now - 600, now, page.history, "another")
    assert words.startswith("No readings in this time; the last one before it was at 19")


# Other modules


@pytest.fixture
def other(run: Run) -> tuple[MainWindow, ReadingsPage, VirtualClock, ModuleTarget]:
    window, page, clock = run(time.time())
    station = window.station
    session = MasterSession(station.connect_master(), Line(station.module.baud), station.clock)
    target = ModuleTarget(
        "serial:/dev/x 87654321", "Module 87654321", "serial:/dev/x", session, lambda: SlaveAddress(7)
    )
    window.targets.add(target)
    return window, page, clock, target


def test_readings_of_another_module_are_shown_separately(
    other: tuple[MainWindow, ReadingsPage, VirtualClock, ModuleTarget], qtbot: QtBot
) -> None:
    window, page, clock, target = other
    window.targets.choose(target.key)
    assert page.model.rowCount() == 0
    assert page.table._empty == "Module 87654321 has not been read yet"
    assert page._target_label.text() == "Module 87654321"
    assert not page.interval.isVisible()
    qtbot.mouseClick(page.read_there, Qt.MouseButton.LeftButton)
    assert window.stack.currentWidget().objectName() == "pageBus"
    window.go("pageReadings")

    for value in ("231", "232"):
        clock.advance(10)
        target.lines, target.read_at = [f"32.7({value}*V)", "1.8.0(000012.345*kWh)", "C.1.0(99887766)"], clock.now()
        window.targets.read.emit(target)
    # The same readout emitted again is not a second sample.
    window.targets.read.emit(target)
    clock.advance(5)
    page.refresh()
    texts = [[page.model.index(row, column).data() for column in (1, 4, 5, 6)] for row in range(3)]
    assert texts == [
        ["32.7", "232", "V", "5 s"],
        ["1.8.0", "000012.345", "kWh", "5 s"],
        ["C.1.0", "99887766", "", "5 s"],
    ]
    assert page._target_label.text() == "Module 87654321  ·  3 values"
    page.plot.pull()
    assert page.plot.points("32.7") == 2
    stored = page.history.history.samples(Series(target.key, "1.8.0", "kWh"), 0, 2**60, 9).result(5)
    assert [sample.text for sample in stored] == ["000012.345"] * 2

    window.targets.choose("built-in")
    assert page.model.rowCount() == len(readings_of(window.station.module))
    assert page.interval.isVisible()


def test_last_known_values_are_dim_and_not_plotted(
    other: tuple[MainWindow, ReadingsPage, VirtualClock, ModuleTarget],
) -> None:
    window, page, clock, target = other
    window.targets.choose(target.key)
    for contact in (True, False):
        clock.advance(10)
        target.lines, target.read_at, target.contact = ["32.7(231*V)"], clock.now(), contact
        window.targets.read.emit(target)
    assert page.model.index(0, ReadingColumn.VALUE).data(STALE_ROLE)
    values = ring_values(page, "32.7")
    assert values[0] == 231.0
    assert np.isnan(values[1])
    assert len(values) == 2
    stored = page.history.history.samples(Series(target.key, "32.7", "V"), 0, 2**60, 9).result(5)
    assert [sample.quality for sample in stored] == [Quality.MEASURED, Quality.LAST_KNOWN]


# Export


def export(page: ReadingsPage, entry: int, path: Path, qtbot: QtBot) -> str:
    """Export to a file; return the name that the dialog proposed."""
    qtbot.mouseClick(page.export, Qt.MouseButton.LeftButton)
    page._export_menu.actions()[entry].trigger()
    page._export_menu.close()
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    edit = dialog.findChild(QLineEdit, "fileNameEdit")
    assert edit is not None
    name = edit.text()
    dialog.fileSelected.emit(str(path))
    dialog.close()
    dialog.deleteLater()
    qtbot.waitUntil(lambda: not page.context.background.busy)
    return name


def local(at: float) -> datetime:
    ms = milliseconds(at)
    return datetime.fromtimestamp(ms // 1000).astimezone().replace(microsecond=ms % 1000 * 1000)


@pytest.mark.qt_log_ignore("grabbing the keyboard")
def test_the_table_is_exported_as_shown(run: Run, tmp_path: Path, qtbot: QtBot) -> None:
    window, page, _ = run(time.time())
    window.prefs.stored.table_format = TableFormat.CSV_RFC_4180
    page.search.setText("1.8.0")
    path = tmp_path / "values.csv"
    assert re.fullmatch(r"readings-[\w-]+-\d{8}-\d{6}\.csv", export(page, 0, path, qtbot))
    reading = readings_of(window.station.module)["1.8.0"]
    when = local(window.station.anchor.wall(window.station.module_state().read_at)).isoformat(timespec="milliseconds")
    assert path.read_bytes() == (
        f"time,code,meaning,value,unit,quality\r\n{when},1.8.0,Active energy +A total,{reading.number},kWh,measured\r\n"
    ).encode("utf-8-sig")
    assert window.messages.last(1)[0].text == f"Table saved to {path}"


@pytest.mark.qt_log_ignore("grabbing the keyboard")
def test_the_plotted_range_is_exported_exactly(run: Run, tmp_path: Path, qtbot: QtBot) -> None:
    window, page, clock = run(time.time())
    advance(window, clock, 8)
    for code in page.model.plotted:
        page.model.set_plotted(code, code in ("32.7", "1.8.0"))
    page.model.set_plotted("1.8.0", True)
    begin = page.history.now() - 270
    page.plot.show_range(begin, begin + 240)
    path = tmp_path / "curves.xlsx"
    assert re.fullmatch(r"curves-[\w-]+-\d{8}-\d{6}\.xlsx", export(page, 1, path, qtbot))
    head, *rows = openpyxl.load_workbook(path).active.iter_rows()
    assert [cell.value for cell in head] == [
        "time", "hours from UTC", "code", "meaning", "value", "unit", "quality"
    ]  # fmt: skip
    kept = page.history.history
    parts = {code: Series(KEY, code, unit) for code, unit in (("32.7", "V"), ("1.8.0", "kWh"))}
    expected = sorted(
        (sample.time, index, code, sample.text)
        for index, code in enumerate(page.model.plotted)
        for sample in kept.samples(parts[code], milliseconds(begin), milliseconds(begin + 240) + 1, 99).result(5)
    )
    assert len(expected) == 8
    assert [(row[2].value, Decimal(repr(row[4].value))) for row in rows] == [
        (code, Decimal(text)) for _, _, code, text in expected
    ]
    times = [local(at / 1000) for at, *_ in expected]
    assert [(row[0].value, row[1].value) for row in rows] == [
        (at.replace(tzinfo=None), at.utcoffset().total_seconds() / 3600) for at in times
    ]
    assert {row[2].value: row[4].number_format for row in rows} == {"1.8.0": "0.000", "32.7": "0"}


@pytest.mark.qt_log_ignore("grabbing the keyboard")
@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_a_picture_of_the_plots_is_saved(run: Run, tmp_path: Path, qtbot: QtBot, suffix: str) -> None:
    window, page, clock = run(time.time())
    advance(window, clock, 8)
    for code in page.model.plotted:
        page.model.set_plotted(code, False)
    for code in ("32.7", "1.8.0"):
        page.model.set_plotted(code, True)
    qtbot.waitUntil(lambda: settled(page) and page.plot.drawn == ("32.7", "1.8.0"))
    path = tmp_path / f"plots.{suffix}"
    assert re.fullmatch(r"plot-[\w-]+-\d{8}-\d{6}\.png", export(page, 2, path, qtbot))
    assert window.messages.last(1)[0].text == f"Picture saved to {path}"
    if suffix == "svg":
        root = ElementTree.parse(path).getroot()
        texts = {"".join(element.itertext()).strip() for element in root.iter("{http://www.w3.org/2000/svg}text")}
        assert {"Voltage L1, V", "Active energy +A total, kWh", "V", "kWh"} <= texts
        assert any(text.startswith("Built-in module") for text in texts)
        scale, image = (
            1,
            QImage(*(int(float(n)) for n in root.get("viewBox", "").split()[2:]), QImage.Format.Format_RGB32),
        )
        with QPainter(image) as painter:
            QSvgRenderer(str(path)).render(painter)
    else:
        image = QImage(str(path))
        scale = image.width() // page.plot.width()
    legend = image.height() // scale - page.plot.height()
    assert legend > 20
    # Both curves are in the picture, each in its own plot: the dot of the last sample but one.
    for position, (code, view) in enumerate(zip(("32.7", "1.8.0"), page.plot._plots.values(), strict=True)):
        x, y = (values[-2] for values in page.plot.data[code])
        at = view.vb.mapViewToScene(QPointF(x, y))
        found = image.pixelColor(round(at.x() * scale), round((at.y() + legend) * scale))
        wanted = page.plot.colour(position)
        assert all(abs(a - b) < 40 for a, b in zip(found.getRgb(), wanted.getRgb(), strict=True))
    assert all(curve.isVisible() and dots.isVisible() for curve, dots, _ in page.plot.curves())


@pytest.mark.qt_log_ignore("grabbing the keyboard")
def test_a_picture_that_cannot_be_saved_is_reported(run: Run, tmp_path: Path, qtbot: QtBot) -> None:
    window, page, _ = run(time.time())
    qtbot.waitUntil(lambda: settled(page) and page.plot.drawn == page.plot.codes)
    (tmp_path / "file").write_text("")
    export(page, 2, tmp_path / "file" / "plots.png", qtbot)
    assert window.messages.last(1)[0].text.startswith("The picture could not be saved (")


@pytest.mark.qt_log_ignore("grabbing the keyboard")
def test_a_failed_export_is_reported_with_a_remedy(run: Run, tmp_path: Path, qtbot: QtBot) -> None:
    window, page, _ = run(time.time())
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "values.csv"
    export(page, 0, path, qtbot)
    text = window.messages.last(1)[0].text
    assert str(path) in text
    assert "choose another location" in text


# The history's own settings


def press(page: ReadingsPage, button: str, qtbot: QtBot) -> None:
    box = page.history_section.findChild(QMessageBox)
    assert box is not None
    chosen = next(b for b in box.findChildren(QPushButton) if b.text().replace("&", "") == button)
    qtbot.mouseClick(chosen, Qt.MouseButton.LeftButton)
    box.close()
    box.deleteLater()
    # The box is deleted in a later turn of the event loop.
    qtbot.waitUntil(lambda: page.history_section.findChild(QMessageBox) is None)


def test_size_and_age_are_shown_and_all_can_be_deleted(run: Run, qtbot: QtBot) -> None:
    begin = time.time()
    window, page, clock = run(begin)
    advance(window, clock, 5)
    page.history_section.set_open(True)
    since = datetime.fromtimestamp(begin).strftime("since %Y-%m-%d")
    qtbot.waitUntil(lambda: since in page.history_section.heading.remark)
    assert "kB" in page.history_section.heading.remark
    assert str(window.station.config.state_dir) in page.history_section._where.text()
    qtbot.mouseClick(page.history_section.delete, Qt.MouseButton.LeftButton)
    press(page, "Cancel", qtbot)
    assert len(ring_values(page, "32.7")) == 6
    qtbot.mouseClick(page.history_section.delete, Qt.MouseButton.LeftButton)
    press(page, "Delete history", qtbot)
    qtbot.waitUntil(lambda: page.history_section.heading.remark == "empty")
    assert not page.history_section.delete.isEnabled()
    assert page.history_section.delete.toolTip() == "There is nothing to delete"
    assert ring_values(page, "32.7") == []
    advance(window, clock, 2)
    page.plot.pull()
    assert page.plot.points("32.7") == 2


def test_fewer_days_need_confirmation_if_readings_are_deleted(run: Run, tmp_path: Path, qtbot: QtBot) -> None:
    now = time.time()
    file = HistoryFile(tmp_path / FILE_NAME)
    for day in (100, 50, 10):
        file.record(KEY, milliseconds(now) - day * DAY_MS, readings("32.7(241*V)"))
    file.close()
    _, page, _ = run(now)
    stored = page.history.history
    page.history_section.set_open(True)
    qtbot.waitUntil(lambda: page.history_section.days.currentData() == 400)

    def choose(days: int) -> None:
        page.history_section.days.setCurrentIndex(page.history_section.days.findData(days))
        page.history_section.days.activated.emit(page.history_section.days.currentIndex())

    choose(1826)
    qtbot.waitUntil(lambda: stored.info().result(5).days == 1826)
    assert page.history_section.findChild(QMessageBox) is None
    qtbot.waitUntil(lambda: page.history_section._info is not None and page.history_section._info.days == 1826)
    choose(30)
    press(page, "Cancel", qtbot)
    assert page.history_section.days.currentData() == 1826
    assert stored.info().result(5).days == 1826
    choose(30)
    press(page, "Delete old readings", qtbot)
    qtbot.waitUntil(lambda: stored.info().result(5).days == 30)
    assert len(stored.samples(VOLTAGE, 0, milliseconds(now) - DAY_MS, 99).result(5)) == 1


def test_a_clock_set_back_leaves_times_in_order() -> None:
    """Samples recorded before the correction are in the future; a search by time needs ascending times."""
    store = SeriesStore()
    store.seed("32.7", "V", np.arange(100.0, 700.0, 60.0), np.full(10, 230.0))
    store.add(400.0, readings("32.7(231*V)"))
    store.end(390.0)
    store.add(395.0, readings("32.7(232*V)"))
    ring = store.ring("32.7")
    assert ring is not None
    times, values = ring.view()
    assert times.tolist() == [100, 160, 220, 280, 340, 390, 395]
    assert values[-1] == 232
    assert np.isnan(values[-2])


def test_sleep_of_the_computer_is_a_gap(run: Run, qtbot: QtBot) -> None:
    """Monotonic time stops during sleep; without the wall clock, later samples would get times that are too early."""
    begin = time.time()
    window, page, clock = run(begin)
    asleep = [0.0]
    start = clock.now()
    window.station.anchor = Anchor(clock, lambda: begin + clock.now() - start + asleep[0])
    advance(window, clock, 3)
    asleep[0] = 8 * 3600.0
    advance(window, clock, 2)
    times, values = page.pane.curves.curve("32.7")
    assert (np.diff(times) >= 0).all()
    (gap,) = np.flatnonzero(np.isnan(values))
    assert times[gap + 1] - times[gap] >= 8 * 3600 - 60
    assert times[-1] == pytest.approx(begin + 8 * 3600 + 300, abs=61)


@pytest.mark.parametrize("fraction", [0.0, 0.00025, 0.0005, 0.00075])
def test_a_sample_from_the_history_is_not_duplicated(run: Run, qtbot: QtBot, fraction: float) -> None:
    """The history has milliseconds; two samples microseconds apart would both be thinned out by the plot."""
    _window, page, _clock = run(1_790_000_000 + fraction)
    page.history.series(KEY).seed("32.7", "V", *known(page.history.history.latest(KEY, 10).result()[VOLTAGE]))
    qtbot.waitUntil(lambda: settled(page) and "32.7" in page.plot.drawn)
    assert len(page.pane.curves.curve("32.7")[0]) == 1
    assert page.plot.points("32.7") == 1


def known(curve: Curve) -> tuple[np.ndarray, np.ndarray]:
    return np.array(curve.times) / 1000, np.array(curve.values)


def test_deleting_all_leaves_the_plots_in_their_units(run: Run, qtbot: QtBot) -> None:
    window, page, clock = run(time.time())
    page.model.set_plotted("31.7", True)
    advance(window, clock, 1)
    page.history.clear().result()
    qtbot.waitUntil(lambda: settled(page))
    store = page.pane.curves.store
    assert [store.unit(code) for code in ("32.7", "31.7")] == ["V", "A"]
    assert store.ring("32.7") is None
