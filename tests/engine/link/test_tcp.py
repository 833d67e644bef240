from __future__ import annotations

import asyncio
import contextlib
import math
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from cmi_gui.engine.clock import LoopClock
from cmi_gui.engine.link import threaded
from cmi_gui.engine.link.tcp import TcpClientLink, TcpServerLink
from cmi_gui.engine.link.tcp_server import MAX_CONNECTIONS
from cmi_gui.engine.link_protocol import Cap, Link
from cmi_gui.engine.machine import Line, LineEvent, LinkState, SendOutcome
from cmi_gui.engine.mbus.opening import judge_opening
from tests.helpers.link_recorder import Recorder, opened
from tests.helpers.waiting import WAIT_SECONDS, poll

pytestmark = pytest.mark.asyncio

LINE = Line(2400)
NEVER = math.inf
AT_ONCE = -math.inf


def real_clock() -> LoopClock:
    return LoopClock(asyncio.get_running_loop())


@contextmanager
def server(**options: Any) -> Iterator[tuple[TcpServerLink, Recorder]]:
    link = TcpServerLink(real_clock(), "", 0, options.pop("line", LINE), **options)
    with opened(link) as sink:
        yield link, sink


def port_of(link: Link) -> int:
    return int(link.url.partition("?")[0].rpartition(":")[2])


class Master:
    """The other side, with plain asyncio streams."""

    @classmethod
    async def connect(cls, link: Link) -> Master:
        self = cls()
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", port_of(link))
        return self

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def receive(self, count: int) -> bytes:
        async with asyncio.timeout(WAIT_SECONDS):
            return await self.reader.readexactly(count)

    async def close(self) -> None:
        self.writer.close()
        await self.writer.wait_closed()


async def test_server_reports_its_real_port_and_carries_bytes_both_ways() -> None:
    with server() as (link, sink):
        await sink.until_state(LinkState.OPEN)
        assert link.url == f"tcp://127.0.0.1:{port_of(link)}"
        assert port_of(link) > 0
        assert link.caps == frozenset()
        master = await Master.connect(link)
        master.send(b"\x10\x40\x01\x41\x16")
        await sink.until_data(b"\x10\x40\x01\x41\x16")
        link.send(7, b"\xe5", AT_ONCE, NEVER)
        assert await master.receive(1) == b"\xe5"
        assert await sink.until_done(7) == [SendOutcome.SENT]
        await master.close()
    assert [state for state, _ in sink.states] == [LinkState.OPENING, LinkState.OPEN]


async def test_port_in_use_is_final_and_explained() -> None:
    with server() as (link, sink):
        await sink.until_state(LinkState.OPEN)
        port = port_of(link)
        with opened(TcpServerLink(real_clock(), "", port, LINE)) as second:
            await second.until_state(LinkState.FAILED)
            assert second.cause.code == "port_in_use"
            assert f"Port {port} on 127.0.0.1 is already in use" in str(second.cause.message)
            assert "\n" not in str(second.cause.message)
    with opened(TcpServerLink(real_clock(), "", port, LINE)) as third:
        await third.until_state(LinkState.OPEN)


async def test_a_foreign_address_is_refused() -> None:
    with opened(TcpServerLink(real_clock(), "192.0.2.1", 0, LINE)) as sink:
        await sink.until_state(LinkState.FAILED)
        assert sink.cause.code == "no_address"
        assert "192.0.2.1" in str(sink.cause.message)


async def test_master_may_leave_and_come_back() -> None:
    with server() as (link, sink):
        await sink.until_state(LinkState.OPEN)
        master = await Master.connect(link)
        master.send(b"a")
        await sink.until_data(b"a")
        await master.close()
        link.send(1, b"received by no master", AT_ONCE, NEVER)
        assert await sink.until_done(1) == [SendOutcome.SENT]
        master = await Master.connect(link)
        master.send(b"b")
        await sink.until_data(b"ab")
        link.send(2, b"c", AT_ONCE, NEVER)
        assert await master.receive(1) == b"c"
        await master.close()
        assert sink.log == [b"a", LineEvent.PEER, b"b"]
        assert sink.last_state is LinkState.OPEN


