"""The response times of several modules over TCP and a pseudo-terminal, as they are handed to the link.

That a link sends nothing before the time that it is given is tested with the links.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace

import pytest

from cmi_gui.engine.bus.response_time import AS_SOLD, ResponseTime
from cmi_gui.engine.clock import LoopClock
from cmi_gui.engine.configurator.client import MasterClient
from cmi_gui.engine.link.pty import PtyLink
from cmi_gui.engine.link.queued import QueuedLink
from cmi_gui.engine.link.tcp import TcpServerLink
from cmi_gui.engine.link.url import make_link, parse_link
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.exchange import RETRIES, AnswerKind, Procedure
from cmi_gui.engine.mbus.procedures import ping
from cmi_gui.engine.mbus.times import response_window
from tests.helpers.bus_bench import modules
from tests.helpers.station_bench import station
from tests.helpers.waiting import poll

LINE = Line(2400)


def initialise(address: int) -> Procedure[AnswerKind]:
    return (yield ping(address, retries=RETRIES)).kind


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("link", "kind"),
    [
        pytest.param("tcp://127.0.0.1:0", TcpServerLink, id="tcp"),
        pytest.param(
            "pty:",
            PtyLink,
            id="pty",
            marks=pytest.mark.skipif(sys.platform == "win32", reason="this system has no pseudo-terminals"),
        ),
    ],
)
@pytest.mark.parametrize("high", [AS_SOLD, 330])
async def test_answers_begin_within_the_range_of_their_module(
    monkeypatch: pytest.MonkeyPatch, link: str, kind: type[QueuedLink], high: int
) -> None:
    times: list[float] = []
    send = kind.send

    def note(self: QueuedLink, token: int, data: bytes, not_before: float, not_after: float) -> None:
        # The end of the window tells the end of the request.
        times.append((not_before - (not_after - response_window(LINE))) / LINE.bit_time)
        send(self, token, data, not_before, not_after)

    monkeypatch.setattr(kind, "send", note)
    points = tuple(replace(point, response=ResponseTime(11, high)) for point in modules(1, 2))
    async with station(mbus=(link,), modules=points) as made:
        await poll(lambda: all(point.module.contact for point in made.points))
        clock = LoopClock(asyncio.get_running_loop())
        end = make_link(parse_link(made.link_status[0].url), clock, "connect", LINE)
        async with MasterClient(end, LINE, clock) as master:
            for number in range(20):
                assert await master.run(initialise(1 + number % 2)) is AnswerKind.ACK
    assert len(times) >= 20
    assert min(times) >= 11 - 1e-3
    assert max(times) <= high + 1e-3
    assert max(times) - min(times) > (high - 11) / 2
