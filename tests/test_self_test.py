"""`cmi-gui --self-test`: passes where all is well, and names what is not."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import cmi_gui

PACKAGE = Path(cmi_gui.__file__).parent
TIMEOUT = 100

LISTEN = """
import sys

def hear(event, arguments):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname"):
        where = arguments[1] if event in ("socket.connect", "socket.bind") else arguments[0]
        host = where[0] if isinstance(where, tuple) else where
        if host not in ("127.0.0.1", "::1"):
            print("REACHES OUT", event, where, flush=True)

sys.addaudithook(hear)
from cmi_gui.self_test import run
raise SystemExit(run())
"""


def self_test(code: str, home: Path, path: Path | None = None) -> tuple[int, list[str], str]:
    """Exit code, lines and standard error of a self-test in a process of its own, with nothing in its environment."""
    environment = {"HOME": str(home), "USERPROFILE": str(home), "TMPDIR": str(home), "LANG": "C.UTF-8"}
    environment |= {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP", "PATH") if name in os.environ}
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
        env=environment,
        cwd=path or PACKAGE.parent,
    )
    return done.returncode, done.stdout.splitlines(), done.stderr


def failures(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith("FAIL")]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder with a copy of the program, to be broken."""
    folder = tmp_path / "copy"
    shutil.copytree(PACKAGE, folder / "cmi_gui", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PACKAGE.parent / "LICENSE", folder) if (PACKAGE.parent / "LICENSE").exists() else None
    return folder


def test_it_passes_says_nothing_else_and_leaves_nothing_behind(tmp_path: Path) -> None:
    code, lines, err = self_test(LISTEN, tmp_path)
    assert (code, failures(lines), err) == (0, [], "")
    assert lines[-1].startswith("self-test passed: ")
    assert all(line.startswith("ok    ") for line in lines[:-1])
    told = "\n".join(lines)
    for check in ("pageModule, light, en", "pageDiagnostics, dark, sv", "history: written", "meter read: "):
        assert check in told
    assert " telegrams, " in told
    # Neither the network beyond this computer nor the user's folders.
    assert "REACHES OUT" not in told
    ours = [path for path in tmp_path.rglob("*") if path.is_file() and "cmi-gui" in str(path.relative_to(tmp_path))]
    assert not ours


BREAKAGES = {
    "profiles/e350.toml": "profiles: ProfileError: ",
    "translations/cmi_gui_sv.qm": "Swedish: FileNotFoundError",
    "help/user-guide.sv.md": "user guide: the Swedish guide is missing",
}


@pytest.mark.parametrize("name", BREAKAGES)
def test_a_file_that_is_gone_is_named(copy: Path, tmp_path: Path, name: str) -> None:
    (copy / "cmi_gui" / "resources" / name).rename(copy / "renamed")
    code, lines, _ = self_test("from cmi_gui.self_test import run; raise SystemExit(run())", tmp_path, copy)
    assert code == 1
    assert lines[-1].startswith("self-test FAILED: ")
    assert any(BREAKAGES[name] in line for line in failures(lines)), lines


def make_build_file(copy: Path) -> Path:
    """As packaging/build.py does it; returns the folder of the resources."""
    folder = copy / "cmi_gui" / "resources"
    sums = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    }
    text = json.dumps({"commit": "abc1234", "date": "2026-11-21", "files": sums})
    (folder / "build.json").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("breakage", "told"),
    [
        (lambda folder: (folder / "icons" / "readings.svg").unlink(), "missing: icons/readings.svg"),
        (lambda folder: (folder / "icons" / "more.svg").write_text("<svg/>"), "icons/more.svg is not as it was built"),
        (lambda folder: (folder / "stray.txt").touch(), "do not belong here: stray.txt"),
    ],
)
def test_a_bundle_knows_each_of_its_files(
    copy: Path, tmp_path: Path, breakage: Callable[[Path], object], told: str
) -> None:
    breakage(make_build_file(copy))
    code, lines, err = self_test("from cmi_gui.self_test import run; raise SystemExit(run())", tmp_path, copy)
    assert (code, err) == (1, "")
    assert failures(lines) == [f"FAIL  files: {told}"]
    assert "build abc1234 of 2026-11-21" in lines[0]


SPEAKS = {
    "Qt": "from PySide6.QtCore import qWarning; qWarning('something is odd')",
    "Python": "import warnings; warnings.warn('something is odd', ResourceWarning)",
    "the log": "import logging; logging.getLogger('somebody').warning('something is odd')",
    "an error": "from PySide6.QtCore import QTimer; QTimer.singleShot(0, lambda: 1 / 0)",
    "a thread": "import threading, time; threading.Thread(target=time.sleep, args=(9,), name='forgotten').start()",
}
HEARD = {
    "Qt": "Qt: something is odd",
    "Python": "ResourceWarning: something is odd",
    "the log": "log: somebody: something is odd",
    "an error": "ZeroDivisionError: division by zero",
    "a thread": "nothing left running: threads still run: forgotten",
}


@pytest.mark.parametrize("who", SPEAKS)
def test_whatever_is_said_or_left_meanwhile_is_a_failure(tmp_path: Path, who: str) -> None:
    """Said in the middle of a check that passes; the checks of the window itself would only take longer."""
    code = f"""
import asyncio
from cmi_gui import self_test_window as window
from cmi_gui.self_test import run
async def no_window(*_):
    await asyncio.sleep(0.1)
window._with_window = no_window
good = window._icons
def odd():
    {SPEAKS[who]}
    return good()
window._icons = odd
raise SystemExit(run())
"""
    result, lines, _ = self_test(code, tmp_path)
    assert result == 1
    assert len(failures(lines)) == 1, lines
    assert HEARD[who] in failures(lines)[0]
    assert "ok    icons" in "\n".join(lines)


def test_who_hangs_is_ended_with_the_stacks(tmp_path: Path) -> None:
    code = """
import time
from cmi_gui import self_test_window as window
from cmi_gui.self_test import run
def stuck_in_here():
    time.sleep(60)
window._icons = stuck_in_here
raise SystemExit(run(patience=2.0))
"""
    result, lines, err = self_test(code, tmp_path)
    assert result == 1
    assert lines[-1] == "FAIL  the self-test hangs: not at its end after 2 s"
    assert "Thread MainThread:" in err
    assert "in stuck_in_here" in err


def test_a_page_that_shows_nothing_is_a_failure(tmp_path: Path) -> None:
    code = """
from cmi_gui.ui.pages.traffic import TrafficPage
from cmi_gui.self_test import run
TrafficPage.activate = lambda self: [child.hide() for child in self.findChildren(object) if hasattr(child, "hide")]
raise SystemExit(run())
"""
    result, lines, _ = self_test(code, tmp_path)
    assert result == 1
    assert "FAIL  pageTraffic, light, en: pageTraffic shows nothing: 1 colours" in lines
