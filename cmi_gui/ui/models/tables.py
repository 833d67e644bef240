"""Saving and copying of tables, in the form that the user's spreadsheet reads."""

from __future__ import annotations

import logging
import math
import sys
import time
from collections.abc import Callable, Generator, Iterable
from pathlib import Path

from PySide6.QtCore import QLocale, QObject, QSettings
from PySide6.QtWidgets import QFileDialog, QWidget

from cmi_gui.engine.files.atomic_file import writing
from cmi_gui.engine.files.table import TableData
from cmi_gui.engine.files.table_text import RFC_4180, CsvForm, clipboard_text, csv_file
from cmi_gui.engine.files.table_xlsx import xlsx_file
from cmi_gui.engine.history.service import HistoryError
from cmi_gui.engine.messages import Message
from cmi_gui.ui.background import Background, advance
from cmi_gui.ui.dialogs import FileKind, ask_save_as
from cmi_gui.ui.prefs import DecimalSign, Prefs, TableFormat
from cmi_gui.ui.text.messages import reason_text, text_of
from cmi_gui.ui.text.words import Level

_log = logging.getLogger(__name__)

Words = Callable[[Message], str]

FORMATS = list(TableFormat)
"""The formats in the order of `Tables.kinds`."""

_SLICE = 0.05
"""Seconds of writing, after which other work of the background thread, such as a recording, has its turn."""
_LONG = 3.0
"""Seconds after which a message says that a table is still being written."""
_CLOSING = 5.0
"""Seconds that closing the window may spend on tables that are not complete yet."""


class Tables(QObject):
    """Saves and copies tables; the format is the user's choice in the dialog, and the decimal sign that in Settings.

    A table is written in slices in the background, and outlives the page that it is from.
    """

    def __init__(
        self,
        prefs: Prefs,
        background: Background,
        add_message: Callable[[Level, str], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._prefs = prefs
        self._background = background
        self._add_message = add_message
        self._unfinished: list[tuple[Path, Generator[None, None, None]]] = []

    # Choices

    @property
    def csv_form(self) -> CsvForm:
        """The separator and the decimal sign of a CSV file for Excel, as chosen in Settings."""
        return csv_form(self._prefs.stored.decimal_sign)

    def kinds(self) -> list[FileKind]:
        """Return the file types of a dialog, in the order of `TableFormat`."""
        form = self.csv_form
        if (form.separator, form.decimal) == (";", ","):
            for_excel = self.tr("CSV for Excel: semicolon, decimal comma")
        elif (form.separator, form.decimal) == (",", "."):
            for_excel = self.tr("CSV for Excel: comma, decimal point")
        else:
            for_excel = self.tr("CSV for Excel: separator {0}, decimal sign {1}").format(form.separator, form.decimal)
        return [
            FileKind(self.tr("Excel"), "xlsx"),
            FileKind(for_excel, "csv"),
            FileKind(self.tr("CSV, RFC 4180: comma, decimal point"), "csv"),
        ]

    # Saving

    def ask(self, parent: QWidget, title: str, stem: str, table_in: Callable[[Words], TableData]) -> QFileDialog:
        """Ask for a file and write a table; `stem`: the proposed name without a suffix.

        `table_in` makes the table. It gets a function for the words of the engine, which are English in a file for
        other programs, else in the user's language.
        """

        def chosen(path: Path, kind: int) -> None:
            self._prefs.stored.table_format = FORMATS[kind]
            self.save(path, FORMATS[kind], table_in(str if FORMATS[kind] is TableFormat.CSV_RFC_4180 else text_of))

        return ask_save_as(parent, title, self.kinds(), FORMATS.index(self._prefs.stored.table_format), stem, chosen)

    def save(self, path: Path, form: TableFormat, table: TableData) -> None:
        """Write a table as `write` does; its rows are taken in the background too."""
        match form:
            case TableFormat.EXCEL:
                pieces = xlsx_file(table)
            case TableFormat.CSV_EXCEL:
                pieces = csv_file(table, self.csv_form)
            case TableFormat.CSV_RFC_4180:
                pieces = csv_file(table, RFC_4180)
        self.write(path, pieces, self.tr("Table saved to {0}").format(path))

    def write(self, path: Path, pieces: Iterable[bytes], saved: str) -> None:
        """Write a file of pieces in slices in the background; report `saved`, or why it could not be written."""
        steps = writing(path, pieces, private=False)
        self._unfinished.append((path, steps))
        self._step(path, steps, saved, time.perf_counter() + _LONG)

    def _step(self, path: Path, steps: Generator[None, None, None], saved: str, report_after: float) -> None:
        def done(complete: bool) -> None:
            if complete:
                self._unfinished.remove((path, steps))
                self._add_message(Level.GOOD, saved)
            elif time.perf_counter() > report_after:
                self._add_message(Level.INFO, self.tr("{0} is still being written").format(path))
                self._step(path, steps, saved, math.inf)
            else:
                self._step(path, steps, saved, report_after)

        def failed(error: Exception) -> None:
            self._unfinished.remove((path, steps))
            if not isinstance(error, OSError | HistoryError):
                raise error
            words = self.tr("{0} could not be written ({1}); choose another location")
            self._add_message(Level.ERROR, words.format(path, reason_text(error)))

        self._background.run(lambda: advance(steps, _SLICE), done, failed)

    def close(self) -> None:
        """Complete the tables that are being written, on this thread after `Background.close`; before the history ends.

        A table that would take more than a few seconds is abandoned, and its file keeps its old content.
        """
        until = time.perf_counter() + _CLOSING
        for path, steps in self._unfinished:
            try:
                if not advance(steps, until - time.perf_counter()):
                    steps.close()
                    _log.warning("%s is not written: the program ended before it was complete", path)
            except (OSError, HistoryError) as error:
                _log.warning("%s is not written: %s", path, error)
        self._unfinished.clear()

    # Copying

    def text(self, table: TableData, *, titles: bool = False) -> str:
        """Return the text of a table for the clipboard; may be called in another thread."""
        return clipboard_text(table, self.csv_form.decimal, titles=titles)


def csv_form(sign: DecimalSign) -> CsvForm:
    """Return the separator and the decimal sign that the user's Excel expects in a CSV file."""
    match sign:
        case DecimalSign.COMMA:
            return CsvForm(";", ",")
        case DecimalSign.POINT:
            return CsvForm(",", ".")
        case DecimalSign.SYSTEM:
            decimal = "," if QLocale.system().decimalPoint() == "," else "."
            return CsvForm(_system_separator(decimal), decimal)


def _system_separator(decimal: str) -> str:
    if sys.platform == "win32":
        # The user's own choice: in Switzerland, for one, it is a semicolon with a decimal point.
        region = QSettings(r"HKEY_CURRENT_USER\Control Panel\International", QSettings.Format.NativeFormat)
        chosen = str(region.value("sList"))
        if len(chosen) == 1 and chosen != decimal:
            return chosen
    return ";" if decimal == "," else ","
