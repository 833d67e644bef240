"""The page Configuration on the real engine: editing, writing, and the effect on module and meter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QMessageBox, QPushButton, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from cmi_gui.app import build
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.configurator.session import MasterSession
from cmi_gui.engine.configurator.write_run import WriteOutcome
from cmi_gui.engine.configurator.writing import can_be_sent
from cmi_gui.engine.machine import Line, LinkState
from cmi_gui.engine.mbus.slave_address import SlaveAddress, mask_bytes
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.traffic.store import RowKind
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.configuration.page import ConfigurationPage
from cmi_gui.ui.pages.configuration.rate_map_editor import RateMapEditor
from cmi_gui.ui.pages.configuration.value_editors import SecretEditor
from cmi_gui.ui.prefs import Language
from cmi_gui.ui.targets import ModuleTarget
from tests.helpers.packaging_scripts import translations

SECRET = "sEcReT99"


def configuration(window: MainWindow) -> ConfigurationPage:
    window.go("pageConfiguration")
    found = window.stack.currentWidget()
    assert isinstance(found, ConfigurationPage)
    return found


@pytest.fixture
def page(in_contact: MainWindow, clock: VirtualClock) -> ConfigurationPage:
    found = configuration(in_contact)
    settle(found, clock)
    return found


def settle(page: ConfigurationPage, clock: VirtualClock) -> None:
    assert clock.run_until(clock.now() + 600, lambda: not page.model.busy)
    page.window().bridge.drain()  # type: ignore[attr-defined]
    page.refresh()


def click(qtbot: QtBot, button: QWidget) -> None:
    assert button.isEnabled(), button.toolTip()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def write(page: ConfigurationPage, qtbot: QtBot, clock: VirtualClock) -> None:
    click(qtbot, page.findChild(QPushButton, "writeButton"))
    settle(page, clock)


def field(page: ConfigurationPage, name: str) -> QLineEdit:
    found = page.rows[name].editor.findChild(QLineEdit)
    assert found is not None
    return found


def enter(qtbot: QtBot, line: QLineEdit, text: str) -> None:
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)


def choose(qtbot: QtBot, page: ConfigurationPage, name: str, text: str) -> None:
    buttons = page.rows[name].editor.findChildren(QPushButton)
    click(qtbot, next(button for button in buttons if button.text() == text))


def table(page: ConfigurationPage) -> RateMapEditor:
    found = page.findChild(RateMapEditor, "rateMapTable")
    assert found is not None
    return found


def pick(qtbot: QtBot, page: ConfigurationPage, row: int, rate: int) -> None:
    line = table(page).rows[row]
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton, pos=line.cell(rate).center().toPoint())


def remark(page: ConfigurationPage, name: str) -> str:
    """Return the remark under a row, and the value of the module."""
    row = page.rows.get(name) or page.action_rows[name]
    return " | ".join(label.text() for label in row.findChildren(QLabel) if label.isVisibleTo(page) and label.text())


def preview(page: ConfigurationPage) -> str:
    return page.findChild(QTextEdit, "writePreview").toPlainText()


# Editing, writing


def test_the_mapping_table_by_mouse_and_keyboard_and_the_meter_changes_its_rate(
    page: ConfigurationPage, qtbot: QtBot, clock: VirtualClock
) -> None:
    module = page.station.module
    assert module.state().rate == 1
    pick(qtbot, page, 1, 5)
    line = table(page).rows[0]
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_6)
    qtbot.keyClick(line, Qt.Key.Key_Left)
    qtbot.keyClick(line, Qt.Key.Key_Left)
    assert table(page).rates() == (4, 5, 3, 4)
    assert "More than one row selects rate 4" in remark(page, "rate_map")
    assert page.write.text() == "Write 1 change"
    write(page, qtbot, clock)
    assert module.settings.rate_map == (4, 5, 3, 4)
    assert "Acknowledged" in remark(page, "rate_map")
    assert page.rows["rate_map"].module.text() == "4 5 3 4", "it has been read back"
    assert clock.run_until(clock.now() + 120, lambda: module.state().rate == 4)
    page.station.set_rate_input("A", 230.0)
    assert clock.run_until(clock.now() + 120, lambda: module.state().rate == 5)


def test_a_rate_that_the_meter_does_not_have_is_pointed_out_not_forbidden(qtbot: QtBot, clock: VirtualClock) -> None:
    window = build(StationConfig(mbus=(), variant="M27"), clock=clock)
    window.show()
    window.start()
    try:
        assert clock.run_until(clock.now() + 30, lambda: window.station.module.contact)
        window.bridge.drain()
        page = configuration(window)
        settle(page, clock)
        pick(qtbot, page, 3, 6)
        assert "The meter has rates 1 to 4: it will refuse 6" in table(page).remark
        write(page, qtbot, clock)
        assert window.station.module.settings.rate_map == (1, 2, 3, 6)
    finally:
        window.close()
        window.deleteLater()


def test_the_factory_table_can_be_restored(page: ConfigurationPage, qtbot: QtBot) -> None:
    assert not table(page).factory.isEnabled()
    pick(qtbot, page, 0, 0)
    assert table(page).rates() == (0, 2, 3, 4)
    assert "no change" in table(page).rows[0].accessibleName()
    click(qtbot, table(page).factory)
    assert table(page).rates() == (1, 2, 3, 4)


def test_the_preview_is_what_goes_over_the_wire(page: ConfigurationPage, qtbot: QtBot, clock: VirtualClock) -> None:
    enter(qtbot, field(page, "primary_address"), "7")
    choose(qtbot, page, "disconnector_control", "Bus")
    pick(qtbot, page, 2, 1)
    shown = [line for line in preview(page).splitlines() if line.split(" ")[0] in ("10", "68")]
    assert len(shown) == 3
    store = page.station.traffic
    before = len(store)
    write(page, qtbot, clock)
    rows = [store.row(index) for index in range(before, len(store))]
    sent = [row.data.hex(" ").upper() for row in rows if row.kind is RowKind.TELEGRAM and row.data[0] in (0x10, 0x68)]
    masters = [text for text in sent if int(text.split()[1 if text.startswith("10") else 4], 16) & 0x40]
    assert [text for text in masters if text in shown] == shown
    assert "Nothing to send: no row is changed" in preview(page)


def test_marks_counts_and_badge(page: ConfigurationPage, qtbot: QtBot) -> None:
    badges: list[str] = []
    page.badge.connect(badges.append)
    changes = page.findChild(QLabel, "configChanges")
    assert changes.text() == "No changes"
    assert not page.write.isEnabled()
    choose(qtbot, page, "rate_enable", "Off")
    assert "will be written" in page.rows["rate_enable"].mark.accessibleName()
    choose(qtbot, page, "baud", "300")
    assert changes.text() == "2 changes"
    assert badges[-1] == "2"
    click(qtbot, page.rows["rate_enable"].mark)
    assert changes.text() == "1 change"
    click(qtbot, page.discard)
    assert badges[-1] == ""
    assert page.model.form.value("baud") is None, "this link reports no speed"


def test_a_single_row_can_be_written(page: ConfigurationPage, qtbot: QtBot, clock: VirtualClock) -> None:
    choose(qtbot, page, "disconnector_control", "Off")
    choose(qtbot, page, "rate_enable", "Off")
    click(qtbot, page.rows["rate_enable"].only)
    settle(page, clock)
    settings = page.station.module.settings
    assert (settings.rate_enable, settings.disconnector_control) == (0, 3)
    assert page.model.form.changed == ["disconnector_control"]


def test_an_invalid_value_is_marked_and_not_sent(page: ConfigurationPage, qtbot: QtBot) -> None:
    enter(qtbot, field(page, "primary_address"), "251")
    assert "Primary address must be 0 to 250, not 251" in remark(page, "primary_address")
    assert not page.write.isEnabled()
    assert "see the message" in page.write.toolTip()
    qtbot.keyClick(field(page, "primary_address"), Qt.Key.Key_Backspace)
    assert "not 251" not in remark(page, "primary_address")
    assert page.write.isEnabled()


def test_the_error_of_a_value_is_translated(page: ConfigurationPage, qtbot: QtBot) -> None:
    window = page.window()
    assert isinstance(window, MainWindow)
    enter(qtbot, field(page, "primary_address"), "251")
    window.set_language(Language.SWEDISH)
    page = configuration(window)
    page.refresh()
    assert "Primäradress måste vara 0 till 250, inte 251" in remark(page, "primary_address")


def test_undo_and_redo_by_keyboard(page: ConfigurationPage, qtbot: QtBot) -> None:
    page.window().activateWindow()
    qtbot.waitUntil(page.window().isActiveWindow)
    line = field(page, "tag")
    enter(qtbot, line, "4711")
    pick(qtbot, page, 0, 2)
    pick(qtbot, page, 0, 3)
    line.setFocus()
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(line, Qt.Key.Key_Z, control)
    assert table(page).rates() == (2, 2, 3, 4)
    assert page.undo.toolTip() == "Undo Rate mapping table (Ctrl+Z)"
    qtbot.keyClick(line, Qt.Key.Key_Z, control)
    qtbot.keyClick(line, Qt.Key.Key_Z, control)
    assert line.text() == ""
    assert page.model.form.changed == []
    assert not page.undo.isEnabled()
    for _ in range(3):
        qtbot.keyClick(line, Qt.Key.Key_Z, control | shift)
    assert line.text() == "4711"
    assert table(page).rates() == (3, 2, 3, 4)


def test_an_entry_that_was_removed_again_leaves_no_undo_step(page: ConfigurationPage, qtbot: QtBot) -> None:
    line = field(page, "primary_address")
    enter(qtbot, line, "12")
    assert page.undo.isEnabled()
    enter(qtbot, line, "0")
    assert page.model.form.changed == []
    assert not page.undo.isEnabled()


def test_undoing_a_password_empties_its_fields(page: ConfigurationPage, qtbot: QtBot) -> None:
    editor = page.rows["p1"].editor
    assert isinstance(editor, SecretEditor)
    qtbot.keyClicks(editor.first, SECRET)
    assert not page.undo.isEnabled()
    qtbot.keyClicks(editor.again, SECRET)
    click(qtbot, page.undo)
    assert page.model.form.changed == []
    assert (editor.first.text(), editor.again.text()) == ("", "")
    click(qtbot, page.redo)
    assert page.model.form.to_write() == {"p1": SECRET}
    qtbot.keyClicks(editor.first, "x")
    assert "do not match" in remark(page, "p1")
    assert page.model.form.to_write() == {}
    qtbot.keyClick(editor.first, Qt.Key.Key_Backspace)
    assert page.model.form.changed == []


def test_discarding_can_be_undone(page: ConfigurationPage, qtbot: QtBot) -> None:
    enter(qtbot, field(page, "tag"), "1")
    pick(qtbot, page, 0, 2)
    click(qtbot, page.discard)
    assert page.model.form.changed == []
    click(qtbot, page.undo)
    assert page.model.form.changed == ["rate_map", "tag"]


# Values of the module


def test_compare_shows_the_values_of_the_module(page: ConfigurationPage, qtbot: QtBot, clock: VirtualClock) -> None:
    assert "0" in page.rows["primary_address"].module.text()
    assert page.rows["secondary_address"].module.text() == page.station.module.serial
    assert "this link has no speed" in page.rows["baud"].module.text()
    assert page.rows["rate_map"].module.text() == "1 2 3 4"
    assert page.rows["disconnector_control"].module.text() == "both"
    assert page.rows["usage"].module.text() == "rate P1, disconnector P1, display P1"
    assert page.rows["selection_list"].module.text() == "all"
    assert page.rows["tag"].module.text() == "not reported by the module"
    assert page.rows["p1"].module.text() == "cannot be read back"
    enter(qtbot, field(page, "primary_address"), "4")
    session = MasterSession(page.station.connect_master(), Line(2400), clock)
    other = ModuleTarget("other", "Another master", "test", session, lambda: SlaveAddress(0))
    page.context.targets.add(other)
    page.context.targets.choose("other")
    settle(page, clock)
    enter(qtbot, field(page, "primary_address"), "9")
    write(page, qtbot, clock)
    page.context.targets.choose("built-in")
    click(qtbot, page.compare)
    settle(page, clock)
    assert page.rows["primary_address"].module.text() == "9, was 0 before"
    assert page.model.form.value("primary_address") == "4"
    assert any("the module has different values for Primary address" in m.text for m in page.context.messages.last(100))
    session.close()


@pytest.fixture
def unknown_module(page: ConfigurationPage, clock: VirtualClock) -> Iterator[ConfigurationPage]:
    """The page with another module as target, of which only the header is known."""
    settings = page.station.module.settings.with_value("rate_map", (4, 3, 2, 1)).with_value("usage", 0b10_00_01)
    page.station.module._memory.settings = settings
    session = MasterSession(page.station.connect_master(), Line(2400), clock)
    page.context.targets.add(ModuleTarget("stranger", "Module B", "test", session, lambda: SlaveAddress(0)))
    page.context.targets.choose("stranger")
    settle(page, clock)
    yield page
    session.close()


def test_the_built_in_module_is_known_without_a_selection_for_readout(page: ConfigurationPage) -> None:
    """A selection for readout would shorten the answers to other masters for that moment."""
    assert table(page).rates() == (1, 2, 3, 4)
    store = page.station.traffic
    assert [store.data(index)[:7] for index in range(len(store)) if store.data(index)[6:7] == b"\x51"] == []


def test_unknown_values_of_a_module_are_shown_as_unknown(unknown_module: ConfigurationPage) -> None:
    page = unknown_module
    assert table(page).rates() is None
    assert [row.rate for row in table(page).rows] == [None] * 4
    for name in ("rate_enable", "disconnector_control", "usage"):
        assert not any(button.isChecked() for button in page.rows[name].editor.findChildren(QPushButton)), name
    assert field(page, "tag").text() == field(page, "selection_list").text() == ""
    module_texts = {name: page.rows[name].module.text() for name in page.rows}
    assert module_texts["rate_map"] == "not read yet; factory value: 1 2 3 4"
    assert module_texts["disconnector_control"] == "not read yet; factory value: both"
    assert module_texts["selection_list"] == "not read yet; factory value: all"
    assert module_texts["tag"] == "not read yet"
    assert page.model.form.to_write() == {}


def test_compare_reads_an_unknown_module_and_restores_its_selection(
    unknown_module: ConfigurationPage, qtbot: QtBot, clock: VirtualClock
) -> None:
    page = unknown_module
    before = page.station.module.settings
    click(qtbot, page.compare)
    settle(page, clock)
    assert table(page).rates() == (4, 3, 2, 1)
    assert page.rows["usage"].module.text() == "rate P1, disconnector none, display P2"
    assert page.station.module.settings == before
    assert page.station.module._selection == ()
    assert not page.model.form.changed


def test_a_stopped_compare_restores_the_selection_of_the_module(
    unknown_module: ConfigurationPage, qtbot: QtBot, clock: VirtualClock
) -> None:
    page = unknown_module
    click(qtbot, page.compare)
    assert clock.run_until(clock.now() + 60, lambda: page.station.module._selection != ())
    page.model.cancel()
    assert clock.run_until(clock.now() + 60, lambda: page.station.module._selection == ())
    assert page.rows["rate_map"].module.text().startswith("not read yet")


def test_a_part_of_an_unknown_table_is_no_value_yet(
    unknown_module: ConfigurationPage, qtbot: QtBot, clock: VirtualClock
) -> None:
    page = unknown_module
    pick(qtbot, page, 1, 5)
    page.refresh()
    assert "Choose a rate in each row" in remark(page, "rate_map")
    assert [row.rate for row in table(page).rows] == [None, 5, None, None]
    assert not page.write.isEnabled()
    for place, rate in ((0, 6), (2, 1), (3, 2)):
        pick(qtbot, page, place, rate)
    assert page.model.form.to_write() == {"rate_map": "6 5 1 2"}
    click(qtbot, page.undo)
    assert page.model.form.changed == []
    assert table(page).rates() is None
    usage = page.rows["usage"].editor.findChildren(QPushButton)
    click(qtbot, usage[2])
    assert "Choose one in each line" in remark(page, "usage")
    click(qtbot, usage[3])
    click(qtbot, usage[7])
    assert page.model.form.to_write() == {"usage": str(0b01_00_10)}
    write(page, qtbot, clock)
    assert page.station.module.settings.usage == 0b01_00_10


def test_a_write_of_several_settings_is_reported_with_all_their_names(
    page: ConfigurationPage, qtbot: QtBot, clock: VirtualClock
) -> None:
    name, messages = page.model.target.name, page.context.messages
    enter(qtbot, field(page, "primary_address"), "7")
    choose(qtbot, page, "rate_enable", "Off")
    write(page, qtbot, clock)
    (result,) = [message.text for message in messages.last(100) if "accepted by" in message.text]
    assert result == f"2 settings accepted by {name}: Rate inputs enabled, Primary address"
    choose(qtbot, page, "rate_enable", "On")
    write(page, qtbot, clock)
    assert f"Rate inputs enabled: accepted by {name}" in [message.text for message in messages.last(100)]


def test_a_module_that_acknowledges_but_stores_another_value_is_reported(
    page: ConfigurationPage, qtbot: QtBot, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page.station.module._memory._store, "save", lambda settings: None)
    change = page.station.module._memory.change
    monkeypatch.setattr(
        page.station.module._memory,
        "change",
        lambda settings, *rest: change(settings.with_value("rate_enable", 1), *rest),
    )
    choose(qtbot, page, "rate_enable", "Off")
    write(page, qtbot, clock)
    assert page.rows["rate_enable"].module.text() == "on, was off before"
    assert any(
        "but the value read back differs: Rate inputs enabled" in m.text for m in page.context.messages.last(100)
    )


def test_a_refusal_stays_a_change_with_its_reason(page: ConfigurationPage, qtbot: QtBot, clock: VirtualClock) -> None:
    choose(qtbot, page, "disconnector_control", "Off")
    write(page, qtbot, clock)
    close = page.action_rows["disconnector"].buttons[0]
    assert close.text() == "Close"
    click(qtbot, close)
    (box,) = page.findChildren(QMessageBox)
    click(qtbot, button_of(box, "Close the disconnector"))
    settle(page, clock)
    assert "Refused: the module refused Disconnector" in remark(page, "disconnector")


def test_without_an_answer_the_changes_are_not_lost(page: ConfigurationPage, qtbot: QtBot, clock: VirtualClock) -> None:
    pick(qtbot, page, 0, 2)
    enter(qtbot, field(page, "tag"), "1")
    page.station.set_bus_voltage(0)
    write(page, qtbot, clock)
    assert "Not confirmed" in remark(page, "rate_map")
    assert "Check target, speed and link" in remark(page, "rate_map")
    assert "Not sent" in remark(page, "tag")
    assert page.model.form.changed == ["rate_map", "tag"]
    page.station.set_bus_voltage(24)
    write(page, qtbot, clock)
    assert page.model.form.changed == []
    assert page.station.module.settings.value("tag") == 1


@pytest.mark.parametrize("by_id", [False, True], ids=["primary", "secondary"])
def test_a_module_on_a_wire_with_a_speed_is_followed(
    page: ConfigurationPage, qtbot: QtBot, clock: VirtualClock, by_id: bool
) -> None:
    session = MasterSession(page.station.connect_master(Line(2400)), Line(2400), clock)
    where = SlaveAddress(selection=mask_bytes("12345678")) if by_id else SlaveAddress(0)
    page.context.targets.add(ModuleTarget("real", "Module on a wire", "test", session, lambda: where))
    page.context.targets.choose("real")
    settle(page, clock)
    assert page.rows["baud"].module.text() == "2400"
    choose(qtbot, page, "baud", "300")
    enter(qtbot, field(page, "primary_address"), "33")
    enter(qtbot, field(page, "secondary_address"), "87654321")
    write(page, qtbot, clock)
    target = page.context.targets.current
    moved = SlaveAddress(selection=mask_bytes("87654321")) if by_id else SlaveAddress(33)
    assert target.reach() == replace(moved, baud=300)
    assert page.rows["baud"].module.text() == "300"
    assert page.rows["primary_address"].module.text() == "33"
    pick(qtbot, page, 0, 2)
    write(page, qtbot, clock)
    assert page.station.module.settings.rate_map == (2, 2, 3, 4)
    session.close()


def test_stop_keeps_what_was_not_sent(page: ConfigurationPage, qtbot: QtBot, clock: VirtualClock) -> None:
    enter(qtbot, field(page, "tag"), "1")
    page.station.set_bus_voltage(0)
    click(qtbot, page.write)
    assert page.findChild(QLabel, "configChanges").text() == "Writing 1 of 1: Configuration tag"
    assert not page.rows["tag"].isEnabled()
    click(qtbot, page.stop)
    assert not page.model.busy
    assert page.model.form.results["tag"].outcome is WriteOutcome.NOT_SENT
    assert page.model.form.changed == ["tag"]


def test_changes_are_kept_for_each_target_and_never_sent_to_another(
    page: ConfigurationPage, qtbot: QtBot, clock: VirtualClock
) -> None:
    enter(qtbot, field(page, "tag"), "1")
    session = MasterSession(page.station.connect_master(), Line(2400), clock)
    page.context.targets.add(ModuleTarget("real", "Module B", "test", session, lambda: SlaveAddress(0)))
    page.context.targets.choose("real")
    settle(page, clock)
    assert field(page, "tag").text() == ""
    assert not page.write.isEnabled()
    assert any("1 unwritten" in label.text() for label in page.findChildren(QLabel))
    click(qtbot, page.compare)
    settle(page, clock)
    pick(qtbot, page, 0, 2)
    write(page, qtbot, clock)
    assert page.station.module.settings.value("tag") is None
    page.context.targets.choose("built-in")
    assert field(page, "tag").text() == "1"
    session.close()


def test_a_link_that_closes_under_a_write_stays_closed(
    page: ConfigurationPage, qtbot: QtBot, clock: VirtualClock
) -> None:
    enter(qtbot, field(page, "tag"), "1")
    pick(qtbot, page, 0, 2)
    click(qtbot, page.write)
    session = page.context.targets.current.session
    session.close()
    assert not session.busy
    assert session.state is LinkState.CLOSED
    assert page.model.form.changed == ["rate_map", "tag"]
    assert page.findChild(QLabel, "configChanges").text() == "2 changes"


def test_a_password_stays_with_its_own_module(page: ConfigurationPage, qtbot: QtBot, clock: VirtualClock) -> None:
    editor = page.rows["p2"].editor
    assert isinstance(editor, SecretEditor)
    for each in (editor.first, editor.again):
        qtbot.keyClicks(each, SECRET)
    session = MasterSession(page.station.connect_master(), Line(2400), clock)
    page.context.targets.add(ModuleTarget("real", "Module B", "test", session, lambda: SlaveAddress(0)))
    page.context.targets.choose("real")
    settle(page, clock)
    assert (editor.first.text(), editor.first.placeholderText()) == ("", "new")
    page.context.targets.choose("built-in")
    assert (editor.first.text(), editor.first.placeholderText()) == ("", "entered")
    write(page, qtbot, clock)
    assert page.station.secrets.get("p2").reveal() == SECRET  # type: ignore[union-attr]
    assert editor.first.placeholderText() == "new"
    session.close()


def test_the_badge_leaves_out_changes_of_a_removed_module(
    page: ConfigurationPage, qtbot: QtBot, clock: VirtualClock
) -> None:
    session = MasterSession(page.station.connect_master(), Line(2400), clock)
    page.context.targets.add(ModuleTarget("real", "Module B", "test", session, lambda: SlaveAddress(0)))
    page.context.targets.choose("real")
    settle(page, clock)
    enter(qtbot, field(page, "tag"), "1")
    badges: list[str] = []
    page.badge.connect(badges.append)
    page.context.targets.remove("real")
    assert field(page, "tag").text() == "1", "the chosen one stays, until another one is chosen"
    assert badges[-1] == "1"
    page.context.targets.choose("built-in")
    assert badges[-1] == ""
    assert field(page, "tag").text() == ""
    assert not page.write.isEnabled()
    session.close()


# Actions


def test_set_rate_and_text_now(page: ConfigurationPage, qtbot: QtBot, clock: VirtualClock) -> None:
    rate = page.action_rows["rate"]
    assert not rate.buttons[0].isEnabled()
    assert rate.buttons[0].toolTip() == "Enter a value first"
    rate._editor.edited.emit("3", False)  # type: ignore[union-attr]
    click(qtbot, rate.buttons[0])
    settle(page, clock)
    assert clock.run_until(clock.now() + 120, lambda: page.station.module.state().rate == 3)
    display = page.action_rows["display"]
    line = display.findChild(QLineEdit)
    qtbot.keyClicks(line, "KKK")
    assert "seven segments cannot show" in remark(page, "display")
    assert not display.buttons[0].isEnabled()
    enter(qtbot, line, "HELLO")
    click(qtbot, display.buttons[0])
    settle(page, clock)
    assert clock.run_until(clock.now() + 120, lambda: page.station.module.state().display_text == "HELLO")


def button_of(box: QMessageBox, text: str) -> QPushButton:
    return next(button for button in box.findChildren(QPushButton) if button.text().replace("&", "") == text)


def test_factory_values_ask_first(page: ConfigurationPage, qtbot: QtBot, clock: VirtualClock) -> None:
    enter(qtbot, field(page, "primary_address"), "5")
    write(page, qtbot, clock)
    factory = page.action_rows["application_reset"].buttons[1]
    assert factory.text() == "Factory values"
    for answer, address in (("Cancel", 5), ("Restore factory values", 0)):
        click(qtbot, factory)
        (box,) = page.findChildren(QMessageBox)
        assert "All settings are reset" in box.text()
        click(qtbot, button_of(box, answer))
        settle(page, clock)
        assert page.station.module.primary_address == address
        box.close()
        qtbot.waitUntil(lambda: not page.findChildren(QMessageBox))
    assert page.rows["primary_address"].module.text() == "0"


# Passwords


@pytest.mark.pages
def test_a_password_is_nowhere_in_clear(
    page: ConfigurationPage, qtbot: QtBot, clock: VirtualClock, tmp_path: Path
) -> None:
    window = page.window()
    assert isinstance(window, MainWindow)
    editor = page.rows["p1"].editor
    assert isinstance(editor, SecretEditor)
    qtbot.keyClicks(editor.first, SECRET)
    assert "The two passwords do not match yet" in remark(page, "p1")
    assert not page.write.isEnabled()
    qtbot.keyClicks(editor.again, SECRET)
    assert page.write.isEnabled()
    page.technical.setChecked(True)

    def texts() -> str:
        found = [preview(page), str(page.state()), page.model.undo.undoText(), page.undo.toolTip()]
        for widget in window.findChildren(QWidget):
            found += [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()]
            if isinstance(widget, QLabel | QPushButton):
                found.append(widget.text())
            if isinstance(widget, QLineEdit):
                assert widget.displayText() != SECRET
                if widget.echoMode() is not QLineEdit.EchoMode.Password:
                    found.append(widget.text())
        found += [message.text for message in page.context.messages.last(100)]
        store = page.station.traffic
        found += [store.row(index).data.hex(" ") + repr(store.row(index)) for index in range(len(store))]
        return "\n".join(found)

    backwards = SECRET[::-1].encode().hex(" ")
    assert SECRET not in texts()
    assert backwards.upper() not in texts().upper()
    assert "** ** **" in preview(page)
    write(page, qtbot, clock)
    assert page.station.secrets.get("p1").reveal() == SECRET  # type: ignore[union-attr]
    assert SECRET not in texts()
    assert backwards not in texts()
    assert (editor.first.text(), editor.again.text()) == ("", "")
    assert not page.model.undo.canUndo()
    path = tmp_path / "a.toml"
    page.files.save(path)
    qtbot.waitUntil(path.exists)
    qtbot.waitUntil(lambda: not page.context.background.busy)
    assert SECRET not in path.read_text()


# Files


def answer_dialog(page: ConfigurationPage, path: Path) -> None:
    (dialog,) = page.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.close()


def test_export_and_import(page: ConfigurationPage, qtbot: QtBot, clock: VirtualClock, tmp_path: Path) -> None:
    pick(qtbot, page, 0, 6)
    choose(qtbot, page, "usage", "none")
    path = tmp_path / "settings.toml"
    click(qtbot, page.save)
    answer_dialog(page, path)
    qtbot.waitUntil(lambda: not page.context.background.busy and path.exists())
    assert "rate_map = [\n    6,\n    2,\n    3,\n    4,\n]" in path.read_text()
    click(qtbot, page.discard)
    click(qtbot, page.load)
    answer_dialog(page, path)
    qtbot.waitUntil(lambda: page.model.form.is_changed("rate_map"))
    assert page.model.form.value("rate_map") == "6 2 3 4"
    assert page.model.form.changed == ["rate_map", "usage"], "a guessed value is not loaded as a change"
    assert page.station.module.settings.rate_map == (1, 2, 3, 4)
    click(qtbot, page.undo)
    assert page.model.form.changed == []


def test_a_bad_file_changes_nothing(page: ConfigurationPage, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('version = 1\nprofile = "CMi1020"\n[settings]\ntag = 1\nprimary_address = 999\n')
    page.files.load(path)
    qtbot.waitUntil(lambda: any("bad.toml" in m.text for m in page.context.messages.last(100)))
    assert page.model.form.changed == []
    message = next(m for m in page.context.messages.last(100) if "bad.toml" in m.text)
    assert message.text == "bad.toml: key settings.primary_address: Primary address must be 0 to 250, not 999"


# The form itself


def test_a_new_row_of_the_profile_appears_without_code(
    qtbot: QtBot, clock: VirtualClock, tmp_path: Path, make: Callable[[str], Path]
) -> None:
    path = make(
        '\n[[command]]\nid = "night"\ntitle = "Night light"\nmanual = "-"\nkind = "setting"\nbasis = "assumption"\n'
        'source = "a test"\nforms = [{ dif = "01", text = "ngt" }]\nactions = ["00"]\nvalue = "integer"\nmaximum = 7\n'
        'effect = "Shines."\ngroup = "Lamps"\n'
        'fields = [{ first = 0, bits = 1, text = "left" }, { first = 2, bits = 1, text = "right" }]\n'
        '\n[[command]]\nid = "colour"\ntitle = "Colour"\nmanual = "-"\nkind = "setting"\nbasis = "assumption"\n'
        'source = "a test"\nforms = [{ dif = "0D", text = "col" }]\nactions = ["00"]\nvalue = "text"\nmaximum = 9\n'
        'effect = "Of the light."\n'
    )
    window = build(StationConfig(mbus=(), module_profile=path), clock=clock)
    window.show()
    window.start()
    try:
        page = configuration(window)
        settle(page, clock)
        titles = [button.text() for button in page._group_buttons.buttons()]
        assert titles[-3:] == ["Lamps", "Other", "Actions"]
        right = page.rows["night"].editor.findChildren(QPushButton)[3]
        assert (right.text(), right.accessibleName()) == ("on", "Night light, right: on")
        click(qtbot, right)
        enter(qtbot, field(page, "colour"), "blue")
        write(page, qtbot, clock)
        assert window.station.module.settings.value("night") == 4
        assert window.station.module.settings.value("colour") == "blue"
    finally:
        window.close()
        window.deleteLater()


def test_a_profile_without_settings_shows_a_message(qtbot: QtBot, clock: VirtualClock, tmp_path: Path) -> None:
    path = tmp_path / "cmi1020.toml"
    path.write_text(
        'version = 1\nname = "Mute"\n[[command]]\nid = "request_data"\ntitle = "Request"\nmanual = "-"\n'
        'kind = "query"\nbasis = "documented"\nsource = "a test"\nframe = "short"\n'
        'bytes = "10 5B A CS 16"\neffect = "Reads."\n'
    )
    window = build(StationConfig(mbus=(), module_profile=path), clock=clock)
    window.show()
    window.start()
    try:
        page = configuration(window)
        settle(page, clock)
        assert any("no settings and no actions" in label.text() for label in page.findChildren(QLabel))
        assert not page.write.isEnabled()
    finally:
        window.close()
        window.deleteLater()


@pytest.fixture
def make(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that writes the built-in profile with an addition to a file."""

    def add(text: str) -> Path:
        source = resources.files("cmi_gui.resources").joinpath("profiles", "cmi1020.toml").read_text(encoding="utf-8")
        path = tmp_path / "cmi1020.toml"
        path.write_text(source + text, encoding="utf-8")
        return path

    return add


