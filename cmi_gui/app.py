"""The composition root of the window: application, event loop, station, main window, and closing them."""

from __future__ import annotations

import os

from cmi_gui.engine.messages import Message, reason_of
from cmi_gui.ui.text.messages import text_of

# qasync and pyqtgraph choose their Qt binding by these, and by what is imported already.
os.environ.setdefault("QT_API", "pyside6")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")

import asyncio
import contextlib
import dataclasses
import logging
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from cmi_gui.engine.clock import Clock, LoopClock
from cmi_gui.engine.files.profiles import ProfileError
from cmi_gui.engine.files.program_folder import portable_folder, program_folder
from cmi_gui.engine.files.state_folder import StateFolder, default_state_folder, open_state_folder
from cmi_gui.engine.station.config import StationConfig, default_mbus_link
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.station.wiring import Wiring, load_wiring
from cmi_gui.ui.event_loop import event_loop, garbage_collected_here
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.prefs import Prefs, UiPrefs
from cmi_gui.ui.text.i18n import chosen_language, install_language
from cmi_gui.ui.text.words import Level, sentence
from cmi_gui.ui.theme import Scheme, apply_sizes, apply_theme
from cmi_gui.ui.widgets.plain.accessible import install_accessibility
from cmi_gui.ui.widgets.plain.scroll_bar import scroll_to_focus
from cmi_gui.ui.widgets.plain.style import WindowStyle

_log = logging.getLogger(__name__)

_SIGNAL_MS = 200
"""Milliseconds between the moments at which Python can run its signal handlers while Qt waits."""


def build(config: StationConfig | None = None, clock: Clock | None = None, *, lazily: bool = False) -> MainWindow:
    """Return the window with its engine, not yet shown and with no link open; needs a QApplication.

    Without a `config` the module is served on the default address or, if that is in use, the next free port. Links
    open once a Qt loop runs, or with `window.start()`. `clock`: that of the engine; default: on `event_loop`. `lazily`:
    pages that are not shown are created after the window has been painted. Raises what `Station` raises.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("build() needs a QApplication; run() makes one")
    if config is None:
        config = StationConfig(mbus=(default_mbus_link(),))
    install_accessibility()
    prefs = Prefs(config.state_dir)
    if not isinstance(app.style(), WindowStyle):
        app.setStyle(WindowStyle())
        app.focusChanged.connect(scroll_to_focus)
    apply_theme(app, Scheme.from_environment(prefs.stored.theme))
    apply_sizes(app, prefs.stored.text_size, prefs.stored.density)
    install_language(app, chosen_language(prefs.stored.language))
    clock = clock or LoopClock(event_loop())
    try:
        return MainWindow(Station(_with_profiles(config, prefs.stored), clock), prefs, lazily=lazily)
    except ProfileError as error:
        window = MainWindow(Station(config, clock), prefs, lazily=lazily)
        words = QCoreApplication.translate("MainWindow", "The profile chosen in the settings is not used: {0}")
        window.messages.add_message(clock.now(), Level.ERROR, words.format(text_of(reason_of(error))))
        return window


def _with_profiles(config: StationConfig, kept: UiPrefs) -> StationConfig:
    """Return the configuration with the user's choice of profiles if the caller has made none."""
    return dataclasses.replace(
        config,
        module_profile=config.module_profile or (Path(kept.module_profile) if kept.module_profile else None),
        meter_profile=config.meter_profile or (Path(kept.meter_profile) if kept.meter_profile else None),
    )


