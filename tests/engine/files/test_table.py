"""Tables as CSV files, Excel files and text of the clipboard: what is written is read again."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl.cell.cell import Cell as OpenpyxlCell
from openpyxl.worksheet.worksheet import Worksheet

from cmi_gui.engine.files.table import Cell, Column, TableData
from cmi_gui.engine.files.table_text import RFC_4180, CsvForm, clipboard_text, csv_file
from cmi_gui.engine.files.table_xlsx import xlsx_file

SUMMER = timezone(timedelta(hours=2))
WHEN = datetime(2026, 9, 21, 16, 13, 20, 123_000, SUMMER)
EUROPE, ENGLISH = CsvForm(";", ","), CsvForm(",", ".")
COLUMNS = (
    Column("time", offset="offset"),
    Column("exact", milliseconds=True),
    Column("code"),
    Column("value"),
)

texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
awkward = st.sampled_from(
    [
        "=1+1",
        "+1-1",
        "@SUM(A1)",
        "#N/A",
        "TRUE",
        "1.8.0",
        "32.7",
        "00123456",
        "5010000714150102",
        "17-11-02 08:30",
        "1E5",
    ]
)
numbers = st.one_of(st.integers(-(10**15) + 1, 10**15 - 1), st.decimals(-(10**9), 10**9, places=3))
long_numbers = st.integers(10**15, 10**30)
times = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(SUMMER)).map(
    lambda time: time.replace(microsecond=time.microsecond // 1000 * 1000)
)
tables = st.lists(
    st.tuples(
        st.none() | times,
        st.none() | times,
        texts | awkward,
        st.one_of(st.none(), numbers, long_numbers, texts, awkward),
    ),
    max_size=6,
)


def table(*rows: Sequence[Cell]) -> TableData:
    return TableData("a table", COLUMNS, rows)


def text(of: TableData, form: CsvForm) -> str:
    return b"".join(csv_file(of, form)).decode("utf-8-sig")


def cells(of: TableData, form: CsvForm) -> list[list[str]]:
    """The cells of a CSV file without its titles."""
    return list(csv.reader(io.StringIO(text(of, form), newline=""), delimiter=form.separator))[1:]


def sheets(of: TableData, **limit: int) -> list[Worksheet]:
    book = openpyxl.load_workbook(io.BytesIO(b"".join(xlsx_file(of, **limit))))
    return book.worksheets


def in_sheet(of: TableData) -> list[tuple[OpenpyxlCell, ...]]:
    """The cells of an Excel file without its titles."""
    (sheet,) = sheets(of)
    return list(sheet.iter_rows(min_row=2, max_col=len(of.columns) + 1))  # type: ignore[arg-type]


def local(time: Cell) -> datetime | None:
    return time.replace(tzinfo=None) if isinstance(time, datetime) else None


# CSV


def test_the_exact_bytes_for_excel() -> None:
    rows = table((WHEN, WHEN, "1.8.0", Decimal("061561.289")), (None, None, 'a "b"; c', 7))
    assert b"".join(csv_file(rows, EUROPE)) == (
        b"\xef\xbb\xbftime;offset;exact;code;value\r\n"
        b'2026-09-21 16:13:20;2;2026-09-21 16:13:20,123;"=""1.8.0""";61561,289\r\n'
        b';;;"a ""b""; c";7\r\n'
    )


def test_the_exact_bytes_for_other_programs() -> None:
    rows = table((WHEN, WHEN, "1.8.0", Decimal("061561.289")), (None, None, "00123456", -5))
    assert b"".join(csv_file(rows, RFC_4180)) == (
        b"\xef\xbb\xbftime,exact,code,value\r\n"
        b"2026-09-21T16:13:20.123+02:00,2026-09-21T16:13:20.123+02:00,1.8.0,61561.289\r\n"
        b",,00123456,-5\r\n"
    )


