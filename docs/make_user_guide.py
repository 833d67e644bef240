"""Writes docs/user-guide.md from the guide that the program carries.

    python -m docs.make_user_guide

There is one source, `cmi_gui/resources/help/user-guide.md`, which the help window shows without the pictures; this copy
is for reading beside the repository, where the pictures are.
"""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "cmi_gui" / "resources" / "help" / "user-guide.md"
PAGE = Path(__file__).parent / "user-guide.md"
NOTE = "<!-- Written by docs/make_user_guide.py from cmi_gui/resources/help/user-guide.md; change that one. -->\n\n"


def page() -> str:
    """The whole page."""
    return NOTE + SOURCE.read_text(encoding="utf-8")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"written: {PAGE.name}")
