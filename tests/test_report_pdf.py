"""The PDF of a report: its pages are read back with poppler's pdftotext where it is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from PySide6.QtCore import QLoggingCategory
from PySide6.QtGui import QFontDatabase, QGuiApplication

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.report.document import Report
from cmi_gui.engine.report.report import ReportOptions, make_report
from cmi_gui.engine.report.texts import ReportLanguage
from cmi_gui.engine.site.model import Site, SiteModule
from cmi_gui.report_pdf import NoFonts, pdf_file
from tests.engine.site.test_site_file import SITE
from tests.helpers.report_sites import NOW, ZONE, visited_site

TABLE = CommandTable(load_module_profile())
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
pytestmark = pytest.mark.usefixtures("qapp")


def make(site: Site, language: ReportLanguage = ReportLanguage.ENGLISH, *, practice: bool = False) -> Report:
    return make_report(site, TABLE, ReportOptions(language=language, practice=practice), NOW, ZONE)


def pages(report: Report, folder: Path) -> list[str]:
    """Write the report and return the text of each page, line by line as it is seen."""
    path = folder / "report.pdf"
    path.write_bytes(b"".join(pdf_file(report)))
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    return done.stdout.decode().split("\f")[:-1]


@needs_poppler
@pytest.mark.parametrize("count", [1, 30, 250])
@pytest.mark.parametrize(
    ("language", "numbers"),
    [
        (ReportLanguage.ENGLISH, "Page {} of {}"),
        (ReportLanguage.SWEDISH, "Sida {} av {}"),
        (ReportLanguage.GERMAN, "Seite {} von {}"),
    ],
)
def test_heads_numbers_and_rows_of_each_page(
    count: int, language: ReportLanguage, numbers: str, tmp_path: Path
) -> None:
    report = make(visited_site(count), language)
    texts = pages(report, tmp_path)
    for number, text in enumerate(texts, 1):
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        assert lines[-1].endswith(numbers.format(number, len(texts)))
        if number > 1:
            assert re.fullmatch(rf"Brf Eken, Uppsala\s+{report.title}", lines[0])
            assert len(lines) > 3, "a page with nothing but its head"
    modules = next(section for section in report.sections if section.key == "modules")
    found = re.findall(
        r"(?m)^ +\d+ (?:flat \d+|laundry room and(?: workshop)?) +(?:\d{8}|—) +(\d{8})", "\n".join(texts)
    )
    assert found == [row[3] for row in modules.rows]


@needs_poppler
def test_titles_are_repeated_and_a_heading_is_not_last(tmp_path: Path) -> None:
    report = make(visited_site(250))
    titles = {section.title for section in report.sections}
    for text in pages(report, tmp_path)[1:]:
        lines = [line.strip() for line in text.splitlines() if line.strip()][1:-1]
        # Below the head there is a heading, or the titles of the table that goes on.
        assert lines[0] in titles or re.match(r"(No\.|Place|Setting|Secondary|Done|OBIS|Primary)", lines[0]), lines[0]
        assert lines[-1] not in titles


@needs_poppler
def test_practice_is_on_every_page(tmp_path: Path) -> None:
    texts = pages(make(visited_site(30), practice=True), tmp_path)
    assert len(texts) > 5
    assert all("PRACTICE: simulated modules, no real site" in text for text in texts)
    assert not any("PRACTICE" in text for text in pages(make(visited_site(1)), tmp_path))


@needs_poppler
def test_hostile_and_long_texts_are_text(tmp_path: Path) -> None:
    note = "\n".join(f"line {number} of a long note <b>bold</b> {{{{ 1 }}}}" for number in range(80))
    site = Site(
        name="<script>alert(1)</script>",
        modules=[
            SiteModule(place="x" * 200, serial="50100001", note=note),
            SiteModule(place="شقة ١٢ الطابق", serial="50100002", note="a" * 4000),
        ],
    )
    texts = "\n".join(pages(make(site), tmp_path))
    assert "<script>alert(1)</script>" in texts
    # A row that is longer than a page goes on over the next ones without a line lost or doubled.
    assert re.findall(r"line (\d+) of a long note <b>", texts) == [str(number) for number in range(80)]
    assert "50100002" in texts
    assert len(re.findall(r"a{30,}", texts)) > 10


@pytest.fixture
def any_script() -> Iterator[None]:
    """Silence Qt's remarks on letters that no font of this system can shape."""
    QLoggingCategory.setFilterRules("qt.text.font.db=false")
    yield
    QLoggingCategory.setFilterRules("")


@pytest.mark.usefixtures("any_script")
@given(SITE)
@settings(max_examples=20, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_site_has_a_pdf(site: Site) -> None:
    assert b"".join(pdf_file(make(site, ReportLanguage.GERMAN))).startswith(b"%PDF-")


@needs_poppler
def test_no_ligature_hides_a_word_from_a_search(tmp_path: Path) -> None:
    assert "flat 1 " in "\n".join(pages(make(visited_site(1)), tmp_path))


def test_equal_reports_give_equal_files_but_for_the_date() -> None:
    def undated() -> bytes:
        return re.sub(
            rb"D:\d{14}[^)]*|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^<]*", b"", b"".join(pdf_file(make(visited_site(3))))
        )

    assert undated() == undated()


def test_another_report_has_another_document_number() -> None:
    def number(report: Report) -> bytes:
        match = re.search(rb"/ID \[ <(\w+)>", b"".join(pdf_file(report)))
        assert match is not None
        return match[1]

    assert number(make(visited_site(1))) == number(make(visited_site(1)))
    assert number(make(visited_site(1))) != number(make(visited_site(2)))


def test_the_file_comes_in_many_small_steps() -> None:
    pieces = list(pdf_file(make(visited_site(30))))
    assert len(pieces) > 200
    assert not any(pieces[:-1])
    assert pieces[-1].startswith(b"%PDF-")


def test_a_closed_generator_leaves_nothing_open() -> None:
    count = sum(1 for _ in pdf_file(make(visited_site(10))))
    # In the middle of the layout, and while the pages are painted.
    for number in (20, count - 2):
        steps = pdf_file(make(visited_site(10)))
        for _ in range(number):
            next(steps)
        steps.close()


def test_without_fonts_there_is_no_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFontDatabase, "families", lambda *_: [])
    with pytest.raises(NoFonts):
        next(pdf_file(make(visited_site(1))))


def test_the_fonts_are_in_the_file() -> None:
    assert QGuiApplication.instance() is not None
    assert b"/FontFile2" in b"".join(pdf_file(make(visited_site(1))))
