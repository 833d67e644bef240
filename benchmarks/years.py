"""Simulated years a minute: one module, variant M29, read every 15 minutes by a virtual clock, without links.

`python -m benchmarks years PATH` compares with the program in another checkout at PATH: the two run in turn, in
processes of their own, so that other work on this computer slows both. Processor time counts, not the time of day.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import datetime
from importlib import import_module
from pathlib import Path
from statistics import median

RUNS = 5
DAYS = 10.0
"""The simulated time of one run."""
_ROOT = Path(__file__).parent.parent


def run(other: str = "") -> list[str]:
    """Return the lines to print; `other`: the path of another checkout, empty for none."""
    here, there = [], []
    for _ in range(RUNS):
        here.append(_years_of(_ROOT))
        if other:
            there.append(_years_of(Path(other)))
    lines = [f"years: {_words(here)}"]
    if other:
        ratios = sorted(mine / its for mine, its in zip(here, there, strict=True))
        lines.append(f"years: in the other checkout {_words(there)}")
        lines.append(f"years: {median(ratios):.2f} times as fast ({ratios[0]:.2f}-{ratios[-1]:.2f})")
    return lines


def _words(years: list[float]) -> str:
    return f"{median(years):.2f} simulated years a minute ({min(years):.2f}-{max(years):.2f}), median of {len(years)}"


def _years_of(checkout: Path) -> float:
    """Return the simulated years a minute of the program in a checkout."""
    environment = {**os.environ, "PYTHONPATH": str(checkout.absolute())}
    command = [sys.executable, str(Path(__file__).absolute())]
    done = subprocess.run(command, env=environment, cwd=checkout, capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout))


def _measure() -> float:
    """Return the simulated years a minute of processor time."""
    from cmi_gui.engine.clock import VirtualClock

    # Both classes are here in earlier checkouts too.
    module = import_module("cmi_gui.engine.station.station")
    clock = VirtualClock()
    config = module.StationConfig(
        mbus=(), variant="M29", paced=False, readout_interval=900.0, start_time=datetime(2026, 1, 1)
    )
    station = module.Station(config, clock)
    station.start()
    clock.advance(3600.0)
    begun = time.process_time()
    clock.advance(86_400 * DAYS)
    taken = time.process_time() - begun
    assert len(station.module.lines) == 30
    return DAYS / 365 / (taken / 60)


if __name__ == "__main__":
    print(json.dumps(_measure()))
