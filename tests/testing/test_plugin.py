"""The pytest plugin, in test runs of its own."""

from __future__ import annotations

import pytest

from tests.testing.test_room import ROOM

pytest_plugins = ["pytester"]

OPTIONS = ("-p", "cmi_gui.pytest_plugin", "-p", "no:cacheprovider", "-W", "ignore")

TEST = """
import socket

import pytest


def exchange(url, *telegrams):
    host, _, port = url.removeprefix("tcp://").rpartition(":")
    with socket.create_connection((host, int(port)), timeout=1) as link:
        answers = []
        for telegram in telegrams:
            link.sendall(bytes.fromhex(telegram))
            try:
                answers.append(link.recv(300))
            except TimeoutError:
                answers.append(b"")
        return answers
"""


@pytest.fixture
def tests(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    # Other plugins, such as that of Qt, take a second to load.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    # On Windows a pipe would have another encoding, and pytester reads UTF-8.
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8")
    (pytester.path / "room.toml").write_text(ROOM, encoding="utf-8")
    return pytester


def test_a_module_and_rooms(tests: pytest.Pytester) -> None:
    tests.makepyfile(
        TEST
        + """
pytestmark = pytest.mark.meter_room("room.toml")

def test_module(cmi1020):
    assert exchange(cmi1020.url, "10 40 00 40 16") == [b"\\xe5"]
    assert cmi1020.violations == []

def test_room(meter_room):
    meter_room.inject("flat-2", "no-answer", once=True)
    assert exchange(meter_room.url, "10 40 02 42 16", "10 40 02 42 16") == [b"", b"\\xe5"]
    assert len(meter_room.requests(address=2, kind="SND_NKE")) == 2

def test_factory(meter_room_factory):
    first, second = meter_room_factory(2), meter_room_factory("room.toml")
    assert first.url != second.url
    assert [len(first), len(second)] == [2, 3]
"""
    )
    tests.runpytest_subprocess(*OPTIONS).assert_outcomes(passed=3)


def test_traffic_of_a_failed_test_is_shown_and_kept(tests: pytest.Pytester) -> None:
    tests.makepyfile(
        TEST
        + """
def test_module(cmi1020):
    exchange(cmi1020.url, "10 40 00 40 16", "10 5B 00 5B 16")
    assert False
"""
    )
    result = tests.runpytest_subprocess(*OPTIONS, "--basetemp", str(tests.path / "kept"))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*Traffic of tcp://127.0.0.1:*", "*mbus rx telegram*10 40 00 40 16*", "violation: fcb-first:*"]
    )
    (kept,) = (tests.path / "kept").glob("meter-room0/test_module-1.txt")
    assert kept.read_text(encoding="utf-8").startswith("# cmi_gui capture")


def test_the_room_by_option_and_by_ini_key(tests: pytest.Pytester) -> None:
    tests.makepyfile("def test_room(meter_room):\n    assert [one.name for one in meter_room][0] == 'flat-1'\n")
    tests.runpytest_subprocess(*OPTIONS).assert_outcomes(failed=1)
    tests.runpytest_subprocess(*OPTIONS, "--meter-room", "room.toml").assert_outcomes(passed=1)
    tests.makeini("[pytest]\nmeter_room = room.toml\n")
    tests.runpytest_subprocess(*OPTIONS).assert_outcomes(passed=1)


def test_a_wrong_room_file_names_line_and_key(tests: pytest.Pytester) -> None:
    (tests.path / "room.toml").write_text("format = 1\n[[module]]\nserial = 7\n", encoding="utf-8")
    tests.makepyfile("def test_room(meter_room):\n    pass\n")
    result = tests.runpytest_subprocess(*OPTIONS, "--meter-room", "room.toml")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*room.toml: line 3: serial must be 8 digits*"])


def test_nothing_heavy_is_imported_until_a_fixture_is_used(tests: pytest.Pytester) -> None:
    tests.makepyfile(
        "import sys\n"
        "def test_imports():\n"
        "    assert not [name for name in sys.modules if name.startswith('cmi_gui.engine')]\n"
    )
    tests.runpytest_subprocess(*OPTIONS).assert_outcomes(passed=1)


def test_rooms_of_parallel_workers_do_not_meet(tests: pytest.Pytester) -> None:
    tests.makepyfile(
        TEST
        + """
@pytest.mark.parametrize("number", range(8))
def test_module(cmi1020, number):
    assert exchange(cmi1020.url, "10 40 00 40 16") == [b"\\xe5"]
    assert len(cmi1020.requests()) == 1
"""
    )
    tests.runpytest_subprocess(*OPTIONS, "-p", "xdist", "-n", "2").assert_outcomes(passed=8)
