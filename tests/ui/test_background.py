"""Background jobs, targets, and dialogs that do not block."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cmi_gui.engine.configurator.session import MasterSession
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.slave_address import SlaveAddress
from cmi_gui.ui.background import Background
from cmi_gui.ui.dialogs import ask_open_file, ask_save_file, confirm
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.targets import BUILT_IN, ModuleTarget


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    background = Background()
    yield background
    background.close()


def test_results_and_errors_come_back_here_in_order(background: Background, qtbot: QtBot) -> None:
    here, seen = threading.current_thread(), []

    def take(value: object) -> None:
        seen.append((value, threading.current_thread() is here))

    background.run(lambda: threading.current_thread() is here, take, take)
    background.run(lambda: 1 // 0, take, lambda error: take(type(error)))
    assert background.busy
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen == [(False, True), (ZeroDivisionError, True)]
    assert not background.busy


def test_after_closing_nothing_is_called(background: Background, qtbot: QtBot) -> None:
    seen: list[object] = []
    begun, may_end = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        may_end.wait(10)

    background.run(work, seen.append, seen.append)
    background.run(lambda: seen.append("ran"), seen.append, seen.append)
    assert begun.wait(10)
    threading.Timer(0.01, may_end.set).start()
    background.close()
    background.run(lambda: 1, seen.append, seen.append)
    late = Background()
    late.run(lambda: 2, seen.append, seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    late.close()
    assert seen == [2]


def test_targets(in_contact: MainWindow, qtbot: QtBot) -> None:
    targets = in_contact.targets
    session = MasterSession(in_contact.station.connect_master(), Line(2400), in_contact.station.clock)

    def other(name: str) -> ModuleTarget:
        return ModuleTarget("bus/7", name, "COM3", session, lambda: SlaveAddress(7))

    assert targets.current.built_in
    with qtbot.waitSignal(targets.changed):
        targets.add(other("Module 7"))
    with qtbot.waitSignal(targets.chosen):
        targets.choose("bus/7")
    assert in_contact.header.target.chip.title.text() == "Module 7"
    assert in_contact.header.target.chip.detail.text() == "COM3"
    with qtbot.waitSignal(targets.chosen):
        targets.add(other("Module seven"))
    assert in_contact.header.target.chip.title.text() == "Module seven"
    assert len(targets.all) == 2
    targets.remove("bus/7")
    assert targets.current.name == "Module seven", "only the user chooses another one"
    targets.choose(BUILT_IN)
    assert len(targets.all) == 1
    assert in_contact.header.target.chip.title.text() == "Built-in module 12345678, meter 33456789"
    with pytest.raises(ValueError, match="always there"):
        targets.remove(BUILT_IN)


@pytest.mark.qt_log_ignore("grabbing the keyboard")
def test_the_target_can_be_chosen_in_the_header(in_contact: MainWindow, qtbot: QtBot) -> None:
    targets = in_contact.targets
    session = MasterSession(in_contact.station.connect_master(), Line(2400), in_contact.station.clock)
    targets.add(ModuleTarget("bus/7", "Module 7", "COM3", session, lambda: SlaveAddress(7)))
    choice = in_contact.header.target
    qtbot.mouseClick(choice, Qt.MouseButton.LeftButton)
    actions = choice._menu.actions()
    assert [action.text() for action in actions if action.text()] == [
        "Built-in module 12345678, meter 33456789  (inside this program)",
        "Module 7  (COM3)",
        "Find modules on a bus...",
    ]
    assert [action.isChecked() for action in actions[:2]] == [True, False]
    actions[1].trigger()
    choice._menu.close()
    assert targets.current.name == "Module 7"


def test_a_file_to_open(qtbot: QtBot, tmp_path: Path) -> None:
    parent, chosen = QWidget(), []
    qtbot.addWidget(parent)
    (tmp_path / "a.txt").write_text("x")
    dialog = ask_open_file(parent, "Open", "Text (*.txt)", chosen.append)
    assert dialog.fileMode() is QFileDialog.FileMode.ExistingFile
    dialog.fileSelected.emit(str(tmp_path / "a.txt"))
    dialog.close()
    assert chosen == [tmp_path / "a.txt"]


def test_a_file_to_save_gets_its_suffix(qtbot: QtBot, tmp_path: Path) -> None:
    parent, chosen = QWidget(), []
    qtbot.addWidget(parent)
    dialog = ask_save_file(parent, "Save", "Tables (*.csv)", "table.csv", chosen.append)
    assert dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    assert dialog.defaultSuffix() == "csv"
    dialog.reject()
    assert chosen == []


@pytest.mark.parametrize("go", [True, False])
def test_an_action_that_cannot_be_undone_needs_confirmation(qtbot: QtBot, go: bool) -> None:
    parent, confirmed = QWidget(), []
    qtbot.addWidget(parent)
    box = confirm(parent, "Restore", "All settings go.", "Restore factory values", lambda: confirmed.append(True))
    buttons = {button.text(): button for button in box.findChildren(QPushButton)}
    assert box.defaultButton() is box.button(QMessageBox.StandardButton.Cancel)
    (buttons["Restore factory values"] if go else box.button(QMessageBox.StandardButton.Cancel)).click()
    assert confirmed == [True] * go
