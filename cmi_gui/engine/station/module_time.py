"""The time of modules and meters, which a person can set and make faster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.messages import InvalidValue, Message, out_of_range, quoted
from cmi_gui.engine.station.metering_point import MeteringPoint
from cmi_gui.engine.station.module_clock import ModuleClock

SLOWEST: Final = 0.1
FASTEST: Final = 1000.0
FIRST: Final = datetime(2000, 1, 1)
"""The first wall time of a meter, whose year has two digits."""
END: Final = datetime(2100, 1, 1)
"""The end of the wall times of a meter."""
MOST_DAYS: Final = 3653
"""How many days time can be set ahead at once, shared by all meters, because the energy of each day is counted."""
LEAST_DAYS: Final = 31
"""How many days it can be set ahead with any number of meters."""


class TimeRefused(InvalidValue):
    """The time cannot be changed now."""


class TimeState(msgspec.Struct, frozen=True, kw_only=True):
    """The time of modules and meters at a moment."""

    wall: datetime
    """The local wall time, that of the simulated meter; of this computer if a real meter is wired."""
    factor: float
    """How many times as fast as real time it passes."""
    behind: float
    """Seconds by which it is behind, because this computer needs longer; 0 if it keeps up."""


def parse_time(text: str) -> datetime | float:
    """Return the wall time of `2026-06-21T12:00`, or the factor of `x60`. Raises InvalidValue for other texts."""
    try:
        if text[:1] in ("x", "X"):
            return float(text[1:])
        wall = datetime.fromisoformat(text)
    except ValueError:
        wall = None
    if wall is None or wall.tzinfo is not None:
        template = "a time is a local date and time such as 2026-06-21T12:00, or a factor such as x60, not {0}"
        raise InvalidValue(Message(template, (quoted(text),)))
    return wall


class ModuleTime:
    """The time of all modules and meters of a station, on top of the clock `base`; `points` is set by the station."""

    def __init__(self, base: Clock) -> None:
        self.points: Sequence[MeteringPoint] = ()
        self.clock = ModuleClock(base, self._count_to)

    def state(self) -> TimeState:
        """Return the present time."""
        simulated = self.points[0].wire.simulated
        wall = datetime.now() if simulated is None else simulated.wall_time(self.clock.now()).replace(tzinfo=None)
        # A timer of the computer may be a little late without being behind.
        behind = self.clock.behind
        return TimeState(wall=wall, factor=self.clock.factor, behind=behind if behind > self.clock.factor else 0.0)

    def set_wall(self, wall: datetime) -> None:
        """Set the local wall time.

        Set ahead, everything happens as if the time had passed, except that only one readout is made in it. Set back,
        only the meters' wall time changes. Raises InvalidValue outside `FIRST` to `END` and beyond `MOST_DAYS`, also by
        several calls while the first ones are still being counted; TimeRefused if a real meter is wired.
        """
        self._check_meters()
        if not FIRST <= wall < END:
            raise InvalidValue(out_of_range(Message("the year"), FIRST.year, END.year - 1, wall.year))
        to_count = wall - self.state().wall
        most = max(LEAST_DAYS, MOST_DAYS // max(1, len(self.points)))
        if to_count > timedelta(days=most):
            template = "time can be set ahead by at most {0} days, not {1}"
            raise InvalidValue(Message(template, (most, to_count.days)))
        ahead = to_count - timedelta(seconds=self.clock.target - self.clock.now())
        if ahead > timedelta():
            self.clock.leap(ahead.total_seconds())
        else:
            for point in self.points:
                if point.wire.simulated is not None:
                    point.wire.simulated.set_back(-ahead.total_seconds())
        self._report()

    def set_factor(self, factor: float) -> None:
        """Let time pass `factor` times as fast, 0.1 to 1000.

        Raises InvalidValue outside this range, TimeRefused if a real meter is wired.
        """
        self._check_meters()
        if not SLOWEST <= factor <= FASTEST:
            raise InvalidValue(
                Message("time can pass {0} to {1} times as fast, not {2}", ("0.1", "1000", f"{factor:g}"))
            )
        self.clock.set_factor(factor)
        self._report()

    def make_real(self) -> bool:
        """Let time pass at its real speed, because a real meter is to be wired; return whether this is a change."""
        changed = self.clock.factor != 1.0
        self.clock.finish_leap()
        if changed:
            self.clock.set_factor(1.0)
        return changed

    def _check_meters(self) -> None:
        if any(point.meter is None for point in self.points):
            raise TimeRefused(
                Message("the time cannot be changed while a real meter is wired; wire the simulated meter first")
            )

    def _report(self) -> None:
        for point in self.points:
            point.after_step()

    def _count_to(self, at: float) -> Iterator[object]:
        for point in self.points:
            if point.wire.simulated is not None:
                yield from point.wire.simulated.count_to(at)
