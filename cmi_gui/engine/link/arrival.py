"""When bytes came, where only the reading of them has a time."""

from __future__ import annotations

from typing import Final

from cmi_gui.engine.link.port import POLL_SECONDS

OVERSLEPT_SECONDS: Final = POLL_SECONDS + 0.05
"""Who looks again only after so long has not waited for bytes: the computer or this program stood still."""


class Arrival:
    """The time of what each read brings. `now`, here and below: monotonic seconds.

    A read that ends in time has waited for its bytes, so they came when it ended. After a standstill (the program was
    stopped, the computer suspended or swapping, the engine too busy to take more) nobody knows when they came; then it
    is the earliest possible time, so that an answer is rather not given than given too late.
    """

    def __init__(self, now: float) -> None:
        self._looked_at = now
        self._again = False

    def read(self, now: float, something: bool) -> float:
        """A read has ended at `now` and has brought something, or nothing; when that came."""
        stood_still = now - self._looked_at > OVERSLEPT_SECONDS
        at = self._looked_at if stood_still else now
        # A wait that is interrupted by a standstill comes back with nothing first, whatever has come (epoll_wait(2)).
        self._again = stood_still and not something and not self._again
        if not self._again:
            self._looked_at = now
        return at
