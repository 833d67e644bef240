"""The echo filter, byte by byte and in virtual time; and the wrapper on a wire in memory."""

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
# Few values, so that answers begin as requests do.
BYTES = st.binary(min_size=1, max_size=6).map(lambda data: bytes(value % 3 for value in data))


class Talk:
    """Drives a filter: what is said, what is heard, and what has come through so far."""

    def __init__(self, *, always: bool = False, learned: bool | None = None) -> None:
        self.filter = EchoFilter(always=always)
        if learned is not None:
            self.filter.learned = learned
        self.now = 0.0
        self.pieces: list[Piece] = []
        self._tokens = itertools.count()

    def say(self, data: bytes) -> int:
        token = next(self._tokens)
        self.filter.write_begun(token, data, self.now, 0.0)
        return token

    def end(self, token: int, outcome: SendOutcome = SendOutcome.SENT) -> None:
        self.pass_time(0.001)
        self.pieces += self.filter.write_done(token, outcome, self.now)

    def sent(self, data: bytes) -> None:
        self.end(self.say(data))

    def hear(self, data: bytes) -> None:
        self.pass_time(0.001)
        self.pieces += self.filter.received(data, self.now)

    def pass_time(self, seconds: float) -> None:
        until = self.now + seconds
        while (deadline := self.filter.deadline) is not None and deadline <= until:
            self.now = deadline
            self.pieces += self.filter.tick(deadline)
        self.now = until

    def be_quiet(self) -> bytes:
        self.pass_time(10 * HOLD_SECONDS)
        assert self.filter.deadline is None
        return self.through

    @property
    def through(self) -> bytes:
        return b"".join(data for data, _ in self.pieces)


