"""Reading devices in virtual time: one alone, and one that reads a tariff device over a wire in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.driver import Driver
from cmi_gui.engine.iec62056.events import START_LINE, Failed, Limits, ReadoutReceived, SignedOff, Timing
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
from cmi_gui.engine.machine import Effects, LineEvent, SendOutcome, SetLine, Write
from tests.helpers.meter_telegrams import M26_LINES

IDENT = b"/LGZ4ZMF100AC.M26\r\n"
LIST = DataMessage("F.F(00)\r\n1.8.0(000123.456*kWh)\r\n!\r\n").to_bytes()
SIGN_ON = b"/?!\r\n"


class Head:
    """A reading device that receives characters one by one, with the delays of an optical head."""

    def __init__(self, limits: Limits | None = None, timing: Timing | None = None) -> None:
        self.reader = ReadingDevice(timing, limits or Limits(attempts=1))
        self.now = 0.0
        self.sent: list[bytes] = []
        self.events: list[object] = []

    def read(self) -> None:
        self.do(self.reader.start_readout(self.now))
        self.wait(0.0)

    def do(self, effects: Effects) -> None:
        for effect in effects:
            match effect:
                case Write(token, data):
                    self.sent.append(data)
                    self.now = max(self.now, effect.not_before)
                    self.do(self.reader.done(token, SendOutcome.SENT, self.now))
                case SetLine(token):
                    self.do(self.reader.done(token, SendOutcome.SENT, self.now))
                case _:
                    self.events.append(effect)

    def wait(self, seconds: float) -> None:
        until = self.now + seconds
        while self.reader.deadline is not None and self.reader.deadline <= until:
            self.now = max(self.now, self.reader.deadline)
            self.do(self.reader.tick(self.now))
        self.now = max(self.now, until)

    def receive(self, data: bytes, *, reaction: float = 0.25, gap: float = 0.0) -> None:
        self.wait(reaction)
        for byte in data:
            self.do(self.reader.receive(bytes((byte,)), self.now))
            self.wait(gap)

    def last(self) -> object:
        """Wait for the end of the exchange; return the last event."""
        self.wait(200)
        assert not self.reader.busy
        return self.events[-1]

    def failed(self) -> Failed:
        """Wait for the failure of the exchange; return it."""
        last = self.last()
        assert isinstance(last, Failed)
        return last


class Application:
    """The application of a tariff device that answers from a table."""

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
    """A reading device and a tariff device on one wire, with their events and all bytes on the wire."""

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
        """The messages sent by the reader."""
        return [data for name, data, _ in self.wire if name == "reader"]

    def read(self, address: str = "", mode: str = "0") -> object:
        """Run a readout to its end; return the event that ended it."""
        self.reader_driver.run(lambda: self.reader.start_readout(self.clock.now(), address, mode=mode))
        return self.finish()

    def finish(self, seconds: float = 200.0) -> object:
        """Run until the reader is free; return the event that ended the exchange."""
        assert self.clock.run_until(self.clock.now() + seconds, lambda: not self.reader.busy)
        last = self.events[-1]
        assert isinstance(last, ReadoutReceived | SignedOff | Failed)
        assert self.near.line == START_LINE
        return last

    def until_ready(self) -> None:
        """Run until a command may be sent."""
        assert self.clock.run_until(self.clock.now() + 60, lambda: self.reader.ready)
