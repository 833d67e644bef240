"""A master session with the built-in module, on virtual time: order, failures, cancelling, lost links."""

from __future__ import annotations

import math
from collections.abc import Generator

import pytest

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.configurator.session import DESELECT_AFTER, DESELECT_LATER, OPEN_TIMEOUT, Cancelled, MasterSession
from cmi_gui.engine.link.memory import memory_pair
from cmi_gui.engine.link_protocol import Cap, LinkError, LinkNotice, LinkSink
from cmi_gui.engine.machine import Line, LineEvent, LinkState, SendOutcome
from cmi_gui.engine.mbus.exchange import Answer, AnswerKind, Exchange, Expect, Procedure, ProcedureFailed, SetSpeed
from cmi_gui.engine.mbus.frame import SND_NKE, Frame
from cmi_gui.engine.mbus.procedures import select
from cmi_gui.engine.mbus.slave_address import mask_bytes
from tests.helpers.station_bench import initialise, read_primary

SELECTION = Frame.long(0x53, 253, 0x52, mask_bytes("12345678")).to_bytes()
DESELECTION = bytes.fromhex("10 40 FD 3D 16")


class Ends:
    """The results and errors of jobs, in order."""

    def __init__(self) -> None:
        self.all: list[object] = []

    def __call__(self, end: object) -> None:
        self.all.append(end)


def ping(address: int) -> Generator[Exchange, Answer, AnswerKind]:
    answer = yield Exchange(Frame.short(SND_NKE, address), Expect.ACK, 0)
    return answer.kind


def failing() -> Generator[Exchange, Answer, None]:
    yield Exchange(Frame.short(SND_NKE, 0), Expect.ACK, 0)
    raise ProcedureFailed("no_use", "it was of no use")


def test_jobs_run_in_order_and_the_first_opens_the_link(session: MasterSession, clock: VirtualClock) -> None:
    ends = Ends()
    assert session.state is LinkState.CLOSED
    for procedure in (ping(0), ping(9), ping(0)):
        session.run(procedure, ends, ends)
    assert session.busy
    clock.run_until(clock.now() + 10, lambda: len(ends.all) == 3)
    assert ends.all == [AnswerKind.ACK, AnswerKind.SILENCE, AnswerKind.ACK]
    assert not session.busy
    assert session.state is LinkState.OPEN


def test_a_failed_job_does_not_stop_the_next(session: MasterSession, clock: VirtualClock) -> None:
    ends = Ends()
    session.run(failing(), ends, ends)
    session.run(initialise(0), ends, ends)
    clock.run_until(clock.now() + 10, lambda: len(ends.all) == 2)
    assert isinstance(ends.all[0], ProcedureFailed)
    assert ends.all[1] is True


def test_cancelling_a_running_and_a_waiting_job(session: MasterSession, clock: VirtualClock) -> None:
    ends = Ends()
    running = session.run(read_primary(9), ends, ends)
    waiting = session.run(ping(0), ends, ends)
    session.run(ping(0), ends, ends)
    clock.run_until(clock.now() + 0.1, lambda: False)
    session.cancel(waiting)
    session.cancel(running)
    session.cancel(running)
    assert [type(end) for end in ends.all] == [Cancelled, Cancelled]
    clock.run_until(clock.now() + 10, lambda: len(ends.all) == 3)
    assert ends.all[2] is AnswerKind.ACK


def test_a_procedure_may_cancel_itself(session: MasterSession, clock: VirtualClock) -> None:
    ends = Ends()

    def self_cancelling() -> Generator[Exchange, Answer, None]:
        yield Exchange(Frame.short(SND_NKE, 0), Expect.ACK, 0)
        session.cancel(job)
        yield Exchange(Frame.short(SND_NKE, 0), Expect.ACK, 0)

    job = session.run(self_cancelling(), ends, ends)
    session.run(ping(0), ends, ends)
    clock.run_until(clock.now() + 10, lambda: len(ends.all) == 2)
    assert [type(end) for end in ends.all] == [Cancelled, AnswerKind]
    assert not session.busy


