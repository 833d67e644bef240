"""The actions on selected lines of traffic: copy, save, or use as a filter."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QPoint, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from cmi_gui.engine.traffic.capture import SIDES
from cmi_gui.engine.traffic.filter import ANY_TYPE, TYPE_NAMES, Key, quoted
from cmi_gui.engine.traffic.store import Direction, Side, TrafficRow
from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.pages.traffic.export import CopyFormat, as_hex, as_json, traffic_table
from cmi_gui.ui.pages.traffic.line import START_ROLE
from cmi_gui.ui.pages.traffic.model import TrafficModel
from cmi_gui.ui.pages.traffic.source import SLICE_SECONDS
from cmi_gui.ui.pages.traffic.table import TrafficTable
from cmi_gui.ui.text.words import Level

BOOKMARK_KEYS, NOTE_KEYS = "Ctrl+B", "Ctrl+Shift+B"


class ChosenRows(QObject):
    """The actions on the selected lines of a table.

    Signals: `narrowed(object, str)`, a `Key` and the value to filter by; `excluded(object, str)`, a `Key` and the value
    to exclude; `marked()`: times are to count from the current line; `saving(object)`, a list of rows to save;
    `sending(object)`, a row whose telegram is to be sent again; `bookmark_toggled()`, `note_wanted()`: the bookmark of
    the current line is to be set or removed, or gets a note.
    """

    narrowed = Signal(object, str)
    excluded = Signal(object, str)
    marked = Signal()
    saving = Signal(object)
    sending = Signal(object)
    bookmark_toggled = Signal()
    note_wanted = Signal()

    def __init__(self, context: Context, table: TrafficTable, page: QWidget) -> None:
        super().__init__(page)
        self._context = context
        self._table = table
        self._waiting: Iterator[int] | None = None
        self._gathered: list[TrafficRow] = []
        self._then: Callable[[list[TrafficRow]], object] | None = None
        self._source = self._model.source
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._gather)
        table.copy_requested.connect(lambda: self.copy(CopyFormat.TEXT))
        table.customContextMenuRequested.connect(self._show_menu)

    @property
    def _model(self) -> TrafficModel:
        model = self._table.model()
        assert isinstance(model, TrafficModel)
        return model

    def copy(self, form: CopyFormat) -> None:
        """Copy the selected rows to the clipboard; silences are left out."""
        local, tables = self._model.source.local, self._context.tables
        notes = dict(self._model.source.store.bookmarks)

        def gathered(rows: list[TrafficRow]) -> None:
            if not rows:
                return
            work = {
                CopyFormat.TEXT: lambda: tables.text(traffic_table(rows, local, notes)),
                CopyFormat.HEX: lambda: as_hex(rows),
                CopyFormat.JSON: lambda: as_json(rows, local, notes),
            }[form]
            context = self._context
            # A change of language rebuilds all pages, so this page may be deleted by then.
            words = self.tr("{0} telegrams copied").format(len(rows))

            def done(text: str) -> None:
                QGuiApplication.clipboard().setText(text)
                context.add_message(Level.INFO, words)

            context.background.run(work, done, _failed)

        self.gather(gathered)

    def save(self) -> None:
        """Emit `saving` with the selected rows."""
        self.gather(lambda rows: self.saving.emit(rows) if rows else None)

    def menu(self) -> QMenu:
        """Return a menu with the actions on the selected lines."""
        menu = QMenu(self._table)
        copy = menu.addAction(self.tr("Copy as text"), lambda: self.copy(CopyFormat.TEXT))
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        menu.addAction(self.tr("Copy as hex"), lambda: self.copy(CopyFormat.HEX))
        menu.addAction(self.tr("Copy as JSON"), lambda: self.copy(CopyFormat.JSON))
        menu.addAction(self.tr("Save these rows..."), self.save)
        current = self._table.currentIndex()
        # Skipped for a line that the store has dropped since.
        if current.data(START_ROLE) is not None:
            row = self._model.row(current.row())
            menu.addSeparator()
            side = SIDES[row.side]
            menu.addAction(self.tr("Only side {0}").format(side), lambda: self.narrowed.emit(Key.SIDE, side))
            if row.link:
                link = quoted(row.link)
                menu.addAction(self.tr("Only this link"), lambda: self.narrowed.emit(Key.LINK, link))
            if row.address is not None:
                address = str(row.address)
                words = self.tr("Only address {0}").format(address)
                menu.addAction(words, lambda: self.narrowed.emit(Key.ADDR, address))
            kind = "silence" if self._model.line(current.row()) & 1 else _type_name(row)
            menu.addAction(self.tr("Only type {0}").format(kind), lambda: self.narrowed.emit(Key.TYPE, kind))
            menu.addAction(self.tr("Without type {0}").format(kind), lambda: self.excluded.emit(Key.TYPE, kind))
            menu.addSeparator()
            menu.addAction(self.tr("Count time from here"), self.marked.emit)
            if row.side is Side.MBUS and row.direction is Direction.RECEIVED and row.data:
                menu.addAction(self.tr("Prepare to send again"), lambda: self.sending.emit(row))
            menu.addSeparator()
            has_bookmark = row.index in self._model.source.store.bookmarks
            words = self.tr("Remove the bookmark") if has_bookmark else self.tr("Bookmark")
            menu.addAction(words, self.bookmark_toggled.emit).setShortcut(BOOKMARK_KEYS)
            menu.addAction(self.tr("Bookmark with a note..."), self.note_wanted.emit).setShortcut(NOTE_KEYS)
        return menu

    def _show_menu(self, place: QPoint) -> None:
        if not self._table.selectionModel().hasSelection():
            return
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._table.viewport().mapToGlobal(place))

    # Gathering

    def gather(self, then: Callable[[list[TrafficRow]], object]) -> None:
        """Call `then` with the selected rows in the table's order, collected in slices of 8 ms."""
        model = self._model
        ranges = sorted((part.top(), part.bottom()) for part in self._table.selectionModel().selection().toList())
        # Copied, because visible lines move when the store drops its oldest rows.
        lines = [model.lines(top, bottom + 1) for top, bottom in ranges]
        self._waiting = (line >> 1 for part in lines for line in part if not line & 1)
        self._source = model.source
        self._gathered, self._then = [], then
        self._gather()

    def _gather(self) -> None:
        waiting, then = self._waiting, self._then
        if waiting is None or then is None:
            self._timer.stop()
            return
        stop_at = time.perf_counter() + SLICE_SECONDS
        for index in waiting:
            # Rows that the store has dropped since are left out.
            if index >= self._source.store.first:
                self._gathered.append(self._source.row(index))
            if time.perf_counter() > stop_at:
                self._timer.start()
                return
        self._timer.stop()
        rows, self._gathered = self._gathered, []
        self._waiting = self._then = None
        then(rows)


def _failed(error: Exception) -> None:
    raise error


def _type_name(row: TrafficRow) -> str:
    """Return the name of a row's type in the filter language."""
    for name, meanings in TYPE_NAMES.items():
        for kind, code in meanings:
            if kind is row.kind and code in (ANY_TYPE, row.type):
                return name
    return "other"
