"""What the engine says of telegrams and records, in the user's language.

The engine hands over phrases: templates and what is put in. Templates are looked up among `TELEGRAM_PHRASES`; what was
received stands as it is. A template that nobody has translated stands in the engine's English.
"""

from __future__ import annotations

import re
from functools import lru_cache

from PySide6.QtCore import QCoreApplication

from cmi_gui.engine.mbus.phrase import Listing, Part, Phrase, Sentence
from cmi_gui.engine.traffic.store import Kind, TrafficRow
from cmi_gui.engine.traffic.summaries import summary_phrase
from cmi_gui.ui.prefs import Language
from cmi_gui.ui.text.engine_words import engine_text, matching_phrase
from cmi_gui.ui.text.i18n import installed_language
from cmi_gui.ui.text.telegram_phrases import TELEGRAM_PHRASES

_HOLE = re.compile(r"\{\d+\}")
_SEPARATORS = ("; ", ", ", ": ")


def spoken(part: Part) -> str:
    """A phrase of the engine in the user's language."""
    code = installed_language()
    return str(part) if code == Language.ENGLISH.value else _speak(part, _templates(code))


def summary_text(row: TrafficRow) -> str:
    """What a row of traffic says, in one line in the user's language; never a password."""
    if row.words is None:
        return spoken(summary_phrase(row))
    if installed_language() == Language.ENGLISH.value:
        return row.words
    return engine_text(row.words) if row.kind is Kind.BAD_LINE else spoken(phrase_of(row.words))


@lru_cache(maxsize=len(Language))
def _templates(code: str) -> dict[str, str]:
    """Every template in the language `code`, which is spoken now: a table asks for hundreds while it scrolls."""
    return {phrase: QCoreApplication.translate("Telegram", phrase) for phrase in TELEGRAM_PHRASES}


def _speak(part: Part, templates: dict[str, str]) -> str:
    # Each row that is painted comes by: asking for classes takes half the time of matching patterns.
    if type(part) is str:
        return part
    if type(part) is Phrase:
        words = templates.get(part.template, part.template)
        return words.format(*[_speak(inner, templates) for inner in part.parts]) if part.parts else words
    if type(part) is Listing:
        return part.separator.join([_speak(item, templates) for item in part.items])
    return engine_text(part) if type(part) is Sentence else str(part)


# Rows whose secrets are masked keep their summary as text: their bytes cannot be decoded any more.

_WORDS = frozenset(phrase for phrase in TELEGRAM_PHRASES if not _HOLE.search(phrase))
_RECOGNISERS = [
    (phrase, re.compile("(.+?)".join(map(re.escape, _HOLE.split(phrase)))))
    for phrase in sorted(TELEGRAM_PHRASES, key=lambda phrase: len(_HOLE.sub("", phrase)), reverse=True)
    if _HOLE.search(phrase)
]


@lru_cache(maxsize=256)
def phrase_of(text: str) -> Part:
    """The phrase whose English a text is, as far as it can be told; the text itself where it is none."""
    if text in _WORDS:
        return Phrase(text)
    for template, recogniser in _RECOGNISERS:
        match = recogniser.fullmatch(text)
        if match is not None:
            return Phrase(template, tuple(map(phrase_of, match.groups())))
    if matching_phrase(text) is not None:
        return Sentence(text)
    for separator in _SEPARATORS:
        if separator in text:
            return Listing(separator, tuple(map(phrase_of, text.split(separator))))
    return text
