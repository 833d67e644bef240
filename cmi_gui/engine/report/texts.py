"""The texts of a report in its languages, which are those of the people who get it, not those of the window."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from cmi_gui.engine.files.report_texts import load_texts
from cmi_gui.engine.messages import Argument, Listing, Message


class ReportLanguage(StrEnum):
    """A language of a report; the value is the code of ISO 639."""

    ENGLISH = "en"
    SWEDISH = "sv"
    GERMAN = "de"


class ReportWords:
    """The texts of a report in one language."""

    def __init__(self, language: ReportLanguage) -> None:
        self.language = language
        texts = load_texts()
        self._texts = {key: languages[language] for key, languages in texts.text.items()}
        self._engine = {english: languages.get(language, english) for english, languages in texts.engine.items()}

    def __call__(self, key: str, *facts: Argument) -> str:
        """Return a text with its facts. Raises KeyError for an unknown key."""
        return self._filled(self._texts[key], facts)

    def of(self, message: Argument | None) -> str:
        """Return a message of the engine; what is not translated stays English, and None is empty."""
        match message:
            case None:
                return ""
            case Listing(template=template, args=args):
                return template.join(map(self.of, args))
            case Message(template=template, args=args):
                return self._filled(self._engine.get(template, template), args)
            case Decimal():
                return f"{message:f}".replace(".", "." if self.language is ReportLanguage.ENGLISH else ",")
        return str(message)

    def _filled(self, template: str, facts: tuple[Argument, ...]) -> str:
        return template.format(*map(self.of, facts)) if facts else template
