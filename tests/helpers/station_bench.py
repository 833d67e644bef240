"""A station in virtual time with a master on a wire in memory."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.module import Cmi1020
from cmi_gui.engine.cmi1020.obis_labels import restore_lines
from cmi_gui.engine.driver import Driver
from cmi_gui.engine.events import Event, ModuleChanged, Stamped
from cmi_gui.engine.iec62056.reading import Reading, read_lines
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.allowance import LEAST, Allowance
from cmi_gui.engine.mbus.exchange import Answer, AnswerKind, Exchange, Expect, Procedure
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.master import Master, ProcedureFinished
from cmi_gui.engine.mbus.telegram import Telegram, decode_telegram
from cmi_gui.engine.module_state import ModuleState
from cmi_gui.engine.station.station import Station, StationConfig
from tests.helpers.procedures import read_primary

NOON = datetime(2026, 6, 1, 12)


def readings_of(module: Cmi1020) -> dict[str, Reading]:
    """The module's last readout by OBIS code."""
    return {reading.code: reading for reading in read_lines(module.lines)}


class Bench:
    """A station in virtual time with a master on a wire in memory."""

    def __init__(self, **config: Any) -> None:
        self.clock = VirtualClock(1000.0)
        self.station = Station(StationConfig(**{"mbus": (), "start_time": NOON, **config}), self.clock)
        self.subscription = self.station.subscribe()
        self.finished: list[ProcedureFinished] = []
        self.master = Master(Line(2400), Allowance(LEAST))
        self.driver = Driver(self.master, self.station.connect_master(), self.clock, self._hear)
        self.driver.open()
        self.station.start()

    def _hear(self, event: object) -> None:
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
        """The states of the module that were sent."""
        return [event.state for event in self.events(ModuleChanged) if isinstance(event, ModuleChanged)]

    # Short ways to say things

    def send(self, payload: str | bytes, *, a: int = 0) -> bool:
        """SND_UD with CI 51; returns whether it was acknowledged."""
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
        """The text of an OBIS line as the master reads it."""
        lines = restore_lines(self.read())
        return next(line.partition("(")[2][:-1] for line in lines if line.startswith(f"{code}("))
