"""A program killed at any moment leaves a complete state: the old one or the new one."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cmi_gui.engine.cmi1020.secrets import SecretStore
from cmi_gui.engine.cmi1020.settings import ModuleSettings, SettingsStore

SERIAL = "12345678"
# Without fork the writer starts anew after each.
KILLS = 200 if hasattr(os, "fork") else 50
LONGEST = 0.030
"""Seconds of writing before the kill; saving takes some milliseconds."""

# Two states that differ in every value and in the length of the file.
STATES = (
    (
        ModuleSettings(
            primary_address=1,
            secondary_address="11111111",
            baud=300,
            disconnector_control=1,
            rate_enable=0,
            rate_map=(1, 1, 1, 1),
            usage=0b01_01_01,
            selection_list="1.8.0",
            extra={"tag": 1},
        ),
        "1111",
    ),
    (
        ModuleSettings(
            primary_address=222,
            secondary_address="22222222",
            baud=2400,
            disconnector_control=2,
            rate_enable=1,
            rate_map=(2, 2, 2, 2),
            usage=0b10_10_10,
            selection_list=" ".join(["2.8.0"] * 30),
            extra={"tag": 2**32 - 1, "note": "2" * 200},
        ),
        "22222222",
    ),
)

WRITER = f"""
import os, sys
from pathlib import Path
from cmi_gui.engine.cmi1020.secrets import Secret, SecretStore
from cmi_gui.engine.cmi1020.settings import ModuleSettings, SettingsStore

# If the system has fork, a copy of this process writes and is killed, because importing takes longer than writing.
while sys.stdin.readline():
    child = os.fork() if hasattr(os, "fork") else 0
    if not child:
        break
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
else:
    raise SystemExit
folder = Path(sys.argv[1])
settings, secrets = SettingsStore(folder), SecretStore(folder, {SERIAL!r})
print(os.getpid(), flush=True)
while True:
    for state, password in {STATES!r}:
        settings.save(state)
        secrets.set("p1", Secret(password))
"""


class Writer:
    """A real program that waits for a signal and then changes everything as fast as possible."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._start()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(self._folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def storm(self, seconds: float) -> None:
        """Let it write for about `seconds`, then kill it (SIGKILL, or TerminateProcess on Windows)."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(b"go\n")
        self._process.stdin.flush()
        writing = int(self._process.stdout.readline())
        time.sleep(seconds)
        if sys.platform == "win32":
            assert self._process.poll() is None, "the writer stopped by itself"
            self.close()
            self._start()
        else:
            os.kill(writing, signal.SIGKILL)
            assert int(self._process.stdout.readline()) == -signal.SIGKILL, "the writer stopped by itself"

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.mark.timeout(240)
def test_many_kills_leave_the_old_state_or_the_new_one(tmp_path: Path) -> None:
    """The kills are real, so this test sleeps. The times come from a fixed seed; what they interrupt varies."""
    moments = random.Random(20)
    store = SettingsStore(tmp_path)
    store.save(STATES[0][0])
    seen, interrupted = set(), 0
    with contextlib.closing(Writer(tmp_path)) as writer:
        for _ in range(KILLS):
            writer.storm(moments.uniform(0, LONGEST))
            interrupted += len(list(tmp_path.glob(".*.tmp")))
            loaded, problem = store.load()
            assert problem is None
            assert loaded in [settings for settings, _ in STATES]
            secrets = SecretStore(tmp_path, SERIAL)
            password = secrets.get("p1")
            assert secrets.problem is None
            assert password is None or password.reveal() in [text for _, text in STATES]
            assert {path.name for path in tmp_path.iterdir()} <= {"module.toml", "secrets.toml"}
            seen.add((loaded.primary_address, password and password.reveal()))
    # Both states must have occurred, and kills must have interrupted writing.
    assert len(seen) >= 3
    assert interrupted >= KILLS // 20
