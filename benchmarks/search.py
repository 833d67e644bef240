"""A search of a bus of 250 modules by secondary address, beside the algorithm of libmbus, in virtual time.

The bus is a wire at 2400 bit/s. Ten modules have one primary address, and two pairs have equal secondary addresses and
differ in their fabrication number, which libmbus does not search for. `LibmbusScan` follows the published sequence of
`mbus_scan_2nd_address_range`: the digits 0 to 9 from left to right, each mask without an answer once more, and after an
E5 or a telegram a wait for more. It waits only as long as the standard demands; libmbus's own time-out is longer.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from enum import Enum, auto

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.settings import ModuleSettings
from cmi_gui.engine.configurator.session import MasterSession
from cmi_gui.engine.link_protocol import Link, LinkError, LinkNotice
from cmi_gui.engine.machine import Line, LineEvent, LinkState, SendOutcome
from cmi_gui.engine.mbus.frame import Frame, FrameKind
from cmi_gui.engine.mbus.frame_decoder import FrameDecoder, GoodFrame
from cmi_gui.engine.mbus.master import ExchangeDone
from cmi_gui.engine.mbus.procedures import request_data, selecting
from cmi_gui.engine.mbus.scan import FoundSlave
from cmi_gui.engine.mbus.search import ANY, search_secondary
from cmi_gui.engine.mbus.search_record import SearchOptions
from cmi_gui.engine.mbus.slave_address import SlaveAddress, full_selection, header_of
from cmi_gui.engine.mbus.times import response_window
from cmi_gui.engine.room.made_room import make_room
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.metering_point import PointConfig
from cmi_gui.engine.station.station import Station

MODULES = 250
LINE = Line(2400)
AT_ONE_ADDRESS = 10
TWINS = (50, 150)
"""The modules that have the secondary address of the one before them."""
_FOREVER = 1_000_000.0


def practice_bus(count: int = MODULES) -> tuple[PointConfig, ...]:
    """Return the modules of the bus."""
    points: list[PointConfig] = []
    for index, point in enumerate(make_room(count, readout_interval=86_400.0).points):
        settings = ModuleSettings(
            primary_address=max(0, index + 1 - AT_ONE_ADDRESS),
            secondary_address=points[-1].serial if index in TWINS else None,
        )
        points.append(replace(point, paced=False, settings=settings))
    return tuple(points)


@dataclass(frozen=True, slots=True)
class Measured:
    """A search: slaves found, different ones, telegrams of the master, and the seconds that it took on the line."""

    found: int
    different: int
    probes: int
    seconds: float


def run() -> list[str]:
    """Return the lines to print."""
    begun = time.process_time()
    libmbus = measure_libmbus(practice_bus())
    lines = [_line("libmbus's algorithm, with the standard's times", libmbus, libmbus)]
    for name, options in (
        ("this program, with learned response times", SearchOptions(has_speed=True)),
        ("and answers broken off behind the header", SearchOptions(has_speed=True, breaks_off=True)),
    ):
        lines.append(_line(name, measure(practice_bus(), options), libmbus))
    lines.append(f"search: {time.process_time() - begun:.0f} s of computing")
    return lines


def _line(name: str, measured: Measured, libmbus: Measured) -> str:
    return (
        f"search: {name}: {measured.found} found, {measured.different} of them different; {measured.probes} telegrams,"
        f" {measured.seconds:.0f} s of line time, {measured.seconds / libmbus.seconds:.1%}"
    )


def measure(points: tuple[PointConfig, ...], options: SearchOptions) -> Measured:
    """Return the measurements of this program's search."""
    clock, link = _running(points)
    session = MasterSession(link, LINE, clock)
    probes = 0

    def count(done: ExchangeDone) -> None:
        nonlocal probes
        probes += done.answer.tries

    session.on_exchange = count
    ends: list[list[FoundSlave] | Exception] = []
    begin = clock.now()
    session.run(search_secondary(ANY, lambda progress: None, options), ends.append, ends.append)
    clock.run_until(begin + _FOREVER, lambda: bool(ends))
    found = ends[0]
    if isinstance(found, Exception):
        raise found
    different = {full_selection(slave.frame) for slave in found if slave.frame is not None}
    return Measured(len(found), len(different), probes, clock.now() - begin)


