"""The page Diagnostics: causes followed by clicks to their remedies, on the real engine in virtual time."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from pathlib import Path, PureWindowsPath

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.diagnostics import bus_chain, bus_module_chains, contact_chain, meter_chains, meter_checks
from cmi_gui.engine.diagnostics.checks import (
    Check,
    CheckId,
    CheckState,
    Finding,
    Lead,
    LinkName,
    Seconds,
    Symptom,
    SymptomId,
    Volts,
)  # fmt: skip
from cmi_gui.engine.diagnostics.self_test import StepId
from cmi_gui.engine.mbus.scan import FoundSlave
from cmi_gui.engine.mbus.slave_address import SlaveAddress
from cmi_gui.engine.traffic.store import Direction, Side
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.diagnostics.check_list import CheckRow
from cmi_gui.ui.pages.diagnostics.evidence import evidence
from cmi_gui.ui.pages.diagnostics.page import DiagnosticsPage
from cmi_gui.ui.pages.diagnostics.remedies import lead_text, remedy
from cmi_gui.ui.pages.diagnostics.report import without_home
from cmi_gui.ui.pages.diagnostics.words import holds, question, state_word, title, verdict
from cmi_gui.ui.targets import BUILT_IN
from cmi_gui.ui.text.mark import Mark
from cmi_gui.ui.widgets.plain.buttons import Button, ButtonKind, Switch, focus_shows
from tests.ui.conftest import RealModule


def shown(window: MainWindow) -> DiagnosticsPage:
    window.go("pageDiagnostics", "")
    page = window.stack.currentWidget()
    assert isinstance(page, DiagnosticsPage)
    return page


def row(window: MainWindow, symptom: str, check: str) -> CheckRow:
    found = window.findChild(CheckRow, f"check_{symptom}_{check}")
    assert found is not None
    return found


def click(qtbot: QtBot, window: MainWindow, name: str) -> None:
    button = window.findChild(QPushButton, name)
    assert button is not None
    qtbot.waitUntil(lambda: button.isVisible() and button.height() >= 32)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def open_cards(page: DiagnosticsPage) -> list[SymptomId]:
    return [name for name, card in page.cards.items() if card.opened]


def badge(window: MainWindow) -> str:
    place = window.stack.index_of("pageDiagnostics")
    return window.navigation._group.button(place).badge


# Following a cause


@pytest.mark.pages
def test_the_cause_of_a_silent_meter_is_followed_by_clicks(
    in_contact: MainWindow, clock: VirtualClock, qtbot: QtBot
) -> None:
    page = shown(in_contact)
    assert page.list.isVisible()
    switch = in_contact.findChild(Switch, "diagnosticsFault_silent")
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    clock.advance(90)
    in_contact.bridge.drain()
    page.refresh()
    assert badge(in_contact) == "1", "one cause, though it explains two symptoms"
    assert open_cards(page) == [SymptomId.NO_METER]
    fault = row(in_contact, "no_meter", "faults")
    assert fault.evidence.text() == "Switched on: Silent"
    assert row(in_contact, "no_meter", "answers").mark.mark is Mark.TROUBLE
    click(qtbot, in_contact, "symptom_button")
    contact = row(in_contact, "button", "contact")
    assert contact.mark.mark is Mark.TROUBLE
    assert contact.title.text() == "The meter does not answer correctly"
    assert contact.evidence.text().startswith("No answer; ")
    assert contact.word.text() == "wrong"
    assert contact.remedy.isVisible()
    click(qtbot, in_contact, "symptom_rate")
    assert open_cards(page) == [SymptomId.RATE]
    assert row(in_contact, "rate", "contact").mark.mark is Mark.TROUBLE
    click(qtbot, in_contact, "mend_rate_contact")
    assert in_contact.focusWidget() is switch
    qtbot.keyClick(switch, Qt.Key.Key_Space)
    clock.advance(30)
    page.refresh()
    assert badge(in_contact) == ""
    assert row(in_contact, "rate", "contact").mark.mark is Mark.GOOD
    assert not row(in_contact, "rate", "contact").remedy.isVisible()


def test_a_setting_is_opened_where_it_is_changed(in_contact: MainWindow, clock: VirtualClock, qtbot: QtBot) -> None:
    module = in_contact.station.module
    module.user_data(0x51, bytes.fromhex("01 7C 03 6C 74 63 01"), clock.now())
    in_contact.station.press_button()
    in_contact.bridge.drain()
    page = shown(in_contact)
    assert open_cards(page) == [SymptomId.BUTTON]
    control = row(in_contact, "button", "control")
    assert control.button.text() == "Open the setting"
    click(qtbot, in_contact, "mend_button_control")
    assert in_contact.stack.currentWidget().objectName() == "pageConfiguration"


def test_no_link_is_a_remark_and_trouble_comes_first(in_contact: MainWindow, qtbot: QtBot) -> None:
    page = shown(in_contact)
    cards = list(page.cards.values())
    click(qtbot, in_contact, "symptom_master")
    link = row(in_contact, "master", "bus_link")
    assert (link.mark.mark, link.word.text()) == (Mark.OFF, "remark")
    assert page.cards[SymptomId.MASTER].heading._mark is Mark.OFF
    assert page.summary.text().startswith("No problem found")
    page._target_chosen()
    in_contact.station.set_bus_voltage(45)
    page.refresh()
    assert open_cards(page) == [SymptomId.MASTER]
    by_place = sorted(cards, key=lambda card: card.y())
    assert by_place == [page.cards[SymptomId.MASTER], *cards[:-1]]


def test_every_button_leads_to_an_existing_page(in_contact: MainWindow) -> None:
    code = "".join(map(inspect.getsource, (bus_chain, bus_module_chains, contact_chain, meter_chains, meter_checks)))
    pages = set(re.findall(r'Lead\("(\w+)"', code))
    known = {"pageModule", "pageConfiguration", "pageReadings", "pageTraffic", "pageBus", "pageConnections"}
    assert pages <= known | {"pageDiagnostics"}
    for page in pages:
        assert lead_text(Lead(page))


def test_only_the_first_cause_has_the_primary_button(in_contact: MainWindow) -> None:
    page = shown(in_contact)
    in_contact.station.set_bus_voltage(0)
    page.refresh()
    primary = [
        button.objectName()
        for button in page.findChildren(Button)
        if button._kind is ButtonKind.PRIMARY and button.isVisible()
    ]
    assert primary == ["mend_no_meter_power"]


def test_the_keyboard_reaches_a_symptom_and_opens_it(in_contact: MainWindow, qtbot: QtBot) -> None:
    page = shown(in_contact)
    heading = page.cards[SymptomId.MASTER].heading
    heading.setFocus()
    qtbot.keyClick(heading, Qt.Key.Key_Space)
    assert open_cards(page) == [SymptomId.MASTER]
    qtbot.keyClick(heading, Qt.Key.Key_Space)
    assert open_cards(page) == [], "a folded symptom stays folded"
    page.refresh()
    assert open_cards(page) == []
    in_contact.go("pageDiagnostics", "delay")
    assert open_cards(page) == [SymptomId.DELAY]


@pytest.mark.pages("pageDiagnostics")
def test_the_badge_comes_while_another_page_is_shown(in_contact: MainWindow, clock: VirtualClock, qtbot: QtBot) -> None:
    in_contact.go("pageModule", "")
    in_contact.station.set_bus_voltage(10)
    in_contact.bridge.drain()
    qtbot.waitUntil(lambda: badge(in_contact) == "1")
    in_contact.station.set_bus_voltage(24)
    clock.advance(20)
    in_contact.bridge.drain()
    qtbot.waitUntil(lambda: badge(in_contact) == "")


def test_a_hidden_page_does_nothing_without_a_relevant_event(in_contact: MainWindow, clock: VirtualClock) -> None:
    page = shown(in_contact)
    in_contact.go("pageModule", "")
    assert not page._later.isActive()
    in_contact.station.set_rate_input("A", 5)
    in_contact.bridge.drain()
    assert not page._later.isActive()


def test_the_opened_symptom_is_restored(in_contact: MainWindow) -> None:
    page = shown(in_contact)
    page.reveal("master")
    other = DiagnosticsPage(page.context)
    other.restore(page.state())
    assert open_cards(other) == [SymptomId.MASTER]
    other.restore({"open": "nonsense"})
    other.restore({"open": 7})
    other.deleteLater()


def test_a_wired_meter_of_another_kind_has_switches_of_its_own(in_contact: MainWindow) -> None:
    page = shown(in_contact)
    in_contact.station.rewire(replace(in_contact.station.config.wiring, variant="M55"))
    page.refresh()
    assert [phase for phase, button in page.side.faults.phases.items() if not button.isHidden()] == [1]
    page.side.faults.switches["silent"].click()
    assert in_contact.station.meter is not None
    assert in_contact.station.meter.faults.silent, "the meter that is wired now"


# A module on a real bus


def settle(page: DiagnosticsPage, clock: VirtualClock) -> None:
    assert clock.run_until(clock.now() + 120, lambda: not page.context.diagnosis.busy)
    page.refresh()


def sent(window: MainWindow) -> int:
    """Return the number of telegrams that the window's master has sent."""
    traffic = window.station.traffic
    rows = (traffic.row(index) for index in range(traffic.first, len(traffic)))
    return sum(row.direction is Direction.SENT and row.side is Side.MBUS for row in rows)


