"""Brings the translations up to date: `python packaging/translations.py [--check]`.

Collects the texts of the window into cmi_gui/resources/translations/*.ts (Qt Linguist's format; new ones are marked
unfinished) and makes of each the .qm file that the program loads. `--check` changes nothing and ends with 1 where a
file is not up to date or a text not translated. Both tools come with PySide6.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "cmi_gui" / "resources" / "translations"


def tool(name: str) -> str:
    """The program beside this Python, or on the path."""
    return shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name) or name


def collect(ts: Path) -> None:
    """Bring a .ts file up to the texts of the source; sorted and without places, so that only texts change it."""
    sources = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "cmi_gui").rglob("*.py"))
    options = ["-silent", "-no-obsolete", "-locations", "none", "-source-language", "en"]
    command = [tool("pyside6-lupdate"), *options, *sources, "-ts", str(ts)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode or "warning" in done.stderr.lower():
        sys.exit(done.stdout + done.stderr)


def release(ts: Path, qm: Path) -> None:
    command = [tool("pyside6-lrelease"), "-silent", str(ts), "-qm", str(qm)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)


def problems() -> list[str]:
    """What is not up to date or not translated, a sentence each; changes nothing."""
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        for ts in sorted(TRANSLATIONS.glob("*.ts")):
            fresh, qm = Path(folder, ts.name), Path(folder, ts.with_suffix(".qm").name)
            shutil.copy(ts, fresh)
            collect(fresh)
            release(fresh, qm)
            if fresh.read_bytes() != ts.read_bytes():
                wrong.append(f"{ts.name} does not have the texts of the source")
            if 'type="unfinished"' in fresh.read_text(encoding="utf-8"):
                wrong.append(f"{ts.name} has texts that are not translated")
            if qm.read_bytes() != ts.with_suffix(".qm").read_bytes():
                wrong.append(f"{qm.name} is not made of {ts.name}")
    return wrong


def check() -> int:
    wrong = problems()
    for line in wrong:
        print(line)
    return 1 if wrong else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say what is not up to date")
    if parser.parse_args().check:
        return check()
    for ts in sorted(TRANSLATIONS.glob("*.ts")):
        collect(ts)
        release(ts, ts.with_suffix(".qm"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
