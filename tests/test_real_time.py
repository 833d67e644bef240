"""A failed test of real time is repeated only if the machine was late, and the summary lists it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = """
import itertools, sys, time
import pytest

runs = itertools.count(1)

def be_late():
    sys.setswitchinterval(10)
    until = time.perf_counter() + 0.1
    while time.perf_counter() < until:
        pass
    sys.setswitchinterval(0.005)

@pytest.mark.real_time(60.0)
def test_wrong():
    be_late()
    assert next(runs) > 1

@pytest.mark.real_time(0.02)
def test_late_once():
    be_late()
    assert next(runs) > 1

@pytest.mark.real_time(0.02)
def test_always_late():
    be_late()
    assert not next(runs)
"""


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("test_wrong", 1, []),
        ("test_late_once", 0, ["test_late_once: run 1 failed: ", " ms late, 20 ms allowed"]),
        ("test_always_late", 1, ["machine was late in each of 5 runs", "test_always_late: run 4 failed: "]),
    ],
)
def test_a_failure_counts_unless_the_machine_was_late(tmp_path: Path, name: str, code: int, words: list[str]) -> None:
    (tmp_path / "conftest.py").write_text(
        "from tests.conftest import pytest_runtest_protocol, pytest_terminal_summary\n"
    )
    (tmp_path / "test_it.py").write_text(TESTS)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", tmp_path, f"test_it.py::{name}"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert ("machine was late" in done.stdout) == bool(words)
    for text in words:
        assert text in done.stdout
