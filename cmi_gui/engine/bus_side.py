"""The module's M-Bus terminals: every link that leads there, each with a slave machine of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.cmi1020.module import Cmi1020
from cmi_gui.engine.driver import Driver
from cmi_gui.engine.link.base import Cap, Link, LinkError
from cmi_gui.engine.link.url import make_link, parse_link
from cmi_gui.engine.link_status import LinkStatus
from cmi_gui.engine.machine import LineEvent, LinkState
from cmi_gui.engine.mbus.slave import AnswerExpired, Received, Slave
from cmi_gui.engine.recorder import MbusRecorder

__all__ = ["BusPort", "BusSide", "LinkTold"]

IDLE = 0.050
"""Seconds beyond 33 bit times that a telegram may pause: USB adapters deliver bytes late."""
LUMPY_IDLE = 0.200
"""... and on links without a speed, where a network delivers it in lumps."""

LinkTold = Callable[[LinkStatus, Link, LinkState, LinkError | None], None]
"""How a side tells that the state of one of its links changed."""


@dataclass(slots=True, eq=False)
class BusPort:
    """One listening link with its slave machine; `internal`: a wire of this program, unknown to the world outside."""

    slave: Slave
    driver: Driver
    status: LinkStatus
    internal: bool = False


class BusSide:
    """`make_recorder` gives each link somebody who writes its traffic; `heard` is called after each thing that came in.

    The ports are in the order in which they were asked for, those of this program's own masters behind them.
    """

    def __init__(
        self,
        module: Cmi1020,
        clock: Clock,
        make_recorder: Callable[[LinkStatus], MbusRecorder],
        told: LinkTold,
        heard: Callable[[], None],
    ) -> None:
        self._module = module
        self._clock = clock
        self._make_recorder = make_recorder
        self._told = told
        self._heard = heard
        self._open = False
        self.ports: list[BusPort] = []

    @property
    def status(self) -> list[LinkStatus]:
        """The links to the world outside."""
        return [port.status for port in self.ports if not port.internal]

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

    def attach(self, link: Link) -> None:
        """Let a master of this program reach the module over `link`."""
        port = self._make_port(link, LinkStatus("mbus", link.url, link.url), internal=True)
        self.ports.append(port)
        if self._open:
            port.driver.open()

    # Wiring

    def prepare(self, links: Sequence[str]) -> list[BusPort]:
        """The ports for these LINKs, in their order: those that are there already, and new ones, still closed.

        Nothing changes before `take`. Raises LinkError for a LINK that cannot be.
        """
        there = [port for port in self.ports if not port.internal]
        ports = []
        for link in (str(parse_link(link)) for link in links):
            port = next((port for port in there if port.status.link == link), None)
            if port is None:
                port = self._make(LinkStatus("mbus", link, link))
            else:
                there.remove(port)
            ports.append(port)
        return ports

    def take(self, ports: Sequence[BusPort]) -> None:
        """Have these ports, from `prepare`, in place of those there were; what stays is not disturbed."""
        before = [port for port in self.ports if not port.internal]
        self.ports = [*ports, *(port for port in self.ports if port.internal)]
        # First all that goes, because what comes may want its place.
        for port in before:
            if port not in ports:
                self._shut(port)
        if self._open:
            for port in ports:
                if port not in before:
                    port.driver.open()

    def _port_of(self, status: LinkStatus) -> BusPort:
        for port in self.ports:
            if port.status is status:
                return port
        raise ValueError(f"{status.url} is not wired any more")

    def disconnect(self, status: LinkStatus) -> None:
        """Close one link and leave it so until `reconnect`. Raises ValueError if it is wired no more."""
        self._shut(self._port_of(status))

    def _shut(self, port: BusPort) -> None:
        port.driver.close()
        self._told(port.status, port.driver.link, LinkState.CLOSED, None)

    def reconnect(self, status: LinkStatus) -> None:
        """Open one link again, now, whatever it is doing. Raises ValueError if it is wired no more."""
        port = self._port_of(status)
        port.driver.close()
        # A link keeps the speed that it was made for; the module may have another one by now.
        fresh = self._make(status)
        self.ports[self.ports.index(port)] = fresh
        if self._open:
            fresh.driver.open()

    def _make(self, status: LinkStatus) -> BusPort:
        return self._make_port(make_link(parse_link(status.link), self._clock, "listen", self._module.line), status)

    def _make_port(self, link: Link, status: LinkStatus, *, internal: bool = False) -> BusPort:
        has_speed = Cap.BAUD in link.caps
        slave = Slave(self._module, has_speed=has_speed, idle_extra=IDLE if has_speed else LUMPY_IDLE)
        recorder = self._make_recorder(status)

        def tap(direction: Literal["rx", "tx"], data: bytes, at: float) -> None:
            status.count(direction, data)
            recorder.tap(direction, data, at)

        def hear(event: object) -> None:
            match event:
                case Received():
                    recorder.received(event)
                case AnswerExpired():
                    recorder.expired(event)
            self._heard()

        driver = Driver(
            slave,
            link,
            self._clock,
            hear,
            # Of wires inside this program nobody is told.
            on_state=None if internal else lambda state, cause: self._told(status, link, state, cause),
            tap=tap,
        )
        return BusPort(slave, driver, status, internal)

    # What happens on the bus

    def power_off(self) -> None:
        """The module is dark: every slave forgets."""
        for port in self.ports:
            port.driver.run(port.slave.power_off)
            # A new speed that nobody used yet is volatile; its link has to go back too.
            port.driver.run(port.slave.follow_speed)

    def follow_speed(self) -> None:
        """The module's speed is another one now."""
        for port in self.ports:
            port.driver.run(port.slave.follow_speed)

    def send_break(self) -> None:
        """A break, as a master may send one: every answer that is being sent ends at once."""
        now = self._clock.now()
        for port in self.ports:
            port.driver.line_event(LineEvent.BREAK, now)
