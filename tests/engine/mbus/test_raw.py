"""Telegrams given as bytes: sent unchanged, damaged ones too, with the wait that their C field asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.mbus.exchange import Answer, AnswerKind, Expect, Procedure
from cmi_gui.engine.mbus.frame import MAX_FRAME, Frame
from cmi_gui.engine.mbus.raw import raw_exchange, repaired
from tests.engine.mbus.test_master import Wire, answer_of

OCTET = st.integers(0, 255)
FRAMES = st.one_of(
    st.builds(Frame.short, OCTET, OCTET), st.builds(Frame.long, OCTET, OCTET, OCTET, st.binary(max_size=252))
)


def send(data: bytes) -> Procedure[Answer]:
    return (yield raw_exchange(data))


@given(FRAMES, OCTET, OCTET)
def test_a_frame_is_recognised_whatever_its_checksum_and_stop_byte(frame: Frame, checksum: int, stop: int) -> None:
    data = frame.to_bytes()
    assert repaired(data[:-2] + bytes((checksum, stop))) == frame


@given(st.binary(max_size=300))
def test_bytes_are_sent_as_they_are_or_refused(data: bytes) -> None:
    if not 0 < len(data) <= MAX_FRAME:
        with pytest.raises(ValueError, match="1 to 261 bytes"):
            raw_exchange(data)
        return
    exchange = raw_exchange(data)
    assert exchange.frame.to_bytes() == data
    assert exchange.retries == 0


@pytest.mark.parametrize(
    ("telegram", "expect"),
    [
        ("10 40 05 45 16", Expect.ACK),
        ("10 5B 05 60 16", Expect.RESPONSE),
        ("10 5A 05 5F 16", Expect.RESPONSE),
        ("68 03 03 68 53 05 BB 13 16", Expect.ACK),
        ("10 40 FF 3F 16", Expect.NOTHING),
        ("10 40 05 46 16", Expect.ACK),
        ("10 40 FF 00 16", Expect.ACK),
        ("E5", Expect.RESPONSE),
        ("01 02 03", Expect.RESPONSE),
    ],
)
def test_the_c_field_decides_what_is_waited_for(telegram: str, expect: Expect) -> None:
    assert raw_exchange(bytes.fromhex(telegram)).expect is expect


@pytest.mark.parametrize("telegram", ["10 40 05 45 16", "10 40 05 46 16", "68 03 03 68 53 05 BB 00 16"])
def test_an_echo_is_not_an_answer_even_of_a_damaged_telegram(telegram: str) -> None:
    data = bytes.fromhex(telegram)
    wire = Wire(send(data))
    wire.receive(data)
    while wire.end is None:
        wire.wait()
    assert wire.sent == [data]
    assert answer_of(wire) == Answer(AnswerKind.SILENCE)


def test_the_time_to_the_last_byte_of_the_answer_is_measured() -> None:
    wire = Wire(send(bytes.fromhex("10 40 05 45 16")))
    wire.receive(b"\xe5", after=0.125)
    wire.wait()
    assert answer_of(wire).waited == pytest.approx(0.125)


def test_the_time_of_a_silence_is_the_whole_wait() -> None:
    wire = Wire(send(bytes.fromhex("10 40 05 45 16")))
    sent_at = wire.now
    while wire.end is None:
        wire.wait()
    assert answer_of(wire).waited == pytest.approx(wire.now - sent_at)
