"""The CMi1020 behind its M-Bus terminals: its LEDs, its inputs and its connection with the meter.

It does no I/O and reads no clock: times (seconds) are passed in, `deadline` is the time when `tick` is due, and events
are delivered through `emit`. Several `Slave` machines, one per link, may share one module.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache

from cmi_gui.engine.cmi1020.bus_commands import BusCommands
from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.control import STATES, MeterControl
from cmi_gui.engine.cmi1020.disconnector import DisconnectorRefusal, SwitchSource
from cmi_gui.engine.cmi1020.indicators import Condition, Indicators, condition_of
from cmi_gui.engine.cmi1020.inputs import InputName, RateInputs
from cmi_gui.engine.cmi1020.interfaces import Emit, MeterSession
from cmi_gui.engine.cmi1020.memory import Memory
from cmi_gui.engine.cmi1020.meter_actions import ActionOutcome
from cmi_gui.engine.cmi1020.profile import ModuleProfile, load_module_profile
from cmi_gui.engine.cmi1020.reader import ReadoutSchedule
from cmi_gui.engine.cmi1020.readout import Readout, take_readout
from cmi_gui.engine.cmi1020.readout_mapping import load_mapping, mark_stale
from cmi_gui.engine.cmi1020.readout_selection import VifSelection, is_named, is_selection, read_selection
from cmi_gui.engine.cmi1020.secrets import SecretStore
from cmi_gui.engine.cmi1020.settings import BAUD_RATES, ModuleSettings, SettingsStore
from cmi_gui.engine.cmi1020.telegrams import (
    METER_ALARMS,
    OWN_FLAGS_SHIFT,
    SETTINGS_LOST,
    StatusByte,
    bcd_number,
    has_digits,
    header,
    own_records,
    pack,
)
from cmi_gui.engine.events import (
    ContactChanged,
    InputsChanged,
    Notice,
    PowerChanged,
    ReadoutDone,
    ReadoutFailed,
    ReadoutStarted,
)
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.ci import CI_SEND
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.record import decode_records
from cmi_gui.engine.mbus.selection import Identity, SelectionRecord
from cmi_gui.engine.mbus.wording import error_message
from cmi_gui.engine.messages import Message, reason_of
from cmi_gui.engine.module_state import ModuleState

BUS_MIN_VOLTS = 21.0
"""V DC from which the module works (quick manual)."""
BUS_SAFE_VOLTS = 42.0
"""Highest permitted V DC on the bus (quick manual); above it the module works and the program warns (assumption)."""
BUS_MAX_VOLTS = 50.0
"""Highest V DC of the simulated supply."""


class Cmi1020:
    """One module with the serial number `serial` (eight digits). Starts unpowered.

    Raises ValueError for any other serial number. `store` stores the settings; a notice reports a damaged file.
    """

    def __init__(
        self,
        serial: str,
        store: SettingsStore,
        secrets: SecretStore,
        session: MeterSession,
        emit: Emit,
        *,
        interval: float = 60.0,
        profile: ModuleProfile | None = None,
    ) -> None:
        bcd_number(serial)
        self.serial = serial
        self.mapping = load_mapping()
        self.inputs = RateInputs()
        self.schedule = ReadoutSchedule(interval)
        self.bus_voltage = 0.0
        self.identification: str | None = None
        """The last identification message of the meter, or None."""
        self._session = session
        self._emit = emit
        self._memory = Memory(store, secrets, emit)
        self.control = MeterControl(session, secrets, lambda: self.settings, self.read_now, emit)
        self._commands = BusCommands(profile or load_module_profile(), self._memory, self)
        self.indicators = Indicators(Condition.NO_BUS, 0.0, 0.0)
        self._readout = Readout()
        self._readout_started = 0.0
        self._line_count = 0
        self._expected: int | None = None
        self._access_number = 0
        self._application_error = False
        self._alarms = 0
        self._selection: tuple[VifSelection, ...] = ()
        self._selection_count = 0

    # State

    @property
    def settings(self) -> ModuleSettings:
        """The settings that are kept without power, except the passwords."""
        return self._memory.settings

    @property
    def commands(self) -> CommandTable:
        """The table of the commands that the module knows."""
        return self._commands.table

    @property
    def powered(self) -> bool:
        """True if the bus voltage is high enough to work."""
        return self.bus_voltage >= BUS_MIN_VOLTS

    @property
    def contact(self) -> bool:
        """True if the module is in contact with its meter."""
        return self.schedule.contact

    @property
    def primary_address(self) -> int:
        """The primary address, 0 to 250."""
        return self.settings.primary_address

    @property
    def secondary_address(self) -> str:
        """The identification number, eight digits; the serial number unless another was set."""
        return self.settings.secondary_address or self.serial

    @property
    def baud(self) -> int:
        """The speed on the bus in bit/s, 300 or 2400."""
        return self.settings.baud

    @property
    def line(self) -> Line:
        """The line settings on the bus (EN 13757-2: 8E1)."""
        return Line(self.settings.baud)

    @property
    def lines(self) -> tuple[str, ...]:
        """The data lines of the last complete readout, verbatim, in meter order."""
        return self._readout.lines

    @property
    def meter_number(self) -> str | None:
        """The value of C.1.0 (or C.1) without blanks; None before contact and if the readout lacks it."""
        return self._readout.meter_number

    def state(self) -> ModuleState:
        """Return the module's state at this moment."""
        settings, readout, schedule, control = self.settings, self._readout, self.schedule, self.control
        inputs, lamps, volts = self.inputs, self.indicators, self.inputs.volts
        process, action, error = control.process, control.actions.running, control.rates.error
        refusal = process.judge(
            SwitchSource.BUTTON, None, state=control.disconnector, control=settings.disconnector_control, locked=False
        )
        return ModuleState(
            serial=self.serial,
            bus_voltage=self.bus_voltage,
            powered=self.powered,
            condition=lamps.condition.value,
            condition_since=lamps.since,
            green_since=lamps.green_since,
            primary_address=settings.primary_address,
            secondary_address=self.secondary_address,
            baud=settings.baud,
            disconnector_control=settings.disconnector_control,
            rate_enable=settings.rate_enable,
            rate_map=settings.rate_map,
            usage=settings.usage,
            contact=schedule.contact,
            identification=self.identification,
            meter_number=readout.meter_number,
            read_at=readout.at,
            lines=readout.lines,
            interval=schedule.interval,
            failures=schedule.failures,
            readout_line=(self._line_count, self._expected) if schedule.running else None,
            next_readout_at=schedule.next_at,
            reading_paused=schedule.paused,
            volts_a=volts["A"],
            volts_b=volts["B"],
            level=inputs.level.index,
            stable=None if inputs.stable is None else inputs.stable.index,
            unsteady_since=inputs.pending_since,
            steady_at=inputs.deadline,
            action=None if action is None else (action.kind.word, action.text),
            locked_until=control.actions.locked_until,
            rate=control.report.rate,
            rate_error=None if error is None else error.value,
            rate_wanted=control.rates.wanted,
            rate_pending=control.rate_pending,
            disconnector=STATES[control.disconnector],
            reported=STATES[control.report.disconnector],
            switching_since=process.started_at,
            switching_until=process.over_at,
            disconnector_refused=control.refused,
            button_refusal=refusal.value if isinstance(refusal, DisconnectorRefusal) else None,
            display_text=control.display_text,
        )

    # Time

    @property
    def deadline(self) -> float | None:
        """The time when `tick` is due, or None."""
        if not self.powered:
            return None
        times = [at for at in (self.inputs.deadline, self.control.process.deadline) if at is not None]
        if self.schedule.next_at is not None and self.control.actions.running is None:
            times.append(max(self.schedule.next_at, self.control.actions.locked_until or 0.0))
        # No action can start while a readout runs or reading is paused; `_start_next` runs again when that ends.
        due = self.control.actions.deadline
        if due is not None and not (self.schedule.running or self.schedule.paused):
            times.append(due)
        return min(times, default=None)

    def tick(self, now: float) -> None:
        """Do what is due at `now`; no effect without power."""
        if not self.powered:
            return
        stable = self.inputs.tick(now)
        if stable is not None:
            self._emit(InputsChanged(a=stable.a, b=stable.b), now)
            self.control.inputs_stable(stable, now)
        self.control.tick(now)
        self._update(now)

    def _update(self, now: float) -> None:
        """Show the present condition on the LEDs, and start what waits for the meter."""
        self._update_indicators(now)
        self._start_next(now)

    def _start_next(self, now: float) -> None:
        """Start the next action or readout if the meter's interface is free: actions first, never during a readout."""
        if not self.powered:
            return
        if self.schedule.paused:
            self.control.reading_paused(now)
        if self.schedule.running or self.schedule.paused or self.control.actions.running is not None:
            return
        if self.control.start_next_action(now):
            return
        if not self.control.actions.locked(now) and self.schedule.tick(now):
            self._readout_started = now
            self._line_count = 0
            self._expected = len(self.lines) or None
            self._emit(ReadoutStarted(expected=self._expected), now)
            self._session.start_readout()

    # Operation from outside

    def set_bus_voltage(self, volts: float, now: float) -> None:
        """Set the bus voltage to `volts` V DC; -30 is 30, as the terminals have no polarity (quick manual).

        Raises ValueError for more than 50 V.
        """
        if not abs(volts) <= BUS_MAX_VOLTS:
            raise ValueError(f"the simulated bus gives 0 to {BUS_MAX_VOLTS:.0f} V DC, not {volts:g} V")
        volts = abs(volts)
        before, was_high = self.powered, self.bus_voltage > BUS_SAFE_VOLTS
        self.bus_voltage = volts
        if self.powered and not before:
            self._power_on(now)
        elif before and not self.powered:
            self._power_off(now)
        self._emit(PowerChanged(volts=volts, powered=self.powered), now)
        if volts > BUS_SAFE_VOLTS and not was_high:
            message = Message(
                "{0} V on the bus exceeds the {1} V for which the module is rated",
                (Decimal(f"{volts:g}"), f"{BUS_SAFE_VOLTS:.0f}"),
            )
            self._emit(Notice(level="warning", code="bus_voltage_high", message=message), now)
        self._update_indicators(now)

    def _power_on(self, now: float) -> None:
        self.schedule.power_on(now)
        self.inputs.power_on(now)
        if self._memory.problem is not None:
            self._emit(Notice(level="error", code="settings_damaged", message=self._memory.problem), now)

    def _power_off(self, now: float) -> None:
        self._session.abort()
        if self.contact:
            self._emit(ContactChanged(contact=False), now)
        self.schedule.power_off()
        self.inputs.power_off()
        self.control.power_off(now)
        self._selection = ()
        self._readout = Readout()
        self.identification = None
        self._access_number = self._alarms = 0
        self._application_error = False

    def set_rate_input(self, name: InputName, volts: float, now: float) -> None:
        """Apply `volts` V AC to rate input A or B. Raises ValueError outside 0 to 230 V."""
        self.inputs.set_volts(name, volts, now, powered=self.powered)

    def press_button(self, now: float) -> Notice | None:
        """Press the push button to toggle the disconnector (quick manual); return the notice of a refusal, or None."""
        if not self.powered:
            message = Message("the push button was pressed, but the module has no bus voltage")
            unpowered = Notice(level="warning", code="button_unpowered", message=message)
            self._emit(unpowered, now)
            return unpowered
        refusal = self.control.press_button(now)
        self._start_next(now)
        return refusal

    def pause_reading(self, paused: bool, now: float) -> None:
        """Pause reading, which leaves the meter to another user, or resume it."""
        if paused and self.schedule.running:
            self._session.abort()
            self.schedule.abandoned(now)
        self.schedule.pause(paused, now)
        self._start_next(now)

    def read_now(self, now: float) -> None:
        """Request a readout as soon as possible; no effect without power."""
        if self.powered:
            self.schedule.read_now(now)

    def meter_changed(self, now: float) -> None:
        """Restart the exchange with the meter, as after power-up, because another meter is connected, or none.

        The last readings stay, as after a lost contact. Unfinished actions are dropped, because they were meant for the
        previous meter.
        """
        self._session.abort()
        if not self.powered:
            return
        if self.contact:
            self._emit(ContactChanged(contact=False), now)
        if self.control.actions.running is not None or self.control.actions.waiting:
            message = Message("the meter was changed; unfinished actions for the previous one are dropped")
            self._emit(Notice(level="warning", code="meter_changed", message=message), now)
        self.schedule.power_on(now)
        self.inputs.power_on(now)
        self.control.power_off(now)
        self.identification = None
        self._update_indicators(now)

    # Reports of the meter session

    def meter_identified(self, identification: str) -> None:
        """Process the meter's identification message."""
        self.identification = identification

    def meter_lines(self, count: int) -> None:
        """Record how many data lines of a readout have been received so far."""
        self._line_count = count

    def meter_read(self, lines: Sequence[str], now: float) -> None:
        """Process the lines of a complete readout."""
        if not self.powered:
            return
        had_contact = self.contact
        self.schedule.succeeded(now)
        self._readout = take_readout(lines, self.mapping, now)
        for problem in self._readout.problems:
            self._emit(Notice(level="warning", code="line_too_long", message=problem), now)
        self._alarms |= (self._readout.status or 0) & METER_ALARMS
        self.control.meter_read(self._readout.report(), now, started=self._readout_started)
        seconds = now - self._readout_started
        self._emit(ReadoutDone(self.lines, self.identification or "", seconds), now)
        if not had_contact:
            self._emit(ContactChanged(contact=True), now)
        self._update(now)

    def meter_action_done(self, outcome: ActionOutcome, message: Message, lockout: float, now: float) -> None:
        """Process the result of an action; `lockout`: seconds for which the meter refuses everything from now on."""
        if not self.powered:
            return
        self.control.action_done(outcome, message, lockout, now)
        self._update(now)

    def meter_failed(self, cause: str, message: Message, now: float) -> None:
        """Process a failed readout."""
        if not self.powered:
            return
        had_contact = self.contact
        self.schedule.failed(now)
        self._emit(ReadoutFailed(cause=cause, message=message, attempt=self.schedule.failures), now)
        if had_contact and not self.contact:
            self._emit(ContactChanged(contact=False), now)
        self.control.readout_failed(now, contact=self.contact)
        self._update(now)

    def _update_indicators(self, now: float) -> None:
        condition = condition_of(
            powered=self.powered,
            contact=self.contact,
            meter_number=self.meter_number is not None,
            rate_error=self.control.rates.error is not None,
        )
        self.indicators = self.indicators.enter(condition, now)

    # SlaveApplication

    def identities(self) -> Sequence[Identity]:
        """Return the secondary address and the meter's number, in the order that the profile sets (assumption).

        The first is in the header and matches masks, so that a scan finds the module once; the second selects only
        when written in full, so that a master that knows only this number can also reach the module.
        """
        priority = self.commands.profile.secondary_priority
        numbers = [self.secondary_address]
        meter = self.meter_number
        if priority != "module only" and meter is not None and has_digits(meter, 8):
            numbers.insert(0 if priority == "meter" else 1, meter)
        version = self.mapping.version
        return [_identity(number, version, wildcards=index == 0) for index, number in enumerate(dict.fromkeys(numbers))]

    def selection_records(self) -> Sequence[SelectionRecord]:
        """Return the module's own records, the fabrication number first, and those of the meter's lines."""
        own = self._own_records()
        stored = [record for row, record in self.commands.stored(self.settings) if row.sent]
        lines = decode_records(b"".join(self._as_sent(self._readout.selected((), ())))).records
        return [*own, *stored, *(SelectionRecord(line.dib, line.vib, line.raw) for line in lines)]

    def content(self) -> object:
        """Return everything that the telegrams depend on besides measured values.

        That is the number of selections for readout so far, the selection list, and the settings that may be sent.
        """
        return self._selection_count, self.settings.selection_list, self.settings.extra

    def _faults(self) -> StatusByte:
        """Return the faults shown in both the status byte and the module's own flags."""
        faults = StatusByte(0)
        if not self.contact:
            faults |= StatusByte.NO_METER
        elif self.meter_number is None:
            faults |= StatusByte.NO_METER_NUMBER
        if self.control.rates.error is not None:
            faults |= StatusByte.RATE_ERROR
        if self.control.refused:
            faults |= StatusByte.DISCONNECTOR_REFUSED
        return faults

    @property
    def status_byte(self) -> StatusByte:
        """The status byte of the next RSP_UD."""
        return self._faults() | (StatusByte.APPLICATION_ERROR if self._application_error else StatusByte(0))

    @property
    def flags(self) -> int:
        """The error flags in record `04 FD 17`: alarms of the meter, and the module's own flags above them."""
        lost = SETTINGS_LOST if self._memory.problem is not None else 0
        return self._alarms | self._faults() << OWN_FLAGS_SHIFT | lost

    def _own_records(self) -> Sequence[SelectionRecord]:
        stable = self.inputs.stable
        return own_records(
            self.serial,
            stable.index if stable else 0,
            self.control.disconnector,
            self.flags,
            self.control.report.disconnector or 0,
        )

    def snapshot(self, identity: Identity, now: float) -> Sequence[bytes]:
        """Return the selected data as records, cut into telegrams."""
        stored = [
            record.to_bytes()
            for row, record in self.commands.stored(self.settings)
            if row.sent or is_named(record, self._selection)
        ]
        lines = self._readout.selected(self.settings.selection_list.split(), self._selection)
        return pack(self._own_records(), [*stored, *self._as_sent(lines)])

    def _as_sent(self, lines: Iterable[bytes]) -> Iterable[bytes]:
        """Return the records of the meter's lines, marked as stale while the meter is out of contact."""
        return lines if self.contact else map(mark_stale, lines)

    def header(self, identity: Identity, now: float) -> bytes:
        """Return the header of the next RSP_UD; it increments the access number and shows an application error once."""
        status = self.status_byte
        self._application_error = False
        number = self._access_number
        self._access_number = (number + 1) & 0xFF
        # A master that has just changed the secondary address may still have the module selected by the old one.
        known = identity if not identity.wildcards else self.identities()[0]
        return known.header + bytes((number, status, 0, 0))

    def user_data(self, ci: int, data: bytes, now: float) -> None:
        """Carry out the records of a SND_UD, all or none. Unknown records have no effect.

        Known records that cannot be carried out cause a notice and an application error in the next RSP_UD.
        """
        if ci != CI_SEND:
            return
        try:
            if is_selection(data):
                self._selection = read_selection(data)
                self._selection_count += 1
                return
            self._commands.carry_out(data, now)
        except (MBusError, ValueError) as error:
            self._application_error = True
            reason = error_message(error) if isinstance(error, MBusError) else reason_of(error)
            message = Message("a command of a master was refused: {0}", (reason,))
            self._emit(Notice(level="warning", code="command_refused", message=message), now)
        self._update(now)

    def clear_errors(self) -> None:
        """Clear latched errors; errors that persist are shown again."""
        self._alarms = 0
        self._memory.problem = None
        self.control.clear_errors()

    def application_reset(self, data: bytes, now: float) -> None:
        """Restore factory values for sub-code B0 alone; any other reset only resets the slave's telegram pointer.

        Either ends the standard's selection for readout.
        """
        self._selection = ()
        if data == b"\xb0":
            self._memory.restore_factory(self._commands.secrets, self.control, now)
            self._update(now)

    def speed_supported(self, baud: int) -> bool:
        """Return whether `baud` is 300 or 2400 bit/s (product page)."""
        return baud in BAUD_RATES

    def speed_used(self, baud: int, now: float) -> None:
        """Keep a new speed (bit/s) that a master has used."""
        self._memory.change(self.settings.with_value("baud", baud), self.control, now)


@lru_cache(maxsize=1024)
def _identity(number: str, version: int, *, wildcards: bool) -> Identity:
    """Return an identity; kept, because a bus asks each of its slaves for its own with every selection."""
    return Identity(header(number, version, 0, 0)[:8], wildcards=wildcards)
