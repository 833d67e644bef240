"""The window under load for a long time: `python -m benchmarks.soak [MINUTES [MIB]]`.

A master in a separate process polls over TCP as fast as it can while all pages are opened in turn. The master times
every reply from the end of its request to the first byte of the answer; EN 13757-2 requires 4.6 to 187.5 ms at
2400 bit/s. Memory is measured every half minute, and warnings in the log are counted. MIB: the limit of stored
traffic, instead of the window's default, so that it is reached and memory must stop growing.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import time

EARLIEST, LATEST = 4.58, 187.5
PAGE_SECONDS = 3

_MASTER = """
import json, select, socket, sys, time

port, seconds = int(sys.argv[1]), float(sys.argv[2])
counts, outside, silent = {}, [], 0
end = time.perf_counter() + seconds
with socket.create_connection(("127.0.0.1", port)) as line:
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.settimeout(2)
    line.sendall(bytes.fromhex("1040004016"))
    line.recv(1)
    fcb = 0x7B
    while time.perf_counter() < end:
        asked = time.perf_counter()
        line.sendall(bytes((0x10, fcb, 0, fcb, 0x16)))
        sent = time.perf_counter()
        if not select.select([line], [], [], 2)[0]:
            silent += 1
            continue
        came = time.perf_counter()
        took = round(1000 * (came - sent), 1)
        counts[took] = counts.get(took, 0) + 1
        # The request left between `asked` and `sent`; this process may have been interrupted between them.
        if 1000 * (came - asked) < 4.58 or 1000 * (came - sent) > 187.5:
            outside.append(took)
        answer = line.recv(300)
        while len(answer) < 4 or len(answer) < answer[1] + 6:
            answer += line.recv(300)
        fcb ^= 0x20
print(json.dumps({"counts": counts, "outside": outside, "silent": silent}))
"""


class _Warnings(logging.Handler):
    """A log handler that stores messages of level WARNING or higher."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(record.getMessage())


def soak(minutes: float, traffic_mib: float | None = None) -> list[str]:
    """Run the window for `minutes` and return the lines to print."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QEventLoop, QTimer, QtMsgType, qInstallMessageHandler
    from PySide6.QtWidgets import QApplication

    from cmi_gui.app import build
    from cmi_gui.engine.station.config import StationConfig
    from cmi_gui.ui.text.status import listening

    warnings = _Warnings()
    logging.getLogger().addHandler(warnings)

    def on_qt_message(kind: QtMsgType, _context: object, text: str) -> None:
        if kind != QtMsgType.QtDebugMsg and "propagateSizeHints" not in text:
            warnings.seen.append(text)

    qInstallMessageHandler(on_qt_message)
    app = QApplication.instance() or QApplication([])
    limit = None if traffic_mib is None else round(traffic_mib * 2**20)
    window = build(StationConfig(mbus=("tcp://127.0.0.1:0",), traffic_bytes=limit))
    window.show()

    def wait(seconds: float) -> None:
        loop = QEventLoop()
        QTimer.singleShot(round(1000 * seconds), loop.quit)
        loop.exec()

    wait(5)
    link = listening(window.station)
    assert link is not None
    port = link.url.rpartition(":")[2]
    command = [sys.executable, "-c", _MASTER, port, str(60 * minutes)]
    master = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    memory: list[float] = []
    index, looked = 0, 0.0
    while master.poll() is None:
        window.navigation.choose(index % len(window.pages))
        index += 1
        wait(PAGE_SECONDS)
        if time.perf_counter() - looked > 30:
            looked = time.perf_counter()
            memory.append(_resident())
    traffic = window.station.traffic
    rows = len(traffic) - traffic.first
    window.close()
    app.processEvents()
    qInstallMessageHandler(None)
    output, _ = master.communicate()
    result = json.loads(output)
    counts = {float(took): count for took, count in result["counts"].items()}
    total = sum(counts.values())
    return [
        f"soak: {minutes:g} minutes, {total} replies, {len(result['outside'])} outside {EARLIEST} to {LATEST} ms,"
        f" {result['silent']} requests not answered; median {_share(counts, 0.5):.1f} ms,"
        f" p99.9 {_share(counts, 0.999):.1f} ms, maximum {max(counts):.1f} ms, minimum {min(counts):.1f} ms",
        f"soak: resident memory in MB, every half minute: {' '.join(f'{size:.0f}' for size in memory)};"
        f" {rows} rows of traffic kept",
        f"soak: {len(warnings.seen)} warnings {warnings.seen[:3] or ''}",
    ]


def _share(counts: dict[float, int], share: float) -> float:
    wanted = share * sum(counts.values())
    for took in sorted(counts):
        wanted -= counts[took]
        if wanted <= 0:
            return took
    return max(counts)


def _resident() -> float:
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


if __name__ == "__main__":
    numbers = [float(argument) for argument in sys.argv[1:3]]
    for text in soak(*numbers or [30.0]):
        print(text, flush=True)