def test_every_text_of_the_profile_is_collected_for_translation() -> None:
    shown: set[str] = set()
    for row in load_module_profile().command:
        if not can_be_sent(row):
            continue
        shown |= {row.group, row.title, row.effect, row.unit, row.basis}
        shown |= {text for choice in row.choices for text in (choice.text, choice.ask or "", choice.button or "")}
        shown |= {text for each in row.fields for text in (each.text, *each.choices)}
    assert set(translations.profile_texts()) == shown


def test_bytes_and_basis_are_hidden_at_first(page: ConfigurationPage, qtbot: QtBot) -> None:
    assert "assumption" not in remark(page, "rate_map")
    click(qtbot, page.technical)
    shown = remark(page, "rate_map")
    assert "51 04 7C 03 70 61 6D 01 02 03 04" in shown
    assert "assumption" in shown
    pick(qtbot, page, 0, 6)
    assert "51 04 7C 03 70 61 6D 06 02 03 04" in remark(page, "rate_map")
    choose(qtbot, page, "baud", "2400")
    assert {"BB", "Elvaco convention"} <= set(remark(page, "baud").split(" | "))
    assert "0D FD 16 LL text" in remark(page, "p1")
    assert {"01 FD 1F nn", "assumption"} <= set(remark(page, "disconnector").split(" | "))
    click(qtbot, page.technical)
    assert "assumption" not in remark(page, "rate_map")
    click(qtbot, page.technical)
    assert page.state() == {"technical": True}


