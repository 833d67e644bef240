"""Tables of traffic: exchanges stand together under the pointer, shapes say what is wrong, changed bytes are marked."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QWidget

from cmi_gui.ui.icons import paint_icon
from cmi_gui.ui.models.traffic import DIM_ROLE, ERROR_ROLE, START_ROLE, STATE_ROLE, Column, LineState
from cmi_gui.ui.models.traffic_latest import CHANGED_ROLE, LatestColumn
from cmi_gui.ui.theme import SPACE, Colours, colours
from cmi_gui.ui.widgets.marks import Mark, paint_mark
from cmi_gui.ui.widgets.table import CellDelegate, Table

__all__ = ["LatestDelegate", "TrafficDelegate", "TrafficTable"]

_FRESH_MS = 700
_CALM = 6
"""More new lines at once are no event that one could look at."""
_MARK = 12


class TrafficDelegate(CellDelegate):
    """Grounds for the exchange under the pointer and for what has just come, shapes before the type."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, dim_role=DIM_ROLE, error_role=ERROR_ROLE)
        self.hovered: int | None = None
        """The exchange under the pointer, by the index of its first row."""
        self.current: int | None = None
        """The exchange of the current line."""
        self.fresh_from: int | None = None
        """The first visible line that has just come."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Grounds first, then as every cell."""
        c = colours(option.palette)
        if not option.state & QStyle.StateFlag.State_Selected:
            start = index.data(START_ROLE)
            if start is not None and start == self.hovered:
                painter.fillRect(option.rect, c.hairline)
            elif self.fresh_from is not None and index.row() >= self.fresh_from:
                painter.fillRect(option.rect, c.stripe)
        if index.column() == 0 and index.data(START_ROLE) in (self.hovered, self.current):
            painter.fillRect(QRect(option.rect.left(), option.rect.top(), 3, option.rect.height()), c.accent)
        super().paint(painter, option, index)

    def ink(self, c: Colours, index: QModelIndex | QPersistentModelIndex) -> QColor:
        """Trouble in its colour, retries in that of a warning."""
        if index.data(STATE_ROLE) is LineState.RETRY and index.column() in (Column.TYPE, Column.SUMMARY):
            return c.warning
        return super().ink(c, index)

    def _text(
        self, painter: QPainter, cell: QRect, c: Colours, index: QModelIndex | QPersistentModelIndex, text: str
    ) -> None:
        if index.column() == Column.TYPE:
            state = index.data(STATE_ROLE)
            place = QRectF(cell.left() + SPACE.s, cell.center().y() - _MARK / 2 + 0.5, _MARK, _MARK)
            if state is LineState.ERROR:
                _paint_shape(painter, Mark.TROUBLE, place, c)
            elif state is LineState.SILENCE:
                _paint_shape(painter, Mark.OFF, place, c)
            elif state is LineState.RETRY:
                paint_icon(painter, "refresh", place, c.warning)
            # All types begin in one line, with a shape before them or not.
            cell = cell.adjusted(_MARK + SPACE.xs, 0, 0, 0)
        super()._text(painter, cell, c, index, text)


def _paint_shape(painter: QPainter, mark: Mark, place: QRectF, c: Colours) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_mark(painter, mark, place, c)
    painter.restore()


class LatestDelegate(CellDelegate):
    """Bytes that differ from the telegram before stand bold on a ground of their own."""

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
        # In steps of one width, so that a changed byte moves none of the others.
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
    """A table of lines, several of which can be selected; follows the pointer by exchanges.

    Signals: `copy_asked()`: Ctrl+C.
    """

    copy_asked = Signal()

    def __init__(self, name: str, stretch: int, parent: QWidget | None = None) -> None:
        super().__init__(name, stretch, parent)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.lines = TrafficDelegate(self)
        self.setItemDelegate(self.lines)
        self.entered.connect(self._entered)
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(_FRESH_MS)
        self._calm.timeout.connect(self._no_longer_fresh)

    def show_fresh(self, first: int, count: int) -> None:
        """Lines have come at the end: mark them for a moment, unless there are so many that it would flicker."""
        if count <= _CALM and not self._calm.isActive():
            self.lines.fresh_from = first
            self._calm.start()
            self.viewport().update()

    def set_current_exchange(self, start: int | None) -> None:
        """The exchange of the line that is looked at."""
        if start != self.lines.current:
            self.lines.current = start
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies lines, not the text of one cell."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
            return
        super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
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
