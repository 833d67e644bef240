"""The start of the program as a user sees it: from its launch until its window is painted on a screen.

`python -m benchmarks start PROGRAM` starts that executable, such as dist/cmi-gui/cmi-gui; default: the installed one.
The screen is Xvfb, whose picture is read from its memory. Cold means that the system had to read every file from the
disk; only root can make it so.
"""

from __future__ import annotations

import mmap
import os
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WARM, COLD = 7, 3
WIDTH, HEIGHT = 1280, 800
STEP = 16
"""The distance in pixels between the points that are looked at."""
LIMIT_SECONDS = 60
DROP_CACHES = Path("/proc/sys/vm/drop_caches")


class Screen:
    """The picture of an Xvfb, in the form of the program xwd: a header of 32-bit numbers, colours, pixels."""

    def __init__(self, file: Path) -> None:
        with file.open("rb") as opened:
            self._memory = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        header = struct.unpack(">25I", self._memory[:100])
        self._line, self._pixels = header[12], header[0] + 12 * header[19]

    def painted(self) -> bool:
        """Return whether a window covers most of the screen and has contents: text and lines have many colours."""
        points = []
        for y in range(0, HEIGHT, STEP):
            start = self._pixels + y * self._line
            line = self._memory[start : start + 4 * WIDTH]
            points += [line[x : x + 3] for x in range(0, 4 * WIDTH, 4 * STEP)]
        covered = sum(point != b"\0\0\0" for point in points)
        return covered > len(points) / 2 and len(set(points)) >= 8


@contextmanager
def screen() -> Iterator[tuple[Screen, str]]:
    """Start an Xvfb; yield its picture and its name."""
    with tempfile.TemporaryDirectory() as folder:
        size = f"{WIDTH}x{HEIGHT}x24"
        command = ["Xvfb", "-displayfd", "1", "-screen", "0", size, "-fbdir", folder, "-nolisten", "tcp"]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            assert server.stdout is not None
            number = server.stdout.readline().strip()
            yield Screen(Path(folder, "Xvfb_screen0")), f":{number}"
        finally:
            server.terminate()
            server.wait()


def start(program: str, home: Path) -> tuple[float, float]:
    """Start the program on a screen of its own; return the seconds until its window is painted, and those of CPU."""
    with screen() as (seen, display):
        environment = {"HOME": str(home), "DISPLAY": display, "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        began = time.perf_counter()
        process = subprocess.Popen([program], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            while not seen.painted():
                if process.poll() is not None or time.perf_counter() - began > LIMIT_SECONDS:
                    process.kill()
                    raise RuntimeError(f"{program} showed no window: {process.communicate()[1].decode()}")
                time.sleep(0.005)
            took = time.perf_counter() - began
            ticks = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
            return took, sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
        finally:
            process.terminate()
            process.communicate()


def run(program: str = "") -> list[str]:
    program = program or shutil.which("cmi-gui", path=str(Path(sys.executable).parent)) or "cmi-gui"
    if not sys.platform.startswith("linux") or shutil.which("Xvfb") is None:
        return ["start: not measured; it needs Xvfb on Linux"]
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        first, _ = start(program, home)
        warm, busy = zip(*(start(program, home) for _ in range(WARM)), strict=True)
        lines.append(
            f"start of {program} to a painted window: median {statistics.median(warm):.2f} s,"
            f" {min(warm):.2f} to {max(warm):.2f} s in {WARM} starts; the first, with an empty home, {first:.2f} s;"
            f" CPU {statistics.median(busy):.2f} s"
        )
        if not os.access(DROP_CACHES, os.W_OK):
            return [*lines, "cold start: not measured; only root can empty the system's cache"]
        cold = []
        for _ in range(COLD):
            os.sync()
            DROP_CACHES.write_text("3\n")
            cold.append(start(program, home)[0])
        lines.append(f"cold start: median {statistics.median(cold):.2f} s, up to {max(cold):.2f} s in {COLD} starts")
    return lines
