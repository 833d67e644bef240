"""A served module under floods and with unread output: it serves other clients and stops on request."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import IO

import pytest

from tests.helpers.cli_process import COMMAND, TIMEOUT, Served, start, stop
from tests.helpers.tcp import FLOODS, answers, connected, flood
from tests.helpers.waiting import until

pytestmark = pytest.mark.real_time(0.05, alone=False)  # an answer is due within 187.5 ms


@pytest.mark.parametrize("kind", FLOODS)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_flood_blocks_no_other_client_and_serve_stops_during_it(kind: str, number: signal.Signals) -> None:
    lump, reads = FLOODS[kind]
    with Served() as served, flood(lambda: connected(served), lump, reads=reads):
        with connected(served) as master:
            # The slave withholds an answer that would be late, so each that arrives is inside the reply window.
            assert all(answers(master) for _ in range(10))
        stop(served.process, number)
        assert served.process.wait(TIMEOUT) == 0


def test_floods_of_control_lines_do_not_delay_the_slave() -> None:
    lines = b"status\n" * 100
    with Served("--control", "tcp://127.0.0.1:0") as served, contextlib.ExitStack() as floods:
        for reads in (True, True, True, False):
            floods.enter_context(flood(lambda: connected(served, "control"), lines, reads=reads))
        assert served.process.stdin is not None
        feeding = threading.Thread(target=fed, args=(served.process.stdin, "rate-input A 0\n" * 8000))
        feeding.start()
        with connected(served) as master:
            assert all(answers(master) for _ in range(10))
        feeding.join(TIMEOUT)
        stop(served.process, signal.SIGTERM)
        assert served.process.wait(TIMEOUT) == 0


def fed(stream: IO[str], text: str) -> None:
    with contextlib.suppress(OSError, ValueError):  # the program has ended
        stream.write(text)
        stream.flush()


@contextlib.contextmanager
def serving(out: int, err: int) -> Iterator[subprocess.Popen[str]]:
    command = [*COMMAND, "serve", "--json", "--mbus", "tcp://127.0.0.1:0"]
    with start(command, stdin=subprocess.PIPE, stdout=out, stderr=err) as process:
        try:
            yield process
        finally:
            process.kill()


def goes_on_and_ends(process: subprocess.Popen[str], port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), TIMEOUT) as master:
        assert answers(master)
    stop(process, signal.SIGTERM)
    assert process.wait(TIMEOUT) == 0


NOISE = "frob\nbus-voltage 50\nbutton\nbus-voltage 24\n" * 3000
"""Each line is answered, and the voltages also cause warnings on standard error: more than two pipes hold."""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes")
@pytest.mark.parametrize("broken", ["closed", "full"])
def test_the_module_is_served_when_standard_error_cannot_be_written(broken: str) -> None:
    if broken == "closed":
        reading, err = os.pipe()
        os.close(reading)
    elif os.path.exists("/dev/full"):
        err = os.open("/dev/full", os.O_WRONLY)
    else:
        pytest.skip("this system has no /dev/full")
    with serving(subprocess.PIPE, err) as process:
        os.close(err)
        assert process.stdin is not None
        assert process.stdout is not None
        port = int(json.loads(process.stdout.readline())["mbus"].rpartition(":")[2])
        feeding = threading.Thread(target=fed, args=(process.stdin, "bus-voltage 50\nbutton\nbus-voltage 24\n" * 20))
        feeding.start()
        # Each warning is also printed as JSON, so it has been written to standard error by then.
        for _ in range(20):
            while "notice" not in json.loads(process.stdout.readline()):
                pass
        feeding.join(TIMEOUT)
        goes_on_and_ends(process, port)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes")
def test_unread_pipes_do_not_block() -> None:
    (out, out_end), (err, err_end) = os.pipe(), os.pipe()
    with serving(out_end, err_end) as process:
        os.close(out_end)
        os.close(err_end)
        assert process.stdin is not None
        ready = b""
        while not ready.endswith(b"\n"):
            ready += os.read(out, 1)
        feeding = threading.Thread(target=fed, args=(process.stdin, NOISE))
        feeding.start()
        # The output is no longer read; once it is full, standard input is no longer read either.
        until(lambda: not is_emptied(process.stdin))
        goes_on_and_ends(process, int(json.loads(ready)["mbus"].rpartition(":")[2]))
        feeding.join(TIMEOUT)
    os.close(out)
    os.close(err)


def is_emptied(stream: IO[str] | None) -> bool:
    """Return whether the other end of a pipe reads its contents soon."""
    assert stream is not None
    return bool(select.select([], [stream], [], 0.5)[1])
