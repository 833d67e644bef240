"""Optical heads and meters as they are: slow, deaf at first, too slow for the offered speed, taken off and put back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.iec62056.events import (
    START_LINE,
    Failed,
    FailureCause,
    Identified,
    Limits,
    ReadoutReceived,
    SpeedGivenUp,
    Timing,
)
from cmi_gui.engine.iec62056.message import Identification
from cmi_gui.engine.iec62056.speed_choice import SpeedChoice
from cmi_gui.engine.machine import Line, LineEvent
from tests.helpers.reading_devices import IDENT, LIST, SIGN_ON, Head, Rig

LIMIT = Timing().inter_character
"""Seconds between two characters, at most (IEC 62056-21 6.4.3)."""


# Slow, but in time


@pytest.mark.parametrize("reaction", [0.2, 1.0, 1.5])
@pytest.mark.parametrize("gap", [0.0, 0.016, 0.5, 1.5])
def test_an_answer_as_late_as_the_standard_allows_is_in_time(reaction: float, gap: float) -> None:
    head = Head()
    head.read()
    head.receive(IDENT, reaction=reaction, gap=gap)
    head.receive(LIST, reaction=max(0.0, reaction - gap), gap=gap)
    assert isinstance(head.last(), ReadoutReceived)


def test_the_longest_identification_with_every_character_late() -> None:
    head = Head()
    head.read()
    head.receive(b"/LGZ4ABCDEFGHIJKLMNOP\r\n", reaction=LIMIT, gap=LIMIT)
    assert isinstance(head.events[0], Identified)


@given(st.lists(st.integers(1, 40), max_size=10))
def test_the_lumps_of_an_adapter_make_no_difference(sizes: list[int]) -> None:
    head = Head()
    head.read()
    for data in (IDENT, LIST):
        rest = data
        head.wait(0.25)
        for size in [*sizes, len(data)]:
            head.do(head.reader.receive(rest[:size], head.now))
            rest = rest[size:]
            head.wait(0.016)
    assert isinstance(head.last(), ReadoutReceived)


def test_a_pause_that_is_too_long_ends_the_readout() -> None:
    head = Head()
    head.read()
    head.receive(IDENT)
    head.receive(LIST[:20])
    head.wait(LIMIT + Timing().slack + 0.01)
    failed = head.last()
    assert isinstance(failed, Failed)
    assert (failed.cause, str(failed.detail)) == (FailureCause.GARBAGE, "a message was interrupted after 20 characters")


def test_a_head_that_is_taken_off_and_put_back() -> None:
    rig = Rig(paced=True)
    near = rig.near
    rig.reader_driver.run(lambda: rig.reader.start_readout(rig.clock.now()))
    assert rig.clock.run_until(60, lambda: any(isinstance(event, Identified) for event in rig.events))
    rig.clock.advance(1.0)
    deliver = near._deliver
    near._deliver = lambda data, at: None  # type: ignore[method-assign]
    failed = rig.finish()
    assert isinstance(failed, Failed)
    assert failed.cause is FailureCause.GARBAGE
    assert "was interrupted" in str(failed.detail)
    failed = rig.read()
    assert isinstance(failed, Failed)
    assert failed.cause is FailureCause.SILENCE
    near._deliver = deliver  # type: ignore[method-assign]
    rig.clock.advance(5)
    assert isinstance(rig.read(), ReadoutReceived)


def test_damaged_characters_that_the_port_reports_are_named() -> None:
    head = Head()
    head.read()
    head.receive(IDENT)
    head.receive(LIST[:20])
    head.do(head.reader.line_event(LineEvent.PARITY, head.now))
    head.receive(LIST[21:], reaction=0.0)
    failed = head.last()
    assert isinstance(failed, Failed)
    assert failed.cause is FailureCause.BAD_BCC
    assert str(failed.detail).endswith(", after a line error (parity)")


# The first sign-on only wakes the meter


def test_a_meter_that_wakes_by_the_first_sign_on_is_read_by_the_second() -> None:
    head = Head(Limits(attempts=1, wakes=1))
    head.read()
    head.wait(4.0)
    assert head.sent == [SIGN_ON, SIGN_ON]
    assert head.events == []
    head.receive(IDENT)
    head.receive(LIST)
    assert isinstance(head.last(), ReadoutReceived)


def test_a_meter_that_does_not_wake_has_failed() -> None:
    head = Head(Limits(attempts=1, wakes=1))
    head.read()
    failed = head.last()
    assert isinstance(failed, Failed)
    assert failed.cause is FailureCause.SILENCE
    assert head.sent == [SIGN_ON] * 2
    assert head.now < 200 + 8


def test_noise_instead_of_an_answer_does_not_count_as_asleep() -> None:
    head = Head(Limits(attempts=1, wakes=1))
    head.read()
    head.receive(b"\x7f\x00x")
    failed = head.last()
    assert isinstance(failed, Failed)
    assert failed.cause is FailureCause.GARBAGE
    assert head.sent == [SIGN_ON]


# The offered speed is of no use


def stays_at_300(rig: Rig) -> None:
    """The meter acknowledges nothing by its speed: it sends the list at 300 bit/s."""
    far, set_line = rig.far, rig.far.set_line
    far.set_line = lambda token, line: set_line(token, START_LINE)  # type: ignore[method-assign]


def test_a_meter_that_stays_at_300_is_read_there_after_two_failures() -> None:
    rig = Rig()
    stays_at_300(rig)
    ends = []
    for _ in range(4):
        ends.append(type(rig.read()))
        rig.clock.advance(20)
    assert ends == [Failed, Failed, ReadoutReceived, ReadoutReceived]
    assert [event for event in rig.events if isinstance(event, SpeedGivenUp)] == [SpeedGivenUp(4800)]
    assert [event.baud for event in rig.events if isinstance(event, Identified)] == [4800, 4800, 300, 300]
    assert [data for data in rig.sent if data[0] == 6] == [b"\x06040\r\n"] * 2 + [b"\x06000\r\n"] * 2


def test_after_a_while_the_offered_speed_has_another_chance() -> None:
    rig = Rig(limits=Limits(attempts=1, slow_exchanges=3))
    stays_at_300(rig)
    bauds = []
    for _ in range(7):
        rig.read()
        rig.clock.advance(20)
    bauds = [event.baud for event in rig.events if isinstance(event, Identified)]
    assert bauds == [4800, 4800, 300, 300, 300, 4800, 4800]


@pytest.mark.parametrize("fault", ["bad_bcc", "garbled"])
def test_other_faults_do_not_change_the_speed(fault: str) -> None:
    rig = Rig()
    for _ in range(5):
        rig.events.clear()
        rig.reader_driver.run(lambda: rig.reader.start_readout(rig.clock.now()))
        assert rig.clock.run_until(rig.clock.now() + 60, lambda: any(isinstance(e, Identified) for e in rig.events))
        setattr(rig.device.faults, fault, True)
        assert isinstance(rig.finish(), Failed)
        setattr(rig.device.faults, fault, False)
        rig.clock.advance(20)
        assert [event for event in rig.events if isinstance(event, SpeedGivenUp)] == []
        assert [event.baud for event in rig.events if isinstance(event, Identified)] == [4800]


def test_one_good_readout_resets_the_failures() -> None:
    rig = Rig()
    far, set_line = rig.far, rig.far.set_line
    for _ in range(4):
        stays_at_300(rig)
        assert isinstance(rig.read(), Failed)
        rig.clock.advance(20)
        far.set_line = set_line  # type: ignore[method-assign]
        assert isinstance(rig.read(), ReadoutReceived)
        rig.clock.advance(5)


def test_programming_mode_is_entered_at_300_too() -> None:
    rig = Rig()
    stays_at_300(rig)
    for _ in range(2):
        rig.reader_driver.run(lambda: rig.reader.start_programming(rig.clock.now()))
        assert isinstance(rig.finish(), Failed)
        rig.clock.advance(100)
    rig.reader_driver.run(lambda: rig.reader.start_programming(rig.clock.now()))
    rig.until_ready()
    assert rig.near.line == START_LINE


@given(st.lists(st.sampled_from(["readable", "failed"]), max_size=60), st.integers(1, 4), st.integers(1, 5))
def test_the_choice_follows_its_rule(ends: list[str], failures: int, slow: int) -> None:
    choice = SpeedChoice(Limits(max_baud=19200, unreadable=failures, slow_exchanges=slow))
    offer = Identification("LGZ", "4", "ZMF")
    in_a_row, slow_left = 0, 0
    for end in ends:
        asked = choice.choose(offer)
        assert asked == ("0" if slow_left else "4")
        given_up = False
        if slow_left:
            slow_left -= 1
        elif end == "readable":
            in_a_row = 0
        else:
            in_a_row += 1
            given_up = in_a_row == failures
        if given_up:
            in_a_row, slow_left = 0, slow
        if end == "readable":
            choice.readable()
            assert not choice.failed(), "later failures have another cause than the speed"
        else:
            assert choice.failed() is given_up


def test_a_device_at_300_has_nothing_to_give_up() -> None:
    choice = SpeedChoice(Limits(max_baud=19200, unreadable=1, slow_exchanges=5))
    assert choice.choose(Identification("LGZ", "0", "ZMF")) == "0"
    assert not choice.failed()
    assert (
        SpeedChoice(Limits(max_baud=2400, unreadable=1, slow_exchanges=5)).choose(Identification("LGZ", "5", "Z"))
        == "0"
    )
    assert Line(300, 7, "E", 1) == START_LINE
