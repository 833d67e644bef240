"""The window's remembered state: geometry, page, widths, the choices on each page, language, theme and sizes.

It is one JSON file, `window.json`, in the state folder; without a folder nothing is stored.

It holds no module settings.
"""

from __future__ import annotations

import base64
import binascii
import logging
from enum import Enum
from pathlib import Path

import msgspec
from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QHeaderView, QMainWindow, QSplitter, QTableView, QWidget

from cmi_gui.engine.files.atomic_file import set_aside, write_atomically
from cmi_gui.engine.files.stored_file import MAX_FILE_SIZE
from cmi_gui.engine.files.user_file import read_user_file
from cmi_gui.ui.theme import Density, Scheme, TextSize

_log = logging.getLogger(__name__)


class Language(Enum):
    """The language setting; `SYSTEM` is the desktop's language if we have it, else English."""

    SYSTEM = "system"
    ENGLISH = "en"
    SWEDISH = "sv"


LANGUAGES = {Language.ENGLISH: "English", Language.SWEDISH: "Svenska"}
"""The languages of the window, each by its own name."""


class DecimalSign(Enum):
    """The decimal sign of CSV files for Excel and of copied tables; `SYSTEM` is that of the system's region."""

    SYSTEM = "system"
    COMMA = "comma"
    POINT = "point"


class TableFormat(Enum):
    """The format of a saved table; the last one that was chosen is proposed."""

    EXCEL = "xlsx"
    CSV_EXCEL = "csv_excel"
    CSV_RFC_4180 = "csv_rfc_4180"


class PracticePrefs(msgspec.Struct):
    """The room of the practice bus used last: a file, or the number of modules and the seed of a made one."""

    file: str = ""
    modules: int = 20
    seed: int = 1


class UiPrefs(msgspec.Struct):
    """The file's content.

    `shown_page`: the object name of the page shown last, or empty. (Older files have the page's place as `page`, which
    is ignored, because the order of the pages has changed.) `pages`: `Page.state()` by object name. `site`: the
    path of the open site, or empty; `recent_sites`: those opened before, the last one first. `module_profile`,
    `meter_profile`: paths or empty.
    """

    geometry: str = ""
    shown_page: str = ""
    language: Language = Language.SYSTEM
    theme: Scheme = Scheme.SYSTEM
    text_size: TextSize = 100
    density: Density = Density.COMFORTABLE
    decimal_sign: DecimalSign = DecimalSign.SYSTEM
    table_format: TableFormat = TableFormat.EXCEL
    welcomed: bool = False
    practice: PracticePrefs = msgspec.field(default_factory=PracticePrefs)
    site: str = ""
    recent_sites: list[str] = []
    module_profile: str = ""
    meter_profile: str = ""
    tables: dict[str, str] = {}
    splitters: dict[str, str] = {}
    pages: dict[str, dict[str, object]] = {}


class Prefs:
    """The preferences file and its content (`stored`). `notice`: a sentence for the user if the file was damaged.

    `folder`: the state folder; with None nothing is stored.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._path = None if folder is None else folder / "window.json"
        self.notice: str | None = None
        self.stored = self._load()

    def _load(self) -> UiPrefs:
        if self._path is None:
            return UiPrefs()
        try:
            return msgspec.json.decode(read_user_file(self._path, MAX_FILE_SIZE), type=UiPrefs)
        except FileNotFoundError:
            return UiPrefs()
        except (OSError, ValueError, RecursionError) as error:
            _log.info("%s is damaged: %s", self._path, error)
        try:
            self.notice = str(set_aside(self._path))
        except OSError as error:
            _log.info("it cannot be set aside: %s", error)
        return UiPrefs()

    def save(self) -> None:
        """Write the file atomically; a failure is only logged."""
        if self._path is None:
            return
        try:
            write_atomically(self._path, msgspec.json.format(msgspec.json.encode(self.stored), indent=1))
        except OSError as error:
            _log.info("the state of the window cannot be saved: %s", error)

    def store_geometry(self, window: QMainWindow) -> None:
        """Remember the window's geometry."""
        self.stored.geometry = _base64(window.saveGeometry())

    def restore_geometry(self, window: QMainWindow) -> None:
        """Restore the remembered geometry of the window, if any."""
        if self.stored.geometry:
            window.restoreGeometry(_bytes(self.stored.geometry))

    def store_widths(self, window: QWidget) -> None:
        """Remember the widths of all tables and splitters that have names."""
        for table in window.findChildren(QTableView):
            if table.objectName():
                self.stored.tables[table.objectName()] = _base64(table.horizontalHeader().saveState())
        for splitter in window.findChildren(QSplitter):
            if splitter.objectName():
                self.stored.splitters[splitter.objectName()] = _base64(splitter.saveState())

    def restore_widths(self, window: QWidget) -> None:
        """Restore the remembered widths; a table whose number of columns has changed keeps its own."""
        for table in window.findChildren(QTableView):
            _restore_header(table.horizontalHeader(), self.stored.tables.get(table.objectName(), ""))
        for splitter in window.findChildren(QSplitter):
            state = self.stored.splitters.get(splitter.objectName(), "")
            if state:
                splitter.restoreState(_bytes(state))


def _restore_header(header: QHeaderView, state: str) -> None:
    before, count = header.saveState(), header.count()
    if state and (not header.restoreState(_bytes(state)) or header.count() != count):
        header.restoreState(before)


def _base64(data: QByteArray) -> str:
    return base64.b64encode(data.data()).decode("ascii")


def _bytes(text: str) -> QByteArray:
    try:
        return QByteArray(base64.b64decode(text, validate=True))
    except binascii.Error:
        return QByteArray()