def plain_text(cell: str) -> str:
    """The text of a cell without what keeps a spreadsheet from changing it."""
    if cell.startswith('="') and cell.endswith('"'):
        return cell[2:-1]
    return cell[1:] if cell[:1] == "'" and cell[1:2] in tuple("=+-@\t\r\n") else cell


@given(tables, st.sampled_from([EUROPE, ENGLISH, RFC_4180]))
def test_a_csv_file_has_the_rows(rows: list[tuple[Cell, ...]], form: CsvForm) -> None:
    back = cells(table(*rows), form)
    assert len(back) == len(rows)
    for read, row in zip(back, rows, strict=True):
        if form.excel:
            assert read.pop(1) == ("" if row[0] is None else "2")
        for place, cell in enumerate(row):
            match cell:
                case None:
                    assert read[place] == ""
                case datetime() if form.excel:
                    seconds = cell if place else cell.replace(microsecond=0)
                    assert datetime.fromisoformat(read[place].replace(",", ".")) == local(seconds)
                case datetime():
                    assert datetime.fromisoformat(read[place]) == cell
                case str():
                    assert plain_text(read[place]) == cell or read[place] == cell
                case number:
                    assert Decimal(plain_text(read[place]).replace(form.decimal, ".")) == number


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=HYPERLINK(A1)", "'=HYPERLINK(A1)"),
        ("+1-1", "'+1-1"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("-1.8.0", "'-1.8.0"),
        ("-12.5", "-12.5"),
        ("+7", "+7"),
        ("-1.5E-3", "-1.5E-3"),
        ("-0,5", "-0,5"),
        ("1-2", "1-2"),
        ("", ""),
    ],
)
def test_formulas_become_text_and_numbers_stay(cell: str, written: str) -> None:
    assert cells(table((None, None, cell, -5)), RFC_4180) == [["", "", written, "-5"]]


@pytest.mark.parametrize(
    "cell",
    ["1.8.0", "32.7", "00123456", "5010000714150102", "12345678E4150102", "17-11-02 08:30", "50 %", "-2+3", "1/2"],
)
def test_a_spreadsheet_takes_no_text_for_a_number_or_a_date(cell: str) -> None:
    ((*_, code, _value),) = cells(table((None, None, cell, 1)), EUROPE)
    assert code == f'="{cell}"'


@pytest.mark.parametrize("cell", ["C.5.0", "1.6.1 (2)", "Voltage L1", "E5", "-", "10 " * 100])
def test_other_text_is_written_as_it_is(cell: str) -> None:
    ((*_, code, _value),) = cells(table((None, None, cell, 1)), EUROPE)
    assert plain_text(code) == cell
    assert not code.startswith("=")


# Excel


@given(tables)
def test_an_excel_file_has_the_rows(rows: list[tuple[Cell, ...]]) -> None:
    back = in_sheet(table(*rows))
    # Rows without any cell are not there.
    back += [()] * (len(rows) - len(back))
    for read, row in zip(back, rows, strict=True):
        first, offset, exact, code, value = (cell.value for cell in read)
        assert (first, exact) == (local(row[0]), local(row[1]))
        assert offset == (None if row[0] is None else 2)
        for cell, written in zip(read[3:], row[2:], strict=True):
            match written:
                case None | "":
                    assert cell.value is None
                case str():
                    assert (cell.value, cell.data_type, cell.number_format) == (as_in_xml(written), "s", "@")
                case int() | Decimal() if len(Decimal(written).as_tuple().digits) > 15:
                    assert (cell.value, cell.data_type) == (
                        f"{written:f}" if isinstance(written, Decimal) else str(written),
                        "s",
                    )
                case _:
                    assert cell.data_type == "n"
                    assert Decimal(repr(cell.value)) == written
        assert (code, value) == (read[3].value, read[4].value)


