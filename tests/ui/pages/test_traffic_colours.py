"""The colour rules of the page Traffic."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.traffic.filter import FilterError, FilterFault
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.traffic.colour_rules import (
    COLOURS,
    DEFAULT_RULES,
    MAX_FILTER,
    MAX_RULES,
    ColourRule,
    LineColours,
    rule_filter,
    rules_from,
    rules_state,
)
from cmi_gui.ui.pages.traffic.filter_help import FilterHelp
from cmi_gui.ui.pages.traffic.line import TrafficColumn
from cmi_gui.ui.pages.traffic.page import TrafficPage
from cmi_gui.ui.pages.traffic.rules_window import RulesWindow
from cmi_gui.ui.prefs import Language
from cmi_gui.ui.theme import DARK, LIGHT, RULE_GROUNDS
from cmi_gui.ui.theme import colours as theme_colours
from tests.helpers.contrast import contrast
from tests.helpers.fit import misfits
from tests.ui.pages.test_traffic_tools import add_requests

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (grabbing|raise)", extend=True)


@pytest.fixture
def page(in_contact: MainWindow, clock: VirtualClock) -> TrafficPage:
    in_contact.go("pageTraffic")
    result = in_contact.findChild(TrafficPage)
    assert result is not None
    result.follow.setChecked(False)
    add_requests(result, clock)
    result.filter.setText("side:mbus")
    return result


def colours(page: TrafficPage) -> list[str | None]:
    return [page.model.colours.of(page.model.line(row)) for row in range(page.model.rowCount())]


def open_rules(page: TrafficPage) -> RulesWindow:
    page.top.rules_wanted.emit()
    found = page.findChild(RulesWindow)
    assert found is not None
    return found


def ground(page: TrafficPage, row: int) -> QColor:
    """Return the background that a line is painted with."""
    place = page.table.visualRect(page.model.index(row, TrafficColumn.LENGTH)).topLeft()
    image: QImage = page.table.viewport().grab().toImage()
    scale = image.devicePixelRatio()
    return image.pixelColor(round((place.x() + 1) * scale), round((place.y() + 2) * scale))


def test_the_default_rules_mark_silence_and_retries(page: TrafficPage) -> None:
    # A request with its answer, an unanswered one, its retry, which is unanswered too, and a last request.
    assert colours(page) == [None, None, None, "orange", "yellow", "orange", None]
    grounds = RULE_GROUNDS[theme_colours(page.palette()).dark]
    assert ground(page, 3) == grounds["orange"]
    assert ground(page, 0) not in grounds.values()


def test_the_first_rule_that_matches_decides(page: TrafficPage) -> None:
    rules = (ColourRule("type:REQ_UD2", "green"), ColourRule("side:mbus", "violet"), ColourRule("", "red"))
    page.colouring.use(rules)
    assert colours(page)[:2] == ["green", "violet"]
    page.colouring.use((ColourRule("type:REQ_UD2", "green", on=False), *rules[1:]))
    assert colours(page)[:2] == ["violet", "violet"]
    page.colouring.use(())
    assert set(colours(page)) == {None}


@pytest.mark.parametrize(
    "text", ["rsp_ud", '-"rsp_ud" -silence', "hex:68", "text:record", "no answer", "is:retry", "addr:5 type:SND_NKE"]
)
def test_a_rule_colours_the_lines_that_the_filter_shows(page: TrafficPage, text: str) -> None:
    page.filter.setText("")
    page.colouring.use((ColourRule(text, "green"),))
    lines = [page.model.line(row) for row in range(page.model.rowCount())]
    coloured = {line for line, colour in zip(lines, colours(page), strict=True) if colour}
    page.filter.setText(text)
    assert coloured == {page.model.line(row) for row in range(page.model.rowCount())}


def test_a_word_in_a_rule_makes_no_texts_of_other_rows(page: TrafficPage, monkeypatch: pytest.MonkeyPatch) -> None:
    described = []
    source = page.model.source
    real = source.description
    monkeypatch.setattr(source, "description", lambda row: described.append(row.index) or real(row))
    line = page.model.line(page.model.rowCount() - 1)
    LineColours([ColourRule("nothing", "red"), ColourRule("record", "green")], source, lambda index: "").of(line)
    assert described == [line >> 1]


def test_a_bookmark_can_be_coloured_at_once(page: TrafficPage) -> None:
    page.colouring.use((ColourRule("bookmark", "violet"),))
    assert colours(page)[0] is None
    page.table.selectRow(0)
    page.bookmarks.toggle()
    assert colours(page)[0] == "violet"


@pytest.mark.parametrize("c", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", COLOURS)
def test_all_texts_are_readable_on_all_colours(c: object, name: str) -> None:
    assert set(RULE_GROUNDS[False]) == set(RULE_GROUNDS[True])
    for ink in ("text", "dim", "trouble", "warning", "accent"):
        assert contrast(getattr(c, ink), RULE_GROUNDS[c.dark][name]) >= 4.5, ink  # type: ignore[attr-defined]


def test_a_frame_never_waits_for_colours(page: TrafficPage) -> None:
    page.colouring.use((ColourRule("side:mbus", "violet"),))
    known, line = page.model.colours, page.model.line(0)
    known.begin(0.0)
    while known.of(line) is not None:
        known.forget()
    assert known.end()
    # Without a limit, or in a frame with time left, it is known.
    assert known.of(line) == "violet"
    known.begin(0.0)
    assert known.of(line) == "violet"
    assert not known.end()


# Stored rules


def test_rules_are_restored() -> None:
    rules = (ColourRule('note:"a b"', "green", on=False), ColourRule("", "red"))
    assert rules_from(rules_state(rules)) == rules
    assert rules_from([]) == ()


def test_without_a_list_the_default_rules_are_used() -> None:
    for kept in (None, 5, "error", {"error": "red"}):
        assert rules_from(kept) == DEFAULT_RULES


def test_invalid_rules_are_left_out() -> None:
    good = ["error", "red", True]
    bad = [
        5,
        None,
        [],
        ["error", "red"],
        ["error", "purple", True],
        ["error", "red", 1],
        [5, "red", True],
        ["adr:5", "red", True],
        ["since:5m", "red", True],
        ["x" * (MAX_FILTER + 1), "red", True],
        {"0": "error"},
    ]
    assert rules_from([*bad, good]) == (ColourRule("error", "red"),)
    assert len(rules_from([good] * 100)) == MAX_RULES


def test_a_rule_has_no_times() -> None:
    with pytest.raises(FilterError) as caught:
        rule_filter("error -until:5m")
    assert caught.value.fault is FilterFault.TIME_IN_RULE


def test_the_rules_survive_a_change_of_language(page: TrafficPage) -> None:
    page.colouring.use((ColourRule("silence", "violet"),))
    window = page.window()
    assert isinstance(window, MainWindow)
    window.set_language(Language.SWEDISH)
    window.set_language(Language.ENGLISH)
    again = next(each for each in window.pages if isinstance(each, TrafficPage))
    assert again.colouring.rules == (ColourRule("silence", "violet"),)


# The window


def test_changes_take_effect_at_once(page: TrafficPage, qtbot: QtBot) -> None:
    window = open_rules(page)
    assert window.rules == DEFAULT_RULES
    window.rows[0].colour.setCurrentIndex(COLOURS.index("green"))
    window.rows[0].colour.activated.emit(COLOURS.index("green"))
    assert colours(page)[3] == "green"
    window.rows[0].on.click()
    assert colours(page)[3] == "red"
    window.rows[1].delete.click()
    assert colours(page)[3] is None
    window.rows[1].up.click()
    assert [rule.text for rule in window.rules] == ["retry", "silence", "type:SND_UD,command"]
    assert window.focusWidget() is window.rows[0].filter
    window.add.click()
    assert window.rows[-1].rule.colour not in {rule.colour for rule in window.rules[:-1]}
    qtbot.keyClicks(window.rows[-1].filter, "type:REQ_UD2")
    assert colours(page)[0] == window.rows[-1].rule.colour
    window.defaults.click()
    assert page.colouring.rules == DEFAULT_RULES
    assert misfits(window) == []


def test_an_invalid_filter_is_explained_and_changes_nothing(page: TrafficPage) -> None:
    window = open_rules(page)
    window.rows[0].filter.setText("silence adr:5")
    assert window.problem.text() == "Unknown key “adr”; to search for a word with a colon, put it in quotes"
    assert page.colouring.rules == DEFAULT_RULES
    window.rows[0].filter.setText("silence since:5m")
    assert window.problem.text() == "“since:” depends on the present time; a colour rule cannot have it"
    window.rows[0].filter.setText("silence addr:5")
    assert window.problem.text() == ""
    assert page.colouring.rules[0].text == "silence addr:5"


def test_enter_in_a_filter_presses_no_button(page: TrafficPage, qtbot: QtBot) -> None:
    window = open_rules(page)
    for row in (0, 3):
        qtbot.keyClick(window.rows[row].filter, Qt.Key.Key_Return)
    assert window.rules == DEFAULT_RULES
    assert window.isVisible()


def test_f1_explains_the_filter_of_a_rule(page: TrafficPage, qtbot: QtBot) -> None:
    window = open_rules(page)
    qtbot.keyClick(window.rows[1].filter, Qt.Key.Key_F1)
    (card,) = window.findChildren(FilterHelp)
    assert card.isVisible()
    card._choose("addr:5,10-20")
    assert not card.isVisible()
    assert window.rules[1].text == "error addr:5,10-20"


def test_the_number_of_rules_is_limited(page: TrafficPage) -> None:
    window = open_rules(page)
    while len(window.rows) < MAX_RULES:
        window.add.click()
    assert not window.add.isEnabled()
    assert "delete one first" in window.add.toolTip()
    window.rows[0].delete.click()
    assert window.add.isEnabled()
