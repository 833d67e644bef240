"""A master on a link for code that is called back: procedures one after the other, with or without an event loop."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from cmi_gui.engine.clock import Alarm, Clock
from cmi_gui.engine.driver import Driver, Tap
from cmi_gui.engine.link.base import Cap, Link, LinkError
from cmi_gui.engine.machine import Effects, Line, LinkState
from cmi_gui.engine.mbus.master import Answer, Exchange, ExchangeDone, Master, ProcedureFinished

__all__ = ["OPEN_TIMEOUT", "Cancelled", "Job", "MasterSession"]

Result = TypeVar("Result")

OPEN_TIMEOUT = 5.0
"""Seconds in which a link must open."""
EXTRA_WITH_SPEED = 0.1
"""Seconds on top of the standard's window for serial adapters."""
EXTRA_WITHOUT_SPEED = 0.5
"""... and for links that cross a network, where gateways and converters delay."""


class Cancelled(Exception):
    """A job was taken back by whoever asked for it."""


@dataclass(slots=True, eq=False)
class Job(Generic[Result]):
    """A procedure in the queue of a session. `over`: it has ended, its listener has been told."""

    procedure: Generator[Exchange, Answer, Result]
    done: Callable[[Result], None]
    failed: Callable[[Exception], None]
    over: bool = False


class MasterSession:
    """Runs procedures in the order they are given, one at a time; opens its link for the first.

    `line`: speed by which time-outs are reckoned. `extra`: seconds on top of the standard's window; None chooses by the
    kind of link. `on_state` hears every change of the link.
    """

    def __init__(
        self,
        link: Link,
        line: Line,
        clock: Clock,
        *,
        extra: float | None = None,
        tap: Tap | None = None,
        on_state: Callable[[LinkState, LinkError | None], None] | None = None,
    ) -> None:
        if extra is None:
            extra = EXTRA_WITH_SPEED if Cap.BAUD in link.caps else EXTRA_WITHOUT_SPEED
        self.state = LinkState.CLOSED
        self.on_exchange: Callable[[ExchangeDone], None] | None = None
        self._clock = clock
        self._machine = Master(line, extra=extra)
        self._driver = Driver(self._machine, link, clock, self._hear, on_state=self._state_changed, tap=tap)
        self._on_state = on_state
        self._jobs: deque[Job[object]] = deque()
        self._current: Job[object] | None = None
        self._patience = Alarm(clock, self._too_long)

    @property
    def busy(self) -> bool:
        """Whether a procedure runs or waits."""
        return self._current is not None or bool(self._jobs)

    @property
    def cause(self) -> LinkError | None:
        """Why the link is not open, where it has said so."""
        return self._driver.link_cause

    @property
    def url(self) -> str:
        """The link, as it is called once open."""
        return self._driver.link.url

    def open(self) -> None:
        """Open the link; harmless when it is open or opening."""
        if self.state is LinkState.CLOSED:
            self.state = LinkState.OPENING
            self._patience.set(self._clock.now() + OPEN_TIMEOUT)
            self._driver.open()

    def close(self) -> None:
        """Close the link; every job ends with a LinkError `closed`. The session can be opened again."""
        self._shut(LinkError("closed", "the link was closed"))

    def _shut(self, error: LinkError) -> None:
        self._patience.set(None)
        self._driver.close()
        self._stop_machine()
        self.state = LinkState.CLOSED
        self._fail_all(error)

    def run(
        self,
        procedure: Generator[Exchange, Answer, Result],
        done: Callable[[Result], None],
        failed: Callable[[Exception], None],
    ) -> Job[Result]:
        """Queue a procedure. One of the two is called, once; `failed` gets ProcedureFailed, LinkError or Cancelled."""
        job = Job(procedure, done, failed)
        self._jobs.append(cast("Job[object]", job))
        self.open()
        self._next()
        return job

    def cancel(self, job: Job[Result]) -> None:
        """Take a job back, wherever it is; harmless when it is over."""
        if job.over:
            return
        if job is not self._current:
            self._jobs.remove(cast("Job[object]", job))
        job.over = True
        # The procedure itself may be what asks for this: it is stopped when it has yielded.
        self._driver.run(lambda: self._drop(job))
        job.failed(Cancelled())

    def set_speed(self, baud: int) -> None:
        """Speak at another speed from the next procedure on. Raises RuntimeError while one runs."""
        self._driver.run(lambda: self._machine.set_speed(baud))

    def _next(self) -> None:
        if self._current is None and self._jobs and self.state is LinkState.OPEN:
            job = self._current = self._jobs.popleft()
            self._driver.run(lambda: self._machine.start(job.procedure, self._clock.now()))

    def _hear(self, event: object) -> None:
        match event:
            case ExchangeDone() if self.on_exchange is not None:
                self.on_exchange(event)
            case ProcedureFinished() if self._current is not None and not self._current.over:
                self._end(self._current, event.result, event.error)
                self._next()

    def _end(self, job: Job[Result], result: object = None, error: Exception | None = None) -> None:
        self._current = None
        job.over = True
        if error is None:
            job.done(cast(Result, result))
        else:
            job.failed(error)

    def _drop(self, job: Job[Result]) -> Effects:
        if job is not self._current:
            return ()
        effects = self._machine.cancel(self._clock.now())
        self._current = None
        self._next()
        return effects

    def _stop_machine(self) -> None:
        if self._machine.busy:
            self._driver.run(lambda: self._machine.cancel(self._clock.now()))

    def _fail_all(self, error: LinkError) -> None:
        doomed = [*([self._current] if self._current else []), *self._jobs]
        self._jobs.clear()
        for job in doomed:
            if not job.over:
                self._end(job, error=error)
        self._current = None

    def _too_long(self) -> None:
        if self.state is not LinkState.OPEN:
            self._shut(self.cause or LinkError("no_answer", "the link did not open in time"))

    def _state_changed(self, state: LinkState, cause: LinkError | None) -> None:
        self.state = state
        if state is LinkState.OPEN:
            self._patience.set(None)
            self._next()
        elif cause is not None and state in (LinkState.FAILED, LinkState.WAITING):
            self._patience.set(None)
            self._stop_machine()
            self._fail_all(cause)
        if self._on_state is not None:
            self._on_state(state, cause)
