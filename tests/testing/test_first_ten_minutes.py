"""The page "your first ten minutes", followed literally."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "testing.md").read_text(encoding="utf-8")
STEP = re.compile(
    r"Save this as `(?P<name>[^`]+)`:\n\n```\w+\n(?P<text>.*?)```|^    venv/bin/(?P<run>pytest)$", re.M | re.S
)


def steps() -> list[re.Match[str]]:
    return list(STEP.finditer(PAGE))


def test_the_reader_fails_where_it_is_wrong_and_passes_when_mended(tmp_path: Path) -> None:
    outcomes = []
    for step in steps():
        if step["run"]:
            # Without the plugin when it is not installed as an entry point.
            command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "cmi_gui.pytest_plugin"]
            done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
            outcomes.append(done.stdout)
        else:
            (tmp_path / step["name"]).write_text(step["text"], encoding="utf-8")
    wrong, mended = outcomes
    assert "3 failed" in wrong
    assert "violation: fcb-first" in wrong
    assert "3 passed" in mended, mended


@pytest.mark.parametrize("name", ["room.toml", "reader.py", "test_reader.py"])
def test_each_file_of_the_page_is_there(name: str) -> None:
    assert name in [step["name"] for step in steps()]
