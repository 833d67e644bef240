"""A change of speed comes a little after what was sent before: some adapters begin to send late and do not tell."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("this system has no pseudo-terminals", allow_module_level=True)

from cmi_gui.engine.link.threaded import SPEED_GUARD_SECONDS
from cmi_gui.engine.machine import Line, LinkState, Outcome
from tests.engine.link.adapter import Adapter, opened

pytestmark = pytest.mark.asyncio


async def test_the_speed_changes_when_even_a_late_adapter_has_sent_all(tmp_path: Path) -> None:
    adapter = Adapter(tmp_path / "port")
    with opened(adapter.path, Line(2400)) as (link, sink):
        await sink.until_state(LinkState.OPEN)
        before = adapter.speed()
        link.send(1, b"\xe5", -math.inf, math.inf)
        link.set_line(2, Line(300))
        assert await sink.until_done(1, 2) == [Outcome.SENT] * 2
        assert sink.done_at[2] - sink.done_at[1] >= SPEED_GUARD_SECONDS
        assert adapter.speed() != before
    adapter.unplug()
