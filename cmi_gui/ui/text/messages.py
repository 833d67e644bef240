"""The engine's messages and the texts of profiles in the user's language."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from PySide6.QtCore import QCoreApplication

from cmi_gui.engine.messages import Argument, Listing, Message
from cmi_gui.engine.obis import meaning
from cmi_gui.ui.prefs import Language
from cmi_gui.ui.text.i18n import installed_language, with_decimal_sign

translate = QCoreApplication.translate
"""Return a text of the window in the user's language. Arguments: its context and the English text, two literals."""


class _Templates(dict[str, str]):
    """Templates in one language, each looked up once: a table needs hundreds while it scrolls."""

    def __missing__(self, template: str) -> str:
        words = self[template] = translate("Engine", template)
        return words


@lru_cache(maxsize=len(Language))
def _templates(_code: str) -> _Templates:
    return _Templates()


def text_of(message: Argument) -> str:
    """Return a message in the user's language; arguments that are not messages are not translated."""
    code = installed_language()
    return str(message) if code == Language.ENGLISH.value else _translated(message, _templates(code))


def _translated(message: Argument, templates: _Templates) -> str:
    # Called for each row that is painted: comparing classes takes half the time of matching patterns.
    if type(message) is Message:
        words = templates[message.template]
        return words.format(*[_translated(inner, templates) for inner in message.args]) if message.args else words
    if type(message) is Listing:
        return message.template.join([_translated(inner, templates) for inner in message.args])
    return with_decimal_sign(f"{message:f}") if type(message) is Decimal else str(message)


def reason_text(error: Exception) -> str:
    """Return the reason of an operating system's error without its number and path, else the error's text."""
    return getattr(error, "strerror", None) or str(error)


def profile_text(text: str) -> str:
    """Return a text of a profile in the user's language; a text of the user's own profile stays unchanged."""
    return text_of(Message(text))


def meaning_text(code: str) -> str:
    """Return the meaning of an OBIS code; empty for a code that the E350 is not known to use."""
    return text_of(meaning(code) or "")
