from __future__ import annotations

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.iec62056.dataset import join_readout
from cmi_gui.engine.iec62056.message import (
    BREAK,
    Command,
    DataMessage,
    Handshake,
    Identification,
    OptionSelect,
    Request,
)
from cmi_gui.engine.iec62056.stream import Damage, Damaged, StreamEvent, StreamParser
from tests.helpers.meter_telegrams import M26_LINES, text_with_bcc

M26 = DataMessage(join_readout(M26_LINES)).to_bytes()


def events(*chunks: bytes, option_select: bool = False, limit: int = 65536) -> list[StreamEvent]:
    parser = StreamParser(block_limit=limit)
    parser.option_select = option_select
    found = [event for chunk in chunks for event in parser.feed(chunk)]
    rest = parser.flush()
    return found if rest is None else [*found, rest]


def kinds(found: list[StreamEvent]) -> list[object]:
    return [event.kind if isinstance(event, Damaged) else event for event in found]


def test_a_readout_after_its_identification() -> None:
    assert events(b"/LGZ4ZMF100AC.M26\r\n" + M26) == [
        Identification("LGZ", "4", "ZMF100AC.M26"),
        DataMessage(join_readout(M26_LINES)),
    ]


def test_the_lines_of_an_unfinished_readout_are_counted() -> None:
    parser = StreamParser()
    counts = []
    for byte in b"/LGZ4ZMF100AC.M26\r\n" + M26:
        assert len([*parser.feed(bytes((byte,)))]) <= 1
        counts.append(parser.lines)
    assert [count for count, _ in groupby(counts)] == [*range(len(M26_LINES)), len(M26_LINES), 0]


def test_everything_in_one_stream() -> None:
    data = b"\0\0/?!\r\n\x15\x06\x01P0\x02()\x03\x60\x01B0\x03\x71\x02(ER01)\x03\x14"
    assert events(data) == [
        Request(), Handshake.NAK, Handshake.ACK, Command("P", "0", "()"), BREAK, DataMessage("(ER01)"),
    ]  # fmt: skip


def test_the_meaning_of_an_ack_depends_on_the_role() -> None:
    assert events(b"\x06041\r\n", option_select=True) == [OptionSelect(speed="4", mode="1")]
    assert kinds(events(b"\x06041\r\n")) == [Handshake.ACK, Damage.NOISE]


def test_the_role_may_change_between_two_events_of_one_chunk() -> None:
    parser = StreamParser()
    found = []
    for event in parser.feed(b"/?!\r\n\x06000\r\n"):
        parser.option_select = isinstance(event, Request)
        found.append(event)
    assert found == [Request(), OptionSelect()]


@pytest.mark.parametrize("value", range(128))
def test_the_character_after_etx_is_the_bcc_whatever_it_is(value: int) -> None:
    message = DataMessage(text_with_bcc(value))
    assert message.to_bytes()[-1] == value
    assert events(message.to_bytes() * 2 + b"\x15") == [message, message, Handshake.NAK]


def test_kinds_of_damage() -> None:
    assert kinds(events(M26[:-1] + b"\x01"))[-1] is Damage.BAD_BCC
    assert kinds(events(M26[:100] + b"\xb1" + M26[101:]))[-1] is Damage.GARBLED
    assert kinds(events(M26[:-1] + bytes([M26[-1] | 0x80])))[-1] is Damage.GARBLED
    assert kinds(events(M26[:-20]))[-1] is Damage.INCOMPLETE
    assert kinds(events(b"\x02A(1)\x01B0\x03\x71")) == [Damage.INCOMPLETE, BREAK]
    assert kinds(events(b"\x01p0\x03\x43")) == [Damage.SYNTAX]
    assert kinds(events(b"/LGZ4\x80\r\n")) == [Damage.GARBLED]
    assert kinds(events(b"abc/?!\r\n\xff")) == [Damage.NOISE, Request(), Damage.NOISE]
    assert kinds(events(b"/" + b"?" * 100)) == [Damage.TOO_LONG, Damage.NOISE]
    assert kinds(events(b"\x02" + b"A" * 50, limit=20))[0] is Damage.TOO_LONG


def test_damaged_bytes_stay_out_of_logs() -> None:
    (damage,) = events(b"\x01P1\x02(geheim12)\x03\x00")
    assert isinstance(damage, Damaged)
    assert "geheim" not in repr(damage)


pieces = st.sampled_from(
    [
        M26,
        b"/?!\r\n",
        b"/?123!\r\n",
        b"/LGZ4ZMF100AC.M26\r\n",
        b"\x06041\r\n",
        b"\x06",
        b"\x15",
        b"\x01B0\x03\x71",
        b"\x01P1\x02(00000000)\x03\x61",
        b"\x021.8.0(061561.289*kWh)\x03\x5d",
        b"\x02A(1)\r\n",
    ]
)
streams = st.lists(pieces | st.binary(max_size=12), max_size=6).map(b"".join)


@given(streams, st.data(), st.booleans())
def test_chunks_make_no_difference(stream: bytes, data: st.DataObject, option_select: bool) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=10)))
    chunks = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    at_once = events(stream, option_select=option_select)
    assert events(*chunks, option_select=option_select) == at_once
    assert events(*[bytes([byte]) for byte in stream], option_select=option_select) == at_once


@given(streams)
def test_after_any_noise_and_silence_a_message_is_received(noise: bytes) -> None:
    parser = StreamParser()
    list(parser.feed(noise))
    parser.flush()
    assert list(parser.feed(b"/?!\r\n")) == [Request()]
