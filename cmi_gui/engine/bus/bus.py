"""The bus: one wire with any number of slaves, as the machine of the link on which their master is.

A bus with one slave is that slave: every byte goes to it, and its actions go to the link. With several, the bus has the
receiver that they share, and passes each frame to the slaves that it concerns and that listen at the speed at which it
was sent. What they answer goes out at their own response times, overlaid where it meets.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from cmi_gui.engine.bus.faults import WireAnswer
from cmi_gui.engine.bus.node import Node
from cmi_gui.engine.bus.overlay import Signal
from cmi_gui.engine.bus.transmission import Transmission, Transmissions
from cmi_gui.engine.events import FaultHappened
from cmi_gui.engine.machine import Abort, Effects, Line, LineEvent, SendOutcome, SetLine, Write
from cmi_gui.engine.mbus.frame import ACK_FRAME, ADDRESS_BROADCAST, ADDRESS_SELECTED, ADDRESS_TEST, Frame, FrameKind
from cmi_gui.engine.mbus.frame_decoder import FrameEvent, GoodFrame
from cmi_gui.engine.mbus.line_speed import LineSpeed, SpeedCause
from cmi_gui.engine.mbus.reception import Reception
from cmi_gui.engine.mbus.selection import is_selection
from cmi_gui.engine.mbus.slave_events import Received, SpeedChanged, Verdict
from cmi_gui.engine.mbus.times import RESPONSE_MIN_BITS, idle_time

_RANK = {
    verdict: rank
    for rank, verdict in enumerate(
        (
            *(Verdict.ANSWERED, Verdict.ACKNOWLEDGED, Verdict.DUPLICATE, Verdict.BROADCAST, Verdict.DESELECTED),
            *(Verdict.NOT_A_REQUEST, Verdict.NOT_SELECTED, Verdict.UNPOWERED, Verdict.NOT_FOR_ME, Verdict.DAMAGED),
        )
    )
}
"""The order in which the verdict of one slave speaks for the bus."""


class Bus:
    """The machine of one link of a bus.

    Events: those of `Slave`, one `Received` for all slaves, `Overlapped`, and `FaultHappened` for each fault.

    `nodes`: at least one. With several, `speed` is that of the link's receiver; None: the link has no speed, and every
    slave understands what comes in. `peer_baud`: returns the speed at which the master sends, in bit/s, or None if the
    link cannot tell. `timed`: returns whether characters take their time on the link. `idle_extra`: as for `Slave`.
    `sends_errors`, `sends_breaks`: as for `Transmissions`.
    """

    def __init__(
        self,
        nodes: Sequence[Node],
        *,
        speed: LineSpeed | None = None,
        peer_baud: Callable[[], int | None] = lambda: None,
        timed: Callable[[], bool] = lambda: True,
        idle_extra: float = 0.050,
        sends_errors: bool = False,
        sends_breaks: bool = False,
    ) -> None:
        self.nodes = tuple(nodes)
        self._only = self.nodes[0] if len(self.nodes) == 1 else None
        self._speed = speed
        self._peer_baud = peer_baud
        self._timed_link = timed
        self._reception = Reception(lambda: idle_time(self.line.baud, idle_extra))
        self._transmissions = Transmissions(sends_errors=sends_errors, sends_breaks=sends_breaks)
        # A change of the speed of the only slave's link, which waits for a late answer.
        self._waiting: SetLine | None = None
        # The nodes whose slave may have a deadline, in a repeatable order.
        self._timed: dict[Node, None] = dict.fromkeys(self.nodes)

    @property
    def deadline(self) -> float | None:
        """The time when `tick` is due, in seconds, or None."""
        times = [self._transmissions.deadline, self._reception.deadline]
        if self._speed is not None:
            times.append(self._speed.deadline)
        for node in tuple(self._timed):
            due = node.slave.deadline
            if due is None and self._only is None:
                del self._timed[node]
            times.append(due)
        return min((at for at in times if at is not None), default=None)

    @property
    def line(self) -> Line:
        """The line settings of the link's receiver."""
        return self.nodes[0].slave.line if self._speed is None else self._speed.line

    @property
    def speed_found(self) -> bool | None:
        """The success of the search for the speed so far; None if there is no search."""
        return self.nodes[0].slave.speed_found if self._speed is None else self._speed.found

    # Commands

    def opened(self) -> Effects:
        """Set the speed in use on a link that opens."""
        if self._only is not None:
            return self._step(self._only, self._only.slave.opened, 0.0)
        return () if self._speed is None else [self._transmissions.set_line(self.line)]

    def power_off(self, node: Node, at: float) -> Effects:
        """Have a slave forget everything volatile after the loss of bus voltage."""
        node.before = b""
        return [*self._drop_later((node,), at), *self._step(node, node.slave.power_off, at)]

    def follow_speed(self, node: Node, at: float) -> Effects:
        """Have a slave follow a change of its module's speed."""
        return self._step(node, node.slave.follow_speed, at)

    # Machine

    def receive(self, data: bytes, at: float) -> Effects:
        """Process bytes, whose last stop bit was at `at`."""
        if self._only is not None and self._only.deaf_until <= at:
            return self._step(self._only, partial(self._only.slave.receive, data, at), at)
        if self._speed is not None:
            self._speed.note_activity(at)
        return self._judge_all(self._reception.receive(data, at), at)

    def line_event(self, kind: LineEvent, at: float) -> Effects:
        """Process a line event: it ends an unfinished telegram; a break aborts answers in progress."""
        dropped = self._drop_later(self.nodes, at) if kind is LineEvent.BREAK else []
        if self._only is not None:
            effects = [*dropped, *self._step(self._only, partial(self._only.slave.line_event, kind, at), at)]
            # The slave does not know of the transmissions that faults have added.
            if kind is LineEvent.BREAK and self._only.answering and Abort() not in effects:
                effects.append(Abort())
            return effects
        effects = [*dropped, *self._judge_all(self._reception.end(), self._reception.last_activity)]
        if kind is LineEvent.BREAK and any(node.answering for node in self.nodes):
            effects.append(Abort())
        if kind is not LineEvent.PEER and self._speed is not None:
            self._speed.note_activity(at)
        disturbed = self._reception.disturbed(kind, at)
        if disturbed is not None:
            effects.append(Received(disturbed, Verdict.DAMAGED, at))
        return effects

    def _drop_later(self, nodes: Sequence[Node], at: float) -> list[object]:
        """Drop the late answers of some nodes; a change of speed after one fails with it."""
        dropped = self._transmissions.drop_later(nodes, at)
        waiting, self._waiting = self._waiting, None
        return dropped if waiting is None else [*dropped, *self.done(waiting.token, SendOutcome.ABORTED, at)]

    def done(self, token: int, outcome: SendOutcome, at: float) -> Effects:
        """Process the outcome of an answer or of a change of speed."""
        effects = self._transmissions.done(token, outcome, at)
        return effects if self._only is None else self._perform_all(self._only, effects, at, self.line)

    def tick(self, now: float) -> Effects:
        """Do what is due at `now`: send a late answer, end a telegram after silence, or change the speed."""
        effects = [*self._transmissions.due(now)]
        if self._waiting is not None and self._transmissions.deadline is None:
            effects.append(self._waiting)
            self._waiting = None
        effects += self._judge_all(self._reception.tick(now), self._reception.last_activity)
        for node in tuple(self._timed):
            effects += self._step(node, partial(node.slave.tick, now), now)
        if self._speed is not None and (cause := self._speed.tick(now)) is not None:
            effects += self._judge_all(self._reception.end(), self._reception.last_activity)
            effects += [self._transmissions.set_line(self.line), SpeedChanged(self.line, cause)]
        return effects

    # Several slaves

    def _judge_all(self, events: Sequence[FrameEvent], at: float) -> list[object]:
        return [effect for event in events for effect in self._judge(event, at)]

    def _judge(self, event: FrameEvent, at: float) -> list[object]:
        """Pass a frame event to the slaves that it concerns; their verdicts become one."""
        if not isinstance(event, GoodFrame):
            return [Received(event, Verdict.DAMAGED, at)]
        effects: list[object] = []
        if self._speed is not None and event.frame.kind is not FrameKind.ACK and self._speed.note_telegram():
            effects.append(SpeedChanged(self.line, SpeedCause.FOUND))
        baud = self._peer_baud() or (None if self._speed is None else self._speed.baud)
        verdict, answers, faults = Verdict.NOT_FOR_ME, list[Transmission](), list[object]()
        for node in self._concerned(event.frame):
            if baud not in (None, node.slave.baud) or node.deaf_until > at:
                continue
            line = node.slave.line
            for effect in node.slave.judge(event, at):
                match effect:
                    case Received(verdict=own):
                        verdict = min(verdict, own, key=_RANK.__getitem__)
                    case Write():
                        faults += self._answer(node, effect, at, line, answers)
                    case _:
                        effects += self._perform(node, effect, at, line)
            self._timed[node] = None
            node.on_step()
        return [*effects, Received(event, verdict, at), *faults, *self._transmissions.send(answers)]

    def _concerned(self, frame: Frame) -> Sequence[Node]:
        """Return the nodes whose slave's state a frame may change; the others do not judge it, to save time."""
        address = frame.a
        if address in (ADDRESS_TEST, ADDRESS_BROADCAST):
            return self.nodes
        if address == ADDRESS_SELECTED:
            selects = is_selection(frame)
            return [node for node in self.nodes if selects or node.answering or node.slave.selected is not None]
        return [node for node in self.nodes if node.slave.primary_address == address or node.answering]

    # The effects of one slave

    def _step(self, node: Node, step: Callable[[], Effects], at: float) -> list[object]:
        """Run a step of a slave; return its effects as those of the bus."""
        # The slave may change its speed in this step; an answer is sent at the speed of its request.
        line = node.slave.line
        effects = step()
        node.on_step()
        return self._perform_all(node, effects, at, line)

    def _perform_all(self, node: Node, effects: Effects, at: float, line: Line) -> list[object]:
        return [result for effect in effects for result in self._perform(node, effect, at, line)]

    def _perform(self, node: Node, effect: object, at: float, line: Line) -> Effects:
        match effect:
            case Write():
                answers: list[Transmission] = []
                faults = self._answer(node, effect, at, line, answers)
                return [*faults, *self._transmissions.send(answers)]
            case SetLine(token=token, line=new) if self._only is not None:
                change = self._transmissions.set_line(new, partial(node.slave.done, token))
                if self._transmissions.deadline is None:
                    return [change]
                self._waiting = change
                return ()
            case SetLine(token=token):
                return node.line_changed(token, at)
            case Abort() if self._only is None and not node.answering:
                # The link may be sending the answer of another slave.
                return ()
            case _:
                return [effect]

    def _answer(self, node: Node, write: Write, at: float, line: Line, answers: list[Transmission]) -> list[object]:
        """Add an answer of a slave to `answers`, or keep it if it is late; return the faults that happened to it.

        It begins after the slave's response time. For an answer that is late or not sent, the slave is notified at once
        that it has ended, because the master may give it up and send the request again.
        """
        begin = write.not_before + (node.response.draw(node.random) - RESPONSE_MIN_BITS) * line.bit_time
        answer = WireAnswer(write.data, line, node.before)
        rules = node.faults.apply(answer)
        node.before = b"" if write.data == ACK_FRAME.to_bytes() else write.data
        if answer.doubled and not answer.space and not self._timed_link():
            # All of it arrives at once, so the master would not wait as long as the first copy takes on a wire.
            answer.data, answer.doubled = 2 * answer.data, False
        signal = Signal(begin + answer.delay, answer.data, line, answer.space)
        node.slave.delay(write.token, signal.begin)
        sent = Transmission(node, signal, write.not_after, write.token)
        node.answering += 1
        effects: list[object] = [FaultHappened(node.name, str(rule), at) for rule in rules]
        if answer.data and not answer.delay and not answer.space:
            answers.append(sent)
        else:
            if answer.data or answer.space:
                self._keep(sent)
                node.deaf_until = signal.begin
            effects += node.answered(write.token, SendOutcome.SENT, at)
        if answer.doubled and (answer.data or answer.space):
            self._keep(replace(sent, signal=replace(signal, begin=signal.end + RESPONSE_MIN_BITS * line.bit_time)))
        return effects

    def _keep(self, answer: Transmission) -> None:
        """Keep a transmission of which the slave does not know until it begins or meets another; it has no window."""
        answer.node.answering += 1
        self._transmissions.later(replace(answer, not_after=math.inf, token=None))
