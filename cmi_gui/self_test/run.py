"""`cmi-gui --self-test`: a test of this installation, bundled or not, from window to data.

A window is built offscreen, with a temporary folder and a free port, so that the user's state, keyring and port are not
touched. One line is printed per check. Any message of Qt, Python or the log counts as a failure, and so does a thread
that is still running at the end. A self-test that hangs is ended, with the stacks of all threads.
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

from cmi_gui.display import name_font_folder
from cmi_gui.self_test import checks
from cmi_gui.self_test.checks import CheckFailed

TIME_LIMIT = 60.0
"""Seconds after which a self-test that has not ended is ended."""

_LAST_RESORT = 5.0
"""Seconds after that at which the process is ended even if no Python thread can run."""

_JOIN_SECONDS = 2.0
"""Seconds within which threads must have ended after the window has closed."""

_EXPECTED = ("This plugin does not support propagateSizeHints", "This plugin does not support raise")
"""Expected messages of Qt's platform without a screen."""


def run(time_limit: float = TIME_LIMIT) -> int:
    """Run all checks; return the exit code, 0 if all passed. `time_limit`: seconds after which the process is ended."""
    # The user's settings of the window must have no effect.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    name_font_folder()
    os.environ["LC_ALL"] = "C.UTF-8"
    for name in ("CMI_GUI_LANGUAGE", "CMI_GUI_THEME", "QT_STYLE_OVERRIDE", "QT_PLUGIN_PATH"):
        os.environ.pop(name, None)
    began = time.perf_counter()
    report = _Report()
    with _watched(time_limit) as leave:
        before = set(threading.enumerate())
        with _messages_collected(report), tempfile.TemporaryDirectory(prefix="cmi-gui-self-test-") as folder:
            leave(folder)
            try:
                _checks(report, Path(folder))
            except Exception as error:
                report.failed("the self-test itself", error)
            # Python reports an unclosed resource when it is collected.
            gc.collect()
        with report.check("nothing left running"):
            _all_ended(before)
        with report.check("no Qt messages, warnings or log entries"):
            if report.messages:
                raise CheckFailed(" | ".join(dict.fromkeys(report.messages)))
    took = time.perf_counter() - began
    if report.failures:
        _print_line(f"self-test FAILED: {report.failures} of {report.checks} checks, {took:.1f} s")
        return 1
    _print_line(f"self-test passed: {report.checks} checks, {took:.1f} s")
    return 0


def _print_line(line: str) -> None:
    # The terminal of an old system may not support every character.
    sys.stdout.write(line.encode("ascii", "backslashreplace").decode() + "\n")
    sys.stdout.flush()


class _Report:
    """The printed and counted results; `messages` collects the messages of Qt, Python and the log."""

    def __init__(self) -> None:
        self.checks = 0
        self.failures = 0
        self.messages: list[str] = []

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
            _print_line(f"ok    {name}" + (f": {'; '.join(details)}" if details else ""))

    def failed(self, name: str, error: Exception) -> None:
        """Report a failed check with its cause; for an unexpected error also its position in the code."""
        self.checks += 1
        self.failures += 1
        cause = (
            str(error)
            if isinstance(error, CheckFailed)
            else f"{type(error).__name__}: {error}{_code_position(error.__traceback__)}"
        )
        _print_line(f"FAIL  {name}: {' '.join(cause.split())}")


def _code_position(trace: TracebackType | None) -> str:
    """Return module and line of an error, without the path of the computer."""
    frames = traceback.extract_tb(trace)
    return f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""


def _checks(report: _Report, folder: Path) -> None:
    """Run all checks, the most fundamental first."""
    for name, check in checks.WITHOUT_WINDOW.items():
        with report.check(name) as add_detail:
            add_detail(check(folder))
    if report.failures:
        # No window is tried, because without its files Qt could crash while painting.
        return
    # Imported here, so that the messages of Qt while it is loaded are collected too.
    from cmi_gui.self_test.window import run_window_checks

    run_window_checks(folder, report.check)


def _all_ended(before: set[threading.Thread]) -> None:
    give_up = time.perf_counter() + _JOIN_SECONDS
    left = [thread for thread in threading.enumerate() if thread not in before]
    for thread in left:
        thread.join(max(0.0, give_up - time.perf_counter()))
    alive = [thread.name for thread in left if thread.is_alive()]
    if alive:
        raise CheckFailed(f"threads still running: {', '.join(alive)}")


@contextlib.contextmanager
def _watched(time_limit: float) -> Iterator[Callable[[str], None]]:
    """End the process with the stacks of all threads if the block takes longer than `time_limit` seconds.

    Yields a function that takes the name of a folder to remove in that case.
    """
    folders: list[str] = []

    def give_up() -> None:
        names = {thread.ident: thread.name for thread in threading.enumerate()}
        _print_line(f"FAIL  the self-test hangs: not finished after {time_limit:.0f} s")
        for ident, frame in sys._current_frames().items():
            if ident != threading.get_ident():
                sys.stderr.write(f"\nThread {names.get(ident, ident)}:\n{''.join(traceback.format_stack(frame))}")
        sys.stderr.flush()
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)

    faulthandler.enable()  # a crash is reported with its stacks too
    faulthandler.dump_traceback_later(time_limit + _LAST_RESORT, exit=True)
    watch = threading.Timer(time_limit, give_up)
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
def _messages_collected(report: _Report) -> Iterator[None]:
    """Collect the messages of Qt, Python's warnings, the log and uncaught errors instead of printing them."""
    messages = report.messages
    handler = _Collector(messages)
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook

    def uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        messages.append(f"uncaught error: {kind.__name__}: {error}{_code_position(trace)}")

    sys.excepthook = uncaught
    threading.excepthook = lambda args: uncaught(args.exc_type, args.exc_value, args.exc_traceback)
    sys.unraisablehook = lambda args: uncaught(args.exc_type, args.exc_value, args.exc_traceback)
    logging.getLogger().addHandler(handler)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.showwarning = lambda message, category, *_: messages.append(f"{category.__name__}: {message}")
            with _qt_messages_collected(messages):
                yield
    finally:
        logging.getLogger().removeHandler(handler)
        sys.excepthook, threading.excepthook, sys.unraisablehook = hooks


@contextlib.contextmanager
def _qt_messages_collected(messages: list[str]) -> Iterator[None]:
    try:
        from PySide6.QtCore import qInstallMessageHandler
    except ImportError:
        yield  # the check that loads Qt will report why
        return

    def take(kind: object, context: object, message: str) -> None:
        if not message.startswith(_EXPECTED):
            messages.append(f"Qt: {message}")

    before = qInstallMessageHandler(take)
    try:
        yield
    finally:
        qInstallMessageHandler(before)


class _Collector(logging.Handler):
    def __init__(self, messages: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._messages = messages

    def emit(self, record: logging.LogRecord) -> None:
        self._messages.append(f"log: {record.name}: {record.getMessage()}")
