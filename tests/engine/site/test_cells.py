"""Editing of the cells of a site, filling down and pasting, and what undoes it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.files.table import Column, TableData
from cmi_gui.engine.files.table_text import clipboard_text
from cmi_gui.engine.messages import InvalidValue
from cmi_gui.engine.site.cells import (
    Change,
    Difference,
    RowAdded,
    RowRemoved,
    apply,
    cell_change,
    cell_text,
    fill_down,
    is_text,
    join_rows,
    rows_to_join,
    secret_change,
    set_cell,
    wanted_text,
)
from cmi_gui.engine.site.model import Found, HowKnown, Known, Site, SiteModule
from cmi_gui.engine.site.pasting import paste
from cmi_gui.engine.site.site_file import site_text

TABLE = CommandTable(load_module_profile())
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def known(text: str) -> Known:
    return Known(text=text, how=HowKnown.READ, at=NOON)


def test_a_setting_is_wanted_until_it_is_the_known_one() -> None:
    module = SiteModule(known={"primary_address": known("0")})
    set_cell(module, "primary_address", " 011", TABLE)
    assert (is_text(module, "primary_address"), wanted_text(module, "primary_address")) == ("0", "11")
    assert module.changes == {"primary_address": "11"}
    set_cell(module, "primary_address", "0", TABLE)
    assert module.wanted == {}
    set_cell(module, "primary_address", "12", TABLE)
    set_cell(module, "primary_address", "", TABLE)
    assert module.wanted == {}
    assert cell_change(module, "primary_address", "0", TABLE) is None


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("rate_map", "1234", "1 2 3 4"),
        ("rate_map", "1,1,1,2", "1 1 1 2"),
        ("disconnector_control", "Both", "3"),
        ("rate_enable", "off", "0"),
        ("selection_list", "all", ""),
        ("selection_list", "1.8.0 2.8.0", "1.8.0 2.8.0"),
    ],
)
def test_a_value_may_be_written_as_its_meaning(name: str, text: str, value: str) -> None:
    module = SiteModule()
    set_cell(module, name, text, TABLE)
    assert module.wanted == {name: value}
    other = SiteModule()
    set_cell(other, name, cell_text(module, name), TABLE)
    assert other.wanted == module.wanted


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("primary_address", "251", "Primary address must be 0 to 250, not 251"),
        ("serial", "5010000", "a serial number has 8 digits, not '5010000'"),
        ("serial", "50100009", "module 50100007 was found in this row, so its serial number cannot be changed"),
        ("meter", "3345678X", "a meter number has 8 digits"),
        ("place", "x" * 201, "a text in the column place has at most 200 characters"),
        ("place", "flat\x1b[2J", "contains control characters"),
        ("p1", "HUNTER2", "p1: passwords are not entered in the list, but when they are written"),
    ],
)
def test_a_wrong_text_changes_nothing_and_says_why(name: str, text: str, problem: str) -> None:
    module = SiteModule(serial="50100007", found=Found(id="50100007", at=NOON))
    before = site_text(Site(modules=[module]), TABLE)
    with pytest.raises(InvalidValue) as error:
        set_cell(module, name, text, TABLE)
    assert problem in str(error.value)
    assert "HUNTER2" not in str(error.value)
    assert site_text(Site(modules=[module]), TABLE) == before


def test_a_text_of_several_lines_is_a_note_or_becomes_one_line() -> None:
    module = SiteModule()
    set_cell(module, "place", " flat\t12\r\n left ", TABLE)
    set_cell(module, "note", "behind the stove\r\nkey: caretaker", TABLE)
    assert (module.place, module.note) == ("flat 12 left", "behind the stove\nkey: caretaker")


def test_of_a_password_only_the_wish_is_kept() -> None:
    module = SiteModule()
    site = Site(modules=[module])
    change = secret_change(module, "p1", True)
    assert change is not None
    undo = apply(site, [change])
    assert module.wanted_secrets == ["p1"]
    assert wanted_text(module, "p1") == ""
    assert module.wanted == {}
    assert secret_change(module, "p1", True) is None
    redo = apply(site, undo)
    assert module.wanted_secrets == []
    assert module.wanted == {}
    apply(site, redo)
    assert module.wanted_secrets == ["p1"]


def test_fill_down() -> None:
    modules = [
        SiteModule(),
        SiteModule(known={"rate_map": known("1 1 1 1")}),
        SiteModule(wanted={"rate_map": "2 2 2 2"}),
    ]
    set_cell(modules[0], "rate_map", "1111", TABLE)
    undo = apply(Site(modules=modules), fill_down(modules, ["rate_map"], TABLE))
    assert [each.wanted for each in modules] == [{"rate_map": "1 1 1 1"}, {}, {"rate_map": "1 1 1 1"}]
    apply(Site(modules=modules), undo)
    assert modules[2].wanted == {"rate_map": "2 2 2 2"}
    with pytest.raises(InvalidValue, match="a meter number belongs to one row only"):
        fill_down(modules, ["meter"], TABLE)


def test_a_block_is_pasted_from_a_cell_on_and_adds_rows() -> None:
    site = Site(modules=[SiteModule(place="11"), SiteModule(place="12", note="old")])
    text = '12 A\t33456788\r\n"12\r\nB"\t33 456 789\r\n13\t\r\n'
    undo = apply(site, paste(site, text, site.modules[1:], ["place", "meter", "note"], TABLE))
    assert [(each.place, each.meter) for each in site] == [
        ("11", ""),
        ("12 A", "33456788"),
        ("12 B", "33456789"),
        ("13", ""),
    ]
    apply(site, undo)
    assert [(each.place, each.meter, each.note) for each in site] == [("11", "", ""), ("12", "", "old")]


def test_a_block_fills_a_selection() -> None:
    site = Site(modules=[SiteModule() for _ in range(5)])
    apply(site, paste(site, "1234", site.modules, ["rate_map"], TABLE, selected=4))
    assert [each.wanted.get("rate_map") for each in site] == ["1 2 3 4"] * 4 + [None]
    apply(site, paste(site, "a\nb\n", site.modules, ["place"], TABLE, selected=4))
    assert [each.place for each in site] == ["a", "b", "a", "b", ""]
    apply(site, paste(site, "x\n\ny\n", site.modules, ["place"], TABLE, selected=5))
    assert [each.place for each in site] == ["x", "", "y", "b", ""]


def test_a_wrong_block_changes_nothing_and_names_the_cells() -> None:
    site = Site(modules=[SiteModule(), SiteModule()])
    with pytest.raises(InvalidValue) as error:
        paste(site, "1\t251\n2\t5\n3\t1,5E+3", site.modules, ["place", "primary_address"], TABLE)
    lines = str(error.value).splitlines()
    assert lines[0] == "line 1: primary_address: Primary address must be 0 to 250, not 251"
    assert lines[1].startswith("line 3: primary_address: ")
    with pytest.raises(InvalidValue, match="the column state cannot be edited"):
        paste(site, "1\tx", site.modules, ["place", "state"], TABLE)
    with pytest.raises(InvalidValue, match="the column p1 cannot be edited"):
        paste(site, "HUNTER2", site.modules, ["p1"], TABLE)
    with pytest.raises(InvalidValue, match="has 3 columns, but the list has only 2"):
        paste(site, "1\t2\t3", site.modules, ["place", "note"], TABLE)
    with pytest.raises(InvalidValue, match="at most 1000 rows"):
        paste(site, "x\n" * 1001, site.modules, ["place"], TABLE)
    assert len(site.modules) == 2
    assert site.modules[0].place == ""


def test_the_row_that_waits_for_a_module_is_joined_to_it() -> None:
    waiting = SiteModule(
        place="12", meter="33456789", wanted={"primary_address": "0", "tag": "5"}, wanted_secrets=["p1"]
    )
    module = SiteModule(
        serial="50100007",
        meter_read="33456789",
        found=Found(id="50100007", at=NOON),
        known={"primary_address": known("0")},
    )
    site = Site(modules=[waiting, module])
    assert rows_to_join(site) == [(module, waiting)]
    before = site_text(site, TABLE)
    undo = apply(site, join_rows(module, waiting))
    assert site.modules == [module]
    assert (module.place, module.meter, module.wanted, module.wanted_secrets) == (
        "12",
        "33456789",
        {"tag": "5"},
        ["p1"],
    )
    apply(site, undo)
    assert site_text(site, TABLE) == before
    site.modules.append(SiteModule(meter="33456789"))
    assert rows_to_join(site) == []


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Z")), max_size=8).filter(
    lambda text: not text.startswith("'") and not text.startswith('="')
)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "primary_address": st.integers(0, 250).map(str),
        "rate_map": st.lists(st.integers(0, 6).map(str), min_size=4, max_size=4).map(" ".join),
        "selection_list": st.sampled_from(["", "1.8.0 2.8.0"]),
    },
)
MODULES = st.builds(
    SiteModule,
    place=TEXTS,
    note=st.lists(TEXTS, max_size=3).map("\n".join).map(str.strip),
    meter=st.sampled_from(["", "00000001", "33456789"]),
    known=VALUES.map(lambda values: {name: known(text) for name, text in values.items()}),
    wanted=VALUES,
    wanted_secrets=st.lists(st.sampled_from(["p1", "p2"]), unique=True),
)
NAMES = ("place", "note", "meter", "primary_address", "rate_map", "selection_list")


@given(st.lists(MODULES, min_size=1, max_size=5), st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
@settings(max_examples=60, deadline=None)
def test_what_was_copied_is_pasted(modules: list[SiteModule], names: list[str]) -> None:
    cells = [[cell_text(module, name) for name in names] for module in modules]
    text = clipboard_text(TableData("", [Column(name) for name in names], cells), ",")
    site = Site()
    apply(site, paste(site, text, (), names, TABLE))
    pasted = [[cell_text(module, name) for name in names] for module in site]
    assert pasted == cells[: len(pasted)]
    assert not any(any(row) for row in cells[len(pasted) :])


@st.composite
def edits(draw: st.DrawFn, site: Site) -> list[Change]:
    changes: list[Change] = []
    rows = [*site.modules]
    for _ in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(["cell", "cell", "secret", "add", "remove"]))
        module = draw(st.sampled_from(rows)) if rows else None
        if kind == "add" or module is None:
            rows.append(SiteModule(place="new"))
            changes.append(RowAdded(rows[-1], draw(st.integers(0, 7))))
        elif kind == "remove":
            rows.remove(module)
            changes.append(RowRemoved(module))
        elif kind == "secret":
            wanted = draw(st.sampled_from([None, ""]))
            changes.append(Difference(module, draw(st.sampled_from(["p1", "p2"])), None, wanted, secret=True))
        else:
            name, text = draw(st.sampled_from(NAMES)), draw(st.sampled_from(["", "1", "33456789"]))
            if name in ("place", "note", "meter"):
                changes.append(Difference(module, name, "", text))
            else:
                changes.append(Difference(module, name, None, text or None))
    return changes


@given(st.data(), st.lists(MODULES, max_size=4))
@settings(max_examples=80, deadline=None)
def test_undo_is_exact(data: st.DataObject, modules: list[SiteModule]) -> None:
    def state(site: Site) -> list[object]:
        return [
            (id(each), each.place, each.note, each.meter, dict(each.wanted), sorted(each.wanted_secrets))
            for each in site
        ]

    site = Site(modules=modules)
    before = state(site)
    undo = apply(site, data.draw(edits(site)))
    after = state(site)
    redo = apply(site, undo)
    assert state(site) == before
    apply(site, redo)
    assert state(site) == after