def measure_libmbus(points: tuple[PointConfig, ...]) -> Measured:
    """Return the measurements of libmbus's algorithm."""
    clock, link = _running(points)
    scan = LibmbusScan(link, clock)
    begin = clock.now()
    scan.search()
    return Measured(len(scan.found), len(set(scan.found)), scan.probes, clock.now() - begin)


def _running(points: tuple[PointConfig, ...]) -> tuple[VirtualClock, Link]:
    clock = VirtualClock(1000.0)
    station = Station(StationConfig(mbus=(), modules=points), clock)
    station.start()
    if not clock.run_until(clock.now() + 60, lambda: all(point.module.contact for point in station.points)):
        raise RuntimeError("the modules do not read their meters")
    return clock, station.connect_master(LINE)


class _Probe(Enum):
    NOTHING = auto()
    SINGLE = auto()
    COLLISION = auto()


class LibmbusScan:
    """The probes of libmbus's search on a link. `found`: the secondary addresses; `probes`: the number of telegrams."""

    def __init__(self, link: Link, clock: VirtualClock) -> None:
        self.found: list[bytes] = []
        self.probes = 0
        self._link, self._clock = link, clock
        self._received = bytearray()
        self._sent = True
        self._more = False
        link.open(self)

    def search(self, mask: str = "F" * 16, position: int = 0) -> None:
        """Try the digits 0 to 9 at a position of a mask, and the next position where several answer."""
        if position == len(mask):
            return
        for digit in "0123456789":
            narrower = f"{mask[:position]}{digit}{mask[position + 1 :]}"
            if self._probe(narrower) is _Probe.COLLISION:
                self.search(narrower, position + 1)

    def _probe(self, mask: str) -> _Probe:
        field = bytes.fromhex(mask[:8])[::-1] + bytes.fromhex(mask[8:])
        for _ in range(2):
            self._send(selecting(field).frame)
            selected = self._receive(FrameKind.ACK)
            if selected is _Probe.COLLISION:
                return selected
            if selected is _Probe.SINGLE:
                self._send(request_data(SlaveAddress(selection=ANY)).frame)
                return self._receive(FrameKind.LONG)
        return _Probe.NOTHING

    def _send(self, frame: Frame) -> None:
        self.probes += 1
        self._received.clear()
        self._sent = False
        self._link.send(self.probes, frame.to_bytes(), -math.inf, math.inf)
        self._clock.run_until(self._clock.now() + _FOREVER, lambda: self._sent)

    def _receive(self, kind: FrameKind) -> _Probe:
        """Receive a frame, then until nothing more comes; more than the frame is a collision."""
        size = -1
        while len(self._received) > size:
            size = len(self._received)
            self._more = False
            self._clock.run_until(self._clock.now() + response_window(LINE), lambda: self._more)
        if not self._received:
            return _Probe.NOTHING
        events = FrameDecoder().feed(bytes(self._received))
        match events:
            case [GoodFrame(frame, raw)] if len(raw) == size:
                header = header_of(frame) if frame.kind is FrameKind.LONG else None
                self.found += [] if header is None else [header]
                return _Probe.SINGLE if frame.kind is kind else _Probe.NOTHING
        return _Probe.COLLISION

    # Link

    def received(self, data: bytes, last_byte_at: float) -> None:
        """Take received bytes."""
        self._received += data
        self._more = True

    def line_event(self, kind: LineEvent, at: float) -> None:
        """Take a damaged character, which a port of libmbus reads as a byte."""
        self._received += b"\0"
        self._more = True

    def done(self, token: int, outcome: SendOutcome, at: float) -> None:
        """Note that a telegram has left."""
        self._sent = True

    def notice(self, notice: LinkNotice) -> None:
        """Ignore a notice."""

    def state(self, state: LinkState, cause: LinkError | None) -> None:
        """Ignore the state of the link, which is in memory."""
