"""The tables of traffic, which mark the exchange under the pointer, errors by shapes, and changed bytes."""

from __future__ import annotations

from typing import Unpack

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QWidget

from cmi_gui.ui.icons import paint_icon
from cmi_gui.ui.pages.traffic.latest import CHANGED_ROLE, LatestColumn
from cmi_gui.ui.pages.traffic.line import DIM_ROLE, ERROR_ROLE, START_ROLE, LineState, PaintedLine, TrafficColumn
from cmi_gui.ui.pages.traffic.model import TrafficModel
from cmi_gui.ui.pages.traffic.source import SLICE_SECONDS
from cmi_gui.ui.text.mark import Mark
from cmi_gui.ui.theme import RULE_GROUNDS, SPACE, Colours, colours
from cmi_gui.ui.widgets.plain.marks import paint_cell_mark
from cmi_gui.ui.widgets.plain.options import Options
from cmi_gui.ui.widgets.plain.table import CellDelegate, Table

_FRESH_MS = 700
_MOST_FRESH = 6
"""The maximum number of new lines at once that are marked; more would only flicker."""
_MARK = 12
_NUMBERS = frozenset((TrafficColumn.DELTA, TrafficColumn.ADDRESS, TrafficColumn.LENGTH, TrafficColumn.ANSWER))


