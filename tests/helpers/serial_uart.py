"""What a UART makes of characters that were sent at another speed than its own."""

from __future__ import annotations

from collections.abc import Iterator


def levels(byte: int, data_bits: int) -> Iterator[int]:
    """The bits of one character as they stand on the line: start, data with the lowest first, even parity, stop."""
    data = [byte >> place & 1 for place in range(data_bits)]
    yield 0
    yield from data
    yield sum(data) & 1
    yield 1


class Ear:
    """A receiver at `baud` bit/s. `feed` takes the line's level for some time and returns the characters it read.

    It begins a character at a falling edge, looks at the line in the middle of each of its own bits, and waits for a
    high level after a stop bit that was none. Parity is not looked at: on Linux, too, such a character is handed over
    unless the program asked otherwise.
    """

    def __init__(self, baud: int, data_bits: int) -> None:
        self._bit = 1.0 / baud
        self._data_bits = data_bits
        self._read: list[int] = []
        # Seconds until the next look at the line; None while it waits for a start bit.
        self._until_look: float | None = None
        self._was_high = True

    def feed(self, level: int, seconds: float) -> bytes:
        """The line is at `level` (0 or 1) for `seconds`."""
        heard = bytearray()
        left = seconds
        while True:
            if self._until_look is None:
                if level or not self._was_high:
                    break
                self._read.clear()
                self._until_look = self._bit / 2
            if self._until_look > left:
                self._until_look -= left
                break
            left -= self._until_look
            self._until_look = self._bit
            self._read.append(level)
            if len(self._read) == 1 and level:
                self._until_look = None  # too short for a start bit
            elif len(self._read) == self._data_bits + 3:
                heard.append(sum(bit << place for place, bit in enumerate(self._read[1 : 1 + self._data_bits])))
                self._until_look = None
                self._was_high = bool(level)
        self._was_high = bool(level)
        return bytes(heard)
