"""The bookmark actions of the page Traffic: keys, the card for notes, the list."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QWidget

from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.pages.traffic.bookmarks import BookmarkList, Bookmarks, neighbour
from cmi_gui.ui.pages.traffic.copying import BOOKMARK_KEYS, NOTE_KEYS
from cmi_gui.ui.pages.traffic.model import TrafficModel
from cmi_gui.ui.pages.traffic.note_card import NoteCard
from cmi_gui.ui.text.words import Level
from cmi_gui.ui.widgets.plain.table import Table


class Bookmarking(QObject):
    """The actions on the bookmark of the current row, and the table of all bookmarks.

    `model` returns the model that is shown, `current` the index of the current row in the shown table, or None, and
    `shown` that table.
    Signals: `changed()`, after a bookmark was set, changed or removed; `wanted(object)`, the index of a row to show.
    """

    changed = Signal()
    wanted = Signal(object)

    def __init__(
        self,
        context: Context,
        model: Callable[[], TrafficModel],
        current: Callable[[], int | None],
        shown: Callable[[], QAbstractItemView],
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._context = context
        self._model, self._current, self._shown = model, current, shown
        self._marks = Bookmarks(context, self)
        self._marks.changed.connect(self._changed)
        self.list = BookmarkList(model().source, self)
        self.table = self._make_table(page)
        self.card = NoteCard(page)
        self.card.written.connect(lambda index, note: self._marks.set(self._model().source, index, note))
        self.card.removed.connect(lambda index: self._marks.remove(self._model().source, index))
        QShortcut(QKeySequence(BOOKMARK_KEYS), page, self.toggle)
        QShortcut(QKeySequence(NOTE_KEYS), page, self.write_note)
        QShortcut(QKeySequence("F2"), page, partial(self.go_on, forward=True))
        QShortcut(QKeySequence("Shift+F2"), page, partial(self.go_on, forward=False))

    def _make_table(self, page: QWidget) -> Table:
        table = Table(self.tr("Bookmarks"), BookmarkList.NOTE, page, object_name="trafficBookmarks")
        table.setModel(self.list)
        table.set_widths(
            {BookmarkList.TIME: "00:00:00.000", BookmarkList.SUMMARY: "RSP_UD 12345678 ABC, 12 records, more"}
        )
        table.set_empty_text(self.tr("No bookmarks. Select a telegram and press Ctrl+B, or Ctrl+Shift+B for a note"))
        table.activated.connect(lambda index: self.wanted.emit(self.list.index_of(index.row())))
        QShortcut(QKeySequence.StandardKey.Delete, table, self.toggle, context=Qt.ShortcutContext.WidgetShortcut)
        return table

    def toggle(self) -> None:
        """Bookmark the current row, or remove its bookmark."""
        index = self._current()
        if index is not None:
            self._marks.toggle(self._model().source, index)

    def write_note(self) -> None:
        """Show the card for the note of the current row; the row gets a bookmark when the note is saved."""
        index, table, source = self._current(), self._shown(), self._model().source
        if index is None:
            return
        place = table.visualRect(table.currentIndex()).bottomLeft()
        time = source.local(source.store.at(index)).strftime("%H:%M:%S.%f")[:-3]
        title = self.tr("Note for the telegram of {0}").format(time)
        self.card.open_at(table.viewport().mapToGlobal(place), index, title, source.store.bookmarks.get(index))

    def go_on(self, *, forward: bool) -> None:
        """Go to the next or previous bookmark among the lines that pass the filter."""
        model, current = self._model(), self._current()
        notes = model.source.store.bookmarks
        marked = [index for index in sorted(notes) if model.position(2 * index) >= 0]
        found = neighbour(marked, -1 if current is None else current, forward=forward)
        if found is not None:
            self.wanted.emit(found)
        elif notes:
            self._context.add_message(Level.INFO, self.tr("The filter hides all bookmarks; Esc in its field clears it"))
        else:
            self._context.add_message(Level.INFO, self.tr("There are no bookmarks; Ctrl+B sets one"))

    def refresh(self) -> None:
        """Follow the shown model in the list; its current line stays current."""
        row = self.table.currentIndex().row()
        index = self.list.index_of(row) if row >= 0 else -1
        self.list.show_source(self._model().source)
        if index >= 0 and self.table.currentIndex().row() < 0 and (row := self.list.position(index)) >= 0:
            self.table.selectRow(row)

    def _changed(self) -> None:
        self.refresh()
        self.changed.emit()
