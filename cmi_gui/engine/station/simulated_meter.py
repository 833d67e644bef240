"""The simulated meter at its end of a wire in memory; it goes on counting while another meter is wired.

Its memory is saved in the state folder: with every change except of the energy, with every readout that shows a new
energy, so that no energy shown is ever taken back, every `SAVE_INTERVAL`, and at the end. Between two runs of the
program nothing is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from cmi_gui.engine.clock import Alarm
from cmi_gui.engine.driver import Driver
from cmi_gui.engine.e350.memory import MemoryFile, MeterMemory
from cmi_gui.engine.e350.meter import E350Meter
from cmi_gui.engine.e350.variants import Variant
from cmi_gui.engine.iec62056.events import START_LINE
from cmi_gui.engine.link.memory import memory_pair
from cmi_gui.engine.link_protocol import Link
from cmi_gui.engine.machine import Effects
from cmi_gui.engine.messages import Message
from cmi_gui.engine.meter_profile.profile import MeterProfile
from cmi_gui.engine.station.module_clock import ModuleClock
from cmi_gui.engine.station.notice import EmitNotice

NUMBER = "33456789"
"""The meter number of the simulated meter, C.1.0."""
CHUNK_SECONDS = 0.25
"""The time on the wire of the characters that arrive together, to save timers; far below every time-out."""
SAVE_INTERVAL = 60.0
"""The interval at which the energy is saved while nothing else happens."""
LEAP_STEP = 86_400.0
"""The seconds of each step in which energy is counted when time leaps."""
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
"""The energy in Wh (varh, VAh) that the simulated meter has counted before it starts.

Active energy is that of a real M26. Reactive and apparent energy are invented to fit it: as much as such a household
draws, and each direction of reactive energy is the sum of its two quadrants.
"""


class SimulatedMeter:
    """A meter and the driver that runs it on its end of the wire.

    `variant`: the variant of the E350. `seed`: of the simulated load. `start`: the meter's present wall time, None
    means this computer's. `paced`: characters on the wire take their time. `folder`: where its memory is saved; None
    saves nothing. `number`: C.1.0. `load`: a name in `LOADS`. `registers`: the energy counted before it starts, in Wh
    by code; all others are 0. None means `USED_METER`. `fresh`: a saved memory is ignored at the start. `emit_notice`
    is called with the errors of the memory.
    """

    def __init__(
        self,
        clock: ModuleClock,
        profile: MeterProfile,
        variant: Variant,
        *,
        seed: int,
        start: datetime | None,
        paced: bool,
        folder: Path | None,
        fresh: bool,
        emit_notice: EmitNotice,
        number: str = NUMBER,
        load: str = "household",
        registers: Mapping[str, int] | None = None,
    ) -> None:
        self._clock = clock
        self._file = MemoryFile(folder, self._on_save_error)
        self._fresh = fresh
        self._made: set[str] = set()
        self._emit_notice = emit_notice
        self._saved: MeterMemory | None = None
        self._problem: Message | None = None
        self._error_reported = False
        self._due = Alarm(clock.base, self._save_energy)
        self._profile = profile
        self._seed = seed
        self._number = number
        self._load = load
        self._registers = USED_METER if registers is None else registers
        self._paced = paced
        self._start = start or datetime.now().astimezone()
        self._started_at = clock.now()
        self._driver: Driver | None = None
        self.on_power: Callable[[bool], None] = lambda on: None
        """Called when the supply is switched, with True for on; it does the same to the meter's own port."""
        self.meter = self._make(variant)

    def _make(self, variant: Variant) -> E350Meter:
        now = self._clock.now()
        made = E350Meter(
            variant,
            seed=self._seed,
            start=self.wall_time(now),
            now=now,
            serial=self._number,
            readings=self._registers,
            load=self._load,
            commands=self._profile.commands(),
            rules=self._profile.rules(),
        )
        self._saved = None
        if not self._fresh or variant.name in self._made:
            memory, self._problem = self._file.load(variant)
            if memory is not None:
                made.recall(memory)
        self._made.add(variant.name)
        made.on_change = lambda: self._save(wait=True)
        made.on_readout = lambda: self._save(wait=False)
        return made

    def wall_time(self, at: float) -> datetime:
        """Return the meter's local wall time at `at`."""
        return self._start + timedelta(seconds=at - self._started_at)

    def set_back(self, seconds: float) -> None:
        """Set the meter's wall time back; nothing else changes."""
        self._start -= timedelta(seconds=seconds)
        self.meter.set_back(seconds, self._clock.now())

    def count_to(self, at: float) -> Iterator[object]:
        """Count the energy up to `at`, in steps of `LEAP_STEP`."""
        reached = self._clock.now()
        while reached < at:
            reached = min(reached + LEAP_STEP, at)
            self.meter.advance(reached)
            yield reached

    def _replace_meter(self, variant: Variant) -> None:
        """Replace the meter by one of another variant, which continues from the energy that this one has counted.

        All else comes from the new one's saved memory; faults, tampering and the display are not carried over.
        """
        self._save(wait=True)
        fresh = self._make(variant)
        fresh.registers = self.meter.registers
        self.meter = fresh

    def plug(self, variant: Variant) -> Link:
        """Make a wire to a meter of `variant` in place of the previous wire; return its other end."""
        self.close()
        if self.meter.variant != variant:
            self._replace_meter(variant)
        near, far = memory_pair(self._clock, START_LINE, paced=self._paced, chunk=CHUNK_SECONDS, names=("", "meter"))
        self._driver = Driver(self.meter.machine, far, self._clock, lambda event: None)
        return near

    def open(self) -> None:
        """Open the meter's end of the wire, if there is one, and start saving the energy."""
        if self._driver is not None:
            self._driver.open()
        if self._problem is not None:
            self._emit_notice("error", "meter_memory_damaged", self._problem)
            self._problem = None
        self._save_energy()

    def close(self) -> None:
        """Close the meter's end of the wire: an exchange under way ends, a lock-out does not."""
        if self._driver is not None:
            self._driver.close()
            self.meter.machine.lost()

    def set_power(self, on: bool) -> None:
        """Switch the meter's supply on or off."""
        now = self._clock.now()

        def switch() -> Effects:
            return self.meter.power_restore(now) if on else self.meter.power_fail(now)

        if self._driver is not None:
            self._driver.run(switch)
        else:
            switch()
        self.on_power(on)

    # Its memory

    def stop(self) -> None:
        """Save the memory a last time, because the station stops."""
        self._due.set(None)
        self._save(wait=True)
        self._file.close()

    def _save_energy(self) -> None:
        self._save(wait=False)
        self._due.set(self._clock.base.now() + SAVE_INTERVAL if self._file.stores else None)

    def _save(self, *, wait: bool) -> None:
        if not self._file.stores:
            return
        self.meter.advance(self._clock.now())
        memory = self.meter.memory()
        same = memory == self._saved if wait else memory.has_same_readings(self._saved)
        if not same and self._file.save(self.meter.variant, memory, wait=wait):
            self._saved = memory

    def _on_save_error(self, error: OSError) -> None:
        """Emit one notice that the memory cannot be written; may be called from any thread."""
        message = Message("the meter's memory cannot be saved: {0} ({1})", (str(error.strerror), str(error.filename)))

        def emit_notice() -> None:
            if not self._error_reported:
                self._error_reported = True
                self._emit_notice("error", "meter_memory_not_kept", message)

        self._clock.post(emit_notice)
