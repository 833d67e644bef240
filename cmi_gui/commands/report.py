"""`cmi-gui report`: write the report on a site as PDF, HTML, Excel file or JSON."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import typer

from cmi_gui.commands.output import NO_ANSWER, WRONG_USE, complain, counted, emit, emit_json, fail, wrong_use_fails
from cmi_gui.commands.site import OpenSite, now, opened_site
from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.files.atomic_file import write_atomically
from cmi_gui.engine.files.state_folder import default_state_folder
from cmi_gui.engine.files.table_xlsx import xlsx_file
from cmi_gui.engine.history.service import History, HistoryError, milliseconds
from cmi_gui.engine.link.memory import SIM
from cmi_gui.engine.report.document import Report
from cmi_gui.engine.report.formats import html_file, report_json, report_tables
from cmi_gui.engine.report.report import ReportOptions, make_report
from cmi_gui.engine.report.texts import ReportLanguage
from cmi_gui.engine.site.forget_readings import forget_readings
from cmi_gui.engine.site.model import Site
from cmi_gui.engine.site.site_file import read_site

SUFFIXES = (".pdf", ".html", ".xlsx", ".json")


def report(
    site_path: Path,
    out: Path,
    language: str,
    place: str | None,
    module_profile: Path | None,
    *,
    readings: bool,
    remove_readings: bool,
    json: bool,
) -> None:
    """Write the report on a site; the suffix of `out` is its format. Then remove the site's readings, if wanted."""
    if out.suffix.lower() not in SUFFIXES:
        message = f"--out must end with {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}, not {out.name}"
        fail(message, WRONG_USE, code="wrong_use", json=json)
    if language not in [*ReportLanguage]:
        message = f"--language must be one of {', '.join(ReportLanguage)}, not {language}"
        fail(message, WRONG_USE, code="wrong_use", json=json)
    with wrong_use_fails(json=json, code="bad_profile"):
        table = CommandTable(load_module_profile(module_profile))
    options = ReportOptions(language=ReportLanguage(language), readings=readings, place=place)
    removed: int | None = None
    if remove_readings:
        with opened_site(site_path, module_profile, json=json) as opened:
            made = _write(opened.site, table, options, out, json=json)
            removed = _remove_readings(opened, json=json)
    else:
        # Without a lock, because the window may have the site open.
        with wrong_use_fails(json=json, code="bad_site"):
            site = read_site(site_path, table)
        made = _write(site, table, options, out, json=json)
    if json:
        also = {} if removed is None else {"removed_readings": removed}
        emit_json({"out": str(out), "modules": made.modules, "open_points": made.open_points, **also})
        return
    emit(f"{out}: {counted(made.modules, 'module')}, {counted(made.open_points, 'open point')}")
    if removed is not None:
        emit(f"{site_path}: removed {counted(removed, 'reading')}, and the history of its modules")


def _write(site: Site, table: CommandTable, options: ReportOptions, out: Path, *, json: bool) -> Report:
    # A site whose bus was always the built-in module is no real one.
    practice = bool(site.ports) and all(port.startswith(f"{SIM.scheme}:") for port in site.ports)
    with wrong_use_fails(json=json):
        made = make_report(site, table, replace(options, practice=practice), now())
    try:
        write_atomically(out, _pieces(made, out.suffix.lower(), json=json), private=False)
    except OSError as error:
        fail(f"{out} could not be written: {error.strerror or error}", NO_ANSWER, code="io", json=json)
    return made


def _remove_readings(opened: OpenSite, *, json: bool) -> int:
    """Remove the readings of a site from its file and from the history, and return how many the file had."""
    history = History(default_state_folder(), lambda trouble: complain(f"the history of readings: {trouble.detail}"))
    try:
        world = opened.world(next(iter(opened.site.ports), ""))
        removed = forget_readings(opened.site, history, world)
        if not opened.save():
            raise typer.Exit(NO_ANSWER)
        removed.history.result()
    except HistoryError as error:
        message = f"the readings were removed from the site, but not from the history: {error}"
        fail(message, NO_ANSWER, code="history", json=json)
    finally:
        history.close(milliseconds(time.time()))
    return removed.values


def _pieces(report: Report, suffix: str, *, json: bool) -> Iterable[bytes]:
    match suffix:
        case ".html":
            return html_file(report)
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
        from PySide6.QtCore import QLoggingCategory
        from PySide6.QtGui import QGuiApplication

        from cmi_gui.report_pdf import NoFonts, pdf_file
    except ImportError as error:
        fail(f"Qt cannot be loaded ({error}); write .html instead", NO_ANSWER, code="no_qt", json=json)
    # Remarks on letters of rare scripts, which a user cannot act on.
    QLoggingCategory.setFilterRules("qt.text.font.db=false")
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
