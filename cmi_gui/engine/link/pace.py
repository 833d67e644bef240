"""How fast a peer may bring bytes where no wire limits it."""

from __future__ import annotations

from typing import Final

RATE: Final = 8000.0
"""Bytes a second: twice what the fastest M-Bus carries (38 400 bit/s). More than that is a flood."""
BURST_BYTES: Final = 2048
"""What may come at once before the rate counts."""


class Pace:
    """Counts what one peer brings. Times are monotonic seconds.

    `free_at`: when it may be read again; until then its bytes wait in the stream, which slows it down.
    """

    def __init__(self) -> None:
        self.free_at = 0.0
        self._counted_at = 0.0
        self._debt = 0.0

    def count(self, size: int, now: float, peers: int = 1) -> None:
        """Count bytes that were read at `now`, while `peers` share the rate."""
        rate, burst = RATE / peers, BURST_BYTES / peers
        self._debt = max(0.0, self._debt - (now - self._counted_at) * rate) + size
        self._counted_at = now
        self.free_at = now + max(0.0, self._debt - burst) / rate
