"""The right half of the page Readings: time range, plots, and the statistics of the visible range."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.clock import local_time
from cmi_gui.engine.history.power import power_code, register_code
from cmi_gui.engine.history.service import milliseconds
from cmi_gui.engine.history.values import Absence, Series, Statistics
from cmi_gui.ui.models.readings_history import ReadingsHistory
from cmi_gui.ui.pages.readings.absence import absence_text
from cmi_gui.ui.pages.readings.curves import Curves
from cmi_gui.ui.pages.readings.note_section import NoteSection
from cmi_gui.ui.pages.readings.notes import Notes, time_text
from cmi_gui.ui.pages.readings.obis_plot import ObisPlot
from cmi_gui.ui.pages.readings.power import power_statistics
from cmi_gui.ui.pages.readings.statistics import POSITION_ROLE, StatisticsColumn, StatisticsModel
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import SPACE, font, tabular
from cmi_gui.ui.widgets.plain.buttons import QuietButton, Segments
from cmi_gui.ui.widgets.plain.layout import DimLabel, Stretch, Surface, column_of, row_of
from cmi_gui.ui.widgets.plain.scroll_bar import ScrollColumn
from cmi_gui.ui.widgets.plain.table import DecimalDelegate, Table
from cmi_gui.ui.widgets.plot.series import is_register
from cmi_gui.ui.widgets.plot.sparkline import CurveDelegate

_MOST_ROWS = 6
"""The maximum number of rows of statistics visible at once; with more the table scrolls."""
_NAME_COLUMNS = 1.5
"""The least width for the names of the curves, in columns of numbers."""
_REQUEST_MS = 250
_DAY = 86_400.0


class PlotPane(Surface):
    """A pane with the curves of one module and their statistics."""

    def __init__(self, history: ReadingsHistory, key: str, parent: QWidget | None = None) -> None:
        super().__init__("base", parent)
        self._least_height = 0
        self._history = history
        self.curves = Curves(history, key, self)
        self.plot = ObisPlot(self.curves, history.now, self.tr("Plot of readings"))
        self.plot.setObjectName("obisPlot")
        self.plot.ranged.connect(self._ranged)
        self.plot.zoomed.connect(self._zoomed)
        self.plot.cursor_moved.connect(self._show_cursor)

        self.span = Segments(
            [
                (self.tr("10 min"), 600.0),
                (self.tr("1 h"), 3600.0),
                (self.tr("24 h"), _DAY),
                (self.tr("7 d"), 7 * _DAY),
                (self.tr("All"), None),
            ],
            self.tr("Time shown"),
            self,
        )
        self.span.chosen.connect(self.plot.set_span)
        self.reset = QuietButton(self.tr("Reset zoom"), self, icon="refresh", object_name="plotReset")
        self.reset.clicked.connect(self.plot.reset_view)
        self.notes = Notes(history, key, self)
        self.note_section = NoteSection(self.notes, self.plot, self.tr("Notes"), self)
        self.note_section.shown.connect(self._show_time)

        self._chosen: tuple[list[str], str] = [], ""
        self.power = QuietButton(self.tr("Power"), self, checkable=True, object_name="plotPower")
        set_tooltip(
            self.power,
            self.tr("Show the power of each energy register: its growth between two readings, divided by the time"),
        )
        self.power.toggled.connect(lambda: self.show_codes(*self._chosen))

        self.statistics = StatisticsModel(self)
        self.table = Table(self.tr("Statistics of the time shown"), StatisticsColumn.CURVE, self)
        self.table.setObjectName("statisticsTable")
        self.table.setModel(self.statistics)
        self.table.setFont(tabular(font(0.88)))
        self.table.setItemDelegate(DecimalDelegate(self.table))
        self.table.setItemDelegateForColumn(StatisticsColumn.CURVE, CurveDelegate(self.table, POSITION_ROLE))
        self.table.set_widths(
            {
                column: "000.000" if column is StatisticsColumn.DIFFERENCE else "00000.000"
                for column in StatisticsColumn
                if column is not StatisticsColumn.CURVE
            }
        )
        self._hint = DimLabel(wrap=True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._last_request: tuple[object, ...] | None = None
        self._requesting = False
        self._request_timer = QTimer(self, singleShot=True, interval=_REQUEST_MS)
        self._request_timer.timeout.connect(self._request_statistics)
        self._last_question: tuple[object, ...] | None = None
        self._lay_out()
        self._zoomed(False)

    def set_least_height(self, height: int) -> None:
        """Set the height that the pane needs even with its sections folded."""
        if height != self._least_height:
            self._least_height = height
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """Return the size of the content, which grows while the notes are unfolded, or a larger one that was set."""
        return super().minimumSizeHint().expandedTo(QSize(0, self._least_height))

    def _lay_out(self) -> None:
        bar = row_of(self.span, Stretch(), self.power, self.reset, spacing=None)
        self._scroll = ScrollColumn(self)
        self._scroll.setWidget(self.plot)
        column_of(bar, (self._scroll, 1), self.table, self.note_section, (self._hint, 1), within=self, margins=SPACE.m)

    # Display

    def show_codes(self, codes: list[str], hint: str) -> None:
        """Plot these codes; without any, show the hint."""
        self._chosen, store = (codes, hint), self.curves.store
        registers = [code for code in codes if is_register(store.unit(code))]
        self.power.setVisible(bool(registers))
        if self.power.isChecked():
            # At the end, so that the other curves keep their colours.
            codes = codes + [power_code(code) for code in registers]
        self.plot.set_codes(codes)
        self.statistics.set_curves([(code, self.curves.unit(code), store.decimals(code)) for code in codes])
        # Without a register the column would be empty and only take room from the names of the curves.
        self.table.setColumnHidden(StatisticsColumn.DIFFERENCE, not registers)
        self._fit_columns()
        for part in (self._scroll, self.table, self.note_section):
            part.setVisible(bool(codes))
        self._hint.setVisible(not codes)
        self._hint.setText(hint)
        rows = min(len(codes), _MOST_ROWS)
        self.table.setFixedHeight(
            self.table.horizontalHeader().sizeHint().height() + rows * self.table.verticalHeader().defaultSectionSize()
        )

    def show_module(self, key: str) -> None:
        """Show the curves and notes of a module."""
        if key != self.notes.key:
            # What was entered for another module must not be saved for this one.
            self.note_section.close_editor()
        self.curves.show(key)
        self.notes.show(key)

    def note_lines(self) -> list[str]:
        """Return the notes in the visible range, each with its number and time."""
        return [
            f"{mark.number}  {time_text(round(mark.time * 1000))}  {mark.text}" for mark in self.plot.notes_in_view()
        ]

    def _show_time(self, time: float) -> None:
        """Bring a time into view, with the line at it."""
        begin, end = self.plot.shown_range
        if not begin <= time <= end:
            half = (end - begin) / 2
            self.plot.show_range(time - half, time + half)
        self.plot.set_cursor(time)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the columns that fit."""
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        """Hide the extremes where they would leave no room for the names of the curves."""
        column = self.table.columnWidth(StatisticsColumn.VALUE)
        shown = 4 if self.table.isColumnHidden(StatisticsColumn.DIFFERENCE) else 5
        narrow = self.width() - 2 * SPACE.m < (shown + _NAME_COLUMNS) * column
        for extreme in (StatisticsColumn.MINIMUM, StatisticsColumn.MAXIMUM):
            self.table.setColumnHidden(extreme, narrow)

    def _zoomed(self, by_hand: bool) -> None:
        self.reset.setEnabled(by_hand)
        set_tooltip(
            self.reset,
            self.tr("Show the time range chosen on the left and follow the clock again (0 in the plot)")
            if by_hand
            else self.tr("The plot follows the clock; zoom with the wheel, move by dragging")
            + "\n"
            # Not on the plot itself, where the tooltip would cover the curves.
            + self.tr(
                "Wheel: zoom. Drag: move. Double-click: reset. Keys: Left and Right step through the samples, +"
                " and - zoom, Ctrl+Left and Ctrl+Right move, 0 resets, N adds a note. Right-click: note"
            ),
        )

    # Statistics

    def _ranged(self) -> None:
        self._show_cursor()
        self._explain_absence()
        if not self._request_timer.isActive():
            self._request_timer.start()

    def _request_statistics(self) -> None:
        """Request the statistics of the visible range from the history, one request at a time."""
        begin, end = self.plot.shown_range
        # A range that follows the clock is rounded, so that it is requested again only after a visible change.
        step = max(1.0, (end - begin) / 200)
        request = (self.curves.revision, self.plot.codes, int(begin // step), int(end // step))
        if self._requesting or request == self._last_request:
            return
        self._requesting, self._last_request = True, request
        wanted = [self.curves.series(code) for code in self.plot.codes if register_code(code) is None]
        future = self._history.history.statistics(wanted, milliseconds(begin), milliseconds(end) + 1)
        self._history.ask(self, future, self._take_statistics, lambda _error: self._take_statistics({}))

    def _take_statistics(self, found: dict[Series, Statistics]) -> None:
        self._requesting = False
        by_code = {series.code: values for series, values in found.items()}
        for code in self.plot.codes:
            if register_code(code) is not None and code in self.plot.data:
                derived = power_statistics(*self.plot.data[code], *self.plot.shown_range)
                if derived is not None:
                    by_code[code] = derived
        self.statistics.set_statistics(by_code)
        self._request_timer.start()

    # An empty range

    def _explain_absence(self) -> None:
        """Say in the plot why the visible range is empty; the history knows the gaps."""
        begin, end = self.plot.shown_range
        if self.curves.pending or self.plot.drawn != self.plot.codes:
            return
        if self.plot.shows_values(begin, end):
            self._set_absence("")
            return
        question = self._last_question = (self.curves.key, self.plot.codes, begin, end)

        def take(absence: Absence) -> None:
            if self._last_question == question:
                self._set_absence(absence_text(absence, begin, end, self._history, self.curves.key))

        wanted = [self.curves.series(code) for code in self.plot.codes]
        self._history.ask(self, self._history.history.absence(wanted, milliseconds(end)), take)

    def _set_absence(self, text: str) -> None:
        if not text:
            self._last_question = None
        if text != self.plot.remark:
            self.plot.set_remark(text)
            self.plot.setAccessibleDescription(text)

    # The line

    def _show_cursor(self) -> None:
        at = self.plot.cursor_time
        values = {code: self.plot.value(code) for code in self.plot.codes}
        if at is None:
            self.statistics.set_cursor("", values)
            self.plot.setAccessibleDescription(self.plot.remark)
            return
        begin, end = self.plot.shown_range
        moment = local_time(at)
        words = f"{moment:%H:%M:%S}" if end - begin <= _DAY else f"{moment:%m-%d %H:%M}"
        self.statistics.set_cursor(words, values)
        description = [f"{moment:%Y-%m-%d %H:%M:%S}"]
        for row, name in enumerate(self.statistics.names):
            text = self.statistics.index(row, StatisticsColumn.VALUE).data()
            description.append(f"{name}: {text}")
        self.plot.setAccessibleDescription("; ".join(description))
        QAccessible.updateAccessibility(QAccessibleEvent(self.plot, QAccessible.Event.DescriptionChanged))