class TrafficDelegate(CellDelegate):
    """A delegate that paints backgrounds for the exchange under the pointer and new lines, and shapes before the type.

    It calls the model once per line, not through Qt once per role, so that a page of cells is painted in one frame.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.model: TrafficModel | None = None
        self.colours: Colours | None = None
        """The colours of the frame being painted."""
        self.hovered: int | None = None
        """The exchange under the pointer, by the index of its first row."""
        self.current: int | None = None
        """The exchange of the current line."""
        self.fresh_from: int | None = None
        """The first of the lines marked as new."""
        self._line = -1
        """The line being painted, whose data and background follow."""
        self._painted_line: PaintedLine | None = None
        self._ground: QColor | None = None
        self._elided: dict[tuple[str, int], tuple[str, int, int]] = {}

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint background, shape and text."""
        if self.model is None:
            return
        row, column, rect = index.row(), index.column(), option.rect
        c = self.colours or colours(option.palette)
        if row != self._line:
            self._begin_line(row, option, c)
        painted_line = self._painted_line
        if painted_line is None:
            return
        if self._ground is not None:
            painter.fillRect(rect, self._ground)
        if not column and painted_line.start in (self.hovered, self.current):
            painter.fillRect(rect.left(), rect.top(), 3, rect.height(), c.accent)
        left, width = rect.left() + SPACE.s, rect.width() - 2 * SPACE.s
        if column == TrafficColumn.TYPE:
            if painted_line.state is not LineState.GOOD:
                self._shape(
                    painter, painted_line.state, QRectF(left, rect.center().y() - _MARK / 2 + 0.5, _MARK, _MARK), c
                )
            # All types are aligned, with or without a shape.
            left, width = left + _MARK + SPACE.xs, width - _MARK - SPACE.xs
        if column == TrafficColumn.SUMMARY and painted_line.bookmarked:
            paint_icon(painter, "bookmark", QRectF(left, rect.center().y() - _MARK / 2 + 0.5, _MARK, _MARK), c.accent)
            left, width = left + _MARK + SPACE.xs, width - _MARK - SPACE.xs
        text = painted_line.texts[column]
        if text:
            painter.setPen(self._ink(c, painted_line.state, column))
            fitted, advance, rise = self._fitted(painter, text, width)
            # Drawn at a point, because a rectangle would make Qt lay out the text in every cell.
            place = left + width - advance if column in _NUMBERS else left
            painter.drawText(place, rect.top() + (rect.height() + rise) // 2, fitted)

    def begin_frame(self, c: Colours | None) -> None:
        """Start a frame that is painted line by line in these colours; None ends it."""
        self.colours, self._line = c, -1

    def _begin_line(self, row: int, option: QStyleOptionViewItem, c: Colours) -> None:
        """Set the data and background shared by all cells of a line, since only whole lines are selected."""
        assert self.model is not None
        # Outside a frame the line may change without notice, so nothing is kept.
        self._line = -1 if self.colours is None else row
        self._painted_line, self._ground = self.model.painted_line(row), None
        if self._painted_line is None:
            return
        if option.state & QStyle.StateFlag.State_Selected:
            self._ground = c.selection
        elif self._painted_line.start == self.hovered:
            self._ground = c.hairline
        elif (colour := self.model.colours.of(self.model.line(row))) is not None:
            self._ground = RULE_GROUNDS[c.dark][colour]
        elif self.fresh_from is not None and row >= self.fresh_from:
            self._ground = c.stripe

    def _ink(self, c: Colours, state: LineState, column: int) -> QColor:
        if state in (LineState.ERROR, LineState.SILENCE):
            return c.trouble
        if state is LineState.RETRY and column in (TrafficColumn.TYPE, TrafficColumn.SUMMARY):
            return c.warning
        return c.dim if column in _NUMBERS else c.text

    def _fitted(self, painter: QPainter, text: str, width: int) -> tuple[str, int, int]:
        """Return the text elided to `width`, its own width, and ascent minus descent to centre it; all in pixels."""
        fitted = self._elided.get((text, width))
        if fitted is None:
            if len(self._elided) > 4096:
                self._elided.clear()
            metrics = painter.fontMetrics()
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
            rise = metrics.ascent() - metrics.descent()
            fitted = self._elided[text, width] = shown, metrics.horizontalAdvance(shown), rise
        return fitted

    def _shape(self, painter: QPainter, state: LineState, place: QRectF, c: Colours) -> None:
        if state is LineState.RETRY:
            paint_icon(painter, "refresh", place, c.warning)
        else:
            paint_cell_mark(painter, Mark.TROUBLE if state is LineState.ERROR else Mark.OFF, place, c)


class LatestDelegate(CellDelegate):
    """A delegate that paints bytes that differ from the telegram before on a background of their own."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, dim_role=DIM_ROLE, error_role=ERROR_ROLE)

    def _text(
        self, painter: QPainter, cell: QRect, c: Colours, index: QModelIndex | QPersistentModelIndex, text: str
    ) -> None:
        if index.column() != LatestColumn.BYTES:
            super()._text(painter, cell, c, index, text)
            return
        painter.save()
        painter.setClipRect(cell)
        metrics = painter.fontMetrics()
        # Fixed steps, so that a changed byte does not move the others.
        step = max(metrics.horizontalAdvance(digit) for digit in "0123456789ABCDEF*") * 2 + metrics.horizontalAdvance(
            " "
        )
        changed = {first // 3 for first, _ in index.data(CHANGED_ROLE) or ()}
        baseline = cell.top() + (cell.height() + metrics.ascent() - metrics.descent()) // 2
        ink = painter.pen().color()
        for place, word in enumerate(text.split(" ")):
            left = cell.left() + SPACE.s + place * step
            if left > cell.right():
                break
            if place in changed:
                ground = QRectF(left - 2, cell.top() + 3, step - 1, cell.height() - 6)
                painter.fillRect(ground, c.badge)
            painter.setPen(c.on_badge if place in changed else ink)
            painter.drawText(left, baseline, word)
        painter.restore()


class TrafficTable(Table):
    """A table of lines with multiple selection that marks the exchange under the pointer.

    Signals: `copy_requested()`: Ctrl+C was pressed; `resized(bool)`: whether the last line was in view before.
    """

    copy_requested = Signal()
    resized = Signal(bool)

    def __init__(self, name: str, stretch: int, parent: QWidget | None = None, **options: Unpack[Options]) -> None:
        super().__init__(name, stretch, parent, **options)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.lines = TrafficDelegate(self)
        self.setItemDelegate(self.lines)
        self.indent_title(TrafficColumn.TYPE, _MARK + SPACE.xs)
        self.entered.connect(self._entered)
        self._fresh_timer = QTimer(self, singleShot=True, interval=_FRESH_MS)
        self._fresh_timer.timeout.connect(self._no_longer_fresh)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Show the lines of another model."""
        self.lines.model = model if isinstance(model, TrafficModel) else None
        super().setModel(model)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the table; the colours are looked up once per frame, those of rules as far as there is time."""
        model = self.lines.model
        self.lines.begin_frame(colours(self.palette()))
        if model is not None:
            model.colours.begin(SLICE_SECONDS)
        super().paintEvent(event)
        if model is not None and model.colours.end():
            QTimer.singleShot(0, self.viewport(), self.viewport().update)
        self.lines.begin_frame(None)

    @property
    def at_end(self) -> bool:
        """True if the last line is in view."""
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Emit `resized`."""
        at_end = self.at_end
        super().resizeEvent(event)
        self.resized.emit(at_end)

    def show_fresh(self, first: int, count: int) -> None:
        """Mark new lines at the end for 0.7 s, unless there are so many that it would flicker."""
        if count <= _MOST_FRESH and not self._fresh_timer.isActive():
            self.lines.fresh_from = first
            self._fresh_timer.start()
            self.viewport().update()

    def set_current_exchange(self, start: int | None) -> None:
        """Mark the exchange of the current line, given by its first row; None for none."""
        if start != self.lines.current:
            self.lines.current = start
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Emit `copy_requested` on Ctrl+C, where Qt would copy the text of one cell."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_requested.emit()
            return
        super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Remove the mark of the exchange under the pointer."""
        super().leaveEvent(event)
        self._hover(None)

    def _entered(self, index: QModelIndex) -> None:
        self._hover(index.data(START_ROLE))

    def _hover(self, start: int | None) -> None:
        if start != self.lines.hovered:
            self.lines.hovered = start
            self.viewport().update()

    def _no_longer_fresh(self) -> None:
        self.lines.fresh_from = None
        self.viewport().update()
