"""A thin progress bar."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cmi_gui.ui.theme import colours
from cmi_gui.ui.widgets.plain.painting import fill_rounded, smooth_painter


class ProgressLine(QWidget):
    """A bar for a share from 0 to 1; None shows nothing but keeps the room, so that nothing moves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_share(self, share: float | None) -> None:
        """Show another share."""
        if share != self._share:
            self._share = share
            self.update()

    def sizeHint(self) -> QSize:
        """Return a size four pixels high."""
        return QSize(80, 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint groove and filling."""
        if self._share is None:
            return
        c = colours(self.palette())
        painter = smooth_painter(self)
        rect = QRectF(self.rect())
        fill_rounded(painter, rect, 2, c.hairline)
        fill_rounded(painter, QRectF(0, 0, rect.width() * min(1.0, self._share), rect.height()), 2, c.accent)
