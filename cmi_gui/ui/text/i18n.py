"""The window's languages: English in the code, others from Qt Linguist files in resources/translations."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib import resources

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from cmi_gui.ui.prefs import Language

_PROPERTY = "cmiTranslators"


@dataclass(slots=True)
class _Spoken:
    """Kept here and not asked of Qt, as a table asks with every row that it paints."""

    code: str = Language.ENGLISH.value


_SPOKEN = _Spoken()


def chosen_language(kept: Language) -> Language:
    """`CMI_GUI_LANGUAGE` (system, en, sv) before what was kept; anything else there is passed over."""
    try:
        return Language(os.environ.get("CMI_GUI_LANGUAGE", "").strip().lower())
    except ValueError:
        return kept


def language_code(language: Language) -> str:
    """`en` or `sv`: the desktop's first language that we speak, English if none."""
    if language is not Language.SYSTEM:
        return str(language.value)
    for name in QLocale.system().uiLanguages():
        code = name.partition("-")[0].lower()
        if code in (Language.ENGLISH.value, Language.SWEDISH.value):
            return code
    return Language.ENGLISH.value


def install_language(app: QApplication, language: Language) -> str:
    """Have `tr` speak it from now on, in place of the one before; returns its code. Widgets must be built anew."""
    for old in app.property(_PROPERTY) or []:
        app.removeTranslator(old)
    code = language_code(language)
    translators: list[QTranslator] = []
    if code != Language.ENGLISH.value:
        ours, qts = QTranslator(app), QTranslator(app)
        data = resources.files("cmi_gui.resources").joinpath("translations", f"cmi_gui_{code}.qm").read_bytes()
        # Qt keeps a pointer into the data: it lives as long as the translator.
        ours.setProperty("data", data)
        if ours.load(data):
            translators.append(ours)
        # The words of Qt's own dialogs; a bundle may come without them.
        if qts.load(f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            translators.append(qts)
    for translator in translators:
        app.installTranslator(translator)
    app.setProperty(_PROPERTY, translators)
    _SPOKEN.code = code
    return code


def installed_language() -> str:
    """The code of the language that is spoken now; `en` before any was installed."""
    return _SPOKEN.code
