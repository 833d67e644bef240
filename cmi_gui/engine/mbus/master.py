"""The master: runs procedures, one exchange at a time, with time-outs and retries, and assigns answers to requests.

An E5 does not name its sender, and answers may be late. So the master stores the requests that have no answer yet.
While these may still be answered, an E5 is not certain, and an exchange with a long wait does not begin.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cmi_gui.engine.machine import Abort, Effects, Line, LineEvent, SendBreak, SendOutcome, SetLine, Write
from cmi_gui.engine.mbus.allowance import Allowance
from cmi_gui.engine.mbus.attempt import Attempt
from cmi_gui.engine.mbus.exchange import (
    Answer,
    AnswerKind,
    Exchange,
    Expect,
    Procedure,
    ProcedureFailed,
    SetSpeed,
    Settle,
)
from cmi_gui.engine.mbus.frame import ACK_FRAME, ADDRESS_SELECTED, MAX_FRAME, SND_NKE, Frame, FrameKind
from cmi_gui.engine.mbus.frame_decoder import FrameDecoder, GoodFrame
from cmi_gui.engine.mbus.selection import is_selection
from cmi_gui.engine.mbus.times import IDLE_BITS, RESPONSE_MAX_EXTRA, response_window
from cmi_gui.engine.mbus.unanswered import LATEST, Unanswered

_BREAK_BITS = 22
"""Bit times of a break, which no character takes."""
_ADAPTER_DELAY = 0.020
"""Seconds by which a serial adapter may deliver characters later. Assumption."""
_ECHOES = 4
"""Requests of which an echo may still arrive."""
_NO_REQUEST = Answer(AnswerKind.NONE, tries=0)
"""The answer that a procedure gets for a step without a request."""


@dataclass(frozen=True, slots=True)
class ExchangeDone:
    """The end of an exchange. `at`: seconds."""

    exchange: Exchange
    answer: Answer
    at: float


@dataclass(frozen=True, slots=True)
class ProcedureFinished:
    """The end of a procedure: `result` is what it returned; `error` is set if it failed."""

    result: object
    error: ProcedureFailed | None


@dataclass(frozen=True, slots=True)
class AllowanceIncreased:
    """A longer allowance, because answers took longer: `seconds` beyond the standard's window from now on."""

    seconds: float


@dataclass(frozen=True, slots=True)
class OtherMasterHeard:
    """A request that this master has not sent. `at`: seconds."""

    request: Frame
    at: float


