"""A line that is listened to behind a receiver that reports no line errors: at another speed it gets wrong bytes."""

from __future__ import annotations

from cmi_gui.engine.machine import Effects, Line, Machine, SetLine
from tests.helpers.serial_uart import Ear, levels


class OverheardLine:
    """What is said on it reaches `machine`, a listener that has been told `opened`, as its receiver reads it."""

    def __init__(self, machine: Machine, opened: Effects, line: Line) -> None:
        self.now = 10.0
        self.machine = machine
        self.events: list[object] = []
        self._bits = line.bits
        self._ear = Ear(line.baud, line.bits)
        self._take(opened)

    def _take(self, effects: Effects) -> None:
        for effect in effects:
            if isinstance(effect, SetLine):
                self._ear = Ear(effect.line.baud, self._bits)
            else:
                self.events.append(effect)

    def level(self, level: int, seconds: float) -> None:
        characters = self._ear.feed(level, seconds)
        self.now += seconds
        while self.machine.deadline is not None and self.machine.deadline <= self.now:
            self._take(self.machine.tick(self.machine.deadline))
        if characters:
            self._take(self.machine.receive(characters, self.now))

    def rest(self, seconds: float) -> None:
        self.level(1, seconds)

    def speak(self, data: bytes, baud: int) -> None:
        for byte in data:
            for bit in levels(byte, self._bits):
                self.level(bit, 1 / baud)
