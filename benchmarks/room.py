"""A room of 250 modules: the time until it is ready, its memory, its load when idle, and searches for all modules.

`python -m benchmarks room` serves a made room in a process of its own, as `cmi-gui serve --modules 250 --interval 900`
does, and measures that process for `IDLE_SECONDS`. The searches run in virtual time over a wire without speed, as TCP
is, with random serial numbers; `python -m benchmarks.room NUMBER` searches one such room.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from random import Random

from cmi_gui.engine.bus.response_time import AS_SOLD, ResponseTime
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.configurator.session import MasterSession
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.search import ANY, search_secondary
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.metering_point import PointConfig
from cmi_gui.engine.station.station import Station

MODULES = 250
COUNTS = (2, 20, 250)
INTERVAL = 900
IDLE_SECONDS = 30.0
SETTLE_SECONDS = 15.0
"""Seconds for the first readouts, which all modules begin when they get their bus voltage.

All later ones are made at the same time too, so their share of the load is that of the first ones in `INTERVAL`.
"""
_PAGE = resource.getpagesize()


def run() -> list[str]:
    """Return the lines to print."""
    return [
        f"room: load of this computer {os.getloadavg()[0]:.1f} of {os.cpu_count()}",
        _served(),
        *(_searched(count) for count in COUNTS),
    ]


def _served() -> str:
    command = [sys.executable, "-m", "cmi_gui", "serve", "--json", "--mbus", "tcp://127.0.0.1:0"]
    command += ["--modules", str(MODULES), "--interval", str(INTERVAL)]
    begun = time.perf_counter()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as served:
        assert served.stdout is not None
        modules = len(json.loads(served.stdout.readline())["modules"])
        ready, first = time.perf_counter() - begun, _cpu_seconds(served.pid)
        time.sleep(SETTLE_SECONDS)
        before = _cpu_seconds(served.pid)
        time.sleep(IDLE_SECONDS)
        idle = (_cpu_seconds(served.pid) - before) / IDLE_SECONDS + (before - first) / INTERVAL
        memory = int(Path(f"/proc/{served.pid}/statm").read_text().split()[1]) * _PAGE / 1e6
        served.terminate()
    return (
        f"room: {modules} modules ready after {ready:.1f} s, {memory:.0f} MB; idle with readouts every {INTERVAL} s"
        f" {100 * idle:.1f} % of a core"
    )


def _cpu_seconds(pid: int) -> float:
    """Return the seconds that a process has used of a core."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _searched(count: int) -> str:
    random = Random(count)
    serials = random.sample(range(100_000_000), count)
    modules = tuple(
        PointConfig(
            f"{serial:08d}", seed=serial, response=ResponseTime(high=AS_SOLD), readout_interval=86_400.0, paced=False
        )
        for serial in serials
    )
    clock = VirtualClock(1000.0)
    station = Station(StationConfig(mbus=(), modules=modules), clock)
    station.start()
    clock.run_until(clock.now() + 60, lambda: all(point.module.contact for point in station.points))
    session = MasterSession(station.connect_master(), Line(2400), clock)
    probes = 0

    def count_probe(event: object) -> None:
        nonlocal probes
        probes += 1

    session.on_exchange = count_probe
    ends: list[object] = []
    begun, begin = time.process_time(), clock.now()
    session.run(search_secondary(ANY, lambda progress: None), ends.append, ends.append)
    clock.run_until(begin + 100_000, lambda: bool(ends))
    found = len(ends[0]) if isinstance(ends[0], list) else 0
    return (
        f"room: search for {count} modules: {found} found with {probes} requests in {clock.now() - begin:.0f} s of the"
        f" bus's time, {time.process_time() - begun:.1f} s of computing"
    )


if __name__ == "__main__":
    print(_searched(int(sys.argv[1])))
