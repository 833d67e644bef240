"""The events of a station: their sources, its subscribers, and the recorders of its traffic."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.events import Event, FaultHappened, Hub, LinkChanged, ModuleChanged, Notice, TrafficAdded
from cmi_gui.engine.link_protocol import Link, LinkError
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.messages import Message
from cmi_gui.engine.module_state import ModuleState
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.engine.station.metering_point import MeteringPoint
from cmi_gui.engine.traffic.masking import MbusMask
from cmi_gui.engine.traffic.recorder import MasterRecorder, MbusRecorder, MeterRecorder
from cmi_gui.engine.traffic.store import TrafficStore

PRACTICE = "practice"
"""The name of the wires of a hosted station, and the beginning of its modules' sources in events."""
Watcher = Callable[[MeteringPoint], object]


class StationEvents:
    """The events of a station with one or `several` modules. `traffic`: where its rows are stored; `mask`: of secrets.

    `hosted`: it shares the traffic of another station, and that of its own meters is not stored.
    """

    def __init__(self, clock: Clock, traffic: TrafficStore, mask: MbusMask, *, several: bool, hosted: bool) -> None:
        self.hub = Hub(clock)
        self.watchers: list[Watcher] = []
        """The functions that are called after each step of a module, in that step."""
        self.traffic = traffic
        self.mask = mask
        self._several = several
        self._hosted = hosted
        self._sent: ModuleState | None = None

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Add a watcher; return a function that removes it."""
        self.watchers.append(watcher)
        return partial(self.watchers.remove, watcher)

    # Events

    def send_state_again(self) -> None:
        """Emit the module's state after its next step, even if it has not changed."""
        self._sent = None

    def after_step(self, point: MeteringPoint, chosen: MeteringPoint) -> None:
        """Call the watchers, and emit the state of the module of `chosen` if that has made the step and has changed."""
        for watcher in tuple(self.watchers):
            watcher(point)
        # Without a subscriber no snapshots are made, as they cost time.
        if point is chosen and self.hub.subscriptions:
            state = point.module_state()
            if state != self._sent:
                self._sent = state
                self.hub.emit(ModuleChanged(state), "module")

    def emit_notice(self, level: Literal["info", "warning", "error"], code: str, message: Message) -> None:
        """Emit a notice of one sentence."""
        self.hub.emit(Notice(level=level, code=code, message=message), "station")

    def emit_from_module(self, name: str, event: Event, at: float) -> None:
        """Emit an event of a module with this name."""
        self.hub.emit(event, name if self._several else "module", at)

    def emit_fault(self, fault: FaultHappened, *, own: bool) -> None:
        """Emit a fault on the wire of a module, of this station (`own`) or of one that it hosts."""
        if own:
            self.emit_from_module(fault.module, fault, fault.at)
        else:
            self.hub.emit(fault, f"{PRACTICE}:{fault.module}", fault.at)

    def change_link(self, status: LinkStatus, link: Link, state: LinkState, cause: LinkError | None) -> None:
        """Note the new state of a link in its status, and emit it."""
        status.state = state
        status.code = cause.code if cause else None
        status.message = cause.message if cause else None
        if state is LinkState.OPEN:
            status.url = link.url
        self.hub.emit(
            LinkChanged(status.side, status.url, state.value, status.code, status.message, listens=status.listens),
            status.url,
        )

    def emit_row(self, index: int, at: float) -> None:
        """Emit that a row of traffic was stored."""
        self.hub.emit(TrafficAdded(index), "station", at)

    # Recorders

    def mbus_recorder(self, status: LinkStatus) -> MbusRecorder:
        """Return a recorder for a link to masters."""
        return MbusRecorder(self.traffic, lambda: status.url, self.emit_row, self.mask)

    def meter_recorder(self, status: LinkStatus) -> MeterRecorder:
        """Return a recorder for a link of a meter."""
        if self._hosted:
            return MeterRecorder(TrafficStore(0), lambda: status.url, lambda index, at: None)
        return MeterRecorder(self.traffic, lambda: status.url, self.emit_row)

    def master_recorder(self, link: Callable[[], str]) -> MasterRecorder:
        """Return a recorder for a master of this program on a separate bus, which `link` names in the rows."""
        return MasterRecorder(self.traffic, link, self.emit_row, self.mask)
