"""A card to write the note of a bookmark."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from cmi_gui.engine.traffic.bookmarks import MAX_NOTE
from cmi_gui.ui.theme import SPACE, em, font
from cmi_gui.ui.widgets.plain.buttons import Button, QuietButton
from cmi_gui.ui.widgets.plain.layout import DimLabel, Label, Stretch, column_of, row_of
from cmi_gui.ui.widgets.plain.scroll_bar import slim_scroll_bars


class _NoteField(QPlainTextEdit):
    """A field of a few lines of text.

    Signals: `finished()`: Ctrl+Enter was pressed.
    """

    finished = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        slim_scroll_bars(self)
        self.textChanged.connect(self._limit)

    def _limit(self) -> None:
        """Cut what is longer than a note may be, such as a pasted file."""
        if len(self.toPlainText()) > MAX_NOTE:
            self.setPlainText(self.toPlainText()[:MAX_NOTE])
            self.moveCursor(self.textCursor().MoveOperation.End)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Finish on Ctrl+Enter; Enter alone begins another line."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.finished.emit()
            return
        super().keyPressEvent(event)


class NoteCard(QFrame):
    """A card for the note of one row. A click beside it saves what was written, Escape discards it.

    Signals: `written(int, str)`, the index of the row and its note; `removed(int)`: its bookmark is to be removed.
    """

    written = Signal(object, str)
    removed = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setObjectName("trafficNote")
        self.setAccessibleName(self.tr("The note of a bookmark"))
        self._index = -1
        self._before: str | None = None
        """The text that the row already has; None if nothing is to be saved any more."""
        self._title = Label("", self, look=font(strong=True))
        self.field = _NoteField(self)
        self.field.setObjectName("trafficNoteField")
        self.field.setAccessibleName(self.tr("Note"))
        self.field.setMinimumWidth(em(self, 70))
        self.field.setFixedHeight(5 * self.fontMetrics().lineSpacing() + SPACE.l)
        self.field.finished.connect(self._save)
        hint = DimLabel(self.tr("Ctrl+Enter saves, Esc discards"), self)
        self.remove = QuietButton(self.tr("Remove the bookmark"), self, icon="clear", on_click=self._remove)
        save = Button(self.tr("Save the note"), self, on_click=self._save, object_name="trafficNoteSave")
        buttons = row_of(hint, Stretch(), self.remove, save)
        column_of(self._title, self.field, buttons, within=self, margins=(SPACE.l, SPACE.m))

    def open_at(self, place: QPoint, index: int, title: str, note: str | None) -> None:
        """Show the card at a place of the screen; `note`: None if the row has no bookmark yet."""
        self._index = index
        self._title.setText(title)
        self._before = note or ""
        self.field.setPlainText(self._before)
        self.field.selectAll()
        self.remove.setVisible(note is not None)
        self.adjustSize()
        room = self.screen().availableGeometry() if self.screen() else self.rect()
        left = max(room.left(), min(place.x(), room.right() - self.width()))
        self.move(left, max(room.top(), min(place.y(), room.bottom() - self.height())))
        self.show()
        self.field.setFocus()

    def _save(self) -> None:
        self._end()
        self.written.emit(self._index, self.field.toPlainText())

    def _remove(self) -> None:
        self._end()
        self.removed.emit(self._index)

    def _end(self) -> None:
        self._before = None
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Discard what was written on Escape."""
        if event.matches(QKeySequence.StandardKey.Cancel):
            self._end()
            return
        super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Save what was written before a click beside the card."""
        super().hideEvent(event)
        if self._before is not None and self.field.toPlainText() != self._before:
            self._save()
