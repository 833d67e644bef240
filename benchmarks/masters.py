"""Masters in separate processes, for measurements; they use only Python's standard library.

`python masters.py poll TTY COUNT FILE` reads the slave at address 0 COUNT times as fast as it answers and writes what
it measured to FILE as JSON. `python masters.py flood PORT RATE` sends RATE telegrams a second over TCP to other
addresses, until it is ended. `python masters.py own PORT SECONDS`, and the other names of `FLOODS`, floods the slave as
fast as it can; `python masters.py ask PORT COUNT` reads it COUNT times over TCP and prints how long each answer took.
`python masters.py room PORT SECONDS` reads the slaves 1 to 250 in turn, each as soon as the one before has answered,
and prints the same.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import sys
import termios
import time
import tty
from pathlib import Path

NKE = bytes.fromhex("1040004016")
ASK = (bytes.fromhex("107B007B16"), bytes.fromhex("105B005B16"))
TIMEOUT = 1.0
"""Seconds to wait for an answer."""
SLEEP = 0.005
"""Seconds of sleep between requests; any longer sleep measures this process's own delay."""


def poll(path: str, count: int) -> dict[str, list[float]]:
    """Return times in seconds, one for each request.

    `wrote`: how long handing over the request took. `replied`: from then to the first byte of the answer, -1 if none
    came. `overslept`: how much too late this process woke from the sleep before the request.
    """
    # The measuring process must have priority over the measured ones.
    with contextlib.suppress(OSError, AttributeError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    port = os.open(path, os.O_RDWR | os.O_NOCTTY)
    tty.setraw(port)
    line = termios.tcgetattr(port)
    line[4] = line[5] = termios.B2400
    termios.tcsetattr(port, termios.TCSANOW, line)
    waiting = select.poll()
    waiting.register(port, select.POLLIN)
    result: dict[str, list[float]] = {"wrote": [], "replied": [], "overslept": []}

    def answer() -> bytes:
        got = os.read(port, 300)
        while got[0] == 0x68 and (len(got) < 4 or len(got) < got[1] + 6):
            if not waiting.poll(1000 * TIMEOUT):
                break
            got += os.read(port, 300)
        return got

    os.write(port, NKE)
    waiting.poll(1000 * TIMEOUT)
    answer()
    index = 0
    for _ in range(count):
        before = time.perf_counter()
        time.sleep(SLEEP)
        begun = time.perf_counter()
        os.write(port, ASK[index])
        sent = time.perf_counter()
        came = bool(waiting.poll(1000 * TIMEOUT))
        at = time.perf_counter()
        result["overslept"].append(begun - before - SLEEP)
        result["wrote"].append(sent - begun)
        result["replied"].append(at - sent if came else -1.0)
        if came:
            answer()
            index ^= 1
    return result


FLOODS = {
    "own": "REQ_UD2 as fast as it can",
    "deaf": "REQ_UD2 whose answers are not read",
    "foreign": "requests to another address",
    "garbage": "bytes without a telegram",
}
"""The floods by name, with a description."""
_LUMPS = {
    "own": ASK[0] * 200,
    "deaf": ASK[0] * 200,
    "foreign": bytes.fromhex("105B076216") * 200,
    "garbage": ASK[0] + bytes.fromhex("680A106810") * 200,
}


def drown(kind: str, port: int, seconds: float) -> None:
    """Flood the slave for `seconds`, or until it closes the connection."""
    lump = _LUMPS[kind]
    until = time.perf_counter() + seconds
    with socket.create_connection(("127.0.0.1", port)) as line, contextlib.suppress(OSError):
        line.setblocking(False)
        rest = b""
        while time.perf_counter() < until:
            rest = rest or lump
            select.select([] if kind == "deaf" else [line], [line], [], 1)
            with contextlib.suppress(BlockingIOError):
                rest = rest[line.send(rest) :]
            with contextlib.suppress(BlockingIOError):
                if kind != "deaf" and not line.recv(65_536):
                    return


def ask(port: int, count: int) -> list[float]:
    """Return the seconds from each request to the first byte of its answer, -1 if none came within `TIMEOUT`."""
    took: list[float] = []
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.settimeout(TIMEOUT)
        line.sendall(NKE)
        with contextlib.suppress(TimeoutError):
            line.recv(1)
        for number in range(count):
            time.sleep(0.05)
            begun = time.perf_counter()
            line.sendall(ASK[number % 2])
            try:
                got = line.recv(300)
                took.append(time.perf_counter() - begun)
                while len(got) < 4 or len(got) < got[1] + 6:
                    got += line.recv(300)
            except TimeoutError:
                took.append(-1.0)
    return took


def room(port: int, seconds: float) -> list[float]:
    """Return the seconds from each request to the first byte of its answer, -1 if none came within `TIMEOUT`."""
    took: list[float] = []
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.settimeout(TIMEOUT)
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            turn, module = divmod(len(took), 250)
            control, address = 0x5B | (turn % 2) << 5, module + 1
            begun = time.perf_counter()
            line.sendall(bytes((0x10, control, address, (control + address) & 0xFF, 0x16)))
            try:
                got = line.recv(300)
                took.append(time.perf_counter() - begun)
                while len(got) < 4 or len(got) < got[1] + 6:
                    got += line.recv(300)
            except TimeoutError:
                took.append(-1.0)
    return took


def flood(port: int, rate: float) -> None:
    """Send requests to unused addresses, in lumps of a hundredth of a second, until ended."""
    lump = bytearray()
    for number in range(max(1, round(rate / 100))):
        address = 1 + number % 250
        lump += bytes((0x10, 0x5B, address, (0x5B + address) & 0xFF, 0x16))
    with socket.create_connection(("127.0.0.1", port)) as line:
        due = time.perf_counter()
        while True:
            line.sendall(lump)
            due = max(due + 0.01, time.perf_counter() - 0.1)
            time.sleep(max(0.0, due - time.perf_counter()))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["poll", path, count, file]:
            Path(file).write_text(json.dumps(poll(path, int(count))))
        case ["flood", port, rate]:
            flood(int(port), float(rate))
        case ["ask", port, count]:
            print(json.dumps(ask(int(port), int(count))), flush=True)
        case ["room", port, seconds]:
            print(json.dumps(room(int(port), float(seconds))), flush=True)
        case [kind, port, seconds]:
            drown(kind, int(port), float(seconds))
