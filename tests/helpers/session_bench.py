"""A station in virtual time, and a session of a master on a wire to its module; the wire may have a speed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.configurator.session import Job, MasterSession
from cmi_gui.engine.configurator.write_run import RowResult, WriteRun
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.exchange import Procedure
from cmi_gui.engine.mbus.master import ExchangeDone
from cmi_gui.engine.mbus.slave_address import SlaveAddress
from cmi_gui.engine.station.station import Station, StationConfig


class SessionBench:
    """`sent`: every telegram of the master that has left, retries once."""

    def __init__(self, *, line: Line | None = None, **config: Any) -> None:
        self.clock = VirtualClock(1000.0)
        start = datetime(2026, 6, 1, 12)
        self.station = Station(StationConfig(**{"mbus": (), "start_time": start, **config}), self.clock)
        self.station.start()
        self.session = MasterSession(self.station.connect_master(line), Line(2400), self.clock)
        self.session.on_exchange = self._hear
        self.sent: list[bytes] = []
        self.results: list[RowResult] = []
        self.places: list[SlaveAddress] = []
        self.job: Job | None = None
        self.begun: list[tuple[str, int, int]] = []

    @property
    def table(self) -> CommandTable:
        return self.station.module.commands

    def _hear(self, event: ExchangeDone) -> None:
        self.sent.append(event.exchange.frame.to_bytes())

    def until_contact(self) -> None:
        assert self.clock.run_until(self.clock.now() + 60, lambda: self.station.module.contact)

    def run(self, procedure: Procedure[Any]) -> Any:
        """What a procedure returns; raises what it fails with."""
        ends: list[Any] = []
        self.session.run(procedure, ends.append, ends.append)
        assert self.clock.run_until(self.clock.now() + 600, lambda: bool(ends))
        if isinstance(ends[0], Exception):
            raise ends[0]
        return ends[0]

    def start(self, changes: Mapping[str, str], place: SlaveAddress | None = None) -> None:
        run = WriteRun(
            self.table,
            changes,
            place or SlaveAddress(self.station.module.primary_address),
            self.session.baud,
            begun=lambda *progress: self.begun.append(progress),
            ended=self.results.append,
        )

        def failed(error: Exception) -> None:
            run.stop(error)
            self.places.append(run.at)

        self.job = self.session.run(run.procedure(), lambda _: self.places.append(run.at), failed)

    def cancel(self) -> None:
        assert self.job is not None
        self.session.cancel(self.job)

    def write(self, changes: Mapping[str, str], place: SlaveAddress | None = None) -> SlaveAddress:
        """Write to the end; returns where the module is then."""
        self.start(changes, place)
        assert self.clock.run_until(self.clock.now() + 600, lambda: bool(self.places))
        return self.places.pop()
