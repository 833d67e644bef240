"""The CMi1020: what stands behind its M-Bus terminals, its LEDs, its inputs and its connection with the meter.

It does no I/O and reads no clock; times are passed in, `deadline` says when `tick` is due, and what happens is told
through `emit`. Several `Slave` machines, one a link, may share one module.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cmi_gui.engine.cmi1020.bus_commands import BusCommands
from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.control import STATES, MeterControl
from cmi_gui.engine.cmi1020.disconnector import DisconnectorRefusal, SwitchSource
from cmi_gui.engine.cmi1020.indicators import Condition, Indicators, condition_of
from cmi_gui.engine.cmi1020.inputs import InputName, RateInputs
from cmi_gui.engine.cmi1020.interfaces import Emit, MeterSession, Secrets
from cmi_gui.engine.cmi1020.memory import Memory
from cmi_gui.engine.cmi1020.meter_actions import ActionKind, ActionOutcome
from cmi_gui.engine.cmi1020.profile import ModuleProfile, load_module_profile
from cmi_gui.engine.cmi1020.reader import ReadoutSchedule
from cmi_gui.engine.cmi1020.readout import Readout, take_readout
from cmi_gui.engine.cmi1020.readout_mapping import ReadoutMapping, load_mapping, mark_stale
from cmi_gui.engine.cmi1020.readout_selection import VifSelection, is_named, is_selection, read_selection
from cmi_gui.engine.cmi1020.settings import BAUD_RATES, ModuleSettings, SettingsStore
from cmi_gui.engine.cmi1020.telegrams import (
    METER_ALARMS,
    OWN_FLAGS_SHIFT,
    SETTINGS_LOST,
    OwnState,
    StatusByte,
    bcd_number,
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
"""V DC from which the module is alive (quick manual)."""
BUS_SAFE_VOLTS = 42.0
"""V DC up to which the bus may go (quick manual); above it the module works and the program warns (assumption)."""
BUS_MAX_VOLTS = 50.0
"""V DC, end of the simulated supply's range."""


