"""The time that a slave takes before it answers."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from cmi_gui.engine.mbus.times import RESPONSE_MAX_BITS, RESPONSE_MIN_BITS

AS_SOLD = 60
"""The longest response time in bit times of a module as it is sold. Assumption: the maker names no figure."""


@dataclass(frozen=True, slots=True)
class ResponseTime:
    """A range of response times in bit times, 11 to 330 [DOC48 §5.4]; each answer takes a random one of it.

    Raises ValueError for a range outside of this.
    """

    low: float = RESPONSE_MIN_BITS
    high: float = RESPONSE_MIN_BITS

    def __post_init__(self) -> None:
        if not RESPONSE_MIN_BITS <= self.low <= self.high <= RESPONSE_MAX_BITS:
            raise ValueError(
                f"a response time is a range within {RESPONSE_MIN_BITS} to {RESPONSE_MAX_BITS} bit times,"
                f" not {self.low:g} to {self.high:g}"
            )

    def draw(self, random: Random) -> float:
        """Return the response time of the next answer, in bit times after the request."""
        return self.low if self.low == self.high else random.uniform(self.low, self.high)
