"""Commands to the modules of a site: harmless ones to many, the others to one that was confirmed by its meter."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.configurator.session import Cancelled
from cmi_gui.engine.configurator.write_run import WriteOutcome
from cmi_gui.engine.messages import InvalidValue, Message
from cmi_gui.engine.meter_profile.display_text import check_text
from cmi_gui.engine.site.actions import (
    ActionResult,
    ActMany,
    DisplayText,
    check_digits,
    display_of,
    display_texts,
    for_many,
    for_one,
    release,
)
from cmi_gui.engine.site.journal import Ended, Intent, Journal, JournalEntry, JournalError, read_journal
from cmi_gui.engine.site.model import HowKnown, Known, RowState, SiteModule
from cmi_gui.engine.site.read_many import ReadMany
from cmi_gui.engine.site.resume import open_questions, resume
from cmi_gui.engine.site.site_file import site_text
from tests.helpers.reading_bench import ReadingBench
from tests.helpers.site_bench import TABLE


def act(bench: ReadingBench, name: str, texts: dict[SiteModule, str], digits: str = "") -> list[ActionResult]:
    row = TABLE.profile.row(name)
    return bench.run(ActMany(texts, row, TABLE, bench.now, own_baud=bench.session.baud, digits=digits).procedure())


def read(bench: ReadingBench) -> None:
    bench.run(ReadMany(bench.site, TABLE, bench.now, own_baud=2400).procedure())


def test_what_may_go_to_many() -> None:
    assert [row.id for row in for_many(TABLE)] == ["rate", "clear_errors", "display"]
    assert {row.id for row in for_one(TABLE)} >= {"disconnector", "application_reset"}


@pytest.mark.parametrize(("name", "text"), [("rate", "3"), ("clear_errors", ""), ("display", "HELLO")])
def test_harmless_commands_go_to_many_in_their_own_selections(name: str, text: str) -> None:
    bench = ReadingBench(3)
    bench.fault(1, "no-answer")
    results = act(bench, name, dict.fromkeys(bench.site, text))
    assert [result.outcome for result in results] == [WriteOutcome.TAKEN, WriteOutcome.NO_ANSWER, WriteOutcome.TAKEN]
    assert "nothing was sent" in str(results[1].message)
    bench.clock.advance(60)
    for number in (0, 2):
        (written,) = bench.row(number).written
        assert (written.name, written.text, written.outcome) == (name, text, WriteOutcome.TAKEN)
        if name == "display":
            assert bench.point(number).module_state().display_text == "HELLO"
        if name == "rate":
            assert bench.point(number).module_state().rate == 3
    site_text(bench.site, TABLE)


def test_a_text_can_differ_from_module_to_module() -> None:
    bench = ReadingBench(2)
    texts = {row: display_of(row.place).text for row in bench.site}
    assert list(texts.values()) == ["flat 1", "flat 2"]
    act(bench, "display", texts)
    bench.clock.advance(60)
    assert [point.module_state().display_text for point in bench.room.points] == ["flat 1", "flat 2"]


def test_commands_that_cut_power_go_to_one_module_and_only_with_the_digits_of_its_meter() -> None:
    bench = ReadingBench(2)
    one, two = bench.site
    with pytest.raises(InvalidValue, match="goes to one module at a time, not to 2"):
        act(bench, "disconnector", {one: "0", two: "0"}, "0000")
    with pytest.raises(InvalidValue, match="is not known: read the module first"):
        act(bench, "disconnector", {one: "0"}, "")
    read(bench)
    digits = one.meter_read[-4:]
    wrong = (two.meter_read[-4:], "", one.meter_read, digits[1:], one.serial[-4:], f"{int(digits) + 1:04d}"[-4:])
    for given_digits in wrong:
        with pytest.raises(InvalidValue, match="are not the last four digits"):
            act(bench, "disconnector", {one: "0"}, given_digits)
    assert not one.written
    one.meter = two.meter_read
    with pytest.raises(InvalidValue, match="was expected at module"):
        act(bench, "disconnector", {one: "0"}, digits)
    one.meter = ""
    (result,) = act(bench, "disconnector", {one: "0"}, f" {digits} ")
    assert result.outcome is WriteOutcome.TAKEN
    bench.clock.advance(60)
    assert [point.module_state().disconnector for point in bench.room.points] == ["open", "closed"]


def test_a_module_that_has_got_another_meter_is_not_switched() -> None:
    bench = ReadingBench(1)
    read(bench)
    row = bench.row(0)
    row.meter_read = "33999999"
    (result,) = act(bench, "disconnector", {row: "0"}, "9999")
    assert result.outcome is WriteOutcome.NO_ANSWER
    assert f"now reports meter {bench.point(0).config.meter_number} instead of meter 33999999" in str(result.message)
    assert not row.written


def test_after_factory_values_the_module_is_found_where_it_is() -> None:
    bench = ReadingBench(1, primary_address=7)
    read(bench)
    row = bench.row(0)
    assert row.address == 7
    (result,) = act(bench, "application_reset", {row: "B0"}, row.meter_read[-4:])
    assert result.outcome is WriteOutcome.TAKEN
    assert row.address is None
    assert not row.possible
    read(bench)
    assert (row.state, row.address, row.failure) == (RowState.FOUND, 0, "")


def test_a_command_whose_end_is_not_known_is_unsure_and_not_sent_again() -> None:
    bench = ReadingBench(1)
    row = bench.row(0)
    seen: list[WriteOutcome] = []

    def on_change(module: SiteModule) -> None:
        seen.append(module.written[-1].outcome)
        if seen == [WriteOutcome.UNSURE]:
            bench.fault(0, "no-answer")

    many = ActMany({row: "3"}, TABLE.profile.row("rate"), TABLE, bench.now, own_baud=2400, on_change=on_change)
    (result,) = bench.run(many.procedure())
    assert (result.outcome, seen) == (WriteOutcome.UNSURE, [WriteOutcome.UNSURE, WriteOutcome.UNSURE])
    assert "not confirmed, it may have been carried out anyway" in str(result.message)
    assert len(row.written) == 1


def test_a_command_that_was_stopped_is_unsure_if_it_was_sent() -> None:
    bench = ReadingBench(2)
    changed: list[SiteModule] = []
    many = ActMany(
        dict.fromkeys(bench.site, "3"),
        TABLE.profile.row("rate"),
        TABLE,
        bench.now,
        own_baud=2400,
        on_change=changed.append,
    )
    ends: list[object] = []
    job = bench.session.run(many.procedure(), ends.append, ends.append)
    assert bench.clock.run_until(bench.clock.now() + 1000, lambda: bool(changed))
    bench.session.cancel(job)
    assert isinstance(ends[0], Cancelled)
    assert [written.outcome for written in bench.row(0).written] == [WriteOutcome.UNSURE]
    assert not bench.row(1).written


def test_a_command_is_in_the_journal_before_it_is_sent(tmp_path: Path) -> None:
    bench = ReadingBench(1)
    row = bench.row(0)
    with Journal(tmp_path / "journal") as journal:

        def on_change(module: SiteModule) -> None:
            entries.append(read_journal(tmp_path / "journal")[0])

        entries: list[tuple[JournalEntry, ...]] = []
        many = ActMany(
            {row: "3"},
            TABLE.profile.row("rate"),
            TABLE,
            bench.now,
            own_baud=2400,
            site=bench.site,
            journal=journal,
            on_change=on_change,
        )
        bench.run(many.procedure())
    before, after = entries
    assert [(entry.name, entry.text) for entry in before if isinstance(entry, Intent)] == [("rate", "3")]
    assert isinstance(after[-1], Ended)
    # Killed in between, the row says that it may have been sent.
    row.written, row.possible = [], []
    resume(bench.site, before, TABLE)
    assert [written.outcome for written in row.written] == [WriteOutcome.UNSURE]
    assert [module for module, _ in open_questions(bench.site, TABLE)] == [row]


def test_without_a_journal_on_disk_nothing_is_sent() -> None:
    bench = ReadingBench(1)

    class FullDisk(Journal):
        def add(self, entry: JournalEntry, *, sync: bool = False) -> None:
            raise JournalError("site.journal", Message("no space left"))

    many = ActMany(
        {bench.row(0): "3"},
        TABLE.profile.row("rate"),
        TABLE,
        bench.now,
        own_baud=2400,
        site=bench.site,
        journal=FullDisk(None),
    )
    (result,) = bench.run(many.procedure())
    assert (result.outcome, str(result.message)) == (WriteOutcome.NO_ANSWER, "site.journal: no space left")
    assert not bench.row(0).written
    assert bench.point(0).module_state().rate == 1


def test_a_refusal_is_told() -> None:
    bench = ReadingBench(1, disconnector_control=0)
    read(bench)
    row = bench.row(0)
    (result,) = act(bench, "disconnector", {row: "0"}, row.meter_read[-4:])
    assert result.outcome is WriteOutcome.REFUSED


def test_a_wrong_value_is_refused_before_anything_is_sent() -> None:
    bench = ReadingBench(1)
    with pytest.raises(InvalidValue, match="7"):
        act(bench, "rate", {bench.row(0): "7"})
    with pytest.raises(InvalidValue, match="seven segments cannot show"):
        act(bench, "display", {bench.row(0): "WM"})


@pytest.mark.parametrize(("before", "after"), [(None, "3"), ("0", "2"), ("1", "3"), ("2", "2"), ("3", "3")])
def test_the_disconnector_is_released_for_the_push_button(before: str | None, after: str) -> None:
    bench = ReadingBench(1, disconnector_control=int(before or 1))
    row = bench.row(0)
    if before is not None:
        row.known["disconnector_control"] = Known(text=before, how=HowKnown.READ, at=bench.now())
    found = release(TABLE, row)
    assert found is not None
    assert (found[0].id, found[1]) == ("disconnector_control", after)
    read(bench)
    (result,) = act(bench, "disconnector_control", {row: found[1]}, row.meter_read[-4:])
    assert result.outcome is WriteOutcome.TAKEN
    assert str(bench.point(0).module.settings.disconnector_control) == after
    assert row.value("disconnector_control") == after


@pytest.mark.parametrize(
    ("place", "text", "whole"),
    [
        ("flat 12", "flat 12", True),
        ("Lägenhet 1203", "1203", False),
        ("1203", "1203", True),
        ("Räf 12", "Raf 12", False),
        ("Lgh K12", "12", False),
        ("Mark 7", "7", False),
        ("Wohnung 3, 2. OG", "3 2", False),
        ("WKM", "", False),
        ("stairs up", "tairs up", False),
        ("", "", True),
    ],
)
def test_the_place_on_the_display(place: str, text: str, whole: bool) -> None:
    shown = display_of(place)
    assert shown == DisplayText(text, whole)
    check_text(shown.text)


@given(st.text(max_size=40) | st.text(string.ascii_letters + string.digits + " åäöÅÄÖ.,-/", max_size=40))
def test_what_is_shown_can_be_shown(place: str) -> None:
    shown = display_of(place)
    check_text(shown.text)
    assert not shown.whole or shown.text == place


def test_places_with_one_text_are_named_together() -> None:
    rows = [SiteModule(place=place) for place in ("Lgh 12", "Lägenhet 12", "Lgh 13")]
    shown = display_texts(rows)
    assert {text: len(modules) for text, modules in shown.items()} == {"Lgh 12": 1, "12": 1, "Lgh 13": 1}
    same = display_texts([SiteModule(place="Uppgång A, 12"), SiteModule(place="Uppgång B, 12")])
    assert [len(modules) for modules in same.values()] == [2]


def test_digits_are_of_the_meter_that_was_read() -> None:
    module = SiteModule(serial="50100007", meter_read="33456789")
    check_digits(module, "6789")
    with pytest.raises(InvalidValue, match="the meter of module 50100007"):
        check_digits(module, "0007")
