"""The values in a settings form, and the settings file."""

from __future__ import annotations

import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.configurator.form import SettingsForm, ValueSource
from cmi_gui.engine.configurator.settings_file import (
    MAX_FILE,
    SettingsFileError,
    dump_settings,
    read_settings_file,
    write_settings_file,
)
from cmi_gui.engine.configurator.write_run import RowResult, WriteOutcome
from cmi_gui.engine.messages import Message, quoted
from tests.engine.configurator.test_write_run import CHANGES, SECRET

TABLE = CommandTable(load_module_profile())


def texts(errors: dict[str, Message]) -> dict[str, str]:
    return {name: str(error) for name, error in errors.items()}


@pytest.fixture
def form() -> SettingsForm:
    return SettingsForm(TABLE)


def test_if_no_value_is_known_any_value_is_a_change(form: SettingsForm) -> None:
    assert form.value("rate_map") is None
    assert form.hint("rate_map") == "1 2 3 4"
    assert form.changed == []
    form.set("rate_map", "1 2 3 4")
    assert form.to_write() == {"rate_map": "1 2 3 4"}
    form.set("rate_map", None)
    assert form.changed == []


def test_if_a_value_is_known_only_another_is_a_change(form: SettingsForm) -> None:
    form.take_read({"primary_address": "5"}, 1.0)
    assert form.value("primary_address") == "5"
    form.set("primary_address", "05")
    assert form.changed == []
    form.set("primary_address", "6")
    assert form.changed == ["primary_address"]
    form.take_read({"primary_address": "6"}, 2.0)
    assert form.changed == []
    assert form.known["primary_address"].was == "5"


def test_a_wrong_value_is_stored_with_its_error_and_not_sent(form: SettingsForm) -> None:
    form.set("primary_address", "300")
    form.set("tag", "1")
    assert texts(form.errors) == {"primary_address": "Primary address must be 0 to 250, not 300"}
    assert form.changed == ["primary_address", "tag"]
    assert form.to_write() == {"tag": "1"}
    form.set("primary_address", "30")
    assert form.errors == {}


def test_only_an_accepted_value_is_no_longer_a_change(form: SettingsForm) -> None:
    for name, outcome in zip(("tag", "rate_map", "p1", "usage"), WriteOutcome, strict=False):
        form.set(name, {"tag": "1", "rate_map": "1 1 1 1", "p1": SECRET, "usage": "0"}[name])
        form.take_result(RowResult(name, outcome), 3.0)
    assert form.changed == ["p1", "rate_map", "usage"]
    assert form.known["tag"].source is ValueSource.SENT
    form.take_result(RowResult("p1", WriteOutcome.TAKEN), 4.0)
    assert form.known["p1"].text is None
    assert form.value("p1") is None
    assert SECRET not in repr(vars(form))


def test_two_passwords_that_differ_are_a_change_that_cannot_be_sent(form: SettingsForm) -> None:
    form.set_error("p1", quoted("not the same"))
    assert texts(form.errors) == {"p1": "not the same"}
    assert form.to_write() == {}
    form.set("p1", SECRET)
    assert form.to_write() == {"p1": SECRET}


# The file


def load_settings(text: str) -> dict[str, str]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "a.toml")
        path.write_text(text, encoding="utf-8", newline="")
        return read_settings_file(path, TABLE)


@given(CHANGES)
def test_what_is_written_is_read_again(values: dict[str, str]) -> None:
    values.pop("p1", None)
    text = dump_settings(TABLE, values, ["usage"])
    assert load_settings(text) == {name: values[name] for name in values if name != "usage"}
    assert "never written" in text
    assert (f"\n# usage = {values.get('usage')}\n" in text) is ("usage" in values)


def test_a_password_is_neither_written_nor_read() -> None:
    with pytest.raises(ValueError, match="secret"):
        dump_settings(TABLE, {"p1": SECRET})
    form = SettingsForm(TABLE)
    form.set("p1", SECRET)
    assert SECRET not in dump_settings(TABLE, form.to_save())
    with pytest.raises(SettingsFileError, match=r"a\.toml: key settings\.p1: passwords are not read") as caught:
        load_settings(good(f'p1 = "{SECRET}"'))
    assert SECRET not in str(caught.value)


