"""The progress of a batch of writes, the decision after its first module, and the result of each module."""

from __future__ import annotations

from collections import Counter
from enum import IntEnum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.site.batch import Batch, ModuleOutcome, ModuleResult
from cmi_gui.engine.site.model import RowState, SiteModule
from cmi_gui.ui.models.columns import ColumnsModel, Index
from cmi_gui.ui.models.visit import Visit, WritePhase
from cmi_gui.ui.pages.bus.visit_words import modules_text, named, number_of
from cmi_gui.ui.pages.bus.words import NONE
from cmi_gui.ui.text.mark import Mark
from cmi_gui.ui.text.tooltip import tooltip
from cmi_gui.ui.text.words import remaining_text, sentence
from cmi_gui.ui.theme import SPACE, em, font
from cmi_gui.ui.widgets.plain.buttons import Button, PrimaryButton, Switch
from cmi_gui.ui.widgets.plain.layout import DimLabel, Label, StackedView, WarningLine, column_of, row_of, wrapping
from cmi_gui.ui.widgets.plain.progress import ProgressLine
from cmi_gui.ui.widgets.plain.state_cell import StateDelegate
from cmi_gui.ui.widgets.plain.table import Table, WholeRows

MARK_ROLE = Qt.ItemDataRole.UserRole


def results_of(batch: Batch) -> list[ModuleResult]:
    """Return the results of a batch that has ended; the module in progress when it was stopped may be unsure."""
    cut_off = [module for module in batch.waiting[:1] if module.state is RowState.UNSURE]
    return [*batch.results, *(ModuleResult(module, ModuleOutcome.UNSURE) for module in cut_off)]


class ResultColumn(IntEnum):
    """The columns of the results from left to right."""

    PLACE = 0
    MODULE = 1
    STATE = 2
    CAUSE = 3


