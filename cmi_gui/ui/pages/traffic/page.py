"""The page Traffic: the telegrams of both sides, filtered, decoded, recorded, and read from files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from cmi_gui.engine.events import Stamped, TrafficAdded
from cmi_gui.engine.traffic.capture import SIDES
from cmi_gui.engine.traffic.capture_reading import Capture
from cmi_gui.engine.traffic.filter import Flag, Key, TrafficFilter
from cmi_gui.ui.pages.page import Context, Page
from cmi_gui.ui.pages.traffic.bars import LIMITS, FilterBar, OpenedBar, TopBar, View
from cmi_gui.ui.pages.traffic.choice import ChosenTelegram
from cmi_gui.ui.pages.traffic.colouring import Colouring
from cmi_gui.ui.pages.traffic.copying import ChosenRows
from cmi_gui.ui.pages.traffic.detail import TelegramDetail
from cmi_gui.ui.pages.traffic.files import TrafficFiles
from cmi_gui.ui.pages.traffic.following import Following
from cmi_gui.ui.pages.traffic.latest import LatestModel
from cmi_gui.ui.pages.traffic.line import START_ROLE, TimeMode
from cmi_gui.ui.pages.traffic.model import TrafficModel
from cmi_gui.ui.pages.traffic.page_text import counters, empty_text
from cmi_gui.ui.pages.traffic.replay_panel import ReplayPanel
from cmi_gui.ui.pages.traffic.send_panel import SendPanel
from cmi_gui.ui.pages.traffic.source import TrafficSource, capture_source
from cmi_gui.ui.pages.traffic.views import TrafficViews
from cmi_gui.ui.theme import SPACE
from cmi_gui.ui.widgets.plain.fields import Splitter
from cmi_gui.ui.widgets.plain.layout import Surface, column_of


class TrafficPage(Page):
    """The page Traffic: bars on top, then the table of all lines or of the latest telegrams, then the chosen telegram.

    An opened capture replaces the station's traffic in the view; the station goes on recording it.
    """

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        station = self.station
        if station.traffic.max_bytes is None:
            station.traffic.max_bytes = LIMITS[1]
        self._live = TrafficModel(TrafficSource(station.traffic, station.anchor.local, station.clock.now), self)
        self._bad_lines = 0
        """The number of lines in the opened file that cannot be read."""
        self.files = TrafficFiles(context, self)
        self.top = TopBar(self.files.record_button(), self)
        self.bar = FilterBar(lambda: self.model.source, self)
        self.filter, self.follow, self.pause = self.bar.filter, self.top.follow, self.top.pause
        self.opened_bar = OpenedBar(self)
        self.views = TrafficViews(context, self._live, self)
        self.table, self.latest_table, self.answers = self.views.table, self.views.latest_table, self.views.answers
        self.bookmarks = self.views.bookmarks
        self.rows = ChosenRows(context, self.table, self)
        self.following = Following(self.table, self.follow, self)
        self.colouring = Colouring(lambda: self.model, self)
        self.detail = TelegramDetail(self)
        self.replay = ReplayPanel(context, self.rows.gather, self)
        self.send = SendPanel(context, self)
        self.tree, self.hex = self.detail.tree, self.detail.hex
        self.choice = ChosenTelegram(self.views, self.following, self.detail, self.bar)
        self.shortened = self.top.shortened
        self._lay_out()
        self._connect()
        self._view_replay(False)
        self._watch(self.model)
        self._count()

    @property
    def model(self) -> TrafficModel:
        """The model that is shown: the station's traffic or an opened capture."""
        return self.views.model

    @property
    def latest(self) -> LatestModel:
        """The model of the latest telegrams of what is shown."""
        return self.views.latest

    def _lay_out(self) -> None:
        upper = Surface("base", self)
        column = column_of(self.bar, within=upper, margins=(SPACE.m, SPACE.m, SPACE.m, SPACE.s))
        column.addWidget(self.views, 1)
        split = Splitter(Qt.Orientation.Vertical, self, object_name="trafficSplitter")
        self.upper = QStackedWidget(self)
        self.upper.addWidget(upper)
        self.upper.addWidget(self.replay)
        split.fill((self.upper, 3, 440), (self.detail, 2, 240))
        column_of(
            self.top,
            self.opened_bar,
            (split, 1),
            self.send,
            within=self,
            margins=(SPACE.l, SPACE.m, SPACE.l, SPACE.l),
            spacing=SPACE.m,
        )

    def _connect(self) -> None:
        QShortcut(QKeySequence.StandardKey.Find, self, self.filter.setFocus)
        QShortcut(QKeySequence.StandardKey.Open, self, self.files.ask_open)
        self.filter.changed.connect(self._filter_changed)
        self.filter.refused.connect(self.bar.show_error)
        self.bar.side.chosen.connect(lambda side: self.filter.rewrite(Key.SIDE, None if side is None else SIDES[side]))
        self.bar.errors.clicked.connect(lambda on: self.filter.rewrite(Key.IS, Flag.ERROR.value if on else None))
        self.bar.time.activated.connect(lambda _: self._time_chosen())
        self.top.view.chosen.connect(self._view_chosen)
        self.top.pause.toggled.connect(self._paused)
        self.top.clear.clicked.connect(self._clear)
        self.top.open.clicked.connect(lambda: self.files.show_open_menu(self.top.open))
        self.top.limit_chosen.connect(self._limit_chosen)
        self.top.save_all.connect(self._save_all)
        self.top.rules_wanted.connect(self.colouring.show_window)
        self.bar.bookmark.clicked.connect(lambda: self.bookmarks.toggle())
        self.rows.bookmark_toggled.connect(self.bookmarks.toggle)
        self.rows.note_wanted.connect(self.bookmarks.write_note)
        self.bookmarks.changed.connect(self._bookmarks_changed)
        self.bookmarks.wanted.connect(self.show_line)
        self.files.opened.connect(self.show_capture)
        self.files.progressed.connect(self.opened_bar.show_progress)
        self.opened_bar.cancelled.connect(self.files.cancel)
        self.opened_bar.closed.connect(self.close_capture)
        self.opened_bar.replay.connect(lambda: self._view_replay(True))
        self.replay.closed.connect(lambda: self._view_replay(False))
        self.replay.result_chosen.connect(self.choice.show_result)
        self.rows.sending.connect(self.send.show_row)
        self.send.toggled.connect(lambda _: self._fit_detail())
        self.rows.narrowed.connect(self.filter.rewrite)
        self.rows.excluded.connect(self.filter.exclude)
        self.rows.marked.connect(self._mark_time)
        self.rows.saving.connect(lambda rows: self.files.save(rows, self.model.source))

    def _watch(self, model: TrafficModel) -> None:
        """Follow a model that the table shows."""
        model.counted.connect(self._count)
        self.following.watch(model)

    # The room on a low screen

    def minimumSizeHint(self) -> QSize:
        """Return the least size, with the section for sending unfolded that without the chosen telegram."""
        hint = super().minimumSizeHint()
        if self.send.opened and not self.detail.isHidden():
            hint.setHeight(hint.height() - self._detail_room())
        return hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the chosen telegram only if there is room for it."""
        super().resizeEvent(event)
        self._fit_detail()

    def _fit_detail(self) -> None:
        needed = super().minimumSizeHint().height() + (self._detail_room() if self.detail.isHidden() else 0)
        self.detail.setVisible(not self.send.opened or self.height() >= needed)

    def _detail_room(self) -> int:
        return self.detail.minimumSizeHint().height() + SPACE.s

    # Page

    def activate(self) -> None:
        """Add the rows that came while the page was hidden."""
        self._catch_up()

    def take(self, events: Sequence[Stamped]) -> None:
        """Add new rows; while the page is hidden or shows a capture they collect in the store."""
        added = any(isinstance(stamped.event, TrafficAdded) for stamped in events)
        if added and self.isVisible() and self.model is self._live:
            self._catch_up()

    def _catch_up(self) -> None:
        self.views.catch_up()

    def refresh(self) -> None:
        """Mark requests that have waited too long, and update the text of an empty table."""
        self.views.settle()
        self.send.refresh()
        self.replay.refresh()
        self.views.set_empty_text(empty_text(self.model, self.station, opened=self.model is not self._live))

    def reveal(self, part: str) -> None:
        """Show the station's traffic with the filter `part`; an empty part changes nothing."""
        if part:
            self.close_capture()
            self.filter.setText(part)

    def open_file(self, path: Path) -> None:
        """Open a capture or a log."""
        self.files.open(path)

    def state(self) -> dict[str, object]:
        """Return filter, view, time mode, following, the memory limit in bytes, recent files and colour rules."""
        return {
            "filter": self.filter.valid_text,
            "latest": self.views.currentIndex() == View.LATEST,
            "time": self._time_mode().value,
            "follow": self.follow.isChecked(),
            "limit": self.station.traffic.max_bytes,
            "recent": self.files.recent.state(),
            "rules": self.colouring.state(),
        }

    def restore(self, kept: Mapping[str, object]) -> None:
        """Restore what `state` returned, and show the opened capture again."""
        self.files.recent.restore(kept.get("recent"))
        self.colouring.restore(kept.get("rules"))
        text, mode = kept.get("filter"), kept.get("time")
        if isinstance(text, str):
            self.filter.setText(text)
        if mode in (TimeMode.CLOCK.value, TimeMode.FIRST.value):
            self.bar.time.setCurrentIndex(self.bar.time.findData(TimeMode(mode)))
            self._time_chosen()
        if kept.get("latest") is True:
            self.top.view.choose(View.LATEST)
        if kept.get("follow") is False:
            self.follow.setChecked(False)
        if kept.get("limit") in LIMITS and self.station.config.traffic_bytes is None:
            self._limit_chosen(kept["limit"])
        if self.context.opened.capture is not None:
            self.show_capture(self.context.opened.capture)
            self._view_replay(bool(self.context.sending.steps))

    def _count(self) -> None:
        self.views.show_links()
        self.bar.show_counters(counters(self.model, self.station, self._bad_lines), self.model.progress)

    # The filter

    def _filter_changed(self, wanted: TrafficFilter) -> None:
        self.following.keep_current()
        self.bar.show_filter(wanted)
        self.views.set_filter(wanted)
        self.refresh()

    # User actions

    def _view_replay(self, shown: bool) -> None:
        """Show the replay instead of filter and table, or these again."""
        policy = QSizePolicy.Policy.Preferred if shown else QSizePolicy.Policy.Ignored
        self.replay.setSizePolicy(policy, policy)
        if shown:
            # On a low screen there is no room for both.
            self.send.set_open(False)
        self.upper.setCurrentIndex(1 if shown else 0)
        self.choice.show_nothing()

    def _view_chosen(self, view: View) -> None:
        self._view_replay(False)
        self.views.setCurrentIndex(view)
        # No telegram can be selected there, so that its fields and bytes only take room.
        self.detail.setVisible(view is not View.ANSWERS)
        self._catch_up()
        self.choice.show_nothing()

    def _clear(self) -> None:
        # The recording takes its rows from the store, so it must get them before they are cleared.
        self.context.recording.gather()
        self.model.clear()
        self.latest.restart()
        self.refresh()

    def _paused(self, on: bool) -> None:
        self._live.set_paused(on)
        self.latest.set_paused(on)
        self._catch_up()

    def _limit_chosen(self, limit: object) -> None:
        assert isinstance(limit, int)
        self.station.traffic.max_bytes = limit
        self.top.show_limit(limit)
        self._live.catch_up()

    def _save_all(self) -> None:
        self.table.selectAll()
        self.rows.save()

    def _time_mode(self) -> TimeMode:
        return TimeMode(self.bar.time.currentData())

    def _time_chosen(self) -> None:
        mode = self._time_mode()
        current = self.table.currentIndex()
        # A line dropped by the store has no time any more.
        if mode is TimeMode.MARK and current.data(START_ROLE) is not None:
            self.model.set_time(mode, self.model.row(current.row()).at)
        else:
            self.model.set_time(mode)

    def _mark_time(self) -> None:
        self.bar.time.setCurrentIndex(self.bar.time.findData(TimeMode.MARK))
        self._time_chosen()

    # Captures

    def show_capture(self, capture: Capture) -> None:
        """Show an opened capture instead of the station's traffic."""
        self.close_capture()
        self.context.opened.capture = capture
        self.opened_bar.show_capture(capture)
        self._bad_lines = capture.bad_lines
        self._show_model(TrafficModel(capture_source(capture), self))

    def close_capture(self) -> None:
        """Show the station's traffic again."""
        if self.model is not self._live:
            self.context.opened.capture = None
            self.opened_bar.hide_capture()
            self.context.sending.forget_replay()
            self._view_replay(False)
            self._bad_lines = 0
            self._show_model(self._live)

    def _show_model(self, model: TrafficModel) -> None:
        before = self.model
        before.disconnect(self)
        model.set_rules(self.colouring.rules)
        self.views.show_model(model)
        self.choice.watch()
        self._watch(model)
        if before is not self._live:
            before.deleteLater()
        self.top.show_live(model is self._live)
        self.bookmarks.refresh()
        self.choice.show_nothing()
        # The filter stays the same for live traffic and captures.
        self.views.set_filter(before.filter)
        self._time_chosen()
        self._catch_up()
        self._count()
        self.refresh()

    # Bookmarks

    def _bookmarks_changed(self) -> None:
        if self.model.searches_bookmarks:
            self.following.keep_current()
            self.latest.restart()
        self.model.show_bookmarks()
        self._catch_up()
        self.choice.show_mark()

    def show_line(self, index: int) -> None:
        """Show the line of a row among all telegrams; a filter that hides it is removed."""
        if self.views.currentIndex() != View.ALL:
            self.top.view.choose(View.ALL)
        if self.model.position(2 * index) < 0:
            self.filter.clear()
        self.following.want(2 * index)
        self.table.setFocus()
        self.choice.show_line(self.table.currentIndex())
