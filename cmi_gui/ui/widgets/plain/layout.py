"""Small parts that pages are laid out with: a titled section without a frame, a hairline, dim text."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from cmi_gui.ui.theme import SPACE, colours, font


class Hairline(QWidget):
    """One device pixel, across or down."""

    def __init__(self, parent: QWidget | None = None, *, vertical: bool = False) -> None:
        super().__init__(parent)
        fixed, grow = QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding
        self.setSizePolicy(fixed if vertical else grow, grow if vertical else fixed)

    def sizeHint(self) -> QSize:
        """One pixel thick."""
        return QSize(1, 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Fill it."""
        QPainter(self).fillRect(self.rect(), colours(self.palette()).hairline)


class DimLabel(QLabel):
    """Text in the dim colour, through a change of theme too."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._tint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()

    def ink(self) -> QColor:
        """The colour of the text in the present theme."""
        return colours(self.palette()).dim

    def _tint(self) -> None:
        ink = self.ink()
        if self.palette().color(QPalette.ColorRole.WindowText) != ink:
            palette = QPalette()
            palette.setColor(QPalette.ColorRole.WindowText, ink)
            self.setPalette(palette)


class Surface(QWidget):
    """A plain ground in one of the scheme's surface colours: `base`, `rail` or `window`."""

    def __init__(self, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Fill it."""
        c = colours(self.palette())
        ground = {"base": c.base, "rail": c.rail, "window": c.window}[self._role]
        QPainter(self).fillRect(self.rect(), ground)


class Section(QWidget):
    """A semibold title, a hairline, and what belongs under it (`body`)."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        label = QLabel(title, self)
        label.setFont(font(strong=True))
        label.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.xs)
        column.addWidget(label)
        column.addWidget(Hairline(self))
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, SPACE.xs, 0, 0)
        self.body.setSpacing(SPACE.xs)
        column.addLayout(self.body)


class WarningLine(DimLabel):
    """A remark in the colour of warnings, or of trouble; takes no room while it is empty."""

    def __init__(self, parent: QWidget | None = None, *, trouble: bool = False) -> None:
        self._trouble = trouble
        super().__init__("", parent)
        self.setWordWrap(True)
        self.setVisible(False)

    def show_text(self, text: str) -> None:
        """Say something else, or nothing."""
        if text != self.text():
            self.setText(text)
        self.setVisible(bool(text))

    def ink(self) -> QColor:
        """See `DimLabel`."""
        c = colours(self.palette())
        return c.trouble if self._trouble else c.warning
