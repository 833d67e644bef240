"""`serve` with a room: the ready line, modules at different speeds, and options that exclude each other."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import serial

from tests.helpers.cli_process import Served, run, serving

pytestmark = pytest.mark.real_time(0.05, alone=False)  # an answer is due within 187.5 ms

ROOM = """format = 1
[[module]]
name = "flat-1"
serial = "50100001"
address = 1
registers = {"1.8.0" = "061561.289"}
load = "none"
[[module]]
serial = "50100002"
address = 2
baud = 300
[[module]]
serial = "50100003"
address = 1
powered = false
"""


@pytest.fixture
def room(tmp_path: Path) -> str:
    path = tmp_path / "room.toml"
    path.write_text(ROOM)
    return str(path)


def test_the_ready_line_lists_the_modules_of_a_file(room: str) -> None:
    with serving("--room", room, "--mbus", "tcp://127.0.0.1:0") as (_, ready):
        assert ready["modules"] == [
            {"serial": "50100001", "name": "flat-1", "address": 1, "baud": 2400},
            {"serial": "50100002", "name": "50100002", "address": 2, "baud": 300},
            {"serial": "50100003", "name": "50100003", "address": 1, "baud": 2400},
        ]
        assert (ready["serial"], ready["primary_address"], ready["baud"]) == ("50100001", 1, 2400)
        # A TCP link has no speed, so the module at 300 bit/s answers too.
        for address, number in (("1", "50100001"), ("2", "50100002")):
            code, out, _ = run("read", "--link", ready["mbus"], "--address", address, "--telegrams", "1", "--json")
            assert code == 0
            assert json.loads(out.splitlines()[0])["telegrams"][0]["header"]["id"] == number


def test_a_link_with_a_speed_reaches_the_modules_at_that_speed(room: str) -> None:
    with serving("--room", room, "--mbus", "tcp://127.0.0.1:0?baud=300") as (_, ready):
        code, out, _ = run("scan", "--link", ready["mbus"], "--primary", "1-2", "--json")
        assert code == 0
        assert [slave["address"] for slave in json.loads(out)["found"]] == [2]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
@pytest.mark.parametrize(("baud", "answers"), [(2400, [True, False]), (300, [False, True])])
def test_on_a_pseudo_terminal_the_speed_of_the_master_counts(room: str, baud: int, answers: list[bool]) -> None:
    with (
        serving("--room", room, "--mbus", "pty:") as (_, ready),
        serial.Serial(ready["mbus"].removeprefix("pty:"), baud, parity="E", timeout=1.0) as port,
    ):
        for address, answered in zip((1, 2), answers, strict=True):
            port.write(bytes((0x10, 0x40, address, 0x40 + address, 0x16)))
            assert port.read(1) == (b"\xe5" if answered else b"")


def test_a_made_room_is_the_same_for_the_same_seed() -> None:
    documents = []
    for seed in ("7", "7", "8"):
        with serving("--modules", "20", "--seed", seed, "--mbus", "tcp://127.0.0.1:0") as (_, ready):
            documents.append(ready["modules"])
    assert documents[0] == documents[1] != documents[2]
    assert len(documents[0]) == 20
    assert {module["address"] for module in documents[0]} == {0}


def test_a_notice_names_the_module_of_a_room(room: str) -> None:
    with Served("--room", room) as served:
        assert served.send_line("press 50100003")["error"] == "button_unpowered"
        assert served.has_notice("the push button was pressed, but the module has no bus voltage")
        (refusal,) = [notice for notice in served.notices if notice["notice"] == "button_unpowered"]
        assert refusal["module"] == "50100003"


def test_a_single_module_is_a_room_of_one() -> None:
    with serving("--mbus", "tcp://127.0.0.1:0") as (_, ready):
        assert ready["modules"] == [{"serial": "12345678", "name": "12345678", "address": 0, "baud": 2400}]


def test_as_text_the_number_of_modules_is_reported(room: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "cmi_gui", "serve", "--mbus", "tcp://127.0.0.1:0", "--room", room],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
        process.kill()
    assert lines[-1] == (
        "ready: 3 modules, the first with serial number 50100001, primary address 1, 2400 bit/s; Ctrl-C stops\n"
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--modules", "0"], "the number of modules must be 1 to 250, not 0"),
        (["--modules", "251"], "the number of modules must be 1 to 250, not 251"),
        (
            ["--modules", "3", "--meter", "serial:/dev/ttyUSB0"],
            "--meter cannot be used with --modules: the meters of a",
        ),
        (["--modules", "3", "--serial", "50100001"], "--serial cannot be used with --modules: each module of a room"),
        (["--modules", "3", "--variant", "M23"], "--variant cannot be used with --modules"),
        (["--modules", "3", "--no-disconnector"], "--disconnector cannot be used with --modules"),
        (["--modules", "3", "--state", "somewhere"], "--state cannot be used with --modules: nothing of a room is"),
        (["--modules", "3", "--fresh-meter"], "--fresh-meter cannot be used with --modules"),
        (["--room", "ROOM", "--modules", "3"], "--modules makes a room and --room reads one from a file: use one of"),
        (["--room", "ROOM", "--seed", "3"], "--seed cannot be used with --room: the room file has the key seed"),
        (["--room", "ROOM", "--interval", "9"], "--interval cannot be used with --room: the room file has the key"),
        (["--room", "ROOM", "--serial", "50100001"], "--serial cannot be used with --room: each module of a room has"),
        (["--room", "no-such.toml"], "no-such.toml: cannot be read"),
    ],
)
def test_wrong_options(options: list[str], message: str, room: str) -> None:
    code, out, err = run("serve", "--json", *(room if word == "ROOM" else word for word in options))
    assert code == 2
    assert message in json.loads(out)["message"]
    assert message in err


def test_an_error_in_a_room_file_names_file_and_line(room: str) -> None:
    path = Path(room)
    path.write_text(ROOM.replace("address = 2", "address = 999"))
    code, _, err = run("serve", "--room", room)
    assert (code, err) == (2, f"cmi-gui: {room}: line 10: address must be a number from 0 to 250, not 999\n")
