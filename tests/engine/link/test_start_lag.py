"""The delay of a change of speed after a write: some adapters begin to send late and do not report it."""

from __future__ import annotations

import asyncio
import math
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("this system has no pseudo-terminals", allow_module_level=True)

from cmi_gui.engine.clock import LoopClock
from cmi_gui.engine.link.port import Port
from cmi_gui.engine.link.serial import SerialLink
from cmi_gui.engine.machine import Line, LinkState, SendOutcome
from tests.helpers.link_recorder import Recorder
from tests.helpers.serial_ports import Adapter

pytestmark = pytest.mark.asyncio

LAG = 0.1


class LateLink(SerialLink):
    """A link whose adapter begins to send late, which a pseudo-terminal never does."""

    def open_port(self, line: Line, stopping: threading.Event) -> Port:
        port = super().open_port(line, stopping)
        assert port.start_lag == 0.0
        port.start_lag = LAG
        return port


async def test_the_speed_changes_after_a_late_adapter_has_sent_everything(tmp_path: Path) -> None:
    adapter = Adapter(tmp_path / "port")
    sink = Recorder()
    link = LateLink(LoopClock(asyncio.get_running_loop()), str(adapter.path), Line(2400))
    with closing(link):
        link.open(sink)
        await sink.until_state(LinkState.OPEN)
        before = adapter.speed()
        link.send(1, b"\xe5", -math.inf, math.inf)
        link.set_line(2, Line(300))
        assert await sink.until_done(1, 2) == [SendOutcome.SENT] * 2
        assert sink.done_at[2] - sink.done_at[1] >= LAG
        assert adapter.speed() != before
    adapter.unplug()
