"""`serve` leaves a complete state file when it is killed while settings change.

Few kills by default, as each starts a program; CMI_GUI_KILLS=200 asks for the full count.
"""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
import tomllib
from pathlib import Path

import pytest

from cmi_gui.engine.mbus.frame import Frame
from tests.helpers.cli_process import Served, run, start
from tests.helpers.waiting import WAIT_SECONDS, until

KILLS = int(os.environ.get("CMI_GUI_KILLS", "12"))


def storm(generation: int) -> bytes:
    """One telegram that sets four things to the same generation, 0 to 2."""
    value = generation % 3
    rates = bytes((value,)) * 4
    records = (
        b"\x04\x7c\x03pam" + rates,  # rate mapping table
        b"\x01\x7c\x03ltc" + bytes((value,)),  # disconnector control
        b"\x01\x7c\x03esu" + bytes((value,)),  # usage of the rate's password
        b"\x04\xfd\x0b" + generation.to_bytes(4, "little"),  # configuration tag
    )
    c = 0x53 | generation % 2 << 5
    return Frame.long(c, 254, 0x51, b"".join(records)).to_bytes()


def generation_of(path: Path) -> int:
    """Return the generation of a state file; fails if the file is damaged or mixed."""
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    tag = values["extra"]["tag"]
    assert isinstance(tag, int)
    value = tag % 3
    assert values["rate_map"] == [value] * 4
    assert values["disconnector_control"] == value
    assert values["usage"] == value
    return tag


def sender(port: int, first: int, sent: list[int]) -> None:
    """Sends settings until the connection breaks, and records the acknowledged ones."""
    try:
        with socket.create_connection(("127.0.0.1", port), WAIT_SECONDS) as line:
            line.settimeout(WAIT_SECONDS)
            for generation in range(first, first + 1_000_000):
                line.sendall(storm(generation))
                if line.recv(1) != b"\xe5":
                    return
                sent.append(generation)
    except OSError:
        return


@pytest.mark.timeout(60 + 4 * KILLS)
def test_a_killed_serve_leaves_old_or_new_settings_never_a_mixture(tmp_path: Path) -> None:
    chance = random.Random(1)
    acknowledged = 0
    for _ in range(KILLS):
        process = start(
            [
                sys.executable,
                "-m",
                "cmi_gui",
                "serve",
                "--json",
                "--mbus",
                "tcp://127.0.0.1:0",
                "--state",
                str(tmp_path),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            assert process.stdout is not None
            ready = json.loads(process.stdout.readline())
            sent: list[int] = []
            port = int(ready["mbus"].rsplit(":", 1)[1])
            thread = threading.Thread(target=sender, args=(port, acknowledged + 1, sent))
            thread.start()
            # The test is about the time of the kill, so there is no condition to wait for.
            time.sleep(chance.uniform(0.02, 0.3))
        finally:
            process.kill()
            process.communicate(timeout=WAIT_SECONDS)
        thread.join(WAIT_SECONDS)
        files = sorted(path.name for path in tmp_path.glob("module*.toml"))
        if sent:
            assert files == ["module.toml"], "nothing was set aside as damaged"
            stored = generation_of(tmp_path / "module.toml")
            # Acknowledged settings were written before; one more may have been in progress.
            assert stored in (sent[-1], sent[-1] + 1)
            acknowledged = stored
    assert acknowledged > KILLS


def obis(link: str) -> dict[str, str]:
    """Return the meter's readings by OBIS code; empty before the first readout."""
    code, out, err = run("read", "--link", link, "--address", "0", "--json")
    assert (code, err) == (0, "")
    records = [record for telegram in json.loads(out)["telegrams"] for record in telegram["records"]]
    return {record["obis"]: record["value"] for record in records if record["obis"]}


def test_a_killed_serve_continues_with_the_registers_of_its_meter(tmp_path: Path) -> None:
    counted, arguments = 0, ("--state", str(tmp_path), "--interval", "1", "--no-paced")
    for life in range(3):
        with Served(*arguments) as served:
            until(lambda served=served: obis(served.mbus))
            readings = obis(served.mbus)
            assert readings["C.7.0"] == life
            assert readings["1.8.0"] >= counted
            assert readings["1.8.6"] == (5 if life else 0)
            counted = 10**6 * (62 + life)
            # Each is on the disk when it is answered, so the kill may come at once.
            for line in ("power off", "power on", "register 1.8.6 5", f"register 1.8.1 {counted}"):
                assert served.send_line(f"meter {line}")["ok"]
    with Served(*arguments, "--fresh-meter") as served:
        until(lambda: obis(served.mbus))
        assert obis(served.mbus)["C.7.0"] == 0
        assert obis(served.mbus)["1.8.0"] < counted
