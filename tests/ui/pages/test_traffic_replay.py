"""The replay of an opened capture: only to the simulation, with its comparison, its progress and its end."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.configurator.replay_run import send_once
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.traffic.capture import capture_text
from cmi_gui.engine.traffic.replay import ReplayOutcome
from cmi_gui.engine.traffic.store import Direction, Side
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.traffic.page import TrafficPage
from cmi_gui.ui.pages.traffic.replay_model import ReplayColumn
from cmi_gui.ui.prefs import LANGUAGES, Language
from tests.helpers.fit import misfits
from tests.helpers.module_bench import text_command
from tests.ui.conftest import RealModule
from tests.ui.frame.test_fit import settle
from tests.ui.pages.test_traffic_send import NKE, REQ, send, sent_rows

P1 = Frame.long(0x73, 0, 0x51, text_command("p1", "geheim12")).to_bytes()


@pytest.fixture
def page(in_contact: MainWindow) -> TrafficPage:
    in_contact.go("pageTraffic")
    page = in_contact.findChild(TrafficPage)
    assert page is not None
    return page


@pytest.fixture
def capture(page: TrafficPage, clock: VirtualClock, qtbot: QtBot, tmp_path: Path) -> TrafficPage:
    """The page with an opened capture of four telegrams, of which one has a password."""
    for telegram in (NKE, REQ, P1, NKE):
        send(page.send, clock, telegram)
    source = page.model.source
    rows = [source.store.row(index) for index in range(len(source.store))]
    path = tmp_path / "visit.txt"
    path.write_text(capture_text(rows, lambda at: source.local(at).timestamp(), source.local(source.now())), "utf-8")
    page.files.open(path)
    qtbot.waitUntil(lambda: page.context.opened.capture is not None)
    page.opened_bar.replay.emit()
    return page


def replay(page: TrafficPage, clock: VirtualClock, qtbot: QtBot) -> None:
    page.replay.start.click()
    qtbot.waitUntil(lambda: page.context.sending.replaying)
    assert clock.run_until(clock.now() + 600, lambda: not page.context.sending.replaying)


def results(page: TrafficPage) -> list[list[str]]:
    model = page.replay.model
    columns = (ReplayColumn.TELEGRAM, ReplayColumn.RESULT, ReplayColumn.DIFFERENCES)
    return [[str(model.index(row, column).data()) for column in columns] for row in range(model.rowCount())]


def test_the_answers_are_compared_and_the_password_is_not_sent(
    capture: TrafficPage, clock: VirtualClock, qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    before = len(sent_rows(capture))
    replay(capture, clock, qtbot)
    first, second, third, fourth = results(capture)
    assert first == ["SND_NKE to 0", "same", ""]
    assert second[:2] in (["REQ_UD2 FCB=1 to 0", "same"], ["REQ_UD2 FCB=1 to 0", "different"])
    assert third == ["a telegram with a secret", "skipped", "not sent: it has masked bytes, such as a password"]
    assert fourth == first
    assert sent_rows(capture)[before:] == [bytes.fromhex(each) for each in (NKE, REQ, NKE)]
    assert capture.replay.words.text().startswith("4 of 4 telegrams")
    qtmodeltester.check(capture.replay.model)


def test_differences_can_be_shown_alone(capture: TrafficPage, clock: VirtualClock, qtbot: QtBot) -> None:
    target = capture.context.targets.current
    ends: list[object] = []
    moved = Frame.long(0x73, 0, 0x51, bytes.fromhex("01 7A 07")).to_bytes()
    target.session.run(send_once(moved), ends.append, ends.append)
    assert clock.run_until(clock.now() + 10, lambda: bool(ends))
    replay(capture, clock, qtbot)
    assert [row[1] for row in results(capture)] == ["no answer", "no answer", "skipped", "no answer"]
    capture.replay.only.click()
    assert [row[1] for row in results(capture)] == ["no answer"] * 3
    assert capture.replay.model.index(2, ReplayColumn.NUMBER).data() == "4"
    capture.replay.only.click()
    assert len(results(capture)) == 4


def test_selected_rows_are_replayed_alone(capture: TrafficPage, clock: VirtualClock, qtbot: QtBot) -> None:
    capture.model.catch_up()
    data = bytes.fromhex(REQ)
    row = next(row for row in range(capture.model.rowCount()) if capture.model.row(row).data == data)
    capture.table.selectRow(row)
    capture.replay.which.choose(capture.replay.which._values[1])
    replay(capture, clock, qtbot)
    assert [row[0] for row in results(capture)] == ["REQ_UD2 FCB=1 to 0"]


def test_rows_without_a_master_s_telegram_say_so(capture: TrafficPage, qtbot: QtBot) -> None:
    capture.model.catch_up()
    answers = [row for row in range(capture.model.rowCount()) if capture.model.row(row).direction is Direction.SENT]
    capture.table.selectRow(next(row for row in answers if capture.model.row(row).side is Side.MBUS))
    capture.replay.which.choose(capture.replay.which._values[1])
    capture.replay.start.click()
    qtbot.waitUntil(lambda: capture.replay.words.text() == "There is no telegram of a master among these rows")
    assert capture.replay.start.isEnabled()


def test_a_chosen_result_is_shown_below(capture: TrafficPage, clock: VirtualClock, qtbot: QtBot) -> None:
    replay(capture, clock, qtbot)
    capture.replay.table.selectRow(1)
    assert capture.detail._summary.text().startswith("RSP_UD 12345678 ELV")
    capture.replay.table.selectRow(2)
    assert "geheim12" not in capture.hex.toPlainText()
    assert "**" in capture.hex.toPlainText()
    capture.replay.close_button.click()
    assert capture.detail._summary.text() == ""
    assert capture.upper.currentIndex() == 0


def test_a_replay_can_be_stopped_and_closed(capture: TrafficPage, clock: VirtualClock, qtbot: QtBot) -> None:
    capture.replay.gaps.click()
    capture.replay.start.click()
    qtbot.waitUntil(lambda: capture.context.sending.replaying)
    assert capture.replay.start.text() == "Stop the replay"
    assert not capture.replay.which.isEnabled()
    capture.replay.start.click()
    assert not capture.context.sending.replaying
    capture.replay.start.click()
    qtbot.waitUntil(lambda: capture.context.sending.replaying)
    assert clock.run_until(clock.now() + 60, lambda: len(capture.context.sending.results) == 1)
    capture.replay.start.click()
    assert capture.replay.words.text() == "stopped  ·  1 of 4 telegrams  ·  same: 1"
    capture.close_capture()
    assert capture.upper.currentIndex() == 0
    assert capture.context.sending.results == []


def test_a_real_target_is_refused_with_the_reason(
    real_module: RealModule, page: TrafficPage, in_contact: MainWindow
) -> None:
    page.opened_bar.replay.emit()
    assert not page.replay.start.isEnabled()
    words = "A replay is sent only to the built-in module; choose it in the header. Module 87654321 is a real one"
    assert page.replay.words.text() == words
    assert words in page.replay.start.toolTip()
    in_contact.targets.choose("built-in")
    assert page.replay.start.isEnabled()


def test_a_running_replay_ends_when_its_target_becomes_real(
    capture: TrafficPage, clock: VirtualClock, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    capture.replay.gaps.click()
    capture.replay.start.click()
    qtbot.waitUntil(lambda: capture.context.sending.replaying)
    assert clock.run_until(clock.now() + 60, lambda: len(capture.context.sending.results) == 1)
    before = len(sent_rows(capture))
    monkeypatch.setattr(type(capture.station), "bus_is_real", property(lambda _: True))
    assert clock.run_until(clock.now() + 600, lambda: not capture.context.sending.replaying)
    assert len(sent_rows(capture)) == before
    assert capture.context.sending.why_no_replay() == "A replay is not sent to a module on a real bus"


def test_results_survive_a_change_of_language(
    in_contact: MainWindow, capture: TrafficPage, clock: VirtualClock, qtbot: QtBot
) -> None:
    replay(capture, clock, qtbot)
    in_contact.set_language(Language.ENGLISH)
    page = in_contact.findChild(TrafficPage)
    assert page is not None
    assert page is not capture
    assert page.upper.currentWidget() is page.replay
    assert len(results(page)) == 4
    outcomes = [result.comparison.outcome for result in in_contact.sending.results]
    assert outcomes[2] is ReplayOutcome.SKIPPED


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_fits_on_a_low_screen(
    in_contact: MainWindow, capture: TrafficPage, clock: VirtualClock, qtbot: QtBot, language: Language
) -> None:
    replay(capture, clock, qtbot)
    in_contact.set_language(language)
    for size in (QSize(960, 600), QSize(1366, 768)):
        in_contact.resize(size)
        settle()
        assert in_contact.size() == size
        assert misfits(in_contact) == []
