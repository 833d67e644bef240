"""The list of a site: its columns, its selection, and the keys and the menu of its cells."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QMenu,
    QWidget,
)

from cmi_gui.engine.site.model import SiteModule
from cmi_gui.ui.models.site import SiteModel
from cmi_gui.ui.models.tables import Tables
from cmi_gui.ui.pages.bus.site_cells import Cell, SiteDelegate
from cmi_gui.ui.pages.bus.site_edits import SiteEdits
from cmi_gui.ui.pages.bus.site_table import (
    ENERGY,
    SEEN,
    STATE,
    USUAL,
    SiteTableModel,
)
from cmi_gui.ui.widgets.plain.table import Table

_OPTIONAL = ("baud", "serial", "rate_map", ENERGY, SEEN)
"""The usual columns that a narrow list leaves out, the last one first."""


class SiteList(Table):
    """The list of a site. Signals: `selection_changed()`; `said(str)`, a sentence about an edit that was refused."""

    selection_changed = Signal()
    said = Signal(str)

    def __init__(self, site: SiteModel, rows: SiteTableModel, tables: Tables, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Modules of the site"), rows.columns.index(STATE), parent, object_name="siteList")
        self._site = site
        self.rows = rows
        self.edits = SiteEdits(site, rows, tables, self)
        self.edits.said.connect(self.said)
        self.setModel(rows)
        delegate = SiteDelegate(self, rows)
        delegate.entered.connect(self._go_down)
        delegate.entered_for_all.connect(self.edits.fill_all)
        delegate.begun.connect(self._hint)
        self.setItemDelegate(delegate)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed)
        self.setTabKeyNavigation(False)
        header = self.horizontalHeader()
        header.setSectionsMovable(True)
        header.setSectionsClickable(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(lambda at: self.columns_menu().popup(header.mapToGlobal(at)))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(lambda at: self._menu().popup(self.viewport().mapToGlobal(at)))
        samples = {
            "place": "Lgh 1203",
            "meter": "33456789",
            "serial": "50100007",
            "primary_address": "250 > 250",
            "baud": "2400 > 9600",
            "rate_map": "1234 > 1111",
            ENERGY: "061561.289",
            SEEN: "2026-11-30",
        }
        self.set_widths({rows.columns.index(name): samples.get(name, "12345678 > 9") for name in rows.columns
                         if name != STATE})  # fmt: skip
        self._chosen = list(USUAL)
        """The names of the columns to show, with room for them."""
        self.show_columns(self._chosen)
        self._show_selection()
        self.selectionModel().selectionChanged.connect(self._selected)
        self.selectionModel().currentChanged.connect(self._current_changed)

    # Columns

    def shown_columns(self) -> list[str]:
        """Return the names of the columns that are shown, or would be in a wider window."""
        return self._chosen

    def show_columns(self, names: list[str]) -> None:
        """Show these columns; the state always. In a narrow window, some of the usual columns are left out."""
        self._chosen = [name for name in self.rows.columns if name in names or name == STATE]
        for column, name in enumerate(self.rows.columns):
            self.setColumnHidden(column, name not in self._chosen)
        # A list with columns that the user chose scrolls sideways.
        usual = self._chosen == list(USUAL)
        self.set_optional(*(self.rows.columns.index(name) for name in _OPTIONAL if usual))
        self._fit_optional()

    def columns_menu(self) -> QMenu:
        """Return a menu with the columns, each shown or not."""
        menu = QMenu(self.tr("Columns"), self)
        menu.aboutToHide.connect(menu.deleteLater)
        shown = self.shown_columns()
        for name, title in zip(self.rows.columns, self.rows.headers, strict=True):
            action = menu.addAction(title.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(name in shown)
            action.setEnabled(name != STATE)
            action.toggled.connect(partial(self._show_column, name))
        return menu

    def _show_column(self, name: str, on: bool) -> None:
        self.show_columns([each for each in self._chosen if each != name] + [name] * on)

    # Selection

    def selected_modules(self) -> list[SiteModule]:
        """Return the rows with a selected cell, in the order shown."""
        return [self.rows.module(row) for row in sorted({index.row() for index in self.selectedIndexes()})]

    def _show_selection(self) -> None:
        """Select the rows that the site has as selected and chosen, for example after a change of language."""
        name, keep = USUAL[0], QItemSelectionModel.SelectionFlag.NoUpdate
        chosen = self.rows.row_of(self._site.chosen)
        if chosen is not None:
            self.selectionModel().setCurrentIndex(self.rows.index(chosen, self.rows.columns.index(name)), keep)
        self.selectionModel().select(self._cells(self._site.selected, name), QItemSelectionModel.SelectionFlag.Select)

    def _cells(self, modules: list[SiteModule], name: str) -> QItemSelection:
        """Return the cells of a column in the rows of modules."""
        column, cells = self.rows.columns.index(name), QItemSelection()
        for row in map(self.rows.row_of, modules):
            if row is not None:
                index = self.rows.index(row, column)
                cells.select(index, index)
        return cells

    def _selected(self) -> None:
        self._site.selected = self.selected_modules()
        self.selection_changed.emit()

    def _current_changed(self, current: QModelIndex) -> None:
        if current.isValid():
            self._site.choose(self.rows.module(current.row()))

    def show_module(self, module: SiteModule | None, name: str = "") -> None:
        """Make the row of a module the current one, in column `name` or the present one."""
        row = self.rows.row_of(module)
        if row is None:
            return
        column = self.rows.columns.index(name) if name else max(self.currentIndex().column(), 0)
        if (row, column) != (self.currentIndex().row(), self.currentIndex().column()):
            self.setCurrentIndex(self.rows.index(row, column))

    def select_modules(self, modules: list[SiteModule], name: str) -> None:
        """Select the cells of a column in the rows of modules."""
        cells = self._cells(modules, name)
        if cells.isEmpty():
            return
        self.setCurrentIndex(cells.indexes()[0])
        self.selectionModel().select(cells, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.setFocus()

    # Edits

    @property
    def editing(self) -> bool:
        """True while a cell is being edited."""
        return self.state() is QAbstractItemView.State.EditingState

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Carry out the keys of a spreadsheet; all others move, or begin an edit."""
        for keys, call in self._keys():
            if event.matches(keys) if isinstance(keys, QKeySequence.StandardKey) else _is(event, keys):
                call()
                event.accept()
                return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            self._go_down()
            return
        super().keyPressEvent(event)

    def _keys(self) -> tuple[tuple[QKeySequence.StandardKey | str, Callable[[], object]], ...]:
        return (
            (QKeySequence.StandardKey.Copy, self.edits.copy),
            (QKeySequence.StandardKey.Paste, self.edits.paste),
            ("Ctrl+D", self.edits.fill_down),
            ("Ctrl+Return", self.edits.fill_all),
            ("Ctrl+Enter", self.edits.fill_all),
            (QKeySequence.StandardKey.Delete, self.edits.clear),
            ("Backspace", self.edits.clear),
        )

    def _hint(self, index: Cell) -> None:
        if self.rows.name(index.column()) not in ("serial", "meter"):
            self.said.emit(self.tr("Enter: next row. Ctrl+Enter: all rows below too."))

    def _go_down(self) -> None:
        current = self.currentIndex()
        below = self.rows.index(current.row() + 1, current.column())
        if below.isValid():
            self.setCurrentIndex(below)
        self.setFocus()

    def add_row(self) -> None:
        """Add a row that waits for its module, and edit its flat."""
        module = SiteModule()
        if self._site.add_rows([module], self.tr("Add a row")):
            self.show_module(module, "place")
            self.edit(self.currentIndex())
        else:
            self.said.emit(self.tr("The site has as many rows as it can have"))

    def remove_rows(self) -> None:
        """Remove the selected rows; what is known of their modules comes back with an undo."""
        self._site.remove_rows(self.selected_modules(), self.tr("Remove rows"))

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAccessibleName(self.tr("Cells"))
        menu.aboutToHide.connect(menu.deleteLater)
        some = bool(self.selectedIndexes())
        for words, keys, call, allowed in (
            (self.tr("Copy"), "Ctrl+C", self.edits.copy, some),
            (self.tr("Paste"), "Ctrl+V", self.edits.paste, True),
            (self.tr("Fill down"), "Ctrl+D", self.edits.fill_down, some),
            (self.tr("Fill all rows below"), "Ctrl+Return", self.edits.fill_all, some),
            (self.tr("Clear"), "Del", self.edits.clear, some),
            (self.tr("Add a row"), "", self.add_row, True),
            (self.tr("Remove rows"), "", self.remove_rows, some),
        ):
            action = menu.addAction(words, call)
            action.setEnabled(allowed)
            if keys:
                action.setShortcut(QKeySequence(keys))
        menu.addSeparator()
        menu.addMenu(self.columns_menu())
        return menu


def _is(event: QKeyEvent, keys: str) -> bool:
    return QKeySequence(event.keyCombination()) == QKeySequence(keys)
