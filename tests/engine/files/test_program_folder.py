"""The portable program: with a marker file, all data is in the folder of the executable."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cmi_gui.engine.files.profiles import profile_path, user_profile_folder
from cmi_gui.engine.files.program_folder import DATA_NAME, MARKER_NAME, command_name, portable_folder, program_folder
from cmi_gui.engine.files.state_folder import default_state_folder, open_state_folder


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an executable, and `sys` as in a bundle."""
    folder = tmp_path / "bundle"
    folder.mkdir()
    monkeypatch.setattr(sys, "executable", str(folder / "cmi-gui"))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    return folder


def test_a_program_from_its_source_is_never_portable() -> None:
    assert program_folder() is None
    assert portable_folder(None) is None


@pytest.mark.usefixtures("bundle")
@pytest.mark.parametrize(("system", "name"), [("win32", "cmi-gui-console"), ("linux", "cmi-gui")])
def test_command_lines_begin_with_the_executable_that_has_a_console(
    monkeypatch: pytest.MonkeyPatch, system: str, name: str
) -> None:
    """On Windows the program with the window has no console."""
    monkeypatch.setattr(sys, "platform", system)
    assert command_name() == name
    monkeypatch.delattr(sys, "frozen")
    assert command_name() == "cmi-gui"


def test_only_the_marker_makes_it_portable(tmp_path: Path) -> None:
    assert portable_folder(tmp_path) is None
    # A folder of that name is not a marker.
    (tmp_path / MARKER_NAME).mkdir()
    assert portable_folder(tmp_path) is None
    (tmp_path / MARKER_NAME).rmdir()
    (tmp_path / MARKER_NAME).touch()
    assert portable_folder(tmp_path) == tmp_path / DATA_NAME
    assert not (tmp_path / DATA_NAME).exists()


def test_a_portable_bundle_stores_state_and_profiles_in_its_folder(bundle: Path) -> None:
    assert not default_state_folder().is_relative_to(bundle)
    assert not user_profile_folder().is_relative_to(bundle)
    (bundle / MARKER_NAME).touch()
    assert default_state_folder() == bundle / DATA_NAME
    assert profile_path("cmi1020") is None
    profiles = bundle / DATA_NAME / "profiles"
    profiles.mkdir(parents=True)
    (profiles / "cmi1020.toml").write_text("mine")
    assert profile_path("cmi1020") == profiles / "cmi1020.toml"


def test_a_link_to_the_executable_is_followed(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (bundle / "cmi-gui").touch()
    link = tmp_path / "on-the-path"
    try:
        link.symlink_to(bundle / "cmi-gui")
    except OSError:
        pytest.skip("no right to make links here")
    monkeypatch.setattr(sys, "executable", str(link))
    assert program_folder() == bundle


def test_a_data_folder_that_cannot_be_written_is_reported(bundle: Path) -> None:
    (bundle / MARKER_NAME).touch()
    (bundle / DATA_NAME).write_text("in the way")
    state = open_state_folder(default_state_folder())
    try:
        assert state.notice is not None
        assert str(state.notice).startswith(f"{bundle / DATA_NAME} cannot be used (")
        assert "this program uses a temporary folder" in str(state.notice)
        assert not state.persistent
    finally:
        state.close()
