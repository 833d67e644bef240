"""The traffic store: rows are returned unchanged, and the oldest are dropped at the limit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.traffic.store import MOST_NAMES, ROW_COST, Direction, RowKind, Side, TrafficStore

ROWS = st.lists(
    st.tuples(
        st.floats(0, 1e6),
        st.sampled_from(list(Side)),
        st.sampled_from(list(Direction)),
        st.sampled_from(list(RowKind)),
        st.one_of(st.none(), st.integers(0, 255)),
        st.sampled_from(["tcp://127.0.0.1:1", "sim:", "pty:"]),
        st.binary(max_size=40),
    ),
    max_size=60,
)


@given(ROWS, st.one_of(st.none(), st.integers(1, 3000)))
def test_rows_come_back_as_they_went_in(rows: list[tuple[object, ...]], limit: int | None) -> None:
    store = TrafficStore(limit)
    for number, row in enumerate(rows):
        assert store.append(*row) == number  # type: ignore[arg-type]
    assert len(store) == len(rows)
    if limit is None:
        assert store.first == 0
    for index in range(store.first, len(store)):
        row = store.row(index)
        assert (row.at, row.side, row.direction, row.kind, row.address, row.link, row.data) == rows[index]
        assert store.facts(index) == (row.side, row.direction, row.kind)
    for index in (store.first - 1, len(store)):
        with pytest.raises(IndexError):
            store.row(index)


def test_a_bounded_store_stays_bounded_and_keeps_the_newest() -> None:
    store = TrafficStore(100 * (10 + ROW_COST))
    for number in range(10_000):
        store.append(float(number), Side.MBUS, Direction.SENT, RowKind.TELEGRAM, 0, "sim:", b"0123456789")
    assert 90 <= len(store) - store.first <= 100
    assert store.size == (10 + ROW_COST) * (len(store) - store.first)
    store.max_bytes = 500
    assert store.size <= 500
    assert store.row(len(store) - 1).at == 9999.0


def test_masks_go_with_their_rows() -> None:
    store = TrafficStore(10 * (10 + ROW_COST))
    store.append(0.0, Side.MBUS, Direction.SENT, RowKind.TELEGRAM, 0, "sim:", b"x" * 10, ((1, 2),), "words")
    assert store.row(0).masked == ((1, 2),)
    for number in range(30):
        store.append(float(number), Side.MBUS, Direction.SENT, RowKind.TELEGRAM, 0, "sim:", b"x" * 10)
    assert store.first > 0
    assert all(store.row(index).masked == () for index in range(store.first, len(store)))


def test_the_rows_of_several_large_rooms_name_their_modules() -> None:
    store = TrafficStore()
    names = [f"{50_000_000 + number}" for number in range(2 * 250)]
    for number, name in enumerate(names):
        store.append(float(number), Side.MBUS, Direction.SENT, RowKind.TELEGRAM, None, "sim:", b"\xe5")
        store.name_module(range(number, number + 1), name)
    store.extend([500.0], [store.origin(Side.MBUS, Direction.SENT, RowKind.TELEGRAM, "sim:")], [b"\xe5"], [0], [0.0])
    assert [store.row(index).module for index in range(len(store))] == [*names, ""]


def test_modules_beyond_the_bound_have_no_name_and_the_others_keep_theirs() -> None:
    store = TrafficStore()
    for number in range(MOST_NAMES + 1):
        store.name_module(range(0), str(number))
    for index, name in enumerate((str(MOST_NAMES - 1), str(MOST_NAMES), "0")):
        store.append(float(index), Side.MBUS, Direction.SENT, RowKind.TELEGRAM, None, "sim:", b"\xe5")
        store.name_module(range(index, index + 1), name)
    assert [store.row(index).module for index in range(3)] == [str(MOST_NAMES - 1), "", "0"]
