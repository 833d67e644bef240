"""The place of the traffic table among its lines: at the newest ones, or where the user reads."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, Signal
from PySide6.QtWidgets import QAbstractButton

from cmi_gui.ui.pages.traffic.model import TrafficModel
from cmi_gui.ui.pages.traffic.table import TrafficTable


class Following(QObject):
    """The scrolling of a table while its lines change.

    While `follow` is pressed and the end is in view, the end stays in view; else the visible lines stay in place. The
    current line is current again as soon as a new filter shows it.
    Signals: `lost()`: the current line is not shown any more.
    """

    lost = Signal()

    def __init__(self, table: TrafficTable, follow: QAbstractButton, parent: QObject) -> None:
        super().__init__(parent)
        self._table = table
        self._follow = follow
        self._model: TrafficModel | None = None
        self._at_end = True
        self._wanted: int | None = None
        """The id of the line that was current before the filter changed, until it is visible again."""
        follow.toggled.connect(self._toggled)
        table.resized.connect(self._resized)

    def watch(self, model: TrafficModel) -> None:
        """Follow the lines of a model that the table shows, and no longer those of the model before."""
        if self._model is not None:
            self._model.disconnect(self)
        self._model = model
        model.rowsAboutToBeInserted.connect(self._rows_coming)
        model.rowsInserted.connect(self._rows_inserted)
        model.rowsRemoved.connect(self._rows_removed)
        model.modelReset.connect(self._reset)

    def keep_current(self) -> None:
        """Make the current line current again after the lines have been searched."""
        current = self._table.currentIndex()
        if current.isValid():
            self._wanted = self._shown.line(current.row())

    def want(self, line: int) -> None:
        """Make the line with an id current, now or as soon as it is shown."""
        self._wanted = line
        self._find_wanted()

    def forget(self) -> None:
        """Want no line any more, because another one has been selected."""
        self._wanted = None

    @property
    def _shown(self) -> TrafficModel:
        assert self._model is not None
        return self._model

    @property
    def _pressed(self) -> bool:
        return self._follow.isChecked() and self._shown.source.live

    def _toggled(self, on: bool) -> None:
        if on:
            self._table.scrollToBottom()

    def _resized(self, at_end: bool) -> None:
        # In a lower table the same place is not the end any more.
        if at_end and self._pressed:
            self._table.scrollToBottom()

    def _rows_coming(self) -> None:
        self._at_end = self._table.at_end

    def _rows_inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        # Scrolling up suspends following, so that the lines being read stay in place.
        count = last - first + 1
        if self._at_end and self._pressed:
            self._table.scrollToBottom()
            self._table.show_fresh(first, count)
        elif first < self._table.rowAt(0):
            self._shift(count)
        self._find_wanted()

    def _rows_removed(self, _parent: QModelIndex, first: int, last: int) -> None:
        # When the oldest lines go, scroll by as much, so that the visible lines stay in place.
        if not first and not (self._follow.isChecked() and self._table.at_end):
            self._shift(first - last - 1)

    def _shift(self, rows: int) -> None:
        bar = self._table.verticalScrollBar()
        bar.setValue(bar.value() + rows * self._table.verticalHeader().defaultSectionSize())

    def _reset(self) -> None:
        wanted = self._wanted
        if wanted is None or self._shown.position(wanted) < 0:
            self.lost.emit()
        self._find_wanted()
        if wanted is not None and self._wanted is None:
            # The line is visible and current again, so do not scroll away from it.
            return
        if self._pressed:
            self._table.scrollToBottom()

    def _find_wanted(self) -> None:
        """Select the wanted line as soon as it is there."""
        if self._wanted is None:
            return
        at = self._shown.position(self._wanted)
        if at >= 0:
            self._wanted = None
            self._table.selectRow(at)
            self._table.scrollTo(self._shown.index(at, 0), TrafficTable.ScrollHint.PositionAtCenter)
