"""With a real meter and a real bus wired, no page shows simulated ones, and unknown facts are shown as unknown."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cmi_gui.engine.diagnostics.checks import Finding, SymptomId
from cmi_gui.engine.events import LinkChanged, Notice, Stamped
from cmi_gui.engine.machine import Line, LinkState
from cmi_gui.engine.meter_profile.display_text import VALUE_WIDTH
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.frame.tour import stops
from cmi_gui.ui.pages.module.page import ModulePage
from cmi_gui.ui.pages.module.readout_display import _fitting
from cmi_gui.ui.text.link_words import facts_words, late_words, link_words
from cmi_gui.ui.text.mark import Mark
from cmi_gui.ui.text.words import log_entry
from tests.helpers.scripted_meter import scripted_meter

if sys.platform == "win32":
    pytest.skip("this system has no pseudo-terminals", allow_module_level=True)

import tty


def test_with_real_ports_nothing_on_the_page_is_shown_as_simulated(
    make_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    path = str(tmp_path / "meter")
    window = make_window(mbus=(), meter=f"pty:{path}", readout_interval=3600.0)
    window.show()
    window.go("pageModule", "")
    page = window.stack.currentWidget()
    assert isinstance(page, ModulePage)
    qtbot.waitUntil(lambda: os.path.lexists(path))
    with scripted_meter(path):
        qtbot.waitUntil(lambda: window.station.module.contact)
    window.bridge.drain()
    page.refresh()
    # From C.5.0(0400) and 1.8.0(000123.456*kWh) of the script; there is room for 8 digits.
    state = page.face.display.state
    assert (state.index, state.value, state.unit) == ("1.8.0", "000123.45", "kWh")
    assert state.disconnector_closed is True
    assert state.rates == frozenset({1})
    assert "cannot see the display" in page.face.display.toolTip()
    assert not page.face.scroll_key.isEnabled()
    assert "its own button" in page.face.scroll_key.toolTip()
    assert page.panel.faults.isHidden()
    assert page.panel.findChild(QLabel, "noFaults").isVisible()
    assert "reads a real meter" in window.welcome.text.text()
    assert any("with a real meter" in stop.text for stop in stops(window.station))
    assert not any("Both are simulated" in stop.text for stop in stops(window.station))
    # The bus is still simulated and without voltage; then a serial port is wired.
    assert page.face.bus.isEnabled()
    window.station.set_bus_voltage(0)
    window.station.rewire(replace(window.station.config.wiring, mbus=(f"serial:{os.ttyname(theirs)}",)))
    assert window.station.module.powered, "on a real port the module counts as powered"
    page.refresh()
    assert not page.face.bus.isEnabled()
    assert not page.face.bus_switch.isEnabled()
    assert "counts as powered" in page.face.bus.toolTip()
    qtbot.waitUntil(lambda: window.station.link_status[0].state is LinkState.OPEN)
    window.bridge.drain()
    window.header.refresh()
    page.refresh()
    name = os.ttyname(theirs).rpartition("/")[2]
    assert window.header.bus.title.text() == f"Serves {name}, 2400 bit/s"
    assert not window.header.badge.isVisible()
    assert not window.header.copy.isEnabled()
    assert page.panel._command.text == "", "the name of the port at the other end of the cable is unknown"
    master = next(symptom for symptom in window.diagnosis.look() if symptom.id is SymptomId.MASTER)
    assert master.checks[0].finding is Finding.POWER_ASSUMED
    window.station.rewire(replace(window.station.config.wiring, mbus=(), meter="sim:"))
    page.refresh()
    assert page.face.bus.isEnabled()
    assert page.face.scroll_key.isEnabled()
    assert not page.panel.faults.isHidden()
    os.close(ours)
    os.close(theirs)


@given(whole=st.text("0123456789", min_size=1, max_size=12), decimals=st.text("0123456789", max_size=6))
def test_only_decimals_of_a_value_are_cut(whole: str, decimals: str) -> None:
    shown = _fitting(f"{whole}.{decimals}" if decimals else whole)
    assert shown.partition(".")[0] == whole
    assert decimals.startswith(shown.partition(".")[2])
    assert len(shown.replace(".", "")) <= max(VALUE_WIDTH, len(whole))
    assert not shown.endswith(".")


def test_speed_and_late_answers_of_a_link_are_shown() -> None:
    link = LinkStatus("mbus", "serial:COM3?baud=auto", "serial:COM3", LinkState.OPEN, line=Line(300))
    assert facts_words(link) == "300 bit/s"
    link.speed_found = False
    assert facts_words(link) == "detecting the speed, now at 300 bit/s"
    link.speed_found, link.answered = True, 1204
    assert facts_words(link) == "300 bit/s, detected · 1\N{NARROW NO-BREAK SPACE}204 answers"
    link.echo = True
    assert "detected · echo removed · 1" in facts_words(link)
    assert late_words(link) == ""
    link.late = 3
    assert late_words(link).startswith(
        "Withheld because they would have been too late: 3 of 1\N{NARROW NO-BREAK SPACE}207 answers."
    )
    link.state = LinkState.WAITING
    assert facts_words(link) == ""


def test_trouble_of_a_listener_and_late_answers_lead_to_their_remedy() -> None:
    waiting = LinkChanged("mbus", "serial:COM3", LinkState.WAITING.value, listens=True)
    late = Notice("warning", "answer_late", "x")
    assert [log_entry(Stamped(1, 0.0, "x", event)).page_part for event in (waiting, late)] == [
        ("pageConnections", "listen"),
        ("pageDiagnostics", "master"),
    ]


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("unplugged", "Unplugged, waiting for it"),
        ("no_port", "Not found, waiting for it"),
        ("busy", "In use, trying again"),
        ("not_allowed", "Not allowed, trying again"),
        ("refused", "Not open, trying again"),
    ],
)
def test_the_title_of_a_waiting_link(code: str, title: str) -> None:
    link = LinkStatus("meter", "serial:COM3", "serial:COM3", LinkState.WAITING, code, "COM3 is away; plug it in.")
    words = link_words(link)
    assert (words.mark, words.title, words.detail) == (Mark.TROUBLE, title, "COM3 is away; plug it in.")
