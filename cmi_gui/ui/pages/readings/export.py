"""The export of readings: the table as shown, the plotted curves in the visible time, or a picture of the plots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.files.atomic_file import write_atomically
from cmi_gui.engine.history.reading_table import Row, merged, note_rows, power_rows, reading_table, rows_of
from cmi_gui.engine.history.service import History
from cmi_gui.engine.history.values import Note, Sample, Series
from cmi_gui.ui.dialogs import FileKind, ask_save_as
from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.pages.readings.obis_plot import ObisPlot
from cmi_gui.ui.widgets.plot.picture import png_bytes, png_image, svg_bytes

_SVG = 1


class ReadingsExport(QObject):
    """An export that asks for a file and has it written in the background."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._parent = parent

    def table(self, key: str, rows: Iterable[Row]) -> None:
        """Export the values of a module, one row each."""
        self._save("readings", key, rows)

    def curves(
        self, key: str, curves: Sequence[tuple[Series, bool]], notes: Iterable[Note], begin: int, end: int
    ) -> None:
        """Export all samples and notes from `begin` to `end` - 1, in ms, in order of time.

        Each curve is a series and whether the power derived from it is exported instead.
        """
        history = self._context.history.history
        inside = [note for note in notes if begin <= note.time < end]
        parts = [
            _power_rows(history, series, begin, end) if derived else _rows(history, series, begin, end)
            for series, derived in curves
        ]
        self._save("curves", key, merged((*parts, note_rows(inside))), notes=bool(inside))

    def picture(self, key: str, plot: ObisPlot, title: str, names: Sequence[str], notes: Sequence[str]) -> None:
        """Export a picture of the plots as they are shown when the file is chosen, with the texts of notes."""

        def chosen(path: Path, kind: int) -> None:
            # Painted here; compressing and writing take longer and need no widget.
            if kind == _SVG:
                write = partial(write_atomically, path, svg_bytes(plot, title, names, notes), private=False)
            else:
                write = partial(_write_png, path, png_image(plot, title, names, notes))
            self._context.save(
                write,
                self.tr("Picture saved to {0}").format(path),
                self.tr("The picture could not be saved ({0}); choose another location"),
            )

        kinds = [FileKind(self.tr("PNG picture"), "png"), FileKind(self.tr("SVG drawing"), "svg")]
        stem = self._context.file_stem("plot", key)
        ask_save_as(self._parent, self.tr("Save picture"), kinds, 0, stem, chosen)

    def _save(self, kind: str, key: str, rows: Iterable[Row], *, notes: bool = False) -> None:
        stem = self._context.file_stem(kind, key)
        table_in = partial(reading_table, rows, notes=notes)
        self._context.tables.ask(self._parent, self.tr("Export readings"), stem, table_in)


def _write_png(path: Path, image: QImage) -> None:
    write_atomically(path, png_bytes(image), private=False)


def _rows(history: History, series: Series, begin: int, end: int) -> Iterator[Row]:
    """Yield the rows of a series; runs in the writing thread, which waits for the history's thread."""

    def fetch(start: int, limit: int) -> list[Sample]:
        return history.samples(series, start, end, limit).result()

    return rows_of(fetch, begin, end)


def _power_rows(history: History, register: Series, begin: int, end: int) -> Iterator[Row]:
    """Yield the power between each two readings of a register in the range; runs in the writing thread."""
    gaps = history.gaps(register.module, begin, end).result()
    yield from power_rows(_rows(history, register, begin, end), gaps)
