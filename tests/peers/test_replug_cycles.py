"""A station between two serial ports that are unplugged and plugged in five hundred times, with traffic."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import threading
import tracemalloc
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("this system has no pseudo-terminals", allow_module_level=True)

import tty

from cmi_gui.engine.clock import LoopClock
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.station import Station
from tests.helpers.waiting import poll

pytestmark = pytest.mark.asyncio

CYCLES = 500
WARM_UP = 100
"""Number of cycles after which every limited store (traffic, events, caches) is full."""
BYTES_A_CYCLE = 256
"""Bytes per cycle; less than a leftover thread, port or telegram would take."""
NKE, ACK = bytes.fromhex("1040004016"), b"\xe5"
NOISE = b"noise\r\n"


class Plug:
    """A port at `path` that can be unplugged: a pseudo-terminal, whose bytes take no time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.plug_in()

    def plug_in(self) -> None:
        self.master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(self.master, False)
        self._path.symlink_to(os.ttyname(slave))
        os.close(slave)

    def unplug(self) -> None:
        self._path.unlink()
        os.close(self.master)

    def read(self) -> bytes:
        try:
            return os.read(self.master, 4096)
        except BlockingIOError:
            return b""


async def test_five_hundred_replugs_leave_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Shorter waits for the port, which would otherwise take two minutes in total.
    monkeypatch.setattr("cmi_gui.engine.link.serial._WATCH_FILE_SECONDS", 0.002)
    bus, meter = (Plug(tmp_path / name) for name in ("bus", "meter"))
    config = StationConfig(
        mbus=(f"serial:{tmp_path / 'bus'}",), meter=f"serial:{tmp_path / 'meter'}", traffic_bytes=1 << 15
    )
    station = Station(config, LoopClock(asyncio.get_running_loop()))
    bus_status, meter_status = station.link_status
    events = station.subscribe()
    station.start()

    async def cycle() -> None:
        await poll(lambda: bus_status.state is meter_status.state is LinkState.OPEN)
        before, late, received = meter_status.bytes_in, bus_status.late, b""
        os.write(bus.master, NKE)
        os.write(meter.master, NOISE)
        station.read_now()

        def answered() -> bool:
            nonlocal late, received
            received += bus.read()
            if bus_status.late > late:
                # On a busy machine an answer may be withheld because it is late; the master asks again.
                late = bus_status.late
                os.write(bus.master, NKE)
            return received == ACK and meter_status.bytes_in == before + len(NOISE)

        await poll(answered)
        for plug in (bus, meter):
            plug.unplug()
        await poll(lambda: LinkState.OPEN not in (bus_status.state, meter_status.state))
        events.drain()
        for plug in (bus, meter):
            plug.plug_in()

    async def left_behind() -> tuple[int, int, int]:
        """Memory in bytes, threads and open files while both links are open."""
        await poll(lambda: bus_status.state is meter_status.state is LinkState.OPEN)
        gc.collect()
        return tracemalloc.get_traced_memory()[0], threading.active_count(), len(os.listdir("/dev/fd"))

    half = (CYCLES - WARM_UP) // 2
    tracemalloc.start()
    try:
        for _ in range(WARM_UP):
            await cycle()
        before, *others_before = await left_behind()
        for _ in range(half):
            await cycle()
        between, *_ = await left_behind()
        for _ in range(half):
            await cycle()
        after, *others_after = await left_behind()
    finally:
        tracemalloc.stop()
        station.stop()
        for plug in (bus, meter):
            plug.unplug()
    print(f"{CYCLES} cycles: {after - before} bytes more than after {WARM_UP}")
    assert others_after == others_before
    # What each cycle left behind would be found after both halves; a module that is imported late, after one.
    assert min(between - before, after - between) < half * BYTES_A_CYCLE
