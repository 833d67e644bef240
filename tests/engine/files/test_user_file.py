"""Reading of paths that are not regular files, and of files made to exhaust the memory."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.cmi1020.secrets import SecretStore
from cmi_gui.engine.cmi1020.settings import SettingsStore
from cmi_gui.engine.configurator.response_times import ResponseTimes
from cmi_gui.engine.files.profiles import ProfileError
from cmi_gui.engine.files.toml_file import MAX_KEY_PARTS, toml_values
from cmi_gui.engine.files.user_file import open_user_file, read_user_file
from cmi_gui.engine.link.url import parse_link
from cmi_gui.engine.messages import InvalidValue
from cmi_gui.engine.station.wiring import load_wiring

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")

MANY = 16_000
HOSTILE = {
    "a dotted key": (".".join("a" * MANY) + " = 1", "more than 16 parts"),
    "a dotted header": ("[" + ".".join("a" * MANY) + "]", "more than 16 parts"),
    "quoted parts": (".".join(['"a b"', "'c'"] * MANY) + " = 1", "more than 16 parts"),
    "blanks between": (" . ".join("a" * MANY) + " = 1", "more than 16 parts"),
    "inside a table": ("x = {" + ".".join("a" * MANY) + " = 1}", "more than 16 parts"),
    "5000 digits": ("a = " + "9" * 5000, "a number is too long"),
    "5000 digits with lines": ("a = " + "_".join("9" * 5000), "a number is too long"),
    "a long hexadecimal number": ("a = [{b = 0x" + "f" * 5000 + "}]", "more than 64 bits"),
    "a number of 65 bits": ("a = 18446744073709551616", "more than 64 bits"),
    "nested arrays": ("a = " + "[" * 100_000, "nested too deeply"),
    "nested tables": ("a = " + "{a = " * 100_000, "nested too deeply"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_refused(name: str, tmp_path: Path) -> None:
    text, expected = HOSTILE[name]
    with pytest.raises(InvalidValue, match=expected):
        toml_values(text)
    path = tmp_path / "module.toml"
    path.write_text(text)
    with pytest.raises(ProfileError, match=expected):
        load_module_profile(path)
    _, problem = SettingsStore(tmp_path).load()
    assert expected in str(problem)
    assert not path.exists(), "it was renamed"


@pytest.mark.parametrize(
    "text",
    [
        ".".join("a" * MAX_KEY_PARTS) + " = 1",
        "a = 9223372036854775807",
        "a = 0x7fffffffffffffff",
        "# " + "1.8.0 2.8.0 " * 100,
        'a = "' + "1.8.0, " * 100 + '"',
        "a = " + "9" * 400 + ".5",
    ],
)
def test_unusual_texts_are_read(text: str) -> None:
    toml_values(text)


@posix_only
@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "terminal", "big"])
def test_anything_but_a_regular_file_is_refused_at_once(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "file.toml"
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "device":
            path.symlink_to("/dev/zero")
        case "folder":
            path.mkdir()
        case "terminal":
            path.symlink_to("/dev/ptmx")
        case "big":
            with path.open("wb") as file:
                file.truncate(2**40)  # a sparse file, which takes no space
    with pytest.raises(OSError, match=r"regular file|directory|too big"):
        read_user_file(path, 1000)
    with pytest.raises(ProfileError, match=r"file\.toml: cannot be read"):
        load_module_profile(path)


@posix_only
@pytest.mark.parametrize("name", ["module.toml", "secrets.toml", "wiring.toml"])
def test_a_pipe_in_the_state_folder_is_renamed(name: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / name)
    problems = {
        "module.toml": lambda: SettingsStore(tmp_path).load()[1],
        "secrets.toml": lambda: SecretStore(tmp_path, "12345678").problem,
        "wiring.toml": lambda: load_wiring(tmp_path)[1],
    }[name]()
    assert "it is not a regular file" in str(problems)
    assert not (tmp_path / name).exists()


@posix_only
def test_a_pipe_instead_of_the_response_times_is_ignored(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "response-times.toml")
    spec = parse_link("tcp://127.0.0.1:10001")
    assert ResponseTimes(tmp_path).allowance(spec).seconds == ResponseTimes(None).allowance(spec).seconds


def test_nothing_stays_open(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 1000)
    assert read_user_file(path, 1000) == b"x" * 1000
    with open_user_file(path) as file:
        assert file.read(1) == b"x"