def test_entries_survive_a_change_of_language(page: ConfigurationPage, qtbot: QtBot) -> None:
    window = page.window()
    assert isinstance(window, MainWindow)
    pick(qtbot, page, 0, 6)
    click(qtbot, page.technical)
    window.set_language(Language.SWEDISH)
    again = configuration(window)
    assert again is not page
    qtbot.waitUntil(again.isVisible)
    assert table(again).rates() == (6, 2, 3, 4)
    assert again.technical.isChecked()
    assert again.model.undo.canUndo()
    again.restore({"technical": 7, "unknown": None})


def test_other_pages_lead_to_a_row(in_contact: MainWindow, clock: VirtualClock, qtbot: QtBot) -> None:
    in_contact.activateWindow()
    qtbot.waitUntil(in_contact.isActiveWindow)
    in_contact.go("pageConfiguration", "usage")
    page = configuration(in_contact)
    focus = in_contact.focusWidget()
    assert page.rows["usage"].isAncestorOf(focus)
    qtbot.waitUntil(lambda: not page.rows["usage"].visibleRegion().isEmpty())
    in_contact.go("pageConfiguration", "clear_errors")
    assert in_contact.focusWidget() is page.action_rows["clear_errors"].buttons[0]
    in_contact.go("pageConfiguration", "nothing of that name")


