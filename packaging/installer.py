"""Make the installer of a Windows bundle: `python packaging/installer.py [--bundle FOLDER]`.

Needs NSIS, which runs on Windows and Linux (`winget install NSIS.NSIS`, `sudo apt install nsis`). The bundle must have
been built on Windows. `packaging/windows/installer.nsi` says what the installer does.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path, PureWindowsPath

import contents
from build import BUNDLE, DIST, HERE, SUMS_NAME, Problem, source_version

ICON = "_internal/cmi-gui.ico"
"""The icon of the executables, which the bundle has for the installer too."""


def makensis() -> str | None:
    """Return the compiler of NSIS; None if it is not installed."""
    usual = Path(os.environ.get("PROGRAMFILES(X86)", r"C:\Program Files (x86)"), "NSIS", "makensis.exe")
    return shutil.which("makensis") or (str(usual) if usual.is_file() else None)


def bundled_files(bundle: Path) -> list[str]:
    """Return the files of a bundle as SHA256SUMS lists them, and that file itself. Raises Problem."""
    if not (bundle / f"{contents.NAME}.exe").is_file():
        raise Problem(f"{bundle} is no bundle for Windows; build one there with packaging/build.py")
    lines = (bundle / SUMS_NAME).read_text(encoding="utf-8").splitlines()
    return [*(line.partition(" *")[2] for line in lines), SUMS_NAME]


def file_macros(bundle: Path, files: Iterable[str]) -> str:
    """Return two macros of NSIS: one installs the files, the other removes exactly these and the folders left empty."""
    install, remove = ["!macro INSTALL_FILES"], ["!macro REMOVE_FILES"]
    folders: dict[PureWindowsPath, list[str]] = {}
    for file in files:
        folders.setdefault(PureWindowsPath(file).parent, []).append(file)
    for folder in sorted(folders):
        install.append(f'SetOutPath "{_installed(folder)}"')
        for file in folders[folder]:
            install.append(f'File "{bundle / file}"')
            remove.append(f'Delete "{_installed(PureWindowsPath(file))}"')
    every = {parent for folder in folders for parent in (folder, *folder.parents)} - {PureWindowsPath(".")}
    remove += [f'RMDir "{_installed(folder)}"' for folder in sorted(every, key=lambda each: -len(each.parts))]
    return "\n".join([*install, "!macroend", *remove, "!macroend", ""])


def _installed(path: PureWindowsPath) -> str:
    return "$INSTDIR" if not path.parts else f"$INSTDIR\\{path}"


def make_installer(bundle: Path, version: str, output: Path, target: str = "") -> None:
    """Make the installer. `target`: as NSIS names it; by default x86, which every Windows runs. Raises Problem."""
    files = bundled_files(bundle)
    compiler = makensis()
    if compiler is None:
        raise Problem("makensis is missing; install NSIS")
    kilobytes = sum((bundle / file).stat().st_size for file in files) // 1024
    numbers = ".".join([*re.findall(r"\d+", version), "0", "0", "0", "0"][:4])
    with tempfile.TemporaryDirectory() as folder:
        macros = Path(folder, "files.nsh")
        macros.write_text(file_macros(bundle, files), encoding="utf-8")
        given = {"VERSION": version, "NUMBERS": numbers, "KILOBYTES": kilobytes, "FILES": macros, "OUTPUT": output}
        given |= {"TARGET": target} if target else {}
        given |= {"ICON": bundle / ICON} if (bundle / ICON).is_file() else {}
        defined = [f"-D{name}={value}" for name, value in given.items()]
        command = [compiler, "-V2", "-WX", "-INPUTCHARSET", "UTF8", *defined, str(HERE / "windows" / "installer.nsi")]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        raise Problem(f"makensis ended with {done.returncode}:\n{done.stdout}{done.stderr}")


def installer_name(version: str) -> str:
    return f"{contents.NAME}-{version}-windows-setup.exe"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--bundle", type=Path, default=BUNDLE, help="default: dist/cmi-gui")
    parser.add_argument("--target", default="", help="such as amd64-unicode, if NSIS has it; default: x86")
    options = parser.parse_args()
    version = source_version()
    output = DIST / installer_name(version)
    try:
        make_installer(options.bundle.resolve(), version, output, options.target)
    except (Problem, OSError) as problem:
        print(f"installer.py: {problem}", file=sys.stderr)
        return 1
    print(f"{output.stat().st_size / 1e6:8.1f} MB  {output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
