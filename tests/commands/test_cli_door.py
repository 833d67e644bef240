"""Unexpected clients of a served module, as real processes and sockets: browsers, floods, idle connections."""

from __future__ import annotations

import contextlib
import json
import select
import socket

import pytest

from cmi_gui.engine.link.tcp_server import MAX_CONNECTIONS
from cmi_gui.engine.mbus.frame import Frame
from tests.helpers.cli_process import TIMEOUT, Served, stop
from tests.helpers.tcp import answers, connected

pytestmark = pytest.mark.real_time(0.05, alone=False)  # an answer is due within 187.5 ms

SOCKET = ("--control", "tcp://127.0.0.1:0")
COMMAND = Frame.long(0x53, 254, 0x51, b"\x01\x7a\x09").to_bytes()
"""Sets the primary address to 9."""
TLS = bytes.fromhex("1603010200010001FC0303") + bytes(range(256)) * 2

STRANGERS = {
    "post": b"POST / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "get": b"GET /\r\n",
    "rtsp": b"GET / RTSP/1.0\r\n\r\n",
    "long path": b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
    "shorter path": b"GET /" + b"a" * 300 + b"\r\n",
    "tls": TLS,
    "ssh": b"SSH-2.0-OpenSSH_9.6\r\n",
    "proxy": b"PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n",
    "proxy 2": b"\r\n\r\n\0\r\nQUIT\n!\x11\0\x0c" + bytes(12),
    "mail": b"EHLO localhost\r\n",
    "lower case": b"post / http/1.1\r\n\r\n",
    "binary": bytes(range(1, 9)) * 10,
}


def closed(connection: socket.socket) -> bool:
    """Return whether the other side closes the connection, after any data it sends."""
    with contextlib.suppress(ConnectionError):
        while connection.recv(4096):
            pass
    return True


@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_stranger_changes_nothing_at_either_port(stranger: str) -> None:
    with Served(*SOCKET) as served:
        for port, order in (("mbus", COMMAND), ("control", b"\nbus-voltage 18\nbutton\n")):
            with connected(served, port) as connection:
                with contextlib.suppress(ConnectionError):
                    connection.sendall(STRANGERS[stranger] + order)
                assert closed(connection)
        assert served.has_notice("was closed, because it began with")
        assert served.has_notice("control lines: a connection was closed because it sent something else")
        status = served.send_line("status")
        assert (status["primary_address"], status["bus_voltage"]) == (0, 24.0)
        with connected(served) as master:
            assert answers(master)


def test_single_bytes_do_not_open_a_connection() -> None:
    with Served(*SOCKET) as served:
        with connected(served) as connection, contextlib.suppress(ConnectionError):
            for byte in STRANGERS["post"] + COMMAND:
                connection.sendall(bytes((byte,)))
                select.select([connection], [], [], 0.002)
            assert closed(connection)
        with connected(served, "control") as connection, contextlib.suppress(ConnectionError):
            for byte in STRANGERS["post"] + b"bus-voltage 18\n":
                connection.sendall(bytes((byte,)))
                select.select([connection], [], [], 0.002)
            assert closed(connection)
        status = served.send_line("status")
        assert (status["primary_address"], status["bus_voltage"]) == (0, 24.0)


def test_wake_up_bytes_are_allowed_before_a_telegram() -> None:
    with Served() as served:
        for before in (b"\x55" * 66, b"\x00\xff", b"\xf8"):
            with connected(served) as master:
                master.sendall(before)
                assert answers(master)


def test_a_typing_error_on_the_socket_is_answered_and_ends_the_connection() -> None:
    with Served(*SOCKET) as served, connected(served, "control") as connection, connection.makefile("rw") as lines:
        lines.write("rate-input A x\nstatu\nbus-voltage 18\n")
        lines.flush()
        replies = lines.read().splitlines()
        assert ["x is not a number" in replies[0], "'statu' is not a control line" in replies[1]] == [True, True]
        assert len(replies) == 2
        assert served.send_line("status")["bus_voltage"] == 24.0


@pytest.mark.parametrize("port", ["mbus", "control"])
def test_the_longest_idle_connection_is_closed_with_a_notice(port: str) -> None:
    with Served(*SOCKET) as served, contextlib.ExitStack() as idle:
        connections = [idle.enter_context(connected(served, port)) for _ in range(MAX_CONNECTIONS)]
        if port == "control":
            with connected(served, port) as ninth, ninth.makefile("rw") as lines:
                lines.write("status\n")
                lines.flush()
                assert json.loads(lines.readline())["ok"] is True
        else:
            with connected(served) as ninth:
                assert answers(ninth)
        assert closed(connections[0])
        assert served.has_notice(f"{MAX_CONNECTIONS} connections are open")
        assert not select.select(connections[1:], [], [], 0)[0], "the others stay"


def reset_connections(served: Served) -> None:
    """Open connections to the control socket that are reset at once, some before they are accepted."""
    for _ in range(40):
        with connected(served, "control") as rude:
            rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            rude.sendall(b"status\n" * 200)


def test_connections_that_are_reset_do_not_close_the_socket() -> None:
    with Served(*SOCKET) as served:
        reset_connections(served)
        with connected(served, "control") as there, there.makefile("rw") as lines:
            lines.write("pause on\n")
            lines.flush()
            assert json.loads(lines.readline()) == {"ok": True}
        assert not [line for line in served.err if "cmi-gui: " not in line]


def test_closed_connections_leave_nothing_behind() -> None:
    with Served(*SOCKET) as served:
        reset_connections(served)
        with connected(served, "control") as there, there.makefile("rw") as lines:
            lines.write("pause on\n")
            lines.flush()
            assert lines.readline()
            stop(served.process)
            assert served.process.wait(TIMEOUT) == 0
            served.end()
        assert not [line for line in served.err if "cmi-gui: " not in line]


def test_a_refusal_is_answered() -> None:
    with Served("--no-paced", "--interval", "1", "--variant", "M55") as served:
        served.until(lambda status: status["disconnector"] == "closed")
        assert served.send_line("button") == {"ok": True}
        refused = served.send_line("button")
        assert (refused["ok"], refused["error"]) == (False, "disconnector_busy")
        assert "the push button was pressed, but it has no effect" in refused["message"]
        assert served.send_line("pause on") == {"ok": True}
        assert served.send_line("read-now")["error"] == "paused"
        assert served.send_line("bus-voltage 18") == {"ok": True}
        assert served.send_line("button")["error"] == "button_unpowered"
        assert served.send_line("read-now")["error"] == "unpowered"
        assert served.send_line("meter phase 3 off")["error"] == "bad_line"
        assert served.send_line("meter power off") == {"ok": True}
        assert served.send_line("meter scroll")["error"] == "meter_unpowered"
