"""The live plot of readings: its time range, its updates, and the line at which values are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QHideEvent, QKeyEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QApplication

from cmi_gui.ui.pages.readings.curves import Curves, value_at
from cmi_gui.ui.widgets.plot.plot_stack import MOST_SPAN, PlotStack
from cmi_gui.ui.widgets.plot.series import Samples

_PULL_MS = 100
_LEAST_SPAN = 60.0
"""The shortest time axis in seconds with "All", used when there are hardly any samples."""
_SNAP_PX = 12
_ZOOM = 0.7
_PAN = 0.25


class ObisPlot(PlotStack):
    """A plot of the chosen codes; `now` returns wall seconds.

    The wheel and dragging with the right button zoom, dragging moves, a double click or `reset_view` goes back to the
    last `set_span` seconds. The pointer or the arrow keys move a line to the samples (`cursor_time`). Keys: arrows,
    Home, End; Ctrl with arrows moves the view; + and - zoom, 0 resets; Escape removes the line; N adds a note at it.
    A line set with the pointer is removed when the pointer leaves the plot.

    Signals: `ranged()`, another range or other samples are shown; `zoomed(bool)`, the range is now set by hand, or
    follows the clock again; `cursor_moved()`; `note_wanted(float)`, a note is to be added at a time;
    `menu_wanted(QPoint, float)`, the menu of a place of the viewport and its time.
    """

    ranged = Signal()
    zoomed = Signal(bool)
    cursor_moved = Signal()
    note_wanted = Signal(float)
    menu_wanted = Signal(QPoint, float)

    def __init__(self, curves: Curves, now: Callable[[], float], name: str) -> None:
        super().__init__(curves.unit, name)
        self._source = curves
        self._now = now
        self._codes: tuple[str, ...] = ()
        self._span: float | None = 600.0
        self._fixed_range: tuple[float, float] | None = None
        self._cursor: float | None = None
        self._pointed = False
        self._pressed: QPoint | None = None
        self._arranged = True
        self._revision: object = None
        self._drawn: tuple[object, int] | None = None
        self._timer = QTimer(self, interval=_PULL_MS)
        self._timer.timeout.connect(self.pull)
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self.pull)
        self.dragged.connect(self._take_dragged)
        curves.arrived.connect(self._redraw_soon)

    @property
    def codes(self) -> tuple[str, ...]:
        """The plotted codes."""
        return self._codes

    def set_codes(self, codes: Sequence[str]) -> None:
        """Plot these codes, each in the colour of its place."""
        if tuple(codes) != self._codes:
            self._codes = tuple(codes)
            self._arranged = False
            # Drawn from the event loop, so that the caller can repaint first.
            self._redraw_soon()

    # The range

    @property
    def shown_range(self) -> tuple[float, float]:
        """The left and right edge in wall seconds."""
        if self._fixed_range is not None:
            return self._fixed_range
        now = self._now()
        return self._begin(now), now

    def set_span(self, seconds: float | None) -> None:
        """Show the last `seconds`, or everything for None, and follow the clock."""
        self._span = seconds
        self.reset_view()

    def reset_view(self) -> None:
        """Follow the clock again."""
        self._set_fixed_range(None)

    def show_range(self, begin: float, end: float) -> None:
        """Show a fixed range in wall seconds, at least 1 s, until `reset_view` or `set_span`."""
        middle, half = (begin + end) / 2, min(max(end - begin, 1.0), MOST_SPAN) / 2
        self._set_fixed_range((middle - half, middle + half))

    def _set_fixed_range(self, fixed_range: tuple[float, float] | None) -> None:
        before, self._fixed_range = self._fixed_range, fixed_range
        self._drawn = None
        self.pull()
        if (before is None) != (fixed_range is None):
            self.zoomed.emit(fixed_range is not None)

    def _take_dragged(self, edges: tuple[float, float]) -> None:
        """Take over the edges of an axis already moved; the values are fitted at the next pull."""
        before, self._fixed_range = self._fixed_range, edges
        self._drawn = None
        if before is None:
            self.zoomed.emit(True)

    def _begin(self, now: float) -> float:
        """Return the left edge: the chosen span back; for everything the first sample, and at least a minute back."""
        if self._span is not None:
            return now - self._span
        first = min((t for code in self._codes if (t := self._source.first(code)) is not None), default=now)
        return min(first, now - _LEAST_SPAN)

    # Pulling

    def showEvent(self, event: QShowEvent) -> None:
        """Start the regular updates."""
        super().showEvent(event)
        self.tint_if_wanted()
        self._timer.start()
        self.pull()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the regular updates, and remove a line set with the pointer."""
        super().hideEvent(event)
        self._timer.stop()
        self._unpoint()

    def _redraw_soon(self) -> None:
        if self.isVisible():
            self._soon.start()

    def pull(self) -> None:
        """Draw new samples; the axis moves on once a second."""
        if not self._arranged or self.needs_arranging():
            codes = self.affordable(self._codes)
            self.arrange(codes)
            self._arranged = len(codes) == len(self._codes)
            self._drawn = self._revision = None
            if not self._arranged:
                self._redraw_soon()
        state = (self._source.revision, int(self._now()))
        if state == self._drawn or not self._codes:
            return
        self._drawn = state
        if self._revision != state[0]:
            self._revision = state[0]
            for code in self.drawn:
                self.draw(code, *self._source.curve(code))
        begin, end = self.shown_range
        for code in self.drawn:
            self._source.fetch_missing(code, begin, end)
        # A chosen span is exact, and edges set by hand would drift with a margin added at every pull.
        everything = self._fixed_range is None and self._span is None
        self.show_times(begin, end, 0.02 if everything else 0.0)
        self.ranged.emit()

    # The line

    @property
    def cursor_time(self) -> float | None:
        """The time of the line in wall seconds; None without a line."""
        return self._cursor

    def value(self, code: str) -> float | None:
        """Return the value of a plotted code at the line; None in a gap or without a line."""
        if self._cursor is None or code not in self.data:
            return None
        found = value_at(*self.data[code], self._cursor, self._tolerance())
        return None if found is None else found[1]

    def set_cursor(self, time: float | None) -> None:
        """Move the line to the sample nearest to an instant, or in a gap to the instant itself; None removes it."""
        self._pointed = False
        position = time
        if time is not None:
            found = [value_at(*data, time, self._tolerance()) for data in self._shown()]
            times = [sample[0] for sample in found if sample is not None]
            position = min(times, key=lambda at: abs(at - time), default=time)
        if position != self._cursor:
            self._cursor = position
            self.show_line_at(position)
            self.cursor_moved.emit()

    def _shown(self) -> list[tuple[Samples, Samples]]:
        return [self.data[code] for code in self._codes if code in self.data]

    def _tolerance(self) -> float:
        begin, end = self.shown_range
        return (end - begin) * _SNAP_PX / max(1, self.width())

    def _step_cursor(self, by: int) -> None:
        """Move the line to the next (1) or previous (-1) sample of any curve; without a line it starts at an edge.

        The edge is the left one for the next sample, the right one for the previous.
        """
        begin, end = self.shown_range
        times = [x[~np.isnan(y)] for x, y in self._shown()]
        if self._cursor is None or not begin <= self._cursor <= end:
            inside = [float(x[x.searchsorted(begin)]) for x in times if x.searchsorted(begin) < len(x)]
            if by < 0:
                inside = [float(x[at - 1]) for x in times if (at := x.searchsorted(end, "right")) > 0]
            reach = [at for at in inside if begin <= at <= end]
        elif by > 0:
            reach = [float(x[at]) for x in times if (at := x.searchsorted(self._cursor, "right")) < len(x)]
        else:
            reach = [float(x[at - 1]) for x in times if (at := x.searchsorted(self._cursor)) > 0]
        if reach:
            to = min(reach) if by > 0 else max(reach)
            if not begin <= to <= end:
                self.show_range(to - (end - begin) / 2, to + (end - begin) / 2)
            self.set_cursor(to)

    @property
    def note_time(self) -> float:
        """The time for a new note: that of the line, else now, or the middle of a range that was set by hand."""
        begin, end = self.shown_range
        if self._cursor is not None:
            return self._cursor
        return self._now() if self._fixed_range is None else (begin + end) / 2

    # Mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where the right button was pressed, which zooms if it is dragged."""
        super().mousePressEvent(event)
        self._pressed = event.position().toPoint() if event.button() == Qt.MouseButton.RightButton else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the menu if the right button was not dragged."""
        super().mouseReleaseEvent(event)
        place, before = event.position().toPoint(), self._pressed
        self._pressed = None
        if before is not None and (place - before).manhattanLength() < QApplication.startDragDistance():
            time = self.time_at(place.x())
            if time is not None:
                self.menu_wanted.emit(place, time if self._cursor is None else self._cursor)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu for the key of the keyboard; the mouse has its own way."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.menu_wanted.emit(self.viewport().rect().center(), self.note_time)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the line to the pointer unless a button is pressed."""
        super().mouseMoveEvent(event)
        if not event.buttons():
            self.set_cursor(self.time_at(event.position().x()))
            self._pointed = True

    def leaveEvent(self, event: QEvent) -> None:
        """Remove a line set with the pointer; one set with keys stays."""
        super().leaveEvent(event)
        self._unpoint()

    def _unpoint(self) -> None:
        if self._pointed:
            self.set_cursor(None)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Follow the clock again."""
        super().mouseDoubleClickEvent(event)
        self.reset_view()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Process the keys listed at the class; all others are passed on."""
        begin, end = self.shown_range
        key, ctrl = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        match key:
            case Qt.Key.Key_Left | Qt.Key.Key_Right if ctrl:
                by = (end - begin) * (_PAN if key == Qt.Key.Key_Right else -_PAN)
                self.show_range(begin + by, end + by)
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                self._step_cursor(1 if key == Qt.Key.Key_Right else -1)
            case Qt.Key.Key_Home | Qt.Key.Key_End:
                self._cursor = None
                self._step_cursor(1 if key == Qt.Key.Key_Home else -1)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self._zoom(_ZOOM)
            case Qt.Key.Key_Minus:
                self._zoom(1 / _ZOOM)
            case Qt.Key.Key_0:
                self.reset_view()
            case Qt.Key.Key_N:
                self.note_wanted.emit(self.note_time)
            case Qt.Key.Key_Escape if self._cursor is not None:
                self.set_cursor(None)
            case _:
                event.ignore()

    def _zoom(self, factor: float) -> None:
        """Zoom around the line if it is visible, else around the middle."""
        begin, end = self.shown_range
        still = self._cursor if self._cursor is not None and begin <= self._cursor <= end else (begin + end) / 2
        self.show_range(still - (still - begin) * factor, still + (end - still) * factor)
