"""The rows of the configuration form: settings and actions."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from cmi_gui.engine.cmi1020.profile import CommandRow, ValueType
from cmi_gui.engine.configurator.form import ValueSource
from cmi_gui.ui.models.configuration import Configuration
from cmi_gui.ui.pages.configuration.parts import (
    MODULE_EMS,
    ChangeMark,
    ModuleCell,
    Remark,
    Technical,
    result_mark,
    row_title,
)
from cmi_gui.ui.pages.configuration.value_editors import make_editor
from cmi_gui.ui.text.messages import profile_text, text_of
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.text.words import age_text
from cmi_gui.ui.theme import SPACE, em
from cmi_gui.ui.widgets.plain.accessible import Role, Spoken
from cmi_gui.ui.widgets.plain.buttons import Button, QuietButton
from cmi_gui.ui.widgets.plain.fields import describe_wrong
from cmi_gui.ui.widgets.plain.layout import Stretch, add_parts, grid_of, row_of


class SettingRow(QWidget, Spoken):
    """A setting: mark, title, editor, the module's value, a button to write only this row; below, remark and bytes."""

    accessible_role = Role.Grouping

    def __init__(self, row: CommandRow, model: Configuration, parent: QWidget) -> None:
        super().__init__(parent)
        self.row = row
        self._model = model
        title = profile_text(row.title)
        self.mark = ChangeMark(title, self)
        self.editor = make_editor(row, self)
        self.editor.edited.connect(self._edited)
        self.editor.invalid.connect(self._show_invalid)
        self.editor.show_hint(model.form.hint(row.id))
        self.mark.clicked.connect(self._toggle)
        self.setAccessibleName(title)
        self.setAccessibleDescription(profile_text(row.effect))
        self.module = ModuleCell(title, self)
        self.only = QuietButton("", self, icon="write", name=self.tr("Write only {0}").format(title))
        self.only.clicked.connect(self._write)
        policy = self.only.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.only.setSizePolicy(policy)
        self._label = row_title(row, self)
        self._label.setBuddy(self.editor)
        self._remark = Remark(self)
        self._technical = Technical(row, self)
        self._error = ""
        """The error that a screen reader finds at the field."""
        top = Qt.AlignmentFlag.AlignTop
        grid = grid_of(within=self, margins=0, across=SPACE.s, down=0, stretched=(2,))
        grid.addWidget(self.mark, 0, 0, top)
        grid.addWidget(self._label, 0, 1, top)
        if self.editor.wide:
            grid.addWidget(self.editor, 0, 2, 1, 2, top)
            grid.addWidget(self.module, 1, 2, 1, 2, top)
        else:
            grid.addWidget(self.editor, 0, 2, top)
            grid.addWidget(self.module, 0, 3, top)
            self.module.setFixedWidth(em(self, MODULE_EMS))
            self.module.setMinimumHeight(SPACE.target)
        grid.addWidget(self.only, 0, 4, top)
        grid.addWidget(self._remark, 2, 2, 1, 3)
        grid.addWidget(self._technical, 3, 2, 1, 3)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def accessible_parts(self) -> tuple[QWidget, ...]:
        """Return all but the title, which is the name."""
        return self.mark, self.editor, self.module, self.only, self._remark, self._technical

    def show_module_width(self, width: int) -> None:
        """Give the module's value a width in pixels, unless it is below the editor."""
        if not self.editor.wide:
            self.module.setFixedWidth(width)

    def show_technical(self, on: bool) -> None:
        """Show or hide basis and bytes."""
        self._technical.setVisible(on)
        self._show_bytes()

    def _show_bytes(self) -> None:
        if self._technical.isVisible():
            self._technical.show_bytes(self._model.record_bytes(self.row.id))

    def refresh(self, now: float) -> None:
        """Show the values of form and module; `now` in seconds of the engine's clock."""
        form, name = self._model.form, self.row.id
        changed = form.is_changed(name)
        result = form.results.get(name)
        self.mark.show_state(changed, result_mark(result))
        error = form.errors.get(name)
        if not (self.editor.in_parts and error):
            shown = form.value(name)
            self.editor.show_text(shown if not self.row.secret else ("" if changed else None))
        if error:
            self._remark.show_text(text_of(error), trouble=True)
        else:
            self._remark.result(result)
        self._describe_error(text_of(error) if error else "")
        self.only.setVisible(changed and not error)
        self._show_bytes()
        known = form.known.get(name)
        read = known is not None and known.source is ValueSource.READ
        other = known is not None and read and (changed or known.was is not None)
        self.module.show_words(self._module_words(now), other=other)

    def _describe_error(self, why: str) -> None:
        if why != self._error:
            self._error = why
            field: QWidget = self.editor
            while (inner := field.focusProxy()) is not None:
                field = inner
            describe_wrong(field, why)

    def _module_words(self, now: float) -> str:
        form, row = self._model.form, self.row
        known = form.known.get(row.id)
        if known is not None and known.source is ValueSource.SENT:
            age = max(0.0, now - known.at)
            words = self.tr("sent just now") if age < 1 else self.tr("sent {0} ago").format(age_text(age))
            if known.text is not None:
                words = f"{self._value_words(known.text)}, {words}"
            return words if row.read else self.tr("{0}, cannot be read back").format(words)
        if known is not None:
            text = self._value_words(known.text)
            if known.was is not None:
                return self.tr("{0}, was {1} before").format(text, self._value_words(known.was))
            return self.tr("{0}, differs from the form").format(text) if form.is_changed(row.id) else text
        hint = form.hint(row.id)
        if hint is None:
            return self._unknown_words()
        return self.tr("{0}; factory value: {1}").format(self._unknown_words(), self._value_words(hint))

    def _unknown_words(self) -> str:
        """Return why the module's value is not known, in words."""
        form, read = self._model.form, self.row.read
        if read is None:
            return self.tr("cannot be read back")
        if read == "speed" and not self._model.speed_is_reported:
            return self.tr("unknown: this link has no speed")
        if form.problem is not None:
            return self.tr("not read: no answer")
        if read == "record" and form.stored_at is not None:
            return self.tr("not reported by the module")
        return self.tr("not read yet")

    def _value_words(self, text: str | None) -> str:
        """Return a value in the words of its editor."""
        row = self.row
        for choice in row.choices:
            if choice.value == text:
                return profile_text(choice.text)
        if row.fields and text is not None and text.isdigit():
            chosen = [(each, (int(text) & each.mask) >> each.first) for each in row.fields]
            return ", ".join(
                f"{profile_text(each.text)} {profile_text(each.choices[at]) if at < len(each.choices) else at}"
                for each, at in chosen
            )
        if row.value is ValueType.CODES and not text:
            return self.tr("all")
        return text or "—"

    def _edited(self, text: object, typed: bool) -> None:
        self._model.edit(self.row.id, None if text is None else str(text), typed=typed)

    def _show_invalid(self, error: str) -> None:
        self._model.set_error(self.row.id, error)

    def _toggle(self) -> None:
        form, name = self._model.form, self.row.id
        if form.is_changed(name):
            self._model.edit(name, form.baseline(name))
        elif (shown := form.value(name)) is not None:
            self._model.edit(name, shown)
        else:
            self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _write(self) -> None:
        self._model.write([self.row.id])


