"""Download the wheels for Windows of the program, its tests and its bundle: `python wheels.py FOLDER`.

pip resolves the requirements of another system by the markers of this one, so that is done here: the markers are
evaluated for Windows, and each wheel is asked what it needs. The versions are those of constraints.txt.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from email.parser import BytesParser
from pathlib import Path

from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PYTHON = "3.13"
WINDOWS = {
    "implementation_name": "cpython",
    "os_name": "nt",
    "platform_machine": "AMD64",
    "platform_python_implementation": "CPython",
    "platform_system": "Windows",
    "python_full_version": f"{PYTHON}.0",
    "python_version": PYTHON,
    "sys_platform": "win32",
}
# The first is no test of the program; the others check its text and are the same on every system.
NOT_NEEDED = {"pytest-cov", "coverage", "mypy", "ruff"}


def applies(requirement: Requirement, extras: set[str]) -> bool:
    """Return whether a requirement holds on Windows, with any of the extras."""
    marker = requirement.marker
    return marker is None or any(marker.evaluate({**WINDOWS, "extra": extra}) for extra in extras or {""})


def of_the_program() -> Iterator[Requirement]:
    """Yield what the program, its tests and its bundle need."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    for line in (*project["dependencies"], *extras["dev"], *extras["bundle"]):
        requirement = Requirement(line)
        if applies(requirement, set()):
            yield requirement


def of_a_wheel(wheel: Path, extras: set[str]) -> Iterator[Requirement]:
    """Yield what a wheel needs on Windows."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = BytesParser().parsebytes(archive.read(name), headersonly=True)
    for line in metadata.get_all("Requires-Dist", []):
        requirement = Requirement(line)
        if applies(requirement, extras):
            yield requirement


def versions() -> dict[str, str]:
    """Return the pinned requirement of each package in constraints.txt."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return {canonicalize_name(line.partition("==")[0]): line for line in lines if "==" in line and line[0] != "#"}


def download(line: str, folder: Path) -> Path:
    """Download one wheel and return it."""
    options = ["--no-deps", "--platform", "win_amd64", "--python-version", PYTHON, "--only-binary=:all:"]
    subprocess.run([sys.executable, "-m", "pip", "download", "-q", *options, "-d", folder, line], check=True)
    name = canonicalize_name(Requirement(line).name)
    return next(wheel for wheel in folder.glob("*.whl") if canonicalize_name(wheel.name.partition("-")[0]) == name)


def main(folder: Path) -> None:
    pinned, wheels = versions(), dict[str, Path]()
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = list(of_the_program())
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in NOT_NEEDED or name.startswith("types-") or (name, frozenset(requirement.extras)) in seen:
            continue
        seen.add((name, frozenset(requirement.extras)))
        if name not in wheels:
            wheels[name] = download(pinned.get(name, str(requirement).partition(";")[0]), folder)
        waiting += of_a_wheel(wheels[name], set(requirement.extras))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
