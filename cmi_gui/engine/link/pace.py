"""Data rates where no wire sets them: the limit for a peer, and the characters of a paced write."""

from __future__ import annotations

from typing import Final

RATE: Final = 8000.0
"""The maximum number of bytes per second: about twice what the fastest M-Bus (38 400 bit/s) carries."""
BURST_BYTES: Final = 2048
"""The number of bytes that may come at once before the rate is limited."""


class Pace:
    """A counter of the bytes of one peer. Times are monotonic seconds.

    `free_at`: when the peer may be read again; until then its bytes wait in the stream, which slows it down.
    """

    def __init__(self) -> None:
        self.free_at = 0.0
        self._counted_at = 0.0
        self._debt = 0.0

    def count(self, size: int, now: float, peers: int = 1) -> None:
        """Count `size` bytes that were read at `now`, while `peers` share the rate."""
        rate, burst = RATE / peers, BURST_BYTES / peers
        self._debt = max(0.0, self._debt - (now - self._counted_at) * rate) + size
        self._counted_at = now
        self.free_at = now + max(0.0, self._debt - burst) / rate


def characters_due(begin: float, now: float, char_time: float, sent: int, size: int) -> int:
    """Return how many of `size` characters are due by `now` in a write begun at `begin`, at least one more than `sent`.

    After a late timer several are due at once, so that it does not slow the wire down.
    """
    return min(size, max(sent + 1, int((now - begin) / char_time)))
