"""The traffic page with a million rows: batches, filters, searches, frames, memory, captures, times of answers.

They are those of a day, and then a million telegrams of which no two are equal, in a process of their own. Targets: a
batch of 100 rows in 5 ms, a filter on columns in 150 ms, the first hits of a search in 0.3 s and all in 3 s, a capture
opened in 6 s, frames of a scrolling table within 16 ms (p99), at most 72 bytes a row besides the telegram, no slice of
work over 50 ms. The searches begin when the index is complete.

Times are processor time of the window's thread, as in `benchmarks/window.py`: other programs do not change them.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from time import thread_time

from PySide6.QtWidgets import QApplication

from benchmarks.day_of_traffic import SECONDS_A_ROW, Row, distinct_rows, fill, rows
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.traffic.capture import CaptureWriter
from cmi_gui.engine.traffic.capture_reading import CaptureReader
from cmi_gui.engine.traffic.filter import parse_filter
from cmi_gui.engine.traffic.masking import MbusMask
from cmi_gui.engine.traffic.store import ROW_COST, TrafficStore
from cmi_gui.ui.pages.traffic.answer_view import AnswerHistogram
from cmi_gui.ui.pages.traffic.answers import AnswerTimes
from cmi_gui.ui.pages.traffic.line import TrafficColumn
from cmi_gui.ui.pages.traffic.model import TrafficModel
from cmi_gui.ui.pages.traffic.source import TrafficSource
from cmi_gui.ui.pages.traffic.table import TrafficTable

ROWS = 1_000_000
_SEARCHES = (
    "1.8.0",
    "50100111",
    "readout",
    "e5",
    '"07 92"',
    "-acknowledge",
    "text:sign-on text:identification",
    "never",
)
_ENOUGH = 60.0
"""Seconds after which a search counts as too slow and is stopped."""


def _resident() -> int:
    """Return the resident bytes of this process; 0 if the system has no /proc."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _p99(seconds: list[float]) -> float:
    return sorted(seconds)[min(len(seconds) - 1, round(0.99 * len(seconds)))]


def run() -> list[str]:
    """Return the lines to print."""
    lines: list[str] = []
    for source in (rows, distinct_rows):
        # A new process, because the first one keeps memory that it has used.
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            lines += pool.submit(_measured, source).result()
    return lines


