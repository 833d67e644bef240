"""The arrival time of bytes, where only the time of reading them is known."""

from __future__ import annotations

from typing import Final

from cmi_gui.engine.link.port import POLL_SECONDS

STANDSTILL_SECONDS: Final = POLL_SECONDS + 0.05
"""The time between two reads that shows a standstill: the computer or this program was stopped in between."""


class Arrival:
    """The arrival time of what each read returns. `now`, here and below: monotonic seconds.

    A read that ends in time has waited for its bytes, so they came when it ended. After a standstill (the program was
    stopped, the computer suspended or swapping, the engine too busy to take more) it is not known when they came; the
    earliest possible time is used, because a late answer is worse than none.
    """

    def __init__(self, now: float) -> None:
        self._read_at = now
        self._repeated = False

    def read(self, now: float, any_bytes: bool) -> float:
        """Return when the bytes of a read that ended at `now` came; `any_bytes`: whether there were any."""
        stood_still = now - self._read_at > STANDSTILL_SECONDS
        at = self._read_at if stood_still else now
        # A wait interrupted by a standstill first returns nothing, even if bytes have come (epoll_wait(2)).
        self._repeated = stood_still and not any_bytes and not self._repeated
        if not self._repeated:
            self._read_at = now
        return at
