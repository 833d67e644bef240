from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.iec62056.dataset import DataSet, join_readout, parse_line, split_readout
from cmi_gui.engine.iec62056.errors import Iec62056Error, IecErrorCode
from tests.helpers.meter_telegrams import LISTS


@pytest.mark.parametrize("lines", LISTS.values(), ids=LISTS)
def test_real_readouts_survive_a_round_trip(lines: tuple[str, ...]) -> None:
    assert split_readout(join_readout(lines)) == lines
    for line in lines:
        (item,) = parse_line(line)
        assert str(item) == line


@pytest.mark.parametrize(
    ("text", "sets"),
    [
        ("1.8.0(061561.289*kWh)", [DataSet("1.8.0", "061561.289", "kWh")]),
        ("C.1.1(        )", [DataSet("C.1.1", "        ")]),
        ("C.7.0()", [DataSet("C.7.0", "")]),
        ("(0001)", [DataSet("", "0001")]),
        ("1.6.0(1.2*kW)(0509010000)", [DataSet("1.6.0", "1.2", "kW"), DataSet("", "0509010000")]),
        ("F(1)G(2*V)H(3)", [DataSet("F", "1"), DataSet("G", "2", "V"), DataSet("H", "3")]),
        ("1.6.0*12(1*k*W)", [DataSet("1.6.0*12", "1", "k*W")]),
        ("0.0(a) 1.1(b)", [DataSet("0.0", "a"), DataSet(" 1.1", "b")]),
    ],
)
def test_legal_forms(text: str, sets: list[DataSet]) -> None:
    assert list(parse_line(text)) == sets
    assert "".join(map(str, sets)) == text


@pytest.mark.parametrize(
    ("text", "code", "offset"),
    [
        ("", IecErrorCode.SYNTAX, 0),
        ("1.8.0", IecErrorCode.SYNTAX, 5),
        ("1.8.0(1", IecErrorCode.SYNTAX, 7),
        ("1.8.0(1)2", IecErrorCode.SYNTAX, 9),
        ("1.8.0(1*)", IecErrorCode.SYNTAX, 8),
        ("1/8(1)", IecErrorCode.CHARACTER, 1),
        ("1.8)(1)", IecErrorCode.CHARACTER, 3),
        ("A(1)B(2/3)", IecErrorCode.CHARACTER, 7),
        ("A(1*m3/h)", IecErrorCode.CHARACTER, 6),
        ("A((1)", IecErrorCode.CHARACTER, 2),
        ("A(\x011)", IecErrorCode.CHARACTER, 2),
        ("A(\u00b11)", IecErrorCode.CHARACTER, 2),
        ("12345678901234567(1)", IecErrorCode.TOO_LONG, 16),
        ("A(" + "1" * 33 + ")", IecErrorCode.TOO_LONG, 34),
        ("A(1*" + "u" * 17 + ")", IecErrorCode.TOO_LONG, 20),
        ("A(1)" * 20, IecErrorCode.TOO_LONG, 78),
    ],
)
def test_an_error_has_its_position(text: str, code: IecErrorCode, offset: int) -> None:
    with pytest.raises(Iec62056Error) as caught:
        parse_line(text)
    assert (caught.value.code, caught.value.offset) == (code, offset)


def test_programming_mode_allows_longer_values() -> None:
    text = "A(" + "1" * 70 + ")"
    with pytest.raises(Iec62056Error):
        parse_line(text)
    assert [str(item) for item in parse_line(text, max_value=128)] == [text]


@pytest.mark.parametrize("text", ["", "A(1)\r\n", "A(1)\r\n!A(2)", "A(1)"])
def test_a_readout_ends_with_an_exclamation_mark(text: str) -> None:
    with pytest.raises(Iec62056Error) as caught:
        split_readout(text)
    assert caught.value.code is IecErrorCode.INCOMPLETE


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("A(1)\r\nB(2)!\r\n", ("A(1)", "B(2)")),
        ("A(1)!", ("A(1)",)),
        ("A(1)\r\n\r\nB(2)\r!\r\n", ("A(1)", "", "B(2)")),
        ("A(1)\r\n!", ("A(1)",)),
        ("!\r\n", ()),
        ("!", ()),
    ],
)
def test_the_exclamation_mark_may_follow_the_last_line(text: str, lines: tuple[str, ...]) -> None:
    assert split_readout(text) == lines


def allowed(forbidden: str, most: int, least: int = 0) -> st.SearchStrategy[str]:
    characters = st.characters(min_codepoint=32, max_codepoint=126, exclude_characters=forbidden)
    return st.text(characters, min_size=least, max_size=most)


sets = st.builds(DataSet, allowed("()/!", 16), allowed("()*/!", 32), st.none() | allowed("()/!", 16, least=1))


@given(st.lists(sets, min_size=1, max_size=4).filter(lambda items: len("".join(map(str, items))) <= 78))
def test_round_trip(items: list[DataSet]) -> None:
    assert parse_line("".join(map(str, items))) == tuple(items)


@given(st.text(max_size=90) | st.text(st.sampled_from("1.8(*)!/ kWh"), max_size=90))
def test_text_at_random_raises_nothing_foreign_and_loses_nothing(text: str) -> None:
    offset = 0
    try:
        sets = parse_line(text)
    except Iec62056Error as error:
        offset = error.offset
    else:
        assert "".join(map(str, sets)) == text
    assert 0 <= offset <= len(text)


@given(st.lists(allowed("!", 78), max_size=30))
def test_readouts_survive_a_round_trip(lines: list[str]) -> None:
    assert list(split_readout(join_readout(lines))) == lines
