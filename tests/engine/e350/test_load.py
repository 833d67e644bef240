from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.e350.load import RIPPLE_MS, SLOT_MS, Household, PhaseInstant

DAY = 86_400_000 // SLOT_MS
MIDSUMMER = 20_625 * DAY  # 2026-06-21


@given(st.integers(0, 10**7))
def test_the_ripple_of_a_slot_has_mean_one_and_changes_no_sign(index: int) -> None:
    ripples = [Household(7).ripple(index, part) for part in range(SLOT_MS // RIPPLE_MS)]
    assert sum(ripples) == 1000 * len(ripples)
    assert min(ripples) > 0
    assert len(set(ripples)) > 3


def test_a_household_is_repeatable_and_differs_by_seed() -> None:
    index = MIDSUMMER + 200
    assert Household(1).slot(index) == Household(1).slot(index)
    assert Household(1).slot(index) != Household(2).slot(index)
    at = index * SLOT_MS + 12_345
    assert Household(1).instant(at) == Household(1).instant(at)


def power(household: Household, day: int, hour: int) -> int:
    return sum(household.slot(day + hour * DAY // 24 + part).sums[0] for part in range(12)) // 12


def test_a_day_has_its_evening_peak_and_its_sun_at_noon() -> None:
    household = Household(3)
    weeks = [MIDSUMMER + 7 * DAY * week for week in range(4)]
    mean = {hour: sum(power(household, day, hour) for day in weeks) // 4 for hour in (3, 13, 19)}
    assert mean[13] < 0 < mean[3] < mean[19]
    dark = Household(3, solar_peak=0)
    assert all(power(dark, weeks[0], hour) > 0 for hour in range(24))
    winter = MIDSUMMER - 182 * DAY
    assert power(household, winter, 12) - power(dark, winter, 12) > power(household, weeks[0], 12) - power(
        dark, weeks[0], 12
    )


@given(st.integers(0, 4 * 10**12), st.integers(0, 1000), st.sampled_from([1, 3]))
def test_an_instant_is_physical(at: int, seed: int, phases: int) -> None:
    instant = Household(seed, phases).instant(at)
    assert len(instant.phases) == phases
    assert 4990 <= instant.frequency <= 5010
    for phase in instant.phases:
        assert 2070 <= phase.voltage <= 2530  # EN 50160: 230 V +/- 10 %
        assert 0 <= phase.current < 10_000
        assert 0 <= phase.power_factor <= 100
        assert phase.apparent >= abs(phase.active)


def test_the_instant_agrees_with_the_slot() -> None:
    household = Household(1)
    index = MIDSUMMER + 77
    factor = household.ripple(index, 3)
    instant = household.instant(index * SLOT_MS + 3 * RIPPLE_MS)
    assert instant.active == household.slot(index).sums[0] * factor


@pytest.mark.parametrize(
    ("phase", "current", "power_factor"),
    [
        (PhaseInstant(2300, 2_300_000, 0), 1000, 100),
        (PhaseInstant(2300, -1_150_000, 0), 500, 100),
        (PhaseInstant(2300, 3000, 4000), 2, 60),
        (PhaseInstant(2300, 0, 0), 0, 100),
        (PhaseInstant(0, 0, 0), 0, 100),
    ],
)
def test_current_and_power_factor(phase: PhaseInstant, current: int, power_factor: int) -> None:
    assert (phase.current, phase.power_factor) == (current, power_factor)
