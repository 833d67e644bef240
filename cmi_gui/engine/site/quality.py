"""How well modules answer: answer time, retries and errors of each module, hour by hour.

An hour is a handful of numbers, whatever the number of requests in it; hours beyond `MAX_HOURS` are dropped.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from cmi_gui.engine.mbus.exchange import Answer, AnswerKind, Exchange, Expect, Procedure
from cmi_gui.engine.site.model import SiteModule

MAX_HOURS: Final = 168
"""Hours that are kept of each module, those without a request not counted."""
_BITS: Final = 11
"""Bits of a character on the bus."""

Result = TypeVar("Result")


@dataclass(slots=True)
class QualityHour:
    """The requests to a module in one hour, or in several of them together.

    `begin`: the first hour, UTC. `tries`: telegrams sent, at least one a request. `failed`: requests that got no good
    answer after all tries. `timed`: answers whose time is known; `seconds`, `slowest`: their answer times, in seconds,
    together and the longest.
    """

    begin: datetime
    requests: int = 0
    tries: int = 0
    failed: int = 0
    timed: int = 0
    seconds: float = 0.0
    slowest: float = 0.0

    @property
    def retries(self) -> int:
        """The tries after the first ones."""
        return self.tries - self.requests

    @property
    def error_rate(self) -> float:
        """The share of the tries that got no good answer, 0 to 1."""
        good = self.requests - self.failed
        return (self.tries - good) / self.tries if self.tries else 0.0

    @property
    def answer_time(self) -> float | None:
        """The mean answer time in seconds; None if none is known."""
        return self.seconds / self.timed if self.timed else None

    def add(self, other: QualityHour) -> None:
        """Add the requests of another hour; `begin` becomes the earlier one."""
        self.begin = min(self.begin, other.begin)
        self.requests += other.requests
        self.tries += other.tries
        self.failed += other.failed
        self.timed += other.timed
        self.seconds += other.seconds
        self.slowest = max(self.slowest, other.slowest)


@dataclass(slots=True)
class BusQuality:
    """The quality of the answers of all modules of a site, in memory."""

    _hours: dict[int, tuple[SiteModule, deque[QualityHour]]] = field(default_factory=dict)

    def take(self, module: SiteModule, exchange: Exchange, answer: Answer, at: datetime, baud: int | None) -> None:
        """Count an exchange with a module that ended `at`.

        `baud`: the speed in bit/s, by which the time of the answer's own bytes is subtracted; without one, the answer
        time counts up to the last byte.
        """
        if exchange.expect is Expect.NOTHING:
            return
        begin = at.replace(minute=0, second=0, microsecond=0)
        _, hours = self._hours.setdefault(id(module), (module, deque(maxlen=MAX_HOURS)))
        if not hours or hours[-1].begin != begin:
            hours.append(QualityHour(begin))
        hour = hours[-1]
        good = answer.kind in (AnswerKind.ACK, AnswerKind.RESPONSE)
        hour.requests += 1
        hour.tries += answer.tries
        hour.failed += not good
        # After a retry the answer may belong to either try, so its time is not known.
        if good and answer.tries == 1 and answer.waited is not None:
            own = len(answer.raw) * _BITS / baud if baud else 0.0
            seconds = max(0.0, answer.waited - own)
            hour.timed += 1
            hour.seconds += seconds
            hour.slowest = max(hour.slowest, seconds)

    def hours(self, module: SiteModule) -> Iterator[QualityHour]:
        """Yield the hours of a module, oldest first."""
        if id(module) in self._hours:
            yield from self._hours[id(module)][1]

    def total(self, module: SiteModule) -> QualityHour | None:
        """Return all kept hours of a module together; None if nothing was asked of it."""
        return total_of(self.hours(module))


def total_of(hours: Iterable[QualityHour]) -> QualityHour | None:
    """Return hours together; None if there are none."""
    total: QualityHour | None = None
    for hour in hours:
        total = total or QualityHour(hour.begin)
        total.add(hour)
    return total


def watched(procedure: Procedure[Result], on_answer: Callable[[Exchange, Answer], object]) -> Procedure[Result]:
    """Run a procedure, and call `on_answer` with each of its exchanges and the answer to it."""
    try:
        step = next(procedure)
        while True:
            answer = yield step
            if isinstance(step, Exchange):
                on_answer(step, answer)
            step = procedure.send(answer)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return] # a generator's value has no type here
    finally:
        procedure.close()