class Master:
    """The machine of a master. Events: `ExchangeDone`, `ProcedureFinished`, `AllowanceIncreased`, `OtherMasterHeard`.

    `line`: its own line settings (time-outs follow from the speed), with which the link opens. `allowance`: seconds on
    top of the standard's window, for links that delay (USB adapters, gateways). An echo of its own telegram, which some
    level converters produce, is ignored.
    """

    def __init__(self, line: Line, allowance: Allowance) -> None:
        self._own_line = line
        self._line = line
        """The line settings of the next telegram."""
        self._link_line: Line | None = line
        """The line settings of the link; None if they are unknown, as it may have closed or dropped a change."""
        self.selected_at: Line | None = None
        """The line settings of the last selection, whose slave may still be selected; None: no slave is."""
        self._allowance = allowance
        self._procedure: Procedure[object] | None = None
        self._attempt: Attempt | None = None
        self._token = 0
        self._begun_at = 0.0
        """The time of the first bytes of the reply, in seconds."""
        self._first_at = 0.0
        """The time of the first bytes of the frame that is being received, in seconds."""
        self._waiting_until: float | None = None
        self._give_up_at = 0.0
        self._idle_until: float | None = None
        self._settling_until: float | None = None
        self._last_activity = 0.0
        self._late_until = self._late_end = 0.0
        """The time until which a second slave may answer the last request, and the limit to which strays extend it."""
        self._unanswered = Unanswered()
        self._late = FrameDecoder()
        """The decoder of bytes that are received while no answer is expected."""
        self._strays: list[Frame] = []
        self._suspects: list[Frame] = []
        """The earlier requests to which a stray, or an E5 that is not certain, may belong."""
        self._has_grown = False
        self._last_sent: deque[Frame] = deque(maxlen=_ECHOES)

    @property
    def busy(self) -> bool:
        """True while a procedure runs."""
        return self._procedure is not None

    @property
    def line(self) -> Line:
        """The line settings of the exchange under way, or of the last one."""
        return self._line

    @property
    def deadline(self) -> float | None:
        """The time when `tick` is due, in seconds, or None."""
        times = (self._waiting_until, self._idle_until, self._settling_until)
        return min((at for at in times if at is not None), default=None)

    def start(self, procedure: Procedure[object], now: float) -> Effects:
        """Run a procedure. Raises RuntimeError while another runs."""
        if self.busy:
            raise RuntimeError("the master is busy with another procedure")
        self._procedure = procedure
        self._line = self._own_line
        return self._step(None, now)

    def cancel(self, now: float) -> Effects:
        """Stop the procedure without an event; the speed of the link is unknown from then on, as it may have closed."""
        if self._procedure is not None:
            self._procedure.close()
        if self._attempt is not None and self._attempt.tries:
            self._attempt.unanswered += 1
            self._note_unanswered(self._attempt, now)
        self._procedure = self._attempt = self._link_line = None
        self._waiting_until = self._idle_until = self._settling_until = None
        return (Abort(),)

    def receive(self, data: bytes, at: float) -> Effects:
        """Process bytes, whose last stop bit was at `at`."""
        was_idle = at >= self._last_activity + self._gap
        self._last_activity = at
        if self._attempt is not None and self._waiting_until is not None:
            if was_idle:
                self._attempt.reply.note_idle()
            reply = self._attempt.reply
            known = len(reply.requests)
            effects = self._take(self._attempt, data, at)
            return [*self._other_requests(reply.requests[known:], at), *effects]
        requests: list[Frame] = []
        for event in self._late.feed(data):
            if isinstance(event, GoodFrame) and event.frame.from_master:
                requests.append(event.frame)
            elif isinstance(event, GoodFrame):
                self._note_stray(event.frame, at)
        return self._other_requests(requests, at)

    def _other_requests(self, requests: Sequence[Frame], at: float) -> list[object]:
        """Return events for requests that are no late echo of the last ones of this master."""
        return [OtherMasterHeard(frame, at) for frame in requests if frame not in self._last_sent]

    def line_event(self, kind: LineEvent, at: float) -> Effects:
        """Process a line error, which is a damaged character."""
        if self._attempt is not None and kind is not LineEvent.PEER:
            if not self._attempt.reply.raw:
                self._begun_at = self._first_at = at
            self._attempt.reply.take_damage()
            self._last_activity = at
        return ()

    def done(self, token: int, outcome: SendOutcome, at: float) -> Effects:
        """Process the outcome of sending; the slave's time to answer counts from there."""
        attempt = self._attempt
        if token != self._token or attempt is None or self._waiting_until is None:
            return ()
        if attempt.reply.broken_off:
            self._last_activity = at
            self._waiting_until = at + self._gap_after_break
            return ()
        if outcome is not SendOutcome.SENT:
            return self._end_try(attempt, at, sent=False)
        attempt.sent_at = at
        if attempt.exchange.expect is Expect.NOTHING:
            return self._finish(attempt, at)
        if attempt.reply.frame is None:
            # The link may report the end of sending late; the time of an answer that has already begun stays.
            limit = at + self._answer_limit(attempt)
            self._give_up_at = limit + 2 * MAX_FRAME * self._line.char_time
            self._waiting_until = max(limit, self._last_activity + self._gap) if attempt.reply.pending else limit
        return ()

    def tick(self, now: float) -> Effects:
        """Do what is due at `now`."""
        if self._settling_until is not None and now >= self._settling_until:
            return self._settled(now)
        if self._idle_until is not None and now >= self._idle_until:
            self._idle_until = None
            return self._send(now)
        if self._waiting_until is not None and now >= self._waiting_until and self._attempt is not None:
            return self._end_try(self._attempt, now)
        return ()

    # Steps of the procedure

    def _step(self, answer: Answer | None, now: float) -> list[object]:
        assert self._procedure is not None
        try:
            step = next(self._procedure) if answer is None else self._procedure.send(answer)
            while isinstance(step, SetSpeed):
                self._line = self._own_line if step.baud is None else replace(self._own_line, baud=step.baud)
                step = self._procedure.send(_NO_REQUEST)
        except StopIteration as end:
            self._procedure = None
            return [ProcedureFinished(end.value, None)]
        except ProcedureFailed as error:
            self._procedure = None
            return [ProcedureFinished(None, error)]
        self._attempt = None if isinstance(step, Settle) else Attempt(step)
        return list(self._settled(now))

    def _settled(self, now: float) -> Effects:
        """Send the request, or end the `Settle` if there is none, when no late answer can interfere any more."""
        attempt = self._attempt
        self._settling_until = None
        if attempt is None or attempt.exchange.long_wait:
            until = self._unanswered.until(Expect.ACK if attempt is None else attempt.exchange.expect, now)
            if attempt is None and now < self._late_until:
                until = max(self._late_until, until or 0.0)
            rest = self._last_activity + self._gap
            if until is not None or (self._late.pending and now < rest):
                self._settling_until = rest if until is None else until
                return ()
        if attempt is None:
            return self._step(self._with_strays(_NO_REQUEST), now)
        return self._send_when_idle(now)

    def _send_when_idle(self, now: float) -> Effects:
        idle_from = self._last_activity + IDLE_BITS * self._line.bit_time
        if now < idle_from:
            self._idle_until = idle_from
            return ()
        return self._send(now)

    def _send(self, now: float) -> Effects:
        assert self._attempt is not None
        self._attempt.begin_try()
        self._late.reset()
        effects: list[object] = []
        if self._link_line != self._line:
            self._token += 1
            self._link_line = self._line
            effects.append(SetLine(self._token, self._line))
        self._token += 1
        frame = self._attempt.exchange.frame
        self._last_sent.append(frame)
        self._note_selection(frame)
        telegram = frame.to_bytes()
        # An upper bound until the link reports the end of sending: a link that never does must not block the master.
        self._waiting_until = now + 2 * len(telegram) * self._line.char_time + self._answer_limit(self._attempt)
        self._give_up_at = self._waiting_until + 2 * MAX_FRAME * self._line.char_time
        return [*effects, Write(self._token, telegram)]

    def _note_selection(self, frame: Frame) -> None:
        if is_selection(frame):
            self.selected_at = self._line
        elif frame.a == ADDRESS_SELECTED and frame.c == SND_NKE:
            self.selected_at = None

    # Answers

    def _take(self, attempt: Attempt, data: bytes, at: float) -> Effects:
        assert self._waiting_until is not None
        reply = attempt.reply
        if reply.broken_off:
            # The rest of the answer, up to the break.
            self._waiting_until = at + self._gap_after_break
            return ()
        if not reply.raw:
            self._begun_at = at
        if not reply.pending:
            self._first_at = at
        answered, strays = reply.frame is not None, len(reply.strays)
        reply.take(data, acks_may_be_late=self._unanswered.until(Expect.ACK, at) is not None)
        for frame in reply.strays[strays:]:
            self._note_stray(frame, at)
        if reply.frame is not None and not answered:
            if reply.is_ack:
                self._first_at = at
            # After an unanswered try, the answer may belong to either try.
            if attempt.sent_at is not None and not attempt.unanswered:
                self._learn(self._first_at - attempt.sent_at)
            if attempt.exchange.alone:
                return self._end_try(attempt, at)
            # A second slave's answer would begin inside the window too, or follow at once.
            window = self._first_at + response_window(self._line)
            if attempt.exchange.window is not None and attempt.sent_at is not None:
                window = min(window, attempt.sent_at + attempt.exchange.window)
            end = max(window, at + IDLE_BITS * self._line.bit_time)
            # An E5 in place of data does not shorten the wait for the data.
            no_data = reply.is_ack and attempt.exchange.expect is Expect.RESPONSE
            self._waiting_until = max(end, self._waiting_until) if no_data else end
        if attempt.exchange.breaks_off and reply.break_off():
            self._token += 1
            self._waiting_until = self._give_up_at
            return (SendBreak(self._token, _BREAK_BITS * self._line.bit_time),)
        if reply.pending:
            # Wait while more characters are received, but no longer than two of the longest telegrams take.
            self._waiting_until = min(max(self._waiting_until, at + self._gap), self._give_up_at)
        return ()

    def _end_try(self, attempt: Attempt, now: float, *, sent: bool = True) -> Effects:
        self._waiting_until = None
        strays = len(attempt.reply.strays)
        attempt.reply.end()
        for frame in attempt.reply.strays[strays:]:
            self._note_stray(frame, now)
        if sent and attempt.reply.may_go_on and not attempt.exchange.alone:
            end = self._begun_at + response_window(self._line) + MAX_FRAME * self._line.char_time
            if now < end:
                self._waiting_until = end
                return ()
        tries_again = attempt.end_try(sent=sent)
        if not attempt.answered and attempt.reply.is_ack:
            # An E5 that does not count as the answer may belong to an earlier request.
            self._note_stray(ACK_FRAME, now)
        return self._send_when_idle(now) if tries_again else self._finish(attempt, now)

    def _finish(self, attempt: Attempt, now: float) -> Effects:
        self._waiting_until = self._attempt = None
        answer = attempt.answer()
        if is_selection(attempt.exchange.frame) and answer.kind is AnswerKind.SILENCE:
            self.selected_at = None
        if attempt.sent_at is not None:
            ended = self._last_activity if answer.raw else now
            answer = replace(answer, waited=max(0.0, ended - attempt.sent_at))
        if answer.answered and attempt.exchange.expect is Expect.ACK:
            suspects = self._unanswered.frames(Expect.ACK, self._first_at)
            self._suspects += suspects if answer.kind is AnswerKind.ACK else ()
            answer = replace(answer, certain=not suspects)
        answer = self._with_strays(answer)
        self._note_unanswered(attempt, now)
        done: list[object] = [ExchangeDone(attempt.exchange, answer, now)]
        if self._has_grown:
            self._has_grown = False
            done.append(AllowanceIncreased(self._allowance.seconds))
        return [*done, *self._step(answer, now)]

    def _note_unanswered(self, attempt: Attempt, now: float) -> None:
        """Note the tries of a finished exchange that may still be answered."""
        sent_at = now if attempt.sent_at is None else attempt.sent_at
        begun = now if attempt.reply.frame is not None else sent_at
        self._late_until = sent_at + self._latest_answer
        self._late_end = self._late_until + self._latest_answer
        self._unanswered.add(attempt.exchange, sent_at, attempt.unanswered, begun + self._latest_answer)

    def _note_stray(self, frame: Frame, at: float) -> None:
        """Process a good frame that does not answer the running exchange."""
        kind = Expect.ACK if frame.kind is FrameKind.ACK else Expect.RESPONSE
        self._strays.append(frame)
        self._suspects += self._unanswered.frames(kind, at)
        # After two requests, a slave may send one answer after the other.
        self._late_until = min(at + self._latest_answer, self._late_end)
        late = self._unanswered.take(kind, at, self._latest_answer)
        # Of two E5 in a row, none is certain to be late: two slaves may have answered.
        if late is not None and not (kind is Expect.ACK and self._attempt is not None and self._attempt.reply.is_ack):
            self._learn(late)

    def _with_strays(self, answer: Answer) -> Answer:
        strays, suspects = tuple(self._strays), tuple(dict.fromkeys(self._suspects))
        self._strays.clear()
        self._suspects.clear()
        return replace(answer, strays=strays, unanswered=suspects)

    def _learn(self, seconds: float) -> None:
        """Learn from an answer that began `seconds` after its request."""
        self._has_grown |= self._allowance.learn(seconds - response_window(self._line))

    # Times

    def _answer_limit(self, attempt: Attempt) -> float:
        """Return the seconds after the end of a try within which its answer must begin."""
        if attempt.exchange.long_wait and attempt.is_last:
            return self._latest_answer
        longest = response_window(self._line) + self._allowance.seconds
        return longest if attempt.exchange.window is None else min(longest, attempt.exchange.window)

    @property
    def _gap_after_break(self) -> float:
        """The seconds of silence after a break; an adapter may deliver what came before it later."""
        return IDLE_BITS * self._line.bit_time + _ADAPTER_DELAY

    @property
    def _latest_answer(self) -> float:
        """The seconds after a request within which even a late answer begins."""
        return response_window(self._line) + max(LATEST, self._allowance.seconds)

    @property
    def _gap(self) -> float:
        """The seconds of silence that end a telegram; networks and adapters may deliver one in pieces."""
        return IDLE_BITS * self._line.bit_time + RESPONSE_MAX_EXTRA + self._allowance.seconds
