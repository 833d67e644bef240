"""Painting functions shared by painted controls."""

from __future__ import annotations

import ctypes
import sys

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QWidget

from cmi_gui.ui.theme import SPACE, Colours

_CLIENT_AREA_ANIMATION = 0x1042
"""SPI_GETCLIENTAREAANIMATION: the setting "Animation effects" of Windows."""
_PANEL_RADIUS = 8
"""The radius of the corners of everything that appears above the window."""


def smooth_painter(widget: QWidget) -> QPainter:
    """Return a painter on a widget that draws smooth edges."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter


def control_height(widget: QWidget, padding: int | None = None) -> int:
    """Return the height of a control with one line of text, in pixels: at least that of a touch target."""
    around = 2 * SPACE.s if padding is None else padding
    return max(SPACE.target, QFontMetrics(widget.font()).height() + around)


def motion_allowed(widget: QWidget) -> bool:
    """Return whether the system is set to show animations."""
    if sys.platform == "win32":
        shown = ctypes.c_int(1)
        ctypes.windll.user32.SystemParametersInfoW(_CLIENT_AREA_ANIMATION, 0, ctypes.byref(shown), 0)
        return bool(shown.value)
    return widget.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, widget) > 0


def fill_rounded(painter: QPainter, rect: QRectF, radius: float, colour: QColor) -> None:
    """Fill a rectangle with rounded corners, without an outline."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(rect, radius, radius)


def paint_panel(painter: QPainter, rect: QRectF, c: Colours) -> None:
    """Paint the surface of everything that appears above the window: menus, lists, cards, tooltips."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(c.border, 1))
    painter.setBrush(c.base)
    paint_outline(painter, rect)
    painter.restore()


def paint_outline(painter: QPainter, rect: QRectF) -> None:
    """Paint the shape of such a surface with the painter's pen and brush."""
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), _PANEL_RADIUS, _PANEL_RADIUS)


def paint_tick(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Paint a tick into a square."""
    painter.setPen(QPen(colour, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    corners = ((3, 7.4), (6, 10.4), (11, 4))
    painter.drawPolyline([box.topLeft() + QPointF(x, y) * (box.width() / 14) for x, y in corners])


def paint_chevron(painter: QPainter, tip: QPointF, colour: QColor, *, down: bool) -> None:
    """Paint a chevron around a point: down for unfolded content, else to the right."""
    painter.setPen(QPen(colour, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    corners = ((-4, -2.5), (0, 2), (4, -2.5)) if down else ((-2, -4), (2.5, 0), (-2, 4))
    painter.drawPolyline([tip + QPointF(x, y) for x, y in corners])
