"""The export of readings as CSV: the table as shown, or the plotted curves over the visible time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.files.atomic_file import write_atomically
from cmi_gui.engine.history.csv import Row, csv_lines, merged, rows_of
from cmi_gui.engine.history.service import History
from cmi_gui.engine.history.values import Sample, Series
from cmi_gui.ui.dialogs import ask_save_file
from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.text.messages import reason_text
from cmi_gui.ui.text.words import Level


class ReadingsExport(QObject):
    """An export that asks for a file, writes it in the background, and reports success or failure."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._parent = parent

    def table(self, key: str, rows: Sequence[Row]) -> None:
        """Export the values of a module, one row each."""
        self._save(key, lambda: iter(rows))

    def curves(self, key: str, series: Sequence[Series], begin: int, end: int) -> None:
        """Export all samples of the series from `begin` to `end` - 1, in ms, in order of time."""
        history = self._context.history.history
        self._save(key, lambda: merged(_rows(history, one, begin, end) for one in series))

    def _save(self, key: str, rows: Callable[[], Iterator[Row]]) -> None:
        name = re.sub(r"[^0-9A-Za-z._-]+", "-", key).strip("-")
        ask_save_file(
            self._parent,
            self.tr("Export readings"),
            self.tr("Comma-separated values (*.csv);;All files (*)"),
            f"readings-{name}-{datetime.now():%Y%m%d-%H%M}.csv",
            lambda path: self._write(path, rows),
        )

    def _write(self, path: Path, rows: Callable[[], Iterator[Row]]) -> None:
        self._context.background.run(
            lambda: write_atomically(path, csv_lines(rows()), private=False),
            lambda _done: self._context.say(Level.GOOD, self.tr("Readings exported to {0}").format(path)),
            lambda error: self._context.say(
                Level.ERROR,
                self.tr("{0} could not be written ({1}); choose another location").format(path, reason_text(error)),
            ),
        )


def _rows(history: History, series: Series, begin: int, end: int) -> Iterator[Row]:
    """Yield the rows of a series; runs in the writing thread, which waits for the history's thread."""

    def fetch(start: int, limit: int) -> list[Sample]:
        return history.samples(series, start, end, limit).result()

    return rows_of(fetch, begin, end)
