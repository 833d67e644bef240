"""The content of a report, its page of HTML, its tables and its JSON."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from string import Formatter
from typing import Any

import msgspec
import pytest
from hypothesis import Phase, given, settings
from openpyxl import load_workbook

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.configurator.values import settings as setting_rows
from cmi_gui.engine.configurator.write_run import WriteOutcome
from cmi_gui.engine.files.report_texts import load_texts
from cmi_gui.engine.files.table_xlsx import xlsx_file
from cmi_gui.engine.mbus.ci import DEVICE_TYPES
from cmi_gui.engine.messages import InvalidValue
from cmi_gui.engine.report.document import ChangedValue, Report, ReportColumn, ReportSection
from cmi_gui.engine.report.facts import is_energy
from cmi_gui.engine.report.formats import html, report_json, report_tables
from cmi_gui.engine.report.modules import full_secondary
from cmi_gui.engine.report.report import ReportOptions, make_report
from cmi_gui.engine.report.texts import ReportLanguage
from cmi_gui.engine.site.model import Found, HowKnown, Known, Site, SiteModule, SiteReading, SiteWrite
from tests.engine.site.test_site_file import SITE
from tests.helpers.packaging_scripts import translations
from tests.helpers.report_sites import NOW, VISIT, ZONE, visited_site
from tests.helpers.scripts import CHECKOUT

TABLE = CommandTable(load_module_profile())
HOSTILE = ["<script>alert(1)</script>", "{{ 7 * 7 }}{% raw %}", "=1+1", "\u202eevil\u202c", "שלום עולם", "x" * 200]


def make(site: Site, **options: Any) -> Report:
    return make_report(site, TABLE, ReportOptions(**options), NOW, ZONE)


def section(report: Report, key: str) -> ReportSection:
    return next(section for section in report.sections if section.key == key)


class Page(HTMLParser):
    """The tags and the texts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


# The texts


def test_every_text_is_there_in_three_languages_with_the_same_facts() -> None:
    def facts(template: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(template) if name is not None}

    texts = load_texts()
    everything = [*texts.text.values(), *({"en": english, **others} for english, others in texts.engine.items())]
    for languages in everything:
        assert set(languages) == {*ReportLanguage}, languages
        assert all(text.strip() for text in languages.values())
        assert len({frozenset(facts(text)) for text in languages.values()}) == 1, languages


def test_no_text_is_unused() -> None:
    from pathlib import Path

    import cmi_gui.engine.report as package

    source = "".join(path.read_text(encoding="utf-8") for path in Path(package.__path__[0]).glob("*.py"))
    made = ("state_", "outcome_", "point_", "check_", "blank_")
    assert not [key for key in load_texts().text if f'"{key}"' not in source and not key.startswith(made)]


def test_what_the_profile_and_the_engine_say_is_translated() -> None:
    said = {row.title for row in setting_rows(TABLE)} | {*DEVICE_TYPES.values()}
    for row in setting_rows(TABLE):
        said |= {choice.text for choice in row.choices if not choice.text.isdigit()}
        said |= {field.text for field in row.fields} | {text for field in row.fields for text in field.choices}
    assert said <= set(load_texts().engine)


def test_the_problems_of_a_site_are_translated() -> None:
    names = {"and {0} more", "a row without a number", "module {0}", "meter {0}", "{0} ({1})"}
    path = CHECKOUT / "cmi_gui/engine/site/problems.py"
    assert {*translations.templates(path.read_text(encoding="utf-8"), path.name)} | names <= set(load_texts().engine)


# The content


def test_all_modules_are_in_the_table_in_their_order() -> None:
    report = make(visited_site(30))
    assert [row[3] for row in section(report, "modules").rows] == [f"{33_456_700 + number}" for number in range(1, 31)]


def test_changes_are_marked_and_the_rest_is_as_it_is() -> None:
    report = make(visited_site(3))
    changes = section(report, "changes")
    assert [column.title for column in changes.columns[3:]] == ["Primary address", "P1 password", "Rate mapping table"]
    assert changes.rows[1][3:] == (
        ChangedValue("0", "2"),
        ChangedValue("—", "set"),
        ChangedValue("1 2 3 4", "1 1 1 1"),
    )


