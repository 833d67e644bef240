"""The notes below the plots: their list, and the fields in which one is written."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QPlainTextEdit, QWidget

from cmi_gui.engine.history.values import MAX_NOTE_CHARACTERS, MAX_NOTE_LINES, Note
from cmi_gui.engine.messages import InvalidValue
from cmi_gui.ui.dialogs import confirm
from cmi_gui.ui.pages.readings.notes import NoteColumn, Notes, time_of, time_text
from cmi_gui.ui.pages.readings.obis_plot import ObisPlot
from cmi_gui.ui.text.words import sentence
from cmi_gui.ui.theme import SPACE
from cmi_gui.ui.widgets.plain.buttons import Button, PrimaryButton, QuietButton
from cmi_gui.ui.widgets.plain.disclosure import Disclosure
from cmi_gui.ui.widgets.plain.fields import TextField, paint_field, set_wrong
from cmi_gui.ui.widgets.plain.layout import Label, Stretch, WarningLine, add_parts, column_of, row_of
from cmi_gui.ui.widgets.plain.scroll_bar import SlimScrollBar
from cmi_gui.ui.widgets.plain.table import Table

_ROWS = 3
"""The rows of the list that are visible at once."""


class _NoteField(QPlainTextEdit):
    """A field for a few lines of text; Tab leaves it, Ctrl+Enter emits `entered`."""

    entered = Signal()

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("noteText")
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setVerticalScrollBar(SlimScrollBar(Qt.Orientation.Vertical, self))
        self.setViewportMargins(SPACE.xs, 2, SPACE.xs, 2)
        self.setFixedHeight(3 * QFontMetrics(self.font()).lineSpacing() + 4 * SPACE.xs)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Save with Ctrl+Enter."""
        ctrl = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if ctrl and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Paint the field under the text."""
        if isinstance(event, QPaintEvent):
            painter = QPainter(self)
            paint_field(self, painter)
            painter.end()
        return bool(super().event(event))


class NoteSection(Disclosure):
    """The list of the notes of a module, and the fields in which one is written or changed.

    Signals: `shown(float)`, the user wants to see a time in the plots, in wall seconds.
    """

    shown = Signal(float)

    def __init__(self, notes: Notes, plot: ObisPlot, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.setObjectName("noteSection")
        self._notes = notes
        self._plot = plot
        self._changing: Note | None = None
        self._proposed = ("", 0)
        self._menu = QMenu(self)
        self.table = Table(self.tr("Notes of the module"), NoteColumn.TEXT, self, object_name="notesTable")
        self.table.setModel(notes)
        self.table.set_widths({NoteColumn.NUMBER: "000", NoteColumn.TIME: "2026-00-00 00:00:00"})
        self.table.set_empty_text(self.tr("No notes yet"))
        self.table.setFixedHeight(
            self.table.horizontalHeader().sizeHint().height() + _ROWS * self.table.verticalHeader().defaultSectionSize()
        )
        self.table.activated.connect(lambda index: self.shown.emit(notes.notes[index.row()].time / 1000))
        self.table.selectionModel().selectionChanged.connect(self._enable)
        self.add = QuietButton(self.tr("Add note..."), self, icon="add", object_name="noteAdd")
        self.add.clicked.connect(lambda: self.add_at(plot.note_time))
        self.change = QuietButton(self.tr("Change note..."), self, object_name="noteChange")
        self.change.clicked.connect(lambda: self._with_chosen(self.edit))
        self.delete = QuietButton(self.tr("Delete note..."), self, object_name="noteDelete")
        self.delete.clicked.connect(lambda: self._with_chosen(self.ask_to_delete))
        self._make_editor()
        self._list = QWidget(self)
        buttons = row_of(self.add, self.change, self.delete, Stretch())
        column_of(self.table, buttons, within=self._list, margins=0, spacing=SPACE.xs)
        add_parts(self.body, self._list, self.editor)
        notes.changed.connect(self._refresh)
        notes.modelReset.connect(self._enable)
        plot.note_wanted.connect(self.add_at)
        plot.menu_wanted.connect(self._open_menu)
        self._refresh()
        self._enable()

    def _make_editor(self) -> None:
        self.editor = QWidget(self)
        self.time = TextField(self.editor, name=self.tr("Time of the note"), object_name="noteTime")
        self.text = _NoteField(self.tr("Text of the note"), self.editor)
        hint = self.tr("At most {0} lines and {1} characters; Ctrl+Enter saves")
        self.text.setPlaceholderText(hint.format(MAX_NOTE_LINES, MAX_NOTE_CHARACTERS))
        self._wrong = WarningLine(self.editor, trouble=True, lines=1, object_name="noteWrong")
        self.save = PrimaryButton(self.tr("Save note"), self.editor, object_name="noteSave", on_click=self._save)
        cancel = Button(self.tr("Cancel"), self.editor, object_name="noteCancel", on_click=self.close_editor)
        words = Label(self.tr("Time"), self.editor)
        words.setBuddy(self.time)
        top = row_of(words, (self.time, 1), cancel, self.save)
        column_of(top, self.text, self._wrong, within=self.editor, margins=0, spacing=SPACE.xs)
        self.time.returnPressed.connect(self._save)
        self.text.entered.connect(self._save)
        self.editor.hide()

    # What the user does

    def add_at(self, time: float) -> None:
        """Open the fields for a new note at a time in wall seconds; a note at just that time is changed instead."""
        ms = round(time * 1000)
        existing = next((note for note in self._notes.notes if note.time == ms), None)
        self._open(existing, ms, "" if existing is None else existing.text)

    def edit(self, note: Note) -> None:
        """Open the fields for a note."""
        self._open(note, note.time, note.text)

    def ask_to_delete(self, note: Note) -> None:
        """Ask before a note is deleted."""
        confirm(
            self,
            self.tr("Delete note"),
            self.tr("The note of {0} will be deleted. This cannot be undone.").format(time_text(note.time))
            + f"\n\n{note.text}",
            self.tr("Delete note"),
            lambda: self._delete(note),
        )

    def _delete(self, note: Note) -> None:
        if note == self._changing:
            self.close_editor()
        self._notes.delete(note)

    def _open(self, changing: Note | None, time: int, text: str) -> None:
        self.set_open(True)
        self._changing = changing
        self._proposed = time_text(time), time
        self.time.setText(self._proposed[0])
        self.text.setPlainText(text)
        set_wrong(self.time, "")
        self._wrong.show_text("")
        self._show_editor(True)
        self.text.setFocus()

    def _show_editor(self, shown: bool) -> None:
        """Show the fields in the place of the list."""
        self.editor.setVisible(shown)
        self._list.setVisible(not shown)

    def close_editor(self) -> None:
        """Hide the fields; what was entered is lost."""
        focused = self.editor.isAncestorOf(self.focusWidget() or self)
        self._changing = None
        self._show_editor(False)
        if focused:
            self.add.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close the fields with Escape."""
        if event.key() == Qt.Key.Key_Escape and self.editor.isVisible():
            self.close_editor()
        else:
            super().keyPressEvent(event)

    def _save(self) -> None:
        words, ms = self._proposed
        try:
            # An unchanged time keeps its milliseconds, which are those of a sample.
            time = ms if self.time.text() == words else time_of(self.time.text())
        except InvalidValue as error:
            set_wrong(self.time, sentence(error.message))
            self._wrong.show_text(sentence(error.message))
            return
        set_wrong(self.time, "")
        try:
            self._notes.put(time, self.text.toPlainText(), self._changing)
        except InvalidValue as error:
            self._wrong.show_text(sentence(error.message))
            return
        self.close_editor()

    def _open_menu(self, place: QPoint, time: float) -> None:
        """Open the menu of a place in the plots."""
        menu = self._menu
        menu.clear()
        mark = self._plot.note_at(place)
        if mark is None:
            words = self.tr("Add note at {0}...").format(time_text(round(time * 1000)).partition(" ")[2])
            menu.addAction(words, lambda: self.add_at(time))
        else:
            note = self._notes.notes[mark.number - 1]
            menu.addAction(self.tr("Change note {0}...").format(mark.number), lambda: self.edit(note))
            menu.addAction(self.tr("Delete note {0}...").format(mark.number), lambda: self.ask_to_delete(note))
        menu.popup(self._plot.viewport().mapToGlobal(place))

    # Display

    def _with_chosen(self, work: Callable[[Note], object]) -> None:
        rows = self.table.selectionModel().selectedRows()
        if rows:
            work(self._notes.notes[rows[0].row()])

    def _enable(self) -> None:
        chosen = self.table.selectionModel().hasSelection()
        why_not = "" if chosen else self.tr("Select a note in the list first")
        for button in (self.change, self.delete):
            button.allow(why_not, "")

    def _refresh(self) -> None:
        if self._changing is not None and self._changing not in self._notes.notes:
            self.close_editor()
        count = len(self._notes.notes)
        self.set_remark(str(count) if count else self.tr("none"))
        self._plot.show_notes(self._notes.marks())
