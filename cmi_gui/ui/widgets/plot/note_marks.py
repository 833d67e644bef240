"""The notes in a plot: for each in view a thin line with a numbered flag."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from cmi_gui.ui.theme import SPACE, colours, font

_ROWS = 3
"""The rows of flags at the top of a plot; a flag without room in any of them is not painted."""


class NoteMark(NamedTuple):
    """A note in a plot: its number, its time in seconds of wall time, and its text."""

    number: int
    time: float
    text: str


def in_view(marks: Sequence[NoteMark], begin: float, end: float) -> list[NoteMark]:
    """Return the marks in a time range."""
    return [mark for mark in marks if begin <= mark.time <= end]


class NoteMarks(QGraphicsItem):
    """The marks of one plot, painted in the pixels of its view."""

    def __init__(self, view: pg.ViewBox) -> None:
        super().__init__(view)
        self._view = view
        self._marks: Sequence[NoteMark] = ()
        self.setZValue(10)
        view.sigXRangeChanged.connect(lambda: self.update())
        view.sigResized.connect(lambda: self.prepareGeometryChange())

    def show_marks(self, marks: Sequence[NoteMark]) -> None:
        """Show these marks."""
        self._marks = marks
        self.update()

    def places(self) -> Iterator[tuple[NoteMark, float, QRectF | None]]:
        """Yield each mark in view with its x and its flag, None where the flags before it take the room."""
        begin, end = self._view.viewRange()[0]
        width = self._view.width()
        metrics = QFontMetricsF(font(0.88))
        digit = metrics.horizontalAdvance("0")
        taken = [0.0] * _ROWS
        for mark in in_view(self._marks, begin, end):
            x = (mark.time - begin) / (end - begin) * width
            flag_width = len(str(mark.number)) * digit + SPACE.s
            # At the right edge it points to the left.
            left = x if x + flag_width <= width else x - flag_width
            row = next((row for row in range(_ROWS) if taken[row] <= left), None)
            flag = None
            if row is not None:
                taken[row] = left + flag_width + 1
                flag = QRectF(left, row * (metrics.height() + 1), flag_width, metrics.height())
            yield mark, x, flag

    def boundingRect(self) -> QRectF:
        """Return the whole view."""
        return QRectF(self._view.rect())

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem | None = None, widget: QWidget | None = None
    ) -> None:
        """Paint the lines, then the flags over them."""
        if not self._marks:
            return
        c = colours(self._view.getViewWidget().palette())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(c.text, 1))
        placed = list(self.places())
        height = self._view.height()
        # Lines side by side would be a dark area, which takes long to paint.
        painter.drawLines([QLineF(x, 0, x, height) for x in {x // 2 * 2 for _, x, _ in placed}])
        painter.setFont(font(0.88))
        for mark, _, flag in placed:
            if flag is not None:
                painter.fillRect(flag, c.text)
                painter.setPen(c.base)
                painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, str(mark.number))
