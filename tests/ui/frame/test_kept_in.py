"""The text in the settings about where data is stored."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cmi_gui.engine.files.program_folder import DATA_NAME, MARKER_NAME
from cmi_gui.engine.files.state_folder import open_state_folder
from cmi_gui.ui.frame.settings import SettingsWindow
from cmi_gui.ui.prefs import Prefs


def data_folder_text(qtbot: QtBot, folder: Path | None) -> str:
    parent = QWidget()
    qtbot.addWidget(parent)
    return SettingsWindow(Prefs(folder), parent).data_folder.text()


def test_the_data_folder_is_shown(qtbot: QtBot, tmp_path: Path) -> None:
    assert data_folder_text(qtbot, tmp_path) == f"Settings and history are stored in {tmp_path}"


def test_without_a_data_folder(qtbot: QtBot) -> None:
    assert data_folder_text(qtbot, None) == "Nothing is stored, because the program was started without a data folder."


def test_a_temporary_data_folder(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    state = open_state_folder(tmp_path / "file")
    try:
        assert state.path is not None
        assert data_folder_text(qtbot, state.path).endswith(
            f"Data is stored in {state.path} and deleted when the program ends"
        )
    finally:
        state.close()


def test_the_data_folder_of_a_portable_program(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "cmi-gui"))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    (tmp_path / MARKER_NAME).touch()
    assert data_folder_text(qtbot, tmp_path / DATA_NAME).startswith("The program is portable: ")
