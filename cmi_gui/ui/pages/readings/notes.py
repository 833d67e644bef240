"""The notes of a module, read from the history and changed in it, and the model of their table."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import datetime
from enum import IntEnum

from PySide6.QtCore import QCoreApplication, QModelIndex, QObject, Qt, Signal

from cmi_gui.engine.clock import local_time
from cmi_gui.engine.history.service import HistoryError
from cmi_gui.engine.history.values import MAX_NOTES, Note, note_text
from cmi_gui.engine.messages import InvalidValue, quoted
from cmi_gui.ui.models.columns import ColumnsModel, Index
from cmi_gui.ui.models.readings_history import ReadingsHistory
from cmi_gui.ui.text.tooltip import tooltip
from cmi_gui.ui.widgets.plot.note_marks import NoteMark

_TIME = "%Y-%m-%d %H:%M:%S"


def time_text(ms: int) -> str:
    """Return the local time of a note, to the second."""
    return f"{local_time(ms / 1000):{_TIME}}"


def time_of(text: str) -> int:
    """Return the ms of a local time, given as `time_text` writes it, also without seconds. Raises InvalidValue."""
    text = " ".join(text.split())
    for form in (_TIME, "%Y-%m-%d %H:%M"):
        try:
            return round(datetime.strptime(text, form).astimezone().timestamp() * 1000)
        except (ValueError, OverflowError, OSError):
            continue
    words = QCoreApplication.translate("Notes", "“{0}” is not a valid time; write it like 2026-05-17 10:31:00")
    raise InvalidValue(quoted(words.format(text[:40])))


class NoteColumn(IntEnum):
    """The columns from left to right."""

    NUMBER = 0
    TIME = 1
    TEXT = 2


class Notes(ColumnsModel):
    """A table of the notes of a module, oldest first; a note's number is its place.

    Signals: `changed()`, the notes have changed; `failed(str)`, a change could not be stored, with the cause.
    """

    numbers = frozenset({NoteColumn.NUMBER})

    changed = Signal()
    failed = Signal(str)

    def __init__(self, history: ReadingsHistory, key: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history = history
        self.key = key
        self.notes: list[Note] = []
        self.headers = [self.tr("No."), self.tr("Time"), self.tr("Note")]
        history.replaced.connect(self.load)
        self.load()

    def show(self, key: str) -> None:
        """Switch to the notes of another module."""
        if key != self.key:
            self.key = key
            self._take(key, [])
            self.load()

    def load(self) -> None:
        """Read the notes from the history."""
        self._ask(self._history.history.notes(self.key))

    def put(self, time: int, text: str, replaced: Note | None = None) -> None:
        """Add a note, or change `replaced`. Raises InvalidValue for a text or time that is not allowed."""
        stored = note_text(text)
        if any(note.time == time for note in self.notes if note != replaced):
            raise InvalidValue(quoted(self.tr("There is a note at this time already; change that note or the time")))
        if replaced is None and len(self.notes) >= MAX_NOTES:
            words = self.tr("A module has at most {0} notes; delete one first")
            raise InvalidValue(quoted(words.format(MAX_NOTES)))
        before = None if replaced is None else replaced.time
        self._ask(self._history.history.put_note(Note(time, self.key, stored), before))

    def delete(self, note: Note) -> None:
        """Delete a note."""
        self._ask(self._history.history.delete_note(note.module, note.time))

    def marks(self) -> list[NoteMark]:
        """Return the notes for the plots."""
        return [NoteMark(number, note.time / 1000, note.text) for number, note in enumerate(self.notes, 1)]

    def _ask(self, future: Future[list[Note]]) -> None:
        key = self.key

        def failed(error: HistoryError) -> None:
            self.failed.emit(str(error))

        self._history.ask(self, future, lambda notes: self._take(key, notes), failed)

    def _take(self, key: str, notes: list[Note]) -> None:
        if key == self.key and notes != self.notes:
            self.beginResetModel()
            self.notes = notes
            self.endResetModel()
            self.changed.emit()

    # ColumnsModel

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of notes."""
        return 0 if parent.isValid() else len(self.notes)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return text, alignment, and the whole note as tooltip."""
        note = self.notes[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            match index.column():
                case NoteColumn.NUMBER:
                    return str(index.row() + 1)
                case NoteColumn.TIME:
                    return time_text(note.time)
            return note.text.replace("\n", " / ")
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(note.text)
        return super().data(index, role)
