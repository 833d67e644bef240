"""The main window: header, navigation, pages, message strip, and the shutdown of everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QMainWindow, QMessageBox, QWidget

from cmi_gui.engine.clock import LoopClock
from cmi_gui.engine.configurator.masters import master_on
from cmi_gui.engine.events import Stamped
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.slave_address import SlaveAddress
from cmi_gui.engine.site.read_many import ReadResult
from cmi_gui.engine.station.station import Station
from cmi_gui.ui.background import Background
from cmi_gui.ui.bridge import Bridge
from cmi_gui.ui.dialogs import confirm
from cmi_gui.ui.frame.drop_area import DropArea, opening_page
from cmi_gui.ui.frame.header import HeaderBar
from cmi_gui.ui.frame.message_strip import MessageStrip
from cmi_gui.ui.frame.navigation import Navigation
from cmi_gui.ui.frame.page_stack import PageRoom, PageStack
from cmi_gui.ui.frame.screen_room import keep_inside, usual_size
from cmi_gui.ui.frame.welcome import WelcomeBar
from cmi_gui.ui.icons import application_icon
from cmi_gui.ui.models.bus import BusMaster
from cmi_gui.ui.models.bus_work import SiteCommands, SiteReadings
from cmi_gui.ui.models.configuration import Configuration
from cmi_gui.ui.models.diagnosis import TargetDiagnosis
from cmi_gui.ui.models.fault_log import FaultLog
from cmi_gui.ui.models.messages import MessageLog
from cmi_gui.ui.models.module import ModuleModel
from cmi_gui.ui.models.practice import Practice
from cmi_gui.ui.models.readings_history import ReadingsHistory
from cmi_gui.ui.models.recording import Recording
from cmi_gui.ui.models.rehearsal import SiteRehearsal
from cmi_gui.ui.models.sending import Sending
from cmi_gui.ui.models.shown_module import ShownModule
from cmi_gui.ui.models.site import SiteModel
from cmi_gui.ui.models.tables import Tables
from cmi_gui.ui.models.visit import Visit
from cmi_gui.ui.pages.bus.words import module_name, practice_place
from cmi_gui.ui.pages.makers import FIRST_PAGE, page_entries
from cmi_gui.ui.pages.page import Context, OpenedCapture, Page
from cmi_gui.ui.prefs import Language, Prefs
from cmi_gui.ui.targets import BUILT_IN, ModuleTarget, Targets
from cmi_gui.ui.text.i18n import install_language
from cmi_gui.ui.text.status import target_name
from cmi_gui.ui.text.words import Level, history_trouble_text
from cmi_gui.ui.text.world import world_words
from cmi_gui.ui.theme import LIGHT, Density, Scheme, TextSize, apply_sizes, apply_theme, scaled
from cmi_gui.ui.widgets.plain.accessible import put_in_order
from cmi_gui.ui.widgets.plain.layout import Hairline
from cmi_gui.ui.widgets.plain.table import Table

if TYPE_CHECKING:
    from cmi_gui.ui.frame.settings import SettingsWindow


_USUAL_SIZE = QSize(1280, 800)
_LEAST_WIDTH = 960
"""The smallest width of the window in logical pixels."""
_WORDS_FROM = 1180
"""The width of the window from which the navigation has words, not only icons, at a text size of 100 %."""
_FRAMED_MS = 250
"""Time in ms after which a window manager has put its frame around a window."""
_SECOND_MS = 1000
"""Interval in ms between updates of what changes with time alone: ages, countdowns, the meter's display."""


