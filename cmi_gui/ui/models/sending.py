"""Telegrams that the user sends from the page Traffic: one at a time, or those of a capture to the simulation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from cmi_gui.engine.configurator.replay_run import ReplayResult, ReplayRun, send_once
from cmi_gui.engine.configurator.session import Cancelled, Job
from cmi_gui.engine.mbus.exchange import Answer
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.traffic.masking import hex_text
from cmi_gui.engine.traffic.replay import ReplayOutcome, ReplayStep
from cmi_gui.ui.targets import ModuleTarget, Targets
from cmi_gui.ui.text.messages import translate
from cmi_gui.ui.text.world import World, world

_MOST_SENT = 100


@dataclass(frozen=True, slots=True)
class SendResult:
    """The end of sending one telegram: the answer, or the error with which it failed."""

    answer: Answer | None = None
    error: Exception | None = None


class Sending(QObject):
    """The model of the telegrams that the user sends; it outlives the page, and nothing of it is stored.

    `text`: what was entered last. `sent`: the telegrams sent, in hex, the oldest first, without those that hold a
    secret. `result`: of the last one, None while it runs. `steps`, `results`, `counts`: of the running or last
    replay, with the number of results by outcome; `replay_error`: why it ended early, or None.
    Signals: `changed()`, a telegram was sent or has its result; `replayed(object)`, with a new `ReplayResult`;
    `replay_changed()`, a replay began or ended.
    """

    changed = Signal()
    replayed = Signal(object)
    replay_changed = Signal()

    def __init__(self, station: Station, targets: Targets, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._station = station
        self._targets = targets
        self.text = ""
        self.sent: list[str] = []
        self.result: SendResult | None = None
        self._job: Job | None = None
        self._session = targets.current.session
        self.steps: Sequence[ReplayStep] = ()
        self.results: list[ReplayResult] = []
        self.counts: Counter[ReplayOutcome] = Counter()
        self.replay_error: Exception | None = None
        self._run: ReplayRun | None = None

    # One telegram

    @property
    def waiting(self) -> bool:
        """True from `send` until the answer, or the end of the wait."""
        return self._job is not None

    def send(self, target: ModuleTarget, data: bytes) -> None:
        """Send bytes once on the link of a target, after the work in progress there. Does nothing while waiting."""
        if self.waiting:
            return
        if not self._station.mask.ranges(data):
            text = hex_text(data, ())
            self.sent = [*(other for other in self.sent if other != text), text][-_MOST_SENT:]
        self._session, self.result = target.session, None
        baud = None if target.session.baud is None else target.reach().baud
        job = self._session.run(
            send_once(data, baud),
            lambda answer: self._ended(SendResult(answer)),
            lambda error: self._ended(SendResult(error=error)),
            keeps_selection=True,
        )
        self._job = None if job.finished else job
        self.changed.emit()

    def cancel(self) -> None:
        """Stop waiting for the answer, or for the work before it."""
        if self._job is not None:
            self._session.cancel(self._job)

    def _ended(self, result: SendResult) -> None:
        self._job, self.result = None, result
        self.changed.emit()

    # Replay

    @property
    def replaying(self) -> bool:
        """True while a replay runs."""
        return self._run is not None and self._run.running

    def why_no_replay(self) -> str:
        """Return why a replay is not possible now, in a sentence; empty if it is."""
        target = self._targets.current
        if target.practice:
            words = translate("Sending", "A replay is sent only to the built-in module. {0} is on the practice bus")
            return words.format(target.name)
        if not target.built_in:
            words = translate(
                "Sending", "A replay is sent only to the built-in module; choose it in the header. {0} is a real one"
            )
            return words.format(target.name)
        if world(self._station, target) is not World.SIMULATED:
            return translate("Sending", "A replay is not sent to a module that controls a real meter")
        if self._station.bus_is_real:
            return translate("Sending", "A replay is not sent to a module on a real bus")
        return ""

    def start_replay(self, steps: Sequence[ReplayStep], *, keeps_gaps: bool) -> None:
        """Send the telegrams of a capture to the built-in module. Does nothing if that is not possible, or in a replay.

        `keeps_gaps`: with the times between them as in the capture.
        """
        if self.replaying or self.why_no_replay():
            return
        self.steps, self.results, self.counts, self.replay_error = steps, [], Counter(), None
        self._run = ReplayRun(
            steps,
            self._targets.current.session,
            self._station.clock,
            self._station.mask,
            keeps_gaps=keeps_gaps,
            allowed=lambda: not self.why_no_replay(),
            on_result=self._on_result,
            on_end=self._replay_ended,
        )
        self._run.start()
        self.replay_changed.emit()

    def stop_replay(self) -> None:
        """End the replay at once."""
        if self._run is not None:
            self._run.stop()

    def forget_replay(self) -> None:
        """End the replay, if one runs, and forget its results."""
        self.stop_replay()
        self.steps, self.results, self.counts, self.replay_error = (), [], Counter(), None
        self.replay_changed.emit()

    def close(self) -> None:
        """End everything when the window closes."""
        self.stop_replay()
        self.cancel()

    def _on_result(self, result: ReplayResult) -> None:
        self.results.append(result)
        self.counts[result.comparison.outcome] += 1
        self.replayed.emit(result)

    def _replay_ended(self, error: Exception | None) -> None:
        self.replay_error = error
        self.replay_changed.emit()


def was_stopped(error: Exception | None) -> bool:
    """Return whether the user stopped the work that ended with this error."""
    return isinstance(error, Cancelled)
