"""Ports that are named by a URL of pyserial."""

from __future__ import annotations

import asyncio
import math
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from cmi_gui.engine.clock import LoopClock
from cmi_gui.engine.link.serial import SerialLink
from cmi_gui.engine.link.url import make_link, parse_link
from cmi_gui.engine.link_protocol import Cap
from cmi_gui.engine.machine import Line, LineEvent, LinkState, SendOutcome
from tests.helpers.link_recorder import opened
from tests.helpers.waiting import poll

if sys.platform == "win32":
    pytest.skip("the port that is served is a pseudo-terminal, which this system has not", allow_module_level=True)

from tests.helpers.serial_ports import PortServer

pytestmark = pytest.mark.asyncio

LINE = Line(2400)
NEVER = math.inf
AT_ONCE = -math.inf


def serial_link(url: str, line: Line = LINE, **options: bool) -> SerialLink:
    return SerialLink(LoopClock(asyncio.get_running_loop()), url, line, back_off=(0.05,), **options)


@pytest.fixture
def server() -> Iterator[PortServer]:
    with PortServer() as server:
        yield server


async def test_bytes_both_ways_over_rfc2217(server: PortServer) -> None:
    link = serial_link(server.url)
    with opened(link) as sink:
        await sink.until_state(LinkState.OPEN)
        assert link.url == f"serial:{server.url}"
        assert link.caps == {Cap.BAUD, Cap.TIMED, Cap.PARITY, Cap.BREAK_TX}
        everything = bytes(range(256))
        os.write(server.master, everything)
        await sink.until_data(everything)
        start = time.perf_counter()
        link.send(1, everything[::-1], AT_ONCE, NEVER)
        assert await sink.until_done(1) == [SendOutcome.SENT]
        assert sink.done_at[1] >= start + 256 * LINE.char_time
        assert await asyncio.to_thread(os.read, server.master, 999) == everything[::-1]


async def test_speed_and_parity_reach_the_remote_port(server: PortServer) -> None:
    link = serial_link(server.url, Line(300, 7, "E"))
    with opened(link) as sink:
        await sink.until_state(LinkState.OPEN)
        port = server.port
        assert (port.baudrate, port.bytesize, port.parity, port.stopbits) == (300, 7, "E", 1)
        link.send(1, b"x", AT_ONCE, NEVER)
        link.set_line(2, Line(9600, 7, "O", 2))
        assert await sink.until_done(1, 2) == [SendOutcome.SENT] * 2
        assert (port.baudrate, port.bytesize, port.parity, port.stopbits) == (9600, 7, "O", 2)


@pytest.mark.parametrize(("rts", "dtr"), [(None, None), (False, True), (True, False)])
async def test_lines_are_held_as_the_link_requests(server: PortServer, rts: bool | None, dtr: bool | None) -> None:
    options = {name: value for name, value in (("rts", rts), ("dtr", dtr)) if value is not None}
    with opened(serial_link(server.url, **options)) as sink:
        await sink.until_state(LinkState.OPEN)
        # pyserial asserts both by default.
        assert (server.port.rts, server.port.dtr) == (rts is not False, dtr is not False)


async def test_a_remote_port_that_hangs_up_is_reconnected(server: PortServer) -> None:
    link = serial_link(server.url)
    with opened(link) as sink:
        await sink.until_state(LinkState.OPEN)
        server.hang_up()
        await sink.until_state(LinkState.WAITING)
        assert sink.cause.code == "gone"
        await sink.until_state(LinkState.OPEN)
        os.write(server.master, b"back")
        await sink.until_data(b"back")


@pytest.mark.real_time(0.02)
async def test_closing_leaves_no_thread(server: PortServer) -> None:
    before = {thread for thread in threading.enumerate() if "port server" not in thread.name}
    with opened(serial_link(server.url)) as sink:
        await sink.until_state(LinkState.OPEN)
        assert len(threading.enumerate()) > len(before) + 2
        start = time.perf_counter()
    assert time.perf_counter() - start < 0.25  # the window waits for the closing
    assert {thread for thread in threading.enumerate() if "port server" not in thread.name} == before


