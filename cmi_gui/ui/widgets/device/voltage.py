"""A slider for a voltage, with marks where the module's behaviour changes."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSlider, QWidget

from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import colours
from cmi_gui.ui.widgets.device.canvas import device_font, part_painter, part_scale, stroke

_MARGIN = 10.0
_TRACK_Y = 15.0


@dataclass(frozen=True, slots=True)
class VoltageMark:
    """A mark on the scale: `volts`, and the text below the track."""

    volts: int
    text: str


class VoltageSlider(QSlider):
    """A slider for whole volts from 0 to `highest`; arrow keys step 1 V, page keys a tenth of the range.

    The part of the track between `band`'s two voltages is drawn as the range in which the module works.
    """

    def __init__(
        self,
        highest: int,
        marks: tuple[VoltageMark, ...],
        band: tuple[int, int],
        name: str,
        tip: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._marks = marks
        self._band = band
        self.setRange(0, highest)
        self.setPageStep(max(1, highest // 10))
        self.setAccessibleName(name)
        set_tooltip(self, tip)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.valueChanged.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return the size of a part that is not on a canvas."""
        return QSize(160, 44)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ignore the wheel without the focus: scrolling past must not change a voltage."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Move the handle to the pointer and follow it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the handle to the pointer while it is held."""
        if self.isSliderDown():
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Release the handle."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)

    def _length(self) -> float:
        return self.width() / part_scale(self) - 2 * _MARGIN

    def _follow(self, event: QMouseEvent) -> None:
        x = event.position().x() / part_scale(self) - _MARGIN
        self.setValue(round(x / self._length() * self.maximum()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint track, band, marks with texts, and handle."""
        c = colours(self.palette())
        painter = part_painter(self)
        length = self._length()

        def x(volts: float) -> float:
            return _MARGIN + volts / self.maximum() * length

        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(c.groove)
        painter.drawRoundedRect(QRectF(_MARGIN, _TRACK_Y - 2.5, length, 5), 2.5, 2.5)
        low, high = self._band
        band = QRectF(QPointF(x(low), _TRACK_Y - 2.5), QPointF(x(high), _TRACK_Y + 2.5))
        tint = QColor(c.good)
        tint.setAlpha(110)
        painter.setBrush(tint)
        painter.drawRoundedRect(band, 2.5, 2.5)
        painter.setBrush(c.groove_fill)
        painter.drawRoundedRect(QRectF(_MARGIN, _TRACK_Y - 2.5, x(self.value()) - _MARGIN, 5), 2.5, 2.5)

        opacity = painter.opacity()
        # Only the shapes of a disabled part are faint.
        painter.setOpacity(1)
        painter.setFont(device_font(11))
        for mark in self._marks:
            painter.setPen(stroke(c.module_dim))
            painter.drawLine(QPointF(x(mark.volts), _TRACK_Y + 6), QPointF(x(mark.volts), _TRACK_Y + 11))
            width = painter.fontMetrics().horizontalAdvance(mark.text) + 4.0
            left = min(max(x(mark.volts) - width / 2, 0.0), length + 2 * _MARGIN - width)
            painter.drawText(QRectF(left, _TRACK_Y + 11, width, 16), Qt.AlignmentFlag.AlignCenter, mark.text)

        painter.setOpacity(opacity)
        centre = QPointF(x(self.value()), _TRACK_Y)
        painter.setPen(
            stroke(c.accent if self.hasFocus() or self.underMouse() else c.edge, 2 if self.hasFocus() else 1)
        )
        painter.setBrush(c.key_top)
        painter.drawEllipse(centre, 8.5, 8.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(c.accent)
        painter.drawEllipse(centre, 3, 3)
