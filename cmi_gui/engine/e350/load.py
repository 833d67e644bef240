"""The household on the meter: load and solar power over the day, a pure function of seed and time.

Power is constant over a slot of 5 minutes except for a ripple, a factor common to all phases that changes every 5
seconds and has a mean of 1 over the slot. So the energy of a whole slot is known without its parts, signs do not change
inside it, and the registers do not depend on the steps in which time advances. All arithmetic is with integers, so the
results are the same on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt
from typing import Final

SLOT_MS: Final = 300_000
RIPPLE_MS: Final = 5_000
_RIPPLES: Final = SLOT_MS // RIPPLE_MS
_SLOTS_PER_DAY: Final = 86_400_000 // SLOT_MS
_BASE: Final = 1000
_RIPPLE_STEP: Final = 20
_RIPPLE_STEPS: Final = 6
"""Largest ripple in steps of 2 %, either way."""

_DAY_W: Final = (
    *(180, 160, 150, 150, 160, 220, 520, 780, 560, 380, 330, 360),
    *(480, 420, 340, 330, 420, 760, 1150, 1280, 1060, 820, 520, 290),
)
"""The mean load of a household at each full hour, W."""
_SHARES: Final = {1: (100,), 3: (46, 31, 23)}
_MASK: Final = (1 << 64) - 1


def _mixed(value: int, part: int) -> int:
    """Return the random number that follows `value` for `part`: a bijective scrambling of 64 bits (of splitmix64)."""
    value = (value + 0x9E3779B97F4A7C15 * (part + 1)) & _MASK
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
    value = (value ^ (value >> 27)) * 0x94D049BB133111EB & _MASK
    return value ^ (value >> 31)


@dataclass(frozen=True, slots=True)
class Slot:
    """The mean power of each phase in a slot: P in W, import positive; Q in var, inductive positive."""

    active: tuple[int, ...]
    reactive: tuple[int, ...]

    @property
    def sums(self) -> tuple[int, int, int]:
        """P (W), Q (var) and S (VA) of all phases together; S is from the sums, rounded down."""
        p, q = sum(self.active), sum(self.reactive)
        return p, q, isqrt(p * p + q * q)


@dataclass(frozen=True, slots=True)
class PhaseInstant:
    """One phase at an instant: voltage in 0.1 V, P in mW (import positive), Q in mvar (inductive positive)."""

    voltage: int
    active: int
    reactive: int

    @property
    def apparent(self) -> int:
        """S in mVA."""
        return isqrt(self.active * self.active + self.reactive * self.reactive)

    @property
    def current(self) -> int:
        """I in 0.01 A, rounded."""
        return (2 * self.apparent + self.voltage) // (2 * self.voltage) if self.voltage else 0

    @property
    def power_factor(self) -> int:
        """|P| / S in 0.01; 100 with no load."""
        return _power_factor(self.active, self.apparent)


@dataclass(frozen=True, slots=True)
class Instant:
    """All phases at an instant, and the frequency in 0.01 Hz."""

    phases: tuple[PhaseInstant, ...]
    frequency: int

    @property
    def active(self) -> int:
        """P of all phases, mW."""
        return sum(phase.active for phase in self.phases)

    @property
    def power_factor(self) -> int:
        """|P| / S of the sums in 0.01; 100 with no load."""
        p, q = self.active, sum(phase.reactive for phase in self.phases)
        return _power_factor(p, isqrt(p * p + q * q))


def _power_factor(active: int, apparent: int) -> int:
    return min(100, (200 * abs(active) + apparent) // (2 * apparent)) if apparent else 100


class Household:
    """A simulated household with solar cells.

    `seed` selects the household; `phases`: 1 or 3; `solar_peak`: W at midsummer noon, 0 for none.
    Times are milliseconds of local wall time since 1970-01-01 00:00.
    """

    def __init__(self, seed: int, phases: int = 3, solar_peak: int = 4000) -> None:
        self._seed = _mixed(seed & _MASK, -1)
        self._shares = _SHARES[phases]
        self._solar_peak = solar_peak
        self._slot_seed, self._phase_seed = self._random(1), self._random(2)
        self._slot: tuple[int, Slot] = (-1, Slot((), ()))

    def _random(self, *parts: int) -> int:
        value = self._seed
        for part in parts:
            value = _mixed(value, part)
        return value

    def slot(self, index: int) -> Slot:
        """Return the slot that begins at `index * SLOT_MS`; the last one is kept, as it is asked for again."""
        if self._slot[0] != index:
            self._slot = (index, self._made(index))
        return self._slot[1]

    def _made(self, index: int) -> Slot:
        random, phases = _mixed(self._slot_seed, index), _mixed(self._phase_seed, index)
        demand = self._demand(index, random)
        sun = self._sun(index, random)
        active, reactive = [], []
        for phase, share in enumerate(self._shares):
            random_phase = _mixed(phases, phase)
            load = demand * share * (70 + random_phase % 61) // 10_000
            if random_phase >> 8 & 0xFF < 12:  # occasionally a large appliance is on
                load += 900 + (random_phase >> 16) % 1500
            active.append(load - sun // len(self._shares))
            # Motors draw 10 to 35 % of inductive power; electronics compensate a little of it.
            reactive.append(load * (10 + (random_phase >> 32) % 26) // 100 - 45)
        return Slot(tuple(active), tuple(reactive))

    def _demand(self, index: int, random: int) -> int:
        hour, within = divmod(index % _SLOTS_PER_DAY * 24, _SLOTS_PER_DAY)
        here, there = _DAY_W[hour], _DAY_W[(hour + 1) % 24]
        mean = here + (there - here) * within // _SLOTS_PER_DAY
        day = index // _SLOTS_PER_DAY
        if (day + 3) % 7 >= 5 and 8 <= hour < 17:  # day 0 was a Thursday
            mean = mean * 3 // 2
        return mean * (75 + random % 51) // 100

    def _sun(self, index: int, random: int) -> int:
        """Return the solar power in W: a parabola around noon, longer and higher towards day 172, less with clouds."""
        if not self._solar_peak:
            return 0
        day = index // _SLOTS_PER_DAY
        off_season = abs(day % 365 - 172)
        half_day = 480 - off_season
        minutes = abs(index % _SLOTS_PER_DAY * 1440 // _SLOTS_PER_DAY - 720)
        if minutes >= half_day:
            return 0
        height = self._solar_peak * (260 - off_season) // 260
        cloud = 25 + self._random(3, day) % 76
        return height * (half_day**2 - minutes**2) // half_day**2 * cloud // 100 * (90 + (random >> 20) % 11) // 100

    def ripple(self, index: int, part: int) -> int:
        """Return the factor, in thousandths, for `part` (0 to 59, `RIPPLE_MS` each) of a slot.

        The mean of the parts 2n and 2n + 1 is 1.
        """
        return _BASE + (self._swing(index, part >> 1) if part & 1 else -self._swing(index, part >> 1))

    def _swing(self, index: int, pair: int) -> int:
        """Return by how many thousandths the factor is below 1 in part 2 * `pair`, and above in the next."""
        return _RIPPLE_STEP * (self._random(4, index, pair) % (2 * _RIPPLE_STEPS + 1) - _RIPPLE_STEPS)

    def weight(self, index: int, begin: int, end: int) -> int:
        """Return the sum of `ripple` over the milliseconds `begin` to `end` of a slot, 0 to `SLOT_MS`."""
        return _BASE * (end - begin) + self._excess(index, end) - self._excess(index, begin)

    def _excess(self, index: int, end: int) -> int:
        """Return the sum of `ripple` - 1000 over the first `end` milliseconds of a slot: 0 after a pair of parts."""
        pair, within = divmod(end, 2 * RIPPLE_MS)
        return -self._swing(index, pair) * min(within, 2 * RIPPLE_MS - within) if within else 0

    def instant(self, wall_ms: int) -> Instant:
        """Return voltages, powers and frequency at a time."""
        index, within = divmod(wall_ms, SLOT_MS)
        part = within // RIPPLE_MS
        slot = self.slot(index)
        factor = self.ripple(index, part)
        phases = []
        for phase, (p, q) in enumerate(zip(slot.active, slot.reactive, strict=True)):
            random_phase = self._random(5, index, phase)
            flicker = self._random(6, index * _RIPPLES + part, phase)
            # Mains sag a little under load: 0.5 ohm of supply line.
            voltage = 2305 + random_phase % 71 - 35 + flicker % 11 - 5 - max(-60, min(60, p * 5 // 230))
            phases.append(PhaseInstant(voltage, p * factor, q * factor))
        frequency = 4997 + self._random(7, index * _RIPPLES + part) % 7
        return Instant(tuple(phases), frequency)


class NoLoad(Household):
    """A house that draws no power, so that the registers stand still; its voltages vary."""

    def _made(self, index: int) -> Slot:
        nothing = (0,) * len(self._shares)
        return Slot(nothing, nothing)


LOADS: Final = {"household": Household, "none": NoLoad}
"""The loads of a simulated meter by name."""
