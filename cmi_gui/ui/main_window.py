"""The frame: header, navigation, pages, message strip; and one way to close it all."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QGridLayout, QMainWindow, QStackedWidget, QWidget

from cmi_gui.engine.commissioning.session import MasterSession
from cmi_gui.engine.commissioning.writing import Target
from cmi_gui.engine.events import StationEvent
from cmi_gui.engine.machine import Line
from cmi_gui.engine.station import Station
from cmi_gui.ui.background import Background
from cmi_gui.ui.bridge import Bridge
from cmi_gui.ui.header import Header
from cmi_gui.ui.icons import application_icon
from cmi_gui.ui.message_strip import MessageStrip
from cmi_gui.ui.models.messages import MessageLog
from cmi_gui.ui.models.series import SeriesStore
from cmi_gui.ui.navigation import Navigation
from cmi_gui.ui.pages.module import ModulePage
from cmi_gui.ui.pages.page import Context, Page
from cmi_gui.ui.pages.readings import ReadingsPage
from cmi_gui.ui.pages.traffic import TrafficPage
from cmi_gui.ui.prefs import Prefs
from cmi_gui.ui.targets import BUILT_IN, ModuleTarget, Targets
from cmi_gui.ui.theme import LIGHT
from cmi_gui.ui.widgets.layout import Hairline
from cmi_gui.ui.words import Level

__all__ = ["MainWindow"]

_HEADER_MS = 500


class MainWindow(QMainWindow):
    """The window of one station.

    Attributes: `station`, the engine; `bridge`, which brings its events; `pages`, in the order of the navigation.
    Signals: `closed()`, once everything has stopped.
    """

    closed = Signal()

    def __init__(self, station: Station) -> None:
        super().__init__()
        self.station = station
        self._down = False
        self._prefs = Prefs(station.config.state_dir)
        self.messages = MessageLog(self)
        self.series = SeriesStore(station.anchor.wall)
        self.bridge = Bridge(station, self)
        self.bridge.events.connect(self._take)
        self.background = Background(self)
        self.targets = Targets(_built_in(station), self)
        context = Context(station, self.series, self.messages, self.targets, self.background, self.go)

        self.navigation = Navigation()
        self.header = Header(station)
        self.strip = MessageStrip(self.messages, station.anchor.local)
        self.stack = QStackedWidget()
        self.pages: list[Page] = []
        # A page is one line here.
        self._add(self.tr("Module"), "module", ModulePage(context))
        self._add(self.tr("Readings"), "readings", ReadingsPage(context))
        self._add(self.tr("Traffic"), "traffic", TrafficPage(context))
        self.navigation.chosen.connect(self.stack.setCurrentIndex)
        self._lay_out()

        self._header_timer = QTimer(self)
        self._header_timer.setInterval(_HEADER_MS)
        self._header_timer.timeout.connect(self.header.refresh)
        self._header_timer.start()
        # Sockets open once a loop runs, not while the window is built.
        self._starter = QTimer(self)
        self._starter.setSingleShot(True)
        self._starter.timeout.connect(self.start)
        self._starter.start(0)

    def _add(self, text: str, icon: str, page: Page) -> None:
        place = len(self.pages)
        self.pages.append(page)
        self.stack.addWidget(page)
        self.navigation.add(text, icon)
        page.badge.connect(lambda badge: self.navigation.set_badge(place, badge))

    def go(self, page: str, part: str = "") -> None:
        """Show a page by its object name and have it reveal a part. Raises KeyError for a page that is not there."""
        place = {shown.objectName(): place for place, shown in enumerate(self.pages)}[page]
        self.navigation.choose(place)
        self.pages[place].reveal(part)

    def _lay_out(self) -> None:
        self.setWindowTitle(self.tr("CMi1020 {0} - cmi_gui").format(self.station.module.serial))
        self.setWindowIcon(application_icon(LIGHT.accent))
        centre = QWidget(self)
        grid = QGridLayout(centre)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.navigation, 0, 0, 5, 1)
        grid.addWidget(Hairline(centre, vertical=True), 0, 1, 5, 1)
        grid.addWidget(self.header, 0, 2)
        grid.addWidget(Hairline(centre), 1, 2)
        grid.addWidget(self.stack, 2, 2)
        grid.addWidget(Hairline(centre), 3, 2)
        grid.addWidget(self.strip, 4, 2)
        grid.setRowStretch(2, 1)
        grid.setColumnStretch(2, 1)
        self.setCentralWidget(centre)
        self.resize(1280, 800)
        self.navigation.choose(self._prefs.restore(self, len(self.pages)))

    def start(self) -> None:
        """Open the links and feed the module; harmless when it has been done or the window is closed."""
        if not self._down and not self.station.running:
            self.station.start()

    def _take(self, events: Sequence[StationEvent]) -> None:
        self.series.take(events)
        self.messages.take(events)
        for page in self.pages:
            page.take(events)
        self.header.refresh()

    def report(self, error: BaseException) -> None:
        """Show an error that nothing caught; the program goes on."""
        name = type(error).__name__
        self.messages.say(
            self.station.clock.now(), Level.ERROR, self.tr("Something went wrong: {0}: {1}").format(name, error)
        )

    def shutdown(self) -> None:
        """Stop everything, in every state, once: pages, timers, events, engine."""
        if self._down:
            return
        self._down = True
        self._starter.stop()
        self._header_timer.stop()
        self._prefs.save(self, self.stack.currentIndex())
        for page in self.pages:
            page.deactivate()
        self.bridge.close()
        self.background.close()
        for target in self.targets.all:
            target.session.close()
        self.station.stop()
        self.closed.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the window ends the program."""
        self.shutdown()
        event.accept()


def _built_in(station: Station) -> ModuleTarget:
    """The module of this program, reached over a wire of its own by the same telegrams as a real one."""
    module = station.module
    session = MasterSession(station.connect_master(), Line(module.baud), station.clock)
    return ModuleTarget(
        BUILT_IN,
        QCoreApplication.translate("MainWindow", "Built-in module {0}").format(module.serial),
        QCoreApplication.translate("MainWindow", "inside this program"),
        session,
        lambda: Target(address=module.primary_address),
    )
