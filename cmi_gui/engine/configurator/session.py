"""A master on a link for code with callbacks: it runs procedures one after another, with or without an event loop."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from cmi_gui.engine.clock import Alarm, Clock
from cmi_gui.engine.driver import Driver, Tap
from cmi_gui.engine.link_protocol import Cap, Link, LinkError
from cmi_gui.engine.machine import Effects, Line, LinkState
from cmi_gui.engine.mbus.allowance import LEAST, Allowance
from cmi_gui.engine.mbus.exchange import Answer, Exchange, Expect, Procedure, SetSpeed
from cmi_gui.engine.mbus.frame import ADDRESS_SELECTED, SND_NKE, Frame
from cmi_gui.engine.mbus.master import AllowanceIncreased, ExchangeDone, Master, OtherMasterHeard, ProcedureFinished
from cmi_gui.engine.messages import Message

Result = TypeVar("Result")

DESELECT_AFTER = 0.2
"""Seconds after the last job when a slave that is still selected is deselected."""
DESELECT_LATER = 10.0
"""The same after a deselection without E5: a selection soon after one has to wait, because the E5 may still come."""
OPEN_TIMEOUT = 5.0
"""Seconds within which a link must open."""
_REPORTED_GROWTH = 0.1
"""Smallest growth of the time allowed for answers, in seconds, that is reported."""


class Cancelled(Exception):
    """The error of a job that was cancelled."""


@dataclass(slots=True, eq=False)
class Job:
    """A procedure in a session's queue. `finished`: it has ended, and `done` or `failed` is called."""

    procedure: Procedure[object]
    done: Callable[[Any], None]
    """Called with the procedure's result."""
    failed: Callable[[Exception], None]
    on_answer: Callable[[Answer], None] | None = None
    keeps_selection: bool = False
    finished: bool = False