@pytest.mark.real_time(0.1)
async def test_closing_does_not_wait_for_a_silent_remote_port(server: PortServer) -> None:
    link = serial_link(server.url)
    with opened(link) as sink:
        await sink.until_state(LinkState.OPEN)
        server.ignoring.set()
        link.set_line(1, Line(300))
        await asyncio.to_thread(server.ignored.wait, 5)
        start = time.perf_counter()
    assert time.perf_counter() - start < 1.0  # pyserial itself would wait for 3 s


async def test_a_refused_connection_is_reported_with_the_host() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with opened(serial_link(f"rfc2217://127.0.0.1:{port}")) as sink:
        await sink.until_state(LinkState.WAITING)
        assert sink.cause.code == "refused"
        assert f"rfc2217://127.0.0.1:{port}" in str(sink.cause.message)


@pytest.mark.parametrize(
    ("url", "code", "expected"),
    [
        ("rfc2217://nowhere.invalid:7000", "no_host", "nowhere.invalid"),
        ("rfc2217://127.0.0.1", "bad_link", "rfc2217://HOST:PORT"),
        ("rfc2218://127.0.0.1:1", "bad_link", "rfc2218://127.0.0.1:1: pyserial does not support this kind"),
        ("hwgrep://(", "bad_link", "hwgrep://(: pyserial does not support this kind"),
    ],
)
async def test_urls_that_cannot_be_opened(url: str, code: str, expected: str) -> None:
    with opened(serial_link(url)) as sink:
        await sink.until_state(LinkState.WAITING)
        assert sink.cause.code == code, sink.cause
        assert expected in str(sink.cause.message)


async def test_a_port_of_bare_tcp_is_no_rfc2217() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"rfc2217://127.0.0.1:{listener.getsockname()[1]}"
        with opened(serial_link(url)) as sink:
            connection, _ = await asyncio.to_thread(listener.accept)
            with connection:
                await sink.until_state(LinkState.WAITING)
                assert sink.cause.code == "not_rfc2217"
                assert "use tcp://HOST:PORT" in str(sink.cause.message)


async def test_a_socket_url_is_plain_tcp() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"socket://127.0.0.1:{listener.getsockname()[1]}"
        link = make_link(parse_link(url), LoopClock(asyncio.get_running_loop()), "connect", LINE)
        with opened(link) as sink:
            connection, _ = await asyncio.to_thread(listener.accept)
            with connection:
                await sink.until_state(LinkState.OPEN)
                connection.sendall(b"\xffhello")
                await sink.until_data(b"\xffhello")
                link.send(1, b"\xff\x00", AT_ONCE, NEVER)
                await sink.until_done(1)
                assert connection.recv(9) == b"\xff\x00"
            await sink.until_state(LinkState.WAITING)
            assert sink.cause.code == "gone"


async def test_parity_in_software_over_tcp() -> None:
    """A gateway that supports only 8N1, with a meter at 7E1."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        spec = parse_link(f"tcp://127.0.0.1:{listener.getsockname()[1]}?framing=software")
        link = make_link(spec, LoopClock(asyncio.get_running_loop()), "connect", Line(300, 7, "E"))
        with opened(link) as sink:
            connection, _ = await asyncio.to_thread(listener.accept)
            with connection:
                await sink.until_state(LinkState.OPEN)
                link.send(1, b"/?!\r\n", AT_ONCE, NEVER)
                await sink.until_done(1)
                assert connection.recv(9) == bytes.fromhex("af 3f 21 8d 0a")
                connection.sendall(bytes.fromhex("af 3f a1 8d 0a"))
                await sink.until(lambda: len(sink.data) == 4)
                assert sink.log == [b"/?", LineEvent.PARITY, b"\r\n"]
                await poll(lambda: Cap.LINE_ERRORS in link.caps)


async def test_the_loop_port_of_pyserial_is_a_line_with_an_echo() -> None:
    link = make_link(parse_link("serial:loop://"), LoopClock(asyncio.get_running_loop()), "connect", LINE)
    with opened(link) as sink:
        await sink.until_state(LinkState.OPEN)
        for token in range(3):
            link.send(token, b"\x10\x5b\x01\x5c\x16", AT_ONCE, NEVER)
            await sink.until_done(token)
        await poll(lambda: link.echo is True)  # type: ignore[attr-defined]
        assert sink.data == b""
