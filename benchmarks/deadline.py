"""The reply times, which must stay within their limits while the program's window is under full load.

A master in a separate process measures the time from the end of its request to the first byte of the answer, over a
pseudo-terminal at 2400 bit/s, where bytes take no time. EN 13757-2 requires 4.6 to 187.5 ms. Meanwhile a second master
floods the module with telegrams. In turn, the traffic page follows them and the readings page plots readouts at the
maximum rate, both at full size and repainted completely sixty times a second if there is time; history and recording
are written to disk.
"""

from __future__ import annotations

import gc
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cmi_gui.engine.events import ReadoutDone, Subscription

if TYPE_CHECKING:
    from cmi_gui.ui.frame.main_window import MainWindow

REQUESTS = 1000
"""The default; another number is an argument: `python -m benchmarks deadline 10000`."""
EARLIEST_MS, LATEST_MS = 1000 * 11 / 2400, 1000 * 330 / 2400 + 50
FLOOD_RATE = 1000
"""Telegrams a second: about five times what the fastest M-Bus could carry."""
PAGE_SECONDS = 3.0
FRAME_MS = 16
SIZE = (1920, 1080)
BARS = 50
_MASTERS = Path(__file__).with_name("masters.py")


@dataclass(slots=True)
class Load:
    """The activity of the window during the measurement; times in seconds."""

    frames: int = 0
    painting: float = 0.0
    longest_frame: float = 0.0
    longest_absence: float = 0.0
    """The longest time between two frames, in which the window's thread did other work or waited."""
    work_in_absence: float = 0.0
    """The processor time of the thread in it; the rest is waiting for other processes and threads."""
    longest_collection: float = 0.0
    rows: int = 0
    readouts: int = 0
    recorded: int = 0
    begun: float = field(default_factory=time.perf_counter)
    seconds: float = 0.0
    _last_frame: tuple[float, float] | None = None

    def painted(self, begun: float, ended: float, work_before: float) -> None:
        """Record a painted frame; `work_before`: processor time of this thread when it began."""
        self.frames += 1
        self.painting += ended - begun
        self.longest_frame = max(self.longest_frame, ended - begun)
        if self._last_frame is not None and begun - self._last_frame[0] > self.longest_absence:
            self.longest_absence = begun - self._last_frame[0]
            self.work_in_absence = work_before - self._last_frame[1]
        self._last_frame = ended, time.thread_time()


def run(count: int = REQUESTS) -> list[str]:
    """Return the lines to print."""
    if sys.platform == "win32":
        return ["deadline: this system has no pseudo-terminals"]
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        measured, load, late = _measure(count, Path(folder))
    replied = sorted(1000 * seconds for seconds in measured["replied"] if seconds >= 0)
    if not replied:
        return ["deadline: no answer at all"]
    # The request was sent during the master's call, so a reply is early only if it is early from the call's beginning.
    whole = [1000 * (wrote + took) for wrote, took in zip(measured["wrote"], measured["replied"], strict=True)]
    outside = sum(0 <= took < EARLIEST_MS for took in whole) + sum(took > LATEST_MS for took in replied)
    overslept = sorted(1000 * seconds for seconds in measured["overslept"])
    return [
        f"deadline: {count} requests, {count - len(replied)} not answered, {outside} replies outside"
        f" {EARLIEST_MS:.1f} to {LATEST_MS:.1f} ms; {late} answers that the slave kept to itself as too late",
        f"deadline: minimum {replied[0]:.2f} ms, {_quantiles(replied)}",
        f"deadline: the master's own lateness in waking: {_quantiles(overslept)};"
        f" longest write {1000 * max(measured['wrote']):.2f} ms",
        f"deadline: meanwhile, in {load.seconds:.0f} s: {load.frames} frames of {SIZE[0]}x{SIZE[1]}"
        f" ({1000 * load.painting / max(1, load.frames):.1f} ms each, {1000 * load.longest_frame:.0f} at most, at most"
        f" {1000 * load.longest_absence:.0f} ms between two, {1000 * load.work_in_absence:.0f} of them work),"
        f" {load.rows} rows of traffic, {load.recorded} recorded,"
        f" {load.readouts} readouts plotted and kept, longest garbage collection"
        f" {1000 * load.longest_collection:.0f} ms",
        *_histogram(replied),
    ]


def _quantiles(times: list[float]) -> str:
    def at(share: float) -> float:
        return times[min(len(times) - 1, int(share * len(times)))]

    return f"median {at(0.5):.2f} ms, p99 {at(0.99):.2f} ms, p99.9 {at(0.999):.2f} ms, maximum {times[-1]:.2f} ms"


