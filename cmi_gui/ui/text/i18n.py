"""The window's languages: English in the code, others in Qt Linguist files in resources/translations."""

from __future__ import annotations

import os
from dataclasses import dataclass
from decimal import Decimal
from importlib import resources

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from cmi_gui.ui.prefs import LANGUAGES, Language

_PROPERTY = "cmiTranslators"


@dataclass(slots=True)
class _Installed:
    """The language in use. It is stored here because Qt is too slow for a query with every painted row."""

    code: str = Language.ENGLISH.value
    decimal_sign: str = "."


_INSTALLED = _Installed()


def chosen_language(kept: Language) -> Language:
    """Return the language in `CMI_GUI_LANGUAGE` (system, en, sv), or `kept` if that holds anything else."""
    try:
        return Language(os.environ.get("CMI_GUI_LANGUAGE", "").strip().lower())
    except ValueError:
        return kept


def language_code(language: Language) -> str:
    """Return the code, such as `sv`; for `SYSTEM` that of the desktop's first language that we have, else `en`."""
    if language is not Language.SYSTEM:
        return str(language.value)
    codes = {language.value for language in LANGUAGES}
    wanted = (name.partition("-")[0].lower() for name in QLocale.system().uiLanguages())
    return next((code for code in wanted if code in codes), Language.ENGLISH.value)


def install_language(app: QApplication, language: Language) -> str:
    """Make `tr` translate to a language and numbers follow it; return its code. Existing widgets must be rebuilt."""
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
        # The texts of Qt's own dialogs; a bundle may lack them.
        if qts.load(f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            translators.append(qts)
    for translator in translators:
        app.installTranslator(translator)
    app.setProperty(_PROPERTY, translators)
    locale = QLocale(code)
    QLocale.setDefault(locale)
    _INSTALLED.code, _INSTALLED.decimal_sign = code, locale.decimalPoint()
    return code


def installed_language() -> str:
    """Return the code of the language in use; `en` before any was installed."""
    return _INSTALLED.code


def number_text(number: float | Decimal, decimals: int) -> str:
    """Return a number with the decimal sign of the language in use."""
    return with_decimal_sign(f"{number:.{decimals}f}")


def with_decimal_sign(text: str) -> str:
    """Return a text of digits with a decimal point, such as a time of day, with the sign of the language in use.

    Not for what a meter sent, which is shown as the meter spelled it.
    """
    return text if _INSTALLED.decimal_sign == "." else text.replace(".", _INSTALLED.decimal_sign)
