"""Stray characters, an echo and garbage at a wrong speed beside the answer, and the fault that the exchange reports."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.iec62056.events import (
    CommandAnswered,
    CommandConfirmed,
    Failed,
    FailureCause,
    Identified,
    Limits,
    PasswordRefused,
    ReadoutReceived,
    SpeedGivenUp,
    Timing,
)
from cmi_gui.engine.iec62056.exchange import plain_login
from cmi_gui.engine.iec62056.message import Command, DataMessage
from cmi_gui.engine.iec62056.received import proves_speed
from cmi_gui.engine.iec62056.stream import Damaged, StreamParser
from cmi_gui.engine.machine import LineEvent
from tests.helpers.meter_telegrams import M26_LINES
from tests.helpers.reading_devices import IDENT, LIST, SIGN_ON, Head
from tests.helpers.uart import Receiver, levels

LONG_LIST = DataMessage("".join(f"{line}\r\n" for line in M26_LINES) + "!\r\n").to_bytes()
ECHO_HINT = "(add echo=on to the LINK to remove the echo)"


def received_as(data: bytes, sent_at: int, received_at: int) -> bytes:
    """Return the characters that a receiver at another speed reads."""
    receiver = Receiver(received_at, 7)
    received = bytearray()
    for byte in data:
        for level in levels(byte, 7):
            received += receiver.feed(level, 1 / sent_at)
    return bytes(received + receiver.feed(1, 1.0))


# Before the identification


@pytest.mark.parametrize(
    "noise",
    [
        b"\x15",
        b"\x15\x15",
        b"\x06",
        b"\x01",
        b"\x02",
        b"\x01\x02",
        b"\x02\x01B0",
        b"/",
        b"\x03\x04",
        b"\x00\x7f\x7f",
        SIGN_ON,
        b"/?\r\n",
        b"/\xbf!\r\n",
        b"/?!\r",
        b"/7!\r\n",
        b"?!\r\n",
        b"\xaf?!\x8d\n",
        b"\x01B0\x03\x71",
        b"\x02(ER01)\x03\x14",
        b"/" + b"x" * 90,
    ],
)
@pytest.mark.parametrize("apart", [0.0, 0.3])
def test_characters_that_are_no_identification_are_ignored(noise: bytes, apart: float) -> None:
    head = Head()
    head.read()
    head.receive(noise, reaction=0.0)
    head.receive(IDENT, reaction=apart)
    head.receive(LIST)
    assert isinstance(head.last(), ReadoutReceived)
    assert head.sent == [SIGN_ON, b"\x06040\r\n"]


@given(st.binary(max_size=40).filter(lambda noise: b"/" not in noise))
def test_no_noise_at_all_hides_the_identification(noise: bytes) -> None:
    head = Head()
    head.read()
    head.receive(noise, reaction=0.0)
    head.receive(IDENT)
    assert isinstance(head.events[0], Identified)


@pytest.mark.parametrize("noise", [b"\x15", b"\x06", b"\x02", b"\x01", b"/", b"x\x15", b"\x7f\x06\x15"])
def test_characters_that_are_no_readout_are_ignored(noise: bytes) -> None:
    head = Head()
    head.read()
    head.receive(IDENT)
    head.receive(noise, reaction=0.1)
    head.receive(LIST)
    assert isinstance(head.last(), ReadoutReceived)


@pytest.mark.parametrize(
    ("noise", "cause", "detail"),
    [
        (b"\x15", FailureCause.NAK, "the device answered the request with NAK"),
        (b"\0\0", FailureCause.SILENCE, "no answer to the request within 1500 ms"),
        (b"\0" * 9, FailureCause.GARBAGE, "only NUL characters were received"),
        (b"x\x15", FailureCause.GARBAGE, "1 characters outside any message"),
        (b"\x15x", FailureCause.GARBAGE, "1 characters outside any message"),
        (SIGN_ON, FailureCause.SILENCE, "an echo of the sent message was received, but no answer"),
        (
            b"/?\r\n",
            FailureCause.SILENCE,
            f"a damaged echo of the sent message was received, but no answer {ECHO_HINT}",
        ),
        (b"\xaf?!\x8d\n", FailureCause.SILENCE, "an echo of the sent message was received, but no answer"),
        (
            b"/_!\r\nxyz##",
            FailureCause.GARBAGE,
            f"5 characters outside any message, after a damaged echo of the sent message {ECHO_HINT}",
        ),
        (
            b"/lgz4ZMF\r\n",
            FailureCause.NOT_ACCEPTED,
            "only the third letter of 'lgz' may be lower case",
        ),
    ],
)
def test_the_time_out_names_what_was_received(noise: bytes, cause: FailureCause, detail: str) -> None:
    head = Head(Limits(attempts=1))
    head.read()
    head.receive(noise)
    failed = head.failed()
    assert (failed.cause, str(failed.detail)) == (cause, detail)


def test_a_nak_between_damaged_characters_is_noise() -> None:
    head = Head()
    head.read()
    head.do(head.reader.line_event(LineEvent.PARITY, head.now))
    head.receive(b"\x15")
    failed = head.failed()
    assert failed.cause is FailureCause.GARBAGE
    assert str(failed.detail) == "only damaged characters were received, after a line error (parity)"


# At another speed than agreed


@pytest.mark.parametrize(
    ("sent_at", "received_at"), [(300, 4800), (300, 9600), (1200, 4800), (2400, 4800), (9600, 4800)]
)
@pytest.mark.parametrize("mode", ["0", "1"])
def test_garbage_is_noise_and_the_meter_is_read_at_300_in_the_end(sent_at: int, received_at: int, mode: str) -> None:
    z = {4800: b"4", 9600: b"5"}[received_at]
    answer = LONG_LIST if mode == "0" else Command("P", "0", "(00000000)").to_bytes() * 20
    garbage = received_as(answer, sent_at, received_at)
    head = Head()
    ends: list[Failed] = []
    for _ in range(2):
        if mode == "0":
            head.do(head.reader.start_readout(head.now))
        else:
            head.do(head.reader.start_programming(head.now))
        head.wait(0.0)
        head.receive(IDENT.replace(b"4", z, 1))
        # Again for each request of the reader.
        while head.reader.busy and not isinstance(head.events[-1], Failed):
            head.receive(garbage, reaction=0.3)
            head.wait(2.0)
        ends.append(head.failed())
        head.wait(5.0)
    assert {end.cause for end in ends} <= {FailureCause.GARBAGE}
    assert [event.baud for event in head.events if isinstance(event, SpeedGivenUp)] == [received_at]


@pytest.mark.parametrize("stray", [b"\x15", b"\x01", b"\x02", b"\x06", b"\x02\x03\x15\x01"])
def test_no_lone_character_proves_the_speed(stray: bytes) -> None:
    head = Head()
    for _ in range(2):
        head.read()
        head.receive(IDENT)
        head.receive(b"\x7f\x11" + stray + b"\x18\x07")
        assert head.failed().cause is FailureCause.GARBAGE
        head.wait(5.0)
    assert SpeedGivenUp(4800) in head.events


def test_a_lone_nak_after_the_option_select_counts_too() -> None:
    head = Head()
    for _ in range(2):
        head.read()
        head.receive(IDENT)
        head.receive(b"\x15")
        assert head.failed().cause is FailureCause.NAK
        head.wait(5.0)
    assert SpeedGivenUp(4800) in head.events


@given(st.binary(min_size=1, max_size=300))
def test_random_characters_prove_nothing(data: bytes) -> None:
    plain = bytes(value for value in data if value not in b"()")
    events = [*StreamParser().feed(plain)]
    assert not [event for event in events if isinstance(event, Damaged) and b"(" in event.raw and proves_speed(event)]


# ACK and NAK in programming mode


def in_session() -> Head:
    """A reader that has sent its password."""
    head = Head(Limits(attempts=1, repeats=2))
    head.do(head.reader.start_programming(head.now, login=plain_login("00000000")))
    head.wait(0.0)
    head.receive(IDENT)
    head.receive(Command("P", "0", "()").to_bytes())
    assert head.sent[-1].startswith(b"\x01P1")
    return head


def test_an_ack_in_noise_accepts_no_password() -> None:
    head = in_session()
    head.receive(b"\x7f\x06\x11")
    head.wait(0.5)
    assert not head.reader.ready
    head.wait(2.0)
    assert head.sent[-1] == b"\x15", "the answer is asked for again"
    head.receive(b"\x06")
    head.wait(0.3)
    assert head.reader.ready


def test_a_nak_in_noise_refuses_no_password() -> None:
    head = in_session()
    head.receive(b"\x15\x7f")
    head.wait(3.0)
    head.receive(b"\x06")
    head.wait(0.3)
    assert head.reader.ready
    assert not [event for event in head.events if isinstance(event, PasswordRefused)]


@pytest.mark.parametrize("noise", [b"\x06\x7f", b"\x7f\x06", b"\x06\x06", b"\x15\x06"])
def test_an_ack_in_noise_confirms_no_command(noise: bytes) -> None:
    head = in_session()
    head.receive(b"\x06")
    head.wait(0.3)
    write = Command("W", "1", "C003(1)")
    head.do(head.reader.send_command(head.now, write))
    head.receive(noise)
    head.wait(1.0)
    assert CommandConfirmed(write) not in head.events
    head.wait(2.0)
    assert head.sent[-1] == b"\x15"
    head.receive(b"\x06")
    head.wait(0.3)
    assert head.events[-1] == CommandConfirmed(write)


def test_an_ack_shortly_after_noise_is_noise_and_later_an_answer() -> None:
    for gap, confirmed in ((0.1, False), (0.25, True)):
        head = in_session()
        head.receive(b"\x7f")
        head.receive(b"\x06", reaction=gap)
        head.wait(0.3)
        assert head.reader.ready is confirmed


def test_the_echo_of_our_own_nak_is_ignored() -> None:
    head = in_session()
    head.receive(b"\x06")
    head.wait(0.3)
    read = Command("R", "1", "1.8.0()")
    head.do(head.reader.send_command(head.now, read))
    head.receive(b"\x021.8.0(061561.289*kWh)\x03\x5c")
    assert head.sent[-1] == b"\x15"
    head.receive(b"\x15", reaction=0.0)
    head.wait(0.3)
    head.receive(b"\x021.8.0(061561.289*kWh)\x03\x5d")
    assert head.events[-1] == CommandAnswered(read, "1.8.0(061561.289*kWh)")
    assert head.sent[-1] == b"\x15"


# Long, and late


@pytest.mark.no_cover
def test_a_readout_in_order_may_take_an_hour() -> None:
    text = "".join(f"P.01({number:012})(0.25*kW)\r\n" for number in range(4000))
    head = Head()
    head.read()
    head.receive(IDENT.replace(b"4", b"0", 1))
    begin = head.now
    head.receive(DataMessage(f"{text}!\r\n").to_bytes(), gap=1 / 30)
    assert isinstance(head.last(), ReadoutReceived)
    assert head.now - begin > 3600


def test_characters_that_make_no_message_end_in_time() -> None:
    head = Head()
    head.read()
    head.receive(IDENT.replace(b"4", b"0", 1))
    begin = head.now
    while head.reader.busy and head.now < begin + 1000:
        head.receive(b"\x02\x11\x7f\x18\x05" * 20, reaction=0.0, gap=1 / 30)
    assert head.now - begin < Timing().readout + 10
    failed = head.failed()
    assert (failed.cause, str(failed.detail)) == (
        FailureCause.GARBAGE,
        "the answer to the option select does not end",
    )


@pytest.mark.parametrize(("timeout", "in_time"), [(0.0, False), (0.5, False), (2.0, True)])
def test_how_late_an_answer_may_be(timeout: float, in_time: bool) -> None:
    head = Head(timing=Timing(timeout=timeout))
    head.read()
    head.receive(IDENT, reaction=3.4)
    head.receive(LIST[:20], reaction=3.4)
    head.receive(LIST[20:], reaction=3.4)
    if in_time:
        assert isinstance(head.last(), ReadoutReceived)
    else:
        failed = head.failed()
        assert str(failed.detail) == f"no answer to the request within {1500 + timeout * 1000:.0f} ms"


def test_an_exclamation_mark_after_the_last_line_is_not_part_of_it() -> None:
    head = Head()
    head.read()
    head.receive(IDENT)
    head.receive(DataMessage("F.F(00)\r\n1.8.0(000123.456*kWh)!\r\n").to_bytes())
    done = head.last()
    assert isinstance(done, ReadoutReceived)
    assert done.lines == ("F.F(00)", "1.8.0(000123.456*kWh)")
