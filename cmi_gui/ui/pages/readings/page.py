"""The page Readings: the OBIS values of a meter, their plots, and the history behind the plots."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QMenu, QWidget

from cmi_gui.engine.clock import local_time
from cmi_gui.engine.events import ContactChanged, PowerChanged, ReadoutDone, Stamped
from cmi_gui.engine.files.table import Column, TableData
from cmi_gui.engine.history.power import register_code
from cmi_gui.engine.history.reading_table import Row, reading_rows
from cmi_gui.engine.history.service import milliseconds
from cmi_gui.engine.history.values import Quality
from cmi_gui.engine.iec62056.reading import Reading, read_lines
from cmi_gui.engine.module_state import ModuleState
from cmi_gui.ui.pages.page import Context, Page
from cmi_gui.ui.pages.readings.export import ReadingsExport
from cmi_gui.ui.pages.readings.history_section import HistorySection
from cmi_gui.ui.pages.readings.model import POSITION_ROLE, STALE_ROLE, ReadingColumn, ReadingsModel
from cmi_gui.ui.pages.readings.plot import PlotPane
from cmi_gui.ui.targets import ModuleTarget
from cmi_gui.ui.text.messages import meaning_text
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.text.words import Level, duration_text
from cmi_gui.ui.theme import PLOT_COLOURS, SPACE, Colours, em, font
from cmi_gui.ui.widgets.plain.buttons import Button, ButtonKind, QuietButton
from cmi_gui.ui.widgets.plain.fields import ChoiceField, Splitter, TextField
from cmi_gui.ui.widgets.plain.layout import DimLabel, Label, Surface, column_of, row_of
from cmi_gui.ui.widgets.plain.marks import ElidedLabel
from cmi_gui.ui.widgets.plain.table import CellDelegate, DecimalDelegate, Table, WholeRows
from cmi_gui.ui.widgets.plot.series import Ring
from cmi_gui.ui.widgets.plot.sparkline import SparklineDelegate

_FIRST_CHOICES = ("16.7", "1.7", "32.7", "1.8.0")
"""The codes for the first plot, of which the first that the meter has is plotted."""
_BESIDE_FROM = 132
"""The width of the page, in average characters, from which the plots are beside the table."""
_STACKED_LINES = 16
"""The least height of table and plots, in lines of text, when one is below the other."""
_INTERVALS = (5, 10, 30, 60, 300, 900)
_MEANING = 22
"""The characters of a meaning that are shown before the trend or the age get room."""


class _PlotDelegate(CellDelegate):
    """A delegate that fills a ticked box with the colour of its curve."""

    def check_colour(self, c: Colours, index: QModelIndex | QPersistentModelIndex) -> QColor:
        """Return the colour of the curve, by the place of its code among the plotted ones."""
        palette = PLOT_COLOURS[c.dark]
        return palette[int(index.data(POSITION_ROLE)) % len(palette)]


class ReadingsPage(Page):
    """The page Readings: the table on the left, plots on the right, the module and its readout interval on top."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.history = context.history
        self.model = ReadingsModel(self.station.clock.now, self)
        self.model.plotted_changed.connect(self._show_plot)
        self._chosen_before = False

        self.search = TextField(self, icon="search", object_name="readingsSearch", name=self.tr("Search the readings"))
        self.search.setPlaceholderText(self.tr("Search code, meaning, value"))
        set_tooltip(self.search, self.tr("Search the readings (Ctrl+F)"))
        self.search.setClearButtonEnabled(True)
        QShortcut(QKeySequence.StandardKey.Find, self, self.search.setFocus)

        self._shown = QSortFilterProxyModel(self)
        self._shown.setSourceModel(self.model)
        self._shown.setFilterKeyColumn(-1)
        self._shown.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.search.textChanged.connect(self._search)
        self._make_table()

        self.pane = PlotPane(self.history, self._key, self)
        self.plot = self.pane.plot
        self.pane.notes.failed.connect(self._note_failed)
        self._lay_out()
        self.history.grown.connect(self._grown)
        self.history.replaced.connect(self.model.refresh_trends)
        context.targets.chosen.connect(self._target_chosen)
        context.targets.changed.connect(self._name_target)
        self._target_chosen()

    def _make_table(self) -> None:
        self.table = Table(self.tr("Readings of the meter"), ReadingColumn.MEANING, self, object_name="readingsTable")
        self.table.setModel(self._shown)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setItemDelegate(CellDelegate(self.table, dim_role=STALE_ROLE))
        self.table.setItemDelegateForColumn(ReadingColumn.VALUE, DecimalDelegate(self.table, dim_role=STALE_ROLE))
        self.table.setItemDelegateForColumn(ReadingColumn.PLOT, _PlotDelegate(self.table))
        self.table.setItemDelegateForColumn(ReadingColumn.TREND, SparklineDelegate(self.table, self._ring))
        dim = CellDelegate(self.table, always_dim=True)
        for column in (ReadingColumn.UNIT, ReadingColumn.AGE):
            self.table.setItemDelegateForColumn(column, dim)
        self.table.set_optional(ReadingColumn.AGE, ReadingColumn.TREND, least=_MEANING)
        self.table.set_widths(
            {
                ReadingColumn.PLOT: "  0  ",
                ReadingColumn.CODE: "15.8.0",
                ReadingColumn.TREND: "000000",
                ReadingColumn.VALUE: "00000000.000",
                ReadingColumn.UNIT: "kvarh",
                ReadingColumn.AGE: "59 min",
            }
        )
        copy = QShortcut(QKeySequence.StandardKey.Copy, self.table, self._copy)
        copy.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _lay_out(self) -> None:
        title = Label(self.tr("Readings"), self, look=font(1.35, strong=True))
        self._target_label = ElidedLabel(dim=True, object_name="readingsWhose")
        self.interval = ChoiceField(self.tr("Read the meter every"), self, object_name="readoutInterval")
        current = round(self.module.interval)
        for seconds in sorted({*_INTERVALS, current}):
            text = self.tr("{0} min").format(seconds // 60) if seconds % 60 == 0 else duration_text(seconds)
            self.interval.addItem(text, seconds)
        self.interval.setCurrentIndex(self.interval.findData(current))
        self.interval.activated.connect(self._interval_chosen)
        self._every = DimLabel(self.tr("Read the meter every"))
        self._every.setBuddy(self.interval)
        self.read_there = Button(self.tr("Read it on the page Site"), self, icon="refresh")
        self.read_there.setObjectName("readingsReadThere")
        self.read_there.clicked.connect(lambda: self.context.go("pageBus", ""))

        self.export = QuietButton(self.tr("Export..."), self, icon="export", object_name="readingsExport", menu=True)
        set_tooltip(self.export, self.tr("Write readings to an Excel or CSV file"))
        self.export.clicked.connect(self._open_export)
        self.shortened = (self.read_there, self.export)
        self._exporting = ReadingsExport(self.context, self)
        self._export_menu = QMenu(self)

        top = row_of(
            title,
            (self._target_label, 1),
            self._every,
            self.interval,
            self.read_there,
            self.export,
            spacing=SPACE.m,
        )

        left = Surface("base", self)
        column = column_of(
            self.search, WholeRows(self.table, left), within=left, margins=(SPACE.m, SPACE.m, SPACE.m, SPACE.s)
        )
        self.history_section = HistorySection(self.history, left)
        column.addWidget(self.history_section)

        self._left = left
        self._split = split = Splitter(Qt.Orientation.Horizontal, self, object_name="readingsSplit")
        # The table gets the width of its texts, the curves the rest.
        split.fill((left, 0, self._table_width()), (self.pane, 1, 520))
        column_of(top, (split, 1), within=self, margins=(SPACE.l, SPACE.m, SPACE.l, SPACE.l), spacing=SPACE.m)

    def _table_width(self) -> int:
        """Return the width in pixels at which the longest meanings are not cut off."""
        body = QFontMetrics(self.table.font())
        longest = max(body.horizontalAdvance(meaning_text(code)) for code in ("82.8.2", "C.1.1", "8.8.1"))
        others = sum(self.table.columnWidth(column) for column in ReadingColumn if column is not ReadingColumn.MEANING)
        beside = self.table.verticalScrollBar().sizeHint().width() + 2 * SPACE.m
        return others + longest + 2 * SPACE.s + SPACE.xs + beside

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the plots below the table on a narrow page."""
        beside = self.width() >= em(self, _BESIDE_FROM)
        self._split.setOrientation(Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical)
        lines = _STACKED_LINES * self.fontMetrics().lineSpacing()
        self._left.setMinimumHeight(0 if beside else lines)
        self.pane.set_least_height(0 if beside else lines)
        super().resizeEvent(event)

    # Page

    def activate(self) -> None:
        """Show the current readings and the size of the history."""
        self._take_readings()
        self.history_section.refresh()

    def take(self, events: Sequence[Stamped]) -> None:
        """Show a new readout; a hidden page does so when it is shown."""
        changed = any(isinstance(stamped.event, ReadoutDone | ContactChanged | PowerChanged) for stamped in events)
        if changed and self.isVisible():
            self._take_readings()

    def refresh(self) -> None:
        """Update the ages and the text of an empty table."""
        self.model.refresh_ages()
        self.table.set_empty_text(self._empty_text())

    def state(self) -> dict[str, object]:
        """Return the plotted codes, whether with power, the time span, and which sections are open."""
        return {
            "plotted": self.model.plotted,
            "power": self.pane.power.isChecked(),
            "span": self.pane.span.value(),
            "history": self.history_section.opened,
            "notes": self.pane.note_section.opened,
        }

    def restore(self, kept: Mapping[str, object]) -> None:
        """Restore what `state` returned."""
        plotted = kept.get("plotted")
        if isinstance(plotted, list):
            self._chosen_before = True
            for code in plotted:
                if isinstance(code, str):
                    self.model.set_plotted(code, True)
        self.pane.power.setChecked(kept.get("power") is True)
        if "span" in kept:
            with contextlib.suppress(ValueError):
                self.pane.span.choose(kept["span"])
        self.history_section.set_open(kept.get("history") is True)
        self.pane.note_section.set_open(kept.get("notes") is True)

    # The module

    @property
    def _target(self) -> ModuleTarget:
        return self.context.targets.current

    @property
    def _key(self) -> str:
        return self.history.key_of(self._target)

    def _ring(self, code: str) -> Ring | None:
        return self.history.series(self._key).ring(code)

    def _target_chosen(self) -> None:
        built_in = self._target.built_in
        for part in (self._every, self.interval):
            part.setVisible(built_in)
        self.read_there.setVisible(not built_in)
        self._take_readings()
        self.refresh()

    def _grown(self, key: str) -> None:
        """Show new samples of a module, or older ones that the history has delivered."""
        if key == self._key and self.isVisible():
            self._take_readings()
            self.model.refresh_trends()
            self.history_section.refresh()

    def _take_readings(self) -> None:
        source: ModuleTarget | ModuleState = self.module if self._target.built_in else self._target
        readings = {reading.code: reading for reading in read_lines(source.lines)}
        self.model.take(readings, source.read_at or 0.0, valid=source.contact)
        self._name_target()
        # Without any readings, reading the module is the next step.
        self.read_there.set_kind(ButtonKind.NORMAL if readings else ButtonKind.PRIMARY)
        if readings and not self._chosen_before:
            self._chosen_before = True
            numeric = {reading.code for reading in readings.values() if reading.number is not None}
            first = next((code for code in _FIRST_CHOICES if code in numeric), None)
            if first is not None:
                self.model.set_plotted(first, True)
        self.pane.show_module(self._key)
        self._show_plot()

    def _name_target(self) -> None:
        rows = self.model.rowCount()
        name = self._target.name
        self._target_label.setText(self.tr("{0}  ·  {1} values").format(name, rows) if rows else name)

    def _empty_text(self) -> str:
        module = self.module
        if self.model.rowCount():
            return self.tr("No value matches the search")
        if not self._target.built_in:
            return self.tr("{0} has not been read yet").format(self._target.name)
        if not module.powered:
            return self.tr(
                "The module has no power. Set the bus voltage to between 21 and 42 V on the page Built-in module"
            )
        progress = module.readout_line
        if progress is not None:
            return self.tr("The first readout is running: line {0}").format(progress[0])
        return self.tr("No answer from the meter yet")

    # User actions

    def _search(self, text: str) -> None:
        self._shown.setFilterFixedString(text.strip())
        self.table.set_empty_text(self._empty_text())

    def _interval_chosen(self) -> None:
        self.station.set_readout_interval(float(self.interval.currentData()))

    def _reading(self, row: int) -> Reading:
        """Return the reading shown in a row of the table."""
        return self.model.reading(self._shown.mapToSource(self._shown.index(row, 0)).row())

    def _copy(self) -> None:
        """Copy the selected rows as lines of text, separated by tabs for spreadsheets."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        readings = [self._reading(row) for row in rows]
        if not readings:
            return
        further = max(len(reading.further) for reading in readings)
        cells = [
            (
                reading.code,
                meaning_text(reading.code),
                reading.value if reading.number is None else reading.number,
                reading.unit,
                *(*reading.further, *[None] * further)[:further],
            )
            for reading in readings
        ]
        table = TableData("", [Column("")] * (4 + further), cells)
        QGuiApplication.clipboard().setText(self.context.tables.text(table))

    def _open_export(self) -> None:
        """Open a menu with the choices of export under the button."""
        menu = self._export_menu
        menu.clear()
        table = menu.addAction(self.tr("The table as shown"), self._export_table)
        table.setEnabled(self._shown.rowCount() > 0)
        curves = menu.addAction(self.tr("The plotted curves in the time shown"), self._export_curves)
        curves.setEnabled(bool(self.plot.codes))
        picture = menu.addAction(self.tr("Save picture..."), self._export_picture)
        picture.setEnabled(bool(self.plot.codes))
        menu.popup(self.export.mapToGlobal(self.export.rect().bottomLeft()))

    def _note_failed(self, cause: str) -> None:
        words = self.tr("The notes cannot be stored or read ({0}); check the free space and the permissions")
        self.context.add_message(Level.ERROR, words.format(cause))

    def _export_table(self) -> None:
        rows: list[Row] = []
        for row in range(self._shown.rowCount()):
            time = milliseconds(self.station.anchor.wall(self.model.at))
            quality = Quality.MEASURED if self.model.valid else Quality.LAST_KNOWN
            rows += reading_rows(self._reading(row), time, quality)
        self._exporting.table(self._key, rows)

    def _export_curves(self) -> None:
        begin, end = self.plot.shown_range
        curves = [(self.pane.curves.series(code), register_code(code) is not None) for code in self.plot.codes]
        self._exporting.curves(self._key, curves, self.pane.notes.notes, milliseconds(begin), milliseconds(end) + 1)

    def _export_picture(self) -> None:
        times = [local_time(edge) for edge in self.plot.shown_range]
        title = self.tr("{0}, {1} to {2}").format(self._target.name, *(f"{time:%Y-%m-%d %H:%M:%S}" for time in times))
        self._exporting.picture(self._key, self.plot, title, self.pane.statistics.names, self.pane.note_lines())

    def _show_plot(self) -> None:
        self.pane.show_codes(
            self.model.curves,
            self.tr("Tick a value in the column Plot to see its curve")
            if self.model.rowCount()
            else self.tr("Curves appear here after the first readout"),
        )
