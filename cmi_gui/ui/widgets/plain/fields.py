"""Input fields: a line of text, a choice; and a splitter between two panes."""

from __future__ import annotations

import sys
from typing import Unpack

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QComboBox, QLineEdit, QSplitter, QSplitterHandle, QWidget

from cmi_gui.ui.icons import paint_icon
from cmi_gui.ui.text.messages import translate
from cmi_gui.ui.theme import SPACE, colours, em, scaled
from cmi_gui.ui.widgets.plain.accessible import Role, Silent, Spoken
from cmi_gui.ui.widgets.plain.options import Options, take_options
from cmi_gui.ui.widgets.plain.painting import control_height, paint_chevron
from cmi_gui.ui.widgets.plain.scroll_bar import slim_scroll_bars

_WRONG = "cmiWrong"
"""The property of a field with the reason why its text is wrong."""


def paint_field(widget: QWidget, painter: QPainter) -> None:
    """Paint the background and outline that all fields share; the outline is in accent while focused.

    A field marked by `set_wrong` has it in the colour of trouble; a text beside it says why.
    """
    c = colours(widget.palette())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    focus = widget.hasFocus()
    outline = c.trouble if widget.property(_WRONG) else c.accent if focus else c.border
    painter.setPen(QPen(outline, 2 if focus else 1))
    painter.setBrush(c.base if widget.isEnabled() else c.window)
    inset = 1.0 if focus else 0.5
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(inset, inset, -inset, -inset), 6, 6)


def set_wrong(widget: QWidget, why: str) -> None:
    """Mark a field as wrong by its outline and, for a screen reader, by the reason; an empty one removes the mark."""
    if widget.property(_WRONG) != why:
        widget.setProperty(_WRONG, why)
        describe_wrong(widget, why)
        widget.update()


def describe_wrong(widget: QWidget, why: str) -> None:
    """Give a screen reader the reason why a field is wrong; without one it gets the tooltip again."""
    widget.setAccessibleDescription(translate("Field", "Invalid: {0}").format(why) if why else "")


class TextField(QLineEdit):
    """A line of text with an optional icon in front."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        icon: str = "",
        name: str = "",
        hint: str = "",
        **options: Unpack[Options],
    ) -> None:
        super().__init__(parent, placeholderText=hint)
        take_options(self, options)
        self.setAccessibleName(name)
        self._icon = icon
        self.setFrame(False)
        # The style would fill the corners outside the rounding; this class paints the background itself.
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Base, QColor(Qt.GlobalColor.transparent))
        self.setPalette(palette)
        self.setTextMargins(SPACE.s + (scaled(24) if icon else 0), 0, SPACE.xs, 0)

    def sizeHint(self) -> QSize:
        """Return a size as high as a button."""
        return QSize(super().sizeHint().width(), control_height(self))

    minimumSizeHint = sizeHint

    def set_least(self, characters: int) -> None:
        """Make the field as wide as its placeholder, and at least as wide as some average characters."""
        margins = self.textMargins()
        words = self.fontMetrics().horizontalAdvance(self.placeholderText())
        # Qt keeps room for the cursor, and for a button that clears the field.
        around = margins.left() + margins.right() + SPACE.m + (scaled(24) if self.isClearButtonEnabled() else 0)
        self.setMinimumWidth(max(em(self, characters), words + around))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint background and icon, then the text."""
        painter = QPainter(self)
        paint_field(self, painter)
        if self._icon:
            side = scaled(18)
            place = QRectF(SPACE.s, (self.height() - side) / 2, side, side)
            paint_icon(painter, self._icon, place, colours(self.palette()).dim)
        painter.end()
        super().paintEvent(event)


class ChoiceField(QComboBox):
    """A choice from a list."""

    def __init__(self, name: str, parent: QWidget | None = None, **options: Unpack[Options]) -> None:
        super().__init__(parent)
        take_options(self, options)
        self.setAccessibleName(name)
        self.view().setAccessibleName(name)
        slim_scroll_bars(self.view())
        if sys.platform == "linux":
            # There Qt gives the chosen text as the name.
            self.setAccessibleDescription(name)

    def sizeHint(self) -> QSize:
        """Return a size as high as a button, with room for the chevron."""
        metrics = QFontMetrics(self.font())
        texts = (self.placeholderText(), *(self.itemText(n) for n in range(self.count())))
        widest = max(map(metrics.horizontalAdvance, texts)) if self.count() else 40
        return QSize(widest + 2 * SPACE.m + 20, control_height(self))

    minimumSizeHint = sizeHint

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint background, chosen text and chevron."""
        c = colours(self.palette())
        painter = QPainter(self)
        paint_field(self, painter)
        chosen = self.currentText()
        painter.setPen(c.disabled if not self.isEnabled() else c.text if chosen else c.dim)
        words = self.rect().adjusted(SPACE.m, 0, -SPACE.m - 16, 0)
        shown = QFontMetrics(self.font()).elidedText(
            chosen or self.placeholderText(), Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        paint_chevron(painter, QPointF(self.width() - SPACE.m - 4, self.height() / 2 + 0.5), c.dim, down=True)


class _PlainHandle(QSplitterHandle, Silent):
    """An invisible handle; the pointer's shape shows that it can be dragged."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint nothing, so that the page's background shows."""


class Splitter(QSplitter, Spoken):
    """Panes with draggable gaps between them."""

    accessible_role = Role.Pane

    def __init__(self, orientation: Qt.Orientation, parent: QWidget | None = None, **options: Unpack[Options]) -> None:
        super().__init__(orientation, parent)
        take_options(self, options)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(SPACE.s)
        self._turns_at = 0
        self._panes: list[QWidget] = []

    def fill(self, *panes: tuple[QWidget, int, int]) -> None:
        """Add panes, each with its stretch factor and its initial size in pixels."""
        for place, (pane, stretch, _) in enumerate(panes):
            self.addWidget(pane)
            self._panes.append(pane)
            self.setStretchFactor(place, stretch)
        self.setSizes([size for _, _, size in panes])

    def turn_below(self, width: int) -> None:
        """Make panes that are side by side turn below each other in a splitter that is narrower than this."""
        self._turns_at = width

    def narrow_in(self, width: int) -> bool:
        """Return whether the panes are below each other in a splitter of a width."""
        return width < max(self._turns_at, sum(self._widths()) + self.handleWidth() * (self.count() - 1))

    def _widths(self) -> list[int]:
        return [max(pane.minimumSizeHint().width(), pane.minimumWidth()) for pane in self._panes if not pane.isHidden()]

    def minimumSizeHint(self) -> QSize:
        """Return a size with the width of the widest pane, if the panes can turn below each other."""
        hint = super().minimumSizeHint()
        return QSize(max(self._widths(), default=0), hint.height()) if self._turns_at else hint

    def createHandle(self) -> QSplitterHandle:
        """Return an invisible handle."""
        return _PlainHandle(self.orientation(), self)
