"""Stations in virtual time or on a running loop, masters connected with them, and short procedures of a master."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

from cmi_gui.engine.clock import LoopClock, VirtualClock
from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.module import Cmi1020
from cmi_gui.engine.cmi1020.obis_labels import restore_lines
from cmi_gui.engine.configurator.session import Job, MasterSession
from cmi_gui.engine.configurator.write_run import RowResult, WriteRun
from cmi_gui.engine.driver import Driver
from cmi_gui.engine.events import Event, ModuleChanged, Stamped
from cmi_gui.engine.iec62056.reading import Reading, read_lines
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.allowance import LEAST, Allowance
from cmi_gui.engine.mbus.exchange import RETRIES, Answer, AnswerKind, Exchange, Expect, Procedure
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.master import ExchangeDone, Master, ProcedureFinished
from cmi_gui.engine.mbus.procedures import ping, read_slave
from cmi_gui.engine.mbus.slave_address import SlaveAddress
from cmi_gui.engine.mbus.telegram import Telegram, decode_telegram
from cmi_gui.engine.module_state import ModuleState
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.station import Station
from tests.helpers.waiting import poll


def read_primary(address: int) -> Procedure[list[Frame]]:
    """Return all telegrams of the slave at a primary address."""
    return list((yield from read_slave(SlaveAddress(address))).frames)


def read_secondary(mask: bytes) -> Procedure[list[Frame]]:
    """Return all telegrams of the slave with a secondary address."""
    return list((yield from read_slave(SlaveAddress(selection=mask))).frames)


def initialise(address: int) -> Procedure[bool]:
    """Send SND_NKE; return whether it was acknowledged."""
    answer = yield ping(address, retries=RETRIES)
    return answer.kind is AnswerKind.ACK


NOON = datetime(2026, 6, 1, 12)


def readings_of(module: Cmi1020) -> dict[str, Reading]:
    """Return the module's last readout by OBIS code."""
    return {reading.code: reading for reading in read_lines(module.lines)}


class Bench:
    """A station in virtual time with a master on a wire in memory."""

    def __init__(self, **config: Any) -> None:
        self.clock = VirtualClock(1000.0)
        self.station = Station(StationConfig(**{"mbus": (), "start_time": NOON, **config}), self.clock)
        self.subscription = self.station.subscribe()
        self.finished: list[ProcedureFinished] = []
        self.master = Master(Line(2400), Allowance(LEAST))
        self.driver = Driver(self.master, self.station.connect_master(), self.clock, self._on_event)
        self.driver.open()
        self.station.start()

    def _on_event(self, event: object) -> None:
        if isinstance(event, ProcedureFinished):
            self.finished.append(event)

    def run(self, procedure: Procedure) -> Any:
        self.driver.run(lambda: self.master.start(procedure, self.clock.now()))
        assert self.clock.run_until(self.clock.now() + 600, lambda: bool(self.finished))
        end = self.finished.pop()
        if end.error is not None:
            raise end.error
        return end.result

    def lines(self, frames: list[Frame]) -> list[str]:
        return restore_lines(decode_telegram(frame) for frame in frames)

    def stamped(self, *kinds: type) -> list[Stamped]:
        return [stamped for stamped in self.subscription.drain() if isinstance(stamped.event, kinds)]

    def events(self, *kinds: type) -> list[Event]:
        return [stamped.event for stamped in self.stamped(*kinds)]

    def states(self) -> list[ModuleState]:
        """Return the states of the module that were sent since the last call."""
        return [event.state for event in self.events(ModuleChanged) if isinstance(event, ModuleChanged)]

    # Shortcuts

    def send(self, payload: str | bytes, *, a: int = 0) -> bool:
        """Send SND_UD with CI 51; return whether it was acknowledged."""
        data = bytes.fromhex(payload) if isinstance(payload, str) else payload

        def procedure() -> Procedure:
            answer: Answer = yield Exchange(Frame.long(0x73, a, 0x51, data), Expect.ACK, retries=0)
            yield Exchange(Frame.short(0x40, a), Expect.ACK, retries=0)
            return answer.kind is AnswerKind.ACK

        return bool(self.run(procedure()))

    def read(self, address: int = 0) -> list[Telegram]:
        return [decode_telegram(frame) for frame in self.run(read_primary(address))]

    def status(self, address: int = 0) -> int:
        header = self.read(address)[0].header
        assert header is not None
        return header.status

    def reading(self, code: str) -> str:
        """Return the text of an OBIS line as the master reads it."""
        lines = restore_lines(self.read())
        return next(line.partition("(")[2][:-1] for line in lines if line.startswith(f"{code}("))


class SessionBench:
    """A station in virtual time and a session of a master on a wire to its module. `sent`: the master's telegrams."""

    def __init__(self, *, line: Line | None = None, **config: Any) -> None:
        self.clock = VirtualClock(1000.0)
        start = datetime(2026, 6, 1, 12)
        self.station = Station(StationConfig(**{"mbus": (), "start_time": start, **config}), self.clock)
        self.station.start()
        self.session = MasterSession(self.station.connect_master(line), Line(2400), self.clock)
        self.session.on_exchange = self._on_event
        self.sent: list[bytes] = []
        self.results: list[RowResult] = []
        self.targets: list[SlaveAddress] = []
        self.job: Job | None = None
        self.begun: list[tuple[str, int, int]] = []

    @property
    def table(self) -> CommandTable:
        return self.station.module.commands

    def _on_event(self, event: ExchangeDone) -> None:
        self.sent.append(event.exchange.frame.to_bytes())

    def until_contact(self) -> None:
        assert self.clock.run_until(self.clock.now() + 60, lambda: self.station.module.contact)

    def run(self, procedure: Procedure[Any]) -> Any:
        """Run a procedure; return its result or raise its error."""
        ends: list[Any] = []
        self.session.run(procedure, ends.append, ends.append)
        assert self.clock.run_until(self.clock.now() + 600, lambda: bool(ends))
        if isinstance(ends[0], Exception):
            raise ends[0]
        return ends[0]

    def start(self, changes: Mapping[str, str], target: SlaveAddress | None = None) -> None:
        run = WriteRun(
            self.table,
            changes,
            target or SlaveAddress(self.station.module.primary_address),
            self.session.baud,
            on_begun=lambda *progress: self.begun.append(progress),
            on_ended=self.results.append,
        )

        def failed(error: Exception) -> None:
            run.stop(error)
            self.targets.append(run.at)

        self.job = self.session.run(run.procedure(), lambda _: self.targets.append(run.at), failed)

    def cancel(self) -> None:
        assert self.job is not None
        self.session.cancel(self.job)

    def write(self, changes: Mapping[str, str], target: SlaveAddress | None = None) -> SlaveAddress:
        """Write to the end; return the module's address afterwards."""
        self.start(changes, target)
        assert self.clock.run_until(self.clock.now() + 600, lambda: bool(self.targets))
        return self.targets.pop()


@contextlib.asynccontextmanager
async def station(**config: Any) -> AsyncIterator[Station]:
    """A running station that has read its meter once and reads it again only when asked."""
    options: dict[str, Any] = {"mbus": ("tcp://127.0.0.1:0",), "paced": False, "readout_interval": 3600.0, **config}
    made = Station(StationConfig(**options), LoopClock(asyncio.get_running_loop()))
    made.start()
    try:
        await poll(lambda: made.module.contact and made.link_status[0].state.value == "open")
        yield made
    finally:
        made.stop()


def port_of(made: Station) -> int:
    return int(made.link_status[0].url.rsplit(":", 1)[1])
