"""The overlay of signals, compared with a model of the wire from the standard (`tests/helpers/wire_model.py`).

OVERLAYS=10000 compares that many random overlays.
"""

from __future__ import annotations

import os
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.bus.overlay import Character, Signal, overlay
from cmi_gui.engine.machine import Line, LineEvent
from cmi_gui.engine.mbus.frame import Frame
from tests.helpers.wire_model import TICKS, Read, Sent, read_wire

OVERLAYS = int(os.environ.get("OVERLAYS", "100"))
FAST, SLOW = Line(2400), Line(300)
ORIGIN = 1000.0
FAULTS = {
    None: None,
    LineEvent.PARITY: "parity",
    LineEvent.FRAMING: "framing",
    LineEvent.BREAK: "break",
}


def engine_reads(sent: list[Sent], line: Line) -> list[Read]:
    """Return what the engine reads of the same signals, in the words of the model."""
    tick = line.bit_time / TICKS
    signals = [
        Signal(ORIGIN + each.begin * tick, each.data, Line(round(line.baud * TICKS / each.bit)), space=each.hold * tick)
        for each in sent
    ]
    return [_as_read(character, tick) for character in overlay(signals, line)]


def _as_read(character: Character, tick: float) -> Read:
    return Read(round((character.at - ORIGIN) / tick), character.byte, FAULTS[character.error])


def telegram(random: Random) -> bytes:
    """Return an E5, a frame without records or one with up to 240 bytes of them."""
    kind = random.randrange(3)
    if kind == 0:
        return b"\xe5"
    if kind == 1:
        return Frame.short(random.choice((0x40, 0x5B, 0x7B)), random.randrange(256)).to_bytes()
    return Frame.long(0x08, random.randrange(251), 0x72, random.randbytes(random.randrange(241))).to_bytes()