def as_in_xml(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub("[^\t\n\x20-\ufffd\U00010000-\U0010ffff]", "\ufffd", lines)


def test_a_number_shows_its_decimals_and_a_time_its_seconds() -> None:
    ((first, offset, exact, code, value),) = in_sheet(table((WHEN, WHEN, "1.8.0", Decimal("61561.200"))))
    assert value.number_format == "0.000"
    assert (first.number_format, exact.number_format) == ("yyyy-mm-dd hh:mm:ss", "yyyy-mm-dd hh:mm:ss.000")
    assert (first.is_date, exact.is_date, offset.value, code.value) == (True, True, 2, "1.8.0")


def test_the_titles_stay_in_view_and_are_text() -> None:
    (sheet,) = sheets(TableData("R/S: [1]*", (Column("=1", 30), Column("b")), [("x", 1)]))
    assert [cell.value for cell in sheet[1]] == ["=1", "b"]
    assert [cell.data_type for cell in sheet[1]] == ["s", "s"]
    assert (sheet.freeze_panes, sheet.title, sheet.column_dimensions["A"].width) == ("A2", "R S   1  ", 30)


@pytest.mark.parametrize("count", [0, 1, 3, 4, 6, 7])
def test_a_table_that_is_longer_than_a_sheet_continues_on_another(count: int) -> None:
    written = sheets(TableData("x" * 40, (Column("n"),), ((n,) for n in range(count))), max_rows=4)
    assert [sheet.title for sheet in written][:2] == ["x" * 31, "x" * 27 + " (2)"][: len(written)]
    assert all(sheet["A1"].value == "n" for sheet in written)
    read = [row[0] for sheet in written for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert read == list(range(count))
    assert len(written) == max(1, -(-count // 3))


def test_a_file_that_is_given_up_leaves_nothing_open() -> None:
    pieces = xlsx_file(TableData("t", (Column("n"),), ((n,) for n in range(9))))
    assert [next(pieces) for _ in range(3)] == [b""] * 3
    pieces.close()  # type: ignore[attr-defined]


def test_openpyxl_is_imported_only_when_it_is_used() -> None:
    check = (
        "import sys, cmi_gui.engine.files.table_xlsx, cmi_gui.engine.files.table_text;"
        "sys.exit('openpyxl' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


# The clipboard


def test_what_is_copied_pastes_as_cells() -> None:
    rows = table((WHEN, WHEN, "1.8.0", Decimal("61561.289")), (None, None, "=1+1", "a\tb"))
    assert clipboard_text(rows, ",") == (
        '2026-09-21 16:13:20\t2026-09-21 16:13:20,123\t1.8.0\t61561,289\n\t\t\'=1+1\t"a\tb"'
    )
    assert clipboard_text(rows, ".", titles=True).splitlines()[:2] == [
        "time\texact\tcode\tvalue",
        "2026-09-21 16:13:20\t2026-09-21 16:13:20.123\t1.8.0\t61561.289",
    ]
    assert clipboard_text(table(), ",") == ""


@given(tables)
@example([(None, None, "\r", None)])
@example([(None, None, "a\nb", None)])
def test_copied_rows_are_the_rows(rows: list[tuple[Cell, ...]]) -> None:
    back = list(csv.reader(io.StringIO(clipboard_text(table(*rows), ",", titles=True), newline=""), delimiter="\t"))
    assert back[0] == [column.title for column in COLUMNS]
    assert [[plain_text(cell) for cell in row[2:3]] for row in back[1:]] == [[plain_text(str(row[2]))] for row in rows]


def test_a_table_is_read_once_and_piece_by_piece() -> None:
    given_out: list[int] = []

    def rows() -> Iterable[Sequence[Cell]]:
        for n in range(3):
            given_out.append(n)
            yield (n,)

    pieces = csv_file(TableData("t", (Column("n"),), rows()), RFC_4180)
    assert [next(pieces) for _ in range(3)] == [b"\xef\xbb\xbf", b"n\r\n", b"0\r\n"]
    assert given_out == [0]
