"""Search for the speed of a bus in the bytes received: a bench convenience that no slave of this kind is known to have.

The search sends nothing. Bytes at the right speed are whole telegrams; at a wrong one they are damaged or, where the
link reports them, line errors. Silence proves nothing, so nothing changes during it.

With two candidates a master loses at most one telegram before a speed is found, and at most `SUSTAINED` after it has
changed its own speed. Both leave the last of the three tries that [DOC48 §5.4] gives a telegram. A disturbance in
between can cost one more, because damage at the right speed looks like the wrong speed. On a bus that never rests for
`quiet`, a run is judged after 12 s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.frame import MAX_FRAME

CANDIDATES = (2400, 300)
"""The speeds of the module, the more usual first [DOC48 §4.1 names 300 as mandatory]."""
SUSTAINED = 2
"""Damaged runs in a row, without a whole telegram between them, after which a speed that was found is given up."""


class SpeedFinder:
    """A search through `candidates` (bit/s, at least two), one after the other, until whole telegrams come.

    `start`: the speed to begin with; the first candidate if it is none of them. `quiet(baud)`: seconds of silence that
    end a telegram at that speed. A *run* is what comes between two silences; a run without a whole telegram is damaged.
    A run longer than the longest telegram is judged before it ends, because a busy bus may never be silent.
    """

    def __init__(self, start: int, quiet: Callable[[int], float], candidates: Sequence[int] = CANDIDATES) -> None:
        self._candidates = tuple(candidates)
        self._quiet = quiet
        self.speed = start if start in self._candidates else self._candidates[0]
        """The speed to listen at, in bit/s."""
        self.found = False
        """Whether whole telegrams came at this speed."""
        # Seconds: the longest telegram at the slowest speed, and its pauses.
        self._longest = 1.25 * MAX_FRAME * Line(min(self._candidates)).char_time
        self._damaged_runs = 0
        self._run_from: float | None = None
        self._heard_at = 0.0
        # The speed was changed during a run, so the end of that run proves nothing.
        self._inside = False

    @property
    def deadline(self) -> float | None:
        """When `tick` is due, in seconds; None while nothing comes in."""
        if self._run_from is None:
            return None
        return min(self._heard_at + self._quiet(self.speed), self._run_from + self._longest)

    def heard(self, at: float) -> None:
        """Take the time of a character, or of a line error in its place; `at`: its last stop bit, in seconds."""
        self._heard_at = at
        if self._run_from is None:
            self._run_from = at

    def understood(self) -> bool:
        """Note a whole telegram with a right checksum, of any sender; return whether that has just found the speed.

        A lone E5 does not count: it has no checksum, and turns up in noise.
        """
        news, self.found = not self.found, True
        self._damaged_runs = 0
        self._run_from = None
        self._inside = False
        return news

    def tick(self, now: float) -> bool:
        """Judge the run if it is over; return whether to listen at another `speed` from now on."""
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
        """Restart the search at `speed` (bit/s), or at the first candidate if it is none of them."""
        self.speed = speed if speed in self._candidates else self._candidates[0]
        self.found = self._inside = False
        self._damaged_runs = 0
        self._run_from = None
