"""Module, meter and master driven at random, against a small model of their specified behaviour.

Each step waits long enough for all that it began to end (steady time, session, lock-out, retries); then rate,
disconnector, lamps, status byte, flags and events must be what the model says.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from cmi_gui.engine.cmi1020.indicators import Condition
from cmi_gui.engine.events import ContactChanged, DisconnectorChanged, ModuleChanged, RateErrorChanged
from cmi_gui.engine.mbus.exchange import Exchange, Expect, Procedure, ProcedureFailed
from cmi_gui.engine.mbus.frame import Frame
from tests.helpers.module_bench import ModuleBench, text_command

SETTLE = 150.0
"""Longer than it takes to lose contact, and than a lock-out that begins with the next readout: 60 and 60 seconds."""

rates = st.integers(1, 6)
entries = st.sampled_from([0, 0, 1, 2, 3, 5, 6])
tables = st.tuples(*[entries] * 4)
bits = st.booleans()


@dataclass(frozen=True)
class Settings:
    """Those that matter here, with their factory values."""

    enable: bool = True
    table: tuple[int, ...] = (1, 2, 3, 4)
    control: int = 3
    rate_uses_p1: bool = True
    disconnector_uses_p1: bool = True
    key: str = "00000000"


@dataclass
class Meter:
    rates: int
    has_disconnector: bool
    rate: int = 1
    closed: bool = True
    silent: bool = False
    no_number: bool = False
    failures: int = 0


@dataclass
class Module:
    """The volatile part."""

    combination: tuple[bool, bool] | None = None
    baseline: tuple[bool, bool] | None = None
    first_waits: bool = False
    """The first combination is stable, but the meter's rate is not known yet."""
    error: str | None = None
    wanted: int | None = None
    taken: int | None = None
    """The rate that the meter last took, or had when the inputs first asked for it."""
    attempt: int | None = None
    by_inputs: bool = False
    unanswered: bool = False
    """The wanted rate was sent to a meter that did not answer."""
    denied: object = None
    """The password that was sent when the meter denied a rate."""
    refused: bool = False
    complaint: bool = False
    """The next RSP_UD shows an application error."""
    contact: bool = False
    read: tuple[bool, int] | None = None
    """Disconnector and count of power failures as last read."""


