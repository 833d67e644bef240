"""The model of the table of traffic: the ids of the lines that pass a filter; texts are made when painted."""

from __future__ import annotations

import time
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from datetime import timedelta

from PySide6.QtCore import QModelIndex, QObject, Qt, QTimer, Signal

from cmi_gui.engine.traffic.exchanges import RETRY
from cmi_gui.engine.traffic.filter import Flag, Key, TrafficFilter
from cmi_gui.engine.traffic.store import RowKind, Side, TrafficRow
from cmi_gui.ui.models.columns import ColumnsModel, Index
from cmi_gui.ui.pages.traffic.colour_rules import ColourRule, LineColours
from cmi_gui.ui.pages.traffic.line import (
    DIM_ROLE,
    ERROR_ROLE,
    START_ROLE,
    STATE_ROLE,
    LineState,
    PaintedLine,
    TimeMode,
    TrafficColumn,
)
from cmi_gui.ui.pages.traffic.search import TrafficSearch, count_bad
from cmi_gui.ui.pages.traffic.source import SLICE_SECONDS, TrafficSource
from cmi_gui.ui.pages.traffic.text import answer_text, direction_text, retranslate, type_text
from cmi_gui.ui.text.i18n import number_text, with_decimal_sign
from cmi_gui.ui.text.tooltip import tooltip

_ANALYSED = 1000
"""Rows of exchanges worked out between two looks at the clock; they take 3 ms."""
_PAINTED_LINES = 256
_SEARCHED = 4096
"""Rows searched at once for words or bytes, which takes some milliseconds."""
_COMPARED = 1 << 16
"""Rows whose columns are compared at once."""
_INDEXED = 256
"""Rows added to the index between two looks at the clock."""