def test_nothing_is_sent_on_a_real_bus_before_the_user_reads_the_module(
    in_contact: MainWindow, real_module: RealModule, clock: VirtualClock, qtbot: QtBot
) -> None:
    before = sent(in_contact)
    page = shown(in_contact)
    for symptom in SymptomId:
        page.reveal(symptom.value)
    page.refresh()
    clock.advance(60)
    assert sent(in_contact) == before
    assert page.summary.text() == "Read the module to check it"
    reply = row(in_contact, "master", "reply")
    assert reply.evidence.text() == "The module has not been read yet"
    assert row(in_contact, "master", "command").evidence.text() == "Unknown until the module has been read"
    qtbot.mouseClick(reply.button, Qt.MouseButton.LeftButton)
    page.refresh()
    assert page.summary.text() == "Reading the module..."
    assert not page.read.isEnabled()
    settle(page, clock)
    assert sent(in_contact) > before
    assert page.read.isEnabled()
    assert row(in_contact, "master", "reply").mark.mark is Mark.GOOD
    page.reveal("button")
    control = row(in_contact, "button", "control")
    assert control.evidence.text() == "The setting includes the push button", "its settings were read too"
    assert badge(in_contact) == ""


@pytest.mark.pages
def test_a_real_module_without_contact_and_then_silent(
    in_contact: MainWindow, real_module: RealModule, clock: VirtualClock, qtbot: QtBot
) -> None:
    page = shown(in_contact)
    assert real_module.station.meter is not None
    real_module.station.meter.faults.silent = True
    clock.advance(120)
    click(qtbot, in_contact, "diagnosticsRead")
    settle(page, clock)
    assert open_cards(page) == [SymptomId.NO_METER]
    assert badge(in_contact) == "1"
    contact = row(in_contact, "no_meter", "contact")
    assert contact.evidence.text().endswith(" reported no contact with the meter")
    seat = row(in_contact, "no_meter", "seat")
    assert (seat.evidence.text(), seat.word.text()) == ("Not visible over the bus", "unknown")
    assert seat.remedy.text() == "At the meter: check the display, and press the module into its slot."
    real_module.station.set_bus_voltage(0)
    click(qtbot, in_contact, "diagnosticsRead")
    settle(page, clock)
    assert row(in_contact, "no_meter", "reply").evidence.text() == "No answer to the last request to address 0"
    assert row(in_contact, "no_meter", "contact").evidence.text() == "Unknown until the problem above is fixed"


