"""Real response times of several modules over TCP and a pseudo-terminal."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import replace

import pytest

from cmi_gui.engine.bus.response_time import AS_SOLD, ResponseTime
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.station.station import Station
from tests.helpers.bus_bench import modules
from tests.helpers.station_bench import port_of, station
from tests.helpers.waiting import poll

TOLERANCE = 0.05
pytestmark = [pytest.mark.asyncio, pytest.mark.real_time(TOLERANCE)]

ACK = b"\xe5"
BIT = 1 / 2400
Measure = Callable[[Station, int], Awaitable[list[float]]]


async def tcp_times(made: Station, count: int) -> list[float]:
    """Return the seconds from each request to its answer over TCP."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(made))
    with closing(writer):
        times = []
        for number in range(count):
            asked = time.monotonic()
            writer.write(Frame.short(0x40, 1 + number % 2).to_bytes())
            assert await asyncio.wait_for(reader.read(100), 2) == ACK
            times.append(time.monotonic() - asked)
        return times


async def pty_times(made: Station, count: int) -> list[float]:
    """Return the seconds from each request to its answer over a pseudo-terminal."""
    port = os.open(made.link_status[0].url.removeprefix("pty:"), os.O_RDWR | os.O_NOCTTY)
    os.set_blocking(port, False)
    try:
        times = []
        for number in range(count):
            received: list[bytes] = []

            def arrived(into: list[bytes] = received) -> bool:
                try:
                    into.append(os.read(port, 100))
                except BlockingIOError:
                    return False
                return True

            asked = time.monotonic()
            os.write(port, Frame.short(0x40, 1 + number % 2).to_bytes())
            await poll(arrived)
            times.append(time.monotonic() - asked)
            assert received == [ACK]
        return times
    finally:
        os.close(port)


@pytest.mark.parametrize(
    ("link", "measure"),
    [
        pytest.param("tcp://127.0.0.1:0", tcp_times, id="tcp"),
        pytest.param(
            "pty:",
            pty_times,
            id="pty",
            marks=pytest.mark.skipif(sys.platform == "win32", reason="this system has no pseudo-terminals"),
        ),
    ],
)
@pytest.mark.parametrize("high", [AS_SOLD, 330])
async def test_answers_come_within_the_range_of_their_module(link: str, measure: Measure, high: int) -> None:
    points = tuple(replace(point, response=ResponseTime(11, high)) for point in modules(1, 2))
    async with station(mbus=(link,), modules=points) as made:
        await poll(lambda: all(point.module.contact for point in made.points))
        times = [seconds / BIT for seconds in await measure(made, 20)]
    assert min(times) >= 11, f"{times} bit times"
    assert max(times) <= high + TOLERANCE / BIT, f"{times} bit times"
    assert max(times) - min(times) > (high - 11) / 2, f"{times} bit times"
