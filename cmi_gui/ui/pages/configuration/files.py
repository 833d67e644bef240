"""Import and export of the form's settings as a TOML file, without passwords."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.configurator.settings_file import dump_settings, read_settings_file, write_settings_file
from cmi_gui.engine.messages import reason_of
from cmi_gui.ui.dialogs import ask_open_file, ask_save_file
from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.text.messages import text_of, translate
from cmi_gui.ui.text.words import Level

_FILTERS = "TOML (*.toml)"
_NAME = "cmi1020-settings.toml"


class SettingsFiles(QObject):
    """Import and export of settings in the background, with a message on the result. `page`: the dialogs' parent."""

    def __init__(self, context: Context, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._context = context
        self._model = context.configuration

    def ask_import(self) -> None:
        """Ask for a file, then load its values as unwritten changes."""
        ask_open_file(self._page, self.tr("Import settings"), _FILTERS, self.load)

    def ask_export(self) -> None:
        """Ask for a name, then save the form's values."""
        ask_save_file(self._page, self.tr("Export settings"), _FILTERS, _NAME, self.save)

    def load(self, path: Path) -> None:
        """Load a file into the form of the current target."""
        context, model, table = self._context, self._model, self._model.table
        target = model.target

        def done(values: dict[str, str]) -> None:
            # `self` may not exist any more: a change of language replaces the form and this object.
            if model.target is not target or model.writing:
                words = translate(
                    "SettingsFiles", "{0} was not loaded: the form has changed in the meantime; import it again"
                )
                context.add_message(Level.WARNING, words.format(path.name))
                return
            model.load(values, translate("SettingsFiles", "Import of {0}").format(path.name))
            words = translate("SettingsFiles", "{0} loaded; unwritten changes: {1}")
            context.add_message(Level.GOOD, words.format(path.name, len(model.form.changed)))

        self._context.background.run(lambda: read_settings_file(path, table), done, self._failed)

    def save(self, path: Path) -> None:
        """Save the form's values to a file, without passwords."""
        form = self._model.form
        guessed = [name for name, row in form.rows.items() if form.guessed(row)]
        text = dump_settings(self._model.table, form.to_save(), guessed)
        words = self.tr("Settings saved to {0}, without passwords").format(path.name)
        self._context.save(lambda: write_settings_file(path, text), words)

    def _failed(self, error: Exception) -> None:
        self._context.add_message(Level.ERROR, text_of(reason_of(error)))