def test_the_page_goes_back_to_the_built_in_module(
    in_contact: MainWindow, real_module: RealModule, clock: VirtualClock
) -> None:
    page = shown(in_contact)
    assert page.side is not None
    assert not page.side.isVisible(), "its faults are those of the built-in module's meter"
    assert page.read.isVisible()
    page.reveal("no_meter")
    assert in_contact.findChild(CheckRow, "check_no_meter_seat") is not None
    in_contact.targets.choose(BUILT_IN)
    assert page.side.isVisible()
    assert not page.read.isVisible()
    page.reveal("no_meter")
    assert row(in_contact, "no_meter", "faults").evidence.text() == "No such fault is on"
    assert page.cards[SymptomId.NO_METER].rows[0].check.id is CheckId.POWER  # type: ignore[union-attr]


def test_the_report_of_a_real_module(in_contact: MainWindow, real_module: RealModule, clock: VirtualClock) -> None:
    page = shown(in_contact)
    page.context.diagnosis.read()
    settle(page, clock)
    chosen = page._report().partition("Chosen module\n")[2].partition("\n\n")[0]
    rows = dict(line.split(maxsplit=1) for line in chosen.splitlines()[1:] if "Last read" not in line)
    assert (rows["Module"], rows["Link"], rows["Address"]) == ("Module 87654321", "tcp://192.0.2.1:10001", "0")
    assert (rows["rate_map"], rows["disconnector_control"]) == ("1 2 3 4", "3")
    assert not {"p1", "p2"} & {*rows}