class ActionRow(QWidget, Spoken):
    """An action: a button for each choice, or an editor and a button.

    Signals: `requested(object, object)`, the `CommandRow` and the value, when the user wants the action.
    """

    requested = Signal(object, object)
    accessible_role = Role.Grouping

    def __init__(self, row: CommandRow, model: Configuration, parent: QWidget) -> None:
        super().__init__(parent)
        self.row = row
        self._model = model
        self._text = ""
        self.buttons: list[Button] = []
        self._editor = None
        line = row_of()
        title = profile_text(row.title)
        self.setAccessibleName(title)
        if row.choices:
            for choice in row.choices:
                words = profile_text(choice.text)
                button = self._button(words[:1].upper() + words[1:], f"{title}: {words}")
                button.clicked.connect(lambda _=False, value=choice.value: self.requested.emit(self.row, value))
                line.addWidget(button)
            line.addStretch()
        else:
            button = self._button(self.tr("Send"), self.tr("Send: {0}").format(title))
            button.clicked.connect(lambda: self.requested.emit(self.row, self._text))
            if row.value is not ValueType.NONE:
                self._editor = make_editor(row, self)
                self._editor.edited.connect(self._edited)
                self._editor.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
                line.addWidget(self._editor)
            add_parts(line, button, Stretch())
        self._remark = Remark(self)
        self._technical = Technical(row, self)
        indent = SPACE.target + SPACE.s
        grid = grid_of(within=self, margins=(indent, 0, 0, 0), across=SPACE.s, down=0, stretched=(1,))
        grid.addWidget(row_title(row, self), 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(line, 0, 1)
        grid.addWidget(self._remark, 1, 1)
        grid.addWidget(self._technical, 2, 1)

    def _button(self, text: str, name: str) -> Button:
        button = Button(text, self)
        button.setAccessibleName(name)
        self.buttons.append(button)
        return button

    def show_technical(self, on: bool) -> None:
        """Show or hide basis and bytes."""
        self._technical.setVisible(on)

    def refresh(self) -> None:
        """Show the error of the entered value, or the last result."""
        error = self._error()
        if error:
            self._remark.show_text(error, trouble=True)
        else:
            self._remark.result(self._model.result(self.row.id))
        if self._editor is not None:
            incomplete = self._text == "" and self.row.value is not ValueType.TEXT
            self.buttons[0].setEnabled(not error and not incomplete)
            why = error or (self.tr("Enter a value first") if incomplete else profile_text(self.row.effect))
            set_tooltip(self.buttons[0], why)

    def _error(self) -> str:
        if self._editor is None or not self._text:
            return ""
        return self._model.action_error(self.row.id, self._text)

    def _edited(self, text: object, _typed: bool) -> None:
        self._text = "" if text is None else str(text)
        self.refresh()
