"""Painting functions shared by painted controls."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QWidget

from cmi_gui.ui.theme import SPACE


def smooth_painter(widget: QWidget) -> QPainter:
    """Return a painter on a widget that draws smooth edges."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter


def control_height(widget: QWidget, padding: int | None = None) -> int:
    """Return the height of a control with one line of text, in pixels: at least that of a touch target."""
    around = 2 * SPACE.s if padding is None else padding
    return max(SPACE.target, QFontMetrics(widget.font()).height() + around)


def fill_rounded(painter: QPainter, rect: QRectF, radius: float, colour: QColor) -> None:
    """Fill a rectangle with rounded corners, without an outline."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(rect, radius, radius)


def paint_chevron(painter: QPainter, tip: QPointF, colour: QColor, *, down: bool) -> None:
    """Paint a chevron around a point: down for unfolded content, else to the right."""
    painter.setPen(QPen(colour, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    corners = ((-4, -2.5), (0, 2), (4, -2.5)) if down else ((-2, -4), (2.5, 0), (-2, 4))
    painter.drawPolyline([tip + QPointF(x, y) for x, y in corners])
