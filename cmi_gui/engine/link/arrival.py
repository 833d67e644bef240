"""The arrival time of bytes, where only the time of reading them is known."""

from __future__ import annotations

from typing import Final

from cmi_gui.engine.link.port import POLL_SECONDS

OVERSLEPT_SECONDS: Final = POLL_SECONDS + 0.05
"""The time between two reads from which on the reader was not waiting: the computer or this program stood still."""


class Arrival:
    """The arrival time of what each read returns. `now`, here and below: monotonic seconds.

    A read that ends in time has waited for its bytes, so they came when it ended. After a standstill (the program was
    stopped, the computer suspended or swapping, the engine too busy to take more) it is not known when they came; the
    earliest possible time is used, because no answer is better than one that is too late.
    """

    def __init__(self, now: float) -> None:
        self._looked_at = now
        self._again = False

    def read(self, now: float, something: bool) -> float:
        """Return when the bytes of a read that ended at `now` came; `something`: whether the read returned any."""
        stood_still = now - self._looked_at > OVERSLEPT_SECONDS
        at = self._looked_at if stood_still else now
        # A wait interrupted by a standstill first returns nothing, even if bytes have come (epoll_wait(2)).
        self._again = stood_still and not something and not self._again
        if not self._again:
            self._looked_at = now
        return at
