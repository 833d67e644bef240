"""The line under the rate inputs: how long their combination has been stable, until it counts."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from cmi_gui.ui.theme import colours
from cmi_gui.ui.widgets.device.canvas import device_font, part_painter, part_scale
from cmi_gui.ui.widgets.plain.accessible import Silent

_BAR = 190.0
"""The length of the bar in logical units; the words are to its right."""


class SteadyLine(QWidget, Silent):
    """A thin bar and a few words; blank while nothing is under way. The panel has the same words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = ""
        """The words shown."""
        self.share = 0.0
        """The filled share of the bar, 0 to 1."""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_process(self, text: str, share: float) -> None:
        """Show words and a share; empty words clear it."""
        if (text, share) != (self.text, self.share):
            self.text, self.share = text, share
            self.update()

    def sizeHint(self) -> QSize:
        """Return the size of a part that is not on a canvas."""
        return QSize(424, 18)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint groove, filling and words."""
        if not self.text:
            return
        c = colours(self.palette())
        painter = part_painter(self)
        middle = self.height() / part_scale(self) / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(c.groove)
        painter.drawRoundedRect(QRectF(0, middle - 2.5, _BAR, 5), 2.5, 2.5)
        painter.setBrush(c.accent)
        painter.drawRoundedRect(QRectF(0, middle - 2.5, _BAR * self.share, 5), 2.5, 2.5)
        painter.setPen(c.module_text)
        painter.setFont(device_font(13))
        words = QRectF(_BAR + 14, 0, self.width() / part_scale(self) - _BAR - 14, 2 * middle)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text)
