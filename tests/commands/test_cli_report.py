"""`cmi-gui report`, as real processes without a display."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.site.model import Site
from cmi_gui.engine.site.site_file import read_site, write_site
from tests.helpers.cli_process import run, with_state_folder
from tests.helpers.report_sites import visited_site

TABLE = CommandTable(load_module_profile())


@pytest.fixture
def site(tmp_path: Path) -> Path:
    path = tmp_path / "eken.site.toml"
    write_site(path, visited_site(30), TABLE)
    return path


def without_display() -> dict[str, str]:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return {name: value for name, value in os.environ.items() if name not in hidden}


def test_a_pdf_needs_no_display(site: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    code, text, err = run(
        "report", "--site", str(site), "--out", str(out), "--language", "de", environment=without_display()
    )
    assert (code, err) == (0, "")
    assert text == f"{out}: 30 modules, 9 open points\n"
    assert out.read_bytes().startswith(b"%PDF-")


def test_the_other_formats(site: Path, tmp_path: Path) -> None:
    for suffix in ("html", "xlsx", "json"):
        code, text, err = run("report", "--site", str(site), "--out", str(tmp_path / f"r.{suffix}"), "--json")
        assert (code, err) == (0, "")
        assert json.loads(text) == {"out": str(tmp_path / f"r.{suffix}"), "modules": 30, "open_points": 9}
    assert "50100012" in (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "Readings" in load_workbook(io.BytesIO((tmp_path / "r.xlsx").read_bytes())).sheetnames
    assert len(json.loads((tmp_path / "r.json").read_bytes())["modules"]) == 30


def test_one_flat_without_readings(site: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.json"
    code, _, _ = run("report", "--site", str(site), "--out", str(out), "--place", "flat 12", "--without-readings")
    (module,) = json.loads(out.read_bytes())["modules"]
    assert (code, module["serial"], "readings" in module) == (0, "50100012", False)


def test_a_site_of_the_built_in_module_is_practice(tmp_path: Path) -> None:
    path, out = tmp_path / "x.site.toml", tmp_path / "r.json"
    write_site(path, Site(ports=["sim:"]), TABLE)
    run("report", "--site", str(path), "--out", str(out))
    assert json.loads(out.read_bytes())["practice"] is True


def test_readings_are_removed_after_the_report(site: Path, tmp_path: Path) -> None:
    out, home = tmp_path / "r.html", {**with_state_folder(tmp_path), "HOME": str(tmp_path)}
    code, text, err = run(
        "report", "--site", str(site), "--out", str(out), "--remove-readings", "--json", environment=home
    )
    assert (code, err) == (0, "")
    # Five values of each module that has any.
    assert json.loads(text)["removed_readings"] == 5 * 29
    assert "044186.267" in out.read_text(encoding="utf-8")
    assert not any(module.readings for module in read_site(site, TABLE))
    assert "kWh" not in site.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--out", "r.docx"), "--out must end with .pdf, .html, .xlsx or .json, not r.docx"),
        (("--out", "r.pdf", "--language", "fr"), "--language must be one of en, sv, de, not fr"),
        (("--out", "r.pdf", "--place", "flat 99"), "the site has no place 'flat 99'; it has 'flat 1'"),
    ],
)
def test_wrong_use_is_one_line(options: tuple[str, ...], says: str, site: Path) -> None:
    code, text, err = run("report", "--site", str(site), *options)
    assert (code, text, err.count("\n")) == (2, "", 1)
    assert says in err


def test_a_folder_that_cannot_be_written(site: Path) -> None:
    code, _, err = run("report", "--site", str(site), "--out", f"{site}/r.html")
    assert code == 1
    assert "could not be written" in err


def test_a_file_that_is_no_site(tmp_path: Path) -> None:
    wrong = tmp_path / "x.site.toml"
    wrong.write_text("format = 7\n", encoding="utf-8")
    code, _, err = run("report", "--site", str(wrong), "--out", str(tmp_path / "r.pdf"))
    assert code == 2
    assert "format must be 1" in err
    assert not (tmp_path / "r.pdf").exists()