class MasterSession:
    """A queue of procedures, run one at a time in the order given; the first opens the link.

    When there is nothing more to do, the slave that is still selected is deselected [DOC48 §7.1]. Not between two
    procedures, because the next selection deselects it too.

    `line`: line settings, with the speed for time-outs. `allowance`: seconds beyond the standard's window. `on_state`
    is called with every change of the link's state, `on_closed` after the link was closed.

    Attributes: `on_exchange` is called with each exchange, `on_slow` with the seconds allowed beyond the window when
    they have grown by at least 0.1 s, `on_other_master` with a request on the bus that is not of this master.
    """

    def __init__(
        self,
        link: Link,
        line: Line,
        clock: Clock,
        *,
        allowance: Allowance | None = None,
        tap: Tap | None = None,
        on_state: Callable[[LinkState, LinkError | None], None] | None = None,
        on_closed: Callable[[], None] | None = None,
    ) -> None:
        self.state = LinkState.CLOSED
        self.on_exchange: Callable[[ExchangeDone], None] | None = None
        self.on_slow: Callable[[float], None] | None = None
        self.on_other_master: Callable[[Frame], None] | None = None
        self.can_break = Cap.BREAK_TX in link.caps
        """True if the link can send a break, and so break off an answer."""
        self.allowance = allowance or Allowance(LEAST)
        self.baud = line.baud if Cap.BAUD in link.caps else None
        """The speed in bit/s of procedures that set none; None if the link has no speed and works at any."""
        self._clock = clock
        self._reported = self.allowance.seconds
        self._machine = Master(line, self.allowance)
        self._driver = Driver(self._machine, link, clock, self._on_event, on_state=self._state_changed, tap=tap)
        self._on_state = on_state
        self._on_closed = on_closed
        self._jobs: deque[Job] = deque()
        self._current: Job | None = None
        self._keeps_selection = False
        self._open_timer = Alarm(clock, self._open_timed_out)
        self._deselect_timer = Alarm(clock, self._deselect)
        self._deselect_after = DESELECT_AFTER

    @property
    def busy(self) -> bool:
        """True while a procedure is running or waiting."""
        return self._current is not None or bool(self._jobs)

    @property
    def cause(self) -> LinkError | None:
        """The reason why the link is not open; None if it gave none."""
        return self._driver.link_cause

    @property
    def url(self) -> str:
        """The link's URL; it is complete once the link is open."""
        return self._driver.link.url

    @property
    def line(self) -> Line:
        """The line settings of the exchange under way, or of the last one."""
        return self._machine.line

    def open(self) -> None:
        """Open the link, or retry now if it was lost or failed; no effect while it is open or opening."""
        if self.state in (LinkState.FAILED, LinkState.WAITING):
            # The link may retry by itself, but the caller needs a result soon.
            self._driver.close()
            self._stop_machine()
            self.state = LinkState.CLOSED
        if self.state is LinkState.CLOSED:
            self.state = LinkState.OPENING
            self._open_timer.set(self._clock.now() + OPEN_TIMEOUT)
            self._driver.open()

    def close(self) -> None:
        """Close the link; every job ends with a LinkError `closed`. The session can be opened again."""
        self._close(LinkError("closed", Message("the link was closed")))

    def _close(self, error: LinkError) -> None:
        self._open_timer.set(None)
        self._deselect_timer.set(None)
        self._driver.close()
        self._stop_machine()
        self.state = LinkState.CLOSED
        self._fail_all(error)
        if self._on_closed is not None:
            self._on_closed()

    def run(
        self,
        procedure: Procedure[Result],
        done: Callable[[Result], None],
        failed: Callable[[Exception], None],
        *,
        on_answer: Callable[[Answer], None] | None = None,
        keeps_selection: bool = False,
    ) -> Job:
        """Queue a procedure and open the link. Either `done` or `failed` is called, once.

        `failed` gets ProcedureFailed, LinkError or Cancelled. `on_answer` is called with each answer.
        `keeps_selection`: the slave that is selected at the end stays so, for telegrams that a user sends one by one.
        """
        job = Job(procedure, done, failed, on_answer, keeps_selection)
        self._jobs.append(job)
        self.open()
        self._next()
        return job

    def cancel(self, job: Job) -> None:
        """Cancel a job, waiting or running; no effect on one that has ended."""
        if job.finished:
            return
        if job is not self._current:
            self._jobs.remove(job)
        job.finished = True
        # The procedure itself may have called this, so it is stopped only when it has yielded.
        self._driver.run(lambda: self._drop(job))
        job.failed(Cancelled())

    def deselecting(self, *, answered: bool) -> Procedure[None]:
        """Deselect the slave that is still selected. `answered`: wait for its E5, which not every slave sends."""
        line = self._machine.selected_at
        if line is not None:
            yield SetSpeed(line.baud)
            answer = yield Exchange(
                Frame.short(SND_NKE, ADDRESS_SELECTED),
                Expect.ACK if answered else Expect.NOTHING,
                retries=0,
                alone=True,
            )
            if answered:
                self._deselect_after = DESELECT_AFTER if answer.answered else DESELECT_LATER

    def _deselect(self) -> None:
        if not self.busy and self.state is LinkState.OPEN:
            self.run(self.deselecting(answered=True), lambda _: None, lambda _: None)

    def _next(self) -> None:
        if self._current is not None or self.state is not LinkState.OPEN:
            return
        if self._jobs:
            self._deselect_timer.set(None)
            job = self._current = self._jobs.popleft()
            self._keeps_selection = job.keeps_selection
            self._driver.run(lambda: self._machine.start(job.procedure, self._clock.now()))
        elif self._machine.selected_at is not None and not self._keeps_selection:
            self._deselect_timer.set(self._clock.now() + self._deselect_after)

    def _on_event(self, event: object) -> None:
        match event:
            case ExchangeDone():
                if self.on_exchange is not None:
                    self.on_exchange(event)
                if self._current is not None and self._current.on_answer is not None and not self._current.finished:
                    self._current.on_answer(event.answer)
            case OtherMasterHeard() if self.on_other_master is not None:
                self.on_other_master(event.request)
            case AllowanceIncreased():
                if self.on_slow is not None and event.seconds >= self._reported + _REPORTED_GROWTH:
                    self._reported = event.seconds
                    self.on_slow(event.seconds)
            case ProcedureFinished() if self._current is not None and not self._current.finished:
                self._end(self._current, event.result, event.error)
                self._next()

    def _end(self, job: Job, result: object = None, error: Exception | None = None) -> None:
        self._current = None
        job.finished = True
        if error is None:
            job.done(result)
        else:
            job.failed(error)

    def _drop(self, job: Job) -> Effects:
        if job is not self._current:
            return ()
        effects = self._machine.cancel(self._clock.now())
        self._current = None
        self._next()
        return effects

    def _stop_machine(self) -> None:
        # A link starts at its own speed each time it is opened, so the machine must not assume another.
        self._driver.run(lambda: self._machine.cancel(self._clock.now()))

    def _fail_all(self, error: LinkError) -> None:
        jobs = [*self._jobs] if self._current is None else [self._current, *self._jobs]
        self._jobs.clear()
        for job in jobs:
            if not job.finished:
                self._end(job, error=error)
        self._current = None

    def _open_timed_out(self) -> None:
        if self.state is not LinkState.OPEN:
            self._close(self.cause or LinkError("no_answer", Message("the link did not open in time")))

    def _state_changed(self, state: LinkState, cause: LinkError | None) -> None:
        self.state = state
        if state is LinkState.OPEN:
            self._open_timer.set(None)
            self._next()
        elif cause is not None and state in (LinkState.FAILED, LinkState.WAITING):
            self._open_timer.set(None)
            self._stop_machine()
            self._fail_all(cause)
        if self._on_state is not None:
            self._on_state(state, cause)
