"""Saving and copying of tables: format, decimal sign, and writing in slices."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from cmi_gui.engine.files.table import Cell, Column, TableData
from cmi_gui.engine.files.table_text import CsvForm
from cmi_gui.engine.history.service import HistoryError
from cmi_gui.engine.messages import Message
from cmi_gui.ui.background import Background
from cmi_gui.ui.frame.settings import SettingsWindow
from cmi_gui.ui.models import tables as module
from cmi_gui.ui.models.tables import Tables, csv_form
from cmi_gui.ui.prefs import DecimalSign, Prefs, TableFormat
from cmi_gui.ui.text.messages import text_of
from cmi_gui.ui.text.words import Level

COLUMNS = (Column("code"), Column("value"))
ROWS = [("1.8.0", Decimal("61561.289")), ("C.5.0", "00")]


def table(rows: Iterable[Sequence[Cell]] = ROWS) -> TableData:
    return TableData("t", COLUMNS, rows)


@pytest.fixture
def messages() -> list[tuple[Level, str]]:
    return []


@pytest.fixture
def prefs(tmp_path: Path) -> Prefs:
    return Prefs(tmp_path / "state")


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    background = Background()
    yield background
    background.close()


@pytest.fixture
def tables(prefs: Prefs, background: Background, messages: list[tuple[Level, str]]) -> Tables:
    return Tables(prefs, background, lambda level, text: messages.append((level, text)))


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    parent = QWidget()
    qtbot.addWidget(parent)
    return parent


# The decimal sign


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("sv_SE", CsvForm(";", ",")),
        ("de_DE", CsvForm(";", ",")),
        ("en_US", CsvForm(",", ".")),
        ("ar_EG", CsvForm(",", ".")),
    ],
)
def test_the_systems_region_gives_the_decimal_sign(monkeypatch: pytest.MonkeyPatch, name: str, form: CsvForm) -> None:
    class Region(QLocale):
        @staticmethod
        def system() -> QLocale:
            return QLocale(name)

    monkeypatch.setattr(module, "QLocale", Region)
    assert csv_form(DecimalSign.SYSTEM) == form


def test_the_decimal_sign_is_chosen_in_settings(prefs: Prefs, tables: Tables, parent: QWidget, qtbot: QtBot) -> None:
    window = SettingsWindow(prefs, parent)
    assert window.decimal_sign.currentData() == "system"
    for sign, copied in (
        (DecimalSign.COMMA, "1.8.0\t61561,289\nC.5.0\t00"),
        (DecimalSign.POINT, "1.8.0\t61561.289\nC.5.0\t00"),
    ):
        window.decimal_sign.setCurrentIndex(window.decimal_sign.findData(sign.value))
        window.decimal_sign.activated.emit(window.decimal_sign.currentIndex())
        assert prefs.stored.decimal_sign is sign
        assert tables.text(table()) == copied
    assert Prefs(prefs.folder).stored.decimal_sign is DecimalSign.POINT
    assert [window.decimal_sign.itemText(index) for index in (1, 2)] == ["1234,5", "1234.5"]
    assert [kind.name for kind in tables.kinds()] == [
        "Excel",
        "CSV for Excel: comma, decimal point",
        "CSV, RFC 4180: comma, decimal point",
    ]


# The dialog


def choose_type(dialog: QFileDialog, index: int) -> None:
    types = dialog.findChild(QComboBox, "fileTypeCombo")
    assert types is not None
    types.setCurrentIndex(index)
    types.activated.emit(index)
    types.textActivated.emit(types.currentText())


def test_the_type_gives_the_suffix_and_is_proposed_again(
    tables: Tables, prefs: Prefs, parent: QWidget, tmp_path: Path, background: Background, qtbot: QtBot
) -> None:
    prefs.stored.decimal_sign = DecimalSign.COMMA
    dialog = tables.ask(parent, "Save", "values-1", lambda _: table())
    name = dialog.findChild(QLineEdit, "fileNameEdit")
    assert name is not None
    assert (dialog.selectedNameFilter(), dialog.defaultSuffix(), name.text()) == (
        "Excel (*.xlsx)",
        "xlsx",
        "values-1.xlsx",
    )
    choose_type(dialog, 1)
    assert dialog.selectedNameFilter() == "CSV for Excel: semicolon, decimal comma (*.csv)"
    assert (dialog.defaultSuffix(), name.text()) == ("csv", "values-1.csv")
    path = tmp_path / "values-1.csv"
    dialog.fileSelected.emit(str(path))
    dialog.close()
    qtbot.waitUntil(lambda: not background.busy)
    assert path.read_text("utf-8-sig") == 'code;value\n"=""1.8.0""";61561,289\nC.5.0;"=""00"""\n'
    again = tables.ask(parent, "Save", "values-2", lambda _: table())
    assert (again.selectedNameFilter(), again.defaultSuffix()) == (
        "CSV for Excel: semicolon, decimal comma (*.csv)",
        "csv",
    )
    again.close()


