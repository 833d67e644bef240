"""Messages: their English text and their arguments."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.messages import Argument, InvalidValue, Listing, Message, marked, quoted, reason_of
from tests.helpers.packaging_scripts import PACKAGING, translations

FACTS = st.text() | st.integers()
MESSAGES: st.SearchStrategy[Message] = st.recursive(
    st.builds(Message, st.text(st.characters(exclude_characters="{}"))),
    lambda inner: (
        st.builds(lambda args: Message("a {0} of {1}", args), st.tuples(inner | FACTS, inner | FACTS))
        | st.builds(Listing, st.sampled_from((", ", "; ", "")), st.lists(inner | FACTS, max_size=4).map(tuple))
    ),
    max_leaves=8,
)


@given(FACTS | MESSAGES, FACTS | MESSAGES)
def test_arguments_replace_their_placeholders(first: Argument, second: Argument) -> None:
    message = Message("{1} before {0}", (first, second))
    assert str(message) == f"{second} before {first}"
    assert str(Listing("; ", (first, second))) == f"{first}; {second}"


@given(st.text())
def test_without_arguments_a_template_is_used_unchanged(text: str) -> None:
    assert str(Message(text)) == text


@given(st.text())
def test_braces_in_an_argument_are_harmless(fact: str) -> None:
    fact = "{0}{" + fact + "}"
    assert str(Message("<{0}>", (Message("[{0}]", (fact,)),))) == f"<[{fact}]>"


@given(MESSAGES)
def test_equal_messages(message: Message) -> None:
    copy = type(message)(message.template, message.args)
    assert copy == message
    assert hash(copy) == hash(message)
    assert Message("x", ("y",)) != Listing("x", ("y",))


def test_a_message_is_frozen() -> None:
    with pytest.raises(AttributeError):
        Message("fixed").template = "changed"  # type: ignore[misc]  # the test tries it


def test_messages_of_errors() -> None:
    message = Message("{0} is no number", ("'x'",))
    assert reason_of(InvalidValue(message)) is message
    assert str(InvalidValue(message)) == "'x' is no number"
    assert reason_of(LinkError("lost", message)) is message
    assert reason_of(ValueError("text with {braces}")) == quoted("text with {braces}")
    assert str(quoted("text with {braces}")) == "text with {braces}"


def test_marked_returns_its_argument() -> None:
    table = {1: "one"}
    assert marked(table) is table


def test_every_template_occurs_once_in_the_engine() -> None:
    """Words of tables, such as the names of quantities, may occur twice."""
    engine = PACKAGING.parent / "cmi_gui" / "engine"
    counts = Counter(
        text
        for path in engine.rglob("*.py")
        for text in translations.templates(path.read_text(encoding="utf-8"), path.name)
        if "{0}" in text and any(char.isalpha() for char in text)
    )
    assert len(counts) > 200
    assert [text for text, count in counts.items() if count > 1] == []
