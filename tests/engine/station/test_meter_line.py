"""A meter whose LINK names speed and format: the sign-on goes out so, and the format stays at every speed."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from cmi_gui.engine.clock import LoopClock, VirtualClock
from cmi_gui.engine.driver import Driver
from cmi_gui.engine.iec62056.events import START_LINE, Identified
from cmi_gui.engine.iec62056.reading_device import ReadingDevice
from cmi_gui.engine.link.memory import memory_pair
from cmi_gui.engine.machine import Effects, Line, LinkState, SendOutcome, SetLine, Write
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.link_trial import SignOnTrial, TrialResult, TrialVerdict
from cmi_gui.engine.station.station import Station
from tests.helpers.waiting import poll

SIGN_ON = b"/?!\r\n"


def lines_of(effects: Effects) -> list[Line]:
    return [effect.line for effect in effects if isinstance(effect, SetLine)]


@pytest.mark.parametrize(
    ("start", "offers", "then"),
    [
        (START_LINE, "5", Line(9600, 7, "E")),
        (Line(1200, 8, "N"), "5", Line(9600, 8, "N")),
        (Line(9600, 8, "N"), "5", None),
        (Line(9600, 8, "N"), "0", Line(300, 8, "N")),
    ],
)
def test_the_sign_on_is_at_the_line_that_was_named(start: Line, offers: str, then: Line | None) -> None:
    device = ReadingDevice(start=start)
    effects = device.start_readout(0.0)
    assert lines_of(effects) == [start]
    (sign_on,) = (effect for effect in effects if isinstance(effect, Write))
    device.done(sign_on.token, SendOutcome.SENT, 0.2)
    effects = device.receive(f"/LGZ{offers}CMi\r\n".encode(), 0.4)
    assert any(isinstance(effect, Identified) for effect in effects)
    assert lines_of(effects) == ([] if then is None else [then])
    assert lines_of(device.abort(0.5))[-1] == start


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
@pytest.mark.asyncio
async def test_a_station_signs_on_at_the_line_settings_of_the_link(tmp_path: Path) -> None:
    import termios

    from tests.helpers.serial_ports import Adapter

    adapter = Adapter(tmp_path / "ttyUSB0")
    config = StationConfig(mbus=(), meter=f"serial:{adapter.path}?baud=1200")
    station = Station(config, LoopClock(asyncio.get_running_loop()))
    station.start()
    await poll(lambda: station.link_status[0].state is LinkState.OPEN)
    received = await adapter.read()
    assert adapter.speed() == termios.B1200
    while len(received) < len(SIGN_ON):
        received += await adapter.read()
    assert received == SIGN_ON
    # The answer is received at this speed too; then the speed that it offers is used.
    os.write(adapter.master, b"/LGZ5CMi\r\n")
    await poll(lambda: adapter.speed() == termios.B9600)
    station.stop()
    adapter.unplug()


def test_a_trial_signs_on_so_too() -> None:
    clock, line = VirtualClock(), Line(1200, 7)
    near, far = memory_pair(clock, line, paced=True)
    answers = Answering()
    answers.driver = Driver(answers, far, clock, lambda event: None)
    answers.driver.open()
    results: list[TrialResult] = []
    SignOnTrial(near, clock, results.append, line).start()
    clock.advance(10)
    assert [result.verdict for result in results] == [TrialVerdict.IDENTIFIED]


class Answering:
    """A machine that identifies itself to a sign-on."""

    deadline = None
    driver: Driver

    def receive(self, data: bytes, at: float) -> list[object]:
        return [Write(1, b"/LGZ5CMi\r\n", not_before=at + 0.2)] if data.endswith(b"\n") else []

    def line_event(self, kind: object, at: float) -> list[object]:
        return []

    def done(self, token: int, outcome: SendOutcome, at: float) -> list[object]:
        return []

    def tick(self, now: float) -> list[object]:
        return []
