"""A replay's plan and comparison: what is sent, what is skipped and why, and which fields of the answers differ."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.traffic.replay import ReplayOutcome, ReplayStep, compare_answers, plan_replay
from cmi_gui.engine.traffic.store import Direction, RowKind, Side, TrafficRow

RX, TX = Direction.RECEIVED, Direction.SENT
REQ = Frame.short(0x7B, 5).to_bytes()
NKE = Frame.short(0x40, 5).to_bytes()


def row(index: int, at: float, direction: Direction, data: bytes, **other: object) -> TrafficRow:
    fields = {"side": Side.MBUS, "kind": RowKind.TELEGRAM, "address": 5, "link": "tcp", **other}
    return TrafficRow(index=index, at=at, direction=direction, data=data, **fields)  # type: ignore[arg-type]


def answer(energy: int = 1, *, access: int = 9, status: int = 0, more: bytes = b"") -> bytes:
    header = bytes.fromhex("78563412 9615 01 02") + bytes((access, status, 0, 0))
    return Frame.long(8, 5, 0x72, header + b"\x04\x03" + energy.to_bytes(4, "little") + more).to_bytes()


def differences(recorded: bytes, now: bytes) -> list[tuple[str, str, str]]:
    found = compare_answers(recorded, now)
    assert found.outcome is ReplayOutcome.DIFFERENT
    return [(str(each.name), str(each.recorded), str(each.now)) for each in found.differences]


def test_each_telegram_has_its_answer_by_link_with_the_time_between() -> None:
    rows = [
        row(3, 100.0, RX, NKE),
        row(4, 100.5, RX, REQ, link="other"),
        row(5, 100.25, TX, b"\xe5"),
        row(6, 101.0, TX, answer(), link="other"),
        row(7, 101.5, TX, b"\xe5", link="other"),
    ]
    assert plan_replay(rows) == [
        ReplayStep(3, NKE, 0.0, recorded=b"\xe5", seconds=0.25),
        ReplayStep(4, REQ, 0.5, recorded=answer(), seconds=0.5),
    ]


def test_a_telegram_without_an_answer_does_not_get_that_of_the_next() -> None:
    steps = plan_replay([row(0, 1.0, RX, NKE), row(1, 2.0, RX, NKE), row(2, 2.1, TX, b"\xe5")])
    assert [step.recorded for step in steps] == [None, b"\xe5"]


def test_masked_and_damaged_telegrams_are_skipped_with_the_reason() -> None:
    rows = [
        row(0, 1.0, RX, bytes(20), masked=((9, 18),)),
        row(1, 2.0, RX, NKE[:3], kind=RowKind.TRUNCATED),
        row(2, 3.0, RX, NKE[:2], kind=RowKind.TRUNCATED, masked=((0, 2),)),
        row(3, 4.0, RX, NKE),
    ]
    steps = plan_replay(rows)
    assert [str(step.skipped) if step.skipped else "" for step in steps] == [
        "not sent: it has masked bytes, such as a password",
        "not sent: it is damaged in the capture",
        "not sent: it has masked bytes, such as a password",
        "",
    ]
    assert [step.masked for step in steps] == [True, False, True, False]


def test_the_meter_s_side_and_answers_that_were_not_sent_do_not_count() -> None:
    rows = [
        row(0, 1.0, RX, b"/?!\r\n", side=Side.METER),
        row(1, 2.0, RX, REQ),
        row(2, 2.1, TX, answer(), kind=RowKind.EXPIRED),
        row(3, 2.2, RX, b"", kind=RowKind.LINE_ERROR),
        row(4, 2.3, TX, answer(2)),
    ]
    assert [(step.index, step.recorded) for step in plan_replay(rows)] == [(1, answer(2))]


def test_the_access_number_alone_is_no_difference() -> None:
    assert compare_answers(answer(access=1), answer(access=2)).outcome is ReplayOutcome.SAME


def test_silence_is_compared_too() -> None:
    outcomes = [compare_answers(*pair).outcome for pair in ((None, None), (b"\xe5", None), (None, b"\xe5"))]
    assert outcomes == [ReplayOutcome.SAME, ReplayOutcome.NO_ANSWER, ReplayOutcome.ONLY_NOW]


def test_values_are_compared_record_by_record() -> None:
    assert differences(answer(1000), answer(1250)) == [("energy", "1000 Wh", "1250 Wh")]
    second = b"\x04\x03\x05\x00\x00\x00"
    assert differences(answer(1), answer(1, more=second)) == [("energy", "absent", "5 Wh")]
    assert differences(answer(1), answer(1, status=0x10)) == [("status", "00", "10")]
    assert differences(answer(1), answer(1, more=b"\x1f")) == [("series", "the last telegram", "more follows")]


def test_answers_of_another_kind_are_compared_in_words() -> None:
    ((name, recorded, now),) = differences(answer(), b"\xe5")
    assert (name, now) == ("telegram", "acknowledge")
    assert recorded.startswith("RSP_UD 12345678")


def test_damaged_answers_are_compared_as_bytes() -> None:
    assert differences(b"\x68\x01", b"\x68\x02") == [("bytes", "68 01", "68 02")]


@given(st.binary(min_size=1, max_size=40), st.binary(min_size=1, max_size=40))
def test_any_bytes_can_be_compared(recorded: bytes, now: bytes) -> None:
    found = compare_answers(recorded, now)
    assert (found.outcome is ReplayOutcome.DIFFERENT) == bool(found.differences)
    assert compare_answers(recorded, recorded).outcome is ReplayOutcome.SAME


@given(st.integers(0, 2**31 - 1), st.integers(0, 2**31 - 1), st.binary(max_size=60), st.binary(max_size=60))
def test_answers_with_any_records_can_be_compared(one: int, other: int, more: bytes, another: bytes) -> None:
    found = compare_answers(answer(one, more=more), answer(other, more=another))
    assert (found.outcome is ReplayOutcome.DIFFERENT) == bool(found.differences)
    if one != other:
        assert found.outcome is ReplayOutcome.DIFFERENT
