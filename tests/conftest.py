"""Settings and fixtures of every test: no screen, a virtual clock, and checks for leftovers."""

from __future__ import annotations

import os

# Before anything imports Qt.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_API"] = "pyside6"
os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"

import asyncio
import contextlib
import gc
import inspect
import logging
import threading
import time
from collections.abc import AsyncIterator, Iterator
from typing import Final

import pytest
import pytest_asyncio
from _pytest.runner import runtestprotocol
from filelock import FileLock
from hypothesis import settings

from cmi_gui.display import name_font_folder
from cmi_gui.engine.clock import VirtualClock
from tests.helpers.waiting import WAIT_SECONDS

name_font_folder()

LATE: Final = "machine was late"
"""The user property of a test that ran again, and the heading of the summary."""
_TRIES: Final = 5
_SLEEP_SECONDS: Final = 0.005


class TimeWatch(threading.Thread):
    """A thread that sleeps repeatedly; `latest`: the greatest delay of its waking, in seconds."""

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
            due = time.perf_counter() + _SLEEP_SECONDS
            time.sleep(_SLEEP_SECONDS)
            self.latest = max(self.latest, time.perf_counter() - due)


def run_in_real_time(
    item: pytest.Item, nextitem: pytest.Item | None, tolerance: float, *, alone: bool = True
) -> list[pytest.TestReport]:
    """Run a test marked `real_time(tolerance)`; return the reports of the last run.

    Such a test can judge only while each thread runs at most `tolerance` seconds after it is due. It does not run
    beside others of its kind, unless marked `alone=False`. A failure on a machine that kept time counts at once; on one
    that was later than the tolerance the test runs again.
    """
    folder = item.config._tmp_path_factory.getbasetemp().parent  # type: ignore[attr-defined]  # no public way here
    with FileLock(folder / "real_time.lock") if alone else contextlib.nullcontext():
        for attempt in range(1, _TRIES + 1):
            with TimeWatch() as watch:
                reports = runtestprotocol(item, nextitem=nextitem, log=False)
            failed = [report for report in reports if report.failed]
            if not failed or watch.latest <= tolerance:
                return reports
            attempt_text = f"run {attempt} failed: {1000 * watch.latest:.0f} ms late, {1000 * tolerance:.0f} ms allowed"
            item.user_properties.append((LATE, attempt_text))
        for report in failed:
            report.sections.append(("real time", f"{LATE} in each of {_TRIES} runs; in the last one: {attempt_text}"))
        return reports


# The same examples every time, so that a failure comes from a change; the profile "explore" tries others.
settings.register_profile("default", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("explore", max_examples=300, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="module", autouse=True)
def short_garbage_collections() -> None:
    """With thousands of tests on the heap, a full collection takes longer than a master waits for an answer."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture(autouse=True)
def no_leftover_threads() -> Iterator[None]:
    """Fail a test that leaves a thread running; threads that are ending get time to do so."""
    before = set(threading.enumerate())
    yield
    give_up = time.perf_counter() + WAIT_SECONDS
    left = [thread for thread in threading.enumerate() if thread not in before]
    for thread in left:
        thread.join(max(0.0, give_up - time.perf_counter()))
    alive = [thread.name for thread in left if thread.is_alive()]
    assert not alive, f"threads left running: {alive}"


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def no_unexpected_warnings_logged(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that logs a warning, unless it uses `caplog` to check the log itself."""
    if "caplog" in request.fixturenames:
        yield
        return
    collector = _Collector()
    logging.getLogger().addHandler(collector)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(collector)
    logged = [f"{record.name}: {record.getMessage()}" for record in collector.records]
    assert not logged, f"logged unexpectedly: {logged}"


@pytest_asyncio.fixture
async def no_leftover_tasks() -> AsyncIterator[None]:
    """Fail a coroutine test that leaves a task running; torn down between its fixtures and the check of threads."""
    yield
    left = [task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    await asyncio.get_running_loop().shutdown_default_executor()
    assert not left, f"tasks left running: {left}"


def pytest_configure(config: pytest.Config) -> None:
    # Here and not in pyproject.toml, because tests/mutants.py has its own settings.
    words = "right only if no thread is later than so many seconds (see `run_in_real_time`)"
    config.addinivalue_line("markers", f"real_time(tolerance, alone=True): {words}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Inserted here, because an autouse coroutine fixture would start a loop for every other test too.
    for item in items:
        if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj):
            item.fixturenames.insert(item.fixturenames.index("no_leftover_threads") + 1, "no_leftover_tasks")
        if item.get_closest_marker("real_time") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(900))  # for all its runs, and the wait for its turn


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    marker = item.get_closest_marker("real_time")
    if marker is None:
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for report in run_in_real_time(item, nextitem, *marker.args, **marker.kwargs):
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    late = {
        f"{report.nodeid}: {attempt_text}"
        for report in reports
        for name, attempt_text in getattr(report, "user_properties", ())
        if name == LATE
    }
    if late:
        terminalreporter.section(f"The {LATE}: tests of real time that ran again")
        for line in sorted(late):
            terminalreporter.write_line(line)
