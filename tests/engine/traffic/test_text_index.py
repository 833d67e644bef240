"""The index of texts: what it finds is what a search of each row finds, whatever was kept, dropped and masked."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmi_gui.engine.mbus.frame import Frame, checksum
from cmi_gui.engine.traffic import record_texts, text_index
from cmi_gui.engine.traffic.filter import HexPattern, Key, parse_filter
from cmi_gui.engine.traffic.masking import apply_mask, hex_text
from cmi_gui.engine.traffic.octet_search import characters, mark_pattern, mark_word
from cmi_gui.engine.traffic.record_texts import RecordTexts, has_records
from cmi_gui.engine.traffic.store import Direction, RowKind, Side, TrafficRow, TrafficStore
from cmi_gui.engine.traffic.summaries import summarise
from cmi_gui.engine.traffic.text_index import TextIndex
from tests.helpers.mbus_telegrams import METERS, WORKED_RESPONSES

ANSWERS = [bytes(raw) for raw in (METERS | WORKED_RESPONSES).values()]
MESSAGES = [
    b"/?!\r\n",
    b"/LGZ4\\2ZMF100AC.M23\r\n",
    b"\x021.8.0(061561.289*kWh)\r\n!\r\n\x03\x29",
    b"\x06040\r\n",
    b"\x15",
]


def frame(c: int, a: int, ci: int, data: bytes) -> bytes:
    return Frame.long(c, a, ci, data).to_bytes()


def answer(number: int, value: int, access: int = 1, status: int = 0, more: bytes = b"") -> bytes:
    head = number.to_bytes(4, "little") + b"\x96\x15\x01\x02" + bytes((access, status, 0, 0))
    records = b"\x04\x03" + value.to_bytes(4, "little") + b"\x0d\x78\x03" + value.to_bytes(4, "little")[:3]
    return frame(8, number & 0x7F, 0x72, head + records + more)


def command(number: int, value: int, more: bytes = b"") -> bytes:
    return frame(0x53, number, 0x51, b"\x04\x6d" + value.to_bytes(4, "little") + b"\x0c\x78" + bytes(4) + more)


MORE = [b"", b"\x0f\x01\x02", b"\x1f", b"\x00\x00\x00", b"\x04", b"\x0d\x78\x04a\x01\x03b", b"\x0d\x78\x01a\x01\x03b"]


def lengthened(data: bytes) -> bytes:
    """Add two bytes so that the checksum seems right, but not the length."""
    return data + bytes((checksum(data[4:]), 0x16))


def mutated(data: bytes, at: int, byte: int, repaired: bool) -> bytes:
    """Replace a byte, and repair the checksum if there is one."""
    result = bytearray(data)
    result[at % len(data)] = byte
    if repaired and len(result) > 6:
        result[-2] = checksum(result[4:-2])
    return bytes(result)


TELEGRAMS = st.one_of(
    st.sampled_from([*ANSWERS, *MESSAGES, b"\xe5", bytes.fromhex("1040004016"), b""]),
    st.builds(answer, st.integers(0, 3), st.integers(0, 0xFFFFFFFF), st.integers(0, 255), st.sampled_from([0, 0, 1, 4]),
              st.sampled_from(MORE)),
    st.builds(command, st.integers(0, 3), st.integers(0, 0xFFFFFFFF), st.sampled_from(MORE)),
    st.builds(lengthened, st.builds(answer, st.integers(0, 3), st.integers(0, 9))),
    st.builds(mutated, st.sampled_from(ANSWERS), st.integers(0, 300), st.integers(0, 255), st.booleans()),
    st.binary(max_size=30),
)  # fmt: skip
ROWS = st.lists(
    st.tuples(
        st.sampled_from(Side),
        st.sampled_from([RowKind.TELEGRAM, RowKind.TELEGRAM, RowKind.TELEGRAM, *RowKind]),
        TELEGRAMS,
        st.sampled_from([None, None, None, ((1, 3),), ((0, 1000),)]),
    ),
    max_size=40,
)
WORDS = st.one_of(
    st.sampled_from(["", " ", "e5", "E5", "0", "00", "16", "10 40", "0 4", "040", " 68", "6 ", "**", "* *", "rsp_ud",
                     "records", "readout", "s\ni", "1.8.0", "ÿ", "µ", "ß", "Å", "🙂", "\ud800", "\n", "noise", "+"]),
    st.text("0123456789abcdef ", max_size=4),
    st.text(max_size=2),
).map(str.casefold)  # fmt: skip


def describe(row: TrafficRow) -> str:
    return f"{summarise(row)}\nÄ {row.type.name}"


def parts(row: TrafficRow) -> list[str]:
    """The texts of a row in which words are searched, one by one."""
    octets = hex_text(row.data, row.masked).casefold()
    return [
        *describe(row).casefold().split("\n"),
        octets.replace(" ", ""),
        octets,
        *([] if row.masked else [characters(row.data)]),
    ]


def stored(rows: Sequence[tuple[Side, RowKind, bytes, tuple[tuple[int, int], ...] | None]]) -> TrafficStore:
    store = TrafficStore()
    add(store, rows)
    return store


def add(store: TrafficStore, rows: Sequence[tuple[Side, RowKind, bytes, tuple[tuple[int, int], ...] | None]]) -> None:
    for side, kind, data, masked in rows:
        ranges = tuple((first, min(stop, len(data))) for first, stop in masked or () if first < len(data))
        data, words = apply_mask(data, ranges), "words; secrets masked" if ranges else ""
        if kind is RowKind.BAD_LINE:
            words = "line 3: no telegram"
        store.append(0.0, side, Direction.SENT, kind, None, "", data, ranges, words)


def naive(store: TrafficStore, word: str, first: int, stop: int) -> list[bool]:
    return [any(word in part for part in parts(store.row(index))) for index in range(first, stop)]


@given(ROWS, WORDS, st.data())
def test_words_are_found_as_in_each_row(
    rows: list[tuple[Side, RowKind, bytes, tuple[tuple[int, int], ...] | None]], word: str, data: st.DataObject
) -> None:
    store = stored(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_index, "BLOCK", 7)
        patch.setattr(text_index, "_KEPT", 5)
        patch.setattr(record_texts, "_KEPT", 3)
        index = TextIndex(store, describe)
        index.grow(data.draw(st.integers(0, len(rows))))
        first = data.draw(st.integers(0, len(rows)))
        stop = data.draw(st.integers(first, len(rows)))
        assert list(map(bool, index.found(word, first, stop))) == naive(store, word, first, stop)


@settings(max_examples=50)
@given(st.lists(ROWS, min_size=2, max_size=4), st.lists(WORDS, min_size=1, max_size=3), st.data())
def test_an_index_follows_a_store_that_drops_rows(
    batches: list[list[tuple[Side, RowKind, bytes, tuple[tuple[int, int], ...] | None]]],
    words: list[str],
    data: st.DataObject,
) -> None:
    store = TrafficStore()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_index, "BLOCK", 7)
        index = TextIndex(store, describe)
        for batch in batches:
            add(store, batch)
            index.grow(data.draw(st.integers(store.first, len(store))))
            store.max_bytes = data.draw(st.one_of(st.none(), st.integers(0, store.size)))
            store.max_bytes = None
            assert store.first <= index.stop <= len(store)
            for word in words:
                found = index.found(word, store.first, len(store))
                assert list(map(bool, found)) == naive(store, word, store.first, len(store))
        store.clear()
        index.grow(len(store))
        assert index.stop == len(store)
        assert index.size == 0


@given(
    st.lists(st.one_of(st.sampled_from([b"", b"", b"\xb5", b"\xdf", b"\xe5\xe5"]), st.binary(max_size=3)), max_size=12),
    st.one_of(WORDS, st.sampled_from(["e5", "5", " ", "5 e", "e5 e5", "b", "µ"]).map(str.casefold)).filter(bool),
)
def test_words_are_found_in_bytes_as_in_each_row(datas: list[bytes], word: str) -> None:
    found = bytearray(len(datas))
    mark_word(found, b"".join(datas), list(accumulate(map(len, datas))), word)
    forms = [(data.hex(), data.hex(" "), characters(data)) for data in datas]
    assert list(map(bool, found)) == [any(word in form for form in row) for row in forms]


@given(ROWS, st.sampled_from(["68", "16", "68 .. .. 68", "10 * 16", "*", "..", "00 00", "e5 .. 10", "68 * 72 * 16"]))
def test_patterns_are_found_as_in_each_row(
    rows: list[tuple[Side, RowKind, bytes, tuple[tuple[int, int], ...] | None]], text: str
) -> None:
    store = stored(rows)
    (pattern,) = parse_filter(f'hex:"{text}"').values(Key.HEX)
    assert isinstance(pattern, HexPattern)
    found = bytearray(len(store))
    mark_pattern(found, *store.span(0, len(store)), pattern)
    texts = [store.data(index).decode("latin-1") for index in range(len(store))]
    assert list(map(bool, found)) == [pattern.matches(text) for text in texts]


@given(st.lists(TELEGRAMS, max_size=30))
def test_a_telegram_has_the_text_of_one_that_differs_in_values(telegrams: list[bytes]) -> None:
    texts = RecordTexts()
    for data in filter(has_records, telegrams):
        summary = summarise(TrafficRow(0, 0.0, Side.MBUS, Direction.SENT, RowKind.TELEGRAM, None, "", data))
        known = texts.get(data)
        assert known is None or known == summary
        texts.learn(data, summary)


def test_only_the_first_of_commands_that_differ_in_values_is_decoded() -> None:
    decoded: list[int] = []
    store = TrafficStore()
    for value in range(50):
        store.append(0.0, Side.MBUS, Direction.RECEIVED, RowKind.TELEGRAM, 1, "", command(1, value))
    index = TextIndex(store, lambda row: decoded.append(row.index) or describe(row))
    index.grow(len(store))
    assert decoded == [0]
    assert list(index.found("date and time", 48, 50)) == [1, 1]


def test_only_the_first_of_equal_answers_is_decoded() -> None:
    decoded: list[int] = []

    def counted(row: TrafficRow) -> str:
        decoded.append(row.index)
        return describe(row)

    store = TrafficStore()
    for number in range(100):
        store.append(0.0, Side.MBUS, Direction.SENT, RowKind.TELEGRAM, 1, "", answer(number % 2, 7919 * number, number))
        store.append(0.0, Side.MBUS, Direction.RECEIVED, RowKind.TELEGRAM, 1, "", bytes.fromhex("105B015C16"))
    index = TextIndex(store, counted)
    index.grow(len(store))
    assert decoded == [0, 1, 2]
    # A damaged one and one with another status have texts of their own.
    damaged, other = bytearray(answer(0, 5)), answer(0, 5, status=4)
    damaged[20] ^= 1
    for data in (bytes(damaged), other):
        store.append(0.0, Side.MBUS, Direction.SENT, RowKind.TELEGRAM, 1, "", data)
    index.grow(len(store))
    assert decoded == [0, 1, 2, 200, 201]
    assert list(index.found("cannot be decoded", 199, 202)) == [0, 1, 0]


def test_equal_texts_take_no_room() -> None:
    store = TrafficStore()
    for number in range(2 * text_index.BLOCK):
        store.append(0.0, Side.MBUS, Direction.SENT, RowKind.TELEGRAM, 1, "", answer(1, number))
    index = TextIndex(store, describe)
    index.grow(len(store))
    assert index.size < 2.1 * len(store)


def test_what_changes_the_number_of_records_counts() -> None:
    texts = RecordTexts()
    one, two = (answer(1, 5, more=b"\x0d\x78" + bytes((size,)) + b"a\x01\x03b") for size in (4, 1))
    texts.learn(one, "3 records")
    assert texts.get(two) is None
    texts.learn(two, "4 records")
    assert [texts.get(one), texts.get(two)] == ["3 records", "4 records"]
    assert texts.get(lengthened(one)) is None
