"""The examples: every scenario at the real speed and sixty times as fast, with the same result; the head-ends."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cmi_gui.engine.room.scenario import load_scenario
from tests.helpers.scenarios import play

EXAMPLES = Path(__file__).parents[1] / "examples"
SCENARIOS = sorted(EXAMPLES.glob("*.scenario"))


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_a_scenario_has_the_same_result_at_both_speeds(file: Path) -> None:
    scenario = load_scenario(file)
    for factor in (1.0, 60.0):
        outcome = play(scenario, factor)
        assert outcome.failed is None, f"x{factor:g}: {outcome.failed}: {outcome.reason}"
        assert outcome.lines == len(scenario.steps)


def test_the_list_of_scenarios_is_complete() -> None:
    text = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert [file.stem for file in SCENARIOS if f"`{file.stem}`" not in text] == []
    assert len(SCENARIOS) >= 15


def test_the_head_end_in_python() -> None:
    plugin = ("-p", "cmi_gui.pytest_plugin", "-p", "no:cacheprovider", "--import-mode=importlib", "-c", os.devnull)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        *plugin,
        f"--rootdir={EXAMPLES}",
        str(EXAMPLES / "test_headend.py"),
    ]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert "5 passed" in done.stdout, done.stdout


@pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")
def test_the_head_end_in_javascript() -> None:
    environment = {**os.environ, "COMMAND": f"{sys.executable} -m cmi_gui"}
    command = ["node", str(EXAMPLES / "headend.mjs")]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.stdout == "read 249 bytes, and again after a lost answer\n", done.stderr
