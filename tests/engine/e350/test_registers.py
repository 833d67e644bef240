from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.e350.registers import CHANNELS, UNITS_PER_WH, EnergyRegisters
from tests.helpers.energy import units

amounts = st.integers(-(10**16), 10**16)


@given(st.lists(st.tuples(amounts, amounts, st.integers(0, 10**16), st.integers(1, 6)), max_size=30))
def test_the_rates_sum_exactly_to_the_total(counts: list[tuple[int, int, int, int]]) -> None:
    registers = EnergyRegisters()
    for count in counts:
        registers.count(*count)
    for channel in CHANNELS[:-1]:
        assert units(registers, channel) == sum(units(registers, channel, rate) for rate in range(1, 7))
        shown = sum(units(registers, channel, rate) // UNITS_PER_WH for rate in range(1, 7))
        assert 0 <= units(registers, channel) // UNITS_PER_WH - shown < 6
    assert units(registers, 15) == units(registers, 1) + units(registers, 2)
    assert units(registers, 1) - units(registers, 2) == sum(active for active, *_ in counts)
    assert units(registers, 3) == units(registers, 5) + units(registers, 6)
    assert units(registers, 4) == units(registers, 7) + units(registers, 8)
    assert units(registers, 9) + units(registers, 10) == sum(apparent for _, _, apparent, _ in counts)


@pytest.mark.parametrize(
    ("active", "reactive", "codes"),
    [
        (1, 1, {"1.8.2", "3.8.2", "5.8.2", "9.8.2"}),
        (-1, 1, {"2.8.2", "3.8.2", "6.8.2", "10.8.2"}),
        (-1, -1, {"2.8.2", "4.8.2", "7.8.2", "10.8.2"}),
        (1, -1, {"1.8.2", "4.8.2", "8.8.2", "9.8.2"}),
    ],
)
def test_quadrants(active: int, reactive: int, codes: set[str]) -> None:
    registers = EnergyRegisters()
    registers.count(active * UNITS_PER_WH, reactive * UNITS_PER_WH, UNITS_PER_WH, 2)
    counted = {f"{channel}.8.2" for channel in CHANNELS if registers.wh(f"{channel}.8.2")}
    assert counted == codes
    assert {f"{channel}.8.0" for channel in CHANNELS if registers.wh(f"{channel}.8.0")} == {
        code[:-1] + "0" for code in codes
    } | {"15.8.0"}


def test_a_register_rolls_over_after_nine_digits() -> None:
    registers = EnergyRegisters()
    registers.preset({"1.8.1": 999_999_999})
    registers.count(UNITS_PER_WH - 1, 0, 0, 1)
    assert (registers.wh("1.8.1"), registers.wh("1.8.0")) == (999_999_999, 999_999_999)
    registers.count(1, 0, 0, 1)
    assert (registers.wh("1.8.1"), registers.wh("1.8.0"), registers.wh("15.8.0")) == (0, 0, 0)


def test_presets() -> None:
    registers = EnergyRegisters()
    registers.preset({"1.8.1": 5, "1.8.2": 7, "2.8.1": 1})
    assert [registers.wh(code) for code in ("1.8.0", "2.8.0", "15.8.0")] == [12, 1, 13]
    registers.preset({"1.8.0": 13, "15.8.0": 20})
    assert [registers.wh(code) for code in ("1.8.0", "1.8.1", "15.8.0")] == [13, 5, 20]


@pytest.mark.parametrize("readings", [{"1.7": 1}, {"11.8.0": 1}, {"1.8.7": 1}, {"1.8.0": -1}, {"1.8.0": 10**9}])
def test_wrong_presets(readings: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        EnergyRegisters().preset(readings)
