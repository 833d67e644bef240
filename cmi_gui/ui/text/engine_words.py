"""What the engine says, in the user's language.

The engine's sentences are English and carry facts: paths, ports, numbers, at times another sentence. A sentence is
recognised by the phrases of `engine_phrases`; its facts stay as they are, those that are sentences themselves are
translated, too. What nobody has translated stands in the engine's own words.
"""

from __future__ import annotations

import re
from functools import lru_cache

from PySide6.QtCore import QCoreApplication

from cmi_gui.engine.obis import meaning
from cmi_gui.ui.prefs import Language
from cmi_gui.ui.text.engine_phrases import ENGINE_PHRASES
from cmi_gui.ui.text.i18n import installed_language
from cmi_gui.ui.text.profile_words import PROFILE_TEXTS, profile_text

_HOLE = re.compile(r"\{\d+\}")
_PROFILE_TEXTS = frozenset(PROFILE_TEXTS)


def _recogniser(phrase: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(re.escape(part) for part in _HOLE.split(phrase)), re.DOTALL)


# The more of a sentence a phrase spells out, the surer it is meant.
_RECOGNISERS = [
    (phrase, _recogniser(phrase))
    for phrase in sorted(ENGINE_PHRASES, key=lambda phrase: len(_HOLE.sub("", phrase)), reverse=True)
]


@lru_cache(maxsize=1024)
def matching_phrase(message: str) -> tuple[str, tuple[str, ...]] | None:
    """The phrase that a sentence of the engine is, and its facts in the order of their places; None if it is none."""
    for phrase, recogniser in _RECOGNISERS:
        match = recogniser.fullmatch(message)
        if match is not None:
            return phrase, match.groups()
    return None


def engine_text(message: str) -> str:
    """A sentence of the engine, or several with a colon between, in the user's language; English if not known."""
    translate = QCoreApplication.translate
    if installed_language() == Language.ENGLISH.value:
        return message
    found = matching_phrase(message)
    if found is not None:
        phrase, facts = found
        return translate("Engine", phrase).format(*map(engine_text, facts))
    if message in _PROFILE_TEXTS:
        return profile_text(message)
    head, colon, tail = message.partition(": ")
    return f"{engine_text(head)}: {engine_text(tail)}" if colon else message


def meaning_text(code: str) -> str:
    """What an OBIS code means; an empty text for a code that the E350 is not known to use."""
    return engine_text(meaning(code))
