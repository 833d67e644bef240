"""The steps of a reading device: one method per transition of `reading_transitions`, which returns the next stage."""

from __future__ import annotations

from dataclasses import replace

from cmi_gui.engine.iec62056 import events
from cmi_gui.engine.iec62056.dataset import split_readout
from cmi_gui.engine.iec62056.errors import Iec62056Error
from cmi_gui.engine.iec62056.events import START_LINE, FailureCause
from cmi_gui.engine.iec62056.exchange import Fault, MeterExchange, Stage
from cmi_gui.engine.iec62056.message import Command, DataMessage, Handshake, Identification, OptionSelect, Request
from cmi_gui.engine.iec62056.reading_state import ReadingState
from cmi_gui.engine.machine import Abort, SendOutcome
from cmi_gui.engine.messages import Message, quoted


class Steps(ReadingState):
    """The steps of all transitions.

    A step takes the time and the input's data, puts effects into `out` and returns the next stage without setting it.
    """

    # Beginning

    def begin(self, now: float, exchange: MeterExchange) -> Stage:
        """Wait for a quiet line."""
        self.exchange = exchange
        self.deadlines.begin_pause(now)
        return Stage.PAUSE

    def sign_on(self, now: float, _: None) -> Stage:
        """Send the request."""
        self.identification = None
        self.exchange.repeats = 0
        self.exchange.blocks = ()
        self.set_line(self.start)
        return self._send(now, Request(self.exchange.address).to_bytes(), expect=Stage.IDENTIFICATION)

    def line_not_quiet(self, now: float, _: None) -> Stage:
        """Fail, because another device sends all the time."""
        failure = events.Failed(FailureCause.BUSY, Message("the line does not become quiet"))
        return self._finish(now, failure, self.timing.recovery)

    def identified(self, at: float, identification: Identification) -> Stage:
        """Send the option select and change the speed after it; fail if the device is not of mode C."""
        self.identification = identification
        if identification.baud is None:
            facts = (str(identification), repr(identification.speed))
            detail = Message("the identification {0} has the speed character {1}, which is not mode C", facts)
            return self._fail(at, FailureCause.UNSUPPORTED, detail)
        select = OptionSelect(speed=self.speed.choose(identification), mode=self.exchange.mode)
        baud = select.baud or START_LINE.baud
        self.out.append(events.Identified(identification, baud))
        stage = self._send(at, select.to_bytes(), expect=Stage.OPERAND if self.exchange.programming else Stage.READOUT)
        if baud != self.start.baud:
            self.set_line(replace(self.start, baud=baud))
        return stage

    # The readout

    def read(self, at: float, message: DataMessage) -> Stage:
        """End with the readout; fail for an error message, sign on again for text without a closing `!`."""
        assert self.identification is not None
        if message.error_text is not None:
            return self._fail(at, FailureCause.ERROR_MESSAGE, quoted(message.error_text))
        try:
            lines = split_readout(message.text)
        except Iec62056Error as error:
            return self.sign_on_again(at, Fault(FailureCause.NOT_ACCEPTED, error.message))
        return self._end(at, events.ReadoutReceived(lines, self.identification, message.to_bytes()), signed_on=False)

    # Programming mode

    def password_requested(self, at: float, command: Command) -> Stage:
        """Send the password; without a login, be ready for commands."""
        self.exchange.operand = command.value
        self.exchange.repeats = 0
        if self.exchange.login is None:
            return self._ready()
        return self._send(at, self.exchange.login(command.value).to_bytes(), expect=Stage.PASSWORD)

    def readout_instead(self, at: float, message: DataMessage) -> Stage:
        """Fail, because the device has no programming mode or refuses it."""
        if message.error_text:
            return self._fail(at, FailureCause.ERROR_MESSAGE, quoted(message.error_text))
        return self._fail(at, FailureCause.UNSUPPORTED, Message("the device answered with a readout"))

    def password_accepted(self, _: float, what: object) -> Stage:
        """Report the accepted password and be ready for commands."""
        self.out.append(events.PasswordAccepted())
        return self._ready()

    def data_after_password(self, at: float, message: DataMessage) -> Stage:
        """Report the refused password and sign off."""
        return self._password_refused(at, message.text.strip("()"))

    def nak_after_password(self, at: float, _: object) -> Stage:
        """Sign off after a NAK: it may be a line error, but a password is not repeated automatically."""
        return self._password_refused(at)

    def break_after_password(self, at: float, _: object) -> Stage:
        """Report the refused password and end; the device has signed off already."""
        return self._password_refused(at, signed_on=False)

    def command(self, now: float, blocks: tuple[Command, ...]) -> Stage:
        """Send the first block of a command."""
        self.exchange.blocks = blocks
        self.exchange.answer = ""
        return self._send_block(now, 0)

    def acknowledged(self, at: float, _: object) -> Stage:
        """Send the next block, or confirm the command; ask again after an ACK to a read command."""
        exchange = self.exchange
        if exchange.block + 1 < len(exchange.blocks):
            return self._send_block(at, exchange.block + 1)
        if exchange.blocks[0].letter == "R":
            return self.request_repeat(
                at, Fault(FailureCause.NOT_ACCEPTED, Message("a read command was answered with ACK"))
            )
        return self._answered(events.CommandConfirmed(exchange.blocks[0]))

    def reply(self, at: float, message: DataMessage) -> Stage:
        """Report the answer or refusal, or ask for the next block of the answer."""
        exchange = self.exchange
        command = exchange.blocks[0]
        if message.error_text is not None or command.letter != "R":
            return self._answered(events.CommandRefused(command, message.error_text or message.text.strip("()")))
        exchange.answer += message.text
        if message.last:
            return self._answered(events.CommandAnswered(command, exchange.answer))
        exchange.repeats = 0
        return self._send(at, Handshake.ACK.to_bytes(), expect=Stage.REPLY)

    # Faults

    def noise(self, at: float, fault: Fault) -> Stage:
        """Continue to wait for the answer; a time-out gives this fault as its cause."""
        self.received.note(fault, at)
        return self.stage

    def stray_ack(self, at: float, _: object) -> Stage:
        """Continue to wait, because an ACK is not an answer here."""
        detail = Message("the device answered {0} with ACK", (self.question(),))
        return self.noise(at, Fault(FailureCause.GARBAGE, detail))

    def stray_nak(self, at: float, _: object) -> Stage:
        """Continue to wait, because a NAK may be noise; a time-out gives it as its cause."""
        detail = Message("the device answered {0} with NAK", (self.question(),))
        return self.noise(at, Fault(FailureCause.NAK, detail))

    def sign_on_again(self, now: float, fault: Fault) -> Stage:
        """Sign on again, up to `Limits.attempts` in all; then fail."""
        if self.stage is not Stage.IDENTIFICATION and self.speed.failed():
            self.out.append(events.SpeedGivenUp(self.line.baud))
        return self._retry(now, self._located(fault))

    def request_repeat(self, now: float, fault: Fault) -> Stage:
        """Ask again if that can do no harm; otherwise sign on again before the password, or fail."""
        if self.exchange.repeats < self.limits.repeats:
            if fault.cause not in (FailureCause.SILENCE, FailureCause.NAK):
                self._repeat(self._located(fault))
                return self._send(now, Handshake.NAK.to_bytes(), expect=self.stage)
            # Only a read command is repeated unasked, because a write may already have been executed.
            if self.stage is Stage.REPLY and self.exchange.blocks[0].letter == "R":
                return self._repeat_command(now, fault)
        if self.stage is Stage.OPERAND:
            return self.sign_on_again(now, fault)
        fault = self._located(fault)
        return self._fail(now, fault.cause, fault.detail, quiet=0.0)

    def repeat_requested(self, at: float, _: object) -> Stage:
        """Send the command again, up to `Limits.repeats`; then fail."""
        if self.exchange.repeats < self.limits.repeats:
            return self._repeat_command(at, Fault(FailureCause.NAK, Message("the device requested a repeat")))
        return self._fail(at, FailureCause.NAK, Message("the device requested a repeat each time"))

    # Ending

    def device_signed_off(self, at: float, _: object) -> Stage:
        """Fail, because the device has signed off."""
        return self._fail(at, FailureCause.BREAK, Message("the device signed off"), signed_on=False)

    def sign_off(self, now: float, _: None) -> Stage:
        """Send B0 and end the session."""
        return self._end(now, events.SignedOff())

    def abort(self, now: float, _: None) -> Stage:
        """Stop inside a message, send B0 if the device is signed on, and fail."""
        self.out.append(Abort())
        return self._fail(now, FailureCause.ABORTED, Message("ended on request"))

    def not_sent(self, at: float, _: SendOutcome) -> Stage:
        """Fail, because the link did not send a message."""
        return self._fail(at, FailureCause.LINK, Message("the link did not send the message"), quiet=0.0)

    def exchange_ended(self, at: float, _: None) -> Stage:
        """Emit the event that ends the exchange, or wait for a quiet line to sign on again."""
        if self.exchange.last_event is not None:
            return self._finish(at, self.exchange.last_event, self.timing.idle)
        self.ending = None
        return self.begin(at, self.exchange)

    def link_lost(self, now: float, _: None) -> Stage:
        """End without further actions; fail unless the exchange was ending anyway."""
        event = self.exchange.last_event or self._failure(FailureCause.LINK, Message("the link was lost"))
        return self._finish(now, event, self.timing.recovery)

    # Parts of steps

    def _send_block(self, now: float, block: int) -> Stage:
        self.exchange.block = block
        self.exchange.repeats = 0
        return self._send(now, self.exchange.blocks[block].to_bytes(), expect=Stage.REPLY)

    def _ready(self) -> Stage:
        assert self.identification is not None
        return self._answered(events.ProgrammingReady(self.identification, self.exchange.operand))

    def _answered(self, event: object) -> Stage:
        self.deadlines.deadline = None
        self.exchange.blocks = ()
        self.out.append(event)
        return Stage.READY

    def _repeat(self, fault: Fault) -> None:
        self.exchange.repeats += 1
        self.out.append(events.Retrying(fault.cause, fault.detail, self.exchange.repeats + 1))

    def _repeat_command(self, now: float, fault: Fault) -> Stage:
        self._repeat(fault)
        self.exchange.answer = ""
        return self._send(now, self.exchange.blocks[self.exchange.block].to_bytes(), expect=Stage.REPLY)

    def _retry(self, now: float, fault: Fault) -> Stage:
        exchange = self.exchange
        silent = fault.cause is FailureCause.SILENCE
        # The next sign-on is delayed until the device no longer waits for an option select.
        quiet = 0.0
        if self.stage is Stage.IDENTIFICATION:
            quiet = self.timing.unanswered if silent else self.deadlines.received_at + self.timing.recovery - now
            if silent and exchange.wakes < self.limits.wakes:
                exchange.wakes += 1
                return self._end(now, None, quiet=quiet)
        if exchange.attempt >= self.limits.attempts:
            return self._fail(now, fault.cause, fault.detail, quiet=quiet)
        exchange.attempt += 1
        self.out.append(events.Retrying(fault.cause, fault.detail, exchange.attempt))
        return self._end(now, None, quiet=quiet)

    def _password_refused(self, at: float, text: str = "", *, signed_on: bool = True) -> Stage:
        self.out.append(events.PasswordRefused(text))
        return self._end(at, events.SignedOff(), signed_on=signed_on, quiet=self.timing.recovery)