async def test_answers_go_to_the_last_sender() -> None:
    with server() as (link, sink):
        await sink.until_state(LinkState.OPEN)
        first, second = await Master.connect(link), await Master.connect(link)
        first.send(b"1")
        await sink.until_data(b"1")
        second.send(b"2")
        await sink.until_data(b"12")
        link.send(1, b"for the second", AT_ONCE, NEVER)
        assert await second.receive(14) == b"for the second"
        first.send(b"1")
        await sink.until_data(b"121")
        link.send(2, b"for the first", AT_ONCE, NEVER)
        assert await first.receive(13) == b"for the first"
        assert sink.log == [b"1", LineEvent.PEER, b"2", LineEvent.PEER, b"1"]
        await first.close()
        await second.close()


async def test_the_ninth_connection_replaces_the_one_that_was_silent_longest() -> None:
    with server() as (link, sink):
        await sink.until_state(LinkState.OPEN)
        masters = [await Master.connect(link) for _ in range(MAX_CONNECTIONS)]
        for number in (*range(MAX_CONNECTIONS), 0):  # the first one sends last
            count = len(sink.data) + 1
            masters[number].send(b"x")
            await sink.until(lambda count=count: len(sink.data) == count)  # type: ignore[misc]
        ninth = await Master.connect(link)
        async with asyncio.timeout(WAIT_SECONDS):
            assert await masters[1].reader.read() == b""
        await sink.until(lambda: bool(sink.notices))
        assert [notice.code for notice in sink.notices] == ["connection_gave_way"]
        ninth.send(b"y")
        await sink.until(lambda: sink.data.endswith(b"y"))
        link.send(1, b"to the ninth", AT_ONCE, NEVER)
        assert await ninth.receive(12) == b"to the ninth"
        for master in (ninth, *masters):
            await master.close()


async def test_a_peer_that_does_not_read_delays_no_other() -> None:
    with server() as (link, sink):
        await sink.until_state(LinkState.OPEN)
        stalled = socket.create_connection(("127.0.0.1", port_of(link)))
        stalled.sendall(b"?")
        await sink.until_data(b"?")
        link.send(1, b"x" * 50_000_000, AT_ONCE, NEVER)
        link.send(2, b"y" * 300, AT_ONCE, NEVER)
        master = await Master.connect(link)
        master.send(b"!")
        await sink.until_data(b"?!")
        # If it waited for the stalled peer to be disconnected, it would be too late.
        link.send(3, b"ok", AT_ONCE, time.perf_counter() + threaded.STALL_SECONDS / 2)
        assert await master.receive(2) == b"ok"
        assert await sink.until_done(1, 2, 3) == [SendOutcome.SENT] * 3
        await master.close()
        stalled.close()


async def test_a_connection_that_is_no_master_is_closed_and_reported() -> None:
    link = TcpServerLink(real_clock(), "", 0, LINE)
    link.judge = judge_opening
    with opened(link) as sink:
        await sink.until_state(LinkState.OPEN)
        master, stranger = await Master.connect(link), await Master.connect(link)
        master.send(b"\x10\x5b\x00\x5b\x16")
        await sink.until_data(b"\x10\x5b\x00\x5b\x16")
        stranger.send(b"GET / HTTP/1.1\r\n\r\n\x10\x40\x00\x40\x16")
        async with asyncio.timeout(WAIT_SECONDS):
            assert await stranger.reader.read() == b""
        await sink.until(lambda: bool(sink.notices))
        assert "began with an HTTP request and not with a telegram" in str(sink.notices[0].message)
        link.send(1, b"answer", AT_ONCE, NEVER)
        assert await master.receive(6) == b"answer"
        assert sink.log == [b"\x10\x5b\x00\x5b\x16"]
        await master.close()
        await stranger.close()


async def test_the_first_bytes_are_held_until_a_master_is_recognised() -> None:
    link = TcpServerLink(real_clock(), "", 0, LINE)
    link.judge = judge_opening
    data = b"\x55" * 5000 + b"\x10\x40\x00\x40\x16"
    with opened(link) as sink:
        await sink.until_state(LinkState.OPEN)
        master = await Master.connect(link)
        for byte in data:
            master.send(bytes((byte,)))
        await sink.until(lambda: sink.data.endswith(b"\x16"))
        assert data.endswith(sink.data)
        await master.close()


