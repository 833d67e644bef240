"""The texts of reports, from their file. Its messages of the engine are also those that a site may keep."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Final

import msgspec

_FILE: Final = "texts.toml"


class ReportTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The texts in each language by its code of ISO 639. `text`: by key. `engine`: messages, by their English."""

    text: dict[str, dict[str, str]]
    engine: dict[str, dict[str, str]]


def report_resource(name: str) -> str:
    """Return the text of a file of the report's resources."""
    return resources.files("cmi_gui.resources").joinpath("report", name).read_text(encoding="utf-8")


@cache
def load_texts() -> ReportTexts:
    """Return all texts."""
    return msgspec.convert(tomllib.loads(report_resource(_FILE)), ReportTexts)
