"""The texts of a report in its languages, which are those of the people who get it, not those of the window."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Final

import msgspec

from cmi_gui.engine.messages import Argument, Listing, Message


class ReportLanguage(StrEnum):
    """A language of a report; the value is the code of ISO 639."""

    ENGLISH = "en"
    SWEDISH = "sv"
    GERMAN = "de"


class _Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of texts. `text`: by key, a text in each language. `engine`: by their English, words of the engine."""

    text: dict[str, dict[ReportLanguage, str]]
    engine: dict[str, dict[ReportLanguage, str]]


_FILE: Final = "texts.toml"


def report_resource(name: str) -> str:
    """Return the text of a file of the report's resources."""
    return resources.files("cmi_gui.resources").joinpath("report", name).read_text(encoding="utf-8")


@cache
def load_texts() -> _Texts:
    """Return all texts."""
    return msgspec.convert(tomllib.loads(report_resource(_FILE)), _Texts)


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
