"""Scenarios played in virtual time."""

from __future__ import annotations

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.room.player import Player, PlayResult
from cmi_gui.engine.room.scenario import Scenario
from cmi_gui.engine.station.station import Station


def play(scenario: Scenario, factor: float | None = None) -> PlayResult:
    """Play a scenario to its end, at a time factor."""
    clock = VirtualClock()
    station = Station(scenario.config, clock)
    ends: list[PlayResult] = []
    player = Player(scenario, station, ends.append)
    if factor is not None:
        station.set_time_factor(factor)
    station.start()
    player.start()
    assert clock.run_until(1e7, lambda: bool(ends))
    station.stop()
    return ends[0]
