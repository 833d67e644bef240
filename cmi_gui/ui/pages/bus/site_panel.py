"""The list of the site with what belongs to it: labels, search, problems, undo, and the way to writing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QWidget

from cmi_gui.engine.site.model import SiteModule
from cmi_gui.engine.site.problems import CureKind
from cmi_gui.ui.models.site import SiteModel
from cmi_gui.ui.pages.bus.label_entry import LabelEntry
from cmi_gui.ui.pages.bus.problem_line import ProblemLine
from cmi_gui.ui.pages.bus.site_list import SiteList
from cmi_gui.ui.pages.bus.site_table import ENERGY, SiteTableModel
from cmi_gui.ui.pages.bus.visit_words import changes_text, modules_text, write_text
from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import SPACE
from cmi_gui.ui.widgets.plain.buttons import Button, QuietButton
from cmi_gui.ui.widgets.plain.fields import TextField
from cmi_gui.ui.widgets.plain.layout import Surface, column_of, row_of, wrapping
from cmi_gui.ui.widgets.plain.marks import ElidedLabel
from cmi_gui.ui.widgets.plain.table import WholeRows


class SitePanel(Surface):
    """The list of the site.

    Signals: `review()`; `write()`, all differences at once; `led(object, object)`, a cure of some rows is elsewhere;
    `details(bool)`.
    """

    review = Signal()
    write = Signal()
    led = Signal(object, object)
    details = Signal(bool)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__("base", parent)
        self._context = context
        self._site: SiteModel = context.site
        self.label = LabelEntry(self._site, context.bus, self)
        self.search = TextField(self, icon="search", name=self.tr("Search the list"), object_name="siteSearch")
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setClearButtonEnabled(True)
        self.search.set_least(20)
        self.take = Button(self.tr("Take a list..."), self, icon="open", object_name="siteTakeList")
        set_tooltip(self.take, self.tr("Flats, meter numbers and settings from an Excel or CSV file"))
        self.problems = ProblemLine(self._site, context.bus, context.background, self)
        self.rows = SiteTableModel(self._site, context.bus, self)
        self.list = SiteList(self._site, self.rows, context.tables, self)
        self.words = ElidedLabel(parent=self, dim=True)
        self.undo = QuietButton("", self, icon="undo", name=self.tr("Undo"), object_name="siteUndo")
        self.redo = QuietButton("", self, icon="redo", name=self.tr("Redo"), object_name="siteRedo")
        self.add = QuietButton("", self, icon="add", name=self.tr("Add a row"), object_name="siteAddRow")
        self.columns = QuietButton(self.tr("Columns"), self, menu=True, object_name="siteColumns")
        self.info = QuietButton(self.tr("Details"), self, checkable=True, object_name="siteDetails")
        self.go = QuietButton(self.tr("Review"), self, object_name="siteReview")
        self.write_all = Button("", self, icon="write", object_name="siteWrite")
        self._lay_out()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._look_again)
        self._listen()

    def _lay_out(self) -> None:
        top = wrapping(row_of((self.label, 1)), row_of(self.take, self.search), self)
        bottom = row_of(
            (self.words, 1), self.undo, self.redo, self.add, self.columns, self.info, self.go, self.write_all
        )
        column_of(
            top, self.problems, (WholeRows(self.list, self), 1), bottom,
            within=self, margins=(SPACE.m, SPACE.s), spacing=SPACE.s,
        )  # fmt: skip

    def _listen(self) -> None:
        site = self._site
        self.search.textChanged.connect(self.rows.seek)
        self.search.returnPressed.connect(self.list.setFocus)
        for signal in (site.rows_changed, site.modules_changed, site.opened):
            signal.connect(self._soon.start)
        site.opened.connect(self.rows.arrange)
        site.chosen_changed.connect(self._show_chosen)
        self.rows.refused.connect(self._say)
        self.list.said.connect(self._say)
        self.list.selection_changed.connect(self._show_words)
        self.label.found.connect(lambda module: self.list.show_module(module, "place"))
        self.label.told.connect(lambda level, words: self._context.add_message(level, words))
        self.problems.show_rows.connect(lambda modules: self.list.select_modules(modules, "place"))
        self.problems.led.connect(self.led)
        self.undo.clicked.connect(self._undo)
        self.redo.clicked.connect(self._redo)
        self.add.clicked.connect(self.list.add_row)
        self.columns.clicked.connect(lambda: self._open(self._columns_menu(), self.columns))
        self.info.toggled.connect(self.details)
        self.go.clicked.connect(self.review)
        self.write_all.clicked.connect(self.write)
        QShortcut(QKeySequence.StandardKey.Undo, self, self._undo)
        QShortcut(QKeySequence.StandardKey.Redo, self, self._redo)
        # On systems where Redo is Ctrl+Shift+Z.
        if QKeySequence("Ctrl+Y") not in QKeySequence.keyBindings(QKeySequence.StandardKey.Redo):
            QShortcut(QKeySequence("Ctrl+Y"), self, self._redo)
        QShortcut(QKeySequence.StandardKey.Find, self, self.search.setFocus)

    def _show_chosen(self) -> None:
        self.list.show_module(self._site.chosen)

    def _undo(self) -> None:
        if not self._site.loading:
            self._site.undo.undo()

    def _redo(self) -> None:
        if not self._site.loading:
            self._site.undo.redo()

    # Display

    def refresh(self) -> None:
        """Show what the bus tells now, and the problems if the site has changed."""
        self.rows.refresh()
        if self._soon.isActive():
            self._soon.stop()
            self._look_again()
        else:
            self._show_words()

    def _look_again(self) -> None:
        if self.isVisible():
            self.problems.refresh()
            self._show_words()

    def showEvent(self, event: object) -> None:
        """Look for problems, which are not followed while hidden."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._soon.start()

    def _show_words(self) -> None:
        stack, modules = self._site.undo, self._site.site.modules
        changed = [module for module in modules if module.changes or module.wanted_secrets]
        count = sum(len(module.changes) + len(module.wanted_secrets) for module in changed)
        selected = len(self._site.selected)
        words = changes_text(count, len(changed)) if count else self.tr("No differences")
        if selected > 1:
            words = self.tr("{0}; selected: {1}").format(words, modules_text(selected))
        # What is said about an edit stays until its end.
        if not self.list.editing:
            self.words.setText(words if modules else "")
        loading = self.tr("The site is being opened") if self._site.loading else ""
        nothing = self.tr("Nothing to undo")
        undone = self.tr("Undo: {0} (Ctrl+Z)").format(stack.undoText())
        redone = self.tr("Redo: {0} (Ctrl+Y)").format(stack.redoText())
        self.undo.allow(loading or ("" if stack.canUndo() else nothing), undone)
        self.redo.allow(loading or ("" if stack.canRedo() else self.tr("Nothing to redo")), redone)
        self.add.allow(loading, self.tr("Add a row that waits for its module"))
        nothing = "" if count else self.tr("Nothing is wanted that the modules do not have")
        self.go.allow(nothing, self.tr("Show what will be written, and write it there"))
        self.write_all.allow(nothing, self.tr("Write it: the first module alone, then you decide about the others"))
        self.write_all.set_words(write_text(count))
        self.list.set_empty_text(self._empty_text())

    def _empty_text(self) -> str:
        if self._site.loading:
            return self.tr("The site is being opened")
        if self._site.site.modules:
            return self.tr("No row contains the searched text")
        if self._context.bus.scanning:
            return self.tr("Modules appear here as they answer")
        return self.tr(
            "Search the bus, scan labels, or paste flats and meter numbers from Excel (Ctrl+V). Modules that are"
            " found get their rows here."
        )

    def _say(self, words: str) -> None:
        self.words.setText(words)

    def _open(self, menu: QMenu, button: QWidget) -> None:
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def _columns_menu(self) -> QMenu:
        menu = self.list.columns_menu()
        codes = sorted({code for module in self._site.site for code in module.readings})
        energy = menu.addMenu(self.tr("Energy"))
        for code in ("", *codes):
            action = energy.addAction(code or self.tr("Usual register, 1.8.0"))
            action.setCheckable(True)
            action.setChecked(code == self.rows.energy_code)
            action.triggered.connect(partial(self._show_energy, code))
        return menu

    def _show_energy(self, code: str) -> None:
        self.rows.energy_code = code
        column = self.rows.columns.index(ENERGY)
        self.rows.columns_changed(column, column)

    def lead(self, kind: CureKind, modules: list[SiteModule]) -> None:
        """Select the cells in which a problem is corrected."""
        name = {CureKind.ASSIGN: "place"}.get(kind, "meter")
        self.search.clear()
        self.list.select_modules(modules, name)

    # Saved state

    def state(self) -> dict[str, object]:
        """Return the columns shown and the code of the energy."""
        return {"columns": self.list.shown_columns(), "energy": self.rows.energy_code}

    def restore(self, saved: Mapping[str, object]) -> None:
        """Restore what `state` returned."""
        columns, code = saved.get("columns"), saved.get("energy")
        if isinstance(columns, list) and columns:
            self.list.show_columns([name for name in columns if isinstance(name, str)])
        if isinstance(code, str):
            self._show_energy(code)
