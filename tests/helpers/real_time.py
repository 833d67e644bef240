"""Tests whose subject is real time: they can judge only while the machine keeps time.

A test marked `real_time(tolerance)` is right only where a thread runs at most `tolerance` seconds after it is due. Such
tests do not run beside each other, unless marked `alone=False`, and the machine is watched meanwhile. A failure on a
machine that kept time counts at once; on one that was later than the tolerance the test runs again.
"""

from __future__ import annotations

import contextlib
import threading
import time
from typing import Final

import pytest
from _pytest.runner import runtestprotocol
from filelock import FileLock

LATE: Final = "machine was late"
"""The user property of a test that ran again, and the heading of the summary."""
_TRIES: Final = 5
_LOOK_SECONDS: Final = 0.005


class TimeWatch(threading.Thread):
    """A thread that sleeps, and notes in `latest` by how many seconds it woke too late at the most."""

    def __init__(self) -> None:
        super().__init__(name="time watch", daemon=True)
        self.latest = 0.0
        self._over = False

    def __enter__(self) -> TimeWatch:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over = True
        self.join()

    def run(self) -> None:
        while not self._over:
            due = time.monotonic() + _LOOK_SECONDS
            time.sleep(_LOOK_SECONDS)
            self.latest = max(self.latest, time.monotonic() - due)


def run_in_real_time(
    item: pytest.Item, nextitem: pytest.Item | None, tolerance: float, *, alone: bool = True
) -> list[pytest.TestReport]:
    """Run a test, again if it failed on a machine that was late; return the reports of the last run."""
    folder = item.config._tmp_path_factory.getbasetemp().parent  # type: ignore[attr-defined]  # no public way here
    with FileLock(folder / "real_time.lock") if alone else contextlib.nullcontext():
        for attempt in range(1, _TRIES + 1):
            with TimeWatch() as watch:
                reports = runtestprotocol(item, nextitem=nextitem, log=False)
            failed = [report for report in reports if report.failed]
            if not failed or watch.latest <= tolerance:
                return reports
            said = f"run {attempt} failed: {1000 * watch.latest:.0f} ms late, {1000 * tolerance:.0f} ms allowed"
            item.user_properties.append((LATE, said))
        for report in failed:
            report.sections.append(("real time", f"{LATE} in each of {_TRIES} runs; in the last one: {said}"))
        return reports
