"""The filter language: texts that can be parsed, and the faults of all others with their positions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.traffic.filter import (
    TYPE_NAMES,
    Ago,
    Completion,
    Daytime,
    FilterError,
    FilterFault,
    Flag,
    HexPattern,
    Key,
    Term,
    TrafficFilter,
    complete,
    parse_filter,
    quoted,
    with_value,
)
from cmi_gui.engine.traffic.store import Direction, Side

LIKELY = st.lists(
    st.sampled_from(
        [
            *(f"{key}:" for key in Key if key),
            *TYPE_NAMES,
            *Flag,
            *'- ":,*\\',
            "mbus",
            "rx",
            "5",
            "1-9",
            "68",
            "..",
            "5m",
        ]
    ),
    max_size=12,
).map("".join)


def only(text: str) -> Term:
    (term,) = parse_filter(text).terms
    return term


@pytest.mark.parametrize(
    ("text", "key", "values"),
    [
        ("side:mbus", Key.SIDE, (Side.MBUS,)),
        ("SIDE:Meter", Key.SIDE, (Side.METER,)),
        ("dir:rx,tx", Key.DIR, (Direction.RECEIVED, Direction.SENT)),
        ("addr:5", Key.ADDR, ((5, 5),)),
        ("addr:1-9,253,none", Key.ADDR, ((1, 9), (253, 253), None)),
        ("type:rsp_ud", Key.TYPE, ("RSP_UD",)),
        ("type:REQ*", Key.TYPE, ("REQ_UD1", "REQ_UD2", "request")),
        ("type:bad_checksum", Key.TYPE, ("bad_checksum",)),
        ("type:silence", Key.TYPE, ("silence",)),
        ("link:TCP", Key.LINK, ("tcp",)),
        ('text:"1.8.0 A"', Key.TEXT, ("1.8.0 a",)),
        (r'text:"a\"b\\"', Key.TEXT, ('a"b\\',)),
        ("text:a,b", Key.TEXT, ("a,b",)),
        ("since:5m", Key.SINCE, (Ago(300.0),)),
        ("until:1.5h", Key.UNTIL, (Ago(5400.0),)),
        ("since:14:05", Key.SINCE, (Daytime(50_700),)),
        ("since:14:05:09", Key.SINCE, (Daytime(50_709),)),
        ("is:error,retry", Key.IS, (Flag.ERROR, Flag.RETRY)),
        ("error", Key.IS, (Flag.ERROR,)),
        ('"error"', Key.WORD, ("error",)),
        ("1.8.0", Key.WORD, ("1.8.0",)),
        ("1-0:1.8.0", Key.WORD, ("1-0:1.8.0",)),
        ("tcp://127.0.0.1:1", Key.WORD, ("tcp://127.0.0.1:1",)),
        ('""', Key.WORD, ("",)),
    ],
)
def test_terms(text: str, key: Key, values: tuple[object, ...]) -> None:
    assert only(text) == Term(key, values, False, 0, len(text))  # type: ignore[arg-type]
    assert only(f" -{text}") == Term(key, values, True, 1, len(text) + 2)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "fault", "position", "given"),
    [
        ("a foo:1", FilterFault.UNKNOWN_KEY, 2, "foo"),
        ("-foo:1", FilterFault.UNKNOWN_KEY, 1, "foo"),
        ("side:", FilterFault.NO_VALUE, 5, "side"),
        ("addr:,", FilterFault.NO_VALUE, 5, "addr"),
        ('text:""', FilterFault.NO_VALUE, 5, "text"),
        ('x text:"abc', FilterFault.OPEN_QUOTE, 7, '"abc'),
        ("a - b", FilterFault.LONE_MINUS, 2, "-"),
        ("side:left", FilterFault.BAD_SIDE, 5, "left"),
        ("dir:up", FilterFault.BAD_DIRECTION, 4, "up"),
        ("addr:5,256", FilterFault.BAD_ADDRESS, 7, "256"),
        ("addr:9-1", FilterFault.BAD_ADDRESS, 5, "9-1"),
        ("type:RSP", FilterFault.BAD_TYPE, 5, "RSP"),
        ("hex:6", FilterFault.BAD_HEX, 4, "6"),
        ("since:soon", FilterFault.BAD_TIME, 6, "soon"),
        ("since:24:00", FilterFault.BAD_TIME, 6, "24:00"),
        ("is:odd", FilterFault.BAD_FLAG, 3, "odd"),
    ],
)
def test_faults_have_their_position(text: str, fault: FilterFault, position: int, given: str) -> None:
    with pytest.raises(FilterError) as raised:
        parse_filter(text)
    assert (raised.value.fault, raised.value.position, raised.value.given) == (fault, position, given)


def test_repeated_keys_are_alternatives_and_a_minus_excludes() -> None:
    parsed = parse_filter("addr:1 addr:5 -type:ACK x")
    assert parsed.values(Key.ADDR) == ((1, 1), (5, 5))
    assert parsed.values(Key.TYPE) == ()
    assert parsed.values(Key.TYPE, negated=True) == ("ACK",)
    assert parse_filter("  ") == TrafficFilter()


@pytest.mark.parametrize(
    ("pattern", "data", "matches"),
    [
        ("68 .. 72", b"\x00\x68\x01\x72", True),
        ("68..72", b"\x68\x72", False),
        ("68 * 72", b"\x68\x72", True),
        ("68 * 72 * 16", b"\x68\x01\x02\x72\x16", True),
        ("72 * 68", b"\x68\x72", False),
        ("0A", b"\n", True),
        ("..", b"\n", True),
    ],
)
def test_bytes(pattern: str, data: bytes, matches: bool) -> None:
    (value,) = only(f'hex:"{pattern}"').values
    assert isinstance(value, HexPattern)
    assert value.matches(data.decode("latin-1")) is matches


def test_many_stars_cost_no_more_than_few() -> None:
    (value,) = only('hex:"' + "* 00 " * 40 + '01"').values
    assert isinstance(value, HexPattern)
    assert not value.matches("\x00" * 100_000)


@given(st.one_of(st.text(max_size=40), LIKELY))
def test_any_text_is_a_filter_or_raises_a_filter_error(text: str) -> None:
    try:
        terms = parse_filter(text).terms
    except FilterError as error:
        assert 0 <= error.position <= len(text)  # noqa: PT017 - either outcome is right
        return
    at = 0
    for term in terms:
        assert at <= term.start < term.end <= len(text)
        assert text[at : term.start].strip() == ""
        assert parse_filter(text[term.start : term.end]).terms[0].values == term.values
        at = term.end
    assert text[at:].strip() == ""


@given(st.text(min_size=1, max_size=20))
def test_any_text_can_be_quoted(value: str) -> None:
    assert only(quoted(value)) == Term(Key.WORD, (value.casefold(),), False, 0, len(quoted(value)))
    assert only(f"text:{quoted(value)}").values == (value.casefold(),) or not value.strip(", ")


@given(st.one_of(st.text(max_size=40), LIKELY), st.integers(0, 40))
def test_completion_never_fails_and_continues_the_text(text: str, cursor: int) -> None:
    cursor = min(cursor, len(text))
    occurring = {Key.ADDR: ["1", "253"], Key.TYPE: list(TYPE_NAMES), Key.SIDE: ["mbus", "meter"]}
    offered = complete(text, cursor, occurring)
    assert 0 <= offered.start <= offered.end == cursor
    for choice in offered.choices:
        assert choice.casefold().startswith(text[offered.start : cursor].casefold())


@pytest.mark.parametrize(
    ("text", "completion"),
    [
        ("x si", Completion(2, 4, ("side:", "since:", "silence"))),
        ("-ty", Completion(1, 3, ("type:",))),
        ("type:RS", Completion(5, 7, ("RSP_UD",))),
        ("addr:5,2", Completion(7, 8, ("253",))),
        ("foo:", Completion(4, 4, ())),
    ],
)
def test_completions(text: str, completion: Completion) -> None:
    assert complete(text, len(text), {Key.TYPE: ["RSP_UD", "ACK"], Key.ADDR: ["5", "253"]}) == completion


def test_a_value_is_written_into_the_filter() -> None:
    assert with_value("", Key.SIDE, "mbus") == "side:mbus"
    assert with_value("side:meter  x -side:mbus", Key.SIDE, "mbus") == "x -side:mbus side:mbus"
    assert with_value("side:meter x", Key.SIDE, None) == "x"
    assert with_value("x", Key.IS, "error") == "x error"
    assert with_value("error x is:error", Key.IS, None) == "x"


@given(st.one_of(st.text(max_size=30), LIKELY))
def test_writing_a_value_changes_no_other_key(text: str) -> None:
    try:
        before = parse_filter(text)
    except FilterError:
        return
    after = parse_filter(with_value(text, Key.SIDE, "mbus"))
    assert after.values(Key.SIDE) == (Side.MBUS,)
    for key in set(Key) - {Key.SIDE}:
        assert after.values(key) == before.values(key)
    assert after.values(Key.SIDE, negated=True) == before.values(Key.SIDE, negated=True)