class MainWindow(QMainWindow):
    """The window of one station.

    Attributes: `station`, the engine; `bridge`, which delivers its events; `pages`, in the order of the navigation. A
    change of language rebuilds the frame and its pages; station, models, targets and prefs are kept.
    `lazily`: only the shown page is made at once, the others after the window has been painted.
    Signals: `closed()`, after everything has stopped.
    """

    closed = Signal()

    def __init__(self, station: Station, prefs: Prefs | None = None, *, lazily: bool = False) -> None:
        super().__init__()
        self._lazily = lazily
        self.station = station
        self.prefs = prefs or Prefs(station.config.state_dir)
        self._shut_down = False
        self.first_file: Path | None = None
        """The file that `start` opens."""
        self.messages = MessageLog(self)
        self.bridge = Bridge(station, self)
        self.bridge.events.connect(self._take)
        self.background = Background(self)
        self.module = ModuleModel(station, self)
        self.targets = Targets(_built_in(station, self.module), self)
        for signal in (self.targets.chosen, self.targets.changed, self.targets.read):
            signal.connect(self._show_title)
        self.history = ReadingsHistory(station, self.targets, self)
        self.history.troubled.connect(
            lambda trouble: self._context.add_message(Level.WARNING, history_trouble_text(trouble))
        )
        self.practice = Practice(station, self.prefs, self)
        self.bus = BusMaster(station, self.targets, self.practice, self)
        self.site = SiteModel(station, self.bus, self.targets, self.prefs, self.background, self)
        self.site.reported.connect(lambda level, text: self._context.add_message(level, text))
        self.visit = Visit(station.config, self.site, self.bus, self)
        self.site_readings = SiteReadings(self.site, self.visit, self.bus, station.clock, self.prefs)
        self.site_readings.reported.connect(lambda level, text: self._context.add_message(level, text))
        self.site_readings.read.connect(self._record_reading)
        self.site_commands = SiteCommands(self.site, self.visit)
        self.rehearsal = SiteRehearsal(self.site, self.visit, self.bus, self.practice)
        self.shown = ShownModule(station, self.module, self.targets, self.practice, self)
        self.fault_log = FaultLog(self)
        self.practice.closing.connect(self.fault_log.clear_practice)
        self.practice.changed.connect(self._refresh_header)
        self.recording = Recording(station, self.background, self)
        self.recording.reported.connect(lambda level, text: self._context.add_message(level, text))
        self.sending = Sending(station, self.targets, self)
        self.configuration = Configuration(
            self.targets,
            station.commands,
            station.clock,
            lambda level, text: self._context.add_message(level, text),
            lambda: station.settings,
            self,
        )
        self.diagnosis = TargetDiagnosis(station, self.targets, self.bus, self.configuration, self)
        self.tables = Tables(
            self.prefs, self.background, lambda level, text: self._context.add_message(level, text), self
        )
        self._context: Context = Context(
            station=station,
            module=self.module,
            history=self.history,
            messages=self.messages,
            targets=self.targets,
            background=self.background,
            bus=self.bus,
            site=self.site,
            visit=self.visit,
            site_readings=self.site_readings,
            site_commands=self.site_commands,
            rehearsal=self.rehearsal,
            practice=self.practice,
            shown=self.shown,
            fault_log=self.fault_log,
            recording=self.recording,
            sending=self.sending,
            opened=OpenedCapture(),
            configuration=self.configuration,
            diagnosis=self.diagnosis,
            tables=self.tables,
            go=self.go,
        )
        self._settings: SettingsWindow | None = None
        self._another_language = False
        """True if the language has changed, so that stored column widths may not fit the titles."""
        self.setWindowIcon(application_icon(LIGHT.accent))
        self.setMinimumWidth(_LEAST_WIDTH)
        self.resize(usual_size(self, _USUAL_SIZE))
        self.prefs.restore_geometry(self)
        self._opens_at: QSize | None = self.size()
        """The size with which the window opens; None after it has been shown."""
        self._build(self.prefs.stored.shown_page)
        if self.prefs.notice is not None:
            words = self.tr(
                "The saved state of the window was damaged, so the defaults are used. The damaged file is now {0}"
            )
            self._context.add_message(Level.WARNING, words.format(self.prefs.notice))

        self.drop_area = DropArea(self, lambda path: self._opener(path, self._shown_page).accessibleName())
        self.drop_area.dropped.connect(lambda path: self.open_file(path, self._shown_page))
        self.drop_area.refused.connect(lambda words: self._context.add_message(Level.WARNING, words))
        self.drop_area.left_out.connect(self._tell_left_out)
        self._seconds = QTimer(self, timerType=Qt.TimerType.PreciseTimer, interval=_SECOND_MS)
        self._seconds.timeout.connect(self._second_passed)
        self._seconds.start()
        # Sockets are opened when the event loop runs, not while the window is being built.
        self._starter = QTimer(self, singleShot=True)
        self._starter.timeout.connect(self.start)
        self._starter.start(0)

    # The frame

    def _build(self, page: str) -> None:
        """Make frame and pages in the current language, and show the page with this object name, if there is one."""
        self._show_title()
        self.navigation = Navigation()
        self.header = HeaderBar(self.station, self.module, self.targets, self.practice, self.recording, self.go)
        self.strip = MessageStrip(self.messages, self.station.anchor.local, self.go, self._context.copy)
        self.welcome = WelcomeBar(self.go)
        self.welcome.dismissed.connect(self._welcomed)
        self.welcome.tour.connect(self.show_around)
        pages = page_entries()
        for group, entries in groupby(pages, lambda entry: entry.group):
            self.navigation.add_group(group)
            for entry in entries:
                self.navigation.add(entry.title, entry.icon)
        self.stack = PageStack(pages, self._context, self._page_made)
        self.room = PageRoom(self.stack)
        self.navigation.add_action(self.tr("Help"), "help", "F1", self.open_help)
        self.navigation.add_action(self.tr("Settings"), "settings", "Ctrl+,", self.open_settings)
        self._fit_frame()
        self.navigation.chosen.connect(self.stack.show_page)
        self.navigation.entered.connect(self._enter)
        self._lay_out()
        # Shown before it is in the layout, it would briefly be a separate window.
        self.welcome.setVisible(not self.prefs.stored.welcomed)
        known = page in {entry.name for entry in pages}
        self.navigation.choose(self.stack.index_of(page if known else FIRST_PAGE))
        if self._lazily:
            self.stack.make_rest_later()
        else:
            self.stack.make_all()

    def _show_title(self) -> None:
        target = self.targets.current
        name, where = target_name(self.module.state, target), world_words(self.station, target).name
        title = self.tr("{0}: {1} - cmi_gui").format(where, name)
        if title != self.windowTitle():
            self.setWindowTitle(title)

    def _page_made(self, index: int, page: Page) -> None:
        page.badge.connect(partial(self.navigation.set_badge, index))
        page.restore(self.prefs.stored.pages.get(page.objectName(), {}))
        self.prefs.restore_widths(page)
        if self._another_language:
            for table in page.findChildren(Table):
                table.make_room()

    @property
    def pages(self) -> list[Page]:
        """The pages that have been made, in the order of the navigation."""
        return self.stack.pages

    def _lay_out(self) -> None:
        centre = QWidget(self)
        grid = QGridLayout(centre)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        parts = (self.header, Hairline(centre), self.welcome, self.room, Hairline(centre), self.strip)
        grid.addWidget(self.navigation, 0, 0, len(parts), 1)
        grid.addWidget(Hairline(centre, vertical=True), 0, 1, len(parts), 1)
        for row, part in enumerate(parts):
            grid.addWidget(part, row, 2)
        grid.setRowStretch(parts.index(self.room), 1)
        grid.setColumnStretch(2, 1)
        self.setCentralWidget(centre)
        put_in_order(centre)

    def _store_state(self) -> None:
        """Store the state of pages, tables and splitters in the prefs."""
        self.prefs.stored.shown_page = self._shown_page
        self.prefs.stored.pages.update({page.objectName(): page.state() for page in self.pages})
        self.prefs.store_widths(self)

    def go(self, page: str, part: str = "") -> None:
        """Show a page by its object name and reveal a part of it. Raises ValueError for an unknown name."""
        index = self.stack.index_of(page)
        self.navigation.choose(index)
        self.stack.page(index).reveal(part)
        self.room.reveal_focus()

    def _enter(self, index: int) -> None:
        self.stack.page(index).enter()
        self.room.reveal_focus()

    def open_help(self) -> None:
        """Open the user guide at the chapter on the current page."""
        from cmi_gui.ui.frame.help import open_help

        open_help(self, self.stack.page(self.stack.currentIndex()).objectName())

    def show_around(self) -> None:
        """Start the tour of the window."""
        from cmi_gui.ui.frame.tour import start_tour

        start_tour(self)

    # Files from outside

    @property
    def _shown_page(self) -> str:
        return self.stack.name_of(self.stack.currentIndex())

    def _opener(self, path: Path, shown: str) -> Page:
        return self.stack.page(self.stack.index_of(opening_page(path, shown)))

    def open_file(self, path: Path, shown: str = "") -> None:
        """Open a file on the page that it is for; `shown`: the object name of the page on which it was dropped."""
        page = self._opener(path, shown)
        self.go(page.objectName())
        page.open_file(path)

    def _tell_left_out(self, path: Path, count: int) -> None:
        words = self.tr("Only {0} is opened, because one file is opened at a time; other files dropped: {1}")
        self._context.add_message(Level.INFO, words.format(path.name, count))

    # Settings

    def set_language(self, language: Language) -> None:
        """Change the language and rebuild the frame; the state of the pages is kept."""
        self.prefs.stored.language = language
        self._another_language = True

        def change(app: QApplication) -> None:
            install_language(app, language)
            built_in, *found = self.targets.all
            built_in.name, built_in.where = _built_in_words(self.station)
            for target in found:
                target.name = module_name(target.identity())
                target.where = practice_place() if target.practice else target.where
            self.messages.retranslate()

        self._rebuild(change)

    def set_sizes(self, text_size: TextSize, density: Density) -> None:
        """Change the text size and the density, and rebuild the frame.

        The state of the pages is kept, but not the widths of columns, which belong to a text size.
        """
        self.prefs.stored.text_size, self.prefs.stored.density = text_size, density

        def change(app: QApplication) -> None:
            self.prefs.stored.tables.clear()
            apply_sizes(app, text_size, density)

        self._rebuild(change)

    def _rebuild(self, change: Callable[[QApplication], None]) -> None:
        """Build frame, pages and settings window again, after a change that is made while they do not exist."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._store_state()
        self.stack.stop()
        for page in self.pages:
            page.deactivate()
        badges = self.navigation.badges()
        old = self.takeCentralWidget()
        assert old is not None
        change(app)
        self._build(self.prefs.stored.shown_page)
        # Pages emit badges only on changes, so the old ones still apply.
        for number, badge in enumerate(badges):
            self.navigation.set_badge(number, badge)
        old.setParent(None)
        old.deleteLater()
        self.prefs.save()
        if self._settings is not None:
            position, shown = self._settings.pos(), self._settings.isVisible()
            self._settings.deleteLater()
            self._settings = None
            if shown:
                self.open_settings(position)

    def set_theme(self, scheme: Scheme) -> None:
        """Change the theme: light, dark, or that of the desktop."""
        self.prefs.stored.theme = scheme
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_theme(app, scheme)
        self.prefs.save()

    def open_settings(self, position: QPoint | None = None) -> None:
        """Show the settings of the window."""
        from cmi_gui.ui.frame.settings import SettingsWindow

        if self._settings is None:
            self._settings = SettingsWindow(self.prefs, self)
            self._settings.language_chosen.connect(self.set_language)
            self._settings.theme_chosen.connect(self.set_theme)
            self._settings.sizes_chosen.connect(self.set_sizes)
        if position is not None:
            self._settings.move(position)
        self._settings.show()
        self._settings.raise_()
        self._settings.activateWindow()

    def _welcomed(self) -> None:
        self.prefs.stored.welcomed = True
        self.prefs.save()

    # Lifetime

    def start(self) -> None:
        """Start history and station, unless the station is running or the window is closed."""
        if not self._shut_down and not self.station.running:
            self.history.start()
            self.station.start()
            if self.first_file is not None:
                self.open_file(self.first_file)
            # A site that was given is opened instead of the last one.
            if not self.site.loading:
                self.site.start()

    def _record_reading(self, result: ReadResult) -> None:
        line, at = self.bus.line, self.station.clock.now()
        self.history.take_result(result, line.link if line is not None and self.site.practice else "", at)
        slave = self.site.on_bus.slave_of(result.module)
        if slave is not None and (result.silent or result.received is not None):
            # The list of the bus, and a chosen module, have the same values then.
            self.bus.take_result(slave, result.received, at)

    def _take(self, events: Sequence[Stamped]) -> None:
        self.history.take(events)
        self.messages.take(events)
        self.fault_log.take(events)
        for page in self.pages:
            page.take(events)
        self._refresh_header()

    def _refresh_header(self) -> None:
        self._show_title()
        self.header.refresh()
        self.welcome.show_meter(simulated=not self.station.meter_is_real)

    def _second_passed(self) -> None:
        self._refresh_header()
        page = self.stack.currentWidget()
        if isinstance(page, Page) and page.isVisible():
            page.refresh()

    def report(self, error: BaseException) -> None:
        """Show an uncaught error in the message strip; the program continues."""
        name = type(error).__name__
        self.messages.add_message(
            self.station.clock.now(), Level.ERROR, self.tr("Something went wrong: {0}: {1}").format(name, error)
        )

    def shutdown(self) -> None:
        """Save the prefs and stop everything: timers, pages, events, background, links, engine. Idempotent."""
        if self._shut_down:
            return
        self._shut_down = True
        self._starter.stop()
        self._seconds.stop()
        self.stack.stop()
        self._store_state()
        self.prefs.store_geometry(self)
        self.prefs.save()
        for page in self.pages:
            page.deactivate()
        self.bridge.close()
        self.module.close()
        self.diagnosis.close()
        self.background.close()
        self.site.close()
        self.visit.close()
        self.recording.close()
        self.sending.close()
        self.tables.close()
        self.bus.close()
        self.shown.close()
        self.practice.close()
        for target in self.targets.all:
            target.session.close()
        self.history.close()
        self.station.stop()
        self.closed.emit()

    def event(self, event: QEvent) -> bool:
        """Let the engine catch up before and after a frame: a master waits 187.5 ms, and a frame may take 80 ms."""
        clock = self.station.clock
        if event.type() is not QEvent.Type.UpdateRequest or not isinstance(clock, LoopClock):
            return super().event(event)
        clock.catch_up()
        try:
            return super().event(event)
        finally:
            clock.catch_up()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Collapse the navigation and the welcome bar in a narrow window."""
        self._fit_frame()
        super().resizeEvent(event)

    def _fit_frame(self) -> None:
        self.navigation.set_collapsed(self.width() < scaled(_WORDS_FROM))
        self.welcome.fit(self.width())

    def showEvent(self, event: QShowEvent) -> None:
        """Keep the window inside its screen when first shown, unless it has been resized since it was made."""
        super().showEvent(event)
        self.drop_area.watch()
        if self._opens_at is not None and self._opens_at == self.size():
            keep_inside(self)
            QTimer.singleShot(_FRAMED_MS, self, partial(keep_inside, self))
        self._opens_at = None

    def closeEvent(self, event: QCloseEvent) -> None:
        """Shut down; unwritten changes need confirmation."""
        unwritten = self.configuration.total()
        if event.spontaneous() and unwritten and not self._shut_down:
            event.ignore()
            self._ask_to_close(unwritten)
            return
        self.shutdown()
        event.accept()

    def _ask_to_close(self, unwritten: int) -> None:
        if self.findChild(QMessageBox, "closeQuestion") is None:
            words = self.tr("Unwritten changes on the page Configuration: {0}. They are lost if you close the window.")
            title, button = self.tr("Close the window?"), self.tr("Close the window without writing")
            confirm(self, title, words.format(unwritten), button, self.close).setObjectName("closeQuestion")


def _built_in(station: Station, module: ModuleModel) -> ModuleTarget:
    """Return the built-in module's target; its own simulated line carries the same telegrams as a real one."""
    session = master_on(station, line=Line(module.state.baud))
    return ModuleTarget(
        BUILT_IN, *_built_in_words(station), session, lambda: SlaveAddress(module.state.primary_address)
    )


def _built_in_words(station: Station) -> tuple[str, str]:
    """Return the built-in module's name and location in words."""
    name = QCoreApplication.translate("MainWindow", "Built-in module {0}").format(station.config.serial)
    return name, QCoreApplication.translate("MainWindow", "inside this program")