def test_the_last_step_may_cancel_its_own_job(session: MasterSession, clock: VirtualClock) -> None:
    ends = Ends()

    def self_cancelling() -> Generator[Exchange, Answer, str]:
        yield Exchange(Frame.short(SND_NKE, 0), Expect.ACK, 0)
        session.cancel(job)
        return "over"

    job = session.run(self_cancelling(), ends, ends)
    session.run(ping(9), ends, ends)
    clock.run_until(clock.now() + 10, lambda: len(ends.all) == 2)
    assert isinstance(ends.all[0], Cancelled)
    assert ends.all[1] is AnswerKind.SILENCE


def test_closing_ends_every_job_and_the_session_can_be_used_again(session: MasterSession, clock: VirtualClock) -> None:
    ends = Ends()
    session.run(read_primary(0), ends, ends)
    session.run(ping(0), ends, ends)
    clock.run_until(clock.now() + 0.002, lambda: False)
    session.close()
    assert [end.code for end in ends.all if isinstance(end, LinkError)] == ["closed", "closed"]
    assert session.state is LinkState.CLOSED
    session.run(ping(0), ends, ends)
    clock.run_until(clock.now() + 10, lambda: len(ends.all) == 3)
    assert ends.all[2] is AnswerKind.ACK


class ScriptedLink:
    """A link that the test controls."""

    caps: frozenset[Cap] = frozenset()
    url = "scripted:"

    def __init__(self) -> None:
        self.sink: LinkSink | None = None

    def open(self, sink: LinkSink) -> None:
        self.sink = sink
        sink.state(LinkState.OPENING, None)

    def send(self, token: int, data: bytes, not_before: float, not_after: float) -> None:
        pass

    def set_line(self, token: int, line: Line) -> None:
        pass

    def send_break(self, token: int, seconds: float) -> None:
        pass

    def abort(self) -> None:
        pass

    def delivered(self) -> None:
        pass

    def close(self) -> None:
        self.sink = None


def test_a_link_that_never_opens_times_out(clock: VirtualClock) -> None:
    ends = Ends()
    session = MasterSession(ScriptedLink(), Line(2400), clock)
    session.run(ping(0), ends, ends)
    clock.run_until(OPEN_TIMEOUT + 1, lambda: bool(ends.all))
    (error,) = ends.all
    assert isinstance(error, LinkError)
    assert error.code == "no_answer"
    assert clock.now() == pytest.approx(OPEN_TIMEOUT)
    assert session.state is LinkState.CLOSED


def test_jobs_fail_with_the_error_of_their_link(clock: VirtualClock) -> None:
    ends, states = Ends(), []
    link = ScriptedLink()
    session = MasterSession(link, Line(2400), clock, on_state=lambda state, cause: states.append(state))
    session.run(ping(0), ends, ends)
    assert link.sink is not None
    gone = LinkError("unplugged", "the adapter is gone")
    link.sink.state(LinkState.WAITING, gone)
    assert ends.all == [gone]
    assert session.cause is gone
    link.sink.state(LinkState.OPEN, None)
    session.run(ping(0), ends, ends)
    link.sink.state(LinkState.FAILED, gone)
    assert ends.all == [gone, gone]
    assert states == [LinkState.OPENING, LinkState.WAITING, LinkState.OPEN, LinkState.FAILED]
    session.close()


class Bus:
    """The other end of a master's link; keeps the bytes received."""

    def __init__(self) -> None:
        self.data = bytearray()

    def received(self, data: bytes, last_byte_at: float) -> None:
        self.data += data

    def line_event(self, kind: LineEvent, at: float) -> None: ...

    def notice(self, notice: LinkNotice) -> None: ...

    def done(self, token: int, outcome: SendOutcome, at: float) -> None: ...

    def state(self, state: LinkState, cause: LinkError | None) -> None: ...


