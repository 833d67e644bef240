"""Frames: exact bytes, exact events, and properties of any stream."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.mbus.errors import MBusError, MBusErrorCode
from cmi_gui.engine.mbus.frame import (
    ACK_FRAME,
    ADDRESS_BROADCAST,
    ADDRESS_PRIMARY_MAX,
    ADDRESS_SELECTED,
    ADDRESS_TEST,
    DFC,
    FCB,
    FCV,
    PRM,
    REQ_UD1,
    REQ_UD2,
    RSP_UD,
    SND_NKE,
    SND_UD,
    Frame,
    FrameKind,
    Function,
    function_of,
    parse_frame,
)
from cmi_gui.engine.mbus.frame_decoder import (
    BadChecksum,
    BadFrame,
    BadLength,
    FrameDecoder,
    FrameEvent,
    GoodFrame,
    Noise,
    Truncated,
)

byte = st.integers(0, 255)
frames = st.one_of(
    st.just(ACK_FRAME),
    st.builds(Frame.short, byte, byte),
    st.builds(Frame.control, byte, byte, byte),
    st.builds(Frame.long, byte, byte, byte, st.binary(max_size=252)),
)
# Streams with many frames, damaged frames, start bytes and noise.
pieces = st.one_of(
    frames.map(Frame.to_bytes),
    st.tuples(frames.map(Frame.to_bytes), byte, byte).map(lambda t: _damage(*t)),
    st.tuples(frames.map(Frame.to_bytes), st.integers(0, 30)).map(lambda t: t[0][: t[1]]),
    st.lists(st.sampled_from([0x10, 0x68, 0x16, 0xE5, 0x03, 0x40, 0x01, 0x41]), max_size=12).map(bytes),
    st.binary(max_size=20),
)
streams = st.lists(pieces, max_size=8).map(b"".join)


def _damage(raw: bytes, position: int, value: int) -> bytes:
    at = position % len(raw)
    return raw[:at] + bytes((value,)) + raw[at + 1 :]


def h(text: str) -> bytes:
    return bytes.fromhex(text)


def decode(*chunks: bytes) -> list[FrameEvent]:
    decoder = FrameDecoder()
    return [event for chunk in chunks for event in decoder.feed(chunk)] + decoder.idle()


@pytest.mark.parametrize(
    ("frame", "raw"),
    [
        (ACK_FRAME, "E5"),
        (Frame.short(SND_NKE, 253), "10 40 FD 3D 16"),
        (Frame.short(REQ_UD2 | FCB, 253), "10 7B FD 78 16"),
        (Frame.control(SND_UD, 254, 0xBD), "68 03 03 68 53 FE BD 0E 16"),
        (Frame.long(SND_UD, 254, 0x50, h("10")), "68 04 04 68 53 FE 50 10 B1 16"),
        (Frame.long(SND_UD, 254, 0x51, h("01 7A 08")), "68 06 06 68 53 FE 51 01 7A 08 25 16"),
    ],
)
def test_frames_and_their_bytes(frame: Frame, raw: str) -> None:
    assert frame.to_bytes() == h(raw)
    assert parse_frame(h(raw)) == frame
    assert decode(h(raw)) == [GoodFrame(frame, h(raw))]


def test_a_long_frame_without_data_is_a_control_frame() -> None:
    assert Frame.long(SND_UD, 1, 0x52, b"").kind is FrameKind.CONTROL


def test_the_longest_frame() -> None:
    raw = Frame.long(RSP_UD, 1, 0x72, bytes(252)).to_bytes()
    assert (len(raw), raw[1]) == (261, 255)
    with pytest.raises(ValueError, match="at most 252 bytes"):
        Frame.long(RSP_UD, 1, 0x72, bytes(253))


@pytest.mark.parametrize("arguments", [(256, 0, 0), (0, 256, 0), (0, 0, 256), (-1, 0, 0)])
def test_fields_are_bytes(arguments: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="one byte"):
        Frame.long(*arguments, b"x")


@pytest.mark.parametrize(
    ("codes", "function"),
    [
        ([0x40], Function.SND_NKE),
        ([0x43, 0x53, 0x63, 0x73], Function.SND_UD),
        ([0x4A, 0x5A, 0x6A, 0x7A], Function.REQ_UD1),
        ([0x4B, 0x5B, 0x6B, 0x7B], Function.REQ_UD2),
        ([0x08, 0x18, 0x28, 0x38], Function.RSP_UD),
    ],
)
def test_functions_of_c_fields(codes: list[int], function: Function) -> None:
    assert [function_of(code) for code in codes] == [function] * len(codes)


def test_every_other_c_field_has_no_function() -> None:
    assert sum(function_of(code) is not None for code in range(256)) == 17


def test_codes_bits_and_addresses_of_the_standard() -> None:
    """[DOC48 §5.2, §5.3]."""
    assert (PRM, FCB, FCV, DFC) == (0x40, 0x20, 0x10, 0x10)
    assert (SND_NKE, SND_UD, REQ_UD1, REQ_UD2, RSP_UD) == (0x40, 0x53, 0x5A, 0x5B, 0x08)
    assert (ADDRESS_PRIMARY_MAX, ADDRESS_SELECTED, ADDRESS_TEST, ADDRESS_BROADCAST) == (250, 253, 254, 255)


def test_count_and_direction_bits() -> None:
    request = Frame.short(REQ_UD1 | FCB, 1)
    assert (request.fcb, request.fcv, request.from_master) == (True, True, True)
    assert FCV & REQ_UD2
    answer = Frame.control(RSP_UD, 1, 0x70)
    assert (answer.fcb, answer.from_master, answer.function) == (False, False, Function.RSP_UD)


@pytest.mark.parametrize(
    ("raw", "code", "offset"),
    [
        ("", MBusErrorCode.EMPTY, None),
        ("00", MBusErrorCode.BAD_START, 0),
        ("E5 E5", MBusErrorCode.TRAILING, 1),
        ("10 40 01 41", MBusErrorCode.TRUNCATED, 4),
        ("10 40 01 42 16", MBusErrorCode.BAD_CHECKSUM, 3),
        ("10 40 01 41 17", MBusErrorCode.BAD_STOP, 4),
        ("68 03 03", MBusErrorCode.TRUNCATED, 3),
        ("68 03 04 68 53 FE BD 0E 16", MBusErrorCode.BAD_LENGTH, 2),
        ("68 02 02 68 53 FE 51 16", MBusErrorCode.BAD_LENGTH, 1),
        ("68 03 03 69 53 FE BD 0E 16", MBusErrorCode.BAD_START, 3),
        ("68 03 03 68 53 FE BD 0E", MBusErrorCode.TRUNCATED, 8),
        ("68 03 03 68 53 FE BD 0E 16 00", MBusErrorCode.TRAILING, 9),
        ("68 03 03 68 53 FE BD 0F 16", MBusErrorCode.BAD_CHECKSUM, 7),
        ("68 03 03 68 53 FE BD 0E 15", MBusErrorCode.BAD_STOP, 8),
    ],
)
def test_error_codes_and_offsets_of_bad_frames(raw: str, code: MBusErrorCode, offset: int | None) -> None:
    with pytest.raises(MBusError) as caught:
        parse_frame(h(raw))
    assert (caught.value.code, caught.value.offset) == (code, offset)
    assert str(caught.value).startswith(str(caught.value.message))


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("", "no bytes"),
        ("0A 40", "a frame starts with E5, 10 or 68, not 0A (at byte 0)"),
        ("E5 E5", "the frame ends after 1 bytes, but there are 2 (at byte 1)"),
        ("10 40 01 41", "the frame must have 5 bytes, but has only 4 (at byte 4)"),
        ("10 40 01 41 16 00 00", "the frame ends after 5 bytes, but there are 7 (at byte 5)"),
        ("10 40 01 42 16", "the checksum is 42, but the bytes add up to 41 (at byte 3)"),
        ("10 40 01 41 07", "the stop byte is 07, not 16 (at byte 4)"),
        ("68 03 03", "the frame ends inside its four start and length bytes (at byte 3)"),
        ("68 03 0A 68 53 FE BD 0E 16", "the length bytes 03 and 0A differ (at byte 2)"),
        ("68 02 02 68 53 FE 51 16", "a length of 2 leaves no room for C, A and CI (at byte 1)"),
        ("68 03 03 09 53 FE BD 0E 16", "the second start byte is 09, not 68 (at byte 3)"),
        ("68 03 03 68", "the frame must have 9 bytes, but has only 4 (at byte 4)"),
        ("68 03 03 68 53 FE BD 0F 16", "the checksum is 0F, but the bytes add up to 0E (at byte 7)"),
    ],
)
def test_messages_of_bad_frames(raw: str, message: str) -> None:
    with pytest.raises(MBusError) as caught:
        parse_frame(h(raw))
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Frame.short(256, 0), "the C field is one byte, not 256"),
        (lambda: Frame.short(-1, 0), "the C field is one byte, not -1"),
        (lambda: Frame.short(0, 256), "the A field is one byte, not 256"),
        (lambda: Frame.control(256, 0, 0), "the C field is one byte, not 256"),
        (lambda: Frame.control(0, -1, 0), "the A field is one byte, not -1"),
        (lambda: Frame.control(0, 0, 300), "the CI field is one byte, not 300"),
        (
            lambda: Frame.long(0, 0, 0, bytes(253)),
            "a frame carries at most 252 bytes after the CI field, not 253",
        ),
    ],
)
def test_a_field_that_is_no_byte_is_refused_by_name(make: Callable[[], Frame], message: str) -> None:
    with pytest.raises(ValueError) as caught:
        make()
    assert str(caught.value) == message


def test_every_byte_is_allowed_in_every_field() -> None:
    assert Frame.short(255, 255).to_bytes() == h("10 FF FF FE 16")
    assert Frame.control(0, 0, 0).to_bytes() == h("68 03 03 68 00 00 00 00 16")
    assert Frame.control(255, 255, 255).to_bytes() == h("68 03 03 68 FF FF FF FD 16")


def test_fields_that_a_frame_does_not_have_are_zero() -> None:
    ack = ACK_FRAME
    assert (ack.kind, ack.c, ack.a, ack.ci, ack.data) == (FrameKind.ACK, 0, 0, 0, b"")
    assert (ack.function, ack.fcb, ack.fcv, ack.from_master) == (None, False, False, False)
    assert Frame.short(SND_NKE, 1).ci == 0
    assert (Frame.short(SND_NKE, 1).fcb, Frame.short(SND_NKE, 1).fcv) == (False, False)
    assert Frame.short(REQ_UD2, 1).fcb is False
    answer = Frame.long(0x38, 1, 0x72, b"x")
    assert (answer.fcb, answer.fcv) == (True, True), "ACD and DFC have the same positions"


NKE = h("10 40 01 41 16")
GOOD = GoodFrame(Frame.short(SND_NKE, 1), NKE)
ACK = GoodFrame(ACK_FRAME, h("E5"))


@pytest.mark.parametrize(
    ("stream", "events"),
    [
        ("00 01 02", [Noise(h("00 01 02"))]),
        ("00 E5 01", [Noise(h("00")), ACK, Noise(h("01"))]),
        # Two faults: only the start byte indicates a telegram.
        ("10 01 02 04 05", [Noise(h("10 01 02 04 05"))]),
        ("68 03 04 05", [Noise(h("68 03 04 05"))]),
        ("10 E5", [Noise(h("10")), ACK]),
        ("68", [Noise(h("68"))]),
        # One fault.
        ("10 40 01 42 16 E5", [BadChecksum(h("10 40 01 42 16")), ACK]),
        ("00 10 40 01 41 17", [Noise(h("00")), BadFrame(h("10 40 01 41 17"))]),
        ("68 03 03 69 53 FE BD 0E 16", [BadFrame(h("68 03 03 69 53 FE BD 0E 16"))]),
        ("68 03 03 68 53 FE BD 0E 15", [BadFrame(h("68 03 03 68 53 FE BD 0E 15"))]),
        ("68 03 03 68 53 FE BD 0F 16", [BadChecksum(h("68 03 03 68 53 FE BD 0F 16"))]),
        ("68 03 04 68 53 FE BD 0E 16", [BadLength(h("68 03 04 68 53 FE BD 0E 16"))]),
        ("68 02 02 68 53 FE 51 16", [BadLength(h("68 02 02 68 53 FE 51 16"))]),
        ("68 04 04 68 53 FE BD", [Truncated(h("68 04 04 68 53 FE BD"))]),
        ("10 40 01 41", [Truncated(h("10 40 01 41"))]),
        # Incomplete when the line goes idle: only the checksum shows whether it was a telegram.
        ("10 40 01", [Noise(h("10 40 01"))]),
        ("10 40 01 42", [Noise(h("10 40 01 42"))]),
        ("68 03 03", [Noise(h("68 03 03"))]),
        ("68 E5", [Noise(h("68")), ACK]),
        ("68 01 E5", [Noise(h("68 01")), ACK]),
        ("10 40 E5", [Noise(h("10 40")), ACK]),
        ("68 03 03 68", [Truncated(h("68 03 03 68"))]),
        ("68 03 03 68 53 FE BD 0E", [Truncated(h("68 03 03 68 53 FE BD 0E"))]),
        ("68 02 02 01", [Noise(h("68 02 02 01"))]),
        ("68 00 00 68", [BadLength(h("68 00 00 68"))]),
        ("10 FF FF FE 16", [GoodFrame(Frame.short(255, 255), h("10 FF FF FE 16"))]),
        ("10 FF FF FF 16", [BadChecksum(h("10 FF FF FF 16"))]),
        # After a complete damaged telegram, and after noise, the search starts anew.
        ("10 40 01 42 16 00", [BadChecksum(h("10 40 01 42 16")), Noise(h("00"))]),
        ("00 68 03 04 68 01", [Noise(h("00")), BadLength(h("68 03 04 68 01"))]),
        # Inside a damaged telegram only a frame with a right checksum ends it.
        ("68 03 04 68 10 40 01 42 16", [BadLength(h("68 03 04 68 10 40 01 42 16"))]),
        ("68 03 04 68 68 05 06 68", [BadLength(h("68 03 04 68 68 05 06 68"))]),
        ("68 03 04 68 10 40 01 41 16 E5", [BadLength(h("68 03 04 68")), GOOD, ACK]),
        # E5 in the remains of a telegram is data.
        ("68 09 09 68 08 E5 72 E5", [Truncated(h("68 09 09 68 08 E5 72 E5"))]),
    ],
)
def test_events_of_a_stream(stream: str, events: list[FrameEvent]) -> None:
    assert decode(h(stream)) == events


@pytest.mark.parametrize(
    "start",
    [
        Noise(h("10")),
        Noise(h("68")),
        Noise(h("68 68")),
        BadLength(h("68 03 04 68")),
        BadFrame(h("68 03 03 00")),
        BadFrame(h("68 03 03 68 00")),
        Truncated(h("68 20 20 68 01 02")),
        Truncated(h("10 40 01 41")),
    ],
)
def test_a_good_frame_after_a_false_start_is_found(start: Noise | BadLength | BadFrame | Truncated) -> None:
    events = decode(start.raw + NKE)
    assert events[-1] == GOOD
    assert b"".join(event.raw for event in events[:-1]) == start.raw


def test_noise_is_reported_when_a_frame_ends_it() -> None:
    decoder = FrameDecoder()
    assert decoder.feed(h("00 01")) == []
    assert decoder.pending
    assert decoder.feed(NKE) == [Noise(h("00 01")), GOOD]
    assert not decoder.pending
    assert decoder.idle() == []


def test_an_unfinished_telegram_is_held_back_until_it_is_complete_or_the_line_is_idle() -> None:
    decoder = FrameDecoder()
    assert decoder.feed(NKE[:4]) == []
    assert decoder.pending
    assert decoder.feed(NKE[4:]) == [GOOD]
    assert not decoder.pending
    assert decoder.feed(NKE[:4]) == []
    assert decoder.idle() == [Truncated(NKE[:4])]
    assert not decoder.pending
    assert decoder.feed(NKE) == [GOOD]


def test_a_damaged_run_continues_until_a_good_frame() -> None:
    decoder = FrameDecoder()
    assert decoder.feed(h("68 03 04 68 53")) == []
    assert decoder.feed(h("E5 FE")) == []
    assert decoder.feed(NKE) == [BadLength(h("68 03 04 68 53 E5 FE")), GOOD]
    assert decoder.feed(h("E5")) == [ACK], "after a good frame the damage is over"


def test_reset_clears_the_damage() -> None:
    decoder = FrameDecoder()
    decoder.feed(h("68 03 04 68 53"))
    decoder.reset()
    assert decoder.feed(h("00")) == []
    assert decoder.feed(h("E5")) == [Noise(h("00")), ACK]


def test_a_damaged_run_is_reported_after_1024_bytes_and_the_rest_is_noise() -> None:
    damaged = h("68 03 04 68") + bytes(1020)
    assert decode(damaged) == [BadLength(damaged)]
    assert decode(damaged + b"\x00") == [BadLength(damaged), Noise(b"\x00")]
    assert decode(damaged + h("E5")) == [BadLength(damaged), ACK]
    assert decode(bytes(1023) + h("E5")) == [Noise(bytes(1023)), ACK]
    assert decode(bytes(2048)) == [Noise(bytes(1024))] * 2
    decoder = FrameDecoder()
    assert decoder.feed(bytes(1023)) == []
    assert decoder.feed(bytes(1)) == [Noise(bytes(1024))]
    assert not decoder.pending


def test_reset_drops_the_bytes_held_back() -> None:
    decoder = FrameDecoder()
    decoder.feed(h("68 04 04 68 53"))
    decoder.reset()
    assert not decoder.pending
    assert decoder.feed(NKE) == [GOOD]


def test_endless_noise_takes_bounded_memory() -> None:
    decoder = FrameDecoder()
    events: list[FrameEvent] = []
    for _ in range(100):
        events += decoder.feed(bytes(100))
        assert len(decoder._buffer) < 1024 + 261
    assert [len(event.raw) for event in events] == [1024] * 9


def test_hostile_input_takes_linear_time() -> None:
    # Every fourth byte begins a telegram of 261 bytes; 400 kB would take minutes if each were read twice.
    stream = h("68 FF FF 68") * 100_000
    assert b"".join(event.raw for event in decode(stream)) == stream


@given(frames)
def test_frame_round_trip(frame: Frame) -> None:
    assert parse_frame(frame.to_bytes()) == frame
    assert decode(frame.to_bytes()) == [GoodFrame(frame, frame.to_bytes())]


@given(st.lists(frames, max_size=5))
def test_frames_in_a_row_round_trip(sent: list[Frame]) -> None:
    events = decode(b"".join(frame.to_bytes() for frame in sent))
    assert events == [GoodFrame(frame, frame.to_bytes()) for frame in sent]


@given(streams, st.lists(st.integers(0, 2000), max_size=6))
def test_any_split_gives_the_same_events(stream: bytes, cuts: list[int]) -> None:
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    chunks = [stream[a:b] for a, b in pairwise(edges)]
    whole = decode(stream)
    assert decode(*chunks) == whole
    assert decode(*(bytes((value,)) for value in stream)) == whole


@given(streams)
def test_events_add_up_to_the_stream(stream: bytes) -> None:
    assert b"".join(event.raw for event in decode(stream)) == stream


@given(streams)
def test_parse_frame_agrees_with_the_decoder(stream: bytes) -> None:
    for event in decode(stream):
        if isinstance(event, GoodFrame):
            assert parse_frame(event.raw) == event.frame
        else:
            with pytest.raises(MBusError):
                parse_frame(event.raw)
