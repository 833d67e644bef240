"""A program killed at any moment leaves its state whole: the old one or the new one."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cmi_gui.engine.cmi1020.secrets import SecretStore
from cmi_gui.engine.cmi1020.settings import ModuleSettings, SettingsStore

SERIAL = "12345678"
KILLS = 200
LONGEST = 0.030
"""Seconds of storm before the kill; one round of saving takes some milliseconds."""

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
import sys
from pathlib import Path
from cmi_gui.engine.cmi1020.secrets import Secret, SecretStore
from cmi_gui.engine.cmi1020.settings import ModuleSettings, SettingsStore

sys.stdin.readline()
folder = Path(sys.argv[1])
settings, secrets = SettingsStore(folder), SecretStore(folder, {SERIAL!r})
print("storm", flush=True)
while True:
    for state, password in {STATES!r}:
        settings.save(state)
        secrets.set("p1", Secret(password))
"""


class Writer:
    """A real program that waits for its word, then changes everything as fast as it can."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def storm(self, seconds: float) -> None:
        """Let it write for about `seconds`, then kill it (SIGKILL, or TerminateProcess on Windows)."""
        process = self.process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"go\n")
        process.stdin.flush()
        assert process.stdout.readline().strip() == b"storm"
        time.sleep(seconds)
        assert process.poll() is None, "the writer stopped by itself"
        self.end()

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@contextmanager
def writers(folder: Path) -> Iterator[Iterator[Writer]]:
    """Writers, of which the next one loads while the present one writes."""
    ready = [Writer(folder)]

    def each() -> Iterator[Writer]:
        while True:
            ready.append(Writer(folder))
            yield ready.pop(0)

    try:
        yield each()
    finally:
        for writer in ready:
            writer.end()


@pytest.mark.timeout(240)
def test_two_hundred_kills_leave_the_old_state_or_the_new_one(tmp_path: Path) -> None:
    """The kills are real, so this test alone sleeps; its moments come from a fixed seed, what they hit does not."""
    moments = random.Random(20)
    store = SettingsStore(tmp_path)
    store.save(STATES[0][0])
    seen, interrupted = set(), 0
    with writers(tmp_path) as each:
        for _, writer in zip(range(KILLS), each, strict=False):
            writer.storm(moments.uniform(0, LONGEST))
            interrupted += len(list(tmp_path.glob(".*.tmp")))
            loaded = store.load()
            assert loaded.problem is None
            assert loaded.settings in [settings for settings, _ in STATES]
            secrets = SecretStore(tmp_path, SERIAL)
            password = secrets.get("p1")
            assert secrets.problem is None
            assert password is None or password.reveal() in [text for _, text in STATES]
            assert {path.name for path in tmp_path.iterdir()} <= {"module.toml", "secrets.toml"}
            seen.add((loaded.settings.primary_address, password and password.reveal()))
    # The storm was one: both states were met, and kills came in the middle of writing.
    assert len(seen) >= 3
    assert interrupted >= KILLS // 20
