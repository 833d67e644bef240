"""The meter's liquid crystal display: index field, value field, unit, rate arrows, disconnector icon."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from cmi_gui.ui.theme import Colours, colours
from cmi_gui.ui.widgets.device.canvas import device_font, part_painter, part_scale, stroke
from cmi_gui.ui.widgets.device.segments import cells_of, paint_cell

__all__ = ["ARROW_X", "LcdContent", "MeterDisplay"]

_INDEX_CELLS = 5
_VALUE_CELLS = 9
ARROW_X = tuple(132.0 + 46.0 * n for n in range(6))
"""Where the six arrows point, in logical units from the display's left edge; the plate prints T1 to T6 there."""
_UNITS = ("kWh", "kvarh", "kW", "kvar", "V", "A", "Hz")


@dataclass(frozen=True, slots=True)
class LcdContent:
    """What the display shows. `arrows`: rates 1 to 6 that are pointed at. `closed`: the disconnector, None if none."""

    index: str = ""
    value: str = ""
    unit: str = ""
    arrows: frozenset[int] = frozenset()
    closed: bool | None = None

    def words(self) -> str:
        """The same in words, for a screen reader."""
        parts = [f"{self.index} {self.value} {self.unit}".strip() or "blank"]
        if self.arrows:
            parts.append("rate " + ", ".join(str(n) for n in sorted(self.arrows)))
        if self.closed is not None:
            parts.append("disconnector closed" if self.closed else "disconnector open")
        return "; ".join(parts)


class MeterDisplay(QWidget):
    """Paints an `LcdContent`; unlit segments stay faintly visible, as on glass."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = LcdContent()
        self.setAccessibleName("Meter display: blank")

    @property
    def content(self) -> LcdContent:
        """What it shows."""
        return self._content

    def show_content(self, content: LcdContent) -> None:
        """Show something else; nothing is repainted when it is the same."""
        if content != self._content:
            self._content = content
            self.setAccessibleName(f"Meter display: {content.words()}")
            self.update()

    def sizeHint(self) -> QSize:
        """Of one that lies on no canvas."""
        return QSize(484, 150)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Glass, fields, arrows."""
        c = colours(self.palette())
        painter = part_painter(self)
        scale = part_scale(self)
        glass = QRectF(0, 0, self.width() / scale, self.height() / scale).adjusted(2, 2, -2, -2)
        painter.setPen(stroke(c.lcd_edge, 2))
        painter.setBrush(c.lcd)
        painter.drawRoundedRect(glass, 6, 6)

        content = self._content
        x = 20.0
        for character, point in cells_of(content.index, _INDEX_CELLS, left=True):
            paint_cell(painter, QRectF(x, 60, 12, 28), character, point, c.lcd_on, c.lcd_off)
            x += 18.5
        x = 124.0
        for character, point in cells_of(content.value, _VALUE_CELLS):
            paint_cell(painter, QRectF(x, 26, 23.5, 62), character, point, c.lcd_on, c.lcd_off)
            x += 31.5
        self._unit(painter, c)
        for rate, arrow_x in enumerate(ARROW_X, 1):
            self._arrow(painter, arrow_x, glass.bottom() - 9, c.lcd_on if rate in content.arrows else c.lcd_off)
        self._disconnector(painter, QRectF(20, 108, 58, 24), c)

    def _unit(self, painter: QPainter, c: Colours) -> None:
        painter.setFont(device_font(21, strong=True))
        painter.setPen(c.lcd_on if self._content.unit else c.lcd_off)
        # The unlit field shows the commonest unit's place, as the glass does.
        painter.drawText(
            QRectF(412, 62, 66, 28),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom,
            self._content.unit or _UNITS[0],
        )

    def _arrow(self, painter: QPainter, x: float, tip: float, colour: object) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF([QPointF(x - 8, tip - 12), QPointF(x + 8, tip - 12), QPointF(x, tip)]))

    def _disconnector(self, painter: QPainter, rect: QRectF, c: Colours) -> None:
        """Two contacts and a blade: down on both when closed, lifted when open."""
        closed = self._content.closed
        ink = c.lcd_off if closed is None else c.lcd_on
        left, right = QPointF(rect.left() + 16, rect.bottom() - 7), QPointF(rect.right() - 16, rect.bottom() - 7)
        painter.setPen(stroke(ink, 2.2 * part_scale(self)))
        painter.drawLine(QPointF(rect.left(), left.y()), left)
        painter.drawLine(right, QPointF(rect.right(), right.y()))
        painter.drawLine(left, right if closed or closed is None else right + QPointF(-5, -15))
        painter.setBrush(ink)
        painter.drawEllipse(left, 3, 3)
        painter.drawEllipse(right, 3, 3)
