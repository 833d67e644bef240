"""The views of the page Traffic: all lines, the latest telegrams, the bookmarks, and the times of answers."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget

from cmi_gui.engine.traffic.filter import TrafficFilter
from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.pages.traffic.answer_view import AnswerView
from cmi_gui.ui.pages.traffic.bars import View
from cmi_gui.ui.pages.traffic.bookmarking import Bookmarking
from cmi_gui.ui.pages.traffic.latest import LatestColumn, LatestModel
from cmi_gui.ui.pages.traffic.line import TrafficColumn
from cmi_gui.ui.pages.traffic.model import TrafficModel
from cmi_gui.ui.pages.traffic.table import LatestDelegate, TrafficTable
from cmi_gui.ui.pages.traffic.text import longest_direction
from cmi_gui.ui.text.messages import translate
from cmi_gui.ui.widgets.plain.table import Table, WholeRows

_SUMMARY = 30
"""The characters of a summary for which other columns give way."""


class TrafficViews(QStackedWidget):
    """The views of one model, in the order of `View`, of which one is shown."""

    def __init__(self, context: Context, model: TrafficModel, page: QWidget) -> None:
        super().__init__(page)
        self.model = model
        self.latest = LatestModel(model.source, self)
        self.table = self._make_table()
        self.latest_table = self._make_latest()
        self.bookmarks = Bookmarking(context, lambda: self.model, self.current_index, self.shown_table, page)
        self.answers = AnswerView(model, self)
        for table in (self.table, self.latest_table, self.bookmarks.table):
            self.addWidget(WholeRows(table, self))
        self.addWidget(self.answers)

    def _make_table(self) -> TrafficTable:
        name = translate("TrafficPage", "Traffic")
        table = TrafficTable(name, TrafficColumn.SUMMARY, self, object_name="trafficTable")
        table.setModel(self.model)
        table.set_widths(
            {
                TrafficColumn.TIME: "00:00:00.000",
                TrafficColumn.DELTA: "0000.000",
                TrafficColumn.SIDE: max("M-Bus", translate("TrafficPage", "Meter"), key=len),
                TrafficColumn.DIRECTION: longest_direction(),
                TrafficColumn.ADDRESS: "253",
                TrafficColumn.TYPE: "identification MM",
                TrafficColumn.LENGTH: "0000",
                TrafficColumn.ANSWER: "0000.0 ms, 0000 bit",
                TrafficColumn.LINK: "listen:serial:COM10",
            }
        )
        table.set_optional(
            TrafficColumn.DELTA,
            TrafficColumn.SIDE,
            TrafficColumn.LENGTH,
            TrafficColumn.ANSWER,
            TrafficColumn.LINK,
            least=_SUMMARY,
        )
        return table

    def _make_latest(self) -> Table:
        table = Table(translate("TrafficPage", "The latest telegram of every kind"), LatestColumn.BYTES, self)
        table.setObjectName("trafficLatest")
        table.setModel(self.latest)
        table.setItemDelegate(LatestDelegate(table))
        table.set_widths(
            {
                LatestColumn.SIDE: max("M-Bus", translate("TrafficPage", "Meter"), key=len),
                LatestColumn.DIRECTION: longest_direction(),
                LatestColumn.ADDRESS: "253",
                LatestColumn.TYPE: "identification M",
                LatestColumn.COUNT: "0000000",
                LatestColumn.LAST: "00:00:00.000",
                LatestColumn.INTERVAL: "0000.000",
            }
        )
        return table

    def show_model(self, model: TrafficModel) -> None:
        """Show another model, from its first line on."""
        self.model = model
        before, self.latest = self.latest, LatestModel(model.source, self)
        self.latest.set_paused(model.paused)
        self.table.setModel(model)
        self.table.verticalScrollBar().setValue(0)
        self.answers.times.set_model(model)
        self.latest_table.setModel(self.latest)
        before.deleteLater()

    def set_filter(self, wanted: TrafficFilter) -> None:
        """Show the lines that pass another filter."""
        self.model.set_filter(wanted)
        self.latest.set_filter(wanted)

    def set_empty_text(self, text: str) -> None:
        """Set the text shown without any lines."""
        self.table.set_empty_text(text)
        self.latest_table.set_empty_text(text)

    def show_links(self) -> None:
        """Show the column for links only if there have been rows of several."""
        self.table.set_needed(TrafficColumn.LINK, len(set(self.model.source.store.links) - {""}) > 1)

    def catch_up(self) -> None:
        """Add the rows that came since; those of other views only while they are visible."""
        self.model.catch_up()
        # The latest telegrams are counted only while they are visible.
        if self.currentIndex() == View.LATEST:
            self.latest.catch_up()
        elif self.currentIndex() == View.BOOKMARKS:
            self.bookmarks.refresh()

    def settle(self) -> None:
        """Mark requests that have waited too long."""
        self.model.settle()
        if self.currentIndex() == View.LATEST:
            # The model may have worked out more rows in a slice of its own since.
            self.latest.catch_up()

    def shown_table(self) -> Table:
        """Return the table that is shown; never called for the times of answers, which have none."""
        return (self.table, self.latest_table, self.bookmarks.table)[self.currentIndex()]

    def current_index(self) -> int | None:
        """Return the index of the current row in the shown table; None without one, or if the store has dropped it."""
        if self.currentIndex() == View.ANSWERS or (row := self.shown_table().currentIndex().row()) < 0:
            return None
        match self.currentIndex():
            case View.ALL:
                index = self.model.line(row) >> 1
            case View.LATEST:
                latest = self.latest.row(row)
                index = -1 if latest is None else latest.index
            case _:
                index = self.bookmarks.list.index_of(row)
        return index if index >= self.model.source.store.first else None