def _measured(source_of_rows: Callable[[], Iterator[Row]]) -> list[str]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication([])
    day = source_of_rows()
    store = TrafficStore()

    def append(count: int) -> None:
        fill(store, day, count)

    gc.collect()
    before = _resident()
    source = TrafficSource(store, lambda at: datetime.fromtimestamp(at, UTC), lambda: len(store) * SECONDS_A_ROW)
    model = TrafficModel(source)
    slices = []
    append(ROWS)
    distinct = len({hash(store.data(index)) for index in range(ROWS)})
    telegram_bytes = store.size - ROW_COST * ROWS
    while model.waiting:
        slices.append(_slice(model))
    index_slices = []
    while model.indexed is not None:
        index_slices.append(_slice(model))
    gc.collect()
    per_row = (_resident() - before - telegram_bytes) / ROWS
    lines = [
        f"traffic: {ROWS:,} rows, {distinct:,} distinct telegrams, {telegram_bytes / ROWS:.0f} bytes each",
        f"traffic: {per_row:.0f} bytes a row beside the telegram at {ROWS:,} rows (at most 72)",
        f"traffic: longest slice while catching up {1000 * max(slices):.1f} ms (at most 50)",
        f"traffic: index of the search in {sum(index_slices):.1f} s, longest slice {1000 * max(index_slices):.1f} ms"
        f" (at most 50), {source.index.size / ROWS:.1f} bytes a row",
    ]

    table = TrafficTable("benchmark", TrafficColumn.SUMMARY)
    table.setModel(model)
    table.resize(1100, 500)
    table.show()
    app.processEvents()
    batches, painted = [], []
    for _ in range(60):
        append(100)
        start = thread_time()
        model.catch_up()
        table.scrollToBottom()
        middle = thread_time()
        app.processEvents()
        batches.append(middle - start)
        painted.append(thread_time() - middle)
    lines.append(
        f"traffic: a batch of 100 rows at {ROWS:,}: median {1000 * sorted(batches)[30]:.1f} ms,"
        f" p99 {1000 * _p99(batches):.1f} ms (at most 5), and {1000 * sorted(painted)[30]:.1f} ms to paint"
        " a page of lines never seen before"
    )

    frames = []
    bar = table.verticalScrollBar()
    step = max(1, bar.maximum() // 400)
    for position in range(0, bar.maximum(), step):
        bar.setValue(position)
        start = thread_time()
        table.viewport().repaint()
        frames.append(thread_time() - start)
    app.processEvents()
    for line in range(200):
        bar.setValue(bar.maximum() // 2 + 24 * line)
        start = thread_time()
        table.viewport().repaint()
        frames.append(thread_time() - start)
    lines.append(
        f"traffic: frame while scrolling: median {1000 * sorted(frames)[len(frames) // 2]:.1f} ms,"
        f" p99 {1000 * _p99(frames):.1f} ms (at most 16)"
    )

    for text in ("side:mbus", "addr:5", "type:RSP_UD", "error", "dir:rx -type:REQ* addr:1-9 since:1h"):
        parsed = parse_filter(text)
        start = thread_time()
        model.set_filter(parsed)
        while model.progress is not None:
            model.catch_up()
        taken = thread_time() - start
        lines.append(f"traffic: filter {text}: {1000 * taken:.0f} ms, {model.rowCount():,} lines (at most 150 ms)")
    lines += [_searched(model, text) for text in _SEARCHES]
    lines.append(_timed(model))
    table.close()

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "capture.txt")
        writer = CaptureWriter(path, datetime.now().astimezone(), lambda at: 1.76e9 + at, secrets_in_clear=False)
        start = thread_time()
        for first in range(0, ROWS, 50_000):
            writer.add(store.row(index) for index in range(first, first + 50_000))
            writer.write()
        written = thread_time() - start
        writer.close()
        reader = CaptureReader(path, MbusMask(load_module_profile(None)))
        slices, start = [], thread_time()
        while reader.share < 1:
            begun = thread_time()
            reader.step()
            slices.append(thread_time() - begun)
        read = thread_time() - start
    lines.append(
        f"traffic: a capture of {ROWS:,} rows written in {written:.1f} s, read in {read:.1f} s (at most 6),"
        f" longest step {1000 * max(slices):.0f} ms"
    )
    return lines


def _timed(model: TrafficModel) -> str:
    """Collect the times of all answers and return the line about it."""
    model.set_filter(parse_filter(""))
    while model.progress is not None:
        model.catch_up()
    times, slices = AnswerTimes(model), []
    while times.share is not None:
        start = thread_time()
        times.take()
        slices.append(thread_time() - start)
    start = thread_time()
    histogram = AnswerHistogram("benchmark")
    found = times.statistics()
    histogram.show_statistics(found)
    slices.append(thread_time() - start)
    return (
        f"traffic: times of {len(found.seconds):,} answers in {sum(slices):.2f} s, longest slice"
        f" {1000 * max(slices):.0f} ms (at most 50), of which the figures take {1000 * slices[-1]:.0f} ms"
    )


def _slice(model: TrafficModel) -> float:
    """Do a slice of the model's work and return its seconds."""
    start = thread_time()
    model.catch_up()
    return thread_time() - start


def _searched(model: TrafficModel, text: str) -> str:
    """Search for a text and return the line about it."""
    start = thread_time()
    model.set_filter(parse_filter(text))
    slices = [thread_time() - start]
    first = slices[0] if model.rowCount() else None
    while model.progress is not None and thread_time() - start < _ENOUGH:
        slices.append(_slice(model))
        if first is None and model.rowCount():
            first = thread_time() - start
    taken = thread_time() - start
    return (
        f"traffic: search for {text}: first lines after {'-' if first is None else f'{first:.2f}'} s (at most 0.3),"
        f" all {model.rowCount():,} after {taken:.1f} s (at most 3), longest slice {1000 * max(slices):.0f} ms"
    )


if __name__ == "__main__":
    sys.stdout.write("\n".join(run()) + "\n")