async def test_a_late_write_expires_and_is_not_sent() -> None:
    with server() as (link, sink):
        await sink.until_state(LinkState.OPEN)
        master = await Master.connect(link)
        master.send(b"?")
        await sink.until_data(b"?")
        link.send(1, b"late", AT_ONCE, time.perf_counter() - 0.001)
        link.send(2, b"ok", AT_ONCE, NEVER)
        assert await master.receive(2) == b"ok"
        assert await sink.until_done(1, 2) == [SendOutcome.EXPIRED, SendOutcome.SENT]
        await master.close()


async def test_a_write_never_leaves_before_its_time() -> None:
    with server() as (link, sink):
        await sink.until_state(LinkState.OPEN)
        master = await Master.connect(link)
        master.send(b"?")
        await sink.until_data(b"?")
        for token in range(30):
            not_before = time.perf_counter() + 11 / 2400
            link.send(token, b"!", not_before, NEVER)
            assert await master.receive(1) == b"!"
            assert time.perf_counter() >= not_before
            await sink.until_done(token)
            assert sink.done_at[token] >= not_before
        await master.close()


async def test_abort_stops_inside_a_paced_telegram() -> None:
    with server(paced=True, line=Line(1200)) as (link, sink):
        await sink.until_state(LinkState.OPEN)
        assert link.url.endswith("?paced=1")
        master = await Master.connect(link)
        master.send(b"?")
        await sink.until_data(b"?")
        link.send(1, b"x" * 2000, AT_ONCE, NEVER)  # 18 seconds
        link.send(2, b"y", AT_ONCE, NEVER)
        assert await master.receive(3) == b"xxx"
        link.abort()
        assert await sink.until_done(1, 2) == [SendOutcome.ABORTED, SendOutcome.ABORTED]
        link.send(3, b"z", AT_ONCE, NEVER)
        rest = await asyncio.wait_for(master.reader.readuntil(b"z"), WAIT_SECONDS)
        assert set(rest[:-1]) <= set(b"x")
        assert len(rest) < 1000
        await master.close()


async def test_paced_characters_take_their_time() -> None:
    with server(paced=True, line=Line(1200)) as (link, sink):
        await sink.until_state(LinkState.OPEN)
        master = await Master.connect(link)
        master.send(b"?")
        await sink.until_data(b"?")
        start = time.perf_counter()
        link.send(1, b"0123456789", start, NEVER)
        assert await master.receive(1) == b"0"
        assert time.perf_counter() >= start + 11 / 1200
        assert await master.receive(9) == b"123456789"
        await sink.until_done(1)
        assert sink.done_at[1] >= start + 10 * 11 / 1200
        await master.close()


async def test_abort_drops_writes_that_wait_for_their_time() -> None:
    with server() as (link, sink):
        await sink.until_state(LinkState.OPEN)
        link.send(1, b"x", time.perf_counter() + 3600, NEVER)
        link.set_line(2, Line(300))
        link.send_break(3, 1.0)
        link.abort()
        assert await sink.until_done(1, 2, 3) == [SendOutcome.ABORTED] * 3


@pytest.mark.real_time(0.2)
async def test_close_while_the_peer_does_not_read() -> None:
    with server() as (link, sink):
        await sink.until_state(LinkState.OPEN)
        peer = socket.create_connection(("127.0.0.1", port_of(link)))
        peer.sendall(b"?")
        await sink.until_data(b"?")
        link.send(1, b"x" * 50_000_000, AT_ONCE, NEVER)
        peer.recv(1)  # now the writer is busy with it
        start = time.perf_counter()
        link.close()
        assert time.perf_counter() - start < 3.0  # it would be 5 s if it waited
        assert not sink.outcomes
        peer.close()


async def test_only_the_peer_that_does_not_read_is_disconnected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threaded, "STALL_SECONDS", 0.2)
    with server() as (link, sink):
        await sink.until_state(LinkState.OPEN)
        peer = socket.create_connection(("127.0.0.1", port_of(link)))
        peer.sendall(b"?")
        await sink.until_data(b"?")
        link.send(1, b"x" * 50_000_000, AT_ONCE, NEVER)
        assert await sink.until_done(1) == [SendOutcome.SENT]
        assert sink.last_state is LinkState.OPEN
        master = await Master.connect(link)
        master.send(b"!")
        await sink.until_data(b"?!")
        link.send(2, b"ok", AT_ONCE, NEVER)
        assert await master.receive(2) == b"ok"
        await master.close()
        peer.close()


