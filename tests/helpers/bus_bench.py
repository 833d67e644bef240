"""A bus with several slaves in virtual time, on a wire in memory, and the configuration of several modules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from random import Random

from cmi_gui.engine.bus.bus import Bus
from cmi_gui.engine.bus.faults import Faults
from cmi_gui.engine.bus.node import Node
from cmi_gui.engine.bus.response_time import AS_SOLD, ResponseTime
from cmi_gui.engine.bus.transmission import Overlapped
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.settings import ModuleSettings
from cmi_gui.engine.driver import Driver
from cmi_gui.engine.link.memory import memory_pair
from cmi_gui.engine.link_protocol import Cap, LinkError, LinkNotice
from cmi_gui.engine.machine import Line, LineEvent, LinkState, SendOutcome
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.line_speed import LineSpeed
from cmi_gui.engine.mbus.selection import Identity
from cmi_gui.engine.mbus.slave import Slave
from cmi_gui.engine.mbus.slave_events import Received, Verdict
from cmi_gui.engine.station.metering_point import PointConfig
from tests.helpers.slave_bench import Application

ACK = b"\xe5"


def nke(a: int) -> bytes:
    return Frame.short(0x40, a).to_bytes()


def request(a: int, *, fcb: bool = True) -> bytes:
    return Frame.short(0x7B if fcb else 0x5B, a).to_bytes()


def select(mask: str) -> bytes:
    """Return a selection: `mask` as in `21436587 FFFF FF FF`, in the order of the bytes."""
    return Frame.long(0x53, 253, 0x52, bytes.fromhex(mask)).to_bytes()


def make_node(name: str, slave: Slave, response: ResponseTime, seed: int) -> Node:
    random = Random(f"{seed} {name}")
    return Node(name=name, slave=slave, response=response, random=random, faults=Faults(random), on_step=lambda: None)


ANY = "FFFFFFFF FFFF FF FF"


class BusBench:
    """A bus, and the master's end of its wire. `heard`: what the master received, and when; `errors`: line errors;
    `read`: both in order.

    `addresses`: one for each slave, which are called `s0`, `s1` and so on; slave n has identification number 1000 + n.
    `line`: of the wire; None: it has no speed.
    """

    def __init__(
        self,
        addresses: Sequence[int],
        *,
        bauds: Sequence[int] = (),
        line: Line | None = None,
        paced: bool = False,
        responses: Sequence[ResponseTime] = (),
        seed: int = 7,
    ) -> None:
        self.clock = VirtualClock(1000.0)
        self.apps: list[Application] = []
        self.nodes: list[Node] = []
        for number, address in enumerate(addresses):
            app = Application()
            app.primary_address = address
            app.own = Identity(bytes.fromhex(f"{1000 + number:08d}")[::-1] + bytes.fromhex("9615 01 02"))
            app.line = Line(bauds[number] if bauds else 2400)
            self.apps.append(app)
            response = responses[number % len(responses)] if responses else ResponseTime()
            self.nodes.append(make_node(f"s{number}", Slave(app, has_speed=line is not None), response, seed))
        near, self.end = memory_pair(self.clock, line, paced=paced, any_speed=True)
        self.bus = Bus(
            self.nodes,
            speed=None if line is None else LineSpeed(lambda: line, form=line),
            peer_baud=lambda: near.peer_baud,
            sends_errors=Cap.ERRORS_TX in near.caps,
        )
        self.events: list[object] = []
        self.heard: list[tuple[float, bytes]] = []
        self.errors: list[tuple[float, LineEvent]] = []
        self.read: list[int | str] = []
        self.driver = Driver(self.bus, near, self.clock, self.events.append)
        self.driver.open()
        self.end.open(self)

    def send(self, telegram: bytes) -> None:
        """Send as a master; time does not pass."""
        self.end.send(1, telegram, self.clock.now(), self.clock.now() + 10)

    def ask(self, telegram: bytes, wait: float = 3.0) -> bytes:
        """Send as a master; return everything received within `wait` seconds."""
        self.heard.clear()
        self.errors.clear()
        self.read.clear()
        self.events.clear()
        self.send(telegram)
        self.clock.advance(wait)
        return self.data

    def set_speed(self, baud: int) -> None:
        """Change the speed of the master."""
        self.end.set_line(2, Line(baud))
        self.clock.advance(0.001)

    @property
    def data(self) -> bytes:
        """The bytes received since the last `ask` began."""
        return b"".join(data for _, data in self.heard)

    @property
    def verdicts(self) -> list[Verdict]:
        return [event.verdict for event in self.events if isinstance(event, Received)]

    @property
    def overlapped(self) -> list[tuple[str, ...]]:
        """The names of the slaves whose answers met, for each time that some did."""
        return [event.names for event in self.events if isinstance(event, Overlapped)]

    @property
    def request_ended(self) -> float:
        """The time of the last stop bit of the last request."""
        return next(event.at for event in reversed(self.events) if isinstance(event, Received))

    # LinkSink

    def received(self, data: bytes, last_byte_at: float) -> None:
        self.heard.append((last_byte_at, data))
        self.read += data

    def line_event(self, kind: LineEvent, at: float) -> None:
        self.errors.append((at, kind))
        self.read.append(kind.value)

    def notice(self, notice: LinkNotice) -> None:
        raise AssertionError("a wire in memory has no notices")

    def done(self, token: int, outcome: SendOutcome, at: float) -> None:
        assert outcome is SendOutcome.SENT

    def state(self, state: LinkState, cause: LinkError | None) -> None:
        pass


def modules(*addresses: int, baud: int = 2400) -> tuple[PointConfig, ...]:
    """Return modules at these addresses, each with its own serial number and random numbers."""
    return tuple(
        PointConfig(
            serial=f"{50_100_001 + number}",
            settings=ModuleSettings(primary_address=address, baud=baud),
            response=ResponseTime(11, AS_SOLD),
            seed=number,
            paced=False,
            start_time=datetime(2026, 6, 1, 12),
            readout_interval=3600.0,
        )
        for number, address in enumerate(addresses)
    )
