"""The settings window: appearance, decimal sign, profile files, and the folder where data is kept."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QWidget

from cmi_gui import __version__
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.files.profiles import ProfileError
from cmi_gui.engine.files.program_folder import portable_folder, program_folder
from cmi_gui.engine.files.state_folder import is_temporary
from cmi_gui.engine.messages import reason_of
from cmi_gui.engine.meter_profile.profile import load_meter_profile
from cmi_gui.ui.dialogs import ask_open_file
from cmi_gui.ui.models.tables import csv_form
from cmi_gui.ui.prefs import LANGUAGES, DecimalSign, Language, Prefs
from cmi_gui.ui.text.messages import text_of
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import SPACE, TEXT_SIZES, Density, Scheme, em
from cmi_gui.ui.widgets.plain.accessible import put_in_order
from cmi_gui.ui.widgets.plain.buttons import Button, PrimaryButton, QuietButton, Segments
from cmi_gui.ui.widgets.plain.fields import ChoiceField
from cmi_gui.ui.widgets.plain.layout import (
    DimLabel,
    Label,
    Section,
    Stretch,
    WarningLine,
    column_of,
    least_height,
    row_of,
)
from cmi_gui.ui.widgets.plain.marks import ElidedLabel
from cmi_gui.ui.widgets.plain.scroll_bar import ScrollColumn


class _ProfileRow(QWidget):
    """The choice of a profile: the built-in one, or a file, which is checked first.

    `problem`: the line that shows why a file cannot be used.
    Signals: `changed(str)`, the path; empty for the built-in profile.
    """

    changed = Signal(str)

    def __init__(self, title: str, kind: str, path: str, problem: WarningLine, parent: QWidget) -> None:
        super().__init__(parent)
        self._kind = kind
        self._title = title
        self._shown = ElidedLabel(parent=self)
        choose = Button(self.tr("Choose file..."), self, name=self.tr("Choose a file: {0}").format(title))
        choose.setObjectName(f"choose_{kind}")
        choose.clicked.connect(self._choose)
        self._own = QuietButton(
            self.tr("Use built-in"), self, name=self.tr("Use the built-in profile: {0}").format(title)
        )
        self._own.clicked.connect(lambda: self._take(""))
        self.problem = problem
        name = Label(title, self)
        name.setMinimumWidth(em(self, 12))
        row_of(name, (self._shown, 1), choose, self._own, within=self, margins=0)
        self._show(path)

    def _choose(self) -> None:
        ask_open_file(self, self._title, self.tr("Profiles (*.toml);;All files (*)"), self.check)

    def check(self, path: Path) -> None:
        """Choose the file if it is a valid profile, else show the reason why not."""
        try:
            (load_module_profile if self._kind == "module" else load_meter_profile)(path)
        except (ProfileError, OSError) as error:
            self.problem.show_text(self.tr("This file cannot be used: {0}").format(text_of(reason_of(error))))
            return
        self._take(str(path))

    def _take(self, path: str) -> None:
        self.problem.show_text("")
        self._show(path)
        self.changed.emit(path)

    def _show(self, path: str) -> None:
        self._shown.setText(path or self.tr("built-in profile"))
        self._own.setEnabled(bool(path))
        set_tooltip(self._own, "" if path else self.tr("The built-in profile is already chosen"))


class SettingsWindow(QDialog):
    """The settings window. Changes take effect at once, profiles at the next start.

    Signals: `language_chosen(Language)`, `theme_chosen(Scheme)`, `sizes_chosen(TextSize, Density)`.
    """

    language_chosen = Signal(object)
    theme_chosen = Signal(object)
    sizes_chosen = Signal(object, object)

    def __init__(self, prefs: Prefs, parent: QWidget) -> None:
        super().__init__(parent)
        self._prefs = prefs
        self.setObjectName("settingsWindow")
        self.setSizeGripEnabled(True)
        self._build()
        self.resize(self.sizeHint().boundedTo(self.screen().availableSize() * 0.9))

    def sizeHint(self) -> QSize:
        """Return a width that suits a path, and the height that the text needs at that width."""
        inside, width = self._scroll.widget(), em(self, 100)
        assert inside is not None
        return QSize(width, least_height(inside, width) + self._bottom.sizeHint().height() + SPACE.l)

    def _build(self) -> None:
        stored = self._prefs.stored
        self.setWindowTitle(self.tr("Settings"))
        self.language = ChoiceField(self.tr("Language"), self, object_name="settingsLanguage")
        # Each language has its own name, so that a user who cannot read the current one finds the way back.
        system = self.tr("Follow the system")
        for value, text in ({Language.SYSTEM: system} | LANGUAGES).items():
            self.language.addItem(text, value.value)
        self.language.setCurrentIndex(self.language.findData(stored.language.value))
        self.language.activated.connect(
            lambda place: self.language_chosen.emit(Language(self.language.itemData(place)))
        )
        label = Label(self.tr("Language"), self)
        label.setBuddy(self.language)
        self.theme = Segments(
            [
                (system, Scheme.SYSTEM),
                (self.tr("Light"), Scheme.LIGHT),
                (self.tr("Dark"), Scheme.DARK),
            ],
            self.tr("Theme"),
            self,
            object_name="settingsTheme",
        )
        self.theme.choose(stored.theme)
        self.theme.chosen.connect(self.theme_chosen)
        appearance = Section(self.tr("Appearance"), self)
        self._make_sizes()
        rows = (
            (label, self.language),
            (Label(self.tr("Theme"), self), self.theme),
            (Label(self.tr("Text size"), self), self.text_size),
            (Label(self.tr("Density"), self), self.density),
        )
        for name, widget in rows:
            line = row_of(name, Stretch(), widget, spacing=None)
            appearance.body.addLayout(line)

        tables = Section(self.tr("Tables"), self)
        tables.body.addLayout(self._decimal_sign_row(system))
        hint = self.tr(
            "For copied tables and for CSV files for Excel. With a decimal comma, the cells of such a file are"
            " separated by semicolons."
        )
        tables.body.addWidget(DimLabel(hint, self, wrap=True))

        profiles = Section(self.tr("Profiles"), self)
        problem = WarningLine(self, trouble=True, lines=2)
        self.module_profile = _ProfileRow(self.tr("Module"), "module", stored.module_profile, problem, self)
        self.meter_profile = _ProfileRow(self.tr("Meter"), "meter", stored.meter_profile, problem, self)
        self.module_profile.changed.connect(lambda path: self._store("module_profile", path))
        self.meter_profile.changed.connect(lambda path: self._store("meter_profile", path))
        hint = self.tr(
            "Profiles hold what the manufacturers have not published: the commands of the module, and what must"
            " be sent to the meter. You can replace each by a file of your own, which is used from the next start."
        )
        for part in (DimLabel(hint, self, wrap=True), self.module_profile, self.meter_profile, problem):
            profiles.body.addWidget(part)

        data_folder = Section(self.tr("Stored data"), self)
        self.data_folder = DimLabel(self._data_folder_text(), self, wrap=True)
        self.data_folder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        data_folder.body.addWidget(self.data_folder)

        close = PrimaryButton(self.tr("Close"), self, on_click=self.close)
        inside = QWidget(self)
        column_of(appearance, tables, profiles, data_folder, Stretch(), within=inside, margins=SPACE.l, spacing=SPACE.l)
        self._scroll = ScrollColumn(self)
        self._scroll.setWidget(inside)
        version = DimLabel(self.tr("cmi_gui {0}").format(__version__), self)
        self._bottom = row_of(version, Stretch(), close, spacing=None, margins=(SPACE.l, 0, SPACE.l, SPACE.l))
        column_of((self._scroll, 1), self._bottom, within=self, margins=0, spacing=0)
        put_in_order(self)

    def _make_sizes(self) -> None:
        stored = self._prefs.stored
        sizes = [(self.tr("{0} %").format(size), size) for size in TEXT_SIZES]
        self.text_size = Segments(sizes, self.tr("Text size"), self, object_name="settingsTextSize")
        densities = [(self.tr("Comfortable"), Density.COMFORTABLE), (self.tr("Compact"), Density.COMPACT)]
        self.density = Segments(densities, self.tr("Density"), self, object_name="settingsDensity")
        self.text_size.show_value(stored.text_size)
        self.density.show_value(stored.density)
        for choice in (self.text_size, self.density):
            choice.chosen.connect(lambda _: self.sizes_chosen.emit(self.text_size.value(), self.density.value()))

    def _decimal_sign_row(self, system: str) -> QHBoxLayout:
        """Return the choice of the decimal sign, with an example of each; `system`: the name of the system's choice."""
        name = self.tr("Decimal sign")
        self.decimal_sign = ChoiceField(name, self, object_name="settingsDecimalSign")
        for sign in DecimalSign:
            example = f"1234{csv_form(sign).decimal}5"
            self.decimal_sign.addItem(f"{system} ({example})" if sign is DecimalSign.SYSTEM else example, sign.value)
        self.decimal_sign.setCurrentIndex(self.decimal_sign.findData(self._prefs.stored.decimal_sign.value))
        self.decimal_sign.activated.connect(
            lambda index: self._store("decimal_sign", DecimalSign(self.decimal_sign.itemData(index)))
        )
        label = Label(name, self)
        label.setBuddy(self.decimal_sign)
        return row_of(label, Stretch(), self.decimal_sign, spacing=None)

    def _data_folder_text(self) -> str:
        """Return a sentence on where module and window keep their data."""
        folder = self._prefs.folder
        if folder is None:
            return self.tr("Nothing is stored, because the program was started without a data folder.")
        if folder == portable_folder(program_folder()):
            words = self.tr("The program is portable: settings, history and passwords are stored beside it, in {0}")
        elif is_temporary(folder):
            words = self.tr("The data folder cannot be used. Data is stored in {0} and deleted when the program ends")
        else:
            words = self.tr("Settings and history are stored in {0}")
        return words.format(folder)

    def _store(self, name: str, value: object) -> None:
        setattr(self._prefs.stored, name, value)
        self._prefs.save()
