"""The live plot of readings: plots stacked over one time axis, one a unit; pulls from the rings while visible."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
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
        # In which plot each curve is: the unit of a code may change with another meter.
        self._units: dict[str, str] = {}
        self._arranged = True
        self._tint_wanted = False
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
            self._arranged = False
            # In a turn of its own: whoever asked has something to paint too.
            QTimer.singleShot(0, self, self.pull)

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

    def _arrange(self) -> None:
        """Plots for the units and curves for the codes; what can stay stays, as making a plot takes 20 ms."""
        self._arranged = True
        self._drawn = None
        units = list(dict.fromkeys(self._series.unit(code) for code in self._codes))
        kept = 0
        while kept < min(len(units), len(self._plots)) and units[kept] == list(self._plots)[kept]:
            kept += 1
        for unit in list(self._plots)[kept:]:
            self.ci.removeItem(self._plots.pop(unit))
        self._drop_curves()
        for row, unit in enumerate(units[kept:], kept):
            self._plots[unit] = self._make_plot(row, unit)
        plots = list(self._plots.values())
        for plot in plots[max(1, kept) :]:
            plot.setXLink(plots[0])
        for plot in plots:
            self._show_times(plot, plot is plots[-1])
        self._curves = {code: self._curves.get(code) or self._make_curve(code) for code in self._codes}
        self._tint_curves()

    def _drop_curves(self) -> None:
        """Forget the curves that are not wanted any more, or went with their plots."""
        for code, curve in list(self._curves.items()):
            plot = self._plots.get(self._units[code])
            if plot is None:
                del self._curves[code]
            elif code not in self._codes or self._units[code] != self._series.unit(code):
                plot.removeItem(curve)
                del self._curves[code]

    def _make_curve(self, code: str) -> pg.PlotDataItem:
        unit = self._units[code] = self._series.unit(code)
        return self._plots[unit].plot(
            symbolPen=None,
            symbolSize=5,
            connect="finite",
            name=code,
            autoDownsample=True,
            downsampleMethod="peak",
            clipToView=True,
        )

    def _make_plot(self, row: int, unit: str) -> pg.PlotItem:
        plot = self.addPlot(row=row, col=0, axisItems={"bottom": pg.DateAxisItem()}, enableMenu=False)
        plot.hideButtons()
        plot.disableAutoRange()
        plot.showGrid(x=True, y=True, alpha=0.15)
        plot.vb.setMouseEnabled(x=True, y=False)
        plot.vb.setLimits(minYRange=1e-3)
        for side in ("left", "bottom"):
            axis = plot.getAxis(side)
            axis.enableAutoSIPrefix(False)
            # A grid line at every minor tick as well costs three quarters of a frame.
            axis.setStyle(tickFont=font(0.88), maxTickLevel=0)
        plot.getAxis("left").setWidth(76)
        self._tint_plot(unit, plot)
        return plot

    @staticmethod
    def _show_times(plot: pg.PlotItem, shown: bool) -> None:
        """Only the lowest plot tells the time; None is the height that the words take."""
        axis = plot.getAxis("bottom")
        axis.setStyle(showValues=shown)
        axis.setHeight(None if shown else 6)

    # Colours

    def _tint(self) -> None:
        """The colours of the present theme."""
        self._tint_wanted = False
        self.setBackground(colours(self.palette()).base)
        for unit, plot in self._plots.items():
            self._tint_plot(unit, plot)
        self._tint_curves()

    def _tint_plot(self, unit: str, plot: pg.PlotItem) -> None:
        c = colours(self.palette())
        for side in ("left", "bottom"):
            plot.getAxis(side).setPen(pg.mkPen(c.border))
            plot.getAxis(side).setTextPen(pg.mkPen(c.dim))
        size = f"{font(0.88).pointSizeF():.1f}pt"
        plot.setTitle(unit or self.tr("number"), color=c.dim, size=size, justify="left")

    def _tint_curves(self) -> None:
        """Each in the colour of its place."""
        palette = PLOT_COLOURS[colours(self.palette()).dark]
        for place, curve in enumerate(self._curves.values()):
            colour = palette[place % len(palette)]
            if curve.opts["pen"] is None or pg.mkPen(curve.opts["pen"]).color() != colour:
                curve.setPen(pg.mkPen(colour, width=1))
                curve.setSymbolBrush(colour)

    def changeEvent(self, event: QEvent) -> None:
        """Take on the colours of another theme, in a turn of its own or when shown."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._timer is not None:
            self._tint_wanted = True
            if self.isVisible():
                QTimer.singleShot(0, self, self._tint)

    # Pulling

    def showEvent(self, event: QShowEvent) -> None:
        """Pull while visible."""
        super().showEvent(event)
        if self._tint_wanted:
            self._tint()
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
        if not self._arranged:
            self._arrange()
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
