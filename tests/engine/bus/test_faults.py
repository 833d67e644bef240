"""The text form of faults, and how often they happen."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.bus.faults import FAULTS, FaultRule, Faults, Often, WireAnswer, parse_fault
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import Frame, parse_frame
from cmi_gui.engine.messages import InvalidValue

LINE = Line(2400)
ACK = b"\xe5"
RESPONSE = Frame.long(8, 3, 0x72, bytes.fromhex("78563412 9615 01 02 05000000 0C78 78563412")).to_bytes()


@st.composite
def rules(draw: st.DrawFn) -> FaultRule:
    kind = draw(st.sampled_from(sorted(FAULTS)))
    limits = FAULTS[kind].value
    value = None if limits is None else draw(st.integers(*limits[1:]))
    often = draw(st.sampled_from(Often))
    most = {Often.EVERY: 1_000_000, Often.PERCENT: 100}.get(often)
    return FaultRule(kind, value, often, draw(st.integers(1, most)) if most else 0)


@given(rules())
def test_a_rule_is_what_its_text_says(rule: FaultRule) -> None:
    assert parse_fault(str(rule)) == rule


@given(st.text() | st.lists(st.sampled_from([*FAULTS, "once", "every", "%", "1", "300", "-1", "x"])).map(" ".join))
def test_any_other_text_is_refused_with_a_reason(text: str) -> None:
    reason = ""
    try:
        rule = parse_fault(text)
    except InvalidValue as error:
        reason = str(error.message)
    else:
        assert str(rule).split() == text.replace("%", " % ").split() or int(text.split()[1]) == rule.value
    assert reason.isprintable()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "'' is not a fault; a fault is one of no-answer, late, "),
        ("slow 300", "'slow' is not a fault; a fault is one of no-answer, late, "),
        ("late", "'late' is not of the form late MS [once | every N | N %]"),
        ("late 30 %", "'late 30 %' is not of the form late MS [once | every N | N %]"),
        ("late 300 ms", "'late 300 ms' is not of the form late MS [once | every N | N %]"),
        ("busy 8", "'busy 8' is not of the form busy [once | every N | N %]"),
        ("busy once once", "'busy once once' is not of the form busy [once | every N | N %]"),
        ("late 0", "late MS must be 1 to 10000, not '0'"),
        ("cut 261", "cut BYTES must be 1 to 260, not '261'"),
        ("flip 65", "flip BITS must be 1 to 64, not '65'"),
        ("application-error 256", "application-error CODE must be 0 to 255, not '256'"),
        ("busy every 0", "busy every N must be 1 to 1000000, not '0'"),
        ("busy 101 %", "busy N % must be 1 to 100, not '101'"),
        ("late " + "9" * 5000, "late MS must be 1 to 10000, not '" + "9" * 40 + "'"),
    ],
)
def test_a_wrong_text_is_answered_with_the_right_form(text: str, reason: str) -> None:
    with pytest.raises(InvalidValue) as raised:
        parse_fault(text)
    assert str(raised.value.message).startswith(reason)


def test_the_percent_sign_may_follow_at_once() -> None:
    assert str(parse_fault("busy 30%")) == "busy 30 %"


def happened(faults: Faults, answers: list[bytes]) -> list[list[str]]:
    return [[str(rule) for rule in faults.apply(WireAnswer(answer, LINE))] for answer in answers]


def test_how_often_a_fault_happens() -> None:
    faults = Faults(Random(1))
    faults.add(parse_fault("busy every 3"))
    faults.add(parse_fault("no-answer once"))
    faults.add(parse_fault("lost-ack"))
    # E5 does not count for `busy`, nor what is no longer an answer for `lost-ack`.
    answers = [RESPONSE, ACK, RESPONSE, RESPONSE, ACK]
    assert happened(faults, answers) == [["no-answer once"], ["lost-ack"], [], ["busy every 3"], ["lost-ack"]]
    assert [str(rule) for rule in faults.rules] == ["busy every 3", "lost-ack"]
    faults.clear()
    assert happened(faults, answers) == [[]] * 5
    assert faults.rules == ()


def test_a_share_of_the_answers_is_the_same_for_the_same_seed() -> None:
    runs = []
    for seed in (1, 1, 2):
        faults = Faults(Random(seed))
        faults.add(parse_fault("flip 1 30 %"))
        runs.append([tuple(each) for each in happened(faults, [RESPONSE] * 1000)])
    assert runs[0] == runs[1] != runs[2]
    assert 250 < sum(map(len, runs[0])) < 350


@pytest.mark.parametrize("bits", [1, 2, 3, 64])
@pytest.mark.parametrize("data", [RESPONSE, ACK], ids=["RSP_UD", "E5"])
def test_inverted_bits_always_damage_the_answer(data: bytes, bits: int) -> None:
    """Two bits of the same weight may leave the checksum right: in this telegram one of some 30 pairs does."""
    random, fault = Random(1), FAULTS["flip"]
    for _ in range(500):
        answer = WireAnswer(data, LINE)
        fault.change(answer, bits, random)
        assert (int.from_bytes(answer.data) ^ int.from_bytes(data)).bit_count() == min(bits, 8 * len(data))
        with pytest.raises(MBusError):
            parse_frame(answer.data)


def test_several_faults_of_one_answer_are_applied_in_order() -> None:
    faults = Faults(Random(1))
    for text in ("foreign", "cut 3", "bad-checksum", "late 20", "jitter 10"):
        faults.add(parse_fault(text))
    answer = WireAnswer(RESPONSE, LINE)
    # What is cut has no checksum any more.
    assert [rule.kind for rule in faults.apply(answer)] == ["foreign", "cut", "late", "jitter"]
    assert (
        answer.data
        == Frame.long(8, 128, 0x72, bytes.fromhex("21436587") + parse_frame(RESPONSE).data[4:]).to_bytes()[:-3]
    )
    assert 0.020 <= answer.delay <= 0.030
