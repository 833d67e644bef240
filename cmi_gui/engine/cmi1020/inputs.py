"""The rate inputs A and B: mains voltages to a combination that has stood long enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ACTIVE_FROM = 24.0
"""V AC from which an input is active (quick manual, "Rate inputs")."""
MAX_VOLTS = 230.0
"""Highest V AC an input bears (quick manual)."""
STEADY_TIME = 5.0
"""Seconds a combination must stand before it counts (quick manual; 1 s on the wireless sibling)."""

InputName = Literal["A", "B"]


@dataclass(frozen=True, slots=True)
class Combination:
    """The levels of both inputs."""

    a: bool = False
    b: bool = False

    @property
    def index(self) -> int:
        """0 to 3 as (B, A) = 00, 01, 10, 11: the row of the mapping table."""
        return self.a | self.b << 1


class RateInputs:
    """Levels now, and the last combination that stood for `STEADY_TIME`.

    No I/O, no clock: `deadline` says when `tick` has something to do.
    """

    def __init__(self) -> None:
        self.volts: dict[InputName, float] = {"A": 0.0, "B": 0.0}
        """V AC at each input; changed by `set_volts`."""
        self._pending_since: float | None = None
        self.stable: Combination | None = None
        """None until the first combination since power-up has stood long enough."""

    @property
    def level(self) -> Combination:
        """What the voltages are now, not yet debounced."""
        return Combination(self.volts["A"] >= ACTIVE_FROM, self.volts["B"] >= ACTIVE_FROM)

    @property
    def deadline(self) -> float | None:
        """When the present combination will have stood long enough, or None."""
        return None if self._pending_since is None else self._pending_since + STEADY_TIME

    def power_on(self, now: float) -> None:
        """The module starts to look at its inputs."""
        self.stable = None
        self._pending_since = now

    def power_off(self) -> None:
        """The module is dark; the voltages stay."""
        self.stable = self._pending_since = None

    def set_volts(self, name: InputName, volts: float, now: float, *, powered: bool = True) -> None:
        """A voltage changed. Raises ValueError outside 0 to 230 V AC.

        Any change of level starts the steady time anew; back to the stable combination ends it.
        """
        if not 0 <= volts <= MAX_VOLTS:
            raise ValueError(f"rate input {name} bears 0 to {MAX_VOLTS:.0f} V AC, not {volts:g} V")
        before = self.level
        self.volts[name] = volts
        if not powered or self.level == before:
            return
        self._pending_since = None if self.level == self.stable else now

    def tick(self, now: float) -> Combination | None:
        """The combination that has just become stable, if one has."""
        # A nanosecond of grace: sums of binary fractions must not cost a whole turn.
        if self.deadline is None or now < self.deadline - 1e-9:
            return None
        self._pending_since = None
        self.stable = self.level
        return self.stable
