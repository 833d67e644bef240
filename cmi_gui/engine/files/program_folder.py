"""The portable program: a file beside the executable has everything kept beside it, nothing in the user's folders.

Only a built bundle can be portable. A program run from its source has no executable of its own: what would lie
beside it is Python's.
"""

from __future__ import annotations

import sys
from pathlib import Path

MARKER_NAME = "cmi-gui.portable"
"""Whatever it contains; an empty file will do."""

DATA_NAME = "data"

SUMS_NAME = "SHA256SUMS"
"""Beside the executable, by packaging/build.py: the sum of each file of the bundle, as `sha256sum -c` reads it."""


def program_folder() -> Path | None:
    """The folder with the executable of the bundle; None where the program runs from its source."""
    return Path(sys.executable).resolve().parent if getattr(sys, "frozen", False) else None


def command_name() -> str:
    """What commands of this program begin with: `cmi-gui`, in a bundle for Windows its twin that has a console."""
    return "cmi-gui-console" if sys.platform == "win32" and program_folder() is not None else "cmi-gui"


def portable_folder(program: Path | None) -> Path | None:
    """Where a portable program keeps state, profiles and passwords; None if `program`'s folder has no marker.

    The folder may not exist yet, and need not be writable.
    """
    if program is None or not (program / MARKER_NAME).is_file():
        return None
    return program / DATA_NAME