def test_a_value_that_was_not_read_back_has_an_asterisk() -> None:
    site = visited_site(1)
    site.modules[0].known["tag"] = Known(text="NEW", how=HowKnown.SENT, at=NOW)
    rows = dict(section(make(site), "settings").rows)
    assert rows["Configuration tag"] == "NEW *"
    assert any("not read back" in text for text in section(make(site), "settings").paragraphs)


def test_what_is_not_known_is_a_dash() -> None:
    report = make(Site(modules=[SiteModule(place="flat 1")]))
    assert section(report, "modules").rows == ((1, "flat 1", "—", "—", "", "—", "—", "waiting", "—"),)
    assert section(report, "settings").paragraphs == ("No settings are known.",)
    assert section(report, "changes").paragraphs == ("No setting is known to have been changed in this visit.",)


@pytest.mark.parametrize("text", ["", "x", "²", "9" * 300, "-1"])
def test_a_damaged_number_in_a_file_is_not_known(text: str) -> None:
    site = visited_site(1)
    for name in ("primary_address", "baud"):
        site.modules[0].known[name] = Known(text=text, how=HowKnown.READ, at=NOW)
    assert section(make(site), "modules").rows[0][5:7] == ("—", "—")


def test_settings_that_all_modules_share_are_one_list() -> None:
    first, second = [each for each in make(visited_site(3)).sections if each.key == "settings"]
    assert first.title == "Settings that are the same in 3 modules"
    assert dict(first.rows)["Disconnector control"] == "3 (both)"
    assert dict(first.rows)["P1 and P2 usage"] == "21 (rate: P1, disconnector: P1, display: P1)"
    assert [column.title for column in second.columns[3:]] == ["Primary address", "Secondary address"]


def test_readings_are_the_energy_registers_as_the_meter_spelled_them() -> None:
    rows = section(make(visited_site(1)), "readings").rows
    assert [row[3] for row in rows] == ["1.8.0", "1.8.1", "1.8.2", "2.8.0"]
    assert rows[0][5] == "044186.267"
    assert str(rows[0][6]) == "44186.267"
    assert rows[0][-1] == VISIT + timedelta(minutes=65, seconds=7)


@pytest.mark.parametrize(
    ("code", "energy"),
    [
        ("1.8.0", True),
        ("1-0:2.8.1*255", True),
        ("15.8.0", True),
        ("1.8.0 (2)", True),
        ("82.8.1", False),
        ("32.7", False),
        ("C.1.0", False),
        ("0.8.0", False),
        ("", False),
    ],
)
def test_registers_of_energy(code: str, energy: bool) -> None:
    assert is_energy(code) is energy


def test_a_report_without_readings_has_none_in_any_format() -> None:
    site = visited_site(2)
    report = make(site, readings=False)
    everything = html(report) + report_json(report) + str([[*table.rows] for table in report_tables(report)])
    assert "044186.267" not in everything
    assert "044186.267" in html(make(site))


def test_a_report_on_one_flat_names_no_other() -> None:
    site = visited_site(30)
    report = make(site, place=" FLAT 1 ")
    everything = html(report) + report_json(report) + str([[*table.rows] for table in report_tables(report)])
    assert "50100001" in everything
    assert not re.search("501000(?!01)", everything)
    assert "flat 30" not in everything
    assert "janitor" not in everything
    # The address that another module has, too, is a fact about this one.
    assert report.open_points == 1


def test_a_place_that_is_not_in_the_site_is_an_error() -> None:
    with pytest.raises(InvalidValue, match=r"the site has no place 'x'; it has 'flat 1', 'flat 2'"):
        make(visited_site(2), place="x")
    with pytest.raises(InvalidValue, match="none of its modules has a place"):
        make(Site(), place="x")


def test_open_points_name_their_modules() -> None:
    points = [row[1] for row in section(make(visited_site(30)), "open_points").rows]
    assert points == [
        "2 modules share address 1: flat 1, module 50100001, meter 33456701; flat 30, module 50100030, meter 33456730.",
        "module 50100028 (flat 28) reports meter 33999999, not 33456728.",
        "3 rows have the place laundry room and workshop.",
        "flat 25, module 50100025, meter 33456725: did not answer when it was last looked for.",
        "flat 26, module 50100026, meter 33456726: a change may have been sent, and its result is not known."
        " The module may be at: primary address 0, 2400 bit/s; primary address 27, 300 bit/s.",
        "laundry room and workshop, module 50100027, meter 33456727: the last write or reading failed:"
        " the module refuses the value: it has no disconnector.",
        "laundry room and workshop, module 50100027, meter 33456727: Disconnector control was not confirmed:"
        " the module refused it.",
        "flat 29, meter 33456729: no module was found.",
        "flat 29, meter 33456729: wanted, but not written: Primary address 29, P1 password.",
    ]
    german = [row[1] for row in section(make(visited_site(30), language=ReportLanguage.GERMAN), "open_points").rows]
    assert german[1] == "Modul 50100028 (flat 28) meldet Zähler 33999999, nicht 33456728."


