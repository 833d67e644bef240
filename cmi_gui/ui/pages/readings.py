"""The page of readings: every OBIS field of the meter, and any of them plotted live."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QColor, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from cmi_gui.engine.events import ContactChanged, PowerChanged, ReadoutDone, StationEvent
from cmi_gui.ui.models.readings import PLACE_ROLE, STALE_ROLE, Column, ReadingsModel
from cmi_gui.ui.pages.page import Context, Page
from cmi_gui.ui.theme import PLOT_COLOURS, SPACE, Colours, font
from cmi_gui.ui.widgets.buttons import Segments
from cmi_gui.ui.widgets.fields import Choice, Field, Splitter
from cmi_gui.ui.widgets.layout import DimLabel, Surface
from cmi_gui.ui.widgets.obis_plot import ObisPlot
from cmi_gui.ui.widgets.table import CellDelegate, DecimalDelegate, Table, WholeRows
from cmi_gui.ui.words import duration_text

__all__ = ["ReadingsPage"]

_FIRST_CHOICES = ("16.7", "1.7", "32.7", "1.8.0")
"""What is plotted before anybody chose: the first of these that the meter has."""
_INTERVALS = (5, 10, 30, 60, 300, 900)


class _PlotDelegate(CellDelegate):
    """Fills a ticked box with the colour of its curve."""

    def check_colour(self, c: Colours, index: QModelIndex | QPersistentModelIndex) -> QColor:
        """The curve's, by the place of its code among the plotted."""
        palette = PLOT_COLOURS[c.dark]
        return palette[index.data(PLACE_ROLE) % len(palette)]


