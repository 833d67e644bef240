"""The checks of the self-test with a window, which is painted, read over TCP and closed."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

# First, because it chooses the Qt binding of qasync and pyqtgraph.
from cmi_gui.app import build  # isort: skip

from PySide6.QtCore import QByteArray, QCoreApplication, QLibraryInfo
from PySide6.QtGui import QImageReader
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget

from cmi_gui.engine.cmi1020.obis_labels import restore_lines
from cmi_gui.engine.configurator.client import MasterClient
from cmi_gui.engine.diagnostics.self_test import last_readout, self_test
from cmi_gui.engine.files.state_folder import open_state_folder
from cmi_gui.engine.link.url import make_link, parse_link
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.allowance import Allowance
from cmi_gui.engine.mbus.procedures import read_slave
from cmi_gui.engine.mbus.slave_address import SlaveAddress
from cmi_gui.engine.mbus.telegram import decode_telegram
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.self_test.checks import CheckFailed, built_in_profiles, resource_files
from cmi_gui.ui.event_loop import event_loop
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.prefs import Language
from cmi_gui.ui.text.i18n import install_language
from cmi_gui.ui.text.status import listening
from cmi_gui.ui.theme import Scheme

Check = Callable[[str], AbstractContextManager[Callable[[str], None]]]

_SECONDS = 20.0
"""The time limit of each wait; normally it takes a tenth of a second."""
_ALLOWANCE = 2.0
"""Seconds that an answer over the loopback may take beyond the window, on a busy machine."""
_POLL_SECONDS = 0.02
_FEWEST_COLOURS = 6
"""A page with contents has a background, two text colours, an accent, and shades at the edges of letters."""


def run_window_checks(folder: Path, check: Check) -> None:
    """Run the checks on an event loop of their own; `check` takes a name and yields a function for details."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setQuitOnLastWindowClosed(False)
    parts = {
        "Qt's plugins": _plugins,
        "icons": _icons,
        "Swedish": lambda: _swedish(app),
        "the module's own self-test": _module,
    }
    for name, part in parts.items():
        with check(name) as add_detail:
            add_detail(part())
    loop = event_loop()
    asyncio.set_event_loop(loop)
    with loop:
        loop.run_until_complete(_with_window(folder, check))
    asyncio.set_event_loop(None)


def _plugins() -> str:
    """Check the plugins that Qt loads at run time: platform, image formats, icons."""
    required = ["platforms/*offscreen*", "imageformats/*svg*", "iconengines/*svg*"]
    required.append(
        {"win32": "platforms/*windows*", "darwin": "platforms/*cocoa*"}.get(sys.platform, "platforms/*xcb*")
    )
    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath))
    missing = [pattern for pattern in required if not any(folder.glob(pattern))]
    if missing:
        raise CheckFailed(f"missing: {', '.join(missing)}")
    formats = {bytes(name.data()).decode() for name in QImageReader.supportedImageFormats()}
    if not {"png", "svg"} <= formats:
        raise CheckFailed(f"missing png or svg; readable picture formats: {', '.join(sorted(formats))}")
    return ", ".join(sorted(path.stem.removeprefix("lib") for path in (folder / "platforms").iterdir()))


def _icons() -> str:
    drawings = [(path, file) for path, file in resource_files() if path.endswith(".svg")]
    broken = [path for path, file in drawings if not QSvgRenderer(QByteArray(file.read_bytes())).isValid()]
    if broken or not drawings:
        raise CheckFailed(f"cannot be drawn: {', '.join(broken) or 'no icons found'}")
    return f"{len(drawings)} can be drawn"


def _swedish(app: QApplication) -> str:
    """Check the translation of the program and of Qt's dialogs."""
    install_language(app, Language.SWEDISH)
    try:
        ours = QCoreApplication.translate("MainWindow", "Readings")
        qts = QCoreApplication.translate("QPlatformTheme", "Cancel")
    finally:
        install_language(app, Language.ENGLISH)
    if ours == "Readings" or qts == "Cancel":
        raise CheckFailed(f"not translated: {'the window' if ours == 'Readings' else 'the dialogs of Qt'}")
    return "the window and the dialogs of Qt"


def _module() -> str:
    result = self_test()
    if not result.passed:
        raise CheckFailed(f"{result.steps[-1].id.value}: {result.steps[-1].problem}")
    return ", ".join(step.id.value for step in result.steps)


