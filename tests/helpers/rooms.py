"""Rooms of modules with random numbers, and a port of pyserial's form on their wire in virtual time."""

from __future__ import annotations

from random import Random

from cmi_gui.engine.bus.response_time import AS_SOLD, ResponseTime
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.settings import ModuleSettings
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.machine import LineEvent, LinkState, SendOutcome
from cmi_gui.engine.mbus.scan import FoundSlave
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.metering_point import PointConfig
from cmi_gui.engine.station.station import Station
from tests.helpers.station_bench import NOON


def random_modules(count: int, seed: int, begin: str = "") -> tuple[PointConfig, ...]:
    """Return modules with random serial numbers, many at equal addresses; every tenth has the number of another one.

    `begin`: the digits with which all serial numbers begin.
    """
    assert 2 * count <= 10 ** (8 - len(begin)), "there are too few serial numbers"
    random = Random(seed)
    serials: list[str] = []
    while len(serials) < count:
        high = random.choice((100_000_000, 1_000_000))
        serial = begin + f"{random.randrange(high) + (50_000_000 if high < 100_000_000 else 0):08d}"[len(begin) :]
        serials += [serial] if serial not in serials else []
    points = []
    for index, serial in enumerate(serials):
        twin = serials[index - 1] if index % 10 == 1 else None
        settings = ModuleSettings(primary_address=random.choice((0, 0, 1, 7)), secondary_address=twin)
        points.append(
            PointConfig(
                serial,
                seed=index,
                response=ResponseTime(high=AS_SOLD),
                settings=settings,
                readout_interval=86_400.0,
                paced=False,
                start_time=NOON,
            )
        )
    return tuple(points)


def addresses_of(points: tuple[PointConfig, ...]) -> set[tuple[str, str]]:
    """Return identification and fabrication number of each module."""
    return {(point.settings.secondary_address or point.serial, point.serial) for point in points}


def found_numbers(found: list[FoundSlave]) -> set[tuple[str, str]]:
    """Return identification and fabrication number of each slave that a search found."""
    numbers = set()
    for slave in found:
        assert slave.telegram is not None, slave
        assert slave.telegram.header is not None
        numbers.add((slave.telegram.header.id, f"{slave.telegram.records[0].value:08d}"))
    return numbers


def running_room(points: tuple[PointConfig, ...], clock: VirtualClock) -> Station:
    """Return a running station with these modules, whose meters have been read."""
    made = Station(StationConfig(mbus=(), modules=points), clock)
    made.start()
    assert clock.run_until(
        clock.now() + 60, lambda: all(point.module.contact for point in made.points if point.config.powered)
    )
    return made


class VirtualPort:
    """A serial port for pyMeterBus on the wire of a room, in virtual time. `timeout`: of `read`, in seconds."""

    def __init__(self, room: Station, clock: VirtualClock, *, timeout: float = 0.3) -> None:
        self._clock = clock
        self.timeout = timeout
        self._received = bytearray()
        self._link = room.connect_master()
        self._link.open(self)

    def write(self, data: bytes) -> int:
        self._link.send(0, bytes(data), 0.0, float("inf"))
        return len(data)

    def read(self, size: int = 1) -> bytes:
        self._clock.run_until(self._clock.now() + self.timeout, lambda: len(self._received) >= size)
        data = bytes(self._received[:size])
        del self._received[:size]
        return data

    def reset_input_buffer(self) -> None:
        """Wait until nothing more is received, and forget it all."""
        while self.read(1000):
            pass

    # The sink of the link

    def state(self, state: LinkState, cause: LinkError | None) -> None:
        pass

    def received(self, data: bytes, at: float) -> None:
        self._received += data

    def line_event(self, kind: LineEvent, at: float) -> None:
        pass

    def done(self, token: int, outcome: SendOutcome, at: float) -> None:
        pass
