"""A run of a replay: the telegrams of a capture, sent in order to a simulated module, and its answers compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass, replace

from cmi_gui.engine.clock import Alarm, Clock
from cmi_gui.engine.configurator.session import Cancelled, Job, MasterSession
from cmi_gui.engine.mbus.exchange import Answer, Exchange, Procedure, SetSpeed
from cmi_gui.engine.mbus.raw import raw_exchange
from cmi_gui.engine.traffic.masking import MbusMask, Ranges, apply_mask
from cmi_gui.engine.traffic.replay import Comparison, ReplayOutcome, ReplayStep, compare_answers


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """The result of a step. `answer`: the new answer, with the bytes `masked` removed; empty for silence.

    `seconds`: from the end of the telegram to that of the answer; None without an answer.
    """

    step: ReplayStep
    comparison: Comparison
    answer: bytes = b""
    masked: Ranges = ()
    seconds: float | None = None


def send_once(data: bytes, baud: int | None = None, *, alone: bool = False) -> Procedure[Answer]:
    """Send bytes once at a speed in bit/s and return the answer. `alone`: see `Exchange`; errors: `raw_exchange`."""
    return _sending(replace(raw_exchange(data), alone=alone), baud)


def _sending(exchange: Exchange, baud: int | None) -> Procedure[Answer]:
    if baud is not None:
        yield SetSpeed(baud)
    return (yield exchange)


@dataclass(eq=False)
class ReplayRun:
    """A replay on a session whose other end is simulated.

    `keeps_gaps`: each telegram is sent no earlier after the first one than in the capture; else as soon as the answer
    before it was received. `allowed` is asked before each telegram, and the run ends when it returns False. `mask`
    finds the secrets of the new answers. `on_result` is called with each `ReplayResult`, in order, and `on_end` once at
    the end: with None, with Cancelled after `stop` or if it is no longer allowed, or with the LinkError.
    """

    steps: Sequence[ReplayStep]
    session: MasterSession
    clock: Clock
    mask: MbusMask
    _: KW_ONLY
    keeps_gaps: bool
    allowed: Callable[[], bool]
    on_result: Callable[[ReplayResult], object]
    on_end: Callable[[Exception | None], object]

    def __post_init__(self) -> None:
        self._alarm = Alarm(self.clock, self._next)
        self._at = 0
        self._begun_at = 0.0
        self._job: Job | None = None
        self.running = False

    def start(self) -> None:
        """Begin with the first step."""
        self.running = True
        self._begun_at = self.clock.now()
        self._alarm.set(self._begun_at)

    def stop(self) -> None:
        """End the run at once; no effect if it has ended."""
        if self.running:
            self._end(Cancelled())

    def _next(self) -> None:
        """Process the next step, and arrange for the one after it."""
        if self._at == len(self.steps):
            self._end(None)
            return
        step = self.steps[self._at]
        if step.skipped is not None:
            self._finish(ReplayResult(step, Comparison(ReplayOutcome.SKIPPED)))
        elif not self.allowed():
            self._end(Cancelled())
        else:
            # On the wire to the simulated module no other slave can answer, so there is no need to wait for one.
            procedure = send_once(step.telegram, alone=True)
            job = self.session.run(
                procedure, lambda answer: self._answered(step, answer), self._end, keeps_selection=True
            )
            if not job.finished:
                self._job = job

    def _answered(self, step: ReplayStep, answer: Answer) -> None:
        self._job = None
        masked = self.mask.ranges(answer.raw)
        data = apply_mask(answer.raw, masked)
        comparison = compare_answers(step.recorded, data or None)
        self._finish(ReplayResult(step, comparison, data, masked, answer.waited if data else None))

    def _finish(self, result: ReplayResult) -> None:
        self._at += 1
        self.on_result(result)
        if self.running:
            due = self._begun_at
            if self.keeps_gaps and self._at < len(self.steps):
                due += self.steps[self._at].offset
            # By the clock even if it is due now, so that a long replay leaves time for everything else.
            self._alarm.set(max(due, self.clock.now()))

    def _end(self, error: Exception | None) -> None:
        if not self.running:
            return
        self.running = False
        self._alarm.set(None)
        job, self._job = self._job, None
        if job is not None:
            self.session.cancel(job)
        self.on_end(error)