@dataclass
class Model:
    meter: Meter
    settings: Settings = field(default_factory=Settings)
    module: Module = field(default_factory=Module)
    powered: bool = True
    inputs: tuple[bool, bool] = (False, False)

    # The password that the module sends

    def shown(self, uses_p1: bool) -> tuple[str, ...]:
        return ("P1", self.settings.key) if uses_p1 else ("none",)

    def accepted(self, uses_p1: bool) -> bool:
        return self.shown(uses_p1) == ("P1", "00000000")

    # Rates

    def ask(self, rate: int, *, by_inputs: bool) -> None:
        module = self.module
        module.wanted = module.attempt = rate
        module.by_inputs = by_inputs
        module.unanswered = False
        self.send(rate)

    def send(self, rate: int) -> None:
        module, meter = self.module, self.meter
        if meter.silent:
            module.unanswered = True
        elif not self.accepted(self.settings.rate_uses_p1):
            module.error, module.wanted = "denied", module.taken
            module.denied = self.shown(self.settings.rate_uses_p1)
        elif rate > meter.rates:
            module.error, module.wanted = "refused", module.taken
        else:
            meter.rate, module.error, module.taken = rate, None, rate

    def row(self) -> int:
        a, b = self.module.combination or (False, False)
        return self.settings.table[a + 2 * b]

    def inputs_are_stable(self) -> None:
        """The inputs have been stable for five seconds."""
        module = self.module
        if module.combination is None or module.first_waits:
            module.combination = self.inputs
            module.first_waits = module.read is None
            if not module.first_waits:
                self.first_counts()
            return
        if module.combination == self.inputs:
            return
        module.combination = self.inputs
        if not self.settings.enable:
            if self.inputs != module.baseline:
                module.error = "not_enabled"
            elif module.error == "not_enabled":
                module.error = None
            return
        module.baseline = self.inputs
        if self.row():
            self.ask(self.row(), by_inputs=True)
        else:
            self.nothing_wanted()

    def first_counts(self) -> None:
        self.module.first_waits = False
        self.module.baseline = self.module.combination
        if not self.settings.enable or self.row() == 0:
            return
        if self.row() != self.meter.rate:
            self.ask(self.row(), by_inputs=True)
        else:
            self.module.wanted = self.module.attempt = self.module.taken = self.row()
            self.module.by_inputs, self.module.unanswered = True, False

    def nothing_wanted(self) -> None:
        if self.module.by_inputs and self.module.error in ("refused", "denied"):
            self.module.error = self.module.attempt = None

    def apply_table(self) -> None:
        """The table, or its enable, changes the rate of the present inputs."""
        if not self.settings.enable or self.module.combination is None or self.module.first_waits:
            return
        if self.row() == 0:
            self.nothing_wanted()
        elif self.row() != self.module.wanted or self.module.error:
            self.ask(self.row(), by_inputs=True)

    def change(self, settings: Settings) -> None:
        before, self.settings = self.settings, settings
        module = self.module
        if settings.enable and not before.enable and module.error == "not_enabled":
            module.error, module.baseline = None, module.combination
            self.apply_table()
        if settings.table != before.table:
            self.apply_table()
        if module.error == "denied" and module.denied not in (None, self.shown(settings.rate_uses_p1)):
            module.denied = None
            if module.attempt is not None:
                self.ask(module.attempt, by_inputs=module.by_inputs)

    # Disconnector

    def switch(self, source: int, wanted: bool | None) -> bool:
        """Returns whether the module refuses even to ask."""
        module, meter = self.module, self.meter
        if not self.settings.control & source or module.read is None or not module.contact:
            return True
        target = not module.read[0] if wanted is None else wanted
        if target == module.read[0]:
            return False
        if meter.silent or not self.accepted(self.settings.disconnector_uses_p1) or not meter.has_disconnector:
            module.refused = True
        else:
            meter.closed = target
            module.refused = False
        return False

    # Passing time

    def settle(self) -> None:
        if not self.powered:
            return
        self.inputs_are_stable()
        module, meter = self.module, self.meter
        module.contact = not meter.silent
        if meter.silent:
            return
        before, module.read = module.read, (meter.closed, meter.failures)
        if module.first_waits:
            self.first_counts()
        restarted = before is not None and meter.failures > before[1]
        unanswered, module.unanswered = module.unanswered, False
        if module.wanted is not None and module.wanted != meter.rate and (restarted or unanswered):
            self.send(module.wanted)
        elif unanswered and not restarted and module.wanted == meter.rate:
            module.error = None
        module.read = (meter.closed, meter.failures)

    # Expected results

    @property
    def condition(self) -> Condition:
        if not self.powered:
            return Condition.NO_BUS
        if not self.module.contact:
            return Condition.NO_METER
        if self.meter.no_number:
            return Condition.NO_METER_NUMBER
        return Condition.RATE_ERROR if self.module.error else Condition.NORMAL

    @property
    def own_flags(self) -> int:
        module = self.module
        number = module.contact and self.meter.no_number
        return (not module.contact) | bool(module.error) << 1 | number << 2 | module.refused << 3


