"""Painting functions shared by painted controls."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget


def smooth_painter(widget: QWidget) -> QPainter:
    """Return a painter on a widget that draws smooth edges."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter


def paint_chevron(painter: QPainter, tip: QPointF, colour: QColor, *, down: bool) -> None:
    """Paint a chevron around a point: down for unfolded content, else to the right."""
    painter.setPen(QPen(colour, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    corners = ((-4, -2.5), (0, 2), (4, -2.5)) if down else ((-2, -4), (2.5, 0), (-2, 4))
    painter.drawPolyline([tip + QPointF(x, y) for x, y in corners])