def _histogram(times: list[float]) -> list[str]:
    edges = [0.0, EARLIEST_MS, 5, 6, 8, 10, 15, 20, 30, 50, 80, 120, LATEST_MS, float("inf")]
    lines = []
    for low, high in itertools.pairwise(edges):
        there = sum(low <= took < high for took in times)
        bar = "#" * -(-BARS * there // len(times))
        lines.append(f"deadline: {low:6.1f} to {high:5.1f} ms {there:6d} {bar}".rstrip())
    return lines


def _measure(count: int, folder: Path) -> tuple[dict[str, list[float]], Load, int]:
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from cmi_gui.app import build
    from cmi_gui.engine.machine import LinkState
    from cmi_gui.engine.station.config import StationConfig

    app = QApplication.instance() or QApplication([])
    config = StationConfig(
        mbus=("pty:", "tcp://127.0.0.1:0"), variant="full", paced=False, readout_interval=1.0, state_dir=folder
    )
    # Built as in the program.
    window = build(config, lazily=True)
    window.resize(*SIZE)
    window.show()
    window.start()
    loop = QEventLoop()
    subscription = window.station.subscribe()
    masters: list[subprocess.Popen[bytes]] = []
    measured = folder / "measured.json"
    load = Load()
    at_start: list[int] = []

    def go_on() -> None:
        station = window.station
        load.readouts += _readouts(subscription)
        if not masters:
            if len(window.pages) < window.stack.count():
                return
            if station.module.contact and all(link.state is LinkState.OPEN for link in station.link_status):
                tty, tcp = (link.url for link in station.link_status if link.side == "mbus")
                _fill(window, folder)
                masters.append(_master("flood", tcp.rpartition(":")[2], str(FLOOD_RATE)))
                masters.append(_master("poll", tty.removeprefix("pty:"), str(count), str(measured)))
                at_start.append(len(station.traffic))
                load.begun = time.perf_counter()
        elif masters[1].poll() is not None:
            loop.quit()

    watching = QTimer()
    watching.timeout.connect(go_on)
    watching.start(50)
    turning = QTimer()
    turning.timeout.connect(lambda: _turn(window))
    turning.start(round(1000 * PAGE_SECONDS))
    painting = QTimer()
    painting.timeout.connect(lambda: _paint(window, load))
    painting.start(FRAME_MS)
    collecting = _Collections(load)
    gc.callbacks.append(collecting)
    loop.exec()
    for timer in (watching, turning, painting):
        timer.stop()
    gc.callbacks.remove(collecting)
    load.seconds = time.perf_counter() - load.begun
    load.rows = len(window.station.traffic) - at_start[0]
    load.recorded = window.recording.rows
    load.readouts += _readouts(subscription)
    late = sum(link.late for link in window.station.link_status)
    masters[0].terminate()
    masters[0].wait()
    window.close()
    app.processEvents()
    return json.loads(measured.read_text()), load, late


def _readouts(subscription: Subscription) -> int:
    return sum(isinstance(stamped.event, ReadoutDone) for stamped in subscription.drain())


def _master(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, str(_MASTERS), *arguments], stderr=subprocess.DEVNULL)


def _fill(window: MainWindow, folder: Path) -> None:
    """Switch on recording, and one curve on each available axis."""
    window.recording.start(folder / "capture.txt")
    readings = next(page for page in window.pages if page.objectName() == "pageReadings")
    readings.restore({"plotted": ["1.8.0", "16.7", "32.7", "31.7", "14.7", "13.7"]})
    window.go("pageTraffic")


def _turn(window: MainWindow) -> None:
    shown = window.stack.currentWidget().objectName()
    window.go("pageReadings" if shown == "pageTraffic" else "pageTraffic")


def _paint(window: MainWindow, load: Load) -> None:
    """Repaint the whole window now, including tables and plots, even if little has changed."""
    from PySide6.QtWidgets import QAbstractScrollArea

    begun, work_before = time.perf_counter(), time.thread_time()
    for area in window.stack.currentWidget().findChildren(QAbstractScrollArea):
        if area.isVisible():
            area.viewport().update()
    window.repaint()
    load.painted(begun, time.perf_counter(), work_before)


class _Collections:
    """A recorder of the pauses by Python's garbage collection."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._begun = 0.0

    def __call__(self, phase: str, _info: dict[str, int]) -> None:
        if phase == "start":
            self._begun = time.perf_counter()
        else:
            self._load.longest_collection = max(self._load.longest_collection, time.perf_counter() - self._begun)
