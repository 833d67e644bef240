"""`cmi-gui report`: write the report on a site as PDF, HTML, Excel file or JSON."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from cmi_gui.commands.output import NO_ANSWER, WRONG_USE, emit, emit_json, fail, wrong_use_fails
from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.files.atomic_file import write_atomically
from cmi_gui.engine.files.table_xlsx import xlsx_file
from cmi_gui.engine.link.memory import SIM
from cmi_gui.engine.report.document import Report
from cmi_gui.engine.report.formats import html, report_json, report_tables
from cmi_gui.engine.report.report import ReportOptions, make_report
from cmi_gui.engine.report.texts import ReportLanguage
from cmi_gui.engine.site.site_file import SiteError, read_site

SUFFIXES = (".pdf", ".html", ".xlsx", ".json")


def report(
    site_path: Path,
    out: Path,
    language: str,
    place: str | None,
    module_profile: Path | None,
    *,
    readings: bool,
    json: bool,
) -> None:
    """Write the report on a site; the suffix of `out` is its format."""
    if out.suffix.lower() not in SUFFIXES:
        fail(
            f"--out must end with {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}, not {out.name}",
            WRONG_USE,
            code="wrong_use",
            json=json,
        )
    if language not in [*ReportLanguage]:
        fail(
            f"--language must be one of {', '.join(ReportLanguage)}, not {language}",
            WRONG_USE,
            code="wrong_use",
            json=json,
        )
    with wrong_use_fails(json=json, code="bad_profile"):
        table = CommandTable(load_module_profile(module_profile))
    try:
        site = read_site(site_path, table)
    except SiteError as error:
        fail(str(error), WRONG_USE, code="bad_site", json=json)
    # A site whose bus was always the built-in module is no real one.
    practice = bool(site.ports) and all(port.startswith(f"{SIM.scheme}:") for port in site.ports)
    options = ReportOptions(language=ReportLanguage(language), readings=readings, place=place, practice=practice)
    with wrong_use_fails(json=json):
        made = make_report(site, table, options, datetime.now(UTC))
    try:
        write_atomically(out, _pieces(made, out.suffix.lower(), json=json), private=False)
    except OSError as error:
        fail(f"{out} could not be written: {error.strerror or error}", NO_ANSWER, code="io", json=json)
    if json:
        emit_json({"out": str(out), "modules": made.modules, "open_points": made.open_points})
    else:
        emit(f"{out}: {counted(made.modules, 'module')}, {counted(made.open_points, 'open point')}")


def counted(count: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _pieces(report: Report, suffix: str, *, json: bool) -> Iterable[bytes]:
    match suffix:
        case ".html":
            return [html(report).encode()]
        case ".xlsx":
            return xlsx_file(report_tables(report))
        case ".json":
            return [report_json(report).encode(), b"\n"]
    return _pdf(report, json=json)


def _pdf(report: Report, *, json: bool) -> Iterable[bytes]:
    if sys.platform.startswith("linux"):
        # A report needs no display, and Qt would end the process if it found none.
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        from PySide6.QtGui import QGuiApplication

        from cmi_gui.report_pdf import NoFonts, pdf_file
    except ImportError as error:
        fail(f"Qt cannot be loaded ({error}); write .html instead", NO_ANSWER, code="no_qt", json=json)
    application = QGuiApplication.instance() or QGuiApplication([sys.argv[0]])
    try:
        yield from pdf_file(report)
    except NoFonts:
        fail(
            "Qt finds no font on this system; install one, such as the package fonts-dejavu-core, or write .html",
            NO_ANSWER,
            code="no_fonts",
            json=json,
        )
    del application
