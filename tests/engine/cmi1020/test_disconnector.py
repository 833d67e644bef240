"""The disconnector's process and the queue of actions."""

from __future__ import annotations

import pytest

from cmi_gui.engine.cmi1020.disconnector import DisconnectorProcess, DisconnectorRefusal, SwitchSource
from cmi_gui.engine.cmi1020.meter_actions import (
    ActionKind,
    ActionOutcome,
    ActionQueue,
    MeterAction,
    Password,
    password_for,
)

OPEN, CLOSED = 0, 1
Refusal = DisconnectorRefusal


@pytest.fixture
def process() -> DisconnectorProcess:
    return DisconnectorProcess()


def judge(
    process: DisconnectorProcess,
    source: SwitchSource = SwitchSource.BUS,
    wanted: int | None = None,
    *,
    state: int | None = CLOSED,
    control: int = 3,
    locked: bool = False,
) -> object:
    return process.judge(source, wanted, state=state, control=control, locked=locked)


# Permission


@pytest.mark.parametrize(
    ("control", "bus", "button"), [(0, False, False), (1, True, False), (2, False, True), (3, True, True)]
)
def test_the_setting_permits_the_sources(process: DisconnectorProcess, control: int, bus: bool, button: bool) -> None:
    assert judge(process, SwitchSource.BUS, control=control) == (OPEN if bus else Refusal.NOT_ALLOWED)
    assert judge(process, SwitchSource.BUTTON, control=control) == (OPEN if button else Refusal.NOT_ALLOWED)


@pytest.mark.parametrize(
    ("wanted", "state", "target"),
    [
        (None, OPEN, CLOSED),
        (None, CLOSED, OPEN),
        (OPEN, CLOSED, OPEN),
        (CLOSED, OPEN, CLOSED),
        (OPEN, OPEN, None),
        (CLOSED, CLOSED, None),
    ],
)
def test_the_command_for_the_meter(
    process: DisconnectorProcess, wanted: int | None, state: int, target: int | None
) -> None:
    assert judge(process, wanted=wanted, state=state) == target


def test_the_first_reason_that_applies_is_returned(process: DisconnectorProcess) -> None:
    assert judge(process, state=None, locked=True) is Refusal.UNKNOWN
    assert judge(process, locked=True) is Refusal.LOCKED
    process.start(OPEN, 0.0)
    assert judge(process, state=None, locked=True) is Refusal.BUSY
    assert judge(process, control=0) is Refusal.NOT_ALLOWED


# The process


def test_no_process_at_first(process: DisconnectorProcess) -> None:
    assert (process.moving, process.deadline, process.target, process.waits_for_readout) == (False, None, None, False)
    assert (process.started_at, process.over_at) == (None, None)
    assert not process.tick(1000.0)
    assert process.ended(OPEN, 1000.0) is None
    process.confirmed(5.0)
    assert process.deadline is None


def test_it_takes_ten_seconds_and_ends_with_a_readout(process: DisconnectorProcess) -> None:
    process.start(OPEN, 100.0)
    assert (process.moving, process.deadline, process.target) == (True, 110.0, OPEN)
    assert (process.started_at, process.over_at) == (100.0, 110.0)
    process.confirmed(101.0)
    assert process.deadline == 110.0
    assert process.ended(OPEN, 105.0) is None
    assert not process.tick(109.999)
    assert not process.waits_for_readout
    assert process.tick(110.0)
    assert process.waits_for_readout
    assert process.deadline is None
    assert not process.tick(110.1), "the readout is requested once"
    assert process.moving
    assert process.ended(OPEN, 109.999) is None, "that readout began before the end of the process time"
    assert process.ended(OPEN, 110.0) is True
    assert (process.moving, process.deadline, process.target, process.waits_for_readout) == (False, None, None, False)
    assert (process.started_at, process.over_at) == (None, None)


@pytest.mark.parametrize("state", [CLOSED, None])
def test_another_reported_state_is_a_failure(process: DisconnectorProcess, state: int | None) -> None:
    process.start(OPEN, 100.0)
    process.tick(110.0)
    assert process.ended(state, 111.0) is False
    assert not process.moving


