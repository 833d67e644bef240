"""The M-Bus side of the module: every link that leads there, each with its own slave machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.cmi1020.module import Cmi1020
from cmi_gui.engine.driver import Driver
from cmi_gui.engine.link.echo_link import learned_echo
from cmi_gui.engine.link.pty import peer_baud
from cmi_gui.engine.link.url import LinkSpec, make_link, parse_link
from cmi_gui.engine.link_protocol import Cap, Link, LinkNotice
from cmi_gui.engine.machine import Effects, LineEvent
from cmi_gui.engine.mbus.line_speed import SpeedCause
from cmi_gui.engine.mbus.slave import AnswerExpired, LineDisturbed, Received, Slave, SpeedChanged
from cmi_gui.engine.messages import Message, marked
from cmi_gui.engine.station.link_set import LinkSet, OnLinkChanged, WiredLink
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.engine.station.wiring import Wiring
from cmi_gui.engine.traffic.recorder import MbusRecorder

IDLE = 0.050
"""The seconds beyond 33 bit times that a telegram may pause: USB adapters deliver bytes late."""
LUMPY_IDLE = 0.200
"""The seconds of pause allowed on links without a speed, where a network delivers the bytes in groups."""

NOTICE_EVERY = 60.0
"""The shortest time in seconds between two equal notices on one link."""


class EmitNotice(Protocol):
    """The callback by which a side emits a notice for the user, in one sentence; see `Notice`."""

    def __call__(self, level: Literal["info", "warning", "error"], code: str, message: Message) -> None:
        """Emit a notice; `code` is stable."""


@dataclass(slots=True, eq=False)
class SlaveLink(WiredLink):
    """One link of the M-Bus side with its slave machine."""

    slave: Slave

    def open(self) -> None:
        """Open the link, at the present speed of the slave."""
        self.driver.open()
        self.run(self.slave.opened)

    def run(self, step: Callable[[], Effects]) -> None:
        """Run a step of the slave and update the speed in `status`."""
        self.driver.run(step)
        self.follow()

    def follow(self) -> None:
        """Update `status` from the slave's speed."""
        if Cap.BAUD in self.driver.link.caps:
            self.status.line = self.slave.line
        self.status.speed_found = self.slave.speed_found


