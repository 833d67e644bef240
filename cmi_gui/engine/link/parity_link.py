"""A link to a wire of seven bits and parity behind something that carries eight bits, such as a gateway at 8N1.

There the parity bit comes as bit 7. What comes so is understood at once. What is sent gets its parity bit as soon as
the characters of an answer had it: to a port that has seven bits, the eighth would make no difference, but another
program at the end of a TCP connection wants plain characters.
"""

# ruff: noqa: D102 - `Link` and `LinkSink` say what each does.
from __future__ import annotations

from typing import Final

from cmi_gui.engine.link.soft_parity import with_parity
from cmi_gui.engine.link.wrapped import WrappedLink
from cmi_gui.engine.link_protocol import Link
from cmi_gui.engine.machine import Line

_CERTAIN: Final = 3
"""Characters of one answer whose parity bit is set, or missing, from which on that is no chance."""


class ParityLink(WrappedLink):
    """Puts the parity of `line`, which has seven data bits, into bit 7 where the other end does so."""

    def __init__(self, link: Link, line: Line) -> None:
        super().__init__(link)
        self._line = line
        self._good = frozenset(with_parity(bytes(range(128)), line))
        self.in_bit_7 = False
        """Whether the other end carries the parity in bit 7."""
        # Of what came since something was sent: characters whose bit 7 is their parity; any whose parity is wrong.
        self._with = self._against = 0

    def send(self, token: int, data: bytes, not_before: float, not_after: float) -> None:
        if self._with >= _CERTAIN and self._with > 2 * self._against:
            self.in_bit_7 = True
        elif self._against >= _CERTAIN and not self._with:
            self.in_bit_7 = False
        self._with = self._against = 0
        super().send(token, with_parity(data, self._line) if self.in_bit_7 else data, not_before, not_after)

    def received(self, data: bytes, last_byte_at: float) -> None:
        good = [value in self._good for value in data]
        self._with += sum(fits and value > 0x7F for value, fits in zip(data, good, strict=True))
        self._against += good.count(False)
        plain = bytes(value & 0x7F if fits else value for value, fits in zip(data, good, strict=True))
        super().received(plain, last_byte_at)
