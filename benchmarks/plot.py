"""A frame of the plot of readings with a million samples in view, against a bare PlotCurveItem in the same run.

Both draw the same samples at the same size on the same axis. A frame is a move of the time axis and the painting that
follows from it, as when the user drags. Rounds of the two alternate, so that a busy machine slows both, and the best
round of each counts: its median frame, and its worst.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from time import perf_counter

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QApplication

from cmi_gui.app import build
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.ui.pages.readings.curves import Curves
from cmi_gui.ui.pages.readings.obis_plot import ObisPlot
from cmi_gui.ui.widgets.plot.series import Samples, SeriesStore

POINTS = 1_000_000
SIZE = (1000, 500)
FRAMES = 40
ROUNDS = 3
LIMIT_MS = 16.0
KEY, CODE = "benchmark", "32.7"


def _samples(now: float) -> tuple[Samples, Samples]:
    """Return one sample a second up to `now`: a daily swing, and noise."""
    times = now - np.arange(POINTS, 0, -1.0)
    noise = np.random.default_rng(1).normal(0, 1.5, POINTS)
    return times, 230 + 4 * np.sin(times * (2 * np.pi / 86_400)) + noise


def _frames(app: QApplication, move: Callable[[float], object]) -> list[float]:
    """Return the seconds of each frame; the view moves a little from one to the next."""
    seconds = []
    for frame in range(FRAMES):
        start = perf_counter()
        move(frame * 60.0)
        app.processEvents()
        seconds.append(perf_counter() - start)
    return seconds


def _bare(times: Samples, values: Samples) -> tuple[pg.PlotWidget, Callable[[float], object]]:
    widget = pg.PlotWidget(axisItems={"bottom": pg.DateAxisItem()})
    widget.disableAutoRange()
    widget.addItem(pg.PlotCurveItem(times, values, pen=pg.mkPen("b", width=1), connect="finite"))
    widget.setYRange(values.min(), values.max())
    return widget, lambda by: widget.setXRange(times[0] + by, times[-1] + by, padding=0)


def run() -> list[str]:
    """Return lines to print: the median and worst time of a frame, and that of the bare item."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    clock = VirtualClock()
    window = build(StationConfig(mbus=()), clock)
    try:
        times, values = _samples(window.history.now())
        store = SeriesStore(POINTS)
        store.seed(CODE, "V", times, values)
        window.history._series[KEY] = store
        plot = ObisPlot(Curves(window.history, KEY), window.history.now, "benchmark")
        plot.set_codes([CODE])
        begin, end = float(times[0]), float(times[-1])
        bare, move_bare = _bare(times, values)
        for widget in (plot, bare):
            widget.resize(*SIZE)
            widget.show()

        def move_ours(by: float) -> None:
            plot.show_range(begin + by, end + by)

        # The first frame processes the samples, which happens once per readout.
        _frames(app, move_ours)
        ours: list[list[float]] = []
        theirs: list[list[float]] = []
        for _ in range(ROUNDS):
            ours.append(_frames(app, move_ours))
            theirs.append(_frames(app, move_bare))
        assert plot.points(CODE) == POINTS
        plot.close()
        bare.close()
    finally:
        window.close()
    mine, other = (min(float(np.median(frames)) for frames in rounds) * 1000 for rounds in (ours, theirs))
    worst = min(max(frames) for frames in ours) * 1000
    return [
        f"plot: {mine:.1f} ms a frame with {POINTS:,} samples in view (limit {LIMIT_MS:.0f} ms), worst {worst:.1f} ms",
        f"plot: {other / mine:.1f}x as fast as a bare PlotCurveItem ({other:.1f} ms a frame)",
    ]
