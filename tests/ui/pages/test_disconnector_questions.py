"""Each action that moves a disconnector or deletes settings asks first, and names module, meter and action."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cmi_gui.app import build
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.metering_point import MeteringPoint
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.configuration.page import ConfigurationPage
from cmi_gui.ui.pages.module.page import ModulePage
from cmi_gui.ui.targets import BUILT_IN
from cmi_gui.ui.text.questions import action_question
from tests.helpers.scripted_meter import scripted_meter
from tests.ui.conftest import RealModule

OPENS = "Opening the disconnector cuts off the power to the installation behind the meter."
CLOSES = "Closing the disconnector energises the installation behind the meter."


def configuration(window: MainWindow, clock: VirtualClock) -> ConfigurationPage:
    window.go("pageConfiguration")
    page = window.stack.currentWidget()
    assert isinstance(page, ConfigurationPage)
    settle(page, clock)
    return page


def settle(page: ConfigurationPage, clock: VirtualClock) -> None:
    assert clock.run_until(clock.now() + 600, lambda: not page.model.busy)


def button(page: ConfigurationPage, words: str) -> QPushButton:
    return next(each for each in page.action_rows["disconnector"].buttons if each.text() == words)


def press(qtbot: QtBot, widget: QWidget, how: str = "mouse") -> None:
    if how == "mouse":
        qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)
    else:
        qtbot.keyClick(widget, Qt.Key.Key_Space)


def question(window: QWidget) -> QMessageBox:
    (box,) = [box for box in window.findChildren(QMessageBox) if box.isVisible()]
    return box


def words_on(box: QMessageBox) -> set[str]:
    return {each.text().replace("&", "") for each in box.buttons()}


def answer(qtbot: QtBot, box: QMessageBox, words: str) -> None:
    press(qtbot, next(each for each in box.buttons() if each.text().replace("&", "") == words))


@pytest.mark.parametrize("how", ["mouse", "keyboard"])
@pytest.mark.parametrize(
    ("words", "says", "does", "end"),
    [("Open", OPENS, "Open the disconnector", "open"), ("Close", CLOSES, "Close the disconnector", "closed")],
)
def test_a_real_disconnector_is_moved_only_after_confirmation(
    in_contact: MainWindow,
    real_module: RealModule,
    qtbot: QtBot,
    clock: VirtualClock,
    how: str,
    words: str,
    says: str,
    does: str,
    end: str,
) -> None:
    far = real_module.station
    if end == "closed":
        far.press_button()
        assert clock.run_until(clock.now() + 60, lambda: far.module_state().disconnector == "open")
    before = far.module_state().disconnector
    page = configuration(in_contact, clock)
    press(qtbot, button(page, words), how)
    box = question(in_contact)
    assert box.text().startswith(says)
    number = far.module_state().meter_number
    assert f"\n\nModule 87654321, tcp://192.0.2.1:10001\nMeter {number}" in box.text()
    assert words_on(box) == {does, "Cancel"}
    assert box.defaultButton() is box.button(QMessageBox.StandardButton.Cancel)
    answer(qtbot, box, "Cancel")
    settle(page, clock)
    clock.advance(30)
    assert far.module_state().disconnector == before

    press(qtbot, button(page, words), how)
    answer(qtbot, question(in_contact), does)
    assert clock.run_until(clock.now() + 60, lambda: far.module_state().disconnector == end)
    assert in_contact.station.module_state().disconnector == "closed", "nothing was requested of the built-in module"


def test_the_question_has_no_number_for_a_meter_that_was_not_read(
    in_contact: MainWindow, real_module: RealModule, qtbot: QtBot, clock: VirtualClock
) -> None:
    real_module.target.meter = ""
    page = configuration(in_contact, clock)
    press(qtbot, button(page, "Close"))
    box = question(in_contact)
    assert "The number of its meter is not known" in box.text()
    answer(qtbot, box, "Cancel")


def test_the_answer_counts_only_for_the_module_that_was_named(
    in_contact: MainWindow, real_module: RealModule, qtbot: QtBot, clock: VirtualClock
) -> None:
    page = configuration(in_contact, clock)
    press(qtbot, button(page, "Open"))
    box = question(in_contact)
    in_contact.targets.choose(BUILT_IN)
    settle(page, clock)
    answer(qtbot, box, "Open the disconnector")
    settle(page, clock)
    clock.advance(60)
    assert real_module.station.module_state().disconnector == "closed"
    assert in_contact.station.module_state().disconnector == "closed"


def test_the_question_for_the_built_in_module_names_the_meter_as_simulated(
    in_contact: MainWindow, qtbot: QtBot, clock: VirtualClock
) -> None:
    page = configuration(in_contact, clock)
    press(qtbot, button(page, "Close"))
    box = question(in_contact)
    number = in_contact.station.module_state().meter_number
    assert box.text().endswith(f"\n\nBuilt-in module 12345678\nMeter {number}, simulated")
    answer(qtbot, box, "Cancel")


OWN_ROW = """
[[command]]
id = "disconnector"
title = "Breaker"
manual = "-"
kind = "action"
basis = "assumption"
source = "-"
forms = [{ dif = "01", vib = "FD 1F" }]
actions = ["00"]
value = "integer"
minimum = 0
maximum = 1
does = "disconnector"
effect = "-"
"""


@pytest.mark.parametrize(("value", "does"), [("0", "Open the disconnector"), ("1", "Close the disconnector")])
def test_a_profile_cannot_skip_the_question(
    qtbot: QtBot, clock: VirtualClock, tmp_path: Path, value: str, does: str
) -> None:
    """A row of a user's profile with neither choices nor questions."""
    path = tmp_path / "own.toml"
    path.write_text(f'version = 1\nname = "own"\n{OWN_ROW}')
    window = build(StationConfig(mbus=(), module_profile=path), clock=clock)
    window.show()
    window.start()
    page = configuration(window, clock)
    row = page.action_rows["disconnector"]
    assert row._editor is not None
    row._editor.edited.emit(value, True)
    press(qtbot, row.buttons[0])
    box = question(window)
    assert words_on(box) == {does, "Cancel"}
    answer(qtbot, box, "Cancel")
    window.close()
    window.deleteLater()