async def test_after_close_the_sink_is_not_called() -> None:
    with server() as (link, sink):
        await sink.until_state(LinkState.OPEN)
        with socket.create_connection(("127.0.0.1", port_of(link))) as peer:
            # The loop does not run here: the threads post their reports, then the link is closed.
            peer.sendall(b"a")
            link.send(1, b"b", AT_ONCE, NEVER)
            link.send(2, b"c", AT_ONCE, NEVER)
            link.close()
        received = list(sink.log)
        link.close()
        link.send(3, b"d", AT_ONCE, NEVER)
        link.set_line(4, LINE)
        link.abort()
    posted = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(posted.set_result, None)
    await posted
    assert sink.log == received == []
    assert not sink.outcomes


class Closing(Recorder):
    """A sink that closes the link with the first bytes it receives."""

    link: Link

    def received(self, data: bytes, last_byte_at: float) -> None:
        super().received(data, last_byte_at)
        self.link.close()


async def test_a_sink_may_close_the_link_in_a_callback() -> None:
    sink = Closing()
    sink.link = link = TcpServerLink(real_clock(), "", 0, LINE)
    link.open(sink)
    await sink.until_state(LinkState.OPEN)
    first, second = await Master.connect(link), await Master.connect(link)
    first.send(b"x" * 100_000)
    second.send(b"y" * 100_000)
    await sink.until(lambda: bool(sink.log))
    with suppress(ConnectionResetError):
        await first.reader.read()  # the link has closed the connection
    assert len(sink.log) == 1
    first.writer.transport.abort()
    second.writer.transport.abort()


async def test_a_break_on_a_link_without_breaks_is_done_at_once() -> None:
    with server() as (link, sink):
        await sink.until_state(LinkState.OPEN)
        link.send_break(1, 3600)
        assert await sink.until_done(1) == [SendOutcome.SENT]


def descriptors() -> int:
    return len(os.listdir("/dev/fd"))


@pytest.mark.skipif(sys.platform == "win32", reason="descriptors are counted in /dev/fd")
async def test_opening_and_closing_leaves_no_threads_or_descriptors() -> None:
    link = TcpServerLink(real_clock(), "", 0, LINE)
    threads, before = threading.active_count(), descriptors()
    for turn in range(50):
        with opened(link) as sink:
            if turn % 2:
                await sink.until_state(LinkState.OPEN)
                master = await Master.connect(link)
                master.send(b"?")
                await sink.until_data(b"?")
                await master.close()
    assert threading.active_count() == threads
    assert descriptors() == before


async def test_a_peer_with_a_speed_is_received_only_at_that_speed() -> None:
    with server(baud=2400) as (link, sink):
        await sink.until_state(LinkState.OPEN)
        assert link.caps == {Cap.BAUD}
        assert link.url.endswith("?baud=2400")
        master = await Master.connect(link)
        link.set_line(1, Line(300))
        await sink.until_done(1)
        master.send(b"lost")
        await sink.until(lambda: bool(sink.log))
        assert set(sink.log) == {LineEvent.FRAMING}
        link.send(2, b"lost too", AT_ONCE, NEVER)
        link.set_line(3, Line(2400))
        link.send(4, b"ok", AT_ONCE, NEVER)
        assert await master.receive(2) == b"ok"
        master.send(b"heard")
        await sink.until_data(b"heard")
        await master.close()


async def test_a_flood_arrives_whole() -> None:
    data = os.urandom(3_000_000)
    with server() as (link, sink):
        await sink.until_state(LinkState.OPEN)
        master = await Master.connect(link)
        master.send(data)
        await sink.until(lambda: sum(len(item) for item in sink.log if isinstance(item, bytes)) == len(data))
        assert sink.data == data
        await master.close()


async def test_ipv6_goes_into_brackets() -> None:
    with opened(link := TcpServerLink(real_clock(), "::1", 0, LINE)) as sink:
        await sink.until(lambda: len(sink.states) == 2)
        if sink.last_state is LinkState.FAILED:
            pytest.skip("this computer has no IPv6")
        assert link.url == f"tcp://[::1]:{port_of(link)}"


