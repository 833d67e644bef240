"""The wires on which the station only listens: the traffic of others is recorded and decoded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.driver import Driver
from cmi_gui.engine.iec62056.listener import MeterListener, MeterTraffic, ObservedReadout
from cmi_gui.engine.link.url import make_link, parse_link
from cmi_gui.engine.link_protocol import Cap, LinkError
from cmi_gui.engine.machine import LinkState, Listener, SpeedFollowed, Unreadable
from cmi_gui.engine.mbus.ci import CI_VARIABLE, CI_VARIABLE_MODE_2
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import Frame, Function
from cmi_gui.engine.mbus.frame_decoder import GoodFrame
from cmi_gui.engine.mbus.listener import BusListener, BusTraffic
from cmi_gui.engine.mbus.telegram import Header, decode_telegram
from cmi_gui.engine.messages import Message
from cmi_gui.engine.station.idle import idle_extra
from cmi_gui.engine.station.link_set import LinkSet, OnLinkChanged, WiredLink
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.engine.station.notice import EmitNotice
from cmi_gui.engine.station.wiring import Listening, Use, Wiring
from cmi_gui.engine.traffic.masking import MbusMask
from cmi_gui.engine.traffic.recorder import BusListenerRecorder, MeterListenerRecorder
from cmi_gui.engine.traffic.store import LISTENER_PREFIX, TrafficStore

MAX_SLAVES = 1000
"""The maximum number of slaves counted on one wire; a bus has at most 250."""

ListenerEvent = SpeedFollowed | Unreadable | ObservedReadout
"""The events of a listener that do not go into the traffic."""
_WITH_HEADER = (CI_VARIABLE, CI_VARIABLE_MODE_2)


@dataclass(slots=True)
class ObservedSlave:
    """A slave whose answers (RSP_UD) were received: its A field, their number, the last of them and its time."""

    address: int
    answers: int
    frame: Frame
    at: float

    @property
    def header(self) -> Header | None:
        """The header of its last answer; None if there is none, or one that is not as EN 13757-3 defines it."""
        try:
            return decode_telegram(self.frame).header
        except MBusError:
            return None


@dataclass(slots=True, eq=False)
class ListenerLink(WiredLink):
    """One wire with a listener.

    `slaves`: on a bus, the slaves whose answers were received, by A field and the first eight bytes of the header
    (empty if there is none). `readout`: on a meter's line, the last complete readout that the meter sent.
    """

    slaves: dict[tuple[int, bytes], ObservedSlave] = field(default_factory=dict)
    readout: ObservedReadout | None = None

    def count(self, frame: Frame, at: float) -> None:
        """Count an answer (RSP_UD) for its slave; ignore any other telegram."""
        if frame.function is not Function.RSP_UD:
            return
        key = frame.a, frame.data[:8] if frame.ci in _WITH_HEADER else b""
        known = self.slaves.get(key)
        if known is not None:
            known.answers += 1
            known.frame, known.at = frame, at
        elif len(self.slaves) < MAX_SLAVES:
            self.slaves[key] = ObservedSlave(frame.a, 1, frame, at)


class ListeningSide(LinkSet[Listening, ListenerLink]):
    """All wires on which the station only listens.

    Rows go into `store`, with `LISTENER_PREFIX` before the link's URL. `on_row` is called with the index and time of
    each new row, `on_state` for each change of a link's state, `on_changed` for each `ListenerEvent`. `mask` finds
    secrets in M-Bus telegrams.
    """

    def __init__(
        self,
        clock: Clock,
        store: TrafficStore,
        on_row: Callable[[int, float], None],
        mask: MbusMask,
        on_state: OnLinkChanged,
        on_changed: Callable[[LinkStatus, ListenerEvent], None],
    ) -> None:
        super().__init__(on_state)
        self._clock = clock
        self._store = store
        self._on_row = on_row
        self._mask = mask
        self._on_listener_event = on_changed

    def _wanted_of(self, wiring: Wiring) -> list[Listening]:
        return [Listening(str(parse_link(wanted.link)), wanted.side) for wanted in wiring.listen]

    def _new_status(self, wanted: Listening) -> LinkStatus:
        return LinkStatus(wanted.side, wanted.link, wanted.link, listens=True)

    def _make(self, wanted: Listening, status: LinkStatus) -> ListenerLink:
        spec = parse_link(wanted.link)
        line = spec.line(wanted.use.line)
        link = make_link(spec, self._clock, wanted.use.role(spec), line)
        machine: Listener
        if wanted.use is Use.LISTEN_BUS:
            has_speed = Cap.BAUD in link.caps
            machine = BusListener(line, has_speed=has_speed, finds_speed=spec.finds_speed, idle_extra=idle_extra(link))
        else:
            machine = MeterListener(line)
        bus = BusListenerRecorder(self._store, lambda: LISTENER_PREFIX + status.url, self._on_row, self._mask)
        meter = MeterListenerRecorder(self._store, lambda: LISTENER_PREFIX + status.url, self._on_row)

        def tap(direction: Literal["rx", "tx"], data: bytes, at: float) -> None:
            status.count(direction, data)

        def on_event(event: object) -> None:
            match event:
                case BusTraffic():
                    bus.record(event)
                    if isinstance(event.event, GoodFrame):
                        wired.count(event.event.frame, event.at)
                case MeterTraffic():
                    meter.record(event)
                case ObservedReadout():
                    wired.readout = event
                    self._on_listener_event(status, event)
                case SpeedFollowed() | Unreadable():
                    update_speed()
                    self._on_listener_event(status, event)

        def update_speed() -> None:
            if Cap.BAUD in link.caps:
                status.line = machine.line
                status.speed_found = machine.found if isinstance(machine, BusListener) else None

        def on_state(state: LinkState, cause: LinkError | None) -> None:
            driver.run(machine.opened if state is LinkState.OPEN else machine.lost)
            update_speed()
            self._on_changed(status, link, state, cause)

        driver = Driver(machine, link, self._clock, on_event, on_state=on_state, tap=tap)
        wired = ListenerLink(driver, status)
        return wired


def emit_listener_event(status: LinkStatus, event: ListenerEvent, emit_notice: EmitNotice) -> None:
    """Call `emit_notice` with level, code and message for an event that the user should see beside the traffic."""
    match event:
        case Unreadable() if status.side == "mbus":
            message = Message(
                "{0}: the received data cannot be read as M-Bus. Check the speed and the wires of the tap.",
                (status.url,),
            )
            emit_notice("warning", "listen_unreadable", message)
        case Unreadable():
            message = Message(
                "{0}: the received data cannot be read. It began before listening started, or it is not mode C."
                " The next sign-on will be followed.",
                (status.url,),
            )
            emit_notice("warning", "listen_unreadable", message)
        case SpeedFollowed(line=line, found=found) if status.side == "mbus" and found is not False:
            emit_notice("info", "listen_speed", Message("{0}: listening at {1} bit/s.", (status.url, line.baud)))
