"""`cmi-gui --self-test`: a test of this installation, bundled or not, from window to data.

A window is built without a screen, in a temporary folder and on a port of its own: the user's state, keyring and port
are not touched. Prints one line a check. Any output of Qt, Python or the log meanwhile counts as a failure, and so does
a thread that is left over; who hangs is ended with the stacks of all threads.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import logging
import os
import shutil
import sys
import tempfile
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

from cmi_gui.self_test import checks
from cmi_gui.self_test.checks import CheckFailed

PATIENCE = 60.0
"""Seconds after which a self-test that has not ended is ended."""

_LAST_RESORT = 5.0
"""Seconds later, when not even Python's own threads get to run."""

_JOIN_SECONDS = 2.0
"""A thread may be on its way out when the window has closed, but it must get there."""

_EXPECTED = ("This plugin does not support propagateSizeHints", "This plugin does not support raise")
"""Expected messages of Qt's platform without a screen."""


def run(patience: float = PATIENCE) -> int:
    """Run all checks; returns the exit code, 0 if every one passed. `patience`: seconds until it is given up."""
    # The user's window settings do not count here.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["LC_ALL"] = "C.UTF-8"
    for name in ("CMI_GUI_LANGUAGE", "CMI_GUI_THEME", "QT_STYLE_OVERRIDE", "QT_PLUGIN_PATH"):
        os.environ.pop(name, None)
    began = time.perf_counter()
    report = _Report()
    with _watched(patience) as leave:
        before = set(threading.enumerate())
        with _overhearing(report), tempfile.TemporaryDirectory(prefix="cmi-gui-self-test-") as folder:
            leave(folder)
            try:
                _checks(report, Path(folder))
            except Exception as error:
                report.failed("the self-test itself", error)
            # Python reports an unclosed resource when it is collected.
            gc.collect()
        with report.check("nothing left running"):
            _all_ended(before)
        report.nothing_overheard()
    took = time.perf_counter() - began
    if report.failures:
        _say(f"self-test FAILED: {report.failures} of {report.checks} checks, {took:.1f} s")
        return 1
    _say(f"self-test passed: {report.checks} checks, {took:.1f} s")
    return 0


def _say(line: str) -> None:
    # The terminal of an old system may not know every sign.
    sys.stdout.write(line.encode("ascii", "backslashreplace").decode() + "\n")
    sys.stdout.flush()


class _Report:
    """The printed and counted results; `overheard` collects the messages of Qt, Python and the log."""

    def __init__(self) -> None:
        self.checks = 0
        self.failures = 0
        self.overheard: list[str] = []

    @contextlib.contextmanager
    def check(self, name: str) -> Iterator[Callable[[str], None]]:
        """Run a check that passes unless its block raises; yields a function that takes a detail to print."""
        details: list[str] = []
        try:
            yield details.append
        except Exception as error:
            self.failed(name, error)
        else:
            self.checks += 1
            _say(f"ok    {name}" + (f": {'; '.join(details)}" if details else ""))

    def failed(self, name: str, error: Exception) -> None:
        """Report a failed check with its cause; for an unexpected error also its place."""
        self.checks += 1
        self.failures += 1
        cause = (
            str(error)
            if isinstance(error, CheckFailed)
            else f"{type(error).__name__}: {error}{_place(error.__traceback__)}"
        )
        _say(f"FAIL  {name}: {' '.join(cause.split())}")

    def nothing_overheard(self) -> None:
        """The last check."""
        with self.check("no Qt messages, warnings or log entries"):
            if self.overheard:
                raise CheckFailed(" | ".join(dict.fromkeys(self.overheard)))


def _place(trace: TracebackType | None) -> str:
    """Module and line, without the path of the machine."""
    frames = traceback.extract_tb(trace)
    return f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""


def _checks(report: _Report, folder: Path) -> None:
    """Run all checks, those on which most depends first."""
    for name, check in checks.WITHOUT_WINDOW.items():
        with report.check(name) as tell:
            tell(check(folder))
    if report.failures:
        # Already reported; a window without its drawings could crash: Qt does not survive an error while it paints.
        return
    # Not before: the messages of Qt while it is loaded are collected too.
    from cmi_gui.self_test.window import run_window_checks

    run_window_checks(folder, report.check)


def _all_ended(before: set[threading.Thread]) -> None:
    give_up = time.monotonic() + _JOIN_SECONDS
    left = [thread for thread in threading.enumerate() if thread not in before]
    for thread in left:
        thread.join(max(0.0, give_up - time.monotonic()))
    alive = [thread.name for thread in left if thread.is_alive()]
    if alive:
        raise CheckFailed(f"threads still running: {', '.join(alive)}")


@contextlib.contextmanager
def _watched(patience: float) -> Iterator[Callable[[str], None]]:
    """End the process with the stacks of all threads if the block takes longer.

    Yields a function that takes the name of a folder to remove in that case.
    """
    folders: list[str] = []

    def give_up() -> None:
        names = {thread.ident: thread.name for thread in threading.enumerate()}
        _say(f"FAIL  the self-test hangs: not finished after {patience:.0f} s")
        for ident, frame in sys._current_frames().items():
            if ident != threading.get_ident():
                sys.stderr.write(f"\nThread {names.get(ident, ident)}:\n{''.join(traceback.format_stack(frame))}")
        sys.stderr.flush()
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)

    faulthandler.enable()  # a crash is reported with its stacks too
    faulthandler.dump_traceback_later(patience + _LAST_RESORT, exit=True)
    watch = threading.Timer(patience, give_up)
    watch.name = "self-test watch"
    watch.daemon = True
    watch.start()
    try:
        yield folders.append
    finally:
        watch.cancel()
        watch.join()
        faulthandler.cancel_dump_traceback_later()


@contextlib.contextmanager
def _overhearing(report: _Report) -> Iterator[None]:
    """Collect the messages of Qt, Python's warnings, the log and uncaught errors instead of printing them."""
    heard = report.overheard
    handler = _Collector(heard)
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook

    def uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        heard.append(f"not caught: {kind.__name__}: {error}{_place(trace)}")

    sys.excepthook = uncaught
    threading.excepthook = lambda args: uncaught(args.exc_type, args.exc_value, args.exc_traceback)
    sys.unraisablehook = lambda args: uncaught(args.exc_type, args.exc_value, args.exc_traceback)
    logging.getLogger().addHandler(handler)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.showwarning = lambda message, category, *_: heard.append(f"{category.__name__}: {message}")
            with _qt_overheard(heard):
                yield
    finally:
        logging.getLogger().removeHandler(handler)
        sys.excepthook, threading.excepthook, sys.unraisablehook = hooks


@contextlib.contextmanager
def _qt_overheard(heard: list[str]) -> Iterator[None]:
    try:
        from PySide6.QtCore import qInstallMessageHandler
    except ImportError:
        yield  # the check that loads Qt will report why
        return

    def take(kind: object, context: object, message: str) -> None:
        if not message.startswith(_EXPECTED):
            heard.append(f"Qt: {message}")

    before = qInstallMessageHandler(take)
    try:
        yield
    finally:
        qInstallMessageHandler(before)


class _Collector(logging.Handler):
    def __init__(self, heard: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        self._heard.append(f"log: {record.name}: {record.getMessage()}")
