"""Plans in CSV and Excel files, compared with a site."""

from __future__ import annotations

import codecs
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.files.table_text import RFC_4180, CsvForm, csv_file
from cmi_gui.engine.files.table_xlsx import xlsx_file
from cmi_gui.engine.site.cells import apply, cell_text
from cmi_gui.engine.site.model import Found, HowKnown, Known, Site, SiteModule
from cmi_gui.engine.site.plan_file import Plan, PlanError, plan_in_text, plan_table, read_plan
from cmi_gui.engine.site.site_file import site_text

TABLE = CommandTable(load_module_profile())
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def found_module(serial: str, *, meter_read: str = "", place: str = "", address: int = 0) -> SiteModule:
    return SiteModule(
        serial=serial,
        place=place,
        meter_read=meter_read,
        found=Found(id=serial, fabrication=serial, at=NOON),
        known={"primary_address": Known(text=str(address), how=HowKnown.READ, at=NOON)},
    )


def three() -> Site:
    return Site(modules=[found_module(f"5010000{n}", meter_read=f"3345678{n}") for n in (6, 7, 8)])


def read(tmp_path: Path, content: bytes | str, site: Site, name: str = "plan.csv") -> Plan:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_plan(path, site, TABLE)


def shown(plan: Plan) -> list[tuple[str, str, str | None]]:
    return [(change.module.serial, change.name, change.after) for change in plan.differences]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_each_form_of_csv(tmp_path: Path, separator: str, encoding: str) -> None:
    lines = ["Serienummer|Lägenhet|Adress|Tarifftabell", "50100006|Lgh 11 Åsa|11|1234", "50100007|Lgh 12|12|1 1 1 1"]
    plan = read(tmp_path, "\r\n".join(lines).replace("|", separator).encode(encoding), three())
    assert shown(plan) == [
        ("50100006", "place", "Lgh 11 Åsa"),
        ("50100006", "primary_address", "11"),
        ("50100006", "rate_map", "1 2 3 4"),
        ("50100007", "place", "Lgh 12"),
        ("50100007", "primary_address", "12"),
        ("50100007", "rate_map", "1 1 1 1"),
    ]
    assert [module.serial for module in plan.left_out] == ["50100008"]


def test_rows_are_found_by_the_meter_that_the_module_reports_and_others_are_added(tmp_path: Path) -> None:
    site = three()
    plan = read(tmp_path, "flat,meter,primary_address\n11,33456787,11\n13,33456790,13\n", site)
    assert shown(plan) == [
        ("50100007", "place", "11"),
        ("50100007", "meter", "33456787"),
        ("50100007", "primary_address", "11"),
    ]
    before = site_text(site, TABLE)
    undo = apply(site, plan.changes)
    added = site.modules[-1]
    assert (added.place, added.meter, added.wanted) == ("13", "33456790", {"primary_address": "13"})
    after = site_text(site, TABLE)
    redo = apply(site, undo)
    assert site_text(site, TABLE) == before
    apply(site, redo)
    assert site_text(site, TABLE) == after


def test_a_row_that_waits_for_the_module_is_joined_to_it(tmp_path: Path) -> None:
    waiting = SiteModule(place="12", meter="33456799", note="key at the caretaker's", wanted={"tag": "7"})
    site = Site(modules=[found_module("50100006"), waiting])
    plan = read(tmp_path, "serial;meter;place\n50100006;33456799;12 B\n", site)
    undo = apply(site, plan.changes)
    (module,) = site.modules
    assert (module.place, module.meter, module.wanted) == ("12 B", "33456799", {"tag": "7"})
    assert module.note == "key at the caretaker's"
    apply(site, undo)
    assert site.modules[1] is waiting
    assert module.place == ""
    assert module.wanted == {}


