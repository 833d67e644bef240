"""A list of a side's links, one per line, of which one is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from cmi_gui.ui.text.mark import Mark, Status
from cmi_gui.ui.theme import SPACE, colours, scaled
from cmi_gui.ui.widgets.plain.buttons import keep_tab_stop, paint_focus
from cmi_gui.ui.widgets.plain.layout import column_of
from cmi_gui.ui.widgets.plain.marks import paint_mark
from cmi_gui.ui.widgets.plain.painting import smooth_painter


class _LinkRow(QPushButton):
    """The row of a link: shape, LINK, state in words; checked while the card shows this link."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        # Its role is then that of a radio button.
        self.setAutoExclusive(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._status = Status(Mark.OFF, "")

    def sizeHint(self) -> QSize:
        """Return the size of a line that is easy to click."""
        return QSize(scaled(120), max(SPACE.target, QFontMetrics(self.font()).height() + SPACE.m))

    minimumSizeHint = sizeHint

    def show_row(self, text: str, status: Status) -> None:
        """Show the text and the state of a link."""
        if (text, status) == (self.text(), self._status):
            return
        self._status = status
        self.setText(text)
        self.setAccessibleName(f"{text}: {status.title}" if status.title else text)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the background if chosen or hovered, then shape, LINK and state."""
        c = colours(self.palette())
        painter = smooth_painter(self)
        rect = QRectF(self.rect())
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(c.selection if self.isChecked() else c.stripe)
            painter.drawRoundedRect(rect, 6, 6)
        metrics = QFontMetrics(self.font())
        side = metrics.ascent() + 2
        paint_mark(painter, self._status.mark, QRectF(SPACE.s, (rect.height() - side) / 2, side, side), c)
        left = 2 * SPACE.s + side
        state = metrics.elidedText(self._status.title, Qt.TextElideMode.ElideRight, self.width() // 2)
        wide = metrics.horizontalAdvance(state)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setPen(c.dim)
        painter.drawText(QRectF(rect.right() - wide - SPACE.s, 0, wide + 2, rect.height()), middle, state)
        painter.setPen(c.text)
        room = rect.width() - left - wide - 2 * SPACE.s
        text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideMiddle, round(room))
        painter.drawText(QRectF(left, 0, room, rect.height()), middle, text)
        paint_focus(self, painter, rect)


class LinkRows(QWidget):
    """A column of link rows; it takes no room while empty. `after`: the widget before the first row in tab order.

    Signals: `chosen(object)`, by the user: the index of a row, from 0.
    """

    chosen = Signal(object)

    def __init__(self, after: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._after = after
        self._rows: list[_LinkRow] = []
        self._group = QButtonGroup(self)
        keep_tab_stop(self._group)
        self._group.idClicked.connect(self._clicked)
        self._column = column_of(within=self, margins=0, spacing=2)
        self.hide()

    def show_rows(self, rows: Sequence[tuple[str, Status]], chosen: int) -> None:
        """Show these rows, a text and a state each; `chosen`: the index of the chosen one."""
        while len(self._rows) > len(rows):
            row = self._rows.pop()
            self._group.removeButton(row)
            row.hide()
            row.deleteLater()
        while len(self._rows) < len(rows):
            row = _LinkRow(self)
            row.setObjectName("linkRow")
            self._group.addButton(row, len(self._rows))
            self._column.addWidget(row)
            QWidget.setTabOrder(self._rows[-1] if self._rows else self._after, row)
            self._rows.append(row)
        for index, (row, (text, status)) in enumerate(zip(self._rows, rows, strict=True)):
            row.show_row(text, status)
            row.setChecked(index == chosen)
        self.setVisible(bool(rows))

    def _clicked(self, index: int) -> None:
        self.chosen.emit(index)
