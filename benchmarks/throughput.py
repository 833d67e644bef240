"""The answers of a room a second over TCP: 250 modules that answer after 11 bit times, while all read their meters.

The room runs in a process of its own, on the loop and the clock of `serve`; the master in another
(`python masters.py room PORT SECONDS`) sends REQ_UD2 to one module after the other, each as soon as it has the answer
to the one before. At 2400 bit/s no more than 218 answers a second are possible, because each begins 11 bit times after
its request. Other work on this computer delays both processes; `chrt -f 10 python -m benchmarks throughput` gives the
figures of a quiet one.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from cmi_gui.engine.bus.response_time import ResponseTime
from cmi_gui.engine.clock import LoopClock
from cmi_gui.engine.cmi1020.settings import ModuleSettings
from cmi_gui.engine.mbus.times import RESPONSE_MAX_BITS, RESPONSE_MIN_BITS
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.metering_point import PointConfig
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.traffic.telegram_type import TelegramType

MODULES = 250
SECONDS = 10.0
INTERVAL = 5.0
"""Seconds between two readouts of a meter; one takes 4 s, so that nearly always all meters are being read."""
_BIT = 1 / 2400
_EARLIEST, _LATEST = RESPONSE_MIN_BITS * _BIT, RESPONSE_MAX_BITS * _BIT + 0.05
POSSIBLE = 1 / _EARLIEST
_ROOT = Path(__file__).parent.parent


def run() -> list[str]:
    """Return the lines to print."""
    lines = [f"throughput: load of this computer {os.getloadavg()[0]:.1f} of {os.cpu_count()}"]
    for interval, words in ((86_400.0, "no meter is read"), (INTERVAL, "all meters are read")):
        lines.append(f"throughput: {words}: {_measured(interval)}")
    return lines


def _measured(interval: float) -> str:
    command = [sys.executable, "-m", "benchmarks.throughput", str(interval)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=_ROOT) as served:
        assert served.stdin is not None
        assert served.stdout is not None
        port = served.stdout.readline().strip()
        master = [sys.executable, str(Path(__file__).with_name("masters.py")), "room", port, str(SECONDS)]
        took = json.loads(subprocess.run(master, stdout=subprocess.PIPE, text=True, check=True).stdout)
        served.stdin.close()
        late, readouts, worked = json.loads(served.stdout.readline())
    replied = sorted(seconds for seconds in took if seconds >= 0)
    rate = len(replied) / SECONDS
    outside = sum(not _EARLIEST <= seconds <= _LATEST for seconds in replied)
    return (
        f"{rate:.0f} answers a second, {100 * rate / POSSIBLE:.0f} % of {POSSIBLE:.0f}; {len(took) - len(replied)}"
        f" missing, {late} withheld, {outside} outside the window;"
        f" median {1000 * median(replied):.2f} ms, maximum {1000 * replied[-1]:.1f} ms;"
        f" {readouts / SECONDS:.0f} readouts a second; {100 * worked / SECONDS:.0f} % of a core"
    )


def _room(interval: float) -> StationConfig:
    modules = tuple(
        PointConfig(
            f"{50100000 + number}",
            seed=number,
            response=ResponseTime(),
            settings=ModuleSettings(primary_address=number),
            readout_interval=interval,
        )
        for number in range(1, MODULES + 1)
    )
    return StationConfig(mbus=("tcp://127.0.0.1:0",), modules=modules)


async def _serve(interval: float) -> None:
    """Serve the room until standard input ends; then print what the modules did."""
    loop = asyncio.get_running_loop()
    station = Station(_room(interval), LoopClock(loop))
    gc.collect()
    gc.freeze()  # as `serve` does
    station.start()
    while not all(point.module.lines for point in station.points):
        await asyncio.sleep(0.1)  # until each module has read its meter once
    print(station.link_status[0].url.rpartition(":")[2], flush=True)
    begun, first = time.process_time(), len(station.traffic)
    await loop.run_in_executor(None, sys.stdin.read)
    worked = time.process_time() - begun
    readouts = station.traffic.columns(first, len(station.traffic)).types.count(TelegramType.DATA)
    print(json.dumps((station.link_status[0].late, readouts, worked)), flush=True)
    station.stop()


if __name__ == "__main__":
    asyncio.run(_serve(float(sys.argv[1])))
