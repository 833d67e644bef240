"""The module's settings and their file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.cmi1020.settings import ModuleSettings, SettingsStore, SettingValue

RATES = st.integers(0, 6)
VALUES: dict[str, st.SearchStrategy[object]] = {
    "primary_address": st.integers(0, 250),
    "secondary_address": st.none() | st.from_regex(r"\A[0-9]{8}\Z"),
    "baud": st.sampled_from([300, 2400]),
    "disconnector_control": st.integers(0, 3),
    "rate_enable": st.integers(0, 1),
    "rate_map": st.tuples(RATES, RATES, RATES, RATES),
    "usage": st.lists(st.integers(0, 2), min_size=3, max_size=3).map(lambda f: f[0] | f[1] << 2 | f[2] << 4),
    "selection_list": st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=190),
    "tag": st.integers(-(2**63), 2**63 - 1),
    "note": st.text(max_size=255),
    "four": st.tuples(*[st.integers(0, 255)] * 4),
}
CHANGES = st.lists(
    st.sampled_from(sorted(VALUES)).flatmap(lambda name: st.tuples(st.just(name), VALUES[name])), max_size=12
)


def test_factory_values() -> None:
    factory = ModuleSettings()
    assert {name: factory.value(name) for name in VALUES} == {
        "primary_address": 0,
        "secondary_address": None,
        "baud": 2400,
        "disconnector_control": 3,
        "rate_enable": 1,
        "rate_map": (1, 2, 3, 4),
        "usage": 21,
        "selection_list": "",
        "tag": None,
        "note": None,
        "four": None,
    }


@given(CHANGES)
def test_changed_saved_and_loaded(tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, object]]) -> None:
    folder = tmp_path_factory.mktemp("state")
    settings, expected = ModuleSettings(), {}
    for name, value in changes:
        settings = settings.with_value(name, value)  # type: ignore[arg-type]
        expected[name] = value
    assert {name: settings.value(name) for name in expected} == expected
    assert set(settings.extra) == expected.keys() & {"tag", "note", "four"}
    SettingsStore(folder).save(settings)
    assert SettingsStore(folder).load() == (settings, None)


def test_a_change_leaves_the_settings_before_it_as_they_were() -> None:
    before = ModuleSettings().with_value("tag", 1)
    after = before.with_value("tag", 2).with_value("rate_map", [6, 5, 0, 1])
    assert before.value("tag") == 1
    assert after.value("rate_map") == (6, 5, 0, 1)
    assert after.with_value("tag", None).extra == {}
    assert before.with_value("secondary_address", "87654321").with_value("secondary_address", None) == before


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("primary_address", 251, r"`primary_address`: Expected `int` <= 250"),
        ("primary_address", -1, r"`primary_address`: Expected `int` >= 0"),
        ("primary_address", True, r"`primary_address`: Expected `int`, got `bool`"),
        ("primary_address", "1", r"`primary_address`: Expected `int`, got `str`"),
        ("primary_address", None, r"`primary_address`: Expected `int`, got `null`"),
        ("secondary_address", "1234567", r"`secondary_address`: Expected `str` of 8 decimal digits"),
        ("secondary_address", "12345678\n", r"`secondary_address`: Expected `str` of 8 decimal digits"),
        ("secondary_address", "１２３４５６７８", r"`secondary_address`: Expected `str` of 8 decimal digits"),
        ("baud", 1200, r"`baud` must be 300 or 2400 bit/s, not 1200"),
        ("disconnector_control", 4, r"`disconnector_control`: Expected `int` <= 3"),
        ("rate_enable", 2, r"`rate_enable`: Expected `int` <= 1"),
        ("rate_map", (1, 2, 3), r"`rate_map`: Expected `array` of length 4"),
        ("rate_map", (1, 2, 3, 7), r"`rate_map\[3\]`: Expected `int` <= 6"),
        ("usage", 64, r"`usage`: Expected `int` <= 63"),
        ("usage", 0b00_00_11, r"`usage` for the rate \(bits 0-1\) must be 0 \(none\), 1 \(P1\) or 2 \(P2\), not 3"),
        ("usage", 0b00_11_00, r"`usage` for the disconnector \(bits 2-3\)"),
        ("usage", 0b11_10_01, r"`usage` for the display \(bits 4-5\)"),
        ("selection_list", "x" * 191, r"`selection_list`: Expected `str` of length <= 190"),
        ("selection_list", "1.8.0\n", r"`selection_list`: Expected `str` of printable ASCII characters"),
        ("tag", 2**63, r"`extra`: Expected `int` <= 9223372036854775807"),
        ("tag", "x" * 256, r"`extra`: Expected `str` of length <= 255"),
        ("tag", (1,), r"`extra.tag` must have four rates, not 1"),
        ("tag", "\ud800", r"`extra.tag` is not a valid text"),
        ("Tag", 1, r"a name in `extra`: Expected `str` of a letter a-z and up to 31 of a-z, 0-9 and _"),
        ("extra", 1, r"`extra` is not a setting itself"),
    ],
)
def test_a_refusal_names_setting_and_rule(name: str, value: SettingValue, rule: str) -> None:
    with pytest.raises(ValueError, match=rf"\A{rule}"):
        ModuleSettings().with_value(name, value)


def test_the_file_is_readable_toml(tmp_path: Path) -> None:
    SettingsStore(tmp_path).save(ModuleSettings().with_value("tag", 7))
    assert (tmp_path / "module.toml").read_text(encoding="utf-8").split("\n") == [
        "primary_address = 0",
        "baud = 2400",
        "disconnector_control = 3",
        "rate_enable = 1",
        "rate_map = [",
        "    1,",
        "    2,",
        "    3,",
        "    4,",
        "]",
        "usage = 21",
        'selection_list = ""',
        "",
        "[extra]",
        "tag = 7",
        "",
    ]


@pytest.mark.parametrize("content", [b"# only a comment", b"baud = 300", b"[extra]"])
def test_settings_missing_in_a_file_have_factory_values(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "module.toml").write_bytes(content)
    settings, problem = SettingsStore(tmp_path).load()
    assert problem is None
    assert settings == ModuleSettings(baud=300 if content.startswith(b"baud") else 2400)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b"\n", "it is empty"),
        (b"baud = ", "Invalid value"),
        (b"\xff\xfe", "no valid UTF-8 at byte 0"),
        (b"primary_address = 251", "`primary_address`: Expected `int` <= 250"),
        (b"baud = 1200", "`baud` must be 300 or 2400 bit/s"),
        (b"usage = 3", "`usage` for the rate"),
        (b"rate_map = [1, 2, 3, 4, 5]", "`rate_map`"),
        (b"unknown = 1", "unknown field `unknown`"),
        (b"[extra]\nbaud = 300", "`extra` cannot contain `baud`"),
        (b"[extra]\na = 1.5", "`extra`"),
        (b"baud = " + b"[" * 100_000, "nested too deeply"),
    ],
)
def test_a_damaged_file_is_renamed_and_named(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "module.toml").write_bytes(content)
    settings, problem = SettingsStore(tmp_path).load()
    assert settings == ModuleSettings()
    (aside,) = tmp_path.iterdir()
    assert aside.read_bytes() == content
    assert problem is not None
    assert str(tmp_path / "module.toml") in str(problem)
    assert aside.name in str(problem)
    assert reason in str(problem)
    assert SettingsStore(tmp_path).load() == (ModuleSettings(), None)


def test_a_file_that_cannot_be_renamed_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "module.toml").write_bytes(b"baud = ")

    def refuse(self: Path, target: Path) -> Path:
        raise OSError(30, "Read-only file system", str(self))

    monkeypatch.setattr(Path, "replace", refuse)
    _, problem = SettingsStore(tmp_path).load()
    assert problem is not None
    assert "Read-only file system" in str(problem)
    assert (tmp_path / "module.toml").read_bytes() == b"baud = "


def test_a_folder_in_place_of_the_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "module.toml").mkdir()
    settings, problem = SettingsStore(tmp_path).load()
    assert settings == ModuleSettings()
    assert problem is not None


def test_the_next_load_deletes_leftovers_of_a_killed_write(tmp_path: Path) -> None:
    SettingsStore(tmp_path).save(ModuleSettings(primary_address=1))
    (tmp_path / ".module.toml-abcd.tmp").write_bytes(b"primary_addr")
    assert SettingsStore(tmp_path).load() == (ModuleSettings(primary_address=1), None)
    assert [path.name for path in tmp_path.iterdir()] == ["module.toml"]


def test_without_a_folder_nothing_is_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = SettingsStore(None)
    store.save(ModuleSettings(primary_address=1))
    assert store.load() == (ModuleSettings(), None)
    assert list(tmp_path.iterdir()) == []
