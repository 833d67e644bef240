"""Layout elements of pages: rows and columns, text, a hairline, a titled section without a frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, Unpack

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cmi_gui.ui.theme import SPACE, colours, em, font
from cmi_gui.ui.widgets.plain.accessible import Role, Silent, Spoken
from cmi_gui.ui.widgets.plain.options import Options, take_options


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a row or column that takes the remaining room."""

    factor: int = 0


@dataclass(frozen=True, slots=True)
class Gap:
    """An empty part of a row or column, in pixels."""

    pixels: int


Part = QWidget | QLayout | Stretch | Gap | tuple[QWidget | QLayout, int] | tuple[QWidget, int, Qt.AlignmentFlag]
"""A part of a row or column, optionally in a tuple with its stretch factor and alignment."""
Margins = int | tuple[int, int] | tuple[int, int, int, int] | None
"""Pixels on all sides; (left and right, top and bottom); or (left, top, right, bottom)."""
Box = TypeVar("Box", bound=QBoxLayout)
USUAL = -1
"""The usual distance between parts: `SPACE.s` at the time when they are laid out."""


def row_of(
    *parts: Part, within: QWidget | None = None, spacing: int | None = USUAL, margins: Margins = None
) -> QHBoxLayout:
    """Return a row of parts; `within`: the widget that they fill. Distances of None are the style's."""
    return _filled(QHBoxLayout() if within is None else QHBoxLayout(within), parts, spacing, margins)


def column_of(
    *parts: Part, within: QWidget | None = None, spacing: int | None = USUAL, margins: Margins = None
) -> QVBoxLayout:
    """Return a column of parts; the arguments are those of `row_of`."""
    return _filled(QVBoxLayout() if within is None else QVBoxLayout(within), parts, spacing, margins)


def _filled(box: Box, parts: tuple[Part, ...], spacing: int | None, margins: Margins) -> Box:
    if spacing is not None:
        box.setSpacing(SPACE.s if spacing == USUAL else spacing)
    _set_margins(box, margins)
    add_parts(box, *parts)
    return box


def _set_margins(layout: QLayout, margins: Margins) -> None:
    if margins is not None:
        sides = (margins, margins) if isinstance(margins, int) else margins
        layout.setContentsMargins(*(sides if len(sides) == 4 else sides * 2))


def add_parts(box: QBoxLayout, *parts: Part) -> None:
    """Add parts at the end of a row or column."""
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


def grid_of(
    *, across: int, down: int, stretched: tuple[int, ...] = (), within: QWidget | None = None, margins: Margins = None
) -> QGridLayout:
    """Return an empty grid. `across`, `down`: pixels between its columns and rows; `stretched`: columns that grow."""
    grid = QGridLayout() if within is None else QGridLayout(within)
    _set_margins(grid, margins)
    grid.setHorizontalSpacing(across)
    grid.setVerticalSpacing(down)
    for column in stretched:
        grid.setColumnStretch(column, 1)
    return grid


