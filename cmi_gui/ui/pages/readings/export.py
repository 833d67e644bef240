"""The export of readings: the table as shown, or the plotted curves in the visible time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.history.reading_table import Row, merged, reading_table, rows_of
from cmi_gui.engine.history.service import History
from cmi_gui.engine.history.values import Sample, Series
from cmi_gui.ui.pages.page import Context


class ReadingsExport(QObject):
    """An export that asks for a file and has it written in the background."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._parent = parent

    def table(self, key: str, rows: Iterable[Row]) -> None:
        """Export the values of a module, one row each."""
        self._save("readings", key, rows)

    def curves(self, key: str, series: Sequence[Series], begin: int, end: int) -> None:
        """Export all samples of the series from `begin` to `end` - 1, in ms, in order of time."""
        history = self._context.history.history
        self._save("curves", key, merged(_rows(history, one, begin, end) for one in series))

    def _save(self, kind: str, key: str, rows: Iterable[Row]) -> None:
        stem = self._context.file_stem(kind, key)
        self._context.tables.ask(self._parent, self.tr("Export readings"), stem, partial(reading_table, rows))


def _rows(history: History, series: Series, begin: int, end: int) -> Iterator[Row]:
    """Yield the rows of a series; runs in the writing thread, which waits for the history's thread."""

    def fetch(start: int, limit: int) -> list[Sample]:
        return history.samples(series, start, end, limit).result()

    return rows_of(fetch, begin, end)
