"""The self-test: a module of its own with a simulated meter runs the main functions once, on virtual time.

It opens no port, stores nothing and is independent of the module that the program runs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.disconnector import OPEN, PROCESS_TIME
from cmi_gui.engine.cmi1020.obis_labels import restore_lines
from cmi_gui.engine.configurator.session import MasterSession
from cmi_gui.engine.iec62056.errors import Iec62056Error
from cmi_gui.engine.iec62056.message import DataMessage, parse_message
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.procedures import SlaveReading, read_slave
from cmi_gui.engine.mbus.slave_address import SlaveAddress, mask_bytes
from cmi_gui.engine.mbus.telegram import decode_telegram
from cmi_gui.engine.messages import Argument, InvalidValue, Message, marked, reason_of
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.traffic.store import Direction, Side, TrafficStore

_START = datetime(2026, 1, 1, 12)
_TIMEOUT = 120.0
"""Virtual seconds within which each wait must succeed."""

_CLOSED_BIT, _RATE_SHIFT = 1 << 10, 5
"""Bits of C.5.0 [E350-READOUTS]."""


class StepId(StrEnum):
    """The steps, in the order in which they run."""

    READOUT = "readout"
    """The module reads all lines of the simulated meter."""
    ROUND_TRIP = "round_trip"
    """A master reads by primary address; its telegrams give back every data line unchanged."""
    SECONDARY = "secondary"
    """A master reads the module by its secondary address."""
    DISCONNECTOR = "disconnector"
    """The push button opens the disconnector, which C.5.0 shows after the 10 s and not before."""
    RATE = "rate"
    """230 V on rate input A: after 5 s the meter has the rate of the mapping table."""


@dataclass(frozen=True, slots=True)
class Step:
    """The result of a step. `problem`: why it failed, for an expert, or empty.

    `count`: the number of lines, or the rate, depending on the step. `simulated`: virtual seconds; `took`: real ones.
    """

    id: StepId
    passed: bool
    count: int = 0
    simulated: float = 0.0
    took: float = 0.0
    problem: Argument = ""


@dataclass(frozen=True, slots=True)
class SelfTest:
    """The steps that were run: all, or those up to the first that failed."""

    steps: tuple[Step, ...] = ()

    @property
    def passed(self) -> bool:
        """True if every step was tried and passed."""
        return len(self.steps) == len(StepId) and all(step.passed for step in self.steps)


class _Failed(InvalidValue):
    """The error of a step with an unexpected result."""


def self_test(config: StationConfig | None = None) -> SelfTest:
    """Run the self-test; it takes well below a second of real time. A failed step raises no exception.

    `config` replaces that of the tested station, which has a full list of lines and no links, and stores nothing.
    """
    bench = _Bench(config or StationConfig(mbus=(), variant="full", start_time=_START))
    try:
        return SelfTest(tuple(bench.run()))
    finally:
        bench.close()


def last_readout(traffic: TrafficStore) -> list[str] | None:
    """Return the lines of the last readout as the meter sent them; None if no whole one was sent.

    Raises Iec62056Error if the last message cannot be read.
    """
    for index in reversed(range(traffic.first, len(traffic))):
        row = traffic.row(index)
        if row.side is Side.METER and row.direction is Direction.RECEIVED and row.data[:1] == b"\x02":
            message = parse_message(row.data)
            if isinstance(message, DataMessage):
                return message.text.partition("!")[0].split("\r\n")[:-1]
    return None


class _Bench:
    """The tested station, and a master on a wire in memory."""

    def __init__(self, config: StationConfig) -> None:
        self._clock = VirtualClock(1000.0)
        self._station = Station(config, self._clock)
        self._session = MasterSession(self._station.connect_master(), self._station.module.line, self._clock)
        self._module = self._station.module

    def close(self) -> None:
        """Close the master and stop the station."""
        self._session.close()
        self._station.stop()

    def run(self) -> Iterator[Step]:
        """Run the steps in order, up to the first that fails; yield their results."""
        secondary = mask_bytes(self._module.secondary_address)
        parts: dict[StepId, Callable[[], int]] = {
            StepId.READOUT: self._readout,
            StepId.ROUND_TRIP: lambda: self._round_trip(SlaveAddress(self._module.primary_address)),
            StepId.SECONDARY: lambda: self._round_trip(SlaveAddress(selection=secondary)),
            StepId.DISCONNECTOR: self._disconnector,
            StepId.RATE: self._rate,
        }
        for step, part in parts.items():
            began, virtual = time.perf_counter(), self._clock.now()
            count = 0
            problem: Argument = ""
            try:
                count = part()
            except (_Failed, MBusError, Iec62056Error) as error:
                problem = reason_of(error)
            yield Step(step, not problem, count, self._clock.now() - virtual, time.perf_counter() - began, problem)
            if problem:
                return

    def _wait(self, what: Message, until: Callable[[], bool]) -> None:
        if not self._clock.run_until(self._clock.now() + _TIMEOUT, until):
            raise _Failed(Message("{0}: no result within {1} s", (what, f"{_TIMEOUT:.0f}")))

    def _read(self, at: SlaveAddress) -> list[str]:
        """Return the meter's data lines as a master restores them."""
        readings: list[SlaveReading] = []
        errors: list[Exception] = []
        self._session.run(read_slave(at), readings.append, errors.append)
        self._wait(Message("a master's reading"), lambda: bool(readings or errors))
        if errors:
            raise _Failed(reason_of(errors[0]))
        return restore_lines(decode_telegram(frame) for frame in readings[0].frames)

    def _readout(self) -> int:
        self._station.start()
        self._wait(Message("the first readout"), lambda: self._module.contact)
        if list(self._module.lines) != self._meter_lines():
            raise _Failed(Message("the module's data lines are not those that the meter sent"))
        return len(self._module.lines)

    def _meter_lines(self) -> list[str]:
        lines = last_readout(self._station.traffic)
        if lines is None:
            raise _Failed(Message("no readout was recorded"))
        return lines

    def _round_trip(self, at: SlaveAddress) -> int:
        restored = self._read(at)
        lines = list(self._module.lines)
        if restored != lines:
            lost: Argument = next((line for line in lines if line not in restored), Message("the order"))
            template = marked("only {0} of {1} lines were restored; missing: {2}")
            raise _Failed(Message(template, (len(restored), len(lines), lost)))
        return len(restored)

    def _status_bits(self) -> int:
        """Return C.5.0 as a master reads it."""
        lines = self._read(SlaveAddress(self._module.primary_address))
        text = next((line for line in lines if line.startswith("C.5.0(")), None)
        if text is None:
            raise _Failed(Message("the meter does not report C.5.0"))
        return int(text.removeprefix("C.5.0(").rstrip(")"), 16)

    def _disconnector(self) -> int:
        pressed = self._clock.now()
        self._station.press_button()
        self._wait(Message("the disconnector"), lambda: self._module.control.disconnector == OPEN)
        took = self._clock.now() - pressed
        if took < PROCESS_TIME:
            template = marked("it took {0} s, which is less than the switching time of {1} s")
            raise _Failed(Message(template, (Decimal(f"{took:.1f}"), f"{PROCESS_TIME:.0f}")))
        bits = self._status_bits()
        if bits & _CLOSED_BIT:
            raise _Failed(Message("C.5.0 shows {0}: the disconnector is not open", (f"{bits:04X}",)))
        return 1

    def _rate(self) -> int:
        self._station.set_rate_input("A", 230.0)
        wanted = self._module.settings.rate_map[0b01]
        self._wait(Message("rate {0}", (wanted,)), lambda: self._module.state().rate == wanted)
        rate = (self._status_bits() >> _RATE_SHIFT & 7) + 1
        if rate != wanted:
            raise _Failed(Message("C.5.0 shows rate {0}, not {1}", (rate, wanted)))
        return rate
