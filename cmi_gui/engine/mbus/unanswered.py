"""Earlier requests that may still be answered."""

from __future__ import annotations

from dataclasses import dataclass

from cmi_gui.engine.mbus.exchange import Exchange, Expect
from cmi_gui.engine.mbus.frame import Frame

LATEST = 3.2
"""Seconds after the window of the standard after which no answer is received any more: 3 s, and time for the reception.
Assumption.
"""


@dataclass(slots=True)
class _Open:
    exchange: Exchange
    sent_at: float
    count: int
    until: float

    def fits(self, expect: Expect) -> bool:
        """Return whether an E5 (`expect` ACK) or a RSP_UD may answer it; a request for data may get either."""
        return expect in (Expect.ACK, self.exchange.expect)


class Unanswered:
    """The requests of earlier exchanges without an answer, each with the time until which one is possible.

    All times are seconds of the machine's clock.
    """

    def __init__(self) -> None:
        self._open: list[_Open] = []

    def add(self, exchange: Exchange, sent_at: float, count: int, until: float) -> None:
        """Note `count` tries of an exchange that may be answered up to `until`; the last one was sent at `sent_at`."""
        if count > 0 and exchange.expect is not Expect.NOTHING:
            self._open.append(_Open(exchange, sent_at, count, until))

    def until(self, expect: Expect, now: float) -> float | None:
        """Return the time until which an E5 (`expect` ACK) or a RSP_UD may belong to one of them; None: none can."""
        self._forget(now)
        return max((each.until for each in self._open if each.fits(expect)), default=None)

    def frames(self, expect: Expect, now: float) -> list[Frame]:
        """Return the requests to which an E5 (`expect` ACK) or a RSP_UD may belong."""
        self._forget(now)
        return [each.exchange.frame for each in self._open if each.fits(expect)]

    def take(self, expect: Expect, at: float, horizon: float) -> float | None:
        """Note a late answer as received; return the seconds since its request, or None if that request is not certain.

        A slave that answers one request after the other may take `horizon` seconds more for the next one. This extends
        the time of all requests, because an E5 does not name its sender.
        """
        self._forget(at)
        fitting = [each for each in self._open if each.count and each.fits(expect)]
        if not fitting:
            return None
        first = fitting[0]
        first.count -= 1
        for each in self._open:
            if each.count:
                each.until = max(each.until, at + horizon)
        return at - first.sent_at if len(fitting) == 1 else None

    def _forget(self, now: float) -> None:
        self._open = [each for each in self._open if each.until > now]