def test_a_request_of_another_master_is_reported_and_an_echo_is_not() -> None:
    clock = VirtualClock(100.0)
    near, far = memory_pair(clock, Line(2400), paced=True)
    bus = Bus()
    far.open(bus)
    session = MasterSession(near, Line(2400), clock)
    heard: list[Frame] = []
    session.on_other_master = heard.append
    ends: list[object] = []
    session.run(read_primary(5), ends.append, ends.append)
    assert clock.run_until(clock.now() + 5, lambda: len(bus.data) >= 5)
    far.send(1, bytes(bus.data[:5]), -math.inf, math.inf)
    assert clock.run_until(clock.now() + 60, lambda: bool(ends))
    assert heard == []
    clock.run_until(clock.now() + 5)
    request = Frame.short(0x5B, 17)
    far.send(2, request.to_bytes(), -math.inf, math.inf)
    clock.run_until(clock.now() + 5)
    assert heard == [request]
    ends.clear()
    session.run(read_primary(5), ends.append, ends.append)
    far.send(3, request.to_bytes(), -math.inf, math.inf)
    assert clock.run_until(clock.now() + 60, lambda: bool(ends))
    assert heard == [request, request]
    session.close()


def selects(number: str) -> Procedure[None]:
    yield from select(mask_bytes(number))


def sent_in(session: MasterSession) -> list[bytes]:
    sent: list[bytes] = []
    session.on_exchange = lambda done: sent.append(done.exchange.frame.to_bytes())
    return sent


def test_a_slave_is_deselected_when_nothing_more_is_to_be_done(session: MasterSession, clock: VirtualClock) -> None:
    sent = sent_in(session)
    session.run(selects("12345678"), Ends(), Ends())
    session.run(selects("12345678"), Ends(), Ends())
    clock.run_until(clock.now() + 5)
    assert sent == [SELECTION, SELECTION, DESELECTION]
    session.run(ping(0), Ends(), Ends())
    clock.run_until(clock.now() + 5)
    assert len(sent) == 4


def test_work_that_follows_soon_needs_no_deselection(session: MasterSession, clock: VirtualClock) -> None:
    sent, ends = sent_in(session), Ends()
    session.run(selects("12345678"), ends, ends)
    clock.run_until(clock.now() + 5, lambda: bool(ends.all))
    clock.run_until(clock.now() + DESELECT_AFTER / 2)
    session.run(selects("12345678"), ends, ends)
    clock.run_until(clock.now() + 5)
    assert sent == [SELECTION, SELECTION, DESELECTION]


def test_after_a_selection_without_an_answer_there_is_none_to_deselect(
    session: MasterSession, clock: VirtualClock
) -> None:
    sent, ends = sent_in(session), Ends()
    session.run(selects("12345678"), ends, ends)
    session.run(selects("99999999"), ends, ends)
    clock.run_until(clock.now() + 20)
    assert DESELECTION not in sent
    assert isinstance(ends.all[1], ProcedureFailed)


def test_a_cancelled_selection_is_undone(session: MasterSession, clock: VirtualClock) -> None:
    sent = sent_in(session)
    job = session.run(selects("12345678"), Ends(), Ends())
    clock.run_until(clock.now() + 0.001)
    session.cancel(job)
    clock.run_until(clock.now() + 5)
    assert sent == [DESELECTION]


def test_what_a_user_selects_stays_selected(session: MasterSession, clock: VirtualClock) -> None:
    sent = sent_in(session)
    session.run(selects("12345678"), Ends(), Ends(), keeps_selection=True)
    clock.run_until(clock.now() + 60)
    assert sent == [SELECTION]
    session.run(ping(0), Ends(), Ends())
    clock.run_until(clock.now() + 5)
    assert sent[-1] == DESELECTION


