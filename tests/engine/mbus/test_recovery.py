"""After garbage or half a frame the next valid request is answered: and the pause that this needs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.machine import Line, Write
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.slave import Slave
from cmi_gui.engine.mbus.times import IDLE_BITS, RESPONSE_MAX_BITS, RESPONSE_MAX_EXTRA
from cmi_gui.engine.station.idle import IDLE, NETWORK_IDLE
from tests.helpers.slave_bench import Application
from tests.helpers.uart import SlaveOnAWire

NKE = Frame.short(0x40, 5).to_bytes()
ACK = b"\xe5"
SPEEDS = st.sampled_from((300, 2400))
HALVES = st.builds(
    lambda frame, size: frame.to_bytes()[:size],
    st.builds(Frame.long, st.just(0x73), st.integers(0, 252), st.just(0x51), st.binary(min_size=1, max_size=80)),
    st.integers(1, 12),
)
GARBAGE = st.lists(st.one_of(st.binary(min_size=1, max_size=40), HALVES), min_size=1, max_size=4)


def quiet(baud: int) -> float:
    """The pause that ends a telegram: 160 ms at 300 bit/s, 64 ms at 2400."""
    return IDLE_BITS / baud + IDLE


@given(GARBAGE, SPEEDS, SPEEDS)
def test_after_a_pause_of_160_ms_at_most_the_next_request_is_answered(
    garbage: list[bytes], baud: int, its_baud: int
) -> None:
    bench = SlaveOnAWire(Slave(Application(), has_speed=True, idle_extra=IDLE, form=Line(baud), own_baud=baud))
    bench.receive([(piece, its_baud) for piece in garbage], gap=0.001)
    bench.answers.clear()
    # At 300 bit/s the receiver may still be sampling a character that was sent faster: one character more.
    bench.receive([(NKE, baud)], gap=quiet(baud) + Line(baud).char_time)
    assert bench.answers == [(baud, ACK)]


@given(HALVES, SPEEDS)
def test_a_request_right_after_half_a_frame_or_its_repetition_is_answered(half: bytes, baud: int) -> None:
    """A frame that lacks only its end takes the request as that end; a repetition is then received alone."""
    bench = SlaveOnAWire(Slave(Application(), has_speed=True, idle_extra=IDLE, form=Line(baud), own_baud=baud))
    bench.receive([(half, baud), (NKE, baud)], gap=0.0)
    bench.receive([(NKE, baud)], gap=RESPONSE_MAX_BITS / baud + RESPONSE_MAX_EXTRA)
    assert bench.answers[-1] == (baud, ACK)


@pytest.mark.parametrize("baud", [300, 2400])
def test_a_request_after_the_start_of_a_long_telegram_is_answered_inside_its_window(baud: int) -> None:
    slave = Slave(Application(), has_speed=True, idle_extra=IDLE, form=Line(baud), own_baud=baud)
    slave.receive(b"\x68\xff\xff\x68\x53" + NKE, 10.0)
    assert slave.deadline == pytest.approx(10.0 + quiet(baud))
    (write,) = (effect for effect in slave.tick(10.0 + quiet(baud)) if isinstance(effect, Write))
    assert write.data == ACK
    assert write.not_after == pytest.approx(10.0 + RESPONSE_MAX_BITS / baud + RESPONSE_MAX_EXTRA)
    assert write.not_after > 10.0 + quiet(baud) + 0.1, "0.1 s are left to send it in"


def test_over_a_network_the_pause_is_a_quarter_of_a_second_at_most() -> None:
    """The pause is longer than the window of 2400 bit/s, so a request right after garbage is not answered, but its
    repetition is, because a master waits longer before it repeats (libmbus: 4 s)."""
    slave = Slave(Application(), has_speed=False, idle_extra=NETWORK_IDLE)
    slave.receive(b"\x68\xff\xff\x68\x53" + NKE, 10.0)
    assert slave.deadline is not None
    assert slave.deadline - 10.0 < 0.25
    slave.tick(slave.deadline)
    assert [effect.data for effect in slave.receive(NKE, 11.0) if isinstance(effect, Write)] == [ACK]
