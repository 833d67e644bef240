"""Numbers in the language of the window; what a meter sent stays as it was spelled."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.obis_labels import restore_line
from cmi_gui.engine.events import ReadoutDone, Stamped
from cmi_gui.engine.iec62056.reading import read_lines
from cmi_gui.engine.messages import Message
from cmi_gui.ui.frame.header import HeaderBar
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.readings.page import ReadingsPage
from cmi_gui.ui.prefs import Language
from cmi_gui.ui.text.i18n import install_language, number_text, with_decimal_sign
from cmi_gui.ui.text.messages import text_of
from cmi_gui.ui.text.words import log_entry, seconds_text, volts_text
from tests.ui.conftest import RealModule
from tests.ui.text.test_language import flush, texts

pytestmark = pytest.mark.pages

NUMBER = re.compile(r"[^\s,;'\"“”(]*\d\.\d[^\s,;'\"“”)]*")
CODE = re.compile(r"[\dA-Z]{1,3}\.[\dA-Z]{1,2}\.\d{1,2}(?:\(.*)?")
ADDRESS = re.compile(r"(?:[\w+]+:/*)?\d+\.\d+\.\d+\.\d+(?::\d+)?(?:/\S*)?")


def test_numbers_follow_the_language(qapp: QApplication) -> None:
    message = Message("{0} V on the bus exceeds the {1} V for which the module is rated", (Decimal("42.5"), "42"))
    spelled = Message("{0} is not a number", ("061561.289",))
    done = Stamped(1, 0.0, "m", ReadoutDone(seconds=2.68, identification="/LGZ5", lines=("1.8.0(1.5*kWh)",)))

    def shown() -> list[str]:
        entry = log_entry(done)
        assert entry is not None
        parts = [seconds_text(2.68), volts_text(23.5), volts_text(24.0), number_text(Decimal("-1.25"), 3), entry.text]
        return [*parts, with_decimal_sign("12:30:01.250"), text_of(message), text_of(spelled)]

    install_language(qapp, Language.ENGLISH)
    english = shown()
    assert english[:4] == ["2.7 s", "23.5 V", "24 V", "-1.250"]
    assert english[4:6] == ["Meter read: 1 lines in 2.7 s", "12:30:01.250"]
    assert str(message).startswith("42.5 V")
    install_language(qapp, Language.SWEDISH)
    swedish = shown()
    assert swedish[:4] == ["2,7 s", "23,5 V", "24 V", "-1,250"]
    assert "2,7 s" in swedish[4]
    assert swedish[5] == "12:30:01,250"
    assert swedish[6].startswith("42,5 V")
    assert "061561.289" in swedish[7]
    assert str(message).startswith("42.5 V")
    assert QLocale().decimalPoint() == ","


def test_the_names_of_modules_follow_the_language(in_contact: MainWindow, real_module: RealModule) -> None:
    """So that no number stands alone: those of modules and meters both have eight digits."""
    window, app = in_contact, QApplication.instance()
    assert isinstance(app, QApplication)
    window.set_language(Language.SWEDISH)
    flush(app)
    assert real_module.target.name == "Modul 87654321"
    assert "Modul 87654321" in window.windowTitle()
    bare = re.compile(r"\s*(?:12345678|87654321|33456789)\s*")
    # The numbers in the fields of the page Site have captions.
    parts = [page for page in window.pages if page.objectName() != "pageBus"] + window.findChildren(HeaderBar)
    for part in parts:
        # Tables name the number in the title of its column, or in the row's caption.
        shown = [(name, text) for name, text in texts(part) if not name.endswith(" cell")]
        assert [(name, text) for name, text in shown if bare.fullmatch(text)] == [], part.objectName()
    window.set_language(Language.ENGLISH)
    flush(app)
    assert real_module.target.name == "Module 87654321"


def test_no_page_in_swedish_shows_a_decimal_point(
    in_contact: MainWindow, real_module: RealModule, clock: VirtualClock, qtbot: QtBot
) -> None:
    window, app = in_contact, QApplication.instance()
    assert isinstance(app, QApplication)
    spelled: set[str] = set()

    def note_spelled() -> None:
        scanned = [restore_line(each.header, record) for each in real_module.slave.telegrams for record in each.records]
        lines = (*window.station.module_state().lines, *real_module.target.lines, *filter(None, scanned))
        for reading in read_lines(lines):
            spelled.update({reading.code, reading.value, reading.text, *reading.further})

    note_spelled()
    window.targets.choose(window.targets.all[0].key)
    window.set_language(Language.SWEDISH)
    flush(app)
    window.station.set_bus_voltage(23.5)
    window.station.set_rate_input("a", 25.5)
    clock.advance(60)
    window.bridge.drain()
    for page in window.pages:
        window.go(page.objectName())
        if isinstance(page, ReadingsPage):
            for code in ("32.7", "31.7", "1.8.0"):
                page.model.set_plotted(code, True)
            page.pane.power.setChecked(True)
            qtbot.waitUntil(lambda page=page: bool(page.pane.statistics._found) and "A" in page.plot._plots)
            ticks = page.plot._plots["A"].getAxis("left").tickStrings([0.2, 1.5], 1.0, 0.1)
            assert ticks == ["0,2", "1,5"]
        # While the disconnector is switched the remaining time is shown in tenths of a second.
        window.station.press_button()
        clock.advance(0.3)
        window.bridge.drain()
        flush(app)
        note_spelled()
        left = [
            (name, text)
            for name, text in texts(window)
            for number in NUMBER.findall(text)
            # A basis cites sections of documents, and the meter has a display of its own.
            if not name.startswith(("_Basis", "MeterDisplay"))
            and number.rstrip(".:") not in spelled
            and not CODE.fullmatch(number)
            and not ADDRESS.fullmatch(number)
        ]
        assert left == [], page.objectName()
