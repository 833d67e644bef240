"""`cmi-gui scan --save`: the modules found become rows of a site."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cmi_gui.engine.site.search_file import search_file
from cmi_gui.engine.site.site_lock import lock_site
from tests.helpers.cli_process import run


def test_a_scan_makes_a_site_and_updates_it(tmp_path: Path) -> None:
    site = tmp_path / "eken.site.toml"
    first = run("scan", "--link", "sim:", "--save", str(site), "--json")
    assert first[0] == 0, first[2]
    result = json.loads(first[1])
    assert (result["rows"], result["new"], result["complete"], result["lost"]) == (1, 1, True, [])
    (found,) = result["found"]
    assert found["state"] == "found"
    second = run("scan", "--link", "sim:", "--save", str(site))
    assert second[0] == 0, second[2]
    assert f"module {found['serial']}, meter {found['meter']}" in second[1]
    assert "1 module found, 0 new rows" in second[1]
    text = site.read_text()
    assert text.count("[[module]]") == 1

    site.write_text(text.replace(found["serial"], "11111111"))
    other = run("scan", "--link", "sim:", "--save", str(site))
    assert other[0] == 1
    assert "this is not this site's bus: none of its modules answers" in other[2]
    assert "11111111" in site.read_text()


def test_an_interrupted_search_goes_on_or_begins_anew(tmp_path: Path) -> None:
    site = tmp_path / "eken.site.toml"

    def scan(*options: str) -> tuple[Any, str]:
        code, out, err = run("scan", "--link", "sim:", "--save", str(site), "--json", *options)
        assert code == 0
        return json.loads(out), err

    goes_on = "goes on; --restart begins a new one"
    first, err = scan("--expect", "1")
    assert (len(first["found"]), first["complete"], err) == (1, False, "")
    # All that is expected was found: the same command searches again.
    again, err = scan()
    assert ([each["serial"] for each in again["found"]], err) == ([each["serial"] for each in first["found"]], "")
    rest, err = scan("--all")
    assert goes_on in err
    assert (rest["found"], rest["lost"], rest["complete"]) == ([], [], True)
    assert not search_file(site).exists()
    scan()
    assert search_file(site).exists()
    anew, err = scan("--restart", "--all")
    assert (len(anew["found"]), anew["complete"], err) == (1, True, "")
    assert not search_file(site).exists()


def test_a_damaged_site_is_named_and_kept(tmp_path: Path) -> None:
    site = tmp_path / "eken.site.toml"
    site.write_text("format = 2\n")
    ended = run("scan", "--link", "sim:", "--save", str(site))
    assert ended[0] == 2
    assert "line 1" in ended[2]
    assert site.read_text() == "format = 2\n"


def test_options_of_a_site_need_one() -> None:
    ended = run("scan", "--link", "sim:", "--all")
    assert ended[0] == 2
    assert "need --save SITE" in ended[2]


def test_a_site_that_another_program_works_on_is_not_touched(tmp_path: Path) -> None:
    site = tmp_path / "eken.site.toml"
    with lock_site(site):
        ended = run("scan", "--link", "sim:", "--save", str(site), "--json")
    assert ended[0] == 1
    assert json.loads(ended[1])["error"] == "site_in_use"
    assert not site.exists()
