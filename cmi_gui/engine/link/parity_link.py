"""A link to a wire of seven bits and parity behind a device that carries eight bits, such as a gateway at 8N1.

There the parity bit arrives as bit 7 and is removed at once. What is sent gets a parity bit only after the characters
of an answer had one: to a port that has seven bits, the eighth makes no difference, but another program at the end of
a TCP connection needs plain characters.
"""

# ruff: noqa: D102 - `Link` and `LinkSink` have these docstrings.
from __future__ import annotations

from typing import Final

from cmi_gui.engine.link.soft_parity import with_parity
from cmi_gui.engine.link.wrapped import WrappedLink
from cmi_gui.engine.link_protocol import Link
from cmi_gui.engine.machine import Line

_CERTAIN_COUNT: Final = 3
"""The number of characters of one answer with a set, or a missing, parity bit that is more than chance."""


class ParityLink(WrappedLink):
    """A link that puts the parity of `line`, which has seven data bits, into bit 7 once the other end does so."""

    def __init__(self, link: Link, line: Line) -> None:
        super().__init__(link)
        self._line = line
        self._good = frozenset(with_parity(bytes(range(128)), line))
        self.in_bit_7 = False
        """True if the other end carries the parity in bit 7."""
        # Since the last `send`: the number of characters with a correct parity bit of 1, and of those with a wrong one.
        self._good_count = self._bad_count = 0

    def send(self, token: int, data: bytes, not_before: float, not_after: float) -> None:
        if self._good_count >= _CERTAIN_COUNT and self._good_count > 2 * self._bad_count:
            self.in_bit_7 = True
        elif self._bad_count >= _CERTAIN_COUNT and not self._good_count:
            self.in_bit_7 = False
        self._good_count = self._bad_count = 0
        super().send(token, with_parity(data, self._line) if self.in_bit_7 else data, not_before, not_after)

    def received(self, data: bytes, last_byte_at: float) -> None:
        good = [value in self._good for value in data]
        self._good_count += sum(fits and value > 0x7F for value, fits in zip(data, good, strict=True))
        self._bad_count += good.count(False)
        plain = bytes(value & 0x7F if fits else value for value, fits in zip(data, good, strict=True))
        super().received(plain, last_byte_at)
