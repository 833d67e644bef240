"""The text of the included user guide: its language version, without pictures, and its chapters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import resources

_PICTURE = re.compile(r"^!\[[^\]]*\]\([^)]*\)\n\n?", re.MULTILINE)
_HEADING = re.compile(r"^(#{1,3}) (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading: its level (1 to 3), its words and its slug for links."""

    level: int
    title: str
    slug: str


def guide_text(language: str) -> str:
    """Return the guide in Markdown, without pictures; in English if there is none in `language` (`en`, `sv`)."""
    folder = resources.files("cmi_gui.resources").joinpath("help")
    own = folder.joinpath(f"user-guide.{language}.md")
    found = own if own.is_file() else folder.joinpath("user-guide.md")
    return _PICTURE.sub("", found.read_text(encoding="utf-8"))


def slug(title: str) -> str:
    """Return a heading's slug by the rule of the common forges: lower case, hyphens for blanks, no other signs."""
    return re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-")


def chapters(text: str) -> tuple[Chapter, ...]:
    """Return all headings in order."""
    return tuple(Chapter(len(marks), title, slug(title)) for marks, title in _HEADING.findall(text))
