"""The two codecs of a line: the marks that Linux puts into the bytes, and parity in software."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.link.line_marks import MarkDecoder
from cmi_gui.engine.link.port import PortItem
from cmi_gui.engine.link.soft_parity import carrier, with_parity, without_parity
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.machine import Line, LineEvent

# Items on the wire: a character, a damaged one (with the value that the port received), a break.
_CHARACTER = st.integers(0, 255)
_DAMAGED = st.tuples(st.integers(1, 255))
_WIRE_ITEMS = st.lists(st.one_of(_CHARACTER, st.just(0xFF), _DAMAGED, st.just(LineEvent.BREAK)))


def marked(wire: list[object]) -> bytes:
    """Return the bytes that the line discipline makes of a wire, by termios(3)."""
    written = b""
    for item in wire:
        match item:
            case LineEvent.BREAK:
                written += b"\xff\x00\x00"
            case (int(value),):
                written += bytes((0xFF, 0x00, value))
            case int(value):
                written += b"\xff\xff" if value == 0xFF else bytes((value,))
    return written


def flattened(received: list[PortItem]) -> list[object]:
    """Return bytes as single values, so that their grouping does not matter."""
    return [value for item in received for value in (item if isinstance(item, bytes) else [item])]


@given(_WIRE_ITEMS, st.lists(st.integers(0, 200)))
def test_marks_are_read_wherever_the_stream_is_split(wire: list[object], cuts: list[int]) -> None:
    data = marked(wire)
    edges = sorted({min(cut, len(data)) for cut in cuts} | {0, len(data)})
    decoder = MarkDecoder()
    received = [item for first, last in itertools.pairwise(edges) for item in decoder.feed(data[first:last])]
    assert flattened(received) == [LineEvent.FRAMING if isinstance(item, tuple) else item for item in wire]


@given(st.binary())
def test_any_stream_can_be_decoded(data: bytes) -> None:
    """The decoder adds nothing, even if a mark is incomplete."""
    received = MarkDecoder().feed(data)
    assert len(flattened(received)) <= len(data)
    assert all(item for item in received)


def test_a_single_ff_is_a_character() -> None:
    assert flattened(MarkDecoder().feed(b"\xff\x10\xff\xff")) == [0xFF, 0x10, 0xFF]


LINES = st.builds(
    Line,
    st.sampled_from([300, 2400]),
    st.just(7),
    st.sampled_from(["E", "O"]),
    st.sampled_from([1, 2]),
) | st.just(Line(300, 7, "N", 2))


@given(st.binary(), LINES)
def test_seven_bits_are_recovered_from_eight(data: bytes, line: Line) -> None:
    data = bytes(value & 0x7F for value in data)
    sent = with_parity(data, line)
    assert len(sent) == len(data)
    assert flattened(without_parity(sent, line)) == list(data)
    assert carrier(line).char_time == line.char_time


@given(st.binary(min_size=1), LINES.filter(lambda line: line.parity != "N"), st.data())
def test_every_flipped_bit_is_reported_at_its_position(data: bytes, line: Line, draw: st.DataObject) -> None:
    data = bytes(value & 0x7F for value in data)
    position = draw.draw(st.integers(0, len(data) - 1))
    sent = bytearray(with_parity(data, line))
    sent[position] ^= 1 << draw.draw(st.integers(0, 7))
    assert flattened(without_parity(bytes(sent), line)) == [*data[:position], LineEvent.PARITY, *data[position + 1 :]]


@given(st.integers(0, 127))
def test_parity_is_that_of_the_standard(value: int) -> None:
    """With even parity the number of ones in a character and its parity bit is even."""
    assert with_parity(bytes((value,)), Line(300, 7, "E"))[0].bit_count() % 2 == 0
    assert with_parity(bytes((value,)), Line(300, 7, "O"))[0].bit_count() % 2 == 1


def test_a_real_sign_on_with_eight_bits() -> None:
    """`/?!` of a reading device at 7E1, as an adapter at 8N1 receives it."""
    assert with_parity(b"/?!\r\n", Line(300, 7, "E")) == bytes.fromhex("af 3f 21 8d 0a")


@pytest.mark.parametrize("line", [Line(2400), Line(2400, 7, "N", 1), Line(2400, 6, "E"), Line(2400, 5, "N")])
def test_lines_that_do_not_fit_are_refused(line: Line) -> None:
    with pytest.raises(LinkError, match="cannot be sent that way") as error:
        carrier(line)
    assert error.value.code == "bad_line"


def test_eight_bits_need_no_other_settings() -> None:
    assert carrier(Line(2400, 8, "N")) == Line(2400, 8, "N")