async def _with_window(folder: Path, check: Check) -> None:
    with contextlib.ExitStack() as stack:
        module_profile, meter_profile = stack.enter_context(built_in_profiles())
        state = stack.enter_context(contextlib.closing(open_state_folder(folder / "state")))
        config = StationConfig(
            mbus=("tcp://127.0.0.1:0",),
            state_dir=state.path,
            paced=False,
            module_profile=module_profile,
            meter_profile=meter_profile,
        )
        window: MainWindow | None = None
        with check("window") as add_detail:
            if not state.persistent:
                raise CheckFailed(state.notice or "state is not stored")
            window = build(config)
            window.show()
            add_detail(await _shown(window))
        if window is None:
            return  # type: ignore[unreachable]  # a check swallows what its block raises
        try:
            await _check_pages_and_reading(window, check)
        finally:
            window.close()
        with check("files that the window writes") as add_detail:
            kept = sorted(path.name for path in (folder / "state").iterdir() if not path.name.startswith("."))
            missing = {"history.sqlite", "window.json"} - set(kept)
            if missing:
                raise CheckFailed(f"not written: {', '.join(sorted(missing))}")
            add_detail(", ".join(kept))
        window.deleteLater()
        # The window is deleted in the next turn of the loop.
        await asyncio.sleep(_POLL_SECONDS)


async def _check_pages_and_reading(window: MainWindow, check: Check) -> None:
    for scheme, language in ((Scheme.LIGHT, Language.ENGLISH), (Scheme.DARK, Language.SWEDISH)):
        window.set_theme(scheme)
        window.set_language(language)
        for page in [page.objectName() for page in window.pages]:
            with check(f"{page}, {scheme.value}, {language.value}") as add_detail:
                window.go(page)
                await asyncio.sleep(_POLL_SECONDS)
                add_detail(_painted(window.stack.page(window.stack.currentIndex())))
        with check(f"help and settings, {scheme.value}, {language.value}") as add_detail:
            window.open_help()
            window.open_settings()
            await asyncio.sleep(_POLL_SECONDS)
            for other in (widget for widget in QApplication.topLevelWidgets() if widget is not window):
                if other.isVisible():
                    add_detail(_painted(other))
                    other.close()
    with check("meter read") as add_detail:
        add_detail(await _meter_read(window))
    with check("module read over TCP") as add_detail:
        add_detail(await _module_read(window))


async def _until(what: str, condition: Callable[[], bool]) -> None:
    end = asyncio.get_running_loop().time() + _SECONDS
    while not condition():
        if asyncio.get_running_loop().time() > end:
            raise CheckFailed(f"{what}: not within {_SECONDS:.0f} s")
        await asyncio.sleep(_POLL_SECONDS)


async def _shown(window: MainWindow) -> str:
    await _until("the window on the screen", window.isVisible)
    _painted(window)
    return f"{window.width()}x{window.height()}, {len(window.pages)} pages"


def _painted(widget: QWidget) -> str:
    """Check that a widget shows more than its background; return the number of colours."""
    image = widget.grab().toImage()
    step = 3
    seen = {image.pixel(x, y) for x in range(0, image.width(), step) for y in range(0, image.height(), step)}
    if len(seen) < _FEWEST_COLOURS:
        raise CheckFailed(f"{widget.objectName() or type(widget).__name__} shows nothing: {len(seen)} colours")
    return f"{len(seen)} colours"


async def _meter_read(window: MainWindow) -> str:
    """Check that the module's data is what the simulated meter sent."""
    module = window.station.module
    await _until("the first readout of the meter", lambda: module.contact)
    sent = last_readout(window.station.traffic)
    if not sent or list(module.lines) != sent:
        raise CheckFailed(f"the module has {len(module.lines)} lines, the meter sent {len(sent or ())}")
    return f"{len(sent)} lines"


async def _module_read(window: MainWindow) -> str:
    """Check that a master on a socket reads what the meter sent."""
    station = window.station
    await _until("the port on 127.0.0.1", lambda: listening(station) is not None)
    link = listening(station)
    assert link is not None
    line = Line(station.module.baud)
    before = last_readout(station.traffic)
    port = make_link(parse_link(link.url), station.clock, "connect", line)
    async with MasterClient(port, line, station.clock, allowance=Allowance(_ALLOWANCE, fixed=True)) as client:
        reading = await asyncio.wait_for(client.run(read_slave(SlaveAddress(station.module.primary_address))), _SECONDS)
    lines = restore_lines(decode_telegram(frame) for frame in reading.frames)
    # The meter may have been read again in the meantime.
    if lines not in (before, last_readout(station.traffic)):
        raise CheckFailed(f"{len(lines)} of {len(station.module.lines)} lines came back as the meter sent them")
    return f"{len(reading.frames)} telegrams, {len(lines)} lines as the meter sent them"
