"""The causes that a site keeps: stored as messages, shown in each language, and safe if a stranger wrote the file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmi_gui.engine.configurator.write_run import WriteOutcome
from cmi_gui.engine.files.report_texts import load_texts
from cmi_gui.engine.messages import Argument, Listing, Message, quoted
from cmi_gui.engine.report.texts import ReportLanguage, ReportWords
from cmi_gui.engine.site.causes import MAX_DEPTH, MAX_SIZE, Cause, StoredMessage, cause_of, message_of
from cmi_gui.engine.site.journal import Ended, Journal, JournalError, read_journal
from cmi_gui.engine.site.model import Site, SiteModule, SiteWrite
from cmi_gui.engine.site.site_file import SiteError, parse_site, site_text
from tests.helpers.site_bench import TABLE

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
TEMPLATES = {
    template: max(map(int, places), default=-1) + 1
    for template in load_texts().engine
    for places in [[part[0] for part in template.split("{")[1:]]]
}
"""The number of arguments of each template."""
FACT = (
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Z")), max_size=12)
    | st.integers(-(2**63), 2**63 - 1)
    | st.decimals(-1000, 1000, places=3)
)


def messages(arguments: st.SearchStrategy[Argument]) -> st.SearchStrategy[Argument]:
    def filled(template: str) -> st.SearchStrategy[Argument]:
        count = TEMPLATES[template]
        return st.lists(arguments, min_size=count, max_size=count).map(lambda args: Message(template, tuple(args)))

    lists = st.builds(Listing, st.sampled_from(["; ", ": ", ", ", ""]), st.lists(arguments, max_size=3).map(tuple))
    return st.sampled_from(sorted(TEMPLATES)).flatmap(filled) | lists


MESSAGE = st.recursive(FACT, messages, max_leaves=6)


def site_with(cause: Cause) -> Site:
    write = SiteWrite(name="tag", outcome=WriteOutcome.REFUSED, at=NOON, message=cause)
    return Site(modules=[SiteModule(place="flat 1", failure=cause, written=[write])])


def read_back(cause: Cause) -> Cause:
    module = parse_site(site_text(site_with(cause), TABLE), "x", TABLE).modules[0]
    assert module.failure == module.written[0].message
    return module.failure


# Written and read


@given(MESSAGE)
@settings(max_examples=200)
def test_a_cause_is_read_as_it_was_written(message: Argument) -> None:
    cause = cause_of(message)
    assert read_back(cause) == cause
    ended = Ended(at=NOON, outcome=WriteOutcome.REFUSED, message=cause)
    assert msgspec.json.decode(msgspec.json.encode(ended), type=Ended) == ended
    if isinstance(cause, StoredMessage):
        for language in ReportLanguage:
            words = ReportWords(language)
            assert words.of(message_of(cause)) == words.of(message)
        assert str(message_of(cause)) == str(message)


def test_a_person_can_read_it() -> None:
    module = Message("module {0}", ("50100007",))
    lines = site_text(site_with(cause_of(Message("{0} does not answer", (module,)))), TABLE).splitlines()
    assert 'failure = {text = "{0} does not answer", args = [{text = "module {0}", args = ["50100007"]}]}' in lines
    lines = site_text(site_with(cause_of(Message("the module did not have it afterwards"))), TABLE).splitlines()
    assert 'failure = "the module did not have it afterwards"' in lines


def test_numbers_stay_numbers() -> None:
    message = Message("{0} is {1} on {2}, not {3} as written", (Message("Speed"), Decimal("2.50"), 300, "7"))
    again = message_of(read_back(cause_of(message)))
    assert again == message
    assert ReportWords(ReportLanguage.GERMAN).of(again) == "Baudrate ist 2,50 statt 7 wie geschrieben (300)"


def test_a_text_in_a_message_that_is_one_of_our_words_stays_as_it_is() -> None:
    message = message_of(read_back(cause_of(Message("{0} does not answer", ("bus",)))))
    assert ReportWords(ReportLanguage.SWEDISH).of(message) == "bus svarar inte"


def test_a_cause_that_is_too_long_or_too_deep_is_kept_as_text() -> None:
    deep: Argument = "end"
    for _ in range(MAX_DEPTH + 1):
        deep = Message("{0} does not answer", (deep,))
    for message in (deep, Message("{0} does not answer", ("x" * MAX_SIZE,))):
        cause = cause_of(message)
        assert cause == str(message)[:200]
        assert read_back(cause) == cause


def test_line_ends_and_control_characters_of_a_fact_are_not_in_the_file() -> None:
    message = Message("{0} does not answer", ("a\nb\x00\x1b[1m",))
    assert str(message_of(read_back(cause_of(message)))) == "a b\\x00\\x1b[1m does not answer"


# Old files and files from strangers


def failure_of(failure: str) -> Cause:
    return parse_site(f"format = 1\n[[module]]\nfailure = {failure}\n", "x", TABLE).modules[0].failure


def test_the_text_of_an_old_file_is_shown_as_it_is() -> None:
    cause = failure_of('"module 50100007: no answer from address 7 after 3 tries"')
    assert message_of(cause) == quoted("module 50100007: no answer from address 7 after 3 tries")


def test_an_old_text_that_is_a_whole_message_is_translated() -> None:
    message = message_of(failure_of('"the module did not have it afterwards"'))
    assert ReportWords(ReportLanguage.SWEDISH).of(message) == "modulen hade det inte efteråt"


@pytest.mark.parametrize(
    ("failure", "shown"),
    [
        ('"{0.__class__} {0:>99999999}"', "{0.__class__} {0:>99999999}"),
        ('{text = "{0.__class__.__mro__}", args = ["a"]}', "{0.__class__.__mro__}: a"),
        ('{text = "{0:>999999999}", args = [1, "b"]}', "{0:>999999999}: 1, b"),
        ('{text = "{0} does not answer"}', "{0} does not answer"),
        ('{text = "{0} does not answer", args = ["a", "b"]}', "{0} does not answer: a, b"),
        ('{text = "{0} ({1})", args = ["{0.real}", "{1}"]}', "{0.real} ({1})"),
        ('{text = "pay {0} now", args = [{text = "module {0}", args = [1]}]}', "pay {0} now: module 1"),
        ('{join = "{0}", args = ["a", "b"]}', "a{0}b"),
        ('{text = "the module did not have it afterwards", args = [1]}', "the module did not have it afterwards: 1"),
    ],
)
def test_what_the_program_does_not_know_is_shown_and_not_filled_in(failure: str, shown: str) -> None:
    message = message_of(failure_of(failure))
    assert str(message) == ReportWords(ReportLanguage.SWEDISH).of(message) == shown


CAUSE = "must be a text of one line in quotes, at most 200 characters, or a table with text and args"
ARGS = "must be a list of texts, whole numbers and such tables"
DEEP = '{text = "a", args = [' * MAX_DEPTH + '{text = "a"}' + "]}" * MAX_DEPTH
TREE = '{join = "", args = [' + ", ".join(['"' + "x" * 100 + '"'] * 30) + "]}"


@pytest.mark.parametrize(
    ("failure", "problem"),
    [
        ("12", f"failure {CAUSE}"),
        ("[]", f"failure {CAUSE}"),
        ('"a\\nb"', f"failure {CAUSE}"),
        (f'"{"x" * 201}"', f"failure {CAUSE}"),
        ("{}", f"failure {CAUSE}"),
        ('{text = "a", join = ", "}', f"failure {CAUSE}"),
        ('{join = "a long separator"}', f"failure {CAUSE}"),
        ('{text = "a", template = "b"}', "template is not a key here"),
        ('{text = "a\\nb"}', "text must be a text of one line in quotes"),
        ('{text = "a", args = ["b\\u0000"]}', f"args {ARGS}"),
        ('{text = "a", args = ["b\\u202e"]}', f"args {ARGS}"),
        ('{text = "a", args = [1.5]}', f"args {ARGS}"),
        ('{text = "a", args = [true]}', f"args {ARGS}"),
        ('{text = "a", args = [2026-01-01]}', f"args {ARGS}"),
        ('{text = "a", args = "b"}', f"args {ARGS}"),
        ('{number = "NaN"}', 'number must be a decimal number in quotes, such as "2.5"'),
        ('{number = "1e999999"}', "number must be a decimal number"),
        ('{number = "1", args = ["a"]}', f"failure {CAUSE}"),
        (f'{{text = "{"x" * (MAX_SIZE + 1)}"}}', f"failure {CAUSE}"),
        (DEEP, f"failure {CAUSE}"),
        (TREE, f"failure {CAUSE}"),
    ],
)
def test_a_damaged_cause_is_named_with_its_line(failure: str, problem: str) -> None:
    with pytest.raises(SiteError) as error:
        failure_of(failure)
    assert str(error.value).startswith(f"x: line 3: {problem}")


def test_a_damaged_cause_of_a_write_is_named_with_its_line() -> None:
    write = '{name = "tag", outcome = "refused", at = 2026-01-01T00:00:00Z, message = 1}'
    with pytest.raises(SiteError, match=f"x: line 3: message {CAUSE}"):
        parse_site(f"format = 1\n[[module]]\nwritten = [\n  {write},\n]\n", "x", TABLE)


def test_a_nesting_without_end_is_an_error_and_no_crash(tmp_path: Path) -> None:
    for depth in (100, 300, 900, 20_000):
        with pytest.raises(SiteError):
            failure_of("{args=[" * depth + "]}" * depth)
        path = tmp_path / f"{depth}.journal"
        at = '"at":"2026-11-30T09:00:00Z"'
        message = '{"args":[' * depth + "]}" * depth
        path.write_text(f'{{"entry":"ended",{at},"outcome":"refused","message":{message}}}\n', "utf-8")
        path.chmod(0o600)
        with pytest.raises(JournalError, match="line 1 is not of a journal"):
            read_journal(path)


def test_the_journal_keeps_the_message(tmp_path: Path) -> None:
    path = tmp_path / "x.journal"
    message = Message("the module refused {0} (status {1})", (Message("Speed"), "02"))
    with Journal(path) as journal:
        journal.end(WriteOutcome.REFUSED, message, NOON)
    line = json.loads(path.read_text("utf-8"))
    assert line["message"] == {
        "text": "the module refused {0} (status {1})",
        "args": [{"text": "Speed"}, "02"],
    }
    ((ended,), _) = read_journal(path)
    assert isinstance(ended, Ended)
    assert message_of(ended.message) == message
