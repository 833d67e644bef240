"""A visit in the window, on a practice bus in virtual time: write, read, command, report, rehearse."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

from cmi_gui.engine.bus.faults import parse_fault
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.secrets import Secret
from cmi_gui.engine.configurator import masters
from cmi_gui.engine.configurator.discover import ScanPlan
from cmi_gui.engine.mbus.search import ANY
from cmi_gui.engine.room.made_room import make_room
from cmi_gui.engine.room.room_file import Room, write_room
from cmi_gui.engine.site.history import site_keys
from cmi_gui.engine.site.journal import Journal, RowName, journal_path
from cmi_gui.engine.site.model import RowState, SiteModule, Whereabouts
from cmi_gui.engine.site.schedule import Schedule
from cmi_gui.engine.site.whereabouts import selection_of
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.station import Station
from cmi_gui.ui.dialogs import FileKind
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.frame.page_stack import PageRoom
from cmi_gui.ui.models.visit import WritePhase
from cmi_gui.ui.pages.bus.commands_view import CommandsView
from cmi_gui.ui.pages.bus.number_dialog import NumberDialog
from cmi_gui.ui.pages.bus.page import BusPage, SiteView
from cmi_gui.ui.pages.bus.readings_view import SiteReadingsView
from cmi_gui.ui.pages.bus.report_view import ReportView
from cmi_gui.ui.pages.bus.review_model import ReviewColumn
from cmi_gui.ui.pages.bus.write_view import WriteView
from cmi_gui.ui.prefs import Language
from cmi_gui.ui.targets import AbsenceReason
from cmi_gui.ui.text.i18n import install_language
from cmi_gui.ui.widgets.plain.buttons import Button
from tests.helpers.pages import go_to
from tests.helpers.station_bench import NOON

MODULES = 4
LONG = 4000.0


@pytest.fixture
def page(window: MainWindow, clock: VirtualClock, tmp_path: Path) -> BusPage:
    """The page Site after a search of a practice bus with a few modules, all at address 0."""
    points = tuple(
        replace(point, paced=False, readout_interval=86_400.0, start_time=NOON, has_disconnector=True)
        for point in make_room(MODULES).points
    )
    path = tmp_path / "room.toml"
    write_room(path, Room(1, points))
    page = go_to(window, BusPage)
    page.port.restore({"kind": "practice", "device": ""})
    assert window.practice.open(path)
    page.port.connect_chosen()
    clock.advance(60)
    page.scan.primary.setChecked(False)
    page.scan.secondary.setChecked(True)
    page.scan.button.click()
    assert clock.run_until(clock.now() + LONG, lambda: not page.bus.scanning)
    assert len(window.site.site.modules) == MODULES
    return page


def want(page: BusPage, settings: dict[str, str] | None = None) -> list[SiteModule]:
    """Want places and addresses of all modules, and other settings, as typed into the list."""
    modules = page.site.site.modules
    for number, module in enumerate(modules, 11):
        cells = {"place": f"flat {number}", "primary_address": str(number), **(settings or {})}
        page.site.set_cells([(module, name, text) for name, text in cells.items()], "typed")
    return modules


def room_of(window: MainWindow) -> Station:
    room = window.practice.room
    assert room is not None
    return room


def write_view(page: BusPage) -> WriteView:
    page.show_view(SiteView.WRITE)
    view = page.views[SiteView.WRITE]
    assert isinstance(view, WriteView)
    return view


def write_all(window: MainWindow, page: BusPage, clock: VirtualClock) -> WriteView:
    """Write all differences, the first module alone; return the view with the results."""
    view = write_view(page)
    view.go.click()
    assert clock.run_until(clock.now() + LONG, lambda: window.visit.phase is WritePhase.ASKING)
    view.run_view.go_on.click()
    assert clock.run_until(clock.now() + LONG, lambda: window.visit.phase is WritePhase.ENDED)
    return view


def readings_view(page: BusPage) -> SiteReadingsView:
    page.show_view(SiteView.READINGS)
    view = page.views[SiteView.READINGS]
    assert isinstance(view, SiteReadingsView)
    return view


def read_all(window: MainWindow, page: BusPage, clock: VirtualClock) -> SiteReadingsView:
    view = readings_view(page)
    view.read.click()
    assert clock.run_until(clock.now() + LONG, lambda: window.site_readings.run is None)
    return view


def commands_view(page: BusPage) -> CommandsView:
    page.show_view(SiteView.COMMANDS)
    view = page.views[SiteView.COMMANDS]
    assert isinstance(view, CommandsView)
    return view


def report_view(page: BusPage, qtbot: QtBot) -> ReportView:
    page.show_view(SiteView.REPORT)
    view = page.views[SiteView.REPORT]
    assert isinstance(view, ReportView)
    qtbot.waitUntil(lambda: view.preview.count > 0)
    return view


def column(view: QWidget, name: str, number: int) -> list[str]:
    """Return the texts of a column of a table with an object name."""
    table = view.findChild(QTableView, name)
    assert table is not None
    model = table.model()
    return [str(model.index(row, number).data()) for row in range(model.rowCount())]


def button(view: QWidget, name: str) -> Button:
    found = view.findChild(Button, name)
    assert found is not None
    return found


# Write


@pytest.mark.parametrize(("width", "rows"), [(900, 1), (500, 2)])
def test_buttons_of_commands_are_in_one_row_if_there_is_room(page: BusPage, width: int, rows: int) -> None:
    view = commands_view(page)
    view.release.parentWidget().setFixedWidth(width)
    for _ in range(3):
        QApplication.processEvents()
    buttons = [*(button for button, _, _ in view.single), view.release]
    assert len({button.mapTo(view, button.rect().topLeft()).y() for button in buttons}) == rows


def test_the_page_does_not_scroll_while_changes_are_reviewed(page: BusPage, window: MainWindow) -> None:
    """In a small window only the table scrolls, so that the button stays."""
    want(page)
    view = write_view(page)
    window.welcome.hide()
    window.resize(960, 540)
    for _ in range(5):
        QApplication.processEvents()
    room = window.findChild(PageRoom)
    assert room is not None
    assert view.go.isVisible()
    assert room.verticalScrollBar().maximum() == 0


def test_a_visit_from_the_review_to_the_report(
    window: MainWindow, page: BusPage, clock: VirtualClock, qtbot: QtBot, tmp_path: Path
) -> None:
    modules = want(page, {"rate_map": "1 1 1 1"})
    view = write_view(page)
    assert view.count.text() == "8 differences in 4 modules"
    assert view.go.text() == "Write 8 changes"
    # In the order of the writes: settings, then the address, module after module.
    assert column(view, "writeTable", ReviewColumn.SETTING)[:2] == ["Rate mapping table", "Primary address"]
    assert column(view, "writeTable", ReviewColumn.BEFORE)[:2] == ["—", "0"]
    assert column(view, "writeTable", ReviewColumn.AFTER)[:4] == ["1111", "11", "1111", "12"]
    view.go.click()
    assert window.visit.phase is WritePhase.FIRST
    assert clock.run_until(clock.now() + LONG, lambda: window.visit.phase is WritePhase.ASKING)
    # Only the first module was written.
    assert [point.module.settings.primary_address for point in room_of(window).points].count(0) == MODULES - 1
    assert view.run_view.title.text().startswith("The first module is done: Module ")
    assert view.run_view.go_on.text() == "Go on with 3 modules"
    assert "The others take about" in view.run_view.detail.text()
    view.run_view.go_on.click()
    assert view.run_view.stop.isVisible()
    assert clock.run_until(clock.now() + LONG, lambda: window.visit.phase is WritePhase.ENDED)
    assert view.run_view.title.text() == "Done: 4 modules"
    addresses = {point.config.serial: point.module.settings.primary_address for point in room_of(window).points}
    assert addresses == {module.serial: number for number, module in enumerate(modules, 11)}
    assert all(module.state is RowState.FOUND and not module.changes for module in modules)

    values = read_all(window, page, clock)
    assert column(values, "siteValues", 0) == ["flat 11", "flat 12", "flat 13", "flat 14"]
    assert "1.8.0 kWh" in values.model.headers

    report = report_view(page, qtbot)
    path = tmp_path / "report.pdf"
    report.write(path, FileKind("PDF", "pdf"))
    qtbot.waitUntil(lambda: window.messages.last(1)[0].text == f"Report saved to {path}")
    assert path.read_bytes().startswith(b"%PDF-")


def test_the_modules_are_read_after_everything_was_written(
    window: MainWindow, page: BusPage, clock: VirtualClock
) -> None:
    want(page)
    write_all(window, page, clock)
    assert page.view is SiteView.READINGS
    assert clock.run_until(clock.now() + LONG, lambda: window.site_readings.run is None)
    assert all(module.readings for module in page.site.site.modules)


def test_the_reading_after_the_writes_can_be_switched_off(
    window: MainWindow, page: BusPage, clock: VirtualClock
) -> None:
    want(page)
    write_view(page).run_view.then_read.setChecked(False)
    write_all(window, page, clock)
    assert page.view is SiteView.WRITE
    assert window.site_readings.run is None


def test_a_module_in_trouble_is_named_with_its_cause(window: MainWindow, page: BusPage, clock: VirtualClock) -> None:
    want(page)
    room_of(window).points[2].faults.add(parse_fault("no-answer"))
    view = write_all(window, page, clock)
    assert view.run_view.title.text() == "Done: 3 modules, failed: 1 module"
    assert column(view, "writeResults", 2).count("Failed") == 1
    assert column(view, "writeResults", 3)[2] != ""
    view.run_view.leave.click()
    assert view.go.text() == "Write 1 change"


def test_writing_can_be_stopped(window: MainWindow, page: BusPage, clock: VirtualClock) -> None:
    want(page)
    view = write_view(page)
    view.go.click()
    assert clock.run_until(clock.now() + LONG, lambda: window.visit.phase is WritePhase.ASKING)
    view.run_view.stop.click()
    assert window.visit.phase is WritePhase.ENDED
    assert view.run_view.title.text() == "Done: 1 module, not begun: 3 modules"


def test_the_bus_of_another_site_gets_nothing(window: MainWindow, page: BusPage, clock: VirtualClock) -> None:
    want(page)
    for point in room_of(window).points:
        point.faults.add(parse_fault("no-answer"))
    view = write_view(page)
    view.go.click()
    assert clock.run_until(clock.now() + LONG, lambda: window.visit.phase is WritePhase.ENDED)
    assert "this is not this site's bus" in view.run_view.detail.text().lower()
    assert view.run_view.title.text() == "Done: 0 modules, failed: 1 module, not begun: 3 modules"
    assert [point.module.settings.primary_address for point in room_of(window).points] == [0] * MODULES


def test_a_password_is_asked_once_and_never_shown(window: MainWindow, page: BusPage, clock: VirtualClock) -> None:
    modules = page.site.site.modules
    for module in modules[:2]:
        module.wanted_secrets.append("p1")
    view = write_view(page)
    assert not view.go.isEnabled()
    assert view.go.toolTip() == "Enter the password first: P1 password"
    fields = view.passwords.findChildren(QLineEdit)
    assert [field.echoMode() for field in fields] == [QLineEdit.EchoMode.Password] * 2
    for field in fields:
        field.setText("7654321A")
        field.textEdited.emit("7654321A")
    button(view, "keep_p1").click()
    assert view.go.isEnabled()
    assert [field.text() for field in fields] == ["", ""]
    shown = [label.text() for label in window.findChildren(QLabel)] + column(view, "writeTable", ReviewColumn.AFTER)
    assert not any("7654321A" in text for text in shown)
    write_all(window, page, clock)
    secrets = [point.secrets.get("p1") for point in room_of(window).points]
    assert secrets.count(Secret("7654321A")) == 2


def test_an_unsure_module_is_looked_for(window: MainWindow, page: BusPage, clock: VirtualClock) -> None:
    module = page.site.site.modules[1]
    assert module.found is not None
    selection = selection_of(module)
    assert selection is not None
    module.possible = [Whereabouts(address=44, baud=300), Whereabouts(selection=selection.hex().upper(), baud=2400)]
    page.site.touch(module)
    view = write_view(page)
    texts = [label.text() for label in view.open_ends.findChildren(QLabel)]
    (places,) = [text for text in texts if text.startswith("It may be at: ")]
    assert places.startswith("It may be at: address 44 at 300 bit/s; secondary address ")
    assert module.serial in places
    button(view.open_ends, "lookForIt").click()
    assert clock.run_until(clock.now() + LONG, lambda: not window.visit.looking)
    assert module.state is RowState.FOUND
    assert window.messages.last(1)[0].text == f"Found: Module {module.serial}"
    assert not view.open_ends.isVisible()


def test_an_interrupted_write_is_offered_when_the_site_is_opened(
    window: MainWindow, page: BusPage, clock: VirtualClock, qtbot: QtBot, tmp_path: Path
) -> None:
    window.practice.close()
    path = tmp_path / "eken.site.toml"
    window.site.new(path)
    qtbot.waitUntil(lambda: window.site.path == path)
    module = SiteModule(serial="50100007", place="flat 12", wanted={"primary_address": "12"})
    window.site.site.modules.append(module)
    window.site.touch()
    qtbot.waitUntil(lambda: not window.site.store.unsaved)
    with Journal.beside(path) as journal:
        row = RowName.of(window.site.site, module)
        places = (Whereabouts(address=0, baud=2400), Whereabouts(address=12, baud=2400))
        journal.intend(row, "primary_address", "12", window.site.now(), before="0", possible=places)
    other = tmp_path / "other.site.toml"
    window.site.new(other)
    qtbot.waitUntil(lambda: window.site.path == other)
    window.site.open(path)
    qtbot.waitUntil(lambda: window.site.path == path)
    (module,) = window.site.site.modules
    assert module.state is RowState.UNSURE
    view = write_view(page)
    texts = [label.text() for label in view.open_ends.findChildren(QLabel)]
    assert "Unsure: Module 50100007, flat 12" in texts
    # The rows have it all now, so the journal is cleared when they are in the file.
    qtbot.waitUntil(lambda: not journal_path(path).exists())


# Read


def test_codes_are_chosen_for_the_table(window: MainWindow, page: BusPage, clock: VirtualClock, tmp_path: Path) -> None:
    view = read_all(window, page, clock)
    assert view.model.headers[5:]
    assert all(".8." in title for title in view.model.headers[5:])
    view.choose.click()
    button(view, "siteAllCodes").click()
    assert "32.7 V" in view.model.headers
    button(view, "siteEnergy").click()
    assert "32.7 V" not in view.model.headers
    view.shown.choose(True)
    assert column(view, "siteValues", 2) != ["0"] * MODULES


def test_a_missing_module_is_an_alarm_and_comes_back(window: MainWindow, page: BusPage, clock: VirtualClock) -> None:
    want(page)
    view = readings_view(page)
    view.every.setCurrentIndex(0)
    view.cycle.click()
    cyclic = window.site_readings.cyclic
    assert cyclic is not None
    assert cyclic.schedule == Schedule(timedelta(minutes=1))
    assert clock.run_until(clock.now() + LONG, lambda: cyclic.run is None)
    point = room_of(window).points[1]
    point.faults.add(parse_fault("no-answer"))
    assert clock.run_until(clock.now() + 300, lambda: bool(window.site_readings.missing))
    assert view.alarm.text().startswith("Missing: Module ")
    point.faults.clear()
    assert clock.run_until(clock.now() + 300, lambda: not window.site_readings.missing)
    assert view.alarm.text() == ""
    view.cycle.click()
    assert window.site_readings.cyclic is None


# Commands


def test_a_text_goes_to_many_displays(window: MainWindow, page: BusPage, clock: VirtualClock) -> None:
    want(page)
    page.site.selected = []
    view = commands_view(page)
    view.places.click()
    assert clock.run_until(clock.now() + LONG, lambda: not window.site_commands.running)
    assert column(view, "commandResults", 2) == ["Accepted"] * MODULES
    assert view.progress_words.text() == "Display text: accepted by 4 of 4"


def test_a_dangerous_command_needs_the_last_four_digits(window: MainWindow, page: BusPage, clock: VirtualClock) -> None:
    read_all(window, page, clock)
    module = page.site.site.modules[0]
    view = commands_view(page)
    page.site.selected = list(page.site.site.modules)
    view.refresh()
    opens = button(view, "single_disconnector_0")
    assert not opens.isEnabled()
    page.site.selected = [module]
    view.refresh()
    opens.click()
    dialog = view.findChild(NumberDialog)
    assert dialog is not None
    text = "\n".join(label.text() for label in dialog.findChildren(QLabel))
    assert f"Meter {module.meter_read}" in text
    assert f"Module {module.serial}, practice bus" in text
    dialog.field.setText("0000")
    assert not dialog.go.isEnabled()
    dialog.field.setText(module.meter_read[-4:])
    dialog.go.click()
    assert clock.run_until(clock.now() + LONG, lambda: not window.site_commands.running)
    assert column(view, "commandResults", 2) == ["Accepted"]
    point = next(each for each in room_of(window).points if each.config.serial == module.serial)
    assert clock.run_until(clock.now() + 60, lambda: point.module.control.disconnector == 0)


# Report


@pytest.mark.parametrize(
    ("suffix", "begins"), [("pdf", b"%PDF-"), ("html", b"<!DOCTYPE html>"), ("xlsx", b"PK"), ("json", b"{")]
)
def test_a_report_is_saved_in_each_format(
    window: MainWindow, page: BusPage, qtbot: QtBot, tmp_path: Path, suffix: str, begins: bytes
) -> None:
    want(page)
    view = report_view(page, qtbot)
    path = tmp_path / f"report.{suffix}"
    view.write(path, FileKind(suffix, suffix))
    qtbot.waitUntil(lambda: window.messages.last(1)[0].text == f"Report saved to {path}")
    assert path.read_bytes().startswith(begins)
    if suffix == "json":
        assert json.loads(path.read_text())["practice"] is True


def test_the_preview_follows_language_variant_and_flat(
    window: MainWindow, page: BusPage, clock: VirtualClock, qtbot: QtBot
) -> None:
    want(page)
    read_all(window, page, clock)
    view = report_view(page, qtbot)
    whole = view.preview.count
    view.place.setCurrentIndex(1)
    view.place.activated.emit(1)
    qtbot.waitUntil(lambda: 0 < view.preview.count < whole)
    view.preview.turn(1)
    assert view.preview.words.text() == f"Page 2 of {view.preview.count}"
    assert view.place.currentText() == "flat 11"


def test_readings_are_removed_after_a_second_click(
    window: MainWindow, page: BusPage, clock: VirtualClock, qtbot: QtBot
) -> None:
    read_all(window, page, clock)
    view = report_view(page, qtbot)
    view.remove.click()
    assert all(module.readings for module in page.site.site)
    assert view.remove_words.text().startswith("The readings of 4 modules are removed")
    view.confirm_remove.click()
    assert not any(module.readings for module in page.site.site)
    last = "The readings of this site were removed from this computer"
    qtbot.waitUntil(lambda: window.messages.last(1)[0].text == last)


# Rehearse


def test_nothing_of_a_rehearsal_enters_the_site(window: MainWindow, page: BusPage, clock: VirtualClock) -> None:
    found = [
        SiteModule(place=f"flat {number}", serial=module.serial, meter=module.meter, found=module.found)
        for number, module in enumerate(page.site.site.modules, 11)
    ]
    window.practice.close()
    assert not page.site.practice
    page.site.site.modules.extend(found)
    page.site.touch()
    page.refresh()
    before = window.site.site
    page.rehearse.button.click()
    clock.advance(60)
    assert window.rehearsal.running
    assert page.rehearse.isVisible()
    assert page.world_badge.text() == "PRACTICE BUS"
    assert window.site.site is not before
    want(page)
    write_all(window, page, clock)
    read_all(window, page, clock)
    assert all(module.readings for module in window.site.site)
    window.visit.put_away()
    page.rehearse.back.click()
    assert not page.rehearse.isVisible()
    assert window.site.site is before
    assert not any(module.readings or module.written or module.wanted for module in before)
    assert window.prefs.stored.practice.file.endswith("room.toml")


# A real bus


@pytest.fixture
def gateway(clock: VirtualClock, monkeypatch: pytest.MonkeyPatch) -> Station:
    """Two modules behind a gateway, to which every link leads."""
    points = tuple(
        replace(point, paced=False, readout_interval=86_400.0, start_time=NOON) for point in make_room(2).points
    )
    station = Station(StationConfig(mbus=(), modules=points), clock)
    station.start()
    clock.advance(30)
    monkeypatch.setattr(masters, "make_link", lambda *_: station.connect_master())
    return station


@pytest.fixture
def real_site(window: MainWindow, clock: VirtualClock, qtbot: QtBot, tmp_path: Path, gateway: Station) -> BusPage:
    """The page Site with a site in a file and two modules behind a gateway, found."""
    path = tmp_path / "eken.site.toml"
    window.site.new(path)
    qtbot.waitUntil(lambda: window.site.path == path)
    page = go_to(window, BusPage)
    page.bus.connect_to("tcp://192.0.2.1:10001")
    page.bus.start_scan(ScanPlan(None, ANY, (2400,)))
    assert clock.run_until(clock.now() + LONG, lambda: not page.bus.scanning)
    assert len(window.site.site.modules) == 2
    return page


def test_what_is_about_to_be_sent_is_on_the_disk(
    window: MainWindow, real_site: BusPage, clock: VirtualClock, qtbot: QtBot
) -> None:
    path = window.site.path
    assert path is not None
    want(real_site)
    view = write_view(real_site)
    view.go.click()
    assert clock.run_until(clock.now() + LONG, lambda: "intent" in journal_path(path).read_text())
    assert clock.run_until(clock.now() + LONG, lambda: window.visit.phase is WritePhase.ASKING)
    view.run_view.go_on.click()
    assert clock.run_until(clock.now() + LONG, lambda: window.visit.phase is WritePhase.ENDED)
    assert view.run_view.title.text() == "Done: 2 modules"
    qtbot.waitUntil(lambda: not journal_path(path).exists())
    assert 'primary_address = {text = "12"' in path.read_text()


def test_a_lost_link_leaves_the_module_unsure_and_says_so(
    window: MainWindow, real_site: BusPage, clock: VirtualClock
) -> None:
    path = window.site.path
    assert path is not None
    want(real_site)
    view = write_view(real_site)
    view.go.click()
    assert clock.run_until(clock.now() + LONG, lambda: "intent" in journal_path(path).read_text())
    real_site.bus.disconnect_link()
    assert window.visit.phase is WritePhase.ENDED
    assert view.run_view.problem.text() == "The link was closed"
    assert view.run_view.title.text() == "Done: 0 modules, unsure: 1 module, not begun: 1 module"
    view.run_view.leave.click()
    assert view.open_ends.isVisible()
    assert not button(view.open_ends, "lookForIt").isEnabled()


def test_a_command_is_on_the_disk_before_it_is_sent(
    window: MainWindow, real_site: BusPage, clock: VirtualClock, qtbot: QtBot
) -> None:
    path = window.site.path
    assert path is not None
    want(real_site)
    real_site.site.selected = []
    view = commands_view(real_site)
    view.places.click()
    assert clock.run_until(clock.now() + LONG, lambda: '"intent"' in journal_path(path).read_text())
    assert window.site_commands.running
    assert clock.run_until(clock.now() + LONG, lambda: not window.site_commands.running)
    assert view.progress_words.text() == "Display text: accepted by 2 of 2"
    # The rows have it all now, so the journal is cleared when they are in the file.
    qtbot.waitUntil(lambda: not journal_path(path).exists())
    assert path.read_text().count('outcome = "taken"') == 2


def test_a_command_that_was_cut_off_is_unsure_when_the_site_is_opened_again(
    window: MainWindow, real_site: BusPage, clock: VirtualClock, qtbot: QtBot, tmp_path: Path
) -> None:
    path = window.site.path
    assert path is not None
    want(real_site)
    qtbot.waitUntil(lambda: not window.site.store.unsaved)
    commands_view(real_site).places.click()
    assert clock.run_until(clock.now() + LONG, lambda: '"intent"' in journal_path(path).read_text())
    # As after the end of the program: the site as it was before, and the journal.
    killed = tmp_path / "killed.site.toml"
    killed.write_text(path.read_text())
    journal_path(killed).write_text(journal_path(path).read_text())
    journal_path(killed).chmod(0o600)
    real_site.bus.disconnect_link()
    window.site.open(killed)
    qtbot.waitUntil(lambda: window.site.path == killed)
    ((module, write),) = window.visit.questions()
    assert (write.name, write.text) == ("display", module.place)


def test_a_command_is_not_sent_without_its_journal(window: MainWindow, real_site: BusPage) -> None:
    path = window.site.path
    assert path is not None
    journal_path(path).write_text("not a journal\n")
    want(real_site)
    view = commands_view(real_site)
    view.places.click()
    assert not window.site_commands.running
    assert "is not of a journal of writes" in view.problem.text()
    assert not any(module.written for module in window.site.site)


def test_the_cause_of_a_failure_is_in_the_language_of_the_window_after_the_site_was_closed(
    window: MainWindow,
    real_site: BusPage,
    gateway: Station,
    clock: VirtualClock,
    qtbot: QtBot,
    qapp: QApplication,
    tmp_path: Path,
) -> None:
    path, rows = window.site.path, real_site.panel.rows
    assert path is not None
    state = rows.columns.index("state")
    gateway.points[1].faults.add(parse_fault("bad-checksum"))
    read_all(window, real_site, clock)
    (failed,) = (module for module in window.site.site if module.state is RowState.FAILED)
    row = window.site.site.modules.index(failed)
    english = "only damaged answers from the selected slave: does more than one slave answer?"
    assert rows.index(row, state).data() == f"Failed: {english}"
    other = tmp_path / "other.site.toml"
    qtbot.waitUntil(lambda: not window.site.store.unsaved)
    window.site.new(other)
    qtbot.waitUntil(lambda: window.site.path == other)
    install_language(qapp, Language.SWEDISH)
    window.site.open(path)
    qtbot.waitUntil(lambda: window.site.path == path)
    swedish = "bara skadade svar från den valda slaven: svarar mer än en slav?"
    assert rows.index(row, state).data() == f"Misslyckades: {swedish}"
    assert swedish in rows.index(row, state).data(Qt.ItemDataRole.ToolTipRole)


def test_a_reading_in_the_details_enters_the_row(
    window: MainWindow, real_site: BusPage, clock: VirtualClock, qtbot: QtBot
) -> None:
    path = window.site.path
    assert path is not None
    first, second = window.site.site.modules
    slave = window.site.on_bus.slave_of(second)
    assert slave is not None
    real_site.bus.choose(slave)
    real_site.slave.read.click()
    assert clock.run_until(clock.now() + LONG, lambda: not real_site.bus.work)
    assert not first.readings
    one_by_one = second.readings
    assert "1.8.0" in one_by_one
    assert second.meter_read
    read_all(window, real_site, clock)
    assert set(second.readings) == set(one_by_one)
    qtbot.waitUntil(lambda: not window.site.store.unsaved)
    assert '"1.8.0"' in path.read_text()


def test_the_list_of_the_bus_and_the_chosen_module_have_what_the_reading_of_all_read(
    window: MainWindow, real_site: BusPage, clock: VirtualClock, qtbot: QtBot
) -> None:
    module = window.site.site.modules[1]
    slave = window.site.on_bus.slave_of(module)
    assert slave is not None
    target = window.bus.target_of(slave, "Module", "gateway")
    window.targets.choose(target.key)
    assert not target.lines
    read_all(window, real_site, clock)
    assert target.lines
    assert target.read_at == slave.read_at == window.history._read_at[target.history_key]
    assert target.meter == module.meter_read
    # Once, though both the row and the chosen module have them.
    (key,) = (each for each in site_keys(window.site.site, "") if each == target.history_key)
    qtbot.waitUntil(lambda: bool(window.history.history.latest(key, 10).result(5)))
    assert {len(curve.times) for curve in window.history.history.latest(key, 10).result(5).values()} == {1}


def test_the_end_of_a_reading_of_all_is_told(window: MainWindow, page: BusPage, clock: VirtualClock) -> None:
    want(page)
    read_all(window, page, clock)
    assert window.messages.last(1)[0].text == f"The reading has ended. Modules read: {MODULES} of {MODULES}"
    point, module = room_of(window).points[1], page.site.site.modules[1]
    slave = window.site.on_bus.slave_of(module)
    assert slave is not None
    target = window.bus.target_of(slave, "Module", "practice bus")
    point.faults.add(parse_fault("no-answer"))
    read_all(window, page, clock)
    silent = f"The reading has ended. Modules read: {MODULES - 1} of {MODULES}. Incomplete or not read: module "
    assert window.messages.last(1)[0].text == f"{silent}{module.serial}"
    assert target.absence is AbsenceReason.SILENT
    point.faults.clear()
    view = readings_view(page)
    view.read.click()
    clock.run_until(clock.now() + LONG, lambda: bool(window.site_readings.run and window.site_readings.run.results))
    view.stop.click()
    assert window.messages.last(1)[0].text.startswith(f"The reading was stopped. Modules read: 1 of {MODULES}")


def test_readings_of_a_real_module_enter_its_history(
    window: MainWindow, real_site: BusPage, clock: VirtualClock, qtbot: QtBot
) -> None:
    read_all(window, real_site, clock)
    keys = site_keys(window.site.site, "")
    assert len(keys) == 2
    for key in keys:
        assert window.history.history.latest(key, 10).result(5)
    view = report_view(real_site, qtbot)
    view.remove.click()
    view.confirm_remove.click()
    for key in keys:
        assert not window.history.history.latest(key, 10).result(5)
