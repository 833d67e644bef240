"""The page "your first ten minutes", followed literally."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.testing import open_room
from tests.testing.test_room import Reader

PAGE = (Path(__file__).parents[2] / "docs" / "testing.md").read_text(encoding="utf-8")
STEP = re.compile(
    r"Save this as `(?P<name>[^`]+)`:\n\n```\w+\n(?P<text>.*?)```|^    venv/bin/(?P<run>pytest)$", re.M | re.S
)


NO_OTHERS = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""The environment without other plugins, which take a second to load."""
OPERATION = re.compile(r"`([a-z_]+(?:\(.*?\))?)`")


def steps() -> list[re.Match[str]]:
    return list(STEP.finditer(PAGE))


def test_the_reader_fails_where_it_is_wrong_and_passes_when_mended(tmp_path: Path) -> None:
    outcomes = []
    for step in steps():
        if step["run"]:
            # Without the plugin when it is not installed as an entry point.
            command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "cmi_gui.pytest_plugin"]
            done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env=NO_OTHERS)
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


def test_each_operation_of_the_table_is_there(tmp_path: Path) -> None:
    (tmp_path / "room.toml").write_text(next(step["text"] for step in steps() if step["name"] == "room.toml"))
    table = PAGE.partition("| on a module,")[2].partition("\n\n")[0].splitlines()[2:]
    operations = [[OPERATION.findall(cell) for cell in row.split("|")[1:3]] for row in table]
    assert len(operations) > 10
    with open_room(tmp_path / "room.toml") as room, room["flat-1"] as module:
        reader = Reader(room.url)
        for control in (0x40, 0x7B):
            reader.ask(Frame.short(control, 1))
        reader.close()
        room["duplicate"].power(True)
        for of_module, of_room in operations:
            for operation in of_module:
                eval(f"module.{operation}", {"module": module})
            for operation in of_room:
                eval(f"room.{operation}", {"room": room})