def test_a_command_confirmed_late_extends_the_process_time(process: DisconnectorProcess) -> None:
    process.start(OPEN, 100.0)
    process.confirmed(105.5)
    assert process.deadline == 110.5
    process.confirmed(108.0)
    assert process.deadline == 113.0
    assert not process.tick(112.999)
    assert process.tick(113.0)


def test_a_command_still_being_sent_extends_the_process_time(process: DisconnectorProcess) -> None:
    process.start(CLOSED, 100.0)
    process.wait(120.0)
    assert process.deadline == 120.0
    assert not process.tick(110.0)
    assert process.tick(120.0)


def test_a_process_can_be_started_again_after_a_stop(process: DisconnectorProcess) -> None:
    process.start(OPEN, 100.0)
    process.tick(110.0)
    process.stop()
    assert not process.moving
    assert not process.waits_for_readout
    assert process.ended(OPEN, 120.0) is None
    process.start(CLOSED, 200.0)
    assert process.deadline == 210.0


def test_a_new_start_waits_for_its_own_ten_seconds(process: DisconnectorProcess) -> None:
    process.start(OPEN, 100.0)
    process.tick(110.0)
    process.start(CLOSED, 111.0)
    assert not process.waits_for_readout
    assert process.deadline == 121.0


# Passwords


@pytest.mark.parametrize(
    ("usage", "rate", "disconnector", "display"),
    [
        (0b00_00_00, Password.NONE, Password.NONE, Password.NONE),
        (0b00_00_01, Password.P1, Password.NONE, Password.NONE),
        (0b00_00_10, Password.P2, Password.NONE, Password.NONE),
        (0b00_01_00, Password.NONE, Password.P1, Password.NONE),
        (0b00_10_00, Password.NONE, Password.P2, Password.NONE),
        (0b01_00_00, Password.NONE, Password.NONE, Password.P1),
        (0b10_00_00, Password.NONE, Password.NONE, Password.P2),
        (0b01_10_01, Password.P1, Password.P2, Password.P1),
    ],
)
def test_two_bits_of_usage_for_each_action(
    usage: int, rate: Password, disconnector: Password, display: Password
) -> None:
    assert password_for(ActionKind.RATE, usage) is rate
    assert password_for(ActionKind.DISCONNECTOR, usage) is disconnector
    assert password_for(ActionKind.DISPLAY, usage) is display


# The queue


RATE_3, RATE_4 = MeterAction(ActionKind.RATE, 3), MeterAction(ActionKind.RATE, 4)
SWITCH, TEXT = MeterAction(ActionKind.DISCONNECTOR, OPEN), MeterAction(ActionKind.DISPLAY, "HELLO")


@pytest.fixture
def queue() -> ActionQueue:
    return ActionQueue()


def test_words_of_actions() -> None:
    assert [kind.word for kind in ActionKind] == ["disconnector", "rate", "display"]


def test_an_empty_queue(queue: ActionQueue) -> None:
    assert (queue.running, queue.waiting, queue.deadline, queue.locked_until) == (None, (), None, None)
    assert queue.take(0.0) is None
    assert queue.finished(ActionOutcome.DONE, 0.0, 0.0) is None
    assert not queue.locked(0.0)
    assert not queue.waits(ActionKind.RATE)
    queue.drop(ActionKind.RATE)


def test_actions_go_in_the_order_disconnector_rate_display(queue: ActionQueue) -> None:
    for action in (TEXT, RATE_3, SWITCH):
        queue.put(action)
    assert queue.waiting == (SWITCH, RATE_3, TEXT)
    assert queue.deadline == 0.0
    done = []
    while (action := queue.take(0.0)) is not None:
        assert queue.deadline is None
        assert queue.take(0.0) is None, "one at a time"
        done.append(action)
        assert queue.waits(action.kind)
        assert queue.finished(ActionOutcome.DONE, 0.0, 0.0) == action
        assert not queue.waits(action.kind)
    assert done == [SWITCH, RATE_3, TEXT]


