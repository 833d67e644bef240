"""Exact energy registers: 9 digits in Wh that roll over, with the remainder below 1 Wh."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

UNITS_PER_WH: Final = 3_600_000_000
"""Counted units in 1 Wh: energy is counted as integers in mW x ms (mvar x ms, mVA x ms)."""
MAX_RATES: Final = 6
CHANNELS: Final = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15)
"""1/2: +A/-A; 3/4: +R/-R; 5 to 8: reactive by quadrant; 9/10: +S/-S; 15: |+A| + |-A|. Groups C of the OBIS codes."""
_CODES: Final = {f"{channel}.8.{rate}": (channel, rate) for channel in CHANNELS for rate in range(MAX_RATES + 1)}
_ROLL_OVER: Final = 10**9
LIMIT_UNITS: Final = _ROLL_OVER * UNITS_PER_WH
"""The units at which a register rolls over."""


class EnergyRegisters:
    """A total and six rates for each channel.

    All count the same increments, so the exact sum of the rates is the exact total; their readings in whole Wh, rounded
    down, may differ from it by less than 1 Wh per rate, as real telegrams show.
    """

    def __init__(self) -> None:
        self._units = {channel: [0] * (MAX_RATES + 1) for channel in CHANNELS}

    def preset(self, readings: Mapping[str, int]) -> None:
        """Set registers from Wh by code, such as `{"1.8.1": 42_951_721}`.

        A total that is not given becomes the sum of its rates, 15.8.0 the sum of 1.8.0 and 2.8.0. Raises ValueError for
        a code that is not an energy register or a reading outside 0 to 999 999 999.
        """
        touched: set[int] = set()
        for code, wh in readings.items():
            channel, rate = self._locate(code)
            if not 0 <= wh < _ROLL_OVER:
                raise ValueError(f"{code} holds 0 to 999999999 Wh, not {wh}")
            self._units[channel][rate] = wh * UNITS_PER_WH
            touched.add(channel)
        for channel in touched - {15}:
            if f"{channel}.8.0" not in readings:
                self._units[channel][0] = sum(self._units[channel][1:])
        if touched & {1, 2} and "15.8.0" not in readings:
            self._units[15][0] = self._units[1][0] + self._units[2][0]

    @staticmethod
    def _locate(code: str) -> tuple[int, int]:
        if code not in _CODES:
            raise ValueError(f"{code!r} is not an energy register")
        return _CODES[code]

    def has(self, code: str) -> bool:
        """Return whether a code is that of an energy register."""
        try:
            self._locate(code)
        except ValueError:
            return False
        return True

    def exact(self) -> dict[str, tuple[int, ...]]:
        """Return total and rates of each channel by its number, in 1 / `UNITS_PER_WH` Wh, rolled over."""
        return {
            str(channel): tuple(units % LIMIT_UNITS for units in registers)
            for channel, registers in self._units.items()
        }

    def recall(self, exact: Mapping[str, Sequence[int]]) -> None:
        """Set all registers to values returned by `exact`."""
        self._units = {channel: list(exact[str(channel)]) for channel in CHANNELS}

    def count(self, active: int, reactive: int, apparent: int, rate: int) -> None:
        """Add energy, in 1 / `UNITS_PER_WH` Wh, to the totals and to the rate `rate` (1 to 6).

        `active` is positive for import, `reactive` for inductive; `apparent` is not negative.
        """
        if active > 0 or (active == 0 and reactive >= 0):
            self._add(1, active, rate)
            self._add(9, apparent, rate)
        else:
            self._add(2, -active, rate)
            self._add(10, apparent, rate)
        self._units[15][0] += abs(active)
        # Quadrants I to IV of IEC 62053-23 annex C: by the signs of P and Q.
        if reactive >= 0:
            self._add(3, reactive, rate)
            self._add(5 if active >= 0 else 6, reactive, rate)
        else:
            self._add(4, -reactive, rate)
            self._add(8 if active >= 0 else 7, -reactive, rate)

    def _add(self, channel: int, units: int, rate: int) -> None:
        registers = self._units[channel]
        registers[0] += units
        registers[rate] += units

    def wh(self, code: str) -> int:
        """Return the reading of a register, 0 to 999 999 999 Wh (varh, VAh). Raises ValueError for another code."""
        channel, rate = self._locate(code)
        return self._units[channel][rate] // UNITS_PER_WH % _ROLL_OVER
