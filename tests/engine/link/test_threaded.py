"""A threaded link with ports that fail or block."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Callable, Sequence

import pytest

from cmi_gui.engine.clock import LoopClock
from cmi_gui.engine.link import threaded
from cmi_gui.engine.link.arrival import STANDSTILL_SECONDS, Arrival
from cmi_gui.engine.link.port import Port, PortItem
from cmi_gui.engine.link.threaded import ThreadedLink
from cmi_gui.engine.machine import Line, LinkState, SendOutcome
from tests.helpers.link_recorder import Recorder
from tests.helpers.waiting import WAIT_SECONDS

pytestmark = pytest.mark.asyncio


def fault() -> bytes:
    raise AttributeError("'NoneType' object has no attribute 'hEvent'")


BLOCKED = object()


class OddPort(Port):
    """A port that calls `reading` once, and `writing` at each attempt; BLOCKED means that no byte is taken."""

    def __init__(self, reading: Callable[[], bytes] = bytes, writing: Callable[[], object] = bytes) -> None:
        self._reading: Callable[[], bytes] | None = reading
        self._writing = writing
        self._woken = threading.Event()
        self.closed = False

    @property
    def url(self) -> str:
        return "odd:"

    def read(self) -> Sequence[PortItem]:
        reading, self._reading = self._reading, None
        if reading is not None and (data := reading()):
            return (data,)
        self._woken.wait(0.05)
        return ()

    def write(self, data: bytes) -> int:
        return 0 if self._writing() is BLOCKED else len(data)

    def wake(self) -> None:
        self._woken.set()

    def close(self) -> None:
        self.closed = True


class OddLink(ThreadedLink):
    def __init__(self, *ports: OddPort, back_off: tuple[float, ...] = (0.01,)) -> None:
        super().__init__(LoopClock(asyncio.get_running_loop()), "odd:", Line(2400), back_off=back_off)
        self._ports = iter(ports)

    def open_port(self, line: Line, stopping: threading.Event) -> Port:
        return next(self._ports)


class TimedRecorder(Recorder):
    def __init__(self) -> None:
        super().__init__()
        self.received_at: list[float] = []

    def received(self, data: bytes, last_byte_at: float) -> None:
        self.received_at.append(last_byte_at)
        super().received(data, last_byte_at)


async def test_an_exception_while_reading_loses_the_port_and_reopens_it() -> None:
    odd, good = OddPort(fault), OddPort(lambda: b"well")
    link, sink = OddLink(odd, good), Recorder()
    link.open(sink)
    await sink.until_data(b"well")
    assert [state for state, _ in sink.states][-3:] == [LinkState.OPEN, LinkState.WAITING, LinkState.OPEN]
    cause = sink.states[-2][1]
    assert cause is not None
    assert "hEvent" in str(cause.message)
    assert odd.closed
    link.close()


async def test_an_exception_while_writing_loses_the_port_and_reopens_it() -> None:
    odd = OddPort(writing=fault)
    link, sink = OddLink(odd, OddPort()), Recorder()
    link.open(sink)
    link.send(1, b"lost", -math.inf, math.inf)
    assert await sink.until_done(1) == [SendOutcome.ABORTED]
    await sink.until(lambda: len(sink.states) == 4)
    assert odd.closed
    link.send(2, b"found", -math.inf, math.inf)
    assert await sink.until_done(2) == [SendOutcome.SENT]
    link.close()


async def test_an_exception_while_opening_is_reported() -> None:
    link, sink = OddLink(back_off=()), Recorder()  # no port at all: StopIteration
    link.open(sink)
    await sink.until_state(LinkState.FAILED)
    assert "StopIteration" in str(sink.cause.message)
    link.close()


async def test_bytes_read_after_a_standstill_get_the_time_of_its_beginning() -> None:
    begun: list[float] = []

    def standstill() -> bytes:
        begun.append(time.perf_counter())
        while time.perf_counter() - begun[0] <= STANDSTILL_SECONDS:
            time.sleep(0.01)
        return b"late"

    link, sink = OddLink(OddPort(standstill)), TimedRecorder()
    link.open(sink)
    await sink.until_data(b"late")
    assert sink.received_at[0] <= begun[0]
    link.close()


async def test_bytes_read_after_a_standstill_are_no_older_than_the_last_write() -> None:
    written: list[float] = []
    may_answer = threading.Event()

    def standstill() -> bytes:
        begun = time.perf_counter()
        may_answer.wait(WAIT_SECONDS)
        while not written or time.perf_counter() - begun <= STANDSTILL_SECONDS:
            time.sleep(0.01)
        return b"echo"

    link = OddLink(OddPort(standstill, lambda: written.append(time.perf_counter())))
    sink = TimedRecorder()
    link.open(sink)
    await sink.until_state(LinkState.OPEN)
    sent_at = time.perf_counter()
    link.send(1, b"echo", -math.inf, math.inf)
    may_answer.set()
    await sink.until_data(b"echo")
    assert sent_at <= sink.received_at[0] <= written[0]
    link.close()


class OrderRecorder(Recorder):
    """A recorder that notes whether the first write was reported when something was received."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived = threading.Event()
        self.reported_first: bool | None = None

    def received(self, data: bytes, last_byte_at: float) -> None:
        self.reported_first = 1 in self.outcomes
        self.arrived.set()
        super().received(data, last_byte_at)


