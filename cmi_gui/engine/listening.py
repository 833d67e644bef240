"""Wires on which the station only listens: others speak there, and what they say is recorded and decoded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from cmi_gui.engine.bus_side import IDLE, LUMPY_IDLE, LinkTold
from cmi_gui.engine.clock import Clock
from cmi_gui.engine.driver import Driver
from cmi_gui.engine.link.base import Cap, LinkError
from cmi_gui.engine.link.url import make_link, parse_link
from cmi_gui.engine.link_status import LinkStatus
from cmi_gui.engine.machine import Effects, Line, LinkState, Machine
from cmi_gui.engine.mbus.listener import BusListener, Overheard
from cmi_gui.engine.recorder import BusListenerRecorder
from cmi_gui.engine.wiring import Listening, listen_role

__all__ = ["BUS_LINE", "ListeningPort", "ListeningSide"]

BUS_LINE = Line(2400)
"""The speed of a bus whose LINK names none (EN 13757-2)."""


class _Listener(Machine, Protocol):
    def opened(self) -> Effects:
        """The link has opened."""

    def lost(self) -> Effects:
        """The link is not open any more."""


@dataclass(slots=True, eq=False)
class ListeningPort:
    """One wire that is listened to."""

    listening: Listening
    driver: Driver
    status: LinkStatus


class ListeningSide:
    """`make_recorder` gives each link somebody who writes what is heard there; `told` hears of the links' states."""

    def __init__(
        self, clock: Clock, make_recorder: Callable[[LinkStatus], BusListenerRecorder], told: LinkTold
    ) -> None:
        self._clock = clock
        self._make_recorder = make_recorder
        self._told = told
        self._open = False
        self.ports: list[ListeningPort] = []

    @property
    def status(self) -> list[LinkStatus]:
        """The links, in the order in which they were asked for."""
        return [port.status for port in self.ports]

    def owns(self, status: LinkStatus) -> bool:
        """Whether a link is one of these."""
        return any(port.status is status for port in self.ports)

    def open(self) -> None:
        """Open every link."""
        self._open = True
        for port in self.ports:
            port.driver.open()

    def close(self) -> None:
        """Close every link."""
        self._open = False
        for port in self.ports:
            port.driver.close()

    # Wiring

    def prepare(self, listen: Sequence[Listening]) -> list[ListeningPort]:
        """The ports for these wires, in their order: those that are there already, and new ones, still closed.

        Nothing changes before `take`. Raises LinkError for a LINK that cannot be.
        """
        there, ports = list(self.ports), []
        for listening in (Listening(str(parse_link(wanted.link)), wanted.side) for wanted in listen):
            port = next((port for port in there if port.listening == listening), None)
            if port is None:
                status = LinkStatus(listening.side, listening.link, listening.link, listens=True)
                port = self._make(listening, status)
            else:
                there.remove(port)
            ports.append(port)
        return ports

    def drop(self, staying: Sequence[ListeningPort]) -> None:
        """Close all but these; `take` follows, when whatever else changes has let go of its links too."""
        for port in self.ports:
            if port not in staying:
                self._shut(port)

    def take(self, ports: Sequence[ListeningPort]) -> None:
        """Have these ports, from `prepare`, in place of those there were; what stays is not disturbed."""
        before, self.ports = self.ports, list(ports)
        if self._open:
            for port in ports:
                if port not in before:
                    port.driver.open()

    def disconnect(self, status: LinkStatus) -> None:
        """Close one link and leave it so until `reconnect`. Raises ValueError if it is wired no more."""
        self._shut(self._port_of(status))

    def reconnect(self, status: LinkStatus) -> None:
        """Open one link again, now, whatever it is doing. Raises ValueError if it is wired no more."""
        port = self._port_of(status)
        port.driver.close()
        fresh = self._make(port.listening, status)
        self.ports[self.ports.index(port)] = fresh
        if self._open:
            fresh.driver.open()

    def _port_of(self, status: LinkStatus) -> ListeningPort:
        for port in self.ports:
            if port.status is status:
                return port
        raise ValueError(f"{status.url} is not wired any more")

    def _shut(self, port: ListeningPort) -> None:
        port.driver.close()
        self._told(port.status, port.driver.link, LinkState.CLOSED, None)

    def _make(self, listening: Listening, status: LinkStatus) -> ListeningPort:
        spec = parse_link(listening.link)
        line = spec.line(BUS_LINE)
        link = make_link(spec, self._clock, listen_role(spec), line)
        has_speed = Cap.BAUD in link.caps
        machine: _Listener = BusListener(line, has_speed=has_speed, idle_extra=IDLE if has_speed else LUMPY_IDLE)
        recorder = self._make_recorder(status)

        def tap(direction: Literal["rx", "tx"], data: bytes, at: float) -> None:
            status.count(direction, data)

        def hear(event: object) -> None:
            match event:
                case Overheard():
                    recorder.overheard(event)

        def on_state(state: LinkState, cause: LinkError | None) -> None:
            driver.run(machine.opened if state is LinkState.OPEN else machine.lost)
            self._told(status, link, state, cause)

        driver = Driver(machine, link, self._clock, hear, on_state=on_state, tap=tap)
        return ListeningPort(listening, driver, status)
