"""What every test gets: no screen, a virtual clock, and a look at what it leaves behind."""

from __future__ import annotations

import os

# Before anything imports Qt.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_API"] = "pyside6"
os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"

import asyncio
import gc
import inspect
import logging
import threading
import time
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from hypothesis import settings

from cmi_gui.engine.clock import VirtualClock
from tests.helpers.real_time import LATE, run_in_real_time
from tests.helpers.waiting import WAIT_SECONDS

# The same examples every time, so that a run tells about the change before it; "explore" looks for more.
settings.register_profile("default", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("explore", max_examples=300, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="module", autouse=True)
def short_garbage_collections() -> None:
    """Thousands of tests are a heap that a full collection walks for longer than a master waits for its answer."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture(autouse=True)
def no_leftover_threads() -> Iterator[None]:
    """A thread may be on its way out when a test ends, but it must get there."""
    before = set(threading.enumerate())
    yield
    give_up = time.monotonic() + WAIT_SECONDS
    left = [thread for thread in threading.enumerate() if thread not in before]
    for thread in left:
        thread.join(max(0.0, give_up - time.monotonic()))
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
    """A test that asks for `caplog` looks at the log itself; in all others a warning is a failure."""
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
    """Torn down after all that a coroutine test asks for itself, and before the look at the threads."""
    yield
    left = [task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    await asyncio.get_running_loop().shutdown_default_executor()
    assert not left, f"tasks left running: {left}"


def pytest_configure(config: pytest.Config) -> None:
    # Here and not in pyproject.toml, so that tests/mutants.py, which has settings of its own, knows it too.
    words = "right only if no thread is later than so many seconds (tests/helpers/real_time.py)"
    config.addinivalue_line("markers", f"real_time(tolerance, alone=True): {words}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # An autouse coroutine fixture would start a loop for every plain test too.
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
        f"{report.nodeid}: {said}"
        for report in reports
        for name, said in getattr(report, "user_properties", ())
        if name == LATE
    }
    if late:
        terminalreporter.section(f"The {LATE}: tests of real time that ran again")
        for line in sorted(late):
            terminalreporter.write_line(line)
