"""How fast the time of a module can pass on an event loop, how much it leaves to others, and how long a leap takes."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

from cmi_gui.engine.clock import LoopClock
from cmi_gui.engine.events import ReadoutFailed
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.station import Station

SECONDS = 5.0
"""The real time of each run."""
_CASES = ((60.0, 60.0), (1000.0, 900.0), (1000.0, 60.0))
"""Factors and readout intervals in seconds."""


class _Gaps:
    """The longest time between two turns of a loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.reset()
        self._turn()

    def reset(self) -> None:
        self.longest = 0.0
        self._last = time.perf_counter()

    def _turn(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now
        self._loop.call_later(0.001, self._turn)


def run() -> list[str]:
    """Return the lines to print."""
    return [asyncio.run(_factor(*case)) for case in _CASES] + [asyncio.run(_leap())]


def _started(interval: float) -> Station:
    station = Station(StationConfig(mbus=(), readout_interval=interval), LoopClock(asyncio.get_running_loop()))
    station.start()
    return station


async def _factor(factor: float, interval: float) -> str:
    station = _started(interval)
    station.set_time_factor(factor)
    await asyncio.sleep(1)
    events, gaps = station.subscribe(), _Gaps()
    begun, worked, own = time.perf_counter(), time.process_time(), station.module_clock.now()
    await asyncio.sleep(SECONDS)
    took = time.perf_counter() - begun
    reached, load = (station.module_clock.now() - own) / took, (time.process_time() - worked) / took
    failed = sum(isinstance(stamped.event, ReadoutFailed) for stamped in events.drain())
    station.stop()
    return (
        f"time_factor: x{factor:g}, read every {interval:g} s: x{reached:.0f} with {load:.0%} of a core,"
        f" {failed} readouts failed, longest turn of the loop {gaps.longest * 1000:.0f} ms"
    )


async def _leap() -> str:
    station = _started(900.0)
    await asyncio.sleep(1)
    gaps, begun = _Gaps(), time.perf_counter()
    station.set_time(station.time.wall + timedelta(days=365))
    while station.time.behind:
        await asyncio.sleep(0.001)
    took = time.perf_counter() - begun
    station.stop()
    return f"time_factor: a leap of a year takes {took:.1f} s, longest turn of the loop {gaps.longest * 1000:.0f} ms"
