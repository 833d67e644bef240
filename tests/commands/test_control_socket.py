"""The control socket of a served module: its token, lines that wait, events, and the diagnosis."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cmi_gui.commands.control_token import gives_token
from cmi_gui.engine.mbus.render import json_text
from cmi_gui.engine.room.line import MAX_LINE
from tests.helpers.cli_process import TIMEOUT, Served, run, stop

QUICK = ("--interval", "1", "--variant", "M55", "--no-paced", "--control", "tcp://127.0.0.1:0")
TOKEN = "correct-horse-battery"


class Connection:
    """A connection to the control socket."""

    def __init__(self, served: Served) -> None:
        port = int(str(served.ready["control"]).rpartition(":")[2])
        self.socket = socket.create_connection(("127.0.0.1", port), TIMEOUT)
        self._lines = self.socket.makefile("rw")

    def send(self, *lines: str) -> None:
        self._lines.write("".join(f"{line}\n" for line in lines))
        self._lines.flush()

    def answer(self) -> dict[str, Any]:
        return dict(json.loads(self._lines.readline()))

    def ask(self, line: str) -> dict[str, Any]:
        self.send(line)
        return self.answer()

    def ended(self) -> bool:
        with contextlib.suppress(ConnectionError):
            return self._lines.readline() == ""
        return True

    def close(self) -> None:
        self._lines.close()
        self.socket.close()


@contextlib.contextmanager
def connected(served: Served) -> Iterator[Connection]:
    connection = Connection(served)
    try:
        yield connection
    finally:
        connection.close()


@pytest.fixture
def token(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n")
    path.chmod(0o600)
    return path


# Waiting and events


def test_a_line_that_waits_holds_up_no_other_connection() -> None:
    with Served(*QUICK) as served, connected(served) as waiting, connected(served) as other:
        assert waiting.ask("wait contact 60") == {"ok": True}
        waiting.send("wait contact no 600", "status")
        assert other.ask("status")["contact"] is True
        assert other.ask("bus-voltage 0") == {"ok": True}
        assert waiting.answer() == {"ok": True}
        assert waiting.answer()["contact"] is False
        assert served.send_line("wait contact yes 0.1")["error"] == "not_met"


def test_serve_ends_while_lines_wait_and_events_are_sent() -> None:
    with Served(*QUICK) as served, connected(served) as waiting, connected(served) as events:
        waiting.send("wait rate 6 600")
        assert events.ask("events") == {"ok": True}
        stop(served.process, signal.SIGTERM)
        assert served.process.wait(TIMEOUT) == 0
        assert waiting.ended()


def test_events_are_sent_among_the_answers_until_the_connection_is_closed() -> None:
    with Served(*QUICK) as served, connected(served) as connection:
        assert connection.ask("wait contact 60") == {"ok": True}
        assert connection.ask("events") == {"ok": True}
        connection.send("rate-input A 230", "events", "bus-voltage 18")
        connection.socket.shutdown(socket.SHUT_WR)
        received: list[dict[str, Any]] = []
        while received.count({"ok": True}) < 3 or not any(one.get("event") == "PowerChanged" for one in received):
            received.append(connection.answer())
        power = next(one for one in received if one.get("event") == "PowerChanged")
        assert {"volts": 18.0, "powered": False, "source": "module"}.items() <= power.items()
        numbers = [one["seq"] for one in received if "event" in one]
        assert numbers == sorted(set(numbers))
        assert served.send_line("events")["error"] == "refused"


def test_the_diagnosis_of_the_module() -> None:
    with Served(*QUICK) as served:
        assert served.send_line("wait contact 60") == {"ok": True}
        served.send_line("bus-voltage 18")
        answer = served.send_line("diagnose")
        assert [symptom["symptom"] for symptom in answer["symptoms"]] == [
            "no_meter",
            "button",
            "rate",
            "delay",
            "master",
        ]
        (power,) = [check for check in answer["symptoms"][0]["checks"] if check["check"] == "power"]
        assert power["state"] == "wrong"
        assert power["finding"] == "bus_low"
        assert power["facts"][0] == {"volts": 18.0}


# Token


def test_a_connection_must_begin_with_the_token(token: Path) -> None:
    with Served(*QUICK, "--control-token", str(token)) as served:
        for wrong in ("status", "token", "token wrong", f"token {TOKEN}x", f"nekot {TOKEN}", "", "# token", "frob"):
            with connected(served) as connection:
                answer = connection.ask(wrong)
                assert (answer["ok"], answer["error"]) == (False, "control_token"), wrong
                assert TOKEN not in json_text(answer)
                assert connection.ended()
        with connected(served) as connection:
            assert connection.ask(f"token {TOKEN}") == {"ok": True}
            assert connection.ask("STATUS")["error"] == "bad_line"
            assert connection.ask("frob")["error"] == "bad_line"
            assert connection.ask("status")["ok"] is True
        # Standard input belongs to the user who started the program.
        assert served.send_line("status")["ok"] is True
        assert served.has_notice("it did not give the token")
        assert TOKEN not in "".join((*served.out, *served.err))


def test_without_a_token_the_line_is_accepted() -> None:
    with Served(*QUICK) as served, connected(served) as connection:
        assert connection.ask(f"token {TOKEN}") == {"ok": True}


@pytest.mark.skipif(os.name != "posix", reason="the owner is not known from a mode")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_token_that_others_can_read_is_refused(token: Path, mode: int) -> None:
    token.chmod(mode)
    code, out, err = run("serve", *QUICK, "--control-token", str(token))
    assert (code, out) == (1, "")
    assert f"others can read or change {token} (mode {mode:03o})" in err
    assert "chmod 600" in err
    assert TOKEN not in err


@pytest.mark.parametrize("text", ["", "short", "x" * 129, "with a blank in it", "accents-åäö-åäö-åäö"])
def test_a_file_without_a_token_is_refused(token: Path, text: str) -> None:
    token.write_text(text, encoding="utf-8")
    code, _, err = run("serve", *QUICK, "--control-token", str(token))
    assert code == 1
    assert "does not contain a control token: a token has 16 to 128 characters" in err


def test_a_token_that_cannot_be_read_or_used(tmp_path: Path) -> None:
    code, _, err = run("serve", *QUICK, "--control-token", str(tmp_path / "none"))
    assert code == 1
    assert "cannot be read" in err
    code, _, err = run("serve", "--control-token", str(tmp_path / "none"))
    assert code == 2
    assert "--control LINK" in err


def test_the_longest_token_fits_into_a_line() -> None:
    longest = b"x" * 128
    line = b"token " + longest
    assert len(line) <= MAX_LINE
    assert gives_token(line + b"\r", longest)
    assert not gives_token(line[:-1], longest)
