"""`cmi-gui --self-test` passes on a correct installation and names what is wrong with others."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import cmi_gui
from tests.helpers.packaging_scripts import build

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
from cmi_gui.self_test.run import run
raise SystemExit(run())
"""


def self_test(code: str, home: Path, path: Path | None = None) -> tuple[int, list[str], str]:
    """Run a self-test in a process with an empty environment; return exit code, lines and standard error."""
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
    """A folder with a copy of the program, for damaging it."""
    folder = tmp_path / "copy"
    shutil.copytree(PACKAGE, folder / "cmi_gui", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PACKAGE.parent / "LICENSE", folder) if (PACKAGE.parent / "LICENSE").exists() else None
    return folder


def test_it_passes_without_other_output_and_leaves_nothing_behind(tmp_path: Path) -> None:
    code, lines, err = self_test(LISTEN, tmp_path)
    assert (code, failures(lines), err) == (0, [], "")
    assert lines[-1].startswith("self-test passed: ")
    assert all(line.startswith("ok    ") for line in lines[:-1])
    printed = "\n".join(lines)
    for check in ("pageModule, light, en", "pageDiagnostics, dark, sv", "history: written", "meter read: "):
        assert check in printed
    assert " telegrams, " in printed
    # Neither the network nor the user's folders are used.
    assert "REACHES OUT" not in printed
    ours = [path for path in tmp_path.rglob("*") if path.is_file() and "cmi-gui" in str(path.relative_to(tmp_path))]
    assert not ours


BREAKAGES = {
    "profiles/e350.toml": "profiles: ProfileError: ",
    "translations/cmi_gui_sv.qm": "Swedish: FileNotFoundError",
    "help/user-guide.sv.md": "user guide: the Swedish guide is missing",
}


@pytest.mark.parametrize("name", BREAKAGES)
def test_a_missing_file_is_named(copy: Path, tmp_path: Path, name: str) -> None:
    (copy / "cmi_gui" / "resources" / name).rename(copy / "renamed")
    code, lines, _ = self_test("from cmi_gui.self_test.run import run; raise SystemExit(run())", tmp_path, copy)
    assert code == 1
    assert lines[-1].startswith("self-test FAILED: ")
    assert any(BREAKAGES[name] in line for line in failures(lines)), lines


