"""A station in virtual time, with methods that read and compare module, meter and telegrams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from cmi_gui.engine.clock import Clock, VirtualClock
from cmi_gui.engine.cmi1020.inputs import InputName
from cmi_gui.engine.e350.meter import E350Meter
from cmi_gui.engine.events import ActionFinished, Notice
from cmi_gui.engine.link.memory import MemoryLink, memory_pair
from cmi_gui.engine.link.url import LinkSpec
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.machine import Line, LineEvent, LinkState, SendOutcome
from cmi_gui.engine.mbus.dib import ValueFunction
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.station import mbus_side
from tests.helpers.station_bench import Bench

TEXTS = {"p1": "0D FD 16", "p2": "0D FD 19", "display": "0D 7C 03 70 73 64", "selection_list": "0D 7C 03 6C 65 73"}


def text_command(name: str, text: str) -> bytes:
    """Return records that write a text, composed without the code under test."""
    return bytes.fromhex(TEXTS[name]) + bytes((len(text),)) + text.encode("ascii")[::-1]


@dataclass(frozen=True, slots=True)
class ModuleData:
    """The module's own data in telegram 1: status byte, inputs, disconnector (None while unknown), flags."""

    status: int
    inputs: int
    disconnector: int | None
    flags: int


class ModuleBench(Bench):
    """A bench with its module. `settled`: after the first readout, and with inputs that were stable long enough."""

    def __init__(self, *, settled: bool = True, **config: Any) -> None:
        super().__init__(**config)
        if settled:
            self.clock.advance(20)
            self.subscription.drain()

    @property
    def meter(self) -> E350Meter:
        assert self.station.meter is not None
        return self.station.meter

    def module_data(self, address: int = 0) -> ModuleData:
        telegram = self.read(address)[0]
        assert telegram.header is not None
        unknown = telegram.records[3].function is ValueFunction.ERROR
        inputs, disconnector, flags = (record.value for record in telegram.records[2:5])
        assert isinstance(inputs, int)
        assert isinstance(flags, int)
        assert isinstance(disconnector, int)
        return ModuleData(telegram.header.status, inputs, None if unknown else disconnector, flags)

    def set_inputs(self, a: bool, b: bool) -> None:
        levels: dict[InputName, bool] = {"A": a, "B": b}
        for name, on in levels.items():
            self.station.set_rate_input(name, 230.0 if on else 0.0)

    def meter_rate(self) -> int:
        """Return the active rate as a master reads it in C.5.0."""
        return (int(self.reading("C.5.0"), 16) >> 5 & 7) + 1

    def outcomes(self) -> list[tuple[str, str, str]]:
        """Return the actions that ended since the last call: action, value, outcome."""
        found = []
        for event in self.events(ActionFinished):
            assert isinstance(event, ActionFinished)
            found.append((event.action, event.value, event.outcome))
        return found

    def notices(self) -> list[str]:
        """Return the codes of the notices since the last call."""
        return [event.code for event in self.events(Notice) if isinstance(event, Notice)]

    def restart_module(self) -> None:
        self.station.set_bus_voltage(0)
        self.clock.advance(1)
        self.station.set_bus_voltage(24)
        self.clock.advance(20)
        self.subscription.drain()


class Wire:
    """The master's end of a wire with a speed, which sends bytes and collects the answers."""

    def __init__(self, clock: VirtualClock, ends: list[MemoryLink]) -> None:
        self._clock = clock
        self._ends = ends
        self._received = bytearray()
        self.arrivals: list[float] = []
        self.errors = 0
        self.plug_in()

    def plug_in(self) -> None:
        """Use the present wire to the module; a link that was reconnected has a new one."""
        self._end = self._ends[-1]
        self._end.open(self)

    def ask(self, telegram: bytes, *, baud: int, wait: float = 3.0) -> bytes:
        """Send at a speed; return the bytes received at that speed within `wait` seconds."""
        self._received.clear()
        self.arrivals.clear()
        self._end.set_line(1, Line(baud))
        self._end.send(2, telegram, self._clock.now(), self._clock.now() + 10)
        self._clock.advance(wait)
        return bytes(self._received)

    def ping(self, baud: int, address: int = 0) -> bool:
        return self.ask(Frame.short(0x40, address).to_bytes(), baud=baud) == b"\xe5"

    # LinkSink

    def received(self, data: bytes, last_byte_at: float) -> None:
        self._received += data
        self.arrivals.append(last_byte_at)

    def line_event(self, kind: LineEvent, at: float) -> None:
        self.errors += 1

    def done(self, token: int, outcome: SendOutcome, at: float) -> None:
        assert outcome is SendOutcome.SENT

    def state(self, state: LinkState, cause: LinkError | None) -> None:
        pass


def bench_on_a_wire(
    monkeypatch: pytest.MonkeyPatch, link: str = "serial:/in/memory", **config: Any
) -> tuple[ModuleBench, Wire]:
    """Return a station whose M-Bus link has a line speed like a serial port, and the wire in memory behind `link`."""
    ends: list[MemoryLink] = []

    def make(spec: LinkSpec, clock: Clock, role: str, line: Line) -> MemoryLink:
        near, far = memory_pair(clock, spec.line(line), paced=True, names=("module", "master"))
        ends.append(far)
        return near

    monkeypatch.setattr(mbus_side, "make_link", make)
    bench = ModuleBench(mbus=(link,), **config)
    return bench, Wire(bench.clock, ends)
