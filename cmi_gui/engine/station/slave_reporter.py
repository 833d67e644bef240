"""The reporter of one link of the M-Bus side: it records and counts bytes and events, and informs the user."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from cmi_gui.engine.bus.bus import Bus
from cmi_gui.engine.bus.transmission import Answered, Overlapped
from cmi_gui.engine.clock import Clock
from cmi_gui.engine.events import FaultHappened
from cmi_gui.engine.link.peer_speed import peer_baud
from cmi_gui.engine.link_protocol import Link, LinkNotice
from cmi_gui.engine.mbus.line_speed import SpeedCause
from cmi_gui.engine.mbus.slave_events import AnswerExpired, LineDisturbed, Received, SpeedChanged
from cmi_gui.engine.messages import Message, marked
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.engine.station.notice import EmitNotice
from cmi_gui.engine.traffic.recorder import MbusRecorder

NOTICE_EVERY = 60.0
"""The shortest time in seconds between two equal notices on one link."""


@dataclass(slots=True, eq=False)
class SlaveReporter:
    """A receiver of one link's bytes (`tap`) and of its bus's events (`take`), which it records and reports.

    `_emit_notice` is called for what the user should know; None for a link inside this program.
    """

    _bus: Bus
    _link: Link
    _status: LinkStatus
    _recorder: MbusRecorder
    _clock: Clock
    _emit_notice: EmitNotice | None
    _noticed_at: dict[Message, float] = field(default_factory=dict)
    _reported_speeds: tuple[int | None, int] | None = None

    def tap(self, direction: Literal["rx", "tx"], data: bytes, at: float) -> None:
        """Record bytes that were received or sent; each write is one answer."""
        self._status.answered += direction == "tx"
        self._recorder.tap(direction, data, at)

    def take(self, event: object) -> None:
        """Process an event of the slave or of its link."""
        match event:
            case Received():
                self._recorder.received(event)
                self._report_other_speed(event)
            case FaultHappened() | Overlapped():
                self._recorder.marked(event)
            case Answered(name=name) if len(self._bus.nodes) > 1:
                self._recorder.name_sender(name)
            case AnswerExpired(at=at):
                self._recorder.expired(event)
                self._status.late += 1
                message = Message(
                    "the module did not answer on {0}, because the answer would have been too late;"
                    " this computer or its adapter may be too busy",
                    (self._status.url,),
                )
                self._warn("answer_late", message, at)
            case LinkNotice(code=code, message=message):
                self._warn(code, message, self._clock.now())
            case SpeedChanged(line=line, cause=SpeedCause.FOUND):
                message = Message("the master on {0} sends at {1} bit/s", (self._status.url, line.baud))
                self._inform("bus_speed_found", message)

    def _report_other_speed(self, event: Received) -> None:
        """Report a peer at another speed than the module's, once for each pair of speeds; not during a search."""
        peer, own = peer_baud(self._link), self._bus.line.baud
        if peer in (None, own) or (peer, own) == self._reported_speeds or self._bus.speed_found is not None:
            return
        self._reported_speeds = (peer, own)
        template = marked("{0}: received at {1} bit/s, but the module uses {2} bit/s")
        if isinstance(event.event, LineDisturbed):
            template = marked(
                "{0}: {1} bit/s cannot be received, because the module uses {2} bit/s; pty:?baud=any accepts any speed"
            )
        self._inform("other_speed", Message(template, (self._status.url, peer, own)))

    def _inform(self, code: str, message: Message) -> None:
        if self._emit_notice is not None:
            self._emit_notice("info", code, message)

    def _warn(self, code: str, message: Message, at: float) -> None:
        """Emit a warning, unless an equal one was emitted within `NOTICE_EVERY`."""
        recent = {known: then for known, then in self._noticed_at.items() if at - then < NOTICE_EVERY}
        self._noticed_at = recent
        if self._emit_notice is not None and message not in recent:
            recent[message] = at
            self._emit_notice("warning", code, message)