def random_overlay(random: Random) -> tuple[list[Sent], Line]:
    """Return 2 to 250 signals, few more often than many and some with a break, and the line of the receiver."""
    line = random.choice((FAST, FAST, SLOW))
    bits = random.choice(((TICKS,), (TICKS,), tuple(TICKS * line.baud // baud for baud in (300, 2400))))
    count = random.choice((2, 2, 3, random.randint(2, 20), random.randint(2, 250)))
    window = random.choice((1, 2 * TICKS, 50 * TICKS, 330 * TICKS, 3000 * TICKS))
    holds = random.choice(((0,), (0,), (0, 0, 0, 22 * TICKS, random.randint(1, 3000))))
    sent = [
        Sent(random.randrange(window), telegram(random), random.choice(bits), random.choice(holds))
        for _ in range(count)
    ]
    return sent, line


@pytest.mark.timeout(120 + OVERLAYS)
def test_the_model_agrees_on_random_overlays() -> None:
    random = Random(1020)
    faults: dict[str | None, int] = dict.fromkeys(FAULTS.values(), 0)
    for number in range(OVERLAYS):
        sent, line = random_overlay(random)
        expected = read_wire(sent)
        assert engine_reads(sent, line) == expected, f"overlay {number}: {len(sent)} signals, read at {line}"
        for each in expected:
            faults[each.fault] += 1
    print(f"{OVERLAYS} overlays, characters read: {faults}")
    # The random overlays contain every kind of character, so the comparison is not empty.
    assert all(faults.values())


E5_OVER_E5 = [
    # E5 is sent as 0 1010 0111 1 1: start, data with the lowest bit first, parity, stop. Bits of both:
    pytest.param(0, [Read(0, 0xE5)], id="at the same time: clean"),
    # The start bit of the second covers the middle of no other bit until it is half a bit late.
    pytest.param(7, [Read(0, 0xE5)], id="7/16 bit later: clean"),
    # From one bit on, bit n of the first meets bit n - 1 of the second:
    #   first   0 1 0 1 0 0 1 1 1 1 1
    #   second  1 0 1 0 1 0 0 1 1 1 1 1
    #   wire    0 0 0 0 0 0 0 1 1 1 1 1   data 0000 0011 = C0, parity 1, stop 1: two marks and parity 1, odd.
    pytest.param(16, [Read(0, 0xC0, "parity")], id="1 bit later: merged, wrong parity"),
    # Two bits later:
    #   first   0 1 0 1 0 0 1 1 1 1 1
    #   second  1 1 0 1 0 1 0 0 1 1 1 1 1
    #   wire    0 1 0 1 0 0 0 0 1 1 1 1 1   data 1010 0001 = 85, parity 1, stop 1: three marks and parity 1, even.
    pytest.param(32, [Read(0, 0x85)], id="2 bits later: another byte without a fault"),
    # Five bits later:
    #   first   0 1 0 1 0 0 1 1 1 1 1
    #   second  1 1 1 1 1 0 1 0 1 0 0 1 1 1 1 1
    #   wire    0 1 0 1 0 0 1 0 1 0 0 1 ...   data 1010 0101 = A5, parity 0, stop 0.
    # The stop bit is a space until bit 11, and then there are only marks.
    pytest.param(80, [Read(0, 0xA5, "framing")], id="5 bits later: the stop bit is a space"),
    # Ten bits later the start bit of the second is the stop bit of the first; the next edge is its bit 2.
    #   second from bit 10   0 1 0 1 0 0 1 1 1 1 1
    #   read from bit 12     0 1 0 0 1 1 1 1 1 1 1   data 1001 1111 = F9, parity 1, stop 1: six marks and 1, odd.
    pytest.param(160, [Read(0, 0xE5, "framing"), Read(192, 0xF9, "parity")], id="10 bits later: garbled"),
    # The receiver has taken the stop bit in its middle, so a start bit after that is a new character.
    pytest.param(169, [Read(0, 0xE5), Read(169, 0xE5)], id="10 9/16 bits later: two characters"),
    pytest.param(176, [Read(0, 0xE5), Read(176, 0xE5)], id="11 bits later: two characters"),
    pytest.param(400, [Read(0, 0xE5), Read(400, 0xE5)], id="25 bits later: two characters"),
]


@pytest.mark.parametrize(("later", "expected"), E5_OVER_E5)
def test_an_e5_over_an_e5(later: int, expected: list[Read]) -> None:
    sent = [Sent(0, b"\xe5"), Sent(later, b"\xe5")]
    assert engine_reads(sent, FAST) == expected
    assert read_wire(sent) == expected


def test_many_e5_become_a_break() -> None:
    """Eleven acknowledgements, each a bit after the one before, leave no mark for eleven bits."""
    sent = [Sent(16 * number, b"\xe5") for number in range(11)]
    assert engine_reads(sent, FAST)[0] == Read(0, 0x00, "break")


def test_a_slow_e5_at_a_fast_receiver() -> None:
    """A bit at 300 bit/s is eight bits at 2400 bit/s: a start bit and seven spaces, then marks.

    The start bit and the first data bit, 8 spaces and 8 marks: data 1000 0000 = 80, parity and stop marks.
    """
    reads = engine_reads([Sent(0, b"\xe5", 8 * TICKS)], FAST)
    assert reads == read_wire([Sent(0, b"\xe5", 8 * TICKS)])
    assert reads[0] == Read(0, 0x80)
    # Spaces of bits 2, 4 and 5 of the slow E5.
    assert [each.at // TICKS for each in reads] == [0, 16, 32]
    assert reads[1] == Read(16 * TICKS, 0x80)
    assert reads[2] == Read(32 * TICKS, 0x00, "break")


def test_fast_signals_at_a_slow_receiver() -> None:
    """A space of 2400 bit/s is an eighth of a bit at 300 bit/s, too short for a start bit; four of them are one.

    The start bit of FF lasts an eighth of a bit. That of E0 and its five spaces last six eighths, and then the
    receiver takes only marks: FF, parity 1, which is odd with eight marks.
    """
    assert engine_reads([Sent(0, b"\xff", 2)], SLOW) == []
    assert engine_reads([Sent(0, b"\xe0", 2)], SLOW) == [Read(0, 0xFF, "parity")]


telegrams = st.binary(min_size=1, max_size=30)
offsets = st.integers(0, 600)
signals = st.builds(Sent, offsets, telegrams, st.sampled_from((TICKS, 8 * TICKS)))


@given(offsets, st.binary(min_size=1, max_size=260), st.sampled_from((FAST, SLOW)))
def test_one_signal_alone_is_read_exactly(begin: int, data: bytes, line: Line) -> None:
    reads = engine_reads([Sent(begin, data)], line)
    assert reads == [Read(begin + 11 * TICKS * index, byte) for index, byte in enumerate(data)]


@given(st.lists(signals, min_size=2, max_size=6), st.randoms())
def test_the_order_of_the_signals_does_not_matter(sent: list[Sent], random: Random) -> None:
    shuffled = random.sample(sent, len(sent))
    assert engine_reads(shuffled, FAST) == engine_reads(sent, FAST)


@given(st.lists(signals, min_size=1, max_size=5), telegrams, st.integers(0, 800))
def test_a_later_signal_does_not_change_earlier_characters(sent: list[Sent], data: bytes, after: int) -> None:
    begin = min(each.begin for each in sent) + after
    # A character ends for the receiver with the middle of its stop bit.
    before = [each for each in engine_reads(sent, FAST) if each.at + 10 * TICKS + TICKS // 2 < begin]
    assert engine_reads([*sent, Sent(begin, data)], FAST)[: len(before)] == before


@given(st.lists(st.builds(Sent, offsets, telegrams), min_size=2, max_size=6))
def test_equal_signals_are_one_signal(sent: list[Sent]) -> None:
    assert engine_reads([*sent, *sent], FAST) == engine_reads(sent, FAST)
