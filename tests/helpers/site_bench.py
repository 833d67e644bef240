"""A site, the practice room with its modules in virtual time, and a master that works on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.cmi1020.readout_mapping import load_mapping
from cmi_gui.engine.cmi1020.telegrams import DEVICE_TYPE, MAKER
from cmi_gui.engine.configurator.session import Job, MasterSession
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.exchange import Expect, Procedure
from cmi_gui.engine.mbus.master import ExchangeDone
from cmi_gui.engine.mbus.times import IDLE_BITS, response_window
from cmi_gui.engine.room.made_room import make_room
from cmi_gui.engine.site.model import Found, HowKnown, Known, Site, SiteModule
from cmi_gui.engine.station.metering_point import PointConfig
from tests.helpers.rooms import running_room
from tests.helpers.station_bench import NOON

VERSION = load_mapping().version
TABLE = CommandTable(load_module_profile())
BEGIN = datetime(2026, 11, 30, 9, tzinfo=UTC)
Result = TypeVar("Result")


def points_of_a_room(count: int, seed: int = 1) -> tuple[PointConfig, ...]:
    """Return modules as delivered, all at address 0, whose meters have been read and are not read again."""
    return tuple(
        replace(point, paced=False, readout_interval=86_400.0, start_time=NOON)
        for point in make_room(count, seed).points
    )


def site_of(points: Sequence[PointConfig]) -> Site:
    """Return a site whose modules were found, with places."""
    modules = [
        SiteModule(
            place=f"flat {number}",
            serial=point.serial,
            found=Found(
                id=point.serial,
                manufacturer=MAKER,
                version=VERSION,
                device_type=DEVICE_TYPE,
                fabrication=point.serial,
                at=BEGIN,
            ),
        )
        for number, point in enumerate(points, 1)
    ]
    return Site(name="Brf Eken", visit=BEGIN, modules=modules)


class SiteBench:
    """A running room, and a master on its wire.

    `line_time`: the seconds that the wire needs: each try its telegram, the wait for the end of its answer, and 33 bit
    times. A selection by a mask needs the whole time in which answers may begin, because another slave may answer.
    """

    def __init__(self, points: Sequence[PointConfig], line: Line | None = None) -> None:
        self.configs = tuple(points)
        self.clock = VirtualClock(1000.0)
        self.room = running_room(tuple(points), self.clock)
        self.line = line or Line(2400)
        self.start = self.clock.now()
        self.line_time = 0.0
        self.connect()

    def connect(self) -> None:
        self.session = MasterSession(self.room.connect_master(self.line), self.line, self.clock)
        self.session.on_exchange = self._take_exchange

    def now(self) -> datetime:
        return BEGIN + timedelta(seconds=int(self.clock.now() - self.start))

    def _take_exchange(self, done: ExchangeDone) -> None:
        line, exchange, answer = self.session.line, done.exchange, done.answer
        waited = answer.waited or 0.0
        if exchange.expect is Expect.ACK and not exchange.alone:
            waited = max(waited, response_window(line) if exchange.window is None else exchange.window)
        sent = len(exchange.frame.to_bytes()) * line.char_time
        self.line_time += (sent + waited + IDLE_BITS * line.bit_time) * answer.tries

    def know(self, module: SiteModule, **texts: str) -> None:
        """Let settings of a module be known."""
        module.known |= {name: Known(text=text, how=HowKnown.READ, at=BEGIN) for name, text in texts.items()}

    def begin(self, procedure: Procedure[Result]) -> tuple[Job, list[Result | Exception]]:
        ends: list[Result | Exception] = []
        return self.session.run(procedure, ends.append, ends.append), ends

    def run(self, procedure: Procedure[Result]) -> Result:
        _, ends = self.begin(procedure)
        assert self.clock.run_until(self.clock.now() + 100_000, lambda: bool(ends))
        end = ends[0]
        if isinstance(end, Exception):
            raise end
        return end

    def stop_at(self, procedure: Procedure[Result], seconds: float) -> bool:
        """Run a procedure for some seconds, then end the master as if it were killed; return whether it had ended."""
        job, ends = self.begin(procedure)
        self.clock.run_until(self.clock.now() + seconds, lambda: bool(ends))
        has_ended = bool(ends)
        if not has_ended:
            self.session.cancel(job)
        self.session.close()
        self.clock.run_until(self.clock.now() + 5.0)
        self.connect()
        return has_ended
