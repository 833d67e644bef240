"""What a screen reader finds: names, roles, states and order on every page, and what it is given to say."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.makers import page_entries
from cmi_gui.ui.prefs import LANGUAGES, Language
from cmi_gui.ui.targets import BUILT_IN, ModuleTarget
from cmi_gui.ui.text.words import Level
from cmi_gui.ui.widgets.device.lamp import Lamp
from cmi_gui.ui.widgets.plain.disclosure import Disclosure
from cmi_gui.ui.widgets.plain.fields import ChoiceField
from cmi_gui.ui.widgets.plain.table import Table
from tests.helpers.scripts import load_script
from tests.ui.conftest import RealModule

Role = QAccessible.Role
print_accessibility = load_script("docs/print_accessibility")
elements, in_words = print_accessibility.elements, print_accessibility.in_words
PAGES = [entry.name for entry in page_entries()]
CONTROLS = {
    Role.Button, Role.ButtonMenu, Role.CheckBox, Role.RadioButton, Role.ComboBox, Role.EditableText, Role.Slider,
    Role.Table, Role.Tree, Role.List, Role.PageTab, Role.Chart, Role.SpinBox, Role.StaticText,
}  # fmt: skip
"""The roles that a widget with the keyboard focus may have; `StaticText` is a text to read, such as the guide."""


def interface(widget: QWidget) -> QAccessibleInterface:
    return QAccessible.queryAccessibleInterface(widget)


def name(widget: QWidget) -> str:
    return interface(widget).text(QAccessible.Text.Name)


def description(widget: QWidget) -> str:
    return interface(widget).text(QAccessible.Text.Description)


def lines(widget: QWidget) -> list[str]:
    """Return the elements of a widget in words, in order."""
    return [in_words(element) for _, element in elements(interface(widget))]


def open_page(window: MainWindow, page: str) -> QWidget:
    window.go(page)
    shown = window.stack.currentWidget()
    for part in shown.findChildren(Disclosure):
        part.set_open(True)
    QApplication.processEvents()
    return shown


@pytest.fixture(params=["built in", "real module"])
def either(in_contact: MainWindow, real_module: RealModule, request: pytest.FixtureRequest) -> MainWindow:
    """The window with the built-in module chosen, and with a real one."""
    in_contact.targets.choose(BUILT_IN if request.param == "built in" else real_module.target.key)
    return in_contact


def test_every_control_has_a_role_and_a_name(either: MainWindow) -> None:
    wrong = []
    for page in PAGES:
        open_page(either, page)
        for widget in either.findChildren(QWidget):
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and widget.focusProxy() is None:
                found = interface(widget)
                if found.role() not in CONTROLS or not found.text(QAccessible.Text.Name):
                    wrong.append(f"{page} {widget.objectName()}: {in_words(found)}")
                assert found.state().focusable
                assert found.state().disabled != widget.isEnabled()
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_shown_is_nameless(in_contact: MainWindow, language: Language) -> None:
    in_contact.set_language(language)
    silent = [
        f"{page} {type(element.object()).__name__} {in_words(element)}"
        for page in PAGES
        for _, element in elements(interface(open_page(in_contact, page)))
        if element.role() in CONTROLS | {Role.Graphic, Role.Grouping, Role.ProgressBar}
        if not element.text(QAccessible.Text.Name)
    ]
    assert silent == []


def test_controls_of_the_practice_bus_have_names(in_contact: MainWindow, practice_module: ModuleTarget) -> None:
    nameless = [
        f"{page} {type(element.object()).__name__} {in_words(element)}"
        for page in ("pageBus", "pageModule", "pageConnections")
        for _, element in elements(interface(open_page(in_contact, page)))
        if element.role() in CONTROLS and not element.text(QAccessible.Text.Name)
    ]
    assert nameless == []


def test_a_caption_is_read_before_its_field_and_mnemonics_do_not_clash(in_contact: MainWindow) -> None:
    for page in PAGES:
        shown = open_page(in_contact, page)
        order = [element.object() for _, element in elements(interface(shown))]
        captions = [label for label in shown.findChildren(QLabel) if label.buddy() is not None]
        for label in captions:
            if label in order and label.buddy() in order:
                assert order.index(label) < order.index(label.buddy()), label.text()
        texts = [part.text() for part in (*captions, *shown.findChildren(QAbstractButton))]
        letters = Counter(text.replace("&&", "").partition("&")[2][:1].lower() for text in texts)
        del letters[""]
        assert [letter for letter, count in letters.items() if count > 1] == []


def test_choices_tables_and_columns_have_names(in_contact: MainWindow) -> None:
    for page in PAGES:
        shown = open_page(in_contact, page)
        for field in shown.findChildren(ChoiceField):
            # On Linux Qt gives the chosen text as the name.
            assert field.accessibleName() in (name(field), description(field))
        for table in shown.findChildren(Table):
            model = table.model()
            assert name(table)
            assert all(model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount()))


@pytest.mark.pages("pageReadings")
def test_an_empty_table_says_why_and_a_filled_one_does_not(in_contact: MainWindow) -> None:
    table = in_contact.findChild(Table, "readingsTable")
    in_contact.go("pageReadings")
    assert description(table) == ""
    in_contact.stack.currentWidget().search.setText("no such value")
    assert description(table) == "No value matches the search"


def test_a_folding_heading_says_whether_it_is_open(in_contact: MainWindow) -> None:
    in_contact.go("pageModule")
    heading = in_contact.stack.currentWidget().panel.faults.heading
    assert interface(heading).role() is Role.Button
    for opened in (True, False):
        in_contact.stack.currentWidget().panel.faults.set_open(opened)
        state = interface(heading).state()
        assert (bool(state.expanded), bool(state.collapsed), bool(state.checkable)) == (opened, not opened, False)
    action = interface(heading).actionInterface()
    action.doAction(action.pressAction())
    assert interface(heading).state().expanded


def test_the_navigation_is_a_list_of_tabs_with_one_selected(in_contact: MainWindow) -> None:
    in_contact.go("pageTraffic")
    assert interface(in_contact.navigation).role() is Role.PageTabList
    tabs = [element for _, element in elements(interface(in_contact.navigation)) if element.role() is Role.PageTab]
    assert len(tabs) == len(PAGES)
    assert [tab.text(QAccessible.Text.Name) for tab in tabs if tab.state().selected] == ["Traffic"]
    tabs[0].actionInterface().doAction(tabs[0].actionInterface().pressAction())
    assert in_contact.stack.currentWidget().objectName() == "pageBus"


def test_the_header_is_read_in_groups_and_names_the_world(either: MainWindow) -> None:
    real = not either.targets.current.built_in
    read = lines(either.header)
    assert any(line.startswith('StaticText "REAL BUS' if real else 'StaticText "SIMULATED"') for line in read)
    target = next(line for line in read if line.startswith("ButtonMenu"))
    assert ("Module 87654321" if real else "Built-in module 12345678") in target
    assert "[hasPopup]" in target
    at = read.index('Grouping "Bus"')
    assert read[at + 1].startswith("Graphic ")
    assert read[at + 2].startswith("StaticText ")


def test_lamps_are_described_by_their_pattern_and_not_by_each_flash(
    in_contact: MainWindow, clock: VirtualClock
) -> None:
    in_contact.go("pageModule")
    red, green = in_contact.findChild(Lamp, "ledRed"), in_contact.findChild(Lamp, "ledGreen")
    assert (name(red), name(green)) == ("Red LED: off", "Green LED: flashes every 5 s")
    renamed: list[str] = []
    seen = set()
    end = clock.now() + 11
    while clock.now() < end:
        clock.advance(0.05)
        seen.add(green.isOn())
        renamed.append(name(green))
    assert seen == {True, False}
    assert set(renamed) == {"Green LED: flashes every 5 s"}
    in_contact.station.set_bus_voltage(0)
    in_contact.bridge.drain()
    assert (name(red), name(green)) == ("Red LED: off", "Green LED: off")


def test_the_device_is_described_in_words(in_contact: MainWindow) -> None:
    shown = open_page(in_contact, "pageModule")
    face = shown.face
    assert description(face) == "E350, ZMF100AC.M29, Meter 33456789, CMi1020, SN 12345678"
    assert name(face.display).endswith("disconnector closed")
    assert interface(face.bus).role() is Role.Slider
    assert description(face.bus) == "24 V DC"
    face.bus.setValue(12)
    assert description(face.bus) == "12 V DC, too low"
    assert interface(face.bus).valueInterface().currentValue() == 12
    in_contact.station.set_rate_input("A", 230.0)
    shown.refresh()
    assert description(face.rate_a) == "230 V AC, active"


def test_the_value_in_the_module_is_read_with_its_setting(in_contact: MainWindow) -> None:
    shown = open_page(in_contact, "pageConfiguration")
    row = shown.rows["primary_address"]
    assert name(row.module) == f"Primary address in the module: {row.module.text()}"
    assert description(row)
    shown.technical.click()
    assert name(row._technical.octets).startswith("Bytes of Primary address: ")


def test_a_wrong_field_says_why(in_contact: MainWindow) -> None:
    scan = open_page(in_contact, "pageBus").scan
    scan.restore({"primary": True})
    scan.range.setText("900")
    assert description(scan.range).startswith("Invalid: ")
    scan.range.setText("0-250")
    assert "Invalid" not in description(scan.range)
    row = open_page(in_contact, "pageConfiguration").rows["primary_address"]
    field = row.editor.focusProxy()
    in_contact.configuration.edit("primary_address", "900")
    row.refresh(0.0)
    assert description(field).startswith("Invalid: ")
    assert name(field) == "Primary address"
    in_contact.configuration.edit("primary_address", "9")
    row.refresh(0.0)
    assert "Invalid" not in description(field)


def test_the_filter_says_what_is_wrong(in_contact: MainWindow) -> None:
    bar = open_page(in_contact, "pageTraffic").bar
    bar.filter.setText("side:")
    bar.filter.setText("side:nowhere")
    assert description(bar.filter) == bar.words
    bar.filter.setText("")
    assert description(bar.filter) != bar.words


def test_doubtful_rates_say_why(in_contact: MainWindow) -> None:
    table = open_page(in_contact, "pageConfiguration").rows["rate_map"].editor.table
    table.show_rates([1, 1, 2, 3])
    assert [bool(description(row)) for row in table.rows] == [True, True, False, False]
    assert description(table.rows[0]) == table.remark


def test_progress_is_read_only_while_something_is_under_way(in_contact: MainWindow, clock: VirtualClock) -> None:
    shown = open_page(in_contact, "pageModule")
    assert not any("Progress of the readout" in line for line in lines(shown))
    in_contact.station.read_now()
    assert clock.run_until(clock.now() + 5, lambda: (in_contact.station.module_state().readout_line or (0,))[0] > 3)
    in_contact.bridge.drain()
    shown.refresh()
    assert any(line.startswith('ProgressBar "Progress of the readout"') for line in lines(shown))


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """What a screen reader is given to say, and whether at once."""
    given: list[tuple[str, bool]] = []

    def update(event: object) -> None:
        if isinstance(event, QAccessibleAnnouncementEvent):
            given.append((event.message(), event.politeness() is QAccessible.AnnouncementPoliteness.Assertive))

    monkeypatch.setattr(QAccessible, "updateAccessibility", update)
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    return given


def test_results_and_trouble_are_announced_once_and_routine_is_not(
    in_contact: MainWindow, clock: VirtualClock, announced: list[tuple[str, bool]]
) -> None:
    assert clock.run_until(clock.now() + 200, lambda: False) is False
    in_contact.bridge.drain()
    assert announced == []
    for level, text in ((Level.GOOD, "Saved"), (Level.WARNING, "Take care"), (Level.ERROR, "It failed")):
        in_contact.messages.add_message(clock.now(), level, text)
    assert announced == [("Saved", False), ("Warning: Take care", False), ("Error: It failed", True)]
    in_contact.messages.mark_read()
    in_contact.set_language(Language.ENGLISH)
    assert len(announced) == 3


@pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)
def test_every_part_can_be_printed(in_contact: MainWindow, capsys: pytest.CaptureFixture[str]) -> None:
    for part in (*PAGES, *print_accessibility.PARTS):
        print_accessibility.show(in_contact, part)
        assert len(capsys.readouterr().out.splitlines()) > 5, part
