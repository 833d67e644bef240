"""The master: one exchange at a time, with time-outs, retries and procedures built of exchanges.

A *procedure* is a generator that yields an `Exchange` and is sent its `Answer`, or yields a `SetSpeed`; so reading a
slave, scanning a bus or writing settings is written once, as plain code, and needs neither a clock nor an event loop.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from cmi_gui.engine.machine import Abort, Effects, Line, LineEvent, SendOutcome, SetLine, Write
from cmi_gui.engine.mbus.frame import MAX_FRAME, Frame, FrameDecoder, FrameEvent, FrameKind, GoodFrame
from cmi_gui.engine.mbus.times import IDLE_BITS, RESPONSE_MAX_EXTRA, response_window
from cmi_gui.engine.messages import CodedError

STRAY_BYTES = 2
"""Bytes beside an E5 with which it still counts; converters add some (libmbus #131, #138)."""
RETRIES = 2
"""Tries after the first [DOC48 §5.4]."""


class Expect(StrEnum):
    """What ends an exchange well."""

    ACK = "ack"
    RESPONSE = "response"
    """A RSP_UD, or E5 for "no data"."""
    NOTHING = "nothing"
    """A broadcast: nobody answers."""


class AnswerKind(StrEnum):
    """How an exchange ended."""

    ACK = "ack"
    RESPONSE = "response"
    SILENCE = "silence"
    GARBLED = "garbled"
    """Something came, but no good frame: a collision, or a disturbed line."""
    NONE = "none"
    """Nothing was expected."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A telegram to send and what to wait for. `retries`: tries after the first."""

    frame: Frame
    expect: Expect
    retries: int = RETRIES


@dataclass(frozen=True, slots=True)
class SetSpeed:
    """The speed in bit/s of the exchanges that follow in a procedure. None: the master's own, with which each begins.

    The link changes to it once all that was sent before has left.
    """

    baud: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The end of an exchange: the frame if there is one, all bytes of the last try, and the number of tries."""

    kind: AnswerKind
    frame: Frame | None = None
    raw: bytes = b""
    tries: int = 1

    @property
    def somebody(self) -> bool:
        """Whether anything at all answered."""
        return self.kind in (AnswerKind.ACK, AnswerKind.RESPONSE, AnswerKind.GARBLED)


Result = TypeVar("Result")

Procedure = Generator[Exchange | SetSpeed, Answer, Result]
"""What a master does, and what it returns. May raise ProcedureFailed."""

_SPEED_SET = Answer(AnswerKind.NONE, tries=0)
"""What a procedure is sent after a `SetSpeed`."""


class ProcedureFailed(CodedError):
    """A procedure's own end without a result; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class ExchangeDone:
    """An exchange has ended."""

    exchange: Exchange
    answer: Answer
    at: float


@dataclass(frozen=True, slots=True)
class ProcedureFinished:
    """The procedure is over: `result` is what it returned, or `error` says why there is none."""

    result: object
    error: ProcedureFailed | None


class Master:
    """The machine. Events: `ExchangeDone`, `ProcedureFinished`.

    `line`: its own speed (time-outs follow from it) and format, with which the link opens. `extra`: seconds on top of
    the standard's window, for links that delay (USB adapters, gateways). An echo of its own telegram, as some level
    converters give, is passed over.
    """

    def __init__(self, line: Line, *, extra: float = 0.1) -> None:
        self._own_line = line
        self._line = line
        """Of the next telegram."""
        self._link_line: Line | None = line
        """What the link stands at; None where its end or an abort leaves that open."""
        self._extra = extra
        self._decoder = FrameDecoder()
        self._procedure: Procedure[object] | None = None
        self._exchange: Exchange | None = None
        self._raw = bytearray()
        self._tries = 0
        self._token = 0
        self._waiting_until: float | None = None
        self._give_up_at = 0.0
        self._quiet_until: float | None = None
        self._last_activity = 0.0

    @property
    def busy(self) -> bool:
        """Whether a procedure runs."""
        return self._procedure is not None

    @property
    def deadline(self) -> float | None:
        """See `Machine`."""
        return min((at for at in (self._waiting_until, self._quiet_until) if at is not None), default=None)

    def start(self, procedure: Procedure[object], now: float) -> Effects:
        """Run a procedure. Raises RuntimeError while another runs."""
        if self.busy:
            raise RuntimeError("the master is busy with another procedure")
        self._procedure = procedure
        self._line = self._own_line
        return self._step(None, now)

    def cancel(self) -> Effects:
        """Stop the procedure without an event, and no longer rely on the speed of the link: it may have closed."""
        if self._procedure is not None:
            self._procedure.close()
        self._procedure = self._exchange = self._link_line = None
        self._waiting_until = self._quiet_until = None
        self._decoder.reset()
        return (Abort(),)

    def receive(self, data: bytes, at: float) -> Effects:
        """See `Machine`."""
        self._last_activity = at
        if self._exchange is None or self._waiting_until is None:
            # Late bytes of a former try belong to nobody.
            self._decoder.reset()
            return ()
        self._raw += data
        for event in self._decoder.feed(data):
            effects = self._take(event, at)
            if effects:
                return effects
        if self._decoder.pending:
            # A frame has begun: wait for as long as its characters keep coming, but no longer than the longest takes.
            gap = IDLE_BITS * self._line.bit_time + RESPONSE_MAX_EXTRA + self._extra
            self._waiting_until = min(at + gap, self._give_up_at)
        return ()

    def _take(self, event: FrameEvent, at: float) -> Effects:
        assert self._exchange is not None
        if not isinstance(event, GoodFrame) or event.frame.from_master:
            if isinstance(event, GoodFrame) and event.frame == self._exchange.frame:
                # The answer may have come in the same lump as the echo.
                del self._raw[: self._raw.index(event.raw) + len(event.raw)]
            return ()
        kind = AnswerKind.ACK if event.frame.kind is FrameKind.ACK else AnswerKind.RESPONSE
        if self._exchange.expect is Expect.ACK and kind is AnswerKind.RESPONSE:
            return ()
        if event.frame.kind is FrameKind.SHORT:
            return ()
        # E5 turns up in any noise: a few stray bytes of a level converter are borne, more make it no answer.
        if kind is AnswerKind.ACK and len(self._raw) > 1 + STRAY_BYTES:
            return ()
        return self._finish(Answer(kind, event.frame, bytes(self._raw), self._tries), at)

    def line_event(self, kind: LineEvent, at: float) -> Effects:
        """A damaged character: what is coming in is no good frame."""
        if self._exchange is not None and kind is not LineEvent.PEER:
            self._raw += b"\x00"
            self._last_activity = at
        return ()

    def done(self, token: int, outcome: SendOutcome, at: float) -> Effects:
        """The telegram has left: the slave's time begins."""
        if token != self._token or self._exchange is None:
            return ()
        if outcome is not SendOutcome.SENT:
            return self._no_answer(at)
        if self._exchange.expect is Expect.NOTHING:
            return self._finish(Answer(AnswerKind.NONE, tries=self._tries), at)
        if self._waiting_until is not None:
            # The link may tell late that all has left; an answer that began meanwhile keeps its own time.
            limit = at + response_window(self._line) + self._extra
            self._give_up_at = limit + 2 * MAX_FRAME * self._line.char_time
            self._waiting_until = self._waiting_until if self._decoder.pending else limit
        return ()

    def tick(self, now: float) -> Effects:
        """See `Machine`."""
        if self._quiet_until is not None and now >= self._quiet_until:
            self._quiet_until = None
            return self._send(now)
        if self._waiting_until is not None and now >= self._waiting_until and self._exchange is not None:
            for event in self._decoder.idle():
                effects = self._take(event, now)
                if effects:
                    return effects
            return self._no_answer(now)
        return ()

    def _no_answer(self, now: float) -> Effects:
        assert self._exchange is not None
        self._waiting_until = None
        if self._tries <= self._exchange.retries:
            return self._send_when_quiet(now)
        kind = AnswerKind.GARBLED if self._raw else AnswerKind.SILENCE
        return self._finish(Answer(kind, None, bytes(self._raw), self._tries), now)

    def _finish(self, answer: Answer, now: float) -> Effects:
        assert self._exchange is not None
        self._waiting_until = None
        done = ExchangeDone(self._exchange, answer, now)
        self._exchange = None
        self._decoder.reset()
        return [done, *self._step(answer, now)]

    def _step(self, answer: Answer | None, now: float) -> list[object]:
        assert self._procedure is not None
        try:
            step = next(self._procedure) if answer is None else self._procedure.send(answer)
            while isinstance(step, SetSpeed):
                self._line = self._own_line if step.baud is None else replace(self._own_line, baud=step.baud)
                step = self._procedure.send(_SPEED_SET)
        except StopIteration as end:
            self._procedure = None
            return [ProcedureFinished(end.value, None)]
        except ProcedureFailed as error:
            self._procedure = None
            return [ProcedureFinished(None, error)]
        self._exchange = step
        self._tries = 0
        return list(self._send_when_quiet(now))

    def _send_when_quiet(self, now: float) -> Effects:
        quiet = self._last_activity + IDLE_BITS * self._line.bit_time
        if now < quiet:
            self._quiet_until = quiet
            return ()
        return self._send(now)

    def _send(self, now: float) -> Effects:
        assert self._exchange is not None
        self._tries += 1
        self._raw.clear()
        self._decoder.reset()
        effects: list[object] = []
        if self._link_line != self._line:
            self._token += 1
            self._link_line = self._line
            effects.append(SetLine(self._token, self._line))
        self._token += 1
        telegram = self._exchange.frame.to_bytes()
        # Until the link says that all has left, an upper bound keeps a link that never says so from hanging us.
        window = response_window(self._line) + self._extra
        self._waiting_until = now + 2 * len(telegram) * self._line.char_time + window
        self._give_up_at = self._waiting_until + 2 * MAX_FRAME * self._line.char_time
        return [*effects, Write(self._token, telegram)]
