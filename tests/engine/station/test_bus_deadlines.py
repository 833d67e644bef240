"""Real time over pseudo-terminals: the speed is found, and an engine that was busy answers in time or not at all."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

if sys.platform == "win32":
    pytest.skip("this system has no pseudo-terminals", allow_module_level=True)

import serial

from cmi_gui.engine.events import Notice
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.station.station import Station
from tests.helpers.station_bench import station
from tests.helpers.waiting import poll

pytestmark = [pytest.mark.asyncio, pytest.mark.real_time(0.02)]

NKE = Frame.short(0x40, 0).to_bytes()
ACK = b"\xe5"
LATEST = 330 / 2400 + 0.050
"""Seconds from the end of a request to the begin of its answer, at most, at 2400 bit/s [DOC48 §5.4]."""


@contextmanager
def master_on(made: Station, which: int = 0, baud: int = 2400) -> Iterator[serial.Serial]:
    """A pseudo-terminal has no parity, so none is set."""
    with serial.Serial(made.link_status[which].url.removeprefix("pty:"), baud, timeout=0) as port:
        yield port


async def ask(port: serial.Serial, timeout: float = 1.5) -> bytes:
    port.write(NKE)
    return await silence_after(port, timeout)


async def silence_after(port: serial.Serial, timeout: float) -> bytes:
    """Return what is received until an E5, or for `timeout` seconds."""
    received = b""
    give_up = time.perf_counter() + timeout
    while time.perf_counter() < give_up and not received:
        received += port.read(300)
        await asyncio.sleep(0.002)
    return received


async def test_the_speed_of_a_master_on_a_pseudo_terminal_is_found() -> None:
    async with station(mbus=("pty:?baud=auto",)) as made:
        status = made.link_status[0]
        subscription = made.subscribe()
        with master_on(made, baud=300) as port:
            assert [await ask(port), await ask(port)] == [b"", ACK]
            assert (status.speed_found, str(status.line)) == (True, "300 8E1")
            codes = [stamped.event.code for stamped in subscription.drain() if isinstance(stamped.event, Notice)]
            assert codes == ["bus_speed_found"]
            port.baudrate = 2400
            tries = [await ask(port, 0.5) for _ in range(3)]
            assert tries == [b"", b"", ACK]


async def test_an_engine_that_was_busy_for_too_long_stays_silent_and_counts_it() -> None:
    async with station(mbus=("pty:",)) as made:
        status = made.link_status[0]
        with master_on(made) as port:
            assert await ask(port) == ACK
            port.write(NKE)
            time.sleep(0.4)  # the loop, and with it the engine, is blocked
            await poll(lambda: status.late == 1)
            assert await silence_after(port, 0.3) == b""
            assert await ask(port) == ACK
            assert (status.answered, status.late) == (2, 1)


async def test_of_a_repetition_in_a_stall_only_the_one_in_time_is_answered() -> None:
    """The last byte's time is that of the thread that read it, so each try has a window of its own."""
    async with station(mbus=("pty:",)) as made:
        status = made.link_status[0]
        with master_on(made) as port:
            assert await ask(port) == ACK
            port.write(NKE)
            time.sleep(0.3)
            again_at = time.perf_counter()
            port.write(NKE)
            time.sleep(0.05)
            assert await silence_after(port, 1.0) == ACK
            assert time.perf_counter() - again_at < LATEST + 0.05
            assert await silence_after(port, 0.3) == b""
            assert (status.answered, status.late) == (2, 1)


async def test_single_characters_received_in_a_stall_have_their_real_times() -> None:
    """The reader must not wait for the engine, because what it reads later would get a later time."""
    async with station(mbus=("pty:",)) as made:
        status = made.link_status[0]
        with master_on(made) as port:
            assert await ask(port) == ACK
            for byte in Frame.long(0x73, 9, 0x51, bytes(90)).to_bytes() + NKE:
                port.write(bytes((byte,)))
                time.sleep(0.003)
            time.sleep(0.3)
            await poll(lambda: status.late == 1)
            assert await silence_after(port, 0.3) == b""
            assert status.answered == 1


async def test_two_masters_at_once_are_both_answered_in_time() -> None:
    async with station(mbus=("pty:", "pty:")) as made:
        await poll(lambda: all(status.state.value == "open" for status in made.link_status[:2]))
        with master_on(made) as one, master_on(made, 1) as other:
            for _ in range(20):
                assert await asyncio.gather(ask(one), ask(other)) == [ACK, ACK]
        assert [(status.answered, status.late) for status in made.link_status[:2]] == [(20, 0)] * 2