class TrafficModel(ColumnsModel):
    """A table of the lines of `source` that pass the filter, in the order of the store.

    A line is a row of the store (id 2 * index) or the silence after it (id 2 * index + 1). The store grows and
    drops its oldest rows without notice; `catch_up` follows it, in slices of 8 ms.
    Signals: `counted()`, after lines were added, removed or searched.
    """

    counted = Signal()
    numbers = frozenset((TrafficColumn.DELTA, TrafficColumn.ADDRESS, TrafficColumn.LENGTH, TrafficColumn.ANSWER))

    def __init__(self, source: TrafficSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        retranslate()
        self.source = source
        self._store = source.store
        self._search = TrafficSearch(TrafficFilter(), source, self._silence)
        self._filter = TrafficFilter()
        self.colours = LineColours((), source, self._silence)
        self._lines = array("q")
        self._first = self._store.first
        self._scanned = self._store.first
        self._errors = 0
        self._paused = False
        self._time_mode = TimeMode.CLOCK
        self._reference = 0.0
        self._painted_lines: dict[int, PaintedLine] = {}
        """The data of the lines painted last, by id."""
        self._row: TrafficRow | None = None
        """The last row read, kept because the cells of a row are requested one after the other."""
        self._more = QTimer(self, singleShot=True, interval=0)
        self._more.timeout.connect(self.catch_up)
        self.headers = [
            self.tr("Time"),
            self.tr("Delta"),
            self.tr("Side"),
            self.tr("Direction"),
            self.tr("Address"),
            self.tr("Type"),
            self.tr("Bytes"),
            self.tr("Answer after"),
            self.tr("Link"),
            self.tr("Summary"),
        ]
        self._sides = {Side.MBUS: self.tr("M-Bus"), Side.METER: self.tr("Meter")}
        self._no_answer = self.tr("no answer")
        self._error_word = self.tr("error")
        self._silence_words = self.tr("No answer within {0} s")
        self._retry_words = self.tr("Retry: {0}")
        # The exchanges of a capture are worked out before it is shown.
        self._count_errors()

    # For the page

    @property
    def total(self) -> int:
        """The number of rows in the store."""
        return len(self._store) - self._store.first

    @property
    def waiting(self) -> int:
        """The number of rows not searched yet; while paused, of those that came since."""
        return len(self._store) - max(self._scanned, self._store.first)

    @property
    def progress(self) -> float | None:
        """The share (0 to 1) of the rows searched so far; None when the search is done or paused."""
        if self._paused or not self.waiting:
            return None
        return (self._scanned - self._store.first) / max(1, self.total)

    @property
    def indexed(self) -> float | None:
        """The share (0 to 1) of the rows whose texts are in the index; None if all are, or while paused."""
        missing = len(self._store) - self.source.index.stop
        return 1 - missing / self.total if missing and not self._paused else None

    @property
    def errors(self) -> int:
        """The number of lines that a filter for errors would show, among the rows worked out."""
        return self._errors

    @property
    def filter(self) -> TrafficFilter:
        """The filter in force."""
        return self._filter

    @property
    def searches_bookmarks(self) -> bool:
        """True if bookmarks decide which lines are shown."""
        return any(term.key is Key.NOTE or Flag.BOOKMARK in term.values for term in self._filter.terms)

    @property
    def paused(self) -> bool:
        """True if new rows are held back."""
        return self._paused

    def set_paused(self, paused: bool) -> None:
        """Hold new rows back, or show them."""
        self._paused = paused
        self.catch_up()
        self.counted.emit()

    def set_filter(self, wanted: TrafficFilter) -> None:
        """Show the lines that pass another filter."""
        if wanted != self._filter:
            self._filter = wanted
            self._restart()

    def set_time(self, mode: TimeMode, reference: float = 0.0) -> None:
        """Set what the first column shows; `reference`, for `MARK` only, is a time in the rows' seconds."""
        self._time_mode, self._reference = mode, reference
        self._repaint()

    def set_rules(self, rules: Sequence[ColourRule]) -> None:
        """Paint lines by other colour rules."""
        self.colours = LineColours(rules, self.source, self._silence)
        self._repaint()

    def show_bookmarks(self) -> None:
        """Show bookmarks that were set, changed or removed."""
        self.colours.forget()
        if self.searches_bookmarks:
            self._restart()
        else:
            self._repaint()

    def _repaint(self) -> None:
        self._painted_lines.clear()
        self.columns_changed(TrafficColumn.TIME, TrafficColumn.SUMMARY)

    def clear(self) -> None:
        """Delete all rows, also from the store."""
        self._store.clear()
        self._restart()

    def line(self, row: int) -> int:
        """Return the id of a visible line."""
        return self._lines[row]

    def lines(self, first: int, stop: int) -> array[int]:
        """Return a copy of the ids of visible lines, `first` to `stop` - 1."""
        return self._lines[first:stop]

    def position(self, line: int) -> int:
        """Return the position of the line with an id, -1 if it is not visible."""
        at = bisect_left(self._lines, line)
        return at if at < len(self._lines) and self._lines[at] == line else -1

    def row(self, row: int) -> TrafficRow:
        """Return the stored row of a visible line (for a silence, the request). Raises IndexError if it was dropped."""
        return self._store_row(self._lines[row] >> 1)

    def state(self, row: int) -> LineState:
        """Return the state of a visible line."""
        line = self._lines[row]
        if line & 1:
            return LineState.SILENCE
        if self._store_row(line >> 1).bad:
            return LineState.ERROR
        return LineState.RETRY if self.source.exchanges.mark(line >> 1) & RETRY else LineState.GOOD

    def summary(self, row: int) -> str:
        """Return the summary of a visible line."""
        line = self._lines[row]
        if line & 1:
            return self._silence(line >> 1)
        text = self.source.summary(line >> 1)
        return self._retry_words.format(text) if self.source.exchanges.mark(line >> 1) & RETRY else text

    def painted_line(self, row: int) -> PaintedLine | None:
        """Return the data to paint a visible line; None if the store has dropped it since the last `catch_up`.

        One call per line replaces seven calls per cell, because each call from Qt to Python takes 12 us.
        """
        line = self._lines[row]
        found = self._painted_lines.get(line)
        if found is None and line >> 1 >= self._store.first:
            if len(self._painted_lines) >= _PAINTED_LINES:
                self._painted_lines.clear()
            found = self._painted_lines[line] = PaintedLine(
                tuple(self._text(row, column) or "" for column in TrafficColumn),
                self.state(row),
                self.source.exchanges.start(line >> 1),
                not line & 1 and line >> 1 in self._store.bookmarks,
            )
        return found

    # Following the store

    def catch_up(self) -> None:
        """Remove lines that the store dropped and add new ones, for 8 ms; the rest follows from the event loop."""
        self._trim()
        if self._paused:
            self.counted.emit()
            return
        if not self.waiting and self.indexed is None:
            return
        stop_at = time.perf_counter() + SLICE_SECONDS
        silent = self._analyse(stop_at)
        fresh = self._searched(stop_at)
        if fresh:
            first = len(self._lines)
            self.beginInsertRows(QModelIndex(), first, first + len(fresh) - 1)
            self._lines.extend(fresh)
            self.endInsertRows()
        self._insert_silences(silent)
        if not self.waiting:
            # In the background, so that a later search for words is fast.
            self._index(len(self._store), stop_at)
        if self.waiting or self.indexed is not None:
            self._more.start()
        self.counted.emit()

    def settle(self) -> None:
        """Show the silence of requests that have waited too long for an answer."""
        if not self._paused and self.source.live:
            silent = self.source.exchanges.settle(self.source.now())
            self._errors += len(silent)
            self._insert_silences(silent)
            if silent:
                self.counted.emit()

    def _restart(self) -> None:
        self._trim()
        self.beginResetModel()
        self._row = None
        self._painted_lines.clear()
        self._search = TrafficSearch(self._filter, self.source, self._silence)
        self._scanned = self._first
        # Most filters on columns are done with this slice.
        self._lines = array("q") if self._paused else self._searched(time.perf_counter() + SLICE_SECONDS)
        self.endResetModel()
        self.catch_up()
        self.counted.emit()

    def _trim(self) -> None:
        """Remove the lines whose rows the store has dropped."""
        first = self._store.first
        if first == self._first:
            return
        self._first = first
        self._scanned = max(self._scanned, first)
        self._row = None
        self._painted_lines.clear()
        dropped = bisect_left(self._lines, 2 * first)
        if dropped:
            self.beginRemoveRows(QModelIndex(), 0, dropped - 1)
            del self._lines[:dropped]
            self.endRemoveRows()
        self.source.exchanges.catch_up(self._first)
        self._count_errors()
        self.counted.emit()

    def _analyse(self, stop_at: float) -> list[int]:
        """Work out exchanges; return the requests without an answer among the rows already searched."""
        exchanges, silent = self.source.exchanges, []
        while exchanges.stop < len(self._store):
            before = exchanges.stop
            found = exchanges.catch_up(before + _ANALYSED)
            silent += [index for index in found if index < self._scanned]
            self._errors += len(found) + count_bad(self._store.columns(before, exchanges.stop))
            if time.perf_counter() > stop_at:
                break
        return silent

    def _searched(self, stop_at: float) -> array[int]:
        """Return the ids of the next lines that pass the filter."""
        fresh = array("q")
        stop = self.source.exchanges.stop
        # At least one round, however little time is left, so that a search always ends.
        while self._scanned < stop:
            chunk = min(self._scanned + (_SEARCHED if self._search.reads_bytes else _COMPARED), stop)
            if self._search.reads_words:
                chunk = min(chunk, self._index(chunk, stop_at))
            fresh.frombytes(self._search.lines(self._scanned, chunk).tobytes())
            self._scanned = max(self._scanned, chunk)
            if time.perf_counter() > stop_at:
                break
        return fresh

    def _index(self, stop: int, stop_at: float) -> int:
        """Add rows up to `stop` - 1 to the index; return the index of the first row that is not in it."""
        index = self.source.index
        while index.stop < stop:
            index.grow(min(index.stop + _INDEXED, stop))
            if time.perf_counter() > stop_at:
                break
        return index.stop

    def _insert_silences(self, requests: list[int]) -> None:
        """Insert the silences of rows searched before; there are few at a time."""
        for index in requests:
            line = 2 * index + 1
            if index >= self._scanned or line not in self._search.lines(index, index + 1):
                continue
            at = bisect_left(self._lines, line)
            self.beginInsertRows(QModelIndex(), at, at)
            self._lines.insert(at, line)
            self._painted_lines.clear()
            self.endInsertRows()

    def _count_errors(self) -> None:
        exchanges = self.source.exchanges
        silent = len(exchanges.silent(self._first, exchanges.stop))
        self._errors = silent + count_bad(self._store.columns(self._first, exchanges.stop))

    # ColumnsModel

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of lines that pass the filter."""
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return text, alignment, the full date and the note as tooltips, and the roles of `line`."""
        if role not in _ROLES:
            return super().data(index, role)
        row = index.row()
        line = self._lines[row]
        if line >> 1 < self._store.first:
            # Dropped by the store since the last `catch_up`.
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, index.column())
        if role == START_ROLE:
            return self.source.exchanges.start(line >> 1)
        if role == STATE_ROLE:
            return self.state(row)
        if role == ERROR_ROLE:
            return self.state(row) in (LineState.ERROR, LineState.SILENCE)
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            wrong = index.column() == TrafficColumn.TYPE and self.state(row) is LineState.ERROR
            return self._error_word if wrong else None
        if role == DIM_ROLE:
            return index.column() in _DIM
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == TrafficColumn.TIME:
            return tooltip(
                with_decimal_sign(self.source.local(self._store.at(line >> 1)).isoformat(" ", "milliseconds"))
            )
        if role == Qt.ItemDataRole.ToolTipRole and index.column() in (TrafficColumn.SIDE, TrafficColumn.LINK):
            return tooltip(self._store_row(line >> 1).link)
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == TrafficColumn.SUMMARY and not line & 1:
            return tooltip(self._store.bookmarks.get(line >> 1, ""))
        return None

    def _store_row(self, index: int) -> TrafficRow:
        row = self._row
        if row is None or row.index != index:
            row = self._row = self.source.row(index)
        return row

    def _silence(self, index: int) -> str:
        return self._silence_words.format(number_text(self.source.exchanges.waited(index), 3))

    def _text(self, position: int, column: int) -> str | None:
        line = self._lines[position]
        row = self._store_row(line >> 1)
        match column:
            case TrafficColumn.TIME:
                # A silence has a duration, shown as its delta, but no time.
                return "" if line & 1 else self._time(row.at)
            case TrafficColumn.DELTA:
                return self._delta(position, line, row)
            case TrafficColumn.SIDE:
                return "" if row.kind is RowKind.BAD_LINE else self._sides[row.side]
            case TrafficColumn.DIRECTION:
                return "" if line & 1 else direction_text(row)
            case TrafficColumn.ADDRESS:
                return "" if row.address is None else str(row.address)
            case TrafficColumn.TYPE:
                return self._no_answer if line & 1 else type_text(row)
            case TrafficColumn.LENGTH:
                return "" if line & 1 else str(len(row.data))
            case TrafficColumn.ANSWER:
                return "" if line & 1 else answer_text(row)
            case TrafficColumn.LINK:
                return row.link
            case TrafficColumn.SUMMARY:
                note = "" if line & 1 else self._store.bookmarks.get(row.index, "")
                return self.summary(position) if not note else f"{note.split(chr(10))[0]}  ·  {self.summary(position)}"
        return None

    def _delta(self, position: int, line: int, row: TrafficRow) -> str:
        if line & 1:
            return number_text(self.source.exchanges.waited(line >> 1), 3)
        if not position:
            return ""
        before = self._lines[position - 1] >> 1
        delta = row.at - self._store.at(before)
        if delta < 0 and self._store.row(before).link != row.link:
            # Rows of different links may be stored out of order: an answer is stored when it has left, its time is
            # its last stop bit, and a request may have come over another link meanwhile. There was no pause.
            delta = 0.0
        return number_text(delta, 3)

    def _time(self, at: float) -> str:
        match self._time_mode:
            case TimeMode.CLOCK:
                return with_decimal_sign(self.source.local(at).strftime("%H:%M:%S.%f")[:-3])
            case TimeMode.FIRST:
                return _elapsed(at - self._store.at(self._store.first))
            case TimeMode.MARK:
                return _elapsed(at - self._reference)


def _elapsed(seconds: float) -> str:
    """Return seconds as `12.345`, from an hour on as `1:02:03.456`."""
    if abs(seconds) < 3600:
        return number_text(seconds, 3)
    whole = timedelta(seconds=int(abs(seconds)))
    return with_decimal_sign(f"{'-' if seconds < 0 else ''}{whole}.{int(abs(seconds) * 1000) % 1000:03}")


_ROLES = frozenset(
    (
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.AccessibleDescriptionRole,
        ERROR_ROLE,
        DIM_ROLE,
        STATE_ROLE,
        START_ROLE,
    )
)
_DIM = frozenset((TrafficColumn.DELTA, TrafficColumn.LENGTH, TrafficColumn.ADDRESS, TrafficColumn.ANSWER))
