"""The search for the speed of a bus: its decisions, and the telegrams that it costs a master."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.machine import Line, LineEvent, SetLine
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.line_speed import SpeedCause
from cmi_gui.engine.mbus.slave import Slave
from cmi_gui.engine.mbus.slave_events import SpeedChanged
from cmi_gui.engine.mbus.speed_finder import CANDIDATES, SUSTAINED, SpeedFinder
from tests.helpers.slave_bench import Application
from tests.helpers.uart import SlaveOnAWire, Wire

SPEEDS = st.sampled_from(CANDIDATES)
GAP = 0.35
"""Seconds a master leaves between two tries at least: the window of 2400 bit/s and the pause after a fault, rounded."""
SLOW_GAP = 1.2
"""... and at 300 bit/s."""
NKE = Frame.short(0x40, 5).to_bytes()
ACK = b"\xe5"

FRAMES = st.one_of(
    st.builds(Frame.short, st.sampled_from((0x40, 0x5B, 0x7B, 0x5A)), st.integers(0, 255)),
    st.builds(Frame.long, st.just(0x73), st.integers(0, 252), st.just(0x51), st.binary(min_size=1, max_size=60)),
).map(Frame.to_bytes)


IDLE_EXTRA = 0.05


def idle(baud: int) -> float:
    return 33 / baud + IDLE_EXTRA


def finder(start: int = 2400) -> SpeedFinder:
    return SpeedFinder(start, IDLE_EXTRA)


def damage(made: SpeedFinder, at: float) -> bool:
    """Add a run without a whole telegram; return whether the speed was changed at its end."""
    made.note_activity(at)
    assert not made.tick(at + idle(made.speed) - 0.001)
    assert made.deadline is not None
    return made.tick(made.deadline)


def slave_on_a_wire(start: int = 2400) -> SlaveOnAWire:
    application = Application()
    return SlaveOnAWire(Slave(application, has_speed=True, form=Line(start), finds_speed=True))


def gap(baud: int) -> float:
    return GAP if baud == 2400 else SLOW_GAP


# The finder


def test_silence_changes_nothing() -> None:
    made = finder()
    assert made.deadline is None
    assert not made.tick(1e9)
    assert (made.speed, made.found) == (2400, False)


def test_while_searching_each_damaged_run_tries_the_next_speed() -> None:
    made = finder()
    assert [(damage(made, at), made.speed) for at in (1.0, 2.0, 3.0)] == [(True, 300), (True, 2400), (True, 300)]


def test_a_speed_that_was_found_stays_until_damage_is_sustained() -> None:
    made = finder()
    assert made.note_telegram()
    assert not made.note_telegram(), "already known"
    for at in range(SUSTAINED - 1):
        assert not damage(made, float(at))
    made.note_telegram()
    for at in range(10, 10 + SUSTAINED - 1):
        assert not damage(made, float(at))
    assert damage(made, 99.0)
    assert (made.speed, made.found) == (300, False)


def test_any_number_of_speeds() -> None:
    made = SpeedFinder(9600, IDLE_EXTRA, (2400, 300, 9600))
    seen = []
    for at in range(4):
        damage(made, float(at))
        seen.append(made.speed)
    assert seen == [2400, 300, 9600, 2400]
    assert SpeedFinder(1200, IDLE_EXTRA).speed == 2400, "no candidate"


def test_a_bus_that_is_never_idle_is_judged_after_the_longest_telegram() -> None:
    made = finder(300)
    at, longest = 5.0, 261 * 11 / 300
    while not made.tick(at):
        made.note_activity(at)
        at += 0.05
    assert longest < at - 5.0 < 13
    assert made.speed == 2400
    made.note_activity(at)
    assert not made.tick(at + 1), "the rest of what was under way is no reason to go back"
    assert damage(made, at + 2)


# A slave with a receiver


@pytest.mark.parametrize("master", CANDIDATES)
@pytest.mark.parametrize("start", CANDIDATES)
def test_the_first_readable_telegram_is_answered(master: int, start: int) -> None:
    bench = slave_on_a_wire(start)
    bench.receive([(NKE, master)] * 2, gap=gap(master))
    assert bench.answers == [(master, ACK)] * (2 if master == start else 1)
    assert bench.speeds[-1] == SpeedChanged(Line(master), SpeedCause.FOUND)
    assert bench.slave.speed_found
    assert bench.slave.deadline is None


@given(st.lists(FRAMES, min_size=3, max_size=3), SPEEDS, SPEEDS)
def test_a_master_loses_at_most_one_telegram_before_it_is_found(frames: list[bytes], master: int, start: int) -> None:
    bench = slave_on_a_wire(start)
    bench.receive([(frame, master) for frame in frames[:2]], gap=gap(master))
    assert (bench.slave.speed_found, bench.slave.line) == (True, Line(master))


@given(st.lists(FRAMES, min_size=1, max_size=3), st.lists(FRAMES, min_size=SUSTAINED, max_size=SUSTAINED), SPEEDS)
def test_a_master_that_changes_its_speed_is_answered_at_its_third_telegram(
    before: list[bytes], after: list[bytes], speed: int
) -> None:
    other = next(candidate for candidate in CANDIDATES if candidate != speed)
    bench = slave_on_a_wire(speed)
    bench.receive([(frame, speed) for frame in before], gap=gap(speed))
    bench.answers.clear()
    bench.receive([(frame, other) for frame in after], gap=gap(other))
    bench.answers.clear()
    bench.receive([(NKE, other)], gap=gap(other))
    assert bench.answers == [(other, ACK)]


@given(st.binary(min_size=1, max_size=40), SPEEDS, SPEEDS)
def test_noise_or_half_a_frame_costs_at_most_one_telegram(noise: bytes, speed: int, noise_speed: int) -> None:
    bench = slave_on_a_wire(speed)
    bench.receive([(NKE, speed)], gap=gap(speed))
    bench.receive([(noise, noise_speed), *[(NKE, speed)] * 2], gap=SLOW_GAP)
    assert bench.answers[-1] == (speed, ACK)
    bench.answers.clear()
    bench.receive([(NKE, speed)] * 5, gap=gap(speed))
    assert bench.answers == [(speed, ACK)] * 5


@given(st.lists(st.tuples(st.binary(min_size=1, max_size=30), SPEEDS), max_size=8), SPEEDS)
def test_the_second_telegram_is_answered_after_any_noise(noise: list[tuple[bytes, int]], master: int) -> None:
    bench = slave_on_a_wire()
    bench.receive(noise, gap=SLOW_GAP)
    bench.answers.clear()
    bench.receive([(NKE, master)] * (SUSTAINED + 1), gap=gap(master))
    assert bench.answers[-1] == (master, ACK)


def test_line_errors_count_as_damage() -> None:
    slave = Slave(Application(), has_speed=True, form=Line(2400), finds_speed=True)
    slave.line_event(LineEvent.FRAMING, 1.0)
    slave.line_event(LineEvent.FRAMING, 1.03)
    assert slave.deadline == pytest.approx(1.03 + idle(2400))
    effects = slave.tick(1.2)
    assert [effect.line for effect in effects if isinstance(effect, SetLine)] == [Line(300)]
    assert SpeedChanged(Line(300), SpeedCause.TRIED) in effects


def test_breaks_count_as_damage() -> None:
    slave = Slave(Application(), has_speed=True, form=Line(2400), finds_speed=True)
    slave.line_event(LineEvent.BREAK, 1.0)
    slave.line_event(LineEvent.PEER, 1.1)
    effects = slave.tick(1.0 + idle(2400))
    assert SpeedChanged(Line(300), SpeedCause.TRIED) in effects


def test_without_power_nothing_is_searched() -> None:
    bench = slave_on_a_wire()
    bench.slave._app.powered = False  # type: ignore[misc]
    bench.receive([(NKE, 300)] * 4, gap=SLOW_GAP)
    assert bench.slave.line == Line(2400)
    assert bench.speeds == []


def test_a_lone_e5_finds_no_speed() -> None:
    bench = slave_on_a_wire()
    bench.receive([(ACK, 2400)], gap=GAP)
    assert not bench.slave.speed_found


# An explicit command


def test_a_command_wins_and_ends_the_search() -> None:
    bench = slave_on_a_wire()
    bench.receive([(NKE, 2400), (Frame.control(0x73, 5, 0xB8).to_bytes(), 2400)], gap=GAP)
    assert bench.answers == [(2400, ACK), (300, ACK)] or bench.answers == [(2400, ACK), (2400, ACK)]
    bench.receive([(NKE, 300)], gap=SLOW_GAP)
    application = bench.slave._app
    assert isinstance(application, Application)
    assert application.speeds == [300]
    assert bench.slave.speed_found is None, "the search has ended"
    bench.answers.clear()
    bench.receive([(NKE, 2400)] * 10, gap=GAP)
    assert bench.answers == []
    assert bench.slave.line == Line(300)


def test_an_unused_command_falls_back_and_the_search_continues() -> None:
    bench = slave_on_a_wire()
    bench.receive([(NKE, 2400), (Frame.control(0x73, 5, 0xB8).to_bytes(), 2400)], gap=GAP)
    bench.answers.clear()
    bench.receive([(NKE, 2400)] * 5, gap=GAP)
    assert bench.answers == [], "as deaf as any slave at another speed"
    bench.receive([(NKE, 2400)], gap=300)
    assert bench.answers == [(2400, ACK)]
    assert SpeedChanged(Line(2400), SpeedCause.FALLBACK) in bench.speeds
    bench.receive([(NKE, 300)] * 3, gap=SLOW_GAP)
    assert bench.answers[-1] == (300, ACK)


def test_power_on_restarts_a_search_that_a_command_ended() -> None:
    bench = slave_on_a_wire()
    bench.receive([(Frame.control(0x73, 5, 0xB8).to_bytes(), 2400)], gap=GAP)
    bench.receive([(NKE, 300)], gap=SLOW_GAP)
    bench.slave.power_off()
    assert bench.slave.line == Line(300)
    assert bench.slave.speed_found is False
    bench.receive([(NKE, 2400)] * 2, gap=GAP)
    assert bench.answers[-1] == (2400, ACK)


# The receiver of this bench


@given(st.binary(min_size=1, max_size=20), SPEEDS)
def test_the_receiver_is_exact_at_its_own_speed(data: bytes, baud: int) -> None:
    received = bytearray()

    class RecordingSlave(Slave):
        def receive(self, data: bytes, at: float):  # type: ignore[no-untyped-def]
            received.extend(data)
            return ()

    bench = SlaveOnAWire(RecordingSlave(Application(), has_speed=True, form=Line(baud), own_baud=baud))
    bench.receive([(data, baud)], gap=1)
    assert received == data
    assert Wire().level(1.0) == 1
