"""A served module operated by control lines, and its state folder, as real processes."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.helpers.cli_process import COMMAND, TIMEOUT, Served, run, start, stop

pytestmark = pytest.mark.real_time(0.05, alone=False)  # an answer is due within 187.5 ms

QUICK = ("--interval", "1", "--variant", "M55", "--no-paced")
"""The shortest readout, read without pauses, because these tests run in real time."""


def test_an_input_changes_the_rate_of_the_meter() -> None:
    with Served(*QUICK) as served:
        assert served.until(lambda status: status["contact"])["rate"] == 1
        assert served.send_line("rate-input A 230") == {"ok": True}
        after = served.until(lambda status: status["rate"] == 2)
        assert after["inputs"] == {"A": True, "B": False}
        assert after["rate_error"] is None


def test_button_voltage_and_a_silent_meter() -> None:
    with Served(*QUICK) as served:
        served.until(lambda status: status["disconnector"] == "closed")
        assert served.send_line("button") == {"ok": True}
        served.until(lambda status: status["disconnector"] == "moving")
        assert served.send_line("bus-voltage 18") == {"ok": True}
        dark = served.send_line("status")
        assert (dark["powered"], dark["bus_voltage"], dark["condition"]) == (False, 18.0, "no_bus")
        assert served.send_line("meter silent on") == {"ok": True}
        assert served.send_line("bus-voltage 24") == {"ok": True}
        assert served.has_notice("the meter does not answer")
        assert served.send_line("status")["contact"] is False
        assert served.send_line("meter silent off") == {"ok": True}
        served.until(lambda status: status["contact"])


def test_wrong_lines_are_answered_and_serving_continues() -> None:
    with Served() as served:
        for line, words in [
            ("frob", "'frob' is not a control line"),
            ("rate-input C 230", "the rate inputs are A and B, not C"),
            ("rate-input A x", "x is not a number"),
            ("meter silent perhaps", "expected on or off, not perhaps"),
            ("y" * 500, "at most 200 characters"),
            ("\udcff", "is not a control line"),
        ]:
            answer = served.send_line(line.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))
            assert (answer["ok"], answer["error"]) == (False, "bad_line")
            assert words in answer["message"]
        # These lines have no answer; the next answer is that of the line after them.
        assert (
            served.send_line("\n   \n# a comment\nhelp")["lines"][0]
            == "press [TARGET]: presses the module's push button"
        )
        assert served.no_more_answers()
        assert served.process.poll() is None


def test_serve_continues_after_the_end_of_standard_input() -> None:
    with Served("--control", "tcp://127.0.0.1:0") as served:
        assert served.process.stdin is not None
        served.process.stdin.write("pause on")
        served.process.stdin.close()
        assert served.answer() == {"ok": True}  # the last line may lack its end
        host, port = str(served.ready["control"]).removeprefix("tcp://").split(":")
        assert host == "127.0.0.1"
        with socket.create_connection((host, int(port)), TIMEOUT) as connection, connection.makefile("rw") as lines:
            lines.write("pause\r\nstatus\n")
            lines.flush()
            assert json.loads(lines.readline())["ok"] is False
            assert json.loads(lines.readline())["paused"] is True
        stop(served.process, signal.SIGTERM)
        assert served.process.wait(TIMEOUT) == 0


def test_a_browser_that_posts_to_the_socket_operates_nothing() -> None:
    with Served("--control", "tcp://127.0.0.1:0") as served:
        port = int(str(served.ready["control"]).rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), TIMEOUT) as connection:
            connection.sendall(b"POST / HTTP/1.1\r\nContent-Length: 15\r\n\r\nbus-voltage 18\n")
            assert connection.recv(100) == b""
        assert served.send_line("status")["bus_voltage"] == 24.0


def test_a_control_socket_in_use_is_reported_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        link = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        code, out, err = run("serve", "--mbus", "tcp://127.0.0.1:0", "--control", link)
        assert (code, out) == (1, "")
        assert f"cannot accept control lines on {link}" in err
        assert len(err.splitlines()) == 1


def test_answers_as_text_are_one_line_each() -> None:
    with start(
        [*COMMAND, "serve", "--mbus", "tcp://127.0.0.1:0", "--control", "tcp://127.0.0.1:0"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        ready = [process.stdout.readline() for _ in range(4)]
        assert ready[2].startswith("control lines: tcp://127.0.0.1:")
        process.stdin.write("pause on\nnonsense\nstatus\nhelp\n")
        process.stdin.flush()
        answers = [process.stdout.readline() for _ in range(4)]
        stop(process)
        assert process.wait(TIMEOUT) == 0
        process.stdin.close()
        assert process.stdout.read() == ""
        process.stdout.close()
        assert answers[0] == "ok\n"
        assert answers[1] == "error: 'nonsense' is not a control line; `help` lists them\n"
        assert 'powered=true bus_voltage=24.0 condition="no_meter"' in answers[2]
        assert answers[3].startswith("press [TARGET]: presses the module's push button; ")


def test_a_meter_without_disconnector_refuses() -> None:
    with Served(*QUICK, "--no-disconnector") as served:
        served.until(lambda status: status["contact"])
        served.send_line("button")
        assert served.has_notice("disconnector")


# State


def test_settings_survive_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with Served("--state", str(state)) as served:
        assert (served.ready["state"], served.ready["state_kept"]) == (str(state), True)
        assert run("set", "primary_address", "9", "--link", served.mbus, "--address", "0")[0] == 0
    assert tomllib.loads((state / "module.toml").read_text())["primary_address"] == 9
    with Served("--state", str(state)) as served:
        assert served.ready["primary_address"] == 9
        assert served.notices == []


def test_a_second_program_on_one_folder_is_warned_and_changes_nothing_there(tmp_path: Path) -> None:
    with Served("--state", str(tmp_path)) as first:
        with Served("--state", str(tmp_path)) as second:
            assert second.ready["state_kept"] is False
            assert second.ready["state"] != str(tmp_path)
            assert second.has_notice(f"{tmp_path} is in use by another program; this program uses a temporary folder")
            assert run("set", "tag", "7", "--link", second.mbus, "--address", "0")[0] == 0
            stop(second.process, signal.SIGTERM)
            assert second.process.wait(TIMEOUT) == 0
            assert not Path(second.ready["state"]).exists()
        assert run("set", "tag", "8", "--link", first.mbus, "--address", "0")[0] == 0
    assert tomllib.loads((tmp_path / "module.toml").read_text())["extra"] == {"tag": 8}


def test_a_damaged_state_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "module.toml").write_text("primary_address = 300\n")
    with Served("--state", str(tmp_path)) as served:
        assert served.ready["primary_address"] == 0
        assert served.has_notice("module.toml is damaged")


@pytest.mark.parametrize("closed", [True, False])
def test_serve_needs_no_standard_input(closed: bool) -> None:
    if closed and sys.platform == "win32":
        pytest.skip("a stream can be closed only by a shell of POSIX")
    shell = ["/bin/sh", "-c", 'exec 0<&-; exec "$@"', "sh"] if closed else []
    with start(
        [*shell, *COMMAND, "serve", "--json", "--mbus", "tcp://127.0.0.1:0"],
        stdin=None if closed else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        assert run("read", "--link", ready["mbus"], "--address", "0")[0] == 0
        stop(process, signal.SIGTERM)
        _, err = process.communicate(timeout=TIMEOUT)
        assert process.returncode == 0
        assert "Traceback" not in err
