"""The navigation: a column of icons with words on the left, one per page, in named groups."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QButtonGroup, QPushButton, QSizePolicy, QWidget

from cmi_gui.ui.icons import paint_icon
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import SPACE, Colours, colours, font, scaled
from cmi_gui.ui.widgets.plain.accessible import Role, Spoken, state_changed
from cmi_gui.ui.widgets.plain.buttons import keep_tab_stop, paint_focus
from cmi_gui.ui.widgets.plain.layout import DimLabel, Hairline, Stretch, Surface, add_parts, column_of
from cmi_gui.ui.widgets.plain.painting import control_height, fill_rounded, smooth_painter

_SIDE = 20
"""The side of an icon in pixels, at a text size of 100 %."""


class _Entry(QPushButton, Spoken):
    """The entry of a page: an icon and a word, and an accent bar while the page is shown; collapsed, only the icon."""

    def __init__(self, text: str, icon: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self._icon = icon
        self._collapsed = False
        self.setCheckable(True)
        self.setAccessibleName(text)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.badge = ""

    def accessible_states(self) -> tuple[str, ...]:
        """Return whether its page is shown."""
        return ("selectable", "selected") if self.isChecked() else ("selectable",)

    def set_badge(self, badge: str) -> None:
        """Show a word or number beside the word, or at the icon's corner."""
        if badge != self.badge:
            self.badge = badge
            self.setAccessibleName(f"{self.text()}: {badge}" if badge else self.text())
            self.update()

    def set_collapsed(self, collapsed: bool) -> None:
        """Show only the icon, or icon and word."""
        self._collapsed = collapsed
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of icon, word and a badge of two digits; collapsed, the same for all."""
        height = control_height(self) + SPACE.xs
        if self._collapsed:
            return QSize(scaled(_SIDE) + 2 * SPACE.l, height)
        words = QFontMetrics(self.font()).horizontalAdvance(self.text())
        return QSize(SPACE.l + scaled(_SIDE) + SPACE.s + words + scaled(24), height)

    minimumSizeHint = sizeHint

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint background, bar, icon, word, badge and focus."""
        c = colours(self.palette())
        painter = smooth_painter(self)
        rect = QRectF(self.rect()).adjusted(6, 1, -6, -1)
        if self.isChecked() or self.underMouse():
            fill_rounded(painter, rect, 8, c.selection if self.isChecked() else c.hairline)
        if self.isChecked():
            fill_rounded(painter, QRectF(0, rect.top() + 7, 3, rect.height() - 14), 1.5, c.accent)
        ink = c.accent if self.isChecked() else c.text
        side = scaled(_SIDE)
        left = rect.center().x() - side / 2 if self._collapsed else SPACE.l
        paint_icon(painter, self._icon, QRectF(left, rect.center().y() - side / 2, side, side), ink)
        if not self._collapsed:
            painter.setPen(c.text)
            words = QRectF(left + side + SPACE.s, rect.top(), rect.width(), rect.height())
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        if self.badge:
            self._paint_badge(painter, rect, c)
        paint_focus(self, painter, rect, 8)

    def _paint_badge(self, painter: QPainter, rect: QRectF, c: Colours) -> None:
        painter.setFont(font(0.75, strong=True))
        height = scaled(16)
        width = max(height, painter.fontMetrics().horizontalAdvance(self.badge) + SPACE.s)
        top = rect.top() + 1 if self._collapsed else rect.center().y() - height / 2
        pill = QRectF(rect.right() - width - (0 if self._collapsed else SPACE.xs), top, width, height)
        fill_rounded(painter, pill, height / 2, c.badge)
        painter.setPen(c.on_badge)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, self.badge)


class Navigation(Surface, Spoken):
    """The entries of all pages, with Ctrl+1 for the first, Ctrl+2 for the second, and so on.

    Signals: `chosen(int)`, the page's place, from 0; `entered(int)`, the same, after its keys were pressed.
    """

    chosen = Signal(int)
    entered = Signal(int)
    accessible_role = Role.PageTabList

    def __init__(self) -> None:
        super().__init__("rail")
        self.setObjectName("navigation")
        self.setAccessibleName(self.tr("Pages"))
        self.collapsed = False
        self._group = QButtonGroup(self)
        self._group.idToggled.connect(lambda index, on: self.chosen.emit(index) if on else None)
        keep_tab_stop(self._group)
        self._titles: list[QWidget] = []
        self._lines: list[QWidget] = []
        """The names of the groups, and the lines that take their place while collapsed."""
        self._pages = column_of(margins=0, spacing=2)
        self._actions = column_of(margins=0, spacing=2)
        column_of(self._pages, Stretch(1), self._actions, within=self, margins=(0, SPACE.s), spacing=2)

    def add_group(self, name: str) -> None:
        """Begin a group of pages at the end."""
        title = DimLabel(name, self, look=font(0.88))
        title.setContentsMargins(SPACE.l, 0 if not self._titles else SPACE.s, SPACE.s, 0)
        line = Hairline(self)
        line.setVisible(False)
        self._titles.append(title)
        if len(self._titles) > 1:
            self._lines.append(line)
        add_parts(self._pages, title, line)

    def add(self, text: str, icon: str) -> None:
        """Add a page at the end."""
        index = len(self._group.buttons())
        entry = _Entry(text, icon, self)
        entry.accessible_role = Role.PageTab
        entry.toggled.connect(lambda: state_changed(entry, "selected"))
        keys = f"Ctrl+{index + 1}"
        set_tooltip(entry, f"{text} ({keys})")
        self._group.addButton(entry, index)
        self._pages.addWidget(entry)
        QShortcut(QKeySequence(keys), self, lambda: self._enter(index))

    def add_action(self, text: str, icon: str, keys: str, call: Callable[[], object]) -> None:
        """Add, at the bottom, an entry that calls a function instead of showing a page."""
        entry = _Entry(text, icon, self)
        entry.setCheckable(False)
        entry.setObjectName(f"navigation_{icon}")
        set_tooltip(entry, f"{text} ({keys})")
        entry.clicked.connect(lambda: call())
        self._actions.addWidget(entry)
        QShortcut(QKeySequence(keys), self, lambda: call())

    def set_collapsed(self, collapsed: bool) -> None:
        """Show only the icons, or icons with words and the names of the groups."""
        if collapsed is self.collapsed:
            return
        self.collapsed = collapsed
        for entry in self.findChildren(_Entry):
            entry.set_collapsed(collapsed)
        for title in self._titles:
            title.setVisible(not collapsed)
        for line in self._lines:
            line.setVisible(collapsed)

    def choose(self, index: int) -> None:
        """Choose a page by its place."""
        self._group.button(index).setChecked(True)

    def _enter(self, index: int) -> None:
        self.choose(index)
        self.entered.emit(index)

    def badges(self) -> list[str]:
        """Return the badges of the pages in order; empty for a page without one."""
        entries = (self._group.button(index) for index in range(len(self._group.buttons())))
        return [entry.badge for entry in entries if isinstance(entry, _Entry)]

    def set_badge(self, index: int, badge: str) -> None:
        """Set the badge of a page; an empty one removes it."""
        entry = self._group.button(index)
        assert isinstance(entry, _Entry)
        entry.set_badge(badge)
