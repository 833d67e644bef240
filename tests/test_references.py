"""References resolve: every tag of a source is in docs/references.md, and every document that is named exists."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("cmi_gui", "tests", "docs", "benchmarks", "packaging")
KNOWN = r"(?:DOC48|DRAFT3|EN2018|CMeX50|CMa10|CMi1020W|E350|OMS)\b"
ANY_WITH_A_PLACE = r"[A-Z][A-Za-z0-9]*(?:-[A-Z0-9]+)? (?:§|p\d|table|annex)"
TAG = re.compile(rf"\[((?:{KNOWN}|{ANY_WITH_A_PLACE})[^\]]*)\]")
DOCUMENT = re.compile(r"[\w./-]+\.md\b")


def texts() -> dict[str, str]:
    """Return the text of all sources and pages by their path in the repository."""
    paths = [path for folder in FOLDERS for end in ("py", "toml", "md") for path in (ROOT / folder).rglob(f"*.{end}")]
    paths += ROOT.glob("*.md")
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def test_every_tag_is_listed() -> None:
    page = (ROOT / "docs" / "references.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE))
    assert "DOC48" in listed
    named = {
        (path, part.split()[0])
        for path, text in texts().items()
        if path != "docs/references.md"
        for tag in TAG.findall(text)
        for part in tag.split(", ")
        if part[0].isalpha() and part.split()[0] not in ("table", "annex")
    }
    assert len(named) > 20
    assert {(path, tag) for path, tag in named if tag not in listed} == set()


def test_every_named_document_exists() -> None:
    existing = {path.name for path in ROOT.rglob("*.md") if ".venv" not in path.parts}
    pages_of_the_site = {"index.md", "contributing.md", "changelog.md"}
    named = {
        (path, name)
        for path, text in texts().items()
        if path not in ("docs/site_pages.py", "tests/test_references.py")
        for name in DOCUMENT.findall(text)
    }
    missing = {(path, name) for path, name in named if Path(name).name not in existing | pages_of_the_site}
    assert missing == set()
