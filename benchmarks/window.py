"""The cost of the window: start to first paint against a bare window, idle load, memory at rest, longest slice.

Each figure comes from separate processes. The bare window is the smallest program with PySide6 and pyqtgraph: an
application, a main window, one empty plot.
"""

from __future__ import annotations

import compileall
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

import cmi_gui

STARTS = 5
IDLE_SECONDS = 20
BUSY_SECONDS = 20

_FIRST_PAINT = """
import sys, time
begun = time.perf_counter()
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

class Eye(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and watched.window() is not None:
            print(time.perf_counter() - begun, flush=True)
            import os
            os._exit(0)
        return False

def watch(app, window):
    eye = Eye()
    app.installEventFilter(eye)
    window.show()
    app.exec()
"""

_BARE = (
    _FIRST_PAINT
    + """
import pyqtgraph
from PySide6.QtWidgets import QMainWindow
app = QApplication([])
window = QMainWindow()
window.setCentralWidget(pyqtgraph.PlotWidget())
window.resize(1280, 800)
watch(app, window)
"""
)

_OURS = (
    _FIRST_PAINT
    + """
from cmi_gui.app import build
from cmi_gui.engine.station.config import StationConfig
app = QApplication([])
# Built as in the program: the other pages are created after the first one has been painted.
watch(app, build(StationConfig(mbus=("tcp://127.0.0.1:0",)), lazily=True))
"""
)

_LIFE = """
import json, resource, socket, sys, threading, time
from PySide6.QtCore import QAbstractEventDispatcher, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication
from cmi_gui.app import build
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.ui.text.status import listening

idle, busy = float(sys.argv[1]), float(sys.argv[2])
app = QApplication([])
# Built as in the program, which excludes what lives as long as the window from garbage collection.
window = build(StationConfig(mbus=("tcp://127.0.0.1:0",)), lazily=True)
window.show()

def wait(seconds):
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()

def resident():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))

wait(6)
before, wall = time.process_time(), time.perf_counter()
wait(idle)
share = (time.process_time() - before) / (time.perf_counter() - wall)
at_rest = resident()

# A slice is the processor time of the window's thread between two waits. The time between `awake` and `aboutToBlock`
# would miss the timers, which Qt serves before `awake`.
slices, last = [], [time.thread_time()]

def asleep():
    now = time.thread_time()
    slices.append(now - last[0])
    last[0] = now

QAbstractEventDispatcher.instance().aboutToBlock.connect(asleep)

def poll(port, ending):
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.settimeout(2)
        line.sendall(bytes.fromhex("1040004016"))
        line.recv(1)
        fcb = 0x7B
        while not ending.is_set():
            line.sendall(bytes((0x10, fcb, 0, fcb, 0x16)))
            answer = line.recv(300)
            while len(answer) < 4 or len(answer) < answer[1] + 6:
                answer += line.recv(300)
            fcb ^= 0x20

ending = threading.Event()
port = int(listening(window.station).url.rpartition(":")[2])
master = threading.Thread(target=poll, args=(port, ending))
master.start()
worst = {}
end = time.perf_counter() + busy
place = 0
while time.perf_counter() < end:
    window.navigation.choose(place % len(window.pages))
    slices.clear()
    wait(busy / (2 * len(window.pages)) - 0.05)
    name = window.stack.currentWidget().objectName()
    worst[name] = max(worst.get(name, 0.0), *slices)
    place += 1
ending.set()
wait(0.5)
master.join()
telegrams = len(window.station.traffic)
window.close()
print(json.dumps({"share": share, "at_rest": at_rest, "worst": worst, "telegrams": telegrams}))
"""


def _process(script: str, *arguments: str) -> str:
    environment = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True, text=True, check=False, env=environment, timeout=300,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


def run() -> list[str]:
    """Return the lines to print."""
    # An installed program has compiled bytecode like the libraries; a checkout may not.
    compileall.compile_dir(Path(cmi_gui.__file__).parent, quiet=2)
    bare, ours = [], []
    for _ in range(STARTS):
        bare.append(float(_process(_BARE)))
        ours.append(float(_process(_OURS)))
    least, own = statistics.median(bare), statistics.median(ours)
    lines = [
        f"window: start to first paint {own / least:.2f}x a bare PySide6 and pyqtgraph window"
        f" ({own:.2f} s and {least:.2f} s, medians of {STARTS})"
    ]
    if not sys.platform.startswith("linux"):
        return [*lines, "window: memory is read from /proc, which this system has not"]
    life = json.loads(_process(_LIFE, str(IDLE_SECONDS), str(BUSY_SECONDS)))
    worst = ", ".join(f"{name.removeprefix('page')} {1000 * slice:.0f} ms" for name, slice in life["worst"].items())
    return [
        *lines,
        f"window: idle with its LEDs flashing {100 * life['share']:.1f} % of one core over {IDLE_SECONDS} s,"
        f" {life['at_rest']:.0f} MB resident",
        f"window: longest slice on its thread while a master polls ({life['telegrams']} telegrams) and pages change:"
        f" {worst}",
    ]