class ReadingsPage(Page):
    """Table to the left, plot to the right, a search field and the readout interval above."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.setObjectName("pageReadings")
        self.model = ReadingsModel(self.station.clock.now, self)
        self.model.plotted_changed.connect(self._plot_chosen)
        self._chosen_by_us = False

        self.search = Field(self, icon="search")
        self.search.setObjectName("readingsSearch")
        self.search.setPlaceholderText(self.tr("Search code, meaning, value"))
        self.search.setAccessibleName(self.tr("Search the readings"))
        self.search.setClearButtonEnabled(True)
        QShortcut(QKeySequence.StandardKey.Find, self, self.search.setFocus)

        self._shown = QSortFilterProxyModel(self)
        self._shown.setSourceModel(self.model)
        self._shown.setFilterKeyColumn(-1)
        self._shown.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.search.textChanged.connect(self._search)

        self.table = Table(self.tr("Readings of the meter"), Column.MEANING, self)
        self.table.setObjectName("readingsTable")
        self.table.setModel(self._shown)
        self.table.setItemDelegate(CellDelegate(self.table, dim_role=STALE_ROLE))
        self.table.setItemDelegateForColumn(Column.VALUE, DecimalDelegate(self.table, dim_role=STALE_ROLE))
        self.table.setItemDelegateForColumn(Column.PLOT, _PlotDelegate(self.table))
        dim = CellDelegate(self.table, always_dim=True)
        for column in (Column.UNIT, Column.AGE):
            self.table.setItemDelegateForColumn(column, dim)
        self.table.set_widths(
            {
                Column.PLOT: "  0  ",
                Column.CODE: "15.8.0  ",
                Column.VALUE: "000000000000.000",
                Column.UNIT: "kvarh",
                Column.AGE: "59 min",
            }
        )

        self.plot = ObisPlot(
            context.series, lambda: self.station.anchor.wall(self.station.clock.now()), self.tr("Plot of readings")
        )
        self.plot.setObjectName("obisPlot")
        self._hint = DimLabel()
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        self._lay_out()

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Readings"), self)
        title.setFont(font(1.35, strong=True))
        self._count = DimLabel()
        self.interval = Choice(self.tr("Read the meter every"), self)
        self.interval.setObjectName("readoutInterval")
        current = round(self.station.module.schedule.interval)
        for seconds in sorted({*_INTERVALS, current}):
            text = self.tr("{0} min").format(seconds // 60) if seconds % 60 == 0 else duration_text(seconds)
            self.interval.addItem(text, seconds)
        self.interval.setCurrentIndex(self.interval.findData(current))
        self.interval.activated.connect(self._interval_chosen)
        buddy = DimLabel(self.tr("Read the meter every"))
        buddy.setBuddy(self.interval)

        top = QHBoxLayout()
        top.setSpacing(SPACE.m)
        top.addWidget(title)
        top.addWidget(self._count, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addStretch()
        top.addWidget(buddy)
        top.addWidget(self.interval)

        left = Surface("base", self)
        column = QVBoxLayout(left)
        column.setContentsMargins(SPACE.m, SPACE.m, SPACE.m, SPACE.s)
        column.setSpacing(SPACE.s)
        column.addWidget(self.search)
        column.addWidget(WholeRows(self.table, left))

        self.span = Segments(
            [(self.tr("10 min"), 600.0), (self.tr("1 h"), 3600.0), (self.tr("24 h"), 86_400.0), (self.tr("All"), None)],
            self.tr("Time shown"),
            self,
        )
        self.span.chosen.connect(self.plot.set_span)
        self._legend = QLabel(self)
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        self._legend.setWordWrap(True)
        # Six names must not push the table aside.
        self._legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        bar = QHBoxLayout()
        bar.addWidget(self._legend, 1)
        bar.addWidget(self.span)
        right = Surface("base", self)
        column = QVBoxLayout(right)
        column.setContentsMargins(SPACE.m, SPACE.m, SPACE.m, SPACE.m)
        column.setSpacing(SPACE.s)
        column.addLayout(bar)
        column.addWidget(self.plot, 1)
        column.addWidget(self._hint, 1)

        split = Splitter(Qt.Orientation.Horizontal, self)
        split.addWidget(left)
        split.addWidget(right)
        split.setSizes([640, 520])
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE.l, SPACE.m, SPACE.l, SPACE.l)
        page.setSpacing(SPACE.m)
        page.addLayout(top)
        page.addWidget(split, 1)
        self._plot_chosen()

    # Page

    def activate(self) -> None:
        """Show the present readings."""
        self._take_readings()

    def take(self, events: Sequence[StationEvent]) -> None:
        """Take in a new readout."""
        if any(isinstance(event, ReadoutDone | ContactChanged | PowerChanged) for event in events):
            self._take_readings()

    def refresh(self) -> None:
        """Ages, and the words for an empty table."""
        self.model.refresh_ages()
        self.table.set_empty_text(self._empty_text())

    def _take_readings(self) -> None:
        self.model.take(self.station.module.readings)
        rows = self.model.rowCount()
        self._count.setText(self.tr("{0} values").format(rows) if rows else "")
        if rows and not self._chosen_by_us:
            self._chosen_by_us = True
            numeric = {r.code for r in self.station.module.readings.values() if r.number is not None}
            first = next((code for code in _FIRST_CHOICES if code in numeric), None)
            if first is not None and not self.model.plotted:
                self.model.set_plotted(first, True)
        self._show_plot()

    def _empty_text(self) -> str:
        module = self.station.module
        if self.model.rowCount():
            return self.tr("No value matches the search")
        if not module.powered:
            return self.tr("The module has no power: put 21 to 42 V on the bus (page Module)")
        progress = module.readout_line
        if progress is not None:
            return self.tr("The first readout is running: line {0}").format(progress[0])
        return self.tr("The meter has not answered yet")

    # What the user does

    def _search(self, text: str) -> None:
        self._shown.setFilterFixedString(text.strip())
        self.table.set_empty_text(self._empty_text())

    def _interval_chosen(self) -> None:
        self.station.set_readout_interval(float(self.interval.currentData()))

    def _plot_chosen(self) -> None:
        self.plot.set_codes(self.model.plotted)
        self._show_plot()

    def _show_plot(self) -> None:
        codes = self.model.plotted
        self.plot.setVisible(bool(codes))
        self._hint.setVisible(not codes)
        self._hint.setText(
            self.tr("Tick a value in the column Plot to see its curve")
            if self.model.rowCount()
            else self.tr("Curves appear here with the first readout")
        )
        self._legend.setText(self.plot.legend())
