"""`set` and `profile` as real processes; passwords appear nowhere."""

from __future__ import annotations

import json
import os
import select
import stat
import subprocess
import sys
import threading
import tomllib
from importlib import resources
from pathlib import Path

import pytest

from cmi_gui.engine.mbus.frame import ACK_FRAME, RSP_UD, Frame, Function
from cmi_gui.engine.mbus.frame_decoder import FrameDecoder, GoodFrame
from tests.helpers.cli_process import COMMAND, TIMEOUT, Served, run

pytestmark = pytest.mark.real_time(0.05, alone=False)  # an answer is due within 187.5 ms

PASSWORD = "Hx7#qW2k"
MASKED = " ".join(["**"] * 10)
"""Length, eight characters and checksum."""
QUICK = ("--interval", "1", "--variant", "M55", "--no-paced")
"""The shortest readout, read without pauses, because these tests run in real time."""


@pytest.fixture(scope="module")
def profiles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copies of the built-in profiles."""
    folder = tmp_path_factory.mktemp("profiles")
    for name in ("cmi1020.toml", "e350.toml", "readout.toml"):
        (folder / name).write_text(resources.files("cmi_gui.resources").joinpath("profiles", name).read_text())
    return folder


def set_json(served: Served, *arguments: str, stdin: str = "") -> tuple[int, dict[str, object], str]:
    code, out, err = run("set", "--json", "--link", served.mbus, *arguments, stdin=stdin)
    return code, json.loads(out), err


def test_settings_and_actions_are_sent_and_confirmed() -> None:
    with Served(*QUICK) as served:
        served.until(lambda status: status["contact"])
        assert set_json(served, "rate", "3", "--address", "0")[:2] == (
            0,
            {"name": "rate", "sent": "68 0A 0A 68 73 FD 51 01 7C 03 74 61 72 03 8B 16", "answer": "ack", "status": 0},
        )
        served.until(lambda status: status["rate"] == 3)
        assert set_json(served, "display", "HELLO", "--id", "12345678")[1]["answer"] == "ack"
        served.until(lambda status: status["display_text"] == "HELLO")
        assert set_json(served, "display", "--action", "clear", "--address", "254")[0] == 0
        served.until(lambda status: not status["display_text"])
        # The status afterwards is read at the new address.
        assert set_json(served, "primary_address", "7", "--address", "0")[1]["status"] == 0
        assert served.send_line("status")["primary_address"] == 7
        assert set_json(served, "secondary_address", "87654321", "--id", "1234FFFF")[0] == 0
        assert set_json(served, "baud", "300", "--id", "87654321")[1]["sent"] == "68 03 03 68 73 FD B8 28 16"
        assert served.send_line("status")["baud"] == 300
        assert set_json(served, "initialise", "--address", "7")[0] == 0
        assert set_json(served, "application_reset", "--address", "7")[0] == 0
        assert served.send_line("status")["primary_address"] == 7
        assert set_json(served, "application_reset", "B0", "--address", "7")[0] == 0
        after = served.send_line("status")
        assert (after["primary_address"], after["secondary_address"], after["baud"]) == (0, "12345678", 2400)


def test_lists_are_replaced_added_to_deleted_from_and_cleared(tmp_path: Path) -> None:
    with Served("--state", str(tmp_path)) as served:

        def after(*arguments: str) -> str:
            assert set_json(served, "selection_list", *arguments, "--address", "0")[0] == 0
            return str(tomllib.loads((tmp_path / "module.toml").read_text())["selection_list"])

        assert after("1.8.0 2.8.0") == "1.8.0 2.8.0"
        assert after("1.8.1", "--action", "add") == "1.8.0 2.8.0 1.8.1"
        assert after("2.8.0", "--action", "delete") == "1.8.0 1.8.1"
        assert after("--action", "clear") == ""


def test_a_new_speed_is_confirmed_over_a_line_that_has_one(tmp_path: Path) -> None:
    if not hasattr(os, "openpty"):
        pytest.skip("no pseudo-terminals here")
    link = f"pty:{tmp_path}/bus"
    with Served("--mbus", link) as served:
        assert served.ready["mbus_links"][1] == link
        code, out, err = run("set", "--json", "baud", "300", "--link", link, "--address", "0")
        assert (code, json.loads(out)["status"] & 3) == (0, 0), err
        assert served.send_line("status")["baud"] == 300


def test_a_refusal_of_the_module_ends_with_1() -> None:
    with Served() as served:
        code, _, err = set_json(served, "disconnector_control", "0", "--address", "0")
        assert code == 0, err
        code, answer, err = set_json(served, "disconnector", "0", "--address", "0")
        assert code == 1
        assert answer["error"] == "refused"
        assert "the module refused Disconnector (status " in str(answer["message"])
        assert len(err.splitlines()) == 1
        code, answer, _ = set_json(served, "rate", "2", "--address", "5", "--timeout", "0")
        assert (code, answer["error"]) == (1, "no_answer")
        code, answer, _ = set_json(served, "rate", "2", "--id", "99999999", "--timeout", "0")
        assert (code, answer["error"]) == (1, "not_found")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["frobnicate", "1", "--address", "0"], "available are initialise, baud, application_reset, primary_address, "),
        (["select", "1", "--address", "0"], "'select' is not a setting or action"),
        (["request_data", "--address", "0"], "'request_data' is not a setting or action"),
        (["rate", "7", "--address", "0"], "Meter rate must be 1 to 6, not 7"),
        (["rate", "--address", "0"], "Meter rate must be a whole number from 1 to 6"),
        (["usage", "63", "--address", "0"], "must be 0 (none), 1 (P1) or 2 (P2), not 3"),
        (["display", "KKK", "--address", "0"], "seven segments cannot show 'K'; they can show "),
        (["rate_map", "1 2 3", "--address", "0"], "four rates from 0 to 6"),
        (["secondary_address", "123", "--address", "0"], "eight decimal digits"),
        (["display", "TOO LONG TEXT", "--address", "0"], "0 to 8 characters, not 13"),
        (["baud", "9600", "--address", "0"], "300 or 2400 bit/s, not '9600'"),
        (["application_reset", "B", "--address", "0"], "B0 restores the factory values"),
        (["initialise", "1", "--address", "0"], "takes no value"),
        (["clear_errors", "1", "--address", "0"], "takes no value"),
        (["selection_list", "1.8.0", "--action", "clear", "--address", "0"], "takes no value"),
        (["rate", "1", "--action", "add", "--address", "0"], "does not support object action 08"),
        (["baud", "300", "--action", "add", "--address", "0"], "has no object actions"),
        (["rate", "1", "--action", "frob", "--address", "0"], "--action must be one of write, clear, add, delete"),
        (["rate", "1"], "--address N or --id MASK"),
        (["rate", "1", "--address", "255"], "0 to 250, or 254"),
        (["rate", "1", "--address", "0", "--module-profile", "no-such.toml"], "no-such.toml: cannot be read"),
        (["p1", PASSWORD, "--address", "0"], "the shell history"),
    ],
)
def test_mistakes_are_reported_in_one_line(arguments: list[str], words: str) -> None:
    code, out, err = run("set", *arguments, "--link", "sim:")
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert words in err
    assert PASSWORD not in err


def test_passwords_appear_nowhere(tmp_path: Path) -> None:
    seen: list[str] = []
    with Served("--state", str(tmp_path), *QUICK) as served:
        served.until(lambda status: status["contact"])
        for name, vif in (("p1", "16"), ("p2", "19")):
            code, out, err = run("set", name, "--link", served.mbus, "--address", "0", stdin=f"{PASSWORD}\n")
            assert code == 0
            assert f" FD {vif} {MASKED} 16\n" in out
            seen += [out, err]
            code, out, err = run("set", name, "-", "--json", "--link", served.mbus, "--address", "0", stdin=PASSWORD)
            assert code == 0
            sent = str(json.loads(out)["sent"])
            assert sent == f"68 0F 0F 68 73 FD 51 0D FD {vif} {MASKED} 16"
            seen += [out, err]
        # The module reports a session with a wrong password.
        assert run("set", "rate", "2", "--link", served.mbus, "--address", "0")[0] == 0
        assert served.has_notice("refuses the password")
        assert run("set", "tag", "1", "--link", served.mbus, "--address", "0")[0] == 0
        seen += [run("read", "--json", "--link", served.mbus, "--address", "0")[1]]
        served.process.kill()
        served.end()
        seen += served.out + served.err
    for text in seen:
        assert PASSWORD not in text
        assert PASSWORD[::-1] not in text
        assert PASSWORD.encode()[::-1].hex(" ").upper() not in text.upper()
    for file in tmp_path.iterdir():
        if os.name == "posix" and stat.S_IMODE(file.stat().st_mode) & 0o077:
            assert PASSWORD not in file.read_text(errors="replace")
    assert PASSWORD not in (tmp_path / "module.toml").read_text()


@pytest.mark.parametrize(
    ("piped", "words"),
    [("", "no password"), ("\n", "no password"), ("one\ntwo\n", "more than one line"), ("123456789\n", "1 to 8")],
)
def test_a_wrong_piped_password_is_not_sent(piped: str, words: str) -> None:
    code, out, err = run("set", "p1", "--link", "sim:", "--address", "0", stdin=piped)
    assert (code, out) == (2, "")
    assert words in err
    assert "123456789" not in err


@pytest.mark.parametrize(("again", "exit_code"), [(PASSWORD, 0), ("another", 2)])
def test_a_password_is_prompted_for_twice_without_echo(again: str, exit_code: int) -> None:
    if not hasattr(os, "openpty"):
        pytest.skip("no pseudo-terminals here")
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [*COMMAND, "set", "p1", "--link", "sim:", "--address", "0"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    output = b""
    for prompt, typed in ((b"P1 password: ", PASSWORD), (b"P1 password again: ", again)):
        while prompt not in output:
            output += os.read(ours, 1000)
        os.write(ours, typed.encode() + b"\n")
    try:
        while chunk := os.read(ours, 1000):
            output += chunk
    except OSError:  # on Linux: the other end was closed
        pass
    os.close(ours)
    assert process.wait(TIMEOUT) == exit_code
    assert PASSWORD.encode() not in output
    assert (b"acknowledged (E5)" if exit_code == 0 else b"entries differ") in output


EXTRA = """
[[command]]
id = "depth"
title = "Depth"
manual = "(ours)"
kind = "setting"
basis = "assumption"
source = "a test"
forms = [{ dif = "02", text = "dep" }]
actions = ["00"]
value = "integer"
minimum = 1
maximum = 500
effect = "The module only keeps it."
"""


def test_a_command_that_only_stores_a_value_needs_no_code(tmp_path: Path, profiles: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text((profiles / "cmi1020.toml").read_text() + EXTRA)
    assert run("profile", "check", str(own)) == (0, f"{own} is a valid module profile (CMi1020)\n", "")
    state = tmp_path / "state"
    with Served("--state", str(state), "--module-profile", str(own)) as served:
        arguments = ("--address", "0", "--module-profile", str(own))
        code, answer, _ = set_json(served, "depth", "321", *arguments)
        assert (code, answer["sent"]) == (0, "68 0B 0B 68 73 FD 51 02 7C 03 70 65 64 41 01 BD 16")
        assert set_json(served, "depth", "501", *arguments)[0] == 2
        assert tomllib.loads((state / "module.toml").read_text())["extra"] == {"depth": 321}
    code, out, _ = run("profile", "show", "--json", "--module-profile", str(own))
    assert json.loads(out)["command"][-1]["bytes"] == ["02 7C 03 70 65 64 nn nn"]


# profile


def test_show_lists_every_command_in_the_manuals_order() -> None:
    code, out, err = run("profile", "show")
    assert (code, err) == (0, "")
    head, *lines = out.splitlines()
    assert head.split() == ["name", "kind", "value", "bytes", "basis", "title"]
    assert [line.split()[0] for line in lines][:6] == [
        "initialise",
        "request_data",
        "baud",
        "application_reset",
        "primary_address",
        "secondary_address",
    ]
    rate = next(line for line in lines if line.startswith("rate "))
    assert "1 to 6" in rate
    assert "01 7C 03 74 61 72 nn or 01 FF 13 nn" in rate
    assert "assumption" in rate
    assert len({line.index("documented") for line in lines if "documented" in line}) == 1


def test_show_as_json() -> None:
    document = json.loads(run("profile", "show", "--json")[1])
    rows = {row["id"]: row for row in document["command"]}
    assert document["name"] == "CMi1020"
    assert (rows["p1"]["secret"], rows["p1"]["readable"]) == (True, False)
    assert rows["primary_address"]["readable"] is True
    assert rows["selection_list"]["object_actions"] == {
        "00": "0D FC 03 6C 65 73 00 LL codes",
        "07": "00 FC 03 6C 65 73 07",
        "08": "0D FC 03 6C 65 73 08 LL codes",
        "09": "0D FC 03 6C 65 73 09 LL codes",
    }


def test_show_prints_a_table_on_a_terminal() -> None:
    if not hasattr(os, "openpty"):
        pytest.skip("no pseudo-terminals here")
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [*COMMAND, "profile", "show"], stdout=theirs, env={**os.environ, "COLUMNS": "160", "TERM": "xterm"}
    )
    os.close(theirs)
    output = b""
    try:
        while chunk := os.read(ours, 10_000):
            output += chunk
    except OSError:  # on Linux: the other end was closed
        pass
    os.close(ours)
    assert process.wait(TIMEOUT) == 0
    assert "┃" in output.decode()
    assert "01 7C 03 74 61 72 nn" in output.decode()


@pytest.mark.parametrize(("name", "kind"), [("cmi1020.toml", "module"), ("e350.toml", "meter")])
def test_check_distinguishes_module_and_meter(profiles: Path, name: str, kind: str) -> None:
    file = profiles / name
    code, out, err = run("profile", "check", str(file))
    assert (code, err) == (0, "")
    assert out.startswith(f"{file} is a valid {kind} profile")
    assert json.loads(run("profile", "check", "--json", str(file))[1])["kind"] == kind


@pytest.mark.parametrize(
    ("source", "old", "new", "words"),
    [
        ("cmi1020.toml", "maximum = 250", 'maximum = "x"', "command primary_address, key maximum: Expected `int`"),
        ("cmi1020.toml", "maximum = 250", "maximum = 256", "0 to 256 do not fit into dif 01"),
        ("cmi1020.toml", 'id = "usage"', 'id = "rate_enable"', "two commands have the id rate_enable"),
        ("e350.toml", "lockout = 60", "lockout = 256", "key lockout: Expected `int` <= 255"),
        ("e350.toml", 'set_rate = "W2 F010({})"', 'set_rate = "W2 F010(1)"', "`set_rate` must contain {}"),
        ("e350.toml", 'p2_algorithm = "plain"', 'p2_algorithm = "magic"', "key p2_algorithm: Invalid enum value"),
        ("e350.toml", "lockout = 60", "lockout = ", "is not valid TOML"),
        ("readout.toml", "", "", "is not a profile: a module's has [[command]] tables"),
    ],
)
def test_check_names_file_key_and_rule(
    tmp_path: Path, profiles: Path, source: str, old: str, new: str, words: str
) -> None:
    text = (profiles / source).read_text()
    assert old in text
    file = tmp_path / source
    file.write_text(text.replace(old, new, 1))
    code, out, err = run("profile", "check", str(file))
    assert (code, out) == (1, "")
    assert str(file) in err
    assert words in err
    assert json.loads(run("profile", "check", "--json", str(file))[1])["error"] == "bad_profile"


def test_check_of_a_missing_file_is_wrong_use(tmp_path: Path) -> None:
    assert run("profile", "check", str(tmp_path / "none.toml"))[0] == 2
    assert run("profile", "check", str(tmp_path))[0] == 2


if sys.platform != "win32":
    import termios

    from tests.helpers.serial_ports import Adapter


class ShiftySlave:
    """A slave at 300 bit/s on a serial port; the test decides how it handles the command to change to 2400 bit/s.

    `acknowledges` it, and `moves`. It receives only at its own speed.
    """

    def __init__(self, folder: Path, *, acknowledges: bool, moves: bool) -> None:
        self.adapter = Adapter(folder / "ttyUSB0")
        self.link = f"serial:{self.adapter.path}?baud=300"
        self._speed = termios.B300
        self._acknowledges, self._moves = acknowledges, moves
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> ShiftySlave:
        self._thread.start()
        return self

    def __exit__(self, *_unused: object) -> None:
        self._over.set()
        self._thread.join()
        self.adapter.unplug()

    def _serve(self) -> None:
        decoder = FrameDecoder()
        while not self._over.is_set():
            if not select.select([self.adapter.master], [], [], 0.02)[0]:
                continue
            try:
                data = os.read(self.adapter.master, 256)
            except OSError:
                self._over.wait(0.02)  # the port is not open
                continue
            if self.adapter.speed() != self._speed:
                continue
            for event in decoder.feed(data):
                if isinstance(event, GoodFrame) and (answer := self._answer(event.frame)):
                    os.write(self.adapter.master, answer)

    def _answer(self, frame: Frame) -> bytes:
        if frame.function is Function.REQ_UD2:
            header = bytes.fromhex("78 56 34 12 96 15 01 02 00 00 00 00")
            return Frame.long(RSP_UD, 0, 0x72, header).to_bytes()
        if frame.function is Function.SND_NKE:
            return ACK_FRAME.to_bytes()
        self._speed = termios.B2400 if self._moves else self._speed
        return ACK_FRAME.to_bytes() if self._acknowledges else b""


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals here")
@pytest.mark.parametrize(
    ("acknowledges", "moves", "code", "words"),
    [
        (True, True, 0, "ack"),
        (False, True, 0, "ack"),
        (True, False, 1, "was acknowledged, but the module still uses its old speed"),
        (False, False, 1, "address 0 did not acknowledge"),
    ],
    ids=["as usual", "acknowledgement lost", "stays", "silent"],
)
def test_a_module_lost_in_a_change_of_speed_is_looked_for_at_the_other_one(
    tmp_path: Path, acknowledges: bool, moves: bool, code: int, words: str
) -> None:
    with ShiftySlave(tmp_path, acknowledges=acknowledges, moves=moves) as slave:
        ended, out, err = run("set", "--json", "baud", "2400", "--link", slave.link, "--address", "0")
    assert ended == code, err
    assert words in out
    assert json.loads(out).get("error") == {0: None, 1: "refused" if acknowledges else "no_answer"}[code]
