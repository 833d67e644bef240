"""Finding the speed of a bus by what is heard on it: a bench convenience, no slave of this kind is known to have it.

Nothing is ever sent for it. What comes in at the right speed is whole telegrams; at a wrong one it is damage or, where
the link can tell, line errors. Silence says nothing, so nothing changes in it.

What a master loses, with two candidates: before a speed is found, one telegram at most; after it has changed its speed
by itself, `SUSTAINED` at most. Both leave the last of the three tries that [DOC48 §5.4] gives a telegram. A disturbance
in between can cost one more, because damage at the right speed cannot be told from the wrong speed. On a bus that never
rests for `quiet`, a run is judged after 12 s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.frame import MAX_FRAME

CANDIDATES = (2400, 300)
"""The speeds of the module, the more usual first [DOC48 §4.1 names 300 as mandatory]."""
SUSTAINED = 2
"""Runs of damage in a row, without a whole telegram between them, after which a speed that was found is doubted."""


class SpeedFinder:
    """Listens at one of `candidates` (bit/s, at least two) after the other until whole telegrams come.

    `start`: where to begin; the first candidate if it is none of them. `quiet(baud)`: seconds of silence that end a
    telegram at that speed. A *run* is what comes between two silences; one that holds no whole telegram is damage. A
    run that outlasts the longest telegram is judged where it stands: a busy bus is never silent.
    """

    def __init__(self, start: int, quiet: Callable[[int], float], candidates: Sequence[int] = CANDIDATES) -> None:
        self._candidates = tuple(candidates)
        self._quiet = quiet
        self.speed = start if start in self._candidates else self._candidates[0]
        """What to listen at, bit/s."""
        self.found = False
        """Whether whole telegrams came at this speed."""
        # Seconds: the longest telegram at the slowest speed, and its pauses.
        self._longest = 1.25 * MAX_FRAME * Line(min(self._candidates)).char_time
        self._damaged_runs = 0
        self._run_from: float | None = None
        self._heard_at = 0.0
        # The speed was changed in the midst of a run: its end proves nothing.
        self._inside = False

    @property
    def deadline(self) -> float | None:
        """When `tick` is due, seconds; None while nothing comes in."""
        if self._run_from is None:
            return None
        return min(self._heard_at + self._quiet(self.speed), self._run_from + self._longest)

    def heard(self, at: float) -> None:
        """A character came, or a line error in its place; `at`: its last stop bit, seconds."""
        self._heard_at = at
        if self._run_from is None:
            self._run_from = at

    def understood(self) -> bool:
        """A whole telegram with a right checksum came, from anybody on the bus. Tells whether that finds the speed.

        A lone E5 is none: it has no checksum, and turns up in noise.
        """
        news, self.found = not self.found, True
        self._damaged_runs = 0
        self._run_from = None
        self._inside = False
        return news

    def tick(self, now: float) -> bool:
        """Judge the run, if it is over. Tells whether to listen at another `speed` from now on."""
        if self.deadline is None or now < self.deadline:
            return False
        is_quiet = now >= self._heard_at + self._quiet(self.speed)
        self._run_from = None
        if self._inside and is_quiet:
            self._inside = False
            return False
        self._damaged_runs += 1
        if self.found and self._damaged_runs < SUSTAINED:
            return False
        self.listen_at(self._candidates[(self._candidates.index(self.speed) + 1) % len(self._candidates)])
        self._inside = not is_quiet
        return True

    def listen_at(self, speed: int) -> None:
        """Begin to search anew at `speed`, or at the first candidate if it is none of them."""
        self.speed = speed if speed in self._candidates else self._candidates[0]
        self.found = self._inside = False
        self._damaged_runs = 0
        self._run_from = None
