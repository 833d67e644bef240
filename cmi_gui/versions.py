"""The version of this program, its build, and the versions of its dependencies.

Only metadata is read and nothing imported for it, so that `--version` answers at once and where Qt cannot be loaded.
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
"""As a person calls it, to the distribution. A wheel of PySide6 carries the Qt of its own version."""


@dataclass(frozen=True, slots=True)
class Build:
    """The source of a bundle.

    `commit`: its short name, with `+` behind it where files had been changed since. `date`: of the commit, YYYY-MM-DD.
    Both are None where the source was in no repository.
    """

    commit: str | None
    date: str | None

    def __str__(self) -> str:
        return f"{self.commit} of {self.date}" if self.commit and self.date else "of an unknown commit"


@dataclass(frozen=True, slots=True)
class Versions:
    """`build`: in words; `source` where the program was not built into a bundle. `libraries`: None if not installed."""

    program: str
    build: str
    python: str
    libraries: dict[str, str | None]
    system: str

    @property
    def text(self) -> str:
        """One line each, the program's first."""
        rows = {"build": self.build, "Python": self.python, **self.libraries, "system": self.system}
        width = max(map(len, rows))
        lines = (f"{name:<{width}}  {value or 'not installed'}" for name, value in rows.items())
        return "\n".join((f"cmi-gui {self.program}", *lines))


def build() -> Build | None:
    """Return the source of this bundle; None where the program runs from its source or an ordinary installation."""
    try:
        text = resources.files("cmi_gui.resources").joinpath(BUILD_FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return Build(**json.loads(text))


def versions() -> Versions:
    """All of it, of this process; no path of the machine is among it."""
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