def test_an_excel_file(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("om").append(["Mätare i Brf Eken, 2026"])
    sheet = book.create_sheet("lista")
    sheet.append(["Brf Eken"])
    sheet.append([])
    sheet.append(["Lgh", "Mätarnummer", "primary_address", "Ägare", "rate_map"])
    sheet.append([11, 33456786.0, 11.0, "N.N.", 1234])
    sheet.append(["12", 456787, 12, None, "1 2 3 4"])
    sheet["B5"].number_format = "00000000"
    sheet.append(["13", 456788, 13])
    path = tmp_path / "plan.xlsx"
    book.save(path)
    site = three()
    site.modules[1].meter_read, site.modules[2].meter_read = "00456787", "00456788"
    plan = read_plan(path, site, TABLE)
    apply(site, plan.changes)
    assert [(each.place, each.meter, each.wanted["primary_address"]) for each in site] == [
        ("11", "33456786", "11"),
        ("12", "00456787", "12"),
        ("13", "00456788", "13"),
    ]
    assert plan.ignored == ("Ägare",)
    assert [*map(str, plan.remarks)] == ["line 6: meter: 456788: zeros in front were missing, it is 00456788"]


def test_what_excel_has_spoilt_is_refused_with_line_and_reason(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("lista")
    sheet.append(["serial", "place", "primary_address"])
    sheet.append([5010000, date(2026, 2, 1), "=A2+1"])
    sheet.append(["5,01E+07", "#REF!", 1.5])
    sheet["B3"].data_type = "e"
    path = tmp_path / "plan.xlsx"
    book.save(path)
    with pytest.raises(PlanError) as error:
        read_plan(path, three(), TABLE)
    assert [str(each) for each in error.value.errors] == [
        "line 2: serial: a serial number has 8 digits, not 5010000; if zeros in front are missing, give the column the"
        " format Text and enter all digits",
        "line 2: place: is a date; give the column the format Text and enter it again",
        "line 2: primary_address: is a formula without a stored result; paste the values instead of the formulas",
        "line 3: serial: 5,01E+07 was shortened by a spreadsheet; give the column the format Text and enter a serial"
        " number again",
        "line 3: place: is an error of the spreadsheet, #REF!",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a;b\n1;2", "plan.csv: has no line of titles with serial, meter or place; the titles are serial, meter,"),
        ("", "plan.csv: has no line of titles"),
        ("serial;primary_address\n50100006;251", "line 2: primary_address: Primary address must be 0 to 250, not 251"),
        ("serial;primary_address\n50100006;1\n50100007;1", "line 3: primary_address 1 is in line 2 already"),
        ("serial;place\n50100006;1\n50100006;2", "line 3: serial 50100006 is in line 2 already"),
        ("serial;meter\n50100006;\n;33456786", "line 3: it is the same row of the site as line 2"),
        ("serial;place\n5010000x;1", "line 2: serial: a serial number has 8 digits, not '5010000x'"),
        ("serial;place;flat\n", "line 1: there are two columns for place"),
        ("serial;tag\n;7", "line 2: has neither a serial number nor a meter number nor a place"),
        ('serial;place\n50100006;"1', "line 2: the quotes are not closed"),
        ("meter;serial\n33456786;50100009", "line 2: serial: module 50100006 was found in this row"),
    ],
)
def test_errors_name_line_and_reason(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(PlanError) as error:
        read(tmp_path, text, three())
    assert problem in str(error.value)


@pytest.mark.parametrize(
    "title", ["p1", "P2", "P1 password", "Lösenord P1", "password", "Inloggningsnyckel P2", "P2-key"]
)
def test_a_column_of_passwords_is_refused_and_not_shown(tmp_path: Path, title: str) -> None:
    for rows in (f"serial;{title}\n50100006;HUNTER2\n", f"{title};serial\nHUNTER2;50100006\n"):
        with pytest.raises(PlanError) as error:
            read(tmp_path, rows, three())
        assert "is for a password; remove it" in str(error.value)
        assert "HUNTER2" not in str(error.value)
    with pytest.raises(PlanError, match="is for a password"):
        plan_in_text(f"serial\t{title}\n50100006\tHUNTER2", "pasted text", three(), TABLE)


def test_the_usage_of_passwords_is_no_password_and_a_key_is_that_of_a_door(tmp_path: Path) -> None:
    assert read(tmp_path, "serial;Nyckel;key\n50100006;caretaker;1\n", three()).ignored == ("Nyckel", "key")
    assert shown(read(tmp_path, "serial;P1 and P2 usage\n50100006;21", three())) == [("50100006", "usage", "21")]


def test_hostile_files(tmp_path: Path) -> None:
    site = three()
    for content in (b"PK\x03\x04 no zip", b"\xd0\xcf\x11\xe0 old", b"\0" * 100, b"\xff\xfe\0", b"\x81\x8d serial"):
        with pytest.raises(PlanError):
            read(tmp_path, content, site)
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 120_000_000)
    with pytest.raises(PlanError, match="is too big when it is unpacked"):
        read_plan(bomb, site, TABLE)
    with pytest.raises(PlanError, match="cannot be read: "):
        read_plan(tmp_path, site, TABLE)
    with pytest.raises(PlanError, match="has more than 5000 lines"):
        read(tmp_path, "serial\n" + "1\n" * 6000, site)


def test_a_formula_is_text_to_us(tmp_path: Path) -> None:
    plan = read(tmp_path, codecs.BOM_UTF8 + b"""serial;place;note\n="50100006";'=1+1;=cmd|' /C calc'!A0\n""", three())
    assert shown(plan) == [("50100006", "place", "=1+1"), ("50100006", "note", "=cmd|' /C calc'!A0")]


def test_a_text_with_titles_is_a_plan_and_another_is_none() -> None:
    plan = plan_in_text("lgh\tserienummer\n11\t50100006\n", "pasted text", three(), TABLE)
    assert plan is not None
    assert shown(plan) == [("50100006", "place", "11")]
    assert plan_in_text("lgh\tserienummer\tägare\n11\t50100006\tN.N.\n", "pasted text", three(), TABLE) is not None
    for no_plan in ("11\t50100006\n", "", "\n", "modul", "modul\tny\nx\ty\n"):
        assert plan_in_text(no_plan, "pasted text", three(), TABLE) is None


PLACE = st.text(st.characters(codec="cp1252", categories=("L", "N", "P", "S")), min_size=1, max_size=12).filter(
    lambda text: not text.startswith("'") and not text.startswith('="')
)
WANTED = st.fixed_dictionaries(
    {},
    optional={
        "primary_address": st.integers(0, 250).map(str),
        "rate_map": st.lists(st.integers(0, 6).map(str), min_size=4, max_size=4).map(" ".join),
        "secondary_address": st.integers(0, 99_999_999).map("{:08d}".format),
        "selection_list": st.sampled_from(["", "1.8.0 2.8.0"]),
        "rate_enable": st.sampled_from("01"),
    },
)
ROWS = st.lists(st.tuples(PLACE, WANTED), min_size=1, max_size=6)
FORMS = st.sampled_from(["xlsx", CsvForm(";", ","), CsvForm(",", "."), CsvForm("\t", ","), RFC_4180])


@given(ROWS, FORMS)
@settings(max_examples=40, deadline=None)
def test_a_plan_that_was_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, dict[str, str]]], form: CsvForm | str
) -> None:
    site = Site()
    for index, (place, wanted) in enumerate(rows):
        if "primary_address" in wanted:
            wanted["primary_address"] = str(index)
        if "secondary_address" in wanted:
            wanted["secondary_address"] = f"{index:08d}"
        site.modules.append(SiteModule(place=place, serial=f"{index:08d}", meter=f"{index + 500:08d}", wanted=wanted))
    table = plan_table(site, TABLE)
    pieces = csv_file(table, form) if isinstance(form, CsvForm) else xlsx_file(table)
    path = tmp_path_factory.mktemp("plan") / "plan"
    path.write_bytes(b"".join(pieces))
    assert read_plan(path, site, TABLE).changes == ()
    empty = Site()
    plan = read_plan(path, empty, TABLE)
    apply(empty, plan.changes)
    names = [column.title for column in table.columns]
    assert [[cell_text(each, name) for name in names] for each in empty] == [
        [cell_text(each, name) for name in names] for each in site
    ]