def test_a_write_of_an_earlier_visit_or_one_with_effect_is_no_open_point() -> None:
    site = visited_site(1)
    module = site.modules[0]

    def write(text: str, outcome: WriteOutcome, at: datetime = VISIT) -> SiteWrite:
        return SiteWrite(name="tag", text=text, outcome=outcome, at=at)

    for written, points in (
        (write("NEW", WriteOutcome.NO_ANSWER), 1),
        (write("NEW", WriteOutcome.NO_ANSWER, VISIT - timedelta(days=300)), 0),
        (write("ROOM-7", WriteOutcome.UNSURE), 0),
        (write("NEW", WriteOutcome.NOT_SENT), 0),
    ):
        module.written = [written]
        assert make(site).open_points == points, written
    module.written = [write("NEW", WriteOutcome.NO_ANSWER), write("NEW", WriteOutcome.TAKEN)]
    assert make(site).open_points == 0


@pytest.mark.parametrize(
    ("language", "current"),
    [
        (ReportLanguage.ENGLISH, "28 × 1.5 mA = 42.0 mA"),
        (ReportLanguage.SWEDISH, "28 × 1,5 mA = 42,0 mA"),
        (ReportLanguage.GERMAN, "28 × 1,5 mA = 42,0 mA"),
    ],
)
def test_the_expected_current_is_that_of_the_modules_found(language: ReportLanguage, current: str) -> None:
    checks = section(make(visited_site(30), language=language), "checks")
    assert current in str(checks.rows[1][1])


def test_the_meter_list_has_what_gateways_take() -> None:
    meters = section(make(visited_site(2)), "meter_list")
    assert meters.rows[1] == (
        "50100002",
        "5010000296152802",
        2,
        "02 electricity",
        "ELV",
        "28",
        2400,
        "flat 2",
        "33456702",
    )
    assert full_secondary(Found(id="1234567A", manufacturer=None, version=1, device_type=2, at=NOW)) == ""


def test_practice_is_on_the_page_in_the_sheets_and_in_the_data() -> None:
    report = make(visited_site(1), practice=True, language=ReportLanguage.GERMAN)
    assert "ÜBUNG (PRACTICE): simulierte Module" in html(report)
    assert html(report).count('class="watermark"') == 1
    assert all(table.name.startswith("ÜBUNG (PRACTICE), ") for table in report_tables(report))
    assert json.loads(report_json(report))["practice"] is True


# Formats


@pytest.mark.no_cover
@given(SITE)
@settings(max_examples=40, phases=[Phase.explicit, Phase.generate])
def test_every_site_has_a_report_in_every_format(site: Site) -> None:
    report = make(site, language=ReportLanguage.SWEDISH)
    texts = "".join(Page(html(report)).texts)
    assert all(module.serial in texts for module in site)
    document = json.loads(report_json(report))
    assert len(document["modules"]) == len(site.modules)
    for table in report_tables(report):
        assert all(len(row) == len(table.columns) for row in table.rows)


def test_hostile_texts_are_text() -> None:
    modules = [
        SiteModule(
            place=text,
            serial=f"{50100000 + number}",
            note=f"{text}\n" * 19,
            failure=text,
            readings={text[:9]: SiteReading(code="1.8.0", value=text, unit=text, at=NOW)},
            found=Found(id=text, manufacturer=text, at=NOW),
            known={"tag": Known(text=text, how=HowKnown.READ, at=NOW)},
        )
        for number, text in enumerate(HOSTILE)
    ]
    site = Site(name=HOSTILE[0], customer=HOSTILE[1], who=HOSTILE[0], note=HOSTILE[0], modules=modules)
    for language in ReportLanguage:
        report = make(site, language=language)
        page = Page(html(report))
        assert not {"script", "img", "a", "iframe", "link"} & set(page.tags)
        texts = "".join(page.texts)
        assert all(text in texts for text in HOSTILE)
    book = load_workbook(io.BytesIO(b"".join(xlsx_file(report_tables(report)))))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert any(cell.value == "=1+1" for cell in cells)


