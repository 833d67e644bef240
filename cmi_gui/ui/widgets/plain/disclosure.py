"""A foldable section: its title is a button with a chevron that shows or hides the content."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import SPACE, colours, font
from cmi_gui.ui.widgets.plain.accessible import Role, Spoken, state_changed
from cmi_gui.ui.widgets.plain.buttons import focus_shows
from cmi_gui.ui.widgets.plain.layout import Hairline, column_of
from cmi_gui.ui.widgets.plain.painting import control_height, fill_rounded, paint_chevron, smooth_painter

_CHEVRON = 10


class Heading(QPushButton, Spoken):
    """The heading of something foldable: checked while it is open."""

    accessible_role = Role.Button

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.toggled.connect(lambda: state_changed(self, "expanded", "collapsed"))

    def accessible_states(self) -> tuple[str, ...]:
        """Return whether it is open."""
        return ("expandable", "expanded" if self.isChecked() else "collapsed")


class _SectionHeading(Heading):
    """The heading: title, dim remark, and at the right a chevron for the folded or open state."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.remark = ""
        self.setFont(font(strong=True))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of a line of text, high enough to click."""
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self.text()) + 4 * _CHEVRON, control_height(self, SPACE.s))

    minimumSizeHint = sizeHint

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint title, remark and chevron."""
        c = colours(self.palette())
        painter = smooth_painter(self)
        middle = Qt.AlignmentFlag.AlignVCenter
        if self.underMouse():
            # Wider than the words, whose left edge is that of all words around.
            fill_rounded(painter, QRectF(self.rect()).adjusted(0, 2, 0, -2), 6, c.quiet)
        painter.setPen(c.text)
        painter.drawText(self.rect(), int(middle), self.text())
        left = QFontMetrics(self.font()).horizontalAdvance(self.text()) + SPACE.s
        # Without an explicit weight the heading's would be used.
        plain = font()
        plain.setWeight(QFont.Weight.Normal)
        painter.setFont(plain)
        painter.setPen(c.dim)
        room = self.width() - left - 2 * _CHEVRON
        remark = QFontMetrics(plain).elidedText(self.remark, Qt.TextElideMode.ElideRight, round(room))
        painter.drawText(QRectF(left, 0, room, self.height()), int(middle), remark)
        tip = QPointF(self.width() - _CHEVRON, self.height() / 2)
        paint_chevron(painter, tip, c.text if self.underMouse() else c.dim, down=self.isChecked())
        if focus_shows(self):
            # A line instead of a ring, which would run through the first letter at the left edge.
            painter.fillRect(QRectF(0, self.height() - 2, self.width(), 2), c.accent)


class Disclosure(QWidget):
    """A titled section like `Section`, whose `body` is shown only while it is open.

    Signals: `toggled(bool)`, after it was opened (True) or folded.
    """

    toggled = Signal(bool)

    def __init__(self, title: str, parent: QWidget | None = None, *, opened: bool = False) -> None:
        super().__init__(parent)
        self.heading = _SectionHeading(title, self)
        self.heading.setAccessibleName(title)
        self.inside = QWidget(self)
        """The content that is shown or hidden."""
        self.body = column_of(within=self.inside, margins=(0, SPACE.xs, 0, 0), spacing=SPACE.xs)
        column_of(self.heading, Hairline(self), self.inside, within=self, margins=0, spacing=0)
        self.heading.setChecked(opened)
        self.inside.setVisible(opened)
        self.heading.toggled.connect(self._toggled)

    @property
    def opened(self) -> bool:
        """True if the body is shown."""
        return self.heading.isChecked()

    def set_open(self, opened: bool) -> None:
        """Show or hide the body."""
        self.heading.setChecked(opened)

    def set_remark(self, text: str) -> None:
        """Set the dim remark after the title: a summary of the body."""
        if text != self.heading.remark:
            self.heading.remark = text
            self.heading.setAccessibleDescription(text)
            set_tooltip(self.heading, text)
            self.heading.update()

    def _toggled(self, opened: bool) -> None:
        self.inside.setVisible(opened)
        self.toggled.emit(opened)
