"""The effect of one flooding client on others: the loop's longest gap, a second client's answers, Ctrl-C.

The clients are separate processes (`benchmarks/masters.py`): one floods the module over TCP, another asks it as a
master does over a connection of its own. The gap of a loop is the greatest delay of a timer of 5 ms.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.masters import FLOODS

SECONDS = 8.0
"""The duration of each flood."""
REQUESTS = 100
"""The number of requests of the second client during a flood."""
LATEST_MS = 1000 * 330 / 2400 + 50
BEAT = 0.005
_MASTERS = Path(__file__).with_name("masters.py")
_ROOT = Path(__file__).parent.parent


def run() -> list[str]:
    """Return the lines to print."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    lines = []
    for where in ("window", "serve"):
        with subprocess.Popen(
            [sys.executable, "-m", "benchmarks.flood", where],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=_ROOT,
        ) as watched:  # fmt: skip
            port = _line(watched)
            for flood, words in FLOODS.items():
                _send_line(watched, "begin")
                replied = _flooded(port, flood)
                _send_line(watched, "end")
                lines.append(f"flood: {where}, {words}: longest gap {_line(watched)}; {replied}")
            _send_line(watched, "close")
    return [
        *lines,
        *(f"flood: Ctrl-C during {words} ends serve in {_interrupted(name):.2f} s" for name, words in FLOODS.items()),
    ]


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _send_line(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{word}\n")
    process.stdin.flush()


def _master(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, str(_MASTERS), *arguments], stdout=subprocess.PIPE, text=True)


def _flooded(port: str, flood: str) -> str:
    """Return the answers of the second client in words."""
    with _master(flood, port, str(SECONDS)) as flooding, _master("ask", port, str(REQUESTS)) as asking:
        took = json.loads(_line(asking))
        flooding.wait()
    replied = sorted(1000 * seconds for seconds in took if seconds >= 0)
    if not replied:
        return f"a second client: none of {len(took)} requests answered"
    inside = sum(each <= LATEST_MS for each in replied)
    return (
        f"a second client: {inside} of {len(took)} answers inside {LATEST_MS:.1f} ms,"
        f" median {replied[len(replied) // 2]:.1f}, maximum {replied[-1]:.1f} ms"
    )


def _interrupted(flood: str) -> float:
    """Return the seconds from SIGINT to the end of `serve` during a flood."""
    command = [sys.executable, "-m", "cmi_gui", "serve", "--json", "--mbus", "tcp://127.0.0.1:0"]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=_ROOT
    ) as served:
        port = json.loads(_line(served))["mbus"].rpartition(":")[2]
        with _master(flood, port, "3600") as flooding:
            time.sleep(1)  # until the flood is at full rate
            begun = time.perf_counter()
            served.send_signal(signal.SIGINT)
            served.wait(60)
            took = time.perf_counter() - begun
            flooding.terminate()
    return took


# The watched process


class _Beat:
    """A heartbeat every `BEAT` seconds by `call_later` that stores its greatest delay.

    `work`: processor time of this thread in that gap; the rest it was kept waiting by other processes and threads.
    """

    def __init__(self, call_later: Callable[[float, Callable[[], None]], object]) -> None:
        self.worst = self.work = 0.0
        self._call_later = call_later
        self._due = time.perf_counter()
        self._worked = time.thread_time()
        self.beat()

    def beat(self) -> None:
        now = time.perf_counter()
        worked = time.thread_time()
        if now - self._due > self.worst:
            self.worst, self.work = now - self._due, worked - self._worked
        self._due, self._worked = now + BEAT, worked
        self._call_later(BEAT, self.beat)


def _obey(beat: _Beat, port: int, close: Callable[[], object]) -> None:
    """Follow the commands on standard input, in a thread."""

    def obey() -> None:
        print(port, flush=True)
        for word in map(str.strip, sys.stdin):
            if word == "begin":
                beat.worst = 0.0
            elif word == "end":
                print(f"{1000 * beat.worst:.0f} ms, {1000 * beat.work:.0f} of them work", flush=True)
            else:
                break
        close()

    threading.Thread(target=obey, daemon=True).start()


def _port(urls: list[str]) -> int:
    return int(urls[0].rpartition(":")[2])


def _watch_window() -> None:
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtWidgets import QApplication

    from cmi_gui.app import build
    from cmi_gui.engine.station.config import StationConfig
    from cmi_gui.ui.event_loop import event_loop

    app = QApplication([])
    window = build(StationConfig(mbus=("tcp://127.0.0.1:0",)), lazily=True)
    window.closed.connect(app.quit)
    window.show()
    window.start()
    timer = QTimer(timerType=Qt.TimerType.PreciseTimer)
    timer.setInterval(round(1000 * BEAT))

    def go_on() -> None:
        links = window.station.link_status
        if len(window.pages) < window.stack.count() or links[0].state.value != "open":
            return
        waiting.stop()
        window.go("pageTraffic")
        beat = _Beat(lambda seconds, call: None)
        timer.timeout.connect(beat.beat)
        timer.start()
        _obey(beat, _port([links[0].url]), lambda: event_loop().call_soon_threadsafe(window.close))

    waiting = QTimer()
    waiting.timeout.connect(go_on)
    waiting.start(50)
    app.exec()


async def _watch_serve() -> None:
    from cmi_gui.engine.clock import LoopClock
    from cmi_gui.engine.machine import LinkState
    from cmi_gui.engine.station.config import StationConfig
    from cmi_gui.engine.station.station import Station

    loop = asyncio.get_running_loop()
    station = Station(StationConfig(mbus=("tcp://127.0.0.1:0",), traffic_bytes=4 << 20), LoopClock(loop))
    changed, ending = asyncio.Event(), asyncio.Event()
    subscription = station.subscribe(wake=changed.set)
    station.start()
    while station.link_status[0].state is not LinkState.OPEN:
        await asyncio.sleep(0.01)
    beat = _Beat(loop.call_later)

    def end() -> None:
        ending.set()
        changed.set()

    _obey(beat, _port([station.link_status[0].url]), lambda: loop.call_soon_threadsafe(end))
    while not ending.is_set():
        subscription.drain()
        await changed.wait()
        changed.clear()
    station.stop()


if __name__ == "__main__":
    if sys.argv[1] == "window":
        _watch_window()
    else:
        asyncio.run(_watch_serve())
