"""Scenarios in virtual time: every form of a line, every error with file and line, times, and the master's lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.room.line import LineResult
from cmi_gui.engine.room.master_lines import MASTER_LINES
from cmi_gui.engine.room.player import Player, PlayResult
from cmi_gui.engine.room.scenario import HEAD_LINES, MAX_BYTES, ScenarioInvalid, ScenarioStep, load_scenario
from cmi_gui.engine.station.station import Station
from tests.helpers.scenarios import play

ROOM = """
format = 1
[[module]]
name = "flat-1"
serial = "50100001"
address = 1
[[module]]
name = "flat-2"
serial = "50100002"
address = 2
variant = "M23"
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "a.scenario"
    file.write_bytes(text.encode())
    return file


def played(folder: Path, text: str, factor: float | None = None) -> PlayResult:
    return play(load_scenario(written(folder, text)), factor)


def refusal(folder: Path, text: str) -> str:
    file = written(folder, text)
    with pytest.raises(ScenarioInvalid) as caught:
        load_scenario(file)
    return str(caught.value).removeprefix(str(folder)).lstrip("/\\")


# Reading


def test_the_lines_of_a_scenario_have_times_and_refusals(tmp_path: Path) -> None:
    text = """\ufeff# A comment.

        at 5 s press\r
        after 1.5 min   fails locked   expect  display "A  B"
        at 1 h
        after 2 s
        status
    """
    steps = load_scenario(written(tmp_path, text)).steps
    assert steps == (
        ScenarioStep(3, "at 5 s press", "press", at=5.0),
        ScenarioStep(
            4,
            'after 1.5 min   fails locked   expect  display "A  B"',
            'expect  display "A  B"',
            after=90.0,
            refusal="locked",
        ),
        ScenarioStep(7, "status", "status", at=3600.0, after=2.0),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a.scenario:1: the scenario ends without a line that does anything"),
        ("status\nat 5 s", "a.scenario:2: no line follows the time at the end"),
        ("# x\nsing", "a.scenario:2: 'sing' is not a control line"),
        ("status\n\nrate-input C 230", "a.scenario:3: the rate inputs are A and B, not C"),
        ("status\nrate-input A 500", "a.scenario:2: "),
        ("expect colour red", "a.scenario:1: "),
        ("wait contact yes 1000000", "a.scenario:1: "),
        ("nobody press", "a.scenario:1: 'nobody press' is not a control line"),
        ("press flat-9", "a.scenario:1: 'flat-9' is not a module"),
        ("at 5 press", "a.scenario:1: a time is a number and one of s, min, h, such as 5 s, not '5 press'"),
        ("after s press", "a.scenario:1: a time is a number"),
        ("at nan s press", "a.scenario:1: a time is 0 to 87672 h, not nan s"),
        ("after -1 s press", "a.scenario:1: a time is 0 to"),
        ("at 1 min press\nat 59 s press", "a.scenario:2: at 59 s is earlier than the time of a line before"),
        ("fails press", "a.scenario:1: 'fails press' is not complete"),
        ("fails Locked press", "a.scenario:1: 'fails Locked press' is not complete"),
        ("status\nmodule variant M23", "a.scenario:2: module may occur only once, at the beginning"),
        ("module\nmodule", "a.scenario:2: module may occur only once, at the beginning"),
        ("module variant M99\npress", "a.scenario:1: "),
        ("module serial 123\npress", "a.scenario:1: "),
        (
            "module colour red\npress",
            "a.scenario:1: 'colour' is not a word of this line; these are: variant, serial, interval",
        ),
        ("module seed 1 seed 2\npress", "a.scenario:1: seed may be given only once"),
        ("module seed\npress", "a.scenario:1: seed has no value"),
        ("modules 0\npress", "a.scenario:1: the number of modules must be 1 to 250, not 0"),
        (
            "modules 2 seed 2147483648\npress",
            "a.scenario:1: the seed of a room must be 0 to 2147483647, not 2147483648",
        ),
        ("modules many\npress", "a.scenario:1: many is not a whole number"),
        ("modules\npress", "a.scenario:1: 'modules' is not complete; the form is modules N [seed S]"),
        ("room ../room.toml\npress", "a.scenario:1: '../room.toml': a room file is in the folder of the scenario"),
        ("room /etc/passwd\npress", "a.scenario:1: '/etc/passwd': a room file is in the folder"),
        ("room C:\\room.toml\npress", "a.scenario:1: "),
        ("room a\\..\\..\\room.toml\npress", "a.scenario:1: "),
        ("room none.toml\npress", "a.scenario:1: "),
        ("room wrong.toml\npress", "wrong.toml"),
        ("status\n\x1b[2J", "a.scenario:2: "),
        ("master", "a.scenario:1: 'master' is not a control line"),
        ("master read 251", "a.scenario:1: primary addresses are 0 to 250, and 254 for a single slave, not '251'"),
        ("master read 12345", "a.scenario:1: "),
        ("master read 1234567X", "a.scenario:1: "),
        ("master scan 9-2", "a.scenario:1: "),
        ("master select 12", "a.scenario:1: "),
        ("master speed 9999", "a.scenario:1: '9999' is not one of the speeds"),
        ("master set 0 colour 3", "a.scenario:1: 'colour' is not one of the settings and actions"),
        ("master set 0 rate_enable 7", "a.scenario:1: "),
        ("master set 0", "a.scenario:1: expected an address and the name of a setting or action"),
        ("master expect found", "a.scenario:1: expected a name and a value, such as found 3"),
    ],
)
def test_a_wrong_scenario_is_refused_with_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "wrong.toml").write_text("format = 2")
    assert message in refusal(tmp_path, text)


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    big = written(tmp_path, "#" * (MAX_BYTES + 1))
    with pytest.raises(ScenarioInvalid, match="too big"):
        load_scenario(big)
    with pytest.raises(ScenarioInvalid, match="cannot be read"):
        load_scenario(tmp_path)
    big.write_bytes(b"press\n\xff")
    with pytest.raises(ScenarioInvalid, match="is not UTF-8 text"):
        load_scenario(big)


