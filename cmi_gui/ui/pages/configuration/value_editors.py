"""Editors for the kinds of values of the profile's rows; their values are texts as a user writes them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from cmi_gui.engine.cmi1020.profile import CommandRow, ValueType
from cmi_gui.engine.cmi1020.settings import ModuleSettings
from cmi_gui.ui.pages.configuration.rate_map_editor import RateMapEditor
from cmi_gui.ui.text.messages import profile_text
from cmi_gui.ui.theme import SPACE, em, font
from cmi_gui.ui.widgets.plain.buttons import Segments
from cmi_gui.ui.widgets.plain.fields import ChoiceField, TextField
from cmi_gui.ui.widgets.plain.layout import DimLabel, Stretch, column_of, grid_of, row_of

_MOST_SEGMENTS = 4
_DRAWN_RATES = 9
_NUMBER = 16
"""The width of the field of a number, in average characters."""
_FEW_NUMBERS = 10
"""An integer range of at most this many numbers is offered as a choice, not typed."""


class Editor(QWidget):
    """An editor for a value.

    `in_parts`: several entries make one value; an incomplete entry is not overwritten by a refresh. `wide`: it leaves
    no room for the module's value beside it.
    Signals: `edited(object, bool)`, the text and whether it was typed (undo merges typing into one step);
    `invalid(str)`, why the entry is not a value yet.
    """

    edited = Signal(object, bool)
    invalid = Signal(str)
    in_parts = False
    wide = False

    def show_text(self, text: str | None) -> None:
        """Show a value, or none, without a signal."""
        raise NotImplementedError

    def show_hint(self, text: str | None) -> None:
        """Show the factory value as a hint while there is no value, if the editor has a place for it."""


class _FormField(TextField):
    """A text field without its own undo, because the form has one for all fields."""

    def event(self, event: QEvent) -> bool:
        """Leave the undo and redo keys to the page."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            keys = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
            if any(event.matches(key) for key in keys):
                event.ignore()
                return False
        return super().event(event)


