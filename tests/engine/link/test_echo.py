"""The echo filter, byte by byte and in virtual time, and the wrapper on a wire in memory."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.link.echo import HOLD_SECONDS, MISSES, EchoFilter, Piece
from cmi_gui.engine.link.echo_link import EchoLink
from cmi_gui.engine.link.memory import MemoryLink, memory_pair
from cmi_gui.engine.link_protocol import Cap, LinkError
from cmi_gui.engine.machine import Line, LineEvent, LinkState, SendOutcome

REQUEST = bytes.fromhex("10 5b 01 5c 16")
ANSWER = bytes.fromhex("68 03 03 68 08 01 72 7b 16")
# Only a few values, so that answers often begin like requests.
BYTES = st.binary(min_size=1, max_size=6).map(lambda data: bytes(value % 3 for value in data))


class FilterBench:
    """A filter with what is written and received; `pieces`: what it has passed on so far."""

    def __init__(self, *, always: bool = False, learned: bool | None = None) -> None:
        self.filter = EchoFilter(always=always)
        if learned is not None:
            self.filter.learned = learned
        self.now = 0.0
        self.pieces: list[Piece] = []
        self._tokens = itertools.count()

    def begin_write(self, data: bytes) -> int:
        token = next(self._tokens)
        self.filter.write_begun(token, data, self.now, 0.0)
        return token

    def end_write(self, token: int, outcome: SendOutcome = SendOutcome.SENT) -> None:
        self.pass_time(0.001)
        self.pieces += self.filter.write_done(token, outcome, self.now)

    def write(self, data: bytes) -> None:
        self.end_write(self.begin_write(data))

    def receive(self, data: bytes) -> None:
        self.pass_time(0.001)
        self.pieces += self.filter.received(data, self.now)

    def pass_time(self, seconds: float) -> None:
        until = self.now + seconds
        while (deadline := self.filter.deadline) is not None and deadline <= until:
            self.now = deadline
            self.pieces += self.filter.tick(deadline)
        self.now = until

    def settle(self) -> bytes:
        self.pass_time(10 * HOLD_SECONDS)
        assert self.filter.deadline is None
        return self.passed

    @property
    def passed(self) -> bytes:
        return b"".join(data for data, _ in self.pieces)


def cut(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = sorted({min(place, len(data)) for place in cuts} | {0, len(data)})
    return [data[first:last] for first, last in itertools.pairwise(edges)]


CUTS = st.lists(st.integers(0, 30))


@given(st.lists(st.tuples(BYTES, BYTES, st.integers(1, 2)), min_size=1, max_size=4), CUTS, st.booleans(), st.booleans())
def test_answers_are_delivered_exactly_and_the_echo_is_removed(
    exchanges: list[tuple[bytes, bytes, int]], cuts: list[int], early: bool, always: bool
) -> None:
    """The echo may be split anywhere, come with the answer, before or after `write_done`, once or twice."""
    bench = FilterBench(always=always)
    expected = b""
    for telegram, answer, times in exchanges:
        # An answer that repeats the telegram cannot be distinguished; a single byte has no second echo.
        assume(not answer.startswith(telegram))
        times = times if len(telegram) > 1 else 1
        token = bench.begin_write(telegram)
        if not early:
            bench.end_write(token)
        for piece in cut(telegram * times + answer, cuts):
            bench.receive(piece)
        if early:
            bench.end_write(token)
        expected += answer
        assert bench.settle() == expected
    assert bench.filter.learned is (True if always or any(len(telegram) > 1 for telegram, _, _ in exchanges) else None)


@given(st.lists(st.tuples(BYTES, BYTES), min_size=1, max_size=6), CUTS, st.booleans())
def test_without_an_echo_everything_is_delivered_in_order(
    exchanges: list[tuple[bytes, bytes]], cuts: list[int], always: bool
) -> None:
    bench = FilterBench(always=always)
    expected = b""
    for telegram, answer in exchanges:
        assume(telegram not in answer)
        bench.write(telegram)
        for piece in cut(answer, cuts):
            bench.receive(piece)
        expected += answer
        assert bench.settle() == expected
    times = [at for _, at in bench.pieces]
    assert times == sorted(times)


@given(BYTES, BYTES, st.integers(0, 6), CUTS, st.integers(0, 6))
def test_the_echo_of_an_aborted_telegram_is_removed(
    telegram: bytes, answer: bytes, length: int, cuts: list[int], before: int
) -> None:
    echo = telegram[: min(length, len(telegram) - 1)]
    # Otherwise the answer continues the telegram, and the end of the echo cannot be recognised.
    assume(answer[0] != telegram[len(echo)])
    bench = FilterBench(learned=True)
    token = bench.begin_write(telegram)
    bench.receive(echo[:before])
    bench.end_write(token, SendOutcome.ABORTED)
    for piece in cut(echo[before:] + answer, cuts):
        bench.receive(piece)
    assert bench.settle() == answer


@given(st.lists(BYTES, min_size=2, max_size=4), CUTS)
def test_echoes_of_successive_telegrams_are_removed(telegrams: list[bytes], cuts: list[int]) -> None:
    # If one telegram begins with another, the owner of a byte cannot be recognised.
    assume(not any(one.startswith(other) for one, other in itertools.permutations(telegrams, 2)))
    bench = FilterBench(learned=True)
    for token in [bench.begin_write(data) for data in telegrams]:
        bench.end_write(token)
    for piece in cut(b"".join(telegrams), cuts):
        bench.receive(piece)
    assert bench.settle() == b""


@given(
    st.lists(
        st.one_of(
            BYTES.map(lambda data: ("write", data)),
            BYTES.map(lambda data: ("receive", data)),
            st.sampled_from(SendOutcome).map(lambda outcome: ("end", outcome)),
            st.just(("wait", b"")),
        )
    ),
    st.sampled_from([None, False]),
)
def test_delivered_bytes_are_a_subsequence_of_the_received_ones(
    steps: list[tuple[str, object]], learned: bool | None
) -> None:
    bench = FilterBench(learned=learned)
    received: list[tuple[int, float]] = []
    open_tokens: list[int] = []
    for step, argument in steps:
        if step == "write":
            assert isinstance(argument, bytes)
            open_tokens.append(bench.begin_write(argument))
        elif step == "receive":
            assert isinstance(argument, bytes)
            bench.receive(argument)
            received += [(value, bench.now) for value in argument]
        elif step == "end" and open_tokens:
            assert isinstance(argument, SendOutcome)
            bench.end_write(open_tokens.pop(0), argument)
        elif step == "wait":
            bench.pass_time(1.0)
    for token in open_tokens:
        bench.end_write(token)
    bench.settle()
    passed = [(value, at) for data, at in bench.pieces for value in data]
    rest = iter(received)
    assert all(value in rest for value in passed)  # a subsequence, each byte at its own time


def test_held_bytes_are_delivered_with_the_time_of_reception() -> None:
    bench = FilterBench()
    bench.write(REQUEST)
    bench.receive(REQUEST[:2])
    received_at = bench.now
    assert bench.passed == b""
    bench.pass_time(HOLD_SECONDS)
    assert bench.pieces == [(REQUEST[:2], received_at)]


def test_a_byte_that_differs_releases_held_bytes_at_once() -> None:
    bench = FilterBench()
    bench.write(REQUEST)
    bench.receive(b"\x10")
    assert bench.passed == b""
    bench.receive(b"\x53")
    assert bench.passed == b"\x10\x53"


def test_nothing_is_held_once_a_line_is_known_not_to_echo() -> None:
    bench = FilterBench()
    for _ in range(MISSES):
        assert bench.filter.learned is None
        bench.write(REQUEST)
        bench.receive(ANSWER)
    assert bench.filter.learned is False
    bench.write(REQUEST)
    bench.receive(REQUEST[:4])
    assert bench.passed == ANSWER * MISSES + REQUEST[:4]
    assert bench.filter.deadline is None


def test_silence_shows_that_a_line_does_not_echo() -> None:
    bench = FilterBench()
    for _ in range(MISSES + 1):
        bench.write(REQUEST)
        bench.pass_time(1.0)
    assert bench.filter.learned is False


def test_the_echo_of_a_quick_repeat_belongs_to_the_repeat() -> None:
    """It is not a second echo of the telegram before; otherwise the echo of the repeat would be missing."""
    bench = FilterBench()
    for _ in range(3 * MISSES):
        bench.write(REQUEST)
        bench.receive(REQUEST)
    bench.receive(ANSWER)
    assert bench.filter.learned is True
    assert bench.passed == ANSWER


def test_learning_can_change_again() -> None:
    bench = FilterBench(learned=False)
    bench.write(REQUEST)
    bench.receive(REQUEST)
    assert bench.filter.learned is True
    bench.pieces.clear()
    bench.write(REQUEST)
    bench.receive(REQUEST + ANSWER)
    assert bench.passed == ANSWER
    for _ in range(MISSES):
        bench.write(REQUEST)
        bench.receive(ANSWER)
    assert bench.filter.learned is False


def test_a_late_echo_is_removed() -> None:
    bench = FilterBench()
    bench.write(REQUEST)
    bench.pass_time(5 * HOLD_SECONDS)
    bench.receive(REQUEST + ANSWER)
    assert bench.passed == ANSWER


def test_a_break_in_an_answer_removes_its_echo() -> None:
    bench = FilterBench(learned=True)
    token = bench.begin_write(ANSWER)
    bench.receive(ANSWER[:3])
    bench.pieces += bench.filter.break_received(bench.now)
    bench.receive(ANSWER[3:5])  # already on its way
    bench.end_write(token, SendOutcome.ABORTED)
    bench.receive(REQUEST)
    assert bench.settle() == REQUEST


def test_a_break_while_nothing_is_sent_releases_held_bytes() -> None:
    bench = FilterBench(learned=True)
    bench.write(REQUEST)
    bench.receive(REQUEST[:3])
    bench.pieces += bench.filter.break_received(bench.now)
    assert bench.passed == REQUEST[:3]


def test_bytes_before_the_earliest_begin_are_no_echo() -> None:
    bench = FilterBench(learned=True)
    bench.filter.write_begun(99, REQUEST, bench.now + 1.0, 0.0)
    bench.receive(REQUEST)
    assert bench.passed == REQUEST


def test_no_echo_is_expected_of_a_telegram_that_was_not_sent() -> None:
    for outcome in (SendOutcome.EXPIRED, SendOutcome.ABORTED):
        bench = FilterBench(learned=True)
        bench.filter.write_begun(99, REQUEST, bench.now + 1.0, 0.0)
        bench.end_write(99, outcome)
        bench.receive(REQUEST)
        assert bench.passed == REQUEST


def test_a_garbled_echo_is_removed_if_the_line_is_known_to_echo() -> None:
    """While the own telegram is on the wire there can be no answer; afterwards only equal bytes are removed."""
    bench = FilterBench(always=True)
    bench.filter.write_begun(1, REQUEST, bench.now, 0.02)
    bench.receive(b"\x10\xff\x01")
    bench.pass_time(0.02)
    bench.end_write(1)
    bench.receive(b"\x5c\x16" + ANSWER)
    assert bench.passed == ANSWER
    bench.filter.write_begun(2, REQUEST, bench.now, 0.02)
    bench.pass_time(0.02)
    bench.end_write(2)
    bench.receive(b"\x10\xff\x01\x5c\x16" + ANSWER)
    assert bench.passed == ANSWER + b"\x10\xff\x01\x5c\x16" + ANSWER


# The wrapper


class Sink:
    def __init__(self) -> None:
        self.log: list[object] = []

    def received(self, data: bytes, last_byte_at: float) -> None:
        self.log.append(data)

    def line_event(self, kind: LineEvent, at: float) -> None:
        self.log.append(kind)

    def done(self, token: int, outcome: SendOutcome, at: float) -> None:
        self.log.append((token, outcome))

    def state(self, state: LinkState, cause: LinkError | None) -> None:
        self.log.append(state)


class Mirror(Sink):
    """The other end: repeats each telegram, as a converter does, and then answers."""

    def __init__(self, link: MemoryLink, echo: bool) -> None:
        super().__init__()
        self._link = link
        self.echo = echo
        self._tokens = itertools.count()

    def received(self, data: bytes, last_byte_at: float) -> None:
        if self.echo:
            self._link.send(next(self._tokens), data, -math.inf, math.inf)
        self._link.send(next(self._tokens), ANSWER, -math.inf, math.inf)


@pytest.mark.parametrize("echo", [True, False])
def test_the_wrapper_learns_and_passes_on_everything_else(clock: VirtualClock, echo: bool) -> None:
    near, far = memory_pair(clock, Line(2400))
    far.open(Mirror(far, echo))
    link, sink = EchoLink(near, clock, always=False, line=Line(2400)), Sink()
    assert (link.url, link.caps, link.echo) == (near.url, near.caps, None)
    assert Cap.BAUD in link.caps
    link.open(sink)
    for token in range(MISSES + 1):
        link.send(token, REQUEST, -math.inf, math.inf)
        clock.advance(1.0)
    assert link.echo is echo
    assert [item for item in sink.log if isinstance(item, bytes)] == [ANSWER] * (MISSES + 1)
    assert [item for item in sink.log if isinstance(item, tuple)] == [
        (at, SendOutcome.SENT) for at in range(MISSES + 1)
    ]
    link.close()
    received = list(sink.log)
    clock.advance(1.0)
    assert sink.log == received


def test_held_bytes_are_released_by_a_timer(clock: VirtualClock) -> None:
    near, far = memory_pair(clock)
    far.open(Sink())
    link, sink = EchoLink(near, clock, always=False, line=None), Sink()
    link.open(sink)
    link.send(1, REQUEST, -math.inf, math.inf)
    clock.advance(0.01)
    far.send(1, REQUEST[:3], -math.inf, math.inf)
    clock.advance(HOLD_SECONDS / 2)
    assert REQUEST[:3] not in sink.log
    clock.advance(HOLD_SECONDS)
    assert sink.log[-1] == REQUEST[:3]


def test_the_echo_of_an_own_break_is_not_reported(clock: VirtualClock) -> None:
    near, far = memory_pair(clock, Line(2400))
    far.open(Mirror(far, echo=True))
    link, sink = EchoLink(near, clock, always=True, line=Line(2400)), Sink()
    link.open(sink)
    link.send_break(1, 0.5)
    clock.advance(0.1)
    far.send_break(9, 0.1)
    clock.advance(1.0)
    assert LineEvent.BREAK not in sink.log
    far.send_break(10, 0.1)
    clock.advance(1.0)
    assert sink.log[-1] is LineEvent.BREAK


def test_a_machine_may_close_the_link_in_a_callback(clock: VirtualClock) -> None:
    near, far = memory_pair(clock)
    far.open(Sink())
    link = EchoLink(near, clock, always=False, line=None)

    class Closing(Sink):
        def received(self, data: bytes, last_byte_at: float) -> None:
            super().received(data, last_byte_at)
            link.close()

    sink = Closing()
    link.open(sink)
    link.send(1, REQUEST, -math.inf, math.inf)
    clock.advance(0.01)
    far.send(1, REQUEST[:2], -math.inf, math.inf)
    clock.advance(0.01)
    far.send(2, ANSWER, -math.inf, math.inf)
    clock.advance(1.0)
    assert [item for item in sink.log if isinstance(item, bytes)] == [REQUEST[:2]]
