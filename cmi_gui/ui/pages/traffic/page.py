"""The page Traffic: the telegrams of both sides, filtered, decoded, recorded, and read from files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from cmi_gui.engine.configurator.replay_run import ReplayResult
from cmi_gui.engine.events import Stamped, TrafficAdded
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.traffic.capture import SIDES
from cmi_gui.engine.traffic.capture_reading import Capture
from cmi_gui.engine.traffic.filter import Flag, Key, TrafficFilter, quoted, with_value
from cmi_gui.engine.traffic.store import Direction, RowKind, Side, TrafficRow
from cmi_gui.engine.traffic.summaries import telegram_words
from cmi_gui.ui.pages.page import Context, Page
from cmi_gui.ui.pages.traffic.answer_view import AnswerView
from cmi_gui.ui.pages.traffic.bars import LIMITS, FilterBar, OpenedBar, TopBar, View
from cmi_gui.ui.pages.traffic.bookmarking import Bookmarking
from cmi_gui.ui.pages.traffic.colour_rules import ColourRule, rules_from, rules_state
from cmi_gui.ui.pages.traffic.copying import ChosenRows
from cmi_gui.ui.pages.traffic.detail import TelegramDetail
from cmi_gui.ui.pages.traffic.files import TrafficFiles
from cmi_gui.ui.pages.traffic.latest import LatestColumn, LatestModel
from cmi_gui.ui.pages.traffic.line import START_ROLE, TimeMode, TrafficColumn
from cmi_gui.ui.pages.traffic.model import TrafficModel
from cmi_gui.ui.pages.traffic.replay_panel import ReplayPanel
from cmi_gui.ui.pages.traffic.rules_window import RulesWindow
from cmi_gui.ui.pages.traffic.search import occurring
from cmi_gui.ui.pages.traffic.send_panel import SendPanel
from cmi_gui.ui.pages.traffic.source import TrafficSource
from cmi_gui.ui.pages.traffic.table import LatestDelegate, TrafficTable
from cmi_gui.ui.pages.traffic.text import longest_direction
from cmi_gui.ui.text.messages import text_of
from cmi_gui.ui.text.status import listening
from cmi_gui.ui.theme import SPACE
from cmi_gui.ui.widgets.plain.fields import Splitter
from cmi_gui.ui.widgets.plain.layout import Surface, column_of
from cmi_gui.ui.widgets.plain.table import Table, WholeRows

_SUMMARY = 30
"""The characters of a summary for which other columns give way."""


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
        self.model = self._live
        """The model that is shown: the station's traffic or an opened capture."""
        self.latest = LatestModel(self.model.source, self)
        self._bad_lines = 0
        """The number of lines in the opened file that cannot be read."""
        self._wanted_line: int | None = None
        """The id of the line that was current before the filter changed, until it is visible again."""

        self.files = TrafficFiles(context, self)
        self.top = TopBar(self.files.record_button(), self)
        self.bar = FilterBar(lambda: self.model.source, self)
        self.filter, self.follow, self.pause = self.bar.filter, self.top.follow, self.top.pause
        self.opened_bar = OpenedBar(self)
        self.table = self._make_table()
        self.latest_table = self._make_latest()
        self.rows = ChosenRows(context, self.table, self)
        self.bookmarks = Bookmarking(context, lambda: self.model, self._current_index, self._shown_table, self)
        self._rules: tuple[ColourRule, ...] = ()
        self._rules_window: RulesWindow | None = None
        self.detail = TelegramDetail(self)
        self.replay = ReplayPanel(context, self.rows.gather, self)
        self.send = SendPanel(context, self)
        self.tree, self.hex = self.detail.tree, self.detail.hex
        self._at_end = True
        self.shortened = self.top.shortened
        self._lay_out()
        self._connect()
        self._view_replay(False)
        self._watch(self.model)
        self._count()

    def _make_table(self) -> TrafficTable:
        table = TrafficTable(self.tr("Traffic"), TrafficColumn.SUMMARY, self, object_name="trafficTable")
        table.setModel(self.model)
        table.set_widths(
            {
                TrafficColumn.TIME: "00:00:00.000",
                TrafficColumn.DELTA: "0000.000",
                TrafficColumn.SIDE: max("M-Bus", self.tr("Meter"), key=len),
                TrafficColumn.DIRECTION: longest_direction(),
                TrafficColumn.ADDRESS: "253",
                TrafficColumn.TYPE: "identification MM",
                TrafficColumn.LENGTH: "0000",
                TrafficColumn.ANSWER: "0000.0 ms, 0000 bit",
            }
        )
        optional = TrafficColumn.DELTA, TrafficColumn.SIDE, TrafficColumn.LENGTH, TrafficColumn.ANSWER
        table.set_optional(*optional, least=_SUMMARY)
        return table

    def _make_latest(self) -> Table:
        table = Table(self.tr("The latest telegram of every kind"), LatestColumn.BYTES, self)
        table.setObjectName("trafficLatest")
        table.setModel(self.latest)
        table.setItemDelegate(LatestDelegate(table))
        table.set_widths(
            {
                LatestColumn.SIDE: max("M-Bus", self.tr("Meter"), key=len),
                LatestColumn.DIRECTION: longest_direction(),
                LatestColumn.ADDRESS: "253",
                LatestColumn.TYPE: "identification M",
                LatestColumn.COUNT: "0000000",
                LatestColumn.LAST: "00:00:00.000",
                LatestColumn.INTERVAL: "0000.000",
            }
        )
        return table

    def _lay_out(self) -> None:
        upper = Surface("base", self)
        column = column_of(self.bar, within=upper, margins=(SPACE.m, SPACE.m, SPACE.m, SPACE.s))
        self.views = QStackedWidget(upper)
        self.views.addWidget(WholeRows(self.table, upper))
        self.views.addWidget(WholeRows(self.latest_table, upper))
        self.views.addWidget(WholeRows(self.bookmarks.table, upper))
        self.answers = AnswerView(self.model, upper)
        self.views.addWidget(self.answers)
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
        self.bar.side.chosen.connect(lambda side: self._rewrite(Key.SIDE, None if side is None else SIDES[side]))
        self.bar.errors.clicked.connect(lambda on: self._rewrite(Key.IS, Flag.ERROR.value if on else None))
        self.bar.time.activated.connect(lambda _: self._time_chosen())
        self.top.view.chosen.connect(self._view_chosen)
        self.top.follow.toggled.connect(self._follow)
        self.top.pause.toggled.connect(self._paused)
        self.top.clear.clicked.connect(self._clear)
        self.top.open.clicked.connect(lambda: self.files.show_open_menu(self.top.open))
        self.top.limit_chosen.connect(self._limit_chosen)
        self.top.save_all.connect(self._save_all)
        self.top.rules_wanted.connect(self.show_rules)
        self.bar.bookmark.clicked.connect(lambda: self.bookmarks.toggle())
        self.rows.bookmark_toggled.connect(self.bookmarks.toggle)
        self.rows.note_wanted.connect(self.bookmarks.write_note)
        self.bookmarks.changed.connect(self._bookmarks_changed)
        self.bookmarks.wanted.connect(self.show_line)
        self.bookmarks.table.selectionModel().currentRowChanged.connect(self._show_bookmark)
        self.files.opened.connect(self.show_capture)
        self.files.progressed.connect(self.opened_bar.show_progress)
        self.opened_bar.cancelled.connect(self.files.cancel)
        self.opened_bar.closed.connect(self.close_capture)
        self.opened_bar.replay.connect(lambda: self._view_replay(True))
        self.replay.closed.connect(lambda: self._view_replay(False))
        self.replay.result_chosen.connect(self._show_result)
        self.rows.sending.connect(self.send.show_row)
        self.send.toggled.connect(lambda _: self._fit_detail())
        self.rows.narrowed.connect(self._rewrite)
        self.rows.excluded.connect(lambda key, value: self._exclude(key, value))
        self.rows.marked.connect(self._mark_time)
        self.rows.saving.connect(lambda rows: self.files.save(rows, self.model.source))
        self.latest_table.selectionModel().currentRowChanged.connect(self._show_latest)

    def _watch(self, model: TrafficModel) -> None:
        """Connect a model that the table shows."""
        model.counted.connect(self._count)
        model.rowsAboutToBeInserted.connect(self._rows_coming)
        model.rowsInserted.connect(self._rows_inserted)
        model.rowsRemoved.connect(self._rows_removed)
        model.modelReset.connect(self._reset)
        self.table.selectionModel().currentRowChanged.connect(self._show_row)

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
        self.model.catch_up()
        # The latest telegrams are counted only while they are visible.
        if self.views.currentIndex() == View.LATEST:
            self.latest.catch_up()
        elif self.views.currentIndex() == View.BOOKMARKS:
            self.bookmarks.refresh()

    def refresh(self) -> None:
        """Mark requests that have waited too long, and update the text of an empty table."""
        self.model.settle()
        if self.views.currentIndex() == View.LATEST:
            # The model may have worked out more rows in a slice of its own since.
            self.latest.catch_up()
        self.send.refresh()
        self.replay.refresh()
        self.table.set_empty_text(self._empty_text())
        self.latest_table.set_empty_text(self._empty_text())

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
            "rules": rules_state(self._rules),
        }

    def restore(self, kept: Mapping[str, object]) -> None:
        """Restore what `state` returned, and show the opened capture again."""
        self.files.recent.restore(kept.get("recent"))
        self._use_rules(rules_from(kept.get("rules")))
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

    def _empty_text(self) -> str:
        if self.model.progress is not None:
            return self.tr("Searching…")
        if self.model.total:
            return self.tr("No telegram matches the filter")
        if self.model is not self._live:
            return self.tr("This file contains no telegrams")
        where = listening(self.station)
        listener = next(
            (link for link in self.station.link_status if link.listens and link.state is LinkState.OPEN), None
        )
        if where is None and listener is not None:
            return self.tr("Nothing has been received yet on {0}").format(listener.url)
        if where is None:
            return self.tr("No link is open")
        return self.tr("No telegrams yet. An M-Bus master can connect to {0}").format(where.url)

    def _count(self) -> None:
        model, store = self.model, self.model.source.store
        shown, total = model.rowCount(), model.total
        # Counts like the bar of an opened file, without the lines that cannot be read.
        parts = [self.tr("{0} telegrams").format(total - self._bad_lines)]
        if model.filter.terms or model.paused:
            parts.append(self.tr("{0} lines shown").format(shown))
        if model.errors:
            parts.append(self.tr("{0} errors").format(model.errors))
        if model.paused and model.waiting:
            parts.append(self.tr("{0} new since the pause").format(model.waiting))
        if store.first and store is self.station.traffic and store.size * 10 > (store.max_bytes or 0) * 9:
            parts.append(self.tr("older telegrams removed at {0} MiB").format((store.max_bytes or 0) >> 20))
        if model.progress is not None:
            parts.append(self.tr("searching: {0} %").format(int(100 * model.progress)))
        elif model.indexed is not None:
            parts.append(self.tr("preparing the word search: {0} %").format(int(100 * model.indexed)))
        self.bar.show_counters("  ·  ".join(parts), model.progress)

    # The filter

    def _filter_changed(self, wanted: TrafficFilter) -> None:
        self._keep_current()
        self.bar.show_filter(wanted)
        self.model.set_filter(wanted)
        self.latest.set_filter(wanted)
        self.refresh()

    def _keep_current(self) -> None:
        """Make the current line current again after the lines have been searched."""
        current = self.table.currentIndex()
        if current.isValid():
            self._wanted_line = self.model.line(current.row())

    def _rewrite(self, key: Key, value: str | None) -> None:
        """Change a term in the text of the filter, which alone decides what is shown."""
        self.filter.setText(with_value(self.filter.valid_text, key, value))

    def _exclude(self, key: Key, value: str) -> None:
        self.filter.setText(f"{self.filter.valid_text} -{key}:{quoted(value)}".strip())

    # User actions

    def _view_replay(self, shown: bool) -> None:
        """Show the replay instead of filter and table, or these again."""
        policy = QSizePolicy.Policy.Preferred if shown else QSizePolicy.Policy.Ignored
        self.replay.setSizePolicy(policy, policy)
        if shown:
            # On a low screen there is no room for both.
            self.send.set_open(False)
        self.upper.setCurrentIndex(1 if shown else 0)
        self._show_nothing()

    def _view_chosen(self, view: View) -> None:
        self._view_replay(False)
        self.views.setCurrentIndex(view)
        # No telegram can be selected there, so that its fields and bytes only take room.
        self.detail.setVisible(view is not View.ANSWERS)
        self._catch_up()
        self._show_nothing()

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

    def _follow(self, on: bool) -> None:
        if on:
            self.table.scrollToBottom()

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
        store = capture.store
        last = store.at(len(store) - 1) if len(store) > store.first else 0.0
        source = TrafficSource(
            store,
            lambda at: datetime.fromtimestamp(at).astimezone(),
            lambda: last,
            capture.path.name,
            capture.exchanges,
        )
        self.context.opened.capture = capture
        self.opened_bar.show_capture(capture)
        self._bad_lines = capture.bad_lines
        self._show_model(TrafficModel(source, self))

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
        before, latest = self.model, self.latest
        before.disconnect(self)
        self.model = model
        self.latest = LatestModel(model.source, self)
        self.latest.set_paused(model.paused)
        model.set_rules(self._rules)
        self.table.setModel(model)
        self.table.verticalScrollBar().setValue(0)
        self.answers.times.set_model(model)
        self.latest_table.setModel(self.latest)
        self.latest_table.selectionModel().currentRowChanged.connect(self._show_latest)
        self._watch(model)
        if before is not self._live:
            before.deleteLater()
        latest.deleteLater()
        self.top.show_live(model is self._live)
        self.bookmarks.refresh()
        self._show_nothing()
        # The filter stays the same for live traffic and captures.
        model.set_filter(before.filter)
        self.latest.set_filter(before.filter)
        self._time_chosen()
        self._catch_up()
        self._count()
        self.refresh()

    # Lines and the telegram below

    def _rows_coming(self) -> None:
        bar = self.table.verticalScrollBar()
        self._at_end = bar.value() >= bar.maximum()

    def _rows_inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        # Scrolling up suspends following, so that the lines being read stay in place.
        count = last - first + 1
        if self.follow.isChecked() and self._at_end and self.model.source.live:
            self.table.scrollToBottom()
            self.table.show_fresh(first, count)
        elif first < self.table.rowAt(0):
            self._shift(count)
        self._find_wanted()

    def _rows_removed(self, _parent: QModelIndex, first: int, last: int) -> None:
        # When the oldest lines go, scroll by as much, so that the visible lines stay in place.
        if not first and not self._following():
            self._shift(first - last - 1)

    def _following(self) -> bool:
        bar = self.table.verticalScrollBar()
        return self.follow.isChecked() and bar.value() >= bar.maximum()

    def _shift(self, rows: int) -> None:
        bar = self.table.verticalScrollBar()
        bar.setValue(bar.value() + rows * self.table.verticalHeader().defaultSectionSize())

    def _reset(self) -> None:
        wanted = self._wanted_line
        if wanted is None or self.model.position(wanted) < 0:
            self._show_nothing()
        self._find_wanted()
        if wanted is not None and self._wanted_line is None:
            # The line is visible and current again, so do not scroll away from it.
            return
        if self.follow.isChecked() and self.model.source.live:
            self.table.scrollToBottom()

    def _find_wanted(self) -> None:
        """Select the line that was current before the filter changed, as soon as it is there."""
        if self._wanted_line is None:
            return
        at = self.model.position(self._wanted_line)
        if at >= 0:
            self._wanted_line = None
            self.table.selectRow(at)
            self.table.scrollTo(self.model.index(at, 0), Table.ScrollHint.PositionAtCenter)

    def _show_row(self, current: QModelIndex) -> None:
        if not current.isValid():
            self._show_nothing()
            return
        self._wanted_line = None
        start = current.data(START_ROLE)
        if start is None:
            # The store has dropped the line since the table was painted.
            self._show_nothing()
            return
        self.table.set_current_exchange(start)
        # For a silence, `row` is the request without an answer.
        self._show_telegram(self.model.row(current.row()), self.model.summary(current.row()))

    def _show_result(self, result: ReplayResult) -> None:
        """Show the new answer of a replay, or without one the telegram that was sent."""
        step = result.step
        if result.answer:
            data, masked, direction = result.answer, result.masked, Direction.SENT
        else:
            data, masked, direction = step.telegram, self.model.source.store.row(step.index).masked, Direction.RECEIVED
        row = TrafficRow(step.index, 0.0, Side.MBUS, direction, RowKind.TELEGRAM, None, "", data, masked)
        self.detail.show_row(row, text_of(telegram_words(data)))

    def _show_latest(self, current: QModelIndex) -> None:
        row = self.latest.row(current.row()) if current.isValid() else None
        self._show_telegram(row, "" if row is None else self.model.source.summary(row.index))

    def _show_nothing(self) -> None:
        self.table.set_current_exchange(None)
        self._show_telegram(None)

    def _show_telegram(self, row: TrafficRow | None, summary: str = "") -> None:
        self.detail.show_row(row, summary)
        self.bar.show_bookmark(None if row is None else row.index in self.model.source.store.bookmarks)

    # Bookmarks and colour rules

    def _shown_table(self) -> Table:
        return (self.table, self.latest_table, self.bookmarks.table)[self.views.currentIndex()]

    def _current_index(self) -> int | None:
        """Return the index of the current row in the shown table; None without one, or if the store has dropped it."""
        if self.views.currentIndex() == View.ANSWERS or (row := self._shown_table().currentIndex().row()) < 0:
            return None
        match self.views.currentIndex():
            case View.ALL:
                index = self.model.line(row) >> 1
            case View.LATEST:
                latest = self.latest.row(row)
                index = -1 if latest is None else latest.index
            case _:
                index = self.bookmarks.list.index_of(row)
        return index if index >= self.model.source.store.first else None

    def _show_bookmark(self, current: QModelIndex) -> None:
        source = self.model.source
        index = self.bookmarks.list.index_of(current.row()) if current.isValid() else -1
        if index < source.store.first:
            self._show_telegram(None)
        else:
            self._show_telegram(source.store.row(index), source.summary(index))

    def _bookmarks_changed(self) -> None:
        if self.model.searches_bookmarks:
            self._keep_current()
            self.latest.restart()
        self.model.show_bookmarks()
        self._catch_up()
        index = self._current_index()
        self.bar.show_bookmark(None if index is None else index in self.model.source.store.bookmarks)

    def show_line(self, index: int) -> None:
        """Show the line of a row among all telegrams; a filter that hides it is removed."""
        if self.views.currentIndex() != View.ALL:
            self.top.view.choose(View.ALL)
        if self.model.position(2 * index) < 0:
            self.filter.clear()
        self._wanted_line = 2 * index
        self._find_wanted()
        self.table.setFocus()
        self._show_row(self.table.currentIndex())

    def _use_rules(self, rules: tuple[ColourRule, ...]) -> None:
        self._rules = rules
        self.model.set_rules(rules)

    def show_rules(self) -> None:
        """Show the window for the colour rules."""
        if self._rules_window is None:
            self._rules_window = RulesWindow(self._rules, lambda: occurring(self.model.source), self)
            self._rules_window.changed.connect(self._use_rules)
        self._rules_window.show()
        self._rules_window.raise_()
        self._rules_window.activateWindow()
