"""How long the slave takes to answer over a pseudo-terminal while the window is open.

Measured by a master of its own, in its own process: from the moment its request has been written to the first byte of
the answer. EN 13757-2 wants 4.6 to 187.5 ms at 2400 bit/s. Bytes are not paced, so nothing of it is line time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

REQUESTS = 500

_MASTER = """
import json, select, sys, time
import serial

link, count = sys.argv[1], int(sys.argv[2])
times = []
with serial.Serial(link, 2400, parity=serial.PARITY_EVEN, timeout=2) as port:
    port.write(bytes.fromhex("1040004016"))
    port.read(1)
    for turn in range(count):
        request = bytes.fromhex("107B007B16" if turn % 2 == 0 else "105B005B16")
        port.write(request)
        sent = time.monotonic()
        if not select.select([port], [], [], 2)[0]:
            continue
        times.append(time.monotonic() - sent)
        head = port.read(4)
        port.read(head[1] + 2)
print(json.dumps(times))
"""


def run() -> list[str]:
    """Lines to print."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if sys.platform == "win32":
        return ["reply: this system has no pseudo-terminals"]
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from cmi_gui.app import build
    from cmi_gui.engine.machine import LinkState
    from cmi_gui.engine.station import StationConfig

    app = QApplication.instance() or QApplication([])
    window = build(StationConfig(mbus=("pty:",), variant="full"))
    window.show()
    window.start()
    loop = QEventLoop()
    started: list[subprocess.Popen[str]] = []

    def go_on() -> None:
        link = window.station.link_status[0]
        if not started and link.state is LinkState.OPEN and window.station.module.contact:
            path = link.url.removeprefix("pty:")
            command = [sys.executable, "-c", _MASTER, path, str(REQUESTS)]
            started.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        if started and started[0].poll() is not None:
            loop.quit()

    timer = QTimer()
    timer.timeout.connect(go_on)
    timer.start(50)
    loop.exec()
    window.close()
    app.processEvents()
    output, _ = started[0].communicate()
    times = sorted(1000 * seconds for seconds in json.loads(output))
    if not times:
        return ["reply: no answer at all"]
    p99 = times[min(len(times) - 1, round(0.99 * len(times)))]
    inside = sum(4.58 <= time <= 187.5 for time in times)
    return [
        f"reply: over a pty with the window open: median {times[len(times) // 2]:.1f} ms, p99 {p99:.1f} ms,"
        f" maximum {times[-1]:.1f} ms, minimum {times[0]:.1f} ms;"
        f" {inside} of {REQUESTS} inside 4.6 to 187.5 ms"
    ]
