"""Plots stacked over one time axis, one per unit: made, coloured and scaled here; the caller sets their content."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape

import numpy as np
import pyqtgraph as pg
from pyqtgraph.graphicsItems.DateAxisItem import (
    DAY_SPACING,
    MINUTE_SPACING,
    SECOND_SPACING,
    TickSpec,
    ZoomLevel,
    makeSStepper,
)
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from cmi_gui.ui.text.i18n import with_decimal_sign
from cmi_gui.ui.text.tooltip import show_tooltip
from cmi_gui.ui.theme import PLOT_COLOURS, SPACE, colours, font
from cmi_gui.ui.widgets.plain.accessible import Role, Spoken
from cmi_gui.ui.widgets.plain.buttons import focus_shows, paint_focus
from cmi_gui.ui.widgets.plot.note_marks import NoteMark, NoteMarks, in_view
from cmi_gui.ui.widgets.plot.series import Samples, is_register
from cmi_gui.ui.widgets.plot.sparkline import curve_pen_style

MOST_SPAN = 200 * 365 * 86_400.0
"""The longest visible time range, in seconds."""
_DOTS_UP_TO = 400
"""The maximum number of samples in view that are marked by dots: a readout a minute must look like single readings."""

_POINTS_PER_PIXEL = 2.0
"""Buckets per pixel of a long curve, each drawn by its minimum and maximum: more are not visible and cost time."""

_GRID_ALPHA = 0.35
"""The opacity of grid lines: visible in both schemes (contrast 1.5 or more), but fainter than any curve."""

_AXIS_WIDTH = 76
"""The width of the axes of values in pixels, the same for all, so that their times are aligned."""

_NOTE_PX = 6
"""The distance in pixels up to which the pointer is at a note."""

_NEW_PLOTS = 1
"""The maximum number of plots made in one turn of the event loop, at 12 ms each."""


_SKIPS = [1, 2, 5, 10, 15, 30]
"""The steps between times in seconds or minutes, of which the smallest with room for the labels is taken."""


def _away_from_ends(
    levels: list[tuple[float, Sequence[float]]], least: float, most: float, margin: float
) -> list[tuple[float, Sequence[float]]]:
    """Return the ticks of an axis that are at least `margin` away from its ends."""
    return [
        (spacing, [value for value in values if least + margin <= value <= most - margin]) for spacing, values in levels
    ]


class _TimeAxis(pg.DateAxisItem):
    """An axis of times with as many labels as there is room for: pyqtgraph has no steps of 2 minutes."""

    def __init__(self) -> None:
        super().__init__()
        day = TickSpec(DAY_SPACING, makeSStepper(DAY_SPACING), "%a %d")
        minutes = TickSpec(MINUTE_SPACING, makeSStepper(MINUTE_SPACING), "%H:%M", autoSkip=_SKIPS)
        seconds = TickSpec(SECOND_SPACING, makeSStepper(SECOND_SPACING), "%H:%M:%S", autoSkip=_SKIPS)
        self.zoomLevels |= {
            15 * MINUTE_SPACING: ZoomLevel([day, minutes], "MMM 00"),
            30: ZoomLevel([seconds], "99:99:99"),
        }

    def tickValues(self, least: float, most: float, size: float) -> list[tuple[float, Sequence[float]]]:
        """Return the values of ticks whose labels fit between the ends."""
        levels = super().tickValues(least, most, size)
        half = self.fontMetrics.horizontalAdvance(self.zoomLevel.exampleText) / 2
        return _away_from_ends(levels, least, most, half * (most - least) / size)


class _ValueAxis(pg.AxisItem):
    """An axis of values with the decimal sign of the language."""

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Return the texts of ticks."""
        return [with_decimal_sign(text) for text in super().tickStrings(values, scale, spacing)]

    def tickValues(self, least: float, most: float, size: float) -> list[tuple[float, Sequence[float]]]:
        """Return the values of ticks that have room for their labels: pyqtgraph puts them too close in a low plot."""
        line = QFontMetrics(self.style["tickFont"] or self.font()).height()
        room = max(2, int(size / (1.2 * line)))
        levels = super().tickValues(least, most, size)
        levels = _away_from_ends(levels, least, most, 0.4 * line * (most - least) / size)
        return [(spacing, values[:: -(-len(values) // room) or 1]) for spacing, values in levels]


class PlotStack(pg.GraphicsLayoutWidget, Spoken):
    """Stacked plots with the curves of codes, each in the plot of its unit, which `unit_of` returns.

    Signals: `dragged(object)`: the user moved or zoomed the time axis; its edges in seconds of wall time.
    """

    dragged = Signal(object)
    accessible_role = Role.Chart

    def __init__(self, unit_of: Callable[[str], str], name: str) -> None:
        self._ready = False
        super().__init__()
        self._unit_of = unit_of
        self.data: dict[str, tuple[Samples, Samples]] = {}
        """The samples drawn of each code: times in seconds of wall time; values, NaN in gaps."""
        self._plots: dict[str, pg.PlotItem] = {}
        self._lines: dict[str, pg.InfiniteLine] = {}
        self._notes: Sequence[NoteMark] = ()
        self._note_marks: dict[str, NoteMarks] = {}
        self._curves: dict[str, pg.PlotDataItem] = {}
        self._dots: dict[str, pg.ScatterPlotItem] = {}
        # The plot of each curve, by unit: the unit of a code may change with another meter.
        self._units: dict[str, str] = {}
        self._line: float | None = None
        self._remark = ""
        self._tint_wanted = False
        self.setAccessibleName(name)
        self.viewport().setAccessibleName(name)
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.ci.layout.setContentsMargins(0, 0, 0, 0)
        self.ci.layout.setSpacing(8)
        self._ready = True
        self._tint()

    def accessible_parts(self) -> tuple[QWidget, ...]:
        """Return nothing: name and description say what can be said, and the table of statistics has the values."""
        return ()

    @property
    def drawn(self) -> tuple[str, ...]:
        """The codes with a curve."""
        return tuple(self._curves)

    def curves(self) -> Iterator[tuple[pg.PlotDataItem, pg.ScatterPlotItem, pg.ViewBox]]:
        """Yield each curve with the dots of its single samples and its view."""
        for code, curve in self._curves.items():
            yield curve, self._dots[code], self._plots[self._units[code]].vb

    def note_marks(self) -> Iterator[NoteMarks]:
        """Yield the notes as each plot shows them."""
        yield from self._note_marks.values()

    def points(self, code: str) -> int:
        """Return the number of samples drawn of a plotted code, without gaps."""
        x, y = self._curves[code].getOriginalDataset()
        return 0 if x is None else int(np.count_nonzero(~np.isnan(y)))

    # Building

    def arrange(self, codes: Sequence[str]) -> None:
        """Make plots for the units and curves for the codes, and reuse existing ones where possible."""
        self.data.clear()
        units = list(dict.fromkeys(self._unit_of(code) for code in codes))
        reused = 0
        while reused < min(len(units), len(self._plots)) and units[reused] == list(self._plots)[reused]:
            reused += 1
        for unit in list(self._plots)[reused:]:
            del self._lines[unit], self._note_marks[unit]
            self.ci.removeItem(self._plots.pop(unit))
        self._drop_curves(codes)
        for row, unit in enumerate(units[reused:], reused):
            self._plots[unit] = self._make_plot(row, unit)
        plots = list(self._plots.values())
        for plot in plots[max(1, reused) :]:
            plot.setXLink(plots[0])
        for plot in plots:
            self._show_times(plot, plot is plots[-1])
        self._curves = {code: self._curves.get(code) or self._make_curve(code) for code in codes}
        # Each plot stays high enough to be read; a surrounding scroll area shows the rest.
        self.setMinimumHeight(len(plots) * 6 * QFontMetrics(self.font()).height())
        self.show_line_at(self._line)
        self._tint_curves()

    def affordable(self, codes: Sequence[str]) -> Sequence[str]:
        """Return as many of the codes, from the first, as can be arranged without blocking the window."""
        new: set[str] = set()
        for position, code in enumerate(codes):
            unit = self._unit_of(code)
            new |= {unit} - self._plots.keys()
            if len(new) > _NEW_PLOTS:
                return codes[:position]
        return codes

    def needs_arranging(self) -> bool:
        """Return whether the unit of a curve has changed."""
        return any(self._units[code] != self._unit_of(code) for code in self._curves)

    def _drop_curves(self, codes: Sequence[str]) -> None:
        """Remove the curves that are not wanted any more or were removed with their plots."""
        for code, curve in list(self._curves.items()):
            plot = self._plots.get(self._units[code])
            if plot is None:
                del self._curves[code], self._dots[code]
            elif code not in codes or self._units[code] != self._unit_of(code):
                plot.removeItem(curve)
                plot.removeItem(self._dots[code])
                del self._curves[code], self._dots[code]

    def _make_curve(self, code: str) -> pg.PlotDataItem:
        unit = self._units[code] = self._unit_of(code)
        self._dots[code] = pg.ScatterPlotItem(size=5, pen=None)
        self._plots[unit].addItem(self._dots[code])
        return self._plots[unit].plot(
            symbolPen=None, symbolSize=5, connect="finite", name=code, autoDownsampleFactor=_POINTS_PER_PIXEL
        )

    def _make_plot(self, row: int, unit: str) -> pg.PlotItem:
        plot = self.addPlot(
            row=row, col=0, axisItems={"left": _ValueAxis("left"), "bottom": _TimeAxis()}, enableMenu=False
        )
        # pyqtgraph makes the menu anyway, without an owner: it would outlive plot and window.
        self.destroyed.connect(plot.ctrlMenu.deleteLater)
        plot.hideButtons()
        plot.disableAutoRange()
        # Set on the plot, because it overrides a curve's own setting when the curve is added.
        plot.setDownsampling(auto=True, mode="peak")
        plot.setClipToView(True)
        plot.showGrid(x=True, y=True)
        plot.vb.setMouseEnabled(x=True, y=False)
        plot.vb.setLimits(minYRange=1e-3, minXRange=1.0, maxXRange=MOST_SPAN)
        plot.vb.sigRangeChangedManually.connect(self._dragged)
        self._lines[unit] = pg.InfiniteLine(angle=90, movable=False)
        plot.addItem(self._lines[unit], ignoreBounds=True)
        self._note_marks[unit] = NoteMarks(plot.vb)
        self._note_marks[unit].show_marks(self._notes)
        for side in ("left", "bottom"):
            axis = plot.getAxis(side)
            axis.enableAutoSIPrefix(False)
            # Grid lines at minor ticks too would cost three quarters of a frame.
            axis.setStyle(tickFont=font(0.88), maxTickLevel=0, tickAlpha=_GRID_ALPHA)
        plot.getAxis("left").setWidth(_AXIS_WIDTH)
        self._tint_plot(unit, plot)
        return plot

    @staticmethod
    def _show_times(plot: pg.PlotItem, shown: bool) -> None:
        """Show or hide the times of a plot's axis; a height of None fits the labels."""
        axis = plot.getAxis("bottom")
        axis.setStyle(showValues=shown)
        axis.setHeight(None if shown else 6)

    # Showing

    def draw(self, code: str, times: Samples, values: Samples) -> None:
        """Set the samples of a curve; the caller must not change the arrays afterwards."""
        self.data[code] = times, values
        if np.isnan(values).all():
            self._set_dots(code, False)
        self._curves[code].setData(times, values)
        self._dots[code].setData(*_lone(times, values))

    def show_times(self, begin: float, end: float, padding: float) -> None:
        """Show a time range with `padding`, a share of it, on either side, and fit the y ranges to it."""
        dotted = {code for code in self._curves if self._are_single(code, begin, end)}
        for code in self._curves.keys() - dotted:
            self._set_dots(code, False)
        for unit, plot in self._plots.items():
            plot.setXRange(begin, end, padding=padding)
            self._fit(plot, unit, begin, end)
        # Not before the range is set: pyqtgraph cannot paint dots if only gaps are in view.
        for code in dotted:
            self._set_dots(code, True)

    def _are_single(self, code: str, begin: float, end: float) -> bool:
        """Return whether a time range has so few samples of a curve that each gets a dot."""
        times, values = self.data[code]
        inside = values[times.searchsorted(begin) : times.searchsorted(end, "right")]
        return len(inside) <= _DOTS_UP_TO and not np.isnan(inside).all()

    def _set_dots(self, code: str, shown: bool) -> None:
        symbol = "o" if shown else None
        if self._curves[code].opts["symbol"] != symbol:
            self._curves[code].setSymbol(symbol)

    def _fit(self, plot: pg.PlotItem, unit: str, begin: float, end: float) -> None:
        """Fit the y range to what is in view, but not so narrow that changes of the last digit fill the plot."""
        low, high = np.inf, -np.inf
        for code, (x, y) in self.data.items():
            if self._units[code] != unit:
                continue
            # Including the neighbouring samples outside the view, from which lines enter it.
            inside = y[max(0, int(x.searchsorted(begin)) - 1) : int(x.searchsorted(end, "right")) + 1]
            if inside.size:
                # fmin and fmax ignore the NaN of gaps, at a quarter of the cost of removing them first.
                low = np.fmin(low, np.fmin.reduce(inside))
                high = np.fmax(high, np.fmax.reduce(inside))
        if low > high:
            return
        least = 0.01 if is_register(unit) else max(0.02 * max(abs(low), abs(high)), 0.1)
        spare = max(0.0, least - (high - low)) / 2
        plot.setYRange(low - spare, high + spare, padding=0.1)

    def shows_values(self, begin: float, end: float) -> bool:
        """Return whether a sample, or a line between two samples, is in a time range."""
        for times, values in self.data.values():
            known = ~np.isnan(values)
            at, behind = int(times.searchsorted(begin)), int(times.searchsorted(end, "right"))
            crosses = at == behind and 0 < at < len(times) and bool(known[at - 1] and known[at])
            if crosses or known[at:behind].any():
                return True
        return False

    def set_remark(self, text: str) -> None:
        """Show a text in the middle of the plots; an empty one removes it."""
        if text != self._remark:
            self._remark = text
            self.viewport().update()

    @property
    def remark(self) -> str:
        """The text in the middle of the plots."""
        return self._remark

    def show_line_at(self, time: float | None) -> None:
        """Draw a vertical line through all plots at a time; None hides it."""
        self._line = time
        for line in self._lines.values():
            line.setVisible(time is not None)
            if time is not None:
                line.setPos(time)

    def show_notes(self, notes: Sequence[NoteMark]) -> None:
        """Show notes in all plots."""
        self._notes = notes
        for marks in self._note_marks.values():
            marks.show_marks(notes)

    def notes_in_view(self) -> list[NoteMark]:
        """Return the notes in the visible time range."""
        for plot in self._plots.values():
            return in_view(self._notes, *plot.vb.viewRange()[0])
        return []

    def note_at(self, place: QPoint) -> NoteMark | None:
        """Return the note whose flag or line is at a place of the viewport, or None."""
        at = self.mapToScene(place)
        for marks in self._note_marks.values():
            inside = marks.mapFromScene(at)
            if marks.boundingRect().contains(inside):
                placed = list(marks.places())
                for mark, _, flag in placed:
                    if flag is not None and flag.contains(inside):
                        return mark
                near = [(abs(x - inside.x()), mark) for mark, x, _ in placed]
                return min((each for each in near if each[0] <= _NOTE_PX), default=(0.0, None))[1]
        return None

    def viewportEvent(self, event: QEvent) -> bool:
        """Show the text of the note at the pointer."""
        if isinstance(event, QHelpEvent):
            note = self.note_at(event.pos())
            show_tooltip(event.globalPos(), "" if note is None else note.text, self.viewport())
            return True
        return bool(super().viewportEvent(event))

    def time_at(self, x: float) -> float | None:
        """Return the time at an x of the viewport in pixels; None outside the plots."""
        for plot in self._plots.values():
            room = plot.vb.sceneBoundingRect()
            at = self.mapToScene(round(x), 0).x()
            if room.left() <= at <= room.right():
                return float(plot.vb.mapSceneToView(QPointF(at, room.top())).x())
        return None

    def _dragged(self) -> None:
        """Report the time range of the first plot; the others are linked to it."""
        plot = next(iter(self._plots.values()))
        begin, end = plot.vb.viewRange()[0]
        self.dragged.emit((begin, end))

    # Colours

    def colour(self, position: int) -> QColor:
        """Return the colour of the curve at a place."""
        palette = PLOT_COLOURS[colours(self.palette()).dark]
        return palette[position % len(palette)]

    def _tint(self) -> None:
        """Apply the colours of the present theme."""
        self._tint_wanted = False
        self.setBackground(colours(self.palette()).base)
        for unit, plot in self._plots.items():
            self._tint_plot(unit, plot)
            self._note_marks[unit].update()
        self._tint_curves()

    def _tint_plot(self, unit: str, plot: pg.PlotItem) -> None:
        c = colours(self.palette())
        for side in ("left", "bottom"):
            plot.getAxis(side).setPen(pg.mkPen(c.border))
            plot.getAxis(side).setTickPen(pg.mkPen(c.dim))
            plot.getAxis(side).setTextPen(pg.mkPen(c.dim))
        self._lines[unit].setPen(pg.mkPen(c.dim, width=1))
        size = f"{font(0.88).pointSizeF():.1f}pt"
        # A title is markup, so the unit, which comes from the meter, is escaped.
        plot.setTitle(escape(unit or self.tr("no unit")), color=c.dim, size=size, justify="left")

    def _tint_curves(self) -> None:
        """Give each curve the colour of its place."""
        for position, curve in enumerate(self._curves.values()):
            pen = pg.mkPen(self.colour(position), width=1, style=curve_pen_style(position))
            if curve.opts["pen"] is None or pg.mkPen(curve.opts["pen"]) != pen:
                curve.setPen(pen)
                curve.setSymbolBrush(pen.color())
                self._dots[curve.name()].setBrush(pen.color())

    def changeEvent(self, event: QEvent) -> None:
        """Apply the colours of another theme, in a later turn of the event loop or when shown."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._ready:
            self._tint_wanted = True
            if self.isVisible():
                QTimer.singleShot(0, self, self._tint)

    def tint_if_wanted(self) -> None:
        """Apply a theme that was set while this was hidden."""
        if self._tint_wanted:
            self._tint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the plots, the remark, and a ring around them if they have the keyboard focus."""
        super().paintEvent(event)
        if self._remark:
            painter = QPainter(self.viewport())
            painter.setPen(colours(self.palette()).text)
            room = self.viewport().rect().adjusted(_AXIS_WIDTH + SPACE.m, 0, -SPACE.m, 0)
            how = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            around = painter.boundingRect(room, how, self._remark).adjusted(-SPACE.s, -SPACE.xs, SPACE.s, SPACE.xs)
            painter.fillRect(around, colours(self.palette()).base)
            painter.drawText(room, how, self._remark)
            painter.end()
        if focus_shows(self):
            painter = QPainter(self.viewport())
            paint_focus(self, painter, self.viewport().rect().toRectF(), 4)


def _lone(times: Samples, values: Samples) -> tuple[Samples, Samples]:
    """Return the samples that are alone between two gaps, where there is no line."""
    known = np.concatenate(([False], ~np.isnan(values), [False]))
    lone = known[1:-1] & ~known[:-2] & ~known[2:]
    return times[lone], values[lone]
