"""A module whose time is fast, on a real loop, while masters read it over TCP."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from cmi_gui.engine.clock import LoopClock
from cmi_gui.engine.configurator.client import MasterClient
from cmi_gui.engine.events import ReadoutDone, ReadoutFailed, Stamped
from cmi_gui.engine.link.url import make_link, parse_link
from cmi_gui.engine.machine import Line
from cmi_gui.engine.station.station import Station
from tests.helpers.station_bench import read_primary, station
from tests.helpers.waiting import WAIT_SECONDS, poll

pytestmark = [pytest.mark.asyncio, pytest.mark.real_time(0.05), pytest.mark.no_cover]


class Readouts:
    """The readouts of a station from now on."""

    def __init__(self, made: Station) -> None:
        self.done = self.failed = 0
        self._subscription = made.subscribe()

    def _take(self, stamped: Stamped) -> None:
        self.done += isinstance(stamped.event, ReadoutDone)
        self.failed += isinstance(stamped.event, ReadoutFailed)

    def reach(self, count: int) -> bool:
        for stamped in self._subscription.drain():
            self._take(stamped)
        return self.done >= count


def client_of(made: Station) -> MasterClient:
    clock = LoopClock(asyncio.get_running_loop())
    link = make_link(parse_link(made.link_status[0].url), clock, "connect", Line(2400))
    return MasterClient(link, Line(2400), clock)


@pytest.mark.parametrize("factor", [60, 1000])
async def test_masters_are_answered_in_time_while_the_module_reads_its_meter(factor: float) -> None:
    async with station(paced=True, readout_interval=60.0) as made:
        readouts = Readouts(made)
        made.set_time_factor(factor)
        begin = made.module_clock.now()
        async with asyncio.timeout(WAIT_SECONDS), client_of(made) as client:
            while not readouts.reach(5 * factor // 60):
                assert len(await client.run(read_primary(0))) > 1
        assert readouts.failed == 0
        assert made.module_clock.now() - begin >= 60 * (5 * factor // 60 - 1)
        assert made.link_status[0].late == 0


async def test_masters_are_answered_in_time_while_a_year_is_counted() -> None:
    async with station(paced=True, readout_interval=900.0) as made:
        readouts = Readouts(made)
        wall = made.time.wall
        made.set_time(wall + timedelta(days=365))
        async with asyncio.timeout(WAIT_SECONDS), client_of(made) as client:
            while made.time.behind:
                assert len(await client.run(read_primary(0))) > 1
        assert made.time.wall >= wall + timedelta(days=365)
        await poll(lambda: readouts.reach(1))
        assert readouts.failed == 0
        assert made.link_status[0].late == 0
