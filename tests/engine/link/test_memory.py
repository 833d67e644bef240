"""A paced wire in memory: single characters or chunks."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.link.memory import MemoryLink, memory_pair
from cmi_gui.engine.link_protocol import LinkError, LinkNotice
from cmi_gui.engine.machine import Line, LineEvent, LinkState, SendOutcome

LINE = Line(4800, 7, "E", 1)
TELEGRAM = bytes(range(200))


class End:
    """One end of the wire: it keeps what comes in, and the outcomes of what it sent."""

    def __init__(self, link: MemoryLink) -> None:
        self.link = link
        self.chunks: list[tuple[bytes, float]] = []
        self.outcomes: list[tuple[SendOutcome, float]] = []
        link.open(self)

    def received(self, data: bytes, last_byte_at: float) -> None:
        self.chunks.append((data, last_byte_at))

    def done(self, token: int, outcome: SendOutcome, at: float) -> None:
        self.outcomes.append((outcome, at))

    def line_event(self, kind: LineEvent, at: float) -> None:
        raise AssertionError(kind)

    def notice(self, notice: LinkNotice) -> None:
        raise AssertionError(notice)

    def state(self, state: LinkState, cause: LinkError | None) -> None:
        assert state is LinkState.OPEN

    @property
    def data(self) -> bytes:
        return b"".join(data for data, _ in self.chunks)


def wire(chunk: float) -> tuple[VirtualClock, End, End]:
    clock = VirtualClock(100.0)
    near, far = memory_pair(clock, LINE, paced=True, chunk=chunk)
    return clock, End(near), End(far)


@pytest.mark.parametrize(("chunk", "sizes"), [(0.0, [1] * 200), (0.25, [120, 80]), (60.0, [200]), (0.001, [1] * 200)])
def test_characters_arrive_with_the_last_of_their_chunk(chunk: float, sizes: list[int]) -> None:
    clock, near, far = wire(chunk)
    near.link.send(1, TELEGRAM, 100.5, math.inf)
    clock.advance(1.0)
    assert [len(data) for data, _ in far.chunks] == sizes
    ends = [sum(sizes[: index + 1]) for index in range(len(sizes))]
    assert [at for _, at in far.chunks] == pytest.approx([100.5 + end * LINE.char_time for end in ends])
    assert far.data == TELEGRAM
    assert near.outcomes == [(SendOutcome.SENT, pytest.approx(100.5 + 200 * LINE.char_time))]


@given(st.floats(0.0, 0.3), st.sampled_from([0.0, 0.01, 0.1, 0.25]), st.booleans())
def test_an_abort_stops_after_the_characters_that_have_left(after: float, chunk: float, again: bool) -> None:
    clock, near, far = wire(chunk)
    near.link.send(1, TELEGRAM, 0.0, math.inf)
    clock.advance(after)
    near.link.abort()
    assert [outcome for outcome, _ in near.outcomes] == [SendOutcome.ABORTED]
    assert far.data == TELEGRAM[: len(far.data)]
    assert abs(len(far.data) - after / LINE.char_time) <= 1
    assert all(at <= clock.now() + 1e-9 for _, at in far.chunks)
    if again:
        near.link.send(2, b"next", 0.0, math.inf)
    before = far.data
    clock.advance(1.0)
    assert far.data == before + (b"next" if again else b"")


def test_a_receiver_may_abort_inside_a_chunk() -> None:
    clock, near, far = wire(0.1)

    def abort(data: bytes, at: float) -> None:
        far.chunks.append((data, at))
        near.link.abort()

    far.received = abort  # type: ignore[method-assign]
    near.link.send(1, TELEGRAM, 0.0, math.inf)
    clock.advance(1.0)
    assert far.data == TELEGRAM[:48]
    assert [outcome for outcome, _ in near.outcomes] == [SendOutcome.ABORTED]
