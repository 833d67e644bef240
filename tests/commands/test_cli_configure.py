"""`configure` as a real process on a served room: a plan, a dry run, trouble, a kill, passwords, the question."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cmi_gui.engine.site.journal import is_unfinished, journal_path, read_journal
from cmi_gui.engine.site.model import Found, Site, SiteModule
from cmi_gui.engine.site.site_file import read_site, write_site
from tests.helpers.cli_process import COMMAND, TIMEOUT, Served, run, start, stop
from tests.helpers.site_bench import DEVICE_TYPE, MAKER, TABLE, VERSION

pytestmark = pytest.mark.real_time(0.05, alone=False)  # an answer is due within 187.5 ms

SERIALS = ("50100001", "50100002", "50100003")
ROOM = "format = 1\n" + "".join(f'[[module]]\nserial = "{serial}"\n' for serial in SERIALS)
PLAN = "serial,place,primary_address,rate_map\n" + "".join(
    f"{serial},flat {number},{number},1111\n" for number, serial in enumerate(SERIALS, 11)
)
AT = datetime(2026, 11, 30, 9, tzinfo=UTC)


def module(serial: str) -> SiteModule:
    found = Found(id=serial, manufacturer=MAKER, version=VERSION, device_type=DEVICE_TYPE, fabrication=serial, at=AT)
    return SiteModule(serial=serial, found=found)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Served]:
    path = tmp_path / "room.toml"
    path.write_text(ROOM)
    with Served("--room", str(path)) as served:
        yield served


def a_site(tmp_path: Path, link: str) -> Path:
    path = tmp_path / "brf.site.toml"
    write_site(path, Site(name="Brf Eken", ports=[link], modules=[module(each) for each in SERIALS]), TABLE)
    return path


@pytest.fixture
def site(tmp_path: Path, room: Served) -> Path:
    return a_site(tmp_path, room.mbus)


@pytest.fixture
def offline(tmp_path: Path) -> Path:
    """A site whose bus is not there."""
    return a_site(tmp_path, "tcp://127.0.0.1:1")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.csv"
    path.write_text(PLAN)
    return path


def configure(site: Path, *arguments: str, stdin: str = "") -> tuple[int, Any, str]:
    code, out, err = run("configure", "--site", str(site), "--json", *arguments, stdin=stdin)
    return code, json.loads(out), err


def addresses(room: Served) -> list[int]:
    answer = room.send_line("status all")
    return [status["primary_address"] for status in answer["modules"].values()]


def test_a_plan_is_written(room: Served, site: Path, plan: Path) -> None:
    code, shown, _ = configure(site, "--plan", str(plan), "--dry-run")
    assert code == 0
    assert shown["modules"][0]["changes"] == {"primary_address": "11", "rate_map": "1 1 1 1"}
    assert addresses(room) == [0, 0, 0]
    assert not read_site(site, TABLE).modules[0].wanted
    code, done, err = configure(site, "--plan", str(plan), "--yes")
    assert (code, err) == (0, "")
    assert [each["outcome"] for each in done["modules"]] == ["done"] * 3
    assert done["stopped"] is None
    assert done["modules"][2]["settings"]["rate_map"] == "1 1 1 1"
    assert addresses(room) == [11, 12, 13]
    saved = read_site(site, TABLE)
    assert [(each.place, each.address, each.changes) for each in saved] == [
        (f"flat {number}", number, {}) for number in (11, 12, 13)
    ]
    assert saved.visit is not None
    assert not journal_path(site).exists()
    assert run("configure", "--site", str(site)) == (0, "nothing to write\n", "")


def test_modules_are_named_with_the_cause(room: Served, site: Path, plan: Path) -> None:
    room.send_line("power 50100002 off")
    code, out, err = run("configure", "--site", str(site), "--plan", str(plan), "--yes")
    assert (code, err) == (1, "")
    assert out.splitlines() == [
        "flat 11, module 50100001: done",
        "flat 12, module 50100002: module 50100002 does not answer",
        "flat 13, module 50100003: done",
        "2 of 3 modules done",
    ]
    code, done, _ = configure(site, "--only", "50100002", "--link", room.mbus)
    assert (code, len(done["modules"])) == (1, 1)
    room.send_line("power 50100002 on")
    assert configure(site, "--only", "50100002")[0] == 0
    assert addresses(room) == [11, 12, 13]


def test_another_bus_is_not_written(room: Served, tmp_path: Path) -> None:
    path = tmp_path / "other.site.toml"
    other = module("50200001")
    other.wanted = {"tag": "1"}
    write_site(path, Site(modules=[other]), TABLE)
    code, done, err = configure(path, "--link", room.mbus)
    assert code == 1
    assert "this is not this site's bus" in done["stopped"]
    assert "this is not this site's bus" in err
    assert read_site(path, TABLE).modules[0].written == []


def test_a_killed_write_is_resumed(room: Served, site: Path, plan: Path) -> None:
    # The last module holds the batch up, however busy the machine is.
    room.send_line("power 50100003 off")
    arguments = ("configure", "--site", str(site), "--json", "--yes")
    process = start([*COMMAND, *arguments, "--plan", str(plan)], stdout=subprocess.PIPE)
    give_up = time.perf_counter() + TIMEOUT
    while time.perf_counter() < give_up and addresses(room) == [0, 0, 0]:
        time.sleep(0.01)  # a real process has no virtual time
    process.kill()
    process.communicate()
    room.send_line("power 50100003 on")
    assert is_unfinished(site)
    code, _, err = run("configure", "--site", str(site), "--yes")
    assert code == 1
    assert "--resume" in err
    code, done, _ = configure(site, "--resume", "--yes")
    assert (code, {each["outcome"] for each in done["modules"]}) == (0, {"done"})
    assert addresses(room) == [11, 12, 13]
    assert not is_unfinished(site)


def test_after_ctrl_c_the_site_has_what_was_written(room: Served, site: Path, plan: Path) -> None:
    # The last module holds the batch up, however busy the machine is.
    room.send_line("power 50100003 off")
    arguments = ("configure", "--site", str(site), "--yes", "--plan", str(plan))
    with start([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        give_up = time.perf_counter() + TIMEOUT
        while time.perf_counter() < give_up and addresses(room) == [0, 0, 0]:
            time.sleep(0.01)  # a real process has no virtual time
        stop(process)
        _, err = process.communicate(timeout=TIMEOUT)
        room.send_line("power 50100003 on")
        assert process.returncode == 1
        assert err.endswith("cmi-gui: stopped\n")
        assert not is_unfinished(site)
        assert configure(site, "--yes")[0] == 0
        assert addresses(room) == [11, 12, 13]


def test_a_password_is_read_once_and_stored_nowhere(room: Served, site: Path) -> None:
    code, done, _ = configure(site, "--password", "p1", "--yes", stdin="Hx7#qW2k\n")
    assert (code, {each["outcome"] for each in done["modules"]}) == (0, {"done"})
    assert "Hx7" not in site.read_text() + json.dumps(done)
    code, _, err = run("configure", "--site", str(site), "--password", "p2", "--yes")
    assert code == 2
    assert "one line for each" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--only", "50109999"), "module 50109999 is not in brf.site.toml"),
        (("--only", "x"), "has 8 digits"),
        (("--password", "p3"), "--password is one of p1, p2, not p3"),
        (("--plan", "missing.csv"), "missing.csv"),
    ],
)
def test_wrong_use_is_explained(offline: Path, arguments: tuple[str, ...], words: str) -> None:
    code, _, err = run("configure", "--site", str(offline), *arguments)
    assert code == 2
    assert words in err


def test_without_a_terminal_many_are_written_only_with_yes(offline: Path, plan: Path) -> None:
    code, _, err = run("configure", "--site", str(offline), "--plan", str(plan))
    assert code == 2
    assert "use --yes" in err


@pytest.mark.skipif(sys.platform != "linux", reason="needs pseudo-terminals")
def test_on_a_terminal_the_first_module_goes_alone(room: Served, site: Path, plan: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    arguments = ("configure", "--site", str(site), "--plan", str(plan))
    with start([*COMMAND, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True) as process:
        os.close(theirs)
        screen = b""
        while b"Write the other 2 modules?" not in screen:
            screen += os.read(ours, 10_000)
        assert b"flat 11, module 50100001: done" in screen
        assert b"1/3 flat 11, module 50100001: reading the module" in screen
        assert addresses(room) == [11, 0, 0]
        os.write(ours, b"n\n")
        while process.poll() is None:
            try:
                screen += os.read(ours, 10_000)
            except OSError:
                break
        assert process.wait(TIMEOUT) == 1
    os.close(ours)
    assert b"1 of 3 modules done" in screen
    assert addresses(room) == [11, 0, 0]
    assert read_journal(journal_path(site)) == ((), 0)
