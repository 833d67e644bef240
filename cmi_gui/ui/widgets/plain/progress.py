"""A thin progress bar."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from cmi_gui.ui.theme import colours
from cmi_gui.ui.widgets.plain.painting import fill_rounded, smooth_painter


class ProgressLine(QProgressBar):
    """A bar for a share from 0 to 1; None hides it but keeps its room, so that nothing moves. `name`: of what."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._share: float | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self.hide()

    def set_share(self, share: float | None) -> None:
        """Show another share."""
        if share != self._share:
            self._share = share
            self.setValue(round(100 * min(1.0, share or 0.0)))
            self.setVisible(share is not None)
            self.update()

    def sizeHint(self) -> QSize:
        """Return a size four pixels high."""
        return QSize(80, 4)

    def minimumSizeHint(self) -> QSize:
        """Return the same height."""
        return QSize(0, 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint groove and filling."""
        if self._share is None:
            return
        c = colours(self.palette())
        painter = smooth_painter(self)
        rect = QRectF(self.rect())
        fill_rounded(painter, rect, 2, c.hairline)
        fill_rounded(painter, QRectF(0, 0, rect.width() * min(1.0, self._share), rect.height()), 2, c.accent)
