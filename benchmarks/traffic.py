"""The traffic page with a million rows: batches, filters, frames while scrolling, memory; all in one run.

Targets: a batch of 100 rows in 5 ms, a filter on what is indexed in 150 ms, frames of a scrolling table within 16 ms
(p99), at most 64 bytes a row besides the telegram, no slice of work over 50 ms.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

ROWS = 1_000_000
_REQUEST = bytes.fromhex("107B007B16")
_METER_LINE = b"\x021.8.0(061561.289*kWh)\r\n!\r\n\x03\x29"


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
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from cmi_gui.engine.cmi1020.profile import load_module_profile
    from cmi_gui.engine.mbus.frame import Frame
    from cmi_gui.engine.traffic.capture import capture_text
    from cmi_gui.engine.traffic.capture_reading import CaptureReader
    from cmi_gui.engine.traffic.filter import parse_filter
    from cmi_gui.engine.traffic.masking import MbusMask
    from cmi_gui.engine.traffic.store import Direction, RowKind, Side, TrafficStore
    from cmi_gui.ui.pages.traffic.line import TrafficColumn
    from cmi_gui.ui.pages.traffic.model import TrafficModel
    from cmi_gui.ui.pages.traffic.source import TrafficSource
    from cmi_gui.ui.pages.traffic.table import TrafficTable

    app = QApplication.instance() or QApplication([])
    answer = Frame.long(8, 0, 0x72, bytes.fromhex("78563412961501020F000000") + b"\x04\x03\x39\x30\x00\x00" * 12)
    answers = [answer.to_bytes()] * 2
    store = TrafficStore()
    telegram_bytes = 0

    def append(count: int) -> None:
        nonlocal telegram_bytes
        for _ in range(count):
            index = len(store)
            at = index * 0.05
            match index % 4:
                case 0:
                    row = (at, Side.MBUS, Direction.RECEIVED, RowKind.TELEGRAM, index // 4 % 250, "tcp", _REQUEST)
                case 1:
                    row = (at, Side.MBUS, Direction.SENT, RowKind.TELEGRAM, index // 4 % 250, "tcp", answers[0])
                case 2 if index % 1000 == 2:
                    row = (at, Side.MBUS, Direction.RECEIVED, RowKind.BAD_CHECKSUM, None, "tcp", _REQUEST)
                case 2:
                    row = (at, Side.METER, Direction.SENT, RowKind.TELEGRAM, None, "sim:", b"/?!\r\n")
                case _:
                    row = (at, Side.METER, Direction.RECEIVED, RowKind.TELEGRAM, None, "sim:", _METER_LINE)
            store.append(*row)
            telegram_bytes += len(row[6])

    gc.collect()
    before = _resident()
    source = TrafficSource(store, lambda at: datetime.fromtimestamp(at, UTC), lambda: len(store) * 0.05)
    model = TrafficModel(source)
    slices = []
    append(ROWS)
    while model.waiting:
        start = perf_counter()
        model.catch_up()
        slices.append(perf_counter() - start)
    gc.collect()
    per_row = (_resident() - before - telegram_bytes) / ROWS
    lines = [
        f"traffic: {per_row:.0f} bytes a row beside the telegram at {ROWS:,} rows (at most 64)",
        f"traffic: longest slice while catching up {1000 * max(slices):.1f} ms (at most 50)",
    ]

    table = TrafficTable("benchmark", TrafficColumn.SUMMARY)
    table.setModel(model)
    table.resize(1100, 500)
    table.show()
    app.processEvents()
    batches, painted = [], []
    for _ in range(60):
        append(100)
        start = perf_counter()
        model.catch_up()
        table.scrollToBottom()
        middle = perf_counter()
        app.processEvents()
        batches.append(middle - start)
        painted.append(perf_counter() - middle)
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
        start = perf_counter()
        table.viewport().repaint()
        frames.append(perf_counter() - start)
    app.processEvents()
    for line in range(200):
        bar.setValue(bar.maximum() // 2 + 24 * line)
        start = perf_counter()
        table.viewport().repaint()
        frames.append(perf_counter() - start)
    lines.append(
        f"traffic: frame while scrolling: median {1000 * sorted(frames)[len(frames) // 2]:.1f} ms,"
        f" p99 {1000 * _p99(frames):.1f} ms (at most 16)"
    )

    for text in ("side:mbus", "addr:5", "type:RSP_UD", "error", "dir:rx -type:REQ* addr:1-9 since:1h"):
        parsed = parse_filter(text)
        start = perf_counter()
        model.set_filter(parsed)
        taken = perf_counter() - start
        lines.append(f"traffic: filter {text}: {1000 * taken:.0f} ms, {model.rowCount():,} lines (at most 150 ms)")
    start = perf_counter()
    model.set_filter(parse_filter("text:1.8.0"))
    slices = [perf_counter() - start]
    while len(slices) < 400 and model.progress is not None:
        start = perf_counter()
        model.catch_up()
        slices.append(perf_counter() - start)
    share = model.progress if model.progress is not None else 1.0
    lines.append(
        f"traffic: search for a text: slices p99 {1000 * _p99(slices):.1f} ms,"
        f" {share * ROWS / sum(slices):,.0f} rows/s, {model.rowCount():,} lines so far"
    )
    table.close()

    part = [store.row(index) for index in range(100_000)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "capture.txt")
        start = perf_counter()
        path.write_text(capture_text(part, lambda at: at, datetime.now().astimezone()))
        written = perf_counter() - start
        reader = CaptureReader(path, MbusMask(load_module_profile(None)))
        start = perf_counter()
        while reader.step():
            pass
        read = perf_counter() - start
    lines.append(f"traffic: captures: {len(part) / written:,.0f} rows/s written, {len(part) / read:,.0f} rows/s read")
    return lines


if __name__ == "__main__":
    sys.stdout.write("\n".join(run()) + "\n")
