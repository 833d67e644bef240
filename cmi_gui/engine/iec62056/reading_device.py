"""The reading device (hand-held unit) of IEC 62056-21 mode C as a machine: readout and programming mode.

One exchange at a time. It begins with `start_readout` or `start_programming`, and ends with exactly one of the events
`ReadoutDone`, `SignedOff` and `Failed`, when the line is back at 300 7E1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cmi_gui.engine.iec62056.dataset import split_readout
from cmi_gui.engine.iec62056.errors import ErrorCode, Iec62056Error
from cmi_gui.engine.iec62056.events import (
    START_LINE,
    CommandAnswered,
    CommandConfirmed,
    CommandRefused,
    Failed,
    FailureCause,
    Identified,
    Limits,
    PasswordAccepted,
    PasswordRefused,
    ProgrammingReady,
    ReadoutDone,
    ReadoutLine,
    Refusal,
    Retrying,
    SignedOff,
    SpeedGivenUp,
    Timing,
)
from cmi_gui.engine.iec62056.exchange import DEAF, SIGNED_ON, Exchange, Login, Stage
from cmi_gui.engine.iec62056.message import (
    BREAK,
    SOH,
    STX,
    Command,
    DataMessage,
    Handshake,
    Identification,
    OptionSelect,
    Request,
)
from cmi_gui.engine.iec62056.patience import Patience
from cmi_gui.engine.iec62056.speed_choice import SpeedChoice
from cmi_gui.engine.iec62056.stream import BlockLine, Damage, Damaged, StreamEvent, StreamParser
from cmi_gui.engine.machine import Abort, Effects, Line, LineEvent, Outcome, SetLine, Write
from cmi_gui.engine.messages import Message


class ReadingDevice:
    """Reads and programs one tariff device at a time.

    A change of speed is an action behind the option select, so it happens after that has left. `abort` ends an
    exchange politely, `lost` tells that the link is gone; a driver's `done` for every action is relied upon.

    `start`: the line of the sign-on, where a device or what leads to it is not as the standard wants it; its format
    stays at every speed.
    """

    def __init__(self, timing: Timing | None = None, limits: Limits | None = None, *, start: Line = START_LINE) -> None:
        self.timing = timing or Timing()
        self.limits = limits or Limits()
        self.identification: Identification | None = None
        """The last device that answered."""
        self._parser = StreamParser()
        self._speed = SpeedChoice(
            max_baud=self.limits.max_baud,
            failures=self.limits.unreadable,
            slow_exchanges=self.limits.slow_exchanges,
        )
        self._stage = Stage.IDLE
        self._exchange = Exchange("", "0", None)
        self._out: list[object] = []
        self._patience = Patience(self.timing)
        self._token = 0
        self._sending: int | None = None
        self._ending: int | None = None
        self._end_event: object | None = None
        self._start_line = self._line = start
        self._noise: str | Message | None = None
        self._line_error: LineEvent | None = None
        self._attempt = 1
        self._wakes = 0
        self._repeats = 0
        self._operand = ""
        self._blocks: tuple[Command, ...] = ()
        self._block = 0
        self._answer = ""

    # What may be asked

    @property
    def busy(self) -> bool:
        """Whether an exchange is under way; then none can be started."""
        return self._stage is not Stage.IDLE

    @property
    def ready(self) -> bool:
        """Whether `send_command` and `sign_off` may be called."""
        return self._stage is Stage.READY

    @property
    def signed_on(self) -> bool:
        """Whether the device is in programming mode, as far as we know."""
        return self._stage in SIGNED_ON

    @property
    def deadline(self) -> float | None:
        """See `Machine`."""
        return self._patience.deadline

    # Commands

    def start_readout(self, now: float, address: str = "", *, mode: str = "0") -> Effects:
        """Sign on and read the list; `mode` is Y of the option select, 0 or the maker's 6 to 9.

        Raises `Iec62056Error`: `busy`, or an address that cannot be sent.
        """
        if mode not in "06789" or len(mode) != 1:
            raise Iec62056Error(ErrorCode.SYNTAX, Message("a readout is mode 0 or 6 to 9, not {0}", (repr(mode),)))
        return self._start(now, Exchange(address, mode, None))

    def start_programming(self, now: float, address: str = "", *, login: Login | None = None) -> Effects:
        """Sign on to programming mode and show the password that `login` makes; without one, go straight to commands.

        Raises `Iec62056Error`: `busy`, or an address that cannot be sent.
        """
        return self._start(now, Exchange(address, "1", login))

    def send_command(self, now: float, command: Command | Sequence[Command]) -> Effects:
        """Send a command, or the partial blocks of one; `ready` again when it is answered.

        Raises `Iec62056Error` with `state` when it is not `ready`.
        """
        if not self.ready:
            raise Iec62056Error(
                ErrorCode.STATE, Message("commands need a session in programming mode with nothing outstanding")
            )
        self._blocks = (command,) if isinstance(command, Command) else tuple(command)
        if not self._blocks:
            raise Iec62056Error(ErrorCode.STATE, Message("there is no command"))
        self._block = 0
        self._answer = ""
        self._repeats = 0
        self._send_block(now)
        return self._take()

    def sign_off(self, now: float) -> Effects:
        """Send B0 and go back to 300 7E1; `SignedOff` follows. Raises `Iec62056Error` when it is not `ready`."""
        if not self.ready:
            raise Iec62056Error(
                ErrorCode.STATE, Message("there is no session to sign off, or a command is outstanding")
            )
        self._end(now, SignedOff())
        return self._take()

    def abort(self, now: float) -> Effects:
        """End the exchange at once; B0 is sent where the device is signed on. `Failed` follows."""
        if self._stage in (Stage.IDLE, Stage.ENDING):
            return ()
        self._out.append(Abort())
        self._end(now, self._failure(FailureCause.ABORTED, Message("ended on request")), quiet=self.timing.recovery)
        return self._take()

    def lost(self, now: float) -> Effects:
        """The link is gone: the exchange is over, no action can follow."""
        if self._stage is Stage.IDLE:
            return ()
        event = self._end_event or self._failure(FailureCause.LINK, Message("the link was lost"))
        self._finish(now, event, self.timing.recovery)
        return self._take()

    # Machine

    def receive(self, data: bytes, at: float) -> Effects:
        """See `Machine`."""
        self._patience.heard_at = at
        if self._stage in DEAF:
            # A device that is still talking would not hear a sign-on.
            self._patience.keep_quiet(at + self.timing.idle)
            if self._stage is Stage.PAUSE:
                self._wait_for_quiet(at)
            return self._take()
        if self._stage is not Stage.READY:
            self._patience.answered_in_part(at)
        for event in self._parser.feed(data):
            self._heard(event, at)
        return self._take()

    def line_event(self, kind: LineEvent, at: float) -> Effects:
        """See `Machine`; characters were lost, which shows in what comes or does not come."""
        self._line_error = kind
        self._noise = self._noise or Message("nothing but damaged characters came")
        return self._take()

    def done(self, token: int, outcome: Outcome, at: float) -> Effects:
        """See `Machine`."""
        if token == self._sending:
            self._sending = None
            if outcome is not Outcome.SENT:
                self._end(
                    at, self._failure(FailureCause.LINK, Message("a message was not sent: {0}", (outcome.value,)))
                )
            elif self._stage not in (Stage.READY, Stage.ENDING):
                self._patience.asked(at, self._line.char_time)
        elif token == self._ending:
            event = self._end_event
            if event is None:
                self._pause(at)
            else:
                self._finish(at, event, self.timing.idle)
        return self._take()

    def tick(self, now: float) -> Effects:
        """See `Machine`."""
        if not self._patience.is_over(now):
            return ()
        if self._stage is Stage.PAUSE:
            self._wait_for_quiet(now)
            return self._take()
        damage = self._parser.flush()
        if damage is not None:
            self._mind_speed(damage)
        if self._patience.is_endless(now):
            self._fault(
                now, FailureCause.GARBAGE, Message("what the device sends does not end ({0})", (self._stage.value,))
            )
        elif damage is not None:
            self._fault(now, FailureCause.GARBAGE, damage.detail)
        elif self._noise is not None:
            self._fault(now, FailureCause.GARBAGE, self._noise)
        else:
            limit = f"{self.timing.response * 1000:.0f} ms"
            self._fault(now, FailureCause.SILENCE, Message("no answer within {0} ({1})", (limit, self._stage.value)))
        return self._take()

    # Sending

    def _take(self) -> Effects:
        out, self._out = self._out, []
        return out

    def _next_token(self) -> int:
        self._token += 1
        return self._token

    def _send(self, now: float, data: bytes, *, expect: Stage) -> None:
        """Send a message and wait for its answer in `expect`."""
        self._stage = expect
        self._parser.reset()
        self._noise = self._line_error = None
        self._patience.ask(now, self.timing.readout if expect is Stage.READOUT else self.timing.message)
        self._sending = self._next_token()
        self._out.append(Write(self._sending, data, not_before=self._may_answer(now)))

    def _may_answer(self, now: float) -> float:
        # The reaction time binds both sides (IEC 62056-21 6.4.3).
        reaction = self.identification.reaction_time if self.identification is not None else 0.2
        return max(now, self._patience.heard_at + reaction)

    def _set_line(self, line: Line) -> int:
        token = self._next_token()
        self._line = line
        self._out.append(SetLine(token, line))
        return token

    # Beginning

    def _start(self, now: float, exchange: Exchange) -> Effects:
        if self.busy:
            raise Iec62056Error(ErrorCode.BUSY, Message("another exchange is under way"))
        Request(exchange.address)  # an address that cannot be sent raises before anything has begun
        self._exchange = exchange
        self._attempt = 1
        self._wakes = 0
        self._pause(now)
        return self._take()

    def _pause(self, now: float) -> None:
        self._stage = Stage.PAUSE
        self._ending = None
        self._patience.begin_pause(now)
        self._wait_for_quiet(now)

    def _wait_for_quiet(self, now: float) -> None:
        if not self._patience.may_sign_on(now):
            if self._patience.never_quiet(now):
                self._finish(
                    now, Failed(FailureCause.GARBAGE, Message("the line does not get quiet")), self.timing.recovery
                )
            return
        self.identification = None
        self._repeats = 0
        self._blocks = ()
        self._set_line(self._start_line)
        self._send(now, Request(self._exchange.address).to_bytes(), expect=Stage.IDENTIFICATION)

    # Hearing

    def _heard(self, event: StreamEvent, at: float) -> None:
        if self._stage in DEAF:
            return  # what stood behind the message that ended the exchange
        self._mind_speed(event)
        match event:
            case BlockLine(index, text):
                if self._stage is Stage.READOUT and text != "!":
                    self._out.append(ReadoutLine(index, text))
            case Damaged(kind, detail):
                self._damaged(kind, detail, at)
            case Command() if event.is_break:
                self._broken(at)
            case Request() | OptionSelect():
                pass  # our own message come back from an optical head
            case Identification():
                if self._stage is Stage.IDENTIFICATION:
                    self._identified(event, at)
            case Handshake.NAK:
                self._refused_by_nak(at)
            case Handshake.ACK:
                self._acknowledged(at)
            case Command():
                if self._stage is Stage.OPERAND and event.name == "P0":
                    self._asked_for_password(event, at)
            case DataMessage():
                self._data(event, at)

    def _mind_speed(self, event: StreamEvent) -> None:
        """At a wrong speed nothing begins as a message does, so whatever does so proves the speed right."""
        starts = isinstance(event, Damaged) and event.raw[0] in (SOH, STX)
        if starts or isinstance(event, BlockLine | Command | DataMessage):
            self._speed.readable()

    def _identified(self, identification: Identification, at: float) -> None:
        self.identification = identification
        baud = identification.baud
        if baud is None:
            detail = Message("{0} offers {1}, which is not mode C", (str(identification), repr(identification.speed)))
            self._end(at, self._failure(FailureCause.UNSUPPORTED, detail), quiet=self.timing.recovery)
            return
        select = OptionSelect(speed=self._speed.ask_for(identification), mode=self._exchange.mode)
        baud = select.baud or START_LINE.baud
        self._out.append(Identified(identification, baud))
        self._send(at, select.to_bytes(), expect=Stage.OPERAND if self._exchange.programming else Stage.READOUT)
        if baud != self._start_line.baud:
            self._set_line(replace(self._start_line, baud=baud))

    def _asked_for_password(self, command: Command, at: float) -> None:
        self._operand = command.value
        self._repeats = 0
        if self._exchange.login is None:
            self._ready()
        else:
            password = self._exchange.login(self._operand)
            self._send(at, password.to_bytes(), expect=Stage.PASSWORD)

    def _ready(self) -> None:
        assert self.identification is not None
        self._stage = Stage.READY
        self._patience.deadline = None
        self._out.append(ProgrammingReady(self.identification, self._operand))

    def _acknowledged(self, at: float) -> None:
        if self._stage is Stage.PASSWORD:
            self._out.append(PasswordAccepted())
            self._ready()
        elif self._stage is Stage.REPLY:
            if self._block + 1 < len(self._blocks):
                self._block += 1
                self._repeats = 0
                self._send_block(at)
            elif self._blocks[0].letter == "R":
                self._damaged(Damage.SYNTAX, Message("a read command was answered with ACK"), at)
            else:
                self._answered(CommandConfirmed(self._blocks[0]))

    def _data(self, message: DataMessage, at: float) -> None:
        match self._stage:
            case Stage.READOUT:
                self._readout(message, at)
            case Stage.OPERAND:
                detail = message.error_text or Message("the device answered with a readout")
                cause = FailureCause.ERROR_MESSAGE if message.error_text else FailureCause.UNSUPPORTED
                self._end(at, self._failure(cause, detail), quiet=self.timing.recovery)
            case Stage.PASSWORD:
                self._password_refused(at, Refusal.ERROR_MESSAGE, message.text.strip("()"))
            case Stage.REPLY:
                self._reply(message, at)
            case _:
                self._noise = Message("data came where none was asked for")

    def _readout(self, message: DataMessage, at: float) -> None:
        assert self.identification is not None
        if message.error_text is not None:
            self._end(at, self._failure(FailureCause.ERROR_MESSAGE, message.error_text), quiet=self.timing.recovery)
            return
        try:
            lines = split_readout(message.text)
        except Iec62056Error as error:
            self._fault(at, FailureCause.GARBAGE, error.message)
            return
        self._end(at, ReadoutDone(lines, self.identification, message.to_bytes()), signed_on=False)

    def _reply(self, message: DataMessage, at: float) -> None:
        command = self._blocks[0]
        if message.error_text is not None or command.letter != "R":
            self._answered(CommandRefused(command, message.error_text or message.text.strip("()")))
            return
        self._answer += message.text
        if message.last:
            self._answered(CommandAnswered(command, self._answer))
        else:
            self._repeats = 0
            self._send(at, Handshake.ACK.to_bytes(), expect=Stage.REPLY)

    def _answered(self, event: object) -> None:
        self._stage = Stage.READY
        self._patience.deadline = None
        self._blocks = ()
        self._out.append(event)

    def _send_block(self, now: float) -> None:
        self._send(now, self._blocks[self._block].to_bytes(), expect=Stage.REPLY)

    # What goes wrong

    def _damaged(self, kind: Damage, detail: str | Message, at: float) -> None:
        if self._stage is Stage.READY:
            return
        if kind in (Damage.NOISE, Damage.INCOMPLETE):
            self._noise = detail  # the message may still come; if not, the time-out names this
            return
        self._fault(at, FailureCause.BAD_BCC if kind is Damage.BAD_BCC else FailureCause.GARBAGE, detail)

    def _fault(self, now: float, cause: FailureCause, detail: str | Message) -> None:
        """Ask again where that can do no harm, else end."""
        if self._line_error is not None and cause is not FailureCause.SILENCE:
            detail = Message("{0}, after a line error ({1})", (detail, self._line_error.value))
        again = self._repeats < self.limits.repeats
        if cause is not FailureCause.SILENCE and self._stage in SIGNED_ON:
            if again:
                self._repeats += 1
                self._out.append(Retrying(cause, detail, self._repeats + 1))
                self._send(now, Handshake.NAK.to_bytes(), expect=self._stage)
                return
        elif self._stage is Stage.REPLY and self._blocks[0].letter == "R" and again:
            # Nothing but a read may be sent twice unasked: a write may have been done already.
            self._repeat_command(now, cause, detail)
            return
        if self._stage in (Stage.IDENTIFICATION, Stage.READOUT, Stage.OPERAND):
            if self._stage is not Stage.IDENTIFICATION and self._speed.failed():
                self._out.append(SpeedGivenUp(self._line.baud))
            self._sign_on_again(now, cause, detail)
        else:
            self._end(now, self._failure(cause, detail))

    def _repeat_command(self, now: float, cause: FailureCause, detail: str | Message) -> None:
        self._repeats += 1
        self._out.append(Retrying(cause, detail, self._repeats + 1))
        self._answer = ""
        self._send_block(now)

    def _sign_on_again(self, now: float, cause: FailureCause, detail: str | Message) -> None:
        quiet = self._quiet_after(now, cause)
        if self._stage is Stage.IDENTIFICATION and cause is FailureCause.SILENCE and self._wakes < self.limits.wakes:
            self._wakes += 1
            self._end(now, None, quiet=quiet)
            return
        if self._attempt >= self.limits.attempts:
            self._end(now, self._failure(cause, detail), quiet=quiet)
            return
        self._attempt += 1
        self._out.append(Retrying(cause, detail, self._attempt))
        self._end(now, None, quiet=quiet)

    def _quiet_after(self, now: float, cause: FailureCause) -> float:
        """How long the next sign-on must wait: until the device can no more be waiting for an option select."""
        if self._stage is not Stage.IDENTIFICATION:
            return 0.0
        if cause is FailureCause.SILENCE:
            return self.timing.unanswered
        return self._patience.heard_at + self.timing.recovery - now

    def _refused_by_nak(self, at: float) -> None:
        match self._stage:
            case Stage.PASSWORD:
                # It may have been the line, but a password is never sent twice unasked.
                self._password_refused(at, Refusal.NAK, "")
            case Stage.REPLY:
                if self._repeats < self.limits.repeats:
                    self._repeat_command(at, FailureCause.NAK, Message("the device asks for a repeat"))
                else:
                    failure = self._failure(FailureCause.NAK, Message("the device keeps asking for repeats"))
                    self._end(at, failure, quiet=self.timing.recovery)
            case Stage.READY:
                pass
            case _:
                self._sign_on_again(
                    at, FailureCause.NAK, Message("the device answered NAK ({0})", (self._stage.value,))
                )

    def _broken(self, at: float) -> None:
        if self._stage is Stage.PASSWORD:
            self._password_refused(at, Refusal.BREAK, "")
        else:
            failure = self._failure(FailureCause.BREAK, Message("the device signed off by itself"))
            self._end(at, failure, signed_on=False, quiet=self.timing.recovery)

    def _password_refused(self, at: float, how: Refusal, text: str) -> None:
        self._out.append(PasswordRefused(how, text))
        self._end(at, SignedOff(), signed_on=how is not Refusal.BREAK, quiet=self.timing.recovery)

    # Ending

    def _failure(self, cause: FailureCause, detail: str | Message) -> Failed:
        return Failed(cause, detail, self._blocks[0] if self._stage is Stage.REPLY else None)

    def _end(self, now: float, event: object | None, *, signed_on: bool | None = None, quiet: float = 0.0) -> None:
        """Sign off where the device is signed on, go back to 300 7E1, then tell `event` (None: sign on again).

        `quiet`: seconds before the next sign-on, `Timing.idle` at least.
        """
        if self._stage in SIGNED_ON if signed_on is None else signed_on:
            self._out.append(Write(self._next_token(), BREAK.to_bytes(), not_before=self._may_answer(now)))
        self._stage = Stage.ENDING
        self._parser.reset()
        self._patience.deadline = None
        self._sending = None
        self._end_event = event
        self._patience.keep_quiet(now + max(self.timing.idle, quiet))
        self._ending = self._set_line(self._start_line)

    def _finish(self, now: float, event: object, quiet: float) -> None:
        self._stage = Stage.IDLE
        self._patience.deadline = None
        self._sending = self._ending = None
        self._end_event = None
        self._patience.keep_quiet(now + quiet)
        self._blocks = ()
        self._out.append(event)
