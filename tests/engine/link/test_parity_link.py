"""Detection of parity in the eighth bit."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.link.memory import memory_pair
from cmi_gui.engine.link.parity_link import ParityLink
from cmi_gui.engine.link.soft_parity import with_parity
from cmi_gui.engine.link.tcp import TcpClientLink
from cmi_gui.engine.link.url import make_link, parse_link
from cmi_gui.engine.machine import Line, LineEvent, LinkState, SendOutcome

LINE = Line(300, 7, "E")
SIGN_ON = b"/?!\r\n"
IDENT = b"/LGZ4ZMF100AC.M26\r\n"
SEVEN = st.binary().map(lambda data: bytes(value & 0x7F for value in data))


class Sink:
    def __init__(self) -> None:
        self.data = b""
        self.log: list[object] = []

    def received(self, data: bytes, last_byte_at: float) -> None:
        self.data += data

    def line_event(self, kind: LineEvent, at: float) -> None:
        self.log.append(kind)

    def done(self, token: int, outcome: SendOutcome, at: float) -> None:
        self.log.append(outcome)

    def state(self, state: LinkState, cause: object) -> None:
        self.log.append(state)


class Wire:
    """A `ParityLink`, and what its two ends receive."""

    def __init__(self, line: Line = LINE) -> None:
        self.clock = VirtualClock()
        near, self.far = memory_pair(self.clock)
        self.link = ParityLink(near, line)
        self.near_sink, self.far_sink = Sink(), Sink()
        self.link.open(self.near_sink)
        self.far.open(self.far_sink)

    def send(self, data: bytes) -> bytes:
        """Send on the link; return what the other end receives."""
        self.far_sink.data = b""
        self.link.send(1, data, -math.inf, math.inf)
        self.clock.advance(1)
        return self.far_sink.data

    def answer(self, data: bytes) -> bytes:
        """Send at the other end; return what the link delivers."""
        self.near_sink.data = b""
        self.far.send(1, data, -math.inf, math.inf)
        self.clock.advance(1)
        return self.near_sink.data


@pytest.mark.parametrize("parity", ["E", "O"])
def test_after_an_answer_with_parity_the_next_message_has_it_too(parity: str) -> None:
    line = Line(300, 7, parity)  # type: ignore[arg-type]
    wire = Wire(line)
    assert wire.send(SIGN_ON) == SIGN_ON
    assert wire.answer(with_parity(IDENT, line)) == IDENT
    assert wire.send(b"\x06040\r\n") == with_parity(b"\x06040\r\n", line)
    assert wire.link.in_bit_7


def test_an_echo_without_parity_before_the_answer_makes_no_difference() -> None:
    wire = Wire()
    wire.send(SIGN_ON)
    assert wire.answer(SIGN_ON + with_parity(IDENT, LINE)) == SIGN_ON + IDENT
    assert wire.send(SIGN_ON) == with_parity(SIGN_ON, LINE)


def test_plain_characters_stay_plain_and_learning_can_change() -> None:
    wire = Wire()
    wire.send(SIGN_ON)
    wire.answer(with_parity(IDENT, LINE))
    assert wire.send(SIGN_ON) != SIGN_ON
    assert wire.answer(IDENT) == IDENT
    assert wire.send(SIGN_ON) == SIGN_ON


@given(SEVEN)
def test_characters_of_seven_bits_pass_unchanged(data: bytes) -> None:
    wire = Wire()
    assert wire.answer(data) == data
    assert wire.send(data) == data


def test_a_character_with_wrong_parity_stays_marked() -> None:
    damaged = bytes((with_parity(b"L", LINE)[0] ^ 0x01,))
    assert Wire().answer(damaged) == damaged
    assert damaged[0] > 0x7F


def test_noise_of_eight_bits_changes_nothing() -> None:
    wire = Wire()
    wire.send(SIGN_ON)
    wire.answer(bytes(range(256)))
    assert wire.send(SIGN_ON) == SIGN_ON


@pytest.mark.parametrize(
    ("text", "line", "wrapped"),
    [
        ("tcp://h:1", LINE, True),
        ("tcp://h:1?framing=port", LINE, False),
        ("tcp://h:1?framing=software", LINE, False),
        ("tcp://h:1", Line(2400), False),
    ],
)
def test_which_links_detect_the_parity(text: str, line: Line, wrapped: bool) -> None:
    link = make_link(parse_link(text), VirtualClock(), "connect", line)
    assert isinstance(link, ParityLink) is wrapped
    assert isinstance(link.link if isinstance(link, ParityLink) else link, TcpClientLink)
    assert link.url == "tcp://h:1"
