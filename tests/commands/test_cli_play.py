"""`play`: what it prints, its exit codes, its report, and masters on a link while it plays."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cmi_gui.commands.junit import Case, junit_xml
from tests.helpers.cli_process import COMMAND, TIMEOUT, run, start, stop

GOOD = "wait contact yes 60\nafter 1 h expect rate 1\n"
BAD = 'wait contact yes 60\n\nexpect display "<&\u2028>"\n'


def written(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def test_scenarios_that_pass(tmp_path: Path) -> None:
    one, two = written(tmp_path, "one", GOOD), written(tmp_path, "two", "status")
    code, out, err = run("play", one, two, "--speed", "x60")
    assert (code, err) == (0, "")
    first, second = out.splitlines()
    assert re.fullmatch(re.escape(one) + r": passed: 2 lines, 360\d\.\d s in virtual time in \d+\.\d s", first)
    assert second.startswith(f"{two}: passed: 1 lines, 0.0 s in virtual time")


def test_it_ends_at_the_first_line_that_is_not_met(tmp_path: Path) -> None:
    good, bad = written(tmp_path, "good", GOOD), written(tmp_path, "bad", "status\n\nexpect rate 4\nstatus")
    report = tmp_path / "report.xml"
    code, out, err = run("play", good, bad, good, "--json", "--junit", str(report))
    assert code == 1
    first, second = map(json.loads, out.splitlines())
    assert (first["file"], first["ok"], first["lines"], first["virtual"]) == (good, True, 2, True)
    assert 3600 < first["seconds"] < 3610
    assert (second["file"], second["ok"], second["lines"], second["line"]) == (bad, False, 1, 3)
    assert second["text"] == "expect rate 4"
    assert "expected: rate is 4" in second["message"]
    assert err == f"cmi-gui: {bad}:3: expect rate 4: {second['message']}\n"
    suite = ElementTree.parse(report).getroot().find("testsuite")
    assert suite is not None
    assert [suite.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["3", "1", "0", "1"]
    assert [[child.tag for child in case] for case in suite] == [[], ["failure"], ["skipped"]]
    assert [case.get("name") for case in suite] == ["good", "bad", "good"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("{bad}",), "{bad}:2: 'sing' is not a control line; `help` lists them"),
        (("{good}", "{bad}"), "{bad}:2: "),
        (("{good}x",), "{good}x: cannot be read: No such file or directory"),
        (("{good}", "--speed", "x5000"), "--speed is a factor from x0.1 to x1000, such as x60, not x5000"),
        (("{good}", "--speed", "xnan"), "--speed is a factor from x0.1"),
        (("{good}", "--speed", "2026-01-01T12:00"), "--speed is a factor from x0.1"),
        (("{good}", "--speed", "60"), "a time is a local date and time"),
        (("{good}", "--link", "nowhere"), "nowhere is not a LINK"),
    ],
)
def test_wrong_use_plays_nothing(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    names = {"good": written(tmp_path, "good", GOOD), "bad": written(tmp_path, "bad", "status\nsing")}
    code, out, err = run("play", *(argument.format(**names) for argument in arguments))
    assert (code, out) == (2, "")
    assert err.startswith(f"cmi-gui: {message.format(**names)}")
    assert err.count("\n") == 1


def test_a_link_that_is_in_use_is_reported(tmp_path: Path) -> None:
    good, report = written(tmp_path, "good", GOOD), tmp_path / "report.xml"
    code, out, err = run("play", good, "--link", "tcp://192.0.2.1:1", "--json", "--junit", str(report))
    assert code == 1
    assert json.loads(out)["message"] in err
    assert b'errors="1"' in report.read_bytes()


def test_a_scenario_that_cannot_be_loaded_is_in_the_report(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    good, bad = written(tmp_path, "good", "status"), written(tmp_path, "bad", "no such line")
    code, _, err = run("play", good, bad, good, "--junit", str(report))
    assert (code, "bad.scenario:1" in err or "bad:1" in err) == (2, True)
    kinds = [[problem.tag for problem in case] for case in ElementTree.parse(report).iter("testcase")]
    assert kinds == [["skipped"], ["error"], ["skipped"]]


@pytest.mark.real_time(0.05, alone=False)
def test_masters_are_served_while_it_plays(tmp_path: Path) -> None:
    text = "module serial 50100007\nwait contact yes 60\nwait requests >= 2 60\nexpect contact yes\n"
    command = [*COMMAND, "play", written(tmp_path, "a", text), "--link", "tcp://127.0.0.1:0", "--json"]
    with start(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        assert ready["ready"] is True
        code, out, _ = run("read", "--link", ready["mbus"], "--address", "0", "--json")
        assert code == 0
        assert json.loads(out)["telegrams"][0]["header"]["id"] == "50100007"
        end = json.loads(process.stdout.readline())
        assert (end["ok"], end["virtual"]) == (True, False)
        assert process.wait(TIMEOUT) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it(tmp_path: Path, number: int) -> None:
    report = tmp_path / "report.xml"
    command = [*COMMAND, "play", written(tmp_path, "a", "after 1 h status"), "--link", "tcp://127.0.0.1:0"]
    with start([*command, "--junit", str(report)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert "M-Bus: tcp://127.0.0.1:" in process.stdout.readline()
        stop(process, number)
        _, err = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, err) == (1, "cmi-gui: stopped\n")
    assert b"<error" in report.read_bytes()


def test_the_report_escapes_everything() -> None:
    text = "<&>\"'\x00\x1b\u2028\ud800]]> ä"
    report = junit_xml([Case(Path(f'a<&>"\x01\ud801/{text}'), 1.0, ("failure", text))])
    suites = ElementTree.fromstring(report)
    (case,) = suites.iter("testcase")
    (failure,) = suites.iter("failure")
    assert failure.get("message") == failure.text == "<&>\"'\\x00\\x1b\\u2028\\ud800]]> ä"
    assert case.get("classname") == 'a<&>"\\x01\\ud801'