def good(settings: str) -> str:
    return f'version = 1\nprofile = "CMi1020"\n[settings]\n{settings}\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("=", "is not valid TOML"),
        ("x = " + "[" * 3000, "is n"),
        ("", "key version: this program reads version 1"),
        ('version = 2\nprofile = "CMi1020"', "key version"),
        ('version = true\nprofile = "CMi1020"', "key version"),
        ('version = 1\nprofile = "CMe"\n[settings]', "key profile: the settings must be those of a CMi1020"),
        ('version = 1\nprofile = "CMi1020"', r"key settings: the table \[settings\] is missing"),
        (good("") + "[more]", "key more: unknown"),
        (good("colour = 1"), "key settings.colour: no such setting; the settings are baud, "),
        (good("rate = 1"), "key settings.rate: no such setting"),
        (good('primary_address = "1"'), "key settings.primary_address: must be a whole number"),
        (good("primary_address = true"), "key settings.primary_address: must be a whole number"),
        (good("primary_address = 1.0"), "key settings.primary_address: must be a whole number"),
        (good("primary_address = 251"), "key settings.primary_address: Primary address must be 0 to 250, not 251"),
        (good("baud = 9600"), "key settings.baud: Speed is 300 or 2400 bit/s"),
        (good('rate_map = "1 2 3 4"'), "key settings.rate_map: must be a list of four whole numbers"),
        (good("rate_map = [1, 2, 3]"), "key settings.rate_map: Rate mapping table must have four rates"),
        (good("rate_map = [1, 2, 3, true]"), "key settings.rate_map: must be a list of four whole numbers"),
        (good("usage = 3"), "key settings.usage: .*not 3"),
        (good('secondary_address = "1234"'), "key settings.secondary_address: Secondary address must have eight"),
    ],
)
def test_a_bad_file_is_named_with_key_and_rule(text: str, says: str) -> None:
    with pytest.raises(SettingsFileError, match=f"a.toml: {says}"):
        load_settings(text)


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_any_text_raises_only_a_settings_file_error(text: str) -> None:
    with pytest.raises(SettingsFileError):
        load_settings(text)


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    write_settings_file(path, dump_settings(TABLE, {"tag": "7"}))
    assert read_settings_file(path, TABLE) == {"tag": "7"}
    assert tomllib.loads(path.read_text())["settings"] == {"tag": 7}
    path.write_bytes(b"\xff")
    with pytest.raises(SettingsFileError, match=r"a\.toml: is not UTF-8 text"):
        read_settings_file(path, TABLE)
    path.write_bytes(b"#" * (MAX_FILE + 1))
    with pytest.raises(SettingsFileError, match="at most"):
        read_settings_file(path, TABLE)
    with pytest.raises(SettingsFileError, match=r"a\.toml: cannot be read"):
        read_settings_file(tmp_path / "none" / "a.toml", TABLE)
    with pytest.raises(SettingsFileError, match=r"b\.toml: cannot be written"):
        write_settings_file(path / "b.toml", "")


def test_a_read_value_is_shown_even_if_it_cannot_be_written(form: SettingsForm) -> None:
    form.take_read({"secondary_address": "1234567F"}, 1.0)
    assert form.value("secondary_address") == "1234567F"
    assert not form.changed
    assert not form.errors


def test_unknown_values_are_written_as_comments_and_not_loaded() -> None:
    values = {"primary_address": "7", "rate_map": "1 2 3 4", "usage": "21"}
    text = dump_settings(TABLE, values, ["rate_map", "usage", "tag"])
    assert load_settings(text) == {"primary_address": "7"}
    _, _, guessed = text.partition("factory values")
    without = text.replace("\n# rate_map = [", "\nrate_map = [").replace("\n#     ", "\n    ").replace("\n# ]", "\n]")
    assert guessed.count("\n# ") == 7
    assert load_settings(without) == {"primary_address": "7", "rate_map": "1 2 3 4"}
    everything = dump_settings(TABLE, {"usage": "21"}, ["usage"])
    assert load_settings(everything) == {}