class ResultModel(ColumnsModel):
    """A table of the modules of a batch in its order: those done, the one in progress, and those that wait."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.headers = [self.tr("Place"), self.tr("Module"), self.tr("Result"), self.tr("Cause")]
        self._rows: list[tuple[Mark, tuple[str, ...]]] = []

    def show_batch(self, batch: Batch | None, current: SiteModule | None, *, ended: bool) -> None:
        """Show the present state of a batch; `current`: the module in progress."""
        rows: list[tuple[Mark, tuple[str, ...]]] = []
        if batch is not None:
            results = results_of(batch) if ended else batch.results
            for result in results:
                mark, words = self._outcome(result.outcome)
                stopped = result.outcome is ModuleOutcome.UNSURE and not result.message
                why = self.tr("Stopped before the result was known") if stopped else sentence(result.message)
                rows.append((mark, _texts(result.module, words, why)))
            done = {id(result.module) for result in results}
            waiting = [module for module in batch.waiting if id(module) not in done]
            if current is not None and id(current) not in done:
                rows.append((Mark.BUSY, _texts(current, self.tr("Being written"), "")))
                waiting = [module for module in waiting if module is not current]
            words = self.tr("Not begun") if ended else self.tr("Waits")
            rows += [(Mark.NOTHING, _texts(module, words, "")) for module in waiting]
        if len(rows) != len(self._rows):
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
            return
        for number, row in enumerate(rows):
            if row != self._rows[number]:
                self._rows[number] = row
                self.dataChanged.emit(self.index(number, 0), self.index(number, len(ResultColumn) - 1))

    def _outcome(self, outcome: ModuleOutcome) -> tuple[Mark, str]:
        return {
            ModuleOutcome.DONE: (Mark.GOOD, self.tr("Done")),
            ModuleOutcome.FAILED: (Mark.TROUBLE, self.tr("Failed")),
            ModuleOutcome.UNSURE: (Mark.TROUBLE, self.tr("Unsure")),
            ModuleOutcome.NOT_BEGUN: (Mark.NOTHING, self.tr("Not begun")),
        }[outcome]

    # ColumnsModel

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return text, alignment, tooltip, and the mark of the result."""
        mark, texts = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return texts[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(texts[index.column()])
        if role == MARK_ROLE and index.column() == ResultColumn.STATE:
            return mark
        return super().data(index, role)


def _texts(module: SiteModule, state: str, cause: str) -> tuple[str, ...]:
    return (module.place or NONE, number_of(module), state, cause)


class WriteRunView(StackedView):
    """A batch: what it is doing and how long it takes, its decision, and the table of results.

    Signals: `left()`, the user has seen the result.
    """

    left = Signal()

    def __init__(self, visit: Visit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._visit = visit
        self._followed: SiteModule | None = None
        self.title = Label("", self, look=font(1.1, strong=True), wrap=True, object_name="writeTitle")
        self.detail = DimLabel("", self, wrap=True, object_name="writeDetail")
        self.bar = ProgressLine(self.tr("Progress of the writes"), self)
        self.problem = WarningLine(self, trouble=True, object_name="writeProblem")
        self.go_on = PrimaryButton("", self, object_name="writeGoOn", on_click=visit.go_on)
        self.then_read = Switch(self.tr("Then read all modules"), self, object_name="writeThenRead")
        self.then_read.setChecked(True)
        self.stop = Button("", self, icon="stop", object_name="writeStop", on_click=visit.stop)
        self.leave = Button(self.tr("Close the results"), self, object_name="writeLeave", on_click=self.left)
        self.model = ResultModel(self)
        self.table = Table(self.tr("Results of the modules"), ResultColumn.CAUSE, self, object_name="writeResults")
        self.table.setModel(self.model)
        self.table.setItemDelegateForColumn(ResultColumn.STATE, StateDelegate(self.table, MARK_ROLE))
        self.table.set_widths(
            {
                ResultColumn.PLACE: self.tr("Stairs B, flat 1203"),
                ResultColumn.MODULE: self.tr("Module {0}").format("88888888"),
                ResultColumn.STATE: self.tr("Being written") + "WWW",
            }
        )
        words = column_of(self.title, self.detail, spacing=SPACE.xs)
        buttons = (self.then_read, self.go_on, self.stop, self.leave)
        self.title.setMinimumWidth(em(self, 40))
        top = wrapping(
            row_of((words, 1)), row_of(*((button, 0, Qt.AlignmentFlag.AlignTop) for button in buttons)), self
        )
        column_of(
            top, self.bar, self.problem, (WholeRows(self.table, self), 1), within=self, margins=0, spacing=SPACE.s
        )
        self.refresh()

    def refresh(self) -> None:
        """Show the present state of the batch."""
        visit, batch, progress = self._visit, self._visit.batch, self._visit.progress
        phase = visit.phase
        running = phase in (WritePhase.FIRST, WritePhase.REST)
        current = progress.module if running and progress is not None else None
        self.model.show_batch(batch, current, ended=phase is WritePhase.ENDED)
        if current is not None and current is not self._followed:
            self.table.scrollTo(self.model.index(len(batch.results) if batch is not None else 0, 0))
        self._followed = current
        self.title.setText(self._title())
        self.detail.setText(self._detail())
        self.problem.show_text("" if visit.problem is None else sentence(visit.problem))
        self.bar.set_share(self._share() if running else None)
        self.go_on.setVisible(phase is WritePhase.ASKING)
        self.then_read.setVisible(phase in (WritePhase.ASKING, WritePhase.REST))
        self.stop.setVisible(running or phase is WritePhase.ASKING)
        self.leave.setVisible(phase is WritePhase.ENDED)
        waiting = 0 if batch is None else len(batch.waiting)
        self.go_on.set_words(self.tr("Go on with {0}").format(modules_text(waiting)))
        self.go_on.allow(visit.why_not, "")
        self.stop.set_words(self.tr("Stop writing") if running else self.tr("Stop here"))

    def _title(self) -> str:
        visit, batch, progress = self._visit, self._visit.batch, self._visit.progress
        if batch is None:
            return self.tr("The writes could not begin")
        match visit.phase:
            case WritePhase.FIRST | WritePhase.REST if progress is not None:
                words = self.tr("Writing: {0} ({1} of {2})")
                return words.format(named(progress.module), progress.number, progress.count)
            case WritePhase.FIRST:
                return self.tr("The first module is written")
            case WritePhase.ASKING:
                (first,) = batch.results[:1]
                words = (
                    self.tr("The first module is done: {0}")
                    if first.outcome is ModuleOutcome.DONE
                    else self.tr("The first module is in trouble: {0}")
                )
                return words.format(named(first.module))
        return self.summary(batch)

    def summary(self, batch: Batch) -> str:
        """Return what a batch that has ended came to: `Done: 26 modules, failed: 4 modules`."""
        outcomes = Counter(result.outcome for result in results_of(batch))
        outcomes[ModuleOutcome.NOT_BEGUN] = len(batch.results) + len(batch.waiting) - outcomes.total()
        parts = [self.tr("Done: {0}").format(modules_text(outcomes[ModuleOutcome.DONE]))]
        for outcome, words in (
            (ModuleOutcome.FAILED, self.tr("failed: {0}")),
            (ModuleOutcome.UNSURE, self.tr("unsure: {0}")),
            (ModuleOutcome.NOT_BEGUN, self.tr("not begun: {0}")),
        ):
            if outcomes[outcome]:
                parts.append(words.format(modules_text(outcomes[outcome])))
        return ", ".join(parts)

    def _detail(self) -> str:
        visit, batch, progress = self._visit, self._visit.batch, self._visit.progress
        if batch is None:
            return self.tr("Nothing was sent.")
        match visit.phase:
            case WritePhase.FIRST | WritePhase.REST:
                doing = "" if progress is None else sentence(progress.doing)
                left = visit.seconds_left
                if left is None:
                    return doing
                time = self.tr("about {0} left").format(remaining_text(left))
                return self.tr("{0} - {1}").format(doing, time) if doing else sentence(time)
            case WritePhase.ASKING:
                left = visit.seconds_left
                time = "" if left is None else self.tr("The others take about {0}.").format(remaining_text(left))
                message = batch.results[0].message
                check = self.tr("Look at it before you go on.")
                return " ".join(filter(None, (sentence(message), check, time)))
        return "" if batch.stopped is None else sentence(batch.stopped)

    def _share(self) -> float:
        progress = self._visit.progress
        return 0.0 if progress is None else (progress.number - 1) / max(1, progress.count)
