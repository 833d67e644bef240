"""How soon a test gets its module or room: `python -m benchmarks testing`."""

from __future__ import annotations

import statistics
import time

from cmi_gui.testing import open_module, open_room


def run() -> list[str]:
    """Return the seconds from the call to a room whose modules have read their meters, in lines."""
    lines = []
    for count, runs in ((1, 20), (20, 10), (250, 3)):
        seconds = []
        for seed in range(runs):
            begun = time.perf_counter()
            room = open_module().room if count == 1 else open_room(count, seed=seed)
            seconds.append(time.perf_counter() - begun)
            room.close()
        lines.append(
            f"testing: {count} modules ready after {1000 * statistics.median(seconds):.0f} ms (median of {runs}),"
            f" {1000 * max(seconds):.0f} ms at most"
        )
    return lines
