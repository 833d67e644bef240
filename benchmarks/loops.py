"""Event loops of Qt opened and closed: `python -m benchmarks.loops [MINUTES [PORT]]`.

qasync's own tests were reported to crash on Windows, so this looks for crashes. Each round has a new loop: a station
that serves TCP (and PORT, which may be unplugged and plugged in meanwhile), masters on asyncio's streams and in the
loop's threads, and calls from other threads. Every tenth round is the whole window. A crash ends the process with the
stacks of all threads; a round that does not end is one too.
"""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
import gc
import os
import socket
import sys
import threading
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from cmi_gui.app import build
from cmi_gui.display import name_font_folder
from cmi_gui.engine.clock import LoopClock
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.station import Station
from cmi_gui.ui.event_loop import event_loop

REQUESTS, CALLS, THREADS = 10, 100, 3
ROUND_SECONDS, REPORT_SECONDS, WINDOW_EVERY = 180, 60, 10
INITIALISE, ACK = bytes.fromhex("1040004016"), b"\xe5"


def config(port: str | None) -> StationConfig:
    return StationConfig(mbus=("tcp://127.0.0.1:0", *([f"serial:{port}?baud=2400"] if port else [])))


async def opened(station: Station) -> int:
    """Wait until the module is served over TCP; return its port."""
    while station.link_status[0].state is not LinkState.OPEN:
        await asyncio.sleep(0.01)
    return int(station.link_status[0].url.rpartition(":")[2])


async def ask(port: int) -> int:
    """Initialise the module with asyncio's streams; return how often it answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answers = 0
    for _ in range(REQUESTS):
        writer.write(INITIALISE)
        # A slave withholds an answer that would be late.
        with contextlib.suppress(TimeoutError):
            answers += await asyncio.wait_for(reader.read(1), 5) == ACK
    writer.close()
    await writer.wait_closed()
    return answers


def ask_in_thread(port: int) -> int:
    """Initialise the module from a thread; return how often it answered."""
    with socket.create_connection(("127.0.0.1", port), 5) as line:
        answers = 0
        for _ in range(REQUESTS):
            line.sendall(INITIALISE)
            with contextlib.suppress(TimeoutError):
                answers += line.recv(1) == ACK
        return answers


async def work(station: Station) -> int:
    """Use a station in every way at once; return how often it answered."""
    loop = asyncio.get_running_loop()
    port = await opened(station)
    called = 0

    def call() -> None:
        nonlocal called
        called += 1

    def call_from_thread() -> None:
        for _ in range(CALLS):
            loop.call_soon_threadsafe(call)

    threads = [threading.Thread(target=call_from_thread) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    asked = [ask(port), loop.run_in_executor(None, ask_in_thread, port)]
    answers: list[int] = await asyncio.gather(*asked)
    while called < CALLS * THREADS:
        await asyncio.sleep(0.001)
    for thread in threads:
        thread.join()
    return sum(answers)


async def without_window(port: str | None) -> int:
    station = Station(config(port), LoopClock(asyncio.get_running_loop()))
    station.start()
    try:
        return await work(station)
    finally:
        station.stop()


async def with_window(port: str | None) -> int:
    window = build(config(port))
    closed = asyncio.Event()
    window.closed.connect(closed.set)
    window.show()
    try:
        return await work(window.station)
    finally:
        window.close()
        await closed.wait()
        window.deleteLater()


def one_round(kind: Callable[[str | None], object], port: str | None) -> int:
    loop = event_loop()
    asyncio.set_event_loop(loop)
    with loop:
        answers: int = loop.run_until_complete(kind(port))
    asyncio.set_event_loop(None)
    return answers


def on_qt_message(_kind: object, _context: object, text: str) -> None:
    if "propagateSizeHints" not in text:
        print(f"loops: {text}", flush=True)


def main(minutes: float, port: str | None) -> None:
    faulthandler.enable()
    name_font_folder()
    qInstallMessageHandler(on_qt_message)
    app = QApplication([])
    app.setQuitOnLastWindowClosed(False)
    begun = reported = time.perf_counter()
    rounds = answers = windows = 0
    while (now := time.perf_counter()) - begun < 60 * minutes:
        faulthandler.dump_traceback_later(ROUND_SECONDS, exit=True)
        is_window = rounds % WINDOW_EVERY == 0
        answers += one_round(with_window if is_window else without_window, port)
        rounds += 1
        windows += is_window
        if now - reported > REPORT_SECONDS or rounds == 1:
            reported = now
            gc.collect()
            print(f"loops: {(now - begun) / 60:.1f} minutes, {rounds} loops, {answers} answers", flush=True)
    faulthandler.cancel_dump_traceback_later()
    print(
        f"loops: {(time.perf_counter() - begun) / 60:.1f} minutes, {rounds} event loops, {windows} with a window,"
        f" {answers} of {2 * REQUESTS * rounds} requests answered, {threading.active_count()} threads at the end",
        flush=True,
    )


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 60.0, sys.argv[2] if sys.argv[2:] else None)
