"""The engine's clock on the window's event loop. The loop does not run here; Qt serves it while a test waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cmi_gui.engine.clock import ROUND_SECONDS, LoopClock
from cmi_gui.ui.event_loop import EventLoop, event_loop


@pytest.fixture
def real_clock(loop: EventLoop) -> LoopClock:
    return LoopClock(loop)


@pytest.fixture
def errors(loop: EventLoop) -> list[object]:
    """The errors that the loop reports for calls that raised."""
    reported: list[object] = []
    loop.set_exception_handler(lambda _loop, context: reported.append(context.get("exception")))
    return reported


@pytest.fixture(autouse=True)
def own_handler(loop: EventLoop) -> object:
    yield
    loop.set_exception_handler(None)


def in_thread(work: Callable[[], object]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_an_application_has_one_loop(loop: EventLoop) -> None:
    assert event_loop() is loop


def test_calls_run_in_order_and_never_early(qtbot: QtBot, real_clock: LoopClock) -> None:
    start, seen = real_clock.now(), []
    for delay in (0.03, 0.0, 0.015, 0.3):
        real_clock.call_at(start + delay, lambda delay=delay: seen.append((delay, real_clock.now() - start)))
    assert seen == []
    qtbot.waitUntil(lambda: len(seen) == 4)
    assert [delay for delay, _ in seen] == [0.0, 0.015, 0.03, 0.3]
    assert all(at >= delay for delay, at in seen)


def test_a_cancelled_call_does_not_run(qtbot: QtBot, real_clock: LoopClock) -> None:
    seen: list[str] = []
    real_clock.call_at(real_clock.now(), lambda: seen.append("cancelled")).cancel()
    real_clock.call_at(real_clock.now() + 0.02, lambda: seen.append("end"))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == ["end"]


def test_moving_a_deadline_often_leaves_no_timers(
    qtbot: QtBot, loop: EventLoop, real_clock: LoopClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    requested: list[float] = []
    call_later = loop.call_later
    monkeypatch.setattr(loop, "call_later", lambda delay, *args: (requested.append(delay), call_later(delay, *args))[1])
    for moved in range(1000):
        real_clock.call_at(real_clock.now() + 60 + moved, lambda: None).cancel()
    assert len(requested) < 3


def test_a_post_from_a_thread_runs_on_the_thread_of_the_window(qtbot: QtBot, real_clock: LoopClock) -> None:
    seen: list[int] = []
    in_thread(lambda: real_clock.post(lambda: seen.append(threading.get_ident())))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [threading.get_ident()]
    assert real_clock.now() <= time.perf_counter()


def test_posts_run_in_order_also_across_rounds(qtbot: QtBot, real_clock: LoopClock) -> None:
    seen: list[int] = []

    def step(number: int) -> None:
        seen.append(number)
        time.sleep(ROUND_SECONDS / 5)

    in_thread(lambda: [real_clock.post(lambda number=number: step(number)) for number in range(20)])
    qtbot.waitUntil(lambda: len(seen) == 20)
    assert seen == list(range(20))


def test_endless_posts_do_not_block_the_window(qtbot: QtBot, real_clock: LoopClock) -> None:
    """Two endless streams of posts: from a thread, and by calls that post the next one."""
    ending = threading.Event()
    turns = 0

    def count() -> None:
        nonlocal turns
        turns += 1

    def again() -> None:
        time.sleep(0.002)
        if not ending.is_set():
            real_clock.post(again)

    def flood() -> None:
        while not ending.is_set():
            real_clock.post(lambda: time.sleep(0.002))
            time.sleep(0.001)

    turn = QTimer()
    turn.timeout.connect(count)
    turn.start(5)
    again()
    thread = threading.Thread(target=flood)
    thread.start()
    try:
        qtbot.wait(1000)
    finally:
        ending.set()
        thread.join()
    turn.stop()
    assert turns > 5


def test_a_timer_that_rearms_itself_does_not_block_the_loop(qtbot: QtBot, real_clock: LoopClock) -> None:
    calls = 0
    ending = False

    def again() -> None:
        nonlocal calls
        calls += 1
        if not ending:
            real_clock.call_at(0.0, again)

    again()
    qtbot.wait(20)
    ending = True
    assert calls > 1


def test_a_call_that_fails_is_reported_and_the_others_run(
    qtbot: QtBot, real_clock: LoopClock, errors: list[object]
) -> None:
    seen: list[str] = []
    real_clock.post(lambda: 1 // 0)
    real_clock.post(lambda: seen.append("posted"))
    real_clock.call_at(real_clock.now(), lambda: [][0])
    real_clock.call_at(real_clock.now(), lambda: seen.append("timed"))
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert {type(error) for error in errors} == {ZeroDivisionError, IndexError}


@pytest.mark.parametrize("by_timer", [False, True])
def test_no_call_of_the_engine_runs_inside_another(qtbot: QtBot, real_clock: LoopClock, by_timer: bool) -> None:
    seen: list[str] = []

    def outer() -> None:
        real_clock.post(lambda: seen.append("posted"))
        real_clock.call_at(0.0, lambda: seen.append("timed"))
        seen.append("outer")

    if by_timer:
        real_clock.call_at(real_clock.now(), outer)
    else:
        real_clock.post(outer)
    qtbot.waitUntil(lambda: len(seen) == 3)
    assert seen[0] == "outer"


def test_a_post_after_the_end_of_the_loop_is_harmless(qapp: QApplication) -> None:
    loop = EventLoop(qapp)
    clock = LoopClock(loop)
    clock.post(lambda: pytest.fail("it ran"))
    loop.close()
    in_thread(lambda: clock.post(lambda: pytest.fail("it ran")))
    qapp.processEvents()
