"""Profile files: strict validation, with errors that name file, key and rule."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cmi_gui.engine.cmi1020.commands import CommandInvalid, CommandRecord, CommandTable
from cmi_gui.engine.cmi1020.profile import CommandKind, ValueType, load_module_profile
from cmi_gui.engine.files.profiles import ProfileError, profile_path
from cmi_gui.engine.mbus.exchange import ProcedureFailed
from cmi_gui.engine.mbus.slave_address import mask_bytes
from cmi_gui.engine.mbus.telegram import decode_telegram
from cmi_gui.engine.meter_profile.profile import load_meter_profile
from tests.helpers.module_bench import ModuleBench
from tests.helpers.station_bench import read_secondary

PROFILE = load_module_profile()
TABLE = CommandTable(PROFILE)

EXTRA = """
version = 1
name = "test"

[[command]]
id = "depth"
title = "Depth"
manual = "-"
kind = "setting"
basis = "assumption"
source = "a test"
effect = "none"
forms = [{ dif = "02", text = "dep" }]
actions = ["00"]
value = "integer"
minimum = 1
maximum = 1000
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_built_in_profile_has_the_order_of_the_manual() -> None:
    names = [row.id for row in PROFILE.command]
    order = [
        "initialise",
        "request_data",
        "baud",
        "application_reset",
        "primary_address",
        "secondary_address",
        "select",
    ]
    assert names[:7] == order
    assert {row.kind for row in PROFILE.command} == set(CommandKind)
    assert [row.id for row in PROFILE.command if row.secret] == ["p1", "p2"]
    assert all(row.source and row.effect for row in PROFILE.command)


def test_an_own_profile_replaces_the_built_in_one(tmp_path: Path) -> None:
    profile = load_module_profile(write(tmp_path, EXTRA))
    table = CommandTable(profile)
    data = table.encode("depth", 500)
    assert data == bytes.fromhex("02 7C 03 70 65 64 F4 01")
    (command,) = table.read(data) or []
    assert (command.row.id, command.value) == ("depth", 500)


def test_a_file_in_the_users_folder_is_found_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cmi_gui.engine.files.profiles.user_profile_folder", lambda: tmp_path)
    assert profile_path("cmi1020") is None
    (tmp_path / "cmi1020.toml").write_text(EXTRA, encoding="utf-8")
    assert profile_path("cmi1020") == tmp_path / "cmi1020.toml"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("version = 1", "version = ", "is not valid TOML"),
        ("version = 1", 'version = "1"', "key version"),
        ("version = 1", "version = 1\nvendor = 2", "unknown field `vendor`"),
        ('id = "depth"', 'id = "Depth!"', "command Depth!, key id"),
        ('kind = "setting"', 'kind = "wish"', "command depth, key kind"),
        ('basis = "assumption"', 'basis = "hearsay"', "command depth, key basis"),
        ('kind = "setting"', 'kind = "action"', "must have `does`"),
        (
            'kind = "setting"',
            'kind = "action"\ndoes = "fly"',
            "`does` must be one of disconnector, rate, ",
        ),
        ('kind = "setting"', 'kind = "action"\ndoes = "display"', "display must have a value of type text"),
        ('dif = "02"', 'dif = "0D"', "dif 0D cannot carry a value of type integer"),
        ('dif = "02"', 'dif = "2"', "command depth, key forms"),
        ("maximum = 1000", "maximum = 100000", "do not fit into dif 02"),
        ("maximum = 1000", "maximum = 0", "is above `maximum`"),
        ('text = "dep"', 'vib = "FD"', "is not value information"),
        ('text = "dep"', 'vib = "13 14"', "is not a single chain"),
        ('text = "dep"', 'vib = "13", text = "dep"', "either `vib` or `text`"),
        ('actions = ["00"]', 'actions = ["99"]', "command depth, key actions"),
        ("minimum = 1", "minimum = -1", "do not fit"),
        ('actions = ["00"]', "actions = []", "must have at least one object action"),
        ('value = "integer"', 'value = "integer"\nsecret = true', "a secret must be of type text or identification"),
        ('actions = ["00"]', 'actions = ["00", "07"]\nsecret = true', "a secret can only be written"),
        ('id = "depth"', 'id = "extra"', "command extra: `extra` belongs to the module itself"),
        ('id = "depth"', 'id = "depth"\nstore = "extra"', "`extra` belongs to the module itself"),
        ('id = "depth"', 'id = "depth"\nstore = "baud"', "`baud` belongs to the module itself"),
        ('id = "depth"', 'id = "depth"\nstore = "rate_map"', "`rate_map` must be of type map, not integer"),
        ('value = "integer"', 'value = "text"', "dif 02 cannot carry"),
    ],
)
def test_mistakes_name_file_key_and_rule(tmp_path: Path, old: str, new: str, expected: str) -> None:
    path = write(tmp_path, EXTRA.replace(old, new))
    with pytest.raises(ProfileError) as caught:
        load_module_profile(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert expected in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("form", "value", "expected"),
    [
        ('dif = "0D", text = "dep"', "text", "dif 0D carries at most 191 characters, not 1000"),
        ('dif = "0D", text = "dep"', "codes", "dif 0D carries at most 191 characters, not 1000"),
        ('dif = "04", text = "dep"', "map", "the numbers of a map must be bytes, not 1 to 1000"),
        ('dif = "00", text = "dep"', "none", "a setting must have a value"),
    ],
)
def test_mistakes_of_other_types(tmp_path: Path, form: str, value: str, expected: str) -> None:
    text = EXTRA.replace('dif = "02", text = "dep"', form).replace('value = "integer"', f'value = "{value}"')
    with pytest.raises(ProfileError, match=expected):
        load_module_profile(write(tmp_path, text))