def cut(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = sorted({min(place, len(data)) for place in cuts} | {0, len(data)})
    return [data[first:last] for first, last in itertools.pairwise(edges)]


CUTS = st.lists(st.integers(0, 30))


@given(st.lists(st.tuples(BYTES, BYTES, st.integers(1, 2)), min_size=1, max_size=4), CUTS, st.booleans(), st.booleans())
def test_answers_come_through_exactly_and_nothing_of_the_echo(
    exchanges: list[tuple[bytes, bytes, int]], cuts: list[int], early: bool, always: bool
) -> None:
    """Wherever it is split, joined with the answer, before or after the end is told, once or twice."""
    talk = Talk(always=always)
    expected = b""
    for write_done, answer, times in exchanges:
        # An answer that is the telegram once more is what cannot be told apart; of one byte, no second echo is known.
        assume(not answer.startswith(write_done))
        times = times if len(write_done) > 1 else 1
        token = talk.say(write_done)
        if not early:
            talk.end(token)
        for piece in cut(write_done * times + answer, cuts):
            talk.hear(piece)
        if early:
            talk.end(token)
        expected += answer
        assert talk.be_quiet() == expected
    assert talk.filter.learned is (
        True if always or any(len(write_done) > 1 for write_done, _, _ in exchanges) else None
    )


@given(st.lists(st.tuples(BYTES, BYTES), min_size=1, max_size=6), CUTS, st.booleans())
def test_without_an_echo_everything_comes_through_in_order(
    exchanges: list[tuple[bytes, bytes]], cuts: list[int], always: bool
) -> None:
    talk = Talk(always=always)
    expected = b""
    for write_done, answer in exchanges:
        assume(write_done not in answer)
        talk.sent(write_done)
        for piece in cut(answer, cuts):
            talk.hear(piece)
        expected += answer
        assert talk.be_quiet() == expected
    times = [at for _, at in talk.pieces]
    assert times == sorted(times)


@given(BYTES, BYTES, st.integers(0, 6), CUTS, st.integers(0, 6))
def test_an_echo_that_was_cut_short_is_taken_away_as_far_as_it_goes(
    write_done: bytes, answer: bytes, length: int, cuts: list[int], before: int
) -> None:
    echo = write_done[: min(length, len(write_done) - 1)]
    # Else the answer continues the telegram, and nobody could tell where the echo ends.
    assume(answer[0] != write_done[len(echo)])
    talk = Talk(learned=True)
    token = talk.say(write_done)
    talk.hear(echo[:before])
    talk.end(token, SendOutcome.ABORTED)
    for piece in cut(echo[before:] + answer, cuts):
        talk.hear(piece)
    assert talk.be_quiet() == answer


@given(st.lists(BYTES, min_size=2, max_size=4), CUTS)
def test_echoes_of_telegrams_in_a_row(telegrams: list[bytes], cuts: list[int]) -> None:
    # With the first one doubled, which one a byte belongs to could not be told.
    assume(not any(one.startswith(other) for one, other in itertools.permutations(telegrams, 2)))
    talk = Talk(learned=True)
    for token in [talk.say(data) for data in telegrams]:
        talk.end(token)
    for piece in cut(b"".join(telegrams), cuts):
        talk.hear(piece)
    assert talk.be_quiet() == b""


@given(
    st.lists(
        st.one_of(
            BYTES.map(lambda data: ("say", data)),
            BYTES.map(lambda data: ("hear", data)),
            st.sampled_from(SendOutcome).map(lambda outcome: ("end", outcome)),
            st.just(("quiet", b"")),
        )
    ),
    st.sampled_from([None, False]),
)
def test_whatever_happens_nothing_is_heard_twice_out_of_order_or_invented(
    steps: list[tuple[str, object]], learned: bool | None
) -> None:
    talk = Talk(learned=learned)
    received: list[tuple[int, float]] = []
    open_tokens: list[int] = []
    for what, with_what in steps:
        if what == "say":
            assert isinstance(with_what, bytes)
            open_tokens.append(talk.say(with_what))
        elif what == "hear":
            assert isinstance(with_what, bytes)
            talk.hear(with_what)
            received += [(value, talk.now) for value in with_what]
        elif what == "end" and open_tokens:
            assert isinstance(with_what, SendOutcome)
            talk.end(open_tokens.pop(0), with_what)
        elif what == "quiet":
            talk.pass_time(1.0)
    for token in open_tokens:
        talk.end(token)
    talk.be_quiet()
    through = [(value, at) for data, at in talk.pieces for value in data]
    rest = iter(received)
    assert all(value in rest for value in through)  # a subsequence, each byte at its own time


def test_what_was_held_keeps_its_time() -> None:
    talk = Talk()
    talk.sent(REQUEST)
    talk.hear(REQUEST[:2])
    received_at = talk.now
    assert talk.through == b""
    talk.pass_time(HOLD_SECONDS)
    assert talk.pieces == [(REQUEST[:2], received_at)]


def test_a_byte_that_differs_releases_at_once() -> None:
    talk = Talk()
    talk.sent(REQUEST)
    talk.hear(b"\x10")
    assert talk.through == b""
    talk.hear(b"\x53")
    assert talk.through == b"\x10\x53"


def test_a_line_without_echo_is_learned_and_holds_nothing_any_more() -> None:
    talk = Talk()
    for _ in range(MISSES):
        assert talk.filter.learned is None
        talk.sent(REQUEST)
        talk.hear(ANSWER)
    assert talk.filter.learned is False
    talk.sent(REQUEST)
    talk.hear(REQUEST[:4])
    assert talk.through == ANSWER * MISSES + REQUEST[:4]
    assert talk.filter.deadline is None


def test_silence_teaches_too() -> None:
    talk = Talk()
    for _ in range(MISSES + 1):
        talk.sent(REQUEST)
        talk.pass_time(1.0)
    assert talk.filter.learned is False


def test_the_echo_of_a_quick_repeat_is_its_own() -> None:
    """Not taken for a second echo of the telegram before, which would leave one that never comes."""
    talk = Talk()
    for _ in range(3 * MISSES):
        talk.sent(REQUEST)
        talk.hear(REQUEST)
    talk.hear(ANSWER)
    assert talk.filter.learned is True
    assert talk.through == ANSWER


def test_what_was_learned_can_change() -> None:
    talk = Talk(learned=False)
    talk.sent(REQUEST)
    talk.hear(REQUEST)
    assert talk.filter.learned is True
    talk.pieces.clear()
    talk.sent(REQUEST)
    talk.hear(REQUEST + ANSWER)
    assert talk.through == ANSWER
    for _ in range(MISSES):
        talk.sent(REQUEST)
        talk.hear(ANSWER)
    assert talk.filter.learned is False


def test_late_echo_is_still_one() -> None:
    talk = Talk()
    talk.sent(REQUEST)
    talk.pass_time(5 * HOLD_SECONDS)
    talk.hear(REQUEST + ANSWER)
    assert talk.through == ANSWER


def test_a_break_in_an_answer_leaves_nothing_of_its_echo() -> None:
    talk = Talk(learned=True)
    token = talk.say(ANSWER)
    talk.hear(ANSWER[:3])
    talk.pieces += talk.filter.break_received(talk.now)
    talk.hear(ANSWER[3:5])  # what was on its way
    talk.end(token, SendOutcome.ABORTED)
    talk.hear(REQUEST)
    assert talk.be_quiet() == REQUEST


def test_a_break_while_nothing_is_said_gives_back_what_was_held() -> None:
    talk = Talk(learned=True)
    talk.sent(REQUEST)
    talk.hear(REQUEST[:3])
    talk.pieces += talk.filter.break_received(talk.now)
    assert talk.through == REQUEST[:3]


def test_what_comes_before_an_answer_may_begin_is_no_echo() -> None:
    talk = Talk(learned=True)
    talk.filter.write_begun(99, REQUEST, talk.now + 1.0, 0.0)
    talk.hear(REQUEST)
    assert talk.through == REQUEST


def test_a_telegram_that_never_left_takes_nothing_away() -> None:
    for outcome in (SendOutcome.EXPIRED, SendOutcome.ABORTED):
        talk = Talk(learned=True)
        talk.filter.write_begun(99, REQUEST, talk.now + 1.0, 0.0)
        talk.end(99, outcome)
        talk.hear(REQUEST)
        assert talk.through == REQUEST


def test_a_garbled_echo_is_taken_away_where_it_is_known_that_there_is_one() -> None:
    """While the own telegram is on the wire nobody can have answered it; afterwards only what equals it goes."""
    talk = Talk(always=True)
    talk.filter.write_begun(1, REQUEST, talk.now, 0.02)
    talk.hear(b"\x10\xff\x01")
    talk.pass_time(0.02)
    talk.end(1)
    talk.hear(b"\x5c\x16" + ANSWER)
    assert talk.through == ANSWER
    talk.filter.write_begun(2, REQUEST, talk.now, 0.02)
    talk.pass_time(0.02)
    talk.end(2)
    talk.hear(b"\x10\xff\x01\x5c\x16" + ANSWER)
    assert talk.through == ANSWER + b"\x10\xff\x01\x5c\x16" + ANSWER


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
    """The far end: repeats each telegram, as a converter does, and then answers."""

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
def test_the_wrapper_learns_and_passes_everything_else_on(clock: VirtualClock, echo: bool) -> None:
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
    assert clock.next_due() is None


def test_held_bytes_come_by_the_clock(clock: VirtualClock) -> None:
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


def test_a_break_of_ones_own_is_not_heard_where_there_is_an_echo(clock: VirtualClock) -> None:
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


def test_a_machine_may_close_the_link_when_it_hears(clock: VirtualClock) -> None:
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
