"""A thin scroll bar without arrows."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QScrollBar, QStyle, QStyleOptionSlider, QWidget

from cmi_gui.ui.theme import colours


class SlimScrollBar(QScrollBar):
    """Fusion's scroll bar in behaviour, a rounded thumb on nothing in looks."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Only the thumb, and only when there is something to scroll."""
        c = colours(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.maximum() <= self.minimum():
            return
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        thumb = self.style().subControlRect(
            QStyle.ComplexControl.CC_ScrollBar, option, QStyle.SubControl.SC_ScrollBarSlider, self
        )
        upright = self.orientation() is Qt.Orientation.Vertical
        rect = QRectF(thumb).adjusted(4, 1, -4, -1) if upright else QRectF(thumb).adjusted(1, 4, -1, -4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(c.dim if self.isSliderDown() or self.underMouse() else c.border)
        radius = min(rect.width(), rect.height()) / 2
        painter.drawRoundedRect(rect, radius, radius)


def slim_scroll_bars(area: QAbstractScrollArea) -> None:
    """Give an area both, and nothing where they meet."""
    area.setVerticalScrollBar(SlimScrollBar(Qt.Orientation.Vertical, area))
    area.setHorizontalScrollBar(SlimScrollBar(Qt.Orientation.Horizontal, area))
    area.setCornerWidget(QWidget(area))