def test_an_action_that_takes_a_number_is_never_cleared(tmp_path: Path) -> None:
    text = EXTRA.replace('kind = "setting"', 'kind = "action"\ndoes = "rate"').replace('["00"]', '["00", "07"]')
    with pytest.raises(ProfileError, match="an action that does rate can only be written"):
        load_module_profile(write(tmp_path, text))


def test_records_store_every_setting_except_baud_and_extra() -> None:
    from cmi_gui.engine.cmi1020.settings import ModuleSettings

    stored = {
        row.setting for row in PROFILE.command if row.kind is CommandKind.SETTING and row.forms and not row.secret
    }
    assert set(ModuleSettings.__struct_fields__) - stored == {"baud", "extra"}


def test_the_longest_text_survives_a_round_trip(tmp_path: Path) -> None:
    text = EXTRA.replace('dif = "02"', 'dif = "0D"').replace('"integer"', '"text"').replace("= 1000", "= 191")
    table = CommandTable(load_module_profile(write(tmp_path, text)))
    (command,) = table.read(table.encode("depth", "x" * 191)) or []
    assert command.value == "x" * 191


EIGHT_BYTES = """
version = 1
name = "test"

[[command]]
id = "p1"
title = "P1 password"
manual = "-"
kind = "setting"
basis = "assumption"
source = "a test"
effect = "none"
forms = [{ dif = "07", vib = "FD 16" }, { dif = "0D", vib = "FD 16" }]
actions = ["00"]
value = "text"
minimum = 1
maximum = 8
secret = true

[[command]]
id = "secondary_address"
title = "Secondary address"
manual = "-"
kind = "setting"
basis = "assumption"
source = "a test"
effect = "none"
forms = [{ dif = "07", vib = "79" }]
actions = ["00"]
value = "identification"
"""


def test_eight_bytes_as_the_first_form(tmp_path: Path) -> None:
    table = CommandTable(load_module_profile(write(tmp_path, EIGHT_BYTES)))
    password = table.encode("p1", "12345678")
    assert password == bytes.fromhex("07 FD 16 38 37 36 35 34 33 32 31")
    address = table.encode("secondary_address", "12345678")
    assert address == bytes.fromhex("07 79 78 56 34 12 96 15 01 02")
    assert [command.value for command in table.read(password + address) or ()] == ["12345678", "12345678"]
    with pytest.raises(CommandInvalid, match="exactly 8 characters") as caught:
        table.encode("p1", "sesam")
    assert "sesam" not in str(caught.value)