@given(text=st.text(st.sampled_from("at 5s\nfilesmprodu#\"'1.8\r\tx"), max_size=60) | st.text(max_size=60))
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.getbasetemp() / "any.scenario"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    message = f"{file}:"
    try:
        load_scenario(file)
    except ScenarioInvalid as error:
        message = str(error)
    assert message.startswith(f"{file}:")


def test_a_password_is_masked_in_what_is_shown(tmp_path: Path) -> None:
    (step,) = load_scenario(written(tmp_path, "fails no_answer  master  set  0  p1 SECRET 1")).steps
    assert step.text == "fails no_answer  master  set  0  p1 **"
    assert step.line == "master  set  0  p1 SECRET 1"


# Judging


def test_a_step_is_judged_by_what_was_expected() -> None:
    done, refused = LineResult(ok=True), LineResult(ok=False, code="locked", message=None)
    plain, fails = ScenarioStep(1, "", ""), ScenarioStep(1, "", "", refusal="locked")
    assert plain.judge(done) is None
    assert fails.judge(refused) is None
    assert str(fails.judge(done)) == "expected to fail with locked, but it succeeded"
    other = LineResult(ok=False, code="busy", message=None)
    assert str(fails.judge(other)).startswith("expected to fail with locked, but it failed with busy")


def test_it_ends_at_the_first_line_that_is_not_as_expected(tmp_path: Path) -> None:
    outcome = played(tmp_path, "wait contact yes 60\nexpect rate 4\npress")
    assert outcome.failed is not None
    assert (outcome.lines, outcome.failed.number) == (1, 2)
    assert "rate is 1" in str(outcome.reason)
    assert "rate is 4" in str(outcome.reason)


# Times


def moments(tmp_path: Path, text: str, factor: float = 1.0) -> list[tuple[int, float]]:
    """Play a scenario; return the number of each line, and the time of the modules at which it was carried out."""
    scenario = load_scenario(written(tmp_path, text))
    clock = VirtualClock(500.0)
    station = Station(scenario.config, clock)
    station.set_time_factor(factor)
    ends: list[PlayResult] = []
    seen: list[tuple[int, float]] = []
    start = station.module_clock.now()
    player = Player(
        scenario,
        station,
        ends.append,
        lambda step: seen.append((step.number, round(station.module_clock.now() - start, 3))),
    )
    station.start()
    player.start()
    assert clock.run_until(clock.now() + 1e6, lambda: bool(ends))
    station.stop()
    assert ends[0].failed is None
    return seen


