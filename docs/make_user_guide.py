"""Write docs/user-guide.md and its translations from the guides in the program's resources.

    python -m docs.make_user_guide

There is one source for each language, `cmi_gui/resources/help/user-guide*.md`, which the help window shows without the
pictures; the copies in docs are for readers of the repository and include the pictures.
"""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "cmi_gui" / "resources" / "help"
SOURCE = FOLDER / "user-guide.md"
NOTE = "<!-- Written by docs/make_user_guide.py from cmi_gui/resources/help/{0}; change that one. -->\n\n"


def pages() -> dict[Path, str]:
    """Each page with all of its text."""
    return {
        Path(__file__).parent / source.name: NOTE.format(source.name) + source.read_text(encoding="utf-8")
        for source in sorted(FOLDER.glob("*.md"))
    }


if __name__ == "__main__":
    for page, text in pages().items():
        page.write_text(text, encoding="utf-8")
        print(f"written: {page.name}")
