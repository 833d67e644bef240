"""The live plot of readings: plots stacked over one time axis, one a unit; pulls from the rings while visible."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QColor, QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.obis import meaning
from cmi_gui.ui.models.series import SeriesStore
from cmi_gui.ui.theme import PLOT_COLOURS, colours, font

__all__ = ["ObisPlot"]

_PULL_MS = 100
_LEAST_SPAN = 60.0
"""Seconds on the time axis when there is hardly anything to show."""
_DOTS_UP_TO = 400
"""Samples in view up to which each is marked: a readout a minute must be seen as single readings."""


class ObisPlot(pg.GraphicsLayoutWidget):
    """Curves of the chosen codes. `now` gives wall seconds, `span` the seconds shown (None: all)."""

    def __init__(self, series: SeriesStore, now: Callable[[], float], name: str, parent: QWidget | None = None) -> None:
        self._timer: QTimer | None = None
        super().__init__(parent)
        self._series = series
        self._now = now
        self._codes: tuple[str, ...] = ()
        self._span: float | None = 600.0
        self._plots: dict[str, pg.PlotItem] = {}
        self._curves: dict[str, pg.PlotDataItem] = {}
        self._drawn: tuple[int, int] | None = None
        self.setAccessibleName(name)
        self.viewport().setAccessibleName(name)
        self.setFrameShape(self.Shape.NoFrame)
        self.ci.layout.setContentsMargins(0, 0, 0, 0)
        self.ci.layout.setSpacing(8)
        self._timer = QTimer(self)
        self._timer.setInterval(_PULL_MS)
        self._timer.timeout.connect(self.pull)
        self._tint()

    @property
    def codes(self) -> tuple[str, ...]:
        """What is plotted."""
        return self._codes

    def points(self, code: str) -> int:
        """Samples of a plotted code that are drawn, gaps not counted."""
        x, y = self._curves[code].getOriginalDataset()
        return 0 if x is None else int(np.count_nonzero(~np.isnan(y)))

    def set_codes(self, codes: Sequence[str]) -> None:
        """Plot these, each in the colour of its place."""
        if tuple(codes) != self._codes:
            self._codes = tuple(codes)
            self._build()

    def set_span(self, seconds: float | None) -> None:
        """Show the last `seconds`, or everything."""
        self._span = seconds
        self._drawn = None
        self.pull()

    def legend(self) -> str:
        """The codes with their colours and meanings, as rich text."""
        palette = PLOT_COLOURS[colours(self.palette()).dark]
        names = [f"{code} {meaning(code)}".rstrip() for code in self._codes]
        # A name and its dot stay in one line.
        return "&nbsp; ".join(
            f'<span style="color:{palette[place % len(palette)].name()}">●</span>&nbsp;'
            + html.escape(name).replace(" ", "&nbsp;")
            for place, name in enumerate(names)
        )

    # Building

    def _build(self) -> None:
        """Make the plots anew where the units have changed, and the curves in any case."""
        self._drawn = None
        units = list(dict.fromkeys(self._series.unit(code) for code in self._codes))
        if units != list(self._plots):
            self.ci.clear()
            self._plots = {
                unit: self._make_plot(row, unit, last=row == len(units) - 1) for row, unit in enumerate(units)
            }
            plots = list(self._plots.values())
            for plot in plots[1:]:
                plot.setXLink(plots[0])
        else:
            for plot in self._plots.values():
                plot.clearPlots()
        palette = PLOT_COLOURS[colours(self.palette()).dark]
        self._curves = {
            code: self._make_curve(code, palette[place % len(palette)]) for place, code in enumerate(self._codes)
        }
        self.pull()

    def _make_curve(self, code: str, colour: QColor) -> pg.PlotDataItem:
        return self._plots[self._series.unit(code)].plot(
            pen=pg.mkPen(colour, width=1),
            symbolBrush=colour,
            symbolPen=None,
            symbolSize=5,
            connect="finite",
            name=code,
            autoDownsample=True,
            downsampleMethod="peak",
            clipToView=True,
        )

    def _make_plot(self, row: int, unit: str, *, last: bool) -> pg.PlotItem:
        plot = self.addPlot(row=row, col=0, axisItems={"bottom": pg.DateAxisItem()})
        c = colours(self.palette())
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.disableAutoRange()
        plot.showGrid(x=True, y=True, alpha=0.15)
        plot.vb.setMouseEnabled(x=True, y=False)
        plot.vb.setLimits(minYRange=1e-3)
        for side in ("left", "bottom"):
            axis = plot.getAxis(side)
            axis.setPen(pg.mkPen(c.border))
            axis.setTextPen(pg.mkPen(c.dim))
            axis.setStyle(tickFont=font(0.88))
            axis.enableAutoSIPrefix(False)
            # A grid line at every minor tick as well costs three quarters of a frame.
            axis.setStyle(maxTickLevel=0)
        plot.getAxis("left").setWidth(76)
        plot.getAxis("bottom").setStyle(showValues=last)
        if not last:
            plot.getAxis("bottom").setHeight(6)
        plot.setTitle(unit or self.tr("number"), color=c.dim, size=f"{font(0.88).pointSizeF():.1f}pt", justify="left")
        return plot

    def _tint(self) -> None:
        self.setBackground(colours(self.palette()).base)
        self._plots = {}
        self._build()

    def changeEvent(self, event: QEvent) -> None:
        """Build anew in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._timer is not None:
            self._tint()

    # Pulling

    def showEvent(self, event: QShowEvent) -> None:
        """Pull while visible."""
        super().showEvent(event)
        if self._timer is not None:
            self._timer.start()
        self.pull()

    def hideEvent(self, event: QHideEvent) -> None:
        """Cost nothing while hidden."""
        super().hideEvent(event)
        if self._timer is not None:
            self._timer.stop()

    def pull(self) -> None:
        """Draw what is new; the axis moves on once a second."""
        now = self._now()
        state = (self._series.revision, int(now))
        if state == self._drawn or not self._curves:
            return
        fresh = self._drawn is None or self._drawn[0] != state[0]
        self._drawn = state
        begin = self._begin(now)
        if fresh:
            for code, curve in self._curves.items():
                ring = self._series.ring(code)
                if ring is not None:
                    x, y = ring.view()
                    # A copy: the view changes under the curve with the next readout.
                    curve.setData(x.copy(), y.copy())
                    curve.setSymbol("o" if np.count_nonzero(x >= begin) <= _DOTS_UP_TO else None)
        for unit, plot in self._plots.items():
            plot.setXRange(begin, now, padding=0.02)
            self._fit(plot, unit, begin)

    def _begin(self, now: float) -> float:
        """The left edge: as far back as was asked for, but not long before the first sample, and a minute at least."""
        rings = [ring for code in self._codes if (ring := self._series.ring(code)) is not None and len(ring)]
        first = min((float(ring.view()[0][0]) for ring in rings), default=now)
        wanted = first if self._span is None else max(first, now - self._span)
        return min(wanted, now - _LEAST_SPAN)

    def _fit(self, plot: pg.PlotItem, unit: str, begin: float) -> None:
        """The y range of what is in view, never so narrow that the last digit's flicker fills the plot."""
        low, high = np.inf, -np.inf
        for code in self._codes:
            ring = self._series.ring(code)
            if ring is None or self._series.unit(code) != unit:
                continue
            x, y = ring.view()
            inside = y[(x >= begin) & ~np.isnan(y)]
            if inside.size:
                low, high = min(low, float(inside.min())), max(high, float(inside.max()))
        if low > high:
            return
        least = max(0.02 * max(abs(low), abs(high)), 0.1) if unit not in ("kWh", "kvarh", "kVAh") else 0.01
        spare = max(0.0, least - (high - low)) / 2
        plot.setYRange(low - spare, high + spare, padding=0.1)