def test_a_group_button_leads_to_its_group(page: ConfigurationPage, qtbot: QtBot) -> None:
    button = next(each for each in page._group_buttons.buttons() if each.text() == "Actions")
    click(qtbot, button)
    assert not page.action_rows["display"].visibleRegion().isEmpty()
    assert page.rows["primary_address"].visibleRegion().isEmpty()
    assert page._form.sections["do now"].mapTo(page, QPoint(0, 0)).y() > 0


def test_a_hidden_page_does_nothing(in_contact: MainWindow, clock: VirtualClock) -> None:
    store = in_contact.station.traffic
    before = sum(store.row(index).side.value == "mbus" for index in range(len(store)))
    in_contact.configuration.edit("tag", "5")
    clock.advance(60)
    in_contact.bridge.drain()
    after = sum(store.row(index).side.value == "mbus" for index in range(len(store)))
    assert before == after == 0
    assert in_contact.configuration.total() == 1


@pytest.mark.parametrize("acknowledged", [False, True])
def test_a_stopped_write_is_reported_and_the_module_stays_reachable(
    page: ConfigurationPage, in_contact: MainWindow, clock: VirtualClock, qtbot: QtBot, acknowledged: bool
) -> None:
    enter(qtbot, field(page, "primary_address"), "5")
    click(qtbot, page.write)
    module, traffic = in_contact.station.module, in_contact.station.traffic
    assert clock.run_until(clock.now() + 20, lambda: module.primary_address == 5)
    if acknowledged:
        before = len(traffic)
        assert clock.run_until(clock.now() + 20, lambda: len(traffic) > before)
    click(qtbot, page.stop)
    settle(page, clock)
    assert page.model.form.results["primary_address"].outcome is WriteOutcome.UNSURE
    click(qtbot, page.compare)
    settle(page, clock)
    assert page.model.form.problem is None
    assert page.rows["primary_address"].module.text() == "5, was 0 before"
    assert not page.model.form.changed


