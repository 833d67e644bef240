"""docs/site.md has every key, column and problem, and its examples can be read."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.files.sheet import separated
from cmi_gui.engine.site.cells import IDENTITY, setting_names
from cmi_gui.engine.site.model import Found, Known, Site, SiteModule, SiteReading, SiteWrite, Snapshot, Whereabouts
from cmi_gui.engine.site.plan_columns import _TITLES, Titles
from cmi_gui.engine.site.plan_file import plan_in_text
from cmi_gui.engine.site.problems import ProblemKind
from cmi_gui.engine.site.site_file import parse_site

TABLE = CommandTable(load_module_profile())
PAGE = (Path(__file__).parents[3] / "docs" / "site.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    return PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def example(heading: str) -> str:
    found = re.search(r"(?:^    .*\n|^\n(?=    ))+", section(heading), re.MULTILINE)
    assert found is not None
    return textwrap.dedent(found[0])


def test_every_key_is_on_the_page() -> None:
    named = {*re.findall(r"`(\w+)`", section("The file"))}
    for kind in (Site, SiteModule, Found, Known, SiteReading, SiteWrite, Snapshot, Whereabouts):
        assert {*kind.__struct_encode_fields__} - named == set()


def test_every_column_is_on_the_page_and_its_titles_are_known() -> None:
    titles = Titles(TABLE)
    rows = re.findall(r"^\| (`.*?`) \| (.*?) \|", section("Plans"), re.MULTILINE)
    columns = [name for names, _ in rows for name in re.findall(r"`(\w+)`", names)]
    assert {*columns} == {*IDENTITY, *setting_names(TABLE)}
    for names, further in rows[:-1]:
        for title in further.split(", "):
            assert titles.name(title) == names.strip("`")
    assert {*_TITLES} <= {*columns}


def test_every_problem_is_on_the_page() -> None:
    firsts = re.findall(r"^\| (.*?) \|", section("Problems and their cures"), re.MULTILINE)
    named = {name for first in firsts for name in first.split(", ")}
    kinds = {str(kind) for kind in ProblemKind} - {"other master"} | {"another master"}
    assert kinds - named == set()


def test_the_site_on_the_page_can_be_read() -> None:
    site = parse_site(example("The file"), "site.md", TABLE)
    assert [(module.place, module.changes) for module in site] == [
        ("flat 12", {"primary_address": "12", "rate_map": "1 2 3 4"}),
        ("flat 13", {}),
    ]


def test_the_plan_on_the_page_can_be_read() -> None:
    lines = separated(example("Plans"), ";")[0]
    text = "\n".join("\t".join(map(str, row.cells)) for row in lines)
    plan = plan_in_text(text, "site.md", Site(), TABLE)
    assert plan is not None
    assert [(module.place, module.wanted["primary_address"]) for module in plan.added] == [
        ("flat 11", "11"),
        ("flat 12", "12"),
    ]


@pytest.mark.parametrize("title", ["Lägenhetsnr.", "PRIMARY_ADDRESS", "Rate mapping table", "  Mätarnummer:"])
def test_titles_are_known_in_any_case_and_punctuation(title: str) -> None:
    assert Titles(TABLE).name(title) is not None