class Gateway:
    """A server to connect to, whose port stays the same."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.setblocking(False)
        self.port: int = self.listener.getsockname()[1]

    async def accept(self) -> socket.socket:
        async with asyncio.timeout(WAIT_SECONDS):
            connection, _ = await asyncio.get_running_loop().sock_accept(self.listener)
        return connection

    @staticmethod
    async def receive(connection: socket.socket, count: int) -> bytes:
        async with asyncio.timeout(WAIT_SECONDS):
            return await asyncio.get_running_loop().sock_recv(connection, count)


def client(port: int, **options: Any) -> TcpClientLink:
    return TcpClientLink(real_clock(), "127.0.0.1", port, LINE, back_off=(0.02,), **options)


async def test_client_reconnects_when_the_other_side_is_back() -> None:
    gateway = Gateway()
    with opened(link := client(gateway.port)) as sink:
        connection = await gateway.accept()
        await sink.until_state(LinkState.OPEN)
        link.send(1, b"ask", AT_ONCE, NEVER)
        assert await gateway.receive(connection, 3) == b"ask"
        connection.sendall(b"answer")
        await sink.until_data(b"answer")
        connection.close()
        await sink.until_state(LinkState.WAITING)
        assert sink.cause.code == "gone"
        connection = await gateway.accept()
        await sink.until_state(LinkState.OPEN)
        link.send(2, b"again", AT_ONCE, NEVER)
        assert await gateway.receive(connection, 5) == b"again"
        connection.close()
    gateway.listener.close()
    states = [state for state, _ in sink.states]
    assert states[:4] == [LinkState.OPENING, LinkState.OPEN, LinkState.WAITING, LinkState.OPEN]


async def test_client_reports_a_refused_connection_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    attempts = 0

    class Counting(TcpClientLink):
        def open_port(self, line: Line, stopping: threading.Event) -> Any:
            nonlocal attempts
            attempts += 1
            return super().open_port(line, stopping)

    with opened(link := Counting(real_clock(), "127.0.0.1", port, LINE, back_off=(0.001,))) as sink:
        link.send(1, b"queued while opening", AT_ONCE, NEVER)
        await sink.until_state(LinkState.WAITING)
        assert await sink.until_done(1) == [SendOutcome.ABORTED]
        assert sink.cause.code == "refused"
        assert f"tcp://127.0.0.1:{port}" in str(sink.cause.message)
        link.send(2, b"stale", AT_ONCE, NEVER)
        link.set_line(3, Line(300))
        assert await sink.until_done(2, 3) == [SendOutcome.ABORTED, SendOutcome.SENT]
        await poll(lambda: attempts >= 5)
    assert [state for state, _ in sink.states] == [LinkState.OPENING, LinkState.WAITING]


async def test_bytes_sent_while_opening_leave_when_open() -> None:
    gateway = Gateway()
    with opened(link := client(gateway.port)) as sink:
        link.send(1, b"first", AT_ONCE, NEVER)
        connection = await gateway.accept()
        assert await gateway.receive(connection, 5) == b"first"
        assert await sink.until_done(1) == [SendOutcome.SENT]
        connection.close()
    gateway.listener.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a full backlog behaves as the system likes")
@pytest.mark.real_time(0.2)
async def test_close_while_connecting_does_not_wait() -> None:
    # A listener with a full backlog does not answer further connections.
    with socket.socket() as stalled, contextlib.ExitStack() as waiting:
        stalled.bind(("127.0.0.1", 0))
        stalled.listen(0)
        for _ in range(4):
            filler = waiting.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(stalled.getsockname())
        with opened(TcpClientLink(real_clock(), *stalled.getsockname(), LINE)) as sink:
            await sink.until_state(LinkState.OPENING)
            start = time.perf_counter()
        assert sink.last_state is LinkState.OPENING
        assert time.perf_counter() - start < 3.0  # it would be 5 s if it waited


async def test_each_master_gets_the_answer_to_its_own_request() -> None:
    with server() as (link, sink):
        await sink.until_state(LinkState.OPEN)
        first = socket.create_connection(("127.0.0.1", port_of(link)))
        second = socket.create_connection(("127.0.0.1", port_of(link)))
        with first, second:
            first.sendall(b"A")
            await sink.until_data(b"A")
            link.send(1, b"to the first", time.perf_counter() + 0.05, NEVER)
            second.sendall(b"B")
            await sink.until_data(b"AB")
            link.send(2, b"to the second", AT_ONCE, NEVER)
            assert await sink.until_done(1, 2) == [SendOutcome.SENT, SendOutcome.SENT]
            assert await asyncio.to_thread(first.recv, 100) == b"to the first"
            assert await asyncio.to_thread(second.recv, 100) == b"to the second"
