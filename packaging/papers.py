"""The papers of the bundle: licences, two of the documents, and the files for a Linux desktop."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

import contents

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
DOCS = ROOT / "docs"

IN_LICENSES = {"pyserial": "pyserial.txt", "pyside6_essentials": "LGPL-3.0.txt", "shiboken6": "LGPL-3.0.txt"}
"""Distributions whose wheels contain no licence text, and the file in `licenses` that has it."""

COMMON_LICENSES = Path("/usr/share/common-licenses")
"""The folder of the licence texts that Debian's packages refer to."""

_LICENCE = re.compile(r"licen[cs]e|copying", re.IGNORECASE)


def add_papers(bundle: Path, system: Iterable[Path]) -> list[str]:
    """Put licences, the pages on hardware and on what was not tried, and the files of Linux's desktop into the bundle.

    `system`: the libraries of this machine that the bundle has copies of. Returns a sentence for each
    missing licence; a bundle that is passed on to others must have them all.
    """
    for paper in (ROOT / "LICENSE", HERE / "README.txt", DOCS / "hardware.md", DOCS / "not-tried.md"):
        shutil.copy(paper, bundle)
    licences = bundle / "licenses"
    shutil.copytree(HERE / "licenses", licences)
    lacking = [*_python(licences), *system_licences(system, licences / "system"), *without_licence(bundle)]
    if sys.platform.startswith("linux"):
        shutil.copytree(HERE / "linux", bundle / "share")
        shutil.copy(ROOT / contents.RESOURCES / "icons" / "app.svg", bundle / "share" / "cmi-gui.svg")
    return lacking


def _python(licences: Path) -> list[str]:
    for folder in (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix)):
        if (folder / "LICENSE.txt").is_file():
            shutil.copy(folder / "LICENSE.txt", licences / "Python.txt")
            return []
    return ["the licence of Python was not found"]


def without_licence(bundle: Path) -> list[str]:
    """Return a sentence for each Python library in the bundle whose licence is not in it."""
    lacking = []
    for folder in sorted(bundle.glob("_internal/*.dist-info")):
        name = folder.name.split("-")[0]
        there = any(_LICENCE.search(path.relative_to(folder).as_posix()) for path in folder.rglob("*"))
        if not there and not (bundle / "licenses" / IN_LICENSES.get(name, "none")).is_file():
            lacking.append(f"the licence of {name} is missing")
    return lacking


def system_licences(libraries: Iterable[Path], folder: Path) -> list[str]:
    """Copy the copyright files of the system's packages into `folder`, with the texts that they refer to.

    Works on Debian and its derivatives only. Returns a sentence for each library without a licence.
    """
    lacking: list[str] = []
    referred: set[str] = set()
    for library in sorted(libraries):
        package = package_of(library)
        copyright_file = Path("/usr/share/doc", package or "", "copyright")
        if package is None or not copyright_file.is_file():
            lacking.append(f"no licence of {library.name} was found on this system")
            continue
        folder.mkdir(exist_ok=True)
        text = copyright_file.read_text(encoding="utf-8", errors="replace")
        (folder / f"{package}.txt").write_text(text, encoding="utf-8")
        referred |= set(re.findall(rf"{COMMON_LICENSES}/([\w.-]*\w)", text))
    for name in sorted(referred):
        if (COMMON_LICENSES / name).is_file():
            shutil.copy(COMMON_LICENSES / name, folder / f"{name}.txt")
    return lacking


def package_of(library: Path) -> str | None:
    """Return the Debian package that a file belongs to; None if there is none, or on another system."""
    # Where /lib is a link to /usr/lib, a package may know its file by either name.
    names = {library, library.resolve()}
    names |= {Path(str(name).removeprefix("/usr")) for name in names if name.is_relative_to("/usr")}
    for name in sorted(names):
        try:
            found = subprocess.run(["dpkg-query", "-S", str(name)], capture_output=True, text=True, check=False)
        except OSError:
            return None
        if found.returncode == 0:
            return found.stdout.split(":")[0].split(",")[0]
    return None
