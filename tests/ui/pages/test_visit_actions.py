"""Thirty modules at address 0, from an empty site to the report, in at most twelve actions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.site.problems import CureKind
from cmi_gui.ui.dialogs import FileKind
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.models.visit import WritePhase
from cmi_gui.ui.pages.bus.page import BusPage, SiteView
from cmi_gui.ui.pages.bus.report_view import ReportView
from cmi_gui.ui.pages.bus.steps import VisitStep
from cmi_gui.ui.pages.bus.write_view import WriteView
from tests.ui.pages.test_site_list import editor, go_to, press

MODULES = 30
LONG = 4000.0
"""Seconds of virtual time that a search or a batch takes at most."""


@pytest.mark.no_cover
def test_a_visit_of_thirty_modules(
    in_contact: MainWindow, clock: VirtualClock, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_contact.practice.make_modules(MODULES, 1)
    in_contact.go("pageBus")
    page = in_contact.stack.currentWidget()
    assert isinstance(page, BusPage)
    actions: list[str] = []

    def act(what: str, do: Callable[[], object]) -> None:
        actions.append(what)
        do()

    def until(condition: Callable[[], bool]) -> None:
        assert clock.run_until(clock.now() + LONG, condition)

    room = in_contact.practice.room
    assert room is not None
    plan, report = tmp_path / "flats.xlsx", tmp_path / "report.pdf"
    sheet = Workbook()
    sheet.active.append(["Lägenhet", "Mätarnummer"])  # type: ignore[union-attr]
    for number, point in enumerate(room.points, 11):
        sheet.active.append([number, point.config.meter_number])  # type: ignore[union-attr]
    sheet.save(plan)

    act("open the list of ports", lambda: None)
    act("Practice bus", lambda: page.port.restore({"kind": "practice", "device": ""}))
    act("Find", lambda: page.steps.chosen.emit(VisitStep.FIND))
    until(lambda: not page.bus.scanning)
    rows = page.site.site.modules
    assert len(rows) == MODULES
    monkeypatch.setattr("cmi_gui.ui.pages.bus.site_menu.ask_open_file", lambda *args: args[-1](plan))
    act("Take a list", page.panel.take.click)
    actions.append("choose the file")
    qtbot.waitUntil(lambda: all(module.place for module in rows))
    qtbot.waitUntil(lambda: any(problem.cure is not None for problem in page.panel.problems.problems))
    assert page.panel.problems.problems[0].cure is not None
    assert page.panel.problems.problems[0].cure.kind is CureKind.GIVE_ADDRESSES
    act("Give addresses by flat", page.panel.problems.cure.click)

    def type_map() -> None:
        go_to(page, 0, "rate_map")
        qtbot.keyClick(page.panel.list, Qt.Key.Key_F2)
        field = editor(page)
        field.selectAll()
        qtbot.keyClicks(field, "2211")
        press(qtbot, field, Qt.Key.Key_Return)

    act("type the rate map for all", type_map)
    qtbot.waitUntil(lambda: page.panel.write_all.text() == "Write 60 changes")
    act("Write 60 changes", page.panel.write_all.click)
    until(lambda: in_contact.visit.phase is WritePhase.ASKING)
    write = page.views[SiteView.WRITE]
    assert isinstance(write, WriteView)
    act("Go on with 29 modules", write.run_view.go_on.click)
    until(lambda: in_contact.visit.phase is WritePhase.ENDED)
    until(lambda: in_contact.site_readings.run is None)
    act("Report", lambda: page.show_view(SiteView.REPORT))
    view = page.views[SiteView.REPORT]
    assert isinstance(view, ReportView)
    qtbot.waitUntil(lambda: view.preview.count > 0)
    actions += ["Save the report", "choose the file"]
    view.write(report, FileKind("PDF", "pdf"))
    qtbot.waitUntil(report.exists)

    assert len(actions) <= 12, actions
    assert {point.module.settings.primary_address for point in room.points} == set(range(11, 11 + MODULES))
    assert {tuple(point.module.settings.rate_map) for point in room.points} == {(2, 2, 1, 1)}
    assert all(module.readings and not module.changes for module in rows)
    assert report.read_bytes().startswith(b"%PDF-")
