"""The player of a scenario: it carries out the lines in order, each at its time, on any clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cmi_gui.engine.clock import Timer
from cmi_gui.engine.messages import Message
from cmi_gui.engine.room.line import LineResult, Pending, Services
from cmi_gui.engine.room.master_lines import ScenarioMaster
from cmi_gui.engine.room.operator import LINES, Operator
from cmi_gui.engine.room.scenario import Scenario, ScenarioStep
from cmi_gui.engine.station.station import Station


@dataclass(frozen=True, slots=True)
class PlayResult:
    """The end of a scenario: the line at which it failed and why, or neither.

    `lines`: the lines carried out as expected. `seconds`: the time of the modules that has passed.
    """

    lines: int
    seconds: float
    failed: ScenarioStep | None = None
    reason: Message | None = None


class Player:
    """A scenario that is played on a station, which the caller has started.

    A line is carried out when the one before has ended and its own time has come. Times are those of the modules and
    meters, so they pass faster with a time factor; a jump of their time is not counted. `on_step` is called before each
    line, `on_end` once, after the last line or the first that does not have the expected result. `services`: what the
    lines need besides.
    """

    def __init__(
        self,
        scenario: Scenario,
        station: Station,
        on_end: Callable[[PlayResult], None],
        on_step: Callable[[ScenarioStep], object] = lambda _: None,
        services: Services | None = None,
    ) -> None:
        self._steps = scenario.steps
        self._clock = station.module_clock
        self._base = station.clock
        self._on_end = on_end
        self._on_step = on_step
        self._master = ScenarioMaster(station)
        self._operator = Operator(station, services, (*LINES, *self._master.verbs))
        self._done = 0
        self._start = 0.0
        self._timer: Timer | None = None
        self._pending: Pending | None = None
        self._over = False

    def start(self) -> None:
        """Start the scenario; its time begins now."""
        self._start = self._clock.target
        self._next()

    def stop(self) -> None:
        """End without a result; harmless after the end."""
        self._over = True
        if self._timer is not None:
            self._timer.cancel()
        if self._pending is not None:
            self._pending.cancel()
        self._master.close()

    def _next(self) -> None:
        if self._over:
            return
        if self._done == len(self._steps):
            self._end()
            return
        step, now = self._steps[self._done], self._clock.target
        due = max(now + step.after, now if step.at is None else self._start + step.at)
        if due > now:
            self._timer = self._clock.call_at(due, self._carry_out)
        else:
            self._carry_out()

    def _carry_out(self) -> None:
        if self._over:
            return
        step, before = self._steps[self._done], self._clock.target
        self._on_step(step)
        self._pending = self._operator.start(step.line, lambda result: self._ended(step, result))
        # A line takes no time itself, so what has passed is a jump.
        self._start += self._clock.target - before

    def _ended(self, step: ScenarioStep, result: LineResult) -> None:
        if self._over:
            return
        self._pending = None
        reason = step.judge(result)
        if reason is not None:
            self._end(step, reason)
            return
        self._done += 1
        # Posted, because a long scenario of lines that end at once would otherwise nest its calls.
        self._base.post(self._next)

    def _end(self, failed: ScenarioStep | None = None, reason: Message | None = None) -> None:
        outcome = PlayResult(self._done, self._clock.target - self._start, failed, reason)
        self.stop()
        self._on_end(outcome)
