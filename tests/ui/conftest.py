"""Fixtures for windows with the real engine, in virtual time and on the application's event loop."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cmi_gui.app import build
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.configurator import masters
from cmi_gui.engine.configurator.discover import ScanPlan
from cmi_gui.engine.configurator.slaves import ListedSlave
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.station import Station
from cmi_gui.ui.event_loop import EventLoop, event_loop
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.models.bus import BusMaster
from cmi_gui.ui.pages.bus.page import BusPage
from cmi_gui.ui.prefs import Language
from cmi_gui.ui.targets import ModuleTarget
from cmi_gui.ui.text.i18n import install_language
from cmi_gui.ui.theme import Density, Scheme, apply_sizes, apply_theme
from tests.helpers.waiting import WAIT_SECONDS


class LongWaitBot(QtBot):
    """A pytest-qt bot that waits as long as all other tests."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = round(1000 * WAIT_SECONDS)) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = round(1000 * WAIT_SECONDS), **options: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **options)

    @staticmethod
    def mouseDClick(widget: QWidget, button: Qt.MouseButton, *, pos: QPoint) -> None:
        QtBot.mouseDClick(widget, button, pos=pos)
        # Otherwise QTest takes the button as pressed from then on, also in the next tests.
        QtBot.mouseRelease(widget, button, pos=pos)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return LongWaitBot(request)


@pytest.fixture(scope="session", autouse=True)
def loop(qapp: QApplication) -> Iterator[EventLoop]:
    """The application's event loop. It does not run; Qt serves it while a test waits."""
    with event_loop() as loop:
        yield loop


@pytest.fixture(autouse=True)
def garbage_of_qt_objects(no_leftover_threads: None) -> Iterator[None]:
    """Collect garbage only between tests, as a test would do so on any thread (see `garbage_collected_here`)."""
    gc.disable()
    yield
    gc.collect(1)
    gc.enable()


@pytest.fixture(autouse=True)
def no_leftover_windows(qapp: QApplication) -> Iterator[None]:
    """Fail a test that leaves a window open: the next one would count it among its own."""

    def shown() -> set[QWidget]:
        return {widget for widget in qapp.topLevelWidgets() if widget.isVisible()}

    before = shown()
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [f"{type(widget).__name__} {widget.objectName()}" for widget in shown() - before]
    assert not left, f"windows left open: {left}"


@pytest.fixture(autouse=True)
def usual_looks(qapp: QApplication) -> Iterator[None]:
    """Give the application English, the light scheme and the usual sizes again, whatever a test has changed."""
    yield
    install_language(qapp, Language.ENGLISH)
    apply_theme(qapp, Scheme.LIGHT)
    apply_sizes(qapp, 100, Density.COMFORTABLE)


@pytest.fixture
def window(qtbot: QtBot, clock: VirtualClock, request: pytest.FixtureRequest) -> Iterator[MainWindow]:
    """A shown and started window without external links; its engine advances only with `clock`.

    A page is made when it is shown, or named by the marker `pages`; without names, this marker has all pages made. Most
    of the time that a window takes goes into its pages.
    """
    pages = request.node.get_closest_marker("pages")
    lazily = pages is None or bool(pages.args)
    window = build(StationConfig(mbus=()), clock=clock, lazily=lazily)
    if lazily:
        window.stack.stop()
    for name in pages.args if pages is not None else ():
        window.stack.page(window.stack.index_of(name))
    window.resize(1280, 800)
    window.show()
    window.start()
    yield window
    window.close()
    window.deleteLater()


@pytest.fixture
def in_contact(window: MainWindow, clock: VirtualClock) -> MainWindow:
    """The same window after its first readout."""
    assert clock.run_until(clock.now() + 30, lambda: window.station.module.contact)
    window.bridge.drain()
    return window


@pytest.fixture
def make_window(qtbot: QtBot) -> Iterator[Callable[..., MainWindow]]:
    """A maker of windows in real time, each with its own TCP port."""
    made: list[MainWindow] = []

    def make(**config: object) -> MainWindow:
        window = build(StationConfig(**{"mbus": ("tcp://127.0.0.1:0",), **config}))  # type: ignore[arg-type]
        made.append(window)
        return window

    yield make
    for window in made:
        window.close()
        window.deleteLater()


class RealModule(NamedTuple):
    """A module found on a bus; `station` simulates it, `target` is its entry in the window."""

    station: Station
    slave: ListedSlave
    target: ModuleTarget


@pytest.fixture
def real_module(in_contact: MainWindow, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[RealModule]:
    """Module 87654321 behind a gateway, found and chosen but not read yet."""
    station = Station(StationConfig(mbus=(), serial="87654321"), clock)
    station.start()
    assert clock.run_until(clock.now() + 60, lambda: station.module.contact)
    monkeypatch.setattr(masters, "make_link", lambda *_: station.connect_master())
    bus = in_contact.bus
    bus.connect_to("tcp://192.0.2.1:10001")
    scan(bus, clock)
    (slave,) = bus.slaves
    target = bus.target_of(slave, "Module 87654321", "tcp://192.0.2.1:10001")
    in_contact.targets.choose(target.key)
    yield RealModule(station, slave, target)
    station.stop()


@pytest.fixture
def practice_module(in_contact: MainWindow, clock: VirtualClock) -> ModuleTarget:
    """The module of a practice bus with one module, found and chosen; the page Site shows its room."""
    in_contact.go("pageBus")
    page = in_contact.stack.currentWidget()
    assert isinstance(page, BusPage)
    page.port.restore({"kind": "practice", "device": ""})
    in_contact.practice.make_modules(1, 1)
    page.port.connect_chosen()
    scan(in_contact.bus, clock)
    (slave,) = in_contact.bus.slaves
    target = in_contact.bus.target_of(slave, "Module", "practice bus")
    in_contact.targets.choose(target.key)
    point = in_contact.shown.point
    assert not in_contact.shown.built_in
    assert clock.run_until(clock.now() + 60, lambda: point.module.contact)
    return target


def scan(bus: BusMaster, clock: VirtualClock, addresses: range = range(3)) -> None:
    """Scan the primary addresses."""
    bus.start_scan(ScanPlan(addresses, None, (2400,)))
    assert clock.run_until(clock.now() + 600, lambda: not bus.scanning)