def test_a_row_shows_that_it_was_just_written(page: ConfigurationPage, clock: VirtualClock, qtbot: QtBot) -> None:
    for part in page.rows["p1"].editor.findChildren(QLineEdit):
        enter(qtbot, part, SECRET)
    write(page, qtbot, clock)
    known = page.model.form.known["p1"]
    row = page.rows["p1"]
    row.refresh(known.at)
    assert row.module.text() == "sent just now, cannot be read back"
    row.refresh(known.at + 7.5)
    assert row.module.text() == "sent 7 s ago, cannot be read back"


def test_the_keyboard_stays_in_the_bottom_bar_through_a_write(
    page: ConfigurationPage, clock: VirtualClock, qtbot: QtBot
) -> None:
    window = page.window()
    pick(qtbot, page, 0, 6)
    page.write.setFocus()
    qtbot.keyClick(page.write, Qt.Key.Key_Space)
    assert page.model.busy
    assert window.focusWidget() is page.stop
    settle(page, clock)
    assert window.focusWidget() is page.compare
    qtbot.keyClick(page.compare, Qt.Key.Key_Space)
    assert window.focusWidget() is page.stop
    settle(page, clock)
    assert window.focusWidget() is page.compare
    page.discard.setFocus()
    assert window.focusWidget() is page.compare, "a disabled button cannot have the focus"
    pick(qtbot, page, 0, 5)
    page.discard.setFocus()
    qtbot.keyClick(page.discard, Qt.Key.Key_Space)
    assert window.focusWidget() is page.compare


