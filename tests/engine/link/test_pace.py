"""The limit of the data rate of a peer."""

from __future__ import annotations

import pytest

from cmi_gui.engine.link.pace import BURST_BYTES, RATE, Pace


def test_a_burst_is_read_at_once_and_more_must_wait() -> None:
    pace = Pace()
    pace.count(BURST_BYTES, 100.0)
    assert pace.free_at == 100.0
    pace.count(320, 100.0)
    assert pace.free_at == pytest.approx(100.0 + 320 / RATE)


def test_the_rate_holds_over_a_long_time() -> None:
    pace, now, size = Pace(), 100.0, 0
    while now < 110.0:
        pace.count(320, now)
        size += 320
        now = max(now, pace.free_at)
    assert size <= BURST_BYTES + 10 * RATE + 320


def test_a_master_of_the_fastest_bus_never_waits() -> None:
    pace, now = Pace(), 100.0
    for _ in range(10_000):
        pace.count(261, now)
        assert pace.free_at == now
        now += 261 * 11 / 38_400


def test_peers_share_the_rate() -> None:
    pace = Pace()
    pace.count(BURST_BYTES, 100.0, peers=8)
    assert pace.free_at == pytest.approx(100.0 + (BURST_BYTES - BURST_BYTES / 8) / (RATE / 8))


def test_a_pause_clears_the_debt() -> None:
    pace = Pace()
    pace.count(BURST_BYTES + 8000, 100.0)
    pace.count(BURST_BYTES, 200.0)
    assert pace.free_at == 200.0