@pytest.mark.parametrize(
    ("form", "name", "written"),
    [
        (TableFormat.EXCEL, "a.csv", TableFormat.CSV_EXCEL),
        (TableFormat.CSV_RFC_4180, "a.CSV", TableFormat.CSV_RFC_4180),
        (TableFormat.CSV_RFC_4180, "a.xlsx", TableFormat.EXCEL),
        (TableFormat.CSV_EXCEL, "a.data", TableFormat.CSV_EXCEL),
    ],
)
def test_a_suffix_of_another_type_is_taken_at_its_word(
    tables: Tables,
    prefs: Prefs,
    parent: QWidget,
    tmp_path: Path,
    background: Background,
    qtbot: QtBot,
    form: TableFormat,
    name: str,
    written: TableFormat,
) -> None:
    prefs.stored.table_format = form
    dialog = tables.ask(parent, "Save", "values", lambda _: table())
    dialog.fileSelected.emit(str(tmp_path / name))
    dialog.close()
    qtbot.waitUntil(lambda: not background.busy)
    content = (tmp_path / name).read_bytes()
    expected = {
        TableFormat.EXCEL: b"PK",
        TableFormat.CSV_EXCEL: b'\xef\xbb\xbfcode,value\r\n"=',
        TableFormat.CSV_RFC_4180: b"\xef\xbb\xbfcode,value\r\n1",
    }
    assert content.startswith(expected[written])
    assert prefs.stored.table_format is written


@pytest.mark.parametrize("form", TableFormat)
def test_a_table_for_other_programs_has_english_words(
    tables: Tables,
    prefs: Prefs,
    parent: QWidget,
    tmp_path: Path,
    background: Background,
    qtbot: QtBot,
    form: TableFormat,
) -> None:
    prefs.stored.table_format = form
    words: list[object] = []

    def table_in(translated: Callable[[Message], str]) -> TableData:
        words.append(translated)
        return table()

    dialog = tables.ask(parent, "Save", "values", table_in)
    dialog.fileSelected.emit(str(tmp_path / "values"))
    dialog.close()
    qtbot.waitUntil(lambda: not background.busy)
    assert words == [str if form is TableFormat.CSV_RFC_4180 else text_of]


# Writing


def test_an_excel_file_is_saved_and_reported(
    tables: Tables, background: Background, messages: list[tuple[Level, str]], tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "values.xlsx"
    tables.save(path, TableFormat.EXCEL, table())
    qtbot.waitUntil(lambda: not background.busy)
    assert messages == [(Level.GOOD, f"Table saved to {path}")]
    sheet = openpyxl.load_workbook(path).active
    assert list(sheet.values) == [("code", "value"), ("1.8.0", 61561.289), ("C.5.0", "00")]


@pytest.mark.parametrize("form", TableFormat)
def test_other_work_has_its_turn_while_a_large_table_is_written(
    tables: Tables,
    background: Background,
    messages: list[tuple[Level, str]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    qtbot: QtBot,
    form: TableFormat,
) -> None:
    monkeypatch.setattr(module, "_LONG", 0.0)
    turns: list[int] = []

    def rows() -> Iterator[Sequence[Cell]]:
        # The end comes only after other work has had a turn.
        while not turns:
            yield "1.8.0", 1
        yield "1.8.0", 2

    path = tmp_path / "values"
    path.write_text("old")
    tables.save(path, form, table(rows()))
    background.run(lambda: turns.append(len(path.read_text())), lambda _: None, lambda _: None)
    qtbot.waitUntil(lambda: not background.busy)
    assert turns == [3]
    assert [level for level, _ in messages] == [Level.INFO, Level.GOOD]
    assert messages[0][1] == f"{path} is still being written"


def failing(error: Exception) -> Iterator[Sequence[Cell]]:
    yield "1.8.0", 1
    raise error


def test_an_error_of_the_history_or_the_disk_is_reported(
    tables: Tables, background: Background, messages: list[tuple[Level, str]], tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "file").touch()
    tables.save(tmp_path / "file" / "a.csv", TableFormat.CSV_EXCEL, table())
    tables.save(tmp_path / "b.xlsx", TableFormat.EXCEL, table(failing(HistoryError("it is closed"))))
    qtbot.waitUntil(lambda: not background.busy)
    assert [level for level, _ in messages] == [Level.ERROR, Level.ERROR]
    assert messages[1][1] == f"{tmp_path / 'b.xlsx'} could not be written (it is closed); choose another location"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


def test_a_mistake_of_the_program_is_not_hidden(
    tables: Tables, background: Background, tmp_path: Path, qtbot: QtBot
) -> None:
    with qtbot.captureExceptions() as raised:
        tables.save(tmp_path / "a.csv", TableFormat.CSV_EXCEL, table(failing(ZeroDivisionError())))
        qtbot.waitUntil(lambda: not background.busy)
    assert [kind for kind, *_ in raised] == [ZeroDivisionError]


# Closing


def test_what_is_being_written_is_complete_when_the_window_is_closed(
    tables: Tables, background: Background, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    tables.save(path, TableFormat.CSV_RFC_4180, table(("1.8.0", n) for n in range(1000)))
    background.close()
    tables.close()
    assert path.read_bytes().count(b"\r\n") == 1001


def test_what_takes_too_long_is_abandoned(
    tables: Tables,
    background: Background,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(module, "_CLOSING", 0.01)

    def endless() -> Iterator[Sequence[Cell]]:
        while True:
            yield "1.8.0", 1

    path = tmp_path / "a.xlsx"
    path.write_text("old")
    tables.save(path, TableFormat.EXCEL, table(endless()))
    background.close()
    with caplog.at_level(logging.WARNING):
        tables.close()
    assert f"{path} is not written" in caplog.text
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.xlsx"]