def test_another_slave_with_the_same_address(
    in_contact: MainWindow, real_module: RealModule, clock: VirtualClock
) -> None:
    page = shown(in_contact)
    page.context.diagnosis.read()
    settle(page, clock)
    assert in_contact.bus.line is not None
    in_contact.bus.line.slaves.take_found(FoundSlave(SlaveAddress(0), None, None), 2400)
    page.reveal("master")
    assert row(in_contact, "master", "unique").mark.mark is Mark.TROUBLE


# The self-test


def test_the_self_test_shows_each_step(in_contact: MainWindow, qtbot: QtBot) -> None:
    page = shown(in_contact)
    rows = len(in_contact.station.traffic)
    click(qtbot, in_contact, "runSelfTest")
    assert not page.side.self_test.button.isEnabled()
    assert page.side.self_test.button.toolTip()
    qtbot.waitUntil(lambda: page.side.self_test.button.isEnabled())
    result = in_contact.findChild(QLabel, "selfTestResult")
    assert result.text() == f"{len(StepId)} steps passed"
    assert page.side.self_test.details[StepId.ROUND_TRIP].text().startswith("79 lines; took ")
    assert len(in_contact.station.traffic) == rows, "the user's module is not affected"


def test_a_failed_self_test_names_the_step(
    in_contact: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cmi_gui.engine.diagnostics.self_test.restore_lines", lambda telegrams: [])
    page = shown(in_contact)
    click(qtbot, in_contact, "runSelfTest")
    qtbot.waitUntil(lambda: page.side.self_test.button.isEnabled())
    assert page.side.self_test.result.text() == "failed at step 2 of 5"
    assert page.side.self_test.mark.mark is Mark.TROUBLE
    assert "0 of 79 lines" in page.side.self_test.details[StepId.ROUND_TRIP].text()
    assert page.side.self_test.details[StepId.RATE].text() == "not run"


# The report


def test_the_report_has_everything_but_secrets(in_contact: MainWindow, clock: VirtualClock, qtbot: QtBot) -> None:
    module = in_contact.station.module
    secret = b"Geheim17"
    module.user_data(0x51, b"\x0d\xfd\x16\x08" + secret[::-1], clock.now())
    in_contact.station.press_button()
    clock.advance(10)
    in_contact.bridge.drain()
    shown(in_contact)
    click(qtbot, in_contact, "copyReport")
    text = QGuiApplication.clipboard().text()
    assert "Geheim17" not in text
    for part in ("cmi_gui", "Python", "rate_map", "The meter refuses the password", "24 V", "ZMF100AC.M29", "Wiring"):
        assert part in text, part
    assert str(Path.home()) not in text
    assert in_contact.strip.text == "Report copied to the clipboard"
    settings = dict(line.split(maxsplit=1) for line in text.split("---\n")[4].splitlines()[:8])
    assert (settings["rate_map"], settings["secondary_address"], settings["selection_list"]) == ("1, 2, 3, 4", "-", "-")
    assert not {"None", "{}", "extra"} & {*settings, *settings.values()}


def test_the_report_is_saved(in_contact: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    page = shown(in_contact)
    click(qtbot, in_contact, "saveReport")
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    dialog.reject()
    path = tmp_path / "report.txt"
    page._write(path)
    qtbot.waitUntil(lambda: not in_contact.background.busy)
    assert path.read_text(encoding="utf-8").startswith("cmi_gui diagnostics report\n")
    assert in_contact.strip.text == "Report saved to report.txt"
    page._write(path / "report.txt")
    qtbot.waitUntil(lambda: not in_contact.background.busy)
    assert in_contact.strip.text.startswith("The report could not be saved: ")


def test_the_home_folder_is_left_out_of_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/home/anna"))
    assert without_home("/home/anna/x, (/home/anna) /home/annabel") == "~/x, (~) /home/annabel"
    monkeypatch.setattr(Path, "home", lambda: PureWindowsPath(r"C:\Users\Åsa"))
    assert without_home(r"C:\Users\Åsa\x, C:/Users/Åsa, C:\Users\Åsane") == r"~\x, ~, C:\Users\Åsane"
    monkeypatch.setattr(Path, "home", lambda: Path("/"))
    assert without_home("/dev/ttyUSB0") == "/dev/ttyUSB0"


# Texts


FACTS = (Seconds(3.5), Volts(24.0), 5)


@pytest.mark.parametrize("finding", Finding)
def test_every_finding_has_words(finding: Finding) -> None:
    check = Check(CheckId.PASSWORD, CheckState.WRONG, finding, FACTS)
    words = evidence(check)
    assert words
    assert "{" not in words + remedy(check)


@pytest.mark.parametrize("symptom", SymptomId)
@pytest.mark.parametrize("check", CheckId)
def test_every_check_has_both_titles(symptom: SymptomId, check: CheckId) -> None:
    assert title(symptom, check) != title(symptom, check, failed=True)


def test_every_wrong_finding_has_a_remedy() -> None:
    code = "".join(map(inspect.getsource, (bus_chain, bus_module_chains, contact_chain, meter_chains, meter_checks)))
    found = set(re.findall(r"wrong\([^()]*(?:\([^()]*\)[^()]*)*?Finding\.(\w+)", code))
    assert len(found) > 20
    for name in found:
        check = Check(CheckId.PASSWORD, CheckState.WRONG, Finding[name], FACTS)
        assert remedy(check), name


def test_verdicts_and_evidence_of_special_cases() -> None:
    assert len({question(symptom) for symptom in SymptomId}) == len(SymptomId)
    states = [Check(CheckId.READING, state, Finding.READING_PAUSED) for state in CheckState]
    paused = replace(states[1], state=CheckState.WRONG, by_choice=True)
    assert len({state_word(each) for each in (*states, paused)}) == len(CheckState) + 1
    link = Check(CheckId.METER_LINK, CheckState.OK, Finding.LINK_OPEN, (LinkName("meter", "sim:"),))
    assert evidence(link) == "The link to the simulated meter is open"
    usage = Check(CheckId.USAGE, CheckState.WRONG, Finding.USAGE_WRONG, ("none",))
    assert evidence(usage) == "No password is sent, but the meter requires one"
    locked = Check(CheckId.LOCK, CheckState.UNKNOWN, Finding.LOCKED, (Seconds(42.0),))
    assert not holds(locked)
    assert verdict(Symptom(SymptomId.DELAY, (link,))) == "No problem found"
    assert verdict(Symptom(SymptomId.DELAY, (link, locked))).startswith("No problem found so far")
    assert verdict(Symptom(SymptomId.BUTTON, (link, usage))) == "The meter requires another password for this command"


def test_every_row_has_an_accessible_name(in_contact: MainWindow) -> None:
    page = shown(in_contact)
    for name, card in page.cards.items():
        page.reveal(name.value)
        assert card.rows
        assert card.heading.accessibleName()
        for found in card.rows:
            assert found.accessibleName()
    assert isinstance(in_contact.findChild(QWidget, "diagnosticsList"), QWidget)


@pytest.mark.parametrize(
    ("part", "name"),
    [("bus", "busVoltage"), ("inputs", "rateInputB"), ("button", "breakerButton"), ("reading", "pauseReading")],
)
def test_the_module_page_points_out_a_control(in_contact: MainWindow, part: str, name: str) -> None:
    shown(in_contact)
    in_contact.go("pageModule", part)
    focus = in_contact.focusWidget()
    assert focus is not None
    assert focus.objectName() == name
    assert focus_shows(focus) or not in_contact.isActiveWindow()
