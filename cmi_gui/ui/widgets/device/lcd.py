"""The meter's liquid crystal display: index field, value field, unit, rate arrows, disconnector icon."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.meter_profile.display_text import VALUE_WIDTH, DisplayState
from cmi_gui.ui.text.messages import translate
from cmi_gui.ui.theme import Colours, colours
from cmi_gui.ui.widgets.device.canvas import device_font, part_painter, part_scale, stroke
from cmi_gui.ui.widgets.device.segments import cells_of, paint_cell
from cmi_gui.ui.widgets.plain.accessible import Role, Spoken

_INDEX_CELLS = 5
ARROW_X = tuple(132.0 + 46.0 * n for n in range(6))
"""The x of the six arrows, in logical units from the display's left edge; the plate has T1 to T6 there."""


def words_of(state: DisplayState) -> str:
    """Return the display's content in words, for a screen reader."""
    if not state.on:
        return translate("MeterDisplay", "dark")
    words = f"{state.index} {state.value} {state.unit}".strip() or translate("MeterDisplay", "blank")
    parts = [translate("MeterDisplay", "text {0}").format(words) if state.message else words]
    if state.rates:
        parts.append(translate("MeterDisplay", "rate {0}").format(", ".join(str(n) for n in sorted(state.rates))))
    if state.disconnector_closed is not None:
        parts.append(
            translate("MeterDisplay", "disconnector closed")
            if state.disconnector_closed
            else translate("MeterDisplay", "disconnector open")
        )
    return "; ".join(parts)


class MeterDisplay(QWidget, Spoken):
    """The display, painted from a `DisplayState`; unlit segments stay faintly visible, as on a real one."""

    accessible_role = Role.StaticText

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = DisplayState()
        self._describe()

    @property
    def state(self) -> DisplayState:
        """The state shown."""
        return self._state

    def show_state(self, state: DisplayState) -> None:
        """Show another state; the same one is not repainted."""
        if state != self._state:
            self._state = state
            self._describe()
            self.update()

    def _describe(self) -> None:
        self.setAccessibleName(self.tr("Meter display: {0}").format(words_of(self._state)))

    def sizeHint(self) -> QSize:
        """Return the size of a part that is not on a canvas."""
        return QSize(484, 150)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint glass, fields and arrows."""
        c = colours(self.palette())
        painter = part_painter(self)
        scale = part_scale(self)
        glass = QRectF(0, 0, self.width() / scale, self.height() / scale).adjusted(2, 2, -2, -2)
        painter.setPen(stroke(c.lcd_edge, 2))
        painter.setBrush(c.lcd)
        painter.drawRoundedRect(glass, 6, 6)

        state = self._state
        x = 20.0
        for character, point in cells_of(state.index, _INDEX_CELLS, left=True):
            paint_cell(painter, QRectF(x, 60, 12, 28), character, point, c.lcd_on, c.lcd_off)
            x += 18.5
        x = 124.0
        for character, point in cells_of(state.value, VALUE_WIDTH):
            paint_cell(painter, QRectF(x, 26, 26, 62), character, point, c.lcd_on, c.lcd_off)
            x += 35.5
        self._unit(painter, c)
        for rate, arrow_x in enumerate(ARROW_X, 1):
            self._arrow(painter, arrow_x, glass.bottom() - 9, c.lcd_on if rate in state.rates else c.lcd_off)
        self._disconnector(painter, QRectF(20, 108, 58, 24), c)

    def _unit(self, painter: QPainter, c: Colours) -> None:
        painter.setFont(device_font(18, strong=True))
        painter.setPen(c.lcd_on if self._state.unit else c.lcd_off)
        painter.drawText(
            QRectF(415, 62, 66, 28),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom,
            self._state.unit or "kWh",
        )

    def _arrow(self, painter: QPainter, x: float, tip: float, colour: object) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF([QPointF(x - 8, tip - 12), QPointF(x + 8, tip - 12), QPointF(x, tip)]))

    def _disconnector(self, painter: QPainter, rect: QRectF, c: Colours) -> None:
        """Paint two contacts and a blade: on both when closed, lifted when open."""
        closed = self._state.disconnector_closed
        ink = c.lcd_off if closed is None else c.lcd_on
        left, right = QPointF(rect.left() + 16, rect.bottom() - 7), QPointF(rect.right() - 16, rect.bottom() - 7)
        painter.setPen(stroke(ink, 2.2 * part_scale(self)))
        painter.drawLine(QPointF(rect.left(), left.y()), left)
        painter.drawLine(right, QPointF(rect.right(), right.y()))
        painter.drawLine(left, right if closed or closed is None else right + QPointF(-5, -15))
        painter.setBrush(ink)
        painter.drawEllipse(left, 3, 3)
        painter.drawEllipse(right, 3, 3)
