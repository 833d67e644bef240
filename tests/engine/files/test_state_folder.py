"""One program at a time in a state folder."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cmi_gui.engine.files.state_folder import default_state_folder, open_state_folder

HOLD = """
import sys
from pathlib import Path
from cmi_gui.engine.files.state_folder import open_state_folder
state = open_state_folder(Path(sys.argv[1]))
print(state.path, flush=True)
sys.stdin.read()
"""


@contextmanager
def another_program(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a program that locks `folder` until it is killed or the block ends."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline().strip() == str(folder)
        yield program


def test_a_folder_is_made_locked_and_released(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "state"
    first = open_state_folder(folder)
    assert (first.path, first.notice, first.persistent) == (folder, None, True)
    first.close()
    first.close()
    assert folder.is_dir()
    again = open_state_folder(folder)
    assert again.path == folder
    again.close()
    assert folder.is_dir()


def test_nothing_else_is_left_in_the_folder(tmp_path: Path) -> None:
    open_state_folder(tmp_path).close()
    assert {path.name for path in tmp_path.iterdir()} <= {".in-use.lock"}


def test_the_second_program_gets_a_temporary_folder(tmp_path: Path) -> None:
    with another_program(tmp_path):
        second = open_state_folder(tmp_path)
        third = open_state_folder(tmp_path)
        assert str(second.notice) == (
            f"{tmp_path} is in use by another program; this program uses a temporary folder, and its changes are not"
            " saved"
        )
        assert not second.persistent
        assert second.path is not None
        assert third.path is not None
        assert len({tmp_path, second.path, third.path}) == 3
        (second.path / "module.toml").write_text("baud = 300")
        second.close()
        assert not second.path.exists()
        assert third.path.is_dir()
        second.close()
        third.close()
    assert {path.name for path in tmp_path.iterdir()} <= {".in-use.lock"}


def test_two_stations_of_one_program_do_not_share_a_folder_either(tmp_path: Path) -> None:
    first, second = open_state_folder(tmp_path), open_state_folder(tmp_path)
    assert second.notice is not None
    assert "in use" in str(second.notice)
    first.close()
    second.close()


def test_a_killed_program_leaves_no_stale_lock(tmp_path: Path) -> None:
    with another_program(tmp_path) as program:
        program.kill()
        program.wait()
    state = open_state_folder(tmp_path)
    assert state.notice is None
    state.close()


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    state = open_state_folder(tmp_path / "file")
    assert state.path is not None
    assert state.path.is_dir()
    assert not state.persistent
    assert state.notice is not None
    # The reason is in the words of the system.
    assert str(state.notice).startswith(f"{tmp_path / 'file'} cannot be used (")
    assert "); this program uses a temporary" in str(state.notice)
    state.close()
    assert not state.path.exists()
    assert (tmp_path / "file").read_text() == "mine"


def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not used, even if an old lock file in it can be opened."""
    open_state_folder(tmp_path).close()
    make = os.open

    def read_only(path: str, flags: int, *rest: int, **options: int) -> int:
        if os.path.dirname(path) == str(tmp_path) and flags & os.O_CREAT and not path.endswith(".lock"):
            raise OSError(30, "Read-only file system", path)
        return make(path, flags, *rest, **options)

    monkeypatch.setattr(os, "open", read_only)
    # As on a system without unnamed temporary files.
    monkeypatch.setattr(tempfile, "_O_TMPFILE_WORKS", False, raising=False)
    state = open_state_folder(tmp_path)
    monkeypatch.undo()
    assert state.notice is not None
    assert str(state.notice).startswith(f"{tmp_path} cannot be used (Read-only file system); ")
    state.close()


def test_a_temporary_folder_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    (tmp_path / "file").write_text("mine")
    state = open_state_folder(tmp_path / "file")
    assert state.path is None
    assert not state.persistent
    assert state.notice is not None
    assert "changes are not saved" in str(state.notice)
    state.close()


def test_without_a_folder_nothing_is_stored_or_reported() -> None:
    state = open_state_folder(None)
    assert (state.path, state.notice, state.persistent) == (None, None, False)
    state.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="XDG")
def test_the_default_folder_follows_xdg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert default_state_folder() == tmp_path / "cmi-gui"
    assert not (tmp_path / "cmi-gui").exists()
