"""The keys of the profile for the form: choices, bit fields and groups, valid and invalid."""

from __future__ import annotations

from pathlib import Path

import pytest

from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.configurator.writing import can_be_sent
from cmi_gui.engine.files.profiles import ProfileError

ROW = """\
version = 1
name = "CMi1020"

[[command]]
id = "lamp"
title = "Lamp"
manual = "-"
kind = "setting"
basis = "assumption"
source = "a test"
effect = "Shines."
forms = [{ dif = "01", text = "lmp" }]
actions = ["00"]
"""


def profile(tmp_path: Path, more: str) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(ROW + more)
    return path


@pytest.mark.parametrize(
    ("more", "error"),
    [
        (
            'value = "integer"\nmaximum = 3\nchoices = [{ value = "4", text = "x" }]',
            "choice '4' is not a number from 0 to 3",
        ),
        ('value = "integer"\nmaximum = 3\nchoices = [{ value = "x", text = "x" }]', "choice 'x' is not a number"),
        (
            'value = "integer"\nmaximum = 3\nchoices = [{ value = "1", text = "x" }, { value = "1", text = "y" }]',
            "two `choices` have the same value",
        ),
        (
            'value = "integer"\nmaximum = 3\nfields = [{ first = 0, bits = 2, text = "x" }]',
            "`choices` of 2 bits must be 2 to 4 texts, not 0",
        ),
        (
            'value = "integer"\nmaximum = 3\nfields = [{ first = 2, bits = 1, text = "x" }]',
            "shares bits with another, or exceeds",
        ),
        (
            'value = "integer"\nmaximum = 3\n'
            'fields = [{ first = 0, bits = 1, text = "x" }, { first = 0, bits = 1, text = "y" }]',
            "the field 'y' shares bits",
        ),
        (
            'value = "integer"\nmaximum = 3\nfields = [{ first = 0, bits = 1, text = "x", choices = ["a", "b", "c"] }]',
            "`choices` of 1 bits must be 2 to 2 texts, not 3",
        ),
        (
            'value = "integer"\nmaximum = 3\nfields = [{ first = 0, bits = 1, text = "x", choices = ["a"] }]',
            "`choices` of 1 bits must be 2 to 2 texts, not 1",
        ),
        (
            'value = "integer"\nmaximum = 3\nchoices = [{ value = "1", text = "x" }]\n'
            'fields = [{ first = 0, bits = 1, text = "x" }]',
            "only an integer without `choices` can have `fields`",
        ),
    ],
)
def test_invalid_choices_and_fields(tmp_path: Path, more: str, error: str) -> None:
    with pytest.raises(ProfileError, match="command lamp") as caught:
        load_module_profile(profile(tmp_path, more))
    assert error in str(caught.value)


def test_choices_and_fields_are_optional(tmp_path: Path) -> None:
    (row,) = load_module_profile(profile(tmp_path, 'value = "integer"\nmaximum = 3')).command
    assert (row.group, row.unit, row.choices, row.fields) == ("", "", (), ())


def test_every_built_in_row_that_can_be_sent_has_a_group() -> None:
    for row in load_module_profile().command:
        assert bool(row.group) is can_be_sent(row)