@pytest.mark.parametrize("same", [True, False])
def test_a_module_that_took_an_address_without_acknowledgement_is_found_there(
    page: ConfigurationPage, qtbot: QtBot, clock: VirtualClock, same: bool
) -> None:
    model, module = page.model, page.station.module
    session = MasterSession(page.station.connect_master(), Line(2400), clock)
    target = ModuleTarget("real", "Module C", "test", session, lambda: SlaveAddress(0))
    page.context.targets.add(target)
    page.context.targets.choose("real")
    settle(page, clock)
    enter(qtbot, field(page, "primary_address"), "5")
    click(qtbot, page.write)
    assert clock.run_until(clock.now() + 20, lambda: module.primary_address == 5)
    click(qtbot, page.stop)
    settle(page, clock)
    assert target.reach() == SlaveAddress(0)
    if not same:
        # As if another module had that address.
        page.context.targets.choose("built-in")
        model.edit("secondary_address", "87654321")
        model.write()
        settle(page, clock)
        page.context.targets.choose("real")
    click(qtbot, page.compare)
    settle(page, clock)
    assert target.reach() == SlaveAddress(5 if same else 0)
    assert (model.form.problem is None) is same
    if same:
        assert page.rows["primary_address"].module.text() == "5, was 0 before"
        assert not model.form.changed
        assert not model.form.results, "a correct value has no red mark"
    else:
        assert "address 0" in str(model.form.problem)
        assert model.form.changed == ["primary_address"]
    session.close()
