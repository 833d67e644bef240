"""Windows with the real engine behind them: on virtual time, and on the event loop of the application."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cmi_gui.app import build
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.station.station import StationConfig
from cmi_gui.ui.event_loop import EventLoop, event_loop
from cmi_gui.ui.frame.main_window import MainWindow
from tests.helpers.waiting import WAIT_SECONDS


class PatientBot(QtBot):
    """The bot of pytest-qt with the time limit that all waits have."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = round(1000 * WAIT_SECONDS)) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = round(1000 * WAIT_SECONDS), **options: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **options)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


@pytest.fixture(scope="session", autouse=True)
def loop(qapp: QApplication) -> Iterator[EventLoop]:
    """The one loop of the application. It does not run: Qt serves it while a test waits."""
    with event_loop() as loop:
        yield loop


@pytest.fixture
def window(qtbot: QtBot, clock: VirtualClock) -> Iterator[MainWindow]:
    """Shown and started, no link to the outside; its engine moves only with `clock`."""
    window = build(StationConfig(mbus=()), clock=clock)
    window.resize(1280, 800)
    window.show()
    window.start()
    yield window
    window.close()
    window.deleteLater()


@pytest.fixture
def in_contact(window: MainWindow, clock: VirtualClock) -> MainWindow:
    """The same, after its first readout."""
    assert clock.run_until(clock.now() + 30, lambda: window.station.module.contact)
    window.bridge.drain()
    return window


@pytest.fixture
def make_window(qtbot: QtBot) -> Iterator[Callable[..., MainWindow]]:
    """Windows in real time, with a TCP port of their own each."""
    made: list[MainWindow] = []

    def make(**config: object) -> MainWindow:
        window = build(StationConfig(**{"mbus": ("tcp://127.0.0.1:0",), **config}))  # type: ignore[arg-type]
        made.append(window)
        return window

    yield make
    for window in made:
        window.close()
        window.deleteLater()
