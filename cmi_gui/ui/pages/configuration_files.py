"""Settings to a file and back: the form's values, never a password, and nothing half done."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.commissioning.settings_file import dump_settings, read_settings_file, write_settings_file
from cmi_gui.ui.dialogs import ask_open_file, ask_save_file
from cmi_gui.ui.engine_words import engine_text
from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.words import Level

__all__ = ["SettingsFiles"]

_FILTERS = "TOML (*.toml)"
_NAME = "cmi1020-settings.toml"


class SettingsFiles(QObject):
    """Asks where, works in the background, says how it went. `page`: over which the questions stand."""

    def __init__(self, context: Context, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._context = context
        self._model = context.configuration

    def ask_import(self) -> None:
        """Ask for a file, then take its values as unwritten changes."""
        ask_open_file(self._page, self.tr("Import settings"), _FILTERS, self.take)

    def ask_export(self) -> None:
        """Ask for a name, then save the form's values."""
        ask_save_file(self._page, self.tr("Export settings"), _FILTERS, _NAME, self.save)

    def take(self, path: Path) -> None:
        """Load a file into the form of the target that is spoken to now."""
        table, target = self._model.table, self._model.target

        def done(values: dict[str, str]) -> None:
            if self._model.target is not target or self._model.writing:
                words = self.tr("{0} was not loaded: the form has moved on since; import it again")
                self._context.say(Level.WARNING, words.format(path.name))
                return
            self._model.load(values, self.tr("Import of {0}").format(path.name))
            words = self.tr("{0} loaded; unwritten changes now: {1}")
            self._context.say(Level.GOOD, words.format(path.name, len(self._model.form.changed)))

        self._context.background.run(lambda: read_settings_file(path, table), done, self._failed)

    def save(self, path: Path) -> None:
        """Save the form's values."""
        form = self._model.form
        guessed = [name for name, row in form.rows.items() if form.guessed(row)]
        text = dump_settings(self._model.table, form.to_keep(), guessed)
        words = self.tr("Settings saved to {0}, without passwords").format(path.name)
        self._context.background.run(
            lambda: write_settings_file(path, text), lambda _: self._context.say(Level.GOOD, words), self._failed
        )

    def _failed(self, error: Exception) -> None:
        self._context.say(Level.ERROR, engine_text(str(error)))
