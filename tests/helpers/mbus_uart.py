"""What a receiver makes of a line: characters go out as bits at one speed and are sampled at another."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from cmi_gui.engine.machine import SendOutcome, SetLine, Write
from cmi_gui.engine.mbus.slave import Slave, SpeedChanged


def bits_of(byte: int) -> list[int]:
    """Start bit, eight data bits, even parity, stop bit (EN 13757-2: 8E1)."""
    data = [byte >> place & 1 for place in range(8)]
    return [0, *data, sum(data) & 1, 1]


class Wire:
    """The level of a line over time, made of telegrams at any speed; idle is 1."""

    def __init__(self) -> None:
        self._times = [float("-inf")]
        self._levels = [1]
        self.end = 0.0

    def say(self, data: bytes, at: float, baud: int) -> float:
        """Put characters on the line without a gap; returns when the last stop bit is over."""
        for byte in data:
            for bit in bits_of(byte):
                self._times.append(at)
                self._levels.append(bit)
                at += 1 / baud
        self.end = at
        return at

    def level(self, at: float) -> int:
        return self._levels[bisect_right(self._times, at) - 1]

    def next_change(self, level: int, after: float) -> float | None:
        """When the line next goes to `level`, or has it at `after`."""
        if self.level(after) == level:
            return after
        for index in range(bisect_right(self._times, after), len(self._times)):
            if self._levels[index] == level:
                return self._times[index]
        return None


class SlaveOnAWire:
    """A slave behind a receiver that reports no line errors: at another speed it hears plain wrong bytes."""

    def __init__(self, slave: Slave, at: float = 10.0) -> None:
        self.slave = slave
        self.now = at
        self.answers: list[tuple[int, bytes]] = []
        """The speed in bit/s, and what was said."""
        self.speeds: list[SpeedChanged] = []

    def hear(self, telegrams: Sequence[tuple[bytes, int]], *, gap: float) -> None:
        """Have telegrams said, each at its speed, `gap` seconds after the one before has ended."""
        for data, baud in telegrams:
            wire = Wire()
            self._pass(self.now + gap)
            end = wire.say(data, self.now, baud)
            at: float | None = self.now - 1e-6
            while at is not None:
                at = self._character(wire, at)
            self._pass(end)

    def _character(self, wire: Wire, after: float) -> float | None:
        idle = wire.next_change(1, after)
        start = None if idle is None else wire.next_change(0, idle)
        if start is None:
            return None
        self._pass(start)
        bit = 1 / self.slave.line.baud
        byte = sum(wire.level(start + (1.5 + place) * bit) << place for place in range(8))
        end = start + 10.5 * bit
        self._pass(end)
        self._take(self.slave.receive(bytes((byte,)), self.now))
        return end

    def _pass(self, until: float) -> None:
        """Let time go on; at 300 bit/s a character may end after the next telegram could have begun."""
        while self.slave.deadline is not None and self.slave.deadline <= until:
            self.now = max(self.now, self.slave.deadline)
            self._take(self.slave.tick(self.now))
        self.now = max(self.now, until)

    def _take(self, effects: Sequence[object]) -> None:
        for effect in effects:
            match effect:
                case Write():
                    self.answers.append((self.slave.line.baud, effect.data))
                    self._take(self.slave.done(effect.token, SendOutcome.SENT, effect.not_before))
                case SetLine():
                    self._take(self.slave.done(effect.token, SendOutcome.SENT, self.now))
                case SpeedChanged():
                    self.speeds.append(effect)
