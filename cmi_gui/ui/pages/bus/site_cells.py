"""The painting and editing of the cells in the list of a site: what is, then what is wanted."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QLineEdit, QStyleOptionViewItem, QWidget

from cmi_gui.ui.pages.bus.site_table import IS_ROLE, MARK_ROLE, ODD_ROLE, WANTED_ROLE, SiteTableModel
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import SPACE, Colours, colours
from cmi_gui.ui.widgets.plain.fields import set_wrong
from cmi_gui.ui.widgets.plain.state_cell import StateDelegate
from cmi_gui.ui.widgets.plain.table import CellDelegate

Cell = QModelIndex | QPersistentModelIndex
_ARROW = " > "


class SiteDelegate(StateDelegate):
    """A painter and editor of cells: what is, then what is wanted in bold and in the accent colour.

    Signals: `begun(object)`, an edit of the cell with this index; `entered()`, Enter has ended an edit;
    `entered_for_all()`, Ctrl+Enter has.
    """

    begun = Signal(object)
    entered = Signal()
    entered_for_all = Signal()

    def __init__(self, view: QAbstractItemView, model: SiteTableModel) -> None:
        super().__init__(view, MARK_ROLE)
        self._view = view
        self._table = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Cell) -> None:
        """Paint the cell; the current one has an outline, because several may be selected."""
        super().paint(painter, option, index)
        if index == self._view.currentIndex() and self._view.hasFocus():
            painter.setPen(QPen(colours(option.palette).accent, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(option.rect.adjusted(0, 0, -1, -1))

    def ink(self, c: Colours, index: Cell) -> QColor:
        """Return the colour of what is."""
        return c.trouble if index.data(ODD_ROLE) else c.text

    def _text(self, painter: QPainter, cell: QRect, c: Colours, index: Cell, text: str) -> None:
        if index.data(MARK_ROLE) is not None:
            super()._text(painter, cell, c, index, text)
            return
        wanted = index.data(WANTED_ROLE)
        if wanted is None:
            CellDelegate._text(self, painter, cell, c, index, text)
            return
        room = cell.adjusted(SPACE.s, 0, -SPACE.s, 0)
        plain = painter.font()
        bold = painter.font()
        bold.setBold(True)
        known = str(index.data(IS_ROLE))
        parts = [(known, plain, c.text), (_ARROW, plain, c.dim)] if known else []
        painter.setFont(bold)
        wide = painter.fontMetrics().horizontalAdvance(wanted)
        painter.setFont(plain)
        metrics = painter.fontMetrics()
        before = sum(metrics.horizontalAdvance(part) for part, _, _ in parts)
        if before + wide > room.width() and parts:
            # What is wanted matters more than what is.
            known = metrics.elidedText(
                known, Qt.TextElideMode.ElideRight, max(0, room.width() - wide - metrics.horizontalAdvance(_ARROW))
            )
            parts[0] = (known, plain, c.text)
            before = sum(metrics.horizontalAdvance(part) for part, _, _ in parts)
        right = bool(index.data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight)
        left = max(room.left(), room.right() - before - wide) if right else room.left()
        for part, look, ink in (*parts, (wanted, bold, c.accent)):
            painter.setFont(look)
            painter.setPen(ink)
            width = painter.fontMetrics().horizontalAdvance(part)
            place = QRect(left, room.top(), min(width + 2, room.right() - left + 2), room.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, part)
            left += width

    # Editing

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Cell) -> QWidget:
        """Return a field with the text to be changed."""
        field = QLineEdit(parent)
        field.setFrame(False)
        field.setAccessibleName(self._table.headers[index.column()])
        field.textEdited.connect(lambda: set_wrong(field, ""))
        self.begun.emit(index)
        return field

    def setEditorData(self, editor: QWidget, index: Cell) -> None:
        """Show the text of the cell."""
        assert isinstance(editor, QLineEdit)
        editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Cell) -> None:
        """Set the cell."""
        assert isinstance(editor, QLineEdit)
        model.setData(index, editor.text())

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Keep the editor open with the reason while its text is wrong; Enter goes on to other rows."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and isinstance(editor, QLineEdit):
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter or event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                wrong = self._table.why_not(self._view.currentIndex(), editor.text())
                if wrong:
                    set_wrong(editor, wrong)
                    set_tooltip(editor, wrong)
                    self._table.refused.emit(wrong)
                    return True
            if enter:
                self.commitData.emit(editor)
                self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)
                for_all = event.modifiers() & Qt.KeyboardModifier.ControlModifier
                (self.entered_for_all if for_all else self.entered).emit()
                return True
        return super().eventFilter(editor, event)
