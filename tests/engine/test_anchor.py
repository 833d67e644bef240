"""Wall time of monotonic seconds, over a sleep of the computer."""

from __future__ import annotations

import pytest

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.events import Anchor


class Wall:
    """The system's clock: the monotonic clock plus `ahead` seconds."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self.ahead = 1e9

    def __call__(self) -> float:
        return self._clock.now() + self.ahead


def test_wall_time_after_a_sleep_of_the_computer(clock: VirtualClock) -> None:
    wall = Wall(clock)
    anchor = Anchor(clock, wall)
    before = clock.now()
    clock.advance(100)
    wall.ahead += 8 * 3600
    assert anchor.follow(clock.now()) == before + 1e9 + 100
    assert anchor.wall(before) == before + 1e9
    assert anchor.wall(clock.now()) == wall()
    clock.advance(10)
    assert anchor.follow(clock.now()) is None
    assert anchor.wall(clock.now()) == wall()


@pytest.mark.parametrize("step", [-86_400, -1, 0, 1, 59])
def test_a_corrected_system_clock_has_no_effect(clock: VirtualClock, step: float) -> None:
    wall = Wall(clock)
    anchor = Anchor(clock, wall)
    wall.ahead += step
    clock.advance(5)
    assert anchor.follow(clock.now()) is None
    assert anchor.wall(clock.now()) == clock.now() + 1e9