def test_two_commands_must_not_share_name_or_bytes(tmp_path: Path) -> None:
    row = EXTRA.partition("[[command]]")[2]
    with pytest.raises(ProfileError, match="two commands have the id depth"):
        load_module_profile(write(tmp_path, f"{EXTRA}\n[[command]]{row}"))
    other = row.replace('id = "depth"', 'id = "other"')
    with pytest.raises(ProfileError, match="depth and other share the bytes"):
        load_module_profile(write(tmp_path, f"{EXTRA}\n[[command]]{other}"))


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[" * 100_000, b"x" * 1_000_001])
def test_unusable_files_are_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "stranger.toml"
    path.write_bytes(content)
    with pytest.raises(ProfileError) as caught:
        load_module_profile(path)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"none\.toml: cannot be read: No such file"):
        load_module_profile(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("lockout = 60", "lockout = 256", "key lockout"),
        ('set_rate = "W2 F010({})"', 'set_rate = "W2 F010(1)"', "`set_rate` must contain {}"),
        ('set_rate = "W2 F010({})"', 'set_rate = "2 F010({})"', "a command is written like"),
        ('open_disconnector = "W2 F020(0)"', 'open_disconnector = "W2 F020({})"', "must not contain {}"),
        ('rate = "P1"', 'rate = "P3"', "key access.rate"),
        ('p1 = "00000000"', 'p1 = "(1)"', "key passwords.p1"),
    ],
)
def test_the_meter_profile_is_checked_too(tmp_path: Path, old: str, new: str, expected: str) -> None:
    text = resources.files("cmi_gui.resources").joinpath("profiles", "e350.toml").read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(ProfileError) as caught:
        load_meter_profile(write(tmp_path, text.replace(old, new, 1)))
    assert expected in str(caught.value)


def test_the_meter_profile_has_the_commands_for_the_simulated_meter() -> None:
    commands = load_meter_profile().commands()
    assert commands.set_rate.build("3").dataset == "F010(3)"
    assert "00000000" not in repr(commands)
    assert "00000000" not in repr(load_meter_profile())


# Values, encoded and decoded


def values(name: str) -> st.SearchStrategy[object]:
    row = PROFILE.row(name)
    match row.value:
        case ValueType.INTEGER:
            return st.integers(row.minimum, row.maximum)
        case ValueType.MAP:
            return st.tuples(*[st.integers(row.minimum, row.maximum)] * 4)
        case ValueType.IDENTIFICATION:
            return st.text("0123456789", min_size=8, max_size=8)
        case ValueType.CODES:
            return st.lists(st.text("0123456789.CF", min_size=1, max_size=8), max_size=15).map(" ".join)
        case ValueType.TEXT:
            characters = st.characters(min_codepoint=0x20, max_codepoint=0x7E)
            return st.text(characters, min_size=row.minimum, max_size=row.maximum)
    return st.none()


RECORDS = [row.id for row in PROFILE.command if row.forms]


@pytest.mark.parametrize("name", RECORDS)
@given(data=st.data())
def test_encoded_commands_are_read_back(name: str, data: st.DataObject) -> None:
    value = data.draw(values(name))
    row = PROFILE.row(name)
    action = data.draw(st.sampled_from(row.actions))
    (command,) = TABLE.read(TABLE.encode(name, value, action=action)) or []
    expected = None if action == "07" else value
    assert (command.row, command.action, command.value) == (row, action, expected)


@given(st.binary(max_size=60))
@example(b"\x7f")
@example(bytes.fromhex("017A05 7F"))
def test_random_records_raise_only_commandinvalid(data: bytes) -> None:
    try:
        commands = TABLE.read(data)
    except CommandInvalid:
        return
    assert commands is None or all(isinstance(command, CommandRecord) for command in commands)


@pytest.mark.parametrize(
    ("priority", "by_mask", "in_full"),
    [
        ("module", "12345678", {"12345678", "33456789"}),
        ("meter", "33456789", {"12345678", "33456789"}),
        ("module only", "12345678", {"12345678"}),
    ],
)
def test_the_profile_decides_which_identity_comes_first(
    tmp_path: Path, priority: str, by_mask: str, in_full: set[str]
) -> None:
    built_in = resources.files("cmi_gui.resources").joinpath("profiles", "cmi1020.toml").read_text(encoding="utf-8")
    old = 'secondary_priority = "module"'
    assert built_in.count(old) == 1
    path = write(tmp_path, built_in.replace(old, f'secondary_priority = "{priority}"'))
    bench = ModuleBench(module_profile=path)

    def header_of(mask: str) -> str | None:
        try:
            (frame, *_) = bench.run(read_secondary(mask_bytes(mask)))
        except ProcedureFailed:
            return None
        header = decode_telegram(frame).header
        assert header is not None
        return header.id

    assert header_of("FFFFFFFF") == by_mask
    header = bench.read()[0].header
    assert header is not None
    assert header.id == by_mask
    assert {number for number in ("12345678", "33456789") if header_of(number) == number} == in_full
