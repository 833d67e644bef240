"""The list of messages that the strip opens: marks, a filter, a search, and copying as text."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import Enum, auto

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from cmi_gui.ui.text.words import LogEntry, clock_text, level_word
from cmi_gui.ui.theme import SPACE, colours, em, font, tabular
from cmi_gui.ui.widgets.plain.buttons import QuietButton, Segments, paint_focus
from cmi_gui.ui.widgets.plain.fields import TextField
from cmi_gui.ui.widgets.plain.layout import Hairline, column_of, row_of
from cmi_gui.ui.widgets.plain.message_list import paint_level
from cmi_gui.ui.widgets.plain.painting import fill_rounded
from cmi_gui.ui.widgets.plain.scroll_bar import slim_scroll_bars

_ENTRY = int(Qt.ItemDataRole.UserRole)
_PADDING = 4
"""Pixels above and below the text of a message."""


class _Kept(Enum):
    """The messages that the filter leaves in the list."""

    ALL = auto()
    RESULTS = auto()
    TROUBLE = auto()


def _wrapped(text: str, look: QFont, width: int) -> QTextLayout:
    """Return a text in lines of at most `width` pixels, broken between words, or within one that is too long."""
    layout = QTextLayout(text, look)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    top = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, top))
        top += line.height()
    layout.endLayout()
    return layout


class _Rows(QStyledItemDelegate):
    """A painter of mark, time and the whole sentence, in as many lines as it needs."""

    def __init__(self, view: QListWidget) -> None:
        super().__init__(view)
        self._view = view

    def _places(self, option: QStyleOptionViewItem, width: int) -> tuple[int, int, int]:
        """Return the left edges of time and text, and the width of the text, in a row `width` pixels wide."""
        metrics = option.fontMetrics
        time = SPACE.s + round(metrics.ascent() * 0.85) + SPACE.s
        text = time + metrics.horizontalAdvance("00:00:00") + SPACE.m
        return time, text, max(1, width - text - SPACE.s)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the height of the wrapped sentence."""
        width = self._view.viewport().width()
        _, _, room = self._places(option, width)
        entry: LogEntry = index.data(_ENTRY)
        height = _wrapped(entry.text, option.font, room).boundingRect().height()
        return QSize(1, math.ceil(height) + 2 * _PADDING)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one message."""
        c = colours(option.palette)
        row = option.rect
        entry: LogEntry = index.data(_ENTRY)
        time, text, room = self._places(option, row.width())
        metrics = option.fontMetrics
        side = metrics.ascent() * 0.85
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            fill_rounded(painter, QRectF(row), 6, c.selection)
        top = row.top() + _PADDING
        paint_level(
            painter, entry.level, QRectF(row.left() + SPACE.s, top + (metrics.height() - side) / 2, side, side), c
        )
        painter.setFont(option.font)
        painter.setPen(c.dim)
        painter.drawText(row.left() + time, top + metrics.ascent(), index.data(Qt.ItemDataRole.DisplayRole)[:8])
        painter.setPen(c.text)
        _wrapped(entry.text, option.font, room).draw(painter, QPointF(row.left() + text, top))
        if option.state & QStyle.StateFlag.State_HasFocus:
            paint_focus(self._view, painter, QRectF(row))
        painter.restore()


class _Messages(QListWidget):
    """The rows; Ctrl+C copies them with `on_copy`, and an empty list says that it is empty."""

    def __init__(self, parent: QWidget, on_copy: Callable[[], None]) -> None:
        super().__init__(parent)
        self._on_copy = on_copy
        self.setAccessibleName(self.tr("Latest messages, newest first"))
        self.setObjectName("historyList")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(tabular(font()))
        self.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        slim_scroll_bars(self)
        self.setItemDelegate(_Rows(self))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy all chosen messages; the base class would copy the current one."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self._on_copy()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, or the words for none."""
        super().paintEvent(event)
        if not self.count():
            painter = QPainter(self.viewport())
            painter.setPen(colours(self.palette()).dim)
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, self.tr("No such messages"))


class MessageHistory(QFrame):
    """The popup with the messages given to `open_at`, which a filter and a search reduce.

    `copy`: copies a text to the clipboard and reports it with the second text.
    """

    def __init__(
        self, local: Callable[[float], datetime], copy: Callable[[str, str], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._local, self._copy_text = local, copy
        self._entries: Sequence[LogEntry] = ()
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.filter = Segments(
            (
                (self.tr("All"), _Kept.ALL),
                (self.tr("Results"), _Kept.RESULTS),
                (self.tr("Trouble"), _Kept.TROUBLE),
            ),
            self.tr("Messages to show"),
            self,
        )
        self.filter.setObjectName("historyFilter")
        self.filter.chosen.connect(lambda _: self._show())
        self.search = TextField(
            self,
            icon="search",
            name=self.tr("Search the messages"),
            hint=self.tr("Search"),
            object_name="historySearch",
        )
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _: self._show())
        self.copy = QuietButton(
            self.tr("Copy"),
            self,
            icon="copy",
            name=self.tr("Copy the selected messages, or all shown if none is selected (Ctrl+C)"),
            object_name="historyCopy",
            on_click=self.copy_chosen,
        )
        self.list = _Messages(self, self.copy_chosen)
        column_of(
            row_of(self.filter, (self.search, 1), self.copy),
            Hairline(self),
            self.list,
            within=self,
            margins=SPACE.s,
        )

    def open_at(self, entries: Sequence[LogEntry], corner: QPoint, room: int) -> None:
        """Show entries, newest first, with the lower right corner at `corner` (global), at most `room` pixels wide."""
        self._entries = entries
        self.search.clear()
        self.filter.show_value(_Kept.ALL)
        size = QSize(min(em(self, 110), room), em(self, 50))
        self.resize(size)
        self.move(corner - QPoint(size.width(), size.height()))
        self._show()
        self.show()
        self.list.setFocus()

    def _show(self) -> None:
        kept, words = self.filter.value(), self.search.text().casefold()
        self.list.clear()
        for entry in self._entries:
            if (kept is _Kept.RESULTS and not entry.result) or (kept is _Kept.TROUBLE and not entry.trouble):
                continue
            if words not in entry.text.casefold():
                continue
            item = QListWidgetItem(f"{clock_text(self._local(entry.at))} {entry.text}")
            item.setData(_ENTRY, entry)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{level_word(entry.level)}: {item.text()}")
            self.list.addItem(item)
        self.copy.setEnabled(bool(self.list.count()))

    def text(self) -> str:
        """Return the chosen messages as lines of date, time, level and sentence; all shown ones if none is chosen."""
        items = [self.list.item(row) for row in range(self.list.count())]
        chosen = [item for item in items if item.isSelected()] or items
        return "".join(self._line(item.data(_ENTRY)) for item in chosen)

    def _line(self, entry: LogEntry) -> str:
        moment = self._local(entry.at)
        return f"{moment:%Y-%m-%d} {clock_text(moment)}\t{level_word(entry.level)}\t{entry.text}\n"

    def copy_chosen(self) -> None:
        """Copy the chosen messages as text."""
        if self.list.count():
            self._copy_text(self.text(), self.tr("Messages copied to the clipboard"))