class Cmi1020:
    """One module with the serial number `serial` (eight digits). Starts unpowered.

    Raises ValueError for another serial number. `store` keeps the settings; a damaged file is told as a notice.
    """

    def __init__(
        self,
        serial: str,
        store: SettingsStore,
        secrets: Secrets,
        session: MeterSession,
        emit: Emit,
        *,
        interval: float = 60.0,
        mapping: ReadoutMapping | None = None,
        profile: ModuleProfile | None = None,
    ) -> None:
        bcd_number(serial)
        self.serial = serial
        self.mapping = mapping or load_mapping()
        self.inputs = RateInputs()
        self.schedule = ReadoutSchedule(interval)
        self.bus_voltage = 0.0
        self.identification: str | None = None
        """How the meter identified itself last, or None."""
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
        self._selected = 0

    # What it is now

    @property
    def settings(self) -> ModuleSettings:
        """What it remembers, but for its passwords."""
        return self._memory.settings

    @property
    def commands(self) -> CommandTable:
        """The commands it knows, by their bytes."""
        return self._commands.table

    @property
    def powered(self) -> bool:
        """Whether the bus feeds it."""
        return self.bus_voltage >= BUS_MIN_VOLTS

    @property
    def contact(self) -> bool:
        """Whether the meter answers."""
        return self.schedule.contact

    @property
    def primary_address(self) -> int:
        """0 to 250."""
        return self.settings.primary_address

    @property
    def secondary_address(self) -> str:
        """Eight digits; the serial number unless another was set."""
        return self.settings.secondary_address or self.serial

    @property
    def baud(self) -> int:
        """Speed of the bus, bit/s."""
        return self.settings.baud

    @property
    def line(self) -> Line:
        """Speed and format of the bus (EN 13757-2: 8E1)."""
        return Line(self.settings.baud)

    @property
    def lines(self) -> tuple[str, ...]:
        """The data lines of the last complete readout, verbatim, in meter order."""
        return self._readout.lines

    @property
    def meter_number(self) -> str | None:
        """What C.1.0 (or C.1) says, without blanks; None before contact and where the meter does not tell it."""
        return self._readout.meter_number

    def state(self) -> ModuleState:
        """Return what it shows of itself at this moment."""
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
            steady_at=inputs.deadline,
            action=None if action is None else (action.kind.word, action.text),
            locked_until=control.actions.locked_until,
            rate=control.report.rate,
            rate_error=None if error is None else error.value,
            rate_wanted=control.rates.wanted,
            rate_waits=control.actions.waits(ActionKind.RATE),
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
        """When `tick` is due, or None."""
        if not self.powered:
            return None
        times = [at for at in (self.inputs.deadline, self.control.process.deadline) if at is not None]
        if self.schedule.next_at is not None and self.control.actions.running is None:
            times.append(max(self.schedule.next_at, self.control.actions.locked_until or 0.0))
        # While a readout runs or reading is paused no action can be started; their end looks again.
        due = self.control.actions.deadline
        if due is not None and not (self.schedule.running or self.schedule.paused):
            times.append(due)
        return min(times, default=None)

    def tick(self, now: float) -> None:
        """Do what is due."""
        if not self.powered:
            return
        stable = self.inputs.tick(now)
        if stable is not None:
            self._emit(InputsChanged(a=stable.a, b=stable.b), now)
            self.control.inputs_stable(stable, now)
        self.control.tick(now)
        self._work(now)
        self._show(now)

    def _work(self, now: float) -> None:
        """Begin what is next with the meter, if its interface is free: actions before readouts, never inside one."""
        if not self.powered:
            return
        if self.schedule.paused:
            self.control.reading_paused(now)
        if self.schedule.running or self.schedule.paused or self.control.actions.running is not None:
            return
        if self.control.start_waiting(now):
            return
        if not self.control.actions.locked(now) and self.schedule.tick(now):
            self._readout_started = now
            self._line_count = 0
            self._expected = len(self.lines) or None
            self._emit(ReadoutStarted(expected=self._expected), now)
            self._session.start_readout()

    # What people and the bus do to it

    def set_bus_voltage(self, volts: float, now: float) -> None:
        """Feed the bus with `volts` V DC; -30 is 30, as the terminals have no polarity (quick manual).

        Raises ValueError beyond 50 V.
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
                "{0} V on the bus is above the {1} V that the module is made for",
                (f"{volts:g}", f"{BUS_SAFE_VOLTS:.0f}"),
            )
            self._emit(Notice(level="warning", code="bus_voltage_high", message=message), now)
        self._show(now)

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
        """Put `volts` V AC on rate input A or B. Raises ValueError outside 0 to 230 V."""
        self.inputs.set_volts(name, volts, now, powered=self.powered)

    def press_button(self, now: float) -> Notice | None:
        """Press the push button: it toggles the disconnector (quick manual). Return the notice of a refusal."""
        if not self.powered:
            message = Message("the push button was pressed, but the module has no bus voltage")
            unpowered = Notice(level="warning", code="button_unpowered", message=message)
            self._emit(unpowered, now)
            return unpowered
        refusal = self.control.press_button(now)
        self._work(now)
        return refusal

    def pause_reading(self, paused: bool, now: float) -> None:
        """Leave the meter to somebody else, or read on."""
        if paused and self.schedule.running:
            self._session.abort()
            self.schedule.abandoned(now)
        self.schedule.pause(paused, now)
        self._work(now)

    def read_now(self, now: float) -> None:
        """Read as soon as possible."""
        if self.powered:
            self.schedule.read_now(now)

    def meter_changed(self, now: float) -> None:
        """Another meter is wired, or none: towards it the module begins anew, as after power-up.

        The last readings stay, as those of a lost contact; what was asked of the last meter and is not done is dropped,
        because nobody meant the new one.
        """
        self._session.abort()
        if not self.powered:
            return
        if self.contact:
            self._emit(ContactChanged(contact=False), now)
        if self.control.actions.running is not None or self.control.actions.waiting:
            message = Message("another meter was wired; what was asked of the last one and not done yet is dropped")
            self._emit(Notice(level="warning", code="meter_changed", message=message), now)
        self.schedule.power_on(now)
        self.inputs.power_on(now)
        self.control.power_off(now)
        self.identification = None
        self._show(now)

    # What the meter side tells

    def meter_identified(self, identification: str) -> None:
        """The meter has said who it is."""
        self.identification = identification

    def meter_line(self) -> None:
        """A data line has come."""
        self._line_count += 1

    def meter_read(self, lines: Sequence[str], now: float) -> None:
        """A readout is complete."""
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
        self._show(now)
        self._work(now)

    def meter_action_done(self, outcome: ActionOutcome, message: Message, lockout: float, now: float) -> None:
        """An action ended; `lockout`: seconds for which the meter refuses everything now."""
        if not self.powered:
            return
        self.control.action_done(outcome, message, lockout, now)
        self._show(now)
        self._work(now)

    def meter_failed(self, cause: str, message: Message, now: float) -> None:
        """A readout failed."""
        if not self.powered:
            return
        had_contact = self.contact
        self.schedule.failed(now)
        self._emit(ReadoutFailed(cause=cause, message=message, attempt=self.schedule.failures), now)
        if had_contact and not self.contact:
            self._emit(ContactChanged(contact=False), now)
        self.control.readout_failed(now, contact=self.contact)
        self._show(now)
        self._work(now)

    def _show(self, now: float) -> None:
        condition = condition_of(
            powered=self.powered,
            contact=self.contact,
            meter_number=self.meter_number is not None,
            rate_error=self.control.rates.error is not None,
        )
        self.indicators = self.indicators.enter(condition, now)

    # SlaveApplication

    def identities(self) -> Sequence[Identity]:
        """The module's secondary address and the meter's number; which is first, is said by the profile (assumption).

        The first stands in the header and matches masks, so that a scan finds the module once; the other selects only
        written out in full, so that a master that knows only this number reaches the module too.
        """
        priority = self.commands.profile.secondary_priority
        numbers = [self.secondary_address]
        meter = self.meter_number
        if priority != "module only" and meter is not None and len(meter) == 8 and meter.isascii() and meter.isdigit():
            numbers.insert(0 if priority == "meter" else 1, meter)
        version = self.mapping.version
        return [
            Identity(header(number, version, 0, 0)[:8], wildcards=place == 0)
            for place, number in enumerate(dict.fromkeys(numbers))
        ]

    def selection_records(self) -> Sequence[SelectionRecord]:
        """Return the module's own records, the fabrication number first, and those of the meter's lines."""
        own = own_records(self._own_state())
        kept = [record for row, record in self.commands.stored(self.settings) if row.sent]
        lines = decode_records(b"".join(self._as_sent(self._readout.selected((), ())))).records
        return [*own, *kept, *(SelectionRecord(line.dib, line.vib, line.raw) for line in lines)]

    def content(self) -> object:
        """Return what the telegrams depend on beside measured values.

        That is the number of selections for readout so far, the selection list, and the settings that may be sent.
        """
        return self._selected, self.settings.selection_list, self.settings.extra

    def _troubles(self) -> StatusByte:
        """Return what the status byte and the module's own flags both tell."""
        troubles = StatusByte(0)
        if not self.contact:
            troubles |= StatusByte.NO_METER
        elif self.meter_number is None:
            troubles |= StatusByte.NO_METER_NUMBER
        if self.control.rates.error is not None:
            troubles |= StatusByte.RATE_ERROR
        if self.control.refused:
            troubles |= StatusByte.DISCONNECTOR_REFUSED
        return troubles

    def _own_state(self) -> OwnState:
        flags = self._troubles() << OWN_FLAGS_SHIFT
        if self._memory.problem is not None:
            flags |= SETTINGS_LOST
        stable = self.inputs.stable
        return OwnState(
            self.serial,
            stable.index if stable else 0,
            self.control.disconnector,
            self._alarms | flags,
            self.control.report.disconnector or 0,
        )

    def snapshot(self, identity: Identity, now: float) -> Sequence[bytes]:
        """All data as records, cut into telegrams; the selections leave out what nobody asked for."""
        kept = [
            record.to_bytes()
            for row, record in self.commands.stored(self.settings)
            if row.sent or is_named(record, self._selection)
        ]
        lines = self._readout.selected(self.settings.selection_list.split(), self._selection)
        return pack(own_records(self._own_state()), [*kept, *self._as_sent(lines)])

    def _as_sent(self, lines: Iterable[bytes]) -> Iterable[bytes]:
        """Return records of the meter's lines as they are sent: marked while the meter is out of contact."""
        return lines if self.contact else map(mark_stale, lines)

    def header(self, identity: Identity, now: float) -> bytes:
        """Header of the next RSP_UD: counts the access number on, tells an application error once."""
        status = self._troubles()
        if self._application_error:
            status |= StatusByte.APPLICATION_ERROR
            self._application_error = False
        number = self._access_number
        self._access_number = (number + 1) & 0xFF
        # A master that has just changed the secondary address may still have this module selected by the old one.
        known = identity if not identity.wildcards else self.identities()[0]
        return known.header + bytes((number, status, 0, 0))

    def user_data(self, ci: int, data: bytes, now: float) -> None:
        """Carry out the records of a SND_UD, whole or not at all. What is not known has no effect.

        What is known and cannot be done is told as a notice, and to the master in the status of the next RSP_UD.
        """
        if ci != CI_SEND:
            return
        try:
            if is_selection(data):
                self._selection = read_selection(data)
                self._selected += 1
                return
            self._commands.carry_out(data, now)
        except (MBusError, ValueError) as error:
            self._application_error = True
            reason = error_message(error) if isinstance(error, MBusError) else reason_of(error)
            message = Message("a master's command is refused: {0}", (reason,))
            self._emit(Notice(level="warning", code="command_refused", message=message), now)
        self._show(now)
        self._work(now)

    def clear_errors(self) -> None:
        """Forget what was latched; live errors come back."""
        self._alarms = 0
        self._memory.problem = None
        self.control.clear_errors()

    def application_reset(self, data: bytes, now: float) -> None:
        """B0 alone restores factory values; any other only resets the telegram pointer, which the slave does.

        Either ends the standard's selection for readout.
        """
        self._selection = ()
        if data == b"\xb0":
            self._memory.restore_factory(self._commands.secrets, self.control, now)
            self._show(now)
            self._work(now)

    def speed_supported(self, baud: int) -> bool:
        """300 and 2400 bit/s (product page)."""
        return baud in BAUD_RATES

    def speed_used(self, baud: int, now: float) -> None:
        """A new speed was used: keep it."""
        self._memory.change(self.settings.with_value("baud", baud), self.control, now)
