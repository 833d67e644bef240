"""The search of the page Traffic: the same lines as a search of each row, in any order of filters, drops and slices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.traffic.filter import HexPattern, Key, TrafficFilter, parse_filter
from cmi_gui.engine.traffic.masking import hex_text, is_masked
from cmi_gui.engine.traffic.octet_search import characters
from cmi_gui.engine.traffic.store import Direction, RowKind, Side, TrafficRow, TrafficStore
from cmi_gui.engine.traffic.summaries import summarise
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.traffic.model import TrafficModel
from cmi_gui.ui.pages.traffic.page import TrafficPage
from cmi_gui.ui.pages.traffic.source import TrafficSource
from cmi_gui.ui.pages.traffic.text import type_text
from tests.helpers.pages import go_to

REQ = bytes.fromhex("107B007B16")
RSP = Frame.long(8, 5, 0x72, bytes.fromhex("7856341296150102050000000403393000000C78010203040F")).to_bytes()
Stored = tuple[Side, Direction, RowKind, int | None, str, bytes, tuple[tuple[int, int], ...], str]

ROWS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                (Side.MBUS, Direction.RECEIVED, RowKind.TELEGRAM, 0, "tcp", REQ, (), ""),
                (Side.MBUS, Direction.SENT, RowKind.TELEGRAM, None, "tcp", b"\xe5", (), ""),
                (Side.MBUS, Direction.SENT, RowKind.TELEGRAM, 5, "tcp", RSP, (), ""),
                (Side.MBUS, Direction.SENT, RowKind.BAD_CHECKSUM, None, "tcp", RSP[:20] + RSP[21:], (), ""),
                (Side.METER, Direction.SENT, RowKind.TELEGRAM, None, "sim:", b"/?!\r\n", (), ""),
                (
                    Side.METER,
                    Direction.SENT,
                    RowKind.TELEGRAM,
                    None,
                    "sim:",
                    b"\x01P1\x02" + bytes(11),
                    ((4, 15),),
                    "P1",
                ),
                (Side.MBUS, Direction.RECEIVED, RowKind.BREAK, None, "tcp", b"", (), ""),
            ]
        ),
        st.binary(max_size=6).map(lambda data: (Side.MBUS, Direction.SENT, RowKind.NOISE, None, "tcp", data, (), "")),
    ),
    max_size=60,
)
TERMS = [
    *("req_ud2", "acknowledge", "e5", "-e5", '"10 7b"', "0", "-0", '"00 00"', "P1", "sign-on", "-noise", "rsp_ud"),
    *('hex:"68 * 16"', '-hex:"68 .. .. 68"', 'hex:"00"', 'hex:"01 50 31"', 'text:"/?!"', "text:records", "-text:5678"),
    *("side:mbus", "-type:ACK", "addr:5", "error", "masked", "silence", "retry", '""', '"**"', "5678", "-silence"),
]  # fmt: skip
FILTERS = st.lists(st.sampled_from(TERMS), max_size=3).map(" ".join)


def parts(row: TrafficRow) -> list[str]:
    octets = hex_text(row.data, row.masked)
    readable = "" if row.masked else characters(row.data)
    return [text.casefold() for text in (summarise(row), type_text(row), octets, octets.replace(" ", ""), readable)]


def passes(wanted: TrafficFilter, texts: Sequence[str], octets: str | None) -> bool:
    def has(word: object) -> bool:
        return any(str(word) in text for text in texts)

    def matches(pattern: object) -> bool:
        return octets is not None and isinstance(pattern, HexPattern) and pattern.matches(octets)

    words, excluded = (
        wanted.values(Key.TEXT),
        (*wanted.values(Key.WORD, negated=True), *wanted.values(Key.TEXT, negated=True)),
    )
    patterns = wanted.values(Key.HEX)
    return (
        all(map(has, wanted.values(Key.WORD)))
        and (not words or any(map(has, words)))
        and not any(word and has(word) for word in excluded)
        and (not patterns or any(map(matches, patterns)))
        and not any(map(matches, wanted.values(Key.HEX, negated=True)))
    )


def expected(model: TrafficModel, wanted: TrafficFilter) -> list[int]:
    """The ids of the lines that pass, by a look at each; those of its other terms by the columns alone."""
    source = model.source
    columns = TrafficFilter(tuple(term for term in wanted.terms if term.key not in (Key.WORD, Key.TEXT, Key.HEX)))
    other = TrafficModel(source)
    other.set_filter(columns)
    finish(other)
    found = []
    for line in other.lines(0, other.rowCount()):
        row = source.store.row(line >> 1)
        if line & 1:
            texts, octets = [other.summary(other.position(line)).casefold()], None
        else:
            texts = parts(row)
            octets = "".join("\u0100" if is_masked(row.masked, at) else chr(byte) for at, byte in enumerate(row.data))
        if passes(wanted, texts, octets):
            found.append(line)
    return found


def shown(model: TrafficModel) -> list[int]:
    return list(model.lines(0, model.rowCount()))


def finish(model: TrafficModel) -> None:
    """Do the slices that would come from the event loop."""
    model.catch_up()
    while model.waiting or model.indexed is not None:
        model.catch_up()


@pytest.fixture
def make(qtbot: QtBot) -> Callable[[TrafficStore], TrafficModel]:
    def model(store: TrafficStore) -> TrafficModel:
        return TrafficModel(TrafficSource(store, lambda at: datetime.fromtimestamp(at, UTC), lambda: 1000.0))

    return model


def add(store: TrafficStore, rows: Sequence[Stored]) -> None:
    for row in rows:
        store.append(float(len(store)), *row)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(ROWS, FILTERS, st.integers(0, 3), st.booleans()), min_size=1, max_size=4))
def test_a_search_finds_the_lines_that_each_row_by_itself_would_give(
    make: Callable[[TrafficStore], TrafficModel], steps: list[tuple[list[Stored], str, int, bool]]
) -> None:
    store = TrafficStore()
    model = make(store)
    with pytest.MonkeyPatch.context() as patch:
        # Slices of a few rows, so that a filter is changed and rows are dropped in the middle of a search.
        patch.setattr("cmi_gui.ui.pages.traffic.model.SLICE_SECONDS", 0.0)
        for name, rows in (("_SEARCHED", 5), ("_COMPARED", 7), ("_INDEXED", 3), ("_ANALYSED", 4)):
            patch.setattr(f"cmi_gui.ui.pages.traffic.model.{name}", rows)
        patch.setattr("cmi_gui.engine.traffic.text_index.BLOCK", 8)
        for rows, text, slices, drop in steps:
            add(store, rows)
            model.set_filter(parse_filter(text))
            for _ in range(slices):
                model.catch_up()
            if drop:
                store.max_bytes = store.size // 2
                store.max_bytes = None
        wanted = parse_filter(steps[-1][1])
        finish(model)
        assert shown(model) == expected(model, wanted)
        assert model.progress is None


def test_hits_are_shown_while_the_search_goes_on(
    make: Callable[[TrafficStore], TrafficModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = TrafficStore()
    add(store, [(Side.MBUS, Direction.SENT, RowKind.NOISE, None, "", b"%d" % number, (), "") for number in range(3000)])
    model = make(store)
    monkeypatch.setattr("cmi_gui.ui.pages.traffic.model.SLICE_SECONDS", 0.0)
    monkeypatch.setattr("cmi_gui.ui.pages.traffic.model._SEARCHED", 100)
    while model.waiting:
        model.catch_up()
    indexed = model.indexed
    assert indexed is not None
    assert 0 < indexed < 1
    model.set_filter(parse_filter("1"))
    assert 0 < model.rowCount() < 200
    assert model.progress is not None
    assert 0 < model.progress < 1
    # Another filter ends the search.
    model.set_filter(parse_filter(""))
    finish(model)
    assert model.rowCount() == 3000
    assert model.indexed is None


def test_the_page_says_how_far_search_and_index_are(
    in_contact: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    page = go_to(in_contact, TrafficPage)
    monkeypatch.setattr("cmi_gui.ui.pages.traffic.model.SLICE_SECONDS", 0.0)
    monkeypatch.setattr("cmi_gui.ui.pages.traffic.model._SEARCHED", 50)
    store = page.station.traffic
    add(store, [(Side.MBUS, Direction.SENT, RowKind.NOISE, None, "", b"%d" % number, (), "") for number in range(3000)])
    seen: set[str] = set()
    page.model.counted.connect(lambda: seen.add(page.bar.words))
    page.model.catch_up()
    qtbot.waitUntil(lambda: page.model.indexed is None)
    assert any("preparing the word search: 5" in words for words in seen)
    assert "search" not in page.bar.words
    seen.clear()
    page.filter.setText("noise")
    assert "searching: " in page.bar.words
    qtbot.waitUntil(lambda: page.model.progress is None)
    assert "search" not in page.bar.words
    assert page.model.rowCount() == 3000
