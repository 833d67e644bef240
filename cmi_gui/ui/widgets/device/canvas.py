"""The logical coordinate space that the device is painted in, and what its parts share."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QApplication, QWidget

from cmi_gui.ui.widgets.plain.painting import smooth_painter

SIZE = (800.0, 640.0)
"""Width and height of the logical space; the widget shows all of it at one scale for both axes."""
_DISABLED = 0.45
"""Opacity of a disabled part."""


class Canvas(QWidget):
    """A widget that places its parts by logical rectangles at every size."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: list[tuple[QWidget, QRectF]] = []
        self.scale = 1.0
        """Pixels for one logical unit."""
        self.origin = QPointF(0, 0)
        """The position of the logical (0, 0), in pixels."""

    def place(self, part: QWidget, object_name: str, rect: QRectF) -> None:
        """Name a child part and put it at `rect`, in logical units."""
        part.setObjectName(object_name)
        self._parts.append((part, rect))

    def resizeEvent(self, _event: object) -> None:
        """Fit the space into the widget, centred, and move the parts."""
        self.scale = max(0.1, min(self.width() / SIZE[0], self.height() / SIZE[1]))
        self.origin = QPointF(
            round((self.width() - SIZE[0] * self.scale) / 2), round((self.height() - SIZE[1] * self.scale) / 2)
        )
        for part, rect in self._parts:
            part.setGeometry(
                round(self.origin.x() + rect.x() * self.scale),
                round(self.origin.y() + rect.y() * self.scale),
                round(rect.width() * self.scale),
                round(rect.height() * self.scale),
            )
            part.update()

    def painter(self) -> QPainter:
        """Return a painter on this widget in logical units."""
        painter = smooth_painter(self)
        painter.translate(self.origin)
        painter.scale(self.scale, self.scale)
        return painter


def part_scale(part: QWidget) -> float:
    """Return the scale of the canvas that a part is on; 1 for a part without one."""
    parent = part.parentWidget()
    return parent.scale if isinstance(parent, Canvas) else 1.0


def part_painter(part: QWidget) -> QPainter:
    """Return a painter on a part, in logical units from the part's corner."""
    painter = smooth_painter(part)
    scale = part_scale(part)
    painter.scale(scale, scale)
    if not part.isEnabled():
        painter.setOpacity(_DISABLED)
    return painter


def stroke(colour: QColor, width: float = 1.0) -> QPen:
    """Return a cosmetic pen: `width` device pixels wide at every scale."""
    pen = QPen(colour, width)
    pen.setCosmetic(True)
    return pen


def crisp(painter: QPainter, rect: QRectF) -> QRectF:
    """Return the rectangle moved to half device pixels, where a one-pixel stroke is sharp."""
    transform = painter.deviceTransform()
    mapped = transform.mapRect(rect)
    snapped = QRectF(
        QPointF(round(mapped.left()) + 0.5, round(mapped.top()) + 0.5),
        QPointF(round(mapped.right()) - 0.5, round(mapped.bottom()) - 0.5),
    )
    return transform.inverted()[0].mapRect(snapped)


def device_font(height: float, *, strong: bool = False) -> QFont:
    """Return the application's font with a height in logical units."""
    font = QFont(QApplication.font())
    # Hinting before the painter's scale would change the words' relative widths with the size.
    font.setPixelSize(round(height))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    return font


def centred(painter: QPainter, rect: QRectF, text: str) -> None:
    """Draw text in the middle of a rectangle."""
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