class MbusSide(LinkSet[str, SlaveLink]):
    """The links of the module's M-Bus side.

    `make_recorder` makes the recorder of a link's traffic; `on_changed` is called for each change of a link's state,
    `on_event` after each event of a link, `emit_notice` for notices.

    A link whose LINK names a speed has its own speed, and one with `baud=auto` searches for it: the module's setting
    does not change the speed of such a link, only a command received on it does, until it is wired or connected again.

    The wires of this program's own masters are kept apart from the links of the wiring: they have no status and are
    never rewired.
    """

    def __init__(
        self,
        module: Cmi1020,
        clock: Clock,
        make_recorder: Callable[[LinkStatus], MbusRecorder],
        on_changed: OnLinkChanged,
        on_event: Callable[[], None],
        emit_notice: EmitNotice,
    ) -> None:
        super().__init__(on_changed)
        self._module = module
        self._clock = clock
        self._make_recorder = make_recorder
        self._on_event = on_event
        self._emit_notice = emit_notice
        self._masters: list[SlaveLink] = []

    def open(self) -> None:
        """Open every link, including those of this program's own masters."""
        super().open()
        for port in self._masters:
            port.open()

    def close(self) -> None:
        """Close every link, including those of this program's own masters."""
        super().close()
        for port in self._masters:
            port.close()

    def attach(self, link: Link) -> None:
        """Connect a master of this program to the module over `link`."""
        port = self._make_port(link, LinkStatus("mbus", link.url, link.url), internal=True)
        self._masters.append(port)
        self._settle(port)

    def _wanted_of(self, wiring: Wiring) -> list[str]:
        return [str(parse_link(link)) for link in wiring.mbus]

    def _new_status(self, wanted: str) -> LinkStatus:
        return LinkStatus("mbus", wanted, wanted)

    def _make(self, wanted: str, status: LinkStatus) -> SlaveLink:
        spec = parse_link(wanted)
        return self._make_port(make_link(spec, self._clock, "serve", self._module.line), status, spec)

    def _make_port(
        self, link: Link, status: LinkStatus, spec: LinkSpec | None = None, *, internal: bool = False
    ) -> SlaveLink:
        has_speed = Cap.BAUD in link.caps
        slave = Slave(
            self._module,
            has_speed=has_speed,
            idle_extra=IDLE if has_speed else LUMPY_IDLE,
            form=spec.line(self._module.line) if spec else None,
            own_baud=spec.baud if spec else None,
            finds_speed=spec is not None and spec.finds_speed,
        )
        recorder = self._make_recorder(status)
        noticed_at: dict[Message, float] = {}

        def notice(code: str, message: Message, at: float) -> None:
            nonlocal noticed_at
            noticed_at = {known: then for known, then in noticed_at.items() if at - then < NOTICE_EVERY}
            if not internal and message not in noticed_at:
                noticed_at[message] = at
                self._emit_notice("warning", code, message)

        reported_speeds: tuple[int | None, int] | None = None

        def tap(direction: Literal["rx", "tx"], data: bytes, at: float) -> None:
            status.count(direction, data)
            status.echo = learned_echo(link)
            status.answered += direction == "tx"
            recorder.tap(direction, data, at)

        def late(at: float) -> None:
            status.late += 1
            message = Message(
                "the module stayed silent on {0}, for its answer would have been too late;"
                " something keeps this computer or its adapter busy",
                (status.url,),
            )
            notice("answer_late", message, at)

        def emit_speed(event: Received) -> None:
            """Emit a notice of a peer at another speed than the module's, once for each pair; not during a search."""
            nonlocal reported_speeds
            line_baud, own = peer_baud(link), slave.line.baud
            if line_baud in (None, own) or (line_baud, own) == reported_speeds or slave.speed_found is not None:
                return
            reported_speeds = (line_baud, own)
            template = marked("{0}: heard at {1} bit/s, the module is at {2}")
            if isinstance(event.event, LineDisturbed):
                template = marked("{0}: {1} bit/s is not heard, the module is at {2}; pty:?baud=any hears any speed")
            self._emit_notice("info", "other_speed", Message(template, (status.url, line_baud, own)))

        def on_event(event: object) -> None:
            match event:
                case Received():
                    recorder.received(event)
                    emit_speed(event)
                case AnswerExpired(at=at):
                    recorder.expired(event)
                    late(at)
                case LinkNotice(code=code, message=message):
                    notice(code, message, self._clock.now())
                case SpeedChanged(line=line, cause=SpeedCause.FOUND):
                    message = Message("the master on {0} speaks at {1} bit/s", (status.url, line.baud))
                    self._emit_notice("info", "bus_speed_found", message)
            port.follow()
            self._on_event()

        driver = Driver(
            slave,
            link,
            self._clock,
            on_event,
            # The states of wires inside this program are not reported.
            on_state=None if internal else lambda state, cause: self._on_changed(status, link, state, cause),
            tap=tap,
        )
        port = SlaveLink(driver, status, slave)
        port.follow()
        return port

    # What happens on the bus

    @property
    def _all(self) -> list[SlaveLink]:
        return [*self.ports, *self._masters]

    def power_off(self) -> None:
        """Reset every slave after the loss of bus voltage, including a new speed not yet used."""
        for port in self._all:
            port.run(port.slave.power_off)

    def follow_speed(self) -> None:
        """Have every slave follow a change of the module's speed."""
        for port in self._all:
            port.run(port.slave.follow_speed)

    def send_break(self) -> None:
        """Put a break on the bus, as a master may send one: every answer that is being sent ends at once."""
        now = self._clock.now()
        for port in self._all:
            port.driver.line_event(LineEvent.BREAK, now)
