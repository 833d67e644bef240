"""The navigation: a column of icons with words on the left, one per page."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from cmi_gui.ui.icons import paint_icon
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import SPACE, Colours, colours, font
from cmi_gui.ui.widgets.plain.buttons import focus_shows, paint_focus
from cmi_gui.ui.widgets.plain.layout import Stretch, Surface, column_of
from cmi_gui.ui.widgets.plain.painting import fill_rounded, smooth_painter


class _Entry(QPushButton):
    """The entry of a page: an icon over a word, and an accent bar while the page is shown."""

    def __init__(self, text: str, icon: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self._icon = icon
        self.setCheckable(True)
        self.setAccessibleName(text)
        self.setFont(font(0.88))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.badge = ""

    def set_badge(self, badge: str) -> None:
        """Show a word or number at the icon's corner."""
        if badge != self.badge:
            self.badge = badge
            self.setAccessibleName(f"{self.text()}: {badge}" if badge else self.text())
            self.update()

    def sizeHint(self) -> QSize:
        """Return a size with room for icon and word, the same for all but long words."""
        metrics = QFontMetrics(self.font())
        return QSize(max(84, metrics.horizontalAdvance(self.text()) + 2 * SPACE.m), metrics.height() + 44)

    minimumSizeHint = sizeHint

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint background, bar, icon, word, badge and focus."""
        c = colours(self.palette())
        painter = smooth_painter(self)
        rect = QRectF(self.rect()).adjusted(6, 2, -6, -2)
        if self.isChecked() or self.underMouse():
            fill_rounded(painter, rect, 8, c.selection if self.isChecked() else c.hairline)
        if self.isChecked():
            fill_rounded(painter, QRectF(0, rect.top() + 12, 3, rect.height() - 24), 1.5, c.accent)
        ink = c.accent if self.isChecked() else c.text
        paint_icon(painter, self._icon, QRectF(rect.center().x() - 12, rect.top() + 7, 24, 24), ink)
        painter.setPen(c.text)
        words = QRectF(rect.left(), rect.top() + 33, rect.width(), rect.height() - 36)
        painter.drawText(words, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, self.text())
        if self.badge:
            self._paint_badge(painter, rect, c)
        if focus_shows(self):
            paint_focus(painter, rect, 8, c.accent)

    def _paint_badge(self, painter: QPainter, rect: QRectF, c: Colours) -> None:
        painter.setFont(font(0.75, strong=True))
        width = max(16, painter.fontMetrics().horizontalAdvance(self.badge) + SPACE.s)
        pill = QRectF(min(rect.center().x() + 5, rect.right() - width), rect.top() + 2, width, 16)
        fill_rounded(painter, pill, 8, c.badge)
        painter.setPen(c.on_badge)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, self.badge)


class Navigation(Surface):
    """The entries of all pages, with Ctrl+1 for the first, Ctrl+2 for the second, and so on.

    Signals: `chosen(int)`, the page's place, from 0.
    """

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__("rail")
        self.setObjectName("navigation")
        self.setAccessibleName(self.tr("Pages"))
        self._group = QButtonGroup(self)
        self._group.idToggled.connect(lambda index, on: self.chosen.emit(index) if on else None)
        self._column = column_of(Stretch(1), within=self, margins=(0, SPACE.s), spacing=2)

    def add(self, text: str, icon: str) -> None:
        """Add a page at the end."""
        index = len(self._group.buttons())
        entry = _Entry(text, icon, self)
        keys = f"Ctrl+{index + 1}"
        set_tooltip(entry, f"{text} ({keys})")
        self._group.addButton(entry, index)
        self._column.insertWidget(index, entry)
        QShortcut(QKeySequence(keys), self, lambda: self.choose(index))

    def add_action(self, text: str, icon: str, keys: str, call: Callable[[], object]) -> None:
        """Add, at the bottom, an entry that calls a function instead of showing a page."""
        entry = _Entry(text, icon, self)
        entry.setCheckable(False)
        entry.setObjectName(f"navigation_{icon}")
        set_tooltip(entry, f"{text} ({keys})")
        entry.clicked.connect(lambda: call())
        self._column.addWidget(entry)
        QShortcut(QKeySequence(keys), self, lambda: call())

    def choose(self, index: int) -> None:
        """Choose a page by its place."""
        self._group.button(index).setChecked(True)

    def badges(self) -> list[str]:
        """Return the badges of the pages in order; empty for a page without one."""
        entries = (self._group.button(index) for index in range(len(self._group.buttons())))
        return [entry.badge for entry in entries if isinstance(entry, _Entry)]

    def set_badge(self, index: int, badge: str) -> None:
        """Set the badge of a page; an empty one removes it."""
        entry = self._group.button(index)
        assert isinstance(entry, _Entry)
        entry.set_badge(badge)