class _TextEditor(Editor):
    """A line of text with its range beside it, or as a placeholder inside."""

    def __init__(self, row: CommandRow, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.field = _FormField(self, name=profile_text(row.title))
        self.field.textEdited.connect(lambda text: self.edited.emit(text, True))
        line = row_of(self.field, within=self, margins=0)
        # Numbers have one width, with room for ten digits, so that what is beside them is aligned.
        number = row.value in (ValueType.INTEGER, ValueType.IDENTIFICATION)
        width = _NUMBER if number else row.maximum + 6 if row.maximum <= 16 else 0
        if width:
            self.field.setFixedWidth(em(self, width) + 2 * SPACE.m)
            line.addWidget(DimLabel(self._range_words(row)), 1)
        else:
            self.field.setPlaceholderText(self._range_words(row))
        self.wide = row.value is ValueType.CODES
        self.setFocusProxy(self.field)

    def show_hint(self, text: str | None) -> None:
        """Show the factory value as the placeholder of the empty field."""
        if text:
            words = self.tr("factory: {0}").format(text)
            self.field.setPlaceholderText(words)
            needed = self.field.fontMetrics().horizontalAdvance(words) + 2 * SPACE.m + SPACE.s
            if self.field.maximumWidth() < needed:
                self.field.setFixedWidth(needed)

    def _range_words(self, row: CommandRow) -> str:
        if row.value is ValueType.INTEGER:
            words = self.tr("{0} to {1}").format(row.minimum, row.maximum)
            return f"{words} {profile_text(row.unit)}".rstrip()
        if row.value is ValueType.IDENTIFICATION:
            return self.tr("8 digits")
        if row.value is ValueType.CODES:
            return self.tr("OBIS codes and spaces; empty: all")
        return self.tr("{0} to {1} characters").format(row.minimum, row.maximum)

    def show_text(self, text: str | None) -> None:
        """Show a value; an equal text is left alone, so that the cursor stays."""
        if self.field.text() != (text or ""):
            self.field.setText(text or "")


class _ChoiceEditor(Editor):
    """A choice, as segments for a few values and as a list for many."""

    def __init__(self, row: CommandRow, choices: list[tuple[str, str]], parent: QWidget | None) -> None:
        super().__init__(parent)
        name = profile_text(row.title)
        line = row_of(within=self, margins=0)
        field: QWidget
        if len(choices) <= _MOST_SEGMENTS:
            field = segments = Segments(choices, name, self)
            self._show_value: Callable[[str | None], object] = segments.show_value
            segments.chosen.connect(lambda value: self.edited.emit(value, False))
        else:
            field = menu = ChoiceField(name, self)
            values = [value for _, value in choices]
            menu.addItems([text for text, _ in choices])
            menu.setPlaceholderText(self.tr("Choose"))
            self._show_value = lambda text: menu.setCurrentIndex(values.index(text) if text in values else -1)
            menu.activated.connect(lambda index: self.edited.emit(values[index], False))
        line.addWidget(field)
        self.setFocusProxy(field)
        self.show_text(None)
        if row.unit:
            line.addWidget(DimLabel(profile_text(row.unit)))
        line.addStretch()

    def show_text(self, text: str | None) -> None:
        """Show a value, or none, without a signal."""
        self._show_value(text)


class _FieldsEditor(Editor):
    """An integer made of bit fields, with one choice for each field."""

    in_parts = True

    def __init__(self, row: CommandRow, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._fields = row.fields
        self._chosen: list[int | None] = [None] * len(row.fields)
        self._others = 0
        self._unset: int | None = None
        self._segments: list[Segments[int]] = []
        grid = grid_of(within=self, margins=0, across=SPACE.m, down=2, stretched=(2,))
        for index, each in enumerate(row.fields):
            texts = [profile_text(text) for text in each.choices] or [self.tr("off"), self.tr("on")]
            name = profile_text(each.text)
            segments = Segments(
                [(text, number) for number, text in enumerate(texts)], f"{profile_text(row.title)}, {name}", self
            )
            segments.show_value(None)
            segments.chosen.connect(lambda number, index=index: self._choose(index, number))
            self._segments.append(segments)
            grid.addWidget(DimLabel(name), index, 0)
            grid.addWidget(segments, index, 1)
        self.setFocusProxy(self._segments[0])

    def show_hint(self, text: str | None) -> None:
        """Start unknown bits as 0 if there is no factory value; otherwise each field must be chosen."""
        self._unset = 0 if text is None else None

    def _choose(self, index: int, number: int) -> None:
        self._chosen = [self._unset if chosen is None else chosen for chosen in self._chosen]
        self._chosen[index] = number
        numbers = [chosen for chosen in self._chosen if chosen is not None]
        if len(numbers) < len(self._fields):
            self.invalid.emit(self.tr("Choose one in each line: the value in the module is unknown"))
            return
        value = self._others | sum(each << field.first for each, field in zip(numbers, self._fields, strict=True))
        self.edited.emit(str(value), False)

    def show_text(self, text: str | None) -> None:
        """Show a value, or none, without a signal."""
        value = int(text) if text is not None and text.isdigit() else None
        self._others = (value or 0) & ~sum(each.mask for each in self._fields)
        for index, (each, segments) in enumerate(zip(self._fields, self._segments, strict=True)):
            self._chosen[index] = None if value is None else (value & each.mask) >> each.first
            segments.show_value(self._chosen[index])


class _MapEditor(Editor):
    """The editor of the rate-mapping table."""

    in_parts = True
    wide = True

    def __init__(self, row: CommandRow, parent: QWidget | None) -> None:
        super().__init__(parent)
        factory = ModuleSettings().value(row.setting)
        delivered = factory if isinstance(factory, tuple) else None
        self.table = RateMapEditor(row.minimum, row.maximum, profile_text(row.title), delivered, self)
        self.table.edited.connect(lambda rates: self.edited.emit(" ".join(map(str, rates)), False))
        words = self.tr("Choose a rate in each row: the table in the module is unknown")
        self.table.incomplete.connect(lambda: self.invalid.emit(words))
        column_of(self.table, within=self, margins=0)
        self.setFocusProxy(self.table)

    def show_text(self, text: str | None) -> None:
        """Show a value, or none, without a signal."""
        parts = (text or "").split()
        good = len(parts) == len(self.table.rows) and all(part.isdigit() for part in parts)
        self.table.show_rates([int(part) for part in parts] if good else None)


class SecretEditor(Editor):
    """A password, entered twice and never shown; the fields are cleared once it is written or discarded."""

    in_parts = True

    def __init__(self, row: CommandRow, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.first, self.again = _FormField(self), _FormField(self)
        name = profile_text(row.title)
        for each, words, hint in (
            (self.first, name, self.tr("new")),
            (self.again, self.tr("{0} again").format(name), self.tr("again")),
        ):
            each.setEchoMode(QLineEdit.EchoMode.Password)
            each.setMaxLength(row.maximum)
            each.setAccessibleName(words)
            each.setPlaceholderText(hint)
            each.setInputMethodHints(Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhSensitiveData)
            each.setFixedWidth(em(self, row.maximum + 8) + 2 * SPACE.m)
            each.textEdited.connect(self._typed)
        row_of(self.first, self.again, Stretch(), within=self, margins=0)
        self.setFocusProxy(self.first)

    def _typed(self) -> None:
        first, again = self.first.text(), self.again.text()
        if not first and not again:
            self.edited.emit(None, True)
        elif first != again:
            self.invalid.emit(self.tr("The two passwords do not match yet"))
        else:
            self.edited.emit(first, True)

    def show_text(self, text: str | None) -> None:
        """Clear the fields if `text` is None, else leave what was typed; a secret is never filled in."""
        if text is None:
            self.first.clear()
            self.again.clear()
        # The password may have been entered before a change of module or language.
        waits = text is not None and not self.first.text()
        self.first.setPlaceholderText(self.tr("entered") if waits else self.tr("new"))


def make_editor(row: CommandRow, parent: QWidget | None = None) -> Editor:
    """Return the editor for a row, by its secrecy, choices, fields and type."""
    editor: Editor
    if row.secret:
        editor = SecretEditor(row, parent)
    elif row.choices:
        editor = _ChoiceEditor(row, [(_choice_text(each.text), each.value) for each in row.choices], parent)
    elif row.value is ValueType.INTEGER and not row.fields and row.maximum - row.minimum < _FEW_NUMBERS:
        numbers = range(row.minimum, row.maximum + 1)
        editor = _ChoiceEditor(row, [(str(number), str(number)) for number in numbers], parent)
    elif row.fields:
        editor = _FieldsEditor(row, parent)
    elif row.value is ValueType.MAP and row.maximum <= _DRAWN_RATES:
        editor = _MapEditor(row, parent)
    else:
        editor = _TextEditor(row, parent)
    editor.setFont(font())
    editor.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return editor


def _choice_text(text: str) -> str:
    words = profile_text(text)
    return words[:1].upper() + words[1:]
