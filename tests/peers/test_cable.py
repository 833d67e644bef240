"""The cable of these tests itself: times, speeds and disturbances."""

from __future__ import annotations

import itertools
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("this system has no pseudo-terminals", allow_module_level=True)

import serial

from tests.helpers.cable import Cable
from tests.helpers.cable_end import LATE_SECONDS, End, cut_after, garble, silence
from tests.helpers.uart import Receiver, levels
from tests.helpers.waiting import WAIT_SECONDS, until

pytestmark = pytest.mark.real_time(LATE_SECONDS)


@pytest.fixture
def cable(tmp_path: Path) -> Iterator[Cable]:
    with Cable(tmp_path, char_bits=11) as cable:
        yield cable


def opened(end: End, baud: int = 2400) -> serial.Serial:
    return serial.Serial(str(end.path), baud, timeout=WAIT_SECONDS)


def test_each_character_takes_its_time_in_both_directions(cable: Cable) -> None:
    with opened(cable.a) as a, opened(cable.b) as b:
        begun = time.perf_counter()
        a.write(bytes(range(20)))
        assert b.read(20) == bytes(range(20))
        took = time.perf_counter() - begun
        assert took >= 20 * 11 / 2400
        b.write(b"\xff\x00\n\r\x03")
        assert a.read(5) == b"\xff\x00\n\r\x03"
    there = [char for char in cable.chars if char.sender == "a"]
    for before, after in itertools.pairwise(there):
        assert after.start >= before.end
    assert all(char.end - char.start == pytest.approx(11 / 2400) for char in there)
    assert cable.sent_by(cable.b) == b"\xff\x00\n\r\x03"


def test_at_another_speed_only_garbage_arrives(cable: Cable) -> None:
    with opened(cable.a, 300) as a, opened(cable.b, 2400) as b:
        a.write(b"\x10\x40\x00\x40\x16")
        until(lambda: len(cable.chars) == 5)
        received = b"".join(char.received for char in cable.chars)
        assert len(received) > 5
        assert b.read(len(received)) == received
        a.baudrate = 2400
        a.write(b"\x10")
        assert b.read(1) == b"\x10"
    assert [baud for _, baud in cable.a.speeds] == [38400, 300, 2400]


def test_a_change_of_speed_inside_a_character_damages_it(cable: Cable) -> None:
    with opened(cable.a, 300) as a, opened(cable.b, 300) as b:
        a.write(b"\x55\x55")
        until(lambda: cable.chars)  # the second one is on the line now
        b.baudrate = 4800
        until(lambda: len(cable.chars) == 2)
    assert cable.chars[0].received == b"\x55"
    assert cable.chars[1].received != b"\x55"


@pytest.mark.parametrize("data_bits", [7, 8])
def test_a_receiver_at_the_right_speed_reads_every_character(data_bits: int) -> None:
    receiver = Receiver(2400, data_bits)
    for byte in range(1 << data_bits):
        received = b"".join(receiver.feed(level, 1 / 2400) for level in levels(byte, data_bits)) + receiver.feed(
            1, byte / 2400
        )
        assert received == bytes((byte,))


def test_a_line_that_stays_low_is_one_character_however_long() -> None:
    receiver = Receiver(2400, 8)
    assert receiver.feed(0, 1.0) + receiver.feed(1, 1.0) == b"\x00"
    assert b"".join(receiver.feed(level, 1 / 2400) for level in levels(0x41, 8)) + receiver.feed(1, 1.0) == b"A"


def test_tampering(cable: Cable) -> None:
    with opened(cable.a) as a, opened(cable.b) as b:
        cable.a.tamper = garble(1, mask=0x80)
        a.write(b"abc")
        assert b.read(3) == b"a\xe2c"
        cable.a.tamper = cut_after(2)
        a.write(b"abcdef")
        until(lambda: len(cable.chars) == 9)
        cable.a.tamper = silence
        a.write(b"xyz")
        until(lambda: len(cable.chars) == 12)
        cable.a.tamper = None
        a.write(b"!")
        assert b.read(3) == b"ab!"


def test_noise_and_echo(cable: Cable) -> None:
    with opened(cable.a) as a, opened(cable.b) as b:
        cable.noise(cable.b, b"\xaa\x55")
        assert b.read(2) == b"\xaa\x55"
        cable.b.echo = True
        b.write(b"hello")
        assert a.read(5) == b.read(5) == b"hello"


def test_lumps(cable: Cable) -> None:
    cable.b.lumps = 0.1
    with opened(cable.a) as a, opened(cable.b) as b:
        a.write(b"0123456789")
        assert b.read(1) == b"0"
        assert b.read(b.in_waiting) == b"123456789"
    assert cable.chars[0].received == b"0"


def test_unplugged_and_plugged_in_again(cable: Cable) -> None:
    with opened(cable.a) as a:
        b = opened(cable.b)
        a.write(b"on its way" * 10)
        until(lambda: len(cable.chars) > 3)
        cable.unplug(cable.b)
        assert not cable.b.path.exists()
        with pytest.raises(serial.SerialException):
            b.read(1000)
        b.close()
        until(lambda: len(cable.chars) == 100)  # lost
        cable.plug_in(cable.b)
        with opened(cable.b) as again:
            a.write(b"back")
            assert again.read(4) == b"back"


def test_an_end_knows_whether_it_is_open(cable: Cable) -> None:
    assert not cable.a.in_use
    with opened(cable.a):
        until(lambda: cable.a.in_use)
    until(lambda: not cable.a.in_use)
    with opened(cable.b) as b:
        b.write(b"port is closed")
        until(lambda: len(cable.chars) == 14)
        with opened(cable.a) as a:
            until(lambda: cable.a.in_use)
            b.write(b"now")
            assert a.read(3) == b"now"


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    threads, files = threading.active_count(), len(os.listdir("/dev/fd"))
    for turn in range(20):
        with Cable(tmp_path, char_bits=10, name=f"tty{turn}") as cable, opened(cable.a) as a, opened(cable.b) as b:
            a.write(b"x")
            assert b.read(1) == b"x"
    assert threading.active_count() == threads
    assert len(os.listdir("/dev/fd")) == files
    assert not list(tmp_path.iterdir())
