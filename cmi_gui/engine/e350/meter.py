"""The complete simulated E350: a tariff device with load, registers, disconnector and display.

Time is an argument of each call and only goes forward; `advance` integrates whole slots of load in closed form, which
takes about two seconds of computing for a year.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Final

from cmi_gui.engine.e350.faults import MeterFaults
from cmi_gui.engine.e350.load import LOADS, SLOT_MS, Instant, PhaseInstant, Slot
from cmi_gui.engine.e350.memory import MeterMemory
from cmi_gui.engine.e350.readout import MeterView, data_set
from cmi_gui.engine.e350.registers import EnergyRegisters
from cmi_gui.engine.e350.state import MeterState
from cmi_gui.engine.e350.status import StatusBit, StatusWord
from cmi_gui.engine.e350.variants import Variant, variant
from cmi_gui.engine.iec62056.dataset import DataSet
from cmi_gui.engine.iec62056.events import START_LINE
from cmi_gui.engine.iec62056.message import Command, DataMessage, Handshake, Identification, error_message, same_address
from cmi_gui.engine.iec62056.tariff_device import Answer, DeviceState, Lockout, TariffDevice, TariffRules
from cmi_gui.engine.machine import Effects, Line
from cmi_gui.engine.meter_profile.commands import CommandPattern
from cmi_gui.engine.meter_profile.display_text import VALUE_WIDTH, Display, DisplayState, as_shown
from cmi_gui.engine.meter_profile.profile import MeterCommands, load_meter_profile

SWITCH_SECONDS: Final = 2.0
"""Switching time of the disconnector (an assumption); until its end the old state is reported."""

_SPEEDS: Final = ("0", "1", "2", "3", "4", "5")
_PHASE_FAIL: Final = (StatusBit.L1_FAIL, StatusBit.L2_FAIL, StatusBit.L3_FAIL)
_EPOCH: Final = datetime(1970, 1, 1)


class MeterRefusal(Exception):
    """A request that the meter cannot carry out; the text gives the reason."""


class E350Meter:
    """A simulated meter.

    `variant_or_name`: raises ValueError for an unknown name. `seed`: of its household. `start`: local wall time at the
    monotonic time `now`, seconds. `serial`: C.1.0 and IEC address, up to 8 characters. `readings`: initial Wh by
    register code. `load`: a name in `LOADS`. `speed`: Z, the speed offered, `0` to `5`.

    Attributes such as `closed` and `rate` are as of the last call with a time, such as `advance`. `machine` is run on a
    link by a `Driver`. `faults` may be switched at any time. `on_change` is called when anything in `memory` except the
    energy has changed, `on_readout` when the list for a readout is made.
    """

    def __init__(
        self,
        variant_or_name: Variant | str = "M29",
        *,
        seed: int = 1,
        start: datetime,
        now: float,
        serial: str = "33456789",
        customer: str = "000000",
        readings: Mapping[str, int] | None = None,
        load: str = "household",
        solar_peak: int = 4000,
        speed: str = "4",
        commands: MeterCommands | None = None,
        rules: TariffRules | None = None,
    ) -> None:
        self.variant: Variant = variant(variant_or_name) if isinstance(variant_or_name, str) else variant_or_name
        self.serial: str = serial
        self.customer: str = customer
        self.commands = commands or load_meter_profile().commands()
        self.faults = MeterFaults()
        self.registers = EnergyRegisters()
        self.registers.preset(readings or {})
        self.identification = Identification("LGZ", speed, self.variant.ident)
        self._rules = rules or TariffRules(fallback_readout=False)
        self._lockout = Lockout()
        self.rate = 1
        self.closed = True
        self.powered = True
        self.machine = self.interface()
        self.cover_off = False
        self.failed_phases: frozenset[int] = frozenset()
        self.power_failures: int = 0
        self.cover_removals: int = 0
        self.dc_fields: int = 0
        self.error: int = 0
        self._status = StatusWord()
        self._display = Display(now)
        self._seed = seed
        self._load_name = load
        self._household = LOADS[load](seed, self.variant.phases, solar_peak)
        self._start_wall = round((start.replace(tzinfo=None) - _EPOCH).total_seconds() * 1000)
        self._start = now
        self._elapsed = 0
        self.on_change: Callable[[], object] = lambda: None
        self.on_readout: Callable[[], object] = lambda: None
        self._switch: tuple[int, bool] | None = None

    def interface(
        self,
        start: Line = START_LINE,
        application_time: Callable[[float], float] = float,
        link_time: Callable[[float], float] = float,
    ) -> TariffDevice:
        """Return another interface of the meter, like `machine`: a separate session, but everything else is shared.

        The parameters are those of `TariffDevice`. The caller switches it off and on together with `machine`.
        """
        device = TariffDevice(
            self,
            self._rules,
            self.faults,
            start=start,
            lockout=self._lockout,
            application_time=application_time,
            link_time=link_time,
        )
        if not self.powered:
            device.state = DeviceState.OFF
        return device

    # Memory

    def memory(self) -> MeterMemory:
        """Return the state to be stored, with the energy as of the last call with a time.

        A disconnector that is moving is stored in its new position.
        """
        return MeterMemory(
            rate=self.rate,
            disconnector_closed=self.closed if self._switch is None else self._switch[1],
            power_failures=self.power_failures,
            cover_removals=self.cover_removals,
            dc_fields=self.dc_fields,
            error=self.error,
            status=int(self._status.latched),
            display_text=self._display.text,
            registers=self.registers.exact(),
        )

    def recall(self, memory: MeterMemory) -> None:
        """Restore a memory, which may be that of a meter with more rates or with a disconnector."""
        self.rate = min(memory.rate, self.variant.rates)
        self.closed = memory.disconnector_closed or not self.variant.has_disconnector
        self.power_failures = memory.power_failures
        self.cover_removals = memory.cover_removals
        self.dc_fields = memory.dc_fields
        self.error = memory.error
        self._status.latched = StatusBit(memory.status)
        self._display.show(memory.display_text)
        self.registers.recall(memory.registers)

    # Time

    def advance(self, now: float) -> None:
        """Advance the time to `now`, monotonic seconds; an earlier time is ignored."""
        target = round((now - self._start) * 1000)
        if self._switch is not None and self._switch[0] <= target:
            at, closed = self._switch
            self._integrate(at)
            self.closed = closed
            self._switch = None
        self._integrate(target)

    def set_back(self, seconds: float, now: float) -> None:
        """Set the wall time back at `now`; energy that was counted stays."""
        self.advance(now)
        self._start_wall -= round(seconds * 1000)

    def _integrate(self, target: int) -> None:
        if not (self.powered and self.closed):
            self._elapsed = max(self._elapsed, target)
        # Energy by the signs of P and Q, which decide the registers that count it.
        sums: dict[tuple[int, bool], tuple[int, int, int]] = {}
        while self._elapsed < target:
            index, begin = divmod(self._start_wall + self._elapsed, SLOT_MS)
            step = min(target - self._elapsed, SLOT_MS - begin)
            weight = self._household.weight(index, begin, begin + step)
            active, reactive, apparent = self._load(index).sums
            signs = (active > 0) - (active < 0), reactive < 0
            p, q, s = sums.get(signs, (0, 0, 0))
            sums[signs] = p + active * weight, q + reactive * weight, s + apparent * weight
            self._elapsed += step
        for energies in sums.values():
            self._count(*energies)

    def _count(self, active: int, reactive: int, apparent: int) -> None:
        self.registers.count(active, reactive, apparent, self.rate)
        if active:
            self._status.energy_registered()
        if active < 0:
            self._status.latch(StatusBit.REVERSE)

    def _load(self, index: int) -> Slot:
        slot = self._household.slot(index)
        if not self.failed_phases:
            return slot
        return Slot(*(self._without_failed(powers) for powers in (slot.active, slot.reactive)))

    def _without_failed(self, powers: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(0 if phase + 1 in self.failed_phases else power for phase, power in enumerate(powers))

    def instant(self, now: float) -> Instant:
        """Return voltages, powers and frequency at `now`; the voltage is measured also with the disconnector open."""
        self.advance(now)
        instant = self._household.instant(self._start_wall + self._elapsed)
        phases = list(instant.phases)
        for index, phase in enumerate(phases):
            if index + 1 in self.failed_phases:
                phases[index] = PhaseInstant(0, 0, 0)
            elif not self.closed:
                phases[index] = PhaseInstant(phase.voltage, 0, 0)
        return Instant(tuple(phases), instant.frequency)

    # Events and settings

    def set_rate(self, rate: int, now: float) -> None:
        """Make `rate` the active one. Raises `MeterRefusal` if the meter does not have it."""
        if not 1 <= rate <= self.variant.rates:
            raise MeterRefusal(f"rate {rate} is not one of 1 to {self.variant.rates}")
        self.advance(now)
        self.rate = rate
        self.on_change()

    def _need_disconnector(self) -> None:
        if not self.variant.has_disconnector:
            raise MeterRefusal("this meter has no disconnector")

    def switch_disconnector(self, closed: bool, now: float) -> None:
        """Restore or interrupt the supply, after `SWITCH_SECONDS`. Raises `MeterRefusal` without a disconnector."""
        self._need_disconnector()
        self.advance(now)
        self._switch = (self._elapsed + round(SWITCH_SECONDS * 1000), closed)
        self.on_change()

    def show_text(self, text: str) -> None:
        """Show a text, or erase it with an empty one. Raises `MeterRefusal` if seven segments cannot show it."""
        try:
            self._display.show(text)
        except ValueError as error:
            raise MeterRefusal(str(error)) from None
        self.on_change()

    def set_solar_peak(self, watts: int, now: float) -> None:
        """Set the solar power in W at midsummer noon, 0 for none to 100 000. Raises ValueError.

        Power beyond the consumption of the house is exported: counted in 2.8.x and reported by bit 0 of C.5.0.
        """
        if not 0 <= watts <= 100_000:
            raise ValueError(f"the solar power must be 0 to 100000 W, not {watts}")
        if self._load_name == "none":
            raise ValueError("the meter has no load, so solar power would have no effect")
        self.advance(now)
        self._household = LOADS[self._load_name](self._seed, self.variant.phases, watts)

    def set_register(self, code: str, wh: int, now: float) -> None:
        """Set an energy register to 0 to 999 999 999 Wh. Raises ValueError for a wrong code or value."""
        self.advance(now)
        self.registers.preset({code: wh})
        self.on_change()

    def offer_speed(self, speed: str) -> None:
        """Offer Z, `0` to `5` for 300 to 9600 bit/s, from the next sign-on on. Raises ValueError for any other."""
        if speed not in _SPEEDS:
            raise ValueError(f"the meter offers a speed of 0 to 5 (300 to 9600 bit/s), not {speed}")
        self.identification = replace(self.identification, speed=speed)

    def set_error(self, error: int) -> None:
        """Set the error register F.F, 0 to 255, until it is reset. Raises ValueError for another number."""
        if not 0 <= error <= 0xFF:
            raise ValueError(f"the error register holds 00 to FF, not {error:X}")
        self.error = error
        self.on_change()

    def press_button(self, now: float) -> None:
        """Press the green button, which shows the next item on the display."""
        self._display.press(now)

    def power_fail(self, now: float) -> Effects:
        """Switch the supply off, which is counted in C.7.0. Carry out the effects with the machine's driver.

        The rate set by communication and the text on the display are lost (assumption).
        """
        if not self.powered:
            return ()
        self.advance(now)
        self.powered = False
        self._switch = None
        self.rate = 1
        self._display.show("")
        self.power_failures += 1
        self._status.clear_tamper()
        self.on_change()
        return self.machine.power_down()

    def power_restore(self, now: float) -> Effects:
        """Switch the supply on again. Carry out the effects with the machine's driver."""
        if self.powered:
            return ()
        self.advance(now)
        self.powered = True
        return self.machine.power_up()

    def fail_phase(self, phase: int, failed: bool, now: float) -> None:
        """Switch the voltage of a phase, 1 to 3, off or on. Raises ValueError if the meter does not have it."""
        if not 1 <= phase <= self.variant.phases:
            raise ValueError(f"the meter has no phase {phase}")
        self.advance(now)
        self.failed_phases = self.failed_phases | {phase} if failed else self.failed_phases - {phase}

    def remove_cover(self) -> None:
        """Take the terminal cover off; counted in 82.8.1."""
        if not self.cover_off:
            self.cover_off = True
            self.cover_removals += 1
            self._status.latch(StatusBit.COVER_TAMPER)
            self.on_change()

    def replace_cover(self) -> None:
        """Put the terminal cover on again."""
        self.cover_off = False

    def hold_magnet(self) -> None:
        """Hold a strong magnet to the meter; counted in 82.8.2."""
        self.dc_fields += 1
        self._status.latch(StatusBit.DC_FIELD)
        self.on_change()

    def tamper_disconnector(self) -> None:
        """Tamper with the disconnector. Raises `MeterRefusal` without one."""
        self._need_disconnector()
        self._status.latch(StatusBit.DISCONNECTOR_TAMPER)
        self.on_change()

    # Readout and display

    def status(self, now: float) -> int:
        """Return the status word C.5.0 as a number."""
        self.advance(now)
        live = StatusBit(0)
        if self.closed:
            live |= StatusBit.DISCONNECTOR_CLOSED
        if self.cover_off:
            live |= StatusBit.COVER_OFF
        for phase in self.failed_phases:
            live |= _PHASE_FAIL[phase - 1]
        return self._status.value(self.rate, live)

    def _view(self, now: float) -> MeterView:
        return MeterView(self, self.instant(now), self.status(now))

    def data_sets(self, now: float) -> list[DataSet]:
        """Return the readout list as data sets, in the variant's order."""
        view = self._view(now)
        return [found for code in self._codes() if (found := data_set(code, view)) is not None]

    def _codes(self) -> list[str]:
        return [code for code in self.variant.readout if not (code == "C.1.0" and self.faults.no_meter_number)]

    def display(self, now: float) -> DisplayState:
        """Return the content of the display."""
        if not self.powered:
            return DisplayState()
        self.advance(now)
        disconnector = self.closed if self.variant.has_disconnector else None
        codes = self._codes()
        position = self._display.position(len(codes), now)
        item = None if position is None else data_set(codes[position], self._view(now))
        if item is None:
            text = self._display.text
            return DisplayState(True, "", text, "", frozenset({self.rate}), disconnector, bool(text))
        value, unit = _shown_value(item), item.unit or ""
        return DisplayState(True, item.id, value, unit, frozenset({self.rate}), disconnector)

    # The application of the tariff device

    def state(self, now: float) -> MeterState:
        """Return a snapshot of the visible state and the faults."""
        faults = {fault.name: getattr(self.faults, fault.name) for fault in fields(self.faults)}
        faults |= {"power": not self.powered, "cover": self.cover_off}
        return MeterState(
            phases=self.variant.phases,
            display=self.display(now),
            failed_phases=self.failed_phases,
            faults=frozenset(name for name, on in faults.items() if on),
        )

    def answers(self, address: str) -> bool:
        """Return whether the meter answers; firmware before M23 does so only to a request without an address."""
        return not address or (self.variant.knows_address and same_address(self.serial, address))

    def readout(self, mode: str, now: float) -> Sequence[str] | None:
        """Return the lines of mode 0, None for others: the digit of the maker's own mode is not public."""
        if mode != "0":
            return None
        lines = [str(item) for item in self.data_sets(now)]
        self.on_readout()
        return lines

    def readout_sent(self, now: float) -> None:
        """Clear the bits of the status word that a readout clears."""
        self._status.readout_sent()

    def operand(self, now: float) -> str | None:
        """Return an empty operand (assumption)."""
        return ""

    def password(self, command: Command, operand: str, now: float) -> bool:
        """Return whether a password is right; the status word of some variants records a wrong one."""
        passwords = self.commands.passwords
        right = {"P1": passwords.p1, "P2": passwords.p2}.get(command.name)
        accepted = right is not None and command.value == right and not self.faults.refuse_passwords
        if not accepted and self.variant.password_bit:
            self._status.latch(StatusBit.WRONG_PASSWORD)
        return accepted

    def execute(self, command: Command, access: frozenset[str], now: float) -> Answer:
        """Execute a command and return the answer, an error message if it is refused."""
        self.advance(now)
        try:
            return self._execute(command, access, now)
        except MeterRefusal:
            return error_message(self.commands.errors.refused)

    def _execute(self, command: Command, access: frozenset[str], now: float) -> Answer:
        known, needed = self.commands, self.commands.access
        granted = access | {"none"}
        actions: tuple[tuple[CommandPattern, bool, Callable[[str], None]], ...] = (
            (known.set_rate, needed.rate in granted, lambda value: self._command_rate(value, now)),
            (known.open_disconnector, needed.disconnector in granted, lambda _: self.switch_disconnector(False, now)),
            (known.close_disconnector, needed.disconnector in granted, lambda _: self.switch_disconnector(True, now)),
            (known.show_text, needed.display in granted, self.show_text),
            (known.reset_errors, bool(access), lambda _: self._reset_errors()),
        )
        for pattern, may, do in actions:
            value = pattern.match(command)
            if value is not None and not may:
                return error_message(known.errors.denied)
            if value is not None:
                do(value)
                return Handshake.ACK
        return self._read(command, now)

    def _command_rate(self, value: str, now: float) -> None:
        self.set_rate(int(value) if value.isascii() and value.isdigit() else 0, now)

    def _reset_errors(self) -> None:
        self.error = 0
        self._status.clear_tamper()
        self.on_change()

    def _read(self, command: Command, now: float) -> Answer:
        """Answer a read command: R1 with any code of the meter, or R2 C150, the error register."""
        code, _, _ = (command.dataset or "").partition("(")
        if command.name == "R2" and code == "C150":
            return DataMessage(f"C150({self.error:02X})")
        found = data_set(code, self._view(now)) if command.name == "R1" else None
        return DataMessage(str(found)) if found is not None else error_message(self.commands.errors.unknown)


def _shown_value(item: DataSet) -> str:
    """Return a value shortened for the display: energies without their last decimal, texts cut on the left."""
    value = item.value[:-1] if item.unit in ("kWh", "kvarh", "kVAh") else item.value
    if item.unit is None and "." not in value:
        value = value.strip()[-VALUE_WIDTH:]
    return as_shown(value)
