"""The slave: link layer of EN 13757-2 with both frame count memories, selection and multi-telegram answers.

One machine serves one link. The slave's addresses, data and commands come from a `SlaveApplication`, which several
machines may share; each machine keeps its own selection and frame count bits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cmi_gui.engine.machine import Abort, Effects, Line, LineEvent, SendOutcome, SetLine, Write
from cmi_gui.engine.mbus.answer_memory import AnswerMemory, PendingAnswers
from cmi_gui.engine.mbus.ci import BAUD_RATES, CI_RESET, CI_SELECT, CI_VARIABLE
from cmi_gui.engine.mbus.frame import (
    ACK_FRAME,
    ADDRESS_BROADCAST,
    ADDRESS_SELECTED,
    ADDRESS_TEST,
    RSP_UD,
    Frame,
    FrameKind,
    Function,
)
from cmi_gui.engine.mbus.frame_decoder import FrameEvent, GoodFrame
from cmi_gui.engine.mbus.line_speed import LineSpeed, SpeedCause
from cmi_gui.engine.mbus.reception import Reception
from cmi_gui.engine.mbus.selection import MASK_SIZE, Identity, is_selection, matches
from cmi_gui.engine.mbus.slave_application import SlaveApplication
from cmi_gui.engine.mbus.slave_events import AnswerExpired, Received, SpeedChanged, Verdict
from cmi_gui.engine.mbus.speed_finder import SpeedFinder
from cmi_gui.engine.mbus.times import idle_time

REPEAT_WITHIN = 5.0
"""Seconds in which the same FCB gets the same bytes, without the time repetitions take on the wire. Assumption."""
SERIES_LIFE = 60.0
"""Seconds without a request after which a series of telegrams starts again. Assumption."""
DUPLICATE_WITHIN = 10.0
"""Seconds in which a repeated SND_UD is acknowledged but not executed again. Assumption."""

_REQUESTS = frozenset({Verdict.ANSWERED, Verdict.ACKNOWLEDGED, Verdict.DUPLICATE, Verdict.BROADCAST})
"""The verdicts on what was sent to this slave, alone or with others."""


class Slave:
    """The machine of a slave on one link. Events: `Received`, `AnswerExpired`, `SpeedChanged`.

    `has_speed`: the link has a line speed, so that a change of speed is an action on it. `form`: the line that the link
    was made for (None: the application's); its character format stays. `idle_extra`: seconds beyond 33 bit times that
    a telegram may pause, for links that deliver bytes in groups. `own_baud`: the speed of this link in bit/s, used in
    place of the application's until a master commands another one on it. `finds_speed`: the speed is searched for in
    the bytes received, beginning with that of `form`. `on_request`: called for each request to this slave.
    `application_time`: converts a time of the link to the clock of the application, which may be another one.
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
        on_request: Callable[[], object] = lambda: None,
        application_time: Callable[[float], float] = lambda at: at,
    ) -> None:
        self._app = application
        self._on_request = on_request
        self._app_time = application_time
        self._has_speed = has_speed
        self._idle_extra = idle_extra
        self._reception = Reception(lambda: idle_time(self.line.baud, self._idle_extra))
        self._primary = AnswerMemory()
        self._secondary = AnswerMemory()
        self._selected: Identity | None = None
        # The last telegram to this slave if it was a SND_UD with FCV, and when it was executed.
        self._last_command: bytes | None = None
        self._last_command_at = 0.0
        self._pending = PendingAnswers()
        self._token = 0
        form = form or application.line
        self._speed = LineSpeed(
            lambda: application.line,
            form=form,
            own=own_baud,
            finder=SpeedFinder(form.baud, idle_extra) if finds_speed else None,
        )
        self._line_token: int | None = None

    @property
    def deadline(self) -> float | None:
        """The time when `tick` is due, in seconds, or None."""
        return min((at for at in (self._reception.deadline, self._speed.deadline) if at is not None), default=None)

    @property
    def selected(self) -> Identity | None:
        """The identity by which this slave is selected, or None."""
        return self._selected

    @property
    def primary_address(self) -> int:
        """The primary address, 0 to 250."""
        return self._app.primary_address

    @property
    def baud(self) -> int:
        """The speed in use on this link, in bit/s."""
        return self._speed.baud

    @property
    def line(self) -> Line:
        """The line settings in use on this link."""
        return self._speed.line

    @property
    def speed_found(self) -> bool | None:
        """The success of the search so far; None if there is no search."""
        return self._speed.found

    def opened(self) -> Effects:
        """Set the speed in use on a link that opens; the link starts at the speed in its LINK, which may be old."""
        return self._set_line(self.line) if self._has_speed else ()

    def power_off(self) -> Effects:
        """Forget everything volatile, including a commanded speed not used yet, and stop sending."""
        self._reception.reset()
        before = self.line
        self._speed.power_off()
        self._primary, self._secondary = AnswerMemory(), AnswerMemory()
        self._selected = self._last_command = None
        return (Abort(), *(self._set_line(self.line) if self.line != before else ()))

    def follow_speed(self) -> Effects:
        """Change to the application's speed, which was not changed on this link; drop a commanded one.

        A link that has its own speed keeps it.
        """
        if not self._has_speed or self._speed.is_own:
            return ()
        self._speed.forget_command()
        return self._set_line(self.line)

    def receive(self, data: bytes, at: float) -> Effects:
        """Process bytes, whose last stop bit was at `at`, and answer the requests in them."""
        self._note_activity(at)
        return self._judge_all(self._reception.receive(data, at), at)

    def _note_activity(self, at: float) -> None:
        # Without power the bus is silent, even where the link still delivers bytes.
        if self._app.powered:
            self._speed.note_activity(at)

    def line_event(self, kind: LineEvent, at: float) -> Effects:
        """Process a line event: it ends an unfinished telegram; a break aborts an answer in progress [CMeX50 p48]."""
        effects = self._judge_all(self._reception.end(), self._reception.last_activity)
        if kind is LineEvent.BREAK and self._pending:
            effects.append(Abort())
        if kind is not LineEvent.PEER:
            # Breaks count too: a receiver at 2400 bit/s takes most characters sent at 300 bit/s for breaks.
            self._note_activity(at)
        disturbed = self._reception.disturbed(kind, at)
        if disturbed is not None:
            effects.append(Received(disturbed, Verdict.DAMAGED if self._app.powered else Verdict.UNPOWERED, at))
        return effects

    def done(self, token: int, outcome: SendOutcome, at: float) -> Effects:
        """Process the outcome of an answer or of a change of speed."""
        if token == self._line_token:
            return self._line_set(outcome)
        expired = self._pending.done(token, outcome, at)
        return () if expired is None else (AnswerExpired(expired, at),)

    def delay(self, token: int, begin: float) -> None:
        """Note that an answer begins later than as early as it may, at `begin` seconds."""
        self._pending.delay(token, begin)

    def tick(self, now: float) -> Effects:
        """Do what is due at `now`: end a telegram after silence, or change the speed."""
        # The window for the answer counts from the last byte of a request, also after a false start.
        effects = self._judge_all(self._reception.tick(now), self._reception.last_activity)
        cause = self._speed.tick(now)
        if cause is not None:
            effects += self._judge_all(self._reception.end(), self._reception.last_activity)
            effects += [*self._set_line(self.line), SpeedChanged(self.line, cause)]
        return effects

    def _judge_all(self, events: Sequence[FrameEvent], at: float) -> list[object]:
        return [effect for event in events for effect in self.judge(event, at)]

    def judge(self, event: FrameEvent, at: float) -> list[object]:
        """Judge one frame event received at `at`, and answer it if it is a request.

        `receive` does so for the bytes of a link that this slave does not share; a bus has one reception for all.
        """
        if not isinstance(event, GoodFrame) or not self._app.powered:
            return [Received(event, Verdict.DAMAGED if self._app.powered else Verdict.UNPOWERED, at)]
        effects: list[object] = []
        if event.frame.kind is not FrameKind.ACK and self._speed.note_telegram():
            effects.append(SpeedChanged(self.line, SpeedCause.FOUND))
        # On a network no late answer can collide, and bytes that arrive together prove nothing.
        if event.frame.from_master and self._has_speed:
            effects += self._pending.on_new_request(at)
        verdict, actions = self._judge(event.frame, at)
        if verdict in _REQUESTS:
            self._on_request()
        return [*effects, Received(event, verdict, at), *actions]

    def _judge(self, frame: Frame, at: float) -> tuple[Verdict, list[object]]:
        function = frame.function
        if not frame.from_master or function is None or function is Function.RSP_UD:
            return Verdict.NOT_A_REQUEST, []
        if (frame.kind is FrameKind.SHORT) is (function is Function.SND_UD):
            return Verdict.NOT_A_REQUEST, []
        if function is Function.SND_UD and is_selection(frame):
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
        verdict, effects = self._execute(function, frame, memory, identity, at)
        return Verdict.BROADCAST if frame.a == ADDRESS_BROADCAST else verdict, effects

    def _execute(
        self, function: Function, frame: Frame, memory: AnswerMemory, identity: Identity, at: float
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
                # The module has no alarms, so there is no class 1 data.
                return Verdict.ACKNOWLEDGED, self._ack(frame, at)
            case _:
                return self._command(frame, memory, at)

    def _initialise(self, frame: Frame, memory: AnswerMemory, at: float) -> tuple[Verdict, list[object]]:
        if frame.a == ADDRESS_BROADCAST:
            self._secondary = AnswerMemory()
        memory.initialise()
        if frame.a == ADDRESS_SELECTED:
            self._selected = None
        return Verdict.ACKNOWLEDGED, self._ack(frame, at)

    def _select(self, frame: Frame, at: float) -> tuple[Verdict, list[object]]:
        self._secondary = AnswerMemory()
        self._selected = None
        self._last_command = None
        if frame.ci == CI_SELECT:
            mask = frame.data[:MASK_SIZE]
            fitting = [identity for identity in self._app.identities() if matches(mask, identity, ())]
            # Making the records takes time, and most slaves of a bus do not need them.
            records = self._app.selection_records() if fitting and len(frame.data) > MASK_SIZE else ()
            for identity in fitting:
                if matches(frame.data, identity, records):
                    self._selected = identity
                    self._confirm_speed(at)
                    return Verdict.ACKNOWLEDGED, self._ack(frame, at)
        return Verdict.DESELECTED, []

    def _answer(self, frame: Frame, memory: AnswerMemory, identity: Identity, at: float) -> bytes:
        """Return the RSP_UD for a REQ_UD2 [DOC48 §7.2], with the time limits `REPEAT_WITHIN` and `SERIES_LIFE`."""
        content = self._app.content()
        if content != memory.content:
            # The master has selected other records since, so the rest of the old ones is not sent.
            memory.reset_series()
        same = memory.note_request(frame)
        char_time = self.line.char_time if self._has_speed else 0.0
        if same and memory.answer is not None and memory.age(at, char_time) <= REPEAT_WITHIN:
            memory.note_repetition(at)
            return memory.answer
        if same or at - memory.last_end > SERIES_LIFE or not memory.has_next:
            memory.begin_series(self._app.snapshot(identity, self._app_time(at)), content)
        else:
            memory.advance()
        data = self._app.header(identity, self._app_time(at)) + memory.records
        answer = Frame.long(RSP_UD, self._app.primary_address, CI_VARIABLE, data).to_bytes()
        memory.note_answer(answer, at)
        return answer

    def _command(self, frame: Frame, memory: AnswerMemory, at: float) -> tuple[Verdict, list[object]]:
        telegram = frame.to_bytes()
        # The time counts from the execution; otherwise a command sent again and again would be executed only once.
        if self._last_command == telegram and at - self._last_command_at <= DUPLICATE_WITHIN:
            return Verdict.DUPLICATE, self._ack(frame, at)
        # Without FCV a repetition cannot be recognised, so the same command is executed again.
        self._last_command = telegram if frame.fcv else None
        self._last_command_at = at
        effects = self._ack(frame, at)
        if frame.ci == CI_RESET:
            memory.reset_series()
            self._app.application_reset(frame.data, self._app_time(at))
        elif frame.ci in BAUD_RATES:
            if frame.a != ADDRESS_BROADCAST:
                effects += self._change_speed(BAUD_RATES[frame.ci], at)
        else:
            self._app.user_data(frame.ci, frame.data, self._app_time(at))
        return Verdict.ACKNOWLEDGED, effects

    # Speed

    def _change_speed(self, baud: int, at: float) -> list[object]:
        unchanged = not self._speed.is_own and self.line.baud == baud
        if unchanged or not self._app.speed_supported(baud):
            return []
        if self._has_speed:
            self._speed.command(baud, at)
        else:
            self._app.speed_used(baud, self._app_time(at))
        return [*(self._set_line(self.line) if self._has_speed else ()), SpeedChanged(self.line, SpeedCause.COMMANDED)]

    def _confirm_speed(self, at: float) -> None:
        baud = self._speed.note_use()
        if baud is not None:
            self._app.speed_used(baud, self._app_time(at))

    def _set_line(self, line: Line) -> list[object]:
        self._token += 1
        self._line_token = self._token
        return [SetLine(self._token, line)]

    def _line_set(self, outcome: SendOutcome) -> Effects:
        """Process the outcome of a change of speed, which fails if a break aborts the answer before it."""
        self._line_token = None
        if outcome is SendOutcome.SENT:
            return ()
        # The master got no acknowledgement, so it stays at the old speed, and so does the slave.
        self._speed.forget_command()
        return self._set_line(self.line)

    # Answers

    def _ack(self, frame: Frame, at: float) -> list[object]:
        """Return the acknowledgement of a frame; there is none for a broadcast."""
        return [] if frame.a == ADDRESS_BROADCAST else [self._reply(ACK_FRAME.to_bytes(), at, None)]

    def _reply(self, telegram: bytes, at: float, memory: AnswerMemory | None) -> Write:
        self._token += 1
        return self._pending.write(self._token, telegram, at, self.line, memory)
