"""Lists from CSV and Excel files: the cells as they were written, whatever the file claims."""

from __future__ import annotations

import re
import zipfile
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmi_gui.engine.files.sheet import MAX_CELLS, SheetRow, csv_lines, read_sheets, separated
from cmi_gui.engine.files.table import Column, TableData
from cmi_gui.engine.files.table_text import CsvForm, csv_file
from cmi_gui.engine.files.table_xlsx import xlsx_file
from cmi_gui.engine.messages import InvalidValue

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=12
) | st.sampled_from(["=1+1", "-", "@x", "1.8.0", "00123456", '"', "a;b,c\td", "flat\n12", "'"])
CELLS = TEXTS.filter(lambda text: not text.startswith(('="', "'=", "'+", "'-", "'@")) and "\r" not in text)


@given(
    st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=5)),
    st.sampled_from([None, *(CsvForm(separator, ",", excel) for separator in ";,\t" for excel in (True, False))]),
)
@settings(max_examples=80, deadline=None)
def test_what_was_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], form: CsvForm | None
) -> None:
    columns = [Column(f"c{index}") for index in range(len(rows[0]) if rows else 1)]
    table = TableData("x", columns, rows)
    path = tmp_path_factory.mktemp("sheet") / "x"
    path.write_bytes(b"".join(xlsx_file(table) if form is None else csv_file(table, form)))
    sheets = read_sheets(path)
    sheet = sheets[0] if form is None else sheets[";,\t".index(form.separator)]
    assert [row.error for row in sheet] == [None] * len(sheet)
    expected = [cells for cells in rows if any(cell.strip() for cell in cells)]
    width = len(columns)
    assert [[*map(str, row.cells), *[""] * (width - len(row.cells))] for row in sheet[1:]] == expected


def test_lines_have_their_numbers_in_the_file() -> None:
    (sheet,) = separated('a;b\r\n\r\n"1\n2";3\r\n;\r\n4;5\r\n', ";")
    assert [(row.line, row.cells) for row in sheet] == [(1, ("a", "b")), (3, ("1\n2", "3")), (6, ("4", "5"))]


def test_a_file_may_name_its_separator() -> None:
    (sheet,) = separated("sep=|\na|b\n1|2\n")
    assert [(row.line, row.cells) for row in sheet] == [(2, ("a", "b")), (3, ("1", "2"))]


def test_a_line_that_cannot_be_separated_is_the_last() -> None:
    (sheet,) = separated('a;b\n"1;2\n3;4\n', ";")
    assert sheet[0] == SheetRow(1, ("a", "b"))
    assert (sheet[1].line, sheet[1].cells) == (2, ())
    assert str(sheet[1].error).startswith("the quotes are not closed or not in pairs")
    with pytest.raises(InvalidValue, match="has more than 200 cells"):
        separated(";" * MAX_CELLS + "x", ";")
    with pytest.raises(InvalidValue, match="the quotes are not closed"):
        list(csv_lines("x" * 200_000, ";"))


def test_of_an_excel_file_the_visible_sheets_are_read_whole(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    hidden = book.create_sheet("hidden", 0)
    hidden.append(["secret"])
    hidden.sheet_state = "hidden"
    sheet = book.create_sheet("list", 1)
    for number in range(30):
        sheet.append([50_100_000 + number, number == 1, 1.5])
    book.save(tmp_path / "good.xlsx")
    with zipfile.ZipFile(tmp_path / "good.xlsx") as good, zipfile.ZipFile(tmp_path / "lies.xlsx", "w") as lies:
        for name in good.namelist():
            lies.writestr(name, re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:A2"', good.read(name)))
    first, *_ = read_sheets(tmp_path / "lies.xlsx")
    assert len(first) == 30
    assert first[1] == SheetRow(2, ("50100001", "TRUE", "1.5"))


def test_an_excel_file_that_expands_without_end_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("x", 0).append([1])
    book.save(tmp_path / "good.xlsx")
    names = "abcdefghi"
    entities = [b'<!ENTITY a "' + b"x" * 50 + b'">']
    entities += [f'<!ENTITY {new} "{f"&{old};" * 20}">'.encode() for old, new in pairwise(names)]
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [' + b"".join(entities) + b"]>"
    with zipfile.ZipFile(tmp_path / "good.xlsx") as good, zipfile.ZipFile(tmp_path / "bomb.xlsx", "w") as bad:
        for name in good.namelist():
            data = good.read(name)
            bad.writestr(name, bomb + data.replace(b"<v>1</v>", b"<v>&i;</v>") if b"<v>1</v>" in data else data)
    with pytest.raises(InvalidValue, match="is not a valid Excel file"):
        read_sheets(tmp_path / "bomb.xlsx")