class WrappingBar(QWidget):
    """A bar of two lines: side by side, or below each other if it is narrow."""

    one_line_from = 0
    """The least width in average characters for both in one line; more if they need it."""

    def wrap(self, first: QHBoxLayout, second: QHBoxLayout, *, stretched: int = 0) -> QHBoxLayout:
        """Return the layout of the two lines; `stretched`: the one that takes the remaining room, 0 or 1."""
        self._lines = (first, second)
        self._row = row_of((first, 1 - stretched), (second, stretched))
        return self._row

    def minimumSizeHint(self) -> QSize:
        """Return a size with the width of two lines, so that a bar in one line can become narrow again."""
        return QSize(max(self._widths()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give each part a line of its own in a narrow bar."""
        self._fit()
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        """Fit the lines again when their parts need another room."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        wide = self.width() >= max(em(self, self.one_line_from), sum(self._widths()) + self._row.spacing())
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        beside = wide or self._row.stretch(1)
        self._row.setAlignment(self._lines[1], Qt.AlignmentFlag(0) if beside else Qt.AlignmentFlag.AlignLeft)

    def _widths(self) -> list[int]:
        return [line.minimumSize().width() for line in self._lines]


def least_height(widget: QWidget, width: int) -> int:
    """Return the least height of a widget of a width, in pixels."""
    layout = widget.layout()
    if layout is not None and layout.hasHeightForWidth():
        return layout.minimumHeightForWidth(width)
    return widget.minimumSizeHint().height()


class ViewStack(QStackedWidget):
    """Instances of `StackedView` of which one is shown; the others do not count for its size."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.currentChanged.connect(self.updateGeometry)

    def minimumSizeHint(self) -> QSize:
        """Return the least size of the shown view."""
        view = self.currentWidget()
        return QSize(0, 0) if view is None else view.minimumSizeHint()


class StackedView(QWidget):
    """A view of a `ViewStack`. Qt would count the usual heights of all of them, hidden ones included."""

    def heightForWidth(self, width: int) -> int:
        """Return the least height at a width; none while the view is hidden."""
        return 0 if self.isHidden() else least_height(self, width)


def wrapping(first: QHBoxLayout, second: QHBoxLayout, parent: QWidget, *, stretched: int = 0) -> WrappingBar:
    """Return a bar of two lines and nothing else; `stretched` as in `WrappingBar.wrap`."""
    bar = WrappingBar(parent)
    column_of(bar.wrap(first, second, stretched=stretched), within=bar, margins=0)
    return bar


class Hairline(QWidget, Silent):
    """A thin line, horizontal or vertical."""

    def __init__(self, parent: QWidget | None = None, *, vertical: bool = False) -> None:
        super().__init__(parent)
        fixed, grow = QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding
        self.setSizePolicy(fixed if vertical else grow, grow if vertical else fixed)

    def sizeHint(self) -> QSize:
        """Return a size one pixel thick."""
        return QSize(1, 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Fill the widget with its colour."""
        QPainter(self).fillRect(self.rect(), colours(self.palette()).hairline)


class Label(QLabel, Spoken):
    """A label that shows its text literally, never as markup."""

    accessible_role = Role.StaticText

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, wrap: bool = False, **options: Unpack[Options]
    ) -> None:
        super().__init__(text, parent, textFormat=Qt.TextFormat.PlainText, wordWrap=wrap)
        take_options(self, options)


class DimLabel(Label):
    """A label in the dim colour, also after a change of theme."""

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
        """Return the colour of the text in the present theme."""
        return colours(self.palette()).dim

    def _tint(self) -> None:
        ink = self.ink()
        if self.palette().color(QPalette.ColorRole.WindowText) != ink:
            palette = QPalette()
            palette.setColor(QPalette.ColorRole.WindowText, ink)
            self.setPalette(palette)


class Surface(QWidget):
    """A plain background in one of the scheme's surface colours: `base`, `rail` or `window`."""

    def __init__(self, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Fill the widget with its colour."""
        c = colours(self.palette())
        ground = {"base": c.base, "rail": c.rail, "window": c.window}[self._role]
        QPainter(self).fillRect(self.rect(), ground)


class _SectionTitle(Label, Silent):
    """The title, which a screen reader has as the name of the section."""


class Section(QWidget, Spoken):
    """A semibold title, a hairline, and the content under it (`body`)."""

    accessible_role = Role.Grouping

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        label = _SectionTitle(title, self, look=font(strong=True))
        self.body = column_of(spacing=SPACE.xs, margins=(0, SPACE.xs, 0, 0))
        column_of(label, Hairline(self), self.body, within=self, spacing=SPACE.xs, margins=0)


class WarningLine(DimLabel):
    """A remark in the colour of warnings or of trouble.

    `lines`: the lines of text for which it keeps room, so that nothing moves when a text comes; with 0 it takes no room
    while empty.
    """

    def __init__(
        self, parent: QWidget | None = None, *, trouble: bool = False, lines: int = 0, **options: Unpack[Options]
    ) -> None:
        self._trouble = trouble
        self._lines = lines
        super().__init__("", parent, wrap=True, **options)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.keep_lines(lines)

    def keep_lines(self, lines: int) -> None:
        """Keep room for another number of lines."""
        self._lines = lines
        self.setMinimumHeight(self._room())
        self.setVisible(bool(lines or self.text()))

    def _room(self) -> int:
        return self._lines * self.fontMetrics().lineSpacing()

    def heightForWidth(self, width: int) -> int:
        """Return the height of the text or the room."""
        return max(super().heightForWidth(width), self._room())

    def sizeHint(self) -> QSize:
        """Return the size of the text, or a height of only the room: QLabel's hint wraps a text that fits."""
        hint = super().sizeHint()
        return QSize(hint.width(), self._room()) if self._lines else hint

    def minimumSizeHint(self) -> QSize:
        """Return the least size, with the same height."""
        hint = super().minimumSizeHint()
        return QSize(hint.width(), self._room()) if self._lines else hint

    def show_text(self, text: str) -> None:
        """Show another text; an empty one hides the line, unless it keeps room."""
        if text != self.text():
            self.setText(text)
        self.setVisible(bool(self._lines or text))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.setMinimumHeight(self._room())

    def ink(self) -> QColor:
        """Return the colour of warnings, or of trouble."""
        c = colours(self.palette())
        return c.trouble if self._trouble else c.warning
