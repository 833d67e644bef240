"""The passwords that a batch will write: entered once for all modules, and kept in the keyring; never shown."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.cmi1020.commands import CommandInvalid
from cmi_gui.engine.cmi1020.secrets import Secret
from cmi_gui.engine.configurator.values import check_text
from cmi_gui.engine.site.model import SiteModule
from cmi_gui.engine.site.passwords import known_passwords, wanted_passwords
from cmi_gui.ui.pages.bus.visit_words import title_of
from cmi_gui.ui.pages.configuration.value_editors import SecretEditor
from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.text.messages import reason_text, text_of
from cmi_gui.ui.text.words import Level, sentence
from cmi_gui.ui.theme import SPACE
from cmi_gui.ui.widgets.plain.buttons import Button, QuietButton
from cmi_gui.ui.widgets.plain.captioned import caption
from cmi_gui.ui.widgets.plain.layout import DimLabel, Label, WarningLine, column_of, row_of


class _Entry(QWidget):
    """One password: where it is kept, or the fields to enter it."""

    def __init__(self, title: str, editor: SecretEditor, parent: QWidget) -> None:
        super().__init__(parent)
        self.editor = editor
        self.kept = Label("", self)
        self.change = QuietButton("", self)
        self.keep = Button("", self)
        row_of(caption(title, editor, self), self.kept, self.change, (editor, 1), self.keep, within=self, margins=0)


class PasswordPanel(QWidget):
    """The passwords that are to be written, hidden if there are none.

    Signals: `changed()`, one was entered or forgotten.
    """

    changed = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._entries: dict[str, _Entry] = {}
        self._typed: dict[str, str] = {}
        self._changing: set[str] = set()
        self._wanted: list[str] = []
        self.problem = WarningLine(self, trouble=True, object_name="passwordProblem")
        note = self.tr("Passwords are entered once for all modules. They are in no file of the site, plan or report.")
        self.note = DimLabel(note, self, wrap=True)
        self._rows = column_of(spacing=SPACE.xs)
        column_of(self._rows, self.problem, self.note, within=self, margins=0, spacing=SPACE.xs)
        self.hide()

    def secrets(self) -> dict[str, Secret]:
        """Return the passwords that are known, by the id of their setting."""
        return known_passwords(self._context.visit.passwords, self._wanted)

    def show_modules(self, modules: list[SiteModule]) -> None:
        """Show the passwords that are to be written to these modules."""
        self._wanted = wanted_passwords(modules)
        self.setVisible(bool(self._wanted))
        store = self._context.visit.passwords
        for name in self._wanted:
            entry = self._entries.get(name) or self._make(name)
            known = store.get(name) is not None and name not in self._changing
            entry.setVisible(True)
            entry.kept.setText(sentence(self.tr("kept {0}").format(text_of(store.where))) if known else "")
            entry.kept.setVisible(known)
            entry.change.setVisible(known)
            entry.editor.setVisible(not known)
            entry.keep.setVisible(not known)
            entry.keep.allow(
                "" if name in self._typed else self.tr("Enter the password twice first"),
                self.tr("Keep it {0}").format(text_of(store.where)),
            )
        for name in self._entries.keys() - set(self._wanted):
            self._entries[name].hide()

    def _make(self, name: str) -> _Entry:
        row = self._context.site.table.profile.row(name)
        editor = SecretEditor(row, self)
        entry = self._entries[name] = _Entry(title_of(row), editor, self)
        editor.setObjectName(f"password_{name}")
        entry.keep.setObjectName(f"keep_{name}")
        entry.change.set_words(self.tr("Enter another one"))
        entry.keep.set_words(self.tr("Use this password"))
        editor.edited.connect(partial(self._edited, name))
        editor.invalid.connect(partial(self._wrong, name))
        entry.keep.clicked.connect(partial(self._keep, name))
        entry.change.clicked.connect(partial(self._change, name))
        self._rows.addWidget(entry)
        return entry

    def _edited(self, name: str, text: str | None, _typed: bool) -> None:
        self._typed.pop(name, None)
        problem = ""
        if text:
            table = self._context.site.table
            try:
                check_text(table, table.profile.row(name), text)
                self._typed[name] = text
            except CommandInvalid as error:
                problem = sentence(error.message)
        self.problem.show_text(problem)
        self.changed.emit()

    def _wrong(self, name: str, reason: str) -> None:
        self._typed.pop(name, None)
        self.problem.show_text(reason)
        self.changed.emit()

    def _keep(self, name: str) -> None:
        text = self._typed.pop(name)
        self._changing.discard(name)
        try:
            self._context.visit.passwords.set(name, Secret(text))
        except OSError as error:
            words = self.tr("The password is used now, but could not be kept: {0}")
            self._context.add_message(Level.WARNING, words.format(reason_text(error)))
        self._entries[name].editor.show_text(None)
        self.changed.emit()

    def _change(self, name: str) -> None:
        self._changing.add(name)
        self.changed.emit()
        self._entries[name].editor.setFocus()
