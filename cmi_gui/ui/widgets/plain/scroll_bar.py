"""A thin scroll bar without arrows, and a scrolling column that uses it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QFrame,
    QScrollArea,
    QScrollBar,
    QStyle,
    QStyleOptionSlider,
    QWidget,
)

from cmi_gui.ui.theme import colours
from cmi_gui.ui.widgets.plain.accessible import Role, Spoken
from cmi_gui.ui.widgets.plain.layout import least_height
from cmi_gui.ui.widgets.plain.painting import fill_rounded, smooth_painter


class SlimScrollBar(QScrollBar):
    """A scroll bar that behaves like Fusion's and shows only a rounded thumb."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the thumb if there is something to scroll."""
        c = colours(self.palette())
        painter = smooth_painter(self)
        if self.maximum() <= self.minimum():
            return
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        thumb = self.style().subControlRect(
            QStyle.ComplexControl.CC_ScrollBar, option, QStyle.SubControl.SC_ScrollBarSlider, self
        )
        upright = self.orientation() is Qt.Orientation.Vertical
        rect = QRectF(thumb).adjusted(4, 1, -4, -1) if upright else QRectF(thumb).adjusted(1, 4, -1, -4)
        radius = min(rect.width(), rect.height()) / 2
        fill_rounded(painter, rect, radius, c.dim if self.isSliderDown() or self.underMouse() else c.border)


def reveal(widget: QWidget, margin: int) -> None:
    """Scroll everything around a widget that can scroll until the widget is visible."""
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(widget, 0, margin)
        around = around.parentWidget()


class ScrollColumn(QScrollArea, Spoken):
    """A column of full width that scrolls vertically if the window is too low; it takes no keyboard focus."""

    accessible_role = Role.Pane

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, widgetResizable=True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        slim_scroll_bars(self)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._show_focus)
        self._unrolled = False
        self._least = 0

    def _show_focus(self, _before: QWidget | None, focus: QWidget | None) -> None:
        """Scroll to what Tab has reached: Qt does so only if the focus was in the column already."""
        by_key = self.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
        if focus is not None and by_key and self.isAncestorOf(focus):
            self.ensureWidgetVisible(focus)

    def unroll(self, on: bool) -> None:
        """Ask for the height of the whole content, because something around it scrolls, or stop that."""
        if on is not self._unrolled:
            self._unrolled = on
            policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if on else Qt.ScrollBarPolicy.ScrollBarAsNeeded
            self.setVerticalScrollBarPolicy(policy)
            self.updateGeometry()

    def keep_width(self, least: int) -> None:
        """Be as narrow as the content allows, but not narrower than `least` pixels."""
        self._least = least

    def sizeHint(self) -> QSize:
        """Return the usual size of a scroll area, with the width that was set."""
        hint = super().sizeHint()
        return QSize(self.minimumSizeHint().width(), hint.height()) if self._least else hint

    def minimumSizeHint(self) -> QSize:
        """Return a small size, or that of the content."""
        inside, hint = self.widget(), super().minimumSizeHint()
        if inside is None or not (self._unrolled or self._least):
            return hint
        width = inside.minimumSizeHint().width()
        if self._least:
            # The same with and without a scroll bar, because what is beside it may depend on it.
            width = max(self._least, width + self.verticalScrollBar().sizeHint().width())
        if not self._unrolled:
            return QSize(width, hint.height())
        return QSize(width, least_height(inside, max(width, self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width, on which the height of the content depends."""
        super().resizeEvent(event)
        if self._unrolled and event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the content."""
        follows = self._unrolled or self._least
        if follows and event.type() == QEvent.Type.LayoutRequest and watched is self.widget():
            self.updateGeometry()
        return super().eventFilter(watched, event)


def slim_scroll_bars(area: QAbstractScrollArea) -> None:
    """Give an area thin scroll bars both ways, and an empty corner where they meet."""
    area.setVerticalScrollBar(SlimScrollBar(Qt.Orientation.Vertical, area))
    area.setHorizontalScrollBar(SlimScrollBar(Qt.Orientation.Horizontal, area))
    area.setCornerWidget(QWidget(area))