@pytest.fixture
def bundle(copy: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder like a bundle of packaging/build.py, with a copy of the program."""
    folder = copy.parent / "bündle of files"
    resources = folder / "_internal" / "cmi_gui" / "resources"
    shutil.copytree(copy / "cmi_gui" / "resources", resources, ignore=shutil.ignore_patterns("*.py"))
    (folder / "_internal" / "libQt6Core.so.6").write_bytes(bytes(range(256)))
    (folder / "LICENSE").write_text("MIT License")
    (folder / "cmi-gui").touch()
    with contextlib.suppress(OSError):
        (folder / "_internal" / "libQt6Core.so").symlink_to("libQt6Core.so.6")
    monkeypatch.setattr(build, "BUNDLE", folder)
    build.write_sums()
    return folder


def self_test_of(bundle: Path, copy: Path) -> tuple[int, list[str], str]:
    code = f"import sys; sys.frozen = True; sys.executable = {str(bundle / 'cmi-gui')!r}\n"
    return self_test(code + "from cmi_gui.self_test.run import run; raise SystemExit(run())", copy.parent, copy)


def flip_a_bit(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[100] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize(
    ("breakage", "printed"),
    [
        (lambda inside: (inside / "cmi_gui/resources/icons/readings.svg").unlink(), "missing: {0}icons/readings.svg"),
        (
            lambda inside: flip_a_bit(inside / "cmi_gui/resources/icons/more.svg"),
            "{0}icons/more.svg has changed since the build",
        ),
        (lambda inside: flip_a_bit(inside / "libQt6Core.so.6"), "_internal/libQt6Core.so.6 has changed"),
        (lambda inside: (inside / "stray.txt").touch(), "unexpected: _internal/stray.txt"),
        (lambda inside: (inside.parent / "SHA256SUMS").unlink(), "FileNotFoundError: "),
    ],
)
def test_a_bundle_knows_each_of_its_files(
    bundle: Path, copy: Path, breakage: Callable[[Path], object], printed: str
) -> None:
    breakage(bundle / "_internal")
    code, lines, err = self_test_of(bundle, copy)
    assert (code, err) == (1, "")
    assert len(failures(lines)) == 1, lines
    assert failures(lines)[0].startswith("FAIL  files: " + printed.format("_internal/cmi_gui/resources/"))


def test_files_beside_a_bundle_are_ignored(bundle: Path, copy: Path) -> None:
    (bundle / "cmi-gui.portable").touch()
    (bundle / "data").mkdir()
    (bundle / "data" / "window.json").write_text("{}")
    code, lines, err = self_test_of(bundle, copy)
    assert (code, failures(lines), err) == (0, [], "")
    assert any(line.startswith("ok    files: ") and line.endswith(" files as built") for line in lines)


def test_sha256sum_accepts_the_checksums(bundle: Path) -> None:
    if shutil.which("sha256sum") is None:
        pytest.skip("there is no sha256sum")
    check = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    done = subprocess.run(check, cwd=bundle, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    flip_a_bit(bundle / "_internal" / "libQt6Core.so.6")
    assert subprocess.run(check, cwd=bundle, capture_output=True, check=False).returncode == 1


SPEAKS = {
    "Qt": "from PySide6.QtCore import qWarning; qWarning('something is odd')",
    "Python": "import warnings; warnings.warn('something is odd', ResourceWarning)",
    "the log": "import logging; logging.getLogger('a_module').warning('something is odd')",
    "an error": "from PySide6.QtCore import QTimer; QTimer.singleShot(0, lambda: 1 / 0)",
    "a thread": "import threading, time; threading.Thread(target=time.sleep, args=(9,), name='forgotten').start()",
}
COLLECTED = {
    "Qt": "Qt: something is odd",
    "Python": "ResourceWarning: something is odd",
    "the log": "log: a_module: something is odd",
    "an error": "ZeroDivisionError: division by zero",
    "a thread": "nothing left running: threads still running: forgotten",
}


@pytest.mark.parametrize("source", SPEAKS)
def test_any_message_or_leftover_is_a_failure(tmp_path: Path, source: str) -> None:
    """Messages in the middle of a check that passes; the checks of the window are skipped, because they take longer."""
    code = f"""
import asyncio
from cmi_gui.self_test import window
from cmi_gui.self_test.run import run
async def no_window(*_):
    await asyncio.sleep(0.1)
window._with_window = no_window
good = window._icons
def odd():
    {SPEAKS[source]}
    return good()
window._icons = odd
raise SystemExit(run())
"""
    result, lines, _ = self_test(code, tmp_path)
    assert result == 1
    assert len(failures(lines)) == 1, lines
    assert COLLECTED[source] in failures(lines)[0]
    assert "ok    icons" in "\n".join(lines)


def test_a_hanging_self_test_is_ended_with_the_stacks(tmp_path: Path) -> None:
    code = """
import time
from cmi_gui.self_test import window
from cmi_gui.self_test.run import run
def stuck_in_here():
    time.sleep(60)
window._icons = stuck_in_here
raise SystemExit(run(time_limit=2.0))
"""
    result, lines, err = self_test(code, tmp_path)
    assert result == 1
    assert lines[-1] == "FAIL  the self-test hangs: not finished after 2 s"
    assert "Thread MainThread:" in err
    assert "in stuck_in_here" in err
    assert not list(tmp_path.glob("cmi-gui-self-test-*"))


def test_a_page_that_shows_nothing_is_a_failure(tmp_path: Path) -> None:
    code = """
from cmi_gui.ui.pages.traffic.page import TrafficPage
from cmi_gui.self_test.run import run
TrafficPage.activate = lambda self: [child.hide() for child in self.findChildren(object) if hasattr(child, "hide")]
raise SystemExit(run())
"""
    result, lines, _ = self_test(code, tmp_path)
    assert result == 1
    assert "FAIL  pageTraffic, light, en: pageTraffic shows nothing: 1 colours" in lines