async def test_an_answer_does_not_overtake_the_report_of_what_it_answers() -> None:
    sink, asked = OrderRecorder(), threading.Event()

    def answering() -> bytes:
        asked.wait(WAIT_SECONDS)
        return b"answer"

    def writing() -> None:
        asked.set()
        sink.arrived.wait(0.2)  # long enough for an answer to overtake

    link = OddLink(OddPort(answering, writing))
    link.open(sink)
    link.send(1, b"request", -math.inf, math.inf)
    await sink.until_data(b"answer")
    assert sink.reported_first is True
    link.close()


async def test_an_answer_during_a_write_that_fails_is_delivered_and_the_port_reopens() -> None:
    sink, asked, answered = OrderRecorder(), threading.Event(), threading.Event()

    def answering() -> bytes:
        asked.wait(WAIT_SECONDS)
        answered.set()
        return b"answer"

    def failing() -> None:
        asked.set()
        answered.wait(WAIT_SECONDS)
        fault()

    link = OddLink(OddPort(answering, failing), OddPort())
    link.open(sink)
    link.send(1, b"request", -math.inf, math.inf)
    assert await sink.until_done(1) == [SendOutcome.ABORTED]
    await sink.until_data(b"answer")
    await sink.until(lambda: [state for state, _ in sink.states].count(LinkState.OPEN) == 2)
    link.close()


async def test_what_a_peer_sends_while_it_takes_nothing_is_delivered() -> None:
    sink, blocked = OrderRecorder(), threading.Event()

    def sending() -> bytes:
        blocked.wait(WAIT_SECONDS)
        return b"sent"

    def writing() -> object:
        blocked.set()
        return None if sink.arrived.wait(0.01) else BLOCKED

    link = OddLink(OddPort(sending, writing))
    link.open(sink)
    link.send(1, b"not taken yet", -math.inf, math.inf)
    await sink.until_data(b"sent")
    assert sink.reported_first is False
    assert await sink.until_done(1) == [SendOutcome.SENT]
    link.close()


async def test_an_interrupted_wait_that_brings_nothing_hides_no_standstill() -> None:
    arrival = Arrival(10.0)
    assert arrival.read(10.1, any_bytes=False) == 10.1
    assert arrival.read(10.15, any_bytes=True) == 10.15
    assert arrival.read(13.0, any_bytes=False) == 10.15
    assert arrival.read(13.0, any_bytes=True) == 10.15  # came at some time in between
    assert arrival.read(13.1, any_bytes=True) == 13.1
    arrival.read(15.0, any_bytes=False)
    arrival.read(15.1, any_bytes=False)
    assert arrival.read(15.2, any_bytes=True) == 15.2  # two reads returned nothing, so this is new


async def test_a_write_that_could_not_begin_in_time_expires() -> None:
    free = threading.Event()
    written: list[object] = []

    def writing() -> object:
        if not free.is_set():
            time.sleep(0.002)
            return BLOCKED
        written.append(None)
        return None

    link, sink = OddLink(OddPort(writing=writing)), Recorder()
    link.open(sink)
    await sink.until_state(LinkState.OPEN)
    not_after = time.perf_counter() + 0.1
    link.send(1, b"answer", -math.inf, not_after)
    assert await sink.until_done(1) == [SendOutcome.EXPIRED]
    assert time.perf_counter() > not_after
    free.set()
    link.send(2, b"next", -math.inf, math.inf)
    assert await sink.until_done(2) == [SendOutcome.SENT]
    assert len(written) == 1
    link.close()


async def test_closing_does_not_wait_for_an_endless_opening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threaded, "JOIN_SECONDS", 3600.0)  # if it waited, this test would reach its time limit
    inside, free = threading.Event(), threading.Event()

    class LookingUp(OddLink):
        def open_port(self, line: Line, stopping: threading.Event) -> Port:
            inside.set()
            free.wait(60)
            return super().open_port(line, stopping)

    port = OddPort()
    before = set(threading.enumerate())
    link, sink = LookingUp(port), Recorder()
    link.open(sink)
    await asyncio.to_thread(inside.wait, WAIT_SECONDS)
    threads = [thread for thread in set(threading.enumerate()) - before if thread.name.startswith("odd:")]
    link.close()
    states = list(sink.states)
    free.set()
    for thread in threads:
        await asyncio.to_thread(thread.join, WAIT_SECONDS)
    assert port.closed, "a port that opens after `close` is closed"
    await asyncio.sleep(0)
    assert sink.states == states


@pytest.mark.real_time(0.1)
async def test_a_port_that_cannot_be_woken_delays_closing_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threaded, "JOIN_SECONDS", 1.0)
    inside, free = threading.Event(), threading.Event()

    def hang() -> None:
        inside.set()
        free.wait(20)

    # The writer is in a call that nothing ends, and the reader waits for the writer.
    before = set(threading.enumerate())
    link, sink = OddLink(OddPort(writing=hang)), Recorder()
    link.open(sink)
    link.send(1, b"never", -math.inf, math.inf)
    await asyncio.to_thread(inside.wait, WAIT_SECONDS)
    threads = [thread for thread in set(threading.enumerate()) - before if thread.name.startswith("odd:")]
    begun = time.perf_counter()
    link.close()
    took = time.perf_counter() - begun
    free.set()
    assert len(threads) == 2
    for thread in threads:
        thread.join(WAIT_SECONDS)
        assert not thread.is_alive()
    assert took < 1.9  # not once for each thread
