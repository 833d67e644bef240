"""The state of a reading device, and the common parts of its steps: sending, failing, ending."""

from __future__ import annotations

from dataclasses import replace

from cmi_gui.engine.iec62056.deadlines import Deadlines
from cmi_gui.engine.iec62056.events import Failed, FailureCause, Limits, ReadoutProgress, Timing
from cmi_gui.engine.iec62056.exchange import QUESTIONS, SIGNED_ON, Fault, MeterExchange, Stage
from cmi_gui.engine.iec62056.machine_state import MachineState
from cmi_gui.engine.iec62056.message import BREAK, Identification
from cmi_gui.engine.iec62056.received import ReceivedBytes
from cmi_gui.engine.iec62056.speed_choice import SpeedChoice
from cmi_gui.engine.iec62056.stream import StreamParser
from cmi_gui.engine.machine import Line, Write
from cmi_gui.engine.messages import Message


class ReadingState(MachineState):
    """The state of a reading device.

    `sending`, `ending`: the tokens of the actions whose end is awaited, of a message and of the return to 300 7E1.
    """

    def __init__(self, timing: Timing, limits: Limits, start: Line) -> None:
        super().__init__(start)
        self.timing = timing
        self.limits = limits
        self.stage = Stage.IDLE
        self.identification: Identification | None = None
        self.exchange = MeterExchange("", "0", None)
        self.sending: int | None = None
        self.ending: int | None = None
        self.received = ReceivedBytes()
        self.deadlines = Deadlines(timing)
        self.parser = StreamParser()
        self.speed = SpeedChoice(limits)
        self._lines = 0

    def _send(self, now: float, data: bytes, *, expect: Stage) -> Stage:
        """Send a message and return `expect`, the stage in which its answer is awaited."""
        self._lines = 0
        self.parser.reset()
        self.parser.lines_only = expect is Stage.IDENTIFICATION
        self.received = ReceivedBytes(data)
        self.deadlines.begin_sending(now, self.timing.readout if expect is Stage.READOUT else self.timing.message)
        self.sending = self.next_token()
        self.out.append(Write(self.sending, data, not_before=self._may_answer(now)))
        return expect

    def _may_answer(self, now: float) -> float:
        # The reaction time applies to both sides (IEC 62056-21 6.4.3).
        reaction = self.identification.reaction_time if self.identification is not None else 0.2
        return max(now, self.deadlines.received_at + reaction)

    def count_lines(self) -> None:
        """Emit the number of lines received of a readout if that has changed."""
        lines = self.parser.lines
        if lines != self._lines:
            self._lines = lines
            self.out.append(ReadoutProgress(lines))

    def question(self) -> Message:
        """Return the message to which an answer is expected, in words for the user."""
        return Message(QUESTIONS[self.stage])

    def _located(self, fault: Fault) -> Fault:
        error = self.received.error
        if error is None or fault.cause is FailureCause.SILENCE:
            return fault
        return replace(fault, detail=Message("{0}, after a line error ({1})", (fault.detail, error.value)))

    def _failure(self, cause: FailureCause, detail: Message) -> Failed:
        return Failed(cause, detail, self.exchange.blocks[0] if self.stage is Stage.REPLY else None)

    def _fail(
        self,
        now: float,
        cause: FailureCause,
        detail: Message,
        *,
        signed_on: bool | None = None,
        quiet: float | None = None,
    ) -> Stage:
        quiet = self.timing.recovery if quiet is None else quiet
        return self._end(now, self._failure(cause, detail), signed_on=signed_on, quiet=quiet)

    def _end(self, now: float, event: object | None, *, signed_on: bool | None = None, quiet: float = 0.0) -> Stage:
        """Sign off if the device is signed on, return to 300 7E1, then emit `event` (None: sign on again).

        `quiet`: seconds before the next sign-on, at least `Timing.idle`. `signed_on` None: according to the stage.
        """
        if self.stage in SIGNED_ON if signed_on is None else signed_on:
            self.out.append(Write(self.next_token(), BREAK.to_bytes(), not_before=self._may_answer(now)))
        self.parser.reset()
        self.deadlines.deadline = None
        self.sending = None
        self.exchange.last_event = event
        self.deadlines.forbid_sign_on(now + max(self.timing.idle, quiet))
        self.ending = self.set_line(self.start)
        return Stage.ENDING

    def _finish(self, now: float, event: object, quiet: float) -> Stage:
        self.deadlines.deadline = None
        self.sending = self.ending = None
        self.exchange.last_event = None
        self.deadlines.forbid_sign_on(now + quiet)
        self.exchange.blocks = ()
        self.out.append(event)
        return Stage.IDLE
