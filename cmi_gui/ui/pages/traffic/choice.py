"""The chosen telegram of the page Traffic: which one it is in each view, and its detail."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject

from cmi_gui.engine.configurator.replay_run import ReplayResult
from cmi_gui.engine.traffic.store import Direction, RowKind, Side, TrafficRow
from cmi_gui.engine.traffic.summaries import telegram_words
from cmi_gui.ui.pages.traffic.bars import FilterBar
from cmi_gui.ui.pages.traffic.detail import TelegramDetail
from cmi_gui.ui.pages.traffic.following import Following
from cmi_gui.ui.pages.traffic.line import START_ROLE
from cmi_gui.ui.pages.traffic.views import TrafficViews
from cmi_gui.ui.text.messages import text_of


class ChosenTelegram(QObject):
    """The telegram that is current in the shown view, in the detail and in the button for its bookmark."""

    def __init__(self, views: TrafficViews, following: Following, detail: TelegramDetail, bar: FilterBar) -> None:
        super().__init__(views)
        self._views, self._following, self._detail, self._bar = views, following, detail, bar
        following.lost.connect(self.show_nothing)
        views.bookmarks.table.selectionModel().currentRowChanged.connect(self._show_bookmark)
        self.watch()

    def watch(self) -> None:
        """Follow the selection of the tables, after these got a model."""
        self._views.table.selectionModel().currentRowChanged.connect(self.show_line)
        self._views.latest_table.selectionModel().currentRowChanged.connect(self._show_latest)

    def show_line(self, current: QModelIndex) -> None:
        """Show the telegram of a line of the table."""
        if not current.isValid():
            self.show_nothing()
            return
        self._following.forget()
        start = current.data(START_ROLE)
        if start is None:
            # The store has dropped the line since the table was painted.
            self.show_nothing()
            return
        self._views.table.set_current_exchange(start)
        model = self._views.model
        # For a silence, `row` is the request without an answer.
        self._show(model.row(current.row()), model.summary(current.row()))

    def show_result(self, result: ReplayResult) -> None:
        """Show the new answer of a replay, or without one the telegram that was sent."""
        step = result.step
        if result.answer:
            data, masked, direction = result.answer, result.masked, Direction.SENT
        else:
            masked = self._views.model.source.store.row(step.index).masked
            data, direction = step.telegram, Direction.RECEIVED
        row = TrafficRow(step.index, 0.0, Side.MBUS, direction, RowKind.TELEGRAM, None, "", data, masked)
        self._detail.show_row(row, text_of(telegram_words(data)))

    def show_nothing(self) -> None:
        """Show that no telegram is chosen."""
        self._views.table.set_current_exchange(None)
        self._show(None)

    def show_mark(self) -> None:
        """Show whether the chosen telegram has a bookmark, after bookmarks have changed."""
        self._show_mark(self._views.current_index())

    def _show_latest(self, current: QModelIndex) -> None:
        row = self._views.latest.row(current.row()) if current.isValid() else None
        self._show(row, "" if row is None else self._views.model.source.summary(row.index))

    def _show_bookmark(self, current: QModelIndex) -> None:
        source = self._views.model.source
        index = self._views.bookmarks.list.index_of(current.row()) if current.isValid() else -1
        if index < source.store.first:
            self._show(None)
        else:
            self._show(source.store.row(index), source.summary(index))

    def _show(self, row: TrafficRow | None, summary: str = "") -> None:
        self._detail.show_row(row, summary)
        self._show_mark(None if row is None else row.index)

    def _show_mark(self, index: int | None) -> None:
        self._bar.show_bookmark(None if index is None else index in self._views.model.source.store.bookmarks)
