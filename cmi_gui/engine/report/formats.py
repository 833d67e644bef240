"""A report as a page of HTML, as tables for a spreadsheet and as JSON; the PDF is made by Qt, outside the engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from cmi_gui.engine.files.report_texts import report_resource
from cmi_gui.engine.files.table import Cell, Column, TableData
from cmi_gui.engine.mbus.render import json_text
from cmi_gui.engine.report.document import (
    SOFT_HYPHEN,
    ChangedValue,
    HandField,
    Report,
    ReportCell,
    ReportSection,
)
from cmi_gui.engine.report.facts import UNKNOWN

_NARROWEST, _WIDEST = 8, 80
"""The widths of a sheet's columns, in characters."""
_OUTPUTS_A_PIECE = 200
"""Outputs of the template, a few for each cell, that are one piece of the page."""


def html_file(report: Report) -> Iterator[bytes]:
    """Yield the report in pieces as one HTML file without scripts and without references to other files.

    All texts of the site are escaped. A browser prints it with the titles of a table on each page.
    """
    # Importing it takes longer than the rest of most commands.
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True)
    page = environment.from_string(report_resource("report.html.jinja")).stream(
        report=report,
        on_paper=paper_columns,
        is_tick=lambda cell: cell is HandField.TICK,
        is_changed=lambda cell: isinstance(cell, ChangedValue),
    )
    page.enable_buffering(_OUTPUTS_A_PIECE)
    for piece in page:
        yield piece.encode()


def html(report: Report) -> str:
    """Return the file of HTML as text."""
    return b"".join(html_file(report)).decode()


def paper_columns(section: ReportSection) -> list[int]:
    """Return the indices of the columns that are on paper."""
    return [index for index, column in enumerate(section.columns) if not column.only_sheet]


def report_json(report: Report) -> str:
    """Return the report as a JSON document on one line."""
    return json_text(report.data)


def report_tables(report: Report) -> list[TableData]:
    """Return a table for each section; one with compared values has a column as found and one as left.

    A value that is not known is an empty cell.
    """
    return [_table(report, number) for number in range(len(report.sections))]


def _table(report: Report, number: int) -> TableData:
    section = report.sections[number]
    rows: list[list[Cell]] = [[*_cells(section, row)] for row in section.rows]
    if not rows:
        rows = [[paragraph] for paragraph in section.paragraphs]
    columns = [*_columns(report, section)] or [Column("")]
    columns = [
        replace(column, width=_width(column.title, [row[i] for row in rows])) for i, column in enumerate(columns)
    ]
    if number == 0:
        rows[:0] = [[text, None] for text in (report.title, report.site, report.practice) if text]
    return TableData(_sheet_name(report, section), columns, rows)


def _width(title: str, cells: list[Cell]) -> int:
    """Return the width of a column of a sheet, in characters, that shows all but long texts."""
    longest = max(19 if isinstance(cell, datetime) else len(str(cell)) for cell in (title, *cells))
    return min(max(longest + 2, _NARROWEST), _WIDEST)


def _sheet_name(report: Report, section: ReportSection) -> str:
    name = section.title or report.title
    return f"{report.practice.partition(':')[0]}, {name}" if report.practice else name


def _columns(report: Report, section: ReportSection) -> Iterator[Column]:
    for index, column in enumerate(section.columns):
        if column.compared:
            yield Column(f"{column.title}, {report.as_found}")
            yield Column(f"{column.title}, {report.as_left}")
        else:
            has_times = any(isinstance(row[index], datetime) for row in section.rows)
            title = column.heading.replace(SOFT_HYPHEN, "")
            yield Column(title, offset=report.offset if has_times and not column.offset else "")


def _cells(section: ReportSection, row: tuple[ReportCell, ...]) -> Iterator[Cell]:
    for column, cell in zip(section.columns, row, strict=True):
        match cell:
            case ChangedValue(found, left):
                yield found
                yield left
            case HandField():
                yield None
            case _:
                known = None if cell == UNKNOWN else cell
                yield known
                if column.compared:
                    yield known