def test_only_the_latest_of_a_kind_waits(queue: ActionQueue) -> None:
    queue.put(RATE_3)
    queue.put(RATE_4)
    assert queue.waiting == (RATE_4,)
    queue.put(TEXT)
    queue.drop(ActionKind.RATE)
    assert queue.waiting == (TEXT,)
    assert not queue.waits(ActionKind.RATE)
    assert queue.waits(ActionKind.DISPLAY)


def test_an_action_without_an_answer_is_tried_three_times_five_seconds_apart(queue: ActionQueue) -> None:
    queue.put(RATE_3)
    for turn in range(2):
        now = 100.0 + 10 * turn
        assert queue.take(now) == RATE_3
        assert queue.finished(ActionOutcome.NO_ANSWER, now + 1, 0.0) is None
        assert queue.running is None
        assert queue.waiting == (RATE_3,)
        assert queue.deadline == now + 6
        assert queue.take(now + 5.999) is None
    assert queue.take(116.0) == RATE_3
    assert queue.finished(ActionOutcome.NO_ANSWER, 117.0, 0.0) == RATE_3
    assert queue.waiting == ()
    assert queue.deadline is None


def test_a_newer_action_replaces_a_retry(queue: ActionQueue) -> None:
    queue.put(RATE_3)
    queue.take(0.0)
    queue.put(RATE_4)
    assert queue.finished(ActionOutcome.NO_ANSWER, 1.0, 0.0) == RATE_3
    assert queue.waiting == (RATE_4,)
    assert queue.take(1.0) == RATE_4


@pytest.mark.parametrize(
    "outcome", [ActionOutcome.DONE, ActionOutcome.REFUSED, ActionOutcome.NOT_UNDERSTOOD, ActionOutcome.DENIED]
)
def test_every_answer_ends_an_action(queue: ActionQueue, outcome: ActionOutcome) -> None:
    queue.put(RATE_3)
    queue.take(0.0)
    assert queue.finished(outcome, 1.0, 0.0) == RATE_3
    assert queue.waiting == ()
    assert queue.running is None


def test_a_wrong_password_locks_the_meter_for_the_given_time(queue: ActionQueue) -> None:
    queue.put(RATE_3)
    queue.take(0.0)
    queue.finished(ActionOutcome.DENIED, 100.0, 60.0)
    assert queue.deadline == 160.0, "the end of the lock-out, even if nothing waits"
    queue.put(TEXT)
    assert queue.deadline == 160.0
    assert queue.locked(159.999)
    assert queue.take(159.999) is None
    assert queue.locked_until == 160.0
    assert not queue.locked(160.0)
    assert queue.locked_until is None
    assert queue.take(160.0) == TEXT


@pytest.mark.parametrize("outcome", [one for one in ActionOutcome if one is not ActionOutcome.DENIED])
def test_no_other_answer_locks_it(queue: ActionQueue, outcome: ActionOutcome) -> None:
    queue.put(RATE_3)
    queue.take(0.0)
    queue.finished(outcome, 100.0, 60.0)
    assert queue.locked_until is None


def test_taking_waits_for_the_end_of_the_lock_out(queue: ActionQueue) -> None:
    queue.locked_until = 50.0
    queue.put(TEXT)
    assert queue.take(49.0) is None
    assert queue.take(50.0) == TEXT
    assert queue.deadline is None


def test_the_later_of_retry_and_lock_out_counts(queue: ActionQueue) -> None:
    queue.put(RATE_3)
    queue.take(0.0)
    queue.finished(ActionOutcome.NO_ANSWER, 100.0, 0.0)
    queue.locked_until = 103.0
    assert queue.deadline == 105.0
    queue.locked_until = 107.0
    assert queue.deadline == 107.0


def test_clearing_the_queue(queue: ActionQueue) -> None:
    queue.put(RATE_3)
    queue.take(0.0)
    queue.finished(ActionOutcome.NO_ANSWER, 100.0, 0.0)
    queue.put(TEXT)
    queue.locked_until = 500.0
    queue.clear()
    assert (queue.running, queue.waiting, queue.deadline, queue.locked_until) == (None, (), None, None)
    queue.put(RATE_4)
    assert queue.deadline == 0.0
    assert queue.take(0.0) == RATE_4
    queue.clear()
    assert queue.running is None