def test_every_question_of_the_profile_names_its_action() -> None:
    """The button of each question names the action, not the row."""
    for row in load_module_profile().command:
        for choice in row.choices:
            asked = action_question(row, choice.value, module="Module 1", meter="2")
            assert (asked is None) is (choice.ask is None and row.does != "disconnector")
            if asked is not None:
                assert asked.button not in (row.title, "OK", "Yes")
                assert asked.button.split()[0] in ("Open", "Close", "Restore")
                assert len(asked.button.split()) > 1
                assert asked.text.endswith("\n\nModule 1\nMeter 2")


# The push button of the page Built-in module

unix = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")


@pytest.fixture
def presses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The times at which the engine's button was pressed."""
    times: list[float] = []
    real = MeteringPoint.press_button

    def pressed(point: MeteringPoint) -> None:
        times.append(point.clock.now())
        real(point)

    monkeypatch.setattr(MeteringPoint, "press_button", pressed)
    return times


@unix
@pytest.mark.parametrize("how", ["mouse", "keyboard"])
def test_the_push_button_asks_where_a_real_meter_is_wired(
    make_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path, presses: list[float], how: str
) -> None:
    path = str(tmp_path / "meter")
    window = make_window(mbus=(), meter=f"pty:{path}", readout_interval=3600.0)
    window.show()
    window.go("pageModule")
    page = window.stack.currentWidget()
    assert isinstance(page, ModulePage)
    qtbot.waitUntil(lambda: Path(path).is_symlink())
    with scripted_meter(path):
        qtbot.waitUntil(lambda: window.station.module.contact)
        press(qtbot, page.face.button, how)
        box = question(window)
        assert box.text().startswith(OPENS), "C.5.0 reports it closed"
        assert box.text().endswith("\n\nBuilt-in module 12345678\nMeter 11223344")
        assert words_on(box) == {"Open the disconnector", "Cancel"}
        assert presses == []
        answer(qtbot, box, "Cancel")
        assert presses == []
        press(qtbot, page.face.button, how)
        answer(qtbot, question(window), "Open the disconnector")
        assert len(presses) == 1
        # While the disconnector moves, a press does nothing and no question is asked.
        press(qtbot, page.face.button, how)
        assert not [box for box in window.findChildren(QMessageBox) if box.isVisible()]
        window.close()


@unix
def test_a_press_is_not_made_after_the_disconnector_has_changed(
    make_window: Callable[..., MainWindow],
    qtbot: QtBot,
    tmp_path: Path,
    presses: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = str(tmp_path / "meter")
    window = make_window(mbus=(), meter=f"pty:{path}", readout_interval=3600.0)
    window.show()
    window.go("pageModule")
    page: Any = window.stack.currentWidget()
    qtbot.waitUntil(lambda: Path(path).is_symlink())
    with scripted_meter(path):
        qtbot.waitUntil(lambda: window.station.module.contact)
        press(qtbot, page.face.button)
        box = question(window)
        # It has been opened in the meantime, so a press would close it.
        moved = replace(window.station.module_state(), disconnector="open")
        monkeypatch.setattr(window.station, "module_state", lambda: moved)
        answer(qtbot, box, "Open the disconnector")
        assert presses == []
        assert "in the meantime" in window.messages.last(1)[0].text
        window.close()


def test_with_the_simulated_meter_the_push_button_is_pressed_at_once(
    in_contact: MainWindow, qtbot: QtBot, presses: list[float]
) -> None:
    in_contact.go("pageModule")
    press(qtbot, in_contact.findChild(QPushButton, "breakerButton"))
    assert len(presses) == 1