class ModuleAndMeter(RuleBasedStateMachine):
    @initialize(meter=st.sampled_from([("M29", 6, True), ("M27", 4, False), ("M29", 6, False)]))
    def start(self, meter: tuple[str, int, bool]) -> None:
        variant, count, has_disconnector = meter
        self.bench = ModuleBench(settled=False, variant=variant, has_disconnector=has_disconnector, paced=False)
        self.model = Model(Meter(count, has_disconnector))
        self.module_data: dict[str, object] = {}
        self.settle()

    def settle(self) -> None:
        self.bench.clock.advance(SETTLE)
        self.model.settle()

    def send(self, payload: bytes) -> None:
        if self.model.powered:
            assert self.bench.send(payload)

    def change(self, payload: bytes, changed: Settings) -> None:
        self.send(payload)
        if self.model.powered:
            self.model.change(changed)
        self.settle()

    # Inputs

    @rule(a=bits, b=bits)
    def inputs(self, a: bool, b: bool) -> None:
        self.bench.set_inputs(a, b)
        self.model.inputs = (a, b)
        self.settle()

    @rule(a=bits, b=bits, seconds=st.sampled_from([0.0, 0.1, 4.999]))
    def glitch(self, a: bool, b: bool, seconds: float) -> None:
        self.bench.set_inputs(a, b)
        self.bench.clock.advance(seconds)
        self.bench.set_inputs(*self.model.inputs)
        self.settle()

    @rule(a=bits, b=bits)
    def inputs_there_and_back(self, a: bool, b: bool) -> None:
        back = self.model.inputs
        self.inputs(a, b)
        self.all_agree()
        self.inputs(*back)

    @rule(volts=st.sampled_from([0.0, 12.0, 23.9]))
    def less_than_24_volts_is_nothing(self, volts: float) -> None:
        if not self.model.inputs[0]:
            self.bench.station.set_rate_input("A", volts)
        self.settle()

    # Button and bus

    @rule(again_after=st.sampled_from([None, 0.0, 5.0]))
    def button(self, again_after: float | None) -> None:
        self.bench.station.press_button()
        if again_after is not None:
            self.bench.clock.advance(again_after)
            self.bench.station.press_button()
        if self.model.powered:
            self.model.switch(2, None)
        self.settle()

    @rule(wanted=bits)
    def bus_disconnector(self, wanted: bool) -> None:
        self.send(bytes((0x01, 0xFD, 0x1F, wanted)))
        if self.model.powered:
            self.model.module.complaint |= self.model.switch(1, wanted)
        self.settle()

    @rule(rate=rates)
    def bus_rate(self, rate: int) -> None:
        self.send(bytes((0x01, 0xFF, 0x13, rate)))
        if self.model.powered:
            if self.model.module.first_waits:
                self.model.module.first_waits = False
                self.model.module.baseline = self.model.module.combination
            self.model.ask(rate, by_inputs=False)
        self.settle()

    @rule(payload=st.sampled_from(["01 FF 13 07", "01 7A FB", "02 7A 00 00", "01 7C 03 65 73 75 03"]))
    def nonsense(self, payload: str) -> None:
        self.send(bytes.fromhex(payload))
        self.model.module.complaint |= self.model.powered
        self.settle()

    @rule()
    def clear_errors(self) -> None:
        self.send(bytes.fromhex("00 FD 97 07"))
        if self.model.powered:
            module = self.model.module
            module.refused = False
            if not module.by_inputs and module.error in ("refused", "denied"):
                module.error = module.attempt = None
        self.settle()

    # Settings

    @rule(enable=bits)
    def rate_enable(self, enable: bool) -> None:
        payload = bytes.fromhex("01 7C 03 6E 65 72") + bytes((enable,))
        self.change(payload, replace(self.model.settings, enable=enable))

    @rule(table=tables)
    def rate_map(self, table: tuple[int, ...]) -> None:
        self.change(bytes.fromhex("04 7C 03 70 61 6D") + bytes(table), replace(self.model.settings, table=table))

    @rule(entry=entries)
    def rate_map_of_the_inputs_as_they_stand(self, entry: int) -> None:
        table = list(self.model.settings.table)
        table[self.model.inputs[0] + 2 * self.model.inputs[1]] = entry
        self.change(bytes.fromhex("04 7C 03 70 61 6D") + bytes(table), replace(self.model.settings, table=tuple(table)))

    @rule(control=st.integers(0, 3))
    def disconnector_control(self, control: int) -> None:
        payload = bytes.fromhex("01 7C 03 6C 74 63") + bytes((control,))
        self.change(payload, replace(self.model.settings, control=control))

    @rule(rate=bits, disconnector=bits)
    def usage(self, rate: bool, disconnector: bool) -> None:
        payload = bytes.fromhex("01 7C 03 65 73 75") + bytes((rate | disconnector << 2 | 1 << 4,))
        settings = replace(self.model.settings, rate_uses_p1=rate, disconnector_uses_p1=disconnector)
        self.change(payload, settings)

    @rule(key=st.sampled_from(["00000000", "wrong", "worse"]))
    def password(self, key: str) -> None:
        self.change(text_command("p1", key), replace(self.model.settings, key=key))

    @rule()
    def factory_reset(self) -> None:
        if self.model.powered:

            def reset() -> Procedure:
                yield Exchange(Frame.long(0x73, 0, 0x50, b"\xb0"), Expect.ACK)

            self.bench.run(reset())
            self.model.change(Settings())
        self.settle()

    # Power, faults, time

    @rule(on=bits)
    def bus_power(self, on: bool) -> None:
        self.bench.station.set_bus_voltage(45.0 if on else 20.9)
        if self.model.powered and not on:
            self.model.module = Module()
        self.model.powered = on
        self.settle()

    @rule(on=bits)
    def meter_silent(self, on: bool) -> None:
        self.bench.meter.faults.silent = self.model.meter.silent = on
        self.settle()

    @precondition(lambda self: self.model.powered)
    @rule(rate=rates)
    def bus_rate_while_the_meter_is_silent(self, rate: int) -> None:
        self.meter_silent(True)
        self.bus_rate(rate)
        self.meter_silent(False)

    @rule(on=bits)
    def meter_without_number(self, on: bool) -> None:
        if not self.model.meter.silent:
            self.bench.meter.faults.no_meter_number = self.model.meter.no_number = on
        self.settle()

    @rule()
    def meter_power_failure(self) -> None:
        self.bench.station.power_meter(False)
        self.bench.clock.advance(2)
        self.bench.station.power_meter(True)
        self.model.meter.failures += 1
        self.model.meter.rate = 1
        self.settle()

    @precondition(lambda self: not self.model.meter.silent)
    @rule(rate=st.integers(1, 4))
    def somebody_else_sets_the_rate(self, rate: int) -> None:
        self.bench.meter.set_rate(rate, self.bench.clock.now())
        self.model.meter.rate = rate
        self.settle()

    @rule(seconds=st.floats(0.001, 500))
    def time(self, seconds: float) -> None:
        self.bench.clock.advance(seconds)
        self.settle()

    # Invariants

    @invariant()
    def all_agree(self) -> None:
        model, module, meter = self.model, self.bench.station.module, self.bench.meter
        meter.advance(self.bench.clock.now())
        assert (meter.rate, meter.closed) == (model.meter.rate, model.meter.closed)
        assert module.indicators.condition is model.condition
        assert module.state().rate_error == model.module.error
        assert module.contact is model.module.contact
        known = model.module.read is not None and model.module.contact
        state = int(model.module.read[0]) if model.module.read is not None and known else None
        assert module.control.disconnector == state
        if model.module.contact:
            assert module.state().rate == model.meter.rate
        assert module.control.actions.waiting == ()
        self.events_agree()
        if not model.powered:
            try:
                self.bench.read()
            except ProcedureFailed:
                return
            raise AssertionError("an unpowered module answers")
        module_data = self.bench.module_data()
        status = (not model.module.contact) << 4 | bool(model.module.error) << 5 | model.module.refused << 7
        status |= (model.module.contact and model.meter.no_number) << 6 | model.module.complaint << 1
        model.module.complaint = False
        assert module_data.status == status
        assert module_data.flags >> 16 == model.own_flags
        assert module_data.inputs == model.inputs[0] + 2 * model.inputs[1]
        assert module_data.disconnector == state

    def events_agree(self) -> None:
        """The events alone give the same state."""
        for event in self.bench.events(object):
            match event:
                case RateErrorChanged():
                    self.module_data["error"] = event.error
                case DisconnectorChanged():
                    self.module_data["disconnector"] = event.state
                case ModuleChanged():
                    self.module_data["state"] = event.state
                case ContactChanged():
                    self.module_data["contact"] = event.contact
        module = self.bench.station.module
        words = {None: "unknown", 0: "open", 1: "closed"}
        assert self.module_data.get("error") == module.state().rate_error
        assert self.module_data.get("disconnector", "unknown") == words[module.control.disconnector]
        assert self.module_data.get("state") == module.state()
        assert self.module_data.get("contact", False) is module.contact


TestModuleAndMeter = pytest.mark.no_cover(ModuleAndMeter.TestCase)
# Without shrinking: of a failure it would take minutes, and the time limit of a test would end it without a word.
PHASES = (Phase.reuse, Phase.generate)
TestModuleAndMeter.settings = settings(settings(), stateful_step_count=25, phases=PHASES, report_multiple_bugs=False)
