"""A served module that was stopped for some time does not answer requests received in the meantime."""

from __future__ import annotations

import os
import select
import signal
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("this system has neither pseudo-terminals nor SIGSTOP", allow_module_level=True)

from tests.helpers.cli_process import Served
from tests.helpers.serial_ports import Adapter
from tests.helpers.waiting import until

INITIALISE = bytes.fromhex("10 40 00 40 16")
ACK = b"\xe5"
WINDOW = 330 / 2400 + 0.05


def answer(master: int, seconds: float) -> bytes:
    ready, _, _ = select.select([master], [], [], seconds)
    return os.read(master, 256) if ready else b""


def has_stopped(process: int) -> bool:
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "T"


@pytest.mark.real_time(0.02)
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only Linux shows whether a process is stopped")
def test_requests_received_while_stopped_are_not_answered(tmp_path: Path) -> None:
    adapter = Adapter(tmp_path / "ttyUSB0")
    with Served(mbus=f"serial:{adapter.path}") as served:
        os.write(adapter.master, INITIALISE)
        assert answer(adapter.master, 5) == ACK
        served.process.send_signal(signal.SIGSTOP)
        until(lambda: has_stopped(served.process.pid))
        os.write(adapter.master, INITIALISE)
        # Several times as long as a master waits.
        assert answer(adapter.master, 3 * WINDOW) == b""
        served.process.send_signal(signal.SIGCONT)
        assert answer(adapter.master, 3 * WINDOW) == b""
        os.write(adapter.master, INITIALISE)
        assert answer(adapter.master, 5) == ACK
    adapter.unplug()
