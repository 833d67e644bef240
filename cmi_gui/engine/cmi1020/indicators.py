"""The two LEDs as a pure function of the module's condition and the time.

Rows 1, 2 and 5 of `Condition` are from the quick manual ("LED indications"), 3 and 4 from the manual of the wireless
sibling; the pattern of row 4 is an assumption.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

FLASH_ON = 100_000
FLASH_PERIOD = 5_100_000
"""100 ms on, 5000 ms off, in microseconds."""
ERROR_ON = 500_000
ERROR_PERIOD = 1_000_000


class Condition(StrEnum):
    """The condition shown by the LEDs; the first that applies."""

    NO_BUS = "no_bus"
    """No bus voltage: both dark."""
    NO_METER = "no_meter"
    """Bus, but no contact with the meter, also before the first readout: red flashes."""
    NO_METER_NUMBER = "no_meter_number"
    """The readout lacks C.1 and C.1.0: red is steady, green flashes."""
    RATE_ERROR = "rate_error"
    """A change of rate was refused or is not enabled: red blinks, green flashes."""
    NORMAL = "normal"
    """Bus and meter: green flashes."""


@dataclass(frozen=True, slots=True)
class Lamps:
    """The state of both LEDs; true is lit."""

    red: bool
    green: bool


def condition_of(*, powered: bool, contact: bool, meter_number: bool, rate_error: bool) -> Condition:
    """Return the first condition that applies."""
    if not powered:
        return Condition.NO_BUS
    if not contact:
        return Condition.NO_METER
    if not meter_number:
        return Condition.NO_METER_NUMBER
    return Condition.RATE_ERROR if rate_error else Condition.NORMAL


_GREEN = (Condition.NO_METER_NUMBER, Condition.RATE_ERROR, Condition.NORMAL)
# (on, period) of the red LED in microseconds, by condition.
_RED = {Condition.NO_METER: (FLASH_ON, FLASH_PERIOD), Condition.RATE_ERROR: (ERROR_ON, ERROR_PERIOD)}


@dataclass(frozen=True, slots=True)
class Indicators:
    """The LEDs in a condition since `since`; the green LED has flashed since `green_since`. Times in seconds.

    "On" starts when the condition is entered; green keeps its phase while it flashes in consecutive conditions.
    """

    condition: Condition
    since: float
    green_since: float

    def enter(self, condition: Condition, now: float) -> Indicators:
        """Return the LEDs from `now` on; the same object if nothing changes."""
        if condition is self.condition:
            return self
        same_phase = self.condition in _GREEN and condition in _GREEN
        return Indicators(condition, now, self.green_since if same_phase else now)

    def patterns(self) -> tuple[str, str]:
        """Return the patterns of red and green: `on`, `off`, or the milliseconds on and off, such as `100/5000`."""
        steady = "on" if self.condition is Condition.NO_METER_NUMBER else "off"
        red = _pattern(*_RED[self.condition]) if self.condition in _RED else steady
        return red, _pattern(FLASH_ON, FLASH_PERIOD) if self.condition in _GREEN else "off"

    def lamps(self, now: float) -> Lamps:
        """Return the state of the LEDs at `now`."""
        red = self.condition is Condition.NO_METER_NUMBER
        if self.condition in _RED:
            on, period = _RED[self.condition]
            red = _phase(now, self.since, period) < on
        green = self.condition in _GREEN and _phase(now, self.green_since, FLASH_PERIOD) < FLASH_ON
        return Lamps(red, green)

    def next_change(self, now: float) -> float | None:
        """Return when an LED changes next if the condition stays; None if never."""
        changes = []
        if self.condition in _RED:
            changes.append(_next_edge(now, self.since, *_RED[self.condition]))
        if self.condition in _GREEN:
            changes.append(_next_edge(now, self.green_since, FLASH_ON, FLASH_PERIOD))
        return min(changes, default=None)


def _pattern(on: int, period: int) -> str:
    return f"{on // 1000}/{(period - on) // 1000}"


def _phase(now: float, since: float, period: int) -> int:
    """Return whole microseconds into the period, because 15.3 % 5.1 is not 0 in binary fractions."""
    return round((now - since) * 1e6) % period


def _next_edge(now: float, since: float, on: int, period: int) -> float:
    elapsed = round((now - since) * 1e6)
    start = elapsed // period * period
    edge = start + on if elapsed - start < on else start + period
    at = since + edge / 1e6
    return at if at > now else math.nextafter(now, math.inf)
