"""The version of this program, its build, and the versions of its dependencies.

Only metadata is read and nothing imported for it, so that `--version` answers at once, even if Qt cannot be loaded.
"""

from __future__ import annotations

import json
import platform
from dataclasses import dataclass
from importlib import metadata, resources

from cmi_gui import __version__

BUILD_FILE = "build.json"
"""In `cmi_gui/resources`, only in a built bundle: packaging/build.py writes it."""

LIBRARIES = {
    "PySide6": "PySide6_Essentials",
    "Qt": "PySide6_Essentials",
    "pyqtgraph": "pyqtgraph",
    "numpy": "numpy",
    "pyserial": "pyserial",
    "qasync": "qasync",
}
"""Displayed name to distribution. A wheel of PySide6 contains the Qt of its own version."""


@dataclass(frozen=True, slots=True)
class Build:
    """The source of a bundle.

    `commit`: its short hash, followed by `+` if files had been changed since. `date`: of the commit, YYYY-MM-DD. Both
    are None if the source was not in a repository.
    """

    commit: str | None
    date: str | None

    def __str__(self) -> str:
        return f"{self.commit} of {self.date}" if self.commit and self.date else "of an unknown commit"


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of one process. `build`: `source` outside a bundle. `libraries`: None if not installed."""

    program: str
    build: str
    python: str
    libraries: dict[str, str | None]
    system: str

    @property
    def text(self) -> str:
        """One line for each version, that of the program first."""
        rows = {"build": self.build, "Python": self.python, **self.libraries, "system": self.system}
        width = max(map(len, rows))
        lines = (f"{name:<{width}}  {value or 'not installed'}" for name, value in rows.items())
        return "\n".join((f"cmi-gui {self.program}", *lines))


def build() -> Build | None:
    """Return the source of this bundle; None if the program runs from its source or an ordinary installation."""
    try:
        text = resources.files("cmi_gui.resources").joinpath(BUILD_FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return Build(**json.loads(text))


def versions() -> Versions:
    """Return the versions of this process, without any path of the computer."""
    built = build()
    return Versions(
        program=__version__,
        build="source" if built is None else str(built),
        python=platform.python_version(),
        libraries={name: _version(distribution) for name, distribution in LIBRARIES.items()},
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
    )


def _version(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None
