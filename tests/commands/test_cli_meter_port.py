"""`serve --meter-port`: the port in the ready line, read by another `serve` and by hand; wrong uses."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path

import pytest
import serial

from tests.helpers.cli_process import TIMEOUT, Served, run

pytestmark = pytest.mark.real_time(0.2, alone=False)  # the meter answers after 200 ms

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")

TCP = "tcp://127.0.0.1:0"


def test_another_module_reads_the_meter_by_tcp() -> None:
    with Served("--meter-port", TCP) as served:
        assert served.ready["meter"] == "sim:"
        assert str(served.ready["meter_port"]).startswith("tcp://127.0.0.1:")
        with Served("--meter", str(served.ready["meter_port"])) as other:
            status = other.until(lambda status: status["contact"])
            assert (status["meter"], status["lines"]) == ("real", 30)
        links = served.send_line("status")["links"]
        assert {"side": "meter_port", "url": served.ready["meter_port"], "state": "open"} in links


@posix_only
def test_another_module_reads_and_switches_the_meter_by_a_pseudo_terminal(tmp_path: Path) -> None:
    path = tmp_path / "meter"
    with Served("--meter-port", f"pty:{path}") as served:
        assert served.ready["meter_port"] == f"pty:{path}"
        served.until(lambda status: status["contact"])
        with Served("--meter", f"serial:{path}") as other:
            other.until(lambda status: status["contact"])
            other.send_line("press")
            other.until(lambda status: status["disconnector"] == "open")
        assert served.send_line("read-now")["ok"]
        served.until(lambda status: status["disconnector"] == "open")


def read_by_hand(path: Path, speed: int, baud: int) -> bytes:
    """Read the meter by an option select with the digit `speed`, and change to `baud` at once."""
    with serial.Serial(str(path), 300, bytesize=7, parity="E", timeout=3.0) as port:
        port.write(b"/?33456789!\r\n")
        assert port.read_until(b"\r\n")[:5] == b"/LGZ%d" % speed
        port.write(b"\x060%d0\r\n" % speed)
        if baud != port.baudrate:
            port.baudrate = baud
        return port.read_until(b"!\r\n\x03")


@posix_only
def test_a_reader_may_change_its_speed_at_once_or_never_at_a_port_for_any_speed(tmp_path: Path) -> None:
    path = tmp_path / "meter"
    with Served("--meter-port", f"pty:{path}?baud=any") as served:
        for baud in (9600, 300):
            served.send_line("meter speed 5")
            assert b"C.1.0(33456789)" in read_by_hand(path, 5, baud)


@posix_only
def test_a_reader_at_another_speed_is_told_why_nothing_comes(tmp_path: Path) -> None:
    path = tmp_path / "meter"
    with Served("--meter-port", f"pty:{path}") as served:
        with serial.Serial(str(path), 2400, bytesize=7, parity="E", timeout=0.5) as port:
            port.write(b"/?!\r\n")
            assert port.read(1) == b""
        assert served.has_notice("2400 bit/s cannot be received, because the meter uses 300 bit/s")


def test_what_is_no_reading_device_is_refused() -> None:
    with Served("--meter-port", TCP) as served:
        host, port = str(served.ready["meter_port"]).removeprefix("tcp://").split(":")
        with socket.create_connection((host, int(port)), timeout=TIMEOUT) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert connection.recv(100) == b""
        assert served.has_notice("bytes of another protocol")


def test_a_room_has_a_port_for_one_module(tmp_path: Path) -> None:
    room = tmp_path / "room.toml"
    room.write_text(
        "format = 1\n"
        + "".join(
            f'[[module]]\nserial = "5010000{number}"\nname = "flat-{number}"\nmeter_number = "3345670{number}"\n'
            for number in (1, 2)
        )
    )
    with Served("--room", str(room), "--meter-port", f"flat-2={TCP}") as served:
        host, port = str(served.ready["meter_port"]).removeprefix("tcp://").split(":")
        with socket.create_connection((host, int(port)), timeout=TIMEOUT) as connection:
            connection.sendall(b"/?33456702!\r\n")
            assert connection.recv(100).startswith(b"/LGZ4")
        sides = [[link["side"] for link in served.send_line(f"status flat-{number}")["links"]] for number in (1, 2)]
        assert sides == [["mbus", "meter"], ["mbus", "meter", "meter_port"]]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--meter-port", ""], "--meter-port needs a LINK"),
        (["--meter-port", "sim:"], "use a tcp:, serial: or pty: LINK"),
        (["--meter-port", "port 4"], "is not a LINK"),
        (["--meter-port", "pty:?baud=auto"], "Remove baud=auto"),
        (["--meter-port", "pty:?timeout=2"], "Remove it here"),
        (["--meter-port", "tcp://127.0.0.1:10002", "--mbus", "tcp://127.0.0.1:10002"], "use the same port"),
        (["--meter-port", "pty:", "--meter", "tcp://127.0.0.1:10002"], "wire the simulated one (sim:)"),
        (["--meter-port", "flat=pty:"], "no single module is called flat; the modules are 12345678"),
        (["--meter-port", "pty:", "--modules", "2"], "must name one module of the room"),
    ],
)
def test_wrong_uses_name_the_way_out(arguments: list[str], words: str) -> None:
    code, out, err = run("serve", "--json", *arguments)
    assert code == 2
    assert words in err
    assert words in json.loads(out)["message"]


def test_a_port_in_use_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        code, out, _ = run("serve", "--json", "--mbus", TCP, "--meter-port", f"tcp://127.0.0.1:{number}")
    assert code == 1
    assert json.loads(out)["error"] == "port_in_use"
    assert f"use another port, for example tcp://127.0.0.1:{number + 1}" in json.loads(out)["message"]
