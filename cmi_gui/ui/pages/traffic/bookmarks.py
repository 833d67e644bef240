"""The bookmarks of the page Traffic: set and removed, with their notes, and stored in the capture of their rows."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal

from cmi_gui.engine.traffic.bookmarks import MAX_BOOKMARKS, bookmark_line, clean_note
from cmi_gui.engine.traffic.capture import append_line
from cmi_gui.ui.models.columns import ColumnsModel, Index
from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.pages.traffic.source import TrafficSource
from cmi_gui.ui.text.messages import reason_text
from cmi_gui.ui.text.tooltip import tooltip
from cmi_gui.ui.text.words import Level


class Bookmarks(QObject):
    """The changes of bookmarks, in the store and in the file that has its rows: the recording or the opened capture.

    Signals: `changed()`, after a bookmark was set, changed or removed.
    """

    changed = Signal()

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._reported: object = None
        """The capture of which the user knows that its file does not keep bookmarks."""

    def toggle(self, source: TrafficSource, index: int) -> None:
        """Bookmark a row without a note, or remove its bookmark."""
        if index in source.store.bookmarks:
            self.remove(source, index)
        else:
            self.set(source, index, "")

    def set(self, source: TrafficSource, index: int, note: str) -> None:
        """Bookmark a row; nothing happens if the store has dropped it."""
        store = source.store
        if index < store.first:
            return
        if index not in store.bookmarks and len(store.bookmarks) >= MAX_BOOKMARKS:
            words = self.tr("There are {0} bookmarks, the most that a capture may have; remove some first")
            self._context.add_message(Level.WARNING, words.format(MAX_BOOKMARKS))
            return
        store.bookmarks[index] = clean_note(note)
        self._store(source, index)

    def remove(self, source: TrafficSource, index: int) -> None:
        """Remove the bookmark of a row and its note, if it has one."""
        if source.store.bookmarks.pop(index, None) is not None:
            self._store(source, index)

    def _store(self, source: TrafficSource, index: int) -> None:
        """Write the bookmark of a row, or its removal, to the file of the row."""
        capture = self._context.opened.capture
        if source.live:
            self._context.recording.write_bookmark(index)
        elif capture is not None and capture.store is source.store:
            if capture.own:
                path, context = capture.path, self._context
                words = self.tr("The bookmark is not stored in {0}: {1}. Save the rows as another capture to keep it")
                not_a_capture = self.tr("it is no longer a capture")
                line = bookmark_line(index, source.store.at(index), source.store.bookmarks.get(index))

                def failed(error: Exception) -> None:
                    if not isinstance(error, OSError | ValueError):
                        raise error
                    reason = reason_text(error) if isinstance(error, OSError) else not_a_capture
                    context.add_message(Level.WARNING, words.format(path.name, reason))

                context.background.run(lambda: append_line(path, line), lambda _: None, failed)
            elif self._reported is not capture:
                self._reported = capture
                words = self.tr(
                    "{0} is the log of another tool and is not changed; save its rows as a capture to keep bookmarks"
                )
                self._context.add_message(Level.INFO, words.format(capture.path.name))
        self.changed.emit()


def neighbour(marked: list[int], index: int, *, forward: bool) -> int | None:
    """Return the next or previous of ascending indices after or before `index`, from the other end if there is none."""
    if not marked:
        return None
    at = bisect_right(marked, index) if forward else bisect_left(marked, index) - 1
    return marked[at % len(marked)]


class BookmarkList(ColumnsModel):
    """A table of all bookmarks of a source, in the order of their rows: time, note, summary."""

    TIME, NOTE, SUMMARY = range(3)

    def __init__(self, source: TrafficSource, parent: QObject) -> None:
        super().__init__(parent)
        self._source = source
        self._indices: list[int] = []
        self._notes: dict[int, str] = {}
        self.headers = [self.tr("Time"), self.tr("Note"), self.tr("Summary")]
        self.refresh()

    def show_source(self, source: TrafficSource) -> None:
        """List the bookmarks of another source."""
        self._source = source
        self.refresh()

    def refresh(self) -> None:
        """Follow the source: bookmarks go with rows that the store drops, too."""
        notes = self._source.store.bookmarks
        if notes != self._notes:
            self.beginResetModel()
            self._notes, self._indices = dict(notes), sorted(notes)
            self.endResetModel()

    def index_of(self, row: int) -> int:
        """Return the index of the bookmarked row in a line of this table."""
        return self._indices[row]

    def position(self, index: int) -> int:
        """Return the line with the bookmark of a row, -1 for none."""
        return self._indices.index(index) if index in self._notes else -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of bookmarks."""
        return 0 if parent.isValid() else len(self._indices)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return text, alignment, and the whole note as tooltip."""
        row = self._indices[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == self.NOTE:
            return tooltip(self._notes[row])
        if role != Qt.ItemDataRole.DisplayRole or row < self._source.store.first:
            return super().data(index, role)
        match index.column():
            case self.TIME:
                return self._source.local(self._source.store.at(row)).strftime("%H:%M:%S.%f")[:-3]
            case self.NOTE:
                return "  /  ".join(self._notes[row].split("\n"))
            case _:
                return self._source.summary(row)
