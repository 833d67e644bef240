"""The step Write: what will be written, its review, the progress of a batch, and its results."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.site.batch import ModuleOutcome
from cmi_gui.engine.site.model import SiteModule
from cmi_gui.ui.models.visit import WritePhase
from cmi_gui.ui.pages.bus.open_ends import OpenEnds
from cmi_gui.ui.pages.bus.password_panel import PasswordPanel
from cmi_gui.ui.pages.bus.review_model import PlannedWrite, ReviewColumn, ReviewModel, planned
from cmi_gui.ui.pages.bus.visit_words import changes_text, modules_text, write_text
from cmi_gui.ui.pages.bus.write_run_view import WriteRunView
from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.text.words import Level
from cmi_gui.ui.theme import SPACE, font
from cmi_gui.ui.widgets.plain.buttons import PrimaryButton, Switch
from cmi_gui.ui.widgets.plain.layout import DimLabel, Label, StackedView, ViewStack, column_of, row_of, wrapping
from cmi_gui.ui.widgets.plain.table import CellDelegate, Table, WholeRows


class WriteView(StackedView):
    """The step Write of a visit: the review before it, the progress and the results after it.

    Signals: `all_written()`, everything was written to several modules, and they are to be read now.
    """

    all_written = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._visit = context.visit
        self.open_ends = OpenEnds(context, self)
        self.count = Label("", self, look=font(strong=True), object_name="writeCount")
        self.go = PrimaryButton("", self, icon="write", object_name="writeStart", on_click=self.write)
        self.only = Switch("", self, object_name="writeOnlySelected", on_click=self.refresh)
        self.passwords = PasswordPanel(context, self)
        self.model = ReviewModel(self)
        self.table = Table(self.tr("Changes to be written"), ReviewColumn.AFTER, self, object_name="writeTable")
        self.table.setModel(self.model)
        self.table.setItemDelegateForColumn(ReviewColumn.BEFORE, CellDelegate(self.table, always_dim=True))
        self.table.setItemDelegateForColumn(ReviewColumn.CHECK, CellDelegate(self.table, always_dim=True))
        self.table.set_optional(ReviewColumn.CHECK, ReviewColumn.ORDER)
        self.table.set_widths(
            {
                ReviewColumn.ORDER: "1000",
                ReviewColumn.PLACE: self.tr("Stairs B, flat 1203"),
                ReviewColumn.MODULE: self.tr("Module {0}").format("88888888"),
                ReviewColumn.SETTING: self.tr("Secondary address") + "WW",
                ReviewColumn.BEFORE: "88888888",
                ReviewColumn.CHECK: self.tr("cannot be read back"),
            }
        )
        empty = self.tr("Nothing differs. Enter in the list what you want, paste it, or open a plan.")
        self.table.set_empty_text(empty)
        self.order = DimLabel("", self, wrap=True, object_name="writeOrder")
        self.run_view = WriteRunView(self._visit, self)
        self.run_view.left.connect(self._visit.put_away)
        review = StackedView(self)
        column_of(
            wrapping(row_of((self.count, 1)), row_of(self.only, self.go, spacing=SPACE.l), review),
            self.passwords,
            self.order,
            (WholeRows(self.table, review), 1),
            within=review,
            margins=0,
            spacing=SPACE.s,
        )
        self._stack = ViewStack(self)
        for part in (review, self.run_view):
            self._stack.addWidget(part)
        column_of(self.open_ends, (self._stack, 1), within=self, margins=0, spacing=SPACE.m)
        self.open_ends.resume.connect(self._write)
        self.passwords.changed.connect(self.refresh)
        self._visit.changed.connect(self._changed)
        self._visit.ended.connect(self._tell)
        context.site.modules_changed.connect(self._changed)
        self.refresh()

    def _changed(self) -> None:
        if self.isVisible():
            self.refresh()

    def _tell(self) -> None:
        """Report the end of a batch, whatever page is shown."""
        batch = self._visit.batch
        assert batch is not None
        good = all(result.outcome is ModuleOutcome.DONE for result in batch.result.results)
        words = self.tr("Writing has ended. {0}").format(self.run_view.summary(batch))
        self._context.add_message(Level.GOOD if good else Level.WARNING, words)
        several = len(batch.results) > 1 and not batch.waiting
        if good and several and self.run_view.then_read.isChecked() and not self._visit.why_not:
            self.all_written.emit()

    def _modules(self) -> list[SiteModule]:
        return self._visit.to_write(self._context.site.selected if self.only.isChecked() else None)

    def refresh(self) -> None:
        """Show the present state."""
        self.open_ends.refresh()
        idle = self._visit.phase is WritePhase.IDLE and self._visit.problem is None
        self._stack.setCurrentIndex(0 if idle else 1)
        if not idle:
            self.run_view.refresh()
            return
        selected = self._context.site.selected
        self.only.setText(self.tr("Only what is selected in the list: {0}").format(modules_text(len(selected))))
        self.only.setAccessibleName(self.only.text())
        self.only.setVisible(bool(selected) or self.only.isChecked())
        modules = self._modules()
        self.passwords.show_modules(modules)
        writes = planned(modules, self._context.site.table)
        self.model.show_writes(writes)
        self._show_button(writes, self._visit.missing_password(modules))
        self.order.setText(self._order_words(writes))

    def _show_button(self, writes: list[PlannedWrite], missing: str) -> None:
        """Show how much will be written; `missing`: the title of a password that must be entered first."""
        count, modules = len(writes), len({id(write.module) for write in writes})
        nothing = self.tr("Nothing differs: all modules have what is wanted of them")
        self.count.setText(changes_text(count, modules) if count else nothing)
        self.go.set_words(write_text(count))
        secret = self.tr("Enter the password first: {0}").format(missing) if missing else ""
        first = self.tr("The first module is written alone; then you decide about the others")
        self.go.allow((self._visit.why_not or secret) if count else nothing, first)

    def _order_words(self, writes: list[PlannedWrite]) -> str:
        if not writes:
            return ""
        words = self.tr(
            "The first module goes alone. Each module is identified before anything is sent, its speed is changed last,"
            " and what can be read back is verified."
        )
        blind = sum(write.row.read is None for write in writes)
        if not blind:
            return words
        cannot = (
            self.tr("1 change cannot be read back.")
            if blind == 1
            else self.tr("{0} changes cannot be read back.").format(blind)
        )
        return f"{words} {cannot}"

    def write(self) -> None:
        """Write the differences that are shown, if that is possible now."""
        self.refresh()
        if self.go.isEnabled():
            self._write(self._modules())

    def _write(self, modules: list[SiteModule]) -> None:
        self.passwords.show_modules(modules)
        self._visit.start(modules, self.passwords.secrets())
