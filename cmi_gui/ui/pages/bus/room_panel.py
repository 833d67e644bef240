"""The room of the practice bus on the page Site: made by number and seed, opened from a file, or saved."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from cmi_gui.engine.messages import InvalidValue, out_of_range, reason_of
from cmi_gui.engine.room.room_file import MAX_MODULES
from cmi_gui.ui.background import Background
from cmi_gui.ui.dialogs import ask_open_file, ask_save_file
from cmi_gui.ui.models.practice import Practice
from cmi_gui.ui.text.messages import text_of
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import SPACE
from cmi_gui.ui.widgets.plain.buttons import Button, QuietButton
from cmi_gui.ui.widgets.plain.fields import TextField, set_wrong
from cmi_gui.ui.widgets.plain.layout import DimLabel, Label, WarningLine, column_of, grid_of, row_of

_MAX_SEED = 2**31 - 1


class RoomPanel(QWidget):
    """The fields and buttons of the room. `why_not`: why the room cannot be replaced now, or empty.

    Signals: `saved(str)`, what was saved, in a sentence.
    """

    saved = Signal(str)

    def __init__(self, practice: Practice, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._practice = practice
        self._background = background
        last = practice.remembered
        self.modules = self._field("roomModules", self.tr("Number of modules"), str(last.modules))
        self.seed = self._field("roomSeed", self.tr("Seed"), str(last.seed))
        set_tooltip(self.seed, self.tr("The same seed makes the same modules and meters"))
        self.make = Button(self.tr("Make the room"), self, object_name="roomMake", on_click=self._make)
        self.open = QuietButton(self.tr("Open…"), self, object_name="roomOpen", on_click=self._open)
        self.open.setAccessibleName(self.tr("Open a room file"))
        self.save = QuietButton(self.tr("Save…"), self, object_name="roomSave", on_click=self._save)
        self.save.setAccessibleName(self.tr("Save the room to a file"))
        self.words = Label("", self, object_name="roomWords", wrap=True)
        self.error = WarningLine(self, trouble=True, object_name="roomError")
        self.why_not = ""
        self._failed = ""
        for field in (self.modules, self.seed):
            field.textChanged.connect(self.refresh)
            field.returnPressed.connect(self.make.click)
        fields = grid_of(across=SPACE.s, down=SPACE.xs, stretched=(1,))
        for row, field in enumerate((self.modules, self.seed)):
            fields.addWidget(DimLabel(field.accessibleName()), row, 0)
            fields.addWidget(field, row, 1)
        files = row_of((self.open, 1), (self.save, 1), spacing=SPACE.xs)
        column_of(fields, self.make, files, self.words, self.error, within=self, margins=0, spacing=SPACE.xs)
        practice.changed.connect(self.refresh)
        self.refresh()

    def _field(self, name: str, words: str, text: str) -> TextField:
        field = TextField(self, object_name=name, name=words)
        field.setText(text)
        field.setMinimumWidth(field.fontMetrics().horizontalAdvance(str(_MAX_SEED)) + 2 * SPACE.m)
        field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return field

    def numbers(self) -> tuple[int, int]:
        """Return the number of modules and the seed. Raises ValueError with the reason for wrong ones."""
        return _number(self.modules, 1, MAX_MODULES), _number(self.seed, 0, _MAX_SEED)

    def refresh(self) -> None:
        """Show the room, what is wrong with the fields, and why a button cannot be used."""
        wrong = ""
        for field, low, high in ((self.modules, 1, MAX_MODULES), (self.seed, 0, _MAX_SEED)):
            try:
                _number(field, low, high)
                set_wrong(field, "")
            except ValueError as error:
                words = text_of(reason_of(error))
                set_wrong(field, words)
                wrong = wrong or words
        self.make.allow(wrong or self.why_not, self.tr("Make modules by chance, all as delivered, at address 0"))
        self.open.allow(self.why_not, self.tr("Open a room file"))
        room = self._practice.room
        none = "" if room else self.tr("There is no room yet")
        self.save.allow(none, self.tr("Save the modules with their present settings"))
        if room is None:
            last = self._practice.remembered
            if last.file:
                words = self.tr("Connect opens {0}").format(Path(last.file).name)
            else:
                words = self.tr("Connect makes {0} modules, seed {1}").format(last.modules, last.seed)
        else:
            words = self.tr("Room: {0}").format(self._practice.title)
        self.words.setText(words)
        problem = self._practice.problem
        self.error.show_text(wrong or self._failed or (text_of(problem) if problem else ""))

    # User actions

    def _make(self) -> None:
        self._failed = ""
        self._practice.make_modules(*self.numbers())

    def _open(self) -> None:
        ask_open_file(self, self.tr("Open a room"), self.tr("Rooms (*.toml);;All files (*)"), self.open_path)

    def open_path(self, path: Path) -> None:
        """Open a room file; what is wrong with it is shown."""
        self._failed = ""
        self._practice.open(path)
        self.refresh()

    def _save(self) -> None:
        ask_save_file(self, self.tr("Save the room"), self.tr("Rooms (*.toml)"), "room.toml", self.save_path)

    def save_path(self, path: Path) -> None:
        """Save the room to a file."""
        self._failed = ""
        try:
            self._practice.save(path)
        except OSError as error:
            self._failed = self.tr("The room could not be saved: {0}").format(text_of(reason_of(error)))
        else:
            self.saved.emit(self.tr("Room saved to {0}").format(path))
        self.refresh()


def _number(field: TextField, low: int, high: int) -> int:
    text = field.text().strip()
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(high)) and low <= int(text) <= high):
        raise InvalidValue(out_of_range(field.accessibleName(), low, high, text or "\N{EM DASH}"))
    return int(text)