def run(config: StationConfig | None = None, *, fresh_meter: bool = False, file: Path | None = None) -> int:
    """Show the window until it is closed, or until SIGINT or SIGTERM; returns the exit code.

    Without a `config` the module stores its state in the user's folder and its passwords in the system's keyring, and
    its wiring is restored. `fresh_meter`: see `StationConfig`. `file`: a capture, log, site or room to open.
    """
    _name_a_utf8_locale()
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    QCoreApplication.setApplicationName("cmi-gui")
    portable = portable_folder(program_folder())
    if portable is not None:
        # Qt's file dialogs store the folders that were opened last.
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(portable))
    # The loop ends when the window has stopped everything, not as soon as Qt has closed it.
    app.setQuitOnLastWindowClosed(False)
    loop = event_loop()
    asyncio.set_event_loop(loop)
    requested = default_state_folder() if config is None else config.state_dir
    with loop, contextlib.closing(open_state_folder(requested)) as folder:
        used, problem = _with_folder(config, folder)
        window = build(dataclasses.replace(used, fresh_meter=used.fresh_meter or fresh_meter), lazily=True)
        window.first_file = file
        for notice in (folder.notice, problem):
            if notice is not None:
                window.messages.add_message(window.station.clock.now(), Level.WARNING, sentence(notice))
        # At the end of the session Windows ends the process as soon as Qt has sent this signal.
        app.aboutToQuit.connect(window.shutdown)
        with _errors_shown(window, loop), garbage_collected_here(window):
            loop.run_until_complete(_until_closed(window))
    return 0


def _name_a_utf8_locale() -> None:
    """Replace the locale C of a service or container with C.UTF-8, which Qt would choose with a warning.

    Python does the same by itself, but not in a bundle and not against LC_ALL.
    """
    chosen = next((name for name in ("LC_ALL", "LC_CTYPE", "LANG") if os.environ.get(name)), "LC_CTYPE")
    if sys.platform.startswith("linux") and (os.environ.get(chosen) or "C") in ("C", "POSIX"):
        os.environ[chosen] = "C.UTF-8"


def _with_folder(config: StationConfig | None, folder: StateFolder) -> tuple[StationConfig, Message | None]:
    """Return the configuration to start with, and a message if the stored wiring is damaged and needed."""
    if config is not None:
        return dataclasses.replace(config, state_dir=folder.path), None
    kept, problem = load_wiring(folder.path)
    wiring = kept.over(Wiring((default_mbus_link(),) if kept.mbus is None else kept.mbus))
    # A temporary folder must not share the passwords of the folder that it replaces, and a portable program must leave
    # nothing on the computers that it runs on.
    uses_keyring = folder.persistent and portable_folder(program_folder()) is None
    used = StationConfig(state_dir=folder.path, use_keyring=uses_keyring, stores_wiring=True)
    return used.wired(wiring), problem


async def _until_closed(window: MainWindow) -> None:
    closed = asyncio.Event()
    window.closed.connect(closed.set)
    # While the loop runs, a signal cannot close the window before it is shown. Closed before, it would stay open.
    with _signals_close(window):
        window.show()
        await closed.wait()


@contextlib.contextmanager
def _errors_shown(window: MainWindow, loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Log uncaught errors and show them in the message strip; the window stays open."""

    def caught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            window.close()
            return
        _log.error("uncaught error", exc_info=(kind, error, trace))
        window.report(error)

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            _log.error("uncaught error in a thread", exc_info=args.exc_value)
            QTimer.singleShot(0, window, lambda error=args.exc_value: window.report(error))

    def in_loop(_loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        _log.error("%s", context.get("message"), exc_info=error if isinstance(error, BaseException) else None)
        if isinstance(error, BaseException):
            window.report(error)

    before = sys.excepthook, threading.excepthook
    sys.excepthook, threading.excepthook = caught, in_thread
    loop.set_exception_handler(in_loop)
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook = before


@contextlib.contextmanager
def _signals_close(window: MainWindow) -> Iterator[None]:
    """Let SIGINT and SIGTERM close the window."""

    def close(*_: object) -> None:
        # Delayed, because a handler may run anywhere, such as in the middle of a paint event.
        QTimer.singleShot(0, window, window.close)

    before = {number: signal.signal(number, close) for number in (signal.SIGINT, signal.SIGTERM)}
    awake = QTimer(window)
    awake.timeout.connect(lambda: None)
    awake.start(_SIGNAL_MS)
    try:
        yield
    finally:
        awake.stop()
        for number, handler in before.items():
            signal.signal(number, handler)
