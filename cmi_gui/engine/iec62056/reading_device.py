"""The reading device (hand-held unit) of IEC 62056-21 mode C as a machine: readout and programming mode.

It has one exchange at a time, which begins with `start_readout` or `start_programming` and ends with exactly one of
the events `ReadoutReceived`, `SignedOff` and `Failed`, when the line is back at 300 7E1. Its stages and transitions are
the table in `reading_transitions`; this module translates calls and received events into inputs of that table.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cmi_gui.engine.iec62056.errors import Iec62056Error, IecErrorCode, syntax_error
from cmi_gui.engine.iec62056.events import START_LINE, FailureCause, Limits, Timing
from cmi_gui.engine.iec62056.exchange import EXPECTS_NOTHING, Fault, Input, Login, MeterExchange, Stage
from cmi_gui.engine.iec62056.message import Command, DataMessage, Handshake, Identification, Request
from cmi_gui.engine.iec62056.reading_steps import Steps
from cmi_gui.engine.iec62056.reading_transitions import TRANSITIONS
from cmi_gui.engine.iec62056.received import fault_of, proves_speed
from cmi_gui.engine.iec62056.stream import Damage, Damaged, StreamEvent
from cmi_gui.engine.machine import Effects, Line, LineEvent, SendOutcome
from cmi_gui.engine.messages import Message

_INPUTS: Final = {Handshake.ACK: Input.ACK, Handshake.NAK: Input.NAK}
_AMONG_OTHERS: Final = Fault(FailureCause.GARBAGE, Message("an ACK or NAK was received among other characters"))


class ReadingDevice:
    """The reading device, which reads and programs one tariff device at a time.

    A change of speed is an action queued after the option select, so it takes effect once that has been sent. Call
    `abort` to end an exchange with a sign-off and `lost` when the link is lost; `done` must be called for every action.

    `start`: the line settings of the sign-on, for a device or an adapter that deviates from the standard; the character
    format is kept at every speed.
    """

    def __init__(self, timing: Timing | None = None, limits: Limits | None = None, *, start: Line = START_LINE) -> None:
        self.timing = timing or Timing()
        self.limits = limits or Limits()
        self._steps = Steps(self.timing, self.limits, start)

    # State

    @property
    def identification(self) -> Identification | None:
        """The identification of the last device that answered, or None."""
        return self._steps.identification

    @property
    def busy(self) -> bool:
        """True while an exchange is in progress, so that none can be started."""
        return self._steps.stage is not Stage.IDLE

    @property
    def ready(self) -> bool:
        """True while `send_command` and `sign_off` may be called."""
        return self._steps.stage is Stage.READY

    @property
    def line(self) -> Line:
        """The line settings in use."""
        return self._steps.line

    @property
    def deadline(self) -> float | None:
        """The time of the next call of `tick`, or None if none is needed."""
        return self._steps.deadlines.deadline

    # Commands

    def start_readout(self, now: float, address: str = "", *, mode: str = "0") -> Effects:
        """Sign on and read the list; `mode` is Y of the option select, 0 or the maker's 6 to 9.

        Raises `Iec62056Error` for another mode, while `busy`, and for an address that cannot be sent.
        """
        if mode not in "06789" or len(mode) != 1:
            raise syntax_error(Message("the mode of a readout must be 0 or 6 to 9, not {0}", (repr(mode),)))
        return self._start(now, MeterExchange(address, mode, None))

    def start_programming(self, now: float, address: str = "", *, login: Login | None = None) -> Effects:
        """Sign on in programming mode and send the password made by `login`, or none without `login`.

        Raises `Iec62056Error` while `busy`, and for an address that cannot be sent.
        """
        return self._start(now, MeterExchange(address, "1", login))

    def _start(self, now: float, exchange: MeterExchange) -> Effects:
        if self.busy:
            raise Iec62056Error(IecErrorCode.BUSY, Message("another exchange is in progress"))
        Request(exchange.address)  # raises for an invalid address, before anything has begun
        self._transition(Input.START, now, exchange)
        self._sign_on_if_quiet(now)
        return self._steps.take()

    def send_command(self, now: float, command: Command | Sequence[Command]) -> Effects:
        """Send a command, or the partial blocks of one; the device is `ready` again once it is answered.

        Raises `Iec62056Error` with the code `state` if it is not `ready`, or if there is no block.
        """
        if not self.ready:
            message = Message("a command can be sent only in programming mode and after the answer to the previous one")
            raise Iec62056Error(IecErrorCode.STATE, message)
        blocks = (command,) if isinstance(command, Command) else tuple(command)
        if not blocks:
            raise Iec62056Error(IecErrorCode.STATE, Message("there is no command"))
        return self._effects_of(Input.COMMAND, now, blocks)

    def sign_off(self, now: float) -> Effects:
        """Send B0 and go back to 300 7E1; `SignedOff` follows. Raises `Iec62056Error` if it is not `ready`."""
        if not self.ready:
            message = Message("there is no session to sign off from, or a command has not been answered yet")
            raise Iec62056Error(IecErrorCode.STATE, message)
        return self._effects_of(Input.SIGN_OFF, now)

    def abort(self, now: float) -> Effects:
        """End the exchange at once, with B0 if the device is signed on; `Failed` follows."""
        return self._effects_of(Input.ABORT, now)

    def lost(self, now: float) -> Effects:
        """End the exchange without further actions, because the link is lost."""
        return self._effects_of(Input.LOST, now)

    # Machine

    def receive(self, data: bytes, at: float) -> Effects:
        """Process received bytes; `at` is the time of the last stop bit."""
        steps = self._steps
        before, steps.deadlines.received_at = steps.deadlines.received_at, at
        if steps.stage in EXPECTS_NOTHING:
            # A device that is still sending would miss a sign-on.
            steps.deadlines.forbid_sign_on(at + self.timing.idle)
            self._sign_on_if_quiet(at)
            return self._steps.take()
        if at - before >= self.timing.settle and not steps.parser.inside:
            self._flush(before)  # noise that has ended
        received = steps.received
        received.take(data)
        for event in steps.parser.feed(data):
            if steps.stage not in EXPECTS_NOTHING:  # otherwise it followed the message that ended the exchange
                self._process(event, at)
        if steps.stage is Stage.READOUT:
            steps.count_lines()
        if steps.stage in EXPECTS_NOTHING or steps.stage is Stage.READY or steps.received is not received:
            pass  # nothing is awaited, or already the answer to the next message
        elif received.handshake is not None and not steps.parser.pending:
            steps.deadlines.settle(at)
        else:
            steps.deadlines.part_received(at, in_order=steps.parser.in_order)
        return self._steps.take()

    def line_event(self, kind: LineEvent, at: float) -> Effects:
        """Record the loss of characters, for the detail of a fault that it may cause."""
        self._steps.received.disturbed(kind, at)
        return self._steps.take()

    def done(self, token: int, outcome: SendOutcome, at: float) -> Effects:
        """Process the end of an action; for a write, `at` is the time of its last stop bit."""
        steps = self._steps
        if token == steps.sending:
            steps.sending = None
            if outcome is not SendOutcome.SENT:
                self._transition(Input.NOT_SENT, at, outcome)
            elif not self.ready:
                steps.deadlines.message_sent(at, steps.line.char_time)
        elif token == steps.ending:
            self._transition(Input.LAST_SENT, at)
            self._sign_on_if_quiet(at)
        return self._steps.take()

    def tick(self, now: float) -> Effects:
        """Do what is due at `now`; calling it too early is harmless."""
        steps = self._steps
        if not steps.deadlines.is_over(now):
            return ()
        if steps.stage is Stage.PAUSE:
            self._sign_on_if_quiet(now)
            return self._steps.take()
        self._flush(now)
        handshake, steps.received.handshake = steps.received.handshake, None
        if handshake is not None:
            return self._effects_of(_INPUTS[handshake], now)
        if steps.deadlines.is_endless(now):
            message = Message("the answer to {0} does not end", (steps.question(),))
            fault = Fault(FailureCause.GARBAGE, message)
        else:
            limit = f"{(self.timing.response + self.timing.timeout) * 1000:.0f} ms"
            silence = Message("no answer to {1} within {0}", (limit, steps.question()))
            fault = steps.received.missing_answer(Fault(FailureCause.SILENCE, silence))
        return self._effects_of(Input.TIMEOUT, now, fault)

    # Transitions

    def _flush(self, at: float) -> None:
        """Treat an unfinished message as damage, and characters outside a message as noise."""
        damage = self._steps.parser.flush()
        if damage is not None:
            self._process(damage, at)

    def _transition(self, trigger: Input, at: float, data: object = None) -> None:
        """Carry out the transition for an input, if the present stage has one."""
        rule = TRANSITIONS[self._steps.stage].get(trigger)
        if rule is not None:
            self._steps.stage = rule.step(self._steps, at, data)
            assert self._steps.stage in rule.after

    def _effects_of(self, trigger: Input, at: float, data: object = None) -> Effects:
        self._transition(trigger, at, data)
        return self._steps.take()

    def _sign_on_if_quiet(self, now: float) -> None:
        deadlines = self._steps.deadlines
        if self._steps.stage is not Stage.PAUSE:
            return
        if deadlines.may_sign_on(now):
            self._transition(Input.QUIET, now)
        elif deadlines.pause_too_long(now):
            self._transition(Input.NOT_QUIET, now)

    def _process(self, event: StreamEvent, at: float) -> None:
        """Process a received event; a message that is not an answer is our own, echoed by an optical head."""
        steps = self._steps
        proof = proves_speed(event)
        if proof:
            steps.speed.readable()
        if steps.received.handshake is not None:
            steps.received.handshake = None
            steps.received.note(_AMONG_OTHERS, at)
        match event:
            case Damaged(kind) if kind in (Damage.NOISE, Damage.INCOMPLETE) or not proof:
                self._transition(Input.NOISE, at, fault_of(event))
            case Damaged():
                self._transition(Input.DAMAGED, at, fault_of(event))
            case Identification():
                self._transition(Input.IDENTIFICATION, at, event)
            case Handshake() if steps.stage not in (Stage.PASSWORD, Stage.REPLY):
                self._transition(_INPUTS[event], at)
            case Handshake() if steps.received.may_be_answer(event, at, self.timing.settle):
                steps.received.handshake = event
            case Handshake():
                self._transition(Input.NOISE, at, _AMONG_OTHERS)
            case Command(is_break=True):
                self._transition(Input.BREAK, at)
            case Command(name="P0"):
                self._transition(Input.OPERAND, at, event)
            case DataMessage():
                self._transition(Input.DATA, at, event)
