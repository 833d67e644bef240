"""The module in its simulated meter on a running loop, for masters that are not ours."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

from cmi_gui.engine.clock import LoopClock
from cmi_gui.engine.station.station import Station, StationConfig
from tests.helpers.waiting import WAIT_SECONDS


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(WAIT_SECONDS):
        while not condition():
            await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def station(**config: Any) -> AsyncIterator[Station]:
    """A running station that has read its meter once and reads it again only when asked."""
    options: dict[str, Any] = {"mbus": ("tcp://127.0.0.1:0",), "paced": False, "readout_interval": 3600.0, **config}
    made = Station(StationConfig(**options), LoopClock(asyncio.get_running_loop()))
    made.start()
    try:
        await until(lambda: made.module.contact and made.link_status[0].state.value == "open")
        yield made
    finally:
        made.stop()


def port_of(made: Station) -> int:
    return int(made.link_status[0].url.rsplit(":", 1)[1])
