"""A drawing of the wiring: master, module and meter in a row, and the lines between them with their states."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cmi_gui.ui.icons import paint_icon
from cmi_gui.ui.text.mark import Mark, Status
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import SPACE, Colours, colours, em, font, scaled
from cmi_gui.ui.widgets.plain.accessible import Role, Spoken
from cmi_gui.ui.widgets.plain.marks import mark_colour, paint_mark
from cmi_gui.ui.widgets.plain.painting import smooth_painter


@dataclass(frozen=True, slots=True)
class End:
    """One box of the drawing. `kind`: the words for simulated or real; may be empty."""

    icon: str
    name: str
    kind: str
    simulated: bool


def _in_two_lines(metrics: QFontMetrics, text: str, room: float, mode: Qt.TextElideMode) -> tuple[str, QSize]:
    """Return a text that fits into two lines, else shortened to one line, and its size."""
    place = QRect(0, 0, round(room), 2 * metrics.lineSpacing())
    needed = metrics.boundingRect(place, Qt.TextFlag.TextWordWrap, text).size()
    if needed.width() <= place.width() and needed.height() <= place.height():
        return text, needed
    short = metrics.elidedText(text, mode, place.width())
    return short, QSize(metrics.horizontalAdvance(short), metrics.height())


class WiringDiagram(QWidget, Spoken):
    """Master, module and meter as boxes; each line shows its state as a shape and in words."""

    accessible_role = Role.Graphic

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("wiringDiagram")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._ends: tuple[End, End, End] | None = None
        self._lines: tuple[Status, Status] | None = None

    def sizeHint(self) -> QSize:
        """Return 80 average characters by five lines of text."""
        return QSize(em(self, 80), 5 * QFontMetrics(self.font()).height() + 2 * SPACE.m)

    minimumSizeHint = sizeHint

    def show_wiring(self, ends: tuple[End, End, End], lines: tuple[Status, Status]) -> None:
        """Show a new state; repaint only if it differs."""
        if (ends, lines) == (self._ends, self._lines):
            return
        self._ends, self._lines = ends, lines
        first, second = (". ".join(filter(None, (line.title, line.detail))) for line in lines)
        self.setAccessibleName(
            self.tr("{0}, {1}. {2}. {3}. {4}, {5}. {6}").format(
                ends[0].name, ends[0].kind, first, ends[1].name, ends[2].name, ends[2].kind, second
            )
        )
        # A narrow drawing shortens its words.
        set_tooltip(self, self.accessibleName())
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the lines, then the boxes over them."""
        if self._ends is None or self._lines is None:
            return
        c = colours(self.palette())
        painter = smooth_painter(self)
        width = min(em(self, 30), self.width() * 0.22)
        top, height = 0.5, self.height() - 1.0
        boxes = [
            QRectF(left, top, width, height) for left in (0.5, (self.width() - width) / 2, self.width() - width - 0.5)
        ]
        for status, left, right in zip(self._lines, boxes[:2], boxes[1:], strict=True):
            self._paint_line(painter, c, status, left.right(), right.left())
        for end, box in zip(self._ends, boxes, strict=True):
            self._paint_box(painter, c, end, box)

    def _paint_line(self, painter: QPainter, c: Colours, status: Status, left: float, right: float) -> None:
        y = round(self.height() / 2) + 0.5
        colour = mark_colour(status.mark, c)
        # Trouble: a solid line with a gap in the middle; busy and off: dashed.
        style = Qt.PenStyle.SolidLine if status.mark in (Mark.GOOD, Mark.TROUBLE) else Qt.PenStyle.DashLine
        painter.setPen(QPen(colour, 2, style, Qt.PenCapStyle.FlatCap))
        middle = (left + right) / 2
        gap = 16.0 if status.mark is Mark.TROUBLE else 0.0
        painter.drawLine(QPointF(left, y), QPointF(middle - gap, y))
        painter.drawLine(QPointF(middle + gap, y), QPointF(right, y))
        metrics = QFontMetrics(self.font())
        side = metrics.ascent() + 2
        if gap:
            paint_mark(painter, status.mark, QRectF(middle - side / 2, y - side / 2 - 1, side, side), c)
        room = right - left - 2 * SPACE.m
        title, size = _in_two_lines(metrics, status.title, room - side - SPACE.xs, Qt.TextElideMode.ElideRight)
        x = middle - (side + SPACE.xs + size.width()) / 2
        above = y - size.height() - (SPACE.m if gap else SPACE.s)
        if not gap:
            paint_mark(painter, status.mark, QRectF(x, above + (size.height() - side) / 2, side, side), c)
        else:
            x -= (side + SPACE.xs) / 2
        painter.setPen(c.text)
        wrapped = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap)
        painter.drawText(QRectF(x + side + SPACE.xs, above, size.width() + 2, size.height()), wrapped, title)
        painter.setPen(c.dim)
        detail, size = _in_two_lines(metrics, status.detail, room, Qt.TextElideMode.ElideMiddle)
        below = QRectF(left + SPACE.m, y + (SPACE.m if gap else SPACE.s), room, size.height())
        painter.drawText(below, int(Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap), detail)

    def _paint_box(self, painter: QPainter, c: Colours, end: End, box: QRectF) -> None:
        painter.setPen(QPen(c.border, 1))
        painter.setBrush(c.base)
        painter.drawRoundedRect(box, 8, 8)
        strong, small = font(strong=True), font(0.88)
        line, badge = QFontMetrics(strong).height(), QFontMetrics(small).height() + SPACE.xs
        size = float(scaled(24))
        total = size + SPACE.xs + line + SPACE.xs + (badge if end.kind else 0)
        y = box.center().y() - total / 2
        paint_icon(painter, end.icon, QRectF(box.center().x() - size / 2, y, size, size), c.text)
        y += size + SPACE.xs
        painter.setFont(strong)
        painter.setPen(c.text)
        room = round(box.width()) - 2 * SPACE.s
        name = QFontMetrics(strong).elidedText(end.name, Qt.TextElideMode.ElideRight, room)
        centred = int(Qt.AlignmentFlag.AlignCenter)
        painter.drawText(QRectF(box.left(), y, box.width(), line), centred, name)
        if not end.kind:
            return
        y += line + SPACE.xs
        painter.setFont(small)
        width = min(QFontMetrics(small).horizontalAdvance(end.kind) + 2 * SPACE.s, room)
        pill = QRectF(box.center().x() - width / 2, y, width, badge)
        if end.simulated:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(c.badge)
            painter.drawRoundedRect(pill, 4, 4)
            painter.setPen(c.on_badge)
        else:
            painter.setPen(c.dim)
        painter.drawText(pill, centred, end.kind)
