"""A replay to the built-in module, in virtual time: order, gaps, comparison, secrets, stopping."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.configurator.replay_run import ReplayResult, ReplayRun, send_once
from cmi_gui.engine.configurator.session import Cancelled, MasterSession
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.mbus.exchange import Answer, AnswerKind
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.traffic.replay import ReplayOutcome, ReplayStep, plan_replay
from tests.helpers.module_bench import text_command

NKE = Frame.short(0x40, 0).to_bytes()
REQ = Frame.short(0x7B, 0).to_bytes()
P1 = Frame.long(0x73, 0, 0x51, text_command("p1", "geheim12")).to_bytes()


@dataclass
class Watch:
    """A run and what it reported."""

    results: list[ReplayResult] = field(default_factory=list)
    ends: list[Exception | None] = field(default_factory=list)
    allowed: bool = True
    stop_after: int = 1000
    run: ReplayRun | None = None

    def start(
        self, steps: list[ReplayStep], station: Station, session: MasterSession, *, keeps_gaps: bool = False
    ) -> None:
        self.run = ReplayRun(
            steps,
            session,
            station.clock,
            station.mask,
            keeps_gaps=keeps_gaps,
            allowed=lambda: self.allowed,
            on_result=self._take,
            on_end=self.ends.append,
        )
        self.run.start()

    def _take(self, result: ReplayResult) -> None:
        self.results.append(result)
        if len(self.results) == self.stop_after and self.run is not None:
            self.run.stop()

    @property
    def outcomes(self) -> list[ReplayOutcome]:
        return [result.comparison.outcome for result in self.results]


def requests(station: Station) -> list[bytes]:
    store = station.traffic
    rows = [store.row(index) for index in range(len(store))]
    return [row.data for row in rows if row.side == 0 and row.direction == 0]


def recorded_visit(station: Station, session: MasterSession, clock: VirtualClock) -> list[ReplayStep]:
    """Send three telegrams and a password, and return the plan of their replay."""
    ends: list[object] = []
    for data in (NKE, REQ, P1, NKE):
        session.run(send_once(data), ends.append, ends.append)
    assert clock.run_until(clock.now() + 10, lambda: len(ends) == 4)
    store = station.traffic
    return plan_replay([store.row(index) for index in range(len(store))])


def test_a_recorded_visit_gets_the_same_answers_and_its_password_is_not_sent(
    station: Station, session: MasterSession, clock: VirtualClock
) -> None:
    steps = recorded_visit(station, session, clock)
    sent_before = len(requests(station))
    watch = Watch()
    watch.start(steps, station, session)
    assert clock.run_until(clock.now() + 60, lambda: bool(watch.ends))
    assert watch.ends == [None]
    assert [result.step for result in watch.results] == steps
    # The meter has counted on since, so values may differ; the acknowledgements are the same.
    assert watch.outcomes[0] is watch.outcomes[3] is ReplayOutcome.SAME
    assert watch.outcomes[1] in (ReplayOutcome.SAME, ReplayOutcome.DIFFERENT)
    assert watch.outcomes[2] is ReplayOutcome.SKIPPED
    assert requests(station)[sent_before:] == [NKE, REQ, NKE]
    assert watch.results[0].seconds is not None


def test_differences_are_found_and_a_missing_answer_too(
    station: Station, session: MasterSession, clock: VirtualClock
) -> None:
    steps = [
        ReplayStep(0, REQ, 0.0, recorded=b"\xe5"),
        ReplayStep(1, Frame.short(0x40, 9).to_bytes(), 0.0, recorded=b"\xe5"),
        ReplayStep(2, NKE, 0.0),
    ]
    watch = Watch()
    watch.start(steps, station, session)
    assert clock.run_until(clock.now() + 60, lambda: bool(watch.ends))
    assert watch.outcomes == [ReplayOutcome.DIFFERENT, ReplayOutcome.NO_ANSWER, ReplayOutcome.ONLY_NOW]
    assert watch.results[1].seconds is None


@pytest.mark.parametrize("keeps_gaps", [True, False])
def test_the_times_between_are_kept_on_request(
    station: Station, session: MasterSession, clock: VirtualClock, keeps_gaps: bool
) -> None:
    begun = clock.now()
    watch = Watch()
    watch.start([ReplayStep(0, NKE, 0.0), ReplayStep(1, NKE, 90.0)], station, session, keeps_gaps=keeps_gaps)
    assert clock.run_until(begun + 600, lambda: bool(watch.ends))
    assert (clock.now() - begun > 90) is keeps_gaps


def test_a_run_stops_at_once_and_the_session_goes_on(
    station: Station, session: MasterSession, clock: VirtualClock
) -> None:
    watch = Watch(stop_after=2)
    watch.start([ReplayStep(number, NKE, 0.0) for number in range(9)], station, session)
    assert clock.run_until(clock.now() + 60, lambda: bool(watch.ends))
    assert isinstance(watch.ends[0], Cancelled)
    assert len(watch.results) == 2
    ends: list[object] = []
    session.run(send_once(NKE), ends.append, ends.append)
    assert clock.run_until(clock.now() + 10, lambda: bool(ends))
    (answer,) = ends
    assert isinstance(answer, Answer)
    assert answer.kind is AnswerKind.ACK
    assert len(watch.ends) == 1


def test_a_stop_during_a_telegram_cancels_it(station: Station, session: MasterSession, clock: VirtualClock) -> None:
    watch = Watch()
    watch.start([ReplayStep(0, Frame.short(0x40, 9).to_bytes(), 0.0)], station, session)
    assert clock.run_until(clock.now() + 10, lambda: session.busy)
    assert watch.run is not None
    watch.run.stop()
    assert isinstance(watch.ends[0], Cancelled)
    assert not watch.results
    assert not session.busy


def test_nothing_is_sent_while_it_is_not_allowed(station: Station, session: MasterSession, clock: VirtualClock) -> None:
    before = requests(station)
    watch = Watch(allowed=False)
    watch.start([ReplayStep(0, NKE, 0.0)], station, session)
    assert clock.run_until(clock.now() + 10, lambda: bool(watch.ends))
    assert isinstance(watch.ends[0], Cancelled)
    assert requests(station) == before


def test_a_lost_link_ends_the_run(station: Station, session: MasterSession, clock: VirtualClock) -> None:
    watch = Watch()
    watch.start([ReplayStep(0, NKE, 0.0), ReplayStep(1, NKE, 50.0)], station, session, keeps_gaps=True)
    assert clock.run_until(clock.now() + 10, lambda: len(watch.results) == 1)
    watch.start([ReplayStep(0, Frame.short(0x40, 9).to_bytes(), 0.0)], station, session)
    assert clock.run_until(clock.now() + 10, lambda: session.busy)
    session.close()
    assert isinstance(watch.ends[-1], LinkError)
