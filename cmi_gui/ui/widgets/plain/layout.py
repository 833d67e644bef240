"""What pages are laid out with: rows and columns, text, a hairline, a titled section without a frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, Unpack

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QLayout, QSizePolicy, QVBoxLayout, QWidget

from cmi_gui.ui.theme import SPACE, colours, font
from cmi_gui.ui.widgets.plain.options import Options, take_options


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a row or column that takes the room left over."""

    factor: int = 0


@dataclass(frozen=True, slots=True)
class Gap:
    """A part of a row or column that is empty, so many pixels wide or high."""

    pixels: int


Part = QWidget | QLayout | Stretch | Gap | tuple[QWidget | QLayout, int] | tuple[QWidget, int, Qt.AlignmentFlag]
"""A part of a row or column; in a tuple with its stretch factor and its alignment."""
Margins = int | tuple[int, int] | tuple[int, int, int, int] | None
"""On all sides; left and right, above and below; or left, above, right, below."""
Box = TypeVar("Box", bound=QBoxLayout)


def row_of(
    *parts: Part, within: QWidget | None = None, spacing: int | None = SPACE.s, margins: Margins = None
) -> QHBoxLayout:
    """Lay parts out from left to right; `within`: the widget that they fill. None leaves the style's distances."""
    return _filled(QHBoxLayout() if within is None else QHBoxLayout(within), parts, spacing, margins)


def column_of(
    *parts: Part, within: QWidget | None = None, spacing: int | None = SPACE.s, margins: Margins = None
) -> QVBoxLayout:
    """Lay parts out from top to bottom; see `row_of`."""
    return _filled(QVBoxLayout() if within is None else QVBoxLayout(within), parts, spacing, margins)


def _filled(box: Box, parts: tuple[Part, ...], spacing: int | None, margins: Margins) -> Box:
    if spacing is not None:
        box.setSpacing(spacing)
    if margins is not None:
        sides = (margins, margins) if isinstance(margins, int) else margins
        box.setContentsMargins(*(sides if len(sides) == 4 else sides * 2))
    for part in parts:
        match part:
            case Stretch(factor):
                box.addStretch(factor)
            case Gap(pixels):
                box.addSpacing(pixels)
            case QWidget():
                box.addWidget(part)
            case QLayout():
                box.addLayout(part)
            case (QLayout() as layout, factor):
                box.addLayout(layout, factor)
            case (QWidget() as widget, factor):
                box.addWidget(widget, factor)
            case (widget, factor, alignment):
                box.addWidget(widget, factor, alignment)
    return box


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


class Label(QLabel):
    """Text as it is, never taken for markup."""

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, wrap: bool = False, **options: Unpack[Options]
    ) -> None:
        super().__init__(text, parent, textFormat=Qt.TextFormat.PlainText, wordWrap=wrap)
        take_options(self, options)


class DimLabel(Label):
    """Text in the dim colour, through a change of theme too."""

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, wrap: bool = False, **options: Unpack[Options]
    ) -> None:
        super().__init__(text, parent, wrap=wrap, **options)
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
        label = Label(title, self, look=font(strong=True))
        self.body = column_of(spacing=SPACE.xs, margins=(0, SPACE.xs, 0, 0))
        column_of(label, Hairline(self), self.body, within=self, spacing=SPACE.xs, margins=0)


class WarningLine(DimLabel):
    """A remark in the colour of warnings, or of trouble; takes no room while it is empty."""

    def __init__(self, parent: QWidget | None = None, *, trouble: bool = False, **options: Unpack[Options]) -> None:
        self._trouble = trouble
        super().__init__("", parent, wrap=True, **options)
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
