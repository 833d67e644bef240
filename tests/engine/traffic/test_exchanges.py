"""Requests and answers: exchanges, retries, requests without an answer; the same in whatever steps rows are added."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.traffic.exchanges import ANSWER_TIMEOUT, RETRY, SILENT, Exchanges
from cmi_gui.engine.traffic.store import ROW_COST, Direction, RowKind, Side, TrafficStore

NKE = bytes.fromhex("1040054516")
REQ = bytes.fromhex("107B058016")
ALL = bytes.fromhex("1040FF3F16")
RX, TX = Direction.RECEIVED, Direction.SENT
SIGN_ON, SIGN_OFF = b"/?!\r\n", b"\x01B0\x03q"


def store_of(
    *rows: tuple[float, Side, Direction, bytes], link: str = "a", kind: RowKind = RowKind.TELEGRAM
) -> TrafficStore:
    store = TrafficStore()
    for at, side, direction, data in rows:
        add(store, at, side, direction, data, link, kind)
    return store


def add(
    store: TrafficStore,
    at: float,
    side: Side,
    direction: Direction,
    data: bytes,
    link: str = "a",
    kind: RowKind = RowKind.TELEGRAM,
) -> None:
    address = data[2] if side is Side.MBUS and len(data) == 5 else None
    store.append(at, side, direction, kind, address, link, data)


def taken_in(store: TrafficStore) -> tuple[Exchanges, list[int]]:
    exchanges = Exchanges(store)
    return exchanges, exchanges.catch_up(len(store))


def test_an_answer_belongs_to_its_request() -> None:
    store = store_of((0, Side.MBUS, RX, NKE), (0.1, Side.MBUS, TX, b"\xe5"), (1, Side.MBUS, RX, REQ))
    exchanges, silent = taken_in(store)
    assert [exchanges.start(index) for index in range(3)] == [0, 0, 2]
    assert silent == []
    assert exchanges.marks(0, 3) == bytes(3)


def test_a_repeated_request_was_not_answered() -> None:
    store = store_of(
        (0, Side.MBUS, RX, REQ), (0.5, Side.MBUS, RX, REQ), (1.2, Side.MBUS, RX, REQ), (1.3, Side.MBUS, TX, b"\xe5")
    )
    exchanges, silent = taken_in(store)
    assert silent == [0, 1]
    assert [exchanges.mark(index) for index in range(4)] == [SILENT, SILENT | RETRY, RETRY, 0]
    assert [exchanges.start(index) for index in range(4)] == [0, 0, 0, 0]
    assert round(exchanges.waited(1), 3) == 0.7
    assert exchanges.silent(1, 4) == [1]


def test_another_request_is_no_retry() -> None:
    exchanges, silent = taken_in(store_of((0, Side.MBUS, RX, REQ), (1, Side.MBUS, RX, NKE)))
    assert silent == [0]
    assert exchanges.mark(1) == 0
    assert exchanges.start(1) == 1


def test_a_broadcast_and_a_sign_off_expect_no_answer() -> None:
    rows = [(0.0, Side.MBUS, RX, ALL), (1.0, Side.METER, TX, SIGN_OFF)]
    exchanges, silent = taken_in(store_of(*rows, (2.0, Side.MBUS, RX, ALL), (3.0, Side.METER, TX, SIGN_ON)))
    assert silent == []
    assert exchanges.settle(10_000) == [3]


def timed(took: float | None, kind: RowKind = RowKind.TELEGRAM) -> Exchanges:
    """Return the exchanges of a request that ended at 1 s and an answer that ended at 1.5 s."""
    store = store_of((1, Side.MBUS, RX, REQ))
    store.append(1.5, Side.MBUS, TX, kind, None, "a", b"\xe5", baud=2400, took=took)
    return taken_in(store)[0]


def test_an_answer_is_timed_from_the_end_of_its_request_to_its_first_bit() -> None:
    assert timed(0.125).answer(1) == 0.375
    assert timed(0.125).answer(0) is None
    assert timed(None).answer(1) is None, "where an answer began is not known in the log of another tool"
    assert timed(0.7).answer(1) == 0, "it cannot have begun before the request ended"
    assert timed(0.125, RowKind.EXPIRED).answer(1) is None, "it was not sent"
    assert np.frombuffer(timed(0.125).answers(0, 2), np.float32).tolist()[1] == 0.375


def test_after_a_retry_the_answer_is_timed_from_the_last_request() -> None:
    store = store_of((0, Side.MBUS, RX, REQ), (1, Side.MBUS, RX, REQ))
    for at in (1.25, 1.5):
        store.append(at, Side.MBUS, TX, RowKind.TELEGRAM, None, "a", b"\xe5", baud=300, took=0.0)
    exchanges, _ = taken_in(store)
    assert [exchanges.answer(index) for index in range(4)] == [None, None, 0.25, None]


def test_an_answer_on_another_link_does_not_count() -> None:
    store = store_of((0, Side.MBUS, RX, REQ))
    add(store, 0.1, Side.MBUS, TX, b"\xe5", link="b")
    add(store, 0.2, Side.METER, RX, b"\x15")
    add(store, 1.0, Side.MBUS, RX, REQ)
    exchanges, silent = taken_in(store)
    assert silent == [0]
    assert exchanges.start(1) == 1


def test_damaged_bytes_are_an_answer_and_a_late_answer_is_not() -> None:
    store = store_of((0, Side.METER, TX, SIGN_ON))
    add(store, 1, Side.METER, RX, b"/L#", kind=RowKind.TRUNCATED)
    add(store, 2, Side.METER, TX, SIGN_ON)
    assert taken_in(store)[1] == []
    store = store_of((0, Side.MBUS, RX, REQ))
    add(store, 1, Side.MBUS, TX, b"\xe5", kind=RowKind.EXPIRED)
    add(store, 2, Side.MBUS, RX, REQ)
    exchanges, silent = taken_in(store)
    assert silent == [0]
    assert exchanges.start(1) == 0


def test_requests_time_out() -> None:
    exchanges, _ = taken_in(store_of((0, Side.MBUS, RX, REQ)))
    assert exchanges.settle(ANSWER_TIMEOUT[Side.MBUS]) == []
    assert exchanges.settle(ANSWER_TIMEOUT[Side.MBUS] + 1) == [0]
    assert exchanges.settle(1e9) == []


ROWS = st.lists(
    st.tuples(
        st.sampled_from(Side),
        st.sampled_from(Direction),
        st.sampled_from([NKE, REQ, ALL, b"\xe5", SIGN_ON, SIGN_OFF, b"\x15", b""]),
        st.sampled_from("ab"),
        st.sampled_from([RowKind.TELEGRAM, RowKind.NOISE, RowKind.EXPIRED]),
    ),
    max_size=60,
)


@given(ROWS, st.lists(st.integers(1, 10), max_size=30), st.one_of(st.none(), st.integers(100, 1500)))
def test_it_makes_no_difference_when_rows_are_taken_in(
    rows: list[tuple[Side, Direction, bytes, str, RowKind]], steps: list[int], limit: int | None
) -> None:
    whole, stepped = TrafficStore(), TrafficStore(limit)
    exchanges = Exchanges(stepped)
    silent: list[int] = []
    pauses = iter(steps)
    wait = next(pauses, 1)
    for at, (side, direction, data, link, kind) in enumerate(rows):
        for store in (whole, stepped):
            add(store, float(at), side, direction, data, link, kind)
        wait -= 1
        if not wait:
            silent += exchanges.catch_up(len(stepped))
            wait = next(pauses, 1)
    silent += exchanges.catch_up(len(stepped))
    assert exchanges.stop == len(rows)
    expected, expected_silent = taken_in(whole)
    if limit is None:
        assert silent == expected_silent
        assert exchanges.marks(0, len(rows)) == expected.marks(0, len(rows))
        assert [exchanges.start(n) for n in range(len(rows))] == [expected.start(n) for n in range(len(rows))]
    else:
        assert stepped.size <= max(limit, 261 + ROW_COST)
        for index in range(stepped.first, len(stepped)):
            assert exchanges.start(index) <= index
            exchanges.mark(index)
        assert set(exchanges.silent(stepped.first, len(stepped))) <= set(expected_silent)
