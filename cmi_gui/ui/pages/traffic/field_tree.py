"""The tree of the fields of the chosen telegram."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeWidget, QTreeWidgetItem, QWidget

from cmi_gui.ui.pages.traffic.field import ByteField
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import SPACE, colours, font, tabular
from cmi_gui.ui.widgets.plain.scroll_bar import slim_scroll_bars

_FIELD = Qt.ItemDataRole.UserRole


class _Lines(QStyledItemDelegate):
    """A delegate that paints names in text colour, meanings dim, trouble in its own colour, and no focus."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint background and text."""
        c = colours(option.palette)
        field = index.sibling(index.row(), 0).data(_FIELD)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, c.selection)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, c.stripe)
        trouble = isinstance(field, ByteField) and field.trouble
        painter.setFont(option.font)
        painter.setPen(QPen(c.trouble if trouble else c.dim if index.column() else c.text))
        room = option.rect.adjusted(SPACE.xs, 0, -SPACE.xs, 0)
        text = painter.fontMetrics().elidedText(index.data() or "", Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return a size with the height of a table's row."""
        hint = super().sizeHint(option, index)
        return QSize(hint.width(), _line_height(option.font))


def _line_height(of: QFont) -> int:
    return QFontMetrics(of).height() + 6


class FieldTree(QTreeWidget):
    """A tree of fields with their meanings.

    Signals: `field_chosen(object)` and `field_hovered(object)`, a `ByteField`; None when the pointer has left.
    """

    field_chosen = Signal(object)
    field_hovered = Signal(object)

    def __init__(self, name: str, titles: tuple[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields: tuple[ByteField, ...] = ()
        self._empty = ""
        self._widest = 0
        self.setAccessibleName(name)
        self.setColumnCount(2)
        self.setHeaderLabels(titles)
        self.setHeaderHidden(True)
        self.setFont(tabular(font()))
        self.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.setUniformRowHeights(True)
        self.setMouseTracking(True)
        self.setIndentation(SPACE.l)
        self.setItemDelegate(_Lines(self))
        # Scrolls by whole lines, so that none is cut off.
        self.setVerticalScrollMode(QTreeWidget.ScrollMode.ScrollPerItem)
        self.setTabKeyNavigation(False)
        slim_scroll_bars(self)
        self._set_branch_background()
        self.currentItemChanged.connect(self._current_changed)
        self.itemEntered.connect(lambda item: self.field_hovered.emit(item.data(0, _FIELD)))

    @property
    def fields(self) -> tuple[ByteField, ...]:
        """The fields shown, at the top level."""
        return self._fields

    @property
    def current(self) -> ByteField | None:
        """The chosen field, or None."""
        item = self.currentItem()
        return None if item is None else item.data(0, _FIELD)

    def show_fields(self, fields: Sequence[ByteField]) -> None:
        """Show other fields, folded and with none chosen."""
        self._fields = tuple(fields)
        self.blockSignals(True)
        self.clear()
        self.addTopLevelItems([_item(field) for field in fields])
        self.blockSignals(False)
        self._widest = self.sizeHintForColumn(0)
        self._fit_names()

    def _fit_names(self) -> None:
        """Give the names the width that they need, but not that of the meanings."""
        width = self.viewport().width()
        self.setColumnWidth(0, min(max(self._widest + SPACE.l, width // 4), max(120, width * 3 // 5)))

    def choose(self, path: Sequence[ByteField]) -> None:
        """Choose the last field of a path from the top and unfold its parents; an empty path clears the choice."""
        item = self.invisibleRootItem()
        for field in path:
            children = map(item.child, range(item.childCount()))
            found = next((child for child in children if child is not None and child.data(0, _FIELD) == field), None)
            if found is None:
                break
            item.setExpanded(True)
            item = found
        # No signal, because the caller already knows the bytes.
        self.blockSignals(True)
        self.setCurrentItem(item)
        self.blockSignals(False)
        self.scrollToItem(item)
        self.viewport().update()

    def set_empty_text(self, text: str) -> None:
        """Set the text shown while there are no fields."""
        self._empty = text
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave a margin at the bottom where no whole line fits."""
        super().resizeEvent(event)
        self._fit_names()
        room = self.viewport().height() + self.viewportMargins().bottom()
        left_over = room % _line_height(self.font())
        if left_over != self.viewportMargins().bottom():
            self.setViewportMargins(0, 0, 0, left_over)

    def leaveEvent(self, event: QEvent) -> None:
        """Emit `field_hovered(None)`."""
        super().leaveEvent(event)
        self.field_hovered.emit(None)

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._set_branch_background()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the fields, or the text for none."""
        super().paintEvent(event)
        if self._empty and not self.topLevelItemCount():
            painter = QPainter(self.viewport())
            painter.setPen(colours(self.palette()).dim)
            area = self.viewport().rect().adjusted(SPACE.xs, SPACE.xs, -SPACE.xs, -SPACE.xs)
            painter.drawText(area, int(Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap), self._empty)

    def _set_branch_background(self) -> None:
        # Fusion would also highlight the branch to the left of a chosen line's text.
        palette = self.palette()
        if palette.color(QPalette.ColorRole.Highlight) != palette.color(QPalette.ColorRole.Base):
            own = QPalette()
            own.setColor(QPalette.ColorRole.Highlight, palette.color(QPalette.ColorRole.Base))
            self.setPalette(own)

    def _current_changed(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.field_chosen.emit(item.data(0, _FIELD))


def _item(field: ByteField) -> QTreeWidgetItem:
    item = QTreeWidgetItem([field.name, field.meaning])
    item.setData(0, _FIELD, field)
    set_tooltip(item, field.name, 0)
    set_tooltip(item, field.meaning, 1)
    item.addChildren([_item(child) for child in field.children])
    return item
