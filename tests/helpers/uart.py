"""What a UART reads of characters that were sent at another speed than its own."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from cmi_gui.engine.machine import Effects, Line, Machine, SendOutcome, SetLine, Write
from cmi_gui.engine.mbus.slave import Slave
from cmi_gui.engine.mbus.slave_events import SpeedChanged


def levels(byte: int, data_bits: int) -> Iterator[int]:
    """Yield the bits of one character on the line: start, data with the lowest first, even parity, stop."""
    data = [byte >> position & 1 for position in range(data_bits)]
    yield 0
    yield from data
    yield sum(data) & 1
    yield 1


class Receiver:
    """A receiver at `baud` bit/s. `feed` takes the line's level for some time and returns the characters it read.

    A character begins at a falling edge; each bit is sampled in its middle. After an invalid stop bit, the receiver
    waits for a high level. Parity is not checked, as by default on Linux.
    """

    def __init__(self, baud: int, data_bits: int) -> None:
        self._bit = 1.0 / baud
        self._data_bits = data_bits
        self._read: list[int] = []
        # Seconds until the next sample; None while it waits for a start bit.
        self._until_sample: float | None = None
        self._was_high = True

    def feed(self, level: int, seconds: float) -> bytes:
        """Take `level` (0 or 1) for `seconds`; return the characters read."""
        received = bytearray()
        left = seconds
        while True:
            if self._until_sample is None:
                if level or not self._was_high:
                    break
                self._read.clear()
                self._until_sample = self._bit / 2
            if self._until_sample > left:
                self._until_sample -= left
                break
            left -= self._until_sample
            self._until_sample = self._bit
            self._read.append(level)
            if len(self._read) == 1 and level:
                self._until_sample = None  # too short for a start bit
            elif len(self._read) == self._data_bits + 3:
                received.append(
                    sum(bit << position for position, bit in enumerate(self._read[1 : 1 + self._data_bits]))
                )
                self._until_sample = None
                self._was_high = bool(level)
        self._was_high = bool(level)
        return bytes(received)


class ObservedLine:
    """A line whose receiver passes its characters to the listener `machine`; it reports no line errors."""

    def __init__(self, machine: Machine, opened: Effects, line: Line) -> None:
        self.now = 10.0
        self.machine = machine
        self.events: list[object] = []
        self._bits = line.bits
        self._receiver = Receiver(line.baud, line.bits)
        self._take(opened)

    def _take(self, effects: Effects) -> None:
        for effect in effects:
            if isinstance(effect, SetLine):
                self._receiver = Receiver(effect.line.baud, self._bits)
            else:
                self.events.append(effect)

    def level(self, level: int, seconds: float) -> None:
        characters = self._receiver.feed(level, seconds)
        self.now += seconds
        while self.machine.deadline is not None and self.machine.deadline <= self.now:
            self._take(self.machine.tick(self.machine.deadline))
        if characters:
            self._take(self.machine.receive(characters, self.now))

    def rest(self, seconds: float) -> None:
        self.level(1, seconds)

    def put(self, data: bytes, baud: int) -> None:
        for byte in data:
            for bit in levels(byte, self._bits):
                self.level(bit, 1 / baud)


class Wire:
    """The level of a line over time, made of telegrams at any speed; idle is 1."""

    def __init__(self) -> None:
        self._times = [float("-inf")]
        self._levels = [1]
        self.end = 0.0

    def say(self, data: bytes, at: float, baud: int) -> float:
        """Put characters on the line without a gap; return the end of the last stop bit."""
        for byte in data:
            for bit in levels(byte, 8):
                self._times.append(at)
                self._levels.append(bit)
                at += 1 / baud
        self.end = at
        return at

    def level(self, at: float) -> int:
        return self._levels[bisect_right(self._times, at) - 1]

    def next_change(self, level: int, after: float) -> float | None:
        """Return the time at which the line first has `level`, from `after` on."""
        if self.level(after) == level:
            return after
        for index in range(bisect_right(self._times, after), len(self._times)):
            if self._levels[index] == level:
                return self._times[index]
        return None


class SlaveOnAWire:
    """A slave behind a receiver that reports no line errors; at another speed it receives wrong bytes."""

    def __init__(self, slave: Slave, at: float = 10.0) -> None:
        self.slave = slave
        self.now = at
        self.answers: list[tuple[int, bytes]] = []
        """The speed in bit/s, and the answer."""
        self.speeds: list[SpeedChanged] = []

    def receive(self, telegrams: Sequence[tuple[bytes, int]], *, gap: float) -> None:
        """Send telegrams, each at its speed, `gap` seconds after the end of the one before."""
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
        byte = sum(wire.level(start + (1.5 + position) * bit) << position for position in range(8))
        end = start + 10.5 * bit
        self._pass(end)
        self._take(self.slave.receive(bytes((byte,)), self.now))
        return end

    def _pass(self, until: float) -> None:
        """Advance the time; at 300 bit/s a character may end after the next telegram could have begun."""
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
