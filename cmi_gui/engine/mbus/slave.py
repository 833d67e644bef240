"""The slave: link layer of EN 13757-2 with both frame count memories, selection and multi-telegram answers.

One machine serves one listening link. What the slave *is* (addresses, data, commands) comes from a
`SlaveApplication`, which several machines may share: selection and frame count bits of one link never disturb another.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from cmi_gui.engine.machine import Abort, Delivered, Effects, Line, LineEvent, SendOutcome, SetLine, Write
from cmi_gui.engine.mbus.ci import BAUD_RATES, CI_RESET, CI_SELECT, CI_SELECT_MODE_2
from cmi_gui.engine.mbus.frame import (
    ADDRESS_BROADCAST,
    ADDRESS_SELECTED,
    ADDRESS_TEST,
    RSP_UD,
    Frame,
    FrameDecoder,
    FrameEvent,
    FrameKind,
    Function,
    GoodFrame,
)
from cmi_gui.engine.mbus.line_speed import LineSpeed, SpeedCause
from cmi_gui.engine.mbus.selection import MASK_SIZE, Identity, matches
from cmi_gui.engine.mbus.slave_application import SlaveApplication
from cmi_gui.engine.mbus.speed_finder import SpeedFinder
from cmi_gui.engine.mbus.times import IDLE_BITS, RESPONSE_MIN_BITS, response_window

REPEAT_WITHIN = 5.0
"""Seconds, without the time answers take on the wire, in which the same FCB asks for the same bytes. Assumption."""
SERIES_LIFE = 60.0
"""Seconds without a request after which a series of telegrams starts anew. Assumption."""
DUPLICATE_WITHIN = 10.0
"""Seconds in which a repeated SND_UD is acknowledged but not executed again. Assumption."""


class Verdict(StrEnum):
    """What became of something received."""

    ANSWERED = "answered"
    """A RSP_UD follows."""
    ACKNOWLEDGED = "acknowledged"
    """E5 follows."""
    DUPLICATE = "duplicate"
    """E5 follows; the command was a repetition and is not executed again."""
    BROADCAST = "broadcast"
    """Acted upon, never answered."""
    DESELECTED = "deselected"
    """No answer: a selection of another slave, or of this one in mode 2; this one is no longer selected."""
    NOT_FOR_ME = "not_for_me"
    NOT_SELECTED = "not_selected"
    """To 253, while this slave is not selected."""
    NOT_A_REQUEST = "not_a_request"
    """A good frame no slave answers: from another slave, or with a C field of no request."""
    DAMAGED = "damaged"
    UNPOWERED = "unpowered"


@dataclass(frozen=True, slots=True)
class LineDisturbed:
    """Characters that the line could not read (framing, parity, overrun), told once for each run of them."""

    kind: LineEvent
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class Received:
    """Something came in, and what became of it. `at`: its last stop bit, in seconds."""

    event: FrameEvent | LineDisturbed
    verdict: Verdict
    at: float


@dataclass(frozen=True, slots=True)
class AnswerExpired:
    """An answer could not leave inside the window, or its master has gone on meanwhile: the slave stayed silent."""

    telegram: bytes
    at: float


@dataclass(frozen=True, slots=True)
class SpeedChanged:
    """The link goes on at another speed, or a search has found the one it is at."""

    line: Line
    cause: SpeedCause


@dataclass(slots=True)
class _AddressSet:
    """What a slave remembers of one way to address it: primary (254 included) or selected."""

    request_fcb: bool | None = None
    series: Sequence[bytes] = ()
    content: object = None
    """What the series was made by, see `SlaveApplication.content`."""
    section: int = 0
    answer: bytes | None = None
    # When the answer was first complete, and how often it was repeated since.
    first_end: float = 0.0
    repeats: int = 0
    last_end: float = 0.0

    def reset_pointer(self) -> None:
        self.series = ()
        self.section = 0
        self.answer = None


@dataclass(slots=True)
class _Reply:
    """An answer that has not left yet; `owner` keeps it for a repetition; `void`: its master has gone on."""

    telegram: bytes
    owner: _AddressSet | None
    not_before: float
    void: bool = False


class Slave:
    """The machine. Events: `Received`, `AnswerExpired`, `SpeedChanged`.

    `has_speed`: the link has a line speed, so a change of speed is an action on it; it was made for `form`, whose
    character format stays. `idle_extra`: seconds beyond 33 bit times that a telegram may pause, for links that deliver
    bytes in lumps. `own_baud`: the speed of this link in bit/s, whatever the application's is, until another one is
    commanded on it. `finds_speed`: that speed is searched for by what is heard, first at that of `form`.
    """

    def __init__(
        self,
        application: SlaveApplication,
        *,
        has_speed: bool,
        idle_extra: float = 0.050,
        form: Line | None = None,
        own_baud: int | None = None,
        finds_speed: bool = False,
    ) -> None:
        self._app = application
        self._has_speed = has_speed
        self._idle_extra = idle_extra
        self._decoder = FrameDecoder()
        self._idle_at: float | None = None
        self._primary = _AddressSet()
        self._secondary = _AddressSet()
        self._selected: Identity | None = None
        # The last telegram to this slave, if it was a SND_UD that a repetition can be told of, and when it came.
        self._last_command: bytes | None = None
        self._last_command_at = 0.0
        self._sending: dict[int, _Reply] = {}
        self._token = 0
        form = form or application.line
        self._speed = LineSpeed(
            lambda: application.line,
            form=form,
            own=own_baud,
            finder=SpeedFinder(form.baud, self._quiet) if finds_speed else None,
        )
        self._line_token: int | None = None
        self._heard_at = 0.0
        # Until when another unreadable character belongs to the run that has been told.
        self._disturbed_until = -math.inf

    @property
    def deadline(self) -> float | None:
        """See `Machine`."""
        return min((at for at in (self._idle_at, self._speed.deadline) if at is not None), default=None)

    @property
    def selected(self) -> Identity | None:
        """The identity by which this slave is selected, or None."""
        return self._selected

    @property
    def line(self) -> Line:
        """The line in use on this link."""
        return self._speed.line

    @property
    def speed_found(self) -> bool | None:
        """Whether the speed has been found; None where it is not searched for."""
        return self._speed.found

    def _quiet(self, baud: int) -> float:
        """Seconds of silence that end a telegram."""
        return IDLE_BITS / baud + self._idle_extra

    def opened(self) -> Effects:
        """The link is being opened, again perhaps: it begins at the speed it was made for, which may be old."""
        return self._set_line(self.line) if self._has_speed else ()

    def power_off(self) -> Effects:
        """Forget everything volatile, a speed that nobody has used yet among it, and stop sending."""
        self._decoder.reset()
        before = self.line
        self._idle_at = None
        self._speed.power_off()
        self._primary, self._secondary = _AddressSet(), _AddressSet()
        self._selected = self._last_command = None
        return (Abort(), *(self._set_line(self.line) if self.line != before else ()))

    def follow_speed(self) -> Effects:
        """The application's speed changed by another way than this link: go on at it, whatever waited to be used.

        A link with a speed of its own keeps that.
        """
        if not self._has_speed or self._speed.is_the_links:
            return ()
        self._speed.forget_command()
        return self._set_line(self.line)

    def receive(self, data: bytes, at: float) -> Effects:
        """See `Machine`."""
        self._searching_heard(at)
        effects = self._judge_all(self._decoder.feed(data), at)
        self._heard_at = at
        self._idle_at = None
        if self._decoder.pending:
            self._idle_at = at + self._quiet(self.line.baud)
        return effects

    def _searching_heard(self, at: float) -> None:
        # Without power the bus is silent, whatever the link brings.
        if self._app.powered:
            self._speed.heard(at)

    def line_event(self, kind: LineEvent, at: float) -> Effects:
        """A break aborts an answer in progress [CMeX50 p48]; after any of them what had begun to come in is damaged."""
        self._idle_at = None
        effects = self._judge_all(self._decoder.idle(), self._heard_at)
        if kind is LineEvent.BREAK and self._sending:
            effects.append(Abort())
        if kind is not LineEvent.PEER:
            # Breaks too: of what a master says at 300 bit/s, a receiver at 2400 takes most for breaks.
            self._searching_heard(at)
        if kind in (LineEvent.FRAMING, LineEvent.PARITY, LineEvent.OVERRUN):
            if at > self._disturbed_until:
                verdict = Verdict.DAMAGED if self._app.powered else Verdict.UNPOWERED
                effects.append(Received(LineDisturbed(kind), verdict, at))
            self._disturbed_until = at + self._quiet(self.line.baud)
        return effects

    def done(self, token: int, outcome: SendOutcome, at: float) -> Effects:
        """See `Machine`."""
        if token == self._line_token:
            return self._line_set(outcome)
        reply = self._sending.pop(token, None)
        if reply is None:
            return ()
        if reply.owner is not None:
            reply.owner.last_end = at
            if reply.owner.repeats == 0:
                reply.owner.first_end = at
        if outcome is SendOutcome.EXPIRED or (reply.void and outcome is SendOutcome.ABORTED):
            return (AnswerExpired(reply.telegram, at),)
        return ()

    def tick(self, now: float) -> Effects:
        """See `Machine`."""
        effects: list[object] = []
        if self._idle_at is not None and now >= self._idle_at:
            self._idle_at = None
            # A request found behind a false start came when its last byte came, and is answered by that time.
            effects += self._judge_all(self._decoder.idle(), self._heard_at)
        cause = self._speed.tick(now)
        if cause is not None:
            effects += self._judge_all(self._decoder.idle(), self._heard_at)
            self._idle_at = None
            effects += [*self._set_line(self.line), SpeedChanged(self.line, cause)]
        return effects

    def _judge_all(self, events: Sequence[FrameEvent], at: float) -> list[object]:
        effects: list[object] = []
        for event in events:
            if isinstance(event, GoodFrame) and self._app.powered:
                if event.frame.kind is not FrameKind.ACK and self._speed.understood():
                    effects.append(SpeedChanged(self.line, SpeedCause.FOUND))
                if event.frame.from_master:
                    effects += self._master_goes_on(at)
                verdict, then = self._judge(event.frame, at)
            else:
                verdict, then = (Verdict.DAMAGED if self._app.powered else Verdict.UNPOWERED), []
            effects.append(Received(event, verdict, at))
            effects += then
        return effects

    def _master_goes_on(self, at: float) -> list[object]:
        """Draw conclusions for answers that are not known to have ended when the master says something new.

        An answer that could not begin yet must not come any more: the master has given it up. That happens where bytes
        arrive in a lump after a stall. Over a network without a speed there is no wire on which a late answer could
        collide, and a lump proves nothing.

        One that has begun has been heard: a pair of virtual ports carries bytes at once, so the master need not wait as
        long as a wire would take.
        """
        if not self._has_speed:
            return []
        waiting = [reply for reply in self._sending.values() if at < reply.not_before]
        for reply in waiting:
            reply.void = True
        begun = len(self._sending) > len(waiting)
        return [*([Delivered()] if begun else []), *([Abort()] if waiting else [])]

    def _judge(self, frame: Frame, at: float) -> tuple[Verdict, list[object]]:
        function = frame.function
        if not frame.from_master or function is None or function is Function.RSP_UD:
            return Verdict.NOT_A_REQUEST, []
        if (frame.kind is FrameKind.SHORT) is (function is Function.SND_UD):
            return Verdict.NOT_A_REQUEST, []
        if frame.a == ADDRESS_SELECTED and function is Function.SND_UD and frame.ci in (CI_SELECT, CI_SELECT_MODE_2):
            return self._select(frame, at)
        if frame.a == ADDRESS_SELECTED:
            if self._selected is None:
                return Verdict.NOT_SELECTED, []
            memory, identity = self._secondary, self._selected
        elif frame.a in (self._app.primary_address, ADDRESS_TEST, ADDRESS_BROADCAST):
            memory, identity = self._primary, self._app.identities()[0]
        else:
            return Verdict.NOT_FOR_ME, []
        self._confirm_speed(at)
        verdict, reply = self._carry_out(function, frame, memory, identity, at)
        return (Verdict.BROADCAST, []) if frame.a == ADDRESS_BROADCAST else (verdict, reply)

    def _carry_out(
        self, function: Function, frame: Frame, memory: _AddressSet, identity: Identity, at: float
    ) -> tuple[Verdict, list[object]]:
        if function is not Function.SND_UD:
            self._last_command = None
        match function:
            case Function.SND_NKE:
                return self._initialise(frame, memory, at)
            case Function.REQ_UD2:
                if frame.a == ADDRESS_BROADCAST:
                    return Verdict.BROADCAST, []
                answer = self._answer(frame, memory, identity, at)
                return Verdict.ANSWERED, [self._reply(answer, at, memory)]
            case Function.REQ_UD1:
                # No class 1 data: an alarm is not among the module's functions.
                return Verdict.ACKNOWLEDGED, [self._ack(at)]
            case _:
                return self._command(frame, memory, at)

    def _initialise(self, frame: Frame, memory: _AddressSet, at: float) -> tuple[Verdict, list[object]]:
        if frame.a == ADDRESS_BROADCAST:
            self._secondary = _AddressSet()
        memory.request_fcb = None
        memory.reset_pointer()
        if frame.a == ADDRESS_SELECTED:
            self._selected = None
        return Verdict.ACKNOWLEDGED, [self._ack(at)]

    def _select(self, frame: Frame, at: float) -> tuple[Verdict, list[object]]:
        self._secondary = _AddressSet()
        self._selected = None
        self._last_command = None
        if frame.ci == CI_SELECT:
            records = self._app.selection_records() if len(frame.data) > MASK_SIZE else ()
            for identity in self._app.identities():
                if matches(frame.data, identity, records):
                    self._selected = identity
                    self._confirm_speed(at)
                    return Verdict.ACKNOWLEDGED, [self._ack(at)]
        return Verdict.DESELECTED, []

    def _answer(self, frame: Frame, memory: _AddressSet, identity: Identity, at: float) -> bytes:
        """Return the RSP_UD for a REQ_UD2: [DOC48 §7.2] with the limits in time named above."""
        content = self._app.content()
        if content != memory.content:
            # The master has chosen other records meanwhile: the rest of the old ones is not what it asks for.
            memory.reset_pointer()
        same = frame.fcv and memory.request_fcb is frame.fcb and memory.answer is not None
        memory.request_fcb = frame.fcb if frame.fcv else memory.request_fcb
        if same and memory.answer is not None and self._age(memory, at) <= REPEAT_WITHIN:
            memory.last_end = at
            memory.repeats += 1
            return memory.answer
        old = at - memory.last_end > SERIES_LIFE
        if same or old or memory.answer is None or memory.section + 1 >= len(memory.series):
            memory.series = self._app.snapshot(identity, at)
            memory.content = content
            memory.section = 0
        else:
            memory.section += 1
        data = self._app.header(identity, at) + memory.series[memory.section]
        memory.answer = Frame.long(RSP_UD, self._app.primary_address, 0x72, data).to_bytes()
        memory.first_end = memory.last_end = at
        memory.repeats = 0
        return memory.answer

    def _age(self, memory: _AddressSet, at: float) -> float:
        """Seconds since the answer was first complete, without those that its repetitions took on the wire.

        At 300 bit/s a long answer takes 9 s; counting them, a master could never have it repeated twice.
        """
        wire = len(memory.answer or b"") * self.line.char_time if self._has_speed else 0.0
        return at - memory.first_end - memory.repeats * wire

    def _command(self, frame: Frame, memory: _AddressSet, at: float) -> tuple[Verdict, list[object]]:
        telegram = frame.to_bytes()
        # The time counts from the execution: else a command sent again and again would be executed but once.
        if self._last_command == telegram and at - self._last_command_at <= DUPLICATE_WITHIN:
            return Verdict.DUPLICATE, [self._ack(at)]
        # FCV clear means that no repetition can be told, so it is none.
        self._last_command = telegram if frame.fcv else None
        self._last_command_at = at
        effects: list[object] = [self._ack(at)]
        if frame.ci == CI_RESET:
            memory.reset_pointer()
            self._app.application_reset(frame.data, at)
        elif frame.ci in BAUD_RATES:
            if frame.a != ADDRESS_BROADCAST:
                effects += self._change_speed(BAUD_RATES[frame.ci], at)
        else:
            self._app.user_data(frame.ci, frame.data, at)
        return Verdict.ACKNOWLEDGED, effects

    # Speed

    def _change_speed(self, baud: int, at: float) -> list[object]:
        unchanged = not self._speed.is_the_links and self.line.baud == baud
        if unchanged or not self._app.speed_supported(baud):
            return []
        if self._has_speed:
            self._speed.command(baud, at)
        else:
            self._app.speed_used(baud, at)
        return [*(self._set_line(self.line) if self._has_speed else ()), SpeedChanged(self.line, SpeedCause.COMMANDED)]

    def _confirm_speed(self, at: float) -> None:
        baud = self._speed.used()
        if baud is not None:
            self._app.speed_used(baud, at)

    def _set_line(self, line: Line) -> list[object]:
        self._token += 1
        self._line_token = self._token
        return [SetLine(self._token, line)]

    def _line_set(self, outcome: SendOutcome) -> Effects:
        """The link has the new speed, or never got it because a break took the answer before it away."""
        self._line_token = None
        if outcome is SendOutcome.SENT:
            return ()
        # The master has seen no acknowledgement, so it goes on at the old speed, and so do we.
        self._speed.forget_command()
        return self._set_line(self.line)

    # Replies

    def _ack(self, at: float) -> Write:
        return self._reply(Frame.ack().to_bytes(), at, None)

    def _reply(self, telegram: bytes, at: float, owner: _AddressSet | None) -> Write:
        self._token += 1
        not_before = at + RESPONSE_MIN_BITS * self.line.bit_time
        self._sending[self._token] = _Reply(telegram, owner, not_before)
        return Write(self._token, telegram, not_before, at + response_window(self.line))
