"""A reading device alone, in virtual time: its characters come one by one, as late as a head lets them."""

from __future__ import annotations

from cmi_gui.engine.iec62056.events import Failed, Limits, Timing
from cmi_gui.engine.iec62056.message import DataMessage
from cmi_gui.engine.iec62056.reading_device import ReadingDevice
from cmi_gui.engine.machine import Effects, SendOutcome, SetLine, Write

IDENT = b"/LGZ4ZMF100AC.M26\r\n"
LIST = DataMessage("F.F(00)\r\n1.8.0(000123.456*kWh)\r\n!\r\n").to_bytes()
SIGN_ON = b"/?!\r\n"


class Head:
    """A reader whose characters come one by one, as late as a head lets them."""

    def __init__(self, limits: Limits | None = None, timing: Timing | None = None) -> None:
        self.reader = ReadingDevice(timing, limits or Limits(attempts=1))
        self.now = 0.0
        self.sent: list[bytes] = []
        self.told: list[object] = []

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
                    self.told.append(effect)

    def wait(self, seconds: float) -> None:
        until = self.now + seconds
        while self.reader.deadline is not None and self.reader.deadline <= until:
            self.now = max(self.now, self.reader.deadline)
            self.do(self.reader.tick(self.now))
        self.now = max(self.now, until)

    def hear(self, data: bytes, *, reaction: float = 0.25, gap: float = 0.0) -> None:
        self.wait(reaction)
        for byte in data:
            self.do(self.reader.receive(bytes((byte,)), self.now))
            self.wait(gap)

    def last(self) -> object:
        """How the exchange ended, after as long as that takes."""
        self.wait(200)
        assert not self.reader.busy
        return self.told[-1]

    def failed(self) -> Failed:
        """How the exchange failed."""
        last = self.last()
        assert isinstance(last, Failed)
        return last
