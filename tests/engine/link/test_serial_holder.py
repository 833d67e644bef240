"""The process that has a port open: this program, another one, or one with a lock file."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cmi_gui.engine.link import serial_holder
from cmi_gui.engine.link.serial_holder import locked_by, set_exclusive
from cmi_gui.engine.machine import LinkState
from tests.helpers.waiting import WAIT_SECONDS

if sys.platform != "linux":
    pytest.skip("only Linux shows which process has a port open", allow_module_level=True)

import fcntl

from tests.helpers.serial_ports import Adapter, opened

pytestmark = pytest.mark.asyncio

HOLD = """
import fcntl, os, sys
port = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
fcntl.flock(port, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""
_TIOCGEXCL = 0x80045440


@pytest.fixture
def locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "lock"
    folder.mkdir()
    monkeypatch.setattr(serial_holder, "LOCK_FOLDERS", (folder,))
    return folder


@pytest.fixture
def other(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another program, which does nothing."""
    with subprocess.Popen(["sleep", "60"], text=True) as process:
        # Until the new program has started, the process still has this one's command line.
        give_up = time.perf_counter() + WAIT_SECONDS
        while not Path(f"/proc/{process.pid}/cmdline").read_bytes().startswith(b"sleep\0"):
            assert time.perf_counter() < give_up
            os.sched_yield()
        yield process
        process.kill()


async def test_another_program_is_named(adapter: Adapter, tmp_path: Path) -> None:
    script = tmp_path / "terminal.py"
    script.write_text(HOLD)
    with subprocess.Popen(
        [sys.executable, "-u", str(script), str(adapter.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "held\n"
        with opened(adapter.path) as (_, sink):
            await sink.until_state(LinkState.WAITING)
            assert sink.cause.code == "busy"
            assert f"is in use by terminal.py (process {process.pid}); close that program." in str(sink.cause.message)
            process.stdin.close()
            await sink.until_state(LinkState.OPEN)


async def test_this_program_is_named_as_the_holder(adapter: Adapter) -> None:
    with opened(adapter.path) as (_, first):
        await first.until_state(LinkState.OPEN)
        with opened(adapter.path) as (_, second):
            await second.until_state(LinkState.WAITING)
            assert second.cause.code == "busy"
            assert "in use by this program for another link; disconnect that link." in str(second.cause.message)


@pytest.mark.parametrize("name", ["LCK..ttyUSB0", "by the node"])
@pytest.mark.parametrize("binary", [False, True])
async def test_a_lock_file_is_respected(
    adapter: Adapter, locks: Path, other: subprocess.Popen[str], name: str, binary: bool
) -> None:
    lock = locks / (name if name.startswith("LCK") else f"LCK..{os.path.basename(os.path.realpath(adapter.path))}")
    lock.write_bytes(other.pid.to_bytes(4, sys.byteorder) if binary else f"{other.pid:10d} minicom root\n".encode())
    with opened(adapter.path) as (_, sink):
        await sink.until_state(LinkState.WAITING)
        assert sink.cause.code == "busy"
        assert f"is in use by sleep (process {other.pid})" in str(sink.cause.message)
        lock.unlink()
        await sink.until_state(LinkState.OPEN)


@pytest.mark.parametrize("text", ["", "x", "0", "-1", "9" * 30, "999999999", "{own}", "\0" * 4])
async def test_lock_files_of_no_running_process_are_ignored(adapter: Adapter, locks: Path, text: str) -> None:
    (locks / "LCK..ttyUSB0").write_text(text.format(own=os.getpid()))
    assert locked_by(str(adapter.path)) is None


async def test_exclusive_use_can_be_set_and_ended(adapter: Adapter) -> None:
    port = os.open(adapter.path, os.O_RDWR | os.O_NOCTTY)

    def is_exclusive() -> bool:
        return bool(int.from_bytes(fcntl.ioctl(port, _TIOCGEXCL, b"\0" * 4), sys.byteorder))

    set_exclusive(port, True)
    assert is_exclusive()
    set_exclusive(port, False)
    assert not is_exclusive()
    os.close(port)
    # A device that is not a port is ignored.
    with open(os.devnull) as no_port:
        set_exclusive(no_port.fileno(), True)