@pytest.mark.parametrize("factor", [0.5, 1, 60, 1000])
def test_times_are_those_of_the_modules(tmp_path: Path, factor: float) -> None:
    text = "at 5 s status\nafter 10 s status\nstatus\nat 1 min status\nafter 2 s\nafter 3 s status"
    assert moments(tmp_path, text, factor) == [(1, 5.0), (2, 15.0), (3, 15.0), (4, 60.0), (6, 65.0)]


def test_a_jump_of_time_is_not_counted(tmp_path: Path) -> None:
    text = "at 1 min time 2026-06-01T13:01\nat 2 min status\nafter 1 min status"
    assert moments(tmp_path, text) == [(1, 60.0), (2, 3720.0), (3, 3780.0)]


def test_a_time_that_has_passed_is_now(tmp_path: Path) -> None:
    seen = moments(tmp_path, "wait contact yes 60\nat 1 s status")
    assert seen[1][1] > 1.0


def test_a_player_that_is_stopped_has_no_outcome(tmp_path: Path) -> None:
    for text in ("at 1 min status", "wait rate 4 1000", "master read 9"):
        scenario = load_scenario(written(tmp_path, text))
        clock = VirtualClock()
        station = Station(scenario.config, clock)
        ends: list[PlayResult] = []
        player = Player(scenario, station, ends.append)
        station.start()
        player.start()
        clock.advance(0.1)
        player.stop()
        player.stop()
        clock.advance(120)
        station.stop()
        assert not ends


def test_a_long_scenario_does_not_nest_its_calls(tmp_path: Path) -> None:
    assert played(tmp_path, "status\n" * 3000).lines == 3000


# The master, and rooms


def test_the_master_reads_sets_scans_and_selects(tmp_path: Path) -> None:
    outcome = played(
        tmp_path,
        """
        wait contact yes 60
        master read 0
        master expect telegrams 2
        master expect status 00
        master expect C.1.0 33456789
        master expect 32.7 229*V
        master expect 32.7 229
        fails not_met master expect 32.7 22
        fails not_met master expect found 1
        master read 12345678
        master set 0 rate_map 1 2 3 3
        master expect status 00
        master set 0 primary_address 7
        expect address 7
        fails no_answer master read 0
        master scan 5-8
        master expect found 1
        master expect addresses 7
        master scan FFFFFFFF
        master expect collisions 0
        fails not_found master select 11111111
        master select 12345678
        master set 7 baud 300
        fails no_answer master read 7
        master speed 300
        master read 7
        """,
    )
    assert outcome.failed is None, str(outcome.reason)


def test_without_an_answer_the_master_has_received_nothing(tmp_path: Path) -> None:
    outcome = played(tmp_path, "fails no_answer master read 9\nmaster expect status 00")
    assert str(outcome.reason) == "expected status 00, but the master has received nothing"


def test_faults_of_answers_reach_the_master(tmp_path: Path) -> None:
    outcome = played(
        tmp_path,
        """
        wait contact yes 60
        inject busy
        fails application_error master read 0
        clear
        inject no-answer
        fails no_answer master read 0
        """,
    )
    assert outcome.failed is None, str(outcome.reason)


def test_a_scenario_runs_against_a_room_file(tmp_path: Path) -> None:
    (tmp_path / "rooms").mkdir()
    (tmp_path / "rooms" / "two.toml").write_text(ROOM)
    text = "room rooms/two.toml\nwait all contact yes 60\nexpect flat-2 meter-type ZMF100AC.M23\nmaster read 2"
    assert played(tmp_path, text).failed is None


def test_the_first_module_of_a_room_has_its_own_meter(tmp_path: Path) -> None:
    text = "module variant M23 serial 50100009 interval 30 disconnector on seed 4\nwait contact yes 60\n"
    assert played(tmp_path, f"{text}expect meter-type ZMF100AC.M23\nmaster read 50100009").failed is None


def test_a_scenario_runs_against_a_made_room(tmp_path: Path) -> None:
    text = "modules 3 seed 7\nwait all contact yes 120\nmaster scan FFFFFFFF\nmaster expect found 3"
    assert played(tmp_path, text).failed is None


def test_the_documentation_has_every_line() -> None:
    page = (Path(__file__).parents[3] / "docs" / "room.md").read_text(encoding="utf-8")
    for form, effect in HEAD_LINES:
        assert f"| `{form}` | {effect} |" in page
    for words, example, effect, _ in MASTER_LINES:
        assert f"| `{words} {example}` | {effect} |" in page
