"""The portable program: with a marker file beside the executable all data is stored there, none in the user's folders.

Only a built bundle can be portable. A program run from its source has no executable of its own, only Python's.
"""

from __future__ import annotations

import sys
from pathlib import Path

MARKER_NAME = "cmi-gui.portable"
"""The name of the marker file, whose content is ignored."""

DATA_NAME = "data"

SUMS_NAME = "SHA256SUMS"
"""File with the checksum of each file of the bundle, for `sha256sum -c`; made by packaging/build.py."""


def program_folder() -> Path | None:
    """Return the folder of the bundle's executable; None if the program runs from its source."""
    return Path(sys.executable).resolve().parent if getattr(sys, "frozen", False) else None


def command_name() -> str:
    """Return the program's name on the command line: `cmi-gui`, in a Windows bundle `cmi-gui-console`."""
    return "cmi-gui-console" if sys.platform == "win32" and program_folder() is not None else "cmi-gui"


def portable_folder(program: Path | None) -> Path | None:
    """Return the folder of a portable program's state, profiles and passwords; None if `program` has no marker.

    The folder may not exist yet, and need not be writable.
    """
    if program is None or not (program / MARKER_NAME).is_file():
        return None
    return program / DATA_NAME
