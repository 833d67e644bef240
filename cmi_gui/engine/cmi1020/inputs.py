"""The rate inputs A and B: mains voltages converted to a stable combination of levels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cmi_gui.engine.machine import is_due

ACTIVE_FROM = 24.0
"""V AC from which an input is active (quick manual, "Rate inputs")."""
MAX_VOLTS = 230.0
"""Highest V AC allowed at an input (quick manual)."""
STEADY_TIME = 5.0
"""Seconds for which a combination must be steady to count (quick manual; 1 s on the wireless sibling)."""

InputName = Literal["A", "B"]


@dataclass(frozen=True, slots=True)
class Combination:
    """The levels of both inputs; true is active."""

    a: bool = False
    b: bool = False

    @property
    def index(self) -> int:
        """The row of the mapping table: 0 to 3 for (B, A) = 00, 01, 10, 11."""
        return self.a | self.b << 1


class RateInputs:
    """The present levels, and the last combination that was steady for `STEADY_TIME`.

    No I/O, no clock: `deadline` is the time when `tick` is due.
    """

    def __init__(self) -> None:
        self.volts: dict[InputName, float] = {"A": 0.0, "B": 0.0}
        """V AC at each input; changed by `set_volts`."""
        self.pending_since: float | None = None
        """The time of the last change, until the combination is stable."""
        self.stable: Combination | None = None
        """The last stable combination; None until the first one since power-up."""

    @property
    def level(self) -> Combination:
        """The combination of the present voltages, not debounced."""
        return Combination(self.volts["A"] >= ACTIVE_FROM, self.volts["B"] >= ACTIVE_FROM)

    @property
    def deadline(self) -> float | None:
        """The time when the present combination becomes stable; None if it is stable already, or without power."""
        return None if self.pending_since is None else self.pending_since + STEADY_TIME

    def power_on(self, now: float) -> None:
        """Start observing the inputs."""
        self.stable = None
        self.pending_since = now

    def power_off(self) -> None:
        """Stop observing the inputs; the voltages stay."""
        self.stable = self.pending_since = None

    def set_volts(self, name: InputName, volts: float, now: float, *, powered: bool = True) -> None:
        """Set the voltage of an input. Raises ValueError outside 0 to 230 V AC.

        Any change of level restarts the steady time; a return to the stable combination ends it.
        """
        if not 0 <= volts <= MAX_VOLTS:
            raise ValueError(f"rate input {name} takes 0 to {MAX_VOLTS:.0f} V AC, not {volts:g} V")
        before = self.level
        self.volts[name] = volts
        if not powered or self.level == before:
            return
        self.pending_since = None if self.level == self.stable else now

    def tick(self, now: float) -> Combination | None:
        """Return the combination that has just become stable, or None."""
        if not is_due(self.deadline, now):
            return None
        self.pending_since = None
        self.stable = self.level
        return self.stable
