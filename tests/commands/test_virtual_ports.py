"""The module served on ports without bit timing: a pair of virtual ports, and a pseudo-terminal at any speed."""

from __future__ import annotations

import contextlib
import json
import os
import select
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

if sys.platform == "win32":
    pytest.skip("this system has no pseudo-terminals", allow_module_level=True)

import termios
import tty

from cmi_gui.engine.mbus.frame import parse_frame
from tests.helpers.cli_process import run, serving
from tests.helpers.waiting import until


@contextlib.contextmanager
def virtual_pair() -> Iterator[tuple[str, str]]:
    """The names of two serial ports connected with each other, as com0com or socat makes them.

    Bytes take no time between them, and the speeds of the two ports are not compared.
    """
    (a, a_slave), (b, b_slave) = os.openpty(), os.openpty()
    for slave in (a_slave, b_slave):
        tty.setraw(slave)
    stop, stopped = os.pipe()

    def pump() -> None:
        other = {a: b, b: a}
        while stop not in (ready := select.select([a, b, stop], [], [])[0]):
            for end in ready:
                os.write(other[end], os.read(end, 4096))

    thread = threading.Thread(target=pump, name="virtual pair")
    thread.start()
    try:
        yield os.ttyname(a_slave), os.ttyname(b_slave)
    finally:
        os.close(stopped)
        thread.join()
        # The slave sides stay open until now, so that closing an end does not hang up the pair.
        for descriptor in (a, b, a_slave, b_slave, stop):
            os.close(descriptor)


TCP = ("--mbus", "tcp://127.0.0.1:0")
SERVE = ("--no-paced", "--variant", "full", "--interval", "3600")


def read(link: str, *how: str) -> list[dict[str, Any]]:
    """Return all telegrams that `read` receives, without what differs between readouts."""
    code, out, err = run("read", "--link", link, *how, "--json")
    assert (code, err) == (0, "")
    telegrams: list[dict[str, Any]] = json.loads(out)["telegrams"]
    return [telegram["records"] for telegram in telegrams]  # type: ignore[misc]


@pytest.mark.parametrize("baud", [300, 2400, 9600])
@pytest.mark.parametrize("how", [("--address", "0"), ("--id", "12345678")])
def test_a_pair_of_virtual_ports_loses_no_telegram(baud: int, how: tuple[str, str]) -> None:
    with virtual_pair() as (a, b), serving("--mbus", f"serial:{a}?baud={baud}", *TCP, *SERVE) as (_, ready):
        tcp = ready["mbus_links"][1]
        until(lambda: len(read(tcp, *how)) > 3)  # the meter has been read
        whole = read(tcp, *how)
        for _ in range(2):
            assert read(f"serial:{b}?baud={baud}", *how) == whole


# A pseudo-terminal at any speed


@contextlib.contextmanager
def opened_as_libmbus_does(path: str, code: int, wait: int) -> Iterator[int]:
    """Open a port as libmbus does: set even parity, first at 2400 bit/s, then at the speed of the option `-b`.

    The kernel takes the parity away from a pseudo-terminal; the C library refuses a request that then changes nothing.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY)
    try:
        for speed, tenths in ((termios.B2400, 3), (code, wait)):
            control: list[bytes | int] = [b"\0"] * len(termios.tcgetattr(descriptor)[6])
            control[termios.VMIN], control[termios.VTIME] = 0, tenths
            flags = termios.CS8 | termios.CREAD | termios.CLOCAL | termios.PARENB
            termios.tcsetattr(descriptor, termios.TCSANOW, [0, 0, flags, 0, speed, speed, control])
        assert not termios.tcgetattr(descriptor)[2] & termios.PARENB
        yield descriptor
    finally:
        os.close(descriptor)


def ask(descriptor: int, telegram: str) -> bytes:
    """Return what is received until a pause, as libmbus waits for an answer."""
    os.write(descriptor, bytes.fromhex(telegram))
    answer = b""
    while data := os.read(descriptor, 4096):
        answer += data
    return answer


SPEEDS = {300: (termios.B300, 13), 4800: (termios.B4800, 3), 9600: (termios.B9600, 20)}


def test_the_line_of_the_readme_serves_masters_at_any_speed(tmp_path: Path) -> None:
    with serving("--mbus", f"pty:{tmp_path / 'port'}?baud=any", *SERVE) as (process, ready):
        path = ready["mbus"].removeprefix("pty:")
        assert process.stdout is not None
        for baud, (code, wait) in SPEEDS.items():
            with opened_as_libmbus_does(path, code, wait) as descriptor:
                assert ask(descriptor, "10 40 FD 3D 16") == b"", "no slave is selected"
                assert ask(descriptor, "10 40 00 40 16") == b"\xe5"
                answer = ask(descriptor, "10 7B 00 7B 16")
                assert parse_frame(answer).a == 0
            while (notice := json.loads(process.stdout.readline())).get("notice") != "other_speed":
                pass
            assert notice["message"].endswith(f": received at {baud} bit/s, but the module uses 2400 bit/s")


def test_a_speed_that_is_not_received_is_reported_with_a_remedy(tmp_path: Path) -> None:
    with serving("--mbus", f"pty:{tmp_path / 'port'}", *SERVE) as (process, ready):
        path = ready["mbus"].removeprefix("pty:")
        assert process.stdout is not None
        with opened_as_libmbus_does(path, termios.B9600, 3) as descriptor:
            assert ask(descriptor, "10 7B 00 7B 16") == b""
        while (notice := json.loads(process.stdout.readline())).get("notice") != "other_speed":
            pass
        assert notice["message"].endswith(
            "9600 bit/s cannot be received, because the module uses 2400 bit/s; pty:?baud=any accepts any speed"
        )