def test_no_secret_is_in_a_report() -> None:
    site = visited_site(1)
    # A damaged site in memory: files with a password are refused.
    site.modules[0].known["p1"] = Known(text="hunter2", how=HowKnown.SENT, at=NOW)
    snapshot = site.modules[0].as_found
    assert snapshot is not None
    site.modules[0].as_found = msgspec.structs.replace(snapshot, settings={**snapshot.settings, "p1": "hunter2"})
    site.modules[0].wanted["p2"] = "hunter2"
    report = make(site)
    everything = html(report) + report_json(report) + str([[*table.rows] for table in report_tables(report)])
    assert "hunter2" not in everything
    assert "P1 password" in everything


def test_the_excel_file_has_a_sheet_for_each_part() -> None:
    report = make(visited_site(30))
    book = load_workbook(io.BytesIO(b"".join(xlsx_file(report_tables(report)))))
    assert len(book.sheetnames) == len(report.sections)
    readings = book["Readings"]
    titles = [cell.value for cell in readings[1]]
    assert titles[:8] == ["Place", "Module", "Meter", "OBIS code", "Meaning", "Value", "Number", "Unit"]
    assert [readings["F2"].value, readings["G2"].value] == ["044186.267", 44186.267]
    changes = book["As found and as left"]
    assert [cell.value for cell in changes[3]][3:5] == ["0", "2"]


def test_columns_with_one_title_have_their_own_values() -> None:
    report = make(visited_site(1))
    column = ReportColumn("Setting", 10)
    twice = ReportSection("settings", "", (), (column, column), (("first value", "second value"),))
    texts = Page(html(replace(report, sections=(twice,)))).texts
    assert [text for text in texts if "value" in text] == ["first value", "second value"]


def test_sheets_with_equal_beginnings_have_names_of_their_own() -> None:
    site = visited_site(2)
    # So many settings that differ that they need several tables.
    for row in setting_rows(TABLE):
        if not row.secret and row.id != "baud":
            site.modules[0].known[row.id] = Known(text="1", how=HowKnown.READ, at=NOW)
            site.modules[1].known[row.id] = Known(text="2", how=HowKnown.READ, at=NOW)
    report = make(site, language=ReportLanguage.GERMAN, practice=True)
    assert len([each for each in report.sections if each.key == "settings"]) == 3
    book = load_workbook(io.BytesIO(b"".join(xlsx_file(report_tables(report)))))
    assert len(set(book.sheetnames)) == len(report.sections)
    assert max(map(len, book.sheetnames)) <= 31


def test_titles_of_a_sheet_have_no_soft_hyphens() -> None:
    for table in report_tables(make(visited_site(1), language=ReportLanguage.GERMAN)):
        assert not [column.title for column in table.columns if "\u00ad" in column.title]


def test_times_with_two_offsets_keep_their_own() -> None:
    from zoneinfo import ZoneInfo

    site = visited_site(2)
    found = site.modules[1].found
    assert found is not None
    site.modules[1].found = msgspec.structs.replace(found, at=VISIT - timedelta(days=120))
    report = make_report(site, TABLE, ReportOptions(), NOW, ZoneInfo("Europe/Stockholm"))
    modules = section(report, "modules")
    column = modules.columns[-1]
    assert [column.text(row[-1]) for row in modules.rows] == ["2026-11-30 09:05 +01:00", "2026-08-02 10:00 +02:00"]
    (table,) = [table for table in report_tables(report) if table.name == "Modules"]
    assert table.columns[-1].offset == "Hours from UTC"


def test_the_json_document_has_the_same_keys_in_every_language() -> None:
    documents = [json.loads(report_json(make(visited_site(2), language=language))) for language in ReportLanguage]
    assert [document.pop("language") for document in documents] == ["en", "sv", "de"]
    assert documents[0] == documents[1] == documents[2]
    first = documents[0]["modules"][0]
    assert first["settings"]["p1"] == {"set": True, "how": "sent", "at": "2026-11-30T09:05:07+01:00", "changed": True}
    assert first["readings"][0] == {
        "code": "1.8.0",
        "value": "044186.267",
        "unit": "kWh",
        "at": "2026-11-30T10:05:07+01:00",
    }
    assert first["as_found"]["primary_address"] == "0"
