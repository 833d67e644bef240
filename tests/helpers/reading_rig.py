"""A reading device and a tariff device on the two ends of one wire, in virtual time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.driver import Driver
from cmi_gui.engine.iec62056.events import START_LINE, Failed, Limits, ReadoutReceived, SignedOff
from cmi_gui.engine.iec62056.message import (
    BREAK,
    Command,
    DataMessage,
    Handshake,
    Identification,
    error_message,
    same_address,
)
from cmi_gui.engine.iec62056.reading_device import ReadingDevice
from cmi_gui.engine.iec62056.tariff_device import Answer, TariffDevice, TariffRules
from cmi_gui.engine.link.memory import memory_pair
from cmi_gui.engine.machine import LineEvent
from tests.helpers.meter_samples import M26_LINES


class Application:
    """A device that answers from a table."""

    def __init__(self, speed: str = "4") -> None:
        self.identification = Identification("LGZ", speed, "ZMF100AC.M26")
        self.address = "00123456"
        self.lines: Sequence[str] = M26_LINES
        self.key: str | None = ""
        self.readouts_sent = 0
        self.executed: list[tuple[Command, frozenset[str]]] = []
        self.answers_to: dict[str, Answer] = {
            "R1 1.8.0()": DataMessage("1.8.0(061561.289*kWh)"),
            "R3 P.01()": (DataMessage("P.01(1)(2)", last=False), DataMessage("(3)(4)")),
            "W1 C003(1)": Handshake.ACK,
            "W3 P.02(1)(2)(3)": Handshake.ACK,
            "E2 0002()": error_message("ER07"),
            "E2 FFFF()": BREAK,
        }

    def answers(self, address: str) -> bool:
        return same_address(self.address, address)

    def readout(self, mode: str, now: float) -> Sequence[str] | None:
        return {"0": self.lines, "6": self.lines[:3]}.get(mode)

    def readout_sent(self, now: float) -> None:
        self.readouts_sent += 1

    def operand(self, now: float) -> str | None:
        return self.key

    def password(self, command: Command, operand: str, now: float) -> bool:
        return command.name == "P1" and command.value == "00000000"

    def execute(self, command: Command, access: frozenset[str], now: float) -> Answer:
        self.executed.append((command, access))
        return self.answers_to.get(f"{command.name} {command.dataset}", error_message("ER01"))


class Rig:
    """Both ends, what they told, and what was on the wire."""

    def __init__(
        self,
        speed: str = "4",
        *,
        paced: bool = False,
        rules: TariffRules | None = None,
        limits: Limits | None = None,
        application: Application | None = None,
    ) -> None:
        self.clock = VirtualClock()
        self.application = application or Application(speed)
        self.reader = ReadingDevice(limits=limits or Limits(attempts=1))
        self.device = TariffDevice(self.application, rules)
        self.near, self.far = memory_pair(self.clock, START_LINE, paced=paced, names=("reader", "device"))
        self.events: list[object] = []
        self.device_events: list[object] = []
        self.wire: list[tuple[str, bytes, float]] = []
        self.line_events: list[LineEvent] = []
        self.reader_driver = Driver(self.reader, self.near, self.clock, self.events.append, tap=self._tap("reader"))
        self.device_driver = Driver(
            self.device, self.far, self.clock, self.device_events.append, tap=self._tap("device")
        )
        self.reader_driver.open()
        self.device_driver.open()

    def _tap(self, name: str):  # type: ignore[no-untyped-def]
        def tap(direction: Literal["rx", "tx"], data: bytes, at: float) -> None:
            if direction == "tx":
                self.wire.append((name, data, at))

        return tap

    @property
    def sent(self) -> list[bytes]:
        """What the reader sent."""
        return [data for name, data, _ in self.wire if name == "reader"]

    def read(self, address: str = "", mode: str = "0") -> object:
        """Run a readout to its end."""
        self.reader_driver.run(lambda: self.reader.start_readout(self.clock.now(), address, mode=mode))
        return self.finish()

    def finish(self, seconds: float = 200.0) -> object:
        """Go on until the reader is free; gives the event that ended the exchange."""
        assert self.clock.run_until(self.clock.now() + seconds, lambda: not self.reader.busy)
        last = self.events[-1]
        assert isinstance(last, ReadoutReceived | SignedOff | Failed)
        assert self.near.line == START_LINE
        return last

    def until_ready(self) -> None:
        """Go on until a command may be sent."""
        assert self.clock.run_until(self.clock.now() + 60, lambda: self.reader.ready)