def test_a_slave_is_deselected_at_the_speed_of_its_selection() -> None:
    clock = VirtualClock(100.0)
    near, far = memory_pair(clock, Line(2400), paced=True)
    bus = Bus()
    far.open(bus)
    session = MasterSession(near, Line(2400), clock)

    def at_300() -> Procedure[None]:
        yield SetSpeed(300)
        yield from select(mask_bytes("12345678"))

    session.run(at_300(), Ends(), Ends())
    far.set_line(1, Line(300))
    assert clock.run_until(clock.now() + 5, lambda: bytes(bus.data) == SELECTION)
    far.send(2, b"\xe5", -math.inf, math.inf)
    assert clock.run_until(clock.now() + 60, lambda: bytes(bus.data) == SELECTION + DESELECTION)
    session.close()


def test_slaves_that_do_not_acknowledge_the_deselection_do_not_delay_the_work_that_follows() -> None:
    clock = VirtualClock(100.0)
    near, far = memory_pair(clock, Line(2400), paced=True)
    bus = Bus()
    far.open(bus)
    session = MasterSession(near, Line(2400), clock)

    def sends_within(seconds: float, telegram: bytes) -> bool:
        return clock.run_until(clock.now() + seconds, lambda: bytes(bus.data) == telegram)

    def selects_at_once() -> None:
        bus.data.clear()
        ends = Ends()
        session.run(selects("12345678"), ends, ends)
        assert sends_within(0.2, SELECTION)
        far.send(1, b"\xe5", -math.inf, math.inf)
        assert clock.run_until(clock.now() + 1, lambda: ends.all == [None])
        bus.data.clear()

    selects_at_once()
    assert sends_within(DESELECT_AFTER + 0.1, DESELECTION)
    ends = Ends()
    bus.data.clear()
    session.run(selects("12345678"), ends, ends)
    assert not sends_within(3, SELECTION), "the E5 may still come"
    assert sends_within(1, SELECTION)
    far.send(2, b"\xe5", -math.inf, math.inf)
    for _ in range(3):
        clock.run_until(clock.now() + DESELECT_LATER - 1)
        selects_at_once()
    assert not sends_within(DESELECT_LATER - 1, DESELECTION)
    assert sends_within(1.1, DESELECTION)
    far.send(3, b"\xe5", -math.inf, math.inf)
    clock.run_until(clock.now() + 1)
    selects_at_once()
    assert sends_within(DESELECT_AFTER + 0.1, DESELECTION), "the last one was acknowledged"
    session.close()


def test_an_e5_that_comes_late_after_the_deselection_is_not_the_answer_to_the_next_selection() -> None:
    clock = VirtualClock(100.0)
    near, far = memory_pair(clock, Line(2400), paced=True)
    bus = Bus()
    far.open(bus)
    session = MasterSession(near, Line(2400), clock)
    ends = Ends()
    for _ in range(2):
        bus.data.clear()
        session.run(selects("12345678"), ends, ends)
        assert clock.run_until(clock.now() + 1, lambda: bytes(bus.data) == SELECTION)
        far.send(1, b"\xe5", -math.inf, math.inf)
        assert clock.run_until(clock.now() + 20, lambda: bytes(bus.data) == SELECTION + DESELECTION)
        clock.run_until(clock.now() + 4)
    assert ends.all == [None, None]
    session.run(selects("12345678"), ends, ends)
    assert clock.run_until(clock.now() + 1, lambda: bytes(bus.data).endswith(SELECTION))
    far.send(2, b"\xe5", -math.inf, math.inf)
    assert clock.run_until(clock.now() + 20, lambda: bytes(bus.data).endswith(DESELECTION))
    clock.run_until(clock.now() + 1)
    session.run(selects("87654321"), ends, ends)
    far.send(3, b"\xe5", -math.inf, math.inf)
    clock.run_until(clock.now() + 30)
    assert len(ends.all) == 4
    assert isinstance(ends.all[-1], ProcedureFailed), "only the late E5 came"
    session.close()
