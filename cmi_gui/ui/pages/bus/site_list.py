"""The list of a site: cells that are edited by keyboard, filled down, copied, pasted and cleared."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QLineEdit,
    QMenu,
    QStyleOptionViewItem,
    QWidget,
)

from cmi_gui.engine.files.table import Column, TableData
from cmi_gui.engine.messages import InvalidValue
from cmi_gui.engine.site.cells import cell_text, wanted_text
from cmi_gui.engine.site.model import SiteModule
from cmi_gui.engine.site.pasting import paste
from cmi_gui.ui.models.site import SiteModel
from cmi_gui.ui.models.tables import Tables
from cmi_gui.ui.pages.bus.site_table import (
    ENERGY,
    IS_ROLE,
    MARK_ROLE,
    ODD_ROLE,
    SEEN,
    STATE,
    USUAL,
    WANTED_ROLE,
    SiteTableModel,
)
from cmi_gui.ui.text.messages import text_of
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.text.words import sentence
from cmi_gui.ui.theme import SPACE, Colours, colours
from cmi_gui.ui.widgets.plain.fields import set_wrong
from cmi_gui.ui.widgets.plain.state_cell import StateDelegate
from cmi_gui.ui.widgets.plain.table import CellDelegate, Table

Cell = QModelIndex | QPersistentModelIndex
_ARROW = " > "
_OPTIONAL = ("baud", "serial", "rate_map", ENERGY, SEEN)
"""The usual columns that a narrow list leaves out, the last one first."""
_LONGEST_PASTE = 2_000_000
"""Most characters of a pasted text; 1,000 rows of a plan have about 100,000."""


class SiteDelegate(StateDelegate):
    """A painter and editor of cells: what is, then what is wanted in bold and in the accent colour.

    Signals: `begun(object)`, an edit of the cell with this index; `entered()`, Enter has ended an edit;
    `entered_for_all()`, Ctrl+Enter has.
    """

    begun = Signal(object)
    entered = Signal()
    entered_for_all = Signal()

    def __init__(self, view: QAbstractItemView, model: SiteTableModel) -> None:
        super().__init__(view, MARK_ROLE)
        self._view = view
        self._table = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Cell) -> None:
        """Paint the cell; the current one has an outline, because several may be selected."""
        super().paint(painter, option, index)
        if index == self._view.currentIndex() and self._view.hasFocus():
            painter.setPen(QPen(colours(option.palette).accent, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(option.rect.adjusted(0, 0, -1, -1))

    def ink(self, c: Colours, index: Cell) -> QColor:
        """Return the colour of what is."""
        return c.trouble if index.data(ODD_ROLE) else c.text

    def _text(self, painter: QPainter, cell: QRect, c: Colours, index: Cell, text: str) -> None:
        if index.data(MARK_ROLE) is not None:
            super()._text(painter, cell, c, index, text)
            return
        wanted = index.data(WANTED_ROLE)
        if wanted is None:
            CellDelegate._text(self, painter, cell, c, index, text)
            return
        room = cell.adjusted(SPACE.s, 0, -SPACE.s, 0)
        plain = painter.font()
        bold = painter.font()
        bold.setBold(True)
        known = str(index.data(IS_ROLE))
        parts = [(known, plain, c.text), (_ARROW, plain, c.dim)] if known else []
        painter.setFont(bold)
        wide = painter.fontMetrics().horizontalAdvance(wanted)
        painter.setFont(plain)
        metrics = painter.fontMetrics()
        before = sum(metrics.horizontalAdvance(part) for part, _, _ in parts)
        if before + wide > room.width() and parts:
            # What is wanted matters more than what is.
            known = metrics.elidedText(
                known, Qt.TextElideMode.ElideRight, max(0, room.width() - wide - metrics.horizontalAdvance(_ARROW))
            )
            parts[0] = (known, plain, c.text)
            before = sum(metrics.horizontalAdvance(part) for part, _, _ in parts)
        right = bool(index.data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight)
        left = max(room.left(), room.right() - before - wide) if right else room.left()
        for part, look, ink in (*parts, (wanted, bold, c.accent)):
            painter.setFont(look)
            painter.setPen(ink)
            width = painter.fontMetrics().horizontalAdvance(part)
            place = QRect(left, room.top(), min(width + 2, room.right() - left + 2), room.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, part)
            left += width

    # Editing

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Cell) -> QWidget:
        """Return a field with the text to be changed."""
        field = QLineEdit(parent)
        field.setFrame(False)
        field.setAccessibleName(self._table.headers[index.column()])
        field.textEdited.connect(lambda: set_wrong(field, ""))
        self.begun.emit(index)
        return field

    def setEditorData(self, editor: QWidget, index: Cell) -> None:
        """Show the text of the cell."""
        assert isinstance(editor, QLineEdit)
        editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Cell) -> None:
        """Set the cell."""
        assert isinstance(editor, QLineEdit)
        model.setData(index, editor.text())

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Keep the editor open with the reason while its text is wrong; Enter goes on to other rows."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and isinstance(editor, QLineEdit):
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter or event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                wrong = self._table.why_not(self._view.currentIndex(), editor.text())
                if wrong:
                    set_wrong(editor, wrong)
                    set_tooltip(editor, wrong)
                    self._table.refused.emit(wrong)
                    return True
            if enter:
                self.commitData.emit(editor)
                self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)
                for_all = event.modifiers() & Qt.KeyboardModifier.ControlModifier
                (self.entered_for_all if for_all else self.entered).emit()
                return True
        return super().eventFilter(editor, event)


class SiteList(Table):
    """The list of a site. Signals: `selection_changed()`; `said(str)`, a sentence about an edit that was refused."""

    selection_changed = Signal()
    said = Signal(str)

    def __init__(self, site: SiteModel, rows: SiteTableModel, tables: Tables, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Modules of the site"), rows.columns.index(STATE), parent, object_name="siteList")
        self._site = site
        self.rows = rows
        self._tables = tables
        self.setModel(rows)
        delegate = SiteDelegate(self, rows)
        delegate.entered.connect(self._go_down)
        delegate.entered_for_all.connect(self.fill_all)
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

    def _cells(self) -> list[QModelIndex]:
        """Return the selected cells that are shown, by row and then as the columns stand."""
        header = self.horizontalHeader()
        cells = [index for index in self.selectedIndexes() if not self.isColumnHidden(index.column())]
        return sorted(cells, key=lambda index: (index.row(), header.visualIndex(index.column())))

    def selected_modules(self) -> list[SiteModule]:
        """Return the rows with a selected cell, in the order shown."""
        return [self.rows.module(row) for row in sorted({index.row() for index in self.selectedIndexes()})]

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
        column, selection = self.rows.columns.index(name), QItemSelection()
        places = [row for row in map(self.rows.row_of, modules) if row is not None]
        if not places:
            return
        self.setCurrentIndex(self.rows.index(places[0], column))
        for row in places:
            index = self.rows.index(row, column)
            selection.select(index, index)
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
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
            (QKeySequence.StandardKey.Copy, self.copy),
            (QKeySequence.StandardKey.Paste, self.paste),
            ("Ctrl+D", self.fill_down),
            ("Ctrl+Return", self.fill_all),
            ("Ctrl+Enter", self.fill_all),
            (QKeySequence.StandardKey.Delete, self.clear_cells),
            ("Backspace", self.clear_cells),
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

    def _try(self, edit: Callable[[], object]) -> None:
        try:
            edit()
        except InvalidValue as error:
            self.said.emit(sentence(text_of(error.message)))

    def copy(self) -> None:
        """Copy the block around the selected cells; cells of it that are not selected are empty."""
        cells = self._cells()
        if not cells:
            return
        header = self.horizontalHeader()
        columns = sorted({index.column() for index in cells}, key=header.visualIndex)
        taken = {(index.row(), index.column()) for index in cells}
        rows = [
            [self._copied(row, column) if (row, column) in taken else "" for column in columns]
            for row in sorted({index.row() for index in cells})
        ]
        titles = [Column(self.rows.headers[column]) for column in columns]
        QGuiApplication.clipboard().setText(self._tables.text(TableData(self.tr("Modules"), titles, rows)))

    def _copied(self, row: int, column: int) -> Decimal | str:
        if self.rows.name(column) == ENERGY:
            return self.rows.energy(row)
        return str(self.rows.index(row, column).data(Qt.ItemDataRole.EditRole) or "")

    def paste(self) -> None:
        """Set cells from the current one on as copied from a spreadsheet; missing rows are added."""
        text = QGuiApplication.clipboard().text()
        if not text.strip():
            return
        if len(text) > _LONGEST_PASTE:
            self.said.emit(self.tr("The copied text is too long for a list of modules"))
            return
        cells = self._cells()
        first = cells[0] if cells else self.currentIndex()
        row = max(first.row(), 0)
        header = self.horizontalHeader()
        start = header.visualIndex(first.column()) if first.isValid() else 0
        visual = [header.logicalIndex(place) for place in range(start, header.count())]
        names = [self.rows.name(column) for column in visual if not self.isColumnHidden(column)]
        if names and names[0] in (ENERGY, STATE, SEEN):
            self.said.emit(self.tr("Values cannot be pasted here; begin in a column that can be edited"))
            return
        wrong = (ENERGY, STATE, SEEN)
        names = names[: next((place for place, name in enumerate(names) if name in wrong), len(names))]
        selected = len({index.row() for index in cells})
        site, rows = self._site, self.rows.modules[row:]

        def edit() -> None:
            changes = paste(site.site, text, rows, names, site.table, selected=max(selected, 1))
            site.edit(changes, self.tr("Paste"))

        self._try(edit)

    def fill_down(self) -> None:
        """Give the selected cells of each column the text of the uppermost; one cell takes that of the cell above."""
        cells = self._cells()
        rows = sorted({index.row() for index in cells})
        names = [self.rows.name(column) for column in dict.fromkeys(index.column() for index in cells)]
        if len(rows) == 1 and rows[0] > 0:
            rows = [rows[0] - 1, rows[0]]
        self._fill(rows, names)

    def fill_all(self) -> None:
        """Give the text of the current cell to the other selected cells of its column, or to all rows below it."""
        current = self.currentIndex()
        if not current.isValid():
            return
        row, column = current.row(), current.column()
        others = sorted({index.row() for index in self._cells() if index.column() == column} - {row})
        self._fill([row, *(others or range(row + 1, self.rows.rowCount()))], [self.rows.name(column)])
        self.setFocus()

    def _fill(self, rows: list[int], names: list[str]) -> None:
        if any(name in (ENERGY, STATE, SEEN) for name in names):
            self.said.emit(self.tr("The columns Energy, State and Seen cannot be edited"))
        elif len(rows) > 1:
            modules = [self.rows.module(row) for row in rows]
            self._try(lambda: self._site.fill_down(modules, names, self.tr("Fill down")))

    def clear_cells(self) -> None:
        """Clear what is wanted in the selected cells, and the text of those that say what a row is."""
        cells = [index for index in self._cells() if self.rows.editable(index.column())]
        named = [(self.rows.module(index.row()), self.rows.name(index.column()), "") for index in cells]
        named = [each for each in named if wanted_text(*each[:2]) is not None or cell_text(*each[:2])]
        self._try(lambda: self._site.set_cells(named, self.tr("Clear")))

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
            (self.tr("Copy"), "Ctrl+C", self.copy, some),
            (self.tr("Paste"), "Ctrl+V", self.paste, True),
            (self.tr("Fill down"), "Ctrl+D", self.fill_down, some),
            (self.tr("Fill all rows below"), "Ctrl+Return", self.fill_all, some),
            (self.tr("Clear"), "Del", self.clear_cells, some),
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
