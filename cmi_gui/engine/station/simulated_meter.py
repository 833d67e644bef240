"""The simulated meter at its end of a wire in memory; it goes on counting while another meter is wired."""

from __future__ import annotations

from datetime import datetime, timedelta

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.driver import Driver
from cmi_gui.engine.e350.meter import E350Meter
from cmi_gui.engine.e350.variants import Variant
from cmi_gui.engine.iec62056.events import START_LINE
from cmi_gui.engine.link.memory import memory_pair
from cmi_gui.engine.link_protocol import Link
from cmi_gui.engine.machine import Effects
from cmi_gui.engine.meter_profile.profile import MeterProfile

_ACTIVE = {"1.8.1": 42_951_721, "1.8.2": 18_609_568, "2.8.1": 302, "2.8.2": 10_188}
_QUADRANTS = {
    "5.8.1": 7_213_482,
    "5.8.2": 3_104_917,
    "6.8.1": 41,
    "6.8.2": 1_327,
    "7.8.1": 9,
    "7.8.2": 214,
    "8.8.1": 1_148_305,
    "8.8.2": 503_664,
}
USED_METER = {
    **_ACTIVE,
    **_QUADRANTS,
    **{f"3.8.{rate}": _QUADRANTS[f"5.8.{rate}"] + _QUADRANTS[f"6.8.{rate}"] for rate in (1, 2)},
    **{f"4.8.{rate}": _QUADRANTS[f"7.8.{rate}"] + _QUADRANTS[f"8.8.{rate}"] for rate in (1, 2)},
    "9.8.1": 43_705_118,
    "9.8.2": 18_940_226,
    "10.8.1": 305,
    "10.8.2": 10_286,
}
"""Wh (varh, VAh) that the simulated meter has counted before it starts.

Active energy is that of a real M26. Reactive and apparent energy are made to fit it: as much as such a household
draws, the two directions each the sum of their quadrants.
"""


class SimulatedMeter:
    """A meter and the driver that runs it on its end of the wire.

    `variant`: which E350. `start`: its wall time now, None is this computer's. `paced`: characters on the wire take
    their time.
    """

    def __init__(
        self,
        clock: Clock,
        profile: MeterProfile,
        variant: Variant,
        *,
        seed: int,
        start: datetime | None,
        paced: bool,
    ) -> None:
        self._clock = clock
        self._profile = profile
        self._seed = seed
        self._paced = paced
        self._start = start or datetime.now().astimezone()
        self._started_at = clock.now()
        self._driver: Driver | None = None
        self.meter = self._make(variant)
        self.meter.registers.preset(USED_METER)

    def _make(self, variant: Variant) -> E350Meter:
        now = self._clock.now()
        return E350Meter(
            variant,
            seed=self._seed,
            start=self._start + timedelta(seconds=now - self._started_at),
            now=now,
            commands=self._profile.commands(),
            rules=self._profile.rules(),
        )

    def _exchange(self, variant: Variant) -> None:
        """Put another meter in its place, which goes on from the energy that this one has counted.

        Faults, tampers and what its display showed stay with the old one.
        """
        fresh = self._make(variant)
        self.meter.advance(self._clock.now())
        fresh.registers = self.meter.registers
        self.meter = fresh

    def plug(self, variant: Variant) -> Link:
        """Lay a wire to the meter, made as `variant`; returns its other end. The wire that was there is taken away."""
        self.close()
        if self.meter.variant != variant:
            self._exchange(variant)
        near, far = memory_pair(self._clock, START_LINE, paced=self._paced, names=("", "meter"))
        self._driver = Driver(self.meter.machine, far, self._clock, lambda event: None)
        return near

    def open(self) -> None:
        """Have the meter listen on the wire; without one, nothing."""
        if self._driver is not None:
            self._driver.open()

    def close(self) -> None:
        """Have the meter listen no more: an exchange under way is over, a lock-out is not."""
        if self._driver is not None:
            self._driver.close()
            self.meter.machine.lost()

    def set_power(self, on: bool) -> None:
        """Take the meter's supply away, or give it back."""
        now = self._clock.now()

        def switch() -> Effects:
            return self.meter.power_restore(now) if on else self.meter.power_fail(now)

        if self._driver is not None:
            self._driver.run(switch)
        else:
            switch()
