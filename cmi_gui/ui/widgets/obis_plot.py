"""The live plot of readings: plots stacked over one time axis, one a unit; pulls from the curves while visible."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetrics, QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from cmi_gui.ui.models.curves import Curves, value_at
from cmi_gui.ui.models.series import Samples
from cmi_gui.ui.models.statistics import is_register
from cmi_gui.ui.theme import PLOT_COLOURS, colours, font
from cmi_gui.ui.widgets.buttons import focus_shows, paint_focus
from cmi_gui.ui.widgets.sparkline import curve_pen_style

__all__ = ["ObisPlot"]

_PULL_MS = 100
_LEAST_SPAN = 60.0
"""Seconds on the time axis when there is hardly anything to show."""
_MOST_SPAN = 200 * 365 * 86_400.0
_DOTS_UP_TO = 400
"""Samples in view up to which each is marked: a readout a minute must be seen as single readings."""
_SNAP_PX = 12
_ZOOM = 0.7
_PAN = 0.25


class ObisPlot(pg.GraphicsLayoutWidget):
    """Curves of the chosen codes; `now` gives wall seconds.

    The wheel and dragging with the right button zoom, dragging moves, a double click or `reset_view` goes back to the
    last `set_span` seconds. The pointer, or the arrow keys, move a line to the samples (`cursor`). Keys: arrows, Home,
    End; Ctrl with arrows moves the view; + and - zoom, 0 resets; Escape takes the line away.

    Signals: `ranged()`, another range is shown; `zoomed(bool)`, the user has taken the range in hand, or given it back;
    `cursor_moved()`.
    """

    ranged = Signal()
    zoomed = Signal(bool)
    cursor_moved = Signal()

    def __init__(self, curves: Curves, now: Callable[[], float], name: str, parent: QWidget | None = None) -> None:
        self._timer: QTimer | None = None
        super().__init__(parent)
        self._source = curves
        self._now = now
        self._codes: tuple[str, ...] = ()
        self._span: float | None = 600.0
        self._by_hand: tuple[float, float] | None = None
        self._plots: dict[str, pg.PlotItem] = {}
        self._curves: dict[str, pg.PlotDataItem] = {}
        self._data: dict[str, tuple[Samples, Samples]] = {}
        self._data_revision: object = None
        # In which plot each curve is: the unit of a code may change with another meter.
        self._units: dict[str, str] = {}
        self._lines: list[pg.InfiniteLine] = []
        self._cursor: float | None = None
        self._arranged = True
        self._tint_wanted = False
        self._drawn: tuple[object, int] | None = None
        self.setAccessibleName(name)
        self.viewport().setAccessibleName(name)
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.ci.layout.setContentsMargins(0, 0, 0, 0)
        self.ci.layout.setSpacing(8)
        self._timer = QTimer(self)
        self._timer.setInterval(_PULL_MS)
        self._timer.timeout.connect(self.pull)
        curves.arrived.connect(self._redraw_soon)
        self._tint()

    @property
    def codes(self) -> tuple[str, ...]:
        """What is plotted."""
        return self._codes

    @property
    def shown_range(self) -> tuple[float, float]:
        """Left and right edge, wall seconds."""
        if self._by_hand is not None:
            return self._by_hand
        now = self._now()
        return self._begin(now), now

    def points(self, code: str) -> int:
        """Samples of a plotted code that are drawn, gaps not counted."""
        x, y = self._curves[code].getOriginalDataset()
        return 0 if x is None else int(np.count_nonzero(~np.isnan(y)))

    def colour(self, code: str) -> QColor:
        """The colour of a plotted code."""
        palette = PLOT_COLOURS[colours(self.palette()).dark]
        return palette[self._codes.index(code) % len(palette)]

    def set_codes(self, codes: Sequence[str]) -> None:
        """Plot these, each in the colour of its place."""
        if tuple(codes) != self._codes:
            self._codes = tuple(codes)
            self._arranged = False
            # In a turn of its own: whoever asked has something to paint too.
            QTimer.singleShot(0, self, self.pull)

    # The range

    def set_span(self, seconds: float | None) -> None:
        """Show the last `seconds`, or everything, and go on with the time."""
        self._span = seconds
        self.reset_view()

    def reset_view(self) -> None:
        """Go on with the time."""
        self._take_in_hand(None)

    def show_range(self, begin: float, end: float) -> None:
        """Show this and stay there until `reset_view` or `set_span`."""
        middle, half = (begin + end) / 2, min(max(end - begin, 1.0), _MOST_SPAN) / 2
        self._take_in_hand((middle - half, middle + half))

    def _take_in_hand(self, by_hand: tuple[float, float] | None) -> None:
        before, self._by_hand = self._by_hand, by_hand
        self._drawn = None
        self.pull()
        if (before is None) != (by_hand is None):
            self.zoomed.emit(by_hand is not None)

    def _dragged(self) -> None:
        """The user has moved one of the linked axes; the plots follow at once, the data with the next pull."""
        plot = next(iter(self._plots.values()), None)
        if plot is None:
            return
        before, (begin, end) = self._by_hand, plot.vb.viewRange()[0]
        self._by_hand = (begin, end)
        self._drawn = None
        if before is None:
            self.zoomed.emit(True)

    def _begin(self, now: float) -> float:
        """The left edge: as far back as was asked for, but not long before the first sample, and a minute at least."""
        first = min((t for code in self._codes if (t := self._source.first(code)) is not None), default=now)
        wanted = first if self._span is None else max(first, now - self._span)
        return min(wanted, now - _LEAST_SPAN)

    # Building

    def _arrange(self) -> None:
        """Plots for the units and curves for the codes; what can stay stays, as making a plot takes 20 ms."""
        self._arranged = True
        self._drawn = self._data_revision = None
        self._data.clear()
        units = list(dict.fromkeys(self._source.series(code).unit for code in self._codes))
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
        # Each plot high enough to be read; a scroll area around has the rest.
        self.setMinimumHeight(len(plots) * 6 * QFontMetrics(self.font()).height())
        self._lines = [plot.cursor_line for plot in plots]
        self._place_lines()
        self._tint_curves()

    def _drop_curves(self) -> None:
        """Forget the curves that are not wanted any more, or went with their plots."""
        for code, curve in list(self._curves.items()):
            plot = self._plots.get(self._units[code])
            if plot is None:
                del self._curves[code]
            elif code not in self._codes or self._units[code] != self._source.series(code).unit:
                plot.removeItem(curve)
                del self._curves[code]

    def _make_curve(self, code: str) -> pg.PlotDataItem:
        unit = self._units[code] = self._source.series(code).unit
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
        plot.vb.setLimits(minYRange=1e-3, minXRange=1.0, maxXRange=_MOST_SPAN)
        plot.vb.sigRangeChangedManually.connect(self._dragged)
        plot.cursor_line = pg.InfiniteLine(angle=90, movable=False)
        plot.cursor_line.setVisible(False)
        plot.addItem(plot.cursor_line, ignoreBounds=True)
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
        plot.cursor_line.setPen(pg.mkPen(c.text, width=1))
        size = f"{font(0.88).pointSizeF():.1f}pt"
        plot.setTitle(unit or self.tr("number"), color=c.dim, size=size, justify="left")

    def _tint_curves(self) -> None:
        """Each in the colour of its place."""
        for place, (code, curve) in enumerate(self._curves.items()):
            pen = pg.mkPen(self.colour(code), width=1, style=curve_pen_style(place))
            if curve.opts["pen"] is None or pg.mkPen(curve.opts["pen"]) != pen:
                curve.setPen(pen)
                curve.setSymbolBrush(pen.color())

    def changeEvent(self, event: QEvent) -> None:
        """Take on the colours of another theme, in a turn of its own or when shown."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._timer is not None:
            self._tint_wanted = True
            if self.isVisible():
                QTimer.singleShot(0, self, self._tint)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The plots, and a ring around them when the keyboard has brought the focus here."""
        super().paintEvent(event)
        if focus_shows(self):
            painter = QPainter(self.viewport())
            paint_focus(painter, self.viewport().rect().toRectF(), 4, colours(self.palette()).accent)

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

    def _redraw_soon(self) -> None:
        if self.isVisible():
            QTimer.singleShot(0, self, self.pull)

    def pull(self) -> None:
        """Draw what is new; the axis moves on once a second."""
        if any(self._units.get(code) != self._source.series(code).unit for code in self._curves):
            self._arranged = False
        if not self._arranged:
            self._arrange()
        state = (self._source.revision, int(self._now()))
        if state == self._drawn or not self._curves:
            return
        self._drawn = state
        if self._data_revision != state[0]:
            self._data_revision = state[0]
            for code, curve in self._curves.items():
                self._data[code] = self._source.curve(code)
                curve.setData(*self._data[code])
        begin, end = self.shown_range
        for code, curve in self._curves.items():
            self._source.want(code, begin, end)
            x = self._data[code][0]
            inside = x.searchsorted(end, "right") - x.searchsorted(begin)
            curve.setSymbol("o" if inside <= _DOTS_UP_TO else None)
        for unit, plot in self._plots.items():
            # Edges by hand are exact: with room added at every pull they would creep away.
            plot.setXRange(begin, end, padding=0.02 if self._by_hand is None else 0)
            self._fit(plot, unit, begin, end)
        self.ranged.emit()

    def _fit(self, plot: pg.PlotItem, unit: str, begin: float, end: float) -> None:
        """The y range of what is in view, never so narrow that the last digit's flicker fills the plot."""
        low, high = np.inf, -np.inf
        for code, (x, y) in self._data.items():
            if self._units[code] != unit:
                continue
            # With the samples beside the view, from which lines come in.
            inside = y[max(0, int(x.searchsorted(begin)) - 1) : int(x.searchsorted(end, "right")) + 1]
            inside = inside[~np.isnan(inside)]
            if inside.size:
                low, high = min(low, float(inside.min())), max(high, float(inside.max()))
        if low > high:
            return
        least = 0.01 if is_register(unit) else max(0.02 * max(abs(low), abs(high)), 0.1)
        spare = max(0.0, least - (high - low)) / 2
        plot.setYRange(low - spare, high + spare, padding=0.1)

    # The cursor

    @property
    def cursor(self) -> float | None:
        """Where the line stands, wall seconds; None without one."""
        return self._cursor

    def value(self, code: str) -> float | None:
        """What a plotted code was at the cursor; None in a gap."""
        if self._cursor is None or code not in self._data:
            return None
        found = value_at(*self._data[code], self._cursor, self._tolerance())
        return None if found is None else found[1]

    def set_cursor(self, time: float | None) -> None:
        """Move the line to the sample next to an instant, or to the instant itself in a gap; None takes it away."""
        if time is not None:
            found = [
                at for data in self._drawn_curves() if (at := value_at(*data, time, self._tolerance())) is not None
            ]
            time = min((at for at, _ in found), key=lambda at: abs(at - time), default=time)
        if time != self._cursor:
            self._cursor = time
            self._place_lines()
            self.cursor_moved.emit()

    def _drawn_curves(self) -> list[tuple[Samples, Samples]]:
        return [self._data[code] for code in self._codes if code in self._data]

    def _tolerance(self) -> float:
        begin, end = self.shown_range
        return (end - begin) * _SNAP_PX / max(1, self.width())

    def _place_lines(self) -> None:
        for line in self._lines:
            line.setVisible(self._cursor is not None)
            if self._cursor is not None:
                line.setPos(self._cursor)

    def _step_cursor(self, by: int) -> None:
        """To the next or the last sample of any curve."""
        begin, end = self.shown_range
        times = [x[~np.isnan(y)] for x, y in self._drawn_curves()]
        if not any(len(x) for x in times):
            return
        if self._cursor is None or not begin <= self._cursor <= end:
            inside = np.concatenate([x[(x >= begin) & (x <= end)] for x in times])
            if len(inside):
                self.set_cursor(float(inside.max() if by < 0 else inside.min()))
            return
        if by > 0:
            reach = [float(x[place]) for x in times if (place := x.searchsorted(self._cursor, "right")) < len(x)]
        else:
            reach = [float(x[place - 1]) for x in times if (place := x.searchsorted(self._cursor)) > 0]
        if reach:
            to = min(reach) if by > 0 else max(reach)
            if not begin <= to <= end:
                self.show_range(to - (end - begin) / 2, to + (end - begin) / 2)
            self.set_cursor(to)

    def _jump_cursor(self, to_end: bool) -> None:
        self._cursor = None
        self._step_cursor(-1 if to_end else 1)

    # Mouse and keys

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The line follows the pointer."""
        super().mouseMoveEvent(event)
        plot = next(iter(self._plots.values()), None)
        if plot is not None and not event.buttons():
            inside = plot.vb.sceneBoundingRect()
            at = self.mapToScene(event.position().toPoint())
            if inside.left() <= at.x() <= inside.right():
                self.set_cursor(float(plot.vb.mapSceneToView(QPointF(at)).x()))
            else:
                self.set_cursor(None)

    def leaveEvent(self, event: QEvent) -> None:
        """No pointer, no line; a line set with the keys stays."""
        super().leaveEvent(event)
        if not self.hasFocus():
            self.set_cursor(None)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Back to the time that goes on."""
        super().mouseDoubleClickEvent(event)
        self.reset_view()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See the class; all other keys go on to whoever wants them."""
        begin, end = self.shown_range
        width = end - begin
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                by = -1 if event.key() == Qt.Key.Key_Left else 1
                if ctrl:
                    self.show_range(begin + by * _PAN * width, end + by * _PAN * width)
                else:
                    self._step_cursor(by)
            case Qt.Key.Key_Home | Qt.Key.Key_End:
                self._jump_cursor(event.key() == Qt.Key.Key_End)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal | Qt.Key.Key_Minus:
                self._zoom(1 / _ZOOM if event.key() == Qt.Key.Key_Minus else _ZOOM)
            case Qt.Key.Key_0:
                self.reset_view()
            case Qt.Key.Key_Escape if self._cursor is not None:
                self.set_cursor(None)
            case _:
                event.ignore()

    def _zoom(self, factor: float) -> None:
        """Around the line, or else the middle."""
        begin, end = self.shown_range
        still = self._cursor if self._cursor is not None and begin <= self._cursor <= end else (begin + end) / 2
        self.show_range(still - (still - begin) * factor, still + (end - still) * factor)
