"""The files of a kind that were opened or saved last."""

from __future__ import annotations

from pathlib import Path

MOST = 10
_LONGEST_PATH = 4096


class RecentFiles:
    """A list of at most `MOST` paths, the last one used first."""

    def __init__(self) -> None:
        self.paths: tuple[Path, ...] = ()

    def add(self, path: Path) -> None:
        """Put a path first."""
        path = path.absolute()
        self.paths = (path, *(each for each in self.paths if each != path))[:MOST]

    def remove(self, path: Path) -> None:
        """Remove a path, if it is there."""
        self.paths = tuple(each for each in self.paths if each != path.absolute())

    def clear(self) -> None:
        """Remove all paths."""
        self.paths = ()

    def state(self) -> list[str]:
        """Return the paths as plain values."""
        return [str(path) for path in self.paths]

    def restore(self, kept: object) -> None:
        """Restore what `state` returned; anything else than absolute paths is left out."""
        texts = [text for text in kept if isinstance(text, str)] if isinstance(kept, list) else []
        paths = (Path(text) for text in texts if 0 < len(text) <= _LONGEST_PATH and "\0" not in text)
        self.paths = tuple(dict.fromkeys(path for path in paths if path.is_absolute()))[:MOST]


def menu_text(path: Path) -> str:
    """Return name and folder of a path for a menu, in which an ampersand would mark the key of an entry."""
    text = f"{path.name}  ·  {path.parent}"
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text).replace("&", "&&")
