"""docs/module.md is up to date, and its telegrams are correct."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from cmi_gui.engine.bus.faults import FAULTS
from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.mbus.frame import parse_frame
from cmi_gui.engine.room import room_file
from tests.helpers.scripts import load_script

make_module_page = load_script("docs/make_module_page")


@pytest.fixture(scope="module")
def page() -> str:
    return make_module_page.page()


def test_the_page_is_up_to_date(page: str) -> None:
    assert make_module_page.PAGE.read_text(encoding="utf-8") == page, "run python -m docs.make_module_page"


def test_example_telegrams_contain_the_named_command(page: str) -> None:
    shown = re.findall(r"^\| `(\w+)` \| (plain|0\d \w+) \| ([^|]*) \| `([0-9A-F ]+)` \|$", page, re.MULTILINE)
    known = CommandTable(make_module_page.profiles()[0])
    assert {name for name, *_ in shown} == {row.id for row in known.profile.command if row.forms}
    for name, form, value, telegram in shown:
        commands = known.read(parse_frame(bytes.fromhex(telegram)).data)
        assert commands is not None
        (command,) = commands
        assert command.row.id == name
        assert command.action == (form[:2] if form != "plain" else "00")
        expected = known.parse(command.row, value.strip()) if command.action != "07" else None
        assert command.value == expected


def test_every_command_and_every_section_is_listed(page: str) -> None:
    for row in make_module_page.profiles()[0].command:
        assert page.count(f"| `{row.id}` |") >= 2
        assert row.effect in page
    for title, rows in make_module_page.behaviour():
        assert f"### {title}\n" in page
        assert rows
        for mark, sentence in rows:
            assert mark in ("S", "F", "A")
            assert f"| {mark} | {sentence} |" in page
            assert (f"- {sentence}\n" in page) is (mark == "A")
            assert "{" not in sentence.replace("{}", "")


def test_every_value_from_the_code_is_used() -> None:
    text = make_module_page.BEHAVIOUR.read_text(encoding="utf-8")
    assert set(re.findall(r"\{(\w+)\}", text)) == set(make_module_page.numbers())


ROOM_PAGE = (Path(__file__).parents[1] / "docs" / "room.md").read_text(encoding="utf-8")


def examples(heading: str) -> list[str]:
    """Return the indented blocks in a section of docs/room.md."""
    section = ROOM_PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return [textwrap.dedent(block) for block in re.findall(r"(?:^    .*\n|^\n(?=    ))+", section, re.MULTILINE)]


def test_the_page_of_the_room_has_every_fault_and_key() -> None:
    rows = re.findall(r"^\| (`.*?) \|", ROOM_PAGE, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([a-z_-]+)", row)}
    assert set(FAULTS) - named == set()
    assert set(room_file._KEYS) - named == set()


def test_the_room_on_the_page_can_be_read() -> None:
    room = room_file.parse_room(examples("The room file")[0], "room.md")
    assert [(point.name, point.settings.primary_address) for point in room.points] == [
        ("flat-1", 1),
        ("flat-2", 2),
        ("duplicate", 1),
    ]
