"""The clock of modules and meters: the base clock until it is changed, then faster or ahead, with calls in order."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.clock import Alarm, Timer, VirtualClock
from cmi_gui.engine.station.module_clock import LEAP_AFTER, LONGEST_LAG, PAUSE_SECONDS, SLICE_SECONDS, ModuleClock

START = 1000.0


class Bench:
    """A module clock in virtual time. `ran`: name, own time and base time of each call that ran."""

    def __init__(self, base: VirtualClock | None = None, step: float = math.inf) -> None:
        self.base = base or VirtualClock(START)
        self.clock = ModuleClock(self.base, self._count_to)
        self.step = step
        self.ran: list[tuple[str, float, float]] = []
        self.counted: list[float] = []

    def _count_to(self, at: float) -> Iterator[float]:
        reached = self.clock.now()
        while reached < at:
            reached = min(at, reached + self.step)
            self.counted.append(reached)
            yield reached

    def plan(self, name: str, when: float, then: Callable[[], object] = lambda: None) -> Timer:
        def call() -> None:
            self.ran.append((name, self.clock.now(), self.base.now()))
            then()

        return self.clock.call_at(when, call)

    @property
    def names(self) -> str:
        return "".join(name for name, _, _ in self.ran)


class BusyClock(VirtualClock):
    """A virtual clock on a slow computer: looking at it takes time."""

    def __init__(self) -> None:
        super().__init__(START)
        self.busy = 0.0

    def now(self) -> float:
        self._now += self.busy
        return self._now


def test_unchanged_it_is_the_base_clock() -> None:
    bench = Bench()
    bench.plan("b", START + 2.3)
    bench.plan("c", START + 2.3)
    bench.plan("a", START - 5)
    bench.plan("x", START + 1).cancel()
    bench.base.advance(10)
    assert bench.ran == [("a", START, START), ("b", START + 2.3, START + 2.3), ("c", START + 2.3, START + 2.3)]
    assert bench.clock.now() == bench.base.now() == bench.clock.target
    assert (bench.clock.base_time(1234.5), bench.clock.at(1234.5), bench.clock.behind) == (1234.5, 1234.5, 0)


def test_calls_keep_their_times_when_the_factor_changes() -> None:
    bench = Bench()
    bench.plan("a", START + 60)
    cancelled = bench.plan("x", START + 60)
    bench.plan("b", START + 60)
    bench.base.advance(30)
    bench.clock.set_factor(10)
    cancelled.cancel()
    bench.base.advance(2.999)
    assert bench.ran == []
    bench.base.advance(0.001)
    assert bench.ran == [("a", START + 60, pytest.approx(START + 33)), ("b", START + 60, pytest.approx(START + 33))]
    bench.clock.set_factor(0.5)
    assert bench.clock.now() == pytest.approx(START + 60)
    bench.base.advance(4)
    assert bench.clock.now() == pytest.approx(START + 62)


def test_a_call_runs_at_its_own_time_although_its_timer_is_late() -> None:
    bench = Bench()
    bench.clock.set_factor(1000)
    times = [START + 1, START + 1.5, START + 2]
    for at in times:
        bench.plan("a", at)
    bench.base._now += 0.5  # the computer does something else
    assert bench.clock.now() == times[0], "time does not pass over a call that is due"
    assert bench.clock.behind == pytest.approx(499)
    bench.base.advance(0)
    assert [at for _, at, _ in bench.ran] == times
    assert bench.clock.now() == pytest.approx(START + 500)


def test_a_call_may_plan_others_which_run_in_the_same_turn() -> None:
    bench = Bench()
    bench.clock.set_factor(100)
    bench.plan("a", START + 1, lambda: bench.plan("b", START + 1.5, lambda: bench.plan("c", START)))
    bench.base._now += 1
    bench.base.advance(0)
    assert [(name, at) for name, at, _ in bench.ran] == [("a", START + 1), ("b", START + 1.5), ("c", START + 1.5)]


def test_work_is_cut_into_slices_and_falls_behind() -> None:
    base = BusyClock()
    bench = Bench(base)
    bench.clock.set_factor(1000)

    def again() -> None:
        bench.plan("a", bench.clock.now() + 1, again)

    again()
    others: list[float] = []

    def other() -> None:
        others.append(base._now)
        base.call_at(base._now + 0.001, other)

    other()
    base.busy = 0.0005
    base.run_until(START + 2)
    base.busy = 0
    gaps = [late - early for early, late in pairwise(others)]
    assert max(gaps) < SLICE_SECONDS + 0.01, "everything else has its turn after each slice"
    assert len(others) > 2 / (SLICE_SECONDS + PAUSE_SECONDS + 0.01) * PAUSE_SECONDS / 0.0015
    assert bench.clock.behind > 100
    ran = [at for _, at, _ in bench.ran]
    assert ran == [START + 1 + count for count in range(len(ran))], "nothing is skipped"
    bench.clock.set_factor(1)
    assert bench.clock.behind == 0
    now = bench.clock.now()
    base.advance(5)
    assert bench.clock.now() == pytest.approx(now + 5)


def test_a_long_lag_is_not_made_up_for_and_times_stay_right() -> None:
    base = BusyClock()
    bench = Bench(base)
    bench.clock.set_factor(1000)

    def again() -> None:
        bench.plan("a", bench.clock.now() + 1, again)

    again()
    base.busy = 0.0005
    base.run_until(START + 20)
    base.busy = 0
    late = [at - bench.clock.base_time(own) for _, own, at in bench.ran]
    assert max(late) < LONGEST_LAG + 2 * SLICE_SECONDS
    assert min(late) > -1e-6, "no time is in the future"
    behind = bench.clock.behind
    assert behind == pytest.approx(1000 * (base.now() - START) - (bench.clock.now() - START), abs=5)
    assert behind > 2 * LONGEST_LAG * 1000
    bench.clock.leap(0)
    assert bench.clock.behind < LONGEST_LAG * 1000, "what was lost counts until the next change"


def test_a_leap_that_takes_long_does_not_date_later_calls_back() -> None:
    base = BusyClock()
    bench = Bench(base, step=1)
    for after in range(1, 20):
        bench.plan("a", START + 1000 + after)
    bench.clock.leap(1000)
    base.busy = 0.005
    base.run_until(START + 60)
    late = [at - bench.clock.base_time(own) for _, own, at in bench.ran]
    assert len(late) == 19
    assert bench.ran[0][2] > START + 5
    assert max(late) < 0.1
    assert bench.clock.behind < 0.1


# Leaps


def test_a_leap_runs_what_is_under_way_then_counts_then_runs_the_rest() -> None:
    bench = Bench(step=100)
    for name, after in (("a", 10), ("b", LEAP_AFTER), ("c", LEAP_AFTER + 1), ("d", 500), ("e", 1500)):
        bench.plan(name, START + after)
    bench.clock.leap(1000)
    assert (bench.ran, bench.clock.now(), bench.clock.behind) == ([], START + 10, 990)
    bench.base.advance(0)
    to = START + 1000
    assert [(name, at) for name, at, _ in bench.ran] == [
        *(("a", START + 10), ("b", START + LEAP_AFTER)),
        *(("c", to), ("d", to)),
    ]
    assert bench.counted == [START + LEAP_AFTER + 100 * count for count in range(1, 10)] + [to]
    assert (bench.clock.now(), bench.clock.behind) == (to, 0)
    bench.base.advance(499)
    assert bench.names == "abcd"
    bench.base.advance(1)
    assert bench.ran[-1] == ("e", START + 1500, START + 500)


def test_a_short_leap_runs_every_call_at_its_time() -> None:
    bench = Bench()
    bench.plan("a", START + 10)
    bench.plan("b", START + 25)
    bench.clock.leap(20)
    bench.base.advance(0)
    assert bench.ran == [("a", START + 10, START)]
    assert bench.clock.now() == START + 20
    bench.base.advance(5)
    assert bench.ran[1:] == [("b", START + 25, START + 5)]


def test_during_a_leap_time_stands_still_and_a_second_leap_extends_it() -> None:
    base = BusyClock()
    bench = Bench(base, step=1)
    bench.clock.leap(1000)
    base.busy = 0.0005
    base.run_until(START + 0.1)
    assert START + LEAP_AFTER == bench.clock.now() < bench.clock.target, "it is being counted"
    bench.plan("a", bench.clock.now())
    bench.clock.leap(500)
    base.run_until(START + 0.2)
    assert bench.names == "a", "a call that is due meanwhile is not delayed"
    base.run_until(START + 10)
    base.busy = 0
    base.advance(0)
    assert bench.counted[-1] == pytest.approx(START + 1500, abs=0.5)
    assert bench.clock.behind == 0
    assert START + 1500 < bench.clock.now() < base.now() + 1500, "the time of counting does not count"


def test_a_factor_during_a_leap_applies_after_it() -> None:
    bench = Bench()
    bench.plan("a", START + 1001)
    bench.clock.leap(1000)
    bench.clock.set_factor(10)
    bench.base.advance(0.1)
    assert bench.ran == [("a", START + 1001, pytest.approx(START + 0.1))]


def test_a_leap_can_be_finished_at_once() -> None:
    bench = Bench(step=10)
    bench.plan("a", START + 100)
    bench.clock.leap(1000)
    bench.clock.finish_leap()
    assert bench.counted[-1] == START + 1000
    bench.base.advance(0)
    assert bench.ran == [("a", START + 1000, START)]


# Conversion


def test_times_are_converted_to_the_base_clock() -> None:
    bench = Bench()
    bench.base.advance(10)  # module START + 10
    bench.clock.set_factor(60)
    bench.base.advance(2)  # START + 130
    bench.clock.leap(1000)  # START + 1130
    bench.base.advance(1)  # START + 1190
    bench.clock.set_factor(1)
    expected = {5: 5, 10: 10, 70: 11, 130: 12, 200: 12, 1000: 12, 1130: 12, 1160: 12.5, 1190: 13, 1200: 23, 2000: 823}
    for own, base in expected.items():
        assert bench.clock.base_time(START + own) == pytest.approx(START + base)
    assert bench.clock.at(START) == bench.clock.now()


CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("factor"), st.sampled_from([0.1, 0.5, 1.0, 7.0, 60.0, 1000.0])),
        st.tuples(st.just("leap"), st.floats(0, 1e7)),
        st.tuples(st.just("pass"), st.floats(0, 1000)),
        st.tuples(st.just("plan"), st.floats(-10, 1e5)),
    ),
    max_size=30,
)


@given(CHANGES)
def test_time_never_goes_back_and_every_call_runs_once(changes: list[tuple[str, float]]) -> None:
    bench = Bench(step=1e5)
    alarm_rings: list[float] = []
    alarm = Alarm(bench.clock, lambda: alarm_rings.append(bench.clock.now()))
    seen, planned = [bench.clock.now()], 0
    for what, value in changes:
        match what:
            case "factor":
                bench.clock.set_factor(value)
            case "leap":
                bench.clock.leap(value)
            case "pass":
                bench.base.advance(value)
            case _:
                planned += 1
                bench.plan("a", bench.clock.now() + value)
                alarm.set(bench.clock.now() + value)
        seen.append(bench.clock.now())
        assert bench.clock.base_time(seen[-1]) <= bench.base.now() + 1e-6
    assert seen == sorted(seen)
    bench.clock.leap(1e8)
    bench.base.advance(0)
    assert len(bench.ran) == planned
    assert [at for _, at, _ in bench.ran] == sorted(at for _, at, _ in bench.ran)
    bases = [bench.clock.base_time(at) for at in seen]
    assert bases == sorted(bases)
