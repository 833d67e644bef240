"""The step Read: the values of all modules in one table, read once or again and again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QWidget

from cmi_gui.engine.files.table import TableData
from cmi_gui.engine.site.model import RowState, SiteModule
from cmi_gui.engine.site.schedule import Schedule
from cmi_gui.engine.site.values_table import available_codes, energy_codes, make_cells, values_table
from cmi_gui.ui.models.tables import Words
from cmi_gui.ui.pages.bus.code_chooser import CODE, MEANING, CodesModel
from cmi_gui.ui.pages.bus.data_model import MARK_ROLE, DataModel
from cmi_gui.ui.pages.bus.quality_table import begin_of, hours_table, quality_table
from cmi_gui.ui.pages.bus.visit_words import modules_text, named
from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.text.mark import Mark
from cmi_gui.ui.text.words import clock_text, sentence
from cmi_gui.ui.theme import SPACE, em
from cmi_gui.ui.widgets.plain.buttons import Button, PrimaryButton, QuietButton, Segments
from cmi_gui.ui.widgets.plain.fields import ChoiceField, Splitter
from cmi_gui.ui.widgets.plain.layout import DimLabel, StackedView, Stretch, WarningLine, column_of, row_of, wrapping
from cmi_gui.ui.widgets.plain.progress import ProgressLine
from cmi_gui.ui.widgets.plain.state_cell import StateDelegate
from cmi_gui.ui.widgets.plain.table import Table, WholeRows

_STATE = 3
"""The column of the state in the table of values."""
_FIRST_CODE = 5
_MINUTES = (1, 5, 15, 30, 60, 360, 1440)
_USUAL_MINUTES = 15
_MOST_NAMED = 5
_AT_ONCE = 2_000
"""Values that are made into cells in less than a frame; more are made in the background."""


class SiteReadingsView(StackedView):
    """The step Read of a visit."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._readings = context.site_readings
        self._being_made: tuple[object, ...] = ()
        self._ready: tuple[object, ...] = ()
        """The site and the codes of the cells that are being made, and of those that are ready."""
        self._codes: list[str] | None = None
        """The chosen codes; None for the energy registers, whatever they are."""
        self.read = PrimaryButton("", self, icon="refresh", object_name="siteRead", on_click=self.read_all)
        self.stop = Button(self.tr("Stop reading"), self, icon="stop", object_name="siteReadStop")
        self.stop.clicked.connect(self._readings.stop)
        self.every = ChoiceField(self.tr("Interval of the cyclic reading"), self, object_name="siteEvery")
        for minutes in _MINUTES:
            self.every.addItem(self._interval_text(minutes), minutes)
        self.every.setCurrentIndex(_MINUTES.index(_USUAL_MINUTES))
        self.cycle = Button("", self, object_name="siteCycle", on_click=self._cycle)
        self.words = DimLabel("", self, wrap=True, object_name="siteReadWords")
        self.alarm = WarningLine(self, trouble=True, object_name="siteAlarm")
        self.progress = ProgressLine(self.tr("Progress of the reading"), self)
        self.shown = Segments(
            [(self.tr("Values"), False), (self.tr("Answers"), True)], self.tr("Shown"), self, object_name="siteShown"
        )
        self.shown.chosen.connect(self.refresh)
        self.choose = Button(self.tr("Choose OBIS codes"), self, checkable=True, object_name="siteChooseCodes")
        self.choose.toggled.connect(self.refresh)
        self.copy = QuietButton(self.tr("Copy table"), self, icon="copy", object_name="siteCopy", on_click=self._copy)
        self.save = QuietButton(self.tr("Save table..."), self, icon="export", object_name="siteSaveValues")
        self.save.clicked.connect(self._save)
        self.model = DataModel(self)
        self.table = Table(self.tr("Values of all modules"), 0, self, object_name="siteValues")
        self.table.setModel(self.model)
        self.table.setItemDelegateForColumn(_STATE, StateDelegate(self.table, MARK_ROLE))
        self.table.selectionModel().currentRowChanged.connect(self.refresh)
        self.hours_model = DataModel(self)
        self.hours_title = DimLabel("", self)
        self.hours = Table(self.tr("Answers of one module by hours"), 0, self, object_name="siteHours")
        self.hours.setModel(self.hours_model)
        self.codes_model = CodesModel(self)
        self.codes = Table(self.tr("OBIS codes in the table"), MEANING, self, object_name="siteCodes")
        self.codes.setModel(self.codes_model)
        self.codes.set_widths({0: "W", CODE: "1-0:32.7.0*255"})
        self.codes.activated.connect(lambda index: self._toggle(index.row()))
        self.codes_model.chosen.connect(self._codes_chosen)
        self._lay_out()
        self._readings.changed.connect(self._changed)
        context.visit.changed.connect(self._changed)
        context.site.modules_changed.connect(self._changed)
        self.refresh()

    def _lay_out(self) -> None:
        self._hours_part = QWidget(self)
        column_of(self.hours_title, (WholeRows(self.hours, self), 1), within=self._hours_part, margins=0)
        self._codes_part = QWidget(self)
        self._all = QuietButton(self.tr("All"), self, object_name="siteAllCodes")
        self._all.clicked.connect(lambda: self._choose_codes(available_codes(self._context.site.site)))
        self._energy = QuietButton(self.tr("Only energy registers"), self, object_name="siteEnergy")
        self._energy.clicked.connect(lambda: self._choose_codes(None))
        column_of(
            row_of(self._all, self._energy, Stretch()),
            (WholeRows(self.codes, self), 1),
            within=self._codes_part,
            margins=0,
        )
        values = QWidget(self)
        column_of((WholeRows(self.table, self), 1), within=values, margins=0)
        tables = Splitter(Qt.Orientation.Vertical, self, object_name="siteHoursSplitter")
        tables.fill((values, 2, 300), (self._hours_part, 1, 150))
        self._codes_part.setMinimumWidth(em(self, 48))
        split = Splitter(Qt.Orientation.Horizontal, self, object_name="siteReadSplitter")
        split.fill((tables, 1, 700), (self._codes_part, 0, em(self, 48)))
        column_of(
            wrapping(
                row_of(self.read, self.stop, self.every, self.cycle, Stretch(1)), row_of(self.copy, self.save), self
            ),
            row_of(self.shown, self.choose, (self.words, 1)),
            self.progress,
            self.alarm,
            (split, 1),
            within=self,
            margins=0,
            spacing=SPACE.s,
        )

    def _interval_text(self, minutes: int) -> str:
        if minutes % 60:
            return self.tr("every minute") if minutes == 1 else self.tr("every {0} min").format(minutes)
        return self.tr("every hour") if minutes == 60 else self.tr("every {0} h").format(minutes // 60)

    # Display

    def _changed(self) -> None:
        if self.isVisible():
            self.refresh()

    def _targets(self) -> list[SiteModule]:
        return [module for module in self._context.site.site if module.found is not None]

    def refresh(self) -> None:
        """Show the present state."""
        readings, why_not = self._readings, self._context.visit.why_not
        targets = self._targets()
        nothing = "" if targets else self.tr("No module has been found yet: search the bus first")
        self.read.set_words(self.tr("Read {0}").format(modules_text(len(targets))))
        self.read.allow(nothing or why_not, self.tr("Read all telegrams of each module"))
        self.stop.setVisible(readings.run is not None and readings.cyclic is None)
        cyclic = readings.cyclic
        self.cycle.set_words(self.tr("Stop cyclic reading") if cyclic else self.tr("Start cyclic reading"))
        whole = self.tr("All modules are read at times aligned to the clock, until you stop it")
        self.cycle.allow("" if cyclic else nothing or why_not, whole)
        self.every.setEnabled(cyclic is None)
        self.words.setText(self._state_words())
        self.alarm.show_text(self._alarm_words())
        run = readings.run
        self.progress.set_share(None if run is None else len(run.results) / max(1, run.total))
        answers = self.shown.value()
        self.choose.setVisible(not answers)
        self._codes_part.setVisible(self.choose.isChecked() and not answers)
        self._hours_part.setVisible(answers)
        self.codes_model.show_codes(available_codes(self._context.site.site), self._chosen_codes())
        self._show_table(answers)
        rows = self.model.rowCount()
        self.save.allow("" if rows else self.tr("The table is empty"), self.tr("Save as an Excel or CSV file"))
        self.copy.allow("" if rows else self.tr("The table is empty"), self.tr("Copy for a spreadsheet"))

    def _state_words(self) -> str:
        readings = self._readings
        run, cyclic = readings.run, readings.cyclic
        if run is not None and run.current is not None:
            words = self.tr("Reading: {0} ({1} of {2})")
            return words.format(named(run.current), len(run.results) + 1, run.total)
        if cyclic is not None:
            return self.tr("Next round at {0}").format(clock_text(cyclic.next_at.astimezone()))
        modules = self._context.site.site.modules
        read = sum(bool(module.readings) for module in modules)
        return self.tr("Read in this visit: {0}").format(modules_text(read)) if read else ""

    def _alarm_words(self) -> str:
        if self._readings.problem is not None:
            return sentence(self._readings.problem)
        missing = list(self._readings.missing.values())
        if not missing:
            return ""
        named_ones = "; ".join(
            self.tr("{0} since {1}").format(named(alarm.module), clock_text(alarm.at.astimezone()))
            for alarm in missing[:_MOST_NAMED]
        )
        more = len(missing) - _MOST_NAMED
        if more > 0:
            named_ones = self.tr("{0} and {1} more").format(named_ones, more)
        return self.tr("Missing: {0}").format(named_ones)

    def _chosen_codes(self) -> list[str]:
        site = self._context.site.site
        return energy_codes(site) if self._codes is None else self._codes

    def _show_table(self, answers: bool) -> None:
        modules, quality = self._context.site.site.modules, self._readings.quality
        self.table.setAccessibleName(
            self.tr("How well the modules answer") if answers else self.tr("Values of all modules")
        )
        self.model.mark(-1 if answers else _STATE, self._mark)
        self.table.set_empty_text(self.tr("The site has no modules yet"))
        if not answers and not self._prepared():
            self.table.set_empty_text(self.tr("The table is being prepared"))
            return
        before = list(self.model.headers)
        self.model.show_table(self._table(sentence))
        if list(self.model.headers) != before:
            self._fit(answers)
        if answers:
            row = max(0, self.table.currentIndex().row())
            module = modules[row] if row < len(modules) else None
            begin = begin_of(modules, quality)
            words = "" if module is None else named(module)
            if begin is not None and module is not None:
                words = self.tr("{0}, counted since {1}").format(words, f"{begin.astimezone():%Y-%m-%d %H:%M}")
            self.hours_title.setText(words)
            first = not self.hours_model.headers
            if module is not None:
                self.hours_model.show_table(hours_table(module, quality))
            self.hours.set_empty_text(self.tr("Nothing was asked of this module yet"))
            if first and self.hours_model.headers:
                numbers = dict.fromkeys(range(1, len(self.hours_model.headers)), "88888")
                _set_widths(self.hours, {0: "2026-11-30 09:00:00", **numbers})

    def _prepared(self) -> bool:
        """Return whether the table can be made at once; if not, it is shown when its cells have been made."""
        site, codes = self._context.site.site, self._chosen_codes()
        key = (id(site), *codes)
        if key == self._ready:
            return True
        readings = [module.readings[code] for module in site for code in codes if code in module.readings]
        if len(readings) < _AT_ONCE:
            self._ready = key
            return True

        def done(_: None) -> None:
            self._being_made, self._ready = (), key
            self._changed()

        def failed(error: Exception) -> None:
            raise error

        if key != self._being_made:
            self._being_made = key
            self._context.background.run(lambda: make_cells(readings), done, failed, owner=self)
        return False

    def _fit(self, answers: bool) -> None:
        columns = range(len(self.model.headers))
        place = {0: self.tr("Stairs B, flat 1203")}
        if answers:
            samples = place | dict.fromkeys(columns, "88888") | place
            samples[1] = self.tr("Module {0}").format("88888888")
        else:
            samples = place | dict.fromkeys(columns[_FIRST_CODE:], "88888888.888")
            samples |= {1: "88888888", 2: "88888888", _STATE: "WW" + self.tr("Does not answer")}
            samples[_FIRST_CODE - 1] = "2026-11-30 09:12:05"
        _set_widths(self.table, samples)

    def _table(self, words: Words) -> TableData:
        site = self._context.site.site
        if self.shown.value():
            return quality_table(site.modules, self._readings.quality)
        # Only in a file for other programs are the words those of the engine.
        return values_table(site, self._chosen_codes(), str if words is str else sentence)

    def _mark(self, row: int) -> Mark | None:
        modules = self._context.site.site.modules
        if row >= len(modules):
            return None
        run, module = self._readings.run, modules[row]
        if run is not None and run.current is module:
            return Mark.BUSY
        return {RowState.FOUND: Mark.GOOD, RowState.WAITING: Mark.NOTHING}.get(module.state, Mark.TROUBLE)

    # User actions

    def read_all(self) -> None:
        """Read all modules that have been found."""
        self._readings.read_once(self._targets())

    def _cycle(self) -> None:
        if self._readings.cyclic is None:
            self._readings.start_cycle(Schedule(timedelta(minutes=self.every.currentData())))
        else:
            self._readings.stop_cycle()

    def _toggle(self, row: int) -> None:
        index = self.codes_model.index(row, 0)
        ticked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        wanted = Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked
        self.codes_model.setData(index, wanted, Qt.ItemDataRole.CheckStateRole)

    def _codes_chosen(self) -> None:
        self._choose_codes(self.codes_model.ticked)

    def _choose_codes(self, codes: Sequence[str] | None) -> None:
        self._codes = None if codes is None else list(codes)
        self.refresh()

    def _save(self) -> None:
        name = self.tr("Save the answers") if self.shown.value() else self.tr("Save the values")
        stem = self._context.file_stem("answers" if self.shown.value() else "values", self._context.site.site.name)
        self._context.tables.ask(self, name, stem, self._table)

    def _copy(self) -> None:
        text = self._context.tables.text(self._table(sentence), titles=True)
        self._context.copy(text, self.tr("Table copied"))


def _set_widths(table: Table, samples: dict[int, str]) -> None:
    """Give each column the width of a sample; none is stretched, because there may be more than there is room for."""
    table.set_widths(samples)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    table.setColumnWidth(0, table.fontMetrics().horizontalAdvance(samples[0]) + 2 * SPACE.m)
