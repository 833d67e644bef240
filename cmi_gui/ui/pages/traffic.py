"""The page of traffic: the telegrams of both sides, decoded, with their bytes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from cmi_gui.engine.events import StationEvent, TrafficAdded
from cmi_gui.engine.traffic import Side
from cmi_gui.engine.traffic_filter import FilterError, parse_filter
from cmi_gui.ui.models.traffic import DIM_ROLE, ERROR_ROLE, Column, TrafficModel
from cmi_gui.ui.models.traffic_source import TrafficSource
from cmi_gui.ui.models.traffic_text import detail_text
from cmi_gui.ui.pages.page import Context, Page
from cmi_gui.ui.status import listening
from cmi_gui.ui.theme import SPACE, font, monospace, tabular
from cmi_gui.ui.widgets.buttons import Button, Kind, Segments
from cmi_gui.ui.widgets.fields import Field, Splitter
from cmi_gui.ui.widgets.hex_view import HexView
from cmi_gui.ui.widgets.layout import DimLabel, Surface
from cmi_gui.ui.widgets.scroll_bar import slim_scroll_bars
from cmi_gui.ui.widgets.table import CellDelegate, Table, WholeRows

__all__ = ["TrafficPage"]


class TrafficPage(Page):
    """Filter and counters above, the table, and below it the chosen telegram in words and in hex."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.setObjectName("pageTraffic")
        station = self.station
        self.model = TrafficModel(TrafficSource(station.traffic, station.anchor.local, station.clock.now), self)
        self.model.counted.connect(self._count)

        self.filter = Field(self, icon="search")
        self.filter.setObjectName("trafficFilter")
        self.filter.setPlaceholderText(self.tr("Filter: words or hex bytes, all must occur"))
        self.filter.setAccessibleName(self.tr("Filter the traffic"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._filter)
        QShortcut(QKeySequence.StandardKey.Find, self, self.filter.setFocus)
        self.side = Segments(
            [(self.tr("Both sides"), None), (self.tr("M-Bus"), Side.MBUS), (self.tr("Meter"), Side.METER)],
            self.tr("Side"),
            self,
        )
        self.side.chosen.connect(self._filter)
        self.errors = Button(self.tr("Errors only"), self)
        self.errors.setCheckable(True)
        self.errors.toggled.connect(self._filter)
        self.follow = Button(self.tr("Follow"), self, icon="follow")
        self.follow.setObjectName("trafficFollow")
        self.follow.setCheckable(True)
        self.follow.setChecked(True)
        self.follow.setToolTip(self.tr("Keep the newest row in view"))
        self.follow.toggled.connect(self._follow)
        self.pause = Button(self.tr("Pause"), self, icon="pause")
        self.pause.setObjectName("trafficPause")
        self.pause.setCheckable(True)
        self.pause.setToolTip(self.tr("Keep the list still; traffic goes on being recorded"))
        self.pause.toggled.connect(self.model.set_paused)
        self.clear = Button(self.tr("Clear"), self, icon="clear", kind=Kind.QUIET)
        self.clear.setObjectName("trafficClear")
        self.clear.clicked.connect(self._clear)

        self.table = Table(self.tr("Traffic"), Column.SUMMARY, self)
        self.table.setObjectName("trafficTable")
        self.table.setModel(self.model)
        self.table.setItemDelegate(CellDelegate(self.table, dim_role=DIM_ROLE, error_role=ERROR_ROLE))
        self.table.set_widths(
            {
                Column.TIME: "00:00:00.000",
                Column.DELTA: "0000.000",
                Column.SIDE: "M-Bus",
                Column.DIRECTION: "module → master",
                Column.ADDRESS: "253",
                Column.TYPE: "identification",
                Column.LENGTH: "0000",
            }
        )
        self.table.selectionModel().currentRowChanged.connect(self._show_row)
        self._at_end = True
        self.model.rowsAboutToBeInserted.connect(self._rows_coming)
        self.model.rowsInserted.connect(self._rows_inserted)
        self.model.modelReset.connect(self._show_nothing)

        self.detail = QPlainTextEdit(self)
        self.detail.setObjectName("trafficDetail")
        self.detail.setAccessibleName(self.tr("The chosen telegram in words"))
        self.detail.setReadOnly(True)
        self.detail.setTabChangesFocus(True)
        self.detail.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.detail.setFont(monospace())
        self.detail.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.detail.setPlaceholderText(self.tr("Choose a row to see what it says"))
        self.hex = HexView(self.tr("The chosen telegram in hex"), self)
        self.hex.setObjectName("trafficHex")
        self.hex.setPlaceholderText(self.tr("… and its bytes"))
        slim_scroll_bars(self.detail)
        slim_scroll_bars(self.hex)
        self._lay_out()
        self._count()

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Traffic"), self)
        title.setFont(font(1.35, strong=True))
        self._counters = DimLabel()
        self._counters.setFont(tabular(font()))
        top = QHBoxLayout()
        top.setSpacing(SPACE.m)
        top.addWidget(title)
        top.addWidget(self._counters, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addStretch()
        for button in (self.follow, self.pause, self.clear):
            top.addWidget(button)
        bar = QHBoxLayout()
        bar.setSpacing(SPACE.s)
        bar.addWidget(self.filter, 1)
        bar.addWidget(self.side)
        bar.addWidget(self.errors)

        upper = Surface("base", self)
        column = QVBoxLayout(upper)
        column.setContentsMargins(SPACE.m, SPACE.m, SPACE.m, SPACE.s)
        column.setSpacing(SPACE.s)
        column.addLayout(bar)
        column.addWidget(WholeRows(self.table, upper))
        words = self._pane(self.tr("In words"), self.detail)
        octets = self._pane(self.tr("In hex"), self.hex)
        lower = Splitter(Qt.Orientation.Horizontal, self)
        lower.addWidget(words)
        lower.addWidget(octets)
        lower.setSizes([600, 600])
        split = Splitter(Qt.Orientation.Vertical, self)
        split.addWidget(upper)
        split.addWidget(lower)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setSizes([420, 230])
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE.l, SPACE.m, SPACE.l, SPACE.l)
        page.setSpacing(SPACE.m)
        page.addLayout(top)
        page.addWidget(split, 1)

    def _pane(self, title: str, content: QWidget) -> QWidget:
        pane = Surface("base", self)
        label = DimLabel(title)
        label.setFont(font(0.88, strong=True))
        label.setBuddy(content)
        column = QVBoxLayout(pane)
        column.setContentsMargins(SPACE.m, SPACE.s, SPACE.m, SPACE.s)
        column.setSpacing(SPACE.xs)
        column.addWidget(label)
        column.addWidget(content, 1)
        return pane

    # Page

    def activate(self) -> None:
        """Take in what came while the page was away."""
        self.model.catch_up()

    def take(self, events: Sequence[StationEvent]) -> None:
        """Take in new rows; hidden, the page lets them gather in the store."""
        if self.isVisible() and any(isinstance(event, TrafficAdded) for event in events):
            self.model.catch_up()

    def refresh(self) -> None:
        """The words for an empty table."""
        self.table.set_empty_text(self._empty_text())

    def _empty_text(self) -> str:
        if len(self.station.traffic):
            return self.tr("No telegram matches the filter")
        where = listening(self.station)
        if where is None:
            return self.tr("No link is open yet")
        return self.tr("Nothing has been said yet. An M-Bus master can connect to {0}").format(where.url)

    def _count(self) -> None:
        shown, total = self.model.rowCount(), self.model.total
        parts = [self.tr("{0} telegrams").format(total)]
        if shown != total - self.model.waiting:
            parts.append(self.tr("{0} shown").format(shown))
        if self.model.errors:
            parts.append(self.tr("{0} errors").format(self.model.errors))
        if self.model.paused and self.model.waiting:
            parts.append(self.tr("{0} new since the pause").format(self.model.waiting))
        self._counters.setText("  ·  ".join(parts))

    # What the user does

    def _filter(self) -> None:
        try:
            self.model.set_filter(parse_filter(self.filter.text()))
        except FilterError:
            return
        self.refresh()

    def _clear(self) -> None:
        self.model.clear()
        self.refresh()

    def _follow(self, on: bool) -> None:
        if on:
            self.table.scrollToBottom()

    def _rows_coming(self) -> None:
        bar = self.table.verticalScrollBar()
        self._at_end = bar.value() >= bar.maximum()

    def _rows_inserted(self) -> None:
        # Whoever has scrolled up is reading there; follow goes on when they come back to the end.
        if self.follow.isChecked() and self._at_end:
            self.table.scrollToBottom()

    def _show_row(self, current: QModelIndex) -> None:
        if not current.isValid():
            self._show_nothing()
            return
        row = self.model.row(current.row())
        self.detail.setPlainText(detail_text(row, self.model.summary(current.row())))
        self.hex.show_row(row)

    def _show_nothing(self) -> None:
        self.detail.clear()
        self.hex.show_row(None)
