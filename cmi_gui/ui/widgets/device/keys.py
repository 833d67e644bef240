"""The device's keys: the module's push button, the meter's scroll button, a rocker switch for a voltage."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import Colours, colours
from cmi_gui.ui.widgets.device.canvas import centred, crisp, device_font, part_painter, part_scale, stroke
from cmi_gui.ui.widgets.plain.buttons import focus_shows, paint_focus


class _Key(QPushButton):
    """A button painted in logical units."""

    def __init__(self, name: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        set_tooltip(self, tip)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        """Return the size of a part that is not on a canvas."""
        return QSize(96, 64)

    minimumSizeHint = sizeHint

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint in logical units."""
        painter = part_painter(self)
        scale = part_scale(self)
        rect = QRectF(0, 0, self.width() / scale, self.height() / scale)
        self._paint(painter, rect, colours(self.palette()))

    def _paint(self, painter: QPainter, rect: QRectF, c: Colours) -> None:
        raise NotImplementedError


class PushKey(_Key):
    """The module's push button, which toggles the disconnector. While a press has no effect, it shows why.

    Attributes: `words`, `share` and `reason`, as last given to `show_process`.
    """

    def __init__(self, name: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(name, tip, parent)
        self._tip = tip
        self.words = ""
        self.share: float | None = None
        self.reason = ""

    def show_process(self, words: str, share: float | None, reason: str) -> None:
        """Show a process, the share done (0 to 1; None if unknown), and why a press has no effect."""
        if (words, share, reason) == (self.words, self.share, self.reason):
            return
        self.words, self.share, self.reason = words, share, reason
        set_tooltip(self, f"{self._tip}\n{reason}" if reason else self._tip)
        self.setAccessibleDescription(f"{reason}: {words}" if reason else "")
        self.update()

    def _paint(self, painter: QPainter, rect: QRectF, c: Colours) -> None:
        well = crisp(painter, rect.adjusted(2, 2, -2, -2))
        painter.setPen(stroke(c.edge))
        painter.setBrush(c.module_bottom.darker(108))
        painter.drawRoundedRect(well, 10, 10)
        cap = well.adjusted(7, 6, -7, -9)
        if self.isDown():
            cap.translate(0, 2)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(c.shadow)
            painter.drawRoundedRect(cap.translated(0, 3), 8, 8)
        top, bottom = (c.key_bottom, c.key_bottom) if self.isDown() else (c.key_top, c.key_bottom)
        shade = QLinearGradient(cap.topLeft(), cap.bottomLeft())
        shade.setColorAt(0, top.lighter(104) if self.underMouse() else top)
        shade.setColorAt(1, bottom)
        painter.setBrush(shade)
        painter.setPen(stroke(c.edge))
        painter.drawRoundedRect(cap, 8, 8)
        self._paint_words(painter, cap, c)
        paint_focus(self, painter, rect, 11)

    def _paint_words(self, painter: QPainter, cap: QRectF, c: Colours) -> None:
        painter.setFont(device_font(14, strong=True))
        painter.setPen(c.module_text)
        centred(painter, cap.adjusted(0, -9, 0, -9) if self.words else cap, "PUSH")
        if not self.words:
            return
        painter.setFont(device_font(13))
        painter.setPen(c.module_text)
        centred(painter, cap.adjusted(0, 12, 0, 12), self.words)
        if self.share is not None:
            groove = QRectF(cap.left() + 12, cap.bottom() - 11, cap.width() - 24, 5)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(c.groove)
            painter.drawRoundedRect(groove, 2.5, 2.5)
            painter.setBrush(c.accent)
            groove.setWidth(groove.width() * self.share)
            painter.drawRoundedRect(groove, 2.5, 2.5)


class ScrollKey(_Key):
    """The meter's green button: it scrolls the display."""

    def _paint(self, painter: QPainter, rect: QRectF, c: Colours) -> None:
        centre, radius = rect.center(), min(rect.width(), rect.height()) / 2 - 4
        painter.setPen(stroke(c.edge))
        painter.setBrush(c.plate.darker(106))
        painter.drawEllipse(centre, radius, radius)
        inner = radius - 4
        if not self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(c.shadow)
            painter.drawEllipse(centre + QPointF(0, 2), inner, inner)
        green = c.scroll_key.darker(112) if self.isDown() else c.scroll_key
        shade = QLinearGradient(rect.topLeft(), rect.bottomLeft())
        shade.setColorAt(0, green.lighter(112 if self.underMouse() else 106))
        shade.setColorAt(1, green)
        painter.setBrush(shade)
        painter.setPen(stroke(green.darker(130)))
        painter.drawEllipse(centre, inner, inner)
        if focus_shows(self):
            painter.setPen(stroke(c.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(centre, radius + 2, radius + 2)


class Rocker(_Key):
    """A switch for one voltage; checked is on."""

    def __init__(self, name: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(name, tip, parent)
        self.setCheckable(True)

    def _paint(self, painter: QPainter, rect: QRectF, c: Colours) -> None:
        body = crisp(painter, rect.adjusted(2, 4, -2, -4))
        on = self.isChecked() and self.isEnabled()
        painter.setPen(stroke(c.accent if on else c.edge))
        painter.setBrush(c.accent if on else c.key_bottom)
        painter.drawRoundedRect(body, 6, 6)
        painter.setFont(device_font(13, strong=True))
        painter.setPen(c.on_accent if on else c.module_text)
        # Only the shapes of a disabled part are faint.
        painter.setOpacity(1)
        centred(painter, body, self.tr("On") if self.isChecked() else self.tr("Off"))
        paint_focus(self, painter, rect, 8)
