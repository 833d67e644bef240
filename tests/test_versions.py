"""`cmi-gui --version`: version, build and libraries."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

import cmi_gui
from cmi_gui import versions as module
from cmi_gui.versions import Build, Versions, build, versions
from tests.helpers.cli_process import run


def test_the_first_line_is_the_program() -> None:
    code, out, err = run("--version")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == f"cmi-gui {cmi_gui.__version__}"
    printed = dict(line.split(maxsplit=1) for line in lines[1:])
    assert printed["Python"] == sys.version.split()[0]
    assert printed["PySide6"] == metadata.version("PySide6_Essentials")
    assert set(printed) == {"build", "Python", "PySide6", "Qt", "pyqtgraph", "numpy", "pyserial", "qasync", "system"}


def test_json_has_the_same_versions() -> None:
    code, out, err = run("--version", "--json")
    assert (code, err) == (0, "")
    printed = json.loads(out)
    assert printed["program"] == cmi_gui.__version__
    assert printed["libraries"]["numpy"] == metadata.version("numpy")


@pytest.mark.parametrize("words", [("--json",), ("--json", "--self-test")])
def test_json_alone_is_wrong_use(words: tuple[str, ...]) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert "--version" in err


def test_version_imports_no_library() -> None:
    code = (
        "import sys; from cmi_gui.versions import versions; versions()\n"
        "print(*({name.partition('.')[0] for name in sys.modules} & {'PySide6', 'numpy', 'pyqtgraph', 'serial'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_no_path_of_the_computer_is_printed() -> None:
    text = versions().text
    assert str(Path.home()) not in text
    assert str(Path(cmi_gui.__file__).parent) not in text


def test_a_missing_library_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(module.LIBRARIES, "flux", "no-such-distribution")
    assert versions().libraries["flux"] is None
    assert "flux       not installed" in versions().text


def test_the_source_has_no_build() -> None:
    assert build() is None
    assert versions().build == "source"


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        (Build("abc1234", "2026-11-21"), "abc1234 of 2026-11-21"),
        (Build("abc1234+", "2026-11-21"), "abc1234+ of 2026-11-21"),
        (Build(None, None), "of an unknown commit"),
    ],
)
def test_a_build_in_words(printed: Build, words: str) -> None:
    assert str(printed) == words


def test_the_text_is_aligned() -> None:
    text = Versions("1.2.3", "source", "3.11.7", {"numpy": "2.0", "qasync": None}, "Linux").text
    assert text.splitlines() == [
        "cmi-gui 1.2.3",
        "build   source",
        "Python  3.11.7",
        "numpy   2.0",
        "qasync  not installed",
        "system  Linux",
    ]
